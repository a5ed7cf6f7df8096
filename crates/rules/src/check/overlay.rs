//! `set`: a lower law says what a higher one leaves to it, and nothing else.

use super::Checker;
use super::declare::Work;
use super::marks::Placed;
use super::names::sort;
use crate::diagnostic::{Diagnostic, codes_check as codes};
use crate::law::{FigureId, Item, RuleId, Text};
use crate::syntax::ast::{self, Basis, ItemKind, Name};

impl<'f> Checker<'_, 'f> {
    /// Replaces what the folder sets: citations, mark and opening here, the versions with all others later.
    pub(super) fn overlay(&mut self, placed: &[Placed<'f>], work: &mut Work<'f>) {
        for item in placed {
            match &item.item.kind {
                ItemKind::Figure(declared) if declared.set => {
                    if let Some(id) = self.set_figure(declared, item) {
                        work.figures.push((id, declared, item.context));
                    }
                }
                ItemKind::Rule(declared) if declared.set => {
                    if let Some(id) = self.set_rule(declared, item) {
                        work.rules.push((id, declared, item.context));
                    }
                }
                _ => {}
            }
        }
    }

    fn set_figure(&mut self, declared: &ast::Figure, placed: &Placed) -> Option<FigureId> {
        let name = &declared.naming.id;
        let wanted = if declared.table {
            "a table"
        } else {
            "a parameter"
        };
        let (id, found) = match self.higher(name)? {
            Item::Figure(id) if self.law[id].keys.is_empty() => (id, "a parameter"),
            Item::Figure(id) => (id, "a table"),
            other => return self.other_sort(name, sort(other), wanted),
        };
        if found != wanted {
            return self.other_sort(name, found, wanted);
        }
        let (set_by, opened) = (self.law[id].jurisdiction, self.law[id].opened_to.clone());
        let opened_to = self.opened_on(name, set_by, opened, &declared.basis)?;
        let (citations, here) = (self.citations(&declared.basis, placed.context), self.here());
        let figure = &mut self.law.figures[id.0 as usize];
        figure.citations = citations;
        figure.jurisdiction = here;
        figure.opened_to = opened_to;
        if placed.item.clause != Text::default() {
            figure.clause = placed.item.clause.clone();
        }
        Some(id)
    }

    fn set_rule(&mut self, declared: &ast::Rule, placed: &Placed) -> Option<RuleId> {
        let name = &declared.naming.id;
        let id = match self.higher(name)? {
            Item::Rule(id) => id,
            other => return self.other_sort(name, sort(other), "a rule"),
        };
        let (set_by, opened) = (self.law[id].jurisdiction, self.law[id].opened_to.clone());
        let opened_to = self.opened_on(name, set_by, opened, &declared.basis)?;
        let (citations, here) = (self.citations(&declared.basis, placed.context), self.here());
        let mark = self.mark(&[declared.basis.mark.as_ref()], placed.context);
        let rule = &mut self.law.rules[id.0 as usize];
        rule.citations = citations;
        rule.mark = mark;
        rule.jurisdiction = here;
        rule.opened_to = opened_to;
        if placed.item.clause != Text::default() {
            rule.clause = placed.item.clause.clone();
        }
        Some(id)
    }

    /// To which level an item is opened after it was set here: passed on by this law, or as before. `None` if it may not be set.
    fn opened_on(
        &mut self,
        name: &Name,
        set_by: usize,
        opened: Option<String>,
        basis: &Basis,
    ) -> Option<Option<String>> {
        if !self.may_set(name, set_by, opened.as_deref()) {
            return None;
        }
        self.opening(basis);
        Some(
            basis
                .opened_to
                .as_ref()
                .map(|level| level.node.clone())
                .or(opened),
        )
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

    fn other_sort<T>(&mut self, name: &Name, found: &str, wanted: &str) -> Option<T> {
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
        None
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
