//! Rounds: every contestant in each, so that a noisy minute strikes all of them alike.

use crate::Failure;
use crate::law::columns::Named;
use rules::columns::Values;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

/// Someone who computes a load from columns in memory to columns in memory.
pub(crate) trait Contestant {
    /// Who it is.
    fn who(&self) -> &Who;
    /// Computes everything once, unmeasured, and shows the results, a column at a time.
    fn show(&mut self, see: &mut dyn FnMut(&str, &[i64])) -> Result<(), Failure>;
    /// Computes everything once; the time it took, in nanoseconds.
    fn run(&mut self) -> Result<u64, Failure>;
}

/// Who takes part.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// Its name.
    pub(crate) name: String,
    /// Its version; empty for what is compiled in here.
    pub(crate) version: String,
    /// On so many threads.
    pub(crate) threads: usize,
    /// On so many rows, the first of all.
    pub(crate) rows: usize,
}

/// How it went for one of them.
pub(crate) struct Standing {
    /// Who.
    pub(crate) who: Who,
    /// The time of each round, nanoseconds; not empty.
    pub(crate) times: Vec<u64>,
    /// So many values were wrong.
    pub(crate) wrong: u64,
    /// Of so many.
    pub(crate) values: u64,
}

impl Standing {
    /// The best time for a million rows, nanoseconds.
    pub(crate) fn best(&self) -> u64 {
        self.for_a_million(self.times.iter().copied().min().unwrap_or_default())
    }

    /// The median time for a million rows, nanoseconds.
    pub(crate) fn median(&self) -> u64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        self.for_a_million(times[times.len() / 2])
    }

    fn for_a_million(&self, nanoseconds: u64) -> u64 {
        let scaled = u128::from(nanoseconds) * 1_000_000 / self.who.rows as u128;
        u64::try_from(scaled).unwrap_or(u64::MAX)
    }
}

/// What came of a load.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Those who took part, in the order given.
    pub(crate) standings: Vec<Standing>,
    /// Those who had to stop, and why.
    pub(crate) stopped: Vec<(String, Failure)>,
}

/// Lets them compute once for comparison with the first of them, then in rounds for time.
pub(crate) fn contest(mut contestants: Vec<Box<dyn Contestant + '_>>, rounds: usize) -> Outcome {
    let mut outcome = Outcome::default();
    let mut truth: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    contestants.retain_mut(|contestant| {
        let (mut wrong, mut values) = (0, 0);
        let first = truth.is_empty();
        let shown = contestant.show(&mut |column, found| {
            if first {
                truth.insert(column.to_string(), found.to_vec());
            }
            let expected = truth
                .get(column)
                .map_or(&[][..], |expected| &expected[..found.len()]);
            wrong += expected
                .iter()
                .zip(found)
                .filter(|(expected, found)| expected != found)
                .count() as u64;
            values += expected.len() as u64;
        });
        let who = contestant.who().clone();
        let complete = truth.len() as u64 * who.rows as u64;
        let shown = shown.and_then(|()| match values == complete {
            true => Ok(()),
            false => Err(Failure(format!(
                "showed {values} values instead of {complete}"
            ))),
        });
        match shown {
            Ok(()) => outcome.standings.push(Standing {
                who,
                times: Vec::new(),
                wrong,
                values,
            }),
            Err(failure) => {
                outcome.stopped.push((who.name, failure));
                return false;
            }
        }
        true
    });
    drop(truth);
    for round in 1..=rounds {
        eprintln!("  round {round} of {rounds}");
        for (contestant, standing) in contestants.iter_mut().zip(&mut outcome.standings) {
            // Once outside the clock: what whoever came before left in caches and pages is nobody's merit or fault.
            match contestant.run().and_then(|_| contestant.run()) {
                Ok(nanoseconds) => standing.times.push(nanoseconds),
                Err(failure) => outcome.stopped.push((standing.who.name.clone(), failure)),
            }
        }
    }
    outcome
        .standings
        .retain(|standing| standing.times.len() == rounds);
    outcome
}

/// A function compiled in here, on some threads.
pub(crate) struct Native<'a, O> {
    who: Who,
    /// Shared by all of them: it is written anew in every run.
    output: Rc<RefCell<O>>,
    run: Box<dyn Fn(&mut O) + 'a>,
    named: fn(&O) -> Named<'_>,
}

impl<'a, O> Native<'a, O> {
    /// `run` fills the output; `named` shows it.
    pub(crate) fn new(
        (name, threads, rows): (&str, usize, usize),
        output: &Rc<RefCell<O>>,
        named: fn(&O) -> Named<'_>,
        run: impl Fn(&mut O) + 'a,
    ) -> Native<'a, O> {
        let who = Who {
            name: name.to_string(),
            version: String::new(),
            threads,
            rows,
        };
        Native {
            who,
            output: Rc::clone(output),
            run: Box::new(run),
            named,
        }
    }
}

impl<O> Contestant for Native<'_, O> {
    fn who(&self) -> &Who {
        &self.who
    }

    fn show(&mut self, see: &mut dyn FnMut(&str, &[i64])) -> Result<(), Failure> {
        let mut output = self.output.borrow_mut();
        (self.run)(&mut output);
        for (name, values) in (self.named)(&output) {
            match values {
                Values::I64(values) => see(name, values),
                Values::I32(values) => see(
                    name,
                    &values
                        .iter()
                        .map(|&value| value.into())
                        .collect::<Vec<i64>>(),
                ),
                Values::U8(_) | Values::Text(_) => unreachable!("no result is a byte or a text"),
            }
        }
        Ok(())
    }

    fn run(&mut self) -> Result<u64, Failure> {
        let mut output = self.output.borrow_mut();
        Ok(timed(|| (self.run)(&mut output)).0)
    }
}

/// How long something took, in nanoseconds, and what came of it.
#[expect(clippy::disallowed_methods, reason = "this is a stopwatch")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let start = Instant::now();
    let done = work();
    let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    (nanoseconds, done)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(Who, Vec<i64>);

    fn fixed(name: &str, results: &[i64]) -> Box<dyn Contestant> {
        let who = Who {
            name: name.to_string(),
            version: String::new(),
            threads: 1,
            rows: results.len(),
        };
        Box::new(Fixed(who, results.to_vec()))
    }

    impl Contestant for Fixed {
        fn who(&self) -> &Who {
            &self.0
        }
        fn show(&mut self, see: &mut dyn FnMut(&str, &[i64])) -> Result<(), Failure> {
            see("amount", &self.1);
            Ok(())
        }
        fn run(&mut self) -> Result<u64, Failure> {
            Ok(7)
        }
    }

    #[test]
    fn wrong_values_are_counted_against_the_first() {
        let outcome = contest(
            vec![
                fixed("first", &[1, 2, 3]),
                fixed("second", &[1, 2, 4]),
                fixed("fewer", &[1, 2]),
            ],
            2,
        );
        let counts: Vec<(u64, u64)> = outcome
            .standings
            .iter()
            .map(|one| (one.wrong, one.values))
            .collect();
        assert_eq!(counts, [(0, 3), (1, 3), (0, 2)]);
        assert!(outcome.stopped.is_empty());
    }

    #[test]
    fn whoever_shows_too_little_is_out() {
        let mut short = Fixed(fixed("short", &[1, 2, 3]).who().clone(), vec![1]);
        short.0.rows = 3;
        let outcome = contest(vec![fixed("first", &[1, 2, 3]), Box::new(short)], 1);
        assert_eq!(outcome.standings.len(), 1);
        assert_eq!(outcome.stopped[0].0, "short");
    }

    #[test]
    fn times_are_for_a_million_rows() {
        let who = Who {
            name: String::new(),
            version: String::new(),
            threads: 1,
            rows: 500_000,
        };
        let standing = Standing {
            who,
            times: vec![30, 10, 20],
            wrong: 0,
            values: 0,
        };
        assert_eq!((standing.best(), standing.median()), (20, 40));
    }
}
