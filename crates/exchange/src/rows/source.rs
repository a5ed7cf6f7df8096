//! The files of a run: opened first, to see what they have; then matched to what the law needs of them.

use crate::error::{Error, Note};
use crate::rows::{
    join,
    layout::{self, Layout},
    table::Table,
};
use measure::Day;
use rules::{
    columns::{Field, Slot},
    law::{EntityId, Item, Law, RelationId, RuleId},
    needs::{Needs, needs},
};
use std::path::{Path, PathBuf};

/// Files whose headings have been read.
pub struct Opened {
    main: Table,
    records: Vec<(String, Table)>,
    key: Option<usize>,
    by: Option<usize>,
}

/// The columns that are carried through as they are.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// The column that tells rows apart; without it the first named `id`, `编号` or `person`, if any.
    pub key: Option<String>,
    /// A column to group results by.
    pub by: Option<String>,
}

/// Files matched to what a run needs.
pub struct Source {
    pub(crate) main: Table,
    pub(crate) layout: Layout,
    pub(crate) tables: Vec<Table>,
    pub(crate) sides: Vec<join::Side>,
    notes: Vec<Note>,
}

/// What of the files rules may read: for a plan, and for [`Opened::source`].
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The columns of the rows.
    pub present: Vec<Slot>,
    /// Those of their records.
    pub records: Vec<(RelationId, Vec<Slot>)>,
    /// All that the rules may ask for, whether the files have it or not.
    pub needs: Needs,
}

impl Opened {
    /// Opens the file of rows and, by relation, the files of their records.
    ///
    /// # Errors
    ///
    /// `C0101` to `C0106`, `C0108`, `C0110`, `C0112`: a file that cannot be opened or read, or lacks a column named in
    /// `carried`; `C0113` for records without a key.
    pub fn open(
        main: &Path,
        records: &[(String, PathBuf)],
        carried: &Carried,
    ) -> Result<Opened, Error> {
        let main = Table::open(main)?;
        let file = main.name();
        layout::unrepeated(&file, &main.names)?;
        let key = layout::key(&file, &main.names, carried.key.as_deref())?;
        let by = carried
            .by
            .as_deref()
            .map(|by| layout::carried(&file, &main.names, by))
            .transpose()?;
        if key.is_none() && !records.is_empty() {
            return Err(Error::new(
                "C0113",
                format!("{file} 没有编号列，无法对应记录；请用 --key 指定编号列"),
                format!("{file} has no key column to match records by; name it with --key"),
            ));
        }
        let mut opened = Vec::with_capacity(records.len());
        for (relation, path) in records {
            let table = Table::open(path)?;
            layout::unrepeated(&table.name(), &table.names)?;
            opened.push((relation.clone(), table));
        }
        Ok(Opened {
            main,
            records: opened,
            key,
            by,
        })
    }

    /// What the file of rows gives for this entity.
    #[must_use]
    pub fn present(&self, law: &Law, entity: EntityId) -> Vec<Slot> {
        present(&self.main.names, &layout::known(law, entity))
    }

    /// What the files of records give.
    ///
    /// # Errors
    ///
    /// `C0113` for a relation the law does not have.
    pub fn present_records(&self, law: &Law) -> Result<Vec<(RelationId, Vec<Slot>)>, Error> {
        let of = |(name, table): &(String, Table)| {
            let relation = relation(law, name)?;
            Ok((
                relation,
                present(&table.names, &layout::known(law, law[relation].to)),
            ))
        };
        self.records.iter().map(of).collect()
    }

    /// What of the files some rules of one entity may read on a day.
    ///
    /// # Errors
    ///
    /// As [`present_records`](Opened::present_records).
    pub fn fitted(&self, law: &Law, as_of: Day, asked: &[RuleId]) -> Result<Fitted, Error> {
        let entity = asked.first().map(|rule| law[*rule].of);
        let mut present = entity.map_or_else(Vec::new, |entity| self.present(law, entity));
        let mut records = self.present_records(law)?;
        let beside = records.iter().flat_map(|(_, slots)| slots);
        let given: Vec<Slot> = present.iter().chain(beside).copied().collect();
        let needs = needs(law, as_of, asked, &given);
        only(&mut present, &needs.fields);
        records.retain_mut(|(relation, slots)| {
            let mut needed = needs.records.iter();
            let needed = needed.find(|(needed, _)| needed == relation);
            needed.is_some_and(|(_, fields)| {
                only(slots, fields);
                true
            })
        });
        Ok(Fitted {
            present,
            records,
            needs,
        })
    }

    /// Matches the files to the fields a run can use, those of `entity` and of each relation.
    ///
    /// # Errors
    ///
    /// `C0107` when required columns are missing, `C0108` when one item has two columns, `C0109` when a column's type
    /// cannot hold its item, `C0110` and `C0113` when records have no key or no file.
    pub fn source(
        self,
        law: &Law,
        entity: EntityId,
        fields: &[Field],
        records: &[(RelationId, Vec<Field>)],
    ) -> Result<Source, Error> {
        let file = self.main.name();
        let layout = Layout {
            width: self.main.names.len(),
            chosen: layout::choose(law, &file, &self.main.names, fields)?,
            key: self.key,
            by: self.by,
        };
        let mut notes = layout::remarks(
            &file,
            &self.main.names,
            &layout::known(law, entity),
            &layout,
        );
        let key = layout.key.map(|index| self.main.names[index].clone());
        let main = prepared(self.main, &layout)?;
        let (mut tables, mut sides, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for (name, table) in self.records {
            let relation = relation(law, &name)?;
            given.push(relation);
            let Some((_, fields)) = records.iter().find(|(needed, _)| *needed == relation) else {
                continue;
            };
            let file = table.name();
            let layout = Layout {
                width: table.names.len(),
                chosen: layout::choose(law, &file, &table.names, fields)?,
                key: layout::key(&file, &table.names, key.as_deref())?,
                by: None,
            };
            notes.extend(layout::remarks(
                &file,
                &table.names,
                &layout::known(law, law[relation].to),
                &layout,
            ));
            let table = prepared(table, &layout)?;
            sides.push(join::Side {
                relation,
                name: law[relation].names.id.clone(),
                file,
                widths: layout
                    .chosen
                    .iter()
                    .map(|chosen| chosen.shape.width())
                    .collect(),
                layout,
            });
            tables.push(table);
        }
        if let Some((needed, _)) = records.iter().find(|(needed, _)| !given.contains(needed)) {
            let name = &law[*needed].names.id;
            return Err(Error::new(
                "C0113",
                format!("计算需要 {name} 的记录；请用 --records {name}=文件 指定"),
                format!("records of {name} are needed; give their file with --records {name}=FILE"),
            ));
        }
        Ok(Source {
            main,
            layout,
            tables,
            sides,
            notes,
        })
    }
}

impl Source {
    /// Columns that are not used, and misspelt ones.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How many rows there are, where the format tells beforehand.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        self.main.rows()
    }

    /// How many rows there are, or about how many.
    pub(crate) fn about(&self) -> Option<u64> {
        self.rows().or_else(|| self.main.about())
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        [&self.main]
            .into_iter()
            .chain(&self.tables)
            .map(|table| table.path.as_path())
    }
}

fn present(names: &[String], known: &[Field]) -> Vec<Slot> {
    names
        .iter()
        .filter_map(|name| layout::find(known, name))
        .map(|(field, _)| field.slot)
        .collect()
}

fn only(slots: &mut Vec<Slot>, fields: &[Field]) {
    slots.retain(|slot| fields.iter().any(|field| field.slot == *slot));
}

fn prepared(mut table: Table, layout: &Layout) -> Result<Table, Error> {
    table.accept(layout)?;
    table.prepare(layout)?;
    Ok(table)
}

fn relation(law: &Law, name: &str) -> Result<RelationId, Error> {
    if let Some(Item::Relation(id)) = law.names.get(name) {
        return Ok(*id);
    }
    let known = law
        .relations
        .iter()
        .map(|relation| relation.names.id.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    Err(Error::new(
        "C0113",
        format!("法规中没有“{name}”这种记录；可用的有：{known}"),
        format!("the law has no records named “{name}”; it has: {known}"),
    ))
}
