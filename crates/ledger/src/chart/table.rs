//! The chart of accounts, a row a heading.

use super::HolderKind::{District, Employer, Nobody, Person};
use super::Side::{Credit, Debit};
use super::{Bound, Fund, Heading, HolderKind, Row};
use crate::words::words;

const ALL: &[Fund] = &Fund::ALL;
const CONTRIBUTED: &[Fund] = &[Fund::EmployeePooled, Fund::Unemployment, Fund::WorkInjury];
const SUBSIDISED: &[Fund] = &[Fund::EmployeePooled, Fund::ResidentPooled];
const PAYING: &[Fund] = &[
    Fund::EmployeePooled,
    Fund::ResidentPooled,
    Fund::Unemployment,
    Fund::WorkInjury,
];
const ACCOUNTS: &[Fund] = &[Fund::EmployeeAccounts, Fund::ResidentAccounts];

/// Where a total of the fund may be split by district and need not be.
const TOTAL: &[HolderKind] = &[Nobody, District];

/// All headings, in order. Where a heading has a bound, it holds for each holder: what was booked for an employer is taken
/// from that employer, and what was booked for a district as a total is taken from that total.
pub const CHART: [Row; 17] = [
    Row {
        heading: Heading::Bank,
        code: 1001,
        id: "bank",
        names: words("银行存款", "bank"),
        normal: Some(Debit),
        bound: Bound::CreditsWithinDebits,
        funds: ALL,
        holders: TOTAL,
        holds: words("存在银行的基金", "money at the bank"),
    },
    Row {
        heading: Heading::Receivable,
        code: 1101,
        id: "receivable",
        names: words("应收保险费", "contributions receivable"),
        normal: Some(Debit),
        bound: Bound::CreditsWithinDebits,
        funds: ALL,
        holders: &[District, Employer, Person],
        holds: words(
            "已核定未缴的保险费；区县财政应拨的补贴",
            "contributions assessed and not yet paid, and subsidies a district's treasury owes",
        ),
    },
    Row {
        heading: Heading::ReceivableFees,
        code: 1102,
        id: "receivable-fees",
        names: words("应收滞纳金", "late fees receivable"),
        normal: Some(Debit),
        bound: Bound::CreditsWithinDebits,
        funds: CONTRIBUTED,
        holders: &[District, Employer, Person],
        holds: words("已加收未缴的滞纳金", "late fees charged and not yet paid"),
    },
    Row {
        heading: Heading::Settlement,
        code: 1901,
        id: "settlement",
        names: words("基金间往来", "settlement between funds"),
        normal: None,
        bound: Bound::Free,
        funds: ALL,
        holders: &[Nobody],
        holds: words(
            "其他基金所欠（借）或欠其他基金（贷）；各基金合计为零",
            "what other funds owe (debit) or are owed (credit); zero over all funds",
        ),
    },
    Row {
        heading: Heading::Clearing,
        code: 2001,
        id: "clearing",
        names: words("待确认款", "clearing"),
        normal: Some(Credit),
        bound: Bound::DebitsWithinCredits,
        funds: ALL,
        holders: &[Nobody, District, Employer, Person],
        holds: words(
            "已到账、尚未对应到应缴的款项",
            "money received and not yet matched with what is owed",
        ),
    },
    Row {
        heading: Heading::AccountsDue,
        code: 2101,
        id: "accounts-due",
        names: words("待记个人账户", "accounts, not yet paid"),
        normal: Some(Credit),
        bound: Bound::Free,
        funds: ACCOUNTS,
        holders: &[District, Employer, Person],
        holds: words(
            "已核定应记入个人账户、尚未记账的部分；冲减已记账的，在下次记账前为借方余额",
            "assessed for individual accounts and not yet credited; what takes back a credit stands here as a debit until the next crediting",
        ),
    },
    Row {
        heading: Heading::AccountsPayable,
        code: 2102,
        id: "accounts-payable",
        names: words("个人账户", "individual accounts"),
        normal: Some(Credit),
        bound: Bound::Free,
        funds: ACCOUNTS,
        holders: &[District, Person],
        holds: words(
            "个人账户储存额；逐人余额在账户台账",
            "the balances of the accounts, in total; each person's own stands in the account register",
        ),
    },
    Row {
        heading: Heading::BenefitsPayable,
        code: 2201,
        id: "benefits-payable",
        names: words("应付待遇", "benefits payable"),
        normal: Some(Credit),
        bound: Bound::DebitsWithinCredits,
        funds: ALL,
        holders: &[District, Person],
        holds: words(
            "已核定未发放的待遇",
            "benefits awarded and not yet paid out",
        ),
    },
    Row {
        heading: Heading::RefundsPayable,
        code: 2301,
        id: "refunds-payable",
        names: words("应退款", "refunds payable"),
        normal: Some(Credit),
        bound: Bound::DebitsWithinCredits,
        funds: ALL,
        holders: &[District, Employer, Person],
        holds: words("已决定退还、尚未支付的款项", "money to be paid back"),
    },
    Row {
        heading: Heading::FundBalance,
        code: 3001,
        id: "fund-balance",
        names: words("基金结余", "fund balance"),
        normal: None,
        bound: Bound::Free,
        funds: ALL,
        holders: &[Nobody],
        holds: words("以前年度的结余", "what is left of earlier years"),
    },
    Row {
        heading: Heading::Income,
        code: 4001,
        id: "income",
        names: words("保险费收入", "contributions"),
        normal: Some(Credit),
        bound: Bound::Free,
        funds: CONTRIBUTED,
        holders: TOTAL,
        holds: words("核定的保险费", "contributions assessed"),
    },
    Row {
        heading: Heading::FeeIncome,
        code: 4002,
        id: "fee-income",
        names: words("滞纳金收入", "late fees"),
        normal: Some(Credit),
        bound: Bound::Free,
        funds: CONTRIBUTED,
        holders: TOTAL,
        holds: words("加收的滞纳金", "late fees charged"),
    },
    Row {
        heading: Heading::SubsidyIncome,
        code: 4003,
        id: "subsidy-income",
        names: words("财政补贴收入", "subsidies"),
        normal: Some(Credit),
        bound: Bound::Free,
        funds: SUBSIDISED,
        holders: TOTAL,
        holds: words(
            "财政对统筹部分的补贴",
            "treasuries' money for the pooled part",
        ),
    },
    Row {
        heading: Heading::BenefitsExpense,
        code: 5001,
        id: "benefits-expense",
        names: words("待遇支出", "benefits"),
        normal: Some(Debit),
        bound: Bound::Free,
        funds: PAYING,
        holders: TOTAL,
        holds: words("由统筹部分支付的待遇", "benefits borne by the pooled part"),
    },
    Row {
        heading: Heading::InterestExpense,
        code: 5002,
        id: "interest-expense",
        names: words("计息支出", "interest credited"),
        normal: Some(Debit),
        bound: Bound::Free,
        funds: ACCOUNTS,
        holders: TOTAL,
        holds: words(
            "记入个人账户的利息",
            "interest credited to individual accounts",
        ),
    },
    Row {
        heading: Heading::WrittenOff,
        code: 5003,
        id: "written-off",
        names: words("坏账核销", "written off"),
        normal: Some(Debit),
        bound: Bound::Free,
        funds: CONTRIBUTED,
        holders: TOTAL,
        holds: words("经批准不再追缴的款项", "claims given up with approval"),
    },
    Row {
        heading: Heading::AccountsCorrected,
        code: 5004,
        id: "accounts-corrected",
        names: words("个人账户更正", "corrections of accounts"),
        normal: None,
        bound: Bound::Free,
        funds: ACCOUNTS,
        holders: TOTAL,
        holds: words(
            "窗口更正增记（借）或减记（贷）个人账户的金额",
            "what corrections at the counter added to individual accounts (debit) or took from them (credit)",
        ),
    },
];
