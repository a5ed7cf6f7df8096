//! The counter's first page: who is meant, and what else is to be done.

use super::purpose::{COUNTER, asked as purpose_asked, checked, faults, kept, said};
use super::tasks::{TASKS, Task, tasks, ways};
use crate::forms::Form;
use crate::house::House;
use crate::look::components::{
    Field, Head, Kind, Table, empty, error_summary, field, hidden, submit, table, tabs, warning,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use city::employers::{Employer, EmployerId};
use city::people::{Name, PersonId};
use maud::{Markup, html};
use measure::{CreditCode, Day, IdentityNumber, Words};
use office::Acting;
use office::permit::Refusal;
use office::register::find::{self, Found, Sought};
use rules::explain::Lang;

const PERSON: Words = Words::new("查人", "Find a person");
const EMPLOYER: Words = Words::new("查单位", "Find an employer");
const WHOM: Words = Words::new(
    "证件号码、个人编号或姓名",
    "Identity number, register number or name",
);
const WHOM_HINT: Words = Words::new(
    "按姓名查时，还要填出生日期：姓名是加密保存的。",
    "With a name, give the day of birth as well: names are kept encrypted.",
);
const BORN: Words = Words::new("出生日期", "Day of birth");
const WHICH: Words = Words::new(
    "信用代码、单位编号或名称",
    "Credit code, register number or name",
);
const WHICH_HINT: Words = Words::new(
    "名称写一部分即可，至少两个字。",
    "A part of the name will do, two characters or more.",
);
const FIND: Words = Words::new("查找", "Find");
const NO_QUERY: Words = Words::new("写明要找谁", "say whom you are looking for");
const TOO_SHORT: Words = Words::new("至少两个字", "two characters or more");
const NOT_A_NUMBER: Words = Words::new(
    "证件号码的校验位不对，核对每一位",
    "the identity number's check digit does not fit; look at each digit",
);
const NO_BIRTH: Words = Words::new("填出生日期", "give the day of birth");
const NOT_A_DAY: Words = Words::new("写成 1985-03-02", "write it as 1985-03-02");
const NOBODY: Words = Words::new("在您的范围内没有找到", "Nobody within your reach was found");
const NOBODY_SAYS: Words = Words::new(
    "核对号码；其他区县的记录请联系该区县。查不到的次数有限，也会记录。",
    "Check the number; ask the other district for a record of theirs. Searches in vain are limited, and noted.",
);
const FOUND: Words = Words::new("找到的", "Found");
const NAME: Words = Words::new("姓名", "Name");
const NUMBER: Words = Words::new("编号", "Number");
const CODE: Words = Words::new("信用代码", "Credit code");
const FIRM: Words = Words::new("单位名称", "Employer");
const SEALED: Words = Words::new("（未配置密钥）", "(no keys here)");
const NO_KEYS: Words = Words::new("未配置密钥", "There are no keys here");
const NO_KEYS_SAYS: Words = Words::new(
    "姓名和证件号码打不开，只能按个人编号查找。运维人员用 --keys 指定密钥文件。",
    "Names and identity numbers do not open; search by register number only. An operator names the key file with --keys.",
);
const MORE: Words = Words::new("还有更多，写得更具体些", "there are more; be more specific");
const TO_DO: Words = Words::new("要办的事", "What is to be done");

/// What was looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum For {
    #[default]
    Person,
    Employer,
}

/// What was found.
#[derive(Debug)]
enum Shown {
    Nothing,
    Persons(Vec<Found>),
    Employers(Vec<Employer>, bool),
}

/// The search, with what it found.
#[derive(Debug)]
pub(crate) struct OverviewPage {
    sought: For,
    purpose: (String, Option<Words>),
    query: (String, Option<Words>),
    born: (String, Option<Words>),
    found: Option<Shown>,
    has_keys: bool,
    tasks: Vec<Task>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let sought = match query(&uri, "for").as_deref() {
        Some("employer") => For::Employer,
        _ => For::Person,
    };
    let purpose = said(&visitor, &headers, house.settings.secure);
    let page = OverviewPage {
        sought,
        purpose: (purpose, None),
        query: (String::new(), None),
        born: (String::new(), None),
        found: None,
        has_keys: house.settings.secrets.is_some(),
        tasks: tasks(&visitor),
    };
    shown(&page, &visitor)
}

/// Somebody looks for somebody.
pub(crate) async fn find(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let mut page = OverviewPage {
        sought: match form.get("for") {
            "employer" => For::Employer,
            _ => For::Person,
        },
        purpose: (form.get("purpose").to_owned(), None),
        query: (form.get("query").to_owned(), None),
        born: (form.get("born").to_owned(), None),
        found: None,
        has_keys: house.settings.secrets.is_some(),
        tasks: tasks(&visitor),
    };
    let purpose = checked(&page.purpose.0).unwrap_or_else(|fault| {
        page.purpose.1 = Some(fault);
        String::new()
    });
    let sought = match page.sought {
        For::Person => page.person(),
        For::Employer => {
            page.query.1 = (page.query.0.chars().count() < 2
                && page.query.0.parse::<i64>().is_err())
            .then_some(if page.query.0.is_empty() {
                NO_QUERY
            } else {
                TOO_SHORT
            });
            None
        }
    };
    if [&page.purpose, &page.query, &page.born]
        .iter()
        .any(|field| field.1.is_some())
    {
        return Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor));
    }
    let name = visitor
        .login()
        .map_or_else(String::new, |login| login.name().login().to_owned());
    if !house.limits.may_miss(&name, visitor.now) {
        return Err(Problem::too_many());
    }
    let found = looked(&house, &visitor, (purpose.clone(), sought), &page.query.0).await?;
    let in_vain = match &found {
        Shown::Nothing => true,
        Shown::Persons(found) => found.is_empty(),
        Shown::Employers(found, _) => found.is_empty(),
    };
    if in_vain {
        house.limits.missed(&name, visitor.now);
    }
    page.found = Some(found);
    let cookie = kept(&visitor, &purpose, house.settings.secure);
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
    Ok((cookie, shown(&page, &visitor)).into_response())
}

async fn looked(
    house: &House,
    visitor: &Visitor,
    (purpose, sought): (String, Option<Sought>),
    text: &str,
) -> Result<Shown, Problem> {
    let (login, at, text) = (visitor.login().cloned(), visitor.now, text.to_owned());
    let secrets = house.settings.secrets.clone();
    house
        .office(move |db| {
            let login = login.as_ref();
            let by = login
                .map(city::logins::Login::name)
                .ok_or(Refusal::Nobody)?;
            let acting = Acting {
                by,
                at,
                purpose: &purpose,
                through: "web",
            };
            match (sought, secrets) {
                (Some(sought), Some(secrets)) => {
                    let found = find::persons(db, login, &sought, &secrets, acting)?;
                    Ok(Shown::Persons(found))
                }
                (Some(Sought::Number(person)), None) => {
                    find::numbered(db, login, person, acting).map(Shown::Persons)
                }
                (Some(_), None) => Ok(Shown::Nothing),
                (None, _) => {
                    let (found, more) = find::employers_of(db, login, (&text, 0), acting)?;
                    Ok(Shown::Employers(found, more))
                }
            }
        })
        .await
}

impl OverviewPage {
    /// The person the fields mean; else the fault is at the field.
    fn person(&mut self) -> Option<Sought> {
        let text: String = self.query.0.split_whitespace().collect();
        if text.is_empty() {
            self.query.1 = Some(NO_QUERY);
            return None;
        }
        if let Some(person) = short_number(&text) {
            return Some(Sought::Number(person));
        }
        if text.starts_with(|sign: char| sign.is_ascii_digit()) {
            return match IdentityNumber::parse(&text) {
                Ok(number) => Some(Sought::Identity(number)),
                Err(_) => {
                    self.query.1 = Some(NOT_A_NUMBER);
                    None
                }
            };
        }
        if self.born.0.is_empty() {
            self.born.1 = Some(NO_BIRTH);
            return None;
        }
        let Ok(born) = Day::parse(&self.born.0) else {
            self.born.1 = Some(NOT_A_DAY);
            return None;
        };
        Name::new(&self.query.0).map(|name| Sought::Named(name, born))
    }

    fn form(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (label, hint) = match self.sought {
            For::Person => (WHOM, WHOM_HINT),
            For::Employer => (WHICH, WHICH_HINT),
        };
        let purpose = purpose_asked(&self.purpose.0, self.purpose.1.as_ref(), lang);
        let query = Field {
            name: "query".into(),
            label: lang.say(label).into(),
            hint: Some(lang.say(hint).into()),
            kind: Kind::Search,
            value: self.query.0.clone(),
            fault: self.query.1.map(|fault| lang.say(fault).to_owned()),
            optional: false,
        };
        let born = Field {
            name: "born".into(),
            label: lang.say(BORN).into(),
            hint: None,
            kind: Kind::Day,
            value: self.born.0.clone(),
            fault: self.born.1.map(|fault| lang.say(fault).to_owned()),
            optional: true,
        };
        let is_person = self.sought == For::Person;
        html! {
            (error_summary(&faults(&[&query, &born, &purpose]), lang))
            form method="post" action="/counter" {
                (hidden("csrf", &visitor.csrf()))
                (hidden("for", if is_person { "person" } else { "employer" }))
                (field(&query, lang))
                @if is_person { (field(&born, lang)) }
                (field(&purpose, lang))
                (submit(lang.say(FIND)))
            }
        }
    }

    fn results(&self, lang: Lang) -> Markup {
        html! {
            @match &self.found {
                None => {},
                Some(Shown::Persons(found)) if !found.is_empty() => (persons(found, lang)),
                Some(Shown::Employers(found, more)) if !found.is_empty() => {
                    (employers(found, lang))
                    @if *more { p class="quiet" { (lang.say(MORE)) } }
                }
                Some(_) => (empty(lang.say(NOBODY), html! { p { (lang.say(NOBODY_SAYS)) } })),
            }
        }
    }
}

/// A number of the register: shorter than any number of a card.
fn short_number(text: &str) -> Option<PersonId> {
    let short = text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    short
        .then(|| text.parse().ok().and_then(PersonId::new))
        .flatten()
}

fn persons(found: &[Found], lang: Lang) -> Markup {
    let rows = found.iter().map(|found| {
        let name = found.name.clone();
        let name = name.unwrap_or_else(|| lang.say(SEALED).to_owned());
        vec![
            html! { a href=(format!("/counter/persons/{}", found.person)) { (name) } }.into(),
            found.person.to_string().into(),
            found.born.to_string().into(),
        ]
    });
    list(
        vec![
            Head::words(lang.say(NAME)),
            Head::numbers(lang.say(NUMBER)),
            Head::words(lang.say(BORN)),
        ],
        rows.collect(),
        lang,
    )
}

fn employers(found: &[Employer], lang: Lang) -> Markup {
    let rows = found.iter().map(|found| {
        vec![
            html! { a href=(format!("/counter/employers/{}", found.id)) { (found.name) } }.into(),
            found.id.to_string().into(),
            found.credit_code.as_str().to_owned().into(),
        ]
    });
    list(
        vec![
            Head::words(lang.say(FIRM)),
            Head::numbers(lang.say(NUMBER)),
            Head::words(lang.say(CODE)),
        ],
        rows.collect(),
        lang,
    )
}

fn list(head: Vec<Head>, rows: Vec<Vec<crate::look::components::Cell>>, lang: Lang) -> Markup {
    table(
        &Table {
            caption: lang.say(FOUND).to_owned(),
            head,
            rows,
            foot: None,
        },
        lang,
    )
}

impl Page for OverviewPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(match self.sought {
            For::Person => PERSON,
            For::Employer => EMPLOYER,
        })
        .to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (person, employer) = ("/counter", "/counter?for=employer");
        let here = match self.sought {
            For::Person => person,
            For::Employer => employer,
        };
        html! {
            (ways(visitor, "/counter", lang))
            (tabs(lang.say(COUNTER), &[(person, lang.say(PERSON)), (employer, lang.say(EMPLOYER))], here))
            @if !self.has_keys && self.sought == For::Person {
                (warning(lang.say(NO_KEYS), html! { p { (lang.say(NO_KEYS_SAYS)) } }))
            }
            (self.results(lang))
            (self.form(visitor))
            @if !self.tasks.is_empty() {
                h2 { (lang.say(TO_DO)) }
                ul class="cards" {
                    @for task in &self.tasks {
                        li {
                            h3 { a href=(task.href) { (lang.say(task.name)) } }
                            p { (lang.say(task.says)) }
                        }
                    }
                }
            }
        }
    }

    fn samples() -> Vec<OverviewPage> {
        let of = |sought, found| OverviewPage {
            sought,
            purpose: ("窗口更正 2025-0614".to_owned(), None),
            query: ("<script>alert(1)</script>".to_owned(), None),
            born: (String::new(), None),
            found,
            has_keys: true,
            tasks: TASKS.to_vec(),
        };
        let person = |number: i64, name: Option<&str>| Found {
            person: PersonId::new(number).expect("above 0"),
            name: name.map(str::to_owned),
            born: Day::MAX,
        };
        let employer = EmployerId::new(7).zip(CreditCode::complete("91500000000000001").ok());
        let employer = employer.map(|(id, credit_code)| Employer {
            id,
            credit_code,
            name: "<script>alert(1)</script> 渝中“甲”公司 & 子".to_owned(),
        });
        let faulty = OverviewPage {
            purpose: (String::new(), Some(NO_QUERY)),
            query: (String::new(), Some(NO_QUERY)),
            born: ("x".to_owned(), Some(NOT_A_DAY)),
            has_keys: false,
            ..of(For::Person, None)
        };
        let found = vec![
            person(1, Some("<script>alert(1)</script>")),
            person(2, Some("\u{202e}𬴊买买提·吐尔逊")),
            person(3, None),
        ];
        let employers = Shown::Employers(employer.into_iter().collect(), true);
        vec![
            of(For::Person, None),
            of(For::Person, Some(Shown::Nothing)),
            of(For::Person, Some(Shown::Persons(found))),
            of(For::Employer, Some(employers)),
            faulty,
        ]
    }
}
