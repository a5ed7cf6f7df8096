//! Whichever amount somebody alters in the database, it is named.

use crate::archive::moved;
use crate::counter::{after, asked, closed, computed, posted};
use crate::differing::corrected;
use crate::hall::Hall;
use crate::money::{agree, allocate, code, employer, number, on, owed, receipt, receive, sum};
use crate::month::{CUT, a_published_month, approved};
use crate::town::{TheLaw, acting, actor, day, month, settle};
use crate::verifying::{found, tamper};
use city::collection::write_offs::Ground;
use city::collection::{AllocationId, BillId, reference};
use city::corrections::Shall;
use city::insurance::Scheme;
use city::runs::RunKind;
use measure::{Fen, Month};
use office::account::post::{approve, post, reverse};
use office::collect::instalments::{self, Proposal};
use office::collect::owes::OpenBill;
use office::collect::{refund, undo, write_off};
use office::correction;
use office::declare::Mode;
use office::month::differ::differ;
use office::month::publish::publish_differences;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use store::testing::lines;
use store::write_offs::Asked;
use store::{Db, params};

/// Columns of amounts, and of how many of something there are.
const AMOUNTS: [&str; 24] = [
    "accounts",
    "amount",
    "base",
    "before",
    "contributed",
    "credit",
    "credited",
    "debit",
    "declared",
    "employer_due",
    "fee",
    "interest",
    "lines",
    "months",
    "own",
    "paid",
    "person_due",
    "principal",
    "product",
    "refused",
    "rows",
    "value",
    "wages",
    "whole",
];

/// Columns that hold the number of a record, a place or a code, or say how often something was tried.
const NUMBERS: [&str; 26] = [
    "answered",
    "asked",
    "attempts",
    "attempts_max",
    "billed",
    "chunk_size",
    "chunks",
    "counter",
    "district",
    "first_person",
    "holder",
    "kept",
    "last_person",
    "made",
    "merged",
    "no",
    "number",
    "origin",
    "other",
    "payer",
    "reverses",
    "said_bill",
    "subject",
    "supersedes",
    "taken_up",
    "undoes",
];

/// What is no amount, or what nothing follows from.
const NOT_DERIVED: [(&str, &str); 7] = [
    // Runs.
    ("based_on", "before"),
    ("passed_over", "credited"),
    // Facts, as somebody told them. What alters a due in force is found.
    ("participation", "declared"),
    ("pillar", "contributed"),
    // How many rows a file had, known ones among them.
    ("batch", "rows"),
    // Receipts and files on their way in: there are none when a transaction has ended, or when the second person has looked.
    ("arriving", "amount"),
    ("leaving", "rows"),
];

/// Two months in which everything happens that moves money: paid late and with fees, by parts, too much, twice and back;
/// written off, agreed in instalments, corrected at the counter, and differing from what became known.
fn much_happens(db: &Db) {
    settle(db, 20);
    let law = TheLaw::read();
    let (maker, checker) = (actor("maker"), actor("checker"));
    let (june, july) = (month("2025-06"), month("2025-07"));
    a_published_month(db, &law, june);
    let part_paid = paid_in_many_ways(db, &law);
    sent_back(db);
    let first = posted(db, &asked("1", 3, 100_000), "2025-07-12");
    closed(db, &computed(db, &law, june));
    let back = reverse(db, first, "2", "误记", acting(&maker, "2025-07-20")).unwrap();
    approve(db, back, acting(&checker, "2025-07-20")).unwrap();
    known_late(db, &law, june);
    a_published_month(db, &law, july);
    allocate(db, &law, "2025-07-28");
    given_up(db, &law, part_paid);
    agreed(db, &law);
    closed(db, &computed(db, &law, july));
    posted(db, &asked("3", 4, 5_000), &after(july, 10));
    // And what waits for a second person.
    let late = after(july, 11);
    post(db, &asked("4", 4, 700), None, acting(&maker, &late)).unwrap();
    let wage = crate::correcting::asked("5", Shall::Declared(Fen(600_000)));
    let clerk = crate::correcting::of_city();
    correction::ask(db, Some(&clerk), &wage, acting(&maker, &late)).unwrap();
    agree(db);
}

/// Of employer 2's pension bill a part is paid, which is told; employer 1 pays late and too much; whoever pays alone pays, and of
/// one that is taken back.
fn paid_in_many_ways(db: &Db, law: &TheLaw) -> BillId {
    let bills = owed(db, law, employer(2), "2025-06-30").bills;
    let pension = |one: &&OpenBill| one.bill.scheme == Scheme::EmployeePension;
    let bill = &bills.iter().find(pension).unwrap().bill;
    let part = bill.principal.0 * 2 / 5 + 1;
    let whole = owed(db, law, employer(1), "2025-07-10").outlook.today;
    let whole = whole.total().unwrap().0;
    let mut came = vec![
        receipt("part", "2025-06-30", part, &reference(bill.id)),
        receipt("late", "2025-07-10", whole + 90_000, &code(1)),
    ];
    let alone = "select bill, amount from bill where payer_kind <> 1 order by bill";
    let alone: Vec<(BillId, i64)> = db
        .read(|tx| {
            tx.list(alone, params![], |row| {
                Ok::<_, store::Error>((row.get(0)?, row.get(1)?))
            })
        })
        .unwrap();
    for (bill, amount) in alone {
        let key = format!("own/{bill}");
        came.push(receipt(&key, "2025-06-30", amount, &reference(bill)));
    }
    receive(db, "june.csv", &came, "2025-07-10").unwrap();
    allocate(db, law, "2025-07-10");
    let taken = sum(db, "select max(allocation) from allocation where fee = 0");
    let taken = AllocationId::new(taken).unwrap();
    undo::undo(db, taken, on(&actor("maker"), "2025-07-10")).unwrap();
    bill.id
}

/// Of what employer 1 paid too much something goes back, something is about to, something is asked for, and something returns.
fn sent_back(db: &Db) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    for (key, amount, steps) in [
        ("sent", 20_000, 2),
        ("approved", 15_000, 1),
        ("asked", 10_000, 0),
        ("back", 5_000, 3),
    ] {
        let asked = refund::Asked {
            key,
            receipt: number(db, "late"),
            amount: Fen(amount),
            account: "622202******0001",
            reason: "多缴",
        };
        let id = refund::ask(db, &asked, on(&maker, "2025-07-11")).unwrap();
        if steps > 0 {
            refund::approve(db, id, on(&checker, "2025-07-11")).unwrap();
        }
        if steps > 1 {
            refund::send(db, id, on(&maker, "2025-07-11")).unwrap();
        }
        if steps > 2 {
            refund::came_back(db, id, on(&maker, "2025-07-12")).unwrap();
        }
    }
}

/// Of a closed month something else becomes known of two people.
fn known_late(db: &Db, law: &TheLaw, of: Month) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    corrected(db, 2, day("2025-06-01"), None);
    corrected(db, 11, day("2025-01-01"), Some((2, 900_000)));
    let acting_on = acting(&maker, "2025-07-26");
    let run = differ(db, law.applied(), of, CUT, acting_on, &mut |_, _| {}).unwrap();
    approved(db, RunKind::Difference, &run);
    publish_differences(db, of, acting(&checker, "2025-07-27")).unwrap();
}

/// The rest of a bill is written off, the late fee of another waived, and a write-off asked for.
fn given_up(db: &Db, law: &TheLaw, part_paid: BillId) {
    let late = "2025-08-01";
    let owes = owed(db, law, employer(2), late).bills;
    let (of_it, others): (Vec<&OpenBill>, Vec<&OpenBill>) =
        owes.iter().partition(|one| one.bill.id == part_paid);
    let with_a_fee: Vec<&&OpenBill> = others.iter().filter(|one| one.today.fee.0 > 0).collect();
    let (rest, waived, asked) = (of_it[0], with_a_fee[0], with_a_fee[1]);
    for (open, ground, principal, fee, both) in [
        (rest, Ground::Bankruptcy, rest.today.principal, Fen(0), true),
        (waived, Ground::FeeWaived, Fen(0), waived.today.fee, true),
        (asked, Ground::Bankruptcy, Fen(1_000), Fen(1), false),
    ] {
        let asked = Asked {
            bill: open.bill.id,
            ground,
            reason: "(2025)渝05破1号",
            principal,
            fee,
        };
        let id = write_off::ask(db, law.applied(), &asked, on(&actor("maker"), late)).unwrap();
        if both {
            write_off::approve(db, law.applied(), id, on(&actor("checker"), late)).unwrap();
        }
    }
}

/// What employer 1 owes by now is paid in instalments.
fn agreed(db: &Db, law: &TheLaw) {
    let late = "2025-08-01";
    let proposal = Proposal {
        payer: employer(1),
        first: day("2025-08-15"),
        count: 2,
        guaranteed: true,
    };
    let id = instalments::propose(db, law.applied(), proposal, on(&actor("maker"), late));
    instalments::approve(db, id.unwrap(), on(&actor("checker"), late)).unwrap();
}

/// What folios hold, line by line.
const LINES: [&str; 2] = ["dues_line", "account_line"];

/// A table, the columns of its key and its amounts.
struct Table {
    name: String,
    key: Vec<String>,
    amounts: Vec<String>,
}

/// The tables that the schema defines, with the names of their whole numbers.
fn defined() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/schema");
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    let mut within = false;
    for file in fs::read_dir(folder).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let words: Vec<&str> = line
                .split([' ', ','])
                .filter(|word| !word.is_empty())
                .collect();
            match words[..] {
                ["create", "table", name, ..] => {
                    tables.push((name.to_owned(), Vec::new()));
                    within = true;
                }
                [");", ..] => within = false,
                [column, "bigint" | "integer", ..] if within && line.starts_with("    ") => {
                    tables.last_mut().unwrap().1.push(column.to_owned());
                }
                _ => {}
            }
        }
    }
    tables
}

/// All tables, and those of the lines that folios hold.
fn tables(db: &Db) -> Vec<Table> {
    lines::unpack(db);
    let amounts = |name: &str, columns: Vec<String>| {
        let derived = |column: &String| !NOT_DERIVED.contains(&(name, column));
        columns
            .into_iter()
            .filter(|column| AMOUNTS.contains(&&**column))
            .filter(derived)
            .collect()
    };
    let key = |name: &str| {
        let sql = "select name from pragma_table_info($1) where pk > 0 order by pk";
        db.read(|tx| tx.list(sql, params![name], |row| row.get::<String>(0)))
            .unwrap()
    };
    let table = |(name, columns): (String, Vec<String>)| Table {
        key: key(&name),
        amounts: amounts(&name, columns),
        name,
    };
    let of_lines = LINES.map(|name| {
        let sql = "select name from pragma_table_info($1)";
        let columns = db.read(|tx| tx.list(sql, params![name], |row| row.get(0)));
        (name.to_owned(), columns.unwrap())
    });
    defined()
        .into_iter()
        .chain(of_lines)
        .map(table)
        .filter(|table| !table.amounts.is_empty())
        .collect()
}

fn one<T: store::Read>(db: &Db, sql: String) -> T {
    let sql: &'static str = sql.leak();
    db.read(|tx| tx.one(sql, params![], |row| row.get(0)))
        .unwrap()
}

/// So many rows of a table are altered, spread over it.
const ROWS: i64 = 8;

/// Alters every amount in some rows of every table, one after the other. Gives those that nobody finds, and the columns that had
/// any.
fn altered(db: &Db) -> (Vec<String>, BTreeSet<String>) {
    let (mut unseen, mut tried) = (Vec::new(), BTreeSet::new());
    for Table { name, key, amounts } in tables(db) {
        let rows: i64 = one(db, format!("select count(*) from {name}"));
        let by = key.join(", ");
        for nth in (0..rows.min(ROWS)).map(|nth| nth * rows / rows.min(ROWS)) {
            let part = |key: &String| format!("'{key} = ' || quote({key})");
            let place = key
                .iter()
                .map(part)
                .collect::<Vec<_>>()
                .join(" || ' and ' || ");
            let place: String = one(
                db,
                format!("select {place} from {name} order by {by} limit 1 offset {nth}"),
            );
            for amount in &amounts {
                let was: Option<i64> =
                    one(db, format!("select {amount} from {name} where {place}"));
                let Some(was) = was else { continue };
                let put = |to: i64| {
                    let sql = format!("update {name} set {amount} = {to} where {place}");
                    let done = db.write(|tx| tx.batch(&sql)).is_ok();
                    if done && LINES.contains(&&*name) {
                        lines::pack(db);
                    }
                    done
                };
                // What the database itself refuses nobody alters so.
                if !put(was + 1) && !put(was - 1) {
                    continue;
                }
                tried.insert(format!("{name}.{amount}"));
                if found(db).is_empty() {
                    unseen.push(format!("{name}.{amount} where {place}"));
                }
                assert!(put(was));
            }
        }
        assert_eq!(found(db), [""; 0], "{name}");
    }
    (unseen, tried)
}

/// What somebody with full rights to the file could do first.
fn without_triggers(db: &Db) {
    for table in tables(db) {
        if !LINES.contains(&&*table.name) {
            tamper(db, &table.name, "select 1");
        }
    }
}

#[test]
fn every_column_is_an_amount_or_none() {
    for (table, columns) in defined() {
        for column in columns {
            let names_a_record =
                column == table || defined().iter().any(|(other, _)| *other == column);
            let known =
                names_a_record || AMOUNTS.contains(&&*column) || NUMBERS.contains(&&*column);
            assert!(
                known,
                "is {table}.{column} an amount, which `renshe verify` is to find altered?"
            );
        }
    }
}

/// On SQLite only: the statements are the same, and there are hundreds of amounts.
#[test]
fn every_altered_amount_is_found() {
    let mut tried = BTreeSet::new();
    let mut all = BTreeSet::new();
    let mut alter = |db: &Db| {
        assert_eq!(found(db), [""; 0]);
        without_triggers(db);
        let (unseen, of_this) = altered(db);
        assert_eq!(unseen, [""; 0]);
        tried.extend(of_this);
        for Table { name, amounts, .. } in tables(db) {
            all.extend(amounts.iter().map(|amount| format!("{name}.{amount}")));
        }
    };
    store::testing::on_sqlite(|db| {
        much_happens(db);
        alter(db);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(moved(db, "2025-06", folder.path()), 2);
        alter(db);
    });
    store::testing::on_sqlite(|db| {
        let hall = Hall::open(db);
        hall.submit(1, crate::declaring::JUNE, Mode::RecordWhole)
            .unwrap();
        alter(db);
    });
    // There was one of each to alter.
    let missed: Vec<&String> = all.difference(&tried).collect();
    assert_eq!(missed, [""; 0]);
}
