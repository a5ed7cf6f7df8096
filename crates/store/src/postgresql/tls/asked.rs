//! What does an address say about encryption?
//!
//! The words are libpq's: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`. The client's parser knows but few of them, so they are taken
//! out of the address before it reads the rest.

use crate::error::Error;
use percent_encoding::percent_decode_str;
use postgres::{
    Config,
    config::{Host, SslMode},
};
use std::{net::IpAddr, path::PathBuf};

/// What goes with what; said where an address says something else.
const MODES: &str = "sslmode=disable, prefer, require, verify-ca or verify-full";
const WITH_ROOTS: &str = "sslrootcert=FILE";
const BY_NAME: &str = "sslmode=verify-full";

/// What stands in the address.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Asked {
    mode: Option<Mode>,
    roots: Option<Roots>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

const NAMES: [(&str, Mode); 5] = [
    ("disable", Mode::Disable),
    ("prefer", Mode::Prefer),
    ("require", Mode::Require),
    ("verify-ca", Mode::VerifyCa),
    ("verify-full", Mode::VerifyFull),
];

/// Which authorities are believed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Roots {
    /// Those browsers know, as they are built into the program.
    WellKnown,
    /// Those of a file in PEM.
    File(PathBuf),
}

/// What a server has to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Proof {
    /// Nothing: it is kept from listeners what is said, and not found out to whom.
    Nothing,
    /// That one of these authorities has signed its certificate, for whatever name.
    Signed(Roots),
    /// That, and that the certificate is for the name in the address.
    Named(Roots),
}

/// A certificate that is shown to the server, and the key to it.
#[derive(Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What an address comes down to.
#[derive(Debug, PartialEq)]
pub(crate) struct Settled {
    pub(crate) encrypted: SslMode,
    pub(crate) proof: Proof,
    pub(crate) shown: Option<Shown>,
}

impl Asked {
    /// What an address says about encryption, and the address without it.
    ///
    /// # Errors
    ///
    /// `S0120` where it says what nobody knows.
    pub(crate) fn taken_from(address: &str) -> Result<(Asked, String), Error> {
        // A password may have a question mark; the client reads it up to the first `@`.
        let user = address.find('@').unwrap_or(0);
        let Some(mark) = address[user..].find('?') else {
            return Ok((Asked::default(), address.to_owned()));
        };
        let (front, behind) = address.split_at(user + mark);
        let mut asked = Asked::default();
        let mut rest = Vec::new();
        for parameter in behind[1..].split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "sslmode" => asked.mode = Some(Mode::named(&value)?),
                "sslrootcert" if value == "system" => asked.roots = Some(Roots::WellKnown),
                "sslrootcert" => asked.roots = Some(Roots::File(value.into())),
                "sslcert" => asked.certificate = Some(value.into()),
                "sslkey" => asked.key = Some(value.into()),
                _ => rest.push(parameter),
            }
        }
        let rest = match rest.join("&") {
            none if none.is_empty() => front.to_owned(),
            some => format!("{front}?{some}"),
        };
        Ok((asked, rest))
    }

    /// What it comes down to for these hosts. Where nothing is said, what leaves the machine is encrypted, and what stays on it
    /// is not; a socket in the file system never is.
    ///
    /// # Errors
    ///
    /// `S0120` where one thing that is said does not go with another.
    pub(crate) fn settled(self, hosts: &Config) -> Result<Settled, Error> {
        let mode = self.mode.unwrap_or(match (&self.roots, way(hosts)) {
            // Who names an authority wants it asked.
            (Some(_), _) => Mode::VerifyFull,
            (None, Way::Outside) => Mode::Require,
            (None, Way::Loopback | Way::Socket) => Mode::Disable,
        });
        let proof = match (mode, self.roots) {
            (Mode::Disable | Mode::Prefer | Mode::Require, None) => Proof::Nothing,
            (Mode::VerifyCa | Mode::VerifyFull, None) => {
                return Err(misfit(&mode.said(), WITH_ROOTS));
            }
            (Mode::VerifyFull, Some(roots)) => Proof::Named(roots),
            // As libpq has it: who gives a file with `require` wants it looked at.
            (Mode::Require | Mode::VerifyCa, Some(roots @ Roots::File(_))) => Proof::Signed(roots),
            // Everybody can have a certificate of those, for some name.
            (Mode::Require | Mode::VerifyCa, Some(Roots::WellKnown)) => {
                return Err(misfit("sslrootcert=system", BY_NAME));
            }
            // Whoever stands between has only to say that there is no encryption, and nobody asks.
            (Mode::Disable | Mode::Prefer, Some(_)) => {
                return Err(misfit(&format!("sslrootcert {}", mode.said()), BY_NAME));
            }
        };
        let shown = match (self.certificate, self.key) {
            (Some(certificate), Some(key)) => Some(Shown { certificate, key }),
            (None, None) => None,
            (Some(_), None) => return Err(misfit("sslcert", "sslkey=FILE")),
            (None, Some(_)) => return Err(misfit("sslkey", "sslcert=FILE")),
        };
        let encrypted = match (mode, way(hosts)) {
            (Mode::Disable, _) | (_, Way::Socket) => SslMode::Disable,
            (Mode::Prefer, _) => SslMode::Prefer,
            (Mode::Require | Mode::VerifyCa | Mode::VerifyFull, _) => SslMode::Require,
        };
        Ok(Settled {
            encrypted,
            proof,
            shown,
        })
    }
}

impl Mode {
    fn named(name: &str) -> Result<Mode, Error> {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known
            .map(|(_, mode)| *mode)
            .ok_or_else(|| misfit(&format!("sslmode={name}"), MODES))
    }

    fn said(self) -> String {
        let name = NAMES.iter().find(|(_, mode)| *mode == self);
        format!("sslmode={}", name.map_or("", |(name, _)| name))
    }
}

fn misfit(said: &str, needed: &'static str) -> Error {
    Error::TlsAsked {
        said: said.to_owned(),
        needed,
    }
}

/// Which way there is to all of the hosts.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// A socket in the file system.
    Socket,
    /// This machine's own network.
    Loopback,
    /// Some way on which others may listen.
    Outside,
}

fn way(hosts: &Config) -> Way {
    let names = hosts.get_hosts();
    let numbers = hosts.get_hostaddrs();
    // The numbers are where it goes, the names then are only for the certificate.
    if !numbers.is_empty() {
        return match numbers.iter().all(IpAddr::is_loopback) {
            true => Way::Loopback,
            false => Way::Outside,
        };
    }
    let tcp = |host: &Host| match host {
        Host::Tcp(name) => Some(name.clone()),
        #[cfg(unix)]
        Host::Unix(_) => None,
    };
    let tcp: Vec<String> = names.iter().filter_map(tcp).collect();
    if tcp.is_empty() {
        return Way::Socket;
    }
    let loopback = |name: &String| {
        name == "localhost" || name.parse().is_ok_and(|it: IpAddr| it.is_loopback())
    };
    match tcp.iter().all(loopback) {
        true => Way::Loopback,
        false => Way::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(address: &str) -> Result<Settled, Error> {
        let (asked, rest) = Asked::taken_from(address)?;
        asked.settled(&rest.parse().unwrap())
    }

    #[test]
    fn an_address_says_how_and_by_whom() {
        let check = |address: &str, encrypted: SslMode, proof: Proof| {
            let found = settled(address).unwrap();
            assert_eq!(
                (found.encrypted, found.proof),
                (encrypted, proof),
                "{address}"
            );
        };
        let file = || Roots::File("/etc/ca.pem".into());
        let (none, must) = (SslMode::Disable, SslMode::Require);
        // What stays here is not encrypted unless asked for; what leaves is, unless not.
        for here in [
            "localhost",
            "127.0.0.1:5433",
            "[::1]",
            "127.0.0.1,localhost",
        ] {
            check(&format!("postgres://u@{here}/d"), none, Proof::Nothing);
        }
        for away in ["db", "10.0.0.1", "[fd00::1]", "localhost,db"] {
            check(&format!("postgres://u@{away}/d"), must, Proof::Nothing);
        }
        let by_number = "postgres://u@localhost/d?hostaddr=10.0.0.1";
        check(by_number, must, Proof::Nothing);
        check("postgres://u@db/d?hostaddr=127.0.0.1", none, Proof::Nothing);
        check("postgres://u@db/d?sslmode=disable", none, Proof::Nothing);
        check(
            "postgres://u@db/d?sslmode=prefer",
            SslMode::Prefer,
            Proof::Nothing,
        );
        check(
            "postgres://u@localhost/d?sslmode=require",
            must,
            Proof::Nothing,
        );
        let with_file = |mode: &str| format!("postgres://u@db/d?{mode}sslrootcert=/etc%2Fca.pem");
        check(&with_file(""), must, Proof::Named(file()));
        check(
            &with_file("sslmode=verify-full&"),
            must,
            Proof::Named(file()),
        );
        check(
            &with_file("sslmode=verify-ca&"),
            must,
            Proof::Signed(file()),
        );
        check(&with_file("sslmode=require&"), must, Proof::Signed(file()));
        let known = "postgres://u@db/d?sslrootcert=system";
        check(known, must, Proof::Named(Roots::WellKnown));
        // A socket in the file system knows no TLS.
        check(
            "postgres://u@/d?host=/run/postgresql&sslmode=require",
            none,
            Proof::Nothing,
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let check = |parameters: &str, said: &str, needed: &str| match settled(&format!(
            "postgres://u@db/d?{parameters}"
        ))
        .unwrap_err()
        {
            Error::TlsAsked { said: a, needed: b } => assert_eq!((&*a, b), (said, needed)),
            other => panic!("{other}"),
        };
        check("sslmode=allow", "sslmode=allow", MODES);
        check("sslmode=verify-full", "sslmode=verify-full", WITH_ROOTS);
        check("sslmode=verify-ca", "sslmode=verify-ca", WITH_ROOTS);
        check(
            "sslmode=prefer&sslrootcert=a",
            "sslrootcert sslmode=prefer",
            BY_NAME,
        );
        check(
            "sslmode=disable&sslrootcert=a",
            "sslrootcert sslmode=disable",
            BY_NAME,
        );
        check(
            "sslmode=require&sslrootcert=system",
            "sslrootcert=system",
            BY_NAME,
        );
        check("sslcert=a", "sslcert", "sslkey=FILE");
        check("sslkey=a", "sslkey", "sslcert=FILE");
    }

    #[test]
    fn the_rest_of_an_address_stays_as_it_is() {
        let check = |address: &str, rest: &str| {
            assert_eq!(Asked::taken_from(address).unwrap().1, rest);
        };
        check("postgres://u@h/d", "postgres://u@h/d");
        check("postgres://u@h/d?sslmode=require", "postgres://u@h/d");
        check(
            "postgres://u:a?sslmode=b@h/d?sslcert=c&options=-c%20a%3Db&sslkey=k&connect_timeout=3",
            "postgres://u:a?sslmode=b@h/d?options=-c%20a%3Db&connect_timeout=3",
        );
    }
}
