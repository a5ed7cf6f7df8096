//! Persons, their numbers, and two records that are one.

use crate::registers::{
    command, day, district, employer, moment, origin, person, sealed, slot, start,
};
use city::{
    actors::Actor,
    facts::{OriginKind, Span, Timeline},
    insurance::Scheme,
    merge,
    people::{Blind, IdentifierKind, Relation},
    work::{Employment, Kind, Post, hire},
};
use measure::Sex;
use std::collections::BTreeMap;
use store::{Error, both, people, work};

both! {
    a_person_is_found_by_a_number(db) {
        db.write(|tx| {
            let (one, two) = (person(tx, 1), person(tx, 2));
            let resident = IdentifierKind::ResidentIdentity;
            assert_eq!(people::find(tx, Blind([1; 16]))?, Some((one, resident)));
            assert_eq!(people::find(tx, Blind([3; 16]))?, None);
            let (known, name) = people::person(tx, two)?.unwrap();
            assert_eq!((known.sex, known.born, name), (Sex::Female, day("1980-05-01"), vec![9, 2]));
            let many: Vec<Blind> = (1..=40).map(|number| Blind([number; 16])).collect();
            let of = [(Blind([1; 16]), (one, vec![9, 1])), (Blind([2; 16]), (two, vec![9, 2]))];
            assert_eq!(people::known(tx, &many)?, BTreeMap::from(of));
            assert_eq!(people::known(tx, &[])?, BTreeMap::new());
            assert_eq!(people::ciphers(tx, one)?, [(resident, vec![1, 1, 2, 3])]);
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// Many newcomers at once are told apart though they are alike, each with their own name and number.
    newcomers_are_taken_in_together(db) {
        db.write(|tx| {
            let first = person(tx, 1);
            let born = day("1991-02-03");
            let about = [(Sex::Male, born), (Sex::Female, born), (Sex::Male, born)];
            let by = origin(OriginKind::Declaration, 4);
            let numbers = people::enrol_all(tx, &about, (moment(5), by), |place, person| {
                let letter = u8::try_from(50 + place).unwrap();
                Ok::<_, Error>((vec![letter, u8::try_from(person.number()).unwrap()], sealed(letter)))
            })?;
            assert!(numbers.iter().all(|number| *number > first));
            for (place, number) in numbers.iter().enumerate() {
                let letter = u8::try_from(50 + place).unwrap();
                let (known, name) = people::person(tx, *number)?.unwrap();
                assert_eq!((known.sex, known.born), about[place]);
                assert_eq!(name, [letter, u8::try_from(number.number()).unwrap()]);
                let found = people::find_on(tx, Blind([letter; 16]), born, moment(5))?;
                assert_eq!(found, Some((*number, IdentifierKind::ResidentIdentity)));
            }
            let none = people::enrol_all(tx, &[], (moment(6), by), |_, _| unreachable!());
            assert_eq!(none.map_err(|error: Error| error)?, []);
            // Whoever comes one by one after them gets the next number.
            let next = person(tx, 90);
            assert!(numbers.iter().all(|number| *number < next));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// A number is one person's, and the database holds that.
    a_number_is_one_persons(db) {
        db.write(|tx| {
            let (_, two) = (person(tx, 1), person(tx, 2));
            let from = Span::from(day("2024-01"));
            let changes = Timeline::default().record(from, IdentifierKind::Passport, moment(1), origin(OriginKind::Case, 1)).unwrap();
            let taken = tx.attempt(|tx| people::identify(tx, two, &sealed(1), &changes));
            assert_eq!(taken.unwrap_err().violated(), Some("identity_current"));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// Where the number changes hands, who had it when is still known.
    a_number_corrected(db) {
        db.write(|tx| {
            let (one, two) = (person(tx, 1), person(tx, 2));
            let number = sealed(1);
            let known = people::identifiers(tx, one)?.remove(&number.blind).unwrap();
            let whole = Span::from(day("2020-01"));
            let gone = known.withdraw(whole, moment(5), origin(OriginKind::Correction, 1)).unwrap();
            people::identify(tx, one, &number, &gone)?;
            let came = Timeline::default().record(whole, IdentifierKind::Former, moment(5), origin(OriginKind::Correction, 1));
            people::identify(tx, two, &number, &came.unwrap())?;
            let find = |tx: &mut _, known| people::find_on(tx, number.blind, day("2025-01"), moment(known));
            assert_eq!(find(tx, 4)?, Some((one, IdentifierKind::ResidentIdentity)));
            assert_eq!(find(tx, 5)?, Some((two, IdentifierKind::Former)));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// Everything moves, keeps its ciphers, and comes back.
    a_merge_and_its_undo(db) {
        let by = Actor::new("checker@500103").unwrap();
        db.write(|tx| {
            let (one, two) = (person(tx, 1), person(tx, 2));
            let (first, second) = (employer(tx, '1'), employer(tx, '2'));
            let import = origin(OriginKind::Import, 1);
            command(tx, one, slot(Scheme::EmployeePension, first), &start(slot(Scheme::EmployeePension, first), "2020-01", 5_000), 1, import);
            command(tx, two, slot(Scheme::EmployeePension, second), &start(slot(Scheme::EmployeePension, second), "2022-01", 6_000), 1, import);
            let employment = Employment { kind: Kind::Standard, post: Post::Worker };
            let hired = hire(&Timeline::default(), day("2022-01"), employment, moment(1), import).unwrap();
            work::carry_out(tx, two, second, &hired)?;
            let lives = Timeline::default().record(Span::from(day("2020-01")), district(), moment(1), import).unwrap();
            people::carry_out_residence(tx, two, &lives)?;
            let other = person(tx, 3);
            let spouse = Timeline::default().record(Span::from(day("2020-01")), Relation::Spouse, moment(1), import).unwrap();
            people::carry_out_household(tx, two, other, &spouse)?;
            let before = (people::holdings(tx, one)?, people::holdings(tx, two)?);

            // As the keys would: another cipher for another person.
            let mut resealed = |_, _, cipher: &[u8]| Ok([&[9], cipher].concat());
            let merging = origin(OriginKind::Correction, 7);
            let ((kept, _), (merged, _)) = (people::person(tx, one)?.unwrap(), people::person(tx, two)?.unwrap());
            let moves = merge::merge((&kept, &before.0), (&merged, &before.1), &[], moment(5), merging).unwrap();
            let id = people::merge(tx, (one, two), (moment(5), &by, "one card"), &moves, &mut resealed)?;
            assert_eq!(people::find(tx, Blind([2; 16]))?, Some((one, IdentifierKind::Former)));
            assert_eq!(people::ciphers(tx, one)?.len(), 2);
            assert_eq!(people::ciphers(tx, one)?[1], (IdentifierKind::Former, vec![9, 2, 1, 2, 3]), "sealed for whom it now stands");
            let after = people::holdings(tx, one)?;
            assert_eq!((after.participations.len(), after.employments.len(), after.household.len()), (2, 1, 1));

            let known = people::merges(tx, two)?;
            assert_eq!(merge::resolve(two, &known), one);
            let undoing = origin(OriginKind::Correction, 8);
            let moves = merge::undo(&known[0], merging, &after, &people::holdings(tx, two)?, moment(9), undoing).unwrap();
            people::undo_merge(tx, id, (moment(9), &by), &moves, &mut resealed)?;
            assert_eq!(people::ciphers(tx, two)?, [(IdentifierKind::ResidentIdentity, vec![2, 1, 2, 3])]);
            let known = people::merges(tx, two)?;
            assert_eq!(merge::resolve(two, &known), two);
            assert_eq!(people::find(tx, Blind([2; 16]))?, Some((two, IdentifierKind::ResidentIdentity)));
            for (person, before) in [(one, before.0), (two, before.1)] {
                let now = people::holdings(tx, person)?;
                for on in ["2019-12", "2021-06", "2025-06"] {
                    for (blind, line) in &now.identifiers {
                        let was = before.identifiers.get(blind).and_then(|line| line.on(day(on), moment(4)));
                        assert_eq!(line.on(day(on), moment(9)), was);
                    }
                    for (slot, line) in &now.participations {
                        let was = before.participations.get(slot).and_then(|line| line.on(day(on), moment(4)));
                        assert_eq!(line.on(day(on), moment(9)), was);
                    }
                    assert_eq!(now.residence.on(day(on), moment(9)), before.residence.on(day(on), moment(4)));
                }
            }
            let again = tx.attempt(|tx| people::undo_merge(tx, id, (moment(10), &by), &[], &mut resealed));
            assert_eq!(again.unwrap_err().code(), "S0114", "undone once");
            Ok::<(), Error>(())
        })
        .unwrap();
    }
}
