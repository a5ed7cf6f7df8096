//! A case of one's own: the form a rule asks for, what was filled in, and what comes out.
//!
//! The form is made from the law: its inputs with their types, ranges and defaults. All of it stands in the address, so a case can
//! be sent to somebody else. A rule may be given too, by its name in the address: then it is not computed.

use super::Reading;
use crate::look::components::{
    Choice, Fault, Field, Kind, error_summary, field, hidden, one_of, submit,
};
use maud::{Markup, html};
use measure::Words;
use rules::explain::{Lang, Told, explain, shown, told};
use rules::facts::{Asked, FactFault, asked, from_json};
use rules::law::{Facts, InputId, Item, RelationId, RuleId, Type, Value};
use rules::needs::needs;
use rules::refusal::{Reason, message};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

const TRY: Words = Words::new("计算", "Work it out");
const AS_OF: Words = Words::new("适用日", "Law of the day");
const YES: Words = Words::new("是", "yes");
const NO: Words = Words::new("否", "no");
const NOTHING_ASKED: Words = Words::new("这条规则不需要任何事实。", "This rule asks for no facts.");
const GIVEN: Words = Words::new("直接给定，不计算", "given, not computed");
const LEAVE: Words = Words::new(
    "多余的行留空即可；要更多行，先计算一次。",
    "Leave lines you do not need empty; for more, work it out once.",
);
const CANNOT: Words = Words::new("应为", "needs ");

/// So many records a form takes at most.
const MOST_RECORDS: usize = 60;

/// A case.
#[derive(Debug)]
pub(super) struct Case {
    asked: Asked,
    /// For each input whether every case needs it; what the day's law does not ask is not there.
    needed: BTreeMap<InputId, bool>,
    /// As the address has it.
    given: Vec<(String, String)>,
    /// What came of it; `None` until it was tried.
    tried: Option<Result<Facts, Vec<FactFault>>>,
}

impl Case {
    pub(super) fn new(reading: &Reading, rule: RuleId, given: Vec<(String, String)>) -> Case {
        let law = reading.law();
        let asked = asked(law, rule);
        let useful = needs(law, reading.on, &[rule], &[]);
        let fields = useful
            .fields
            .iter()
            .chain(useful.records.iter().flat_map(|(_, fields)| fields));
        let needed = fields.filter_map(|field| match field.slot {
            rules::columns::Slot::Input(id) => Some((id, !field.optional)),
            rules::columns::Slot::Rule(_) => None,
        });
        let needed: BTreeMap<InputId, bool> = needed.collect();
        let mut case = Case {
            asked,
            needed,
            given,
            tried: None,
        };
        if case.value("try").is_some() {
            let json = case.json(reading);
            case.tried = Some(from_json(law, law[rule].of, &json));
        }
        case
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut given = self.given.iter();
        let found = given.find(|(key, value)| key == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    /// The inputs of the case itself that the day's law may read. Those of an owner are always asked.
    fn inputs<'c>(&'c self, reading: &'c Reading) -> impl Iterator<Item = InputId> + 'c {
        let law = reading.law();
        let own = self.needed.keys().next().map(|id| law[*id].of);
        let inputs = self.asked.inputs.iter().copied();
        inputs.filter(move |id| {
            self.needed.contains_key(id) || own.is_some_and(|own| law[*id].of != own)
        })
    }

    /// The records asked, with how many lines the form has for each.
    fn records<'c>(
        &'c self,
        reading: &'c Reading,
    ) -> impl Iterator<Item = (RelationId, &'c [InputId], usize)> + 'c {
        let law = reading.law();
        self.asked.records.iter().map(move |(relation, inputs)| {
            let prefix = format!("{}.", law[*relation].names.id);
            let numbers = self.given.iter().filter_map(|(key, value)| {
                let (number, _) = key.strip_prefix(&prefix)?.split_once('.')?;
                let number: usize = number.parse().ok()?;
                (!value.trim().is_empty() && number <= MOST_RECORDS).then_some(number)
            });
            let lines = numbers.max().map_or(1, |last| (last + 1).min(MOST_RECORDS));
            (*relation, &inputs[..], lines)
        })
    }

    /// The facts as a JSON object of the law's names.
    fn json(&self, reading: &Reading) -> String {
        let law = reading.law();
        let mut facts = Map::new();
        for id in &self.asked.inputs {
            let name = &law[*id].names.id;
            if let Some(text) = self.value(name) {
                facts.insert(name.clone(), written(law[*id].ty, text));
            }
        }
        for (key, text) in &self.given {
            if let Some(Item::Rule(id)) = law.names.get(key)
                && !text.trim().is_empty()
            {
                facts.insert(law[*id].names.id.clone(), written(law[*id].ty, text.trim()));
            }
        }
        for (relation, inputs, lines) in self.records(reading) {
            let name = &law[relation].names.id;
            let records = (1..=lines).filter_map(|number| {
                let cells = inputs.iter().filter_map(|id| {
                    let input = &law[*id];
                    let text = self.value(&format!("{name}.{number}.{}", input.names.id))?;
                    Some((input.names.id.clone(), written(input.ty, text)))
                });
                let record: Map<String, Json> = cells.collect();
                (!record.is_empty()).then_some(Json::Object(record))
            });
            facts.insert(name.clone(), Json::Array(records.collect()));
        }
        Json::Object(facts).to_string()
    }

    /// What came out and why; nothing while a fault stands in the way.
    pub(super) fn answer(&self, reading: &Reading, rule: RuleId, lang: Lang) -> Option<Told> {
        let facts = self.tried.as_ref()?.as_ref().ok()?;
        let explanation = explain(reading.law(), reading.on, facts, rule);
        Some(told(&explanation, lang))
    }

    /// What is wrong, by the name of the field in the form.
    fn faults(&self, reading: &Reading, rule: RuleId, lang: Lang) -> BTreeMap<String, String> {
        let law = reading.law();
        let mut found = BTreeMap::new();
        match &self.tried {
            None => {}
            Some(Err(faults)) => {
                for fault in faults {
                    found.insert(
                        field_of(&fault.path),
                        self.expected(reading, &fault.path, lang),
                    );
                }
            }
            Some(Ok(facts)) => {
                let explanation = explain(law, reading.on, facts, rule);
                if let Err(refused) = &explanation.outcome
                    && let Reason::Missing(input) | Reason::OutOfRange { input, .. } =
                        &refused.reason
                {
                    found.insert(law[*input].names.id.clone(), message(refused, law, lang));
                }
            }
        }
        found
    }

    fn expected(&self, reading: &Reading, path: &str, lang: Lang) -> String {
        let law = reading.law();
        let name = path.rsplit('.').next().unwrap_or_default();
        let hint = match law.names.get(name) {
            Some(Item::Input(id)) => example(law[*id].ty, lang),
            Some(Item::Rule(id)) => example(law[*id].ty, lang),
            _ => None,
        };
        let label = match law.names.get(name) {
            Some(Item::Input(id)) => lang.name(&law[*id].names).into_owned(),
            Some(Item::Rule(id)) => lang.name(&law[*id].names).into_owned(),
            _ => name.to_owned(),
        };
        format!(
            "{}{}{}",
            lang.pick(format!("“{label}”"), format!("“{label}” ")),
            lang.say(CANNOT),
            hint.unwrap_or_default()
        )
    }

    /// The form.
    pub(super) fn form(&self, reading: &Reading, action: &str, lang: Lang) -> Markup {
        let law = reading.law();
        let rule = action
            .rsplit('/')
            .next()
            .and_then(|name| law.names.get(name));
        let faults = match rule {
            Some(Item::Rule(rule)) => self.faults(reading, *rule, lang),
            _ => BTreeMap::new(),
        };
        let is_field = |name: &str| {
            self.asked.inputs.iter().any(|id| law[*id].names.id == name) || name.contains('.')
        };
        let list: Vec<Fault> = faults
            .iter()
            .filter(|(name, _)| is_field(name))
            .map(|(name, what)| Fault {
                field: Field {
                    name: name.clone(),
                    ..blank()
                }
                .place(),
                what: what.clone(),
            })
            .collect();
        let day = Field {
            name: "on".into(),
            label: lang.say(AS_OF).into(),
            kind: Kind::Day,
            value: reading.on.to_string(),
            ..blank()
        };
        let given_rules = self
            .given
            .iter()
            .filter_map(|(key, value)| match law.names.get(key) {
                Some(Item::Rule(id)) if !value.trim().is_empty() => Some((*id, value)),
                _ => None,
            });
        html! {
            (error_summary(&list, lang))
            form method="get" action=(format!("{action}#answer")) {
                (hidden("try", "1"))
                @if self.asked.inputs.is_empty() && self.asked.records.is_empty() { p class="quiet" { (lang.say(NOTHING_ASKED)) } }
                @for id in self.inputs(reading) {
                    @let name = law[id].names.id.clone();
                    @let optional = !self.needed.get(&id).copied().unwrap_or(false);
                    (self.one(reading, id, (&name, faults.get(&name), optional), lang))
                }
                @for (relation, inputs, lines) in self.records(reading) {
                    @let name = &law[relation].names.id;
                    p class="hint" { (lang.say(LEAVE)) }
                    @for number in 1..=lines {
                        fieldset class="records" {
                            legend { (lang.name(&law[relation].names)) " " (number) }
                            div class="fields" {
                                @for id in inputs {
                                    @let field_name = format!("{name}.{number}.{}", law[*id].names.id);
                                    (self.one(reading, *id, (&field_name, faults.get(&field_name), lines == number || law[*id].default.is_some()), lang))
                                }
                            }
                        }
                    }
                }
                @for (id, value) in given_rules {
                    (field(&Field {
                        name: law[id].names.id.clone(),
                        label: lang.name(&law[id].names).into_owned(),
                        hint: Some(lang.say(GIVEN).into()),
                        kind: kind_of(law[id].ty, lang),
                        value: value.clone(),
                        fault: faults.get(&law[id].names.id).cloned(),
                        optional: true,
                    }, lang))
                }
                (field(&day, lang))
                (submit(lang.say(TRY)))
            }
        }
    }

    fn one(
        &self,
        reading: &Reading,
        id: InputId,
        (name, fault, optional): (&str, Option<&String>, bool),
        lang: Lang,
    ) -> Markup {
        let law = reading.law();
        let input = &law[id];
        let clause = lang.text(&input.clause);
        let range = range(reading, id, lang);
        let hints = [
            (!clause.is_empty()).then(|| clause.to_owned()),
            example(input.ty, lang).filter(|_| range.is_none()),
            range,
        ];
        let hints: Vec<String> = hints.into_iter().flatten().collect();
        let asked = Field {
            name: name.to_owned(),
            label: lang.name(&input.names).into_owned(),
            hint: (!hints.is_empty()).then(|| hints.join(lang.pick("。", " · "))),
            kind: kind_of(input.ty, lang),
            value: self
                .value(name)
                .map_or_else(|| default(reading, id), str::to_owned),
            fault: fault.cloned(),
            optional,
        };
        match input.ty {
            Type::Bool => {
                let choice = |value: &str, words: Words| Choice {
                    value: value.into(),
                    label: lang.say(words).into(),
                };
                one_of(&asked, &[choice("true", YES), choice("false", NO)], lang)
            }
            Type::Enum(members) => {
                let choices = law[members].members.iter().map(|names| Choice {
                    value: names.id.clone(),
                    label: lang.name(names).into_owned(),
                });
                one_of(&asked, &choices.collect::<Vec<_>>(), lang)
            }
            _ => field(&asked, lang),
        }
    }
}

fn blank() -> Field {
    Field {
        name: String::new(),
        label: String::new(),
        hint: None,
        kind: Kind::Text,
        value: String::new(),
        fault: None,
        optional: false,
    }
}

/// `contribution-years[2].base`, counted from 0, as the form names it: `contribution-years.3.base`.
fn field_of(path: &str) -> String {
    let Some((relation, rest)) = path.split_once('[') else {
        return path.to_owned();
    };
    let Some((number, field)) = rest.split_once("].") else {
        return path.to_owned();
    };
    let number = number.parse::<usize>().map_or(1, |number| number + 1);
    format!("{relation}.{number}.{field}")
}

fn kind_of(ty: Type, lang: Lang) -> Kind {
    match ty {
        Type::Money => Kind::Number(lang.pick("元", "yuan").to_owned()),
        Type::Rate | Type::Decimal(_) | Type::Integer | Type::Year => Kind::Number(String::new()),
        Type::Days => Kind::Number(lang.pick("天", "days").to_owned()),
        Type::Date => Kind::Day,
        Type::Month => Kind::Month,
        Type::Months | Type::Bool | Type::Enum(_) | Type::Text => Kind::Text,
    }
}

/// How a value of the type is written.
fn example(ty: Type, lang: Lang) -> Option<String> {
    let said = match ty {
        Type::Money => (
            "金额，至多两位小数，如 8123.45",
            "an amount with at most two decimals, such as 8123.45",
        ),
        Type::Rate => ("比例，如 8%", "a rate, such as 8%"),
        Type::Months => (
            "时长，如 410 或 34y2m（34 年 2 个月）",
            "a length, such as 410 months or 34y2m",
        ),
        Type::Date => ("日期，如 2025-01-31", "a date, such as 2025-01-31"),
        Type::Month => ("月份，如 2025-01", "a month, such as 2025-01"),
        Type::Year => ("年份，如 2025", "a year, such as 2025"),
        Type::Integer | Type::Days => ("整数，如 15", "a whole number, such as 15"),
        Type::Decimal(_) => ("数字，如 0.6", "a number, such as 0.6"),
        Type::Bool | Type::Enum(_) => ("从所列中选一项", "choose one of those listed"),
        Type::Text => return None,
    };
    let shown = !matches!(ty, Type::Bool | Type::Enum(_));
    shown.then(|| lang.pick(said.0, said.1).to_owned())
}

/// What the law declares a value to lie between; not said where it is only what the type can hold.
fn range(reading: &Reading, id: InputId, lang: Lang) -> Option<String> {
    let law = reading.law();
    let input = &law[id];
    let (least, most) = input.range.as_ref()?;
    let is_declared = match (input.ty, most) {
        (
            Type::Money | Type::Integer | Type::Decimal(_) | Type::Rate | Type::Months | Type::Days,
            Value::Number(most),
        ) => most.num / most.den < 1_000_000_000,
        (Type::Year, _) => true,
        _ => false,
    };
    let say = |value| shown(law, input.ty, value, lang);
    is_declared.then(|| {
        lang.pick(
            format!("{} 至 {}", say(least), say(most)),
            format!("{} to {}", say(least), say(most)),
        )
    })
}

/// What the form begins with: the law's default, where it can be chosen.
fn default(reading: &Reading, id: InputId) -> String {
    let law = reading.law();
    match (law[id].ty, &law[id].default) {
        (Type::Bool, Some(Value::Bool(holds))) => holds.to_string(),
        (Type::Enum(members), Some(Value::Member(member))) => {
            let names = law[members].members.get(usize::from(*member));
            names.map_or_else(String::new, |names| names.id.clone())
        }
        _ => String::new(),
    }
}

/// What was typed, as JSON of the type: what does not look like it stays text and is refused as such.
fn written(ty: Type, text: &str) -> Json {
    let plain = || Json::String(text.to_owned());
    match ty {
        Type::Bool => match text {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ => plain(),
        },
        Type::Year | Type::Days | Type::Integer => {
            text.parse::<i64>().map_or_else(|_| plain(), Json::from)
        }
        Type::Months => text.parse::<i64>().map_or_else(|_| plain(), Json::from),
        _ => plain(),
    }
}

/// A small law for samples and tests.
pub(super) fn sample() -> Reading {
    use measure::Day;
    use rules::check;
    use rules::diagnostic::SourceFile;
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let book = check::read(vec![
        file(
            "xx/jurisdiction.law",
            "jurisdiction xx \"样例\" / \"Sample\"\n  level nation\n",
        ),
        file("xx/dues.law", SAMPLE),
    ]);
    assert!(!book.has_errors(), "{:?}", book.diagnostics);
    Reading {
        book: std::sync::Arc::new(book),
        jurisdiction: "xx".to_owned(),
        on: Day::new(2025, 6, 30).unwrap_or(Day::MAX),
        chosen: true,
    }
}

const SAMPLE: &str = include_str!("sample.law");
