//! A month's money from the bank's file to what an employer owes.

use crate::Desk;
use serde_json::Value;

/// A bank's file with one entry each: what was paid, and what the payer wrote.
fn bank_file(entries: &[(&str, &str)]) -> String {
    let mut text = String::from("开户行,ICBKCNBJ\n对账单号,20250630-1\n");
    text.push_str("流水号,记账日期,金额,币种,借贷,付款人户名,付款人账号,附言\n");
    for (number, (yuan, written)) in entries.iter().enumerate() {
        text.push_str(&format!(
            "A{number},2025-06-30,{yuan},CNY,贷,某单位,3100021909024800000,{written}\n"
        ));
    }
    text
}

fn owes(desk: &Desk, employer: &str) -> Value {
    let asked =
        format!("employer owes {employer} --on 2025-07-10 --db sqlite:city.db --format json");
    let run = desk.run(&asked);
    assert_eq!(run.code, 0, "{}", run.shown());
    run.json()
}

#[test]
fn from_the_banks_file_to_what_is_owed() {
    let desk = Desk::bare();
    let done = |asked: &str, code: i32| {
        let run = desk.run(&format!("{asked} --db sqlite:city.db"));
        assert_eq!(run.code, code, "{}", run.shown());
        run
    };
    let made = desk.run("synth --people 5000 --into sqlite:city.db --keys city.keys");
    assert_eq!(made.code, 0, "{}", made.shown());
    done("month open 2025-06 --as maker", 0);
    let assessed = done("month assess 2025-06 --as maker", 0);
    let review = done("month review 2025-06", 0);
    let hash = [&review.out, &assessed.out].into_iter().find_map(|text| {
        let words = text.split(|sign: char| !sign.is_ascii_hexdigit());
        words
            .filter(|word| word.len() >= 16)
            .map(str::to_owned)
            .next()
    });
    let hash = hash.unwrap_or_else(|| panic!("{}", review.shown()));
    done(
        &format!("month approve 2025-06 --hash {hash} --as checker"),
        0,
    );
    done("month publish 2025-06 --as checker", 0);

    let before = owes(&desk, "1");
    let (principal, code) = (
        before["today"]["principal"].as_str().unwrap(),
        before["credit_code"].as_str().unwrap(),
    );
    assert_eq!(owes(&desk, code)["bills"], before["bills"]);
    assert!(before["today"]["fee"].as_str() < before["tomorrow"]["fee"].as_str());
    assert_eq!(before["bills"][0]["days_late"], 10);

    let paid = bank_file(&[(principal, code), ("12.34", "社保"), ("0.001", "社保")]);
    desk.write("0630.csv", &paid);
    let run = done("bank receive 0630.csv --as cashier --lang en", 3);
    assert!(
        run.out.contains("2 receipts taken in") && run.out.contains("1 refused"),
        "{}",
        run.shown()
    );
    let again = done("bank receive 0630.csv --as cashier --format json", 0).json();
    assert_eq!(
        (&again["again"], &again["receipts"]),
        (&true.into(), &0.into())
    );
    let settled = done("bank allocate --as cashier --format json", 0).json();
    assert_eq!(
        (settled["principal"].as_str(), settled["held"].as_str()),
        (Some(principal), Some("12.34"))
    );
    let after = owes(&desk, code);
    assert_eq!(
        (
            after["today"]["principal"].as_str(),
            after["today"]["fee"].as_str()
        ),
        (Some("0.00"), Some("0.00"))
    );

    let waiting = done("bank clarify --as clerk --format json", 0).json();
    let receipt = waiting[0]["receipt"].as_i64().unwrap();
    assert!(
        done("bank clarify --as clerk --lang zh", 0)
            .out
            .contains("12.34")
    );
    let wrong = done(
        &format!("bank clarify {receipt} --employer 999999 --as clerk --lang en"),
        1,
    );
    assert!(wrong.err.contains("N0304"), "{}", wrong.shown());
    done(
        &format!("bank clarify {receipt} --employer 1 --as clerk"),
        0,
    );
    assert_eq!(owes(&desk, "1")["held"], "12.34");
    done(&format!("bank undo {receipt} --as clerk"), 0);
    assert_eq!(owes(&desk, "1")["held"], "0.00");
    let verified = done("verify", 0);
    assert_eq!(verified.code, 0, "{}", verified.shown());
}

#[test]
fn every_verb_about_money_explains_itself() {
    let desk = Desk::bare();
    for verb in [
        "bank receive",
        "bank allocate",
        "bank clarify",
        "bank undo",
        "employer owes",
    ] {
        let run = desk.run(&format!("{verb} --help"));
        assert_eq!(run.code, 0);
        assert!(
            run.out.contains("Examples:") && run.out.contains("Exit codes:"),
            "{}",
            run.out
        );
    }
}
