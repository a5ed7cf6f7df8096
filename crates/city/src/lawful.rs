//! *What does the law say of that?*
//!
//! The decisions of this crate take what the law answers as arguments: a late fee, an order, a bound. [`Lawful`] asks a
//! checked law for them by the names below and hands the answers over in the shapes the decisions want. A refusal of the
//! law, such as a figure that is not known, comes through in the law's own words.
//!
//! | asked | name in law |
//! |---|---|
//! | late fee | `late-fee` of `debt` |
//! | order of allocation | `rank-of-part`, `rank-of-scheme` of `debt` |
//! | band of age, where each begins | `arrears-band` of `debt`, the table `arrears-bands` |
//! | day due, day of declaration | `payment-due`, `declaration-due` of `dues-month` |
//! | day on which it counts as paid | `paid-on` of `receipt` |
//! | days of chasing | `chasing-day` of `chasing-letter` |
//! | instalments | `plan-allowed` of `instalment-plan` |
//! | months of interest, interest of a year | `interest-months`, `account-year-interest`, `resident-year-interest` of `account-year` |
//! | write-offs | `write-off-allowed` of `write-off` |
//! | credits of a bill written off in part | `part-credit`, `part-paid-month-counts` of `part-paid-bill` |
//! | insured at once | `may-be-held-at-once` of `pairing` |
//! | bounds of a wage | the range of `wage` of `person` |

use crate::accounts::PartCredit;
use crate::collection::write_offs::Ground;
use crate::collection::{LateFees, LawRefusal, Order, Part, Payer};
use crate::declarations::{ChasingDays, WageBounds};
use crate::insurance::{Scheme, Together};
use crate::refusal::{Said, Sentence, said};
use measure::{Day, Fen, Month};
use rules::evaluate::Case;
use rules::explain::Lang;
use rules::facts::from_json;
use rules::law::{Exact, Facts, InputId, Item, KeyMatch, Law, RuleId, Type, Value};
use rules::refusal::{Reason, Refusal, message, remedy};

/// The law of one jurisdiction on one day, asked for what the decisions need.
#[derive(Clone, Copy, Debug)]
pub struct Lawful<'a> {
    law: &'a Law,
    as_of: Day,
}

/// A fact given to a rule: the input's name and its value.
enum Given<'a> {
    Money(&'a str, Fen),
    Day(&'a str, Day),
    Month(&'a str, Month),
    Whole(&'a str, i64),
    Truth(&'a str, bool),
    Member(&'a str, &'a str),
}

impl<'a> Lawful<'a> {
    /// The law as of a day.
    #[must_use]
    pub const fn new(law: &'a Law, as_of: Day) -> Lawful<'a> {
        Lawful { law, as_of }
    }

    /// The lawful order in which money settles bills.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn order(&self) -> Result<Order, LawRefusal> {
        let part = |part| match part {
            Part::Principal => "principal-part",
            Part::Fee => "fee-part",
        };
        Order::of(
            |one| self.whole("rank-of-part", &[Given::Member("debt-part", part(one))]),
            |one| {
                self.whole(
                    "rank-of-scheme",
                    &[Given::Member("debt-scheme", one.in_law())],
                )
            },
        )
    }

    /// In which band of age something due on a day is, on another day.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn band(&self, due: Day, on: Day) -> Result<i64, LawRefusal> {
        self.whole(
            "arrears-band",
            &[Given::Day("due-date", due), Given::Day("paid-date", on)],
        )
    }

    /// The bands of age, each with the number of days overdue from which it is; none where the law's table is another.
    #[must_use]
    pub fn bands(&self) -> Vec<(i64, i64)> {
        let Some(Item::Figure(figure)) = self.law.names.get("arrears-bands") else {
            return Vec::new();
        };
        let versions = self.law[*figure].versions.iter();
        let version = versions.rev().find(|version| version.from <= self.as_of);
        let rows = version.map_or(&[][..], |version| version.rows.as_slice());
        let bands = rows
            .iter()
            .filter_map(|row| match (&row.value, row.keys.first()) {
                (Some(Value::Number(band)), Some(KeyMatch::AtLeast(Value::Number(days)))) => {
                    Some((whole(*band)?, whole(*days)?))
                }
                _ => None,
            });
        bands.collect()
    }

    /// The last day on which the dues of a month are paid in time.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn payment_due(&self, month: Month) -> Result<Day, LawRefusal> {
        self.day("payment-due", &[Given::Month("month-owed", month)])
    }

    /// The last day on which a month is declared in time.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn declaration_due(&self, month: Month) -> Result<Day, LawRefusal> {
        self.day("declaration-due", &[Given::Month("month-owed", month)])
    }

    /// The day on which money booked on a day counts as paid.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn paid_on(&self, booked: Day) -> Result<Day, LawRefusal> {
        self.day("paid-on", &[Given::Day("booked-on", booked)])
    }

    /// On which days after the day of declaration an employer is asked for it: as many times as the table has rows.
    ///
    /// # Errors
    ///
    /// The law's refusal, or `K0201` when the days do not rise.
    pub fn chasing_days(&self) -> Result<ChasingDays, LawRefusal> {
        let mut days = Vec::new();
        for time in 1.. {
            match self.value("chasing-day", &[Given::Whole("chasing-time", time)]) {
                Ok(Value::Number(day)) => {
                    days.extend(whole(day).and_then(|day| i32::try_from(day).ok()));
                }
                Err(Asked::Refused(refusal)) if matches!(refusal.reason, Reason::NoRow { .. }) => {
                    break;
                }
                Err(asked) => return Err(self.told(&asked)),
                Ok(_) => return Err(unfit("chasing-day")),
            }
        }
        ChasingDays::new(days).ok_or_else(|| unfit("chasing-day"))
    }

    /// Whether arrears may be paid over so many months, with or without security.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn plan_allowed(&self, months: u32, guaranteed: bool) -> Result<bool, LawRefusal> {
        let months = Given::Whole("plan-months", i64::from(months));
        self.truth(
            "plan-allowed",
            &[months, Given::Truth("guaranteed", guaranteed)],
        )
    }

    /// Through how many months of its year what is credited in a month bears interest.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn interest_months(&self, month: Month) -> Result<i64, LawRefusal> {
        self.whole("interest-months", &[Given::Month("credited-in", month)])
    }

    /// The interest of a year on what stood in an account at the end of the last, and on the products of its credits.
    ///
    /// # Errors
    ///
    /// The law's refusal, as of a year whose rate is not known.
    pub fn year_interest(
        &self,
        rule: &str,
        opening: Fen,
        products: Fen,
    ) -> Result<Fen, LawRefusal> {
        let given = [
            Given::Money("year-opening", opening),
            Given::Money("year-products", products),
        ];
        self.money(rule, &given)
    }

    /// Whether a part may be written off on a ground.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn may_write_off(&self, ground: Ground, part: Part) -> Result<bool, LawRefusal> {
        let part = match part {
            Part::Principal => "principal-part",
            Part::Fee => "fee-part",
        };
        let ground = Given::Member("write-off-ground", ground.in_law());
        self.truth(
            "write-off-allowed",
            &[ground, Given::Member("write-off-part", part)],
        )
    }

    /// What somebody is credited of a bill that was paid in part, the rest being written off.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn part_credit(&self, one: &PartCredit) -> Result<Fen, LawRefusal> {
        let given = [
            Given::Money("bill-credit", one.of.whole),
            Given::Money("paid-credit", one.of.paid),
            Given::Money("credit-before", one.before),
            Given::Money("own-credit", one.own),
        ];
        self.money("part-credit", &given)
    }

    /// Whether a month that was paid in part, the rest being written off, counts as a month paid.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn part_paid_month_counts(&self) -> Result<bool, LawRefusal> {
        self.truth("part-paid-month-counts", &[])
    }

    /// Which insurances may stand beside each other.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    pub fn together(&self) -> Result<Together, LawRefusal> {
        Together::of(|one: Scheme, other: Scheme| {
            let one = Given::Member("one-scheme", one.in_law());
            self.truth(
                "may-be-held-at-once",
                &[one, Given::Member("other-scheme", other.in_law())],
            )
        })
    }

    /// The least and the most the law lets be declared as a monthly wage.
    ///
    /// # Errors
    ///
    /// `K0201` when the law has no such input of money.
    pub fn wage_bounds(&self) -> Result<WageBounds, LawRefusal> {
        let input = self.input("wage").map_err(|asked| self.told(&asked))?;
        let bounds = match &self.law[input].range {
            Some((Value::Number(least), Value::Number(most))) => fen(*least).zip(fen(*most)),
            _ => None,
        };
        match bounds {
            Some((least, most)) => Ok(WageBounds { least, most }),
            None => Err(unfit("wage")),
        }
    }

    /// The value of a rule for facts as JSON, of the law's names.
    pub(crate) fn of_facts(&self, rule: &str, facts: &str) -> Result<Value, NotAnswered> {
        let asked = (|| {
            let id = self.rule(rule)?;
            let facts = from_json(self.law, self.law[id].of, facts)
                .map_err(|_| Asked::Unknown(rule.to_owned()))?;
            Case::new(self.law, self.as_of, &facts)
                .value(id)
                .map_err(|refusal| Asked::Refused(Box::new(refusal)))
        })();
        asked.map_err(|asked| NotAnswered {
            lacks: match &asked {
                Asked::Refused(refusal) => match refusal.reason {
                    Reason::Missing(input) => Some(self.law[input].names.id.clone()),
                    _ => None,
                },
                Asked::Unknown(_) => None,
            },
            refusal: self.told(&asked),
        })
    }

    /// The amount of a rule for facts as JSON.
    pub(crate) fn money_of_facts(&self, rule: &str, facts: &str) -> Result<Fen, NotAnswered> {
        match self.of_facts(rule, facts)? {
            Value::Number(number) => fen(number).ok_or_else(|| NotAnswered::unfit(rule)),
            _ => Err(NotAnswered::unfit(rule)),
        }
    }

    fn whole(&self, rule: &str, given: &[Given<'_>]) -> Result<i64, LawRefusal> {
        match self.value(rule, given) {
            Ok(Value::Number(number)) => whole(number).ok_or_else(|| unfit(rule)),
            Ok(_) => Err(unfit(rule)),
            Err(asked) => Err(self.told(&asked)),
        }
    }

    fn money(&self, rule: &str, given: &[Given<'_>]) -> Result<Fen, LawRefusal> {
        match self.value(rule, given) {
            Ok(Value::Number(number)) => fen(number).ok_or_else(|| unfit(rule)),
            Ok(_) => Err(unfit(rule)),
            Err(asked) => Err(self.told(&asked)),
        }
    }

    fn day(&self, rule: &str, given: &[Given<'_>]) -> Result<Day, LawRefusal> {
        match self.value(rule, given) {
            Ok(Value::Day(day)) => Ok(day),
            Ok(_) => Err(unfit(rule)),
            Err(asked) => Err(self.told(&asked)),
        }
    }

    fn truth(&self, rule: &str, given: &[Given<'_>]) -> Result<bool, LawRefusal> {
        match self.value(rule, given) {
            Ok(Value::Bool(truth)) => Ok(truth),
            Ok(_) => Err(unfit(rule)),
            Err(asked) => Err(self.told(&asked)),
        }
    }

    /// The value of a rule for these facts.
    fn value(&self, rule: &str, given: &[Given<'_>]) -> Result<Value, Asked> {
        let rule = self.rule(rule)?;
        let mut facts = Facts::default();
        for given in given {
            let (input, value) = self.fact(given)?;
            facts.inputs.insert(input, value);
        }
        Case::new(self.law, self.as_of, &facts)
            .value(rule)
            .map_err(|refusal| Asked::Refused(Box::new(refusal)))
    }

    fn fact(&self, given: &Given<'_>) -> Result<(InputId, Value), Asked> {
        let number = |num: i128, den: i128| Value::Number(Exact { num, den });
        let (name, value) = match given {
            Given::Money(name, fen) => (name, number(i128::from(fen.0), 100)),
            Given::Whole(name, whole) => (name, number(i128::from(*whole), 1)),
            Given::Day(name, day) => (name, Value::Day(*day)),
            Given::Month(name, month) => (name, Value::Month(*month)),
            Given::Truth(name, truth) => (name, Value::Bool(*truth)),
            Given::Member(name, member) => {
                let input = self.input(name)?;
                let Type::Enum(kinds) = self.law[input].ty else {
                    return Err(Asked::Unknown((*name).to_owned()));
                };
                let place = self.law[kinds]
                    .members
                    .iter()
                    .position(|names| names.id == *member);
                let place = place.and_then(|place| u16::try_from(place).ok());
                let place = place.ok_or_else(|| Asked::Unknown((*member).to_owned()))?;
                return Ok((input, Value::Member(place)));
            }
        };
        Ok((self.input(name)?, value))
    }

    fn rule(&self, name: &str) -> Result<RuleId, Asked> {
        match self.law.names.get(name) {
            Some(Item::Rule(rule)) => Ok(*rule),
            _ => Err(Asked::Unknown(name.to_owned())),
        }
    }

    fn input(&self, name: &str) -> Result<InputId, Asked> {
        match self.law.names.get(name) {
            Some(Item::Input(input)) => Ok(*input),
            _ => Err(Asked::Unknown(name.to_owned())),
        }
    }

    fn told(&self, asked: &Asked) -> LawRefusal {
        match asked {
            Asked::Unknown(name) => unfit(name),
            Asked::Refused(refusal) => {
                let both = |of: fn(&Refusal, &Law, Lang) -> String| Sentence {
                    zh: of(refusal, self.law, Lang::Zh),
                    en: of(refusal, self.law, Lang::En),
                };
                LawRefusal(Said {
                    code: refusal.reason.code(),
                    message: both(message),
                    remedy: both(remedy),
                })
            }
        }
    }
}

impl LateFees for Lawful<'_> {
    fn late_fee(&self, amount: Fen, due: Day, paid: Day) -> Result<Fen, LawRefusal> {
        let arrears = Given::Money("arrears", amount);
        self.money(
            "late-fee",
            &[
                arrears,
                Given::Day("due-date", due),
                Given::Day("paid-date", paid),
            ],
        )
    }

    fn is_borne_by(&self, payer: Payer) -> Result<bool, LawRefusal> {
        self.truth("bears-late-fee", &[Given::Member("debtor", payer.in_law())])
    }
}

/// Why a rule gives nothing for facts, and of which fact it had none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotAnswered {
    /// The law's name of what was not given.
    pub(crate) lacks: Option<String>,
    /// The law's words.
    pub(crate) refusal: LawRefusal,
}

impl NotAnswered {
    /// The law has no such rule or figure of the kind needed.
    pub(crate) fn unfit(name: &str) -> NotAnswered {
        NotAnswered {
            lacks: None,
            refusal: unfit(name),
        }
    }
}

/// Why a rule gives nothing.
enum Asked {
    /// The law has no item of this name and kind.
    Unknown(String),
    /// It refuses.
    Refused(Box<Refusal>),
}

/// The law lacks something of this name, or has it as something else.
fn unfit(name: &str) -> LawRefusal {
    LawRefusal(said(
        "K0201",
        (
            format!("法律文本中没有可用的“{name}”"),
            format!("the law has no `{name}` of the kind needed"),
        ),
        (
            "补上 law/cn/collection 中的条目",
            "add the item, as law/cn/collection has it",
        ),
    ))
}

/// A whole number.
fn whole(number: Exact) -> Option<i64> {
    let exact = number.num % number.den == 0;
    exact
        .then(|| i64::try_from(number.num / number.den).ok())
        .flatten()
}

/// Money, in yuan as the law counts it.
fn fen(yuan: Exact) -> Option<Fen> {
    let hundredfold = Exact {
        num: yuan.num.checked_mul(100)?,
        den: yuan.den,
    };
    whole(hundredfold).map(Fen)
}
