//! What holds of the books whatever is asked of them in whatever order.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use ledger::balance::{balance_as_of, balances_as_of};
use ledger::{
    Account, Applied, Balance, Book, Bound, Command, Fund, Heading, Holder, Journal, Key, Kind,
    Line, Origin, Phase, Reversal, Side, State, TrialBalance,
};
use measure::{Day, Fen, Month};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Few keys, holders and days, and amounts that often suffice and often do not, so that every status is met.
fn commands() -> impl Strategy<Value = Vec<Command>> {
    proptest::collection::vec(command(), 1..80)
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        12 => journal().prop_map(Command::PostDirectly),
        8 => journal().prop_map(Command::Prepare),
        6 => (key(), day()).prop_map(|(key, day)| Command::Post { key, day }),
        3 => (key(), day()).prop_map(|(key, day)| Command::Void { key, day }),
        4 => (key(), key(), day()).prop_map(|(key, reverses, day)| {
            Command::Reverse(Reversal { key, reverses, day, origin: Origin::Case(1) })
        }),
        1 => (0..3_i32).prop_map(|months| Command::Seal(first_month().add_months(months).unwrap())),
    ]
}

fn first_month() -> Month {
    Month::parse("2025-01").unwrap()
}

fn key() -> impl Strategy<Value = Key> {
    (0..24_u8).prop_map(|number| Key::new(format!("k{number}")).unwrap())
}

/// From January to May.
fn day() -> impl Strategy<Value = Day> {
    (0..150_i32).prop_map(|days| first_month().first_day().add_days(days).unwrap())
}

fn journal() -> impl Strategy<Value = Journal> {
    (
        key(),
        day(),
        0..9_usize,
        1..3_i64,
        1..40_i64,
        prop::bool::weighted(0.1),
    )
        .prop_map(|(key, day, pattern, employer, amount, wrong)| {
            let (kind, mut lines) =
                pattern_of(pattern, Holder::employer(employer).unwrap(), Fen(amount));
            if wrong {
                lines[0].amount = Fen(amount - 20);
            }
            Journal {
                key,
                kind,
                month: day.month(),
                day,
                origin: Origin::Run(1),
                law_version: None,
                lines,
            }
        })
}

fn pattern_of(pattern: usize, employer: Holder, amount: Fen) -> (Kind, Vec<Line>) {
    let own = |heading| Account::of(Fund::EmployeePooled, heading).unwrap();
    let other = |heading| Account::of(Fund::EmployeeAccounts, heading).unwrap();
    let debit = |account: Account, holder| Line::debit(account, holder, amount);
    let credit = |account: Account, holder| Line::credit(account, holder, amount);
    let nobody = Holder::NOBODY;
    let person = Holder::person(1).unwrap();
    match pattern {
        0 => (
            Kind::Receipt,
            vec![
                debit(own(Heading::Bank), nobody),
                credit(own(Heading::Clearing), nobody),
            ],
        ),
        1 => (
            Kind::Receipt,
            vec![
                debit(own(Heading::Bank), nobody),
                credit(own(Heading::Clearing), employer),
            ],
        ),
        2 => (
            Kind::Assessment,
            vec![
                debit(own(Heading::Receivable), employer),
                credit(own(Heading::Income), nobody),
                debit(other(Heading::Receivable), employer),
                credit(other(Heading::AccountsDue), employer),
            ],
        ),
        3 => (
            Kind::Allocation,
            vec![
                debit(own(Heading::Clearing), employer),
                credit(own(Heading::Receivable), employer),
            ],
        ),
        4 => (
            Kind::Allocation,
            vec![
                debit(own(Heading::Clearing), employer),
                credit(own(Heading::Settlement), nobody),
                debit(other(Heading::Settlement), nobody),
                credit(other(Heading::Receivable), employer),
            ],
        ),
        5 => (
            Kind::Credit,
            vec![
                debit(other(Heading::AccountsDue), employer),
                credit(other(Heading::AccountsPayable), person),
            ],
        ),
        6 => (
            Kind::Refund,
            vec![
                debit(own(Heading::Clearing), employer),
                credit(own(Heading::RefundsPayable), employer),
            ],
        ),
        7 => (
            Kind::Refund,
            vec![
                debit(own(Heading::RefundsPayable), employer),
                credit(own(Heading::Bank), nobody),
            ],
        ),
        _ => (
            Kind::Allocation,
            vec![
                debit(own(Heading::Clearing), nobody),
                credit(own(Heading::Clearing), employer),
            ],
        ),
    }
}

/// The commands that did something, with the book after all.
fn played(commands: &[Command]) -> (Book, Vec<Command>) {
    let mut book = Book::new();
    let did = |command: &&Command| book.apply(command) == Ok(Applied::Now);
    let done: Vec<Command> = commands.iter().filter(did).cloned().collect();
    (book, done)
}

fn without_empty(
    balances: BTreeMap<(Account, Holder), Balance>,
) -> BTreeMap<(Account, Holder), Balance> {
    let kept = balances.into_iter();
    kept.filter(|(_, balance)| *balance != Balance::default())
        .collect()
}

/// Only what is posted.
fn posted(book: &Book) -> BTreeMap<(Account, Holder), (Fen, Fen)> {
    let balances = balances_as_of(book.lines(), Day::MAX).unwrap().into_iter();
    let sums = balances.map(|(of, balance)| (of, (balance.debits_posted, balance.credits_posted)));
    sums.filter(|(_, sums)| *sums != (Fen(0), Fen(0))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_fund_balances_on_every_day(commands in commands()) {
        let (book, _) = played(&commands);
        for days in (0..160).step_by(7) {
            let day = first_month().first_day().add_days(days).unwrap();
            prop_assert_eq!(book.trial_balance(day).unwrap().check(), Ok(()));
        }
    }

    #[test]
    fn what_is_refused_or_retried_changes_nothing(commands in commands()) {
        let mut book = Book::new();
        for command in &commands {
            let before = book.clone();
            match book.apply(command) {
                Ok(Applied::Now) => {
                    let after = book.clone();
                    prop_assert_eq!(book.apply(command), Ok(Applied::Exists), "{:?}", command);
                    prop_assert_eq!(&book, &after);
                }
                Ok(Applied::Exists) | Err(_) => prop_assert_eq!(&book, &before),
            }
        }
        // And long after: whatever was done is still known, unless it has been settled since.
        let after = book.clone();
        for command in played(&commands).1 {
            prop_assert_eq!(book.apply(&command), Ok(Applied::Exists), "{:?}", command);
        }
        prop_assert_eq!(book, after);
    }

    #[test]
    fn replaying_what_was_done_gives_the_same_books(commands in commands()) {
        let (book, done) = played(&commands);
        let (replayed, again) = played(&done);
        prop_assert_eq!(again, done);
        prop_assert_eq!(replayed, book);
    }

    #[test]
    fn sums_kept_are_sums_of_the_lines_in_any_order(commands in commands()) {
        let (book, _) = played(&commands);
        let derived = balances_as_of(book.lines(), Day::MAX).unwrap();
        for ((account, holder), balance) in &derived {
            prop_assert_eq!(book.balance(*account, *holder), *balance);
            prop_assert_eq!(balance_as_of(book.lines(), *account, *holder, Day::MAX).unwrap(), *balance);
        }
        let mut backwards: Vec<_> = book.lines().collect();
        backwards.reverse();
        let (left, right) = backwards.split_at(backwards.len() / 2);
        let mut parts = TrialBalance::as_of(left.to_vec(), Day::MAX).unwrap();
        parts.merge(&TrialBalance::as_of(right.to_vec(), Day::MAX).unwrap()).unwrap();
        prop_assert_eq!(parts, book.trial_balance(Day::MAX).unwrap());
        prop_assert_eq!(without_empty(balances_as_of(backwards, Day::MAX).unwrap()), without_empty(derived));
    }

    #[test]
    fn no_bound_is_ever_exceeded(commands in commands()) {
        let mut book = Book::new();
        for command in &commands {
            let _ = book.apply(command);
            for ((account, _), balance) in balances_as_of(book.lines(), Day::MAX).unwrap() {
                let side = |side| balance.sum(side, Phase::Pending).0 + balance.sum(side, Phase::Posted).0;
                match account.heading().row().bound {
                    Bound::Free => {}
                    Bound::CreditsWithinDebits => prop_assert!(side(Side::Credit) <= balance.debits_posted.0),
                    Bound::DebitsWithinCredits => prop_assert!(side(Side::Debit) <= balance.credits_posted.0),
                }
            }
        }
    }

    /// As if what was voided had never been prepared.
    #[test]
    fn what_is_void_leaves_no_trace_in_what_is_posted(commands in commands()) {
        let (book, done) = played(&commands);
        let voided = |key: &Key| matches!(book.entry(key).unwrap().state, State::Void(_));
        let kept: Vec<Command> = done
            .into_iter()
            .filter(|command| match command {
                Command::Prepare(journal) => !voided(&journal.key),
                Command::Void { .. } => false,
                Command::Post { .. } | Command::PostDirectly(_) | Command::Reverse(_) | Command::Seal(_) => true,
            })
            .collect();
        let (without, again) = played(&kept);
        prop_assert_eq!(again.len(), kept.len());
        prop_assert_eq!(posted(&without), posted(&book));
    }

    #[test]
    fn what_is_reversed_cancels(commands in commands()) {
        let (book, _) = played(&commands);
        let mut reversals = 0;
        for entry in book.entries() {
            prop_assert_eq!(entry.reverses.is_some(), entry.journal.kind == Kind::Reversal);
            let Some(by) = &entry.reversed_by else { continue };
            let by = book.entry(by).unwrap();
            prop_assert_eq!(by.reverses.as_ref(), Some(&entry.journal.key));
            for (line, turned) in entry.journal.lines.iter().zip(&by.journal.lines) {
                prop_assert_eq!(line.side, turned.side.turned());
                prop_assert_eq!((line.account, line.holder, line.amount), (turned.account, turned.holder, turned.amount));
            }
            reversals += 1;
        }
        prop_assert_eq!(reversals, book.entries().filter(|entry| entry.reverses.is_some()).count());
    }

    #[test]
    fn a_sealed_month_stays_as_it_was(commands in commands()) {
        let mut book = Book::new();
        let mut sealed: Vec<(Day, TrialBalance)> = Vec::new();
        for command in &commands {
            if let (Command::Seal(month), Ok(Applied::Now)) = (command, book.apply(command)) {
                sealed.push((month.last_day(), book.trial_balance(month.last_day()).unwrap()));
            }
        }
        for (day, then) in sealed {
            prop_assert_eq!(book.trial_balance(day).unwrap(), then);
        }
    }
}

/// The generator is worth something: it books, refuses, settles, reverses and seals.
#[test]
fn the_generated_commands_reach_most_statuses() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut met = std::collections::BTreeSet::new();
    let mut done = 0;
    for _ in 0..400 {
        let mut book = Book::new();
        for command in commands().new_tree(&mut runner).unwrap().current() {
            match book.apply(&command) {
                Ok(Applied::Now) => done += 1,
                Ok(Applied::Exists) => {}
                Err(refusal) => {
                    met.insert(refusal.status);
                }
            }
        }
    }
    assert!(done > 2000 && met.len() >= 14, "{done} done, met {met:?}");
}
