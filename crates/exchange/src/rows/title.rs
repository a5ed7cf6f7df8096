//! What is wrong with rows, in a few words: for whoever counts them, and does not tell what stood in them.

use measure::Words;

/// The title of what a row, or a record, of a file is refused for.
#[must_use]
pub fn title(code: &str) -> Words {
    let (zh, en) = match code {
        "C0121" => ("单元格无法识别", "a cell that cannot be read"),
        "C0122" => ("日历上没有这一天", "a day the calendar does not have"),
        "C0123" => ("小数位数过多", "too many decimals"),
        "C0124" => ("超出可表示的范围", "outside what the type can hold"),
        "C0125" => ("不是该枚举的成员", "not a member of the enumeration"),
        "C0126" => ("行的格数与表头不符", "a row of another width"),
        "C0127" => ("不是 UTF-8 文字", "not UTF-8 text"),
        "C0128" => ("此行没有编号", "a row without key"),
        "C0129" => ("记录不属于任何一行", "records that belong to no row"),
        _ => ("无法读取", "it cannot be read"),
    };
    Words::new(zh, en)
}
