//! What the employers of the made city declare: each its whole staff, as a file, every month.

use measure::{Day, Month};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use synth::codes::{category, change, employment};
use synth::{Changes, City, Registers};

/// The staff of every employer, and who its persons are.
pub(super) struct Staff {
    registers: Registers,
    /// By employer and person.
    of: BTreeMap<i64, BTreeMap<i64, Employee>>,
}

/// One of the staff.
#[derive(Clone, Copy, Debug)]
struct Employee {
    /// In fen.
    wage: i64,
    /// Since when, where it was not declared yet.
    from: Option<Day>,
    /// The last day, where that was not declared yet.
    last_day: Option<Day>,
    kind: u8,
}

/// What happens to somebody's own insurance, with which no employer has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// It is paused: they found work, or do not pay for a while.
    Paused,
    /// It goes on.
    Resumed,
}

/// What an employer hands in.
pub(super) struct File {
    pub(super) employer: i64,
    /// Whose rows they are, in their order below the heading.
    pub(super) persons: Vec<i64>,
    pub(super) text: String,
}

const HEADING: &str = "身份证号码,姓名,月工资,起始日期,结束日期,用工形式\n";

impl Staff {
    /// As the registers have it at the end of 2024.
    pub(super) fn of(city: &City) -> Staff {
        let registers = city.registers(0..city.people());
        let mut of: BTreeMap<i64, BTreeMap<i64, Employee>> = BTreeMap::new();
        let parts = &registers.participations;
        for (row, person) in parts.person.iter().enumerate() {
            if parts.category[row] != category::EMPLOYEE || parts.employer[row] == 0 {
                continue;
            }
            let employee = Employee {
                wage: parts.declared[row],
                from: None,
                last_day: None,
                kind: employment::STANDARD,
            };
            of.entry(parts.employer[row])
                .or_default()
                .insert(*person, employee);
        }
        Staff { registers, of }
    }

    /// Lets a month happen; gives what happens to individuals, in order.
    pub(super) fn pass(&mut self, changes: &Changes) -> Vec<(i64, Own)> {
        let mut own = Vec::new();
        for (row, person) in changes.person.iter().enumerate() {
            let (employer, wage) = (changes.employer[row], changes.declared[row]);
            let day = day(changes.from[row]);
            match changes.change[row] {
                change::HIRED => {
                    own.push((*person, Own::Paused));
                    let staff = self.of.entry(employer).or_default();
                    // Who comes back before it was declared that they had left has not left.
                    let from = staff.get(person).map_or(day, |known| known.from);
                    let employee = Employee {
                        wage,
                        from,
                        last_day: None,
                        kind: changes.kind[row],
                    };
                    staff.insert(*person, employee);
                }
                change::LEFT => {
                    let staff = self.of.entry(employer).or_default();
                    match staff.get_mut(person) {
                        Some(known) if known.from.is_none() => {
                            known.last_day = day.and_then(|day| day.add_days(-1).ok());
                        }
                        _ => drop(staff.remove(person)),
                    }
                }
                change::WAGE => {
                    let staff = self.of.entry(employer).or_default();
                    if let Some(known) = staff.get_mut(person) {
                        known.wage = wage;
                    }
                }
                change::PAUSED => own.push((*person, Own::Paused)),
                change::RESUMED => own.push((*person, Own::Resumed)),
                _ => {}
            }
        }
        own
    }

    /// What every employer hands in now.
    pub(super) fn files(&self) -> impl Iterator<Item = File> {
        self.of
            .iter()
            .filter(|(_, staff)| !staff.is_empty())
            .map(|(employer, staff)| {
                let mut text = String::from(HEADING);
                for (person, employee) in staff {
                    self.row(&mut text, *person, employee);
                }
                File {
                    employer: *employer,
                    persons: staff.keys().copied().collect(),
                    text,
                }
            })
    }

    /// Only these of a file's rows, to be handed in again.
    pub(super) fn again(&self, file: &File, rows: &[usize]) -> File {
        let mut text = String::from(HEADING);
        let persons: Vec<i64> = rows
            .iter()
            .filter_map(|row| file.persons.get(*row).copied())
            .collect();
        let staff = &self.of[&file.employer];
        for person in &persons {
            self.row(&mut text, *person, &staff[person]);
        }
        File {
            employer: file.employer,
            persons,
            text,
        }
    }

    fn row(&self, text: &mut String, person: i64, employee: &Employee) {
        let at = usize::try_from(person - 1).expect("persons are numbered from 1");
        let number = std::str::from_utf8(&self.registers.identities.number[at]);
        let number = number.expect("a synthetic number is digits");
        let name = self.registers.persons.name.get(at);
        let (yuan, fen) = (employee.wage / 100, employee.wage % 100);
        let _ = write!(text, "{number},{name},{yuan}.{fen:02},");
        for day in [employee.from, employee.last_day] {
            let _ = day.map(|day| write!(text, "{day}"));
            text.push(',');
        }
        text.push_str(match (employee.from, employee.kind) {
            (None, _) => "",
            (_, employment::DISPATCHED) => "派遣\n",
            (_, employment::FLEXIBLE) => "灵活\n",
            (_, employment::PLATFORM) => "平台\n",
            _ => "标准\n",
        });
        if employee.from.is_none() {
            text.push('\n');
        }
    }

    /// It was declared: who has left is gone, and nobody is new.
    pub(super) fn declared(&mut self) {
        for staff in self.of.values_mut() {
            staff.retain(|_, employee| employee.last_day.is_none());
            for employee in staff.values_mut() {
                employee.from = None;
            }
        }
    }
}

/// The months of which something is to be declared in this one: all since the registers were made, or this one alone.
pub(super) fn since(first: bool, month: Month) -> impl Iterator<Item = Month> {
    let begin = match first {
        true => Month::new(2025, 1).map_or(month.index(), Month::index),
        false => month.index(),
    };
    (begin..=month.index()).filter_map(|index| Month::from_index(index).ok())
}

fn day(number: i32) -> Option<Day> {
    Day::from_number(number).ok()
}

#[cfg(test)]
mod tests {
    use super::{Staff, since};
    use measure::Month;
    use synth::City;

    /// What is handed in month by month comes to what the city says of the months together.
    #[test]
    fn who_comes_is_in_the_file_and_who_leaves_too() {
        let city = City::of(3, 20_000);
        let mut staff = Staff::of(&city);
        let before = staff.files().map(|file| file.persons.len()).sum::<usize>();
        let month = Month::parse("2025-03").unwrap();
        let (mut came, mut left) = (0, 0);
        for month in since(true, month) {
            let changes = city.changes(month, 0..city.people());
            came += changes.change.iter().filter(|it| **it == 1).count();
            left += changes.change.iter().filter(|it| **it == 2).count();
            staff.pass(&changes);
            staff.declared();
        }
        let after = staff.files().map(|file| file.persons.len()).sum::<usize>();
        assert!(0 < came && 0 < left);
        assert_eq!(before + came - left, after);
    }

    #[test]
    fn a_row_handed_in_again_is_the_same_row() {
        let city = City::of(3, 20_000);
        let mut staff = Staff::of(&city);
        let changes = city.changes(Month::parse("2025-01").unwrap(), 0..city.people());
        staff.pass(&changes);
        let file = staff.files().find(|file| 3 < file.persons.len()).unwrap();
        let again = staff.again(&file, &[1, 2]);
        let rows: Vec<&str> = file.text.lines().collect();
        assert_eq!(
            again.text.lines().collect::<Vec<_>>(),
            [rows[0], rows[2], rows[3]]
        );
    }
}
