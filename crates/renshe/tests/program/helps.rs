//! What each verb says of itself, and wrong usage.

use crate::Desk;
use insta::assert_snapshot;

#[test]
fn every_verb_explains_itself() {
    let desk = Desk::bare();
    assert_snapshot!("help", desk.run("--help").shown());
    for verb in [
        "check", "fmt", "test", "list", "explain", "run", "diff", "error",
    ] {
        let run = desk.run(&format!("law {verb} --help"));
        assert_eq!(run.code, 0);
        assert!(
            run.out.contains("Examples:") && run.out.contains("Exit codes:"),
            "{}",
            run.out
        );
        assert_snapshot!(format!("help_{verb}"), run.shown());
    }
    assert_snapshot!("help_synth", desk.run("synth --help").shown());
}

#[test]
fn wrong_usage_ends_with_two() {
    let desk = Desk::new();
    let asked = [
        "law explain dues",
        "law run dues --in a.csv",
        "law run dues --in a.csv --out b.csv --as-of 2025-02-30",
        "law run dues --in a.csv --out b.csv --records history.csv",
        "law lits",
        "law diff dues --in a.csv",
        "law check --format html",
    ];
    let shown: String = asked
        .into_iter()
        .map(|asked| {
            let run = desk.run(asked);
            assert_eq!(run.code, 2, "{asked}");
            run.shown()
        })
        .collect();
    assert_snapshot!(shown);
}

#[test]
fn the_language_is_asked_for_or_taken_from_the_surroundings() {
    let desk = Desk::new();
    let said = |asked: &str, variables: &[(&str, &str)]| desk.run_with(asked, "", variables).out;
    assert!(said("law test", &[]).contains("3 passed"));
    assert!(said("law test", &[("LANG", "zh_CN.UTF-8")]).contains("通过 3"));
    assert!(
        said(
            "law test",
            &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_US.UTF-8")]
        )
        .contains("3 passed")
    );
    assert!(said("law test --lang zh", &[("LANG", "en_US.UTF-8")]).contains("通过 3"));
    assert!(said("law test --lang en", &[("LANG", "zh_CN.UTF-8")]).contains("3 passed"));
}
