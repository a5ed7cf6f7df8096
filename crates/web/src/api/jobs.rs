//! Long work that a program began: how far it is, and what came of it.
//!
//! It runs on a thread of the house and goes on when nobody waits. What it does is kept in the database as it is done, chunk by
//! chunk, so a job that ends with the process is begun again and goes on where it was; only that it was asked for is forgotten.

use super::answer::state;
use super::caller::Caller;
use super::shapes::Job;
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use measure::Moment;
use office::{Db, permit};
use rules::explain::Lang;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The jobs of a house.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<BTreeMap<String, Known>>);

#[derive(Clone, Debug)]
struct Known {
    login: String,
    begun: Moment,
    job: Job,
}

/// So many are remembered.
const MOST: usize = 200;

/// Told how many parts are done, of how many.
pub type Progress = Arc<dyn Fn(i64, i64) + Send + Sync>;

impl Jobs {
    fn put(&self, id: &str, known: Known) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= jobs.len() && !jobs.contains_key(id) {
            let done = jobs
                .iter()
                .filter(|(_, known)| known.job.state != "running");
            let oldest = done.min_by_key(|(_, known)| known.begun);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                jobs.remove(&oldest);
            }
        }
        jobs.insert(id.to_owned(), known);
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Job)) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = jobs.get_mut(id) {
            change(&mut known.job);
        }
    }

    fn get(&self, id: &str, login: &str) -> Option<Job> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = jobs.get(id).filter(|known| known.login == login);
        known.map(|known| known.job.clone())
    }

    /// A job of this login that does the same and runs.
    fn running(&self, login: &str, what: &str) -> Option<Job> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = jobs.values();
        let same = all.find(|known| {
            known.login == login && known.job.what == what && known.job.state == "running"
        });
        same.map(|known| known.job.clone())
    }
}

/// Begins long work on a thread of its own; the same work is not begun twice while it runs.
///
/// # Panics
///
/// Outside the house's runtime.
#[must_use]
pub fn begin(
    house: &House,
    caller: Caller,
    what: String,
    work: impl FnOnce(&Db, &Caller, &Progress) -> Result<Value, office::Error> + Send + 'static,
) -> Job {
    let login = caller.client.login.name().login().to_owned();
    if let Some(same) = house.programs.running(&login, &what) {
        return same;
    }
    let job = Job {
        job: crate::wall::number(),
        what,
        state: "running".to_owned(),
        done: 0,
        of: None,
        result: None,
        code: None,
        message: None,
    };
    let id = job.job.clone();
    let known = Known {
        login,
        begun: caller.now,
        job: job.clone(),
    };
    house.programs.put(&id, known);
    let running = house.clone();
    tokio::spawn(async move {
        let (told, name) = (running.clone(), id.clone());
        let progress: Progress = Arc::new(move |done, of| {
            told.programs
                .change(&name, |job| (job.done, job.of) = (done, Some(of)));
        });
        let outcome = running
            .office(move |db| Ok(work(db, &caller, &progress)))
            .await;
        running.programs.change(&id, |job| end(job, outcome));
    });
    job
}

fn end(job: &mut Job, outcome: Result<Result<Value, office::Error>, Problem>) {
    let problem = match outcome {
        Ok(Ok(result)) => {
            job.state = "done".to_owned();
            job.result = Some(result);
            return;
        }
        Ok(Err(error)) => Problem::from(error),
        Err(problem) => problem,
    };
    job.state = "failed".to_owned();
    job.code = Some(problem.code.to_owned());
    job.message = Some(problem.what.en);
}

/// How far a job is, to whoever began it.
pub(crate) async fn job(
    State(house): State<House>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let job = house.programs.get(&id, caller.client.login.name().login());
    let job = job.ok_or_else(|| Problem::from(office::Error::from(permit::Refusal::Unknown)))?;
    Ok(state(&headers, &job))
}

/// A number of chunks as one that is told.
pub(crate) fn told(progress: &Progress) -> impl FnMut(i64, i64) + '_ {
    move |done, of| progress(done, of)
}

/// What is said in both languages.
pub(crate) fn both(said: impl Fn(Lang) -> String) -> super::shapes::Both {
    super::shapes::Both {
        zh: said(Lang::Zh),
        en: said(Lang::En),
    }
}
