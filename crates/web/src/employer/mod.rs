//! The door for employers: their own month.
//!
//! Every page asks the office in the name of the login, which says whose employer it is; no page is told by its address whose
//! record it shows.

pub(crate) mod bill;
pub(crate) mod bill_line;
pub(crate) mod bills;
pub(crate) mod declare;
pub(crate) mod draft;
pub(crate) mod changes;
mod mending;
mod draft_sample;
pub(crate) mod export;
pub(crate) mod one;
pub(crate) mod overview;
pub(crate) mod parts;
pub(crate) mod payments;
pub(crate) mod receipt;
pub(crate) mod staff;

use crate::house::House;
use crate::look::components::tabs;
use crate::page::Crumb;
use crate::problem::Problem;
use crate::visitor::Visitor;
use city::logins::Login;
use maud::{Markup, html};
use measure::{Fen, Moment, Month, Words};
use office::acting::Applied;
use office::{Acting, Db, Secrets};
use rules::explain::Lang;

const HOME: Words = Words::new("单位", "Employer");

/// Who asks the office, and by which law.
pub(crate) struct Asking<'a> {
    pub(crate) login: Option<&'a Login>,
    pub(crate) secrets: &'a Secrets,
    pub(crate) applied: Applied<'a>,
    pub(crate) acting: Acting<'a>,
}

impl<'a> Asking<'a> {
    /// The keys, and who asks.
    pub(crate) fn with(&self) -> (&'a Secrets, Option<&'a Login>) {
        (self.secrets, self.login)
    }
}

/// Asks the office in the visitor's name.
pub(crate) async fn asked<T: Send + 'static>(
    house: &House,
    visitor: &Visitor,
    work: impl FnOnce(&Db, Asking<'_>) -> Result<T, office::Error> + Send + 'static,
) -> Result<T, Problem> {
    let keys = house.keys()?;
    let (login, at, rooms) = (visitor.login().cloned(), visitor.now, house.clone());
    let through = visitor.through();
    house
        .office(move |db| {
            let login = login.as_ref();
            let by = login.map(Login::name);
            let by = by.ok_or(office::permit::Refusal::Nobody)?;
            work(
                db,
                Asking {
                    login,
                    secrets: &keys,
                    applied: Applied {
                        law: rooms.law(),
                        files: &rooms.book.files,
                        version: &rooms.version,
                    },
                    acting: Acting {
                        by,
                        at,
                        purpose: "own record",
                        through,
                    },
                },
            )
        })
        .await
}

/// The ways behind the door; the one shown is marked.
pub(crate) fn ways(shown: &str, lang: Lang) -> Markup {
    let ways = [
        ("/employer", lang.pick("概览", "At a glance")),
        ("/employer/declare", lang.pick("申报", "Declare")),
        ("/employer/staff", lang.pick("职工", "Staff")),
        ("/employer/bills", lang.pick("应缴", "What is owed")),
        ("/employer/payments", lang.pick("缴款", "Payments")),
        ("/employer/instalments", lang.pick("分期", "Instalments")),
    ];
    tabs(lang.pick("单位事项", "For employers"), &ways, shown)
}

/// The way back to the first page behind the door.
pub(crate) fn home(lang: Lang) -> Vec<Crumb> {
    vec![Crumb::new("/employer", lang.say(HOME))]
}

/// A month as people say it.
pub(crate) fn month_name(month: Month, lang: Lang) -> String {
    let text = month.to_string();
    let (year, number) = text.split_once('-').unwrap_or((&text, ""));
    let number = number.trim_start_matches('0');
    match lang {
        Lang::Zh => format!("{year}年{number}月"),
        Lang::En => {
            const NAMES: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            let name = number.parse::<usize>().ok();
            let name = name.and_then(|at| NAMES.get(at.wrapping_sub(1)));
            format!("{} {year}", name.copied().unwrap_or(number))
        }
    }
}

/// What a declaration came in, as people call it.
pub(crate) fn file_name(name: &str, lang: Lang) -> &str {
    match name {
        "" => lang.pick("不用文件，一名职工", "without a file, one person"),
        name => name,
    }
}

/// A day or month, kept on one line.
pub(crate) fn on(day: impl std::fmt::Display) -> Markup {
    html! { span class="day" { (day) } }
}

/// A moment as people say it: the day, the hour and the minute.
pub(crate) fn at(moment: Moment) -> String {
    let Ok(day) = moment.day() else {
        return moment.to_string();
    };
    let since = moment.microseconds() - Moment::start_of(day).microseconds();
    let minutes = since / 60_000_000;
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// An amount in words around it.
pub(crate) fn yuan(fen: Fen) -> String {
    format!("¥ {}", fen.with_separators())
}
