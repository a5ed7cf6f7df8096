//! What does the register know that somebody's pension will follow from?
//!
//! Sex, birth, every month insured with the base it was assessed on, what is declared now, what stands in the account. What becomes
//! of it is the law's to say: see [`city::retirement`].

use super::months::{Lifetime, own_lifetime};
use crate::acting::Acting;
use crate::error::Error;
use crate::permit;
use crate::whole;
use city::facts::Timeline;
use city::insurance::{Category, Participation, Scheme, Slot, Status};
use city::logins::Login;
use city::retirement::Known;
use measure::{Day, Fen, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::{Db, insurance, people};

/// What a pension of whoever is signed in will follow from; `None` when they were never insured in a pension scheme. That it was
/// read is noted.
///
/// # Errors
///
/// `N0601` and `N0602` when it is not theirs to read; `N0109` when lines and balance differ; what the database says.
pub fn own_prospect(
    db: &Db,
    login: Option<&Login>,
    today: Day,
    acting: Acting<'_>,
) -> Result<Option<Known>, Error> {
    let lifetime = own_lifetime(db, login, today, acting)?;
    whole::read(db, |tx| {
        let (person, _) = people::person(tx, lifetime.person)?.ok_or(permit::Refusal::Unknown)?;
        let insured = insurance::of(tx, lifetime.person)?;
        let Some(scheme) = scheme_of(&insured, today) else {
            return Ok(None);
        };
        let slots = insured.iter().filter(|(slot, _)| slot.scheme() == scheme);
        let slots: Vec<_> = slots.collect();
        let Some(present) = present(&slots, today) else {
            return Ok(None);
        };
        let balance = lifetime.accounts.iter().find(|book| book.scheme == scheme);
        Ok(Some(Known {
            sex: person.sex,
            born: person.born.month(),
            category: present.slot.category(),
            months: months(&slots, &lifetime, scheme, today.month()),
            declared: present.declared.unwrap_or(Fen::ZERO),
            pays: present.status == Status::Active,
            balance: balance.map_or(Fen::ZERO, |book| book.balance),
        }))
    })
}

/// The pension scheme somebody is in: the employees', where they are in both.
fn scheme_of(insured: &BTreeMap<Slot, Timeline<Participation>>, today: Day) -> Option<Scheme> {
    let schemes = [Scheme::EmployeePension, Scheme::ResidentPension];
    let is_in = |scheme: Scheme, status: Option<Status>| {
        insured.iter().any(|(slot, line)| {
            let mut current = line.current().into_iter();
            slot.scheme() == scheme
                && current.any(|(_, fact)| {
                    status.is_none_or(|status| {
                        fact.value.status == status && fact.valid.contains(today)
                    })
                })
        })
    };
    let active = schemes
        .iter()
        .find(|scheme| is_in(**scheme, Some(Status::Active)));
    let ever = schemes.iter().find(|scheme| is_in(**scheme, None));
    active.or(ever).copied()
}

/// How they stand today: active before anything else; else as they stood last.
fn present(slots: &[(&Slot, &Timeline<Participation>)], today: Day) -> Option<Participation> {
    let current = slots.iter().flat_map(|(_, line)| line.current());
    let now = current.filter(|(_, fact)| fact.valid.first() <= today);
    let last = now.max_by_key(|(_, fact)| {
        (
            fact.value.status == Status::Active && fact.valid.contains(today),
            fact.valid.first(),
        )
    });
    last.map(|(_, fact)| fact.value)
}

/// Every month before this one in which they were insured and paying, with the base where it was assessed here.
fn months(
    slots: &[(&Slot, &Timeline<Participation>)],
    lifetime: &Lifetime,
    scheme: Scheme,
    this: Month,
) -> Vec<(Month, Option<Fen>)> {
    let mut insured: BTreeSet<i32> = BTreeSet::new();
    for (_, line) in slots {
        for (_, fact) in line.current() {
            if fact.value.status != Status::Active {
                continue;
            }
            let first = fact.valid.first().month().index();
            let end = fact
                .valid
                .until()
                .map_or(this.index(), |until| until.month().index());
            insured.extend(first..end.min(this.index()));
        }
    }
    let of_scheme = lifetime.months.iter();
    let assessed = of_scheme.filter(|owed| owed.due.scheme == scheme && owed.is_whole);
    let mut bases = BTreeMap::new();
    for owed in assessed {
        insured.insert(owed.month.index());
        bases.entry(owed.month.index()).or_insert(owed.due.base);
    }
    let months = insured.into_iter().filter_map(|index| {
        let month = Month::from_index(index).ok()?;
        Some((month, bases.get(&index).copied()))
    });
    months.collect()
}

/// Whether somebody is insured as a resident.
#[must_use]
pub fn is_resident(known: &Known) -> bool {
    known.category == Category::Resident
}
