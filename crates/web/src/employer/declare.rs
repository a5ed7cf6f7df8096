//! Where a declaration begins: which month, and the spreadsheet; or one person, without a file.

use super::{asked, home, month_name, ways};
use crate::forms::{at_field, fresh_key};
use crate::house::House;
use crate::look::components::{
    Choice, Fault, Field, Kind, SHEETS, cell_place, error_summary, file, fold, hidden, many,
    notice, one_of, submit, tag,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::upload::parts;
use crate::visitor::{Visitor, query};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use city::declarations::Coverage;
use maud::{Markup, html};
use measure::{Day, Month, Words};
use office::draft::{New, begin_with_file};
use office::employer::glance::{Glance, glance};
use rules::explain::Lang;

const TITLE: Words = Words::new("申报", "Declare");
const LEAD: Words = Words::new(
    "上传工资表，先试算给您看：谁新增、谁变更、哪里有误。确认之前什么也不记录。",
    "Send your payroll. First it is only looked at: who is new, who changes, what is wrong. Nothing is recorded before you say so.",
);
const WHICH: Words = Words::new("申报哪个月", "Which month");
const FILE: Words = Words::new("工资表", "The spreadsheet");
const FILE_HINT: Words = Words::new(
    "xlsx 或 csv，须有身份证号码、姓名、月工资三列，次序不限。最大 16 MB、20,000 行。",
    "xlsx or csv with columns for identity number, name and monthly wage, in any order. At most 16 MB and 20,000 rows.",
);
const COVERS: Words = Words::new("文件包括", "The file has");
const WHOLE: Words = Words::new("全部职工", "the whole staff");
const PART: Words = Words::new(
    "部分职工，其余不变",
    "some of the staff; the others stay as they are",
);
const LOOK: Words = Words::new("试算", "Look at it");
const NO_FILE: Words = Words::new("请选择文件", "choose a file");
const WITHOUT: Words = Words::new("不用文件", "Without a file");
const COLUMNS: Words = Words::new("表格怎么填", "What the spreadsheet looks like");

/// So many bytes a file has at most here.
pub(crate) const FILE_BYTES: usize = 16 << 20;

/// Where it begins.
#[derive(Debug)]
pub(crate) struct DeclarePage {
    months: Vec<(Month, Option<Day>, bool)>,
    month: Month,
    coverage: Coverage,
    key: String,
    fault: Option<String>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let asked = query(&uri, "month").and_then(|text| Month::parse(&text).ok());
    let page = DeclarePage::of(&house, &visitor, asked).await?;
    Ok(shown(&page, &visitor))
}

/// Takes a file to look at.
pub(crate) async fn begin(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let parts = parts(&headers, &body).ok_or_else(Problem::unreadable)?;
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        let text = part.and_then(|part| std::str::from_utf8(part.bytes).ok());
        text.unwrap_or_default().to_owned()
    };
    let month = Month::parse(&text("month")).map_err(|_| Problem::unreadable())?;
    let coverage = match text("coverage").as_str() {
        "part" => Coverage::Part,
        _ => Coverage::Whole,
    };
    let given = text("key");
    let sent = parts.iter().find(|part| part.name == "file");
    let sent = sent.filter(|part| !part.file.is_empty() && !part.bytes.is_empty());
    let Some(sent) = sent else {
        let fault = visitor.lang.say(NO_FILE).to_owned();
        return again(&house, &visitor, (month, coverage, given), fault).await;
    };
    // A name is for people: what is longer is nobody's.
    let name: String = sent
        .file
        .chars()
        .filter(|sign| !sign.is_control())
        .collect();
    let name = last(&name, 80).to_owned();
    let (bytes, known) = (sent.bytes.to_vec(), given.clone());
    let begun = asked(&house, &visitor, move |db, asking| {
        let new = New {
            key: &known,
            month,
            coverage,
            name: &name,
        };
        begin_with_file(db, asking.with(), new, &bytes, asking.acting)
    })
    .await;
    match begun {
        Ok(draft) => Ok(Redirect::to(&format!("/employer/drafts/{draft}")).into_response()),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            // Another file may be sent by the same page.
            let fault = at_field(&problem, visitor.lang);
            again(&house, &visitor, (month, coverage, fresh_key()), fault).await
        }
        Err(problem) => Err(problem),
    }
}

async fn again(
    house: &House,
    visitor: &Visitor,
    (month, coverage, key): (Month, Coverage, String),
    fault: String,
) -> Result<Response, Problem> {
    let page = DeclarePage {
        coverage,
        key,
        fault: Some(fault),
        ..DeclarePage::of(house, visitor, Some(month)).await?
    };
    Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, visitor))
}

/// The last so many signs of a text: of a file's name, those with its ending.
pub(crate) fn last(text: &str, most: usize) -> &str {
    let count = text.chars().count();
    let skipped = text.char_indices().nth(count.saturating_sub(most));
    skipped.map_or("", |(at, _)| &text[at..])
}

/// The month to begin with: the oldest that is not declared, else the newest.
pub(crate) fn first_month(glance: &Glance, today: Day) -> Month {
    let mut months = glance.months.iter().rev();
    let silent = months.find(|month| month.standing().is_none());
    silent.map_or_else(|| today.month(), |month| month.month)
}

impl DeclarePage {
    async fn of(
        house: &House,
        visitor: &Visitor,
        month: Option<Month>,
    ) -> Result<DeclarePage, Problem> {
        let today = visitor.today();
        let glance = asked(house, visitor, move |db, asking| {
            glance(db, asking.applied.law, asking.login, today, asking.acting)
        })
        .await?;
        let month = month.unwrap_or_else(|| first_month(&glance, today));
        let known = glance.months.iter();
        let mut months: Vec<(Month, Option<Day>, bool)> = known
            .map(|one| (one.month, one.due, one.standing().is_some()))
            .collect();
        for wanted in [today.month(), month] {
            if !months.iter().any(|(known, ..)| *known == wanted) {
                months.push((wanted, None, false));
            }
        }
        months.sort_by_key(|(month, ..)| std::cmp::Reverse(*month));
        Ok(DeclarePage {
            months,
            month,
            coverage: Coverage::Whole,
            key: fresh_key(),
            fault: None,
        })
    }

    fn form(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let asked = |name: &str, label: Words, value: String| Field {
            name: name.into(),
            label: lang.say(label).into(),
            hint: None,
            kind: Kind::Text,
            value,
            fault: None,
            optional: false,
        };
        let months: Vec<Choice> = self
            .months
            .iter()
            .map(|(month, due, declared)| {
                let state = match (declared, due) {
                    (true, _) => lang
                        .pick(" · 已申报，将更正", " · declared; this amends it")
                        .to_owned(),
                    (false, Some(due)) => {
                        lang.pick(format!(" · 截止 {due}"), format!(" · until {due}"))
                    }
                    (false, None) => String::new(),
                };
                Choice {
                    value: month.to_string(),
                    label: format!("{}{state}", month_name(*month, lang)),
                }
            })
            .collect();
        let covers = [("whole", WHOLE), ("part", PART)].map(|(value, label)| Choice {
            value: value.into(),
            label: lang.say(label).into(),
        });
        let coverage = match self.coverage {
            Coverage::Whole => "whole",
            Coverage::Part => "part",
        };
        html! {
            form method="post" action=(format!("/employer/declare?csrf={}", visitor.csrf())) enctype="multipart/form-data" {
                (hidden("key", &self.key))
                (many(&asked("month", WHICH, self.month.to_string()), &months, lang))
                (file(("file", SHEETS), lang.say(FILE), lang.say(FILE_HINT), self.fault.as_deref(), lang))
                (one_of(&asked("coverage", COVERS, coverage.into()), &covers, lang))
                (submit(lang.say(LOOK)))
            }
        }
    }
}

fn columns(lang: Lang) -> Markup {
    let rows = [
        ("身份证号码", "identity-number", true),
        ("姓名", "name", true),
        ("月工资", "wage", true),
        ("起始日期", "from", false),
        ("结束日期", "until", false),
        ("用工形式", "kind", false),
        ("岗位", "post", false),
    ];
    html! {
        ul {
            @for (zh, en, needed) in rows {
                li {
                    strong { (lang.pick(zh, en)) } " "
                    @if needed { (tag(lang.pick("必填", "needed"), "")) }
                }
            }
        }
        p class="quiet" {
            (lang.pick(
                "离职的写结束日期（最后一个工作日）；新入职的写起始日期。列名写中文或英文都可以。",
                "Who leaves has their last day under “until”; who is new has their first under “from”. Chinese and English names of columns are both read.",
            ))
        }
    }
}

impl Page for DeclarePage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let faults = self.fault.iter().map(|what| Fault {
            field: cell_place("file"),
            what: what.clone(),
        });
        html! {
            (ways("/employer/declare", lang))
            (error_summary(&faults.collect::<Vec<_>>(), lang))
            p class="lead" { (lang.say(LEAD)) }
            (self.form(visitor))
            (notice(lang.say(WITHOUT), html! {
                ul {
                    li { a href=(format!("/employer/change/new?month={}", self.month)) { (lang.pick("登记一名新职工", "Enrol one person")) } }
                    li { a href=(format!("/employer/staff?month={}", self.month)) { (lang.pick("从职工名单中改工资或办理离职", "Change a wage or end somebody, from the list of staff")) } }
                }
            }))
            (fold(lang.say(COLUMNS), columns(lang)))
        }
    }

    fn samples() -> Vec<DeclarePage> {
        let month = Month::parse("2025-09").unwrap_or(Month::MAX);
        let page = |fault: Option<&str>| DeclarePage {
            months: vec![
                (month, Day::parse("2025-10-15").ok(), false),
                (Month::MAX, None, true),
            ],
            month,
            coverage: Coverage::Whole,
            key: "0".repeat(32),
            fault: fault.map(str::to_owned),
        };
        vec![page(None), page(Some("<script>alert(1)</script> (C0201)"))]
    }
}
