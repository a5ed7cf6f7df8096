//! What the checker accepts, what it refuses, and the law it makes. Each message has its page and a test of its own in
//! `error_pages`; here are the tables of section 4 to 6 of the reference, and what only shows in several files.

use rules::check::{Book, read};
use rules::diagnostic::{Severity, SourceFile};
use rules::law::{Item, Value};

const VOCABULARY: &str = r#"
entity person 参保人

enum sexes 性别种类
  male   男
  female 女

input sex 性别 of person : sexes
input birth-month 出生月份 of person : month
input wage 月工资 of person : money
input months-paid 缴费月数 of person : months
input place 户籍地 of person : text

entity contribution-year 缴费年度
  dated by last-day(year)

relation contribution-years 历年缴费 of person to contribution-year

input year 年度 of contribution-year : year
input base 缴费基数 of contribution-year : money
"#;

const SOURCE: &str = "source page \"某办法\"\n  unconfirmed M\n\n";

fn book(files: &[(&str, &str)]) -> Book {
    read(
        files
            .iter()
            .map(|&(path, text)| SourceFile {
                path: path.into(),
                text: text.into(),
            })
            .collect(),
    )
}

/// The codes of the errors in a text beside the vocabulary.
fn errors(text: &str) -> Vec<&'static str> {
    let text = format!("{SOURCE}{text}");
    let book = book(&[
        ("cn/jurisdiction.law", "jurisdiction cn \"中国\"\n"),
        ("cn/a.law", VOCABULARY),
        ("cn/b.law", &text),
    ]);
    let errors = book.diagnostics.iter();
    errors
        .filter(|message| message.severity == Severity::Error)
        .map(|message| message.code.0)
        .collect()
}

/// Checks one expression after another as the body of a rule of the type; the code is empty where nothing is wrong.
fn check(ty: &str, table: &[(&str, &str)]) {
    for (expression, expected) in table {
        let text =
            format!("rule tested 试算 of person : {ty}\n  from 2025-01-01\n    {expression}\n");
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(errors(&text), expected, "{ty}: {expression}");
    }
}

#[test]
fn money() {
    check(
        "money",
        &[
            ("wage + 0.05 yuan", ""),
            ("wage - 3 fen", ""),
            ("wage * 2", ""),
            ("2 * wage", ""),
            ("wage * 1%", "L0304"),
            ("wage * 1% rounded half up to fen", ""),
            ("wage * 1% rounded up to jiao", ""),
            ("wage * 1% rounded half up to 10 yuan", ""),
            ("wage / 3", "L0304"),
            ("wage / 3 rounded down to fen", ""),
            ("wage * wage", "L0302"),
            ("wage + 3", "L0302"),
            ("wage + months-paid", "L0302"),
            ("3 / wage", "L0302"),
            ("wage rounded half up to integer", "L0301"),
            ("wage / wage", "L0301"),
            ("min(wage, 3 yuan)", ""),
            ("min(wage, 3)", "L0301"),
            ("min(wage)", "L0306"),
            ("max(wage / 3, wage)", "L0304"),
            ("bounded(wage, 1 yuan, 2 yuan)", ""),
            ("bounded(wage, 1 yuan)", "L0306"),
            ("if sex = male then wage else 0 yuan", ""),
            ("if sex = male then wage else 0", "L0301"),
            ("if wage then wage else 0 yuan", "L0301"),
            ("if sex = male then wage * 8% else 0 yuan", "L0304"),
            ("-wage", ""),
            ("-sex", "L0302"),
            ("(wage + wag) * nothing", "L0202 L0202"),
        ],
    );
}

#[test]
fn numbers() {
    check(
        "decimal(2)",
        &[
            ("1.25", ""),
            ("1.250", ""),
            ("1.255", "L0304"),
            ("wage in yuan", ""),
            ("wage / 100 yuan", "L0304"),
            ("wage / 100 yuan rounded half up to 2 decimals", ""),
            ("wage / 100 yuan rounded half up to 3 decimals", "L0304"),
            ("months-paid in years", "L0304"),
            ("months-paid in months", ""),
            ("months-paid in days", "L0308"),
            ("months-paid / 5 months rounded half even to integer", ""),
        ],
    );
    check(
        "integer",
        &[
            ("year-of(birth-month) - year 2000", ""),
            ("month-number(birth-month)", ""),
            ("day-number(first-day(birth-month))", ""),
            ("day-number(birth-month)", "L0301"),
            ("year-of(wage)", "L0301"),
            ("count of contribution-years where base > wage", ""),
            ("month-of(birth-month)", "L0301"),
        ],
    );
}

#[test]
fn time() {
    check(
        "month",
        &[
            ("birth-month + 60 years", ""),
            ("birth-month - 3 months", ""),
            ("birth-month + 3", "L0302"),
            ("birth-month + birth-month", "L0302"),
            ("3 months + birth-month", "L0302"),
            ("birth-month + months-paid / 2", "L0304"),
            ("birth-month + (months-paid / 2 rounded up to months)", ""),
            ("month-of(as-of)", ""),
        ],
    );
    check(
        "months",
        &[
            ("birth-month - birth-month", ""),
            ("months-paid * 3", ""),
            ("months-paid / 3", "L0304"),
        ],
    );
    check(
        "date",
        &[
            ("first-day(birth-month) + 15 days", ""),
            ("first-day(birth-month) + 1 months", ""),
            ("last-day(year 2025)", ""),
            ("last-day(2025)", "L0301"),
        ],
    );
    check(
        "days",
        &[("as-of - 2025-01-01", ""), ("as-of - birth-month", "L0302")],
    );
    check(
        "year",
        &[
            ("year-of(birth-month) + 3", ""),
            ("year-of(birth-month) + 0.5", "L0304"),
            ("2025", "L0301"),
        ],
    );
}

#[test]
fn conditions() {
    check(
        "bool",
        &[
            ("sex = male", ""),
            ("male = sex", ""),
            ("性别 = 男", ""),
            ("sex < male", "L0303"),
            ("sex = 1", "L0303"),
            ("sex in (male, female)", ""),
            ("sex in (male, wage)", "L0301"),
            ("place = \"重庆\"", ""),
            ("place < \"重庆\"", "L0303"),
            ("wage / 3 > 1 yuan", ""),
            ("birth-month >= 1965-01", ""),
            ("not wage", "L0301"),
            ("wage > 1 yuan and not (sex = male)", ""),
            ("as-of >= 2025-01-01 or wage", "L0301"),
            ("any contribution-years where base > 5 yuan", ""),
            ("every contribution-years where base > wage", ""),
            ("any contribution-years where base", "L0301"),
        ],
    );
}

#[test]
fn records() {
    check(
        "money",
        &[
            (
                "sum of base over contribution-years where year >= year 2006",
                "",
            ),
            (
                "sum of base over contribution-years where year >= 2006",
                "L0303",
            ),
            ("sum of year over contribution-years", "L0301"),
            ("average of base over contribution-years", "L0304"),
            (
                "average of base over contribution-years rounded half up to fen",
                "",
            ),
            ("largest of base over contribution-years default 0 yuan", ""),
            ("largest of base over contribution-years default 0", "L0301"),
            (
                "first of base over contribution-years by year default 0 yuan",
                "",
            ),
            ("last of base over contribution-years by year", ""),
            ("last of base over contribution-years by base", ""),
            ("last of base over contribution-years by sex", "L0310"),
            ("sum of base over nobody", "L0202"),
            ("sum of base over wage", "L0205"),
            (
                "carry b from 0 yuan through contribution-years by year as b + base",
                "",
            ),
            (
                "carry b from 0 yuan through contribution-years by year as b * 1.02 + base rounded half up to fen",
                "",
            ),
            (
                "carry b from 0 yuan through contribution-years by year as b * 1.02 + base",
                "L0304",
            ),
            (
                "carry b from wage / 3 through contribution-years by year as b",
                "L0304",
            ),
            (
                "carry b from 0 yuan through contribution-years by year as 3",
                "L0301",
            ),
        ],
    );
}

#[test]
fn rows() {
    let table = |keys: &str, rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|row| format!("    {row}\n")).collect();
        errors(&format!(
            "table tested 试表 : integer by {keys}\n  from 2025-01-01\n{}",
            rows.concat()
        ))
    };
    let none: [&str; 0] = [];
    assert_eq!(
        table(
            "age : integer",
            &["1 => 1", "2 .. 5 => 2", "6 or more => 3"]
        ),
        none
    );
    assert_eq!(
        table(
            "age : integer",
            &[
                "1 or more => 1",
                "3 or more => 2",
                "3 => 9",
                "otherwise => 0"
            ]
        ),
        none
    );
    assert_eq!(
        table("age : integer", &["2 .. 5 => 2", "5 => 3"]),
        ["L0405"]
    );
    assert_eq!(
        table("age : integer", &["2 .. 5 => 2", "4 or more => 3"]),
        ["L0405"]
    );
    assert_eq!(table("age : integer", &["-1 => 2", "-1 => 3"]), ["L0404"]);
    assert_eq!(
        table("age : integer", &["otherwise => 2", "otherwise => 3"]),
        ["L0404"]
    );
    assert_eq!(table("age : integer", &["5 .. 2 => 2"]), ["L0401"]);
    assert_eq!(
        table("age : integer", &["1.5 => 2", "3 yuan => 1"]),
        ["L0314", "L0301"]
    );
    assert_eq!(
        table("age : integer", &["1 => 1.5", "2 => 2 yuan"]),
        ["L0314", "L0301"]
    );
    assert_eq!(table("age : money", &[]), ["L0411"]);
    assert_eq!(table("sexes", &["male => 1", "femal => 2"]), ["L0301"]);
    assert_eq!(table("sexes", &["male .. female => 1"]), none);
    assert_eq!(
        table("sexes", &["male .. female => 1", "female => 2"]),
        ["L0405"]
    );
    let grid = [
        "1, 10 or more => 1",
        "1, 20 or more => 2",
        "2 or more, 10 or more => 3",
        "2 or more, 20 or more => 4",
    ];
    assert_eq!(table("class : integer, age : integer", &grid), none);
    assert_eq!(
        table(
            "class : integer, age : integer",
            &["1, otherwise => 1", "1, 3 => 2", "1, otherwise => 3"]
        ),
        ["L0404"]
    );
}

#[test]
fn figures_need_figures_and_marks_agree() {
    let parameter = |clauses: &str| errors(&format!("parameter tested 试值 : money\n{clauses}"));
    let none: [&str; 0] = [];
    assert_eq!(
        parameter("  from 2025-01-01 = 1 yuan confirmed S1 \"seen\"\n"),
        none
    );
    assert_eq!(
        parameter("  from 2025-01-01 = unset unconfirmed \"not found\"\n"),
        none
    );
    assert_eq!(
        parameter("  from 2025-01-01 = 1 yuan confirmed\n"),
        ["L0410"]
    );
    assert_eq!(
        parameter("  from 2025-01-01 = 1 yuan unconfirmed S1\n"),
        ["L0410"]
    );
    assert_eq!(parameter("  from 2025-01-01 = 0.5 fen\n").len(), 1);
    assert_eq!(
        parameter("  from 2025-01-01 until 2025-06-30 = 1 yuan\n  from 2025-06-30 = 2 yuan\n"),
        ["L0406"]
    );
    assert_eq!(
        parameter("  from 2025-01-01 until 2025-06-30 = 1 yuan\n  from 2025-09-01 = 2 yuan\n"),
        none
    );
}

#[test]
fn a_rule_or_date_may_not_need_itself_through_records_or_owners() {
    let text = "rule whole 合计 of person : money\n  from 2025-01-01\n    sum of part over contribution-years\n\n\
                rule part 部分 of contribution-year : money\n  from 2025-01-01\n    min(base, whole)\n";
    assert_eq!(errors(text), ["L0412"]);
}

const CN: (&str, &str) = (
    "cn/jurisdiction.law",
    "jurisdiction cn \"中国\"\n  level nation\n",
);
const P50: (&str, &str) = (
    "cn-50/jurisdiction.law",
    "jurisdiction cn-50 \"重庆\"\n  level province\n  within cn\n",
);
const P51: (&str, &str) = (
    "cn-51/jurisdiction.law",
    "jurisdiction cn-51 \"四川\"\n  level province\n  within cn\n",
);
const WAGE: (&str, &str) = (
    "cn/wage.law",
    "source wage-decree \"某办法\"\n  unconfirmed M\n\nentity person 参保人\n\narticle 3 \"基数\"\n\n\
     parameter average-wage 社会平均工资 : money\n  opened to province\n\n\
     rule reference-wage 缴费基准 of person : money\n  from 2025-01-01\n    average-wage\n",
);

#[test]
fn a_lower_law_sets_figures_for_itself_alone() {
    let set = "source notice \"某通知\"\n  unconfirmed M\n\narticle 1 \"公布\"\n\n\
               set parameter average-wage\n  from 2025-01-01 = 88_065 yuan confirmed S2 \"seen\"\n";
    let book = book(&[CN, P50, P51, WAGE, ("cn-50/wage.law", set)]);
    assert_eq!(book.diagnostics, []);
    assert_eq!(
        book.jurisdictions().collect::<Vec<_>>(),
        ["cn", "cn-50", "cn-51"]
    );

    let versions = |jurisdiction| {
        let law = book.law(jurisdiction).unwrap();
        let Some(Item::Figure(id)) = law.find("社会平均工资") else {
            panic!("a figure")
        };
        let figure = &law[id];
        let source = &law[figure.citations[0].source];
        (
            figure.versions.len(),
            law.chain[figure.jurisdiction].id.clone(),
            source.id.clone(),
            figure.citations[0].article.clone(),
        )
    };
    assert_eq!(
        versions("cn"),
        (0, "cn".into(), "wage-decree".into(), Some("3".into()))
    );
    assert_eq!(versions("cn-51"), versions("cn"));
    assert_eq!(
        versions("cn-50"),
        (1, "cn-50".into(), "notice".into(), Some("1".into()))
    );

    let law = book.law("cn-50").unwrap();
    let Some(Item::Figure(id)) = law.find("average-wage") else {
        panic!("a figure")
    };
    let row = &law[id].versions[0].rows[0];
    assert!(
        row.mark.confirmed,
        "the row's own mark counts before the source's"
    );
    assert!(matches!(&row.value, Some(Value::Number(exact)) if exact.num == 88_065 * exact.den));
    assert_eq!(
        (law[id].names.zh_or_id(), law[id].names.en().as_str()),
        ("社会平均工资", "average wage")
    );
    assert_eq!(law.nearest("averge-wage"), ["average-wage"]);
    assert!(book.law("cn-99").is_none());
}

#[test]
fn an_error_of_the_nation_is_told_once_and_stops_everyone() {
    let wrong = (
        WAGE.0,
        &*WAGE
            .1
            .replace("    average-wage\n", "    average-wage * 2%\n"),
    );
    let book = book(&[CN, P50, P51, wrong]);
    assert_eq!(
        book.diagnostics
            .iter()
            .map(|message| message.code.0)
            .collect::<Vec<_>>(),
        ["L0304"]
    );
    assert!(book.has_errors() && book.law("cn-50").is_none());
}

#[test]
fn a_circle_that_a_lower_law_closes_is_its_own() {
    let open = "source more \"某办法\"\n  unconfirmed M\n\nrule floor 下限 of person : money\n  opened to province\n\n\
                rule paid 缴费 of person : money\n  from 2025-01-01\n    floor\n";
    let closes = "source notice \"某通知\"\n  unconfirmed M\n\nset rule floor\n  from 2025-01-01\n    paid\n";
    let book = book(&[
        CN,
        P50,
        P51,
        WAGE,
        ("cn/more.law", open),
        ("cn-50/floor.law", closes),
    ]);
    let [message] = &*book.diagnostics else {
        panic!("one message: {:?}", book.diagnostics)
    };
    assert_eq!(message.code.0, "L0412");
    assert_eq!(
        message.message,
        "rules need each other in a circle: floor → paid → floor"
    );
}

#[test]
fn what_could_not_be_read_is_not_missed_as_well() {
    let text = "inptu bonus 奖金 of person : money\n\nrule income 收入 of person : money\n  from 2025-01-01\n    wage + bonus\n";
    assert_eq!(errors(text), ["L0101"]);
}

#[test]
fn numbers_and_sums_have_their_bounds() {
    let rule = |body: &str| {
        format!("rule tested 试算 of person : integer\n  from 2025-01-01\n    {body}\n")
    };
    assert_eq!(
        errors(&rule(&format!(
            "0.{}1 rounded up to integer",
            "0".repeat(40)
        ))),
        ["L0005"]
    );
    let sum = vec!["1"; 100_000].join(" + ");
    assert_eq!(errors(&rule(&sum)), ["L0120"]);
}

#[test]
fn subtraction_without_spaces_is_told_apart_from_a_name() {
    let text = format!(
        "{SOURCE}rule rest 余额 of person : money\n  from 2025-01-01\n    let tax = 1 yuan\n    wage-tax\n"
    );
    let book = book(&[
        ("cn/jurisdiction.law", "jurisdiction cn \"中国\"\n"),
        ("cn/a.law", VOCABULARY),
        ("cn/b.law", &text),
    ]);
    let helps: Vec<&str> = book
        .diagnostics
        .iter()
        .flat_map(|message| &message.helps)
        .map(String::as_str)
        .collect();
    assert!(
        helps.contains(&"to subtract, put spaces around the sign: `wage - tax`"),
        "{helps:?}"
    );
}
