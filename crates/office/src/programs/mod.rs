//! How do programs come in, what may they ask for, and what are they told?
//!
//! A program comes in by a [token](tokens) of a login, and reaches what the login reaches, or less. What it alters it alters
//! [once](calls), however often it asks. It may [want to be told](subscriptions) when something was done.
//!
//! | to | open |
//! |---|---|
//! | let a program in, or no more | [`tokens`] |
//! | do something once | [`calls`] |
//! | see what it reads of persons and employers | [`records`] |
//! | take in what it declares or brings from the bank | [`files`] |
//! | tell it what was done | [`subscriptions`] |
//! | answer another registry | [`registry`] |

pub mod tokens;
pub mod calls;
pub mod records;
pub mod files;
pub mod subscriptions;
pub mod registry;

mod refusal;

pub use refusal::Refusal;
