//! Why a change is not tried.

use super::misfit::{self, Misfit, Takes};
use super::{MOST_CHANGES, MOST_ROWS};
use crate::sample::Missing;
use city::figures::FEWEST;
use city::refusal::{Refused, Said, Sentence};
use measure::Day;
use rules::amend::{self, Change};
use rules::check::Book;
use rules::explain::Lang;
use rules::law::{Item, Law};
use rules::refusal::{message, remedy};

/// Why a change is not tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N1001`: the law has no such figure to change.
    NoFigure(String),
    /// `N1002`: the figure has no such row; those it has.
    NoRow(String, Vec<String>),
    /// `N1003`: the figure has no value since that day.
    NotInForce(String, Day),
    /// `N1004`: the law does not take the value.
    Unlawful {
        /// The figure.
        place: String,
        /// Why not.
        because: Vec<misfit::Said>,
        /// What it takes.
        takes: Takes,
    },
    /// `N1005`: nothing is changed, or too much at once.
    Count,
    /// `N1006`: the law does not answer the question on the day; its words in Chinese and English.
    Unanswered(String, String),
    /// `N1007`: the law knows nothing of the question.
    NoQuestion,
    /// `N1007`: the law lacks a name.
    Missing(Missing),
    /// `N1008`: the question asks for records, and their file is not there; what they are called in Chinese and English.
    NoRecords(String, String),
    /// `N1009`: a file has more rows than are tried at once.
    TooManyRows,
    /// `N1010`: all that came of it tells of a few people.
    TooFew,
}

impl Refusal {
    /// Why a figure of a law cannot be changed so.
    #[must_use]
    pub fn of(refusal: &amend::Refusal<'_>, (change, law): (&Change, &Law), since: Day) -> Refusal {
        let place = change.place();
        match refusal {
            amend::Refusal::NoValue => Refusal::not_a_value(change, law),
            amend::Refusal::Unknown | amend::Refusal::NotAFigure(_) => Refusal::NoFigure(place),
            amend::Refusal::NotInForce(_) => Refusal::NotInForce(place, since),
            amend::Refusal::NoRows(_) => Refusal::NoRow(place, Vec::new()),
            amend::Refusal::WhichRow(_, rows) | amend::Refusal::NoSuchRow(_, rows) => {
                Refusal::NoRow(place, rows.clone())
            }
        }
    }

    /// What was written can stand for no value of the figure.
    #[must_use]
    pub fn not_a_value(change: &Change, law: &Law) -> Refusal {
        Refusal::unlawful(change, law, vec![(Misfit::NotAValue, None)])
    }

    /// The checker does not take the book with the value.
    #[must_use]
    pub fn unchecked(change: &Change, law: &Law, book: &Book) -> Refusal {
        Refusal::unlawful(change, law, misfit::against(book))
    }

    fn unlawful(change: &Change, law: &Law, because: Vec<misfit::Said>) -> Refusal {
        match law.find(&change.figure) {
            Some(Item::Figure(id)) => Refusal::Unlawful {
                place: change.place(),
                because,
                takes: Takes::of(&law[id], law),
            },
            _ => Refusal::NoFigure(change.place()),
        }
    }

    /// The law's own refusal.
    #[must_use]
    pub fn by_law(refusal: &rules::refusal::Refusal, law: &Law) -> Refusal {
        let (_, zh, en) = in_words(refusal, law);
        Refusal::Unanswered(zh, en)
    }
}

/// A code with what happened and how to mend it, in both languages.
type InWords = (&'static str, (String, String), (String, String));

impl Refusal {
    /// Why a population's files are not taken.
    fn of_files(&self) -> InWords {
        match self {
            Refusal::NoRecords(zh, en) => (
                "N1008",
                (
                    format!("这个问题需要“{zh}”的记录"),
                    format!("the question asks for records of “{en}”"),
                ),
                ("一并选择记录文件", "choose the file of records too").map_into(),
            ),
            Refusal::TooManyRows => (
                "N1009",
                (
                    format!("文件超过 {MOST_ROWS} 行"),
                    format!("the file has more than {MOST_ROWS} rows"),
                ),
                (
                    "取一部分行，或在控制台用 renshe law diff",
                    "take some of the rows, or use renshe law diff at the console",
                )
                    .map_into(),
            ),
            _ => (
                "N1010",
                (
                    format!("结果只涉及不到 {FEWEST} 人，不显示"),
                    format!("what came of it tells of fewer than {FEWEST} people and is not shown"),
                ),
                (
                    "换一个影响更多人的改动，或用人数更多的文件",
                    "try a change that reaches more people, or a file of more",
                )
                    .map_into(),
            ),
        }
    }
}

/// The law's refusal: its code, and what it says in both languages.
pub(super) fn in_words(
    refusal: &rules::refusal::Refusal,
    law: &Law,
) -> (&'static str, String, String) {
    let said = |lang: Lang| {
        let (what, mend) = (message(refusal, law, lang), remedy(refusal, law, lang));
        format!("{what}{}{mend}", lang.pick("；", "; "))
    };
    (refusal.reason.code(), said(Lang::Zh), said(Lang::En))
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        let (code, message, remedy) = match self {
            Refusal::NoFigure(place) => (
                "N1001",
                (
                    format!("法律中没有可改动的参数或表“{place}”"),
                    format!("the law has no parameter or table “{place}” that could be changed"),
                ),
                ("从法律库中选一个", "choose one from the library").map_into(),
            ),
            Refusal::NoRow(place, rows) => (
                "N1002",
                (
                    format!("“{place}”没有这一行"),
                    format!("“{place}” has no such row"),
                ),
                listed(rows),
            ),
            Refusal::NotInForce(place, since) => (
                "N1003",
                (
                    format!("“{place}”在 {since} 没有数值可改"),
                    format!("“{place}” has no value on {since} that could be changed"),
                ),
                ("选另一个日期", "choose another day").map_into(),
            ),
            Refusal::Unlawful {
                place,
                because,
                takes,
            } => {
                let (because, takes) = (misfit::sentence(because), takes.sentence());
                (
                    "N1004",
                    (
                        format!("“{place}”不能是这个数值：{}", because.zh),
                        format!("“{place}” cannot have this value: {}", because.en),
                    ),
                    (takes.zh, takes.en),
                )
            }
            Refusal::Count => (
                "N1005",
                (
                    format!("一次改动一至 {MOST_CHANGES} 个数值"),
                    format!("between one and {MOST_CHANGES} figures are changed at once"),
                ),
                ("减少改动", "change fewer").map_into(),
            ),
            Refusal::Unanswered(zh, en) => (
                "N1006",
                (
                    "法律在这一天回答不了这个问题".to_owned(),
                    "the law does not answer this question on that day".to_owned(),
                ),
                (zh.clone(), en.clone()),
            ),
            Refusal::NoQuestion => ("N1007", unasked(), another()),
            Refusal::Missing(missing) => (
                "N1007",
                (missing.message(Lang::Zh), missing.message(Lang::En)),
                another(),
            ),
            Refusal::NoRecords(..) | Refusal::TooManyRows | Refusal::TooFew => self.of_files(),
        };
        let sentence = |(zh, en)| Sentence { zh, en };
        Said {
            code,
            message: sentence(message),
            remedy: sentence(remedy),
        }
    }
}

trait MapInto {
    fn map_into(self) -> (String, String);
}

impl MapInto for (&str, &str) {
    fn map_into(self) -> (String, String) {
        (self.0.to_owned(), self.1.to_owned())
    }
}

fn unasked() -> (String, String) {
    (
        "这部法律没有这个问题".to_owned(),
        "this law knows nothing of the question".to_owned(),
    )
}

fn another() -> (String, String) {
    (
        "换一个问题，或换一部法律".to_owned(),
        "ask another question, or another law".to_owned(),
    )
}

fn listed(rows: &[String]) -> (String, String) {
    const SHOWN: usize = 12;
    let some: Vec<&str> = rows.iter().take(SHOWN).map(String::as_str).collect();
    match some.is_empty() {
        true => (
            "它是参数，不必写明行".to_owned(),
            "it is a parameter and has no rows".to_owned(),
        ),
        false => (
            format!("各行为：{}", some.join("；")),
            format!("its rows are: {}", some.join("; ")),
        ),
    }
}
