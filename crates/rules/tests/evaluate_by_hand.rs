//! The evaluator on a law built by hand, without the parser and the checker.

use measure::{Day, Rounding};
use rules::diagnostic::Span;
use rules::evaluate::Case;
use rules::law::*;
use rules::refusal::Reason;
use rules::syntax::ast::{Gather, Operator, Unit};
use std::collections::BTreeMap;

fn expr(node: Node, kind: Kind) -> Expr {
    Expr { node: Box::new(node), kind, decimals: Some(2), span: Span::default() }
}

fn number(num: i128, den: i128) -> Value {
    Value::Number(Exact { num, den })
}

fn names(id: &str) -> Names {
    Names { id: id.into(), zh: None }
}

fn input(id: &str, of: u32, ty: Type, range: (i128, i128)) -> Input {
    Input {
        names: names(id),
        of: EntityId(of),
        ty,
        range: Some((number(range.0, 1), number(range.1, 1))),
        default: None,
        clause: Text::default(),
        span: Span::default(),
    }
}

fn rule(id: &str, of: u32, ty: Type, result: Expr) -> Rule {
    let version = RuleVersion {
        from: Some(day("2006-01-01")),
        until: None,
        steps: Vec::new(),
        result,
        locals: 0,
        span: Span::default(),
    };
    Rule {
        names: names(id),
        of: EntityId(of),
        ty,
        citations: Vec::new(),
        mark: Mark { confirmed: true, grade: None, note: None },
        opened_to: None,
        jurisdiction: 0,
        versions: vec![version],
        clause: Text::default(),
        span: Span::default(),
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// `share` of a year is base × 8% to the fen; `total` sums the shares over the years and divides by `parts`.
fn law() -> Law {
    let entity = |id: &str, owned| Entity {
        names: names(id),
        dated_by: None,
        owned_through: owned,
        span: Span::default(),
    };
    let read = |id, kind| expr(Node::Input(InputId(id), Reach::Own), kind);
    let eight = expr(Node::Literal(number(8, 100)), Kind::Number);
    let share = expr(Node::Binary(Operator::Multiply, read(0, Kind::Money), eight), Kind::Money);
    let to_fen = |inner| expr(Node::Round(inner, Rounding::HalfUp, Unit::Fen(1)), Kind::Money);
    let sum = expr(
        Node::Aggregate {
            how: Gather::Sum,
            value: Some(expr(Node::Rule(RuleId(0), Reach::Own), Kind::Money)),
            over: RelationId(0),
            condition: None,
            by: None,
            default: None,
        },
        Kind::Money,
    );
    let parted = expr(Node::Binary(Operator::Divide, sum, read(1, Kind::Number)), Kind::Money);
    Law {
        chain: Vec::new(),
        sources: Vec::new(),
        enums: Vec::new(),
        entities: vec![entity("person", None), entity("year", Some(RelationId(0)))],
        relations: vec![Relation {
            names: names("years"),
            of: EntityId(0),
            to: EntityId(1),
            span: Span::default(),
        }],
        inputs: vec![
            input("base", 1, Type::Money, (0, 100_000)),
            input("parts", 0, Type::Integer, (0, 100)),
        ],
        figures: Vec::new(),
        rules: vec![
            rule("share", 1, Type::Money, to_fen(share)),
            rule("total", 0, Type::Money, to_fen(parted)),
        ],
        examples: Vec::new(),
        names: BTreeMap::new(),
    }
}

fn facts(bases: &[i128], parts: Option<i128>) -> Facts {
    let record = |fen: &i128| Facts {
        inputs: BTreeMap::from([(InputId(0), number(*fen, 100))]),
        ..Facts::default()
    };
    Facts {
        inputs: parts.map(|parts| (InputId(1), number(parts, 1))).into_iter().collect(),
        records: BTreeMap::from([(RelationId(0), bases.iter().map(record).collect())]),
        ..Facts::default()
    }
}

fn total(bases: &[i128], parts: Option<i128>, as_of: &str) -> Result<Value, Reason> {
    let facts = facts(bases, parts);
    Case::new(&law(), day(as_of), &facts).value(RuleId(1)).map_err(|refusal| refusal.reason)
}

#[test]
fn sums_rounded_shares() {
    // 8% of 100.05 is 8.004, of 100.07 is 8.0056: rounded each, then summed and halved.
    assert_eq!(total(&[10_005, 10_007], Some(2), "2025-01-01"), Ok(number(801, 100)));
    assert_eq!(total(&[], Some(2), "2025-01-01"), Ok(number(0, 1)));
}

#[test]
fn refuses_with_the_reason() {
    assert_eq!(total(&[1], None, "2025-01-01"), Err(Reason::Missing(InputId(1))));
    assert_eq!(total(&[1], Some(0), "2025-01-01"), Err(Reason::DivisionByZero));
    let out = Reason::OutOfRange { input: InputId(1), given: number(101, 1) };
    assert_eq!(total(&[1], Some(101), "2025-01-01"), Err(out));
    let early = Reason::NotInForce { rule: RuleId(1), asked: day("2005-12-31") };
    assert_eq!(total(&[1], Some(1), "2005-12-31"), Err(early));
}

#[test]
fn a_given_value_is_not_computed() {
    let mut facts = facts(&[10_000], Some(1));
    let records = facts.records.get_mut(&RelationId(0)).unwrap();
    records[0].rules.insert(RuleId(0), number(123, 100));
    let law = law();
    let mut case = Case::new(&law, day("2025-01-01"), &facts);
    assert_eq!(case.value(RuleId(1)), Ok(number(123, 100)));
}
