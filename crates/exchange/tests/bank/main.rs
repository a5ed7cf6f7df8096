//! Receipts from banks: good files, wrong ones, hostile ones, and other people's.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod camt;
mod csv;
mod pages;
mod property;
mod strangers;
mod writer;

use exchange::{
    Error, Fault, Faults,
    bank::{self, Direction, Receipt, Summary},
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// What became of a file.
#[derive(Debug)]
struct Read {
    receipts: Vec<Receipt>,
    faults: Vec<Fault>,
    summary: Summary,
}

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<Read, Error> {
        fs::write(self.path(name), bytes).unwrap();
        let mut faults = Faults::keeping(100);
        let mut receipts = Vec::new();
        let summary = bank::read(&self.path(name), name, &mut faults, |receipt| {
            receipts.push(receipt);
            Ok::<(), Error>(())
        })?;
        Ok(Read {
            receipts,
            faults: faults.kept().to_vec(),
            summary,
        })
    }

    /// The code a file is refused with as a whole, or those of its entries.
    fn codes(&self, name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
        match self.read(name, bytes) {
            Err(error) => vec![error.code().to_owned()],
            Ok(read) => read
                .faults
                .iter()
                .map(|fault| format!("{} {}", fault.row, fault.code))
                .collect(),
        }
    }
}

/// A receipt as a test may compare it.
fn line(receipt: &Receipt) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
    let way = match receipt.direction {
        Direction::In => "in",
        Direction::Out => "out",
    };
    format!(
        "{} {} {} {} {way}{} {} {} {} {} {}",
        receipt.key,
        receipt.booked,
        receipt.value_day,
        receipt.amount,
        if receipt.reversal { " reversal" } else { "" },
        word(&receipt.payer),
        word(&receipt.payer_account),
        word(&receipt.remittance),
        word(&receipt.structured),
        word(&receipt.end_to_end),
    )
}
