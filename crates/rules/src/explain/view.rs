//! What a reader is shown, in one language and without layout: the text and the page print the same view.

use super::formula::Formula;
use super::named::named;
use super::show::{in_formula, shown};
use super::words::{self, Lang, Word};
use super::{
    Column, Condition, Explanation, FigureUsed, InputUsed, Line, Place, Step, Table, Unconfirmed,
};
use crate::law::{Citation, Grade, Law, Mark, RuleId, Type, Value};
use crate::refusal::{self, Refusal};
use measure::Day;

pub(super) struct View {
    pub(super) lang: Lang,
    pub(super) title: String,
    pub(super) value: String,
    pub(super) refused: bool,
    /// The law and its day.
    pub(super) under: String,
    /// When refused: how to mend it, and the rules from the one asked to the one that refuses.
    pub(super) remedy: Option<String>,
    pub(super) path: Vec<String>,
    pub(super) steps: Vec<StepView>,
    pub(super) unconfirmed: Vec<String>,
}

pub(super) struct StepView {
    /// The step's number in the explanation.
    pub(super) index: usize,
    pub(super) title: String,
    pub(super) value: String,
    pub(super) refused: bool,
    pub(super) unconfirmed: bool,
    pub(super) clause: String,
    pub(super) sections: Vec<(Word, Vec<String>)>,
    /// The rules used in the same place: the step's number, if it is shown, and what came out.
    pub(super) uses: Vec<(usize, String)>,
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

pub(super) fn view(explanation: &Explanation<'_>, lang: Lang) -> View {
    let law = explanation.law;
    let reader = Reader { law, lang };
    let step_title = |index: &usize| reader.title(&explanation.steps[*index]);
    let jurisdiction = law.chain.last().map_or("", |last| lang.text(&last.title));
    let under = match lang {
        Lang::Zh => format!("{jurisdiction}{}适用的法律", reader.day(explanation.as_of)),
        Lang::En => format!("Law of {jurisdiction} as of {}", explanation.as_of),
    };
    let remedy = explanation
        .outcome
        .as_ref()
        .err()
        .map(|refusal| refusal::remedy(refusal, law, lang));
    View {
        lang,
        title: lang.name(&law[explanation.rule].names).into_owned(),
        value: reader.outcome(explanation.rule, &explanation.outcome),
        refused: explanation.outcome.is_err(),
        under,
        remedy,
        path: explanation.path.iter().map(step_title).collect(),
        steps: explanation
            .shown_steps()
            .into_iter()
            .map(|(index, step, alike)| reader.step(explanation, index, step, alike))
            .collect(),
        unconfirmed: explanation
            .unconfirmed
            .iter()
            .map(|item| reader.unconfirmed(item))
            .collect(),
    }
}

/// Puts parts of an explanation into words.
pub(super) struct Reader<'a> {
    pub(super) law: &'a Law,
    pub(super) lang: Lang,
}

impl Reader<'_> {
    fn step(
        &self,
        whole: &Explanation<'_>,
        index: usize,
        step: &Step<'_>,
        alike: usize,
    ) -> StepView {
        let rule = &self.law[step.rule];
        let formula = step.result.as_ref().map(|line| self.named(line));
        let same_place =
            |used: &&usize| whole.steps[**used].place == step.place || step.place.is_some();
        StepView {
            index,
            title: self.title(step),
            value: self.outcome(step.rule, &step.outcome),
            refused: step.outcome.is_err(),
            unconfirmed: !rule.mark.confirmed && !step.given,
            clause: self.lang.text(&rule.clause).to_owned(),
            sections: self.sections(step),
            uses: step
                .uses
                .iter()
                .filter(same_place)
                .map(|used| (*used, self.used(whole, *used)))
                .collect(),
            tables: step
                .tables
                .iter()
                .map(|table| self.table(table, formula.as_deref()))
                .collect(),
            alike,
        }
    }

    fn used(&self, whole: &Explanation<'_>, index: usize) -> String {
        let step = &whole.steps[index];
        format!(
            "{} = {}",
            self.title(step),
            self.outcome(step.rule, &step.outcome)
        )
    }

    fn sections(&self, step: &Step<'_>) -> Vec<(Word, Vec<String>)> {
        let rule = &self.law[step.rule];
        let mut sections = Vec::new();
        let mut add = |word, lines: Vec<String>| {
            if !lines.is_empty() {
                sections.push((word, lines));
            }
        };
        let mut basis: Vec<String> = rule
            .citations
            .iter()
            .map(|cited| self.citation(cited))
            .collect();
        basis.push(self.mark(&rule.mark));
        add(Word::Basis, vec![basis.join(self.lang.pick("；", "; "))]);
        if step.given {
            add(
                Word::Result,
                vec![Word::Given.in_language(self.lang).into()],
            );
        }
        if let Some(version) = step.version {
            let own_day = step.day.filter(|_| step.place.is_some());
            add(
                Word::InForce,
                vec![self.period(version.from, version.until, own_day)],
            );
        }
        if let Some(line) = &step.result {
            add(Word::Formula, vec![self.named(line)]);
            if !line.filled.is_empty() {
                add(Word::Numbers, vec![self.numbers(line)]);
            }
        }
        add(
            Word::Let,
            step.lets.iter().map(|line| self.let_line(line)).collect(),
        );
        add(
            Word::Conditions,
            step.conditions
                .iter()
                .map(|condition| self.condition(condition))
                .collect(),
        );
        let requires = step.requires.iter().map(|require| {
            let met = if require.condition.holds == Some(true) {
                Word::Met
            } else {
                Word::NotMet
            };
            let otherwise = self.lang.text(require.otherwise);
            let line = self.condition(&require.condition);
            match met {
                Word::Met => format!("{line}{}", self.aside(Word::Met.in_language(self.lang))),
                _ => format!("{line}{}", self.aside(otherwise)),
            }
        });
        add(Word::Requires, requires.collect());
        add(
            Word::Facts,
            step.inputs.iter().map(|used| self.input(used)).collect(),
        );
        let figures = step
            .figures
            .iter()
            .map(|used| self.figure(used, &rule.citations));
        add(Word::Figures, figures.collect());
        sections
    }

    /// The rule's name, and of which record.
    pub(super) fn title(&self, step: &Step<'_>) -> String {
        let name = self.lang.name(&self.law[step.rule].names);
        match &step.place {
            None => name.into_owned(),
            Some(place) => format!("{name}{}", self.aside(&self.place(place))),
        }
    }

    pub(super) fn place(&self, place: &Place) -> String {
        let relation = self.lang.name(&self.law[place.relation].names);
        match &place.label {
            Some((input, value)) => {
                format!(
                    "{relation} {}",
                    shown(self.law, self.law[*input].ty, value, self.lang)
                )
            }
            None => format!("{relation} {}", place.number),
        }
    }

    pub(super) fn outcome(&self, rule: RuleId, outcome: &Result<Value, Refusal>) -> String {
        match outcome {
            Ok(value) => shown(self.law, self.law[rule].ty, value, self.lang),
            Err(refused) => format!(
                "{}{}{}",
                Word::Refused.in_language(self.lang),
                self.lang.pick("：", ": "),
                refusal::message(refused, self.law, self.lang)
            ),
        }
    }

    fn named(&self, line: &Line<'_>) -> String {
        named(self.law, line.expr).text(self.law, self.lang)
    }

    /// `(11,546.00 + 6,927.60) / 2 × 34 × 1% = 3,140.512 → half up to 0.01 yuan → 3,140.51`.
    pub(super) fn numbers(&self, line: &Line<'_>) -> String {
        let value = |value: &Value| in_formula(self.law, line.ty, value, self.lang);
        let mut text = self.filled(&line.filled);
        match (&line.exact, &line.value, line.rounding) {
            (Some(exact), Some(rounded), Some((mode, unit))) => {
                if !line.filled.is_one_value() {
                    text = format!("{text} = {}", value(exact));
                }
                let mode = words::rounding(mode, self.lang);
                let unit = words::unit(unit, self.lang);
                format!("{text} → {mode} {unit} → {}", value(rounded))
            }
            (_, Some(_), _) if line.filled.is_one_value() => text,
            (_, Some(got), _) if line.ty == Type::Bool => format!("{text} → {}", value(got)),
            (_, Some(got), _) => format!("{text} = {}", value(got)),
            (_, None, _) => format!("{text} → {}", Word::Refused.in_language(self.lang)),
        }
    }

    pub(super) fn filled(&self, formula: &Formula<'_>) -> String {
        formula.text(self.law, self.lang)
    }

    fn let_line(&self, line: &Line<'_>) -> String {
        let name = line
            .local
            .map_or_else(Default::default, |(_, name)| words::spoken(name));
        let numbers = self.numbers(line);
        match self.named(line) {
            same if same == numbers => format!("{name} = {numbers}"),
            formula => format!(
                "{name} = {formula}{}{numbers}",
                self.lang.pick("；即 ", "; that is, ")
            ),
        }
    }

    fn condition(&self, condition: &Condition<'_>) -> String {
        let written = named(self.law, condition.expr).text(self.law, self.lang);
        let answer = match condition.holds {
            Some(true) => Word::Yes,
            Some(false) => Word::No,
            None => Word::Refused,
        };
        let (filled, answer) = (
            self.filled(&condition.filled),
            answer.in_language(self.lang),
        );
        format!("{written}{}{filled} → {answer}", self.lang.pick("：", ": "))
    }

    fn input(&self, used: &InputUsed) -> String {
        let input = &self.law[used.input];
        let name = self.lang.name(&input.names);
        match &used.value {
            Ok(value) => {
                let value = shown(self.law, input.ty, value, self.lang);
                let note = if used.by_default {
                    self.aside(Word::ByDefault.in_language(self.lang))
                } else {
                    String::new()
                };
                format!("{name} = {value}{note}")
            }
            Err(reason) => {
                let what = match reason {
                    refusal::Reason::OutOfRange { given, .. } => {
                        shown(self.law, input.ty, given, self.lang)
                    }
                    _ => Word::Missing.in_language(self.lang).into(),
                };
                format!("{name}{}{what}", self.lang.pick("：", ": "))
            }
        }
    }

    /// A figure with its dates, source and mark; the source only where it is not `known` already.
    fn figure(&self, used: &FigureUsed<'_>, known: &[Citation]) -> String {
        let figure = &self.law[used.figure];
        let value = match &used.row.value {
            Some(value) => shown(self.law, figure.ty, value, self.lang),
            None => Word::Missing.in_language(self.lang).into(),
        };
        let mut parts = vec![self.period(Some(used.version.from), used.version.until, None)];
        let news = figure
            .citations
            .iter()
            .filter(|cited| !known.contains(cited));
        parts.extend(news.map(|cited| self.citation(cited)));
        parts.push(self.mark(&used.row.mark));
        let about = parts.join(self.lang.pick("；", "; "));
        format!(
            "{}{} = {value}{}",
            self.lang.name(&figure.names),
            self.keys(used),
            self.aside(&about)
        )
    }

    fn keys(&self, used: &FigureUsed<'_>) -> String {
        if used.keys.is_empty() {
            return String::new();
        }
        let types = self.law[used.figure].keys.iter().map(|key| key.ty);
        let keys = types
            .zip(&used.keys)
            .map(|(ty, key)| shown(self.law, ty, key, self.lang));
        format!("({})", keys.collect::<Vec<_>>().join(", "))
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

    fn unconfirmed(&self, item: &Unconfirmed<'_>) -> String {
        match item {
            Unconfirmed::Figure(used) => self.figure(used, &[]),
            Unconfirmed::Rule(id) => {
                let rule = &self.law[*id];
                format!(
                    "{}{}",
                    self.lang.name(&rule.names),
                    self.aside(&self.mark(&rule.mark))
                )
            }
        }
    }

    /// `自 2006年1月1日` / `from 2006-01-01 until 2024-12-31`, and the record's own day where it has one.
    fn period(&self, from: Option<Day>, until: Option<Day>, of: Option<Day>) -> String {
        let word = |word: Word| word.in_language(self.lang);
        let mut text = match from {
            Some(from) => format!("{} {}", word(Word::From), self.day(from)),
            None => word(Word::BeforeAll).to_owned(),
        };
        if let Some(until) = until {
            text = format!("{text} {} {}", word(Word::Until), self.day(until));
        }
        match of {
            Some(day) => format!(
                "{text}{}",
                self.aside(&format!("{} {}", word(Word::AsOfDay), self.day(day)))
            ),
            None => text,
        }
    }

    pub(super) fn day(&self, day: Day) -> String {
        in_formula(self.law, Type::Date, &Value::Day(day), self.lang)
    }

    /// `《…的决定》（国发〔2005〕38号）第 6 条`.
    pub(super) fn citation(&self, cited: &Citation) -> String {
        let source = &self.law[cited.source];
        let title = self.lang.text(&source.title);
        let number = source
            .number
            .as_ref()
            .map_or_else(String::new, |number| self.aside(number));
        let numbered = |label: &str| label.chars().all(|c| c.is_ascii_digit());
        let article = match (&cited.article, self.lang) {
            (None, _) => String::new(),
            (Some(label), Lang::Zh) if numbered(label) => format!("第 {label} 条"),
            (Some(label), Lang::Zh) => format!(" {label}"),
            (Some(label), Lang::En) if numbered(label) => format!(", article {label}"),
            (Some(label), Lang::En) => format!(", {label}"),
        };
        match self.lang {
            Lang::Zh => format!("《{title}》{number}{article}"),
            Lang::En => format!("{title}{number}{article}"),
        }
    }

    /// `未确证 S3：…`.
    pub(super) fn mark(&self, mark: &Mark) -> String {
        let word = if mark.confirmed {
            Word::Confirmed
        } else {
            Word::UnconfirmedOne
        };
        let mut text = word.in_language(self.lang).to_owned();
        if let Some(grade) = mark.grade {
            text = format!("{text} {}", grade_name(grade));
        }
        match &mark.note {
            Some(note) => format!("{text}{}{note}", self.lang.pick("：", ": ")),
            None => text,
        }
    }

    fn aside(&self, text: &str) -> String {
        match self.lang {
            Lang::Zh => format!("（{text}）"),
            Lang::En => format!(" ({text})"),
        }
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
