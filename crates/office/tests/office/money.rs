//! Money for the tests: receipts, what they settle, and what must be so whatever was done.

use crate::town::{TheLaw, acting, actor, day};
use city::actors::Actor;
use city::collection::{Payer, Receipt, ReceiptId};
use city::employers::EmployerId;
use ledger::{Digest, TrialBalance};
use measure::{Day, Fen};
use office::collect::allocate::{self, Done};
use office::collect::owes::{Owes, owes};
use office::collect::receive::{self, BankFile, Received};
use office::{Acting, Error};
use std::collections::BTreeMap;
use store::testing::lines;
use store::{Db, params};

/// The clerk's acting on a day.
pub(crate) fn on<'a>(by: &'a Actor, day: &str) -> Acting<'a> {
    acting(by, day)
}

pub(crate) fn employer(number: i64) -> Payer {
    Payer::Employer(EmployerId::new(number).unwrap())
}

/// A receipt of so many fen, with what the payer wrote.
pub(crate) fn receipt(key: &str, booked: &str, fen: i64, remittance: &str) -> Receipt {
    Receipt {
        key: key.to_owned(),
        booked: day(booked),
        amount: Fen(fen),
        payer: String::from("付款人"),
        payer_code: None,
        account: Some(String::from("622202******0001")),
        remittance: remittance.to_owned(),
    }
}

/// The credit code of an employer of the town.
pub(crate) fn code(number: i64) -> String {
    format!("9150000000000000{number:02}")
}

/// Takes receipts in as a file; its content is its name and its keys.
pub(crate) fn receive(
    db: &Db,
    name: &str,
    receipts: &[Receipt],
    day: &str,
) -> Result<Received, Error> {
    let content: Vec<String> = receipts
        .iter()
        .map(|one| format!("{} {}", one.key, one.amount))
        .collect();
    let file = BankFile {
        name,
        hash: Digest::of(content.join("\n").as_bytes()),
    };
    let by = actor("cashier");
    let mut source =
        |each: &mut dyn FnMut(&Receipt) -> Result<(), Error>| receipts.iter().try_for_each(each);
    receive::receive(db, file, &mut source, on(&by, day))
}

/// Lets the money settle what it can, three receipts at a time.
pub(crate) fn allocate(db: &Db, law: &TheLaw, day: &str) -> Done {
    let by = actor("cashier");
    let acting = on(&by, day);
    let done = allocate::allocate(db, law.applied(), 3, acting, &mut |_| {}).unwrap();
    agree(db);
    done
}

pub(crate) fn owed(db: &Db, law: &TheLaw, payer: Payer, on: &str) -> Owes {
    db.read(|tx| owes(tx, law.applied().law, payer, day(on)))
        .unwrap()
}

/// The number of the receipt with this key.
pub(crate) fn number(db: &Db, key: &str) -> ReceiptId {
    db.read(|tx| {
        tx.one(
            "select receipt from receipt where key = $1",
            params![key],
            |row| row.get(0),
        )
    })
    .unwrap()
}

pub(crate) fn state(db: &Db, key: &str) -> i64 {
    db.read(|tx| {
        tx.one(
            "select state from receipt where key = $1",
            params![key],
            |row| row.get(0),
        )
    })
    .unwrap()
}

pub(crate) fn sum(db: &Db, sql: &'static str) -> i64 {
    // What folios hold is asked for line by line.
    if sql.contains("_line") {
        lines::unpack(db);
    }
    db.read(|tx| {
        tx.set_all_districts()?;
        tx.one(sql, params![], |row| row.get(0))
    })
    .unwrap()
}

type ByDistrict = BTreeMap<(i64, i64), i64>;

fn by_district(db: &Db, sql: &'static str) -> ByDistrict {
    let rows = db.read(|tx| {
        tx.set_all_districts()?;
        tx.list(sql, params![], |row| {
            Ok::<_, store::Error>(((row.get::<i64>(0)?, row.get::<i64>(1)?), row.get::<i64>(2)?))
        })
    });
    let mut sums = ByDistrict::new();
    for (place, sum) in rows.unwrap() {
        *sums.entry(place).or_default() += sum;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// What must be so whatever was done: the books balance; the receivable of each fund and district is what its bills have
/// open; clearing is what receipts have left; the bank has what came in and has not gone back; no late fee is claimed
/// without being paid; and what is noted of bills and receipts is as the rows say.
pub(crate) fn agree(db: &Db) {
    let mut balance = TrialBalance::new();
    db.read(|tx| {
        store::journals::lines(tx, |booked| {
            balance.add(booked, Day::MAX).map_err(Error::Books)
        })
    })
    .unwrap();
    balance.check().unwrap();

    let receivable = by_district(
        db,
        "select cast(fund as bigint), holder, cast(sum(debit - credit) as bigint) from line where heading = 1101 group by fund, holder",
    );
    let mut open = ByDistrict::new();
    for sql in [
        "select cast(scheme as bigint), cast(district as bigint), cast(sum(amount - credit) as bigint) from bill where amount > 0 and run in (select run from run where state in (5, 7)) group by scheme, district",
        "select cast(b.scheme as bigint), cast(b.district as bigint), cast(-sum(a.principal - a.accounts) as bigint) from allocation a \
         join bill b on b.bill = a.bill where a.undone_at is null group by b.scheme, b.district",
        "select cast(b.scheme as bigint), cast(b.district as bigint), cast(-sum(a.principal - a.accounts) as bigint) from write_off a \
         join bill b on b.bill = a.bill where a.approved_at is not null group by b.scheme, b.district",
    ] {
        for ((scheme, district), sum) in by_district(db, sql) {
            *open.entry((scheme * 10 + 1, district)).or_default() += sum;
        }
    }
    for sql in [
        "select cast(scheme as bigint), cast(district as bigint), cast(sum(credit) as bigint) from bill where amount > 0 and run in (select run from run where state in (5, 7)) group by scheme, district",
        "select cast(b.scheme as bigint), cast(b.district as bigint), cast(-sum(a.accounts) as bigint) from allocation a \
         join bill b on b.bill = a.bill where a.undone_at is null group by b.scheme, b.district",
        "select cast(b.scheme as bigint), cast(b.district as bigint), cast(-sum(a.accounts) as bigint) from write_off a \
         join bill b on b.bill = a.bill where a.approved_at is not null group by b.scheme, b.district",
    ] {
        for ((scheme, district), sum) in by_district(db, sql) {
            *open.entry((scheme * 10 + 2, district)).or_default() += sum;
        }
    }
    open.retain(|_, sum| *sum != 0);
    assert_eq!(receivable, open, "receivable by fund and district");
    agree_on_money(db);
}

/// The part about receipts.
fn agree_on_money(db: &Db) {
    let came_in = sum(
        db,
        "select cast(coalesce(sum(amount), 0) as bigint) from receipt",
    );
    let from_banks = sum(
        db,
        "select cast(coalesce(sum(amount), 0) as bigint) from receipt where batch is not null",
    );
    let settled = sum(
        db,
        "select cast(coalesce(sum(principal + fee), 0) as bigint) from allocation where undone_at is null",
    );
    let sent = sum(
        db,
        "select cast(coalesce(sum(amount), 0) as bigint) from refund where state = 3",
    );
    let posted = |heading: &'static str| sum(db, heading);
    assert_eq!(
        posted(
            "select cast(coalesce(sum(l.credit - l.debit), 0) as bigint) from line l join journal j on j.journal = l.journal where l.heading = 2001 and j.state in (2, 4)"
        ),
        came_in - settled - sent,
        "clearing"
    );
    assert_eq!(
        posted(
            "select cast(coalesce(sum(l.debit - l.credit), 0) as bigint) from line l join journal j on j.journal = l.journal where l.heading = 1001 and j.state in (2, 4)"
        ),
        from_banks - sent,
        "bank"
    );
    assert_eq!(
        sum(
            db,
            "select cast(coalesce(sum(debit - credit), 0) as bigint) from line where heading = 1102"
        ),
        0
    );
    assert_eq!(
        sum(
            db,
            "select count(*) from bill b where not b.open and b.amount > 0 and b.amount <> \
             coalesce((select sum(principal) from allocation a where a.bill = b.bill and a.undone_at is null), 0) \
             + coalesce((select sum(principal) from write_off w where w.bill = b.bill and w.approved_at is not null), 0)"
        ),
        0,
        "closed bills that are not settled"
    );
    assert_eq!(
        sum(
            db,
            "select count(*) from receipt r where (r.state in (3, 4)) <> (r.amount = \
             coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
             + coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state = 3), 0))"
        ),
        0,
        "receipts that are not as far as they say"
    );
}
