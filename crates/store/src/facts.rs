//! How do facts over time get in and out?
//!
//! The decisions are `city`'s: they give [`Change`]s, and here these are carried out, exactly. A fact superseded
//! meanwhile by another is not superseded again: that is an error, and the transaction is run anew.

use crate::{error::Error, params, row::Row, statement::Statement, tx::Tx, value::Value};
use city::facts::{Change, Fact, FactId, Origin, Span, Timeline};

/// A table of facts. Its statements take and give the common columns first.
pub(crate) trait Table {
    /// Of whom or what it holds facts.
    type Subject;
    /// What is true.
    type Value;
    /// `insert into … (valid_from, valid_until, recorded, origin_kind, origin, …) values ($1, …)`.
    const INSERT: Statement;
    /// `update … set superseded = $2 where … = $1 and superseded is null`.
    const SUPERSEDE: Statement;

    /// What stands in the columns behind the common ones.
    fn columns(subject: &Self::Subject, value: &Self::Value) -> Vec<Value>;
}

/// Carries out what was decided.
pub(crate) fn carry_out<T: Table>(
    tx: &mut Tx<'_>,
    subject: &T::Subject,
    changes: &[Change<T::Value>],
) -> Result<(), Error> {
    for change in changes {
        match change {
            Change::Supersede { fact, at } => {
                superseded(tx, T::SUPERSEDE, params![*fact, *at])?;
            }
            Change::Insert(fact) => {
                let mut values = common(fact);
                values.extend(T::columns(subject, &fact.value));
                tx.execute(T::INSERT, &values)?;
            }
        }
    }
    Ok(())
}

/// Runs a statement that supersedes one fact.
pub(crate) fn superseded(
    tx: &mut Tx<'_>,
    statement: Statement,
    values: &[Value],
) -> Result<(), Error> {
    match tx.execute(statement, values)? {
        1 => Ok(()),
        rows => Err(Error::RowCount {
            statement: statement.name.into(),
            none: rows == 0,
        }),
    }
}

/// The common columns of a fact: validity, recorded, origin.
pub(crate) fn common<T>(fact: &Fact<T>) -> Vec<Value> {
    params![
        fact.valid.first(),
        fact.valid.until(),
        fact.recorded,
        fact.origin.kind,
        fact.origin.id
    ]
    .to_vec()
}

/// How many columns a statement gives before those of the value: number, validity, recorded, superseded, origin.
pub(crate) const COMMON: usize = 7;

/// The fact in a row that begins with its number and the common columns.
pub(crate) fn fact<T>(row: &Row<'_>, value: T) -> Result<(FactId, Fact<T>), Error> {
    let valid = Span::new(row.get(1)?, row.get(2)?);
    let valid = valid.map_err(|refusal| damaged(&refusal))?;
    let fact = Fact {
        valid,
        recorded: row.get(3)?,
        superseded: row.get(4)?,
        origin: Origin {
            kind: row.get(5)?,
            id: row.get(6)?,
        },
        value,
    };
    Ok((row.get(0)?, fact))
}

/// Facts read from a table, as one timeline.
pub(crate) fn timeline<T>(facts: Vec<(FactId, Fact<T>)>) -> Result<Timeline<T>, Error> {
    Timeline::of(facts).map_err(|refusal| damaged(&refusal))
}

/// Facts of several subjects, as a timeline of each.
pub(crate) fn timelines<K: Ord, T>(
    facts: Vec<(K, (FactId, Fact<T>))>,
) -> Result<std::collections::BTreeMap<K, Timeline<T>>, Error> {
    let mut apart: std::collections::BTreeMap<K, Vec<(FactId, Fact<T>)>> = Default::default();
    for (key, fact) in facts {
        apart.entry(key).or_default().push(fact);
    }
    let each = apart.into_iter();
    each.map(|(key, facts)| Ok((key, timeline(facts)?)))
        .collect()
}

/// What the database holds cannot be.
pub(crate) fn damaged(refusal: &impl std::fmt::Display) -> Error {
    Error::Damaged {
        cause: refusal.to_string(),
    }
}
