//! What parameters and tables say: versions in order, rows of the right type.

use super::Checker;
use super::constants::Fit;
use super::marks::Context;
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{FigureId, FigureVersion, KeyMatch, Row, Type};
use crate::syntax::ast::{self, At};
use measure::Day;

/// When a version holds, as written; without `from` it holds before all others.
pub(super) struct Term {
    pub from: Option<At<Day>>,
    pub until: Option<At<Day>>,
}

impl<'f> Checker<'_, 'f> {
    /// Reads the values of the folder's parameters and tables.
    pub(super) fn figures(&mut self, work: &[(FigureId, &'f ast::Figure, Context<'f>)]) {
        for &(id, declared, context) in work {
            self.check_mark(declared.basis.mark.as_ref());
            if declared.versions.is_empty() && (declared.set || self.law[id].opened_to.is_none()) {
                let name = &declared.naming.id;
                let message = format!(
                    "the {} `{}` has no figure",
                    if declared.table { "table" } else { "parameter" },
                    name.node
                );
                let error =
                    Diagnostic::error(codes::NO_VERSION, name.span, message, "says nothing");
                self.report.push(error.help("add `from DATE` and its figures (`unset` if not known), or `opened to LEVEL` if a lower law sets them"));
            }
            let terms: Vec<Term> = declared
                .versions
                .iter()
                .map(|version| Term {
                    from: Some(version.from.clone()),
                    until: version.until.clone(),
                })
                .collect();
            let days = self.schedule(&terms);
            let versions = declared
                .versions
                .iter()
                .zip(days)
                .map(|(version, (from, until))| {
                    self.check_mark(version.mark.as_ref());
                    let rows = self.version_rows(
                        id,
                        version,
                        [version.mark.as_ref(), declared.basis.mark.as_ref()],
                        context,
                    );
                    let span = version
                        .rows
                        .iter()
                        .fold(version.from.span, |span, row| span.to(row.span));
                    FigureVersion {
                        from: from.unwrap_or(version.from.node),
                        until,
                        rows,
                        span,
                    }
                });
            self.law.figures[id.0 as usize].versions = versions.collect();
        }
    }

    fn version_rows(
        &mut self,
        id: FigureId,
        version: &ast::FigureVersion,
        marks: [Option<&ast::Mark>; 2],
        context: Context,
    ) -> Vec<Row> {
        let ty = self.law[id].ty;
        let types: Vec<Type> = self.law[id].keys.iter().map(|key| key.ty).collect();
        let mut rows = Vec::with_capacity(version.rows.len());
        for row in &version.rows {
            self.check_mark(row.mark.as_ref());
            let keys = self.row_keys(id, row, &types);
            let value = match &row.value {
                Some(written) => self.constant(written, ty, Fit::Exact).map(Some),
                None => Some(None),
            };
            let mark = self.mark(&[row.mark.as_ref(), marks[0], marks[1]], context);
            if let (Some(keys), Some(value)) = (keys, value) {
                rows.push(Row {
                    keys,
                    value,
                    mark,
                    span: row.span,
                });
            }
        }
        self.overlaps(&rows);
        rows
    }

    fn row_keys(&mut self, id: FigureId, row: &ast::Row, types: &[Type]) -> Option<Vec<KeyMatch>> {
        if row.keys.len() != types.len() {
            let names: Vec<&str> = self.law[id].keys.iter().map(|key| &*key.names.id).collect();
            let (needs, has) = (names.len(), row.keys.len());
            let span = row
                .keys
                .iter()
                .map(|key| key.span)
                .reduce(Span::to)
                .unwrap_or(row.span);
            let message = format!(
                "a row of `{}` has {needs} key{}, not {has}",
                self.law[id].names.id,
                if needs == 1 { "" } else { "s" }
            );
            let error = Diagnostic::error(
                codes::ROW_KEYS,
                span,
                message,
                format!("expected {}", names.join(", ")),
            )
            .also(
                self.names.declared(&self.law[id].names, self.law[id].span),
                "declared here",
            );
            self.report
                .push(error.help("write a value for each key, with commas between"));
            return None;
        }
        let keys: Vec<Option<KeyMatch>> = row
            .keys
            .iter()
            .zip(types)
            .map(|(key, &ty)| self.row_key(key, ty))
            .collect();
        keys.into_iter().collect()
    }

    fn row_key(&mut self, key: &At<ast::KeyMatch>, ty: Type) -> Option<KeyMatch> {
        Some(match &key.node {
            ast::KeyMatch::Exactly(value) => {
                KeyMatch::Exactly(self.constant(value, ty, Fit::Exact)?)
            }
            ast::KeyMatch::Between(low, high) => {
                let (low, high) = (
                    self.constant(low, ty, Fit::Exact),
                    self.constant(high, ty, Fit::Exact),
                );
                let (low, high) = (low?, high?);
                if super::types::order(&low, &high).is_gt() {
                    let error = Diagnostic::error(
                        codes::BAD_RANGE,
                        key.span,
                        "the range is upside down",
                        "ends before it begins",
                    );
                    self.report
                        .push(error.help("write the smaller value first"));
                    return None;
                }
                KeyMatch::Between(low, high)
            }
            ast::KeyMatch::AtLeast(value) => {
                KeyMatch::AtLeast(self.constant(value, ty, Fit::Exact)?)
            }
            ast::KeyMatch::Otherwise => KeyMatch::Otherwise,
        })
    }

    /// The first and last day of each version; reports those out of order.
    pub(super) fn schedule(&mut self, terms: &[Term]) -> Vec<(Option<Day>, Option<Day>)> {
        for term in terms {
            if let (Some(from), Some(until)) = (&term.from, &term.until)
                && until.node < from.node
            {
                let error = Diagnostic::error(
                    codes::ENDS_EARLY,
                    until.span,
                    "this ends before it begins",
                    format!("before {}", from.node),
                )
                .also(from.span, "begins here");
                self.report
                    .push(error.help("`until` is the last day, the day itself included"));
            }
        }
        for pair in terms.windows(2) {
            let Some(next) = &pair[1].from else { continue };
            let error = match (&pair[0].from, &pair[0].until) {
                (Some(from), _) if next.node <= from.node => {
                    Diagnostic::error(codes::VERSION_ORDER, next.span, "versions go from the earliest to the latest", format!("not after {}", from.node))
                        .also(from.span, "the one before")
                        .help("put them in order; a day has one version")
                }
                (_, Some(until)) if next.node <= until.node => {
                    Diagnostic::error(codes::VERSION_ORDER, next.span, "this begins while the one before still holds", format!("not after {}", until.node))
                        .also(until.span, "holds until here")
                        .help("end the one before earlier, or leave out its `until`: it holds until the next `from`")
                }
                _ => continue,
            };
            self.report.push(error);
        }
        let next = |number: usize| {
            terms
                .get(number + 1)
                .and_then(|term| term.from.as_ref())
                .and_then(|from| from.node.add_days(-1).ok())
        };
        let days = |(number, term): (usize, &Term)| {
            let until = term
                .until
                .as_ref()
                .map(|until| until.node)
                .or_else(|| next(number));
            (term.from.as_ref().map(|from| from.node), until)
        };
        terms.iter().enumerate().map(days).collect()
    }
}
