//! Text to tree: tokens, lines by indentation, the grammar, and the formatter that writes a tree back.

pub mod ast;
mod lexer;
mod lines;
mod words;
mod parser;

pub use parser::parse;
