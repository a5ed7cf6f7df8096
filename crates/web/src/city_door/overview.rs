//! How does the city stand?

use super::{HIDDEN, Measure, band, count, read, schemes, shown_sum, sum};
use crate::export;
use crate::house::House;
use crate::look::components::{
    Column, Head, List, Listed, Rows, Table, amount, empty, table, tabs,
};
use crate::look::districts;
use crate::look::pictures::{Bar, Bars, Tile, Tiles, bars, tiles};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::insurance::Scheme;
use city::places::District;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::figures::{Cell, Figures};
use office::tables::Written;
use rules::explain::Lang;
use std::collections::{BTreeMap, BTreeSet};

const TITLE: Words = Words::new("全市", "City");
const NONE: Words = Words::new("还没有已发布的月份", "No month has been published yet");
const NONE_SAYS: Words = Words::new(
    "第一个月核定、复核并发布后，这里按险种和区县列出参保、应缴、到账和欠费。",
    "When the first month is assessed, approved and published, insured, dues, collected and arrears stand here by scheme and district.",
);
const MONTH: Words = Words::new("月份", "Month");
const AS_OF: Words = Words::new("截至", "As of");
const SCHEME: Words = Words::new("险种", "Scheme");
const ALL: Words = Words::new("全部", "All");
const DISTRICT: Words = Words::new("区县", "District");
const BEFORE: Words = Words::new("上月应缴", "Due the month before");
const CHANGE: Words = Words::new("变动", "Change");
const BY_SCHEME: Words = Words::new(
    "本月与上月，按险种",
    "This month against the last, by scheme",
);
const BY_AGE: Words = Words::new("欠费按逾期时间", "Arrears by how long they are overdue");
const BY_DISTRICT: Words = Words::new("按区县", "By district");
const WHICH: Words = Words::new("看什么", "What to show");
const RULES: Words = Words::new(
    "只有合计，没有个人。人数少于 5 的格子不显示，为免由合计倒推，也可能多隐藏一格；合计只加显示的格子。",
    "Sums only, never a person. Cells below five are not shown, nor another one where they could be worked out from a sum; sums add what is shown.",
);

/// The city's figures.
#[derive(Debug)]
pub(crate) struct OverviewPage {
    of: Figures,
    measure: Measure,
    scheme: Option<Scheme>,
    /// Those of which anything is known.
    districts: Vec<District>,
    listed: Listed,
}

fn known(of: &Figures) -> Vec<District> {
    let all: BTreeSet<District> = of.cells.keys().map(|(_, district)| *district).collect();
    all.into_iter().collect()
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let of = read(&house, &visitor).await?;
    let page = OverviewPage {
        districts: known(&of),
        of,
        measure: Measure::read(&query(&uri, "show").unwrap_or_default()),
        scheme: scheme(&uri),
        listed: Listed::read(&uri),
    };
    match page.listed.file {
        Some(ending) => page.by_district(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// The scheme of an address.
fn scheme(uri: &Uri) -> Option<Scheme> {
    let asked = query(uri, "scheme")?;
    schemes().find(|scheme| scheme.in_law() == asked)
}

/// All cells as a file.
pub(crate) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    if !matches!(name.rsplit_once('.'), Some(("figures", _))) {
        return Err(Problem::no_page());
    }
    let of = read(&house, &visitor).await?;
    let lang = visitor.lang;
    let head = [
        SCHEME,
        DISTRICT,
        Measure::Insured.name(),
        Measure::Due.name(),
        BEFORE,
        Measure::Collected.name(),
    ];
    let rows = of.cells.iter().map(|((scheme, district), cell)| {
        let mut row: Vec<Written> = vec![
            scheme.name(lang).into(),
            districts::name(*district, lang).into(),
        ];
        match cell {
            Some(cell) => row.extend([
                Written::Count(cell.insured),
                Written::Yuan(cell.due.0),
                Written::Yuan(cell.due_before.0),
                Written::Yuan(cell.collected.0),
            ]),
            None => row.extend((0..4).map(|_| Written::from(lang.say(HIDDEN)))),
        }
        row
    });
    export::written(
        &name,
        &head.map(|words| lang.say(words)),
        &rows.collect::<Vec<_>>(),
    )
}

impl OverviewPage {
    fn to(&self, measure: Measure, scheme: Option<Scheme>) -> String {
        let scheme =
            scheme.map_or_else(String::new, |scheme| format!("&scheme={}", scheme.in_law()));
        format!("/city?show={}{scheme}", measure.word())
    }

    fn choose(&self, lang: Lang) -> Markup {
        let measures: Vec<(String, &str)> = Measure::ALL
            .iter()
            .map(|measure| (self.to(*measure, self.scheme), lang.say(measure.name())))
            .collect();
        let mut of: Vec<(String, &str)> = vec![(self.to(self.measure, None), lang.say(ALL))];
        of.extend(schemes().map(|scheme| (self.to(self.measure, Some(scheme)), scheme.name(lang))));
        let as_tabs = |all: &[(String, &str)], label: Words, shown: &str| {
            let all: Vec<(&str, &str)> = all
                .iter()
                .map(|(href, name)| (href.as_str(), *name))
                .collect();
            tabs(lang.say(label), &all, shown)
        };
        let shown = self.to(self.measure, self.scheme);
        html! {
            (as_tabs(&measures, WHICH, &shown))
            // What is in arrears is not told by scheme.
            @if self.measure != Measure::Arrears { (as_tabs(&of, SCHEME, &shown)) }
        }
    }

    fn map(&self, lang: Lang) -> Markup {
        let places = districts::ALL.iter().filter_map(|placed| {
            let district = District::new(placed.code)?;
            let known = self.of.cells.keys().any(|(_, known)| *known == district);
            known.then_some((placed, district))
        });
        let all = places.map(|(placed, district)| Tile {
            at: placed.at,
            name: (
                lang.pick(placed.zh, placed.en).to_owned(),
                lang.pick(placed.short, placed.en).to_owned(),
            ),
            value: sum(&self.of, self.measure, self.scheme, Some(district)).unwrap_or(-1),
            href: Some(format!("/city/{district}")),
        });
        let name = lang.say(self.measure.name());
        let whole = sum(&self.of, self.measure, self.scheme, None).unwrap_or(-1);
        let of = self
            .scheme
            .map_or(lang.say(ALL), |scheme| scheme.name(lang));
        let whole = (self.measure.written())(whole);
        tiles(
            &Tiles {
                title: format!("{name} · {of}"),
                says: lang.pick(
                    format!("合计 {whole}；颜色越深越多，点区县看明细"),
                    format!("{whole} altogether; the darker the more; a district opens to its own"),
                ),
                axes: (lang.say(DISTRICT).to_owned(), name.to_owned()),
                tiles: all.collect(),
                least: 0,
                written: self.measure.written(),
            },
            lang,
        )
    }

    /// The districts as the map shows them, and beside each other what it does not.
    fn by_district(&self, lang: Lang) -> List<'_, District> {
        let of = move |district: District, measure| {
            // What is in arrears is not told by scheme.
            let scheme = self.scheme.filter(|_| measure != Measure::Arrears);
            sum(&self.of, measure, scheme, Some(district))
        };
        let mut columns = vec![
            Column::words("district", lang.say(DISTRICT), move |district: &District| {
                districts::name(*district, lang).into()
            })
            .shown(move |district: &District| {
                html! { a href=(format!("/city/{district}")) { (districts::name(*district, lang)) } }
            }),
        ];
        columns.extend(Measure::ALL.into_iter().map(|measure| {
            let written = move |district: &District| match (of(*district, measure), measure) {
                (None, _) => lang.say(HIDDEN).into(),
                (Some(many), Measure::Insured) => Written::Count(many),
                (Some(fen), _) => Written::Yuan(fen),
            };
            let shown = move |district: &District| match (of(*district, measure), measure) {
                (None, _) => html! { span class="quiet" { (lang.say(HIDDEN)) } },
                (Some(many), Measure::Insured) => html! { (count(many)) },
                (Some(fen), _) => amount(Fen(fen), None, lang),
            };
            Column::numbers(measure.word(), lang.say(measure.name()), written).shown(shown)
        }));
        let scheme = self
            .scheme
            .map(|scheme| ("scheme", scheme.in_law().to_owned()));
        let mut keep = vec![("show", self.measure.word().to_owned())];
        keep.extend(scheme);
        List {
            caption: lang.say(BY_DISTRICT).to_owned(),
            name: "districts".into(),
            path: "/city".into(),
            keep,
            columns,
            rows: &self.districts,
            come: Rows::All,
            listed: &self.listed,
            also: |district, word| district.to_string() == word,
            foot: None,
        }
    }

    fn by_scheme(&self, lang: Lang) -> Markup {
        let rows = schemes().map(|scheme| {
            let all = |take: fn(&Cell) -> i64| {
                let cells = self.of.cells.iter().filter(|((of, _), _)| *of == scheme);
                shown_sum(cells.map(|(_, cell)| cell.as_ref().map(take)))
            };
            let hidden = || html! { span class="quiet" { (lang.say(HIDDEN)) } };
            let money = |take| all(take).map_or_else(hidden, |fen| amount(Fen(fen), None, lang));
            let change = |fen: i64| html! { span class="amount" { @if fen > 0 { "+" } (Fen(fen).with_separators()) } };
            vec![
                html! { a class="whole" href=(self.to(self.measure, Some(scheme))) { (scheme.name(lang)) } }.into(),
                all(|cell| cell.insured).map_or_else(hidden, |many| html! { (count(many)) }).into(),
                money(|cell| cell.due.0).into(),
                money(|cell| cell.due_before.0).into(),
                all(|cell| cell.due.0 - cell.due_before.0).map_or_else(hidden, change).into(),
                money(|cell| cell.collected.0).into(),
            ]
        });
        table(
            &Table {
                caption: lang.say(BY_SCHEME).to_owned(),
                head: vec![
                    Head::words(lang.say(SCHEME)),
                    Head::numbers(lang.say(Measure::Insured.name())),
                    Head::numbers(lang.say(Measure::Due.name())),
                    Head::numbers(lang.say(BEFORE)),
                    Head::numbers(lang.say(CHANGE)),
                    Head::numbers(lang.say(Measure::Collected.name())),
                ],
                rows: rows.collect(),
                foot: None,
            },
            lang,
        )
    }

    fn by_age(&self, lang: Lang) -> Markup {
        ages(&self.of, None, lang)
    }
}

/// What is open, by the law's bands of age, in one district or all.
pub(super) fn ages(of: &Figures, only: Option<District>, lang: Lang) -> Markup {
    let all: Vec<Bar> = of
        .bands
        .iter()
        .filter_map(|(number, _)| {
            let mut open = of
                .arrears
                .iter()
                .filter(|((district, of), _)| {
                    of == number && only.is_none_or(|only| only == *district)
                })
                .map(|(_, open)| open.map(|open| open.0))
                .peekable();
            // What is hidden or is not there has no bar.
            open.peek()?;
            Some(Bar {
                name: band(of, *number, lang),
                values: vec![shown_sum(open)?],
            })
        })
        .collect();
    if all.is_empty() {
        return html! {};
    }
    bars(
        &Bars {
            title: lang.say(BY_AGE).to_owned(),
            says: lang.pick(
                "未付清的应缴，含尚未到期的".to_owned(),
                "what is not paid, of it what is not overdue yet".to_owned(),
            ),
            across: lang.say(BY_AGE).to_owned(),
            parts: vec![lang.say(Measure::Arrears.name()).to_owned()],
            bars: all,
            written: Measure::Arrears.written(),
        },
        lang,
    )
}

/// Whether anything of a cell is to be told.
pub(super) fn told(cell: Option<&Cell>, take: impl Fn(&Cell) -> Markup, lang: Lang) -> Markup {
    match cell {
        Some(cell) => take(cell),
        None => html! { span class="quiet" { (lang.say(HIDDEN)) } },
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
        let Some(month) = self.of.month else {
            return empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } });
        };
        html! {
            p class="quiet" { (lang.say(MONTH)) " " (month) " · " (lang.say(AS_OF)) " " (self.of.on) }
            ul class="figures" {
                @for measure in Measure::ALL {
                    @let all = sum(&self.of, measure, if measure == Measure::Insured { Some(Scheme::EmployeePension) } else { None }, None);
                    li {
                        span {
                            (lang.say(measure.name()))
                            @if measure == Measure::Insured { " · " (Scheme::EmployeePension.name(lang)) }
                        }
                        strong {
                            @match (all, measure) {
                                (None, _) => (lang.say(HIDDEN)),
                                (Some(all), Measure::Insured) => (count(all)),
                                (Some(all), _) => (amount(Fen(all), None, lang)),
                            }
                        }
                    }
                }
            }
            h2 { (lang.say(BY_DISTRICT)) }
            (self.choose(lang))
            (self.map(lang))
            (self.by_district(lang).on_page(lang))
            (self.by_scheme(lang))
            (self.by_age(lang))
            (export::links("/city/file/figures", "", lang))
            p class="quiet" { (lang.say(RULES)) }
        }
    }

    fn samples() -> Vec<OverviewPage> {
        let of = |measure, scheme| OverviewPage {
            districts: known(&super::sample()),
            of: super::sample(),
            measure,
            scheme,
            listed: Listed::default(),
        };
        vec![
            of(Measure::Insured, None),
            of(Measure::Due, Some(Scheme::Unemployment)),
            of(Measure::Arrears, None),
            OverviewPage {
                of: Figures {
                    month: None,
                    cells: BTreeMap::new(),
                    arrears: BTreeMap::new(),
                    ..super::sample()
                },
                measure: Measure::Insured,
                scheme: None,
                districts: Vec::new(),
                listed: Listed::default(),
            },
        ]
    }
}
