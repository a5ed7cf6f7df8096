//! Reading one sequence of tokens from left to right.

use super::Reader;
use crate::diagnostic::{Code, Diagnostic, Span, codes};
use crate::syntax::ast::{At, Name, Naming, Text, TypeName};
use crate::syntax::lexer::{self, Tok, Token};
use crate::syntax::words;
use measure::Day;

/// Could not be read; an error was reported.
pub(super) struct Told;

/// What was read, if it could be.
pub(super) type Read<T> = Result<T, Told>;

/// An error just reported, to which advice can be added.
pub(super) struct Failure<'p>(Option<&'p mut Diagnostic>);

impl Failure<'_> {
    /// Adds a line of advice.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        if let Some(error) = &mut self.0 {
            error.helps.push(help.into());
        }
        self
    }

    /// Adds a further place.
    pub(super) fn also(&mut self, place: Span, label: impl Into<String>) -> &mut Self {
        if let Some(error) = &mut self.0 {
            error.labels.push((place, label.into()));
        }
        self
    }

    /// Adds what was probably meant; says whether there was anything near.
    pub(super) fn meant(&mut self, word: &str, known: &[&str]) -> bool {
        match words::nearest(word, known) {
            Some(near) => {
                self.help(format!("did you mean `{near}`?"));
                true
            }
            None => false,
        }
    }
}

/// A sequence of tokens and how far it was read.
pub(super) struct Cursor<'p, 't> {
    reader: &'p mut Reader,
    tokens: Vec<Token<'t>>,
    at: usize,
    /// How many expressions are open around this place.
    pub(super) depth: usize,
    /// How many operators this sequence has so far.
    pub(super) operators: usize,
    /// Whether `rounded` belongs to an aggregation around this place.
    pub(super) hold_rounding: bool,
}

impl<'p, 't> Cursor<'p, 't> {
    pub(super) fn new(reader: &'p mut Reader, tokens: Vec<Token<'t>>) -> Self {
        Self {
            reader,
            tokens,
            at: 0,
            depth: 0,
            operators: 0,
            hold_rounding: false,
        }
    }

    pub(super) fn peek(&self) -> Option<Tok<'t>> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<Tok<'t>> {
        self.tokens.get(self.at + ahead).map(|token| token.tok)
    }

    /// The token read last.
    pub(super) fn before(&self) -> Option<Tok<'t>> {
        self.tokens[..self.at].last().map(|token| token.tok)
    }

    pub(super) fn peek_word(&self) -> Option<&'t str> {
        self.peek_word_at(0)
    }

    pub(super) fn peek_word_at(&self, ahead: usize) -> Option<&'t str> {
        match self.peek_at(ahead) {
            Some(Tok::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.peek_word() == Some(word)
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Tok::Sign(found)) if found == sign)
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn next(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.at).copied();
        self.at += usize::from(token.is_some());
        token
    }

    /// Where the next token stands, or the place just behind the last one.
    pub(super) fn here(&self) -> Span {
        let (start, end) = match (self.tokens.get(self.at), self.tokens.last()) {
            (Some(token), _) => (token.start, token.end),
            (None, Some(last)) => (last.end, last.end),
            (None, None) => (0, 0),
        };
        lexer::span(self.reader.file, start, end)
    }

    /// From the next token to the last.
    pub(super) fn rest(&self) -> Span {
        let last = self.tokens.last().map_or(self.here(), |last| {
            lexer::span(self.reader.file, last.start, last.end)
        });
        self.here().to(last)
    }

    /// Where the token read last stands.
    pub(super) fn behind(&self) -> Span {
        let token = self.tokens[..self.at].last();
        token.map_or(self.here(), |token| {
            lexer::span(self.reader.file, token.start, token.end)
        })
    }

    /// From `start` to the token read last.
    pub(super) fn since(&self, start: Span) -> Span {
        start.to(self.behind())
    }

    /// The next token as a message names it.
    pub(super) fn found(&self) -> String {
        match self.peek() {
            None => "the end of the line".into(),
            Some(Tok::Word(word)) => format!("`{word}`"),
            Some(Tok::Sign(sign)) => format!("`{sign}`"),
            Some(Tok::Number { .. }) => "a number".into(),
            Some(Tok::Day(day)) => format!("the day {day}"),
            Some(Tok::Month(month)) => format!("the month {month}"),
            Some(Tok::Text(_)) => "a text".into(),
            Some(Tok::Bad) => "something that cannot be read".into(),
        }
    }

    /// Reports an error at the next token, unless that token was already told of.
    pub(super) fn fail(
        &mut self,
        code: Code,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Failure<'_> {
        if self.peek() == Some(Tok::Bad) {
            return Failure(None);
        }
        let place = self.here();
        self.fail_at(place, code, message, label)
    }

    /// Reports an error at `place`.
    pub(super) fn fail_at(
        &mut self,
        place: Span,
        code: Code,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Failure<'_> {
        self.reader
            .diagnostics
            .push(Diagnostic::error(code, place, message, label));
        Failure(self.reader.diagnostics.last_mut())
    }

    /// Reports that `what` should stand here.
    pub(super) fn missing<T>(&mut self, what: &str) -> Read<T> {
        let found = self.found();
        self.fail(
            codes::MISSING,
            format!("expected {what}, found {found}"),
            format!("{what} should stand here"),
        );
        Err(Told)
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let there = self.is(word);
        self.at += usize::from(there);
        there
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let there = self.is_sign(sign);
        self.at += usize::from(there);
        there
    }

    pub(super) fn word(&mut self, word: &str) -> Read<()> {
        if self.eat(word) {
            Ok(())
        } else {
            self.missing(&format!("`{word}`"))
        }
    }

    pub(super) fn sign(&mut self, sign: &str) -> Read<()> {
        if self.eat_sign(sign) {
            Ok(())
        } else {
            self.missing(&format!("`{sign}`"))
        }
    }

    /// A name; `what` says of what, as in `the rule's name`.
    pub(super) fn name(&mut self, what: &str) -> Read<Name> {
        match self.peek() {
            Some(Tok::Word(word)) if words::reserved(word) => {
                self.fail(
                    codes::RESERVED_WORD,
                    format!("`{word}` cannot be a name"),
                    format!("{what} should stand here"),
                )
                .help(format!(
                    "`{word}` is a word of the language; choose another name"
                ));
                Err(Told)
            }
            Some(Tok::Word(word)) => {
                self.at += 1;
                Ok(At {
                    node: word.to_string(),
                    span: self.behind(),
                })
            }
            _ => self.missing(what),
        }
    }

    /// A name and perhaps its other name.
    pub(super) fn naming(&mut self, what: &str) -> Read<Naming> {
        let id = self.name(what)?;
        let other = match self.peek_word() {
            Some(word) if !words::reserved(word) => Some(self.name(what)?),
            _ => None,
        };
        Ok(Naming { id, other })
    }

    pub(super) fn text(&mut self, what: &str) -> Read<At<String>> {
        match self.peek() {
            Some(Tok::Text(text)) => {
                self.at += 1;
                Ok(At {
                    node: text.to_string(),
                    span: self.behind(),
                })
            }
            _ => self.missing(what),
        }
    }

    /// `"中文" / "English"`; a text that stands alone is English when it has no Chinese letter.
    pub(super) fn title(&mut self, what: &str) -> Read<Text> {
        let first = self.text(what)?.node;
        if self.eat_sign("/") {
            let second = self.text("the English text")?.node;
            return Ok(Text {
                zh: Some(first),
                en: Some(second),
            });
        }
        if first.chars().any(words::chinese) {
            return Ok(Text {
                zh: Some(first),
                en: None,
            });
        }
        Ok(Text {
            zh: None,
            en: Some(first),
        })
    }

    pub(super) fn day(&mut self, what: &str) -> Read<At<Day>> {
        match self.peek() {
            Some(Tok::Day(day)) => {
                self.at += 1;
                Ok(At {
                    node: day,
                    span: self.behind(),
                })
            }
            Some(Tok::Month(month)) => {
                let message = format!("expected {what}, found the month {month}");
                self.fail(codes::MISSING, message, "a day is needed here")
                    .help(format!("write `{}`", month.first_day()));
                self.at += 1;
                Ok(At {
                    node: month.first_day(),
                    span: self.behind(),
                })
            }
            _ => self.missing(&format!("{what}, such as `2025-01-01`")),
        }
    }

    pub(super) fn type_name(&mut self) -> Read<TypeName> {
        let name = self.name("a type")?;
        if !self.eat_sign("(") {
            return Ok(TypeName { name, scale: None });
        }
        let scale = match self.peek() {
            Some(Tok::Number {
                mantissa,
                scale: 0,
                percent: false,
            }) if (0..=12).contains(&mantissa) => {
                self.at += 1;
                At {
                    node: u8::try_from(mantissa).unwrap_or(12),
                    span: self.behind(),
                }
            }
            _ => return self.missing("a number of decimals from 0 to 12"),
        };
        self.sign(")")?;
        Ok(TypeName {
            name,
            scale: Some(scale),
        })
    }

    /// Reports what is left over behind `what`.
    pub(super) fn end(&mut self, what: &str) -> Read<()> {
        if self.done() {
            return Ok(());
        }
        let found = self.found();
        if self.is_sign(")") {
            self.fail(
                codes::UNPAIRED_BRACKET,
                "this bracket closes nothing",
                "no bracket is open here",
            );
            return Err(Told);
        }
        self.fail(
            codes::LEFT_OVER,
            format!("expected nothing more after {what}, found {found}"),
            "left over",
        );
        Err(Told)
    }

    /// Skips to just behind the next comma outside brackets; false at the end.
    pub(super) fn skip_to_comma(&mut self) -> bool {
        let mut open = 0_usize;
        while let Some(token) = self.next() {
            match token.tok {
                Tok::Sign("(") => open += 1,
                Tok::Sign(")") => open = open.saturating_sub(1),
                Tok::Sign(",") if open == 0 => return true,
                _ => {}
            }
        }
        false
    }
}
