//! How surely it is known, and where it is said: sources, articles, marks and citations.

use super::Checker;
use super::folders::Folder;
use super::names::{list, nearest};
use crate::diagnostic::{Diagnostic, codes_check as codes};
use crate::law::{Citation, Grade, Mark, Source, SourceId};
use crate::syntax::ast::{self, Basis, ItemKind};

/// An item with what stands above it in its file.
#[derive(Clone, Copy)]
pub(super) struct Placed<'f> {
    pub item: &'f ast::Item,
    pub context: Context<'f>,
}

/// What stands above an item in its file.
#[derive(Clone, Copy, Default)]
pub(super) struct Context<'f> {
    source: Option<SourceId>,
    article: Option<&'f str>,
    /// The article's mark, or the source's.
    mark: Option<&'f ast::Mark>,
}

impl<'f> Checker<'_, 'f> {
    /// Reads a folder's sources and headings and places every other item below them.
    pub(super) fn sources(&mut self, folder: &Folder<'f>) -> Vec<Placed<'f>> {
        let mut placed = Vec::new();
        for paper in &folder.papers {
            self.paper(paper, &mut placed);
        }
        placed
    }

    fn paper(&mut self, items: &'f [ast::Item], placed: &mut Vec<Placed<'f>>) {
        let mut context = Context::default();
        let mut above: Option<&'f ast::Source> = None;
        let mut missing = false;
        for item in items {
            match &item.kind {
                ItemKind::Jurisdiction(_) => continue,
                ItemKind::Source(source) => {
                    // A second source, or one that does not come first, was refused by the parser.
                    if above.is_none() {
                        context = Context {
                            source: self.source(source, item),
                            article: None,
                            mark: source.mark.as_ref(),
                        };
                        above = Some(source);
                    }
                }
                ItemKind::Article(article) => {
                    self.check_mark(article.mark.as_ref());
                    context.article = Some(&article.label.node);
                    context.mark = article
                        .mark
                        .as_ref()
                        .or(above.and_then(|source| source.mark.as_ref()));
                    if let Some(source) = context.source {
                        self.names
                            .headings
                            .entry(source)
                            .or_default()
                            .insert(article.label.node.clone());
                    }
                }
                _ => placed.push(Placed { item, context }),
            }
            let rests_on_it = matches!(
                item.kind,
                ItemKind::Article(_)
                    | ItemKind::Figure(_)
                    | ItemKind::Rule(_)
                    | ItemKind::NotFormalised(_)
            );
            if rests_on_it && above.is_none() && !missing {
                missing = true;
                let error = Diagnostic::error(
                    codes::NO_SOURCE,
                    item.span,
                    "this file names no legal source",
                    "rests on nothing",
                );
                self.report
                    .push(error.help("begin the file with `source NAME \"title\"` and its mark"));
            }
        }
    }

    fn source(&mut self, source: &ast::Source, item: &ast::Item) -> Option<SourceId> {
        let span = source.id.span;
        if let Some((_, first)) = self.names.sources.get(&source.id.node) {
            let error = Diagnostic::error(
                codes::DUPLICATE_NAME,
                span,
                format!("the source `{}` is declared twice", source.id.node),
                "declared again here",
            );
            let error = error
                .also(*first, "first declared here")
                .help("a source has one file: give this one another name");
            self.report.push(error);
            return None;
        }
        self.check_mark(source.mark.as_ref());
        if source.mark.is_none() {
            self.report.push(
                Diagnostic::error(
                    codes::NO_MARK,
                    span,
                    format!("`{}` does not say how surely it is known", source.id.node),
                    "needs a mark",
                )
                .help("add `confirmed S1 \"where it was seen\"`, or `unconfirmed M` if it was not"),
            );
        }
        let id = SourceId::nth(self.law.sources.len());
        self.names
            .sources
            .insert(source.id.node.clone(), (id, span));
        self.law.sources.push(Source {
            id: source.id.node.clone(),
            title: source.title.clone(),
            number: source.number.as_ref().map(|number| number.node.clone()),
            issued: source.issued.as_ref().map(|day| day.node),
            in_force: source.in_force.as_ref().map(|day| day.node),
            published: source.published.as_ref().map(|place| place.node.clone()),
            jurisdiction: self.here(),
            mark: source.mark.as_ref().map(lower),
            span: item.span,
        });
        Some(id)
    }

    /// Reports a grade that is unknown or stands beside the wrong word.
    pub(super) fn check_mark(&mut self, mark: Option<&ast::Mark>) {
        let Some(mark) = mark else { return };
        let Some(written) = &mark.grade else {
            if mark.confirmed {
                let error = Diagnostic::error(
                    codes::BAD_GRADE,
                    mark.span,
                    "`confirmed` without the evidence's grade",
                    "confirmed by what?",
                );
                self.report.push(error.help("write `confirmed S1` (an official page) or `confirmed S2` (news, a repost), and a note"));
            }
            return;
        };
        let error = match grade(&written.node) {
            None => Diagnostic::error(codes::BAD_GRADE, written.span, format!("there is no grade `{}`", written.node), "not a grade")
                .help("the grades are `S1` and `S2` (confirmed), `S3`, `S-code`, `D` and `M` (unconfirmed)"),
            Some(grade) if (grade <= Grade::S2) == mark.confirmed => return,
            Some(_) if mark.confirmed => {
                let message = format!("evidence of grade `{}` cannot confirm", written.node);
                Diagnostic::error(codes::BAD_GRADE, mark.span, message, "expected `unconfirmed`")
                    .help(format!("write `unconfirmed {}`, or find an official page or a repost of it", written.node))
            }
            Some(_) => Diagnostic::error(codes::BAD_GRADE, mark.span, format!("evidence of grade `{}` confirms", written.node), "expected `confirmed`")
                .help(format!("write `confirmed {}`, or lower the grade to `S3`", written.node)),
        };
        self.report.push(error);
    }

    /// The nearest mark of those given, the nearest first; then the article's or the source's.
    pub(super) fn mark(&self, nearest: &[Option<&ast::Mark>], context: Context) -> Mark {
        let mark = nearest.iter().copied().flatten().next().or(context.mark);
        // Without any mark the source was reported, and the law is not run.
        mark.map_or(
            Mark {
                confirmed: false,
                grade: None,
                note: None,
            },
            lower,
        )
    }

    /// Where an item says so: its own citations, or the article above it.
    pub(super) fn citations(&mut self, basis: &Basis, context: Context) -> Vec<Citation> {
        if basis.cites.is_empty() {
            let article = context.article.map(str::to_owned);
            return context
                .source
                .map(|source| Citation { source, article })
                .into_iter()
                .collect();
        }
        basis
            .cites
            .iter()
            .filter_map(|cites| self.citation(cites))
            .collect()
    }

    fn citation(&mut self, cites: &ast::Cites) -> Option<Citation> {
        let Some(&(source, place)) = self.names.sources.get(&cites.source.node) else {
            let name = &cites.source.node;
            let mut error = Diagnostic::error(
                codes::UNKNOWN_SOURCE,
                cites.source.span,
                format!("no source is called `{name}`"),
                "not a source",
            );
            let near = nearest(name, self.names.sources.keys().map(String::as_str));
            if !near.is_empty() {
                error = error.help(format!("did you mean {}?", list(&near)));
            }
            self.report.push(
                error.help(
                    "a source is the first line of a file of this jurisdiction or a higher one",
                ),
            );
            return None;
        };
        let Some(article) = &cites.article else {
            return Some(Citation {
                source,
                article: None,
            });
        };
        let headings = self.names.headings.get(&source);
        if !headings.is_some_and(|headings| headings.contains(&article.node)) {
            let message = format!("`{}` has no article `{}`", cites.source.node, article.node);
            let mut error = Diagnostic::error(
                codes::UNKNOWN_ARTICLE,
                article.span,
                message,
                "no such heading",
            )
            .also(place, "in this source");
            let known: Vec<String> = headings.into_iter().flatten().take(12).cloned().collect();
            if !known.is_empty() {
                error = error.help(format!("its file has {}", list(&known)));
            }
            self.report
                .push(error.help("add the heading to the source's file, or cite the source alone"));
        }
        Some(Citation {
            source,
            article: Some(article.node.clone()),
        })
    }
}

/// A mark as the law keeps it.
pub(super) fn lower(mark: &ast::Mark) -> Mark {
    Mark {
        confirmed: mark.confirmed,
        grade: mark.grade.as_ref().and_then(|written| grade(&written.node)),
        note: mark.note.as_ref().map(|note| note.node.clone()),
    }
}

fn grade(written: &str) -> Option<Grade> {
    Some(match written {
        "S1" => Grade::S1,
        "S2" => Grade::S2,
        "S3" => Grade::S3,
        "S-code" => Grade::SCode,
        "D" => Grade::D,
        "M" => Grade::M,
        _ => return None,
    })
}
