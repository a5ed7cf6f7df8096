//! `law diff`.

use crate::{Desk, Run};
use insta::assert_snapshot;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        "id,wage,sex,birth-month,town,children,hired\n\
         a,5000,male,1965-03,江北,0,2020-01-01\n\
         b,1000,female,1970-12,江北,1,2021-01-01\n\
         c,oops,male,1965-03,\"渝中, 东\",2,2022-01-01\n\
         d,3500,male,1975-01,\"渝中, 东\",3,2023-01-01\n\
         e,,male,1975-01,,0,2024-01-01\n\
         f,8000.55,female,1980-05,,0,2030-01-01\n",
    );
    desk
}

fn compared(desk: &Desk, asked: &str) -> Run {
    desk.run(&format!(
        "law diff {asked} --in people.csv --jurisdiction cn-50 --as-of 2025-06-30"
    ))
}

#[test]
fn a_changed_figure_says_who_gains_and_who_loses() {
    let desk = desk();
    let run = compared(&desk, "dues --with dues-rate=9% --by town --svg change.svg");
    assert_eq!(run.code, 3, "two rows are refused");
    assert_snapshot!("figure", run.shown());
    assert_snapshot!("figure_svg", desk.read("change.svg"));
    assert_snapshot!(
        "figure_zh",
        compared(&desk, "dues --with dues-rate=9% --by town --lang zh").shown()
    );
    assert_snapshot!(
        "figure_csv",
        compared(&desk, "dues --with dues-rate=9% --by town --format csv").shown()
    );
    assert_snapshot!(
        "figure_json",
        compared(&desk, "dues --with dues-rate=9% --by town --format json").shown()
    );
}

#[test]
fn sums_are_those_of_both_runs() {
    let desk = desk();
    let json = compared(&desk, "dues --with dues-rate=12.5% --by town --format json").json();
    let total = &json["rules"][0]["total"];
    // By hand: 5,000, the floor of 4,000 twice, and 8,000.55 at 10 and at 12.5 per cent, each to the fen.
    assert_eq!(
        (&total["before"], &total["after"]),
        (&"2100.06".into(), &"2625.07".into())
    );
    assert_eq!(
        (&total["difference"], &total["mean"]),
        (&"525.01".into(), &"131.25".into())
    );
    assert_eq!(total["most_gained"]["key"], "f");
    let groups = json["rules"][0]["groups"].as_array().unwrap();
    let people: u64 = groups
        .iter()
        .map(|group| group["compared"].as_u64().unwrap())
        .sum();
    assert_eq!(people, total["compared"].as_u64().unwrap());
    assert_eq!(total["refused"]["both"], 2);
}

#[test]
fn a_row_of_a_table_and_a_province_s_own_figure_can_be_changed() {
    let desk = desk();
    assert_snapshot!(
        "row",
        compared(
            &desk,
            "retirement-month,in-service --with 'retirement-age(female)=58 years'"
        )
        .shown()
    );
    assert_snapshot!(
        "unset",
        compared(
            &desk,
            "bonus --with 'bonus-by-children(3 or more)=100 yuan'"
        )
        .shown()
    );
    assert_snapshot!(
        "both",
        compared(
            &desk,
            "dues --with 'wage-floor=3_000 yuan' --with dues-rate=11%"
        )
        .shown()
    );
}

#[test]
fn another_folder_is_another_law() {
    let desk = desk();
    for file in [
        "cn/jurisdiction.law",
        "cn/terms.law",
        "cn/dues.law",
        "cn-50/jurisdiction.law",
        "cn-50/floor.law",
    ] {
        desk.write(&format!("draft/{file}"), &desk.read(&format!("law/{file}")));
    }
    // The draft has one input more, before the others, so that nothing has the number it had.
    desk.change(
        "draft/cn/terms.law",
        "input sex 性别",
        "input age 年龄 of person : integer\n\ninput sex 性别",
    );
    desk.change(
        "draft/cn/dues.law",
        "max(wage, wage-floor)",
        "max(wage, wage-floor) - (if sex = female then 100 yuan else 0 yuan)",
    );
    desk.change("draft/cn/dues.law", "    max(", "    (max(");
    desk.change("draft/cn/dues.law", "else 0 yuan)", "else 0 yuan))");
    let run = desk.run("law diff dues --base law --with draft --in people.csv --jurisdiction cn-50 --as-of 2025-06-30 --by sex");
    assert_snapshot!(run.shown());
}

#[test]
fn what_cannot_be_compared_is_told() {
    let desk = desk();
    let asked = [
        "dues --with dues-rte=9%",
        "dues --with 'dues-rate=9 yuan'",
        "dues --with dues=9%",
        "dues --with dues-rate=",
        "dues --with dues-rate(male)=9%",
        "dues --with 'retirement-age=60 years'",
        "dues --with 'retirement-age(child)=60 years'",
        "dues --with nowhere",
        "dues --with law --with dues-rate=9%",
        "class --with dues-rate=9%",
        "dues --with dues-rate=9% --by twon",
    ];
    let shown: String = asked
        .into_iter()
        .map(|asked| compared(&desk, asked).shown())
        .collect();
    let early = desk.run(
        "law diff dues --with dues-rate=9% --in people.csv --jurisdiction cn-50 --as-of 2019-06-30",
    );
    assert_eq!(early.code, 1);
    assert_snapshot!(shown + &early.shown());
}

#[test]
fn the_picture_is_well_formed_and_says_all_in_words() {
    let desk = desk();
    desk.change("people.csv", "江北", "<江&北>");
    compared(
        &desk,
        "dues,bonus --with dues-rate=9% --by town --svg change.svg",
    );
    let picture = desk.read("change.svg");
    let closed =
        ["svg", "title", "desc", "style"].map(|tag| picture.contains(&format!("</{tag}>")));
    assert_eq!(closed, [true; 4]);
    assert!(
        picture.contains("&lt;江&amp;北&gt;") && !picture.contains("<江"),
        "{picture}"
    );
    assert!(picture.contains("prefers-color-scheme:dark"));
}
