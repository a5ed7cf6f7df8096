//! Tables to take along.

use crate::problem::Problem;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use office::tables::{Written, csv, xlsx};

/// A file for the browser to keep, under a plain name of ours.
pub(crate) fn download(name: &str, is_book: bool, bytes: Vec<u8>) -> Response {
    let kind = if is_book {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else {
        "text/csv; charset=utf-8"
    };
    let plain = name
        .chars()
        .filter(|sign| sign.is_ascii_alphanumeric() || "-._".contains(*sign));
    let said = format!("attachment; filename=\"{}\"", plain.collect::<String>());
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(said) = HeaderValue::from_str(&said) {
        headers.insert(header::CONTENT_DISPOSITION, said);
    }
    response
}

/// A table in one of the two forms, by the ending of its name.
///
/// # Errors
///
/// `H0101` for another ending; what the writing of it says.
pub(crate) fn written(
    name: &str,
    head: &[&str],
    rows: &[Vec<Written>],
) -> Result<Response, Problem> {
    let (bytes, is_book) = match name.rsplit_once('.') {
        Some((sheet, "xlsx")) => {
            // A sheet's name has no more letters.
            let sheet: String = sheet.chars().take(31).collect();
            (xlsx(&sheet, head, rows), true)
        }
        Some((_, "csv")) => (csv(head, rows), false),
        _ => return Err(Problem::no_page()),
    };
    let bytes = bytes.map_err(|error| Problem::from(office::Error::from(error)))?;
    Ok(download(name, is_book, bytes))
}

/// The links to both forms of a table.
pub(crate) fn links(path: &str, query: &str, lang: rules::explain::Lang) -> maud::Markup {
    maud::html! {
        p class="quiet" {
            (lang.pick("下载：", "Download: "))
            a href=(format!("{path}.xlsx{query}")) { "XLSX" } " · " a href=(format!("{path}.csv{query}")) { "CSV" }
        }
    }
}
