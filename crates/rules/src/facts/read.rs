//! Names and values of a facts file.

use super::FactFault;
use super::raw::Raw;
use crate::evaluate::to_canonical;
use crate::law::{EntityId, Exact, Facts, Item, Law, Type, Value};
use crate::refusal::codes;
use measure::{Day, Month, Year};
use std::collections::BTreeSet;

pub(super) struct Reader<'a> {
    pub(super) law: &'a Law,
    pub(super) faults: Vec<FactFault>,
}

impl Reader<'_> {
    /// The case itself; for a record run by itself, facts of its owners may stand beside its own.
    pub(super) fn case(&mut self, raw: &Raw, entity: EntityId) -> Facts {
        let mut entities = vec![entity];
        while let Some(relation) = self.law[entities[entities.len() - 1]].owned_through {
            let owner = self.law[relation].of;
            if entities.contains(&owner) {
                break;
            }
            entities.push(owner);
        }
        self.facts(raw, &entities, "")
    }

    fn facts(&mut self, raw: &Raw, entities: &[EntityId], path: &str) -> Facts {
        let mut facts = Facts::default();
        let Raw::Object(members) = raw else {
            self.fault(
                codes::WRONG_VALUE.0,
                path,
                raw.to_string(),
                ("对象 {…}", "an object {…}"),
                Vec::new(),
            );
            return facts;
        };
        let mut seen = BTreeSet::new();
        for (key, value) in members {
            let place = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            let Some(item) = self.item(key, entities, &place) else {
                continue;
            };
            if !seen.insert(item) {
                let once = ("每一名称只给一次", "each name once");
                self.fault(
                    codes::GIVEN_TWICE.0,
                    &place,
                    value.to_string(),
                    once,
                    Vec::new(),
                );
                continue;
            }
            if !matches!(value, Raw::Null) {
                self.fact(item, value, &place, &mut facts);
            }
        }
        facts
    }

    fn fact(&mut self, item: Item, raw: &Raw, path: &str, facts: &mut Facts) {
        match item {
            Item::Input(id) => {
                if let Some(value) = self.value(self.law[id].ty, raw, path) {
                    facts.inputs.insert(id, value);
                }
            }
            Item::Rule(id) => {
                if let Some(value) = self.value(self.law[id].ty, raw, path) {
                    facts.rules.insert(id, value);
                }
            }
            Item::Relation(id) => {
                let Raw::List(records) = raw else {
                    let list = ("记录的列表 [{…}, …]", "a list of records [{…}, …]");
                    self.fault(
                        codes::WRONG_VALUE.0,
                        path,
                        raw.to_string(),
                        list,
                        Vec::new(),
                    );
                    return;
                };
                let to = [self.law[id].to];
                let read = |(index, record)| self.facts(record, &to, &format!("{path}[{index}]"));
                let records = records.iter().enumerate().map(read).collect();
                facts.records.insert(id, records);
            }
            Item::Enum(_) | Item::Member(..) | Item::Entity(_) | Item::Figure(_) => {}
        }
    }

    /// What a key stands for, if it is a fact of these entities.
    fn item(&mut self, key: &str, entities: &[EntityId], path: &str) -> Option<Item> {
        let item = self.law.names.get(key).copied();
        if let Some(of) = item.and_then(|item| self.owner(item)) {
            if entities.contains(&of) {
                return item;
            }
            let (ours, theirs) = (&self.law[entities[0]].names, &self.law[of].names);
            let expected = (
                format!(
                    "{}的事实；{key} 属于{}",
                    ours.zh.as_ref().unwrap_or(&ours.id),
                    theirs.zh.as_ref().unwrap_or(&theirs.id)
                ),
                format!("a fact of {}; {key} belongs to {}", ours.id, theirs.id),
            );
            self.fault_of(
                codes::OTHER_ENTITY.0,
                path,
                key.into(),
                expected,
                Vec::new(),
            );
            return None;
        }
        let candidates = self
            .law
            .names
            .iter()
            .filter(|(_, item)| self.owner(**item).is_some_and(|of| entities.contains(&of)));
        let nearest = nearest(key, candidates.map(|(name, _)| name.as_str()));
        let what = (
            "法律中的输入、规则或关系名",
            "the name of an input, rule or relation of the law",
        );
        self.fault(codes::UNKNOWN_FACT.0, path, key.into(), what, nearest);
        None
    }

    fn owner(&self, item: Item) -> Option<EntityId> {
        match item {
            Item::Input(id) => Some(self.law[id].of),
            Item::Rule(id) => Some(self.law[id].of),
            Item::Relation(id) => Some(self.law[id].of),
            Item::Enum(_) | Item::Member(..) | Item::Entity(_) | Item::Figure(_) => None,
        }
    }

    fn value(&mut self, ty: Type, raw: &Raw, path: &str) -> Option<Value> {
        if let Type::Enum(id) = ty {
            return self.member(id, raw, path);
        }
        let read = match (ty, raw) {
            (Type::Bool, Raw::Bool(value)) => Some(Value::Bool(*value)),
            (Type::Text, Raw::Text(text)) => Some(Value::Text(text.clone())),
            (
                Type::Money | Type::Decimal(_) | Type::Integer | Type::Days,
                Raw::Number(text) | Raw::Text(text),
            ) => decimal(text, ty.decimals()).map(Value::Number),
            (Type::Rate, Raw::Number(text) | Raw::Text(text)) => rate(text).map(Value::Number),
            (Type::Months, raw) => months(raw).map(|months| Value::Number(Exact::integer(months))),
            (Type::Date, Raw::Text(text)) => Day::parse(text).ok().map(Value::Day),
            (Type::Month, Raw::Text(text)) => Month::parse(text).ok().map(Value::Month),
            (Type::Year, Raw::Number(text) | Raw::Text(text)) => Year::parse(text)
                .ok()
                .map(|year| Value::Year(year.number())),
            _ => None,
        };
        let fits = |value: &Value| ty == Type::Text || to_canonical(ty, value).is_ok();
        let read = read.filter(fits);
        if read.is_none() {
            self.fault_of(
                codes::WRONG_VALUE.0,
                path,
                raw.to_string(),
                expected(ty),
                Vec::new(),
            );
        }
        read
    }

    fn member(&mut self, id: crate::law::EnumId, raw: &Raw, path: &str) -> Option<Value> {
        let members = &self.law[id].members;
        if let Raw::Text(text) = raw {
            let is_it =
                |names: &crate::law::Names| names.id == *text || names.zh.as_ref() == Some(text);
            if let Some(index) = members.iter().position(is_it) {
                return u16::try_from(index).ok().map(Value::Member);
            }
        }
        let all = || {
            members
                .iter()
                .flat_map(|names| std::iter::once(&names.id).chain(&names.zh))
        };
        let near = match raw {
            Raw::Text(text) => nearest(text, all().map(String::as_str)),
            _ => Vec::new(),
        };
        let list = |separator: &str| {
            let some = members
                .iter()
                .take(8)
                .map(|names| names.id.as_str())
                .collect::<Vec<_>>()
                .join(separator);
            if members.len() > 8 {
                some + " …"
            } else {
                some
            }
        };
        let expected = (
            format!("其中之一：{}", list("、")),
            format!("one of {}", list(", ")),
        );
        self.fault_of(codes::WRONG_VALUE.0, path, raw.to_string(), expected, near);
        None
    }

    fn fault(
        &mut self,
        code: &'static str,
        path: &str,
        given: String,
        expected: (&str, &str),
        nearest: Vec<String>,
    ) {
        self.fault_of(
            code,
            path,
            given,
            (expected.0.into(), expected.1.into()),
            nearest,
        );
    }

    fn fault_of(
        &mut self,
        code: &'static str,
        path: &str,
        given: String,
        expected: (String, String),
        nearest: Vec<String>,
    ) {
        self.faults.push(FactFault {
            code,
            path: path.into(),
            given,
            expected,
            nearest,
        });
    }
}

/// What a value of a type looks like.
pub(super) fn expected(ty: Type) -> (String, String) {
    let (zh, en) = match ty {
        Type::Bool => ("true 或 false", "true or false"),
        Type::Money => (
            "金额（元，至多两位小数），如 1234.50",
            "an amount in yuan with at most two decimals, such as 1234.50",
        ),
        Type::Rate => ("比例，如 0.08 或 \"8%\"", "a rate such as 0.08 or \"8%\""),
        Type::Decimal(n) => {
            return (
                format!("至多 {n} 位小数的数"),
                format!("a number with at most {n} decimals"),
            );
        }
        Type::Integer => ("整数", "a whole number"),
        Type::Date => ("日期，如 \"2025-01-31\"", "a date such as \"2025-01-31\""),
        Type::Month => ("月份，如 \"2025-01\"", "a month such as \"2025-01\""),
        Type::Year => ("年份，如 2025", "a year such as 2025"),
        Type::Months => (
            "月数，如 410、\"34y2m\" 或 {\"years\": 34, \"months\": 2}",
            "a length in months such as 410, \"34y2m\" or {\"years\": 34, \"months\": 2}",
        ),
        Type::Days => ("天数，如 15", "a number of days such as 15"),
        Type::Enum(_) => ("成员名", "a member's name"),
        Type::Text => ("文字 \"…\"", "a text \"…\""),
    };
    (zh.into(), en.into())
}

/// Plain digits with at most so many decimals that are not 0; `,` may separate thousands.
fn decimal(text: &str, decimals: u8) -> Option<Exact> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let whole: String = whole.split(',').collect();
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rest_kept = rest.trim_end_matches('0');
    let kept = u8::try_from(rest_kept.len()).ok()?;
    if !all_digits(&whole) || !all_digits(rest) || kept > decimals {
        return None;
    }
    let mantissa: i128 = format!("{whole}{rest_kept}").parse().ok()?;
    Exact::decimal(if negative { -mantissa } else { mantissa }, kept)
}

fn rate(text: &str) -> Option<Exact> {
    match text.strip_suffix('%') {
        Some(hundredths) => decimal(hundredths, 4)?.checked_div(Exact::integer(100)),
        None => decimal(text, 6),
    }
}

fn months(raw: &Raw) -> Option<i128> {
    let whole = |text: &str| decimal(text, 0)?.whole();
    match raw {
        Raw::Number(text) => whole(text),
        Raw::Text(text) => match text.split_once('y') {
            Some((years, "")) => whole(years)?.checked_mul(12),
            Some((years, rest)) => whole(years)?
                .checked_mul(12)?
                .checked_add(whole(rest.strip_suffix('m')?)?),
            None => whole(text.strip_suffix('m').unwrap_or(text)),
        },
        Raw::Object(members) => {
            let mut sum = 0_i128;
            for (index, (unit, count)) in members.iter().enumerate() {
                let (Raw::Number(count), false) = (
                    count,
                    members[..index].iter().any(|(other, _)| other == unit),
                ) else {
                    return None;
                };
                let each = match unit.as_str() {
                    "years" => 12,
                    "months" => 1,
                    _ => return None,
                };
                sum = sum.checked_add(whole(count)?.checked_mul(each)?)?;
            }
            (!members.is_empty()).then_some(sum)
        }
        _ => None,
    }
}

/// Up to three names that differ in a few letters, best first.
fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let near = |name: &'n str| {
        let apart = strsim::damerau_levenshtein(wanted, name);
        let longest = wanted.chars().count().max(name.chars().count());
        (apart * 3 <= longest + 1).then_some((apart, name))
    };
    let mut near: Vec<(usize, &str)> = names.filter_map(near).collect();
    near.sort_unstable();
    near.into_iter()
        .take(3)
        .map(|(_, name)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_never_pass_through_a_float() {
        let read = |text, decimals| decimal(text, decimals).and_then(|number| number.exactly(100));
        assert_eq!(read("1234.50", 2), Some(123_450));
        assert_eq!(read("1,234.5", 2), Some(123_450));
        assert_eq!(read("-0.05", 2), Some(-5));
        assert_eq!(read("90071992547409.93", 2), Some(9_007_199_254_740_993));
        assert_eq!(read("1.500", 1), Some(150));
        for wrong in [
            "1.005", "1e3", "", "-", ".5", "5.", "1.2.3", "+1", " 1", "0x1",
        ] {
            assert_eq!(read(wrong, 2), None, "{wrong}");
        }
    }

    #[test]
    fn lengths_in_three_forms() {
        let text = |text: &str| months(&Raw::Text(text.into()));
        assert_eq!(text("34y2m"), Some(410));
        assert_eq!(text("34y"), Some(408));
        assert_eq!(text("2m"), Some(2));
        assert_eq!(text("34 years"), None);
        let parts = |parts: &[(&str, &str)]| {
            let member =
                |(unit, count): &(&str, &str)| (unit.to_string(), Raw::Number(count.to_string()));
            months(&Raw::Object(parts.iter().map(member).collect()))
        };
        assert_eq!(parts(&[("years", "34"), ("months", "2")]), Some(410));
        assert_eq!(parts(&[("years", "34"), ("years", "2")]), None);
        assert_eq!(parts(&[("days", "34")]), None);
        assert_eq!(parts(&[]), None);
    }
}
