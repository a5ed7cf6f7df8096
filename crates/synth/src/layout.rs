//! Who is what, and who works for whom? The order in which a city is built, so that both can be told of any number.
//!
//! Persons come in blocks of [`BLOCK`] numbers. Each block is shuffled onto as many slots, and the slot says what somebody
//! is: the first slots are those of employees, the last those of residents over 65. So every block holds the published
//! shares, and a city of any size does.
//!
//! The slots of employees are cut up among employers. Small employers draw their staff from one block; the slots of
//! larger ones from many blocks are shuffled together once more, so that a small city has a bit of each of them:
//!
//! ```text
//!  number ─► block, slot ─┬─► small employer of the block
//!                         └─► slot among those of 64 or 1024 blocks ─► middling or large employer, platform
//! ```
//!
//! All of it goes backwards too, from an employer to the staff.

use crate::chance::{Chance, Subject};
use crate::margins::{BLOCK_SHARES, EMPLOYERS, INSURED, find, number, residents};
use crate::shuffle::Shuffle;
use crate::template::Template;

/// How many persons a block has.
pub(crate) const BLOCK: u64 = 4_096;

/// What somebody is among the insured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// Insured as an employee, in every scheme of employees.
    Staff,
    /// Works part-time and is insured as an individual; the employer insures against work injury only.
    PartTime,
    /// Works for a platform and is insured as an individual.
    PlatformIndividual,
    /// Insured as an individual, without an employer.
    Individual,
    /// A woman who draws a pension of the employees' scheme before sixty.
    EarlyPensioner,
    /// Draws a pension of the employees' scheme, 60 to 64.
    Pensioner,
    /// Draws a pension of the employees' scheme, 65 and over.
    OldPensioner,
    /// Works for a platform and is insured as a resident.
    PlatformResident,
    /// Insured as a resident, below sixty.
    Resident,
    /// Draws a resident's pension, 60 to 64.
    DrawingResident,
    /// Draws a resident's pension, 65 and over.
    OldResident,
}

const GROUPS: [Group; 11] = [
    Group::Staff,
    Group::PartTime,
    Group::PlatformIndividual,
    Group::Individual,
    Group::EarlyPensioner,
    Group::Pensioner,
    Group::OldPensioner,
    Group::PlatformResident,
    Group::Resident,
    Group::DrawingResident,
    Group::OldResident,
];

/// How large an employer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Small = 0,
    Middling,
    Large,
    Platform,
}

pub(crate) const LEVELS: [Level; 4] =
    [Level::Small, Level::Middling, Level::Large, Level::Platform];

/// One employer: its level, and the how manieth of that level it is, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Workplace {
    pub(crate) level: Level,
    pub(crate) ordinal: u64,
}

/// Employers' numbers of one level lie below the first of the next.
const LEVEL_STEP: i64 = 1_000_000_000;

impl Workplace {
    /// The number by which registers know it: above 0, of each level from another thousand million.
    pub(crate) fn number(self) -> i64 {
        LEVEL_STEP * self.level as i64 + 1 + i64::try_from(self.ordinal).expect("far below 10^9")
    }

    /// The employer of a number, if a city could have it.
    pub(crate) fn of(number: i64) -> Option<Workplace> {
        let index = u64::try_from(number.checked_sub(1)?).ok()?;
        let step = LEVEL_STEP.unsigned_abs();
        let level = LEVELS.get(usize::try_from(index / step).ok()?)?;
        Some(Workplace {
            level: *level,
            ordinal: index % step,
        })
    }
}

/// The order of the city.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// What each slot of a block is.
    slots: Vec<Group>,
    /// The first slot of each group, and the end.
    starts: [u64; GROUPS.len() + 1],
    staffing: [Staffing; 4],
}

/// Where the staff of a level's employers come from.
#[derive(Clone, Debug)]
struct Staffing {
    /// From how many blocks an employer draws.
    blocks: u64,
    /// How many slots of each block belong to the level.
    share: u64,
    template: Template,
}

impl Layout {
    pub(crate) fn published() -> Layout {
        let counts = counts();
        let (mut slots, mut starts) = (Vec::new(), [0; GROUPS.len() + 1]);
        for (index, count) in counts.into_iter().enumerate() {
            starts[index + 1] = starts[index] + count;
            slots.extend((0..count).map(|_| GROUPS[index]));
        }
        let level = |name: &str, blocks: u64| {
            let rows = EMPLOYERS.rows().filter(|row| row[0] == name);
            let template = Template::new(rows.map(|row| (number(row[1]), number(row[2]))));
            Staffing {
                blocks,
                share: template.staff() / blocks,
                template,
            }
        };
        Layout {
            slots,
            starts,
            staffing: [
                level("small", 1),
                level("middling", 64),
                level("large", 1_024),
                level("platform", 1_024),
            ],
        }
    }

    pub(crate) fn block(&self, seed: u64, block: u64) -> Block {
        Block {
            index: block,
            shuffle: Shuffle::new(Chance::of(seed, Subject::Block, block).key(), BLOCK),
        }
    }

    pub(crate) fn group(&self, slot: u64) -> Group {
        // Blocks and slots have the same size, which a test holds.
        self.slots[usize::try_from(slot).expect("a slot of a block")]
    }

    /// How many of a block are in the employees' scheme: they have its first slots.
    pub(crate) fn in_scheme(&self) -> u64 {
        self.first(Group::PlatformResident)
    }

    /// How many of a block are women by their group.
    pub(crate) fn women_only(&self) -> u64 {
        self.size(Group::EarlyPensioner)
    }

    /// For whom a slot of a block works.
    pub(crate) fn workplace(&self, seed: u64, block: u64, slot: u64) -> Option<Workplace> {
        match self.group(slot) {
            Group::Staff => {
                let [small, middling, ..] = &self.staffing;
                Some(if slot < small.share {
                    self.employer(seed, Level::Small, block, slot)
                } else if slot < small.share + middling.share {
                    self.employer(seed, Level::Middling, block, slot - small.share)
                } else {
                    let rank = slot - small.share - middling.share;
                    self.employer(seed, Level::Large, block, rank)
                })
            }
            Group::PartTime => {
                // One for each of the largest of the small employers, which come last.
                let employers = self.staffing[0].template.employers();
                let last = employers - 1 - (slot - self.first(Group::PartTime)) % employers;
                Some(Workplace {
                    level: Level::Small,
                    ordinal: block * employers + last,
                })
            }
            Group::PlatformIndividual | Group::PlatformResident => {
                let rank = self.platform_rank(slot);
                Some(self.employer(seed, Level::Platform, block, rank))
            }
            _ => None,
        }
    }

    /// Whoever works for an employer, of the first `people` of the city, ascending.
    pub(crate) fn staff(&self, seed: u64, workplace: Workplace, people: u64) -> Vec<u64> {
        let mut staff = Vec::new();
        self.each_of_staff(seed, workplace, |number| {
            if number < people {
                staff.push(number);
            }
            true
        });
        staff.sort_unstable();
        staff
    }

    /// How many work for an employer, of the first `people` of the city.
    pub(crate) fn staff_count(&self, seed: u64, workplace: Workplace, people: u64) -> u64 {
        let staffing = &self.staffing[workplace.level as usize];
        let template = &staffing.template;
        let (group, index) = (
            workplace.ordinal / template.employers(),
            workplace.ordinal % template.employers(),
        );
        if (group + 1) * staffing.blocks * BLOCK <= people {
            let range = template.range(self.sizes(seed, workplace.level, group), index);
            return range.end - range.start + self.part_time_slots(workplace).count() as u64;
        }
        let mut count = 0;
        self.each_of_staff(seed, workplace, |number| {
            count += u64::from(number < people);
            true
        });
        count
    }

    /// Whether anybody of the first `people` of the city works there.
    pub(crate) fn has_staff(&self, seed: u64, workplace: Workplace, people: u64) -> bool {
        let mut found = false;
        self.each_of_staff(seed, workplace, |number| {
            found |= number < people;
            !found
        });
        found
    }

    /// How many employers of a level could have staff among the first `people`.
    pub(crate) fn employers(&self, level: Level, people: u64) -> u64 {
        let staffing = &self.staffing[level as usize];
        people.div_ceil(staffing.blocks * BLOCK) * staffing.template.employers()
    }

    /// The sum over all employers of `people` persons of the square of their staff, at most: how much more what an
    /// employer decides for its whole staff varies than what everybody decides for themselves.
    pub(crate) fn squares(&self, level: Level, people: u64) -> u128 {
        let staffing = &self.staffing[level as usize];
        let (whole, rest) = (
            people / (staffing.blocks * BLOCK),
            people % (staffing.blocks * BLOCK),
        );
        let of_all = u128::from(staffing.template.squares());
        let (rest, of) = (u128::from(rest), u128::from(staffing.blocks * BLOCK));
        // Of the last group a part of each one's staff is there, and as many more as chance makes of it.
        let part =
            of_all * rest * rest / (of * of) + u128::from(staffing.template.staff()) * rest / of;
        of_all * u128::from(whole) + part
    }

    /// The number of the `rank`th insured of the employees' scheme in a block.
    pub(crate) fn of_scheme(&self, seed: u64, insured: u64) -> u64 {
        let (block, rank) = (insured / self.in_scheme(), insured % self.in_scheme());
        let key = Chance::of(seed, Subject::Scheme, block).key();
        let slot = Shuffle::new(key, self.in_scheme()).forth(rank);
        self.block(seed, block).number(slot)
    }

    fn employer(&self, seed: u64, level: Level, block: u64, rank: u64) -> Workplace {
        let staffing = &self.staffing[level as usize];
        let group = block / staffing.blocks;
        let slot = if staffing.blocks == 1 {
            rank
        } else {
            let slot = block % staffing.blocks * staffing.share + rank;
            self.staff_shuffle(seed, level, group).forth(slot)
        };
        let index = staffing.template.at(self.sizes(seed, level, group), slot);
        Workplace {
            level,
            ordinal: group * staffing.template.employers() + index,
        }
    }

    /// Gives the number of each of the staff, in no order, until told to stop.
    fn each_of_staff(&self, seed: u64, workplace: Workplace, mut each: impl FnMut(u64) -> bool) {
        let level = workplace.level;
        let staffing = &self.staffing[level as usize];
        let employers = staffing.template.employers();
        let (group, index) = (workplace.ordinal / employers, workplace.ordinal % employers);
        let slots = staffing
            .template
            .range(self.sizes(seed, level, group), index);
        if level == Level::Small {
            let block = self.block(seed, group);
            let _ = slots
                .chain(self.part_time_slots(workplace))
                .all(|slot| each(block.number(slot)));
            return;
        }
        let shuffle = self.staff_shuffle(seed, level, group);
        for slot in slots {
            let among = shuffle.back(slot);
            let block = group * staffing.blocks + among / staffing.share;
            let slot = self.slot_of_rank(level, among % staffing.share);
            if !each(self.block(seed, block).number(slot)) {
                return;
            }
        }
    }

    fn slot_of_rank(&self, level: Level, rank: u64) -> u64 {
        let [small, middling, ..] = &self.staffing;
        match level {
            Level::Small => rank,
            Level::Middling => small.share + rank,
            Level::Large => small.share + middling.share + rank,
            Level::Platform => {
                let individuals = self.size(Group::PlatformIndividual);
                match rank.checked_sub(individuals) {
                    None => self.first(Group::PlatformIndividual) + rank,
                    Some(rank) => self.first(Group::PlatformResident) + rank,
                }
            }
        }
    }

    fn platform_rank(&self, slot: u64) -> u64 {
        match slot.checked_sub(self.first(Group::PlatformResident)) {
            None => slot - self.first(Group::PlatformIndividual),
            Some(rank) => self.size(Group::PlatformIndividual) + rank,
        }
    }

    fn part_time_slots(&self, workplace: Workplace) -> impl Iterator<Item = u64> + use<> {
        let employers = self.staffing[0].template.employers();
        let first = self.first(Group::PartTime);
        let from_last = employers - 1 - workplace.ordinal % employers;
        let count = match workplace.level {
            Level::Small => self.size(Group::PartTime),
            _ => 0,
        };
        (0..count)
            .filter(move |rank| rank % employers == from_last)
            .map(move |rank| first + rank)
    }

    fn first(&self, group: Group) -> u64 {
        self.starts[group as usize]
    }

    fn size(&self, group: Group) -> u64 {
        self.starts[group as usize + 1] - self.starts[group as usize]
    }

    fn staff_shuffle(&self, seed: u64, level: Level, group: u64) -> Shuffle {
        let staffing = &self.staffing[level as usize];
        let key = Chance::of(seed, Subject::Staff, group * 4 + level as u64).key();
        Shuffle::new(key, staffing.share * staffing.blocks)
    }

    fn sizes(&self, seed: u64, level: Level, group: u64) -> Chance {
        Chance::of(seed, Subject::Sizes, group * 4 + level as u64)
    }
}

/// A block of persons and how it is shuffled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    index: u64,
    shuffle: Shuffle,
}

impl Block {
    pub(crate) fn index(&self) -> u64 {
        self.index
    }

    pub(crate) fn slot(&self, number: u64) -> u64 {
        self.shuffle.forth(number % BLOCK)
    }

    pub(crate) fn number(&self, slot: u64) -> u64 {
        self.index * BLOCK + self.shuffle.back(slot)
    }
}

/// How many of a block are in each group: by published figures rounded to the nearest person, else as made up, and
/// residents whoever remains below sixty.
fn counts() -> [u64; GROUPS.len()] {
    let insured = |name: &str| {
        let persons = |name: &str| number(find(&INSURED, name)[1]);
        nearest(persons(name), persons("pension"))
    };
    let made_up = |name: &str| number(find(&BLOCK_SHARES, name)[1]);
    let (over_60, over_65) = (residents("60+", "both"), residents("65+", "both"));
    let grown = residents("16-59", "both") + over_60;
    let (sixties, old) = (nearest(over_60 - over_65, grown), nearest(over_65, grown));
    let staff = insured("unemployment");
    let part_time = insured("work-injury") - staff;
    let platform = made_up("platform worker insured as an individual");
    let [individual, early, pensioner, old_pensioner] = [
        "individual",
        "pensioner 50-59",
        "pensioner 60-64",
        "pensioner 65+",
    ]
    .map(made_up);
    let platform_resident = insured("platform") - platform;
    let others = staff + part_time + platform + individual + early + platform_resident;
    [
        staff,
        part_time,
        platform,
        individual,
        early,
        pensioner,
        old_pensioner,
        platform_resident,
        BLOCK - sixties - old - others,
        sixties - pensioner,
        old - old_pensioner,
    ]
}

/// A share of a block, to the nearest person.
fn nearest(part: u64, whole: u64) -> u64 {
    (2 * BLOCK * part + whole) / (2 * whole)
}

#[cfg(test)]
mod tests;
