//! Rows that were moved out of a database, in a Parquet file that anybody can read.
//!
//! Columns of whole numbers under their names, compressed with Zstandard; amounts are in fen. Rows lie in groups, each of one
//! chunk of the run that made them, so that a person is found by reading one group. Under which number of a chunk a group
//! stands says the file itself.

use crate::error::{Error, unreadable, unwritable};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Schema};
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    basic::{Compression, ZstdLevel},
    file::{metadata::KeyValue, properties::WriterProperties},
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Under this key the file says which chunk each group is.
const CHUNKS: &str = "renshe.chunks";

/// A column of whole numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The numbers; 0 where there is none.
    pub values: Vec<i64>,
    /// Where there is none; empty when there is one in every row.
    pub missing: Vec<bool>,
}

impl Column {
    /// Adds a number, or that there is none.
    pub fn push(&mut self, value: Option<i64>) {
        if value.is_none() || !self.missing.is_empty() {
            self.missing.resize(self.values.len(), false);
            self.missing.push(value.is_none());
        }
        self.values.push(value.unwrap_or(0));
    }

    /// The number in a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        let missing = self.missing.get(row).copied().unwrap_or(false);
        self.values.get(row).copied().filter(|_| !missing)
    }

    fn array(&self) -> ArrayRef {
        let present = (!self.missing.is_empty()).then(|| {
            let present = self.missing.iter().map(|missing| !missing);
            NullBuffer::new(BooleanBuffer::from_iter(present))
        });
        let values = ScalarBuffer::from(self.values.clone());
        Arc::new(Int64Array::new(values, present))
    }
}

/// Writes a file, group by group.
pub struct Writer {
    path: PathBuf,
    part: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    chunks: Vec<String>,
}

impl Writer {
    /// Begins a file with these columns. It has `.part` at the end of its name until it is whole.
    ///
    /// # Errors
    ///
    /// `C0102` when it cannot be written.
    pub fn create(path: &Path, columns: &[&str]) -> Result<Writer, Error> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let fields: Vec<Field> = columns
            .iter()
            .map(|name| Field::new(*name, DataType::Int64, true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("renshe ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let file = File::create(&part).map_err(|error| unwritable(path, &error))?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))
            .map_err(|error| unwritable(path, &error))?;
        Ok(Writer {
            path: path.to_owned(),
            part,
            schema,
            writer,
            chunks: Vec::new(),
        })
    }

    /// Adds the rows of a chunk; of none there is no group.
    ///
    /// # Errors
    ///
    /// `C0102` when they cannot be written.
    pub fn group(&mut self, chunk: i64, columns: &[Column]) -> Result<(), Error> {
        if columns.iter().all(|column| column.values.is_empty()) {
            return Ok(());
        }
        let arrays = columns.iter().map(Column::array).collect();
        let failed = |error: &dyn std::fmt::Display| unwritable(&self.path, error);
        let batch =
            RecordBatch::try_new(self.schema.clone(), arrays).map_err(|error| failed(&error))?;
        self.writer.write(&batch).map_err(|error| failed(&error))?;
        self.writer.flush().map_err(|error| failed(&error))?;
        self.chunks.push(chunk.to_string());
        Ok(())
    }

    /// Ends the file: it is on the disk, may only be read, and has its name.
    ///
    /// # Errors
    ///
    /// `C0102` when it cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        let path = self.path;
        let failed = |error: &dyn std::fmt::Display| unwritable(&path, error);
        let chunks = KeyValue::new(CHUNKS.to_owned(), self.chunks.join(","));
        self.writer.append_key_value_metadata(chunks);
        let file = self.writer.into_inner().map_err(|error| failed(&error))?;
        file.sync_all().map_err(|error| failed(&error))?;
        let mut permissions = file
            .metadata()
            .map_err(|error| failed(&error))?
            .permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&self.part, permissions).map_err(|error| failed(&error))?;
        fs::rename(&self.part, &path).map_err(|error| failed(&error))
    }
}

/// Reads a file, group by group.
pub struct Reader {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    chunks: Vec<i64>,
    columns: usize,
}

impl Reader {
    /// Opens a file that has these columns.
    ///
    /// # Errors
    ///
    /// `C0101` when it cannot be opened, `C0112` when it is damaged or another file.
    pub fn open(path: &Path, columns: &[&str]) -> Result<Reader, Error> {
        let damaged = |error: &dyn std::fmt::Display| unreadable(path, error);
        let file = File::open(path).map_err(|error| damaged(&error))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| damaged(&error))?;
        let names: Vec<&str> = metadata
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        if names != columns {
            return Err(damaged(&"other columns"));
        }
        let said = metadata.metadata().file_metadata().key_value_metadata();
        let said = said.and_then(|all| all.iter().find(|one| one.key == CHUNKS));
        let said = said.and_then(|one| one.value.as_deref()).unwrap_or("");
        let chunks: Option<Vec<i64>> = said
            .split(',')
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().ok())
            .collect();
        let groups = metadata.metadata().num_row_groups();
        match chunks {
            Some(chunks) if chunks.len() == groups => Ok(Reader {
                path: path.to_owned(),
                metadata,
                chunks,
                columns: columns.len(),
            }),
            _ => Err(damaged(&"it does not say which chunks it has")),
        }
    }

    /// The rows of a chunk, column by column; none when the file has no such group.
    ///
    /// # Errors
    ///
    /// `C0101`, `C0112`.
    pub fn chunk(&self, chunk: i64) -> Result<Vec<Column>, Error> {
        let mut columns = vec![Column::default(); self.columns];
        let Some(group) = self.chunks.iter().position(|number| *number == chunk) else {
            return Ok(columns);
        };
        let damaged = |error: &dyn std::fmt::Display| unreadable(&self.path, error);
        let file = File::open(&self.path).map_err(|error| damaged(&error))?;
        let metadata = self.metadata.clone();
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_row_groups(vec![group])
            .with_batch_size(8_192)
            .build()
            .map_err(|error| damaged(&error))?;
        for batch in batches {
            let batch = batch.map_err(|error| damaged(&error))?;
            for (column, array) in columns.iter_mut().zip(batch.columns()) {
                let Some(numbers) = array.as_any().downcast_ref::<Int64Array>() else {
                    return Err(damaged(&"a column that holds no whole numbers"));
                };
                for row in 0..numbers.len() {
                    column.push(numbers.is_valid(row).then(|| numbers.value(row)));
                }
            }
        }
        Ok(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[Option<i64>]) -> Column {
        let mut column = Column::default();
        values.iter().for_each(|value| column.push(*value));
        column
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let names = ["person", "employer"];
        let first = [column(&[Some(1), Some(2)]), column(&[None, Some(7)])];
        let last = [column(&[Some(i64::MAX)]), column(&[Some(i64::MIN)])];
        let mut writer = Writer::create(&path, &names).unwrap();
        writer.group(0, &first).unwrap();
        writer
            .group(1, &[Column::default(), Column::default()])
            .unwrap();
        writer.group(2, &last).unwrap();
        assert!(!path.exists());
        writer.finish().unwrap();
        assert!(fs::metadata(&path).unwrap().permissions().readonly());

        let reader = Reader::open(&path, &names).unwrap();
        let read = |chunk| {
            let columns = reader.chunk(chunk).unwrap();
            let rows = columns[0].values.len();
            (0..rows)
                .map(|row| (columns[0].get(row), columns[1].get(row)))
                .collect::<Vec<_>>()
        };
        assert_eq!(read(0), [(Some(1), None), (Some(2), Some(7))]);
        assert_eq!(read(1), []);
        assert_eq!(read(2), [(Some(i64::MAX), Some(i64::MIN))]);
        let other = Reader::open(&path, &["person", "scheme"]);
        assert_eq!(other.err().unwrap().code(), "C0112");
        let gone = Reader::open(&folder.path().join("none.parquet"), &names);
        assert_eq!(gone.err().unwrap().code(), "C0101");
    }

    #[test]
    fn a_file_that_was_cut_off_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let mut writer = Writer::create(&path, &["person"]).unwrap();
        writer.group(0, &[column(&[Some(1)])]).unwrap();
        writer.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        let cut = folder.path().join("cut.parquet");
        fs::write(&cut, &bytes[..bytes.len() - 9]).unwrap();
        assert_eq!(
            Reader::open(&cut, &["person"]).err().unwrap().code(),
            "C0112"
        );
    }
}
