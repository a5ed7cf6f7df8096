//! What for? Asked before anybody's record is seen, and noted with each look.

use crate::forms::Form;
use crate::house::House;
use crate::look::components::{Fault, Field, Kind, error_summary, field, hidden, notice, submit};
use crate::look::links::{encoded, pairs};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, cookie, query};
use crate::wall::headers::session as cookie_until_closed;
use crate::wall::origin::own_path;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use city::actors::Actor;
use city::logins::Login;
use maud::{Markup, html};
use measure::Words;
use office::Acting;
use office::permit::Refusal;
use rules::explain::Lang;

const TITLE: Words = Words::new("用于何事", "What is it for?");
const LABEL: Words = Words::new("用途", "Purpose");
const HINT: Words = Words::new(
    "写明办理的事项，如“窗口更正 2025-0614”。不要写姓名或证件号码。",
    "The business at hand, such as “correction at the counter 2025-0614”. No names or identity numbers.",
);
const GO_ON: Words = Words::new("继续", "Go on");
const WHY: Words = Words::new("为什么要问", "Why this is asked");
const WHY_SAYS: Words = Words::new(
    "每次查看他人记录，都会记下是谁、何时、为何。本人可以看到。",
    "Each look at somebody's record is noted: who, when, and what for. The person can see it.",
);
const MISSING: Words = Words::new(
    "写明用途，至少四个字符",
    "say what it is for, in four characters or more",
);
const NUMBERS: Words = Words::new(
    "用途中不要写证件号码",
    "leave identity numbers out of the purpose",
);
pub(super) const COUNTER: Words = Words::new("经办", "Counter");

/// The cookie that holds the purpose, until the browser is closed.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-purpose" } else { "purpose" }
}

/// A member of staff at work, with what for.
#[derive(Clone, Debug)]
pub(crate) struct Clerk {
    pub(super) visitor: Visitor,
    pub(super) purpose: String,
}

impl Clerk {
    /// Who it is.
    pub(super) fn login(&self) -> Option<&Login> {
        self.visitor.login()
    }

    /// The name that is noted.
    pub(super) fn name(&self) -> Result<Actor, Refusal> {
        let name = self.login().map(|login| login.name().clone());
        name.ok_or(Refusal::Nobody)
    }

    /// What is done in their name.
    pub(super) fn acting<'a>(&'a self, by: &'a Actor) -> Acting<'a> {
        Acting {
            by,
            at: self.visitor.now,
            purpose: &self.purpose,
            through: self.visitor.through(),
        }
    }

    /// The purpose, and where to say another.
    pub(super) fn bar(&self) -> Markup {
        let lang = self.visitor.lang;
        let here = &self.visitor.here;
        // What was sent is not opened again: back to where one may begin.
        let then = encoded(if here.contains("/correct") {
            "/counter"
        } else {
            here
        });
        html! {
            p class="quiet" {
                (lang.say(LABEL)) (lang.pick("：", ": ")) (self.purpose) " · "
                a href=(format!("/counter/purpose?then={then}")) { (lang.pick("更改", "change")) }
            }
        }
    }
}

/// What was said before by who is here now; not by who was here before them.
pub(super) fn said(visitor: &Visitor, headers: &axum::http::HeaderMap, secure: bool) -> String {
    let kept = cookie(headers, cookie_name(secure)).unwrap_or_default();
    let Some((whose, said)) = kept.split_once('.') else {
        return String::new();
    };
    if visitor.session.is_none() || whose != mark(visitor) {
        return String::new();
    }
    let said = pairs(&format!("p={said}")).pop();
    said.map(|(_, said)| said).unwrap_or_default()
}

/// Whose it is: a little of what only this session has.
fn mark(visitor: &Visitor) -> String {
    visitor.csrf().chars().take(16).collect()
}

/// The cookie that keeps it.
pub(super) fn kept(visitor: &Visitor, purpose: &str, secure: bool) -> axum::http::HeaderValue {
    let value = format!("{}.{}", mark(visitor), encoded(purpose));
    cookie_until_closed(cookie_name(secure), &value, secure)
}

/// A purpose somebody gave, or why it is none.
pub(super) fn checked(given: &str) -> Result<String, Words> {
    let given: String = given.trim().chars().take(120).collect();
    let digits = |run: &&str| 15 <= run.len();
    if given.chars().count() < 4 {
        return Err(MISSING);
    }
    if given
        .split(|sign: char| !sign.is_ascii_digit())
        .any(|run| digits(&run))
    {
        return Err(NUMBERS);
    }
    Ok(given)
}

impl FromRequestParts<House> for Clerk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Clerk, Response> {
        let visitor = Visitor::from_request_parts(parts, house).await;
        let visitor = visitor.map_err(IntoResponse::into_response)?;
        let purpose = said(&visitor, &parts.headers, house.settings.secure);
        if purpose.is_empty() {
            let back = match parts.method {
                Method::GET => encoded(&visitor.here),
                _ => encoded("/counter"),
            };
            let ask = format!("/counter/purpose?then={back}");
            return Err(Redirect::to(&ask).into_response());
        }
        Ok(Clerk { visitor, purpose })
    }
}

/// The page that asks.
#[derive(Debug, Default)]
pub(crate) struct PurposePage {
    then: String,
    purpose: String,
    fault: Option<Words>,
}

/// Shows it.
pub(crate) async fn page(visitor: Visitor, uri: Uri) -> Response {
    let page = PurposePage {
        then: own_path(&query(&uri, "then").unwrap_or_default()).to_owned(),
        ..PurposePage::default()
    };
    shown(&page, &visitor)
}

/// Somebody says what for.
pub(crate) async fn say(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let then = match own_path(form.get("then")) {
        "/" => "/counter",
        path => path,
    };
    match checked(form.get("purpose")) {
        Ok(purpose) => {
            let cookie = kept(&visitor, &purpose, house.settings.secure);
            let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
            Ok((cookie, Redirect::to(then)).into_response())
        }
        Err(fault) => {
            let page = PurposePage {
                then: then.to_owned(),
                purpose: form.get("purpose").to_owned(),
                fault: Some(fault),
            };
            Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
        }
    }
}

/// The field that asks, for this page and the search.
pub(super) fn asked(value: &str, fault: Option<&Words>, lang: Lang) -> Field {
    Field {
        name: "purpose".into(),
        label: lang.say(LABEL).into(),
        hint: Some(lang.say(HINT).into()),
        kind: Kind::Text,
        value: value.to_owned(),
        fault: fault.map(|fault| lang.say(*fault).to_owned()),
        optional: false,
    }
}

/// The faults of fields, for the list above the form.
pub(super) fn faults(fields: &[&Field]) -> Vec<Fault> {
    let wrong = fields.iter().filter_map(|field| {
        let what = field.fault.clone()?;
        Some(Fault {
            field: field.place(),
            what: format!("{}: {what}", field.label),
        })
    });
    wrong.collect()
}

impl Page for PurposePage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let purpose = asked(&self.purpose, self.fault.as_ref(), lang);
        html! {
            (error_summary(&faults(&[&purpose]), lang))
            form method="post" action="/counter/purpose" {
                (hidden("csrf", &visitor.csrf()))
                (hidden("then", &self.then))
                (field(&purpose, lang))
                (submit(lang.say(GO_ON)))
            }
            (notice(lang.say(WHY), html! { p { (lang.say(WHY_SAYS)) } }))
        }
    }

    fn samples() -> Vec<PurposePage> {
        vec![
            PurposePage::default(),
            PurposePage {
                then: "/counter/persons/1".into(),
                purpose: "<script>alert(1)</script>".into(),
                fault: Some(MISSING),
            },
        ]
    }
}

/// Somebody at work, for samples.
pub(super) fn sample() -> Clerk {
    Clerk {
        visitor: Visitor::sample(Lang::Zh),
        purpose: "<script>alert(1)</script>".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_says_something_and_nobodys_number() {
        assert!(checked(" 窗口更正 ").is_ok());
        assert_eq!(checked(" x "), Err(MISSING));
        assert_eq!(checked("about 500101199902300010"), Err(NUMBERS));
    }
}
