//! What the evaluator makes of small laws: a table of bodies and what comes out.

#[path = "evaluate_common/mod.rs"]
mod common;

use common::{day, entity, law, rule, value};
use rules::columns::{Batch, Column, Records, Slot, Values};
use rules::evaluate::{Case, facts_from_batch, from_canonical, to_canonical};
use rules::explain::Lang;
use rules::facts;
use rules::law::{Facts, Item, Type, Value};
use rules::refusal::{self, Reason};

/// What the bodies of the tables speak of.
const VOCABULARY: &str = r#"
source test "试" / "Test"
  confirmed S1

article 1 "一" / "One"

enum grades 等级
  low 低
  high 高

entity person 人
entity stay 住期
  dated by first-day(month)
entity visit 访
relation stays 各住期 of person to stay
relation visits 各访 of person to visit

input wage 工资 of person : money
  range 0 yuan .. 1_000_000 yuan
input factor 系数 of person : decimal(4)
input count-of 个数 of person : integer
  default 3
input length 时长 of person : months
input born 生日 of person : date
input hired 入职月 of person : month
input since 始年 of person : year
input grade 等级值 of person : grades
input note 备注 of person : text
input month 月 of stay : month
input fee 费 of stay : money
input order 序 of visit : integer
input points 分 of visit : integer

parameter step 步 : money
  from 2010-01-01 = 10 yuan
  from 2020-01-01 until 2020-12-31 = 20 yuan
  from 2022-01-01 = unset confirmed S1 "not published"

table by-grade 按级 : rate by grades, age : integer
  from 2010-01-01
    low, 1 .. 5 => 10%
    high, 6 or more => 30%
    otherwise, otherwise => 5%

table by-length 按长 : months by paid : months
  from 2010-01-01
    12 months or more => 3 months
    24 months or more => 6 months

rule daily 日费 of stay : money
  from 2010-01-01
    fee + step
"#;

const FACTS: &str = r#"{ "wage": 1000.05, "factor": 0.3333, "length": "34y2m", "born": "1970-01-31", "hired": "2000-02",
  "since": 1999, "grade": "高", "note": "x",
  "stays": [ {"month": "2020-06", "fee": 5}, {"month": "2015-03", "fee": 7}, {"month": "2015-04", "fee": 1} ],
  "visits": [ {"order": 2, "points": 7}, {"order": 1, "points": -7}, {"order": 3, "points": 5} ] }"#;

/// The value of `asked`, with this type and body, for [`FACTS`] with some of them replaced.
fn outcome(ty: &str, body: &str, facts: &str) -> String {
    let body = body.replace('\n', "\n    ");
    let law = law(&format!(
        "{VOCABULARY}\nrule asked 所求 of person : {ty}\n  from 2010-01-01\n    {body}\n"
    ));
    value(&law, "2019-05-31", facts, "asked")
}

fn check(table: &[(&str, &str, &str)]) {
    for (ty, body, expected) in table {
        assert_eq!(outcome(ty, body, FACTS), *expected, "{body}");
    }
}

#[test]
fn arithmetic_is_exact_and_rounds_as_told() {
    check(&[
        (
            "money",
            "wage * factor rounded half up to fen",
            "333.32 yuan",
        ),
        ("money", "wage / 3 rounded up to fen", "333.35 yuan"),
        ("money", "wage / 3 * 3 rounded up to fen", "1,000.05 yuan"),
        ("money", "-wage / 2 rounded half up to fen", "-500.03 yuan"),
        (
            "money",
            "-wage / 2 rounded half even to fen",
            "-500.02 yuan",
        ),
        ("money", "-wage / 2 rounded down to fen", "-500.02 yuan"),
        ("money", "wage rounded up to jiao", "1,000.10 yuan"),
        ("money", "wage rounded half up to 10 yuan", "1,000.00 yuan"),
        (
            "decimal(4)",
            "wage / 3 yuan rounded half up to 4 decimals",
            "333.3500",
        ),
        ("integer", "2 * 3 + 4 - 1", "9"),
        (
            "integer",
            "wage in yuan rounded half up to integer",
            "1,000",
        ),
        (
            "money",
            "wage / (count-of - 3) rounded half up to fen",
            "R0109",
        ),
        (
            "money",
            "1_000_000_000 yuan * 1_000_000_000 * 1_000_000_000 * 1_000_000_000 * 1_000_000_000",
            "R0110",
        ),
        ("money", "100_000_000_000_000 yuan * 1_000", "R0110"),
        (
            "bool",
            "1 yuan / 3 + 1 yuan / 3 + 1 yuan / 3 = 1 yuan",
            "yes",
        ),
    ]);
}

#[test]
fn time_is_counted_in_months_and_days() {
    check(&[
        ("date", "born + 1 month", "1970-02-28"),
        ("date", "born + 29 days", "1970-03-01"),
        ("days", "2020-03-01 - 2020-02-01", "29 days"),
        ("month", "hired + length", "2034-04"),
        ("months", "2025-03 - hired", "25 years 1 month"),
        ("year", "since + 1", "2000"),
        ("integer", "year 2025 - since", "26"),
        ("integer", "length in years rounded down to integer", "34"),
        (
            "months",
            "length / 3 rounded half up to months",
            "11 years 5 months",
        ),
        ("date", "last-day(hired)", "2000-02-29"),
        ("date", "first-day(since)", "1999-01-01"),
        ("date", "last-day(year-of(born))", "1970-12-31"),
        ("month", "month-of(born)", "1970-01"),
        (
            "integer",
            "month-number(hired) * 100 + day-number(born)",
            "231",
        ),
        ("date", "as-of", "2019-05-31"),
        ("month", "hired + 300 years", "R0111"),
        ("date", "born - 300_000 days", "R0111"),
        ("year", "since + 1_000", "R0111"),
    ]);
}

#[test]
fn only_what_is_needed_is_computed() {
    let broken = "wage / (count-of - 3) > 1 yuan";
    let table = [
        ("bool", format!("false and {broken}"), "no"),
        ("bool", format!("true or {broken}"), "yes"),
        ("bool", format!("true and {broken}"), "R0109"),
        ("bool", format!("{broken} or true"), "R0109"),
        (
            "integer",
            format!("if true then 1 else (if {broken} then 1 else 2)"),
            "1",
        ),
        (
            "integer",
            format!("let spare = {broken}\nif false and spare then 1 else 2"),
            "2",
        ),
        (
            "integer",
            "choose\n  when grade = low => 1\n  when grade in (low, high) => 2\n  otherwise => 3"
                .into(),
            "2",
        ),
        (
            "integer",
            "require wage > 1 yuan otherwise \"少\" / \"too little\"\n1".into(),
            "1",
        ),
        (
            "integer",
            format!(
                "require wage < 1 yuan otherwise \"多\" / \"too much\"\nrequire {broken} otherwise \"除\" / \"div\"\n1"
            ),
            "R0112",
        ),
    ];
    for (ty, body, expected) in table {
        assert_eq!(outcome(ty, &body, FACTS), expected, "{body}");
    }
}

#[test]
fn functions_and_comparisons() {
    check(&[
        (
            "integer",
            "min(3, 1, 2) * 100 + max(3, 1, 2) * 10 + bounded(7, 1, 5)",
            "135",
        ),
        // min(max(x, low), high): the upper bound wins when the bounds cross.
        ("integer", "bounded(0, 9, 5)", "5"),
        ("date", "max(born, 1980-01-01)", "1980-01-01"),
        ("bool", "note = \"x\" and note != \"y\"", "yes"),
        (
            "bool",
            "not (length < 34 years) and length <= 410 months",
            "yes",
        ),
        ("bool", "born in (1970-01-31, 1971-01-31)", "yes"),
    ]);
}

#[test]
fn figures_of_the_day_and_the_row() {
    check(&[
        ("money", "step", "10.00 yuan"),
        ("money", "step at 2020-12-31", "20.00 yuan"),
        ("money", "step at 2021-01-01", "R0104"),
        ("money", "step at 2009-12-31", "R0104"),
        ("money", "step at 2022-01-01", "R0105"),
        ("rate", "by-grade(low, 5)", "10%"),
        ("rate", "by-grade(low, 4)", "10%"),
        ("rate", "by-grade(low, 6)", "5%"),
        ("rate", "by-grade(high, 600)", "30%"),
        ("months", "by-length(24 months)", "6 months"),
        ("months", "by-length(23 months)", "3 months"),
        ("months", "by-length(11 months)", "R0106"),
    ]);
}

#[test]
fn records_under_their_own_law() {
    check(&[
        // 5 + 20 in 2020, 7 + 10 and 1 + 10 in 2015.
        ("money", "sum of daily over stays", "53.00 yuan"),
        (
            "money",
            "sum of step over stays where month < 2020-01",
            "20.00 yuan",
        ),
        (
            "money",
            "let extra = step\nsum of fee + extra over stays",
            "43.00 yuan",
        ),
        ("integer", "count of stays where fee > 5 yuan", "1"),
        (
            "money",
            "average of fee over stays rounded half up to fen",
            "4.33 yuan",
        ),
        (
            "money",
            "largest of fee over stays where wage > 1 yuan",
            "7.00 yuan",
        ),
        ("month", "smallest of month over stays", "2015-03"),
        ("integer", "first of points over visits by order", "-7"),
        (
            "integer",
            "last of points over visits where points > 5 by order",
            "7",
        ),
        (
            "integer",
            "last of points over visits where points > 50 by order",
            "R0107",
        ),
        (
            "integer",
            "last of points over visits where points > 50 by order default 9",
            "9",
        ),
        (
            "integer",
            "sum of points over visits where points > 50",
            "0",
        ),
        (
            "integer",
            "average of points over visits where points > 50 rounded down to integer",
            "R0107",
        ),
        ("bool", "any visits where points / (order - 1) > 6", "yes"),
        (
            "bool",
            "every visits where points / (order - 1) > 6",
            "R0109",
        ),
        (
            "integer",
            "carry total from 0 through visits by order as total * 10 + order",
            "123",
        ),
    ]);
    let twice = FACTS.replace("\"order\": 3", "\"order\": 1");
    assert_eq!(
        outcome("integer", "first of points over visits by order", &twice),
        "R0108"
    );
    assert_eq!(
        outcome(
            "integer",
            "carry total from 0 through visits by order as total + 1",
            "{}"
        ),
        "0"
    );
}

#[test]
fn facts_given_missing_out_of_range() {
    let table = [
        ("money", "wage", "{}", "R0101"),
        ("integer", "count-of", "{}", "3"),
        ("money", "wage", r#"{ "wage": 1000000.01 }"#, "R0102"),
        ("money", "wage", r#"{ "wage": -0.01 }"#, "R0102"),
        (
            "money",
            "wage",
            r#"{ "工资": "1,000,000" }"#,
            "1,000,000.00 yuan",
        ),
        (
            "money",
            "sum of daily over stays",
            r#"{ "stays": [ { "日费": 3 } ] }"#,
            "3.00 yuan",
        ),
        (
            "money",
            "sum of daily over stays",
            r#"{ "stays": [ { "fee": 3 } ] }"#,
            "R0101",
        ),
        (
            "integer",
            "count of stays",
            r#"{ "stays": [ { "fee": 3 } ] }"#,
            "1",
        ),
        (
            "money",
            "sum of daily over stays",
            r#"{ "stays": [ { "fee": 3, "month": "2009-12" } ] }"#,
            "R0103",
        ),
        ("integer", "count of visits", r#"{ "asked": 7 }"#, "7"),
    ];
    for (ty, body, facts, expected) in table {
        assert_eq!(outcome(ty, body, facts), expected, "{body} of {facts}");
    }
}

#[test]
fn bodies_by_date() {
    let text = format!(
        "{VOCABULARY}
rule asked 所求 of person : integer
  from 2010-01-01 until 2011-12-31
    1
  from 2013-01-01
    2
rule told 所告 of person : integer
  from 2013-01-01
    asked
  before
    0
"
    );
    let law = law(&text);
    let table = [
        ("2009-12-31", "R0103", "0"),
        ("2010-01-01", "1", "0"),
        ("2011-12-31", "1", "0"),
        ("2012-06-01", "R0103", "0"),
        ("2013-01-01", "2", "2"),
        ("2299-12-31", "2", "2"),
    ];
    for (as_of, asked, told) in table {
        assert_eq!(value(&law, as_of, "{}", "asked"), asked, "{as_of}");
        assert_eq!(value(&law, as_of, "{}", "told"), told, "{as_of}");
    }
}

#[test]
fn a_record_can_be_run_by_itself() {
    let text = format!(
        "{VOCABULARY}
rule share 份额 of stay : money
  from 2010-01-01
    min(fee, wage)
rule shares 各份额 of person : money
  from 2010-01-01
    sum of share over stays
"
    );
    let law = law(&text);
    assert_eq!(
        value(&law, "2019-01-01", r#"{ "fee": 9, "wage": 4 }"#, "share"),
        "4.00 yuan"
    );
    let facts = r#"{ "wage": 4, "stays": [ { "month": "2015-01", "fee": 9 }, { "month": "2015-02", "fee": 3 } ] }"#;
    assert_eq!(value(&law, "2019-01-01", facts, "shares"), "7.00 yuan");
}

#[test]
fn many_rules_may_wait_for_each_other() {
    let chain = |length: u32| {
        let mut text =
            format!("{VOCABULARY}\nrule r0 甲0 of person : integer\n  from 2010-01-01\n    1\n");
        for number in 1..length {
            let before = number - 1;
            text += &format!(
                "rule r{number} 甲{number} of person : integer\n  from 2010-01-01\n    (if wage > 0 yuan then r{before} + 1 else 0)\n"
            );
        }
        value(
            &law(&text),
            "2019-01-01",
            FACTS,
            &format!("r{}", length - 1),
        )
    };
    assert_eq!(chain(200), "200");
    assert_eq!(chain(202), "R0113");
}

#[test]
fn canonical_numbers_and_back() {
    let law = law(VOCABULARY);
    let all = [
        (Type::Bool, 1),
        (Type::Money, -12_345),
        (Type::Rate, 80_000),
        (Type::Decimal(4), i64::MIN),
        (Type::Integer, i64::MAX),
        (Type::Date, -1),
        (Type::Month, 2025 * 12),
        (Type::Year, 2025),
        (Type::Months, 410),
        (Type::Days, 15),
        (law[common_input(&law, "grade")].ty, 1),
    ];
    for (ty, number) in all {
        let value = from_canonical(ty, number).unwrap();
        assert_eq!(to_canonical(ty, &value), Ok(number), "{ty:?}");
    }
    let third = Value::Number(rules::law::Exact { num: 1, den: 3 });
    assert_eq!(to_canonical(Type::Money, &third), Err(Reason::TooLarge));
    assert_eq!(from_canonical(Type::Month, 0), Err(Reason::DateOutside));
}

#[test]
fn rows_of_a_batch_are_facts() {
    let law = law(VOCABULARY);
    let (wage, grade, fee) = (
        common_input(&law, "wage"),
        common_input(&law, "grade"),
        common_input(&law, "fee"),
    );
    let Item::Relation(stays) = law.names["stays"] else {
        panic!()
    };
    let column = |slot, values, missing| Column {
        slot,
        values,
        missing,
    };
    let batch = Batch {
        rows: 2,
        columns: vec![
            column(
                Slot::Input(wage),
                Values::I64(&[100_005, 1]),
                Some(&[false, true]),
            ),
            column(Slot::Input(grade), Values::U8(&[1, 0]), None),
        ],
        records: vec![Records {
            relation: stays,
            starts: &[0, 0, 2],
            columns: vec![column(Slot::Input(fee), Values::I32(&[700, 50]), None)],
        }],
    };
    let row = |row| facts_from_batch(&law, &batch, row).unwrap();
    let read = |text| facts::from_json(&law, entity(&law, "person"), text).unwrap();
    assert_eq!(
        row(0),
        read(r#"{ "wage": 1000.05, "grade": "high", "stays": [] }"#)
    );
    assert_eq!(
        row(1),
        read(r#"{ "grade": "low", "stays": [ { "fee": 7 }, { "fee": 0.5 } ] }"#)
    );
}

#[test]
fn refusals_say_what_happened_and_how_to_mend_it() {
    let text = format!(
        "{VOCABULARY}\nrule asked 所求 of person : money\n  from 2010-01-01\n    wage + step\n"
    );
    let law = law(&text);
    let asked = rule(&law, "asked");
    let say = |as_of, facts: &Facts, lang| {
        let refusal = Case::new(&law, day(as_of), facts).value(asked).unwrap_err();
        let (message, remedy) = (
            refusal::message(&refusal, &law, lang),
            refusal::remedy(&refusal, &law, lang),
        );
        format!("{} {message}; {remedy}", refusal.reason.code())
    };
    let given = facts::from_json(&law, entity(&law, "person"), FACTS).unwrap();
    let none = Facts::default();
    let table = [
        (
            "2019-01-01",
            &none,
            Lang::En,
            "R0101 “wage” was not given; give wage in the facts",
        ),
        (
            "2019-01-01",
            &none,
            Lang::Zh,
            "R0101 未提供“工资”; 在事实中给出 wage",
        ),
        (
            "2001-01-01",
            &given,
            Lang::En,
            "R0103 “asked” is not in force on 2001-01-01; the rule exists from 2010-01-01; ask as of a day on which it is in force",
        ),
        (
            "2023-01-01",
            &given,
            Lang::Zh,
            "R0105 “步”在 2023年1月1日 的数值尚不掌握：not published; 找到公布的数值后写入法律文本",
        ),
    ];
    for (as_of, facts, lang, expected) in table {
        assert_eq!(say(as_of, facts, lang), expected);
    }
}

fn common_input(law: &rules::law::Law, name: &str) -> rules::law::InputId {
    match law.names[name] {
        Item::Input(id) => id,
        other => panic!("{name} is {other:?}"),
    }
}
