//! The file that says what was refused and why, beside the results.

use crate::error::{Error, Said, unwritable};
use crate::harmless::harmless;
use std::{
    fmt,
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

/// One line of it.
pub(crate) struct Line {
    /// Within the block; `None` for what belongs to no row.
    pub(crate) row: Option<usize>,
    pub(crate) line: Option<u64>,
    pub(crate) key: String,
    /// The column, rule or relation.
    pub(crate) column: String,
    pub(crate) said: Said,
}

/// The side file, created with its first line.
pub(crate) struct SideFile {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
}

impl SideFile {
    /// Beside `out.parquet` stands `out.refused.csv`; one that an earlier run left is removed.
    pub(crate) fn new(out: &Path) -> Result<SideFile, Error> {
        let path = out.with_extension("refused.csv");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(unwritable(&path, &error))
            }
            _ => Ok(SideFile { path, writer: None }),
        }
    }

    /// Adds a line; `base` is how many rows stood before its block.
    pub(crate) fn write(&mut self, base: u64, line: &Line) -> Result<(), Error> {
        let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
        let row = number(line.row.map(|row| base + row as u64 + 1));
        let place = number(line.line);
        let cells = [
            row.as_str(),
            &line.key,
            &line.column,
            &line.said.code,
            &place,
            &line.said.zh,
            &line.said.en,
        ];
        let cells = cells.map(harmless);
        let path = self.path.clone();
        self.writer()?
            .write_record(cells)
            .map_err(|error| unwritable(&path, &error))
    }

    /// Ends the file; `None` when nothing was refused.
    pub(crate) fn finish(self) -> Result<Option<PathBuf>, Error> {
        let Some(mut writer) = self.writer else {
            return Ok(None);
        };
        match writer.flush() {
            Ok(()) => Ok(Some(self.path)),
            Err(error) => Err(unwritable(&self.path, &error)),
        }
    }

    fn writer(&mut self) -> Result<&mut csv::Writer<BufWriter<File>>, Error> {
        if self.writer.is_none() {
            let failed = |error: &dyn fmt::Display| unwritable(&self.path, error);
            let file = File::create(&self.path).map_err(|error| failed(&error))?;
            let mut writer = csv::Writer::from_writer(BufWriter::new(file));
            let heading = ["row", "key", "column", "code", "line", "理由", "reason"];
            writer
                .write_record(heading)
                .map_err(|error| failed(&error))?;
            self.writer = Some(writer);
        }
        match &mut self.writer {
            Some(writer) => Ok(writer),
            None => unreachable!("just opened"),
        }
    }
}
