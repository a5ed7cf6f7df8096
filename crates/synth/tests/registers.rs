//! The city's registers: the same however they are cut, nobody twice, everything fitting together.

use measure::{CheckDigit, CreditCode, Day, IdentityNumber, Sex};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use synth::codes::{category, employment, relation, scheme, sex, size, status};
use synth::{City, Employers, Registers, is_synthetic};

const PEOPLE: u64 = 100_000;

fn city() -> (City, Registers) {
    let city = City::of(1, PEOPLE);
    let registers = city.registers(0..PEOPLE);
    (city, registers)
}

/// All rows as texts, part by part, to lay pieces end to end.
fn rows(registers: &Registers) -> [Vec<String>; 6] {
    let r = registers;
    let each = |n: usize, row: &dyn Fn(usize) -> String| (0..n).map(row).collect::<Vec<_>>();
    let (p, i, h) = (&r.persons, &r.identities, &r.residences);
    let (l, e, x) = (&r.households, &r.employments, &r.participations);
    [
        each(p.person.len(), &|n| {
            format!(
                "{} {} {} {}",
                p.person[n],
                p.sex[n],
                p.born[n],
                p.name.get(n)
            )
        }),
        each(i.person.len(), &|n| {
            format!("{} {:?}", i.person[n], i.number[n])
        }),
        each(h.person.len(), &|n| {
            format!("{} {} {}", h.person[n], h.district[n], h.from[n])
        }),
        each(l.person.len(), &|n| {
            format!("{} {} {}", l.person[n], l.other[n], l.relation[n])
        }),
        each(e.person.len(), &|n| {
            format!(
                "{} {} {} {} {}",
                e.person[n], e.employer[n], e.kind[n], e.post[n], e.from[n]
            )
        }),
        each(x.person.len(), &|n| {
            format!(
                "{} {} {} {} {} {} {} {}",
                x.person[n],
                x.scheme[n],
                x.category[n],
                x.employer[n],
                x.district[n],
                x.status[n],
                x.declared[n],
                x.from[n]
            )
        }),
    ]
}

fn rows_of_employers(employers: &Employers) -> Vec<String> {
    let e = employers;
    let row = |n: usize| {
        format!(
            "{} {:?} {} {} {} {} {} {} {}",
            e.employer[n],
            e.credit_code[n],
            e.name.get(n),
            e.district[n],
            e.industry_class[n],
            e.rate_level[n],
            e.size[n],
            e.dispatches[n],
            e.staff[n]
        )
    };
    (0..e.employer.len()).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_same_registers_however_they_are_cut(seed: u64, mut cuts in prop::collection::vec(0_u64..9_000, 0..6)) {
        let city = City::of(seed, 9_000);
        cuts.extend([0, 9_000]);
        cuts.sort_unstable();
        let whole = rows(&city.registers(0..9_000));
        let mut pieces = <[Vec<String>; 6]>::default();
        for cut in cuts.windows(2) {
            for (pieces, piece) in pieces.iter_mut().zip(rows(&city.registers(cut[0]..cut[1]))) {
                pieces.extend(piece);
            }
        }
        prop_assert_eq!(pieces, whole);
    }

    #[test]
    fn the_same_employers_however_they_are_cut(seed: u64, cut in 0_u64..900) {
        let city = City::of(seed, 9_000);
        let whole = rows_of_employers(&city.employers(0..city.employer_indices()));
        let mut pieces = rows_of_employers(&city.employers(0..cut));
        pieces.extend(rows_of_employers(&city.employers(cut..u64::MAX)));
        prop_assert_eq!(pieces, whole);
    }

    #[test]
    fn a_larger_city_begins_with_the_same_persons(seed: u64, people in 1_u64..6_000) {
        let small = rows(&City::of(seed, people).registers(0..u64::MAX));
        let large = rows(&City::of(seed, 2 * people).registers(0..people));
        // Links lead out of the small city, where the other is not in it.
        for part in [0, 1, 2, 4, 5] {
            prop_assert_eq!(&small[part], &large[part]);
        }
        let beyond = i64::try_from(people).unwrap();
        prop_assert!(City::of(seed, people).registers(0..people).households.other.iter().all(|other| *other <= beyond));
    }
}

#[test]
fn the_same_registers_on_threads() {
    let city = City::of(5, 40_000);
    let alone = rows(&city.registers(0..40_000));
    let together = thread::scope(|scope| {
        let city = &city;
        let pieces = [0..7_001, 7_001..30_000, 30_000..40_000]
            .map(|range| scope.spawn(move || rows(&city.registers(range))));
        pieces.map(|piece| piece.join().unwrap())
    });
    for (part, alone) in alone.iter().enumerate() {
        let together = together.iter().flat_map(|piece| &piece[part]);
        assert!(alone.iter().eq(together), "part {part}");
    }
}

#[test]
fn identity_numbers_are_valid_telling_and_nobody_s_twice() {
    let (_, registers) = city();
    let mut met = BTreeSet::new();
    for (row, characters) in registers.identities.number.iter().enumerate() {
        let text = std::str::from_utf8(characters).unwrap();
        let number = IdentityNumber::parse(text).unwrap();
        assert_eq!(number.reveal(), text);
        assert!(is_synthetic(&number), "{text}");
        assert_eq!(number.birth().number(), registers.persons.born[row]);
        let male = number.sex() == Sex::Male;
        assert_eq!(male, registers.persons.sex[row] == sex::MALE);
        assert_eq!(
            registers.identities.person[row],
            registers.persons.person[row]
        );
        assert!(met.insert(*characters), "{text} twice");
    }
    assert_eq!(met.len() as u64, PEOPLE);
    let real = IdentityNumber::parse("11010519491231002X").unwrap();
    assert!(!is_synthetic(&real));
}

#[test]
fn credit_codes_are_valid_and_nobody_s_twice() {
    let (city, _) = city();
    let employers = city.employers(0..city.employer_indices());
    let mut met = BTreeSet::new();
    for code in &employers.credit_code {
        let text = std::str::from_utf8(code).unwrap();
        let (read, check) = CreditCode::parse(text).unwrap();
        assert_eq!(check, CheckDigit::Conforming, "{text}");
        assert!(read.area_code().starts_with("99"));
        assert!(met.insert(text), "{text} twice");
    }
    let names: BTreeSet<&str> = employers.name.iter().collect();
    assert_eq!(names.len(), employers.employer.len());
    assert!(names.iter().all(|name| name.starts_with("虚拟")));
}

/// Of each employer how many the employments name.
fn staff(registers: &Registers) -> BTreeMap<i64, u32> {
    let mut staff = BTreeMap::new();
    for employer in &registers.employments.employer {
        *staff.entry(*employer).or_default() += 1;
    }
    staff
}

#[test]
fn employers_and_employments_name_each_other() {
    let (city, registers) = city();
    let employers = city.employers(0..city.employer_indices());
    let listed: BTreeMap<i64, u32> = employers
        .employer
        .iter()
        .copied()
        .zip(employers.staff.iter().copied())
        .collect();
    assert_eq!(listed, staff(&registers));
    assert!(employers.employer.is_sorted());
    for employer in employers.employer.iter().step_by(97) {
        let named = registers
            .employments
            .person
            .iter()
            .zip(&registers.employments.employer);
        let named = named
            .filter(|(_, other)| *other == employer)
            .map(|(person, _)| *person);
        let staff = city
            .staff(*employer)
            .into_iter()
            .map(|number| i64::try_from(number).unwrap() + 1);
        assert!(named.eq(staff), "{employer}");
    }
    for nobody in [0, -1, i64::MIN, i64::MAX, 999_999_999, 7_000_000_001] {
        assert_eq!(city.staff(nobody), Vec::<u64>::new(), "{nobody}");
    }
}

#[test]
fn most_employers_are_small_and_most_staff_is_not_theirs() {
    // Every group of blocks whole: 2^22 persons.
    let city = City::of(2, 1 << 22);
    let employers = city.employers(0..city.employer_indices());
    let mut sizes: Vec<u64> = employers
        .staff
        .iter()
        .map(|staff| u64::from(*staff))
        .collect();
    sizes.sort_unstable();
    let n = sizes.len();
    assert!(
        sizes[n / 2] <= 3,
        "half have at most three: {}",
        sizes[n / 2]
    );
    let whole: u64 = sizes.iter().sum();
    let largest: u64 = sizes[n - n / 50..].iter().sum();
    assert!(
        largest * 2 > whole,
        "a fiftieth has more than half of the staff"
    );
    // 1033 employees, 10 part-time and 104 for platforms in each block of 4096.
    assert_eq!(whole, (1_033 + 10 + 104) * 1_024);
    let sized = |wanted: u8| {
        employers
            .size
            .iter()
            .filter(|size| **size == wanted)
            .count()
    };
    assert_eq!(sized(size::SMALL), 99 * 1_024);
    assert_eq!(sized(size::MIDDLING), 203 * 16);
    assert_eq!((sized(size::LARGE), sized(size::PLATFORM)), (153, 10));
}

#[test]
fn everybody_is_insured_as_their_employment_says() {
    let (city, registers) = city();
    let employers = city.employers(0..city.employer_indices());
    let district: BTreeMap<i64, i32> = employers
        .employer
        .iter()
        .copied()
        .zip(employers.district.iter().copied())
        .collect();
    let e = &registers.employments;
    let work: BTreeMap<i64, (i64, u8)> = (0..e.person.len())
        .map(|row| (e.person[row], (e.employer[row], e.kind[row])))
        .collect();
    let x = &registers.participations;
    let mut of: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for row in 0..x.person.len() {
        of.entry(x.person[row]).or_default().push(row);
    }
    assert_eq!(of.len() as u64, PEOPLE);
    for (person, mine) in of {
        let place = usize::try_from(person - 1).unwrap();
        let told: Vec<(u8, u8)> = mine
            .iter()
            .map(|row| (x.scheme[*row], x.category[*row]))
            .collect();
        let pension = (scheme::EMPLOYEE_PENSION, category::EMPLOYEE);
        let individual = (scheme::EMPLOYEE_PENSION, category::INDIVIDUAL);
        let resident = (scheme::RESIDENT_PENSION, category::RESIDENT);
        let unemployment = (scheme::UNEMPLOYMENT, category::EMPLOYEE);
        let injury = (scheme::WORK_INJURY, category::EMPLOYEE);
        let kind = work.get(&person).map(|(_, kind)| *kind);
        match kind {
            Some(employment::STANDARD | employment::DISPATCHED) => {
                assert_eq!(told, [pension, unemployment, injury]);
            }
            Some(employment::FLEXIBLE) => assert_eq!(told, [individual, injury]),
            Some(employment::PLATFORM) => assert!(told == [individual] || told == [resident]),
            Some(other) => panic!("kind {other}"),
            None => assert!([pension, individual, resident].contains(&told[0]) && told.len() == 1),
        }
        let home = registers.residences.district[place];
        for row in mine {
            let employer = x.employer[row];
            assert_eq!(
                x.district[row],
                district.get(&employer).copied().unwrap_or(home)
            );
            assert!(employer == 0 || work[&person].0 == employer);
            // Contributions begin at sixteen or later, and before the end of 2024.
            assert!(x.from[row] - registers.persons.born[place] > 15 * 365);
            assert!(x.from[row] < Day::parse("2025-01-01").unwrap().number());
            match x.status[row] {
                status::ENDED => assert_eq!(x.declared[row], 0),
                status::ACTIVE | status::PAUSED => assert!(x.declared[row] > 0 || kind.is_some()),
                other => panic!("status {other}"),
            }
        }
    }
}

#[test]
fn whoever_works_is_paid_the_minimum_of_the_employer_s_district() {
    let (city, registers) = city();
    let classes: BTreeMap<i32, u8> = city
        .districts()
        .iter()
        .map(|district| (district.code, district.minimum_wage_class))
        .collect();
    let x = &registers.participations;
    let mut undeclared = 0;
    for row in (0..x.person.len())
        .filter(|row| x.category[*row] == category::EMPLOYEE && x.employer[*row] != 0)
    {
        let least = if classes[&x.district[row]] == 1 {
            233_000
        } else {
            220_000
        };
        assert!(x.declared[row] == 0 || x.declared[row] >= least);
        undeclared += u32::from(x.declared[row] == 0);
    }
    assert!(undeclared > 0, "some employer has not declared");
}

#[test]
fn members_of_a_household_name_each_other_and_couples_live_together() {
    let (_, registers) = city();
    let h = &registers.households;
    let links: BTreeSet<(i64, i64, u8)> = (0..h.person.len())
        .map(|row| (h.person[row], h.other[row], h.relation[row]))
        .collect();
    assert_eq!(links.len(), h.person.len());
    let home = |person: i64| registers.residences.district[usize::try_from(person - 1).unwrap()];
    let born = |person: i64| registers.persons.born[usize::try_from(person - 1).unwrap()];
    let mut couples = 0;
    for (person, other, what) in &links {
        let back = match *what {
            relation::SPOUSE => relation::SPOUSE,
            relation::PARENT => relation::CHILD,
            relation::CHILD => relation::PARENT,
            other => panic!("relation {other}"),
        };
        assert!(links.contains(&(*other, *person, back)));
        match *what {
            relation::SPOUSE => {
                assert_eq!(home(*person), home(*other));
                couples += 1;
            }
            relation::PARENT => assert!(born(*person) - born(*other) > 19 * 365),
            _ => {}
        }
    }
    assert!(
        couples > 2_000 && links.len() > couples + 2_000,
        "{couples} of {}",
        links.len()
    );
}

#[test]
fn the_law_s_insured_are_those_of_the_registers() {
    let (city, registers) = city();
    let x = &registers.participations;
    let pension: BTreeMap<i64, usize> = (0..x.person.len())
        .filter(|row| x.scheme[*row] == scheme::EMPLOYEE_PENSION)
        .map(|row| (x.person[row], row))
        .collect();
    let mut met = BTreeSet::new();
    // Somewhat fewer than are in the scheme among the first hundred thousand.
    for rank in 0..53_000 {
        let (person, number) = (city.person(rank), city.number_of(rank));
        let id = i64::try_from(number).unwrap() + 1;
        assert!(met.insert(id));
        let (Some(row), Ok(place)) = (pension.get(&id), usize::try_from(number)) else {
            panic!("{rank} is {id}, who is not in the scheme");
        };
        assert_eq!(person.sex + 1, registers.persons.sex[place]);
        assert_eq!(
            Day::from_number(registers.persons.born[place])
                .unwrap()
                .month()
                .index(),
            person.birth_month
        );
        assert_eq!(
            city.districts()[usize::from(person.district)].code,
            registers.residences.district[place]
        );
        assert_eq!(person.insured_as + 1, x.category[*row]);
        if x.status[*row] != status::ENDED {
            let declared = person.wage.or(person.chosen_base).unwrap_or(0);
            assert_eq!(declared, x.declared[*row]);
        }
        let from = Day::from_number(x.from[*row]).unwrap();
        assert_eq!(from.month().index(), person.first_insured_month);
    }
}
