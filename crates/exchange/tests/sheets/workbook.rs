//! Workbooks: good ones by a library, and packages put together by hand.

use crate::{Desk, line};
use exchange::sheets::Options;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// The heading and one good row, as cells with their texts within.
pub(crate) const ROWS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>身份证号码</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c><c r="C1" t="inlineStr"><is><t>月工资</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>11010519491231002X</t></is></c><c r="B2" t="inlineStr"><is><t>张三</t></is></c><c r="C2"><v>8000</v></c></row>"#;

/// The parts of a small workbook with these rows.
pub(crate) fn parts(rows: &str) -> Vec<(String, Vec<u8>)> {
    let sheet = sheet(rows);
    [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .to_vec()
}

pub(crate) fn sheet(rows: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

pub(crate) fn replaced(name: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    let mut parts = parts(ROWS);
    let part = parts.iter_mut().find(|(part, _)| part == name).unwrap();
    part.1 = text.as_bytes().to_vec();
    parts
}

pub(crate) fn with(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let mut parts = parts(ROWS);
    parts.push((name.to_owned(), bytes.into()));
    parts
}

pub(crate) fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_of_a_library_is_read() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    let title = book.add_worksheet().set_name("十月").unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    title.write_string(0, 0, "某某公司").unwrap();
    for (column, name) in (0..).zip([
        "身份证号码",
        "姓名",
        "月工资",
        "起始日期",
        "结束日期",
        "岗位",
    ]) {
        title.write_string(2, column, name).unwrap();
    }
    title.write_string(3, 0, "11010519491231002X").unwrap();
    title.write_string(3, 1, "𠮷田").unwrap();
    title.write_number(3, 2, 8123.45).unwrap();
    let first = ExcelDateTime::from_ymd(2025, 10, 1).unwrap();
    title.write_with_format(3, 3, &first, &date).unwrap();
    title.write_string(3, 4, "2025-10-31").unwrap();
    title.write_string(3, 5, "管理岗位").unwrap();
    title.write_string(5, 0, "440524188001010014").unwrap();
    title.write_string(5, 1, "李四").unwrap();
    title.write_string(5, 2, "8,123.40").unwrap();
    book.add_worksheet().set_name("说明").unwrap();
    book.save(desk.path("a.xlsx")).unwrap();
    let read = desk.read("a.xlsx").unwrap();
    let lines: Vec<String> = read.declared.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "4 11010519491231002X 𠮷田 8123.45 2025-10-01 2025-10-31 None Some(Management)",
            "6 440524188001010014 李四 8123.40 - - None None",
        ],
        "{:?}",
        read.faults
    );
    let named = |sheet: &str| Options {
        sheet: Some(sheet.to_owned()),
        ..Options::default()
    };
    let error = desk.read_with("a.xlsx", &named("说明")).unwrap_err();
    assert_eq!(error.code(), "C0204");
    let error = desk.read_with("a.xlsx", &named("九月")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "C0213: a.xlsx has no sheet “九月”; it has 十月, 说明"
    );
}

#[test]
fn cells_that_spreadsheets_spoil_are_told_of() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["身份证号码", "姓名", "月工资", "起始日期"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    let people = ["11010519491231002X", "440524188001010014"];
    // An identity number as a number, a formula, a serial number, a wage that is noise, one that is too fine, dates that
    // are none.
    sheet.write_number(1, 0, 110_105_194_912_310_020.0).unwrap();
    sheet.write_string(1, 1, "张三").unwrap();
    sheet
        .write_formula(1, 2, Formula::new("=1+2").set_result("3"))
        .unwrap();
    sheet.write_number(1, 3, 45_931.0).unwrap();
    sheet.write_string(2, 0, people[0]).unwrap();
    sheet.write_string(2, 1, "张三").unwrap();
    sheet.write_number(2, 2, 8_123.449_999_999_999).unwrap();
    sheet.write_string(3, 0, people[1]).unwrap();
    sheet.write_number(3, 1, 5).unwrap();
    sheet.write_number(3, 2, 8_123.456).unwrap();
    let clock = Format::new().set_num_format("[h]:mm");
    sheet
        .write_number_with_format(3, 3, 45_931.5, &clock)
        .unwrap();
    book.save(desk.path("a.xlsx")).unwrap();
    let read = desk.read("a.xlsx").unwrap();
    let codes: Vec<String> = read
        .faults
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().unwrap();
            format!(
                "{}{} {} {}",
                place.letter, fault.row, fault.code, fault.value
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            "A2 C0233 110105**********00",
            "C2 C0232 3",
            "D2 C0240 45931",
            "B4 C0245 5",
            "C4 C0236 8123.456",
            "D4 C0238 45931.5",
        ]
    );
    assert!(read.faults[2].reason.en.contains("2025-10-01"));
    assert_eq!(read.declared[0].wage, measure::Fen(812_345));
}

#[test]
fn numbers_that_are_none_refuse_their_rows() {
    let desk = Desk::new();
    for (value, code) in [
        ("1e999", "C0237"),
        ("NaN", "C0237"),
        ("1e20", "C0237"),
        ("-5", "C0237"),
        ("8123.455", "C0236"),
    ] {
        let rows = ROWS.replace("<v>8000</v>", &format!("<v>{value}</v>"));
        assert_eq!(
            desk.codes("a.xlsx", pack(&parts(&rows))),
            [format!("2 {code}")],
            "{value}"
        );
    }
    let failed = ROWS.replace("<c r=\"C2\"><v>8000</v>", "<c r=\"C2\" t=\"e\"><v>#N/A</v>");
    assert_eq!(desk.codes("a.xlsx", pack(&parts(&failed))), ["2 C0232"]);
    let shared = ROWS.replace(
        "<v>8000</v>",
        "<f t=\"shared\" si=\"4000000000\" ref=\"C2:C9\">A1</f><v>8000</v>",
    );
    assert_eq!(desk.codes("a.xlsx", pack(&parts(&shared))), ["2 C0232"]);
}
