//! By what others know what comes from this house.
//!
//! One Ed25519 key signs what is sent out: requests as RFC 9421 has it, over their method, address and the digest of what is in
//! them (RFC 9530), and messages of registries as their envelope has it. Its public half stands at `/.well-known/jwks.json`. The
//! key, and that of cursors, are made from one seed, which the configuration names; without one they are made by chance and last
//! as long as the process.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use measure::Moment;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// From what the keys are made. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// The keys of a house.
pub struct Signer {
    key: SigningKey,
    /// How the key is named.
    id: String,
    cursors: [u8; 32],
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.id)
    }
}

/// How long what is signed may be taken, in seconds.
const LASTS: i64 = 300;

impl Signer {
    /// The keys of a seed; without one, of chance.
    #[must_use]
    pub fn of(seed: Option<&Seed>) -> Signer {
        let mut root = [0; 32];
        match seed {
            Some(Seed(seed)) => root = *seed,
            None => {
                // Without chance nothing else of the house works either: nobody comes in.
                let _ = getrandom::fill(&mut root);
            }
        }
        let derived = |what: &str| -> [u8; 32] {
            let mut hash = Sha256::new();
            hash.update(what.as_bytes());
            hash.update(root);
            hash.finalize().into()
        };
        let key = SigningKey::from_bytes(&derived("renshe signs"));
        let public = Sha256::digest(key.verifying_key().as_bytes());
        let id = URL_SAFE_NO_PAD.encode(public.get(..12).unwrap_or_default());
        Signer {
            key,
            id,
            cursors: derived("renshe cursors"),
        }
    }

    /// The public key, as RFC 7517 and RFC 8037 have it.
    #[must_use]
    pub fn public(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.id, "alg": "EdDSA", "use": "sig" }] })
    }

    /// The headers that sign a POST of JSON to an address, in their order: `Content-Digest`, `Signature-Input`, `Signature`.
    #[must_use]
    pub fn request(&self, address: &str, body: &[u8], now: Moment) -> [(&'static str, String); 3] {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)));
        let created = now.microseconds() / 1_000_000;
        let expires = created + LASTS;
        let what = format!(
            "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created={created};expires={expires};keyid=\"{}\";alg=\"ed25519\"",
            self.id
        );
        let base = base(address, &digest, &what);
        let signature = STANDARD.encode(self.key.sign(base.as_bytes()).to_bytes());
        [
            ("content-digest", digest),
            ("signature-input", format!("sig1={what}")),
            ("signature", format!("sig1=:{signature}:")),
        ]
    }

    /// The signature of a registry's message: of its header and message together.
    #[must_use]
    pub fn envelope(&self, header: &Value, message: &Value, now: Moment) -> String {
        let created = now.microseconds() / 1_000_000;
        let expires = created + LASTS;
        let digest = STANDARD.encode(Sha256::digest(canonical(header, message)));
        let text = format!("(created): {created}\n(expires): {expires}\ndigest: SHA-256={digest}");
        let signature = STANDARD.encode(self.key.sign(text.as_bytes()).to_bytes());
        let id = &self.id;
        format!(
            "Signature: namespace=\"spdci\", kidId=\"renshe|{id}|ed25519\", algorithm=\"ed25519\", created=\"{created}\", \
             expires=\"{expires}\", headers=\"(created) (expires) digest\", signature=\"{signature}\""
        )
    }

    /// A text that only this house can have written, for a place.
    #[must_use]
    pub fn sealed(&self, place: &str, text: &str) -> String {
        let mark = self.mark(place, text);
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend_from_slice(&mark);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Such a text read back; `None` when it is another house's, another place's, or altered.
    #[must_use]
    pub fn unsealed(&self, place: &str, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (text, mark) = bytes.split_at_checked(bytes.len().checked_sub(MARK)?)?;
        let text = std::str::from_utf8(text).ok()?;
        let expected = self.mark(place, text);
        let differ = expected.iter().zip(mark);
        let differ = differ.fold(0, |so_far, (one, other)| so_far | (one ^ other));
        (differ == 0).then(|| text.to_owned())
    }

    fn mark(&self, place: &str, text: &str) -> [u8; MARK] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.cursors).expect("a key of any length is one");
        mac.update(place.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let whole = mac.finalize().into_bytes();
        let mut mark = [0; MARK];
        for (to, from) in mark.iter_mut().zip(whole) {
            *to = from;
        }
        mark
    }
}

/// So many bytes of the mark stand behind a sealed text.
const MARK: usize = 16;

/// What is signed of a request.
fn base(address: &str, digest: &str, what: &str) -> String {
    format!(
        "\"@method\": POST\n\"@target-uri\": {address}\n\"content-digest\": {digest}\n\"content-type\": application/json\n\
         \"@signature-params\": {what}"
    )
}

/// A registry's message as bytes, whoever wrote it and however (RFC 8785): keys in order, no blanks.
fn canonical(header: &Value, message: &Value) -> Vec<u8> {
    json!({ "header": header, "message": message })
        .to_string()
        .into_bytes()
}

/// Whether a registry's message was signed with a key, and is not too old.
#[must_use]
pub fn is_signed(
    signature: &str,
    (header, message): (&Value, &Value),
    key: &[u8; 32],
    now: Moment,
) -> bool {
    let part = |name: &str| {
        let (_, after) = signature.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    let times = (part("created"), part("expires"));
    let (Some(created), Some(expires)) = times else {
        return false;
    };
    let now = now.microseconds() / 1_000_000;
    let in_time = created
        .parse()
        .is_ok_and(|created: i64| created <= now + LASTS)
        && expires.parse().is_ok_and(|expires: i64| now <= expires);
    let digest = STANDARD.encode(Sha256::digest(canonical(header, message)));
    let text = format!("(created): {created}\n(expires): {expires}\ndigest: SHA-256={digest}");
    let given = part("signature").and_then(|text| STANDARD.decode(text).ok());
    let given = given.and_then(|bytes| Signature::from_slice(&bytes).ok());
    let key = VerifyingKey::from_bytes(key);
    match (given, key) {
        (Some(given), Ok(key)) => in_time && key.verify_strict(text.as_bytes(), &given).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::of(Some(&Seed([7; 32])))
    }

    const NOW: Moment = Moment::from_microseconds(1_752_100_000_000_000);

    #[test]
    fn a_request_is_known_by_its_signature() {
        let signer = signer();
        let address = "https://a.example/in";
        let [(_, digest), (_, input), (_, signature)] = signer.request(address, b"{}", NOW);
        assert_eq!(
            digest,
            "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"
        );
        let what = input.strip_prefix("sig1=").unwrap();
        let signature = signature
            .strip_prefix("sig1=:")
            .unwrap()
            .strip_suffix(':')
            .unwrap();
        let signature = Signature::from_slice(&STANDARD.decode(signature).unwrap()).unwrap();
        let key = signer.key.verifying_key();
        let is_signed = |address: &str| {
            let base = base(address, &digest, what);
            key.verify_strict(base.as_bytes(), &signature).is_ok()
        };
        assert!(is_signed(address) && !is_signed("https://b.example/in"));
    }

    #[test]
    fn a_message_is_known_by_its_signature() {
        let signer = signer();
        let (header, message) = (json!({ "b": 1, "a": "x" }), json!({ "c": [1, 2] }));
        let signature = signer.envelope(&header, &message, NOW);
        let key = signer.key.verifying_key().to_bytes();
        assert!(is_signed(&signature, (&header, &message), &key, NOW));
        let other = json!({ "c": [1, 3] });
        assert!(!is_signed(&signature, (&header, &other), &key, NOW));
        let later = NOW.plus_microseconds((LASTS + 1) * 1_000_000);
        assert!(!is_signed(&signature, (&header, &message), &key, later));
        assert!(!is_signed(
            "invalid-signature",
            (&header, &message),
            &key,
            NOW
        ));
        let stranger = Signer::of(Some(&Seed([8; 32])))
            .key
            .verifying_key()
            .to_bytes();
        assert!(!is_signed(&signature, (&header, &message), &stranger, NOW));
    }

    #[test]
    fn a_cursor_is_ours_or_none() {
        let signer = signer();
        let sealed = signer.sealed("/a", "25");
        assert_eq!(signer.unsealed("/a", &sealed).as_deref(), Some("25"));
        assert_eq!(signer.unsealed("/b", &sealed), None);
        assert_eq!(Signer::of(None).unsealed("/a", &sealed), None);
        for text in ["", "25", "////", &sealed[1..], &format!("{sealed}A")] {
            assert_eq!(signer.unsealed("/a", text), None, "{text}");
        }
    }
}
