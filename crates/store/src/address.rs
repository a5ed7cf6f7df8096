//! Where is the database?

use crate::error::Error;
use std::{fmt, path::PathBuf, str::FromStr};

/// The address of a database.
///
/// | text | database |
/// |---|---|
/// | `sqlite:/srv/renshe/city.db` | that file, made if it is not there |
/// | `sqlite::memory:` | a scratch database, gone when it is closed |
/// | `postgres://renshe@db.city.example/renshe` | that PostgreSQL server |
///
/// How the way to a server is encrypted stands behind the address in libpq's words, such as
/// `?sslmode=verify-full&sslrootcert=/etc/renshe/authority.crt`; where nothing is said, it is encrypted to any machine but this one.
///
/// The scratch database is an unnamed file in the system's folder for such, not memory proper: so it has what a file has,
/// readers that see one state while another writes, and tests on it prove something.
///
/// ```
/// use store::Url;
///
/// let url: Url = "postgres://renshe:secret@db/renshe".parse()?;
/// assert_eq!(url.to_string(), "postgres://renshe@db/renshe");
/// assert_eq!("mysql://db".parse::<Url>().unwrap_err().code(), "S0102");
/// # Ok::<(), store::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A SQLite database of this process alone, gone when it is closed.
    Scratch,
    /// A PostgreSQL server and database; the whole address, with the password if it has one.
    Postgres(String),
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Url, Error> {
        if text == "sqlite::memory:" {
            return Ok(Url::Scratch);
        }
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Url::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Url::Postgres(text.into()));
        }
        Err(Error::Address {
            address: without_password(text),
        })
    }
}

/// Without a password.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Url::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Url::Scratch => f.write_str("sqlite::memory:"),
            Url::Postgres(text) => f.write_str(&without_password(text)),
        }
    }
}

/// Without a password: an address is printed in more places than anyone thinks of.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

pub(crate) fn without_password(text: &str) -> String {
    // A password may also be a parameter behind the question mark.
    let text = text.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let Some((user, host)) = rest.rsplit_once('@') else {
        return text.to_owned();
    };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_ever_shown() {
        for text in [
            "postgres://u:secret@h/d",
            "postgres://u:sec@ret@h/d",
            "postgres://u@h/d?password=secret",
            "mysql://u:secret@h/d",
        ] {
            let shown = match text.parse::<Url>() {
                Ok(url) => format!("{url} {url:?}"),
                Err(error) => error.to_string(),
            };
            assert!(!shown.contains("sec"), "{shown}");
        }
    }

    #[test]
    fn addresses() {
        assert_eq!("sqlite::memory:".parse::<Url>().unwrap(), Url::Scratch);
        let file = "sqlite:/a/b.db".parse::<Url>().unwrap();
        assert_eq!(file, Url::Sqlite("/a/b.db".into()));
        for text in ["", "sqlite:", "/a/b.db", "postgres:"] {
            assert_eq!(text.parse::<Url>().unwrap_err().code(), "S0102");
        }
    }
}
