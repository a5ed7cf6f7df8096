//! Which file belongs to which jurisdiction, and which jurisdiction lies within which.

use super::Report;
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::Jurisdiction;
use crate::syntax::ast::{self, ItemKind, Name};
use std::collections::{BTreeMap, BTreeSet};

/// One jurisdiction's folder.
pub(super) struct Folder<'f> {
    /// Its name, which is the jurisdiction's identity.
    pub id: String,
    /// What `jurisdiction.law` says of it.
    pub head: Option<&'f ast::Jurisdiction>,
    /// Within which folder it lies.
    pub within: Option<&'f str>,
    /// The items of its files, file by file.
    pub papers: Vec<&'f [ast::Item]>,
}

impl Folder<'_> {
    /// The jurisdiction as the law keeps it.
    pub(super) fn jurisdiction(&self) -> Jurisdiction {
        Jurisdiction {
            id: self.id.clone(),
            title: self.head.map(|head| head.title.clone()).unwrap_or_default(),
            level: self
                .head
                .and_then(|head| head.level.as_ref())
                .map(|level| level.node.clone()),
        }
    }
}

/// Sorts the files into folders, a higher jurisdiction before those within it.
pub(super) fn sort<'f>(trees: &'f [ast::File], report: &mut Report<'f>) -> Vec<Folder<'f>> {
    let mut folders: BTreeMap<&str, Folder<'f>> = BTreeMap::new();
    let mut order: Vec<usize> = (0..trees.len()).collect();
    order.sort_by_key(|&number| &report.files[number].path);
    for number in order {
        let path = &report.files[number].path;
        let Some((id, rest)) = path.split_once('/') else {
            report.push(
                Diagnostic::error(
                    codes::OUTSIDE,
                    beginning(number),
                    format!("`{path}` lies in no jurisdiction's folder"),
                    "this file",
                )
                .help(
                    "move it into a folder such as `cn/`, whose `jurisdiction.law` says what it is",
                ),
            );
            continue;
        };
        let folder = folders.entry(id).or_insert_with(|| Folder {
            id: id.to_owned(),
            head: None,
            within: None,
            papers: Vec::new(),
        });
        folder.papers.push(&trees[number].items);
        for item in &trees[number].items {
            if let ItemKind::Jurisdiction(head) = &item.kind {
                place(folder, head, rest == "jurisdiction.law", report);
            }
        }
    }
    for folder in folders.values() {
        if folder.head.is_none() {
            let first = report.files.iter().position(|file| {
                file.path
                    .split_once('/')
                    .is_some_and(|(id, _)| id == folder.id)
            });
            report.push(
                Diagnostic::error(
                    codes::NO_JURISDICTION,
                    beginning(first.unwrap_or_default()),
                    format!("the folder `{}` has no jurisdiction", folder.id),
                    "found in this folder",
                )
                .help(format!(
                    "add a file `{0}/jurisdiction.law` that begins `jurisdiction {0} \"…\"`",
                    folder.id
                )),
            );
        }
    }
    chain(folders, report)
}

/// Takes a jurisdiction's description into its folder.
fn place<'f>(
    folder: &mut Folder<'f>,
    head: &'f ast::Jurisdiction,
    proper: bool,
    report: &mut Report<'f>,
) {
    let span = head.id.span;
    if let Some(first) = folder.head {
        report.push(
            Diagnostic::error(
                codes::STRAY_JURISDICTION,
                span,
                format!("the folder `{}` is described twice", folder.id),
                "a second time here",
            )
            .also(first.id.span, "first here")
            .help("keep one `jurisdiction`"),
        );
        return;
    }
    folder.head = Some(head);
    if !proper {
        report.push(
            Diagnostic::error(
                codes::STRAY_JURISDICTION,
                span,
                "a jurisdiction is described in its own file",
                "not in this one",
            )
            .help(format!("move it to `{}/jurisdiction.law`", folder.id)),
        );
    } else if head.id.node != folder.id {
        report.push(
            Diagnostic::error(
                codes::OTHER_FOLDER,
                span,
                format!(
                    "the folder `{}` describes a jurisdiction `{}`",
                    folder.id, head.id.node
                ),
                format!("expected `{}`", folder.id),
            )
            .help("a jurisdiction's identity is its folder's name: rename one of them"),
        );
    }
}

/// Orders the folders and settles what each lies within.
fn chain<'f>(folders: BTreeMap<&str, Folder<'f>>, report: &mut Report<'f>) -> Vec<Folder<'f>> {
    let known: Vec<String> = folders.keys().map(|&id| id.to_owned()).collect();
    let mut waiting: Vec<Folder<'f>> = folders.into_values().collect();
    for folder in &mut waiting {
        let Some(name) = folder.head.and_then(|head| head.within.as_ref()) else {
            continue;
        };
        if known.contains(&name.node) {
            folder.within = Some(&name.node);
        } else {
            let error = Diagnostic::error(
                codes::BAD_WITHIN,
                name.span,
                format!("there is no jurisdiction `{}`", name.node),
                "not a folder here",
            );
            report.push(error.help(format!("the folders are {}", super::names::list(&known))));
        }
    }
    let mut done = BTreeSet::new();
    let mut sorted = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|folder| folder.within.is_none_or(|above| done.contains(above)));
        waiting = rest;
        if ready.is_empty() {
            let folder = &mut waiting[0];
            if let Some(Name { node, span }) = folder.head.and_then(|head| head.within.as_ref()) {
                report.push(
                    Diagnostic::error(
                        codes::BAD_WITHIN,
                        *span,
                        format!("`{}` lies within itself", folder.id),
                        format!("`{node}` lies within `{}`", folder.id),
                    )
                    .help("the highest jurisdiction has no `within`"),
                );
            }
            folder.within = None;
            continue;
        }
        done.extend(ready.iter().map(|folder| folder.id.clone()));
        sorted.extend(ready);
    }
    sorted
}

fn beginning(file: usize) -> Span {
    Span {
        file: u32::try_from(file).expect("a law has fewer than 2^32 files"),
        start: 0,
        end: 0,
    }
}
