//! `bench law`: the columnar engine against hand-written code and other people's software.
//!
//! ```text
//! law/ ─► engine ─┐
//! figures ─► by_hand, limit ─┼─► contest: once to compare, then rounds for time ─► report ─► bench/README.md
//! figures.json, *.npy ─► peers ─┘
//! ```

mod columns;
mod rows;
mod figures;
mod by_hand;
mod limit;
mod engine;
mod npy;
mod peers;
mod contest;
mod single;
mod files;
mod machine;
mod report;
#[cfg(test)]
mod exact;

use crate::Failure;
use columns::{Awards, AwardsWritten, ClaimsRead, Dues, DuesWritten, Named, WagesRead, in_threads};
pub(crate) use contest::timed;
use contest::{Contestant, Native, Outcome, contest};
use engine::Engine;
pub(crate) use files::Task;
pub(crate) use machine::facts as machine_facts;
use peers::{PEERS, Process, Python};
use report::Report;
pub(crate) use report::{grouped, ratio};
use rules::law::Law;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What is asked of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// So many rows.
    pub(crate) rows: usize,
    /// So many timed rounds.
    pub(crate) rounds: usize,
    /// Whether other people's software takes part.
    pub(crate) peers: Peers,
    /// The folder of the peers' Python.
    pub(crate) environment: PathBuf,
    /// The folder for the rows.
    pub(crate) data: PathBuf,
}

/// Whether other people's software takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peers {
    /// It does.
    Take,
    /// It stays away.
    Leave,
}

/// Runs everything and reports, in Markdown.
pub(crate) fn run(options: &Options) -> Result<String, Failure> {
    let folder = law_folder();
    let book = engine::read(&folder)?;
    let Some(law) = book.law("cn-50") else {
        return Err(Failure(format!(
            "{} has no jurisdiction cn-50",
            folder.display()
        )));
    };
    let mut left_out = Vec::new();
    let python = match options.peers {
        Peers::Take => Python::prepare(&options.environment)
            .map_err(|failure| left_out.push((String::from("every peer"), failure)))
            .ok(),
        Peers::Leave => {
            left_out.push((
                String::from("every peer"),
                Failure(String::from("asked not to take part")),
            ));
            None
        }
    };
    let venue = Venue {
        options,
        law,
        python,
    };

    let contribution = venue.contribution()?;
    let award = venue.award()?;
    Ok(report::markdown(&Report {
        rows: options.rows,
        rounds: options.rounds,
        contribution,
        award,
        one_person: venue.one_person(),
        loading: single::loading(&folder)?,
        explaining: single::explaining(law)?,
        files: files::measure(&options.data, options.rows, options.rounds.min(2))?,
        left_out,
    }))
}

/// Runs one task of the measurement from file to file, in the process this is called in.
pub(crate) fn one_file(task: Task, from: &Path, to: &Path) -> Result<(), Failure> {
    files::one(&law_folder(), task, from, to)
}

fn law_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../law")
}

/// Where loads are contested.
struct Venue<'a> {
    options: &'a Options,
    law: &'a Law,
    python: Option<Python>,
}

impl Venue<'_> {
    fn contribution(&self) -> Result<Outcome, Failure> {
        let rows = self.options.rows;
        let wages = rows::wages(rows);
        let output = Rc::new(RefCell::new(Dues::empty(rows)));
        let native =
            |name, threads, work: fn(WagesRead<'_>, DuesWritten<'_>)| -> Box<dyn Contestant + '_> {
                let wages = &wages;
                Box::new(Native::new(
                    (name, threads, rows),
                    &output,
                    Dues::named,
                    move |dues: &mut Dues| {
                        in_threads(threads, wages.read(), dues.write(), work);
                    },
                ))
            };
        let natives = [1, 2].into_iter().flat_map(|threads| {
            [
                native(BY_HAND, threads, by_hand::contribution),
                native(LIMIT, threads, limit::contribution),
            ]
        });
        self.hold("contribution", &wages.named(), &DUE, natives.collect())
    }

    fn award(&self) -> Result<Outcome, Failure> {
        let rows = self.options.rows;
        let claims = rows::claims(rows);
        let output = Rc::new(RefCell::new(Awards::empty(rows)));
        let native = |name,
                      threads,
                      work: fn(ClaimsRead<'_>, AwardsWritten<'_>)|
         -> Box<dyn Contestant + '_> {
            let claims = &claims;
            Box::new(Native::new(
                (name, threads, rows),
                &output,
                Awards::named,
                move |awards: &mut Awards| {
                    in_threads(threads, claims.read(), awards.write(), work);
                },
            ))
        };
        let natives = [1, 2].into_iter().flat_map(|threads| {
            [
                native(BY_HAND, threads, by_hand::award),
                native(LIMIT, threads, limit::award),
            ]
        });
        self.hold("award", &claims.named(), &AWARDED, natives.collect())
    }

    /// Our engine first: its results are what the others' are compared with.
    fn hold<'c>(
        &'c self,
        load: &str,
        given: &Named<'c>,
        asked: &[&'static str],
        natives: Vec<Box<dyn Contestant + 'c>>,
    ) -> Result<Outcome, Failure> {
        eprintln!("{load}: {} rows", self.options.rows);
        let mut contestants: Vec<Box<dyn Contestant + 'c>> = Vec::new();
        for threads in [1, 2] {
            contestants.push(Box::new(Engine::new(self.law, given, asked, threads)?));
        }
        contestants.extend(natives);
        let mut stopped = Vec::new();
        if let Some(python) = &self.python {
            self.lay_out(load, given)?;
            for peer in &PEERS {
                match Process::start(python, peer, &self.options.data, load, self.options.rows) {
                    Ok(process) => contestants.push(Box::new(process)),
                    Err(failure) => stopped.push((peer.name.to_string(), failure)),
                }
            }
        }
        let mut outcome = contest(contestants, self.options.rounds);
        outcome.stopped.append(&mut stopped);
        Ok(outcome)
    }

    /// Writes the rows and figures for the peers.
    fn lay_out(&self, load: &str, given: &Named<'_>) -> Result<(), Failure> {
        let data = &self.options.data;
        let folder = data.join(load);
        let unwritable = |error| Failure::of("cannot write", &folder, &error);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(unwritable)?;
        }
        fs::create_dir_all(&folder).map_err(unwritable)?;
        fs::write(data.join("figures.json"), figures::as_json().to_string()).map_err(unwritable)?;
        for (name, values) in given {
            npy::save(&folder.join(format!("{name}.npy")), *values)?;
        }
        Ok(())
    }

    /// The median time in which OpenFisca computes one person's award, nanoseconds.
    fn one_person(&self) -> Option<u64> {
        let peer = PEERS.iter().find(|peer| peer.file == "openfisca")?;
        let mut process =
            Process::start(self.python.as_ref()?, peer, &self.options.data, "award", 1).ok()?;
        let mut times: Vec<u64> = (0..200).map_while(|_| process.ask("one").ok()).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }
}

/// The rules asked for in the first load.
const DUE: [&str; 5] = [
    "contribution_base",
    "employer_due",
    "employee_due",
    "unemployment_employer_contribution",
    "unemployment_employee_contribution",
];
/// The rules asked for in the second.
const AWARDED: [&str; 5] = [
    "statutory_retirement_month",
    "basic_pension",
    "account_pension",
    "transitional_pension",
    "monthly_pension",
];
const BY_HAND: &str = "hand-written loop";
const LIMIT: &str = "limit, fused and vectorised";
