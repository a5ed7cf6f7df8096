//! Receipts as CSV.

use crate::{Desk, line};

const TEXT: &str = "开户行,ICBKCNBJ\n对账单号,20251103-1\n笔数,2\n合计,\"9,000.00\"\n\
    流水号,记账日期,起息日,金额,币种,借贷,冲正,付款人户名,付款人账号,附言,缴费单号\n\
    A0001,2025-11-03,2025-11-04,\"8,123.45\",CNY,贷,否,重庆某某有限公司,3100021909024800000,10月社保,202510-0007\n\
    A0002,20251103,,876.55,人民币,借,是,张三,6222021234567890123,,\n";

#[test]
fn receipts_are_read() {
    let read = Desk::new().read("a.csv", TEXT).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert!(read.summary.controlled);
    assert_eq!(
        read.receipts.iter().map(line).collect::<Vec<_>>(),
        [
            "ICBKCNBJ/20251103-1/A0001 2025-11-03 2025-11-04 8123.45 in 重庆某某有限公司 310002***********00 10月社保 202510-0007 -",
            "ICBKCNBJ/20251103-1/A0002 2025-11-03 2025-11-03 876.55 out reversal 张三 622202***********23 - - -",
        ]
    );
    let (gb, _, _) = encoding_rs::GB18030.encode(TEXT);
    let same = Desk::new().read("a.csv", gb).unwrap();
    assert_eq!(same.receipts, read.receipts);
}

#[test]
fn wrong_files() {
    for (from, to, expected) in [
        ("笔数,2", "笔数,3", &["C0304"][..]),
        ("9,000.00", "9,000.01", &["C0304"]),
        ("876.55", "-876.55", &["7 C0309"]),
        ("人民币,借", "人民币,", &["7 C0309"]),
        ("人民币", "HKD", &["7 C0306"]),
        ("A0002", "A0001", &["7 C0310"]),
        ("20251103,,", "20251103,x,", &["7 C0311"]),
        ("金额", "数额", &["C0314"]),
        ("张三", "张,三", &["7 C0315"]),
    ] {
        let codes = Desk::new().codes("a.csv", TEXT.replacen(from, to, 1));
        assert_eq!(codes, expected, "{from}");
    }
}
