//! One namespace for everything a jurisdiction's law speaks of, in both languages.

use super::Checker;
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{EntityId, EnumId, Item, Kind, Law, Names, RelationId, SourceId};
use crate::syntax::ast::{Name, Naming};
use std::collections::{BTreeMap, BTreeSet};

/// The functions of the language and its one name; nothing else may be called so.
pub(super) const RESERVED: [&str; 10] = [
    "as-of",
    "bounded",
    "day-number",
    "first-day",
    "last-day",
    "max",
    "min",
    "month-number",
    "month-of",
    "year-of",
];

/// What the names of a jurisdiction and of those above it stand for.
#[derive(Clone, Default)]
pub(super) struct Namespace {
    entries: BTreeMap<String, Entry>,
    /// Sources have names of their own; with the place of each.
    pub sources: BTreeMap<String, (SourceId, Span)>,
    /// The articles each source's file has.
    pub headings: BTreeMap<SourceId, BTreeSet<String>>,
}

/// One name.
#[derive(Clone)]
struct Entry {
    /// What it stands for: several only when all are members; none when its declaration is broken, which was reported.
    items: Vec<Item>,
    /// Where it was first declared.
    span: Span,
    /// By which jurisdiction of the chain.
    home: usize,
}

impl Namespace {
    /// What a name stands for; `Some(&[])` when its declaration is broken.
    pub(super) fn get(&self, name: &str) -> Option<&[Item]> {
        self.entries.get(name).map(|entry| &*entry.items)
    }

    /// Where a name was declared.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        self.entries.get(name).map(|entry| entry.span)
    }

    /// Where the name of an item was declared; its whole text if the name itself was refused.
    pub(super) fn declared(&self, names: &Names, whole: Span) -> Span {
        self.place(&names.id).unwrap_or(whole)
    }

    /// By which jurisdiction of the chain.
    pub(super) fn home(&self, name: &str) -> Option<usize> {
        self.entries.get(name).map(|entry| entry.home)
    }

    /// The member of this name in an enumeration.
    pub(super) fn member(&self, name: &str, of: EnumId) -> Option<u16> {
        let items = self.get(name)?;
        items.iter().find_map(|item| match item {
            Item::Member(id, index) if *id == of => Some(*index),
            _ => None,
        })
    }

    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

impl Checker<'_, '_> {
    /// Makes a name known under both its forms. `None` for an item whose declaration is broken.
    pub(super) fn declare_name(&mut self, naming: &Naming, item: Option<Item>) {
        for name in std::iter::once(&naming.id).chain(&naming.other) {
            if RESERVED.contains(&&*name.node) {
                self.report.push(
                    Diagnostic::error(
                        codes::RESERVED_NAME,
                        name.span,
                        format!("`{}` belongs to the language", name.node),
                        "cannot be declared",
                    )
                    .help("choose another name"),
                );
                continue;
            }
            let home = self.here();
            let Some(entry) = self.names.entries.get_mut(&name.node) else {
                let entry = Entry {
                    items: item.into_iter().collect(),
                    span: name.span,
                    home,
                };
                self.names.entries.insert(name.node.clone(), entry);
                if let Some(item) = item {
                    self.law.names.insert(name.node.clone(), item);
                }
                continue;
            };
            if let (Some(Item::Member(of, _)), true) = (
                item,
                entry
                    .items
                    .iter()
                    .all(|item| matches!(item, Item::Member(..))),
            ) && !entry
                .items
                .iter()
                .any(|item| matches!(item, Item::Member(other, _) if *other == of))
            {
                entry.items.extend(item);
            } else if item.is_none_or(|item| !entry.items.contains(&item)) {
                let error = Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    name.span,
                    format!("`{}` is declared twice", name.node),
                    "declared again here",
                );
                let error = error.also(entry.span, "first declared here");
                self.report.push(error.help(
                    "a name stands for one thing, here and in every higher law: rename one of them",
                ));
            }
        }
    }

    /// The entity a name stands for.
    pub(super) fn entity(&mut self, name: &Name) -> Option<EntityId> {
        match self.single(name)? {
            Item::Entity(id) => Some(id),
            other => self.wrong_sort(name, other, "an entity"),
        }
    }

    /// The relation a name stands for.
    pub(super) fn relation(&mut self, name: &Name) -> Option<RelationId> {
        match self.single(name)? {
            Item::Relation(id) => Some(id),
            other => self.wrong_sort(name, other, "a relation"),
        }
    }

    /// The first item a name stands for; reports an unknown name.
    pub(super) fn single(&mut self, name: &Name) -> Option<Item> {
        match self.names.get(&name.node) {
            Some(items) => items.first().copied(),
            None => {
                let error = self.unknown(&name.node, name.span, &[]);
                self.report.push(error);
                None
            }
        }
    }

    /// Reports that a name stands for something else.
    pub(super) fn wrong_sort<T>(&mut self, name: &Name, item: Item, expected: &str) -> Option<T> {
        let error = Diagnostic::error(
            codes::WRONG_SORT,
            name.span,
            format!("`{}` is {}, not {expected}", name.node, sort(item)),
            format!("expected {expected}"),
        );
        let error = match self.names.place(&name.node) {
            Some(place) if place != name.span => error.also(place, "declared here"),
            _ => error,
        };
        self.report.push(error);
        None
    }

    /// An unknown name, with what may have been meant.
    pub(super) fn unknown(&self, name: &str, span: Span, locals: &[&str]) -> Diagnostic {
        let mut error = Diagnostic::error(
            codes::UNKNOWN_NAME,
            span,
            format!("nothing is called `{name}`"),
            "not declared",
        );
        let known = |part: &str| locals.contains(&part) || self.names.get(part).is_some();
        for (at, _) in name.match_indices('-') {
            let (left, right) = (&name[..at], &name[at + 1..]);
            if known(left) && known(right) {
                error = error.help(format!(
                    "to subtract, put spaces around the sign: `{left} - {right}`"
                ));
            }
        }
        let near = nearest(name, self.names.all().chain(locals.iter().copied()));
        if !near.is_empty() {
            error = error.help(format!("did you mean {}?", list(&near)));
        }
        error
    }

    /// A kind in words.
    pub(super) fn kind_name(&self, kind: Kind) -> String {
        match kind {
            Kind::Bool => "true or false".into(),
            Kind::Money => "money".into(),
            Kind::Number => "a number".into(),
            Kind::Date => "a date".into(),
            Kind::Month => "a month".into(),
            Kind::Year => "a year".into(),
            Kind::Months => "a length in months".into(),
            Kind::Days => "a length in days".into(),
            Kind::Enum(id) => format!("a member of `{}`", self.law[id].names.id),
            Kind::Text => "a text".into(),
        }
    }
}

impl Law {
    /// What a name stands for, in either language. A member shared by enumerations is the first declared one's.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Item> {
        self.names.get(name).copied()
    }

    /// The names most like one that is not known, the most like first; at most three.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<String> {
        nearest(name, self.names.keys().map(String::as_str))
    }
}

impl Names {
    /// The Chinese name, or the identity if there is none.
    #[must_use]
    pub fn zh_or_id(&self) -> &str {
        self.zh.as_deref().unwrap_or(&self.id)
    }

    /// The name as read in English: "basic pension".
    #[must_use]
    pub fn en(&self) -> String {
        self.id.replace('-', " ")
    }
}

/// The names of an item, whichever was written first.
pub(super) fn names(naming: &Naming) -> Names {
    let chinese = |name: &Name| name.node.chars().any(|c| c >= '\u{2e80}');
    let id = naming.id.node.clone();
    match &naming.other {
        Some(other) if chinese(other) => Names {
            id,
            zh: Some(other.node.clone()),
        },
        Some(other) if chinese(&naming.id) => Names {
            id: other.node.clone(),
            zh: Some(id),
        },
        _ => Names {
            zh: chinese(&naming.id).then(|| id.clone()),
            id,
        },
    }
}

/// What sort of thing an item is.
pub(super) fn sort(item: Item) -> &'static str {
    match item {
        Item::Enum(_) => "an enumeration",
        Item::Member(..) => "a member of an enumeration",
        Item::Entity(_) => "an entity",
        Item::Relation(_) => "a relation",
        Item::Input(_) => "an input",
        Item::Figure(_) => "a parameter or table",
        Item::Rule(_) => "a rule",
    }
}

/// Names as a sentence lists them: `` `a`, `b` or `c` ``.
pub(super) fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &*quoted {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// The names most like `name`, at most three: within a third of its letters, or containing it.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<String> {
    let letters = name.chars().count();
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|other| {
            let distance = strsim::osa_distance(name, other);
            let close = distance <= (letters / 3).max(1) && distance < letters;
            let within = letters >= 2
                && (other.contains(name) || name.contains(other) && other.chars().count() >= 3);
            (close || within).then_some((if close { distance } else { letters + distance }, other))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter()
        .take(3)
        .map(|(_, other)| other.to_owned())
        .collect()
}
