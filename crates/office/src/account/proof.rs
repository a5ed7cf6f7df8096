//! Can a person show that a line of theirs belongs to a sealed month?
//!
//! A month's rows come down to one root, and the seal binds it. Of a line's chunk the hashes beside its way up suffice: with
//! them, and with what was sealed, whoever knows the seal's hash can check the line without the office and without its
//! database.

use crate::acting::Acting;
use crate::error::Error;
use crate::month::engine::{self, Chunk};
use crate::month::{content, lookup};
use crate::shelf;
use crate::whole;
use city::accounts::Account;
use city::dues::Due;
use city::people::PersonId;
use city::runs::{Run, RunKind, RunState};
use ledger::{Digest, Proof, Sealed, leaf};
use measure::Month;
use store::{Db, Tx, audit, runs, seals};

/// A row that can be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// What was due.
    Due(Due),
    /// An account, as the month left it.
    Account(Account),
}

/// A person's lines of a sealed month, with what proves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Each line with the hashes beside its way to the root.
    pub lines: Vec<(Row, Proof)>,
    /// What was sealed.
    pub sealed: Sealed,
    /// The hash of the seal before.
    pub previous: Digest,
}

impl Row {
    /// The hash of the line.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        match self {
            Row::Due(due) => leaf(&due.encoded()),
            Row::Account(account) => leaf(&account.encoded()),
        }
    }

    /// Whose line it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        match self {
            Row::Due(due) => due.person,
            Row::Account(account) => account.person,
        }
    }
}

impl Proven {
    /// The hash of the seal under which the lines are proven, to be compared with the one that was made known.
    ///
    /// # Errors
    ///
    /// `B0703` when a line is not in what was sealed.
    pub fn seal(&self) -> Result<Digest, ledger::Refusal> {
        for (row, proof) in &self.lines {
            ledger::verify(&row.leaf(), proof, &self.sealed.root)?;
        }
        Ok(content::link(self.previous, &self.sealed))
    }
}

/// Proves the lines of a person in the run of a kind in a month: its dues, or the accounts as its crediting left them.
///
/// # Errors
///
/// `N0101`, `N0103` when the run is not in force; `B0703` when the rows are not those that were sealed; what the database
/// says. A person without a line has none to prove.
pub fn prove(
    db: &Db,
    person: PersonId,
    (kind, month): (RunKind, Month),
    acting: Acting<'_>,
) -> Result<Proven, Error> {
    whole::look(db, |tx| {
        let run = lookup(tx, kind, month)?;
        if !run.state.in_force() {
            return Err(run.not_in(RunState::Published).into());
        }
        let detail = format!("run {}", run.id);
        acting.note(
            tx,
            "account.proof",
            (audit::PERSON, person.number()),
            &detail,
        )?;
        let number = (person.number() - 1).div_euclid(run.chunk_size);
        let chunk = engine::chunk(&run, number);
        let rows = rows(tx, &run, &chunk)?;
        let chunks = runs::roots(tx, run.id)?;
        let its_own = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.person() == person);
        let mut lines = Vec::new();
        for (place, row) in its_own {
            let leaves = rows.iter().map(Row::leaf);
            let (place, number) = (place as u64, number.unsigned_abs());
            let proof = ledger::prove(leaves, place, &chunks, number).map_err(Error::Books)?;
            lines.push((*row, proof));
        }
        let totals = runs::totals(tx, run.id)?;
        let chain = seals::chain(tx)?;
        let link = chain.iter().find(|link| link.run == run.id);
        Ok(Proven {
            lines,
            sealed: content::sealed(tx, &run, &totals)?,
            previous: link.map_or(Digest::ZERO, |link| link.previous),
        })
    })
}

/// The rows of a chunk.
fn rows(tx: &mut Tx<'_>, run: &Run, chunk: &Chunk) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    match run.kind {
        // A difference has other rows than a month.
        RunKind::Difference => {}
        RunKind::Assessment => {
            shelf::dues(tx, run.id, &chunk.persons, |due| {
                rows.push(Row::Due(due));
                Ok(())
            })?;
        }
        RunKind::Crediting | RunKind::Interest | RunKind::ResidentInterest => {
            shelf::accounts(tx, run.id, &chunk.persons, |account| {
                rows.push(Row::Account(account));
                Ok(())
            })?;
        }
    }
    Ok(rows)
}
