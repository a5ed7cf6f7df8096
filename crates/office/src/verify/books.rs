//! Do the books balance, and agree with what they are the sums of?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::publish::{assessed, borne, credited, lines};
use crate::whole;
use city::insurance::Scheme;
use city::runs::{Run, RunKind};
use ledger::{Account, Fund, Heading, Key, Kind, Side, TrialBalance};
use measure::{Day, Fen};
use rules::explain::Lang;
use std::collections::BTreeMap;
use store::{Db, accounts, entries, journals, runs};

/// Compares each run's journal with what the run comes to, every fund with itself, and the accounts with the books.
pub(super) fn verify(db: &Db, all: &[Run], report: &mut Report) -> Result<(), Error> {
    for run in all {
        let agrees = whole::read(db, |tx| {
            let totals = runs::totals(tx, run.id)?;
            let (kind, lines) = match run.kind {
                RunKind::Assessment => (Kind::Assessment, lines(&totals, assessed)?),
                RunKind::Crediting => (Kind::Credit, lines(&totals, credited)?),
                RunKind::Difference => (Kind::Correction, lines(&totals, assessed)?),
                RunKind::Interest | RunKind::ResidentInterest => {
                    (Kind::Interest, lines(&totals, borne)?)
                }
            };
            let key = Key::new(format!("run/{}", run.id)).map_err(Error::Books)?;
            Ok::<bool, Error>(match journals::find(tx, &key)? {
                Some(entry) => {
                    let journal = entry.journal;
                    (journal.kind, journal.lines) == (kind, lines)
                        && journal.law_version.as_ref() == Some(&run.law)
                }
                None => lines.is_empty(),
            })
        })?;
        if !agrees {
            report.findings.push(Finding::Journal { run: run.id });
        }
    }
    let balance = whole::read(db, |tx| {
        let mut balance = TrialBalance::new();
        journals::lines(tx, |booked| {
            report.lines += 1;
            balance.add(booked, Day::MAX).map_err(Error::Books)
        })?;
        Ok::<TrialBalance, Error>(balance)
    })?;
    if let Err(refusal) = balance.check() {
        report.findings.push(Finding::Books {
            said: Lang::En.pick(refusal.message().zh, refusal.message().en),
        });
    }
    accounts_agree(db, &balance, report)
}

/// What stands in all accounts, in the current generation and beside it, is what the books say.
fn accounts_agree(db: &Db, balance: &TrialBalance, report: &mut Report) -> Result<(), Error> {
    let (current, beside) = whole::read(db, |tx| {
        let mut current: BTreeMap<Scheme, Fen> = BTreeMap::new();
        if let Some(run) = accounts::current(tx)? {
            accounts::of_run(tx, run, &(1..i64::MAX), |account| {
                let sum = current.entry(account.scheme).or_default();
                let stands = account.credited.checked_add(account.interest)?;
                *sum = sum.checked_add(stands)?;
                Ok::<(), Error>(())
            })?;
        }
        Ok((current, entries::all_beside(tx)?))
    })?;
    for (scheme, fund) in [
        (Scheme::EmployeePension, Fund::EmployeeAccounts),
        (Scheme::ResidentPension, Fund::ResidentAccounts),
    ] {
        let beside = beside.iter().find(|(of, _)| *of == scheme);
        let beside = beside.map_or(Fen(0), |(_, sum)| *sum);
        let current = current.get(&scheme).copied().unwrap_or_default();
        let accounts = current.checked_add(beside)?;
        let account = Account::of(fund, Heading::AccountsPayable).map_err(Error::Books)?;
        let books = balance.balance(account).net(Side::Credit);
        if accounts != books {
            report.findings.push(Finding::Payable {
                scheme,
                accounts,
                books,
            });
        }
    }
    Ok(())
}
