//! *Are these two the same person, and what if they are not?*
//!
//! Someone registered twice has half a history under each number. A merge moves what is held under one to the other; its
//! undo puts it back exactly. Both are decisions over facts: moved facts are superseded under the one person and recorded
//! under the other with the merge as their origin, so what was known before can always be said.
//!
//! Household links of others *to* the merged person stay as they are: a reader follows [`resolve`]. Who asked for a merge and
//! who agreed is in [`requests`].

use crate::actors::Actor;
use crate::employers::EmployerId;
use crate::facts::{Change, Fact, FactId, FactRefusal, Origin, Span, Timeline};
use crate::insurance::{Participation, Pillar, Scheme, Slot};
use crate::numbered::ids;
use crate::people::{Blind, IdentifierKind, Person, PersonId, Relation};
use crate::places::District;
use crate::refusal::{Refused, Said, errors, said};
use crate::work::Employment;
use measure::Moment;
use std::collections::BTreeMap;

pub mod requests;

ids! {
    /// The number of a merge.
    MergeId;
}

/// Everything held under one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// By what numbers they are known, each as what.
    pub identifiers: BTreeMap<Blind, Timeline<IdentifierKind>>,
    /// Where they live.
    pub residence: Timeline<District>,
    /// What others of the household are to them.
    pub household: BTreeMap<PersonId, Timeline<Relation>>,
    /// For whom they work.
    pub employments: BTreeMap<EmployerId, Timeline<Employment>>,
    /// Against what they are insured.
    pub participations: BTreeMap<Slot, Timeline<Participation>>,
    /// What they have beside that, by scheme and provider.
    pub pillars: BTreeMap<(Scheme, String), Timeline<Pillar>>,
}

/// A change of something held under a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Of a number they are known by.
    Identifier(Blind, Change<IdentifierKind>),
    /// Of where they live.
    Residence(Change<District>),
    /// Of what another of the household is to them.
    Household(PersonId, Change<Relation>),
    /// Of an employment.
    Employment(EmployerId, Change<Employment>),
    /// Of a participation.
    Participation(Slot, Change<Participation>),
    /// Of a further pillar, by scheme and provider.
    Pillar((Scheme, String), Change<Pillar>),
}

/// A change under one person, for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub person: PersonId,
    /// What.
    pub change: Held,
}

/// Two persons that were found to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its number.
    pub id: MergeId,
    /// Who remains.
    pub kept: PersonId,
    /// Who was found to be the same.
    pub merged: PersonId,
    /// When.
    pub at: Moment,
    /// Who decided it.
    pub by: Actor,
    /// Why.
    pub reason: String,
    /// When and by whom it was undone, if it was.
    pub undone: Option<(Moment, Actor)>,
}

/// Who a person is by the merges that stand.
#[must_use]
pub fn resolve(person: PersonId, merges: &[Merge]) -> PersonId {
    let into = |person| {
        merges
            .iter()
            .find(|merge| merge.merged == person && merge.undone.is_none())
            .map(|merge| merge.kept)
    };
    // Each step follows another merge, so there are at most as many steps as merges.
    (0..merges.len()).fold(person, |person, _| into(person).unwrap_or(person))
}

/// What a merge moves from `merged` to `kept`.
///
/// Numbers move, the second current number of a kind as a former one; addresses and household links move for the days
/// of which the one who remains has none; employments, participations and further pillars move whole.
///
/// # Errors
///
/// `P0101` for one person, `P0102` when sex or day of birth differ, `P0103` when one of them was merged already, `P0104`
/// when both have an employment or participation in the same place on the same day.
pub fn merge(
    kept: (&Person, &Holdings),
    merged: (&Person, &Holdings),
    merges: &[Merge],
    at: Moment,
    origin: Origin,
) -> Result<Vec<Move>, MergeRefusal> {
    let ((kept, to), (merged, from)) = (kept, merged);
    may_be_one(kept, merged, merges)?;
    let mut moving = Moving {
        kept: kept.id,
        merged: merged.id,
        at,
        origin,
        moves: Vec::new(),
    };
    for (blind, timeline) in &from.identifiers {
        let has_main = |kind| {
            let mut current = to.identifiers.values().flat_map(Timeline::current);
            current.any(|(_, fact)| fact.value == kind && fact.valid.until().is_none())
        };
        let turned = |kind: &IdentifierKind| match has_main(*kind) {
            true => IdentifierKind::Former,
            false => *kind,
        };
        let target = to.identifiers.get(blind);
        moving.over(timeline, target, &Both::Yields, turned, |change| {
            Held::Identifier(*blind, change)
        })?;
    }
    let residence = Some(&to.residence);
    moving.over(
        &from.residence,
        residence,
        &Both::Yields,
        |at| *at,
        Held::Residence,
    )?;
    for (other, timeline) in from
        .household
        .iter()
        .filter(|(other, _)| **other != kept.id)
    {
        let target = to.household.get(other);
        moving.over(
            timeline,
            target,
            &Both::Yields,
            |relation| *relation,
            |change| Held::Household(*other, change),
        )?;
    }
    for (employer, timeline) in &from.employments {
        let target = to.employments.get(employer);
        let refused = Both::Refused(Place::Employment(*employer));
        moving.over(
            timeline,
            target,
            &refused,
            |employment| *employment,
            |change| Held::Employment(*employer, change),
        )?;
    }
    for (slot, timeline) in &from.participations {
        let target = to.participations.get(slot);
        let refused = Both::Refused(Place::Participation(*slot));
        moving.over(
            timeline,
            target,
            &refused,
            |participation| *participation,
            |change| Held::Participation(*slot, change),
        )?;
    }
    for (told, timeline) in &from.pillars {
        let refused = Both::Refused(Place::Pillar(told.0));
        let target = to.pillars.get(told);
        moving.over(timeline, target, &refused, Pillar::clone, |change| {
            Held::Pillar(told.clone(), change)
        })?;
    }
    Ok(moving.moves)
}

/// Whether two may be one person, whatever is held under them.
fn may_be_one(kept: &Person, merged: &Person, merges: &[Merge]) -> Result<(), MergeRefusal> {
    if kept.id == merged.id {
        return Err(MergeRefusal::OnePerson);
    }
    if (kept.sex, kept.born) != (merged.sex, merged.born) {
        return Err(MergeRefusal::NotAlike);
    }
    for person in [kept.id, merged.id] {
        if resolve(person, merges) != person {
            return Err(MergeRefusal::MergedAlready(person));
        }
    }
    Ok(())
}

/// What it takes to undo a merge: everything held under both is again as it was known just before.
///
/// # Errors
///
/// `P0105` when it was undone already, `P0106` when something it moved has changed since, or something was recorded under
/// the merged person.
pub fn undo(
    merge: &Merge,
    merging: Origin,
    kept: &Holdings,
    merged: &Holdings,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Move>, MergeRefusal> {
    if merge.undone.is_some() {
        return Err(MergeRefusal::UndoneAlready);
    }
    let mut undoing = Undoing {
        merge,
        merging,
        at,
        origin,
        moves: Vec::new(),
    };
    for (person, holdings) in [(merge.kept, kept), (merge.merged, merged)] {
        for (blind, timeline) in &holdings.identifiers {
            undoing.over(person, timeline, Place::Identifier, |change| {
                Held::Identifier(*blind, change)
            })?;
        }
        undoing.over(
            person,
            &holdings.residence,
            Place::Residence,
            Held::Residence,
        )?;
        for (other, timeline) in &holdings.household {
            undoing.over(person, timeline, Place::Household(*other), |change| {
                Held::Household(*other, change)
            })?;
        }
        for (employer, timeline) in &holdings.employments {
            undoing.over(person, timeline, Place::Employment(*employer), |change| {
                Held::Employment(*employer, change)
            })?;
        }
        for (slot, timeline) in &holdings.participations {
            undoing.over(person, timeline, Place::Participation(*slot), |change| {
                Held::Participation(*slot, change)
            })?;
        }
        for (told, timeline) in &holdings.pillars {
            undoing.over(person, timeline, Place::Pillar(told.0), |change| {
                Held::Pillar(told.clone(), change)
            })?;
        }
    }
    Ok(undoing.moves)
}

/// What happens where both have something on the same day.
enum Both {
    /// The one who remains keeps theirs.
    Yields,
    /// Nobody can tell which is right.
    Refused(Place),
}

struct Moving {
    kept: PersonId,
    merged: PersonId,
    at: Moment,
    origin: Origin,
    moves: Vec<Move>,
}

impl Moving {
    fn over<T: Clone + PartialEq>(
        &mut self,
        from: &Timeline<T>,
        to: Option<&Timeline<T>>,
        both: &Both,
        turned: impl Fn(&T) -> T,
        held: impl Fn(Change<T>) -> Held,
    ) -> Result<(), MergeRefusal> {
        let mut taken = to.cloned().unwrap_or_default();
        for last in [from.last_moment(), taken.last_moment()]
            .into_iter()
            .flatten()
        {
            if self.at < last {
                return Err(FactRefusal::Backwards { at: self.at, last }.into());
            }
        }
        for (id, fact) in from.current() {
            self.moves.push(Move {
                person: self.merged,
                change: held(Change::Supersede {
                    fact: id,
                    at: self.at,
                }),
            });
            let current = taken.current();
            let busy = current.iter().map(|(_, other)| other.valid);
            let free = fact.valid.without(busy);
            if let (Both::Refused(place), false) = (both, free == [fact.valid]) {
                return Err(MergeRefusal::BothHave {
                    place: *place,
                    days: fact.valid,
                });
            }
            for span in free {
                let change = Change::Insert(Fact {
                    valid: span,
                    recorded: self.at,
                    superseded: None,
                    origin: self.origin,
                    value: turned(&fact.value),
                });
                // Counted as taken, so that nothing moves twice; the number only lives here.
                taken.take(std::slice::from_ref(&change), || NOWHERE);
                self.moves.push(Move {
                    person: self.kept,
                    change: held(change),
                });
            }
        }
        Ok(())
    }
}

/// A number no stored fact is asked by.
const NOWHERE: FactId = match FactId::new(i64::MAX) {
    Some(id) => id,
    None => unreachable!(),
};

struct Undoing<'a> {
    merge: &'a Merge,
    merging: Origin,
    at: Moment,
    origin: Origin,
    moves: Vec<Move>,
}

impl Undoing<'_> {
    fn over<T: Clone + PartialEq>(
        &mut self,
        person: PersonId,
        timeline: &Timeline<T>,
        place: Place,
        held: impl Fn(Change<T>) -> Held,
    ) -> Result<(), MergeRefusal> {
        let changes = if person == self.merge.kept {
            let undoing = timeline.undo(self.merging, self.at, self.origin)?;
            if let Some(days) = undoing.changed_since.first() {
                return Err(MergeRefusal::ChangedSince { place, days: *days });
            }
            undoing.changes
        } else {
            // Nothing is recorded under a merged person; what is, nobody could place.
            if let Some((_, fact)) = timeline.current().first() {
                return Err(MergeRefusal::ChangedSince {
                    place,
                    days: fact.valid,
                });
            }
            let before = self.merge.at.plus_microseconds(-1);
            timeline.restore(before, self.at, self.origin)?
        };
        self.moves.extend(changes.into_iter().map(|change| Move {
            person,
            change: held(change),
        }));
        Ok(())
    }
}

/// Where something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A number they are known by.
    Identifier,
    /// Where they live.
    Residence,
    /// The household.
    Household(PersonId),
    /// An employment.
    Employment(EmployerId),
    /// A participation.
    Participation(Slot),
    /// A further pillar.
    Pillar(Scheme),
}

/// Why two persons are not merged, or a merge is not undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeRefusal {
    /// It is one record already.
    OnePerson,
    /// Sex or day of birth differ.
    NotAlike,
    /// One of them was merged already.
    MergedAlready(PersonId),
    /// Both have something in the same place on the same day.
    BothHave {
        /// Where.
        place: Place,
        /// On which days the one to be merged has it.
        days: Span,
    },
    /// It was undone already.
    UndoneAlready,
    /// Something moved has changed since.
    ChangedSince {
        /// Where.
        place: Place,
        /// On which days.
        days: Span,
    },
    /// No reason is given.
    NoReason,
    /// Who asked for it may not approve it.
    SamePerson {
        /// Who.
        actor: Actor,
    },
    /// The request was decided already.
    Decided,
    /// Another request about one of them waits.
    Waits(requests::RequestId),
    /// A household takes two.
    NotTwo,
    /// The facts do not admit it.
    Facts(FactRefusal),
}

impl From<FactRefusal> for MergeRefusal {
    fn from(refusal: FactRefusal) -> MergeRefusal {
        MergeRefusal::Facts(refusal)
    }
}

impl Place {
    fn names(self) -> (String, String) {
        use rules::explain::Lang::{En, Zh};
        match self {
            Place::Identifier => ("证件号码".into(), "an identifier".into()),
            Place::Residence => ("住所".into(), "the residence".into()),
            Place::Household(other) => (
                format!("与 {other} 的家庭关系"),
                format!("the household link to {other}"),
            ),
            Place::Employment(employer) => (
                format!("在单位 {employer} 的用工"),
                format!("the employment with {employer}"),
            ),
            Place::Participation(slot) => (
                format!("“{}”参保", slot.scheme().name(Zh)),
                format!("the insurance in the {}", slot.scheme().name(En)),
            ),
            Place::Pillar(scheme) => (
                format!("“{}”", scheme.name(Zh)),
                format!("the {}", scheme.name(En)),
            ),
        }
    }
}

impl Refused for MergeRefusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        match self {
            MergeRefusal::OnePerson => said(
                "P0101",
                ("两条记录是同一条", "the two are one record"),
                ("核对编号", "check the numbers"),
            ),
            MergeRefusal::NotAlike => said(
                "P0102",
                ("性别或出生日期不同", "sex or day of birth differ"),
                (
                    "先核实并更正其中一条",
                    "find out which is right and correct the other first",
                ),
            ),
            MergeRefusal::MergedAlready(person) => said(
                "P0103",
                (
                    format!("{person} 已并入他人"),
                    format!("{person} was merged into another already"),
                ),
                ("用并入后的记录办理", "use the record it was merged into"),
            ),
            MergeRefusal::BothHave { place, days } => {
                let (zh, en) = place.names();
                said(
                    "P0104",
                    (
                        format!("两条记录都有{zh}（{} 起），日期重叠", days.first()),
                        format!("both have {en} on days {days}"),
                    ),
                    (
                        "先更正其中一条的日期",
                        "correct the days of one of them first",
                    ),
                )
            }
            MergeRefusal::UndoneAlready => said(
                "P0105",
                ("该合并已撤销", "the merge was undone already"),
                ("无需再办", "nothing is to be done"),
            ),
            MergeRefusal::ChangedSince { place, days } => {
                let (zh, en) = place.names();
                said(
                    "P0106",
                    (
                        format!("合并后{zh}（{} 起）又有变更", days.first()),
                        format!("{en} has changed since the merge, on days {days}"),
                    ),
                    (
                        "先撤回该变更，或逐项更正",
                        "take that change back first, or correct one by one",
                    ),
                )
            }
            MergeRefusal::NoReason => said(
                "P0107",
                ("没有写明原因", "no reason is given"),
                ("写明原因和依据", "say why, and what it rests on"),
            ),
            MergeRefusal::SamePerson { actor } => said(
                "P0108",
                (
                    format!("{actor} 提出了该申请，不能自行复核"),
                    format!("{actor} asked for this and cannot approve it"),
                ),
                ("由另一人复核", "have someone else approve it"),
            ),
            MergeRefusal::Decided => said(
                "P0109",
                ("该申请已有决定", "this request was decided already"),
                (
                    "查看结果；仍需办理的，重新申请",
                    "see what was decided; ask anew if need be",
                ),
            ),
            MergeRefusal::Waits(request) => said(
                "P0110",
                (
                    format!("其中一人已有申请 {request} 待复核"),
                    format!("request {request} about one of them waits for approval"),
                ),
                ("先复核或退回该申请", "have that approved or declined first"),
            ),
            MergeRefusal::NotTwo => said(
                "P0111",
                (
                    "同一人不能与自己有家庭关系",
                    "nobody is related to themself",
                ),
                ("核对编号", "check the numbers"),
            ),
            MergeRefusal::Facts(refusal) => refusal.said(),
        }
    }
}

errors!(MergeRefusal);
