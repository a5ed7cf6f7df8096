//! The table, and what it says of each target.

use super::{Options, Outcome, Round};
use crate::law::{grouped, machine_facts, ratio};
use std::fmt::Write;

pub(crate) fn markdown(options: &Options, outcome: &Outcome) -> String {
    let mut page = String::new();
    let _ = writeln!(
        page,
        "{} insured on PostgreSQL, {} on SQLite; {} rounds, in each a month by the program and then its rows by hand.\n",
        grouped(options.people),
        grouped(options.small),
        options.rounds
    );
    for fact in machine_facts() {
        let _ = writeln!(page, "- {fact}");
    }
    let _ = writeln!(
        page,
        "\n| database | round | rows: dues, bills, accounts | assess, publish | credit, close | both | by hand | × by hand | processor, both | by hand | × by hand |\n\
         |---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for (name, rounds) in [
        ("PostgreSQL", &outcome.on_postgres),
        ("SQLite", &outcome.on_sqlite),
    ] {
        for (number, round) in (1..).zip(rounds) {
            line(&mut page, name, number, round);
        }
    }
    months(&mut page, options, outcome);
    targets(&mut page, outcome);
    page
}

fn line(page: &mut String, name: &str, number: u32, round: &Round) {
    let (ours, direct) = (round.ours.took(), round.direct.took);
    let rows = round
        .ours
        .rows
        .map(|rows| grouped(rows.unsigned_abs()))
        .join(", ");
    let _ = writeln!(
        page,
        "| {name} | {number} | {rows} | {} | {} | {} | {} | {} | {} | {} | {} |",
        seconds(round.ours.assessed.clock),
        seconds(round.ours.credited.clock),
        seconds(ours.clock),
        seconds(direct.clock),
        ratio(ours.clock, direct.clock),
        seconds(ours.processor),
        seconds(direct.processor),
        ratio(ours.processor, direct.processor),
    );
}

fn months(page: &mut String, options: &Options, outcome: &Outcome) {
    let Some((_, first)) = outcome.months.first() else {
        return;
    };
    let first = first.took();
    let _ = writeln!(
        page,
        "\n### Months that follow each other, {} insured on PostgreSQL\n\n\
         | month | rows | on the clock | × the first | processor | × the first | for a million rows |\n|--:|--:|--:|--:|--:|--:|--:|",
        grouped(options.small)
    );
    for (number, month) in &outcome.months {
        let took = month.took();
        let _ = writeln!(
            page,
            "| {number} | {} | {} | {} | {} | {} | {} |",
            grouped(month.all_rows()),
            seconds(took.clock),
            ratio(took.clock, first.clock),
            seconds(took.processor),
            ratio(took.processor, first.processor),
            seconds(month.processor_a_million()),
        );
    }
}

fn targets(page: &mut String, outcome: &Outcome) {
    let _ = writeln!(
        page,
        "\n### Targets\n\n| target | found | met |\n|---|--:|---|"
    );
    let mut tell = |target: &str, found: String, holds: bool| {
        let _ = writeln!(
            page,
            "| {target} | {found} | {} |",
            if holds { "yes" } else { "**no**" }
        );
    };
    for (name, rounds, tenths) in [
        ("PostgreSQL", &outcome.on_postgres, 15),
        ("SQLite", &outcome.on_sqlite, 20),
    ] {
        let clocks = rounds
            .iter()
            .map(|round| (round.ours.took().clock, round.direct.took.clock));
        let beside = |(ours, direct): &(u64, u64)| ours * 1000 / (*direct).max(1);
        let Some((ours, direct)) = clocks.max_by_key(beside) else {
            continue;
        };
        let target = format!(
            "{name}: at most {}.{} × by hand, in every round",
            tenths / 10,
            tenths % 10
        );
        tell(
            &target,
            format!("{} ×", ratio(ours, direct)),
            ours * 10 <= direct * tenths,
        );
    }
    let gibibyte = 1 << 20;
    tell(
        "the program in under 2 GiB",
        format!("{} MiB", grouped(outcome.peak >> 10)),
        outcome.peak < 2 * gibibyte,
    );
    if let (Some((_, first)), Some((number, last))) =
        (outcome.months.first(), outcome.months.last())
    {
        // A month makes a new generation of all accounts, and there are more of them each month.
        let (first, last) = (first.processor_a_million(), last.processor_a_million());
        let target = format!(
            "month {number} no slower than the first, within a tenth, in processor time for a row"
        );
        tell(
            &target,
            format!("{} ×", ratio(last, first)),
            last * 10 <= first * 11,
        );
    }
}

/// Milliseconds as seconds with two places.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:02} s", milliseconds / 1000, milliseconds % 1000 / 10)
}
