//! How do the rows of a run lie in the database?
//!
//! A month makes rows by the ten million, which nobody alters afterwards. A folio (账页) holds those of some neighbours in one
//! district: the persons of one span of numbers, column by column, each number as far as it lies above the least of its column,
//! in as many bytes as the farthest needs. So a due takes twenty bytes where a row of a table and its key take a hundred, and
//! whoever looks for one person reads one page.
//!
//! | part | what it is |
//! |---|---|
//! | of each column, one byte | how many bytes a number takes here, 0 to 8 |
//! | eight bytes | the least, as a whole number with its sign, the greatest byte first |
//! | for each row so many bytes | how far it lies above the least, the greatest byte first |
//!
//! How many rows there are stands beside, in `rows`. Rows lie by person, then by scheme and employer.

use crate::bulk::Kind;
use crate::generation::Generation;
use crate::{Error, Row, Statement, Tx, params};
use city::people::PersonId;
use city::places::District;
use std::collections::BTreeMap;
use std::ops::Range;

/// So many numbers of persons share folios: those from `k * SPAN + 1` to `(k + 1) * SPAN`.
pub(crate) const SPAN: i64 = 2_048;

/// The first number of the span in which a person's lies.
#[must_use]
pub(crate) const fn span(person: i64) -> i64 {
    (person - 1).div_euclid(SPAN) * SPAN + 1
}

/// A row that folios hold, as whole numbers: first the person's, then so many as make its key, then what else there is. The
/// district is the folio's.
pub(crate) trait Packed<const N: usize>: Copy {
    /// So many of the numbers tell it from all others.
    const KEY: usize;

    /// Whose.
    fn person(&self) -> PersonId;

    /// Where.
    fn district(&self) -> District;

    /// All of it but the district.
    fn numbers(&self) -> [i64; N];

    /// The row of these numbers, if they stand for one.
    fn of(district: District, numbers: &[i64; N]) -> Option<Self>;
}

/// The columns of folios, in the order in which they are written.
const COLUMNS: [(&str, Kind); 5] = [
    ("run", Kind::BigInt),
    ("first_person", Kind::BigInt),
    ("district", Kind::Integer),
    ("rows", Kind::Integer),
    ("content", Kind::Bytes),
];

/// How many folios a batch has.
const BATCH: usize = 256;

/// Writes rows of a run, for which [a table](Generation::make) was made. They come by person.
///
/// # Errors
///
/// What the database says.
pub(crate) fn write<const N: usize, T: Packed<N>>(
    tx: &mut Tx<'_>,
    of: Generation,
    rows: &[T],
) -> Result<(), Error> {
    let table = of.table(tx.engine());
    let mut copy = tx.copy_in(&table, &COLUMNS)?;
    let mut by_district: BTreeMap<District, Vec<[i64; N]>> = BTreeMap::new();
    let mut content = Vec::new();
    let of_span = |row: &T| span(row.person().number());
    for neighbours in rows.chunk_by(|one, next| of_span(one) == of_span(next)) {
        for row in neighbours {
            by_district
                .entry(row.district())
                .or_default()
                .push(row.numbers());
        }
        for (district, rows) in &mut by_district {
            let Some(first) = rows.first() else { continue };
            pack(rows, &mut content);
            copy.int(of.run)?
                .int(first[0])?
                .int(district.code().into())?
                .int(i64::try_from(rows.len()).unwrap_or(i64::MAX))?
                .bytes(&content)?
                .end()?;
            rows.clear();
        }
    }
    copy.finish()?;
    Ok(())
}

/// Hands on the rows of some persons, by their keys: from folios that a statement gives by their first person, each its first
/// person, district, number of rows and content.
///
/// # Errors
///
/// What the database says; `S0126` when a folio is torn; what the closure returns.
pub(crate) fn read<const N: usize, T: Packed<N>, E: From<Error>>(
    tx: &mut Tx<'_>,
    statement: Statement,
    of: Generation,
    persons: &Range<i64>,
    mut each: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut gathered = Gathered::default();
    folios(tx, statement, of, persons, |folio, room| -> Result<(), E> {
        if gathered.span != Some(span(folio.first)) {
            gathered.hand_on(persons, &mut each)?;
            gathered.span = Some(span(folio.first));
        }
        let opened = folio.open(room, |numbers, row| gathered.rows.push((*numbers, row)));
        opened.ok_or_else(|| folio.torn(of).into())
    })?;
    gathered.hand_on(persons, &mut each)
}

/// As [`read`], in the order in which they lie, which is that of districts: for sums.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_as_they_lie<const N: usize, T: Packed<N>, E: From<Error>>(
    tx: &mut Tx<'_>,
    statement: Statement,
    of: Generation,
    persons: &Range<i64>,
    mut each: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    folios(tx, statement, of, persons, |folio, room| -> Result<(), E> {
        let mut told = Ok(());
        let opened = folio.open(room, |numbers, row| {
            if told.is_ok() && persons.contains(&numbers[0]) {
                told = each(row);
            }
        });
        opened.ok_or_else(|| folio.torn(of))?;
        told
    })
}

/// Hands on folios, with room to open them in.
pub(crate) fn folios<const N: usize, E: From<Error>>(
    tx: &mut Tx<'_>,
    statement: Statement,
    of: Generation,
    persons: &Range<i64>,
    mut each: impl FnMut(Folio<'_>, &mut Vec<[i64; N]>) -> Result<(), E>,
) -> Result<(), E> {
    let kinds = [Kind::BigInt, Kind::Integer, Kind::Integer, Kind::Bytes];
    let values = params![of.run, span(persons.start.max(1)), persons.end];
    let mut room = Vec::new();
    tx.copy_out(statement, values, &kinds, BATCH, |batch| {
        for row in 0..batch.rows {
            let number = |column: usize| batch.columns[column].numbers[row];
            let folio = Folio {
                first: number(0),
                district: number(1),
                rows: number(2),
                content: batch.columns[3].bytes(row),
            };
            each(folio, &mut room)?;
        }
        Ok::<(), E>(())
    })
    .map(drop)
}

/// Adds a person's rows from a folio, of which a result has the first person, district, number of rows and content from its second
/// column on.
///
/// # Errors
///
/// `S0126` when the folio is torn.
pub(crate) fn of_person<const N: usize, T: Packed<N>>(
    row: &Row<'_>,
    of: Generation,
    person: PersonId,
    rows: &mut Vec<T>,
) -> Result<(), Error> {
    let content: Vec<u8> = row.get(4)?;
    let folio = Folio {
        first: row.get(1)?,
        district: row.get::<i32>(2)?.into(),
        rows: row.get::<i32>(3)?.into(),
        content: &content,
    };
    let opened = folio.open(&mut Vec::new(), |_, row: T| {
        if row.person() == person {
            rows.push(row);
        }
    });
    opened.ok_or_else(|| folio.torn(of))
}

/// The rows of one span, as they gather from its folios.
struct Gathered<T, const N: usize> {
    span: Option<i64>,
    rows: Vec<([i64; N], T)>,
}

impl<T, const N: usize> Default for Gathered<T, N> {
    fn default() -> Gathered<T, N> {
        Gathered {
            span: None,
            rows: Vec::new(),
        }
    }
}

impl<const N: usize, T: Packed<N>> Gathered<T, N> {
    /// Of several districts the rows stand behind each other, each by key.
    fn hand_on<E>(
        &mut self,
        persons: &Range<i64>,
        each: &mut impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.rows
            .sort_by(|(one, _), (other, _)| one[..T::KEY].cmp(&other[..T::KEY]));
        let mut rows = self.rows.drain(..);
        rows.try_for_each(|(numbers, row)| match persons.contains(&numbers[0]) {
            true => each(row),
            false => Ok(()),
        })
    }
}

/// A folio as it is stored.
pub(crate) struct Folio<'c> {
    /// The first person's number.
    pub(crate) first: i64,
    /// The district's code.
    pub(crate) district: i64,
    /// How many rows.
    pub(crate) rows: i64,
    /// What is packed.
    pub(crate) content: &'c [u8],
}

impl Folio<'_> {
    fn torn(&self, of: Generation) -> Error {
        Error::Torn {
            table: of.rows.table(),
            run: of.run,
            first: self.first,
            district: self.district,
        }
    }

    /// Hands on its rows with their numbers; `None` when it is not what was written: a number too many or too few, one that
    /// stands for nothing, another first person, or a key that does not follow the one before, as the key of the table told of
    /// rows. Some rows may have been handed on by then.
    pub(crate) fn open<const N: usize, T: Packed<N>>(
        &self,
        room: &mut Vec<[i64; N]>,
        mut each: impl FnMut(&[i64; N], T),
    ) -> Option<()> {
        let district = District::new(i32::try_from(self.district).ok()?)?;
        unpack(self.content, usize::try_from(self.rows).ok()?, room)?;
        if room.first()?[0] != self.first {
            return None;
        }
        if !room.is_sorted_by(|one, next| one[..T::KEY] < next[..T::KEY]) {
            return None;
        }
        for numbers in room {
            if span(numbers[0]) != span(self.first) {
                return None;
            }
            each(numbers, T::of(district, numbers)?);
        }
        Some(())
    }
}

/// Rows as bytes.
pub(crate) fn pack<const N: usize>(rows: &[[i64; N]], content: &mut Vec<u8>) {
    content.clear();
    for column in 0..N {
        let numbers = rows.iter().map(|row| row[column]);
        let (least, greatest) = numbers.fold((i64::MAX, i64::MIN), |(least, greatest), number| {
            (least.min(number), greatest.max(number))
        });
        let width = (u64::BITS - above(greatest, least).leading_zeros()).div_ceil(8);
        content.push(u8::try_from(width).unwrap_or(u8::MAX));
        content.extend_from_slice(&least.to_be_bytes());
        match width {
            0 => {}
            1 => put::<1, N>(rows, least, column, content),
            2 => put::<2, N>(rows, least, column, content),
            3 => put::<3, N>(rows, least, column, content),
            4 => put::<4, N>(rows, least, column, content),
            5 => put::<5, N>(rows, least, column, content),
            6 => put::<6, N>(rows, least, column, content),
            7 => put::<7, N>(rows, least, column, content),
            _ => put::<8, N>(rows, least, column, content),
        }
    }
}

/// A column of numbers that take so many bytes each. (Told to the compiler, which then writes each at once.)
fn put<const WIDTH: usize, const N: usize>(
    rows: &[[i64; N]],
    least: i64,
    column: usize,
    content: &mut Vec<u8>,
) {
    let start = content.len();
    content.resize(start + rows.len() * WIDTH, 0);
    let (places, _) = content[start..].as_chunks_mut::<WIDTH>();
    for (row, place) in rows.iter().zip(places) {
        place.copy_from_slice(&above(row[column], least).to_be_bytes()[8 - WIDTH..]);
    }
}

/// How far a number lies above another.
const fn above(number: i64, least: i64) -> u64 {
    number.wrapping_sub(least).cast_unsigned()
}

/// The rows that were packed, so many; `None` when the bytes cannot be so many rows. That they are others is for whoever compares
/// roots to find.
pub(crate) fn unpack<const N: usize>(
    mut content: &[u8],
    count: usize,
    rows: &mut Vec<[i64; N]>,
) -> Option<()> {
    // Rows differ, so each takes a byte at least.
    if count > content.len() {
        return None;
    }
    rows.clear();
    rows.resize(count, [0; N]);
    for column in 0..N {
        let (width, rest) = content.split_first()?;
        let (least, rest) = rest.split_first_chunk()?;
        let least = i64::from_be_bytes(*least);
        let (numbers, rest) = rest.split_at_checked(count * usize::from(*width))?;
        content = rest;
        match width {
            0 => rows.iter_mut().for_each(|row| row[column] = least),
            1 => fill::<1, N>(numbers, least, column, rows),
            2 => fill::<2, N>(numbers, least, column, rows),
            3 => fill::<3, N>(numbers, least, column, rows),
            4 => fill::<4, N>(numbers, least, column, rows),
            5 => fill::<5, N>(numbers, least, column, rows),
            6 => fill::<6, N>(numbers, least, column, rows),
            7 => fill::<7, N>(numbers, least, column, rows),
            8 => fill::<8, N>(numbers, least, column, rows),
            _ => return None,
        }
    }
    content.is_empty().then_some(())
}

/// The other way round.
fn fill<const WIDTH: usize, const N: usize>(
    numbers: &[u8],
    least: i64,
    column: usize,
    rows: &mut [[i64; N]],
) {
    for (row, number) in rows.iter_mut().zip(numbers.as_chunks::<WIDTH>().0) {
        let mut word = [0; 8];
        word[8 - WIDTH..].copy_from_slice(number);
        row[column] = least.wrapping_add(i64::from_be_bytes(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use city::dues::Due;
    use proptest::prelude::*;

    /// Of a column either anything, or numbers near each other.
    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), 0..70_000_i64, Just(i64::MIN), Just(i64::MAX)]
    }

    fn numbered() -> impl Strategy<Value = Vec<[i64; 3]>> {
        prop::collection::vec([number(), number(), number()], 0..40)
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(rows in numbered()) {
            let (mut content, mut read) = (Vec::new(), Vec::new());
            // Rows are told apart by their first number.
            let rows: Vec<[i64; 3]> = rows.into_iter().zip(0..).map(|([_, b, c], a)| [a, b, c]).collect();
            pack(&rows, &mut content);
            prop_assert_eq!(unpack(&content, rows.len(), &mut read), Some(()));
            prop_assert_eq!(read, rows);
        }

        /// Bytes that nobody packed are told, or are other rows; they never end the program.
        #[test]
        fn whatever_bytes_there_are(content in prop::collection::vec(any::<u8>(), 0..200), rows in any::<i64>(), first in any::<i64>()) {
            let folio = Folio { first, district: 500_103, rows, content: &content };
            let opened = folio.open(&mut Vec::new(), |_, _: Due| ());
            prop_assert!(opened.is_none() || rows > 0);
        }

        #[test]
        fn a_byte_more_or_less_is_told(rows in numbered(), cut in 0..100_usize) {
            let rows: Vec<[i64; 3]> = rows.into_iter().zip(0..).map(|([_, b, c], a)| [a, b, c]).collect();
            prop_assume!(rows.len() > 1);
            let (mut content, mut read) = (Vec::new(), Vec::<[i64; 3]>::new());
            pack(&rows, &mut content);
            for count in [0, usize::MAX] {
                prop_assert_eq!(unpack(&content, count, &mut read), None);
            }
            let cut = cut % content.len();
            prop_assert_eq!(unpack(&content[..cut], rows.len(), &mut read), None);
            content.push(0);
            prop_assert_eq!(unpack(&content, rows.len(), &mut read), None);
        }
    }

    #[test]
    fn a_number_takes_as_many_bytes_as_the_farthest_of_its_column() {
        let mut content = Vec::new();
        pack(&[[5, -1], [5, 254], [5, 255]], &mut content);
        let constant = [0, 0, 0, 0, 0, 0, 0, 0, 5];
        let least = [2, 255, 255, 255, 255, 255, 255, 255, 255];
        let numbers = [0, 0, 0, 255, 1, 0];
        assert_eq!(content, [&constant[..], &least, &numbers].concat());
    }

    /// Whose rows come out of a folio of a first person; `None` when it is torn.
    fn opened(first: i64, rows: &[[i64; 8]]) -> Option<Vec<i64>> {
        let (mut content, mut whose) = (Vec::new(), Vec::new());
        pack(rows, &mut content);
        let folio = Folio {
            first,
            district: 500_103,
            rows: i64::try_from(rows.len()).ok()?,
            content: &content,
        };
        let opened = folio.open(&mut Vec::new(), |numbers, _: Due| whose.push(numbers[0]));
        opened.map(|()| whose)
    }

    #[test]
    fn a_folio_holds_each_line_once_and_in_order() {
        let due = |person, scheme, through| [person, scheme, through, 1, 9, 9, 9, 9];
        let (one, other, next) = (due(5, 4, 7), due(5, 4, 8), due(6, 1, 7));
        assert_eq!(opened(5, &[one, other, next]), Some(vec![5, 5, 6]));
        for torn in [&[one, one][..], &[other, one], &[one, next, other]] {
            assert_eq!(opened(5, torn), None, "{torn:?}");
        }
        assert_eq!(opened(4, &[one]), None, "another is its first");
        assert_eq!(opened(5, &[one, due(2_049, 1, 7)]), None, "of another span");
        assert_eq!(opened(5, &[due(5, 99, 7)]), None, "no such scheme");
    }

    #[test]
    fn spans_begin_at_one() {
        assert_eq!(
            [1, 2_048, 2_049, 4_096, 4_097].map(span),
            [1, 1, 2_049, 2_049, 4_097]
        );
    }
}
