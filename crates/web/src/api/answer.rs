//! What goes out: a state that is known again, a list that is read on, something done once.

use super::caller::{Caller, Sent};
use crate::house::House;
use crate::problem::Problem;
use crate::visitor::query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use office::Db;
use office::programs::Refusal;
use office::programs::calls::{Answer, once};
use office::programs::files::Stop;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::str::FromStr;

/// A state, known again by its `ETag`: who has it already is told so.
#[must_use]
pub fn state<T: Serialize>(headers: &HeaderMap, value: &T) -> Response {
    let body = text(value);
    let tag = tag(&body);
    let known = headers.get(header::IF_NONE_MATCH);
    let known = known
        .and_then(|known| known.to_str().ok())
        .unwrap_or_default();
    let same = known
        .split(',')
        .any(|known| known.trim() == tag || known.trim() == "*");
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json(StatusCode::OK, body)
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The tag of a state.
#[must_use]
pub fn tag_of<T: Serialize>(value: &T) -> String {
    tag(&text(value))
}

fn tag(body: &str) -> String {
    let hash = Sha256::digest(body);
    let hash = hash.get(..16).unwrap_or_default();
    format!("\"{}\"", crate::visitor::hex(hash))
}

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("shapes have text keys only")
}

/// JSON as an answer.
#[must_use]
pub fn json(status: StatusCode, body: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// A value as an answer that is nobody's state.
#[must_use]
pub fn value<T: Serialize>(status: StatusCode, value: &T) -> Response {
    json(status, text(value))
}

/// Does something once, on a thread that may wait; the answer is kept.
///
/// # Errors
///
/// `N0901` to `N0903`; what `work` refuses.
pub async fn done<T: Serialize>(
    house: &House,
    (caller, sent): (Caller, Sent),
    work: impl FnOnce(&Db, &Caller, &Sent) -> Result<(StatusCode, T), Stop> + Send + 'static,
) -> Result<Response, Problem> {
    let answered = house
        .office(move |db| {
            Ok(once::<Stop>(db, sent.call(&caller), || {
                let (status, value) = work(db, &caller, &sent)?;
                let status = i16::try_from(status.as_u16()).unwrap_or(200);
                Ok((status, text(&value)))
            }))
        })
        .await?;
    Ok(told(answered?))
}

fn told(answer: Answer) -> Response {
    let status = u16::try_from(answer.status).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = json(status.unwrap_or(StatusCode::OK), answer.body);
    if answer.again {
        let again = HeaderValue::from_static("true");
        response.headers_mut().insert("idempotency-replayed", again);
    }
    response
}

/// Whether what is to be altered is still in the state it was seen in, if that is said.
///
/// # Errors
///
/// `N0911` when not.
pub fn meant<T: Serialize>(sent: &Sent, current: &T) -> Result<(), office::Error> {
    let tag = tag_of(current);
    match &sent.meant_for {
        Some(meant)
            if !meant
                .split(',')
                .any(|one| one.trim() == tag || one.trim() == "*") =>
        {
            Err(Refusal::Altered.into())
        }
        _ => Ok(()),
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// How many entries at most.
    pub limit: usize,
    /// Behind how many.
    pub after: usize,
}

/// So many entries a part has, unless fewer or more are asked for; and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

impl Part {
    /// The part that an address asks for.
    ///
    /// # Errors
    ///
    /// `H0103` for a limit that is none, `H0404` for a cursor that is not ours.
    pub fn asked(house: &House, uri: &Uri) -> Result<Part, Problem> {
        let limit = number(uri, "limit")?.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::unreadable().because(
                format!("limit 为 1 至 {MOST}"),
                format!("limit is 1 to {MOST}"),
            ));
        }
        let after = match query(uri, "cursor") {
            None => 0,
            Some(cursor) => {
                let text = house.signer.unsealed(&place(uri), &cursor);
                let text = text.ok_or_else(Problem::no_cursor)?;
                text.parse().map_err(|_| Problem::no_cursor())?
            }
        };
        Ok(Part { limit, after })
    }

    /// The entries of it, and the cursor behind them, if there are more.
    pub fn of<T>(self, house: &House, uri: &Uri, all: Vec<T>) -> (Vec<T>, Option<String>) {
        let end = self.after.saturating_add(self.limit);
        let next = (end < all.len()).then(|| house.signer.sealed(&place(uri), &end.to_string()));
        let some = all.into_iter().skip(self.after).take(self.limit);
        (some.collect(), next)
    }
}

/// The list a cursor is of: its address without the cursor and the limit.
fn place(uri: &Uri) -> String {
    let pairs = crate::look::links::pairs(uri.query().unwrap_or_default());
    let rest = pairs
        .into_iter()
        .filter(|(key, _)| key != "cursor" && key != "limit");
    let mut rest: Vec<String> = rest.map(|(key, value)| format!("{key}={value}")).collect();
    rest.sort();
    format!("{}?{}", uri.path(), rest.join("&"))
}

/// A parameter as something that is read from text; `None` where it is not there.
///
/// # Errors
///
/// `H0103` when it cannot be read.
pub fn number<T: FromStr>(uri: &Uri, name: &str) -> Result<Option<T>, Problem> {
    let given = query(uri, name).map(|text| text.trim().parse());
    given.transpose().map_err(|_| unreadable(name))
}

/// A parameter that cannot be read.
#[must_use]
pub fn unreadable(name: &str) -> Problem {
    Problem::unreadable().because(
        format!("参数 {name} 无法识别"),
        format!("the parameter `{name}` cannot be read"),
    )
}
