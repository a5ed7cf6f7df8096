//! What are they called? Names that look like names and show at once that they are made up.
//!
//! A person has a common surname and, as given name, a day of the sixty-day cycle (甲子, 乙丑) or one of the twenty-four
//! terms of the year (立春, 雨水). An employer's name begins with 虚拟, "made up", and ends with its number.

use crate::chance::{Chance, Draw};

/// Texts laid end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    /// The text in a row.
    ///
    /// # Panics
    ///
    /// When there is no such row.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[row]]
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|row| self.get(row))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Makes room for persons' names, three characters of three bytes each.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.text.reserve(rows * 9);
        self.ends.reserve(rows);
    }

    pub(crate) fn push(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }
}

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "袁", "潘", "蒋", "蔡", "余",
];
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const BRANCHES: [&str; 12] = [
    "子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥",
];
const TERMS: [&str; 24] = [
    "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑",
    "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至", "小寒", "大寒",
];
/// Days of the cycle.
const CYCLE: usize = 60;

/// A person's name.
pub(crate) fn write_person(text: &mut String, chance: Chance) {
    let at = |draw, n: usize| {
        usize::try_from(chance.below(draw, n as u64)).expect("below the length of a list")
    };
    text.push_str(SURNAMES[at(Draw::Surname, SURNAMES.len())]);
    match at(Draw::GivenName, CYCLE + TERMS.len()).checked_sub(CYCLE) {
        Some(term) => text.push_str(TERMS[term]),
        None => write_day(text, at(Draw::GivenName, CYCLE + TERMS.len())),
    }
}

/// An employer's name.
pub(crate) fn write_employer(
    text: &mut String,
    district: &str,
    trades: [&str; 2],
    dispatches: bool,
    number: i64,
) {
    let digits = number.unsigned_abs();
    let day = usize::try_from(digits % CYCLE as u64).expect("below sixty");
    text.push_str("虚拟");
    text.push_str(district);
    write_day(text, day);
    text.push_str(match dispatches {
        true => "劳务派遣",
        false => trades[usize::from(digits / CYCLE as u64 % 2 == 1)],
    });
    text.push_str("有限公司");
    text.push_str(&digits.to_string());
    text.push('号');
}

fn write_day(text: &mut String, day: usize) {
    text.push_str(STEMS[day % STEMS.len()]);
    text.push_str(BRANCHES[day % BRANCHES.len()]);
}
