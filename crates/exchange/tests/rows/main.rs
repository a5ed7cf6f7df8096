//! Population files from end to end, with an evaluator that gives each input back.

mod hostile;
mod law;
mod order;
mod records;
mod round_trip;

use exchange::rows::{Carried, Error, Evaluator, Opened, Said, Sink, Summary, run};
use law::{Echo, law};
use rules::{columns::Field, law::EntityId, law::Law, refusal::Refusal};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A folder of files, and the law they are about.
pub struct House {
    pub law: Law,
    pub folder: TempDir,
    pub threads: usize,
}

impl House {
    pub fn new() -> House {
        House {
            law: law(),
            folder: tempfile::tempdir().unwrap(),
            threads: 2,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a file through the echo of these inputs.
    pub fn echo(&self, from: &str, to: &str, inputs: &[&str]) -> Result<Summary, Error> {
        self.run(from, to, inputs, &[], &Carried::default())
    }

    pub fn run(
        &self,
        from: &str,
        to: &str,
        inputs: &[&str],
        records: &[(&str, &str)],
        carried: &Carried,
    ) -> Result<Summary, Error> {
        let law = &self.law;
        let records: Vec<_> = records
            .iter()
            .map(|(name, file)| ((*name).to_owned(), self.path(file)))
            .collect();
        let opened = Opened::open(&self.path(from), &records, carried)?;
        let echo = Echo::new(law, inputs, records.len());
        let source = opened.source(law, EntityId(0), &echo.fields, &echo.records)?;
        let sink = Sink::new(law, &self.path(to), &echo.asked, &source)?;
        let summary = run(&source, &sink, &echo, self.threads, &mut ())?;
        assert!(!self.path(&format!("{to}.part")).exists());
        Ok(summary)
    }

    /// The message of a run that cannot begin, without the folder's name.
    pub fn error(&self, from: &str, inputs: &[&str]) -> String {
        let error = self.echo(from, "out.csv", inputs).unwrap_err();
        assert!(!self.path("out.csv").exists() && !self.path("out.csv.part").exists());
        self.without_folder(&format!("{error}\n{}", error.said().zh))
    }

    pub fn without_folder(&self, text: &str) -> String {
        let folder: &Path = self.folder.path();
        text.replace(&format!("{}/", folder.display()), "")
    }
}

pub fn say(law: &Law, refusal: &Refusal) -> Said {
    Said::of(law, refusal)
}

/// Fields of the law by name.
pub fn field(law: &Law, entity: u32, name: &str) -> Field {
    law::fields(law, entity)
        .into_iter()
        .find(|field| field.names.id == name)
        .unwrap()
}

fn _an_evaluator_is_shared<E: Evaluator + Sync>() {}
