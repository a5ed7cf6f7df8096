//! How does what was computed come into force?
//!
//! A second person approves exactly the content seen. Then one short transaction books what it comes to, seals it, and shows
//! its rows to everybody; no row is moved. Publishing a crediting run closes its month.

use super::{content, lookup, succession};
use crate::acting::Acting;
use crate::collect::entries::{Entry, Settled};
use crate::error::Error;
use crate::whole;
use city::dues::{Sum, Totals};
use city::insurance::Scheme;
use city::places::District;
use city::runs::{Refusal, Run, RunId, RunKind, RunState};
use ledger::{Account, Command, Fund, Heading, Holder, Journal, Key, Kind, Line, Origin};
use measure::{Fen, Month};
use store::seals::Link;
use store::{Db, Generation, Tx, Write, audit, bills, generation, journals, runs, seals};

/// Approves the run of a kind in a month, having looked at the content whose hash begins so; gives it as it is then.
///
/// # Errors
///
/// `N0101`, `N0103`, `N0104`, `N0105`; what the database says.
pub fn approve(
    db: &Db,
    kind: RunKind,
    month: Month,
    looked_at: &str,
    acting: Acting<'_>,
) -> Result<Run, Error> {
    whole::write_with(db, Write::guarded(), |tx| {
        let run = lookup(tx, kind, month)?;
        run.may_be_approved(acting.by.login(), looked_at)?;
        let content = run.content.unwrap_or(ledger::Digest::ZERO);
        if !runs::approve(tx, run.id, acting.by.login(), content)? {
            return Err(run.not_in(RunState::Computed).into());
        }
        let detail = content.to_string();
        acting.note(tx, "month.approve", (audit::RUN, run.id.number()), &detail)?;
        let approved_by = Some(acting.by.login().to_owned());
        Ok(Run {
            state: RunState::Approved,
            approved_by,
            ..run
        })
    })
}

/// Puts the approved assessment of a month in force.
///
/// # Errors
///
/// `N0101`, `N0103`; what the books or the database say.
pub fn publish(db: &Db, month: Month, acting: Acting<'_>) -> Result<Run, Error> {
    whole::write_with(db, Write::guarded(), |tx| {
        let run = approved(tx, RunKind::Assessment, month)?;
        let totals = runs::totals(tx, run.id)?;
        book(tx, &run, &totals, acting, Kind::Assessment, assessed)?;
        put_in_force(tx, &run, &totals, generation::dues(run.id), false, acting)?;
        Ok(run.in_state(RunState::Published))
    })
}

/// Puts the approved differences of a month in force: what is given back becomes money of its payers, what is added is owed.
///
/// # Errors
///
/// `N0101`, `N0103`; what the books or the database say.
pub fn publish_differences(db: &Db, month: Month, acting: Acting<'_>) -> Result<Run, Error> {
    whole::write_with(db, Write::guarded(), |tx| {
        let run = approved(tx, RunKind::Difference, month)?;
        let totals = runs::totals(tx, run.id)?;
        give_back(tx, &run, acting)?;
        book(tx, &run, &totals, acting, Kind::Correction, assessed)?;
        let rows = generation::differences(run.id);
        put_in_force(tx, &run, &totals, rows, false, acting)?;
        Ok(run.in_state(RunState::Published))
    })
}

/// What bills below 0 give back is no longer receivable but held for the payers, in clearing.
fn give_back(tx: &mut Tx<'_>, run: &Run, acting: Acting<'_>) -> Result<(), Error> {
    let (day, by) = (acting.at.day()?, acting.by.login());
    bills::give_back(tx, run.id, day, by, acting.at)?;
    let entry = Entry {
        key: format!("given-back/{}", run.id),
        kind: Kind::Correction,
        origin: Origin::Run(run.id.number()),
        law: Some(&run.law),
        lines: given_back(tx, run.id)?,
    };
    entry.post(tx, acting)
}

/// What a run gives back, as it is booked.
pub(crate) fn given_back(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<Line>, Error> {
    let mut settled = Settled::default();
    for (scheme, district, whole, accounts) in bills::gives_back(tx, run)? {
        settled.take((scheme, district), (whole, accounts, Fen::ZERO))?;
    }
    settled.undone()
}

/// Puts the approved crediting of a month in force and closes the month.
///
/// # Errors
///
/// `N0101`, `N0103`, `N0107` when an earlier month is not closed, `N0113` when other accounts are in force; what the books or the database say.
pub fn close(db: &Db, month: Month, acting: Acting<'_>) -> Result<Run, Error> {
    whole::write_with(db, Write::guarded(), |tx| {
        let assessment = lookup(tx, RunKind::Assessment, month)?;
        let run = approved(tx, RunKind::Crediting, month)?;
        succession::follows(tx, &run)?;
        if let Some(last) = seals::last_closed(tx)?
            && last.months_until(month) > 1
        {
            let month = last.add_months(1)?;
            return Err(Refusal::Earlier { month }.into());
        }
        let totals = runs::totals(tx, run.id)?;
        book(tx, &run, &totals, acting, Kind::Credit, credited)?;
        put_in_force(
            tx,
            &run,
            &totals,
            generation::accounts(run.id),
            true,
            acting,
        )?;
        for run in [&assessment, &run] {
            runs::step(tx, run.id, RunState::Published, RunState::Closed)?;
        }
        Ok(run.in_state(RunState::Closed))
    })
}

/// Puts the approved interest of a year in force.
///
/// # Errors
///
/// `N0101`, `N0103`, `N0113` when other accounts are in force; what the books or the database say.
pub fn bear(db: &Db, kind: RunKind, month: Month, acting: Acting<'_>) -> Result<Run, Error> {
    whole::write(db, |tx| {
        let run = approved(tx, kind, month)?;
        succession::follows(tx, &run)?;
        let totals = runs::totals(tx, run.id)?;
        book(tx, &run, &totals, acting, Kind::Interest, borne)?;
        let rows = generation::accounts(run.id);
        put_in_force(tx, &run, &totals, rows, false, acting)?;
        Ok(run.in_state(RunState::Published))
    })
}

fn approved(tx: &mut Tx<'_>, kind: RunKind, month: Month) -> Result<Run, Error> {
    let run = lookup(tx, kind, month)?;
    if run.state != RunState::Approved {
        return Err(run.not_in(RunState::Approved).into());
    }
    Ok(run)
}

/// Shows the rows to everybody and seals them.
fn put_in_force(
    tx: &mut Tx<'_>,
    run: &Run,
    totals: &Totals,
    rows: Generation,
    closes: bool,
    acting: Acting<'_>,
) -> Result<(), Error> {
    rows.attach(tx)?;
    if !runs::publish(tx, run.id, acting.at)? {
        return Err(run.not_in(RunState::Approved).into());
    }
    let sealed = content::sealed(tx, run, totals)?;
    let previous = seals::last(tx)?;
    let link = Link {
        month: run.month,
        run: run.id,
        closes,
        rows: i64::try_from(sealed.rows).unwrap_or(i64::MAX),
        previous,
        root: sealed.root,
        hash: content::link(previous, &sealed),
    };
    seals::add(tx, &link, acting.at)?;
    let action = if closes {
        "month.close"
    } else {
        "month.publish"
    };
    acting.note(tx, action, (audit::RUN, run.id.number()), "")?;
    Ok(())
}

/// Books what a run comes to, scheme by scheme and district by district, in one journal.
fn book(
    tx: &mut Tx<'_>,
    run: &Run,
    totals: &Totals,
    acting: Acting<'_>,
    kind: Kind,
    lines_of: fn(Scheme, District, &Sum) -> Result<Vec<Line>, Error>,
) -> Result<(), Error> {
    let lines = lines(totals, lines_of)?;
    if lines.is_empty() {
        return Ok(());
    }
    let day = acting.at.day()?;
    let journal = Journal {
        key: Key::new(format!("run/{}", run.id)).map_err(Error::Books)?,
        kind,
        month: day.month(),
        day,
        origin: Origin::Run(run.id.number()),
        law_version: Some(run.law.clone()),
        lines,
    };
    journals::apply(tx, &Command::PostDirectly(journal))?;
    Ok(())
}

/// The lines of a run's journal.
///
/// # Errors
///
/// When an amount is beyond what amounts can be.
pub(crate) fn lines(
    totals: &Totals,
    lines_of: fn(Scheme, District, &Sum) -> Result<Vec<Line>, Error>,
) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for (scheme, district, sum) in totals.rows() {
        lines.extend(lines_of(scheme, district, sum)?);
    }
    // What comes to nothing is not booked; what comes to less stands on the other side.
    lines.retain(|line| line.amount != Fen(0));
    Ok(lines)
}

/// What was assessed is owed: the pooled part is income, what is for the accounts is owed to their holders once it is paid.
pub(crate) fn assessed(scheme: Scheme, district: District, sum: &Sum) -> Result<Vec<Line>, Error> {
    let (pooled, accounts) = funds(scheme);
    let whole = sum.employer_due + sum.person_due;
    let mut lines = Vec::new();
    if let Some(fund) = accounts {
        lines.extend(pair(
            (fund, Heading::Receivable),
            (fund, Heading::AccountsDue),
            district,
            sum.credit,
        )?);
    }
    if let Some(fund) = pooled {
        lines.extend(pair(
            (fund, Heading::Receivable),
            (fund, Heading::Income),
            district,
            whole - sum.credit,
        )?);
    }
    Ok(lines)
}

/// What was paid is credited: no longer owed in general, but standing in the accounts.
pub(crate) fn credited(scheme: Scheme, district: District, sum: &Sum) -> Result<Vec<Line>, Error> {
    match funds(scheme).1 {
        Some(fund) => pair(
            (fund, Heading::AccountsDue),
            (fund, Heading::AccountsPayable),
            district,
            sum.credit,
        ),
        None => Ok(Vec::new()),
    }
}

/// The interest of a year is owed to the holders of the accounts, and is the fund's expense.
pub(crate) fn borne(scheme: Scheme, district: District, sum: &Sum) -> Result<Vec<Line>, Error> {
    match funds(scheme).1 {
        Some(fund) => pair(
            (fund, Heading::InterestExpense),
            (fund, Heading::AccountsPayable),
            district,
            sum.credit,
        ),
        None => Ok(Vec::new()),
    }
}

/// The funds that a scheme's contributions go to: the pooled one, and that of the accounts.
pub(crate) fn funds(scheme: Scheme) -> (Option<Fund>, Option<Fund>) {
    match scheme {
        Scheme::EmployeePension => (Some(Fund::EmployeePooled), Some(Fund::EmployeeAccounts)),
        // Of a resident's payment and the subsidy to it all goes to the account.
        Scheme::ResidentPension => (None, Some(Fund::ResidentAccounts)),
        Scheme::Unemployment => (Some(Fund::Unemployment), None),
        Scheme::WorkInjury => (Some(Fund::WorkInjury), None),
        Scheme::EnterpriseAnnuity | Scheme::PersonalPension => (None, None),
    }
}

/// A debit and a credit of the same amount, for a district; the other way round when it is below 0.
pub(crate) fn pair(
    debit: (Fund, Heading),
    credit: (Fund, Heading),
    district: District,
    amount: i128,
) -> Result<Vec<Line>, Error> {
    let account = |(fund, heading)| Account::of(fund, heading).map_err(Error::Books);
    let holder = |account: Account| match account
        .heading()
        .row()
        .holders
        .contains(&ledger::HolderKind::District)
    {
        true => Holder::district(district.code()).map_err(Error::Books),
        false => Ok(Holder::NOBODY),
    };
    let (debit, credit) = (account(debit)?, account(credit)?);
    let (for_debit, for_credit) = (holder(debit)?, holder(credit)?);
    let size = content::fen(amount.abs())?;
    Ok(if amount < 0 {
        vec![
            Line::debit(credit, for_credit, size),
            Line::credit(debit, for_debit, size),
        ]
    } else {
        vec![
            Line::debit(debit, for_debit, size),
            Line::credit(credit, for_credit, size),
        ]
    })
}
