//! Does a request mean us, and does it come from one of our own pages?

use crate::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderMap, header};

/// Whether a request asks for one of our hosts.
///
/// # Errors
///
/// `H0201` when not.
pub fn own_host(request: &Request, hosts: &[String]) -> Result<(), Problem> {
    let mut said = request.headers().get_all(header::HOST).into_iter();
    let asked = match (said.next(), said.next()) {
        (Some(host), None) => host.to_str().ok(),
        (None, None) => request
            .uri()
            .authority()
            .map(axum::http::uri::Authority::as_str),
        _ => None,
    };
    let own = asked.is_some_and(|asked| hosts.iter().any(|host| host.eq_ignore_ascii_case(asked)));
    if own {
        Ok(())
    } else {
        Err(Problem::other_host())
    }
}

/// Whether what alters something was sent from one of our own pages. Every browser says so in one header or the other; who says
/// neither is no browser with a page of ours.
///
/// # Errors
///
/// `H0202` when not.
pub fn own_page(headers: &HeaderMap, hosts: &[String], secure: bool) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    let origin = text("origin");
    let own_origin = origin.map(|origin| {
        let scheme = if secure { "https://" } else { "http://" };
        let host = origin.strip_prefix(scheme).unwrap_or_default();
        hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    });
    let own = match (site, own_origin) {
        (Some("same-origin"), None | Some(true)) | (None, Some(true)) => true,
        (Some(_) | None, Some(_) | None) => false,
    };
    if own {
        Ok(())
    } else {
        Err(Problem::foreign_form())
    }
}

/// A path of our own to go on to; the first page for anything else.
#[must_use]
pub fn own_path(asked: &str) -> &str {
    let plain = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked
            .bytes()
            .any(|byte| byte == b'\\' || byte.is_ascii_control() || !byte.is_ascii());
    if plain { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_on_to() {
        for own in ["/", "/me", "/law/cn/x?on=2025-01-01#a"] {
            assert_eq!(own_path(own), own);
        }
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "/a\r\nset-cookie: a=b",
        ] {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
    }
}
