//! Which part of an expression belongs to which: shown with every bracket written.

use super::{errors, in_a_rule, parsed, value_of};
use rules::syntax::ast::{Aggregate, Expr, ExprKind, Gather, Length, Literal, Operator, Unit};

#[test]
fn operators_bind_as_the_reference_lists_them() {
    check("a + b * c - d / e", "((a + (b * c)) - (d / e))");
    check("a - b - c", "((a - b) - c)");
    check("-a * b", "((-a) * b)");
    check("a * -b in years", "(a * (-(b in years)))");
    check("a or b and not c = d", "(a or (b and (not (c = d))))");
    check("not a and b", "((not a) and b)");
    check("a + b >= c * d", "((a + b) >= (c * d))");
    check("x in (a, b + c) and d", "((x in [a, (b + c)]) and d)");
    check("(a + b) * c", "((a + b) * c)");
    check("a ≤ b", "(a <= b)");
    check("a × b ≠ c", "((a * b) != c)");
}

#[test]
fn a_hyphen_between_letters_is_part_of_a_name() {
    check("a-b", "a-b");
    check("a - b", "(a - b)");
    check("出生-月份 - 年龄", "(出生-月份 - 年龄)");
    check("3-2", "(3 - 2)");
}

#[test]
fn a_rounding_takes_the_whole_sum_at_its_left() {
    check(
        "a + b * c rounded half up to fen",
        "((a + (b * c)) rounded half up to 1 fen)",
    );
    check(
        "a + (b rounded down to yuan)",
        "(a + (b rounded down to 100 fen))",
    );
    check(
        "a + b rounded up to jiao > c",
        "(((a + b) rounded up to 10 fen) > c)",
    );
    check(
        "a / b\n  rounded half even to 4 decimals",
        "((a / b) rounded half even to 4 decimals)",
    );
    check(
        "if c then a else b rounded up to 10 yuan",
        "if c then a else (b rounded up to 1000 fen)",
    );
    check(
        "a rounded up to integer rounded down to months",
        "((a rounded up to 0 decimals) rounded down to months)",
    );
}

#[test]
fn aggregations_reach_to_the_enclosing_bracket() {
    check("sum of a + b over years", "(sum of (a + b) over years)");
    check("(count of years) + 1", "((count of years) + 1)");
    check(
        "any years where a > b and c",
        "(any over years where ((a > b) and c))",
    );
    check(
        "first of a over years by year default 0 yuan",
        "(first of a over years by year default 0 fen)",
    );
    check(
        "average of a over years rounded up to fen",
        "((average of a over years) rounded up to 1 fen)",
    );
    check(
        "sum of a over years where b >= c rounded up to fen",
        "((sum of a over years where (b >= c)) rounded up to 1 fen)",
    );
    check(
        "sum of a rounded up to fen over years",
        "(sum of (a rounded up to 1 fen) over years)",
    );
    check(
        "sum of a over years where (b rounded up to fen) = c",
        "(sum of a over years where ((b rounded up to 1 fen) = c))",
    );
    check(
        "carry x from 0 through years by year as\n  x + a rounded up to fen",
        "(carry x from 0 through years by year as ((x + a) rounded up to 1 fen))",
    );
    check("sum + count * first", "(sum + (count * first))");
}

#[test]
fn choices_nest_without_brackets() {
    check(
        "if a then b else if c then d else e",
        "if a then b else if c then d else e",
    );
    check(
        "choose\n  when a => b\n  when c =>\n    choose\n      when d => e\n      otherwise => f\n  when g => h\n  otherwise => i",
        "choose {a => b; c => choose {d => e; otherwise f}; g => h; otherwise i}",
    );
}

#[test]
fn figures_are_read_as_of_another_date() {
    check("rate at first-day(m) * 2", "((rate at first-day(m)) * 2)");
    check(
        "table(a, 3) at 2025-01-01 in years",
        "((table(a, 3) at 2025-01-01) in years)",
    );
    check("as-of", "as-of");
}

#[test]
fn literals_keep_their_value() {
    check("16%", "16/100");
    check("2.5%", "25/1000");
    check("88_065.5 yuan", "8806550 fen");
    check("5 jiao", "50 fen");
    check("3元", "300 fen");
    check("0.05元 + 3 分", "(5 fen + 3 fen)");
    check("60 years + 3 months", "(720 months + 3 months)");
    check("1.5 years", "18 months");
    check("15年 - 2 个月", "(180 months - 2 months)");
    check("30 days + 1天", "(30 days + 1 days)");
    check("2025-01", "2025-01");
    check("year 2025", "year 2025");
    check("year >= 2", "(year >= 2)");
    check("true and \"五\" = b", "(true and (\"五\" = b))");
}

#[test]
fn what_would_be_read_in_two_ways_is_refused() {
    for text in [
        "count of years + 1",
        "1 + sum of a over years",
        "a < b < c",
        "a rounded up to fen * 2",
        "a + if b then c else d",
        "a = not b",
    ] {
        let codes: Vec<&str> = errors(&in_a_rule(text))
            .iter()
            .map(|error| error.code.0)
            .collect();
        assert_eq!(codes, ["L0115"], "{text}");
    }
}

#[test]
fn nesting_and_length_have_an_end() {
    for text in [
        format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        "- ".repeat(5_000) + "1",
        "1 + ".repeat(5_000) + "1",
    ] {
        let codes: Vec<&str> = errors(&in_a_rule(&text))
            .iter()
            .map(|error| error.code.0)
            .collect();
        assert_eq!(codes, ["L0120"]);
    }
}

#[test]
fn a_place_covers_its_expression_with_its_brackets() {
    let text = in_a_rule("(a + b) * 42 yuan");
    let file = parsed(&text);
    let ExprKind::Binary(operator, left, right) = &*value_of(&file).node else {
        panic!("no product")
    };
    let at = |span: rules::diagnostic::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(
        (at(left.span), at(operator.span), at(right.span)),
        ("(a + b)", "*", "42 yuan")
    );
    assert_eq!(at(value_of(&file).span), "(a + b) * 42 yuan");
}

fn check(expression: &str, expected: &str) {
    let file = parsed(&in_a_rule(expression));
    assert_eq!(show(value_of(&file)), expected, "{expression}");
}

fn show(expr: &Expr) -> String {
    match &*expr.node {
        ExprKind::Literal(literal) => show_literal(literal),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Call(name, arguments) => format!("{}({})", name.node, list(arguments)),
        ExprKind::AsOf(inner, date) => format!("({} at {})", show(inner), show(date)),
        ExprKind::Convert(inner, unit) => {
            let unit = match unit.node {
                Length::Years => "years",
                Length::Months => "months",
                Length::Days => "days",
                Length::Yuan => "yuan",
            };
            format!("({} in {unit})", show(inner))
        }
        ExprKind::Negate(inner) => format!("(-{})", show(inner)),
        ExprKind::Not(inner) => format!("(not {})", show(inner)),
        ExprKind::Binary(operator, left, right) => {
            format!("({} {} {})", show(left), sign(operator.node), show(right))
        }
        ExprKind::OneOf(inner, members) => format!("({} in [{}])", show(inner), list(members)),
        ExprKind::Round(inner, mode, unit) => {
            let unit = match unit.node {
                Unit::Fen(fen) => format!("{fen} fen"),
                Unit::Decimals(decimals) => format!("{decimals} decimals"),
                Unit::Months => "months".into(),
                Unit::Days => "days".into(),
            };
            format!("({} rounded {mode} to {unit})", show(inner))
        }
        ExprKind::If(condition, yes, no) => format!(
            "if {} then {} else {}",
            show(condition),
            show(yes),
            show(no)
        ),
        ExprKind::Choose(arms, otherwise) => {
            let arms: String = arms
                .iter()
                .map(|(condition, value)| format!("{} => {}; ", show(condition), show(value)))
                .collect();
            format!("choose {{{arms}otherwise {}}}", show(otherwise))
        }
        ExprKind::Aggregate(found) => show_aggregate(found),
        ExprKind::Carry(carry) => {
            let (name, through, by) = (&carry.name.node, &carry.through.node, &carry.by.node);
            format!(
                "(carry {name} from {} through {through} by {by} as {})",
                show(&carry.from),
                show(&carry.step)
            )
        }
        ExprKind::Broken => "broken".into(),
    }
}

fn show_aggregate(found: &Aggregate) -> String {
    let how = format!("{:?}", found.how).to_lowercase();
    let value = found
        .value
        .as_ref()
        .map(|value| format!(" of {}", show(value)));
    let joint = if found.how == Gather::Count {
        "of"
    } else {
        "over"
    };
    let clauses = [
        ("where", found.condition.as_ref().map(show)),
        ("by", found.by.as_ref().map(|by| by.node.clone())),
        ("default", found.default.as_ref().map(show)),
    ];
    let clauses = clauses.map(|(word, part)| {
        part.map(|part| format!(" {word} {part}"))
            .unwrap_or_default()
    });
    format!(
        "({how}{} {joint} {}{})",
        value.unwrap_or_default(),
        found.over.node,
        clauses.concat()
    )
}

fn show_literal(literal: &Literal) -> String {
    match literal {
        Literal::Number {
            mantissa, scale: 0, ..
        } => mantissa.to_string(),
        Literal::Number {
            mantissa, scale, ..
        } => format!("{mantissa}/{}", 10_i64.pow(u32::from(*scale))),
        Literal::Money { fen, .. } => format!("{fen} fen"),
        Literal::Months { months, .. } => format!("{months} months"),
        Literal::Days(days) => format!("{days} days"),
        Literal::Day(day) => day.to_string(),
        Literal::Month(month) => month.to_string(),
        Literal::Year(year) => format!("year {year}"),
        Literal::Bool(truth) => truth.to_string(),
        Literal::Text(text) => format!("{text:?}"),
    }
}

fn list(exprs: &[Expr]) -> String {
    exprs.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Equal => "=",
        Operator::Different => "!=",
        Operator::Less => "<",
        Operator::AtMost => "<=",
        Operator::More => ">",
        Operator::AtLeast => ">=",
        Operator::And => "and",
        Operator::Or => "or",
    }
}
