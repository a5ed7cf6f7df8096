//! Coming in by a passkey, and those who copy, replay or lend one.

use crate::world::{Answer, HOST, World};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use city::actors::Actor;
use measure::Moment;
use office::Acting;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Db;

const COOKIE: &str = "__Host-renshe-attempt";
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// A device with a key, and how it behaves.
#[derive(Clone)]
struct Device {
    key: SigningKey,
    id: [u8; 16],
    handle: String,
    count: u32,
    /// Whether it counts how often it is used.
    counts: bool,
    flags: u8,
    site: String,
    origin: String,
    /// What it says it does, where it is not what it is asked for.
    says: Option<&'static str>,
}

impl Device {
    fn new(of: u8) -> Device {
        Device {
            key: SigningKey::from_slice(&[of; 32]).unwrap(),
            id: [of; 16],
            handle: String::new(),
            count: 0,
            counts: true,
            flags: PRESENT | VERIFIED,
            site: HOST.to_owned(),
            origin: format!("https://{HOST}"),
            says: None,
        }
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> String {
        let kind = self.says.unwrap_or(kind);
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(&self.site).to_vec();
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// It makes its key, as WebAuthn has it, without attestation.
    fn makes(&mut self, options: &Value) -> String {
        self.handle = options["user"]["id"].as_str().unwrap().to_owned();
        let mut data = self.authenticator_data(self.flags | WITH_KEY);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        let point = self.key.verifying_key().to_sec1_point(false).to_bytes();
        // COSE: an EC2 key for ES256 on P-256.
        data.extend([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        let mut object = vec![0xA3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xA0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client = self.client_data("webauthn.create", &options["challenge"]);
        json!({
            "id": encoded(self.id), "rawId": encoded(self.id), "type": "public-key", "extensions": {},
            "response": { "attestationObject": encoded(object), "clientDataJSON": encoded(client) },
        })
        .to_string()
    }

    /// It signs a challenge.
    fn signs(&mut self, options: &Value) -> String {
        self.count += u32::from(self.counts);
        let client = self.client_data("webauthn.get", &options["challenge"]);
        let data = self.authenticator_data(self.flags);
        let mut text = data.clone();
        text.extend(Sha256::digest(&client));
        let signature: Signature = self.key.sign(&text);
        json!({
            "id": encoded(self.id), "rawId": encoded(self.id), "type": "public-key", "extensions": {},
            "response": {
                "authenticatorData": encoded(data), "clientDataJSON": encoded(client),
                "signature": encoded(signature.to_der().as_bytes()), "userHandle": self.handle,
            },
        })
        .to_string()
    }
}

/// Something begun: what comes back, what the browser holds, and what the device is asked.
struct Begun {
    attempt: String,
    cookie: String,
    options: Value,
}

fn begin(world: &World, path: &str, cookie: &str) -> Begun {
    let came = world.post(path, cookie, &format!("csrf={}", csrf(world, cookie)));
    assert_eq!(came.status, StatusCode::OK, "{}", came.body);
    let said: Value = serde_json::from_str(&came.body).unwrap();
    let held = came.cookie(COOKIE).unwrap();
    Begun {
        attempt: said["attempt"].as_str().unwrap().to_owned(),
        cookie: if cookie.is_empty() {
            held
        } else {
            format!("{cookie}; {held}")
        },
        options: said["options"].clone(),
    }
}

fn csrf(world: &World, cookie: &str) -> String {
    if cookie.is_empty() {
        String::new()
    } else {
        world.get("/settings/passkeys", cookie).csrf()
    }
}

fn end(world: &World, path: &str, begun: &Begun, (credential, more): (&str, &str)) -> Answer {
    let signed_in = begun.cookie.contains("__Host-renshe=");
    let csrf = csrf(world, if signed_in { &begun.cookie } else { "" });
    let form = format!(
        "csrf={csrf}&attempt={}&credential={}&{more}",
        begun.attempt,
        escaped(credential)
    );
    world.post(path, &begun.cookie, &form)
}

/// Somebody who is in adds a device.
fn adds(world: &World, cookie: &str, device: &mut Device, label: &str) -> Answer {
    let begun = begin(world, "/settings/passkeys/begin", cookie);
    let made = device.makes(&begun.options);
    let label = format!("label={}", escaped(label));
    end(world, "/settings/passkeys", &begun, (&made, &label))
}

/// Somebody comes in by a device.
fn comes(world: &World, device: &mut Device) -> Answer {
    let begun = begin(world, "/sign-in/passkey/begin", "");
    let signed = device.signs(&begun.options);
    end(
        world,
        "/sign-in/passkey",
        &begun,
        (&signed, "then=%2Fme%2Flooks"),
    )
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert!(
        answer.body.contains(code),
        "{code}: {} {}",
        answer.status,
        answer.body
    );
    assert!(answer.status.is_client_error(), "{code}: {}", answer.status);
    assert!(
        answer.cookie("__Host-renshe").is_none(),
        "{code}: somebody is in"
    );
}

fn noted(db: &Db, action: &str) -> i64 {
    // With the record of person 1, whose login it is: they see it there.
    let count = "select cast(count(*) as bigint) from audit where action = $1 and subject_kind = 1 and subject = 1";
    db.read(|tx| tx.one(count, store::params![action], |row| row.get(0)))
        .unwrap()
}

store::both! {
    a_passkey_is_added_used_and_removed(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let mut phone = Device::new(1);
        let begun = begin(&world, "/settings/passkeys/begin", &cookie);
        assert_eq!(begun.options["rp"]["id"], json!(HOST));
        assert_eq!(begun.options["authenticatorSelection"]["residentKey"], json!("required"));
        assert_eq!(begun.options["authenticatorSelection"]["userVerification"], json!("required"));
        assert_eq!(begun.options["attestation"], json!("none"));
        let added = adds(&world, &cookie, &mut phone, " Phone <b> ");
        assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, "/settings/passkeys"), "{}", added.body);
        let page = world.get("/settings/passkeys", &cookie);
        assert!(page.body.contains("Phone &lt;b&gt;") && page.body.contains("never"), "{}", page.body);
        // It is known again without saying who comes, and leads where they wanted to go.
        world.later(7);
        let came = comes(&world, &mut phone);
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/me/looks"), "{}", came.body);
        let inside = came.cookie("__Host-renshe").unwrap();
        assert_eq!(world.get("/me", &inside).status, StatusCode::OK);
        let page = world.get("/settings/passkeys", &inside);
        assert!(!page.body.contains("never") && page.body.contains("2025-07-10 20:07"), "{}", page.body);
        // One that does not count is not said to be two.
        let mut cloud = Device { counts: false, ..Device::new(2) };
        assert_eq!(adds(&world, &inside, &mut cloud, "Cloud").status, StatusCode::SEE_OTHER);
        for _ in 0..2 {
            assert_eq!(comes(&world, &mut cloud).status, StatusCode::SEE_OTHER);
        }
        // Removed by its owner it lets nobody in; another does not remove it.
        let other = world.enter("two");
        let csrf_of_other = csrf(&world, &other);
        refused(&world.post("/settings/passkeys/remove", &other, &format!("csrf={csrf_of_other}&passkey=1")), "N0615");
        let csrf = csrf(&world, &inside);
        let gone = world.post("/settings/passkeys/remove", &inside, &format!("csrf={csrf}&passkey=1"));
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        refused(&comes(&world, &mut phone), "N0615");
        assert_eq!((noted(db, "passkey.add"), noted(db, "passkey.remove")), (2, 1));
    }

    what_a_device_says_must_hold(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let mut phone = Device::new(1);
        // What may not be added.
        let not_verified = Device { flags: PRESENT, ..phone.clone() };
        let elsewhere = Device { origin: "https://evil.example".to_owned(), ..phone.clone() };
        let below = Device { origin: format!("https://a.{HOST}"), ..phone.clone() };
        let plain = Device { origin: format!("http://{HOST}"), ..phone.clone() };
        let other_site = Device { site: "evil.example".to_owned(), ..phone.clone() };
        let other_thing = Device { says: Some("webauthn.get"), ..phone.clone() };
        for mut wrong in [not_verified, elsewhere, below, plain, other_site, other_thing] {
            refused(&adds(&world, &cookie, &mut wrong, "Phone"), "N0617");
        }
        for label in ["", "   ", &"x".repeat(61)] {
            refused(&adds(&world, &cookie, &mut phone, label), "N0617");
        }
        assert_eq!(adds(&world, &cookie, &mut phone, "Phone").status, StatusCode::SEE_OTHER);
        // A key is one login's.
        let other = world.enter("two");
        refused(&adds(&world, &other, &mut phone.clone(), "Mine"), "N0617");
        // What lets nobody in.
        let begun = begin(&world, "/sign-in/passkey/begin", "");
        let theirs = phone.handle.clone();
        let not_verified = Device { flags: PRESENT, ..phone.clone() };
        let nobody = Device { flags: VERIFIED, ..phone.clone() };
        let elsewhere = Device { origin: "https://evil.example".to_owned(), ..phone.clone() };
        let other_site = Device { site: "evil.example".to_owned(), ..phone.clone() };
        let other_thing = Device { says: Some("webauthn.create"), ..phone.clone() };
        let stranger = Device { key: SigningKey::from_slice(&[9; 32]).unwrap(), ..phone.clone() };
        let unknown = Device { id: [9; 16], ..phone.clone() };
        let of_another = Device { handle: encoded([9; 16]), ..phone.clone() };
        let of_nobody = Device { handle: String::new(), ..phone.clone() };
        for mut wrong in [not_verified, nobody, elsewhere, other_site, other_thing, stranger, unknown, of_another, of_nobody] {
            refused(&comes(&world, &mut wrong), "N0615");
        }
        for credential in ["", "{}", "null", "[1]"] {
            let begun = begin(&world, "/sign-in/passkey/begin", "");
            refused(&end(&world, "/sign-in/passkey", &begun, (credential, "")), "N0615");
        }
        assert_eq!(phone.handle, theirs);
        // A challenge of another attempt.
        let another = begin(&world, "/sign-in/passkey/begin", "");
        let signed = phone.signs(&begun.options);
        refused(&end(&world, "/sign-in/passkey", &another, (&signed, "")), "N0615");
        assert_eq!(end(&world, "/sign-in/passkey", &begun, (&signed, "")).status, StatusCode::SEE_OTHER);
    }

    a_challenge_is_answered_once_in_its_own_browser(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let mut phone = Device::new(1);
        assert_eq!(adds(&world, &cookie, &mut phone, "Phone").status, StatusCode::SEE_OTHER);
        let begun = begin(&world, "/sign-in/passkey/begin", "");
        let signed = phone.signs(&begun.options);
        assert_eq!(end(&world, "/sign-in/passkey", &begun, (&signed, "")).status, StatusCode::SEE_OTHER);
        refused(&end(&world, "/sign-in/passkey", &begun, (&signed, "")), "N0609");
        let begun = begin(&world, "/sign-in/passkey/begin", "");
        let signed = phone.signs(&begun.options);
        let foreign = Begun { cookie: begin(&world, "/sign-in/passkey/begin", "").cookie, attempt: begun.attempt.clone(), options: json!({}) };
        refused(&end(&world, "/sign-in/passkey", &foreign, (&signed, "")), "N0609");
        refused(&end(&world, "/sign-in/passkey", &begun, (&signed, "")), "N0609");
        let begun = begin(&world, "/sign-in/passkey/begin", "");
        let signed = phone.signs(&begun.options);
        world.later(6);
        refused(&end(&world, "/sign-in/passkey", &begun, (&signed, "")), "N0609");
        // What one began to add, another does not add; nor is it a sign-in.
        let (one, two) = (world.enter("one"), world.enter("two"));
        let begun = begin(&world, "/settings/passkeys/begin", &one);
        let mut tablet = Device::new(3);
        let made = tablet.makes(&begun.options);
        let held = begun.cookie.split("; ").nth(1).unwrap();
        let lent = Begun { cookie: format!("{two}; {held}"), attempt: begun.attempt.clone(), options: json!({}) };
        refused(&end(&world, "/settings/passkeys", &lent, (&made, "label=a")), "N0609");
        let begun = begin(&world, "/settings/passkeys/begin", &one);
        let signed = phone.signs(&begun.options);
        let bare = Begun { cookie: begun.cookie.split("; ").nth(1).unwrap().to_owned(), attempt: begun.attempt.clone(), options: json!({}) };
        refused(&end(&world, "/sign-in/passkey", &bare, (&signed, "")), "N0609");
    }

    of_two_of_a_passkey_neither_comes_in_unseen(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let mut phone = Device::new(1);
        assert_eq!(adds(&world, &cookie, &mut phone, "Phone").status, StatusCode::SEE_OTHER);
        for _ in 0..3 {
            assert_eq!(comes(&world, &mut phone).status, StatusCode::SEE_OTHER);
        }
        let mut copy = Device { count: 1, ..phone.clone() };
        refused(&comes(&world, &mut copy), "N0616");
        refused(&comes(&world, &mut copy), "N0616");
        assert_eq!(noted(db, "passkey.refuse"), 2);
        assert_eq!(comes(&world, &mut phone).status, StatusCode::SEE_OTHER);
        // An ended login lets nobody in, by whatever key.
        let admin = Actor::new("admin").unwrap();
        office::sign_in::end(db, "one", acting(&admin)).unwrap();
        refused(&comes(&world, &mut phone), "N0615");
    }

    staff_who_need_one_get_no_further_by_a_secret(db) {
        let world = World::with(db, |settings| settings.sign_in.staff_need_passkey = true);
        let cookie = world.enter("clerk");
        let turned = world.get("/counter", &cookie);
        assert_eq!((turned.status, turned.header("location")), (StatusCode::SEE_OTHER, "/settings/passkeys"));
        let csrf_now = csrf(&world, &cookie);
        refused(&world.post("/counter", &cookie, &format!("csrf={csrf_now}")), "N0614");
        assert!(world.get("/settings/passkeys", &cookie).body.contains("Add a passkey first"));
        let mut desk = Device::new(1);
        assert_eq!(adds(&world, &cookie, &mut desk, "Desk").status, StatusCode::SEE_OTHER);
        // A secret that was stolen adds no second one, and takes none away.
        assert_eq!(world.get("/counter", &cookie).status, StatusCode::SEE_OTHER);
        refused(&adds(&world, &world.enter("clerk"), &mut Device::new(2), "Mine"), "N0618");
        refused(&world.post("/settings/passkeys/remove", &cookie, &format!("csrf={csrf_now}&passkey=1")), "N0618");
        let inside = comes(&world, &mut desk).cookie("__Host-renshe").unwrap();
        assert_eq!(world.get("/counter", &inside).status, StatusCode::OK);
        assert_eq!(adds(&world, &inside, &mut Device::new(2), "Phone").status, StatusCode::SEE_OTHER);
        // Persons come by a secret as before.
        assert_eq!(world.get("/me", &world.enter("one")).status, StatusCode::OK);
        // Lost: an administrator removes them, and a secret is enough to add one.
        let admin = Actor::new("admin").unwrap();
        assert_eq!(office::sign_in::passkeys::lost(db, "clerk", acting(&admin)).unwrap(), 2);
        assert_eq!(world.get("/counter", &inside).status, StatusCode::SEE_OTHER);
        refused(&comes(&world, &mut desk), "N0615");
        assert_eq!(adds(&world, &world.enter("clerk"), &mut Device::new(4), "Desk").status, StatusCode::SEE_OTHER);
        assert_eq!(office::sign_in::passkeys::lost(db, "nobody", acting(&admin)).unwrap_err().code(), "N0607");
    }
}

fn acting(by: &Actor) -> Acting<'_> {
    Acting {
        by,
        at: Moment::from_microseconds(1_752_100_000_000_000),
        purpose: "test",
        through: "test",
    }
}
