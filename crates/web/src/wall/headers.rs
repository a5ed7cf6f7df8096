//! What every answer tells the browser: trust nothing but what comes from here, keep nothing, show us in nobody's frame.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// No style or script but our two files, which ask nobody but us; no frames, forms only to ourselves.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
];

/// Sets them. What does not say itself how long it may be kept is not kept at all.
pub fn put(response: &mut Response, secure: bool) {
    let headers = response.headers_mut();
    headers.remove("x-renshe-page");
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// A cookie that keeps how somebody likes to read, for a year.
#[must_use]
pub fn keep(name: &str, value: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    cookie(format!(
        "{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// The cookie that holds a session's token, until the browser is closed.
#[must_use]
pub fn session(name: &str, token: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    cookie(format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// A cookie that holds something for the ten minutes in which somebody comes in.
#[must_use]
pub fn for_minutes(name: &str, token: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    cookie(format!(
        "{name}={token}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// Takes that cookie away.
#[must_use]
pub fn no_session(name: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    cookie(format!(
        "{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"
    ))
}

fn cookie(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}
