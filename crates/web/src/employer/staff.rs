//! Whom do we employ?

use super::{asked, home, month_name, ways};
use crate::house::House;
use crate::look::components::{Column, List, Listed, Rows, amount, button, empty, tag};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use city::people::PersonId;
use maud::{Markup, html};
use measure::{Fen, IdentityNumber, Month, Words};
use office::employer::staff::{Employee, staff};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("职工", "Staff");
const NAME: Words = Words::new("姓名", "Name");
const NUMBER: Words = Words::new("身份证号码", "Identity number");
const WAGE: Words = Words::new("月工资", "Monthly wage");
const STANDS: Words = Words::new("状态", "How it stands");
const DO: Words = Words::new("办理", "To do");
const PAUSED: Words = Words::new("暂停缴费", "paused");
const PAYING: Words = Words::new("正常缴费", "paying");
const NONE: Words = Words::new(
    "这个月没有职工参保",
    "Nobody is insured through you in this month",
);
const NONE_SAYS: Words = Words::new(
    "上传工资表，或登记第一名职工，名单就会出现在这里。",
    "Send a spreadsheet, or enrol the first person, and they stand here.",
);
const ENROL: Words = Words::new("登记一名新职工", "Enrol one person");

/// The staff.
#[derive(Debug)]
pub(crate) struct StaffPage {
    month: Month,
    /// By their names.
    staff: Vec<Employee>,
    listed: Listed,
}

async fn read(house: &House, visitor: &Visitor, uri: &Uri) -> Result<StaffPage, Problem> {
    let month = query(uri, "month").and_then(|text| Month::parse(&text).ok());
    let month = month.unwrap_or_else(|| visitor.today().month());
    let mut people = asked(house, visitor, move |db, asking| {
        staff(db, asking.with(), month, asking.acting)
    })
    .await?;
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(StaffPage {
        month,
        staff: people,
        listed: Listed::read(uri),
    })
}

/// By the end of the number, since no more of it is shown.
fn by_number(one: &Employee, wanted: &str) -> bool {
    let number = one.number.as_ref().map_or("", IdentityNumber::reveal);
    4 <= wanted.len() && number.to_lowercase().ends_with(wanted)
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let page = read(&house, &visitor, &uri).await?;
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// Gives them as a file.
pub(crate) async fn taken_along(
    house: &House,
    visitor: &Visitor,
    (name, uri): (&str, &Uri),
) -> Result<Response, Problem> {
    let page = read(house, visitor, uri).await?;
    let (_, ending) = name.rsplit_once('.').unwrap_or_default();
    page.list(visitor.lang).written(ending)
}

fn masked(one: &Employee) -> String {
    let number = one.number.as_ref();
    number.map_or_else(|| "—".to_owned(), |number| number.masked().to_string())
}

impl StaffPage {
    fn list(&self, lang: Lang) -> List<'_, Employee> {
        let month = self.month;
        let to = move |one: &Employee, what: &str| {
            format!("/employer/staff/{}/{what}?month={month}", one.person)
        };
        let stands = move |one: &Employee| lang.say(if one.paused { PAUSED } else { PAYING });
        let wage = |one: &Employee| match one.wage {
            Some(wage) => Written::Yuan(wage.0),
            None => "".into(),
        };
        let acts = move |one: &Employee| {
            html! {
                @if one.number.is_some() {
                    a href=(to(one, "wage")) aria-label=(format!("{}: {}", lang.pick("改工资", "Change the wage"), one.name)) { (lang.pick("改工资", "Wage")) } " · "
                    a href=(to(one, "end")) aria-label=(format!("{}: {}", lang.pick("离职", "End"), one.name)) { (lang.pick("离职", "End")) }
                }
            }
        };
        List {
            caption: month_name(month, lang),
            name: "staff".into(),
            path: "/employer/staff".into(),
            keep: vec![("month", month.to_string())],
            columns: vec![
                Column::words("name", lang.say(NAME), |one: &Employee| {
                    one.name.as_str().into()
                }),
                Column::words("number", lang.say(NUMBER), |one: &Employee| {
                    masked(one).into()
                })
                .unsorted(),
                Column::numbers("wage", lang.say(WAGE), wage).shown(move |one: &Employee| {
                    one.wage
                        .map_or_else(|| html! { "—" }, |wage| amount(wage, None, lang))
                }),
                Column::words("stands", lang.say(STANDS), move |one: &Employee| {
                    stands(one).into()
                })
                .shown(move |one: &Employee| {
                    tag(stands(one), if one.paused { "doubt" } else { "good" })
                }),
                Column::acts(lang.say(DO), acts),
            ],
            rows: &self.staff,
            come: Rows::All,
            listed: &self.listed,
            also: by_number,
            foot: None,
        }
    }
}

impl Page for StaffPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let enrol = format!("/employer/change/new?month={}", self.month);
        html! {
            (ways("/employer/staff", lang))
            @if self.staff.is_empty() {
                (empty(lang.say(NONE), html! {
                    p { (lang.say(NONE_SAYS)) }
                    p { (button(&enrol, lang.say(ENROL))) }
                }))
            } @else {
                p { (button(&enrol, lang.say(ENROL))) }
                (self.list(lang).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<StaffPage> {
        let one = |person: i64, paused: bool| Employee {
            person: PersonId::new(person).expect("they are numbered from 1"),
            name: "<script>alert(1)</script>".to_owned(),
            number: IdentityNumber::parse("11010519491231002X").ok(),
            wage: Some(Fen(812_345)).filter(|_| !paused),
            paused,
        };
        let page = |staff: Vec<Employee>, filter: &str| StaffPage {
            month: Month::parse("2025-09").unwrap_or(Month::MAX),
            staff,
            listed: Listed {
                sort: Some(("wage".to_owned(), false)),
                filter: filter.to_owned(),
                page: 2,
                file: None,
            },
        };
        let many = || {
            (1..=120)
                .map(|person| one(person, person % 9 == 0))
                .collect()
        };
        vec![
            page(many(), ""),
            page(many(), "<script>alert(2)</script>"),
            page(Vec::new(), ""),
        ]
    }
}
