//! The file of refused rows: a clerk mends it and hands in only that.

use crate::{Desk, line};
use exchange::{
    Error, Faults,
    sheets::{Options, Sheet, ToMend},
};
use rules::explain::Lang;
use std::fs;

const TEXT: &str = "部门,身份证号码,姓名,月工资\n\
    一,11010519491231002X,张三,8000\n\
    =1+1,440524188001010014,𠮷田,8O00\n\
    @x,110105194912310021,\"王,五\",-5\n";

/// Reads a file with its refused rows to `mend`; the codes told.
fn read(desk: &Desk, from: &str, mend: &str) -> (Vec<String>, Vec<&'static str>) {
    let mut sheet = Sheet::open(&desk.path(from), &Options::default()).unwrap();
    let mut to_mend = ToMend::new(&desk.path(mend), Lang::Zh).unwrap();
    let mut faults = Faults::keeping(100);
    let mut declared = Vec::new();
    sheet
        .read(&mut faults, Some(&mut to_mend), |row| {
            declared.push(line(&row));
            Ok::<(), Error>(())
        })
        .unwrap();
    let written = to_mend.finish().unwrap();
    assert_eq!(written.is_some(), faults.total() != 0);
    let codes = faults.kept().iter().map(|fault| fault.code).collect();
    (declared, codes)
}

#[test]
fn the_refused_rows_read_back_as_they_were() {
    for mend in ["mend.xlsx", "mend.csv"] {
        let desk = Desk::new();
        desk.write("a.csv", TEXT);
        let (declared, codes) = read(&desk, "a.csv", mend);
        assert_eq!(declared.len(), 1);
        assert_eq!(codes, ["C0235", "C0234", "C0245", "C0237"]);
        // Handed in unmended, the same is wrong; and again, so nothing gathers.
        let (declared, codes) = read(&desk, mend, "again.xlsx");
        assert_eq!(
            (declared.len(), codes),
            (0, vec!["C0235", "C0234", "C0245", "C0237"])
        );
        let (_, codes) = read(&desk, "again.xlsx", "thrice.csv");
        assert_eq!(codes, ["C0235", "C0234", "C0245", "C0237"]);
        let text = fs::read_to_string(desk.path("thrice.csv")).unwrap();
        let heading = text.lines().next().unwrap();
        assert_eq!(heading, "\u{feff}部门,身份证号码,姓名,月工资,原行号,错误");
    }
}

#[test]
fn mended_rows_alone_are_taken() {
    let desk = Desk::new();
    desk.write("a.csv", TEXT);
    read(&desk, "a.csv", "mend.csv");
    let text = fs::read_to_string(desk.path("mend.csv")).unwrap();
    let expected = [
        "\u{feff}部门,身份证号码,姓名,月工资,原行号,错误",
        "'=1+1,440524188001010014,𠮷田,8O00,3,\"C0235 月工资：不是金额；请填写元，如 8123.45 或 8,123.45\"",
        "'@x,110105194912310021,\"王,五\",'-5,4,C0234 身份证号码：校验位不符，有数字录错或颠倒；请按证件核对 | \
         C0245 姓名：姓名中有不能出现的符号；请填写证件上的姓名 | \
         C0237 月工资：工资不能为负；请核对该月工资；更正以前月份请另行申报",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    let mended = text
        .replace("8O00", "8000")
        .replace("110105194912310021", "11010519491231002X")
        .replace("王,五", "王五")
        .replace("'-5", "5");
    desk.write("mended.csv", mended);
    let (declared, codes) = read(&desk, "mended.csv", "none.csv");
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(
        declared,
        [
            "2 440524188001010014 𠮷田 8000.00 - - None None",
            "3 11010519491231002X 王五 5.00 - - None None",
        ]
    );
    assert!(!desk.path("none.csv").exists());
}

#[test]
fn formulas_are_text_in_the_workbook_to_mend() {
    let desk = Desk::new();
    desk.write("a.csv", TEXT);
    read(&desk, "a.csv", "mend.xlsx");
    let bytes = fs::read(desk.path("mend.xlsx")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    let sheet = std::io::read_to_string(part).unwrap();
    assert!(sheet.contains("=1+1") && !sheet.contains("<f>"), "{sheet}");
}
