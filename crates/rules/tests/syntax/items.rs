//! What the items of a text are read as.

use super::{WHOLE, law, parsed, reference};
use rules::syntax::ast::{Expected, Given, Item, ItemKind, KeyMatch, Step, Text};

#[test]
fn every_text_of_the_reference_and_of_the_law_reads() {
    let texts = reference();
    assert!(texts.len() >= 9, "the reference has lost its texts");
    for text in texts.into_iter().chain(law()) {
        parsed(&text);
    }
}

#[test]
fn the_whole_language_has_these_items() {
    let kinds: Vec<&str> = parsed(WHOLE).items.iter().map(kind).collect();
    assert_eq!(
        kinds.join(" "),
        "source article enum entity entity relation input input figure figure rule rule rule not-formalised example example"
    );
}

#[test]
fn clauses_belong_to_the_item_below_and_run_on() {
    let text =
        "> 第一行，\n> 第二行。\n> 2025 first line\n>\n> second line\nentity person\nentity firm\n";
    let clauses: Vec<Text> = parsed(text)
        .items
        .into_iter()
        .map(|item| item.clause)
        .collect();
    let told = Text {
        zh: Some("第一行，第二行。".into()),
        en: Some("2025 first line second line".into()),
    };
    assert_eq!(clauses, [told, Text::default()]);
}

#[test]
fn a_source_holds_its_clauses() {
    let ItemKind::Source(source) = &parsed(WHOLE).items[0].kind else {
        panic!("no source")
    };
    assert_eq!(source.number.as_ref().unwrap().node, "国发〔2005〕38号");
    assert_eq!(
        source.issued.as_ref().unwrap().node.to_string(),
        "2005-12-03"
    );
    assert_eq!(
        source.in_force.as_ref().unwrap().node.to_string(),
        "2006-01-01"
    );
    assert_eq!(source.published.as_ref().unwrap().node, "国务院公报");
    let mark = source.mark.as_ref().unwrap();
    assert_eq!(
        (mark.confirmed, mark.grade.as_ref().unwrap().node.as_str()),
        (false, "S3")
    );
    assert_eq!(mark.note.as_ref().unwrap().node, "worked from reposts");
}

#[test]
fn a_table_holds_its_keys_rows_and_marks() {
    let file = parsed(WHOLE);
    let ItemKind::Figure(table) = &file.items[9].kind else {
        panic!("no table")
    };
    assert_eq!(table.basis.opened_to.as_ref().unwrap().node, "province");
    let keys: Vec<(&str, bool)> = table
        .keys
        .iter()
        .map(|key| (key.name.node.as_str(), key.ty.is_some()))
        .collect();
    assert_eq!(keys, [("sex", false), ("age", true)]);
    let version = &table.versions[0];
    assert!(version.mark.as_ref().unwrap().confirmed);
    let rows: Vec<String> = version
        .rows
        .iter()
        .map(|row| {
            let keys: Vec<&str> = row.keys.iter().map(|key| name_of(&key.node)).collect();
            format!(
                "{} {} {}",
                keys.join("+"),
                row.value.is_some(),
                row.mark.is_some()
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "exactly+exactly true false",
            "exactly+between true true",
            "exactly+at-least true false",
            "otherwise+otherwise false true"
        ]
    );
}

#[test]
fn a_rule_holds_its_bodies_and_steps() {
    let file = parsed(WHOLE);
    let ItemKind::Rule(rule) = &file.items[10].kind else {
        panic!("no rule")
    };
    let other = rule.naming.other.as_ref().map(|name| name.node.as_str());
    assert_eq!(
        (rule.naming.id.node.as_str(), other, rule.set),
        ("pension", Some("养老金"), false)
    );
    assert!(rule.versions[0].from.is_none() && rule.versions[0].steps.is_empty());
    let steps: Vec<&str> = rule.versions[1]
        .steps
        .iter()
        .map(|step| match step {
            Step::Let(name, _) => name.node.as_str(),
            Step::Require(_, text, _) => text.en.as_deref().unwrap(),
        })
        .collect();
    assert_eq!(steps, ["average", "age", "least", "not of age"]);
    let ItemKind::Rule(set) = &file.items[11].kind else {
        panic!("no rule")
    };
    assert!(set.set && set.of.is_none() && set.ty.is_none());
}

#[test]
fn an_example_holds_facts_records_and_expectations() {
    let file = parsed(WHOLE);
    let ItemKind::Example(example) = &file.items[14].kind else {
        panic!("no example")
    };
    assert_eq!(
        given(&example.given),
        "sex birth-month contribution-years[year base; year base]"
    );
    let then: Vec<String> = example
        .then
        .iter()
        .map(|expected| match expected {
            Expected::Value {
                name,
                within,
                because,
                ..
            } => format!("{} {} {}", name.node, within.is_some(), because.is_some()),
            Expected::Refused(name) => format!("{} refused", name.node),
        })
        .collect();
    assert_eq!(then, ["average-index true true", "pension refused"]);
}

fn given(facts: &[Given]) -> String {
    let show = |fact: &Given| match fact {
        Given::Value(name, _) => name.node.clone(),
        Given::Records(name, records) => {
            let records: Vec<String> = records.iter().map(|record| given(record)).collect();
            format!("{}[{}]", name.node, records.join("; "))
        }
    };
    facts.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn name_of(key: &KeyMatch) -> &'static str {
    match key {
        KeyMatch::Exactly(_) => "exactly",
        KeyMatch::Between(..) => "between",
        KeyMatch::AtLeast(_) => "at-least",
        KeyMatch::Otherwise => "otherwise",
    }
}

fn kind(item: &Item) -> &'static str {
    match item.kind {
        ItemKind::Jurisdiction(_) => "jurisdiction",
        ItemKind::Source(_) => "source",
        ItemKind::Article(_) => "article",
        ItemKind::Enum(_) => "enum",
        ItemKind::Entity(_) => "entity",
        ItemKind::Relation(_) => "relation",
        ItemKind::Input(_) => "input",
        ItemKind::Figure(_) => "figure",
        ItemKind::Rule(_) => "rule",
        ItemKind::NotFormalised(_) => "not-formalised",
        ItemKind::Example(_) => "example",
    }
}
