//! One file a verb.

mod check;
mod fmt;
mod test;
mod list;
mod explain;
mod run;
mod diff;
mod error;
mod demo;
pub(crate) mod month;
mod bank;
mod employer;
pub(crate) mod verify;
mod store;
pub(crate) mod synth;

use crate::arguments::{Command, LawCommand};
use crate::output::{Exit, Failure, Setting};

/// Does what was asked.
pub(crate) fn run(command: &Command, setting: &Setting) -> Result<Exit, Failure> {
    let law = match command {
        Command::Law(law) => law,
        Command::Demo(asked) => return demo::run(asked, setting),
        Command::Synth(asked) => return synth::run(asked, setting),
        Command::Month(asked) => return month::run(asked, setting),
        Command::Bank(asked) => return bank::run(asked, setting),
        Command::Employer(asked) => return employer::run(asked, setting),
        Command::Verify(asked) => return verify::run(asked, setting),
        Command::Store(asked) => return store::run(asked, setting),
    };
    match law {
        LawCommand::Check(asked) => check::run(asked, setting),
        LawCommand::Fmt(asked) => fmt::run(asked, setting),
        LawCommand::Test(asked) => test::run(asked, setting),
        LawCommand::List(asked) => list::run(asked, setting),
        LawCommand::Explain(asked) => explain::run(asked, setting),
        LawCommand::Run(asked) => run::run(asked, setting),
        LawCommand::Diff(asked) => diff::run(asked, setting),
        LawCommand::Error(asked) => error::run(asked, setting),
    }
}
