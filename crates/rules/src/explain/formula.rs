//! A formula as a row of pieces, put into words only when read.

use super::show;
use super::words::{self, Lang, Word};
use crate::law::{Function, Gather, Law, Names, Type, Unit, Value};
use measure::Rounding;

/// A formula in no language yet.
#[derive(Clone, Debug, Default)]
pub struct Formula<'a>(pub(crate) Vec<Piece<'a>>);

/// A piece of a formula.
#[derive(Clone, Debug)]
pub(crate) enum Piece<'a> {
    Value(Type, Value),
    Name(&'a Names),
    Plain(&'a str),
    /// Carries its own spaces.
    Symbol(&'static str),
    Word(Word),
    Function(Function),
    Gather(Gather),
    Rounding(Rounding, Unit),
}

impl Formula<'_> {
    /// The formula in a language.
    #[must_use]
    pub fn text(&self, law: &Law, lang: Lang) -> String {
        let mut text = String::new();
        self.write(&mut text, law, lang);
        text
    }

    /// The same at the end of a text.
    pub(super) fn write(&self, out: &mut String, law: &Law, lang: Lang) {
        let start = out.len();
        for piece in &self.0 {
            piece.write(law, lang, out, start);
        }
        trim(out, start);
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is one value and so says nothing beyond it.
    #[must_use]
    pub fn is_one_value(&self) -> bool {
        matches!(&*self.0, [Piece::Value(..)])
    }
}

impl Piece<'_> {
    /// At the end of a text, in which the formula has a start.
    fn write(&self, law: &Law, lang: Lang, text: &mut String, start: usize) {
        match self {
            Piece::Value(ty, value) => show::write_in_formula(text, law, *ty, value, lang),
            Piece::Name(names) => lang.write_name(text, names),
            Piece::Plain(name) => words::write_spoken(text, name),
            Piece::Symbol(symbol) => {
                if symbol.starts_with([' ', ')', ',', ';']) {
                    trim(text, start);
                }
                text.push_str(symbol);
            }
            Piece::Word(word) => push_word(word.in_language(lang), text, start),
            Piece::Function(function) => text.push_str(words::function(*function, lang)),
            Piece::Gather(gather) => text.push_str(words::gather(*gather, lang)),
            Piece::Rounding(rounding, unit) => {
                text.push_str(words::rounding(*rounding, lang));
                text.push(' ');
                words::write_unit(text, *unit, lang);
            }
        }
    }
}

/// Takes spaces away from the end of what follows the start.
fn trim(text: &mut String, start: usize) {
    while text.len() > start && text.ends_with(' ') {
        text.pop();
    }
}

/// Words stand between spaces, except those that begin with a Chinese comma.
fn push_word(word: &str, text: &mut String, start: usize) {
    if word.starts_with('，') {
        trim(text, start);
    } else if text.len() > start && !text.ends_with([' ', '(']) {
        text.push(' ');
    }
    text.push_str(word);
    text.push(' ');
}

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bond {
    Whole,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Atom,
}
