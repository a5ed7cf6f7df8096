//! *Who is this person, and can this number be theirs?*
//!
//! The resident identity number (居民身份证号码, also 公民身份号码) is the key of every register of persons. It tells
//! birth and sex by itself, and its last character catches every single mistyped digit.

use std::fmt;

use crate::{
    Day, Error,
    text::{from_str, read_digits, read_two_digits},
};

/// A resident identity number that is well formed (GB 11643-1999).
///
/// # Representation
///
/// Eighteen characters: six digits of area, eight of birth, three of sequence (odd for men), one check character by
/// ISO 7064 MOD 11-2, a digit or `X`. Well formed is not the same as issued: only the police register knows that.
///
/// # Parsing and printing
///
/// Blanks around are trimmed and a small `x` is accepted. To print it in full takes the explicit
/// [`IdentityNumber::reveal`]; there is no `Display`, and `Debug` hides all but the area, so a number does not slip
/// into a log. [`IdentityNumber::masked`] is the form for screens.
///
/// ```
/// use measure::IdentityNumber;
///
/// let number = IdentityNumber::parse(" 11010519491231002x ")?;
/// assert_eq!(number.reveal(), "11010519491231002X");
/// assert_eq!(number.masked().to_string(), "110105********002X");
/// assert_eq!(format!("{number:?}"), "IdentityNumber(110105************)");
///
/// let error = IdentityNumber::parse("110105194912310021").unwrap_err();
/// assert_eq!(error.code(), "M1005");
/// assert!(!error.to_string().contains("1949"), "errors never quote the number");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// By characters, so first by area, then by birth.
///
/// # Arithmetic
///
/// None.
///
/// # Rounding
///
/// None.
///
/// # Errors
///
/// `M1001` wrong length, `M1002` a character that cannot stand there, `M1003` no such area, `M1004` no such day of
/// birth, `M1005` the check character does not fit, `M1006` a sequence beyond 999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNumber {
    characters: [u8; 18],
}

/// A person's sex as the identity number records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl IdentityNumber {
    /// The number of this area (six digits), birth and sequence (0 to 999, odd for men), with its check character.
    ///
    /// # Errors
    ///
    /// `M1003` when the area is not six digits or begins with 0, `M1006` when the sequence is beyond 999.
    pub fn new(area_code: &str, birth: Day, sequence: u16) -> Result<IdentityNumber, Error> {
        if read_digits(area_code, 6).is_none() || area_code.starts_with('0') {
            return Err(Fault::Area.into());
        }
        if 999 < sequence {
            return Err(Fault::Sequence(sequence).into());
        }
        // Digit by digit: whoever makes numbers by the million should not wait for a formatter.
        let mut characters = [b'0'; 18];
        characters[..6].copy_from_slice(area_code.as_bytes());
        write_digits(&mut characters[6..10], birth.year().number().unsigned_abs());
        write_digits(&mut characters[10..12], birth.month_of_year().into());
        write_digits(&mut characters[12..14], birth.day_of_month().into());
        write_digits(&mut characters[14..17], sequence.into());
        characters[17] = check_character(&characters);
        Ok(IdentityNumber { characters })
    }

    /// Reads a number, trimming blanks around it.
    ///
    /// # Errors
    ///
    /// `M1001` to `M1005`, for the first thing wrong from left to right, the check character last.
    pub fn parse(text: &str) -> Result<IdentityNumber, Error> {
        let text = text.trim();
        let found = text.chars().count();
        if found != 18 {
            return Err(Fault::Length(found).into());
        }
        let mut characters = [0; 18];
        for (place, character) in text.chars().enumerate() {
            characters[place] = match character.to_ascii_uppercase() {
                'X' if place == 17 => b'X',
                digit @ '0'..='9' => digit as u8,
                _ => return Err(Fault::Character { place: place + 1 }.into()),
            };
        }
        if characters[0] == b'0' {
            return Err(Fault::Area.into());
        }
        if read_birth(&characters).is_none() {
            return Err(Fault::Birth.into());
        }
        if characters[17] != check_character(&characters) {
            return Err(Fault::CheckCharacter.into());
        }
        Ok(IdentityNumber { characters })
    }

    /// The number in full. Personal data: show it only where the reader is entitled to it, never in a log.
    pub fn reveal(&self) -> &str {
        digits(&self.characters)
    }

    /// Prints area and last four characters, `110105********002X`: enough for its owner to recognise it.
    pub fn masked(&self) -> impl fmt::Display {
        Masked(*self)
    }

    /// The six digits of the area where the number was first issued (GB/T 2260). It does not change when a person
    /// moves, nor when the area is renamed.
    pub fn area_code(&self) -> &str {
        digits(&self.characters[..6])
    }

    /// The day of birth.
    #[expect(clippy::missing_panics_doc, reason = "its day of birth exists")]
    pub fn birth(&self) -> Day {
        read_birth(&self.characters)
            .expect("both constructors take only a day of birth that exists")
    }

    /// The sex: male when the sequence is odd.
    pub fn sex(&self) -> Sex {
        if self.characters[16] % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Stricter than the mask: with the last four shown, an age narrows the rest to a handful.
        write!(f, "IdentityNumber({}************)", self.area_code())
    }
}

from_str!(IdentityNumber);

struct Masked(IdentityNumber);

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last_four = digits(&self.0.characters[14..]);
        f.pad(&format!("{}********{last_four}", self.0.area_code()))
    }
}

/// GB 11643: the weights of the first seventeen digits are 2^(17 - place) mod 11, place counted from 0.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// GB 11643: the check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: [u8; 11] = *b"10X98765432";

fn check_character(characters: &[u8; 18]) -> u8 {
    let values = characters.iter().map(|c| u32::from(c - b'0'));
    let sum: u32 = values
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

/// Writes the last digits of a number, as many as there is room for.
fn write_digits(room: &mut [u8], number: u32) {
    let mut rest = number;
    for place in room.iter_mut().rev() {
        let digit = u8::try_from(rest % 10).expect("a remainder by ten is a digit");
        *place = b'0' + digit;
        rest /= 10;
    }
}

fn read_birth(characters: &[u8; 18]) -> Option<Day> {
    let year = read_digits(digits(&characters[6..10]), 4)?;
    let month = read_two_digits(digits(&characters[10..12]))?;
    let day = read_two_digits(digits(&characters[12..14]))?;
    Day::new(year, month, day).ok()
}

fn digits(characters: &[u8]) -> &str {
    std::str::from_utf8(characters).expect("both constructors take only ASCII")
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Length(usize),
    Character { place: usize },
    Area,
    Birth,
    CheckCharacter,
    Sequence(u16),
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::Length(_) => "M1001",
            Fault::Character { .. } => "M1002",
            Fault::Area => "M1003",
            Fault::Birth => "M1004",
            Fault::CheckCharacter => "M1005",
            Fault::Sequence(_) => "M1006",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Length(15) => {
                write!(
                    f,
                    "the identity number has 15 digits, the form before 1999; expected the 18 of the present card"
                )
            }
            Fault::Length(found) => {
                write!(f, "the identity number has {found} characters; expected 18")
            }
            Fault::Character { place: 18 } => {
                write!(
                    f,
                    "the last character of the identity number cannot stand there; expected a digit or X"
                )
            }
            Fault::Character { place } => {
                write!(
                    f,
                    "character {place} of the identity number is not a digit; expected 0 to 9"
                )
            }
            Fault::Area => write!(
                f,
                "the identity number has no possible area; expected six digits not beginning with 0"
            ),
            Fault::Birth => {
                write!(
                    f,
                    "characters 7 to 14 of the identity number are no day of birth; expected one such as 19900131"
                )
            }
            Fault::CheckCharacter => {
                write!(
                    f,
                    "the check character of the identity number does not fit; expected no mistyped or swapped digit"
                )
            }
            Fault::Sequence(found) => write!(
                f,
                "an identity number cannot have the sequence {found}; expected 0 to 999"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = IdentityNumber> {
        (100_000..=999_999_u32, -40_000..20_000_i32, 0..=999_u16).prop_map(
            |(area, birth, sequence)| {
                IdentityNumber::new(
                    &area.to_string(),
                    Day::from_number(birth).unwrap(),
                    sequence,
                )
                .unwrap()
            },
        )
    }

    #[test]
    fn the_examples_of_the_standard() {
        let number = IdentityNumber::parse("11010519491231002X").unwrap();
        assert_eq!(number.birth(), Day::new(1949, 12, 31).unwrap());
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(number.area_code(), "110105");
        let number = IdentityNumber::parse("440524188001010014").unwrap();
        assert_eq!(number.birth(), Day::new(1880, 1, 1).unwrap());
        assert_eq!(number.sex(), Sex::Male);
    }

    #[test]
    fn refusals() {
        let refused = |text: &str, code: &str| {
            let error = IdentityNumber::parse(text).unwrap_err();
            assert_eq!(error.code(), code, "{text}");
            let shown = format!("{error} {error:?}");
            assert!(text.is_empty() || !shown.contains(text), "{text}");
        };
        refused("", "M1001");
        refused("110105491231002", "M1001");
        refused("1101051949123100200", "M1001");
        refused("1101051949123100X2", "M1002");
        refused("11010519491231002Y", "M1002");
        refused("１10105194912310020", "M1002");
        refused("110105 94912310020", "M1002");
        refused("01010519491231002X", "M1003");
        refused("110105194913310020", "M1004");
        refused("110105194902290020", "M1004");
        refused("110105179912310020", "M1004");
        refused("110105194912310020", "M1005");
        let birth = Day::new(1990, 1, 1).unwrap();
        assert_eq!(
            IdentityNumber::new("010101", birth, 1).unwrap_err().code(),
            "M1003"
        );
        assert_eq!(
            IdentityNumber::new("5001", birth, 1).unwrap_err().code(),
            "M1003"
        );
        assert_eq!(
            IdentityNumber::new("500101", birth, 1000)
                .unwrap_err()
                .code(),
            "M1006"
        );
    }

    proptest! {
        #[test]
        fn composed_numbers_parse_to_their_parts(area in 100_000..=999_999_u32, birth in -40_000..20_000_i32, sequence in 0..=999_u16) {
            let (area, birth) = (area.to_string(), Day::from_number(birth).unwrap());
            let number = IdentityNumber::new(&area, birth, sequence).unwrap();
            prop_assert_eq!(IdentityNumber::parse(number.reveal()), Ok(number));
            prop_assert_eq!(number.birth(), birth);
            prop_assert_eq!(number.area_code(), area);
            prop_assert_eq!(number.sex() == Sex::Male, sequence % 2 == 1);
        }

        #[test]
        fn a_mistyped_digit_is_caught(number in number(), place in 0..17_usize, typed in b'0'..=b'9') {
            let mut text = number.reveal().to_owned().into_bytes();
            prop_assume!(text[place] != typed);
            text[place] = typed;
            prop_assert!(IdentityNumber::parse(std::str::from_utf8(&text).unwrap()).is_err());
        }

        #[test]
        fn two_swapped_neighbours_are_caught(number in number(), place in 0..16_usize) {
            let mut text = number.reveal().to_owned().into_bytes();
            prop_assume!(text[place] != text[place + 1]);
            text.swap(place, place + 1);
            prop_assert!(IdentityNumber::parse(std::str::from_utf8(&text).unwrap()).is_err());
        }

        #[test]
        fn debug_hides_birth_and_sequence(number in number()) {
            prop_assert_eq!(format!("{number:?}"), format!("IdentityNumber({}************)", number.area_code()));
            let masked = number.masked().to_string();
            prop_assert_eq!(&masked[6..14], "********");
        }

        #[test]
        fn parsing_never_panics(text in ".{16,20}|[0-9X]{18}") {
            let _ = IdentityNumber::parse(&text);
        }
    }
}
