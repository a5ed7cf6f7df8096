//! What is counted, for whoever operates the house: requests by route and status and how long they took, in Prometheus' text.
//!
//! Routes are counted as the table has them, so there are as many lines as routes, whatever is asked for.

use crate::routes::Table;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// The counters, beside the table of routes they are counted by.
#[derive(Debug, Default)]
pub struct Counters {
    /// Every route.
    pub routes: Table,
    requests: Mutex<BTreeMap<(String, u16), Times>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Times {
    count: u64,
    micros: u64,
    below: [u64; BOUNDS.len()],
}

/// Upper bounds of the buckets of how long a request took, in microseconds.
const BOUNDS: [u64; 7] = [1_000, 5_000, 20_000, 50_000, 200_000, 1_000_000, 5_000_000];

impl Counters {
    /// A request was answered.
    pub fn request(&self, route: &str, status: u16, micros: u64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let times = requests.entry((route.to_owned(), status)).or_default();
        times.count += 1;
        times.micros = times.micros.saturating_add(micros);
        for (below, bound) in times.below.iter_mut().zip(BOUNDS) {
            *below += u64::from(micros <= bound);
        }
    }

    /// As Prometheus reads it.
    #[must_use]
    pub fn text(&self) -> String {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from(
            "# HELP renshe_request_seconds How long requests took, by route and status.\n\
             # TYPE renshe_request_seconds histogram\n",
        );
        for ((route, status), times) in requests.iter() {
            let of = format!("route=\"{route}\",status=\"{status}\"");
            let buckets = BOUNDS.iter().zip(times.below);
            for (bound, below) in buckets {
                let bound = seconds(*bound);
                let _ = writeln!(
                    out,
                    "renshe_request_seconds_bucket{{{of},le=\"{bound}\"}} {below}"
                );
            }
            let (count, sum) = (times.count, seconds(times.micros));
            let _ = writeln!(
                out,
                "renshe_request_seconds_bucket{{{of},le=\"+Inf\"}} {count}"
            );
            let _ = writeln!(out, "renshe_request_seconds_sum{{{of}}} {sum}");
            let _ = writeln!(out, "renshe_request_seconds_count{{{of}}} {count}");
        }
        out
    }
}

/// Microseconds in seconds, to the digit.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_under_its_route() {
        let counters = Counters::default();
        counters.request("/me", 200, 3_500);
        counters.request("/me", 200, 1_500_000);
        let text = counters.text();
        for line in [
            r#"renshe_request_seconds_bucket{route="/me",status="200",le="0.005"} 1"#,
            r#"renshe_request_seconds_bucket{route="/me",status="200",le="5"} 2"#,
            r#"renshe_request_seconds_sum{route="/me",status="200"} 1.5035"#,
            r#"renshe_request_seconds_count{route="/me",status="200"} 2"#,
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
