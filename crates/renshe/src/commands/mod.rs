//! One file a verb.

mod check;
mod fmt;
mod test;
mod list;
mod explain;
mod run;
mod diff;
mod error;
pub(crate) mod demo;
pub(crate) mod serve;
mod login;
mod declaration;
pub(crate) mod month;
mod account;
mod person;
mod interest;
mod statement;
mod proof;
mod bank;
mod employer;
mod settling;
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
        Command::Serve(asked) => return serve::run(asked, setting),
        Command::Login(asked) => return login::run(asked, setting),
        Command::Synth(asked) => return synth::run(asked, setting),
        Command::Declaration(asked) => return declaration::run(asked, setting),
        Command::Month(asked) => return month::run(asked, setting),
        Command::Account(asked) => return account::run(asked, setting),
        Command::Person(asked) => return person::run(asked, setting),
        Command::Interest(asked) => return interest::run(asked, setting),
        Command::Bank(asked) => return bank::run(asked, setting),
        Command::Employer(asked) => return employer::run(asked, setting),
        Command::Instalments(asked) => return settling::instalments(asked, setting),
        Command::WriteOff(asked) => return settling::write_off(asked, setting),
        Command::Refund(asked) => return settling::refund(asked, setting),
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
