//! What was true on a day, as known at a moment: against a naive model.

use crate::registers::{
    command, day, employer, moment, origin, participation, person, slot, start,
};
use city::{
    facts::{Change, OriginKind, Span, Timeline},
    insurance::{Command, Pillar, Scheme, Slot, Status},
    people::PersonId,
};
use measure::{Day, Fen};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{Db, Error, both, insurance};

/// The days and moments of the model.
const DAYS: i32 = 10;
const MOMENTS: i64 = 16;

/// A correction of some days, or their withdrawal, so long after the one before.
type Deed = (i64, i32, i32, Option<i64>);

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let days = (0..DAYS - 1).prop_flat_map(|from| (Just(from), from + 1..=DAYS));
    let deed = (0..3_i64, days, proptest::option::weighted(0.8, 1..4_i64));
    let deed = deed.prop_map(|(later, (from, until), value)| (later, from, until, value));
    proptest::collection::vec(deed, 1..7)
}

fn model_day(number: i32) -> Day {
    day("2025-01-01").add_days(number).unwrap()
}

/// Does the deeds in the database, each in its own transaction, and in a table of every day at every moment; then asks
/// both everything.
fn agrees(db: &Db, person: PersonId, slot: Slot, deeds: &[Deed]) {
    let days = usize::try_from(DAYS).unwrap();
    let mut table: Vec<Vec<Option<i64>>> =
        vec![vec![None; days]; usize::try_from(MOMENTS).unwrap()];
    let mut now = 0;
    for (number, (later, from, until, value)) in (1..).zip(deeds) {
        now += later;
        let span = Span::new(model_day(*from), (*until < DAYS).then(|| model_day(*until))).unwrap();
        let origin = origin(OriginKind::Correction, number);
        db.write(|tx| {
            let known = insurance::of(tx, person)?.remove(&slot).unwrap_or_default();
            let changes = match value {
                Some(yuan) => known.correct(
                    span,
                    participation(slot, Status::Active, *yuan),
                    moment(now),
                    origin,
                ),
                None => known.withdraw(span, moment(now), origin),
            };
            insurance::carry_out(tx, person, &changes.unwrap())
        })
        .unwrap();
        for known in table.iter_mut().skip(usize::try_from(now).unwrap()) {
            for day in *from..*until {
                known[usize::try_from(day).unwrap()] = *value;
            }
        }
    }
    db.read(|tx| {
        for (known, days) in (0..).zip(&table) {
            for (number, expected) in (0..).zip(days) {
                let found = insurance::on(tx, person, model_day(number), moment(known))?;
                let found: Vec<Fen> = found.iter().filter_map(|one| one.declared).collect();
                let expected: Vec<Fen> = expected
                    .iter()
                    .map(|yuan| Fen::from_yuan(*yuan).unwrap())
                    .collect();
                assert_eq!(
                    found, expected,
                    "day {number} as known at {known} after {deeds:?}"
                );
            }
        }
        Ok::<(), Error>(())
    })
    .unwrap();
}

both! {
    every_day_at_every_moment_is_as_in_the_table(db) {
        let mut runner = TestRunner::deterministic();
        let employer = db.write(|tx| Ok::<_, Error>(employer(tx, '1'))).unwrap();
        let slot = slot(Scheme::EmployeePension, employer);
        for number in 0..25 {
            let person = db.write(|tx| Ok::<_, Error>(person(tx, number))).unwrap();
            let deeds = deeds().new_tree(&mut runner).unwrap().current();
            agrees(db, person, slot, &deeds);
        }
    }

    the_life_of_a_participation_is_kept(db) {
        db.write(|tx| {
            let (person, employer) = (person(tx, 1), employer(tx, '1'));
            let (pension, injury) = (slot(Scheme::EmployeePension, employer), slot(Scheme::WorkInjury, employer));
            let case = origin(OriginKind::Case, 1);
            command(tx, person, pension, &start(pension, "2025-01", 6_000), 1, case);
            command(tx, person, injury, &start(injury, "2025-01", 6_000), 1, case);
            command(tx, person, pension, &Command::Pause { from: day("2025-03") }, 2, case);
            command(tx, person, pension, &Command::End { from: day("2025-05") }, 3, case);
            let status = |tx: &mut _, on: &str, known| -> Result<Vec<Status>, Error> {
                Ok(insurance::on(tx, person, day(on), moment(known))?.iter().map(|one| one.status).collect())
            };
            assert_eq!(status(tx, "2025-06", 1)?, [Status::Active, Status::Active]);
            assert_eq!(status(tx, "2025-06", 2)?, [Status::Paused, Status::Active]);
            assert_eq!(status(tx, "2025-06", 3)?, [Status::Ended, Status::Active]);
            assert_eq!(status(tx, "2025-04", 3)?, [Status::Paused, Status::Active]);
            assert_eq!(status(tx, "2024-12", 3)?, []);
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// Two clerks decide from the same facts: the second finds them superseded, and nothing of it is kept.
    a_fact_is_superseded_once(db) {
        db.write(|tx| {
            let (person, employer) = (person(tx, 1), employer(tx, '1'));
            let slot = slot(Scheme::EmployeePension, employer);
            command(tx, person, slot, &start(slot, "2025-01", 6_000), 1, origin(OriginKind::Case, 1));
            let known = insurance::of(tx, person)?.remove(&slot).unwrap();
            let change = |yuan| {
                let value = participation(slot, Status::Active, yuan);
                known.correct(Span::from(day("2025-02")), value, moment(2), origin(OriginKind::Case, 2)).unwrap()
            };
            insurance::carry_out(tx, person, &change(7_000))?;
            let second: Vec<Change<_>> = change(8_000);
            let refused = tx.attempt(|tx| insurance::carry_out(tx, person, &second));
            assert_eq!(refused.unwrap_err().code(), "S0114");
            let now = insurance::on(tx, person, day("2025-02"), moment(9))?;
            assert_eq!(now[0].declared, Some(Fen::from_yuan(7_000).unwrap()));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    further_pillars_are_kept_as_told(db) {
        db.write(|tx| {
            let person = person(tx, 1);
            let told = |yuan| Pillar::new(Scheme::PersonalPension, "某银行", Fen::from_yuan(yuan).unwrap()).unwrap();
            let exchange = origin(OriginKind::Exchange, 1);
            let first = Timeline::default().record(Span::from(day("2025-01")), told(1_000), moment(1), exchange).unwrap();
            insurance::carry_out_pillars(tx, person, &first)?;
            let key = (Scheme::PersonalPension, String::from("某银行"));
            let known = insurance::pillars(tx, person)?.remove(&key).unwrap();
            let second = known.correct(Span::from(day("2025-02")), told(2_000), moment(2), exchange).unwrap();
            insurance::carry_out_pillars(tx, person, &second)?;
            let known = insurance::pillars(tx, person)?.remove(&key).unwrap();
            assert_eq!(known.on(day("2025-02"), moment(1)), Some(&told(1_000)));
            assert_eq!(known.on(day("2025-02"), moment(2)), Some(&told(2_000)));
            Ok::<(), Error>(())
        })
        .unwrap();
    }
}
