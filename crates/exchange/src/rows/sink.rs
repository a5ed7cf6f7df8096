//! The file of results: what its columns are, how a block is printed for it, how it is written in order.

use crate::error::{Error, unwritable};
use crate::rows::{
    block::Block,
    cell::Shape,
    ordered::{Ordered, ordered},
    results::ResultColumn,
    source::Source,
    table::Format,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int64Array, PrimitiveArray,
    RecordBatch, StringArray, UInt16Array,
    types::{Date32Type, Decimal64Type},
};
use arrow_buffer::NullBuffer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::{
    arrow::{
        ArrowSchemaConverter,
        arrow_writer::{
            ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
        },
    },
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
    schema::types::ColumnPath,
};
use rules::{
    columns::{Field as Asked, Slot},
    law::{Law, Type},
};
use std::{
    collections::VecDeque,
    fmt,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread::Scope,
};

/// How many rows a row group of Parquet has, or a few more.
const GROUP_ROWS: usize = 1 << 20;

/// Where results go, and in which columns.
pub struct Sink {
    pub(crate) path: PathBuf,
    format: Format,
    key: Option<String>,
    by: Option<String>,
    pub(crate) outputs: Vec<Output>,
    schema: SchemaRef,
}

/// One column of results.
pub(crate) struct Output {
    pub(crate) slot: Slot,
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

/// A block as the sink takes it.
pub(crate) enum Printed {
    Text(Vec<u8>),
    Rows(RecordBatch),
}

impl Sink {
    /// A file with the key, the group (both named as in the source) and the rules asked for, by their English names.
    ///
    /// # Errors
    ///
    /// `C0103` for an unknown ending; `C0114` when nothing is asked for, a text is, or the file is one of the source's.
    pub fn new(law: &Law, path: &Path, asked: &[Asked], source: &Source) -> Result<Sink, Error> {
        let outputs = asked.iter().map(|field| Output {
            slot: field.slot,
            name: field.names.id.clone(),
            shape: Shape::new(law, field.ty),
        });
        if asked.is_empty() {
            return Err(unasked(
                "没有要计算的项目；请至少指定一条规则",
                "nothing is asked for; name at least one rule",
            ));
        }
        if let Some(text) = asked.iter().find(|field| field.ty == Type::Text) {
            let name = &text.names.id;
            return Err(unasked(
                &format!("{name} 的结果是文字，不能写入结果文件；请去掉它"),
                &format!("{name} is a text and cannot be a column of results; leave it out"),
            ));
        }
        Sink::with(path, outputs.collect(), source)
    }

    /// A file with the first columns of the source, for [`copy`](crate::rows::copy).
    ///
    /// # Errors
    ///
    /// As [`Sink::new`].
    pub fn copying(path: &Path, source: &Source, columns: usize) -> Result<Sink, Error> {
        let chosen = source
            .layout
            .chosen
            .iter()
            .filter(|chosen| !matches!(chosen.shape, Shape::Text));
        let outputs = chosen.take(columns).map(|chosen| Output {
            slot: chosen.slot,
            name: chosen.name.clone(),
            shape: if chosen.fen {
                Shape::Money
            } else {
                chosen.shape.clone()
            },
        });
        Sink::with(path, outputs.collect(), source)
    }

    fn with(path: &Path, outputs: Vec<Output>, source: &Source) -> Result<Sink, Error> {
        let format = Format::of(path)?;
        let same = |input: &Path| {
            fs::canonicalize(path)
                .is_ok_and(|out| fs::canonicalize(input).is_ok_and(|input| input == out))
        };
        if let Some(input) = source.paths().find(|input| same(input)) {
            let name = input.display();
            return Err(unasked(
                &format!("结果文件就是输入文件 {name}；请另取文件名"),
                &format!(
                    "the results would overwrite their own input {name}; give them another name"
                ),
            ));
        }
        let name = |index: Option<usize>| index.map(|index| source.main.names[index].clone());
        let (key, by) = (name(source.layout.key), name(source.layout.by));
        let carried = key
            .iter()
            .chain(&by)
            .map(|name| Field::new(name, DataType::Utf8, true));
        let computed = outputs
            .iter()
            .map(|output| Field::new(&output.name, data_type(&output.shape), true));
        let schema = Arc::new(Schema::new(carried.chain(computed).collect::<Vec<_>>()));
        Ok(Sink {
            path: path.to_owned(),
            format,
            key,
            by,
            outputs,
            schema,
        })
    }

    /// Whether its columns have types that hold eighteen digits at most.
    pub(crate) fn is_typed(&self) -> bool {
        self.format != Format::Csv
    }

    /// Prints a block of results.
    pub(crate) fn print(&self, block: &Block, columns: Vec<ResultColumn>) -> Printed {
        match self.format {
            Format::Csv => Printed::Text(self.print_text(block, &columns)),
            Format::Parquet | Format::Arrow => Printed::Rows(self.print_rows(block, columns)),
        }
    }

    /// A block without rows.
    pub(crate) fn nothing(&self) -> Printed {
        Printed::Text(Vec::new())
    }

    /// Writes all blocks in order. The file has its name only when it is whole.
    pub(crate) fn write<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        blocks: impl Iterator<Item = Result<Printed, Error>> + Send + 'scope,
        threads: usize,
    ) -> Result<(), Error> {
        let part = self.part();
        let file = File::create(&part).map_err(|error| self.failed(&error))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        match self.format {
            Format::Csv => self.write_text(file, blocks)?,
            Format::Arrow => self.write_arrow(file, blocks)?,
            Format::Parquet => self.write_parquet(scope, file, blocks, threads)?,
        }
        fs::rename(&part, &self.path).map_err(|error| self.failed(&error))
    }

    /// Removes what a run that failed has written.
    pub(crate) fn abandon(&self) {
        // It may never have been created.
        let _ = fs::remove_file(self.part());
    }

    fn part(&self) -> PathBuf {
        let mut part = self.path.clone().into_os_string();
        part.push(".part");
        part.into()
    }

    fn failed(&self, error: &dyn fmt::Display) -> Error {
        unwritable(&self.path, error)
    }

    fn print_text(&self, block: &Block, columns: &[ResultColumn]) -> Vec<u8> {
        let carried: Vec<&StringArray> = block.key.iter().chain(&block.by).collect();
        let mut out =
            Vec::with_capacity(block.rows * (12 * columns.len() + 20 * carried.len() + 1));
        for row in 0..block.rows {
            let mut first = true;
            let mut comma = |out: &mut Vec<u8>| match std::mem::take(&mut first) {
                true => {}
                false => out.push(b','),
            };
            for texts in &carried {
                comma(&mut out);
                if !texts.is_null(row) {
                    print_quoted(texts.value(row), &mut out);
                }
            }
            for (column, output) in columns.iter().zip(&self.outputs) {
                comma(&mut out);
                if !column.null.as_ref().is_some_and(|null| null[row]) {
                    output.shape.print(column.values[row], &mut out);
                }
            }
            out.push(b'\n');
        }
        out
    }

    fn print_rows(&self, block: &Block, columns: Vec<ResultColumn>) -> RecordBatch {
        let carried = block
            .key
            .iter()
            .chain(&block.by)
            .map(|texts| Arc::new(texts.clone()) as ArrayRef);
        let computed = columns
            .into_iter()
            .zip(&self.outputs)
            .map(|(column, output)| array(&output.shape, column));
        RecordBatch::try_new(self.schema.clone(), carried.chain(computed).collect())
            .expect("the arrays are made after the schema")
    }

    fn write_text(
        &self,
        mut file: impl Write,
        blocks: impl Iterator<Item = Result<Printed, Error>>,
    ) -> Result<(), Error> {
        let names = self
            .key
            .iter()
            .chain(&self.by)
            .chain(self.outputs.iter().map(|output| &output.name));
        let mut heading = Vec::new();
        for (index, name) in names.enumerate() {
            if index > 0 {
                heading.push(b',');
            }
            print_quoted(name, &mut heading);
        }
        heading.push(b'\n');
        file.write_all(&heading)
            .map_err(|error| self.failed(&error))?;
        for block in blocks {
            if let Printed::Text(text) = block? {
                file.write_all(&text).map_err(|error| self.failed(&error))?;
            }
        }
        file.flush().map_err(|error| self.failed(&error))
    }

    fn write_arrow(
        &self,
        file: BufWriter<File>,
        blocks: impl Iterator<Item = Result<Printed, Error>>,
    ) -> Result<(), Error> {
        let mut writer =
            FileWriter::try_new(file, &self.schema).map_err(|error| self.failed(&error))?;
        for block in blocks {
            if let Printed::Rows(rows) = block? {
                writer.write(&rows).map_err(|error| self.failed(&error))?;
            }
        }
        writer.finish().map_err(|error| self.failed(&error))
    }

    /// Each column of each row group is a task of its own, so that all threads encode and little waits in memory.
    fn write_parquet<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        file: BufWriter<File>,
        blocks: impl Iterator<Item = Result<Printed, Error>> + Send + 'scope,
        threads: usize,
    ) -> Result<(), Error> {
        let properties = Arc::new(self.properties());
        let parquet = ArrowSchemaConverter::new()
            .convert(&self.schema)
            .map_err(|error| self.failed(&error))?;
        let mut writer = SerializedFileWriter::new(file, parquet.root_schema_ptr(), properties)
            .map_err(|error| self.failed(&error))?;
        let tasks = Columns {
            sink: self,
            factory: ArrowRowGroupWriterFactory::new(&writer, self.schema.clone()),
            blocks,
            group: 0,
            ready: VecDeque::new(),
            ended: false,
        };
        let threads = threads.min(self.schema.fields().len());
        let mut chunks: Ordered<Result<ArrowColumnChunk, Error>> =
            ordered(scope, threads, tasks, || {
                |task: Result<ColumnTask, Error>| {
                    task?.encode().map_err(|error| self.failed(&error))
                }
            });
        while let Some(first) = chunks.next() {
            let mut group = writer
                .next_row_group()
                .map_err(|error| self.failed(&error))?;
            let mut next = Some(first);
            for _ in 0..self.schema.fields().len() {
                let chunk = match next.take().or_else(|| chunks.next()) {
                    Some(chunk) => chunk?,
                    None => break,
                };
                chunk
                    .append_to_row_group(&mut group)
                    .map_err(|error| self.failed(&error))?;
            }
            group.close().map_err(|error| self.failed(&error))?;
        }
        writer
            .close()
            .map(|_| ())
            .map_err(|error| self.failed(&error))
    }

    fn properties(&self) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("renshe ", env!("CARGO_PKG_VERSION")).to_owned());
        if let Some(key) = &self.key {
            // Every key is another one: a dictionary would only be built and thrown away.
            properties =
                properties.set_column_dictionary_enabled(ColumnPath::from(key.as_str()), false);
        }
        properties.build()
    }
}

/// One column of one row group.
struct ColumnTask {
    writer: ArrowColumnWriter,
    field: Arc<Field>,
    arrays: Vec<ArrayRef>,
}

impl ColumnTask {
    fn encode(mut self) -> Result<ArrowColumnChunk, ParquetError> {
        for array in self.arrays.drain(..) {
            for leaf in compute_leaves(&self.field, &array)? {
                self.writer.write(&leaf)?;
            }
        }
        self.writer.close()
    }
}

/// Gathers blocks into row groups and takes these apart into columns.
struct Columns<'a, B> {
    sink: &'a Sink,
    factory: ArrowRowGroupWriterFactory,
    blocks: B,
    group: usize,
    ready: VecDeque<ColumnTask>,
    ended: bool,
}

impl<B: Iterator<Item = Result<Printed, Error>>> Columns<'_, B> {
    fn gather(&mut self) -> Result<(), Error> {
        let fields = self.sink.schema.fields();
        let mut arrays: Vec<Vec<ArrayRef>> = vec![Vec::new(); fields.len()];
        let mut rows = 0;
        while rows < GROUP_ROWS {
            let Some(block) = self.blocks.next() else {
                self.ended = true;
                break;
            };
            if let Printed::Rows(batch) = block? {
                rows += batch.num_rows();
                arrays
                    .iter_mut()
                    .zip(batch.columns())
                    .for_each(|(list, array)| list.push(array.clone()));
            }
        }
        if rows == 0 {
            return Ok(());
        }
        let writers = self
            .factory
            .create_column_writers(self.group)
            .map_err(|error| self.sink.failed(&error))?;
        self.group += 1;
        let columns = writers.into_iter().zip(arrays).zip(fields.iter().cloned());
        self.ready
            .extend(columns.map(|((writer, arrays), field)| ColumnTask {
                writer,
                field,
                arrays,
            }));
        Ok(())
    }
}

impl<B: Iterator<Item = Result<Printed, Error>>> Iterator for Columns<'_, B> {
    type Item = Result<ColumnTask, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            if let Err(error) = self.gather() {
                self.ended = true;
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

fn data_type(shape: &Shape) -> DataType {
    match shape {
        Shape::Money => DataType::Decimal64(18, 2),
        Shape::Rate => DataType::Decimal64(18, 6),
        Shape::Fixed(0) => DataType::Int64,
        Shape::Fixed(decimals) => DataType::Decimal64(18, decimals.cast_signed()),
        Shape::Bool => DataType::Boolean,
        Shape::Length | Shape::Year => DataType::Int32,
        Shape::Date(_) | Shape::Month(_) => DataType::Date32,
        Shape::Member(_) => {
            DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8))
        }
        Shape::Text => DataType::Utf8,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the engine's results fit their type; a null's number stands for nothing"
)]
fn array(shape: &Shape, column: ResultColumn) -> ArrayRef {
    let ResultColumn { values, null } = column;
    let nulls = null.map(|null| null.iter().map(|null| !null).collect::<NullBuffer>());
    let short = |each: &dyn Fn(i32) -> i32| {
        values
            .iter()
            .map(|value| each(*value as i32))
            .collect::<Vec<i32>>()
    };
    match (shape, data_type(shape)) {
        (_, DataType::Decimal64(precision, scale)) => {
            let numbers = PrimitiveArray::<Decimal64Type>::new(values.into(), nulls);
            Arc::new(
                numbers
                    .with_precision_and_scale(precision, scale)
                    .expect("types of the law have 0 to 12 decimals"),
            )
        }
        (_, DataType::Int64) => Arc::new(Int64Array::new(values.into(), nulls)),
        (Shape::Bool, _) => Arc::new(BooleanArray::new(
            values.iter().map(|value| *value == 1).collect(),
            nulls,
        )),
        (Shape::Date(_), _) => Arc::new(PrimitiveArray::<Date32Type>::new(
            short(&|day| day).into(),
            nulls,
        )),
        (Shape::Month(calendar), _) => {
            // A null's number is no month; it stands for nothing and is never written.
            let days = short(&|month| calendar.first_day(month).unwrap_or(0));
            Arc::new(PrimitiveArray::<Date32Type>::new(days.into(), nulls))
        }
        (Shape::Member(members), _) => {
            let keys = UInt16Array::new(values.iter().map(|value| *value as u16).collect(), nulls);
            let names: ArrayRef = Arc::new(StringArray::from_iter_values(&members.ids));
            Arc::new(DictionaryArray::new(keys, names))
        }
        _ => Arc::new(Int32Array::new(short(&|number| number).into(), nulls)),
    }
}

fn print_quoted(text: &str, out: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.bytes().any(special) {
        out.extend(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

fn unasked(zh: &str, en: &str) -> Error {
    Error::new("C0114", zh.to_owned(), en.to_owned())
}
