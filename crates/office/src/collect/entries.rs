//! How is collection booked?

use crate::acting::Acting;
use crate::error::Error;
use crate::month::publish::funds;
use city::insurance::Scheme;
use city::places::District;
use ledger::{Account, Command, Fund, Heading, Holder, Journal, Key, Kind, Line, Origin, Side};
use measure::Fen;
use std::collections::BTreeMap;
use store::{Tx, journals};

/// The fund on whose bank account all money comes in.
pub(super) const COLLECTING: Fund = Fund::EmployeePooled;

/// What was settled, by fund and district.
#[derive(Debug, Default)]
pub(crate) struct Settled(BTreeMap<(Fund, District), Parts>);

/// What was settled of one fund in a district.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    dues: Fen,
    fee: Fen,
}

impl Settled {
    /// Adds what was settled of a bill: of the dues, of these for individual accounts, of the late fee.
    pub(crate) fn take(
        &mut self,
        (scheme, district): (Scheme, District),
        (principal, accounts, fee): (Fen, Fen, Fen),
    ) -> Result<(), Error> {
        let (pooled, individual) = funds(scheme);
        // Residents' dues are for the accounts altogether; a pooled part would have no receivable and be refused there.
        let pooled = pooled.unwrap_or(Fund::ResidentPooled);
        let mut add = |fund, dues: Fen, fee: Fen| {
            if dues != Fen::ZERO || fee != Fen::ZERO {
                let parts = self.0.entry((fund, district)).or_default();
                parts.dues = parts.dues.checked_add(dues)?;
                parts.fee = parts.fee.checked_add(fee)?;
            }
            Ok::<(), Error>(())
        };
        add(pooled, principal.checked_sub(accounts)?, fee)?;
        match individual {
            _ if accounts == Fen::ZERO => Ok(()),
            Some(fund) => add(fund, accounts, Fen::ZERO),
            // A scheme without accounts; the chart says so.
            None => account(pooled, Heading::AccountsDue).map(drop),
        }
    }

    /// The late fees are charged.
    pub(crate) fn charged(&self) -> Result<Vec<Line>, Error> {
        self.pairs(
            |parts| parts.fee,
            Heading::ReceivableFees,
            Heading::FeeIncome,
        )
    }

    /// Money of nobody in particular has settled this.
    pub(crate) fn allocated(&self) -> Result<Vec<Line>, Error> {
        let mut lines = self.through_clearing()?;
        for (&(fund, district), parts) in &self.0 {
            let holder = holder(district)?;
            for (heading, amount) in [
                (Heading::Receivable, parts.dues),
                (Heading::ReceivableFees, parts.fee),
            ] {
                if amount != Fen::ZERO {
                    lines.push(Line::credit(account(fund, heading)?, holder, amount));
                }
            }
        }
        Ok(lines)
    }

    /// It has not after all: the money is back in clearing, the dues are open, and the fee is not charged.
    pub(crate) fn undone(&self) -> Result<Vec<Line>, Error> {
        let mut lines: Vec<Line> = self
            .through_clearing()?
            .into_iter()
            .map(Line::turned)
            .collect();
        for (&(fund, district), parts) in &self.0 {
            let holder = holder(district)?;
            for (heading, amount) in [
                (Heading::Receivable, parts.dues),
                (Heading::FeeIncome, parts.fee),
            ] {
                if amount != Fen::ZERO {
                    lines.push(Line::debit(account(fund, heading)?, holder, amount));
                }
            }
        }
        Ok(lines)
    }

    /// It is given up. What was to be credited to accounts is no longer due to them; the rest is a loss.
    pub(crate) fn written_off(&self) -> Result<Vec<Line>, Error> {
        let mut lines = Vec::new();
        for (&(fund, district), parts) in &self.0 {
            let holder = holder(district)?;
            let loss = match Account::of(fund, Heading::AccountsDue) {
                Ok(account) => account,
                Err(_) => account(fund, Heading::WrittenOff)?,
            };
            let whole = parts.dues.checked_add(parts.fee)?;
            lines.push(Line::debit(loss, holder, whole));
            for (heading, amount) in [
                (Heading::Receivable, parts.dues),
                (Heading::ReceivableFees, parts.fee),
            ] {
                if amount != Fen::ZERO {
                    lines.push(Line::credit(account(fund, heading)?, holder, amount));
                }
            }
        }
        Ok(lines)
    }

    /// Out of clearing, and between the funds.
    fn through_clearing(&self) -> Result<Vec<Line>, Error> {
        let mut by_fund: BTreeMap<Fund, Fen> = BTreeMap::new();
        let mut all = Fen::ZERO;
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        for ((fund, _), parts) in &self.0 {
            let whole = parts.dues.checked_add(parts.fee)?;
            all = all.checked_add(whole)?;
            let sum = by_fund.entry(*fund).or_default();
            *sum = sum.checked_add(whole)?;
        }
        let clearing = account(COLLECTING, Heading::Clearing)?;
        let mut lines = vec![Line::debit(clearing, Holder::NOBODY, all)];
        for (fund, sum) in by_fund.into_iter().filter(|(fund, _)| *fund != COLLECTING) {
            let owing = account(COLLECTING, Heading::Settlement)?;
            lines.push(Line::credit(owing, Holder::NOBODY, sum));
            lines.push(Line::debit(
                account(fund, Heading::Settlement)?,
                Holder::NOBODY,
                sum,
            ));
        }
        Ok(lines)
    }

    fn pairs(
        &self,
        amount: impl Fn(&Parts) -> Fen,
        debit: Heading,
        credit: Heading,
    ) -> Result<Vec<Line>, Error> {
        let mut lines = Vec::new();
        for (&(fund, district), parts) in &self.0 {
            let amount = amount(parts);
            if amount != Fen::ZERO {
                let holder = holder(district)?;
                lines.push(Line::debit(account(fund, debit)?, holder, amount));
                lines.push(Line::credit(account(fund, credit)?, holder, amount));
            }
        }
        Ok(lines)
    }
}

/// An account of a fund.
pub(super) fn account(fund: Fund, heading: Heading) -> Result<Account, Error> {
    Account::of(fund, heading).map_err(Error::Books)
}

fn holder(district: District) -> Result<Holder, Error> {
    Holder::district(district.code()).map_err(Error::Books)
}

/// An amount on both sides of two accounts of the collecting fund, for nobody.
pub(crate) fn of_collecting(
    debit: Heading,
    credit: Heading,
    amount: Fen,
) -> Result<Vec<Line>, Error> {
    let line = |heading, side| {
        Ok::<Line, Error>(Line {
            account: account(COLLECTING, heading)?,
            holder: Holder::NOBODY,
            side,
            amount,
        })
    };
    Ok(vec![line(debit, Side::Debit)?, line(credit, Side::Credit)?])
}

/// What is to be booked.
pub(crate) struct Entry<'a> {
    pub(crate) key: String,
    pub(crate) kind: Kind,
    pub(crate) origin: Origin,
    pub(crate) law: Option<&'a str>,
    pub(crate) lines: Vec<Line>,
}

impl Entry<'_> {
    /// As a journal of the day on which somebody acts.
    fn journal(self, acting: Acting<'_>) -> Result<Journal, Error> {
        let day = acting.at.day()?;
        Ok(Journal {
            key: key(self.key)?,
            kind: self.kind,
            month: day.month(),
            day,
            origin: self.origin,
            law_version: self.law.map(str::to_owned),
            lines: self.lines,
        })
    }

    /// Books it; does nothing where there is nothing to book.
    pub(crate) fn post(self, tx: &mut Tx<'_>, acting: Acting<'_>) -> Result<(), Error> {
        if !self.lines.is_empty() {
            let journal = self.journal(acting)?;
            journals::apply(tx, &Command::PostDirectly(journal))?;
        }
        Ok(())
    }

    /// Prepares it: the money is not to be used again, and is not gone yet.
    pub(super) fn prepare(self, tx: &mut Tx<'_>, acting: Acting<'_>) -> Result<(), Error> {
        let journal = self.journal(acting)?;
        journals::apply(tx, &Command::Prepare(journal))?;
        Ok(())
    }
}

/// The key of a journal.
pub(super) fn key(text: String) -> Result<Key, Error> {
    Key::new(text).map_err(Error::Books)
}
