//! How do facts over time get in and out?
//!
//! The decisions are `city`'s: they give [`Change`]s, and here these are carried out, exactly. A fact superseded
//! meanwhile by another is not superseded again: that is an error, and the transaction is run anew.

use crate::{
    bulk::Kind, db::Engine, error::Error, params, row::Row, statement::Statement, tx::Tx,
    value::Value,
};
use city::facts::{Change, Fact, FactId, Origin, Span, Timeline};
use city::people::PersonId;
use measure::Moment;
use std::collections::BTreeMap;

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

/// A table whose facts change by the thousand.
pub(crate) trait Bulk: Table {
    /// What it is called.
    const NAME: &'static str;
    /// The columns behind the common ones.
    const COLUMNS: &'static [(&'static str, Kind)];
    /// `update … set superseded = $1 where … = any(string_to_array($2, ',')::bigint[]) and superseded is null`.
    const SUPERSEDE_LIST: Statement;
}

/// How many numbers are sent at a time: some tens of kilobytes.
const AT_ONCE: usize = 4_096;

/// The common columns of a fact that is inserted.
const FACT: [(&str, Kind); 5] = [
    ("valid_from", Kind::Day),
    ("valid_until", Kind::Day),
    ("recorded", Kind::Moment),
    ("origin_kind", Kind::SmallInt),
    ("origin", Kind::BigInt),
];

/// Carries out what was decided of many subjects, in a few statements for thousands of facts. A fact that is superseded is
/// one that stood before.
pub(crate) fn carry_out_all<T: Bulk>(
    tx: &mut Tx<'_>,
    changes: &[(T::Subject, Change<T::Value>)],
) -> Result<(), Error> {
    let mut gone: BTreeMap<Moment, Vec<FactId>> = BTreeMap::new();
    let mut made: Vec<Vec<Value>> = Vec::new();
    for (subject, change) in changes {
        match change {
            Change::Supersede { fact, at } => gone.entry(*at).or_default().push(*fact),
            Change::Insert(fact) => {
                let mut values = common(fact);
                values.extend(T::columns(subject, &fact.value));
                made.push(values);
            }
        }
    }
    for (at, facts) in &gone {
        for some in facts.chunks(AT_ONCE) {
            supersede_all::<T>(tx, *at, some)?;
        }
    }
    if !made.is_empty() {
        let columns: Vec<_> = FACT.iter().chain(T::COLUMNS).copied().collect();
        let mut copy = tx.copy_in(T::NAME, &columns)?;
        for values in &made {
            copy.push(values)?;
        }
        copy.finish()?;
    }
    Ok(())
}

fn supersede_all<T: Bulk>(tx: &mut Tx<'_>, at: Moment, facts: &[FactId]) -> Result<(), Error> {
    if tx.engine() == Engine::Sqlite {
        for fact in facts {
            superseded(tx, T::SUPERSEDE, params![*fact, at])?;
        }
        return Ok(());
    }
    let numbers = list(facts.iter().map(|fact| fact.number().to_string()));
    let rows = tx.execute(T::SUPERSEDE_LIST, params![at, numbers])?;
    match usize::try_from(rows) {
        Ok(rows) if rows == facts.len() => Ok(()),
        _ => Err(Error::RowCount {
            statement: T::SUPERSEDE_LIST.name.into(),
            none: true,
        }),
    }
}

/// Of whom something is asked: on SQLite one after another, which costs next to nothing; on PostgreSQL, to which each
/// question is a journey, many at a time.
pub(crate) enum Asked {
    /// One person.
    One(PersonId),
    /// A list of persons' numbers.
    List(String),
}

impl Asked {
    pub(crate) fn of(tx: &Tx<'_>, persons: &[PersonId]) -> Vec<Asked> {
        match tx.engine() {
            Engine::Sqlite => persons.iter().copied().map(Asked::One).collect(),
            Engine::Postgres => persons
                .chunks(AT_ONCE)
                .map(|some| Asked::List(list(some.iter().map(|one| one.number().to_string()))))
                .collect(),
        }
    }
}

/// Numbers as one text, which PostgreSQL takes apart again.
pub(crate) fn list(numbers: impl Iterator<Item = String>) -> String {
    numbers.collect::<Vec<_>>().join(",")
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
) -> Result<BTreeMap<K, Timeline<T>>, Error> {
    let mut apart: BTreeMap<K, Vec<(FactId, Fact<T>)>> = BTreeMap::new();
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
