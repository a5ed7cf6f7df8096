//! Why it came out so: every rule reached for one case, with its numbers, figures, facts and articles.
//!
//! The explainer is a second reader of the same checked law. It keeps no log of a run: it walks the bodies with the
//! [evaluator](crate::evaluate) beside it and asks it for the value of each part, so what is explained is what was
//! computed. An [`Explanation`] is plain data in no language; [`text()`], [`html()`] and [`json()`] put it into words.

mod filled;
mod formula;
mod html;
mod json;
mod named;
mod show;
mod tables;
mod text;
mod told;
mod trace;
mod view;
mod words;

pub use formula::Formula;
pub use html::html;
pub use json::json;
pub use show::{in_formula, shown};
pub use text::text;
pub use told::{Told, ToldSection, ToldStep, ToldTable, told};
pub use view::cited;
pub use words::Lang;

use crate::law::{
    Expr, Facts, FigureId, FigureVersion, InputId, Law, LocalId, RelationId, Row, RuleId,
    RuleVersion, Text, Type, Unit, Value,
};
use crate::refusal::{Reason, Refusal};
use measure::{Day, Rounding};

/// Explains the value of a rule for one case under the law of a day.
#[must_use]
pub fn explain<'a>(law: &'a Law, as_of: Day, facts: &'a Facts, rule: RuleId) -> Explanation<'a> {
    trace::trace(law, as_of, facts, rule)
}

/// What came out for one rule of one case, and why.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The law applied.
    pub law: &'a Law,
    /// The day whose law was asked for.
    pub as_of: Day,
    /// The rule asked for.
    pub rule: RuleId,
    /// Its value or refusal.
    pub outcome: Result<Value, Refusal>,
    /// Every rule reached, once for each record it was reached in: the one asked first, then what it used, depth
    /// first.
    pub steps: Vec<Step<'a>>,
    /// When refused: the rules from the one asked to the one that refuses, as indices into `steps`.
    pub path: Vec<usize>,
    /// The unconfirmed figures and rules used, each once, in the order met.
    pub unconfirmed: Vec<Unconfirmed<'a>>,
}

/// One rule in one record.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The rule.
    pub rule: RuleId,
    /// The record; `None` for the case itself.
    pub place: Option<Place>,
    /// The day whose law applied there; `None` when it could not be told.
    pub day: Option<Day>,
    /// Its value or refusal.
    pub outcome: Result<Value, Refusal>,
    /// Whether the value was given and so not computed.
    pub given: bool,
    /// The body in force; `None` when given or not in force.
    pub version: Option<&'a RuleVersion>,
    /// The `let`s that were used, in the order of the body.
    pub lets: Vec<Line<'a>>,
    /// The `require`s that were looked at.
    pub requires: Vec<Requirement<'a>>,
    /// The conditions that decided which branch was taken.
    pub conditions: Vec<Condition<'a>>,
    /// The value's own line.
    pub result: Option<Line<'a>>,
    /// The facts used.
    pub inputs: Vec<InputUsed>,
    /// The figures used.
    pub figures: Vec<FigureUsed<'a>>,
    /// The rules used, as indices into the explanation's steps.
    pub uses: Vec<usize>,
    /// The records that aggregations and carried values went through.
    pub tables: Vec<Table<'a>>,
}

/// A record.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The relation it belongs to.
    pub relation: RelationId,
    /// Its number in the facts, from 1.
    pub number: usize,
    /// What it is best called by: the first point in time among its inputs.
    pub label: Option<(InputId, Value)>,
}

/// A formula with its numbers.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The `let` it belongs to; `None` for the rule's value.
    pub local: Option<(LocalId, &'a str)>,
    /// As written.
    pub expr: &'a Expr,
    /// With the numbers; only the branches taken, up to the place of a refusal. Without the last rounding.
    pub filled: Formula<'a>,
    /// How the formula that applies is rounded at its end, if it is.
    pub rounding: Option<(Rounding, Unit)>,
    /// The value before that rounding.
    pub exact: Option<Value>,
    /// The value; `None` when refused.
    pub value: Option<Value>,
    /// The type to show the value in.
    pub ty: Type,
}

/// A condition that was looked at.
#[derive(Clone, Debug)]
pub struct Condition<'a> {
    /// As written.
    pub expr: &'a Expr,
    /// With the numbers.
    pub filled: Formula<'a>,
    /// Whether it holds; `None` when refused.
    pub holds: Option<bool>,
}

/// A `require`.
#[derive(Clone, Debug)]
pub struct Requirement<'a> {
    /// What must hold.
    pub condition: Condition<'a>,
    /// What is said when it does not.
    pub otherwise: &'a Text,
}

/// A fact that was used.
#[derive(Clone, Debug, PartialEq)]
pub struct InputUsed {
    /// Which.
    pub input: InputId,
    /// Its value or why it has none.
    pub value: Result<Value, Reason>,
    /// Whether it was not given and the law's default stands in.
    pub by_default: bool,
}

/// A figure that was used.
#[derive(Clone, Debug)]
pub struct FigureUsed<'a> {
    /// Which.
    pub figure: FigureId,
    /// The keys it was looked up by.
    pub keys: Vec<Value>,
    /// The version in force.
    pub version: &'a FigureVersion,
    /// The row, with its value and mark.
    pub row: &'a Row,
}

/// The records an aggregation or a carried value went through.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// The aggregation or carry.
    pub expr: &'a Expr,
    /// The relation.
    pub relation: RelationId,
    /// What stands in the columns.
    pub columns: Vec<Column<'a>>,
    /// One row a record, in the order walked; at most [`MOST_ROWS`].
    pub rows: Vec<TableRow>,
    /// How many more there are.
    pub not_shown: usize,
    /// How many records a `where` left out.
    pub not_counted: usize,
}

/// How many records a table shows.
pub const MOST_ROWS: usize = 60;

/// A column of a table of records.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// A fact of the record.
    Input(InputId),
    /// A rule of the record.
    Rule(RuleId),
    /// A figure read in the record.
    Figure(FigureId, &'a Expr),
    /// What is gathered.
    Value(&'a Expr),
    /// The value handed on.
    Carried(&'a str, Type),
}

impl Column<'_> {
    /// The type to show its cells in.
    #[must_use]
    pub fn ty(&self, law: &Law) -> Type {
        match self {
            Column::Input(id) => law[*id].ty,
            Column::Rule(id) => law[*id].ty,
            Column::Figure(id, _) => law[*id].ty,
            Column::Value(expr) => show::type_of(expr.kind),
            Column::Carried(_, ty) => *ty,
        }
    }
}

/// A row of a table of records.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The record's number in the facts, from 1.
    pub number: usize,
    /// A value for each column; `None` where there is none.
    pub cells: Vec<Option<Value>>,
}

/// Something used that is not confirmed.
#[derive(Clone, Debug)]
pub enum Unconfirmed<'a> {
    /// A figure.
    Figure(FigureUsed<'a>),
    /// A rule.
    Rule(RuleId),
}

impl<'a> Explanation<'a> {
    /// The steps worth reading: of a rule computed alike in many records only the first, with how many more there are.
    #[must_use]
    pub fn shown_steps(&self) -> Vec<(usize, &Step<'a>, usize)> {
        let mut shown: Vec<(usize, &Step<'a>, usize)> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let alike = |other: &&mut (usize, &Step<'a>, usize)| {
                let same_body = match (other.1.version, step.version) {
                    (Some(a), Some(b)) => std::ptr::eq(a, b),
                    (None, None) => other.1.given == step.given,
                    _ => false,
                };
                other.1.rule == step.rule && other.1.place.is_some() && same_body
            };
            match shown.iter_mut().find(alike) {
                Some(first) if step.place.is_some() && step.outcome.is_ok() => first.2 += 1,
                _ => shown.push((index, step, 0)),
            }
        }
        shown
    }
}
