//! *Does this row belong to the sealed month?*
//!
//! A [`Proof`] holds the hashes beside the way from a row up to the run's root: first within its chunk, then over the
//! chunks. To make one, only the row's own chunk is read again; of the others their [`Chunk`] suffices. For 24 million
//! rows in chunks of 65,536 it has 25 hashes, about 800 bytes: it fits on a statement, and whoever has the seal can check it
//! without the office.

use super::merkle::{NODE_OF_CHUNKS, NODE_OF_ROWS, Tree, chunk_node, node, run_root};
use super::{Chunk, Digest, Encoder};
use crate::status::{Place, Refusal, Status};

/// A hash beside the way up, and on which side it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Left(Digest),
    Right(Digest),
}

/// The proof that a row is in a run.
///
/// # Parsing and printing
///
/// [`Proof::to_bytes`] is a fixed form of 43 bytes and 32 for each hash; [`Proof::from_bytes`] takes that form only.
///
/// # Comparison
///
/// By content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How many rows the run has.
    pub rows: u64,
    /// How many chunks the run has.
    pub chunks: u64,
    /// The row's chunk, counted from 0.
    pub chunk: u64,
    /// How many rows the chunk has.
    pub chunk_rows: u64,
    /// The row within its chunk, counted from 0.
    pub row: u64,
    /// The hashes beside the way, from the row up to the chunk's root.
    pub within: Vec<Digest>,
    /// The hashes beside the way, from the chunk up to the node over all.
    pub over: Vec<Digest>,
}

/// The first byte of a proof's form.
const FORM: u8 = 1;

/// The proof of a row of a run: `leaves` are the hashes of the rows of its chunk in their order, `row` and `chunk` its
/// places, counted from 0. Memory does not grow with the chunk.
///
/// # Errors
///
/// `B0703` when there is no such row or chunk, or when the leaves are not those of the chunk: then a row of it was altered
/// since it was hashed.
pub fn prove(
    leaves: impl IntoIterator<Item = Digest>,
    row: u64,
    chunks: &[Chunk],
    chunk: u64,
) -> Result<Proof, Refusal> {
    let mut below = Tree::new(NODE_OF_ROWS, Some(row));
    for leaf in leaves {
        below.push(leaf);
    }
    let chunk_rows = below.count();
    let (root, within) = below.finish();
    let found = Chunk {
        rows: chunk_rows,
        root,
    };
    let kept = usize::try_from(chunk).ok().and_then(|at| chunks.get(at));
    if kept != Some(&found) || chunk_rows <= row {
        return Err(not_proven());
    }
    let mut above = Tree::new(NODE_OF_CHUNKS, Some(chunk));
    for chunk in chunks {
        above.push(chunk_node(chunk.rows, &chunk.root));
    }
    let (_, over) = above.finish();
    let hashes = |steps: Vec<Step>| steps.into_iter().map(Step::digest).collect();
    Ok(Proof {
        rows: chunks.iter().map(|chunk| chunk.rows).sum(),
        chunks: chunks.len() as u64,
        chunk,
        chunk_rows,
        row,
        within: hashes(within),
        over: hashes(over),
    })
}

/// Whether the row with this hash is in the run with this root, at the place the proof says.
///
/// # Errors
///
/// `B0703` when it is not.
pub fn verify(leaf: &Digest, proof: &Proof, root: &Digest) -> Result<(), Refusal> {
    let climbed = climb(
        NODE_OF_ROWS,
        *leaf,
        proof.row,
        proof.chunk_rows,
        &proof.within,
    )
    .map(|chunk| chunk_node(proof.chunk_rows, &chunk))
    .and_then(|chunk| {
        climb(
            NODE_OF_CHUNKS,
            chunk,
            proof.chunk,
            proof.chunks,
            &proof.over,
        )
    })
    .map(|top| run_root(proof.chunks, proof.rows, &top));
    if climbed != Some(*root) {
        return Err(not_proven());
    }
    Ok(())
}

/// The root of `count` leaves, of which the one numbered `place` is `leaf`, with the hashes beside its way up. `None` when
/// there is no such place, or not so many hashes beside its way.
fn climb(tag: u8, leaf: Digest, place: u64, count: u64, beside: &[Digest]) -> Option<Digest> {
    if count <= place {
        return None;
    }
    let mut beside = beside.iter();
    let (mut climbed, mut place, mut last) = (leaf, place, count - 1);
    while 0 < last {
        // The last node of a storey that has none beside it rises as it is.
        if place % 2 == 1 {
            climbed = node(tag, beside.next()?, &climbed);
        } else if place < last {
            climbed = node(tag, &climbed, beside.next()?);
        }
        (place, last) = (place / 2, last / 2);
    }
    match beside.next() {
        None => Some(climbed),
        Some(_) => None,
    }
}

impl Step {
    fn digest(self) -> Digest {
        match self {
            Step::Left(digest) | Step::Right(digest) => digest,
        }
    }
}

impl Proof {
    /// Its fixed form: for a file, a statement, a QR code.
    ///
    /// # Panics
    ///
    /// When a storey has more than 255 hashes; no proof that [`verify`] accepts has more than 64.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut form = Encoder::new();
        form.u8(FORM);
        for number in [
            self.rows,
            self.chunks,
            self.chunk,
            self.chunk_rows,
            self.row,
        ] {
            form.u64(number);
        }
        for path in [&self.within, &self.over] {
            form.u8(u8::try_from(path.len()).expect("no tree is so high"));
            for digest in path {
                form.digest(digest);
            }
        }
        form.bytes().to_vec()
    }

    /// Reads the fixed form.
    ///
    /// # Errors
    ///
    /// `B0703` when it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Proof, Refusal> {
        read(bytes).ok_or_else(not_proven)
    }
}

fn read(bytes: &[u8]) -> Option<Proof> {
    let mut rest = bytes;
    if take::<1>(&mut rest)? != [FORM] {
        return None;
    }
    let mut number = || Some(u64::from_be_bytes(take(&mut rest)?));
    let (rows, chunks, chunk) = (number()?, number()?, number()?);
    let (chunk_rows, row) = (number()?, number()?);
    let (within, over) = (path(&mut rest)?, path(&mut rest)?);
    if !rest.is_empty() {
        return None;
    }
    Some(Proof {
        rows,
        chunks,
        chunk,
        chunk_rows,
        row,
        within,
        over,
    })
}

fn path(rest: &mut &[u8]) -> Option<Vec<Digest>> {
    let [length] = take(rest)?;
    (0..length).map(|_| Some(Digest(take(rest)?))).collect()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, others) = rest.split_first_chunk()?;
    *rest = others;
    Some(*first)
}

fn not_proven() -> Refusal {
    Refusal::at(Status::NotProven, Place::Whole)
}
