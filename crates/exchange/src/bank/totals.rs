//! What a file says of itself, against what was found in it.

use super::{Direction, entry::Counted, refused};
use crate::error::Error;
use measure::Fen;

/// An amount in a hundred-thousandth of a unit: messages allow five decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(i128);

const DECIMALS: usize = 5;
const PER_FEN: i128 = 1_000;
/// More than any message has.
const DIGITS_MAX: usize = 24;

impl Amount {
    /// Reads `1234.5`, `-1234.56`, and `1,234.56`.
    pub(super) fn parse(text: &str) -> Option<Amount> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = if whole.contains(',') {
            let mut groups = whole.split(',');
            let first = groups
                .next()
                .is_some_and(|first| (1..=3).contains(&first.len()));
            (first && groups.all(|group| group.len() == 3)).then(|| whole.replace(',', ""))?
        } else {
            whole.to_owned()
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let readable = !whole.is_empty()
            && whole.len() <= DIGITS_MAX
            && decimals.len() <= DECIMALS
            && digits.contains('.') != decimals.is_empty()
            && all_digits(&whole)
            && all_digits(decimals);
        let number: i128 = readable
            .then(|| format!("{whole}{decimals:0<DECIMALS$}"))?
            .parse()
            .ok()?;
        Some(Amount(sign * number))
    }

    pub(super) const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub(super) const fn is_finer_than_a_fen(self) -> bool {
        self.0 % PER_FEN != 0
    }

    /// `None` when it is finer than a fen, or beyond what can be held.
    pub(super) fn fen(self) -> Option<Fen> {
        let fen = i64::try_from(self.0 / PER_FEN).ok()?;
        (!self.is_finer_than_a_fen()).then_some(Fen(fen))
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:06}", self.0.unsigned_abs());
        let (whole, decimals) = text.split_at(text.len() - DECIMALS);
        let decimals = decimals.trim_end_matches('0');
        let sign = if self.is_negative() { "-" } else { "" };
        write!(f, "{sign}{whole}.{decimals:0<2}")
    }
}

/// What the entries so far come to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) entries: u64,
    coming: (u64, Amount),
    going: (u64, Amount),
    /// Entries of which an amount or direction is not known, so that no sum can be checked.
    unknown: u64,
}

/// What the file says they come to; what it does not say is empty.
#[derive(Debug, Default)]
pub(super) struct Promised {
    pub(super) entries: String,
    pub(super) sum: String,
    pub(super) coming: (String, String),
    pub(super) going: (String, String),
    /// Balance before and after, signed.
    pub(super) balances: Option<(Amount, Amount)>,
}

impl Found {
    pub(super) fn add(&mut self, counted: &Counted) {
        self.entries += 1;
        let (Some(amount), Some(direction)) = (counted.amount, counted.direction) else {
            self.unknown += 1;
            return;
        };
        let side = match direction {
            Direction::In => &mut self.coming,
            Direction::Out => &mut self.going,
        };
        side.0 += 1;
        side.1.0 += amount.0;
    }

    pub(super) fn refused(&mut self) {
        self.entries += 1;
        self.unknown += 1;
    }

    /// Whether the file said how many there are and their sum. Both, and whatever else it said, agree.
    pub(super) fn check(&self, file: &str, promised: &Promised) -> Result<bool, Error> {
        let count = |said: &str, found: u64, words: (&str, &str)| {
            if said.is_empty() || said.parse() == Ok(found) {
                return Ok(());
            }
            Err(refused::totals(file, words, said, &found.to_string()))
        };
        count(
            &promised.entries,
            self.entries,
            ("笔数", "the number of entries"),
        )?;
        let controlled = !promised.entries.is_empty() && !promised.sum.is_empty();
        if self.unknown != 0 {
            return Ok(controlled);
        }
        count(
            &promised.coming.0,
            self.coming.0,
            ("贷方笔数", "the number of credits"),
        )?;
        count(
            &promised.going.0,
            self.going.0,
            ("借方笔数", "the number of debits"),
        )?;
        let sum = |said: &str, found: Amount, words: (&str, &str)| {
            if said.is_empty() || Amount::parse(said) == Some(found) {
                return Ok(());
            }
            Err(refused::totals(file, words, said, &found.to_string()))
        };
        let both = Amount(self.coming.1.0 + self.going.1.0);
        sum(&promised.sum, both, ("合计", "the sum of entries"))?;
        sum(
            &promised.coming.1,
            self.coming.1,
            ("贷方合计", "the sum of credits"),
        )?;
        sum(
            &promised.going.1,
            self.going.1,
            ("借方合计", "the sum of debits"),
        )?;
        if let Some((before, after)) = promised.balances {
            let found = Amount(before.0 + self.coming.1.0 - self.going.1.0);
            if found != after {
                let words = ("期末余额", "the closing balance");
                return Err(refused::totals(
                    file,
                    words,
                    &after.to_string(),
                    &found.to_string(),
                ));
            }
        }
        Ok(controlled)
    }
}

impl Amount {
    /// The amount of a balance, by whether it is in our favour.
    pub(super) fn signed(self, in_favour: bool) -> Amount {
        if in_favour { self } else { Amount(-self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts() {
        for (text, shown) in [
            ("0", "0.00"),
            ("1234.5", "1234.50"),
            ("1,234,567.89", "1234567.89"),
            ("-0.00001", "-0.00001"),
            ("999999999999999999.99", "999999999999999999.99"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "", ".", "1.", ".5", "+1", "1e3", "1.123456", "1,23", "1234,567", "１", "NaN", "--1",
            " 1",
        ] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
        assert_eq!(Amount::parse("1.005").unwrap().fen(), None);
        assert!(Amount::parse("1.005").unwrap().is_finer_than_a_fen());
        let beyond = Amount::parse("999999999999999999.99").unwrap();
        assert!(beyond.fen().is_none() && !beyond.is_finer_than_a_fen());
    }

    proptest! {
        #[test]
        fn fen_are_read_exactly(fen in any::<i64>()) {
            let amount = Amount::parse(&Fen(fen).to_string()).unwrap();
            prop_assert_eq!(amount.fen(), Some(Fen(fen)));
            prop_assert_eq!(amount.to_string(), Fen(fen).to_string());
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = Amount::parse(&text);
        }
    }
}
