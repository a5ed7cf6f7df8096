//! `law explain`.

use crate::Desk;
use insta::assert_snapshot;

#[test]
fn a_case_is_explained_in_three_forms() {
    let desk = Desk::new();
    desk.write("facts.json", "{ \"wage\": 1000 }");
    let asked = "law explain dues --facts facts.json --jurisdiction cn-50 --as-of 2025-06-30";
    assert_snapshot!("explain", desk.run(asked).shown());
    assert_snapshot!(
        "explain_zh",
        desk.run(&format!("{asked} --lang zh")).shown()
    );
    let json = desk.run(&format!("{asked} --format json")).json();
    assert_eq!(json["value"]["value"], "400.00");
    assert_eq!(json["jurisdiction"]["id"], "cn-50");
    let page = desk.run(&format!("{asked} --format html")).out;
    assert!(page.contains("<html") && page.contains("400.00"), "{page}");
}

#[test]
fn facts_may_come_through_the_input_and_names_be_chinese() {
    let desk = Desk::new();
    let run = desk.run_with(
        "law explain 应缴额 --facts - --jurisdiction cn-50 --as-of 2021-01-01",
        "{\"月工资\": 5000}",
        &[],
    );
    assert!(
        run.code == 0 && run.out.starts_with("dues = 400.00 yuan"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_template_can_be_filled_in() {
    let desk = Desk::new();
    let run = desk.run("law explain retirement-month --template");
    assert_snapshot!(run.shown());
    let filled = run.out.replace("\"<male | female>\"", "\"male\"");
    let start = filled.find("\"<a month").unwrap();
    let end = start + filled[start..].find(">\"").unwrap() + 2;
    let filled = format!("{}\"1965-03\"{}", &filled[..start], &filled[end..]);
    let run = desk.run_with(
        "law explain retirement-month --facts - --as-of 2024-01-01",
        &filled,
        &[],
    );
    assert!(
        run.code == 0 && run.out.contains("2025-03"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_refusal_ends_with_one_and_says_how_to_mend_it() {
    let desk = Desk::new();
    desk.write("none.json", "{}");
    desk.write("four.json", "{ \"children\": 4 }");
    desk.write("high.json", "{ \"wage\": 250000 }");
    let asked = [
        "law explain dues --facts none.json --jurisdiction cn-50 --as-of 2025-06-30",
        "law explain dues --facts none.json --jurisdiction cn-50 --as-of 2025-06-30 --lang zh",
        "law explain bonus --facts four.json --as-of 2025-06-30",
        "law explain dues --facts high.json --jurisdiction cn-50 --as-of 2025-06-30",
        "law explain in-service --facts none.json --as-of 2021-06-30",
        "law explain dues --facts high.json --as-of 2025-06-30",
    ];
    let shown: String = asked
        .into_iter()
        .map(|asked| {
            let run = desk.run(asked);
            assert_eq!(run.code, 1, "{asked}");
            // The first lines say it; the steps are the explainer's own matter.
            format!(
                "$ {asked}\n{}\n",
                run.out.lines().take(3).collect::<Vec<_>>().join("\n")
            )
        })
        .collect();
    assert_snapshot!(shown);
    let json = desk.run("law explain dues --facts none.json --jurisdiction cn-50 --as-of 2025-06-30 --format json").json();
    assert_eq!(json["refusal"]["code"], "R0101");
}

#[test]
fn all_faults_of_the_facts_are_told_at_once() {
    let desk = Desk::new();
    desk.write(
        "facts.json",
        "{ \"wgae\": 1, \"sex\": \"mail\", \"birth-month\": \"1965-13\", \"children\": 1.5 }",
    );
    assert_snapshot!(
        "faults",
        desk.run("law explain dues --facts facts.json").shown()
    );
    assert_snapshot!(
        "faults_zh",
        desk.run("law explain dues --facts facts.json --lang zh")
            .shown()
    );
    assert_snapshot!(
        "no_facts",
        desk.run("law explain dues --facts nowhere.json").shown()
    );
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let desk = Desk::new();
    desk.write("facts.json", "{}");
    for (number, rule) in ["dus", "退休月", "wage", "retirement"]
        .into_iter()
        .enumerate()
    {
        assert_snapshot!(
            format!("unknown_{number}"),
            desk.run(&format!("law explain {rule} --facts facts.json"))
                .shown()
        );
    }
}
