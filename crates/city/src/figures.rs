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

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn few_are_not_told_nor_follow_from_the_others() {
        assert_eq!(hidden(&[0, 5, 900]), [false; 3]);
        assert_eq!(hidden(&[3, 7, 900, 0]), [true, true, false, false]);
        assert_eq!(hidden(&[3, 4, 900]), [true, true, false]);
        assert_eq!(hidden(&[4]), [true]);
        assert_eq!(hidden(&[]), [false; 0]);
    }
}
