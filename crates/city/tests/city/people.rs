//! Two records that are one person, and what if they are not.

use crate::{day, moment, origin, take};
use city::actors::Actor;
use city::employers::EmployerId;
use city::facts::{Change, OriginKind, Span, Timeline};
use city::insurance::{Category, Participation, Scheme, Slot, Status};
use city::merge::{Held, Holdings, Merge, MergeId, Move, merge, resolve, undo};
use city::people::{Blind, IdentifierKind, Person, PersonId, Relation};
use city::places::District;
use city::refusal::Refused;
use city::work::{Employment, Kind, Post};
use measure::{Fen, Moment, Sex};
use proptest::prelude::*;

fn id(number: i64) -> PersonId {
    PersonId::new(number).unwrap()
}

fn person(number: i64) -> Person {
    Person {
        id: id(number),
        sex: Sex::Female,
        born: day("1980-05-01"),
    }
}

/// What is held under two persons, and a counter of facts.
#[derive(Clone, Debug)]
struct Register {
    held: [Holdings; 2],
    ids: i64,
}

impl Register {
    fn new() -> Register {
        Register {
            held: [Holdings::default(), Holdings::default()],
            ids: 0,
        }
    }

    fn take(&mut self, moves: &[Move]) {
        for one in moves {
            let holdings = &mut self.held[usize::try_from(one.person.number() - 1).unwrap()];
            let ids = &mut self.ids;
            match &one.change {
                Held::Identifier(blind, change) => {
                    one_more(holdings.identifiers.entry(*blind).or_default(), change, ids);
                }
                Held::Residence(change) => one_more(&mut holdings.residence, change, ids),
                Held::Household(other, change) => {
                    one_more(holdings.household.entry(*other).or_default(), change, ids);
                }
                Held::Employment(employer, change) => {
                    one_more(
                        holdings.employments.entry(*employer).or_default(),
                        change,
                        ids,
                    );
                }
                Held::Participation(slot, change) => {
                    one_more(
                        holdings.participations.entry(*slot).or_default(),
                        change,
                        ids,
                    );
                }
                Held::Pillar(told, change) => {
                    one_more(
                        holdings.pillars.entry(told.clone()).or_default(),
                        change,
                        ids,
                    );
                }
            }
        }
    }

    /// What anyone could ask of both on a day, as known at a moment.
    fn answers(&self, on: &str, known: Moment) -> String {
        let on = day(on);
        let mut said = Vec::new();
        for held in &self.held {
            let identifiers = held
                .identifiers
                .iter()
                .filter_map(|(blind, line)| Some((blind, line.on(on, known)?)));
            let household = held
                .household
                .iter()
                .filter_map(|(other, line)| Some((other, line.on(on, known)?)));
            let employments = held
                .employments
                .iter()
                .filter_map(|(employer, line)| Some((employer, line.on(on, known)?)));
            let participations = held
                .participations
                .values()
                .filter_map(|line| line.on(on, known));
            said.push(format!(
                "{:?} {:?} {:?} {:?} {:?}",
                identifiers.collect::<Vec<_>>(),
                held.residence.on(on, known),
                household.collect::<Vec<_>>(),
                employments.collect::<Vec<_>>(),
                participations.collect::<Vec<_>>(),
            ));
        }
        said.join("\n")
    }
}

fn one_more<T: Clone>(timeline: &mut Timeline<T>, change: &Change<T>, ids: &mut i64) {
    take(timeline, std::slice::from_ref(change), ids);
}

fn slot(employer: i64) -> Slot {
    Slot::new(
        Scheme::EmployeePension,
        Category::Employee,
        EmployerId::new(employer),
    )
    .unwrap()
}

fn insured(slot: Slot, yuan: i64) -> Participation {
    Participation {
        slot,
        status: Status::Active,
        district: District::new(500_103).unwrap(),
        declared: Some(Fen::from_yuan(yuan).unwrap()),
    }
}

const WORK: Employment = Employment {
    kind: Kind::Standard,
    post: Post::Worker,
};

/// Records something under one of the two persons on days within 2020 to 2025.
fn record<T: Clone + PartialEq>(
    timeline: &mut Timeline<T>,
    from: &str,
    until: Option<&str>,
    value: T,
    ids: &mut i64,
) {
    let span = Span::new(day(from), until.map(day)).unwrap();
    let changes = timeline
        .record(span, value, moment(1), origin(OriginKind::Import, 1))
        .unwrap();
    take(timeline, &changes, ids);
}

/// Two records of one person: each with a number, an address and a job of its own.
fn twice() -> Register {
    let mut register = Register::new();
    let Register {
        held: [kept, merged],
        ids,
    } = &mut register;
    let residence = District::new(500_103).unwrap();
    for (holdings, number, employer) in [(kept, 1, 10), (merged, 2, 11)] {
        let identity = holdings.identifiers.entry(Blind([number; 16])).or_default();
        record(
            identity,
            "2020-01",
            None,
            IdentifierKind::ResidentIdentity,
            ids,
        );
        let from = if number == 1 { "2022-01" } else { "2021-01" };
        record(&mut holdings.residence, from, None, residence, ids);
        let household = holdings.household.entry(id(9)).or_default();
        record(household, "2020-01", None, Relation::Spouse, ids);
        let employer = EmployerId::new(employer).unwrap();
        let employment = holdings.employments.entry(employer).or_default();
        record(employment, "2020-01", Some("2024-01"), WORK, ids);
        let slot = slot(employer.number());
        let participation = holdings.participations.entry(slot).or_default();
        record(
            participation,
            "2020-01",
            Some("2024-01"),
            insured(slot, 5_000),
            ids,
        );
    }
    register
}

fn the_merge() -> Merge {
    Merge {
        id: MergeId::new(1).unwrap(),
        kept: id(1),
        merged: id(2),
        at: moment(5),
        by: Actor::new("checker@500103").unwrap(),
        reason: String::from("one card, two numbers"),
        undone: None,
    }
}

fn merged(register: &mut Register) -> Result<(), &'static str> {
    let [kept, gone] = &register.held;
    let origin = origin(OriginKind::Correction, 50);
    let moves = merge(
        (&person(1), kept),
        (&person(2), gone),
        &[],
        moment(5),
        origin,
    );
    let moves = moves.map_err(|refusal| refusal.code())?;
    register.take(&moves);
    Ok(())
}

fn undone(register: &mut Register) -> Result<(), &'static str> {
    let [kept, gone] = &register.held;
    let (merging, undoing) = (
        origin(OriginKind::Correction, 50),
        origin(OriginKind::Correction, 51),
    );
    let moves = undo(&the_merge(), merging, kept, gone, moment(9), undoing);
    register.take(&moves.map_err(|refusal| refusal.code())?);
    Ok(())
}

#[test]
fn everything_moves_to_the_one_who_remains() {
    let mut register = twice();
    merged(&mut register).unwrap();
    let [kept, gone] = &register.held;
    let now = moment(5);
    let kinds: Vec<_> = kept
        .identifiers
        .values()
        .filter_map(|line| line.on(day("2025-01"), now))
        .collect();
    assert_eq!(
        kinds,
        [&IdentifierKind::ResidentIdentity, &IdentifierKind::Former]
    );
    assert!(
        kept.residence.on(day("2021-06"), now).is_some(),
        "the year of which only the other knew"
    );
    assert_eq!(kept.employments.len(), 2);
    assert_eq!(kept.participations.len(), 2);
    assert!(
        gone.participations
            .values()
            .all(|line| line.current().is_empty())
    );
    assert!(
        gone.identifiers
            .values()
            .all(|line| line.current().is_empty())
    );
    // As known before, nothing has moved.
    assert_eq!(
        register.answers("2021-06", moment(4)),
        twice().answers("2021-06", moment(4))
    );
}

#[test]
fn undoing_restores_what_both_had() {
    let mut register = twice();
    merged(&mut register).unwrap();
    undone(&mut register).unwrap();
    for on in [
        "2019-12", "2020-06", "2021-06", "2022-06", "2023-12", "2024-06", "2199-01",
    ] {
        assert_eq!(
            register.answers(on, moment(9)),
            twice().answers(on, moment(1)),
            "{on}"
        );
    }
}

#[test]
fn what_is_refused() {
    let register = twice();
    let [kept, gone] = &register.held;
    let check = |one: &Person, two: &Person, merges: &[Merge], expected: &str| {
        let origin = origin(OriginKind::Correction, 50);
        let outcome = merge((one, kept), (two, gone), merges, moment(5), origin);
        assert_eq!(outcome.unwrap_err().code(), expected);
    };
    check(&person(1), &person(1), &[], "P0101");
    let older = Person {
        born: day("1979-05-01"),
        ..person(2)
    };
    check(&person(1), &older, &[], "P0102");
    check(&person(1), &person(2), &[the_merge()], "P0103");
    let both = Holdings {
        participations: gone.participations.clone(),
        ..Holdings::default()
    };
    let outcome = merge(
        (&person(1), &both),
        (&person(2), gone),
        &[],
        moment(5),
        origin(OriginKind::Case, 1),
    );
    assert_eq!(outcome.unwrap_err().code(), "P0104");
}

#[test]
fn what_changed_since_is_not_undone() {
    let mut register = twice();
    merged(&mut register).unwrap();
    let moved = register.held[0].participations.get_mut(&slot(11)).unwrap();
    let span = Span::new(day("2023-01"), Some(day("2023-02"))).unwrap();
    let changes = moved.correct(
        span,
        insured(slot(11), 7_000),
        moment(6),
        origin(OriginKind::Declaration, 3),
    );
    take(moved, &changes.unwrap(), &mut register.ids);
    assert_eq!(undone(&mut register), Err("P0106"));

    let mut register = twice();
    merged(&mut register).unwrap();
    let line = register.held[1]
        .employments
        .entry(EmployerId::new(12).unwrap())
        .or_default();
    let changes = line.record(
        Span::from(day("2025-01")),
        WORK,
        moment(6),
        origin(OriginKind::Declaration, 3),
    );
    take(line, &changes.unwrap(), &mut register.ids);
    assert_eq!(
        undone(&mut register),
        Err("P0106"),
        "recorded under who is no more"
    );
}

#[test]
fn merges_are_followed_while_they_stand() {
    let again = Merge {
        id: MergeId::new(2).unwrap(),
        kept: id(3),
        merged: id(1),
        ..the_merge()
    };
    let merges = [the_merge(), again];
    assert_eq!(resolve(id(2), &merges), id(3));
    assert_eq!(resolve(id(4), &merges), id(4));
    let undone = Merge {
        undone: Some((moment(9), Actor::new("maker@500103").unwrap())),
        ..the_merge()
    };
    assert_eq!(resolve(id(2), &[undone]), id(2));
}

proptest! {
    #[test]
    fn whatever_both_held_undoing_restores_it(
        facts in proptest::collection::vec((0..2_usize, 0..3_i64, 0..20_i32, 1..20_i32, 1..4_i64), 0..12),
    ) {
        let mut register = Register::new();
        for (whose, employer, from, length, wage) in facts {
            let start = day("2020-01").add_months(from).unwrap();
            let span = Span::new(start, (length < 15).then(|| start.add_months(length).unwrap())).unwrap();
            let slot = slot(employer + 1);
            let line = register.held[whose].participations.entry(slot).or_default();
            let changes = line.correct(span, insured(slot, wage), moment(1), origin(OriginKind::Import, 1)).unwrap();
            take(line, &changes, &mut register.ids);
        }
        let before = register.clone();
        match merged(&mut register) {
            Ok(()) => undone(&mut register).unwrap(),
            Err(code) => prop_assert_eq!(code, "P0104"),
        }
        for months in 0..45 {
            let on = day("2019-12").add_months(months).unwrap().to_string();
            prop_assert_eq!(register.answers(&on, moment(9)), before.answers(&on, moment(1)));
        }
    }
}
