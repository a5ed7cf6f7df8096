//! Which column of a file is what.

use crate::error::{Error, Note};
use crate::rows::cell::Shape;
use rules::{
    columns::{Field, Slot},
    law::{EntityId, InputId, Law, RuleId},
};
use std::collections::BTreeMap;

/// What a file's columns are, for one run.
#[derive(Clone, Default)]
pub(crate) struct Layout {
    /// How many columns the file has.
    pub(crate) width: usize,
    /// The columns the run reads, in the file's order.
    pub(crate) chosen: Vec<Chosen>,
    pub(crate) key: Option<usize>,
    pub(crate) by: Option<usize>,
}

/// One column that the run reads.
#[derive(Clone)]
pub(crate) struct Chosen {
    /// Counted from 0 in the file.
    pub(crate) index: usize,
    pub(crate) slot: Slot,
    pub(crate) shape: Shape,
    /// Money in whole fen, as the column's name says.
    pub(crate) fen: bool,
    /// As the file has it.
    pub(crate) name: String,
}

impl Layout {
    /// Every column the run reads, the carried ones included.
    pub(crate) fn read(&self) -> Vec<usize> {
        let mut read: Vec<usize> = self
            .chosen
            .iter()
            .map(|chosen| chosen.index)
            .chain(self.key)
            .chain(self.by)
            .collect();
        read.sort_unstable();
        read.dedup();
        read
    }
}

/// Everything a file about an entity may hold: its inputs and, as given values, its rules.
pub(crate) fn known(law: &Law, entity: EntityId) -> Vec<Field> {
    let inputs = law
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| input.of == entity);
    let inputs = inputs.map(|(index, input)| Field {
        slot: Slot::Input(InputId::nth(index)),
        of: entity,
        ty: input.ty,
        names: input.names.clone(),
        optional: input.default.is_some(),
    });
    let rules = law
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.of == entity);
    let rules = rules.map(|(index, rule)| Field {
        slot: Slot::Rule(RuleId::nth(index)),
        of: entity,
        ty: rule.ty,
        names: rule.names.clone(),
        optional: true,
    });
    inputs.chain(rules).collect()
}

/// Finds the field a column is named after; true when it says `.fen`.
pub(crate) fn find<'a>(fields: &'a [Field], column: &str) -> Option<(&'a Field, bool)> {
    let named = |name: &str| {
        fields
            .iter()
            .find(|field| field.names.id == name || field.names.zh.as_deref() == Some(name))
    };
    if let Some(field) = named(column) {
        return Some((field, false));
    }
    let field = named(column.strip_suffix(".fen")?)?;
    (field.ty == rules::law::Type::Money).then_some((field, true))
}

/// Matches a file's columns to the fields a run can use. What is needed and not there is an error, all at once.
pub(crate) fn choose(
    law: &Law,
    file: &str,
    names: &[String],
    fields: &[Field],
) -> Result<Vec<Chosen>, Error> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Some((field, fen)) = find(fields, name) else {
            continue;
        };
        if let Some(first) = chosen.iter().find(|chosen| chosen.slot == field.slot) {
            return Err(twice(file, &first.name, first.index, name, index));
        }
        chosen.push(Chosen {
            index,
            slot: field.slot,
            shape: if fen {
                Shape::Fixed(0)
            } else {
                Shape::new(law, field.ty)
            },
            fen,
            name: name.clone(),
        });
    }
    let absent = fields
        .iter()
        .filter(|field| !field.optional && !chosen.iter().any(|c| c.slot == field.slot));
    let absent: Vec<String> = absent.map(both_names).collect();
    match absent.is_empty() {
        true => Ok(chosen),
        false => Err(missing(file, &absent, names)),
    }
}

/// Columns that the run does not read: one note for all, and a warning for each that is nearly a known name.
pub(crate) fn remarks(file: &str, names: &[String], known: &[Field], layout: &Layout) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut ignored = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if layout.key == Some(index) || layout.by == Some(index) || find(known, name).is_some() {
            continue;
        }
        match nearest(known, name) {
            Some(near) => notes.push(Note {
                warning: true,
                zh: format!("{file}：不认识“{name}”列，未使用；是否指“{near}”？"),
                en: format!(
                    "{file}: column “{name}” is not known and was not used; did you mean “{near}”?"
                ),
            }),
            None => ignored.push(name.as_str()),
        }
    }
    if !ignored.is_empty() {
        let list = ignored.join(", ");
        notes.push(Note {
            warning: false,
            zh: format!("{file}：下列各列不是这套法规中的项目，未使用：{list}"),
            en: format!("{file}: columns that this law does not know were not used: {list}"),
        });
    }
    notes
}

/// The key: the column asked for, or the first that is named like one.
pub(crate) fn key(
    file: &str,
    names: &[String],
    asked: Option<&str>,
) -> Result<Option<usize>, Error> {
    match asked {
        Some(asked) => carried(file, names, asked).map(Some),
        None => Ok(names
            .iter()
            .position(|name| matches!(name.as_str(), "id" | "编号" | "person"))),
    }
}

/// A column that is carried through as text.
pub(crate) fn carried(file: &str, names: &[String], asked: &str) -> Result<usize, Error> {
    match names.iter().position(|name| name == asked) {
        Some(index) => Ok(index),
        None => {
            let has = names.join(", ");
            Err(Error::new(
                "C0110",
                format!("{file} 没有“{asked}”列；现有各列：{has}"),
                format!("{file} has no column “{asked}”; its columns are: {has}"),
            ))
        }
    }
}

/// Refuses a heading in which two columns have the same name.
pub(crate) fn unrepeated(file: &str, names: &[String]) -> Result<(), Error> {
    let mut seen = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = seen.insert(name, index).filter(|_| !name.is_empty()) {
            return Err(twice(file, name, first, name, index));
        }
    }
    Ok(())
}

fn twice(file: &str, first: &str, at: usize, second: &str, again: usize) -> Error {
    let (at, again) = (at + 1, again + 1);
    Error::new(
        "C0108",
        format!("{file} 第 {at} 列“{first}”与第 {again} 列“{second}”是同一项；请删去其一"),
        format!(
            "{file}: columns {at} “{first}” and {again} “{second}” are the same item; remove one of them"
        ),
    )
}

fn missing(file: &str, absent: &[String], names: &[String]) -> Error {
    let list = absent.join(", ");
    let has = names.join(", ");
    Error::new(
        "C0107",
        format!("{file} 缺少必需的列：{list}；现有各列：{has}；请补上（中英文列名均可）"),
        format!(
            "{file} lacks required columns: {list}; its columns are: {has}; add them under either name"
        ),
    )
}

fn both_names(field: &Field) -> String {
    match &field.names.zh {
        Some(zh) if *zh != field.names.id => format!("{} {zh}", field.names.id),
        _ => field.names.id.clone(),
    }
}

fn nearest<'a>(known: &'a [Field], name: &str) -> Option<&'a str> {
    let folded = name.to_lowercase().replace(['_', ' '], "-");
    let names = known
        .iter()
        .flat_map(|field| [Some(field.names.id.as_str()), field.names.zh.as_deref()]);
    let distances = names
        .flatten()
        .map(|known| (strsim::osa_distance(&folded, known), known));
    // A third of a name may be wrong: one character of a short Chinese name, four of a long English one.
    let near =
        distances.filter(|(distance, known)| *distance <= (known.chars().count() / 3).min(4));
    near.min().map(|(_, known)| known)
}
