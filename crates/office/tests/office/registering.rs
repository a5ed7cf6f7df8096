//! Households, further pillars, and two records of one person, on both databases.

use crate::counter::person;
use crate::hall::Hall;
use crate::money::sum;
use crate::town::{acting, actor, day};
use city::facts::Span;
use city::insurance::{Pillar, Scheme};
use city::people::{IdentifierKind, PersonId, Relation};
use measure::Fen;
use office::declare::Mode;
use office::register::beside::{beside, link, tell};
use office::register::merging::{approve, ask, ask_undo, decline, waiting};
use store::secrets::Place;
use store::{Db, people};

fn relation(db: &Db, of: i64, to: i64, on: &str) -> Option<Relation> {
    let by = actor("clerk");
    let known = beside(db, person(of), acting(&by, "2025-07-01")).unwrap();
    let line = known.household.get(&person(to))?;
    let current = line.current();
    let holds = current
        .iter()
        .find(|(_, fact)| fact.valid.contains(day(on)));
    holds.map(|(_, fact)| fact.value)
}

/// The numbers somebody has now, in the clear.
fn numbers(db: &Db, hall: &Hall<'_>, of: PersonId) -> Vec<(IdentifierKind, String)> {
    let place = Place {
        table: "identity",
        column: "number",
        person: of.number(),
    };
    let sealed = db.read(|tx| people::ciphers(tx, of)).unwrap();
    sealed
        .iter()
        .map(|(kind, cipher)| (*kind, hall.secrets.open(place, cipher).unwrap()))
        .collect()
}

store::both! {
    /// What one is to another follows from what the other is to one; what is said later takes the place of it.
    a_household_is_told_link_by_link(db) {
        let _hall = Hall::open(db);
        let by = actor("clerk");
        let at = acting(&by, "2025-06-10");
        let since = |from: &str| Span::from(day(from));
        let say = |one, other, relation, days| link(db, (person(one), person(other)), (relation, days), at);
        assert!(say(1, 2, Some(Relation::Spouse), since("2020-05-01")).unwrap());
        assert!(!say(2, 1, Some(Relation::Spouse), since("2020-05-01")).unwrap(), "it was said already");
        assert!(say(1, 3, Some(Relation::Child), since("2021-01-01")).unwrap());
        assert!(say(3, 4, Some(Relation::Head), since("2021-01-01")).unwrap());
        assert_eq!(relation(db, 2, 1, "2024-01-01"), Some(Relation::Spouse));
        assert_eq!(relation(db, 3, 1, "2024-01-01"), Some(Relation::Parent));
        assert_eq!(relation(db, 4, 3, "2024-01-01"), None, "to a head one may be anything");
        assert!(say(1, 2, None, since("2025-03-01")).unwrap());
        for (one, other) in [(1, 2), (2, 1)] {
            assert_eq!(relation(db, one, other, "2025-02-28"), Some(Relation::Spouse));
            assert_eq!(relation(db, one, other, "2025-03-01"), None);
        }
        assert!(!say(5, 6, None, since("2025-03-01")).unwrap());
        assert_eq!(say(1, 1, Some(Relation::Other), since("2025-01-01")).unwrap_err().code(), "P0111");
        assert_eq!(say(1, 99, Some(Relation::Other), since("2025-01-01")).unwrap_err().code(), "N0302");
        assert_eq!(sum(db, "select count(*) from audit where action = 'person.household' and subject = 3"), 2);
    }

    /// As a provider tells; what it tells of later days leaves the earlier as they were.
    a_further_pillar_is_kept_as_its_provider_tells(db) {
        let _hall = Hall::open(db);
        let by = actor("clerk");
        let told = |yuan, from: &str| {
            let pillar = Pillar::new(Scheme::EnterpriseAnnuity, "某信托", Fen::from_yuan(yuan).unwrap()).unwrap();
            tell(db, person(1), (&pillar, Span::from(day(from))), acting(&by, "2025-06-10")).unwrap()
        };
        assert_eq!((told(12_000, "2025-01-01"), told(12_000, "2025-01-01"), told(13_000, "2025-02-01")), (true, false, true));
        let known = beside(db, person(1), acting(&by, "2025-07-01")).unwrap();
        let [(place, line)] = &known.pillars.iter().collect::<Vec<_>>()[..] else { panic!("{known:?}") };
        assert_eq!(**place, (Scheme::EnterpriseAnnuity, String::from("某信托")));
        let paid: Vec<i64> = line.current().iter().map(|(_, fact)| fact.value.contributed().0).collect();
        assert_eq!(paid, [1_200_000, 1_300_000]);
        assert_eq!(sum(db, "select count(*) from audit where action = 'person.pillar' and subject = 1"), 3);
    }

    /// Two records are made one by two people, numbers and all, and parted again by two.
    a_merge_takes_two_people_and_so_does_its_undoing(db) {
        let hall = Hall::open(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let (at, later) = (acting(&maker, "2025-06-10"), acting(&checker, "2025-06-11"));
        let two = (person(9), person(7));
        let (one_number, other_number) = (numbers(db, &hall, two.0), numbers(db, &hall, two.1));
        let spouse = Some(Relation::Spouse);
        link(db, (two.1, person(2)), (spouse, Span::from(day("2020-01-01"))), at).unwrap();
        let pillar = Pillar::new(Scheme::PersonalPension, "某银行", Fen(300_000)).unwrap();
        tell(db, two.1, (&pillar, Span::from(day("2025-01-01"))), at).unwrap();
        let stood = hall.stands(7, "2025-06-30");

        assert_eq!(ask(db, two, " ", at).unwrap_err().code(), "P0107");
        assert_eq!(ask(db, (two.0, two.0), "one card", at).unwrap_err().code(), "P0101");
        assert_eq!(ask(db, (two.0, person(99)), "one card", at).unwrap_err().code(), "N0302");
        assert_eq!(ask(db, (person(1), person(2)), "one card", at).unwrap_err().code(), "P0104", "both work for one employer");
        let declined = ask(db, two, "one card", at).unwrap();
        assert_eq!(ask(db, (two.1, person(3)), "one card", at).unwrap_err().code(), "P0110");
        decline(db, declined, later).unwrap();
        assert_eq!(decline(db, declined, later).unwrap_err().code(), "P0109");
        let asked = ask(db, two, "one card", at).unwrap();
        assert_eq!(waiting(db, later).unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [asked]);
        assert_eq!(approve(db, asked, &hall.secrets, at).unwrap_err().code(), "P0108");
        assert_eq!(hall.stands(7, "2025-06-30"), stood, "nothing has moved yet");
        let (_, merge) = approve(db, asked, &hall.secrets, later).unwrap();
        assert_eq!(approve(db, asked, &hall.secrets, later).unwrap_err().code(), "P0109");

        assert_eq!((hall.stands(7, "2025-06-30").as_str(), hall.stands(9, "2025-06-30")), ("", stood.clone()));
        let mut both = numbers(db, &hall, two.0);
        both.sort();
        let former = (IdentifierKind::Former, other_number[0].1.clone());
        assert_eq!(both, [one_number[0].clone(), former], "each opens by the keys");
        let known = beside(db, two.0, later).unwrap();
        assert_eq!((known.household.len(), known.pillars.len(), known.merges.len()), (1, 1, 1));
        assert_eq!(link(db, (two.1, person(3)), (spouse, Span::from(day("2025-01-01"))), at).unwrap_err().code(), "P0103");
        assert_eq!(ask(db, (person(3), two.1), "one card", at).unwrap_err().code(), "P0103");

        assert_eq!(ask_undo(db, city::merge::MergeId::new(99).unwrap(), "two", at).unwrap_err().code(), "N0302");
        let after = acting(&maker, "2025-06-12");
        let undo = ask_undo(db, merge, "two cousins", after).unwrap();
        assert_eq!(approve(db, undo, &hall.secrets, after).unwrap_err().code(), "P0108");
        approve(db, undo, &hall.secrets, acting(&checker, "2025-06-12")).unwrap();
        assert_eq!((hall.stands(9, "2025-06-30").as_str(), hall.stands(7, "2025-06-30")), ("", stood));
        assert_eq!((numbers(db, &hall, two.0), numbers(db, &hall, two.1)), (one_number, other_number));
        let known = beside(db, two.1, later).unwrap();
        assert_eq!((known.household.len(), known.pillars.len()), (1, 1));
        assert_eq!(ask_undo(db, merge, "two cousins", after).unwrap_err().code(), "P0105");
        assert_eq!(sum(db, "select count(*) from audit where action = 'person.merge.approve'"), 4);
    }

    /// Whose main number moves is found by it, and declared by their employer as before.
    who_was_merged_is_declared_under_the_one_who_remains(db) {
        let hall = Hall::open(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        // 9 has no identity number of their own any more.
        let gone = "update identity set superseded = $1 where person = 9";
        db.write(|tx| tx.execute(gone, store::params![crate::town::moment("2025-01-06")])).unwrap();
        let asked = ask(db, (person(9), person(2)), "one card", acting(&maker, "2025-06-10")).unwrap();
        approve(db, asked, &hall.secrets, acting(&checker, "2025-06-10")).unwrap();
        let file = "身份证号码,姓名,月工资\n2,甲九,6000\n";
        let (outcome, told) = hall.part().submit(1, file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.changed, told.faults.len()), (1, 0), "{told:?}");
        assert_eq!(hall.stands(9, "2025-06-30"), "1 active 6000.00; 3 active 6000.00; 4 active 6000.00");
    }
}
