//! Items that nothing reads, in no jurisdiction.

use super::Report;
use crate::diagnostic::{Diagnostic, Severity, codes_check as codes};

/// Warns of inputs, enumerations, parameters and tables that are never read. Silent while there are errors: what is broken
/// may well be what reads them.
pub(super) fn check(report: &mut Report) {
    if report
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
    {
        return;
    }
    for (span, name) in std::mem::take(&mut report.declared) {
        if !report.used.contains(&span) {
            let warning = Diagnostic::warning(
                codes::UNUSED_ITEM,
                name.span,
                format!("`{}` is never read", name.node),
                "no rule, table or example needs it",
            );
            report.push(warning.help("use it, or remove it"));
        }
    }
}
