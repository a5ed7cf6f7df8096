//! Which column holds what: the heading is found by the names of its columns, in Chinese or English, in any order.

use super::refused;
use crate::{
    error::{Error, Note},
    fault::{Place, letter},
};
use std::sync::LazyLock;

/// What a column of a declaration holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// 身份证号码
    Identity,
    /// 姓名
    Name,
    /// 月工资
    Wage,
    /// 起始日期
    From,
    /// 结束日期, the last day included
    LastDay,
    /// 用工形式
    Kind,
    /// 岗位
    Post,
}

/// How many items there are.
pub(super) const ITEMS: usize = 7;
/// So many rows are looked at to find the heading: a title, a unit, a date may stand above it.
pub(super) const HEADING_ROWS_MAX: usize = 20;
/// More columns than a form has.
pub(super) const COLUMNS_MAX: usize = 256;

impl Item {
    /// All of them, in the order of the form.
    pub const ALL: [Item; ITEMS] = [
        Item::Identity,
        Item::Name,
        Item::Wage,
        Item::From,
        Item::LastDay,
        Item::Kind,
        Item::Post,
    ];

    /// Whether each row must have it.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, Item::Identity | Item::Name | Item::Wage)
    }

    /// The names a column may have, the usual Chinese one first, the usual English one second.
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Item::Identity => &[
                "身份证号码",
                "identity-number",
                "身份证号",
                "身份证",
                "公民身份号码",
                "居民身份证号码",
                "证件号码",
                "社会保障号码",
                "社会保障号",
                "identity",
                "id-number",
            ],
            Item::Name => &["姓名", "name", "职工姓名", "参保人姓名", "full-name"],
            Item::Wage => &[
                "月工资",
                "wage",
                "工资",
                "申报工资",
                "缴费工资",
                "月缴费工资",
                "月工资收入",
                "monthly-wage",
                "salary",
            ],
            Item::From => &[
                "起始日期",
                "from",
                "开始日期",
                "入职日期",
                "参保起始日期",
                "start-date",
            ],
            Item::LastDay => &[
                "结束日期",
                "until",
                "终止日期",
                "离职日期",
                "last-day",
                "end-date",
            ],
            Item::Kind => &[
                "用工形式",
                "kind",
                "用工类型",
                "用工方式",
                "employment-kind",
            ],
            Item::Post => &["岗位", "post", "岗位类别", "岗位性质"],
        }
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }

    fn of(folded: &str) -> Option<Item> {
        let known = FOLDED.iter().find(|(name, _)| name == folded);
        known.map(|(_, item)| *item)
    }
}

/// Every name folded, once: a heading is looked for in each of the first rows, in every way they could be divided.
static FOLDED: LazyLock<Vec<(String, Item)>> = LazyLock::new(|| {
    let names = Item::ALL
        .into_iter()
        .flat_map(|item| item.names().iter().map(move |name| (fold(name), item)));
    names.collect()
});

/// Columns that every form has and nobody reads; the last ones stand in a file of rows to mend.
const UNREAD: [&str; 14] = [
    "序号",
    "编号",
    "no",
    "备注",
    "remark",
    "remarks",
    "部门",
    "department",
    ROW_ZH,
    ROW_EN,
    REASON_ZH,
    REASON_EN,
    "原因",
    "reasons",
];
pub(super) const ROW_ZH: &str = "原行号";
pub(super) const ROW_EN: &str = "row";
pub(super) const REASON_ZH: &str = "错误";
pub(super) const REASON_EN: &str = "reason";

/// A name without what forms put around it: `* 身份证号码（必填）` is `身份证号码`, `Identity_Number` is `identitynumber`.
pub(crate) fn fold(name: &str) -> String {
    let end = name.find(['(', '（', '[', '【']).unwrap_or(name.len());
    let folded = name[..end].chars().filter_map(|c| match c {
        '*' | '＊' | '_' | '-' | ':' | '：' | '\u{feff}' | '\u{200b}' | '\'' => None,
        blank if blank.is_whitespace() => None,
        wide @ '！'..='～' => char::from_u32(wide as u32 - 0xfee0),
        other => Some(other),
    });
    folded.flat_map(char::to_lowercase).collect()
}

/// The heading of a sheet: which column holds which item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The row it stands in, from 1.
    pub row: u64,
    /// The columns as they are named, from the left.
    pub columns: Vec<String>,
    pub(super) items: [Option<usize>; ITEMS],
}

impl Heading {
    /// Where an item stands, if the sheet has it.
    #[must_use]
    pub fn column(&self, item: Item) -> Option<usize> {
        self.items[item.index()]
    }

    pub(super) fn place(&self, column: usize) -> Place {
        Place {
            name: self.columns.get(column).cloned().unwrap_or_default(),
            letter: letter(column),
        }
    }
}

/// The first rows of a sheet that are not blank, with their numbers.
pub(super) type FirstRows = Vec<(u64, Vec<String>)>;

/// How many columns of a row have a known name.
pub(super) fn known(cells: &[String]) -> usize {
    cells
        .iter()
        .filter(|cell| Item::of(&fold(cell)).is_some())
        .count()
}

/// Finds the heading among the first rows, each with its number.
pub(super) fn find(file: &str, rows: &[(u64, Vec<String>)]) -> Result<(Heading, Vec<Note>), Error> {
    let Some(at) = heading_at(rows) else {
        return Err(refused::no_heading(file, rows));
    };
    let (row, cells) = &rows[at];
    if let Some((next, _)) = rows.get(at + 1).filter(|(_, cells)| 1 < known(cells)) {
        return Err(refused::two_headings(file, *row, *next));
    }
    if COLUMNS_MAX < cells.len() {
        return Err(refused::too_many_columns(file, cells.len()));
    }
    let mut items = [None; ITEMS];
    let (mut notes, mut strange) = (Vec::new(), Vec::new());
    for (index, cell) in cells.iter().enumerate() {
        let folded = fold(cell);
        match Item::of(&folded) {
            Some(item) => match items[item.index()].replace(index) {
                None => {}
                Some(first) => return Err(refused::twice(file, cells, first, index)),
            },
            None if folded.is_empty() || UNREAD.iter().any(|unread| fold(unread) == folded) => {}
            None => strange.push((index, folded)),
        }
    }
    let missing: Vec<Item> = Item::ALL
        .into_iter()
        .filter(|item| item.required() && items[item.index()].is_none())
        .collect();
    if !missing.is_empty() {
        return Err(refused::missing_columns(file, cells, &missing, &strange));
    }
    for (index, folded) in &strange {
        notes.push(unknown(&cells[*index], *index, nearest(folded)));
    }
    let heading = Heading {
        row: *row,
        columns: cells.clone(),
        items,
    };
    Ok((heading, notes))
}

fn heading_at(rows: &[(u64, Vec<String>)]) -> Option<usize> {
    let found = |least: usize| rows.iter().position(|(_, cells)| least <= known(cells));
    found(2).or_else(|| found(1))
}

/// The known name that was probably meant.
pub(super) fn nearest(folded: &str) -> Option<&'static str> {
    let length = folded.chars().count();
    let names = Item::ALL.into_iter().flat_map(Item::names);
    let near = names.map(|name| (strsim::osa_distance(folded, &fold(name)), *name));
    near.filter(|(distance, _)| *distance * 2 <= length && *distance <= 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn unknown(name: &str, index: usize, meant: Option<&str>) -> Note {
    let (name, letter) = (crate::error::shown(name.as_bytes()), letter(index));
    match meant {
        Some(meant) => Note {
            warning: true,
            zh: format!("{letter} 列“{name}”不认识，是否应为“{meant}”？该列未读取"),
            en: format!(
                "column {letter} “{name}” is not known; is it “{meant}”? The column is not read"
            ),
        },
        None => Note {
            warning: false,
            zh: format!("{letter} 列“{name}”不认识，未读取"),
            en: format!("column {letter} “{name}” is not known and not read"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forms_put_around_a_name_does_not_matter() {
        for name in [
            "身份证号码",
            " * 身份证号码（必填）",
            "身份证\n号码",
            "＊身份证号码：",
        ] {
            assert_eq!(Item::of(&fold(name)), Some(Item::Identity), "{name}");
        }
        for name in [
            "Identity Number",
            "IDENTITY_NUMBER",
            "ＩＤＥＮＴＩＴＹ-ｎｕｍｂｅｒ",
        ] {
            assert_eq!(Item::of(&fold(name)), Some(Item::Identity), "{name}");
        }
    }

    #[test]
    fn no_name_stands_for_two_items() {
        let mut seen = std::collections::BTreeMap::new();
        for item in Item::ALL {
            for name in item.names() {
                let before = seen.insert(fold(name), item);
                assert!(before.is_none_or(|before| before == item), "{name}");
            }
        }
        for unread in UNREAD {
            assert_eq!(Item::of(&fold(unread)), None, "{unread}");
        }
    }

    #[test]
    fn a_misspelt_name_is_recognised() {
        assert_eq!(nearest(&fold("身份正号码")), Some("身份证号码"));
        assert_eq!(nearest(&fold("月工姿")), Some("月工资"));
        assert_eq!(nearest(&fold("wages")), Some("wage"));
        assert_eq!(nearest(&fold("籍贯")), None);
    }
}
