//! A bank's receipts as CSV. Above the heading may stand what the file says of itself, a name and a value a row.

use super::{
    Receipt,
    entry::{At, Entries, Said, Whose, Word},
    refused,
    totals::{Found, Promised},
    wrong::Wrong,
};
use crate::{
    csv_text::{CsvText, DELIMITERS, encoding},
    error::Error,
    sheets::fold,
};
use csv::StringRecord;
use std::path::Path;

/// So many rows are looked at to find the heading.
const HEADING_ROWS_MAX: usize = 20;

/// What a column holds, and its names; the first two are the usual ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Booked,
    Amount,
    Direction,
    Reference,
    ValueDay,
    Currency,
    Reversal,
    Payer,
    Account,
    Remittance,
    Structured,
    EndToEnd,
}

const COLUMNS: [(Column, bool, &[&str]); 12] = [
    (
        Column::Booked,
        true,
        &["记账日期", "booked", "入账日期", "交易日期"],
    ),
    (
        Column::Amount,
        true,
        &["金额", "amount", "交易金额", "发生额"],
    ),
    (
        Column::Direction,
        true,
        &["借贷", "direction", "借贷标志", "收付"],
    ),
    (
        Column::Reference,
        false,
        &["流水号", "reference", "交易流水号"],
    ),
    (Column::ValueDay, false, &["起息日", "value-day"]),
    (Column::Currency, false, &["币种", "currency"]),
    (Column::Reversal, false, &["冲正", "reversal", "冲正标志"]),
    (
        Column::Payer,
        false,
        &["付款人户名", "payer", "付款人", "对方户名"],
    ),
    (
        Column::Account,
        false,
        &["付款人账号", "payer-account", "对方账号"],
    ),
    (
        Column::Remittance,
        false,
        &["附言", "remittance", "摘要", "用途"],
    ),
    (Column::Structured, false, &["缴费单号", "bill-number"]),
    (Column::EndToEnd, false, &["端到端标识", "end-to-end-id"]),
];

/// Rows above the heading: what the file says of itself.
const ABOVE: [&[&str]; 4] = [
    &["开户行", "bank"],
    &["对账单号", "statement"],
    &["笔数", "entries"],
    &["合计", "sum"],
];

struct Heading {
    row: u64,
    names: Vec<String>,
    /// Where each of [`COLUMNS`] stands.
    places: [Option<usize>; COLUMNS.len()],
    whose: Whose,
    promised: Promised,
}

enum Stop {
    Found,
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Refused(error)
    }
}

/// Reads the file.
pub(super) fn read<E: From<Error>, F: FnMut(Receipt) -> Result<(), E>>(
    path: &Path,
    file: &str,
    entries: &mut Entries<'_, '_, F>,
) -> Result<(), E> {
    let encoding = encoding(path, file, None)?;
    let mut found = None;
    for delimiter in DELIMITERS {
        let text = CsvText {
            encoding,
            delimiter,
        };
        if let Some(heading) = heading(path, file, text)? {
            found = Some((text, heading));
            break;
        }
    }
    let Some((text, heading)) = found else {
        let required = COLUMNS.iter().filter(|(_, required, _)| *required);
        let names = |index: usize| required.clone().map(move |(_, _, names)| names[index]);
        let (zh, en): (Vec<&str>, Vec<&str>) = (names(0).collect(), names(1).collect());
        return Err(refused::missing_columns(file, &zh, &en).into());
    };
    let mut totals = Found::default();
    text.records(path, file, &mut |row, record| {
        let blank = record.iter().all(|cell| cell.trim().is_empty());
        if row <= heading.row || blank {
            return Ok(());
        }
        if record.len() != heading.names.len() {
            totals.refused();
            let wrong = Wrong::Width {
                cells: record.len(),
                heading: heading.names.len(),
            };
            entries.refuse(row, wrong);
            return Ok(());
        }
        let said = said(&heading, record);
        let counted = entries.entry(row, &heading.whose, &said, &Word::default(), &[])?;
        totals.add(&counted);
        Ok::<(), E>(())
    })?;
    entries.summary.controlled = totals.check(file, &heading.promised)?;
    Ok(())
}

/// The heading among the first rows; `None` when a required column is nowhere.
fn heading(path: &Path, file: &str, text: CsvText) -> Result<Option<Heading>, Error> {
    let (mut whose, mut promised) = (Whose::default(), Promised::default());
    let (mut heading, mut rows) = (None, 0);
    let stopped = text.records(path, file, &mut |row, record| {
        rows += 1;
        if let Some(places) = places(record) {
            heading = Some((row, record.iter().map(str::to_owned).collect(), places));
            return Err(Stop::Found);
        }
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        if let [name, value, rest @ ..] = cells.as_slice()
            && rest.iter().all(|cell| cell.is_empty())
        {
            let folded = fold(name);
            let named = |index: usize| ABOVE[index].iter().any(|known| fold(known) == folded);
            let targets = [
                &mut whose.bank,
                &mut whose.statement,
                &mut promised.entries,
                &mut promised.sum,
            ];
            for (index, target) in targets.into_iter().enumerate() {
                if named(index) {
                    (*value).clone_into(target);
                }
            }
        }
        match rows < HEADING_ROWS_MAX {
            true => Ok(()),
            false => Err(Stop::Found),
        }
    });
    if let Err(Stop::Refused(error)) = stopped
        && (error.code() != "C0220" || heading.is_some())
    {
        return Err(error);
    }
    Ok(heading.map(|(row, names, places)| Heading {
        row,
        names,
        places,
        whose,
        promised,
    }))
}

/// Where the columns stand, if this is the heading.
fn places(record: &StringRecord) -> Option<[Option<usize>; COLUMNS.len()]> {
    let folded: Vec<String> = record.iter().map(fold).collect();
    let place = |names: &[&str]| {
        folded
            .iter()
            .position(|cell| names.iter().any(|name| fold(name) == *cell))
    };
    let places = COLUMNS.map(|(_, _, names)| place(names));
    let complete = COLUMNS
        .iter()
        .zip(&places)
        .all(|((_, required, _), place)| !required || place.is_some());
    complete.then_some(places)
}

fn said<'w>(heading: &'w Heading, record: &'w StringRecord) -> Said<'w> {
    let word = |wanted: Column| {
        let at = COLUMNS.iter().position(|(column, ..)| *column == wanted);
        let Some(column) = at.and_then(|at| heading.places[at]) else {
            return Word::default();
        };
        // An apostrophe is how spreadsheets mark a text.
        let text = record.get(column).unwrap_or_default().trim();
        let text = text.strip_prefix('\'').unwrap_or(text);
        Word::new(text, At::Column(column, &heading.names[column]))
    };
    let mut currency = word(Column::Currency);
    if matches!(currency.at, At::Nowhere) {
        currency.text = "CNY".into();
    }
    Said {
        amount: word(Column::Amount),
        currency,
        direction: word(Column::Direction),
        reversal: word(Column::Reversal),
        booked: word(Column::Booked),
        value_day: word(Column::ValueDay),
        reference: word(Column::Reference),
        bank_reference: word(Column::Reference),
        payer: word(Column::Payer),
        account: word(Column::Account),
        remittance: word(Column::Remittance),
        structured: word(Column::Structured),
        end_to_end: word(Column::EndToEnd),
    }
}
