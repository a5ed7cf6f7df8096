//! Literals with their units, and the units of `in` and `rounded`.

use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::{Span, codes};
use crate::syntax::ast::{At, Expr, ExprKind, Length, Literal, Unit};
use crate::syntax::lexer::Tok;
use crate::syntax::words;
use measure::{Rounding, Year};

const UNITS: &[&str] = &[
    "yuan", "jiao", "fen", "years", "months", "days", "元", "角", "分", "年", "个月", "天",
];
const ROUNDING_UNITS: &[&str] = &[
    "fen", "jiao", "yuan", "integer", "months", "days", "decimals",
];

/// The fen in a unit of money.
fn fen_in(unit: &str) -> Option<i64> {
    match unit {
        "yuan" | "元" => Some(100),
        "jiao" | "角" => Some(10),
        "fen" | "分" => Some(1),
        _ => None,
    }
}

/// `mantissa / 10^scale * factor`, if that is a whole number.
fn whole(mantissa: i64, scale: u8, factor: i64) -> Option<i64> {
    let divisor = 10_i64.checked_pow(u32::from(scale))?;
    let product = i128::from(mantissa) * i128::from(factor);
    let divisor = i128::from(divisor);
    if product % divisor == 0 {
        i64::try_from(product / divisor).ok()
    } else {
        None
    }
}

impl Cursor<'_, '_> {
    /// A literal if one stands here.
    pub(super) fn literal(&mut self) -> Read<Option<Literal>> {
        let literal = match self.peek() {
            Some(Tok::Number {
                mantissa,
                scale,
                percent,
            }) => return self.number(mantissa, scale, percent).map(Some),
            Some(Tok::Word("year")) if matches!(self.peek_at(1), Some(Tok::Number { .. })) => {
                return self.year().map(Some);
            }
            Some(Tok::Word("true")) => Literal::Bool(true),
            Some(Tok::Word("false")) => Literal::Bool(false),
            Some(Tok::Day(day)) => Literal::Day(day),
            Some(Tok::Month(month)) => Literal::Month(month),
            Some(Tok::Text(text)) => Literal::Text(text.to_string()),
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(literal))
    }

    fn year(&mut self) -> Read<Literal> {
        let start = self.here();
        self.next();
        let Some(Tok::Number {
            mantissa,
            scale: 0,
            percent: false,
        }) = self.peek()
        else {
            return self.missing("a year");
        };
        self.next();
        match i32::try_from(mantissa)
            .ok()
            .and_then(|year| Year::new(year).ok())
        {
            Some(year) => Ok(Literal::Year(year.number())),
            None => {
                let (first, last) = (Year::MIN.number(), Year::MAX.number());
                let place = self.since(start);
                self.fail_at(
                    place,
                    codes::NO_SUCH_DATE,
                    format!("there is no year {mantissa} here"),
                    format!("years are {first} to {last}"),
                );
                Ok(Literal::Year(last))
            }
        }
    }

    /// A number with the unit behind it, if there is one.
    fn number(&mut self, mantissa: i64, scale: u8, percent: bool) -> Read<Literal> {
        let start = self.here();
        self.next();
        let Some(unit) = self.peek_word() else {
            return Ok(Literal::Number {
                mantissa,
                scale,
                percent,
            });
        };
        let factor = match unit {
            "years" | "year" | "年" => 12,
            "months" | "month" | "个月" | "days" | "day" | "天" => 1,
            _ => match fen_in(unit) {
                Some(fen) => fen,
                None => match words::nearest(unit, UNITS) {
                    Some(_) if !percent && !words::reserved(unit) => {
                        return self.unknown_unit(unit);
                    }
                    _ => {
                        return Ok(Literal::Number {
                            mantissa,
                            scale,
                            percent,
                        });
                    }
                },
            },
        };
        self.next();
        let place = self.since(start);
        let amount = if percent {
            None
        } else {
            whole(mantissa, scale, factor)
        };
        let Some(amount) = amount else {
            let least = if fen_in(unit).is_some() {
                "fen"
            } else if unit.starts_with('d') || unit == "天" {
                "days"
            } else {
                "months"
            };
            self.fail_at(
                place,
                codes::BAD_UNIT,
                format!("this is not a whole number of {least}"),
                format!("a literal is exact to {least}"),
            );
            return Err(Told);
        };
        if let Some(unit_fen) = fen_in(unit) {
            return Ok(Literal::Money {
                fen: amount,
                unit_fen,
            });
        }
        let Ok(length) = i32::try_from(amount) else {
            self.fail_at(
                place,
                codes::BAD_UNIT,
                "this length is too long",
                "more than the language can count",
            );
            return Err(Told);
        };
        match unit {
            "days" | "day" | "天" => Ok(Literal::Days(length)),
            _ => Ok(Literal::Months {
                months: length,
                years: factor == 12,
            }),
        }
    }

    fn unknown_unit<T>(&mut self, word: &str) -> Read<T> {
        self.fail(
            codes::BAD_UNIT,
            format!("`{word}` is not a unit"),
            "a unit or an operator should stand here",
        )
        .meant(word, UNITS);
        Err(Told)
    }

    /// The unit behind `in`, with the `in`; `None` and nothing read when there is none.
    pub(super) fn length_behind_in(&mut self) -> Option<At<Length>> {
        let length = match self.peek_word_at(1)? {
            "years" | "年" => Length::Years,
            "months" | "个月" => Length::Months,
            "days" | "天" => Length::Days,
            "yuan" | "元" => Length::Yuan,
            _ => return None,
        };
        self.next();
        self.next();
        Some(At {
            node: length,
            span: self.behind(),
        })
    }

    /// `rounded MODE to UNIT` behind an expression, as often as it stands there.
    pub(super) fn rounded(&mut self, mut inner: Expr) -> Read<Expr> {
        while self.is("rounded") {
            let word = self.here();
            self.operator()?;
            self.next();
            let mode = self.rounding_mode(word)?;
            if !self.eat("to") {
                let found = self.found();
                self.fail(
                    codes::BAD_ROUNDING,
                    format!("expected `to` and a unit, found {found}"),
                    "to what?",
                )
                .help(format!(
                    "a rounding says to what: {}",
                    words::list(ROUNDING_UNITS)
                ));
                return Err(Told);
            }
            let unit = self.rounding_unit()?;
            let start = inner.span;
            inner = self.made(start, ExprKind::Round(inner, mode, unit));
        }
        Ok(inner)
    }

    fn rounding_mode(&mut self, word: Span) -> Read<Rounding> {
        let mode = match (self.peek_word(), self.peek_word_at(1)) {
            (Some("half"), Some("up")) => Some((Rounding::HalfUp, 2)),
            (Some("half"), Some("even")) => Some((Rounding::HalfEven, 2)),
            (Some("up"), _) => Some((Rounding::Up, 1)),
            (Some("down"), _) => Some((Rounding::Down, 1)),
            _ => None,
        };
        let Some((mode, words)) = mode else {
            let found = self.found();
            self.fail(
                codes::BAD_ROUNDING,
                format!("expected a way of rounding, found {found}"),
                "which way?",
            )
            .also(word, "rounded here")
            .help(
                "`half up` (四舍五入), `half even`, `up` (away from zero) or `down` (towards zero)",
            );
            return Err(Told);
        };
        for _ in 0..words {
            self.next();
        }
        Ok(mode)
    }

    fn rounding_unit(&mut self) -> Read<At<Unit>> {
        let start = self.here();
        let count = match self.peek() {
            Some(Tok::Number {
                mantissa,
                scale: 0,
                percent: false,
            }) => {
                self.next();
                Some(mantissa)
            }
            _ => None,
        };
        let word = self.peek_word().unwrap_or("");
        let unit = match (count, word) {
            (None, "integer") => Some(Unit::Decimals(0)),
            (None, "months" | "个月") => Some(Unit::Months),
            (None, "days" | "天") => Some(Unit::Days),
            (Some(count), "decimals" | "decimal") if (0..=12).contains(&count) => {
                u8::try_from(count).ok().map(Unit::Decimals)
            }
            (count, word) => fen_in(word)
                .and_then(|fen| fen.checked_mul(count.unwrap_or(1)))
                .filter(|fen| *fen > 0)
                .map(Unit::Fen),
        };
        let Some(node) = unit else {
            let found = self.found();
            let mut failure = self.fail(
                codes::BAD_ROUNDING,
                format!("expected what to round to, found {found}"),
                "not a unit to round to",
            );
            if word.is_empty() || !failure.meant(word, ROUNDING_UNITS) {
                failure.help("`fen`, `jiao`, `yuan`, `10 yuan`, `4 decimals` (0 to 12), `integer`, `months` or `days`");
            }
            return Err(Told);
        };
        self.next();
        Ok(At {
            node,
            span: self.since(start),
        })
    }
}
