//! A house whose word lets in, with keys of its own, that says whatever a test wants.

use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer as _;
use measure::Words;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use web::sign_in::openid::{ClientSecret, Provider};

pub(crate) const CLIENT: &str = "renshe";
pub(crate) const CLIENT_SECRET: &str = "a secret of both houses";

/// How a word is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// With its P-256 key, `one`.
    Es256,
    /// With its Ed25519 key, `two`.
    EdDsa,
    /// Not at all: `none`.
    Not,
    /// With an HMAC, by the text of its public key.
    HmacOfPublicKey,
    /// With an HMAC, by the secret of both houses.
    HmacOfSecret,
    /// With a key that is not its own, under the name of its own.
    ByAStranger,
    /// With a key of a name it does not make known.
    ByAnotherKey,
    /// With its Ed25519 key, saying that it is ES256.
    SaidOtherwise,
}

type Change = Box<dyn Fn(&mut Value) + Send>;

/// What it does.
pub(crate) struct Plan {
    pub(crate) signed: Signed,
    /// What it says otherwise than it should.
    pub(crate) claims: Change,
    /// What it says of itself otherwise.
    pub(crate) metadata: Change,
    /// Whether it looks at who brings a code.
    pub(crate) looks: bool,
    /// Whether it makes its other key known.
    pub(crate) another_key: bool,
    /// The moment it is there, in seconds.
    pub(crate) now: i64,
    /// What was agreed to for each code: the nonce, the challenge and the subject.
    codes: BTreeMap<String, (String, String, String)>,
    /// Which addresses were asked for.
    pub(crate) asked: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct AnotherHouse {
    pub(crate) issuer: String,
    pub(crate) plan: Arc<Mutex<Plan>>,
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn p256_key(of: u8) -> SigningKey {
    SigningKey::from_slice(&[of; 32]).unwrap()
}

fn ed25519_key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn p256_public(of: u8, id: &str) -> Value {
    let point = p256_key(of).verifying_key().to_sec1_point(false).to_bytes();
    let (x, y) = (&point[1..33], &point[33..]);
    json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y), "kid": id, "use": "sig", "alg": "ES256" })
}

fn ed25519_public() -> Value {
    let x = encoded(ed25519_key().verifying_key().as_bytes());
    json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "two", "use": "sig" })
}

/// A text signed, as RFC 7515 has it.
pub(crate) fn token(claims: &Value, signed: Signed) -> String {
    let (alg, id) = match signed {
        Signed::Es256 | Signed::ByAStranger => ("ES256", "one"),
        Signed::SaidOtherwise => ("ES256", "two"),
        Signed::EdDsa => ("EdDSA", "two"),
        Signed::Not => ("none", "one"),
        Signed::HmacOfPublicKey | Signed::HmacOfSecret => ("HS256", "one"),
        Signed::ByAnotherKey => ("ES256", "three"),
    };
    let head = json!({ "alg": alg, "kid": id, "typ": "JWT" });
    let text = format!(
        "{}.{}",
        encoded(head.to_string()),
        encoded(claims.to_string())
    );
    let es256 = |key: u8| -> Vec<u8> {
        let signature: Signature = p256_key(key).sign(text.as_bytes());
        signature.to_bytes().to_vec()
    };
    let hmac = |key: &[u8]| -> Vec<u8> {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let signature = match signed {
        Signed::Es256 => es256(1),
        Signed::ByAStranger => es256(2),
        Signed::ByAnotherKey => es256(3),
        Signed::EdDsa | Signed::SaidOtherwise => {
            ed25519_key().sign(text.as_bytes()).to_bytes().to_vec()
        }
        Signed::Not => Vec::new(),
        Signed::HmacOfPublicKey => hmac(p256_public(1, "one").to_string().as_bytes()),
        Signed::HmacOfSecret => hmac(CLIENT_SECRET.as_bytes()),
    };
    format!("{text}.{}", encoded(signature))
}

impl AnotherHouse {
    /// Opens its doors on this machine.
    pub(crate) fn open() -> AnotherHouse {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let plan = Plan {
            signed: Signed::Es256,
            claims: Box::new(|_| {}),
            metadata: Box::new(|_| {}),
            looks: true,
            another_key: false,
            now: 0,
            codes: BTreeMap::new(),
            asked: Vec::new(),
        };
        let house = AnotherHouse {
            issuer,
            plan: Arc::new(Mutex::new(plan)),
        };
        let serving = house.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (head, body) = request(&mut stream);
                let (status, said) = serving.answered(&head, &body);
                let said = said.to_string();
                let answer = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
                    said.len()
                );
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        house
    }

    /// As the configuration of ours names it.
    pub(crate) fn provider(&self) -> Provider {
        use city::logins::Role;
        Provider {
            name: "city-id".to_owned(),
            shown: Words::new("城市身份".to_owned(), "City ID".to_owned()),
            issuer: self.issuer.clone(),
            client: CLIENT.to_owned(),
            secret: ClientSecret(CLIENT_SECRET.to_owned()),
            roles: vec![Role::Person, Role::Clerk],
            who: "sub".to_owned(),
            number: None,
            scopes: vec!["profile".to_owned()],
        }
    }

    pub(crate) fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().unwrap());
    }

    /// Somebody says there who they are and agrees; the code with which they are sent back.
    pub(crate) fn agreed(&self, sent: &BTreeMap<String, String>, subject: &str) -> String {
        let mut plan = self.plan.lock().unwrap();
        let code = format!("code-{}", plan.codes.len());
        let of = |name: &str| sent[name].clone();
        let agreed = (of("nonce"), of("code_challenge"), subject.to_owned());
        plan.codes.insert(code.clone(), agreed);
        code
    }

    fn answered(&self, head: &str, body: &str) -> (&'static str, Value) {
        let mut plan = self.plan.lock().unwrap();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        plan.asked.push(path.clone());
        let issuer = &self.issuer;
        match path.as_str() {
            "/.well-known/openid-configuration" => {
                let mut said = json!({
                    "issuer": issuer,
                    "authorization_endpoint": format!("{issuer}/authorize"),
                    "token_endpoint": format!("{issuer}/token"),
                    "jwks_uri": format!("{issuer}/keys"),
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["ES256", "EdDSA", "HS256", "none"],
                });
                (plan.metadata)(&mut said);
                ("200 OK", said)
            }
            "/keys" => {
                let mut keys = vec![p256_public(1, "one"), ed25519_public()];
                if plan.another_key {
                    keys.push(p256_public(3, "three"));
                }
                ("200 OK", json!({ "keys": keys }))
            }
            "/token" => word(&mut plan, issuer, (head, body)),
            _ => ("404 Not Found", json!({})),
        }
    }
}

/// Its word for a code.
fn word(plan: &mut Plan, issuer: &str, (head, body): (&str, &str)) -> (&'static str, Value) {
    let sent = parameters(body);
    let of = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let refused = ("400 Bad Request", json!({ "error": "invalid_grant" }));
    let Some((nonce, challenge, subject)) = plan.codes.remove(&of("code")) else {
        return refused;
    };
    let verified = encoded(Sha256::digest(of("code_verifier"))) == challenge;
    if plan.looks && (!verified || !head.to_lowercase().contains("authorization: basic ")) {
        return refused;
    }
    let mut claims = json!({
        "iss": issuer, "sub": subject, "aud": CLIENT, "nonce": nonce,
        "iat": plan.now, "exp": plan.now + 300,
    });
    (plan.claims)(&mut claims);
    let id_token = token(&claims, plan.signed);
    let said = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
    ("200 OK", said)
}

fn request(stream: &mut impl Read) -> (String, String) {
    let (mut text, mut piece) = (String::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut piece).unwrap_or_default();
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return (text, String::new());
            }
            continue;
        };
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1);
        let length = length.map_or(0, |rest| {
            rest.split("\r\n").next().unwrap().parse().unwrap()
        });
        if length <= body.len() {
            return (head.to_owned(), body.to_owned());
        }
    }
}

/// The parameters of a form or an address.
pub(crate) fn parameters(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let bytes = text.replace('+', " ").into_bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            if bytes[at] == b'%' {
                let digits = std::str::from_utf8(&bytes[at + 1..at + 3]).unwrap();
                out.push(u8::from_str_radix(digits, 16).unwrap());
                at += 3;
            } else {
                out.push(bytes[at]);
                at += 1;
            }
        }
        String::from_utf8(out).unwrap()
    };
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

/// A browser that is on its way to another house: what it was sent there with, and what it holds.
#[derive(Clone, Debug)]
pub(crate) struct OnTheWay {
    pub(crate) sent: BTreeMap<String, String>,
    pub(crate) cookie: String,
}

/// Somebody presses the button; `held` is what their browser holds already.
pub(crate) fn departs(world: &World, then: &str, held: &str) -> OnTheWay {
    let gone = world.get(&format!("/sign-in/with/city-id?then={then}"), held);
    let to = gone.header("location").to_owned();
    let (_, query) = to
        .split_once("/authorize?")
        .unwrap_or_else(|| panic!("{} {to} {}", gone.status, gone.body));
    OnTheWay {
        sent: parameters(query),
        cookie: gone.cookie("__Host-renshe-attempt").unwrap(),
    }
}
