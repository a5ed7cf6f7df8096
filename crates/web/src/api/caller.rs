//! Who asks, what for, and what they sent.

use crate::house::House;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use city::logins::{Login, Role};
use measure::Moment;
use office::Acting;
use office::permit;
use office::programs::calls::Call;
use office::programs::{Refusal, tokens::Client};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A program that is in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// It.
    pub client: Client,
    /// When it came.
    pub now: Moment,
    purpose: String,
}

/// So much of a purpose is noted.
const LONGEST: usize = 200;

impl Caller {
    /// The login it is in by.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        Some(&self.client.login)
    }

    /// In whose name something is done.
    #[must_use]
    pub fn acting(&self) -> Acting<'_> {
        Acting {
            by: self.client.login.name(),
            at: self.now,
            purpose: &self.purpose,
            through: "api",
        }
    }

    /// The same, to look at what somebody else's is: members of staff say what for.
    ///
    /// # Errors
    ///
    /// `N0908` when they do not.
    pub fn looking(&self) -> Result<Acting<'_>, office::Error> {
        let own = matches!(self.client.login.role(), Role::Person | Role::Agent);
        match (own, self.purpose.is_empty()) {
            (false, true) => Err(Refusal::NoPurpose.into()),
            (true, true) => Ok(Acting {
                purpose: "own record",
                ..self.acting()
            }),
            (_, false) => Ok(self.acting()),
        }
    }
}

impl FromRequestParts<House> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Caller, Problem> {
        let visitor = Visitor::from_request_parts(parts, house).await?;
        let nobody = || Problem::from(office::Error::from(permit::Refusal::Nobody));
        Ok(Caller {
            client: visitor.client.ok_or_else(nobody)?,
            now: visitor.now,
            purpose: purpose(&parts.headers),
        })
    }
}

fn purpose(headers: &HeaderMap) -> String {
    let said = headers
        .get("purpose")
        .map(axum::http::HeaderValue::as_bytes);
    let said = String::from_utf8_lossy(said.unwrap_or_default());
    let plain = said.trim().chars().filter(|sign| !sign.is_control());
    plain.take(LONGEST).collect()
}

/// What was sent, with the key it was sent under.
#[derive(Clone, Debug)]
pub struct Sent {
    key: Option<String>,
    at: String,
    kind: String,
    name: String,
    /// The state it is meant for, if it says so.
    pub meant_for: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl FromRequest<House> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &House) -> Result<Sent, Problem> {
        let (parts, body) = request.into_parts();
        let text = |name: &str| {
            let said = parts.headers.get(name);
            said.and_then(|said| said.to_str().ok()).map(str::to_owned)
        };
        let kind = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        Ok(Sent {
            key: text("idempotency-key"),
            // With its query: another address is another request.
            at: format!("{} {}", parts.method, parts.uri),
            kind: kind
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase(),
            name: named(&text(header::CONTENT_DISPOSITION.as_str()).unwrap_or_default()),
            meant_for: text(header::IF_MATCH.as_str()),
            bytes: whole(body).await?,
        })
    }
}

/// The wall has read it already, as much as the route takes.
async fn whole(body: Body) -> Result<Vec<u8>, Problem> {
    let bytes = to_bytes(body, usize::MAX).await;
    bytes
        .map(|bytes| bytes.to_vec())
        .map_err(|_| Problem::too_large())
}

/// What a file is called: `attachment; filename="june.csv"`, the last part of it only.
fn named(disposition: &str) -> String {
    let (_, after) = disposition.split_once("filename=").unwrap_or_default();
    let name = after
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches('"');
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = name.chars().filter(|sign| !sign.is_control());
    plain.take(100).collect()
}

impl Sent {
    /// As JSON of a shape.
    ///
    /// # Errors
    ///
    /// `H0401` when it says it is something else, `H0402` when it is no JSON, `H0403` when it has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if self.kind != "application/json" {
            return Err(Problem::other_kind());
        }
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let why = error.to_string();
            match error.classify() {
                Category::Data => Problem::other_shape().because(why.clone(), why),
                _ => Problem::no_json().because(
                    format!("第 {line} 行第 {column} 列：{why}"),
                    format!("line {line}, column {column}: {why}"),
                ),
            }
        })
    }

    /// As a file, with the name it has or would have by its kind.
    ///
    /// # Errors
    ///
    /// `H0401` when its kind is none of these.
    pub fn file(&self, kinds: &[(&str, &str)]) -> Result<(String, Vec<u8>), Problem> {
        let ending = kinds.iter().find(|(kind, _)| *kind == self.kind);
        let (_, ending) = ending.ok_or_else(Problem::other_kind)?;
        let name = match self.name.to_lowercase().ends_with(&format!(".{ending}")) {
            true => self.name.clone(),
            false => format!("sent.{ending}"),
        };
        Ok((name, self.bytes.clone()))
    }

    /// What is asked to be done once.
    #[must_use]
    pub fn call<'a>(&'a self, caller: &'a Caller) -> Call<'a> {
        Call {
            by: caller.client.login.name(),
            key: self.key.as_deref(),
            at: &self.at,
            body: &self.bytes,
            now: caller.now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_and_no_way() {
        for (said, name) in [
            ("attachment; filename=\"june.csv\"", "june.csv"),
            ("attachment; filename=../../etc/passwd", "passwd"),
            ("attachment; filename=\"..\\..\\a.xlsx\"; size=3", "a.xlsx"),
            ("inline", ""),
        ] {
            assert_eq!(named(said), name);
        }
    }
}
