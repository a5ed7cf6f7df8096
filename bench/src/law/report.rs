//! The table, and what it says of each target.

use crate::Failure;
use crate::law::contest::{Outcome, Standing};
use crate::law::files::Files;
use crate::law::{BY_HAND, LIMIT, figures, machine};
use std::fmt::Write;

/// Everything measured.
pub(crate) struct Report {
    /// Rows of each load.
    pub(crate) rows: usize,
    /// Timed rounds.
    pub(crate) rounds: usize,
    /// The contributions of a month.
    pub(crate) contribution: Outcome,
    /// Pensions awarded.
    pub(crate) award: Outcome,
    /// OpenFisca's time for one person's award, nanoseconds.
    pub(crate) one_person: Option<u64>,
    /// Reading and checking the law: best and median nanoseconds, files.
    pub(crate) loading: (u64, u64, usize),
    /// Explaining one award: best and median nanoseconds, lines of text.
    pub(crate) explaining: (u64, u64, usize),
    /// Awards from Parquet to Parquet.
    pub(crate) files: Files,
    /// Who did not take part at all, and why.
    pub(crate) left_out: Vec<(String, Failure)>,
}

/// The report in Markdown.
pub(crate) fn markdown(report: &Report) -> String {
    let mut page = String::new();
    let (year, month, day) = figures::AS_OF;
    let _ = writeln!(
        page,
        "Law of cn-50 on {year}-{month:02}-{day:02}; {} rows, the same for all; {} rounds with every contestant in each.\n",
        grouped(report.rows as u64),
        report.rounds
    );
    for fact in machine::facts() {
        let _ = writeln!(page, "- {fact}");
    }
    load(&mut page, "Contributions of a month", &report.contribution);
    load(&mut page, "Pensions awarded", &report.award);
    singles(&mut page, report);
    targets(&mut page, report);
    page
}

fn load(page: &mut String, title: &str, outcome: &Outcome) {
    let _ = writeln!(page, "\n### {title}\n");
    let head = [
        "who",
        "threads",
        "rows",
        "best, ms a million",
        "median",
        "× the loop",
        "wrong values",
    ];
    let _ = writeln!(
        page,
        "| {} |\n|---|--:|--:|--:|--:|--:|--:|",
        head.join(" | ")
    );
    let by_hand = find(outcome, BY_HAND, 1).map(Standing::best);
    for standing in &outcome.standings {
        let who = &standing.who;
        let _ = writeln!(
            page,
            "| {} {} | {} | {} | {} | {} | {} | {} of {} |",
            who.name,
            who.version,
            who.threads,
            grouped(who.rows as u64),
            milliseconds(standing.best()),
            milliseconds(standing.median()),
            by_hand.map_or_else(String::new, |by_hand| ratio(standing.best(), by_hand)),
            grouped(standing.wrong),
            grouped(standing.values),
        );
    }
    for (name, failure) in &outcome.stopped {
        let _ = writeln!(page, "\n{name} is left out: {failure}");
    }
}

fn singles(page: &mut String, report: &Report) {
    let _ = writeln!(
        page,
        "\n### One at a time\n\n| what | best | median |\n|---|--:|--:|"
    );
    let (best, median, lines) = report.explaining;
    let _ = writeln!(
        page,
        "| one award explained, {lines} lines of text | {} µs | {} µs |",
        thousandth(best),
        thousandth(median)
    );
    if let Some(median) = report.one_person {
        let _ = writeln!(
            page,
            "| the same award in OpenFisca, computed only | | {} µs |",
            thousandth(median)
        );
    }
    let (best, median, texts) = report.loading;
    let _ = writeln!(
        page,
        "| all of law/ read and checked, {texts} files | {} ms | {} ms |",
        milliseconds(best),
        milliseconds(median)
    );
    files(page, &report.files);
    for (name, failure) in &report.left_out {
        let _ = writeln!(page, "\nLeft out: {name}: {failure}");
    }
}

fn files(page: &mut String, files: &Files) {
    let _ = writeln!(
        page,
        "\n### From Parquet to Parquet\n\n| what, on 2 threads | rows a second | peak memory |\n|---|--:|--:|"
    );
    let award = grouped(a_second(files.rows, files.award));
    let _ = writeln!(
        page,
        "| 8 columns read, pensions awarded, 5 columns written | {award} | {} MiB |",
        grouped(files.peak >> 10)
    );
    let _ = writeln!(
        page,
        "| the same columns read, as many written | {} | |",
        grouped(a_second(files.rows, files.copy))
    );
}

fn a_second(rows: usize, nanoseconds: u64) -> u64 {
    let rows = rows as u128 * 1_000_000_000 / u128::from(nanoseconds.max(1));
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Whether each target is met: by best times against others, by the median for what is done one at a time.
fn targets(page: &mut String, report: &Report) {
    let _ = writeln!(
        page,
        "\n### Targets\n\n| target | of | found | met |\n|---|---|--:|---|"
    );
    let loads = [
        ("contributions", &report.contribution),
        ("awards", &report.award),
    ];
    for (load, outcome) in loads {
        faster(page, load, outcome);
    }
    let mut line = |target: &str, of: &str, found: String, holds: bool| {
        let _ = writeln!(page, "| {target} | {of} | {found} | {} |", met(holds));
    };
    let native = |one: &&Standing| one.who.version.is_empty();
    let standings = loads.iter().flat_map(|(_, outcome)| &outcome.standings);
    let wrong: u64 = standings.filter(native).map(|one| one.wrong).sum();
    line(
        "the loop and the limit equal ours to the fen",
        "both",
        format!("{wrong} wrong"),
        wrong == 0,
    );

    let files = &report.files;
    let share = format!("{} of it", ratio(files.copy, files.award));
    line(
        "from Parquet to Parquet at half the rate of copying",
        "awards, 2 threads",
        share,
        files.award <= 2 * files.copy,
    );
    let peak = format!("{} MiB", grouped(files.peak >> 10));
    line(
        "in under 1 GiB",
        "awards, 2 threads",
        peak,
        0 < files.peak && files.peak < 1 << 20,
    );

    let (_, median, _) = report.explaining;
    line(
        "one award explained under 100 µs",
        "",
        format!("{} µs", thousandth(median)),
        median < 100_000,
    );
    let (_, median, _) = report.loading;
    let found = format!("{} ms", milliseconds(median));
    line(
        "all of law/ loaded and checked under 100 ms",
        "",
        found,
        median < 100_000_000,
    );
}

/// Our engine against each of the others on one load.
fn faster(page: &mut String, load: &str, outcome: &Outcome) {
    let ours = |threads| find(outcome, OURS, threads).map(Standing::best);
    let named = |name, threads| find(outcome, name, threads).map(Standing::best);
    let openfisca = outcome
        .standings
        .iter()
        .find(|one| one.who.name.starts_with("OpenFisca"));
    let engines = outcome
        .standings
        .iter()
        .filter(|one| ENGINES.contains(&one.who.name.as_str()));
    let engines = engines.map(Standing::best).min();
    let openfisca = openfisca.map(Standing::best);
    // What, on so many threads, against whom, and when it holds.
    type Target = (&'static str, usize, Option<u64>, fn(u64, u64) -> bool);
    let targets: [Target; 6] = [
        (
            "faster than the hand-written loop",
            1,
            named(BY_HAND, 1),
            |ours, theirs| ours < theirs,
        ),
        (
            "faster than the hand-written loop",
            2,
            named(BY_HAND, 2),
            |ours, theirs| ours < theirs,
        ),
        (
            "within 2 × of the limit",
            1,
            named(LIMIT, 1),
            |ours, theirs| ours <= 2 * theirs,
        ),
        (
            "within 2 × of the limit",
            2,
            named(LIMIT, 2),
            |ours, theirs| ours <= 2 * theirs,
        ),
        (
            "200 × as fast as OpenFisca, which uses one thread",
            2,
            openfisca,
            |ours, theirs| 200 * ours <= theirs,
        ),
        (
            "5 × as fast as the best of DuckDB, Polars, DataFusion",
            2,
            engines,
            |ours, theirs| 5 * ours <= theirs,
        ),
    ];
    for (target, threads, theirs, holds) in targets {
        let of = format!(
            "{load}, {threads} thread{}",
            if threads == 1 { "" } else { "s" }
        );
        let _ = match (ours(threads), theirs) {
            (Some(ours), Some(theirs)) => {
                let times = ratio(theirs, ours);
                let found = format!(
                    "{} against {} ms: {times} ×",
                    milliseconds(ours),
                    milliseconds(theirs)
                );
                writeln!(
                    page,
                    "| {target} | {of} | {found} | {} |",
                    met(holds(ours, theirs))
                )
            }
            _ => writeln!(page, "| {target} | {of} | not measured | |"),
        };
    }
}

/// Our engine, as it calls itself.
pub(crate) const OURS: &str = "**Renshe, columns**";
const ENGINES: [&str; 3] = ["Polars", "DuckDB", "DataFusion"];

fn find<'o>(outcome: &'o Outcome, name: &str, threads: usize) -> Option<&'o Standing> {
    outcome
        .standings
        .iter()
        .find(|one| one.who.name == name && one.who.threads == threads)
}

fn met(holds: bool) -> &'static str {
    if holds { "yes" } else { "**no**" }
}

/// Nanoseconds in milliseconds, three digits or more.
fn milliseconds(nanoseconds: u64) -> String {
    thousandth(nanoseconds / 1_000)
}

/// A thousandth, with two decimals below a hundred.
fn thousandth(number: u64) -> String {
    if number < 100_000 {
        let hundredths = (number + 5) / 10;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    } else {
        grouped((number + 500) / 1_000)
    }
}

/// How many times `of` another is, with two decimals below ten.
pub(crate) fn ratio(of: u64, another: u64) -> String {
    if another == 0 {
        return String::from("-");
    }
    let hundredths = (of * 100 + another / 2) / another;
    if hundredths < 1_000 {
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    } else {
        grouped((hundredths + 50) / 100)
    }
}

/// Digits in groups of three.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(1), "1");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(24_000_000), "24,000,000");
        assert_eq!(milliseconds(5_704_999), "5.70");
        assert_eq!(milliseconds(3_754_499_999), "3,754");
        assert_eq!(ratio(150, 100), "1.50");
        assert_eq!(ratio(2_000, 10), "200");
    }
}
