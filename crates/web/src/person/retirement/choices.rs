//! The months of the employees' pension, side by side.

use super::asked::Asked;
use super::{RetirementPage, age, assumptions, why_not};
use crate::export;
use crate::look::components::{
    Choice as Answer, Field, Head, Kind, Table, amount, button_link, fold, many, notice, summary,
    table, tag, warning,
};
use crate::look::pictures::{Bar, Bars, bars};
use crate::problem::Problem;
use axum::response::Response;
use city::collection::LawRefusal;
use city::insurance::Category;
use city::refusal::Refused as _;
use city::retirement::{Choice, How, Known, Outlook, Refused, YearOfAccount, break_even};
use maud::{Markup, html};
use measure::{Fen, Month, Sex, Words, Year};
use office::tables::Written;
use rules::explain::Lang;

const EARLIEST: Words = Words::new("最早", "Earliest");
const STATUTORY: Words = Words::new("法定", "Statutory");
const LATEST: Words = Words::new("最晚", "Latest");
const EARLY: Words = Words::new("弹性提前", "early");
const AT_AGE: Words = Words::new("法定年龄", "at the statutory age");
const LATE: Words = Words::new("弹性延迟", "late");
const A_MONTH: Words = Words::new("每月", "a month");
const BY_MONTH: Words = Words::new(
    "各退休月份的月养老金",
    "The monthly pension by month of retirement",
);
const MONTH: Words = Words::new("退休月份", "Retire in");
const AGE: Words = Words::new("年龄", "Age");
const HOW: Words = Words::new("方式", "How");
const PENSION: Words = Words::new("月养老金", "Pension a month");
const MORE: Words = Words::new("与法定月份相差", "Against the statutory month");
const SURE: Words = Words::new("是否确证", "Confirmed?");
const UNSURE: Words = Words::new("未确证", "unconfirmed");
const UNSURE_SAYS: Words = Words::new(
    "养老金的算法和一些数值在法律库里尚未确证，所以每个金额都是估计，不是待遇决定。点金额可看全部依据。",
    "The award's formula and some figures are not confirmed in the law library: every amount is an estimate and no decision. Each opens to all it rests on.",
);
const UNSURE_TITLE: Words = Words::new("这是估计", "This is an estimate");
const EACH_YEAR: Words = Words::new("只列整年", "Show whole years only");
const EACH_MONTH: Words = Words::new("列出每个月", "Show every month");
const COMPARE: Words = Words::new("比较两个月份", "Compare two months");
const ONE: Words = Words::new("先退休的月份", "The one month");
const OTHER: Words = Words::new("后退休的月份", "The other month");
const SHOW: Words = Words::new("比较", "Compare");
const CATCHES_UP: Words = Words::new("追平的月份", "Caught up in");
const NEVER: Words = Words::new(
    "追不平：晚退休每月并不多领",
    "Never: the later month gives no more a month",
);
const FIRST_GOT: Words = Words::new("这时先退休的已领", "By then the earlier has given");
const BREAK_EVEN_SAYS: Words = Words::new(
    "只比较领取的总额：不计每年调整和利息，也不计这期间的工资和缴费。",
    "Only what is received is compared: without yearly rises and interest, and without wages and contributions meanwhile.",
);
const NOT_OPEN: Words = Words::new("不能选择的月份", "Months that are not open to you");
const OVER: Words = Words::new(
    "可选择的月份都已过去",
    "All the months one might choose are over",
);
const OVER_SAYS: Words = Words::new(
    "请到经办窗口办理领取手续。",
    "Please claim your pension at the counter.",
);

/// What a way is called.
pub(super) const fn how(how: How) -> Words {
    match how {
        How::Early => EARLY,
        How::Statutory => AT_AGE,
        How::Late => LATE,
    }
}

/// Yuan without fen.
fn whole_yuan(fen: i64) -> String {
    (fen / 100).to_string()
}

impl RetirementPage {
    pub(super) fn of_employees(&self, known: &Known, outlook: &Outlook, lang: Lang) -> Markup {
        html! {
            (self.bounds(known, outlook, lang))
            @if outlook.choices.is_empty() && outlook.refused.is_empty() {
                (notice(lang.say(OVER), html! { p { (lang.say(OVER_SAYS)) } }))
            }
            (warning(lang.say(UNSURE_TITLE), html! { p { (lang.say(UNSURE_SAYS)) } }))
            (assumptions(&self.asked, known, lang))
            (self.asked.form(known, lang))
            @if outlook.choices.iter().any(|choice| choice.pension.is_ok()) {
                (picture(outlook, lang))
            }
            @if !outlook.choices.is_empty() {
                (self.table(known, outlook, lang))
                (self.compared(known, outlook, lang))
            }
            @if !outlook.refused.is_empty() {
                (notice(lang.say(NOT_OPEN), html! {
                    @for refused in &outlook.refused {
                        p { strong { (refused.first) " – " (refused.last) } }
                        (why_not(&refused.why, lang))
                    }
                }))
            }
        }
    }

    /// The three months everything lies between, with what each gives.
    fn bounds(&self, known: &Known, outlook: &Outlook, lang: Lang) -> Markup {
        let bounds = [
            (EARLIEST, outlook.earliest),
            (STATUTORY, outlook.statutory),
            (LATEST, outlook.latest),
        ];
        html! {
            ul class="figures" {
                @for (name, month) in bounds {
                    li {
                        span { (lang.say(name)) " · " (month) " · " (age(known.born, month, lang)) }
                        @match outlook.of(month).map(|choice| &choice.pension) {
                            Some(Ok(pension)) => {
                                strong { (amount(*pension, Some(&self.to(month)), lang)) }
                                span { (lang.say(A_MONTH)) " · " (lang.say(UNSURE)) }
                            }
                            _ => strong { "—" },
                        }
                    }
                }
            }
        }
    }

    fn to(&self, month: Month) -> String {
        format!("/me/retirement/{month}{}", self.asked.query(&[]))
    }

    fn table(&self, known: &Known, outlook: &Outlook, lang: Lang) -> Markup {
        let statutory = outlook.of(outlook.statutory);
        let usual = statutory.and_then(|choice| choice.pension.clone().ok());
        let whole_year =
            |choice: &&Choice| self.every || outlook.statutory.months_until(choice.month) % 12 == 0;
        let rows = outlook.choices.iter().filter(whole_year).map(|choice| {
            let to = self.to(choice.month);
            let pension = match &choice.pension {
                Ok(pension) => amount(*pension, Some(&to), lang),
                Err(why) => html! { a href=(to) { (why.message(lang)) } },
            };
            vec![
                html! { a class="whole" href=(to) { (choice.month) } }.into(),
                age(known.born, choice.month, lang).into(),
                lang.say(how(choice.how)).into(),
                pension.into(),
                difference(&choice.pension, usual, lang).into(),
                tag(lang.say(UNSURE), "doubt").into(),
            ]
        });
        let listed = table(
            &Table {
                caption: format!("{}（{}）", lang.say(BY_MONTH), self.asked.line(known, lang)),
                head: vec![
                    Head::words(lang.say(MONTH)),
                    Head::words(lang.say(AGE)),
                    Head::words(lang.say(HOW)),
                    Head::numbers(lang.say(PENSION)),
                    Head::numbers(lang.say(MORE)),
                    Head::words(lang.say(SURE)),
                ],
                rows: rows.collect(),
                foot: None,
            },
            lang,
        );
        let (each, words) = if self.every {
            ("year", EACH_YEAR)
        } else {
            ("month", EACH_MONTH)
        };
        let query = self.asked.query(&[]);
        html! {
            (listed)
            p { (button_link(&format!("/me/retirement{}", self.asked.query(&[("each", each)])), lang.say(words))) }
            (export::links("/me/retirement/file/months", &query, lang))
        }
    }

    fn compared(&self, known: &Known, outlook: &Outlook, lang: Lang) -> Markup {
        let paid: Vec<(&Choice, Fen)> = outlook
            .choices
            .iter()
            .filter_map(|choice| Some((choice, choice.pension.clone().ok()?)))
            .collect();
        let (Some(first), Some(last)) = (paid.first(), paid.last()) else {
            return html! {};
        };
        let find = |month: Option<Month>, usual: Month| {
            let month = month.unwrap_or(usual);
            paid.iter().find(|(choice, _)| choice.month == month)
        };
        let one = find(self.pair.0, first.0.month).unwrap_or(first);
        let other = find(self.pair.1, outlook.statutory).unwrap_or(last);
        let (one, other) = if one.0.month <= other.0.month {
            (one, other)
        } else {
            (other, one)
        };
        let months: Vec<Answer> = paid
            .iter()
            .map(|(choice, pension)| Answer {
                value: choice.month.to_string(),
                label: format!("{} · ¥ {}", choice.month, pension.with_separators()),
            })
            .collect();
        let field = |name: &str, label: Words, month: Month| Field {
            name: name.to_owned(),
            label: lang.say(label).to_owned(),
            hint: None,
            kind: Kind::Month,
            value: month.to_string(),
            fault: None,
            optional: false,
        };
        html! {
            h2 id="compare" { (lang.say(COMPARE)) }
            form class="row" method="get" action="/me/retirement#compare" {
                (self.asked.carried())
                (many(&field("one", ONE, one.0.month), &months, lang))
                (many(&field("other", OTHER, other.0.month), &months, lang))
                button class="button second" { (lang.say(SHOW)) }
            }
            @if one.0.month != other.0.month {
                (against(known, (one.0.month, one.1), (other.0.month, other.1), lang))
                (fold(lang.pick("这个比较没有计入什么", "What is left out of this"), html! { p { (lang.say(BREAK_EVEN_SAYS)) } }))
            }
        }
    }
}

/// When the later of two has given as much as the earlier.
fn against(known: &Known, one: (Month, Fen), other: (Month, Fen), lang: Lang) -> Markup {
    let caught_up = break_even(one, other);
    let by_then =
        caught_up.and_then(|month| one.1.checked_mul(i64::from(one.0.months_until(month))).ok());
    let mut rows = vec![
        (
            one.0.to_string(),
            html! { (amount(one.1, None, lang)) " " (lang.say(A_MONTH)) },
        ),
        (
            other.0.to_string(),
            html! { (amount(other.1, None, lang)) " " (lang.say(A_MONTH)) },
        ),
    ];
    rows.push((
        lang.say(CATCHES_UP).to_owned(),
        match caught_up {
            Some(month) => html! { strong { (month) } " · " (age(known.born, month, lang)) },
            None => html! { (lang.say(NEVER)) },
        },
    ));
    if let Some(sum) = by_then {
        rows.push((lang.say(FIRST_GOT).to_owned(), amount(sum, None, lang)));
    }
    summary(&rows)
}

fn difference(pension: &Result<Fen, LawRefusal>, usual: Option<Fen>, lang: Lang) -> Markup {
    match (pension, usual) {
        (Ok(pension), Some(usual)) if *pension != usual => {
            let more = Fen(pension.0.saturating_sub(usual.0));
            let sign = if more.0 > 0 { "+" } else { "" };
            html! { span class="amount" { (sign) (more.with_separators()) } }
        }
        (Ok(_), Some(_)) => html! { (lang.pick("相同", "the same")) },
        _ => html! { "—" },
    }
}

/// A bar a month, coloured by how it stands to the statutory one.
fn picture(outlook: &Outlook, lang: Lang) -> Markup {
    let bars_of = outlook.choices.iter().filter_map(|choice| {
        let pension = choice.pension.as_ref().ok()?.0;
        let values = [How::Early, How::Statutory, How::Late];
        Some(Bar {
            name: choice.month.to_string(),
            values: values
                .map(|how| if how == choice.how { pension } else { 0 })
                .to_vec(),
        })
    });
    let bars_of: Vec<Bar> = bars_of.collect();
    let at = |bar: Option<&Bar>| {
        bar.map_or_else(String::new, |bar| {
            format!("{} ¥ {}", bar.name, whole_yuan(bar.values.iter().sum()))
        })
    };
    let (first, last) = (at(bars_of.first()), at(bars_of.last()));
    bars(
        &Bars {
            title: lang.say(BY_MONTH).to_owned(),
            says: lang.pick(
                format!("从 {first} 到 {last}"),
                format!("from {first} to {last}"),
            ),
            across: lang.say(MONTH).to_owned(),
            parts: [EARLY, AT_AGE, LATE]
                .map(|words| lang.say(words).to_owned())
                .to_vec(),
            bars: bars_of,
            written: whole_yuan,
        },
        lang,
    )
}

/// All months as a file.
pub(super) fn file(
    name: &str,
    asked: &Asked,
    (known, outlook): (&Known, &Outlook),
    lang: Lang,
) -> Result<Response, Problem> {
    let head = [MONTH, AGE, HOW, PENSION, SURE].map(|words| lang.say(words));
    let assumed = lang.pick("假设", "assumed");
    let head: Vec<&str> = head.into_iter().chain([assumed]).collect();
    let line = asked.line(known, lang);
    let rows = outlook.choices.iter().map(|choice| {
        vec![
            choice.month.to_string().into(),
            age(known.born, choice.month, lang).into(),
            lang.say(how(choice.how)).into(),
            match &choice.pension {
                Ok(pension) => Written::Yuan(pension.0),
                Err(why) => why.message(lang).into(),
            },
            lang.say(UNSURE).into(),
            line.as_str().into(),
        ]
    });
    export::written(name, &head, &rows.collect::<Vec<_>>())
}

/// Somebody for samples.
pub(super) fn sample() -> (Known, Outlook) {
    let month = |index: i32| Month::from_index(index).unwrap_or(Month::MAX);
    let statutory = Month::parse("2039-09").unwrap_or(Month::MAX);
    let first = statutory.index() - 36;
    let choices = (0..73).map(|number: i32| Choice {
        month: month(first + number),
        how: match number {
            ..36 => How::Early,
            36 => How::Statutory,
            37.. => How::Late,
        },
        pension: if number == 72 {
            Err(super::lacking("account-balance"))
        } else {
            Ok(Fen(350_000 + i64::from(number) * 2_345))
        },
        account: vec![YearOfAccount {
            year: Year::new(2026).unwrap_or(Year::MAX),
            months: 12,
            base: Fen(700_000),
            balance: Fen(12_345_678),
        }],
        facts: "{}".to_owned(),
    });
    let known = Known {
        sex: Sex::Male,
        born: Month::parse("1976-09").unwrap_or(Month::MAX),
        category: Category::Employee,
        months: vec![(month(first - 200), None)],
        declared: Fen(700_000),
        pays: true,
        balance: Fen(6_000_000),
    };
    let outlook = Outlook {
        earliest: month(first),
        statutory,
        latest: month(first + 72),
        choices: choices.collect(),
        refused: vec![Refused {
            first: month(first - 3),
            last: month(first - 1),
            why: super::lacking("minimum"),
        }],
        reckoned_as: Year::new(2025).unwrap_or(Year::MAX),
    };
    (known, outlook)
}
