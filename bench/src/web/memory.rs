//! The limit: a handler that returns the same bytes from memory.

use crate::Failure;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode};
use std::path::Path;
use tokio::net::TcpListener;

/// Answers whatever is asked with what stands in a file, a kind on its first line, until it is ended; says where.
pub(crate) fn answer_from_memory(file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::of("cannot read", file, &error))?;
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let kind = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = Bytes::copy_from_slice(bytes.get(end + 1..).unwrap_or_default());
    let answer = move || {
        let (kind, body) = (kind.clone(), body.clone());
        async move {
            Response::builder()
                .status(StatusCode::OK)
                .header("content-type", kind)
                .body(Body::from(body))
                .unwrap_or_default()
        }
    };
    let of_io = |error: std::io::Error| Failure(format!("the handler: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(of_io)?;
    runtime.block_on(async {
        let doors = TcpListener::bind(("127.0.0.1", 0)).await.map_err(of_io)?;
        println!("{}", doors.local_addr().map_err(of_io)?);
        axum::serve(doors, Router::new().fallback(answer))
            .await
            .map_err(of_io)
    })
}
