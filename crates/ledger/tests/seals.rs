//! Roots against a whole tree made otherwise, and tampering with anything.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use ledger::{
    Chunk, ChunkTree, ControlTotal, Digest, Proof, RunTree, Seal, Sealed, Status, leaf, prove,
    seal, verify,
};
use measure::{Fen, Moment, Month};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// SHA-256 of these bytes one after another, without the crate's own help.
fn sha(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

/// The root as the documentation defines it, from all rows at once.
fn whole(rows: &[Vec<u8>], chunk_rows: usize) -> [u8; 32] {
    fn over(tag: u8, leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => sha(&[&[5]]),
            [leaf] => *leaf,
            _ => {
                let mut split = 1;
                while split * 2 < leaves.len() {
                    split *= 2;
                }
                sha(&[
                    &[tag],
                    &over(tag, &leaves[..split]),
                    &over(tag, &leaves[split..]),
                ])
            }
        }
    }
    let chunks = rows.chunks(chunk_rows).map(|rows| {
        let leaves: Vec<[u8; 32]> = rows.iter().map(|row| sha(&[&[0], row])).collect();
        sha(&[&[2], &(rows.len() as u64).to_be_bytes(), &over(1, &leaves)])
    });
    let chunks: Vec<[u8; 32]> = chunks.collect();
    let counts = [
        (chunks.len() as u64).to_be_bytes(),
        (rows.len() as u64).to_be_bytes(),
    ];
    sha(&[&[4], &counts[0], &counts[1], &over(3, &chunks)])
}

fn chunks_of(rows: &[Vec<u8>], chunk_rows: usize) -> Vec<Chunk> {
    let chunk = |rows: &[Vec<u8>]| {
        let mut tree = ChunkTree::new();
        for row in rows {
            tree.row(row);
        }
        tree.finish()
    };
    rows.chunks(chunk_rows).map(chunk).collect()
}

fn root_of(chunks: &[Chunk]) -> Digest {
    let mut run = RunTree::new();
    for chunk in chunks {
        run.chunk(*chunk);
    }
    run.root()
}

/// Rows that differ: each begins with its number.
fn rows() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let row = proptest::collection::vec(any::<u8>(), 0..12);
    proptest::collection::vec(row, 0..70).prop_map(|rows| {
        let numbered = (0_u8..).zip(rows);
        numbered
            .map(|(number, row)| [vec![number], row].concat())
            .collect()
    })
}

fn proof_of(rows: &[Vec<u8>], chunk_rows: usize, at: usize) -> (Proof, Digest) {
    let chunks = chunks_of(rows, chunk_rows);
    let (chunk, row) = (at / chunk_rows, at % chunk_rows);
    let own = rows.chunks(chunk_rows).nth(chunk).unwrap();
    let leaves = own.iter().map(|row| leaf(row));
    (
        prove(leaves, row as u64, &chunks, chunk as u64).unwrap(),
        root_of(&chunks),
    )
}

proptest! {
    #[test]
    fn roots_are_those_of_the_whole_tree(rows in rows(), chunk_rows in 1..20_usize) {
        prop_assert_eq!(root_of(&chunks_of(&rows, chunk_rows)).0, whole(&rows, chunk_rows));
    }

    #[test]
    fn every_row_can_be_proven_and_no_other_in_its_place(rows in rows(), chunk_rows in 1..20_usize) {
        for at in 0..rows.len() {
            let (proof, root) = proof_of(&rows, chunk_rows, at);
            for (other, row) in rows.iter().enumerate() {
                prop_assert_eq!(verify(&leaf(row), &proof, &root).is_ok(), other == at);
            }
            prop_assert_eq!(Proof::from_bytes(&proof.to_bytes()), Ok(proof));
        }
    }

    /// Any byte of the row, of the proof or of the root.
    #[test]
    fn tampering_with_any_byte_is_found(
        rows in rows().prop_filter("a row is needed", |rows| !rows.is_empty()),
        chunk_rows in 1..20_usize,
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let at = at.index(rows.len());
        let (proof, root) = proof_of(&rows, chunk_rows, at);
        let holds = |row: &[u8], proof: &[u8], root: &[u8; 32]| {
            Proof::from_bytes(proof).is_ok_and(|proof| verify(&leaf(row), &proof, &Digest(*root)).is_ok())
        };
        let (row, bytes) = (rows[at].clone(), proof.to_bytes());
        prop_assert!(holds(&row, &bytes, &root.0));
        for place in 0..row.len() {
            let mut changed = row.clone();
            changed[place] ^= flip;
            prop_assert!(!holds(&changed, &bytes, &root.0));
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= flip;
            prop_assert!(!holds(&row, &changed, &root.0), "byte {} of the proof", place);
            prop_assert!(!holds(&row, &bytes[..place], &root.0));
        }
        for place in 0..32 {
            let mut changed = root.0;
            changed[place] ^= flip;
            prop_assert!(!holds(&row, &bytes, &changed));
        }
        prop_assert!(!holds(&row, &[bytes.as_slice(), &[0]].concat(), &root.0));
    }

    #[test]
    fn reading_a_proof_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Proof::from_bytes(&bytes);
    }
}

#[test]
fn nothing_is_proven_of_rows_that_are_not_there() {
    let rows: Vec<Vec<u8>> = (0..5).map(|number| vec![number]).collect();
    let chunks = chunks_of(&rows, 3);
    let leaves = |rows: &[Vec<u8>]| rows.iter().map(|row| leaf(row)).collect::<Vec<_>>();
    let refused =
        |leaves: Vec<Digest>, row, chunk| prove(leaves, row, &chunks, chunk).unwrap_err().status;
    assert_eq!(refused(leaves(&rows[..3]), 3, 0), Status::NotProven);
    assert_eq!(refused(leaves(&rows[..3]), 0, 1), Status::NotProven);
    assert_eq!(refused(leaves(&rows[..3]), 0, 2), Status::NotProven);
    assert_eq!(refused(leaves(&rows[..2]), 0, 0), Status::NotProven);
    assert_eq!(refused(Vec::new(), 0, 0), Status::NotProven);
    assert!(prove(leaves(&rows[3..]), 1, &chunks, 1).is_ok());
}

/// 24,000,000 rows in chunks of 65,536: 366 full ones and one of 13,824. One chunk is made, the others stand for themselves.
#[test]
fn a_proof_for_a_city_fits_on_a_statement() {
    let leaves: Vec<Digest> = (0..65_536_u32)
        .map(|number| leaf(&number.to_be_bytes()))
        .collect();
    let mut tree = ChunkTree::new();
    for digest in &leaves {
        tree.leaf(*digest);
    }
    let stand_in = |number: u32| Chunk {
        rows: if number == 366 { 13_824 } else { 65_536 },
        root: leaf(&number.to_be_bytes()),
    };
    let mut chunks: Vec<Chunk> = (0..367).map(stand_in).collect();
    chunks[200] = tree.finish();
    let proof = prove(leaves.iter().copied(), 40_000, &chunks, 200).unwrap();
    assert_eq!(
        (proof.rows, proof.within.len(), proof.over.len()),
        (24_000_000, 16, 9)
    );
    assert_eq!(proof.to_bytes().len(), 43 + 25 * 32);
    verify(&leaves[40_000], &proof, &root_of(&chunks)).unwrap();
}

fn content(month: &str, run: i64) -> Sealed {
    let total = ControlTotal {
        count: 3,
        amount: Fen(120_000),
    };
    Sealed {
        month: Month::parse(month).unwrap(),
        run,
        law_version: "cn-50 2025-04-01".to_string(),
        facts_known: Moment::from_microseconds(1_743_500_000_000_000),
        totals: BTreeMap::from([("scheme:1".to_string(), total)]),
        rows: 3,
        root: leaf(b"root"),
    }
}

fn chain() -> Vec<Seal> {
    let mut seals: Vec<Seal> = Vec::new();
    for (month, run) in [
        ("2025-01", 1),
        ("2025-02", 2),
        ("2025-03", 3),
        ("2025-03", 4),
    ] {
        seals.push(Seal::after(seals.last(), content(month, run)));
    }
    seals
}

/// Written down once: whoever changes this changes every seal ever made.
#[test]
fn the_hash_of_a_seal_is_this() {
    let form = [
        [6].as_slice(),
        &[0; 32],
        &[1],
        &(2025 * 12 + 2_i32).to_be_bytes(),
        &7_i64.to_be_bytes(),
        &[0, 0, 0, 16],
        b"cn-50 2025-04-01",
        &1_743_500_000_000_000_i64.to_be_bytes(),
        &1_u64.to_be_bytes(),
        &[0, 0, 0, 8],
        b"scheme:1",
        &3_u64.to_be_bytes(),
        &120_000_i64.to_be_bytes(),
        &3_u64.to_be_bytes(),
        &sha(&[&[0], b"root"]),
    ];
    assert_eq!(Seal::after(None, content("2025-03", 7)).hash.0, sha(&form));
}

#[test]
fn any_change_to_any_seal_is_found() {
    assert_eq!(seal::check_chain(&chain()), Ok(chain()[3].hash));
    assert_eq!(seal::check_chain(&[]), Ok(Digest::ZERO));
    let changes: [fn(&mut Sealed); 11] = [
        |sealed| sealed.month = Month::parse("2024-12").unwrap(),
        |sealed| sealed.run += 1,
        |sealed| sealed.law_version.push(' '),
        |sealed| sealed.facts_known = sealed.facts_known.plus_microseconds(1),
        |sealed| sealed.totals.get_mut("scheme:1").unwrap().amount = Fen(120_001),
        |sealed| sealed.totals.get_mut("scheme:1").unwrap().count = 4,
        |sealed| sealed.totals.clear(),
        |sealed| {
            let total = sealed.totals.remove("scheme:1").unwrap();
            sealed.totals.insert("scheme:2".to_string(), total);
        },
        |sealed| sealed.rows = 4,
        |sealed| sealed.root.0[31] ^= 1,
        |sealed| sealed.root.0[0] ^= 0x80,
    ];
    for at in 0..chain().len() {
        for change in changes {
            let mut seals = chain();
            change(&mut seals[at].content);
            assert_eq!(
                seal::check_chain(&seals).unwrap_err().status,
                Status::SealAltered
            );
            // Whoever makes its hash anew breaks the chain behind it, or the hash kept elsewhere.
            let altered = seals[at].content.clone();
            seals[at] = Seal::after(at.checked_sub(1).map(|before| &seals[before]), altered);
            match seal::check_chain(&seals) {
                Err(refused) => assert_eq!(refused.status, Status::ChainBroken),
                Ok(last) => assert!(at == 3 && last != chain()[3].hash),
            }
        }
        for place in 0..32 {
            let mut seals = chain();
            seals[at].hash.0[place] ^= 1;
            assert!(seal::check_chain(&seals).is_err());
            let mut seals = chain();
            seals[at].previous.0[place] ^= 1;
            assert!(seal::check_chain(&seals).is_err());
        }
    }
}

#[test]
fn seals_that_are_missing_doubled_or_out_of_order_break_the_chain() {
    let broken = |order: &[usize]| {
        let seals = chain();
        let seals: Vec<&Seal> = order.iter().map(|at| &seals[*at]).collect();
        seal::check_chain(seals).unwrap_err().status
    };
    for order in [&[0, 2, 3][..], &[1, 2, 3], &[0, 1, 1, 2, 3], &[0, 2, 1, 3]] {
        assert_eq!(broken(order), Status::ChainBroken, "{order:?}");
    }
}
