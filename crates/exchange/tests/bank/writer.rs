//! Writes notifications and statements for the tests.

use std::fmt::Write;

/// One entry; what is empty is left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) reference: &'static str,
    pub(crate) amount: String,
    pub(crate) currency: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) reversal: &'static str,
    pub(crate) status: &'static str,
    pub(crate) booked: &'static str,
    pub(crate) bank_reference: &'static str,
    /// Amount, direction, payer, account, remittance, end-to-end id of each detail.
    pub(crate) details: Vec<[String; 6]>,
}

/// An ordinary entry of one detail.
pub(crate) fn entry(reference: &'static str, amount: &str) -> Entry {
    Entry {
        reference,
        amount: amount.to_owned(),
        currency: "CNY",
        direction: "CRDT",
        reversal: "false",
        status: "BOOK",
        booked: "2025-11-03",
        bank_reference: "",
        details: vec![[
            amount.to_owned(),
            "CRDT".to_owned(),
            "重庆某某有限公司".to_owned(),
            "3100021909024800000".to_owned(),
            "10月社保 & 公积金".to_owned(),
            format!("E2E-{reference}"),
        ]],
    }
}

fn element(name: &str, text: &str) -> String {
    match text {
        "" => String::new(),
        text => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<{name}>{text}</{name}>")
        }
    }
}

impl Entry {
    fn write(&self) -> String {
        let mut out = String::from("<Ntry>");
        out += &element("NtryRef", self.reference);
        write!(out, "<Amt Ccy=\"{}\">{}</Amt>", self.currency, self.amount).unwrap();
        out += &element("CdtDbtInd", self.direction);
        out += &element("RvslInd", self.reversal);
        out += &format!("<Sts>{}</Sts>", element("Cd", self.status));
        if !self.booked.is_empty() {
            out += &format!("<BookgDt>{}</BookgDt>", element("Dt", self.booked));
        }
        out += &element("AcctSvcrRef", self.bank_reference);
        out += "<BkTxCd><Prtry><Cd>ZZ</Cd></Prtry></BkTxCd>";
        if !self.details.is_empty() {
            out += "<NtryDtls>";
            for [amount, direction, payer, account, remittance, end_to_end] in &self.details {
                out += "<TxDtls>";
                if !end_to_end.is_empty() {
                    out += &format!("<Refs>{}</Refs>", element("EndToEndId", end_to_end));
                }
                if !amount.is_empty() {
                    write!(out, "<Amt Ccy=\"{}\">{amount}</Amt>", self.currency).unwrap();
                }
                out += &element("CdtDbtInd", direction);
                out += "<RltdPties>";
                if !payer.is_empty() {
                    out += &format!("<Dbtr><Pty>{}</Pty></Dbtr>", element("Nm", payer));
                }
                if !account.is_empty() {
                    let id = element("Id", account);
                    out += &format!("<DbtrAcct><Id><Othr>{id}</Othr></Id></DbtrAcct>");
                }
                out += "</RltdPties>";
                if !remittance.is_empty() {
                    let text = element("Ustrd", remittance);
                    out += &format!(
                        "<RmtInf>{text}<Strd><CdtrRefInf><Ref>202510-0007</Ref></CdtrRefInf></Strd></RmtInf>"
                    );
                }
                out += "</TxDtls>";
            }
            out += "</NtryDtls>";
        }
        out + "</Ntry>"
    }
}

/// Number and sum of the entries, as a summary.
pub(crate) fn summary(entries: u64, sum: &str) -> String {
    format!(
        "<TxsSummry><TtlNtries><NbOfNtries>{entries}</NbOfNtries><Sum>{sum}</Sum></TtlNtries></TxsSummry>"
    )
}

const ACCOUNT: &str = "<CreDtTm>2025-11-03T18:00:00+08:00</CreDtTm><Acct><Id><Othr><Id>3100000000000000001</Id></Othr></Id><Ccy>CNY</Ccy><Svcr><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></Svcr></Acct>";
const GROUP: &str =
    "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2025-11-03T18:00:00+08:00</CreDtTm></GrpHdr>";

/// A notification.
pub(crate) fn notification(summary: &str, entries: &[Entry]) -> String {
    let entries: String = entries.iter().map(Entry::write).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>{GROUP}<Ntfctn><Id>N1</Id>{ACCOUNT}{summary}{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"
    )
}

/// A statement, with the balances before and after.
pub(crate) fn statement(before: &str, after: &str, summary: &str, entries: &[Entry]) -> String {
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2025-11-03</Dt></Dt></Bal>"
        )
    };
    let (before, after) = (balance("OPBD", before), balance("CLBD", after));
    let entries: String = entries.iter().map(Entry::write).collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>{GROUP}<Stmt><Id>S1</Id>{ACCOUNT}{before}{after}{summary}{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}
