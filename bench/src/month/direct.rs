//! The same rows by hand: into the same database, keys, and one scan that adds them up.

use super::city::Month;
use super::usage::{Took, took};
use crate::Failure;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use std::path::Path;
use std::thread;
use store::testing::OwnServer;

/// What it took.
pub(crate) struct Direct {
    pub(crate) took: Took,
}

/// A table of the month: its columns for keys, and what a scan adds up.
struct Table {
    name: &'static str,
    /// The columns of its rows.
    columns: &'static str,
    keys: &'static [&'static str],
    /// Whether its rows are the crediting's, not the assessment's.
    credited: bool,
    sums: &'static str,
}

const TABLES: [Table; 3] = [
    Table {
        name: "dues",
        columns: "run, person, scheme, category, employer, district, base, employer_due, person_due, credit",
        keys: &["alter table direct_dues add primary key (run, person, scheme, employer)"],
        credited: false,
        sums: "count(*), sum(base), sum(employer_due), sum(person_due), sum(credit)",
    },
    Table {
        name: "bill",
        columns: "bill, run, payer_kind, payer, scheme, district, lines, amount, credit, open",
        keys: &[
            "alter table direct_bill add primary key (bill)",
            "create unique index on direct_bill (run, payer_kind, payer, scheme, district)",
            "create index on direct_bill (payer_kind, payer) where open",
        ],
        credited: false,
        sums: "count(*), sum(amount), sum(credit)",
    },
    Table {
        name: "account",
        columns: "run, person, scheme, district, months, year, credited, interest, product",
        keys: &["alter table direct_account add primary key (run, person, scheme)"],
        credited: true,
        sums: "count(*), sum(credited), sum(interest), sum(product)",
    },
];

impl Table {
    fn rows_of(&self, month: &Month) -> String {
        let run = if self.credited {
            month.runs.1
        } else {
            month.runs.0
        };
        format!(
            "select {} from {} where run = {run}",
            self.columns, self.name
        )
    }
}

/// `COPY` into a table without a key from a file that the server reads itself, key, one scan: dues in one connection, the
/// others beside it in a second.
pub(crate) fn on_postgres(server: &OwnServer, month: &Month) -> Result<Direct, Failure> {
    let address = server.address("city");
    let folder = server.data();
    let file = |table: &Table| {
        folder
            .join(format!("direct_{}", table.name))
            .display()
            .to_string()
    };
    let mut client = connect(&address)?;
    for table in &TABLES {
        let (name, rows) = (table.name, table.rows_of(month));
        let sql = format!(
            "drop table if exists direct_{name}; create table direct_{name} (like {name}); \
             copy ({rows}) to '{}' (format binary)",
            file(table)
        );
        client.batch_execute(&sql).map_err(of_postgres)?;
    }
    client.batch_execute("checkpoint").map_err(of_postgres)?;
    let one = |tables: &[Table]| -> Result<(), Failure> {
        let mut client = connect(&address)?;
        for table in tables {
            let (name, columns) = (table.name, table.columns);
            let copy = format!(
                "copy direct_{name} ({columns}) from '{}' (format binary)",
                file(table)
            );
            client.batch_execute(&copy).map_err(of_postgres)?;
            for key in table.keys {
                client.batch_execute(key).map_err(of_postgres)?;
            }
            let scan = format!(
                "select scheme, district, {} from direct_{name} group by scheme, district",
                table.sums
            );
            client.batch_execute(&scan).map_err(of_postgres)?;
        }
        Ok(())
    };
    let (took, done) = took(month.postmaster, || {
        thread::scope(|scope| {
            let other = scope.spawn(|| one(&TABLES[1..]));
            let first = one(&TABLES[..1]);
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                .and(first)
        })
    });
    done?;
    for table in &TABLES {
        client
            .batch_execute(&format!("drop table direct_{}", table.name))
            .map_err(of_postgres)?;
        let _ = std::fs::remove_file(file(table));
    }
    Ok(Direct { took })
}

/// One prepared statement a table, all rows in one transaction, into tables of the same definition in a file of its own.
pub(crate) fn on_sqlite(city: &Path, folder: &Path, month: &Month) -> Result<Direct, Failure> {
    let from = Connection::open(city).map_err(of_sqlite)?;
    let path = folder.join("direct.db");
    for ending in ["direct.db", "direct.db-wal", "direct.db-shm"] {
        let _ = std::fs::remove_file(folder.join(ending));
    }
    let mut to = Connection::open(&path).map_err(of_sqlite)?;
    to.execute_batch(
        "pragma foreign_keys = off; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536",
    )
    .map_err(of_sqlite)?;
    let mut rows = Vec::new();
    for table in &TABLES {
        let made = "select sql from sqlite_master where tbl_name = ?1 and type in ('table', 'index') and sql is not null order by type desc";
        let mut made = from.prepare(made).map_err(of_sqlite)?;
        let made: Vec<String> = made
            .query_map([table.name], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(of_sqlite)?;
        for sql in made {
            to.execute_batch(&sql).map_err(of_sqlite)?;
        }
        rows.push(read(
            &from,
            &table.rows_of(month),
            table.columns.split(',').count(),
        )?);
    }
    let (took, done) = took(None, || write(&mut to, &rows));
    done.map_err(of_sqlite)?;
    Ok(Direct { took })
}

/// Numbers row behind row; what is absent is `None`.
fn read(from: &Connection, sql: &str, width: usize) -> Result<Vec<Option<i64>>, Failure> {
    let mut numbers = Vec::new();
    let mut statement = from.prepare(sql).map_err(of_sqlite)?;
    let mut rows = statement.query([]).map_err(of_sqlite)?;
    while let Some(row) = rows.next().map_err(of_sqlite)? {
        for column in 0..width {
            numbers.push(row.get(column).map_err(of_sqlite)?);
        }
    }
    Ok(numbers)
}

fn write(to: &mut Connection, rows: &[Vec<Option<i64>>]) -> rusqlite::Result<()> {
    let transaction = to.transaction()?;
    for (table, numbers) in TABLES.iter().zip(rows) {
        let width = table.columns.split(',').count();
        let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "insert into {} ({}) values ({})",
            table.name,
            table.columns,
            places.join(", ")
        );
        let mut statement = transaction.prepare(&sql)?;
        for row in numbers.chunks_exact(width) {
            statement.execute(rusqlite::params_from_iter(row))?;
        }
    }
    transaction.commit()
}

fn connect(address: &str) -> Result<Client, Failure> {
    Client::connect(address, NoTls).map_err(of_postgres)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn of_postgres(error: postgres::Error) -> Failure {
    Failure(format!("PostgreSQL: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn of_sqlite(error: rusqlite::Error) -> Failure {
    Failure(format!("SQLite: {error}"))
}
