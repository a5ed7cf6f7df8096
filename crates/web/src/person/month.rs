//! One month in one scheme: who paid what, on which base, and by which article, under the law of the run.

use super::overview::{payer, read, standing, to_month};
use crate::house::House;
use crate::look::components::{amount, derivation_at, notice, summary};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::insurance::Scheme;
use maud::{Markup, html};
use measure::{Month, Words};
use office::account::months::{OwedMonth, Part, Share};
use rules::check::Book;
use rules::explain::{Lang, Told, explain, told};
use rules::facts::from_json;
use rules::law::Item;
use std::sync::Arc;

const MINE: Words = Words::new("我的缴费", "What I have paid");
const SCHEME: Words = Words::new("险种", "Scheme");
const PAYER: Words = Words::new("单位或身份", "Employer or standing");
const DISTRICT: Words = Words::new("区县", "District");
const BASE: Words = Words::new("缴费基数", "Base");
const STANDS: Words = Words::new("状态", "How it stands");
const NO_LAW: Words = Words::new(
    "当时所用的法律文本没有保存，无法展开",
    "The text of the law that was applied is not kept; it cannot be opened",
);
const NOT_ALONE: Words = Words::new("无法单独展开", "It cannot be opened by itself");
const NOT_ALONE_SAYS: Words = Words::new(
    "这一部分还取决于单位的行业类别等情况，在核定时已用到。",
    "This part rests on more than the base, such as the employer's class of industry, which the assessment had.",
);

/// What a part is called.
const fn name(share: Share) -> Words {
    match share {
        Share::Employer => Words::new("单位缴费", "Employer's share"),
        Share::Person => Words::new("个人缴费", "Own share"),
        Share::Credit => Words::new("记入个人账户", "Credited to the account"),
    }
}

/// A part with what gave it, in the reader's language.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) share: Share,
    pub(crate) amount: measure::Fen,
    pub(crate) why: Option<Told>,
    pub(crate) is_kept: bool,
}

/// A month in a scheme.
#[derive(Debug)]
pub(crate) struct MonthPage {
    month: Month,
    scheme: Scheme,
    /// Where the rules that gave it are read.
    library: String,
    lines: Vec<(OwedMonth, Vec<Opened>)>,
}

/// Shows it to whose it is.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path((month, scheme)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let month = Month::parse(&month).map_err(|_| Problem::no_page())?;
    let mut schemes = Scheme::ALL.iter().copied();
    let scheme = schemes.find(|known| known.in_law() == scheme);
    let scheme = scheme.ok_or_else(Problem::no_page)?;
    let of = read(&house, &visitor).await?;
    let owed: Vec<OwedMonth> = of.of(month, scheme).into_iter().cloned().collect();
    if owed.is_empty() {
        return Err(office::Error::from(office::permit::Refusal::Unknown).into());
    }
    let mut lines = Vec::new();
    for owed in owed {
        let mut opened = Vec::new();
        for part in &owed.parts {
            let book = house.law_of(&part.opens.law).await?;
            opened.push(open(
                part,
                book.as_ref(),
                &house.settings.jurisdiction,
                visitor.lang,
            ));
        }
        lines.push((owed, opened));
    }
    Ok(shown(
        &MonthPage {
            month,
            scheme,
            library: format!("/law/{}", house.settings.jurisdiction),
            lines,
        },
        &visitor,
    ))
}

/// Works a part out again, under the law that gave it.
pub(crate) fn open(
    part: &Part,
    book: Option<&Arc<Book>>,
    jurisdiction: &str,
    lang: Lang,
) -> Opened {
    let law = book.and_then(|book| book.law(jurisdiction));
    let why = law.and_then(|law| {
        let Some(Item::Rule(rule)) = law.names.get(part.opens.rule) else {
            return None;
        };
        let facts = from_json(law, law[*rule].of, &part.opens.facts).ok()?;
        let explanation = explain(law, part.opens.as_of, &facts, *rule);
        explanation
            .outcome
            .is_ok()
            .then(|| told(&explanation, lang))
    });
    Opened {
        share: part.share,
        amount: part.amount,
        why,
        is_kept: law.is_some(),
    }
}

/// Each part with how it came out.
pub(crate) fn parts_of(
    opened: &[Opened],
    (line, library): (usize, Option<&str>),
    lang: Lang,
) -> Markup {
    html! {
        @for (number, part) in (1_usize..).zip(opened) {
            section class="article" {
                h2 { (lang.say(name(part.share))) " " (amount(part.amount, None, lang)) }
                @match (&part.why, part.is_kept) {
                    (Some(why), _) => (derivation_at(&format!("why-{line}-{number}"), why, library, lang)),
                    (None, true) => (notice(lang.say(NOT_ALONE), html! { p { (lang.say(NOT_ALONE_SAYS)) } })),
                    (None, false) => (notice(lang.say(NO_LAW), html! {})),
                }
            }
        }
    }
}

impl Page for MonthPage {
    fn title(&self, lang: Lang) -> String {
        format!("{} · {}", self.month, self.scheme.name(lang))
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/me", lang.say(MINE))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            @for (line, (owed, opened)) in (1_usize..).zip(&self.lines) {
                (summary(&[
                    (lang.say(SCHEME).to_owned(), html! { (owed.due.scheme.name(lang)) }),
                    (lang.say(PAYER).to_owned(), html! { (payer(owed, lang)) }),
                    (lang.say(DISTRICT).to_owned(), html! { (owed.due.district) }),
                    (lang.say(BASE).to_owned(), amount(owed.due.base, None, lang)),
                    (lang.say(name(Share::Person)).to_owned(), amount(owed.due.person_due, None, lang)),
                    (lang.say(name(Share::Employer)).to_owned(), amount(owed.due.employer_due, None, lang)),
                    (lang.say(name(Share::Credit)).to_owned(), amount(owed.due.credit, None, lang)),
                    (lang.say(STANDS).to_owned(), standing(owed, lang)),
                ]))
                (parts_of(opened, (line, Some(&self.library)), lang))
            }
            p { a href="/me" { "← " (lang.say(MINE)) } }
        }
    }

    fn samples() -> Vec<MonthPage> {
        let owed = super::overview::owed(2025, 6);
        let lines = owed.into_iter().map(|owed| {
            let opened = [Share::Employer, Share::Person].map(|share| Opened {
                share,
                amount: owed.due.person_due,
                why: None,
                is_kept: share == Share::Employer,
            });
            (owed, opened.into_iter().collect())
        });
        debug_assert!(to_month(Month::MAX, Scheme::WorkInjury).starts_with("/me/"));
        vec![MonthPage {
            month: Month::parse("2025-06").unwrap_or(Month::MAX),
            scheme: Scheme::EmployeePension,
            library: "/law/cn-50".to_owned(),
            lines: lines.collect(),
        }]
    }
}
