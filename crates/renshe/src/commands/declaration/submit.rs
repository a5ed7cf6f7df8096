//! `declaration submit`: a file looked at, and recorded if asked for.

use super::districts;
use super::words::{Report, in_json, in_words};
use crate::arguments::Format;
use crate::arguments::declaration::{Encoding, Submit};
use crate::output::{Exit, Failure, Setting, answer};
use crate::place::{CityLaw, acting, actor, file_hash, keys, of_exchange, of_office, open};
use city::declarations::Coverage;
use exchange::sheets::{self, Options, Sheet, ToMend};
use office::collect::clarify::employer;
use office::declare::submit::submit;
use office::declare::{Desk, Heard, Mode, Outcome, Paper, Rules};
use rules::explain::Lang;
use std::path::{Path, PathBuf};
use store::{Db, employers};

/// How many faults and missing persons are told one by one.
const TOLD: usize = 200;

/// Why a file is not taken in.
enum Stop {
    File(exchange::Error),
    Office(office::Error),
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl From<office::Error> for Stop {
    fn from(error: office::Error) -> Stop {
        Stop::Office(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Office(error.into())
    }
}

pub(super) fn submitted(asked: &Submit, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let secrets = keys(&asked.keys, setting)?;
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let sheet = Sheet::open(&asked.file, &options(asked));
    let sheet = sheet.map_err(|error| of_exchange(&error, setting))?;
    let month = asked.whose.month;
    let rules = Rules::of(law.applied().law, month);
    let found = db.read(|tx| {
        let id = employer(tx, &asked.whose.employer)?;
        Ok::<_, office::Error>((id, employers::employer(tx, id)?))
    });
    let (employer, known) = found.map_err(|error| of_office(&error, setting))?;
    let districts = districts(&asked.districts);
    let desk = Desk {
        rules: &rules.map_err(|error| of_office(&error, setting))?,
        secrets: &secrets,
        districts: districts.as_deref(),
        acting: acting(&by, &asked.signed, setting.now),
    };
    let name = asked.file.file_name().unwrap_or_default().to_string_lossy();
    let paper = Paper {
        name: &name,
        hash: file_hash(&asked.file, setting)?,
        heading: Some(sheet.heading()),
        employer,
        month,
        coverage: match asked.part {
            true => Coverage::Part,
            false => Coverage::Whole,
        },
    };
    let taken = take(&db, desk, paper, (asked, &sheet), setting.lang);
    let (outcome, report) = taken.map_err(|stop| match stop {
        Stop::File(error) => of_exchange(&error, setting),
        Stop::Office(error) => of_office(&error, setting),
    })?;
    let of = (known.as_ref(), month);
    answer(&match asked.format {
        Format::Text => in_words(&outcome, &report, of, asked.record, setting.lang),
        Format::Json => in_json(&outcome, &report, of),
    });
    Ok(match outcome.tally.faulty {
        0 => Exit::Good,
        _ if asked.record && outcome.recorded.is_none() => Exit::Failed,
        _ => Exit::Partial,
    })
}

fn options(asked: &Submit) -> Options {
    let encoding = asked.encoding.map(|encoding| match encoding {
        Encoding::Utf8 => sheets::Encoding::Utf8,
        Encoding::Gb18030 => sheets::Encoding::Gb18030,
    });
    Options {
        name: None,
        sheet: asked.sheet.clone(),
        encoding,
    }
}

/// Hands the file in; what is told of its rows is gathered, and those that are refused are written out to be mended.
fn take(
    db: &Db,
    desk: Desk<'_>,
    paper: Paper<'_>,
    (asked, sheet): (&Submit, &Sheet),
    lang: Lang,
) -> Result<(Outcome, Report), Stop> {
    let mode = match (asked.record, asked.good_rows) {
        (false, _) => Mode::Check,
        (true, false) => Mode::RecordWhole,
        (true, true) => Mode::RecordGood,
    };
    let mend = asked.mend.clone().unwrap_or_else(|| beside(&asked.file));
    let (mut report, mut to_mend) = (Report::default(), None);
    let outcome = submit::<Stop>(
        db,
        desk,
        paper,
        mode,
        &mut |each| sheet.lines(true, each),
        &mut |heard| {
            match heard {
                Heard::Begin => {
                    report = Report::default();
                    to_mend = Some(ToMend::new(&mend, lang)?);
                }
                Heard::Decided { doubts, .. } => report.doubt(doubts, TOLD),
                Heard::Refused { row, texts, faults } => {
                    report.fault(faults, TOLD);
                    if let Some(to_mend) = &mut to_mend {
                        to_mend.line(sheet.heading(), (row, texts), faults.iter())?;
                    }
                }
                Heard::Missing(missing) => report.missing(missing, TOLD),
            }
            Ok(())
        },
    )?;
    report.mend = match to_mend {
        Some(to_mend) => to_mend.finish()?,
        None => None,
    };
    report.notes = sheet.notes().to_vec();
    Ok((outcome, report))
}

/// `june.mend.csv` beside `june.csv`; a workbook beside a workbook.
fn beside(file: &Path) -> PathBuf {
    let is_book = |ending: &std::ffi::OsStr| ending.eq_ignore_ascii_case("xlsx");
    match file.extension().is_some_and(is_book) {
        true => file.with_extension("mend.xlsx"),
        false => file.with_extension("mend.csv"),
    }
}
