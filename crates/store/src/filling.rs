//! How do the registers come to hold a whole city at once?
//!
//! An index into which rows come one by one in no order is written all over, again and again once it is larger than the memory; made
//! when all are there, it is written once, in order. So whoever fills registers that hold nobody does it without their indexes, in
//! one transaction: a city is there with its indexes, or not at all.

use crate::{Engine, Error, Tx, params, statements};

statements! {
    /// Whether nobody is registered.
    NOBODY = "select not exists (select 1 from person) and not exists (select 1 from employer)";
    /// A table's indexes but those that keys and constraints rest on.
    INDEXES sqlite = "select name, sql from sqlite_schema where type = 'index' and tbl_name = $1 and sql is not null order by name";
    /// Those, for the owner of the table: nobody else may take them away.
    INDEXES_OWNED postgres = "select cast(cast(i.indexrelid as regclass) as text), pg_get_indexdef(i.indexrelid) \
        from pg_index i join pg_class t on t.oid = i.indrelid \
        where t.oid = cast(cast($1 as text) as regclass) and pg_has_role(t.relowner, 'usage') \
        and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid) order by 1";
}

/// The registers' tables that hold millions of rows in a city.
const TABLES: [&str; 7] = [
    "employer",
    "employer_fact",
    "person",
    "identity",
    "residence",
    "employment",
    "participation",
];

/// Fills the registers. While the closure runs they have no index but their keys, if nobody is registered and they are the caller's
/// own; on PostgreSQL nobody else reads them then until the transaction ends.
///
/// # Errors
///
/// What the closure returns; `S0107` when rows violate an index that is unique; what the engine says.
pub fn registers<T, E: From<Error>>(
    tx: &mut Tx<'_>,
    fill: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut laid_aside = Vec::new();
    if tx.one(NOBODY, params![], |row| row.get(0))? {
        for table in TABLES {
            laid_aside.extend(indexes(tx, table)?);
        }
    }
    for (name, _) in &laid_aside {
        tx.batch(&format!("drop index {name}"))?;
    }
    let filled = fill(tx)?;
    for (_, definition) in &laid_aside {
        tx.batch(definition)?;
    }
    Ok(filled)
}

/// Names and definitions of a table's indexes.
fn indexes(tx: &mut Tx<'_>, table: &str) -> Result<Vec<(String, String)>, Error> {
    let statement = match tx.engine() {
        Engine::Sqlite => INDEXES,
        Engine::Postgres => INDEXES_OWNED,
    };
    tx.list(statement, params![table], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
