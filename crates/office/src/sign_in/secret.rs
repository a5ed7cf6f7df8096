//! Secrets of local logins: kept as an argon2id hash with a salt of its own, so that who reads the table learns none.

use super::Refusal;
use crate::error::Error;
use argon2::{Algorithm, Argon2, Params, Version};
use ledger::Digest;

/// How much work a guess takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// 19 MiB, two passes: a tenth of a second or less of a core for whoever signs in.
    pub const USUAL: Cost = Cost {
        memory: 19 * 1_024,
        passes: 2,
    };
}

/// The shortest secret, in characters, and the longest, in bytes: argon2 would take as many as are sent.
pub const LENGTH: (usize, usize) = (12, 256);

/// The hash of a new secret: `argon2id$19456$2$SALT$HASH`.
pub(super) fn hashed(secret: &str, cost: Cost) -> Result<String, Error> {
    if secret.chars().count() < LENGTH.0 || LENGTH.1 < secret.len() {
        return Err(Refusal::UnfitSecret.into());
    }
    let salt = super::chance()?;
    let hash = derived(secret, &salt, cost).ok_or(Refusal::UnfitSecret)?;
    let (memory, passes) = (cost.memory, cost.passes);
    Ok(format!(
        "argon2id${memory}${passes}${}${}",
        Digest(salt),
        Digest(hash)
    ))
}

/// Whether a secret is the one that was hashed. Without a hash the same work is done and the answer is no.
pub(super) fn is_right(secret: &str, kept: Option<&str>, cost: Cost) -> bool {
    is_right_by(secret, kept, cost, derived)
}

/// The same, with the work handed in: it is done once, whoever is asked for.
fn is_right_by(
    secret: &str,
    kept: Option<&str>,
    cost: Cost,
    mut derive: impl FnMut(&str, &[u8; 32], Cost) -> Option<[u8; 32]>,
) -> bool {
    let read = kept.and_then(read);
    let (cost, salt, expected) = read.unwrap_or((cost, [0; 32], [0; 32]));
    let is_endless = LENGTH.1 < secret.len();
    let tried = if is_endless { "" } else { secret };
    let found = derive(tried, &salt, cost).unwrap_or_default();
    // All bytes are looked at, whichever differs first.
    let differ = found.iter().zip(expected);
    let differ = differ.fold(0, |so_far, (one, other)| so_far | (one ^ other));
    differ == 0 && read.is_some() && !is_endless
}

fn derived(secret: &str, salt: &[u8; 32], cost: Cost) -> Option<[u8; 32]> {
    let params = Params::new(cost.memory, cost.passes, 1, Some(32)).ok()?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

fn read(kept: &str) -> Option<(Cost, [u8; 32], [u8; 32])> {
    let mut parts = kept.split('$');
    if parts.next() != Some("argon2id") {
        return None;
    }
    let cost = Cost {
        memory: parts.next()?.parse().ok()?,
        passes: parts.next()?.parse().ok()?,
    };
    let salt = Digest::parse(parts.next()?)?;
    let hash = Digest::parse(parts.next()?)?;
    Some((cost, salt.0, hash.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIGHT: Cost = Cost {
        memory: 64,
        passes: 1,
    };

    #[test]
    fn a_secret_is_known_again_and_no_other_is() {
        let kept = hashed("correct horse battery", LIGHT).unwrap();
        assert!(is_right("correct horse battery", Some(&kept), Cost::USUAL));
        assert!(!is_right("correct horse batterz", Some(&kept), LIGHT));
        assert!(!is_right("", Some(&kept), LIGHT));
        assert!(!is_right("correct horse battery", None, LIGHT));
        assert!(!is_right(
            "correct horse battery",
            Some("argon2id$64$1$zz$zz"),
            LIGHT
        ));
        // The same secret is never kept as the same text.
        assert_ne!(kept, hashed("correct horse battery", LIGHT).unwrap());
    }

    #[test]
    fn a_guess_takes_the_same_work_whoever_is_guessed_at() {
        let kept = hashed("correct horse battery", LIGHT).unwrap();
        let endless = "x".repeat(10_000);
        let guesses = [
            ("correct horse battery", Some(kept.as_str())),
            ("correct horse batterz", Some(kept.as_str())),
            ("correct horse batterz", None),
            (endless.as_str(), Some(kept.as_str())),
            (endless.as_str(), None),
            ("correct horse batterz", Some("no hash of ours")),
        ];
        for (secret, kept) in guesses {
            let mut work = Vec::new();
            is_right_by(secret, kept, LIGHT, |tried, salt, cost| {
                work.push(cost);
                derived(tried, salt, cost)
            });
            assert_eq!(work, [LIGHT], "{} bytes, {kept:?}", secret.len());
        }
    }

    #[test]
    fn a_secret_is_neither_short_nor_endless() {
        for secret in ["eleven chrs", &"x".repeat(257)] {
            assert_eq!(hashed(secret, LIGHT).unwrap_err().code(), "N0605");
        }
        let longest = "x".repeat(256);
        let kept = hashed(&longest, LIGHT).unwrap();
        assert!(is_right(&longest, Some(&kept), LIGHT));
        assert!(!is_right(&format!("{longest}x"), Some(&kept), LIGHT));
        assert!(hashed("十二个汉字也算十二个字", LIGHT).is_err());
        assert!(hashed("十二个汉字也算十二个字符", LIGHT).is_ok());
        assert!(!is_right(&"x".repeat(10_000), None, LIGHT));
    }
}
