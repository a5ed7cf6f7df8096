//! *May this be booked, and what is to be written?*
//!
//! One ladder of checks a command. The order of the checks is the order of [`Status`]; keep it so.

use super::{Command, Effect, Failed, Lookup};
use crate::balance::Balance;
use crate::chart::{Account, Bound, Fund, Heading, Holder, Side};
use crate::journal::{Entry, Journal, Key, Kind, Phase, Reversal, State};
use crate::status::{Place, Refusal, Status};
use measure::{Day, Fen, Month};
use std::collections::BTreeMap;

/// What is to be written for a command, given what the book knows; or the first reason why nothing is.
///
/// # Errors
///
/// [`Failed::Refused`] with the first [`Status`] that applies, or [`Failed::Lookup`] when the book could not be read.
pub fn judge<L: Lookup>(command: &Command, book: &L) -> Result<Effect, Failed<L::Error>> {
    match command {
        Command::Prepare(journal) => enter(journal, Phase::Pending, book),
        Command::PostDirectly(journal) => enter(journal, Phase::Posted, book),
        Command::Post { key, day } => settle(key, *day, State::Posted(*day), book),
        Command::Void { key, day } => settle(key, *day, State::Void(*day), book),
        Command::Reverse(reversal) => reverse(reversal, book),
        Command::Seal(month) => seal(*month, book),
    }
}

fn enter<L: Lookup>(journal: &Journal, phase: Phase, book: &L) -> Result<Effect, Failed<L::Error>> {
    if let Some(known) = book.entry(&journal.key).map_err(Failed::Lookup)? {
        let prepared = !matches!(known.state, State::Direct);
        let same = known.journal == *journal && prepared == (phase == Phase::Pending);
        return same_or_refused(same, &journal.key);
    }
    if journal.kind == Kind::Reversal {
        return refuse(Status::ReversalByHand, Place::Journal(journal.key.clone()));
    }
    well_formed(journal)?;
    fits(journal, phase, book)?;
    Ok(Effect::Insert(Entry {
        journal: journal.clone(),
        state: match phase {
            Phase::Pending => State::Pending,
            Phase::Posted => State::Direct,
        },
        reverses: None,
        reversed_by: None,
    }))
}

fn settle<L: Lookup>(
    key: &Key,
    day: Day,
    wanted: State,
    book: &L,
) -> Result<Effect, Failed<L::Error>> {
    let Some(known) = book.entry(key).map_err(Failed::Lookup)? else {
        return refuse(Status::PendingNotFound, Place::Journal(key.clone()));
    };
    let place = || Place::Journal(key.clone());
    match known.state {
        state if state == wanted => return Ok(Effect::Nothing),
        State::Direct => return refuse(Status::NotPending, place()),
        State::Posted(_) => return refuse(Status::AlreadyPosted, place()),
        State::Void(_) => return refuse(Status::AlreadyVoid, place()),
        State::Pending => {}
    }
    if day < known.journal.day {
        return refuse(
            Status::DayBeforeJournal,
            Place::Day(day, known.journal.day.to_string()),
        );
    }
    // Nothing else can be amiss: its sums were counted when it was prepared.
    open(day.month(), book)?;
    Ok(Effect::Settle {
        key: key.clone(),
        state: wanted,
    })
}

fn reverse<L: Lookup>(reversal: &Reversal, book: &L) -> Result<Effect, Failed<L::Error>> {
    let target = book.entry(&reversal.reverses).map_err(Failed::Lookup)?;
    if let Some(known) = book.entry(&reversal.key).map_err(Failed::Lookup)? {
        let same = known.reverses.as_ref() == Some(&reversal.reverses)
            && target.is_some_and(|target| {
                known.journal == Journal::reversing(&target.journal, reversal)
            });
        return same_or_refused(same, &reversal.key);
    }
    let place = || Place::Journal(reversal.reverses.clone());
    let Some(target) = target else {
        return refuse(Status::ToReverseNotFound, place());
    };
    if target.reverses.is_some() {
        return refuse(Status::ReversesReversal, place());
    }
    let posted = match target.state {
        State::Pending => return refuse(Status::ReversesPending, place()),
        State::Void(_) => return refuse(Status::ReversesVoid, place()),
        State::Posted(day) => day,
        State::Direct => target.journal.day,
    };
    if let Some(by) = &target.reversed_by {
        return refuse(Status::AlreadyReversed, Place::Journal(by.clone()));
    }
    if reversal.day < posted {
        let place = Place::Day(reversal.day, posted.to_string());
        return refuse(Status::DayBeforeJournal, place);
    }
    let journal = Journal::reversing(&target.journal, reversal);
    fits(&journal, Phase::Posted, book)?;
    Ok(Effect::Insert(Entry {
        journal,
        state: State::Direct,
        reverses: Some(reversal.reverses.clone()),
        reversed_by: None,
    }))
}

fn seal<L: Lookup>(month: Month, book: &L) -> Result<Effect, Failed<L::Error>> {
    let Some(sealed) = book.sealed_through().map_err(Failed::Lookup)? else {
        return Ok(Effect::Seal(month));
    };
    if month <= sealed {
        return Ok(Effect::Nothing);
    }
    if sealed.months_until(month) != 1 {
        return refuse(Status::SealSkipsMonth, Place::Month(month));
    }
    Ok(Effect::Seal(month))
}

/// What a journal must be whatever the book knows.
fn well_formed(journal: &Journal) -> Result<(), Refusal> {
    if journal.lines.is_empty() {
        let place = Place::Journal(journal.key.clone());
        return Err(Refusal::at(Status::NoLines, place));
    }
    let numbered = || (1..).zip(&journal.lines);
    for (number, line) in numbered() {
        if line.amount <= Fen::ZERO {
            return Err(Refusal::at(
                Status::AmountNotPositive,
                Place::Line(number, *line),
            ));
        }
    }
    for (number, line) in numbered() {
        if !line
            .account
            .heading()
            .row()
            .holders
            .contains(&line.holder.kind())
        {
            return Err(Refusal::at(
                Status::HolderNotOfAccount,
                Place::Line(number, *line),
            ));
        }
    }
    for (number, line) in numbered() {
        if !journal.kind.may_touch(line.account.heading(), line.side) {
            let place = Place::LineOf(number, *line, journal.kind);
            return Err(Refusal::at(Status::AccountNotOfKind, place));
        }
    }
    if journal.day.month() != journal.month {
        let place = Place::Day(journal.day, journal.month.to_string());
        return Err(Refusal::at(Status::DayOutsideMonth, place));
    }
    for fund in Fund::ALL {
        let (debits, credits) = sides(journal, |account| account.fund() == fund);
        if debits != credits {
            let place = Place::Sides(Some(fund), debits, credits);
            return Err(Refusal::at(Status::Unbalanced, place));
        }
    }
    let (debits, credits) = sides(journal, |account| account.heading() == Heading::Settlement);
    if debits != credits {
        let place = Place::Sides(None, debits, credits);
        return Err(Refusal::at(Status::SettlementUnequal, place));
    }
    Ok(())
}

/// Whether the book has room for a journal: an open month, sums that can be held, balances that suffice.
fn fits<L: Lookup>(journal: &Journal, phase: Phase, book: &L) -> Result<(), Failed<L::Error>> {
    open(journal.month, book)?;
    let mut moved: BTreeMap<(Account, Holder), Balance> = BTreeMap::new();
    for line in &journal.lines {
        let sums = moved.entry((line.account, line.holder)).or_default();
        *sums = sums
            .with(line.side, phase, line.amount)
            .map_err(|_| too_large(line.account))?;
    }
    let mut short = None;
    for ((account, holder), sums) in moved {
        let before = book.balance(account, holder).map_err(Failed::Lookup)?;
        let after = before.plus(sums).map_err(|_| too_large(account))?;
        let missing = missing(account, &sums, &after);
        if 0 < missing && short.is_none() {
            short = Some(Place::Account(account, holder, missing));
        }
    }
    match short {
        Some(place) => refuse(Status::BeyondBalance, place),
        None => Ok(()),
    }
}

/// By how many fen `after` exceeds the account's bound; only what moves the limited side can be too much.
fn missing(account: Account, moved: &Balance, after: &Balance) -> i128 {
    let limited = match account.heading().row().bound {
        Bound::Free => return 0,
        Bound::CreditsWithinDebits => Side::Credit,
        Bound::DebitsWithinCredits => Side::Debit,
    };
    let both = |balance: &Balance| {
        let sum = |phase| i128::from(balance.sum(limited, phase).0);
        sum(Phase::Pending) + sum(Phase::Posted)
    };
    if both(moved) == 0 {
        return 0;
    }
    both(after) - i128::from(after.sum(limited.turned(), Phase::Posted).0)
}

fn open<L: Lookup>(month: Month, book: &L) -> Result<(), Failed<L::Error>> {
    let sealed = book.sealed_through().map_err(Failed::Lookup)?;
    if sealed.is_some_and(|sealed| month <= sealed) {
        return refuse(Status::PeriodSealed, Place::Month(month));
    }
    Ok(())
}

/// Any number of amounts of 64 bits that memory holds has a sum in 128 bits.
fn sides(journal: &Journal, wanted: impl Fn(Account) -> bool) -> (i128, i128) {
    let lines = journal.lines.iter().filter(|line| wanted(line.account));
    lines.fold((0, 0), |(debits, credits), line| match line.side {
        Side::Debit => (debits + i128::from(line.amount.0), credits),
        Side::Credit => (debits, credits + i128::from(line.amount.0)),
    })
}

fn same_or_refused<E>(same: bool, key: &Key) -> Result<Effect, Failed<E>> {
    if !same {
        return refuse(
            Status::ExistsWithDifferentContent,
            Place::Journal(key.clone()),
        );
    }
    Ok(Effect::Nothing)
}

fn too_large(account: Account) -> Refusal {
    Refusal::at(Status::TooLarge, Place::Total(account))
}

fn refuse<T, E>(status: Status, place: Place) -> Result<T, Failed<E>> {
    Err(Failed::Refused(Refusal::at(status, place)))
}
