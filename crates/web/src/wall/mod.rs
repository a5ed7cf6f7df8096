//! What every request passes, in this order, before a handler sees it, and what every answer gets.
//!
//! 1. It asks for one of our own hosts.
//! 2. Its address does not come too often.
//! 3. What alters something comes from our own pages; a program brings its token with each request instead, and no cookie of its
//!    is looked at.
//! 4. Its session, or its token, is looked up.
//! 5. Its role does what the [route](crate::routes) needs.
//! 6. Whoever needs a passkey and came by a secret alone gets no further than to add one.
//! 7. Its form brings the session's token back.
//!
//! All of it within the time a request may take. Then problems are put into the reader's language, and the [headers] are set. One
//! line is logged: the number, the route as the table has it, the status and the time, and nothing that anybody typed.

pub mod limits;
pub mod headers;
pub mod origin;
pub mod proxies;

use crate::house::House;
use crate::page::shown;
use crate::problem::{Problem, ProblemPage};
use crate::routes::{Needs, Route};
use crate::visitor::{Visitor, cookie, hex, query};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::Limited;
use office::permit;
use office::programs::tokens;
use office::sign_in::Token;
use proxies::Proxies;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument as _, info_span};

/// From where a request comes, as the [server](crate::serve) saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Which route of the table a request met, for whoever stands around the house; `none` where it met none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met(pub String);

/// The name of the cookie that holds a session's token.
#[must_use]
pub fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-renshe" } else { "renshe" }
}

/// The name of the cookie that holds something begun in order to come in.
#[must_use]
pub fn attempt_cookie(secure: bool) -> &'static str {
    if secure {
        "__Host-renshe-attempt"
    } else {
        "renshe-attempt"
    }
}

/// The name of the cookie that holds the name of the house by whose word somebody last came in with this browser.
#[must_use]
pub fn vouched_cookie(secure: bool) -> &'static str {
    if secure {
        "__Host-renshe-by"
    } else {
        "renshe-by"
    }
}

/// Guards every route; see the [module](self).
#[expect(
    clippy::disallowed_methods,
    reason = "the log says how long a request took"
)]
pub async fn guard(State(house): State<House>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let number = number();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let mut visitor = Visitor::of(
        request.uri(),
        request.headers(),
        number.clone(),
        house.now(),
    );
    let machine = is_machine(request.uri().path(), request.headers());
    let asked_language = query(request.uri(), "lang").is_some();
    let patience = house.settings.patience;
    // What stands in an address is not told: it may be a name or a number of somebody.
    let span = info_span!(
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        http.request.method = %method,
        http.route = %route,
        http.response.status_code = Empty,
        request = %number,
    );
    let headers = request.headers();
    (house.settings.joined)(&span, &|name| {
        let said = headers.get(name)?.to_str();
        said.ok().map(str::to_owned)
    });
    let let_in = let_in(&house, &mut visitor, (request, &route), next).instrument(span.clone());
    let response = match tokio::time::timeout(patience, let_in).await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => Problem::too_slow().into_response(),
    };
    let mut response = told(response, &visitor, machine, &method);
    headers::put(&mut response, house.settings.secure);
    if asked_language {
        let kept = headers::keep("lang", visitor.lang.pick("zh", "en"), house.settings.secure);
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    if let Ok(number) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", number);
    }
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    house.counters.request(&route, status, micros);
    tracing::info!(request = %number, method = %method, route = %route, status, micros, "request");
    response.extensions_mut().insert(Met(route));
    response
}

async fn let_in(
    house: &House,
    visitor: &mut Visitor,
    (request, route): (Request, &str),
    next: Next,
) -> Result<Response, Problem> {
    origin::own_host(&request, &house.settings.hosts)?;
    let address = address(&request, &house.settings.proxies);
    if !house.limits.may_come(&address, house.now()) {
        return Err(Problem::too_many());
    }
    let alters = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let program = is_for_programs(request.uri().path());
    if alters && !program {
        origin::own_page(
            request.headers(),
            &house.settings.hosts,
            house.settings.secure,
        )?;
    }
    let known = house.counters.routes.get(route, request.method());
    if let Some(route) = known.filter(|route| route.knows_visitor) {
        if program {
            recognise(house, visitor, request.headers()).await?;
        } else {
            remember(house, visitor, request.headers()).await?;
        }
        let permitted = match (route.needs, program) {
            (Needs::Open, _) => Ok(()),
            (Needs::May(action), true) => tokens::permitted(visitor.client.as_ref(), action),
            (Needs::May(action), false) => permit::reach(visitor.login(), action)
                .map(drop)
                .map_err(office::Error::from),
        };
        if let Err(refusal) = permitted {
            return turned_away(refusal.into(), visitor, &request);
        }
        if let (Needs::May(action), Some(session)) = (route.needs, &visitor.session)
            && house.settings.sign_in.is_half(session)
            && !action.is_of_the_way_in()
        {
            return only_to_add_a_passkey(&request);
        }
    }
    // What no route takes is not read: the router says so.
    let mut request = if alters && known.is_some() {
        with_token(visitor, request, known).await?
    } else {
        request
    };
    request.extensions_mut().insert(Arc::new(visitor.clone()));
    request.extensions_mut().insert(Address(address));
    Ok(next.run(request).await)
}

/// From where a request comes, for limits: an address, of IPv6 its network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(pub String);

fn address(request: &Request, proxies: &Proxies) -> String {
    let peer = request.extensions().get::<Peer>();
    match peer.map(|Peer(peer)| proxies.client(*peer, request.headers())) {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        // A household has a network of these to itself.
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// Looks up who is signed in.
async fn remember(
    house: &House,
    visitor: &mut Visitor,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let name = session_cookie(house.settings.secure);
    let Some(token) = cookie(headers, name).and_then(Token::parse) else {
        return Ok(());
    };
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let asked = token.clone();
    visitor.session = house
        .office(move |db| office::sign_in::session(db, &asked, rules, now))
        .await?;
    visitor.token = visitor.session.is_some().then_some(token);
    Ok(())
}

/// Looks up the program that comes with a token.
async fn recognise(
    house: &House,
    visitor: &mut Visitor,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let said = headers.get(header::AUTHORIZATION);
    let said = said.and_then(|said| said.to_str().ok()).unwrap_or_default();
    let (scheme, token) = said.split_once(' ').unwrap_or_default();
    let token = Token::parse(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let Some(token) = token else {
        return Ok(());
    };
    let now = visitor.now;
    visitor.client = house
        .office(move |db| tokens::client(db, &token, now))
        .await?;
    Ok(())
}

/// Who only looked is sent to sign in and comes back; whoever sent something is told.
fn turned_away(
    problem: Problem,
    visitor: &Visitor,
    request: &Request,
) -> Result<Response, Problem> {
    let reads = *request.method() == Method::GET;
    let machine = is_machine(request.uri().path(), request.headers());
    if problem.status == StatusCode::UNAUTHORIZED && reads && !machine {
        let then = crate::look::links::encoded(&visitor.here);
        return Ok(Redirect::to(&format!("/sign-in?then={then}")).into_response());
    }
    Err(problem)
}

/// Who needs a passkey and came by a secret is sent to add one; whoever sent something is told.
fn only_to_add_a_passkey(request: &Request) -> Result<Response, Problem> {
    let machine = is_machine(request.uri().path(), request.headers());
    if *request.method() == Method::GET && !machine {
        return Ok(Redirect::to("/settings/passkeys").into_response());
    }
    Err(office::Error::from(office::sign_in::Refusal::NeedsPasskey).into())
}

/// Reads what was sent, as much as the route takes, or lets that much of it through, and compares the token in it with the session's.
async fn with_token(
    visitor: &Visitor,
    request: Request,
    route: Option<&Route>,
) -> Result<Request, Problem> {
    let most = route.map_or(0, |route| route.body);
    let streams = route.is_some_and(|route| route.streams);
    let (parts, body) = request.into_parts();
    let (body, text) = if streams {
        (Body::new(Limited::new(body, most)), Bytes::new())
    } else {
        let text = to_bytes(body, most)
            .await
            .map_err(|_| Problem::too_large())?;
        (Body::from(text.clone()), text)
    };
    let expected = visitor.csrf();
    if !expected.is_empty() {
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let given = if kind.starts_with("application/x-www-form-urlencoded") {
            let text = std::str::from_utf8(&text).unwrap_or_default();
            let pairs = crate::look::links::pairs(text).into_iter();
            let mut tokens = pairs.filter(|(key, _)| key == "csrf");
            tokens.next().map(|(_, value)| value)
        } else {
            // A file's form has it in its address, which is not logged.
            query(&parts.uri, "csrf")
        };
        if given.as_deref() != Some(&expected) {
            return Err(Problem::foreign_form());
        }
    }
    Ok(Request::from_parts(parts, body))
}

/// A problem in the reader's language, as a page or for a program.
fn told(response: Response, visitor: &Visitor, machine: bool, method: &Method) -> Response {
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // What the framework itself refuses.
        None => match response.status() {
            StatusCode::METHOD_NOT_ALLOWED => Problem::no_method(),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            status
                if status.is_client_error()
                    && !response.headers().contains_key("x-renshe-page") =>
            {
                Problem {
                    status,
                    ..Problem::unreadable()
                }
            }
            _ => return response,
        },
    };
    if machine {
        let allowed = response.headers().get(header::ALLOW).cloned();
        let mut answer = match visitor.here.starts_with("/registry/") {
            true => problem.errors(visitor.lang, &visitor.request, visitor.now),
            false => problem.json(visitor.lang, &visitor.request),
        };
        if let Some(allowed) = allowed {
            answer.headers_mut().insert(header::ALLOW, allowed);
        }
        return answer;
    }
    let status = problem.status;
    let mut page = shown(&ProblemPage(problem), visitor);
    *page.status_mut() = status;
    if *method == Method::HEAD {
        *page.body_mut() = Body::empty();
    }
    page
}

/// Whether a program asks rather than a browser.
fn is_machine(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    is_for_programs(path)
        || path.starts_with("/.well-known/")
        || accept.contains("json") && !accept.contains("text/html")
}

/// Whether it is a door for programs, which come with a token each time.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/registry/")
}

/// The number of a request, by chance: it says nothing of how many there were.
pub(crate) fn number() -> String {
    let mut bytes = [0; 8];
    // Without chance it is a number like any other; no secret hangs on it.
    let _ = getrandom::fill(&mut bytes);
    hex(&bytes)
}
