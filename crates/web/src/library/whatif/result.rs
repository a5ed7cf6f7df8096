//! Who pays more, who gets less: in a sentence, by district, by wage, and as a file.

use super::sample::{sample, sample_asked, sample_of_a_file};
use super::words::{count, sentence, signed, ways};
use super::{Done, choose, query, to, trail};
use crate::city_door::HIDDEN;
use crate::export;
use crate::library::Reading;
use crate::look::components::{
    Cell, Head, Table, button_link, fold, notice, summary, table, warning,
};
use crate::look::districts;
use crate::look::pictures::{Bar, Bars, Tile, Tiles, bars, tiles as tiled};
use crate::page::{Crumb, Page};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::response::Response;
use city::figures::FEWEST;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::permit::{self, Action};
use office::tables::Written;
use office::whatif::{Asked, Effect, MOST_CHANGES, Outcome};
use rules::diff::Tally;
use rules::explain::Lang;

const WHAT: Words = Words::new("问的是", "Asked");
const CHANGED: Words = Words::new("改动", "Changed");
const SINCE: Words = Words::new("自", "Since");
const OVER: Words = Words::new("范围", "Over");
const BY_DISTRICT: Words = Words::new("按区县", "By district");
const BY_BAND: Words = Words::new("按工资", "By wage");
const DISTRICT: Words = Words::new("区县", "District");
const BAND: Words = Words::new("工资", "Wage");
const NO_WAGE: Words = Words::new("工资不详", "Wage not known");
const CONCERNED: Words = Words::new("涉及人数", "Concerned");
const MOVED: Words = Words::new("人均变动", "Change per person");
const SUM: Words = Words::new("合计变动", "Change altogether");
const BEFORE: Words = Words::new("改动前合计", "Altogether before");
const AFTER: Words = Words::new("改动后合计", "Altogether after");
const REFUSED: Words = Words::new("法律没有给出结果的", "Without an answer of the law");
const AGAIN: Words = Words::new("换一个数值", "Change it again");
const MORE: Words = Words::new("再改一个数值", "Change another figure too");
const OVER_A_FILE: Words = Words::new("用自己的人群文件试算", "Try it over the people of a file");
const ANOTHER_FILE: Words = Words::new("换一份文件", "Try another file");
const NO_DISTRICT: Words = Words::new("区县不详", "District not known");
const FEW: Words = Words::new(
    "人数少于 5 的、变动者少于 5 的格子不显示；为免由合计倒推，也会多隐藏几格。合计包括所有人。",
    "Cells of fewer than five people, or in which fewer than five gain or lose, are not shown, nor others by which they could be worked out. Sums are of all.",
);
const HOW_OF_A_FILE: Words = Words::new(
    "两部法律各算一遍文件的每一行，只有改动的数值不同；缺少必要事实的行不计入增减。按人数大致分组的工资段以整百元为界。没有算人们因此改变的行为。",
    "Both laws work out every row of the file, and differ in nothing but the figures changed; rows that lack a fact count neither as more nor as less. Bands of wage have about as many people each and end at whole hundreds of yuan. That people may act otherwise is not reckoned with.",
);
const HOW: Words = Words::new("怎么算的", "How it is worked out");
const HOW_SAYS: Words = Words::new(
    "两部法律各算一遍同样的人，只有改动的数值不同。城市是按公布数据合成的，没有真人；结果说明方向和轻重，不是全市的总额。没有算人们因此改变的行为。",
    "Both laws work out the same people, and differ in nothing but the figures changed. The city is made up from published figures, and nobody in it is real: it shows which way and how much, not the sum for the city. That people may act otherwise is not reckoned with.",
);

/// Over whom it was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The made-up city.
    City,
    /// The people of a file; under which key it is kept.
    File(String),
}

/// What came of a change.
#[derive(Debug)]
pub(crate) struct ResultPage {
    reading: Reading,
    asked: Asked,
    done: Done,
    over: Over,
}

impl ResultPage {
    pub(super) fn new(reading: Reading, asked: Asked, done: Done, over: Over) -> ResultPage {
        ResultPage {
            reading,
            asked,
            done,
            over,
        }
    }

    fn effect(&self) -> Effect {
        self.asked.question.effect()
    }

    fn query(&self) -> String {
        query(
            &self.asked.changes,
            Some(self.asked.since),
            Some(self.asked.question),
        )
    }

    fn facts(&self, outcome: &Outcome, lang: Lang) -> Markup {
        let people = count(outcome.people);
        let changed = html! {
            @for (place, was, now) in &outcome.changed {
                div { code { (place) } " " (was) " → " strong { (now) } }
            }
        };
        summary(&[
            (lang.say(CHANGED).to_owned(), changed),
            (lang.say(SINCE).to_owned(), html! { (self.asked.since) }),
            (
                lang.say(WHAT).to_owned(),
                html! { (lang.say(self.asked.question.name())) },
            ),
            (
                lang.say(OVER).to_owned(),
                html! { (match self.over {
                    Over::City => lang.pick(format!("{people} 名参保人的合成城市"), format!("a made-up city of {people} insured")),
                    Over::File(_) => lang.pick(format!("{people} 行的文件"), format!("a file of {people} rows")),
                }) },
            ),
        ])
    }

    /// In plain words.
    fn headline(&self, whole: &Tally, lang: Lang) -> Markup {
        let effect = self.effect();
        let [more, less, same] = ways(effect).map(|words| lang.say(words));
        let year = whole.difference().saturating_mul(12);
        let year = signed(effect, year, lang);
        let mean = whole.mean().map(|mean| signed(effect, mean, lang));
        html! {
            p class="lead" { (sentence(effect, whole, lang)) }
            ul class="figures" {
                @for (name, number) in [(more, whole.gainers), (less, whole.losers), (same, whole.unchanged)] {
                    li { span { (name) } strong { (count(number)) } }
                }
                @if effect == Effect::Retires {
                    li { span { (lang.say(MOVED)) } strong { (mean.unwrap_or_default()) } }
                } @else {
                    li { span { (lang.pick("合计每年", "Altogether a year")) } strong { (year) } }
                }
            }
        }
    }

    fn by_district(&self, outcome: &Outcome, lang: Lang) -> Markup {
        let effect = self.effect();
        let named = |placed: &districts::Placed| Tile {
            at: placed.at,
            name: (
                lang.pick(placed.zh, placed.en).to_owned(),
                lang.pick(placed.short, placed.en).to_owned(),
            ),
            value: outcome.district(place_of(placed)).map_or(HIDES, moved),
            href: None,
        };
        let mean = outcome.total().mean().unwrap_or(0);
        let lies = districts::ALL
            .iter()
            .filter(|placed| lies(outcome, place_of(placed)));
        let tiles: Vec<Tile> = lies.map(named).collect();
        // Districts differ little: the shades tell them apart, the numbers say by how much.
        let shown = tiles.iter().map(|tile| tile.value);
        let least = shown.filter(|value| *value != HIDES).min();
        tiled(
            &Tiles {
                title: format!(
                    "{} · {}",
                    lang.say(BY_DISTRICT),
                    lang.say(self.asked.question.name())
                ),
                says: lang.pick(
                    format!(
                        "人均变动 {}；颜色越深，人均变动越大",
                        signed(effect, mean, lang)
                    ),
                    format!(
                        "{} a person; the darker, the more a person's amount moves",
                        signed(effect, mean, lang)
                    ),
                ),
                axes: (lang.say(DISTRICT).to_owned(), lang.say(MOVED).to_owned()),
                least: least.unwrap_or(0),
                tiles,
                written: in_units(effect),
            },
            lang,
        )
    }

    fn by_band(&self, outcome: &Outcome, lang: Lang) -> Markup {
        let effect = self.effect();
        let [more, less, _] = ways(effect).map(|words| lang.say(words).to_owned());
        // What is hidden has no bar.
        let each = (0..outcome.bands.len()).filter_map(|at| Some((at, outcome.band(at)?)));
        let each = each.filter(|(_, tally)| 0 < tally.compared());
        let all = each.map(|(place, tally)| {
            let people = i128::from(tally.compared().max(1));
            let each = |sum: i128| i64::try_from(sum / people).unwrap_or(i64::MAX);
            Bar {
                name: up_to(&outcome.bands, place, lang),
                values: vec![each(tally.gained), each(-tally.lost)],
            }
        });
        bars(
            &Bars {
                title: format!(
                    "{} · {}",
                    lang.say(BY_BAND),
                    lang.say(self.asked.question.name())
                ),
                says: lang.pick(
                    format!("每组人数大致相同，从低到高；平均每人{more}和{less}多少"),
                    format!("about as many people in each, from low to high; how much a person's amount moves: {more}, {less}"),
                ),
                across: lang.say(BAND).to_owned(),
                parts: vec![more, less],
                bars: all.collect(),
                written: in_units(effect),
            },
            lang,
        )
    }

    fn head(&self, first: Words, lang: Lang) -> Vec<Head> {
        let [more, less, same] = ways(self.effect()).map(|words| lang.say(words));
        vec![
            Head::words(lang.say(first)),
            Head::numbers(lang.say(CONCERNED)),
            Head::numbers(more),
            Head::numbers(less),
            Head::numbers(same),
            Head::numbers(lang.say(MOVED)),
            Head::numbers(lang.say(SUM)),
        ]
    }

    fn row(&self, name: String, tally: Option<&Tally>, lang: Lang) -> Vec<Cell> {
        let effect = self.effect();
        let Some(tally) = tally else {
            let hidden = html! { span class="quiet" { (lang.say(HIDDEN)) } };
            let mut row: Vec<Cell> = vec![name.into(), hidden.into()];
            row.extend((0..5).map(|_| Cell::from("")));
            return row;
        };
        let mean = tally.mean().map(|mean| signed(effect, mean, lang));
        vec![
            name.into(),
            count(tally.compared()).into(),
            count(tally.gainers).into(),
            count(tally.losers).into(),
            count(tally.unchanged).into(),
            mean.unwrap_or_default().into(),
            signed(effect, tally.difference(), lang).into(),
        ]
    }

    fn tables(&self, outcome: &Outcome, lang: Lang) -> Markup {
        let whole = lang.pick("合计", "Altogether").to_owned();
        let whole = self.row(whole, Some(outcome.total()), lang);
        let concerns = |tally: Option<&Tally>| tally.is_none_or(|tally| 0 < tally.compared());
        let bands = outcome.bands.iter().enumerate();
        let bands = bands.filter(|(place, _)| concerns(outcome.band(*place)));
        let by_band = Table {
            caption: lang.say(BY_BAND).to_owned(),
            head: self.head(BAND, lang),
            rows: bands
                .map(|(place, of)| self.row(band(*of, lang), outcome.band(place), lang))
                .collect(),
            foot: Some(whole.clone()),
        };
        let by_district = Table {
            caption: lang.say(BY_DISTRICT).to_owned(),
            head: self.head(DISTRICT, lang),
            rows: places(outcome, lang)
                .into_iter()
                .map(|(place, name)| self.row(name, outcome.district(place), lang))
                .collect(),
            foot: Some(whole),
        };
        html! {
            (table(&by_band, lang))
            (fold(lang.say(BY_DISTRICT), table(&by_district, lang)))
            @if self.over != Over::City { p class="quiet" { (lang.say(FEW)) } }
        }
    }

    /// Where it leads on: another value, another figure, other people.
    fn ways_on(&self, visitor: &Visitor) -> Markup {
        let (lang, asked) = (visitor.lang, &self.asked);
        let last = asked.changes.last().map_or("", |last| last.figure.as_str());
        let before = &asked.changes[..asked.changes.len().saturating_sub(1)];
        let another = query(before, Some(asked.since), Some(asked.question));
        let another = format!("{another}&figure={last}");
        // Without a question the next figure may be asked for another.
        let more = query(&asked.changes, Some(asked.since), None);
        let people = format!(
            "{}/what-if/population?{}",
            self.reading.base(),
            self.query()
        );
        let people = match (&self.over, may_try(visitor)) {
            (Over::City, true) => Some((people, OVER_A_FILE)),
            (Over::City, false) => None,
            (Over::File(_), _) => Some((people, ANOTHER_FILE)),
        };
        html! {
            div class="row" {
                (button_link(&to(&self.reading, &another), lang.say(AGAIN)))
                @if asked.changes.len() < MOST_CHANGES { (button_link(&to(&self.reading, &more), lang.say(MORE))) }
                @if let Some((href, name)) = people { (button_link(&href, lang.say(name))) }
            }
        }
    }
}

/// Whether who reads may try it over the people of a file.
fn may_try(visitor: &Visitor) -> bool {
    permit::whole_city(visitor.login(), Action::TryReform).is_ok()
}

/// The places of the districts in an outcome, with their names; of a file also who is of none that is known.
fn places(outcome: &Outcome, lang: Lang) -> Vec<(usize, String)> {
    let known = districts::ALL
        .iter()
        .map(|placed| (place_of(placed), lang.pick(placed.zh, placed.en).to_owned()));
    let nowhere = districts::ALL.len();
    let unknown = lies(outcome, nowhere).then(|| (nowhere, lang.say(NO_DISTRICT).to_owned()));
    known.chain(unknown).collect()
}

/// Whether anybody is of a district, as far as is shown.
fn lies(outcome: &Outcome, place: usize) -> bool {
    let people = |tally: &Tally| 0 < tally.compared() + tally.refused();
    place < outcome.districts() && outcome.district(place).is_none_or(people)
}

/// Whether anybody's district is known.
fn has_districts(outcome: &Outcome) -> bool {
    (0..districts::ALL.len()).any(|place| lies(outcome, place))
}

/// The place of a district in an outcome: both are in the order of the codes.
fn place_of(placed: &districts::Placed) -> usize {
    districts::ALL
        .iter()
        .position(|one| one.code == placed.code)
        .unwrap_or(usize::MAX)
}

/// By how much a person's amount moves, up or down, on the average of those compared.
fn moved(tally: &Tally) -> i64 {
    let people = i128::from(tally.compared().max(1));
    i64::try_from((tally.gained - tally.lost) / people).unwrap_or(i64::MAX)
}

fn in_units(effect: Effect) -> fn(i64) -> String {
    match effect {
        Effect::Retires => |months| shown(months, |months| months.to_string()),
        _ => |fen| shown(fen, |fen| format!("¥ {}", Fen(fen).with_separators())),
    }
}

/// By how much nobody moves: what is hidden.
const HIDES: i64 = -1;

fn shown(value: i64, written: fn(i64) -> String) -> String {
    match value {
        HIDES => "—".to_owned(),
        value => written(value),
    }
}

fn band(of: Option<(Fen, Fen)>, lang: Lang) -> String {
    match of {
        // In whole yuan: the bounds tell bands apart, not amounts.
        Some((least, Fen::MAX)) => format!("> {}", least.0 / 100),
        Some((Fen::ZERO, most)) => format!("≤ {}", most.0 / 100),
        Some((least, most)) => format!("{}–{}", least.0 / 100, most.0 / 100),
        None => lang.say(NO_WAGE).to_owned(),
    }
}

/// A band below its bar: where it ends, and of the highest where it begins.
fn up_to(bands: &[Option<(Fen, Fen)>], place: usize, lang: Lang) -> String {
    let known = bands.iter().flatten().count();
    match bands[place] {
        Some((least, most)) if (1 < known && place + 1 == known) || most == Fen::MAX => {
            format!("> {}", least.0 / 100)
        }
        Some((_, most)) => format!("≤ {}", most.0 / 100),
        None => lang.say(NO_WAGE).to_owned(),
    }
}

fn refused(outcome: &Outcome, lang: Lang) -> Markup {
    let whole = outcome.total().refused();
    html! {
        @if !outcome.refused.is_empty() {
            (notice(&format!("{} · {}", lang.say(REFUSED), count(whole)), html! {
                ul { @for why in &outcome.refused {
                    li {
                        (count(why.rows)) " × "
                        @if !why.about.is_empty() { code { (why.about) } (lang.pick("：", ": ")) }
                        (lang.pick(&why.words.zh, &why.words.en)) " (" (why.code) ")"
                        @if let Some(first) = why.first { (lang.pick(format!("，首见于第 {first} 行"), format!(", first in row {first}"))) }
                    }
                } }
            }))
        }
    }
}

impl Page for ResultPage {
    fn title(&self, lang: Lang) -> String {
        let changes = self.asked.changes.iter().map(|change| {
            let law = self.reading.law();
            let figure = match law.find(&change.figure) {
                Some(rules::law::Item::Figure(id)) => lang.name(&law[id].names).into_owned(),
                _ => change.figure.clone(),
            };
            let keys = change.keys.as_ref().map(|keys| format!("({keys})"));
            format!("{figure}{} = {}", keys.unwrap_or_default(), change.value)
        });
        let changes = changes.collect::<Vec<_>>().join(lang.pick("，", ", "));
        lang.pick(format!("假如 {changes}"), format!("What if {changes}"))
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let mut trail = trail(&self.reading, lang);
        trail.push(Crumb::new(
            format!("{}/what-if", self.reading.base()),
            lang.say(choose::TITLE),
        ));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let Ok(outcome) = &*self.done else {
            return html! {};
        };
        let base = self.reading.base();
        let (file, asked, how) = match &self.over {
            Over::City => (
                format!("{base}/what-if/what-if"),
                format!("?{}", self.query()),
                HOW_SAYS,
            ),
            Over::File(key) => (
                format!("{base}/what-if/population/{key}/what-if"),
                String::new(),
                HOW_OF_A_FILE,
            ),
        };
        html! {
            @for note in &outcome.notes { (warning(lang.pick(&note.zh, &note.en), html! {})) }
            (self.facts(outcome, lang))
            (self.headline(outcome.total(), lang))
            @if has_districts(outcome) { (self.by_district(outcome, lang)) }
            (self.by_band(outcome, lang))
            (self.tables(outcome, lang))
            (export::links(&file, &asked, lang))
            (refused(outcome, lang))
            (self.ways_on(visitor))
            (fold(lang.say(HOW), html! { p { (lang.say(how)) } }))
        }
    }

    fn samples() -> Vec<ResultPage> {
        let reading = crate::library::case::sample();
        let of = |question| {
            let asked = sample_asked(&reading, question);
            let done = Done::new(Ok(sample()));
            ResultPage::new(reading.clone(), asked, done, Over::City)
        };
        let of_a_file = |question| ResultPage {
            done: Done::new(Ok(sample_of_a_file())),
            over: Over::File("0".repeat(32)),
            ..of(question)
        };
        use office::whatif::Question;
        vec![
            of(Question::EmployeeDue),
            of(Question::EmployerDue),
            of(Question::Pension),
            of(Question::Retirement),
            of_a_file(Question::EmployeeDue),
            of_a_file(Question::Retirement),
        ]
    }
}

/// A row a district and band of wage; of people who may be real it is not told how few had no answer.
pub(super) fn file(
    asked: &Asked,
    outcome: &Outcome,
    (name, may_be_real): (&str, bool),
    lang: Lang,
) -> Result<Response, Problem> {
    let effect = asked.question.effect();
    let [more, less, same] = ways(effect).map(|words| lang.say(words));
    let (from, to) = (
        lang.pick("工资自", "Wage from"),
        lang.pick("工资至", "Wage to"),
    );
    let head = [
        lang.say(DISTRICT),
        from,
        to,
        lang.say(CONCERNED),
        more,
        less,
        same,
        lang.say(REFUSED),
        lang.say(BEFORE),
        lang.say(AFTER),
        lang.say(SUM),
    ];
    let number = |number: u64| Written::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let amount = |number: i128| {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        match effect {
            Effect::Retires => Written::Count(number),
            _ => Written::Yuan(number),
        }
    };
    // Of months nothing but the change adds up.
    let sum = |number: i128| match effect {
        Effect::Retires => Written::Text(String::new()),
        _ => amount(number),
    };
    let mut rows = Vec::new();
    for (district, named) in places(outcome, lang) {
        for (band, of) in outcome.bands.iter().enumerate() {
            let cell = outcome.cell(district, band);
            if cell.is_some_and(|tally| tally.compared() + tally.refused() == 0) {
                continue;
            }
            let bound = |fen: Option<Fen>| match fen {
                Some(fen) if fen != Fen::MAX => Written::Yuan(fen.0),
                _ => Written::Text(String::new()),
            };
            let mut row = vec![
                named.as_str().into(),
                bound(of.map(|(least, _)| least)),
                bound(of.map(|(_, most)| most)),
            ];
            match cell {
                Some(tally) => row.extend([
                    number(tally.compared()),
                    number(tally.gainers),
                    number(tally.losers),
                    number(tally.unchanged),
                    match tally.refused() {
                        1..FEWEST if may_be_real => Written::from(lang.say(HIDDEN)),
                        refused => number(refused),
                    },
                    sum(tally.before),
                    sum(tally.after),
                    amount(tally.difference()),
                ]),
                None => row.extend((0..8).map(|_| Written::from(lang.say(HIDDEN)))),
            }
            rows.push(row);
        }
    }
    export::written(name, &head, &rows)
}
