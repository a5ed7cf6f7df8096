//! What stands in somebody's accounts, since when, and by which law?
//!
//! Every month that was credited, every entry at the counter, the interest of every year, as they were known on a day. The
//! lines add up to the balance, and each opens to the rule that gave it, with the facts it was given and the text of the law
//! that was applied.

use super::post::unknown;
use crate::acting::Acting;
use crate::error::Error;
use crate::month::{credit, interest};
use crate::shelf;
use crate::whole;
use city::accounts::PartCredit;
use city::differences::{Part, Place};
use city::dues::Due;
use city::entries::Entry;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::runs::{Refusal, Run, RunId, RunKind};
use measure::{Day, Fen, Moment, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::owed::Owed;
use store::{Db, Rows, Tx, audit, cold, entries, owed, part_credits, people, runs};

/// A person's accounts as they were known on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Whose.
    pub person: PersonId,
    /// As known at the end of which day.
    pub as_of: Day,
    /// Each account.
    pub accounts: Vec<Passbook>,
}

/// An account, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Passbook {
    /// In which scheme.
    pub scheme: Scheme,
    /// In the order of the days on which the lines came into force.
    pub lines: Vec<Line>,
    /// How many months were credited.
    pub months: i32,
    /// What was credited and posted.
    pub credited: Fen,
    /// The interest borne, and the last year that was.
    pub interest: Fen,
    /// The last year whose interest was borne; 0 before the first.
    pub year: i16,
    /// What stands in it.
    pub balance: Fen,
}

/// A line of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The day since which it stands there.
    pub on: Day,
    /// What is added; below zero what is taken.
    pub amount: Fen,
    /// What it is.
    pub what: What,
    /// What it follows from.
    pub opens: Opening,
}

impl Line {
    /// The rules it opens to: none, that which gave it, or those of what was in force and of what is now.
    pub fn rules(&self) -> impl Iterator<Item = &Opens> {
        let (one, other) = match &self.opens {
            Opening::Reason => (None, None),
            Opening::Rule(opens) => (Some(opens), None),
            Opening::Difference { in_force, anew } => {
                (Some(&in_force.opens), anew.as_ref().map(|anew| &anew.opens))
            }
        };
        one.into_iter().chain(other)
    }
}

/// What a line follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Of an entry the reason that it says.
    Reason,
    /// The rule that gave it.
    Rule(Opens),
    /// A month that was altered or given back: what it is now, less what was in force of it.
    Difference {
        /// What was in force.
        in_force: Derived,
        /// What it is, assessed anew; `None` when nothing of it is due any more.
        anew: Option<Derived>,
    },
}

/// A month's credit, and the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The credit.
    pub amount: Fen,
    /// Its rule.
    pub opens: Opens,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A month that was paid.
    Credit {
        /// The month owed for.
        month: Month,
        /// What was assessed.
        due: Due,
        /// By which run it was assessed, and by which credited.
        assessed: RunId,
        /// By which run it was credited.
        credited: RunId,
        /// The day on which the bill was paid to the end.
        paid: Option<Day>,
    },
    /// A month of which a part was paid and the rest written off.
    Part {
        /// The month owed for.
        month: Month,
        /// What of it was paid.
        credit: PartCredit,
        /// By which run it was assessed.
        assessed: RunId,
        /// By which run it was credited.
        credited: RunId,
        /// The last day on which anything was paid on the bill.
        paid: Option<Day>,
    },
    /// An entry at the counter.
    Entry {
        /// It.
        entry: Entry,
        /// Who approved it.
        approved_by: String,
        /// The run whose generation has it.
        taken_up: Option<RunId>,
    },
    /// The interest of a year.
    Interest {
        /// Which year.
        year: i32,
        /// What stood in the account when the year began.
        opening: Fen,
        /// The month products of the year's credits.
        products: Fen,
        /// By which run.
        run: RunId,
    },
}

/// The rule a line opens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opens {
    /// The version of the law that was applied.
    pub law: String,
    /// The rule, by its name.
    pub rule: &'static str,
    /// The day whose law applied.
    pub as_of: Day,
    /// What the rule was given, as a JSON object of the law's names.
    pub facts: String,
}

/// The statement of a person's accounts as they were known at the end of a day. That it was read is noted, with why.
///
/// # Errors
///
/// `N0302` when there is no such person; `N0109` when lines and balance differ; `N0501` and `N0502` when a file that holds
/// rows is gone or altered; what the database says.
pub fn statement(
    db: &Db,
    person: PersonId,
    as_of: Day,
    acting: Acting<'_>,
) -> Result<Statement, Error> {
    whole::look(db, |tx| {
        if people::person(tx, person)?.is_none() {
            return Err(unknown(("人员", "person"), person.number()));
        }
        let detail = format!("as of {as_of}");
        acting.note(
            tx,
            "account.statement",
            (audit::PERSON, person.number()),
            &detail,
        )?;
        let known = Known::on(tx, as_of)?;
        let history = known.history(tx, person)?;
        let accounts = known.accounts(tx, person, &history)?;
        Ok(Statement {
            person,
            as_of,
            accounts,
        })
    })
}

/// The runs that were in force at the end of a day.
pub(super) struct Known {
    runs: Vec<(Run, Moment)>,
    end: Moment,
}

impl Known {
    /// Every account of a person, of whom runs found this.
    pub(super) fn accounts(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        history: &[(&Run, Owed)],
    ) -> Result<Vec<Passbook>, Error> {
        let mut lines: BTreeMap<Scheme, Vec<Line>> = BTreeMap::new();
        self.credits(history, &mut lines)?;
        self.parts(tx, person, &mut lines)?;
        self.entries(tx, person, &mut lines)?;
        self.interest(tx, person, &mut lines)?;
        let accounts = lines.into_iter();
        accounts
            .map(|(scheme, lines)| self.passbook(tx, person, scheme, lines))
            .collect()
    }

    pub(super) fn on(tx: &mut Tx<'_>, as_of: Day) -> Result<Known, Error> {
        let end = Moment::start_of(as_of.add_days(1)?);
        let mut known = runs::in_force_since(tx)?;
        known.retain(|(_, published)| *published < end);
        Ok(Known { runs: known, end })
    }

    pub(super) fn of(&self, kinds: &'static [RunKind]) -> impl Iterator<Item = &(Run, Moment)> {
        self.runs
            .iter()
            .filter(move |(run, _)| kinds.contains(&run.kind))
    }

    fn published(&self, run: RunId) -> Option<Moment> {
        let found = self.runs.iter().find(|(known, _)| known.id == run);
        found.map(|(_, published)| *published)
    }

    /// What every run in force found for a person, in the order in which the runs came into force: from the database, or from
    /// the file that a run's rows were moved to.
    pub(super) fn history(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
    ) -> Result<Vec<(&Run, Owed)>, Error> {
        let mut stored: BTreeMap<RunId, Vec<Owed>> = BTreeMap::new();
        let mut found = owed::dues(tx, person)?;
        if self.of(&[RunKind::Difference]).next().is_some() {
            found.extend(owed::differences(tx, person)?);
        }
        for owed in found {
            stored.entry(owed.run).or_default().push(owed);
        }
        let moved: BTreeSet<RunId> = cold::all(tx)?
            .iter()
            .filter(|moved| moved.kind == Rows::Dues.code())
            .map(|moved| moved.run)
            .collect();
        let mut history = Vec::new();
        for (run, _) in self.of(&[RunKind::Assessment, RunKind::Difference]) {
            let found = match moved.contains(&run.id) {
                true => from_file(tx, run, person)?,
                false => stored.remove(&run.id).unwrap_or_default(),
            };
            history.extend(found.into_iter().map(|owed| (run, owed)));
        }
        Ok(history)
    }

    /// Every month that was assessed, paid and credited.
    fn credits(
        &self,
        history: &[(&Run, Owed)],
        lines: &mut BTreeMap<Scheme, Vec<Line>>,
    ) -> Result<(), Error> {
        let mut months = InForce::default();
        for &(
            run,
            Owed {
                due, part, became, ..
            },
        ) in history
        {
            if !due.scheme.has_accounts() {
                continue;
            }
            // Also of what was never paid: what is altered later is altered from there.
            let opens = months.take(run, &due, part)?;
            let Some(credited) = became.credited else {
                continue;
            };
            let Some(published) = self.published(credited) else {
                continue;
            };
            lines.entry(due.scheme).or_default().push(Line {
                on: published.day()?,
                amount: due.credit,
                opens,
                what: What::Credit {
                    month: run.month,
                    due,
                    assessed: run.id,
                    credited,
                    paid: became.settled,
                },
            });
        }
        Ok(())
    }

    /// What was credited of months that were paid in part and written off for the rest.
    fn parts(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        lines: &mut BTreeMap<Scheme, Vec<Line>>,
    ) -> Result<(), Error> {
        for part in part_credits::of_person(tx, person)? {
            let run = self.runs.iter().find(|(run, _)| run.id == part.credited);
            let Some((run, published)) = run else {
                continue;
            };
            let of = &part.credit.of;
            let facts = format!(
                r#"{{"bill-credit": "{}", "paid-credit": "{}", "credit-before": "{}", "own-credit": "{}"}}"#,
                of.whole, of.paid, part.credit.before, part.credit.own
            );
            lines.entry(of.scheme).or_default().push(Line {
                on: published.day()?,
                amount: part.credit.credit,
                opens: Opening::Rule(Opens {
                    law: run.law.clone(),
                    rule: "part-credit",
                    as_of: run.month.last_day(),
                    facts,
                }),
                what: What::Part {
                    month: part.month,
                    credit: part.credit,
                    assessed: part.assessed,
                    credited: part.credited,
                    paid: part.paid,
                },
            });
        }
        Ok(())
    }

    /// Every entry that counted.
    fn entries(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        lines: &mut BTreeMap<Scheme, Vec<Line>>,
    ) -> Result<(), Error> {
        for counted in entries::of_person(tx, person)? {
            if self.end <= counted.at {
                continue;
            }
            let taken_up = counted.taken_up.filter(|(_, at)| *at < self.end);
            let line = Line {
                on: counted.at.day()?,
                amount: counted.entry.asked.amount,
                opens: Opening::Reason,
                what: What::Entry {
                    approved_by: counted.approved_by.login().to_owned(),
                    taken_up: taken_up.map(|(run, _)| run),
                    entry: counted.entry,
                },
            };
            let What::Entry { entry, .. } = &line.what else {
                continue;
            };
            lines.entry(entry.asked.scheme).or_default().push(line);
        }
        Ok(())
    }

    /// The interest of every year that was borne.
    fn interest(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        lines: &mut BTreeMap<Scheme, Vec<Line>>,
    ) -> Result<(), Error> {
        for (run, published) in self.of(&[RunKind::Interest, RunKind::ResidentInterest]) {
            let Some(scheme) = run.kind.bears() else {
                continue;
            };
            let Some(borne) = interest::of_person(tx, run, (person, scheme))? else {
                continue;
            };
            let facts = format!(
                r#"{{"year-opening": "{}", "year-products": "{}"}}"#,
                borne.opening, borne.products
            );
            lines.entry(scheme).or_default().push(Line {
                on: published.day()?,
                amount: borne.interest,
                opens: Opening::Rule(Opens {
                    law: run.law.clone(),
                    rule: interest::rule(scheme),
                    as_of: run.month.last_day(),
                    facts,
                }),
                what: What::Interest {
                    year: run.month.year().number(),
                    opening: borne.opening,
                    products: borne.products,
                    run: run.id,
                },
            });
        }
        Ok(())
    }

    /// The lines of a scheme under what stood in the account, to which they add up.
    fn passbook(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        scheme: Scheme,
        mut lines: Vec<Line>,
    ) -> Result<Passbook, Error> {
        lines.sort_by_key(|line| line.on);
        let current = self
            .of(&[
                RunKind::Crediting,
                RunKind::Interest,
                RunKind::ResidentInterest,
            ])
            .last();
        let account = match current {
            Some((run, _)) => shelf::account(tx, run.id, person, scheme)?,
            None => None,
        };
        let (balance, credited, interest) = match &account {
            Some(account) => (account.balance()?, account.credited, account.interest),
            None => (Fen::ZERO, Fen::ZERO, Fen::ZERO),
        };
        let beside = Fen::checked_sum(lines.iter().filter_map(|line| match line.what {
            What::Entry { taken_up: None, .. } => Some(line.amount),
            _ => None,
        }))?;
        let balance = balance.checked_add(beside)?;
        let added = Fen::checked_sum(lines.iter().map(|line| line.amount))?;
        if added != balance {
            return Err(Refusal::Unequal {
                what: format!("account of person {person}"),
                one: added.0.into(),
                other: balance.0.into(),
            }
            .into());
        }
        Ok(Passbook {
            scheme,
            lines,
            months: account.map_or(0, |account| account.months),
            credited: credited.checked_add(beside)?,
            interest,
            year: account.map_or(0, |account| account.year),
            balance,
        })
    }
}

/// What is in force of a person's months, run by run: where a due stands, what it comes to, and under which law.
#[derive(Default)]
struct InForce(BTreeMap<(Month, Place), (Due, Run)>);

impl InForce {
    /// Adds a line of a run, and says what it follows from.
    fn take(&mut self, run: &Run, due: &Due, part: Part) -> Result<Opening, Error> {
        let derived = |(due, run): &(Due, Run)| Derived {
            amount: due.credit,
            opens: of_credit(run, due),
        };
        let place = (run.month, due.place());
        let before = match part {
            Part::Added => None,
            Part::Altered | Part::GivenBack => self.0.remove(&place),
        };
        let now = match &before {
            Some((before, _)) => before.plus(due)?,
            None => *due,
        };
        let now = (now, run.clone());
        let opening = match (&before, part) {
            (None, _) => Opening::Rule(of_credit(run, due)),
            (Some(before), Part::GivenBack) => Opening::Difference {
                in_force: derived(before),
                anew: None,
            },
            (Some(before), _) => Opening::Difference {
                in_force: derived(before),
                anew: Some(derived(&now)),
            },
        };
        if part != Part::GivenBack {
            self.0.insert(place, now);
        }
        Ok(opening)
    }
}

/// What a run found for a person, from the file that holds its rows.
fn from_file(tx: &mut Tx<'_>, run: &Run, person: PersonId) -> Result<Vec<Owed>, Error> {
    let mut dues = Vec::new();
    shelf::dues(tx, run.id, &shelf::only(person), |due| {
        dues.push(due);
        Ok(())
    })?;
    let owed = |due: Due| {
        let place = (due.scheme, due.district);
        let became = owed::of_bill(tx, run.id, credit::payer(&due), place)?;
        Ok(Owed {
            run: run.id,
            part: Part::Added,
            due,
            became,
        })
    };
    dues.into_iter().map(owed).collect()
}

/// The rule that gave a month's credit, and what it was given.
fn of_credit(run: &Run, due: &Due) -> Opens {
    let rule = match due.category {
        Category::Employee | Category::Individual => "monthly-credit",
        Category::Resident => "resident-credit",
    };
    opens(run, due, rule)
}

/// A rule that gave a part of a month's dues, and what it was given: the base as it was found then.
pub(super) fn opens(run: &Run, due: &Due, rule: &'static str) -> Opens {
    let base = due.base;
    let facts = match due.category {
        Category::Employee => format!(r#"{{"contribution-base": "{base}"}}"#),
        Category::Individual => {
            format!(r#"{{"insured-as": "individual", "individual-base": "{base}"}}"#)
        }
        Category::Resident => format!(
            r#"{{"resident-contribution-year": {}, "resident-tier": {}}}"#,
            run.month.year().number(),
            base.0 / 100
        ),
    };
    Opens {
        law: run.law.clone(),
        rule,
        as_of: run.month.last_day(),
        facts,
    }
}
