//! A declaration on its way: what is wrong with it, or what it would change; mended, handed in, or let go.

use super::changes::changes;
use super::declare::last;
use super::mending::list;
use super::{asked, file_name, home, month_name, ways};
use crate::export::download;
use crate::forms::{Form, at_field};
use crate::house::House;
use crate::look::components::{
    Fault, Listed, amount, empty, error_summary, hidden, notice, submit, summary, warning,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::upload::parts;
use crate::visitor::Visitor;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use city::declarations::{Coverage, DeclarationId, Intake};
use ledger::Digest;
use maud::{Markup, html};
use measure::{Moment, Month, Words};
use office::declare::Books;
use office::draft::{
    Checked, Draft, Faulty, Mending, hand_in, let_go, look, mend, mend_by_file, to_mend,
};
use rules::explain::Lang;

const CHECK: Words = Words::new("请核对", "Check before you hand it in");
const NO_CHANGE: Words = Words::new(
    "与登记一致，没有变更",
    "Nothing changes: it is as the register has it",
);
const HAND_IN: Words = Words::new("确认无误，提交", "It is right: hand it in");
const LET_GO: Words = Words::new("放弃这份", "Let it go");
const DOUBTS: Words = Words::new("请留意", "Worth a look");
/// A declaration on its way.
#[derive(Debug)]
pub(crate) struct DraftPage {
    pub(super) checked: Checked,
    pub(super) listed: Listed,
    pub(super) fault: Option<String>,
}

/// Looks at it; one that is handed in leads to its receipt.
async fn looked_at(
    house: &House,
    visitor: &Visitor,
    draft: i64,
) -> Result<Result<Checked, Response>, Problem> {
    let looked = asked(house, visitor, move |db, asking| {
        look(db, asking.applied.law, asking.with(), draft, asking.acting)
    })
    .await?;
    Ok(looked.map_err(taken_in))
}

/// One that is handed in is a declaration.
pub(super) fn taken_in(declaration: DeclarationId) -> Response {
    Redirect::to(&format!("/employer/declarations/{declaration}")).into_response()
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
    uri: Uri,
) -> Result<Response, Problem> {
    let listed = Listed::read(&uri);
    match (looked_at(&house, &visitor, draft).await?, listed.file) {
        (Ok(checked), Some(ending)) if checked.faulty.is_empty() => {
            changes(&checked, &listed, visitor.lang).written(ending)
        }
        (Ok(checked), Some(ending)) => {
            faults_file(&house, (checked, &listed), ending, visitor.lang).await
        }
        (Ok(checked), None) => {
            let page = DraftPage {
                checked,
                listed,
                fault: None,
            };
            Ok(shown(&page, &visitor))
        }
        (Err(elsewhere), _) => Ok(elsewhere),
    }
}

/// The rows with faults that are listed, as a file that can be mended and sent back.
async fn faults_file(
    house: &House,
    (checked, listed): (Checked, &Listed),
    ending: &str,
    lang: Lang,
) -> Result<Response, Problem> {
    let rows: Vec<Faulty> = {
        let list = list(&checked, listed, lang);
        list.chosen().into_iter().cloned().collect()
    };
    let is_book = ending == "xlsx";
    let bytes = house
        .office(move |_| to_mend(&checked.columns, &rows, is_book, lang))
        .await?;
    Ok(download(&format!("mend.{ending}"), is_book, bytes))
}

/// How it is after something was altered: faults are told with what was typed, listed as they were as long as any are.
async fn after(
    house: &House,
    visitor: &Visitor,
    (draft, mut listed): (i64, Listed),
    fault: Option<String>,
) -> Result<Response, Problem> {
    match looked_at(house, visitor, draft).await? {
        Ok(checked) if checked.faulty.is_empty() && fault.is_none() => {
            Ok(Redirect::to(&format!("/employer/drafts/{draft}")).into_response())
        }
        Ok(checked) => {
            if list(&checked, &listed, visitor.lang).chosen().is_empty() {
                listed = Listed::default();
            }
            let page = DraftPage {
                checked,
                listed,
                fault,
            };
            Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, visitor))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes what was written into cells.
pub(crate) async fn mend_cells(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
    uri: Uri,
    form: String,
) -> Result<Response, Problem> {
    let mut mending = Mending::default();
    for (key, value) in Form::read(&form).all() {
        if let Some(row) = key.strip_prefix("out-").and_then(|row| row.parse().ok()) {
            mending.out.push(row);
        } else if let Some((row, column)) = key
            .strip_prefix("c-")
            .and_then(|place| place.split_once('-'))
            && let (Ok(row), Ok(column)) = (row.parse(), column.parse())
        {
            let value: String = value.chars().take(200).collect();
            mending.cells.push((row, column, value));
        }
    }
    asked(&house, &visitor, move |db, asking| {
        mend(db, asking.with(), draft, &mending, asking.acting)
    })
    .await?;
    after(&house, &visitor, (draft, Listed::read(&uri)), None).await
}

/// Takes a mended file.
pub(crate) async fn mend_with_file(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let parts = parts(&headers, &body).ok_or_else(Problem::unreadable)?;
    let sent = parts.iter().find(|part| part.name == "file");
    let sent = sent.ok_or_else(Problem::unreadable)?;
    let (name, bytes) = (last(sent.file, 80).to_owned(), sent.bytes.to_vec());
    let done = asked(&house, &visitor, move |db, asking| {
        mend_by_file(db, asking.with(), draft, (&name, &bytes), asking.acting)
    })
    .await;
    match done {
        Ok(_) => after(&house, &visitor, (draft, Listed::default()), None).await,
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let fault = at_field(&problem, visitor.lang);
            after(&house, &visitor, (draft, Listed::default()), Some(fault)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Hands it in.
pub(crate) async fn submit_it(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
    form: String,
) -> Result<Response, Problem> {
    let seen = Digest::parse(Form::read(&form).get("seen")).ok_or_else(Problem::unreadable)?;
    let done = asked(&house, &visitor, move |db, asking| {
        let (law, with) = (asking.applied.law, asking.with());
        hand_in(db, law, with, (draft, &seen), asking.acting)
    })
    .await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/employer/declarations/{id}?done=1")).into_response()),
        Err(problem) if matches!(problem.code, "N0405" | "N0408") => {
            let fault = at_field(&problem, visitor.lang);
            after(&house, &visitor, (draft, Listed::default()), Some(fault)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Lets it go.
pub(crate) async fn drop_it(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
) -> Result<Response, Problem> {
    asked(&house, &visitor, move |db, asking| {
        let_go(db, asking.login, draft, asking.acting)
    })
    .await?;
    Ok(Redirect::to("/employer/declare").into_response())
}

impl DraftPage {
    fn to_hand_in(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let to = format!("/employer/drafts/{}", self.checked.draft.id);
        let fault = self.fault.iter().map(|what| Fault {
            field: "hand-in".to_owned(),
            what: what.clone(),
        });
        html! {
            (error_summary(&fault.collect::<Vec<_>>(), lang))
            h2 { (lang.say(CHECK)) }
            (self.tally(lang))
            (self.books(lang))
            (self.doubts(lang))
            (self.forgotten(lang))
            @if self.checked.changes.is_empty() {
                (empty(lang.say(NO_CHANGE), html! {}))
            } @else {
                (changes(&self.checked, &self.listed, lang).on_page(lang))
            }
            form id="hand-in" method="post" action=(format!("{to}/submit")) {
                (hidden("csrf", &visitor.csrf()))
                (hidden("seen", &self.checked.seen.to_string()))
                (submit(lang.say(HAND_IN)))
            }
        }
    }

    fn tally(&self, lang: Lang) -> Markup {
        let (outcome, tally) = (&self.checked.outcome, self.checked.outcome.tally);
        let counts = [
            (Words::new("不变", "Unchanged"), tally.unchanged),
            (Words::new("变更", "Changed"), tally.changed),
            (
                Words::new("其中恢复缴费", "Of these, paid for again"),
                outcome.resumed,
            ),
            (Words::new("新增", "New"), tally.enrolled),
            (
                Words::new("其中首次登记", "Of these, new to the register"),
                outcome.registered,
            ),
            (Words::new("减员", "Ended"), tally.ended),
        ];
        let mut rows = vec![(lang.pick("行数", "Rows").to_owned(), html! { (tally.rows) })];
        let counts = counts.into_iter().filter(|(_, count)| 0 < *count);
        rows.extend(counts.map(|(name, count)| (lang.say(name).to_owned(), html! { (count) })));
        rows.push((
            lang.pick("工资合计", "Wages together").to_owned(),
            html! { strong { (amount(tally.wages, None, lang)) } },
        ));
        summary(&rows)
    }

    fn books(&self, lang: Lang) -> Markup {
        let said = match self.checked.outcome.books {
            Books::Open => None,
            Books::Assessed => Some(lang.pick(
                "这个月的核定已开启，本次申报要等下一次差额核定。",
                "The month's assessment was opened before; what differs is assessed later as differences.",
            )),
            Books::Published => Some(lang.pick(
                "这个月的核定已发布，差额另行核定并另出账单。",
                "The month's assessment is in force; what differs is assessed and billed as differences.",
            )),
            Books::Sealed => Some(lang.pick(
                "这个月已结账，差额另行核定并另出账单。",
                "The month is closed; what differs is assessed and billed as differences.",
            )),
        };
        let amends = match self.checked.outcome.intake {
            Intake::First => None,
            Intake::Amends(id) => Some(id),
            Intake::Late { amends } => amends,
        };
        html! {
            @if let Some(id) = amends {
                (notice(&lang.pick(format!("将更正申报 {id}"), format!("It amends declaration {id}")), html! {
                    p { (lang.pick("原申报保留备查；撤销这一份，原申报重新有效。", "The earlier one is kept; if this one is taken back, it stands again.")) }
                }))
            }
            @if let Some(said) = said { (warning(lang.pick("月份已核定", "The month was assessed"), html! { p { (said) } })) }
        }
    }

    fn doubts(&self, lang: Lang) -> Markup {
        let (notes, doubts) = (&self.checked.notes, &self.checked.doubts);
        html! {
            @if !notes.is_empty() || !doubts.is_empty() {
                (warning(lang.say(DOUBTS), html! {
                    ul {
                        @for note in notes { li { (lang.pick(&note.zh, &note.en)) } }
                        @for doubt in doubts { li { (doubt.sentence(lang)) " (" (doubt.code) ")" } }
                    }
                }))
            }
        }
    }
}

impl Page for DraftPage {
    fn title(&self, lang: Lang) -> String {
        title_of(self.checked.draft.month, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let draft = &self.checked.draft;
        let covers = match draft.coverage {
            Coverage::Whole => lang.pick("全部职工", "the whole staff"),
            Coverage::Part => lang.pick("部分职工", "some of the staff"),
        };
        html! {
            (ways("/employer/declare", lang))
            p class="quiet" { (file_name(&draft.name, lang)) " · " (covers) " · " (lang.pick("试算，尚未记录", "only looked at; nothing is recorded yet")) }
            @if self.checked.faulty.is_empty() { (self.to_hand_in(visitor)) } @else { (self.to_mend(visitor)) }
            form method="post" action=(format!("/employer/drafts/{}/let-go", draft.id)) {
                (hidden("csrf", &visitor.csrf()))
                button class="plain" { (lang.say(LET_GO)) }
            }
        }
    }

    fn samples() -> Vec<DraftPage> {
        super::draft_sample::pages()
    }
}

/// What the declaration of a month is called.
pub(super) fn title_of(month: Month, lang: Lang) -> String {
    let name = month_name(month, lang);
    lang.pick(format!("{name}申报"), format!("Declaration of {name}"))
}

/// A draft for samples.
pub(super) fn sample_draft() -> Draft {
    Draft {
        id: 3,
        employer: city::employers::EmployerId::new(7).expect("7 is a number"),
        month: Month::parse("2025-09").unwrap_or(Month::MAX),
        coverage: Coverage::Whole,
        name: "<b>8000.xlsx".to_owned(),
        by: "li".to_owned(),
        at: Moment::from_microseconds(1_757_300_000_000_000),
        declaration: None,
    }
}
