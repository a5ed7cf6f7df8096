//! *What is in the books, and what may be added?*
//!
//! [`judge()`] decides a [`Command`] from what a [`Lookup`] tells and says with an [`Effect`] what is to be written. A
//! [`Book`] is a look-up in memory that writes the effect itself; a database is another, and writes it in the same
//! transaction in which it looked up. So there is one ladder of checks, whoever keeps the books.

mod judge;

pub use self::judge::judge;
use crate::balance::{Balance, Booked, TrialBalance};
use crate::chart::{Account, Holder};
use crate::journal::{Entry, Journal, Key, Phase, Reversal, State};
use crate::status::Refusal;
use measure::{Day, Month};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

/// What can be asked of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Prepare a journal: it holds its place in the bounds and counts as pending.
    Prepare(Journal),
    /// Post what was prepared, on this day.
    Post {
        /// The journal's key.
        key: Key,
        /// The day from which it counts as posted.
        day: Day,
    },
    /// Void what was prepared, on this day.
    Void {
        /// The journal's key.
        key: Key,
        /// The day from which it no longer counts.
        day: Day,
    },
    /// Post a journal at once.
    PostDirectly(Journal),
    /// Take back a posted journal by one of its own.
    Reverse(Reversal),
    /// Seal a month and all before it: nothing is booked, posted or voided in it any more.
    Seal(Month),
}

/// What is to be written. Nothing else in the books changes, and all of it is written at once or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the very same was done before.
    Nothing,
    /// A new journal with its lines. When it reverses another, that one's `reversed_by` is its key.
    Insert(Entry),
    /// A pending journal is settled.
    Settle {
        /// Which.
        key: Key,
        /// [`State::Posted`] or [`State::Void`].
        state: State,
    },
    /// Months are sealed up to this one.
    Seal(Month),
}

/// Whether a command did something now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applied {
    /// It did.
    Now,
    /// The very same was done before, and nothing was changed.
    Exists,
}

/// What [`judge()`] needs to know of the books.
///
/// All answers for one command must be of one state of the books: a database gives them within the transaction that writes
/// the effect, with the rows of the balances locked.
pub trait Lookup {
    /// Why the books may fail to answer.
    type Error;

    /// The journal with this key.
    ///
    /// # Errors
    ///
    /// When the books cannot be read.
    fn entry(&self, key: &Key) -> Result<Option<Cow<'_, Entry>>, Self::Error>;

    /// All that was ever prepared and posted on an account for a holder, whatever the day; void ones do not count.
    ///
    /// # Errors
    ///
    /// When the books cannot be read.
    fn balance(&self, account: Account, holder: Holder) -> Result<Balance, Self::Error>;

    /// The last month that is sealed.
    ///
    /// # Errors
    ///
    /// When the books cannot be read.
    fn sealed_through(&self) -> Result<Option<Month>, Self::Error>;
}

/// Why a command was not judged favourably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed<E> {
    /// It must not be booked.
    Refused(Refusal),
    /// The books could not be read.
    Lookup(E),
}

impl<E> From<Refusal> for Failed<E> {
    fn from(refusal: Refusal) -> Failed<E> {
        Failed::Refused(refusal)
    }
}

impl<E: fmt::Display> fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Refused(refusal) => refusal.fmt(f),
            Failed::Lookup(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Failed<E> {}

/// Books in memory.
///
/// # Representation
///
/// The journals by key, and the sums of each account and holder. The sums follow from the journals; they are kept so that
/// a bound is one look-up.
///
/// # Comparison
///
/// Equal when they have the same journals in the same states, whatever the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    entries: BTreeMap<Key, Entry>,
    balances: BTreeMap<(Account, Holder), Balance>,
    sealed_through: Option<Month>,
}

impl Book {
    /// Empty books.
    #[must_use]
    pub fn new() -> Book {
        Book::default()
    }

    /// Does what is asked, all of it or nothing.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn apply(&mut self, command: &Command) -> Result<Applied, Refusal> {
        let effect = match judge(command, self) {
            Ok(effect) => effect,
            Err(Failed::Refused(refusal)) => return Err(refusal),
            Err(Failed::Lookup(never)) => match never {},
        };
        match effect {
            Effect::Nothing => return Ok(Applied::Exists),
            Effect::Insert(entry) => self.insert(entry),
            Effect::Settle { key, state } => self.settle(&key, state),
            Effect::Seal(month) => self.sealed_through = Some(month),
        }
        Ok(Applied::Now)
    }

    /// Prepares a journal.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn prepare(&mut self, journal: Journal) -> Result<Applied, Refusal> {
        self.apply(&Command::Prepare(journal))
    }

    /// Posts what was prepared.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn post(&mut self, key: Key, day: Day) -> Result<Applied, Refusal> {
        self.apply(&Command::Post { key, day })
    }

    /// Voids what was prepared.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn void(&mut self, key: Key, day: Day) -> Result<Applied, Refusal> {
        self.apply(&Command::Void { key, day })
    }

    /// Posts a journal at once.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn post_directly(&mut self, journal: Journal) -> Result<Applied, Refusal> {
        self.apply(&Command::PostDirectly(journal))
    }

    /// Takes back a posted journal.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn reverse(&mut self, reversal: Reversal) -> Result<Applied, Refusal> {
        self.apply(&Command::Reverse(reversal))
    }

    /// Seals a month.
    ///
    /// # Errors
    ///
    /// The first [`Status`](crate::Status) that applies.
    pub fn seal(&mut self, month: Month) -> Result<Applied, Refusal> {
        self.apply(&Command::Seal(month))
    }

    /// The journals, in the order of their keys.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The journal with this key.
    #[must_use]
    pub fn entry(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Every line with the day and state of its journal.
    pub fn lines(&self) -> impl Iterator<Item = Booked> {
        self.entries().flat_map(|entry| {
            let (day, state) = (entry.journal.day, entry.state);
            let lines = entry.journal.lines.iter();
            lines.map(move |line| Booked {
                line: *line,
                day,
                state,
            })
        })
    }

    /// All that was ever prepared and posted on an account for a holder. For a day's balance, read the
    /// [lines](Book::lines) with [`balance_as_of`](crate::balance::balance_as_of).
    #[must_use]
    pub fn balance(&self, account: Account, holder: Holder) -> Balance {
        let balance = self.balances.get(&(account, holder));
        balance.copied().unwrap_or_default()
    }

    /// The last month that is sealed.
    #[must_use]
    pub const fn sealed_through(&self) -> Option<Month> {
        self.sealed_through
    }

    /// The books at the end of a day.
    ///
    /// # Errors
    ///
    /// `B0603` when an account's sum over its holders does not fit.
    pub fn trial_balance(&self, as_of: Day) -> Result<TrialBalance, Refusal> {
        TrialBalance::as_of(self.lines(), as_of)
    }

    fn insert(&mut self, entry: Entry) {
        let phase = match entry.state {
            State::Pending => Phase::Pending,
            State::Direct | State::Posted(_) | State::Void(_) => Phase::Posted,
        };
        for line in &entry.journal.lines {
            let sums = self
                .balances
                .entry((line.account, line.holder))
                .or_default();
            *sums = sums
                .with(line.side, phase, line.amount)
                .expect("the ladder has proved that the sums fit");
        }
        if let Some(reversed) = &entry.reverses {
            let reversed = self.entries.get_mut(reversed);
            reversed.expect("the ladder has found it").reversed_by =
                Some(entry.journal.key.clone());
        }
        self.entries.insert(entry.journal.key.clone(), entry);
    }

    fn settle(&mut self, key: &Key, state: State) {
        let entry = self.entries.get_mut(key).expect("the ladder has found it");
        for line in &entry.journal.lines {
            let sums = self
                .balances
                .entry((line.account, line.holder))
                .or_default();
            let pending = match line.side {
                crate::Side::Debit => &mut sums.debits_pending,
                crate::Side::Credit => &mut sums.credits_pending,
            };
            *pending = pending
                .checked_sub(line.amount)
                .expect("it was added when the journal was prepared");
            if let State::Posted(_) = state {
                *sums = sums
                    .with(line.side, Phase::Posted, line.amount)
                    .expect("it counted in the same sum while it was pending");
            }
        }
        entry.state = state;
    }
}

impl Lookup for Book {
    type Error = Infallible;

    fn entry(&self, key: &Key) -> Result<Option<Cow<'_, Entry>>, Infallible> {
        Ok(Book::entry(self, key).map(Cow::Borrowed))
    }

    fn balance(&self, account: Account, holder: Holder) -> Result<Balance, Infallible> {
        Ok(Book::balance(self, account, holder))
    }

    fn sealed_through(&self) -> Result<Option<Month>, Infallible> {
        Ok(Book::sealed_through(self))
    }
}
