//! The city beside what was published.

use synth::codes::{employment, scheme, sex};
use synth::{City, Margin, Registers, Tally};

const PEOPLE: u64 = 1_000_000;
const BATCH: u64 = 50_000;

fn tally(city: &City, mut change: impl FnMut(&mut Registers)) -> Tally {
    let mut tally = Tally::default();
    for batch in 0..city.people().div_ceil(BATCH) {
        let mut registers = city.registers(batch * BATCH..(batch + 1) * BATCH);
        change(&mut registers);
        tally.add(city, &registers);
    }
    tally
}

#[test]
fn every_published_margin_is_met_within_chance_at_a_million() {
    for seed in [1, 2] {
        let city = City::of(seed, PEOPLE);
        let comparisons = tally(&city, |_| {}).compare(&city);
        // 1 sex, 3 ages, 38 districts, 3 kinds of insured, 2 sectors, 1 wage.
        assert_eq!(comparisons.len(), 48);
        for comparison in comparisons {
            assert!(
                comparison.is_within_chance(),
                "{comparison:?}, expected {}",
                comparison.expected()
            );
            let marked = ["[S1]", "[S2]", "[S3]", "[M]", "[D]", "OCR]"];
            assert!(
                marked.iter().any(|mark| comparison.source.contains(mark)),
                "{comparison:?}"
            );
            // Chance does not allow everything: not a tenth more or less. A large employer's sector is that of thousands, so
            // chance allows more there; but sectors are spread evenly and take little of it.
            let hundredths = match comparison.margin {
                Margin::Sector => {
                    let off = comparison.made.abs_diff(comparison.expected());
                    assert!(off * 20 < comparison.expected(), "{comparison:?}");
                    30
                }
                Margin::District if comparison.expected() < 20_000 => 20,
                _ => 10,
            };
            assert!(
                comparison.allowed * 100 <= comparison.expected() * hundredths,
                "{comparison:?}"
            );
        }
    }
}

#[test]
fn what_is_off_is_told() {
    let city = City::of(3, 200_000);
    let off = |change: fn(&mut Registers)| {
        let comparisons = tally(&city, change).compare(&city).into_iter();
        let off = comparisons.filter(|comparison| !comparison.is_within_chance());
        off.map(|comparison| (comparison.margin, comparison.name))
            .collect::<Vec<_>>()
    };
    assert_eq!(off(|_| {}), []);
    // One woman in fifty becomes a man.
    let men = off(|registers| {
        registers
            .persons
            .sex
            .iter_mut()
            .step_by(50)
            .for_each(|one| *one = sex::MALE);
    });
    assert_eq!(men, [(Margin::Sex, "men")]);
    let moved = off(|registers| {
        registers
            .residences
            .district
            .iter_mut()
            .step_by(40)
            .for_each(|one| *one = 500_243);
    });
    assert!(
        moved.contains(&(Margin::District, "彭水苗族土家族自治县")),
        "{moved:?}"
    );
    let raised = off(|registers| {
        registers
            .participations
            .declared
            .iter_mut()
            .for_each(|fen| *fen += *fen / 50);
    });
    assert_eq!(raised, [(Margin::Wage, "average")]);
    let platforms = off(|registers| {
        let part_time = |kind: &&mut u8| **kind == employment::FLEXIBLE;
        registers
            .employments
            .kind
            .iter_mut()
            .filter(part_time)
            .for_each(|kind| *kind = employment::PLATFORM);
    });
    assert_eq!(platforms, [(Margin::Insured, "platform")]);
}

/// The counts by plain filters over the columns, not by the tally.
#[test]
fn the_tally_counts_what_is_there() {
    let city = City::of(4, 120_000);
    let registers = city.registers(0..120_000);
    let comparisons = tally(&city, |_| {}).compare(&city);
    let made = |margin: Margin, name: &str| {
        let mut found = comparisons
            .iter()
            .filter(|one| one.margin == margin && one.name == name);
        found.next().unwrap().made
    };
    let count =
        |column: &[u8], code: u8| column.iter().filter(|other| **other == code).count() as u64;
    assert_eq!(
        made(Margin::Sex, "men"),
        count(&registers.persons.sex, sex::MALE)
    );
    let schemes = &registers.participations.scheme;
    assert_eq!(
        made(Margin::Insured, "unemployment"),
        count(schemes, scheme::UNEMPLOYMENT)
    );
    assert_eq!(
        made(Margin::Insured, "work-injury"),
        count(schemes, scheme::WORK_INJURY)
    );
    let kinds = &registers.employments.kind;
    assert_eq!(
        made(Margin::Insured, "platform"),
        count(kinds, employment::PLATFORM)
    );
    let here = registers
        .residences
        .district
        .iter()
        .filter(|code| **code == 500_112)
        .count();
    assert_eq!(made(Margin::District, "渝北区"), here as u64);
    let ages = ["16-59", "60-64", "65+"].map(|ages| made(Margin::Age, ages));
    assert_eq!(ages.iter().sum::<u64>(), 120_000);
    let sixty = measure::Day::parse("1965-01-01").unwrap().number();
    let working = registers
        .persons
        .born
        .iter()
        .filter(|born| **born >= sixty)
        .count();
    assert_eq!(ages[0], working as u64);
    let sectors = ["secondary", "tertiary"].map(|sector| made(Margin::Sector, sector));
    assert_eq!(
        sectors.iter().sum::<u64>(),
        count(kinds, employment::STANDARD) + count(kinds, employment::DISPATCHED)
    );
    // Tallies of parts add up.
    let (mut first, mut second) = (Tally::default(), Tally::default());
    first.add(&city, &city.registers(0..33_333));
    second.add(&city, &city.registers(33_333..120_000));
    assert_eq!(first.and(&second).compare(&city), comparisons);
}
