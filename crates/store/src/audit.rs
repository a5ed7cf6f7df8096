//! Who did what, to whose data, why, and through what?
//!
//! Every write, and every read of a person's data, leaves an entry in the transaction that does it; nothing can be altered or
//! removed in it. Each entry carries a SHA-256 hash over itself and the hash of the entry before, so that whoever alters,
//! removes or inserts one by other means breaks the chain, and [`verify`] names the entry. Only the end of a chain could be
//! cut off unseen: therefore the [`heads`] are to be witnessed outside, and are compared with.
//!
//! # Many chains
//!
//! One chain would make every writer wait for the commit of the writer before: some hundred transactions a second. So each
//! connection of PostgreSQL has a chain of its own, held by an advisory lock for as long as it is open, and nobody waits; on
//! SQLite, where one writes at a time, there is one. The number of the chain is the upper part of an entry's number, its place
//! in it the lower, so that the primary key keeps a chain from forking. The lock belongs to the session: behind a pooler of
//! transactions this does not work, and two writers on one chain would be told by the key, with `S0111`.
//!
//! With twelve connections, each transaction noting one entry, two busy cores wrote 1,980 entries a second so, 270 on one chain,
//! and 2,020 plain rows without any (`cargo bench -p store --bench audit`).
//!
//! ```
//! use measure::Moment;
//! use store::{Db, Error, audit};
//!
//! let db = Db::open(&"sqlite::memory:".parse()?)?;
//! let now = Moment::from_microseconds(1_748_736_000_000_000);
//! db.migrate(now)?;
//! let entry = audit::Entry {
//!     at: now,
//!     actor: "maker@500103",
//!     role: "counter",
//!     purpose: "pension statement",
//!     action: "account.read",
//!     subject_kind: audit::PERSON,
//!     subject: 7,
//!     through: "portal",
//!     detail: "",
//! };
//! db.write(|tx| audit::append(tx, &entry))?;
//! let heads = db.read(audit::heads)?;
//! assert_eq!(db.read(|tx| audit::verify(tx, &heads))?, 1);
//! # Ok::<(), Error>(())
//! ```

use crate::like::anywhere;
use crate::{
    bulk::Kind,
    db::Engine,
    error::{ConstraintKind, Error, Violation},
    params,
    row::Row,
    statements,
    tx::Tx,
};
use measure::Moment;
use sha2::{Digest, Sha256};

statements! {
    /// The last entry of a chain.
    LAST = "select audit, hash from audit where audit between $1 and $2 order by audit desc limit 1";
    /// Adds an entry.
    APPEND = "insert into audit (audit, at, actor, role, purpose, action, subject_kind, subject, through, detail, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// All entries, chain by chain.
    ALL = "select audit, at, actor, role, purpose, action, subject_kind, subject, through, detail, hash from audit order by audit";
    /// The hash of an entry.
    HASH = "select hash from audit where audit = $1";
    /// The first entry behind a number.
    BEHIND = "select audit from audit where audit >= $1 order by audit limit 1";
    /// What was done to a record, the newest first.
    OF_SUBJECT = "select audit, at, actor, role, purpose, action, subject_kind, subject, through, detail from audit
        where subject_kind = $1 and subject = $2 order by at desc, audit desc limit $3";
    /// What was done lately, up to a moment, the newest first.
    LATELY = "select audit, at, actor, role, purpose, action, subject_kind, subject, through, detail from audit
        where at <= $1 order by at desc, audit desc limit $2 offset $3";
    /// What was done up to a moment and speaks of something, the newest first.
    FOUND = "select audit, at, actor, role, purpose, action, subject_kind, subject, through, detail from audit
        where at <= $1 and (lower(actor) like $4 escape '!' or lower(action) like $4 escape '!' or lower(purpose) like $4 escape '!')
        order by at desc, audit desc limit $2 offset $3";
    /// The same, the oldest first.
    FOUND_OLDEST = "select audit, at, actor, role, purpose, action, subject_kind, subject, through, detail from audit
        where at <= $1 and (lower(actor) like $4 escape '!' or lower(action) like $4 escape '!' or lower(purpose) like $4 escape '!')
        order by at, audit limit $2 offset $3";
    /// How many speak of something, counted up to so many.
    COUNT_FOUND = "select count(*) from (select 1 from audit
        where at <= $1 and (lower(actor) like $3 escape '!' or lower(action) like $3 escape '!' or lower(purpose) like $3 escape '!')
        limit $2) found";
    /// Takes a chain for as long as the connection is open, if nobody has it. The first number is ours among locks.
    TAKE_CHAIN postgres = "select pg_try_advisory_lock(7262718, cast($1 as integer))";
}

/// [`Entry::subject_kind`]: a person.
pub const PERSON: i16 = 1;
/// [`Entry::subject_kind`]: an employer.
pub const EMPLOYER: i16 = 2;
/// [`Entry::subject_kind`]: a run.
pub const RUN: i16 = 3;
/// [`Entry::subject_kind`]: a file taken in.
pub const BATCH: i16 = 4;
/// [`Entry::subject_kind`]: a receipt.
pub const RECEIPT: i16 = 5;
/// [`Entry::subject_kind`]: a batch of allocations.
pub const ALLOCATIONS: i16 = 6;
/// [`Entry::subject_kind`]: an allocation.
pub const ALLOCATION: i16 = 7;
/// [`Entry::subject_kind`]: an agreement on instalments.
pub const AGREEMENT: i16 = 8;
/// [`Entry::subject_kind`]: a write-off.
pub const WRITE_OFF: i16 = 9;
/// [`Entry::subject_kind`]: a refund.
pub const REFUND: i16 = 10;
/// [`Entry::subject_kind`]: a declaration.
pub const DECLARATION: i16 = 11;
/// [`Entry::subject_kind`]: none in particular.
pub const NONE: i16 = 0;

/// 2^44 entries last a connection for centuries, and leave room for half a million chains.
const ENTRIES_A_CHAIN: i64 = 1 << 44;

/// Chains are tried from the first on; a server has fewer connections than this.
const CHAINS_MAX: i64 = 10_000;

/// What is to be noted. No personal data in any of it: numbers of records only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'e> {
    /// When.
    pub at: Moment,
    /// Who, such as `maker@500103`.
    pub actor: &'e str,
    /// In which role.
    pub role: &'e str,
    /// Why: the purpose, and the case where there is one.
    pub purpose: &'e str,
    /// What, such as `account.read`.
    pub action: &'e str,
    /// To what sort of record: [`PERSON`] and so on.
    pub subject_kind: i16,
    /// To which record.
    pub subject: i64,
    /// Through what: the portal, the command, the exchange.
    pub through: &'e str,
    /// What else is to be known, such as which fields.
    pub detail: &'e str,
}

/// An entry as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Its number.
    pub audit: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// Why.
    pub purpose: String,
    /// What.
    pub action: String,
    /// To what sort of record.
    pub subject_kind: i16,
    /// To which record.
    pub subject: i64,
    /// Through what.
    pub through: String,
    /// What else.
    pub detail: String,
}

/// The last entry of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number; one below the first where there is none yet.
    pub audit: i64,
    /// Its hash; zeros where there is none yet.
    pub hash: [u8; 32],
}

impl Head {
    /// The chain's number, from 0.
    #[must_use]
    pub const fn chain(&self) -> i64 {
        self.audit / ENTRIES_A_CHAIN
    }

    const fn before_first(chain: i64) -> Head {
        Head {
            audit: chain * ENTRIES_A_CHAIN,
            hash: [0; 32],
        }
    }

    const fn follows(&self, audit: i64) -> bool {
        audit == self.audit + 1
    }
}

/// Notes an entry in this transaction; tells its number.
///
/// # Errors
///
/// `S0111` when the chain was meanwhile taken up by another, so that the transaction is run again; what the engine says.
pub fn append(tx: &mut Tx<'_>, entry: &Entry<'_>) -> Result<i64, Error> {
    let head = match tx.head() {
        Some(head) => head,
        None => match tx.engine() {
            Engine::Sqlite => last(tx, 0)?,
            Engine::Postgres => take_chain(tx)?,
        },
    };
    let audit = head.audit + 1;
    let hash = chained(&head.hash, audit, entry);
    let values = params![
        audit,
        entry.at,
        entry.actor,
        entry.role,
        entry.purpose,
        entry.action,
        entry.subject_kind,
        entry.subject,
        entry.through,
        entry.detail,
        hash
    ];
    let added = tx.execute(APPEND, values);
    match added {
        Ok(_) => {
            tx.stage_head(Head { audit, hash });
            Ok(audit)
        }
        Err(Error::Constraint(Violation {
            kind: ConstraintKind::Unique,
            ..
        })) => {
            // What this transaction sees is older than the chain's last entry.
            Err(tx.lose_head())
        }
        Err(error) => Err(error),
    }
}

/// Notes many entries in this transaction, in a statement for thousands.
///
/// # Errors
///
/// As [`append`].
pub fn append_all(tx: &mut Tx<'_>, entries: &[Entry<'_>]) -> Result<(), Error> {
    // The first finds the chain and takes it.
    let Some((first, rest)) = entries.split_first() else {
        return Ok(());
    };
    append(tx, first)?;
    if tx.engine() == Engine::Sqlite {
        return rest
            .iter()
            .try_for_each(|entry| append(tx, entry).map(drop));
    }
    let Some(mut head) = tx.head() else {
        return Err(tx.lose_head());
    };
    let mut copy = tx.copy_in("audit", &COLUMNS)?;
    for entry in rest {
        let audit = head.audit + 1;
        let hash = chained(&head.hash, audit, entry);
        copy.int(audit)?.moment(entry.at)?;
        for text in [entry.actor, entry.role, entry.purpose, entry.action] {
            copy.text(text)?;
        }
        copy.int(entry.subject_kind.into())?.int(entry.subject)?;
        copy.text(entry.through)?.text(entry.detail)?.bytes(&hash)?;
        copy.end()?;
        head = Head { audit, hash };
    }
    match copy.finish() {
        Ok(_) => {
            tx.stage_head(head);
            Ok(())
        }
        Err(Error::Constraint(Violation {
            kind: ConstraintKind::Unique,
            ..
        })) => Err(tx.lose_head()),
        Err(error) => Err(error),
    }
}

/// The columns of an entry.
const COLUMNS: [(&str, Kind); 11] = [
    ("audit", Kind::BigInt),
    ("at", Kind::Moment),
    ("actor", Kind::Text),
    ("role", Kind::Text),
    ("purpose", Kind::Text),
    ("action", Kind::Text),
    ("subject_kind", Kind::SmallInt),
    ("subject", Kind::BigInt),
    ("through", Kind::Text),
    ("detail", Kind::Text),
    ("hash", Kind::Bytes),
];

/// The last entry of each chain: to be witnessed outside.
///
/// # Errors
///
/// What the engine says.
pub fn heads(tx: &mut Tx<'_>) -> Result<Vec<Head>, Error> {
    let mut heads = Vec::new();
    let mut from = 0_i64;
    while let Some(audit) = tx.find(BEHIND, params![from], |row| row.get::<i64>(0))? {
        let chain = audit / ENTRIES_A_CHAIN;
        heads.push(last(tx, chain)?);
        from = (chain + 1) * ENTRIES_A_CHAIN;
    }
    Ok(heads)
}

/// Walks all chains and compares them with the heads that were witnessed; tells how many entries there are.
///
/// # Errors
///
/// `S0301` with the first entry that does not fit, or the first witnessed one that is not there as it was.
pub fn verify(tx: &mut Tx<'_>, witnessed: &[Head]) -> Result<u64, Error> {
    let mut before = Head::before_first(0);
    let mut entries = 0;
    tx.stream(ALL, params![], |row| {
        let noted = read(row)?;
        if noted.audit / ENTRIES_A_CHAIN != before.chain() {
            before = Head::before_first(noted.audit / ENTRIES_A_CHAIN);
        }
        let hash: [u8; 32] = row.get("hash")?;
        let fits = before.follows(noted.audit)
            && hash == chained(&before.hash, noted.audit, &noted.entry());
        if !fits {
            return Err(Error::AuditBroken { audit: noted.audit });
        }
        before = Head {
            audit: noted.audit,
            hash,
        };
        entries += 1;
        Ok(())
    })?;
    for head in witnessed {
        let held = tx.find(HASH, params![head.audit], |row| row.get::<[u8; 32]>(0))?;
        if held != Some(head.hash) {
            return Err(Error::AuditBroken { audit: head.audit });
        }
    }
    Ok(entries)
}

/// What was done to a record, the newest first: for the person whose data it is, and for whoever looks after it.
///
/// # Errors
///
/// What the engine says.
pub fn of_subject(
    tx: &mut Tx<'_>,
    subject_kind: i16,
    subject: i64,
    limit: i32,
) -> Result<Vec<Noted>, Error> {
    tx.list(OF_SUBJECT, params![subject_kind, subject, limit], read)
}

/// What was done up to a moment by somebody, of some kind or for some purpose in which a text stands, the oldest or the newest
/// first: so many after the first so many.
///
/// # Errors
///
/// What the engine says.
pub fn found(
    tx: &mut Tx<'_>,
    (until, text, oldest_first): (Moment, &str, bool),
    (most, after): (i64, i64),
) -> Result<Vec<Noted>, Error> {
    let pattern = anywhere(&text.to_lowercase());
    match (text.is_empty(), oldest_first) {
        (true, false) => tx.list(LATELY, params![until, most, after], read),
        (_, true) => tx.list(FOUND_OLDEST, params![until, most, after, pattern], read),
        (false, false) => tx.list(FOUND, params![until, most, after, pattern], read),
    }
}

/// How many entries up to a moment speak of a text, counted up to so many.
///
/// # Errors
///
/// What the engine says.
pub fn count(tx: &mut Tx<'_>, (until, text): (Moment, &str), most: i64) -> Result<i64, Error> {
    let pattern = anywhere(&text.to_lowercase());
    tx.one(COUNT_FOUND, params![until, most, pattern], |row| row.get(0))
}

fn read(row: &Row<'_>) -> Result<Noted, Error> {
    Ok(Noted {
        audit: row.get("audit")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        role: row.get("role")?,
        purpose: row.get("purpose")?,
        action: row.get("action")?,
        subject_kind: row.get("subject_kind")?,
        subject: row.get("subject")?,
        through: row.get("through")?,
        detail: row.get("detail")?,
    })
}

impl Noted {
    fn entry(&self) -> Entry<'_> {
        Entry {
            at: self.at,
            actor: &self.actor,
            role: &self.role,
            purpose: &self.purpose,
            action: &self.action,
            subject_kind: self.subject_kind,
            subject: self.subject,
            through: &self.through,
            detail: &self.detail,
        }
    }
}

/// A chain that no other connection has, with its last entry.
fn take_chain(tx: &mut Tx<'_>) -> Result<Head, Error> {
    for chain in 0..CHAINS_MAX {
        if tx.one(TAKE_CHAIN, params![chain], |row| row.get::<bool>(0))? {
            let head = last(tx, chain)?;
            tx.keep_head(head);
            return Ok(head);
        }
    }
    Err(Error::NoConnection {
        connections: usize::try_from(CHAINS_MAX).unwrap_or(usize::MAX),
    })
}

fn last(tx: &mut Tx<'_>, chain: i64) -> Result<Head, Error> {
    let (first, end) = (chain * ENTRIES_A_CHAIN, (chain + 1) * ENTRIES_A_CHAIN - 1);
    let found = tx.find(LAST, params![first, end], |row| {
        Ok::<_, Error>(Head {
            audit: row.get("audit")?,
            hash: row.get("hash")?,
        })
    })?;
    Ok(found.unwrap_or(Head::before_first(chain)))
}

/// The hash of an entry behind another. Every text is preceded by its length, so that no two entries give the same bytes.
fn chained(before: &[u8; 32], audit: i64, entry: &Entry<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(audit.to_be_bytes());
    hash.update(entry.at.microseconds().to_be_bytes());
    for text in [entry.actor, entry.role, entry.purpose, entry.action] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.update(entry.subject_kind.to_be_bytes());
    hash.update(entry.subject.to_be_bytes());
    for text in [entry.through, entry.detail] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}
