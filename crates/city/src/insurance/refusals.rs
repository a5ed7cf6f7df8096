//! Why a participation is not recorded so.

use super::*;

/// Why a participation is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsuranceRefusal {
    /// It has begun and has not ended.
    ActiveAlready,
    /// It is paused, so it is resumed and not started.
    PausedNotEnded,
    /// It has not begun on a day.
    NotStarted {
        /// The day.
        on: Day,
    },
    /// It is paused already.
    PausedAlready,
    /// It is not paused.
    NotPaused,
    /// It has ended.
    EndedAlready,
    /// The relation went to another place.
    TransferredAway,
    /// The relation went to another place already.
    TransferredAlready,
    /// What is recorded of later days would not follow.
    LaterStands {
        /// The first of them.
        on: Day,
        /// How it stands from then on.
        status: Status,
    },
    /// Employees have an employer, and only they.
    EmployerDoesNotFit {
        /// The category.
        category: Category,
    },
    /// Residents are insured in the residents' scheme, and only they.
    SchemeDoesNotFit {
        /// The scheme.
        scheme: Scheme,
        /// The category.
        category: Category,
    },
    /// The timeline is of another scheme, category or employer.
    AnotherSlot,
    /// It would stand beside another that excludes it.
    Excluded {
        /// The scheme of the other.
        scheme: Scheme,
        /// Its employer.
        employer: Option<EmployerId>,
        /// The first day on which both would be active.
        on: Day,
    },
    /// The office collects the scheme itself.
    NotAPillar {
        /// The scheme.
        scheme: Scheme,
    },
    /// There is no provider, or the sum is below zero.
    NotTold {
        /// The sum.
        contributed: Fen,
    },
    /// The facts do not admit it.
    Facts(FactRefusal),
}

impl From<FactRefusal> for InsuranceRefusal {
    fn from(refusal: FactRefusal) -> InsuranceRefusal {
        InsuranceRefusal::Facts(refusal)
    }
}

impl Refused for InsuranceRefusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        use rules::explain::Lang::{En, Zh};
        match self {
            InsuranceRefusal::ActiveAlready => said(
                "I0101",
                ("已在参保缴费", "insured already"),
                (
                    "如系变更申报金额，请办理变更",
                    "if the declared amount changed, record a change",
                ),
            ),
            InsuranceRefusal::PausedNotEnded => said(
                "I0102",
                (
                    "已暂停缴费，尚未终止",
                    "payment is paused, the insurance has not ended",
                ),
                ("办理恢复缴费", "resume it"),
            ),
            InsuranceRefusal::NotStarted { on } => said(
                "I0103",
                (format!("{on} 尚未参保"), format!("not insured yet on {on}")),
                (
                    "先办理参保，或核对日期",
                    "start the insurance first, or check the day",
                ),
            ),
            InsuranceRefusal::PausedAlready => said(
                "I0104",
                ("已暂停缴费", "paused already"),
                ("无需再办", "nothing is to be done"),
            ),
            InsuranceRefusal::NotPaused => said(
                "I0105",
                ("没有暂停缴费", "payment is not paused"),
                ("无需恢复", "nothing is to be resumed"),
            ),
            InsuranceRefusal::EndedAlready => said(
                "I0106",
                ("参保已终止", "the insurance has ended"),
                ("需要时重新办理参保", "start it again where needed"),
            ),
            InsuranceRefusal::TransferredAway => said(
                "I0107",
                (
                    "关系已转出",
                    "the relation was transferred to another place",
                ),
                (
                    "到转入地办理；转回后重新办理参保",
                    "go to that place; after a transfer back start it again",
                ),
            ),
            InsuranceRefusal::TransferredAlready => said(
                "I0108",
                ("关系已经转出", "the relation was transferred already"),
                ("无需再办", "nothing is to be done"),
            ),
            InsuranceRefusal::LaterStands { on, status } => said(
                "I0109",
                (
                    format!("{on} 起已记录“{}”，与本次办理不能衔接", status.name(Zh)),
                    format!(
                        "from {on} on it is recorded as {}, which cannot follow",
                        status.name(En)
                    ),
                ),
                ("先更正以后的记录", "correct the later record first"),
            ),
            InsuranceRefusal::EmployerDoesNotFit { category } => said(
                "I0110",
                (
                    format!("“{}”与单位不相符", category.name(Zh)),
                    format!(
                        "the category {} and the employer do not fit",
                        category.name(En)
                    ),
                ),
                (
                    "职工须有单位，其他类别不得有单位",
                    "give employees an employer, and nobody else",
                ),
            ),
            InsuranceRefusal::SchemeDoesNotFit { scheme, category } => said(
                "I0111",
                (
                    format!("“{}”不能以“{}”参加", scheme.name(Zh), category.name(Zh)),
                    format!(
                        "“{}” does not go with the category “{}”",
                        scheme.name(En),
                        category.name(En)
                    ),
                ),
                (
                    "居民类别只参加居民养老保险，反之亦然",
                    "insure residents in the residents' pension, and only them",
                ),
            ),
            InsuranceRefusal::AnotherSlot => said(
                "I0112",
                (
                    "险种、类别或单位与已有记录不同",
                    "scheme, category or employer is not that of what is recorded",
                ),
                ("另行办理参保", "start another participation"),
            ),
            InsuranceRefusal::Excluded {
                scheme,
                employer,
                on,
            } => {
                let (zh, en) = employer.map_or_else(
                    || (String::new(), String::new()),
                    |number| {
                        (
                            format!("（单位 {number}）"),
                            format!(" through employer {number}"),
                        )
                    },
                );
                said(
                    "I0113",
                    (
                        format!("{on} 已参加“{}”{zh}，不能同时参加", scheme.name(Zh)),
                        format!(
                            "on {on} another insurance excludes this: {}{en}",
                            scheme.name(En)
                        ),
                    ),
                    ("先终止或暂停原参保", "end or pause the other first"),
                )
            }
            InsuranceRefusal::NotAPillar { scheme } => said(
                "I0114",
                (
                    format!("“{}”不是补充养老保险", scheme.name(Zh)),
                    format!("not a further pillar: {}", scheme.name(En)),
                ),
                ("办理参保", "record a participation"),
            ),
            InsuranceRefusal::NotTold { contributed } => said(
                "I0115",
                (
                    format!("没有机构名称，或累计缴存额 {contributed} 元小于零"),
                    format!("no provider, or a sum of {contributed} yuan below zero"),
                ),
                ("请机构重新报送", "ask the provider to tell it again"),
            ),
            InsuranceRefusal::Facts(refusal) => refusal.said(),
        }
    }
}

errors!(InsuranceRefusal);
