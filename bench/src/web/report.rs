//! The table, and what it says of each target.

use super::{Options, Outcome, Round};
use crate::law::{grouped, machine_facts};
use std::fmt::Write;

/// Which part of the requests, of which load, must be answered within how many milliseconds.
const TARGETS: [(&str, usize, f64); 4] = [
    ("own overview, a page", 2, 30.0),
    ("anybody's record", 2, 30.0),
    ("search by identity number", 2, 50.0),
    ("a wage declared", 1, 30.0),
];
const PARTS: [&str; 3] = ["p50", "p95", "p99"];
/// The most memory, KiB.
const MEMORY: u64 = 512 << 10;

pub(crate) fn markdown(options: &Options, outcomes: &[Outcome]) -> String {
    let mut page = String::new();
    let _ = writeln!(
        page,
        "{} insured, three months lived; {} rounds of {} s a load; {} requests a second where there is a pace. Milliseconds from when a \
         request was due to the last byte of its answer; beside it the same load on a handler that returns the same bytes from memory.\n",
        grouped(options.people),
        options.rounds,
        options.seconds,
        options.pace
    );
    for fact in machine_facts() {
        let _ = writeln!(page, "- {fact}");
    }
    let _ = writeln!(
        page,
        "\n| database | asked for | round | a second | not answered well | p50 | p95 | p99 | from memory: a second | p50 | p95 | p99 | p99 × memory |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for outcome in outcomes {
        for (place, round) in outcome.rounds.iter().enumerate() {
            let each = outcome.rounds.len() / usize::try_from(options.rounds.max(1)).unwrap_or(1);
            line(&mut page, outcome.database, place / each.max(1) + 1, round);
        }
    }
    targets(&mut page, outcomes);
    page
}

fn line(page: &mut String, database: &str, number: usize, round: &Round) {
    let (ours, memory) = (&round.ours, &round.memory);
    let [a, b, c] = ours.within.map(milliseconds);
    let [d, e, f] = memory.within.map(milliseconds);
    let _ = writeln!(
        page,
        "| {database} | {} | {number} | {:.0} | {} of {} | {a} | {b} | {c} | {:.0} | {d} | {e} | {f} | {:.1} |",
        round.load,
        ours.pace,
        ours.failed,
        grouped(ours.requests),
        memory.pace,
        ours.within[2] / memory.within[2].max(1.0),
    );
}

fn milliseconds(microseconds: f64) -> String {
    format!("{:.2}", microseconds / 1e3)
}

fn targets(page: &mut String, outcomes: &[Outcome]) {
    let _ = writeln!(
        page,
        "\n| target | database | worst round | met |\n|---|---|--:|---|"
    );
    for (load, part, most) in TARGETS {
        for outcome in outcomes {
            let rounds = outcome.rounds.iter().filter(|round| round.load == load);
            let worst = rounds.map(|round| round.ours.within[part] / 1e3);
            let worst = worst.fold(0.0, f64::max);
            let _ = writeln!(
                page,
                "| {load}: {} under {most:.0} ms | {} | {worst:.1} ms | {} |",
                PARTS[part],
                outcome.database,
                met(worst < most)
            );
        }
    }
    for outcome in outcomes {
        let _ = writeln!(
            page,
            "| memory under 512 MiB | {} | {} MiB | {} |",
            outcome.database,
            outcome.peak >> 10,
            met(outcome.peak < MEMORY)
        );
    }
}

fn met(is: bool) -> &'static str {
    if is { "yes" } else { "**no**" }
}
