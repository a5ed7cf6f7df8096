//! Notifications and statements of ISO 20022, read element by element.
//!
//! Only one entry is held at a time. Elements are told by their names; what is not known is passed over, and so is
//! supplementary data, in which anything may stand.

use super::{
    Receipt,
    entry::{At, Entries, Said, Whose, Word},
    fields::Fields,
    refused,
    totals::{Amount, Found, Promised},
};
use crate::{
    error::{Error, unreadable},
    xml::Bounded,
};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::{fs::File, io::BufReader, path::Path};

const NAMESPACES: [&str; 2] = [
    "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08",
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
];
/// Messages are some fifteen elements deep.
const DEPTH_MAX: usize = 64;
/// More details than that are not one booking.
const DETAILS_MAX: usize = 100_000;

/// Reads a message.
pub(super) fn read<E: From<Error>, F: FnMut(Receipt) -> Result<(), E>>(
    path: &Path,
    file: &str,
    entries: &mut Entries<'_, '_, F>,
) -> Result<(), E> {
    let input = File::open(path).map_err(|error| unreadable(path, &error))?;
    let input = BufReader::with_capacity(64 << 10, Bounded::new(input));
    let mut reader = Reader::from_reader(input);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk {
        file,
        path: String::new(),
        starts: Vec::new(),
        text: String::new(),
        leaf: false,
        place: Place::Outside,
        fields: Fields::default(),
        entry: Fields::default(),
        details: Vec::new(),
        spare: Vec::new(),
        found: Found::default(),
        skipped: 0,
        controlled: None,
        entries,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| broken(file, &error))? {
            Event::Start(start) => walk.start(&start)?,
            Event::End(_) => walk.end()?,
            Event::Text(text) => walk.text(&text.xml10_content()),
            Event::CData(text) => walk.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = reference
                    .resolve_char_ref()
                    .map_err(|error| refused::cut_off(file, &error))?;
                let known = quick_xml::escape::resolve_predefined_entity(reference.as_ref());
                match (resolved, known) {
                    (Some(character), _) => walk.text(character.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => walk.text(text),
                    (None, None) => return Err(refused::document_type(file).into()),
                }
            }
            Event::DocType(_) => return Err(refused::document_type(file).into()),
            Event::Decl(declaration) => check_encoding(file, &declaration)?,
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
    walk.finish()
}

fn broken(file: &str, error: &quick_xml::Error) -> Error {
    match error {
        quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            let words = (
                "有超过 1 MiB 的文字或标记",
                "has a text or tag of more than a MiB",
            );
            refused::too_large(file, words)
        }
        error => refused::cut_off(file, error),
    }
}

/// Another encoding than UTF-8 could hide what is looked for, and no bank writes one.
fn check_encoding(file: &str, declaration: &quick_xml::events::BytesDecl<'_>) -> Result<(), Error> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(refused::cut_off(file, &format!("{name}, not UTF-8"))),
        Some(Err(error)) => Err(refused::cut_off(file, &error)),
    }
}

/// Where the walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// Within the account's part, at this depth.
    Account(usize),
    Entry(usize, usize),
    Detail(usize, usize, usize),
}

struct Walk<'w, 'a, 'f, F> {
    file: &'w str,
    /// The names of the open elements, each behind a slash.
    path: String,
    /// Where each begins in it.
    starts: Vec<usize>,
    text: String,
    /// Whether nothing began within the element since it began.
    leaf: bool,
    place: Place,
    fields: Fields,
    entry: Fields,
    /// Of the entry, the last one perhaps still open.
    details: Vec<Fields>,
    /// Used before, and used again.
    spare: Vec<Fields>,
    found: Found,
    /// How deep within supplementary data.
    skipped: usize,
    controlled: Option<bool>,
    entries: &'w mut Entries<'a, 'f, F>,
}

impl<E: From<Error>, F: FnMut(Receipt) -> Result<(), E>> Walk<'_, '_, '_, F> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), E> {
        let name = start.local_name();
        let name = name.as_ref();
        if self.starts.is_empty() {
            self.check_root(start, name)?;
        }
        if DEPTH_MAX <= self.starts.len() {
            let words = ("元素嵌套过深", "nests its elements too deeply");
            return Err(refused::too_large(self.file, words).into());
        }
        self.starts.push(self.path.len());
        self.path.push('/');
        self.path.push_str(name);
        self.leaf = true;
        self.text.clear();
        if 0 < self.skipped || name == "SplmtryData" {
            self.skipped += 1;
            return Ok(());
        }
        let depth = self.starts.len();
        self.place = match (self.place, name) {
            (Place::Outside, "Ntfctn" | "Stmt") if depth == 3 => {
                self.fields.clear();
                self.found = Found::default();
                Place::Account(depth)
            }
            (Place::Account(account), "Ntry") if depth == account + 1 => {
                self.entry.clear();
                self.spare.append(&mut self.details);
                Place::Entry(account, depth)
            }
            (Place::Entry(account, entry), "TxDtls") => {
                if DETAILS_MAX <= self.details.len() {
                    let words = ("有一笔的明细过多", "has an entry with too many details");
                    return Err(refused::too_large(self.file, words).into());
                }
                let mut detail = self.spare.pop().unwrap_or_default();
                detail.clear();
                self.details.push(detail);
                Place::Detail(account, entry, depth)
            }
            (place, _) => place,
        };
        if start.attributes_raw().is_empty() {
            return Ok(());
        }
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| refused::cut_off(self.file, &error))?;
            if attribute.key.local_name().as_ref() == "Ccy" {
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| refused::cut_off(self.file, &error))?;
                let length = self.path.len();
                self.path.push_str("@Ccy");
                self.put(&value)?;
                self.path.truncate(length);
            }
        }
        Ok(())
    }

    fn check_root(&self, start: &BytesStart<'_>, name: &str) -> Result<(), Error> {
        let mut namespace = String::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| refused::cut_off(self.file, &error))?;
            let key = attribute.key.as_ref();
            let of_root = match start.name().prefix() {
                None => key == "xmlns",
                Some(prefix) => key.strip_prefix("xmlns:") == Some(prefix.as_ref()),
            };
            if of_root {
                attribute.value.as_ref().clone_into(&mut namespace);
            }
        }
        match name == "Document" && NAMESPACES.contains(&namespace.as_str()) {
            true => Ok(()),
            false => {
                let found = if namespace.is_empty() {
                    name
                } else {
                    &namespace
                };
                let found = found.rsplit(':').next().unwrap_or(found);
                Err(refused::other_message(self.file, found))
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0 {
            self.text.push_str(text);
        }
    }

    /// A leaf, or an attribute of one, of whatever the walk is in.
    fn put(&mut self, text: &str) -> Result<(), Error> {
        let (fields, depth) = match self.place {
            Place::Outside => return Ok(()),
            Place::Account(depth) => (&mut self.fields, depth),
            Place::Entry(_, depth) => (&mut self.entry, depth),
            Place::Detail(_, _, depth) => match self.details.last_mut() {
                Some(detail) => (detail, depth),
                None => return Ok(()),
            },
        };
        // Below the element itself, and without the slash.
        let from = self.starts.get(depth).map_or(self.path.len(), |at| at + 1);
        match fields.put(&self.path[from..], text) {
            true => Ok(()),
            false => {
                let words = ("有一笔的内容过多", "has an entry of too many elements");
                Err(refused::too_large(self.file, words))
            }
        }
    }

    fn end(&mut self) -> Result<(), E> {
        if 0 < self.skipped {
            self.skipped -= 1;
        } else if self.leaf {
            let text = std::mem::take(&mut self.text);
            self.put(&text)?;
            self.text = text;
        }
        let depth = self.starts.len();
        match self.place {
            Place::Detail(account, entry, at) if at == depth => {
                self.place = Place::Entry(account, entry);
            }
            Place::Entry(account, at) if at == depth => {
                self.place = Place::Account(account);
                self.finish_entry()?;
            }
            Place::Account(at) if at == depth => {
                self.place = Place::Outside;
                self.finish_account()?;
            }
            _ => {}
        }
        self.path.truncate(self.starts.pop().unwrap_or(0));
        self.leaf = false;
        self.text.clear();
        Ok(())
    }

    fn finish_entry(&mut self) -> Result<(), E> {
        let whose = Whose {
            bank: self.bank(),
            statement: self.fields.first("Id").to_owned(),
        };
        let entry = said(&self.entry, "Ntry/");
        let details = self.details.iter();
        let details: Vec<Said<'_>> = details
            .map(|detail| said(detail, "Ntry/NtryDtls/TxDtls/"))
            .collect();
        let (path, status) = self.entry.of(&["Sts/Cd", "Sts/Prtry"]);
        let status = Word::new(status, At::Element("Ntry/", path));
        let row = self.entries.summary.entries + 1;
        let counted = self.entries.entry(row, &whose, &entry, &status, &details)?;
        self.found.add(&counted);
        Ok(())
    }

    /// The bank that keeps the account: by code where there is one, otherwise by its name.
    fn bank(&self) -> String {
        let (_, bank) = self.fields.of(&[
            "Acct/Svcr/FinInstnId/BICFI",
            "Acct/Svcr/FinInstnId/ClrSysMmbId/MmbId",
            "Acct/Svcr/FinInstnId/LEI",
            "Acct/Svcr/FinInstnId/Othr/Id",
            "Acct/Svcr/FinInstnId/Nm",
        ]);
        bank.to_owned()
    }

    fn finish_account(&mut self) -> Result<(), E> {
        let of = |path: &str| self.fields.first(path).to_owned();
        let promised = Promised {
            entries: of("TxsSummry/TtlNtries/NbOfNtries"),
            sum: of("TxsSummry/TtlNtries/Sum"),
            coming: (
                of("TxsSummry/TtlCdtNtries/NbOfNtries"),
                of("TxsSummry/TtlCdtNtries/Sum"),
            ),
            going: (
                of("TxsSummry/TtlDbtNtries/NbOfNtries"),
                of("TxsSummry/TtlDbtNtries/Sum"),
            ),
            balances: self.balances(),
        };
        let controlled = self.found.check(self.file, &promised)?;
        self.controlled = Some(self.controlled.unwrap_or(true) && controlled);
        Ok(())
    }

    /// The balances before and after, where the statement has one of each.
    fn balances(&self) -> Option<(Amount, Amount)> {
        let all = |path: &'static str| self.fields.all(path).collect::<Vec<_>>();
        let kinds = all("Bal/Tp/CdOrPrtry/Cd");
        let (amounts, directions) = (all("Bal/Amt"), all("Bal/CdtDbtInd"));
        if kinds.len() != amounts.len() || kinds.len() != directions.len() {
            return None;
        }
        let balance = |wanted: &str| {
            let mut places = kinds
                .iter()
                .enumerate()
                .filter(|(_, kind)| **kind == wanted);
            let (at, _) = places.next()?;
            let amount = Amount::parse(amounts[at])?;
            places
                .next()
                .is_none()
                .then(|| amount.signed(directions[at] == "CRDT"))
        };
        Some((balance("OPBD")?, balance("CLBD")?))
    }

    fn finish(self) -> Result<(), E> {
        if !self.starts.is_empty() {
            return Err(refused::cut_off(self.file, &format!("{} …", self.path)).into());
        }
        match self.controlled {
            None => Err(refused::cut_off(self.file, &"no Ntfctn or Stmt").into()),
            Some(controlled) => {
                self.entries.summary.controlled = controlled;
                Ok(())
            }
        }
    }
}

/// What the leaves of an entry or a detail say.
fn said<'w>(fields: &'w Fields, below: &'static str) -> Said<'w> {
    let word = |paths: &[&'static str]| {
        let (path, text) = fields.of(paths);
        Word::new(text, At::Element(below, path))
    };
    let mut remittance = word(&["RmtInf/Ustrd", "AddtlTxInf", "AddtlNtryInf"]);
    let mut lines = fields.all("RmtInf/Ustrd");
    if lines.nth(1).is_some() {
        let lines: Vec<&str> = fields.all("RmtInf/Ustrd").collect();
        remittance.text = lines.join("\n").into();
    }
    Said {
        amount: word(&["Amt"]),
        currency: word(&["Amt@Ccy"]),
        direction: word(&["CdtDbtInd"]),
        reversal: word(&["RvslInd"]),
        booked: word(&["BookgDt/Dt", "BookgDt/DtTm"]),
        value_day: word(&["ValDt/Dt", "ValDt/DtTm"]),
        reference: word(&["NtryRef"]),
        bank_reference: word(&["AcctSvcrRef", "Refs/AcctSvcrRef"]),
        payer: word(&[
            "RltdPties/Dbtr/Pty/Nm",
            "RltdPties/Dbtr/Agt/FinInstnId/Nm",
            "RltdPties/Dbtr/Nm",
        ]),
        account: word(&[
            "RltdPties/DbtrAcct/Id/IBAN",
            "RltdPties/DbtrAcct/Id/Othr/Id",
        ]),
        remittance,
        structured: word(&["RmtInf/Strd/CdtrRefInf/Ref"]),
        end_to_end: word(&["Refs/EndToEndId"]),
    }
}
