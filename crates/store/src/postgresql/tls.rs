//! How is a connection to the server encrypted, and whom does it believe?

mod asked;
mod stream;

pub(crate) use self::asked::{Asked, Settled};

use self::asked::{Proof, Roots, Shown};
use crate::error::Error;
use std::{error::Error as _, fs, io, path::Path, sync::Arc};
use tokio_rustls::rustls::{
    self, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{
        CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature,
        verify_tls13_signature,
    },
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
};

/// What the client says where a server answers that it offers no encryption; it has no value for it.
const NOT_OFFERED: &str = "server does not support TLS";

/// How connections to one server are encrypted, if they are. Clones share it.
#[derive(Clone)]
pub(crate) struct Tls(Option<Arc<ClientConfig>>);

impl Tls {
    /// Connections that are not encrypted.
    pub(crate) const fn none() -> Tls {
        Tls(None)
    }

    /// # Errors
    ///
    /// `S0121` when a file that the address names cannot be used.
    pub(crate) fn new(settled: &Settled) -> Result<Tls, Error> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("ring has the usual versions");
        let builder = match &settled.proof {
            Proof::Named(roots) => builder.with_root_certificates(believed(roots)?),
            Proof::Signed(roots) => {
                let chain = verifier(believed(roots)?, &provider);
                nameless(builder, Some(chain), &provider)
            }
            Proof::Nothing => nameless(builder, None, &provider),
        };
        let mut config = match &settled.shown {
            None => builder.with_no_client_auth(),
            Some(Shown { certificate, key }) => {
                let chain = certificates("sslcert", certificate)?;
                let secret = PrivateKeyDer::from_pem_slice(&content("sslkey", key)?)
                    .map_err(|error| unusable("sslkey", key, &error.to_string()))?;
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(|error| unusable("sslkey", key, &error.to_string()))?
            }
        };
        // The name that PostgreSQL's protocol is registered by; servers from 17 on want it where encryption comes first.
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(Tls(Some(Arc::new(config))))
    }
}

/// What a failed connection says of the server's encryption or certificate, if that is why it failed.
pub(crate) fn refused(error: &postgres::Error, address: &str) -> Option<Error> {
    let source = error.source()?;
    if source.to_string() == NOT_OFFERED {
        return Some(Error::TlsNotOffered {
            address: address.to_owned(),
        });
    }
    let inner = source.downcast_ref::<io::Error>()?.get_ref()?;
    let rustls::Error::InvalidCertificate(why) = inner.downcast_ref()? else {
        return None;
    };
    let address = address.to_owned();
    Some(match why {
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            Error::TlsOtherName {
                address,
                names: names.join(", "),
            }
        }
        CertificateError::NotValidForName => Error::TlsOtherName {
            address,
            names: String::new(),
        },
        _ => Error::TlsNotTrusted {
            address,
            cause: said(why),
        },
    })
}

/// The commonest reasons in words that tell what to look at; the others as the library has them.
fn said(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => "none of the authorities has signed it".into(),
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is the certificate of an authority, not of a server".into()
        }
        other => other.to_string(),
    }
}

/// `db.example` of `DnsName("db.example")`.
fn bare(name: &str) -> &str {
    match name.split_once('(') {
        Some((_, inner)) => inner.trim_matches(['(', ')', '"']),
        None => name,
    }
}

fn believed(roots: &Roots) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::WellKnown => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::File(file) => {
            // A bundle of many may have some of a kind that is not understood: those are not believed.
            let (added, _) = store.add_parsable_certificates(certificates("sslrootcert", file)?);
            if added == 0 {
                let why = "it holds no certificate that can be understood";
                return Err(unusable("sslrootcert", file, why));
            }
        }
    }
    Ok(store)
}

fn certificates(
    parameter: &'static str,
    file: &Path,
) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = content(parameter, file)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match all {
        Ok(all) if all.is_empty() => Err(unusable(parameter, file, "it holds no certificate")),
        Ok(all) => Ok(all),
        Err(error) => Err(unusable(parameter, file, &error.to_string())),
    }
}

fn content(parameter: &'static str, file: &Path) -> Result<Vec<u8>, Error> {
    fs::read(file).map_err(|error| unusable(parameter, file, &error.to_string()))
}

fn unusable(parameter: &'static str, file: &Path, cause: &str) -> Error {
    Error::TlsFile {
        parameter,
        file: file.to_owned(),
        cause: cause.to_owned(),
    }
}

fn verifier(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Arc<WebPkiServerVerifier> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .expect("there is a root, and no list of revoked ones")
}

type Builder<State> = rustls::ConfigBuilder<ClientConfig, State>;

fn nameless(
    builder: Builder<rustls::WantsVerifier>,
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: &CryptoProvider,
) -> Builder<rustls::client::WantsClientCert> {
    let verifier = Nameless {
        chain,
        algorithms: provider.signature_verification_algorithms,
    };
    builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
}

/// Believes a certificate whatever name it is for: of any authority, or of some only. That the server has the key to it is looked
/// at all the same.
#[derive(Debug)]
struct Nameless {
    chain: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Nameless {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        match chain.verify_server_cert(certificate, between, name, ocsp, now) {
            // The name is what it looks at last, so all else is well.
            Err(rustls::Error::InvalidCertificate(
                NotValidForName | NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            otherwise => otherwise,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};

    #[test]
    fn what_is_wrong_with_a_certificate_is_said() {
        let check = |about: CertificateParams, expected: &str| {
            let certificate = about.self_signed(&KeyPair::generate().unwrap()).unwrap();
            let mut roots = RootCertStore::empty();
            roots.add(certificate.der().clone()).unwrap();
            let provider = Arc::new(ring::default_provider());
            let name = ServerName::try_from("db").unwrap();
            let refused = verifier(roots, &provider)
                .verify_server_cert(certificate.der(), &[], &name, &[], UnixTime::now())
                .unwrap_err();
            let rustls::Error::InvalidCertificate(why) = refused else {
                panic!("{refused}");
            };
            assert!(said(&why).starts_with(expected), "{why:?}");
        };
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        check(
            authority,
            "it is the certificate of an authority, not of a server",
        );
        let mut old = CertificateParams::default();
        old.not_before = date_time_ymd(2001, 1, 1);
        old.not_after = date_time_ymd(2002, 1, 1);
        check(old, "certificate expired");
    }

    #[test]
    fn names_of_a_certificate_are_said_bare() {
        for (name, expected) in [
            ("DnsName(\"db.example\")", "db.example"),
            ("IpAddress(10.0.0.1)", "10.0.0.1"),
            ("DirectoryName", "DirectoryName"),
        ] {
            assert_eq!(bare(name), expected);
        }
    }
}
