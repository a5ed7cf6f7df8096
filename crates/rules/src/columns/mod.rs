//! The columnar engine: rules over millions of rows, exact, in chunks that stay in the first-level cache.
//!
//! ```text
//! let plan = Plan::new(&law, as_of, &asked, &given, &relations)?;   // once: figures folded, ranges proven
//! let mut workspace = plan.workspace();                             // one a thread
//! plan.run(&mut workspace, &batch, &mut results);                   // many times
//! ```

mod batch;
mod plan;
mod compile;
mod term;
mod graph;
mod sweep;
mod schedule;
mod run;
mod sweeps;
mod workspace;
mod calendar;
mod lanes;

pub use plan::Plan;
pub use workspace::Workspace;
pub use batch::{Batch, Column, Field, Records, RefusedRow, Results, Slot, Values};
