//! *How many, without saying who?*
//!
//! A count of a few tells of persons to whoever knows one of them. Such cells are hidden; and where one alone is hidden among
//! several, the least of the others is hidden too, so that it does not follow from their sum.

/// Counts below this are not shown. It is our own choice, as no law was found that names a number; a city may want more.
pub const FEWEST: u64 = 5;

/// Which of the counts that are added up are hidden. Nobody is nobody, and is shown.
#[must_use]
pub fn hidden(counts: &[u64]) -> Vec<bool> {
    let mut hidden: Vec<bool> = counts
        .iter()
        .map(|count| (1..FEWEST).contains(count))
        .collect();
    if hidden.iter().filter(|hidden| **hidden).count() == 1 {
        let others = counts.iter().enumerate();
        let others = others.filter(|(at, count)| !hidden[*at] && **count > 0);
        if let Some((least, _)) = others.min_by_key(|(_, count)| **count) {
            hidden[least] = true;
        }
    }
    hidden
}

/// The same in a table whose last row and last column are the sums of the others: each cell with its count, and whether it is to be
/// hidden at least. A row or column in which one alone would be hidden, a sum among them, hides the least of its others too; only
/// the sum of all stays.
#[must_use]
pub fn hidden_in(table: &[Vec<(u64, bool)>]) -> Vec<Vec<bool>> {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    let whole = (rows.saturating_sub(1), columns.saturating_sub(1));
    let mut hidden: Vec<Vec<bool>> = table
        .iter()
        .map(|row| row.iter().map(|(_, few)| *few).collect())
        .collect();
    let across = (0..rows).map(|row| (0..columns).map(|column| (row, column)).collect());
    let down = (0..columns).map(|column| (0..rows).map(|row| (row, column)).collect());
    let lines: Vec<Vec<(usize, usize)>> = across.chain(down).collect();
    let beside_one = |hidden: &[Vec<bool>], line: &[(usize, usize)]| {
        let of = line.iter().filter(|(row, column)| hidden[*row][*column]);
        let others = line.iter().filter(|(row, column)| {
            let counts = 0 < table[*row][*column].0;
            counts && !hidden[*row][*column] && (*row, *column) != whole
        });
        let least = others.min_by_key(|(row, column)| table[*row][*column].0);
        least.copied().filter(|_| of.count() == 1)
    };
    // Each turn hides one more, so there is a last.
    while let Some((row, column)) = lines.iter().find_map(|line| beside_one(&hidden, line)) {
        hidden[row][column] = true;
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::{hidden, hidden_in};

    #[test]
    fn few_are_not_told_nor_follow_from_the_others() {
        assert_eq!(hidden(&[0, 5, 900]), [false; 3]);
        assert_eq!(hidden(&[3, 7, 900, 0]), [true, true, false, false]);
        assert_eq!(hidden(&[3, 4, 900]), [true, true, false]);
        assert_eq!(hidden(&[4]), [true]);
        assert_eq!(hidden(&[]), [false; 0]);
    }

    #[test]
    fn in_a_table_nothing_follows_from_a_row_nor_from_a_column() {
        let of = |counts: &[&[u64]]| {
            let few = |count: &u64| (*count, (1..5).contains(count));
            let table: Vec<Vec<(u64, bool)>> = counts
                .iter()
                .map(|row| row.iter().map(few).collect())
                .collect();
            let hidden = hidden_in(&table);
            let sign = |hidden: &bool| if *hidden { '-' } else { '+' };
            let rows = hidden.iter().map(|row| row.iter().map(sign).collect());
            rows.collect::<Vec<String>>()
        };
        assert_eq!(of(&[&[9, 9, 18], &[9, 9, 18], &[18, 18, 36]]), ["+++"; 3]);
        // The least beside it, and in each of the two columns the least beside that.
        let counts: [&[u64]; 4] = [
            &[3, 8, 9, 20],
            &[7, 6, 9, 22],
            &[8, 9, 9, 26],
            &[18, 23, 27, 68],
        ];
        assert_eq!(of(&counts), ["--++", "--++", "++++", "++++"]);
        // Where the rest of a line is nobody its sum is hidden with it, and both columns hide another.
        let counts: [&[u64]; 3] = [&[3, 0, 3], &[8, 9, 17], &[11, 9, 20]];
        assert_eq!(of(&counts), ["-+-", "---", "--+"]);
        assert_eq!(of(&[]), [""; 0]);
    }
}
