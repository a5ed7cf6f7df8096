//! Money and what it settles: in tables, and against a model that counts fen by fen.

use crate::{day, yuan};
use city::collection::{
    Bill, BillId, CollectionRefusal, LateFees, LawRefusal, Order, Part, Payer, Settled, ageing,
    allocate, clues, outlook, owed, reference,
};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::places::District;
use city::refusal::Refused;
use measure::{Day, Fen};
use proptest::prelude::*;
use std::convert::Infallible;

/// A fee of these tests: a thousandth a day, rounded down to the fen, of everybody but persons.
struct Thousandth;

impl LateFees for Thousandth {
    fn late_fee(&self, amount: Fen, due: Day, paid: Day) -> Result<Fen, LawRefusal> {
        Ok(Fen(amount.0 * i64::from(due.days_until(paid)) / 1_000))
    }

    fn is_borne_by(&self, payer: Payer) -> Result<bool, LawRefusal> {
        Ok(!matches!(payer, Payer::Person(_)))
    }
}

fn order(principal: i64, fee: i64) -> Order {
    let part = |part| match part {
        Part::Principal => principal,
        Part::Fee => fee,
    };
    let Ok(order) = Order::of(
        |one| Ok::<_, Infallible>(part(one)),
        |scheme| Ok(i64::from(scheme.code())),
    );
    order
}

/// A bill written `1 pension 2025-01-31 1000`, and behind it what settled it: `2025-02-10 400+4`.
fn bill(text: &str) -> Bill {
    let words: Vec<&str> = text.split_whitespace().collect();
    let due = day(words[2]);
    let settled = words[4..].chunks_exact(2).map(|pair| {
        let (principal, fee) = pair[1].split_once('+').unwrap();
        Settled {
            on: day(pair[0]),
            principal: yuan(principal),
            accounts: Fen::ZERO,
            fee: yuan(fee),
        }
    });
    Bill {
        id: BillId::new(words[0].parse().unwrap()).unwrap(),
        payer: Payer::Employer(EmployerId::new(7).unwrap()),
        scheme: match words[1] {
            "pension" => Scheme::EmployeePension,
            "unemployment" => Scheme::Unemployment,
            _ => Scheme::WorkInjury,
        },
        district: District::new(500_103).unwrap(),
        month: due.month(),
        due,
        principal: yuan(words[3]),
        accounts: Fen::ZERO,
        settled: settled.collect(),
    }
}

fn bills(text: &str) -> Vec<Bill> {
    text.split(';')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(bill)
        .collect()
}

/// Bills | money on a day -> bill: dues + fee …, rest.
const ALLOCATIONS: &str = "
    1 pension 2025-01-31 1000                                    | 1000 2025-01-31 -> 1:1000.00+0.00 rest 0.00
    1 pension 2025-01-31 1000                                    | 1200 2025-01-20 -> 1:1000.00+0.00 rest 200.00
    1 pension 2025-01-31 1000                                    | 1010 2025-02-10 -> 1:1000.00+10.00 rest 0.00
    1 pension 2025-01-31 1000                                    | 1005 2025-02-10 -> 1:1000.00+5.00 rest 0.00
    1 pension 2025-01-31 1000                                    | 500  2025-02-10 -> 1:500.00+0.00 rest 0.00
    2 pension 2025-02-28 1000 ; 1 pension 2025-01-31 1000        | 1500 2025-02-10 -> 1:1000.00+0.00 2:500.00+0.00 rest 0.00
    1 pension 2025-01-31 1000 ; 2 pension 2025-02-28 1000        | 2005 2025-02-10 -> 1:1000.00+5.00 2:1000.00+0.00 rest 0.00
    1 injury 2025-01-31 100 ; 2 pension 2025-01-31 100           | 150  2025-01-31 -> 2:100.00+0.00 1:50.00+0.00 rest 0.00
    2 pension 2025-01-31 100 ; 1 pension 2025-01-31 100          | 150  2025-01-31 -> 1:100.00+0.00 2:50.00+0.00 rest 0.00
    1 pension 2025-01-31 1000 2025-02-10 400+0                   | 700  2025-02-20 -> 1:600.00+16.00 rest 84.00
    1 pension 2025-01-31 1000 2025-02-10 1000+4                  | 10   2025-03-10 -> 1:0.00+6.00 rest 4.00
    1 pension 2025-01-31 -50 ; 2 pension 2025-02-28 100          | 100  2025-02-10 -> 2:100.00+0.00 rest 0.00
                                                                 | 100  2025-02-10 -> rest 100.00
    1 pension 2025-01-31 1000                                    | 0    2025-02-10 -> K0101
    1 pension 2025-01-31 1000                                    | -5   2025-02-10 -> K0101
";

#[test]
fn money_settles_in_the_lawful_order() {
    for line in ALLOCATIONS.lines().filter(|line| !line.trim().is_empty()) {
        let (case, expected) = line.split_once("->").unwrap();
        let (known, money) = case.split_once('|').unwrap();
        let money: Vec<&str> = money.split_whitespace().collect();
        let outcome = allocate(
            yuan(money[0]),
            day(money[1]),
            &bills(known),
            &order(1, 2),
            &Thousandth,
        );
        let outcome = match outcome {
            Ok(allocated) => {
                let parts = allocated.allocations.iter();
                let mut parts: Vec<String> = parts
                    .map(|one| format!("{}:{}+{}", one.bill, one.principal, one.fee))
                    .collect();
                parts.push(format!("rest {}", allocated.rest));
                parts.join(" ")
            }
            Err(refusal) => refusal.code().to_owned(),
        };
        assert_eq!(outcome, expected.trim(), "{line}");
    }
}

#[test]
fn another_order_of_the_law_is_followed() {
    let known = bills("1 pension 2025-01-31 1000 ; 2 pension 2025-02-28 1000");
    let shown = |order: &Order| {
        let allocated =
            allocate(yuan("1005"), day("2025-03-10"), &known, order, &Thousandth).unwrap();
        let parts = allocated.allocations.iter();
        parts
            .map(|one| format!("{}:{}+{}", one.bill, one.principal, one.fee))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&order(2, 1)), ["1:957.00+38.00", "2:0.00+10.00"]);
    assert_eq!(shown(&order(1, 1)), ["1:1000.00+5.00"]);
}

#[test]
fn a_refusal_of_the_law_comes_through() {
    let nothing = city::lawful::Lawful::new(&EMPTY, day("2025-01-01"));
    let known = bills("1 pension 2025-01-31 1000");
    let refusal = allocate(
        yuan("1001"),
        day("2025-02-10"),
        &known,
        &order(1, 2),
        &nothing,
    )
    .unwrap_err();
    assert_eq!(refusal.code(), "K0201");
    assert!(matches!(refusal, CollectionRefusal::Law(_)));
}

static EMPTY: rules::law::Law = rules::law::Law {
    chain: Vec::new(),
    sources: Vec::new(),
    enums: Vec::new(),
    entities: Vec::new(),
    relations: Vec::new(),
    inputs: Vec::new(),
    figures: Vec::new(),
    rules: Vec::new(),
    examples: Vec::new(),
    names: std::collections::BTreeMap::new(),
};

#[test]
fn today_and_tomorrow() {
    let known = bills(
        "1 pension 2025-01-31 1000 2025-02-10 400+4 ; 2 pension 2025-03-31 500 ; 3 pension 2025-01-31 9 2025-01-31 9+0",
    );
    let outlook = outlook(&known, day("2025-02-20"), &Thousandth).unwrap();
    // 400 for 10 days and 600 for 20, less the 4 paid; tomorrow 600 for one day more.
    assert_eq!(
        (outlook.today.principal, outlook.today.fee),
        (yuan("1100"), yuan("12"))
    );
    assert_eq!(
        (outlook.tomorrow.principal, outlook.tomorrow.fee),
        (yuan("1100"), yuan("12.60"))
    );
    let lines: Vec<_> = outlook
        .today
        .bills
        .iter()
        .map(|one| (one.bill.number(), one.days_late))
        .collect();
    assert_eq!(lines, [(1, 20), (2, 0)]);
    // As of a day before the payment, it was all open.
    let before = owed(&known[..1], day("2025-02-05"), &Thousandth).unwrap();
    assert_eq!(
        before.fee,
        yuan("1"),
        "1000 for 5 days, less the 4 paid later"
    );
    let bands = ageing(&known, day("2025-02-20"), |due, on| Ok(i64::from(due < on))).unwrap();
    let bands: Vec<_> = bands
        .iter()
        .map(|(band, aged)| (*band, aged.bills, aged.principal))
        .collect();
    assert_eq!(bands, [(0, 1, yuan("500")), (1, 1, yuan("600"))]);
}

#[test]
fn whose_money_it_is() {
    let said = |code: &str, text: &str| {
        let clues = clues(code, text);
        let plain = clues.plain();
        plain.map(|(code, bill)| {
            (
                code.map(|code| code.as_str().to_owned()),
                bill.map(BillId::number),
            )
        })
    };
    let (code, other) = ("91350100M000100Y43", "911101080000000000");
    let bill = |number| reference(BillId::new(number).unwrap());
    let known = || Some(code.to_owned());
    assert_eq!(said(code, ""), Some((known(), None)));
    assert_eq!(said("", &format!("缴{code}社保费")), Some((known(), None)));
    assert_eq!(
        said("6222000011112222", "社保费 2025-06"),
        Some((None, None))
    );
    // What the bank knows goes before what the payer wrote.
    assert_eq!(said(code, other), Some((known(), None)));
    assert_eq!(said("", &format!("{code}/{other}")), None);
    assert_eq!(
        said("", &format!("社保费{}", bill(17))),
        Some((None, Some(17)))
    );
    assert_eq!(said(code, &bill(17)), Some((known(), Some(17))));
    assert_eq!(
        said("", &format!("{0} {0}", bill(17))),
        Some((None, Some(17)))
    );
    assert_eq!(said("", &format!("{} {}", bill(17), bill(18))), None);
}

#[test]
fn whom_the_law_spares_pays_no_late_fee() {
    let mut known = bills("1 pension 2025-01-31 1000");
    known[0].payer = Payer::Person(city::people::PersonId::new(3).unwrap());
    let allocated = allocate(
        yuan("1010"),
        day("2025-02-10"),
        &known,
        &order(1, 2),
        &Thousandth,
    )
    .unwrap();
    assert_eq!(
        (allocated.allocations[0].fee, allocated.rest),
        (Fen::ZERO, yuan("10"))
    );
}

fn some_bills() -> impl Strategy<Value = Vec<Bill>> {
    let one = (0..5_i32, 0..3_usize, 0..2_000_i64);
    proptest::collection::vec(one, 0..6).prop_map(|bills| {
        let bills = bills.into_iter().enumerate();
        let bills = bills.map(|(place, (months, scheme, fen))| {
            let due = day("2025-01-31").add_months(months).unwrap();
            Bill {
                id: BillId::new(i64::try_from(place).unwrap() + 1).unwrap(),
                payer: Payer::Employer(EmployerId::new(7).unwrap()),
                scheme: [
                    Scheme::EmployeePension,
                    Scheme::Unemployment,
                    Scheme::WorkInjury,
                ][scheme],
                district: District::new(500_103).unwrap(),
                month: due.month(),
                due,
                principal: Fen(fen),
                accounts: Fen(fen / 3),
                settled: Vec::new(),
            }
        });
        bills.collect()
    })
}

proptest! {
    /// Against a model that hands out one fen after another, each to the first in the order that still needs one.
    #[test]
    fn money_goes_fen_by_fen_to_the_first_in_order(bills in some_bills(), money in 1..6_000_i64, on in 0..150_i32) {
        let on = day("2025-01-31").add_days(on).unwrap();
        let allocated = allocate(Fen(money), on, &bills, &order(1, 2), &Thousandth).unwrap();
        let mut wanting: Vec<(u8, Day, i16, BillId, i64)> = Vec::new();
        for bill in &bills {
            let fee = bill.principal.0 * i64::from(bill.due.days_until(on).max(0)) / 1_000;
            wanting.push((1, bill.due, bill.scheme.code(), bill.id, bill.principal.0));
            // Once the dues are paid whole their fee is that of the whole.
            wanting.push((2, bill.due, bill.scheme.code(), bill.id, fee));
        }
        wanting.sort_unstable();
        let mut given = vec![0_i64; wanting.len()];
        let mut left = money;
        while 0 < left {
            let Some(first) = (0..wanting.len()).find(|place| given[*place] < wanting[*place].4) else { break };
            given[first] += 1;
            left -= 1;
        }
        prop_assert_eq!(allocated.rest, Fen(left));
        for bill in &bills {
            let of = |part: u8| (0..wanting.len()).filter(|place| (wanting[*place].0, wanting[*place].3) == (part, bill.id)).map(|place| given[place]).sum::<i64>();
            let mine = allocated.allocations.iter().find(|one| one.bill == bill.id);
            let (principal, fee) = mine.map_or((Fen::ZERO, Fen::ZERO), |one| (one.principal, one.fee));
            prop_assert_eq!((principal.0, fee.0), (of(1), of(2)), "{}", bill.id);
        }
    }
}

proptest! {
    /// In whatever parts a bill is paid, and whatever is undone in between: neither fund gets more than its part, none less
    /// than nothing, and with the last fen both have exactly theirs.
    #[test]
    fn both_funds_get_their_part(principal in 1..3_000_i64, thirds in 0..4_i64, steps in proptest::collection::vec((1..900_i64, any::<bool>()), 1..12)) {
        let mut bill = bill("1 pension 2025-01-31 0");
        bill.principal = Fen(principal);
        bill.accounts = Fen(principal * thirds / 3);
        let pay = |bill: &mut Bill, most: i64| -> Result<(), TestCaseError> {
            let paid = Fen(most.min(bill.open().unwrap().0));
            let accounts = bill.share(paid).unwrap();
            prop_assert!(Fen::ZERO <= accounts && accounts <= paid);
            bill.settled.push(Settled { on: bill.due, principal: paid, accounts, fee: Fen::ZERO });
            let given: i64 = bill.settled.iter().map(|part| part.accounts.0).sum();
            let pooled: i64 = bill.settled.iter().map(|part| part.principal.0 - part.accounts.0).sum();
            prop_assert!(given <= bill.accounts.0 && pooled <= bill.principal.0 - bill.accounts.0);
            Ok(())
        };
        for (most, undo) in steps {
            if undo && !bill.settled.is_empty() {
                let place = usize::try_from(most).unwrap() % bill.settled.len();
                bill.settled.remove(place);
            } else {
                pay(&mut bill, most)?;
            }
        }
        pay(&mut bill, i64::MAX)?;
        prop_assert_eq!(bill.open().unwrap(), Fen::ZERO);
        prop_assert_eq!(bill.settled.iter().map(|part| part.accounts.0).sum::<i64>(), bill.accounts.0);
        prop_assert!(bill.is_settled(&Thousandth).unwrap());
    }
}
