//! What a declaration on its way would change, and of whom of the staff it does not speak: two lists, each at an address of its own.

use super::draft::{DraftPage, taken_in, title_of};
use super::{asked, home, ways};
use crate::house::House;
use crate::look::components::{
    Column, List, Listed, Rows, amount, button_link, empty, no_more, tag, warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::declarations::{Coverage, Verdict};
use maud::{Markup, html};
use measure::{Fen, Words};
use office::draft::{Change, Checked, Forgotten, Unnamed, unnamed};
use office::tables::Written;
use rules::explain::Lang;

const CHANGES: Words = Words::new("将记录的变更", "What will change");
pub(super) const UNNAMED: Words = Words::new("文件中没有的职工", "Staff the file does not name");
pub(super) const UNNAMED_SAYS: Words = Words::new(
    "他们的参保和工资保持不变。已离职的，请在文件中写结束日期，或从职工名单办理。",
    "They stay insured at the wage they have. Whoever has left needs a last day in the file, or is ended from the list of staff.",
);
const ALL_NAMED: Words = Words::new("文件说到了全部职工", "The file speaks of the whole staff");
const OF_SOME: Words = Words::new(
    "文件只申报部分职工，其余不变",
    "The file tells of some of the staff; the others stay as they are",
);
const BACK: Words = Words::new("回到申报", "Back to the declaration");
const NAME: Words = Words::new("姓名", "Name");
const NUMBER: Words = Words::new("身份证号码", "Identity number");
const WHAT: Words = Words::new("变更", "Change");
const WAGE: Words = Words::new("月工资", "Monthly wage");
const BEFORE: Words = Words::new("原工资", "Wage before");
const AFTER: Words = Words::new("新工资", "New wage");

/// What a row changes in a word, and how it looks.
fn kind(change: &Change) -> Option<(Words, &'static str)> {
    match &change.verdict {
        Verdict::Changed { resumed: true, .. } => {
            Some((Words::new("恢复缴费", "paid for again"), "good"))
        }
        Verdict::Changed { .. } => Some((Words::new("工资变更", "wage changed"), "")),
        Verdict::Enrolled { .. } => Some((Words::new("新增", "new"), "good")),
        Verdict::Ended { .. } => Some((Words::new("减员", "ended"), "doubt")),
        Verdict::Unchanged { .. } | Verdict::Faulty(_) => None,
    }
}

/// The last day, where the row names one.
fn ends(change: &Change, lang: Lang) -> Option<String> {
    let day = change.last_day.as_ref()?;
    Some(lang.pick(format!("工作到 {day}"), format!("works until {day}")))
}

/// The wage before and after.
fn wages(change: &Change) -> (Option<Fen>, Option<Fen>) {
    match &change.verdict {
        Verdict::Unchanged { wage, .. } => (Some(*wage), Some(*wage)),
        Verdict::Changed { before, wage, .. } => (*before, Some(*wage)),
        Verdict::Enrolled { wage, .. } => (None, Some(*wage)),
        Verdict::Ended { .. } | Verdict::Faulty(_) => (None, None),
    }
}

/// A column of wages, some of which nobody knows.
fn money<'a, T: 'a>(
    word: &'static str,
    name: Words,
    take: fn(&T) -> Option<Fen>,
    lang: Lang,
) -> Column<'a, T> {
    let written = move |row: &T| take(row).map_or_else(|| "".into(), |fen| Written::Yuan(fen.0));
    Column::numbers(word, lang.say(name), written).shown(move |row: &T| {
        take(row).map_or_else(|| html! { "—" }, |fen| amount(fen, None, lang))
    })
}

/// What would change, a row a person.
pub(super) fn changes<'a>(
    checked: &'a Checked,
    listed: &'a Listed,
    lang: Lang,
) -> List<'a, Change> {
    let said = move |change: &Change| {
        let kind = kind(change).map(|(word, _)| lang.say(word).to_owned());
        let parts: Vec<String> = kind.into_iter().chain(ends(change, lang)).collect();
        parts.join(lang.pick("，", ", "))
    };
    let shown = move |change: &Change| {
        html! {
            @if let Some((word, look)) = kind(change) { (tag(lang.say(word), look)) }
            @if let Some(ends) = ends(change, lang) { " " (ends) }
        }
    };
    List {
        caption: lang.say(CHANGES).to_owned(),
        name: "changes".into(),
        path: format!("/employer/drafts/{}", checked.draft.id).into(),
        keep: Vec::new(),
        columns: vec![
            Column::words("name", lang.say(NAME), |row: &Change| {
                row.name.as_str().into()
            }),
            Column::words("number", lang.say(NUMBER), |row: &Change| {
                row.masked.as_str().into()
            })
            .unsorted(),
            Column::words("what", lang.say(WHAT), move |row: &Change| said(row).into())
                .shown(shown),
            money("before", BEFORE, |row: &Change| wages(row).0, lang),
            money("after", AFTER, |row: &Change| wages(row).1, lang),
        ],
        rows: &checked.changes,
        come: Rows::All,
        listed,
        also: no_more,
        foot: None,
    }
}

/// Of whom it does not speak.
#[derive(Debug)]
pub(crate) struct UnnamedPage {
    of: Unnamed,
    listed: Listed,
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(draft): Path<i64>,
    uri: Uri,
) -> Result<Response, Problem> {
    let found = asked(&house, &visitor, move |db, asking| {
        unnamed(db, asking.applied.law, asking.with(), draft, asking.acting)
    })
    .await?;
    let of = match found {
        Ok(of) => of,
        Err(declaration) => return Ok(taken_in(declaration)),
    };
    let listed = Listed::read(&uri);
    let page = UnnamedPage { of, listed };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

impl UnnamedPage {
    fn list(&self, lang: Lang) -> List<'_, Forgotten> {
        List {
            caption: lang.say(UNNAMED).to_owned(),
            name: "unnamed".into(),
            path: format!("{}/unnamed", self.draft()).into(),
            keep: Vec::new(),
            columns: vec![
                Column::words("name", lang.say(NAME), |one: &Forgotten| {
                    one.name.as_str().into()
                }),
                Column::words("number", lang.say(NUMBER), |one: &Forgotten| {
                    one.masked.as_str().into()
                })
                .unsorted(),
                money("wage", WAGE, |one: &Forgotten| one.wage, lang),
            ],
            rows: &self.of.people,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn draft(&self) -> String {
        format!("/employer/drafts/{}", self.of.draft.id)
    }
}

impl Page for UnnamedPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(UNNAMED).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let mut trail = home(lang);
        trail.push(Crumb::new(
            self.draft(),
            title_of(self.of.draft.month, lang),
        ));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let nobody = match self.of.draft.coverage {
            Coverage::Whole => ALL_NAMED,
            Coverage::Part => OF_SOME,
        };
        let back = button_link(&self.draft(), lang.say(BACK));
        html! {
            (ways("/employer/declare", lang))
            @if self.of.people.is_empty() {
                (empty(lang.say(nobody), html! { p { (back) } }))
            } @else {
                p class="lead" { (lang.say(UNNAMED_SAYS)) }
                (self.list(lang).on_page(lang))
                p { (back) }
            }
        }
    }

    fn samples() -> Vec<UnnamedPage> {
        let page = |people: usize, filter: &str| UnnamedPage {
            of: Unnamed {
                draft: super::draft::sample_draft(),
                people: (0..people)
                    .map(|at| Forgotten {
                        name: "<script>alert(1)</script>".to_owned(),
                        masked: "500103********0025".to_owned(),
                        wage: (0 < at % 3).then_some(Fen(812_345)),
                    })
                    .collect(),
            },
            listed: Listed {
                filter: filter.to_owned(),
                ..Listed::default()
            },
        };
        vec![
            page(1, ""),
            page(120, ""),
            page(9, "<script>alert(2)</script>"),
            page(0, ""),
        ]
    }
}

impl DraftPage {
    /// How many the file does not speak of, and where they are listed.
    pub(super) fn forgotten(&self, lang: Lang) -> Markup {
        let outcome = &self.checked.outcome;
        let (all, unnumbered) = (outcome.missing, outcome.without_number);
        let to = format!("/employer/drafts/{}/unnamed", self.checked.draft.id);
        html! {
            @if 0 < unnumbered {
                p class="quiet" { (lang.pick(
                    format!("另有 {unnumbered} 名职工登记中没有居民身份证号码，文件无法申报，保持不变。"),
                    format!("{unnumbered} of the staff have no resident identity number; no row can speak of them, and they stay as they are."),
                )) }
            }
            @if 0 < all {
                (warning(&format!("{}{}{all}", lang.say(UNNAMED), lang.pick("：", ": ")), html! {
                    p { (lang.say(UNNAMED_SAYS)) }
                    p { a href=(to) { (lang.pick("看是哪些人", "See who they are")) } }
                }))
            }
        }
    }
}
