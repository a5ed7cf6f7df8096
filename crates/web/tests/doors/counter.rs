//! What staff do: find somebody, correct the register by two people, run a month, decide whose money it is; and what nobody may.

use crate::world::{Answer, World, asked, number_of};
use axum::body::Body;
use axum::http::{StatusCode, header};
use std::thread;
use std::time::Duration;
use store::{Db, params};

/// Somebody at work: in, and with a purpose.
struct Staff<'w> {
    world: &'w World,
    cookie: String,
}

impl<'w> Staff<'w> {
    fn enter(world: &'w World, login: &str) -> Staff<'w> {
        let mut staff = Staff {
            world,
            cookie: world.enter(login),
        };
        let asks = staff.get("/counter/purpose");
        let csrf = asks.csrf();
        let said = world.post(
            "/counter/purpose",
            &staff.cookie,
            &format!("csrf={csrf}&purpose=case+2025-0614"),
        );
        let purpose = said.cookie("__Host-purpose").unwrap();
        staff.cookie = format!("{}; {purpose}", staff.cookie);
        staff
    }

    fn get(&self, path: &str) -> Answer {
        self.world.get(path, &self.cookie)
    }

    fn post(&self, path: &str, form: &str) -> Answer {
        let csrf = self.world.get("/", &self.cookie).csrf();
        self.world
            .post(path, &self.cookie, &format!("csrf={csrf}&{form}"))
    }

    fn find(&self, form: &str) -> Answer {
        self.post("/counter", &format!("purpose=case+2025-0614&{form}"))
    }

    /// Waits for what takes long.
    fn until(&self, path: &str, holds: &str) -> Answer {
        for _ in 0..400 {
            let answer = self.get(path);
            if answer.body.contains(holds) {
                return answer;
            }
            thread::sleep(Duration::from_millis(25));
        }
        panic!("{path} never has {holds}: {}", self.get(path).body);
    }
}

/// What stands in a hidden field of a form that is sent to a path; nothing where there is none.
fn perhaps(answer: &Answer, to: &str, name: &str) -> String {
    let form = answer
        .body
        .split_once(&format!("action=\"{to}\""))
        .expect(to)
        .1;
    let form = form.split("</form>").next().unwrap();
    let found = form.split_once(&format!("name=\"{name}\" value=\""));
    found.map_or_else(String::new, |(_, after)| {
        after.split('"').next().unwrap().to_owned()
    })
}

fn hidden(answer: &Answer, to: &str, name: &str) -> String {
    let found = perhaps(answer, to, name);
    assert!(!found.is_empty(), "{to} {name}");
    found
}

/// The number with another check digit.
fn wrong_digit(number: &str) -> String {
    let last = if number.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &number[..17])
}

/// The number of the fact that the first link to correct leads to.
fn fact(answer: &Answer) -> String {
    let (_, after) = answer.body.split_once("/correct?fact=").unwrap();
    after.split('"').next().unwrap().to_owned()
}

fn count(db: &Db, action: &'static str) -> i64 {
    let sql = "select cast(count(*) as bigint) from audit where action = $1 and through = 'web'";
    db.read(|tx| tx.one(sql, params![action], |row| row.get(0)))
        .unwrap()
}

/// All the answers to the questions of a correction.
fn correction(fact: &str, amount: &str) -> String {
    format!(
        "fact={fact}&question=reason&kind=declared&first=2025-05&last=2025-06&value={amount}&reason=payslip"
    )
}

store::both! {
    somebody_is_found_and_only_within_reach(db) {
        let world = World::of(db);
        let clerk = Staff::enter(&world, "clerk");
        let number = number_of(1);
        // Without a purpose nothing is shown, and the fault is told at its field.
        let silent = clerk.post("/counter", &format!("query={number}"));
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.body.contains("f-purpose-fault") && !silent.body.contains("/counter/persons/1"));
        for form in [
            format!("query={number}"),
            "query=1".to_owned(),
            "query=%E4%B9%B0%E4%B9%B0%E6%8F%90%E2%80%A2%E5%90%90%E5%B0%94%E9%80%8A&born=1985-03-02".to_owned(),
        ] {
            let found = clerk.find(&form);
            assert_eq!(found.status, StatusCode::OK);
            assert!(found.body.contains("/counter/persons/"), "{form}");
            assert!(!found.body.contains("<script>alert"));
        }
        let wrong = clerk.find(&format!("query={}", wrong_digit(&number)));
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Somebody of another district is found no more than somebody who is not there.
        let far = clerk.find(&format!("query={}", number_of(3)));
        let nobody = clerk.find(&format!("query={}", number_of(99)));
        let rest = |answer: &Answer, number: &str| {
            let main = answer.body.split_once("<main").unwrap().1.replace(number, "");
            main.split("name=\"csrf\"").map(|part| part.split_once('>').map_or(part, |(_, after)| after)).collect::<String>()
        };
        assert_eq!(rest(&far, &number_of(3)), rest(&nobody, &number_of(99)));
        for path in ["/counter/persons/3", "/counter/persons/3/months", "/counter/persons/99", "/counter/persons/x"] {
            assert_eq!(clerk.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(Staff::enter(&world, "supervisor").get("/counter/persons/3").body.contains("&lt;script&gt;"));
        let firm = clerk.find("for=employer&query=script");
        assert!(firm.body.contains("/counter/employers/1") && !firm.body.contains("<script>alert"));
        assert_eq!(clerk.get("/counter/employers/1").status, StatusCode::OK);
        assert!(clerk.get("/counter/persons/1/months").body.contains("2025-06"));
        assert!(3 <= count(db, "person.find") && 1 <= count(db, "person.read"));
    }

    numbers_are_not_tried_out(db) {
        let world = World::of(db);
        let clerk = Staff::enter(&world, "clerk");
        let tried = (10..40).map(|nth| clerk.find(&format!("query={}", number_of(nth))).status);
        let tried: Vec<StatusCode> = tried.collect();
        assert_eq!(tried.iter().filter(|status| **status == StatusCode::OK).count(), 20);
        assert_eq!(tried.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
        // Others go on, and so does whoever waits.
        assert_eq!(Staff::enter(&world, "city").find("query=1").status, StatusCode::OK);
        world.later(3);
        assert_eq!(clerk.find("query=1").status, StatusCode::OK);
    }

    the_register_is_corrected_by_two_people(db) {
        let world = World::of(db);
        let (clerk, supervisor) = (Staff::enter(&world, "clerk"), Staff::enter(&world, "supervisor"));
        let path = "/counter/persons/1/correct";
        let fact = fact(&clerk.get("/counter/persons/1"));
        assert!(clerk.get(&format!("{path}?fact={fact}")).body.contains("What is wrong?"));
        let next = clerk.post(path, &format!("fact={fact}&question=kind&kind=declared"));
        assert!(next.body.contains("From which month"), "{}", next.body);
        let wrong = clerk.post(path, &correction(&fact, "many"));
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("f-value-fault") && wrong.body.contains("value=\"many\""));
        let check = clerk.post(path, &correction(&fact, "9000"));
        assert!(check.body.contains("7,000.00") && check.body.contains("9,000.00"), "{}", check.body);
        let key = hidden(&check, path, "key");
        let form = format!("{}&send=yes&key={key}", correction(&fact, "9000"));
        let sent = clerk.post(path, &form);
        let asked = sent.header("location").to_owned();
        assert!(asked.starts_with("/counter/inbox/correction/"), "{asked} {}", sent.body);
        // Sent again it is answered as before; with something else under the same key it is refused.
        assert_eq!(clerk.post(path, &form).header("location"), asked);
        let other = clerk.post(path, &form.replace("9000", "9001"));
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(other.body.contains("N0702"));
        // The maker sees it and cannot approve it; the checker sees both amounts.
        let to = asked.split('?').next().unwrap();
        assert!(!clerk.get(to).body.contains("value=\"approve\""));
        assert_eq!(clerk.post(to, "decision=approve&key=0123456789abcdef&seen=").status, StatusCode::FORBIDDEN);
        assert!(supervisor.get("/counter/inbox").body.contains(to));
        let seen = supervisor.get(to);
        assert!(seen.body.contains("7,000.00") && seen.body.contains("9,000.00") && seen.body.contains("payslip"));
        let (key, content) = (hidden(&seen, to, "key"), hidden(&seen, to, "seen"));
        let stale = supervisor.post(to, &format!("decision=approve&key={key}&seen=00"));
        assert!(stale.body.contains("N0105"), "{}", stale.body);
        let done = supervisor.post(to, &format!("decision=approve&key={key}&seen={content}"));
        assert_eq!(done.header("location"), "/counter/inbox?done=yes", "{}", done.body);
        let now = clerk.get("/counter/persons/1");
        assert!(now.body.contains("9,000.00"));
        // As known on the day before, the register says what it said.
        let before = clerk.get("/counter/persons/1?known=2025-07-01");
        let (held, _) = before.body.split_once("<details").unwrap();
        let table = before.body.split_once("as known on 2025-07-01").unwrap().1.split("</table>").next().unwrap();
        assert!(!table.contains("9,000.00") && !held.is_empty());
        assert_eq!((count(db, "correction.ask"), count(db, "correction.approve")), (1, 1));
    }

    a_month_goes_its_way_between_two_people(db) {
        let world = World::of(db);
        let (clerk, supervisor) = (Staff::enter(&world, "city"), Staff::enter(&world, "supervisor"));
        let page = "/counter/month/2025-07";
        let press = |staff: &Staff<'_>, whose: &str, step: &str| {
            let to = format!("{page}/{whose}/{step}");
            let shown = staff.get(page);
            let (key, kind) = (hidden(&shown, &to, "key"), hidden(&shown, &to, "kind"));
            let seen = perhaps(&shown, &to, "seen");
            let form = format!("key={key}&kind={kind}&seen={seen}");
            let done = staff.post(&to, &form);
            assert_eq!(done.header("location"), page, "{step}: {}", done.body);
        };
        assert!(supervisor.get(page).body.contains("nothing for you to do"));
        press(&clerk, "make", "open");
        clerk.until(page, "Content");
        let shown = supervisor.until(page, "Lines that are the same");
        // All were insured in June as in July: nothing is new, and the sum says so.
        assert!(shown.body.contains("Totals by scheme and district") && !shown.body.contains(">New<"), "{}", shown.body);
        assert!(!clerk.get(page).body.contains("/check/approve"));
        let forged = clerk.post(&format!("{page}/check/approve"), "key=0123456789abcdef&kind=1");
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        press(&supervisor, "check", "approve");
        press(&supervisor, "check", "publish");
        press(&clerk, "make", "credit");
        clerk.until(page, "Give up · crediting");
        press(&supervisor, "check", "approve");
        press(&supervisor, "check", "close");
        // The crediting is in force; nothing of the month is left to do but what is learnt later.
        let closed = clerk.get(page);
        assert!(closed.body.contains("/make/differ") && !closed.body.contains("/make/credit"), "{}", closed.body);
        assert_eq!(world.get(page, &world.enter("one")).status, StatusCode::FORBIDDEN);
    }

    everything_is_verified_and_told(db) {
        let world = World::of(db);
        let auditor = Staff::enter(&world, "auditor");
        let page = auditor.get("/counter/verify");
        let key = hidden(&page, "/counter/verify", "key");
        auditor.post("/counter/verify", &format!("key={key}"));
        let told = auditor.until("/counter/verify", "Entries of the audit log");
        assert!(told.body.contains("Everything follows"), "{}", told.body);
        let log = auditor.get("/counter/log");
        assert!(log.body.contains("verify") && log.body.contains("case 2025-0614"));
        assert_eq!(auditor.get("/counter/log?of=1&number=1").status, StatusCode::OK);
        assert_eq!(Staff::enter(&world, "clerk").get("/counter/log").status, StatusCode::FORBIDDEN);
    }

    a_purpose_is_nobody_elses(db) {
        let world = World::of(db);
        let clerk = Staff::enter(&world, "clerk");
        let (_, purpose) = clerk.cookie.split_once("; ").unwrap();
        let other = format!("{}; {purpose}", world.enter("supervisor"));
        let turned = world.get("/counter/persons/1", &other);
        assert_eq!(turned.header("location"), "/counter/purpose?then=%2Fcounter%2Fpersons%2F1");
        let named = clerk.post("/counter/purpose", &format!("purpose=about+{}", number_of(1)));
        assert_eq!(named.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    a_banks_file_is_taken_in_once(db) {
        let world = World::of(db);
        let clerk = Staff::enter(&world, "city");
        let send = |text: &str, name: &str| {
            let csrf = clerk.get("/").csrf();
            let body = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--b--\r\n");
            let request = asked("POST", &format!("/counter/receipts/file?csrf={csrf}"), &clerk.cookie)
                .header(header::ORIGIN, "https://renshe.example")
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
            world.send(request.body(Body::from(body)).unwrap())
        };
        let head = "流水号,记账日期,起息日,金额,币种,借贷,冲正,付款人户名,付款人账号,附言,缴费单号";
        let text = &format!("{head}\nA1,2025-07-03,2025-07-03,100.00,CNY,贷,否,<script>alert(1)</script>,,=1+1,\n");
        let none = send("not a bank's file", "../../etc/passwd.xml");
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let first = send(text, "july.csv");
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        assert!(first.body.contains("¥ 100.00") && !first.body.contains("<script>alert"), "{}", first.body);
        assert!(send(text, "again.csv").body.contains("nothing was done"));
        // It is said whose it is: by who may see the payer.
        let page = clerk.get("/counter/receipts/1");
        let key = hidden(&page, "/counter/receipts/1/whose", "key");
        let nobody = clerk.post("/counter/receipts/1/whose", &format!("key={key}&person=77"));
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = clerk.post("/counter/receipts/1/whose", &format!("key={key}&person=3"));
        assert_eq!(said.header("location"), "/counter/receipts?done=yes", "{}", said.body);
        let district = Staff::enter(&world, "clerk");
        assert_eq!(district.get("/counter/receipts/1").status, StatusCode::NOT_FOUND);
        let settled = clerk.get("/counter/receipts");
        let key = hidden(&settled, "/counter/receipts/settle", "key");
        let done = clerk.post("/counter/receipts/settle", &format!("key={key}"));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = clerk.get("/counter/receipts/1");
        let undo = "/counter/receipts/1/undo";
        let key = hidden(&page, undo, "key");
        assert_eq!(clerk.post(undo, &format!("key={key}")).header("location"), "/counter/receipts/1");
    }
}
