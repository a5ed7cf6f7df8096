//! A city whose months the program makes.

use super::usage::{Took, took, watched};
use crate::{Failure, beside_the_build};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::{Db, Engine, Error, params};

/// A city in a database.
pub(crate) struct City {
    program: PathBuf,
    /// By which the program's office connects: no superuser, as in earnest, for whom the database keeps districts apart.
    address: String,
    /// A connection of whoever owns the database, on PostgreSQL.
    owner: Option<postgres::Client>,
    postmaster: Option<u32>,
    /// The month it has still to make.
    next: measure::Month,
    db: Db,
}

/// A month as the program made it.
pub(crate) struct Month {
    /// The runs that assessed and that credited.
    pub(crate) runs: (i64, i64),
    /// Rows: of dues, bills and accounts.
    pub(crate) rows: [i64; 3],
    /// Opening, assessing, reviewing, approving, publishing.
    pub(crate) assessed: Took,
    /// Crediting, reviewing, approving, closing.
    pub(crate) credited: Took,
    /// The most memory the program held, KiB.
    pub(crate) peak: u64,
    /// The server's first process.
    pub(crate) postmaster: Option<u32>,
}

impl Month {
    /// All of it.
    pub(crate) fn took(&self) -> Took {
        let mut all = self.assessed;
        all += self.credited;
        all
    }

    /// All rows it made.
    pub(crate) fn all_rows(&self) -> u64 {
        self.rows.iter().map(|rows| rows.unsigned_abs()).sum()
    }

    /// Milliseconds of processor time for a million rows.
    pub(crate) fn processor_a_million(&self) -> u64 {
        self.took().processor * 1_000_000 / self.all_rows().max(1)
    }
}

impl City {
    /// Makes its registers, whose names nobody will read.
    pub(crate) fn settle(
        address: &str,
        people: u64,
        postmaster: Option<u32>,
    ) -> Result<City, Failure> {
        let keys = tempfile::tempdir().map_err(|error| Failure(error.to_string()))?;
        City::settle_with(address, people, postmaster, &keys.path().join("keys"))
    }

    /// Makes its registers; the keys of names are kept in a file.
    pub(crate) fn settle_with(
        address: &str,
        people: u64,
        postmaster: Option<u32>,
        keys: &Path,
    ) -> Result<City, Failure> {
        let program = beside_the_build().join("release/renshe");
        let keys = keys.display().to_string();
        eprintln!("{people} insured are settled");
        let people = people.to_string();
        run(
            &program,
            &[
                "synth", "--people", &people, "--into", address, "--keys", &keys,
            ],
        )?;
        let db = Db::open(&address.parse().map_err(of_store)?).map_err(of_store)?;
        // As a server does by itself in time, and an operator after a load; else it would do so while we measure.
        let owner = match db.engine() {
            Engine::Postgres => Some(vacuumed(address)?),
            Engine::Sqlite => None,
        };
        Ok(City {
            program,
            address: address.replace("postgres@", "office@"),
            owner,
            postmaster,
            next: first_to_end_with(12)?,
            db,
        })
    }

    /// Begins so many months before 2026. In the registers everybody is insured since they really began, so a city of some
    /// years ago is smaller; for 2026 the law does not know the wages that bases rest on.
    pub(crate) fn beginning(self, months: u32) -> Result<City, Failure> {
        let next = first_to_end_with(months)?;
        Ok(City { next, ..self })
    }

    /// The address by which an office serves what was lived, of which the server has looked at all rows, as it does by itself in
    /// time; else it would do so while we measure.
    pub(crate) fn lived(mut self) -> Result<String, Failure> {
        if let Some(owner) = &mut self.owner {
            let looked = owner.batch_execute("vacuum analyze");
            looked
                .and_then(|()| owner.batch_execute("checkpoint"))
                .map_err(|error| Failure(format!("PostgreSQL: {error}")))?;
        }
        Ok(self.address)
    }

    /// What it lies in.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// The next month: assessed and put in force, paid, which is not timed, credited and closed.
    pub(crate) fn month(&mut self) -> Result<Month, Failure> {
        change(&self.db).map_err(of_store)?;
        // As a server does by itself within a minute of so much that was altered; else it would do so while we measure, or not.
        told(&mut self.owner, "vacuum (analyze) participation")?;
        let month = self.next.to_string();
        self.next = self.next.add_months(1).map_err(of_measure)?;
        // Both contestants begin after a checkpoint, with the log's old files to write into again.
        told(&mut self.owner, "checkpoint")?;
        let mut peak = 0;
        let mut step = |words: &[&str]| -> Result<String, Failure> {
            let mut asked = vec!["month", words[0], &month];
            asked.extend(&words[1..]);
            asked.extend(["--db", &self.address]);
            let (held, printed) = run(&self.program, &asked)?;
            peak = peak.max(held);
            Ok(printed)
        };
        let (assessed, done) = took(self.postmaster, || -> Result<(), Failure> {
            step(&["open", "--as", "maker"])?;
            step(&["assess", "--as", "maker"])?;
            let hash = hash(&step(&["review"])?)?;
            step(&["approve", "--hash", &hash, "--as", "checker"])?;
            step(&["publish", "--as", "checker"])?;
            Ok(())
        });
        done?;
        pay(&self.db).map_err(of_store)?;
        told(&mut self.owner, "vacuum (analyze) bill, allocation")?;
        let (credited, done) = took(self.postmaster, || -> Result<(), Failure> {
            step(&["credit", "--as", "maker"])?;
            let hash = hash(&step(&["review", "--crediting"])?)?;
            step(&["approve", "--crediting", "--hash", &hash, "--as", "checker"])?;
            step(&["close", "--as", "checker"])?;
            Ok(())
        });
        done?;
        let (runs, rows) = counted(&self.db).map_err(of_store)?;
        Ok(Month {
            runs,
            rows,
            assessed,
            credited,
            peak,
            postmaster: self.postmaster,
        })
    }
}

/// Tells the server, where there is one, to do something.
fn told(owner: &mut Option<postgres::Client>, what: &str) -> Result<(), Failure> {
    let Some(owner) = owner else { return Ok(()) };
    let done = owner.batch_execute(what);
    done.map_err(|error| Failure(format!("PostgreSQL: {error}")))
}

/// A city whose server has looked at what was loaded, and lets an office in.
fn vacuumed(address: &str) -> Result<postgres::Client, Failure> {
    let done = postgres::Client::connect(address, postgres::NoTls).and_then(|mut client| {
        client.batch_execute("create role office login in role renshe_app")?;
        client.batch_execute("vacuum analyze")?;
        Ok(client)
    });
    done.map_err(|error| Failure(format!("PostgreSQL: {error}")))
}

/// The first of so many months of which the last is December 2025.
fn first_to_end_with(months: u32) -> Result<measure::Month, Failure> {
    let back = i32::try_from(months).unwrap_or(i32::MAX);
    let end = measure::Month::new(2026, 1).map_err(of_measure)?;
    end.add_months(-back).map_err(of_measure)
}

fn run(program: &PathBuf, words: &[&str]) -> Result<(u64, String), Failure> {
    let mut command = Command::new(program);
    command
        .args(words)
        .args(["--lang", "en"])
        .stdout(Stdio::piped());
    match watched(&mut command) {
        Ok((peak, ended, printed)) if ended.success() => Ok((peak, printed)),
        Ok((_, ended, _)) => Err(Failure(format!("`renshe {}`: {ended}", words.join(" ")))),
        Err(error) => Err(Failure::of("cannot run", program, &error)),
    }
}

/// The hash that a review tells to approve.
fn hash(review: &str) -> Result<String, Failure> {
    let told = review.split("--hash ").nth(1);
    let hash = told.and_then(|told| told.split('`').next());
    hash.map(str::to_owned)
        .ok_or_else(|| Failure(format!("a review without a hash:\n{review}")))
}

/// Since the month before, one in thirty of what employees are insured in was declared anew.
fn change(db: &Db) -> Result<(), Error> {
    db.write(|tx| {
        let Some(known) = store::runs::latest_known(tx)? else {
            return Ok(());
        };
        let now = known.plus_microseconds(1);
        let runs = tx.one("select count(*) from run", params![], |row| row.get::<i64>(0))?;
        tx.execute(
            "update participation set superseded = $1 \
             where category = 1 and status = 1 and superseded is null and participation % 30 = $2",
            params![now, runs % 30],
        )?;
        tx.execute(
            "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, valid_until, \
             recorded, origin_kind, origin) select person, scheme, category, employer, district, status, declared + 100, valid_from, \
             valid_until, superseded, origin_kind, origin from participation where superseded = $1",
            params![now],
        )?;
        Ok(())
    })
}

/// All bills that are open are paid in full, in one go: how money comes in is measured elsewhere.
fn pay(db: &Db) -> Result<(), Error> {
    db.write(|tx| {
        let day = match tx.engine() {
            Engine::Postgres => "date '2025-06-30', amount, greatest(credit, 0), 0, true, 'bench', now()",
            Engine::Sqlite => "20269, amount, max(credit, 0), 0, 1, 'bench', 0",
        };
        tx.batch(&format!(
            "insert into allocation (batch, receipt, bill, day, principal, accounts, fee, settles, by, at) \
             select 1, bill, bill, {day} from bill where open and amount > 0; \
             update bill set open = false where open and amount > 0"
        ))
    })
}

fn counted(db: &Db) -> Result<((i64, i64), [i64; 3]), Error> {
    db.read(|tx| {
        tx.set_all_districts()?;
        let last = |kind: i64, tx: &mut store::Tx<'_>| {
            tx.one(
                "select max(run) from run where kind = $1",
                params![kind],
                |row| row.get::<i64>(0),
            )
        };
        let runs = (last(1, tx)?, last(2, tx)?);
        let mut rows = [0; 3];
        let asked = [
            (
                "select cast(sum(rows) as bigint) from dues where run = $1",
                runs.0,
            ),
            ("select count(*) from bill where run = $1", runs.0),
            (
                "select cast(sum(rows) as bigint) from account where run = $1",
                runs.1,
            ),
        ];
        for (rows, (sql, run)) in rows.iter_mut().zip(asked) {
            *rows = tx.one(sql, params![run], |row| row.get(0))?;
        }
        Ok((runs, rows))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn of_measure(error: measure::Error) -> Failure {
    Failure(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn of_store(error: Error) -> Failure {
    Failure(error.to_string())
}
