//! Why a case has no value: a named reason with the place in the law, never a silent zero.

pub mod codes;

use crate::diagnostic::Span;
use crate::explain::{Lang, shown};
use crate::law::{FigureId, InputId, Law, Names, RelationId, RuleId, Text, Type, Value};
use measure::Day;

/// A case (or one of its rules) that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The rule in which it happened; `None` while reading the facts.
    pub rule: Option<RuleId>,
    /// The place in the law.
    pub span: Option<Span>,
}

/// The reasons. Each has a stable code ([`Reason::code`]) and a page in `docs/reference/errors`.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A needed input without default was not given.
    Missing(InputId),
    /// An input is outside the range the law declares.
    OutOfRange {
        /// Which.
        input: InputId,
        /// What was given.
        given: Value,
    },
    /// The rule does not exist on the day whose law applies.
    NotInForce {
        /// Which.
        rule: RuleId,
        /// The day asked for.
        asked: Day,
    },
    /// The parameter or table has no value on the day whose law applies (or none at all: left to a lower jurisdiction).
    NoFigure {
        /// Which.
        figure: FigureId,
        /// The day asked for.
        asked: Day,
    },
    /// The law has a figure, but it is not known; the note says more.
    Unset {
        /// Which.
        figure: FigureId,
        /// The day asked for.
        asked: Day,
        /// The mark's note.
        note: Option<String>,
    },
    /// A table has no row for these keys.
    NoRow {
        /// Which.
        figure: FigureId,
        /// The keys looked up.
        keys: Vec<Value>,
    },
    /// `average`, `largest`, `smallest`, `first` or `last` of no records, without default.
    NoRecords(RelationId),
    /// Records that must be in a strict order have two with the same place.
    SamePlace(RelationId),
    /// A division by zero.
    DivisionByZero,
    /// An amount beyond 128-bit fractions, or a result beyond what its type holds (64 bits of its last decimal).
    TooLarge,
    /// A date outside 1800-2299.
    DateOutside,
    /// A `require` of the law does not hold.
    NotMet(Text),
    /// Rules ask for each other without end through given facts (cannot happen in a checked law; kept as a named refusal).
    TooDeep,
}

impl Reason {
    /// The stable code; `docs/reference/errors` has a page of this name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        let code = match self {
            Reason::Missing(_) => codes::MISSING,
            Reason::OutOfRange { .. } => codes::OUT_OF_RANGE,
            Reason::NotInForce { .. } => codes::NOT_IN_FORCE,
            Reason::NoFigure { .. } => codes::NO_FIGURE,
            Reason::Unset { .. } => codes::UNSET,
            Reason::NoRow { .. } => codes::NO_ROW,
            Reason::NoRecords(_) => codes::NO_RECORDS,
            Reason::SamePlace(_) => codes::SAME_PLACE,
            Reason::DivisionByZero => codes::DIVISION_BY_ZERO,
            Reason::TooLarge => codes::TOO_LARGE,
            Reason::DateOutside => codes::DATE_OUTSIDE,
            Reason::NotMet(_) => codes::NOT_MET,
            Reason::TooDeep => codes::TOO_DEEP,
        };
        code.0
    }
}

/// What happened, in one sentence without a full stop.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: an arm a reason")]
pub fn message(refusal: &Refusal, law: &Law, lang: Lang) -> String {
    let name = |names: &Names| lang.name(names).into_owned();
    let day = |day: Day| shown(law, Type::Date, &Value::Day(day), lang);
    let (zh, en) = match &refusal.reason {
        Reason::Missing(input) => {
            let name = name(&law[*input].names);
            (format!("未提供“{name}”"), format!("“{name}” was not given"))
        }
        Reason::OutOfRange { input, given } => {
            let (ty, name) = (law[*input].ty, name(&law[*input].names));
            let given = shown(law, ty, given, lang);
            let (zh, en) = match &law[*input].range {
                Some((least, most)) => {
                    let (least, most) = (shown(law, ty, least, lang), shown(law, ty, most, lang));
                    (
                        format!("，应在 {least} 与 {most} 之间"),
                        format!("; expected {least} to {most}"),
                    )
                }
                None => ("，不是可取的值".into(), ", which it cannot be".into()),
            };
            (
                format!("“{name}”为 {given}{zh}"),
                format!("“{name}” is {given}{en}"),
            )
        }
        Reason::NotInForce { rule, asked } => {
            let (name, asked) = (name(&law[*rule].names), day(*asked));
            (
                format!("“{name}”在 {asked} 无施行文本"),
                format!("“{name}” is not in force on {asked}"),
            )
        }
        Reason::NoFigure { figure, asked } => {
            let (name, asked) = (name(&law[*figure].names), day(*asked));
            (
                format!("“{name}”在 {asked} 没有数值"),
                format!("“{name}” has no value on {asked}"),
            )
        }
        Reason::Unset {
            figure,
            asked,
            note,
        } => {
            let (name, asked) = (name(&law[*figure].names), day(*asked));
            let note = note.as_ref().map_or_else(String::new, |note| {
                lang.pick(format!("：{note}"), format!(": {note}"))
            });
            (
                format!("“{name}”在 {asked} 的数值尚不掌握{note}"),
                format!("the value of “{name}” on {asked} is not known{note}"),
            )
        }
        Reason::NoRow { figure, keys } => {
            let figure = &law[*figure];
            let types = figure.keys.iter().map(|key| key.ty);
            let keys = types
                .zip(keys)
                .map(|(ty, key)| shown(law, ty, key, lang))
                .collect::<Vec<_>>()
                .join(", ");
            let name = name(&figure.names);
            (
                format!("“{name}”没有 {keys} 一行"),
                format!("“{name}” has no row for {keys}"),
            )
        }
        Reason::NoRecords(relation) => {
            let name = name(&law[*relation].names);
            (
                format!("“{name}”没有可计的记录"),
                format!("there is no record of “{name}” to count"),
            )
        }
        Reason::SamePlace(relation) => {
            let name = name(&law[*relation].names);
            (
                format!("“{name}”中有两条记录次序相同"),
                format!("two records of “{name}” have the same place in their order"),
            )
        }
        Reason::DivisionByZero => ("除数为零".into(), "a division by zero".into()),
        Reason::TooLarge => (
            "数额超出所能容纳的范围".into(),
            "an amount is too large to be held".into(),
        ),
        Reason::DateOutside => (
            "日期在 1800 年至 2299 年之外".into(),
            "a date lies outside 1800 to 2299".into(),
        ),
        Reason::NotMet(otherwise) => (lang.text(otherwise).into(), lang.text(otherwise).into()),
        Reason::TooDeep => (
            "规则相互引用过深".into(),
            "rules ask for each other too deeply".into(),
        ),
    };
    lang.pick(zh, en)
}

/// How to mend it, in one sentence without a full stop.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: an arm a reason")]
pub fn remedy(refusal: &Refusal, law: &Law, lang: Lang) -> String {
    let day = |day: Day| shown(law, Type::Date, &Value::Day(day), lang);
    let (zh, en) = match &refusal.reason {
        Reason::Missing(input) => {
            let id = &law[*input].names.id;
            (
                format!("在事实中给出 {id}"),
                format!("give {id} in the facts"),
            )
        }
        Reason::OutOfRange { .. } => (
            "核对该事实的数值与单位".into(),
            "check the fact's value and its unit".into(),
        ),
        Reason::NotInForce { rule, .. } => match law[*rule]
            .versions
            .iter()
            .find_map(|version| version.from)
        {
            Some(from) => {
                let from = day(from);
                (
                    format!("该规则自 {from} 起存在；请用其施行期内的适用日"),
                    format!("the rule exists from {from}; ask as of a day on which it is in force"),
                )
            }
            None => (
                "该规则留待下级地区规定；请在有规定的地区运行".into(),
                "the rule is left to a lower jurisdiction; run it in one that has set it".into(),
            ),
        },
        Reason::NoFigure { figure, .. } => match law[*figure].versions.first() {
            Some(first) => {
                let from = day(first.from);
                (
                    format!("最早的数值自 {from} 起；请补充数值，或用有数值的适用日"),
                    format!(
                        "its first value is from {from}; add the value, or ask as of a day that has one"
                    ),
                )
            }
            None => (
                "该数值留待下级地区规定；请在有规定的地区运行".into(),
                "the figure is left to a lower jurisdiction; run it in one that has set it".into(),
            ),
        },
        Reason::Unset { .. } => (
            "找到公布的数值后写入法律文本".into(),
            "find the published figure and write it into the law's text".into(),
        ),
        Reason::NoRow { .. } => (
            "核对查表所用的事实；若法律确有此行，请补入".into(),
            "check the facts the table is looked up by; if the law has such a row, add it".into(),
        ),
        Reason::NoRecords(_) => (
            "在事实中给出记录".into(),
            "give the records in the facts".into(),
        ),
        Reason::SamePlace(_) => (
            "合并或更正重复的记录".into(),
            "merge or correct the records given twice".into(),
        ),
        Reason::DivisionByZero => (
            "核对作除数的事实".into(),
            "check the facts that make up the divisor".into(),
        ),
        Reason::TooLarge => (
            "核对事实的单位；或在法律中更早舍入".into(),
            "check the units of the facts, or round earlier in the law".into(),
        ),
        Reason::DateOutside => (
            "核对日期类事实".into(),
            "check the dates in the facts".into(),
        ),
        Reason::NotMet(_) => (
            "该条件由法律规定；不满足则无此待遇".into(),
            "the law requires this; without it there is no value".into(),
        ),
        Reason::TooDeep => (
            "检查法律文本中的循环".into(),
            "check the law's text for a circle".into(),
        ),
    };
    lang.pick(zh, en)
}
