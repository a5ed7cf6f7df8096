//! The checked law of one jurisdiction: every name resolved, every expression typed. All readers of the law
//! (explaining, running in columns, examples) start from here, and nothing here can be ill-formed.

mod value;

use crate::diagnostic::Span;
pub use crate::syntax::ast::{Gather, Length, Operator, Text, Unit};
use measure::{Day, Rounding};
use std::collections::BTreeMap;
pub use value::{Exact, Facts, Kind, Type, Value};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $of:ident in $list:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The one at this place of its list in the law.
            ///
            /// # Panics
            ///
            /// When the place is 2^32 or beyond.
            #[must_use]
            pub fn nth(place: usize) -> $name {
                $name(u32::try_from(place).expect("a law has fewer than 2^32 items"))
            }
        }
        impl std::ops::Index<$name> for Law {
            type Output = $of;
            fn index(&self, id: $name) -> &$of { &self.$list[id.0 as usize] }
        }
    )*};
}
ids! {
    /// A source of this law.
    SourceId => Source in sources;
    /// An enumeration of this law.
    EnumId => Enum in enums;
    /// An entity of this law.
    EntityId => Entity in entities;
    /// A relation of this law.
    RelationId => Relation in relations;
    /// An input of this law.
    InputId => Input in inputs;
    /// A parameter or table of this law.
    FigureId => Figure in figures;
    /// A rule of this law.
    RuleId => Rule in rules;
}

/// A `let`, a carried value: counted within one rule version's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// The law of one jurisdiction with everything the higher ones say.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// From the highest to this one.
    pub chain: Vec<Jurisdiction>,
    /// The legal sources.
    pub sources: Vec<Source>,
    /// The enumerations.
    pub enums: Vec<Enum>,
    /// The entities.
    pub entities: Vec<Entity>,
    /// The relations.
    pub relations: Vec<Relation>,
    /// The inputs.
    pub inputs: Vec<Input>,
    /// The parameters and tables.
    pub figures: Vec<Figure>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The examples written in this jurisdiction's own folder.
    pub examples: Vec<Example>,
    /// Every item's names, in both languages.
    pub names: BTreeMap<String, Item>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// An enumeration.
    Enum(EnumId),
    /// An enumeration's member. A name shared by two enumerations is resolved by the type expected.
    Member(EnumId, u16),
    /// An entity.
    Entity(EntityId),
    /// A relation.
    Relation(RelationId),
    /// An input.
    Input(InputId),
    /// A parameter or table.
    Figure(FigureId),
    /// A rule.
    Rule(RuleId),
}

/// A jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jurisdiction {
    /// `cn-50`.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// `province`.
    pub level: Option<String>,
}

/// An item's names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Names {
    /// The English identity, `basic-pension`; the Chinese one if there is no other.
    pub id: String,
    /// The Chinese name.
    pub zh: Option<String>,
}

/// A legal source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its identity.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its document number.
    pub number: Option<String>,
    /// The day it was issued.
    pub issued: Option<Day>,
    /// The day it took effect.
    pub in_force: Option<Day>,
    /// Where it was published.
    pub published: Option<String>,
    /// The jurisdiction it belongs to, an index into [`Law::chain`].
    pub jurisdiction: usize,
    /// How surely its content is known.
    pub mark: Option<Mark>,
    /// Where it stands.
    pub span: Span,
}

/// Where the law says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// The source.
    pub source: SourceId,
    /// The article's label.
    pub article: Option<String>,
}

/// The grades of evidence, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Seen on a government or official-statistics page.
    S1,
    /// Seen in news or a repost of an official text.
    S2,
    /// Seen only on an unofficial page.
    S3,
    /// Seen in someone's source code.
    SCode,
    /// Derived by arithmetic from seen figures.
    D,
    /// Remembered.
    M,
}

/// How surely something is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Whether it may be relied on.
    pub confirmed: bool,
    /// The evidence's grade.
    pub grade: Option<Grade>,
    /// The note behind it.
    pub note: Option<String>,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its names.
    pub names: Names,
    /// Its members, in order; a value is an index here.
    pub members: Vec<Names>,
    /// Where it stands.
    pub span: Span,
}

/// An entity.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its names.
    pub names: Names,
    /// The day under whose law a record is evaluated; an expression of kind date over the record's inputs.
    pub dated_by: Option<Expr>,
    /// The relation through which it is owned; `None` for an entity that stands alone.
    pub owned_through: Option<RelationId>,
    /// Where it stands.
    pub span: Span,
}

/// Records of one entity owned by another.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its names.
    pub names: Names,
    /// The owner.
    pub of: EntityId,
    /// The records.
    pub to: EntityId,
    /// Where it stands.
    pub span: Span,
}

/// A fact the law asks for.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its names.
    pub names: Names,
    /// Whose.
    pub of: EntityId,
    /// Its type.
    pub ty: Type,
    /// The least and greatest value a file may give; for types with an order always there (declared or the type's own).
    pub range: Option<(Value, Value)>,
    /// Its value when missing.
    pub default: Option<Value>,
    /// The paraphrase above it.
    pub clause: Text,
    /// Where it stands.
    pub span: Span,
}

/// A parameter (no keys) or table.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its names.
    pub names: Names,
    /// The type of its values.
    pub ty: Type,
    /// Its keys, in order.
    pub keys: Vec<Key>,
    /// Where the law says so: of the jurisdiction whose values these are.
    pub citations: Vec<Citation>,
    /// The level that may set it.
    pub opened_to: Option<String>,
    /// The jurisdiction whose values these are, an index into [`Law::chain`].
    pub jurisdiction: usize,
    /// Its values over time, in order of `from`, not overlapping.
    pub versions: Vec<FigureVersion>,
    /// The paraphrase above it.
    pub clause: Text,
    /// Where it is declared.
    pub span: Span,
}

/// A table's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name; an enumeration's names when it is one.
    pub names: Names,
    /// Its type: an enumeration, integer, months, days or year.
    pub ty: Type,
}

/// The values in force for a time.
#[derive(Clone, Debug)]
pub struct FigureVersion {
    /// The first day.
    pub from: Day,
    /// The last day, if known: its own `until`, or the day before the next version.
    pub until: Option<Day>,
    /// For a parameter one row without keys.
    pub rows: Vec<Row>,
    /// Where it stands.
    pub span: Span,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// A match for each key.
    pub keys: Vec<KeyMatch>,
    /// Its value; `None` when the figure is not known.
    pub value: Option<Value>,
    /// How surely it is known.
    pub mark: Mark,
    /// Where it stands.
    pub span: Span,
}

/// What a row's key matches. The last row all of whose keys match is taken; rows with `Otherwise` only when no other does.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyMatch {
    /// This value.
    Exactly(Value),
    /// From the first to the second, both included.
    Between(Value, Value),
    /// This value and above.
    AtLeast(Value),
    /// What no other row matches.
    Otherwise,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its names.
    pub names: Names,
    /// Whose.
    pub of: EntityId,
    /// The type of its value.
    pub ty: Type,
    /// Where the law says so: of the jurisdiction whose bodies these are.
    pub citations: Vec<Citation>,
    /// How surely it is known.
    pub mark: Mark,
    /// The level that may set it.
    pub opened_to: Option<String>,
    /// The jurisdiction whose bodies these are, an index into [`Law::chain`].
    pub jurisdiction: usize,
    /// Its bodies over time, in order of `from` (`before` first), not overlapping.
    pub versions: Vec<RuleVersion>,
    /// The paraphrase above it.
    pub clause: Text,
    /// Where it stands.
    pub span: Span,
}

/// A rule's body for a time.
#[derive(Clone, Debug)]
pub struct RuleVersion {
    /// The first day; `None` is `before`.
    pub from: Option<Day>,
    /// The last day, if known: its own `until`, or the day before the next version.
    pub until: Option<Day>,
    /// `let` and `require` lines, in order.
    pub steps: Vec<Step>,
    /// The value, already of the rule's type: its kind is the type's and its decimals fit.
    pub result: Expr,
    /// How many locals the body has, those of `carry` included.
    pub locals: u32,
    /// Where it stands.
    pub span: Span,
}

/// A line before the value.
#[derive(Clone, Debug)]
pub enum Step {
    /// `let NAME = …`
    Let {
        /// The name as written.
        name: String,
        /// Its number.
        local: LocalId,
        /// Its value.
        value: Expr,
    },
    /// `require … otherwise "…"`
    Require {
        /// What must hold.
        condition: Expr,
        /// What is said when it does not.
        otherwise: Text,
        /// Where it stands.
        span: Span,
    },
}

/// A typed expression. It keeps the shape it was written in, for the explainer.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it does.
    pub node: Box<Node>,
    /// What its value is.
    pub kind: Kind,
    /// How many decimals its value has at most; `None` for a fraction not yet rounded. 0 for what is not a number.
    pub decimals: Option<u8>,
    /// Where it stands.
    pub span: Span,
}

/// Where an input or rule is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the thing the expression speaks of.
    Own,
    /// In the owner of the record, so many steps up (1 is its owner).
    Owner(u8),
}

/// The expressions.
#[derive(Clone, Debug)]
pub enum Node {
    /// A value written in the law.
    Literal(Value),
    /// A `let` or carried value. Seen inside an aggregation too: a local belongs to the rule's body as a whole.
    Local(LocalId, String),
    /// A fact.
    Input(InputId, Reach),
    /// Another rule's value.
    Rule(RuleId, Reach),
    /// A parameter or table, as of the law's date here or another date.
    Figure {
        /// Which.
        figure: FigureId,
        /// A value for each key.
        keys: Vec<Expr>,
        /// `at DATE`, of kind date.
        at: Option<Expr>,
    },
    /// The date whose law applies here.
    AsOf,
    /// `-E`.
    Negate(Expr),
    /// `not E`.
    Not(Expr),
    /// `A + B` …; both sides checked to fit.
    Binary(Operator, Expr, Expr),
    /// `E in (a, b)`.
    OneOf(Expr, Vec<Expr>),
    /// `E in years`.
    Convert(Expr, Length),
    /// `E rounded …`.
    Round(Expr, Rounding, Unit),
    /// A function.
    Call(Function, Vec<Expr>),
    /// `if … then … else …` (one arm) and `choose` (`written_choose`).
    Choose {
        /// Conditions and values, in order.
        arms: Vec<(Expr, Expr)>,
        /// The value when none holds.
        otherwise: Expr,
        /// Whether it was written `choose`, for printing it back.
        written_choose: bool,
    },
    /// An aggregation over records of this entity.
    Aggregate {
        /// Which.
        how: Gather,
        /// What is gathered, in the record; `None` for count, any and every.
        value: Option<Expr>,
        /// Over which records.
        over: RelationId,
        /// Which of them count, in the record.
        condition: Option<Expr>,
        /// The input that orders them, for first and last.
        by: Option<InputId>,
        /// The value when there is none, outside the record.
        default: Option<Expr>,
    },
    /// A value carried through records.
    Carry {
        /// Its number inside `step`.
        local: LocalId,
        /// Its name.
        name: String,
        /// What it starts from.
        from: Expr,
        /// Through which records.
        through: RelationId,
        /// The input that orders them.
        by: InputId,
        /// The next value, in the record; its kind and decimals are those of the whole.
        step: Expr,
    },
}

/// The functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The least of its arguments.
    Min,
    /// The greatest.
    Max,
    /// `bounded(x, low, high)`.
    Bounded,
    /// The year of a date or month.
    YearOf,
    /// The month of a date.
    MonthOf,
    /// 1-12 of a date or month.
    MonthNumber,
    /// 1-31 of a date.
    DayNumber,
    /// The first day of a month or year.
    FirstDay,
    /// The last day of a month or year.
    LastDay,
}

/// An example beside the law.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// Where it comes from.
    pub mark: Option<Mark>,
    /// The day whose law applies.
    pub as_of: Day,
    /// The facts.
    pub facts: Facts,
    /// What must come out.
    pub then: Vec<Expected>,
    /// Where it stands.
    pub span: Span,
}

/// What must come out of an example.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The rule.
    pub rule: RuleId,
    /// Its value; `None` when it must be refused.
    pub value: Option<Value>,
    /// How far off it may be.
    pub within: Option<Exact>,
    /// Why it may be off.
    pub because: Option<String>,
    /// Where it stands.
    pub span: Span,
}
