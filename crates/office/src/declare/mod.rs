//! What does an employer's month change, and who has not told theirs?
//!
//! ```text
//! check ─► (a file of faults, mended) ─► take_in ─► amended by another take_in, or undo
//! missing ─► chase: a notice each time the law says so
//! ```
//!
//! | to | open |
//! |---|---|
//! | see what a file would change and what is wrong with it, or take it in | [`submit`] |
//! | take a whole import back | [`undo`] |
//! | see who has not declared, and ask them to | [`missing`] |
//!
//! # What is recorded
//!
//! A declaration, its file, and of each row what it changes: wages, somebody newly insured, resumed, ended. All of it are
//! facts whose origin is the declaration, so that what was known before can still be said and the whole can be taken back.
//! A month that is published or sealed is declared all the same; what then differs is for a run of differences.
//!
//! Who is not named stays as the register has them and is told as missing: nobody loses their insurance by a row that was
//! forgotten.
//!
//! # Memory
//!
//! Rows are decided some thousands at a time. Files up to [`HELD`] rows are read once; larger ones twice, to be decided and
//! then to be recorded, so that what is held does not grow with them but for what [`city::declarations`] says.

pub mod missing;
pub mod submit;
pub mod undo;

mod pending;
mod refusal;
mod rows;

pub use refusal::Refusal;

use crate::acting::Acting;
use crate::error::Error;
use city::declarations::{Coverage, DeclarationId, Intake, Missing, Tally, Verdict, WageBounds};
use city::employers::EmployerId;
use city::insurance::Together;
use city::lawful::Lawful;
use city::places::District;
use exchange::Fault;
use exchange::sheets::{Heading, Line};
use ledger::Digest;
use measure::Month;
use rules::law::Law;
use store::Tx;
use store::secrets::Secrets;

/// Up to so many rows a file's changes are held until it is known whether they are recorded.
pub const HELD: usize = 16_384;

/// What the law says of a month's declarations: asked once, for any number of them.
#[derive(Clone, Debug)]
pub struct Rules {
    bounds: WageBounds,
    together: Together,
}

impl Rules {
    /// The law of a month's last day.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn of(law: &Law, month: Month) -> Result<Rules, Error> {
        let lawful = Lawful::new(law, month.last_day());
        Ok(Rules {
            bounds: lawful.wage_bounds()?,
            together: lawful.together()?,
        })
    }
}

/// Whoever takes declarations in: in whose name, for which districts, and with the keys for names and numbers.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// What the law says.
    pub rules: &'a Rules,
    /// The keys.
    pub secrets: &'a Secrets,
    /// The districts whose employers it serves; `None` for the whole city.
    pub districts: Option<&'a [District]>,
    /// Who acts.
    pub acting: Acting<'a>,
}

/// What is handed in.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// What the file is called.
    pub name: &'a str,
    /// The hash of its bytes.
    pub hash: Digest,
    /// Its heading, by which faults name columns; without it they have their usual names.
    pub heading: Option<&'a Heading>,
    /// Whose staff it declares.
    pub employer: EmployerId,
    /// For which month.
    pub month: Month,
    /// Whether it tells of the whole staff.
    pub coverage: Coverage,
}

/// What is to be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is recorded.
    Check,
    /// All is recorded if no row has a fault, and nothing if one has.
    RecordWhole,
    /// The rows without faults are recorded.
    RecordGood,
}

/// Hands on the rows of the file one by one, from the beginning each time it is asked.
pub type Source<'s, E> = dyn FnMut(&mut dyn FnMut(Line) -> Result<(), E>) -> Result<(), E> + 's;

/// Is told what becomes of the rows, in their order.
pub type Hear<'h, E> = dyn FnMut(Heard<'_>) -> Result<(), E> + 'h;

/// What is told.
#[derive(Debug)]
pub enum Heard<'a> {
    /// It begins, or begins anew because somebody stood in the way: what was told before counts for nothing.
    Begin,
    /// A row was decided.
    Decided {
        /// Which.
        row: u64,
        /// What it changes.
        verdict: &'a Verdict,
        /// What is doubtful in it.
        doubts: &'a [Fault],
    },
    /// A row was refused.
    Refused {
        /// Which.
        row: u64,
        /// Its cells, if the source gives them.
        texts: &'a [String],
        /// Why.
        faults: &'a [Fault],
    },
    /// Someone of the staff no row spoke of.
    Missing(&'a Missing),
}

/// How far the month's books are, which a declaration does not change any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Books {
    /// Nothing of it is assessed.
    Open,
    /// Its assessment was opened and does not know what is recorded after.
    Assessed,
    /// Its assessment is in force.
    Published,
    /// It is closed.
    Sealed,
}

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How the rows came out.
    pub tally: Tally,
    /// Of the changed, how many are paid for again after a pause.
    pub resumed: u64,
    /// Of the enrolled, how many the register does not know yet.
    pub registered: u64,
    /// How many of the staff no row spoke of.
    pub missing: u64,
    /// How many of the staff have no resident identity number, so that no row can speak of them; 0 where only some of the staff
    /// are told of, as then nobody looks.
    pub without_number: u64,
    /// As what it is taken in.
    pub intake: Intake,
    /// How far the month's books are.
    pub books: Books,
    /// Under which number it is recorded; `None` when it is not.
    pub recorded: Option<DeclarationId>,
}

impl Desk<'_> {
    /// Says for which districts the transaction is.
    fn within(&self, tx: &mut Tx<'_>) -> Result<(), store::Error> {
        match self.districts {
            None => tx.set_all_districts(),
            Some(districts) => {
                let codes: Vec<i32> = districts.iter().map(|one| one.code()).collect();
                tx.set_districts(&codes)
            }
        }
    }
}

/// Whether an employer's district is one of these; all are when none are given.
fn serves(districts: Option<&[District]>, district: District) -> bool {
    districts.is_none_or(|ours| ours.contains(&district))
}
