//! What would a draft change, and what is wrong with it?

use super::{Draft, own, seen};
use crate::acting::Acting;
use crate::declare::submit::submit;
use crate::declare::{Desk, Heard, Mode, Outcome, Paper, Rules};
use crate::employer::staff::name;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::declarations::{DeclarationId, Missing, Verdict};
use city::logins::Login;
use city::people::PersonId;
use exchange::sheets::{Form, Item, ToMend};
use exchange::{Fault, Note};
use ledger::Digest;
use measure::{Fen, IdentityNumber};
use rules::explain::Lang;
use rules::law::Law;
use std::collections::BTreeMap;
use std::fs;
use store::secrets::Secrets;
use store::{Db, declarations};

/// So many doubts are told one by one.
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
    /// What it changes, in the order of its rows.
    pub changes: Vec<Change>,
}

/// Who of the staff a draft does not speak of.
#[derive(Clone, Debug, PartialEq)]
pub struct Unnamed {
    /// The draft.
    pub draft: Draft,
    /// They, by their names.
    pub people: Vec<Forgotten>,
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
    with: (&Secrets, Option<&Login>),
    draft: i64,
    acting: Acting<'_>,
) -> Result<Result<Checked, DeclarationId>, Error> {
    let looked = match read(db, law, with, draft, acting)? {
        Ok(looked) => looked,
        Err(done) => return Ok(Err(done)),
    };
    let (form, gathered) = (looked.form, looked.gathered);
    Ok(Ok(Checked {
        seen: seen(&form),
        notes: form.notes(),
        columns: form.heading().columns.clone(),
        read: columns(&form),
        outcome: looked.outcome,
        faulty: gathered.faulty,
        doubts: gathered.doubts,
        changes: gathered.changes,
        draft: looked.draft,
    }))
}

/// Who of the staff an own draft does not speak of, as [`look`] counts them.
///
/// # Errors
///
/// As [`look`]; `S0302`, `S0303` when names do not open with these keys.
pub fn unnamed(
    db: &Db,
    law: &Law,
    (secrets, login): (&Secrets, Option<&Login>),
    draft: i64,
    acting: Acting<'_>,
) -> Result<Result<Unnamed, DeclarationId>, Error> {
    let looked = match read(db, law, (secrets, login), draft, acting)? {
        Ok(looked) => looked,
        Err(done) => return Ok(Err(done)),
    };
    let mut people = named(db, secrets, &looked.draft, looked.gathered.missing)?;
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Ok(Unnamed {
        draft: looked.draft,
        people,
    }))
}

/// A draft that was looked at.
struct Looked {
    draft: Draft,
    form: Form,
    outcome: Outcome,
    gathered: Gathered,
}

/// Reads an own draft as it would be recorded.
fn read(
    db: &Db,
    law: &Law,
    (secrets, login): (&Secrets, Option<&Login>),
    draft: i64,
    acting: Acting<'_>,
) -> Result<Result<Looked, DeclarationId>, Error> {
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
    Ok(Ok(Looked {
        draft,
        form,
        outcome,
        gathered,
    }))
}

/// The columns that are read, from the left.
fn columns(form: &Form) -> Vec<(usize, Item)> {
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
                self.changes.extend(change(form, row, verdict));
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
            Heard::Missing(missing) => self.missing.push(missing.clone()),
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

/// What those are called of whom nothing is said: the staff as it was read a moment ago.
fn named(
    db: &Db,
    secrets: &Secrets,
    draft: &Draft,
    missing: Vec<Missing>,
) -> Result<Vec<Forgotten>, Error> {
    let persons: Vec<PersonId> = missing.iter().map(|one| one.person).collect();
    let mut names = BTreeMap::new();
    whole::read(db, |tx| {
        declarations::staff_among(tx, draft.employer, draft.month, &persons, |member| {
            let person = member.person;
            let name = name(secrets, person.number(), &member.name_cipher)?;
            names.insert(person, name);
            Ok::<(), store::Error>(())
        })?;
        Ok(())
    })?;
    let forgotten = missing.into_iter().map(|one| Forgotten {
        name: names.remove(&one.person).unwrap_or_default(),
        masked: one.masked,
        wage: one.wage,
    });
    Ok(forgotten.collect())
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
