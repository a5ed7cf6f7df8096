//! How are identity numbers kept so that a stolen database tells nothing?
//!
//! A number or name is kept encrypted, with AES-256-GCM, and bound to its place: moved to another column or another person it
//! does not open. To be found again it has a *blind index*, a keyed digest of 128 bits: equal for equal numbers, and
//! nothing else can be learnt from it without the key. The key must be good and must stay outside: an identity number has some
//! ten thousand million plausible values, so whoever has the key and the digests has the numbers within minutes.
//!
//! Keys are handed in and are never in the database. Each ciphertext says by the number of which key it opens, so that keys
//! can be changed while the office works: new values are sealed with the current key, old ones still open, and
//! [`reseal`](Secrets::reseal) writes them anew.
//!
//! ```
//! use store::secrets::{Place, Secrets, fresh_nonce};
//!
//! let secrets = Secrets::new(2, [(1, [1; 32]), (2, [2; 32])], [[3; 32]])?;
//! let place = Place { table: "identity", column: "cipher", person: 7 };
//! let sealed = secrets.seal(place, "500101199902300010", fresh_nonce()?);
//! assert_eq!(secrets.open(place, &sealed)?, "500101199902300010");
//!
//! let elsewhere = Place { person: 8, ..place };
//! assert_eq!(secrets.open(elsewhere, &sealed).unwrap_err().code(), "S0303");
//! # Ok::<(), store::Error>(())
//! ```

use crate::error::Error;
use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::{collections::BTreeMap, fmt};

/// What must never be the same twice under one key: 96 bits.
pub type Nonce = [u8; 12];

/// The keyed digest under which a number is found.
pub type Blind = [u8; 16];

/// The first byte of a ciphertext: the form it has. Then the key's number (4 bytes), the nonce (12), the encrypted text,
/// and the tag (16).
const FORM: u8 = 1;
const HEAD: usize = 1 + 4 + 12;

/// Where a ciphertext stands. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Whose it is.
    pub person: i64,
}

/// The keys of an office, for sealing, opening and finding.
pub struct Secrets {
    current: u32,
    keys: BTreeMap<u32, Aes256Gcm>,
    blind: Vec<Hmac<Sha256>>,
}

impl Secrets {
    /// The number of the current key, all keys by their numbers, and the keys of the blind index, the current one first.
    ///
    /// # Errors
    ///
    /// `S0302` when the current key is not among them, or there is none for the blind index.
    #[expect(clippy::missing_panics_doc, reason = "HMAC takes a key of any length")]
    pub fn new(
        current: u32,
        keys: impl IntoIterator<Item = (u32, [u8; 32])>,
        blind: impl IntoIterator<Item = [u8; 32]>,
    ) -> Result<Secrets, Error> {
        let cipher = |(number, key): (u32, [u8; 32])| (number, Aes256Gcm::new(&key.into()));
        let keys: BTreeMap<u32, Aes256Gcm> = keys.into_iter().map(cipher).collect();
        let mac =
            |key: [u8; 32]| Hmac::new_from_slice(&key).expect("HMAC takes a key of any length");
        let blind: Vec<Hmac<Sha256>> = blind.into_iter().map(mac).collect();
        if !keys.contains_key(&current) || blind.is_empty() {
            return Err(Error::KeyUnknown { key: current });
        }
        Ok(Secrets {
            current,
            keys,
            blind,
        })
    }

    /// Encrypts a text for its place, with the current key.
    ///
    /// The nonce must not have been used with this key before: see [`fresh_nonce`] and [`counted_nonce`].
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the current key is there, and a text is never 64 GiB long"
    )]
    pub fn seal(&self, place: Place, text: &str, nonce: Nonce) -> Vec<u8> {
        let cipher = self.keys.get(&self.current).expect("`new` looked for it");
        let bound = bound_to(place);
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &bound,
        };
        let encrypted = cipher
            .encrypt(&nonce.into(), payload)
            .expect("only a text of 64 GiB is too long");
        let mut sealed = Vec::with_capacity(HEAD + encrypted.len());
        sealed.push(FORM);
        sealed.extend_from_slice(&self.current.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&encrypted);
        sealed
    }

    /// Decrypts what stands at a place.
    ///
    /// # Errors
    ///
    /// `S0302` when the key it was sealed with is not there, `S0303` when it was altered or belongs elsewhere.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<String, Error> {
        let not_authentic = || Error::NotAuthentic {
            place: format!("{}.{}", place.table, place.column),
        };
        let key = key_of(sealed).ok_or_else(not_authentic)?;
        let cipher = self.keys.get(&key).ok_or(Error::KeyUnknown { key })?;
        let nonce: Nonce = sealed[5..HEAD].try_into().map_err(|_| not_authentic())?;
        let bound = bound_to(place);
        let payload = Payload {
            msg: &sealed[HEAD..],
            aad: &bound,
        };
        let text = cipher.decrypt(&nonce.into(), payload);
        let text = text.map_err(|_| not_authentic())?;
        String::from_utf8(text).map_err(|_| not_authentic())
    }

    /// What stands at a place, sealed anew with the current key; `None` when it is sealed with it already.
    ///
    /// # Errors
    ///
    /// As [`open`](Secrets::open).
    pub fn reseal(
        &self,
        place: Place,
        sealed: &[u8],
        nonce: Nonce,
    ) -> Result<Option<Vec<u8>>, Error> {
        let text = self.open(place, sealed)?;
        if key_of(sealed) == Some(self.current) {
            return Ok(None);
        }
        Ok(Some(self.seal(place, &text, nonce)))
    }

    /// Under what a number is written and found. `field` keeps numbers of different sorts apart, such as `identity`; the text
    /// is in the one form it has after checking (upper case, no blanks).
    #[must_use]
    pub fn blind(&self, field: &str, text: &str) -> Blind {
        digest(&self.blind[0], field, text)
    }

    /// Under what a number may stand while the key of the blind index is being changed: the current first.
    #[must_use]
    pub fn blinds(&self, field: &str, text: &str) -> Vec<Blind> {
        self.blind
            .iter()
            .map(|key| digest(key, field, text))
            .collect()
    }
}

/// Never the keys.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Secrets(current {}, {} keys)",
            self.current,
            self.keys.len()
        )
    }
}

/// The number of the key a ciphertext opens with; `None` when it is no ciphertext of ours.
#[must_use]
pub fn key_of(sealed: &[u8]) -> Option<u32> {
    match sealed {
        [FORM, a, b, c, d, rest @ ..] if rest.len() >= 12 + 16 => {
            Some(u32::from_be_bytes([*a, *b, *c, *d]))
        }
        _ => None,
    }
}

/// A nonce by chance, from the operating system. Good for four thousand million values under one key.
///
/// # Errors
///
/// `S0305` when the operating system gives no random numbers.
pub fn fresh_nonce() -> Result<Nonce, Error> {
    let mut nonce = Nonce::default();
    match getrandom::fill(&mut nonce) {
        Ok(()) => Ok(nonce),
        Err(error) => Err(Error::NoChance {
            cause: error.to_string(),
        }),
    }
}

/// A nonce by counting: for a load of many values, whose bytes are then the same each time. The series must be used once
/// for a key, and by one load.
#[must_use]
pub fn counted_nonce(series: u32, count: u64) -> Nonce {
    let mut nonce = Nonce::default();
    nonce[..4].copy_from_slice(&series.to_be_bytes());
    nonce[4..].copy_from_slice(&count.to_be_bytes());
    nonce
}

fn digest(key: &Hmac<Sha256>, field: &str, text: &str) -> Blind {
    let mut mac = key.clone();
    // The zero cannot be in the name of a field, so no two pairs are alike.
    mac.update(field.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    let whole = mac.finalize().into_bytes();
    let mut blind = Blind::default();
    blind.copy_from_slice(&whole[..16]);
    blind
}

/// The place as bytes, such that no two places are alike.
fn bound_to(place: Place) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(place.table.len() + place.column.len() + 10);
    bytes.extend_from_slice(place.table.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(place.column.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&place.person.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLACE: Place = Place {
        table: "identity",
        column: "cipher",
        person: 7,
    };

    fn secrets(current: u32, keys: &[u32], blind: &[u8]) -> Secrets {
        let keys = keys
            .iter()
            .map(|key| (*key, [u8::try_from(*key).unwrap(); 32]));
        Secrets::new(current, keys, blind.iter().map(|key| [*key; 32])).unwrap()
    }

    #[test]
    fn old_and_new_keys_open() {
        let (before, during) = (secrets(1, &[1], &[9]), secrets(2, &[1, 2], &[9]));
        let old = before.seal(PLACE, "500101199902300010", [1; 12]);
        assert_eq!(during.open(PLACE, &old).unwrap(), "500101199902300010");
        let new = during.reseal(PLACE, &old, [2; 12]).unwrap().unwrap();
        assert_eq!((key_of(&old), key_of(&new)), (Some(1), Some(2)));
        assert_eq!(during.reseal(PLACE, &new, [3; 12]).unwrap(), None);
        let after = secrets(2, &[2], &[9]);
        assert_eq!(after.open(PLACE, &new).unwrap(), "500101199902300010");
        assert_eq!(
            after.open(PLACE, &old).unwrap_err(),
            Error::KeyUnknown { key: 1 }
        );
    }

    #[test]
    fn a_value_opens_at_its_place_only() {
        let secrets = secrets(1, &[1], &[9]);
        let sealed = secrets.seal(PLACE, "a", [1; 12]);
        for elsewhere in [
            Place { person: 8, ..PLACE },
            Place {
                column: "blind",
                ..PLACE
            },
            Place {
                table: "person",
                ..PLACE
            },
            Place {
                table: "identityc",
                column: "ipher",
                ..PLACE
            },
        ] {
            assert_eq!(
                secrets.open(elsewhere, &sealed).unwrap_err().code(),
                "S0303"
            );
        }
    }

    #[test]
    fn the_blind_index_depends_on_key_field_and_text() {
        let one = secrets(1, &[1], &[9]);
        let blind = one.blind("identity", "500101199902300010");
        assert_eq!(blind, one.blind("identity", "500101199902300010"));
        assert_ne!(blind, one.blind("card", "500101199902300010"));
        assert_ne!(blind, one.blind("identity", "500101199902300011"));
        let both = secrets(1, &[1], &[8, 9]);
        assert_eq!(both.blinds("identity", "500101199902300010")[1], blind);
        assert_ne!(both.blind("identity", "500101199902300010"), blind);
    }

    /// Against a value computed with another program: Python's `hmac.new(b"\x09" * 32, b"identity\0" + number, "sha256")`.
    #[test]
    fn the_blind_index_is_hmac_sha_256() {
        let blind = secrets(1, &[1], &[9]).blind("identity", "500101199902300010");
        let shown: String = blind.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, "ee932b450727d67326fadb9c77f8e040");
    }

    #[test]
    fn keys_are_never_shown_and_must_be_there() {
        assert_eq!(
            format!("{:?}", secrets(2, &[1, 2], &[9])),
            "Secrets(current 2, 2 keys)"
        );
        let none = Secrets::new(3, [(1, [1; 32])], [[9; 32]]);
        assert_eq!(none.unwrap_err(), Error::KeyUnknown { key: 3 });
    }

    #[test]
    fn nonces_differ() {
        assert_ne!(fresh_nonce().unwrap(), fresh_nonce().unwrap());
        assert_ne!(counted_nonce(1, 2), counted_nonce(2, 1));
        assert_eq!(counted_nonce(1, 2)[3..].iter().sum::<u8>(), 3);
    }

    proptest! {
        #[test]
        fn what_was_altered_does_not_open(text in ".{0,30}", at in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let secrets = secrets(1, &[1], &[9]);
            let mut sealed = secrets.seal(PLACE, &text, [1; 12]);
            prop_assert_eq!(secrets.open(PLACE, &sealed).unwrap(), text);
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(secrets.open(PLACE, &sealed).is_err());
            sealed.truncate(at);
            prop_assert!(secrets.open(PLACE, &sealed).is_err());
        }
    }
}
