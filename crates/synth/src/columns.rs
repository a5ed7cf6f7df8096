//! Persons in columns, under the names the law gives their facts.

use crate::person::Person;

/// The values of a column, one a person or record, as the law's columns hold them: amounts in fen, months by their index,
/// numbers in their last decimal, members of an enumeration by the codes that [`City::members`](crate::City::members)
/// spells out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells<'a> {
    /// Eight bytes each.
    I64(&'a [i64]),
    /// Four bytes each.
    I32(&'a [i32]),
    /// One byte each.
    U8(&'a [u8]),
}

/// A column under the law's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    /// The English name of an input; `average-index` is a rule whose value is given.
    pub name: &'static str,
    /// Its values.
    pub values: Cells<'a>,
    /// Whose value is missing; `None` when nobody's is.
    pub missing: Option<&'a [bool]>,
}

/// Persons in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Persons {
    sex: Vec<u8>,
    birth_month: Vec<i32>,
    district: Vec<u8>,
    post: Vec<u8>,
    insured_as: Vec<u8>,
    first_insured_month: Vec<i32>,
    wage: Vec<i64>,
    wage_missing: Vec<bool>,
    chosen_base: Vec<i64>,
    chosen_base_missing: Vec<bool>,
    industry_class: Vec<u8>,
    rate_level: Vec<u8>,
    deemed_months: Vec<i32>,
    index: Vec<i64>,
    index_derivable: Vec<bool>,
    gap_from: Vec<i32>,
    gap_years: Vec<i32>,
    opening_balance: Vec<i64>,
    passbook_from: Vec<i32>,
}

impl Persons {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sex.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sex.is_empty()
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> Vec<Column<'_>> {
        let column = |name, values| Column {
            name,
            values,
            missing: None,
        };
        vec![
            column("sex", Cells::U8(&self.sex)),
            column("birth-month", Cells::I32(&self.birth_month)),
            column("district", Cells::U8(&self.district)),
            column("post", Cells::U8(&self.post)),
            column("insured-as", Cells::U8(&self.insured_as)),
            column("first-insured-month", Cells::I32(&self.first_insured_month)),
            Column {
                missing: Some(&self.wage_missing),
                ..column("wage", Cells::I64(&self.wage))
            },
            Column {
                missing: Some(&self.chosen_base_missing),
                ..column("chosen-base", Cells::I64(&self.chosen_base))
            },
            column("industry-class", Cells::U8(&self.industry_class)),
            column("rate-level", Cells::U8(&self.rate_level)),
            column("deemed-months", Cells::I32(&self.deemed_months)),
            Column {
                missing: Some(&self.index_derivable),
                ..column("average-index", Cells::I64(&self.index))
            },
            column("opening-balance", Cells::I64(&self.opening_balance)),
            column("passbook-from", Cells::I32(&self.passbook_from)),
        ]
    }

    /// The person in a row.
    ///
    /// # Panics
    ///
    /// When there is no such row.
    #[must_use]
    pub fn person(&self, row: usize) -> Person {
        let unless = |missing: &[bool], values: &[i64]| (!missing[row]).then_some(values[row]);
        Person {
            sex: self.sex[row],
            birth_month: self.birth_month[row],
            district: self.district[row],
            post: self.post[row],
            insured_as: self.insured_as[row],
            first_insured_month: self.first_insured_month[row],
            wage: unless(&self.wage_missing, &self.wage),
            chosen_base: unless(&self.chosen_base_missing, &self.chosen_base),
            industry_class: self.industry_class[row],
            rate_level: self.rate_level[row],
            deemed_months: self.deemed_months[row],
            index: self.index[row],
            index_derivable: self.index_derivable[row],
            gap_from: self.gap_from[row],
            gap_years: self.gap_years[row],
            opening_balance: self.opening_balance[row],
            passbook_from: self.passbook_from[row],
        }
    }

    /// The persons in these rows, in this order.
    ///
    /// # Panics
    ///
    /// When there is no such row.
    #[must_use]
    pub fn select(&self, rows: impl IntoIterator<Item = usize>) -> Persons {
        let mut selected = Persons::default();
        for row in rows {
            selected.push(&self.person(row));
        }
        selected
    }

    /// Adds a person as the last row.
    pub fn push(&mut self, person: &Person) {
        self.sex.push(person.sex);
        self.birth_month.push(person.birth_month);
        self.district.push(person.district);
        self.post.push(person.post);
        self.insured_as.push(person.insured_as);
        self.first_insured_month.push(person.first_insured_month);
        self.wage.push(person.wage.unwrap_or(0));
        self.wage_missing.push(person.wage.is_none());
        self.chosen_base.push(person.chosen_base.unwrap_or(0));
        self.chosen_base_missing.push(person.chosen_base.is_none());
        self.industry_class.push(person.industry_class);
        self.rate_level.push(person.rate_level);
        self.deemed_months.push(person.deemed_months);
        self.index.push(person.index);
        self.index_derivable.push(person.index_derivable);
        self.gap_from.push(person.gap_from);
        self.gap_years.push(person.gap_years);
        self.opening_balance.push(person.opening_balance);
        self.passbook_from.push(person.passbook_from);
    }
}
