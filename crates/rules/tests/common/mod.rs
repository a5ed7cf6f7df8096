//! The law folder as the tests read it, and chance that repeats itself.
#![expect(clippy::disallowed_methods, reason = "the law is a folder")]

use rules::check::{self, Book};
use rules::diagnostic::{self, SourceFile};
use std::path::Path;

/// Every law file of the repository.
pub(crate) fn law_folder() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let mut files = Vec::new();
    gather(&root, &root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).expect("the law folder can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            gather(root, &path, files);
        } else if path.extension().is_some_and(|ending| ending == "law") {
            let shown = path
                .strip_prefix(root)
                .expect("below the root")
                .to_string_lossy()
                .replace('\\', "/");
            let text = std::fs::read_to_string(&path).expect("law files are UTF-8");
            files.push(SourceFile { path: shown, text });
        }
    }
}

/// The repository's law, checked; its errors fail the test.
pub(crate) fn book() -> Book {
    let book = check::read(law_folder());
    assert!(
        !book.has_errors(),
        "{}",
        diagnostic::render(&book.diagnostics, &book.files, false)
    );
    book
}

/// A small generator: the same numbers for the same seed.
pub(crate) struct Chance(pub u64);

impl Chance {
    /// The next 64 bits (splitmix64).
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let choices = u128::from(high.abs_diff(low)) + 1;
        let above = u128::from(self.bits()) % choices;
        low.saturating_add_unsigned(above.try_into().expect("below 2^64"))
    }

    /// True once in `n`.
    pub(crate) fn once_in(&mut self, n: u64) -> bool {
        self.bits().is_multiple_of(n)
    }
}
