//! Rows of one version against each other: none twice, none hidden.
//!
//! The last matching row wins. That is meant for ladders (`12 months or more`, `24 months or more`) and for an exception below a
//! ladder's step; any other overlap hides a figure that someone wrote down, and is refused.

use super::Checker;
use super::types::order;
use crate::diagnostic::{Code, Diagnostic, codes_check as codes};
use crate::law::{KeyMatch, Row, Value};

/// How a later row's key stands to an earlier one's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// No value matches both.
    Apart,
    /// They match the same.
    Same,
    /// The later one is a higher step, or an exception to an open step.
    Refines,
    /// The later one takes values from the earlier.
    Hides,
}

impl Checker<'_, '_> {
    /// Reports rows that say the same keys or hide one another.
    pub(super) fn overlaps(&mut self, rows: &[Row]) {
        for (number, row) in rows.iter().enumerate() {
            let clash = rows[..number]
                .iter()
                .find_map(|earlier| Some((earlier, clash(earlier, row)?)));
            let Some((earlier, code)) = clash else {
                continue;
            };
            let error = if code == codes::DUPLICATE_ROW {
                Diagnostic::error(code, row.span, "two rows say the same keys", "again here")
                    .help("keep one of them")
            } else {
                Diagnostic::error(code, row.span, "this row hides an earlier one", "would win")
                    .help("let ranges not overlap, and write `… or more` from the least to the greatest")
            };
            self.report
                .push(error.also(earlier.span, "the earlier row"));
        }
    }
}

fn clash(earlier: &Row, later: &Row) -> Option<Code> {
    let stands: Vec<Stand> = earlier
        .keys
        .iter()
        .zip(&later.keys)
        .map(|(earlier, later)| stand(earlier, later))
        .collect();
    if stands.contains(&Stand::Apart) {
        return None;
    }
    match stands.into_iter().find(|stand| *stand != Stand::Same) {
        None => Some(codes::DUPLICATE_ROW),
        Some(Stand::Hides) => Some(codes::HIDDEN_ROW),
        Some(_) => None,
    }
}

fn stand(earlier: &KeyMatch, later: &KeyMatch) -> Stand {
    use KeyMatch::{AtLeast, Between, Exactly, Otherwise};
    match (earlier, later) {
        (Otherwise, Otherwise) => return Stand::Same,
        // A row with `otherwise` only counts when no other matches.
        (Otherwise, _) | (_, Otherwise) => return Stand::Apart,
        _ => {}
    }
    let (one, other) = (ends(earlier), ends(later));
    let reaches =
        |end: Option<&Value>, start: &Value| end.is_none_or(|end| order(end, start).is_ge());
    if !reaches(one.1, other.0) || !reaches(other.1, one.0) {
        return Stand::Apart;
    }
    let starts = order(other.0, one.0);
    match (earlier, later) {
        (AtLeast(_), AtLeast(_)) if starts.is_gt() => Stand::Refines,
        (AtLeast(_), Exactly(_) | Between(..)) if starts.is_ge() => Stand::Refines,
        (AtLeast(_), AtLeast(_)) | (Exactly(_), Exactly(_)) if starts.is_eq() => Stand::Same,
        (Between(_, one), Between(_, other)) if starts.is_eq() && order(one, other).is_eq() => {
            Stand::Same
        }
        _ => Stand::Hides,
    }
}

/// The first and last value a key matches; no last for `or more`.
fn ends(key: &KeyMatch) -> (&Value, Option<&Value>) {
    match key {
        KeyMatch::Exactly(value) => (value, Some(value)),
        KeyMatch::Between(low, high) => (low, Some(high)),
        KeyMatch::AtLeast(value) => (value, None),
        KeyMatch::Otherwise => (&Value::Bool(false), None),
    }
}
