//! `law run`.

use crate::Desk;
use insta::assert_snapshot;

const UNDER: &str = "--jurisdiction cn-50 --as-of 2025-06-30";

/// A wrong type, an impossible date, an amount out of range and a missing value, among good rows.
fn people() -> &'static str {
    "id,月工资,birth-month,sex,town\n\
     a,5000,1965-03,male,east\n\
     b,1000,1970-12,女,west\n\
     c,plenty,1965-03,male,east\n\
     d,5000,1965-13,male,east\n\
     e,250000,1965-03,male,west\n\
     f,,1965-03,male,west\n\
     g,6543.21,1980-01,female,east\n"
}

#[test]
fn bad_rows_are_told_and_the_others_done() {
    let desk = Desk::new();
    desk.write("people.csv", people());
    let run = desk.run(&format!(
        "law run dues,retirement-month --in people.csv --out out.csv {UNDER}"
    ));
    assert_eq!(run.code, 3);
    assert_snapshot!("run", run.shown());
    assert_snapshot!("run_out", desk.read("out.csv"));
    assert_snapshot!("run_refused", desk.read("out.refused.csv"));
    let zh = desk.run(&format!(
        "law run 应缴额 --in people.csv --out out.csv --lang zh {UNDER}"
    ));
    assert_snapshot!("run_zh", zh.shown());
    let json = desk.run(&format!(
        "law run dues --in people.csv --out out.csv --format json {UNDER}"
    ));
    assert_snapshot!("run_json", json.shown());
    assert_eq!(json.json()["rows"], 7);
    // The impossible month is in a column that this rule does not read.
    assert_eq!(json.json()["refused_rows"], 3);
}

#[test]
fn good_rows_end_with_nought() {
    let desk = Desk::new();
    desk.write("people.csv", "id,wage\n1,5000\n2,1000\n");
    let run = desk.run(&format!(
        "law run dues --in people.csv --out out.parquet {UNDER}"
    ));
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.shown());
    assert!(!desk.has("out.refused.csv"));
    let back = desk.run(&format!(
        "law run dues --in out.parquet --out back.csv {UNDER}"
    ));
    assert_snapshot!("given", back.shown());
    assert_eq!(desk.read("back.csv"), "id,dues\n1,500.00\n2,400.00\n");
}

#[test]
fn what_cannot_begin_is_told_before_anything_runs() {
    let desk = Desk::new();
    desk.write("people.csv", "id,wgae,birth-month\n1,5000,1965-03\n");
    desk.write("twice.csv", "id,wage,月工资\n1,5000,5000\n");
    let asked = [
        "law run dues --in people.csv --out out.csv",
        "law run dues,retirement-month --in people.csv --out out.csv --lang zh",
        "law run dues --in twice.csv --out out.csv",
        "law run dues --in nowhere.csv --out out.csv",
        "law run dues --in people.xlsx --out out.csv",
        "law run dus --in people.csv --out out.csv",
        "law run wage --in people.csv --out out.csv",
        "law run paid-together --in people.csv --out out.csv",
        "law run paid-together --in people.csv --out out.csv --records years=history.csv",
        "law run dues --in people.csv --out out.csv --key name",
    ];
    let shown: String = asked
        .into_iter()
        .map(|asked| {
            let run = desk.run(&format!("{asked} {UNDER}"));
            assert_eq!((run.code, &*run.out), (1, ""), "{asked}");
            run.shown()
        })
        .collect();
    assert!(!desk.has("out.csv"));
    assert_snapshot!(shown);
}

#[test]
fn a_rule_outside_its_dates_says_from_when_it_exists() {
    let desk = Desk::new();
    desk.write("people.csv", "id,hired\n1,2020-01-01\n");
    let asked = "law run in-service --in people.csv --out out.csv --as-of 2021-06-30";
    assert_snapshot!(
        "outside",
        format!(
            "{}{}",
            desk.run(asked).shown(),
            desk.run(&format!("{asked} --lang zh")).shown()
        )
    );
    assert!(!desk.has("out.csv"));
    assert_eq!(
        desk.run("law run in-service --in people.csv --out out.csv --as-of 2022-01-01")
            .code,
        0
    );
}

#[test]
fn records_come_from_a_file_of_their_own() {
    let desk = Desk::new();
    desk.write("people.csv", "id\n1\n2\n3\n");
    desk.write(
        "history.csv",
        "id,year,paid\n1,2023,100\n1,2024,250.50\n3,2024,7\n",
    );
    let asked = "law run paid-together --in people.csv --records contribution-years=history.csv --out out.csv --as-of 2025-06-30";
    let run = desk.run(asked);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(
        desk.read("out.csv"),
        "id,paid-together\n1,350.50\n2,0.00\n3,7.00\n"
    );
}

#[test]
fn a_column_that_only_some_rows_need_may_be_missing() {
    let desk = Desk::new();
    desk.change(
        "law/cn/dues.law",
        "    max(wage, wage-floor) * dues-rate",
        "    let counted = max(wage, wage-floor)\n    (if children > 2 then wage else counted) * dues-rate",
    );
    desk.change("law/cn/terms.law", "  default 0\n", "");
    desk.write("all.csv", "id,children\n1,0\n");
    let missing = desk.run(&format!("law run dues --in all.csv --out out.csv {UNDER}"));
    assert!(
        missing.code == 3 || missing.err.contains("C0107"),
        "{}",
        missing.shown()
    );
    desk.change(
        "law/cn/dues.law",
        "    birth-month + retirement-age(sex)",
        "    if sex = male then birth-month else first-month + retirement-age(female)",
    );
    desk.change(
        "law/cn/terms.law",
        "input hired",
        "input first-month 首月 of person : month\n\ninput hired",
    );
    desk.write(
        "people.csv",
        "id,sex,birth-month\n1,male,1965-03\n2,female,1965-03\n",
    );
    let run = desk.run(&format!(
        "law run retirement-month --in people.csv --out out.csv {UNDER}"
    ));
    assert_eq!(run.code, 3, "{}", run.shown());
    assert_eq!(desk.read("out.csv"), "id,retirement-month\n1,1965-03\n2,\n");
    assert!(desk.read("out.refused.csv").contains("R0101"));
    desk.write("people.csv", "id,birth-month\n1,1965-03\n");
    let run = desk.run(&format!(
        "law run retirement-month --in people.csv --out out.csv {UNDER}"
    ));
    assert!(
        run.code == 1 && run.err.contains("C0107") && run.err.contains("sex"),
        "{}",
        run.shown()
    );
    assert!(!run.err.contains("first-month"), "{}", run.err);
}

#[test]
fn records_given_are_used_where_a_given_value_is_missing() {
    let desk = Desk::new();
    desk.change("law/cn/dues.law", "rule class", "rule paid-twice 双倍 of person : money\n  from 2020-01-01\n    paid-together * 2\n\nrule class");
    desk.write("people.csv", "id,paid-together\n1,5\n2,\n");
    desk.write("history.csv", "id,year,paid\n1,2024,100\n2,2024,100\n");
    let run = desk.run(&format!("law run paid-twice --in people.csv --records contribution-years=history.csv --out out.csv {UNDER}"));
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(desk.read("out.csv"), "id,paid-twice\n1,10.00\n2,200.00\n");
}

#[test]
fn rows_come_out_as_cases_are_explained() {
    let desk = Desk::new();
    let rows: Vec<(String, &str, String)> = (0..40)
        .map(|n: u64| {
            let wage = format!("{}.{:02}", n * n * 53 % 9_000, n * 37 % 100);
            (
                wage,
                if n.is_multiple_of(2) {
                    "male"
                } else {
                    "female"
                },
                format!("{}-{:02}", 1960 + n % 30, 1 + n % 12),
            )
        })
        .collect();
    let lines = (1..)
        .zip(&rows)
        .map(|(id, (wage, sex, month)): (usize, _)| format!("{id},{wage},{sex},{month}\n"));
    desk.write(
        "people.csv",
        &format!("id,wage,sex,birth-month\n{}", lines.collect::<String>()),
    );
    let run = desk.run(&format!(
        "law run dues,retirement-month --in people.csv --out out.csv {UNDER}"
    ));
    assert_eq!(run.code, 0, "{}", run.shown());
    let out = desk.read("out.csv");
    for (line, (wage, sex, month)) in out.lines().skip(1).zip(&rows).step_by(3) {
        let facts =
            format!("{{\"wage\": \"{wage}\", \"sex\": \"{sex}\", \"birth-month\": \"{month}\"}}");
        let explained = ["dues", "retirement-month"].map(|rule| {
            let run = desk.run_with(
                &format!("law explain {rule} --facts - --format json {UNDER}"),
                &facts,
                &[],
            );
            run.json()["value"]["value"].as_str().unwrap().to_owned()
        });
        assert_eq!(
            line.split(',').skip(1).collect::<Vec<_>>(),
            explained,
            "{facts}"
        );
    }
    assert_eq!(out.lines().count(), 41);
}

#[test]
fn threads_change_nothing() {
    let desk = Desk::new();
    let lines: String = (0..5_000)
        .map(|n| format!("{n},{}\n", n * 7 % 20_000))
        .collect();
    desk.write("people.csv", &format!("id,wage\n{lines}"));
    for threads in [1, 3] {
        desk.run(&format!(
            "law run dues --in people.csv --out out{threads}.csv --threads {threads} {UNDER}"
        ));
    }
    assert_eq!(desk.read("out1.csv"), desk.read("out3.csv"));
}
