//! How the client's streams become encrypted ones: the handshake, the stream, and what ties a password to it.
//!
//! The client takes a stream of our own only as an encrypted one. So one that is not encrypted comes this way as well, where
//! the [server](super::super::server) says so.

use super::{super::gathered::Gathered, Tls};
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::{convert::Infallible, io, pin::Pin};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsConnector, client, rustls::pki_types::ServerName};
use tokio_util::either::Either;
use x509_cert::{Certificate, der::Decode as _};

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Gathered<Channel<S>>;
    type TlsConnect = Handshake;
    type Error = Infallible;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, Infallible> {
        Ok(Handshake {
            tls: self.clone(),
            host: host.to_owned(),
        })
    }
}

/// A handshake with one host, not yet begun.
pub(crate) struct Handshake {
    tls: Tls,
    host: String,
}

/// A connection as it is, or one that nobody else can read.
type Channel<S> = Either<S, client::TlsStream<S>>;

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Gathered<Channel<S>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Gathered<Channel<S>>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let Some(config) = self.tls.0 else {
                return Ok(Gathered::new(Channel::Left(stream)));
            };
            let name = ServerName::try_from(self.host)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            let encrypted = TlsConnector::from(config).connect(name, stream).await?;
            Ok(Gathered::new(Channel::Right(encrypted)))
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Gathered<Channel<S>> {
    fn channel_binding(&self) -> ChannelBinding {
        let Channel::Right(encrypted) = self.channel() else {
            return ChannelBinding::none();
        };
        let (_, session) = encrypted.get_ref();
        let shown = session.peer_certificates().and_then(<[_]>::first);
        match shown.and_then(|it| end_point(it)) {
            Some(hash) => ChannelBinding::tls_server_end_point(hash),
            None => ChannelBinding::none(),
        }
    }
}

/// The certificate's hash, by the hash it was itself signed with (RFC 5929, 4.1): what the password's proof is tied to, so that
/// whoever stands between cannot pass it on. A signature without a hash of its own, such as Ed25519's, has none.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let read = Certificate::from_der(certificate).ok()?;
    match &*read.signature_algorithm().oid.to_string() {
        // RSA and ECDSA; MD5 and SHA-1 are too weak for it, and the standard names SHA-256 in their stead.
        "1.2.840.113549.1.1.4"
        | "1.2.840.113549.1.1.5"
        | "1.2.840.113549.1.1.11"
        | "1.2.840.10045.4.1"
        | "1.2.840.10045.4.3.2" => Some(Sha256::digest(certificate).to_vec()),
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => {
            Some(Sha384::digest(certificate).to_vec())
        }
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => {
            Some(Sha512::digest(certificate).to_vec())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
        SignatureAlgorithm,
    };

    #[test]
    fn a_password_is_tied_by_the_hash_the_certificate_was_signed_with() {
        let check = |signed_by: &'static SignatureAlgorithm, length: Option<usize>| {
            let key = KeyPair::generate_for(signed_by).unwrap();
            let certificate = CertificateParams::default().self_signed(&key).unwrap();
            let hash = end_point(certificate.der());
            assert_eq!(hash.map(|hash| hash.len()), length);
        };
        check(&PKCS_ECDSA_P256_SHA256, Some(32));
        check(&PKCS_ECDSA_P384_SHA384, Some(48));
        check(&PKCS_ED25519, None);
        assert_eq!(end_point(b"no certificate"), None);
    }
}
