//! How does our month stand, and what is to be done?

use super::{asked, file_name, month_name, on, ways, yuan};
use crate::house::House;
use crate::look::components::{
    Head, Table, amount, button, button_link, empty, notice, summary, table, tag, warning,
};
use crate::look::districts;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::response::Response;
use city::employers::{Employer, EmployerId};
use maud::{Markup, html};
use measure::{CreditCode, Day, Fen, Month, Words};
use office::employer::glance::{Glance, MonthStands, Notice, glance};
use rules::explain::Lang;

const TITLE: Words = Words::new("单位概览", "At a glance");
const TO_DO: Words = Words::new("现在要做的", "What to do now");
const NOTHING: Words = Words::new("目前没有要办的事", "There is nothing to do now");
const NOTHING_SAYS: Words = Words::new(
    "各月已申报，没有欠费。人员或工资有变动时，随时可以更正当月申报。",
    "Every month is declared and nothing is owed. When staff or wages change, the month can be amended at any time.",
);
const DECLARE: Words = Words::new("去申报", "Declare it");
const MONTHS: Words = Words::new("近一年各月", "The last twelve months");
const MONTH: Words = Words::new("月份", "Month");
const STANDS: Words = Words::new("申报", "Declaration");
const BY: Words = Words::new("截止日", "In time until");
const ROWS: Words = Words::new("人数", "Persons");
const WAGES: Words = Words::new("工资合计", "Wages");
const NO_MONTHS: Words = Words::new("还没有职工参保", "Nobody is insured through you yet");
const NO_MONTHS_SAYS: Words = Words::new(
    "第一次申报后，这里逐月显示申报和缴费情况。",
    "After the first declaration, each month stands here with what was declared and what is owed.",
);
const OWED: Words = Words::new("今日应缴", "Owed today");
const TOMORROW: Words = Words::new("明日滞纳金将为", "Tomorrow's late fee");
const UNMATCHED: Words = Words::new("已到账、尚未分配", "Received, not matched yet");
const UNSAID: Words = Words::new("今日应缴无法算出", "What is owed today cannot be said");
const CODE: Words = Words::new("统一社会信用代码", "Credit code");
const PLACE: Words = Words::new("登记区县", "Registered in");
const CLASS: Words = Words::new("工伤保险行业类别", "Industry class for work injury");
const NOT_HERE: Words = Words::new("目前没有登记", "not registered now");
const NOTICES: Words = Words::new("通知", "Notices");

/// The first page behind the door.
#[derive(Debug)]
pub(crate) struct OverviewPage {
    glance: Glance,
    today: Day,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let today = visitor.today();
    let glance = asked(&house, &visitor, move |db, asking| {
        glance(db, asking.applied.law, asking.login, today, asking.acting)
    })
    .await?;
    Ok(shown(&OverviewPage { glance, today }, &visitor))
}

/// How a month stands, in a word.
pub(crate) fn standing(month: &MonthStands, today: Day, lang: Lang) -> Markup {
    match (month.standing(), month.due) {
        (Some(_), _) => tag(lang.pick("已申报", "declared"), "good"),
        (None, Some(due)) if due < today => tag(lang.pick("逾期未申报", "overdue"), "stop"),
        (None, _) => tag(lang.pick("待申报", "to be declared"), "doubt"),
    }
}

impl OverviewPage {
    fn figures(&self, lang: Lang) -> Markup {
        match &self.glance.owes {
            Ok(owes) => {
                let (today, tomorrow) = (&owes.outlook.today, &owes.outlook.tomorrow);
                let all = Fen(today.principal.0.saturating_add(today.fee.0));
                html! {
                    ul class="figures" {
                        li { span { (lang.say(OWED)) } strong { (amount(all, Some("/employer/bills"), lang)) } }
                        li { span { (lang.say(TOMORROW)) } strong { (amount(tomorrow.fee, Some("/employer/bills"), lang)) } }
                        li { span { (lang.say(UNMATCHED)) } strong { (amount(owes.held, Some("/employer/payments"), lang)) } }
                    }
                }
            }
            Err(error) => warning(
                lang.say(UNSAID),
                html! { p { (error.message(lang)) } p class="quiet" { (error.remedy(lang)) " " code { (error.code()) } } },
            ),
        }
    }

    /// What is to be done, the most urgent first.
    fn tasks(&self, lang: Lang) -> Vec<Markup> {
        let mut tasks = Vec::new();
        for draft in &self.glance.drafts {
            let month = month_name(draft.month, lang);
            tasks.push(html! {
                h3 { a href=(format!("/employer/drafts/{}", draft.id)) { (lang.pick(format!("继续 {month} 的申报"), format!("Go on with {month}"))) } }
                p { (file_name(&draft.name, lang)) " · " (lang.pick("尚未提交", "not handed in yet")) }
            });
        }
        let silent = self.glance.months.iter().rev();
        for month in silent.filter(|month| month.standing().is_none()) {
            let name = month_name(month.month, lang);
            let due = match month.due {
                Some(due) if due < self.today => {
                    let late = due.days_until(self.today);
                    lang.pick(
                        format!("截止日 {due}，已过 {late} 天"),
                        format!("was due on {due}, {late} days ago"),
                    )
                }
                Some(due) => lang.pick(format!("最迟 {due} 申报"), format!("in time until {due}")),
                None => String::new(),
            };
            tasks.push(html! {
                h3 { a href=(format!("/employer/declare?month={}", month.month)) { (lang.pick(format!("申报 {name}"), format!("Declare {name}"))) } }
                p { (standing(month, self.today, lang)) " " (due) }
            });
        }
        if let Ok(owes) = &self.glance.owes {
            let late = owes
                .bills
                .iter()
                .filter(|bill| 0 < bill.today.days_late)
                .count();
            let today = &owes.outlook.today;
            if today.principal != Fen::ZERO || today.fee != Fen::ZERO {
                let says = lang.pick(
                    format!("{} 张账单待缴，其中 {late} 张逾期", owes.bills.len()),
                    format!(
                        "{} bills are open, {late} of them overdue",
                        owes.bills.len()
                    ),
                );
                tasks.push(html! {
                    h3 { a href="/employer/bills" { (lang.pick("缴清应缴费款", "Pay what is owed")) } }
                    p { (says) }
                });
            }
        }
        tasks
    }

    fn months(&self, lang: Lang) -> Markup {
        let rows = self.glance.months.iter().map(|month| {
            let kept = month.standing();
            let to = match kept {
                Some(kept) => format!("/employer/declarations/{}", kept.declaration.id),
                None => format!("/employer/declare?month={}", month.month),
            };
            vec![
                html! { a href=(to) { (on(month.month)) } }.into(),
                standing(month, self.today, lang).into(),
                month.due.map_or_else(|| html! {}, on).into(),
                kept.map_or_else(String::new, |kept| kept.lines.to_string())
                    .into(),
                kept.map_or_else(|| html! {}, |kept| amount(kept.wages, None, lang))
                    .into(),
            ]
        });
        table(
            &Table {
                caption: lang.say(MONTHS).to_owned(),
                head: vec![
                    Head::words(lang.say(MONTH)),
                    Head::words(lang.say(STANDS)),
                    Head::words(lang.say(BY)),
                    Head::numbers(lang.say(ROWS)),
                    Head::numbers(lang.say(WAGES)),
                ],
                rows: rows.collect(),
                foot: None,
            },
            lang,
        )
    }

    fn notices(&self, lang: Lang) -> Markup {
        let months = self.glance.months.iter();
        let missing: Vec<(Month, &Notice)> = months
            .flat_map(|month| month.notices.iter().map(move |one| (month.month, one)))
            .collect();
        let late = self.glance.owes.as_ref().ok().and_then(|owes| {
            let late = owes.bills.iter().filter(|bill| 0 < bill.today.days_late);
            let sums =
                late.map(|bill| Fen(bill.today.principal.0.saturating_add(bill.today.fee.0)));
            Fen::checked_sum(sums).ok().filter(|sum| *sum != Fen::ZERO)
        });
        html! {
            @if !missing.is_empty() || late.is_some() {
                h2 { (lang.say(NOTICES)) }
                ul class="list" {
                    @for (month, one) in missing {
                        @let name = month_name(month, lang);
                        li {
                            (lang.pick(format!("{name}未申报：第 {} 次催报", one.time), format!("{name} is not declared: notice {}", one.time)))
                            p { (one.since) " · " @if one.written.is_some() { (lang.pick("已发出", "sent")) } @else { (lang.pick("将发出", "to be sent")) } }
                        }
                    }
                    @if let Some(sum) = late {
                        li {
                            a href="/employer/bills" { (lang.pick(format!("欠费 {}（含滞纳金）", yuan(sum)), format!("{} are overdue, late fees included", yuan(sum)))) }
                            p { (lang.pick("一时付不清的，可以申请分期。", "Who cannot pay at once may ask for instalments.")) " " a href="/employer/instalments" { (lang.pick("申请分期", "Ask for instalments")) } }
                        }
                    }
                }
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
        let glance = &self.glance;
        let place = match glance.registered {
            Some(registered) => html! { (districts::name(registered.district, lang)) },
            None => tag(lang.say(NOT_HERE), "stop"),
        };
        let tasks = self.tasks(lang);
        html! {
            p class="lead" { strong { (glance.employer.name) } }
            (ways("/employer", lang))
            (self.figures(lang))
            h2 { (lang.say(TO_DO)) }
            @if tasks.is_empty() {
                (notice(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } }))
            } @else {
                ul class="cards" { @for task in &tasks { li { (task) } } }
            }
            (self.notices(lang))
            h2 { (lang.say(MONTHS)) }
            @if glance.months.is_empty() {
                (empty(lang.say(NO_MONTHS), html! {
                    p { (lang.say(NO_MONTHS_SAYS)) }
                    p { (button("/employer/declare", lang.say(DECLARE))) " " (button_link("/employer/change/new", lang.pick("登记一名职工", "Enrol one person"))) }
                }))
            } @else {
                (self.months(lang))
            }
            (summary(&[
                (lang.say(CODE).to_owned(), html! { code { (glance.employer.credit_code.as_str()) } }),
                (lang.say(PLACE).to_owned(), place),
                (lang.say(CLASS).to_owned(), html! { @if let Some(registered) = glance.registered { (registered.industry_class.number()) } }),
            ]))
        }
    }

    fn samples() -> Vec<OverviewPage> {
        let today = Day::parse("2025-09-08").unwrap_or(Day::MAX);
        let employer = sample_employer();
        let glance = Glance {
            registered: None,
            months: Vec::new(),
            owes: Err(office::permit::Refusal::Unknown.into()),
            drafts: Vec::new(),
            employer,
        };
        let months = ["2025-09", "2025-08"].map(|month| MonthStands {
            month: Month::parse(month).unwrap_or(Month::MAX),
            due: Day::parse("2025-09-05").ok(),
            versions: Vec::new(),
            notices: vec![Notice {
                time: 1,
                since: today,
                written: None,
            }],
        });
        vec![
            OverviewPage {
                glance: Glance {
                    months: months.to_vec(),
                    drafts: vec![super::draft::sample_draft()],
                    ..glance.clone()
                },
                today,
            },
            OverviewPage { glance, today },
        ]
    }
}

/// An employer for samples.
fn sample_employer() -> Employer {
    let code = CreditCode::parse("915000000000000001");
    Employer {
        id: EmployerId::new(7).expect("7 is a number"),
        credit_code: code.expect("it is a code").0,
        name: "<script>alert('单位')</script>有限公司".to_owned(),
    }
}
