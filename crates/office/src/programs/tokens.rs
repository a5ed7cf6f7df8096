//! By what a program comes in.
//!
//! A token is 256 bits by chance; the database holds its hash. It is a login's, and good for all the login may do or for some
//! of it, until a day at most. A program that is to be told something has the beginning of its address noted with the token, so
//! that nobody lets the house send anything elsewhere.

use super::Refusal;
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::sign_in::{self, Token};
use crate::whole;
use city::logins::Login;
use measure::Moment;
use std::collections::BTreeSet;
use store::{Db, audit, logins, tokens as kept};

/// A program that is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// By which login.
    pub login: Login,
    /// What its token is for.
    pub label: String,
    /// What it is good for; `None` for all of the login's.
    pub scope: Option<BTreeSet<Action>>,
    /// The beginning of the addresses at which it may be told something.
    pub callback: Option<String>,
    /// The key its messages are signed with, where they are.
    pub signs_with: Option<[u8; 32]>,
}

impl Client {
    /// Whether its token is good for an action.
    ///
    /// # Errors
    ///
    /// `N0904` when not.
    pub fn may(&self, action: Action) -> Result<(), Refusal> {
        match &self.scope {
            Some(scope) if !scope.contains(&action) => Err(Refusal::OutOfScope),
            _ => Ok(()),
        }
    }

    /// Whether it may be told something at an address: below its callback, segment by segment.
    ///
    /// # Errors
    ///
    /// `N0909` when not.
    pub fn may_be_told_at(&self, address: &str) -> Result<(), Refusal> {
        let below = self.callback.as_deref().and_then(|callback| {
            let rest = address.strip_prefix(callback.trim_end_matches('/'))?;
            let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
            let inside =
                !address.contains("..") && !address.contains('\\') && !address.contains('@');
            (plain && inside && address.len() <= 500).then_some(rest)
        });
        match below {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Ok(()),
            _ => Err(Refusal::OtherAddress),
        }
    }
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken<'t> {
    /// Of which login.
    pub login: &'t str,
    /// What it is for.
    pub label: &'t str,
    /// The words of the actions it is good for; none for all of the login's.
    pub scope: &'t [String],
    /// The beginning of the addresses at which its program may be told something.
    pub callback: Option<&'t str>,
    /// The Ed25519 key its messages are signed with, where they are.
    pub signs_with: Option<[u8; 32]>,
    /// Until when.
    pub ends: Moment,
}

/// Makes a token. It is told once and kept nowhere.
///
/// # Errors
///
/// `N0607` when there is no such login in use, `N0905` for a token that may not be one; what the database says.
pub fn issue(db: &Db, new: &NewToken<'_>, acting: Acting<'_>) -> Result<Token, Error> {
    let label = new.label.trim();
    let known = |word: &String| Action::ALL.iter().any(|action| action.word() == word);
    let fits = (1..=64).contains(&label.chars().count())
        && !label.chars().any(char::is_control)
        && new.scope.iter().all(known)
        && acting.at < new.ends
        && new.callback.is_none_or(is_origin);
    if !fits {
        return Err(Refusal::UnfitToken.into());
    }
    let token = sign_in::fresh()?;
    whole::write(db, |tx| {
        let found = logins::find(tx, new.login)?.map(|(login, _)| login);
        let login = found.filter(|login| login.ended.is_none());
        let login = login.ok_or(sign_in::Refusal::NoLogin)?;
        let before = kept::of_login(tx, new.login)?;
        if before.iter().any(|one| one.label == label) {
            return Err(Refusal::UnfitToken.into());
        }
        let made = kept::Token {
            label: label.to_owned(),
            scope: new.scope.to_vec(),
            callback: new.callback.map(str::to_owned),
            signs_with: new.signs_with,
            ends: new.ends,
            ended: None,
        };
        kept::add(
            tx,
            &token.hash(),
            login.name(),
            &made,
            (acting.by, acting.at),
        )?;
        Ok(acting.note(tx, "token.add", (audit::NONE, 0), new.login)?)
    })?;
    Ok(token)
}

/// Lets no program in by a token any more.
///
/// # Errors
///
/// `N0906` when the login has none of this label in use; what the database says.
pub fn revoke(db: &Db, (login, label): (&str, &str), acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        if !kept::end(tx, (login, label), acting.at)? {
            return Err(Refusal::NoToken.into());
        }
        Ok(acting.note(tx, "token.end", (audit::NONE, 0), login)?)
    })
}

/// The tokens of a login, ended ones too; never what its program holds.
///
/// # Errors
///
/// What the database says.
pub fn list(db: &Db, login: &str) -> Result<Vec<kept::Token>, Error> {
    whole::read(db, |tx| Ok(kept::of_login(tx, login)?))
}

/// The program that comes in by a token, if it still may.
///
/// # Errors
///
/// What the database says.
pub fn client(db: &Db, token: &Token, now: Moment) -> Result<Option<Client>, Error> {
    let hash = token.hash();
    let found = whole::read(db, |tx| Ok(kept::find(tx, &hash, now)?))?;
    Ok(found.map(|(login, token)| Client {
        scope: scope(&token.scope),
        login,
        label: token.label,
        callback: token.callback,
        signs_with: token.signs_with,
    }))
}

/// Whether an action reaches anything for a program.
///
/// # Errors
///
/// `N0601` for nobody, `N0602` where it reaches nothing for the login, `N0904` where the token is not good for it.
pub fn permitted(client: Option<&Client>, action: Action) -> Result<(), Error> {
    permit::reach(client.map(|client| &client.login), action)?;
    match client {
        Some(client) => Ok(client.may(action)?),
        None => Ok(()),
    }
}

fn scope(words: &[String]) -> Option<BTreeSet<Action>> {
    let named = |word: &String| {
        let mut all = Action::ALL.iter();
        all.find(|action| action.word() == word).copied()
    };
    (!words.is_empty()).then(|| words.iter().filter_map(named).collect())
}

/// Whether it is `http://host…` or `https://host…`, with nothing that leads elsewhere.
fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty()
            && text.len() <= 300
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !text.contains(['@', '\\', '?', '#'])
            && !text.contains("..")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use city::actors::Actor;
    use city::logins::{Party, Role};

    fn client(callback: Option<&str>) -> Client {
        let name = Actor::new("li").expect("it is a login");
        Client {
            login: Login::new(name, Role::Clerk, Party::Office, None).expect("it suits"),
            label: String::new(),
            scope: Some([Action::ReadPerson].into()),
            callback: callback.map(str::to_owned),
            signs_with: None,
        }
    }

    #[test]
    fn nothing_is_sent_elsewhere() {
        let told = client(Some("https://a.example/in"));
        for own in ["https://a.example/in", "https://a.example/in/on-search"] {
            assert_eq!(told.may_be_told_at(own), Ok(()), "{own}");
        }
        for other in [
            "",
            "https://a.example/",
            "https://a.example/inside",
            "https://a.example/in/../out",
            "https://a.example.evil.example/in",
            "https://b.example/in",
            "http://a.example/in",
            "https://a.example/in/x y",
        ] {
            assert_eq!(
                told.may_be_told_at(other),
                Err(Refusal::OtherAddress),
                "{other}"
            );
        }
        let host = client(Some("http://a.example"));
        assert!(
            host.may_be_told_at("http://a.example@evil.example/")
                .is_err()
        );
        assert!(
            host.may_be_told_at("http://a.example:80@evil.example/")
                .is_err()
        );
        assert!(host.may_be_told_at("http://a.example/x").is_ok());
        assert!(client(None).may_be_told_at("https://a.example/in").is_err());
    }

    #[test]
    fn a_token_is_good_for_what_it_says() {
        assert_eq!(client(None).may(Action::ReadPerson), Ok(()));
        assert_eq!(client(None).may(Action::Declare), Err(Refusal::OutOfScope));
        let all = Client {
            scope: scope(&[]),
            ..client(None)
        };
        assert_eq!(all.may(Action::Declare), Ok(()));
        // A word that no longer is one opens nothing.
        assert_eq!(scope(&["gone".to_owned()]), Some(BTreeSet::new()));
    }

    #[test]
    fn a_callback_has_a_host() {
        assert!(is_origin("http://127.0.0.1:3336/") && is_origin("https://a.example/in"));
        for wrong in [
            "",
            "https://",
            "ftp://a",
            "https:///x",
            "https://a@b/",
            "https://a/?x",
            "https://a/..",
        ] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
