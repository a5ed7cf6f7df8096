//! The city against the law that reads it: every fact under a name the law knows, within the law's range, and a history
//! from which the law works out what the person's own facts say.

#![expect(clippy::disallowed_methods, reason = "tests read the law folder")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use measure::{Day, Month};
use rules::check::{self, Book};
use rules::diagnostic::{self, SourceFile};
use rules::evaluate::{Case, from_canonical, to_canonical};
use rules::law::{EntityId, Facts, Item, Law, RelationId, RuleId, Type, Value};
use std::collections::BTreeSet;
use std::path::Path;
use synth::codes::{category, change, status};
use synth::{Cells, City, Column};

const PEOPLE: u64 = 20_000;

fn book() -> Book {
    fn gather(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(root, &path, files);
            } else if path.extension().is_some_and(|ending| ending == "law") {
                let shown = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push(SourceFile {
                    path: shown,
                    text: std::fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let mut files = Vec::new();
    gather(&root, &root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let book = check::read(files);
    assert!(
        !book.has_errors(),
        "{}",
        diagnostic::render(&book.diagnostics, &book.files, false)
    );
    book
}

fn cell(column: &Column<'_>, row: usize) -> Option<i64> {
    if column.missing.is_some_and(|missing| missing[row]) {
        return None;
    }
    Some(match column.values {
        Cells::I64(values) => values[row],
        Cells::I32(values) => i64::from(values[row]),
        Cells::U8(values) => i64::from(values[row]),
    })
}

/// The value the law reads in a cell.
fn value(law: &Law, city: &City, name: &str, ty: Type, cell: i64) -> Value {
    let Type::Enum(id) = ty else {
        return from_canonical(ty, cell).unwrap();
    };
    let meant = city
        .members(name)
        .unwrap_or_else(|| panic!("{name} has members"))[usize::try_from(cell).unwrap()];
    let named = |names: &rules::law::Names| names.id == meant || names.zh.as_deref() == Some(meant);
    let member = law[id].members.iter().position(named);
    Value::Member(
        member
            .unwrap_or_else(|| panic!("{name}: the law has no {meant}"))
            .try_into()
            .unwrap(),
    )
}

fn facts(law: &Law, city: &City, columns: &[Column<'_>], row: usize, of: EntityId) -> Facts {
    let mut facts = Facts::default();
    for column in columns {
        let Some(cell) = cell(column, row) else {
            continue;
        };
        match law.names.get(column.name) {
            Some(Item::Input(id)) => {
                let input = &law[*id];
                assert_eq!(input.of, of, "{}", column.name);
                let value = value(law, city, column.name, input.ty, cell);
                if let Some((least, most)) = &input.range {
                    let [least, most] =
                        [least, most].map(|bound| to_canonical(input.ty, bound).unwrap());
                    assert!(
                        (least..=most).contains(&cell),
                        "{} of row {row}: {cell}",
                        column.name
                    );
                }
                facts.inputs.insert(*id, value);
            }
            Some(Item::Rule(id)) => {
                facts
                    .rules
                    .insert(*id, value(law, city, column.name, law[*id].ty, cell));
            }
            other => panic!("{}: {other:?}", column.name),
        }
    }
    facts
}

fn relation(law: &Law, name: &str) -> RelationId {
    match law.names[name] {
        Item::Relation(id) => id,
        other => panic!("{name}: {other:?}"),
    }
}

/// The relation of a person to their contribution years.
fn years(law: &Law) -> RelationId {
    relation(law, "contribution-years")
}

fn rule(law: &Law, name: &str) -> RuleId {
    match law.names[name] {
        Item::Rule(id) => id,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_fact_is_one_the_law_may_read() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let relation = years(law);
    let city = City::new(3);
    let persons = city.persons(0..PEOPLE);
    let histories = city.histories(
        (0..PEOPLE).map(|number| city.person(number)),
        Month::parse("2026-12").unwrap(),
    );
    let (columns, records) = (persons.columns(), histories.columns());
    for row in 0..persons.len() {
        facts(law, &city, &columns, row, law[relation].of);
    }
    for row in 0..histories.year.len() {
        facts(law, &city, &records, row, law[relation].to);
    }
}

#[test]
fn the_law_works_out_of_a_history_what_the_person_is_said_to_have() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let relation = years(law);
    let city = City::new(3);
    let as_of = Day::parse("2025-08-31").unwrap();
    let (mut derived, mut with_account) = (0, 0);
    for number in 0..2_000 {
        let person = city.person(number);
        let persons = city.persons(number..number + 1);
        let mut facts_of = facts(law, &city, &persons.columns(), 0, law[relation].of);
        let histories = city.histories([person], as_of.month());
        let records = (0..histories.year.len())
            .map(|row| facts(law, &city, &histories.columns(), row, law[relation].to));
        facts_of.records.insert(relation, records.collect());
        let mut case = Case::new(law, as_of, &facts_of);
        let mut number_of = |name: &str| {
            let rule = rule(law, name);
            to_canonical(
                law[rule].ty,
                &case
                    .value(rule)
                    .unwrap_or_else(|reason| panic!("{name}: {reason:?}")),
            )
            .unwrap()
        };
        let months = i64::from(as_of.month().index() + 1 - person.first_insured_month);
        let idle = i64::from(person.gap_years) * 12;
        assert_eq!(number_of("paid-months"), months - idle, "{person:?}");
        assert_eq!(
            number_of("contribution-months"),
            months - idle + i64::from(person.deemed_months)
        );
        assert!(number_of("account-balance") >= person.opening_balance);
        with_account += i64::from(person.opening_balance > 0);
        if person.index_derivable {
            // Bases are rounded up to the yuan: at most 12 yuan in some 70,000 a year, two ten-thousandths; and each
            // year's index and their mean are rounded once more, half a ten-thousandth each.
            let index = number_of("average-index");
            // A month's index is against a twelfth of the year's, and the law sums a year's months.
            assert!((index - person.index).abs() <= 3, "{index} {person:?}");
            derived += 1;
        }
    }
    assert!(
        derived > 50 && with_account > 500,
        "{derived} {with_account}"
    );
}

/// The input or rule of a name must be an input whose range holds a cell.
fn within(law: &Law, name: &str, cell: i64) {
    let Some(Item::Input(id)) = law.names.get(name) else {
        panic!("{name} is no input");
    };
    let input = &law[*id];
    let (least, most) = input.range.as_ref().expect("a declared range");
    let [least, most] = [least, most].map(|bound| to_canonical(input.ty, bound).unwrap());
    assert!((least..=most).contains(&cell), "{name}: {cell}");
}

#[test]
fn what_a_participation_declares_is_within_the_law_s_ranges() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let city = City::of(8, PEOPLE);
    let registers = city.registers(0..PEOPLE);
    for born in &registers.persons.born {
        within(
            law,
            "birth-month",
            Day::from_number(*born).unwrap().month().index().into(),
        );
    }
    let rows = &registers.participations;
    let mut tiers = BTreeSet::new();
    for row in 0..rows.person.len() {
        let (declared, from) = (
            rows.declared[row],
            Day::from_number(rows.from[row]).unwrap(),
        );
        within(law, "first-insured-month", from.month().index().into());
        match (rows.category[row], rows.status[row]) {
            (_, status::ENDED) => {}
            (category::EMPLOYEE, _) => within(law, "wage", declared),
            (category::INDIVIDUAL, _) => within(law, "chosen-base", declared),
            _ => {
                assert_eq!(declared % 100, 0, "a tier is in whole yuan");
                tiers.insert(declared / 100);
            }
        }
    }
    let month = Month::parse("2026-06").unwrap();
    let changes = city.changes(month, 0..PEOPLE);
    for (what, declared) in changes.change.iter().zip(&changes.declared) {
        if [change::HIRED, change::WAGE].contains(what) {
            within(law, "wage", *declared);
        }
    }
    assert!(tiers.len() > 10);
    // The law knows each tier: a year's record of it is credited.
    let relation = relation(law, "resident-years");
    let credits = rule(law, "resident-credits");
    for tier in tiers {
        within(law, "resident-tier", tier);
        let mut record = Facts::default();
        for (name, cell) in [
            ("resident-contribution-year", 2025),
            ("resident-tier", tier),
        ] {
            let Item::Input(id) = law.names[name] else {
                panic!("{name} is no input");
            };
            record
                .inputs
                .insert(id, from_canonical(law[id].ty, cell).unwrap());
        }
        let mut facts = Facts::default();
        facts.records.insert(relation, vec![record]);
        let as_of = Day::parse("2025-12-31").unwrap();
        let credited = Case::new(law, as_of, &facts).value(credits);
        let credited = to_canonical(law[credits].ty, &credited.unwrap()).unwrap();
        assert!(credited > tier * 100, "{tier} yuan and a subsidy");
    }
}

#[test]
fn the_law_has_a_rate_for_every_employer() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let city = City::of(8, 200_000);
    let employers = city.employers(0..city.employer_indices());
    let (class, level) = (&employers.industry_class, &employers.rate_level);
    let met: BTreeSet<(u8, u8)> = class.iter().copied().zip(level.iter().copied()).collect();
    assert!(met.len() > 30, "{met:?}");
    let injury_rate = rule(law, "injury-rate");
    for (class, level) in met {
        let mut facts = Facts::default();
        for (name, code) in [("industry-class", class - 1), ("rate-level", level - 1)] {
            let Item::Input(id) = law.names[name] else {
                panic!("{name} is no input");
            };
            facts
                .inputs
                .insert(id, value(law, &city, name, law[id].ty, code.into()));
        }
        let as_of = Day::parse("2025-06-30").unwrap();
        let rate = Case::new(law, as_of, &facts).value(injury_rate);
        assert!(rate.is_ok(), "class {class}, level {level}: {rate:?}");
    }
}
