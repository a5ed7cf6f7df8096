//! Files as they come: what is refused, in which words, and that the rest goes on.

use crate::House;

/// Runs a file through the echo of `inputs`; gives the results and the side file.
fn check(content: &str, inputs: &[&str], results: &str, refused: &str) {
    let house = House::new();
    house.write("in.csv", content);
    let summary = house.echo("in.csv", "out.csv", inputs).unwrap();
    assert_eq!(house.read("out.csv"), results);
    let side = summary
        .side
        .map(|_| house.read("out.refused.csv"))
        .unwrap_or_default();
    let heading = "row,key,column,code,line,理由,reason\n";
    assert_eq!(side.strip_prefix(heading).unwrap_or_default(), refused);
}

fn check_error(content: impl AsRef<[u8]>, inputs: &[&str], message: &str) {
    let house = House::new();
    house.write("in.csv", content);
    assert_eq!(house.error("in.csv", inputs), message);
}

#[test]
fn amounts() {
    check(
        "id,base\na,12.345\nb,twelve\nc,\"12,34\"\nd,99999999999999999999\ne,1e3\nf,7\ng,7.\nh,.5\ni,12.500\n",
        &["base"],
        "id,out-base\na,\nb,\nc,\nd,\ne,\nf,7.00\ng,\nh,\ni,12.50\n",
        "1,a,base,C0123,2,第 2 行base列的“12.345”小数位数过多；请填写元，最多两位小数，如 1234.56,\"line 2, column base: “12.345” has too many decimals; write yuan with at most two decimals, such as 1234.56\"\n\
         2,b,base,C0121,3,第 3 行base列的“twelve”无法识别；请填写元，最多两位小数，如 1234.56,\"line 3, column base: “twelve” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n\
         3,c,base,C0121,4,\"第 4 行base列的“12,34”无法识别；请填写元，最多两位小数，如 1234.56\",\"line 4, column base: “12,34” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n\
         4,d,base,C0124,5,第 5 行base列的“99999999999999999999”超出可表示的范围；请填写元，最多两位小数，如 1234.56,\"line 5, column base: “99999999999999999999” is outside what this type can hold; write yuan with at most two decimals, such as 1234.56\"\n\
         5,e,base,C0121,6,第 6 行base列的“1e3”无法识别；请填写元，最多两位小数，如 1234.56,\"line 6, column base: “1e3” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n\
         7,g,base,C0121,8,第 8 行base列的“7.”无法识别；请填写元，最多两位小数，如 1234.56,\"line 8, column base: “7.” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n\
         8,h,base,C0121,9,第 9 行base列的“.5”无法识别；请填写元，最多两位小数，如 1234.56,\"line 9, column base: “.5” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n",
    );
}

#[test]
fn days_that_are_not() {
    check(
        "id,hired\r\na,2025-02-29\r\nb,2025-13-01\r\nc,2025/01/01\r\n\r\nd,1799-12-31\r\ne,2024-02-29",
        &["hired"],
        "id,out-hired\na,\nb,\nc,\nd,\ne,2024-02-29\n",
        "1,a,hired,C0122,2,第 2 行hired列的“2025-02-29”在日历上不存在；请填写1800 至 2299 年的日期，如 2025-01-31,\"line 2, column hired: “2025-02-29” is not in the calendar; write a date from 1800 to 2299, such as 2025-01-31\"\n\
         2,b,hired,C0122,3,第 3 行hired列的“2025-13-01”在日历上不存在；请填写1800 至 2299 年的日期，如 2025-01-31,\"line 3, column hired: “2025-13-01” is not in the calendar; write a date from 1800 to 2299, such as 2025-01-31\"\n\
         3,c,hired,C0121,4,第 4 行hired列的“2025/01/01”无法识别；请填写1800 至 2299 年的日期，如 2025-01-31,\"line 4, column hired: “2025/01/01” cannot be read; write a date from 1800 to 2299, such as 2025-01-31\"\n\
         4,d,hired,C0124,6,第 6 行hired列的“1799-12-31”超出可表示的范围；请填写1800 至 2299 年的日期，如 2025-01-31,\"line 6, column hired: “1799-12-31” is outside what this type can hold; write a date from 1800 to 2299, such as 2025-01-31\"\n",
    );
}

#[test]
fn members_and_truths() {
    check(
        "id,sex,disabled\na,mann,yes\nb,女,TRUE\n",
        &["sex", "disabled"],
        "id,out-sex,out-disabled\na,,\nb,female,true\n",
        "1,a,sex,C0125,2,\"第 2 行sex列的“mann”不是该枚举的成员；请填写male, female 之一（或其中文名）\",\"line 2, column sex: “mann” is not one of its members; write one of male, female (or its Chinese name)\"\n\
         1,a,disabled,C0121,2,第 2 行disabled列的“yes”无法识别；请填写是、否、true、false、1 或 0,\"line 2, column disabled: “yes” cannot be read; write true, false, 是, 否, 1 or 0\"\n",
    );
}

#[test]
fn rows_of_another_width() {
    check(
        "id,base,children\na,1,2,3\nb,1\n\"c\nc\",5,6\n\"=d\",x,1\n",
        &["base", "children"],
        "id,out-base,out-children\na,,\nb,,\n\"c\nc\",5.00,6\n=d,,\n",
        "1,a,,C0126,2,第 2 行有 4 格，表头有 3 格；请检查逗号与引号,line 2 has 4 cells where the heading has 3; check its commas and quotation marks\n\
         2,b,,C0126,3,第 3 行有 2 格，表头有 3 格；请检查逗号与引号,line 3 has 2 cells where the heading has 3; check its commas and quotation marks\n\
         4,'=d,base,C0121,6,第 6 行base列的“x”无法识别；请填写元，最多两位小数，如 1234.56,\"line 6, column base: “x” cannot be read; write yuan with at most two decimals, such as 1234.56\"\n",
    );
}

#[test]
fn a_cell_of_a_million_characters() {
    let long = "9".repeat(1_000_000);
    let quoted = format!("\"{}\"", "x\n".repeat(3_000_000));
    check(
        &format!("id,base,ignored\na,{long},{quoted}\nb,1,\n"),
        &["base"],
        "id,out-base\na,\nb,1.00\n",
        &format!(
            "1,a,base,C0124,2,第 2 行base列的“{0}…”超出可表示的范围；请填写元，最多两位小数，如 1234.56,\"line 2, column base: “{0}…” is outside what this type can hold; write yuan with at most two decimals, such as 1234.56\"\n",
            "9".repeat(40)
        ),
    );
}

#[test]
fn bytes_that_are_no_text() {
    let house = House::new();
    let mut content = b"id,note,base\n".to_vec();
    // Beyond what is looked at to tell the encoding.
    for row in 0..10_000 {
        content.extend(format!("{row},ok,1\n").bytes());
    }
    content.extend(b"bad,\xff\xfe,1\nend,ok,2\n");
    house.write("in.csv", content);
    let summary = house.echo("in.csv", "out.csv", &["base", "note"]).unwrap();
    assert_eq!((summary.rows, summary.refused_rows), (10_002, 1));
    assert!(
        house
            .read("out.csv")
            .ends_with("9999,1.00\nbad,\nend,2.00\n")
    );
    assert!(
        house
            .read("out.refused.csv")
            .contains("10001,bad,note,C0127,10002,")
    );
}

#[test]
fn files_that_cannot_begin() {
    check_error(
        "",
        &["base"],
        "C0104: in.csv is empty; its first line should name the columns\nin.csv 是空文件；第一行应为列名",
    );
    check_error(
        "\n\n",
        &["base"],
        "C0104: in.csv is empty; its first line should name the columns\nin.csv 是空文件；第一行应为列名",
    );
    check_error(
        "id,name\n1,a\n",
        &["base", "sex"],
        "C0107: in.csv lacks required columns: base 缴费基数, sex 性别; its columns are: id, name; add them under either name\n\
         in.csv 缺少必需的列：base 缴费基数, sex 性别；现有各列：id, name；请补上（中英文列名均可）",
    );
    check_error(
        "id,base,缴费基数\n1,2,3\n",
        &["base"],
        "C0108: in.csv: columns 2 “base” and 3 “缴费基数” are the same item; remove one of them\n\
         in.csv 第 2 列“base”与第 3 列“缴费基数”是同一项；请删去其一",
    );
    check_error(
        "id,base,id\n1,2,3\n",
        &["base"],
        "C0108: in.csv: columns 1 “id” and 3 “id” are the same item; remove one of them\n\
         in.csv 第 1 列“id”与第 3 列“id”是同一项；请删去其一",
    );
    check_error(
        "id;base\n1;2\n",
        &["base"],
        "C0106: in.csv separates its columns by ';'; save it as CSV separated by commas\n\
         in.csv 的各列以 ';' 分隔；请另存为以逗号分隔的 CSV",
    );
    let utf16: Vec<u8> = "\u{feff}id,base\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check_error(
        utf16,
        &["base"],
        "C0105: in.csv is neither UTF-8 nor GB18030 text (UTF-16, or no CSV at all); save it as “CSV UTF-8”\n\
         in.csv 既不是 UTF-8 也不是 GB18030 文字（可能是 UTF-16 或不是 CSV）；请另存为“CSV UTF-8”",
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed() {
    let house = House::new();
    house.write(
        "in.csv",
        format!("id,base\na,1\nb,\"{}", "2\n".repeat(40 << 20)),
    );
    let error = house.echo("in.csv", "out.csv", &["base"]).unwrap_err();
    let message = "C0112: in.csv: a record from line 3 on is longer than 64 MiB; a quotation mark is probably not closed, look for it from there";
    assert_eq!(house.without_folder(&error.to_string()), message);
    assert!(!house.path("out.csv.part").exists());
}

#[test]
fn files_of_other_kinds() {
    let house = House::new();
    house.write("in.parquet", "this is no parquet");
    house.write("in.arrow", "");
    house.write("in.xlsx", "");
    let message = |file: &str| {
        house.without_folder(
            &house
                .echo(file, "out.csv", &["base"])
                .unwrap_err()
                .to_string(),
        )
    };
    assert!(
        message("in.parquet")
            .starts_with("C0112: in.parquet is damaged or not what its ending says: ")
    );
    assert!(
        message("in.arrow").starts_with("C0112: in.arrow is damaged or not what its ending says: ")
    );
    assert_eq!(
        message("in.xlsx"),
        "C0103: in.xlsx is of no known kind; use a file ending in .csv, .parquet or .arrow"
    );
    assert!(message("none.csv").starts_with("C0101: none.csv cannot be opened: "));
    house.write("in.csv", "id,base\n");
    let over = house.echo("in.csv", "in.csv", &["base"]).unwrap_err();
    assert_eq!(over.code(), "C0114");
    assert_eq!(
        house
            .echo("in.csv", "nowhere/out.csv", &["base"])
            .unwrap_err()
            .code(),
        "C0102"
    );
}

#[test]
fn nothing_but_a_heading() {
    check("id,base", &["base"], "id,out-base\n", "");
    for kind in ["parquet", "arrow"] {
        let house = House::new();
        house.write("in.csv", "id,base\n");
        assert_eq!(
            house
                .echo("in.csv", &format!("out.{kind}"), &["base"])
                .unwrap()
                .rows,
            0
        );
        assert!(house.path(&format!("out.{kind}")).exists());
    }
}

#[test]
fn floats_are_no_money() {
    use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
    use std::{fs::File, sync::Arc};
    let house = House::new();
    let write = |name: &str, array: ArrayRef| {
        let batch = RecordBatch::try_from_iter([(name, array)]).unwrap();
        let file = File::create(house.path("in.parquet")).unwrap();
        let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    };
    write("base", Arc::new(Float64Array::from(vec![1.5])));
    assert_eq!(
        house.error("in.parquet", &["base"]),
        "C0109: in.parquet: column “base” is Float64, which cannot be used; it should be decimal(18,2): cast it to decimal(18,2)\n\
         in.parquet 的“base”列类型为 Float64，不能使用；应为DECIMAL(18,2)：请先转换为 decimal(18,2)"
    );
    write("base", Arc::new(Int64Array::from(vec![150])));
    assert!(
        house
            .error("in.parquet", &["base"])
            .contains("if it is whole fen, name the column NAME.fen")
    );
    write("base.fen", Arc::new(Int64Array::from(vec![150])));
    house.echo("in.parquet", "out.csv", &["base"]).unwrap();
    assert_eq!(house.read("out.csv"), "out-base\n1.50\n");
}

#[test]
fn unknown_columns_are_named_once() {
    use exchange::rows::{Carried, Opened};
    let house = House::new();
    house.write("in.csv", "id,base,birth_month,shoe size,出生月分,colour\n");
    let opened = Opened::open(&house.path("in.csv"), &[], &Carried::default()).unwrap();
    let fields = [crate::field(&house.law, 0, "base")];
    let source = opened
        .source(&house.law, rules::law::EntityId(0), &fields, &[])
        .unwrap();
    let notes: Vec<_> = source
        .notes()
        .iter()
        .map(|note| (note.warning, house.without_folder(&note.en)))
        .collect();
    let near = |name: &str, known: &str| {
        (
            true,
            format!(
                "in.csv: column “{name}” is not known and was not used; did you mean “{known}”?"
            ),
        )
    };
    assert_eq!(
        notes,
        [
            near("birth_month", "birth-month"),
            near("出生月分", "出生月份"),
            (
                false,
                "in.csv: columns that this law does not know were not used: shoe size, colour"
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn results_that_a_typed_file_cannot_hold() {
    let house = House::new();
    house.write(
        "in.csv",
        "id,index\na,100000000000000\nb,99999999999999.9999\n",
    );
    assert_eq!(
        house
            .echo("in.csv", "out.csv", &["index"])
            .unwrap()
            .refused_rows,
        0
    );
    assert_eq!(
        house.read("out.csv"),
        "id,out-index\na,100000000000000.0000\nb,99999999999999.9999\n"
    );
    let summary = house.echo("in.csv", "out.parquet", &["index"]).unwrap();
    assert_eq!((summary.rows, summary.refused_rows), (2, 1));
    let line = "1,a,out-index,C0130,,结果 100000000000000.0000 超出文件类型可容纳的范围（十八位数字）；请改写为 CSV 或检查输入,\
                \"the result 100000000000000.0000 is beyond what the file's type holds (eighteen digits); write CSV, or check the input\"\n";
    assert!(house.read("out.refused.csv").ends_with(line));
    // A side file that an earlier run left would speak of rows that are fine now.
    house.echo("in.csv", "out.csv", &["index"]).unwrap();
    assert!(!house.path("out.refused.csv").exists());
}

#[test]
fn what_cannot_be_asked() {
    use exchange::rows::{Carried, Opened, Sink};
    let house = House::new();
    house.write("in.csv", "id,note\n");
    let opened = Opened::open(&house.path("in.csv"), &[], &Carried::default()).unwrap();
    let source = opened
        .source(&house.law, rules::law::EntityId(0), &[], &[])
        .unwrap();
    let error = |asked: &[rules::columns::Field]| {
        Sink::new(&house.law, &house.path("out.csv"), asked, &source)
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        error(&[]),
        "C0114: nothing is asked for; name at least one rule"
    );
    assert_eq!(
        error(&[crate::field(&house.law, 0, "out-note")]),
        "C0114: out-note is a text and cannot be a column of results; leave it out"
    );
}
