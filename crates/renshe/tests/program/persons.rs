//! Persons: their household, further pillars, and two records that may be one.

use crate::Desk;

#[test]
fn a_household_a_pillar_and_a_merge_that_cannot_be() {
    let desk = Desk::bare();
    let made = desk.run("synth --people 2000 --into sqlite:city.db --keys city.keys");
    assert_eq!(made.code, 0, "{}", made.shown());
    let done = |asked: &str, code: i32| {
        let run = desk.run(&format!("{asked} --db sqlite:city.db --lang en"));
        assert_eq!(run.code, code, "{}", run.shown());
        run
    };
    let link = "person link 1500 1501 --relation sibling --from 2020-05-01 --as li";
    assert!(done(link, 0).out.contains("recorded"));
    assert!(done(link, 0).out.contains("says so already"));
    let pillar = "person pillar 1500 --scheme personal-pension --provider Bank --contributed 3000.50 --from 2025-06-01 --as li";
    done(pillar, 0);
    let shown = done("person show 1500 --as li --format json", 0).json();
    let told = &shown["pillars"][0];
    assert_eq!(
        (&told["scheme"], &told["provider"], &told["contributed"]),
        (
            &"personal-pension-scheme".into(),
            &"Bank".into(),
            &"3000.50".into()
        )
    );
    let household = shown["household"].as_array().unwrap();
    let sibling = household.iter().find(|one| one["person"] == 1501);
    assert_eq!(sibling.unwrap()["from"], "2020-05-01");
    assert!(done("person show 1501 --as li", 0).out.contains("1500"));
    done("person unlink 1500 1501 --from 2025-01-01 --as li", 0);
    let shown = done("person show 1501 --as li --format json", 0).json();
    let household = shown["household"].as_array().unwrap();
    let sibling = household.iter().find(|one| one["person"] == 1500);
    assert_eq!(sibling.unwrap()["until"], "2025-01-01");

    // Nobody is registered twice in a made-up city.
    let refused = done("person merge ask 1500 1500 --reason r --as li", 1);
    assert!(refused.shown().contains("P0101"), "{}", refused.shown());
    let list = done("person merge list --as chief", 0);
    assert!(list.out.contains("no request waits"), "{}", list.shown());
    let none = done("person merge approve 7 --keys city.keys --as chief", 1);
    assert!(none.shown().contains("N0302"), "{}", none.shown());
    let back = done(
        "person link 1500 1501 --relation other --from 2025-02-01 --until 2025-01-01 --as li",
        1,
    );
    assert!(back.shown().contains("F0101"), "{}", back.shown());
    let none = done(
        "person pillar 99999999 --scheme enterprise-annuity --provider P --contributed 1 --from 2025-01-01 --as li",
        1,
    );
    assert!(none.shown().contains("N0302"), "{}", none.shown());
}

#[test]
fn every_verb_about_persons_explains_itself() {
    let desk = Desk::bare();
    for verb in [
        "show",
        "link",
        "unlink",
        "pillar",
        "merge ask",
        "merge undo",
        "merge approve",
        "merge decline",
        "merge list",
    ] {
        let run = desk.run(&format!("person {verb} --help"));
        assert_eq!(run.code, 0);
        assert!(
            run.out.contains("Examples:") && run.out.contains("Exit codes:"),
            "{}",
            run.out
        );
    }
}
