//! Employments, as a table.

use crate::{day, moment, origin, take};
use city::facts::{OriginKind, Timeline};
use city::refusal::Refused;
use city::work::{Employment, Kind, Post, WorkRefusal, change, hire, leave};
use measure::Moment;

fn employment(kind: &str) -> Employment {
    let kind = match kind {
        "standard" => Kind::Standard,
        "platform" => Kind::Platform,
        "flexible" => Kind::Flexible,
        "dispatched" => Kind::Dispatched,
        _ => panic!("{kind} is no kind"),
    };
    Employment {
        kind,
        post: Post::Worker,
    }
}

fn shown(timeline: &Timeline<Employment>) -> String {
    let facts = timeline.history(Moment::from_microseconds(i64::MAX));
    let facts = facts.iter().map(|(_, fact)| {
        let kind = format!("{:?}", fact.value.kind).to_lowercase();
        let until = fact
            .valid
            .until()
            .map_or(String::new(), |until| until.to_string());
        format!("{kind} {}..{until}", fact.valid.first())
    });
    facts.collect::<Vec<_>>().join(" ")
}

/// Deeds one after another -> what is known then, or the code of the last one's refusal.
const CASES: &str = "
    hire 2025-01-10 standard                                                  -> standard 2025-01-10..
    hire 2025-01-10 standard | hire 2025-02-01 platform                       -> W0101
    hire 2025-01-10 standard | hire 2025-01-01 platform                       -> W0101
    hire 2025-01-10 standard | change 2025-03-01 dispatched                   -> standard 2025-01-10..2025-03-01 dispatched 2025-03-01..
    hire 2025-01-10 standard | change 2025-01-09 dispatched                   -> W0102
    hire 2025-01-10 standard | leave 2025-03-01                               -> standard 2025-01-10..2025-03-01
    hire 2025-01-10 standard | leave 2025-01-10                               -> W0102
    hire 2025-01-10 standard | leave 2025-03-01 | leave 2025-04-01            -> W0102
    hire 2025-01-10 standard | leave 2025-03-01 | leave 2025-02-01            -> standard 2025-01-10..2025-02-01
    hire 2025-01-10 standard | leave 2025-03-01 | hire 2025-06-01 flexible    -> standard 2025-01-10..2025-03-01 flexible 2025-06-01..
    hire 2025-01-10 standard | change 2025-06-01 flexible | leave 2025-03-01  -> W0103
    hire 2025-01-10 standard | change 2025-06-01 flexible | change 2025-03-01 platform -> standard 2025-01-10..2025-03-01 platform 2025-03-01..2025-06-01 flexible 2025-06-01..
";

#[test]
fn the_course_of_an_employment() {
    for line in CASES.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (deeds, expected) = line.split_once(" -> ").unwrap();
        let (mut timeline, mut ids, mut outcome) = (Timeline::default(), 0, String::new());
        for (number, deed) in (1..).zip(deeds.split('|')) {
            let words: Vec<&str> = deed.split_whitespace().collect();
            let (from, at, origin) = (
                day(words[1]),
                moment(number),
                origin(OriginKind::Case, number),
            );
            let changes = match words[0] {
                "hire" => hire(&timeline, from, employment(words[2]), at, origin),
                "change" => change(&timeline, from, employment(words[2]), at, origin),
                _ => leave(&timeline, from, at, origin),
            };
            outcome = match changes {
                Ok(changes) => {
                    take(&mut timeline, &changes, &mut ids);
                    shown(&timeline)
                }
                Err(refusal) => WorkRefusal::code(&refusal).to_owned(),
            };
        }
        assert_eq!(outcome, expected.trim(), "{line}");
    }
}
