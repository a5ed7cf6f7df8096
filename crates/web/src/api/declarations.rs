//! Declarations: looked at, taken in, taken back; one employer's or many.

use super::answer::{done, state, value};
use super::caller::{Caller, Sent};
use super::shapes::{
    self, BulkDeclaration, BulkDeclared, BulkOutcome, BulkSent, Coverage, Declaration,
    DeclarationRow, DeclarationSent, Declarations, Declared, Record, TakenBack,
};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use city::declarations::{self as declared, DeclarationId};
use city::employers::EmployerId;
use measure::{Month, Words};
use office::Db;
use office::declare::Mode;
use office::permit::Refusal;
use office::programs::files::{self, DeclaredRow, Stop, Whose, sheet_of};

/// So many declarations may be sent at once.
const AT_ONCE: usize = 100;

/// The kinds of files that are taken.
pub(super) const KINDS: [(&str, &str); 2] = [
    ("text/csv", "csv"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
];

/// What was declared for a month.
pub(crate) async fn of_month(
    State(house): State<House>,
    Path((employer, month)): Path<(i64, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let month = read(&month)?;
    let kept = house
        .office(move |db| {
            let whose = EmployerId::new(employer).ok_or(Refusal::Unknown)?;
            files::declared(db, caller.login(), (whose, month), caller.looking()?)
        })
        .await?;
    let each = kept.iter().map(|kept| {
        let state = match kept.declaration.state {
            declared::State::Accepted => "accepted",
            declared::State::Superseded => "superseded",
            declared::State::Undone => "undone",
        };
        Declaration {
            declaration: kept.declaration.id.number(),
            state: state.to_owned(),
            rows: kept.lines,
            wages: kept.wages.to_string(),
            amends: kept.declaration.supersedes.map(DeclarationId::number),
            by: kept.by.login().to_owned(),
            at: kept.at.to_string(),
        }
    });
    let declarations = each.collect();
    Ok(state(&headers, &Declarations { declarations }))
}

/// What would a declaration change, and what is wrong with it? Nothing is recorded.
pub(crate) async fn check(
    State(house): State<House>,
    Path((employer, month)): Path<(i64, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let month = read(&month)?;
    let paper = Paper::of_rows(employer, month, sent.json()?).checked();
    let laws = house.clone();
    let declared = house
        .office(move |db| Ok(paper.hand_in(db, &laws, &caller)))
        .await??;
    Ok(value(StatusCode::OK, &declared))
}

/// Takes a declaration in.
pub(crate) async fn submit(
    State(house): State<House>,
    Path((employer, month)): Path<(i64, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let month = read(&month)?;
    let paper = Paper::of_rows(employer, month, sent.json()?);
    let laws = house.clone();
    done(&house, (caller, sent), move |db, caller, _| {
        recorded(paper.hand_in(db, &laws, caller)?)
    })
    .await
}

/// Takes a file in as a declaration.
pub(crate) async fn submit_file(
    State(house): State<House>,
    Path((employer, month)): Path<(i64, String)>,
    uri: Uri,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let month = read(&month)?;
    let (name, bytes) = sent.file(&KINDS)?;
    let coverage = match super::answer::number::<String>(&uri, "coverage")?.as_deref() {
        None | Some("whole") => Coverage::Whole,
        Some("part") => Coverage::Part,
        Some(_) => return Err(super::answer::unreadable("coverage")),
    };
    let mode = match super::answer::number::<String>(&uri, "record")?.as_deref() {
        None | Some("all") => Mode::RecordWhole,
        Some("good") => Mode::RecordGood,
        Some(_) => return Err(super::answer::unreadable("record")),
    };
    let paper = Paper {
        employer,
        month,
        coverage,
        mode,
        name,
        bytes,
    };
    let laws = house.clone();
    done(&house, (caller, sent), move |db, caller, _| {
        recorded(paper.hand_in(db, &laws, caller)?)
    })
    .await
}

/// Takes many declarations in, each for itself: what one is refused for keeps no other back.
pub(crate) async fn bulk(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked: BulkSent = sent.json()?;
    if AT_ONCE < asked.declarations.len() {
        return Err(Problem::other_shape().because(
            format!("一次至多 {AT_ONCE} 份"),
            format!("at most {AT_ONCE} at once"),
        ));
    }
    let months = asked.declarations.iter().map(|one| read(&one.month));
    let months = months.collect::<Result<Vec<Month>, Problem>>()?;
    let laws = house.clone();
    done(&house, (caller, sent), move |db, caller, _| {
        let each = asked.declarations.into_iter().zip(months);
        let outcomes = each.map(|(one, month)| one_of_many(db, &laws, caller, (one, month)));
        let outcomes = outcomes.collect::<Result<Vec<BulkDeclared>, Stop>>()?;
        Ok((StatusCode::OK, BulkOutcome { outcomes }))
    })
    .await
}

/// Takes one back.
pub(crate) async fn undo(
    State(house): State<House>,
    Path(declaration): Path<i64>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    done(&house, (caller, sent), move |db, caller, _| {
        let id = DeclarationId::new(declaration);
        let id = id.ok_or_else(|| office::Error::from(Refusal::Unknown))?;
        let (kept, left) = files::take_back(db, caller.login(), id, caller.acting())?;
        let numbers = |persons: &[city::people::PersonId]| {
            persons.iter().map(|person| person.number()).collect()
        };
        let taken = TakenBack {
            declaration,
            restored: kept.declaration.supersedes.map(DeclarationId::number),
            insurance_left: numbers(&left.insurance),
            work_left: numbers(&left.work),
        };
        Ok((StatusCode::OK, taken))
    })
    .await
}

/// A declaration as it was sent.
struct Paper {
    employer: i64,
    month: Month,
    coverage: Coverage,
    mode: Mode,
    name: String,
    bytes: Vec<u8>,
}

impl Paper {
    fn of_rows(employer: i64, month: Month, sent: DeclarationSent) -> Paper {
        let rows: Vec<DeclaredRow> = sent.rows.into_iter().map(row).collect();
        Paper {
            employer,
            month,
            coverage: sent.coverage,
            mode: match sent.record {
                Record::All => Mode::RecordWhole,
                Record::Good => Mode::RecordGood,
            },
            name: "api.csv".to_owned(),
            bytes: sheet_of(&rows),
        }
    }

    fn checked(self) -> Paper {
        Paper {
            mode: Mode::Check,
            ..self
        }
    }

    fn hand_in(&self, db: &Db, house: &House, caller: &Caller) -> Result<Declared, Stop> {
        let employer = EmployerId::new(self.employer);
        let whose = Whose {
            employer: employer.ok_or_else(|| office::Error::from(Refusal::Unknown))?,
            month: self.month,
            coverage: match self.coverage {
                Coverage::Whole => declared::Coverage::Whole,
                Coverage::Part => declared::Coverage::Part,
            },
        };
        let file = files::Sent {
            name: &self.name,
            bytes: &self.bytes,
        };
        let keys = house.settings.secrets.as_deref();
        let who = (caller.login(), keys);
        let asked = (whose, file, self.mode);
        let taken = files::declare(db, who, house.law(), asked, caller.acting())?;
        Ok(Declared::of(&taken))
    }
}

/// Recorded, or not for its faults.
fn recorded(declared: Declared) -> Result<(StatusCode, Declared), Stop> {
    let status = match declared.declaration {
        Some(_) => StatusCode::CREATED,
        None => StatusCode::OK,
    };
    Ok((status, declared))
}

fn one_of_many(
    db: &Db,
    house: &House,
    caller: &Caller,
    (one, month): (BulkDeclaration, Month),
) -> Result<BulkDeclared, Stop> {
    let (employer, named) = (one.employer, one.month);
    let sent = DeclarationSent {
        coverage: one.coverage,
        record: one.record,
        rows: one.rows,
    };
    match Paper::of_rows(employer, month, sent).hand_in(db, house, caller) {
        Ok(declared) => Ok(BulkDeclared {
            employer,
            month: named,
            declared: Some(declared),
            code: None,
            message: None,
        }),
        Err(stop) => {
            let problem = Problem::from(stop.clone());
            // What the database fails at fails for all: nothing is answered, and the whole may be sent again.
            if problem.is_ours() {
                return Err(stop);
            }
            Ok(BulkDeclared {
                employer,
                month: named,
                declared: None,
                code: Some(problem.code.to_owned()),
                message: Some(both(problem.what)),
            })
        }
    }
}

fn both(words: Words<String>) -> shapes::Both {
    shapes::Both {
        zh: words.zh,
        en: words.en,
    }
}

fn row(row: DeclarationRow) -> DeclaredRow {
    DeclaredRow {
        identity_number: row.identity_number,
        name: row.name,
        wage: row.wage,
        from: row.from.unwrap_or_default(),
        until: row.until.unwrap_or_default(),
        kind: row.kind.unwrap_or_default(),
        post: row.post.unwrap_or_default(),
    }
}

/// A month in an address.
pub(super) fn read(month: &str) -> Result<Month, Problem> {
    Month::parse(month).map_err(|_| super::answer::unreadable("month"))
}
