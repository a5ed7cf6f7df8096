//! May we pay in parts?

use crate::acting::{Acting, Applied};
use crate::collect::instalments::{Proposal, propose, standing};
use crate::collect::owes::{Owes, owes};
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::collection::instalments::{Agreement, Standing};
use city::collection::{AgreementId, Payer};
use city::logins::Login;
use measure::Day;
use store::{Db, instalments};

/// How paying in parts stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// What is owed today.
    pub owes: Owes,
    /// What is agreed or asked for.
    pub agreement: Option<(AgreementId, Agreement)>,
}

/// How it stands with the own arrears.
///
/// # Errors
///
/// `N0601`, `N0602`; the law's refusal of a late fee; what the database says.
pub fn parts(
    db: &Db,
    applied: Applied<'_>,
    login: Option<&Login>,
    on: Day,
) -> Result<Parts, Error> {
    let employer = permit::own_employer(login, Action::AskInstalments)?;
    let payer = Payer::Employer(employer);
    whole::read(db, |tx| {
        let current = instalments::current(tx, payer)?;
        let agreement = match current {
            Some(known) => Some((known.id, standing(tx, known.id, on)?)),
            None => None,
        };
        Ok(Parts {
            owes: owes(tx, applied.law, payer, on)?,
            agreement,
        })
    })
}

/// Asks to pay all that is owed today in parts. Asked again with the same, it is told by the same number.
///
/// # Errors
///
/// `N0601`, `N0602`; `K0103` when something else is agreed or asked for, `K0105` when nothing is owed, `K0106`, `K0107`; what
/// the law or the database say.
pub fn ask(
    db: &Db,
    applied: Applied<'_>,
    login: Option<&Login>,
    (first, count, guaranteed): (Day, u32, bool),
    acting: Acting<'_>,
) -> Result<AgreementId, Error> {
    let employer = permit::own_employer(login, Action::AskInstalments)?;
    let proposal = Proposal {
        payer: Payer::Employer(employer),
        first,
        count,
        guaranteed,
    };
    let done = propose(db, applied, proposal, acting);
    let Err(error) = done else {
        return done;
    };
    let current = whole::read(db, |tx| Ok(instalments::current(tx, proposal.payer)?))?;
    let same = current.filter(|known| {
        let plan = &known.agreement.plan;
        let asked = Standing::Proposed {
            by: acting.by.clone(),
        };
        let begins = plan.first().map(|part| part.due);
        known.agreement.standing == asked
            && begins == Some(first)
            && u32::try_from(plan.len()) == Ok(count)
    });
    same.map(|known| known.id).ok_or(error)
}
