//! The personas of a demo: a login of each role, for somebody whom the city has lately assessed.

use super::{Cost, NewLogin, add, list};
use crate::acting::Acting;
use crate::error::Error;
use crate::shelf;
use crate::whole;
use city::dues::Due;
use city::insurance::Scheme;
use city::logins::{Login, Party, Role};
use city::runs::RunKind;
use store::{Db, runs};

/// So many persons are looked through for one with an employer.
const LOOKED_THROUGH: i64 = 5_000;

/// Makes the personas, without secrets: they come in by [`Proof::Persona`](super::Proof) only, where that is allowed. Those that
/// are there already stay. Without a published month there are none.
///
/// # Errors
///
/// What the database says.
pub fn personas(db: &Db, acting: Acting<'_>) -> Result<Vec<Login>, Error> {
    let Some((due, employer)) = whole::read(db, |tx| {
        let mut found = None;
        for run in runs::in_force(tx)? {
            if run.kind != RunKind::Assessment || found.is_some() {
                continue;
            }
            shelf::dues(tx, run.id, &(1..LOOKED_THROUGH), |due: Due| {
                if found.is_none() && due.scheme == Scheme::EmployeePension {
                    found = due.employer.map(|employer| (due, employer));
                }
                Ok(())
            })?;
        }
        Ok(found)
    })?
    else {
        return Ok(Vec::new());
    };
    let there = list(db)?;
    let all = [
        ("demo-person", Role::Person, Party::Person(due.person), None),
        ("demo-agent", Role::Agent, Party::Employer(employer), None),
        ("demo-clerk", Role::Clerk, Party::Office, Some(due.district)),
        ("demo-city-clerk", Role::Clerk, Party::Office, None),
        ("demo-supervisor", Role::Supervisor, Party::Office, None),
        ("demo-auditor", Role::Auditor, Party::Office, None),
        ("demo-planner", Role::Planner, Party::Office, None),
        (
            "demo-administrator",
            Role::Administrator,
            Party::Office,
            None,
        ),
    ];
    let made = all.into_iter().map(|(name, role, party, district)| {
        let known = there.iter().find(|login| login.name().login() == name);
        if let Some(login) = known {
            return Ok(login.clone());
        }
        let new = NewLogin {
            name,
            role,
            party,
            district,
            secret: None,
        };
        add(db, &new, Cost::USUAL, acting)
    });
    made.collect()
}
