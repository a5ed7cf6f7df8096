//! The life of a participation, as a table.

use crate::{day, moment, origin, take};
use city::employers::EmployerId;
use city::facts::{OriginKind, Span, Timeline};
use city::insurance::{
    Category, Command, Participation, Pillar, Scheme, Slot, Status, Together, apply, clash,
};
use city::places::District;
use city::refusal::Refused;
use measure::{Fen, Moment};
use std::convert::Infallible;

fn slot() -> Slot {
    Slot::new(
        Scheme::EmployeePension,
        Category::Employee,
        EmployerId::new(7),
    )
    .unwrap()
}

fn participation(status: Status, declared: i64) -> Participation {
    Participation {
        slot: slot(),
        status,
        district: District::new(500_103).unwrap(),
        declared: Some(Fen::from_yuan(declared).unwrap()),
    }
}

fn status(word: &str) -> Status {
    match word {
        "active" => Status::Active,
        "paused" => Status::Paused,
        "ended" => Status::Ended,
        "transferred" => Status::Transferred,
        _ => panic!("{word} is no status"),
    }
}

/// A timeline written `active 2025-01 paused 2025-03`: each until the next, the last without end. `-` is nothing known.
fn timeline(text: &str) -> Timeline<Participation> {
    let mut timeline = Timeline::default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs: Vec<&[&str]> = words.chunks_exact(2).collect();
    let mut ids = 0;
    for (place, pair) in pairs.iter().enumerate() {
        let until = pairs.get(place + 1).map(|next| day(next[1]));
        let span = Span::new(day(pair[1]), until).unwrap();
        if pair[0] == "-" {
            continue;
        }
        let fact = participation(status(pair[0]), 6_000);
        let changes = timeline
            .record(span, fact, moment(1), origin(OriginKind::Case, 1))
            .unwrap();
        take(&mut timeline, &changes, &mut ids);
    }
    timeline
}

fn shown(timeline: &Timeline<Participation>) -> String {
    let facts = timeline.history(Moment::from_microseconds(i64::MAX));
    let facts = facts.iter().map(|(_, fact)| {
        let status = format!("{:?}", fact.value.status).to_lowercase();
        let wage = fact.value.declared.filter(|wage| *wage != Fen(600_000));
        let wage = wage.map_or(String::new(), |wage| format!("@{}", wage.0 / 100));
        let until = fact
            .valid
            .until()
            .map_or(String::new(), |until| until.to_string()[..7].to_owned());
        format!("{status}{wage} {}..{until}", fact.valid.first().month())
    });
    facts.collect::<Vec<_>>().join(" ")
}

fn command(text: &str) -> Command {
    let words: Vec<&str> = text.split_whitespace().collect();
    let from = day(words[1]);
    match words[0] {
        "start" => Command::Start {
            from,
            slot: slot(),
            district: District::new(500_103).unwrap(),
            declared: Some(Fen::from_yuan(6_000).unwrap()),
        },
        "pause" => Command::Pause { from },
        "resume" => Command::Resume { from },
        "change" => Command::Change {
            from,
            district: None,
            declared: Some(Fen::from_yuan(words[2].parse().unwrap()).unwrap()),
        },
        "end" => Command::End { from },
        "transfer" => Command::Transfer { from },
        word => panic!("{word} is no command"),
    }
}

/// What is known | what is to happen -> what is known then, or the code of the refusal.
const LIFE: &str = "
    -                                         | start 2025-01       -> active 2025-01..
    active 2025-01                            | start 2025-02       -> I0101
    active 2025-01 paused 2025-03             | start 2025-04       -> I0102
    active 2025-01 ended 2025-03              | start 2025-04       -> active 2025-01..2025-03 ended 2025-03..2025-04 active 2025-04..
    active 2025-01 transferred 2025-03        | start 2025-04       -> active 2025-01..2025-03 transferred 2025-03..2025-04 active 2025-04..
    active 2025-03                            | start 2025-01       -> active 2025-01..2025-03 active 2025-03..
    paused 2025-03                            | start 2025-01       -> active 2025-01..2025-03 paused 2025-03..

    active 2025-01                            | pause 2025-03       -> active 2025-01..2025-03 paused 2025-03..
    active 2025-01                            | pause 2025-01       -> paused 2025-01..
    active 2025-01                            | pause 2024-12       -> I0103
    active 2025-01 paused 2025-03             | pause 2025-04       -> I0104
    active 2025-01 paused 2025-03             | pause 2025-02       -> active 2025-01..2025-02 paused 2025-02..2025-03 paused 2025-03..
    active 2025-01 ended 2025-03              | pause 2025-04       -> I0106
    active 2025-01 transferred 2025-03        | pause 2025-04       -> I0107
    active 2025-01 ended 2025-03 active 2025-06 | pause 2025-06     -> I0106

    active 2025-01 paused 2025-03             | resume 2025-05      -> active 2025-01..2025-03 paused 2025-03..2025-05 active 2025-05..
    active 2025-01                            | resume 2025-05      -> I0105
    -                                         | resume 2025-05      -> I0103
    active 2025-01 ended 2025-03              | resume 2025-05      -> I0106
    active 2025-01 transferred 2025-03        | resume 2025-05      -> I0107

    active 2025-01                            | change 2025-03 7000 -> active 2025-01..2025-03 active@7000 2025-03..
    active 2025-01 paused 2025-03             | change 2025-02 7000 -> active 2025-01..2025-02 active@7000 2025-02..2025-03 paused 2025-03..
    active 2025-01 paused 2025-03             | change 2025-04 7000 -> active 2025-01..2025-03 paused 2025-03..2025-04 paused@7000 2025-04..
    active 2025-01                            | change 2025-03 6000 -> active 2025-01..
    active 2025-01 ended 2025-03              | change 2025-04 7000 -> I0106
    -                                         | change 2025-04 7000 -> I0103

    active 2025-01                            | end 2025-03         -> active 2025-01..2025-03 ended 2025-03..
    active 2025-01 paused 2025-03             | end 2025-05         -> active 2025-01..2025-03 paused 2025-03..2025-05 ended 2025-05..
    active 2025-01 paused 2025-03             | end 2025-02         -> I0109
    active 2025-01 paused 2025-03 active 2025-05 | end 2025-04      -> active 2025-01..2025-03 paused 2025-03..2025-04 ended 2025-04..2025-05 active 2025-05..
    active 2025-01 ended 2025-03              | end 2025-04         -> I0106
    active 2025-01 ended 2025-03              | end 2025-02         -> I0109
    active 2025-01 transferred 2025-03        | end 2025-04         -> I0107

    active 2025-01                            | transfer 2025-03    -> active 2025-01..2025-03 transferred 2025-03..
    active 2025-01 ended 2025-03              | transfer 2025-04    -> active 2025-01..2025-03 ended 2025-03..2025-04 transferred 2025-04..
    active 2025-01 paused 2025-03             | transfer 2025-04    -> active 2025-01..2025-03 paused 2025-03..2025-04 transferred 2025-04..
    active 2025-01 paused 2025-03             | transfer 2025-02    -> I0109
    active 2025-01 transferred 2025-03        | transfer 2025-04    -> I0108
    -                                         | transfer 2025-04    -> I0103
";

#[test]
fn the_life_of_a_participation() {
    for line in LIFE.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (case, expected) = line.split_once(" -> ").unwrap();
        let (known, deed) = case.split_once(" | ").unwrap();
        let mut timeline = timeline(known);
        let origin = origin(OriginKind::Declaration, 2);
        let outcome = match apply(&timeline, &command(deed), moment(2), origin) {
            Ok(changes) => {
                let mut ids = 100;
                take(&mut timeline, &changes, &mut ids);
                shown(&timeline)
            }
            Err(refusal) => refusal.code().to_owned(),
        };
        assert_eq!(outcome, expected, "{line}");
    }
}

#[test]
fn a_command_of_another_slot_is_refused() {
    let known = timeline("active 2025-01 ended 2025-03");
    let other = Slot::new(Scheme::Unemployment, Category::Employee, EmployerId::new(7)).unwrap();
    let start = Command::Start {
        from: day("2025-04"),
        slot: other,
        district: District::new(500_103).unwrap(),
        declared: None,
    };
    let refusal = apply(&known, &start, moment(2), origin(OriginKind::Case, 2)).unwrap_err();
    assert_eq!(refusal.code(), "I0112");
}

#[test]
fn slots_that_cannot_be() {
    let code = |scheme, category, employer| {
        Slot::new(scheme, category, EmployerId::new(employer))
            .map_or_else(|refusal| refusal.code(), |_| "ok")
    };
    assert_eq!(code(Scheme::EmployeePension, Category::Employee, 7), "ok");
    assert_eq!(
        code(Scheme::EmployeePension, Category::Employee, 0),
        "I0110"
    );
    assert_eq!(code(Scheme::EmployeePension, Category::Individual, 0), "ok");
    assert_eq!(
        code(Scheme::EmployeePension, Category::Individual, 7),
        "I0110"
    );
    assert_eq!(code(Scheme::ResidentPension, Category::Resident, 0), "ok");
    assert_eq!(
        code(Scheme::ResidentPension, Category::Employee, 7),
        "I0111"
    );
    assert_eq!(code(Scheme::WorkInjury, Category::Resident, 0), "I0111");
    assert_eq!(code(Scheme::EnterpriseAnnuity, Category::Employee, 7), "ok");
    assert_eq!(code(Scheme::PersonalPension, Category::Individual, 0), "ok");
}

#[test]
fn further_pillars_are_recorded_as_told() {
    let code = |scheme, provider, fen| {
        Pillar::new(scheme, provider, Fen(fen)).map_or_else(|refusal| refusal.code(), |_| "ok")
    };
    assert_eq!(code(Scheme::PersonalPension, "中国银行", 1_200_000), "ok");
    assert_eq!(code(Scheme::EnterpriseAnnuity, "某养老金公司", 0), "ok");
    assert_eq!(code(Scheme::EmployeePension, "某养老金公司", 0), "I0114");
    assert_eq!(code(Scheme::PersonalPension, " ", 0), "I0115");
    assert_eq!(code(Scheme::PersonalPension, "中国银行", -1), "I0115");
}

#[test]
fn what_stands_beside_each_other() {
    let together =
        Together::of(|one, other| Ok::<_, Infallible>(one == Scheme::WorkInjury || one != other));
    let Ok(together) = together;
    let known = [timeline(
        "active 2025-01 paused 2025-03 active 2025-05 ended 2025-07",
    )];
    let check = |scheme, from: &str, expected: &str| {
        let slot = Slot::new(scheme, Category::Employee, EmployerId::new(8)).unwrap();
        let outcome = clash(&known, slot, Span::from(day(from)), &together);
        let outcome = outcome.map_or_else(|refusal| refusal.to_string(), |()| String::from("ok"));
        assert!(outcome.starts_with(expected), "{outcome}, not {expected}");
    };
    check(Scheme::Unemployment, "2025-01", "ok");
    check(
        Scheme::EmployeePension,
        "2025-02",
        "I0113: on 2025-02-01 another",
    );
    check(
        Scheme::EmployeePension,
        "2025-03",
        "I0113: on 2025-05-01 another",
    );
    check(Scheme::EmployeePension, "2025-07", "ok");
    assert!(
        clash(&known, slot(), Span::from(day("2025-01")), &together).is_ok(),
        "its own slot is passed over"
    );
}
