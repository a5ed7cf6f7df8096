//! Text to tree: tokens, lines by indentation, the grammar, and the formatter that writes a tree back.

pub mod ast;
mod format;
mod lexer;
mod lines;
mod parser;
mod words;

pub use format::format;
pub use parser::parse;
