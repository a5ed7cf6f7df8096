//! How does a month go?
//!
//! ```text
//! open ─► assess ─► review ─► approve ─► publish ─► (money comes in) ─► credit ─► review ─► approve ─► close
//!  maker    maker    anyone    checker    anyone                         maker     anyone    checker    anyone
//! ```
//!
//! Once a year the accounts bear their interest: [`interest`].
//!
//! Facts stream out in columns, the law is evaluated over them, results stream in beside what is published, totals made in
//! two ways are compared, a second person approves the exact content, and one short transaction puts it in force. Whoever
//! works at the counter meanwhile neither waits for the run nor disturbs it: it knows what was recorded when it was opened.
//! What becomes known later of a month in force is a run of differences of its own: differ ─► review ─► approve ─► publish.

pub mod assess;
pub mod credit;
pub mod interest;
pub mod differ;
pub mod discard;
pub mod publish;
pub mod review;
pub mod archive;
pub mod again;
pub mod desk;
pub mod causes;

pub mod engine;
pub mod footing;
pub mod sheet;

pub(crate) mod content;
pub(crate) mod known;
pub(crate) mod part;
mod succession;

use crate::error::Error;
use city::runs::{Refusal, Run, RunKind};
use measure::Month;
use store::{Tx, runs};

/// The run of a kind that a month has and that was not given up.
///
/// # Errors
///
/// `N0101` when there is none; what the database says.
pub fn lookup(tx: &mut Tx<'_>, kind: RunKind, month: Month) -> Result<Run, Error> {
    let run = runs::of_month(tx, kind, month)?.pop();
    run.ok_or_else(|| Refusal::NoRun { kind, month }.into())
}
