//! Two laws over the same rows: who gains, who loses, how much. Values come as the canonical whole numbers of
//! [`columns`](crate::columns); sums are exact.

use crate::law::{Exact, Type, Value};
use measure::Rounding;

/// What came of one rule for a group of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows with more after than before.
    pub gainers: u64,
    /// Rows with less.
    pub losers: u64,
    /// Rows with the same.
    pub unchanged: u64,
    /// Rows without a value under the first law only.
    pub refused_before: u64,
    /// Rows without a value under the second law only.
    pub refused_after: u64,
    /// Rows without a value under either.
    pub refused_both: u64,
    /// The sum under the first law, of rows that have both values.
    pub before: i128,
    /// The sum under the second.
    pub after: i128,
    /// What the gainers gain together.
    pub gained: i128,
    /// What the losers lose together, not above 0.
    pub lost: i128,
    /// The row that gains most: the first of them.
    pub most_gained: Option<Extreme>,
    /// The row that loses most: the first of them.
    pub most_lost: Option<Extreme>,
}

/// One row's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extreme {
    /// The row, counted from 1.
    pub row: u64,
    /// Its key, where the file has one.
    pub key: Option<String>,
    /// Its value after less its value before.
    pub change: i128,
}

impl Tally {
    /// Counts a row. `key` is asked for only when the row is an extreme.
    pub fn add(
        &mut self,
        row: u64,
        key: impl FnOnce() -> Option<String>,
        before: Option<i64>,
        after: Option<i64>,
    ) {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (i128::from(before), i128::from(after)),
            (None, Some(_)) => return self.refused_before += 1,
            (Some(_), None) => return self.refused_after += 1,
            (None, None) => return self.refused_both += 1,
        };
        self.before += before;
        self.after += after;
        let change = after - before;
        let (count, sum, most) = match change {
            0 => return self.unchanged += 1,
            1.. => (&mut self.gainers, &mut self.gained, &mut self.most_gained),
            _ => (&mut self.losers, &mut self.lost, &mut self.most_lost),
        };
        *count += 1;
        *sum += change;
        if most
            .as_ref()
            .is_none_or(|most| most.change.abs() < change.abs())
        {
            *most = Some(Extreme {
                row,
                key: key(),
                change,
            });
        }
    }

    /// Adds what came of another group.
    pub fn merge(&mut self, other: &Tally) {
        self.gainers += other.gainers;
        self.losers += other.losers;
        self.unchanged += other.unchanged;
        self.refused_before += other.refused_before;
        self.refused_after += other.refused_after;
        self.refused_both += other.refused_both;
        self.before += other.before;
        self.after += other.after;
        self.gained += other.gained;
        self.lost += other.lost;
        for (mine, theirs) in [
            (&mut self.most_gained, &other.most_gained),
            (&mut self.most_lost, &other.most_lost),
        ] {
            let Some(theirs) = theirs else { continue };
            let beaten =
                |mine: &Extreme| (theirs.change.abs(), mine.row) > (mine.change.abs(), theirs.row);
            if mine.as_ref().is_none_or(beaten) {
                *mine = Some(theirs.clone());
            }
        }
    }

    /// Rows that have both values.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.gainers + self.losers + self.unchanged
    }

    /// Rows that lack one value or both.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused_before + self.refused_after + self.refused_both
    }

    /// The sum after less the sum before.
    #[must_use]
    pub fn difference(&self) -> i128 {
        self.after - self.before
    }

    /// The mean change of the rows compared, rounded half up to the type's last decimal; `None` without any.
    #[must_use]
    pub fn mean(&self) -> Option<i128> {
        Exact::fraction(self.difference(), i128::from(self.compared()))?.in_units(
            1,
            1,
            Rounding::HalfUp,
        )
    }
}

/// The type of what lies between two values of a type; `None` for what has no more and less.
#[must_use]
pub fn difference_type(ty: Type) -> Option<Type> {
    match ty {
        Type::Money | Type::Rate | Type::Decimal(_) | Type::Integer | Type::Months | Type::Days => {
            Some(ty)
        }
        Type::Bool | Type::Year => Some(Type::Integer),
        Type::Month => Some(Type::Months),
        Type::Date => Some(Type::Days),
        Type::Enum(_) | Type::Text => None,
    }
}

/// The type of a sum of values of a type; `None` for points in time, which do not add up. Of conditions, how many hold.
#[must_use]
pub fn sum_type(ty: Type) -> Option<Type> {
    match ty {
        Type::Bool => Some(Type::Integer),
        Type::Year | Type::Month | Type::Date => None,
        _ => difference_type(ty),
    }
}

/// A sum or difference of canonical numbers as a value of the law.
#[must_use]
pub fn amount(ty: Type, number: i128) -> Value {
    Value::Number(Exact {
        num: number,
        den: 10_i128.pow(u32::from(ty.decimals())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(rows: &[(Option<i64>, Option<i64>)]) -> Tally {
        let mut tally = Tally::default();
        for (row, (before, after)) in (1..).zip(rows) {
            tally.add(row, || Some(format!("p{row}")), *before, *after);
        }
        tally
    }

    #[test]
    fn gains_losses_and_refusals_are_kept_apart() {
        let tally = tally(&[
            (Some(100), Some(130)),
            (Some(100), Some(60)),
            (Some(5), Some(5)),
            (None, Some(7)),
            (Some(7), None),
            (None, None),
            (Some(10), Some(40)),
        ]);
        assert_eq!((tally.gainers, tally.losers, tally.unchanged), (2, 1, 1));
        assert_eq!(
            (
                tally.refused_before,
                tally.refused_after,
                tally.refused_both
            ),
            (1, 1, 1)
        );
        assert_eq!(
            (tally.before, tally.after, tally.difference()),
            (215, 235, 20)
        );
        assert_eq!((tally.gained, tally.lost, tally.mean()), (60, -40, Some(5)));
        let first_of_equals = Extreme {
            row: 1,
            key: Some("p1".into()),
            change: 30,
        };
        assert_eq!(tally.most_gained, Some(first_of_equals));
        assert_eq!(tally.most_lost.map(|most| most.change), Some(-40));
    }

    #[test]
    fn parts_merged_are_the_whole() {
        let rows: Vec<(Option<i64>, Option<i64>)> = (0..200)
            .map(|n| {
                (
                    (n % 7 != 0).then_some(n * n % 31),
                    (n % 11 != 0).then_some(n * 3 % 29),
                )
            })
            .collect();
        let whole = tally(&rows);
        let (mut left, mut right) = (Tally::default(), Tally::default());
        for (row, (before, after)) in (1..).zip(&rows) {
            let part = if row % 3 == 0 { &mut left } else { &mut right };
            part.add(row, || Some(format!("p{row}")), *before, *after);
        }
        left.merge(&right);
        assert_eq!(left, whole);
    }

    #[test]
    fn amounts_beyond_64_bits_add_up() {
        let whole = tally(&[
            (Some(i64::MIN), Some(i64::MAX)),
            (Some(i64::MIN), Some(i64::MAX)),
        ]);
        assert_eq!(whole.difference(), 2 * (i128::from(u64::MAX)));
    }
}
