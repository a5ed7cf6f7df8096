//! *May the register be corrected so?*
//!
//! What the register says of somebody's insurance on some days was wrong. One person asks for what it shall be, and why;
//! another sees what it is and what it shall be, and approves or declines. Approved, it supersedes; nothing is overwritten. What
//! was asked rests on what the register said then: when that has changed meanwhile it is asked anew.

use crate::actors::Actor;
use crate::facts::{Change, Origin, OriginKind, Span, Timeline};
use crate::insurance::{Participation, Slot, Status, may_follow};
use crate::numbered::ids;
use crate::people::PersonId;
use crate::places::District;
use crate::refusal::{Refused, Said, errors, said};
use ledger::{Digest, Encoder};
use measure::{Fen, Moment};

ids! {
    /// The number of a correction.
    CorrectionId;
}

/// What holds of a participation on the days asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shall {
    /// This wage, base or tier was declared.
    Declared(Fen),
    /// It stood so.
    Stood(Status),
    /// It was held in this district.
    Held(District),
    /// There was no such participation.
    Nothing,
}

/// What is asked, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The same when it is asked again.
    pub key: String,
    /// Whose participation.
    pub person: PersonId,
    /// Which.
    pub slot: Slot,
    /// On which days.
    pub days: Span,
    /// What shall hold.
    pub shall: Shall,
    /// Why, in words.
    pub reason: String,
}

/// How far a correction is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a second person.
    Asked,
    /// The register says so now.
    Approved(Actor),
    /// A second person did not approve it.
    Declined(Actor),
}

/// A correction as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its number.
    pub id: CorrectionId,
    /// What was asked.
    pub asked: Asked,
    /// What the register said on these days then, as a hash: see [`seen`].
    pub seen: Digest,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// How far it is.
    pub state: State,
}

/// Why it is not done. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `A0201`: no reason is given.
    NoReason,
    /// `A0202`: an amount that is none.
    NoAmount,
    /// `A0203`: nothing is known of these days that could be corrected.
    NothingThere,
    /// `A0204`: the register says so already.
    SaidAlready,
    /// `A0205`: it would stand as it cannot after what was before, or before what comes after.
    DoesNotFollow {
        /// How it would stand.
        before: Status,
        /// And how after that.
        after: Status,
    },
    /// `A0206`: who asked for it may not approve it.
    SamePerson {
        /// Who.
        actor: Actor,
    },
    /// `A0207`: it was decided already.
    Decided,
    /// `A0208`: the register says something else than when it was asked.
    ChangedSince,
    /// `A0209`: the key is taken by another correction.
    KeyTaken,
}

/// A part of the days asked about: what the register says, and what it shall say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// On which days.
    pub days: Span,
    /// What it says.
    pub was: Participation,
    /// What it shall say; nothing where there was no such participation.
    pub shall: Option<Participation>,
}

/// What is asked, piece by piece, each within one fact as it is known now.
#[must_use]
pub fn pieces(known: &Timeline<Participation>, asked: &Asked) -> Vec<Piece> {
    let current = known.current().into_iter();
    let pieces = current.filter_map(|(_, fact)| {
        let was = fact.value;
        let shall = match asked.shall {
            Shall::Declared(declared) => Some(Participation {
                declared: Some(declared),
                ..was
            }),
            Shall::Stood(status) => Some(Participation { status, ..was }),
            Shall::Held(district) => Some(Participation { district, ..was }),
            Shall::Nothing => None,
        };
        let days = fact.valid.intersect(asked.days)?;
        Some(Piece { days, was, shall })
    });
    pieces.collect()
}

/// What the register says on the days asked about, as a hash: who approves approves a change of exactly this.
#[must_use]
pub fn seen(known: &Timeline<Participation>, asked: &Asked) -> Digest {
    let mut encoder = Encoder::new();
    for piece in pieces(known, asked) {
        let was = piece.was;
        let until = piece
            .days
            .until()
            .map_or_else(String::new, |day| day.to_string());
        let declared = was
            .declared
            .map_or_else(String::new, |fen| fen.0.to_string());
        encoder
            .text(&piece.days.first().to_string())
            .text(&until)
            .text(&was.district.to_string())
            .text(&was.status.code().to_string())
            .text(&declared);
    }
    Digest::of(encoder.bytes())
}

/// Whether this may be asked of what is known.
///
/// # Errors
///
/// `A0201` to `A0205`.
pub fn may_ask(known: &Timeline<Participation>, asked: &Asked) -> Result<Vec<Piece>, Refusal> {
    if asked.reason.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    if matches!(asked.shall, Shall::Declared(amount) if amount <= Fen::ZERO) {
        return Err(Refusal::NoAmount);
    }
    let pieces = pieces(known, asked);
    if pieces.is_empty() {
        return Err(Refusal::NothingThere);
    }
    if pieces.iter().all(|piece| Some(piece.was) == piece.shall) {
        return Err(Refusal::SaidAlready);
    }
    follows(known, &pieces)?;
    Ok(pieces)
}

/// What the second person's approval changes.
///
/// # Errors
///
/// `A0205` to `A0208`; what contradicts the facts.
pub fn approved(
    known: &Timeline<Participation>,
    correction: &Correction,
    by: &Actor,
    at: Moment,
) -> Result<Vec<Change<Participation>>, Refusal> {
    undecided(correction)?;
    if correction.by == *by {
        return Err(Refusal::SamePerson { actor: by.clone() });
    }
    if seen(known, &correction.asked) != correction.seen {
        return Err(Refusal::ChangedSince);
    }
    let pieces = pieces(known, &correction.asked);
    follows(known, &pieces)?;
    let made: Vec<_> = pieces
        .into_iter()
        .map(|piece| (piece.days, piece.shall))
        .collect();
    let origin = Origin {
        kind: OriginKind::Correction,
        id: correction.id.number(),
    };
    Ok(known.rewrite(&made, at, origin))
}

/// Whether it may be declined: by anybody but on whom it waits no more.
///
/// # Errors
///
/// `A0207`.
pub fn undecided(correction: &Correction) -> Result<(), Refusal> {
    match correction.state {
        State::Asked => Ok(()),
        State::Approved(_) | State::Declined(_) => Err(Refusal::Decided),
    }
}

/// Whether each part may stand after the one before it, as if the pieces were made so.
fn follows(known: &Timeline<Participation>, pieces: &[Piece]) -> Result<(), Refusal> {
    let mut made: Vec<(Span, Status)> = Vec::new();
    for (_, fact) in known.current() {
        let left = fact.valid.without(pieces.iter().map(|piece| piece.days));
        made.extend(left.into_iter().map(|days| (days, fact.value.status)));
    }
    let shall = pieces
        .iter()
        .filter_map(|piece| Some((piece.days, piece.shall?.status)));
    made.extend(shall);
    made.sort_by_key(|(days, _)| days.first());
    for pair in made.windows(2) {
        let [(_, before), (_, after)] = pair else {
            continue;
        };
        if before != after && !may_follow(*before, *after) {
            let (before, after) = (*before, *after);
            return Err(Refusal::DoesNotFollow { before, after });
        }
    }
    Ok(())
}

errors!(Refusal);

impl Refused for Refusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        use rules::explain::Lang::{En, Zh};
        match self {
            Refusal::NoReason => said(
                "A0201",
                (
                    "没有写明更正登记的原因",
                    "no reason is given for correcting the register",
                ),
                ("写明原因和依据", "say why, and what it rests on"),
            ),
            Refusal::NoAmount => said(
                "A0202",
                (
                    "更正后的金额须大于零",
                    "what shall have been declared is no amount above zero",
                ),
                (
                    "核对金额；不曾参保的，选“没有这项参保”",
                    "check the amount; where there was no insurance, say so instead",
                ),
            ),
            Refusal::NothingThere => said(
                "A0203",
                (
                    "这些日期没有可更正的登记",
                    "the register has nothing on these days that could be corrected",
                ),
                ("核对月份和险种", "check the months and the scheme"),
            ),
            Refusal::SaidAlready => said(
                "A0204",
                ("登记本来就是这样", "the register says so already"),
                ("核对要更正的内容", "check what is to be corrected"),
            ),
            Refusal::DoesNotFollow { before, after } => said(
                "A0205",
                (
                    format!("“{}”之后不能是“{}”", before.name(Zh), after.name(Zh)),
                    format!(
                        "“{}” cannot be followed by “{}”",
                        before.name(En),
                        after.name(En)
                    ),
                ),
                (
                    "连同前后的月份一起更正",
                    "correct the months before and after it as well",
                ),
            ),
            Refusal::SamePerson { actor } => said(
                "A0206",
                (
                    format!("{actor} 提出了这项更正，不能自行复核"),
                    format!("{actor} asked for this correction and cannot approve it"),
                ),
                ("由另一人复核", "have someone else approve it"),
            ),
            Refusal::Decided => said(
                "A0207",
                ("这项更正已有决定", "this correction was decided already"),
                (
                    "查看结果；仍有不符的，重新提出",
                    "see what was decided; if something is still wrong, ask anew",
                ),
            ),
            Refusal::ChangedSince => said(
                "A0208",
                (
                    "提出之后登记已有变化",
                    "the register has changed since this was asked",
                ),
                (
                    "退回，并按现在的登记重新提出",
                    "decline it, and ask anew from what the register says now",
                ),
            ),
            Refusal::KeyTaken => said(
                "A0209",
                (
                    "同一编号已用于另一项更正",
                    "the key is taken by another correction",
                ),
                (
                    "重新打开页面再提交",
                    "open the page again and send it from there",
                ),
            ),
        }
    }
}
