//! What would a file change, and what is wrong with it?
//!
//! A check and a recording are one and the same reading; a check stops before it writes. What is recorded is recorded in one
//! transaction: the declaration, its file, the facts, and who looked at whom.

use super::pending::Pending;
use super::refusal::Refusal;
use super::rows::{Rows, books};
use super::{Books, Desk, HELD, Hear, Heard, Mode, Outcome, Paper, Source, serves};
use crate::acting::Acting;
use crate::error::Error;
use city::declarations::{DeclarationId, Intake, MonthState, intake};
use city::places::District;
use ledger::{Digest, Encoder};
use store::declarations::{self, NewBatch, NewDeclaration};
use store::{Db, Tx, audit, employers};

/// Reads a file and says of each row what it changes or why it is refused; records it if that is asked for. `source` may be
/// asked for the rows again: when the file is large, and when somebody stands in the way.
///
/// # Errors
///
/// `D0109` when the very same file stands already, `D0121` when the month has not begun, `N0401` when the employer is not
/// registered in it, `N0402` when it is of a district that is not served; `S0302`, `S0303` when names and numbers do not open
/// with these keys; what the source, the listener and the database say. Nothing is recorded then.
pub fn submit<E: From<Error> + From<store::Error>>(
    db: &Db,
    desk: Desk<'_>,
    paper: Paper<'_>,
    mode: Mode,
    source: &mut Source<'_, E>,
    hear: &mut Hear<'_, E>,
) -> Result<Outcome, E> {
    if mode == Mode::Check {
        // Looking keeps nobody waiting who records something; that it was looked is noted before anything is answered.
        let (outcome, pending, _, _) = db.read(|tx| read(tx, desk, paper, source, hear))?;
        db.write(|tx| {
            pending.note(tx, desk)?;
            noted(tx, desk, paper, &outcome)
        })?;
        return Ok(outcome);
    }
    // A run that was opened while the file was read does not learn later of what it should have known.
    db.record(desk.acting.at, |tx, at| {
        let acting = Acting { at, ..desk.acting };
        let desk = Desk { acting, ..desk };
        let (mut outcome, mut pending, rows, held) = read(tx, desk, paper, source, hear)?;
        if mode == Mode::RecordGood || outcome.tally.faulty == 0 {
            let id = declare(tx, desk, paper, &outcome)?;
            outcome.recorded = Some(id);
            match held {
                true => record(tx, &rows, (desk, paper), &mut pending, id)?,
                false => again(tx, (desk, paper, rows.district()), &mut pending, id, source)?,
            }
        }
        pending.note(tx, desk)?;
        noted(tx, desk, paper, &outcome)?;
        Ok(outcome)
    })
}

/// Reads the file and decides about it; nothing is written. Tells also whether all it changes is held.
fn read<'a, E: From<Error> + From<store::Error>>(
    tx: &mut Tx<'_>,
    desk: Desk<'a>,
    paper: Paper<'a>,
    source: &mut Source<'_, E>,
    hear: &mut Hear<'_, E>,
) -> Result<(Outcome, Pending, Rows<'a>, bool), E> {
    hear(Heard::Begin)?;
    let (district, intake, books) = accepted(tx, desk, paper)?;
    let mut pending = Pending::default();
    let (rows, held) = decided(tx, (desk, paper, district), &mut pending, source, hear)?;
    let mut outcome = Outcome {
        tally: rows.decider.tally(),
        resumed: rows.resumed,
        registered: rows.registered,
        missing: 0,
        without_number: rows.without_number,
        intake,
        books,
        recorded: None,
    };
    for missing in rows.decider.missing() {
        outcome.missing += 1;
        hear(Heard::Missing(&missing))?;
    }
    Ok((outcome, pending, rows, held))
}

/// Where the employer is registered, as what its file is taken in, and how far the month's books are.
fn accepted(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    paper: Paper<'_>,
) -> Result<(District, Intake, Books), Error> {
    let (employer, month) = (paper.employer, paper.month);
    // Where it is registered is no secret of a district.
    tx.set_all_districts()?;
    let registered = employers::on(tx, employer, month.last_day(), desk.acting.at)?;
    desk.within(tx)?;
    let Some(registered) = registered else {
        return Err(Refusal::NotRegistered { employer, month }.into());
    };
    let district = registered.district;
    if !serves(desk.districts, district) {
        return Err(Refusal::ElsewhereRegistered { employer, district }.into());
    }
    let books = books(tx, month)?;
    let state = match books {
        Books::Sealed => MonthState::Sealed,
        _ if desk.acting.at.day()? < month.first_day() => MonthState::Ahead,
        _ => MonthState::Open,
    };
    let earlier = declarations::of_month(tx, employer, month)?;
    let earlier = earlier.iter().map(|kept| &kept.declaration);
    let intake = intake(earlier, &paper.hash.0, state)?;
    Ok((district, intake, books))
}

/// Decides every row. What it changes is held, unless the file is large; tells which.
fn decided<'a, E: From<Error> + From<store::Error>>(
    tx: &mut Tx<'_>,
    (desk, paper, district): (Desk<'a>, Paper<'a>, District),
    pending: &mut Pending,
    source: &mut Source<'_, E>,
    hear: &mut Hear<'_, E>,
) -> Result<(Rows<'a>, bool), E> {
    let mut rows = Rows::begin(tx, desk, paper, district)?;
    let (mut count, mut held) = (0, true);
    source(&mut |line| {
        count += 1;
        rows.take(tx, line, pending, hear)?;
        if HELD < count {
            held = false;
            pending.forget();
        }
        Ok(())
    })?;
    rows.decide(tx, pending, hear)?;
    if !held {
        pending.forget();
    }
    Ok((rows, held))
}

fn record(
    tx: &mut Tx<'_>,
    rows: &Rows<'_>,
    of: (Desk<'_>, Paper<'_>),
    pending: &mut Pending,
    id: DeclarationId,
) -> Result<(), Error> {
    pending.record(tx, of, rows.of_new(), declarations::origin(id))
}

/// Reads a large file a second time, and records what it changes as it goes.
fn again<E: From<Error> + From<store::Error>>(
    tx: &mut Tx<'_>,
    (desk, paper, district): (Desk<'_>, Paper<'_>, District),
    pending: &mut Pending,
    id: DeclarationId,
    source: &mut Source<'_, E>,
) -> Result<(), E> {
    let looked_at = std::mem::take(&mut pending.looked_at);
    let mut rows = Rows::begin(tx, desk, paper, district)?;
    let silent: &mut Hear<'_, E> = &mut |_| Ok(());
    source(&mut |line| {
        if rows.take(tx, line, pending, silent)? {
            record(tx, &rows, (desk, paper), pending, id)?;
        }
        Ok(())
    })?;
    rows.decide(tx, pending, silent)?;
    record(tx, &rows, (desk, paper), pending, id)?;
    pending.looked_at = looked_at;
    Ok(())
}

/// Notes the file and the declaration; the one it amends no longer stands.
fn declare(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    paper: Paper<'_>,
    outcome: &Outcome,
) -> Result<DeclarationId, Error> {
    let acting = desk.acting;
    let amends = match outcome.intake {
        Intake::First => None,
        Intake::Amends(earlier) => Some(earlier),
        Intake::Late { amends } => amends,
    };
    let lines = u32::try_from(outcome.tally.rows).unwrap_or(u32::MAX);
    let batch = NewBatch {
        name: paper.name,
        hash: known_by(paper, amends).0,
        rows: lines,
        by: acting.by,
        at: acting.at,
    };
    let batch = declarations::open_batch(tx, &batch)?;
    let new = NewDeclaration {
        employer: paper.employer,
        month: paper.month,
        lines,
        wages: outcome.tally.wages,
        file_hash: paper.hash.0,
        batch: Some(batch),
        by: acting.by.clone(),
        at: acting.at,
        amends,
    };
    Ok(declarations::take_in(tx, &new)?)
}

/// The same bytes may be handed in for another month or employer, and again after they were amended.
fn known_by(paper: Paper<'_>, amends: Option<DeclarationId>) -> Digest {
    let mut encoder = Encoder::new();
    encoder
        .i64(paper.employer.number())
        .month(paper.month)
        .digest(&paper.hash)
        .optional_i64(amends.map(DeclarationId::number));
    Digest::of(encoder.bytes())
}

/// What is done when a declaration is recorded, as the audit log names it.
pub(crate) const SUBMIT: &str = "declaration.submit";

/// What was declared, as the audit log says it.
pub(crate) fn in_words((lines, wages): (u64, measure::Fen)) -> String {
    format!("{lines} rows, wages of {wages}")
}

/// Notes in the audit log whose staff was looked at, and what was recorded.
fn noted(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    paper: Paper<'_>,
    outcome: &Outcome,
) -> Result<(), Error> {
    let acting = desk.acting;
    let detail = format!("{}, {} rows", paper.month, outcome.tally.rows);
    let employer = (audit::EMPLOYER, paper.employer.number());
    match outcome.recorded {
        None => acting.note(tx, "declaration.check", employer, &detail)?,
        Some(id) => {
            acting.note(tx, SUBMIT, employer, &detail)?;
            let what = (outcome.tally.rows, outcome.tally.wages);
            let declaration = (audit::DECLARATION, id.number());
            acting.note(tx, SUBMIT, declaration, &in_words(what))?;
        }
    }
    Ok(())
}
