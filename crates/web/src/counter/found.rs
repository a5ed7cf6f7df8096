//! What long looks have found: kept until the house closes, and found again by whoever asks.

use measure::Moment;
use office::month::causes::Causes;
use office::verify::Report;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    causes: Mutex<BTreeMap<String, Arc<Option<Causes>>>>,
    report: Mutex<Option<Arc<(Moment, Report)>>>,
}

/// So many months' causes are kept.
const MOST: usize = 60;

impl Found {
    /// The causes of a run's difference, by the name of its content.
    pub(super) fn causes(&self, name: &str) -> Option<Arc<Option<Causes>>> {
        let causes = self.causes.lock().unwrap_or_else(PoisonError::into_inner);
        causes.get(name).cloned()
    }

    pub(super) fn keep_causes(&self, name: String, found: Option<Causes>) {
        let mut causes = self.causes.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= causes.len() {
            causes.clear();
        }
        causes.insert(name, Arc::new(found));
    }

    /// What was found when everything was last derived again, and when.
    pub(super) fn report(&self) -> Option<Arc<(Moment, Report)>> {
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.clone()
    }

    pub(super) fn keep_report(&self, at: Moment, found: Report) {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        *report = Some(Arc::new((at, found)));
    }
}
