//! The columnar engine: rules over millions of rows, exact, in chunks that stay in the first-level cache.
//!
//! ```text
//! let plan = Plan::new(&law, as_of, &asked, &present, &records)?;  // once: figures folded, ranges proven
//! let mut workspace = plan.workspace();                             // one a thread
//! plan.run(&mut workspace, &batch, &mut results);                   // many times
//! ```
#![expect(
    clippy::disallowed_types,
    clippy::float_arithmetic,
    clippy::float_cmp,
    reason = "lanes hold exact whole numbers in f64; the proof stands in lanes.rs, and nothing outside this module sees them"
)]

mod batch;
mod plan;
mod compile;
mod term;
mod graph;
mod sweep;
mod program;
mod schedule;
mod run;
mod natively;
mod settle;
mod sweeps;
mod workspace;
mod calendar;
mod instruction;
mod lanes;
#[cfg(all(target_arch = "x86_64", unix))]
mod native;
#[cfg(not(all(target_arch = "x86_64", unix)))]
#[path = "native/none.rs"]
mod native;

pub use batch::{Batch, Column, Field, Records, RefusedRow, Results, Slot, Values};
pub use plan::Plan;
pub use workspace::Workspace;
