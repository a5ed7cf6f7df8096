//! The tables of this door, to take along.

use super::{bill, bills, payments, staff};
use crate::house::House;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

/// Gives a table of this door as a file.
pub(crate) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let (table, _) = name.rsplit_once('.').ok_or_else(Problem::no_page)?;
    match table.split_once('-') {
        None if table == "staff" => staff::taken_along(&house, &visitor, (&name, &uri)).await,
        None if table == "bills" => bills::taken_along(&house, &visitor, (&name, &uri)).await,
        None if table == "payments" => payments::taken_along(&house, &visitor, (&name, &uri)).await,
        Some(("bill", number)) => {
            let number = number.parse().map_err(|_| Problem::no_page())?;
            bill::taken_along(&house, &visitor, (&name, number)).await
        }
        _ => Err(Problem::no_page()),
    }
}
