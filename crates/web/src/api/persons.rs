//! Persons: who is meant, what the register knows, what was paid, what stands in the accounts.

use super::answer::{Part, number, state, value};
use super::caller::{Caller, Sent};
use super::shapes::{
    Account, Accounts, Found, FoundPersons, MonthPaid, MonthsPaid, Person, WhoAll,
};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use city::people::PersonId;
use measure::Day;
use office::account::months::{Lifetime, lifetime};
use office::permit::Refusal;
use office::programs::records::{self, Sought};

/// So many may be looked for at once.
const AT_ONCE: usize = 100;

/// Who is meant.
pub(crate) async fn search(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked: WhoAll = sent.json()?;
    if AT_ONCE < asked.sought.len() {
        return Err(Problem::other_shape().because(
            format!("一次至多查找 {AT_ONCE} 人"),
            format!("at most {AT_ONCE} at once"),
        ));
    }
    let keys = house.settings.secrets.clone();
    let found = house
        .office(move |db| {
            let acting = caller.looking()?;
            let who = (caller.login(), keys.as_deref());
            let each = asked.sought.iter().map(|one| {
                let sought = match (&one.identity_number, one.person.and_then(PersonId::new)) {
                    (Some(text), None) => Some(Sought::Identity(text)),
                    (None, Some(person)) => Some(Sought::Number(person)),
                    _ => None,
                };
                let found = sought.map(|sought| records::find(db, who, sought, acting));
                let person = found.transpose()?.flatten();
                Ok(Found {
                    person: person.map(PersonId::number),
                })
            });
            each.collect::<Result<Vec<Found>, office::Error>>()
        })
        .await?;
    Ok(value(StatusCode::OK, &FoundPersons { found }))
}

/// What the register knows.
pub(crate) async fn record(
    State(house): State<House>,
    Path(person): Path<i64>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let keys = house.settings.secrets.clone();
    let record = house
        .office(move |db| {
            let whose = PersonId::new(person).ok_or(Refusal::Unknown)?;
            records::person(
                db,
                (caller.login(), keys.as_deref()),
                whose,
                caller.looking()?,
            )
        })
        .await?;
    Ok(state(&headers, &Person::of(&record)))
}

/// What was paid, month by month.
pub(crate) async fn months(
    State(house): State<House>,
    Path(person): Path<i64>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let part = Part::asked(&house, &uri)?;
    let of = known(&house, person, caller, &uri).await?;
    let months = of.months.iter().map(MonthPaid::of).collect();
    let (months, next) = part.of(&house, &uri, months);
    Ok(state(&headers, &MonthsPaid { months, next }))
}

/// What stands in the accounts.
pub(crate) async fn account(
    State(house): State<House>,
    Path(person): Path<i64>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = known(&house, person, caller, &uri).await?;
    let accounts = Accounts {
        person: of.person.number(),
        as_of: of.as_of.to_string(),
        accounts: of.accounts.iter().map(Account::of).collect(),
    };
    Ok(state(&headers, &accounts))
}

async fn known(house: &House, person: i64, caller: Caller, uri: &Uri) -> Result<Lifetime, Problem> {
    let as_of = day(uri, "as_of")?.unwrap_or_else(|| house.today());
    house
        .office(move |db| {
            let whose = PersonId::new(person).ok_or(Refusal::Unknown)?;
            lifetime(db, (caller.login(), whose), as_of, caller.looking()?)
        })
        .await
}

/// A parameter that is a day.
pub(super) fn day(uri: &Uri, name: &str) -> Result<Option<Day>, Problem> {
    let given: Option<String> = number(uri, name)?;
    let day = given.map(|text| Day::parse(&text)).transpose();
    day.map_err(|_| super::answer::unreadable(name))
}
