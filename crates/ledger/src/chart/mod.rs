//! *On which account does it stand?*
//!
//! An [`Account`] is a [`Heading`] (科目) of a [`Fund`] (基金). Each fund is accounted for on its own: its debits equal its
//! credits in every journal, and what one fund owes another stands on [`Heading::Settlement`] of both. A line of a journal
//! also names the [`Holder`] for whom it stands there, so that what one employer owes is the balance of an account and a
//! holder.
//!
//! The whole chart is one table, [`CHART`]: codes, names, sides, bounds, which fund has which account and who may hold it.
//! `docs/reference/accounts.md` prints it; a test holds the two together.

pub mod holder;
mod table;

pub use self::holder::{Holder, HolderKind};
pub use self::table::CHART;
use crate::status::{Place, Refusal, Status};
use crate::words::{Words, words};
use std::fmt;

/// Left or right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// 借
    Debit,
    /// 贷
    Credit,
}

/// A fund, accounted for on its own.
///
/// # Representation
///
/// One byte. [`Fund::code`] is for storage and never changes: the tens are the scheme's code, the ones say which part of
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fund {
    /// Employee pension, the pooled part: employers' shares, paying the basic pension.
    EmployeePooled,
    /// Employee pension, the individual accounts: employees' shares and their interest.
    EmployeeAccounts,
    /// Resident pension, the pooled part: treasuries' money, paying the basic pension.
    ResidentPooled,
    /// Resident pension, the individual accounts: residents' payments, subsidies and interest.
    ResidentAccounts,
    /// Unemployment insurance.
    Unemployment,
    /// Work injury insurance.
    WorkInjury,
}

/// What an account of a fund holds. Which fund has which, see [`CHART`].
///
/// The order is that of the chart: what is owned, what is owed, what is left, what came in, what was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heading {
    /// Money at the bank.
    Bank,
    /// Contributions and subsidies assessed and not yet paid.
    Receivable,
    /// Late fees charged and not yet paid.
    ReceivableFees,
    /// What another fund owes this one (debit) or is owed by it (credit).
    Settlement,
    /// Money received that nobody has matched yet, in clarification.
    Clearing,
    /// Assessed for individual accounts, not yet paid and so not yet credited.
    AccountsDue,
    /// The individual accounts: what the fund owes to the persons.
    AccountsPayable,
    /// Benefits awarded and not yet paid out.
    BenefitsPayable,
    /// Money to be paid back.
    RefundsPayable,
    /// What is left of earlier years.
    FundBalance,
    /// Contributions.
    Income,
    /// Late fees.
    FeeIncome,
    /// Money from a treasury.
    SubsidyIncome,
    /// Benefits.
    BenefitsExpense,
    /// Interest credited to individual accounts.
    InterestExpense,
    /// Claims given up.
    WrittenOff,
    /// What corrections at the counter added to individual accounts (debit) or took from them (credit).
    AccountsCorrected,
}

/// How far an account and holder may go. Pending lines of the limited side count, pending ones of the other do not:
/// what is only prepared is neither spent twice nor spent early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// No bound.
    Free,
    /// Credits, pending and posted, never exceed posted debits: no more is taken than is there.
    CreditsWithinDebits,
    /// Debits, pending and posted, never exceed posted credits: no more is used than was received.
    DebitsWithinCredits,
}

/// A row of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub heading: Heading,
    /// For storage, never changed. Thousands: 1 owned, 2 owed, 3 left, 4 income, 5 expense. The numbers are ours.
    pub code: i16,
    /// For files and commands.
    pub id: &'static str,
    /// For people.
    pub names: Words,
    /// The side on which it grows; `None` where a balance on either side is usual.
    pub normal: Option<Side>,
    /// How far a holder's balance may go.
    pub bound: Bound,
    /// The funds that have this account.
    pub funds: &'static [Fund],
    /// Who may hold it.
    pub holders: &'static [HolderKind],
    /// What stands there.
    pub holds: Words,
}

/// An account: a heading that its fund has. There is no value for a pair the chart does not have.
///
/// # Parsing and printing
///
/// Prints as `employee-pooled/bank`, for records and messages; people see [`Account::names`].
///
/// ```
/// use ledger::{Account, Fund, Heading, Status};
///
/// let bank = Account::of(Fund::EmployeePooled, Heading::Bank)?;
/// assert_eq!(bank.to_string(), "employee-pooled/bank");
/// assert_eq!(bank.codes(), (11, 1001));
/// assert_eq!(Account::from_codes(11, 1001)?, bank);
///
/// let refused = Account::of(Fund::EmployeePooled, Heading::AccountsPayable).unwrap_err();
/// assert_eq!(refused.status, Status::AccountNotOfFund);
/// # Ok::<(), ledger::Refusal>(())
/// ```
///
/// # Comparison
///
/// By fund, then in the order of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    fund: Fund,
    heading: Heading,
}

impl Account {
    /// The fund's account of this heading.
    ///
    /// # Errors
    ///
    /// `B0103` when the fund has none.
    pub fn of(fund: Fund, heading: Heading) -> Result<Account, Refusal> {
        if !heading.row().funds.contains(&fund) {
            let given = format!("{}/{}", fund.id(), heading.id());
            return Err(Refusal::at(Status::AccountNotOfFund, Place::Given(given)));
        }
        Ok(Account { fund, heading })
    }

    /// The account with these codes of fund and heading.
    ///
    /// # Errors
    ///
    /// `B0102` when a code stands for nothing, `B0103` when the fund has no such account.
    pub fn from_codes(fund: i16, heading: i16) -> Result<Account, Refusal> {
        match (Fund::from_code(fund), Heading::from_code(heading)) {
            (Some(fund), Some(heading)) => Account::of(fund, heading),
            _ => {
                let given = format!("{fund}/{heading}");
                Err(Refusal::at(Status::AccountUnknown, Place::Given(given)))
            }
        }
    }

    /// Every account there is, in order.
    pub fn all() -> impl Iterator<Item = Account> {
        Fund::ALL.into_iter().flat_map(|fund| {
            let headings = CHART.iter().filter(move |row| row.funds.contains(&fund));
            headings.map(move |row| Account {
                fund,
                heading: row.heading,
            })
        })
    }

    /// Whose account it is.
    #[must_use]
    pub const fn fund(self) -> Fund {
        self.fund
    }

    /// What stands there.
    #[must_use]
    pub const fn heading(self) -> Heading {
        self.heading
    }

    /// The codes of fund and heading, for storage.
    #[must_use]
    pub fn codes(self) -> (i16, i16) {
        (self.fund.code(), self.heading.code())
    }

    /// As people call it.
    #[must_use]
    pub fn names(self) -> Words<String> {
        let (fund, heading) = (self.fund.names(), self.heading.names());
        Words {
            zh: format!("{}·{}", fund.zh, heading.zh),
            en: format!("{}: {}", fund.en, heading.en),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.fund.id(), self.heading.id()))
    }
}

impl Side {
    /// The other side: what a reversal posts.
    #[must_use]
    pub const fn turned(self) -> Side {
        match self {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        }
    }

    /// 借, 贷.
    #[must_use]
    pub const fn names(self) -> Words {
        match self {
            Side::Debit => words("借", "debit"),
            Side::Credit => words("贷", "credit"),
        }
    }
}

impl Fund {
    /// All of them, in order.
    pub const ALL: [Fund; 6] = [
        Fund::EmployeePooled,
        Fund::EmployeeAccounts,
        Fund::ResidentPooled,
        Fund::ResidentAccounts,
        Fund::Unemployment,
        Fund::WorkInjury,
    ];

    /// For storage; never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Fund::EmployeePooled => 11,
            Fund::EmployeeAccounts => 12,
            Fund::ResidentPooled => 21,
            Fund::ResidentAccounts => 22,
            Fund::Unemployment => 31,
            Fund::WorkInjury => 41,
        }
    }

    /// The fund with this code, if there is one.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Fund> {
        Fund::ALL.into_iter().find(|fund| fund.code() == code)
    }

    /// The code of the scheme (险种) it belongs to: 1 employee pension, 2 resident pension, 3 unemployment, 4 work injury.
    #[must_use]
    pub const fn scheme_code(self) -> i16 {
        self.code() / 10
    }

    /// Whether it consists of individual accounts: what comes in is owed to persons and is no income.
    #[must_use]
    pub const fn is_accounts(self) -> bool {
        matches!(self, Fund::EmployeeAccounts | Fund::ResidentAccounts)
    }

    /// For files and commands.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Fund::EmployeePooled => "employee-pooled",
            Fund::EmployeeAccounts => "employee-accounts",
            Fund::ResidentPooled => "resident-pooled",
            Fund::ResidentAccounts => "resident-accounts",
            Fund::Unemployment => "unemployment",
            Fund::WorkInjury => "work-injury",
        }
    }

    /// For people.
    #[must_use]
    pub const fn names(self) -> Words {
        match self {
            Fund::EmployeePooled => words("职工养老统筹", "employee pension, pooled"),
            Fund::EmployeeAccounts => words("职工养老个人账户", "employee pension, accounts"),
            Fund::ResidentPooled => words("居民养老统筹", "resident pension, pooled"),
            Fund::ResidentAccounts => words("居民养老个人账户", "resident pension, accounts"),
            Fund::Unemployment => words("失业保险", "unemployment"),
            Fund::WorkInjury => words("工伤保险", "work injury"),
        }
    }
}

impl Heading {
    /// Its row of the chart.
    #[must_use]
    pub const fn row(self) -> &'static Row {
        // The rows stand in the order of the variants; a test holds them so.
        &CHART[self as usize]
    }

    /// For storage; never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        self.row().code
    }

    /// The heading with this code, if there is one.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Heading> {
        let row = CHART.iter().find(|row| row.code == code);
        row.map(|row| row.heading)
    }

    /// For files and commands.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// For people.
    #[must_use]
    pub const fn names(self) -> Words {
        self.row().names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_stand_in_the_order_of_the_headings() {
        for (place, row) in CHART.iter().enumerate() {
            assert_eq!(row.heading as usize, place, "{}", row.id);
            assert_eq!(row.heading.row(), row);
            assert_eq!(Heading::from_code(row.code), Some(row.heading));
        }
    }

    #[test]
    fn codes_and_names_stand_for_one_thing() {
        let unlike = |values: Vec<String>| {
            let count = values.len();
            assert_eq!(values.into_iter().collect::<BTreeSet<_>>().len(), count);
        };
        unlike(CHART.iter().map(|row| row.code.to_string()).collect());
        unlike(CHART.iter().map(|row| row.id.to_string()).collect());
        unlike(CHART.iter().map(|row| row.names.zh.to_string()).collect());
        unlike(CHART.iter().map(|row| row.names.en.to_string()).collect());
        unlike(Fund::ALL.map(|fund| fund.id().to_string()).to_vec());
    }

    #[test]
    fn accounts_are_the_pairs_of_the_chart() {
        let mut count = 0;
        for fund in Fund::ALL {
            assert_eq!(Fund::from_code(fund.code()), Some(fund));
            for row in &CHART {
                let made = Account::of(fund, row.heading);
                assert_eq!(made.is_ok(), row.funds.contains(&fund));
                count += usize::from(made.is_ok());
                assert_eq!(Account::from_codes(fund.code(), row.code), made);
            }
        }
        let all: Vec<Account> = Account::all().collect();
        assert_eq!(all.len(), count);
        assert!(all.is_sorted());
        assert!(Account::from_codes(11, 9).is_err());
        assert!(Account::from_codes(9, 1001).is_err());
    }

    /// Persons' money is no income, and no fund of employers' shares owes it to a person.
    #[test]
    fn accounts_and_income_are_never_in_one_fund() {
        for fund in Fund::ALL {
            let accounts = Account::of(fund, Heading::AccountsPayable).is_ok();
            let income = [Heading::Income, Heading::SubsidyIncome];
            let income = income
                .iter()
                .any(|heading| Account::of(fund, *heading).is_ok());
            assert_eq!(accounts, fund.is_accounts());
            assert_eq!(income, !accounts);
        }
    }
}
