//! Files made to do harm, one line each, with the code they are refused with.

use crate::{
    Desk,
    workbook::{ROWS, pack, parts, replaced, sheet, with},
};
use std::{fs::File, io::Write};
use zip::{ZipWriter, write::SimpleFileOptions};

const GOOD: &str = "身份证号码,姓名,月工资\n11010519491231002X,张三,8000\n";

fn check(name: &str, bytes: impl AsRef<[u8]>, code: &str) {
    let desk = Desk::new();
    desk.write(name, bytes);
    match desk.read(name) {
        Err(error) => assert_eq!(error.code(), code, "{name}: {error}"),
        Ok(read) => panic!("{name}: {:?} instead of {code}", read.faults),
    }
}

#[test]
fn files_that_are_not_what_they_say() {
    let book = pack(&parts(ROWS));
    for (name, bytes, code) in [
        ("a.csv", &b""[..], "C0204"),
        ("a.csv", b"\n\n\n", "C0204"),
        ("a.csv", b"\xef\xbb\xbf", "C0204"),
        ("a.csv", &book, "C0202"),
        ("a.txt", b"%PDF-1.7 ...", "C0202"),
        ("a.csv", b"MZ\x90\0\x03", "C0202"),
        (
            "a.csv",
            b"<html><table><tr><td>1</td></tr></table></html>",
            "C0202",
        ),
        ("a.xlsx", GOOD.as_bytes(), "C0202"),
        ("a.xlsx", b"<?xml version=\"1.0\"?><Workbook/>", "C0202"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old workbook",
            "C0202",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "C0203"),
        ("a.pdf", b"%PDF", "C0203"),
        ("a.exe", b"MZ", "C0203"),
        ("a", GOOD.as_bytes(), "C0203"),
        ("a.xlsm", &book, "C0209"),
        // The test file of the makers of virus scanners.
        (
            "a.csv",
            br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            "C0214",
        ),
    ] {
        check(name, bytes, code);
    }
    let mut picture_and_book = b"GIF89a;".to_vec();
    picture_and_book.extend(&book);
    check("a.xlsx", picture_and_book, "C0202");
}

#[test]
fn a_file_that_is_too_large_is_not_even_read() {
    let desk = Desk::new();
    let file = File::create(desk.path("a.csv")).unwrap();
    file.set_len((64 << 20) + 1).unwrap();
    assert_eq!(desk.read("a.csv").unwrap_err().code(), "C0201");
}

#[test]
fn texts_in_other_encodings() {
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("a.csv", [&b"\xff\xfe"[..], &utf16].concat(), "C0205");
    check("a.csv", GOOD.replace("张三", "张\0三"), "C0205");
    let mut mixed = GOOD.as_bytes().to_vec();
    mixed.extend(b"\xd5\xc5\xc8\xfd,\xff\xff\n");
    let desk = Desk::new();
    desk.write("a.csv", &mixed);
    let error = desk.read("a.csv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "C0205: a.csv is neither UTF-8 (line 3) nor GB18030 (line 1) text; save it as “CSV UTF-8” or xlsx"
    );
}

#[test]
fn encrypted_workbooks() {
    let mut compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    check("a.xlsx", compound, "C0208");
    let mut zip = pack(&parts(ROWS));
    let entry = zip
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    zip[entry + 8] |= 1;
    check("a.xlsx", zip, "C0208");
}

#[test]
fn packages_that_explode() {
    let blanks = format!("<worksheet>{}</worksheet>", " ".repeat(32 << 20));
    check(
        "a.xlsx",
        pack(&replaced("xl/worksheets/sheet1.xml", &blanks)),
        "C0206",
    );
    let many: Vec<_> = (0..1_100)
        .map(|n| (format!("p{n}.xml"), b"<a/>".to_vec()))
        .collect();
    check("a.xlsx", pack(&[parts(ROWS), many].concat()), "C0206");
    // The list promises less than comes.
    let mut zip = pack(&parts(ROWS));
    let entry = zip
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    zip[entry + 24] = 1;
    zip[entry + 25] = 0;
    check("a.xlsx", zip, "C0206");
    for promised in ["99999999999999", "18446744073709551616", "-1", "x"] {
        let shared = format!("<sst uniqueCount=\"{promised}\"><si><t>a</t></si></sst>");
        check(
            "a.xlsx",
            pack(&with("xl/sharedStrings.xml", shared)),
            "C0206",
        );
    }
    // One cell of two MiB, of text that does not pack well.
    let mut number = 1_u64;
    let text: String = (0..200_000)
        .map(|_| {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            format!("{:011}", number >> 32)
        })
        .collect();
    let long = ROWS.replace("张三", &text);
    check("a.xlsx", pack(&parts(&long)), "C0206");
}

#[test]
fn packages_built_wrongly() {
    let book = pack(&parts(ROWS));
    for length in [book.len() - 1, book.len() / 2, 40, 22, 4] {
        check("a.xlsx", &book[..length], "C0207");
    }
    check("a.xlsx", [&book[..], b"tail"].concat(), "C0207");
    check(
        "a.xlsx",
        b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "C0207",
    );
    check("a.xlsx", pack(&with("xl/inner.zip", &book[..])), "C0207");
    check("a.xlsx", pack(&with("../../evil.xml", "<a/>")), "C0207");
    check("a.xlsx", pack(&with("/etc/evil.xml", "<a/>")), "C0207");
    check("a.xlsx", pack(&with("C:\\evil.xml", "<a/>")), "C0207");
    check("a.xlsx", pack(&with("XL/WORKBOOK.xml", "<a/>")), "C0207");
    // A second entry of the list that points to the first part, as overlapping bombs have.
    let mut zip = book.clone();
    let entry = zip
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    zip[entry + 42..entry + 46].fill(0);
    check("a.xlsx", zip, "C0207");
    // An entry whose packed bytes reach into the next part.
    let mut zip = book.clone();
    let entry = zip
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    zip[entry + 21] += 1;
    check("a.xlsx", zip, "C0207");
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("xl/link.xml", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    check("a.xlsx", zip.finish().unwrap().into_inner(), "C0207");
    let utf16: Vec<u8> = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><!DOCTYPE a><a/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(
        "a.xlsx",
        pack(&with(
            "docProps/core.xml",
            [&b"\xff\xfe"[..], &utf16].concat(),
        )),
        "C0207",
    );
}

#[test]
fn programs_and_links_within() {
    check("a.xlsx", pack(&with("xl/vbaProject.bin", "x")), "C0209");
    check(
        "a.xlsx",
        pack(&with("xl/embeddings/oleObject1.bin", "x")),
        "C0209",
    );
    let types = |kind: &str| {
        format!(r#"<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>"#)
    };
    check(
        "a.xlsx",
        pack(&replaced(
            "[Content_Types].xml",
            &types("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        )),
        "C0209",
    );
    check(
        "a.xlsx",
        pack(&replaced(
            "[Content_Types].xml",
            &types(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            ),
        )),
        "C0202",
    );
    let link = |kind: &str| {
        format!(
            r#"<Relationships><Relationship Id="r" Type="http://x/{kind}" Target="file:///etc/passwd" TargetMode="External"/></Relationships>"#
        )
    };
    check(
        "a.xlsx",
        pack(&with(
            "xl/externalLinks/_rels/e.xml.rels",
            link("externalLinkPath"),
        )),
        "C0210",
    );
    check(
        "a.xlsx",
        pack(&with("xl/worksheets/_rels/sheet1.xml.rels", link("image"))),
        "C0210",
    );
    check(
        "a.xlsx",
        pack(&with(
            "xl/worksheets/_rels/sheet1.xml.rels",
            link("oleObject"),
        )),
        "C0209",
    );
    let desk = Desk::new();
    let harmless = pack(&with(
        "xl/worksheets/_rels/sheet1.xml.rels",
        link("hyperlink"),
    ));
    assert!(desk.codes("a.xlsx", harmless).is_empty());
}

#[test]
fn document_types_and_entities() {
    let laughs =
        "<!DOCTYPE sst [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    check(
        "a.xlsx",
        pack(&with("xl/sharedStrings.xml", laughs)),
        "C0211",
    );
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
    check("a.xlsx", pack(&with("docProps/core.xml", outside)), "C0211");
    let own = format!("<!doctype a>{}", sheet(ROWS));
    check(
        "a.xlsx",
        pack(&replaced("xl/worksheets/sheet1.xml", &own)),
        "C0211",
    );
}

#[test]
fn sheets_that_are_no_tables() {
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    check("a.xlsx", pack(&parts(&format!("{ROWS}{far}"))), "C0219");
    let wide: String = (0..300).map(|n| format!(",c{n}")).collect();
    check(
        "a.csv",
        GOOD.replace("月工资", &format!("月工资{wide}")),
        "C0219",
    );
    for rows in [
        format!(r#"{ROWS}<row r="1"><c r="A1"><v>1</v></c></row>"#),
        format!(r#"{ROWS}<row r="3"><c r="A3" t="s"><v>7</v></c></row>"#),
        format!(r#"{ROWS}<row r="3"><c r="A3" t="odd"><v>7</v></c></row>"#),
        format!(r#"{ROWS}<row r="3"><c r="A3"><w>7</w></c></row>"#),
        format!(r#"{ROWS}<row r="3"><c r="A0"><v>7</v></c></row>"#),
    ] {
        check("a.xlsx", pack(&parts(&rows)), "C0212");
    }
    // A reference beyond all columns: refused one way or the other, depending on how the library counts.
    let desk = Desk::new();
    let beyond = format!(r#"{ROWS}<row r="3"><c r="ZZZZZZZZZZZ3"><v>7</v></c></row>"#);
    let codes = desk.codes("a.xlsx", pack(&parts(&beyond)));
    assert!(codes == ["C0212"] || codes == ["C0219"], "{codes:?}");
    let cut = sheet(ROWS).replace("</sheetData></worksheet>", "");
    check(
        "a.xlsx",
        pack(&replaced("xl/worksheets/sheet1.xml", &cut)),
        "C0212",
    );
    let merged = sheet(ROWS).replace(
        "</sheetData>",
        "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"B1:C1\"/></mergeCells>",
    );
    check(
        "a.xlsx",
        pack(&replaced("xl/worksheets/sheet1.xml", &merged)),
        "C0218",
    );
    let title = merged.replace("B1:C1", "A5:C6");
    assert!(
        Desk::new()
            .codes(
                "a.xlsx",
                pack(&replaced("xl/worksheets/sheet1.xml", &title))
            )
            .is_empty()
    );
}

#[test]
fn headings_that_do_not_serve() {
    for (text, code) in [
        ("甲,乙,丙\n1,2,3\n", "C0214"),
        ("身份证号码,姓名\n", "C0215"),
        ("身份证号码,姓名,月工资,工资\n", "C0216"),
        (
            "身份证号码,姓名,月工资\nidentity-number,name,wage\n",
            "C0217",
        ),
        ("身份证号码|姓名|月工资\n1|2|3\n", "C0214"),
    ] {
        check("a.csv", text, code);
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed() {
    let desk = Desk::new();
    let mut file = File::create(desk.path("a.csv")).unwrap();
    file.write_all(GOOD.as_bytes()).unwrap();
    file.write_all(b"440524188001010014,\"x,1\n").unwrap();
    for _ in 0..(8 << 20) / GOOD.len() {
        file.write_all(GOOD.as_bytes()).unwrap();
    }
    let error = desk.read("a.csv").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("C0220: a.csv: the record from line 3 on does not end"),
        "{error}"
    );
}
