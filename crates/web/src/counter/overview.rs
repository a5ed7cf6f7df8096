//! The counter's first page: who is meant, and what else is to be done.

use super::purpose::{COUNTER, asked as purpose_asked, checked, faults, kept, said};
use super::tasks::{TASKS, Task, tasks, ways};
use crate::forms::Form;
use crate::house::House;
use crate::look::components::{
    Column, Field, Kind, List, Listed, Rows, empty, error_summary, field, hidden, no_more, submit,
    tabs, warning,
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
use office::tables::Written;
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

/// Who is meant.
enum Wanted {
    Persons(Sought),
    Employers(String),
}

/// What was found.
#[derive(Debug)]
enum Shown {
    Persons(Vec<Found>),
    Employers(Vec<Employer>, bool),
}

impl Wanted {
    /// How many are meant at least.
    fn least(&self) -> usize {
        match self {
            Wanted::Persons(Sought::Numbers(numbers)) => numbers.len().max(1),
            Wanted::Persons(_) | Wanted::Employers(_) => 1,
        }
    }
}

impl Shown {
    fn count(&self) -> usize {
        match self {
            Shown::Persons(found) => found.len(),
            Shown::Employers(found, _) => found.len(),
        }
    }
}

/// So many persons an address names at most.
const NAMED: usize = 100;

/// The search, with what it found.
#[derive(Debug)]
pub(crate) struct OverviewPage {
    sought: For,
    purpose: (String, Option<Words>),
    query: (String, Option<Words>),
    born: (String, Option<Words>),
    found: Option<Shown>,
    listed: Listed,
    has_keys: bool,
    tasks: Vec<Task>,
}

/// Shows it, or what was found, listed otherwise. An address names persons by their numbers in the register alone: what somebody
/// typed about a person stands in none.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let sought = match query(&uri, "for").as_deref() {
        Some("employer") => For::Employer,
        _ => For::Person,
    };
    let purpose = said(&visitor, &headers, house.settings.secure);
    let mut page = OverviewPage::of(sought, purpose, (&house, &visitor));
    page.listed = Listed::read(&uri);
    let wanted = match sought {
        For::Person => numbers(&uri).map(Wanted::Persons),
        For::Employer => query(&uri, "find").map(|text| {
            page.query.0 = text;
            page.employer()
        }),
    };
    match wanted {
        Some(wanted) => answered(&house, &visitor, page, wanted).await,
        None => Ok(shown(&page, &visitor)),
    }
}

/// The persons that an address names.
fn numbers(uri: &Uri) -> Option<Sought> {
    let named = query(uri, "persons")?;
    let numbers = named.split('.').filter_map(short_number).take(NAMED);
    Some(Sought::Numbers(numbers.collect()))
}

/// Somebody looks for somebody.
pub(crate) async fn find(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let sought = match form.get("for") {
        "employer" => For::Employer,
        _ => For::Person,
    };
    let purpose = form.get("purpose").to_owned();
    let mut page = OverviewPage::of(sought, purpose, (&house, &visitor));
    page.query.0 = form.get("query").to_owned();
    page.born.0 = form.get("born").to_owned();
    let wanted = match sought {
        For::Person => page.person().map(Wanted::Persons),
        For::Employer => Some(page.employer()),
    };
    match wanted {
        Some(wanted) => answered(&house, &visitor, page, wanted).await,
        None => Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor)),
    }
}

/// Looks for whom a page means, once it is said what for.
async fn answered(
    house: &House,
    visitor: &Visitor,
    mut page: OverviewPage,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let purpose = checked(&page.purpose.0).unwrap_or_else(|fault| {
        page.purpose.1 = Some(fault);
        String::new()
    });
    let mut fields = [&page.purpose, &page.query, &page.born].into_iter();
    if fields.any(|field| field.1.is_some()) {
        return Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, visitor));
    }
    let name = visitor
        .login()
        .map_or_else(String::new, |login| login.name().login().to_owned());
    if !house.limits.may_miss(&name, visitor.now) {
        return Err(Problem::too_many());
    }
    let cookie = kept(visitor, &purpose, house.settings.secure);
    let least = wanted.least();
    let found = looked(house, visitor, (purpose, wanted)).await?;
    // Each that is not there counts, or numbers could be tried behind one that is.
    for _ in found.count()..least {
        house.limits.missed(&name, visitor.now);
    }
    if let Some(ending) = page.listed.file {
        return page.written(&found, ending, visitor.lang);
    }
    page.found = Some(found);
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
    Ok((cookie, shown(&page, visitor)).into_response())
}

async fn looked(
    house: &House,
    visitor: &Visitor,
    (purpose, wanted): (String, Wanted),
) -> Result<Shown, Problem> {
    let (login, at, through) = (visitor.login().cloned(), visitor.now, visitor.through());
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
                through,
            };
            match (wanted, secrets) {
                (Wanted::Persons(sought), Some(secrets)) => {
                    find::persons(db, login, &sought, &secrets, acting).map(Shown::Persons)
                }
                (Wanted::Persons(Sought::Numbers(persons)), None) => {
                    find::numbered(db, login, persons, acting).map(Shown::Persons)
                }
                (Wanted::Persons(_), None) => Ok(Shown::Persons(Vec::new())),
                (Wanted::Employers(text), _) => {
                    let (found, more) = find::employers_of(db, login, &text, acting)?;
                    Ok(Shown::Employers(found, more))
                }
            }
        })
        .await
}

impl OverviewPage {
    /// Before anything was looked for.
    fn of(sought: For, purpose: String, (house, visitor): (&House, &Visitor)) -> OverviewPage {
        OverviewPage {
            sought,
            purpose: (purpose, None),
            query: (String::new(), None),
            born: (String::new(), None),
            found: None,
            listed: Listed::default(),
            has_keys: house.settings.secrets.is_some(),
            tasks: tasks(visitor),
        }
    }

    /// The employers the field means; the fault, if there is one, is at the field.
    fn employer(&mut self) -> Wanted {
        let text = &self.query.0;
        self.query.1 = match text.chars().count() {
            0 => Some(NO_QUERY),
            1 if text.parse::<i64>().is_err() => Some(TOO_SHORT),
            _ => None,
        };
        Wanted::Employers(text.clone())
    }

    /// The person the fields mean; else the fault is at the field.
    fn person(&mut self) -> Option<Sought> {
        let text: String = self.query.0.split_whitespace().collect();
        if text.is_empty() {
            self.query.1 = Some(NO_QUERY);
            return None;
        }
        if let Some(person) = short_number(&text) {
            return Some(Sought::Numbers(vec![person]));
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
        let Some(name) = Name::new(&self.query.0) else {
            self.query.1 = Some(NO_QUERY);
            return None;
        };
        Some(Sought::Named(name, born))
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
                Some(Shown::Persons(found)) if !found.is_empty() => (self.persons(found, lang).on_page(lang)),
                Some(Shown::Employers(found, more)) if !found.is_empty() => {
                    (self.employers(found, lang).on_page(lang))
                    @if *more { p class="quiet" { (lang.say(MORE)) } }
                }
                Some(_) => (empty(lang.say(NOBODY), html! { p { (lang.say(NOBODY_SAYS)) } })),
            }
        }
    }
}

impl OverviewPage {
    fn persons<'a>(&'a self, found: &'a [Found], lang: Lang) -> List<'a, Found> {
        let name = move |found: &Found| {
            let name = found.name.clone();
            name.unwrap_or_else(|| lang.say(SEALED).to_owned())
        };
        let numbers: Vec<String> = found.iter().map(|found| found.person.to_string()).collect();
        List {
            caption: lang.say(FOUND).to_owned(),
            name: "persons".into(),
            path: "/counter".into(),
            keep: vec![("persons", numbers.join("."))],
            columns: vec![
                Column::words("name", lang.say(NAME), move |found: &Found| name(found).into())
                    .shown(move |found: &Found| {
                        html! { a href=(format!("/counter/persons/{}", found.person)) { (name(found)) } }
                    }),
                Column::numbers("number", lang.say(NUMBER), |found: &Found| {
                    Written::Count(found.person.number())
                }),
                Column::words("born", lang.say(BORN), |found: &Found| {
                    found.born.to_string().into()
                }),
            ],
            rows: found,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn employers<'a>(&'a self, found: &'a [Employer], lang: Lang) -> List<'a, Employer> {
        List {
            caption: lang.say(FOUND).to_owned(),
            name: "employers".into(),
            path: "/counter".into(),
            keep: vec![
                ("for", "employer".to_owned()),
                ("find", self.query.0.clone()),
            ],
            columns: vec![
                Column::words("name", lang.say(FIRM), |found: &Employer| {
                    found.name.as_str().into()
                })
                .shown(|found: &Employer| {
                    html! { a href=(format!("/counter/employers/{}", found.id)) { (found.name) } }
                }),
                Column::numbers("number", lang.say(NUMBER), |found: &Employer| {
                    Written::Count(found.id.number())
                }),
                Column::words("code", lang.say(CODE), |found: &Employer| {
                    found.credit_code.as_str().into()
                }),
            ],
            rows: found,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    /// What was found, as a file.
    fn written(&self, found: &Shown, ending: &str, lang: Lang) -> Result<Response, Problem> {
        match found {
            Shown::Persons(found) => self.persons(found, lang).written(ending),
            Shown::Employers(found, _) => self.employers(found, lang).written(ending),
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
            listed: Listed::default(),
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
        let employers = (0..60).filter_map(|_| employer.clone()).collect();
        let employers = Shown::Employers(employers, true);
        vec![
            of(For::Person, None),
            of(For::Person, Some(Shown::Persons(Vec::new()))),
            of(For::Person, Some(Shown::Persons(found))),
            of(For::Employer, Some(employers)),
            faulty,
        ]
    }
}
