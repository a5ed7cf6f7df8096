//! `law list`: what the law holds and how surely it is known.

use crate::arguments::{Format, List};
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, counted, table};
use rules::check::Book;
use rules::explain::{Lang, shown};
use rules::law::{Citation, FigureId, Grade, Item, KeyMatch, Law, Mark, Row, Type, Value};
use rules::listing::{Doubt, Listed, Standing, doubts, items};
use serde_json::{Value as Json, json};

pub(crate) fn run(asked: &List, setting: &Setting) -> Result<Exit, Failure> {
    let book = Origin::of(asked.folder.law.as_deref()).book(setting)?;
    let mut listed: Vec<(&Law, Listed<'_>)> = Vec::new();
    match &asked.jurisdiction {
        Some(id) => {
            let law = lookup::jurisdiction(&book, Some(id), setting)?;
            listed.extend(items(law, asked.as_of).into_iter().map(|item| (law, item)));
        }
        None => {
            for law in lookup::laws(&book) {
                let own = items(law, asked.as_of)
                    .into_iter()
                    .filter(|item| item.jurisdiction + 1 == law.chain.len());
                listed.extend(own.map(|item| (law, item)));
            }
        }
    }
    if asked.unconfirmed {
        listed.retain(|(_, item)| item.standing.is_doubtful());
    }
    let list = Lister {
        book: &book,
        asked,
        lang: setting.lang,
    };
    answer(&match (asked.format, asked.unconfirmed) {
        (Format::Text, false) => list.text(&listed),
        (Format::Text, true) => list.text_of_doubts(&listed),
        (Format::Json, _) => list.json(&listed),
    });
    Ok(Exit::Good)
}

struct Lister<'a> {
    book: &'a Book,
    asked: &'a List,
    lang: Lang,
}

impl Lister<'_> {
    fn text(&self, listed: &[(&Law, Listed<'_>)]) -> String {
        let rows = listed.iter().map(|(law, item)| {
            let (kind, _) = self.kind(law, item.item);
            let from = item.from.map_or_else(
                || self.lang.pick("—", "—").to_owned(),
                |day| day.to_string(),
            );
            vec![
                place(law, item).to_owned(),
                kind.to_owned(),
                item.names.id.clone(),
                item.names.zh.clone().unwrap_or_default(),
                type_name(law, item.ty),
                from,
                self.sources(law, item),
                self.standing(item),
            ]
        });
        let head = self.lang.pick(
            [
                "辖区",
                "种类",
                "名称",
                "中文名",
                "类型",
                "起始",
                "依据",
                "可信度",
            ],
            [
                "where", "kind", "name", "中文", "type", "from", "source", "mark",
            ],
        );
        let sure = listed
            .iter()
            .filter(|(_, item)| item.standing.is_confirmed())
            .count();
        let doubtful = listed
            .iter()
            .filter(|(_, item)| item.standing.is_doubtful())
            .count();
        let left = listed.len() - sure - doubtful;
        let foot = self.lang.pick(
            format!(
                "共 {} 项：已确证 {sure}，未确证 {doubtful}，留待下级 {left}\n",
                listed.len()
            ),
            format!(
                "{}: {sure} confirmed, {doubtful} not confirmed, {left} left to a lower jurisdiction\n",
                counted(listed.len() as u64, "figure or rule", "figures and rules")
            ),
        );
        format!("{}{foot}", table(&head, &[], rows.collect()))
    }

    fn text_of_doubts(&self, listed: &[(&Law, Listed<'_>)]) -> String {
        let mut told = String::new();
        let (mut unconfirmed, mut unset) = (0, 0);
        for (law, item) in listed {
            let (kind, _) = self.kind(law, item.item);
            let zh = item.names.zh.as_deref().unwrap_or_default();
            let basis: Vec<String> = item
                .citations
                .iter()
                .map(|cited| citation(law, cited, self.lang))
                .collect();
            told.push_str(&format!(
                "{} {zh}  {kind}, {}, {}\n",
                item.names.id,
                place(law, item),
                basis.join("; ")
            ));
            for doubt in doubts(law, item.item, self.asked.as_of) {
                told.push_str(&format!("    {}\n", self.doubt(law, item.item, &doubt)));
            }
            unconfirmed += item.standing.unconfirmed;
            unset += item.standing.unset;
        }
        told.push_str(&self.lang.pick(
            format!(
                "共 {} 项：未确证 {unconfirmed} 个值，未知 {unset} 个值\n",
                listed.len()
            ),
            format!(
                "{}: {}, {unset} not known at all\n",
                counted(listed.len() as u64, "figure or rule", "figures and rules"),
                counted(
                    unconfirmed as u64,
                    "value unconfirmed",
                    "values unconfirmed"
                )
            ),
        ));
        told
    }

    /// The first source; the others are counted, as JSON has them all.
    fn sources(&self, law: &Law, item: &Listed<'_>) -> String {
        match item.citations {
            [] => String::new(),
            [one] => citation(law, one, self.lang),
            [first, rest @ ..] => format!("{} +{}", citation(law, first, self.lang), rest.len()),
        }
    }

    /// `from 2019-01-01: unset; unconfirmed: the average wage used for 2019 was not found (law/…:12)`
    fn doubt(&self, law: &Law, item: Item, doubt: &Doubt<'_>) -> String {
        let lang = self.lang;
        let from = match (doubt.from, doubt.until) {
            (None, None) => lang.pick("一直", "always").to_owned(),
            (None, Some(until)) => lang.pick(format!("至 {until}"), format!("until {until}")),
            (Some(from), None) => lang.pick(format!("自 {from}"), format!("from {from}")),
            (Some(from), Some(until)) => format!("{from} … {until}"),
        };
        let what = match item {
            Item::Figure(id) => self.rows(law, id, &doubt.rows),
            _ => lang.pick("整条规则", "the rule as a whole").to_owned(),
        };
        let (file, line) = self.place_of(doubt.span);
        format!("{from}  {what}  {}  [{file}:{line}]", self.mark(doubt.mark))
    }

    /// A value, a row, or from which row to which.
    fn rows(&self, law: &Law, id: FigureId, rows: &[&Row]) -> String {
        let lang = self.lang;
        let value = |row: &Row| match &row.value {
            Some(value) => shown(law, law[id].ty, value, lang),
            None => lang.pick("未知", "unset").to_owned(),
        };
        let line = |row: &Row| format!("{} → {}", keys(law, id, row, lang), value(row));
        match rows {
            [] => String::new(),
            [row] if row.keys.is_empty() => value(row),
            [row] => line(row),
            [first, .., last] => {
                let number = rows.len();
                let (first, last) = (line(first), line(last));
                lang.pick(
                    format!("{number} 行，从 {first} 到 {last}"),
                    format!("{number} rows, {first} through {last}"),
                )
            }
        }
    }

    fn standing(&self, item: &Listed<'_>) -> String {
        let Standing {
            confirmed,
            unconfirmed,
            unset,
            weakest,
        } = item.standing;
        let lang = self.lang;
        if item.standing.is_confirmed() {
            return lang.pick("已确证", "confirmed").to_owned();
        }
        if !item.standing.is_doubtful() {
            return match item.opened_to {
                Some(level) => lang.pick(format!("留待 {level}"), format!("left to {level}")),
                None => lang.pick("无内容", "says nothing").to_owned(),
            };
        }
        let all = confirmed + unconfirmed + unset;
        let mut parts = Vec::new();
        if unconfirmed > 0 {
            let grade = weakest
                .and_then(|mark| mark.grade)
                .map(|grade| format!(" {}", grade_name(grade)))
                .unwrap_or_default();
            let word = lang.pick("未确证", "unconfirmed");
            parts.push(if unconfirmed == all {
                format!("{word}{grade}")
            } else {
                format!("{word}{grade} ({unconfirmed}/{all})")
            });
        }
        if unset > 0 {
            let word = lang.pick("未知", "unset");
            parts.push(if unset == all {
                word.to_owned()
            } else {
                format!("{word} ({unset}/{all})")
            });
        }
        parts.join(", ")
    }

    fn mark(&self, mark: &Mark) -> String {
        let word = match mark.confirmed {
            true => self.lang.pick("已确证", "confirmed"),
            false => self.lang.pick("未确证", "unconfirmed"),
        };
        let grade = mark
            .grade
            .map(|grade| format!(" {}", grade_name(grade)))
            .unwrap_or_default();
        let note = mark
            .note
            .as_ref()
            .map(|note| self.lang.pick(format!("：{note}"), format!(": {note}")))
            .unwrap_or_default();
        format!("{word}{grade}{note}")
    }

    fn kind(&self, law: &Law, item: Item) -> (&'static str, &'static str) {
        match item {
            Item::Figure(id) if law[id].keys.is_empty() => {
                (self.lang.pick("参数", "parameter"), "parameter")
            }
            Item::Figure(_) => (self.lang.pick("表", "table"), "table"),
            _ => (self.lang.pick("规则", "rule"), "rule"),
        }
    }

    fn place_of(&self, span: rules::diagnostic::Span) -> (&str, usize) {
        let file = &self.book.files[span.file as usize];
        (
            &file.path,
            file.text[..span.start as usize].matches('\n').count() + 1,
        )
    }

    fn json(&self, listed: &[(&Law, Listed<'_>)]) -> String {
        let items = listed.iter().map(|(law, item)| self.item_json(law, item));
        let confirmed = listed
            .iter()
            .filter(|(_, item)| item.standing.is_confirmed())
            .count();
        let doubtful = listed
            .iter()
            .filter(|(_, item)| item.standing.is_doubtful())
            .count();
        let list = json!({
            "items": items.collect::<Vec<_>>(),
            "counts": { "items": listed.len(), "confirmed": confirmed, "doubtful": doubtful },
        });
        format!("{list:#}\n")
    }

    fn item_json(&self, law: &Law, item: &Listed<'_>) -> Json {
        let (file, line) = self.place_of(item.span);
        let doubts = doubts(law, item.item, self.asked.as_of).into_iter().map(|doubt| {
            let (file, line) = self.place_of(doubt.span);
            let rows = match item.item {
                Item::Figure(id) => doubt.rows.iter().map(|row| row_json(law, id, row)).collect(),
                _ => Vec::new(),
            };
            json!({
                "from": doubt.from.map(|day| day.to_string()), "until": doubt.until.map(|day| day.to_string()),
                "rows": rows, "grade": doubt.mark.grade.map(grade_name), "note": doubt.mark.note,
                "file": file, "line": line,
            })
        });
        let standing = &item.standing;
        json!({
            "kind": self.kind(law, item.item).1,
            "id": item.names.id, "zh": item.names.zh,
            "jurisdiction": place(law, item),
            "type": type_name(law, item.ty),
            "from": item.from.map(|day| day.to_string()), "until": item.until.map(|day| day.to_string()),
            "opened_to": item.opened_to,
            "sources": item.citations.iter().map(|cited| json!({
                "source": law[cited.source].id, "article": cited.article,
                "zh": law[cited.source].title.zh, "en": law[cited.source].title.en,
            })).collect::<Vec<_>>(),
            "confirmed": standing.is_confirmed(),
            "values": { "confirmed": standing.confirmed, "unconfirmed": standing.unconfirmed, "unset": standing.unset },
            "doubts": doubts.collect::<Vec<_>>(),
            "file": file, "line": line,
        })
    }
}

fn row_json(law: &Law, id: FigureId, row: &Row) -> Json {
    let value = row
        .value
        .as_ref()
        .map(|value| shown(law, law[id].ty, value, Lang::En));
    json!({ "keys": keys(law, id, row, Lang::En), "value": value })
}

fn place<'l>(law: &'l Law, item: &Listed<'_>) -> &'l str {
    law.chain
        .get(item.jurisdiction)
        .map_or("", |place| place.id.as_str())
}

/// The source's identity with the article.
fn citation(law: &Law, cited: &Citation, lang: Lang) -> String {
    let source = &law[cited.source];
    let article = cited
        .article
        .as_ref()
        .map(|article| lang.pick(format!(" 第{article}条"), format!(" art. {article}")));
    format!("{}{}", source.id, article.unwrap_or_default())
}

/// `60`, `1 year to 5 years`, `class-1, base`.
fn keys(law: &Law, id: FigureId, row: &Row, lang: Lang) -> String {
    let keys = law[id].keys.iter().zip(&row.keys).map(|(key, matched)| {
        let shown = |value: &Value| shown(law, key.ty, value, lang);
        match matched {
            KeyMatch::Exactly(value) => shown(value),
            KeyMatch::Between(low, high) => format!("{} … {}", shown(low), shown(high)),
            KeyMatch::AtLeast(low) => lang.pick(
                format!("{} 及以上", shown(low)),
                format!("{} or more", shown(low)),
            ),
            KeyMatch::Otherwise => lang.pick("其他", "otherwise").to_owned(),
        }
    });
    keys.collect::<Vec<_>>().join(", ")
}

/// A type as law texts write it.
pub(crate) fn type_name(law: &Law, ty: Type) -> String {
    match ty {
        Type::Bool => "bool".into(),
        Type::Money => "money".into(),
        Type::Rate => "rate".into(),
        Type::Decimal(decimals) => format!("decimal({decimals})"),
        Type::Integer => "integer".into(),
        Type::Date => "date".into(),
        Type::Month => "month".into(),
        Type::Year => "year".into(),
        Type::Months => "months".into(),
        Type::Days => "days".into(),
        Type::Enum(id) => law[id].names.id.clone(),
        Type::Text => "text".into(),
    }
}

fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::S1 => "S1",
        Grade::S2 => "S2",
        Grade::S3 => "S3",
        Grade::SCode => "S-code",
        Grade::D => "D",
        Grade::M => "M",
    }
}
