//! What a roster and what became known since tell is what the facts tell.

use crate::keeping::{RUN, day, month, open_run, publish};
use city::runs::RunId;
use measure::{Day, Moment};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::ops::Range;
use store::roster::{self, Line, Since};
use store::{Db, Engine, Error, Tx, both, generation, params, testing::MADE};

/// A participation: whose, where, as what, from when for how many days, what is declared, when it was recorded and when superseded.
#[derive(Clone, Debug)]
struct Told {
    person: i64,
    district: i32,
    status: i16,
    employer: Option<i64>,
    scheme: i16,
    from: i32,
    days: Option<i32>,
    declared: Option<i64>,
    recorded: i64,
    stood: Option<i64>,
}

const MOMENTS: i64 = 6;

fn moment(number: i64) -> Moment {
    Moment::from_microseconds(MADE.microseconds() + number)
}

fn at(number: i32) -> Day {
    day("2025-01-01").add_days(number).unwrap()
}

/// Persons of two spans, half of what is told long before and half of it about the months that are looked at.
fn told() -> impl Strategy<Value = Vec<Told>> {
    let whose = (2_040..2_056_i64, prop_oneof![Just(500_103), Just(500_112)]);
    let what = (
        prop_oneof![4 => Just(1_i16), 1 => Just(2)],
        prop::option::of(1..4_i64),
        1..4_i16,
    );
    let from = prop_oneof![-40_000..90, 0..90];
    let days = prop::option::of(prop_oneof![1..90, 1..25_000]);
    let when = (0..MOMENTS, prop::option::of(1..4_i64));
    let declared = prop::option::of(0..9_000_000_i64);
    let one = (whose, what, from, days, declared, when).prop_map(
        |((person, district), (status, employer, scheme), from, days, declared, when)| Told {
            person,
            district,
            status,
            employer,
            scheme,
            from,
            days,
            declared,
            recorded: when.0,
            stood: when.1,
        },
    );
    prop::collection::vec(one, 0..60)
}

fn tell(tx: &mut Tx<'_>, one: &Told) -> Result<(), Error> {
    let values = params![
        one.person,
        one.scheme,
        if one.employer.is_some() { 1_i16 } else { 2 },
        one.employer,
        one.district,
        one.status,
        one.declared,
        at(one.from),
        one.days.map(|days| at(one.from + days)),
        moment(one.recorded),
        one.stood.map(|stood| moment(one.recorded + stood))
    ];
    tx.execute(
        "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, valid_until, \
         recorded, superseded, origin_kind, origin) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 6, 1)",
        values,
    )
    .map(drop)
}

fn run() -> RunId {
    RunId::new(1).unwrap()
}

/// What the roster that was written at a moment for a month tells at each moment from then on, of that month and the next.
fn agrees(tx: &mut Tx<'_>, persons: &Range<i64>, first: Day, before: i64) -> Result<(), Error> {
    for known in before..=MOMENTS {
        let moments = (moment(before), moment(known));
        for day in [first, first.add_months(1).unwrap()] {
            let facts = roster::facts(tx, persons, day, moments.1)?;
            let since = roster::since(tx, moments, day, 1_000_000)?.unwrap();
            let told = roster::told(tx, run(), &since, persons, day)?;
            assert_eq!(told, Some(facts), "from {before} to {known} on {day}");
        }
    }
    Ok(())
}

/// Which runs have a roster, and which tables there are for them.
fn kept(db: &Db) -> (Vec<RunId>, Vec<String>) {
    let tables = match db.engine() {
        Engine::Postgres => {
            "select relname from pg_class where relkind = 'r' and relname ~ '^roster_run_' order by relname"
        }
        Engine::Sqlite => "select distinct 'roster_run_' || run from roster order by 1",
    };
    db.read(|tx| {
        Ok::<_, Error>((
            roster::kept(tx)?,
            tx.list(tables, params![], |row| row.get(0))?,
        ))
    })
    .unwrap()
}

both! {
    a_roster_and_what_came_since_tell_what_the_facts_tell(db) {
        let mut runner = TestRunner::deterministic();
        db.write(|tx| {
            open_run(tx, 1, "2025-01")?;
            roster::begin(tx, run())
        }).unwrap();
        let mut lines = 0;
        for case in 0..30 {
            // Each time other persons, as facts stay.
            let shift = case * 10_000;
            let told = told().new_tree(&mut runner).unwrap().current();
            let persons = shift + 1..shift + 10_000;
            let before = case % MOMENTS;
            db.write(|tx| {
                for one in &told {
                    tell(tx, &Told { person: one.person + shift, ..one.clone() })?;
                }
                let first = at(0);
                let known = roster::facts(tx, &persons, first, moment(before))?;
                roster::write(tx, run(), &known)?;
                lines += known.len();
                agrees(tx, &persons, first, before)?;
                // Of some of them only.
                agrees(tx, &(shift + 2_044..shift + 2_050), first, before)
            }).unwrap();
        }
        assert!(lines > 100, "{lines}");
    }

    more_than_is_held_is_told(db) {
        let once = |recorded, stood| Told {
            person: 1, district: 500_103, status: 1, employer: None, scheme: 1, from: 0, days: None,
            declared: None, recorded, stood,
        };
        db.write(|tx| {
            for one in [once(1, Some(1)), once(2, Some(1)), once(3, None)] {
                tell(tx, &one)?;
            }
            let held = |tx: &mut Tx<'_>, before, known, at_most| {
                roster::since(tx, (moment(before), moment(known)), at(0), at_most).map(|since| since.is_some())
            };
            // Two superseded and one that stands.
            assert!(held(tx, 0, 3, 2)?);
            assert!(!held(tx, 0, 3, 1)?);
            // One that came, none that went.
            assert!(held(tx, 0, 1, 1)?);
            assert!(!held(tx, 0, 1, 0)?);
            assert!(held(tx, 3, 9, 0)?);
            Ok::<(), Error>(())
        }).unwrap();
    }

    /// The last two are kept, and one that was given up is gone.
    rosters_are_forgotten(db) {
        let number = |run| RunId::new(run).unwrap();
        db.write(|tx| tell(tx, &Told {
            person: 1, district: 500_103, status: 1, employer: None, scheme: 1, from: 0, days: None,
            declared: None, recorded: 0, stood: None,
        })).unwrap();
        for run in 1..=4 {
            db.write(|tx| {
                tx.execute(RUN, params![run, month("2025-01").add_months(i32::try_from(run).unwrap()).unwrap(), MADE])?;
                roster::begin(tx, number(run))?;
                let known = roster::facts(tx, &(1..2), at(0), moment(9))?;
                roster::write(tx, number(run), &known)?;
                generation::roster(number(run)).key(tx)?;
                if run < 4 {
                    publish(tx, run)?;
                }
                Ok::<(), Error>(())
            }).unwrap();
        }
        let names = |runs: &[i64]| -> Vec<String> { runs.iter().map(|run| format!("roster_run_{run}")).collect() };
        // The fourth is not in force.
        assert_eq!(kept(db), (vec![number(3), number(2), number(1)], names(&[1, 2, 3, 4])));
        db.write(roster::forget).unwrap();
        assert_eq!(kept(db), (vec![number(3), number(2)], names(&[2, 3, 4])));
        db.write(|tx| roster::drop(tx, number(4))).unwrap();
        assert_eq!(kept(db), (vec![number(3), number(2)], names(&[2, 3])));
        let read = |run| {
            let told = db.read(|tx| roster::told(tx, number(run), &Since::default(), &(1..2), at(0)));
            told.map(|lines| lines.as_deref().map(<[Line]>::len)).ok().flatten()
        };
        assert_eq!(read(3), Some(1));
    }
}
