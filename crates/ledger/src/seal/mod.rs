//! *Is the month still what was sealed, and can a person's line be shown to be in it?*
//!
//! When a month's run is published, each of its rows is hashed, the hashes are joined to one root ([`merkle`]), and a
//! [`Seal`] binds that root to the run, its law, what was known, its control totals, and the seal before it. Whoever keeps
//! a seal's hash elsewhere can later tell whether anything sealed up to then was altered, and a person with a
//! [`Proof`] can show to whoever has the seal that a row was in it.
//!
//! ```
//! use ledger::{ChunkTree, Digest, RunTree, Seal, Sealed, leaf, prove, seal, verify};
//! use measure::{Moment, Month};
//! use std::collections::BTreeMap;
//!
//! // A run of three rows in chunks of two. The bytes of a row are the caller's, written with an `Encoder`.
//! let rows: [&[u8]; 3] = [b"person 1, 480.00", b"person 2, 512.00", b"person 3, 400.00"];
//! let mut chunks = Vec::new();
//! for chunk in rows.chunks(2) {
//!     let mut tree = ChunkTree::new();
//!     for row in chunk {
//!         tree.row(row);
//!     }
//!     chunks.push(tree.finish());
//! }
//! let mut run = RunTree::new();
//! for chunk in &chunks {
//!     run.chunk(*chunk);
//! }
//!
//! // It is sealed.
//! let content = Sealed {
//!     month: Month::parse("2025-03").unwrap(),
//!     run: 7,
//!     law_version: "cn-50 2025-04-01".to_string(),
//!     facts_known: Moment::from_microseconds(1_743_500_000_000_000),
//!     totals: BTreeMap::new(),
//!     rows: run.rows(),
//!     root: run.root(),
//! };
//! let first = Seal::after(None, content);
//! seal::check_chain([&first])?;
//!
//! // The second person's row is in it; a row that says something else is not.
//! let proof = prove([leaf(rows[0]), leaf(rows[1])], 1, &chunks, 0)?;
//! verify(&leaf(rows[1]), &proof, &first.content.root)?;
//! let refused = verify(&leaf(b"person 2, 900.00"), &proof, &first.content.root).unwrap_err();
//! assert_eq!(refused.code(), "B0703");
//! # Ok::<(), ledger::Refusal>(())
//! ```

pub mod digest;
pub mod encoder;
pub mod merkle;
pub mod proof;

pub use self::digest::Digest;
pub use self::encoder::Encoder;
pub use self::merkle::{Chunk, ChunkTree, RunTree, leaf};
use self::proof::Step;
pub use self::proof::{Proof, prove, verify};
use crate::status::{Place, Refusal, Status};
use measure::{Fen, Moment, Month};
use std::collections::BTreeMap;

/// A count and an amount over rows of a run, which the seal binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlTotal {
    /// How many rows.
    pub count: u64,
    /// What they come to.
    pub amount: Fen,
}

/// What a seal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The month.
    pub month: Month,
    /// The run that was published.
    pub run: i64,
    /// The version of the law it applied.
    pub law_version: String,
    /// Up to which moment facts were taken into account.
    pub facts_known: Moment,
    /// The control totals by what they are of, such as `district:500103/scheme:1`.
    pub totals: BTreeMap<String, ControlTotal>,
    /// How many rows the run has.
    pub rows: u64,
    /// The root over its rows.
    pub root: Digest,
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The hash of the seal before; [`Digest::ZERO`] for the first.
    pub previous: Digest,
    /// What is sealed.
    pub content: Sealed,
    /// The hash of both.
    pub hash: Digest,
}

/// The first byte of a seal's form.
const FORM: u8 = 1;

impl Sealed {
    /// Writes all of it in a fixed form.
    pub fn encode(&self, to: &mut Encoder) {
        to.u8(FORM)
            .month(self.month)
            .i64(self.run)
            .text(&self.law_version)
            .moment(self.facts_known)
            .u64(self.totals.len() as u64);
        for (of, total) in &self.totals {
            to.text(of).u64(total.count).fen(total.amount);
        }
        to.u64(self.rows).digest(&self.root);
    }
}

impl Seal {
    /// The seal of this content after another, or the first of all.
    #[must_use]
    pub fn after(previous: Option<&Seal>, content: Sealed) -> Seal {
        let previous = previous.map_or(Digest::ZERO, |seal| seal.hash);
        let hash = hash(&previous, &content);
        Seal {
            previous,
            content,
            hash,
        }
    }

    /// Whether its hash is that of its content.
    ///
    /// # Errors
    ///
    /// `B0701` when it is not.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.hash != hash(&self.previous, &self.content) {
            let place = Place::Month(self.content.month);
            return Err(Refusal::at(Status::SealAltered, place));
        }
        Ok(())
    }
}

/// Whether seals are whole and each follows the one before it, from the first ever made to the last. Gives the hash of the
/// last, to be compared with one kept elsewhere: a chain that was cut short at its end is whole too.
///
/// # Errors
///
/// `B0701` with the first that was altered, `B0702` with the first that does not follow.
pub fn check_chain<'a>(seals: impl IntoIterator<Item = &'a Seal>) -> Result<Digest, Refusal> {
    let mut last = Digest::ZERO;
    for seal in seals {
        seal.check()?;
        if seal.previous != last {
            let place = Place::Month(seal.content.month);
            return Err(Refusal::at(Status::ChainBroken, place));
        }
        last = seal.hash;
    }
    Ok(last)
}

fn hash(previous: &Digest, content: &Sealed) -> Digest {
    let mut form = Encoder::new();
    form.u8(merkle::SEAL).digest(previous);
    content.encode(&mut form);
    Digest::of(form.bytes())
}
