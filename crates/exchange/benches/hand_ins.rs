//! How fast a large employer's month and a bank's receipts are read, and in how much memory.
//!
//! ```text
//! cargo bench -p exchange --bench hand_ins -- [rows, a million by default] [folder]
//! ```
//!
//! Each file is made once and read in a process of its own, so that the most memory it ever held is its own. It fails
//! when a reading held more than half a gibibyte.
#![expect(clippy::unwrap_used, reason = "a bench that cannot work stops")]

use exchange::{
    Error, Faults, bank,
    sheets::{Options, Sheet, ToMend},
};
use measure::{Day, Fen, IdentityNumber};
use rust_xlsxwriter::Workbook;
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const MEMORY_MAX_KIB: u64 = 512 << 10;
const HEADING: [&str; 7] = [
    "身份证号码",
    "姓名",
    "月工资",
    "起始日期",
    "结束日期",
    "用工形式",
    "岗位",
];

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [task, path, rows] = arguments.as_slice() {
        read(task, path.as_ref(), rows.parse().expect("a number of rows"));
        return;
    }
    let rows: u64 = arguments
        .first()
        .map_or(1_000_000, |rows| rows.parse().expect("a number of rows"));
    let folder = arguments.get(1).map_or_else(std::env::temp_dir, Into::into);
    let file = |name: &str| folder.join(format!("renshe-{rows}-{name}"));
    type Make = fn(&Path, u64);
    let made: [(&str, PathBuf, Make); 6] = [
        ("csv", file("utf8.csv"), |path, rows| csv(path, rows, false)),
        ("gb18030", file("gb.csv"), gb),
        ("faulty", file("faulty.csv"), |path, rows| {
            csv(path, rows, true);
        }),
        ("xlsx", file("inline.xlsx"), |path, rows| {
            xlsx(path, rows, true);
        }),
        ("shared", file("shared.xlsx"), |path, rows| {
            xlsx(path, rows, false);
        }),
        ("camt", file("camt.xml"), camt),
    ];
    for (task, path, make) in made {
        if !path.exists() {
            make(&path, rows);
        }
        let status = Command::new(std::env::current_exe().unwrap())
            .arg(task)
            .arg(&path)
            .arg(rows.to_string())
            .status()
            .unwrap();
        assert!(status.success(), "{task} failed");
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    reason = "what reports a duration measures one, and a speed is a float"
)]
fn read(task: &str, path: &Path, rows: u64) {
    let start = Instant::now();
    let mut faults = Faults::keeping(1_000);
    let (mut sum, mut read) = (0_i64, 0);
    let mut opened = 0.0;
    if task == "camt" {
        let name = path.file_name().unwrap().to_string_lossy();
        bank::read(path, &name, &mut faults, |receipt| {
            sum += receipt.amount.0;
            read += 1;
            Ok::<(), Error>(())
        })
        .unwrap();
    } else {
        let mut sheet = Sheet::open(path, &Options::default()).unwrap();
        opened = start.elapsed().as_secs_f64();
        let mend = path.with_extension("mend.csv");
        let mut to_mend = ToMend::new(&mend, rules::explain::Lang::Zh).unwrap();
        let summary = sheet
            .read(&mut faults, Some(&mut to_mend), |declared| {
                sum += declared.wage.0;
                Ok::<(), Error>(())
            })
            .unwrap();
        read = summary.declared + summary.refused;
        if to_mend.finish().unwrap().is_some() {
            fs::remove_file(mend).unwrap();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(read, rows, "{:?}", faults.kept().first());
    let memory = peak_memory_kib();
    let megabytes = path.metadata().unwrap().len() >> 20;
    let busy = processor_seconds().unwrap_or(seconds);
    println!(
        "{task:8} {megabytes:4} MiB: {seconds:6.2} s, of which {opened:5.2} to check; {busy:6.2} s of processor, {:.2} million rows in one; {} faults; peak {} MiB",
        rows as f64 / busy / 1e6,
        faults.total(),
        memory >> 10
    );
    assert!(sum != 0 || task == "faulty");
    assert!(
        memory < MEMORY_MAX_KIB,
        "more than {} MiB",
        MEMORY_MAX_KIB >> 10
    );
}

/// The number of a person who is nobody: valid check characters, an area that no place has.
fn identity(row: u64) -> String {
    let birth = Day::from_number(i32::try_from(row / 1_000 % 12_000).unwrap() - 5_000).unwrap();
    let area = 990_000 + row / 12_000_000;
    let sequence = u16::try_from(row % 1_000).unwrap();
    let number = IdentityNumber::new(&area.to_string(), birth, sequence).unwrap();
    number.reveal().to_owned()
}

fn cells(row: u64) -> [String; 7] {
    const NAMES: [&str; 5] = ["张三", "欧阳娜娜", "李四", "王小明", "阿依古丽"];
    let wage = Fen(300_000 + i64::try_from(row * 7_919 % 3_000_000).unwrap());
    [
        identity(row),
        NAMES[usize::try_from(row % 5).unwrap()].to_owned(),
        wage.to_string(),
        if row.is_multiple_of(20) {
            "2025-10-15"
        } else {
            ""
        }
        .to_owned(),
        String::new(),
        "标准".to_owned(),
        String::new(),
    ]
}

fn csv(path: &Path, rows: u64, faulty: bool) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "{}", HEADING.join(",")).unwrap();
    for row in 0..rows {
        let mut cells = cells(row);
        if faulty {
            cells[0].replace_range(
                16..17,
                if cells[0].as_bytes()[16] == b'0' {
                    "1"
                } else {
                    "0"
                },
            );
            cells[2] = "x".to_owned();
        }
        writeln!(out, "{}", cells.join(",")).unwrap();
    }
    out.flush().unwrap();
}

fn gb(path: &Path, rows: u64) {
    let utf8 = path.with_extension("utf8");
    csv(&utf8, rows, false);
    let text = fs::read_to_string(&utf8).unwrap();
    fs::write(path, encoding_rs::GB18030.encode(&text).0).unwrap();
    fs::remove_file(utf8).unwrap();
}

/// As a library writes a stream, with texts in the cells; or as a spreadsheet saves it, with texts in a part of their own.
fn xlsx(path: &Path, rows: u64, inline: bool) {
    let mut book = Workbook::new();
    let sheet = match inline {
        true => book.add_worksheet_with_constant_memory(),
        false => Ok(book.add_worksheet()),
    };
    let sheet = sheet.unwrap();
    for (column, name) in (0..).zip(HEADING) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 0..rows {
        let place = u32::try_from(row + 1).unwrap();
        for (column, text) in (0..).zip(cells(row)) {
            match column {
                _ if text.is_empty() => continue,
                2 => sheet.write_number(place, column, text.parse::<f64>().unwrap()),
                _ => sheet.write_string(place, column, text),
            }
            .unwrap();
        }
    }
    book.save(path).unwrap();
}

fn camt(path: &Path, rows: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let amount = |row: u64| Fen(100_000 + i64::try_from(row * 7_919 % 3_000_000).unwrap());
    let total = Fen::checked_sum((0..rows).map(amount)).unwrap();
    write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2025-11-03T18:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>1</Id></Othr></Id><Svcr><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></Svcr></Acct><TxsSummry><TtlNtries><NbOfNtries>{rows}</NbOfNtries><Sum>{total}</Sum></TtlNtries></TxsSummry>").unwrap();
    let mut entry = String::new();
    for row in 0..rows {
        let fen = amount(row);
        entry.clear();
        write!(entry, "<Ntry><NtryRef>R{row}</NtryRef><Amt Ccy=\"CNY\">{fen}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2025-11-03</Dt></BookgDt><ValDt><Dt>2025-11-03</Dt></ValDt><BkTxCd><Prtry><Cd>Z</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E{row}</EndToEndId></Refs><Amt Ccy=\"CNY\">{fen}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>重庆某某有限公司</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>3100021909024800000</Id></Othr></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>10月社保</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>").unwrap();
        out.write_all(entry.as_bytes()).unwrap();
    }
    out.write_all(b"</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>")
        .unwrap();
    out.flush().unwrap();
}

/// The most this process ever held, as Linux tells it; 0 elsewhere.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// How long this process was on a processor, as Linux tells it: on a machine with other work, the steadier figure.
#[expect(
    clippy::cast_precision_loss,
    clippy::float_arithmetic,
    reason = "what reports a duration measures one"
)]
fn processor_seconds() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: u64 = status.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}
