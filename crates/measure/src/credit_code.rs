//! *Which organisation is this, and was its code typed rightly?*
//!
//! The unified social credit code (统一社会信用代码) names every legal entity. Its last character checks the others,
//! but codes with a failing one have been issued and are in use: refusing them would lock real employers out. So a
//! failing check digit is told, not refused.

use std::fmt;

use crate::{Error, text::Quoted};

/// A unified social credit code (GB 32100-2015).
///
/// # Representation
///
/// Eighteen characters of `0`-`9` and `A`-`Z` without `I O S V Z`: one for the registering department, one for the
/// kind, six digits of area, nine of the organisation, one check character.
///
/// # Parsing and printing
///
/// Blanks around are trimmed and small letters accepted. Parsing also tells whether the check digit conforms.
///
/// ```
/// use measure::{CheckDigit, CreditCode};
///
/// let (code, check) = CreditCode::parse("91350100m0001tgqxm")?;
/// assert_eq!(code.to_string(), "91350100M0001TGQXM");
/// assert_eq!(check, CheckDigit::Failing { expected: '1' });
///
/// assert_eq!(CreditCode::parse("91350100I0001TGQXM").unwrap_err().code(), "M1102");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// By characters.
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
/// `M1101` wrong length, `M1102` a character that cannot stand there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode {
    characters: [u8; 18],
}

/// Whether the last character of a [`CreditCode`] fits the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// It fits.
    Conforming,
    /// It does not: either the code is mistyped, or it was issued so. Warn, and let it be confirmed.
    Failing {
        /// The character that would fit.
        expected: char,
    },
}

impl CreditCode {
    /// Reads a code, trimming blanks around it.
    ///
    /// # Errors
    ///
    /// `M1101` when it has not 18 characters, `M1102` for the first character that cannot stand where it does.
    pub fn parse(text: &str) -> Result<(CreditCode, CheckDigit), Error> {
        let code = CreditCode {
            characters: read(text)?,
        };
        Ok((code, code.check_digit()))
    }

    /// The code of these first seventeen characters, with the check digit that conforms.
    ///
    /// # Errors
    ///
    /// `M1101` when there are not 17 characters, `M1102` for the first that cannot stand where it does.
    pub fn complete(first_seventeen: &str) -> Result<CreditCode, Error> {
        let mut characters = [b'0'; 18];
        characters[..17].copy_from_slice(&read::<17>(first_seventeen)?);
        characters[17] = expected_check(&characters);
        Ok(CreditCode { characters })
    }

    /// Whether the last character fits the others.
    pub fn check_digit(&self) -> CheckDigit {
        match expected_check(&self.characters) {
            expected if expected == self.characters[17] => CheckDigit::Conforming,
            expected => CheckDigit::Failing {
                expected: char::from(expected),
            },
        }
    }

    /// The code's eighteen characters.
    #[expect(clippy::missing_panics_doc, reason = "its characters are ASCII")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.characters).expect("both constructors take only ASCII")
    }

    /// The six digits of the area of registration (GB/T 2260).
    pub fn area_code(&self) -> &str {
        &self.as_str()[AREA]
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

/// GB 32100: a character's value is its place here. `I O S V Z` look like other characters and are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// GB 32100: 3^place mod 31.
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
/// Where the area of registration stands; digits only.
const AREA: std::ops::Range<usize> = 2..8;

fn value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|c| *c == character)
}

fn expected_check(characters: &[u8; 18]) -> u8 {
    let values = characters.iter().filter_map(|c| value(*c));
    let sum: usize = values
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    ALPHABET[(31 - sum % 31) % 31]
}

fn read<const LENGTH: usize>(text: &str) -> Result<[u8; LENGTH], Error> {
    let text = text.trim();
    let found = text.chars().count();
    if found != LENGTH {
        return Err(Fault::Length {
            found,
            expected: LENGTH,
        }
        .into());
    }
    let mut characters = [0; LENGTH];
    for (place, character) in text.chars().enumerate() {
        let upper = u8::try_from(character.to_ascii_uppercase()).unwrap_or(0);
        let possible = if AREA.contains(&place) {
            upper.is_ascii_digit()
        } else {
            value(upper).is_some()
        };
        if !possible {
            return Err(Fault::Character {
                place: place + 1,
                code: Quoted::new(text),
            }
            .into());
        }
        characters[place] = upper;
    }
    Ok(characters)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Length { found: usize, expected: usize },
    Character { place: usize, code: Quoted },
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::Length { .. } => "M1101",
            Fault::Character { .. } => "M1102",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Length { found, expected } => {
                write!(
                    f,
                    "the credit code has {found} characters; expected {expected}"
                )
            }
            Fault::Character { place, code } if AREA.contains(&(place - 1)) => {
                write!(
                    f,
                    "character {place} of the credit code {code} is not a digit; expected the area's six digits there"
                )
            }
            Fault::Character { place, code } => {
                write!(
                    f,
                    "character {place} of the credit code {code} cannot stand there; expected a digit or a letter other than I, O, S, V, Z"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code() -> impl Strategy<Value = CreditCode> {
        "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}"
            .prop_map(|text| CreditCode::complete(&text).unwrap())
    }

    #[test]
    fn real_codes_that_do_not_conform_are_kept() {
        for (text, expected) in [
            ("91350100M0001TGQXM", '1'),
            ("91350211M0000XUF46", 'R'),
            ("91350203M0001FUE2P", 'J'),
        ] {
            let (code, check) = CreditCode::parse(text).unwrap();
            assert_eq!(code.as_str(), text);
            assert_eq!(check, CheckDigit::Failing { expected }, "{text}");
        }
    }

    #[test]
    fn refusals() {
        let refused = |text: &str, code: &str| {
            assert_eq!(CreditCode::parse(text).unwrap_err().code(), code, "{text}");
        };
        refused("", "M1101");
        refused("91350100M0001TGQX", "M1101");
        for letter in ['I', 'O', 'S', 'V', 'Z', '-', '统', 'ı'] {
            refused(&format!("91350100M0001TGQX{letter}"), "M1102");
        }
        refused("9135010AM0001TGQXM", "M1102");
        assert_eq!(
            CreditCode::complete("91350100M0001TGQXM")
                .unwrap_err()
                .code(),
            "M1101"
        );
    }

    #[test]
    fn weights_are_powers_of_three() {
        let mut power = 1;
        for weight in WEIGHTS {
            assert_eq!(weight, power);
            power = power * 3 % 31;
        }
    }

    proptest! {
        #[test]
        fn completed_codes_conform(code in code()) {
            prop_assert_eq!(CreditCode::parse(code.as_str()), Ok((code, CheckDigit::Conforming)));
            prop_assert_eq!(CreditCode::parse(&code.as_str().to_lowercase()), Ok((code, CheckDigit::Conforming)));
        }

        #[test]
        fn a_mistyped_character_is_told(code in code(), place in 0..18_usize, typed in "[0-9]") {
            let mut text = code.as_str().to_owned();
            prop_assume!(text[place..=place] != typed);
            text.replace_range(place..=place, &typed);
            let (_, check) = CreditCode::parse(&text).unwrap();
            prop_assert_ne!(check, CheckDigit::Conforming);
        }

        #[test]
        fn parsing_never_panics(text in ".{16,20}") {
            let _ = CreditCode::parse(&text);
        }
    }
}
