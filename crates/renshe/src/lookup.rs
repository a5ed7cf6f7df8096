//! From what was typed to what the law has: jurisdictions and rules by name, and the nearest when there is none.

use crate::output::{Failure, Setting};
use rules::check::Book;
use rules::law::{Item, Law, RuleId};

/// The law of the jurisdiction asked for; without one, of the highest.
pub(crate) fn jurisdiction<'b>(
    book: &'b Book,
    asked: Option<&str>,
    setting: &Setting,
) -> Result<&'b Law, Failure> {
    match asked {
        Some(id) => book.law(id).ok_or_else(|| {
            let what = setting.lang.pick(
                format!("没有辖区“{id}”"),
                format!("there is no jurisdiction “{id}”"),
            );
            Failure::new(setting.lang, what).help(known(book, setting))
        }),
        None => highest(book).ok_or_else(|| {
            let what = setting.lang.pick(
                "法律有几个最高辖区",
                "the law has more than one highest jurisdiction",
            );
            let help = setting
                .lang
                .pick("用 --jurisdiction 指定一个", "name one with --jurisdiction");
            Failure::new(setting.lang, what)
                .help(help)
                .help(known(book, setting))
        }),
    }
}

/// The one jurisdiction that lies within no other.
fn highest(book: &Book) -> Option<&Law> {
    let mut highest = laws(book).filter(|law| law.chain.len() == 1);
    let first = highest.next()?;
    highest.next().is_none().then_some(first)
}

/// The law of every jurisdiction.
pub(crate) fn laws(book: &Book) -> impl Iterator<Item = &Law> {
    book.jurisdictions().filter_map(|id| book.law(id))
}

fn known(book: &Book, setting: &Setting) -> String {
    let known = laws(book).filter_map(|law| law.chain.last());
    let known: Vec<String> = known
        .map(|last| format!("{} {}", last.id, setting.lang.text(&last.title)))
        .collect();
    setting.lang.pick(
        format!("现有：{}", known.join("、")),
        format!("there are: {}", known.join(", ")),
    )
}

/// The rules named, in either language; all of one entity.
pub(crate) fn rules(
    law: &Law,
    names: &[String],
    setting: &Setting,
) -> Result<Vec<RuleId>, Failure> {
    let mut rules = Vec::with_capacity(names.len());
    for name in names {
        let id = rule(law, name, setting)?;
        if !rules.contains(&id) {
            rules.push(id);
        }
    }
    let lang = setting.lang;
    if let Some((first, other)) = rules
        .first()
        .zip(rules.iter().find(|id| law[**id].of != law[rules[0]].of))
    {
        let name = |id: &RuleId| lang.name(&law[*id].names).into_owned();
        let of = |id: &RuleId| lang.name(&law[law[*id].of].names).into_owned();
        let what = lang.pick(
            format!(
                "“{}”是{}的规则，“{}”是{}的规则",
                name(first),
                of(first),
                name(other),
                of(other)
            ),
            format!(
                "“{}” is a rule of {}, “{}” of {}",
                name(first),
                of(first),
                name(other),
                of(other)
            ),
        );
        let help = lang.pick(
            "分开运行：一份文件一行一个对象",
            "run them apart: a row of a file is one thing",
        );
        return Err(Failure::new(lang, what).help(help));
    }
    Ok(rules)
}

/// The rule named, in either language.
pub(crate) fn rule(law: &Law, name: &str, setting: &Setting) -> Result<RuleId, Failure> {
    let lang = setting.lang;
    let item = law
        .find(name)
        .or_else(|| law.find(&name.trim().replace(' ', "-")));
    let what = match item {
        Some(Item::Rule(id)) => return Ok(id),
        Some(other) => {
            let (zh, en) = sort(other);
            lang.pick(
                format!("“{name}”是{zh}，不是规则"),
                format!("“{name}” is {en}, not a rule"),
            )
        }
        None => lang.pick(
            format!("法律中没有规则“{name}”"),
            format!("the law has no rule “{name}”"),
        ),
    };
    let rule_names = law
        .names
        .iter()
        .filter(|(_, item)| matches!(item, Item::Rule(_)))
        .map(|(name, _)| name.as_str());
    Err(
        with_nearest(Failure::new(lang, what), name, rule_names, setting)
            .help(list_hint(law, setting)),
    )
}

/// With the names most like the one typed.
pub(crate) fn with_nearest<'n>(
    failure: Failure,
    name: &str,
    known: impl Iterator<Item = &'n str>,
    setting: &Setting,
) -> Failure {
    let near = nearest(name, known);
    if near.is_empty() {
        return failure;
    }
    failure.help(setting.lang.pick(
        format!("是否指 {}", near.join("、")),
        format!("did you mean {}", near.join(", ")),
    ))
}

/// How to see every name.
pub(crate) fn list_hint(law: &Law, setting: &Setting) -> String {
    let id = law.chain.last().map_or("", |last| last.id.as_str());
    setting.lang.pick(
        format!("`renshe law list --jurisdiction {id}` 列出参数、表与规则的名称"),
        format!("`renshe law list --jurisdiction {id}` lists its figures and rules"),
    )
}

/// Up to three names, the most like first: a few letters off, or one within the other.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let letters = name.chars().count();
    let near = |other: &'n str| {
        let apart = strsim::damerau_levenshtein(name, other);
        let close = apart <= (letters / 3).max(1) && apart < letters;
        let within = letters >= 2
            && (other.contains(name) || name.contains(other) && other.chars().count() >= 3);
        (close || within).then_some((apart, other))
    };
    let mut near: Vec<(usize, &str)> = known.filter_map(near).collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, other)| other).collect()
}

/// What sort of thing an item is, in both languages.
pub(crate) fn sort(item: Item) -> (&'static str, &'static str) {
    match item {
        Item::Enum(_) => ("枚举", "an enumeration"),
        Item::Member(..) => ("枚举的成员", "a member of an enumeration"),
        Item::Entity(_) => ("实体", "an entity"),
        Item::Relation(_) => ("关系", "a relation"),
        Item::Input(_) => ("输入", "an input"),
        Item::Figure(_) => ("参数或表", "a parameter or table"),
        Item::Rule(_) => ("规则", "a rule"),
    }
}
