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
    again(&desk, &hash);

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

    clarified(&desk);
    let verified = done("verify", 0);
    assert_eq!(verified.code, 0, "{}", verified.shown());
}

/// A step asked for again by who did it is told to be done; by somebody else, or with something else, it is refused.
fn again(desk: &Desk, hash: &str) {
    for (step, by, other) in [
        ("month assess 2025-06".to_owned(), "maker", "checker"),
        (
            format!("month approve 2025-06 --hash {hash}"),
            "checker",
            "maker",
        ),
        ("month publish 2025-06".to_owned(), "checker", "maker"),
    ] {
        let ask = |by: &str| desk.run(&format!("{step} --as {by} --db sqlite:city.db --lang en"));
        let told = ask(by);
        assert!(
            told.code == 0 && told.out.contains(&format!("already, by {by}, ")),
            "{}",
            told.shown()
        );
        let refused = ask(other);
        assert!(
            refused.code == 1 && refused.err.contains("N0103"),
            "{}",
            refused.shown()
        );
    }
}

/// What is nobody's waits for somebody to say whose it is.
fn clarified(desk: &Desk) {
    let done = |asked: &str, code: i32| {
        let run = desk.run(&format!("{asked} --db sqlite:city.db"));
        assert_eq!(run.code, code, "{}", run.shown());
        run
    };
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
    assert_eq!(owes(desk, "1")["held"], "12.34");
    done(&format!("bank undo {receipt} --as clerk"), 0);
    assert_eq!(owes(desk, "1")["held"], "0.00");
    back_to_the_payer(desk, receipt);
    parts_and_write_offs(desk);
}

/// What is nobody's goes back: one asks, another approves, the bank pays, and may send it back.
fn back_to_the_payer(desk: &Desk, receipt: i64) {
    let done = |asked: &str, code: i32| {
        let run = desk.run(&format!("{asked} --db sqlite:city.db --lang en"));
        assert_eq!(run.code, code, "{}", run.shown());
        run
    };
    let ask = format!(
        "refund ask {receipt} --account 3100021909024800000 --reason twice --as clerk --amount"
    );
    let elsewhere =
        format!("refund ask {receipt} --account 310002 --reason r --as clerk --amount 1");
    assert!(done(&elsewhere, 1).err.contains("K0110"));
    assert!(done(&format!("{ask} 12.35"), 1).err.contains("K0108"));
    assert!(
        done(&format!("{ask} 12.34"), 0)
            .out
            .contains("refund 1 waits for a second person")
    );
    // Asked again it is the same.
    assert!(
        done(&format!("{ask} 12.34"), 0)
            .out
            .contains("refund 1 waits")
    );
    assert!(done("refund approve 1 --as clerk", 1).err.contains("K0104"));
    assert!(done("refund sent 1 --as cashier", 1).err.contains("K0103"));
    done("refund approve 1 --as checker", 0);
    done("refund sent 1 --as cashier", 0);
    done("refund returned 1 --as cashier", 0);
    assert!(
        done("refund approve 2 --as checker", 1)
            .err
            .contains("N0302")
    );
}

/// Another employer pays in parts, and part of what it owes is given up.
fn parts_and_write_offs(desk: &Desk) {
    let done = |asked: &str, code: i32| {
        let run = desk.run(&format!("{asked} --db sqlite:city.db --lang en"));
        assert_eq!(run.code, code, "{}", run.shown());
        run
    };
    let propose = "instalments propose 2 --first 2026-12-31 --as clerk --count";
    assert!(done(&format!("{propose} 600"), 1).err.contains("K0106"));
    done(&format!("{propose} 6 --guaranteed"), 0);
    assert!(
        done("instalments approve 1 --as clerk", 1)
            .err
            .contains("K0104")
    );
    done("instalments approve 1 --as checker", 0);
    let shown = done("instalments show 1 --format json", 0).json();
    assert_eq!(shown["standing"], "running");
    assert_eq!(shown["instalments"].as_array().unwrap().len(), 6);
    assert_eq!(
        done("instalments look --as clerk", 0).out,
        "no agreement has ended\n"
    );

    let before = owes(desk, "2");
    let reference = before["bills"][0]["reference"].as_str().unwrap();
    let ask = format!("write-off ask {reference} --reason ruling --dues 1.00 --as clerk --ground");
    assert!(done(&format!("{ask} fee-waived"), 1).err.contains("K0109"));
    assert!(
        done(
            "write-off ask RF0012 --ground ruling --reason r --as clerk",
            2
        )
        .err
        .contains("check digits")
    );
    let district = before["bills"][0]["district"].as_i64().unwrap();
    let aged = done(
        &format!("employer arrears --district {district} --on 2025-07-10 --format json"),
        0,
    )
    .json();
    assert_eq!(aged["bands"][0]["due_from"], "2025-06-30");
    assert!(
        done(&format!("employer arrears --district {district}"), 0)
            .out
            .contains("2025-06-30")
    );
    done("employer arrears --district 12", 2);
    done(&format!("{ask} bankruptcy"), 0);
    assert!(
        done("write-off approve 1 --as clerk", 1)
            .err
            .contains("K0104")
    );
    done("write-off approve 1 --as checker", 0);
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_looking() {
    let desk = Desk::bare();
    let run = desk.run("month review 2025-06 --db sqlite:nowhere.db --lang en");
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("S0101") && run.err.contains("no such file"),
        "{}",
        run.shown()
    );
    assert!(!desk.has("nowhere.db"));
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
        "employer arrears",
        "instalments propose",
        "instalments approve",
        "instalments decline",
        "instalments show",
        "instalments look",
        "write-off ask",
        "write-off approve",
        "write-off decline",
        "refund ask",
        "refund approve",
        "refund decline",
        "refund sent",
        "refund returned",
        "month open",
        "month differ",
        "month discard",
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
