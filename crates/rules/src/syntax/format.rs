//! The one way to lay a law text out. Words, figures and comments stay as written; spaces, indentation, signs and the
//! breaks of long lines are made the same everywhere.

mod block;
mod spacing;
mod breaking;

use crate::diagnostic::Diagnostic;
use crate::syntax::lexer::{self, Tok};
use crate::syntax::parser;
use block::{Block, Place};
use unicode_width::UnicodeWidthStr;

/// Lines are broken beyond this many columns, a Chinese letter taking two.
const WIDTH: usize = 110;

/// The level of a body's lines; what is deeper carries on a line above.
const BODY: usize = 2;

/// Lays a law text out afresh: two spaces a level, one blank line between items, `=>` and `=` in columns, ASCII signs.
///
/// What is formatted reads back as the same tree, keeps every comment, and formatted again stays as it is.
///
/// # Errors
///
/// What [`parse`](crate::syntax::parse) says about a text that is not well formed: such a text is left alone.
pub fn format(file: u32, text: &str) -> Result<String, Vec<Diagnostic>> {
    let (_, errors) = parser::parse(file, text);
    if !errors.is_empty() {
        return Err(errors);
    }
    let lines = block::raise_comments(lexer::lex(file, text, &mut Vec::new()));
    let items = block::blocks(text, &lines);
    let mut page = Page {
        text,
        last: None,
        out: String::new(),
    };
    for (index, item) in items.iter().enumerate() {
        let above = index.checked_sub(1).map(|index| &items[index]);
        if above.is_some_and(|above| parted(above, item)) {
            page.out.push('\n');
        }
        page.write(item, 0, Place::Item);
    }
    Ok(page.out)
}

/// Whether a blank line stands between two things in the first column.
fn parted(above: &Block, item: &Block) -> bool {
    if above.clause.is_some() {
        // A clause stands right above what it paraphrases.
        return false;
    }
    !above.is_comment() || item.parted
}

struct Page<'t> {
    text: &'t str,
    /// The token written last.
    last: Option<Tok<'t>>,
    out: String,
}

impl<'t> Page<'t> {
    fn write(&mut self, block: &Block<'t>, level: usize, place: Place) {
        if let Some(clause) = block.clause {
            self.line(level, format!("> {clause}").trim_end());
            return;
        }
        let head = spacing::line(
            self.text,
            &block.tokens,
            block.pad,
            self.last.filter(|_| level > BODY),
        );
        if level * 2 + head.width() > WIDTH
            && let Some(broken) = breaking::broken(block, place)
        {
            if let Some(comment) = block.comment {
                self.line(level, comment);
            }
            self.write(&broken, level, place);
            return;
        }
        self.last = block.tokens.last().map(|token| token.tok).or(self.last);
        match block.comment {
            Some(comment) if head.is_empty() => self.line(level, comment),
            Some(comment) => self.line(level, &format!("{head}  {comment}")),
            None => self.line(level, &head),
        }
        for (index, below) in block.below.iter().enumerate() {
            if index > 0 && below.parted {
                self.out.push('\n');
            }
            self.write(below, level + 1, place.below(block));
        }
    }

    fn line(&mut self, level: usize, content: &str) {
        self.out.push_str(&"  ".repeat(level));
        self.out.push_str(content);
        self.out.push('\n');
    }
}
