//! Whatever is handed in: nothing panics, and no receipt is wrong by a fen.

use crate::{
    Desk,
    writer::{entry, notification, summary},
};
use measure::Fen;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn amounts_come_out_as_they_went_in(amounts in proptest::collection::vec(1_i64..=9_000_000_000_000_000, 1..20)) {
        let names: Vec<&'static str> = (0..amounts.len()).map(|n| &*Box::leak(format!("A{n}").into_boxed_str())).collect();
        let entries: Vec<_> = amounts.iter().zip(names).map(|(fen, name)| entry(name, &Fen(*fen).to_string())).collect();
        let sum: i64 = amounts.iter().sum();
        let text = notification(&summary(amounts.len() as u64, &Fen(sum).to_string()), &entries);
        let read = Desk::new().read("a.xml", text).unwrap();
        let found: Vec<i64> = read.receipts.iter().map(|receipt| receipt.amount.0).collect();
        prop_assert_eq!(found, amounts);
        prop_assert_eq!(read.summary.came_in, Fen(sum));
    }

    #[test]
    fn a_changed_message_is_refused_or_read(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = notification(&summary(1, "1.00"), &[entry("A1", "1.00")]).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Desk::new().codes("a.xml", bytes);
    }

    #[test]
    fn any_text_is_refused_or_read(text in "(<[a-zA-Z]{1,6}( Ccy=\"CNY\")?>|</[a-zA-Z]{1,6}>|Ntry|记账日期,金额,借贷\n|[^\u{0}]{0,5}|&[a-z]{1,3};){0,30}", name in "a\\.(xml|csv)") {
        let _ = Desk::new().codes(&name, &text);
        let inside = format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><a><Ntfctn>{text}</Ntfctn></a></Document>");
        let _ = Desk::new().codes("b.xml", inside);
    }
}
