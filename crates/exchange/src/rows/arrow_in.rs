//! Columns of Arrow, from Parquet or Arrow files, as the engine's numbers. Columns of the right kind are not copied.

use crate::error::{Error, Said, unreadable};
use crate::rows::{
    block::{Block, Filling, Held, HeldValues, Unread},
    cell::{Fault, Place, Shape, Width},
    layout::{Chosen, Layout},
};
use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray,
    builder::StringBuilder,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int8Type,
        Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    },
};
use arrow_schema::DataType;
use std::path::Path;

/// Whether a column of this kind can hold the field; floats never can where the law counts exactly.
pub(crate) fn accept(file: &str, chosen: &Chosen, kind: &DataType) -> Result<(), Error> {
    let whole = |kind: &DataType| {
        matches!(
            kind,
            DataType::Int8
                | DataType::Int16
                | DataType::Int32
                | DataType::Int64
                | DataType::UInt8
                | DataType::UInt16
                | DataType::UInt32
        )
    };
    let good = match (&chosen.shape, kind) {
        (_, kind) if is_text(kind) => true,
        (Shape::Bool, DataType::Boolean) | (Shape::Date(_) | Shape::Month(_), DataType::Date32) => {
            true
        }
        (Shape::Fixed(n), kind)
            if decimal_scale(kind).is_some_and(|scale| (0..=n.cast_signed()).contains(&scale)) =>
        {
            true
        }
        (Shape::Rate, kind) => decimal_scale(kind).is_some_and(|scale| (0..=6).contains(&scale)),
        // Whole numbers are refused: yuan or fen? Only a name that says so tells.
        (Shape::Money, kind) => decimal_scale(kind).is_some_and(|scale| (0..=2).contains(&scale)),
        (Shape::Fixed(_) | Shape::Length | Shape::Year, kind) => whole(kind),
        _ => false,
    };
    match good {
        true => Ok(()),
        false => Err(wrong_kind(file, chosen, kind)),
    }
}

fn wrong_kind(file: &str, chosen: &Chosen, kind: &DataType) -> Error {
    let (zh, en) = match &chosen.shape {
        Shape::Fixed(0) if chosen.fen => ("整数（分）", "whole numbers of fen"),
        Shape::Money if kind.is_integer() => (
            "DECIMAL(18,2)；若是以分计的整数，请把列名改为“列名.fen”",
            "decimal(18,2); if it is whole fen, name the column NAME.fen",
        ),
        Shape::Money => (
            "DECIMAL(18,2)：请先转换为 decimal(18,2)",
            "decimal(18,2): cast it to decimal(18,2)",
        ),
        Shape::Rate => (
            "DECIMAL(18,6)：请先转换为 decimal(18,6)",
            "decimal(18,6): cast it to decimal(18,6)",
        ),
        Shape::Fixed(0) | Shape::Length | Shape::Year => ("整数", "a whole number"),
        Shape::Fixed(_) => (
            "DECIMAL，小数位数不超过该项的精度",
            "a decimal with no more places than the item keeps",
        ),
        Shape::Date(_) => (
            "日期（DATE）或文字，如 2025-01-31",
            "date32, or text such as 2025-01-31",
        ),
        Shape::Month(_) => (
            "当月一日的日期（DATE）或文字，如 2025-03",
            "date32 on the first of the month, or text such as 2025-03",
        ),
        Shape::Bool => ("布尔或文字", "boolean or text"),
        Shape::Member(_) | Shape::Text => ("文字", "text"),
    };
    let name = &chosen.name;
    Error::new(
        "C0109",
        format!("{file} 的“{name}”列类型为 {kind}，不能使用；应为{zh}"),
        format!("{file}: column “{name}” is {kind}, which cannot be used; it should be {en}"),
    )
}

/// Whether a column can be carried as text.
pub(crate) fn accept_carried(file: &str, name: &str, kind: &DataType) -> Result<(), Error> {
    if is_text(kind) || (kind.is_integer() && *kind != DataType::UInt64) {
        return Ok(());
    }
    Err(Error::new(
        "C0109",
        format!("{file} 的“{name}”列类型为 {kind}，不能作为编号或分组列；应为文字或整数"),
        format!(
            "{file}: column “{name}” is {kind} and cannot be carried as key or group; it should be text or a whole number"
        ),
    ))
}

pub(crate) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn decimal_scale(kind: &DataType) -> Option<i8> {
    match kind {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale) => Some(*scale),
        _ => None,
    }
}

/// Rows of Arrow as a block. `at` tells where in the batch each column of the file stands.
pub(crate) fn read(
    path: &Path,
    batch: &RecordBatch,
    at: impl Fn(usize) -> usize,
    layout: &Layout,
) -> Result<Block, Error> {
    let mut unread = Vec::new();
    let mut columns = Vec::with_capacity(layout.chosen.len());
    for chosen in &layout.chosen {
        columns.push(column(batch.column(at(chosen.index)), chosen, &mut unread));
    }
    unread.sort_by_key(|cell| cell.row);
    let text = |index: Option<usize>| {
        index
            .map(|index| carried(path, batch.column(at(index))))
            .transpose()
    };
    Ok(Block {
        rows: batch.num_rows(),
        key: text(layout.key)?,
        by: text(layout.by)?,
        columns,
        unread,
    })
}

fn carried(path: &Path, array: &ArrayRef) -> Result<StringArray, Error> {
    if let Some(text) = array.as_string_opt::<i32>() {
        return Ok(text.clone());
    }
    let mut builder = StringBuilder::with_capacity(array.len(), 16 * array.len());
    if is_text(array.data_type()) {
        for_texts(array, &mut |text| builder.append_option(text));
    } else if let Err(kind) = for_whole(array, |number| {
        builder.append_option(number.map(|n| n.to_string()));
    }) {
        return Err(unreadable(path, &format!("{kind} as text")));
    }
    Ok(builder.finish())
}

fn column(array: &ArrayRef, chosen: &Chosen, unread: &mut Vec<Unread>) -> Held {
    if let Some(held) = untouched(array, chosen) {
        return held;
    }
    let mut reading = Reading {
        filling: Filling::new(chosen.shape.width(), array.len()),
        chosen,
        row: 0,
        unread,
    };
    let shape = &chosen.shape;
    match array.data_type() {
        DataType::Dictionary(_, _) => reading.dictionary(array),
        kind if is_text(kind) => for_texts(array, &mut |text| reading.text(text)),
        DataType::Boolean => array
            .as_boolean()
            .iter()
            .for_each(|value| reading.whole(value.map(i64::from), Ok)),
        DataType::Date32 => reading.primitive::<Date32Type>(array, |day| match shape {
            Shape::Month(calendar) => match calendar.month(day) {
                Some((month, 1)) => Ok(month.into()),
                Some(_) => Err(Fault::NotFirstOfMonth),
                None => Err(Fault::TooLarge),
            },
            Shape::Date(calendar) if calendar.month(day).is_none() => Err(Fault::TooLarge),
            _ => Ok(day.into()),
        }),
        DataType::Decimal32(_, scale) => {
            let factor = factor(shape, *scale);
            reading.primitive::<Decimal32Type>(array, |v| widen(v.into(), factor));
        }
        DataType::Decimal64(_, scale) => {
            let factor = factor(shape, *scale);
            reading.primitive::<Decimal64Type>(array, |v| widen(v.into(), factor));
        }
        DataType::Decimal128(_, scale) => {
            let factor = factor(shape, *scale);
            reading.primitive::<Decimal128Type>(array, |v| widen(v, factor));
        }
        _ => {
            let scale = 10i128.pow(u32::from(decimals(shape)));
            let in_range = |number: i64| match shape {
                Shape::Year if !is_year(number) => Err(Fault::TooLarge),
                Shape::Length if i32::try_from(number).is_err() => Err(Fault::TooLarge),
                _ => widen(number.into(), scale),
            };
            // The kind was accepted when the file was opened.
            let _ = for_whole(array, |number| reading.whole(number, in_range));
        }
    }
    reading.filling.finish(chosen.slot)
}

/// A column without nulls whose numbers are already the engine's.
fn untouched(array: &ArrayRef, chosen: &Chosen) -> Option<Held> {
    if array.null_count() > 0 {
        return None;
    }
    let values = match (&chosen.shape, array.data_type()) {
        (Shape::Fixed(n), DataType::Decimal64(_, scale)) if n.cast_signed() == *scale => {
            HeldValues::I64(array.as_primitive::<Decimal64Type>().values().clone())
        }
        (Shape::Money, DataType::Decimal64(_, 2)) | (Shape::Rate, DataType::Decimal64(_, 6)) => {
            HeldValues::I64(array.as_primitive::<Decimal64Type>().values().clone())
        }
        (Shape::Fixed(0), DataType::Int64) => {
            HeldValues::I64(array.as_primitive::<Int64Type>().values().clone())
        }
        (Shape::Length, DataType::Int32) => {
            HeldValues::I32(array.as_primitive::<Int32Type>().values().clone())
        }
        (Shape::Date(calendar), DataType::Date32) => {
            let days = array.as_primitive::<Date32Type>().values();
            let (first, last) = days
                .iter()
                .fold((0, 0), |(low, high), day| (*day.min(&low), *day.max(&high)));
            calendar.month(first).and(calendar.month(last))?;
            HeldValues::I32(days.clone())
        }
        _ => return None,
    };
    Some(Held {
        slot: chosen.slot,
        values,
        missing: None,
    })
}

struct Reading<'a> {
    filling: Filling,
    chosen: &'a Chosen,
    row: usize,
    unread: &'a mut Vec<Unread>,
}

impl Reading<'_> {
    fn primitive<T: ArrowPrimitiveType>(
        &mut self,
        array: &ArrayRef,
        read: impl Fn(T::Native) -> Result<i64, Fault>,
    ) {
        for value in array.as_primitive::<T>() {
            match value.map(&read) {
                Some(Err(fault)) => self.refuse(fault, &format!("{:?}", value.unwrap_or_default())),
                Some(Ok(number)) => self.filling.push_number(number),
                None => self.filling.push_missing(),
            }
            self.row += 1;
        }
    }

    fn whole(&mut self, value: Option<i64>, read: impl Fn(i64) -> Result<i64, Fault>) {
        match value.map(|v| (v, read(v))) {
            Some((_, Ok(number))) => self.filling.push_number(number),
            Some((value, Err(fault))) => self.refuse(fault, &value.to_string()),
            None => self.filling.push_missing(),
        }
        self.row += 1;
    }

    fn text(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        if let Err(fault) = self.filling.push(&self.chosen.shape, text.as_bytes()) {
            let said = self.said(fault, text);
            self.note(said);
        }
        self.row += 1;
    }

    /// Each entry of the dictionary is read once, then looked up.
    fn dictionary(&mut self, array: &ArrayRef) {
        let dictionary = array.as_any_dictionary();
        let keys = dictionary.normalized_keys();
        let mut entries: Vec<Option<String>> = Vec::new();
        for_texts(dictionary.values(), &mut |text| {
            entries.push(text.map(str::to_owned));
        });
        let shape = &self.chosen.shape;
        let read: Vec<Option<Result<i64, Fault>>> = entries
            .iter()
            .map(|entry| match entry.as_deref().map(str::trim_ascii) {
                None | Some("") => None,
                Some(text) => Some(shape.read(text.as_bytes())),
            })
            .collect();
        for (row, key) in keys.into_iter().enumerate() {
            let null = array.is_null(row);
            if null || shape.width() == Width::Text {
                self.text(
                    entries
                        .get(key)
                        .filter(|_| !null)
                        .and_then(Option::as_deref),
                );
                continue;
            }
            match read[key] {
                Some(Err(_)) => self.text(entries[key].as_deref()),
                Some(Ok(number)) => self.whole(Some(number), Ok),
                None => self.whole(None, Ok),
            }
        }
    }

    #[cold]
    fn refuse(&mut self, fault: Fault, shown: &str) {
        self.filling.push_missing();
        let said = self.said(fault, shown);
        self.note(said);
    }

    fn note(&mut self, said: Said) {
        let column = self.chosen.name.clone();
        self.unread.push(Unread {
            row: self.row,
            line: None,
            column,
            said,
        });
    }

    fn said(&self, fault: Fault, shown: &str) -> Said {
        let name = &self.chosen.name;
        let place = Place {
            zh: &format!("{name}列的"),
            en: &format!("column {name}: "),
        };
        self.chosen.shape.refuse(fault, &place, shown.as_bytes())
    }
}

fn decimals(shape: &Shape) -> u8 {
    match shape {
        Shape::Money => 2,
        Shape::Fixed(n) => *n,
        Shape::Rate => 6,
        _ => 0,
    }
}

fn factor(shape: &Shape, scale: i8) -> i128 {
    // Only scales from 0 to the type's own were accepted when the file was opened.
    10i128.pow(u32::from(decimals(shape) - scale.unsigned_abs()))
}

fn is_year(number: i64) -> bool {
    i32::try_from(number).is_ok_and(|year| measure::Year::new(year).is_ok())
}

fn widen(value: i128, factor: i128) -> Result<i64, Fault> {
    let wide = value
        .checked_mul(factor)
        .and_then(|v| i64::try_from(v).ok());
    wide.ok_or(Fault::TooLarge)
}

fn for_texts<'a>(array: &'a ArrayRef, each: &mut dyn FnMut(Option<&'a str>)) {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(each),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(each),
        DataType::Utf8View => array.as_string_view().iter().for_each(each),
        _ => {
            let dictionary = array.as_any_dictionary();
            let mut entries = Vec::new();
            for_texts(dictionary.values(), &mut |text| entries.push(text));
            for (row, key) in dictionary.normalized_keys().into_iter().enumerate() {
                each(if array.is_null(row) {
                    None
                } else {
                    entries[key]
                });
            }
        }
    }
}

fn for_whole(array: &ArrayRef, mut each: impl FnMut(Option<i64>)) -> Result<(), DataType> {
    fn run<T: ArrowPrimitiveType>(array: &ArrayRef, each: &mut impl FnMut(Option<i64>))
    where
        T::Native: Into<i64>,
    {
        array
            .as_primitive::<T>()
            .iter()
            .for_each(|value| each(value.map(Into::into)));
    }
    match array.data_type() {
        DataType::Int8 => run::<Int8Type>(array, &mut each),
        DataType::Int16 => run::<Int16Type>(array, &mut each),
        DataType::Int32 => run::<Int32Type>(array, &mut each),
        DataType::Int64 => run::<Int64Type>(array, &mut each),
        DataType::UInt8 => run::<UInt8Type>(array, &mut each),
        DataType::UInt16 => run::<UInt16Type>(array, &mut each),
        DataType::UInt32 => run::<UInt32Type>(array, &mut each),
        kind => return Err(kind.clone()),
    }
    Ok(())
}
