//! *When may she stop working, and what will she get then?*
//!
//! The law says which months may be chosen and what each of them gives; what is not known yet is assumed, and every assumption is
//! a value of [`Assumed`] that can be changed. Nothing is computed here that the law says: the coming years are put before it one
//! by one, each reckoned as the last year whose figures are known, and wages and averages grow as assumed.

mod employees;
mod residents;

pub use employees::{Choice, How, Outlook, Refused, YearOfAccount, employees};
pub use residents::{ResidentOutlook, Tier, residents};

use crate::collection::LawRefusal;
use crate::insurance::Category;
use crate::lawful::{Lawful, NotAnswered};
use measure::{Day, Fen, Month, Rate, Sex};
use rules::law::{Law, Value};

/// What the register knows of somebody that a pension follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Sex.
    pub sex: Sex,
    /// The month of birth.
    pub born: Month,
    /// As what they are insured.
    pub category: Category,
    /// Every month insured up to now, with its base where it was assessed here.
    pub months: Vec<(Month, Option<Fen>)>,
    /// What is declared now: the wage, the base chosen, or the tier of a year.
    pub declared: Fen,
    /// Whether they are insured and paying now.
    pub pays: bool,
    /// What stands in the account.
    pub balance: Fen,
}

/// The posts between which the law distinguishes; the register does not know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// In production.
    Worker,
    /// In management or a technical post.
    Management,
}

impl Post {
    /// The law's name of it, a member of `posts`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            Post::Worker => "worker",
            Post::Management => "management",
        }
    }

    /// Read back.
    #[must_use]
    pub fn read(word: &str) -> Option<Post> {
        [Post::Worker, Post::Management]
            .into_iter()
            .find(|post| post.in_law() == word)
    }
}

/// What is assumed of what nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The post.
    pub post: Option<Post>,
    /// What is declared from now on; `None` leaves it as it is.
    pub declared: Option<Fen>,
    /// By how much the wage grows each year.
    pub wage_growth: Rate,
    /// By how much the city's average wage grows each year.
    pub average_growth: Rate,
    /// Months paid elsewhere or before what is kept here.
    pub months_before: u16,
    /// What stands in the account now; `None` leaves it as it is.
    pub balance: Option<Fen>,
    /// Whether they pay until they retire.
    pub pays: bool,
}

impl Assumed {
    /// That everything stays as it is.
    pub const AS_IT_IS: Assumed = Assumed {
        post: None,
        declared: None,
        wage_growth: Rate::ZERO,
        average_growth: Rate::ZERO,
        months_before: 0,
        balance: None,
        pays: true,
    };
}

/// Why there is no outlook at all.
#[derive(Clone, Debug, PartialEq)]
pub enum NoOutlook {
    /// The law asks for something that was not given, by its name of it.
    Lacks(String),
    /// It refuses.
    Refused(LawRefusal),
}

impl From<NotAnswered> for NoOutlook {
    fn from(not: NotAnswered) -> NoOutlook {
        match not.lacks {
            Some(name) => NoOutlook::Lacks(name),
            None => NoOutlook::Refused(not.refusal),
        }
    }
}

/// The month from which on somebody who waited has had as much as if they had begun earlier; `None` when never. What is paid
/// before it counts as it is: neither raised from year to year nor with interest.
#[must_use]
pub fn break_even(earlier: (Month, Fen), later: (Month, Fen)) -> Option<Month> {
    let more = later.1.0 - earlier.1.0;
    let ahead = i64::from(earlier.0.months_until(later.0)).checked_mul(earlier.1.0)?;
    if more <= 0 || ahead < 0 {
        return None;
    }
    let months = ahead / more + i64::from(ahead % more != 0);
    later.0.add_months(i32::try_from(months).ok()?).ok()
}

/// An amount that grows in the ratio of two rates, to the fen.
fn grown(amount: Fen, by: Rate, less: Rate) -> Fen {
    const WHOLE: i128 = 1_000_000;
    let (up, down) = (
        WHOLE + i128::from(by.ppm()),
        (WHOLE + i128::from(less.ppm())).max(1),
    );
    let doubled = i128::from(amount.0) * up * 2 / down;
    i64::try_from((doubled + 1) / 2).map_or(amount, Fen)
}

/// A law asked for values by names and facts as JSON.
#[derive(Clone, Copy)]
struct Ask<'a>(&'a Law);

impl Ask<'_> {
    fn value(self, rule: &str, as_of: Day, facts: &str) -> Result<Value, NotAnswered> {
        Lawful::new(self.0, as_of).of_facts(rule, facts)
    }

    fn money(self, rule: &str, as_of: Day, facts: &str) -> Result<Fen, NotAnswered> {
        Lawful::new(self.0, as_of).money_of_facts(rule, facts)
    }

    fn month(self, rule: &str, as_of: Day, facts: &str) -> Result<Month, NotAnswered> {
        match self.value(rule, as_of, facts)? {
            Value::Month(month) => Ok(month),
            _ => Err(NotAnswered::unfit(rule)),
        }
    }
}

/// A JSON object of these members, each already written.
fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{name}\": {value}"))
        .collect();
    format!("{{{}}}", members.join(", "))
}

fn text(value: impl std::fmt::Display) -> String {
    format!("\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).expect("a month")
    }

    #[test]
    fn who_waits_catches_up_in_time() {
        let early = (month("2030-01"), Fen(300_000));
        assert_eq!(
            break_even(early, (month("2031-01"), Fen(330_000))),
            Some(month("2041-01"))
        );
        // A fen less a month than would do in so many months takes one more.
        assert_eq!(
            break_even(early, (month("2031-01"), Fen(329_999))),
            Some(month("2041-02"))
        );
        assert_eq!(break_even(early, (month("2031-01"), Fen(300_000))), None);
        assert_eq!(break_even(early, early), None);
    }

    #[test]
    fn growth_is_a_ratio() {
        let rate = |text| Rate::parse(text).expect("a rate");
        assert_eq!(grown(Fen(100_000), rate("3%"), Rate::ZERO), Fen(103_000));
        assert_eq!(grown(Fen(100_000), rate("3%"), rate("3%")), Fen(100_000));
        assert_eq!(grown(Fen(103), Rate::ZERO, rate("3%")), Fen(100));
    }
}
