//! What is wrong with one row of a file, and how to mend it: the row, the column, the value, the reason, the remedy.
//!
//! Faults do not stop a reading. A file of a million rows can have five million of them, so [`Faults`] keeps the first
//! few, counts all, and hands each to whoever wants it.

use crate::error::{Wording, shown};
use rules::explain::Lang;
use std::{collections::BTreeMap, fmt};

/// One thing wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The row as a spreadsheet numbers it, the heading included; of a bank's XML file, the entry, from 1.
    pub row: u64,
    /// Which cell; `None` when it is the row as a whole.
    pub place: Option<Place>,
    /// What stands there, as messages may show it: cut to 40 characters, identity and account numbers masked.
    pub value: String,
    /// `C0233`; each has a page in `docs/reference/errors`.
    pub code: &'static str,
    /// What happened.
    pub reason: Wording,
    /// How to mend it.
    pub remedy: Wording,
    /// Whether the row is refused for it.
    pub weight: Weight,
}

/// A column of a sheet, or an element of a bank's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As the heading names it; of an XML file the path of the element, `Ntry/Amt`.
    pub name: String,
    /// `C`, as a spreadsheet names it; empty for an XML file.
    pub letter: String,
}

/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The row is refused.
    Refused,
    /// The row is taken; somebody should look at it.
    Doubt,
}

impl Fault {
    /// The whole message in one line.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let (reason, remedy) = (self.reason.in_lang(lang), self.remedy.in_lang(lang));
        let place = self.place.as_ref();
        let (name, letter) = place.map_or(("", ""), |place| (&place.name, &place.letter));
        match lang {
            Lang::Zh => {
                let column = match (name, letter) {
                    ("", _) => String::new(),
                    (name, "") => format!(" {name}"),
                    (name, letter) => format!(" {letter} 列“{name}”"),
                };
                let value = match self.value.as_str() {
                    "" => String::new(),
                    value => format!("“{value}”"),
                };
                format!("第 {} 行{column}{value}：{reason}；{remedy}", self.row)
            }
            Lang::En => {
                let column = match (name, letter) {
                    ("", _) => String::new(),
                    (name, "") => format!(", {name}"),
                    (name, letter) => format!(", column {letter} “{name}”"),
                };
                let value = match self.value.as_str() {
                    "" => String::new(),
                    value => format!(" “{value}”"),
                };
                format!("row {}{column}{value}: {reason}; {remedy}", self.row)
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.sentence(Lang::En))
    }
}

/// Whoever wants to see every fault.
type Listener<'a> = Box<dyn FnMut(&Fault) + 'a>;

/// The faults of a file: all counted, the first few kept, each told on to whoever asks.
#[derive(Default)]
pub struct Faults<'a> {
    most: usize,
    kept: Vec<Fault>,
    counts: BTreeMap<&'static str, u64>,
    listener: Option<Listener<'a>>,
}

impl fmt::Debug for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults")
            .field("most", &self.most)
            .field("kept", &self.kept)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

impl<'a> Faults<'a> {
    /// Keeps at most so many; the others are counted.
    #[must_use]
    pub fn keeping(most: usize) -> Faults<'a> {
        Faults {
            most,
            ..Faults::default()
        }
    }

    /// Tells every fault to `listener` too, kept or not, in the order of the file.
    #[must_use]
    pub fn telling(mut self, listener: impl FnMut(&Fault) + 'a) -> Faults<'a> {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Those kept: the first of the file.
    #[must_use]
    pub fn kept(&self) -> &[Fault] {
        &self.kept
    }

    /// How many there were of each code, kept or not.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        *self.counts.entry(fault.code).or_default() += 1;
        if let Some(listener) = &mut self.listener {
            listener(&fault);
        }
        if self.kept.len() < self.most {
            self.kept.push(fault);
        }
    }
}

/// A value as messages show it. A run of digits as long as an account or identity number keeps its first six and last
/// two: in a sheet whose columns slipped, that is what stands where an amount should, and messages end in logs.
pub(crate) fn shown_masked(text: &str) -> String {
    // Nine digits are more than any wage in yuan and fewer than any account number.
    const NUMBER_DIGITS_MIN: usize = 10;
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let mut chars: Vec<char> = shown(text.as_bytes()).chars().collect();
    for run in chars.chunk_by_mut(|a, b| digit(*a) && digit(*b)) {
        if NUMBER_DIGITS_MIN <= run.len() {
            let end = run.len() - 2;
            run[6..end].fill('*');
        }
    }
    chars.into_iter().collect()
}

/// An identity or account number as messages and receipts show it: the first six characters and the last two.
#[must_use]
pub fn masked(text: &str) -> String {
    const SHOWN_WHOLE_MAX: usize = 8;
    let mut chars: Vec<char> = shown(text.as_bytes()).chars().collect();
    if chars.len() <= SHOWN_WHOLE_MAX {
        return chars.into_iter().collect();
    }
    let end = chars.len() - 2;
    chars[6..end].fill('*');
    chars.into_iter().collect()
}

/// `A` for 0, `Z` for 25, `AA` for 26.
pub(crate) fn letter(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + u8::try_from(column % 26).expect("below 26"));
        column /= 26;
        if column == 0 {
            break;
        }
        column -= 1;
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters of ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_spreadsheets() {
        for (column, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letter(column), expected);
        }
    }

    #[test]
    fn numbers_of_people_are_masked_wherever_they_stand() {
        assert_eq!(masked("500101199003070012"), "500101**********12");
        assert_eq!(masked("12345678"), "12345678");
        assert_eq!(masked("123456789"), "123456*89");
        assert_eq!(shown_masked("8O00.00"), "8O00.00");
        assert_eq!(shown_masked("x500101199003070012y"), "x500101**********12y");
        assert_eq!(
            shown_masked("１２３４５６７８９０１"),
            "１２３４５６***０１"
        );
    }
}
