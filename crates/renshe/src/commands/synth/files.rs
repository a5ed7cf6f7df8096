//! A folder with a file for each table. A file has its name only when all of them are whole.

use super::Destination;
use super::csv_file::{self, CsvFile, Days};
use super::parquet_file::{self, Encoder, ParquetFile};
use super::pour::Rows;
use super::tables::{CHANGES, TABLES, empty, tables};
use crate::arguments::Files;
use crate::output::Failure;
use rules::explain::Lang;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder that is written.
pub(super) struct Folder {
    files: Vec<Written>,
    paths: Vec<PathBuf>,
    encoders: Arc<Encoders>,
    lang: Lang,
}

enum Written {
    Parquet(Box<ParquetFile>),
    Csv(CsvFile),
}

/// What turns rows into the bytes of a file.
enum Encoders {
    Parquet(Vec<Encoder>),
    Csv(Days),
}

/// A table's rows as a file takes them, with the table's place.
pub(super) enum Encoded {
    Parquet(usize, parquet_file::Group),
    Csv(usize, Vec<u8>),
}

impl Folder {
    /// Makes the folder, if need be, and begins its files, of changes only `with_changes`.
    pub(super) fn create(
        path: &Path,
        format: Files,
        with_changes: bool,
        lang: Lang,
    ) -> Result<Folder, Failure> {
        fs::create_dir_all(path).map_err(|error| unwritable(path, &error, lang))?;
        let count = if with_changes { TABLES.len() } else { CHANGES };
        let ending = match format {
            Files::Parquet => "parquet",
            Files::Csv => "csv",
        };
        let paths: Vec<PathBuf> = TABLES[..count]
            .iter()
            .map(|table| path.join(format!("{table}.{ending}")))
            .collect();
        let (mut files, mut encoders) = (Vec::new(), Vec::new());
        for (path, columns) in paths.iter().zip(empty()) {
            let part = part(path);
            let failed = |error: &dyn fmt::Display| unwritable(&part, error, lang);
            files.push(match format {
                Files::Parquet => {
                    let file =
                        ParquetFile::create(&part, columns).map_err(|error| failed(&error))?;
                    encoders.push(file.encoder());
                    Written::Parquet(Box::new(file))
                }
                Files::Csv => {
                    Written::Csv(CsvFile::create(&part, &columns).map_err(|error| failed(&error))?)
                }
            });
        }
        Ok(Folder {
            files,
            paths,
            encoders: Arc::new(match format {
                Files::Parquet => Encoders::Parquet(encoders),
                Files::Csv => Encoders::Csv(Days::new()),
            }),
            lang,
        })
    }

    /// The names of the files, in the order of [`TABLES`].
    pub(super) fn names(&self) -> Vec<String> {
        self.paths
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }
}

type Prepare = Box<dyn Fn(Rows) -> Result<Vec<Encoded>, Failure> + Sync>;

impl Destination for Folder {
    type Ready = Vec<Encoded>;
    type Prepare = Prepare;

    fn prepare(&self) -> Prepare {
        let (encoders, lang) = (self.encoders.clone(), self.lang);
        Box::new(move |rows| {
            let encode = |(place, columns)| match &*encoders {
                Encoders::Parquet(encoders) => {
                    let encoder: &Encoder = &encoders[place];
                    let group = encoder.encode(columns);
                    group
                        .map(|group| Encoded::Parquet(place, group))
                        .map_err(|error| unwritable(Path::new(TABLES[place]), &error, lang))
                }
                Encoders::Csv(days) => Ok(Encoded::Csv(place, csv_file::print(days, &columns))),
            };
            tables(rows).into_iter().map(encode).collect()
        })
    }

    fn accept(&mut self, ready: Vec<Encoded>) -> Result<(), Failure> {
        for encoded in ready {
            let place = match &encoded {
                Encoded::Parquet(place, _) | Encoded::Csv(place, _) => *place,
            };
            let failed =
                |error: &dyn fmt::Display| unwritable(&self.paths[place], error, self.lang);
            match (&mut self.files[place], encoded) {
                (Written::Parquet(file), Encoded::Parquet(_, group)) => {
                    file.append(group).map_err(|error| failed(&error))?;
                }
                (Written::Csv(file), Encoded::Csv(_, text)) => {
                    file.append(&text).map_err(|error| failed(&error))?;
                }
                // A folder makes ready what its own files take.
                (Written::Parquet(_), Encoded::Csv(..))
                | (Written::Csv(_), Encoded::Parquet(..)) => {}
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Failure> {
        let (files, lang) = (std::mem::take(&mut self.files), self.lang);
        for (file, path) in files.into_iter().zip(&self.paths) {
            let failed = |error: &dyn fmt::Display| unwritable(path, error, lang);
            match file {
                Written::Parquet(file) => file.close().map_err(|error| failed(&error))?,
                Written::Csv(file) => file.close().map_err(|error| failed(&error))?,
            }
        }
        for path in &self.paths {
            fs::rename(part(path), path).map_err(|error| unwritable(path, &error, lang))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    /// What a run that failed has begun is taken away.
    fn drop(&mut self) {
        for path in &self.paths {
            // When all went well there is none any more.
            let _ = fs::remove_file(part(path));
        }
    }
}

fn part(path: &Path) -> PathBuf {
    let mut part = path.to_owned().into_os_string();
    part.push(".part");
    part.into()
}

fn unwritable(path: &Path, error: &dyn fmt::Display, lang: Lang) -> Failure {
    let path = path.display();
    let what = lang.pick(
        format!("写不了 {path}：{error}"),
        format!("{path} cannot be written: {error}"),
    );
    Failure::new(lang, what).code("C0102").help(lang.pick(
        "检查路径、权限和磁盘空间，然后重新运行",
        "check the path, the permissions and the room on the disk, and run again",
    ))
}
