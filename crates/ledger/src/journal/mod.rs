//! *What was booked, when, why, and under which law?*
//!
//! A [`Journal`] (分录) is one event with its lines. It is never edited: it is prepared and then posted or voided, or
//! posted at once; and a mistake is taken back by a journal of its own, in which every side is turned ([`Reversal`]).
//!
//! What a journal of which [`Kind`] may touch is a table, so that a late fee is not booked as a contribution by a slip of
//! the hand.

mod kind;

pub use self::kind::{Kind, Touch};
use crate::chart::{Account, Holder, Side};
use crate::seal::{Digest, Encoder};
use crate::status::{Place, Refusal, Status};
use measure::{Day, Fen, Month};
use std::fmt;

/// What makes a journal the same journal when it is sent twice: chosen by whoever sends it, such as
/// `assessment/2025-03/run-7/chunk-12` or `receipt/ccb/2025-03-05/000184`.
///
/// # Representation
///
/// A text of 1 to 200 bytes without white space and control characters.
///
/// ```
/// use ledger::{Key, Status};
///
/// assert_eq!(Key::new("receipt/ccb/184")?.to_string(), "receipt/ccb/184");
/// assert_eq!(Key::new("receipt 184").unwrap_err().status, Status::KeyUnusable);
/// # Ok::<(), ledger::Refusal>(())
/// ```
///
/// # Comparison
///
/// By bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// Bytes of a key at most; an index entry of either database holds it.
const KEY_BYTES_MAX: usize = 200;

/// What a journal came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A run over the registers, such as a month's assessment.
    Run(i64),
    /// A case at the counter.
    Case(i64),
    /// A file taken in, such as a bank's statement.
    Batch(i64),
}

/// An amount on one side of one account, for one holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Where.
    pub account: Account,
    /// For whom.
    pub holder: Holder,
    /// On which side.
    pub side: Side,
    /// How much; above zero in any journal that is booked.
    pub amount: Fen,
}

/// One event and its lines.
///
/// Any such value can be written down; whether it may be booked is for [`judge`](crate::book::judge) to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// By which it is known, and known again when it is sent twice.
    pub key: Key,
    /// What kind of event.
    pub kind: Kind,
    /// The month in whose books it stands: the month of `day`. A month for which somebody owes is the bill's to say.
    pub month: Month,
    /// The day on which it counts.
    pub day: Day,
    /// What it came from.
    pub origin: Origin,
    /// The version of the law its amounts come from, where law was applied.
    pub law_version: Option<String>,
    /// What it moves.
    pub lines: Vec<Line>,
}

/// The wish to take back a posted journal. The [`Journal`] that does so follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The key of the new journal.
    pub key: Key,
    /// The key of the journal it takes back.
    pub reverses: Key,
    /// The day on which the new journal counts; its month is that day's.
    pub day: Day,
    /// What it came from.
    pub origin: Origin,
}

/// How far a journal has come.
///
/// # Representation
///
/// Storage keeps [`State::codes`]: a code, and the day it was settled where it was pending first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Posted at once, on the journal's day.
    Direct,
    /// Prepared, and neither posted nor voided yet.
    Pending,
    /// Prepared, and posted on this day.
    Posted(Day),
    /// Prepared, and voided on this day.
    Void(Day),
}

/// How an amount counts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Among what is prepared.
    Pending,
    /// Among what is booked.
    Posted,
}

/// A journal as the book has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it was sent; for a reversal, as it followed.
    pub journal: Journal,
    /// How far it has come.
    pub state: State,
    /// The journal it takes back; there is one exactly when the kind is [`Kind::Reversal`].
    pub reverses: Option<Key>,
    /// The journal that took it back.
    pub reversed_by: Option<Key>,
}

impl Key {
    /// The key of this text.
    ///
    /// # Errors
    ///
    /// `B0101` when it is empty, longer than 200 bytes, or has white space or control characters.
    pub fn new(text: impl Into<String>) -> Result<Key, Refusal> {
        let text = text.into();
        let unusable = |c: char| c.is_whitespace() || c.is_control();
        if text.is_empty() || text.len() > KEY_BYTES_MAX || text.contains(unusable) {
            let shown: String = text.escape_debug().take(80).collect();
            let place = Place::Given(format!("“{shown}”"));
            return Err(Refusal::at(Status::KeyUnusable, place));
        }
        Ok(Key(text))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Origin {
    /// A code of its kind, and its number, for storage: 1 run, 2 case, 3 batch.
    #[must_use]
    pub const fn codes(self) -> (i16, i64) {
        match self {
            Origin::Run(number) => (1, number),
            Origin::Case(number) => (2, number),
            Origin::Batch(number) => (3, number),
        }
    }

    /// The origin with these codes, if the kind stands for one.
    #[must_use]
    pub const fn from_codes(kind: i16, number: i64) -> Option<Origin> {
        match kind {
            1 => Some(Origin::Run(number)),
            2 => Some(Origin::Case(number)),
            3 => Some(Origin::Batch(number)),
            _ => None,
        }
    }
}

impl Line {
    /// A debit.
    #[must_use]
    pub const fn debit(account: Account, holder: Holder, amount: Fen) -> Line {
        Line {
            account,
            holder,
            side: Side::Debit,
            amount,
        }
    }

    /// A credit.
    #[must_use]
    pub const fn credit(account: Account, holder: Holder, amount: Fen) -> Line {
        Line {
            account,
            holder,
            side: Side::Credit,
            amount,
        }
    }

    /// The same on the other side.
    #[must_use]
    pub const fn turned(self) -> Line {
        Line {
            side: self.side.turned(),
            ..self
        }
    }
}

impl Journal {
    /// The journal that takes `reversed` back: every side turned, under the same law.
    #[must_use]
    pub fn reversing(reversed: &Journal, reversal: &Reversal) -> Journal {
        Journal {
            key: reversal.key.clone(),
            kind: Kind::Reversal,
            month: reversal.day.month(),
            day: reversal.day,
            origin: reversal.origin,
            law_version: reversed.law_version.clone(),
            lines: reversed.lines.iter().map(|line| line.turned()).collect(),
        }
    }

    /// Writes all of it in a fixed form.
    pub fn encode(&self, to: &mut Encoder) {
        let (origin, number) = self.origin.codes();
        to.text(self.key.as_str())
            .i16(self.kind.code())
            .month(self.month)
            .day(self.day)
            .i16(origin)
            .i64(number)
            .optional_text(self.law_version.as_deref())
            .u64(self.lines.len() as u64);
        for line in &self.lines {
            let ((fund, heading), (holder, number)) = (line.account.codes(), line.holder.codes());
            to.i16(fund)
                .i16(heading)
                .i16(holder)
                .i64(number)
                .boolean(line.side == Side::Credit)
                .fen(line.amount);
        }
    }

    /// The hash of all of it: equal for equal journals only, so what is compared where the lines are not at hand.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut encoder = Encoder::new();
        self.encode(&mut encoder);
        Digest::of(encoder.bytes())
    }
}

impl State {
    /// A code, and the day it was settled, for storage: 1 pending, 2 posted, 3 void, 4 posted at once. Only 2 and 3 have a
    /// day.
    #[must_use]
    pub const fn codes(self) -> (i16, Option<Day>) {
        match self {
            State::Pending => (1, None),
            State::Posted(day) => (2, Some(day)),
            State::Void(day) => (3, Some(day)),
            State::Direct => (4, None),
        }
    }

    /// The state with this code and day, if there is one.
    #[must_use]
    pub const fn from_codes(code: i16, settled: Option<Day>) -> Option<State> {
        match (code, settled) {
            (1, None) => Some(State::Pending),
            (2, Some(day)) => Some(State::Posted(day)),
            (3, Some(day)) => Some(State::Void(day)),
            (4, None) => Some(State::Direct),
            _ => None,
        }
    }

    /// How the lines of a journal of the day `booked` count at the end of the day `as_of`; `None` when they do not.
    #[must_use]
    pub fn phase(self, booked: Day, as_of: Day) -> Option<Phase> {
        if as_of < booked {
            return None;
        }
        match self {
            State::Direct => Some(Phase::Posted),
            State::Posted(day) if day <= as_of => Some(Phase::Posted),
            State::Void(day) if day <= as_of => None,
            State::Pending | State::Posted(_) | State::Void(_) => Some(Phase::Pending),
        }
    }
}

impl Entry {
    /// The day from which it counts as booked: its own, or the day it was posted. `None` while pending and when void.
    #[must_use]
    pub const fn posted_on(&self) -> Option<Day> {
        match self.state {
            State::Direct => Some(self.journal.day),
            State::Posted(day) => Some(day),
            State::Pending | State::Void(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Fund, Heading};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn keys_that_cannot_be_used() {
        for text in [
            "",
            " ",
            "a b",
            "a\u{3000}b",
            "a\n",
            "a\u{7f}",
            &"长".repeat(67),
        ] {
            let refused = Key::new(text).unwrap_err();
            assert_eq!(refused.status, Status::KeyUnusable, "{text:?}");
        }
        assert!(Key::new("长".repeat(66)).is_ok());
    }

    #[test]
    fn a_prepared_line_counts_as_pending_until_it_is_settled() {
        let phases = |state: State| {
            ["2025-03-01", "2025-03-02", "2025-03-04", "2025-03-05"]
                .map(|as_of| state.phase(day("2025-03-02"), day(as_of)))
        };
        let (pending, posted) = (Some(Phase::Pending), Some(Phase::Posted));
        assert_eq!(phases(State::Direct), [None, posted, posted, posted]);
        assert_eq!(phases(State::Pending), [None, pending, pending, pending]);
        let on = day("2025-03-05");
        assert_eq!(phases(State::Posted(on)), [None, pending, pending, posted]);
        assert_eq!(phases(State::Void(on)), [None, pending, pending, None]);
    }

    #[test]
    fn states_round_trip() {
        let on = day("2025-03-05");
        for state in [
            State::Direct,
            State::Pending,
            State::Posted(on),
            State::Void(on),
        ] {
            let (code, day) = state.codes();
            assert_eq!(State::from_codes(code, day), Some(state));
        }
        assert_eq!(State::from_codes(2, None), None);
        assert_eq!(State::from_codes(4, Some(on)), None);
    }

    /// Any part of a journal changes its hash.
    #[test]
    fn a_digest_stands_for_every_part() {
        let journal = || Journal {
            key: Key::new("k").unwrap(),
            kind: Kind::Receipt,
            month: Month::parse("2025-03").unwrap(),
            day: day("2025-03-05"),
            origin: Origin::Run(1),
            law_version: Some(String::new()),
            lines: vec![Line::debit(
                Account::of(Fund::Unemployment, Heading::Bank).unwrap(),
                Holder::NOBODY,
                Fen(1),
            )],
        };
        let changes: [fn(&mut Journal); 9] = [
            |journal| journal.key = Key::new("l").unwrap(),
            |journal| journal.kind = Kind::Refund,
            |journal| journal.month = Month::parse("2025-04").unwrap(),
            |journal| journal.day = Day::parse("2025-03-06").unwrap(),
            |journal| journal.origin = Origin::Case(1),
            |journal| journal.law_version = None,
            |journal| journal.lines.clear(),
            |journal| journal.lines[0].side = Side::Credit,
            |journal| journal.lines[0].amount = Fen(2),
        ];
        assert_eq!(journal().digest(), journal().digest());
        for change in changes {
            let mut changed = journal();
            change(&mut changed);
            assert_ne!(changed.digest(), journal().digest(), "{changed:?}");
        }
    }
}
