//! How one reads, and where one is signed in.

use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{Head, Table, button_link, hidden, table, tag};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Scheme, Visitor};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use measure::{Moment, Words};
use office::sign_in::places;
use rules::explain::Lang;

const TITLE: Words = Words::new("设置", "Settings");
const LANGUAGE: Words = Words::new("语言", "Language");
const READING: Words = Words::new("显示", "How it looks");
const LIGHT: Words = Words::new("浅色", "Light");
const DARK: Words = Words::new("深色", "Dark");
const AS_DEVICE: Words = Words::new("跟随设备", "As the device");
const LARGE: Words = Words::new("大字", "Large type");
const USUAL: Words = Words::new("标准字号", "Usual type");
const PASSKEYS: Words = Words::new("通行密钥", "Passkeys");
const PASSKEYS_SAYS: Words = Words::new(
    "用手机、电脑或安全密钥登录，不用输入密码，也不会被钓鱼网站骗走。",
    "Sign in by your phone, computer or security key: no secret to type, and none that a false site could take.",
);
const TO_PASSKEYS: Words = Words::new("查看和添加", "See and add");
const SIGNED_IN: Words = Words::new("您在哪里登录", "Where you are signed in");
const SINCE: Words = Words::new("登录时间", "Since");
const SEEN: Words = Words::new("最近使用", "Last seen");
const ENDS: Words = Words::new("最迟退出", "Ends at the latest");
const THIS: Words = Words::new("这台设备", "this one");
const EVERYWHERE: Words = Words::new("在所有设备上退出", "Sign out everywhere");
const EVERYWHERE_SAYS: Words = Words::new(
    "如果其中有您不认识的，请在所有设备上退出，再改密码。",
    "If there is one you do not know, sign out everywhere and then change your secret.",
);

/// The settings of whoever is signed in.
#[derive(Debug)]
pub(crate) struct SettingsPage {
    places: Vec<(Moment, Moment, Moment, bool)>,
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let login = visitor.login().map(|login| login.name().clone());
    let (token, rules, now) = (visitor.token.clone(), house.settings.sign_in, visitor.now);
    let places = house
        .office(move |db| match login {
            Some(login) => places(db, &login, token.as_ref(), rules, now),
            None => Ok(Vec::new()),
        })
        .await?;
    Ok(shown(&SettingsPage { places }, &visitor))
}

/// Buttons that choose how it looks.
fn reading(visitor: &Visitor, lang: Lang) -> Markup {
    let schemes = [
        (Scheme::Auto, AS_DEVICE),
        (Scheme::Light, LIGHT),
        (Scheme::Dark, DARK),
    ];
    html! {
        form class="row" method="post" action="/look/choose" {
            (hidden("then", "/settings"))
            (hidden("csrf", &visitor.csrf()))
            @for (scheme, words) in schemes {
                button class="button second" name="scheme" value=(scheme.word()) aria-pressed=[(visitor.scheme == scheme).then_some("true")] { (lang.say(words)) }
            }
        }
        form class="row" method="post" action="/look/choose" {
            (hidden("then", "/settings"))
            (hidden("csrf", &visitor.csrf()))
            @for (large, value, words) in [(false, "usual", USUAL), (true, "large", LARGE)] {
                button class="button second" name="type" value=(value) aria-pressed=[(visitor.large == large).then_some("true")] { (lang.say(words)) }
            }
        }
    }
}

impl Page for SettingsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let rows = self.places.iter().map(|(begun, seen, ends, is_this)| {
            vec![
                html! { (clock(*begun)) @if *is_this { " " (tag(lang.say(THIS), "good")) } }.into(),
                clock(*seen).into(),
                clock(*ends).into(),
            ]
        });
        html! {
            h2 { (lang.say(LANGUAGE)) }
            p {
                a href="/settings?lang=zh" lang="zh-Hans" hreflang="zh-Hans" { "中文" } " · "
                a href="/settings?lang=en" lang="en" hreflang="en" { "English" }
            }
            h2 { (lang.say(READING)) }
            (reading(visitor, lang))
            h2 { (lang.say(PASSKEYS)) }
            p { (lang.say(PASSKEYS_SAYS)) }
            p { (button_link("/settings/passkeys", lang.say(TO_PASSKEYS))) }
            h2 { (lang.say(SIGNED_IN)) }
            (table(&Table {
                caption: lang.say(SIGNED_IN).to_owned(),
                head: [SINCE, SEEN, ENDS].map(|words| Head::words(lang.say(words))).to_vec(),
                rows: rows.collect(),
                foot: None,
            }, lang))
            p { (lang.say(EVERYWHERE_SAYS)) }
            form method="post" action="/sign-out/everywhere" {
                (hidden("csrf", &visitor.csrf()))
                button class="button" { (lang.say(EVERYWHERE)) }
            }
        }
    }

    fn samples() -> Vec<SettingsPage> {
        let at =
            |minutes: i64| Moment::from_microseconds(1_752_000_000_000_000 + minutes * 60_000_000);
        vec![SettingsPage {
            places: vec![
                (at(0), at(9), at(720), true),
                (at(-300), at(-20), at(420), false),
            ],
        }]
    }
}
