//! A changed law tried over the made-up city comes to what `law diff` comes to over the same people, to the fen.

use crate::{Desk, law};
use measure::{Day, Month};
use office::whatif::{Asked, Crowd, Effect, Outcome, Question, tried};
use rules::amend::Change;
use rules::check::{self, Book};
use rules::diff::Tally;
use rules::evaluate::{Case, to_canonical};
use rules::law::{Facts, Item, Law, Type};
use std::collections::BTreeMap;
use synth::{Cells, City, Column};

const PEOPLE: u64 = 3_000;
const SINCE: &str = "2025-06-30";

fn book() -> Book {
    check::read(law::texts())
}

/// A cell as a file of rows has it.
fn cell(law: &Law, city: &City, column: &Column<'_>, row: usize) -> String {
    if column.missing.is_some_and(|missing| missing[row]) {
        return String::new();
    }
    let number = match column.values {
        Cells::I64(values) => values[row],
        Cells::I32(values) => i64::from(values[row]),
        Cells::U8(values) => i64::from(values[row]),
    };
    let ty = match law.names[column.name] {
        Item::Input(id) => law[id].ty,
        Item::Rule(id) => law[id].ty,
        other => panic!("{other:?}"),
    };
    let decimals = |places: usize| {
        let scale = 10_i64.pow(u32::try_from(places).unwrap());
        format!("{}.{:0places$}", number / scale, number % scale)
    };
    match ty {
        Type::Money => decimals(2),
        Type::Decimal(places) => decimals(usize::from(places)),
        Type::Month => Month::from_index(i32::try_from(number).unwrap())
            .unwrap()
            .to_string(),
        Type::Enum(_) => {
            let members = city.members(column.name).unwrap();
            members[usize::try_from(number).unwrap()].to_owned()
        }
        _ => number.to_string(),
    }
}

/// The city's people as a file of rows, the calculation wage given for everybody; the row numbers are their ids.
fn people(law: &Law, city: &City, only: &dyn Fn(usize) -> bool) -> String {
    let persons = city.persons(0..PEOPLE);
    let columns = persons.columns();
    let since = Day::parse(SINCE).unwrap();
    let Item::Rule(average) = law.names["monthly-average-wage"] else {
        panic!("it is a rule");
    };
    let facts = Facts::default();
    let average = Case::new(law, since, &facts).value(average).unwrap();
    let average = to_canonical(Type::Money, &average).unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut text = format!("id,{},calculation-wage-used\n", names.join(","));
    for row in (0..persons.len()).filter(|row| only(*row)) {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(law, city, column, row))
            .collect();
        text.push_str(&format!(
            "{row:06},{},{}.{:02}\n",
            cells.join(","),
            average / 100,
            average % 100
        ));
    }
    text
}

/// Their years of contributions.
fn years(law: &Law, city: &City, only: &dyn Fn(usize) -> bool) -> String {
    let through = Day::parse(SINCE).unwrap().month();
    let whose: Vec<u64> = (0..PEOPLE)
        .filter(|row| only(usize::try_from(*row).unwrap()))
        .collect();
    let histories = city.histories(whose.iter().map(|row| city.person(*row)), through);
    let columns = histories.columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut text = format!("id,{}\n", names.join(","));
    for (place, row) in whose.iter().enumerate() {
        let [first, end] = [histories.starts[place], histories.starts[place + 1]];
        for record in first as usize..end as usize {
            let cells = columns.iter().map(|column| cell(law, city, column, record));
            text.push_str(&format!(
                "{row:06},{}\n",
                cells.collect::<Vec<_>>().join(",")
            ));
        }
    }
    text
}

/// When everybody retires, as the program says.
fn retirement(desk: &Desk) -> Vec<Month> {
    let asked = format!(
        "law run retirement-month --in all.csv --records contribution-years=all-years.csv --out retirement.csv --jurisdiction cn-50 --as-of {SINCE}"
    );
    let run = desk.run(&asked);
    assert_eq!(run.code, 0, "{}", run.shown());
    let text = desk.read("retirement.csv");
    let lines = text.lines().skip(1);
    let last = |line: &str| Month::parse(line.rsplit(',').next().unwrap()).unwrap();
    lines.map(last).collect()
}

fn came(crowd: &Crowd, book: &Book, question: Question, changes: &[&str]) -> Outcome {
    let asked = Asked {
        jurisdiction: "cn-50".to_owned(),
        changes: changes.iter().map(|change| Change::read(change)).collect(),
        since: Day::parse(SINCE).unwrap(),
        question,
    };
    tried(crowd, book, &asked, &mut |_, _| {}).unwrap()
}

fn told(tally: &Tally) -> [String; 5] {
    let yuan = |fen: i128| {
        let (whole, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
        format!("{}{whole}.{rest:02}", if fen < 0 { "-" } else { "" })
    };
    [
        tally.gainers.to_string(),
        tally.losers.to_string(),
        tally.unchanged.to_string(),
        yuan(tally.before),
        yuan(tally.difference()),
    ]
}

fn compared(outcome: &Outcome, crowd: &Crowd, json: &serde_json::Value, is_money: bool) {
    let rule = &json["rules"][0];
    let by_program = |tally: &serde_json::Value| {
        ["gainers", "losers", "unchanged", "before", "difference"].map(|name| match &tally[name] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let same = |ours: [String; 5], theirs: [String; 5]| {
        let many = if is_money { 5 } else { 3 };
        assert_eq!(ours[..many], theirs[..many]);
    };
    same(told(&outcome.total()), by_program(&rule["total"]));
    let groups: BTreeMap<&str, &serde_json::Value> = rule["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["group"].as_str().unwrap(), group))
        .collect();
    let mut met = 0;
    for (place, district) in crowd.districts().into_iter().enumerate() {
        let ours = outcome.district(place);
        match groups.get(district) {
            Some(theirs) => same(told(&ours), by_program(theirs)),
            None => assert_eq!(ours, Tally::default(), "{district}"),
        }
        met += usize::from(groups.contains_key(district));
    }
    assert_eq!(met, groups.len());
    let refused: u64 = outcome.refused.values().map(|(number, ..)| number).sum();
    assert_eq!(refused, outcome.total().refused());
    let bands = (0..outcome.bands.len()).map(|band| outcome.band(band).compared());
    assert_eq!(bands.sum::<u64>(), outcome.total().compared());
}

#[test]
fn what_is_tried_in_the_library_is_what_the_command_says() {
    let (book, city, crowd) = (book(), City::of(1, PEOPLE), Crowd::new(1, PEOPLE));
    let law = book.law("cn-50").unwrap();
    let desk = Desk::bare();
    desk.write("all.csv", &people(law, &city, &|_| true));
    desk.write("all-years.csv", &years(law, &city, &|_| true));
    let retires = retirement(&desk);
    let this = Day::parse(SINCE).unwrap().month();
    let persons = city.persons(0..PEOPLE);
    let tries: [(Question, &[&str]); 5] = [
        (Question::EmployerDue, &["employer-rate=15%"]),
        (
            Question::EmployeeDue,
            &["floor-share=75%", "ceiling-share=250%"],
        ),
        (Question::IndividualDue, &["individual-rate=19.5%"]),
        (Question::Pension, &["transitional-coefficient=1.35%"]),
        (Question::Retirement, &["delay-step(male-60)=3 months"]),
    ];
    for (question, changes) in tries {
        let concerned = |row: usize| {
            let person = persons.person(row);
            let pays = this <= retires[row];
            match question {
                Question::Pension => pays && retires[row] < this.add_months(12).unwrap(),
                Question::Retirement => pays,
                Question::IndividualDue => pays && person.chosen_base.is_some(),
                _ => pays && person.wage.is_some(),
            }
        };
        desk.write("some.csv", &people(law, &city, &concerned));
        desk.write("years.csv", &years(law, &city, &concerned));
        let outcome = came(&crowd, &book, question, changes);
        let with: Vec<String> = changes
            .iter()
            .map(|change| format!("--with '{change} from {SINCE}'"))
            .collect();
        let records = match question.effect() {
            Effect::Gets | Effect::Retires => "--records contribution-years=years.csv",
            _ => "",
        };
        let run = desk.run(&format!(
            "law diff {} {} --in some.csv {records} --by district --jurisdiction cn-50 --as-of {SINCE} --format json",
            question.word(),
            with.join(" "),
        ));
        assert!(run.code == 0 || run.code == 3, "{}", run.shown());
        let whole = outcome.total();
        assert!(0 < whole.gainers + whole.losers, "{question:?}");
        compared(
            &outcome,
            &crowd,
            &run.json(),
            question != Question::Retirement,
        );
    }
}

#[test]
fn a_figure_changed_since_a_day_is_what_it_was_before_it() {
    let desk = Desk::bare();
    desk.write("some.csv", "id,wage\na,8000\n");
    let run = |since: &str, as_of: &str| {
        let run = desk.run(&format!(
            "law diff employer-due --with 'employer-rate=15% from {since}' --in some.csv --jurisdiction cn-50 --as-of {as_of} --format json"
        ));
        run.json()["rules"][0]["total"]["difference"].clone()
    };
    assert_eq!(run("2025-03-01", "2025-06-30"), "-80.00");
    assert_eq!(run("2025-03-01", "2025-02-28"), "0.00");
}
