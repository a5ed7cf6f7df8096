//! Values that must be fixed: ranges, defaults, rows, and what examples give and expect.

use super::Checker;
use super::types::{MOST_DECIMALS, Shape};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{Exact, Item, Kind, Type, Value};
use crate::syntax::ast::{Expr, ExprKind, Literal};

/// How closely a value must fit its type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It has no more decimals than the type keeps.
    Exact,
    /// It may have more, as something only compared within a tolerance.
    Loose,
}

impl Checker<'_, '_> {
    /// The value of a literal, a member's name or a negative literal, as a value of `ty`.
    pub(super) fn constant(&mut self, written: &Expr, ty: Type, fit: Fit) -> Option<Value> {
        let (value, (kind, decimals)) = match &*written.node {
            ExprKind::Broken => return None,
            ExprKind::Literal(literal) => self.literal(literal, written)?,
            ExprKind::Negate(inner) => match &*inner.node {
                ExprKind::Literal(literal) => match self.literal(literal, written)? {
                    (Value::Number(exact), shape) => (
                        Value::Number(Exact {
                            num: -exact.num,
                            ..exact
                        }),
                        shape,
                    ),
                    (_, (kind, _)) => return self.misfit(written, kind, ty),
                },
                _ => return self.not_constant(written),
            },
            ExprKind::Name(name) => return self.member_constant(name, written, ty),
            _ => return self.not_constant(written),
        };
        if kind != ty.kind() {
            return self.misfit(written, kind, ty);
        }
        if let Value::Number(exact) = value {
            let keeps = ty.decimals();
            if fit == Fit::Exact && decimals.is_some_and(|decimals| decimals > keeps) {
                let message = format!(
                    "`{}` has more decimals than {} keeps",
                    self.report.text(written.span),
                    self.type_name(ty)
                );
                let error = Diagnostic::error(
                    codes::CONSTANT_MISFIT,
                    written.span,
                    message,
                    format!("expected at most {keeps} decimals"),
                );
                self.report.push(
                    error.help("write it with fewer decimals, or declare a type that keeps more"),
                );
                return None;
            }
            let last = exact
                .num
                .checked_mul(10_i128.pow(u32::from(keeps)))
                .map(|scaled| scaled / exact.den);
            if last.is_none_or(|last| i64::try_from(last).is_err()) {
                let message = format!(
                    "{} cannot hold `{}`",
                    self.type_name(ty),
                    self.report.text(written.span)
                );
                self.report.push(Diagnostic::error(
                    codes::CONSTANT_MISFIT,
                    written.span,
                    message,
                    "too large",
                ));
                return None;
            }
        }
        Some(value)
    }

    fn literal(&mut self, literal: &Literal, written: &Expr) -> Option<(Value, Shape)> {
        let found = value(literal);
        if found.is_none() {
            self.report.push(too_fine(written.span));
        }
        found
    }

    /// A type as it is written.
    pub(super) fn type_name(&self, ty: Type) -> String {
        match ty {
            Type::Decimal(n) => format!("`decimal({n})`"),
            Type::Enum(id) => format!("`{}`", self.law[id].names.id),
            _ => super::types::BUILT_IN
                .iter()
                .find(|(_, known)| *known == ty)
                .map(|(name, _)| format!("`{name}`"))
                .unwrap_or_default(),
        }
    }

    fn member_constant(&mut self, name: &str, written: &Expr, ty: Type) -> Option<Value> {
        let Type::Enum(id) = ty else {
            return match self.names.get(name) {
                Some([]) => None,
                Some([Item::Member(of, _), ..]) => {
                    let kind = Kind::Enum(*of);
                    self.misfit(written, kind, ty)
                }
                Some(_) => self.not_constant(written),
                None => {
                    let error = self.unknown(name, written.span, &[]);
                    self.report.push(error);
                    None
                }
            };
        };
        if let Some(index) = self.names.member(name, id) {
            return Some(Value::Member(index));
        }
        if self.names.get(name).is_some_and(<[Item]>::is_empty) {
            return None;
        }
        let of = &self.law[id];
        let near = super::names::nearest(
            name,
            of.members
                .iter()
                .flat_map(|names| std::iter::once(&*names.id).chain(names.zh.as_deref())),
        );
        let message = format!("`{name}` is no member of `{}`", of.names.id);
        let error = Diagnostic::error(
            codes::OTHER_KIND,
            written.span,
            message,
            format!("expected a member of `{}`", of.names.id),
        )
        .also(self.names.declared(&of.names, of.span), "its members");
        self.report.push(if near.is_empty() {
            error
        } else {
            error.help(format!("did you mean {}?", super::names::list(&near)))
        });
        None
    }

    fn misfit(&mut self, written: &Expr, kind: Kind, ty: Type) -> Option<Value> {
        let message = format!(
            "expected {}, found {}",
            self.kind_name(ty.kind()),
            self.kind_name(kind)
        );
        let mut error = Diagnostic::error(
            codes::OTHER_KIND,
            written.span,
            message,
            format!("expected {}", self.type_name(ty)),
        );
        if let Some(unit) = self.unit_help(ty.kind(), kind, written) {
            error = error.help(unit);
        }
        self.report.push(error);
        None
    }

    /// A plain number where a unit is needed.
    pub(super) fn unit_help(&self, needed: Kind, found: Kind, written: &Expr) -> Option<String> {
        let text = self.report.text(written.span);
        let plain = found == Kind::Number && matches!(&*written.node, ExprKind::Literal(_));
        match needed {
            Kind::Year if plain => Some(format!("write `year {text}`")),
            Kind::Money if plain => Some(format!("write `{text} yuan`")),
            Kind::Months if plain => Some(format!("write `{text} months`")),
            Kind::Days if plain => Some(format!("write `{text} days`")),
            _ => None,
        }
    }

    fn not_constant<T>(&mut self, written: &Expr) -> Option<T> {
        let error = Diagnostic::error(
            codes::NOT_CONSTANT,
            written.span,
            "a fixed value is needed here",
            "expected a literal or a member's name",
        );
        self.report
            .push(error.help("what is computed belongs in a rule"));
        None
    }
}

/// What a literal stands for, with the fewest decimals it can be written in. `None` for more than
/// [`MOST_DECIMALS`].
pub(super) fn value(literal: &Literal) -> Option<(Value, Shape)> {
    let whole = |count: i64, kind| {
        (
            Value::Number(Exact {
                num: count.into(),
                den: 1,
            }),
            (kind, Some(0)),
        )
    };
    let point = |value, kind| (value, (kind, Some(0)));
    Some(match literal {
        Literal::Number {
            mantissa, scale, ..
        } => decimal(*mantissa, *scale, Kind::Number)?,
        Literal::Money { fen, .. } => decimal(*fen, 2, Kind::Money)?,
        Literal::Months { months, .. } => whole((*months).into(), Kind::Months),
        Literal::Days(days) => whole((*days).into(), Kind::Days),
        Literal::Day(day) => point(Value::Day(*day), Kind::Date),
        Literal::Month(month) => point(Value::Month(*month), Kind::Month),
        Literal::Year(year) => point(Value::Year(*year), Kind::Year),
        Literal::Bool(truth) => point(Value::Bool(*truth), Kind::Bool),
        Literal::Text(text) => point(Value::Text(text.clone()), Kind::Text),
    })
}

/// Of a number with more decimals than can be counted with.
pub(super) fn too_fine(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_FINE,
        span,
        "this number has too many decimals",
        format!("more than {MOST_DECIMALS}"),
    )
    .help("write it with fewer decimals")
}

fn decimal(mut mantissa: i64, mut scale: u8, kind: Kind) -> Option<(Value, Shape)> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if scale > MOST_DECIMALS {
        return None;
    }
    let den = 10_i128.pow(scale.into());
    Some((
        Value::Number(Exact {
            num: mantissa.into(),
            den,
        }),
        (kind, Some(scale)),
    ))
}
