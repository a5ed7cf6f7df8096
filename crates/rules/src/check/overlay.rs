//! `set`: a lower law says what a higher one leaves to it, and nothing else.

use super::Checker;
use super::declare::Work;
use super::marks::Placed;
use super::names::sort;
use crate::diagnostic::{Diagnostic, codes_check as codes};
use crate::law::Item;
use crate::syntax::ast::{ItemKind, Name};

impl<'f> Checker<'_, 'f> {
    /// Replaces what the folder sets: citations, mark and opening here, the versions with all others later.
    pub(super) fn overlay(&mut self, placed: &[Placed<'f>], work: &mut Work<'f>) {
        for item in placed {
            let here = self.here();
            match &item.item.kind {
                ItemKind::Figure(declared) if declared.set => {
                    let wanted = if declared.table {
                        "a table"
                    } else {
                        "a parameter"
                    };
                    let Some(found) = self.higher(&declared.naming.id) else {
                        continue;
                    };
                    let id = match found {
                        Item::Figure(id) if self.law[id].keys.is_empty() != declared.table => id,
                        Item::Figure(_) if declared.table => {
                            self.other_sort(&declared.naming.id, "a parameter", wanted);
                            continue;
                        }
                        Item::Figure(_) => {
                            self.other_sort(&declared.naming.id, "a table", wanted);
                            continue;
                        }
                        other => {
                            self.other_sort(&declared.naming.id, sort(other), wanted);
                            continue;
                        }
                    };
                    let (set_by, opened) =
                        (self.law[id].jurisdiction, self.law[id].opened_to.clone());
                    if !self.may_set(&declared.naming.id, set_by, opened.as_deref()) {
                        continue;
                    }
                    let citations = self.citations(&declared.basis, item.context);
                    self.opening(&declared.basis);
                    let figure = &mut self.law.figures[id.0 as usize];
                    figure.citations = citations;
                    figure.jurisdiction = here;
                    figure.opened_to = declared
                        .basis
                        .opened_to
                        .as_ref()
                        .map(|level| level.node.clone())
                        .or(figure.opened_to.take());
                    if item.item.clause != Default::default() {
                        figure.clause = item.item.clause.clone();
                    }
                    work.figures.push((id, declared, item.context));
                }
                ItemKind::Rule(declared) if declared.set => {
                    let Some(found) = self.higher(&declared.naming.id) else {
                        continue;
                    };
                    let Item::Rule(id) = found else {
                        self.other_sort(&declared.naming.id, sort(found), "a rule");
                        continue;
                    };
                    let (set_by, opened) =
                        (self.law[id].jurisdiction, self.law[id].opened_to.clone());
                    if !self.may_set(&declared.naming.id, set_by, opened.as_deref()) {
                        continue;
                    }
                    let citations = self.citations(&declared.basis, item.context);
                    let mark = self.mark(&[declared.basis.mark.as_ref()], item.context);
                    self.opening(&declared.basis);
                    let rule = &mut self.law.rules[id.0 as usize];
                    rule.citations = citations;
                    rule.mark = mark;
                    rule.jurisdiction = here;
                    rule.opened_to = declared
                        .basis
                        .opened_to
                        .as_ref()
                        .map(|level| level.node.clone())
                        .or(rule.opened_to.take());
                    if item.item.clause != Default::default() {
                        rule.clause = item.item.clause.clone();
                    }
                    work.rules.push((id, declared, item.context));
                }
                _ => {}
            }
        }
    }

    /// The item of a higher law that is to be set.
    fn higher(&mut self, name: &Name) -> Option<Item> {
        if self.names.get(&name.node).is_none() {
            let mut error = self.unknown(&name.node, name.span, &[]);
            error.code = codes::NOTHING_TO_SET;
            self.report.push(error.help(
                "`set` names an item of a higher law; to add one of your own leave out `set`",
            ));
            return None;
        }
        let item = self.single(name)?;
        if self.names.home(&name.node) != Some(self.here()) {
            return Some(item);
        }
        let mut error = Diagnostic::error(
            codes::NOTHING_TO_SET,
            name.span,
            format!("`{}` is not of a higher law", name.node),
            "of this jurisdiction itself",
        );
        if let Some(place) = self.names.place(&name.node) {
            error = error.also(place, "declared here");
        }
        self.report
            .push(error.help("change it where it is declared"));
        None
    }

    fn other_sort(&mut self, name: &Name, found: &str, wanted: &str) {
        let mut error = Diagnostic::error(
            codes::SET_SORT,
            name.span,
            format!("`{}` is {found}, not {wanted}", name.node),
            format!("expected {wanted}"),
        );
        if let Some(place) = self.names.place(&name.node) {
            error = error.also(place, "declared here");
        }
        self.report.push(error.help(match found {
            "a parameter" => "write `set parameter`",
            "a table" => "write `set table`",
            "a rule" => "write `set rule`",
            _ => "only parameters, tables and rules can be set",
        }));
    }

    /// Whether the higher law opens the item to this jurisdiction; reports if not.
    fn may_set(&mut self, name: &Name, set_by: usize, opened: Option<&str>) -> bool {
        let here = &self.law.chain[self.here()];
        let place = self.names.place(&name.node).unwrap_or(name.span);
        let error = if set_by == self.here() {
            Diagnostic::error(
                codes::SET_TWICE,
                name.span,
                format!("`{}` is set twice in `{}`", name.node, here.id),
                "set again here",
            )
            .also(place, "declared here")
            .help("keep one `set` with all its versions")
        } else if let (Some(opened), Some(level)) = (opened, here.level.as_deref()) {
            if opened == level {
                return true;
            }
            Diagnostic::error(
                codes::NOT_OPENED,
                name.span,
                format!("`{}` is opened to {opened}, not to {level}", name.node),
                format!("`{}` is a {level}", here.id),
            )
            .also(place, "declared here")
            .help(format!(
                "only a {opened} may set it; the higher law would have to say `opened to {level}`"
            ))
        } else if let Some(opened) = opened {
            Diagnostic::error(
                codes::NOT_OPENED,
                name.span,
                format!("`{}` is opened to {opened}", name.node),
                format!("`{}` has no level", here.id),
            )
            .also(place, "declared here")
            .help(format!(
                "say `level {opened}` in `{}/jurisdiction.law` if it is one",
                here.id
            ))
        } else {
            Diagnostic::error(
                codes::NOT_OPENED,
                name.span,
                format!("`{}` is not opened to any lower law", name.node),
                "may not be set",
            )
            .also(place, "declared here")
            .help(match &here.level {
                Some(level) => format!("the higher law would have to say `opened to {level}`"),
                None => "the higher law would have to say `opened to LEVEL`".to_owned(),
            })
        };
        self.report.push(error);
        false
    }
}
