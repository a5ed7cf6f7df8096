//! What an employer does: declares its month, mends it, takes it back; and what another employer is not told.

use crate::world::{Answer, EMPLOYER, SECRET, World, name_of, number_of, upload};
use axum::http::StatusCode;
use city::actors::Actor;
use city::employers::EmployerId;
use city::logins::{Party, Role};
use measure::Moment;
use office::Acting;
use office::sign_in::{Cost, NewLogin, add};
use store::{Db, params};

/// A field of a form, as it stands in the page.
pub(crate) fn value(page: &Answer, name: &str) -> String {
    let (_, after) = page
        .body
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name} in {}", page.body));
    after.split('"').next().unwrap().to_owned()
}

fn count(db: &Db, statement: &str) -> i64 {
    // The statements are this file's own.
    let statement: &'static str = statement.to_owned().leak();
    db.read(|tx| {
        tx.set_all_districts()?;
        tx.one(statement, params![], |row| row.get(0))
    })
    .unwrap()
}

pub(crate) fn declared(world: &World, cookie: &str, month: &str, file: (&str, &[u8])) -> Answer {
    let page = world.get(&format!("/employer/declare?month={month}"), cookie);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (csrf, key) = (page.csrf(), value(&page, "key"));
    let fields = [
        ("key", key.as_str()),
        ("month", month),
        ("coverage", "whole"),
    ];
    upload(world, cookie, "/employer/declare", &csrf, &fields, file)
}

pub(crate) fn payroll(first: &str, second: &str) -> String {
    let (one, other) = (number_of(1), number_of(2));
    format!(
        "身份证号码,姓名,月工资\n{one},{},{first}\n{other},{},{second}\n",
        name_of(1),
        name_of(2)
    )
}

/// Another employer with a login.
fn rival(db: &Db) {
    let at = Moment::from_microseconds(1_751_400_000_000_000);
    db.write(|tx| {
        tx.set_all_districts()?;
        tx.execute(
            "insert into employer (employer, credit_code, name, recorded, origin_kind, origin) values (2, '915000000000000028', 'rival', $1, 6, 1)",
            params![at],
        )?;
        tx.execute(
            "insert into employer_fact (employer, district, industry_class, rate_level, valid_from, recorded, origin_kind, origin) \
             values (2, 500103, 3, 3, $1, $2, 6, 1)",
            params![measure::Day::parse("2020-01-01").unwrap(), at],
        )
    })
    .unwrap();
    let by = Actor::new("admin").unwrap();
    let new = NewLogin {
        name: "rival",
        role: Role::Agent,
        party: Party::Employer(EmployerId::new(2).unwrap()),
        district: None,
        secret: Some(SECRET),
    };
    let acting = Acting {
        by: &by,
        at,
        purpose: "test",
        through: "test",
    };
    add(
        db,
        &new,
        Cost {
            memory: 64,
            passes: 1,
        },
        acting,
    )
    .unwrap();
}

store::both! {
    a_month_is_declared_mended_handed_in_and_taken_back(db) {
        let world = World::of(db);
        let cookie = world.enter("agent");
        let first = world.get("/employer", &cookie);
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        assert!(first.body.contains("Declare June 2025") && !first.body.contains(EMPLOYER));
        // One wage is no amount: told at its cell, with what was sent still there.
        let begun = declared(&world, &cookie, "2025-07", ("july.csv", payroll("8000", "八千").as_bytes()));
        assert_eq!(begun.header("location"), "/employer/drafts/1", "{}", begun.body);
        let faulty = world.get("/employer/drafts/1", &cookie);
        assert!(faulty.body.contains("C0235") && faulty.body.contains("value=\"八千\""), "{}", faulty.body);
        assert!(faulty.body.contains("href=\"#f-c-3-2\"") && faulty.body.contains("id=\"f-c-3-2\""));
        assert_eq!(count(db, "select cast(count(*) as bigint) from declaration"), 0);
        // Its rows lie in the database encrypted.
        let cipher: Vec<u8> = db.read(|tx| tx.one("select cipher from draft", params![], |row| row.get(0))).unwrap();
        assert!(!String::from_utf8_lossy(&cipher).contains(&number_of(1)));
        // Mended wrongly it is told again; mended rightly it is to be checked.
        let csrf = faulty.csrf();
        let wrong = world.post("/employer/drafts/1/mend", &cookie, &format!("csrf={csrf}&c-3-2=-1"));
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("value=\"-1\""));
        let right = world.post("/employer/drafts/1/mend", &cookie, &format!("csrf={csrf}&c-3-2=14%2C000.00"));
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.body);
        let check = world.get("/employer/drafts/1", &cookie);
        assert!(check.body.contains("¥ 7,000.00") && check.body.contains("¥ 8,000.00") && check.body.contains("¥ 22,000.00"), "{}", check.body);
        // Handed in once, however often it is asked for; not as something else than was looked at.
        let seen = value(&check, "seen");
        let stale = world.post("/employer/drafts/1/submit", &cookie, &format!("csrf={csrf}&seen={}", "0".repeat(64)));
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("N0405"));
        for _ in 0..2 {
            let done = world.post("/employer/drafts/1/submit", &cookie, &format!("csrf={csrf}&seen={seen}"));
            assert_eq!(done.header("location"), "/employer/declarations/1?done=1", "{}", done.body);
        }
        assert_eq!(count(db, "select cast(count(*) as bigint) from declaration"), 1);
        assert_eq!(count(db, "select cast(count(*) as bigint) from draft where cipher is not null"), 0);
        assert_eq!(count(db, "select cast(count(*) as bigint) from audit where action = 'declaration.submit' and actor = 'agent' and through = 'web' and subject_kind = 11"), 1);
        assert_eq!(world.get("/employer/drafts/1", &cookie).header("location"), "/employer/declarations/1");
        let receipt = world.get("/employer/declarations/1?done=1", &cookie);
        assert!(receipt.body.contains("July 2025") && receipt.body.contains("july.csv") && receipt.body.contains("accepted"));
        let staff = world.get("/employer/staff?month=2025-07&q=%E7%94%B2", &cookie);
        assert!(staff.body.contains("¥ 8,000.00") && staff.body.contains("甲一") && !staff.body.contains(&number_of(1)), "{}", staff.body);
        // Taken back it is as it was; twice is once.
        assert_eq!(world.get("/employer/declarations/1/withdraw", &cookie).status, StatusCode::OK);
        for _ in 0..2 {
            let back = world.post("/employer/declarations/1/withdraw", &cookie, &format!("csrf={csrf}"));
            assert_eq!(back.header("location"), "/employer/declarations/1", "{}", back.body);
        }
        assert!(world.get("/employer/declarations/1", &cookie).body.contains("undone"));
        let staff = world.get("/employer/staff?month=2025-07", &cookie);
        assert!(staff.body.contains("¥ 7,000.00") && !staff.body.contains("¥ 8,000.00"));
    }

    somebody_new_is_asked_for_one_question_at_a_time(db) {
        let world = World::of(db);
        if db.engine() == store::Engine::Postgres {
            // The town's people were numbered by hand.
            db.write(|tx| tx.batch("alter table person alter column person restart with 100")).unwrap();
        }
        let cookie = world.enter("agent");
        let first = world.get("/employer/change/new?month=2025-07", &cookie);
        let mut form = format!("csrf={}&key={}&month=2025-07", first.csrf(), value(&first, "key"));
        for (name, wrong, right) in [
            ("identity", "500103198503020001", number_of(4)),
            ("name", "", "%E7%8E%8B%E4%BA%94".to_owned()),
            ("from", "yesterday", "2025-07-03".to_owned()),
            ("wage", "many", "9000".to_owned()),
            ("kind", "other", "%E6%A0%87%E5%87%86".to_owned()),
        ] {
            let question = world.post("/employer/change/new", &cookie, &form);
            assert_eq!(question.status, StatusCode::OK, "{name}");
            assert!(question.body.contains(&format!("name=\"{name}\"")), "{name}: {}", question.body);
            let refused = world.post("/employer/change/new", &cookie, &format!("{form}&{name}={wrong}"));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            form = format!("{form}&{name}={right}");
        }
        for _ in 0..2 {
            assert_eq!(world.post("/employer/change/new", &cookie, &form).header("location"), "/employer/drafts/1");
        }
        let check = world.get("/employer/drafts/1", &cookie);
        assert!(check.body.contains("王五") && check.body.contains("¥ 9,000.00"), "{}", check.body);
        let csrf = check.csrf();
        let done = world.post("/employer/drafts/1/submit", &cookie, &format!("csrf={csrf}&seen={}", value(&check, "seen")));
        assert_eq!(done.header("location"), "/employer/declarations/1?done=1", "{}", done.body);
        assert!(world.get("/employer/staff?month=2025-07", &cookie).body.contains("王五"));
        // Another wage, and an end, by the same way.
        for (what, form, says) in [("wage", "wage=7500", "¥ 7,500.00"), ("end", "last=2025-07-15", "works until 2025-07-15")] {
            let page = world.get(&format!("/employer/staff/1/{what}?month=2025-07"), &cookie);
            assert_eq!(page.status, StatusCode::OK);
            let key = value(&page, "key");
            let begun = world.post(&format!("/employer/staff/1/{what}"), &cookie, &format!("csrf={csrf}&key={key}&month=2025-07&{form}"));
            let check = world.get(begun.header("location"), &cookie);
            assert!(check.body.contains(says), "{what}: {}", check.body);
            let let_go = world.post(&format!("{}/let-go", begun.header("location")), &cookie, &format!("csrf={csrf}"));
            assert_eq!(let_go.status, StatusCode::SEE_OTHER);
            assert_eq!(world.get(begun.header("location"), &cookie).status, StatusCode::NOT_FOUND);
        }
    }

    a_bill_opens_to_each_person_and_to_the_late_fee(db) {
        let world = World::of(db);
        let cookie = world.enter("agent");
        let bills = world.get("/employer/bills", &cookie);
        assert!(bills.body.contains("/employer/bills/2") && bills.body.contains("2025-06"), "{}", bills.body);
        let bill = world.get("/employer/bills/2", &cookie);
        assert!(bill.body.contains("甲一") && bill.body.contains("25.20 yuan"), "{}", bill.body);
        // A line opens to its rates: 16% of 7,000 is the employer's.
        let line = world.get("/employer/bills/2/1", &cookie);
        assert!(line.body.contains("¥ 1,120.00") && line.body.contains("How it came out"), "{}", line.body);
        world.later(60 * 24 * 60);
        let cookie = world.enter("agent");
        let late = world.get("/employer/bills/2", &cookie);
        assert!(late.body.contains("Tomorrow&#39;s late fee") || late.body.contains("Tomorrow's late fee"), "{}", late.body);
        assert!(late.body.contains("How it came out"));
        let glance = world.get("/employer", &cookie);
        assert!(glance.body.contains("Pay what is owed") && glance.body.contains("overdue"));
        // Asked for twice it is asked for once; asked for otherwise it is refused.
        let csrf = glance.csrf();
        let form = format!("csrf={csrf}&count=3&first=2025-09-20&security=yes");
        let not = world.post("/employer/instalments", &cookie, &format!("csrf={csrf}&count=x&first="));
        assert_eq!(not.status, StatusCode::UNPROCESSABLE_ENTITY);
        let unsecured = world.post("/employer/instalments", &cookie, &form.replace("yes", "no"));
        assert!(unsecured.status == StatusCode::UNPROCESSABLE_ENTITY && unsecured.body.contains("K0106"));
        for _ in 0..2 {
            let asked = world.post("/employer/instalments", &cookie, &form);
            assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        }
        let other = world.post("/employer/instalments", &cookie, &format!("csrf={csrf}&count=4&first=2025-09-20&security=yes"));
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(count(db, "select cast(count(*) as bigint) from agreement"), 1);
        assert!(world.get("/employer/instalments", &cookie).body.contains("waits for approval"));
        // What is shown can be taken along.
        for (file, holds) in [("staff.csv", "甲一"), ("bills.csv", "2025-06"), ("payments.csv", "Receipt"), ("bill-2.csv", "买买提")] {
            let along = world.get(&format!("/employer/export/{file}?month=2025-07"), &cookie);
            assert!(along.header("content-disposition").contains(file) && along.body.contains(holds), "{file}: {}", along.body);
            let book = world.get(&format!("/employer/export/{}?month=2025-07", file.replace("csv", "xlsx")), &cookie);
            assert!(book.body.starts_with("PK"), "{file}");
        }
        assert_eq!(world.get("/employer/export/passwords.csv", &cookie).status, StatusCode::NOT_FOUND);
    }

    a_payroll_is_as_large_as_the_page_says(db) {
        let world = World::of(db);
        let cookie = world.enter("agent");
        // Three megabytes, most of them in a column that nobody reads.
        let remark = "x".repeat(30_000);
        let rows: String = (0..100).map(|row| format!("5001031990030{row:05},某{row:02},8000,{remark}\n")).collect();
        let payroll = format!("身份证号码,姓名,月工资,备注\n{rows}");
        let begun = declared(&world, &cookie, "2025-07", ("july.csv", payroll.as_bytes()));
        assert_eq!(begun.header("location"), "/employer/drafts/1", "{}", begun.body);
    }

    another_employers_record_is_unknown(db) {
        let world = World::of(db);
        rival(db);
        let ours = world.enter("agent");
        let begun = declared(&world, &ours, "2025-07", ("july.csv", payroll("8000", "14000").as_bytes()));
        let check = world.get(begun.header("location"), &ours);
        let seen = value(&check, "seen");
        declared(&world, &ours, "2025-06", ("june.csv", payroll("x", "y").as_bytes()));
        world.post("/employer/drafts/1/submit", &ours, &format!("csrf={}&seen={seen}", check.csrf()));
        let theirs = world.enter("rival");
        let csrf = world.get("/employer", &theirs).csrf();
        let plain = |answer: Answer| {
            let number = answer.header("x-request-id").to_owned();
            (answer.status, answer.body.replace(&number, ""))
        };
        for (ours, nowhere) in [
            ("/employer/drafts/2", "/employer/drafts/99"),
            ("/employer/drafts/2?as=csv", "/employer/drafts/99?as=csv"),
            ("/employer/drafts/2/unnamed", "/employer/drafts/99/unnamed"),
            ("/employer/declarations/1", "/employer/declarations/99"),
            ("/employer/declarations/1/withdraw", "/employer/declarations/99/withdraw"),
            ("/employer/bills/2", "/employer/bills/99"),
            ("/employer/bills/2/1", "/employer/bills/99/1"),
            ("/employer/export/bill-2.csv", "/employer/export/bill-99.csv"),
            ("/employer/staff/1/wage", "/employer/staff/99/wage"),
        ] {
            let (one, other) = (plain(world.get(ours, &theirs)), plain(world.get(nowhere, &theirs)));
            assert_eq!(one.0, StatusCode::NOT_FOUND, "{ours}");
            assert_eq!(one.1.replace(ours, ""), other.1.replace(nowhere, ""), "{ours}");
        }
        for to in ["/employer/drafts/2/mend", "/employer/drafts/2/let-go", "/employer/declarations/1/withdraw"] {
            let answer = world.post(to, &theirs, &format!("csrf={csrf}&c-2-2=1&out-2=yes"));
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{to}");
        }
        let answer = world.post("/employer/drafts/2/submit", &theirs, &format!("csrf={csrf}&seen={seen}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(world.get("/employer/drafts/2", &ours).body.contains("value=\"x\""));
        assert!(world.get("/employer/declarations/1", &ours).body.contains("accepted"));
        // An employer without staff is told what would stand there.
        assert!(world.get("/employer", &theirs).body.contains("Nobody is insured through you yet"));
    }

    what_is_sent_in_bad_faith_does_nothing(db) {
        let world = World::of(db);
        let cookie = world.enter("agent");
        let page = world.get("/employer/declare", &cookie);
        let (csrf, key) = (page.csrf(), value(&page, "key"));
        let fields = [("key", key.as_str()), ("month", "2025-07"), ("coverage", "whole")];
        let good = payroll("8000", "14000");
        // Without the token of the session.
        let foreign = upload(&world, &cookie, "/employer/declare", "0", &fields, ("a.csv", good.as_bytes()));
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        assert_eq!(count(db, "select cast(count(*) as bigint) from draft"), 0);
        // A replayed key with the same is told the same; with something else it is refused.
        for _ in 0..2 {
            let begun = upload(&world, &cookie, "/employer/declare", &csrf, &fields, ("../../etc/a.csv", good.as_bytes()));
            assert_eq!(begun.header("location"), "/employer/drafts/1", "{}", begun.body);
        }
        assert!(!world.get("/employer/drafts/1", &cookie).body.contains("etc/"));
        let other = upload(&world, &cookie, "/employer/declare", &csrf, &fields, ("a.csv", payroll("1", "2").as_bytes()));
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(other.body.contains("N0406"));
        // A disguise, nothing, nonsense.
        let fresh = [("key", "k2"), ("month", "2025-07"), ("coverage", "whole")];
        for (file, bytes) in [("a.xlsx", &b"%PDF-1.4"[..]), ("a.exe", b"MZ"), ("a.csv", b"\x00\x01\x02"), ("a.csv", b"one,two\n1,2\n"), ("", b"")] {
            let refused = upload(&world, &cookie, "/employer/declare", &csrf, &fresh, (file, bytes));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}: {}", refused.body);
            assert!(refused.body.contains("aria-invalid=\"true\""), "{file}");
        }
        // A script in a name is text; a formula is refused, and made harmless on its way out.
        let (one, other) = (number_of(1), number_of(2));
        let text = format!("身份证号码,姓名,月工资\n{one},<script>alert(1)</script>,=8000+1\n{other},{},14000\n", name_of(2));
        let begun = declared(&world, &cookie, "2025-06", ("b.csv", text.as_bytes()));
        let faulty = world.get(begun.header("location"), &cookie);
        assert!(faulty.body.contains("C0232") && !faulty.body.contains("<script>alert"), "{}", faulty.body);
        let along = world.get(&format!("{}?as=csv", begun.header("location")), &cookie);
        assert!(along.body.contains("'=8000+1"), "{}", along.body);
        // The mended file finds its row; what has no numbers of rows is refused.
        let to = format!("{}/mended-file", begun.header("location"));
        let none = upload(&world, &cookie, &to, &csrf, &[], ("c.csv", good.as_bytes()));
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("N0409"));
        let mended = along.body.replace("'=8000+1", "8001").replace("<script>alert(1)</script>", &name_of(1));
        let taken = upload(&world, &cookie, &to, &csrf, &[], ("c.csv", mended.as_bytes()));
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        assert!(world.get(begun.header("location"), &cookie).body.contains("¥ 8,001.00"));
    }
}
