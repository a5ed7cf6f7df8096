//! How fast is a city made, on one thread?
//!
//! ```text
//! cargo bench -p synth --bench city -- [persons, 4 million by default]
//! ```
//!
//! What counts is the time the processor worked for it, where the system tells that; so a busy machine measures the same.
//! Makes the registers in batches of 65,536 persons, the employers, and the changes of the first and of the twelfth month;
//! best of three rounds each. It fails when fewer than two million persons a second come out.
#![expect(clippy::unwrap_used, reason = "a bench that cannot work stops")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a bench reads the clock and its arguments"
)]

use measure::Month;
use std::hint::black_box;
use std::time::{Duration, Instant};
use synth::City;

const BATCH: u64 = 65_536;
const LEAST_A_SECOND: u128 = 2_000_000;

fn main() {
    let people = std::env::args()
        .skip(1)
        .find(|argument| argument != "--bench")
        .map_or(4_000_000, |people| people.parse().unwrap());
    let city = City::of(1, people);
    let batches = |count: u64| {
        (0..count.div_ceil(BATCH)).map(move |batch| batch * BATCH..count.min((batch + 1) * BATCH))
    };
    let registers = best("persons with all registers", people, || {
        for batch in batches(people) {
            black_box(city.registers(batch));
        }
    });
    let employers = city.employer_indices();
    best("employers", employers, || {
        for batch in batches(employers) {
            black_box(city.employers(batch));
        }
    });
    for month in ["2025-01", "2025-12"] {
        let month = Month::parse(month).unwrap();
        best(&format!("persons, changes of {month}"), people, || {
            for batch in batches(people) {
                black_box(city.changes(month, batch));
            }
        });
    }
    assert!(
        registers >= LEAST_A_SECOND,
        "{registers} persons a second; wanted {LEAST_A_SECOND}"
    );
}

/// How many a second in the best of three rounds.
fn best(what: &str, count: u64, mut work: impl FnMut()) -> u128 {
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let (begun, worked) = (Instant::now(), worked());
        work();
        let took = worked.map_or_else(
            || begun.elapsed(),
            |before| self::worked().unwrap().checked_sub(before).unwrap(),
        );
        least = least.min(took);
    }
    let rate = u128::from(count) * 1_000_000_000 / least.as_nanos().max(1);
    println!(
        "{what}: {count} in {} ms, {rate} a second",
        least.as_millis()
    );
    rate
}

/// How long the processor has worked for this process, on Linux.
fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
