//! Every code of the office has a page, and every page of its letters is a code's.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The codes that stand in quotation marks in these sources.
fn written(folders: &[PathBuf]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for folder in folders {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let quoted = text.split('"').filter(|word| is_code(word));
                codes.extend(quoted.map(str::to_owned));
            }
        }
    }
    codes
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix(['N', 'V']).unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = [
        "crates/city/src",
        "crates/office/src",
        "crates/office/src/account",
        "crates/office/src/collect",
        "crates/office/src/declare",
        "crates/office/src/draft",
        "crates/office/src/month",
        "crates/office/src/programs",
        "crates/office/src/sign_in",
        "crates/office/src/verify",
        "crates/office/src/whatif",
    ];
    let codes = written(&sources.map(|folder| root.join(folder)));
    let pages: BTreeSet<String> = fs::read_dir(root.join("docs/reference/errors"))
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".md").map(str::to_owned)
        })
        .filter(|name| is_code(name))
        .collect();
    assert_eq!(codes, pages);
    let index = fs::read_to_string(root.join("docs/reference/errors/README.md")).unwrap();
    for code in &codes {
        let page = root.join(format!("docs/reference/errors/{code}.md"));
        let page = fs::read_to_string(page).unwrap();
        assert!(page.starts_with(&format!("# {code} ")), "{code}");
        assert!(index.contains(&format!("[{code}]({code}.md)")), "{code}");
    }
}
