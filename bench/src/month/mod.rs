//! `bench month`: a month of a city by the program, against the same rows put into the same database by hand.
//!
//! ```text
//! renshe synth ─► registers ─► renshe month … ─► rows ──► copied out, not timed
//!                                 timed                       │
//!                                                     direct: the same rows in, keys, one scan; timed
//! ```

mod city;
mod direct;
mod report;
mod usage;

use crate::Failure;
pub(crate) use city::City;
use city::Month;
use direct::Direct;
use std::path::{Path, PathBuf};
use store::testing::OwnServer;

/// What is asked of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// So many insured on PostgreSQL.
    pub(crate) people: u64,
    /// So many insured on SQLite, and where many months follow each other; without any neither is run.
    pub(crate) small: u64,
    /// Rounds, each a month of both contestants.
    pub(crate) rounds: u32,
    /// How many months follow each other to show that later ones are no slower; none without a number.
    pub(crate) months: u32,
    /// The folder for the databases.
    pub(crate) data: PathBuf,
}

/// A month of both contestants.
pub(crate) struct Round {
    pub(crate) ours: Month,
    pub(crate) direct: Direct,
}

/// Everything measured.
pub(crate) struct Outcome {
    pub(crate) on_postgres: Vec<Round>,
    pub(crate) on_sqlite: Vec<Round>,
    /// The months that followed each other, with their numbers from 1.
    pub(crate) months: Vec<(u32, Month)>,
    /// The most memory that the program held in any step, KiB.
    pub(crate) peak: u64,
}

/// Runs everything and reports, in Markdown.
pub(crate) fn run(options: &Options) -> Result<String, Failure> {
    std::fs::create_dir_all(&options.data)
        .map_err(|error| Failure::of("cannot make", &options.data, &error))?;
    let on_sqlite = sqlite(options)?;
    let on_postgres = postgres(options)?;
    let months = following(options)?;
    let all = on_sqlite
        .iter()
        .chain(&on_postgres)
        .map(|round| &round.ours);
    let peak = all
        .chain(months.iter().map(|(_, month)| month))
        .map(|month| month.peak)
        .max();
    Ok(report::markdown(
        options,
        &Outcome {
            on_postgres,
            on_sqlite,
            months,
            peak: peak.unwrap_or(0),
        },
    ))
}

fn sqlite(options: &Options) -> Result<Vec<Round>, Failure> {
    if options.small == 0 {
        return Ok(Vec::new());
    }
    let folder = scratch(&options.data)?;
    let mut city = City::settle(
        &format!("sqlite:{}", folder.path().join("city.db").display()),
        options.small,
        None,
    )?;
    (0..options.rounds)
        .map(|round| {
            eprintln!("SQLite: round {} of {}", round + 1, options.rounds);
            let ours = city.month()?;
            let direct = direct::on_sqlite(city.db(), folder.path(), &ours)?;
            Ok(Round { ours, direct })
        })
        .collect()
}

fn postgres(options: &Options) -> Result<Vec<Round>, Failure> {
    let server = own_server(&options.data)?;
    let mut city = City::settle(&server.address("city"), options.people, server.postmaster())?;
    (0..options.rounds)
        .map(|round| {
            eprintln!("PostgreSQL: round {} of {}", round + 1, options.rounds);
            let ours = city.month()?;
            let direct = direct::on_postgres(&server, city.db(), &ours)?;
            Ok(Round { ours, direct })
        })
        .collect()
}

/// Months that follow each other in one database; the first, the twelfth and the last are told, and every sixth.
fn following(options: &Options) -> Result<Vec<(u32, Month)>, Failure> {
    if options.months == 0 || options.small == 0 {
        return Ok(Vec::new());
    }
    let server = own_server(&options.data)?;
    let city = City::settle(&server.address("city"), options.small, server.postmaster())?;
    let mut city = city.beginning(options.months)?;
    let mut told = Vec::new();
    for number in 1..=options.months {
        eprintln!("month {number} of {}", options.months);
        let month = city.month()?;
        if number == 1 || number.is_multiple_of(6) || number == options.months {
            told.push((number, month));
        }
    }
    Ok(told)
}

/// A server with the settings that a machine of this size would be given.
pub(crate) fn own_server(data: &Path) -> Result<OwnServer, Failure> {
    let settings = "-c shared_buffers=2GB -c max_wal_size=6GB -c wal_compression=lz4 -c checkpoint_timeout=15min \
                    -c maintenance_work_mem=256MB";
    let folder = scratch(data)?;
    let server = OwnServer::start_in(folder, settings)
        .map_err(|why| {
            let data = data.display();
            Failure(format!(
                "no PostgreSQL server can be started: {why}\nstarted by root it runs as postgres, who must be able to enter {data}; \
                 RENSHE_CACHE names another folder"
            ))
        })?;
    server
        .command("create database city template template0")
        .map_err(|error| Failure(error.to_string()))?;
    Ok(server)
}

fn scratch(data: &Path) -> Result<tempfile::TempDir, Failure> {
    tempfile::Builder::new()
        .prefix("month")
        .tempdir_in(data)
        .map_err(|error| Failure::of("cannot make a folder in", data, &error))
}
