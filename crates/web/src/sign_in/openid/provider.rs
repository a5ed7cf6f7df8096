//! The houses whose word lets in: what the configuration says of each, and what each says of itself.

use crate::house::House;
use crate::problem::Problem;
use ::openid::{Call, Known, Unanswered};
use axum::http::Uri;
use city::logins::Role;
use measure::{Moment, Words};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// By what this house shows the other that it is itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(pub String);

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// A house whose word lets in, as the configuration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// By which our addresses know it: letters a to z, digits and `-`.
    pub name: String,
    /// What the button says.
    pub shown: Words<String>,
    /// What it calls itself, to the letter.
    pub issuer: String,
    /// What it calls us.
    pub client: String,
    /// By what we show it that we are ourselves.
    pub secret: ClientSecret,
    /// As what its word lets in.
    pub roles: Vec<Role>,
    /// The claim by which it says who comes.
    pub who: String,
    /// The claim in which it states an identity number that it has proven.
    pub number: Option<String>,
    /// What is asked of it besides `openid`.
    pub scopes: Vec<String>,
}

impl Provider {
    /// Whether its name can stand in an address, and it is reached in a way in which nobody speaks for it: over TLS, or on this
    /// machine.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        let named = (1..=32).contains(&self.name.len()) && self.name.chars().all(plain);
        named && is_safe(&self.issuer, false) && !self.roles.is_empty() && !self.who.is_empty()
    }

    /// Whether nobody else than it is reached at an address it names: over TLS, or on this machine where it is itself here.
    fn may_name(&self, address: &str) -> bool {
        let here = self.issuer.starts_with("http://");
        is_safe(address, true) && (here || address.starts_with("https://"))
    }
}

fn is_safe(address: &str, with_query: bool) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let way = match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => here,
        _ => false,
    };
    let plain = !address.contains(['#', '@']) && (with_query || uri.query().is_none());
    way && plain
}

/// A house with what is known of it.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) settings: Provider,
    /// What it says of itself, and when it said so.
    known: Mutex<Option<(Arc<Known>, Moment)>>,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Providers(Vec<Kept>);

/// What was read a day ago is read anew.
const KEPT: i64 = 24 * 3_600 * 1_000_000;
/// For an unknown key it is read anew, but not more often than this.
const AT_MOST_EVERY: i64 = 60 * 1_000_000;
/// So many bytes a house says at most.
const ANSWER: usize = 256 * 1_024;

impl Providers {
    /// Those of the configuration; nothing is known of them yet.
    #[must_use]
    pub fn of(all: &[Provider]) -> Providers {
        let kept = all.iter().map(|settings| Kept {
            settings: settings.clone(),
            known: Mutex::default(),
        });
        Providers(kept.collect())
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Kept> {
        self.0.iter().find(|kept| kept.settings.name == name)
    }

    /// What the buttons say, by name.
    pub(crate) fn shown(&self) -> Vec<(String, Words<String>)> {
        let all = self.0.iter().map(|kept| &kept.settings);
        all.map(|one| (one.name.clone(), one.shown.clone()))
            .collect()
    }

    /// Gets to know them all. Whom it does not reach now it asks again when somebody wants to come in; the log says so.
    pub(crate) async fn greet(&self, house: &House) {
        for kept in &self.0 {
            let _ = kept.known(house).await;
        }
    }
}

impl Kept {
    /// What it says of itself; what was read before where it does not answer now.
    ///
    /// # Errors
    ///
    /// `H0501` when it has never answered.
    pub(crate) async fn known(&self, house: &House) -> Result<Arc<Known>, Problem> {
        let fresh = |read: Moment| house.now() < read.plus_microseconds(KEPT);
        match self.kept() {
            Some((known, read)) if fresh(read) => Ok(known),
            Some((known, _)) => Ok(self.read(house).await.unwrap_or(known)),
            None => self.read(house).await,
        }
    }

    /// What it says of itself now, where what is known is not quite new; `None` where it is, or it does not answer.
    pub(crate) async fn known_anew(&self, house: &House) -> Option<Arc<Known>> {
        let is_new = |read: Moment| house.now() < read.plus_microseconds(AT_MOST_EVERY);
        if self.kept().is_some_and(|(_, read)| is_new(read)) {
            return None;
        }
        self.read(house).await.ok()
    }

    fn kept(&self) -> Option<(Arc<Known>, Moment)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    async fn read(&self, house: &House) -> Result<Arc<Known>, Problem> {
        let name = &self.settings.name;
        let unreached = |why: &str| {
            tracing::warn!(provider = %name, why, "a house whose word lets in cannot be asked");
            Problem::no_provider()
        };
        let call = calling(house);
        let known = Known::read(&self.settings.issuer, &call).await;
        let known = known.map_err(|Unanswered(why)| unreached(why))?;
        let named = known.addresses();
        if !named.into_iter().all(|url| self.settings.may_name(url)) {
            return Err(unreached("it names addresses that are not safe"));
        }
        let known = Arc::new(known);
        let mut kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((known.clone(), house.now()));
        Ok(known)
    }
}

/// Our client, as it is handed on.
pub(super) fn calling(house: &House) -> Call {
    let house = house.clone();
    Box::new(move |request| {
        let house = house.clone();
        Box::pin(async move { house.outgoing.send(request, ANSWER).await })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, issuer: &str) -> Provider {
        Provider {
            name: name.to_owned(),
            shown: Words::new(String::new(), String::new()),
            issuer: issuer.to_owned(),
            client: "renshe".to_owned(),
            secret: ClientSecret("hidden".to_owned()),
            roles: vec![Role::Person],
            who: "sub".to_owned(),
            number: None,
            scopes: Vec::new(),
        }
    }

    #[test]
    fn nobody_speaks_for_a_house() {
        for issuer in [
            "https://id.example",
            "https://id.example/realms/city",
            "http://127.0.0.1:8180",
            "http://localhost:1/a",
            "http://[::1]:1",
        ] {
            assert!(of("city-id", issuer).is_fit(), "{issuer}");
        }
        for issuer in [
            "http://id.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "ftp://id.example",
            "https://id.example?a=b",
            "https://id.example#a",
            "https://a@id.example",
            "id.example",
            "",
        ] {
            assert!(!of("city-id", issuer).is_fit(), "{issuer}");
        }
        for name in ["", "City", "a/b", "a b", "..", &"a".repeat(33)] {
            assert!(!of(name, "https://id.example").is_fit(), "{name}");
        }
    }

    #[test]
    fn a_house_over_tls_names_no_other_way() {
        let far = of("a", "https://id.example");
        assert!(far.may_name("https://keys.example/jwks?v=1"));
        assert!(!far.may_name("http://127.0.0.1:9/jwks"));
        assert!(!far.may_name("http://id.example/jwks"));
        let here = of("a", "http://127.0.0.1:1");
        assert!(here.may_name("http://127.0.0.1:1/jwks"));
        assert!(!here.may_name("http://id.example/jwks"));
    }

    #[test]
    fn a_secret_is_never_shown() {
        assert!(!format!("{:?}", of("a", "https://id.example")).contains("hidden"));
    }
}
