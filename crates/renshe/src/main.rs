//! The program. Everything a run depends on from outside, the clock, the language, the terminal, is read here once and
//! handed on.

mod arguments;
mod commands;
mod folder;
mod lookup;
mod place;
mod population;
mod output;

use arguments::{Arguments, Language};
use clap::Parser;
use measure::{Day, Moment};
use output::{Exit, Setting};
use rules::explain::Lang;
use std::io::{IsTerminal, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let setting = setting(&arguments);
    match commands::run(&arguments.command, &setting) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::complain(&failure.to_string());
            Exit::Failed.into()
        }
    }
}

/// What this run depends on besides its arguments and files.
fn setting(arguments: &Arguments) -> Setting {
    let lang = match arguments.lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => language_of_surroundings(),
    };
    let no_color = environment("NO_COLOR").is_some();
    Setting {
        lang,
        verbose: arguments.verbose,
        today: today(),
        now: now(),
        color: stdout().is_terminal() && !no_color,
        color_of_errors: stderr().is_terminal() && !no_color,
        terminal: stderr().is_terminal(),
        answers_seen: stdout().is_terminal(),
    }
}

/// The first of the variables that decide a program's language, as POSIX orders them.
fn language_of_surroundings() -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(environment);
    match said {
        Some(said) if said.to_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "settings are read here and nowhere else"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock is read here and nowhere else"
)]
fn today() -> Day {
    let date = jiff::Zoned::now().date();
    let fields = (
        i32::from(date.year()),
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    );
    // A clock that is centuries off is set wrong; every answer names the day it is for.
    Day::new(fields.0, fields.1, fields.2).unwrap_or(Day::MAX)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock is read here and nowhere else"
)]
fn now() -> Moment {
    Moment::from_microseconds(jiff::Timestamp::now().as_microsecond())
}
