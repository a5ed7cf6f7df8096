//! Declarations of employers: good ones, wrong ones, hostile ones.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod cells;
mod hostile;
mod mending;
mod pages;
mod property;
mod workbook;

use exchange::{
    Error, Fault, Faults,
    sheets::{Declared, Options, Sheet, Summary},
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// A folder with files to hand in.
struct Desk {
    folder: TempDir,
}

/// What became of a file.
#[derive(Debug)]
struct Read {
    declared: Vec<Declared>,
    faults: Vec<Fault>,
    summary: Summary,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, name: &str) -> Result<Read, Error> {
        self.read_with(name, &Options::default())
    }

    fn read_with(&self, name: &str, options: &Options) -> Result<Read, Error> {
        let mut sheet = Sheet::open(&self.path(name), options)?;
        let mut faults = Faults::keeping(1_000);
        let mut declared = Vec::new();
        let summary = sheet.read(&mut faults, None, |row| {
            declared.push(row);
            Ok::<(), Error>(())
        })?;
        Ok(Read {
            declared,
            faults: faults.kept().to_vec(),
            summary,
        })
    }

    /// Hands a file in and gives the code it is refused with as a whole, or else those of its rows.
    fn codes(&self, name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
        self.write(name, bytes);
        match self.read(name) {
            Err(error) => vec![error.code().to_owned()],
            Ok(read) => read
                .faults
                .iter()
                .map(|fault| format!("{} {}", fault.row, fault.code))
                .collect(),
        }
    }
}

/// A row as a test may compare it.
fn line(declared: &Declared) -> String {
    let day = |day: Option<measure::Day>| day.map_or(String::from("-"), |day| day.to_string());
    format!(
        "{} {} {} {} {} {} {:?} {:?}",
        declared.row,
        declared.identity.reveal(),
        declared.name,
        declared.wage,
        day(declared.from),
        day(declared.last_day),
        declared.kind,
        declared.post
    )
}

#[test]
fn a_declaration_is_read_in_either_language_and_any_order() {
    let desk = Desk::new();
    let expected = [
        "2 11010519491231002X 张三 8123.45 2025-10-01 - Some(Standard) Some(Worker)",
        "3 440524188001010014 𠮷田 6000.00 - 2025-10-31 None None",
    ];
    for (name, text) in [
        (
            "zh.csv",
            "身份证号码,姓名,月工资,起始日期,结束日期,用工形式,岗位\n\
             11010519491231002X,张三,8123.45,2025-10-01,,标准,生产操作岗位\n\
             440524188001010014,𠮷田,6000,,2025/10/31,,\n",
        ),
        (
            "en.csv",
            "Post;Kind;until;from;Wage;Name;identity number\n\
             worker;Standard;;20251001;8123.45;张三;11010519491231002x\n\
             ;;2025年10月31日;;\"6,000.00\";𠮷田;440524188001010014\n",
        ),
        (
            "tab.tsv",
            "\u{feff}岗位\t*姓名（必填）\t工资(元)\t身份证号\t开始日期\t离职日期\t用工类型\r\n\
             工人\t张三\t８１２３．４５\t１１０１０５１９４９１２３１００２Ｘ\t2025.10.1\t\t劳动合同\r\n\
             \t𠮷田\t6000.000\t'440524188001010014\t\t2025-10-31\t\r\n",
        ),
    ] {
        desk.write(name, text);
        let read = desk.read(name).unwrap();
        let lines: Vec<String> = read.declared.iter().map(line).collect();
        assert_eq!(lines, expected, "{name}: {:?}", read.faults);
    }
}

#[test]
fn gb18030_is_told_by_itself_or_by_whoever_hands_it_in() {
    let desk = Desk::new();
    let text = "身份证号码,姓名,月工资\n11010519491231002X,䶮㛃,8000\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    desk.write("gb.csv", &bytes);
    assert_eq!(desk.read("gb.csv").unwrap().declared[0].name, "䶮㛃");
    let declared = |encoding| Options {
        encoding: Some(encoding),
        ..Options::default()
    };
    use exchange::sheets::Encoding;
    let read = desk.read_with("gb.csv", &declared(Encoding::Gb18030));
    assert_eq!(read.unwrap().summary.declared, 1);
    let refused = desk.read_with("gb.csv", &declared(Encoding::Utf8));
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "C0205");
    assert!(error.to_string().contains("line 1"), "{error}");
}

#[test]
fn a_heading_may_stand_below_a_title_and_its_columns_are_told_of() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "某某公司十月申报表,,,,\n单位：元,,,,\n\n序号,身份证号码,姓名,月工姿,月工资\n1,11010519491231002X,张三,x,8000\n",
    );
    let sheet = Sheet::open(&desk.path("a.csv"), &Options::default()).unwrap();
    assert_eq!(sheet.heading().row, 4);
    let notes: Vec<&str> = sheet.notes().iter().map(|note| note.en.as_str()).collect();
    assert_eq!(
        notes,
        ["column D “月工姿” is not known; is it “月工资”? The column is not read"]
    );
    let read = desk.read("a.csv").unwrap();
    assert_eq!(read.declared[0].row, 5);
}

#[test]
fn a_missing_column_is_named_with_what_was_probably_meant() {
    let desk = Desk::new();
    desk.write("a.csv", "身份证号码,姓名,月工姿\n");
    let error = desk.read("a.csv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "C0215: a.csv lacks the columns wage; is column C “月工姿” meant as “月工资”; add them"
    );
}

#[test]
fn faults_are_counted_and_only_the_first_are_kept() {
    let desk = Desk::new();
    let mut text = String::from("身份证号码,姓名,月工资\n");
    for _ in 0..5_000 {
        text += "1,2,3\n";
    }
    let path = desk.write("a.csv", text);
    let mut sheet = Sheet::open(&path, &Options::default()).unwrap();
    let mut told = 0;
    let mut faults = Faults::keeping(10).telling(|_| told += 1);
    let read = sheet.read(&mut faults, None, |_| Ok::<(), Error>(()));
    assert_eq!(read.unwrap().refused, 5_000);
    assert_eq!((faults.kept().len(), faults.total()), (10, 10_000));
    assert_eq!(faults.counts()["C0234"], 5_000);
    drop(faults);
    assert_eq!(told, 10_000);
}

#[test]
fn a_fault_says_where_what_why_and_how_to_mend_it() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "身份证号码,姓名,月工资\n110105194912310021,张三,8O00\n",
    );
    let read = desk.read("a.csv").unwrap();
    let said: Vec<String> = read
        .faults
        .iter()
        .flat_map(|fault| {
            [
                fault.sentence(rules::explain::Lang::Zh),
                fault.sentence(rules::explain::Lang::En),
            ]
        })
        .collect();
    assert_eq!(
        said,
        [
            "第 2 行 A 列“身份证号码”“110105**********21”：校验位不符，有数字录错或颠倒；请按证件核对",
            "row 2, column A “身份证号码” “110105**********21”: its check character does not fit: a digit is mistyped or two are swapped; compare it with the card",
            "第 2 行 C 列“月工资”“8O00”：不是金额；请填写元，如 8123.45 或 8,123.45",
            "row 2, column C “月工资” “8O00”: this is not an amount; write yuan, such as 8123.45 or 8,123.45",
        ]
    );
}

#[test]
fn what_a_caller_returns_ends_the_reading() {
    let desk = Desk::new();
    let path = desk.write(
        "a.csv",
        "身份证号码,姓名,月工资\n11010519491231002X,张三,8000\n440524188001010014,李四,1\n",
    );
    #[derive(Debug)]
    enum Own {
        Full,
        #[expect(dead_code, reason = "only shown by Debug")]
        Of(Error),
    }
    impl From<Error> for Own {
        fn from(error: Error) -> Own {
            Own::Of(error)
        }
    }
    let mut sheet = Sheet::open(&path, &Options::default()).unwrap();
    let read = sheet.read(&mut Faults::keeping(1), None, |_| Err(Own::Full));
    assert!(matches!(read, Err(Own::Full)));
}
