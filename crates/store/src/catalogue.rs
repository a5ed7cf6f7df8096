//! Which statements does the program send?
//!
//! All of them, each by its name. A test prepares every one on both engines, against the schema as migrated: a column
//! misspelt is found when the tests run, not when a clerk presses a key. Another test holds that no file is missing here.

use crate::{
    accounts, allocations, audit, bills, declarations, district, dues, employers, generation,
    instalments, insurance, jobs, journals, laws, migrate, outbox, people, receipts, refunds, runs,
    seals, statement::Statement, work, write_offs,
};

/// Every statement, file by file.
#[must_use]
pub fn all() -> Vec<Statement> {
    let files: [&[Statement]; 23] = [
        migrate::STATEMENTS,
        people::STATEMENTS,
        employers::STATEMENTS,
        work::STATEMENTS,
        insurance::STATEMENTS,
        declarations::STATEMENTS,
        laws::STATEMENTS,
        runs::STATEMENTS,
        generation::STATEMENTS,
        dues::STATEMENTS,
        bills::STATEMENTS,
        accounts::STATEMENTS,
        journals::STATEMENTS,
        seals::STATEMENTS,
        receipts::STATEMENTS,
        allocations::STATEMENTS,
        instalments::STATEMENTS,
        write_offs::STATEMENTS,
        refunds::STATEMENTS,
        audit::STATEMENTS,
        district::STATEMENTS,
        jobs::STATEMENTS,
        outbox::STATEMENTS,
    ];
    files.concat()
}
