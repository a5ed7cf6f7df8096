//! Calling out: over TLS, through a proxy, and not to whoever is not who they say.

use axum::http::Request;
use rcgen::{CertificateParams, KeyPair};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};
use web::outgoing::{Outgoing, Roots};

/// A house over TLS that shows this name; its port, and its certificate in PEM.
fn over_tls(name: &str) -> (SocketAddr, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let (listener, config) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(config));
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut piece = [0; 4_096];
            let Ok(read) = stream.read(&mut piece) else {
                continue;
            };
            let said = String::from_utf8_lossy(&piece[..read]).into_owned();
            let line = said.lines().next().unwrap_or_default().to_owned();
            let length = line.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{line}"
            );
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (address, certificate.pem())
}

/// A proxy: its address, and what it is asked.
fn proxy() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (send, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut piece = [0; 4_096];
            let read = stream.read(&mut piece).unwrap();
            let said = String::from_utf8_lossy(&piece[..read]).into_owned();
            let line = said.lines().next().unwrap_or_default().to_owned();
            let _ = send.send(line.clone());
            let Some(to) = line.strip_prefix("CONNECT ") else {
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                );
                continue;
            };
            let there = TcpStream::connect(to.split(' ').next().unwrap()).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            for (mut from, mut to) in [
                (stream.try_clone().unwrap(), there.try_clone().unwrap()),
                (there, stream),
            ] {
                thread::spawn(move || std::io::copy(&mut from, &mut to));
            }
        }
    });
    (address, asked)
}

fn call(outgoing: &Outgoing, address: &str) -> Result<String, &'static str> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = Request::get(address).body(Vec::new()).unwrap();
    let answer = runtime.block_on(outgoing.send(request, 100));
    let answer = answer.map_err(|unanswered| unanswered.0)?;
    Ok(String::from_utf8(answer.into_body()).unwrap())
}

#[test]
fn a_house_over_tls_shows_that_it_is_itself() {
    let (there, pem) = over_tls("localhost");
    let known = Outgoing::new(None, &Roots::read(pem.as_bytes()).unwrap());
    let address = format!("https://localhost:{}/a?b=c", there.port());
    assert_eq!(call(&known, &address), Ok("GET /a?b=c HTTP/1.1".to_owned()));
    // By an authority nobody knows, or under another name.
    let stranger = Outgoing::new(None, &Roots::default());
    assert_eq!(
        call(&stranger, &address),
        Err("it did not show that it is itself")
    );
    let other_name = format!("https://127.0.0.1:{}/", there.port());
    assert_eq!(
        call(&known, &other_name),
        Err("it did not show that it is itself")
    );
    // One that speaks no TLS, one that is not there, and what is no address of a house.
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    thread::spawn(move || {
        plain
            .accept()
            .map(|(mut stream, _)| stream.write_all(b"hello\r\n"))
    });
    assert_eq!(
        call(&known, &format!("https://localhost:{port}/")),
        Err("it did not show that it is itself")
    );
    for address in [
        "ftp://localhost/",
        "/path",
        "http://localhost@evil.example/",
    ] {
        assert_eq!(
            call(&known, address),
            Err("the address cannot be read"),
            "{address}"
        );
    }
}

#[test]
fn a_proxy_carries_what_it_cannot_read() {
    let (there, pem) = over_tls("localhost");
    let (proxy, asked) = proxy();
    let known = Outgoing::new(Some(proxy), &Roots::read(pem.as_bytes()).unwrap());
    let port = there.port();
    let said = call(&known, &format!("https://localhost:{port}/secret"));
    assert_eq!(said, Ok("GET /secret HTTP/1.1".to_owned()));
    assert_eq!(
        asked.recv().unwrap(),
        format!("CONNECT localhost:{port} HTTP/1.1")
    );
    call(&known, "http://there.example/open").unwrap();
    assert_eq!(
        asked.recv().unwrap(),
        "GET http://there.example/open HTTP/1.1"
    );
}

#[test]
fn an_answer_has_its_measure() {
    let (there, pem) = over_tls("localhost");
    let known = Outgoing::new(None, &Roots::read(pem.as_bytes()).unwrap());
    let long = "x".repeat(200);
    let said = call(
        &known,
        &format!("https://localhost:{}/{long}", there.port()),
    );
    assert_eq!(said, Err("it answered too much, or not to the end"));
    assert!(Roots::read(b"").is_none());
    assert!(
        Roots::read(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").is_none()
    );
}
