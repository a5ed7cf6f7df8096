//! What does the register know of a person or an employer, and who is meant?
//!
//! Whoever looks says why first, and that they looked is noted, for each record that was shown. What lies beyond who asks is
//! not found.

pub mod find;
pub mod person;
pub mod beside;
pub mod merging;
pub mod employer;

use store::secrets::{Place, Secrets};

/// A person's name in clear; `None` where the keys do not open it.
fn name(secrets: &Secrets, person: city::people::PersonId, cipher: &[u8]) -> Option<String> {
    let place = Place {
        table: "person",
        column: "name",
        person: person.number(),
    };
    secrets.open(place, cipher).ok()
}
