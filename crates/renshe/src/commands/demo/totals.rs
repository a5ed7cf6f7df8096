//! Control totals of what came out in columns.

use super::work::Part;
use rules::refusal::Refusal;

/// What came out for many persons, added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Totals {
    /// For whom it was asked.
    pub(super) persons: u64,
    /// For each rule asked the sum, in the last decimal of its type, of those for whom every rule came out.
    pub(super) sums: Vec<i128>,
    /// Persons refused, by the first reason met for each; ordered by how many.
    pub(super) refused: Vec<(Refusal, u64)>,
}

impl Totals {
    pub(super) fn of<'p>(parts: impl Iterator<Item = &'p Part>) -> Totals {
        let mut totals = Totals::default();
        for part in parts {
            totals.persons += part.numbers.len() as u64;
            totals
                .sums
                .resize(part.results.columns.len().max(totals.sums.len()), 0);
            for (sum, column) in totals.sums.iter_mut().zip(&part.results.columns) {
                *sum += column.iter().copied().map(i128::from).sum::<i128>();
            }
            let mut last = None;
            for refused in part
                .results
                .refused
                .iter()
                .filter(|refused| last.replace(refused.row) != Some(refused.row))
            {
                for (sum, column) in totals.sums.iter_mut().zip(&part.results.columns) {
                    *sum -= i128::from(column[refused.row]);
                }
                match totals
                    .refused
                    .iter_mut()
                    .find(|(reason, _)| reason.reason == refused.refusal.reason)
                {
                    Some((_, persons)) => *persons += 1,
                    None => totals.refused.push((refused.refusal.clone(), 1)),
                }
            }
        }
        totals
            .refused
            .sort_by(|a, b| (b.1, a.0.reason.code()).cmp(&(a.1, b.0.reason.code())));
        totals
    }

    /// How many were refused.
    pub(super) fn refused(&self) -> u64 {
        self.refused.iter().map(|(_, persons)| persons).sum()
    }

    /// How many came out.
    pub(super) fn done(&self) -> u64 {
        self.persons - self.refused()
    }
}

/// Who was awarded a pension and how much, from the least to the greatest.
pub(super) fn by_pension(awarded: &[Part]) -> Vec<(i64, u64)> {
    let mut pensions = Vec::new();
    for part in awarded {
        let refused: Vec<usize> = part
            .results
            .refused
            .iter()
            .map(|refused| refused.row)
            .collect();
        let done = (0..part.numbers.len()).filter(|row| refused.binary_search(row).is_err());
        pensions.extend(done.map(|row| (part.results.columns[0][row], part.numbers[row])));
    }
    pensions.sort_unstable();
    pensions
}

/// Whose pension lies in the middle; if none was awarded, the first who was refused.
pub(super) fn middle(awarded: &[Part]) -> Option<u64> {
    let pensions = by_pension(awarded);
    match pensions.get(pensions.len().saturating_sub(1) / 2) {
        Some((_, number)) => Some(*number),
        None => awarded
            .first()
            .and_then(|part| part.numbers.first().copied()),
    }
}
