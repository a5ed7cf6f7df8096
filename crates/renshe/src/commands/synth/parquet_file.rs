//! One table as Parquet. Row groups are encoded by whoever made them, on any thread, and appended in order.

use super::tables::{Cells, Columns};
use arrow_array::types::{Date32Type, Decimal64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Int32Array, Int64Array, PrimitiveArray, StringArray, UInt8Array,
    UInt32Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

/// A file being written.
pub(super) struct ParquetFile {
    writer: SerializedFileWriter<BufWriter<File>>,
    schema: SchemaRef,
}

/// Encodes row groups of one file.
pub(super) struct Encoder {
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
}

/// An encoded row group.
pub(super) type Group = Vec<ArrowColumnChunk>;

impl ParquetFile {
    /// Begins a file of these columns, whose rows it does not write.
    pub(super) fn create(path: &Path, columns: Columns) -> Result<ParquetFile, ParquetError> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("renshe ", env!("CARGO_PKG_VERSION")).to_owned());
        let mut fields = Vec::new();
        for (name, cells) in columns {
            let column = ColumnPath::from(name);
            // Dictionaries are for what comes again; persons ascend, and what names somebody comes once.
            properties = match &cells {
                Cells::Id(_) => properties
                    .set_column_dictionary_enabled(column.clone(), false)
                    .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED),
                Cells::Number(_) => properties.set_column_dictionary_enabled(column, false),
                _ => properties,
            };
            let may_lack = matches!(
                cells,
                Cells::IdOrNone(_)
                    | Cells::CodeOrNone(_)
                    | Cells::DistrictOrNone(_)
                    | Cells::MoneyOrNone(_)
            );
            fields.push(Field::new(name, array(cells).data_type().clone(), may_lack));
        }
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let parquet = ArrowSchemaConverter::new().convert(&schema)?;
        let file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let properties = Arc::new(properties.build());
        let writer = SerializedFileWriter::new(file, parquet.root_schema_ptr(), properties)?;
        Ok(ParquetFile { writer, schema })
    }

    /// What encodes row groups for this file.
    pub(super) fn encoder(&self) -> Encoder {
        Encoder {
            factory: ArrowRowGroupWriterFactory::new(&self.writer, self.schema.clone()),
            schema: self.schema.clone(),
        }
    }

    /// Adds a row group after those before.
    pub(super) fn append(&mut self, chunks: Group) -> Result<(), ParquetError> {
        if chunks.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close().map(|_| ())
    }

    /// Writes what stands at the end.
    pub(super) fn close(self) -> Result<(), ParquetError> {
        self.writer.close().map(|_| ())
    }
}

impl Encoder {
    /// Rows as a row group; nothing when there are none.
    pub(super) fn encode(&self, columns: Columns) -> Result<Group, ParquetError> {
        let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, cells)| array(cells)).collect();
        if arrays.first().is_none_or(Array::is_empty) {
            return Ok(Vec::new());
        }
        // The index is for encryption alone, of which there is none here.
        let writers = self.factory.create_column_writers(0)?;
        let columns = writers.into_iter().zip(self.schema.fields()).zip(arrays);
        columns
            .map(|((mut writer, field), array)| {
                for leaf in compute_leaves(field, &array)? {
                    writer.write(&leaf)?;
                }
                writer.close()
            })
            .collect()
    }
}

fn array(cells: Cells) -> ArrayRef {
    match cells {
        Cells::Id(values) => Arc::new(Int64Array::from(values)),
        Cells::IdOrNone(values) => {
            let known = known(values.iter().map(|value| *value != 0));
            Arc::new(Int64Array::new(values.into(), Some(known)))
        }
        Cells::Code(values) => Arc::new(UInt8Array::from(values)),
        Cells::CodeOrNone(values) => {
            let known = known(values.iter().map(|value| *value != 0));
            Arc::new(UInt8Array::new(values.into(), Some(known)))
        }
        Cells::District(values) => Arc::new(Int32Array::from(values)),
        Cells::DistrictOrNone(values) => {
            let known = known(values.iter().map(|value| *value != 0));
            Arc::new(Int32Array::new(values.into(), Some(known)))
        }
        Cells::Day(values) => Arc::new(PrimitiveArray::<Date32Type>::new(values.into(), None)),
        Cells::MoneyOrNone(values) => {
            let known = known(values.iter().map(|value| *value != 0));
            let fen = PrimitiveArray::<Decimal64Type>::new(values.into(), Some(known));
            let yuan = fen.with_precision_and_scale(18, 2);
            Arc::new(yuan.expect("eighteen digits, two of them decimals"))
        }
        Cells::Count(values) => Arc::new(UInt32Array::from(values)),
        Cells::Yes(values) => Arc::new(BooleanArray::from(values)),
        Cells::Text(texts) => Arc::new(StringArray::from_iter_values(texts.iter())),
        Cells::Number(numbers) => {
            let numbers = numbers.iter().map(|number| std::str::from_utf8(number));
            let numbers = numbers.map(|number| number.expect("digits and capital letters"));
            Arc::new(StringArray::from_iter_values(numbers))
        }
    }
}

fn known(values: impl Iterator<Item = bool>) -> NullBuffer {
    values.collect()
}
