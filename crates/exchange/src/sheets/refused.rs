//! Why a file as a whole is refused.

use super::columns::{Item, nearest};
use crate::{
    error::{Error, shown},
    fault::letter,
};

pub(super) fn too_large(file: &str, bytes: u64, most: u64) -> Error {
    Error::new(
        "C0201",
        format!(
            "{file} 有 {} MiB，最多 {} MiB；请分成几个文件",
            mib(bytes),
            most >> 20
        ),
        format!(
            "{file} has {} MiB, at most {} are taken; hand it in as several files",
            mib(bytes),
            most >> 20
        ),
    )
}

/// Rounded up, so that what is over the limit reads so.
fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

pub(super) fn other_kind(file: &str, ending: &str, found: (&str, &str)) -> Error {
    let (zh, en) = found;
    Error::new(
        "C0202",
        format!("{file} 的扩展名是 {ending}，内容却是{zh}；请用表格软件打开后另存为 xlsx 或 CSV"),
        format!(
            "{file} ends in {ending} but is {en}; open it in a spreadsheet and save it as xlsx or CSV"
        ),
    )
}

pub(super) fn kind_not_accepted(file: &str, ending: &str) -> Error {
    Error::new(
        "C0203",
        format!("{file}：不接受“{ending}”类型的文件；请另存为 xlsx 或 CSV"),
        format!("{file}: files that end in “{ending}” are not accepted; save it as xlsx or CSV"),
    )
}

pub(super) fn empty(file: &str) -> Error {
    Error::new(
        "C0204",
        format!("{file} 没有内容；第一行应为列名，以下每人一行"),
        format!(
            "{file} has nothing in it; its first line should name the columns, with a person a line below"
        ),
    )
}

pub(super) fn bomb(file: &str, (zh, en): (String, String)) -> Error {
    Error::new(
        "C0206",
        format!("{file} {zh}；请新建工作簿，只把表格复制进去"),
        format!("{file} {en}; copy the table alone into a new workbook"),
    )
}

pub(super) fn malformed_package(file: &str, (zh, en): (String, String)) -> Error {
    Error::new(
        "C0207",
        format!("{file} {zh}；请用表格软件打开后另存"),
        format!("{file} {en}; open it in a spreadsheet and save it anew"),
    )
}

pub(super) fn password(file: &str) -> Error {
    Error::new(
        "C0208",
        format!("{file} 有打开密码；请去掉密码后再交"),
        format!("{file} is behind a password; take the password off and hand it in again"),
    )
}

pub(super) fn macros(file: &str) -> Error {
    Error::new(
        "C0209",
        format!("{file} 含有宏或嵌入的程序；请另存为不含宏的 xlsx"),
        format!("{file} has macros or embedded programs; save it as xlsx without macros"),
    )
}

pub(super) fn external(file: &str, part: &str) -> Error {
    let part = shown(part.as_bytes());
    Error::new(
        "C0210",
        format!("{file} 链接到其他文件（{part}）；请断开链接，或把表格以数值粘贴到新工作簿"),
        format!(
            "{file} links to other files ({part}); break the links, or paste the table as values into a new workbook"
        ),
    )
}

pub(super) fn document_type(file: &str, part: &str) -> Error {
    let part = shown(part.as_bytes());
    Error::new(
        "C0211",
        format!("{file} 的 {part} 含有文档类型或实体声明，不予读取；请用表格软件另存"),
        format!(
            "{file}: {part} declares a document type or entities, which are not read; save it anew in a spreadsheet"
        ),
    )
}

pub(super) fn damaged(file: &str, error: &dyn std::fmt::Display) -> Error {
    let error = shown(error.to_string().as_bytes());
    Error::new(
        "C0212",
        format!("{file} 已损坏：{error}；请用表格软件打开后另存"),
        format!("{file} is damaged: {error}; open it in a spreadsheet and save it anew"),
    )
}

pub(super) fn no_sheet(file: &str, asked: Option<&str>, names: &[String]) -> Error {
    let names: Vec<String> = names.iter().map(|name| shown(name.as_bytes())).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let asked = asked.map(|name| shown(name.as_bytes()));
    match asked {
        Some(asked) => Error::new(
            "C0213",
            format!("{file} 没有工作表“{asked}”；它有：{zh}"),
            format!("{file} has no sheet “{asked}”; it has {en}"),
        ),
        None => Error::new(
            "C0213",
            format!("{file} 没有可读的工作表；请把表格放在第一个工作表"),
            format!("{file} has no sheet to read; put the table on the first sheet"),
        ),
    }
}

pub(super) fn no_heading(file: &str, rows: &[(u64, Vec<String>)]) -> Error {
    let first = rows.first().map_or(&[][..], |(_, cells)| cells);
    let (zh, en) = guesses(first.iter().enumerate());
    Error::new(
        "C0214",
        format!("{file} 的前 20 行中没有表头；表头应有“身份证号码”“姓名”“月工资”{zh}"),
        format!(
            "{file} has no heading in its first 20 rows; it should name identity-number, name and wage{en}"
        ),
    )
}

/// What the first few columns may have meant.
fn guesses<'a>(cells: impl Iterator<Item = (usize, &'a String)>) -> (String, String) {
    let (mut zh, mut en) = (String::new(), String::new());
    let near = cells.filter_map(|(index, cell)| {
        let meant = nearest(&super::columns::fold(cell))?;
        Some((letter(index), shown(cell.as_bytes()), meant))
    });
    for (letter, cell, meant) in near.take(5) {
        zh += &format!("；{letter} 列“{cell}”是否应为“{meant}”");
        en += &format!("; is column {letter} “{cell}” meant as “{meant}”");
    }
    (zh, en)
}

pub(super) fn missing_columns(
    file: &str,
    cells: &[String],
    missing: &[Item],
    strange: &[(usize, String)],
) -> Error {
    let zh: Vec<&str> = missing.iter().map(|item| item.names()[0]).collect();
    let en: Vec<&str> = missing.iter().map(|item| item.names()[1]).collect();
    let (guess_zh, guess_en) = guesses(strange.iter().map(|(index, _)| (*index, &cells[*index])));
    Error::new(
        "C0215",
        format!("{file} 缺少列：{}{guess_zh}；请加上该列", zh.join("、")),
        format!(
            "{file} lacks the columns {}{guess_en}; add them",
            en.join(", ")
        ),
    )
}

pub(super) fn twice(file: &str, cells: &[String], first: usize, second: usize) -> Error {
    let name = |index: usize| shown(cells[index].as_bytes());
    let (a, b) = (letter(first), letter(second));
    let (first, second) = (name(first), name(second));
    Error::new(
        "C0216",
        format!("{file} 的 {a} 列“{first}”与 {b} 列“{second}”是同一项；请删去一列"),
        format!("{file}: columns {a} “{first}” and {b} “{second}” are the same item; remove one"),
    )
}

pub(super) fn two_headings(file: &str, first: u64, second: u64) -> Error {
    Error::new(
        "C0217",
        format!("{file} 的第 {first} 行与第 {second} 行都是表头；请只留一行"),
        format!("{file}: rows {first} and {second} are both headings; leave one"),
    )
}

pub(super) fn merged_heading(file: &str, range: &str) -> Error {
    Error::new(
        "C0218",
        format!("{file} 的表头有合并单元格（{range}）；请取消合并，每列一个列名"),
        format!(
            "{file} has merged cells in its heading ({range}); unmerge them and name each column"
        ),
    )
}

pub(super) fn too_many_columns(file: &str, columns: usize) -> Error {
    let (most, column) = (super::columns::COLUMNS_MAX, letter(columns - 1));
    Error::new(
        "C0219",
        format!("{file} 的内容直到 {column} 列，最多 {most} 列；请删去表格以外的内容"),
        format!(
            "{file} goes on to column {column}, at most {most} are taken; remove what stands outside the table"
        ),
    )
}

pub(super) fn too_many_refused(file: &str) -> Error {
    Error::new(
        "C0221",
        format!("{file} 写不下所有有误的行；请改用扩展名 csv"),
        format!("{file} cannot hold all refused rows; give it the ending csv"),
    )
}
