//! Coming in by a passkey, adding one and removing one.
//!
//! A page asks here for a challenge, its script has the device sign it, and a form brings the answer. The challenge is kept in the
//! database, for this browser, once, and for five minutes. The device must have verified its owner each time, for this site by
//! name, and must keep the key itself, so that nobody has to say first who they are.

pub(crate) mod page;

use super::{attempt_held, came_in, holding_attempt};
use crate::house::House;
use crate::look::links::pairs;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use office::Acting;
use office::sign_in::attempts::{self, AT_DEVICE, Begun, Kind};
use office::sign_in::passkeys::{self as kept, NewPasskey, Passkey as Kept};
use office::sign_in::{Refusal, Session, Token};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use std::time::Duration;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid,
    Webauthn, WebauthnBuilder, WebauthnError,
};

/// Asks devices for passkeys of this site.
#[derive(Debug)]
pub struct Passkeys {
    /// The name of the site.
    pub domain: String,
    site: Webauthn,
}

impl Passkeys {
    /// For the first of a house's hosts that is a name, and the others below it; `None` where there is none.
    #[must_use]
    pub fn of(hosts: &[String], secure: bool) -> Option<Passkeys> {
        let name = |host: &String| {
            let name = host.split(':').next().unwrap_or_default().to_owned();
            let is_name =
                !name.is_empty() && !name.starts_with('[') && name.parse::<IpAddr>().is_err();
            is_name.then_some(name)
        };
        let domain = hosts.iter().find_map(name)?;
        let below = |host: &&String| {
            let other = name(host).unwrap_or_default();
            other == domain || other.ends_with(&format!(".{domain}"))
        };
        let scheme = if secure { "https" } else { "http" };
        let mut origins = hosts
            .iter()
            .filter(below)
            .filter_map(|host| Url::parse(&format!("{scheme}://{host}")).ok());
        let first = origins.next()?;
        let mut site = WebauthnBuilder::new(&domain, &first).ok()?;
        for origin in origins {
            site = site.append_allowed_origin(&origin);
        }
        let site = site
            .rp_name("Renshe")
            .timeout(Duration::from_secs(300))
            .build();
        Some(Passkeys {
            site: site.ok()?,
            domain,
        })
    }
}

/// For whom a device keeps a key: the same for the same login, and not what it is called.
fn handle_of(login: &str) -> Uuid {
    let hash: [u8; 32] = Sha256::digest(format!("renshe passkey\0{login}")).into();
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(hash) {
        *to = from;
    }
    Uuid::from_bytes(half)
}

fn site(house: &House) -> Result<&Webauthn, Problem> {
    let site = house.passkeys.as_ref().map(|passkeys| &passkeys.site);
    site.ok_or_else(Problem::no_passkeys)
}

fn refused(refusal: Refusal) -> Problem {
    office::Error::from(refusal).into()
}

fn session(visitor: &Visitor) -> Result<Session, Problem> {
    let session = visitor.session.clone();
    session.ok_or_else(|| office::Error::from(office::permit::Refusal::Nobody).into())
}

/// Begins something at a device; the answer is for the script.
async fn begun(
    house: &House,
    (visitor, headers): (&Visitor, &HeaderMap),
    (kind, content): (Kind, Value),
    options: Value,
) -> Result<Response, Problem> {
    let (held, now) = (attempt_held(house, headers), visitor.now);
    let content = content.to_string();
    let begun = house
        .office(move |db| attempts::begin(db, kind, held, &content, (now, AT_DEVICE)))
        .await?;
    let cookie = holding_attempt(house, &begun.browser);
    let said = json!({ "attempt": begun.handle.reveal(), "options": options });
    Ok((
        StatusCode::OK,
        AppendHeaders([
            (header::SET_COOKIE, cookie),
            (
                header::CONTENT_TYPE,
                header::HeaderValue::from_static("application/json"),
            ),
        ]),
        said.to_string(),
    )
        .into_response())
}

/// A form that a device has answered.
struct Answered {
    begun: Begun,
    credential: String,
    /// What its owner calls it.
    label: String,
    then: String,
}

fn answered(house: &House, headers: &HeaderMap, form: &str) -> Result<Answered, Problem> {
    let said = pairs(form);
    let said = |name: &str| {
        let found = said.iter().find(|(key, _)| key == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let handle = Token::parse(&said("attempt"));
    let begun = handle.zip(attempt_held(house, headers));
    let (handle, browser) = begun.ok_or_else(|| refused(Refusal::NoAttempt))?;
    Ok(Answered {
        begun: Begun { handle, browser },
        credential: said("credential"),
        label: said("label"),
        then: said("then"),
    })
}

/// What was to be known when a device has answered: a state of the library, and whose it is.
async fn ended<S: for<'d> Deserialize<'d>>(
    house: &House,
    visitor: &Visitor,
    (kind, answered): (Kind, &Answered),
) -> Result<(S, Value), Problem> {
    let (begun, now) = (answered.begun.clone(), visitor.now);
    let content = house
        .office(move |db| attempts::end(db, kind, &begun, now))
        .await?;
    let mut content: Value = serde_json::from_str(&content).map_err(|_| Problem::broken())?;
    let state = content["state"].take();
    let state = serde_json::from_value(state).map_err(|_| Problem::broken())?;
    Ok((state, content))
}

/// Somebody who is in wants to add a passkey.
pub(crate) async fn begin_adding(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = session(&visitor)?;
    let name = session.login.name().clone();
    let there = house
        .office(move |db| kept::list(db, &name))
        .await?
        .into_iter()
        .map(|passkey| passkey.credential);
    let login = session.login.name().login();
    let started = site(&house)?.start_passkey_registration(
        handle_of(login),
        login,
        login,
        Some(there.collect()),
    );
    let (challenge, state) = started.map_err(|_| Problem::broken())?;
    let options = creation(&challenge)?;
    let content = json!({ "login": login, "state": state });
    let (who, what) = ((&visitor, &headers), (Kind::AddPasskey, content));
    begun(&house, who, what, options).await
}

/// What a device is asked to make: a key that it keeps itself.
fn creation(challenge: &CreationChallengeResponse) -> Result<Value, Problem> {
    let mut options = serde_json::to_value(&challenge.public_key).map_err(|_| Problem::broken())?;
    options["authenticatorSelection"]["residentKey"] = json!("required");
    options["authenticatorSelection"]["requireResidentKey"] = json!(true);
    Ok(options)
}

/// Their device has made one.
pub(crate) async fn add(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
    form: String,
) -> Result<Response, Problem> {
    let session = session(&visitor)?;
    let answered = answered(&house, &headers, &form)?;
    let what = (Kind::AddPasskey, &answered);
    let (state, content) = ended::<PasskeyRegistration>(&house, &visitor, what).await?;
    if content["login"] != json!(session.login.name().login()) {
        return Err(refused(Refusal::NoAttempt));
    }
    let credential: RegisterPublicKeyCredential =
        serde_json::from_str(&answered.credential).map_err(|_| refused(Refusal::UnfitPasskey))?;
    let made = site(&house)?.finish_passkey_registration(&credential, &state);
    let made = made.map_err(|_| refused(Refusal::UnfitPasskey))?;
    let key = serde_json::to_string(&made).map_err(|_| Problem::broken())?;
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let done = house
        .office(move |db| {
            let new = NewPasskey {
                label: &answered.label,
                credential: made.cred_id(),
                key: &key,
                counter: 0,
            };
            kept::add(db, &session, new, rules, acting(&session, now))
        })
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/settings/passkeys").into_response()),
        Err(problem) => page::shown_with(&house, &visitor, Some(problem)).await,
    }
}

fn acting(session: &Session, at: measure::Moment) -> Acting<'_> {
    Acting {
        by: session.login.name(),
        at,
        purpose: "",
        through: "web",
    }
}

/// Somebody who is in removes a passkey of theirs.
pub(crate) async fn remove(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let session = session(&visitor)?;
    let number = pairs(&form).into_iter().find(|(key, _)| key == "passkey");
    let number = number.and_then(|(_, number)| number.parse().ok());
    let number = number.ok_or_else(Problem::unreadable)?;
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let done = house
        .office(move |db| kept::remove(db, &session, number, rules, acting(&session, now)))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/settings/passkeys").into_response()),
        Err(problem) => page::shown_with(&house, &visitor, Some(problem)).await,
    }
}

/// Somebody wants to come in by a passkey.
pub(crate) async fn begin_entering(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let started = site(&house)?.start_discoverable_authentication();
    let (challenge, state): (RequestChallengeResponse, _) =
        started.map_err(|_| Problem::broken())?;
    let options = serde_json::to_value(&challenge.public_key).map_err(|_| Problem::broken())?;
    let what = (Kind::Passkey, json!({ "state": state }));
    begun(&house, (&visitor, &headers), what, options).await
}

/// Their device has answered.
pub(crate) async fn enter(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
    form: String,
) -> Result<Response, Problem> {
    let answered = answered(&house, &headers, &form)?;
    let what = (Kind::Passkey, &answered);
    let (state, _) = ended::<DiscoverableAuthentication>(&house, &visitor, what).await?;
    let credential: PublicKeyCredential =
        serde_json::from_str(&answered.credential).map_err(|_| refused(Refusal::NoPasskey))?;
    let site = site(&house)?;
    let named = site.identify_discoverable_authentication(&credential);
    let (handle, id) = named.map_err(|_| refused(Refusal::NoPasskey))?;
    let id = id.to_vec();
    let found = house.office(move |db| kept::find(db, &id)).await?;
    let (login, passkey) = found.ok_or_else(|| refused(Refusal::NoPasskey))?;
    if handle != handle_of(login.name().login()) {
        return Err(refused(Refusal::NoPasskey));
    }
    let mut key: Passkey = serde_json::from_str(&passkey.key).map_err(|_| Problem::broken())?;
    let result = match site.finish_discoverable_authentication_v2(&credential, state, &key) {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            return Err(two_of(&house, (login, passkey), &visitor).await?);
        }
        Err(_) => return Err(refused(Refusal::NoPasskey)),
    };
    key.update_credential(&result);
    let key = serde_json::to_string(&key).map_err(|_| Problem::broken())?;
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let (token, login) = house
        .office(move |db| {
            let used = (i64::from(result.counter()), key.as_str());
            kept::enter(db, &passkey, used, rules, (now, "web"))
        })
        .await?;
    let who = (token.reveal(), login.role());
    came_in(&house, &visitor, (&who.0, who.1), &answered.then).await
}

/// By its own count there are two of a key.
async fn two_of(
    house: &House,
    (login, passkey): (city::logins::Login, Kept),
    visitor: &Visitor,
) -> Result<Problem, Problem> {
    let now = visitor.now;
    house
        .office(move |db| kept::note_two(db, &login, &passkey, now))
        .await?;
    Ok(refused(Refusal::TwoOfPasskey))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_known_by_its_name() {
        let of = |hosts: &[&str]| {
            let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
            Passkeys::of(&hosts, true).map(|passkeys| {
                let origins = passkeys.site.get_allowed_origins().iter();
                let origins = origins.map(|url| url.as_str().trim_end_matches('/').to_owned());
                (passkeys.domain.clone(), origins.collect::<Vec<_>>())
            })
        };
        assert_eq!(of(&["127.0.0.1:8080", "[::1]:8080"]), None);
        let (domain, origins) = of(&["127.0.0.1:8080", "localhost:8080"]).unwrap();
        assert_eq!(
            (domain.as_str(), &origins[..]),
            ("localhost", &["https://localhost:8080".to_owned()][..])
        );
        let (domain, origins) =
            of(&["renshe.example", "a.renshe.example", "evilrenshe.example"]).unwrap();
        assert_eq!(domain, "renshe.example");
        assert_eq!(
            origins,
            ["https://renshe.example", "https://a.renshe.example"]
        );
    }
}
