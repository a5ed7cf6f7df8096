//! The month computed a second time: cases one by one by the exact evaluator, and the totals by one thread in other blocks.

use super::totals::Totals;
use super::work::{Assessed, Part, Question, Work};
use crate::arguments::Demo;
use office::sample::Rows;
use rules::evaluate::{Case, facts_from_batch, to_canonical};
use rules::law::{Facts, RuleId};
use rules::refusal::{Reason, Refusal};

/// What the second computation found.
#[derive(Clone, Debug, Default)]
pub(super) struct Checked {
    /// Persons drawn from the whole city.
    pub(super) persons: u64,
    /// Pensions among those falling due.
    pub(super) pensions: u64,
    /// Both.
    pub(super) cases: u64,
    /// Values compared, refusals among them.
    pub(super) values: u64,
    /// Which differ: the person, the rule, in columns, one by one.
    pub(super) differing: Vec<(u64, RuleId, String, String)>,
    /// For employees, individuals and pensions whether the totals were the same.
    pub(super) totals_agree: [bool; 3],
}

impl Checked {
    /// Draws persons by the seed, and makes and computes each anew.
    pub(super) fn one_by_one(
        work: &Work<'_>,
        asked: &Demo,
        retirement: &[Vec<i64>],
        assessed: &[Assessed],
        awarded: &[Part],
        sample: u64,
    ) -> Checked {
        let mut checked = Checked::default();
        let block = retirement.first().map_or(1, Vec::len);
        for turn in 0..sample.min(asked.people) {
            let number = draw(asked.seed, turn, asked.people);
            let place = place(number);
            let (index, row) = (place / block, place % block);
            let rows = work.reader.rows(work.city.persons(number..number + 1));
            let facts = facts(work, &rows);
            checked.persons += 1;
            checked.compare(work, &facts, &work.retirement, number, &|_| {
                Ok(retirement[index][row])
            });
            for (question, part) in [
                (&work.employees, &assessed[index].employees),
                (&work.individuals, &assessed[index].individuals),
            ] {
                checked.compare_part(work, &facts, question, part, number);
            }
        }
        let due: Vec<(&Part, u64)> = awarded
            .iter()
            .flat_map(|part| part.numbers.iter().map(move |number| (part, *number)))
            .collect();
        for turn in 0..sample.min(due.len() as u64) {
            // All of them where they are few enough.
            let turn = if due.len() as u64 <= sample {
                turn
            } else {
                draw(!asked.seed, turn, due.len() as u64)
            };
            let (part, number) = due[place(turn)];
            let facts = facts(work, &work.rows_for_award(&[number]));
            checked.pensions += 1;
            checked.compare_part(work, &facts, &work.awards, part, number);
        }
        checked.cases = checked.persons + checked.pensions;
        checked
    }

    /// Compares the totals of the two computations.
    pub(super) fn totals(&mut self, first: &[Totals; 3], second: &[Totals; 3]) {
        self.totals_agree = [0, 1, 2].map(|index| first[index] == second[index]);
    }

    /// Whether everything is the same.
    pub(super) fn is_clean(&self) -> bool {
        self.differing.is_empty() && self.totals_agree == [true; 3]
    }

    fn compare_part(
        &mut self,
        work: &Work<'_>,
        facts: &Facts,
        question: &Question<'_>,
        part: &Part,
        number: u64,
    ) {
        let Ok(row) = part.numbers.binary_search(&number) else {
            return;
        };
        let refused = part
            .results
            .refused
            .iter()
            .filter(|refused| refused.row == row);
        let refused: Vec<_> = refused
            .map(|refused| (refused.asked, &refused.refusal.reason))
            .collect();
        self.compare(work, facts, question, number, &|rule| match refused
            .iter()
            .find(|(asked, _)| *asked == question.rules[rule])
        {
            Some((_, reason)) => Err((*reason).clone()),
            None => Ok(part.results.columns[rule][row]),
        });
    }

    fn compare(
        &mut self,
        work: &Work<'_>,
        facts: &Facts,
        question: &Question<'_>,
        number: u64,
        in_columns: &dyn Fn(usize) -> Result<i64, Reason>,
    ) {
        let mut case = Case::new(work.law, work.as_of, facts);
        for (index, &rule) in question.rules.iter().enumerate() {
            let value = case.value(rule).map_err(|refusal: Refusal| refusal.reason);
            let exact = value.and_then(|value| to_canonical(work.law[rule].ty, &value));
            let columns = in_columns(index);
            self.values += 1;
            if exact != columns {
                self.differing
                    .push((number, rule, format!("{columns:?}"), format!("{exact:?}")));
            }
        }
    }
}

/// The facts of the only row.
pub(super) fn facts(work: &Work<'_>, rows: &Rows) -> Facts {
    // The city's months all lie within this century or the last; a fact that could not be read would differ in every rule.
    facts_from_batch(work.law, &work.reader.batch(rows), 0).unwrap_or_default()
}

/// A person's place in the columns.
fn place(number: u64) -> usize {
    usize::try_from(number).expect("the city is in memory")
}

/// A number below `n`, by splitmix64.
fn draw(seed: u64, turn: u64, n: u64) -> u64 {
    let z = seed.wrapping_add((turn + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % n
}
