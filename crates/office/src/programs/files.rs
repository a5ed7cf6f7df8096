//! What does a program hand in?
//!
//! Files are read as everybody's are. Rows that come as JSON are written down as a sheet and read like one, so that a row has the
//! same faults however it was sent.

use super::Refusal;
use crate::acting::Acting;
use crate::collect::receive::{BankFile, Received, receive};
use crate::declare::submit::submit;
use crate::declare::undo::undo;
use crate::declare::{Desk, Heard, Mode, Outcome, Paper, Rules};
use crate::error::Error;
use crate::permit::{self, Action, Reach};
use crate::whole;
use city::collection::Receipt;
use city::declarations::{Coverage, DeclarationId, Missing};
use city::employers::EmployerId;
use city::logins::Login;
use city::places::District;
use exchange::bank::{self, Direction};
use exchange::sheets::{Options, Sheet};
use exchange::{Fault, Faults};
use ledger::Digest;
use measure::Month;
use rules::law::Law;
use std::io::Write as _;
use store::declarations::{self, Kept, Left};
use store::secrets::Secrets;
use store::{Db, Tx};
use tempfile::TempDir;

/// Why a file is not taken in.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// It is not read.
    File(exchange::Error),
    /// The office refuses.
    Office(Error),
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Office(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Office(error.into())
    }
}

/// A file that was sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// What it is called; its ending tells what it is.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Whose month is declared.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    /// The employer.
    pub employer: EmployerId,
    /// The month.
    pub month: Month,
    /// Whether it tells of the whole staff.
    pub coverage: Coverage,
}

/// A row of a declaration, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct DeclaredRow {
    /// The identity number.
    pub identity_number: String,
    /// The name.
    pub name: String,
    /// The monthly wage in yuan.
    pub wage: String,
    /// The first day of the employment.
    pub from: String,
    /// The last.
    pub until: String,
    /// The form of employment.
    pub kind: String,
    /// The kind of post.
    pub post: String,
}

/// What came of a declaration.
#[derive(Debug)]
pub struct Taken {
    /// In numbers.
    pub outcome: Outcome,
    /// The first faults, and how many there are.
    pub faults: (Vec<Fault>, u64),
    /// The first doubts.
    pub doubts: Vec<Fault>,
    /// The first of the staff no row spoke of.
    pub missing: Vec<Missing>,
}

/// So many faults are told one by one.
const TOLD: usize = 1_000;

/// Rows as a sheet.
#[must_use]
pub fn sheet_of(rows: &[DeclaredRow]) -> Vec<u8> {
    let mut text = String::from("identity-number,name,wage,from,until,kind,post\n");
    for row in rows {
        let cells = [
            &row.identity_number,
            &row.name,
            &row.wage,
            &row.from,
            &row.until,
            &row.kind,
            &row.post,
        ];
        let cells = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// Looks at a declaration, or takes it in.
///
/// # Errors
///
/// `N0601` to `N0603`, `N0907`; why the file is not read; what [`submit`] refuses.
pub fn declare(
    db: &Db,
    (login, secrets): (Option<&Login>, Option<&Secrets>),
    law: &Law,
    (whose, sent, mode): (Whose, Sent<'_>, Mode),
    acting: Acting<'_>,
) -> Result<Taken, Stop> {
    let districts = served(db, login, whose.employer)?;
    let secrets = secrets.ok_or(Error::from(Refusal::NoSecrets))?;
    let (_folder, path) = written(sent)?;
    let options = Options {
        name: Some(sent.name.to_owned()),
        ..Options::default()
    };
    let sheet = Sheet::open(&path, &options)?;
    let rules = Rules::of(law, whose.month)?;
    let desk = Desk {
        rules: &rules,
        secrets,
        districts: districts.as_deref(),
        acting,
    };
    let paper = Paper {
        name: sent.name,
        hash: Digest::of(sent.bytes),
        heading: Some(sheet.heading()),
        employer: whose.employer,
        month: whose.month,
        coverage: whose.coverage,
    };
    let (mut faults, mut found, mut doubted, mut missing) =
        (Vec::new(), 0_u64, Vec::new(), Vec::new());
    let outcome = submit::<Stop>(
        db,
        desk,
        paper,
        mode,
        &mut |each| sheet.lines(false, each),
        &mut |heard| {
            match heard {
                Heard::Begin => {
                    (faults, doubted, missing) = (Vec::new(), Vec::new(), Vec::new());
                    found = 0;
                }
                Heard::Decided { doubts, .. } => keep(&mut doubted, doubts),
                Heard::Refused { faults: some, .. } => {
                    found = found.saturating_add(u64::try_from(some.len()).unwrap_or(u64::MAX));
                    keep(&mut faults, some);
                }
                Heard::Missing(one) if missing.len() < TOLD => missing.push(one.clone()),
                Heard::Missing(_) => {}
            }
            Ok(())
        },
    )?;
    Ok(Taken {
        outcome,
        faults: (faults, found),
        doubts: doubted,
        missing,
    })
}

fn keep(kept: &mut Vec<Fault>, some: &[Fault]) {
    let room = TOLD.saturating_sub(kept.len());
    kept.extend(some.iter().take(room).cloned());
}

/// The districts for which a login may declare for an employer; `None` for all.
fn served(
    db: &Db,
    login: Option<&Login>,
    employer: EmployerId,
) -> Result<Option<Vec<District>>, Error> {
    let (login, reach) = permit::reach(login, Action::Declare)?;
    whole::read(db, |tx| {
        permit::employer(tx, Some(login), Action::Declare, employer)
    })?;
    Ok(match reach {
        Reach::Own | Reach::Nothing => None,
        Reach::District | Reach::City => login.district().map(|district| vec![district]),
    })
}

/// The declarations of an employer for a month.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn declared(
    db: &Db,
    login: Option<&Login>,
    (employer, month): (EmployerId, Month),
    acting: Acting<'_>,
) -> Result<Vec<Kept>, Error> {
    whole::look(db, |tx| {
        permit::employer(tx, login, Action::ReadDeclaration, employer)?;
        let subject = (store::audit::EMPLOYER, employer.number());
        acting.note(
            tx,
            Action::ReadDeclaration.word(),
            subject,
            &month.to_string(),
        )?;
        Ok(declarations::of_month(tx, employer, month)?)
    })
}

/// Takes a declaration back.
///
/// # Errors
///
/// `N0601` to `N0603`; what [`undo`] refuses.
pub fn take_back(
    db: &Db,
    login: Option<&Login>,
    id: DeclarationId,
    acting: Acting<'_>,
) -> Result<(Kept, Left), Error> {
    let employer = whole::read(db, |tx| of_whom(tx, login, id))?;
    let districts = served(db, login, employer)?;
    undo(db, id, districts.as_deref(), acting)
}

/// Whose a declaration is, for whom it may be taken back by; unknown to all others.
fn of_whom(tx: &mut Tx<'_>, login: Option<&Login>, id: DeclarationId) -> Result<EmployerId, Error> {
    permit::reach(login, Action::Declare)?;
    let kept = declarations::declaration(tx, id)?.ok_or(permit::Refusal::Unknown)?;
    let employer = kept.declaration.employer;
    permit::employer(tx, login, Action::Declare, employer)?;
    Ok(employer)
}

/// What came of a bank's file.
#[derive(Clone, Debug)]
pub struct Brought {
    /// What it brought.
    pub received: Received,
    /// How many entries were refused, and the first of their faults.
    pub refused: (u64, Vec<Fault>),
    /// How many went out and were not taken in.
    pub sent: u64,
}

/// Takes in a bank's file. It tells of the whole city's money, so it is for who keeps all of it.
///
/// # Errors
///
/// `N0601`, `N0602`; why the file is not read; what [`receive`] refuses.
pub fn bring(
    db: &Db,
    login: Option<&Login>,
    file: Sent<'_>,
    acting: Acting<'_>,
) -> Result<Brought, Stop> {
    permit::whole_city(login, Action::KeepReceipts).map_err(Error::from)?;
    let (_folder, path) = written(file)?;
    let bank_file = BankFile {
        name: file.name,
        hash: Digest::of(file.bytes),
    };
    let (mut refused, mut sent) = ((0, Vec::new()), 0);
    let mut source = |each: &mut dyn FnMut(&Receipt) -> Result<(), Stop>| {
        let mut faults = Faults::keeping(TOLD);
        sent = 0;
        let summary = bank::read(&path, file.name, &mut faults, |told| match told.direction {
            Direction::In => each(&receipt(told)),
            Direction::Out => {
                sent += 1;
                Ok::<(), Stop>(())
            }
        })?;
        refused = (summary.refused, faults.kept().to_vec());
        Ok(())
    };
    let received = receive(db, bank_file, &mut source, acting)?;
    Ok(Brought {
        received,
        refused,
        sent,
    })
}

/// A receipt as the office takes it.
fn receipt(told: bank::Receipt) -> Receipt {
    let lines = [told.remittance, told.structured, told.end_to_end];
    let remittance: Vec<String> = lines.into_iter().flatten().collect();
    Receipt {
        key: told.key,
        booked: told.booked,
        amount: told.amount,
        payer: told.payer.unwrap_or_default(),
        payer_code: None,
        account: told.payer_account,
        remittance: remittance.join(" "),
    }
}

/// Puts a file where it can be read; it is gone with the folder.
fn written(sent: Sent<'_>) -> Result<(TempDir, std::path::PathBuf), Error> {
    let put = || -> std::io::Result<_> {
        let folder = tempfile::tempdir()?;
        // Never by the name it was sent under, which leads wherever its sender likes.
        let path = folder.path().join("sent");
        std::fs::File::create(&path)?.write_all(sent.bytes)?;
        Ok((folder, path))
    };
    put().map_err(|error| {
        Error::Store(store::Error::Engine {
            cause: error.to_string(),
        })
    })
}
