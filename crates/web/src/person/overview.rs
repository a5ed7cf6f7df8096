//! What have I paid?

use crate::house::House;
use crate::look::components::{
    Column, List, Listed, Rows, amount, empty, no_more, notice, summary, tag,
};
use crate::look::pictures::{Bar, Bars, bars};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use maud::{Markup, html};
use measure::{Day, Fen, Month, Words};
use office::Acting;
use office::account::months::{Lifetime, OwedMonth, own_lifetime};
use office::tables::Written;
use rules::explain::Lang;
use std::borrow::Cow;
use std::collections::BTreeMap;

const TITLE: Words = Words::new("我的缴费", "What I have paid");
const NONE: Words = Words::new("还没有您的缴费记录", "There is nothing of yours yet");
const NONE_SAYS: Words = Words::new(
    "单位申报、核定并发布后，每个月都会出现在这里。若您认为应当有记录，请到经办窗口查询。",
    "Each month appears here when your employer has declared it and it was assessed and published. If there should be one, ask at the counter.",
);
const OVER_TIME: Words = Words::new("历年缴费", "Over the years");
const BY_MONTH: Words = Words::new("逐月缴费", "Month by month");
const ALL: Words = Words::new("全部月份", "All months");
const MONTH: Words = Words::new("月份", "Month");
const SCHEME: Words = Words::new("险种", "Scheme");
const EMPLOYER: Words = Words::new("单位", "Employer");
const BASE: Words = Words::new("基数", "Base");
const BY_EMPLOYER: Words = Words::new("单位缴费", "Employer's share");
const BY_PERSON: Words = Words::new("个人缴费", "Own share");
const STANDS: Words = Words::new("状态", "How it stands");
const ACCOUNTS: Words = Words::new("个人账户", "My accounts");
const BALANCE: Words = Words::new("储存额", "Balance");
const MONTHS: Words = Words::new("记账月数", "Months credited");
const INTEREST: Words = Words::new("其中利息", "Of it interest");
const PAID: Words = Words::new("已缴清", "paid");
const OPEN: Words = Words::new("待缴清", "not yet paid");
const ALTERED: Words = Words::new("差额", "difference");
const OWN_SUM: Words = Words::new("个人应缴合计", "Your share, altogether");
const EMPLOYER_SUM: Words = Words::new("单位应缴合计", "Employers' share, altogether");
const COUNT: Words = Words::new("参保月数", "Months insured");
const WATCHED: Words = Words::new("谁看过这些", "Who looks at this");
const WATCHED_SAYS: Words = Words::new(
    "每次查看都有记录，包括您自己的这一次。",
    "Every look is noted, this one of yours too.",
);

/// A person's months.
#[derive(Debug)]
pub(crate) struct OverviewPage {
    of: Lifetime,
    listed: Listed,
}

/// Shows them to whose they are.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let of = read(&house, &visitor).await?;
    let page = OverviewPage {
        of,
        listed: Listed::read(&uri),
    };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// The months of who is signed in; that they looked is noted.
pub(super) async fn read(house: &House, visitor: &Visitor) -> Result<Lifetime, Problem> {
    let (login, today, at) = (visitor.login().cloned(), visitor.today(), visitor.now);
    let through = visitor.through();
    house
        .office(move |db| {
            let login = login.as_ref();
            let by = login.map(city::logins::Login::name);
            let by = by.ok_or(office::permit::Refusal::Nobody)?;
            let acting = Acting {
                by,
                at,
                purpose: "own record",
                through,
            };
            own_lifetime(db, login, today, acting)
        })
        .await
}

/// Where a month in a scheme opens.
pub(super) fn to_month(month: Month, scheme: Scheme) -> String {
    format!("/me/months/{month}/{}", scheme.in_law())
}

/// How a month stands.
pub(crate) fn standing(owed: &OwedMonth, lang: Lang) -> Markup {
    html! {
        @if !owed.is_whole { (tag(lang.say(ALTERED), "")) " " }
        @match owed.paid {
            Some(day) => {
                (tag(lang.say(PAID), "good"))
                " " span class="quiet" { (day) }
            }
            None => (tag(lang.say(OPEN), "doubt")),
        }
    }
}

/// Who pays: the employer by name, the person, or for a resident the person with the government.
pub(crate) fn payer(owed: &OwedMonth, lang: Lang) -> String {
    match (&owed.employer, owed.due.category) {
        (Some(name), _) => name.clone(),
        (None, category) => category.name(lang).to_owned(),
    }
}

/// Yuan without fen, for the axis of a picture.
fn whole_yuan(fen: i64) -> String {
    let shown = Fen(fen).with_separators().to_string();
    shown
        .strip_suffix(".00")
        .map_or_else(|| shown.clone(), str::to_owned)
}

impl OverviewPage {
    fn sum(&self, of: impl Fn(&Due) -> Fen) -> Fen {
        let amounts = self.of.months.iter().map(|owed| of(&owed.due));
        Fen::checked_sum(amounts).unwrap_or(Fen::ZERO)
    }

    /// A picture: by month while they are few, else by year.
    fn picture(&self, lang: Lang) -> Markup {
        let mut months: Vec<Month> = self.of.months.iter().map(|owed| owed.month).collect();
        months.sort_unstable();
        months.dedup();
        let by_month = months.len() <= 24;
        let mut sums: BTreeMap<String, [i64; 2]> = BTreeMap::new();
        for owed in &self.of.months {
            let name = if by_month {
                owed.month.to_string()
            } else {
                owed.month.year().number().to_string()
            };
            let sum = sums.entry(name).or_default();
            sum[0] += owed.due.person_due.0;
            sum[1] += owed.due.employer_due.0;
        }
        let all = sums.iter();
        let all = all.map(|(name, sum)| Bar {
            name: name.clone(),
            values: sum.map(|value| value.max(0)).to_vec(),
        });
        let (own, employers) = (
            self.sum(|due| due.person_due),
            self.sum(|due| due.employer_due),
        );
        let (own, employers) = (own.with_separators(), employers.with_separators());
        let says = lang.pick(
            format!("个人缴费合计 {own} 元，单位缴费合计 {employers} 元"),
            format!("own share {own} yuan altogether, employers' {employers} yuan"),
        );
        bars(
            &Bars {
                title: lang
                    .say(if by_month { BY_MONTH } else { OVER_TIME })
                    .to_owned(),
                says,
                across: lang.say(MONTH).to_owned(),
                parts: vec![
                    lang.say(BY_PERSON).to_owned(),
                    lang.say(BY_EMPLOYER).to_owned(),
                ],
                bars: all.collect(),
                written: whole_yuan,
            },
            lang,
        )
    }

    fn list(&self, lang: Lang) -> List<'_, OwedMonth> {
        let to = |owed: &OwedMonth| to_month(owed.month, owed.due.scheme);
        listed(&self.of, "/me".into(), &self.listed, to, lang)
    }

    fn accounts(&self, lang: Lang) -> Markup {
        html! {
            @if !self.of.accounts.is_empty() { h2 { (lang.say(ACCOUNTS)) } }
            @for book in &self.of.accounts {
                h3 { (book.scheme.name(lang)) }
                (summary(&[
                    (lang.say(BALANCE).to_owned(), html! { strong { (amount(book.balance, None, lang)) } }),
                    (lang.say(INTEREST).to_owned(), amount(book.interest, None, lang)),
                    (lang.say(MONTHS).to_owned(), html! { (book.months) }),
                ]))
            }
        }
    }
}

impl Page for OverviewPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        if self.of.months.is_empty() && self.of.accounts.is_empty() {
            return html! {
                (super::ways("/me", lang))
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            };
        }
        let mut months: Vec<Month> = self.of.months.iter().map(|owed| owed.month).collect();
        months.sort_unstable();
        months.dedup();
        html! {
            (super::ways("/me", lang))
            ul class="figures" {
                li { span { (lang.say(OWN_SUM)) } strong { (amount(self.sum(|due| due.person_due), None, lang)) } }
                li { span { (lang.say(EMPLOYER_SUM)) } strong { (amount(self.sum(|due| due.employer_due), None, lang)) } }
                li { span { (lang.say(COUNT)) } strong { (months.len()) } }
            }
            (self.picture(lang))
            (self.list(lang).on_page(lang))
            (self.accounts(lang))
            (notice(lang.say(WATCHED), html! { p { (lang.say(WATCHED_SAYS)) " " a href="/me/looks" { (lang.say(WATCHED)) } } }))
        }
    }

    fn samples() -> Vec<OverviewPage> {
        let of = |months: Vec<OwedMonth>| OverviewPage {
            of: lifetime(months),
            listed: Listed::default(),
        };
        let year = |year: i32| (1..=12).filter_map(move |month| owed(year, month));
        let long = (1995..2025).flat_map(year).collect();
        vec![of(Vec::new()), of(year(2025).collect()), of(long)]
    }
}

/// A life's months as a list; `to` says where a month opens.
pub(crate) fn listed<'l>(
    of: &'l Lifetime,
    path: Cow<'l, str>,
    listed: &'l Listed,
    to: fn(&OwedMonth) -> String,
    lang: Lang,
) -> List<'l, OwedMonth> {
    let money = |fen: Fen| Written::Yuan(fen.0);
    let stands = move |owed: &OwedMonth| match owed.paid {
        Some(day) => format!("{} {day}", lang.say(PAID)),
        None => lang.say(OPEN).to_owned(),
    };
    List {
        caption: lang.say(ALL).to_owned(),
        name: "months".into(),
        path,
        keep: Vec::new(),
        columns: vec![
            Column::words("month", lang.say(MONTH), |owed: &OwedMonth| {
                owed.month.to_string().into()
            })
            .shown(
                move |owed: &OwedMonth| html! { a class="whole" href=(to(owed)) { (owed.month) } },
            ),
            Column::words("scheme", lang.say(SCHEME), move |owed: &OwedMonth| {
                owed.due.scheme.name(lang).into()
            }),
            Column::words("payer", lang.say(EMPLOYER), move |owed: &OwedMonth| {
                payer(owed, lang).into()
            }),
            Column::numbers("base", lang.say(BASE), move |owed: &OwedMonth| {
                money(owed.due.base)
            })
            .shown(move |owed: &OwedMonth| amount(owed.due.base, None, lang)),
            Column::numbers("own", lang.say(BY_PERSON), move |owed: &OwedMonth| {
                money(owed.due.person_due)
            })
            .shown(move |owed: &OwedMonth| amount(owed.due.person_due, Some(&to(owed)), lang)),
            Column::numbers(
                "employer",
                lang.say(BY_EMPLOYER),
                move |owed: &OwedMonth| money(owed.due.employer_due),
            )
            .shown(move |owed: &OwedMonth| amount(owed.due.employer_due, Some(&to(owed)), lang)),
            Column::words("stands", lang.say(STANDS), move |owed: &OwedMonth| {
                stands(owed).into()
            })
            .shown(move |owed: &OwedMonth| standing(owed, lang)),
        ],
        rows: &of.months,
        come: Rows::All,
        listed,
        also: no_more,
        foot: None,
    }
}

/// All months as a table to take along.
pub(super) fn written(of: &Lifetime, (name, lang): (&str, Lang)) -> Result<Response, Problem> {
    let (_, ending) = name.rsplit_once('.').ok_or_else(Problem::no_page)?;
    let to = |owed: &OwedMonth| to_month(owed.month, owed.due.scheme);
    let asked = Listed::default();
    listed(of, "/me".into(), &asked, to, lang).written(ending)
}

/// A life for samples.
pub(crate) fn lifetime(months: Vec<OwedMonth>) -> Lifetime {
    Lifetime {
        person: PersonId::new(1).expect("it is above 0"),
        as_of: Day::MAX,
        months,
        accounts: Vec::new(),
    }
}

/// A month for samples, of an employer with an unusual name.
pub(crate) fn owed(year: i32, month: u8) -> Option<OwedMonth> {
    let month = Month::parse(&format!("{year}-{month:02}")).ok()?;
    let base = 400_000 + i64::from(year - 1995) * 21_000;
    Some(OwedMonth {
        month,
        due: Due {
            person: PersonId::new(1)?,
            scheme: Scheme::EmployeePension,
            category: Category::Employee,
            employer: EmployerId::new(1),
            district: District::new(500_103)?,
            base: Fen(base),
            employer_due: Fen(base * 16 / 100),
            person_due: Fen(base * 8 / 100),
            credit: Fen(base * 8 / 100),
        },
        is_whole: true,
        employer: Some("<script>alert(1)</script> 渝中“甲”公司 & 子".to_owned()),
        paid: (year < 2025).then(|| month.last_day()),
        parts: Vec::new(),
    })
}
