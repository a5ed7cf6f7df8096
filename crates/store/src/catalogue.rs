//! Which statements does the program send?
//!
//! All of them, each by its name. A test prepares every one on both engines, against the schema as migrated: a column
//! misspelt is found when the tests run, not when a clerk presses a key. Another test holds that no file is missing here.

use crate::{declarations, employers, insurance, migrate, people, statement::Statement, work};

/// Every statement, file by file.
#[must_use]
pub fn all() -> Vec<Statement> {
    let files: [&[Statement]; 6] = [
        migrate::STATEMENTS,
        people::STATEMENTS,
        employers::STATEMENTS,
        work::STATEMENTS,
        insurance::STATEMENTS,
        declarations::STATEMENTS,
    ];
    files.concat()
}
