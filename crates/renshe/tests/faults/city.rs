//! A small city, the steps of its month as the program does them, and what it comes down to.

use crate::law;
use crate::place::Place;
use city::actors::Actor;
use city::collection::{BillId, Receipt, reference};
use city::runs::RunKind;
use ledger::Digest;
use measure::{Day, Fen, Moment, Month};
use office::acting::{Applied, version};
use office::collect::receive::{BankFile, receive};
use office::month::assess::{Cut, open};
use office::month::credit::credit;
use office::month::publish::approve;
use office::month::review::review;
use office::{Acting, Error};
use rules::check::{self, Book};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Db, params};

/// How many insured.
pub(crate) const PEOPLE: i64 = 1_000;
/// Many small chunks, so that there is something between the first and the last.
pub(crate) const CUT: Cut = Cut {
    chunk_size: 50,
    threads: 2,
};

pub(crate) fn june() -> Month {
    Month::parse("2025-06").unwrap()
}

/// The project's law, and which text it is: the one that the program has built in.
pub(crate) struct TheLaw {
    book: Book,
    version: String,
}

impl TheLaw {
    pub(crate) fn read() -> TheLaw {
        let files = law::texts();
        let version = version(&files);
        TheLaw {
            book: check::read(files),
            version,
        }
    }

    pub(crate) fn applied(&self) -> Applied<'_> {
        Applied {
            law: self.book.law("cn-50").unwrap(),
            files: &self.book.files,
            version: &self.version,
        }
    }
}

pub(crate) fn actor(login: &str) -> Actor {
    Actor::new(login).unwrap()
}

/// In somebody's name, now.
pub(crate) fn acting(by: &Actor) -> Acting<'_> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Acting {
        by,
        at: Moment::from_microseconds(i64::try_from(since.as_micros()).unwrap()),
        purpose: "faults",
        through: "test",
    }
}

/// Runs the program to its end; its exit code and what it complained of.
pub(crate) fn run(asked: &str) -> (i32, String) {
    let output = command(asked).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), told)
}

/// The program as it is asked, in English and far from any folder of law.
pub(crate) fn command(asked: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renshe"));
    command
        .args(asked.split_whitespace())
        .args(["--lang", "en"])
        .current_dir(std::env::temp_dir());
    command
}

/// A city whose month is opened, in a new database.
pub(crate) fn settle(place: &Place, name: &str, law: &TheLaw) {
    place.make(name);
    let keys = tempfile::tempdir().unwrap();
    let (address, keys) = (place.address(name), keys.path().join("keys"));
    let asked = format!(
        "synth --people {PEOPLE} --into {address} --keys {}",
        keys.display()
    );
    let (code, told) = run(&asked);
    assert_eq!(code, 0, "{told}");
    let db = place.open(name);
    open(&db, law.applied(), june(), CUT, acting(&actor("maker"))).unwrap();
}

/// A second person approves what a run comes to.
pub(crate) fn approved(db: &Db, kind: RunKind) {
    let content = review(db, kind, june()).unwrap().run.content.unwrap();
    let checker = actor("checker");
    approve(db, kind, june(), &content.to_string(), acting(&checker)).unwrap();
}

/// Everybody has paid every bill in full, each by its reference.
pub(crate) fn paid(db: &Db) {
    let bills: Vec<(BillId, i64)> = db
        .read(|tx| {
            tx.set_all_districts()?;
            tx.list(
                "select bill, amount from bill where amount > 0 order by bill",
                params![],
                |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)),
            )
        })
        .unwrap();
    let receipts: Vec<Receipt> = bills
        .iter()
        .map(|(bill, amount)| receipt(*bill, *amount))
        .collect();
    let file = BankFile {
        name: "all",
        hash: Digest::of(b"all"),
    };
    let cashier = actor("cashier");
    let mut source =
        |each: &mut dyn FnMut(&Receipt) -> Result<(), Error>| receipts.iter().try_for_each(each);
    receive(db, file, &mut source, acting(&cashier)).unwrap();
}

/// Money that names a bill.
pub(crate) fn receipt(bill: BillId, fen: i64) -> Receipt {
    Receipt {
        key: format!("all/{bill}"),
        booked: Day::parse("2025-06-30").unwrap(),
        amount: Fen(fen),
        payer: String::from("付款人"),
        payer_code: None,
        account: None,
        remittance: reference(bill),
    }
}

/// A crediting that is opened and no more, in small chunks: whoever opened it died at once.
pub(crate) fn crediting_opened(db: &Db, law: &TheLaw) {
    let maker = actor("maker");
    let died = catch_unwind(AssertUnwindSafe(|| {
        let stop: &mut dyn FnMut(i64, i64) = &mut |_, _| std::panic::resume_unwind(Box::new(()));
        credit(db, law.applied(), june(), CUT, acting(&maker), stop)
    }));
    assert!(died.is_err(), "it was not opened: {died:?}");
}

/// What a database holds, line by line: everything that may not depend on what broke, and nothing that tells the time.
pub(crate) fn held(db: &Db) -> Vec<String> {
    const ASKED: [(&str, &str); 12] = [
        (
            "run",
            "select kind, state, coalesce(rows, 0) from run order by run",
        ),
        (
            "chunk",
            "select run, count(*), sum(rows) from run_chunk group by run order by run",
        ),
        (
            "total",
            "select run, sum(lines), sum(employer_due + person_due + credit) from run_total group by run order by run",
        ),
        (
            "dues",
            "select district, sum(rows), sum(length(content)) from dues group by district order by district",
        ),
        (
            "bill",
            "select payer_kind, count(*), sum(amount) from bill where open group by payer_kind order by payer_kind",
        ),
        (
            "settled",
            "select payer_kind, count(*), sum(amount) from bill where not open group by payer_kind order by payer_kind",
        ),
        (
            "allocation",
            "select count(*), count(distinct bill), coalesce(sum(principal + fee), 0) from allocation",
        ),
        (
            "account",
            "select district, sum(rows), sum(length(content)) from account group by district order by district",
        ),
        (
            "journal",
            "select kind, count(*), 0 from journal group by kind order by kind",
        ),
        (
            "line",
            "select heading, sum(debit), sum(credit) from line group by heading order by heading",
        ),
        ("seal", "select count(*), sum(rows), 0 from seal"),
        (
            "receipt",
            "select state, count(*), sum(amount) from receipt group by state order by state",
        ),
    ];
    let mut held = Vec::new();
    db.read(|tx| {
        tx.set_all_districts()?;
        for (name, sql) in ASKED {
            // `sum` of PostgreSQL is a numeric, which is not read here.
            let cast = format!("select cast(a as bigint), cast(coalesce(b, 0) as bigint), cast(coalesce(c, 0) as bigint) from ({sql}) as q(a, b, c)");
            let cast: &'static str = match tx.engine() {
                store::Engine::Postgres => leaked(cast),
                store::Engine::Sqlite => leaked(format!("with q(a, b, c) as ({sql}) select a, coalesce(b, 0), coalesce(c, 0) from q")),
            };
            tx.stream(cast, params![], |row| {
                let (a, b, c): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                held.push(format!("{name} {a} {b} {c}"));
                Ok::<(), store::Error>(())
            })?;
        }
        tx.stream("select hash from run where hash is not null order by run", params![], |row| {
            held.push(format!("content {}", Digest(row.get(0)?)));
            Ok::<(), store::Error>(())
        })
    })
    .unwrap();
    held
}

/// Statements are constants; those of a test may stay for as long as it runs.
fn leaked(sql: String) -> &'static str {
    Box::leak(sql.into_boxed_str())
}

/// Everything follows from facts and law.
pub(crate) fn verified(db: &Db) {
    let report = office::verify::verify(db, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    let told: Vec<String> = report
        .findings
        .iter()
        .map(|finding| finding.message(rules::explain::Lang::En))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}
