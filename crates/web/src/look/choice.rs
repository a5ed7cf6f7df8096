//! Light or dark, and large type: chosen by a button, kept in a cookie.

use crate::house::House;
use crate::look::links::pairs;
use crate::visitor::Scheme;
use crate::wall::headers::keep;
use crate::wall::origin::own_path;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect};

/// Keeps what was chosen and goes back.
pub async fn choose(State(house): State<House>, form: String) -> impl IntoResponse {
    let secure = house.settings.secure;
    let (mut cookies, mut then) = (Vec::new(), "/".to_owned());
    for (key, value) in pairs(&form) {
        match key.as_str() {
            "scheme" => cookies.push(keep("scheme", Scheme::read(&value).word(), secure)),
            "type" => {
                let kept = if value == "large" { "large" } else { "usual" };
                cookies.push(keep("type", kept, secure));
            }
            "then" => then = value,
            _ => {}
        }
    }
    let cookies = cookies.into_iter().map(|kept| (header::SET_COOKIE, kept));
    let cookies: Vec<_> = cookies.collect();
    (AppendHeaders(cookies), Redirect::to(own_path(&then)))
}
