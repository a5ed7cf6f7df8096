//! What stands in a cell, and what it means: identity numbers, wages, days, choices.
//!
//! What a clerk may write in several ways is read in all of them: full-width digits, separated thousands, dates with
//! hyphens, slashes or characters. What could mean two things is refused.

use super::wrong::{BadIdentity, Wrong};
use measure::{Day, Fen, IdentityNumber};
use std::borrow::Cow;

/// The content of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str),
    /// A number, as a spreadsheet holds it.
    Number(f64),
    /// A day of the calendar; `None` when the number behind it is none.
    Day(Option<Day>),
    Formula,
    /// `#N/A` and its like.
    Failed,
}

/// The cells of one row.
pub(super) trait Cells {
    /// What stands in a column.
    fn cell(&self, column: usize) -> Cell<'_>;
    /// The columns up to the last that is not empty.
    fn filled(&self) -> usize;
    /// A cell as text, for the file of rows to mend.
    fn text(&self, column: usize) -> Cow<'_, str>;
}

/// A text without blanks around it and without the apostrophe by which spreadsheets mark a text.
pub(super) fn tidy(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'').unwrap_or(text).trim_start()
}

/// The first character that cannot be seen, with its place from 1.
pub(super) fn invisible(text: &str) -> Option<Wrong> {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return None;
    }
    let place = text.chars().position(is_invisible)?;
    let character = text.chars().nth(place)?;
    Some(Wrong::Invisible {
        place: place + 1,
        character,
    })
}

/// Control characters, marks of direction, joiners, fillers, selectors: what changes a text and is not seen.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Full-width digits, letters and signs as their ordinary forms.
pub(super) fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '。' => '.',
        '−' | '–' | '—' => '-',
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

/// An identity number. Blanks within it are ignored, full-width digits and a small x accepted.
pub(super) fn identity(text: &str) -> Result<IdentityNumber, Wrong> {
    let text = tidy(text);
    let found = match IdentityNumber::parse(text) {
        Ok(number) => return Ok(number),
        Err(_) if text.is_ascii() && !text.contains(' ') => text.to_owned(),
        Err(_) => {
            if let Some(wrong) = invisible(text) {
                return Err(wrong);
            }
            let narrowed = text.chars().map(narrow);
            narrowed.filter(|c| *c != ' ').collect()
        }
    };
    let error = match IdentityNumber::parse(&found) {
        Ok(number) => return Ok(number),
        Err(error) => error,
    };
    if lost_digits(&found) {
        return Err(Wrong::IdentityAsNumber);
    }
    Err(Wrong::Identity(match error.code() {
        "M1001" => BadIdentity::Length(found.chars().count()),
        "M1003" => BadIdentity::Area,
        "M1004" => BadIdentity::Birth,
        "M1005" => BadIdentity::Check,
        _ => BadIdentity::Character,
    }))
}

/// Whether a spreadsheet made a number of it: `5.00101E+17`, or zeros from the sixteenth digit on.
fn lost_digits(text: &str) -> bool {
    let scientific = || {
        let (mantissa, exponent) = text.split_once(['E', 'e'])?;
        let digits = |part: &str, also: &[char]| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_digit() || also.contains(&c))
        };
        (digits(mantissa, &['.']) && digits(exponent, &['+'])).then_some(())
    };
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let all_digits = whole.bytes().all(|byte| byte.is_ascii_digit());
    let rounded = all_digits && whole.len() == 18 && whole.ends_with("000");
    scientific().is_some() || rounded || (all_digits && whole.len() < text.len())
}

/// A wage in yuan.
pub(super) fn wage(text: &str) -> Result<Fen, Wrong> {
    let text = tidy(text);
    if let Some(fen) = plain_wage(text.as_bytes()) {
        return Ok(fen);
    }
    if let Some(wrong) = invisible(text) {
        return Err(wrong);
    }
    let narrowed: String = text.chars().map(narrow).collect();
    if narrowed.contains('_') {
        return Err(Wrong::Wage);
    }
    // Zeros beyond the fen say nothing.
    let plain = match narrowed.split_once('.') {
        Some((whole, decimals)) if 2 < decimals.len() => {
            let kept = decimals.trim_end_matches('0');
            format!("{whole}.{kept:0<2}")
        }
        _ => narrowed,
    };
    match Fen::parse(&plain) {
        Ok(fen) if fen < Fen::ZERO => Err(Wrong::WageNegative),
        Ok(fen) => Ok(fen),
        Err(error) if error.code() == "M0102" => Err(Wrong::WageDecimals),
        Err(error) if error.code() == "M0103" => Err(Wrong::WageRange),
        Err(_) => Err(Wrong::Wage),
    }
}

/// Digits with at most two decimals, which nearly all wages are; anything else goes the longer way.
fn plain_wage(text: &[u8]) -> Option<Fen> {
    // Fifteen digits are below 2^63 by far.
    const DIGITS_MAX: usize = 15;
    if text.is_empty() || DIGITS_MAX < text.len() {
        return None;
    }
    let (mut fen, mut decimals) = (0_i64, None);
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                fen = fen * 10 + i64::from(byte - b'0');
                decimals = decimals.map(|decimals: u32| decimals + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    if text[0] == b'.' {
        return None;
    }
    match decimals {
        None => Some(Fen(fen * 100)),
        Some(1) => Some(Fen(fen * 10)),
        Some(2) => Some(Fen(fen)),
        Some(_) => None,
    }
}

/// A number of a spreadsheet as a wage.
pub(super) fn wage_of_number(number: f64) -> Result<Fen, Wrong> {
    match plain_decimal(number) {
        Some(text) => wage(&text),
        None => Err(Wrong::WageRange),
    }
}

/// A number as a spreadsheet shows it, in fifteen digits; what lies behind the fifteenth is noise of the binary form.
/// `None` for what is no number.
pub(super) fn plain_decimal(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    let length = i32::try_from(digits.len()).ok()?;
    let repeated = |times: i32| "0".repeat(usize::try_from(times).unwrap_or(0));
    let text = if exponent < 0 {
        format!("{sign}0.{}{digits}", repeated(-exponent - 1))
    } else if length <= exponent + 1 {
        format!("{sign}{digits}{}", repeated(exponent + 1 - length))
    } else {
        let (whole, decimals) = digits.split_at(usize::try_from(exponent + 1).ok()?);
        format!("{sign}{whole}.{decimals}")
    };
    Some(text)
}

/// Serial numbers that stand for a day of work: 1927 to 2064. Smaller and greater ones are other numbers.
const SERIALS: std::ops::RangeInclusive<i32> = 10_000..=60_000;
/// 1970-01-01 as a serial number.
const SERIAL_OF_EPOCH: i32 = 25_569;

/// The day a serial number of the 1900 system stands for.
pub(super) fn day_of_serial(serial: i32) -> Option<Day> {
    Day::from_number(serial.checked_sub(SERIAL_OF_EPOCH)?).ok()
}

/// A day: `2025-01-31`, `2025/1/31`, `2025.1.31`, `2025年1月31日`, `20250131`.
pub(super) fn day(text: &str) -> Result<Day, Wrong> {
    let text = tidy(text);
    if let Ok(day) = Day::parse(text) {
        return Ok(day);
    }
    if let Some(wrong) = invisible(text) {
        return Err(wrong);
    }
    let narrowed: String = text.chars().map(narrow).collect();
    let date = match narrowed.split_once([' ', 'T']) {
        Some((date, time)) if is_time(time.trim()) => date,
        _ => &narrowed,
    };
    if date.len() <= 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return day_of_digits(date);
    }
    let date = date.strip_suffix(['日', '号']).unwrap_or(date);
    let mut parts = date.split(['-', '/', '.', '年', '月']);
    let mut part = |most: usize| {
        let part = parts.next()?.trim();
        let digits =
            !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (part(4), part(2), part(2));
    match (year, month, day, parts.next()) {
        (Some(1000..), Some(_), None, None) => Err(Wrong::DayOnlyMonth),
        (Some(year @ 1000..), Some(month), Some(day), None) => calendar(year, month, day),
        _ => Err(Wrong::Day),
    }
}

fn is_time(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z'))
}

/// `20250131`; six digits are a month, five a serial number.
fn day_of_digits(digits: &str) -> Result<Day, Wrong> {
    let number: i32 = digits.parse().map_err(|_| Wrong::Day)?;
    match digits.len() {
        8 => {
            let (year, rest) = (number / 10_000, number % 10_000);
            let part = |number: i32| u16::try_from(number).unwrap_or(u16::MAX);
            calendar(part(year), part(rest / 100), part(rest % 100))
        }
        6 => Err(Wrong::DayOnlyMonth),
        5 if SERIALS.contains(&number) => match day_of_serial(number) {
            Some(day) => Err(Wrong::Serial(day)),
            None => Err(Wrong::Day),
        },
        _ => Err(Wrong::Day),
    }
}

fn calendar(year: u16, month: u16, day: u16) -> Result<Day, Wrong> {
    let part = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    Day::new(i32::from(year), part(month), part(day)).map_err(|_| Wrong::NoSuchDay)
}

/// A number where a day should be.
pub(super) fn day_of_number(number: f64) -> Result<Day, Wrong> {
    match plain_decimal(number) {
        Some(text) => day(&text),
        None => Err(Wrong::Day),
    }
}

/// A choice, its Chinese and English names, and what else people write for it.
pub(super) type Choice<T> = (T, (&'static str, &'static str), &'static [&'static str]);

/// One of the choices.
pub(super) fn choice<T: Copy>(
    text: &str,
    choices: &[Choice<T>],
    allowed: &'static [(&'static str, &'static str)],
) -> Result<T, Wrong> {
    let text = tidy(text);
    for (value, (zh, en), _) in choices {
        if text == *zh || text == *en {
            return Ok(*value);
        }
    }
    let folded = super::columns::fold(text);
    for (value, (zh, en), others) in choices {
        if folded == *zh || folded == *en || others.contains(&folded.as_str()) {
            return Ok(*value);
        }
    }
    let near = allowed.iter().flat_map(|(zh, en)| [*zh, *en]);
    let meant = near
        .map(|name| (strsim::osa_distance(&folded, name), name))
        .filter(|(distance, name)| *distance * 2 <= name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name);
    Err(Wrong::NotAWord { allowed, meant })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(wrong: &Wrong) -> &'static str {
        wrong.code()
    }

    #[test]
    fn identity_numbers() {
        for text in [
            "11010519491231002X",
            " 11010519491231002x ",
            "'11010519491231002X",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105 19491231 002X",
            "110105\u{3000}19491231\u{a0}002X",
        ] {
            let number = identity(text).unwrap();
            assert_eq!(number.reveal(), "11010519491231002X", "{text}");
        }
        for (text, expected) in [
            ("5.00101E+17", "C0233"),
            ("5.00101199003E+17", "C0233"),
            ("500101199003070000", "C0233"),
            ("500101199003070012.0", "C0233"),
            ("110105194912310021", "C0234"),
            ("110105491231002", "C0234"),
            ("1101051949123100", "C0234"),
            ("11010519491331002X", "C0234"),
            ("01010519491231002X", "C0234"),
            ("11010519491231OO2X", "C0234"),
            ("11010519491231002Х", "C0234"),
            ("1101051949\u{200b}1231002X", "C0243"),
            ("\u{202d}11010519491231002X", "C0243"),
            ("张三", "C0234"),
        ] {
            assert_eq!(code(&identity(text).unwrap_err()), expected, "{text}");
        }
    }

    #[test]
    fn wages() {
        for (text, fen) in [
            ("8123.45", 812_345),
            ("8123", 812_300),
            ("8123.4", 812_340),
            ("8,123.45", 812_345),
            ("８，１２３．４５", 812_345),
            ("8123.4500", 812_345),
            ("8123.000", 812_300),
            (" 0 ", 0),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(wage(text), Ok(Fen(fen)), "{text}");
        }
        for (text, expected) in [
            ("8123.456", "C0236"),
            ("92233720368547758.08", "C0237"),
            ("99999999999999999999", "C0237"),
            ("-1", "C0237"),
            ("1e999", "C0235"),
            ("NaN", "C0235"),
            ("8O00", "C0235"),
            ("8,12.45", "C0235"),
            ("8_123", "C0235"),
            (".5", "C0235"),
            ("八千", "C0235"),
            ("￥8000", "C0235"),
            ("8000\u{200b}", "C0243"),
        ] {
            assert_eq!(code(&wage(text).unwrap_err()), expected, "{text}");
        }
    }

    #[test]
    fn days() {
        for text in [
            "2025-01-31",
            "2025/1/31",
            "2025.1.31",
            "2025年1月31日",
            "20250131",
            "２０２５－０１－３１",
            "2025-01-31 00:00:00",
            "2025-01-31T00:00:00",
        ] {
            assert_eq!(day(text), Ok(Day::new(2025, 1, 31).unwrap()), "{text}");
        }
        for (text, expected) in [
            ("2025-02-30", "C0239"),
            ("20250230", "C0239"),
            ("2025-13-01", "C0239"),
            ("9999-01-01", "C0239"),
            ("209913", "C0238"),
            ("2025-03", "C0238"),
            ("2025年3月", "C0238"),
            ("25-01-31", "C0238"),
            ("01/31/2025", "C0238"),
            ("45688", "C0240"),
            ("tomorrow", "C0238"),
        ] {
            assert_eq!(code(&day(text).unwrap_err()), expected, "{text}");
        }
        assert_eq!(day_of_serial(45_688), Some(Day::new(2025, 1, 31).unwrap()));
    }

    #[test]
    fn numbers_as_spreadsheets_show_them() {
        for (number, expected) in [
            (8123.45, "8123.45"),
            (0.1 + 0.2, "0.3"),
            (8_123.449_999_999_999, "8123.45"),
            (1e20, "100000000000000000000"),
            (500_101_199_003_070_000.0, "500101199003070000"),
            (0.001, "0.001"),
            (-5.5, "-5.5"),
            (0.0, "0"),
        ] {
            assert_eq!(plain_decimal(number).as_deref(), Some(expected));
        }
        assert_eq!(plain_decimal(f64::NAN), None);
        assert_eq!(plain_decimal(f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn the_short_way_agrees_with_the_long(text in "[0-9]{0,12}(\\.[0-9]{0,3})?") {
            if let Some(fen) = plain_wage(text.as_bytes()) {
                prop_assert_eq!(Fen::parse(&text), Ok(fen));
            }
        }

        #[test]
        fn nothing_panics(text in any::<String>(), number in any::<f64>()) {
            let _ = (identity(&text), wage(&text), day(&text), day_of_number(number), wage_of_number(number));
        }
    }
}
