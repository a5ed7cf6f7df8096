//! Who is here, and how they like to read.

use crate::house::House;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use city::logins::Login;
use measure::{Day, Moment};
use office::programs::tokens::Client;
use office::sign_in::{Session, Token};
use rules::explain::Lang;
use std::sync::Arc;

/// Whoever asks for a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The language they read.
    pub lang: Lang,
    /// Light or dark, if they chose.
    pub scheme: Scheme,
    /// Whether they want large type.
    pub large: bool,
    /// Who is signed in.
    pub session: Option<Session>,
    /// The program that is in by a token, at a door for programs.
    pub client: Option<Client>,
    /// What their browser holds.
    pub token: Option<Token>,
    /// The page they are on, for links back to it.
    pub here: String,
    /// The number of this request.
    pub request: String,
    /// The moment they came.
    pub now: Moment,
}

/// A longer address is not repeated in links back to it.
const LONGEST: usize = 1_500;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// As their device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Scheme {
    /// As it stands in the cookie and the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Scheme::Auto => "auto",
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }

    /// Read back.
    #[must_use]
    pub fn read(word: &str) -> Scheme {
        match word {
            "light" => Scheme::Light,
            "dark" => Scheme::Dark,
            _ => Scheme::Auto,
        }
    }
}

impl Visitor {
    /// Somebody nobody knows yet, as their request has it.
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap, request: String, now: Moment) -> Visitor {
        let asked = query(uri, "lang");
        let kept = cookie(headers, "lang");
        let lang = asked
            .as_deref()
            .and_then(read_lang)
            .or_else(|| kept.and_then(read_lang))
            .unwrap_or_else(|| accepted(headers));
        Visitor {
            lang,
            scheme: cookie(headers, "scheme").map_or(Scheme::Auto, Scheme::read),
            large: cookie(headers, "type") == Some("large"),
            session: None,
            client: None,
            token: None,
            here: uri
                .path_and_query()
                .filter(|whole| whole.as_str().len() <= LONGEST)
                .map_or_else(|| uri.path().to_owned(), ToString::to_string),
            request,
            now,
        }
    }

    /// Somebody for samples.
    #[must_use]
    pub fn sample(lang: Lang) -> Visitor {
        Visitor {
            lang,
            scheme: Scheme::Auto,
            large: false,
            session: None,
            client: None,
            token: None,
            here: "/".to_owned(),
            request: "0123456789abcdef".to_owned(),
            now: Moment::from_microseconds(1_750_000_000_000_000),
        }
    }

    /// The login they are signed in by.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        let session = self.session.as_ref().map(|session| &session.login);
        session.or_else(|| self.client.as_ref().map(|client| &client.login))
    }

    /// Through what somebody looks, as the audit log says it: a page, or a file they take along.
    #[must_use]
    pub fn through(&self) -> &'static str {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let takes = |(key, value): &(String, String)| key == "as" && !value.is_empty();
        let is_file = path.contains("/file/") || path.contains("/export/");
        if is_file || crate::look::links::pairs(query).iter().any(takes) {
            "web file"
        } else {
            "web"
        }
    }

    /// The day it is.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day().unwrap_or(Day::MAX)
    }

    /// What their forms must bring back; nothing while nobody is signed in.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.session
            .as_ref()
            .map_or_else(String::new, |session| hex(&session.csrf))
    }

    /// This page in the other language.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let kept = query.split('&');
        let mut kept: Vec<&str> = kept
            .filter(|part| !part.is_empty() && !part.starts_with("lang="))
            .collect();
        kept.push(lang.pick("lang=zh", "lang=en"));
        format!("{path}?{}", kept.join("&"))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The visitor of this request, as the wall has let them in.
impl FromRequestParts<House> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Visitor, Problem> {
        let visitor = parts.extensions.get::<Arc<Visitor>>();
        visitor
            .map(|visitor| Visitor::clone(visitor))
            .ok_or_else(Problem::broken)
    }
}

/// A cookie of ours.
#[must_use]
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let texts = lines.filter_map(|line| line.to_str().ok());
    let mut pairs = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A parameter of the address, the first of its name.
#[must_use]
pub(crate) fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = crate::look::links::pairs(uri.query().unwrap_or_default());
    let mut pairs = pairs.into_iter();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The page of a list that is asked for; the first where none is.
#[must_use]
pub(crate) fn page_asked(uri: &Uri) -> usize {
    let asked = query(uri, "page").and_then(|page| page.parse().ok());
    asked.unwrap_or(1).clamp(1, 10_000)
}

fn read_lang(word: &str) -> Option<Lang> {
    match word {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The first language of ours that the browser asks for; Chinese where it asks for none.
fn accepted(headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE);
    let asked = asked
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut tags = asked.split(',').map(|tag| tag.trim().to_ascii_lowercase());
    tags.find_map(|tag| match tag.get(..2) {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    })
    .unwrap_or(Lang::Zh)
}
