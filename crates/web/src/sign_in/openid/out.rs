//! Going out of the other house too.
//!
//! Its session lives in the browser and not here: who goes out here is still known there, and on a shared computer the next to
//! come could be them with one click. So whoever came by its word and goes out is told, and shown the way out there, as a link:
//! no form of ours leads to another house.

use crate::house::House;
use crate::look::components::{button, button_link, notice, warning};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, cookie};
use crate::wall::headers::{no_session, session};
use crate::wall::vouched_cookie;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

const TITLE: Words = Words::new("您已退出", "You are signed out");
const STAY: Words = Words::new(
    "只在自己的设备上这样",
    "On a device of your own that will do",
);
const BACK: Words = Words::new("回到首页", "Back to the first page");

/// The cookie that keeps by whose word somebody came, until the browser is closed.
pub(super) fn vouched(house: &House, name: &str) -> HeaderValue {
    let secure = house.settings.secure;
    session(vouched_cookie(secure), name, secure)
}

/// The cookie taken away.
pub(crate) fn forgotten(house: &House) -> HeaderValue {
    let secure = house.settings.secure;
    no_session(vouched_cookie(secure), secure)
}

/// Where somebody who goes out is told of the house by whose word somebody came in with this browser, if anybody did.
pub(crate) fn told_at(house: &House, headers: &HeaderMap) -> Option<String> {
    let name = cookie(headers, vouched_cookie(house.settings.secure))?;
    let provider = house.providers.named(name)?;
    Some(format!("/sign-out/with/{}", provider.settings.name))
}

/// Out here, and not there.
#[derive(Debug)]
pub(crate) struct OutPage {
    /// What the house is called.
    house: Words<String>,
    /// Where one goes out there, if it says so.
    way: Option<String>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let provider = house.providers.named(&name).ok_or_else(Problem::no_page)?;
    // Who cannot be asked now can still be gone to by hand: that is told instead.
    let known = provider.known(&house).await.ok();
    let page = OutPage {
        house: provider.settings.shown.clone(),
        way: known.and_then(|known| known.way_out(&provider.settings.client)),
    };
    Ok(shown(&page, &visitor))
}

impl Page for OutPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let name = lang.pick(&self.house.zh, &self.house.en);
        let still = lang.pick(
            format!("您在“{name}”还没有退出"),
            format!("You are still signed in at {name}"),
        );
        let shared = match &self.way {
            Some(_) => lang.pick(
                format!("在公用电脑上，请也退出“{name}”：否则后来的人不用密码就能以您的身份进来。“{name}”会请您确认。"),
                format!("On a shared computer sign out there too, or the next to come is in as you without a secret. {name} asks whether you mean it."),
            ),
            None => lang.pick(
                format!("在公用电脑上，请到“{name}”的网站退出，或关闭浏览器：否则后来的人不用密码就能以您的身份进来。"),
                format!("On a shared computer go to {name} and sign out there, or close the browser, or the next to come is in as you without a secret."),
            ),
        };
        let out = lang.pick(format!("也退出“{name}”"), format!("Sign out at {name} too"));
        html! {
            (warning(&still, html! {
                p { (shared) }
                @if let Some(way) = &self.way { p { (button(way, &out)) } }
            }))
            (notice(lang.say(STAY), html! { p { (button_link("/", lang.say(BACK))) } }))
        }
    }

    fn samples() -> Vec<OutPage> {
        let of = |name: &str, way: Option<&str>| OutPage {
            house: Words::new(name.to_owned(), name.to_owned()),
            way: way.map(str::to_owned),
        };
        vec![
            of("渝快办", Some("https://id.example/end?client_id=renshe")),
            of("<script>alert(1)</script>", None),
        ]
    }
}
