//! `bench web`: pages and programs' requests answered from a city's registers at a fixed pace, against a handler that returns the
//! same bytes from memory.
//!
//! ```text
//! oha, wrk ─► renshe serve ─► registers of a million      │ in turn,
//! oha, wrk ─► the same bytes, kept in memory              │ the same load
//! ```

mod asked;
#[expect(
    clippy::float_arithmetic,
    reason = "times, as strangers' programs tell them; no amount is made of them"
)]
mod load;
mod memory;
#[expect(
    clippy::float_arithmetic,
    reason = "times, as strangers' programs tell them; no amount is made of them"
)]
mod report;
mod served;
mod tools;

use crate::Failure;
use crate::month::{City, own_server};
use asked::{Asked, asked};
use load::{Measured, measured};
pub(crate) use memory::answer_from_memory;
use served::{Served, kept_in_memory};
use std::fs;
use std::path::PathBuf;
use tools::Tools;

/// What is asked of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// So many insured.
    pub(crate) people: u64,
    /// Rounds, each with every load on both.
    pub(crate) rounds: u32,
    /// How long a load lasts, seconds.
    pub(crate) seconds: u32,
    /// Requests a second of loads at a fixed pace.
    pub(crate) pace: u32,
    /// The folder for the databases.
    pub(crate) data: PathBuf,
    /// The folder for the programs that ask.
    pub(crate) tools: PathBuf,
}

/// A load in one round: answered by the house, and by the handler.
pub(crate) struct Round {
    pub(crate) load: &'static str,
    pub(crate) ours: Measured,
    pub(crate) memory: Measured,
}

/// What was measured on one database.
pub(crate) struct Outcome {
    pub(crate) database: &'static str,
    pub(crate) rounds: Vec<Round>,
    /// The most memory that the house held, KiB.
    pub(crate) peak: u64,
}

/// Three months are lived before, so that there is something to show.
const MONTHS: u32 = 3;

/// Runs everything and reports, in Markdown.
pub(crate) fn run(options: &Options) -> Result<String, Failure> {
    fs::create_dir_all(&options.data)
        .map_err(|error| Failure::of("cannot make", &options.data, &error))?;
    let tools = Tools::found(&options.tools)?;
    let folder = tempfile::Builder::new()
        .prefix("web")
        .tempdir_in(&options.data)
        .map_err(|error| Failure::of("cannot make a folder in", &options.data, &error))?;
    let file = format!("sqlite:{}", folder.path().join("city.db").display());
    let on_sqlite = on(options, &tools, ("SQLite", &file, None))?;
    let server = own_server(&options.data)?;
    let address = server.address("city");
    let on_postgres = on(
        options,
        &tools,
        ("PostgreSQL", &address, server.postmaster()),
    )?;
    Ok(report::markdown(options, &[on_sqlite, on_postgres]))
}

fn on(
    options: &Options,
    tools: &Tools,
    (database, address, postmaster): (&'static str, &str, Option<u32>),
) -> Result<Outcome, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure(error.to_string()))?;
    let keys = folder.path().join("keys");
    let mut city = City::settle_with(address, options.people, postmaster, &keys)?;
    for _ in 0..MONTHS {
        city.month()?;
    }
    let house = Served::open(&city.lived()?, &keys, folder.path())?;
    let loads = asked(&house, options, folder.path())?;
    let mut rounds = Vec::new();
    for round in 1..=options.rounds {
        for load in &loads {
            eprintln!(
                "{database}: {}, round {round} of {}",
                load.name, options.rounds
            );
            rounds.push(both(tools, &house, load, options)?);
        }
    }
    let peak = house.peak();
    Ok(Outcome {
        database,
        rounds,
        peak,
    })
}

/// A load on the house and then on the handler.
fn both(tools: &Tools, house: &Served, load: &Asked, options: &Options) -> Result<Round, Failure> {
    let ours = measured(tools, house.address(), load, options)?;
    let kept = kept_in_memory(&house.answer(load)?)?;
    let memory = measured(tools, kept.address(), load, options)?;
    Ok(Round {
        load: load.name,
        ours,
        memory,
    })
}
