//! What is wrong with a row, where, and how to mend it.

use crate::employers::EmployerId;
use crate::insurance::{InsuranceRefusal, Scheme};
use crate::numbered::kinds;
use crate::refusal::{Refused, Said, errors, said};
use measure::{Day, Error, Fen};

kinds! {
    /// The columns of a declaration.
    Column {
        /// The identity number.
        Identity = 1 "证件号码" / "identity number",
        /// The name.
        Name = 2 "姓名" / "name",
        /// The monthly wage.
        Wage = 3 "月工资" / "monthly wage",
        /// Whether they stay or leave.
        Movement = 4 "变动" / "movement",
    }
}

/// One thing wrong with one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The row in the file, from 1, the heading counted.
    pub row: u32,
    /// The column.
    pub column: Column,
    /// What stands there; numbers and names of persons masked.
    pub value: String,
    /// Why it cannot be taken.
    pub reason: Reason,
}

/// Why a value cannot be taken. Each has a stable code and says how to mend it.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// It is no identity number.
    NotAnIdentityNumber(Error),
    /// Its check character does not fit: a digit is mistyped, or two are swapped.
    WrongCheckCharacter,
    /// There is no name.
    NameMissing,
    /// The register has another name.
    NameDiffers {
        /// The register's, masked.
        registered: String,
    },
    /// It is no amount.
    WageUnreadable(Error),
    /// It is negative or absurd.
    WageOutOfBounds {
        /// The least.
        least: Fen,
        /// The most.
        most: Fen,
    },
    /// The same person stands in the file before.
    Duplicate {
        /// The row.
        first: u32,
    },
    /// The file was said to be sorted by identity number and is not.
    OutOfOrder {
        /// The row it should stand before.
        before: u32,
    },
    /// Insured through another employer, which leaves nothing for this one.
    EmployedElsewhere {
        /// In which scheme.
        scheme: Scheme,
        /// Through whom.
        employer: EmployerId,
    },
    /// A second employment: what by law is held in one place another employer holds. A doubt, as it may be a change of jobs.
    SecondEmployment {
        /// In which schemes.
        schemes: Vec<Scheme>,
        /// Through whom.
        employer: EmployerId,
    },
    /// Insured otherwise, which excludes this.
    InsuredElsewhere {
        /// In which scheme.
        scheme: Scheme,
    },
    /// Said to leave, but not insured through this employer.
    NotEnrolled,
    /// Begins to work only after the month.
    BeginsLater {
        /// When.
        on: Day,
    },
    /// It does not follow from what is recorded of the person's insurance.
    Insurance(InsuranceRefusal),
}

impl Refused for Reason {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a reason")]
    fn said(&self) -> Said {
        use rules::explain::Lang::{En, Zh};
        match self {
            Reason::NotAnIdentityNumber(error) => said(
                "D0101",
                (
                    "不是居民身份证号码",
                    format!("not an identity number: {error}"),
                ),
                (
                    "按身份证件填写十八位号码",
                    "write the 18 characters as they stand on the card",
                ),
            ),
            Reason::WrongCheckCharacter => said(
                "D0102",
                (
                    "身份证号码校验位不符",
                    "the check character of the identity number does not fit",
                ),
                (
                    "对照身份证件检查是否有错位或误录",
                    "compare it with the card: a digit is mistyped or two are swapped",
                ),
            ),
            Reason::NameMissing => said(
                "D0103",
                ("没有姓名", "there is no name"),
                (
                    "按身份证件填写姓名",
                    "write the name as it stands on the card",
                ),
            ),
            Reason::NameDiffers { registered } => said(
                "D0104",
                (
                    format!("与登记姓名“{registered}”不符"),
                    format!("the register has the name {registered}"),
                ),
                (
                    "核对号码和姓名；改名的先办理信息变更",
                    "check number and name; if the name changed, have the register changed first",
                ),
            ),
            Reason::WageUnreadable(error) => said(
                "D0105",
                ("月工资不是金额", format!("the wage is no amount: {error}")),
                (
                    "以元填写，最多两位小数",
                    "write it in yuan with at most two decimals",
                ),
            ),
            Reason::WageOutOfBounds { least, most } => said(
                "D0106",
                (
                    format!("月工资不在 {least} 元至 {most} 元之间"),
                    format!("the wage is not between {least} and {most} yuan"),
                ),
                (
                    "核对金额和单位（元，按月）",
                    "check the amount and its unit: yuan, a month",
                ),
            ),
            Reason::Duplicate { first } => said(
                "D0107",
                (
                    format!("与第 {first} 行是同一人"),
                    format!("row {first} is the same person"),
                ),
                ("每人只留一行", "leave one row a person"),
            ),
            Reason::OutOfOrder { before } => said(
                "D0108",
                (
                    format!("文件未按证件号码排序：应在第 {before} 行之前"),
                    format!(
                        "the file is not sorted by identity number: this belongs before row {before}"
                    ),
                ),
                (
                    "重新排序，或不声明已排序",
                    "sort it, or do not declare it as sorted",
                ),
            ),
            Reason::EmployedElsewhere { scheme, employer } => said(
                "D0110",
                (
                    format!("当月已由单位 {employer} 参加“{}”", scheme.name(Zh)),
                    format!(
                        "insured in the month through employer {employer}: {}",
                        scheme.name(En)
                    ),
                ),
                (
                    "请原单位先办理减员；需要时凭劳动合同申请核实",
                    "have the other employer end it first; where that is disputed, ask for a check with the labour contract",
                ),
            ),
            Reason::SecondEmployment { schemes, employer } => said(
                "D0116",
                (
                    format!(
                        "“{}”已由单位 {employer} 参加，本单位只参加其余险种",
                        schemes
                            .iter()
                            .map(|one| one.name(Zh))
                            .collect::<Vec<_>>()
                            .join("、")
                    ),
                    format!(
                        "insured through employer {employer}: {}; insured here in the rest alone",
                        schemes
                            .iter()
                            .map(|one| one.name(En))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                ),
                (
                    "同时在两个单位就业的无需处理；已换单位的，请原单位办理减员后撤销本次申报重报",
                    "nothing, if they work for both; if they changed jobs, have the other employer end it, take this declaration back and hand it in again",
                ),
            ),
            Reason::InsuredElsewhere { scheme } => said(
                "D0111",
                (
                    format!("当月正在参加“{}”", scheme.name(Zh)),
                    format!("insured in the month: {}", scheme.name(En)),
                ),
                (
                    "本人先办理暂停或终止",
                    "have the person pause or end it first",
                ),
            ),
            Reason::NotEnrolled => said(
                "D0112",
                ("未由本单位参保", "not insured through this employer"),
                (
                    "删去该行，或核对号码",
                    "leave the row out, or check the number",
                ),
            ),
            Reason::BeginsLater { on } => said(
                "D0115",
                (
                    format!("自 {on} 起用工，在该月之后"),
                    format!("begins to work on {on}, after the month"),
                ),
                (
                    "核对日期；属于以后月份的在该月申报",
                    "check the day; declare somebody who begins later in their month",
                ),
            ),
            Reason::Insurance(refusal) => refusal.said(),
        }
    }
}

errors!(Reason);

/// What stands in the column of identity numbers, the middle hidden: it may be a number but for one letter.
pub(super) fn hidden(text: &str) -> String {
    let text: Vec<char> = text.trim().chars().collect();
    match text.len() {
        0..=6 => text.iter().collect(),
        len => {
            let shown = if 15 <= len { 4 } else { 0 };
            let stars = (len - 6 - shown).min(12);
            let (first, last) = (&text[..6], &text[len - shown..]);
            first
                .iter()
                .copied()
                .chain(std::iter::repeat_n('*', stars))
                .chain(last.iter().copied())
                .collect()
        }
    }
}

/// The beginning of what stands there: a cell may hold a novel.
pub(super) fn short(text: &str) -> String {
    const LETTERS: usize = 40;
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
