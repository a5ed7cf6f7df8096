//! What would a draft change, and what is wrong with it?

use super::{Draft, own, seen};
use crate::acting::Acting;
use crate::declare::submit::submit;
use crate::declare::{Desk, Heard, Mode, Outcome, Paper, Rules};
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::declarations::{DeclarationId, Missing, Verdict};
use city::logins::Login;
use exchange::sheets::{Form, Item, ToMend};
use exchange::{Fault, Note};
use ledger::Digest;
use measure::{Fen, IdentityNumber};
use rules::explain::Lang;
use rules::law::Law;
use std::fs;
use store::secrets::{Place, Secrets};
use store::{Db, people};

/// So many changes, and so many who were forgotten, are told one by one; the others are counted.
const TOLD: usize = 200;

/// What came of looking.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What was looked at.
    pub draft: Draft,
    /// By which it is known again when it is handed in.
    pub seen: Digest,
    /// What there is to say of its columns.
    pub notes: Vec<Note>,
    /// Its columns, as they are named.
    pub columns: Vec<String>,
    /// Of these, those that are read, from 0, each with what it holds.
    pub read: Vec<(usize, Item)>,
    /// How its rows come out.
    pub outcome: Outcome,
    /// The rows with faults, as they came.
    pub faulty: Vec<Faulty>,
    /// What is doubtful in the others.
    pub doubts: Vec<Fault>,
    /// What it changes, the first of it.
    pub changes: Vec<Change>,
    /// Who of the staff it does not speak of, the first of them.
    pub forgotten: Vec<Forgotten>,
}

/// A row with faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Faulty {
    /// Its number.
    pub row: u64,
    /// Its cells, as many as there are columns.
    pub cells: Vec<String>,
    /// What is wrong, each with its column, from 0, where it is one's.
    pub faults: Vec<(Option<usize>, Fault)>,
}

/// A row that changes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its number.
    pub row: u64,
    /// Whose it is, as the row has it.
    pub name: String,
    /// Their number, masked.
    pub masked: String,
    /// The last day, where the row names one.
    pub last_day: Option<String>,
    /// What changes.
    pub verdict: Verdict,
}

/// Somebody of whom nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Who.
    pub name: String,
    /// Their number, masked.
    pub masked: String,
    /// The wage declared last.
    pub wage: Option<Fen>,
}

/// Looks at an own draft. One that is handed in is told by the number it has as a declaration.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; what [`submit()`] refuses.
pub fn look(
    db: &Db,
    law: &Law,
    (secrets, login): (&Secrets, Option<&Login>),
    draft: i64,
    acting: Acting<'_>,
) -> Result<Result<Checked, DeclarationId>, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    let (draft, form) = whole::read(db, |tx| own(tx, secrets, employer, draft))?;
    let form = match (draft.declaration, form) {
        (Some(declaration), _) => return Ok(Err(declaration)),
        (None, Some(form)) => form,
        (None, None) => return Err(permit::Refusal::Unknown.into()),
    };
    let rules = Rules::of(law, draft.month)?;
    let desk = Desk {
        rules: &rules,
        secrets,
        districts: None,
        acting,
    };
    let mut gathered = Gathered::default();
    let mut outcome = submit::<Error>(
        db,
        desk,
        paper(&draft, &form),
        Mode::Check,
        &mut |each| form.lines(each),
        &mut |heard| {
            gathered.hear(&form, &heard);
            Ok(())
        },
    )?;
    outcome.recorded = None;
    let forgotten = named(db, secrets, &gathered.missing)?;
    Ok(Ok(Checked {
        seen: seen(&form),
        notes: form.notes(),
        columns: form.heading().columns.clone(),
        read: read(&form),
        outcome,
        faulty: gathered.faulty,
        doubts: gathered.doubts,
        changes: gathered.changes,
        forgotten,
        draft,
    }))
}

/// The columns that are read, from the left.
fn read(form: &Form) -> Vec<(usize, Item)> {
    let items = Item::ALL.into_iter();
    let mut read: Vec<(usize, Item)> = items
        .filter_map(|item| Some((form.heading().column(item)?, item)))
        .collect();
    read.sort_unstable();
    read
}

/// As which paper a draft is handed in.
pub(super) fn paper<'a>(draft: &'a Draft, form: &'a Form) -> Paper<'a> {
    Paper {
        name: &draft.name,
        hash: seen(form),
        heading: Some(form.heading()),
        employer: draft.employer,
        month: draft.month,
        coverage: draft.coverage,
    }
}

#[derive(Default)]
struct Gathered {
    faulty: Vec<Faulty>,
    doubts: Vec<Fault>,
    changes: Vec<Change>,
    missing: Vec<Missing>,
}

impl Gathered {
    fn hear(&mut self, form: &Form, heard: &Heard<'_>) {
        match *heard {
            Heard::Begin => *self = Gathered::default(),
            Heard::Decided {
                row,
                verdict,
                doubts,
            } => {
                let room = TOLD.saturating_sub(self.doubts.len());
                self.doubts.extend(doubts.iter().take(room).cloned());
                if self.changes.len() < TOLD {
                    self.changes.extend(change(form, row, verdict));
                }
            }
            Heard::Refused { row, texts, faults } => self.faulty.push(Faulty {
                row,
                cells: texts.to_vec(),
                faults: faults
                    .iter()
                    .map(|fault| {
                        let place = fault.place.as_ref();
                        let column = place.and_then(|place| form.heading().column_at(place));
                        (column, fault.clone())
                    })
                    .collect(),
            }),
            Heard::Missing(missing) => {
                if self.missing.len() < TOLD {
                    self.missing.push(missing.clone());
                }
            }
        }
    }
}

/// What a row changes; `None` where it changes nothing.
fn change(form: &Form, row: u64, verdict: &Verdict) -> Option<Change> {
    let cells = form.row(row)?;
    let text = |item| {
        let column = form.heading().column(item)?;
        let text = cells.get(column)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let last_day = text(Item::LastDay);
    if last_day.is_none() && matches!(verdict, Verdict::Unchanged { .. }) {
        return None;
    }
    let number = text(Item::Identity).and_then(|text| IdentityNumber::parse(&text).ok());
    Some(Change {
        row,
        name: text(Item::Name).unwrap_or_default(),
        masked: number.map_or_else(String::new, |number| number.masked().to_string()),
        last_day,
        verdict: verdict.clone(),
    })
}

fn named(db: &Db, secrets: &Secrets, missing: &[Missing]) -> Result<Vec<Forgotten>, Error> {
    whole::read(db, |tx| {
        let mut named = Vec::with_capacity(missing.len());
        for one in missing {
            let place = Place {
                table: "person",
                column: "name",
                person: one.person.number(),
            };
            let name = match people::person(tx, one.person)? {
                Some((_, cipher)) => secrets.open(place, &cipher)?,
                None => String::new(),
            };
            named.push(Forgotten {
                name,
                masked: one.masked.clone(),
                wage: one.wage,
            });
        }
        Ok(named)
    })
}

/// Rows with faults, under the names of their columns, as a file to be mended: a workbook, or CSV.
///
/// # Errors
///
/// `C0102` when it cannot be written; `N0603` when there are none.
pub fn to_mend(
    columns: &[String],
    rows: &[Faulty],
    is_book: bool,
    lang: Lang,
) -> Result<Vec<u8>, Error> {
    let broken = |error: std::io::Error| store::Error::Damaged {
        cause: format!("a temporary file cannot be used: {error}"),
    };
    let folder = tempfile::tempdir().map_err(broken)?;
    let name = if is_book { "mend.xlsx" } else { "mend.csv" };
    let mut file = ToMend::new(&folder.path().join(name), lang)?;
    let form = Form::under_names(columns).ok_or(permit::Refusal::Unknown)?;
    for faulty in rows {
        let faults = faulty.faults.iter().map(|(_, fault)| fault);
        file.line(form.heading(), (faulty.row, &faulty.cells), faults)?;
    }
    let path = file.finish()?.ok_or(permit::Refusal::Unknown)?;
    Ok(fs::read(path).map_err(broken)?)
}
