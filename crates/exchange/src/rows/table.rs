//! One file of rows, whatever its format: its columns, and its rows in pieces that any thread can read.

use crate::error::{Error, unreadable};
use crate::rows::{
    arrow_in,
    block::Block,
    csv_in::{self, CsvFile, CsvPiece},
    layout::Layout,
};
use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use arrow_schema::{DataType, Schema, SchemaRef};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    basic::Type as Physical,
    file::metadata::{PageIndexPolicy, ParquetMetaData},
};
use std::{
    collections::VecDeque,
    fmt,
    fs::File,
    io::{BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How many rows of columns are evaluated at once.
const BLOCK_ROWS: usize = 64 << 10;
/// How many rows of a Parquet row group one thread reads at a time: fewer cost more for starting anew, more cost memory.
const PIECE_ROWS: usize = 4 * BLOCK_ROWS;

/// The formats, told by the file's ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.csv`
    Csv,
    /// `.parquet`
    Parquet,
    /// `.arrow`: the Arrow IPC file format.
    Arrow,
}

impl Format {
    /// The format of a file.
    ///
    /// # Errors
    ///
    /// `C0103` when its ending is none of the three.
    pub fn of(path: &Path) -> Result<Format, Error> {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default()
            .to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Ok(Format::Csv),
            "parquet" => Ok(Format::Parquet),
            "arrow" => Ok(Format::Arrow),
            _ => {
                let name = path.display();
                Err(Error::new(
                    "C0103",
                    format!("{name} 的文件类型不认识；请使用 .csv、.parquet 或 .arrow 文件"),
                    format!(
                        "{name} is of no known kind; use a file ending in .csv, .parquet or .arrow"
                    ),
                ))
            }
        }
    }
}

/// An open file.
pub(crate) struct Table {
    pub(crate) path: PathBuf,
    pub(crate) names: Vec<String>,
    kind: Kind,
}

enum Kind {
    Csv(CsvFile),
    Parquet(ArrowReaderMetadata),
    Arrow(SchemaRef),
}

/// Part of a file; a file's pieces in order are its rows in order.
pub(crate) enum Piece {
    Csv(CsvPiece),
    Parquet {
        group: usize,
        offset: usize,
        rows: usize,
    },
    Arrow(RecordBatch),
}

pub(crate) type Pieces = Box<dyn Iterator<Item = Result<Piece, Error>> + Send>;

impl Table {
    /// Reads the file's heading and nothing more.
    pub(crate) fn open(path: &Path) -> Result<Table, Error> {
        let (kind, names) = match Format::of(path)? {
            Format::Csv => {
                let (file, names) = CsvFile::open(path)?;
                (Kind::Csv(file), names)
            }
            Format::Parquet => {
                let metadata = parquet_metadata(path)?;
                let names = names_of(metadata.schema());
                (Kind::Parquet(metadata), names)
            }
            Format::Arrow => {
                let schema = arrow_file(path, None)?.schema();
                let names = names_of(&schema);
                (Kind::Arrow(schema), names)
            }
        };
        Ok(Table {
            path: path.to_owned(),
            names,
            kind,
        })
    }

    /// The file's name, for messages.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// How many rows there are, where the format says so beforehand.
    pub(crate) fn rows(&self) -> Option<u64> {
        match &self.kind {
            Kind::Parquet(metadata) => {
                u64::try_from(metadata.metadata().file_metadata().num_rows()).ok()
            }
            Kind::Csv(_) | Kind::Arrow(_) => None,
        }
    }

    /// About how many rows there are, where the format does not say: as many lines as a piece of its middle lets expect.
    pub(crate) fn about(&self) -> Option<u64> {
        const PIECE: u64 = 64 * 1024;
        if !matches!(self.kind, Kind::Csv(_)) {
            return None;
        }
        let mut file = File::open(&self.path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut piece = Vec::new();
        let start = length.saturating_sub(PIECE) / 2;
        file.seek(SeekFrom::Start(start)).ok()?;
        file.take(PIECE).read_to_end(&mut piece).ok()?;
        let lines = memchr::memchr_iter(b'\n', &piece).count();
        // The heading is no row.
        let about = u128::from(length) * lines as u128 / (piece.len().max(1)) as u128;
        u64::try_from(about.saturating_sub(1)).ok()
    }

    /// Refuses columns whose kind cannot hold what the layout wants of them.
    pub(crate) fn accept(&self, layout: &Layout) -> Result<(), Error> {
        let schema = match &self.kind {
            Kind::Csv(_) => return Ok(()),
            Kind::Parquet(metadata) => metadata.schema(),
            Kind::Arrow(schema) => schema,
        };
        for chosen in &layout.chosen {
            arrow_in::accept(&self.name(), chosen, schema.field(chosen.index).data_type())?;
        }
        for index in [layout.key, layout.by].into_iter().flatten() {
            arrow_in::accept_carried(
                &self.name(),
                &self.names[index],
                schema.field(index).data_type(),
            )?;
        }
        Ok(())
    }

    /// Prepares the file for a run with this layout: its columns are held as they can be read fastest.
    pub(crate) fn prepare(&mut self, layout: &Layout) -> Result<(), Error> {
        if let Kind::Parquet(metadata) = &self.kind {
            let schema = readable_schema(metadata, layout);
            let options = ArrowReaderOptions::new().with_schema(schema);
            let prepared = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options);
            self.kind = Kind::Parquet(prepared.map_err(|error| unreadable(&self.path, &error))?);
        }
        Ok(())
    }

    /// The file's pieces, in order.
    pub(crate) fn pieces(&self, layout: &Layout) -> Result<Pieces, Error> {
        match &self.kind {
            Kind::Csv(file) => Ok(Box::new(
                file.pieces(&self.path)?.map(|piece| piece.map(Piece::Csv)),
            )),
            Kind::Parquet(metadata) => Ok(Box::new(
                parquet_pieces(metadata.metadata()).into_iter().map(Ok),
            )),
            Kind::Arrow(_) => {
                let path = self.path.clone();
                let batches = arrow_file(&path, Some(layout.read()))?;
                let pieces = batches.flat_map(move |batch| match batch {
                    Ok(batch) => cut_batch(&batch).map(Ok).collect::<Vec<_>>(),
                    Err(error) => vec![Err(unreadable(&path, &error))],
                });
                Ok(Box::new(pieces))
            }
        }
    }

    /// Reads a piece, some blocks.
    pub(crate) fn blocks(
        &self,
        piece: &Piece,
        layout: &Layout,
        mut each: impl FnMut(Block) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match piece {
            Piece::Csv(piece) => each(csv_in::read(&self.path, piece, layout)?),
            Piece::Arrow(batch) => each(self.block(batch, layout)?),
            Piece::Parquet {
                group,
                offset,
                rows,
            } => {
                let damaged = |error: &dyn fmt::Display| unreadable(&self.path, error);
                let Kind::Parquet(metadata) = &self.kind else {
                    unreachable!("pieces are read from the file they were cut from")
                };
                // Opened anew, because clones of a file share their position and pieces are read at the same time.
                let file = File::open(&self.path).map_err(|error| damaged(&error))?;
                let mask = ProjectionMask::roots(metadata.parquet_schema(), layout.read());
                let batches =
                    ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
                        .with_projection(mask)
                        .with_row_groups(vec![*group])
                        .with_offset(*offset)
                        .with_limit(*rows)
                        .with_batch_size(BLOCK_ROWS)
                        .build()
                        .map_err(|error| damaged(&error))?;
                for batch in batches {
                    each(self.block(&batch.map_err(|error| damaged(&error))?, layout)?)?;
                }
                Ok(())
            }
        }
    }

    fn block(&self, batch: &RecordBatch, layout: &Layout) -> Result<Block, Error> {
        let read = layout.read();
        arrow_in::read(
            &self.path,
            batch,
            |index| read.binary_search(&index).unwrap_or_default(),
            layout,
        )
    }
}

fn names_of(schema: &Schema) -> Vec<String> {
    schema
        .fields()
        .iter()
        .map(|field| field.name().trim().to_owned())
        .collect()
}

fn parquet_metadata(path: &Path) -> Result<ArrowReaderMetadata, Error> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    // Page offsets let a thread begin in the middle of a row group without reading what is before.
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    ArrowReaderMetadata::load(&file, options).map_err(|error| unreadable(path, &error))
}

fn parquet_pieces(metadata: &Arc<ParquetMetaData>) -> VecDeque<Piece> {
    let mut pieces = VecDeque::new();
    for (group, meta) in metadata.row_groups().iter().enumerate() {
        let all = usize::try_from(meta.num_rows()).unwrap_or(0);
        for offset in (0..all).step_by(PIECE_ROWS) {
            let rows = PIECE_ROWS.min(all - offset);
            pieces.push_back(Piece::Parquet {
                group,
                offset,
                rows,
            });
        }
    }
    pieces
}

/// Asks for decimals in eight bytes where the file has them so, and for dictionaries where only few texts can be right.
fn readable_schema(metadata: &ArrowReaderMetadata, layout: &Layout) -> SchemaRef {
    let physical = metadata.parquet_schema();
    let fields = metadata
        .schema()
        .fields()
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let Some(chosen) = layout.chosen.iter().find(|chosen| chosen.index == index) else {
                return field.as_ref().clone();
            };
            let column = (0..physical.num_columns())
                .find(|leaf| physical.get_column_root_idx(*leaf) == index);
            let stored = column.map(|leaf| physical.column(leaf).physical_type());
            let kind = match (field.data_type(), stored) {
                (DataType::Decimal128(p, s), Some(Physical::INT32 | Physical::INT64)) => {
                    DataType::Decimal64(*p, *s)
                }
                (DataType::Utf8, _)
                    if matches!(chosen.shape, crate::rows::cell::Shape::Member(_)) =>
                {
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
                }
                (kind, _) => kind.clone(),
            };
            field.as_ref().clone().with_data_type(kind)
        });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn arrow_file(
    path: &Path,
    columns: Option<Vec<usize>>,
) -> Result<FileReader<BufReader<File>>, Error> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    FileReader::try_new_buffered(file, columns).map_err(|error| unreadable(path, &error))
}

fn cut_batch(batch: &RecordBatch) -> impl Iterator<Item = Piece> {
    let starts = (0..batch.num_rows()).step_by(BLOCK_ROWS);
    starts.map(|start| Piece::Arrow(batch.slice(start, BLOCK_ROWS.min(batch.num_rows() - start))))
}
