//! Which statements does the program send?
//!
//! All of them, each by its name. A test prepares every one on both engines, against the schema as migrated: a column
//! misspelt is found when the tests run, not when a clerk presses a key. Another test holds that no file is missing here.

use crate::{
    accounts, allocations, attempts, audit, bills, bulk, calls, cold, corrections, crediting,
    decided, declarations, differences, district, drafts, dues, employers, entries, exchanges,
    figures, filling, forms, generation, instalments, insurance, jobs, journals, laws, logins,
    merge_requests, migrate, outbox, outside, owed, part_credits, passkeys, payable, people,
    receipts, refunds, roster, runs, seals, sessions, statement::Statement, subscriptions, tokens,
    work, write_offs,
};

/// Every statement, file by file.
#[must_use]
pub fn all() -> Vec<Statement> {
    let files: [&[Statement]; 48] = [
        bulk::STATEMENTS,
        decided::STATEMENTS,
        migrate::STATEMENTS,
        people::STATEMENTS,
        merge_requests::STATEMENTS,
        employers::STATEMENTS,
        work::STATEMENTS,
        insurance::STATEMENTS,
        declarations::STATEMENTS,
        laws::STATEMENTS,
        runs::STATEMENTS,
        generation::STATEMENTS,
        roster::STATEMENTS,
        dues::STATEMENTS,
        differences::STATEMENTS,
        bills::STATEMENTS,
        crediting::STATEMENTS,
        part_credits::STATEMENTS,
        owed::STATEMENTS,
        figures::STATEMENTS,
        filling::STATEMENTS,
        payable::STATEMENTS,
        accounts::STATEMENTS,
        entries::STATEMENTS,
        corrections::STATEMENTS,
        journals::STATEMENTS,
        seals::STATEMENTS,
        cold::STATEMENTS,
        receipts::STATEMENTS,
        allocations::STATEMENTS,
        instalments::STATEMENTS,
        write_offs::STATEMENTS,
        refunds::STATEMENTS,
        audit::STATEMENTS,
        district::STATEMENTS,
        jobs::STATEMENTS,
        outbox::STATEMENTS,
        logins::STATEMENTS,
        sessions::STATEMENTS,
        drafts::STATEMENTS,
        forms::STATEMENTS,
        outside::STATEMENTS,
        attempts::STATEMENTS,
        passkeys::STATEMENTS,
        tokens::STATEMENTS,
        calls::STATEMENTS,
        subscriptions::STATEMENTS,
        exchanges::STATEMENTS,
    ];
    files.concat()
}
