//! The same rows by hand: into the same database, keys, and one scan that adds them up.

use super::city::Month;
use super::usage::{Took, took};
use crate::Failure;
use city::runs::RunId;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::thread;
use store::testing::OwnServer;
use store::{Db, Kind, accounts, dues};

/// What it took.
pub(crate) struct Direct {
    pub(crate) took: Took,
}

/// A table of the month: how it is made on both, its keys on PostgreSQL and on SQLite, and what a scan adds up.
struct Table {
    name: &'static str,
    /// The columns of its rows, each with its bytes in a copy.
    columns: &'static [(&'static str, u8)],
    keys: &'static [&'static str],
    /// What ends its definition on SQLite, where it may lie in the order of its key; and its further keys.
    clustered: &'static str,
    further: &'static [&'static str],
    sums: &'static str,
}

const TABLES: [Table; 3] = [
    Table {
        name: "dues",
        columns: &[
            ("run", 8),
            ("person", 8),
            ("scheme", 2),
            ("category", 2),
            ("employer", 8),
            ("district", 4),
            ("base", 8),
            ("employer_due", 8),
            ("person_due", 8),
            ("credit", 8),
        ],
        keys: &["alter table direct_dues add primary key (run, person, scheme, employer)"],
        clustered: ", primary key (run, person, scheme, employer)) strict, without rowid",
        further: &[],
        sums: "count(*), sum(base), sum(employer_due), sum(person_due), sum(credit)",
    },
    Table {
        name: "bill",
        columns: &[
            ("bill", 8),
            ("run", 8),
            ("payer_kind", 2),
            ("payer", 8),
            ("scheme", 2),
            ("district", 4),
            ("lines", 8),
            ("amount", 8),
            ("credit", 8),
            ("open", 1),
        ],
        keys: &[
            "alter table direct_bill add primary key (bill)",
            "create unique index on direct_bill (run, payer_kind, payer, scheme, district)",
            "create index on direct_bill (payer_kind, payer) where open",
        ],
        clustered: ", primary key (bill)) strict",
        further: &[
            "create unique index bill_once on direct_bill (run, payer_kind, payer, scheme, district)",
            "create index bill_open on direct_bill (payer_kind, payer) where open",
        ],
        sums: "count(*), sum(amount), sum(credit)",
    },
    Table {
        name: "account",
        columns: &[
            ("run", 8),
            ("person", 8),
            ("scheme", 2),
            ("district", 4),
            ("months", 4),
            ("year", 2),
            ("credited", 8),
            ("interest", 8),
            ("product", 8),
        ],
        keys: &["alter table direct_account add primary key (run, person, scheme)"],
        clustered: ", primary key (run, person, scheme)) strict, without rowid",
        further: &[],
        sums: "count(*), sum(credited), sum(interest), sum(product)",
    },
];

impl Table {
    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// Its definition on PostgreSQL, without keys.
    fn on_postgres(&self) -> String {
        let typed = self.columns.iter().map(|(name, bytes)| {
            let of = match bytes {
                1 => "boolean",
                2 => "smallint",
                4 => "integer",
                _ => "bigint",
            };
            format!("{name} {of} not null")
        });
        let typed: Vec<String> = typed.collect();
        format!("create table direct_{} ({})", self.name, typed.join(", "))
    }

    fn on_sqlite(&self) -> String {
        let typed = self.columns.iter();
        let typed: Vec<String> = typed
            .map(|(name, _)| format!("{name} integer not null"))
            .collect();
        format!(
            "create table direct_{} ({}{}",
            self.name,
            typed.join(", "),
            self.clustered
        )
    }

    /// Hands on its rows of a month, as numbers.
    fn rows(
        &self,
        db: &Db,
        month: &Month,
        mut each: impl FnMut(&[i64]) -> Result<(), store::Error>,
    ) -> Result<(), Failure> {
        let everybody = 1..i64::MAX;
        let run = |number| RunId::new(number).expect("a run has a number");
        let (assessed, credited) = (run(month.runs.0), run(month.runs.1));
        db.read(|tx| {
            tx.set_all_districts()?;
            match self.name {
                "dues" => dues::of_run(tx, assessed, &everybody, |due| {
                    each(&[
                        month.runs.0,
                        due.person.number(),
                        due.scheme.code().into(),
                        due.category.code().into(),
                        due.through(),
                        due.district.code().into(),
                        due.base.0,
                        due.employer_due.0,
                        due.person_due.0,
                        due.credit.0,
                    ])
                }),
                "account" => accounts::of_run(tx, credited, &everybody, |account| {
                    each(&[
                        month.runs.1,
                        account.person.number(),
                        account.scheme.code().into(),
                        account.district.code().into(),
                        account.months.into(),
                        account.year.into(),
                        account.credited.0,
                        account.interest.0,
                        account.product.0,
                    ])
                }),
                _ => bills(tx, assessed, &mut each),
            }
        })
        .map_err(|error| Failure(error.to_string()))
    }
}

fn bills(
    tx: &mut store::Tx<'_>,
    run: RunId,
    mut each: impl FnMut(&[i64]) -> Result<(), store::Error>,
) -> Result<(), store::Error> {
    let sql = "select bill, run, payer_kind, payer, scheme, district, lines, amount, credit from bill where run = $1 order by bill";
    let kinds = [
        Kind::BigInt,
        Kind::BigInt,
        Kind::SmallInt,
        Kind::BigInt,
        Kind::SmallInt,
        Kind::Integer,
        Kind::BigInt,
        Kind::BigInt,
        Kind::BigInt,
    ];
    tx.copy_out(sql, store::params![run], &kinds, 8_192, |batch| {
        for row in 0..batch.rows {
            let mut numbers: Vec<i64> = batch
                .columns
                .iter()
                .map(|column| column.numbers[row])
                .collect();
            // As it was made.
            numbers.push(1);
            each(&numbers)?;
        }
        Ok(())
    })
    .map(drop)
}

/// Writes a table's rows as a file that `COPY` reads.
fn write_file(table: &Table, path: &Path, db: &Db, month: &Month) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::of("cannot write", path, &error);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
    let mut row = Vec::new();
    let header = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
    file.write_all(header).map_err(failed)?;
    let mut broken = None;
    table.rows(db, month, |numbers| {
        row.clear();
        let columns = i16::try_from(table.columns.len()).unwrap_or(i16::MAX);
        row.extend_from_slice(&columns.to_be_bytes());
        for (number, (_, bytes)) in numbers.iter().zip(table.columns) {
            row.extend_from_slice(&i32::from(*bytes).to_be_bytes());
            row.extend_from_slice(&number.to_be_bytes()[8 - usize::from(*bytes)..]);
        }
        if let Err(error) = file.write_all(&row) {
            broken.get_or_insert(error);
        }
        Ok(())
    })?;
    file.write_all(&(-1_i16).to_be_bytes()).map_err(failed)?;
    file.flush().map_err(failed)?;
    broken.map_or(Ok(()), |error| Err(failed(error)))
}

/// `COPY` into a table without a key from a file that the server reads itself, key, one scan: dues in one connection, the
/// others beside it in a second.
pub(crate) fn on_postgres(server: &OwnServer, db: &Db, month: &Month) -> Result<Direct, Failure> {
    let address = server.address("city");
    let folder = server.data();
    let file = |table: &Table| folder.join(format!("direct_{}", table.name));
    let mut client = connect(&address)?;
    for table in &TABLES {
        client
            .batch_execute(&table.on_postgres())
            .map_err(of_postgres)?;
        write_file(table, &file(table), db, month)?;
    }
    client.batch_execute("checkpoint").map_err(of_postgres)?;
    let one = |tables: &[Table]| -> Result<(), Failure> {
        let mut client = connect(&address)?;
        for table in tables {
            let (name, columns) = (table.name, table.names());
            let copy = format!(
                "copy direct_{name} ({columns}) from '{}' (format binary)",
                file(table).display()
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

/// One prepared statement a table, all rows in one transaction, into tables of the same keys in a file of its own.
pub(crate) fn on_sqlite(db: &Db, folder: &Path, month: &Month) -> Result<Direct, Failure> {
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
        let made = table.on_sqlite();
        for sql in std::iter::once(made.as_str()).chain(table.further.iter().copied()) {
            to.execute_batch(sql).map_err(of_sqlite)?;
        }
        let mut numbers: Vec<i64> = Vec::new();
        table.rows(db, month, |row| {
            numbers.extend_from_slice(row);
            Ok(())
        })?;
        rows.push(numbers);
    }
    let (took, done) = took(None, || write(&mut to, &rows));
    done.map_err(of_sqlite)?;
    Ok(Direct { took })
}

fn write(to: &mut Connection, rows: &[Vec<i64>]) -> rusqlite::Result<()> {
    let transaction = to.transaction()?;
    for (table, numbers) in TABLES.iter().zip(rows) {
        let width = table.columns.len();
        let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "insert into direct_{} ({}) values ({})",
            table.name,
            table.names(),
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
