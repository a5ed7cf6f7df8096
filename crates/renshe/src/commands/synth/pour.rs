//! The city in pieces, made on many threads and handed on in order, a few pieces in memory at a time.

use super::tables::TABLES;
use measure::Month;
use std::ops::Range;
use std::sync::mpsc::sync_channel;
use std::thread;
use synth::{Changes, City, Employers, Registers, Tally};

/// Persons, and indices of employers, of one piece: a row group of the files.
const PERSONS: u64 = 1 << 18;
const EMPLOYERS: u64 = 1 << 17;

/// One piece of the work.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Employers of these indices.
    Employers(Range<u64>),
    /// Persons of these numbers with all that is registered about them.
    Persons(Range<u64>),
    /// What changes in a month for persons of these numbers.
    Changes(Month, Range<u64>),
}

/// What a piece is made into.
pub(crate) enum Rows {
    Employers(Employers),
    Registers(Box<Registers>),
    Changes(Changes),
}

/// Rows, and what was counted of them.
pub(super) struct Batch {
    pub(super) rows: Rows,
    pub(super) tally: Tally,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Poured {
    pub(super) persons: u64,
    /// Rows of each of [`TABLES`].
    pub(super) rows: [u64; TABLES.len()],
    pub(super) tally: Tally,
}

impl Poured {
    pub(super) fn add(&mut self, piece: &Piece, tally: &Tally, counts: [u64; TABLES.len()]) {
        if let Piece::Persons(numbers) = piece {
            self.persons += numbers.end - numbers.start;
        }
        for (sum, count) in self.rows.iter_mut().zip(counts) {
            *sum += count;
        }
        self.tally = std::mem::take(&mut self.tally).and(tally);
    }
}

/// The city in pieces, in the order in which they are taken: employers first, since others name them.
pub(super) fn pieces(city: &City, through: Option<Month>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = cut(city.employer_indices(), EMPLOYERS)
        .map(Piece::Employers)
        .collect();
    pieces.extend(cut(city.people(), PERSONS).map(Piece::Persons));
    let first = Month::new(2025, 1).expect("a month");
    let last = through.map_or(first.index() - 1, Month::index);
    for index in first.index()..=last {
        let month = Month::from_index(index).expect("between two months");
        pieces.extend(cut(city.people(), PERSONS).map(|numbers| Piece::Changes(month, numbers)));
    }
    pieces
}

fn cut(count: u64, piece: u64) -> impl Iterator<Item = Range<u64>> {
    (0..count.div_ceil(piece)).map(move |index| index * piece..count.min((index + 1) * piece))
}

impl Piece {
    pub(super) fn make(&self, city: &City) -> Batch {
        let mut tally = Tally::default();
        let rows = match self {
            Piece::Employers(indices) => Rows::Employers(city.employers(indices.clone())),
            Piece::Persons(numbers) => {
                let registers = city.registers(numbers.clone());
                tally.add(city, &registers);
                Rows::Registers(Box::new(registers))
            }
            Piece::Changes(month, numbers) => Rows::Changes(city.changes(*month, numbers.clone())),
        };
        Batch { rows, tally }
    }
}

/// Makes every piece on so many threads and takes what was made in order. Each thread is at most one piece ahead, so memory
/// does not grow with their number. The first failure ends it.
pub(super) fn pour<T: Send, E>(
    threads: usize,
    pieces: &[Piece],
    make: impl Fn(&Piece) -> T + Sync,
    mut take: impl FnMut(&Piece, T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, pieces.len().max(1));
    thread::scope(|scope| {
        let make = &make;
        let made: Vec<_> = (0..threads)
            .map(|mine| {
                let (send, receive) = sync_channel(1);
                scope.spawn(move || {
                    for piece in pieces.iter().skip(mine).step_by(threads) {
                        // Nobody waits any more when taking has failed.
                        if send.send(make(piece)).is_err() {
                            return;
                        }
                    }
                });
                receive
            })
            .collect();
        for (index, piece) in pieces.iter().enumerate() {
            match made[index % threads].recv() {
                Ok(made) => take(piece, made)?,
                // The thread has panicked; the scope hands that on.
                Err(_) => break,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::{Piece, pour};
    use std::sync::atomic::{AtomicU64, Ordering};

    fn pieces(count: u64) -> Vec<Piece> {
        (0..count).map(|n| Piece::Persons(n..n + 1)).collect()
    }

    fn number(piece: &Piece) -> u64 {
        match piece {
            Piece::Persons(numbers) => numbers.start,
            _ => u64::MAX,
        }
    }

    #[test]
    fn pieces_are_taken_in_order_by_any_number_of_threads() {
        for threads in [1, 2, 3, 7, 200] {
            let mut taken = Vec::new();
            let done = pour(threads, &pieces(100), number, |piece, made| {
                assert_eq!(number(piece), made);
                taken.push(made);
                Ok::<(), ()>(())
            });
            assert_eq!(done, Ok(()));
            assert!(taken.into_iter().eq(0..100), "{threads}");
        }
        assert_eq!(pour(2, &[], number, |_, _| Err(())), Ok(()));
    }

    #[test]
    fn a_failure_ends_it_soon() {
        let made = AtomicU64::new(0);
        let make = |piece: &Piece| {
            made.fetch_add(1, Ordering::Relaxed);
            number(piece)
        };
        let done = pour(2, &pieces(1_000), make, |_, made| {
            if made == 5 { Err(made) } else { Ok(()) }
        });
        assert_eq!(done, Err(5));
        assert!(made.load(Ordering::Relaxed) < 20);
    }
}
