//! Documents say what is true: what they point at exists, what they tell to type can be typed.

use crate::command;
use crate::finding::Finding;
use crate::workspace::{File, Workspace};

/// Folders of the repository. A quoted path that begins with one is a claim that it exists, also when the folder is
/// gone altogether.
const FOLDERS: [&str; 10] = [
    "crates",
    "law",
    "docs",
    "bench",
    "xtask",
    "supply-chain",
    "tests",
    "examples",
    ".ci",
    ".cargo",
];

/// Paths in back-ticks exist: `crates/rules/src/lib.rs`, `ARCHITECTURE.md`.
pub(super) fn paths(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in documents(workspace) {
        for (number, line) in prose(&file.text) {
            for quoted in line
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|quoted| looks_like_a_path(quoted))
            {
                let path = quoted.split(':').next().unwrap_or(quoted);
                if !workspace.has(path) && !workspace.has(&relative(file, path)) {
                    findings.push(finding(
                        file,
                        number,
                        format!("`{quoted}` does not exist"),
                        "correct the path, or write what it names",
                    ));
                }
            }
        }
    }
    findings
}

/// Relative links lead somewhere: `[text](docs/guide/first.md)`.
pub(super) fn links(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in documents(workspace) {
        for (number, line) in prose(&file.text) {
            let targets = line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split_once(')'))
                .map(|(target, _)| target);
            for target in targets.filter(|target| {
                !target.contains("://")
                    && !target.starts_with(['#', '<'])
                    && !target.starts_with("mailto:")
            }) {
                let path = target.split(['#', ' ']).next().unwrap_or(target);
                if !workspace.has(&relative(file, path)) {
                    findings.push(finding(
                        file,
                        number,
                        format!("the link to {target} leads nowhere"),
                        "correct the link, or write what it names",
                    ));
                }
            }
        }
    }
    findings
}

/// Every `cargo xtask` command in an `sh` block is one we have.
pub(super) fn developer_commands(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Told { file, line, words } in commands(workspace) {
        let ["cargo", "xtask", rest @ ..] = &words[..] else {
            continue;
        };
        if let Some(name) = rest.first()
            && !name.starts_with('-')
            && command(name).is_none()
        {
            findings.push(finding(
                file,
                line,
                format!("there is no `cargo xtask {name}`"),
                "see `cargo xtask --help`",
            ));
        }
    }
    findings
}

/// A command that a document tells the reader to type.
pub(crate) struct Told<'a> {
    pub(crate) file: &'a File,
    pub(crate) line: usize,
    pub(crate) words: Vec<&'a str>,
}

/// Every `renshe …`, `cargo xtask …` and `cargo run …` line in the `sh` blocks of all documents.
pub(crate) fn commands(workspace: &Workspace) -> Vec<Told<'_>> {
    let mut told = Vec::new();
    for file in documents(workspace) {
        let mut block = None;
        for (number, line) in (1..).zip(file.text.lines()) {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                block = if block.is_some() {
                    None
                } else {
                    Some(language.trim())
                };
                continue;
            }
            let words: Vec<&str> = line
                .trim_start()
                .trim_start_matches("$ ")
                .split_whitespace()
                .collect();
            if matches!(block, Some("sh" | "bash" | "console"))
                && matches!(words[..], ["renshe", ..] | ["cargo", "xtask" | "run", ..])
            {
                told.push(Told {
                    file,
                    line: number,
                    words,
                });
            }
        }
    }
    told
}

/// The subcommand of `renshe` that a told command runs, as words: `renshe law test wage` may mean `law test wage`.
/// Stops at the first word that cannot name a subcommand.
pub(crate) fn subcommand<'a>(words: &[&'a str]) -> Option<Vec<&'a str>> {
    let rest = match words {
        ["renshe", rest @ ..] => rest,
        ["cargo", "run", rest @ ..] => rest
            .iter()
            .position(|word| *word == "--")
            .map(|at| &rest[at + 1..])?,
        _ => return None,
    };
    let names = rest.iter().take_while(|word| {
        word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-')
    });
    Some(names.copied().collect())
}

fn documents(workspace: &Workspace) -> impl Iterator<Item = &File> {
    workspace
        .files
        .iter()
        .filter(|file| file.extension() == "md")
}

/// The numbered lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

fn looks_like_a_path(quoted: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    let first = quoted.split('/').next().unwrap_or_default();
    let in_a_folder = quoted.contains('/') && FOLDERS.contains(&first);
    let a_document = !quoted.contains('/')
        && quoted
            .strip_suffix(".md")
            .is_some_and(|name| !name.is_empty());
    quoted.chars().all(plain) && (in_a_folder || a_document)
}

/// A path written in `file`, from the root of the repository.
fn relative(file: &File, path: &str) -> String {
    let mut parts: Vec<&str> = file
        .folder()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn finding(file: &File, line: usize, what: String, mend: &str) -> Finding {
    let why =
        String::from("a document that points at nothing costs its reader more than no document");
    Finding {
        file: file.path.clone(),
        line,
        what,
        why,
        mend: mend.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tiny::{files, lines};
    use super::*;

    #[test]
    fn quoted_paths_exist() {
        let text =
            "`crates/a.rs` `crates/a.rs:12` `docs/guide/` `b.md`\n`crates/gone.rs`\n`gone.md`\n";
        let files = files(&[("docs/guide/b.md", text), ("crates/a.rs", "")]);
        assert_eq!(lines(&paths(&files)), [2, 3]);
    }

    #[test]
    fn what_only_resembles_a_path_is_let_be() {
        let text = "`text/html` `law/<region>/x` `law check` `crates/*` `.md`\n```sh\ncat `crates/gone.rs`\n```\n";
        assert!(paths(&files(&[("a.md", text)])).is_empty());
    }

    #[test]
    fn links_lead_somewhere() {
        let text = "[a](../b.md#top) [c](https://example.org) [d](#here)\n[e](gone.md)\n";
        assert_eq!(
            lines(&links(&files(&[("docs/a.md", text), ("b.md", "")]))),
            [2]
        );
    }

    #[test]
    fn told_developer_commands_exist() {
        let text = "```sh\ncargo xtask test\ncargo xtask tset\n```\n`cargo xtask tset`\n```text\ncargo xtask tset\n```\n";
        assert_eq!(lines(&developer_commands(&files(&[("a.md", text)]))), [3]);
    }

    #[test]
    fn the_subcommand_ends_where_arguments_begin() {
        let of = |line: &'static str| subcommand(&line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(
            of("renshe law explain Pension --facts a.json"),
            Some(vec!["law", "explain"])
        );
        assert_eq!(of("renshe law fmt --check"), Some(vec!["law", "fmt"]));
        assert_eq!(of("cargo run --release -- demo"), Some(vec!["demo"]));
        assert_eq!(of("cargo run --release"), None);
        assert_eq!(of("cargo xtask test"), None);
    }
}
