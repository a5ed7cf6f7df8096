//! Who looked at my record, and why?

use super::{own, ways};
use crate::acts::act;
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{Column, List, Listed, Rows, empty, no_more};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use office::log::{Noted, own as own_log};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("谁看过我的记录", "Who looked at my record");
const LEAD: Words = Words::new(
    "每次查看和办理都记在不能改动的日志里：谁、何时、做了什么、为了什么。",
    "Every look and every act stands in a log that nobody can alter: who, when, what, and what for.",
);
const NOBODY: Words = Words::new(
    "还没有别人看过您的记录",
    "Nobody else has looked at your record yet",
);
const NOBODY_SAYS: Words = Words::new(
    "工作人员查看时必须先写明目的，这里会列出。",
    "Staff must say what for before they look, and then it stands here.",
);
const OWN: Words = Words::new("也显示我自己的查看", "Show my own looks too");
const OTHERS: Words = Words::new("只显示别人的", "Show only others'");
const WHEN: Words = Words::new("时间", "When");
const WHO: Words = Words::new("谁", "Who");
const WHAT: Words = Words::new("做了什么", "What");
const WHY: Words = Words::new("目的", "What for");
const THROUGH: Words = Words::new("途径", "Through");
const ME: Words = Words::new("您本人", "you");
const CAPTION: Words = Words::new("查看和办理记录", "Looks and acts");

/// Who looked.
#[derive(Debug)]
pub(crate) struct LooksPage {
    noted: Vec<Noted>,
    me: String,
    own: bool,
    listed: Listed,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let mut noted = read(&house, &visitor).await?;
    let (me, own) = (me(&visitor), query(&uri, "own").is_some());
    noted.retain(|noted| own || noted.actor != me);
    let page = LooksPage {
        noted,
        me,
        own,
        listed: Listed::read(&uri),
    };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

pub(super) async fn read(house: &House, visitor: &Visitor) -> Result<Vec<Noted>, Problem> {
    own(house, visitor, own_log).await
}

fn me(visitor: &Visitor) -> String {
    let login = visitor.login();
    login.map_or_else(String::new, |login| login.name().login().to_owned())
}

fn done(action: &str, lang: Lang) -> String {
    act(action).map_or_else(|| action.to_owned(), |words| lang.say(words).to_owned())
}

fn why(noted: &Noted, lang: Lang) -> &str {
    match noted.purpose.as_str() {
        "own record" => lang.pick("本人查看", "own record"),
        other => other,
    }
}

fn through(noted: &Noted, lang: Lang) -> &str {
    match noted.through.as_str() {
        "web" => lang.pick("网页", "the web"),
        "web file" => lang.pick("网页，下载文件", "the web, as a file"),
        other => other,
    }
}

impl LooksPage {
    fn list(&self, lang: Lang) -> List<'_, Noted> {
        let own = self.own.then(|| ("own", "1".to_owned()));
        List {
            caption: lang.say(CAPTION).to_owned(),
            name: "looks".into(),
            path: "/me/looks".into(),
            keep: own.into_iter().collect(),
            columns: vec![
                Column::words("when", lang.say(WHEN), |noted: &Noted| {
                    clock(noted.at).into()
                }),
                Column::words("who", lang.say(WHO), move |noted: &Noted| {
                    self.who(noted, lang).into()
                }),
                Column::words("what", lang.say(WHAT), move |noted: &Noted| {
                    done(&noted.action, lang).into()
                }),
                Column::words("why", lang.say(WHY), move |noted: &Noted| {
                    why(noted, lang).into()
                }),
                Column::words("through", lang.say(THROUGH), move |noted: &Noted| {
                    through(noted, lang).into()
                }),
            ],
            rows: &self.noted,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn who(&self, noted: &Noted, lang: Lang) -> String {
        if noted.actor == self.me {
            lang.say(ME).to_owned()
        } else {
            format!("{} · {}", noted.actor, role(&noted.role, lang))
        }
    }
}

/// A role of the log in words.
fn role(word: &str, lang: Lang) -> String {
    use city::logins::Role;
    let mut roles = Role::ALL.iter();
    let known = roles.find(|role| role.name(Lang::En) == word);
    match known {
        Some(role) => role.name(lang).to_owned(),
        None if word == "office" => lang.pick("经办机构", "the office").to_owned(),
        None => word.to_owned(),
    }
}

impl Page for LooksPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (href, words) = if self.own {
            ("/me/looks", OTHERS)
        } else {
            ("/me/looks?own=1", OWN)
        };
        html! {
            (ways("/me/looks", lang))
            p { (lang.say(LEAD)) }
            p { a href=(href) { (lang.say(words)) } }
            @if self.noted.is_empty() {
                (empty(lang.say(NOBODY), html! { p { (lang.say(NOBODY_SAYS)) } }))
            } @else {
                (self.list(lang).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<LooksPage> {
        let noted = |actor: &str, action: &str, purpose: &str| Noted {
            audit: 1,
            at: measure::Moment::from_microseconds(1_752_000_000_000_000),
            actor: actor.to_owned(),
            role: "clerk".to_owned(),
            purpose: purpose.to_owned(),
            action: action.to_owned(),
            subject_kind: 1,
            subject: 1,
            through: "web".to_owned(),
            detail: String::new(),
        };
        let many = |count: usize| {
            let mut all = vec![noted("me", "account.read", "own record")];
            all.extend((0..count).map(|_| {
                noted(
                    "clerk@500103",
                    "person.read",
                    "<script>alert(1)</script> 退休核定",
                )
            }));
            all
        };
        let page = |noted, own, page| LooksPage {
            noted,
            me: "me".to_owned(),
            own,
            listed: Listed {
                page,
                ..Listed::default()
            },
        };
        vec![
            page(Vec::new(), false, 1),
            page(many(120), true, 2),
            page(many(0), true, 1),
        ]
    }
}

/// The log as a table to take along.
pub(super) fn written(noted: &[Noted], lang: Lang) -> (Vec<&'static str>, Vec<Vec<Written>>) {
    let head = [WHEN, WHO, WHAT, WHY, THROUGH]
        .map(|words| lang.say(words))
        .to_vec();
    let rows = noted.iter().map(|noted| {
        vec![
            clock(noted.at).into(),
            format!("{} · {}", noted.actor, role(&noted.role, lang)).into(),
            done(&noted.action, lang).into(),
            why(noted, lang).into(),
            through(noted, lang).into(),
        ]
    });
    (head, rows.collect())
}
