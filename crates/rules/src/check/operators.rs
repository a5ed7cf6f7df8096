//! What is done with values: calculating, comparing, choosing, rounding, and the language's functions.

use super::body::{Body, expr};
use super::types::{MOST_DECIMALS, Shape, amount, arithmetic, ordered};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{Expr, Function, Item, Kind, Length, Node, Operator, Unit};
use crate::syntax::ast::{self, At, ExprKind, Name};
use measure::Rounding;

impl Body<'_, '_, '_> {
    pub(super) fn convert(
        &mut self,
        inner: &ast::Expr,
        to: &At<Length>,
        span: Span,
    ) -> Option<Expr> {
        let found = self.expr(inner, None)?;
        let decimals = match (found.kind, to.node) {
            (Kind::Months, Length::Years) => None,
            (Kind::Months, Length::Months)
            | (Kind::Days, Length::Days)
            | (Kind::Money, Length::Yuan) => found.decimals,
            _ => {
                let unit = self.checker.report.text(to.span).to_owned();
                let message = format!(
                    "{} cannot be read in {unit}",
                    self.checker.kind_name(found.kind)
                );
                let error = Diagnostic::error(
                    codes::NO_CONVERSION,
                    inner.span,
                    message,
                    format!("this is {}", self.checker.kind_name(found.kind)),
                );
                return self.fail(error.help("a length in months is read `in years` or `in months`, one in days `in days`, money `in yuan`"));
            }
        };
        Some(expr(
            Node::Convert(found, to.node),
            (Kind::Number, decimals),
            span,
        ))
    }

    pub(super) fn calculation(
        &mut self,
        operator: &At<Operator>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (one, other) = (self.expr(left, None), self.expr(right, None));
        let (one, other) = (one?, other?);
        let Some(shape) = arithmetic(
            operator.node,
            (one.kind, one.decimals),
            (other.kind, other.decimals),
        ) else {
            return self.no_operation(operator, (&one, left), (&other, right));
        };
        // A point in time moves by whole steps only.
        let other = if amount(shape.0) || other.kind == shape.0 {
            other
        } else {
            self.whole(other)?
        };
        if shape.1.is_some_and(|decimals| decimals > MOST_DECIMALS) {
            let message = format!(
                "this product would have {} decimals",
                shape.1.unwrap_or_default()
            );
            let error = Diagnostic::error(
                codes::TOO_FINE,
                span,
                message,
                format!("more than {MOST_DECIMALS}"),
            );
            return self.fail(error.help(
                "round one of its factors first, such as `(… rounded half up to 6 decimals)`",
            ));
        }
        Some(expr(Node::Binary(operator.node, one, other), shape, span))
    }

    fn no_operation(
        &mut self,
        operator: &At<Operator>,
        (one, left): (&Expr, &ast::Expr),
        (other, right): (&Expr, &ast::Expr),
    ) -> Option<Expr> {
        let (ours, theirs) = (
            self.checker.kind_name(one.kind),
            self.checker.kind_name(other.kind),
        );
        let sign = self.checker.report.text(operator.span).to_owned();
        let mut error = Diagnostic::error(
            codes::NO_OPERATION,
            operator.span,
            format!("{ours} {sign} {theirs} has no meaning"),
            "not possible",
        )
        .also(one.span, format!("this is {ours}"))
        .also(other.span, format!("this is {theirs}"));
        let text = self.checker.report.text(right.span);
        let plain = matches!(&*right.node, ExprKind::Literal(_)) && other.kind == Kind::Number;
        error = match (operator.node, one.kind, other.kind) {
            (Operator::Multiply, Kind::Money, Kind::Money) => {
                error.help("one of them should be a number: divide by money, or read it `in yuan`")
            }
            (Operator::Add | Operator::Subtract, Kind::Month, Kind::Number) if plain => {
                error.help(format!("a length has a unit: `{text} months`"))
            }
            (Operator::Add | Operator::Subtract, Kind::Date, Kind::Number) if plain => {
                error.help(format!("a length has a unit: `{text} days`"))
            }
            (Operator::Add | Operator::Subtract, Kind::Months, Kind::Month)
            | (Operator::Add, Kind::Days | Kind::Months, Kind::Date) => error.help(format!(
                "write the point in time first: `{text} {sign} {}`",
                self.checker.report.text(left.span)
            )),
            (Operator::Add | Operator::Subtract, _, _) if plain => {
                match self.checker.unit_help(one.kind, other.kind, right) {
                    Some(help) => error.help(help),
                    None => error,
                }
            }
            _ => error,
        };
        self.fail(error)
    }

    /// Two values of one kind; a bare member on one side is looked for in the enumeration of the other.
    fn pair(&mut self, left: &ast::Expr, right: &ast::Expr) -> Option<(Expr, Expr)> {
        let (one, other) = if self.bare_member(left) {
            let other = self.expr(right, None);
            (
                self.expr(left, other.as_ref().map(|other| other.kind)),
                other,
            )
        } else {
            let one = self.expr(left, None);
            let other = self.expr(right, one.as_ref().map(|one| one.kind));
            (one, other)
        };
        let (one, other) = (one?, other?);
        if one.kind == other.kind {
            return Some((one, other));
        }
        let (ours, theirs) = (
            self.checker.kind_name(one.kind),
            self.checker.kind_name(other.kind),
        );
        let mut error = Diagnostic::error(
            codes::NO_COMPARISON,
            right.span,
            format!("{ours} cannot be compared with {theirs}"),
            format!("this is {theirs}"),
        )
        .also(left.span, format!("this is {ours}"));
        let help = self
            .checker
            .unit_help(one.kind, other.kind, right)
            .or_else(|| self.checker.unit_help(other.kind, one.kind, left));
        if let Some(help) = help {
            error = error.help(help);
        }
        self.fail(error)
    }

    fn bare_member(&self, written: &ast::Expr) -> bool {
        let ExprKind::Name(name) = &*written.node else {
            return false;
        };
        let local = self.locals.iter().any(|local| local.name.node == *name);
        !local
            && self
                .checker
                .names
                .get(name)
                .is_some_and(|items| matches!(items, [Item::Member(..), ..]))
    }

    pub(super) fn comparison(
        &mut self,
        operator: &At<Operator>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (one, other) = self.pair(left, right)?;
        if !matches!(operator.node, Operator::Equal | Operator::Different) && !ordered(one.kind) {
            let message = format!("{} has no order", self.checker.kind_name(one.kind));
            let error =
                Diagnostic::error(codes::NO_COMPARISON, operator.span, message, "not possible")
                    .also(one.span, "this has no order");
            return self.fail(error.help("compare with `=`, `!=` or `in (…)`"));
        }
        Some(expr(
            Node::Binary(operator.node, one, other),
            (Kind::Bool, Some(0)),
            span,
        ))
    }

    pub(super) fn one_of(
        &mut self,
        left: &ast::Expr,
        list: &[ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let one = self.expr(left, None)?;
        let mut found = Vec::with_capacity(list.len());
        for written in list {
            let other = self.expr(written, Some(one.kind));
            found.push(match other {
                Some(other) => self.expect(other, one.kind, written),
                None => None,
            });
        }
        let found = found.into_iter().collect::<Option<Vec<_>>>()?;
        Some(expr(Node::OneOf(one, found), (Kind::Bool, Some(0)), span))
    }

    pub(super) fn round(
        &mut self,
        inner: &ast::Expr,
        rounding: Rounding,
        unit: &At<Unit>,
        span: Span,
    ) -> Option<Expr> {
        let found = self.expr(inner, None)?;
        let (kind, decimals) = match unit.node {
            Unit::Fen(fen) => (
                Kind::Money,
                if fen % 100 == 0 {
                    0
                } else {
                    u8::from(fen % 10 != 0) + 1
                },
            ),
            Unit::Decimals(decimals) => (Kind::Number, decimals),
            Unit::Months => (Kind::Months, 0),
            Unit::Days => (Kind::Days, 0),
        };
        if found.kind != kind {
            let unit_text = self.checker.report.text(unit.span).to_owned();
            let (ours, theirs) = (
                self.checker.kind_name(found.kind),
                self.checker.kind_name(kind),
            );
            let error = Diagnostic::error(
                codes::OTHER_KIND,
                unit.span,
                format!("{ours} cannot be rounded to {unit_text}"),
                format!("rounds {theirs}"),
            )
            .also(found.span, format!("this is {ours}"));
            return self.fail(match found.kind {
                Kind::Money => error.help("round money to `fen`, `jiao`, `yuan` or `10 yuan`"),
                Kind::Number => error.help("round a number to `integer` or `n decimals`"),
                Kind::Months => {
                    error.help("round it to `months`; or read it `in years` first, for years")
                }
                Kind::Days => error.help("round it to `days`"),
                _ => error.help("only money, numbers and lengths are rounded"),
            });
        }
        Some(expr(
            Node::Round(found, rounding, unit.node),
            (kind, Some(decimals)),
            span,
        ))
    }

    pub(super) fn choose(
        &mut self,
        arms: &[(&ast::Expr, &ast::Expr)],
        otherwise: &ast::Expr,
        written_choose: bool,
        span: Span,
        want: Option<Kind>,
    ) -> Option<Expr> {
        let mut conditions = Vec::with_capacity(arms.len());
        let mut values = Vec::with_capacity(arms.len() + 1);
        for (condition, value) in arms {
            conditions.push(self.condition(condition));
            values.push(*value);
        }
        values.push(otherwise);
        let (mut values, shape) = self.alike(&values, want)?;
        let otherwise = values.pop()?;
        let arms = conditions
            .into_iter()
            .zip(values)
            .map(|(condition, value)| Some((condition?, value)))
            .collect::<Option<Vec<_>>>()?;
        Some(expr(
            Node::Choose {
                arms,
                otherwise,
                written_choose,
            },
            shape,
            span,
        ))
    }

    /// Values that must all be of one kind; with what covers them all.
    pub(super) fn alike(
        &mut self,
        written: &[&ast::Expr],
        mut want: Option<Kind>,
    ) -> Option<(Vec<Expr>, Shape)> {
        let mut found: Vec<Option<Expr>> = Vec::with_capacity(written.len());
        let mut kind = None;
        for one in written {
            let value = self.expr(one, want);
            let value = match (value, kind) {
                (Some(value), Some(kind)) => self.expect(value, kind, one),
                (value, _) => value,
            };
            if let (Some(value), None) = (&value, kind) {
                kind = Some(value.kind);
                want = want.or(kind);
            }
            found.push(value);
        }
        let found = found.into_iter().collect::<Option<Vec<_>>>()?;
        let decimals = found.iter().try_fold(0, |most: u8, value| {
            value.decimals.map(|decimals| most.max(decimals))
        });
        Some((found, (kind?, decimals)))
    }

    pub(super) fn function(
        &mut self,
        function: Function,
        name: &Name,
        arguments: &[ast::Expr],
        span: Span,
        want: Option<Kind>,
    ) -> Option<Expr> {
        let enough = match function {
            Function::Min | Function::Max => arguments.len() >= 2,
            Function::Bounded => arguments.len() == 3,
            _ => arguments.len() == 1,
        };
        if !enough {
            let (needs, form) = match function {
                Function::Min | Function::Max => {
                    ("two values or more", format!("{}(a, b)", name.node))
                }
                Function::Bounded => ("three values", "bounded(x, low, high)".to_owned()),
                _ => ("one value", format!("{}(x)", name.node)),
            };
            let error = Diagnostic::error(
                codes::WRONG_COUNT,
                span,
                format!("`{}` takes {needs}, not {}", name.node, arguments.len()),
                format!("expected {needs}"),
            );
            return self.fail(error.help(format!("write `{form}`")));
        }
        let (found, mut shape) = self.alike(&arguments.iter().collect::<Vec<_>>(), want)?;
        let kind = shape.0;
        let (takes, what): (&[Kind], _) = match function {
            Function::Min | Function::Max | Function::Bounded if ordered(kind) => (&[], ""),
            Function::Min | Function::Max | Function::Bounded => {
                (&[Kind::Number], "values with an order")
            }
            Function::YearOf | Function::MonthNumber => {
                (&[Kind::Date, Kind::Month], "a date or a month")
            }
            Function::MonthOf | Function::DayNumber => (&[Kind::Date], "a date"),
            Function::FirstDay | Function::LastDay => {
                (&[Kind::Month, Kind::Year], "a month or a year")
            }
        };
        if !takes.is_empty() && !takes.contains(&kind) {
            let message = format!(
                "`{}` takes {what}, not {}",
                name.node,
                self.checker.kind_name(kind)
            );
            let label = format!("this is {}", self.checker.kind_name(kind));
            return self.fail(Diagnostic::error(
                codes::OTHER_KIND,
                found[0].span,
                message,
                label,
            ));
        }
        match function {
            Function::Min | Function::Max | Function::Bounded => {}
            Function::YearOf => shape = (Kind::Year, Some(0)),
            Function::MonthOf => shape = (Kind::Month, Some(0)),
            Function::MonthNumber | Function::DayNumber => shape = (Kind::Number, Some(0)),
            Function::FirstDay | Function::LastDay => shape = (Kind::Date, Some(0)),
        }
        Some(expr(Node::Call(function, found), shape, span))
    }
}
