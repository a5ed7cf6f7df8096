//! The questions of a correction, and what was answered.

use crate::forms::Form;
use crate::look::components::{Choice, Kind};
use crate::look::districts;
use city::corrections::{Asked, Shall};
use city::facts::Span;
use city::insurance::{Slot, Status};
use city::places::District;
use measure::{Fen, Month, Words};
use office::register::person::Registered;
use rules::explain::Lang;
use std::collections::BTreeMap;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// In which insurance.
    Which,
    /// What of it.
    What,
    /// From which month.
    From,
    /// Through which.
    Until,
    /// How much was declared.
    Amount,
    /// How it stood.
    Status,
    /// Where it was held.
    District,
    /// Why.
    Reason,
}

/// Why an answer is none.
pub(super) enum Wrong {
    /// It was not given yet.
    NotYet,
    /// It cannot be taken.
    Fault(Words),
}

/// What may be wrong.
const WHATS: [(&str, Words); 4] = [
    (
        "declared",
        Words::new("工资、基数或档次不对", "the wage, base or tier"),
    ),
    (
        "status",
        Words::new("参保状态不对", "how it stands: active, paused, ended"),
    ),
    ("district", Words::new("所在区县不对", "the district")),
    (
        "nothing",
        Words::new(
            "我根本没有参加这项保险",
            "I was not in this insurance at all",
        ),
    ),
];

/// The statuses that may be asked for.
const STATUSES: [Status; 3] = [Status::Active, Status::Paused, Status::Ended];

/// So many signs a reason has at most.
const LONGEST: usize = 500;

impl Ask {
    /// All of them.
    pub(super) const ALL: [Ask; 8] = [
        Ask::Which,
        Ask::What,
        Ask::From,
        Ask::Until,
        Ask::Amount,
        Ask::Status,
        Ask::District,
        Ask::Reason,
    ];

    /// The first.
    pub(super) const FIRST: Ask = Ask::Which;

    pub(super) const fn name(self) -> &'static str {
        match self {
            Ask::Which => "which",
            Ask::What => "what",
            Ask::From => "from",
            Ask::Until => "until",
            Ask::Amount => "amount",
            Ask::Status => "status",
            Ask::District => "district",
            Ask::Reason => "reason",
        }
    }

    pub(super) fn read(word: &str) -> Option<Ask> {
        Ask::ALL.into_iter().find(|ask| ask.name() == word)
    }

    /// The question at which a refusal is told.
    pub(super) fn of_code(code: &str) -> Option<Ask> {
        match code {
            "A0201" => Some(Ask::Reason),
            "A0202" => Some(Ask::Amount),
            "A0203" => Some(Ask::From),
            "A0204" | "A0205" => Some(Ask::What),
            _ => None,
        }
    }

    pub(super) const fn words(self) -> Words {
        match self {
            Ask::Which => Words::new("哪一项登记不对？", "Which of these is wrong?"),
            Ask::What => Words::new("什么不对？", "What is wrong about it?"),
            Ask::From => Words::new("从哪个月起不对？", "From which month on is it wrong?"),
            Ask::Until => Words::new("到哪个月为止？", "Through which month?"),
            Ask::Amount => Words::new("正确的金额是多少？", "What is the right amount?"),
            Ask::Status => Words::new("当时的状态应当是什么？", "How did it stand?"),
            Ask::District => Words::new("应当在哪个区县？", "In which district was it?"),
            Ask::Reason => Words::new("为什么，有什么证明？", "Why, and what shows it?"),
        }
    }

    pub(super) const fn short(self) -> Words {
        match self {
            Ask::Which => Words::new("哪一项", "Which"),
            Ask::What => Words::new("不对之处", "What is wrong"),
            Ask::From => Words::new("从", "From"),
            Ask::Until => Words::new("到", "Through"),
            Ask::Amount => Words::new("正确金额", "Right amount"),
            Ask::Status => Words::new("正确状态", "It stood"),
            Ask::District => Words::new("正确区县", "District"),
            Ask::Reason => Words::new("原因和证明", "Why"),
        }
    }

    pub(super) const fn hint(self) -> Option<Words> {
        match self {
            Ask::From => Some(Words::new("如 2025-06", "such as 2025-06")),
            Ask::Until => Some(Words::new(
                "一直到现在的，不填",
                "leave it empty where it is still so",
            )),
            Ask::Amount => Some(Words::new(
                "税前月工资、缴费基数，或居民每年的档次，如 8123.45",
                "the monthly wage before tax, the base, or of residents the tier of a year, such as 8123.45",
            )),
            Ask::Reason => Some(Words::new(
                "如“2025 年 6 月工资为 8000 元，有工资条”。请不要写身份证号码。",
                "such as “the wage of June 2025 was 8,000 yuan; I have the payslip”. Please write no identity number.",
            )),
            _ => None,
        }
    }

    pub(super) fn kind(self, lang: Lang) -> Kind {
        match self {
            Ask::From | Ask::Until => Kind::Month,
            Ask::Amount => Kind::Number(lang.pick("元", "yuan").to_owned()),
            _ => Kind::Text,
        }
    }

    /// The answers there are; empty where it is written.
    pub(super) fn choices(self, record: &Registered, lang: Lang) -> Vec<Choice> {
        let choice = |value: String, label: String| Choice { value, label };
        match self {
            Ask::Which => slots(record)
                .into_iter()
                .map(|slot| choice(word(slot), called(slot, record, lang)))
                .collect(),
            Ask::What => WHATS
                .iter()
                .map(|(value, words)| choice((*value).to_owned(), lang.say(*words).to_owned()))
                .collect(),
            Ask::Status => STATUSES
                .iter()
                .map(|status| choice(status.code().to_string(), status.name(lang).to_owned()))
                .collect(),
            Ask::District => districts::ALL
                .iter()
                .map(|placed| {
                    choice(
                        placed.code.to_string(),
                        lang.pick(placed.zh, placed.en).to_owned(),
                    )
                })
                .collect(),
            Ask::From | Ask::Until | Ask::Amount | Ask::Reason => Vec::new(),
        }
    }
}

/// What somebody is or was insured in.
pub(super) fn slots(record: &Registered) -> Vec<Slot> {
    let current = record.insured.iter();
    let mut slots: Vec<Slot> = current
        .filter(|(_, fact)| fact.superseded.is_none())
        .map(|(_, fact)| fact.value.slot)
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// A slot as a form has it.
fn word(slot: Slot) -> String {
    let employer = slot
        .employer()
        .map_or(0, city::employers::EmployerId::number);
    format!(
        "{}-{}-{employer}",
        slot.scheme().code(),
        slot.category().code()
    )
}

fn called(slot: Slot, record: &Registered, lang: Lang) -> String {
    let employer = slot.employer().and_then(|id| record.employers.get(&id));
    match employer {
        Some(name) => format!("{} · {name}", slot.scheme().name(lang)),
        None => format!(
            "{} · {}",
            slot.scheme().name(lang),
            slot.category().name(lang)
        ),
    }
}

/// What was answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(BTreeMap<&'static str, String>);

impl Answers {
    pub(super) fn of(said: &Form) -> Answers {
        let given = Ask::ALL.into_iter().filter_map(|ask| {
            let is_there = said.all().iter().any(|(name, _)| name == ask.name());
            is_there.then(|| (ask.name(), said.get(ask.name()).to_owned()))
        });
        Answers(given.collect())
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&&'static str, &String)> {
        self.0.iter()
    }

    /// The questions these answers lead through.
    pub(super) fn asks(&self) -> Vec<Ask> {
        let mut asks = vec![Ask::Which, Ask::What, Ask::From, Ask::Until];
        match self.get("what") {
            "declared" => asks.push(Ask::Amount),
            "status" => asks.push(Ask::Status),
            "district" => asks.push(Ask::District),
            _ => {}
        }
        asks.push(Ask::Reason);
        asks
    }

    fn slot(&self, record: &Registered) -> Option<Slot> {
        let asked = self.get("which");
        slots(record).into_iter().find(|slot| word(*slot) == asked)
    }

    /// Why an answer cannot be taken.
    pub(super) fn fault(&self, ask: Ask, record: &Registered) -> Option<Wrong> {
        if !self.0.contains_key(ask.name()) {
            return Some(Wrong::NotYet);
        }
        let text = self.get(ask.name());
        let month = |text: &str| Month::parse(text).ok();
        let fault = match ask {
            Ask::Which => self
                .slot(record)
                .is_none()
                .then_some(Words::new("选一项", "choose one")),
            Ask::What => (!WHATS.iter().any(|(value, _)| *value == text))
                .then_some(Words::new("选一项", "choose one")),
            Ask::From => month(text).is_none().then_some(Words::new(
                "写月份，如 2025-06",
                "write a month, such as 2025-06",
            )),
            Ask::Until => {
                let right = text.is_empty()
                    || month(text) >= month(self.get("from")) && month(text).is_some();
                (!right).then_some(Words::new(
                    "写不早于起始月的月份，如 2025-08，或不填",
                    "write a month not before the first, such as 2025-08, or nothing",
                ))
            }
            Ask::Amount => {
                let amount = Fen::parse(text).ok().filter(|amount| amount.0 > 0);
                amount.is_none().then_some(Words::new(
                    "写大于零的金额，如 8123.45",
                    "write an amount above zero, such as 8123.45",
                ))
            }
            Ask::Status => self
                .status()
                .is_none()
                .then_some(Words::new("选一项", "choose one")),
            Ask::District => self
                .district()
                .is_none()
                .then_some(Words::new("选一个区县", "choose a district")),
            Ask::Reason => {
                (text.is_empty() || LONGEST < text.chars().count()).then_some(Words::new(
                    "写明原因和证明，五百字以内",
                    "say why and what shows it, in at most five hundred signs",
                ))
            }
        };
        fault.map(Wrong::Fault)
    }

    fn status(&self) -> Option<Status> {
        let text = self.get("status");
        STATUSES
            .into_iter()
            .find(|status| status.code().to_string() == text)
    }

    fn district(&self) -> Option<District> {
        let code = self.get("district").parse().ok()?;
        let known = districts::ALL.iter().any(|placed| placed.code == code);
        known.then(|| District::new(code)).flatten()
    }

    /// What is asked, when all is answered.
    pub(super) fn asked(&self, record: &Registered, key: &str) -> Option<Asked> {
        let first = Month::parse(self.get("from")).ok()?.first_day();
        let until = Month::parse(self.get("until")).ok();
        let until = until.and_then(|last| last.last_day().add_days(1).ok());
        let shall = match self.get("what") {
            "declared" => Shall::Declared(Fen::parse(self.get("amount")).ok()?),
            "status" => Shall::Stood(self.status()?),
            "district" => Shall::Held(self.district()?),
            "nothing" => Shall::Nothing,
            _ => return None,
        };
        Some(Asked {
            // Nobody else's form has this key, whatever they send.
            key: format!(
                "person {} {}",
                record.person.id,
                key.chars().take(64).collect::<String>()
            ),
            person: record.person.id,
            slot: self.slot(record)?,
            days: Span::new(first, until).ok()?,
            shall,
            reason: self.get("reason").to_owned(),
        })
    }

    /// An answer in words.
    pub(super) fn shown(&self, ask: Ask, record: &Registered, lang: Lang) -> String {
        let text = self.get(ask.name());
        let choices = ask.choices(record, lang);
        let chosen = choices.into_iter().find(|choice| choice.value == text);
        match (chosen, ask, text.is_empty()) {
            (Some(choice), _, _) => choice.label,
            (None, Ask::Until, true) => lang.pick("至今", "until now").to_owned(),
            (None, Ask::Amount, _) => format!("¥ {text}"),
            _ => text.to_owned(),
        }
    }

    /// For samples.
    pub(super) fn sample() -> Answers {
        let given = [
            ("which", "1-1-1"),
            ("what", "declared"),
            ("from", "2025-06"),
            ("until", ""),
            ("amount", "8000"),
            ("reason", "<script>alert(1)</script>"),
        ];
        Answers(
            given
                .map(|(name, value)| (name, value.to_owned()))
                .into_iter()
                .collect(),
        )
    }
}
