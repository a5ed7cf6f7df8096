//! Population files from end to end, with an evaluator that gives each input back.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod hostile;
mod law;
mod order;
mod records;
mod round_trip;
mod told;

use exchange::rows::{Carried, Error, Opened, Said, Sink, Summary, run};
use law::{Echo, law};
use rules::{columns::Field, law::EntityId, law::Law, refusal::Refusal};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A folder of files, and the law they are about.
struct House {
    law: Law,
    folder: TempDir,
    threads: usize,
}

impl House {
    fn new() -> House {
        House {
            law: law(),
            folder: tempfile::tempdir().unwrap(),
            threads: 2,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a file through the echo of these inputs.
    fn echo(&self, from: &str, to: &str, inputs: &[&str]) -> Result<Summary, Error> {
        self.run(from, to, inputs, &[], &Carried::default())
    }

    fn run(
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
    fn error(&self, from: &str, inputs: &[&str]) -> String {
        let error = self.echo(from, "out.csv", inputs).unwrap_err();
        assert!(!self.path("out.csv").exists() && !self.path("out.csv.part").exists());
        self.without_folder(&format!("{error}\n{}", error.said().zh))
    }

    fn without_folder(&self, text: &str) -> String {
        let folder: &Path = self.folder.path();
        text.replace(&format!("{}/", folder.display()), "")
    }
}

fn say(law: &Law, refusal: &Refusal) -> Said {
    Said::of(law, refusal)
}

/// Fields of the law by name.
fn field(law: &Law, entity: u32, name: &str) -> Field {
    law::fields(law, entity)
        .into_iter()
        .find(|field| field.names.id == name)
        .unwrap()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = std::collections::BTreeSet::new();
    let rows = fs::read_dir(root.join("src/rows")).unwrap();
    let files = rows.map(|file| file.unwrap().path());
    for file in files.chain([root.join("src/error.rs")]) {
        let text = fs::read_to_string(file).unwrap();
        let quoted = text
            .split('"')
            .filter(|part| part.len() == 5 && part.starts_with("C01"));
        codes.extend(quoted.map(str::to_owned));
    }
    let pages = fs::read_dir(root.join("../../docs/reference/errors")).unwrap();
    let pages = pages.map(|page| page.unwrap().file_name().into_string().unwrap());
    let pages: std::collections::BTreeSet<_> = pages
        .filter_map(|page| {
            page.strip_suffix(".md")
                .filter(|code| code.starts_with("C01"))
                .map(str::to_owned)
        })
        .collect();
    assert!(codes.len() > 20);
    assert_eq!(codes, pages);
}
