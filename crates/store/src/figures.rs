//! How many are insured where, and what came in of what was billed? Counts and sums only; the database adds up.

use crate::{Error, Tx, params, statements};
use city::insurance::Scheme;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen};

statements! {
    /// How many persons are insured and paying on a day, by scheme and district, as known now.
    INSURED = "select scheme, district, count(distinct person) from participation \
               where status = 1 and valid_from <= $1 and (valid_until is null or $1 < valid_until) and superseded is null \
               group by scheme, district order by scheme, district";
    /// What was billed by a run, and what of it came in, by scheme and district.
    COLLECTED = "select b.scheme, b.district, cast(sum(b.amount) as bigint), cast(sum(coalesce(a.paid, 0)) as bigint) \
                 from bill b left join (select bill, cast(sum(principal) as bigint) as paid from allocation \
                   where undone_at is null and bill >= (select min(bill) from bill where run = $1) \
                   and bill <= (select max(bill) from bill where run = $1) group by bill) a on a.bill = b.bill \
                 where b.run = $1 group by b.scheme, b.district order by b.scheme, b.district";
}

/// How many persons are insured and paying on a day.
///
/// # Errors
///
/// What the database says.
pub fn insured(tx: &mut Tx<'_>, on: Day) -> Result<Vec<(Scheme, District, i64)>, Error> {
    tx.list(INSURED, params![on], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// What was billed by a run, and what of it came in.
///
/// # Errors
///
/// What the database says.
pub fn collected(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<(Scheme, District, Fen, Fen)>, Error> {
    tx.list(COLLECTED, params![run.number()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })
}
