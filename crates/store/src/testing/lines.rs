//! How does a test ask about the rows that folios hold, or alter one?
//!
//! In SQL, of a table that has them line by line: `dues_line` and `account_line`.

use crate::bulk::Kind;
use crate::folio::{self, Packed};
use crate::generation::{Generation, Rows};
use crate::{Db, Engine, Error, Tx, accounts, dues, params};
use city::accounts::Account;
use city::dues::Due;
use city::places::District;
use city::runs::RunId;
use std::ops::Range;

/// Kinds of rows with their tables of lines, and of those the columns: run, district, and in their order those of folios.
const LINES: [(Rows, &str, &[&str]); 2] = [
    (
        Rows::Dues,
        "dues_line",
        &[
            "run",
            "district",
            "person",
            "scheme",
            "employer",
            "category",
            "base",
            "employer_due",
            "person_due",
            "credit",
        ],
    ),
    (
        Rows::Accounts,
        "account_line",
        &[
            "run", "district", "person", "scheme", "months", "year", "credited", "interest",
            "product",
        ],
    ),
];

const EVERYBODY: Range<i64> = 1..i64::MAX;

/// Puts the rows of all folios in force into the tables of lines.
///
/// # Panics
///
/// When it cannot be done.
pub fn unpack(db: &Db) {
    let done = db.write(|tx| {
        tx.set_all_districts()?;
        for (rows, lines, columns) in LINES {
            let key = match rows {
                Rows::Dues => "run, person, scheme, employer",
                _ => "run, person, scheme",
            };
            let typed: Vec<String> = columns
                .iter()
                .map(|column| format!("{column} bigint not null"))
                .collect();
            tx.batch(&format!(
                "drop table if exists {lines}; create table {lines} ({}, primary key ({key}))",
                typed.join(", ")
            ))?;
            for run in runs(tx, rows.table())? {
                match rows {
                    Rows::Dues => {
                        let mut all: Vec<Due> = Vec::new();
                        dues::of_run(tx, run, &EVERYBODY, |due| keep(&mut all, due))?;
                        put(tx, run, (lines, columns), &all)?;
                    }
                    _ => {
                        let mut all: Vec<Account> = Vec::new();
                        accounts::of_run(tx, run, &EVERYBODY, |account| keep(&mut all, account))?;
                        put(tx, run, (lines, columns), &all)?;
                    }
                }
            }
        }
        Ok::<(), Error>(())
    });
    done.expect("folios can be unpacked");
}

/// Puts what stands in the tables of lines into folios again, whatever it is. The triggers that keep those are gone then.
///
/// # Panics
///
/// When it cannot be done, or a line has a code that stands for nothing.
pub fn pack(db: &Db) {
    let done = db.write(|tx| {
        tx.set_all_districts()?;
        for (rows, lines, columns) in LINES {
            let table = rows.table();
            untriggered(tx, table)?;
            for run in runs(tx, table)? {
                tx.batch(&format!("delete from {table} where run = {run}"))?;
                let of = Generation {
                    rows,
                    run: run.number(),
                };
                match rows {
                    Rows::Dues => {
                        let all: Vec<Due> = get(tx, run, lines, columns)?;
                        folio::write(tx, of, &all)?;
                    }
                    _ => {
                        let all: Vec<Account> = get(tx, run, lines, columns)?;
                        folio::write(tx, of, &all)?;
                    }
                }
            }
        }
        Ok::<(), Error>(())
    });
    done.expect("lines can be packed");
}

/// Takes away the triggers of a table, as somebody with full rights to the database could.
///
/// # Errors
///
/// What the engine says.
pub fn untriggered(tx: &mut Tx<'_>, table: &str) -> Result<(), Error> {
    if tx.engine() == Engine::Postgres {
        return tx.batch(&format!("alter table {table} disable trigger user"));
    }
    let sql = "select name from sqlite_master where type = 'trigger' and tbl_name = $1";
    let triggers: Vec<String> = tx.list(sql, params![table], |row| row.get(0))?;
    for trigger in triggers {
        tx.batch(&format!("drop trigger {trigger}"))?;
    }
    Ok(())
}

fn keep<T>(all: &mut Vec<T>, one: T) -> Result<(), Error> {
    all.push(one);
    Ok(())
}

fn runs(tx: &mut Tx<'_>, table: &str) -> Result<Vec<RunId>, Error> {
    let sql: &'static str = match table {
        "dues" => "select distinct run from dues order by run",
        _ => "select distinct run from account order by run",
    };
    tx.list(sql, params![], |row| row.get(0))
}

fn put<const N: usize, T: Packed<N>>(
    tx: &mut Tx<'_>,
    run: RunId,
    (lines, columns): (&str, &[&str]),
    rows: &[T],
) -> Result<(), Error> {
    let columns: Vec<(&str, Kind)> = columns.iter().map(|name| (*name, Kind::BigInt)).collect();
    let mut copy = tx.copy_in(lines, &columns)?;
    for row in rows {
        copy.int(run.number())?.int(row.district().code().into())?;
        for number in row.numbers() {
            copy.int(number)?;
        }
        copy.end()?;
    }
    copy.finish().map(drop)
}

fn get<const N: usize, T: Packed<N>>(
    tx: &mut Tx<'_>,
    run: RunId,
    lines: &str,
    columns: &[&str],
) -> Result<Vec<T>, Error> {
    let (columns, key) = (columns.join(", "), columns[2..2 + T::KEY].join(", "));
    let sql = format!("select {columns} from {lines} where run = $1 order by {key}");
    let sql: &'static str = sql.leak();
    tx.list(sql, params![run], |row| {
        let code = i32::try_from(row.get::<i64>(1)?).ok();
        let district = code.and_then(District::new).expect("a district");
        let mut numbers = [0; N];
        for (place, number) in numbers.iter_mut().enumerate() {
            *number = row.get(place + 2)?;
        }
        Ok(T::of(district, &numbers).expect("a line of known codes"))
    })
}
