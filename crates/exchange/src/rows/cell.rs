//! One cell: a text and the whole number that stands for it in the engine. Nothing here allocates for a cell that
//! can be read.

use crate::error::{Said, shown};
use crate::rows::calendar::Calendar;
use measure::Year;
use rules::law::{Law, Type};
use std::{collections::BTreeMap, sync::Arc};

/// How the values of a type are written in files.
#[derive(Clone)]
pub(crate) enum Shape {
    Bool,
    /// Yuan with at most two decimals, perhaps with thousands commas.
    Money,
    /// The same with at most so many decimals, of no unit.
    Fixed(u8),
    /// The same with six decimals, or a percentage with four.
    Rate,
    /// A whole number of four bytes.
    Length,
    Date(Calendar),
    Month(Calendar),
    Year,
    Member(Arc<Members>),
    Text,
}

/// How wide a column of a shape is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Width {
    Eight,
    Four,
    One,
    Text,
}

/// An enumeration's members by each of their names.
pub(crate) struct Members {
    pub(crate) ids: Vec<String>,
    by_name: BTreeMap<Vec<u8>, u16>,
}

/// Why a cell cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotOne,
    NoSuchDay,
    NotFirstOfMonth,
    Decimals,
    TooLarge,
    NotUtf8,
}

impl Shape {
    pub(crate) fn new(law: &Law, ty: Type) -> Shape {
        match ty {
            Type::Bool => Shape::Bool,
            Type::Money => Shape::Money,
            Type::Decimal(_) | Type::Integer => Shape::Fixed(ty.decimals()),
            Type::Rate => Shape::Rate,
            Type::Date => Shape::Date(Calendar::new()),
            Type::Month => Shape::Month(Calendar::new()),
            Type::Year => Shape::Year,
            Type::Months | Type::Days => Shape::Length,
            Type::Enum(id) => Shape::Member(Arc::new(Members::new(&law[id].members))),
            Type::Text => Shape::Text,
        }
    }

    pub(crate) fn width(&self) -> Width {
        match self {
            Shape::Money | Shape::Fixed(_) | Shape::Rate => Width::Eight,
            Shape::Bool => Width::One,
            Shape::Member(members) if members.ids.len() <= 256 => Width::One,
            Shape::Text => Width::Text,
            _ => Width::Four,
        }
    }

    /// Reads a cell that is not empty and has no blanks around it. A text is not a number and never asked for here.
    pub(crate) fn read(&self, cell: &[u8]) -> Result<i64, Fault> {
        match self {
            Shape::Money => fixed(cell, 2),
            Shape::Fixed(decimals) => fixed(cell, *decimals),
            Shape::Rate => match cell.split_last() {
                Some((b'%', share)) => fixed(share, 4),
                _ => fixed(cell, 6),
            },
            Shape::Length => match i32::try_from(fixed(cell, 0)?) {
                Ok(length) => Ok(length.into()),
                Err(_) => Err(Fault::TooLarge),
            },
            Shape::Date(calendar) => date(cell, *calendar),
            Shape::Month(calendar) => month(cell, *calendar).map(i64::from),
            Shape::Year => match digits(cell, 4).map(Year::new) {
                Some(Ok(_)) => Ok(digits(cell, 4).unwrap_or(0).into()),
                Some(Err(_)) => Err(Fault::TooLarge),
                None => Err(Fault::NotOne),
            },
            Shape::Bool => bool(cell).map(i64::from).ok_or(Fault::NotOne),
            Shape::Member(members) => members.find(cell).map(i64::from).ok_or(Fault::NotOne),
            Shape::Text => Err(Fault::NotOne),
        }
    }

    /// Writes a value as [`Shape::read`] reads it. A value that no such cell could have given is written as its number.
    pub(crate) fn print(&self, value: i64, out: &mut Vec<u8>) {
        match self {
            Shape::Money => print_fixed(value, 2, out),
            Shape::Fixed(decimals) => print_fixed(value, *decimals, out),
            Shape::Rate => print_fixed(value, 6, out),
            Shape::Bool if value == 1 => out.extend(b"true"),
            Shape::Bool if value == 0 => out.extend(b"false"),
            Shape::Date(calendar) => match i32::try_from(value)
                .ok()
                .and_then(|day| calendar.month(day))
            {
                Some((month, day)) => {
                    print_month(month, out);
                    print_padded(day, 2, b'-', out);
                }
                None => print_fixed(value, 0, out),
            },
            Shape::Month(calendar) => match i32::try_from(value)
                .ok()
                .filter(|m| calendar.first_day(*m).is_some())
            {
                Some(month) => print_month(month, out),
                None => print_fixed(value, 0, out),
            },
            Shape::Member(members) => {
                match usize::try_from(value).ok().and_then(|v| members.ids.get(v)) {
                    Some(id) => out.extend(id.as_bytes()),
                    None => print_fixed(value, 0, out),
                }
            }
            _ => print_fixed(value, 0, out),
        }
    }

    /// Whether the engine's number stands for a value of this shape, so that a file's own types can hold it.
    pub(crate) fn fits(&self, value: i64) -> bool {
        const EIGHTEEN_DIGITS: i64 = 1_000_000_000_000_000_000;
        let short = || i32::try_from(value).ok();
        match self {
            Shape::Fixed(0) => true,
            Shape::Money | Shape::Fixed(_) | Shape::Rate => {
                (1 - EIGHTEEN_DIGITS..EIGHTEEN_DIGITS).contains(&value)
            }
            Shape::Bool => value == 0 || value == 1,
            Shape::Date(_) | Shape::Year | Shape::Length => short().is_some(),
            Shape::Month(calendar) => {
                short().is_some_and(|month| calendar.first_day(month).is_some())
            }
            Shape::Member(members) => usize::try_from(value).is_ok_and(|v| v < members.ids.len()),
            Shape::Text => false,
        }
    }

    /// Says why a cell was refused, and what to write instead.
    pub(crate) fn refuse(&self, fault: Fault, place: &Place<'_>, cell: &[u8]) -> Said {
        let Place { zh, en } = place;
        let cell = shown(cell);
        let (zh_expected, en_expected) = self.expected();
        let (code, zh_what, en_what) = match fault {
            Fault::NotOne if matches!(self, Shape::Member(_)) => {
                ("C0125", "不是该枚举的成员", "is not one of its members")
            }
            Fault::NotOne => ("C0121", "无法识别", "cannot be read"),
            Fault::NoSuchDay => ("C0122", "在日历上不存在", "is not in the calendar"),
            Fault::NotFirstOfMonth => {
                ("C0122", "不是当月第一天", "is not the first day of a month")
            }
            Fault::Decimals => ("C0123", "小数位数过多", "has too many decimals"),
            Fault::TooLarge => (
                "C0124",
                "超出可表示的范围",
                "is outside what this type can hold",
            ),
            Fault::NotUtf8 => ("C0127", "不是 UTF-8 文字", "is not UTF-8 text"),
        };
        Said::new(
            code,
            format!("{zh}“{cell}”{zh_what}；请填写{zh_expected}"),
            format!("{en}“{cell}” {en_what}; write {en_expected}"),
        )
    }

    fn expected(&self) -> (String, String) {
        let (zh, en) = match self {
            Shape::Bool => ("是、否、true、false、1 或 0", "true, false, 是, 否, 1 or 0"),
            Shape::Fixed(0) => ("整数，如 139", "a whole number such as 139"),
            Shape::Money => (
                "元，最多两位小数，如 1234.56",
                "yuan with at most two decimals, such as 1234.56",
            ),
            Shape::Fixed(n) => {
                return (
                    format!("最多 {n} 位小数的数"),
                    format!("a number with at most {n} decimals"),
                );
            }
            Shape::Rate => (
                "最多六位小数的比例，如 0.08 或 8%",
                "a share with at most six decimals, such as 0.08 or 8%",
            ),
            Shape::Length => ("整数，如 180", "a whole number such as 180"),
            Shape::Date(_) => (
                "1800 至 2299 年的日期，如 2025-01-31",
                "a date from 1800 to 2299, such as 2025-01-31",
            ),
            Shape::Month(_) => (
                "1800 至 2299 年的月份，如 2025-03",
                "a month from 1800 to 2299, such as 2025-03",
            ),
            Shape::Year => (
                "1800 至 2299 的年份，如 2025",
                "a year from 1800 to 2299, such as 2025",
            ),
            Shape::Member(members) => return members.listed(),
            Shape::Text => ("UTF-8 文字", "UTF-8 text"),
        };
        (zh.to_owned(), en.to_owned())
    }
}

/// Where a cell stands, as the beginning of a sentence.
pub(crate) struct Place<'a> {
    pub(crate) zh: &'a str,
    pub(crate) en: &'a str,
}

impl Members {
    pub(crate) fn new(members: &[rules::law::Names]) -> Members {
        let mut by_name = BTreeMap::new();
        for (index, names) in (0..).zip(members) {
            for name in [Some(&names.id), names.zh.as_ref()].into_iter().flatten() {
                by_name.insert(name.clone().into_bytes(), index);
            }
        }
        Members {
            ids: members.iter().map(|names| names.id.clone()).collect(),
            by_name,
        }
    }

    fn find(&self, name: &[u8]) -> Option<u16> {
        self.by_name.get(name).copied()
    }

    fn listed(&self) -> (String, String) {
        const LISTED_MAX: usize = 8;
        let more = self.ids.len() > LISTED_MAX;
        let list = self.ids[..self.ids.len().min(LISTED_MAX)].join(", ");
        match more {
            true => (
                format!("{list} 等之一（或其中文名）"),
                format!("one of {list}, … (or its Chinese name)"),
            ),
            false => (
                format!("{list} 之一（或其中文名）"),
                format!("one of {list} (or its Chinese name)"),
            ),
        }
    }
}

/// Reads `-1,234.5` at two decimals as -123450. More decimals are allowed where they are zeros: the value is the same.
fn fixed(cell: &[u8], decimals: u8) -> Result<i64, Fault> {
    let (negative, rest) = match cell.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, cell),
    };
    let point = rest.iter().position(|b| *b == b'.');
    let (whole, part) = match point {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &rest[..0]),
    };
    if whole.is_empty() || (point.is_some() && part.is_empty()) {
        return Err(Fault::NotOne);
    }
    let mut value = grouped(whole)?;
    let kept = part.len().min(decimals.into());
    for digit in &part[..kept] {
        value = push_digit(value, *digit)?;
    }
    for _ in kept..decimals.into() {
        value = push_digit(value, b'0')?;
    }
    if !part.iter().all(u8::is_ascii_digit) {
        return Err(Fault::NotOne);
    }
    if part[kept..].iter().any(|b| *b != b'0') {
        return Err(Fault::Decimals);
    }
    let value = if negative {
        0i64.checked_sub_unsigned(value)
    } else {
        i64::try_from(value).ok()
    };
    value.ok_or(Fault::TooLarge)
}

/// Digits, perhaps with a comma before every three: `12,34` is refused rather than guessed at.
fn grouped(whole: &[u8]) -> Result<u64, Fault> {
    let commas = whole.contains(&b',');
    let (mut value, mut since_comma, mut grouped) = (0u64, 0usize, false);
    let mut overflow = false;
    for byte in whole {
        if *byte == b',' && commas {
            if since_comma == 0 || since_comma > 3 || (grouped && since_comma != 3) {
                return Err(Fault::NotOne);
            }
            (grouped, since_comma) = (true, 0);
            continue;
        }
        since_comma += 1;
        match push_digit(value, *byte) {
            Ok(next) => value = next,
            Err(Fault::TooLarge) => overflow = true,
            Err(fault) => return Err(fault),
        }
    }
    if commas && since_comma != 3 {
        return Err(Fault::NotOne);
    }
    if overflow {
        Err(Fault::TooLarge)
    } else {
        Ok(value)
    }
}

fn push_digit(value: u64, digit: u8) -> Result<u64, Fault> {
    if !digit.is_ascii_digit() {
        return Err(Fault::NotOne);
    }
    let next = value
        .checked_mul(10)
        .and_then(|v| v.checked_add(u64::from(digit - b'0')));
    next.ok_or(Fault::TooLarge)
}

fn date(cell: &[u8], calendar: Calendar) -> Result<i64, Fault> {
    if cell.len() != 10 || cell[7] != b'-' {
        return Err(Fault::NotOne);
    }
    let day = digits(&cell[8..], 2).ok_or(Fault::NotOne)?;
    let month = month(&cell[..7], calendar)?;
    calendar
        .day(month, day)
        .map(i64::from)
        .ok_or(Fault::NoSuchDay)
}

fn month(cell: &[u8], calendar: Calendar) -> Result<i32, Fault> {
    if cell.len() != 7 || cell[4] != b'-' {
        return Err(Fault::NotOne);
    }
    let (Some(year), Some(month)) = (digits(&cell[..4], 4), digits(&cell[5..], 2)) else {
        return Err(Fault::NotOne);
    };
    if !(1..=12).contains(&month) {
        return Err(Fault::NoSuchDay);
    }
    let index = year * 12 + month - 1;
    match calendar.first_day(index) {
        Some(_) => Ok(index),
        None => Err(Fault::TooLarge),
    }
}

fn digits(text: &[u8], width: usize) -> Option<i32> {
    if text.len() != width || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        text.iter()
            .fold(0, |value, digit| value * 10 + i32::from(digit - b'0')),
    )
}

fn bool(cell: &[u8]) -> Option<bool> {
    let is = |name: &str| cell.eq_ignore_ascii_case(name.as_bytes());
    match cell {
        b"1" => Some(true),
        b"0" => Some(false),
        _ if is("true") || is("是") => Some(true),
        _ if is("false") || is("否") => Some(false),
        _ => None,
    }
}

fn print_fixed(value: i64, decimals: u8, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 40];
    let (mut rest, mut at, mut written) = (value.unsigned_abs(), digits.len(), 0);
    while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    out.extend(&digits[at..]);
}

fn print_month(month: i32, out: &mut Vec<u8>) {
    print_fixed((month / 12).into(), 0, out);
    print_padded(month % 12 + 1, 2, b'-', out);
}

fn print_padded(value: i32, width: u32, before: u8, out: &mut Vec<u8>) {
    out.push(before);
    for place in (0..width).rev() {
        out.push(b'0' + (value.unsigned_abs() / 10u32.pow(place) % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rules::law::Names;

    fn members() -> Shape {
        let names = |id: &str, zh: &str| Names {
            id: id.to_owned(),
            zh: Some(zh.to_owned()),
        };
        Shape::Member(Arc::new(Members::new(&[
            names("male", "男"),
            names("female", "女"),
        ])))
    }

    fn printed(shape: &Shape, value: i64) -> String {
        let mut out = Vec::new();
        shape.print(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_as_the_same_number(
            any in any::<i64>(),
            decimals in 0u8..=12,
            day in measure::Day::MIN.number()..=measure::Day::MAX.number(),
            month in measure::Month::MIN.index()..=measure::Month::MAX.index(),
            year in 1800i64..=2299,
            short in any::<i32>(),
            bit in 0i64..=1,
        ) {
            let cases = [
                (Shape::Money, any),
                (Shape::Fixed(decimals), any),
                (Shape::Rate, any),
                (Shape::Length, short.into()),
                (Shape::Date(Calendar::new()), day.into()),
                (Shape::Month(Calendar::new()), month.into()),
                (Shape::Year, year),
                (Shape::Bool, bit),
                (members(), bit),
            ];
            for (shape, value) in cases {
                let text = printed(&shape, value);
                prop_assert_eq!(shape.read(text.as_bytes()), Ok(value), "{}", text);
            }
        }

        #[test]
        fn amounts_are_read_as_measure_reads_them(text in "-?[0-9]{0,4}(,[0-9]{2,3}){0,2}(\\.[0-9]{0,3})?") {
            // Zeros beyond the fen are the one thing read here and not there.
            prop_assume!(!text.ends_with('0') || !text.contains('.'));
            let ours = Shape::Money.read(text.as_bytes()).ok();
            let measures = measure::Fen::parse(&text).ok();
            prop_assert_eq!(ours.map(|fen| printed(&Shape::Money, fen)), measures.map(|fen| fen.to_string()));
        }

        #[test]
        fn no_cell_makes_a_reader_panic(cell in prop::collection::vec(any::<u8>(), 0..24), decimals in 0u8..=12) {
            let calendar = Calendar::new();
            let shapes = [Shape::Money, Shape::Fixed(decimals), Shape::Rate, Shape::Length, Shape::Date(calendar), Shape::Month(calendar), Shape::Year, Shape::Bool, members()];
            for shape in shapes {
                if let Err(fault) = shape.read(&cell) {
                    shape.refuse(fault, &Place { zh: "", en: "" }, &cell);
                }
            }
        }
    }

    #[test]
    fn extremes() {
        assert_eq!(printed(&Shape::Money, i64::MIN), "-92233720368547758.08");
        assert_eq!(Shape::Money.read(b"-92233720368547758.08"), Ok(i64::MIN));
        assert_eq!(
            Shape::Money.read(b"92233720368547758.08"),
            Err(Fault::TooLarge)
        );
        assert_eq!(Shape::Rate.read(b"8%"), Ok(80_000));
        assert_eq!(Shape::Rate.read(b"0.00001%"), Err(Fault::Decimals));
        assert_eq!(Shape::Rate.read(b"%"), Err(Fault::NotOne));
        assert_eq!(Shape::Money.read("１２".as_bytes()), Err(Fault::NotOne));
        assert_eq!(Shape::Money.read(b"-"), Err(Fault::NotOne));
        assert_eq!(Shape::Money.read(b"1,000,00"), Err(Fault::NotOne));
        assert_eq!(printed(&Shape::Bool, 7), "7");
    }
}
