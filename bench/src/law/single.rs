//! What is done one at a time: the law loaded and checked, one award explained.

use crate::Failure;
use crate::law::contest::timed;
use crate::law::engine;
use rules::explain::{self, Lang};
use rules::facts;
use rules::law::Law;
use std::path::Path;

/// A man born in March 1970 with 32 years, five of them deemed.
const CASE: &str = r#"{
    "sex": "male", "post": "worker", "birth-month": "1970-03",
    "contribution-months": 384, "deemed-months": 60,
    "account-balance": "183264.57", "average-index": "1.2345", "calculation-wage-used": "8000.00"
}"#;

/// The best and the median time to read and check every file of the law, nanoseconds, and how many files.
pub(crate) fn loading(folder: &Path) -> Result<(u64, u64, usize), Failure> {
    let files = engine::law_files(folder)?.len();
    let mut times = Vec::new();
    for _ in 0..25 {
        let (time, book) = timed(|| engine::read(folder));
        book?;
        times.push(time);
    }
    times.sort_unstable();
    Ok((times[0], times[times.len() / 2], files))
}

/// The best and the median time to explain one award, as text in English, nanoseconds, and how many lines that is.
pub(crate) fn explaining(law: &Law) -> Result<(u64, u64, usize), Failure> {
    let pension = engine::rule(law, "monthly-pension")?;
    let facts = facts::from_json(law, law[pension].of, CASE).map_err(|faults| {
        let faults = faults.iter().map(|fault| fault.message(Lang::En));
        Failure(faults.collect::<Vec<String>>().join("\n"))
    })?;
    let mut times = Vec::new();
    let mut lines = 0;
    for _ in 0..1_000 {
        let (time, (text, refused)) = timed(|| {
            let explanation = explain::explain(law, engine::as_of(), &facts, pension);
            (
                explain::text(&explanation, Lang::En),
                explanation.outcome.is_err(),
            )
        });
        if refused {
            return Err(Failure(format!(
                "the award to be explained is refused:\n{text}"
            )));
        }
        lines = text.lines().count();
        times.push(time);
    }
    times.sort_unstable();
    Ok((times[0], times[times.len() / 2], lines))
}
