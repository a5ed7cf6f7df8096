//! Text to tokens, line by line. Nothing is lost: comments, blank lines and clause lines are kept for the formatter.

use crate::diagnostic::{Code, Diagnostic, Span, codes};
use measure::{Day, Month};

/// One word, sign or value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tok<'t> {
    /// A name or a word of the language.
    Word(&'t str),
    /// A number `mantissa / 10^scale`.
    Number {
        mantissa: i64,
        scale: u8,
        percent: bool,
    },
    /// A day.
    Day(Day),
    /// A month.
    Month(Month),
    /// What stands between two double quotes.
    Text(&'t str),
    /// A sign, in its ASCII form.
    Sign(&'static str),
    /// What could not be read; an error was reported.
    Bad,
}

/// A token and its place in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token<'t> {
    pub(crate) tok: Tok<'t>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// One line of the file.
#[derive(Clone, Debug)]
pub(crate) struct Line<'t> {
    /// The spaces before the first letter.
    pub(crate) indent: usize,
    /// Byte of the first letter.
    pub(crate) start: usize,
    /// What a clause line says, after the `>`.
    pub(crate) clause: Option<&'t str>,
    /// Its tokens; none on a blank line, a comment or a clause.
    pub(crate) tokens: Vec<Token<'t>>,
    /// Its comment with the two dashes.
    pub(crate) comment: Option<&'t str>,
    /// Whether a blank line stands above it.
    pub(crate) parted: bool,
}

impl Line<'_> {
    /// Whether nothing stands on it.
    pub(crate) fn blank(&self) -> bool {
        self.clause.is_none() && self.tokens.is_empty() && self.comment.is_none()
    }
}

/// A place in a text as messages hold it.
pub(crate) fn span(file: u32, start: usize, end: usize) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: byte(start),
        end: byte(end),
    }
}

/// Every line of the text that is not blank.
pub(crate) fn lex<'t>(
    file: u32,
    text: &'t str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Line<'t>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut parted = false;
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    for content in text[at..].split_inclusive('\n') {
        let bare = content.trim_end_matches(['\n', '\r']);
        let mut line = Lexer {
            file,
            text,
            at,
            end: at + bare.len(),
            diagnostics,
        }
        .line();
        line.parted = std::mem::replace(&mut parted, line.blank());
        if !line.blank() {
            lines.push(line);
        }
        at += content.len();
    }
    lines
}

/// What is typed by mistake or on a Chinese keyboard, and what it should be.
const LOOKALIKES: &[(&str, &str)] = &[
    ("，", ","),
    ("、", ","),
    ("：", ":"),
    ("（", "("),
    ("）", ")"),
    ("“", "\""),
    ("”", "\""),
    ("＝", "="),
    ("＜", "<"),
    ("＞", ">"),
    ("＋", "+"),
    ("－", "-"),
    ("−", "-"),
    ("–", "-"),
    ("—", "--"),
    ("÷", "/"),
    ("％", "%"),
    ("；", ","),
    ("\u{3000}", " "),
    ("\u{a0}", " "),
    ("!", "not"),
    ("&", "and"),
    ("|", "or"),
    (";", ","),
    ("'", "\""),
    ("[", "("),
    ("]", ")"),
    ("{", "("),
    ("}", ")"),
    ("…", ".."),
];

/// Signs of the language, longest first, with the form they are known by.
const SIGNS: &[(&str, &str)] = &[
    ("=>", "=>"),
    ("<=", "<="),
    (">=", ">="),
    ("!=", "!="),
    ("..", ".."),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("×", "*"),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    (":", ":"),
    (",", ","),
    ("(", "("),
    (")", ")"),
];

/// Columns beyond which a line counts as no deeper: nothing a person writes, and no tree grows too deep to walk.
const DEEPEST: usize = 120;

struct Lexer<'t, 'd> {
    file: u32,
    text: &'t str,
    at: usize,
    end: usize,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'t> Lexer<'t, '_> {
    fn line(mut self) -> Line<'t> {
        let indent = self.indentation();
        let mut line = Line {
            indent,
            start: self.at,
            clause: None,
            tokens: Vec::new(),
            comment: None,
            parted: false,
        };
        if line.indent == 0 && self.rest().starts_with('>') {
            line.clause = Some(self.rest()[1..].trim());
            return line;
        }
        while let Some(letter) = self.rest().chars().next() {
            if self.rest().starts_with("--") {
                line.comment = Some(self.rest().trim_end());
                break;
            }
            match letter {
                ' ' => self.at += 1,
                '\t' => self.tab(),
                _ => {
                    let start = self.at;
                    let tok = self.token(letter);
                    line.tokens.push(Token {
                        tok,
                        start,
                        end: self.at,
                    });
                }
            }
        }
        line
    }

    /// How deep the line begins. A tab counts as one level, so that a text indented with tabs is told of tabs only.
    fn indentation(&mut self) -> usize {
        let first = self.at;
        self.take(|letter| letter == ' ');
        let tabs = self.at;
        self.take(|letter| letter == ' ' || letter == '\t');
        if self.text[tabs..self.at].contains('\t') {
            self.error(codes::TAB, tabs, "tabs are not used in law texts", "a tab")
                .helps
                .push("indent with two spaces a level".into());
        }
        let width: usize = self.text[first..self.at]
            .chars()
            .map(|space| if space == '\t' { 2 } else { 1 })
            .sum();
        width.min(DEEPEST)
    }

    fn token(&mut self, first: char) -> Tok<'t> {
        if first == '"' {
            return self.text();
        }
        if first.is_ascii_digit() {
            return self.number_or_date();
        }
        if first.is_alphabetic() {
            return self.word();
        }
        if let Some((written, sign)) = SIGNS
            .iter()
            .find(|(written, _)| self.rest().starts_with(written))
        {
            self.at += written.len();
            return Tok::Sign(sign);
        }
        self.stranger(first)
    }

    fn word(&mut self) -> Tok<'t> {
        let start = self.at;
        loop {
            self.take(|letter| letter.is_alphanumeric() || letter == '_');
            let mut ahead = self.rest().chars();
            // An inner hyphen has a letter or digit on both sides; `a--b` is a name and a comment.
            if ahead.next() != Some('-') || !ahead.next().is_some_and(char::is_alphanumeric) {
                break;
            }
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if word.contains('_') {
            let kebab = word.trim_matches('_').replace('_', "-");
            self.error(
                codes::BAD_NAME,
                start,
                format!("`{word}` is not a name"),
                "names have hyphens, not underscores",
            )
            .helps
            .push(format!("write `{kebab}`"));
        }
        Tok::Word(word)
    }

    fn text(&mut self) -> Tok<'t> {
        let start = self.at;
        self.at += 1;
        self.take(|letter| letter != '"');
        let inner = &self.text[start + 1..self.at];
        if self.rest().is_empty() {
            self.error(
                codes::OPEN_QUOTE,
                start,
                "this text has no closing quote",
                "a text ends on the line it begins on",
            )
            .helps
            .push("close it with `\"`; inside a text use “ and ”".into());
            return Tok::Text(inner);
        }
        self.at += 1;
        Tok::Text(inner)
    }

    fn number_or_date(&mut self) -> Tok<'t> {
        let start = self.at;
        self.take(|letter| letter.is_ascii_digit());
        let ahead = self.rest().as_bytes();
        if self.at - start == 4
            && ahead.first() == Some(&b'-')
            && ahead.get(1).is_some_and(u8::is_ascii_digit)
        {
            self.take(|letter| letter.is_ascii_digit() || letter == '-');
            return self.date(start);
        }
        self.take(|letter| letter.is_ascii_digit() || letter == '_');
        let ahead = self.rest().as_bytes();
        if ahead.first() == Some(&b'.') && ahead.get(1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.take(|letter| letter.is_ascii_digit() || letter == '_');
        }
        let written = &self.text[start..self.at];
        let percent = self.rest().starts_with('%');
        if percent {
            self.at += 1;
        }
        self.number(start, written, percent)
    }

    fn number(&mut self, start: usize, written: &str, percent: bool) -> Tok<'t> {
        if written.ends_with('_')
            || written.contains("__")
            || written.contains("._")
            || written.contains("_.")
        {
            self.error(
                codes::BAD_NUMBER,
                start,
                format!("`{written}` is not a number"),
                "`_` stands between two digits",
            )
            .helps
            .push("write it like `88_065`".into());
            return Tok::Bad;
        }
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        let decimals = written.split_once('.').map_or(0, |(_, behind)| {
            behind.chars().filter(char::is_ascii_digit).count()
        });
        let scale = decimals + if percent { 2 } else { 0 };
        match (digits.parse(), u8::try_from(scale)) {
            (Ok(mantissa), Ok(scale)) if scale <= 18 => Tok::Number {
                mantissa,
                scale,
                percent,
            },
            _ => {
                self.error(
                    codes::BAD_NUMBER,
                    start,
                    "this number has too many digits",
                    "at most 18 digits are kept",
                );
                Tok::Bad
            }
        }
    }

    /// A day or a month; one that does not exist is read as the last that does, so that the rest is still checked.
    fn date(&mut self, start: usize) -> Tok<'t> {
        let written = &self.text[start..self.at];
        let parts: Vec<&str> = written.split('-').collect();
        let width = |part: usize| parts.get(part).map_or(0, |part| part.len());
        let number = |part: usize| {
            parts
                .get(part)
                .and_then(|part| part.parse::<u8>().ok())
                .unwrap_or(0)
        };
        let year = parts[0].parse::<i32>().unwrap_or(0);
        match (parts.len(), width(1), width(2)) {
            (2, 2, 0) => match Month::new(year, number(1)) {
                Ok(month) => Tok::Month(month),
                Err(error) => {
                    self.error(
                        codes::NO_SUCH_DATE,
                        start,
                        format!("there is no month {written}"),
                        error.to_string(),
                    );
                    Tok::Month(Month::new(year, number(1).clamp(1, 12)).unwrap_or(Month::MIN))
                }
            },
            (3, 2, 2) => match Day::new(year, number(1), number(2)) {
                Ok(day) => Tok::Day(day),
                Err(_) => self.no_such_day(start, year, number(1)),
            },
            _ => {
                self.error(
                    codes::NO_SUCH_DATE,
                    start,
                    format!("`{written}` is not a date"),
                    "a date is written `2025-01-31`, a month `2025-01`",
                )
                .helps
                .push("for a subtraction put spaces around the `-`".into());
                Tok::Bad
            }
        }
    }

    fn no_such_day(&mut self, start: usize, year: i32, month: u8) -> Tok<'t> {
        let written = &self.text[start..self.at];
        let message = format!("there is no day {written}");
        match Month::new(year, month) {
            Ok(month) => {
                let last = month.last_day();
                self.error(
                    codes::NO_SUCH_DATE,
                    start,
                    message,
                    format!("{month} ends on {last}"),
                );
                Tok::Day(last)
            }
            Err(error) => {
                self.error(codes::NO_SUCH_DATE, start, message, error.to_string());
                Tok::Day(Day::MIN)
            }
        }
    }

    fn tab(&mut self) {
        let start = self.at;
        self.take(|letter| letter == '\t');
        self.error(codes::TAB, start, "tabs are not used in law texts", "a tab")
            .helps
            .push("use spaces".into());
    }

    /// A sign the language does not have; where it is plain what was meant, that is read instead.
    fn stranger(&mut self, first: char) -> Tok<'t> {
        let start = self.at;
        if first == '“' {
            return self.curly_text();
        }
        self.take(|letter| letter == first);
        let written = &self.text[start..self.at];
        let message = format!(
            "`{}` is not a sign of the law language",
            first.escape_debug()
        );
        let meant = LOOKALIKES
            .iter()
            .find(|(lookalike, _)| written.starts_with(lookalike))
            .map(|(_, meant)| *meant);
        let error = self.error(codes::FOREIGN_SIGN, start, message, "not known here");
        match meant {
            Some(meant) => error.helps.push(format!("write `{meant}`")),
            None => return Tok::Bad,
        }
        match SIGNS.iter().find(|(_, sign)| Some(*sign) == meant) {
            Some((_, sign)) => Tok::Sign(sign),
            None => Tok::Bad,
        }
    }

    fn curly_text(&mut self) -> Tok<'t> {
        let start = self.at;
        self.take(|letter| letter != '”');
        let inner = self.text[start..self.at].trim_start_matches('“');
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        self.error(
            codes::FOREIGN_SIGN,
            start,
            "`“` is not a sign of the law language",
            "a text stands between straight quotes",
        )
        .helps
        .push(format!("write `\"{inner}\"`"));
        Tok::Text(inner)
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(wanted).len();
    }

    fn error(
        &mut self,
        code: Code,
        start: usize,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        let place = span(self.file, start, self.at);
        self.diagnostics
            .push(Diagnostic::error(code, place, message, label));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }
}
