//! The tutorial, followed literally: its files written, its commands typed, what it shows compared with what comes out.
//!
//! When an output has changed on purpose, `RENSHE_WRITE_TUTORIAL=1 cargo test -p renshe --test tutorial` writes the page anew.

use std::fs;
use std::path::Path;
use std::process::Command;

const PAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/guide/write-a-law.md"
);

#[test]
fn the_tutorial_says_what_happens() {
    let page = fs::read_to_string(PAGE).expect("the tutorial can be read");
    let folder = tempfile::tempdir().expect("a folder of its own");
    let followed = follow(&page, folder.path());
    if write_anew() {
        fs::write(PAGE, &followed).expect("the tutorial can be written");
    }
    for (number, (shown, came)) in (1..).zip(page.lines().zip(followed.lines())) {
        assert_eq!(
            untimed(shown),
            untimed(came),
            "line {number} of the tutorial"
        );
    }
    assert_eq!(page.lines().count(), followed.lines().count());
}

#[expect(
    clippy::disallowed_methods,
    reason = "asked by whoever runs the test, not by the program"
)]
fn write_anew() -> bool {
    std::env::var_os("RENSHE_WRITE_TUTORIAL").is_some()
}

/// The page with the outputs that come out in `folder`. The line above a block says what is done with it.
fn follow(page: &str, folder: &Path) -> String {
    let mut followed = String::new();
    let (mut caption, mut output) = ("", None);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        followed += &format!("{line}\n");
        let Some(language) = line.strip_prefix("```") else {
            caption = if line.is_empty() { caption } else { line };
            continue;
        };
        let body: String = lines
            .by_ref()
            .take_while(|line| *line != "```")
            .map(|line| format!("{line}\n"))
            .collect();
        match language {
            // Installing is what this test was built with.
            "sh" if body.starts_with("cargo ") => {}
            "sh" => output = Some(typed(&body, folder)),
            "text" => {}
            _ => write(caption, folder, &body),
        }
        followed += match output.take_if(|_| language == "text") {
            Some(came) => came,
            None => body,
        }
        .as_str();
        followed += "```\n";
    }
    followed
}

/// Writes a file, adds to it, or replaces what stands above `---` by what stands below.
fn write(caption: &str, folder: &Path, body: &str) {
    let [how, path, rest] = caption.split('`').take(3).collect::<Vec<_>>()[..] else {
        panic!("above a file stands where it goes, not: {caption}");
    };
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder"))
        .expect("its folder can be made");
    let before = || fs::read_to_string(&path).expect("the file was written before");
    let text = match (how, rest) {
        ("", ":") => body.to_string(),
        ("At the end of ", ":") => before() + body,
        ("In ", ", instead of what stands above ") => {
            let (old, new) = body
                .split_once("---\n")
                .expect("what is replaced, `---`, by what");
            assert_eq!(before().matches(old).count(), 1, "{old}");
            before().replace(old, new)
        }
        _ => panic!("above a file stands what to do with it, not: {caption}"),
    };
    fs::write(&path, text).expect("the file can be written");
}

/// What a terminal shows of these lines.
fn typed(lines: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_renshe"));
    let bin = program.parent().expect("the program lies in a folder");
    let script = format!("exec 2>&1\nPATH='{}':\"$PATH\"\n{lines}", bin.display());
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &script])
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1");
    let output = shell.output().expect("a shell runs");
    String::from_utf8(output.stdout).expect("UTF-8 comes out")
}

/// A line without how long it took.
fn untimed(line: &str) -> String {
    match (line.split_once(" rows in "), line.split_once(" → ")) {
        (Some((count, _)), Some((_, rest))) => format!("{count} rows in … → {rest}"),
        _ => line.to_string(),
    }
}
