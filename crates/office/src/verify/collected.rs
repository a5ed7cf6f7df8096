//! Do the books agree with what came in, what it settled, and what is open?
//!
//! Every journal of collection is made again from its rows, and what stands on clearing and on the receivables is compared
//! with receipts and bills. So an amount altered in a receipt, an allocation, a write-off or a refund is found by its journal,
//! and a journal that no row stands behind by what then stands in the books.

use super::{Finding, Report};
use crate::collect::entries::{Settled, of_collecting};
use crate::error::Error;
use crate::month::publish::{funds, given_back};
use crate::whole;
use city::collection::refunds::Refund;
use city::insurance::Scheme;
use city::places::District;
use city::runs::{Run, RunKind};
use ledger::{Account, Fund, Heading, Holder, HolderKind, Key, Kind, Line, Side, State};
use measure::Fen;
use std::collections::{BTreeMap, BTreeSet};
use store::allocations::Together;
use store::{Db, Tx, allocations, bills, journals, receipts, refunds, write_offs};

/// Makes every journal of collection again, and compares receivables and clearing.
pub(super) fn verify(db: &Db, all: &[Run], report: &mut Report) -> Result<(), Error> {
    let mut wrong = whole::read(db, |tx| {
        let mut wrong = brought(tx)?;
        wrong.extend(made_over(tx, all)?);
        wrong.extend(settled(tx)?);
        wrong.extend(taken_back(tx)?);
        wrong.extend(written_off(tx)?);
        wrong.extend(sent_back(tx)?);
        Ok::<BTreeSet<String>, Error>(wrong)
    })?;
    // Of each kind the first is named.
    if let Some(key) = wrong.pop_first() {
        report.findings.push(Finding::Collection { key });
    }
    standing(db, report)
}

/// Whether a journal is as it should be: nothing is booked where there is nothing to book, and what could not have been booked
/// is wrong.
fn as_booked(
    tx: &mut Tx<'_>,
    key: &str,
    kind: Kind,
    lines: Result<Vec<Line>, Error>,
    law: Option<&str>,
) -> Result<bool, Error> {
    let lines = match lines {
        Err(Error::Books(_)) => return Ok(false),
        lines => lines?,
    };
    let key = Key::new(key).map_err(Error::Books)?;
    Ok(match journals::find(tx, &key)? {
        Some(entry) => {
            let journal = entry.journal;
            journal.kind == kind
                && journal.lines == lines
                && (law.is_none() || journal.law_version.as_deref() == law)
        }
        None => lines.is_empty(),
    })
}

fn brought(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Error> {
    let mut wrong = BTreeSet::new();
    for (batch, amount) in receipts::files(tx)? {
        let key = format!("receipt/{batch}");
        let lines = of_collecting(Heading::Bank, Heading::Clearing, amount);
        if !as_booked(tx, &key, Kind::Receipt, lines, None)? {
            wrong.insert(key);
        }
    }
    Ok(wrong)
}

/// Whether what runs of differences give back is held for its payers, bill by bill, and booked so.
fn made_over(tx: &mut Tx<'_>, all: &[Run]) -> Result<BTreeSet<String>, Error> {
    let mut wrong = BTreeSet::new();
    for run in all.iter().filter(|run| run.kind == RunKind::Difference) {
        let key = format!("given-back/{}", run.id);
        let lines = given_back(tx, run.id);
        let booked = as_booked(tx, &key, Kind::Correction, lines, Some(&run.law))?;
        if !booked || bills::not_given_back(tx, run.id)? > 0 {
            wrong.insert(key);
        }
    }
    Ok(wrong)
}

fn settled(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Error> {
    let mut all: BTreeMap<(i64, String), Settled> = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    allocations::batches(tx, |part: Together| {
        let batch = part.batch;
        let settled = all.entry((batch, part.law)).or_default();
        let place = (part.scheme, part.district);
        match settled.take(place, (part.principal, part.accounts, part.fee)) {
            Err(Error::Books(_)) => {
                wrong.insert(format!("allocation/{batch}"));
                Ok(())
            }
            taken => taken,
        }
    })?;
    for ((batch, law), settled) in all {
        for (name, kind, lines) in [
            ("late-fee", Kind::LateFee, settled.charged()),
            ("allocation", Kind::Allocation, settled.allocated()),
        ] {
            let key = format!("{name}/{batch}");
            if !as_booked(tx, &key, kind, lines, Some(&law))? {
                wrong.insert(key);
            }
        }
    }
    Ok(wrong)
}

fn taken_back(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Error> {
    let mut wrong = BTreeSet::new();
    for made in allocations::undone(tx)? {
        let parts = (made.principal, made.accounts, made.fee);
        let lines = one((made.scheme, made.district), parts).and_then(|one| one.undone());
        let key = format!("allocation/{}/undone/{}", made.batch, made.id);
        if !as_booked(tx, &key, Kind::Correction, lines, None)? {
            wrong.insert(key);
        }
    }
    Ok(wrong)
}

fn written_off(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Error> {
    let mut wrong = BTreeSet::new();
    for given_up in write_offs::in_force(tx)? {
        let place = (given_up.scheme, given_up.district);
        let parts = (given_up.principal, given_up.accounts, given_up.fee);
        for (name, kind, lines) in [
            (
                "late-fee/write-off",
                Kind::LateFee,
                one(place, parts).and_then(|one| one.charged()),
            ),
            (
                "write-off",
                Kind::WriteOff,
                one(place, parts).and_then(|one| one.written_off()),
            ),
        ] {
            let key = format!("{name}/{}", given_up.id);
            if !as_booked(tx, &key, kind, lines, None)? {
                wrong.insert(key);
            }
        }
    }
    Ok(wrong)
}

/// What settled one bill, or a part of it.
fn one(place: (Scheme, District), parts: (Fen, Fen, Fen)) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    settled.take(place, parts)?;
    Ok(settled)
}

fn sent_back(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Error> {
    let mut wrong = BTreeSet::new();
    for known in refunds::approved(tx)? {
        let name = format!("refund/{}", known.id);
        let key = Key::new(&*name).map_err(Error::Books)?;
        let lines = of_collecting(Heading::Clearing, Heading::Bank, known.amount)?;
        let as_it_is = journals::find(tx, &key)?.is_some_and(|entry| {
            let state = match (&known.refund, entry.state) {
                (Refund::Approved { .. }, State::Pending) | (Refund::Declined, State::Void(_)) => {
                    true
                }
                (Refund::Sent { .. }, State::Posted(_)) => entry.reversed_by.is_none(),
                (Refund::Returned, State::Posted(_)) => entry.reversed_by.is_some(),
                _ => false,
            };
            state && (entry.journal.kind, entry.journal.lines) == (Kind::Refund, lines)
        });
        if !as_it_is {
            wrong.insert(name);
        }
    }
    Ok(wrong)
}

/// What stands in the books is what rows say is open and left.
fn standing(db: &Db, report: &mut Report) -> Result<(), Error> {
    let (books, clearing) = whole::read(db, in_books)?;
    let (parts, left) = whole::read(db, |tx| Ok((bills::open_parts(tx)?, receipts::left(tx)?)))?;
    let mut open = Receivables::new();
    for (scheme, district, whole, accounts) in parts {
        let (pooled, individual) = funds(scheme);
        let pooled = pooled.unwrap_or(Fund::ResidentPooled);
        let shares = [
            (pooled, whole.checked_sub(accounts)?),
            (individual.unwrap_or(pooled), accounts),
        ];
        for (fund, share) in shares {
            let sum = open.entry((fund, i64::from(district.code()))).or_default();
            *sum = sum.checked_add(share)?;
        }
    }
    let places: BTreeSet<(Fund, i64)> = open.keys().chain(books.keys()).copied().collect();
    for place in places {
        let of = |sums: &Receivables| sums.get(&place).copied().unwrap_or_default();
        let (bills, books) = (of(&open), of(&books));
        if bills != books {
            let account = Account::of(place.0, Heading::Receivable).map_err(Error::Books)?;
            report.findings.push(Finding::Receivable {
                account: account.to_string(),
                district: place.1,
                bills,
                books,
            });
            break;
        }
    }
    if left != clearing {
        report.findings.push(Finding::Clearing {
            receipts: left,
            books: clearing,
        });
    }
    Ok(())
}

/// What is receivable, by fund and district.
type Receivables = BTreeMap<(Fund, i64), Fen>;

/// The receivables by fund and district, and what is in clearing, of what is booked.
fn in_books(tx: &mut Tx<'_>) -> Result<(Receivables, Fen), Error> {
    let mut receivable = Receivables::new();
    let mut clearing = Fen::ZERO;
    journals::lines(tx, |booked| {
        let Line {
            account,
            holder,
            side,
            amount,
        } = booked.line;
        if !matches!(booked.state, State::Direct | State::Posted(_)) {
            return Ok::<(), Error>(());
        }
        let signed = match side {
            Side::Debit => amount,
            Side::Credit => amount.checked_neg()?,
        };
        match account.heading() {
            Heading::Receivable if holder.kind() == HolderKind::District => {
                let sum = receivable
                    .entry((account.fund(), holder.number()))
                    .or_default();
                *sum = sum.checked_add(signed)?;
            }
            Heading::Clearing if holder == Holder::NOBODY => {
                clearing = clearing.checked_sub(signed)?;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((receivable, clearing))
}
