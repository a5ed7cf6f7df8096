//! What came of a changed law: by district, by band of wage, and by both; of few people nothing.

use city::figures::{FEWEST, hidden_in};
use measure::{Fen, Words};
use rules::diff::Tally;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was changed: the figure with the keys of its row, its value before and after, as the text writes them.
    pub changed: Vec<(String, String, String)>,
    /// How many insured the city has, or how many rows the file.
    pub people: u64,
    /// The bands of wage, each with its least and greatest; the last is of those whose wage nobody knows.
    pub bands: Vec<Option<(Fen, Fen)>>,
    /// Why rows had no answer.
    pub refused: Vec<Why>,
    /// What there is to say of the columns of a file.
    pub notes: Vec<Words<String>>,
    total: Tally,
    districts: Vec<Option<Tally>>,
    by_band: Vec<Option<Tally>>,
    cells: Vec<Vec<Option<Tally>>>,
}

/// Why some rows had no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The code of the reason.
    pub code: &'static str,
    /// The column, fact or figure it is about, where that is not in the words.
    pub about: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them in a file, from 1.
    pub first: Option<u64>,
    /// What is said of it.
    pub words: Words<String>,
}

impl Outcome {
    /// What came of it, by district in the order of their codes and by band of wage.
    #[must_use]
    pub fn new(
        changed: Vec<(String, String, String)>,
        people: u64,
        bands: Vec<Option<(Fen, Fen)>>,
        cells: Vec<Vec<Tally>>,
    ) -> Outcome {
        let of_band = |place: usize| merged(cells.iter().filter_map(|cells| cells.get(place)));
        Outcome {
            changed,
            people,
            total: merged(cells.iter().flatten()),
            districts: cells.iter().map(|cells| Some(merged(cells))).collect(),
            by_band: (0..bands.len()).map(|place| Some(of_band(place))).collect(),
            cells: cells
                .into_iter()
                .map(|cells| cells.into_iter().map(Some).collect())
                .collect(),
            bands,
            refused: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The same without what tells of a few people, nor of one of them; `None` where all of it does. Real people may stand behind
    /// it: what belongs to a few of them shall not be told, nor follow from the sums.
    #[must_use]
    pub fn hiding_few(mut self) -> Option<Outcome> {
        if few(&self.total) {
            return None;
        }
        let with_sums = self.cells.iter().zip(&self.districts);
        let with_sums = with_sums.map(|(cells, sum)| cells.iter().chain([sum]).collect());
        let mut table: Vec<Vec<&Option<Tally>>> = with_sums.collect();
        let whole = Some(self.total.clone());
        table.push(self.by_band.iter().chain([&whole]).collect());
        let counted = |cell: &&Option<Tally>| {
            cell.as_ref()
                .map_or((0, false), |tally| (tally.compared(), few(tally)))
        };
        let counts: Vec<Vec<(u64, bool)>> = table
            .iter()
            .map(|row| row.iter().map(counted).collect())
            .collect();
        let hidden = hidden_in(&counts);
        let (of_bands, of_districts) = hidden.split_last()?;
        for (place, hidden) in of_districts.iter().enumerate() {
            hide(&mut self.cells[place], hidden);
            hide(
                &mut self.districts[place..=place],
                &hidden[self.bands.len()..],
            );
        }
        hide(&mut self.by_band, of_bands);
        let all = self.cells.iter_mut().flatten();
        let all = all.chain(&mut self.districts).chain(&mut self.by_band);
        all.flatten().chain([&mut self.total]).for_each(of_nobody);
        Some(self)
    }

    /// Everybody together.
    #[must_use]
    pub fn total(&self) -> &Tally {
        &self.total
    }

    /// How many districts there are.
    #[must_use]
    pub fn districts(&self) -> usize {
        self.districts.len()
    }

    /// A district; `None` where it is hidden.
    #[must_use]
    pub fn district(&self, place: usize) -> Option<&Tally> {
        self.districts.get(place)?.as_ref()
    }

    /// A band of wage; `None` where it is hidden.
    #[must_use]
    pub fn band(&self, place: usize) -> Option<&Tally> {
        self.by_band.get(place)?.as_ref()
    }

    /// A band of wage in a district; `None` where it is hidden.
    #[must_use]
    pub fn cell(&self, district: usize, band: usize) -> Option<&Tally> {
        self.cells.get(district)?.get(band)?.as_ref()
    }
}

/// Whether it tells of a few: those it is about, or those of them who gain, or who lose. What two people lose together tells one
/// of them what the other loses, however many there are besides.
fn few(tally: &Tally) -> bool {
    [tally.compared(), tally.gainers, tally.losers]
        .iter()
        .any(|count| (1..FEWEST).contains(count))
}

fn hide(cells: &mut [Option<Tally>], hidden: &[bool]) {
    let cells = cells.iter_mut().zip(hidden);
    for (cell, _) in cells.filter(|(_, hidden)| **hidden) {
        *cell = None;
    }
}

/// Without whom it moves most, who is one.
fn of_nobody(tally: &mut Tally) {
    (tally.most_gained, tally.most_lost) = (None, None);
}

fn merged<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Tally {
    let mut whole = Tally::default();
    tallies.into_iter().for_each(|tally| whole.merge(tally));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many who gain 10, who lose 10, and who do neither.
    fn tally(gainers: u64, losers: u64, others: u64) -> Tally {
        let mut tally = Tally::default();
        let rows = [(gainers, 110), (losers, 90), (others, 100)];
        for (count, after) in rows {
            (0..count).for_each(|row| tally.add(row + 1, || None, Some(100), Some(after)));
        }
        tally
    }

    fn shown(cells: Vec<Vec<Tally>>) -> Option<Vec<String>> {
        let outcome = Outcome::new(Vec::new(), 0, vec![None; cells[0].len()], cells);
        let outcome = outcome.hiding_few()?;
        let sign = |tally: Option<&Tally>| if tally.is_some() { '+' } else { '-' };
        let rows = (0..outcome.districts()).map(|district| {
            let cells = (0..outcome.bands.len()).map(|band| sign(outcome.cell(district, band)));
            cells.chain([sign(outcome.district(district))]).collect()
        });
        let bands = (0..outcome.bands.len()).map(|band| sign(outcome.band(band)));
        Some(rows.chain([bands.collect()]).collect())
    }

    #[test]
    fn what_tells_of_a_few_is_hidden_and_does_not_follow_from_the_sums() {
        let many = || tally(9, 9, 9);
        assert_eq!(
            shown(vec![vec![many(), many()], vec![many(), many()]]),
            Some(vec!["+++".to_owned(), "+++".to_owned(), "++".to_owned()])
        );
        // One few cell hides one more of its row, and those hide one more of each column.
        let one = vec![
            vec![tally(3, 0, 0), many(), many()],
            vec![many(), many(), many()],
            vec![many(), many(), many()],
        ];
        assert_eq!(
            shown(one),
            Some(["--++", "--++", "++++", "+++"].map(str::to_owned).into())
        );
        // Many people of whom two lose are few; nobody at all is nobody.
        let two = vec![vec![tally(9, 2, 9), many()], vec![Tally::default(), many()]];
        let two = shown(two).unwrap_or_default();
        assert!(
            two[0].starts_with("--") && two[1].starts_with('+'),
            "{two:?}"
        );
        assert_eq!(shown(vec![vec![tally(2, 0, 0), tally(2, 0, 0)]]), None);
    }

    #[test]
    fn nobody_is_told_who_gains_most() {
        let outcome = Outcome::new(Vec::new(), 0, vec![None], vec![vec![tally(9, 9, 9)]]);
        assert!(outcome.total().most_gained.is_some());
        let hiding = outcome.hiding_few();
        let most = hiding.map(|outcome| outcome.total().most_gained.clone());
        assert_eq!(most, Some(None));
    }
}
