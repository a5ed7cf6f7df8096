//! Employers: which is meant, what the register knows, what they owe.

use super::answer::{Part, state, value};
use super::caller::{Caller, Sent};
use super::persons::day;
use super::shapes::{Bill, Bills, Employer, EmployerOwes, EmployerSought, FoundEmployer};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use city::employers::EmployerId;
use office::collect::owes::Owes;
use office::permit::Refusal;
use office::programs::records;

/// Which is meant.
pub(crate) async fn search(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked: EmployerSought = sent.json()?;
    let found = house
        .office(move |db| {
            let acting = caller.looking()?;
            records::find_employer(db, caller.login(), &asked.credit_code, acting)
        })
        .await?;
    let found = FoundEmployer {
        employer: found.map(EmployerId::number),
    };
    Ok(value(StatusCode::OK, &found))
}

/// What the register knows.
pub(crate) async fn record(
    State(house): State<House>,
    Path(employer): Path<i64>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = house
        .office(move |db| {
            let whose = EmployerId::new(employer).ok_or(Refusal::Unknown)?;
            records::employer(db, caller.login(), whose, caller.looking()?)
        })
        .await?;
    Ok(state(&headers, &Employer::of(&record)))
}

/// What is owed today and tomorrow.
pub(crate) async fn owed(
    State(house): State<House>,
    Path(employer): Path<i64>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let owes = owes(&house, employer, caller, &uri).await?;
    Ok(state(&headers, &EmployerOwes::of(employer, &owes)))
}

/// Bill by bill.
pub(crate) async fn bills(
    State(house): State<House>,
    Path(employer): Path<i64>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let part = Part::asked(&house, &uri)?;
    let owes = owes(&house, employer, caller, &uri).await?;
    let bills = owes.bills.iter().map(Bill::of).collect();
    let (bills, next) = part.of(&house, &uri, bills);
    Ok(state(&headers, &Bills { bills, next }))
}

async fn owes(house: &House, employer: i64, caller: Caller, uri: &Uri) -> Result<Owes, Problem> {
    let on = day(uri, "on")?.unwrap_or_else(|| house.today());
    let laws = house.clone();
    house
        .office(move |db| {
            let whose = EmployerId::new(employer).ok_or(Refusal::Unknown)?;
            let acting = caller.looking()?;
            records::owed(db, caller.login(), (laws.law(), whose, on), acting)
        })
        .await
}
