//! The decisions of the office, in tables and against naive models.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod facts;
mod people;
mod work;
mod insurance;
mod counting;
mod declared;
mod declarations;
mod differences;
mod collection;
mod approvals;
mod bills;
mod lawful;
mod refusals;
mod retirement;

use city::facts::{Change, FactId, Origin, OriginKind, Timeline};
use measure::{Day, Fen, Moment, Month};

/// A day written `2025-01-31`, or `2025-01` for the first of the month.
fn day(text: &str) -> Day {
    match text.len() {
        7 => Month::parse(text).unwrap().first_day(),
        _ => Day::parse(text).unwrap(),
    }
}

/// A moment so many microseconds into the trial.
fn moment(number: i64) -> Moment {
    Moment::from_microseconds(number)
}

fn origin(kind: OriginKind, id: i64) -> Origin {
    Origin { kind, id }
}

/// Carries changes out with numbers from this counter.
fn take<T: Clone>(timeline: &mut Timeline<T>, changes: &[Change<T>], ids: &mut i64) {
    timeline.take(changes, || {
        *ids += 1;
        FactId::new(*ids).unwrap()
    });
}

/// An amount in yuan.
fn yuan(text: &str) -> Fen {
    Fen::parse(text).unwrap()
}
