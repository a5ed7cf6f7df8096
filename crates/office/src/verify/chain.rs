//! Is the chain of seals whole, and does it bind what is there?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::content;
use crate::whole;
use city::runs::Run;
use ledger::Digest;
use store::{Db, runs, seals};

/// Follows the chain from its beginning: each link is that of its run's content, and follows the one before; and each run in
/// force has one.
pub(super) fn verify(db: &Db, all: &[Run], report: &mut Report) -> Result<(), Error> {
    let chain = whole::read(db, |tx| Ok(seals::chain(tx)?))?;
    let mut last = Digest::ZERO;
    for link in &chain {
        let broken = Finding::Chain {
            run: link.run,
            month: link.month,
        };
        let Some(run) = all.iter().find(|run| run.id == link.run) else {
            report.findings.push(broken);
            return Ok(());
        };
        let sealed = whole::read(db, |tx| {
            let totals = runs::totals(tx, run.id)?;
            content::sealed(tx, run, &totals)
        })?;
        if content::hash(&sealed) != run.content.unwrap_or(Digest::ZERO) {
            report.findings.push(Finding::Content { run: run.id });
        }
        let whole = link.previous == last
            && link.month == run.month
            && link.root == sealed.root
            && u64::try_from(link.rows) == Ok(sealed.rows)
            && link.hash == content::link(last, &sealed);
        if !whole {
            report.findings.push(broken);
            return Ok(());
        }
        last = link.hash;
    }
    if let Some(run) = all
        .iter()
        .find(|run| chain.iter().all(|link| link.run != run.id))
    {
        report.findings.push(Finding::Chain {
            run: run.id,
            month: run.month,
        });
    }
    Ok(())
}
