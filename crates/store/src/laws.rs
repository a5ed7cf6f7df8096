//! Which texts of the law were applied?

use crate::{Error, Tx, params, statements};

statements! {
    /// Whether a version is kept.
    KEPT = "select 1 from law_text where version = $1 limit 1";
    /// Keeps a text.
    KEEP = "insert into law_text (version, path, text) values ($1, $2, $3)";
    /// The texts of a version.
    TEXTS = "select path, text from law_text where version = $1 order by path";
}

/// Keeps the texts of a version, each with its path, unless they are kept already.
///
/// # Errors
///
/// What the database says.
pub fn keep<'t>(
    tx: &mut Tx<'_>,
    version: &str,
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> Result<(), Error> {
    let kept = tx.find(KEPT, params![version], |_| Ok::<(), Error>(()))?;
    if kept.is_some() {
        return Ok(());
    }
    for (path, text) in texts {
        tx.execute(KEEP, params![version, path, text])?;
    }
    Ok(())
}

/// The texts of a version, each with its path, in order of paths; none when it is not kept.
///
/// # Errors
///
/// What the database says.
pub fn texts(tx: &mut Tx<'_>, version: &str) -> Result<Vec<(String, String)>, Error> {
    tx.list(TEXTS, params![version], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
