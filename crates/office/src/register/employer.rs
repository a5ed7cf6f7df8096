//! What does the register know of an employer, what does it owe, and what has it declared and paid?

use crate::acting::Acting;
use crate::collect::owes::{Owes, owes};
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::collection::Payer;
use city::employers::{Employer, EmployerId, Registration};
use city::facts::{Fact, FactId};
use city::logins::Login;
use measure::{Day, Month};
use rules::law::Law;
use store::declarations::{self, Kept};
use store::receipts::{self, Known};
use store::{Db, Tx, audit, employers};

/// An employer as the register has it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its credit code and name.
    pub employer: Employer,
    /// Where and in which class: every fact, superseded or not.
    pub facts: Vec<(FactId, Fact<Registration>)>,
    /// What it owes on the day.
    pub owes: Owes,
    /// What it declared of the last months, the newest first.
    pub declared: Vec<Kept>,
    /// What was received of it lately.
    pub received: Vec<Known>,
}

/// So many months back its declarations are shown.
const MONTHS: i32 = 12;
/// So many receipts are shown.
const RECEIPTS: i64 = 25;

/// An employer's record on a day. That it was looked at is noted, with why.
///
/// # Errors
///
/// `N0601` to `N0603`; what the law or the database says.
pub fn registered(
    db: &Db,
    (login, employer): (Option<&Login>, EmployerId),
    (law, on): (&Law, Day),
    acting: Acting<'_>,
) -> Result<Registered, Error> {
    whole::look(db, |tx| {
        permit::employer(tx, login, Action::ReadEmployer, employer)?;
        let subject = (audit::EMPLOYER, employer.number());
        acting.note(tx, Action::ReadEmployer.word(), subject, "")?;
        let known = employers::employer(tx, employer)?;
        let known = known.ok_or(Error::Permit(permit::Refusal::Unknown))?;
        let facts = employers::registrations(tx, employer)?;
        let payer = Payer::Employer(employer);
        Ok(Registered {
            employer: known,
            facts: facts.facts().map(|(id, fact)| (id, fact.clone())).collect(),
            owes: owes(tx, law, payer, on)?,
            declared: declared(tx, employer, on.month())?,
            received: receipts::of_payer(tx, payer, RECEIPTS)?,
        })
    })
}

fn declared(tx: &mut Tx<'_>, employer: EmployerId, last: Month) -> Result<Vec<Kept>, Error> {
    let mut declared = Vec::new();
    for back in 0..MONTHS {
        if let Ok(month) = last.add_months(-back) {
            let mut of_month = declarations::of_month(tx, employer, month)?;
            of_month.reverse();
            declared.extend(of_month);
        }
    }
    Ok(declared)
}
