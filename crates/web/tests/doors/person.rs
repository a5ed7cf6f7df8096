//! What somebody insured does with their own record.

use crate::world::World;
use axum::http::StatusCode;

store::both! {
    somebody_sees_when_they_may_retire_and_what_it_gives(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let page = world.get("/me/retirement", &cookie);
        assert_eq!(page.status, StatusCode::OK);
        // Born in March 1985: sixty-three, three years sooner or later.
        for month in ["2045-03", "2048-03", "2051-03"] {
            assert!(page.body.contains(&format!("/me/retirement/{month}")), "{month} {}", page.body);
        }
        assert!(page.body.contains("Caught up in") && page.body.contains("This is an estimate"));
        // What is assumed changes what comes out, stays in the form and stands beside it.
        let figure = |body: &str| {
            let (_, after) = body.split_once("href=\"/me/retirement/2048-03").unwrap();
            after.split_once("¥ ").unwrap().1.split('<').next().unwrap().to_owned()
        };
        let more = world.get("/me/retirement?wage=14000&average-growth=2", &cookie);
        assert_ne!(figure(&page.body), figure(&more.body));
        assert!(more.body.contains("14,000.00") && more.body.contains("growing by 2% a year"), "{}", more.body);
        let faulty = world.get("/me/retirement?wage=lots&before=9999", &cookie);
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(faulty.body.contains("value=\"lots\"") && faulty.body.contains("href=\"#f-before\""));
        // A month opens to every step, the account's years, and when to tell the employer.
        let month = world.get("/me/retirement/2045-03", &cookie);
        assert_eq!(month.status, StatusCode::OK);
        for part in ["How it came out", "Tell your employer by", "2044-12-01", "In the account at its end", "/law/cn-50/rule/basic-pension"] {
            assert!(month.body.contains(part), "{part} {}", month.body);
        }
        assert_eq!(world.get("/me/retirement/2044-03", &cookie).status, StatusCode::NOT_FOUND);
        let csv = world.get("/me/retirement/file/months.csv", &cookie);
        assert!(csv.body.lines().count() == 74 && csv.header("content-type").starts_with("text/csv"));
        assert_eq!(world.get("/me/retirement/file/months.exe", &cookie).status, StatusCode::NOT_FOUND);
        let noted = "select cast(count(*) as bigint) from audit where action = 'account.read' and subject = 1 and actor = 'one'";
        let noted: i64 = db.read(|tx| tx.one(noted, store::params![], |row| row.get(0))).unwrap();
        assert!(noted >= 4);
    }
}

/// A form of a page, with what is added to it.
fn sent(world: &World, cookie: &str, page: &str, more: &str) -> crate::world::Answer {
    let (_, form) = page.split_once("action=\"/me/correction\"").unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut pairs = Vec::new();
    for field in form.split("<input type=\"hidden\" ").skip(1) {
        let part = |name: &str| {
            let (_, after) = field.split_once(&format!("{name}=\"")).unwrap();
            after.split('"').next().unwrap().to_owned()
        };
        pairs.push(format!(
            "{}={}",
            part("name"),
            part("value").replace(' ', "+")
        ));
    }
    pairs.push(more.to_owned());
    world.post("/me/correction", cookie, &pairs.join("&"))
}

store::both! {
    somebody_sees_what_is_known_and_who_looked(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let data = world.get("/me/data", &cookie);
        assert_eq!(data.status, StatusCode::OK);
        assert!(data.body.contains("1985-03-02") && data.body.contains("since 2024-06-01") && data.body.contains("Yuzhong"), "{}", data.body);
        assert!(data.body.contains("&lt;script&gt;alert("));
        // Before it was recorded nothing was known.
        let before = world.get("/me/data?known=2024-12-31", &cookie);
        assert!(before.body.contains("Nothing of your insurance was known") && !before.body.contains("since 2024-06-01"));
        assert_eq!(world.get("/me/data?known=yesterday", &cookie).status, StatusCode::UNPROCESSABLE_ENTITY);
        // A look of the office's is told with what for; their own on request.
        let by = city::actors::Actor::new("clerk").unwrap();
        let acting = office::Acting { by: &by, at: measure::Moment::from_microseconds(1_752_100_000_000_000), purpose: "case <b>42</b>", through: "web" };
        let person = city::people::PersonId::new(1).unwrap();
        let clerk = office::sign_in::list(db).unwrap().into_iter().find(|login| login.name().login() == "clerk").unwrap();
        office::account::months::lifetime(db, (Some(&clerk), person), measure::Day::parse("2025-07-10").unwrap(), acting).unwrap();
        let looks = world.get("/me/looks", &cookie);
        assert!(looks.body.contains("case &lt;b&gt;42&lt;/b&gt;") && looks.body.contains("saw contributions and accounts"), "{}", looks.body);
        assert!(!looks.body.contains(">you<") && world.get("/me/looks?own=1", &cookie).body.contains(">you<"));
        // Nobody else's log shows it.
        assert!(!world.get("/me/looks?own=1", &world.enter("two")).body.contains("42&lt;"));
        for file in ["statement.csv", "months.xlsx", "data.csv", "looks.xlsx"] {
            assert_eq!(world.get(&format!("/me/file/{file}"), &cookie).status, StatusCode::OK, "{file}");
        }
        assert_eq!(world.get("/me/file/secrets.csv", &cookie).status, StatusCode::NOT_FOUND);
        // An employer's name that begins a formula is a text in a file.
        let months = world.get("/me/file/months.csv", &cookie).body;
        assert!(months.contains("7000.00"), "{months}");
        assert!(world.get("/me/statement", &cookie).status.is_success());
    }

    somebody_asks_for_a_correction_and_it_waits(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let first = world.get("/me/correction", &cookie).body;
        let what = sent(&world, &cookie, &first, "which=1-1-1");
        assert!(what.body.contains("What is wrong about it?"), "{}", what.body);
        // No answer is told at the field.
        assert_eq!(sent(&world, &cookie, &what.body, "what=everything").status, StatusCode::UNPROCESSABLE_ENTITY);
        let from = sent(&world, &cookie, &what.body, "what=declared");
        let until = sent(&world, &cookie, &from.body, "from=2025-06");
        let amount = sent(&world, &cookie, &until.body, "until=2025-06");
        assert_eq!(sent(&world, &cookie, &amount.body, "amount=lots").status, StatusCode::UNPROCESSABLE_ENTITY);
        // What the register says already is said at its question.
        let same = sent(&world, &cookie, &amount.body, "amount=7000&reason=why");
        assert!(same.status == StatusCode::UNPROCESSABLE_ENTITY && same.body.contains("A0204"), "{}", same.body);
        let reason = sent(&world, &cookie, &amount.body, "amount=8000");
        let check = sent(&world, &cookie, &reason.body, "reason=%3Cscript%3Ealert(1)%3C/script%3E");
        assert_eq!(check.status, StatusCode::OK);
        assert!(check.body.contains("¥ 8,000.00") && check.body.contains("¥ 7,000.00") && !check.body.contains("<script>alert"), "{}", check.body);
        // Nothing is asked before it is sent; sent twice it is one; with something else in it, none.
        let asked = || -> i64 { db.read(|tx| tx.one("select cast(count(*) as bigint) from correction", store::params![], |row| row.get(0))).unwrap() };
        assert_eq!(asked(), 0);
        let (_, last) = check.body.rsplit_once("action=\"/me/correction\"").unwrap();
        let last = format!("action=\"/me/correction\"{last}");
        let plain = last.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "payslip");
        let done = sent(&world, &cookie, &plain, "");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let again = sent(&world, &cookie, &plain, "");
        assert_eq!((again.header("location"), asked()), (done.header("location"), 1));
        let other = sent(&world, &cookie, &plain.replace("\"8000\"", "\"9000\""), "");
        assert!(other.status == StatusCode::UNPROCESSABLE_ENTITY && asked() == 1, "{}", other.body);
        let receipt = world.get(done.header("location"), &cookie);
        assert!(receipt.body.contains("waiting for the office") && receipt.body.contains("payslip"), "{}", receipt.body);
        // It is unknown to anybody else, as one there is not.
        let two = world.enter("two");
        let (foreign, none) = (world.get(done.header("location"), &two), world.get("/me/correction/4711", &two));
        assert_eq!((foreign.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert!(world.get("/me/data", &cookie).body.contains(done.header("location")));
        // Who asked is not who approves.
        let login = office::sign_in::list(db).unwrap().into_iter().find(|login| login.name().login() == "one").unwrap();
        let by = city::actors::Actor::new("one").unwrap();
        let acting = office::Acting { by: &by, at: measure::Moment::from_microseconds(1_752_200_000_000_000), purpose: "test", through: "test" };
        let id = city::corrections::CorrectionId::new(1).unwrap();
        assert_eq!(office::correction::approve(db, Some(&login), id, acting).unwrap_err().code(), "N0602");
    }

    a_planner_sees_sums_and_a_clerk_of_a_district_that_district(db) {
        let world = World::of(db);
        let planner = world.enter("planner");
        let city = world.get("/city", &planner);
        assert_eq!(city.status, StatusCode::OK);
        assert!(city.body.contains("2025-06"), "{}", city.body);
        // Two insured are too few to be told, in page and file.
        assert!(city.body.contains("&lt; 5") && city.body.contains("below 5"), "{}", city.body);
        assert!(!city.body.contains("<strong>0</strong>"), "what is hidden is not nothing: {}", city.body);
        let file = world.get("/city/file/figures.csv", &planner).body;
        assert!(file.contains("below 5") && !file.contains("3360.00"), "{file}");
        for show in ["due", "collected", "arrears"] {
            assert_eq!(world.get(&format!("/city?show={show}&scheme=unemployment-insurance"), &planner).status, StatusCode::OK);
        }
        assert_eq!(world.get("/city/500103", &planner).status, StatusCode::OK);
        for elsewhere in ["500101", "999999", "x"] {
            assert_eq!(world.get(&format!("/city/{elsewhere}"), &planner).status, StatusCode::NOT_FOUND);
        }
        assert_eq!(world.get("/city", &world.enter("one")).status, StatusCode::FORBIDDEN);
    }

    everybody_sees_where_they_are_signed_in(db) {
        let world = World::of(db);
        let (one, other) = (world.enter("clerk"), world.enter("clerk"));
        let settings = world.get("/settings", &one);
        assert!(settings.body.contains("this one") && settings.body.matches("<tr>").count() == 3, "{}", settings.body);
        let csrf = settings.csrf();
        world.post("/sign-out/everywhere", &one, &format!("csrf={csrf}"));
        assert_eq!(world.get("/settings", &other).status, StatusCode::SEE_OTHER);
    }
}
