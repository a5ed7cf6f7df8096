//! What stands in the books?
//!
//! Decides nothing: [`ledger::judge`] does, from what [`apply`] looks up, and `apply` writes what it says in the same
//! transaction. Journals and lines are never altered but for how far a journal has come and what took it back.

use crate::{Error, Row, Tx, params, statements};
use ledger::{
    Account, Applied, Balance, Booked, Command, Effect, Entry as Entered, Failed, Holder, Journal,
    Key, Kind, Line, Lookup, Origin, Phase, Side, State, judge,
};
use measure::{Day, Fen, Month};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

statements! {
    /// A journal by its key.
    FIND = "select journal, key, kind, month, day, origin_kind, origin, law, state, settled, reverses, reversed_by \
            from journal where key = $1";
    /// A journal's lines.
    LINES = "select fund, heading, holder_kind, holder, debit, credit from line where journal = $1 order by no";
    /// Writes a journal.
    INSERT = "insert into journal (key, kind, month, day, origin_kind, origin, law, state, reverses) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning journal";
    /// Writes a line.
    LINE = "insert into line (journal, no, fund, heading, holder_kind, holder, debit, credit) \
            values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Notes what took a journal back.
    REVERSED = "update journal set reversed_by = $2 where key = $1 and reversed_by is null";
    /// Settles a pending journal.
    SETTLE = "update journal set state = $2, settled = $3 where key = $1 and state = 1";
    /// What was prepared and posted on an account for a holder, by state.
    BALANCE = "select j.state, cast(sum(l.debit) as bigint), cast(sum(l.credit) as bigint) \
               from line l join journal j on j.journal = l.journal \
               where l.fund = $1 and l.heading = $2 and l.holder_kind = $3 and l.holder = $4 and j.state <> 3 \
               group by j.state";
    /// All lines with how their journals stand, in order.
    ALL = "select l.fund, l.heading, l.holder_kind, l.holder, l.debit, l.credit, j.day, j.state, j.settled \
           from line l join journal j on j.journal = l.journal order by l.journal, l.no";
    /// The keys of all journals, in order.
    KEYS = "select key from journal order by journal";
    /// The last sealed month.
    SEALED = "select max(month) from seal where closes";
}

/// Carries out a command in the books, or refuses it.
///
/// # Errors
///
/// The ledger's refusal, or what the database says.
pub fn apply(tx: &mut Tx<'_>, command: &Command) -> Result<Applied, Failed<Error>> {
    let known = Known::for_command(tx, command).map_err(Failed::Lookup)?;
    let effect = judge(command, &known).map_err(|failed| match failed {
        Failed::Refused(refusal) => Failed::Refused(refusal),
        Failed::Lookup(never) => match never {},
    })?;
    match effect {
        Effect::Nothing => return Ok(Applied::Exists),
        Effect::Insert(entry) => insert(tx, &entry).map_err(Failed::Lookup)?,
        Effect::Settle { key, state } => {
            let (code, day) = state.codes();
            tx.execute(SETTLE, params![key.as_str(), code, day])
                .map_err(Failed::Lookup)?;
        }
        // A month's seal is written with what it seals.
        Effect::Seal(_) => {}
    }
    Ok(Applied::Now)
}

/// What the ledger needs to know for one command.
struct Known {
    entries: BTreeMap<Key, Entered>,
    balances: BTreeMap<(Account, Holder), Balance>,
    sealed_through: Option<Month>,
}

impl Known {
    fn for_command(tx: &mut Tx<'_>, command: &Command) -> Result<Known, Error> {
        let mut known = Known {
            entries: BTreeMap::new(),
            balances: BTreeMap::new(),
            sealed_through: tx.one(SEALED, params![], |row| row.get(0))?,
        };
        match command {
            Command::Prepare(journal) | Command::PostDirectly(journal) => {
                known.learn(tx, &journal.key)?;
                known.weigh(tx, &journal.lines)?;
            }
            Command::Post { key, .. } | Command::Void { key, .. } => {
                known.learn(tx, key)?;
                known.weigh_entry(tx, key)?;
            }
            Command::Reverse(reversal) => {
                known.learn(tx, &reversal.key)?;
                known.learn(tx, &reversal.reverses)?;
                known.weigh_entry(tx, &reversal.reverses)?;
            }
            Command::Seal(_) => {}
        }
        Ok(known)
    }

    fn learn(&mut self, tx: &mut Tx<'_>, key: &Key) -> Result<(), Error> {
        if let Some(entry) = find(tx, key)? {
            self.entries.insert(key.clone(), entry);
        }
        Ok(())
    }

    fn weigh_entry(&mut self, tx: &mut Tx<'_>, key: &Key) -> Result<(), Error> {
        let lines = self
            .entries
            .get(key)
            .map(|entry| entry.journal.lines.clone());
        self.weigh(tx, &lines.unwrap_or_default())
    }

    fn weigh(&mut self, tx: &mut Tx<'_>, lines: &[Line]) -> Result<(), Error> {
        for line in lines {
            let place = (line.account, line.holder);
            if let Entry::Vacant(unknown) = self.balances.entry(place) {
                unknown.insert(balance(tx, line.account, line.holder)?);
            }
        }
        Ok(())
    }
}

impl Lookup for Known {
    type Error = std::convert::Infallible;

    fn entry(&self, key: &Key) -> Result<Option<Cow<'_, Entered>>, Self::Error> {
        Ok(self.entries.get(key).map(Cow::Borrowed))
    }

    fn balance(&self, account: Account, holder: Holder) -> Result<Balance, Self::Error> {
        let known = self.balances.get(&(account, holder));
        Ok(known.copied().unwrap_or_default())
    }

    fn sealed_through(&self) -> Result<Option<Month>, Self::Error> {
        Ok(self.sealed_through)
    }
}

/// The journal with this key.
///
/// # Errors
///
/// What the database says; `S0110` when what is kept is no journal.
pub fn find(tx: &mut Tx<'_>, key: &Key) -> Result<Option<Entered>, Error> {
    let found = tx.find(FIND, params![key.as_str()], |row| {
        let number: i64 = row.get(0)?;
        Ok::<_, Error>((number, head(row)?))
    })?;
    let Some((number, mut entry)) = found else {
        return Ok(None);
    };
    entry.journal.lines = tx.list(LINES, params![number], line)?;
    Ok(Some(entry))
}

/// What was prepared and posted on an account for a holder.
///
/// # Errors
///
/// What the database says; `S0118` when the sums are beyond an amount.
pub fn balance(tx: &mut Tx<'_>, account: Account, holder: Holder) -> Result<Balance, Error> {
    let ((fund, heading), (kind, number)) = (account.codes(), holder.codes());
    let mut balance = Balance::default();
    tx.stream(BALANCE, params![fund, heading, kind, number], |row| {
        let state: i16 = row.get(0)?;
        let phase = if state == State::Pending.codes().0 {
            Phase::Pending
        } else {
            Phase::Posted
        };
        for (side, column) in [(Side::Debit, 1), (Side::Credit, 2)] {
            balance = balance
                .with(side, phase, row.get(column)?)
                .map_err(|_| beyond())?;
        }
        Ok::<(), Error>(())
    })?;
    Ok(balance)
}

/// Hands on every line with its day and state, in the order in which they were booked.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn lines<E: From<Error>>(
    tx: &mut Tx<'_>,
    mut each: impl FnMut(Booked) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(ALL, params![], |row| {
        let state = State::from_codes(row.get(7)?, row.get(8)?).ok_or_else(|| unread("state"))?;
        each(Booked {
            line: line(row)?,
            day: row.get(6)?,
            state,
        })
    })
}

/// The keys of all journals, in the order in which they were booked.
///
/// # Errors
///
/// What the database says.
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<Key>, Error> {
    tx.list(KEYS, params![], |row| {
        let text: String = row.get(0)?;
        Key::new(text).map_err(|_| unread("key"))
    })
}

fn insert(tx: &mut Tx<'_>, entry: &Entered) -> Result<(), Error> {
    let journal = &entry.journal;
    let (origin_kind, origin) = journal.origin.codes();
    let (state, _) = entry.state.codes();
    // The database numbers them: whoever looked for the highest number stood in the way of all others who post.
    let number: i64 = tx.one(
        INSERT,
        params![
            journal.key.as_str(),
            journal.kind.code(),
            journal.month,
            journal.day,
            origin_kind,
            origin,
            journal.law_version.as_deref(),
            state,
            entry.reverses.as_ref().map(Key::as_str)
        ],
        |row| row.get(0),
    )?;
    for (place, line) in (1_i64..).zip(&journal.lines) {
        let ((fund, heading), (kind, holder)) = (line.account.codes(), line.holder.codes());
        let (debit, credit) = match line.side {
            Side::Debit => (line.amount, Fen(0)),
            Side::Credit => (Fen(0), line.amount),
        };
        let values = params![number, place, fund, heading, kind, holder, debit, credit];
        tx.execute(LINE, values)?;
    }
    if let Some(reversed) = &entry.reverses {
        tx.execute(REVERSED, params![reversed.as_str(), journal.key.as_str()])?;
    }
    Ok(())
}

/// A journal's row, its lines still to come.
fn head(row: &Row<'_>) -> Result<Entered, Error> {
    let key = |text: String| Key::new(text).map_err(|_| unread("key"));
    let optional = |text: Option<String>| text.map(key).transpose();
    Ok(Entered {
        journal: Journal {
            key: key(row.get(1)?)?,
            kind: Kind::from_code(row.get(2)?).ok_or_else(|| unread("kind"))?,
            month: row.get(3)?,
            day: row.get(4)?,
            origin: Origin::from_codes(row.get(5)?, row.get(6)?).ok_or_else(|| unread("origin"))?,
            law_version: row.get(7)?,
            lines: Vec::new(),
        },
        state: State::from_codes(row.get(8)?, row.get::<Option<Day>>(9)?)
            .ok_or_else(|| unread("state"))?,
        reverses: optional(row.get(10)?)?,
        reversed_by: optional(row.get(11)?)?,
    })
}

fn line(row: &Row<'_>) -> Result<Line, Error> {
    let account = Account::from_codes(row.get(0)?, row.get(1)?).map_err(|_| unread("account"))?;
    let holder = Holder::from_codes(row.get(2)?, row.get(3)?).map_err(|_| unread("holder"))?;
    let (debit, credit): (Fen, Fen) = (row.get(4)?, row.get(5)?);
    Ok(if debit == Fen(0) {
        Line::credit(account, holder, credit)
    } else {
        Line::debit(account, holder, debit)
    })
}

fn beyond() -> Error {
    Error::Value {
        wanted: "a balance in fen".into(),
        cause: "it is beyond 64 bits".into(),
    }
}

fn unread(wanted: &'static str) -> Error {
    Error::Cell {
        column: wanted.into(),
        wanted,
        found: "a code that is not known".into(),
    }
}
