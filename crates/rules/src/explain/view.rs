//! What a reader is shown, in one language and without layout: the text and the page print the same view.

use super::formula::Formula;
use super::named::named;
use super::show::{in_formula, put, write_day, write_in_formula, write_shown};
use super::words::{self, Lang, Word};
use super::{
    Column, Condition, Explanation, FigureUsed, InputUsed, Line as Worked, Place, Step, Table,
    Unconfirmed,
};
use crate::law::{Citation, Grade, Law, Mark, RuleId, Type, Value};
use crate::refusal::{self, Refusal};
use measure::Day;

/// What is said, as one text and where its lines lie in it: an explanation has some hundred lines of a dozen parts, and a text of its own
/// for each would take longer than finding out what it says.
pub(super) struct View<'a> {
    said: String,
    pub(super) lang: Lang,
    pub(super) title: Line,
    pub(super) value: Line,
    pub(super) refused: bool,
    /// The law and its day.
    pub(super) under: Line,
    /// When refused: how to mend it, and the rules from the one asked to the one that refuses.
    pub(super) remedy: Option<Line>,
    pub(super) path: Vec<Line>,
    pub(super) steps: Vec<StepView<'a>>,
    pub(super) unconfirmed: Vec<Line>,
}

/// Where a line lies in what is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    start: usize,
    end: usize,
}

pub(super) struct StepView<'a> {
    /// The step's number in the explanation.
    pub(super) index: usize,
    pub(super) title: Line,
    pub(super) value: Line,
    pub(super) refused: bool,
    pub(super) unconfirmed: bool,
    pub(super) clause: &'a str,
    /// The lines of each section one after another.
    pub(super) lines: Vec<(Word, Line)>,
    /// The rules used in the same place, by their numbers in the explanation.
    pub(super) uses: &'a [usize],
    pub(super) tables: Vec<TableView>,
    /// How many records were computed in the same way.
    pub(super) alike: usize,
}

pub(super) struct TableView {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) foot: Vec<String>,
}

/// About as long as a step is, in bytes.
const LENGTH_OF_A_STEP: usize = 1_024;

/// A source and its article, in words: 《办法》（文号）第 3 条.
#[must_use]
pub fn cited(law: &Law, citation: &Citation, lang: Lang) -> String {
    let mut out = String::new();
    Reader { law, lang }.citation(&mut out, citation);
    out
}

pub(super) fn view<'a>(explanation: &'a Explanation<'_>, lang: Lang) -> View<'a> {
    let law = explanation.law;
    let reader = Reader { law, lang };
    let mut said = String::with_capacity(LENGTH_OF_A_STEP * explanation.steps.len());
    let out = &mut said;
    let jurisdiction = law.chain.last().map_or("", |last| lang.text(&last.title));
    let under = line(out, |out| {
        put(
            out,
            &[
                lang.pick("", "Law of "),
                jurisdiction,
                lang.pick("", " as of "),
            ],
        );
        reader.day(out, explanation.as_of);
        out.push_str(lang.pick("适用的法律", ""));
    });
    let refusal = explanation.outcome.as_ref().err();
    let remedy = refusal.map(|refusal| {
        let remedy = refusal::remedy(refusal, law, lang);
        line(out, |out| out.push_str(&remedy))
    });
    let title = &law[explanation.rule].names;
    View {
        lang,
        title: line(out, |out| lang.write_name(out, title)),
        value: line(out, |out| {
            reader.outcome(out, explanation.rule, &explanation.outcome);
        }),
        refused: explanation.outcome.is_err(),
        under,
        remedy,
        path: explanation
            .path
            .iter()
            .map(|index| line(out, |out| reader.title(out, &explanation.steps[*index])))
            .collect(),
        steps: explanation
            .shown_steps()
            .into_iter()
            .map(|(index, step, alike)| reader.step(out, index, step, alike))
            .collect(),
        unconfirmed: explanation
            .unconfirmed
            .iter()
            .map(|item| line(out, |out| reader.unconfirmed(out, item)))
            .collect(),
        said,
    }
}

impl View<'_> {
    /// What a line says.
    pub(super) fn of(&self, line: Line) -> &str {
        &self.said[line.start..line.end]
    }
}

/// Writes a line; where it lies.
fn line(out: &mut String, write: impl FnOnce(&mut String)) -> Line {
    let start = out.len();
    write(out);
    Line {
        start,
        end: out.len(),
    }
}

/// The rules a step used that belong beside it: those of the same place.
pub(super) fn used<'a>(
    explanation: &'a Explanation<'_>,
    step: &'a StepView<'_>,
) -> impl Iterator<Item = usize> + 'a {
    let place = &explanation.steps[step.index].place;
    let beside = move |used: &usize| explanation.steps[*used].place == *place || place.is_some();
    step.uses.iter().copied().filter(beside)
}

/// What a rule used came to: `contribution months = 32 years`.
pub(super) fn came_to(explanation: &Explanation<'_>, index: usize, lang: Lang) -> String {
    let law = explanation.law;
    let (reader, step) = (Reader { law, lang }, &explanation.steps[index]);
    let mut out = String::new();
    reader.title(&mut out, step);
    out.push_str(" = ");
    reader.outcome(&mut out, step.rule, &step.outcome);
    out
}

/// Puts parts of an explanation into words.
pub(super) struct Reader<'a> {
    pub(super) law: &'a Law,
    pub(super) lang: Lang,
}

impl Reader<'_> {
    fn step<'a>(
        &self,
        out: &mut String,
        index: usize,
        step: &'a Step<'_>,
        alike: usize,
    ) -> StepView<'a>
    where
        Self: 'a,
    {
        let rule = &self.law[step.rule];
        let lines = self.lines(out, step);
        let formula = lines.iter().find(|(word, _)| *word == Word::Formula);
        let formula = formula.map(|(_, line)| &out[line.start..line.end]);
        let tables = step.tables.iter().map(|table| self.table(table, formula));
        let tables = tables.collect();
        StepView {
            index,
            title: line(out, |out| self.title(out, step)),
            value: line(out, |out| self.outcome(out, step.rule, &step.outcome)),
            refused: step.outcome.is_err(),
            unconfirmed: !rule.mark.confirmed && !step.given,
            clause: self.lang.text(&rule.clause),
            lines,
            uses: &step.uses,
            tables,
            alike,
        }
    }

    fn lines(&self, out: &mut String, step: &Step<'_>) -> Vec<(Word, Line)> {
        let rule = &self.law[step.rule];
        let mut lines = Vec::with_capacity(16);
        let mut add = |word, write: &dyn Fn(&mut String)| lines.push((word, line(out, write)));
        add(Word::Basis, &|out| {
            for cited in &rule.citations {
                self.citation(out, cited);
                out.push_str(self.lang.pick("；", "; "));
            }
            self.mark(out, &rule.mark);
        });
        if step.given {
            add(Word::Result, &|out| {
                out.push_str(Word::Given.in_language(self.lang));
            });
        }
        if let Some(version) = step.version {
            let own_day = step.day.filter(|_| step.place.is_some());
            add(Word::InForce, &|out| {
                self.period(out, version.from, version.until, own_day);
            });
        }
        if let Some(result) = &step.result {
            add(Word::Formula, &|out| self.named(out, result));
            if !result.filled.is_empty() {
                add(Word::Numbers, &|out| self.numbers(out, result));
            }
        }
        for said in &step.lets {
            add(Word::Let, &|out| self.let_line(out, said));
        }
        for condition in &step.conditions {
            add(Word::Conditions, &|out| self.condition(out, condition));
        }
        for require in &step.requires {
            let note = match require.condition.holds {
                Some(true) => Word::Met.in_language(self.lang),
                _ => self.lang.text(require.otherwise),
            };
            add(Word::Requires, &|out| {
                self.condition(out, &require.condition);
                self.aside(out, |out| out.push_str(note));
            });
        }
        for used in &step.inputs {
            add(Word::Facts, &|out| self.input(out, used));
        }
        for used in &step.figures {
            add(Word::Figures, &|out| {
                self.figure(out, used, &rule.citations);
            });
        }
        lines
    }

    /// The rule's name, and of which record.
    pub(super) fn title(&self, out: &mut String, step: &Step<'_>) {
        self.lang.write_name(out, &self.law[step.rule].names);
        if let Some(place) = &step.place {
            self.aside(out, |out| self.place(out, place));
        }
    }

    pub(super) fn place(&self, out: &mut String, place: &Place) {
        self.lang.write_name(out, &self.law[place.relation].names);
        out.push(' ');
        match &place.label {
            Some((input, value)) => self.shown(out, self.law[*input].ty, value),
            None => out.push_str(&place.number.to_string()),
        }
    }

    pub(super) fn outcome(&self, out: &mut String, rule: RuleId, outcome: &Result<Value, Refusal>) {
        match outcome {
            Ok(value) => self.shown(out, self.law[rule].ty, value),
            Err(refused) => {
                let message = refusal::message(refused, self.law, self.lang);
                let refused = Word::Refused.in_language(self.lang);
                put(out, &[refused, self.colon(), &message]);
            }
        }
    }

    fn shown(&self, out: &mut String, ty: Type, value: &Value) {
        write_shown(out, self.law, ty, value, self.lang);
    }

    fn named(&self, out: &mut String, line: &Worked<'_>) {
        named(self.law, line.expr).write(out, self.law, self.lang);
    }

    /// [`numbers`](Reader::numbers) as a text of their own.
    pub(super) fn numbers_of(&self, of: &Worked<'_>) -> String {
        let mut out = String::new();
        self.numbers(&mut out, of);
        out
    }

    /// `(11,546.00 + 6,927.60) / 2 × 34 × 1% = 3,140.512 → half up to 0.01 yuan → 3,140.51`.
    fn numbers(&self, out: &mut String, line: &Worked<'_>) {
        let value = |out: &mut String, value: &Value| {
            write_in_formula(out, self.law, line.ty, value, self.lang);
        };
        self.filled(out, &line.filled);
        match (&line.exact, &line.value, line.rounding) {
            (Some(exact), Some(rounded), Some((mode, unit))) => {
                if !line.filled.is_one_value() {
                    out.push_str(" = ");
                    value(out, exact);
                }
                put(out, &[" → ", words::rounding(mode, self.lang), " "]);
                words::write_unit(out, unit, self.lang);
                out.push_str(" → ");
                value(out, rounded);
            }
            (_, Some(_), _) if line.filled.is_one_value() => {}
            (_, Some(got), _) => {
                out.push_str(if line.ty == Type::Bool {
                    " → "
                } else {
                    " = "
                });
                value(out, got);
            }
            (_, None, _) => put(out, &[" → ", Word::Refused.in_language(self.lang)]),
        }
    }

    pub(super) fn filled(&self, out: &mut String, formula: &Formula<'_>) {
        formula.write(out, self.law, self.lang);
    }

    fn let_line(&self, out: &mut String, said: &Worked<'_>) {
        if let Some((_, name)) = said.local {
            words::write_spoken(out, name);
        }
        out.push_str(" = ");
        let start = out.len();
        self.named(out, said);
        let (named, between) = (out.len(), self.lang.pick("；即 ", "; that is, "));
        out.push_str(between);
        let numbers = out.len();
        self.numbers(out, said);
        if out[start..named] == out[numbers..] {
            out.truncate(named);
        }
    }

    fn condition(&self, out: &mut String, condition: &Condition<'_>) {
        named(self.law, condition.expr).write(out, self.law, self.lang);
        out.push_str(self.colon());
        self.filled(out, &condition.filled);
        let answer = match condition.holds {
            Some(true) => Word::Yes,
            Some(false) => Word::No,
            None => Word::Refused,
        };
        put(out, &[" → ", answer.in_language(self.lang)]);
    }

    fn input(&self, out: &mut String, used: &InputUsed) {
        let input = &self.law[used.input];
        self.lang.write_name(out, &input.names);
        match &used.value {
            Ok(value) => {
                out.push_str(" = ");
                self.shown(out, input.ty, value);
                if used.by_default {
                    let note = Word::ByDefault.in_language(self.lang);
                    self.aside(out, |out| out.push_str(note));
                }
            }
            Err(reason) => {
                out.push_str(self.colon());
                match reason {
                    refusal::Reason::OutOfRange { given, .. } => {
                        self.shown(out, input.ty, given);
                    }
                    _ => out.push_str(Word::Missing.in_language(self.lang)),
                }
            }
        }
    }

    /// A figure with its dates, source and mark; the source only where it is not `known` already.
    fn figure(&self, out: &mut String, used: &FigureUsed<'_>, known: &[Citation]) {
        let figure = &self.law[used.figure];
        self.lang.write_name(out, &figure.names);
        self.keys(out, used);
        out.push_str(" = ");
        match &used.row.value {
            Some(value) => self.shown(out, figure.ty, value),
            None => out.push_str(Word::Missing.in_language(self.lang)),
        }
        self.aside(out, |out| {
            self.period(out, Some(used.version.from), used.version.until, None);
            let between = self.lang.pick("；", "; ");
            for cited in &figure.citations {
                if !known.contains(cited) {
                    out.push_str(between);
                    self.citation(out, cited);
                }
            }
            out.push_str(between);
            self.mark(out, &used.row.mark);
        });
    }

    fn keys(&self, out: &mut String, used: &FigureUsed<'_>) {
        if used.keys.is_empty() {
            return;
        }
        out.push('(');
        let types = self.law[used.figure].keys.iter().map(|key| key.ty);
        for (number, (ty, key)) in types.zip(&used.keys).enumerate() {
            out.push_str(if number > 0 { ", " } else { "" });
            self.shown(out, ty, key);
        }
        out.push(')');
    }

    fn table(&self, table: &Table<'_>, formula: Option<&str>) -> TableView {
        let written = named(self.law, table.expr).text(self.law, self.lang);
        let name = |names| self.lang.name(names).into_owned();
        let head = |column: &Column<'_>| match column {
            Column::Input(id) => name(&self.law[*id].names),
            Column::Rule(id) => name(&self.law[*id].names),
            Column::Figure(id, _) => name(&self.law[*id].names),
            Column::Value(expr) => named(self.law, expr).text(self.law, self.lang),
            Column::Carried(carried, _) => words::spoken(carried).into_owned(),
        };
        let cell = |(column, cell): (&Column<'_>, &Option<Value>)| match cell {
            Some(value) => in_formula(self.law, column.ty(self.law), value, self.lang),
            None => "—".into(),
        };
        let rows = table.rows.iter().map(|row| {
            let cells = table.columns.iter().zip(&row.cells).map(cell);
            std::iter::once(row.number.to_string())
                .chain(cells)
                .collect()
        });
        let count = |count: usize, word: Word| {
            (count > 0).then(|| format!("{count} {}", word.in_language(self.lang)))
        };
        let foot = [
            count(table.not_shown, Word::NotShown),
            count(table.not_counted, Word::NotCounted),
        ];
        TableView {
            caption: match formula {
                // The formula above says it already.
                Some(formula) if formula.contains(&written) => {
                    name(&self.law[table.relation].names)
                }
                _ => written,
            },
            head: std::iter::once("#".to_owned())
                .chain(table.columns.iter().map(head))
                .collect(),
            rows: rows.collect(),
            foot: foot.into_iter().flatten().collect(),
        }
    }

    fn unconfirmed(&self, out: &mut String, item: &Unconfirmed<'_>) {
        match item {
            Unconfirmed::Figure(used) => self.figure(out, used, &[]),
            Unconfirmed::Rule(id) => {
                let rule = &self.law[*id];
                self.lang.write_name(out, &rule.names);
                self.aside(out, |out| self.mark(out, &rule.mark));
            }
        }
    }

    /// `自 2006年1月1日` / `from 2006-01-01 until 2024-12-31`, and the record's own day where it has one.
    fn period(&self, out: &mut String, from: Option<Day>, until: Option<Day>, of: Option<Day>) {
        let word = |word: Word| word.in_language(self.lang);
        match from {
            Some(from) => {
                put(out, &[word(Word::From), " "]);
                self.day(out, from);
            }
            None => out.push_str(word(Word::BeforeAll)),
        }
        if let Some(until) = until {
            put(out, &[" ", word(Word::Until), " "]);
            self.day(out, until);
        }
        if let Some(day) = of {
            self.aside(out, |out| {
                put(out, &[word(Word::AsOfDay), " "]);
                self.day(out, day);
            });
        }
    }

    pub(super) fn day(&self, out: &mut String, day: Day) {
        write_day(out, day, self.lang);
    }

    /// `《…的决定》（国发〔2005〕38号）第 6 条`.
    pub(super) fn citation(&self, out: &mut String, cited: &Citation) {
        let source = &self.law[cited.source];
        let title = self.lang.text(&source.title);
        put(
            out,
            &[self.lang.pick("《", ""), title, self.lang.pick("》", "")],
        );
        if let Some(number) = &source.number {
            self.aside(out, |out| out.push_str(number));
        }
        let numbered = |label: &str| label.chars().all(|c| c.is_ascii_digit());
        match (&cited.article, self.lang) {
            (None, _) => {}
            (Some(label), Lang::Zh) if numbered(label) => put(out, &["第 ", label, " 条"]),
            (Some(label), Lang::Zh) => put(out, &[" ", label]),
            (Some(label), Lang::En) if numbered(label) => put(out, &[", article ", label]),
            (Some(label), Lang::En) => put(out, &[", ", label]),
        }
    }

    /// `未确证 S3：…`.
    pub(super) fn mark(&self, out: &mut String, mark: &Mark) {
        let word = if mark.confirmed {
            Word::Confirmed
        } else {
            Word::UnconfirmedOne
        };
        out.push_str(word.in_language(self.lang));
        if let Some(grade) = mark.grade {
            put(out, &[" ", grade_name(grade)]);
        }
        if let Some(note) = &mark.note {
            put(out, &[self.colon(), note]);
        }
    }

    /// Something in brackets behind what was said.
    fn aside(&self, out: &mut String, write: impl FnOnce(&mut String)) {
        out.push_str(self.lang.pick("（", " ("));
        write(out);
        out.push_str(self.lang.pick("）", ")"));
    }

    fn colon(&self) -> &'static str {
        self.lang.pick("：", ": ")
    }
}

pub(super) fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::S1 => "S1",
        Grade::S2 => "S2",
        Grade::S3 => "S3",
        Grade::SCode => "S-code",
        Grade::D => "D",
        Grade::M => "M",
    }
}
