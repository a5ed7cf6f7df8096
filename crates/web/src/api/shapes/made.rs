//! What goes out, made of what the office says.

use super::{
    Account, AccountLine, Bill, Both, Declared, Employer, EmployerOwes, Fault, Identifier, Known,
    MonthPaid, MonthReview, MonthRun, NotNamed, Owed, Participation, Person, Receipts,
    Registration, Residence, SchemeTotal,
};
use crate::api::jobs::both;
use city::collection::{Owed as OwedNow, reference};
use city::declarations::{DeclarationId, Intake};
use city::dues::Sum;
use city::facts::{Fact, FactId, Origin, OriginKind};
use city::insurance::{Category, Scheme, Status};
use city::people::IdentifierKind;
use city::runs::{Run, RunKind, RunState};
use measure::{Fen, IdentityNumber, Sex};
use office::account::months::OwedMonth;
use office::account::statement::{Line, Passbook, What};
use office::collect::owes::{OpenBill, Owes};
use office::declare::Books;
use office::month::review::Review;
use office::programs::files::{Brought, Taken};
use office::programs::records::{EmployerRecord, PersonRecord};
use rules::explain::Lang;

fn yuan(fen: Fen) -> String {
    fen.to_string()
}

/// A sum that may be beyond one amount, in yuan.
fn yuan_of(fen: i128) -> String {
    let (sign, fen) = if fen < 0 {
        ("-", fen.unsigned_abs())
    } else {
        ("", fen.unsigned_abs())
    };
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// The word of a scheme.
#[must_use]
pub fn scheme(scheme: Scheme) -> String {
    scheme.in_law().to_owned()
}

fn category(category: Category) -> String {
    let word = match category {
        Category::Employee => "employee",
        Category::Individual => "individual",
        Category::Resident => "resident",
    };
    word.to_owned()
}

fn status(status: Status) -> String {
    let word = match status {
        Status::Active => "active",
        Status::Paused => "paused",
        Status::Ended => "ended",
        Status::Transferred => "transferred",
    };
    word.to_owned()
}

fn origin(origin: Origin) -> (String, i64) {
    let word = match origin.kind {
        OriginKind::Declaration => "declaration",
        OriginKind::Case => "case",
        OriginKind::Exchange => "exchange",
        OriginKind::Import => "import",
        OriginKind::Correction => "correction",
        OriginKind::Synthetic => "synthetic",
    };
    (word.to_owned(), origin.id)
}

/// The word of a kind of run.
#[must_use]
pub fn kind(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Assessment => "assessment",
        RunKind::Crediting => "crediting",
        RunKind::Interest => "interest",
        RunKind::Difference => "difference",
        RunKind::ResidentInterest => "resident-interest",
    }
}

/// The kind of run of a word.
#[must_use]
pub fn kind_of(word: &str) -> Option<RunKind> {
    RunKind::ALL.iter().copied().find(|one| kind(*one) == word)
}

fn known<T>(fact: &Fact<T>) -> Known {
    let (origin, origin_number) = origin(fact.origin);
    Known {
        valid_from: fact.valid.first().to_string(),
        valid_until: fact.valid.until().map(|day| day.to_string()),
        recorded: fact.recorded.to_string(),
        superseded: fact.superseded.map(|at| at.to_string()),
        origin,
        origin_number,
    }
}

impl Person {
    pub(crate) fn of(record: &PersonRecord) -> Person {
        let numbers = record.numbers.iter();
        let residence = record.residence.iter();
        let insured = record.insured.iter();
        Person {
            person: record.person.id.number(),
            name: record.name.clone(),
            sex: sex(record.person.sex).to_owned(),
            born: record.person.born.to_string(),
            identifiers: numbers
                .map(|(kind, number)| Identifier {
                    kind: identifier(*kind).to_owned(),
                    masked: number.as_deref().map(masked),
                })
                .collect(),
            residence: residence
                .map(|(_, fact)| Residence {
                    district: fact.value.code(),
                    known: known(fact),
                })
                .collect(),
            participations: insured.map(Participation::of).collect(),
        }
    }
}

/// The word of a sex.
#[must_use]
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

fn identifier(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::ResidentIdentity => "resident-identity",
        IdentifierKind::SocialCard => "social-card",
        IdentifierKind::Passport => "passport",
        IdentifierKind::HongKongMacau => "hong-kong-macau",
        IdentifierKind::Taiwan => "taiwan",
        IdentifierKind::PermanentResidence => "permanent-residence",
        IdentifierKind::Former => "former",
    }
}

/// A number as its owner knows it again.
fn masked(number: &str) -> String {
    match IdentityNumber::parse(number) {
        Ok(number) => number.masked().to_string(),
        Err(_) => number.chars().take(2).chain("***".chars()).collect(),
    }
}

impl Participation {
    fn of((_, fact): &(FactId, Fact<city::insurance::Participation>)) -> Participation {
        let (slot, value) = (fact.value.slot, &fact.value);
        Participation {
            scheme: scheme(slot.scheme()),
            category: category(slot.category()),
            employer: slot.employer().map(city::employers::EmployerId::number),
            district: value.district.code(),
            status: status(value.status),
            declared: value.declared.map(yuan),
            known: known(fact),
        }
    }
}

impl MonthPaid {
    pub(crate) fn of(owed: &OwedMonth) -> MonthPaid {
        let due = &owed.due;
        MonthPaid {
            month: owed.month.to_string(),
            scheme: scheme(due.scheme),
            category: category(due.category),
            employer: due.employer.map(city::employers::EmployerId::number),
            employer_name: owed.employer.clone(),
            district: due.district.code(),
            base: yuan(due.base),
            employer_due: yuan(due.employer_due),
            person_due: yuan(due.person_due),
            credit: yuan(due.credit),
            whole: owed.is_whole,
            paid: owed.paid.map(|day| day.to_string()),
        }
    }
}

impl Account {
    pub(crate) fn of(book: &Passbook) -> Account {
        Account {
            scheme: scheme(book.scheme),
            months: book.months,
            credited: yuan(book.credited),
            interest: yuan(book.interest),
            balance: yuan(book.balance),
            lines: book.lines.iter().map(AccountLine::of).collect(),
        }
    }
}

impl AccountLine {
    fn of(line: &Line) -> AccountLine {
        let (what, period) = match &line.what {
            What::Credit { month, .. } => ("credit", Some(month.to_string())),
            What::Part { month, .. } => ("part", Some(month.to_string())),
            What::Entry { .. } => ("entry", None),
            What::Interest { year, .. } => ("interest", Some(year.to_string())),
        };
        let opens = line.rules().last();
        AccountLine {
            on: line.on.to_string(),
            amount: yuan(line.amount),
            what: what.to_owned(),
            period,
            rule: opens.map(|opens| opens.rule.to_owned()),
            law: opens.map(|opens| opens.law.clone()),
        }
    }
}

impl Employer {
    pub(crate) fn of(record: &EmployerRecord) -> Employer {
        let registered = record.registered.iter();
        Employer {
            employer: record.employer.id.number(),
            credit_code: record.employer.credit_code.as_str().to_owned(),
            name: record.employer.name.clone(),
            registrations: registered
                .map(|(_, fact)| Registration {
                    district: fact.value.district.code(),
                    industry: fact.value.industry_class.in_law(),
                    rate_level: fact.value.rate_level.in_law().to_owned(),
                    known: known(fact),
                })
                .collect(),
        }
    }
}

impl EmployerOwes {
    pub(crate) fn of(employer: i64, owes: &Owes) -> EmployerOwes {
        let sum = |owed: &OwedNow| Owed {
            on: owed.on.to_string(),
            principal: yuan(owed.principal),
            fee: yuan(owed.fee),
        };
        EmployerOwes {
            employer,
            today: sum(&owes.outlook.today),
            tomorrow: sum(&owes.outlook.tomorrow),
            held: yuan(owes.held),
        }
    }
}

impl Bill {
    pub(crate) fn of(open: &OpenBill) -> Bill {
        Bill {
            bill: open.bill.id.number(),
            reference: reference(open.bill.id),
            month: open.bill.month.to_string(),
            scheme: scheme(open.bill.scheme),
            district: open.bill.district.code(),
            due: open.today.due.to_string(),
            days_late: open.today.days_late,
            principal: yuan(open.today.principal),
            fee: yuan(open.today.fee),
            fee_tomorrow: yuan(open.fee_tomorrow),
        }
    }
}

macro_rules! fault {
    ($fault:expr) => {{
        let fault = $fault;
        Fault {
            row: fault.row,
            column: fault.place.as_ref().map(|place| place.name.clone()),
            value: fault.value.clone(),
            code: fault.code.to_owned(),
            reason: Both {
                zh: fault.reason.zh.clone(),
                en: fault.reason.en.clone(),
            },
            remedy: Both {
                zh: fault.remedy.zh.clone(),
                en: fault.remedy.en.clone(),
            },
        }
    }};
}

impl Declared {
    pub(crate) fn of(taken: &Taken) -> Declared {
        let (outcome, tally) = (&taken.outcome, taken.outcome.tally);
        let amends = match outcome.intake {
            Intake::First => None,
            Intake::Amends(earlier) => Some(earlier),
            Intake::Late { amends } => amends,
        };
        let books = match outcome.books {
            Books::Open => "open",
            Books::Assessed => "assessed",
            Books::Published => "published",
            Books::Sealed => "sealed",
        };
        let missing = taken.missing.iter();
        Declared {
            declaration: outcome.recorded.map(DeclarationId::number),
            amends: amends.map(DeclarationId::number),
            books: books.to_owned(),
            rows: tally.rows,
            unchanged: tally.unchanged,
            changed: tally.changed,
            resumed: outcome.resumed,
            enrolled: tally.enrolled,
            registered: outcome.registered,
            ended: tally.ended,
            faulty: tally.faulty,
            wages: yuan(tally.wages),
            faults_found: taken.faults.1,
            faults: taken.faults.0.iter().map(|fault| fault!(fault)).collect(),
            doubts: taken.doubts.iter().map(|fault| fault!(fault)).collect(),
            missing: outcome.missing,
            not_named: missing
                .map(|one| NotNamed {
                    person: one.person.number(),
                    masked: one.masked.clone(),
                    wage: one.wage.map(yuan),
                })
                .collect(),
        }
    }
}

impl Receipts {
    pub(crate) fn of(brought: &Brought) -> Receipts {
        let received = &brought.received;
        let (refused, faults) = &brought.refused;
        Receipts {
            batch: received.batch,
            again: received.again,
            receipts: received.receipts,
            known: received.known,
            amount: yuan(received.amount),
            refused: *refused,
            sent: brought.sent,
            faults: faults.iter().map(|fault| fault!(fault)).collect(),
        }
    }
}

impl MonthRun {
    pub(crate) fn of(run: &Run) -> MonthRun {
        let state = match run.state {
            RunState::Open => "open",
            RunState::Computing => "computing",
            RunState::Computed => "computed",
            RunState::Approved => "approved",
            RunState::Published => "published",
            RunState::Closed => "closed",
            RunState::Discarded => "discarded",
        };
        MonthRun {
            run: run.id.number(),
            kind: kind(run.kind).to_owned(),
            month: run.month.to_string(),
            state: state.to_owned(),
            law: run.law.clone(),
            made_by: run.made_by.clone(),
            approved_by: run.approved_by.clone(),
            content: run.content.map(|content| content.to_string()),
        }
    }
}

impl MonthReview {
    pub(crate) fn of(review: &Review) -> MonthReview {
        let total = |(of, district, sum): (Scheme, city::places::District, &Sum)| SchemeTotal {
            scheme: scheme(of),
            district: district.code(),
            lines: sum.lines,
            base: yuan_of(sum.base),
            employer_due: yuan_of(sum.employer_due),
            person_due: yuan_of(sum.person_due),
            credit: yuan_of(sum.credit),
        };
        let before = review.before.as_ref();
        MonthReview {
            run: MonthRun::of(&review.run),
            totals: review.totals.rows().map(total).collect(),
            without_result: review.refused,
            before: before.map(|(run, _)| MonthRun::of(run)),
            totals_before: before
                .map_or_else(Vec::new, |(_, totals)| totals.rows().map(total).collect()),
        }
    }
}

/// What is said of the code of a refusal, in both languages.
#[must_use]
pub fn message(error: &office::Error) -> Both {
    both(|lang: Lang| error.message(lang))
}
