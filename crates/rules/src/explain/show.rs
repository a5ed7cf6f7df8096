//! Values as a reader sees them: `1,234.56 元`, `34 年 2 个月`, `8%`.

use super::words::{Lang, Word};
use crate::law::{Exact, Kind, Law, Type, Value};
use measure::{Day, Rounding};

/// A value with its unit: `3,140.51 元` / `3,140.51 yuan`.
#[must_use]
pub fn shown(law: &Law, ty: Type, value: &Value, lang: Lang) -> String {
    let mut text = String::new();
    write_shown(&mut text, law, ty, value, lang);
    text
}

/// A value inside a formula: as [`shown`], but money without its unit.
#[must_use]
pub fn in_formula(law: &Law, ty: Type, value: &Value, lang: Lang) -> String {
    let mut text = String::new();
    write_in_formula(&mut text, law, ty, value, lang);
    text
}

/// As [`shown`], at the end of a text.
pub(super) fn write_shown(out: &mut String, law: &Law, ty: Type, value: &Value, lang: Lang) {
    write_in_formula(out, law, ty, value, lang);
    if ty.kind() == Kind::Money {
        out.push_str(lang.pick(" 元", " yuan"));
    }
}

/// As [`in_formula`], at the end of a text.
pub(super) fn write_in_formula(out: &mut String, law: &Law, ty: Type, value: &Value, lang: Lang) {
    match value {
        Value::Bool(true) => out.push_str(Word::Yes.in_language(lang)),
        Value::Bool(false) => out.push_str(Word::No.in_language(lang)),
        Value::Number(number) => write_number(out, ty, *number, lang),
        Value::Day(day) => write_day(out, *day, lang),
        Value::Month(month) => {
            let (year, in_year) = (month.year().number(), month.month_of_year());
            match lang {
                Lang::En => {
                    write_padded(out, year.unsigned_abs(), 4);
                    out.push('-');
                    write_padded(out, in_year.into(), 2);
                }
                Lang::Zh => put(out, &[&year.to_string(), "年", &in_year.to_string(), "月"]),
            }
        }
        Value::Year(year) => put(out, &[&year.to_string(), lang.pick("年", "")]),
        Value::Member(member) => {
            let members = match ty {
                Type::Enum(id) => &law[id].members[..],
                _ => &[],
            };
            match members.get(usize::from(*member)) {
                Some(names) => lang.write_name(out, names),
                None => put(out, &["#", &member.to_string()]),
            }
        }
        Value::Text(text) => {
            let (opens, closes) = lang.pick(("“", "”"), ("\"", "\""));
            put(out, &[opens, text, closes]);
        }
    }
}

/// `2006年1月1日` / `2006-01-01`.
pub(super) fn write_day(out: &mut String, day: Day, lang: Lang) {
    let (year, month) = (day.year().number(), day.month_of_year());
    match lang {
        Lang::En => {
            write_padded(out, year.unsigned_abs(), 4);
            out.push('-');
            write_padded(out, month.into(), 2);
            out.push('-');
            write_padded(out, day.day_of_month().into(), 2);
        }
        Lang::Zh => {
            let (year, month) = (year.to_string(), month.to_string());
            put(
                out,
                &[
                    &year,
                    "年",
                    &month,
                    "月",
                    &day.day_of_month().to_string(),
                    "日",
                ],
            );
        }
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

fn write_number(out: &mut String, ty: Type, number: Exact, lang: Lang) {
    match ty {
        Type::Money => write_grouped(out, number, 2),
        Type::Rate => {
            let hundredths = number.checked_mul(Exact::integer(100));
            write_grouped(out, hundredths.unwrap_or(number), 0);
            out.push_str(if hundredths.is_some() { "%" } else { "" });
        }
        Type::Decimal(decimals) => write_grouped(out, number, decimals),
        Type::Months => write_length(out, number, lang),
        Type::Days => {
            write_grouped(out, number, 0);
            let one = number == Exact::integer(1);
            out.push_str(lang.pick(" 天", if one { " day" } else { " days" }));
        }
        _ => write_grouped(out, number, 0),
    }
}

/// `34 年 2 个月` / `34 years 2 months`.
fn write_length(out: &mut String, months: Exact, lang: Lang) {
    let Some(whole) = months.whole() else {
        write_grouped(out, months, 0);
        return out.push_str(lang.pick(" 个月", " months"));
    };
    if whole < 0 {
        out.push('-');
    }
    let (years, rest) = (whole.unsigned_abs() / 12, whole.unsigned_abs() % 12);
    let counted = |out: &mut String, count: u128, (zh, one, many): (&str, &str, &str)| {
        write_whole(out, count, None);
        out.push_str(lang.pick(zh, if count == 1 { one } else { many }));
    };
    if years > 0 {
        counted(out, years, (" 年", " year", " years"));
    }
    if years > 0 && rest > 0 {
        out.push(' ');
    }
    if years == 0 || rest > 0 {
        counted(out, rest, (" 个月", " month", " months"));
    }
}

/// At most this many decimals of a fraction are written out; an ellipsis stands for the rest.
const DECIMALS_SHOWN: u8 = 8;

/// With thousands grouped, at least `least` decimals, and `…` where there are more than can be shown.
fn write_grouped(out: &mut String, number: Exact, least: u8) {
    let shown = least.max(DECIMALS_SHOWN);
    let scale = 10_i128.pow(u32::from(shown));
    let (whole, decimals, cut) = if number.den == 1 {
        (number.num.unsigned_abs(), 0, false)
    } else {
        let Some(units) = number.in_units(1, scale, Rounding::Down) else {
            return put(
                out,
                &[&number.num.to_string(), "/", &number.den.to_string()],
            );
        };
        let (units, scale) = (units.unsigned_abs(), scale.unsigned_abs());
        let cut = number.exactly(scale.cast_signed()).is_none();
        (units / scale, units % scale, cut)
    };
    if number.is_negative() {
        out.push('-');
    }
    write_whole(out, whole, Some(b','));
    let start = out.len();
    if cut || decimals > 0 || least > 0 {
        out.push('.');
        let mut divisor = scale.unsigned_abs();
        let mut rest = decimals;
        // Digits as far as they are shown: all of a fraction that is cut, else those that say something.
        for place in 0..shown {
            if !cut && rest == 0 && place >= least {
                break;
            }
            divisor /= 10;
            out.push(char::from(digit(rest / divisor)));
            rest %= divisor;
        }
    }
    debug_assert!(out.len() != start + 1, "a point stands before decimals");
    if cut {
        out.push('…');
    }
}

/// A whole number, its thousands apart if a sign for that is given.
fn write_whole(out: &mut String, number: u128, between: Option<u8>) {
    // From the last digit to the first: 39 digits and the signs between them.
    const ROOM: usize = 64;
    let mut bytes = [0; ROOM];
    let (mut at, mut count) = (ROOM, 0_usize);
    let mut before = |byte: u8| {
        if let Some(between) = between
            && count > 0
            && count.is_multiple_of(3)
        {
            at -= 1;
            bytes[at] = between;
        }
        at -= 1;
        bytes[at] = byte;
        count += 1;
        at
    };
    let mut start = ROOM;
    let mut large = number;
    // Nearly all numbers have one word, whose digits come much quicker.
    while u64::try_from(large).is_err() {
        start = before(digit(large % 10));
        large /= 10;
    }
    let mut small = u64::try_from(large).unwrap_or_default();
    while small > 0 || start == ROOM {
        start = before(digit(u128::from(small % 10)));
        small /= 10;
    }
    out.push_str(std::str::from_utf8(&bytes[start..]).unwrap_or_default());
}

/// A number with zeros before it.
fn write_padded(out: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        out.push(char::from(digit((number / 10_u32.pow(place) % 10).into())));
    }
}

/// A digit as a letter.
fn digit(number: u128) -> u8 {
    u8::try_from(number).map_or(b'?', |number| b'0' + number)
}

/// Texts one after another.
pub(super) fn put(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
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

    fn of_number(ty: Type, number: Exact, lang: Lang) -> String {
        let mut text = String::new();
        write_number(&mut text, ty, number, lang);
        text
    }

    #[test]
    fn every_length_of_numbers_is_grouped() {
        let digits = "170141183460469231731687303715884105727";
        for length in 1..=digits.len() {
            let number: i128 = digits[..length].parse().unwrap();
            let text = of_number(Type::Integer, Exact::integer(number), Lang::En);
            assert_eq!(text.replace(',', ""), digits[..length]);
            assert!(text.split(',').skip(1).all(|group| group.len() == 3));
        }
        assert_eq!(of_number(Type::Integer, Exact::integer(0), Lang::En), "0");
        assert_eq!(
            of_number(Type::Decimal(12), Exact { num: -1, den: 8 }, Lang::En),
            "-0.125000000000"
        );
    }
}
