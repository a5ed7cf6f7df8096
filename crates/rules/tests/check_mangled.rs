//! Whatever becomes of the law texts at hand, the checker answers, and each message has its place.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the texts are files, and a panic is how a test fails"
)]

use proptest::prelude::*;
use rules::check::read;
use rules::diagnostic::SourceFile;
use std::path::{Path, PathBuf};

/// Every law text at hand: the law folder, and the texts of the error pages.
fn seeds() -> Vec<SourceFile> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    walk(&root.join("law"), &root.join("law"), &mut files);
    let mut pages = Vec::new();
    walk(
        &root.join("docs/reference"),
        &root.join("docs/reference"),
        &mut pages,
    );
    for page in pages {
        for (number, block) in page.text.split("```law").skip(1).enumerate() {
            let text = block
                .split_once('\n')
                .map_or("", |(_, rest)| rest.split("```").next().unwrap_or_default());
            files.push(SourceFile {
                path: format!("cn/{}-{number}.law", page.path.replace('/', "-")),
                text: text.to_string(),
            });
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(files.len() > 50, "the pages' texts are found");
    files
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "law" || kind == "md")
        {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            files.push(SourceFile {
                path: name,
                text: std::fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

/// One change to a text: the word at one place becomes the word of another place, or a line goes, or comes twice.
fn mutate(files: &mut [SourceFile], (how, one, other): (u8, usize, usize)) {
    let count = files.len();
    let donor = files[other % count].text.clone();
    let text = &mut files[one % count].text;
    match how % 3 {
        0 => {
            let words: Vec<&str> = text.split(' ').collect();
            let gifts: Vec<&str> = donor.split_whitespace().collect();
            let Some(gift) = gifts.get(one.wrapping_mul(31) % gifts.len().max(1)) else {
                return;
            };
            let place = other.wrapping_mul(17) % words.len();
            let mixed: Vec<&str> = words
                .iter()
                .enumerate()
                .map(|(number, word)| if number == place { gift } else { *word })
                .collect();
            *text = mixed.join(" ");
        }
        step => {
            let lines: Vec<&str> = text.lines().collect();
            let place = other.wrapping_mul(13) % lines.len().max(1);
            let copies = |number| {
                if number == place {
                    if step == 1 { 0 } else { 2 }
                } else {
                    1
                }
            };
            let kept: Vec<&str> = lines
                .iter()
                .enumerate()
                .flat_map(|(number, line)| std::iter::repeat_n(*line, copies(number)))
                .collect();
            *text = kept.join("\n");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn no_text_however_mangled_stops_the_checker(changes in prop::collection::vec(any::<(u8, usize, usize)>(), 1..40)) {
        let mut files = seeds();
        for change in changes {
            mutate(&mut files, change);
        }
        let book = read(files);
        for message in &book.diagnostics {
            prop_assert!(!message.labels.is_empty());
        }
        prop_assert!(!rules::diagnostic::render(&book.diagnostics, &book.files, false).is_empty());
    }
}
