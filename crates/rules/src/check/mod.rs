//! Trees to checked law: names resolved, expressions typed, overlays applied, and a message for everything amiss.
//!
//! ```text
//! files ──parse──► trees ──folders──► one jurisdiction after another, the higher first
//!                                       a lower one starts as a copy of the higher law and adds or sets its own
//! ```
//!
//! So every file is checked once, in its own jurisdiction, however many lower ones build on it. Within a jurisdiction
//! the passes are: what names exist (`declare`), what is set (`overlay`), what figures and rules say (`figures`,
//! `rules` with `body`), what examples expect (`examples`), and what only shows in the whole (`cycles`, `unused`).

mod folders;
mod names;
mod marks;
mod declare;
mod constants;
mod figures;
mod rows;
mod types;
mod body;
mod operators;
mod gather;
mod rules;
mod overlay;
mod examples;
mod cycles;
mod unused;

use crate::diagnostic::{Code, Diagnostic, Severity, SourceFile, Span, codes_check as codes};
use crate::law::Law;
use crate::syntax::{self, ast};
use folders::Folder;
use names::Namespace;
use std::collections::{BTreeMap, BTreeSet};

/// A whole law folder, read and checked.
#[derive(Clone, Debug)]
pub struct Book {
    /// The files as they were handed in; a [`Span`]'s `file` counts them.
    pub files: Vec<SourceFile>,
    /// Everything there is to say about them, by place.
    pub diagnostics: Vec<Diagnostic>,
    laws: BTreeMap<String, Law>,
}

impl Book {
    /// The law of a jurisdiction, such as `cn-50`, with everything the higher ones say.
    /// `None` if there is no such jurisdiction, and for all of them when the book [has errors](Book::has_errors).
    #[must_use]
    pub fn law(&self, jurisdiction: &str) -> Option<&Law> {
        if self.has_errors() {
            None
        } else {
            self.laws.get(jurisdiction)
        }
    }

    /// The identities of all jurisdictions, in alphabetical order.
    pub fn jurisdictions(&self) -> impl Iterator<Item = &str> {
        self.laws.keys().map(String::as_str)
    }

    /// Whether anything is wrong; then nothing may be run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads and checks the files of a law folder. Never fails: what is wrong is in [`Book::diagnostics`].
///
/// A file's first folder is its jurisdiction: `cn/pension/award.law` belongs to `cn`.
#[must_use]
pub fn read(files: Vec<SourceFile>) -> Book {
    let mut report = Report {
        files: &files,
        diagnostics: Vec::new(),
        used: BTreeSet::new(),
        levels: Vec::new(),
        declared: Vec::new(),
    };
    let mut trees = Vec::with_capacity(files.len());
    for (number, file) in (0..).zip(&files) {
        let (tree, diagnostics) = syntax::parse(number, &file.text);
        report.diagnostics.extend(diagnostics);
        trees.push(tree);
    }
    let unread = report
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error);
    let folders = folders::sort(&trees, &mut report);
    report.levels = folders
        .iter()
        .filter_map(|folder| folder.jurisdiction().level)
        .collect();
    let mut stages: BTreeMap<String, (Law, Namespace)> = BTreeMap::new();
    for folder in &folders {
        let above = folder
            .within
            .and_then(|id| stages.get(id))
            .cloned()
            .unwrap_or_default();
        stages.insert(folder.id.clone(), check(folder, above, &mut report));
    }
    unused::check(&mut report);
    let mut diagnostics = report.diagnostics;
    if unread {
        diagnostics.retain(|diagnostic| !ECHOES.contains(&diagnostic.code));
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.0));
    let laws = stages.into_iter().map(|(id, (law, _))| (id, law)).collect();
    Book {
        files,
        diagnostics,
        laws,
    }
}

/// What is not said while some text could not be read: a line that was skipped may well be what is missing.
const ECHOES: [Code; 11] = [
    codes::UNKNOWN_NAME,
    codes::UNKNOWN_SOURCE,
    codes::UNKNOWN_ARTICLE,
    codes::UNKNOWN_TYPE,
    codes::UNUSED_LET,
    codes::NO_VERSION,
    codes::NO_MARK,
    codes::NO_AS_OF,
    codes::EXAMPLE_ROOT,
    codes::NO_JURISDICTION,
    codes::NOTHING_TO_SET,
];

/// Checks one jurisdiction's own files on top of the law above it.
fn check<'f>(
    folder: &Folder<'f>,
    above: (Law, Namespace),
    report: &mut Report<'f>,
) -> (Law, Namespace) {
    let (mut law, names) = above;
    law.chain.push(folder.jurisdiction());
    law.examples.clear();
    let mut checker = Checker { law, names, report };
    let placed = checker.sources(folder);
    let mut work = checker.declare(&placed);
    checker.overlay(&placed, &mut work);
    checker.dates(&placed);
    checker.figures(&work.figures);
    checker.rules(&work.rules);
    if !work.rules.is_empty() {
        checker.cycles();
    }
    checker.examples(&placed);
    (checker.law, checker.names)
}

/// The law of one jurisdiction while it is being put together.
struct Checker<'r, 'f> {
    law: Law,
    names: Namespace,
    report: &'r mut Report<'f>,
}

impl Checker<'_, '_> {
    /// The jurisdiction being checked, as an index into the chain.
    fn here(&self) -> usize {
        self.law.chain.len() - 1
    }
}

/// What is found out about all files.
struct Report<'f> {
    files: &'f [SourceFile],
    diagnostics: Vec<Diagnostic>,
    /// The places of items that something reads.
    used: BTreeSet<Span>,
    /// The levels of all jurisdictions.
    levels: Vec<String>,
    /// Items that should be read by something: their place, their name and its place.
    declared: Vec<(Span, ast::Name)>,
}

impl Report<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The text that stands at a place.
    fn text(&self, span: Span) -> &str {
        let file = self.files.get(span.file as usize);
        file.and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}
