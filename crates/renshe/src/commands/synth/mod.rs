//! `synth`: the registers of a synthetic city, streamed out, and how close it is to published figures.
//!
//! ```text
//!  ranges of numbers ─► threads: make, count, encode ─► in order ─► files
//! ```
//!
//! [`pour()`] makes the city piece by piece in bounded memory and hands it to a [`Destination`]. Files are one; whatever else
//! takes batches of rows in order, a database say, is another, and nothing here changes.

mod pour;
mod tables;
mod files;
mod parquet_file;
mod csv_file;
pub(crate) mod database;
mod report;
#[cfg(test)]
mod tests;

use crate::arguments::{Place, Synth};
use crate::output::{Exit, Failure, Setting, answer};
use crate::place;
use crate::population::Watched;
use exchange::rows::Progress;
use files::Folder;
use pour::{Batch, Poured, Rows, pieces, pour};
use report::Report;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use store::Db;
use store::secrets::Secrets;
use synth::City;
use tables::TABLES;

/// Takes a city batch by batch.
pub(super) trait Destination {
    /// A batch made ready, on any thread.
    type Ready: Send;

    /// Makes a batch ready: encodes it, say. Called on many threads at once.
    type Prepare: Fn(Rows) -> Result<Self::Ready, Failure> + Sync;

    /// What makes batches ready.
    fn prepare(&self) -> Self::Prepare;

    /// Takes the next batch; they come in order.
    fn accept(&mut self, ready: Self::Ready) -> Result<(), Failure>;

    /// All has come.
    fn finish(self) -> Result<(), Failure>;
}

pub(super) fn run(asked: &Synth, setting: &Setting) -> Result<Exit, Failure> {
    let city = City::of(asked.seed, asked.people);
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = asked.threads.map_or_else(cores, usize::from);
    let (names, (took, poured)) = match (&asked.out, &asked.into) {
        (_, Some(url)) => {
            let (db, secrets) = to_be_filled(url, asked, setting)?;
            let names = TABLES.map(str::to_owned).to_vec();
            let made = || database::fill(&db, secrets, &city, asked, threads, setting);
            (names, timed(made))
        }
        (Some(out), None) => {
            let with_changes = asked.through.is_some();
            let folder = Folder::create(out, asked.format, with_changes, setting.lang)?;
            let names = folder.names();
            (
                names,
                timed(|| write(&city, asked, folder, threads, setting)),
            )
        }
        (None, None) => unreachable!("one of the two is asked for"),
    };
    let report = Report {
        asked,
        city: &city,
        poured: &poured?,
        names,
        took,
        lang: setting.lang,
    };
    answer(&report.written());
    Ok(Exit::Good)
}

/// A database with its tables, to be filled, and its keys.
fn to_be_filled(url: &str, asked: &Synth, setting: &Setting) -> Result<(Db, Secrets), Failure> {
    let place = Place { db: url.to_owned() };
    let db = place::open_bare(&place, setting)?;
    db.migrate(setting.now)
        .map_err(|error| place::of_store(&error, setting))?;
    let keys = asked.keys.as_deref().unwrap_or(Path::new("renshe.keys"));
    if !keys.exists() {
        place::make_keys(keys, setting)?;
    }
    let secrets = place::keys(keys, setting)?;
    Ok((db, secrets))
}

/// Streams the city into a destination.
fn write<D: Destination>(
    city: &City,
    asked: &Synth,
    mut destination: D,
    threads: usize,
    setting: &Setting,
) -> Result<Poured, Failure> {
    let pieces = pieces(city, asked.through);
    let mut watched = Watched::new(setting);
    let prepare = destination.prepare();
    let make = |piece: &pour::Piece| {
        let Batch { rows, tally } = piece.make(city);
        let counts = tables::counts(&rows);
        prepare(rows).map(|ready| (ready, tally, counts))
    };
    let mut poured = Poured::default();
    let done = pour(threads, &pieces, make, |piece, made| {
        let (ready, tally, counts) = made?;
        poured.add(piece, &tally, counts);
        watched.rows(poured.persons, Some(asked.people));
        destination.accept(ready)
    });
    done?;
    destination.finish()?;
    Ok(poured)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the summary says how long it took"
)]
fn timed<T>(step: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = step();
    (begun.elapsed(), done)
}
