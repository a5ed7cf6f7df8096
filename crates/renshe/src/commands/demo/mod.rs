//! `demo`: a city made in memory, its month assessed, its pensions awarded, all of it checked, and one pension explained; then
//! months of a city in a database, whose doors are opened to whoever sits there.

mod work;
mod totals;
mod check;
mod report;
pub(crate) mod months;
mod declare;
mod pay;
mod staff;
#[cfg(test)]
mod tests;

use crate::arguments::{Demo, Then};
use crate::commands::serve;
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer};
use check::Checked;
use office::sample::Reader;
use report::{Page, Time};
use rules::law::Law;
use std::thread;
use std::time::{Duration, Instant};
use synth::City;
use totals::Totals;
use work::{Cut, Work};

/// The jurisdiction whose law applies: the city is made in its likeness.
pub(crate) const JURISDICTION: &str = "cn-50";
/// Persons a piece of work: a few hundred kilobytes of columns.
const BLOCK: usize = 16_384;
/// For the second computation: no divisor of anything above.
const OTHER_BLOCK: usize = 10_007;
/// How many cases are computed a second time one by one.
const SAMPLE: u64 = 1_000;

pub(super) fn run(asked: &Demo, setting: &Setting) -> Result<Exit, Failure> {
    let (law_read, book) = timed(|| Origin::BuiltIn.book(setting));
    let book = book?;
    let law = lookup::jurisdiction(&book, Some(JURISDICTION), setting)?;
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = asked.threads.map_or_else(cores, usize::from);
    let mut times = vec![Time {
        step: report::LAW_READ,
        rows: None,
        took: law_read,
    }];
    let exit = tell(law, asked, threads, &mut times, setting, &mut |section| {
        answer(&section);
    })?;
    answer(&report::times(&times, threads, setting.lang));
    let (db, follows) = months::run(asked, threads, setting)?;
    let exit = if follows { exit } else { Exit::Failed };
    let leaves = match asked.then {
        Some(then) => then == Then::Leave,
        None => !setting.answers_seen,
    };
    if leaves {
        return Ok(exit);
    }
    let there = months::after(asked.month, setting);
    serve::demo(db, asked.listen, &there)?;
    Ok(exit)
}

/// Does the work step by step and says what came out as it goes; nothing said depends on time or threads.
fn tell(
    law: &Law,
    asked: &Demo,
    threads: usize,
    times: &mut Vec<Time>,
    setting: &Setting,
    say: &mut dyn FnMut(String),
) -> Result<Exit, Failure> {
    let city = City::new(asked.seed);
    // The law of a month's dues and awards is that of its last day.
    let as_of = asked.month.last_day();
    let reader = Reader::new(law, &city, as_of)
        .map_err(|missing| Failure::new(setting.lang, missing.message(setting.lang)))?;
    let work = Work::new(law, &city, &reader, asked.month, as_of, setting)?;
    let page = Page {
        law,
        work: &work,
        asked,
        lang: setting.lang,
    };
    let mut clock = |step, rows, took| {
        times.push(Time {
            step,
            rows: Some(rows),
            took,
        });
    };
    let cut = Cut {
        threads,
        block: BLOCK,
    };
    say(page.heading());

    let (took, blocks) = timed(|| work.make(asked.people, cut));
    clock(report::CITY_MADE, asked.people, took);
    let (took, retirement) = timed(|| work.retirement(&blocks, cut));
    clock(report::RETIREMENT, asked.people, took);
    let retirement = retirement?;
    let standing = work.standing(&retirement);
    say(page.insured(&standing));

    let (took, payers) = timed(|| work.payers(&blocks, &retirement, cut));
    clock(report::PAYERS, asked.people, took);
    drop(blocks);
    let (took, assessed) = timed(|| work.assess(payers, cut));
    clock(report::ASSESSED, standing.active, took);
    let dues = [
        Totals::of(assessed.iter().map(|both| &both.employees)),
        Totals::of(assessed.iter().map(|both| &both.individuals)),
    ];
    say(page.dues(&dues));

    let (took, awarded) = timed(|| work.award(&standing.due, cut));
    clock(report::AWARDED, standing.due.len() as u64, took);
    let pensions = Totals::of(awarded.iter());
    say(page.awards(&awarded, &pensions));
    say(page.unconfirmed());

    let (took, mut checked) =
        timed(|| Checked::one_by_one(&work, asked, &retirement, &assessed, &awarded, SAMPLE));
    clock(report::CHECKED, checked.cases, took);
    let (took, again) = timed(|| {
        work.totals(
            asked.people,
            Cut {
                threads: 1,
                block: OTHER_BLOCK,
            },
        )
    });
    clock(report::TOTALLED, asked.people, took);
    let [employees, individuals] = dues;
    checked.totals(&[employees, individuals, pensions], &again?);
    say(page.checked(&checked));

    if let Some(number) = totals::middle(&awarded) {
        say(page.explained(number));
    }
    Ok(if checked.is_clean() {
        Exit::Good
    } else {
        Exit::Failed
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the demo says how long its steps took"
)]
fn timed<T>(step: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = step();
    (begun.elapsed(), done)
}
