//! A changed law tried over the made-up city, or over a file, comes to what `law diff` comes to over the same people, to the fen.

use crate::{Desk, law};
use measure::{Day, Month};
use office::whatif::{Asked, Crowd, Effect, Files, Outcome, Question, over, tried};
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

fn asked(question: Question, changes: &[&str]) -> Asked {
    Asked {
        jurisdiction: "cn-50".to_owned(),
        changes: changes.iter().map(|change| Change::read(change)).collect(),
        since: Day::parse(SINCE).unwrap(),
        question,
    }
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

/// Holds what came of it to what the program says: all of it, each district that is shown, and how many had no answer. Tells how
/// many districts are hidden.
fn compared(
    outcome: &Outcome,
    districts: &[&str],
    json: &serde_json::Value,
    is_money: bool,
) -> usize {
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
    same(told(outcome.total()), by_program(&rule["total"]));
    let groups: BTreeMap<&str, &serde_json::Value> = rule["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["group"].as_str().unwrap(), group))
        .collect();
    let (mut met, mut hidden) = (0, 0);
    for (place, district) in districts.iter().enumerate() {
        match (outcome.district(place), groups.get(district)) {
            (Some(ours), Some(theirs)) => same(told(ours), by_program(theirs)),
            (Some(ours), None) => assert_eq!(*ours, Tally::default(), "{district}"),
            (None, _) => hidden += 1,
        }
        met += usize::from(groups.contains_key(district));
    }
    assert_eq!(met, groups.len());
    let refused: u64 = outcome.refused.iter().map(|why| why.rows).sum();
    assert_eq!(refused, outcome.total().refused());
    let bands = (0..outcome.bands.len()).filter_map(|band| outcome.band(band));
    let bands = bands.map(Tally::compared).sum::<u64>();
    assert!(0 < hidden || bands == outcome.total().compared());
    hidden
}

#[test]
fn what_is_tried_in_the_library_and_over_a_file_is_what_the_command_says() {
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
        let asked = asked(question, changes);
        let outcome = tried(&crowd, &book, &asked, &mut |_, _| {}).unwrap();
        let by_program = diff(&desk, &asked, ("some.csv", "years.csv"));
        let whole = outcome.total();
        assert!(0 < whole.gainers + whole.losers, "{question:?}");
        let is_money = question != Question::Retirement;
        let districts = crowd.districts();
        let hidden = compared(&outcome, &districts, &by_program, is_money);
        assert_eq!(hidden, 0, "nobody is real");
        // The same people and everybody else, as a file: rows without an answer among them, and nothing told of a few.
        let (people, records) = (desk.path("all.csv"), desk.path("all-years.csv"));
        let files = Files {
            people: &people,
            records: Some(&records),
        };
        let outcome = over((&book, &asked), (files, &districts), 2).unwrap();
        assert_eq!(outcome.people, PEOPLE);
        let by_program = diff(&desk, &asked, ("all.csv", "all-years.csv"));
        compared(&outcome, &districts, &by_program, is_money);
        let shown = (0..districts.len()).filter_map(|place| outcome.district(place));
        let few = |tally: &Tally| {
            [tally.compared(), tally.gainers, tally.losers]
                .iter()
                .any(|count| (1..5).contains(count))
        };
        assert!(
            shown.clone().count() > 5 || question == Question::Pension,
            "{question:?}"
        );
        assert!(
            shown
                .clone()
                .all(|tally| !few(tally) && tally.most_gained.is_none())
        );
    }
}

/// What the program says.
fn diff(desk: &Desk, asked: &Asked, (people, records): (&str, &str)) -> serde_json::Value {
    let with: Vec<String> = asked
        .changes
        .iter()
        .map(|change| format!("--with '{} from {SINCE}'", change.written()))
        .collect();
    let records = match asked.question.effect() {
        Effect::Gets | Effect::Retires => format!("--records contribution-years={records}"),
        Effect::Pays | Effect::Costs => String::new(),
    };
    let run = desk.run(&format!(
        "law diff {} {} --in {people} {records} --by district --jurisdiction cn-50 --as-of {SINCE} --format json",
        asked.question.word(),
        with.join(" "),
    ));
    assert!(run.code == 0 || run.code == 3, "{}", run.shown());
    run.json()
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
