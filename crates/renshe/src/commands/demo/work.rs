//! The month's work, each step over all of the city in columns.

use super::totals::Totals;
use crate::lookup;
use crate::output::{Failure, Setting};
use measure::{Day, Month};
use office::sample::{Reader, Rows};
use rules::columns::{Plan, Results, Slot, Workspace};
use rules::law::{Law, RelationId, RuleId};
use rules::refusal::{message, remedy};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use synth::City;

/// How work is cut up; what comes out does not depend on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) threads: usize,
    /// Persons a piece.
    pub(super) block: usize,
}

/// Rules asked of one kind of person, made ready.
pub(super) struct Question<'a> {
    pub(super) rules: Vec<RuleId>,
    /// What the rows have: their own columns and those of their records.
    pub(super) slots: (Vec<Slot>, Vec<(RelationId, Vec<Slot>)>),
    plan: Plan<'a>,
}

/// What came out for some persons.
pub(super) struct Part {
    /// Who, ascending.
    pub(super) numbers: Vec<u64>,
    pub(super) results: Results,
}

/// Some persons who pay.
pub(super) struct Payers {
    numbers: Vec<u64>,
    rows: Rows,
}

/// A block's dues.
pub(super) struct Assessed {
    pub(super) employees: Part,
    pub(super) individuals: Part,
}

/// How the insured stand in the month.
pub(super) struct Standing {
    pub(super) insured: u64,
    /// Who pays in this month; whoever retires in it pays once more.
    pub(super) active: u64,
    pub(super) retired: u64,
    /// Whose pension falls due in this month.
    pub(super) due: Vec<u64>,
}

/// Everything the steps share.
pub(super) struct Work<'a> {
    pub(super) law: &'a Law,
    pub(super) city: &'a City,
    pub(super) reader: &'a Reader<'a>,
    pub(super) month: Month,
    pub(super) as_of: Day,
    pub(super) retirement: Question<'a>,
    pub(super) employees: Question<'a>,
    pub(super) individuals: Question<'a>,
    pub(super) awards: Question<'a>,
    setting: Setting,
}

const EMPLOYEES: [&str; 6] = [
    "contribution-base",
    "employer-due",
    "employee-due",
    "unemployment-employer-contribution",
    "unemployment-employee-contribution",
    "injury-contribution",
];
const INDIVIDUALS: [&str; 3] = [
    "individual-base",
    "individual-due",
    "individual-account-credit",
];
const AWARDS: [&str; 5] = [
    "monthly-pension",
    "basic-pension",
    "account-pension",
    "transitional-pension",
    "retirement-group",
];

impl<'a> Work<'a> {
    pub(super) fn new(
        law: &'a Law,
        city: &'a City,
        reader: &'a Reader<'a>,
        month: Month,
        as_of: Day,
        setting: &Setting,
    ) -> Result<Work<'a>, Failure> {
        let question = |names: &[&str], slots: (Vec<Slot>, Vec<(RelationId, Vec<Slot>)>)| {
            let rules = names
                .iter()
                .map(|name| lookup::rule(law, name, setting))
                .collect::<Result<Vec<_>, _>>()?;
            let plan = Plan::new(law, as_of, &rules, &slots.0, &slots.1).map_err(|refusal| {
                let lang = setting.lang;
                Failure::new(lang, message(&refusal, law, lang))
                    .code(refusal.reason.code())
                    .help(remedy(&refusal, law, lang))
            })?;
            Ok(Question { rules, slots, plan })
        };
        let own = || (reader.slots(), Vec::new());
        Ok(Work {
            law,
            city,
            reader,
            month,
            as_of,
            retirement: question(&["retirement-month"], own())?,
            employees: question(&EMPLOYEES, own())?,
            individuals: question(&INDIVIDUALS, own())?,
            awards: question(&AWARDS, reader.slots_of_awards())?,
            setting: *setting,
        })
    }

    /// Makes the city.
    pub(super) fn make(&self, people: u64, cut: Cut) -> Vec<Rows> {
        let blocks = blocks(people, cut.block);
        on_threads(
            cut.threads,
            blocks.len(),
            || (),
            |(), index| self.reader.rows(self.city.persons(blocks[index].clone())),
        )
    }

    /// When everybody retires, as indices of months, block by block.
    pub(super) fn retirement(&self, blocks: &[Rows], cut: Cut) -> Result<Vec<Vec<i64>>, Failure> {
        let plan = &self.retirement.plan;
        let results = on_threads(
            cut.threads,
            blocks.len(),
            || plan.workspace(),
            |workspace, index| self.run(&self.retirement, workspace, &blocks[index]),
        );
        if let Some(refused) = results.iter().flat_map(|results| &results.refused).next() {
            let (law, lang) = (self.law, self.setting.lang);
            let failure = Failure::new(lang, message(&refused.refusal, law, lang));
            return Err(failure.code(refused.refusal.reason.code()).help(remedy(
                &refused.refusal,
                law,
                lang,
            )));
        }
        Ok(results
            .into_iter()
            .flat_map(|results| results.columns)
            .collect())
    }

    /// Who pays, who is retired, whose pension falls due.
    pub(super) fn standing(&self, retirement: &[Vec<i64>]) -> Standing {
        let mut standing = Standing {
            insured: 0,
            active: 0,
            retired: 0,
            due: Vec::new(),
        };
        let month = i64::from(self.month.index());
        for (number, retires) in (0..).zip(retirement.iter().flatten()) {
            standing.insured += 1;
            if *retires < month {
                standing.retired += 1;
            } else {
                standing.active += 1;
            }
            if *retires == month {
                standing.due.push(number);
            }
        }
        standing
    }

    /// Who pays in the month, block by block: employees, individuals.
    pub(super) fn payers(
        &self,
        blocks: &[Rows],
        retirement: &[Vec<i64>],
        cut: Cut,
    ) -> Vec<[Payers; 2]> {
        let month = i64::from(self.month.index());
        on_threads(
            cut.threads,
            blocks.len(),
            || (),
            |(), index| {
                let (persons, first) = (&blocks[index].persons, (index * cut.block) as u64);
                let paying = (0..persons.len()).filter(|row| retirement[index][*row] >= month);
                let (employees, individuals): (Vec<usize>, Vec<usize>) =
                    paying.partition(|row| persons.person(*row).insured_as == 0);
                [employees, individuals].map(|rows| Payers {
                    numbers: rows.iter().map(|row| first + *row as u64).collect(),
                    rows: self.reader.rows(persons.select(rows)),
                })
            },
        )
    }

    /// The month's dues of all who pay.
    pub(super) fn assess(&self, payers: Vec<[Payers; 2]>, cut: Cut) -> Vec<Assessed> {
        let start = || {
            (
                self.employees.plan.workspace(),
                self.individuals.plan.workspace(),
            )
        };
        let results = on_threads(
            cut.threads,
            payers.len(),
            start,
            |(of_employees, of_individuals), index| {
                let [employees, individuals] = &payers[index];
                (
                    self.run(&self.employees, of_employees, &employees.rows),
                    self.run(&self.individuals, of_individuals, &individuals.rows),
                )
            },
        );
        let parts = payers.into_iter().zip(results).map(
            |([employees, individuals], (of_employees, of_individuals))| Assessed {
                employees: Part {
                    numbers: employees.numbers,
                    results: of_employees,
                },
                individuals: Part {
                    numbers: individuals.numbers,
                    results: of_individuals,
                },
            },
        );
        parts.collect()
    }

    /// The pensions of these persons.
    pub(super) fn award(&self, due: &[u64], cut: Cut) -> Vec<Part> {
        // A history is some thirty records, so a piece is that much smaller.
        let pieces: Vec<&[u64]> = due.chunks((cut.block / 32).max(1)).collect();
        let start = || self.awards.plan.workspace();
        on_threads(cut.threads, pieces.len(), start, |workspace, index| {
            let numbers = pieces[index].to_vec();
            let rows = self.rows_for_award(&numbers);
            Part {
                numbers,
                results: self.run(&self.awards, workspace, &rows),
            }
        })
    }

    /// Persons with what an award takes.
    pub(super) fn rows_for_award(&self, numbers: &[u64]) -> Rows {
        let mut persons = self.city.persons(0..0);
        for number in numbers {
            persons.push(&self.city.person(*number));
        }
        self.reader.rows_for_award(persons, self.month)
    }

    /// All steps at once, for their control totals: employees, individuals, pensions.
    pub(super) fn totals(&self, people: u64, cut: Cut) -> Result<[Totals; 3], Failure> {
        let blocks = self.make(people, cut);
        let retirement = self.retirement(&blocks, cut)?;
        let assessed = self.assess(self.payers(&blocks, &retirement, cut), cut);
        let awarded = self.award(&self.standing(&retirement).due, cut);
        Ok([
            Totals::of(assessed.iter().map(|both| &both.employees)),
            Totals::of(assessed.iter().map(|both| &both.individuals)),
            Totals::of(awarded.iter()),
        ])
    }

    fn run(&self, question: &Question<'a>, workspace: &mut Workspace, rows: &Rows) -> Results {
        let mut results = Results::default();
        question
            .plan
            .run(workspace, &self.reader.batch(rows), &mut results);
        results
    }
}

fn blocks(people: u64, block: usize) -> Vec<Range<u64>> {
    let block = block as u64;
    (0..people.div_ceil(block))
        .map(|index| index * block..people.min((index + 1) * block))
        .collect()
}

/// The work for each index, on so many threads, each with a workspace of its own; in order of the indices.
fn on_threads<W, T: Send>(
    threads: usize,
    count: usize,
    start: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut workspace = start();
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, work(&mut workspace, index)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let shares: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(share)).collect();
        shares
            .into_iter()
            .flat_map(|share| {
                share
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, done)| done).collect()
}
