//! The columnar engine against the exact evaluator: every rule of every jurisdiction of the repository's law, on random rows
//! with values at and beyond the edges, missing cells, empty, unsorted and long histories. Same number or same refusal, always.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    reason = "counts are small, and a panic is how a test fails"
)]

mod common;

use common::Chance;
use measure::Day;
use rules::columns::{Batch, Column, Plan, Records, Results, Slot, Values};
use rules::evaluate::{Case, facts_from_batch, to_canonical};
use rules::law::{EntityId, Input, InputId, Law, RelationId, Rule, RuleId, Type};

const ROWS: usize = 300;

/// A column with its own storage.
struct Stored {
    slot: Slot,
    values: Vec<i64>,
    missing: Option<Vec<bool>>,
    /// The values again where they fit such a width and are handed over in it.
    middle: Option<Vec<i32>>,
    narrow: Option<Vec<u8>>,
}

impl Stored {
    /// In a file's usual widths or all in the widest; with missing cells or, now and then, without.
    fn new(slot: Slot, values: Vec<i64>, missing: Vec<bool>, chance: &mut Chance) -> Stored {
        let narrower = !chance.once_in(3);
        let middle: Option<Vec<i32>> = values
            .iter()
            .map(|&value| i32::try_from(value).ok().filter(|_| narrower))
            .collect();
        let narrow: Option<Vec<u8>> = values
            .iter()
            .map(|&value| u8::try_from(value).ok().filter(|_| narrower))
            .collect();
        Stored {
            slot,
            values,
            missing: chance.once_in(2).then_some(missing),
            middle,
            narrow,
        }
    }

    fn column(&self) -> Column<'_> {
        let values = match (&self.narrow, &self.middle) {
            (Some(values), _) => Values::U8(values),
            (None, Some(values)) => Values::I32(values),
            (None, None) => Values::I64(&self.values),
        };
        Column {
            slot: self.slot,
            values,
            missing: self.missing.as_deref(),
        }
    }

    /// Another order or other values: in the widest width.
    fn widened(&mut self) -> &mut Vec<i64> {
        (self.middle, self.narrow) = (None, None);
        &mut self.values
    }
}

/// Canonical numbers that a column of this input may hold: mostly plausible, sometimes an edge, rarely beyond it.
fn bounds(law: &Law, input: &Input) -> (i64, i64) {
    let canonical = |value| to_canonical(input.ty, value).expect("a declared range fits its type");
    if let Some((low, high)) = &input.range {
        return (canonical(low), canonical(high));
    }
    match input.ty {
        Type::Bool => (0, 1),
        Type::Enum(id) => (0, law[id].members.len() as i64 - 1),
        other => panic!("{}: no range for {other:?}", input.names.id),
    }
}

fn cell(chance: &mut Chance, (low, high): (i64, i64), plain: bool) -> i64 {
    let middle = low + (high - low) / 2;
    match chance.between(0, 19) {
        0 => low,
        1 => high,
        2 if !plain => low - 1,
        3 if !plain => high.saturating_add(1),
        // Amounts near the lower end are the usual ones: a wage of thousands, not of millions.
        4..=12 => chance.between(
            low.max(0).min(high),
            low.max(0)
                .saturating_add((high - low.max(0)) / 1_000)
                .max(low.max(0))
                .min(high),
        ),
        13..=15 => chance.between(low, middle),
        _ => chance.between(low, high),
    }
}

fn columns(law: &Law, of: EntityId, rows: usize, chance: &mut Chance) -> Vec<Stored> {
    let inputs = law
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| input.of == of && input.ty != Type::Text);
    inputs
        .filter_map(|(number, input)| {
            // Now and then the file has no such column at all.
            if chance.once_in(12) {
                return None;
            }
            let bounds = bounds(law, input);
            let plain = matches!(input.ty, Type::Bool | Type::Enum(_)) || chance.once_in(3);
            let values = (0..rows).map(|_| cell(chance, bounds, plain)).collect();
            let missing = (0..rows)
                .map(|_| chance.once_in(if plain { 1_000 } else { 60 }))
                .collect();
            let slot = Slot::Input(InputId::nth(number));
            Some(Stored::new(slot, values, missing, chance))
        })
        .collect()
}

/// Records of a relation, mostly ascending in their first input of a point in time.
fn records(
    law: &Law,
    relation: RelationId,
    rows: usize,
    chance: &mut Chance,
) -> (Vec<u32>, Vec<Stored>) {
    let mut starts = vec![0_u32];
    for _ in 0..rows {
        let count = match chance.between(0, 9) {
            0 => 0,
            1 => chance.between(0, 40),
            _ => chance.between(1, 8),
        };
        starts.push(starts.last().unwrap() + count as u32);
    }
    let total = *starts.last().unwrap() as usize;
    let mut columns = columns(law, law[relation].to, total, chance);
    for stored in &mut columns {
        let Slot::Input(id) = stored.slot else {
            continue;
        };
        if matches!(law[id].ty, Type::Year | Type::Month | Type::Date) {
            let (low, high) = bounds(law, &law[id]);
            let values = stored.widened();
            for owner in starts.windows(2) {
                let mine = &mut values[owner[0] as usize..owner[1] as usize];
                let begin = if chance.once_in(4) {
                    chance.between(low, high)
                } else {
                    1990
                };
                let begin = if law[id].ty == Type::Year {
                    begin
                } else {
                    chance.between(low, high)
                };
                for (turn, value) in mine.iter_mut().enumerate() {
                    *value = (begin + turn as i64).clamp(low, high);
                }
                if chance.once_in(15) {
                    mine.reverse();
                }
            }
        }
    }
    (starts, columns)
}

/// Runs one rule over one random batch both ways.
fn agree(law: &Law, rule: RuleId, as_of: Day, given: &[RuleId], chance: &mut Chance) -> usize {
    let of = law[rule].of;
    let mut own = columns(law, of, ROWS, chance);
    for &given in given {
        let ty = law[given].ty;
        let bounds = match ty {
            Type::Bool => (0, 1),
            Type::Enum(id) => (0, law[id].members.len() as i64 - 1),
            Type::Date => (-30_000, 60_000),
            Type::Month => (1950 * 12, 2100 * 12),
            Type::Year => (1950, 2100),
            _ => (-1_000, 20_000_000),
        };
        let values = (0..ROWS)
            .map(|_| chance.between(bounds.0, bounds.1))
            .collect();
        let missing = (0..ROWS).map(|_| chance.once_in(50)).collect();
        own.push(Stored::new(Slot::Rule(given), values, missing, chance));
    }
    let mut histories = Vec::new();
    for relation in (0..law.relations.len() as u32).map(RelationId) {
        // Now and then there is no file of the records at all.
        if law[relation].of == of && !chance.once_in(4) {
            histories.push((relation, records(law, relation, ROWS, chance)));
        }
    }
    let batch = Batch {
        rows: ROWS,
        columns: own.iter().map(Stored::column).collect(),
        records: histories
            .iter()
            .map(|(relation, (starts, columns))| Records {
                relation: *relation,
                starts,
                columns: columns.iter().map(Stored::column).collect(),
            })
            .collect(),
    };
    let present: Vec<Slot> = own.iter().map(|stored| stored.slot).collect();
    let in_records: Vec<(RelationId, Vec<Slot>)> = histories
        .iter()
        .map(|(relation, (_, columns))| (*relation, columns.iter().map(|c| c.slot).collect()))
        .collect();
    let Ok(plan) = Plan::new(law, as_of, &[rule], &present, &in_records) else {
        return 0;
    };
    let mut results = Results::default();
    let mut workspace = plan.workspace();
    plan.run(&mut workspace, &batch, &mut results);
    let name = &law[rule].names.id;
    for row in 0..ROWS {
        let lane = results.refused.iter().find(|refused| refused.row == row);
        let exact = facts_from_batch(law, &batch, row)
            .map_err(|reason| format!("{reason:?}"))
            .and_then(|facts| {
                let value = Case::new(law, as_of, &facts)
                    .value(rule)
                    .map_err(|refusal| format!("{:?}", refusal.reason))?;
                to_canonical(law[rule].ty, &value).map_err(|reason| format!("{reason:?}"))
            });
        match (lane, &exact) {
            (None, Ok(value)) => assert_eq!(
                results.columns[0][row], *value,
                "{name} of row {row} as of {as_of}"
            ),
            (Some(refused), Err(reason)) => assert_eq!(
                format!("{:?}", refused.refusal.reason),
                *reason,
                "{name} row {row}"
            ),
            (None, Err(reason)) => panic!(
                "{name} row {row} as of {as_of}: {} but {reason}",
                results.columns[0][row]
            ),
            (Some(refused), Ok(value)) => {
                panic!("{name} row {row} as of {as_of}: {refused:?} but {value}")
            }
        }
    }
    ROWS - results.refused.len()
}

fn every_rule(seed: u64) {
    let book = common::book();
    let days = [
        "2019-06-30",
        "2022-03-31",
        "2024-12-31",
        "2025-06-01",
        "2031-01-01",
    ]
    .map(|day| Day::parse(day).unwrap());
    for jurisdiction in book.jurisdictions().map(str::to_owned).collect::<Vec<_>>() {
        let law = book.law(&jurisdiction).expect("a checked law");
        let ids = (0..law.rules.len() as u32).map(RuleId);
        for id in ids.filter(|&id| law.entities[law[id].of.0 as usize].owned_through.is_none()) {
            let mut chance = Chance(seed ^ (u64::from(id.0) << 32));
            for day in days {
                let rule: &Rule = &law[id];
                agree(law, id, day, &[], &mut chance);
                // Given values take the place of figures that are not known, and of whole histories.
                for share in [9, 2] {
                    let others: Vec<RuleId> = (0..law.rules.len() as u32)
                        .map(RuleId)
                        .filter(|&other| {
                            other != id && law[other].of == rule.of && chance.once_in(share)
                        })
                        .collect();
                    agree(law, id, day, &others, &mut chance);
                }
            }
        }
    }
}

#[test]
fn columns_and_the_exact_evaluator_agree_on_every_rule() {
    every_rule(1);
}
