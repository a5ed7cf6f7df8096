//! The domain's values: what an office of human resources and social security counts, dates and names.
//!
//! *Why not plain integers and strings?* Because 3 500 may be yuan or fen, 8 may be a rate or a number of months,
//! and `500101199902300017` looks like an identity number and is none. Each value here has a type of its own whose
//! constructor refuses what cannot be, and whose arithmetic either is exact or says how it was rounded.
//!
//! | a question of the office | the value |
//! |---|---|
//! | how much? | [`Fen`] |
//! | at what rate? which index? | [`Rate`], [`Decimal`] |
//! | rounded how? | [`Rounding`] |
//! | when? | [`Day`], [`Month`], [`Year`], [`Period`] |
//! | when was it recorded? | [`Moment`] |
//! | how long, how old? | [`Duration`], [`Age`] |
//! | who? | [`IdentityNumber`], [`CreditCode`] |
//! | is the office open? by when is it due? | [`Calendar`] |
//!
//! Four things are absent on purpose, and stay so. There is no input or output and no clock: text and days come in
//! as arguments. There is no floating point. There is no operator that could overflow: arithmetic returns a
//! [`Result`]. And there is no rule of law: those are text in `law/`, and the working-day calendar is read from there.
//!
//! ```
//! use measure::{Day, Fen, Rate, Rounding};
//!
//! let base = Fen::parse("6,000.35")?;
//! let share = base.checked_mul_rate(Rate::parse("8%")?, Rounding::HalfUp)?;
//! assert_eq!(share.to_string(), "480.03");
//!
//! let refused = Day::parse("2025-02-29").unwrap_err();
//! assert_eq!(refused.code(), "M0402");
//! # Ok::<(), measure::Error>(())
//! ```

#![warn(missing_docs)]

pub mod error;
pub mod rounding;

// How much.
pub mod decimal;
pub mod fen;
pub mod rate;

// When.
pub mod day;
pub mod moment;
pub mod month;
pub mod period;
pub mod year;

// How long.
pub mod age;
pub mod duration;

// Who.
pub mod credit_code;
pub mod identity_number;

// Which days are worked.
pub mod calendar;

mod text;
pub mod words;

pub use crate::{
    age::Age,
    calendar::Calendar,
    credit_code::{CheckDigit, CreditCode},
    day::{Day, Weekday},
    decimal::Decimal,
    duration::Duration,
    error::Error,
    fen::Fen,
    identity_number::{IdentityNumber, Sex},
    moment::Moment,
    month::Month,
    period::Period,
    rate::Rate,
    rounding::{Rounding, divide},
    words::Words,
    year::Year,
};
