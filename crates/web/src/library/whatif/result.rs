//! Who pays more, who gets less: in a sentence, by district, by wage, and as a file.

use super::words::{count, sentence, signed, ways};
use super::{Done, choose, query, to, trail};
use crate::export;
use crate::library::Reading;
use crate::look::components::{
    Cell, Head, Step, Table, button_link, fold, notice, progress, summary, table,
};
use crate::look::districts;
use crate::look::pictures::{Bar, Bars, Tile, Tiles, bars, tiles as tiled};
use crate::page::{Crumb, Page};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::response::Response;
use maud::{Markup, html};
use measure::{Fen, Words};
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
const HOW: Words = Words::new("怎么算的", "How it is worked out");
const HOW_SAYS: Words = Words::new(
    "两部法律各算一遍同样的人，只有改动的数值不同。城市是按公布数据合成的，没有真人；结果说明方向和轻重，不是全市的总额。没有算人们因此改变的行为。",
    "Both laws work out the same people, and differ in nothing but the figures changed. The city is made up from published figures, and nobody in it is real: it shows which way and how much, not the sum for the city. That people may act otherwise is not reckoned with.",
);

/// What came of a change.
#[derive(Debug)]
pub(crate) struct ResultPage {
    reading: Reading,
    asked: Asked,
    done: Done,
}

impl ResultPage {
    pub(super) fn new(reading: Reading, asked: Asked, done: Done) -> ResultPage {
        ResultPage {
            reading,
            asked,
            done,
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
                html! { (lang.pick(format!("{people} 名参保人的合成城市"), format!("a made-up city of {people} insured"))) },
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
            value: moved(&outcome.district(place_of(placed))),
            href: None,
        };
        let mean = outcome.total().mean().unwrap_or(0);
        let tiles: Vec<Tile> = districts::ALL.iter().map(named).collect();
        // Districts differ little: the shades tell them apart, the numbers say by how much.
        let least = tiles.iter().map(|tile| tile.value).min();
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
        let each = (0..outcome.bands.len()).map(|place| (place, outcome.band(place)));
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

    fn row(&self, name: String, tally: &Tally, lang: Lang) -> Vec<Cell> {
        let effect = self.effect();
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
        let bands = outcome.bands.iter().enumerate();
        let bands = bands.map(|(place, of)| (band(*of, lang), outcome.band(place)));
        let bands = bands.filter(|(_, tally)| 0 < tally.compared());
        let whole = self.row(
            lang.pick("合计", "Altogether").to_owned(),
            &outcome.total(),
            lang,
        );
        let by_band = Table {
            caption: lang.say(BY_BAND).to_owned(),
            head: self.head(BAND, lang),
            rows: bands
                .map(|(name, tally)| self.row(name, &tally, lang))
                .collect(),
            foot: Some(whole.clone()),
        };
        let places = districts::ALL.iter();
        let by_district = Table {
            caption: lang.say(BY_DISTRICT).to_owned(),
            head: self.head(DISTRICT, lang),
            rows: places
                .map(|placed| {
                    let tally = outcome.district(place_of(placed));
                    self.row(lang.pick(placed.zh, placed.en).to_owned(), &tally, lang)
                })
                .collect(),
            foot: Some(whole),
        };
        html! {
            (table(&by_band, lang))
            (fold(lang.say(BY_DISTRICT), table(&by_district, lang)))
        }
    }
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
        Effect::Retires => |months| months.to_string(),
        _ => |fen| format!("¥ {}", Fen(fen).with_separators()),
    }
}

fn band(of: Option<(Fen, Fen)>, lang: Lang) -> String {
    match of {
        // In whole yuan: the bounds tell bands apart, not amounts.
        Some((least, most)) => format!("{}–{}", least.0 / 100, most.0 / 100),
        None => lang.say(NO_WAGE).to_owned(),
    }
}

/// A band below its bar: where it ends, and of the highest where it begins.
fn up_to(bands: &[Option<(Fen, Fen)>], place: usize, lang: Lang) -> String {
    let known = bands.iter().flatten().count();
    match bands[place] {
        Some((least, _)) if 1 < known && place + 1 == known => format!("> {}", least.0 / 100),
        Some((_, most)) => format!("≤ {}", most.0 / 100),
        None => lang.say(NO_WAGE).to_owned(),
    }
}

fn refused(outcome: &Outcome, lang: Lang) -> Markup {
    let whole = outcome.total().refused();
    html! {
        @if 0 < whole {
            (notice(&format!("{} · {}", lang.say(REFUSED), count(whole)), html! {
                ul { @for (code, (number, zh, en)) in &outcome.refused {
                    li { (count(*number)) " × " (lang.pick(zh, en)) " (" (code) ")" }
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
        let whole = outcome.total();
        let asked = &self.asked;
        let last = asked.changes.last().map_or("", |last| last.figure.as_str());
        let before = &asked.changes[..asked.changes.len().saturating_sub(1)];
        let another = query(before, Some(asked.since), Some(asked.question));
        let another = format!("{another}&figure={last}");
        // Without a question the next figure may be asked for another.
        let more = query(&asked.changes, Some(asked.since), None);
        let file = format!("{}/what-if/what-if", self.reading.base());
        html! {
            (self.facts(outcome, lang))
            (self.headline(&whole, lang))
            (self.by_district(outcome, lang))
            (self.by_band(outcome, lang))
            (self.tables(outcome, lang))
            (export::links(&file, &format!("?{}", self.query()), lang))
            (refused(outcome, lang))
            div class="row" {
                (button_link(&to(&self.reading, &another), lang.say(AGAIN)))
                @if asked.changes.len() < MOST_CHANGES { (button_link(&to(&self.reading, &more), lang.say(MORE))) }
            }
            (fold(lang.say(HOW), html! { p { (lang.say(HOW_SAYS)) } }))
        }
    }

    fn samples() -> Vec<ResultPage> {
        let reading = crate::library::case::sample();
        let of = |question| {
            let asked = sample_asked(&reading, question);
            let done = Done::new(Ok(sample()));
            ResultPage::new(reading.clone(), asked, done)
        };
        use office::whatif::Question;
        vec![
            of(Question::EmployeeDue),
            of(Question::EmployerDue),
            of(Question::Pension),
            of(Question::Retirement),
        ]
    }
}

fn sample_asked(reading: &Reading, question: office::whatif::Question) -> Asked {
    Asked {
        jurisdiction: "xx".to_owned(),
        changes: vec![rules::amend::Change::read("rate=9%")],
        since: reading.on,
        question,
    }
}

fn sample() -> Outcome {
    let bands = [(300_000, 500_000), (500_100, 900_000)];
    let mut bands: Vec<_> = bands
        .map(|(least, most)| Some((Fen(least), Fen(most))))
        .into();
    bands.push(None);
    let cells = (0..districts::ALL.len()).map(|district| {
        (0..bands.len())
            .map(|band| {
                let mut tally = Tally::default();
                for (row, change) in (0..).zip(-2..5).take((district + band) % 7) {
                    let after = (row != 3).then_some(40_000 + 900 * change);
                    tally.add(row, || None, Some(40_000), after);
                }
                tally
            })
            .collect()
    });
    Outcome {
        changed: vec![("rate".to_owned(), "8%".to_owned(), "9%".to_owned())],
        people: 100_000,
        cells: cells.collect(),
        bands,
        refused: [(
            "R0104",
            (
                3,
                "没有这一行".to_owned(),
                "there is no such row".to_owned(),
            ),
        )]
        .into_iter()
        .collect(),
    }
}

/// While it is being worked out.
#[derive(Debug)]
pub(crate) struct WaitPage {
    pub(super) reading: Reading,
    pub(super) asked: Asked,
    pub(super) done: (u64, u64),
}

const WAITING: Words = Words::new("正在计算", "Being worked out");
const READ: Words = Words::new("读两部法律", "Read both laws");
const PEOPLE: Words = Words::new("逐人计算", "Work out everybody");
const SHOW: Words = Words::new("结果", "The result");
const LEAVE: Words = Words::new(
    "本页会自己更新。可以先离开：网址不变，回来就能看到结果。",
    "The page looks again by itself. You may leave it: the address stays good and shows the result when you return.",
);

impl Page for WaitPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(WAITING).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        trail(&self.reading, lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (done, of) = self.done;
        let reading = if of == 0 { Step::Now } else { Step::Done };
        let people = if of == 0 { Step::Ahead } else { Step::Now };
        let steps = [
            (lang.say(READ), reading),
            (lang.say(PEOPLE), people),
            (lang.say(SHOW), Step::Ahead),
        ];
        let asked = query(
            &self.asked.changes,
            Some(self.asked.since),
            Some(self.asked.question),
        );
        html! {
            (progress(lang.say(WAITING), &steps, lang))
            p role="status" { (count(done)) " / " (count(of)) }
            p { (lang.say(LEAVE)) }
            p { (button_link(&to(&self.reading, &asked), lang.pick("现在看一下", "Look now"))) }
        }
    }

    fn samples() -> Vec<WaitPage> {
        let reading = crate::library::case::sample();
        let asked = sample_asked(&reading, office::whatif::Question::Pension);
        let of = |done| WaitPage {
            reading: reading.clone(),
            asked: asked.clone(),
            done,
        };
        vec![of((0, 0)), of((8_192, 70_000))]
    }
}

/// A row a district and band of wage.
pub(super) fn file(
    _: &Reading,
    asked: &Asked,
    outcome: &Outcome,
    name: &str,
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
    for placed in districts::ALL {
        let cells = outcome.cells.get(place_of(placed));
        for (of, tally) in outcome.bands.iter().zip(cells.into_iter().flatten()) {
            if tally.compared() + tally.refused() == 0 {
                continue;
            }
            let bound = |fen: Option<Fen>| {
                fen.map_or(Written::Text(String::new()), |fen| Written::Yuan(fen.0))
            };
            rows.push(vec![
                lang.pick(placed.zh, placed.en).into(),
                bound(of.map(|(least, _)| least)),
                bound(of.map(|(_, most)| most)),
                number(tally.compared()),
                number(tally.gainers),
                number(tally.losers),
                number(tally.unchanged),
                number(tally.refused()),
                sum(tally.before),
                sum(tally.after),
                amount(tally.difference()),
            ]);
        }
    }
    export::written(name, &head, &rows)
}
