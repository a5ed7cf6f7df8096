//! The residents' pension: one month, and a choice of what to pay until then.

use super::{Ask, Assumed, Known, NoOutlook, object, text};
use crate::collection::LawRefusal;
use crate::lawful::NotAnswered;
use measure::{Day, Fen, Month, Year};
use rules::law::{Item, KeyMatch, Law, Value};

/// What somebody insured as a resident can count on.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidentOutlook {
    /// The month from which it is paid.
    pub first: Month,
    /// How many months will count by then.
    pub months: i64,
    /// Whether they are enough.
    pub least: i64,
    /// What each tier gives, when it is paid in each year until then; the present one first, then the others as the law has them.
    pub tiers: Vec<Tier>,
    /// The least basic pension of the country, which every resident has besides.
    pub basic_at_least: Result<Fen, LawRefusal>,
    /// The basic pension here.
    pub basic: Result<Fen, LawRefusal>,
}

/// What a tier gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Yuan a year.
    pub tier: i64,
    /// Whether it is the one paid now.
    pub is_own: bool,
    /// What will stand in the account.
    pub account: Fen,
    /// What the account pays a month.
    pub from_account: Result<Fen, LawRefusal>,
    /// What is added for long payment and the like.
    pub extras: Result<Fen, LawRefusal>,
    /// What the law is given, on the last day of the first month.
    pub facts: String,
}

impl ResidentOutlook {
    /// The rule that gives what the account pays.
    pub const RULE: &'static str = "resident-account-pension";

    /// The tier of so many yuan.
    #[must_use]
    pub fn of(&self, tier: i64) -> Option<&Tier> {
        self.tiers.iter().find(|one| one.tier == tier)
    }
}

/// When the pension begins, and what each tier gives.
///
/// # Errors
///
/// When the law does not say when it begins.
pub fn residents(
    law: &Law,
    known: &Known,
    assumed: &Assumed,
    today: Day,
) -> Result<ResidentOutlook, NoOutlook> {
    let ask = Ask(law);
    let born = ("birth-month", text(known.born));
    let first = ask.month(
        "resident-first-month",
        today,
        &object(std::slice::from_ref(&born)),
    )?;
    let coming = if assumed.pays {
        today.month().year().number()..first.year().number()
    } else {
        0..0
    };
    let paid =
        i64::try_from(known.months.len()).unwrap_or(i64::MAX) + i64::from(assumed.months_before);
    let months = paid + 12 * i64::try_from(coming.len()).unwrap_or(0);
    let own = assumed.declared.unwrap_or(known.declared).0 / 100;
    let mut all = vec![own];
    all.extend(tiers(law, today).into_iter().filter(|tier| *tier != own));
    let on = first.last_day();
    let balance = assumed.balance.unwrap_or(known.balance);
    let tiers = all.into_iter().filter_map(|tier| {
        // A tier that is not for them is left out.
        let credits = credits(ask, coming.clone(), tier).ok()?;
        let account = balance.checked_add(credits).ok()?;
        let facts = object(&[
            born.clone(),
            ("resident-account", text(account)),
            ("resident-months", months.to_string()),
        ]);
        let asked = |rule| ask.money(rule, on, &facts).map_err(|not| not.refusal);
        Some(Tier {
            tier,
            is_own: tier == own,
            account,
            from_account: asked(ResidentOutlook::RULE),
            extras: asked("resident-extras"),
            facts,
        })
    });
    Ok(ResidentOutlook {
        first,
        months,
        least: figure(law, "resident-minimum-contribution", today).map_or(0, |(least, _)| least),
        tiers: tiers.collect(),
        basic_at_least: amount(law, "resident-basic-minimum", on),
        basic: amount(law, "resident-basic", on),
    })
}

/// What the years to come bring into the account.
fn credits(ask: Ask<'_>, years: std::ops::Range<i32>, tier: i64) -> Result<Fen, NotAnswered> {
    let mut sum = Fen::ZERO;
    for year in years {
        let Ok(year) = Year::new(year) else {
            break;
        };
        let facts = object(&[
            ("resident-contribution-year", year.number().to_string()),
            ("resident-tier", tier.to_string()),
        ]);
        let credit = ask.money("resident-credit", year.last_day(), &facts)?;
        sum = sum.checked_add(credit).unwrap_or(sum);
    }
    Ok(sum)
}

/// The tiers there are, as the law's table of subsidies has them.
fn tiers(law: &Law, today: Day) -> Vec<i64> {
    let Some(Item::Figure(figure)) = law.names.get("resident-tier-subsidy") else {
        return Vec::new();
    };
    let versions = law[*figure].versions.iter().rev();
    let mut versions = versions.filter(|version| version.from <= today);
    let rows = versions.next().map(|version| version.rows.as_slice());
    let keys = rows
        .unwrap_or_default()
        .iter()
        .filter_map(|row| match row.keys.first() {
            Some(KeyMatch::Exactly(Value::Number(tier))) if tier.den == 1 => {
                i64::try_from(tier.num).ok()
            }
            _ => None,
        });
    keys.collect()
}

/// A figure's number on a day, with the number of parts of a unit in which it is counted.
fn figure(law: &Law, name: &str, on: Day) -> Option<(i64, i64)> {
    let Some(Item::Figure(figure)) = law.names.get(name) else {
        return None;
    };
    let mut versions = law[*figure].versions.iter().rev();
    let version = versions.find(|version| version.from <= on)?;
    match version.rows.first()?.value {
        Some(Value::Number(number)) => Some((
            i64::try_from(number.num).ok()?,
            i64::try_from(number.den).ok()?,
        )),
        _ => None,
    }
}

fn amount(law: &Law, name: &str, on: Day) -> Result<Fen, LawRefusal> {
    let found = figure(law, name, on).and_then(|(num, den)| {
        let hundredfold = num.checked_mul(100)?;
        (hundredfold % den == 0).then_some(Fen(hundredfold / den))
    });
    found.ok_or_else(|| NotAnswered::unfit(name).refusal)
}
