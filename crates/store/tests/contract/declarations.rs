//! What employers declare, whom they insure, and who has not declared.

use crate::registers::{
    command, day, employer, moment, origin, participation, person, slot, start,
};
use city::{
    actors::Actor,
    declarations::{DeclarationId, State},
    employers::EmployerId,
    facts::OriginKind,
    insurance::{Command, Scheme},
    people::PersonId,
};
use measure::{Fen, Month};
use store::{
    Error, Tx, both,
    declarations::{self, NewDeclaration, Staff},
    insurance,
};

fn by() -> Actor {
    Actor::new("employer@7").unwrap()
}

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
        by: by(),
        at: moment(at),
        amends,
    }
}

fn staff(tx: &mut Tx<'_>, employer: EmployerId, month: &str) -> Vec<Staff> {
    let mut all = Vec::new();
    declarations::staff(tx, employer, Month::parse(month).unwrap(), |one| {
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
            declarations::undo(tx, second, (&by(), moment(4)), origin(OriginKind::Correction, 1))?;
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

            let june = staff(tx, one, "2025-06");
            let shown: Vec<_> = june.iter().map(|one| (one.person, one.wage.map(|wage| wage.0), one.paused)).collect();
            assert_eq!(shown, [(people[0], Some(600_000), false), (people[1], None, true)]);
            assert_eq!(june[0].number, Some((city::people::Blind([1; 16]), vec![1, 1, 2, 3])));
            assert_eq!(june[0].name_cipher, [9, 1]);
            assert_eq!(staff(tx, one, "2025-04").len(), 3);
            assert_eq!(staff(tx, one, "2025-07").len(), 3);
            assert_eq!(staff(tx, two, "2025-06").len(), 1);

            // Of some persons the same as of all, whoever else is named, none, one or many at a time.
            let among = |tx: &mut Tx<'_>, employer, persons: &[PersonId]| -> Result<Vec<Staff>, Error> {
                let mut found = Vec::new();
                declarations::staff_among(tx, employer, Month::parse("2025-06").unwrap(), persons, |one| {
                    found.push(one);
                    Ok::<(), Error>(())
                })?;
                found.sort_by_key(|one| one.person);
                Ok(found)
            };
            let nobody = PersonId::new(999).unwrap();
            for named in [&[][..], &people[..1], &people[1..2], &people[3..4], &people[..], &[nobody, people[1], people[0]]] {
                let expected: Vec<Staff> = june.iter().filter(|one| named.contains(&one.person)).cloned().collect();
                assert_eq!(among(tx, one, named)?, expected, "{named:?}");
            }
            assert_eq!(among(tx, two, &people)?, staff(tx, two, "2025-06"));
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
            declarations::undo(tx, declaration, (&by(), moment(3)), origin(OriginKind::Correction, 1))?;
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
            let of = declarations::origin(id);
            let raise = |yuan| Command::Change { from: day("2025-06"), district: None, declared: Some(Fen::from_yuan(yuan).unwrap()) };
            command(tx, people[0], slot, &raise(7_000), 2, of);
            command(tx, people[1], slot, &Command::End { from: day("2025-06") }, 2, of);
            command(tx, people[2], slot, &raise(7_000), 2, of);
            command(tx, people[3], slot, &start(slot, "2025-06", 5_000), 2, of);
            // Someone looks at the third again before it is taken back.
            command(tx, people[2], slot, &raise(7_500), 3, origin(OriginKind::Case, 9));

            let left = declarations::undo(tx, id, (&by(), moment(4)), origin(OriginKind::Correction, 5))?;
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

    /// The application takes in what an employer declares, thousands at a time, in its own district and in no other.
    facts_by_the_thousand(db) {
        let (employer, people) = db.write(|tx| {
            let people = [person(tx, 1), person(tx, 2)];
            Ok::<_, Error>((employer(tx, '1'), people))
        }).unwrap();
        let pension = slot(Scheme::EmployeePension, employer);
        let by = origin(OriginKind::Declaration, 1);
        let hired = |yuan, at| insurance_of(pension, yuan, at, by);
        let as_application = |tx: &mut Tx<'_>, district: i32| match tx.engine() {
            store::Engine::Postgres => {
                tx.batch("set local role renshe_app")?;
                tx.set_districts(&[district])
            }
            store::Engine::Sqlite => Ok(()),
        };
        let ours = registers_district();
        let take = |district: i32, changes: &[(PersonId, city::facts::Change<city::insurance::Participation>)]| {
            db.write(|tx| {
                as_application(tx, district)?;
                insurance::carry_out_all(tx, changes)
            })
        };
        let inserted: Vec<_> = people.iter().map(|person| (*person, hired(6_000, 1))).collect();
        if db.engine() == store::Engine::Postgres {
            assert_eq!(take(ours + 1, &inserted).unwrap_err().code(), "S0115");
        }
        take(ours, &inserted).unwrap();
        let known = db.read(|tx| { as_application(tx, ours)?; insurance::current(tx, employer, &people) }).unwrap();
        let facts: Vec<_> = known.values().map(|slots| slots[&pension].current()[0].0).collect();
        let replaced: Vec<_> = people.iter().zip(&facts).flat_map(|(person, fact)| {
            let gone = city::facts::Change::Supersede { fact: *fact, at: moment(2) };
            [(*person, gone), (*person, hired(7_000, 2))]
        }).collect();
        take(ours, &replaced).unwrap();
        let wages = db.read(|tx| {
            as_application(tx, ours)?;
            staff_wages(tx, employer)
        }).unwrap();
        assert_eq!(wages, [Some(700_000), Some(700_000)]);
        // What somebody has superseded meanwhile is not superseded again.
        assert_eq!(take(ours, &replaced).unwrap_err().code(), "S0114");
        let elsewhere = db.read(|tx| {
            as_application(tx, ours)?;
            let mut found = Vec::new();
            let other = EmployerId::new(employer.number() + 1).unwrap();
            insurance::elsewhere(tx, other, june(), &people, |person, scheme, through| found.push((person, scheme, through)))?;
            found.sort_by_key(|(person, _, _)| *person);
            Ok::<_, Error>(found)
        }).unwrap();
        assert_eq!(elsewhere, people.map(|person| (person, Scheme::EmployeePension, Some(employer))));
    }
}

fn insurance_of(
    slot: city::insurance::Slot,
    yuan: i64,
    at: i64,
    origin: city::facts::Origin,
) -> city::facts::Change<city::insurance::Participation> {
    city::facts::Change::Insert(city::facts::Fact {
        valid: city::facts::Span::from(day("2025-06")),
        recorded: moment(at),
        superseded: None,
        origin,
        value: participation(slot, city::insurance::Status::Active, yuan),
    })
}

fn staff_wages(tx: &mut Tx<'_>, employer: EmployerId) -> Result<Vec<Option<i64>>, Error> {
    let mut wages = Vec::new();
    declarations::staff(tx, employer, june(), |one| {
        wages.push(one.wage.map(|wage| wage.0));
        Ok::<(), Error>(())
    })?;
    Ok(wages)
}

fn registers_district() -> i32 {
    crate::registers::district().code()
}
