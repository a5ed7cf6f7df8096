//! Which runs are there, how far are they, and what did their chunks come to?

use crate::{Engine, Error, Kind, Row, Tx, params, statements};
use city::dues::{Sum, Totals};
use city::runs::{Run, RunId, RunKind, RunState};
use ledger::{Chunk, Digest};
use measure::{Day, Moment, Month};
use std::ops::Range;

statements! {
    /// Opens a run.
    OPEN = "insert into run (kind, month, state, law_version, facts_known, chunk_size, chunks, due_day, made_by, opened) \
            values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9) returning run";
    /// One run.
    FIND = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where run = $1";
    /// Waits for whoever holds it, and holds it. (On SQLite whoever writes is alone.)
    HOLD postgres = "select run from run where run = $1 for update";
    /// The runs of a kind in a month that were not given up, the first first.
    OF_MONTH = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where kind = $1 and month = $2 and state <> 6 order by run";
    /// Every run in force, in the order of publication.
    IN_FORCE = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where state in (5, 7) order by published, run";
    /// Every run in force with when it was published.
    IN_FORCE_SINCE = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by, published from run where state in (5, 7) order by published, run";
    /// The runs of the latest months that were not given up, the newest first.
    LATEST = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where state <> 6 and month >= $1 order by month desc, kind, run";
    /// The last month that has a run.
    LAST_MONTH = "select month from run where state <> 6 order by month desc limit 1";
    /// The runs that wait for a second person.
    TO_APPROVE = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where state = 3 order by run";
    /// How many chunks are there.
    DONE = "select count(*) from run_chunk where run = $1";
    /// A run at work that makes a generation of accounts.
    AT_ACCOUNTS = "select run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, hash, approved_by from run where kind in (2, 3, 5) and state in (1, 2, 3, 4) order by run limit 1";
    /// Takes a run from one state to the next.
    STEP = "update run set state = $3 where run = $1 and state = $2";
    /// The content of a computed run.
    COMPUTED = "update run set state = 3, rows = $2, hash = $3 where run = $1 and state = 2";
    /// A second person has looked at the content.
    APPROVE = "update run set state = 4, approved_by = $2, approved_hash = $3 where run = $1 and state = 3 and hash = $3";
    /// Puts a run in force.
    PUBLISH = "update run set state = 5, published = $2 where run = $1 and state = 4";
    /// Up to when the run that knows most knows what was recorded; given up or not, it has told somebody.
    LATEST_KNOWN = "select facts_known from run order by facts_known desc limit 1";
    /// The chunks that are there.
    CHUNKS = "select no from run_chunk where run = $1 order by no";
    /// Marks a chunk as there.
    MARK = "insert into run_chunk (run, no, first_person, last_person, rows, refused, root) \
            values ($1, $2, $3, $4, $5, $6, $7)";
    /// What the chunks' rows come down to, in order.
    ROOTS = "select rows, root from run_chunk where run = $1 order by no";
    /// How many of each chunk have no result.
    REFUSALS = "select refused from run_chunk where run = $1 order by no";
    /// How many rows it was said to have.
    ROWS = "select rows from run where run = $1";
    /// What one chunk's rows come down to.
    ROOT = "select rows, root from run_chunk where run = $1 and no = $2";
    /// How many have no result.
    REFUSED = "select cast(coalesce(sum(refused), 0) as bigint) from run_chunk where run = $1";
    /// The totals over all chunks.
    TOTALS = "select scheme, district, cast(sum(lines) as bigint), cast(sum(base) as bigint), \
              cast(sum(employer_due) as bigint), cast(sum(person_due) as bigint), cast(sum(credit) as bigint) \
              from run_total where run = $1 group by scheme, district order by scheme, district";
}

/// What is asked of a new run.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// What it does.
    pub kind: RunKind,
    /// For which month.
    pub month: Month,
    /// The law it applies: a hash over its text.
    pub law: &'a str,
    /// It knows what was recorded up to here.
    pub facts_known: Moment,
    /// How many numbers of persons make a chunk, above 0.
    pub chunk_size: i64,
    /// How many chunks.
    pub chunks: i64,
    /// The day by which its bills are to be paid, if it makes any.
    pub due_day: Option<Day>,
    /// Who opens it.
    pub made_by: &'a str,
}

/// What is kept of a chunk besides its rows.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its rows: how many, and their root.
    pub rows: Chunk,
    /// How many persons and schemes have no result.
    pub refused: i64,
    /// What the rows come to.
    pub totals: Totals,
}

/// Opens a run.
///
/// # Errors
///
/// What the database says.
pub fn open(tx: &mut Tx<'_>, new: &NewRun<'_>, at: Moment) -> Result<Run, Error> {
    let values = params![
        new.kind.code(),
        new.month,
        new.law,
        new.facts_known,
        new.chunk_size,
        new.chunks,
        new.due_day,
        new.made_by,
        at
    ];
    let number: i64 = tx.one(OPEN, values, |row| row.get(0))?;
    tx.one(FIND, params![number], run)
}

/// Up to when the run that knows most knows what was recorded. What is recorded from now on is recorded later.
///
/// # Errors
///
/// What the database says.
pub fn latest_known(tx: &mut Tx<'_>) -> Result<Option<Moment>, Error> {
    tx.find(LATEST_KNOWN, params![], |row| row.get(0))
}

/// The run of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: RunId) -> Result<Option<Run>, Error> {
    tx.find(FIND, params![id.number()], run)
}

/// The run of this number, which nobody else alters until the transaction ends.
///
/// # Errors
///
/// What the database says.
pub fn hold(tx: &mut Tx<'_>, id: RunId) -> Result<Option<Run>, Error> {
    if tx.engine() == Engine::Postgres {
        tx.execute(HOLD, params![id.number()])?;
    }
    find(tx, id)
}

/// The runs of a kind in a month that were not given up, in order.
///
/// # Errors
///
/// What the database says.
pub fn of_month(tx: &mut Tx<'_>, kind: RunKind, month: Month) -> Result<Vec<Run>, Error> {
    tx.list(OF_MONTH, params![kind.code(), month], run)
}

/// The runs of a month and those after it that were not given up, the newest month first.
///
/// # Errors
///
/// What the database says.
pub fn since(tx: &mut Tx<'_>, month: Month) -> Result<Vec<Run>, Error> {
    tx.list(LATEST, params![month], run)
}

/// The last month that has a run.
///
/// # Errors
///
/// What the database says.
pub fn last_month(tx: &mut Tx<'_>) -> Result<Option<Month>, Error> {
    tx.find(LAST_MONTH, params![], |row| row.get(0))
}

/// The runs that wait for a second person, in order.
///
/// # Errors
///
/// What the database says.
pub fn to_approve(tx: &mut Tx<'_>) -> Result<Vec<Run>, Error> {
    tx.list(TO_APPROVE, params![], run)
}

/// How many chunks of a run are there.
///
/// # Errors
///
/// What the database says.
pub fn done(tx: &mut Tx<'_>, id: RunId) -> Result<i64, Error> {
    tx.one(DONE, params![id], |row| row.get(0))
}

/// Every run in force, in the order of publication.
///
/// # Errors
///
/// What the database says.
pub fn in_force(tx: &mut Tx<'_>) -> Result<Vec<Run>, Error> {
    tx.list(IN_FORCE, params![], run)
}

/// Every run in force with when it was published, in that order.
///
/// # Errors
///
/// What the database says.
pub fn in_force_since(tx: &mut Tx<'_>) -> Result<Vec<(Run, Moment)>, Error> {
    tx.list(IN_FORCE_SINCE, params![], |row| {
        Ok((run(row)?, row.get(11)?))
    })
}

/// The run that is at work on a generation of accounts, if one is.
///
/// # Errors
///
/// What the database says.
pub fn at_accounts(tx: &mut Tx<'_>) -> Result<Option<Run>, Error> {
    tx.find(AT_ACCOUNTS, params![], run)
}

/// Takes a run from one state to the next; false when it is in another.
///
/// # Errors
///
/// `S0108` when no run goes from the one to the other; what else the database says.
pub fn step(tx: &mut Tx<'_>, id: RunId, from: RunState, to: RunState) -> Result<bool, Error> {
    let values = params![id.number(), from.code(), to.code()];
    Ok(tx.execute(STEP, values)? == 1)
}

/// Notes that all of a run is there, and what it comes down to; false when it is not being computed.
///
/// # Errors
///
/// What the database says.
pub fn computed(tx: &mut Tx<'_>, id: RunId, rows: u64, hash: Digest) -> Result<bool, Error> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    Ok(tx.execute(COMPUTED, params![id.number(), rows, hash.0])? == 1)
}

/// Notes who approved exactly this content; false when the run is not computed, or its content another. That it is not its
/// maker, the database sees to as well.
///
/// # Errors
///
/// What the database says.
pub fn approve(tx: &mut Tx<'_>, id: RunId, by: &str, content: Digest) -> Result<bool, Error> {
    Ok(tx.execute(APPROVE, params![id.number(), by, content.0])? == 1)
}

/// Puts a run in force; false when it is not approved.
///
/// # Errors
///
/// What the database says.
pub fn publish(tx: &mut Tx<'_>, id: RunId, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(PUBLISH, params![id.number(), at])? == 1)
}

/// The numbers of the chunks that are there, ascending.
///
/// # Errors
///
/// What the database says.
pub fn chunks(tx: &mut Tx<'_>, id: RunId) -> Result<Vec<i64>, Error> {
    tx.list(CHUNKS, params![id.number()], |row| row.get(0))
}

/// Marks a chunk as there. Its rows must be written in the same transaction, after the mark: of two that compute the same
/// chunk the second is refused here, by the key, before it writes any.
///
/// # Errors
///
/// `S0107` when the chunk is marked; what else the database says.
pub fn mark(
    tx: &mut Tx<'_>,
    id: RunId,
    chunk: i64,
    persons: &Range<i64>,
    mark: &Mark,
) -> Result<(), Error> {
    let rows = i64::try_from(mark.rows.rows).unwrap_or(i64::MAX);
    let values = params![
        id.number(),
        chunk,
        persons.start,
        persons.end - 1,
        rows,
        mark.refused,
        mark.rows.root.0
    ];
    tx.execute(MARK, values)?;
    let columns = [
        ("run", Kind::BigInt),
        ("no", Kind::Integer),
        ("scheme", Kind::SmallInt),
        ("district", Kind::Integer),
        ("lines", Kind::BigInt),
        ("base", Kind::BigInt),
        ("employer_due", Kind::BigInt),
        ("person_due", Kind::BigInt),
        ("credit", Kind::BigInt),
    ];
    let mut copy = tx.copy_in("run_total", &columns)?;
    for (scheme, district, sum) in mark.totals.rows() {
        copy.int(id.number())?.int(chunk)?;
        copy.int(scheme.code().into())?
            .int(district.code().into())?
            .int(sum.lines)?;
        for amount in [sum.base, sum.employer_due, sum.person_due, sum.credit] {
            copy.int(i64::try_from(amount).map_err(|_| Error::Value {
                wanted: "a total in fen".into(),
                cause: "it is beyond 64 bits".into(),
            })?)?;
        }
        copy.end()?;
    }
    copy.finish()?;
    Ok(())
}

/// What each chunk's rows come down to, in order.
///
/// # Errors
///
/// What the database says.
pub fn roots(tx: &mut Tx<'_>, id: RunId) -> Result<Vec<Chunk>, Error> {
    tx.list(ROOTS, params![id.number()], |row| {
        let rows: i64 = row.get(0)?;
        Ok(Chunk {
            rows: u64::try_from(rows).unwrap_or(0),
            root: Digest(row.get(1)?),
        })
    })
}

/// How many of each chunk have no result, in order.
///
/// # Errors
///
/// What the database says.
pub fn refusals(tx: &mut Tx<'_>, id: RunId) -> Result<Vec<i64>, Error> {
    tx.list(REFUSALS, params![id.number()], |row| row.get(0))
}

/// How many rows a run was said to have when it was computed; `None` before.
///
/// # Errors
///
/// What the database says.
pub fn rows(tx: &mut Tx<'_>, id: RunId) -> Result<Option<i64>, Error> {
    tx.one(ROWS, params![id.number()], |row| row.get(0))
}

/// What one chunk's rows come down to; `None` when it is not there.
///
/// # Errors
///
/// What the database says.
pub fn root(tx: &mut Tx<'_>, id: RunId, chunk: i64) -> Result<Option<Chunk>, Error> {
    tx.find(ROOT, params![id, chunk], |row| {
        let rows: i64 = row.get(0)?;
        Ok(Chunk {
            rows: u64::try_from(rows).unwrap_or(0),
            root: Digest(row.get(1)?),
        })
    })
}

/// How many persons and schemes have no result.
///
/// # Errors
///
/// What the database says.
pub fn refused(tx: &mut Tx<'_>, id: RunId) -> Result<i64, Error> {
    tx.one(REFUSED, params![id.number()], |row| row.get(0))
}

/// The totals over all chunks.
///
/// # Errors
///
/// What the database says.
pub fn totals(tx: &mut Tx<'_>, id: RunId) -> Result<Totals, Error> {
    let mut totals = Totals::default();
    tx.stream(TOTALS, params![id.number()], |row| {
        let amount = |column: usize| row.get::<i64>(column).map(i128::from);
        let sum = Sum {
            lines: row.get(2)?,
            base: amount(3)?,
            employer_due: amount(4)?,
            person_due: amount(5)?,
            credit: amount(6)?,
        };
        totals.put(row.get(0)?, row.get(1)?, &sum);
        Ok::<(), Error>(())
    })?;
    Ok(totals)
}

fn run(row: &Row<'_>) -> Result<Run, Error> {
    Ok(Run {
        id: row.get(0)?,
        kind: row.get(1)?,
        month: row.get(2)?,
        state: row.get(3)?,
        law: row.get(4)?,
        facts_known: row.get(5)?,
        chunk_size: row.get(6)?,
        chunks: row.get(7)?,
        made_by: row.get(8)?,
        content: row.get::<Option<[u8; 32]>>(9)?.map(Digest),
        approved_by: row.get(10)?,
    })
}
