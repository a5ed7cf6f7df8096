//! On what footing does somebody pay, and what does the law say then?
//!
//! The scheme and the category decide which rules apply: that is a [`Footing`]. For each the rules are compiled once for the
//! month, and each thread runs them over its share in columns.

use city::collection::LawRefusal;
use city::dues::{Due, InForce};
use city::employers::{IndustryClass, RateLevel};
use city::insurance::{Category, Counting, Scheme};
use city::lawful::Lawful;
use city::refusal::Refused as _;
use measure::{Day, Fen, Month};
use rules::evaluate::Case;

use rules::columns::{Batch, Column, Plan, Results, Slot, Values, Workspace};
use rules::explain::Lang;
use rules::law::{Facts, Item, Law, RuleId, Type, Value};
use rules::refusal::{Refusal, message};

/// On what footing somebody pays, and the names under which the law says how much.
#[derive(Clone, Copy, Debug)]
pub struct Footing {
    /// The scheme.
    pub scheme: Scheme,
    /// As what.
    pub category: Category,
    /// The rules, in the order base, employer's share, person's share, credit; where there is none, nothing is due.
    rules: [Option<&'static str>; 4],
    /// The rule that says whether anything is due in the month; where there is none, it is due every month.
    when: Option<&'static str>,
}

impl Footing {
    /// The rules of the employer's share, the person's share and what is credited; none where nothing is.
    #[must_use]
    pub fn shares(&self) -> [Option<&'static str>; 3] {
        let [_, employer, person, credit] = self.rules;
        [employer, person, credit]
    }

    /// Whether somebody in this scheme and category pays on it.
    #[must_use]
    pub fn is_of(&self, scheme: Scheme, category: Category) -> bool {
        (self.scheme, self.category) == (scheme, category)
    }
}

/// Every footing on which dues are assessed month by month, or once a year for residents.
pub const FOOTINGS: [Footing; 5] = [
    Footing {
        scheme: Scheme::EmployeePension,
        category: Category::Employee,
        rules: [
            Some("contribution-base"),
            Some("employer-due"),
            Some("employee-due"),
            Some("monthly-credit"),
        ],
        when: None,
    },
    Footing {
        scheme: Scheme::EmployeePension,
        category: Category::Individual,
        rules: [
            Some("individual-base"),
            None,
            Some("individual-due"),
            Some("monthly-credit"),
        ],
        when: None,
    },
    Footing {
        scheme: Scheme::ResidentPension,
        category: Category::Resident,
        // What the employer pays for an employee, the government pays for a resident.
        rules: [
            Some("resident-payment"),
            Some("resident-subsidy"),
            Some("resident-payment"),
            Some("resident-credit"),
        ],
        when: Some("resident-due-now"),
    },
    Footing {
        scheme: Scheme::Unemployment,
        category: Category::Employee,
        rules: [
            Some("contribution-base"),
            Some("unemployment-employer-contribution"),
            Some("unemployment-employee-contribution"),
            None,
        ],
        when: None,
    },
    Footing {
        scheme: Scheme::WorkInjury,
        category: Category::Employee,
        rules: [
            Some("contribution-base"),
            Some("injury-contribution"),
            None,
            None,
        ],
        when: None,
    },
];

/// What the law is told of participations on one footing, in columns.
#[derive(Clone, Debug, Default)]
pub struct Members {
    declared: Vec<i64>,
    undeclared: Vec<bool>,
    industry_class: Vec<i16>,
    rate_level: Vec<i16>,
    began: Vec<i32>,
}

impl Members {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.declared.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Makes room for others.
    pub fn clear(&mut self) {
        self.declared.clear();
        self.undeclared.clear();
        self.industry_class.clear();
        self.rate_level.clear();
        self.began.clear();
    }

    /// Adds one: the monthly wage, chosen base or yearly tier declared, the month in which the participation began, the
    /// class of the employer's industry, 1 to 8, and its level, 1 (two steps down) to 5.
    pub fn push(&mut self, entry: &InForce, (industry_class, rate_level): (i16, i16)) {
        let declared = entry.declared;
        self.declared.push(declared.map_or(0, |amount| amount.0));
        self.undeclared.push(declared.is_none());
        self.began.push(entry.valid.first().month().index());
        self.industry_class.push(industry_class);
        self.rate_level.push(rate_level);
    }
}

/// What members owe, in fen, in their order.
#[derive(Clone, Debug, Default)]
pub struct Amounts {
    base: Vec<i64>,
    employer: Vec<i64>,
    person: Vec<i64>,
    credit: Vec<i64>,
    /// Whether anything is due now.
    due_now: Vec<bool>,
    /// Of whom the law was refused: the place among the members, and why; ascending. Their amounts mean nothing.
    pub refused: Vec<(usize, Refused)>,
}

impl Amounts {
    /// What is due of the member in this place, whose participation is this; `None` when nothing is due this month.
    ///
    /// # Panics
    ///
    /// When there is no such place.
    #[must_use]
    pub fn due(&self, place: usize, entry: &InForce) -> Option<Due> {
        self.due_now[place].then(|| Due {
            person: entry.person,
            scheme: entry.scheme,
            category: entry.category,
            employer: entry.employer,
            district: entry.district,
            base: Fen(self.base[place]),
            employer_due: Fen(self.employer[place]),
            person_due: Fen(self.person[place]),
            credit: Fen(self.credit[place]),
        })
    }
}

/// Why the law gives no dues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The stable code of the reason.
    pub code: &'static str,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
}

/// The law of a month, compiled for every footing.
#[derive(Debug)]
pub struct Assessor<'a> {
    law: &'a Law,
    questions: Vec<Question<'a>>,
    /// Which of several participations in one scheme are paid on.
    counting: Counting,
}

#[derive(Debug)]
struct Question<'a> {
    plan: Plan<'a>,
    slots: Vec<(Given, Slot)>,
    /// For each of base, employer, person and credit, which answer it is.
    places: [Option<usize>; 4],
    /// Which answer says whether anything is due, and its rule.
    when: Option<(usize, RuleId)>,
}

/// What is given of each member.
#[derive(Clone, Debug)]
enum Given {
    /// The amount declared, in fen.
    Declared,
    /// The amount declared, in yuan.
    DeclaredYuan,
    /// The same year for all.
    Year(i32),
    /// The same month for all.
    Month(i32),
    /// The month in which the participation began.
    Began,
    /// The same standing for all.
    Standing(u8),
    /// The industry's class; for each class the law's member.
    IndustryClass(Vec<u8>),
    /// The rate's level; for each level the law's member.
    RateLevel(Vec<u8>),
}

/// Registers of one thread, and columns to give from.
#[derive(Debug)]
pub struct Desk {
    workspaces: Vec<Workspace>,
    results: Results,
    laid: Vec<Laid>,
}

/// A column as the law reads it.
#[derive(Debug)]
enum Laid {
    /// The members' own columns.
    Declared,
    Began,
    Wide(Vec<i64>),
    Narrow(Vec<i32>),
    Codes(Vec<u8>),
}

/// Why a law cannot assess a month at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// `N0201`: it lacks a name that assessment asks for.
    Lacks(&'static str),
    /// It refuses for everybody.
    Refuses(Refused),
}

impl Unfit {
    /// The stable code: our own, or the law's refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Unfit::Lacks(_) => "N0201",
            Unfit::Refuses(refused) => refused.code,
        }
    }

    /// What happened.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Unfit::Lacks(name) => lang.pick(
                format!("法律中没有核定所需的“{name}”"),
                format!("the law has no `{name}`, which assessment asks for"),
            ),
            Unfit::Refuses(refused) => lang.pick(refused.zh.clone(), refused.en.clone()),
        }
    }
}

impl Refused {
    /// `N0202`: there is no footing for this scheme and category.
    #[must_use]
    pub fn no_footing(scheme: Scheme, category: Category) -> Refused {
        let said = |lang: Lang| (scheme.name(lang), category.name(lang));
        let ((scheme_zh, category_zh), (scheme_en, category_en)) = (said(Lang::Zh), said(Lang::En));
        Refused {
            code: "N0202",
            zh: format!("{scheme_zh}没有“{category_zh}”的核定办法"),
            en: format!("there is no way to assess {category_en} in {scheme_en}"),
        }
    }

    pub(super) fn of(refusal: &Refusal, law: &Law) -> Refused {
        Refused {
            code: refusal.reason.code(),
            zh: message(refusal, law, Lang::Zh),
            en: message(refusal, law, Lang::En),
        }
    }
}

impl From<LawRefusal> for Refused {
    fn from(refusal: LawRefusal) -> Refused {
        let said = refusal.said();
        Refused {
            code: said.code,
            zh: said.message.zh,
            en: said.message.en,
        }
    }
}

impl<'a> Assessor<'a> {
    /// Compiles the law as it stands on the last day of the month.
    ///
    /// # Errors
    ///
    /// [`Unfit::Lacks`] where the law has no such rule or input, [`Unfit::Refuses`] where a rule is not in force.
    pub fn new(law: &'a Law, month: Month) -> Result<Assessor<'a>, Unfit> {
        let questions = FOOTINGS
            .iter()
            .map(|footing| Question::new(law, month, footing))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Assessor {
            law,
            questions,
            counting: Counting {
                together: Lawful::new(law, day_of(month))
                    .together()
                    .map_err(|refusal| Unfit::Refuses(refusal.into()))?,
                later: truth(law, month, "later-participation-counts")?,
            },
        })
    }

    /// Which of several participations in one scheme the month is paid on.
    #[must_use]
    pub fn counting(&self) -> &Counting {
        &self.counting
    }

    /// A thread's registers.
    #[must_use]
    pub fn desk(&self) -> Desk {
        Desk {
            workspaces: self
                .questions
                .iter()
                .map(|question| question.plan.workspace())
                .collect(),
            results: Results::default(),
            laid: Vec::new(),
        }
    }

    /// What these members owe, who all stand on the footing of this number in [`FOOTINGS`].
    ///
    /// # Panics
    ///
    /// When there is no footing of that number.
    pub fn assess(
        &self,
        desk: &mut Desk,
        footing: usize,
        members: &Members,
        amounts: &mut Amounts,
    ) {
        let question = &self.questions[footing];
        desk.laid.clear();
        desk.laid
            .extend(question.slots.iter().map(|(given, _)| given.lay(members)));
        let columns = question.slots.iter().zip(&desk.laid);
        let batch = Batch {
            rows: members.len(),
            columns: columns
                .map(|((_, slot), laid)| laid.column(*slot, members))
                .collect(),
            records: Vec::new(),
        };
        question
            .plan
            .run(&mut desk.workspaces[footing], &batch, &mut desk.results);
        for (place, column) in question.places.iter().zip([
            &mut amounts.base,
            &mut amounts.employer,
            &mut amounts.person,
            &mut amounts.credit,
        ]) {
            column.clear();
            match place {
                Some(place) => column.extend_from_slice(&desk.results.columns[*place]),
                None => column.resize(members.len(), 0),
            }
        }
        amounts.due_now.clear();
        match question.when {
            Some((place, _)) => {
                let column = &desk.results.columns[place];
                amounts.due_now.extend(column.iter().map(|now| *now != 0));
            }
            None => amounts.due_now.resize(members.len(), true),
        }
        amounts.refused.clear();
        for refused in &desk.results.refused {
            // Where nothing is due now, whatever else is refused matters in another month.
            let says_when = question.when.map(|(_, rule)| rule) == Some(refused.asked);
            if !says_when && !amounts.due_now[refused.row] {
                continue;
            }
            if amounts.refused.last().map(|(row, _)| *row) == Some(refused.row) {
                continue;
            }
            let said = Refused::of(&refused.refusal, self.law);
            amounts.refused.push((refused.row, said));
        }
    }
}

impl<'a> Question<'a> {
    fn new(law: &'a Law, month: Month, footing: &Footing) -> Result<Question<'a>, Unfit> {
        let slots = given(law, month, footing)?;
        let mut asked: Vec<RuleId> = Vec::new();
        let mut places = [None; 4];
        let when = match footing.when {
            Some(name) => {
                asked.push(rule(law, name)?);
                Some((0, asked[0]))
            }
            None => None,
        };
        for (place, name) in places.iter_mut().zip(footing.rules) {
            let Some(name) = name else { continue };
            let rule = rule(law, name)?;
            *place = Some(match asked.iter().position(|known| *known == rule) {
                Some(known) => known,
                None => {
                    asked.push(rule);
                    asked.len() - 1
                }
            });
        }
        let present: Vec<Slot> = slots.iter().map(|(_, slot)| *slot).collect();
        let plan = Plan::new(law, day_of(month), &asked, &present, &[])
            .map_err(|refusal| Unfit::Refuses(Refused::of(&refusal, law)))?;
        Ok(Question {
            plan,
            slots,
            places,
            when,
        })
    }
}

impl Given {
    fn lay(&self, members: &Members) -> Laid {
        match self {
            Given::Declared => Laid::Declared,
            // A tier that is no whole yuan is none of the law's; -1 is none either.
            Given::DeclaredYuan => Laid::Wide(
                members
                    .declared
                    .iter()
                    .map(|fen| if fen % 100 == 0 { fen / 100 } else { -1 })
                    .collect(),
            ),
            Given::Year(same) | Given::Month(same) => Laid::Narrow(vec![*same; members.len()]),
            Given::Began => Laid::Began,
            Given::Standing(member) => Laid::Codes(vec![*member; members.len()]),
            Given::IndustryClass(codes) => Laid::Codes(coded(&members.industry_class, codes)),
            Given::RateLevel(codes) => Laid::Codes(coded(&members.rate_level, codes)),
        }
    }
}

impl Laid {
    fn column<'c>(&'c self, slot: Slot, members: &'c Members) -> Column<'c> {
        let (values, missing) = match self {
            Laid::Declared => (
                Values::I64(&members.declared),
                Some(&members.undeclared[..]),
            ),
            Laid::Began => (Values::I32(&members.began), None),
            Laid::Wide(values) => (Values::I64(values), Some(&members.undeclared[..])),
            Laid::Narrow(values) => (Values::I32(values), None),
            Laid::Codes(values) => (Values::U8(values), None),
        };
        Column {
            slot,
            values,
            missing,
        }
    }
}

/// The law's members for the register's numbers, which count from 1; a number beyond them is a member the law does not have.
fn coded(numbers: &[i16], members: &[u8]) -> Vec<u8> {
    let member = |number: &i16| {
        let place = usize::try_from(number - 1).ok();
        place.and_then(|place| members.get(place)).copied()
    };
    numbers
        .iter()
        .map(|number| member(number).unwrap_or(u8::MAX))
        .collect()
}

/// The day whose law applies to a month's dues: its last.
#[must_use]
pub fn day_of(month: Month) -> Day {
    month.last_day()
}

/// What the law is given of members on a footing.
fn given(law: &Law, month: Month, footing: &Footing) -> Result<Vec<(Given, Slot)>, Unfit> {
    let mut given = match footing.category {
        Category::Employee => vec![(Given::Declared, input(law, "wage")?)],
        Category::Individual => {
            let individual = member(law, "insured-as", "individual")?;
            vec![
                (Given::Declared, input(law, "chosen-base")?),
                (Given::Standing(individual), input(law, "insured-as")?),
            ]
        }
        Category::Resident => {
            let year = month.year().number();
            vec![
                (Given::DeclaredYuan, input(law, "resident-tier")?),
                (Given::Year(year), input(law, "resident-contribution-year")?),
                (Given::Began, input(law, "resident-since")?),
                (
                    Given::Month(month.index()),
                    input(law, "resident-month-assessed")?,
                ),
            ]
        }
    };
    if footing.scheme == Scheme::WorkInjury {
        let classes = (1..).map_while(IndustryClass::new);
        let classes = classes.map(|class| member(law, "industry-class", &class.in_law()));
        let levels = RateLevel::ALL.iter();
        let levels = levels.map(|level| member(law, "rate-level", level.in_law()));
        given.push((
            Given::IndustryClass(classes.collect::<Result<_, _>>()?),
            input(law, "industry-class")?,
        ));
        given.push((
            Given::RateLevel(levels.collect::<Result<_, _>>()?),
            input(law, "rate-level")?,
        ));
    }
    Ok(given)
}

fn input(law: &Law, name: &'static str) -> Result<Slot, Unfit> {
    match law.names.get(name) {
        Some(Item::Input(input)) => Ok(Slot::Input(*input)),
        _ => Err(Unfit::Lacks(name)),
    }
}

fn rule(law: &Law, name: &'static str) -> Result<RuleId, Unfit> {
    match law.names.get(name) {
        Some(Item::Rule(rule)) => Ok(*rule),
        _ => Err(Unfit::Lacks(name)),
    }
}

/// What the law says of everybody, yes or no.
fn truth(law: &Law, month: Month, name: &'static str) -> Result<bool, Unfit> {
    let rule = rule(law, name)?;
    match Case::new(law, day_of(month), &Facts::default()).value(rule) {
        Ok(Value::Bool(truth)) => Ok(truth),
        Ok(_) => Err(Unfit::Lacks(name)),
        Err(refusal) => Err(Unfit::Refuses(Refused::of(&refusal, law))),
    }
}

/// The code of a member of the enumeration that an input takes.
fn member(law: &Law, of: &'static str, member: &str) -> Result<u8, Unfit> {
    let Slot::Input(of_input) = input(law, of)? else {
        return Err(Unfit::Lacks(of));
    };
    let Type::Enum(id) = law[of_input].ty else {
        return Err(Unfit::Lacks(of));
    };
    let place = law[id].members.iter().position(|names| names.id == member);
    place
        .and_then(|place| u8::try_from(place).ok())
        .ok_or(Unfit::Lacks(of))
}
