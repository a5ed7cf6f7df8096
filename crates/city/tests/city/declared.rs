//! What an employer's month says of somebody's insurance, over days and over what was known.

use crate::{day, moment};
use city::employers::EmployerId;
use city::facts::{FactId, Origin, OriginKind, Span, Timeline};
use city::insurance::{Category, Participation, Scheme, Slot, Stated, Status, declare};
use city::places::District;
use measure::{Day, Fen, Month};
use proptest::prelude::*;

fn slot() -> Slot {
    Slot::new(
        Scheme::EmployeePension,
        Category::Employee,
        EmployerId::new(7),
    )
    .unwrap()
}

fn participation(status: Status, yuan: i64) -> Participation {
    Participation {
        slot: slot(),
        status,
        district: District::new(500_103).unwrap(),
        declared: Some(Fen::from_yuan(yuan).unwrap()),
    }
}

fn by(id: i64) -> Origin {
    Origin {
        kind: OriginKind::Declaration,
        id,
    }
}

fn insured(yuan: i64, from: Option<&str>, until: Option<&str>) -> Stated {
    Stated::Insured {
        district: District::new(500_103).unwrap(),
        wage: Fen::from_yuan(yuan).unwrap(),
        from: from.map(day),
        until: until.map(day),
    }
}

/// A timeline with its days as they are known, for a year and a half.
struct Life {
    timeline: Timeline<Participation>,
    ids: std::ops::RangeFrom<i64>,
    now: i64,
}

impl Life {
    fn new() -> Life {
        Life {
            timeline: Timeline::default(),
            ids: 1..,
            now: 0,
        }
    }

    fn take(&mut self, changes: &[city::facts::Change<Participation>]) {
        let ids = &mut self.ids;
        self.timeline
            .take(changes, || FactId::new(ids.next().unwrap()).unwrap());
    }

    fn declare(&mut self, month: &str, next: Option<&str>, stated: &Stated) -> usize {
        self.now += 1;
        let month = (Month::parse(month).unwrap(), next.map(day));
        let changes = declare(
            &self.timeline,
            slot(),
            month,
            stated,
            moment(self.now),
            by(self.now),
        )
        .unwrap();
        self.take(&changes);
        changes.len()
    }

    /// How it stands from which day on, as known now: only where something changes.
    fn shown(&self) -> String {
        let mut shown: Vec<String> = Vec::new();
        let mut last = None;
        for number in days() {
            let on = Day::from_number(number).unwrap();
            let stands = self.timeline.on(on, moment(self.now)).copied();
            if stands != last {
                shown.push(match stands {
                    None => format!("{on} none"),
                    Some(known) => {
                        let status = match known.status {
                            Status::Active => "active",
                            Status::Paused => "paused",
                            Status::Ended => "ended",
                            Status::Transferred => "transferred",
                        };
                        format!("{on} {status} {}", known.declared.unwrap().0 / 100)
                    }
                });
                last = stands;
            }
        }
        shown.join(", ")
    }
}

fn days() -> std::ops::Range<i32> {
    day("2024-12-01").number()..day("2026-06-01").number()
}

#[test]
fn a_wage_holds_from_its_month_on_until_another_says_otherwise() {
    let mut life = Life::new();
    life.declare("2025-03", None, &insured(6_000, None, None));
    assert_eq!(life.shown(), "2025-03-01 active 6000");
    life.declare("2025-06", None, &insured(6_500, None, None));
    assert_eq!(
        life.shown(),
        "2025-03-01 active 6000, 2025-06-01 active 6500"
    );
    // April is declared late: May and June stand as they were said.
    life.declare("2025-04", Some("2025-05-01"), &insured(6_200, None, None));
    assert_eq!(
        life.shown(),
        "2025-03-01 active 6000, 2025-04-01 active 6200, 2025-05-01 active 6000, 2025-06-01 active 6500"
    );
    assert_eq!(
        life.declare("2025-06", None, &insured(6_500, None, None)),
        0
    );
}

#[test]
fn who_comes_and_goes_within_the_month() {
    let mut life = Life::new();
    life.declare(
        "2025-06",
        None,
        &insured(6_000, Some("2025-06-10"), Some("2025-06-21")),
    );
    assert_eq!(
        life.shown(),
        "2025-06-10 active 6000, 2025-06-21 ended 6000"
    );
    // Stayed after all, and had begun a week before.
    life.declare("2025-06", None, &insured(6_000, Some("2025-06-03"), None));
    assert_eq!(life.shown(), "2025-06-03 active 6000");
    life.declare("2025-07", None, &Stated::Left);
    assert_eq!(
        life.shown(),
        "2025-06-03 active 6000, 2025-07-01 ended 6000"
    );
    life.declare("2025-09", None, &insured(7_000, None, None));
    assert_eq!(
        life.shown(),
        "2025-06-03 active 6000, 2025-07-01 ended 6000, 2025-09-01 active 7000"
    );
    // Who is not insured cannot leave.
    assert_eq!(
        life.declare("2025-08", Some("2025-09-01"), &Stated::Left),
        0
    );
}

#[test]
fn a_pause_recorded_later_stands_and_one_in_the_month_gives_way() {
    let mut life = Life::new();
    life.declare("2025-03", None, &insured(6_000, None, None));
    let pause = Span::new(day("2025-06-15"), Some(day("2025-09-01"))).unwrap();
    life.now += 1;
    let changes = life.timeline.correct(
        pause,
        participation(Status::Paused, 6_000),
        moment(life.now),
        by(9),
    );
    life.take(&changes.unwrap());
    life.declare("2025-05", None, &insured(6_100, None, None));
    assert_eq!(
        life.shown(),
        "2025-03-01 active 6000, 2025-05-01 active 6100, 2025-06-15 paused 6000, 2025-09-01 active 6000"
    );
    life.declare("2025-06", None, &insured(6_200, None, None));
    assert_eq!(
        life.shown(),
        "2025-03-01 active 6000, 2025-05-01 active 6100, 2025-06-01 active 6200, 2025-09-01 active 6000"
    );
}

#[test]
fn what_was_recorded_for_later_must_follow() {
    let mut life = Life::new();
    life.declare("2025-03", None, &insured(6_000, None, None));
    let pause = Span::new(day("2025-08-10"), Some(day("2025-09-01"))).unwrap();
    life.now += 1;
    let changes = life.timeline.correct(
        pause,
        participation(Status::Paused, 6_000),
        moment(life.now),
        by(9),
    );
    life.take(&changes.unwrap());
    let june = (Month::parse("2025-06").unwrap(), None);
    let refused = declare(
        &life.timeline,
        slot(),
        june,
        &Stated::Left,
        moment(9),
        by(9),
    );
    assert_eq!(city::refusal::Refused::code(&refused.unwrap_err()), "I0109");
}

fn stated() -> impl Strategy<Value = (u8, Stated)> {
    let month = 1..=12_u8;
    month.prop_flat_map(|month| {
        let first = Month::new(2025, month).unwrap().first_day();
        let days = 0..28_i32;
        let said = prop_oneof![
            1 => Just(Stated::Left),
            4 => (1..4_i64, prop::option::of(days.clone()), prop::option::of(days)).prop_map(move |(yuan, from, length)| {
                let from = from.map(|from| first.add_days(from).unwrap());
                let until = length.map(|length| from.unwrap_or(first).add_days(length + 1).unwrap());
                Stated::Insured {
                    district: District::new(500_103).unwrap(),
                    wage: Fen(yuan * 100_000),
                    from,
                    until: until.filter(|until| *until <= first.month().last_day().add_days(1).unwrap()),
                }
            }),
        ];
        said.prop_map(move |said| (month, said))
    })
}

proptest! {
    /// Days before the month stay as they were, as do those from a month that is declared by itself on; within the month it is
    /// as it is said; what was known is still known; said twice is said once; and it can all be taken back.
    #[test]
    fn a_month_says_what_it_says_and_no_more(
        said in prop::collection::vec((stated(), any::<bool>()), 1..8),
    ) {
        let mut life = Life::new();
        for ((month, stated), capped) in said {
            let month = Month::new(2025, month).unwrap();
            let next = capped.then(|| month.add_months(2).unwrap().first_day());
            let before = life.timeline.clone();
            let known = moment(life.now);
            life.now += 1;
            let (at, origin) = (moment(life.now), by(life.now));
            let Ok(changes) = declare(&life.timeline, slot(), (month, next), &stated, at, origin) else {
                life.now -= 1;
                continue;
            };
            life.take(&changes);
            let on = |timeline: &Timeline<Participation>, day: Day, known| timeline.on(day, known).copied();
            for number in days() {
                let day = Day::from_number(number).unwrap();
                let (was, stands) = (on(&before, day, known), on(&life.timeline, day, at));
                prop_assert_eq!(on(&life.timeline, day, known), was, "what was known on {}", day);
                if day < month.first_day() || next.is_some_and(|next| next <= day) {
                    prop_assert_eq!(stands, was, "{}", day);
                }
                if let Stated::Insured { wage, from, until, .. } = stated && day.month() == month {
                    let inside = from.unwrap_or(month.first_day()) <= day && until.is_none_or(|until| day < until);
                    let active = stands.filter(|known| known.status == Status::Active);
                    let paying = was.is_some_and(|was| matches!(was.status, Status::Active | Status::Paused));
                    if inside && (from.is_some() || paying) {
                        prop_assert_eq!(active.and_then(|known| known.declared), Some(wage), "{}", day);
                    }
                    if until.is_some_and(|until| until <= day) {
                        prop_assert_eq!(stands.map(|known| known.status), Some(Status::Ended), "{}", day);
                    }
                }
            }
            let again = declare(&life.timeline, slot(), (month, next), &stated, at, origin).unwrap();
            prop_assert_eq!(again, vec![]);
            let mut undone = Life { timeline: life.timeline.clone(), ids: 1_000.., now: life.now + 1 };
            let undoing = undone.timeline.undo(origin, moment(undone.now), by(99)).unwrap();
            prop_assert_eq!(&undoing.changed_since, &vec![]);
            undone.take(&undoing.changes);
            for number in days() {
                let day = Day::from_number(number).unwrap();
                prop_assert_eq!(on(&undone.timeline, day, moment(undone.now)), on(&before, day, known), "undone on {}", day);
            }
        }
    }
}
