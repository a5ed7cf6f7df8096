//! Values as a reader sees them: `1,234.56 元`, `34 年 2 个月`, `8%`.

use super::words::{Lang, Word};
use crate::law::{Exact, Kind, Law, Type, Value};
use measure::Rounding;

/// A value with its unit: `3,140.51 元` / `3,140.51 yuan`.
#[must_use]
pub fn shown(law: &Law, ty: Type, value: &Value, lang: Lang) -> String {
    let plain = in_formula(law, ty, value, lang);
    match ty.kind() {
        Kind::Money => plain + lang.pick(" 元", " yuan"),
        _ => plain,
    }
}

/// A value inside a formula: as [`shown`], but money without its unit.
#[must_use]
pub fn in_formula(law: &Law, ty: Type, value: &Value, lang: Lang) -> String {
    match value {
        Value::Bool(true) => Word::Yes.in_language(lang).into(),
        Value::Bool(false) => Word::No.in_language(lang).into(),
        Value::Number(number) => of_number(ty, *number, lang),
        Value::Day(day) => match lang {
            Lang::En => day.to_string(),
            Lang::Zh => {
                let (year, month) = (day.year().number(), day.month_of_year());
                format!("{year}年{month}月{}日", day.day_of_month())
            }
        },
        Value::Month(month) => match lang {
            Lang::En => month.to_string(),
            Lang::Zh => format!("{}年{}月", month.year().number(), month.month_of_year()),
        },
        Value::Year(year) => lang.pick(format!("{year}年"), year.to_string()),
        Value::Member(member) => match ty {
            Type::Enum(id) => match law[id].members.get(usize::from(*member)) {
                Some(names) => lang.name(names).into_owned(),
                None => format!("#{member}"),
            },
            _ => format!("#{member}"),
        },
        Value::Text(text) => lang.pick(format!("“{text}”"), format!("\"{text}\"")),
    }
}

/// The type that shows a value of this kind with as many decimals as it has.
pub(crate) fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Money => Type::Money,
        Kind::Number => Type::Integer,
        Kind::Date => Type::Date,
        Kind::Month => Type::Month,
        Kind::Year => Type::Year,
        Kind::Months => Type::Months,
        Kind::Days => Type::Days,
        Kind::Enum(id) => Type::Enum(id),
        Kind::Text => Type::Text,
    }
}

/// The type that shows a number written in the law: shares below 1 read as per cent, as statutes write them.
pub(crate) fn type_of_literal(kind: Kind, value: &Value) -> Type {
    match (kind, value) {
        (Kind::Number, Value::Number(number))
            if !number.is_zero()
                && *number < Exact::integer(1)
                && *number > Exact::integer(-1)
                && number.exactly(10_000).is_some() =>
        {
            Type::Rate
        }
        _ => type_of(kind),
    }
}

fn of_number(ty: Type, number: Exact, lang: Lang) -> String {
    match ty {
        Type::Money => grouped(number, 2),
        Type::Rate => match number.checked_mul(Exact::integer(100)) {
            Some(hundredths) => grouped(hundredths, 0) + "%",
            None => grouped(number, 0),
        },
        Type::Decimal(decimals) => grouped(number, decimals),
        Type::Months => length(number, lang),
        Type::Days => match (lang, number == Exact::integer(1)) {
            (Lang::Zh, _) => grouped(number, 0) + " 天",
            (Lang::En, true) => "1 day".into(),
            (Lang::En, false) => grouped(number, 0) + " days",
        },
        _ => grouped(number, 0),
    }
}

/// `34 年 2 个月` / `34 years 2 months`.
fn length(months: Exact, lang: Lang) -> String {
    let Some(whole) = months.whole() else {
        return grouped(months, 0) + lang.pick(" 个月", " months");
    };
    let sign = if whole < 0 { "-" } else { "" };
    let (years, rest) = (whole.unsigned_abs() / 12, whole.unsigned_abs() % 12);
    let plural = |count: u128| if count == 1 { "" } else { "s" };
    let (years_shown, rest_shown) = match lang {
        Lang::Zh => (format!("{years} 年"), format!("{rest} 个月")),
        Lang::En => (
            format!("{years} year{}", plural(years)),
            format!("{rest} month{}", plural(rest)),
        ),
    };
    match (years, rest) {
        (0, _) => format!("{sign}{rest_shown}"),
        (_, 0) => format!("{sign}{years_shown}"),
        _ => format!("{sign}{years_shown} {rest_shown}"),
    }
}

/// At most this many decimals of a fraction are written out; an ellipsis stands for the rest.
const DECIMALS_SHOWN: u8 = 8;

/// With thousands grouped, at least `least` decimals, and `…` where there are more than can be shown.
fn grouped(number: Exact, least: u8) -> String {
    let shown = least.max(DECIMALS_SHOWN);
    let scale = 10_i128.pow(u32::from(shown));
    let Some(units) = number.in_units(1, scale, Rounding::Down) else {
        return format!("{}/{}", number.num, number.den);
    };
    let digits = format!(
        "{:0width$}",
        units.unsigned_abs(),
        width = usize::from(shown) + 1
    );
    let (whole, decimals) = digits.split_at(digits.len() - usize::from(shown));
    let cut = number.exactly(scale).is_none();
    let kept = if cut {
        decimals
    } else {
        trimmed(decimals, usize::from(least))
    };
    let mut text = String::with_capacity(digits.len() + 10);
    if number.is_negative() {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !kept.is_empty() {
        text.push('.');
        text.push_str(kept);
    }
    if cut {
        text.push('…');
    }
    text
}

fn trimmed(decimals: &str, least: usize) -> &str {
    let kept = decimals.trim_end_matches('0').len().max(least);
    &decimals[..kept]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_an_office_writes_them() {
        let table = [
            (Type::Money, 123_456, 100, "1,234.56"),
            (Type::Money, -5, 100, "-0.05"),
            (Type::Money, 3_140_512, 1_000, "3,140.512"),
            (Type::Money, 1, 3, "0.33333333…"),
            (Type::Rate, 8, 100, "8%"),
            (Type::Rate, 62, 1_000, "6.2%"),
            (Type::Decimal(4), 6, 10, "0.6000"),
            (Type::Integer, 1_234_567, 1, "1,234,567"),
            (Type::Months, 410, 1, "34 years 2 months"),
            (Type::Months, 12, 1, "1 year"),
            (Type::Months, -1, 1, "-1 month"),
            (Type::Months, 0, 1, "0 months"),
            (Type::Days, 15, 1, "15 days"),
        ];
        for (ty, num, den, expected) in table {
            assert_eq!(of_number(ty, Exact { num, den }, Lang::En), expected);
        }
        assert_eq!(
            of_number(Type::Months, Exact::integer(410), Lang::Zh),
            "34 年 2 个月"
        );
    }
}
