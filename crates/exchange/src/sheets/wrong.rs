//! What can be wrong with a cell or a row, and what is said of it.

use super::columns::Item;
use crate::{error::Wording, fault::Weight};
use measure::Day;

/// Something wrong, with what its message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Missing(Item),
    Formula,
    /// An error value such as `#N/A` stands where a formula failed.
    Failed,
    IdentityAsNumber,
    Identity(BadIdentity),
    Wage,
    WageDecimals,
    WageRange,
    WageNegative,
    Day,
    DayOnlyMonth,
    NoSuchDay,
    /// A serial number, and the day it would be.
    Serial(Day),
    Backwards,
    NotAWord {
        allowed: &'static [(&'static str, &'static str)],
        meant: Option<&'static str>,
    },
    Invisible {
        place: usize,
        character: char,
    },
    LookAlike {
        place: usize,
        character: char,
        kind: LookAlike,
    },
    Name(BadName),
    /// Declared already, in this row.
    Again(u64),
    /// Declared already in this row, with other dates.
    AgainOtherDates(u64),
    Outside {
        cells: usize,
        heading: usize,
    },
    HeadingAgain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadIdentity {
    Length(usize),
    Character,
    Area,
    Birth,
    Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadName {
    TooLong,
    Digits,
    Signs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LookAlike {
    /// Latin beside Cyrillic or Greek, or a letter of those beside Chinese.
    Script,
    /// A radical or a compatibility character, drawn as an ordinary one.
    Radical,
    /// An accent of its own, beside the letter it belongs to.
    Combining,
    /// A private-use character, which every font draws as it likes.
    Private,
}

impl Wrong {
    pub(super) fn weight(&self) -> Weight {
        match self {
            Wrong::LookAlike { .. } | Wrong::AgainOtherDates(_) => Weight::Doubt,
            _ => Weight::Refused,
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Wrong::Missing(_) => "C0231",
            Wrong::Formula | Wrong::Failed => "C0232",
            Wrong::IdentityAsNumber => "C0233",
            Wrong::Identity(_) => "C0234",
            Wrong::Wage => "C0235",
            Wrong::WageDecimals => "C0236",
            Wrong::WageRange | Wrong::WageNegative => "C0237",
            Wrong::Day | Wrong::DayOnlyMonth => "C0238",
            Wrong::NoSuchDay => "C0239",
            Wrong::Serial(_) => "C0240",
            Wrong::Backwards => "C0241",
            Wrong::NotAWord { .. } => "C0242",
            Wrong::Invisible { .. } => "C0243",
            Wrong::LookAlike { .. } => "C0244",
            Wrong::Name(_) => "C0245",
            Wrong::Again(_) | Wrong::AgainOtherDates(_) => "C0246",
            Wrong::Outside { .. } => "C0247",
            Wrong::HeadingAgain => "C0248",
        }
    }

    pub(super) fn reason(&self) -> Wording {
        match self {
            Wrong::Missing(item) => {
                let names = item.names();
                Wording::new(
                    format!("“{}”不能为空", names[0]),
                    format!("the {} is missing", words(names[1])),
                )
            }
            Wrong::Formula => Wording::new("公式不接受", "a formula is not accepted"),
            Wrong::Failed => Wording::new("公式出错", "a formula failed here"),
            Wrong::IdentityAsNumber => Wording::new(
                "身份证号码被存成数字，第 15 位以后的数字已经丢失",
                "the identity number was stored as a number, and its digits after the fifteenth are lost",
            ),
            Wrong::Identity(bad) => bad.reason(),
            Wrong::Wage => Wording::new("不是金额", "this is not an amount"),
            Wrong::WageDecimals => {
                Wording::new("金额超过两位小数", "the amount is finer than a fen")
            }
            Wrong::WageRange => {
                Wording::new("金额大得无法记账", "the amount is beyond what can be held")
            }
            Wrong::WageNegative => Wording::new("工资不能为负", "a wage cannot be negative"),
            Wrong::Day => Wording::new("不是日期", "this is not a date"),
            Wrong::DayOnlyMonth => {
                Wording::new("只有年月，没有日", "this is a month without a day")
            }
            Wrong::NoSuchDay => Wording::new("日历上没有这一天", "the calendar has no such day"),
            Wrong::Serial(day) => Wording::new(
                format!("日期成了表格软件的序列号，可能是 {day}"),
                format!("the date became a spreadsheet's serial number, probably {day}"),
            ),
            Wrong::Backwards => {
                Wording::new("结束日期早于起始日期", "the last day is before the first")
            }
            Wrong::NotAWord { .. } => {
                Wording::new("不在可选范围内", "this is not one of the choices")
            }
            Wrong::Invisible { place, character } => {
                let code = u32::from(*character);
                Wording::new(
                    format!("第 {place} 个字符（U+{code:04X}）看不见"),
                    format!("character {place} (U+{code:04X}) cannot be seen"),
                )
            }
            Wrong::LookAlike {
                place,
                character,
                kind,
            } => kind.reason(*place, *character),
            Wrong::Name(bad) => bad.reason(),
            Wrong::Again(row) => Wording::new(
                format!("此人在第 {row} 行已经申报"),
                format!("this person is declared in row {row} already"),
            ),
            Wrong::AgainOtherDates(row) => Wording::new(
                format!("此人在第 {row} 行也有申报，起始日期不同"),
                format!("this person is declared in row {row} too, from another day"),
            ),
            Wrong::Outside { cells, heading } => Wording::new(
                format!("本行有 {cells} 格，表头只有 {heading} 格"),
                format!("the row has {cells} cells where the heading has {heading}"),
            ),
            Wrong::HeadingAgain => {
                Wording::new("这一行又是表头", "this row is the heading once more")
            }
        }
    }

    pub(super) fn remedy(&self) -> Wording {
        match self {
            Wrong::Missing(_) => {
                Wording::new("请填写，或删去整行", "fill it in, or remove the row")
            }
            Wrong::Formula | Wrong::Failed => Wording::new(
                "请复制后“选择性粘贴—数值”",
                "copy it and paste it as a value",
            ),
            Wrong::IdentityAsNumber => Wording::new(
                "单元格应设为文本，再按证件重新填写 18 位",
                "format the cell as text, then type the 18 characters again from the card",
            ),
            Wrong::Identity(_) => Wording::new("请按证件核对", "compare it with the card"),
            Wrong::Wage => Wording::new(
                "请填写元，如 8123.45 或 8,123.45",
                "write yuan, such as 8123.45 or 8,123.45",
            ),
            Wrong::WageDecimals => Wording::new(
                "最多两位小数，如 8123.45",
                "write at most two decimals, such as 8123.45",
            ),
            Wrong::WageRange | Wrong::WageNegative => Wording::new(
                "请核对该月工资；更正以前月份请另行申报",
                "check the month's wage; months before are corrected by declaring them again",
            ),
            Wrong::Day | Wrong::DayOnlyMonth | Wrong::NoSuchDay | Wrong::Serial(_) => Wording::new(
                "请填写年月日，如 2025-01-31",
                "write year, month and day, such as 2025-01-31",
            ),
            Wrong::Backwards => Wording::new("请核对两个日期", "check both days"),
            Wrong::NotAWord { allowed, meant } => choices(allowed, *meant),
            Wrong::Invisible { .. } => Wording::new(
                "请删去后重新输入，不要从网页或聊天中粘贴",
                "type it again instead of pasting it from a page or a chat",
            ),
            Wrong::LookAlike { .. } => Wording::new(
                "请按证件核对该字；确实如此则不必改",
                "compare the character with the card; if it is so, leave it",
            ),
            Wrong::Name(_) => {
                Wording::new("请填写证件上的姓名", "write the name as the card has it")
            }
            Wrong::Again(_) => Wording::new(
                "请删去其中一行；一月内两段用工请填不同的起始日期",
                "remove one of the rows; two employments in a month begin on different days",
            ),
            Wrong::AgainOtherDates(_) => Wording::new("请核对两段用工", "check both employments"),
            Wrong::Outside { .. } => Wording::new(
                "请检查该行的分隔符与引号，或删去表格以外的内容",
                "check the row's delimiters and quotation marks, or remove what stands outside the table",
            ),
            Wrong::HeadingAgain => Wording::new("请删去这一行", "remove this row"),
        }
    }
}

impl BadIdentity {
    fn reason(self) -> Wording {
        match self {
            BadIdentity::Length(15) => Wording::new(
                "是 15 位的旧号码，应为 18 位",
                "it has the 15 digits of before 1999; the present card has 18",
            ),
            BadIdentity::Length(found) => Wording::new(
                format!("有 {found} 位，应为 18 位"),
                format!("it has {found} characters; an identity number has 18"),
            ),
            BadIdentity::Character => Wording::new(
                "有不能出现的字符；前 17 位应为数字，末位为数字或 X",
                "it has a character that cannot stand there; 17 digits, then a digit or X",
            ),
            BadIdentity::Area => {
                Wording::new("前 6 位不是地区", "its first six digits are no area")
            }
            BadIdentity::Birth => Wording::new(
                "第 7 至 14 位不是出生日期",
                "digits 7 to 14 are no day of birth",
            ),
            BadIdentity::Check => Wording::new(
                "校验位不符，有数字录错或颠倒",
                "its check character does not fit: a digit is mistyped or two are swapped",
            ),
        }
    }
}

impl BadName {
    fn reason(self) -> Wording {
        match self {
            BadName::TooLong => Wording::new("姓名过长", "the name is too long"),
            BadName::Digits => Wording::new("姓名中有数字", "there are digits in the name"),
            BadName::Signs => Wording::new(
                "姓名中有不能出现的符号",
                "there are signs in the name that no name has",
            ),
        }
    }
}

impl LookAlike {
    fn reason(self, place: usize, character: char) -> Wording {
        let code = u32::from(character);
        let at_zh = format!("第 {place} 个字符“{character}”（U+{code:04X}）");
        let at_en = format!("character {place}, “{character}” (U+{code:04X}),");
        match self {
            LookAlike::Script => Wording::new(
                format!("{at_zh}是另一种文字的形似字母"),
                format!("{at_en} is a letter of another script that looks alike"),
            ),
            LookAlike::Radical => Wording::new(
                format!("{at_zh}是部首或兼容字符，不是通常的汉字"),
                format!("{at_en} is a radical or compatibility character, not the ordinary one"),
            ),
            LookAlike::Combining => Wording::new(
                format!("{at_zh}是与字母分开的重音符号"),
                format!("{at_en} is an accent apart from its letter"),
            ),
            LookAlike::Private => Wording::new(
                format!("{at_zh}是自造字，别处无法显示"),
                format!("{at_en} is a private character that others cannot show"),
            ),
        }
    }
}

fn choices(allowed: &[(&str, &str)], meant: Option<&str>) -> Wording {
    let zh: Vec<&str> = allowed.iter().map(|(zh, _)| *zh).collect();
    let en: Vec<&str> = allowed.iter().map(|(_, en)| *en).collect();
    let (zh, en) = (zh.join("、"), en.join(", "));
    match meant {
        Some(meant) => Wording::new(
            format!("是否应为“{meant}”？可填：{zh}"),
            format!("is it “{meant}”? Write one of {en}"),
        ),
        None => Wording::new(format!("可填：{zh}"), format!("write one of {en}")),
    }
}

/// `identity-number` as words.
fn words(name: &str) -> String {
    name.replace('-', " ")
}
