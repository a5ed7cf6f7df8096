//! Where a rule changes: the cases of `borders.txt`.

use crate::asking::{Question, none};

#[test]
fn every_border() {
    let mut faults = Vec::new();
    for (number, line) in include_str!("borders.txt").lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [at, as_of, given, then, why] = parts[..] else {
            panic!("borders.txt:{}: five parts, with | between", number + 1)
        };
        let given = format!("{{{given}}}");
        let question = Question {
            at,
            as_of,
            given: &given,
        };
        let expected = then
            .split(", ")
            .map(|one| one.split_once(" = ").expect("rule = value"));
        let wrong = expected.filter_map(|(rule, value)| question.fault(rule, value));
        faults.extend(wrong.map(|fault| format!("borders.txt:{} [{why}]: {fault}", number + 1)));
    }
    none(&faults);
}
