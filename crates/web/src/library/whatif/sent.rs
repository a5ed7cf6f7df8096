//! Files of a population as they come in: written down piece by piece, so that however large they are little of them is in memory,
//! and gone when whoever reads them is done.

use crate::employer::declare::last;
use crate::problem::Problem;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;
use tempfile::TempDir;

/// The files, in a folder of their own that goes with them.
#[derive(Debug)]
pub(super) struct Sent {
    folder: TempDir,
    pub(super) people: PathBuf,
    pub(super) records: Option<PathBuf>,
}

impl Sent {
    /// What stands before a file's name where it lies, either file's.
    pub(super) fn folder(&self) -> String {
        format!("{}/", self.folder.path().display())
    }
}

/// Takes the files of a form; `None` where there is none of people.
pub(super) async fn received(mut form: Multipart) -> Result<Option<Sent>, Problem> {
    let folder = tempfile::tempdir().map_err(|error| unwritten(&error))?;
    let (mut people, mut records) = (None, None);
    while let Some(mut part) = form.next_field().await.map_err(|error| unread(&error))? {
        let kept = match part.name() {
            Some("file") => &mut people,
            Some("records") => &mut records,
            _ => continue,
        };
        let name = named(part.file_name().unwrap_or_default());
        if name.is_empty() || kept.is_some() {
            continue;
        }
        // Two files may have one name.
        let path = folder.path().join(match part.name() {
            Some("file") => name,
            _ => format!("records-{name}"),
        });
        let mut file = File::create(&path).map_err(|error| unwritten(&error))?;
        while let Some(piece) = part.chunk().await.map_err(|error| unread(&error))? {
            file.write_all(&piece).map_err(|error| unwritten(&error))?;
        }
        let length = fs::metadata(&path).map_or(0, |known| known.len());
        *kept = (0 < length).then_some(path);
    }
    Ok(people.map(|people| Sent {
        folder,
        people,
        records,
    }))
}

/// The last part of a path, without what a file's name had better not have.
fn named(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |sign: &char| sign.is_alphanumeric() || " ._-".contains(*sign);
    let name: String = name.chars().filter(plain).collect();
    last(name.trim_start_matches('.'), 80).trim().to_owned()
}

fn unread(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::unreadable(),
    }
}

fn unwritten(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file that was sent cannot be written");
    Problem::broken()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_is_the_last_part_of_a_path_and_plain() {
        for (sent, expected) in [
            ("people.parquet", "people.parquet"),
            ("../../etc/人群 2025.csv", "人群 2025.csv"),
            ("C:\\a\\b.csv", "b.csv"),
            ("..", ""),
            ("<b>x\u{0}\n.csv", "bx.csv"),
            (".csv", "csv"),
        ] {
            assert_eq!(named(sent), expected, "{sent}");
        }
    }
}
