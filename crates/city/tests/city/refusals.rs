//! Every refusal, once: with a code of its own, both languages and a remedy, and a row in the reference.

use crate::{day, moment, yuan};
use city::actors::Actor;
use city::collection::{CollectionRefusal, LawRefusal};
use city::corrections;
use city::declarations::{DeclarationId, IntakeRefusal, Reason};
use city::employers::EmployerId;
use city::entries::{self, EntryId};
use city::facts::{FactId, FactRefusal, Span};
use city::insurance::{Category, InsuranceRefusal, Scheme, Status};
use city::lawful::Lawful;
use city::merge::requests::RequestId;
use city::merge::{MergeRefusal, Place};
use city::people::PersonId;
use city::refusal::{Refused, Said};
use city::work::WorkRefusal;
use measure::{Fen, IdentityNumber};
use rules::law::Law;

#[expect(clippy::too_many_lines, reason = "a list")]
fn all() -> Vec<Said> {
    let (on, span) = (day("2025-06-01"), Span::from(day("2025-06-01")));
    let person = PersonId::new(3).unwrap();
    let employer = EmployerId::new(7);
    let actor = Actor::new("maker@500103").unwrap();
    let one = FactId::new(1).unwrap();
    let mut said: Vec<Said> = Vec::new();
    said.extend(
        [
            FactRefusal::NoDay {
                from: on,
                until: on,
            },
            FactRefusal::Backwards {
                at: moment(1),
                last: moment(2),
            },
            FactRefusal::KnownAlready {
                asked: span,
                known: span,
            },
            FactRefusal::Contradiction(one, one),
        ]
        .iter()
        .map(Refused::said),
    );
    said.extend(
        [
            MergeRefusal::OnePerson,
            MergeRefusal::NotAlike,
            MergeRefusal::MergedAlready(person),
            MergeRefusal::BothHave {
                place: Place::Household(person),
                days: span,
            },
            MergeRefusal::UndoneAlready,
            MergeRefusal::ChangedSince {
                place: Place::Residence,
                days: span,
            },
            MergeRefusal::NoReason,
            MergeRefusal::SamePerson {
                actor: actor.clone(),
            },
            MergeRefusal::Decided,
            MergeRefusal::Waits(RequestId::new(5).unwrap()),
            MergeRefusal::NotTwo,
        ]
        .iter()
        .map(Refused::said),
    );
    said.extend(
        [
            WorkRefusal::EmployedAlready { from: on },
            WorkRefusal::NotEmployed { on },
            WorkRefusal::ChangedLater { on },
        ]
        .iter()
        .map(Refused::said),
    );
    said.extend(
        [
            InsuranceRefusal::ActiveAlready,
            InsuranceRefusal::PausedNotEnded,
            InsuranceRefusal::NotStarted { on },
            InsuranceRefusal::PausedAlready,
            InsuranceRefusal::NotPaused,
            InsuranceRefusal::EndedAlready,
            InsuranceRefusal::TransferredAway,
            InsuranceRefusal::TransferredAlready,
            InsuranceRefusal::LaterStands {
                on,
                status: Status::Paused,
            },
            InsuranceRefusal::EmployerDoesNotFit {
                category: Category::Employee,
            },
            InsuranceRefusal::SchemeDoesNotFit {
                scheme: Scheme::WorkInjury,
                category: Category::Resident,
            },
            InsuranceRefusal::AnotherSlot,
            InsuranceRefusal::Excluded {
                scheme: Scheme::EmployeePension,
                employer,
                on,
            },
            InsuranceRefusal::NotAPillar {
                scheme: Scheme::WorkInjury,
            },
            InsuranceRefusal::NotTold {
                contributed: Fen(-1),
            },
        ]
        .iter()
        .map(Refused::said),
    );
    let unreadable = IdentityNumber::parse("1").unwrap_err();
    said.extend(
        [
            Reason::NotAnIdentityNumber(unreadable),
            Reason::WrongCheckCharacter,
            Reason::NameMissing,
            Reason::NameDiffers {
                registered: String::from("张***"),
            },
            Reason::WageUnreadable(Fen::parse("六千").unwrap_err()),
            Reason::WageOutOfBounds {
                least: Fen::ZERO,
                most: yuan("10000000"),
            },
            Reason::Duplicate { first: 2 },
            Reason::OutOfOrder { before: 2 },
        ]
        .iter()
        .map(Refused::said),
    );
    said.push(IntakeRefusal::DeclaredAlready(DeclarationId::new(4).unwrap()).said());
    said.extend(
        [
            Reason::EmployedElsewhere {
                scheme: Scheme::EmployeePension,
                employer: EmployerId::new(7).unwrap(),
            },
            Reason::InsuredElsewhere {
                scheme: Scheme::ResidentPension,
            },
            Reason::NotEnrolled,
            Reason::SecondEmployment {
                schemes: vec![Scheme::EmployeePension, Scheme::Unemployment],
                employer: EmployerId::new(7).unwrap(),
            },
            Reason::BeginsLater { on },
        ]
        .iter()
        .map(Refused::said),
    );
    said.push(IntakeRefusal::MonthAhead.said());
    said.extend(
        [
            CollectionRefusal::NoMoney { money: Fen::ZERO },
            CollectionRefusal::TooLarge(Fen::MAX.checked_add(Fen(1)).unwrap_err()),
            CollectionRefusal::NotNow {
                state: ("待复核", "waiting for approval"),
            },
            CollectionRefusal::SamePerson {
                actor: actor.clone(),
            },
            CollectionRefusal::NothingOwed,
            CollectionRefusal::PlanNotAllowed {
                months: 14,
                guaranteed: true,
            },
            CollectionRefusal::PlanInThePast {
                first: on,
                today: on,
            },
            CollectionRefusal::MoreThanOpen {
                asked: yuan("2"),
                open: yuan("1"),
            },
            CollectionRefusal::GroundNotLawful,
            CollectionRefusal::AnotherAccount,
        ]
        .iter()
        .map(Refused::said),
    );
    said.extend(
        [
            entries::Refusal::NoReason,
            entries::Refusal::Nothing,
            entries::Refusal::NoAccounts {
                scheme: Scheme::WorkInjury,
            },
            entries::Refusal::NoAccount,
            entries::Refusal::BeyondBalance {
                taken: yuan("2"),
                balance: yuan("1"),
            },
            entries::Refusal::SamePerson {
                actor: actor.clone(),
            },
            entries::Refusal::NotNow {
                state: entries::State::Asked.names(),
            },
            entries::Refusal::KeyTaken {
                key: "case/1".into(),
            },
            entries::Refusal::Reversed {
                by: EntryId::new(8).unwrap(),
            },
            entries::Refusal::IsReversal,
        ]
        .iter()
        .map(Refused::said),
    );
    said.extend(
        [
            corrections::Refusal::NoReason,
            corrections::Refusal::NoAmount,
            corrections::Refusal::NothingThere,
            corrections::Refusal::SaidAlready,
            corrections::Refusal::DoesNotFollow {
                before: Status::Ended,
                after: Status::Paused,
            },
            corrections::Refusal::SamePerson { actor },
            corrections::Refusal::Decided,
            corrections::Refusal::ChangedSince,
            corrections::Refusal::KeyTaken,
        ]
        .iter()
        .map(Refused::said),
    );
    let empty = Law::default();
    let unfit: LawRefusal = Lawful::new(&empty, on).wage_bounds().unwrap_err();
    said.push(unfit.said());
    said
}

#[test]
fn every_refusal_speaks_both_languages_and_says_how_to_mend_it() {
    let all = all();
    for said in &all {
        for sentence in [&said.message, &said.remedy] {
            let chinese = |text: &str| {
                text.chars()
                    .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
            };
            assert!(chinese(&sentence.zh), "{}: {}", said.code, sentence.zh);
            assert!(
                !sentence.en.is_empty() && !sentence.en.ends_with('.'),
                "{}: {}",
                said.code,
                sentence.en
            );
        }
    }
    let mut codes: Vec<&str> = all.iter().map(|said| said.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len(), "each has a code of its own");
}

#[test]
fn the_reference_lists_every_refusal() {
    let page = include_str!("../../../../docs/reference/refusals.md");
    let rows: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let expected = all().into_iter().map(|said| {
        let Said {
            code,
            message,
            remedy,
        } = said;
        format!(
            "| `{code}` | {}；{} | {}; {} |",
            message.zh, remedy.zh, message.en, remedy.en
        )
    });
    let expected: Vec<String> = expected.collect();
    assert_eq!(
        rows,
        expected,
        "the rows to write:\n{}",
        expected.join("\n")
    );
}
