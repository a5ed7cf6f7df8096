//! How do old months leave the database?
//!
//! ```text
//! rows in force ─► file ─► read back: each chunk's root, the run's, and the seal's are equal ─► approved by another, after the
//! same proof once more ─► the rows go
//! ```
//!
//! What is moved are the dues and accounts of runs whose months are closed; never the accounts in force. Statements, proofs,
//! later crediting and verification read them from the file, and believe nothing in it that the seal does not bind.

use crate::acting::Acting;
use crate::error::Error;
use crate::shelf::{Shelf, Shelved, columns, path};
use crate::whole;
use city::accounts::Account;
use city::actors::Actor;
use city::dues::Due;
use city::refusal::{Refused, Said, Sentence};
use city::runs::{Run, RunKind};
use exchange::archive::Writer;
use ledger::{Digest, RunTree};
use measure::Month;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use store::cold::{self, Moved};
use store::{Db, Rows, Tx, accounts, audit, generation, runs, seals};

use super::engine::{self, Progress};

/// Why rows are not moved, or not read again. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0501`: a file that holds rows is not where the files lie.
    Gone {
        /// Which.
        file: String,
        /// Where it should lie.
        folder: String,
    },
    /// `N0502`: what is in a file is not what the seal binds.
    Altered {
        /// Which.
        file: String,
    },
    /// `N0503`: who wrote a file may not approve it.
    SamePerson {
        /// Who.
        actor: Actor,
    },
    /// `N0504`: nobody has said where the files are to lie.
    NoFolder,
    /// `N0505`: a file cannot be written.
    Unwritable {
        /// What the system says.
        said: String,
    },
}

/// Writes the rows of all closed months up to one into files, each proven equal. They wait for a second person; nothing is
/// removed yet. The folder is where all files lie from now on: those that lie elsewhere are to be moved there.
///
/// # Errors
///
/// `N0502` when the rows are not those that were sealed, `N0504`, `N0505`; what the database says.
pub fn write(
    db: &Db,
    through: Month,
    folder: Option<&Path>,
    acting: Acting<'_>,
    progress: &mut Progress<'_>,
) -> Result<Vec<Moved>, Error> {
    let folder = lie_in(db, folder, acting)?;
    let mut written = Vec::new();
    for run in whole::read(db, |tx| old(tx, through))? {
        let moved = match rows(run.kind) {
            Rows::Dues => write_one::<Due>(db, &run, &folder, acting, progress)?,
            Rows::Differences | Rows::Roster => continue,
            Rows::Accounts => write_one::<Account>(db, &run, &folder, acting, progress)?,
        };
        whole::write(db, |tx| {
            cold::written(tx, &moved, acting.at)?;
            let run = (audit::RUN, moved.run.number());
            Ok(acting.note(tx, "month.archive", run, &moved.file)?)
        })?;
        written.push(moved);
    }
    Ok(written)
}

/// Approves every file that waits, proven once more, and removes its rows from the database.
///
/// # Errors
///
/// `N0501`, `N0502`, `N0503`; what the database says. What was approved before stays so.
pub fn approve(db: &Db, acting: Acting<'_>) -> Result<Vec<Moved>, Error> {
    let waiting = whole::read(db, |tx| Ok(cold::waiting(tx)?))?;
    for moved in &waiting {
        if moved.by == *acting.by {
            let actor = acting.by.clone();
            return Err(Refusal::SamePerson { actor }.into());
        }
        let (run, path) = whole::read(db, |tx| {
            let run = runs::find(tx, moved.run)?;
            Ok((run, path(tx, &moved.file)?))
        })?;
        let Some(run) = run else { continue };
        let (hash, rows, root) = match rows(run.kind) {
            Rows::Dues => proven::<Due>(db, &run, &path, &moved.file)?,
            Rows::Differences | Rows::Roster => continue,
            Rows::Accounts => proven::<Account>(db, &run, &path, &moved.file)?,
        };
        if (hash, rows, root) != (moved.hash, moved.rows, moved.root) {
            let file = moved.file.clone();
            return Err(Refusal::Altered { file }.into());
        }
        whole::write(db, |tx| {
            cold::approve(tx, moved, acting.by, acting.at)?;
            match self::rows(run.kind) {
                Rows::Dues => generation::dues(run.id).drop(tx)?,
                Rows::Accounts => generation::accounts(run.id).drop(tx)?,
                Rows::Differences | Rows::Roster => {}
            }
            let subject = (audit::RUN, run.id.number());
            Ok(acting.note(tx, "month.archive.approve", subject, &moved.file)?)
        })?;
    }
    Ok(waiting)
}

/// The files that wait for a second person.
///
/// # Errors
///
/// What the database says.
pub fn waiting(db: &Db) -> Result<Vec<Moved>, Error> {
    whole::read(db, |tx| Ok(cold::waiting(tx)?))
}

/// The folder in which the files lie; one that is named is it from now on.
fn lie_in(db: &Db, folder: Option<&Path>, acting: Acting<'_>) -> Result<PathBuf, Error> {
    let Some(folder) = folder else {
        let known = whole::read(db, |tx| Ok(cold::folder(tx)?))?;
        return Ok(known.ok_or(Refusal::NoFolder)?.into());
    };
    let failed = |error: io::Error| Refusal::Unwritable {
        said: format!("{}: {error}", folder.display()),
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let folder = fs::canonicalize(folder).map_err(failed)?;
    let text = folder.display().to_string();
    whole::write(db, |tx| {
        if cold::folder(tx)?.as_deref() != Some(&text) {
            cold::lie_in(tx, &text)?;
            acting.note(tx, "month.archive.folder", (audit::NONE, 0), &text)?;
        }
        Ok(())
    })?;
    Ok(folder)
}

/// The rows that a run of a kind makes. Differences are few and stay in the database.
pub(crate) const fn rows(kind: RunKind) -> Rows {
    match kind {
        RunKind::Assessment => Rows::Dues,
        RunKind::Difference => Rows::Differences,
        RunKind::Crediting | RunKind::Interest | RunKind::ResidentInterest => Rows::Accounts,
    }
}

/// The runs of closed months up to one whose rows are in the database; never the accounts in force. What was written and waits
/// is written again: its file may be gone.
fn old(tx: &mut Tx<'_>, through: Month) -> Result<Vec<Run>, Error> {
    let current = accounts::current(tx)?;
    let mut old = Vec::new();
    for run in runs::in_force(tx)? {
        let stays = run.month > through
            || Some(run.id) == current
            || run.kind == RunKind::Difference
            || !seals::is_closed(tx, run.month)?
            || cold::find(tx, run.id, rows(run.kind).code())?.is_some();
        if !stays {
            old.push(run);
        }
    }
    Ok(old)
}

fn write_one<T: Shelved>(
    db: &Db,
    run: &Run,
    folder: &Path,
    acting: Acting<'_>,
    progress: &mut Progress<'_>,
) -> Result<Moved, Error> {
    let file = format!("{}-{}-run-{}.parquet", T::ROWS.table(), run.month, run.id);
    let path = folder.join(&file);
    let mut writer = Writer::create(&path, T::COLUMNS).map_err(|error| unwritable(&error))?;
    for number in 0..run.chunks {
        let chunk = engine::chunk(run, number);
        let rows = whole::read(db, |tx| {
            let mut rows: Vec<T> = Vec::new();
            T::stored(tx, run.id, &chunk.persons, &mut |row| {
                rows.push(row);
                Ok(())
            })?;
            Ok(rows)
        })?;
        writer
            .group(number, &columns(&rows))
            .map_err(|error| unwritable(&error))?;
        progress(number + 1, run.chunks);
    }
    writer.finish().map_err(|error| unwritable(&error))?;
    let (hash, rows, root) = proven::<T>(db, run, &path, &file)?;
    Ok(Moved {
        run: run.id,
        kind: T::ROWS.code(),
        file,
        hash,
        rows,
        root,
        by: acting.by.clone(),
    })
}

/// Reads a file back: its hash, how many rows it has and what they come down to, which is what the run's chunks and its seal
/// say, byte for byte.
fn proven<T: Shelved>(
    db: &Db,
    run: &Run,
    path: &Path,
    name: &str,
) -> Result<(Digest, i64, Digest), Error> {
    let altered = || {
        let file = name.to_owned();
        Error::from(Refusal::Altered { file })
    };
    let (roots, sealed) = whole::read(db, |tx| {
        let chain = seals::chain(tx)?;
        let link = chain.into_iter().find(|link| link.run == run.id);
        Ok((runs::roots(tx, run.id)?, link.map(|link| link.root)))
    })?;
    let shelf = Shelf::open::<T>(path, name)?;
    let mut tree = RunTree::new();
    for (number, kept) in (0..).zip(&roots) {
        let (_, found) = shelf.chunk::<T>(number)?;
        if found != *kept {
            return Err(altered());
        }
        tree.chunk(found);
    }
    if sealed != Some(tree.root()) {
        return Err(altered());
    }
    let hash = hash(path).map_err(|_| altered())?;
    Ok((
        hash,
        i64::try_from(tree.rows()).unwrap_or(i64::MAX),
        tree.root(),
    ))
}

/// The hash of a whole file.
pub(crate) fn hash(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut some = vec![0; 1 << 16];
    loop {
        match file.read(&mut some)? {
            0 => return Ok(Digest(hash.finalize().into())),
            read => hash.update(&some[..read]),
        }
    }
}

fn unwritable(error: &exchange::Error) -> Error {
    let said = error.said().en.clone();
    Refusal::Unwritable { said }.into()
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        match self {
            Refusal::Gone { file, folder } => said(
                "N0501",
                (
                    format!("归档文件 {file} 不在 {folder}"),
                    format!("the archived file {file} is not in {folder}"),
                ),
                (
                    "从备份恢复该文件；文件已迁移的，用 `renshe month archive --folder` 指明位置",
                    "restore it from a backup; if the files were moved, say where to with `renshe month archive --folder`",
                ),
            ),
            Refusal::Altered { file } => said(
                "N0502",
                (
                    format!("归档文件 {file} 与封存内容不符"),
                    format!("the archived file {file} is not what was sealed"),
                ),
                ("从备份恢复该文件", "restore it from a backup"),
            ),
            Refusal::SamePerson { actor } => said(
                "N0503",
                (
                    format!("归档文件由 {actor} 写出，不能由本人复核"),
                    format!("{actor} wrote the files and may not approve them"),
                ),
                ("由另一人复核", "have someone else approve them"),
            ),
            Refusal::NoFolder => said(
                "N0504",
                (
                    "没有指明归档文件的位置".to_owned(),
                    "nobody has said where the files are to lie".to_owned(),
                ),
                ("用 --folder 指明", "name the folder with --folder"),
            ),
            Refusal::Unwritable { said: system } => said(
                "N0505",
                (
                    format!("归档文件写不了：{system}"),
                    format!("a file cannot be written: {system}"),
                ),
                (
                    "检查路径、权限与磁盘空间；数据库未变",
                    "check path, permissions and room on the disk; the database is unchanged",
                ),
            ),
        }
    }
}

fn said(code: &'static str, message: (String, String), remedy: (&str, &str)) -> Said {
    let sentence = |zh: String, en: String| Sentence { zh, en };
    Said {
        code,
        message: sentence(message.0, message.1),
        remedy: sentence(remedy.0.to_owned(), remedy.1.to_owned()),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.said();
        write!(f, "{}: {}; {}", said.code, said.message.en, said.remedy.en)
    }
}

impl std::error::Error for Refusal {}
