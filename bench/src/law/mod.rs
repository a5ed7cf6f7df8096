//! `bench law`: the columnar engine against hand-written code and other people's software.

mod columns;
mod rows;
mod figures;
mod by_hand;
mod limit;
#[cfg(test)]
mod exact;
