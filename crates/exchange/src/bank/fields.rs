//! The leaves of an element by their paths: `Acct/Id/Othr/Id`, `Amt`, `Amt@Ccy`.

use std::collections::BTreeMap;

/// More leaves than an entry has without its details.
const LEAVES_MAX: usize = 4_096;

/// Texts of leaves, in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    leaves: BTreeMap<String, Vec<String>>,
    count: usize,
}

impl Fields {
    /// Whether there was room.
    #[must_use]
    pub(super) fn put(&mut self, path: &str, text: &str) -> bool {
        self.count += 1;
        if LEAVES_MAX < self.count {
            return false;
        }
        let texts = self.leaves.entry(path.to_owned()).or_default();
        texts.push(text.trim().to_owned());
        true
    }

    /// Every text at a path.
    pub(super) fn all(&self, path: &str) -> &[String] {
        self.leaves.get(path).map_or(&[], Vec::as_slice)
    }

    /// The first text at a path that is not empty, or the empty one.
    pub(super) fn first(&self, path: &str) -> &str {
        let texts = self.all(path).iter();
        texts
            .map(String::as_str)
            .find(|text| !text.is_empty())
            .unwrap_or("")
    }

    /// The first of several paths that has a text, with that path.
    pub(super) fn of<'p>(&self, paths: &[&'p str]) -> (&'p str, &str) {
        let found = paths
            .iter()
            .map(|path| (*path, self.first(path)))
            .find(|(_, text)| !text.is_empty());
        found.unwrap_or((paths[0], ""))
    }
}
