//! Coming in by the word of another house: OpenID Connect, authorization code with PKCE.
//!
//! | the browser | this house | the other |
//! |---|---|---|
//! | asks for `/sign-in/with/{provider}` | [begins](depart) it, sends them on with state, nonce and the hash of a verifier | |
//! | | | asks who they are, sends them back with a code and the state |
//! | asks for `/sign-in/with/{provider}/back` | [ends](back) what was begun in this browser, brings the code and the verifier | gives its [`word`] |
//! | holds a session | checks the word, finds whom it lets in, and forgets it | |
//! | has gone out here | [tells](out) that it is still in there, and where to go out | |
//!
//! What must not be seen of it goes from house to house, never through the browser; and no token of the other is kept.

pub(crate) mod provider;
mod word;
pub(crate) mod out;

pub use provider::{ClientSecret, Provider, Providers};

use super::{attempt_held, came_in, holding_attempt};
use crate::house::House;
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use crate::wall::origin::own_path;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use measure::IdentityNumber;
use office::sign_in::attempts::{self, AWAY, Begun, Kind};
use office::sign_in::outside::{Identity, Word, enter};
use office::sign_in::{Refusal, Token};
use serde_json::{Value, json};
use word::Answer;

/// Somebody goes to another house to have it said who they are.
pub(crate) async fn depart(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = house.providers.named(&name).ok_or_else(Problem::no_page)?;
    let then = query(&uri, "then").unwrap_or_default();
    // Where another site sends somebody here, they see first where they are.
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site == "cross-site") {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let known = provider.known(&house).await?;
    let content = json!({ "provider": name, "then": own_path(&then) }).to_string();
    let held = attempt_held(&house, &headers);
    let now = visitor.now;
    let begun = house
        .office(move |db| attempts::begin(db, Kind::Outside, held, &content, (now, AWAY)))
        .await?;
    let back = back_address(&house, &headers, &name);
    let to = word::address((&provider.settings, &known), &begun, &back)?;
    let cookie = holding_attempt(&house, &begun.browser);
    Ok((
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Redirect::to(&to),
    )
        .into_response())
}

/// Somebody comes back from another house.
pub(crate) async fn back(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = house.providers.named(&name).ok_or_else(Problem::no_page)?;
    let nothing_begun = || Problem::from(office::Error::from(Refusal::NoAttempt));
    let handle = query(&uri, "state").as_deref().and_then(Token::parse);
    let begun = handle.zip(attempt_held(&house, &headers));
    let begun = begun.map(|(handle, browser)| Begun { handle, browser });
    let begun = begun.ok_or_else(nothing_begun)?;
    let (ended, now) = (begun.clone(), visitor.now);
    let content = house
        .office(move |db| attempts::end(db, Kind::Outside, &ended, now))
        .await?;
    let content: Value = serde_json::from_str(&content).map_err(|_| Problem::broken())?;
    if content["provider"] != json!(name) {
        return Err(nothing_begun());
    }
    // RFC 9207: who answers says who they are.
    let speaker = query(&uri, "iss");
    if speaker.is_some_and(|speaker| speaker != provider.settings.issuer) {
        return Err(word::doubted(&name, "another house answers"));
    }
    let code = query(&uri, "code").filter(|code| !code.is_empty());
    let Some(code) = code.filter(|_| query(&uri, "error").is_none()) else {
        return Err(Problem::no_word());
    };
    let back = back_address(&house, &headers, &name);
    let answer = word::ask(&house, provider, (&begun, &back), code).await?;
    let (token, role) = let_in(&house, provider, answer, &visitor).await?;
    let then = content["then"].as_str().unwrap_or_default().to_owned();
    let mut came = came_in(&house, &visitor, (&token.reveal(), role), &then).await?;
    let by = out::vouched(&house, &name);
    came.headers_mut().append(header::SET_COOKIE, by);
    Ok(came)
}

/// Lets in whom the word is about.
async fn let_in(
    house: &House,
    provider: &provider::Kept,
    answer: Answer,
    visitor: &Visitor,
) -> Result<(Token, city::logins::Role), Problem> {
    let settings = provider.settings.clone();
    let secrets = match &settings.number {
        Some(_) => Some(house.keys()?),
        None => None,
    };
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let subject = answer.subject.clone();
    let done = house
        .office(move |db| {
            let number = answer.number.as_deref().map(IdentityNumber::parse);
            let number = number.and_then(Result::ok);
            let word = Word {
                identity: Identity {
                    issuer: &settings.issuer,
                    claim: &settings.who,
                    subject: &answer.subject,
                },
                number: number.as_ref().zip(secrets.as_deref()),
                roles: &settings.roles,
            };
            enter(db, word, rules, (now, "web"))
        })
        .await;
    match done {
        Ok((token, login)) => Ok((token, login.role())),
        Err(problem) if problem.code == "N0610" => {
            let (issuer, claim) = (&provider.settings.issuer, &provider.settings.who);
            Err(problem.because(
                format!("请管理员用 `renshe login bind` 将 {issuer} 的 {claim}“{subject}”绑定到您的账号；个人也可到窗口登记后再试"),
                format!("have an administrator bind the {claim} “{subject}” of {issuer} to your login by `renshe login bind`; persons may have themselves registered at a counter and try again"),
            ))
        }
        Err(problem) => Err(problem),
    }
}

/// Where the other house sends them back to: under the name of ours by which they came.
fn back_address(house: &House, headers: &HeaderMap, name: &str) -> String {
    let scheme = if house.settings.secure {
        "https"
    } else {
        "http"
    };
    // The wall has seen that it is one of ours.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let first = house.settings.hosts.first().map(String::as_str);
    let host = host.or(first).unwrap_or_default();
    format!("{scheme}://{host}/sign-in/with/{name}/back")
}
