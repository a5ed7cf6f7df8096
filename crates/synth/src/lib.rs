//! A synthetic city: the insured persons of the employees' scheme of a city like Chongqing, as many as wanted, the same
//! for the same seed.
//!
//! Every person comes from the seed and their own number alone, so a city can be made in blocks of any size, on any
//! number of threads, or one person at a time, and is always the same city. Facts are what an office would hold: the
//! inputs the law reads, under the names the law gives them. Nothing is computed here that a law says.
//!
//! **Nobody in it is real.** Where a figure was published the city follows it; the tables with their sources and marks
//! stand in `data/`:
//!
//! | what | follows |
//! |---|---|
//! | districts | residents at the census of 2020 |
//! | sex | residents at the end of 2022 |
//! | age | residents at the end of 2022 in three groups: 16-59, 60-64, 65 and over |
//! | wage | percentiles by occupation (2020), brought to the average wage of 2025; nobody below the minimum wage |
//! | industry | shares of the employed in the secondary and the tertiary sector (2022) |
//!
//! Everything else is made up, and `data/shape.csv` says so: ages within the groups, posts, who is insured as an
//! individual, careers, balances. Those of retirement age are in the city too, as they are among the insured.
//!
//! ```
//! use synth::City;
//!
//! let city = City::new(7);
//! let block = city.persons(1_000..1_100);
//! assert_eq!(block.len(), 100);
//! assert_eq!(block.person(5), city.person(1_005));
//! ```

#![warn(missing_docs)]

mod city;
mod person;
mod columns;
mod career;
mod margins;
mod wages;
mod chance;

pub use career::{ContributionYear, Histories};
pub use city::City;
pub use columns::{Cells, Column, Persons};
pub use margins::District;
pub use person::Person;
