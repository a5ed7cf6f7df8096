//! One row of a sheet: a declared person, or everything that is wrong with the row.

use super::{
    Declared, Kind, Post,
    columns::{Heading, Item, fold},
    name,
    value::{self, Cell, Cells},
    wrong::Wrong,
};
use crate::fault::{Fault, Weight, masked, shown_masked};
use measure::{Day, Fen, IdentityNumber};
use std::collections::{HashMap, hash_map::Entry};

const KINDS: [value::Choice<Kind>; 4] = [
    (
        Kind::Standard,
        ("标准", "standard"),
        &["全日制", "劳动合同", "标准劳动关系"],
    ),
    (
        Kind::Platform,
        ("平台", "platform"),
        &["平台用工", "新就业形态"],
    ),
    (
        Kind::Flexible,
        ("灵活", "flexible"),
        &["灵活用工", "灵活就业", "非全日制"],
    ),
    (
        Kind::Dispatched,
        ("派遣", "dispatched"),
        &["劳务派遣", "派遣用工"],
    ),
];
const KIND_WORDS: &[(&str, &str)] = &[
    ("标准", "standard"),
    ("平台", "platform"),
    ("灵活", "flexible"),
    ("派遣", "dispatched"),
];
const POSTS: [value::Choice<Post>; 2] = [
    (
        Post::Worker,
        ("生产操作岗位", "worker"),
        &["生产操作", "操作岗位", "工人", "工人岗位"],
    ),
    (
        Post::Management,
        ("管理技术岗位", "management"),
        &["管理技术", "管理岗位", "技术岗位", "干部", "管理"],
    ),
];
const POST_WORDS: &[(&str, &str)] = &[("生产操作岗位", "worker"), ("管理技术岗位", "management")];

/// What a row came to. What is wrong with it stands in [`Reader::faults`].
pub(super) enum Outcome {
    Blank,
    Declared(Declared),
    Refused,
}

/// Reads rows one after the other, and remembers who was declared.
pub(super) struct Reader<'a> {
    heading: &'a Heading,
    wrong: Vec<(Option<Item>, Wrong)>,
    /// By identity number, the row and the first day declared there.
    people: HashMap<u64, (u32, i32)>,
    /// Of those declared more than once, each with its first day.
    again: HashMap<(u64, i32), u32>,
    pub(super) faults: Vec<Fault>,
}

/// Stands for "from no particular day" among numbers of days.
const NO_DAY: i32 = i32::MIN;

impl<'a> Reader<'a> {
    pub(super) fn new(heading: &'a Heading) -> Reader<'a> {
        Reader {
            heading,
            wrong: Vec::new(),
            people: HashMap::new(),
            again: HashMap::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, row: u64, cells: &impl Cells) -> Outcome {
        self.wrong.clear();
        self.faults.clear();
        let filled = cells.filled();
        if filled == 0 {
            return Outcome::Blank;
        }
        let declared = if self.heading.columns.len() < filled {
            // Which cell belongs where is unknown, so nothing else is said of it.
            self.wrong.push((
                None,
                Wrong::Outside {
                    cells: filled,
                    heading: self.heading.columns.len(),
                },
            ));
            None
        } else {
            self.read(row, cells)
        };
        if !self.wrong.is_empty() {
            self.tell(row, cells);
        }
        match declared {
            Some(declared) if !self.faults.iter().any(|f| f.weight == Weight::Refused) => {
                Outcome::Declared(declared)
            }
            _ => Outcome::Refused,
        }
    }

    fn read(&mut self, row: u64, cells: &impl Cells) -> Option<Declared> {
        let identity = self.identity(cells);
        if matches!(self.wrong.last(), Some((_, Wrong::HeadingAgain))) {
            return None;
        }
        let name = self.name(cells);
        let wage = self.wage(cells);
        let from = self.day(cells, Item::From);
        let last_day = self.day(cells, Item::LastDay);
        if let (Some(first), Some(last)) = (from, last_day)
            && last < first
        {
            self.wrong.push((Some(Item::LastDay), Wrong::Backwards));
        }
        let kind = self.word(cells, Item::Kind, &KINDS, KIND_WORDS);
        let post = self.word(cells, Item::Post, &POSTS, POST_WORDS);
        let (identity, name, wage) = (identity?, name?, wage?);
        self.once(row, &identity, from);
        Some(Declared {
            row,
            identity,
            name,
            wage,
            from,
            last_day,
            kind,
            post,
        })
    }

    /// What stands in an item's column, or why nothing can be made of it.
    fn take<'c>(&mut self, cells: &'c impl Cells, item: Item) -> Option<Cell<'c>> {
        let column = self.heading.column(item)?;
        let cell = cells.cell(column);
        let wrong = match cell {
            Cell::Empty if item.required() => Wrong::Missing(item),
            Cell::Empty => return None,
            Cell::Formula => Wrong::Formula,
            Cell::Failed => Wrong::Failed,
            Cell::Text(text) if text.starts_with(['=', '＝']) => Wrong::Formula,
            Cell::Text(_) | Cell::Number(_) | Cell::Day(_) => return Some(cell),
        };
        self.wrong.push((Some(item), wrong));
        None
    }

    fn keep<T>(&mut self, item: Item, read: Result<T, Wrong>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong.push((Some(item), wrong));
                None
            }
        }
    }

    fn identity(&mut self, cells: &impl Cells) -> Option<IdentityNumber> {
        let read = match self.take(cells, Item::Identity)? {
            Cell::Text(text) => match value::identity(text) {
                Err(_) if self.is_heading(text) => Err(Wrong::HeadingAgain),
                read => read,
            },
            _ => Err(Wrong::IdentityAsNumber),
        };
        self.keep(Item::Identity, read)
    }

    fn is_heading(&self, text: &str) -> bool {
        let folded = fold(text);
        Item::Identity
            .names()
            .iter()
            .any(|name| fold(name) == folded)
    }

    fn name(&mut self, cells: &impl Cells) -> Option<String> {
        let read = match self.take(cells, Item::Name)? {
            Cell::Text(text) => name::name(text),
            _ => Err(Wrong::Name(super::wrong::BadName::Digits)),
        };
        let (name, doubt) = self.keep(Item::Name, read)?;
        if let Some(doubt) = doubt {
            self.wrong.push((Some(Item::Name), doubt));
        }
        Some(name)
    }

    fn wage(&mut self, cells: &impl Cells) -> Option<Fen> {
        let read = match self.take(cells, Item::Wage)? {
            Cell::Text(text) => value::wage(text),
            Cell::Number(number) => value::wage_of_number(number),
            _ => Err(Wrong::Wage),
        };
        self.keep(Item::Wage, read)
    }

    fn day(&mut self, cells: &impl Cells, item: Item) -> Option<Day> {
        let read = match self.take(cells, item)? {
            Cell::Text(text) => value::day(text),
            Cell::Number(number) => value::day_of_number(number),
            Cell::Day(day) => day.ok_or(Wrong::Day),
            _ => Err(Wrong::Day),
        };
        self.keep(item, read)
    }

    fn word<T: Copy>(
        &mut self,
        cells: &impl Cells,
        item: Item,
        choices: &[value::Choice<T>],
        allowed: &'static [(&'static str, &'static str)],
    ) -> Option<T> {
        let read = match self.take(cells, item)? {
            Cell::Text(text) => value::choice(text, choices, allowed),
            _ => Err(Wrong::NotAWord {
                allowed,
                meant: None,
            }),
        };
        self.keep(item, read)
    }

    /// Whether the person was declared before; only rows that are taken count.
    fn once(&mut self, row: u64, identity: &IdentityNumber, from: Option<Day>) {
        let (key, day) = (key(identity), from.map_or(NO_DAY, Day::number));
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let taken = self
            .wrong
            .iter()
            .all(|(_, wrong)| wrong.weight() == Weight::Doubt);
        let (first, first_day) = match self.people.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                if taken {
                    entry.insert((row, day));
                }
                return;
            }
        };
        let same = match first_day == day {
            true => Some(first),
            false => self.again.get(&(key, day)).copied(),
        };
        let wrong = match same {
            Some(same) => Wrong::Again(u64::from(same)),
            None => {
                if taken {
                    self.again.insert((key, day), row);
                }
                Wrong::AgainOtherDates(u64::from(first))
            }
        };
        self.wrong.push((Some(Item::Identity), wrong));
    }

    #[cold]
    fn tell(&mut self, row: u64, cells: &impl Cells) {
        for (item, wrong) in self.wrong.drain(..) {
            let column = item.and_then(|item| self.heading.column(item));
            let text = column.map(|column| cells.text(column)).unwrap_or_default();
            let value = match item {
                Some(Item::Identity) => masked(text.trim()),
                _ => shown_masked(text.trim()),
            };
            self.faults.push(Fault {
                row,
                place: column.map(|column| self.heading.place(column)),
                value,
                code: wrong.code(),
                reason: wrong.reason(),
                remedy: wrong.remedy(),
                weight: wrong.weight(),
            });
        }
    }
}

/// The first seventeen digits, which determine the eighteenth.
fn key(identity: &IdentityNumber) -> u64 {
    let digits = identity.reveal().as_bytes()[..17].iter();
    digits.fold(0, |key, digit| key * 10 + u64::from(digit - b'0'))
}
