//! The tree of one law file, just as written; names are not resolved and nothing is typed.

use crate::diagnostic::Span;
use measure::{Day, Month, Rounding};

/// Something with the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// What stands there.
    pub node: T,
    /// Where.
    pub span: Span,
}

/// A name as written at a use.
pub type Name = At<String>;

/// A title or sentence in up to two languages.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text {
    /// The Chinese text.
    pub zh: Option<String>,
    /// The English text.
    pub en: Option<String>,
}

/// A name being declared: `basic-pension 基础养老金`; the first names the item, the second is its other name.
#[derive(Clone, Debug, PartialEq)]
pub struct Naming {
    /// The first name written.
    pub id: Name,
    /// The second, if any.
    pub other: Option<Name>,
}

/// One law file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct File {
    /// Its items in order.
    pub items: Vec<Item>,
}

/// An item with the paraphrased clause above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What the `>` lines above it say.
    pub clause: Text,
    /// The item.
    pub kind: ItemKind,
    /// From its keyword to its last line.
    pub span: Span,
}

/// The items of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `jurisdiction cn-50 "重庆市"`.
    Jurisdiction(Jurisdiction),
    /// `source …`.
    Source(Source),
    /// `article 6 "…"`.
    Article(Article),
    /// `enum …`.
    Enum(Enum),
    /// `entity …`.
    Entity(Entity),
    /// `relation …`.
    Relation(Relation),
    /// `input …`.
    Input(Input),
    /// `parameter …`, `table …`, and their `set` forms.
    Figure(Figure),
    /// `rule …` and `set rule …`.
    Rule(Rule),
    /// `not formalised because …`.
    NotFormalised(Text),
    /// `example …`.
    Example(Example),
}

/// A jurisdiction's own description.
#[derive(Clone, Debug, PartialEq)]
pub struct Jurisdiction {
    /// Its identity, the folder's name.
    pub id: Name,
    /// Its title.
    pub title: Text,
    /// `level province`.
    pub level: Option<Name>,
    /// `within cn`.
    pub within: Option<Name>,
}

/// A legal source.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its identity, used in citations.
    pub id: Name,
    /// Its title.
    pub title: Text,
    /// Its document number.
    pub number: Option<At<String>>,
    /// The day it was issued.
    pub issued: Option<At<Day>>,
    /// The day it took effect.
    pub in_force: Option<At<Day>>,
    /// Where it was published.
    pub published: Option<At<String>>,
    /// How surely its content is known.
    pub mark: Option<Mark>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// `6`, `annex` or the text of a quoted label; `quoted` tells the formatter to quote it again.
    pub label: At<String>,
    /// Whether the label was written in quotes.
    pub quoted: bool,
    /// Its title.
    pub title: Text,
    /// The mark of the items below it.
    pub mark: Option<Mark>,
}

/// How surely something is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// `confirmed` or `unconfirmed`.
    pub confirmed: bool,
    /// The evidence's grade as written: `S1`, `S2`, `S3`, `S-code`, `D`, `M`.
    pub grade: Option<Name>,
    /// The note behind it.
    pub note: Option<At<String>>,
    /// Where the whole mark stands.
    pub span: Span,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its names.
    pub naming: Naming,
    /// Its members.
    pub members: Vec<Naming>,
}

/// A kind of thing the law speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its names.
    pub naming: Naming,
    /// The day under whose law each record is evaluated.
    pub dated_by: Option<Expr>,
}

/// Records of one entity owned by another.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its names.
    pub naming: Naming,
    /// The owner's entity.
    pub of: Name,
    /// The records' entity.
    pub to: Name,
}

/// A fact the law asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its names.
    pub naming: Naming,
    /// Whose fact it is.
    pub of: Name,
    /// Its type.
    pub ty: TypeName,
    /// The smallest and greatest value a file may give.
    pub range: Option<(Expr, Expr)>,
    /// Its value when missing.
    pub default: Option<Expr>,
}

/// A type as written: `money`, `decimal(4)`, `sex`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    /// Its name.
    pub name: Name,
    /// The number in brackets.
    pub scale: Option<At<u8>>,
}

/// `cites SOURCE [article LABEL]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cites {
    /// The source's identity.
    pub source: Name,
    /// The article's label.
    pub article: Option<At<String>>,
    /// Whether the label was written in quotes.
    pub quoted: bool,
}

/// What parameters, tables and rules have in common.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Basis {
    /// Where it says so, if not in the article above.
    pub cites: Vec<Cites>,
    /// How surely it is known.
    pub mark: Option<Mark>,
    /// Which lower level may set it.
    pub opened_to: Option<Name>,
}

/// A parameter (no keys) or a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Whether it replaces a higher law's figure; then `ty` and `keys` are empty.
    pub set: bool,
    /// Whether it was written `table`.
    pub table: bool,
    /// Its names; with `set`, the name of the item to set.
    pub naming: Naming,
    /// Its type; absent with `set`.
    pub ty: Option<TypeName>,
    /// Its keys, if a table.
    pub keys: Vec<Key>,
    /// Citation, mark, opening.
    pub basis: Basis,
    /// Its values over time.
    pub versions: Vec<FigureVersion>,
}

/// A table's key: an enumeration's name alone, or a name with a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key's name.
    pub name: Name,
    /// Its type; absent when the name is an enumeration's.
    pub ty: Option<TypeName>,
}

/// The values from one day on.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureVersion {
    /// The first day.
    pub from: At<Day>,
    /// The last day, if it ends before the next version.
    pub until: Option<At<Day>>,
    /// The mark of the whole version (of a table).
    pub mark: Option<Mark>,
    /// One row without keys for a parameter.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// A match for each key.
    pub keys: Vec<At<KeyMatch>>,
    /// The value; `None` is `unset`.
    pub value: Option<Expr>,
    /// How surely this value is known.
    pub mark: Option<Mark>,
    /// The whole row.
    pub span: Span,
}

/// What a row's key may be.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyMatch {
    /// This value.
    Exactly(Expr),
    /// `A .. B`, both included.
    Between(Expr, Expr),
    /// `A or more`.
    AtLeast(Expr),
    /// `otherwise`.
    Otherwise,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Whether it replaces a higher law's rule; then `of` and `ty` are absent.
    pub set: bool,
    /// Its names; with `set`, the name of the rule to set.
    pub naming: Naming,
    /// Whose rule it is.
    pub of: Option<Name>,
    /// Its type.
    pub ty: Option<TypeName>,
    /// Citation, mark, opening.
    pub basis: Basis,
    /// Its bodies over time.
    pub versions: Vec<RuleVersion>,
}

/// A rule's body from one day on.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleVersion {
    /// The first day; `None` is `before`.
    pub from: Option<At<Day>>,
    /// The last day, if it ends before the next version.
    pub until: Option<At<Day>>,
    /// `let` and `require` lines.
    pub steps: Vec<Step>,
    /// The value.
    pub result: Expr,
    /// The whole version.
    pub span: Span,
}

/// A line of a body before its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `let NAME = EXPR`.
    Let(Name, Expr),
    /// `require CONDITION otherwise "…"`.
    Require(Expr, Text, Span),
}

/// An example.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows.
    pub title: At<String>,
    /// Where it comes from.
    pub mark: Option<Mark>,
    /// The day whose law applies.
    pub as_of: Option<At<Day>>,
    /// The facts.
    pub given: Vec<Given>,
    /// What must come out.
    pub then: Vec<Expected>,
}

/// A given fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// `name = value`.
    Value(Name, Expr),
    /// A relation's records, each a list of facts.
    Records(Name, Vec<Vec<Given>>),
}

/// An expected outcome.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// `name = value [within tolerance [because "…"]]`.
    Value {
        /// The rule.
        name: Name,
        /// Its value.
        value: Expr,
        /// How far off it may be.
        within: Option<Expr>,
        /// Why it may be off.
        because: Option<At<String>>,
    },
    /// `name refused`.
    Refused(Name),
}

/// An expression with its place.
pub type Expr = At<Box<ExprKind>>;

/// The expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A name: input, rule, parameter, `let`, enumeration member, `as-of`.
    Name(String),
    /// `f(a, b)`: a function or a table.
    Call(Name, Vec<Expr>),
    /// `E at DATE`.
    AsOf(Expr, Expr),
    /// `E in years`.
    Convert(Expr, At<Length>),
    /// `-E`.
    Negate(Expr),
    /// `not E`.
    Not(Expr),
    /// `A + B` and the like; the operator's own place.
    Binary(At<Operator>, Expr, Expr),
    /// `E in (a, b)`.
    OneOf(Expr, Vec<Expr>),
    /// `E rounded half up to fen`.
    Round(Expr, Rounding, At<Unit>),
    /// `if C then A else B`.
    If(Expr, Expr, Expr),
    /// `choose when … otherwise …`.
    Choose(Vec<(Expr, Expr)>, Expr),
    /// `sum of E over R where C by K default D`.
    Aggregate(Box<Aggregate>),
    /// `carry x from A through R by K as E`.
    Carry(Box<Carry>),
    /// Could not be read; an error was reported.
    Broken,
}

/// An aggregation.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub how: Gather,
    /// What is gathered; absent for `count`, `any`, `every`.
    pub value: Option<Expr>,
    /// The relation.
    pub over: Name,
    /// Which records count.
    pub condition: Option<Expr>,
    /// The order, for `first` and `last`.
    pub by: Option<Name>,
    /// The value when there is no record.
    pub default: Option<Expr>,
}

/// A value carried through records in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Carry {
    /// The carried value's name.
    pub name: Name,
    /// What it starts from.
    pub from: Expr,
    /// The relation.
    pub through: Name,
    /// The order.
    pub by: Name,
    /// The next value.
    pub step: Expr,
}

/// The ways to gather records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gather {
    /// The sum.
    Sum,
    /// How many.
    Count,
    /// The sum divided by how many.
    Average,
    /// The greatest.
    Largest,
    /// The least.
    Smallest,
    /// The value of the first record by an order.
    First,
    /// The value of the last.
    Last,
    /// Whether one is.
    Any,
    /// Whether all are.
    Every,
}

/// The operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `=`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `and`
    And,
    /// `or`
    Or,
}

/// What a value is read as, in `E in years`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Twelve months each.
    Years,
    /// Months.
    Months,
    /// Days.
    Days,
    /// Yuan.
    Yuan,
}

/// What a value is rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money, to this many fen: 1 is `fen`, 10 `jiao`, 100 `yuan`, 1000 `10 yuan`.
    Fen(i64),
    /// A number, to this many decimals: `4 decimals`; 0 is `integer`.
    Decimals(u8),
    /// A length, to whole months.
    Months,
    /// A length, to whole days.
    Days,
}

/// The literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A number `mantissa / 10^scale`; 16% is 16 with scale 2.
    Number {
        /// Its digits.
        mantissa: i64,
        /// How many of them stand behind the point.
        scale: u8,
        /// Whether it was written with `%`, for printing it back.
        percent: bool,
    },
    /// Money, in fen; `unit_fen` is 100, 10 or 1 as it was written in yuan, jiao or fen.
    Money {
        /// The amount.
        fen: i64,
        /// The fen in the unit written.
        unit_fen: i64,
    },
    /// A length in months; `years` when it was written so.
    Months {
        /// The months.
        months: i32,
        /// Whether it was written in years.
        years: bool,
    },
    /// A length in days.
    Days(i32),
    /// A day.
    Day(Day),
    /// A month.
    Month(Month),
    /// A year.
    Year(i32),
    /// `true` or `false`.
    Bool(bool),
    /// A text.
    Text(String),
}
