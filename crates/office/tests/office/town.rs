//! A small town: some employers, some people, and the law.

use city::actors::Actor;
use measure::{Day, Moment, Month};
use office::Acting;
use office::acting::version;
use rules::check::{self, Book};
use rules::diagnostic::SourceFile;
use std::fs;
use std::path::Path;
use store::{Db, params};

/// The project's law, and which text it is.
pub(crate) struct TheLaw {
    pub(crate) book: Book,
    pub(crate) version: String,
}

impl TheLaw {
    pub(crate) fn read() -> TheLaw {
        TheLaw::with(&[])
    }

    /// The law with a passage of a file replaced.
    pub(crate) fn altered(path: &str, passage: &str, by: &str) -> TheLaw {
        let law = TheLaw::with(&[(passage, by)]);
        let files = law.book.files.iter();
        let found = files.filter(|file| file.path == path && file.text.contains(by));
        assert_eq!(found.count(), 1, "{passage}");
        law
    }

    /// With something else instead of what the texts say.
    pub(crate) fn with(changes: &[(&str, &str)]) -> TheLaw {
        let mut files = Vec::new();
        gather(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../law")),
            &mut files,
        );
        files.sort_by(|one, other| one.path.cmp(&other.path));
        for (old, new) in changes {
            let places: Vec<_> = files
                .iter_mut()
                .filter(|file| file.text.contains(old))
                .collect();
            assert_eq!(places.len(), 1, "{old}");
            for file in places {
                file.text = file.text.replace(old, new);
            }
        }
        let version = version(&files);
        let book = check::read(files);
        assert!(!book.has_errors());
        TheLaw { book, version }
    }

    pub(crate) fn applied(&self) -> office::acting::Applied<'_> {
        office::acting::Applied {
            law: self.book.law("cn-50").unwrap(),
            files: &self.book.files,
            version: &self.version,
        }
    }
}

fn gather(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "law") {
            let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../law"));
            files.push(SourceFile {
                path: path.strip_prefix(root).unwrap().display().to_string(),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

pub(crate) fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Noon or so of a day.
pub(crate) fn moment(text: &str) -> Moment {
    Moment::start_of(day(text)).plus_microseconds(12 * 3_600 * 1_000_000)
}

pub(crate) fn actor(login: &str) -> Actor {
    Actor::new(login).unwrap()
}

pub(crate) fn acting<'a>(by: &'a Actor, on: &str) -> Acting<'a> {
    Acting {
        by,
        at: moment(on),
        purpose: "test",
        through: "test",
    }
}

/// A district, 500103 and 500112 in turn.
fn district(number: i64) -> i64 {
    [500_103, 500_112][usize::try_from(number % 2).unwrap()]
}

/// Settles people: of every ten six are employees of employer 1 or 2 in three schemes, two pay as individuals, one is a
/// resident who pays in June, and one has declared nothing the law accepts.
pub(crate) fn settle(db: &Db, people: i64) {
    let known = moment("2025-01-05");
    db.write(|tx| {
        for employer in 1..=2_i64 {
            tx.execute(
                "insert into employer (employer, credit_code, name, recorded, origin_kind, origin) values ($1, $2, $3, $4, 6, 1)",
                params![employer, format!("9150000000000000{employer:02}"), format!("单位{employer}"), known],
            )?;
            tx.execute(
                "insert into employer_fact (employer, district, industry_class, rate_level, valid_from, recorded, origin_kind, origin) \
                 values ($1, $2, $3, 3, $4, $5, 6, 1)",
                params![employer, district(employer), employer + 2, day("2020-01-01"), known],
            )?;
        }
        for person in 1..=people {
            tx.execute(
                "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)",
                params![person, day("1985-03-02"), vec![0_u8], known],
            )?;
            let kind = person % 10;
            if kind < 6 {
                let employer = 1 + person % 2;
                for scheme in [1, 3, 4_i64] {
                    participate(tx, person, (scheme, 1), Some(employer), Some(400_000 + person * 1_237))?;
                }
            } else if kind < 8 {
                participate(tx, person, (1, 2), None, Some(500_000))?;
            } else if kind == 8 {
                participate(tx, person, (2, 3), None, Some(20_000))?;
            } else {
                participate(tx, person, (1, 2), None, Some(100_000))?;
            }
        }
        Ok::<(), store::Error>(())
    })
    .unwrap();
}

pub(crate) fn participate(
    tx: &mut store::Tx<'_>,
    person: i64,
    of: (i64, i64),
    employer: Option<i64>,
    declared: Option<i64>,
) -> Result<(), store::Error> {
    participate_since(tx, moment("2025-01-05"), person, of, employer, declared)
}

/// What becomes known at a moment.
pub(crate) fn participate_since(
    tx: &mut store::Tx<'_>,
    known: Moment,
    person: i64,
    (scheme, category): (i64, i64),
    employer: Option<i64>,
    declared: Option<i64>,
) -> Result<(), store::Error> {
    let at = employer.map_or_else(|| district(person), district);
    tx.execute(
        "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, recorded, \
         origin_kind, origin) values ($1, $2, $3, $4, $5, 1, $6, $7, $8, 6, 1)",
        params![person, scheme, category, employer, at, declared, day("2024-06-01"), known],
    )?;
    Ok(())
}
