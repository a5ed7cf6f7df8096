//! Facts over time against a naive model: a table of every day and every moment.

use city::facts::{Change, FactId, FactRefusal, Origin, OriginKind, Span, Timeline};
use city::refusal::Refused;
use measure::{Day, Moment};
use proptest::prelude::*;

/// The days and moments of the model; what lies beyond is asked at its edge.
const DAYS: i32 = 14;
const MOMENTS: i64 = 12;

fn day(number: i32) -> Day {
    Day::from_number(number).unwrap()
}

fn moment(number: i64) -> Moment {
    Moment::from_microseconds(number)
}

/// Days `from` until `until`; without end when `until` is beyond the model.
fn span(from: i32, until: i32) -> Span {
    Span::new(day(from), (until < DAYS).then(|| day(until))).unwrap()
}

#[derive(Clone, Debug)]
enum Deed {
    Record(i32, i32, u8),
    Correct(i32, i32, u8),
    Withdraw(i32, i32),
}

/// Deeds, each with how long after the one before it is done: often at the same moment.
fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let days = || (0..DAYS - 1).prop_flat_map(|from| (Just(from), from + 1..=DAYS));
    let deed = prop_oneof![
        2 => (days(), 0..4_u8).prop_map(|((from, until), value)| Deed::Record(from, until, value)),
        4 => (days(), 0..4_u8).prop_map(|((from, until), value)| Deed::Correct(from, until, value)),
        1 => days().prop_map(|(from, until)| Deed::Withdraw(from, until)),
    ];
    proptest::collection::vec((0..3_i64, deed), 1..9)
}

/// What is true on each day, as known at each moment.
type Model = Vec<Vec<Option<u8>>>;

/// From a moment on it is known that this is true on these days.
fn learn(model: &mut Model, at: i64, from: i32, until: i32, value: Option<u8>) {
    for known in model.iter_mut().skip(usize::try_from(at).unwrap()) {
        for day in from..until {
            known[usize::try_from(day).unwrap()] = value;
        }
    }
}

struct Trial {
    timeline: Timeline<u8>,
    model: Model,
    ids: i64,
}

impl Trial {
    fn new() -> Trial {
        let nothing = vec![None; usize::try_from(DAYS).unwrap()];
        Trial {
            timeline: Timeline::default(),
            model: vec![nothing; usize::try_from(MOMENTS + 30).unwrap()],
            ids: 0,
        }
    }

    fn take(&mut self, changes: &[Change<u8>]) {
        let ids = &mut self.ids;
        self.timeline.take(changes, || {
            *ids += 1;
            FactId::new(*ids).unwrap()
        });
    }

    fn agrees(&self) -> Result<(), TestCaseError> {
        for (known, days) in self.model.iter().enumerate() {
            let known = moment(i64::try_from(known).unwrap());
            for (number, expected) in days.iter().enumerate() {
                let day = day(i32::try_from(number).unwrap());
                prop_assert_eq!(
                    self.timeline.on(day, known),
                    expected.as_ref(),
                    "{} at {}",
                    day,
                    known
                );
            }
            let history = self.timeline.history(known);
            for pair in history.windows(2) {
                prop_assert!(
                    !pair[0].1.valid.overlaps(pair[1].1.valid),
                    "two facts on one day"
                );
            }
        }
        let facts = self.timeline.facts().map(|(id, fact)| (id, fact.clone()));
        let again = Timeline::of(facts).unwrap();
        prop_assert_eq!(&again, &self.timeline);
        Ok(())
    }
}

fn origin(id: usize) -> Origin {
    Origin {
        kind: OriginKind::Correction,
        id: i64::try_from(id).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_day_at_every_moment_is_as_in_the_table(deeds in deeds()) {
        let mut trial = Trial::new();
        let mut now = 0;
        for (number, (later, deed)) in deeds.into_iter().enumerate() {
            now += later;
            let at = moment(now);
            match deed {
                Deed::Record(from, until, value) => {
                    let today = &trial.model[usize::try_from(now).unwrap()];
                    let free = (from..until).all(|day| today[usize::try_from(day).unwrap()].is_none());
                    match trial.timeline.record(span(from, until), value, at, origin(number)) {
                        Ok(changes) => {
                            prop_assert!(free);
                            prop_assert_eq!(changes.len(), 1);
                            trial.take(&changes);
                            learn(&mut trial.model, now, from, until, Some(value));
                        }
                        Err(refusal) => {
                            prop_assert!(!free);
                            prop_assert_eq!(refusal.code(), "F0103");
                        }
                    }
                }
                Deed::Correct(from, until, value) => {
                    let today = &trial.model[usize::try_from(now).unwrap()];
                    let known = (from..until).all(|day| today[usize::try_from(day).unwrap()] == Some(value));
                    let changes = trial.timeline.correct(span(from, until), value, at, origin(number)).unwrap();
                    prop_assert_eq!(changes.is_empty(), known, "what is known already changes nothing");
                    trial.take(&changes);
                    learn(&mut trial.model, now, from, until, Some(value));
                }
                Deed::Withdraw(from, until) => {
                    let changes = trial.timeline.withdraw(span(from, until), at, origin(number)).unwrap();
                    trial.take(&changes);
                    learn(&mut trial.model, now, from, until, None);
                }
            }
            trial.agrees()?;
        }
    }

    #[test]
    fn undoing_the_last_restores_exactly_what_was_known(deeds in deeds()) {
        let mut trial = Trial::new();
        let mut now = 0;
        for (number, (_, deed)) in deeds.into_iter().enumerate() {
            // Each deed at a moment of its own, as each has its own transaction.
            now += 1;
            let at = moment(now);
            let before = trial.model[usize::try_from(now).unwrap()].clone();
            let (changes, days) = match deed {
                Deed::Correct(from, until, value) => {
                    (trial.timeline.correct(span(from, until), value, at, origin(number)).unwrap(), (from, until, Some(value)))
                }
                Deed::Withdraw(from, until) => {
                    (trial.timeline.withdraw(span(from, until), at, origin(number)).unwrap(), (from, until, None))
                }
                Deed::Record(..) => continue,
            };
            let changes_something = !changes.is_empty();
            trial.take(&changes);
            learn(&mut trial.model, now, days.0, days.1, days.2);
            if changes_something && number % 2 == 0 {
                now += 1;
                let undoing = trial.timeline.undo_done_at(origin(number), Some(at), moment(now), origin(1_000 + number)).unwrap();
                prop_assert!(undoing.changed_since.is_empty());
                trial.take(&undoing.changes);
                for known in trial.model.iter_mut().skip(usize::try_from(now).unwrap()) {
                    known.clone_from(&before);
                }
            }
            trial.agrees()?;
        }
    }

    #[test]
    fn undoing_an_earlier_one_leaves_what_has_changed_since(
        first in (0..DAYS - 1).prop_flat_map(|from| (Just(from), from + 1..=DAYS)),
        second in (0..DAYS - 1).prop_flat_map(|from| (Just(from), from + 1..=DAYS)),
    ) {
        let mut trial = Trial::new();
        let changes = trial.timeline.record(span(0, DAYS), 0, moment(0), origin(0)).unwrap();
        trial.take(&changes);
        for (number, days) in [(1, first), (2, second)] {
            let value = u8::try_from(number).unwrap();
            let at = moment(i64::from(value));
            let changes = trial.timeline.correct(span(days.0, days.1), value, at, origin(number)).unwrap();
            trial.take(&changes);
        }
        let undoing = trial.timeline.undo(origin(1), moment(3), origin(3)).unwrap();
        trial.take(&undoing.changes);
        for number in 0..DAYS {
            let in_second = (second.0..second.1).contains(&number);
            let in_first = (first.0..first.1).contains(&number);
            prop_assert_eq!(trial.timeline.on(day(number), moment(3)), Some(&if in_second { 2 } else { 0 }));
            prop_assert_eq!(undoing.changed_since.iter().any(|span| span.contains(day(number))), in_first && in_second);
        }
    }
}

#[test]
fn refusals_say_which_days() {
    let mut trial = Trial::new();
    let changes = trial
        .timeline
        .record(span(2, 5), 1, moment(5), origin(1))
        .unwrap();
    trial.take(&changes);
    let backwards = trial
        .timeline
        .correct(span(0, 1), 1, moment(4), origin(2))
        .unwrap_err();
    assert_eq!(backwards.code(), "F0102");
    let known = trial
        .timeline
        .record(span(4, 6), 1, moment(5), origin(2))
        .unwrap_err();
    assert_eq!(
        known.to_string(),
        "F0103: something is known already of days from 1970-01-05 until 1970-01-07: a fact from 1970-01-03 until 1970-01-06; \
         correct what is known instead"
    );
    let empty = Span::new(day(3), Some(day(3))).unwrap_err();
    assert_eq!(empty.code(), "F0101");
}

#[test]
fn a_damaged_timeline_is_told() {
    let mut trial = Trial::new();
    let changes = trial
        .timeline
        .record(span(2, 5), 1, moment(5), origin(1))
        .unwrap();
    trial.take(&changes);
    let (id, fact) = trial.timeline.facts().next().unwrap();
    let other = FactId::new(9).unwrap();
    let twice = Timeline::of([(id, fact.clone()), (other, fact.clone())]);
    assert_eq!(twice, Err(FactRefusal::Contradiction(id, other)));
}
