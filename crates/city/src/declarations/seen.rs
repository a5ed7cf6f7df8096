//! Which identity numbers have been in the file, in few bytes.

use super::Arrival;
use super::faults::Reason;
use measure::IdentityNumber;
use std::collections::BTreeMap;

/// The identity numbers seen so far.
#[derive(Debug)]
pub(super) enum Seen {
    /// Of rows in any order: every number, and the row it first stood in.
    All(BTreeMap<u64, u32>),
    /// Of sorted rows: the last.
    Last(Option<(IdentityNumber, u32)>),
}

impl Seen {
    pub(super) fn new(arrival: Arrival) -> Seen {
        match arrival {
            Arrival::Any => Seen::All(BTreeMap::new()),
            Arrival::Sorted => Seen::Last(None),
        }
    }

    /// Adds the number of a row, or says why it cannot stand there.
    pub(super) fn add(&mut self, number: IdentityNumber, row: u32) -> Result<(), Reason> {
        match self {
            Seen::All(rows) => {
                let first = *rows.entry(packed(number)).or_insert(row);
                if first != row {
                    return Err(Reason::Duplicate { first });
                }
            }
            Seen::Last(last) => match *last {
                Some((before, first)) if number == before => {
                    return Err(Reason::Duplicate { first });
                }
                Some((before, first)) if number < before => {
                    return Err(Reason::OutOfOrder { before: first });
                }
                _ => *last = Some((number, row)),
            },
        }
        Ok(())
    }
}

/// An identity number in eight bytes, no two alike: its seventeen digits; the check character follows from them.
fn packed(number: IdentityNumber) -> u64 {
    let digits = number.reveal().bytes().take(17);
    digits.fold(0, |packed, digit| packed * 10 + u64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use measure::Day;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_keeps_numbers_apart(
            one in (100_000..999_999_u32, 0..20_000_i32, 0..=999_u16),
            two in (100_000..999_999_u32, 0..20_000_i32, 0..=999_u16),
        ) {
            let number = |(area, born, sequence): (u32, i32, u16)| {
                IdentityNumber::new(&area.to_string(), Day::from_number(born).unwrap(), sequence).unwrap()
            };
            prop_assert_eq!(packed(number(one)) == packed(number(two)), one == two);
        }
    }
}
