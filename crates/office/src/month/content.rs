//! What does a run come down to?
//!
//! A hash over everything somebody approves: the month, the law, what was known, the totals, and the root over all rows. One
//! fen in one row is another content.

use crate::error::Error;
use city::dues::Totals;
use city::runs::Run;
use ledger::{ControlTotal, Digest, Encoder, RunTree, Sealed};
use measure::Fen;
use std::collections::BTreeMap;
use store::{Tx, runs};

/// How many rows a run has, and what they come down to.
///
/// # Errors
///
/// What the database says; when a total is beyond what an amount can be.
pub(super) fn of(tx: &mut Tx<'_>, run: &Run, totals: &Totals) -> Result<(u64, Digest), Error> {
    let sealed = sealed(tx, run, totals)?;
    Ok((sealed.rows, hash(&sealed)))
}

/// What somebody approves: the hash of all of it.
pub(crate) fn hash(sealed: &Sealed) -> Digest {
    let mut encoder = Encoder::new();
    sealed.encode(&mut encoder);
    Digest::of(encoder.bytes())
}

/// What a seal of the run binds.
///
/// # Errors
///
/// As [`of`].
pub(crate) fn sealed(tx: &mut Tx<'_>, run: &Run, totals: &Totals) -> Result<Sealed, Error> {
    let mut tree = RunTree::new();
    for chunk in runs::roots(tx, run.id)? {
        tree.chunk(chunk);
    }
    Ok(Sealed {
        month: run.month,
        run: run.id.number(),
        law_version: run.law.clone(),
        facts_known: run.facts_known,
        totals: control(totals)?,
        rows: tree.rows(),
        root: tree.root(),
    })
}

/// The hash of a link of the chain: what was sealed before, and what is sealed now.
pub(crate) fn link(previous: Digest, sealed: &Sealed) -> Digest {
    let mut encoder = Encoder::new();
    encoder.digest(&previous);
    sealed.encode(&mut encoder);
    Digest::of(encoder.bytes())
}

/// Totals under the names a seal has for them.
fn control(totals: &Totals) -> Result<BTreeMap<String, ControlTotal>, Error> {
    let mut control = BTreeMap::new();
    for (scheme, district, sum) in totals.rows() {
        let parts = [
            ("base", sum.base),
            ("employer", sum.employer_due),
            ("person", sum.person_due),
            ("credit", sum.credit),
        ];
        for (part, amount) in parts {
            let name = format!("scheme:{}/district:{district}/{part}", scheme.code());
            let total = ControlTotal {
                count: u64::try_from(sum.lines).unwrap_or(0),
                amount: fen(amount)?,
            };
            control.insert(name, total);
        }
    }
    Ok(control)
}

/// A sum as an amount.
pub(super) fn fen(amount: i128) -> Result<Fen, Error> {
    match i64::try_from(amount) {
        Ok(fen) => Ok(Fen(fen)),
        // Beyond 64 bits of fen lies more money than there is.
        Err(_) => Err(Error::Store(store::Error::Value {
            wanted: "a total in fen".into(),
            cause: "it is beyond 64 bits".into(),
        })),
    }
}
