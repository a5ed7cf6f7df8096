//! Listening, and going out gracefully.
//!
//! A second instance may listen on the same address before the first goes, so nobody finds the door locked. The first, told to
//! go, says at `/ready` that it is not, so a balancer sends nobody more; then it takes no new connection and finishes what it has
//! begun.

use crate::house::House;
use crate::routes::router;
use crate::wall::Peer;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tower::ServiceExt as _;

/// Where else to listen, and how to go.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// For whoever operates it: health, readiness, metrics.
    pub admin: Option<SocketAddr>,
    /// How long, once told to go, new requests are still taken while `/ready` says no.
    pub farewell: Duration,
    /// How long what was begun may take after that.
    pub patience: Duration,
}

/// Who has connected is taken at once; who is not there by then has not.
const AT_ONCE: Duration = Duration::from_millis(2);
/// How long a request takes to follow its connection.
const BREATH: Duration = Duration::from_millis(300);

/// Listens at an address that another instance may share.
///
/// # Errors
///
/// When it cannot be listened at.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(1_024)
}

/// A socket that somebody else has opened and keeps: who comes between two instances waits there for the next.
///
/// # Errors
///
/// When it cannot be listened at.
pub fn inherit(doors: std::net::TcpListener) -> io::Result<TcpListener> {
    doors.set_nonblocking(true)?;
    TcpListener::from_std(doors)
}

/// Serves at `doors` until told to go; `told` hears where operators are answered. Opens the doors when all is listened at.
///
/// # Errors
///
/// When an address cannot be listened at.
pub async fn serve(
    house: House,
    doors: TcpListener,
    at: Manner,
    told: impl FnOnce(Option<SocketAddr>),
    go: impl Future<Output = ()>,
) -> io::Result<()> {
    let admin = at.admin.map(listen).transpose()?;
    let admin_address = admin.as_ref().map(TcpListener::local_addr).transpose()?;
    let app = router(house.clone());
    let app = if admin.is_none() {
        app.merge(operating(house.clone()))
    } else {
        app
    };
    let admin = admin.map(|listener| {
        let service = operating(house.clone()).merge(metrics(house.clone()));
        tokio::spawn(async move { axum_serve(listener, service).await })
    });
    let telling = tokio::spawn(tell(house.clone()));
    let greeting = house.clone();
    tokio::spawn(async move { greeting.providers.greet(&greeting).await });
    house.open(true);
    told(admin_address);
    accept(doors, app, &house, at, go).await;
    telling.abort();
    if let Some(admin) = admin {
        admin.abort();
    }
    Ok(())
}

/// Tells programs what was done, as long as the house serves.
async fn tell(house: House) {
    loop {
        tokio::time::sleep(TELL_EVERY).await;
        // What the database says is in the log already; the next turn tries again.
        let _ = crate::api::told::tell(&house).await;
    }
}

/// How often it is looked whether there is something to tell.
const TELL_EVERY: Duration = Duration::from_secs(1);

async fn axum_serve(listener: TcpListener, service: Router) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(10));
            let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                service.clone().oneshot(request.map(Body::new))
            });
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn accept(
    listener: TcpListener,
    app: Router,
    house: &House,
    at: Manner,
    go: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let mut go = Box::pin(go);
    let mut last: Option<std::pin::Pin<Box<tokio::time::Sleep>>> = None;
    loop {
        let farewell = async {
            match last.as_mut() {
                Some(sleep) => sleep.await,
                None => std::future::pending().await,
            }
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut go, if house.is_open() => {
                house.open(false);
                last = Some(Box::pin(tokio::time::sleep(at.farewell)));
                continue;
            }
            () = farewell => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file handles, say: others may give some back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        attend((stream, peer), &app, house, &connections);
    }
    // Who has connected already and was not yet taken would be turned away by closing: they are taken first.
    while let Ok(Ok(last)) = tokio::time::timeout(AT_ONCE, listener.accept()).await {
        attend(last, &app, house, &connections);
    }
    drop(listener);
    // And those just taken get to say what they want before idle connections are closed.
    tokio::time::sleep(BREATH).await;
    let _ = tokio::time::timeout(at.patience, connections.shutdown()).await;
}

/// Serves a connection until it ends.
fn attend(
    (stream, peer): (TcpStream, SocketAddr),
    app: &Router,
    house: &House,
    connections: &GracefulShutdown,
) {
    let _ = stream.set_nodelay(true);
    let app = app.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        app.clone().oneshot(request.map(Body::new))
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(house.settings.head_patience);
    let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        let _ = connection.await;
    });
}

/// What a balancer and an orchestrator ask.
pub fn operating(house: House) -> Router {
    Router::new()
        .route("/health", get(async || "alive\n"))
        .route("/ready", get(ready))
        .with_state(house)
}

fn metrics(house: House) -> Router {
    let text = async |State(house): State<House>| house.counters.text();
    Router::new().route("/metrics", get(text)).with_state(house)
}

/// Whether requests may be sent here: the doors are open, the database answers, and it has the program's schema.
async fn ready(State(house): State<House>) -> (StatusCode, &'static str) {
    if !house.is_open() {
        return (StatusCode::SERVICE_UNAVAILABLE, "closing\n");
    }
    let checked = house.office(|db| Ok(db.check_schema()?)).await;
    match checked {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "no database\n"),
    }
}
