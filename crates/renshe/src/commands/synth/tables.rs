//! Which tables a city is written as, and their columns: the same for every kind of file.

use super::pour::Rows;
use synth::Texts;

/// The tables, in the order in which the columns below belong to them.
pub(super) const TABLES: [&str; 8] = [
    "employers",
    "persons",
    "identities",
    "residences",
    "households",
    "employments",
    "participations",
    "changes",
];
/// The last of them, which is only written where months are asked for.
pub(super) const CHANGES: usize = TABLES.len() - 1;

/// The values of a column.
pub(super) enum Cells {
    /// Numbers above 0.
    Id(Vec<i64>),
    /// Numbers, 0 for none.
    IdOrNone(Vec<i64>),
    /// Small numbers with a meaning.
    Code(Vec<u8>),
    /// Small numbers with a meaning, 0 for none.
    CodeOrNone(Vec<u8>),
    /// Districts.
    District(Vec<i32>),
    /// Districts, 0 for none.
    DistrictOrNone(Vec<i32>),
    /// Days from 1970-01-01.
    Day(Vec<i32>),
    /// Fen, 0 for none.
    MoneyOrNone(Vec<i64>),
    /// How many.
    Count(Vec<u32>),
    /// Yes or no.
    Yes(Vec<bool>),
    /// Texts.
    Text(Texts),
    /// Eighteen characters that name a person or an employer.
    Number(Vec<[u8; 18]>),
}

/// A table's columns, by name.
pub(super) type Columns = Vec<(&'static str, Cells)>;

/// The tables of a batch, each with its place in [`TABLES`].
pub(super) fn tables(rows: Rows) -> Vec<(usize, Columns)> {
    match rows {
        Rows::Employers(e) => vec![(
            0,
            vec![
                ("employer", Cells::Id(e.employer)),
                ("credit_code", Cells::Number(e.credit_code)),
                ("name", Cells::Text(e.name)),
                ("district", Cells::District(e.district)),
                ("industry_class", Cells::Code(e.industry_class)),
                ("rate_level", Cells::Code(e.rate_level)),
                ("size", Cells::Code(e.size)),
                ("dispatches", Cells::Yes(e.dispatches)),
                ("staff", Cells::Count(e.staff)),
            ],
        )],
        Rows::Registers(registers) => of_registers(*registers),
        Rows::Changes(c) => vec![(
            CHANGES,
            vec![
                ("person", Cells::Id(c.person)),
                ("change", Cells::Code(c.change)),
                ("employer", Cells::IdOrNone(c.employer)),
                ("kind", Cells::CodeOrNone(c.kind)),
                ("district", Cells::DistrictOrNone(c.district)),
                ("declared", Cells::MoneyOrNone(c.declared)),
                ("from", Cells::Day(c.from)),
            ],
        )],
    }
}

fn of_registers(registers: synth::Registers) -> Vec<(usize, Columns)> {
    let synth::Registers {
        persons,
        identities,
        residences,
        households,
        employments,
        participations,
    } = registers;
    let parts = [
        vec![
            ("person", Cells::Id(persons.person)),
            ("sex", Cells::Code(persons.sex)),
            ("born", Cells::Day(persons.born)),
            ("name", Cells::Text(persons.name)),
        ],
        vec![
            ("person", Cells::Id(identities.person)),
            ("number", Cells::Number(identities.number)),
        ],
        vec![
            ("person", Cells::Id(residences.person)),
            ("district", Cells::District(residences.district)),
            ("from", Cells::Day(residences.from)),
        ],
        vec![
            ("person", Cells::Id(households.person)),
            ("other", Cells::Id(households.other)),
            ("relation", Cells::Code(households.relation)),
        ],
        vec![
            ("person", Cells::Id(employments.person)),
            ("employer", Cells::Id(employments.employer)),
            ("kind", Cells::Code(employments.kind)),
            ("post", Cells::Code(employments.post)),
            ("from", Cells::Day(employments.from)),
        ],
        vec![
            ("person", Cells::Id(participations.person)),
            ("scheme", Cells::Code(participations.scheme)),
            ("category", Cells::Code(participations.category)),
            ("employer", Cells::IdOrNone(participations.employer)),
            ("district", Cells::District(participations.district)),
            ("status", Cells::Code(participations.status)),
            ("declared", Cells::MoneyOrNone(participations.declared)),
            ("from", Cells::Day(participations.from)),
        ],
    ];
    (1..).zip(parts).collect()
}

/// Rows of each table.
pub(super) fn counts(rows: &Rows) -> [u64; TABLES.len()] {
    let mut counts = [0; TABLES.len()];
    match rows {
        Rows::Employers(employers) => counts[0] = employers.employer.len() as u64,
        Rows::Registers(registers) => {
            let lengths = [
                registers.persons.person.len(),
                registers.identities.person.len(),
                registers.residences.person.len(),
                registers.households.person.len(),
                registers.employments.person.len(),
                registers.participations.person.len(),
            ];
            for (count, length) in counts[1..].iter_mut().zip(lengths) {
                *count = length as u64;
            }
        }
        Rows::Changes(changes) => counts[CHANGES] = changes.person.len() as u64,
    }
    counts
}

/// What the tables look like without rows, for whoever must know before the first batch.
pub(super) fn empty() -> Vec<Columns> {
    let batches = [
        Rows::Employers(synth::Employers::default()),
        Rows::Registers(Box::default()),
        Rows::Changes(synth::Changes::default()),
    ];
    let tables = batches.into_iter().flat_map(tables);
    tables.map(|(_, columns)| columns).collect()
}
