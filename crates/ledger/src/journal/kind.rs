//! *What kind of event was it, and what may such an event touch?*

use super::Side;
use crate::chart::Heading;
use crate::chart::Heading::{
    AccountsCorrected, AccountsDue, AccountsPayable, Bank, BenefitsExpense, BenefitsPayable,
    Clearing, FeeIncome, FundBalance, Income, InterestExpense, Receivable, ReceivableFees,
    RefundsPayable, Settlement, SubsidyIncome, WrittenOff,
};
use crate::words::{Words, words};

/// What kind of event a journal books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What stood in the books before there were these.
    Opening,
    /// A month's contributions, as assessed.
    Assessment,
    /// A treasury's subsidy, as assessed.
    Subsidy,
    /// Money has arrived at the bank.
    Receipt,
    /// Money that arrived is matched with what is owed.
    Allocation,
    /// What was paid is credited to individual accounts.
    Credit,
    /// A late fee is charged.
    LateFee,
    /// Interest is credited to individual accounts.
    Interest,
    /// Money moves between the bank accounts of funds.
    Settlement,
    /// A claim is given up.
    WriteOff,
    /// Money is to be paid back, or is paid back.
    Refund,
    /// Benefits are awarded, paid, or come back from the bank.
    Benefit,
    /// A difference to what was booked in an earlier month.
    Correction,
    /// Income and expense of a year go into the fund's balance.
    Closing,
    /// A journal is taken back; only [`Reversal`](super::Reversal) makes it.
    Reversal,
}

/// The sides on which a heading is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touch {
    /// Debits only.
    Debit,
    /// Credits only.
    Credit,
    /// Both.
    Both,
}

use Touch::{Both, Credit as C, Debit as D};

/// All but the bank, whose lines are reversed and never corrected, and what only the year's closing moves.
const CORRECTED: &[(Heading, Touch)] = &[
    (Receivable, Both),
    (ReceivableFees, Both),
    (Settlement, Both),
    (Clearing, Both),
    (AccountsDue, Both),
    (AccountsPayable, Both),
    (BenefitsPayable, Both),
    (RefundsPayable, Both),
    (Income, Both),
    (FeeIncome, Both),
    (SubsidyIncome, Both),
    (BenefitsExpense, Both),
    (InterestExpense, Both),
    (WrittenOff, Both),
    (AccountsCorrected, Both),
];

const REVERSED: &[(Heading, Touch)] = &[
    (Bank, Both),
    (Receivable, Both),
    (ReceivableFees, Both),
    (Settlement, Both),
    (Clearing, Both),
    (AccountsDue, Both),
    (AccountsPayable, Both),
    (BenefitsPayable, Both),
    (RefundsPayable, Both),
    (FundBalance, Both),
    (Income, Both),
    (FeeIncome, Both),
    (SubsidyIncome, Both),
    (BenefitsExpense, Both),
    (InterestExpense, Both),
    (WrittenOff, Both),
    (AccountsCorrected, Both),
];

impl Kind {
    /// All of them, in order.
    pub const ALL: [Kind; 15] = [
        Kind::Opening,
        Kind::Assessment,
        Kind::Subsidy,
        Kind::Receipt,
        Kind::Allocation,
        Kind::Credit,
        Kind::LateFee,
        Kind::Interest,
        Kind::Settlement,
        Kind::WriteOff,
        Kind::Refund,
        Kind::Benefit,
        Kind::Correction,
        Kind::Closing,
        Kind::Reversal,
    ];

    /// For storage; never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Kind::Opening => 1,
            Kind::Assessment => 2,
            Kind::Subsidy => 3,
            Kind::Receipt => 4,
            Kind::Allocation => 5,
            Kind::Credit => 6,
            Kind::LateFee => 7,
            Kind::Interest => 8,
            Kind::Settlement => 9,
            Kind::WriteOff => 10,
            Kind::Refund => 11,
            Kind::Benefit => 12,
            Kind::Correction => 13,
            Kind::Closing => 14,
            Kind::Reversal => 15,
        }
    }

    /// The kind with this code, if there is one.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// For files and commands.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Kind::Opening => "opening",
            Kind::Assessment => "assessment",
            Kind::Subsidy => "subsidy",
            Kind::Receipt => "receipt",
            Kind::Allocation => "allocation",
            Kind::Credit => "credit",
            Kind::LateFee => "late-fee",
            Kind::Interest => "interest",
            Kind::Settlement => "settlement",
            Kind::WriteOff => "write-off",
            Kind::Refund => "refund",
            Kind::Benefit => "benefit",
            Kind::Correction => "correction",
            Kind::Closing => "closing",
            Kind::Reversal => "reversal",
        }
    }

    /// For people.
    #[must_use]
    pub const fn names(self) -> Words {
        match self {
            Kind::Opening => words("期初", "opening"),
            Kind::Assessment => words("核定", "assessment"),
            Kind::Subsidy => words("财政补贴", "subsidy"),
            Kind::Receipt => words("到账", "receipt"),
            Kind::Allocation => words("分配", "allocation"),
            Kind::Credit => words("记账", "credit to accounts"),
            Kind::LateFee => words("加收滞纳金", "late fee"),
            Kind::Interest => words("计息", "interest"),
            Kind::Settlement => words("基金间结算", "settlement"),
            Kind::WriteOff => words("坏账核销", "write-off"),
            Kind::Refund => words("退费", "refund"),
            Kind::Benefit => words("待遇", "benefit"),
            Kind::Correction => words("更正", "correction"),
            Kind::Closing => words("年终结转", "closing of a year"),
            Kind::Reversal => words("冲销", "reversal"),
        }
    }

    /// The headings such a journal may touch, in the order of the chart, and on which sides.
    #[must_use]
    pub const fn touches(self) -> &'static [(Heading, Touch)] {
        match self {
            Kind::Opening => &[
                (Bank, D),
                (Receivable, D),
                (ReceivableFees, D),
                (Settlement, Both),
                (Clearing, C),
                (AccountsDue, C),
                (AccountsPayable, C),
                (BenefitsPayable, C),
                (RefundsPayable, C),
                (FundBalance, Both),
            ],
            Kind::Assessment => &[(Receivable, D), (AccountsDue, C), (Income, C)],
            Kind::Subsidy => &[(Receivable, D), (AccountsDue, C), (SubsidyIncome, C)],
            Kind::Receipt => &[(Bank, D), (Clearing, C)],
            // Clearing on both sides: money of an unknown payer becomes money of a known one.
            Kind::Allocation => &[
                (Receivable, C),
                (ReceivableFees, C),
                (Settlement, Both),
                (Clearing, Both),
            ],
            // On both sides: where little is paid, a month may give back more of others' than it credits.
            Kind::Credit => &[(AccountsDue, Both), (AccountsPayable, Both)],
            Kind::LateFee => &[(ReceivableFees, D), (FeeIncome, C)],
            Kind::Interest => &[(AccountsPayable, C), (InterestExpense, D)],
            Kind::Settlement => &[(Bank, Both), (Settlement, Both)],
            // What is not paid is no income lost to an account: nothing was credited yet.
            Kind::WriteOff => &[
                (Receivable, C),
                (ReceivableFees, C),
                (AccountsDue, D),
                (WrittenOff, D),
            ],
            Kind::Refund => &[
                (Bank, C),
                (Settlement, Both),
                (Clearing, D),
                (AccountsDue, D),
                (AccountsPayable, D),
                (RefundsPayable, Both),
                (Income, D),
                (FeeIncome, D),
                (SubsidyIncome, D),
            ],
            // The bank on both sides: a payment that comes back is owed again.
            Kind::Benefit => &[
                (Bank, Both),
                (Settlement, Both),
                (AccountsPayable, D),
                (BenefitsPayable, Both),
                (BenefitsExpense, Both),
            ],
            Kind::Correction => CORRECTED,
            Kind::Closing => &[
                (FundBalance, Both),
                (Income, Both),
                (FeeIncome, Both),
                (SubsidyIncome, Both),
                (BenefitsExpense, Both),
                (InterestExpense, Both),
                (WrittenOff, Both),
                (AccountsCorrected, Both),
            ],
            Kind::Reversal => REVERSED,
        }
    }

    /// Whether such a journal may touch the heading on this side.
    #[must_use]
    pub fn may_touch(self, heading: Heading, side: Side) -> bool {
        let found = self
            .touches()
            .iter()
            .find(|(touched, _)| *touched == heading);
        match found {
            None => false,
            Some((_, D)) => side == Side::Debit,
            Some((_, C)) => side == Side::Credit,
            Some((_, Both)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::CHART;

    #[test]
    fn codes_round_trip() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(Kind::from_code(0), None);
    }

    #[test]
    fn touched_headings_stand_in_the_order_of_the_chart() {
        for kind in Kind::ALL {
            let headings: Vec<Heading> =
                kind.touches().iter().map(|(heading, _)| *heading).collect();
            assert!(headings.is_sorted_by(|a, b| a < b), "{}", kind.id());
        }
        assert_eq!(Kind::Reversal.touches().len(), CHART.len());
    }

    #[test]
    fn a_fee_is_no_contribution() {
        assert!(Kind::LateFee.may_touch(FeeIncome, Side::Credit));
        assert!(!Kind::LateFee.may_touch(FeeIncome, Side::Debit));
        assert!(!Kind::LateFee.may_touch(Income, Side::Credit));
    }

    /// Every heading but those of only one event has a way in and a way out.
    #[test]
    fn every_heading_is_touched_on_its_normal_side() {
        for row in &CHART {
            let sides = row
                .normal
                .map_or(vec![Side::Debit, Side::Credit], |side| vec![side]);
            for side in sides {
                let kinds = Kind::ALL[..14].iter();
                let own = kinds.filter(|kind| !matches!(kind, Kind::Correction));
                assert!(
                    own.clone().any(|kind| kind.may_touch(row.heading, side)),
                    "{}",
                    row.id
                );
            }
        }
    }
}
