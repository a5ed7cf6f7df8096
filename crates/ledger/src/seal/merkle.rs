//! *Which one hash stands for all rows of a run?*
//!
//! A tree of two storeys. Within a chunk the rows are hashed pairwise up to the chunk's root, in the shape of RFC 6962;
//! over the chunks the same is done with the chunks' roots; and the run's root binds how many chunks and rows there are.
//! A chunk is closed once its rows are known, so chunks are made in parallel and in any order, and a run that is resumed
//! hashes only what it lacks. What is kept of a chunk is a [`Chunk`], 40 bytes: a month of 24 million rows in chunks of
//! 65,536 has 367 of them.
//!
//! Every hash begins with a byte that says what it is of, so that no node passes for a row, and no chunk for a node:
//!
//! | byte | hash of |
//! |---|---|
//! | `00` | a row |
//! | `01` | two nodes within a chunk |
//! | `02` | a chunk: its number of rows and its root |
//! | `03` | two nodes over chunks |
//! | `04` | a run: its number of chunks, its number of rows and the node over all chunks |
//! | `05` | no rows, or no chunks |
//! | `06` | a seal |

use super::{Digest, Step};

pub(super) const NODE_OF_ROWS: u8 = 0x01;
pub(super) const NODE_OF_CHUNKS: u8 = 0x03;
pub(super) const SEAL: u8 = 0x06;

/// What is kept of a chunk of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chunk {
    /// How many rows it has.
    pub rows: u64,
    /// The root over them.
    pub root: Digest,
}

/// The hash of a row's bytes.
#[must_use]
pub fn leaf(row: &[u8]) -> Digest {
    Digest::of_parts(&[&[0x00], row])
}

/// Makes a [`Chunk`] of rows that come one at a time. Holds a hash for each doubling of the rows seen so far.
///
/// ```
/// use ledger::{ChunkTree, RunTree};
///
/// let mut chunk = ChunkTree::new();
/// chunk.row(b"row 1").row(b"row 2").row(b"row 3");
/// let mut run = RunTree::new();
/// run.chunk(chunk.finish());
/// assert_eq!(run.rows(), 3);
/// println!("{}", run.root());
/// ```
#[derive(Clone, Debug)]
pub struct ChunkTree {
    tree: Tree,
}

/// Makes the root of a run from its chunks, in their order. Holds a hash for each doubling of the chunks.
#[derive(Clone, Debug)]
pub struct RunTree {
    tree: Tree,
    rows: u64,
}

impl ChunkTree {
    /// No rows yet.
    #[must_use]
    pub fn new() -> ChunkTree {
        ChunkTree {
            tree: Tree::new(NODE_OF_ROWS, None),
        }
    }

    /// The next row, by its bytes.
    pub fn row(&mut self, bytes: &[u8]) -> &mut ChunkTree {
        self.leaf(leaf(bytes))
    }

    /// The next row, by its hash.
    pub fn leaf(&mut self, leaf: Digest) -> &mut ChunkTree {
        self.tree.push(leaf);
        self
    }

    /// The chunk of the rows so far.
    #[must_use]
    pub fn finish(&self) -> Chunk {
        Chunk {
            rows: self.tree.count,
            root: self.tree.root(),
        }
    }
}

impl Default for ChunkTree {
    fn default() -> ChunkTree {
        ChunkTree::new()
    }
}

impl RunTree {
    /// No chunks yet.
    #[must_use]
    pub fn new() -> RunTree {
        RunTree {
            tree: Tree::new(NODE_OF_CHUNKS, None),
            rows: 0,
        }
    }

    /// The next chunk.
    ///
    /// # Panics
    ///
    /// When the run has more than 2^64 rows.
    pub fn chunk(&mut self, chunk: Chunk) -> &mut RunTree {
        let rows = self.rows.checked_add(chunk.rows);
        self.rows = rows.expect("no run has 2^64 rows");
        self.tree.push(chunk_node(chunk.rows, &chunk.root));
        self
    }

    /// How many rows the chunks so far have.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The root over the chunks so far.
    #[must_use]
    pub fn root(&self) -> Digest {
        run_root(self.tree.count, self.rows, &self.tree.root())
    }
}

impl Default for RunTree {
    fn default() -> RunTree {
        RunTree::new()
    }
}

/// The node of a chunk: it binds how many rows the chunk has.
pub(super) fn chunk_node(rows: u64, root: &Digest) -> Digest {
    Digest::of_parts(&[&[0x02], &rows.to_be_bytes(), &root.0])
}

/// The root of a run: it binds how many chunks and rows there are.
pub(super) fn run_root(chunks: u64, rows: u64, top: &Digest) -> Digest {
    Digest::of_parts(&[&[0x04], &chunks.to_be_bytes(), &rows.to_be_bytes(), &top.0])
}

pub(super) fn node(tag: u8, left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[tag], &left.0, &right.0])
}

/// A tree that grows leaf by leaf, keeping only the complete subtrees on its right edge; and, for one leaf, the steps from
/// it upwards.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    tag: u8,
    count: u64,
    edge: Vec<Subtree>,
    sought: Option<u64>,
    steps: Vec<Step>,
}

/// A complete subtree of 2^`height` leaves.
#[derive(Clone, Copy, Debug)]
struct Subtree {
    height: u32,
    root: Digest,
    has_sought: bool,
}

impl Tree {
    /// An empty tree, to be asked for the steps from the leaf numbered `sought`, counted from 0.
    pub(super) fn new(tag: u8, sought: Option<u64>) -> Tree {
        Tree {
            tag,
            count: 0,
            edge: Vec::new(),
            sought,
            steps: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, leaf: Digest) {
        let mut grown = Subtree {
            height: 0,
            root: leaf,
            has_sought: self.sought == Some(self.count),
        };
        self.count += 1;
        while let Some(left) = self.edge.pop_if(|left| left.height == grown.height) {
            grown = self.joined(left, grown);
        }
        self.edge.push(grown);
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The root over the leaves so far.
    pub(super) fn root(&self) -> Digest {
        let mut subtrees = self.edge.iter().rev();
        let Some(last) = subtrees.next() else {
            return Digest::of(&[0x05]);
        };
        subtrees.fold(last.root, |right, left| node(self.tag, &left.root, &right))
    }

    /// The root, and the steps from the leaf sought to it.
    pub(super) fn finish(mut self) -> (Digest, Vec<Step>) {
        let root = self.root();
        if let Some(mut right) = self.edge.pop() {
            while let Some(left) = self.edge.pop() {
                right = self.joined(left, right);
            }
        }
        (root, self.steps)
    }

    fn joined(&mut self, left: Subtree, right: Subtree) -> Subtree {
        if left.has_sought {
            self.steps.push(Step::Right(right.root));
        }
        if right.has_sought {
            self.steps.push(Step::Left(left.root));
        }
        Subtree {
            height: left.height + 1,
            root: node(self.tag, &left.root, &right.root),
            has_sought: left.has_sought || right.has_sought,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962, section 2.1, as it is written there: of n leaves, split at the largest power of two below n.
    fn naive(tag: u8, leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of(&[0x05]),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                node(tag, &naive(tag, left), &naive(tag, right))
            }
        }
    }

    #[test]
    fn a_tree_that_grows_is_the_whole_tree() {
        let leaves: Vec<Digest> = (0..130_u8).map(|number| leaf(&[number])).collect();
        let mut tree = Tree::new(NODE_OF_ROWS, None);
        for count in 0..=leaves.len() {
            assert_eq!(
                tree.root(),
                naive(NODE_OF_ROWS, &leaves[..count]),
                "{count} leaves"
            );
            assert_eq!(tree.count(), count as u64);
            assert!(
                tree.edge.len() <= 8,
                "no more than a hash for each doubling"
            );
            if let Some(next) = leaves.get(count) {
                tree.push(*next);
            }
        }
    }

    #[test]
    fn what_is_of_another_sort_has_another_hash() {
        let (a, b) = (leaf(b"a"), leaf(b"b"));
        let pair = [a.0, b.0].concat();
        let node_of_rows = node(NODE_OF_ROWS, &a, &b);
        assert_ne!(node_of_rows, leaf(&pair));
        assert_ne!(node_of_rows, node(NODE_OF_CHUNKS, &a, &b));
        assert_ne!(chunk_node(1, &a), a);
        let run = |chunks: &[(u64, Digest)]| {
            let mut run = RunTree::new();
            for (rows, root) in chunks {
                run.chunk(Chunk {
                    rows: *rows,
                    root: *root,
                });
            }
            run.root()
        };
        assert_ne!(run(&[(1, a)]), run(&[(2, a)]));
        assert_ne!(run(&[]), run(&[(0, Digest::of(&[0x05]))]));
    }
}
