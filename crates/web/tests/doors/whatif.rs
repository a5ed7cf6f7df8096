//! A law tried as another: what is said of it, and what is not taken.

use crate::world::{Answer, World};
use axum::http::StatusCode;

const PATH: &str = "/law/cn-50/what-if";
const DUES: &str = "with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due";

fn asked(world: &World, query: &str) -> Answer {
    world.get(&format!("{PATH}?{query}"), "")
}

/// What a column of a CSV comes to, in its last decimals.
fn sum(csv: &str, name: &str) -> i64 {
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let mut heads = lines.next().unwrap().split(',');
    let place = heads.position(|head| head == name);
    let place = place.unwrap_or_else(|| panic!("{name} in {csv}"));
    let cell = |line: &str| {
        let cell = line.split(',').nth(place).unwrap().replace('.', "");
        cell.parse::<i64>().unwrap()
    };
    lines.map(cell).sum()
}

store::both! {
    a_figure_is_chosen_changed_and_told_over_the_city(db) {
        let world = World::of(db);
        // From the library, from the figure's own page, by a search.
        assert!(world.get("/law", "").body.contains("href=\"/law/cn-50/what-if\""));
        let figure = world.get("/law/cn/figure/employer-rate", "");
        assert!(figure.body.contains("/law/cn-50/what-if?figure=employer-rate"), "{}", figure.body);
        // Nothing that can be asked hangs on a day of chasing.
        assert!(!world.get("/law/cn/figure/late-fee-rate", "").body.contains("/what-if?figure="));
        let found = asked(&world, "q=rate");
        assert!(found.body.contains("figure=employer-rate") && !found.body.contains("figure=delay-step"), "{}", found.body);
        let form = asked(&world, "figure=employer-rate");
        assert!(form.body.contains("16%") && form.body.contains("value=\"employer-due\""), "{}", form.body);
        let table = asked(&world, "figure=delay-step");
        assert!(table.body.contains("male-60: 4 months") && table.body.contains("value=\"retirement-month\""), "{}", table.body);
        // What is missing is told at its field; what is whole has an address of its own.
        let missing = asked(&world, "figure=employer-rate&value=&since=2025-02-30&ask=");
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["f-value-fault", "f-since-fault", "#f-ask"] {
            assert!(missing.body.contains(field), "{field} {}", missing.body);
        }
        let sent = asked(&world, "figure=employer-rate&value=15%25&since=2025-06-30&ask=employer-due");
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, format!("{PATH}?{DUES}").as_str()));
        let result = asked(&world, DUES);
        assert_eq!(result.status, StatusCode::OK, "{}", result.body);
        // A due that falls is no loss to who pays it.
        for part in ["Cost the employer less", "employer-rate", "16%", "15%", "<svg", "what-if.csv?with=employer-rate%3D15%25", "Yubei"] {
            assert!(result.body.contains(part), "{part} {}", result.body);
        }
        assert!(!result.body.contains(" gain") && !result.body.contains(" lose"));
        let zh = asked(&world, &format!("{DUES}&lang=zh"));
        assert!(zh.body.contains("单位少缴") && zh.body.contains("渝北"), "{}", zh.body);
        // The page is a function of its address, and so is the file.
        let file = |ending: &str| world.get(&format!("{PATH}/what-if.{ending}?{DUES}"), "");
        let csv = file("csv");
        assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
        let [before, after, change] = ["Altogether before", "Altogether after", "Change altogether"].map(|name| sum(&csv.body, name));
        // A sixteenth less, but for what is rounded to the fen for each of some thousand people.
        assert!(100_000_000 < before && (before * 15 / 16 - after).abs() < 2_000 && after - before == change, "{before} {after} {change}");
        let [all, less] = ["Concerned", "Cost the employer less"].map(|name| sum(&csv.body, name));
        assert!(500 < all && all == less, "{all} {less}");
        assert_eq!(file("csv").body, csv.body);
        assert!(file("xlsx").body.starts_with("PK"));
        assert_eq!(file("exe").status, StatusCode::NOT_FOUND);
    }

    each_question_says_more_and_less_in_its_own_words(db) {
        let world = World::of(db);
        for (query, words) in [
            ("with=employee-rate%3D9%25&since=2025-06-30&ask=employee-due", "Pay more"),
            ("with=transitional-coefficient%3D1.5%25&since=2025-06-30&ask=monthly-pension", "Get more"),
            ("with=delay-step%28male-60%29%3D2+months&since=2025-06-30&ask=retirement-month", "Retire later"),
            ("with=employee-rate%3D9%25&with=floor-share%3D70%25&since=2025-06-30&ask=employee-due", "floor-share"),
        ] {
            let result = asked(&world, query);
            assert!(result.status == StatusCode::OK && result.body.contains(words), "{query} {}", result.body);
        }
        // A year whose average wage is not known has no dues: the law's own words, a row each.
        let unknown = asked(&world, "with=employee-rate%3D9%25&since=2026-06-30&ask=employee-due");
        assert!(unknown.body.contains("R0"), "{}", unknown.body);
    }

    what_the_law_does_not_take_is_told_in_its_words(db) {
        let world = World::of(db);
        for (with, code) in [
            ("employer-rate%3D9+yuan", "N1004"),
            ("employer-rate%3Dlots", "N1004"),
            ("employer-rate%3D", "N1004"),
            ("employer-rate%3D9%25%0A%20%20from%202030-01-01%20%3D%201%25", "N1004"),
            ("employer-rate%3D%3Cscript%3Ealert(1)%3C%2Fscript%3E", "N1004"),
            ("employer-rate%3D%22x%22", "N1004"),
            ("employer-rate%3D99999999999999999999999%25", "N1004"),
            ("employer-rte%3D9%25", "N1001"),
            ("wage%3D9%25", "N1001"),
            ("delay-step%3D2+months", "N1002"),
            ("delay-step%28nobody%29%3D2+months", "N1002"),
            ("employer-rate%28male-60%29%3D2%25", "N1002"),
        ] {
            let refused = asked(&world, &format!("with={with}&since=2025-06-30&ask=employer-due"));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{with}");
            assert!(refused.body.contains(code), "{with} {}", refused.body);
            assert!(!refused.body.contains("<script>alert"), "{with}");
        }
        let yuan = asked(&world, "with=employer-rate%3D9+yuan&since=2025-06-30&ask=employer-due");
        assert!(yuan.body.contains("(L0301)") && yuan.body.contains("write a rate, such as 9%") && yuan.body.contains("value=\"9 yuan\""), "{}", yuan.body);
        // Each in the reader's language, with what would be taken.
        for (value, why, takes) in [
            ("employer-rate%3D9+yuan", "种类或单位不对（L0301）", "应写比例，如 9%"),
            ("employer-rate%3Dlots", "没有这个名称（L0202）", "比例"),
            ("employer-rate%3D1+%2B+2", "这不是一个数值（L0313）", "比例"),
            ("employer-rate%3D1.2345678%25", "小数位太多，或数值太大（L0314）", "至多六位小数"),
            ("employer-rate%3D99999999999999999999999%25", "这不是一个数值（L0005）", "比例"),
            ("employer-rate%3D", "这不是一个数值", "比例"),
            ("delay-step%28male-60%29%3D2+days", "种类或单位不对（L0301）", "应写月数，如 3 months"),
        ] {
            let refused = asked(&world, &format!("lang=zh&with={value}&since=2025-06-30&ask=employer-due"));
            assert!(refused.body.contains(why) && refused.body.contains(takes), "{value} {}", refused.body);
            assert!(!refused.body.contains("expected"), "{value} {}", refused.body);
        }
        let early = asked(&world, "with=employer-rate%3D9%25&since=1990-01-01&ask=employer-due");
        assert!(early.body.contains("N1003") && early.body.contains("f-since-fault"), "{}", early.body);
        let five = ["a", "b", "c", "d", "e"].map(|name| format!("with={name}%3D1%25"));
        let five = asked(&world, &format!("{}&since=2025-06-30&ask=employer-due", five.join("&")));
        assert!(five.status == StatusCode::UNPROCESSABLE_ENTITY && five.body.contains("N1005"), "{}", five.body);
        for (path, status) in [
            ("/law/nowhere/what-if", StatusCode::NOT_FOUND),
            ("/law/cn-50/what-if/what-if.csv", StatusCode::BAD_REQUEST),
            ("/law/cn-50/what-if/..%2fwhat-if.csv", StatusCode::NOT_FOUND),
        ] {
            assert_eq!(world.get(path, "").status, status, "{path}");
        }
        // However much is sent, little is kept of it and the page stays small.
        let huge = format!("{}figure={}&q={}", "with=x%3D1&".repeat(2_000), "f".repeat(10_000), "q".repeat(10_000));
        let huge = asked(&world, &huge);
        assert!(huge.status == StatusCode::OK && huge.body.len() < 100_000, "{} {}", huge.status, huge.body.len());
    }

    nobody_keeps_the_house_busy(db) {
        let world = World::of(db);
        assert_eq!(asked(&world, DUES).status, StatusCode::OK);
        // Each is refused at once, and still counts.
        let others = (0..40).map(|number| {
            let with = ["a", "b", "c", "d"].map(|name| format!("with={name}%3D1%25"));
            let query = format!("{}&with=e%3D{number}%25&since=2025-06-30&ask=employer-due", with.join("&"));
            asked(&world, &query).status
        });
        let others: Vec<StatusCode> = others.collect();
        assert_eq!(others.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count(), 11, "{others:?}");
        // What is known already is shown all the same; time lets more be asked.
        assert_eq!(asked(&world, DUES).status, StatusCode::OK);
        world.later(1);
        assert_eq!(asked(&world, "with=e%3D1%25&since=2025-06-30&ask=employer-due").status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
