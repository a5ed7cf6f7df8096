//! Messages of ISO 20022.

use crate::{
    Desk, line,
    writer::{Entry, entry, notification, statement, summary},
};

fn lines(text: &str) -> Vec<String> {
    let read = Desk::new().read("a.xml", text).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    read.receipts.iter().map(line).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(Desk::new().codes("a.xml", text), expected, "{text}");
}

/// A notification of these entries without a summary.
fn bare(entries: &[Entry]) -> String {
    notification("", entries)
}

#[test]
fn a_notification_is_read() {
    let out = Entry {
        direction: "DBIT",
        reversal: "true",
        details: Vec::new(),
        ..entry("A2", "50.00")
    };
    let text = notification(&summary(2, "8173.45"), &[entry("A1", "8123.45"), out]);
    assert_eq!(
        lines(&text),
        [
            "ICBKCNBJ/N1/A1 2025-11-03 2025-11-03 8123.45 in 重庆某某有限公司 310002***********00 10月社保 & 公积金 202510-0007 E2E-A1",
            "ICBKCNBJ/N1/A2 2025-11-03 2025-11-03 50.00 out reversal - - - - -",
        ]
    );
    let read = Desk::new().read("a.xml", &text).unwrap();
    assert!(read.summary.controlled && read.summary.notes.is_empty());
    assert_eq!(read.receipts[1].signed().to_string(), "-50.00");
    assert_eq!(
        (
            read.summary.came_in.to_string(),
            read.summary.went_out.to_string()
        ),
        ("8123.45".to_owned(), "50.00".to_owned())
    );
    // Prefixed names and blanks between elements are the same message.
    let spaced = text.replace("><", ">\n  <");
    assert_eq!(lines(&spaced), lines(&text));
    let prefixed = text
        .replace("</", "</c:")
        .replace('<', "<c:")
        .replace("<c:/c:", "</c:")
        .replace("<c:?", "<?")
        .replace("xmlns=", "xmlns:c=");
    assert_eq!(lines(&prefixed), lines(&text));
}

#[test]
fn an_entry_of_several_payments_is_a_receipt_for_each() {
    let mut many = entry("A1", "30.00");
    many.details = [("10.00", "张三"), ("20.00", "李四")]
        .map(|(amount, payer)| [amount, "CRDT", payer, "", "", "NOTPROVIDED"].map(str::to_owned))
        .to_vec();
    assert_eq!(
        lines(&bare(&[many.clone()])),
        [
            "ICBKCNBJ/N1/A1/1 2025-11-03 2025-11-03 10.00 in 张三 - - - -",
            "ICBKCNBJ/N1/A1/2 2025-11-03 2025-11-03 20.00 in 李四 - - - -",
        ]
    );
    many.details[1][0] = "20.01".to_owned();
    check(&bare(&[many.clone()]), &["1 C0313"]);
    many.details[1][0].clear();
    check(&bare(&[many]), &["1 C0313"]);
}

#[test]
fn without_a_reference_the_entry_itself_is_the_key() {
    let nameless = |amount: &str| Entry {
        reference: "",
        ..entry("", amount)
    };
    let first = lines(&bare(&[nameless("1.00"), nameless("2.00")]));
    let again = lines(&bare(&[nameless("2.00"), nameless("1.00")]));
    let key = |line: &String| line.split(' ').next().unwrap().to_owned();
    assert_eq!(key(&first[0]), key(&again[1]));
    assert_ne!(key(&first[0]), key(&first[1]));
    assert!(key(&first[0]).starts_with("ICBKCNBJ/N1/#"));
    check(&bare(&[nameless("1.00"), nameless("1.00")]), &["2 C0310"]);
    let bank = Entry {
        reference: "",
        bank_reference: "B/7",
        ..entry("", "1.00")
    };
    assert_eq!(key(&lines(&bare(&[bank]))[0]), "ICBKCNBJ/N1/B%2F7");
}

/// An entry of this amount without details.
fn plain(entry: &mut Entry, amount: &str) {
    entry.details.clear();
    amount.clone_into(&mut entry.amount);
}

type Change = fn(&mut Entry);

/// What makes an ordinary entry wrong, and the code it is refused with.
const WRONG: [(Change, &str); 15] = [
    (|entry| entry.currency = "USD", "C0306"),
    (|entry| plain(entry, "2.005"), "C0307"),
    (|entry| plain(entry, "2,5"), "C0308"),
    (|entry| plain(entry, "1e2"), "C0308"),
    (|entry| plain(entry, "0"), "C0308"),
    (|entry| plain(entry, "99999999999999999999"), "C0308"),
    (|entry| plain(entry, "-2.00"), "C0309"),
    (|entry| entry.direction = "", "C0309"),
    (|entry| entry.direction = "CREDIT", "C0309"),
    (|entry| entry.direction = "DBIT", "C0309"),
    (|entry| entry.reversal = "maybe", "C0309"),
    (|entry| entry.reference = "A0", "C0310"),
    (|entry| entry.booked = "", "C0311"),
    (|entry| entry.booked = "2025-02-30", "C0311"),
    (|entry| entry.status = "PDNG", "C0312"),
];

#[test]
fn wrong_entries_are_refused_and_the_others_taken() {
    for (change, code) in WRONG {
        let mut wrong = entry("A1", "2.00");
        change(&mut wrong);
        let entries = [entry("A0", "1.00"), wrong.clone(), entry("A9", "9.00")];
        let read = Desk::new().read("a.xml", bare(&entries)).unwrap();
        let faults = &read.faults;
        assert!(
            faults.iter().any(|fault| fault.code == code)
                && faults.iter().all(|fault| fault.row == 2),
            "{wrong:?}: {faults:?}"
        );
        let summary = (read.summary.receipts, read.summary.refused);
        assert_eq!(summary, (2, 1), "{wrong:?}");
    }
    let told = Desk::new()
        .read(
            "a.xml",
            bare(&[Entry {
                currency: "USD",
                ..entry("A1", "2.00")
            }]),
        )
        .unwrap();
    assert_eq!(
        told.faults[0].sentence(rules::explain::Lang::Zh),
        "第 1 行 Ntry/Amt@Ccy“USD”：币种不是人民币；请银行更正后重新提供文件；不要自行修改"
    );
}

#[test]
fn control_totals_are_checked() {
    let entries = [entry("A1", "10.00"), entry("A2", "20.00")];
    check(&notification(&summary(2, "30"), &entries), &[]);
    check(&notification(&summary(3, "30.00"), &entries), &["C0304"]);
    check(&notification(&summary(2, "30.01"), &entries), &["C0304"]);
    check(&notification(&summary(2, "many"), &entries), &["C0304"]);
    let credits = |count: u64, sum: &str| {
        format!(
            "<TxsSummry><TtlCdtNtries><NbOfNtries>{count}</NbOfNtries><Sum>{sum}</Sum></TtlCdtNtries></TxsSummry>"
        )
    };
    check(&notification(&credits(2, "30.00"), &entries), &[]);
    check(&notification(&credits(1, "30.00"), &entries), &["C0304"]);
    check(&notification(&credits(2, "20.00"), &entries), &["C0304"]);
    // An entry that is refused counts as well.
    let foreign = Entry {
        currency: "USD",
        ..entry("A2", "20.00")
    };
    check(
        &notification(
            &summary(2, "30.00"),
            &[entry("A1", "10.00"), foreign.clone()],
        ),
        &["2 C0306", "2 C0306"],
    );
    let read = Desk::new().read("a.xml", bare(&entries)).unwrap();
    assert!(!read.summary.controlled && read.summary.notes[0].en.contains("C0316"));
}

#[test]
fn balances_of_a_statement_are_checked() {
    let entries = [
        entry("A1", "10.00"),
        Entry {
            direction: "DBIT",
            details: Vec::new(),
            ..entry("A2", "4.00")
        },
    ];
    check(&statement("100.00", "106.00", "", &entries), &[]);
    check(&statement("100.00", "105.99", "", &entries), &["C0304"]);
    let key = &lines(&statement("0", "6", "", &entries))[0];
    assert!(key.starts_with("ICBKCNBJ/S1/A1 "), "{key}");
}

#[test]
fn a_file_that_is_cut_off_gives_nothing() {
    let text = notification(
        &summary(2, "30.00"),
        &[entry("A1", "10.00"), entry("A2", "20.00")],
    );
    let start = text.find("<Ntfctn>").unwrap();
    for length in (start..text.trim_end().len()).step_by(7) {
        let Some(cut) = text.get(..length) else {
            continue;
        };
        check(cut, &["C0302"]);
    }
    check(&text.replace("</Ntry>", ""), &["C0302"]);
    check("", &["C0302"]);
    check(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"/>",
        &["C0302"],
    );
}

#[test]
fn other_and_hostile_messages() {
    let text = bare(&[entry("A1", "10.00")]);
    check(
        &text.replace("camt.054.001.08", "camt.054.001.02"),
        &["C0301"],
    );
    check(
        &text.replace("camt.054.001.08", "pain.001.001.09"),
        &["C0301"],
    );
    check("<html/>", &["C0301"]);
    assert_eq!(Desk::new().codes("a.csv", &text), ["C0301"]);
    assert_eq!(Desk::new().codes("a.pdf", &text), ["C0301"]);
    let laughs = "<!DOCTYPE Document [<!ENTITY a \"ha\">]><Document";
    check(&text.replace("<Document", laughs), &["C0303"]);
    check(&text.replace("重庆", "&file;"), &["C0303"]);
    check(&text.replace("UTF-8", "UTF-16"), &["C0302"]);
    let deep = "<x>".repeat(100);
    check(
        &text.replace("<Ntry>", &format!("<Ntry>{deep}")),
        &["C0305"],
    );
    let long = "x".repeat(3 << 20);
    check(&text.replace("重庆", &long), &["C0305"]);
    let wide = "<x>1</x>".repeat(5_000);
    check(
        &text.replace("<NtryRef>", &format!("{wide}<NtryRef>")),
        &["C0305"],
    );
    let mut gb = text.as_bytes().to_vec();
    let at = text.find("重").unwrap();
    gb[at] = 0xff;
    assert_eq!(Desk::new().codes("a.xml", gb), ["C0302"]);
    // What stands in supplementary data is not ours.
    let beside =
        "<SplmtryData><Envlp><Ntry><Amt Ccy=\"CNY\">1</Amt></Ntry></Envlp></SplmtryData></Ntfctn>";
    check(&text.replace("</Ntfctn>", beside), &[]);
}
