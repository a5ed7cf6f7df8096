//! Which figure, its value and since when, and what about: one thing after another.

use super::{Said, query, to, told, trail};
use crate::forms::at_field;
use crate::library::figure::value;
use crate::library::item::{Thing, link};
use crate::library::{Reading, titled};
use crate::look::components::{
    Choice, Fault, Field, Kind, button_link, empty, error_summary, field, hidden, many, one_of,
    submit, summary,
};
use crate::page::{Crumb, Page};
use crate::visitor::Visitor;
use maud::{Markup, html};
use measure::{Day, Words};
use office::whatif::{MOST_CHANGES, Misfit, Question, Refusal, Takes};
use rules::amend::{Change, in_force, keys_of, value_of};
use rules::diagnostic::codes_check::OTHER_KIND;
use rules::explain::Lang;
use rules::law::{Figure, FigureId, Item};
use std::collections::BTreeSet;

pub(super) const TITLE: Words = Words::new("试改法律：谁多谁少", "What if the law were another?");
const LEAD: Words = Words::new(
    "改动一个数值，看看在一座合成城市里谁多缴、谁多领，按区县和工资分开。城里没有真人。",
    "Change a figure and see, over a made-up city, who pays more and who gets less, by district and by wage. Nobody in it is real.",
);
const FIND: Words = Words::new("要改哪个数值", "Which figure");
const GO: Words = Words::new("查找", "Find");
const FIGURES: Words = Words::new("可改动的数值", "Figures that can be changed");
const NOTHING: Words = Words::new("没有找到可改动的数值", "No figure was found");
const NOTHING_SAYS: Words = Words::new(
    "换一个词，如“缴费比例”“上限”“退休”。",
    "Try another word, such as “rate”, “ceiling”, “retirement”.",
);
const CHANGED: Words = Words::new("已改动", "Changed already");
const NOW: Words = Words::new("现为", "Now");
const ROW: Words = Words::new("哪一行", "Which row");
const VALUE: Words = Words::new("新数值", "Its new value");
const VALUE_HINT: Words = Words::new("照法律文本的写法", "As law texts write it");
const SINCE: Words = Words::new("自哪天起", "Since when");
const SINCE_HINT: Words = Words::new(
    "按这一天的法律计算当月。",
    "The month of this day is worked out under the law of the day.",
);
const ASK: Words = Words::new("看什么", "What about");
const TRY: Words = Words::new("算一算", "Work it out");
const NO_DAY: Words = Words::new(
    "请填写一个日期，如 2025-07-01",
    "Enter a day, such as 2025-07-01",
);
const NO_QUESTION: Words = Words::new("请选择看什么", "Choose what about");
const NO_VALUE: Words = Words::new("请填写新数值", "Enter a value");
const NONE_REACHED: Words = Words::new(
    "这个数值不影响这里能问的任何一件事。",
    "Nothing that can be asked here depends on this figure.",
);
const ANOTHER_FIGURE: Words = Words::new("换一个数值", "Another figure");

/// So many figures are listed, and so many rows of a table offered.
const MOST: usize = 60;
const MOST_ROWS: usize = 200;

/// What is being chosen.
#[derive(Debug)]
pub(crate) struct ChoosePage {
    reading: Reading,
    said: Said,
    /// The day that is proposed.
    usual: Day,
    refusal: Option<Refusal>,
    has_faults: bool,
}

impl ChoosePage {
    pub(super) fn new(
        reading: &Reading,
        said: Said,
        usual: Day,
        refusal: Option<Refusal>,
    ) -> ChoosePage {
        let mut page = ChoosePage {
            reading: reading.clone(),
            said,
            usual,
            refusal,
            has_faults: false,
        };
        // What the law did not take is filled in again.
        if page.refusal.is_some()
            && let Some(last) = page.said.with.pop()
        {
            page.said.figure = last.figure;
            page.said.row = last.keys.unwrap_or_default();
            page.said.value = Some(last.value);
        }
        page
    }

    /// With what is missing told at its field.
    pub(super) fn with_faults(mut self) -> ChoosePage {
        self.has_faults = true;
        self
    }

    fn figure(&self) -> Option<FigureId> {
        match self.reading.law().find(&self.said.figure) {
            Some(Item::Figure(id)) => Some(id),
            _ => None,
        }
    }

    /// The figures on which something hangs that can be asked, by what is looked for.
    fn figures(&self, lang: Lang) -> Vec<FigureId> {
        let law = self.reading.law();
        let all: BTreeSet<FigureId> = Question::ALL
            .iter()
            .flat_map(|question| question.figures(law))
            .collect();
        let words: Vec<String> = self
            .said
            .q
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let fits = |id: &FigureId| {
            let figure = &law[*id];
            let zh = figure.names.zh.as_deref().unwrap_or_default();
            let name = format!("{} {zh}", figure.names.id.replace('-', " ")).to_lowercase();
            let has_value = in_force(figure, self.day()).is_some();
            has_value
                && words
                    .iter()
                    .all(|word| name.contains(&word.replace('-', " ")))
        };
        let mut found: Vec<FigureId> = all.into_iter().filter(fits).collect();
        found.sort_by_key(|id| lang.name(&law[*id].names).into_owned());
        found
    }

    fn day(&self) -> Day {
        self.said.since.unwrap_or(self.usual)
    }

    fn changes(&self, lang: Lang) -> Markup {
        html! {
            @if !self.said.with.is_empty() {
                h2 { (lang.say(CHANGED)) }
                ul { @for change in &self.said.with { li { code { (change.written()) } } } }
            }
        }
    }

    fn search(&self, lang: Lang) -> Markup {
        let of = Field {
            name: "q".into(),
            label: lang.say(FIND).into(),
            hint: None,
            kind: Kind::Search,
            value: self.said.q.clone(),
            fault: None,
            optional: true,
        };
        let found = self.figures(lang);
        html! {
            p class="lead" { (lang.say(LEAD)) }
            (self.changes(lang))
            form class="row" method="get" action=(format!("{}/what-if", self.reading.base())) role="search" {
                (self.hidden(&self.said.with))
                (field(&of, lang))
                button class="button" { (lang.say(GO)) }
            }
            @if found.is_empty() { (empty(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } })) }
            @else {
                h2 { (lang.say(FIGURES)) }
                ul class="list" { @for id in found.iter().take(MOST) { (self.offered(*id, lang)) } }
            }
        }
    }

    fn offered(&self, id: FigureId, lang: Lang) -> Markup {
        let figure = &self.reading.law()[id];
        let mut asked = query(&self.said.with, self.said.since, self.said.ask);
        if !asked.is_empty() {
            asked.push('&');
        }
        asked.push_str(&format!("figure={}", figure.names.id));
        let now = in_force(figure, self.day()).filter(|_| figure.keys.is_empty());
        let now = now.and_then(|version| version.rows.first());
        html! {
            li {
                a href=(to(&self.reading, &asked)) { (titled(&figure.names, lang)) }
                @if let Some(row) = now { p class="small" { (lang.say(NOW)) " " (value(self.reading.law(), figure, row, lang)) } }
            }
        }
    }

    fn hidden(&self, changes: &[Change]) -> Markup {
        html! { @for change in changes { (hidden("with", &change.written())) } }
    }

    /// The rows of a table as its text writes them, each with its value.
    fn rows(&self, figure: &Figure) -> Vec<Choice> {
        let book = &self.reading.book;
        let version = in_force(figure, self.day());
        let rows = version.iter().flat_map(|version| &version.rows);
        rows.take(MOST_ROWS)
            .map(|row| {
                let keys = keys_of(book, row);
                let label = format!("{keys}: {}", value_of(book, row));
                Choice { value: keys, label }
            })
            .collect()
    }

    fn fields(&self, figure: FigureId, lang: Lang) -> (Vec<Field>, Vec<Choice>, Vec<Choice>) {
        let law = self.reading.law();
        let figure_of = &law[figure];
        let rows = self.rows(figure_of);
        let now = match (in_force(figure_of, self.day()), figure_of.keys.is_empty()) {
            (Some(version), true) => version.rows.first(),
            _ => None,
        };
        let hint = match now {
            Some(row) => format!(
                "{}{} {}",
                lang.say(NOW),
                lang.pick("", ":"),
                value_of(&self.reading.book, row)
            ),
            None => lang.say(VALUE_HINT).to_owned(),
        };
        let missing =
            |is: bool, words: Words| (self.has_faults && is).then(|| lang.say(words).to_owned());
        let refused = self
            .refusal
            .as_ref()
            .map(|refusal| at_field(&told(refusal), lang));
        let is_of_day = matches!(
            self.refusal,
            Some(Refusal::NotInForce(..) | Refusal::Unanswered(..))
        );
        let value = self.said.value.clone().unwrap_or_default();
        let of = |name: &str, label: Words, kind, value: String| Field {
            name: name.into(),
            label: lang.say(label).into(),
            hint: None,
            kind,
            value,
            fault: None,
            optional: false,
        };
        let asked: Vec<Choice> = Question::reached_by(law, figure)
            .into_iter()
            .map(|question| Choice {
                value: question.word().to_owned(),
                label: lang.say(question.name()).to_owned(),
            })
            .collect();
        let first = asked.first().map(|choice| choice.value.clone());
        let ask = self.said.ask.map(|ask| ask.word().to_owned()).or(first);
        let since = if self.said.since_written.is_empty() {
            self.usual.to_string()
        } else {
            self.said.since_written.clone()
        };
        let fields = vec![
            of("row", ROW, Kind::Text, self.said.row.clone()),
            Field {
                hint: Some(hint),
                fault: missing(value.is_empty(), NO_VALUE)
                    .or_else(|| refused.clone().filter(|_| !is_of_day)),
                ..of("value", VALUE, Kind::Text, value)
            },
            Field {
                hint: Some(lang.say(SINCE_HINT).into()),
                fault: missing(self.said.since.is_none(), NO_DAY)
                    .or_else(|| refused.filter(|_| is_of_day)),
                ..of("since", SINCE, Kind::Day, since)
            },
            Field {
                fault: missing(self.said.ask.is_none(), NO_QUESTION),
                ..of("ask", ASK, Kind::Text, ask.unwrap_or_default())
            },
        ];
        (fields, rows, asked)
    }

    fn form(&self, figure: FigureId, lang: Lang) -> Markup {
        let law = self.reading.law();
        let (fields, rows, asked) = self.fields(figure, lang);
        if asked.is_empty() {
            return html! { p { (lang.say(NONE_REACHED)) } };
        }
        let faults: Vec<Fault> = fields
            .iter()
            .filter_map(|field| {
                Some(Fault {
                    field: field.place(),
                    what: field.fault.clone()?,
                })
            })
            .collect();
        let is_table = !law[figure].keys.is_empty();
        let clause = lang.text(&law[figure].clause);
        html! {
            (error_summary(&faults, lang))
            @if !clause.is_empty() { blockquote { p { (clause) } } }
            (summary(&[(lang.say(FIND).to_owned(), link(Thing::Figure(figure), &self.reading, lang))]))
            (self.changes(lang))
            form method="get" action=(format!("{}/what-if", self.reading.base())) {
                (self.hidden(&self.said.with))
                (hidden("figure", &law[figure].names.id))
                @if is_table { (many(&fields[0], &rows, lang)) }
                (field(&fields[1], lang))
                (field(&fields[2], lang))
                (one_of(&fields[3], &asked, lang))
                (submit(lang.say(TRY)))
            }
            p { (button_link(&to(&self.reading, &query(&self.said.with, self.said.since, None)), lang.say(ANOTHER_FIGURE))) }
        }
    }
}

impl Page for ChoosePage {
    fn title(&self, lang: Lang) -> String {
        match self.figure() {
            Some(figure) => {
                let name = titled(&self.reading.law()[figure].names, lang);
                lang.pick(
                    format!("假如“{name}”是……"),
                    format!("What if “{name}” were …"),
                )
            }
            None => lang.say(TITLE).to_owned(),
        }
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        trail(&self.reading, lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        match self.figure() {
            Some(figure) => self.form(figure, lang),
            None => {
                let refused = self.refusal.as_ref().map(|refusal| Fault {
                    field: "f-q".to_owned(),
                    what: at_field(&told(refusal), lang),
                });
                let too_many = MOST_CHANGES < self.said.with.len();
                html! {
                    (error_summary(refused.as_slice(), lang))
                    @if !too_many { (self.search(lang)) }
                }
            }
        }
    }

    fn samples() -> Vec<ChoosePage> {
        let reading = crate::library::case::sample();
        let day = reading.on;
        let said = |figure: &str, value: Option<&str>| Said {
            figure: figure.to_owned(),
            value: value.map(str::to_owned),
            ..Said::default()
        };
        let refused = |value: &str| Said {
            with: vec![Change::read(&format!("rate={value}"))],
            ..Said::default()
        };
        let refusal = Refusal::Unlawful {
            place: "rate".to_owned(),
            because: vec![(Misfit::OtherKind, Some(OTHER_KIND))],
            takes: Takes::OneOf(vec!["<b>".to_owned(), "other".to_owned()]),
        };
        vec![
            ChoosePage::new(&reading, said("", None), day, None),
            ChoosePage::new(&reading, said("rate", None), day, None),
            ChoosePage::new(&reading, said("rate", Some("")), day, None).with_faults(),
            ChoosePage::new(&reading, said("ceiling", Some("<i>")), day, None).with_faults(),
            ChoosePage::new(
                &reading,
                refused("<script>alert(1)</script>"),
                day,
                Some(refusal),
            ),
        ]
    }
}
