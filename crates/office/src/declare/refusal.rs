//! Why a declaration is not taken in or taken back.

use city::declarations::{DeclarationId, State};
use city::employers::EmployerId;
use city::places::District;
use city::refusal::{Refused, Said, Sentence};
use measure::Month;
use rules::explain::Lang;
use std::fmt;

/// Why it is not done. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0401`: the employer is not registered in the month.
    NotRegistered {
        /// Which.
        employer: EmployerId,
        /// The month.
        month: Month,
    },
    /// `N0402`: the employer is of a district that this desk does not serve.
    ElsewhereRegistered {
        /// Which.
        employer: EmployerId,
        /// Its district.
        district: District,
    },
    /// `N0403`: there is no declaration of this number.
    Unknown {
        /// The number.
        number: i64,
    },
    /// `N0404`: it does not stand.
    DoesNotStand {
        /// Which.
        declaration: DeclarationId,
        /// How it stands.
        state: State,
    },
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        match self {
            Refusal::NotRegistered { employer, month } => said(
                "N0401",
                (
                    format!("单位 {employer} 在 {month} 没有登记"),
                    format!("employer {employer} is not registered in {month}"),
                ),
                (
                    "核对单位和月份；新单位先办理登记",
                    "check employer and month; have a new employer registered first",
                ),
            ),
            Refusal::ElsewhereRegistered { employer, district } => said(
                "N0402",
                (
                    format!("单位 {employer} 登记在 {district}，不属本窗口办理"),
                    format!(
                        "employer {employer} is registered in {district}, which this desk does not serve"
                    ),
                ),
                (
                    "由登记地区县办理",
                    "have it done in the district where it is registered",
                ),
            ),
            Refusal::Unknown { number } => said(
                "N0403",
                (
                    format!("没有编号为 {number} 的申报"),
                    format!("there is no declaration {number}"),
                ),
                (
                    "核对编号：renshe declaration show",
                    "check the number: renshe declaration show",
                ),
            ),
            Refusal::DoesNotStand { declaration, state } => said(
                "N0404",
                (
                    format!("申报 {declaration} {}", state.name(Lang::Zh)),
                    format!("declaration {declaration} is {}", state.name(Lang::En)),
                ),
                (
                    "只有现行的申报可以撤销；先撤销更正它的那一份",
                    "only one that stands is taken back; take back first the one that amended it",
                ),
            ),
        }
    }
}

fn said(
    code: &'static str,
    message: (impl Into<String>, impl Into<String>),
    remedy: (&str, &str),
) -> Said {
    let sentence = |zh: String, en: String| Sentence { zh, en };
    Said {
        code,
        message: sentence(message.0.into(), message.1.into()),
        remedy: sentence(remedy.0.to_owned(), remedy.1.to_owned()),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.said();
        write!(f, "{}: {}; {}", said.code, said.message.en, said.remedy.en)
    }
}

impl std::error::Error for Refusal {}
