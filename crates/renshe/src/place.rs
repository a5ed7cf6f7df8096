//! Where the city is kept: its database, its keys, its law, and in whose name something is done.

use crate::arguments::{AppliedLaw, Place, Signed};
use crate::folder::Origin;
use crate::output::{Failure, Setting};
use city::actors::Actor;
use ledger::Digest;
use measure::Moment;
use office::acting::{Acting, Applied, version};
use rules::check::Book;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use store::{Db, Options, Url, secrets::Secrets};

/// The law of a city, with the hash that names its text.
pub(crate) struct CityLaw {
    pub(crate) book: Book,
    version: String,
    jurisdiction: String,
}

impl CityLaw {
    /// Reads and checks it.
    pub(crate) fn read(
        origin: &Origin,
        jurisdiction: &str,
        setting: &Setting,
    ) -> Result<CityLaw, Failure> {
        let book = origin.book(setting)?;
        let version = version(&book.files);
        crate::lookup::jurisdiction(&book, Some(jurisdiction), setting)?;
        Ok(CityLaw {
            book,
            version,
            jurisdiction: jurisdiction.to_owned(),
        })
    }

    /// The one that is asked for.
    pub(crate) fn asked(asked: &AppliedLaw, setting: &Setting) -> Result<CityLaw, Failure> {
        let origin = Origin::of(asked.folder.law.as_deref());
        CityLaw::read(&origin, &asked.jurisdiction, setting)
    }

    /// As a run applies it.
    pub(crate) fn applied(&self) -> Applied<'_> {
        Applied {
            law: self
                .book
                .law(&self.jurisdiction)
                .expect("reading it looked the jurisdiction up"),
            files: &self.book.files,
            version: &self.version,
        }
    }
}

/// Opens the database, whose tables must be there.
pub(crate) fn open(place: &Place, setting: &Setting) -> Result<Db, Failure> {
    let options = Options {
        make: false,
        ..Options::default()
    };
    let db = open_with(place, options, setting)?;
    db.check_schema()
        .map_err(|error| of_store(&error, setting))?;
    Ok(db)
}

/// Opens the database whatever is in it; a file that is not there is made.
pub(crate) fn open_bare(place: &Place, setting: &Setting) -> Result<Db, Failure> {
    open_with(place, Options::default(), setting)
}

fn open_with(place: &Place, options: Options, setting: &Setting) -> Result<Db, Failure> {
    let url: Url = place
        .db
        .parse()
        .map_err(|error| of_store(&error, setting))?;
    Db::open_with(&url, options).map_err(|error| of_store(&error, setting))
}

/// Who acts; without a name nothing is written.
pub(crate) fn actor(signed: &Signed, setting: &Setting) -> Result<Actor, Failure> {
    let lang = setting.lang;
    Actor::new(&signed.actor).ok_or_else(|| {
        Failure::new(lang, lang.pick("--as 后没有经办人", "--as names nobody")).help(lang.pick(
            "写经办人的账号，如 --as li@500103",
            "give a login, such as --as li@500103",
        ))
    })
}

/// What is done now in somebody's name, from the command line.
pub(crate) fn acting<'a>(by: &'a Actor, signed: &'a Signed, now: Moment) -> Acting<'a> {
    Acting {
        by,
        at: now,
        purpose: signed.purpose.as_deref().unwrap_or(""),
        through: "command",
    }
}

/// What an office's use case refuses or runs into.
pub(crate) fn of_office(error: &office::Error, setting: &Setting) -> Failure {
    let failure = Failure::new(setting.lang, error.message(setting.lang)).code(error.code());
    match error.remedy(setting.lang) {
        remedy if remedy.is_empty() => failure,
        remedy => failure.help(remedy),
    }
}

/// What the database says.
pub(crate) fn of_store(error: &store::Error, setting: &Setting) -> Failure {
    of_office(&office::Error::Store(error.clone()), setting)
}

/// Why a file is not read.
pub(crate) fn of_exchange(error: &exchange::Error, setting: &Setting) -> Failure {
    let said = error.said();
    Failure::new(setting.lang, setting.lang.pick(&said.zh, &said.en)).code(&said.code)
}

/// The hash of a file's bytes.
pub(crate) fn file_hash(path: &Path, setting: &Setting) -> Result<Digest, Failure> {
    let read = || -> io::Result<Digest> {
        let (mut file, mut hash) = (File::open(path)?, Sha256::new());
        let mut piece = vec![0; 64 * 1024];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Digest(hash.finalize().into())),
                bytes => hash.update(&piece[..bytes]),
            }
        }
    };
    match read() {
        Ok(hash) => Ok(hash),
        Err(error) => {
            let (lang, shown) = (setting.lang, path.display());
            let what = lang.pick(
                format!("无法读取 {shown}：{error}"),
                format!("{shown} cannot be read: {error}"),
            );
            Err(Failure::new(lang, what))
        }
    }
}

/// Reads the keys by which names and identity numbers are encrypted and found.
pub(crate) fn keys(path: &Path, setting: &Setting) -> Result<Secrets, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        let shown = path.display();
        let lang = setting.lang;
        Failure::new(
            lang,
            lang.pick(
                format!("无法读取密钥文件 {shown}：{error}"),
                format!("the key file {shown} cannot be read: {error}"),
            ),
        )
        .help(lang.pick(
            "用 `renshe store keys 文件` 生成；正式密钥应由密钥管理系统保管",
            "make one with `renshe store keys FILE`; those of a real city belong in a key store",
        ))
    })?;
    parsed(&text).map_err(|error| of_store(&error, setting))
}

/// Lines such as `key 1 0123…` and `blind 4567…`, each key 64 hexadecimal digits; the last `key` is the current one, the
/// first `blind`.
fn parsed(text: &str) -> Result<Secrets, store::Error> {
    let (mut keys, mut blinds) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["key", number, key] => {
                if let (Ok(number), Some(key)) = (number.parse(), key_of(key)) {
                    keys.push((number, key));
                }
            }
            ["blind", key] => blinds.extend(key_of(key)),
            _ => {}
        }
    }
    let current = keys.last().map_or(0, |(number, _)| *number);
    Secrets::new(current, keys, blinds)
}

fn key_of(digits: &str) -> Option<[u8; 32]> {
    Digest::parse(digits).map(|digest| digest.0)
}

/// Writes a file of new keys that only its owner may read; never over one that is there.
pub(crate) fn make_keys(path: &Path, setting: &Setting) -> Result<(), Failure> {
    let lang = setting.lang;
    let key = || -> Result<String, Failure> {
        let mut text = String::new();
        for _ in 0..3 {
            let nonce = store::secrets::fresh_nonce().map_err(|error| of_store(&error, setting))?;
            for byte in nonce {
                let _ = write!(text, "{byte:02x}");
            }
        }
        text.truncate(64);
        Ok(text)
    };
    let text = format!("key 1 {}\nblind {}\n", key()?, key()?);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let shown = path.display();
        Failure::new(
            lang,
            lang.pick(
                format!("无法写入密钥文件 {shown}：{error}"),
                format!("the key file {shown} cannot be written: {error}"),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::parsed;

    #[test]
    fn a_key_file_needs_a_key_and_one_to_find_by() {
        let digits = "0123456789abcdef".repeat(4);
        assert!(parsed(&format!("key 1 {digits}\nkey 2 {digits}\nblind {digits}\n")).is_ok());
        for wrong in [
            String::new(),
            format!("key 1 {digits}"),
            format!("blind {digits}"),
            format!("key one {digits}\nblind {digits}"),
            format!("key 1 {}\nblind {digits}", &digits[1..]),
        ] {
            assert!(parsed(&wrong).is_err(), "{wrong}");
        }
    }
}
