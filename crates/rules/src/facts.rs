//! Facts of one case as JSON: what a file, a form or another program hands in.
//!
//! ```json
//! { "sex": "female", "出生月份": "1970-03", "deemed-months": { "years": 3, "months": 2 },
//!   "contribution-years": [ { "year": 2023, "base": "5000.00" }, { "year": 2024, "base": 5400 } ] }
//! ```
//!
//! An object with the names of the law, in either language. Numbers are read from their digits and never become
//! floats. A rule may be given as well as an input: then it is not computed. `null` is the same as not given.
//!
//! | type | written as |
//! |---|---|
//! | money | `1234.5`, `"1,234.50"`: yuan, at most two decimals |
//! | rate | `0.08`, `"8%"`: at most six decimals |
//! | decimal(n), integer | `0.6`, `"0.6"`, `139` |
//! | bool | `true`, `false` |
//! | date, month, year | `"2025-01-31"`, `"2025-01"`, `2025` |
//! | months | `410`, `"34y2m"`, `{ "years": 34, "months": 2 }` |
//! | days | `15` |
//! | an enumeration | a member's name in either language |
//! | text | `"…"` |
//! | a relation | a list of objects |

mod raw;
mod read;
mod template;

pub use template::{Asked, asked, template};

use crate::explain::Lang;
use crate::law::{EntityId, Facts, Law};
use crate::refusal::codes;

/// Something in a facts file that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactFault {
    /// The stable code, `R0201` to `R0205`; each has a page in `docs/reference/errors`.
    pub code: &'static str,
    /// Where, such as `contribution-years[2].base`, counted from 0; empty for the whole.
    pub path: String,
    /// What stands there.
    pub given: String,
    /// What is expected, in Chinese and English.
    pub expected: (String, String),
    /// The nearest names, best first.
    pub nearest: Vec<String>,
}

impl FactFault {
    /// The fault in one line.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (zh, en) = &self.expected;
        let place = if self.path.is_empty() {
            lang.pick("整个文件", "the whole file")
        } else {
            &self.path
        };
        let given = &self.given;
        let (zh_what, en_what) = match self.code {
            code if code == codes::UNKNOWN_FACT.0 => {
                ("不是这里的名称".into(), "is no name here".into())
            }
            code if code == codes::GIVEN_TWICE.0 => {
                ("给了不止一次".into(), "is given more than once".into())
            }
            code if code == codes::OTHER_ENTITY.0 => {
                ("不属于这里".into(), "does not belong here".into())
            }
            _ => (format!("为 {given}"), format!("is {given}")),
        };
        let mut line = match lang {
            Lang::Zh => format!("{}：{place} {zh_what}，应为{zh}", self.code),
            Lang::En => format!("{}: {place} {en_what}; expected {en}", self.code),
        };
        if !self.nearest.is_empty() {
            let nearest = self.nearest.join(lang.pick("、", ", "));
            line.push_str(&lang.pick(
                format!("；是否指 {nearest}"),
                format!("; did you mean {nearest}"),
            ));
        }
        line
    }
}

/// Reads the facts of one case of an entity.
///
/// # Errors
///
/// All faults at once, in the order of the text. Ranges are not looked at here: a value outside is refused when a
/// rule needs it.
pub fn from_json(law: &Law, entity: EntityId, text: &str) -> Result<Facts, Vec<FactFault>> {
    let mut reader = read::Reader {
        law,
        faults: Vec::new(),
    };
    let facts = match raw::parse(text) {
        Ok(raw) => reader.case(&raw, entity),
        Err(message) => {
            reader.faults.push(FactFault {
                code: codes::NOT_JSON.0,
                path: String::new(),
                given: message,
                expected: ("合乎语法的 JSON".into(), "well-formed JSON".into()),
                nearest: Vec::new(),
            });
            Facts::default()
        }
    };
    if reader.faults.is_empty() {
        Ok(facts)
    } else {
        Err(reader.faults)
    }
}
