//! *May an account be corrected at the counter?*
//!
//! An entry adds to an account or takes from it, for a reason, beside what runs credit. One person asks for it, another
//! approves it, and from then on it counts; it is never altered, only reversed by another. The next run that makes a
//! generation of accounts takes up what was approved before it was opened; until then a balance is that of the generation
//! and of the entries beside it.

use crate::actors::Actor;
use crate::insurance::Scheme;
use crate::numbered::ids;
use crate::people::PersonId;
use crate::places::District;
use crate::refusal::{Refused, Said, errors, said};
use measure::{Fen, Month};

ids! {
    /// The number of an entry.
    EntryId;
}

/// What is asked: how an account is to be corrected, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The same when it is asked again.
    pub key: String,
    /// Whose account.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// Which month it puts right.
    pub month: Month,
    /// What is added; below zero what is taken.
    pub amount: Fen,
    /// Why, in words.
    pub reason: String,
}

/// How far an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a second person.
    Asked,
    /// It counts.
    Posted,
    /// A second person did not approve it.
    Declined,
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// What was asked.
    pub asked: Asked,
    /// The district whose books have it.
    pub district: District,
    /// The entry that it takes back.
    pub reverses: Option<EntryId>,
    /// Who asked.
    pub by: Actor,
    /// How far it is.
    pub state: State,
}

/// What stands in the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// In the current generation and the entries beside it.
    pub balance: Fen,
    /// The district of the account; `None` when there is no account yet.
    pub district: Option<District>,
}

/// Why it is not done. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `A0101`: no reason is given.
    NoReason,
    /// `A0102`: it would change nothing.
    Nothing,
    /// `A0103`: the scheme has no individual accounts.
    NoAccounts {
        /// Which.
        scheme: Scheme,
    },
    /// `A0104`: there is no account, and no district is named whose books are to have it.
    NoAccount,
    /// `A0105`: more would be taken than stands in it.
    BeyondBalance {
        /// What would be taken.
        taken: Fen,
        /// What stands in it.
        balance: Fen,
    },
    /// `A0106`: who asked for it may not approve it.
    SamePerson {
        /// Who.
        actor: Actor,
    },
    /// `A0107`: it is not in the state for that.
    NotNow {
        /// The state, in both languages.
        state: (&'static str, &'static str),
    },
    /// `A0108`: the key is taken by another entry.
    KeyTaken {
        /// The key.
        key: String,
    },
    /// `A0109`: it was reversed already, or is about to be.
    Reversed {
        /// By which.
        by: EntryId,
    },
    /// `A0110`: it takes another back itself.
    IsReversal,
}

impl State {
    /// Its name, in both languages.
    #[must_use]
    pub const fn names(&self) -> (&'static str, &'static str) {
        match self {
            State::Asked => ("待复核", "waiting for approval"),
            State::Posted => ("已入账", "posted"),
            State::Declined => ("未通过", "declined"),
        }
    }
}

/// Whether an account may be corrected so, and in which district: that of the account, or where there is none yet the one
/// named.
///
/// # Errors
///
/// `A0101` to `A0105`.
pub fn may_ask(
    asked: &Asked,
    standing: Standing,
    named: Option<District>,
) -> Result<District, Refusal> {
    if asked.reason.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    if asked.amount == Fen(0) {
        return Err(Refusal::Nothing);
    }
    if !asked.scheme.has_accounts() {
        return Err(Refusal::NoAccounts {
            scheme: asked.scheme,
        });
    }
    let district = standing.district.or(named).ok_or(Refusal::NoAccount)?;
    within(asked.amount, standing.balance)?;
    Ok(district)
}

/// Whether this person may approve an entry to an account in which so much stands now.
///
/// # Errors
///
/// `A0105` to `A0107`.
pub fn may_approve(entry: &Entry, by: &Actor, balance: Fen) -> Result<(), Refusal> {
    if entry.state != State::Asked {
        return Err(not_now(&entry.state));
    }
    if entry.by == *by {
        return Err(Refusal::SamePerson { actor: by.clone() });
    }
    within(entry.asked.amount, balance)
}

/// Whether an entry may be declined.
///
/// # Errors
///
/// `A0107`.
pub fn may_decline(entry: &Entry) -> Result<(), Refusal> {
    match entry.state {
        State::Asked => Ok(()),
        ref other => Err(not_now(other)),
    }
}

/// What takes an entry back, under its own key and for its own reason; it is asked and approved as any other.
///
/// # Errors
///
/// `A0107` when it does not count, `A0109` when there is one that takes it back, `A0110` when it takes another back itself.
pub fn reversal(
    entry: &Entry,
    by: Option<EntryId>,
    key: &str,
    reason: &str,
) -> Result<Asked, Refusal> {
    if entry.state != State::Posted {
        return Err(not_now(&entry.state));
    }
    if let Some(by) = by {
        return Err(Refusal::Reversed { by });
    }
    if entry.reverses.is_some() {
        return Err(Refusal::IsReversal);
    }
    Ok(Asked {
        key: key.to_owned(),
        amount: Fen(-entry.asked.amount.0),
        reason: reason.to_owned(),
        ..entry.asked.clone()
    })
}

fn not_now(state: &State) -> Refusal {
    Refusal::NotNow {
        state: state.names(),
    }
}

/// No more is taken than is there. An account that stands below zero already may be filled.
fn within(amount: Fen, balance: Fen) -> Result<(), Refusal> {
    let left = i128::from(balance.0) + i128::from(amount.0);
    if amount < Fen(0) && left < 0 {
        let taken = Fen(amount.0.saturating_neg());
        return Err(Refusal::BeyondBalance { taken, balance });
    }
    Ok(())
}

errors!(Refusal);

impl Refused for Refusal {
    fn said(&self) -> Said {
        use rules::explain::Lang::{En, Zh};
        match self {
            Refusal::NoReason => said(
                "A0101",
                ("没有写明更正原因", "no reason is given"),
                ("写明原因和依据", "say why, and what it rests on"),
            ),
            Refusal::Nothing => said(
                "A0102",
                ("更正金额为零", "a correction of nothing"),
                ("核对金额", "check the amount"),
            ),
            Refusal::NoAccounts { scheme } => said(
                "A0103",
                (
                    format!("{}没有个人账户", scheme.name(Zh)),
                    format!("{} has no individual accounts", scheme.name(En)),
                ),
                ("核对险种", "check the scheme"),
            ),
            Refusal::NoAccount => said(
                "A0104",
                ("尚无个人账户", "there is no account yet"),
                (
                    "核对人员；确需建账的，指明区县：--district",
                    "check the person; where an account is to be begun, name the district: --district",
                ),
            ),
            Refusal::BeyondBalance { taken, balance } => said(
                "A0105",
                (
                    format!("减记 {taken} 元，账户储存额只有 {balance} 元"),
                    format!("{taken} yuan would be taken and {balance} stand in the account"),
                ),
                ("核对金额", "check the amount"),
            ),
            Refusal::SamePerson { actor } => said(
                "A0106",
                (
                    format!("{actor} 是经办人，不能自行复核"),
                    format!("{actor} asked for it and cannot approve it"),
                ),
                ("由另一人复核", "have someone else approve it"),
            ),
            Refusal::NotNow { state } => said(
                "A0107",
                (
                    format!("该更正{}，不能办理", state.0),
                    format!("the entry is {} and this cannot be done", state.1),
                ),
                (
                    "核对编号；待复核的可以复核或退回，已入账的可以冲销",
                    "check the number; one that waits can be approved or declined, one that is posted can be reversed",
                ),
            ),
            Refusal::KeyTaken { key } => said(
                "A0108",
                (
                    format!("编号“{key}”已用于另一笔更正"),
                    format!("the key “{key}” is taken by another entry"),
                ),
                ("换一个编号", "take another key"),
            ),
            Refusal::Reversed { by } => said(
                "A0109",
                (
                    format!("已由更正 {by} 冲销或申请冲销"),
                    format!("entry {by} reverses it, or is to"),
                ),
                ("查看该笔更正", "look at that entry"),
            ),
            Refusal::IsReversal => said(
                "A0110",
                (
                    "该更正本身是冲销，不能再冲销",
                    "the entry is a reversal itself and is not reversed",
                ),
                ("重新申请原更正", "post the correction anew"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(fen: i64) -> Asked {
        Asked {
            key: "case/1".into(),
            person: PersonId::new(3).unwrap(),
            scheme: Scheme::EmployeePension,
            month: Month::parse("2025-03").unwrap(),
            amount: Fen(fen),
            reason: "漏记".into(),
        }
    }

    fn standing(fen: i64) -> Standing {
        Standing {
            balance: Fen(fen),
            district: District::new(500_103),
        }
    }

    fn entry(fen: i64, state: State) -> Entry {
        Entry {
            id: EntryId::new(1).unwrap(),
            asked: asked(fen),
            district: District::new(500_103).unwrap(),
            reverses: None,
            by: Actor::new("maker").unwrap(),
            state,
        }
    }

    fn code<T>(outcome: Result<T, Refusal>) -> &'static str {
        outcome.map_or_else(|refusal| refusal.code(), |_| "")
    }

    #[test]
    fn no_more_is_taken_than_is_there() {
        let ask = |fen, there| code(may_ask(&asked(fen), standing(there), None));
        assert_eq!(ask(-100, 100), "");
        assert_eq!(ask(-101, 100), "A0105");
        assert_eq!(ask(50, -100), "", "an account below zero may be filled");
        assert_eq!(ask(-1, -100), "A0105");
        assert_eq!(ask(0, 100), "A0102");
        assert_eq!(ask(i64::MIN, 0), "A0105");
        let nobody = Standing {
            balance: Fen(0),
            district: None,
        };
        assert_eq!(code(may_ask(&asked(1), nobody, None)), "A0104");
        let named = District::new(500_112);
        assert_eq!(may_ask(&asked(1), nobody, named), Ok(named.unwrap()));
        let other = Asked {
            scheme: Scheme::WorkInjury,
            ..asked(1)
        };
        assert_eq!(code(may_ask(&other, standing(0), None)), "A0103");
        let silent = Asked {
            reason: " ".into(),
            ..asked(1)
        };
        assert_eq!(code(may_ask(&silent, standing(0), None)), "A0101");
    }

    #[test]
    fn another_approves_once() {
        let (maker, checker) = (Actor::new("maker").unwrap(), Actor::new("checker").unwrap());
        let approve = |fen, state, by, there| code(may_approve(&entry(fen, state), by, Fen(there)));
        assert_eq!(approve(5, State::Asked, &checker, 0), "");
        assert_eq!(approve(5, State::Asked, &maker, 0), "A0106");
        assert_eq!(approve(-5, State::Asked, &checker, 4), "A0105");
        assert_eq!(approve(5, State::Posted, &checker, 0), "A0107");
        assert_eq!(approve(5, State::Declined, &checker, 0), "A0107");
        assert_eq!(code(may_decline(&entry(5, State::Posted))), "A0107");
        assert_eq!(code(may_decline(&entry(5, State::Asked))), "");
    }

    #[test]
    fn what_counts_is_reversed_once() {
        let reversed = reversal(&entry(5, State::Posted), None, "case/2", "误记").unwrap();
        assert_eq!((reversed.amount, &*reversed.key), (Fen(-5), "case/2"));
        let by = EntryId::new(2);
        let itself = Entry {
            reverses: by,
            ..entry(5, State::Posted)
        };
        assert_eq!(code(reversal(&itself, None, "k", "r")), "A0110");
        assert_eq!(
            code(reversal(&entry(5, State::Posted), by, "k", "r")),
            "A0109"
        );
        assert_eq!(
            code(reversal(&entry(5, State::Asked), None, "k", "r")),
            "A0107"
        );
    }
}
