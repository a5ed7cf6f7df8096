//! An explanation for programs. The keys are part of the interface and documented at [`json`].

use super::named::named;
use super::show::shown;
use super::view::{Reader, grade_name};
use super::words::{Lang, spoken};
use super::{
    Column, Condition, Explanation, FigureUsed, InputUsed, Line, Place, Step, Table, Unconfirmed,
};
use crate::law::{Citation, Exact, Expr, Law, Mark, Names, Text, Type, Value};
use crate::refusal::{Reason, Refusal, message, remedy};
use serde_json::{Value as Json, json as object};

/// The explanation as JSON, with what it says in both languages.
///
/// | key | holds |
/// |---|---|
/// | `rule`, `as_of`, `jurisdiction` | what was asked: a *name*, a day, an identity with its title |
/// | `value`, `refusal` | what came out; the other is `null` |
/// | `path` | of a refusal: the numbers of the steps from the rule asked to the one that refuses |
/// | `steps` | every rule reached, the one asked first: `rule`, `record`, `as_of`, `value`, `refusal`, `given`, `from`, `until`, `citations`, `mark`, `clause`, `formula`, `numbers`, `lets`, `conditions`, `requires`, `facts`, `figures`, `uses`, `tables` |
/// | `unconfirmed` | the figures and rules used that are not confirmed |
///
/// A *name* has `id`, `zh`, `en`. A *value* has `value`, `zh`, `en`, where `value` is a text for money (yuan), rates and
/// decimals so that no reader makes it a float, a whole number for integers, years, months and days, `2025-01-31` or
/// `2025-01` for points in time, and the member's identity for an enumeration. Texts have `zh` and `en`. A *refusal* has
/// `code`, `rule`, `message`, `remedy`. Steps are counted from 0. What is missing is `null`.
#[must_use]
pub fn json(explanation: &Explanation<'_>) -> Json {
    let writer = Writer {
        law: explanation.law,
    };
    let jurisdiction = explanation.law.chain.last();
    object!({
        "rule": name(&explanation.law[explanation.rule].names),
        "as_of": explanation.as_of.to_string(),
        "jurisdiction": jurisdiction.map(|last| object!({ "id": last.id, "title": text(&last.title) })),
        "value": writer.outcome(explanation.law[explanation.rule].ty, &explanation.outcome),
        "refusal": writer.refused(&explanation.outcome),
        "path": explanation.path,
        "steps": list(&explanation.steps, |step| writer.step(step)),
        "unconfirmed": list(&explanation.unconfirmed, |item| writer.unconfirmed(item)),
    })
}

struct Writer<'a> {
    law: &'a Law,
}

impl<'a> Writer<'a> {
    fn step(&self, step: &Step<'a>) -> Json {
        let rule = &self.law[step.rule];
        let version = step.version;
        object!({
            "rule": name(&rule.names),
            "record": step.place.as_ref().map(|place| self.place(place)),
            "as_of": step.day.map(|day| day.to_string()),
            "value": self.outcome(rule.ty, &step.outcome),
            "refusal": self.refused(&step.outcome),
            "given": step.given,
            "from": version.and_then(|version| version.from).map(|day| day.to_string()),
            "until": version.and_then(|version| version.until).map(|day| day.to_string()),
            "citations": list(&rule.citations, |cited| self.citation(cited)),
            "mark": mark(&rule.mark),
            "clause": text(&rule.clause),
            "formula": step.result.as_ref().map(|line| self.formula(line.expr)),
            "numbers": step.result.as_ref().map(|line| self.numbers(line)),
            "lets": list(&step.lets, |line| self.line(line)),
            "conditions": list(&step.conditions, |condition| self.condition(condition)),
            "requires": list(&step.requires, |require| object!({
                "condition": self.condition(&require.condition),
                "otherwise": text(require.otherwise),
            })),
            "facts": list(&step.inputs, |used| self.input(used)),
            "figures": list(&step.figures, |used| self.figure(used)),
            "uses": step.uses,
            "tables": list(&step.tables, |table| self.table(table)),
        })
    }

    fn outcome(&self, ty: Type, outcome: &Result<Value, Refusal>) -> Json {
        outcome
            .as_ref()
            .map_or(Json::Null, |value| self.value(ty, value))
    }

    fn refused(&self, outcome: &Result<Value, Refusal>) -> Json {
        outcome
            .as_ref()
            .err()
            .map_or(Json::Null, |refusal| self.refusal(refusal))
    }

    fn refusal(&self, refusal: &Refusal) -> Json {
        object!({
            "code": refusal.reason.code(),
            "rule": refusal.rule.map(|rule| name(&self.law[rule].names)),
            "message": both(|lang| message(refusal, self.law, lang)),
            "remedy": both(|lang| remedy(refusal, self.law, lang)),
        })
    }

    fn value(&self, ty: Type, value: &Value) -> Json {
        object!({
            "value": self.plain(ty, value),
            "zh": shown(self.law, ty, value, Lang::Zh),
            "en": shown(self.law, ty, value, Lang::En),
        })
    }

    fn plain(&self, ty: Type, value: &Value) -> Json {
        match (ty, value) {
            (_, Value::Bool(holds)) => object!(holds),
            (Type::Money | Type::Rate | Type::Decimal(_), Value::Number(number)) => {
                object!(digits(ty, *number))
            }
            (_, Value::Number(number)) => {
                let whole = number.whole().and_then(|whole| i64::try_from(whole).ok());
                whole.map_or_else(|| object!(digits(ty, *number)), |whole| object!(whole))
            }
            (_, Value::Day(day)) => object!(day.to_string()),
            (_, Value::Month(month)) => object!(month.to_string()),
            (_, Value::Year(year)) => object!(year),
            (Type::Enum(id), Value::Member(member)) => {
                object!(
                    self.law[id]
                        .members
                        .get(usize::from(*member))
                        .map(|names| &names.id)
                )
            }
            (_, Value::Member(member)) => object!(member),
            (_, Value::Text(text)) => object!(text),
        }
    }

    fn formula(&self, expr: &'a Expr) -> Json {
        let formula = named(self.law, expr);
        both(|lang| formula.text(self.law, lang))
    }

    fn numbers(&self, line: &Line<'a>) -> Json {
        both(|lang| {
            Reader {
                law: self.law,
                lang,
            }
            .numbers_of(line)
        })
    }

    fn line(&self, line: &Line<'a>) -> Json {
        object!({
            "name": line.local.map(|(_, name)| name),
            "formula": self.formula(line.expr),
            "numbers": self.numbers(line),
            "value": line.value.as_ref().map(|value| self.value(line.ty, value)),
        })
    }

    fn condition(&self, condition: &Condition<'a>) -> Json {
        object!({
            "formula": self.formula(condition.expr),
            "numbers": both(|lang| condition.filled.text(self.law, lang)),
            "holds": condition.holds,
        })
    }

    fn input(&self, used: &InputUsed) -> Json {
        let input = &self.law[used.input];
        let value = match &used.value {
            Ok(value) | Err(Reason::OutOfRange { given: value, .. }) => Some(value),
            Err(_) => None,
        };
        object!({
            "name": name(&input.names),
            "value": value.map(|value| self.value(input.ty, value)),
            "refusal": used.value.as_ref().err().map(Reason::code),
            "by_default": used.by_default,
        })
    }

    fn figure(&self, used: &FigureUsed<'a>) -> Json {
        let figure = &self.law[used.figure];
        let keys = figure
            .keys
            .iter()
            .zip(&used.keys)
            .map(|(key, value)| self.value(key.ty, value));
        object!({
            "name": name(&figure.names),
            "keys": keys.collect::<Vec<_>>(),
            "value": used.row.value.as_ref().map(|value| self.value(figure.ty, value)),
            "from": used.version.from.to_string(),
            "until": used.version.until.map(|day| day.to_string()),
            "citations": list(&figure.citations, |cited| self.citation(cited)),
            "mark": mark(&used.row.mark),
        })
    }

    fn table(&self, table: &Table<'a>) -> Json {
        let row = |row: &super::TableRow| {
            let cells = table.columns.iter().zip(&row.cells).map(|(column, cell)| {
                cell.as_ref()
                    .map(|value| self.value(column.ty(self.law), value))
            });
            object!({ "number": row.number, "cells": cells.collect::<Vec<_>>() })
        };
        object!({
            "formula": self.formula(table.expr),
            "relation": name(&self.law[table.relation].names),
            "columns": list(&table.columns, |column| self.column(column)),
            "rows": list(&table.rows, row),
            "not_shown": table.not_shown,
            "not_counted": table.not_counted,
        })
    }

    fn column(&self, column: &Column<'a>) -> Json {
        match column {
            Column::Input(id) => name(&self.law[*id].names),
            Column::Rule(id) => name(&self.law[*id].names),
            Column::Figure(id, _) => name(&self.law[*id].names),
            Column::Value(expr) => self.formula(expr),
            Column::Carried(carried, _) => {
                object!({ "id": carried, "zh": carried, "en": spoken(carried) })
            }
        }
    }

    fn place(&self, place: &Place) -> Json {
        let label = place.label.as_ref().map(|(input, value)| {
            let input = &self.law[*input];
            object!({ "name": name(&input.names), "value": self.value(input.ty, value) })
        });
        let relation = name(&self.law[place.relation].names);
        object!({ "relation": relation, "number": place.number, "label": label })
    }

    fn citation(&self, cited: &Citation) -> Json {
        let source = &self.law[cited.source];
        object!({
            "source": source.id,
            "title": text(&source.title),
            "number": source.number,
            "article": cited.article,
        })
    }

    fn unconfirmed(&self, item: &Unconfirmed<'a>) -> Json {
        match item {
            Unconfirmed::Figure(used) => object!({ "figure": self.figure(used) }),
            Unconfirmed::Rule(id) => {
                let rule = &self.law[*id];
                object!({ "rule": { "name": name(&rule.names), "mark": mark(&rule.mark) } })
            }
        }
    }
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Json) -> Json {
    items.iter().map(write).collect()
}

fn name(names: &Names) -> Json {
    object!({ "id": names.id, "zh": names.zh, "en": spoken(&names.id) })
}

fn text(text: &Text) -> Json {
    object!({ "zh": text.zh, "en": text.en })
}

fn both(say: impl Fn(Lang) -> String) -> Json {
    object!({ "zh": say(Lang::Zh), "en": say(Lang::En) })
}

fn mark(mark: &Mark) -> Json {
    object!({ "confirmed": mark.confirmed, "grade": mark.grade.map(grade_name), "note": mark.note })
}

/// `-1234.50`, or `1/3` where no number of decimals would do.
fn digits(ty: Type, number: Exact) -> String {
    let decimals = (u32::from(ty.decimals())..=30).find_map(|decimals| {
        let units = number.exactly(10_i128.checked_pow(decimals)?)?;
        Some((decimals as usize, units))
    });
    let Some((decimals, units)) = decimals else {
        let lowest = number.reduced();
        return format!("{}/{}", lowest.num, lowest.den);
    };
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}
