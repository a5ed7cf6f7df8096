//! What employers declare, whom they insure, and who has not declared.

use crate::registers::{command, day, employer, moment, origin, person, slot, start};
use city::{
    actors::Actor,
    declarations::{DeclarationId, State},
    employers::EmployerId,
    facts::OriginKind,
    insurance::{Command, Scheme},
};
use measure::{Fen, Month};
use store::{
    Error, Tx, both,
    declarations::{self, NewDeclaration, Staff},
    insurance,
};

fn june() -> Month {
    Month::parse("2025-06").unwrap()
}

fn declared(
    employer: EmployerId,
    hash: u8,
    at: i64,
    amends: Option<DeclarationId>,
) -> NewDeclaration {
    NewDeclaration {
        employer,
        month: june(),
        lines: 3,
        wages: Fen::from_yuan(18_000).unwrap(),
        file_hash: [hash; 32],
        batch: None,
        by: Actor::new("employer@7").unwrap(),
        at: moment(at),
        amends,
    }
}

fn staff(tx: &mut Tx<'_>, employer: EmployerId, on: &str) -> Vec<Staff> {
    let mut all = Vec::new();
    declarations::staff(tx, employer, day(on), |one| {
        all.push(one);
        Ok::<(), Error>(())
    })
    .unwrap();
    all
}

both! {
    a_declaration_stands_until_amended_or_undone(db) {
        db.write(|tx| {
            let employer = employer(tx, '1');
            let first = declarations::take_in(tx, &declared(employer, 1, 1, None))?;
            let twice = tx.attempt(|tx| declarations::take_in(tx, &declared(employer, 2, 2, None)));
            assert_eq!(twice.unwrap_err().violated(), Some("declaration_standing"));
            let second = declarations::take_in(tx, &declared(employer, 2, 2, Some(first)))?;
            let states = |tx: &mut Tx<'_>| -> Result<Vec<State>, Error> {
                Ok(declarations::of_month(tx, employer, june())?.iter().map(|kept| kept.declaration.state).collect())
            };
            assert_eq!(states(tx)?, [State::Superseded, State::Accepted]);
            let again = tx.attempt(|tx| declarations::take_in(tx, &declared(employer, 3, 3, Some(first))));
            assert_eq!(again.unwrap_err().code(), "S0114", "an amendment amends what stands");
            declarations::undo(tx, second, moment(4), origin(OriginKind::Correction, 1))?;
            assert_eq!(states(tx)?, [State::Accepted, State::Undone]);
            let third = declarations::take_in(tx, &declared(employer, 3, 5, Some(first)))?;
            let kept = declarations::declaration(tx, third)?.unwrap();
            assert_eq!(kept.declaration.supersedes, Some(first));
            assert_eq!((kept.lines, kept.wages, kept.declaration.file_hash), (3, Fen::from_yuan(18_000).unwrap(), [3; 32]));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    the_staff_of_a_day(db) {
        db.write(|tx| {
            let (one, two) = (employer(tx, '1'), employer(tx, '2'));
            let people: Vec<_> = (1..=5).map(|number| person(tx, number)).collect();
            let case = origin(OriginKind::Case, 1);
            let (pension, injury) = (slot(Scheme::EmployeePension, one), slot(Scheme::WorkInjury, one));
            for (person, yuan) in people.iter().zip([6_000, 7_000, 8_000]) {
                command(tx, *person, pension, &start(pension, "2025-01", yuan), 1, case);
                command(tx, *person, injury, &start(injury, "2025-01", 6_000), 1, case);
            }
            command(tx, people[1], pension, &Command::Pause { from: day("2025-05") }, 2, case);
            for slot in [pension, injury] {
                command(tx, people[2], slot, &Command::End { from: day("2025-05") }, 2, case);
            }
            let elsewhere = slot(Scheme::EmployeePension, two);
            command(tx, people[3], elsewhere, &start(elsewhere, "2025-01", 9_000), 1, case);
            command(tx, people[4], pension, &start(pension, "2025-07", 9_000), 1, case);

            let june = staff(tx, one, "2025-06-30");
            let shown: Vec<_> = june.iter().map(|one| (one.person, one.wage.map(|wage| wage.0), one.paused)).collect();
            assert_eq!(shown, [(people[0], Some(600_000), false), (people[1], None, true)]);
            assert_eq!(june[0].number, Some((city::people::Blind([1; 16]), vec![1, 1, 2, 3])));
            assert_eq!(june[0].name_cipher, [9, 1]);
            assert_eq!(staff(tx, one, "2025-04-30").len(), 3);
            assert_eq!(staff(tx, one, "2025-07-31").len(), 3);
            assert_eq!(staff(tx, two, "2025-06-30").len(), 1);
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    who_has_not_declared(db) {
        db.write(|tx| {
            let (one, two, idle) = (employer(tx, '1'), employer(tx, '2'), employer(tx, '3'));
            let person = person(tx, 1);
            for employer in [one, two] {
                let slot = slot(Scheme::WorkInjury, employer);
                command(tx, person, slot, &start(slot, "2025-01", 6_000), 1, origin(OriginKind::Case, 1));
            }
            let missing = |tx: &mut Tx<'_>| -> Result<Vec<EmployerId>, Error> {
                let mut all = Vec::new();
                declarations::missing(tx, june(), day("2025-06-30"), |employer| {
                    all.push(employer);
                    Ok::<(), Error>(())
                })?;
                Ok(all)
            };
            assert_eq!(missing(tx)?, [one, two]);
            let declaration = declarations::take_in(tx, &declared(one, 1, 2, None))?;
            assert_eq!(missing(tx)?, [two]);
            declarations::undo(tx, declaration, moment(3), origin(OriginKind::Correction, 1))?;
            assert_eq!(missing(tx)?, [one, two]);
            assert!(!missing(tx)?.contains(&idle));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// What a declaration recorded is again as before, but for what another has changed since.
    a_declaration_is_undone_with_what_it_recorded(db) {
        db.write(|tx| {
            let employer = employer(tx, '1');
            let slot = slot(Scheme::EmployeePension, employer);
            let people: Vec<_> = (1..=4).map(|number| person(tx, number)).collect();
            let import = origin(OriginKind::Import, 1);
            for person in &people[..3] {
                command(tx, *person, slot, &start(slot, "2025-01", 6_000), 1, import);
            }
            let id = declarations::take_in(tx, &declared(employer, 1, 2, None))?;
            let by = declarations::origin(id);
            let raise = |yuan| Command::Change { from: day("2025-06"), district: None, declared: Some(Fen::from_yuan(yuan).unwrap()) };
            command(tx, people[0], slot, &raise(7_000), 2, by);
            command(tx, people[1], slot, &Command::End { from: day("2025-06") }, 2, by);
            command(tx, people[2], slot, &raise(7_000), 2, by);
            command(tx, people[3], slot, &start(slot, "2025-06", 5_000), 2, by);
            // Someone looks at the third again before it is taken back.
            command(tx, people[2], slot, &raise(7_500), 3, origin(OriginKind::Case, 9));

            let left = declarations::undo(tx, id, moment(4), origin(OriginKind::Correction, 5))?;
            assert_eq!(left.insurance, [people[2]]);
            let wages = |tx: &mut Tx<'_>, known| -> Result<Vec<Option<i64>>, Error> {
                let mut wages = Vec::new();
                for person in &people {
                    let found = insurance::on(tx, *person, day("2025-06"), moment(known))?;
                    wages.push(found.first().and_then(|one| one.declared).map(|wage| wage.0 / 100));
                }
                Ok(wages)
            };
            assert_eq!(wages(tx, 1)?, [Some(6_000), Some(6_000), Some(6_000), None]);
            assert_eq!(wages(tx, 2)?, [Some(7_000), Some(6_000), Some(7_000), Some(5_000)]);
            assert_eq!(wages(tx, 4)?, [Some(6_000), Some(6_000), Some(7_500), None]);
            Ok::<(), Error>(())
        })
        .unwrap();
    }
}
