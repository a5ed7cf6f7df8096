//! What if a figure of the law were another? Over a made-up city, open to all.
//!
//! One question at a time: which figure, its value and since when, what about; then who pays more and who gets less. All of it
//! stands in the address, `?with=employer-rate=15%&since=2025-07-01&ask=employer-due`, so a page follows from its address alone
//! and can be sent to somebody else. What was worked out is kept for a while ([`kept`]).

pub(crate) mod kept;
mod choose;
mod result;
mod words;
pub(crate) mod population;
mod sent;
mod wait;
mod sample;

pub(crate) use choose::ChoosePage;
pub(crate) use result::ResultPage;
pub(crate) use wait::WaitPage;

use super::Reading;
use crate::forms::Form;
use crate::house::House;
use crate::look::links::{encoded, pairs};
use crate::page::{Crumb, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::Visitor;
use crate::wall::Address;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use kept::Standing;
use measure::Day;
use office::whatif::{Asked, MOST_CHANGES, Outcome, Question, Refusal, usual_day};
use rules::amend::Change;
use rules::explain::Lang;
use std::sync::Arc;

/// So long may be a figure with its row and its value.
const LONGEST: usize = 200;

/// What an address asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The changes chosen already.
    with: Vec<Change>,
    since: Option<Day>,
    /// A day that is none.
    since_written: String,
    ask: Option<Question>,
    /// The figure being chosen, its row and its value.
    figure: String,
    row: String,
    value: Option<String>,
    /// What is looked for.
    q: String,
}

impl Said {
    fn read(uri: &Uri) -> Said {
        let query = uri.query().unwrap_or_default();
        let form = Form::read(query);
        let short = |name: &str| form.get(name).chars().take(LONGEST).collect::<String>();
        let with = pairs(query).into_iter().filter(|(key, _)| key == "with");
        let with = with.map(|(_, text)| {
            let text: String = text.chars().take(LONGEST).collect();
            Change {
                from: None,
                ..Change::read(&text)
            }
        });
        let since_written = short("since");
        Said {
            // One more than may be, so that too many are told and not passed over.
            with: with.take(MOST_CHANGES + 1).collect(),
            since: Day::parse(&since_written).ok(),
            since_written,
            ask: Question::read(form.get("ask")),
            figure: short("figure"),
            row: short("row"),
            value: form
                .all()
                .iter()
                .any(|(name, _)| name == "value")
                .then(|| short("value")),
            q: short("q"),
        }
    }

    /// The change that was just filled in.
    fn filled(&self) -> Option<Change> {
        let value = self.value.clone()?;
        Some(Change {
            figure: self.figure.clone(),
            keys: Some(self.row.clone()).filter(|row| !row.is_empty()),
            value,
            from: None,
        })
    }

    /// All changes, the one just filled in in place of one of the same figure before.
    fn all(&self) -> Vec<Change> {
        let mut all = self.with.clone();
        if let Some(new) = self.filled() {
            all.retain(|old| old.place() != new.place());
            all.push(new);
        }
        all
    }
}

/// The part of an address that says what is asked.
pub(super) fn query(changes: &[Change], since: Option<Day>, ask: Option<Question>) -> String {
    let mut parts: Vec<String> = changes
        .iter()
        .map(|change| format!("with={}", encoded(&change.written())))
        .collect();
    parts.extend(since.map(|since| format!("since={since}")));
    parts.extend(ask.map(|ask| format!("ask={}", ask.word())));
    parts.join("&")
}

/// The way to these pages.
fn trail(reading: &Reading, lang: Lang) -> Vec<Crumb> {
    reading.trail(lang)
}

fn to(reading: &Reading, query: &str) -> String {
    format!("{}/what-if?{query}", reading.base())
}

/// Shows what can be asked, or what came of it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Extension(Address(address)): Extension<Address>,
    Path(jurisdiction): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let said = Said::read(&uri);
    let law = reading.law();
    let usual = usual_day(law, visitor.today());
    let page =
        |said: Said, refusal: Option<Refusal>| ChoosePage::new(&reading, said, usual, refusal);
    let complete = said.since.is_some() && said.ask.is_some();
    if said.value.is_some() {
        if !complete {
            let page = page(said, None).with_faults();
            return Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor));
        }
        let asked = query(&said.all(), said.since, said.ask);
        return Ok(Redirect::to(&to(&reading, &asked)).into_response());
    }
    let (Some(since), Some(question)) = (said.since, said.ask) else {
        return Ok(shown(&page(said, None), &visitor));
    };
    if said.with.is_empty() || !said.figure.is_empty() {
        return Ok(shown(&page(said, None), &visitor));
    }
    let asked = Asked {
        jurisdiction,
        changes: said.with.clone(),
        since,
        question,
    };
    match house
        .tries
        .standing(&house, &address, asked.clone())
        .await?
    {
        Standing::Done(done) => match &*done {
            Ok(_) => {
                let page = ResultPage::new(reading, asked, done, result::Over::City);
                Ok(shown(&page, &visitor))
            }
            Err(refusal) => {
                let page = page(said, Some(refusal.clone()));
                Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
            }
        },
        Standing::UnderWay(done, of) => {
            let page = WaitPage {
                reading: reading.clone(),
                asked,
                done: (done, of),
            };
            let mut response = shown(&page, &visitor);
            let again = HeaderValue::from_static("2");
            response.headers_mut().insert(header::REFRESH, again);
            Ok(response)
        }
    }
}

/// Gives what came of it as a file, a row a district and band of wage.
pub(crate) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    Extension(Address(address)): Extension<Address>,
    Path((jurisdiction, name)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    if !matches!(name.as_str(), "what-if.csv" | "what-if.xlsx") {
        return Err(Problem::no_page());
    }
    Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let said = Said::read(&uri);
    let (Some(since), Some(question)) = (said.since, said.ask) else {
        return Err(Problem::unreadable());
    };
    let asked = Asked {
        jurisdiction,
        changes: said.with,
        since,
        question,
    };
    let done = house
        .tries
        .finished(&house, &address, asked.clone())
        .await?;
    match &*done {
        Ok(outcome) => result::file(&asked, outcome, (&name, false), visitor.lang),
        Err(refusal) => Err(told(refusal)),
    }
}

/// What was refused, as a problem.
fn told(refusal: &Refusal) -> Problem {
    use city::refusal::Refused as _;
    let said = refusal.said();
    let words = |said: city::refusal::Sentence| measure::Words::new(said.zh, said.en);
    Problem {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code: said.code,
        what: words(said.message),
        mend: words(said.remedy),
    }
}

/// What came of something, kept.
pub(crate) type Done = Arc<Result<Outcome, Refusal>>;
