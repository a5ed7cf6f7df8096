//! Verbs about the law's texts: check, fmt, test, list, error.

use crate::Desk;
use insta::assert_snapshot;
use serde_json::Value as Json;

#[test]
fn a_sound_law_is_said_to_be_sound() {
    assert_snapshot!(Desk::new().run("law check").shown());
}

/// One error of grammar and two of types, in two files.
fn malformed() -> Desk {
    let desk = Desk::new();
    desk.change(
        "law/cn/dues.law",
        "max(wage, wage-floor)",
        "max(sex, wage-floor)",
    );
    desk.change("law/cn/dues.law", "    sum of paid over", "    sum of over");
    desk.change("law/cn-50/floor.law", "= 3_000 yuan", "= 3_000 months");
    desk
}

#[test]
fn a_malformed_law_is_told_of_all_its_errors_at_once() {
    assert_snapshot!(malformed().run("law check").shown());
}

#[test]
fn messages_for_programs_are_a_line_each_and_the_counts_last() {
    let run = malformed().run("law check --format json");
    assert_eq!(run.code, 1);
    let lines: Vec<Json> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (summary, messages) = lines.split_last().unwrap();
    let errors = messages
        .iter()
        .filter(|message| message["severity"] == "error")
        .count();
    assert_eq!(summary["summary"]["errors"], errors);
    assert!(errors >= 3, "{}", run.out);
    let files: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["file"].as_str())
        .collect();
    assert!(
        files.contains(&"cn/dues.law") && files.contains(&"cn-50/floor.law"),
        "{files:?}"
    );
}

#[test]
fn nothing_runs_under_a_malformed_law() {
    let desk = malformed();
    desk.write("people.csv", "id,wage\n1,5000\n");
    for asked in [
        "law run dues --in people.csv --out dues.csv",
        "law test",
        "law list",
        "law explain dues --template",
    ] {
        let run = desk.run(asked);
        assert_eq!((run.code, &*run.out), (1, ""), "{asked}");
        assert!(run.err.contains("nothing was run"), "{}", run.err);
    }
    assert!(!desk.has("dues.csv"));
}

#[test]
fn where_the_law_comes_from() {
    let built_in = Desk::bare().run("law check --verbose");
    assert!(
        built_in.err.contains("built-in") && built_in.code == 0,
        "{}",
        built_in.shown()
    );
    let here = Desk::new().run("law check --verbose");
    assert_eq!(here.err, "law from: law\n");
    let named = Desk::new().run("law check --law nowhere");
    assert_eq!(named.code, 1);
    let empty = Desk::bare();
    empty.write("papers/readme.txt", "");
    assert_snapshot!(empty.run("law check --law papers").shown());
}

#[test]
fn texts_are_laid_out() {
    let desk = Desk::new();
    assert_eq!(desk.run("law fmt --check").code, 0);
    desk.change("law/cn/dues.law", "  number \"测", "  number     \"测");
    let sound = desk.read("law/cn/terms.law");
    assert_snapshot!("fmt_check", desk.run("law fmt --check").shown());
    assert!(
        desk.read("law/cn/dues.law").contains("number     "),
        "--check changes nothing"
    );
    assert_eq!(desk.run("law fmt").code, 0);
    assert!(desk.read("law/cn/dues.law").contains("number \"测"));
    assert_eq!(desk.read("law/cn/terms.law"), sound);
    let piped = desk.run_with("law fmt -", "enum   sexes\n  male\n", &[]);
    assert_eq!((piped.code, &*piped.out), (0, "enum sexes\n  male\n"));
    let broken = malformed();
    let before = broken.read("law/cn/dues.law");
    let run = broken.run("law fmt");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("1 left alone"), "{}", run.err);
    assert_eq!(
        broken.read("law/cn/dues.law"),
        before,
        "a text with errors is left alone"
    );
}

#[test]
fn examples_run_where_they_stand() {
    let desk = Desk::new();
    assert_snapshot!("test_all", desk.run("law test --verbose").shown());
    let counted = |filter: &str| desk.run(&format!("law test {filter}")).out;
    assert_eq!(
        counted("cn-50/floor"),
        "1 example: 1 passed, 0 failed\n",
        "by file"
    );
    assert_eq!(
        counted("退休月份"),
        "1 example: 1 passed, 0 failed\n",
        "by rule"
    );
    assert_eq!(
        counted("'above the floor'"),
        "1 example: 1 passed, 0 failed\n",
        "by title"
    );
    assert_eq!(
        counted("--jurisdiction cn"),
        "2 examples: 2 passed, 0 failed\n"
    );
    assert_snapshot!("test_none", desk.run("law test pensoin").shown());
}

#[test]
fn a_failed_example_says_what_was_expected_and_what_came_out() {
    let desk = Desk::new();
    desk.change(
        "law/cn-50/floor.law",
        "then dues = 400 yuan",
        "then dues = 395 yuan within 1 yuan because \"rounded\"",
    );
    desk.change(
        "law/cn/dues.law",
        "then retirement-month = 2025-03",
        "then retirement-month refused",
    );
    assert_snapshot!(desk.run("law test").shown());
}

#[test]
fn the_list_says_how_surely_each_is_known() {
    let desk = Desk::new();
    assert_snapshot!("list", desk.run("law list").shown());
    assert_snapshot!(
        "list_zh",
        desk.run("law list --jurisdiction cn-50 --lang zh").shown()
    );
    assert_snapshot!(
        "list_as_of",
        desk.run("law list --jurisdiction cn-50 --as-of 2021-01-01")
            .shown()
    );
    assert_snapshot!(
        "list_unconfirmed",
        desk.run("law list --unconfirmed").shown()
    );
    assert_snapshot!(
        "list_wrong_jurisdiction",
        desk.run("law list --jurisdiction cn-51").shown()
    );
}

#[test]
fn nothing_unconfirmed_is_listed_as_confirmed() {
    let desk = Desk::new();
    let list = desk
        .run("law list --jurisdiction cn-50 --format json")
        .json();
    let item = |id: &str| {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == id)
            .unwrap()
    };
    assert_eq!(item("retirement-age")["confirmed"], true);
    // One of its two values is a rumour.
    assert_eq!(item("dues-rate")["confirmed"], false);
    assert_eq!(item("dues-rate")["doubts"][0]["note"], "seen on a forum");
    assert_eq!(item("bonus-by-children")["values"]["unset"], 1);
    assert_eq!(item("wage-floor")["jurisdiction"], "cn-50");
    let then = desk
        .run("law list --jurisdiction cn-50 --as-of 2024-01-01 --format json")
        .json();
    let rate = then["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == "dues-rate")
        .unwrap()
        .clone();
    assert_eq!(rate["confirmed"], true, "the rumour is about later");
    let left = desk.run("law list --format json").json();
    let floor = left["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == "wage-floor")
        .unwrap()
        .clone();
    assert_eq!(
        floor["confirmed"],
        floor["jurisdiction"] != "cn",
        "what says nothing is not confirmed"
    );
}

#[test]
fn codes_have_pages() {
    let desk = Desk::bare();
    let page = desk.run("law error l0202");
    assert!(
        page.code == 0 && page.out.starts_with("# L0202"),
        "{}",
        page.out
    );
    assert!(desk.run("law error").out.lines().count() > 50);
    assert_snapshot!(desk.run("law error L2020").shown());
}
