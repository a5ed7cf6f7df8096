//! Faults again and again.

use crate::workspace::root;
use crate::{Failure, Outcome, shell};

pub(crate) const HELP: &str = "\
Lets each fault of the tests strike as often as asked, at moments of chance: the program and the database server killed,
connections cut, the disk full, the power cut, a crowd at the counter while months are made. After each the step is done
again, and the database must hold what one holds in which nothing broke, and everything in it be derived again. Tells what
was found.

  cargo xtask soak month                     # a hundred times each
  cargo xtask soak month --times 10 --seed 7 # the same moments are drawn from the same seed
  cargo xtask soak month --release           # the program as it is delivered
  cargo xtask soak month --only server       # faults whose name holds this
";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut words = arguments.iter().map(String::as_str);
    if words.next() != Some("month") {
        return Err(Failure::Usage(String::from(
            "there is one soak: `cargo xtask soak month`",
        )));
    }
    let (mut times, mut seed, mut release, mut only) = ("100", "20250630", false, None);
    while let Some(word) = words.next() {
        match (word, word == "--release") {
            (_, true) => release = true,
            ("--times", _) => times = number(word, words.next())?,
            ("--seed", _) => seed = number(word, words.next())?,
            ("--only", _) => only = words.next(),
            (other, _) => {
                return Err(Failure::Usage(format!(
                    "`cargo xtask soak month` knows no `{other}`"
                )));
            }
        }
    }
    let mut tests = shell::cargo();
    tests
        .current_dir(root())
        .args(["test", "--package", "renshe", "--test", "faults"]);
    if release {
        tests.arg("--release");
    }
    tests
        .args(["--", "--nocapture", "--test-threads", "1"])
        .args(only);
    tests
        .env("RENSHE_SOAK_TIMES", times)
        .env("RENSHE_SOAK_SEED", seed);
    let told = shell::read(&mut tests)?;
    println!("{}", table(&told));
    Ok(format!(
        "soak: {times} times each, seed {seed}: nothing was lost"
    ))
}

fn number<'a>(word: &str, given: Option<&'a str>) -> Result<&'a str, Failure> {
    given
        .filter(|given| given.parse::<u64>().is_ok())
        .ok_or_else(|| Failure::Usage(format!("`{word}` takes a number")))
}

/// The lines in which the tests say what they found, as a table in Markdown.
fn table(told: &str) -> String {
    let mut table = String::from("| fault | times | seed | found |\n|---|--:|--:|---|");
    for line in told.lines() {
        if let Some(at) = line.find("soak | ") {
            table.push_str("\n| ");
            table.push_str(&line[at + "soak | ".len()..]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_gathered_from_what_the_tests_say() {
        let told = "running 1 test\ntest a ... soak | a fault | 3 | 7 | nothing lost |\nok\n";
        assert_eq!(
            table(told),
            "| fault | times | seed | found |\n|---|--:|--:|---|\n| a fault | 3 | 7 | nothing lost |"
        );
    }

    #[test]
    fn wrong_usage_is_said() {
        for wrong in [
            "",
            "year",
            "month --times",
            "month --times many",
            "month --often",
        ] {
            let words: Vec<String> = wrong.split_whitespace().map(String::from).collect();
            assert!(matches!(run(&words), Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
