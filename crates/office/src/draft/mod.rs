//! How does an employer prepare what it declares?
//!
//! ```text
//! begin (a file, or a few rows) ─► look ─► mend ─► look ─► hand in ─► a declaration
//!                                    └──► let go
//! ```
//!
//! A draft is kept, encrypted, so that one can leave and come back to it. It is looked at by the very reading that records it
//! ([`declare`](crate::declare)), so what was said of it is what happens. When it is handed in, or has lain for a month, its rows
//! are kept no longer.

mod begin;
mod hand_in;
mod look;
mod mend;
mod refusal;

pub use begin::{New, begin_with_file, begin_with_rows};
/// What a column of a declaration holds.
pub use exchange::sheets::Item;
/// What is wrong with a row.
pub use exchange::{Fault as CellFault, Weight, Wording};
pub use hand_in::{hand_in, let_go};
pub use look::{Change, Checked, Faulty, Forgotten, Unnamed, look, to_mend, unnamed};
pub use mend::{Mending, mend, mend_by_file};
pub use refusal::Refusal;
pub use store::drafts::Draft;

use crate::error::Error;
use crate::permit;
use city::employers::EmployerId;
use exchange::sheets::{Form, Options, Sheet};
use ledger::Digest;
use std::io::Write as _;
use store::secrets::{Place, Secrets, fresh_nonce};
use store::{Tx, drafts};

/// So many rows are mended on a page.
pub const ROWS_MAX: usize = 20_000;

fn place(draft: i64) -> Place {
    Place {
        table: "draft",
        column: "cipher",
        person: draft,
    }
}

/// Keeps the rows of a draft.
fn keep(tx: &mut Tx<'_>, secrets: &Secrets, draft: i64, form: &Form) -> Result<(), Error> {
    let cipher = secrets.seal(place(draft), &form.text(), fresh_nonce()?);
    match drafts::fill(tx, draft, &cipher)? {
        true => Ok(()),
        false => Err(Refusal::Changed.into()),
    }
}

/// An employer's own draft, with its rows while it is not handed in. Another's is unknown.
fn own(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    employer: EmployerId,
    draft: i64,
) -> Result<(Draft, Option<Form>), Error> {
    let found = drafts::find(tx, draft)?.filter(|(draft, _)| draft.employer == employer);
    let (draft, cipher) = found.ok_or(permit::Refusal::Unknown)?;
    let form = match cipher {
        None => None,
        Some(cipher) => {
            let text = secrets.open(place(draft.id), &cipher)?;
            let form = Form::read(&text).ok_or_else(|| store::Error::Damaged {
                cause: format!("the rows of draft {} are not a form", draft.id),
            })?;
            Some(form)
        }
    };
    Ok((draft, form))
}

/// By which it is known whether a draft is still what was looked at.
fn seen(form: &Form) -> Digest {
    Digest::of(form.text().as_bytes())
}

/// What stands in a file; its ending tells the format.
fn read(name: &str, bytes: &[u8]) -> Result<Form, Error> {
    let broken = |error: std::io::Error| store::Error::Damaged {
        cause: format!("a temporary file cannot be written: {error}"),
    };
    let mut file = tempfile::NamedTempFile::new().map_err(broken)?;
    file.write_all(bytes).map_err(broken)?;
    file.flush().map_err(broken)?;
    let options = Options {
        name: Some(name.to_owned()),
        ..Options::default()
    };
    let sheet = Sheet::open(file.path(), &options)?;
    let form = Form::of(&sheet, ROWS_MAX)?;
    form.ok_or_else(|| Refusal::TooMany { most: ROWS_MAX }.into())
}
