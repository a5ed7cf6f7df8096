//! What came of made-up questions, for samples of pages.

use crate::library::Reading;
use crate::look::districts;
use measure::{Fen, Words};
use office::whatif::{Asked, Outcome, Why};
use rules::diff::Tally;

pub(super) fn sample_asked(reading: &Reading, question: office::whatif::Question) -> Asked {
    Asked {
        jurisdiction: "xx".to_owned(),
        changes: vec![rules::amend::Change::read("rate=9%")],
        since: reading.on,
        question,
    }
}

pub(super) fn sample() -> Outcome {
    let bands = [(300_000, 500_000), (500_100, 900_000)];
    let mut outcome = sample_over(bands, districts::ALL.len(), 1);
    outcome.refused = vec![sample_why("", None)];
    outcome
}

/// Some districts of which are of a few, and some people of no district.
pub(super) fn sample_of_a_file() -> Outcome {
    let bands = [(0, 500_000), (500_001, i64::MAX)];
    let outcome = sample_over(bands, districts::ALL.len() + 1, 4);
    let mut outcome = outcome.hiding_few().unwrap_or_else(sample);
    outcome.refused = vec![sample_why("wage", Some(17))];
    let misspelt = "column “<script>alert(2)</script>” is not known";
    outcome.notes = vec![Words::new(misspelt.to_owned(), misspelt.to_owned())];
    outcome
}

fn sample_why(about: &str, first: Option<u64>) -> Why {
    Why {
        code: "R0104",
        about: about.to_owned(),
        rows: 3,
        first,
        words: Words::new("没有数值".to_owned(), "a figure has no value".to_owned()),
    }
}

fn sample_over(bands: [(i64, i64); 2], districts: usize, times: usize) -> Outcome {
    let mut bands: Vec<_> = bands
        .map(|(least, most)| Some((Fen(least), Fen(most))))
        .into();
    bands.push(None);
    let cells = (0..districts).map(|district| {
        (0..bands.len())
            .map(|band| {
                let mut tally = Tally::default();
                let rows = (0..).zip(-2..5).take((district + band) % 7);
                for (row, change) in rows.cycle().take(times * ((district + band) % 7)) {
                    let after = (row != 3).then_some(40_000 + 900 * change);
                    tally.add(row, || None, Some(40_000), after);
                }
                tally
            })
            .collect()
    });
    let cells = cells.collect();
    let changed = vec![("rate".to_owned(), "8%".to_owned(), "9%".to_owned())];
    Outcome::new(changed, 100_000, bands, cells)
}
