//! Calling out: one client for messages to programs and for the houses whose word lets in.
//!
//! It speaks to `https://` over TLS of its own, by the authorities browsers know and those the configuration names, and to
//! `http://` plainly. Through a proxy, where one is named, it asks for plain addresses and tunnels to the others (RFC 9110, CONNECT),
//! so that a proxy reads nothing that is meant for somebody else. It follows no redirect, takes no more bytes than its caller
//! says, and waits no longer than [`PATIENCE`].

pub use ::openid::Unanswered;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// So long the other side may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Authorities that are believed besides the usual ones.
#[derive(Clone, Debug, Default)]
pub struct Roots(Vec<CertificateDer<'static>>);

impl Roots {
    /// Those of a file in PEM; `None` when it has none, or one that cannot be read.
    #[must_use]
    pub fn read(pem: &[u8]) -> Option<Roots> {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let all = all.ok().filter(|all| !all.is_empty())?;
        let mut tried = RootCertStore::empty();
        all.iter()
            .all(|one| tried.add(one.clone()).is_ok())
            .then_some(Roots(all))
    }
}

/// The client.
pub struct Outgoing {
    through: Option<String>,
    tls: TlsConnector,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outgoing").field(&self.through).finish()
    }
}

const UNREADABLE: Unanswered = Unanswered("the address cannot be read");
const UNREACHED: Unanswered = Unanswered("it cannot be reached");
const NOT_ITSELF: Unanswered = Unanswered("it did not show that it is itself");
const SILENT: Unanswered = Unanswered("it gave no answer");
const TOO_MUCH: Unanswered = Unanswered("it answered too much, or not to the end");
const TOO_SLOW: Unanswered = Unanswered("it took too long");

impl Outgoing {
    /// A client that goes through a proxy (`host:port`), if one is named, and believes these authorities too.
    ///
    /// # Panics
    ///
    /// Never: the ciphers have the usual versions of TLS, and [`Roots::read`] has tried each authority.
    #[must_use]
    pub fn new(through: Option<String>, roots: &Roots) -> Outgoing {
        let mut known = RootCertStore::empty();
        known.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for root in &roots.0 {
            known.add(root.clone()).expect("`read` has tried it");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the usual versions")
            .with_root_certificates(known)
            .with_no_client_auth();
        Outgoing {
            through,
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    /// Sends a request to the address it names, and takes an answer of at most so many bytes.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
        at_most: usize,
    ) -> Result<Response<Vec<u8>>, Unanswered> {
        tokio::time::timeout(PATIENCE, self.sent(request, at_most))
            .await
            .map_err(|_| TOO_SLOW)?
    }

    async fn sent(
        &self,
        request: Request<Vec<u8>>,
        at_most: usize,
    ) -> Result<Response<Vec<u8>>, Unanswered> {
        let to = Destination::of(request.uri())?;
        let (mut parts, body) = request.into_parts();
        let host = HeaderValue::from_str(&to.authority).map_err(|_| UNREADABLE)?;
        parts.headers.insert(header::HOST, host);
        let through = self.through.as_deref();
        // A proxy is told the whole address of what it fetches itself.
        if to.secure || through.is_none() {
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            parts.uri = path.parse().map_err(|_| UNREADABLE)?;
        }
        let request = Request::from_parts(parts, Body::from(body));
        let direct = format!("{}:{}", to.host, to.port);
        let stream = TcpStream::connect(through.unwrap_or(&direct))
            .await
            .map_err(|_| UNREACHED)?;
        let response = match (to.secure, through) {
            (false, _) => exchanged(stream, request).await?,
            (true, None) => exchanged(self.secured(stream, &to).await?, request).await?,
            (true, Some(_)) => {
                let tunnel = tunnelled(stream, &direct).await?;
                exchanged(self.secured(tunnel, &to).await?, request).await?
            }
        };
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, at_most).collect().await;
        let body: Bytes = body.map_err(|_| TOO_MUCH)?.to_bytes();
        Ok(Response::from_parts(parts, body.into()))
    }

    async fn secured<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        to: &Destination,
    ) -> Result<tokio_rustls::client::TlsStream<S>, Unanswered> {
        let bare = to.host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| UNREADABLE)?;
        let secured = self.tls.connect(name, stream).await;
        secured.map_err(|_| NOT_ITSELF)
    }
}

/// Where a request goes.
struct Destination {
    secure: bool,
    host: String,
    port: u16,
    authority: String,
}

impl Destination {
    fn of(uri: &Uri) -> Result<Destination, Unanswered> {
        let authority = uri.authority().ok_or(UNREADABLE)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(UNREADABLE),
        };
        // What stands before an `@` only misleads who reads the address.
        if authority.as_str().contains('@') {
            return Err(UNREADABLE);
        }
        Ok(Destination {
            secure,
            host: authority.host().to_owned(),
            port: authority
                .port_u16()
                .unwrap_or(if secure { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
        })
    }
}

/// Asks a proxy for a way through to somebody (`host:port`).
async fn tunnelled(
    stream: TcpStream,
    to: &str,
) -> Result<TokioIo<hyper::upgrade::Upgraded>, Unanswered> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| UNREACHED)?;
    tokio::spawn(async move {
        let _ = connection.with_upgrades().await;
    });
    let asked = Request::connect(to)
        .header(header::HOST, to)
        .body(Body::empty())
        .map_err(|_| UNREADABLE)?;
    let answer = sender.send_request(asked).await.map_err(|_| UNREACHED)?;
    if answer.status() != StatusCode::OK {
        return Err(UNREACHED);
    }
    let tunnel = hyper::upgrade::on(answer).await.map_err(|_| UNREACHED)?;
    Ok(TokioIo::new(tunnel))
}

async fn exchanged<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Body>,
) -> Result<Response<hyper::body::Incoming>, Unanswered> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| UNREACHED)?;
    tokio::spawn(async move {
        let _ = connection.await;
    });
    sender.send_request(request).await.map_err(|_| SILENT)
}
