//! The door for staff: the counter.
//!
//! Search first, and say why: whoever has not said what they look for something for is asked before they see it. What one
//! prepares another approves; the [`inbox`] shows exactly what would change.

pub(crate) mod overview;
pub(crate) mod purpose;
pub(crate) mod person;
pub(crate) mod correct;
pub(crate) mod employer;
pub(crate) mod inbox;
pub(crate) mod month;
pub(crate) mod receipts;
pub(crate) mod checks;

mod form;
mod found;
mod tasks;
mod words;

pub(crate) use found::Found;
