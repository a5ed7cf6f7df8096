use super::*;
use proptest::prelude::*;

#[test]
fn the_tables_fill_a_block() {
    let layout = Layout::published();
    assert_eq!(layout.slots.len() as u64, BLOCK);
    let [small, middling, large, platform] = &layout.staffing;
    assert_eq!(
        small.share + middling.share + large.share,
        layout.size(Group::Staff)
    );
    let platform_workers =
        layout.size(Group::PlatformIndividual) + layout.size(Group::PlatformResident);
    assert_eq!(platform.share, platform_workers);
    for staffing in &layout.staffing {
        assert_eq!(staffing.share * staffing.blocks, staffing.template.staff());
    }
    // In a block of 4096: 651 and 657 of 2581 are 1033.1 and 1042.7, 65.6 are 104.1; and by age 187.8 and 890.8.
    assert_eq!(layout.size(Group::Staff), 1_033);
    assert_eq!(layout.size(Group::PartTime), 1_043 - 1_033);
    assert_eq!(platform_workers, 104);
    let [over_60, over_65] = [
        [Group::Pensioner, Group::DrawingResident],
        [Group::OldPensioner, Group::OldResident],
    ]
    .map(|groups| {
        groups
            .into_iter()
            .map(|group| layout.size(group))
            .sum::<u64>()
    });
    assert_eq!((over_60, over_65), (188, 891));
}

/// How many employers 24 million have.
#[test]
fn about_six_hundred_thousand_employers() {
    let layout = Layout::published();
    let employers: u64 = LEVELS
        .iter()
        .map(|level| layout.employers(*level, 24_000_000))
        .sum();
    assert!((590_000..=610_000).contains(&employers), "{employers}");
}

proptest! {
    #[test]
    fn staff_and_employer_find_each_other(seed: u64, number in 0_u64..24_000_000) {
        let layout = Layout::published();
        let block = layout.block(seed, number / BLOCK);
        let slot = block.slot(number);
        prop_assert_eq!(block.number(slot), number);
        if let Some(workplace) = layout.workplace(seed, block.index(), slot) {
            prop_assert_eq!(Workplace::of(workplace.number()), Some(workplace));
            let staff = layout.staff(seed, workplace, u64::MAX);
            prop_assert!(staff.binary_search(&number).is_ok());
            // Everybody there, if the city is large enough; fewer, if it is not.
            prop_assert_eq!(layout.staff_count(seed, workplace, u64::MAX / 2), staff.len() as u64);
            let few = layout.staff(seed, workplace, number);
            prop_assert_eq!(layout.staff_count(seed, workplace, number), few.len() as u64);
            prop_assert_eq!(layout.has_staff(seed, workplace, number), !few.is_empty());
            for other in staff.iter().step_by(staff.len().div_ceil(20)) {
                let block = layout.block(seed, other / BLOCK);
                prop_assert_eq!(layout.workplace(seed, block.index(), block.slot(*other)), Some(workplace));
            }
        }
    }

    #[test]
    fn the_insured_of_the_employees_scheme_are_all_met_once(seed: u64, block in 0_u64..6_000) {
        let layout = Layout::published();
        let first = block * layout.in_scheme();
        let mut met: Vec<u64> = (first..first + layout.in_scheme()).map(|rank| layout.of_scheme(seed, rank)).collect();
        met.sort_unstable();
        met.dedup();
        prop_assert_eq!(met.len() as u64, layout.in_scheme());
        let whole = layout.block(seed, block);
        for number in met {
            prop_assert!(layout.group(whole.slot(number)) < Group::PlatformResident);
            prop_assert_eq!(number / BLOCK, block);
        }
    }
}
