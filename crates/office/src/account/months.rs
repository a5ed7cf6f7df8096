//! What was paid for me, month by month?
//!
//! Every month that was published for a person, in every scheme: through which employer, on which base, how much from each side,
//! and whether it is settled; beside it what stands in the accounts. Each part of a month opens to the rule that gave it, under
//! the law of its run.

use super::statement::{Known, Opens, Passbook, opens};
use crate::acting::Acting;
use crate::error::Error;
use crate::month::footing::{FOOTINGS, Footing};
use crate::permit::{self, Action};
use crate::whole;
use city::differences;
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::logins::Login;
use city::people::PersonId;
use city::runs::Run;
use measure::{Day, Fen, Month};
use std::collections::BTreeMap;
use store::owed::Owed;
use store::{Db, Tx, audit, employers};

/// A person's months and accounts as they were known on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifetime {
    /// Whose.
    pub person: PersonId,
    /// As known at the end of which day.
    pub as_of: Day,
    /// Each month in each scheme, the newest first.
    pub months: Vec<OwedMonth>,
    /// What stands in the accounts.
    pub accounts: Vec<Passbook>,
}

/// A month in a scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedMonth {
    /// Which month.
    pub month: Month,
    /// What was found.
    pub due: Due,
    /// Whether it is a whole month's, or only what a later run altered it by.
    pub is_whole: bool,
    /// The employer's name, where there is one.
    pub employer: Option<String>,
    /// When its bill was paid to the end; `None` while it is not.
    pub paid: Option<Day>,
    /// What each part opens to; nothing for what only alters a month.
    pub parts: Vec<Part>,
}

/// A part of a month's dues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub share: Share,
    /// How much.
    pub amount: Fen,
    /// The rule that gave it.
    pub opens: Opens,
}

/// The parts of a month's dues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// The employer's; of a resident's the government's.
    Employer,
    /// The person's own.
    Person,
    /// What goes to the account.
    Credit,
}

/// The months of whoever is signed in. That they were read is noted.
///
/// # Errors
///
/// `N0601` and `N0602` when it is not theirs to read; `N0109` when lines and balance differ; what the database says.
pub fn own_lifetime(
    db: &Db,
    login: Option<&Login>,
    as_of: Day,
    acting: Acting<'_>,
) -> Result<Lifetime, Error> {
    let person = permit::own_person(login, Action::ReadAccount)?;
    lifetime(db, (login, person), as_of, acting)
}

/// The months of a person. That they were read is noted, with why.
///
/// # Errors
///
/// `N0601`, `N0602` and `N0603` when they are not to be read; `N0109` when lines and balance differ; what the database says.
pub fn lifetime(
    db: &Db,
    (login, person): (Option<&Login>, PersonId),
    as_of: Day,
    acting: Acting<'_>,
) -> Result<Lifetime, Error> {
    whole::look(db, |tx| {
        permit::person(tx, login, Action::ReadAccount, person)?;
        let detail = format!("as of {as_of}");
        let subject = (audit::PERSON, person.number());
        acting.note(tx, Action::ReadAccount.word(), subject, &detail)?;
        let known = Known::on(tx, as_of)?;
        let mut months = Vec::new();
        let mut names = BTreeMap::new();
        let history = known.history(tx, person)?;
        for (run, owed) in &history {
            months.push(month(tx, run, owed, &mut names)?);
        }
        months.sort_by_key(|owed| (std::cmp::Reverse(owed.month), owed.due.scheme));
        Ok(Lifetime {
            person,
            as_of,
            months,
            accounts: known.accounts(tx, person, &history)?,
        })
    })
}

impl Lifetime {
    /// What was found for a month in a scheme: the month itself, and what later runs altered it by.
    #[must_use]
    pub fn of(&self, month: Month, scheme: Scheme) -> Vec<&OwedMonth> {
        let months = self.months.iter();
        months
            .filter(|owed| (owed.month, owed.due.scheme) == (month, scheme))
            .collect()
    }
}

fn month(
    tx: &mut Tx<'_>,
    run: &Run,
    &Owed {
        due, part, became, ..
    }: &Owed,
    names: &mut BTreeMap<EmployerId, Option<String>>,
) -> Result<OwedMonth, Error> {
    let is_whole = part == differences::Part::Added;
    let employer = match due.employer {
        None => None,
        Some(id) => match names.get(&id) {
            Some(name) => name.clone(),
            None => {
                let name = employers::employer(tx, id)?.map(|employer| employer.name);
                names.insert(id, name.clone());
                name
            }
        },
    };
    Ok(OwedMonth {
        month: run.month,
        is_whole,
        employer,
        paid: became.paid(),
        parts: if is_whole {
            parts(run, &due)
        } else {
            Vec::new()
        },
        due,
    })
}

/// What each part of a month's dues opens to.
pub(crate) fn parts(run: &Run, due: &Due) -> Vec<Part> {
    let footing = FOOTINGS
        .iter()
        .find(|footing| footing.is_of(due.scheme, due.category));
    let rules = footing.map_or([None; 3], Footing::shares);
    let parts = [
        (Share::Employer, due.employer_due),
        (Share::Person, due.person_due),
        (Share::Credit, due.credit),
    ];
    let parts = parts.into_iter().zip(rules);
    parts
        .filter_map(|((share, amount), rule)| {
            Some(Part {
                share,
                amount,
                opens: opens(run, due, rule?),
            })
        })
        .collect()
}
