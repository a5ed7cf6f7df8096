//! A law tried over the people of a file: who may, what is told of few, and what becomes of the file.

use crate::filled::people;
use crate::world::{Answer, World, upload};
use axum::http::StatusCode;
use store::{Db, params};

const PATH: &str = "/law/cn-50/what-if";
const DUES: &str = "with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due";

fn sent(world: &World, cookie: &str, query: &str, file: (&str, &[u8])) -> Answer {
    let csrf = world.get("/", cookie).csrf();
    let to = format!("{PATH}/population?{query}");
    upload(world, cookie, &to, &csrf, &[], file)
}

/// A town of sixty: three alone in a district, one whose wage cannot be read, one without, one of no district that is known.
fn town() -> String {
    let row = |at: usize| {
        let wage = match at {
            40 => "plenty".to_owned(),
            41 => String::new(),
            _ => (6_000 + 100 * at).to_string(),
        };
        let district = match at {
            0..30 => "渝中区",
            30..33 => "jiangbei",
            59 => "Atlantis",
            _ => "渝北区",
        };
        format!("p{at:02},{wage},{district},nobody reads this\n")
    };
    let rows: String = (0..60).map(row).collect();
    format!("id,wage,区县,note\n{rows}")
}

fn lines(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let text = answer.body.trim_start_matches('\u{feff}');
    let text = text.replace("\"below 5, not shown\"", "hidden");
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(cells).collect()
}

fn noted(db: &Db) -> Vec<String> {
    let sql = "select detail from audit where action = 'reform.try' order by audit";
    let mut details = Vec::new();
    db.read(|tx| {
        details.clear();
        tx.stream(sql, params![], |row| {
            details.push(row.get(0)?);
            Ok::<(), store::Error>(())
        })
    })
    .unwrap();
    details
}

store::both! {
    a_planner_tries_a_reform_over_a_file(db) {
        let world = World::of(db);
        let planner = world.enter("planner");
        // Who may is led there from what came of the made-up city.
        let to = format!("href=\"{PATH}/population?with=employer-rate%3D15%25&amp;since=2025-06-30&amp;ask=employer-due\"");
        assert!(world.get(&format!("{PATH}?{DUES}"), &planner).body.contains(&to));
        assert!(!world.get(&format!("{PATH}?{DUES}"), "").body.contains("/population"));
        let form = world.get(&format!("{PATH}/population?{DUES}"), &planner);
        for part in ["employer-rate=15%", "<code>wage</code>", "<code>district</code>", "accept=\".csv,.parquet,.arrow\"", "The file is deleted"] {
            assert!(form.body.contains(part), "{part} {}", form.body);
        }
        assert!(!form.body.contains("name=\"records\""));
        let done = sent(&world, &planner, DUES, ("../town.csv", town().as_bytes()));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let at = done.header("location");
        let result = world.get(at, &planner);
        for part in ["a file of 60 rows", "Cost the employer less", "16%", "<svg", "Yubei", "below 5, not shown", "Try another file", "District not known"] {
            assert!(result.body.contains(part), "{part} {}", result.body);
        }
        // What was refused is told by column, code and row, and nothing of what stood there.
        for part in ["<code>wage</code>: a cell that cannot be read (C0121), first in row 41", "<code>wage</code>: a fact is missing (R0101), first in row 42"] {
            assert!(result.body.contains(part), "{part} {}", result.body);
        }
        assert!(!result.body.contains("plenty") && !result.body.contains("Atlantis") && !result.body.contains("p40"));
        // A hundredth of what the others earn, to the fen.
        let wages: usize = (0..60).filter(|at| ![40, 41].contains(at)).map(|at| 6_000 + 100 * at).sum();
        let less = format!("{},{:03}.00", wages / 100 / 1_000, wages / 100 % 1_000);
        assert!(result.body.contains(&format!("¥ -{less}")), "{less} {}", result.body);
        let csv = lines(&world.get(&format!("{at}/what-if.csv"), &planner));
        let of = |district: &str| csv.iter().filter(|line| line[0] == district).collect::<Vec<_>>();
        assert!(of("Jiangbei").iter().all(|line| line[3..].iter().all(|cell| cell == "hidden")), "{csv:?}");
        let shown = csv[1..].iter().filter(|line| line[3] != "hidden").collect::<Vec<_>>();
        let told = |line: &&&Vec<String>| line[3] == "0" || 5 <= line[3].parse::<u64>().unwrap();
        assert!(2 < shown.len() && shown.iter().filter(told).count() == shown.len(), "{csv:?}");
        // Nor how few had no answer.
        assert!(shown.iter().any(|line| line[3] == "0" && line[7] == "hidden"), "{csv:?}");
        // Where bands end is nobody's wage; the least and the greatest are told of nobody.
        assert!(csv[1..].iter().all(|line| line[1].is_empty() || line[1] == "0.00" || line[1].ends_with("00.01")), "{csv:?}");
        assert!(world.get(&format!("{at}/what-if.xlsx"), &planner).body.starts_with("PK"));
        assert_eq!(world.get(&format!("{at}/all.csv"), &planner).status, StatusCode::NOT_FOUND);
        assert!(world.get(&format!("{at}?lang=zh"), &planner).body.contains("60 行的文件"));
        assert_eq!(noted(db), ["employer-rate=15% since 2025-06-30, employer-due: 60 rows of a file"]);
        // It is theirs alone, and for a day.
        for (login, status) in [("supervisor", StatusCode::NOT_FOUND), ("one", StatusCode::FORBIDDEN), ("clerk", StatusCode::FORBIDDEN)] {
            assert_eq!(world.get(at, &world.enter(login)).status, status, "{login}");
        }
        assert_eq!(world.get(at, "").status, StatusCode::SEE_OTHER);
        world.later(24 * 60);
        assert_eq!(world.get(at, &world.enter("planner")).status, StatusCode::NOT_FOUND);
    }

    what_is_no_population_is_told_at_the_file(db) {
        let world = World::of(db);
        let planner = world.enter("planner");
        let nobodys = sent(&world, &world.enter("agent"), DUES, ("a.csv", people().as_bytes()));
        assert_eq!(nobodys.status, StatusCode::FORBIDDEN);
        let to = format!("{PATH}/population?{DUES}");
        let foreign = upload(&world, &planner, &to, "0", &[], ("a.csv", people().as_bytes()));
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let four = people().lines().take(5).map(|line| format!("{line}\n")).collect::<String>();
        let pensions = "with=transitional-coefficient%3D1.5%25&since=2025-06-30&ask=monthly-pension";
        let unlawful = "with=employer-rate%3D9+yuan&since=2025-06-30&ask=employer-due";
        for (query, file, text, code) in [
            (DUES, "", "", "choose a file"),
            (DUES, "a.csv", "", "choose a file"),
            (DUES, "a.exe", "MZ", "C0103"),
            (DUES, "a.xlsx", "PK", "C0103"),
            (DUES, "a.csv", "\u{0}\u{1}", "C0105"),
            (DUES, "a.parquet", "PAR1", "C0112"),
            (DUES, "<b>.csv", "id;wages\n1;2\n", "C0106"),
            (DUES, "a.csv", "id,wage,wage\n1,2,3\n", "C0108"),
            (DUES, "a.csv", four.as_str(), "N1010"),
            (pensions, "a.csv", "id,birth-month\n1,1965-03\n", "N1008"),
            (unlawful, "a.csv", "id,wage\n1,2\n", "N1004"),
        ] {
            let refused = sent(&world, &planner, query, (file, text.as_bytes()));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code} {}", refused.body);
            assert!(refused.body.contains(code) && refused.body.contains("aria-invalid=\"true\""), "{code} {}", refused.body);
            // Where the file lay is nobody's business.
            assert!(!refused.body.contains("/tmp") && !refused.body.contains("<b>"), "{code} {}", refused.body);
        }
        // Who tries again and again to be told of a few is seen.
        let tried = noted(db);
        assert!(tried.iter().all(|one| one.contains(": a file, refused with ")), "{tried:?}");
        assert!(tried.iter().any(|one| one.ends_with("N1010")), "{tried:?}");
        // Without a whole question one is asked first.
        let begin = world.get(&format!("{PATH}/population?with=employer-rate%3D15%25"), &planner);
        assert_eq!(begin.header("location"), format!("{PATH}?with=employer-rate%3D15%25"));
    }

    large_files_come_in(db) {
        let world = World::of(db);
        let planner = world.enter("planner");
        // Three megabytes of people, written down as they come.
        let rows: String = (0..120_000).map(|row| format!("p{row:07},{}.00,渝中区\n", 6_000 + row % 90)).collect();
        let done = sent(&world, &planner, DUES, ("many.csv", format!("id,wage,district\n{rows}").as_bytes()));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let result = world.get(done.header("location"), &planner);
        assert!(result.body.contains("a file of 120,000 rows"), "{}", result.body);
    }
}
