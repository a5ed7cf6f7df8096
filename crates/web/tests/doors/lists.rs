//! Lists: in which order, narrowed to what, and the same in the file that is taken along; by whom, and noted.

use crate::api::{Asked, token};
use crate::employer::declared;
use crate::world::{Answer, World, name_of, number_of, upload};
use axum::http::StatusCode;
use store::{Db, params};

/// Where these texts stand in a page or file, in this order.
fn in_order(text: &str, wanted: &[&str]) -> bool {
    let body = text.split("<tbody>").nth(1).unwrap_or(text);
    let places = wanted.iter().map(|wanted| body.find(wanted));
    let places: Option<Vec<usize>> = places.collect();
    places.is_some_and(|places| places.is_sorted())
}

fn noted(db: &Db, action: &'static str) -> i64 {
    let sql =
        "select cast(count(*) as bigint) from audit where action = $1 and through = 'web file'";
    db.read(|tx| tx.one(sql, params![action], |row| row.get(0)))
        .unwrap()
}

const BANK: &str = "流水号,记账日期,金额,借贷,付款人户名,附言\n\
    A-1,2025-07-05,300.00,贷,甲公司,缴费\nA-2,2025-07-06,50.00,贷,Beta Ltd,=1+1\nA-3,2025-07-06,100.00,贷,甲公司,July%\n";

fn brought(world: &World, db: &Db) {
    let token = token(db, "city", "bank");
    let headers = [("idempotency-key", "bank"), ("content-type", "text/csv")];
    let came = Asked {
        method: "POST",
        path: "/api/v1/receipts",
        token: &token,
        headers: &headers,
        body: BANK,
    }
    .of(world);
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
}

/// Sixty rows whose wages are no amounts or no persons' numbers, and two by which they are told apart.
fn wrong_payroll() -> String {
    let rows = (0..60).map(|row| format!("5001031990030{row:05},某{row:02},8{row:02}\n"));
    let (one, other) = (number_of(1), number_of(2));
    let (first, second) = (name_of(1), name_of(2));
    let rows = rows.collect::<String>();
    format!("身份证号码,姓名,月工资\n{one},{first},九千\n{rows}{other},{second},=1+1\n")
}

/// A file without the mark at its head.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let text = answer.body.trim_start_matches('\u{feff}');
    text.lines().map(str::to_owned).collect()
}

store::both! {
    staff_are_sorted_narrowed_and_taken_along_as_they_stand(db) {
        let world = World::of(db);
        let agent = world.enter("agent");
        let (one, other) = (name_of(1), name_of(2));
        let page = |query: &str| world.get(&format!("/employer/staff?month=2025-06{query}"), &agent);
        let up = page("&sort=wage");
        assert!(in_order(&up.body, &[&one, &other]), "{}", up.body);
        assert!(up.body.contains("aria-sort=\"ascending\"") && up.body.contains("sort=-wage"));
        assert!(in_order(&page("&sort=-wage").body, &[&other, &one]));
        let narrowed = page("&q=%E7%94%B2");
        assert!(narrowed.body.contains(&one) && !narrowed.body.contains(&other) && narrowed.body.contains("Show all"), "{}", narrowed.body);
        let nobody = page("&q=%3Cscript%3Ealert(1)");
        assert!(nobody.body.contains("No line matches") && !nobody.body.contains("<script>alert"), "{}", nobody.body);
        // The file is what is listed, in its order.
        let csv = lines(&page("&sort=-wage&as=csv"));
        assert_eq!(csv.len(), 3);
        assert!(csv[1].contains(&other) && csv[1].contains("14000.00") && csv[2].contains(&one), "{csv:?}");
        assert_eq!(lines(&page("&q=%E7%94%B2&as=csv")).len(), 2);
        let book = page("&as=xlsx");
        assert!(book.body.starts_with("PK") && book.header("content-disposition").contains("staff.xlsx"));
        assert_eq!(noted(db, "employer.read"), 3);
        // Whoever may not see the page may not take it along.
        for (login, status) in [("one", StatusCode::FORBIDDEN), ("planner", StatusCode::FORBIDDEN)] {
            assert_eq!(world.get("/employer/staff?as=csv", &world.enter(login)).status, status, "{login}");
        }
        assert_eq!(world.get("/employer/staff?as=csv", "").status, StatusCode::SEE_OTHER);
        assert_eq!(page("&as=exe").header("content-type"), "text/html; charset=utf-8");
        for path in ["/employer/bills?sort=-dues", "/employer/payments?sort=rest", "/employer/bills?q=2025-06"] {
            assert_eq!(world.get(path, &agent).status, StatusCode::OK, "{path}");
            assert_eq!(world.get(&format!("{path}&as=csv"), &agent).status, StatusCode::OK, "{path}");
        }
        let bills = lines(&world.get("/employer/bills?sort=dues&as=csv", &agent));
        let dues = |line: &String| line.split(',').nth(2).unwrap().parse::<f64>().unwrap();
        assert!(2 < bills.len() && bills[1..].is_sorted_by_key(dues), "{bills:?}");
    }

    what_is_to_be_mended_is_a_list_like_others(db) {
        let world = World::of(db);
        let agent = world.enter("agent");
        let begun = declared(&world, &agent, "2025-07", ("july.csv", wrong_payroll().as_bytes()));
        let to = begun.header("location").to_owned();
        let page = |query: &str| world.get(&format!("{to}?{query}"), &agent);
        // A page of them, with links that sort, a field that narrows, and files.
        let first = page("");
        assert!(first.body.contains("1 / 3") && first.body.contains("value=\"九千\"") && !first.body.contains("value=\"=1+1\""), "{}", first.body);
        for part in ["sort=row", "sort=name", "sort=wage", "name=\"q\"", "as=csv", "as=xlsx"] {
            assert!(first.body.contains(part), "{part} {}", first.body);
        }
        assert!(page("page=3").body.contains("value=\"=1+1\""));
        assert!(in_order(&page("sort=-row").body, &["value=\"=1+1\"", "value=\"某59\"", "value=\"某58\""]));
        // By size where it is an amount; what is none comes before.
        assert!(in_order(&page("sort=-wage").body, &["value=\"859\"", "value=\"858\""]));
        assert!(in_order(&page("sort=wage").body, &["value=\"=1+1\"", "value=\"九千\"", "value=\"800\""]));
        // By what stands in a cell, and by what is wrong with it.
        let of_one = page("q=%E6%9F%9007");
        assert!(of_one.body.contains("value=\"某07\"") && !of_one.body.contains("value=\"某08\""), "{}", of_one.body);
        let by_code = page("q=c0235");
        assert!(by_code.body.contains("value=\"九千\"") && !by_code.body.contains("value=\"某01\""), "{}", by_code.body);
        // The file is what is listed, to be mended and sent back.
        let csv = lines(&page("q=c0235&as=csv"));
        assert!(csv.len() == 2 && csv[1].contains("九千"), "{csv:?}");
        assert_eq!(lines(&page("sort=-row&as=csv")).len(), 63);
        assert!(lines(&page("sort=-row&as=csv"))[1].contains("'=1+1"));
        assert!(page("as=xlsx").body.starts_with("PK") && page("as=xlsx").header("content-disposition").contains("mend.xlsx"));
        assert_eq!(noted(db, "declaration.check"), 5);
        // What is mended is listed as it was, as long as any of it is left; the cells say which form is theirs.
        assert!(by_code.body.contains("action=\"/employer/drafts/1/mend?q=c0235\"") && by_code.body.contains("form=\"mend\" name=\"c-2-2\""), "{}", by_code.body);
        let csrf = by_code.csrf();
        let mend = |query: &str, form: &str| world.post(&format!("{to}/mend?{query}"), &agent, &format!("csrf={csrf}&{form}"));
        let still = mend("q=c0235&sort=-row", "c-2-2=zehn");
        assert!(still.status == StatusCode::UNPROCESSABLE_ENTITY && still.body.contains("value=\"zehn\"") && !still.body.contains("value=\"某01\""), "{}", still.body);
        let all = mend("q=c0235", "c-2-2=9000");
        assert!(all.status == StatusCode::UNPROCESSABLE_ENTITY && all.body.contains("value=\"某01\""), "{}", all.body);
        let hostile = page("q=%3Cscript%3Ealert(1)&sort=%3Cscript%3E");
        assert!(hostile.body.contains("No line matches") && !hostile.body.contains("<script>alert"), "{}", hostile.body);
    }

    what_changes_and_who_is_not_named_are_lists_like_others(db) {
        let world = World::of(db);
        let agent = world.enter("agent");
        let (one, other) = (name_of(1), name_of(2));
        let newcomers = format!("{},赵六,9000,2025-07-03\n{},王五,11000,2025-07-03\n", number_of(4), number_of(5));
        let text = format!("身份证号码,姓名,月工资,起始日期\n{},{one},8000,\n{newcomers}", number_of(1));
        let begun = declared(&world, &agent, "2025-07", ("july.csv", text.as_bytes()));
        let to = begun.header("location").to_owned();
        let page = |query: &str| world.get(&format!("{to}?{query}"), &agent);
        assert!(in_order(&page("").body, &[&one, "赵六", "王五"]), "{}", page("").body);
        let down = page("sort=-after");
        assert!(in_order(&down.body, &["¥ 11,000.00", "¥ 9,000.00", "¥ 8,000.00"]), "{}", down.body);
        assert!(down.body.contains("aria-sort=\"descending\"") && down.body.contains("as=xlsx") && down.body.contains("name=\"seen\""));
        let csv = lines(&page("sort=after&as=csv"));
        assert!(csv.len() == 4 && csv[1].contains("wage changed,7000.00,8000.00") && csv[2].contains("赵六") && csv[3].contains("new,,11000.00"), "{csv:?}");
        assert_eq!(lines(&page("q=wage+changed&as=csv")).len(), 2);
        assert!(page("as=xlsx").header("content-disposition").contains("changes.xlsx"));
        // Who is not named is counted there and listed at an address of its own; their numbers are shown no further than elsewhere.
        assert!(down.body.contains(&format!("href=\"{to}/unnamed\"")) && !down.body.contains(&other), "{}", down.body);
        let unnamed = world.get(&format!("{to}/unnamed"), &agent);
        assert!(unnamed.body.contains(&other) && !unnamed.body.contains(&one) && !unnamed.body.contains(&number_of(2)), "{}", unnamed.body);
        let text = format!("身份证号码,姓名,月工资,起始日期\n{newcomers}");
        let begun = declared(&world, &agent, "2025-07", ("july.csv", text.as_bytes()));
        let unnamed = |query: &str| world.get(&format!("{}/unnamed?{query}", begun.header("location")), &agent);
        assert!(in_order(&unnamed("sort=-wage").body, &[&other, &one]) && in_order(&unnamed("sort=wage").body, &[&one, &other]));
        let csv = lines(&unnamed("sort=-wage&as=csv"));
        assert!(csv.len() == 3 && csv[1].contains("14000.00") && !csv[1].contains(&number_of(2)), "{csv:?}");
        assert_eq!(lines(&unnamed("q=%E7%94%B2&as=csv")).len(), 2);
        // A file that tells of some only forgets nobody.
        let fields = [("key", "some"), ("month", "2025-07"), ("coverage", "part")];
        let some = upload(&world, &agent, "/employer/declare", &down.csrf(), &fields, ("july.csv", text.as_bytes()));
        let nobody = world.get(&format!("{}/unnamed", some.header("location")), &agent);
        assert!(nobody.body.contains("the others stay as they are") && !nobody.body.contains(&one), "{}", nobody.body);
        assert_eq!(world.get(&format!("{to}/unnamed?as=csv"), &world.enter("one")).status, StatusCode::FORBIDDEN);
    }

    who_is_found_is_listed_by_addresses_that_tell_nothing(db) {
        let world = World::of(db);
        let clerk = world.working("clerk");
        let csrf = world.get("/counter", &clerk).csrf();
        let find = |form: &str| world.post("/counter", &clerk, &format!("csrf={csrf}&purpose=case+2025-0614&{form}"));
        // Persons by their numbers in the register alone.
        let found = find(&format!("query={}", number_of(1)));
        assert!(found.body.contains("href=\"/counter?persons=1&amp;sort=born\"") && found.body.contains("as=xlsx"), "{}", found.body);
        assert!(!found.body.contains(&format!("persons={}", number_of(1))));
        let both = world.get("/counter?persons=1.2&sort=-number", &clerk);
        assert!(in_order(&both.body, &["/counter/persons/2", "/counter/persons/1"]), "{}", both.body);
        let csv = lines(&world.get("/counter?persons=1.2&sort=number&as=csv", &clerk));
        assert!(csv.len() == 3 && csv[1].contains(&name_of(1)) && csv[2].contains(&name_of(2)), "{csv:?}");
        assert_eq!(noted(db, "person.find"), 2);
        // Another district's are not among them, nor is anybody for whom there is no purpose, nor more than an address may name.
        let mixed = world.get("/counter?persons=1.3.x.99999999999999.-1.%3Cscript%3E", &clerk);
        assert!(mixed.body.contains("/counter/persons/1\"") && !mixed.body.contains("/counter/persons/3\""), "{}", mixed.body);
        let silent = world.get("/counter?persons=1", &world.enter("clerk"));
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.body.contains("f-purpose-fault") && !silent.body.contains("/counter/persons/1"));
        // Looking through numbers in vain is counted for each of them, also beside one that is there.
        let many: Vec<String> = (1..=60).map(|number| number.to_string()).collect();
        let many = format!("/counter?persons={}", many.join("."));
        assert_eq!(world.get(&many, &clerk).status, StatusCode::OK);
        assert_eq!(world.get(&many, &clerk).status, StatusCode::TOO_MANY_REQUESTS);
        // Employers by what was looked for, which is nobody's secret.
        let city = world.working("city");
        let firms = world.get("/counter?for=employer&find=script&sort=-number", &city);
        assert!(firms.body.contains("/counter/employers/1") && !firms.body.contains("<script>alert"), "{}", firms.body);
        assert!(firms.body.contains("for=employer&amp;find=script&amp;sort=number"), "{}", firms.body);
        let csv = lines(&world.get("/counter?for=employer&find=script&as=csv", &city));
        assert_eq!(csv.len(), 2, "{csv:?}");
        assert_eq!(world.get("/counter?for=employer&find=x", &city).status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(world.get("/counter?for=employer&find=script&as=csv", &world.enter("one")).status, StatusCode::FORBIDDEN);
    }

    a_persons_months_and_looks_are_their_own_to_take(db) {
        let world = World::of(db);
        let own = world.enter("one");
        let months = lines(&world.get("/me?sort=-own&as=csv", &own));
        assert_eq!(months.len(), 4, "{months:?}");
        let own_share = |line: &String| line.rsplit(',').nth(2).unwrap().parse::<f64>().unwrap();
        assert!(months[1..].is_sorted_by(|one, next| own_share(one) >= own_share(next)), "{months:?}");
        assert!(world.get("/me?q=unemployment", &own).body.contains("1 lines") || world.get("/me?q=unemployment", &own).body.contains("Unemployment"));
        assert!(1 <= noted(db, "account.read"));
        let looks = world.get("/me/looks?own=1&sort=what", &own);
        assert!(looks.body.contains("aria-sort=\"ascending\"") && looks.body.contains("own=1&amp;sort=-what"), "{}", looks.body);
        assert!(lines(&world.get("/me/looks?own=1&as=csv", &own)).iter().any(|line| line.contains("the web, as a file")));
        // At the counter the same list is the clerk's to see and take, of those within reach.
        let clerk = world.working("clerk");
        assert_eq!(lines(&world.get("/counter/persons/1/months?sort=base&as=csv", &clerk)).len(), 4);
        assert_eq!(world.get("/counter/persons/3/months?as=csv", &clerk).status, StatusCode::NOT_FOUND);
    }

    receipts_that_wait_are_sorted_by_the_database(db) {
        let world = World::of(db);
        brought(&world, db);
        let city = world.working("city");
        let page = |query: &str| world.get(&format!("/counter/receipts?{query}"), &city);
        assert!(in_order(&page("").body, &["300.00", "50.00", "100.00"]));
        assert!(in_order(&page("sort=rest").body, &["50.00", "100.00", "300.00"]));
        assert!(in_order(&page("sort=-receipt").body, &["100.00", "50.00", "300.00"]));
        let narrowed = page("q=beta");
        assert!(narrowed.body.contains("Beta Ltd") && !narrowed.body.contains("300.00"), "{}", narrowed.body);
        // A percent sign is itself and nothing else; a quotation mark ends nothing.
        assert!(page("q=y%25").body.contains("100.00") && !page("q=y%25").body.contains("50.00 "));
        for odd in ["q=%27%20or%201%3D1%20--", "q=%5C", "q=!_", "sort=r.amount;drop", "page=99999999999999999999"] {
            assert_eq!(page(odd).status, StatusCode::OK, "{odd}");
        }
        let csv = lines(&page("sort=-rest&as=csv"));
        assert!(csv.len() == 4 && csv[1].contains("300.00") && csv[3].contains("'=1+1"), "{csv:?}");
        assert_eq!(lines(&page("q=beta&as=csv")).len(), 2);
        assert!(3 <= noted(db, "collect.waiting"));
        assert_eq!(world.get("/counter/receipts?as=csv", &world.enter("one")).status, StatusCode::FORBIDDEN);
    }

    the_log_is_searched_read_on_and_taken_along(db) {
        let world = World::of(db);
        let clerk = world.working("clerk");
        for _ in 0..60 {
            world.get("/counter/persons/1", &clerk);
        }
        let auditor = world.working("auditor");
        let page = |query: &str| world.get(&format!("/counter/log?{query}"), &auditor);
        let found = page("q=PERSON.read");
        assert!(found.body.contains("60 lines") && found.body.contains("1 / 2") && !found.body.contains("account.read"), "{}", found.body);
        let second = page("q=person.read&page=2");
        assert_eq!(second.body.matches("<code>person.read</code>").count(), 10);
        assert!(page("sort=at").body.contains("aria-sort=\"ascending\""));
        // The database sorts by nothing else.
        assert!(!page("").body.contains("sort=who"));
        let csv = lines(&page("q=person.read&as=csv"));
        assert_eq!(csv.len(), 61);
        assert!(1 <= noted(db, "audit.read"));
        assert!(lines(&page("of=1&number=1&sort=purpose&as=csv")).len() > 60);
        assert_eq!(world.get("/counter/log?as=csv", &clerk).status, StatusCode::FORBIDDEN);
    }

    a_planner_takes_sums_along_and_nothing_hidden(db) {
        let world = World::of(db);
        let planner = world.enter("planner");
        let csv = lines(&world.get("/city?show=due&sort=-due&as=csv", &planner));
        assert_eq!(csv.len(), 3);
        assert!(csv[1..].iter().all(|line| line.matches("below 5").count() == 4), "{csv:?}");
        let supervisor = world.working("supervisor");
        let month = world.get("/counter/month/2025-06?sort=-base", &supervisor);
        assert!(month.body.contains("aria-sort=\"descending\""), "{}", month.body);
        let csv = lines(&world.get("/counter/month/2025-06?sort=base&as=csv", &supervisor));
        let base = |line: &String| line.split(',').nth(3).unwrap().parse::<f64>().unwrap();
        assert!(3 < csv.len() && csv[1..].is_sorted_by_key(base), "{csv:?}");
    }

    the_rows_of_a_figure_are_anybodys_to_sort_and_take(db) {
        let world = World::of(db);
        let page = |query: &str| world.get(&format!("/law/cn/figure/delay-step?on=2025-06-30{query}"), "");
        let up = lines(&page("&sort=one&as=csv"));
        let down = lines(&page("&sort=-one&as=csv"));
        assert_eq!(up.len(), 4, "{up:?}");
        assert!(up[1..].is_sorted() && down[1..].iter().rev().eq(up[1..].iter()), "{up:?} {down:?}");
        assert!(page("&sort=one").body.contains("aria-sort=\"ascending\""));
        assert_eq!(lines(&page("&q=female&as=csv")).len(), 3);
        assert!(page("&as=xlsx").body.starts_with("PK"));
    }
}
