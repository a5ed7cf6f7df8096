//! A made-up city's columns as the law reads them: what a demo assesses, and on whom a reform is tried.

use measure::{Day, Month};
use rules::columns::{Batch, Column, Records, Slot, Values};
use rules::evaluate::{Case, to_canonical};
use rules::explain::Lang;
use rules::law::{EnumId, Facts, Item, Law, Names, RelationId, RuleId, Type};
use synth::{Cells, City, Histories, Person, Persons};

/// The law has nothing of this name, which the city uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub String);

impl Missing {
    /// In one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let name = &self.0;
        lang.pick(
            format!("法律没有合成城市所用的“{name}”"),
            format!("the law has no “{name}”, which the made-up city uses"),
        )
    }
}

/// What the city's columns are in a law.
#[derive(Debug)]
pub struct Reader<'a> {
    city: &'a City,
    /// For each column of persons what it is, and for codes the law's member for each.
    persons: Vec<(Slot, Option<Vec<u8>>)>,
    years: RelationId,
    of_years: Vec<Slot>,
    calculation_wage: RuleId,
    /// What stands in for the calculation wage, in fen, if the law knows it: see [`Reader::new`].
    pub stand_in: Option<i64>,
}

/// Persons as the law reads them.
#[derive(Debug)]
pub struct Rows {
    /// Who.
    pub persons: Persons,
    /// The columns of codes, in the law's members.
    codes: Vec<Vec<u8>>,
    /// For awards: the years of contributions, and the calculation wage given for everybody.
    award: Option<(Histories, Vec<i64>)>,
}

impl<'a> Reader<'a> {
    /// Finds the city's columns in a law.
    ///
    /// Chongqing's calculation wage is `unset`: no source was found. The month's average wage is given in its place,
    /// as a fact of each case, so that no figure of the law is made up.
    ///
    /// # Errors
    ///
    /// A name the city uses and the law does not have.
    pub fn new(law: &Law, city: &'a City, as_of: Day) -> Result<Reader<'a>, Missing> {
        let rule = |name: &str| match law.names.get(name) {
            Some(Item::Rule(id)) => Ok(*id),
            _ => Err(Missing(name.to_owned())),
        };
        let slot = |name: &str| match law.names.get(name) {
            Some(Item::Input(id)) => Ok(Slot::Input(*id)),
            _ => rule(name).map(Slot::Rule),
        };
        let nobody = city.persons(0..0);
        let mut persons = Vec::new();
        for column in nobody.columns() {
            let slot = slot(column.name)?;
            let members = city.members(column.name);
            let codes = members
                .map(|members| codes(law, slot, column.name, &members))
                .transpose()?;
            persons.push((slot, codes));
        }
        let no_years = city.histories([], Month::MAX);
        let of_years = no_years
            .columns()
            .iter()
            .map(|column| slot(column.name))
            .collect::<Result<_, _>>()?;
        let Some(Item::Relation(years)) = law.names.get("contribution-years") else {
            return Err(Missing("contribution-years".to_owned()));
        };
        let average = rule("monthly-average-wage")?;
        let average = Case::new(law, as_of, &Facts::default()).value(average).ok();
        Ok(Reader {
            city,
            persons,
            years: *years,
            of_years,
            calculation_wage: rule("calculation-wage-used")?,
            stand_in: average.and_then(|average| to_canonical(Type::Money, &average).ok()),
        })
    }

    /// What a plan over persons may read.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        self.persons.iter().map(|(slot, _)| *slot).collect()
    }

    /// What a plan over persons with their histories may read, the calculation wage included if there is one to give.
    #[must_use]
    pub fn slots_of_awards(&self) -> (Vec<Slot>, Vec<(RelationId, Vec<Slot>)>) {
        let mut slots = self.slots();
        slots.extend(self.stand_in.map(|_| Slot::Rule(self.calculation_wage)));
        (slots, vec![(self.years, self.of_years.clone())])
    }

    /// Persons as the law reads them.
    #[must_use]
    pub fn rows(&self, persons: Persons) -> Rows {
        let columns = persons.columns();
        let coded = columns
            .iter()
            .zip(&self.persons)
            .filter_map(|(column, (_, codes))| Some((column.values, codes.as_ref()?)));
        let codes = coded.map(|(values, codes)| match values {
            Cells::U8(values) => values
                .iter()
                .map(|code| codes[usize::from(*code)])
                .collect(),
            Cells::I32(_) | Cells::I64(_) => Vec::new(),
        });
        let codes = codes.collect();
        Rows {
            persons,
            codes,
            award: None,
        }
    }

    /// Persons with what an award takes: the history through a month and the calculation wage's stand-in.
    #[must_use]
    pub fn rows_for_award(&self, persons: Persons, through: Month) -> Rows {
        let each = (0..persons.len())
            .map(|row| persons.person(row))
            .collect::<Vec<Person>>();
        let given = self
            .stand_in
            .map_or_else(Vec::new, |wage| vec![wage; persons.len()]);
        let histories = self.city.histories(each, through);
        Rows {
            award: Some((histories, given)),
            ..self.rows(persons)
        }
    }

    /// The rows as a batch for a plan or the exact evaluator.
    #[must_use]
    pub fn batch<'r>(&self, rows: &'r Rows) -> Batch<'r> {
        let mut codes = rows.codes.iter();
        let own =
            rows.persons
                .columns()
                .into_iter()
                .zip(&self.persons)
                .map(|(column, (slot, coded))| {
                    let values = match coded.as_ref().and_then(|_| codes.next()) {
                        Some(codes) => Values::U8(codes),
                        None => values(column.values),
                    };
                    Column {
                        slot: *slot,
                        values,
                        missing: column.missing,
                    }
                });
        let mut columns: Vec<Column<'_>> = own.collect();
        let mut records = Vec::new();
        if let Some((histories, given)) = &rows.award {
            if !given.is_empty() {
                columns.push(Column {
                    slot: Slot::Rule(self.calculation_wage),
                    values: Values::I64(given),
                    missing: None,
                });
            }
            let years = histories.columns().into_iter().zip(&self.of_years);
            let years = years.map(|(column, slot)| Column {
                slot: *slot,
                values: values(column.values),
                missing: column.missing,
            });
            records.push(Records {
                relation: self.years,
                starts: &histories.starts,
                columns: years.collect(),
            });
        }
        Batch {
            rows: rows.persons.len(),
            columns,
            records,
        }
    }
}

fn values(cells: Cells<'_>) -> Values<'_> {
    match cells {
        Cells::I64(values) => Values::I64(values),
        Cells::I32(values) => Values::I32(values),
        Cells::U8(values) => Values::U8(values),
    }
}

/// For each of the city's codes the law's member.
fn codes(law: &Law, slot: Slot, column: &str, members: &[&str]) -> Result<Vec<u8>, Missing> {
    let ty = match slot {
        Slot::Input(id) => law[id].ty,
        Slot::Rule(id) => law[id].ty,
    };
    let Type::Enum(id) = ty else {
        return Err(Missing(column.to_owned()));
    };
    members
        .iter()
        .map(|member| code(law, id, member).ok_or_else(|| Missing((*member).to_owned())))
        .collect()
}

fn code(law: &Law, id: EnumId, member: &str) -> Option<u8> {
    let named = |names: &Names| names.id == member || names.zh.as_deref() == Some(member);
    u8::try_from(law[id].members.iter().position(named)?).ok()
}
