//! Where is the server, and how does one get there?

use super::{
    tls::{Asked, Tls, refused},
    translate,
};
use crate::{address::without_password, error::Error};
use postgres::{
    Client, Config,
    config::{Host, SslMode, SslNegotiation},
};
use std::time::Duration;

/// How statements are planned. What lies side by side on a drive without a moving head is read in the order of an index, not
/// sorted again; a statement that takes a tenth of a second is not compiled first, twenty times a month on each connection;
/// and it is planned once, not anew for each value that is bound to it.
const PLANNED: &str =
    "set random_page_cost = 1.1; set jit = off; set plan_cache_mode = force_generic_plan";

/// Whether the client has a name for each host, as it demands of an encrypted stream. Then one that is not encrypted is given to
/// it as if it were, without a word about it to the server, and is [`gathered`](super::gathered); a socket in the file system
/// has none.
fn goes_by_name(config: &Config) -> bool {
    let hosts = config.get_hosts();
    !hosts.is_empty() && hosts.iter().all(|host| matches!(host, Host::Tcp(_)))
}

/// A server and a database on it, as an address says.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    tls: Tls,
    /// Without a password.
    address: String,
}

impl Server {
    /// # Errors
    ///
    /// `S0102` when the address cannot be read, `S0120` when what it says about encryption does not go together, `S0121` when a
    /// file that it names cannot be used.
    pub(crate) fn at(address: &str) -> Result<Server, Error> {
        let shown = without_password(address);
        let (asked, rest) = Asked::taken_from(address)?;
        let Ok(mut config) = rest.parse::<Config>() else {
            return Err(Error::Address { address: shown });
        };
        if config.get_application_name().is_none() {
            config.application_name("renshe");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        // What the server has to say to a person is not for a program's error output.
        config.notice_callback(|_| {});
        let settled = asked.settled(&config)?;
        let tls = match settled.encrypted {
            SslMode::Disable => {
                config.ssl_mode(SslMode::Disable);
                if goes_by_name(&config) {
                    config.ssl_mode(SslMode::Require);
                    config.ssl_negotiation(SslNegotiation::Direct);
                }
                Tls::none()
            }
            encrypted => {
                config.ssl_mode(encrypted);
                Tls::new(&settled)?
            }
        };
        Ok(Server {
            config,
            tls,
            address: shown,
        })
    }

    /// How what is said to it is encrypted: a cancellation goes the same way as what it cancels.
    pub(crate) fn tls(&self) -> &Tls {
        &self.tls
    }

    /// A new connection.
    ///
    /// # Errors
    ///
    /// `S0101` when it cannot be reached, `S0122` to `S0124` when it is not encrypted or shows the wrong certificate, `S0105` and
    /// `S0106` when it takes nobody more.
    pub(crate) fn connect(&self) -> Result<Client, Error> {
        let connected = self
            .config
            .connect(self.tls.clone())
            .and_then(|mut client| {
                client.batch_execute(PLANNED)?;
                Ok(client)
            });
        connected.map_err(|error| {
            if let Some(refused) = refused(&error, &self.address) {
                return refused;
            }
            match translate(&error, "connect") {
                known @ (Error::Busy { .. } | Error::DiskFull { .. }) => known,
                // Starting up or shutting down: in a while it is there again.
                lost @ Error::ConnectionLost { .. } if error.as_db_error().is_some() => lost,
                other => Error::Open {
                    address: self.address.clone(),
                    cause: other.en(),
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_encrypted_is_gathered_where_the_client_lets_it() {
        let check = |address: &str, mode: SslMode, negotiation: SslNegotiation| {
            let config = Server::at(address).unwrap().config;
            let found = (config.get_ssl_mode(), config.get_ssl_negotiation());
            assert_eq!(found, (mode, negotiation), "{address}");
        };
        let (gathered, asked) = (SslNegotiation::Direct, SslNegotiation::Postgres);
        check("postgres://u@127.0.0.1/d", SslMode::Require, gathered);
        check(
            "postgres://u@db/d?sslmode=disable",
            SslMode::Require,
            gathered,
        );
        check("postgres://u@db/d", SslMode::Require, asked);
        check("postgres://u@db/d?sslmode=prefer", SslMode::Prefer, asked);
        let nameless = [
            "postgres://u@/d?host=/run/postgresql",
            "postgres://u@/d?hostaddr=127.0.0.1",
        ];
        for address in nameless {
            check(address, SslMode::Disable, asked);
        }
    }
}
