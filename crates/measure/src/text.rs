//! Reading and writing what several values share: decimal digits, and quotations in messages.

use std::fmt;

/// 10^0 to 10^18, by exponent.
pub(crate) const POWERS_OF_TEN: [i128; 19] = {
    let mut powers = [1; 19];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// Why digits could not be read at a scale; each module says it in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    NotDigits,
    TooManyDecimals,
    TooLarge,
}

/// Reads `-1,234.5` at `scale` decimals as the integer `-123450` (scale 2).
///
/// Separators, if any, must be one kind and stand every three digits: `12,34` is more likely a typing error or a
/// decimal comma than an amount, and guessing between the two is how money is lost.
pub(crate) fn read_fixed(text: &str, scale: u8) -> Result<i128, Unreadable> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(Unreadable::NotDigits),
        Some((whole, decimals)) => (whole, decimals),
        None => (unsigned, ""),
    };
    if !well_grouped(whole) || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Unreadable::NotDigits);
    }
    if decimals.len() > usize::from(scale) {
        return Err(Unreadable::TooManyDecimals);
    }
    let padding = std::iter::repeat_n(b'0', usize::from(scale) - decimals.len());
    let digits = whole
        .bytes()
        .chain(decimals.bytes())
        .filter(u8::is_ascii_digit);
    let mut value: i128 = 0;
    for digit in digits.chain(padding) {
        let digit = i128::from(digit - b'0');
        value = value
            .checked_mul(10)
            .and_then(|v| {
                if negative {
                    v.checked_sub(digit)
                } else {
                    v.checked_add(digit)
                }
            })
            .ok_or(Unreadable::TooLarge)?;
    }
    Ok(value)
}

/// Writes `-123450` at scale 2 as `-1234.50`, honouring width and alignment like a number.
pub(crate) fn write_fixed(f: &mut fmt::Formatter<'_>, value: i128, scale: u8) -> fmt::Result {
    let digits = fixed_digits(value.unsigned_abs(), scale);
    f.pad_integral(value >= 0, "", &digits)
}

/// The digits of `magnitude` at `scale`, with its decimal point if the scale is not zero.
pub(crate) fn fixed_digits(magnitude: u128, scale: u8) -> String {
    if scale == 0 {
        return magnitude.to_string();
    }
    let width = usize::from(scale) + 1;
    let mut digits = format!("{magnitude:0width$}");
    digits.insert(digits.len() - usize::from(scale), '.');
    digits
}

/// Reads exactly `width` ASCII digits; signs and blanks are refused, unlike in the standard library's `parse`.
pub(crate) fn read_digits(text: &str, width: usize) -> Option<i32> {
    if text.len() == width && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Reads exactly two ASCII digits, as months and days are written.
pub(crate) fn read_two_digits(text: &str) -> Option<u8> {
    u8::try_from(read_digits(text, 2)?).ok()
}

/// A refused text as messages show it: quoted, control characters escaped, cut to 40 characters.
///
/// A run of digits as long as an identity number keeps its first six only: in a sheet whose columns slipped, that is
/// what stands where an amount or a day should, and messages end in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quoted(Box<str>);

impl Quoted {
    pub(crate) fn new(text: &str) -> Quoted {
        const SHOWN_CHARS_MAX: usize = 40;
        // The numbers before 1999 had fifteen.
        const IDENTITY_DIGITS_MIN: usize = 15;
        let mut shown: Vec<char> = text.chars().take(SHOWN_CHARS_MAX).collect();
        let cut = shown.len() < text.chars().count();
        for run in shown.chunk_by_mut(|a, b| a.is_ascii_digit() && b.is_ascii_digit()) {
            if IDENTITY_DIGITS_MIN <= run.len() {
                run[6..].fill('*');
            }
        }
        if cut {
            shown.push('…');
        }
        Quoted(shown.into_iter().collect::<String>().into())
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// `"…".parse::<T>()` for every value that has a `T::parse`, so that command lines and generic readers can use it.
macro_rules! from_str {
    ($type:ty) => {
        impl std::str::FromStr for $type {
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<$type, $crate::Error> {
                <$type>::parse(text)
            }
        }
    };
}
pub(crate) use from_str;

fn well_grouped(whole: &str) -> bool {
    let all_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let Some(separator) = whole.chars().find(|c| matches!(c, ',' | '_')) else {
        return all_digits(whole);
    };
    whole.split(separator).enumerate().all(|(place, group)| {
        all_digits(group)
            && if place == 0 {
                group.len() <= 3
            } else {
                group.len() == 3
            }
    })
}
