//! What is around every page: the head, the doors, the way back, the foot.

use super::files;
use crate::page::{Crumb, Page};
use crate::visitor::{Scheme, Visitor};
use city::logins::Role;
use maud::{DOCTYPE, Markup, html};
use measure::Words;
use office::permit::Action;

const HOUSE: Words = Words::new("人社", "Renshe");
const SKIP: Words = Words::new("跳到正文", "Skip to content");
const DOORS: Words = Words::new("入口", "Doors");
const TRAIL: Words = Words::new("所在位置", "Where you are");
const FIRST: Words = Words::new("首页", "Home");
const SIGN_IN: Words = Words::new("登录", "Sign in");
const SIGN_OUT: Words = Words::new("退出", "Sign out");
const SETTINGS: Words = Words::new("设置", "Settings");
const READING: Words = Words::new("阅读设置", "How to read");
const DARK: Words = Words::new("深色", "Dark");
const LIGHT: Words = Words::new("浅色", "Light");
const LARGE: Words = Words::new("大字", "Large type");
const USUAL: Words = Words::new("标准字号", "Usual type");
const FOOT: Words = Words::new(
    "法律即程序：每个数字都能追到条文。",
    "The law is the program: every figure opens to its article.",
);
const PARTS: Words = Words::new("界面构件", "Components");

/// A door of the house.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// Where it leads.
    pub path: &'static str,
    /// What it is called.
    pub name: Words,
    /// What one does behind it.
    pub says: Words,
    /// What its first page needs; none is open to all.
    pub needs: Option<Action>,
}

/// The doors, in the order in which they stand.
pub const ALL_DOORS: [Door; 5] = [
    Door {
        path: "/me",
        name: Words::new("个人", "For you"),
        says: Words::new(
            "看缴了什么、将领什么、何时能领，每一分都有依据。",
            "What you have paid, what you will get and when, each fen with its article.",
        ),
        needs: Some(Action::ReadAccount),
    },
    Door {
        path: "/employer",
        name: Words::new("单位", "Employers"),
        says: Words::new(
            "申报当月人员和工资，看应缴、欠费和明天的滞纳金。",
            "Declare the month, see what is owed and what tomorrow's late fee will be.",
        ),
        needs: Some(Action::ReadDeclaration),
    },
    Door {
        path: "/counter",
        name: Words::new("经办", "Staff"),
        says: Words::new(
            "查人查单位，办理、复核、发布一个月，查证差异。",
            "Find people and firms; run, approve and publish a month; verify it.",
        ),
        needs: Some(Action::FindPerson),
    },
    Door {
        path: "/city",
        name: Words::new("全市", "City"),
        says: Words::new(
            "按险种和区县看参保、应缴、到账与欠费。",
            "Insured, dues, collected and arrears, by scheme and district.",
        ),
        needs: Some(Action::ReadFigures),
    },
    Door {
        path: "/law",
        name: Words::new("法律库", "Law library"),
        says: Words::new(
            "条文、数值、出处、历史，用自己的数字试算。",
            "Articles, figures, their sources and history; try them with your own numbers.",
        ),
        needs: None,
    },
];

impl Door {
    /// Whether it is shown to somebody: those signed in see what is for their role.
    fn is_for(&self, role: Option<Role>) -> bool {
        match (self.needs, role) {
            (None, _) | (_, None) => true,
            (Some(action), Some(role)) => {
                let reach = action.reach(role);
                let own = role == Role::Person || role == Role::Agent;
                reach != office::permit::Reach::Nothing
                    && (own || reach != office::permit::Reach::Own)
                    && (self.path != "/me" || role == Role::Person)
                    && (self.path != "/employer" || role == Role::Agent)
            }
        }
    }
}

/// A whole page.
#[must_use]
pub fn whole(page: &dyn Page, visitor: &Visitor) -> Markup {
    let lang = visitor.lang;
    let title = page.title(lang);
    html! {
        (DOCTYPE)
        html lang=(lang.pick("zh-Hans", "en")) data-scheme=(visitor.scheme.word()) data-type=(if visitor.large { "large" } else { "usual" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (lang.say(HOUSE)) }
                (files::linked())
            }
            body {
                a class="skip" href="#main" { (lang.say(SKIP)) }
                (head(visitor))
                (trail(&page.trail(lang), &title, visitor))
                main id="main" tabindex="-1" {
                    h1 { (title) }
                    (page.main(visitor))
                }
                (foot(visitor))
            }
        }
    }
}

fn head(visitor: &Visitor) -> Markup {
    let lang = visitor.lang;
    let role = visitor.login().map(city::logins::Login::role);
    let here = visitor.here.split('?').next().unwrap_or_default();
    let is_here = |path: &str| {
        here == path
            || here
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    html! {
        header class="head" {
            div class="band" {
                a class="house" href="/" {
                    img src="/look/mark.svg" alt="" width="32" height="32";
                    span { (lang.say(HOUSE)) }
                }
                div class="who" {
                    a href=(visitor.in_language(lang.pick(rules::explain::Lang::En, rules::explain::Lang::Zh)))
                        lang=(lang.pick("en", "zh-Hans")) hreflang=(lang.pick("en", "zh-Hans")) { (lang.pick("English", "中文")) }
                    @match visitor.login() {
                        Some(login) => {
                            a class="login" href="/settings" title=(lang.say(SETTINGS)) { (login.name()) " · " (login.role().name(lang)) }
                            form method="post" action="/sign-out" {
                                input type="hidden" name="csrf" value=(visitor.csrf());
                                button class="plain" { (lang.say(SIGN_OUT)) }
                            }
                        }
                        None => a href="/sign-in" { (lang.say(SIGN_IN)) },
                    }
                }
            }
            nav class="doors" aria-label=(lang.say(DOORS)) {
                ul {
                    @for door in ALL_DOORS.iter().filter(|door| door.is_for(role)) {
                        li {
                            a href=(door.path) aria-current=[is_here(door.path).then_some("true")] { (lang.say(door.name)) }
                        }
                    }
                }
            }
        }
    }
}

fn trail(above: &[Crumb], title: &str, visitor: &Visitor) -> Markup {
    let lang = visitor.lang;
    html! {
        @if !above.is_empty() {
            nav class="trail" aria-label=(lang.say(TRAIL)) {
                ol {
                    li { a href="/" { (lang.say(FIRST)) } }
                    @for crumb in above {
                        li { a href=(crumb.href) { (crumb.name) } }
                    }
                    li aria-current="page" { (title) }
                }
            }
        }
    }
}

fn foot(visitor: &Visitor) -> Markup {
    let lang = visitor.lang;
    let (scheme, scheme_name) = match visitor.scheme {
        Scheme::Dark => (Scheme::Light, LIGHT),
        Scheme::Auto | Scheme::Light => (Scheme::Dark, DARK),
    };
    let (size, size_name) = if visitor.large {
        ("usual", USUAL)
    } else {
        ("large", LARGE)
    };
    html! {
        footer class="foot" {
            form class="reading" method="post" action="/look/choose" aria-label=(lang.say(READING)) {
                input type="hidden" name="then" value=(visitor.here);
                @if visitor.session.is_some() { input type="hidden" name="csrf" value=(visitor.csrf()); }
                button class="plain" name="scheme" value=(scheme.word()) { (lang.say(scheme_name)) }
                button class="plain" name="type" value=(size) { (lang.say(size_name)) }
                a href="/look" { (lang.say(PARTS)) }
            }
            p { (lang.say(FOOT)) }
        }
    }
}
