//! How do the office's own numbers and kinds lie in a cell?
//!
//! As the whole numbers they are, or the bytes; a number that stands for nothing of its kind is not read.

use crate::value::{Cell, Read, Value};
use city::{
    collection::{
        AgreementId, AllocationId, ReceiptId, ReceiptState, RefundId, WriteOffId,
        write_offs::Ground,
    },
    corrections::CorrectionId,
    declarations::{DeclarationId, State},
    differences::Part,
    dues::BillId,
    employers::{EmployerId, IndustryClass, RateLevel},
    entries::EntryId,
    facts::{FactId, OriginKind},
    insurance::{Category, Scheme, Status},
    merge::{MergeId, requests::RequestId},
    people::{Blind, IdentifierKind, PersonId, Relation},
    places::District,
    runs::{RunId, RunKind, RunState},
    work::{Kind, Post},
};
use measure::Sex;

macro_rules! nouns {
    ($($noun:ty, $kind:literal, |$number:ident| $read:expr, |$it:ident| $write:expr;)*) => {$(
        impl Read for $noun {
            const KIND: &'static str = $kind;
            fn read(cell: Cell<'_>) -> Option<$noun> {
                let $number = Read::read(cell)?;
                $read
            }
        }

        impl From<$noun> for Value {
            fn from($it: $noun) -> Value {
                Value::from($write)
            }
        }
    )*};
}

nouns! {
    PersonId, "person", |number| PersonId::new(number), |it| it.number();
    EmployerId, "employer", |number| EmployerId::new(number), |it| it.number();
    FactId, "fact", |number| FactId::new(number), |it| it.number();
    RequestId, "request to merge", |number| RequestId::new(number), |it| it.number();
    MergeId, "merge", |number| MergeId::new(number), |it| it.number();
    RunId, "run", |number| RunId::new(number), |it| it.number();
    Part, "part of a difference", |code| Part::from_code(code), |it| it.code();
    BillId, "bill", |number| BillId::new(number), |it| it.number();
    EntryId, "entry", |number| EntryId::new(number), |it| it.number();
    CorrectionId, "correction", |number| CorrectionId::new(number), |it| it.number();
    ReceiptId, "receipt", |number| ReceiptId::new(number), |it| it.number();
    ReceiptState, "state of a receipt", |code| ReceiptState::from_code(code), |it| it.code();
    AllocationId, "allocation", |number| AllocationId::new(number), |it| it.number();
    AgreementId, "agreement", |number| AgreementId::new(number), |it| it.number();
    WriteOffId, "write-off", |number| WriteOffId::new(number), |it| it.number();
    Ground, "ground of a write-off", |code| Ground::from_code(code), |it| it.code();
    RefundId, "refund", |number| RefundId::new(number), |it| it.number();
    RunKind, "kind of run", |code| RunKind::from_code(code), |it| it.code();
    RunState, "state of a run", |code| RunState::from_code(code), |it| it.code();
    DeclarationId, "declaration", |number| DeclarationId::new(number), |it| it.number();
    District, "district", |number| District::new(number), |it| it.code();
    IndustryClass, "class of industry", |number| IndustryClass::new(number), |it| it.number();
    RateLevel, "level of rate", |code| RateLevel::from_code(code), |it| it.code();
    OriginKind, "kind of origin", |code| OriginKind::from_code(code), |it| it.code();
    IdentifierKind, "kind of identifier", |code| IdentifierKind::from_code(code), |it| it.code();
    Relation, "relation", |code| Relation::from_code(code), |it| it.code();
    Kind, "kind of employment", |code| Kind::from_code(code), |it| it.code();
    Post, "post", |code| Post::from_code(code), |it| it.code();
    Scheme, "scheme", |code| Scheme::from_code(code), |it| it.code();
    Category, "category", |code| Category::from_code(code), |it| it.code();
    Status, "status", |code| Status::from_code(code), |it| it.code();
    State, "state of a declaration", |code| State::from_code(code), |it| it.code();
    Blind, "blind index", |bytes| Some(Blind(bytes)), |it| it.0;
    Sex, "sex", |code| match code { 1_i16 => Some(Sex::Male), 2 => Some(Sex::Female), _ => None }, |it| match it {
        Sex::Male => 1_i16,
        Sex::Female => 2,
    };
}
