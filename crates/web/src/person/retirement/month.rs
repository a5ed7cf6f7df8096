//! One month of retirement: its pension step by step, the account year by year, and when it is to be told.

use super::asked::{self, Asked};
use super::{What, age, assumptions, choices, outlook, why_not};
use crate::house::House;
use crate::look::components::{Head, Table, amount, derivation, fold, notice, summary, table};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::retirement::{Known, Outlook, ResidentOutlook, YearOfAccount};
use maud::{Markup, html};
use measure::{Month, Words, Year};
use rules::explain::{Lang, Told, explain, told};
use rules::facts::from_json;
use rules::law::{Item, Law};

const ABOVE: Words = Words::new("何时领、领多少", "What I will get, and when");
const RETIRE: Words = Words::new("退休", "Retiring in");
const RESIDENT: Words = Words::new("居民养老金起领", "Residents' pension from");
const NOTICE: Words = Words::new("最迟告知单位", "Tell your employer by");
const AGE: Words = Words::new("届时年龄", "Age then");
const HOW: Words = Words::new("方式", "How");
const ACCOUNT: Words = Words::new(
    "个人账户逐年如何增长",
    "How the account grows, year by year",
);
const YEAR: Words = Words::new("年度", "Year");
const PAID: Words = Words::new("缴费月数", "Months paid");
const BASE: Words = Words::new("月缴费基数", "Monthly base");
const BALANCE: Words = Words::new("期末储存额", "In the account at its end");
const RECKONED: Words = Words::new(
    "这些年度按法律逐年计算，记账利率和缴费基数上下限按此年：",
    "Each of these years was put before the law, with the interest and the bounds of",
);
const NO_LAW: Words = Words::new("法律给不出结果", "The law gives no answer");

/// A month of retirement.
#[derive(Debug)]
pub(crate) struct RetiringPage {
    asked: Asked,
    month: Month,
    known: Known,
    resident: bool,
    rows: Vec<(Words, String)>,
    how: Option<Words>,
    account: (Vec<YearOfAccount>, Year),
    /// The pension, step by step.
    why: Option<Told>,
    /// Until when it is to be told.
    notice: Option<Told>,
    jurisdiction: String,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(month): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let month = Month::parse(&month).map_err(|_| Problem::no_page())?;
    let asked = Asked::read(&uri);
    if asked.is_faulty() {
        return Err(Problem::unreadable());
    }
    let unknown = || Problem::from(office::Error::from(office::permit::Refusal::Unknown));
    let found = outlook(&house, &visitor, &asked).await?;
    let law = house.law();
    let lang = visitor.lang;
    let page = match found {
        What::Employee(known, outlook) => {
            let choice = outlook.of(month).ok_or_else(unknown)?;
            let why = |rule| opened(law, (rule, month), &choice.facts, lang);
            let notice = why("latest-notice").filter(|told| !told.refused);
            RetiringPage {
                month,
                resident: false,
                rows: vec![(AGE, age(known.born, month, lang))],
                how: Some(choices::how(choice.how)),
                account: (choice.account.clone(), outlook.reckoned_as),
                why: why(Outlook::RULE),
                notice,
                known,
                asked,
                jurisdiction: house.settings.jurisdiction.clone(),
            }
        }
        What::Resident(known, outlook) => {
            let tier = query(&uri, "tier").and_then(|tier| tier.parse().ok());
            let tier = tier.and_then(|tier| outlook.of(tier));
            let tier = tier
                .filter(|_| month == outlook.first)
                .ok_or_else(unknown)?;
            RetiringPage {
                month,
                resident: true,
                rows: vec![(AGE, age(known.born, month, lang))],
                how: None,
                account: (Vec::new(), Year::MAX),
                why: opened(law, (ResidentOutlook::RULE, month), &tier.facts, lang),
                notice: None,
                known,
                asked,
                jurisdiction: house.settings.jurisdiction.clone(),
            }
        }
        What::Nothing | What::Post | What::No(_) => return Err(unknown()),
    };
    Ok(shown(&page, &visitor))
}

/// A rule for these facts on the last day of a month, step by step.
fn opened(law: &Law, (rule, month): (&str, Month), facts: &str, lang: Lang) -> Option<Told> {
    let Some(Item::Rule(rule)) = law.names.get(rule) else {
        return None;
    };
    let facts = from_json(law, law[*rule].of, facts).ok()?;
    Some(told(&explain(law, month.last_day(), &facts, *rule), lang))
}

impl RetiringPage {
    fn account(&self, lang: Lang) -> Markup {
        let (years, as_of) = &self.account;
        let rows = years.iter().map(|year| {
            vec![
                year.year.number().to_string().into(),
                year.months.to_string().into(),
                amount(year.base, None, lang).into(),
                amount(year.balance, None, lang).into(),
            ]
        });
        let body = html! {
            p class="quiet" { (lang.say(RECKONED)) " " (as_of.number()) }
            (table(&Table {
                caption: lang.say(ACCOUNT).to_owned(),
                head: vec![
                    Head::words(lang.say(YEAR)),
                    Head::numbers(lang.say(PAID)),
                    Head::numbers(lang.say(BASE)),
                    Head::numbers(lang.say(BALANCE)),
                ],
                rows: rows.collect(),
                foot: None,
            }, lang))
        };
        html! { @if !years.is_empty() { (fold(lang.say(ACCOUNT), body)) } }
    }
}

impl Page for RetiringPage {
    fn title(&self, lang: Lang) -> String {
        let month = self.month;
        if self.resident {
            format!("{} {month}", lang.say(RESIDENT))
        } else {
            lang.pick(
                format!("{month} {}", lang.say(RETIRE)),
                format!("{} {month}", lang.say(RETIRE)),
            )
        }
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new(
            format!("/me/retirement{}", self.asked.query(&[])),
            lang.say(ABOVE),
        )]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let mut rows: Vec<(String, Markup)> = self
            .rows
            .iter()
            .map(|(name, value)| (lang.say(*name).to_owned(), html! { (value) }))
            .collect();
        if let Some(how) = self.how {
            rows.push((lang.say(HOW).to_owned(), html! { (lang.say(how)) }));
        }
        if let Some(notice) = &self.notice {
            rows.push((lang.say(NOTICE).to_owned(), html! { (notice.value) }));
        }
        let library = format!("/law/{}", self.jurisdiction);
        html! {
            (summary(&rows))
            (assumptions(&self.asked, &self.known, lang))
            (self.account(lang))
            @match &self.why {
                Some(why) => (derivation(why, Some(&library), lang)),
                None => (notice(lang.say(NO_LAW), why_not(&super::lacking("monthly-pension"), lang))),
            }
        }
    }

    fn samples() -> Vec<RetiringPage> {
        let (known, outlook) = choices::sample();
        let account = outlook.choices.first().map(|choice| choice.account.clone());
        vec![RetiringPage {
            asked: asked::sample(&[("wage", "9000")]),
            month: outlook.statutory,
            resident: false,
            rows: vec![(AGE, "63 years".to_owned())],
            how: Some(HOW),
            account: (account.unwrap_or_default(), outlook.reckoned_as),
            why: None,
            notice: None,
            known,
            jurisdiction: "cn-50".to_owned(),
        }]
    }
}
