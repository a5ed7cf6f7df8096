//! `declaration`: what employers declare.

mod others;
mod submit;
mod words;

use crate::arguments::declaration::{DeclarationCommand, Districts};
use crate::output::{Exit, Failure, Setting};
use city::places::District;

pub(crate) fn run(command: &DeclarationCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        DeclarationCommand::Submit(asked) => submit::submitted(asked, setting),
        DeclarationCommand::Undo(asked) => others::undone(asked, setting),
        DeclarationCommand::Missing(asked) => others::missing(asked, setting),
        DeclarationCommand::Chase(asked) => others::chased(asked, setting),
        DeclarationCommand::Show(asked) => others::shown(asked, setting),
    }
}

/// The districts asked for; `None` for the whole city.
fn districts(asked: &Districts) -> Option<Vec<District>> {
    let districts: Vec<District> = asked
        .districts
        .iter()
        .copied()
        .filter_map(District::new)
        .collect();
    (!districts.is_empty()).then_some(districts)
}
