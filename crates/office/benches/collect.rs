//! How long does a city's money of a month take to come in and settle its bills, and in how much memory?
//!
//! ```text
//! cargo bench -p office --bench collect -- [receipts, 600 thousand by default] [months billed before, 0]
//! ```
//!
//! Every employer has three bills a month and pays the last month's, one in twenty late and one in fifty too little; of one
//! receipt in a hundred nobody knows whose it is. Beside the time stands the most memory this program has had, as Linux
//! tells it. On PostgreSQL the server works beside it.
#![expect(clippy::unwrap_used, reason = "a bench that cannot work stops")]
#![expect(clippy::disallowed_methods, reason = "it reports durations")]

use city::actors::Actor;
use city::collection::Receipt;
use ledger::{Account, Command, Digest, Fund, Heading, Holder, Journal, Key, Kind, Line, Origin};
use measure::{Day, Fen, Moment};
use office::acting::{Acting, Applied, version};
use office::collect::{allocate, receive};
use rules::check;
use rules::diagnostic::SourceFile;
use std::fs;
use std::path::Path;
use std::time::Instant;
use store::{Db, Kind as Column, params};

const DISTRICTS: i64 = 38;
/// What each scheme's bill comes to, and of it for accounts.
const BILLS: [(i64, i64, i64); 3] = [(1, 24_000, 8_000), (3, 1_500, 0), (4, 900, 0)];

fn main() {
    let numbers: Vec<i64> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let receipts = numbers.first().copied().unwrap_or(600_000);
    let before = numbers.get(1).copied().unwrap_or(0);
    let (files, version) = law();
    let book = check::read(files);
    let applied = Applied {
        law: book.law("cn-50").unwrap(),
        files: &book.files,
        version: &version,
    };
    store::testing::on_sqlite(|db| measure("SQLite", db, applied, receipts, before));
    store::testing::on_postgres(|db| measure("PostgreSQL", db, applied, receipts, before));
}

fn measure(engine: &str, db: &Db, applied: Applied<'_>, receipts: i64, before: i64) {
    settle(db, receipts, before);
    let by = Actor::new("bench").unwrap();
    let acting = Acting {
        by: &by,
        at: Moment::start_of(day("2025-07-20")),
        purpose: "bench",
        through: "bench",
    };
    let begun = Instant::now();
    let mut source = |each: &mut dyn FnMut(&Receipt) -> Result<(), office::Error>| {
        (1..=receipts).try_for_each(|number| each(&receipt(number)))
    };
    let file = receive::BankFile {
        name: "bench",
        hash: Digest::of(b"bench"),
    };
    let received = receive::receive(db, file, &mut source, acting).unwrap();
    let taken_in = begun.elapsed();
    let begun = Instant::now();
    let done = allocate::allocate(db, applied, allocate::CHUNK, acting, &mut |_| {}).unwrap();
    let allocated = begun.elapsed();
    println!(
        "{engine}: {} receipts taken in in {taken_in:.1?}; {} parts of {} bills settled in {allocated:.1?}, {} nobody's; most memory {}",
        received.receipts,
        done.allocations,
        receipts * 3 * (before + 1),
        done.nobodys,
        most_memory()
    );
}

fn receipt(number: i64) -> Receipt {
    let whole: i64 = BILLS.iter().map(|(_, amount, _)| amount).sum();
    Receipt {
        key: format!("ICBK/20250630/{number}"),
        booked: day(if number % 20 == 0 {
            "2025-07-15"
        } else {
            "2025-06-28"
        }),
        amount: Fen(if number % 50 == 0 { whole / 2 } else { whole }),
        payer: format!("单位{number}"),
        payer_code: None,
        account: Some(String::from("622202******0001")),
        remittance: if number % 100 == 1 {
            String::from("社保费")
        } else {
            format!("2025年6月社保费 {}", code(number))
        },
    }
}

fn code(number: i64) -> String {
    format!("915000{number:012}")
}

/// Employers with their bills of this month, and of earlier ones that are paid.
fn settle(db: &Db, employers: i64, before: i64) {
    let known = Moment::start_of(day("2020-01-01"));
    db.write(|tx| {
        let columns = [
            ("employer", Column::BigInt),
            ("credit_code", Column::Text),
            ("name", Column::Text),
            ("recorded", Column::Moment),
            ("origin_kind", Column::SmallInt),
            ("origin", Column::BigInt),
        ];
        let mut copy = tx.copy_in("employer", &columns)?;
        for number in 1..=employers {
            copy.int(number)?
                .text(&code(number))?
                .text("单位")?
                .moment(known)?;
            copy.int(6)?.int(1)?.end()?;
        }
        copy.finish()
    })
    .unwrap();
    for month in 0..=before {
        billed(db, employers, before - month, month + 1);
    }
    db.write(|tx| tx.batch("analyze")).unwrap();
}

fn billed(db: &Db, employers: i64, ago: i64, run: i64) {
    let due = day("2025-06-30")
        .add_months(-i32::try_from(ago).unwrap())
        .unwrap();
    let known = Moment::start_of(due);
    db.write(|tx| {
        tx.execute(
            "insert into run (kind, month, state, law_version, facts_known, chunk_size, chunks, due_day, rows, hash, made_by, \
             approved_by, approved_hash, opened, published) values (1, $1, 5, 'x', $2, 1, 1, $3, 0, $4, 'a', 'b', $4, $2, $2)",
            params![due.month(), known, due, [0_u8; 32]],
        )?;
        let columns = [
            ("run", Column::BigInt),
            ("payer_kind", Column::SmallInt),
            ("payer", Column::BigInt),
            ("scheme", Column::SmallInt),
            ("district", Column::Integer),
            ("lines", Column::BigInt),
            ("amount", Column::BigInt),
            ("credit", Column::BigInt),
            ("open", Column::Bool),
        ];
        let mut copy = tx.copy_in("bill", &columns)?;
        for employer in 1..=employers {
            for (scheme, amount, credit) in BILLS {
                copy.int(run)?.int(1)?.int(employer)?.int(scheme)?.int(district(employer))?;
                copy.int(1)?.int(amount)?.int(credit)?.bool(ago == 0)?.end()?;
            }
        }
        copy.finish()?;
        let mut lines = Vec::new();
        for (fund, heading, amount) in [
            (Fund::EmployeePooled, Heading::Income, 16_000),
            (Fund::EmployeeAccounts, Heading::AccountsDue, 8_000),
            (Fund::Unemployment, Heading::Income, 1_500),
            (Fund::WorkInjury, Heading::Income, 900),
        ] {
            for place in 0..DISTRICTS {
                let holder = Holder::district(i32::try_from(district(place)).unwrap()).unwrap();
                let amount = Fen(amount * (employers / DISTRICTS + 1));
                lines.push(Line::debit(Account::of(fund, Heading::Receivable).unwrap(), holder, amount));
                lines.push(Line::credit(Account::of(fund, heading).unwrap(), holder, amount));
            }
        }
        let journal = Journal {
            key: Key::new(format!("run/{run}")).unwrap(),
            kind: Kind::Assessment,
            month: due.month(),
            day: due,
            origin: Origin::Run(run),
            law_version: None,
            lines,
        };
        store::journals::apply(tx, &Command::PostDirectly(journal)).map_err(office::Error::from)?;
        Ok::<(), office::Error>(())
    })
    .unwrap();
}

fn district(employer: i64) -> i64 {
    500_101 + employer % DISTRICTS
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn law() -> (Vec<SourceFile>, String) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../law"));
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "law") {
                files.push(SourceFile {
                    path: path.strip_prefix(root).unwrap().display().to_string(),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let version = version(&files);
    (files, version)
}

/// The most memory the program has had.
fn most_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| String::from("unknown"), |line| line.trim().to_owned())
}
