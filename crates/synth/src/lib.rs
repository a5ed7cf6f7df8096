//! A synthetic city: the insured of a city like Chongqing with their employers, as many as wanted, the same for the same
//! seed.
//!
//! Every person comes from the seed and their own number alone, and so does every employer; so a city can be made in blocks
//! of any size, on any number of threads, or one person at a time, and is always the same city. It comes in two views:
//!
//! - [`City::registers`] and [`City::employers`] are what an office holds: persons, identity numbers, residences, households,
//!   employments and participations, in columns for fast loading; [`City::changes`] is what happens in each month from
//!   January 2025.
//! - [`City::persons`] and [`City::histories`] are the insured of the employees' scheme among them as the law reads them:
//!   its inputs, under the names it gives them.
//!
//! Nothing is computed here that a law says.
//!
//! **Nobody in it is real**, and it shows: identity numbers and credit codes are of areas beginning with 99, which are
//! nowhere ([`is_synthetic`]). Where a figure was published the city follows it, and [`Tally`] says how closely; the tables
//! with their sources and marks stand in `data/`:
//!
//! | what | follows |
//! |---|---|
//! | districts | residents at the census of 2020 |
//! | sex | residents at the end of 2022 |
//! | age | residents at the end of 2022 in three groups: 16-59, 60-64, 65 and over |
//! | unemployment, work injury, platforms | the insured in the first quarter of 2025, against those in a pension scheme |
//! | wage | percentiles by occupation (2020), brought to the average wage of 2025; nobody below the minimum wage |
//! | sector of employers | shares of the employed in the secondary and the tertiary sector (2022) |
//!
//! Everything else is made up, and the tables say so: who is insured as an individual, a resident or draws a pension, the
//! sizes of employers, ages within the groups, posts, careers, balances, movements. Those of retirement age are in the city
//! too, as they are among the insured.
//!
//! ```
//! use synth::City;
//!
//! let city = City::of(7, 100_000);
//! let block = city.registers(1_000..1_100);
//! assert_eq!(block.persons.person.len(), 100);
//! assert!(block.identities.number.iter().all(|number| number.starts_with(b"99")));
//! assert_eq!(city.registers(1_005..1_006).persons.born[0], block.persons.born[5]);
//! ```

#![warn(missing_docs)]

mod city;
pub mod codes;
mod registers;
mod movements;
mod tally;
mod employers;
mod insurance;
mod insured;
mod layout;
mod template;
mod shuffle;
mod identity;
mod names;
mod person;
mod columns;
mod career;
mod margins;
mod wages;
mod chance;

pub use career::{ContributionYear, Histories};
pub use city::City;
pub use columns::{Cells, Column, Persons};
pub use employers::Employers;
pub use identity::{MOST_PEOPLE, is_synthetic};
pub use margins::District;
pub use movements::Changes;
pub use names::Texts;
pub use person::Person;
pub use registers::{
    Employments, Households, Identities, Participations, PersonRows, Registers, Residences,
};
pub use tally::{Comparison, Margin, Tally};
