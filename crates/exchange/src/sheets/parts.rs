//! The parts of a workbook: unpacked once to be checked, before any is read for its content.

use super::{
    package::{self, Part},
    refused,
    scan::{self, BadPart, Seen},
};
use crate::error::Error;
use quick_xml::{Reader, events::Event};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};
use zip::ZipArchive;

/// Lists of parts and sheets are short.
const LIST_BYTES_MAX: u64 = 4 << 20;
/// Every shared text has four tags: four million texts, as a million rows of four columns may have.
const SHARED_TAGS_MAX: u64 = 16 << 20;
/// The text of the shared texts that is held while reading.
const SHARED_BYTES_MAX: u64 = 256 << 20;

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetPart {
    pub(super) name: String,
    pub(super) visible: bool,
    /// Ranges of merged cells.
    pub(super) merged: Vec<String>,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Checks every part, and gives the sheets in their order.
pub(super) fn check(file: &str, bytes: &[u8]) -> Result<Vec<SheetPart>, Error> {
    let parts = package::parts(file, bytes)?;
    let damaged = |error: &dyn std::fmt::Display| refused::damaged(file, error);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    // Two readers of one list must see the same parts, or one of them was deceived.
    let same = archive.len() == parts.len()
        && parts.iter().zip(0..).all(|(part, index)| {
            matches!(archive.name_for_index(index), Some(Ok(name)) if name == part.name)
        });
    if !same {
        let words = (
            "的部件目录可作两种读法",
            "has a list of parts that reads in two ways",
        );
        return Err(refused::malformed_package(
            file,
            (words.0.to_owned(), words.1.to_owned()),
        ));
    }
    let mut merged = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        let seen = unpack(file, &mut archive, index, part)?;
        merged.insert(part.name.to_lowercase(), seen.merged);
    }
    check_types(file, &mut archive)?;
    for part in parts.iter().filter(|part| is(part, ".rels")) {
        check_relations(file, &mut archive, part)?;
    }
    sheets(file, &mut archive, &mut merged)
}

fn is(part: &Part, ending: &str) -> bool {
    part.name.to_lowercase().ends_with(ending)
}

fn unpack(file: &str, archive: &mut Archive<'_>, index: usize, part: &Part) -> Result<Seen, Error> {
    const PICTURES: [&str; 8] = [
        ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".psmdcp",
    ];
    let shared = is(part, "sharedstrings.xml");
    if shared && SHARED_BYTES_MAX < part.unpacked {
        return Err(too_many_texts(file));
    }
    let xml = !PICTURES.iter().any(|ending| is(part, ending)) && !part.name.ends_with('/');
    let entry = archive.by_index(index);
    let entry = entry.map_err(|error| refused::damaged(file, &error))?;
    let seen = scan::scan(entry, part.unpacked, xml).map_err(|bad| match bad {
        // The unpacker stops by itself at the size that was declared, and has no code for it.
        BadPart::Unreadable(error) if error.to_string().contains("declared") => {
            other_size(file, part)
        }
        BadPart::Unreadable(error) => refused::damaged(file, &error),
        BadPart::Size => other_size(file, part),
        BadPart::DocumentType => refused::document_type(file, &part.name),
        BadPart::Encoding => refused::malformed_package(
            file,
            (
                format!("的 {} 不是 UTF-8 的 XML", part.name),
                format!("has a part {} that is not XML in UTF-8", part.name),
            ),
        ),
        BadPart::Endless => refused::bomb(
            file,
            (
                format!("的 {} 有超过 1 MiB 的单元格或标记", part.name),
                format!("has a cell or tag of more than a MiB in {}", part.name),
            ),
        ),
    })?;
    if shared {
        check_shared(file, archive, index, &seen)?;
    }
    Ok(seen)
}

fn other_size(file: &str, part: &Part) -> Error {
    refused::bomb(
        file,
        (
            format!("的 {} 解压后的大小与目录所说不符", part.name),
            format!("unpacks {} to another size than it says", part.name),
        ),
    )
}

fn too_many_texts(file: &str) -> Error {
    refused::bomb(
        file,
        (
            "的共享文本过多".to_owned(),
            "has too many shared texts".to_owned(),
        ),
    )
}

/// The number of shared texts that the part promises is reserved for when it is read, so it must be a possible one.
fn check_shared(
    file: &str,
    archive: &mut Archive<'_>,
    index: usize,
    seen: &Seen,
) -> Result<(), Error> {
    if SHARED_TAGS_MAX < seen.tags {
        return Err(too_many_texts(file));
    }
    let text = text(file, archive, index, 64 << 10)?;
    let end = text.find("<si").unwrap_or(text.len());
    for (at, _) in text[..end].match_indices("uniqueCount") {
        let digits: String = text[at..]
            .chars()
            .skip_while(|c| !matches!(c, '"' | '\''))
            .skip(1)
            .take_while(|c| !matches!(c, '"' | '\''))
            .collect();
        let promised: Option<u64> = digits.parse().ok();
        if promised.is_none_or(|promised| SHARED_TAGS_MAX < promised) {
            return Err(too_many_texts(file));
        }
    }
    Ok(())
}

/// The beginning of a part, as text.
fn text(file: &str, archive: &mut Archive<'_>, index: usize, most: u64) -> Result<String, Error> {
    let entry = archive.by_index(index);
    let entry = entry.map_err(|error| refused::damaged(file, &error))?;
    let mut bytes = Vec::new();
    let read = entry.take(most).read_to_end(&mut bytes);
    read.map_err(|error| refused::damaged(file, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn named(file: &str, archive: &mut Archive<'_>, name: &str) -> Result<String, Error> {
    let wanted = name.to_lowercase();
    let index = (0..archive.len()).find(|index| {
        matches!(archive.name_for_index(*index), Some(Ok(found)) if found.to_lowercase() == wanted)
    });
    match index {
        Some(index) => text(file, archive, index, LIST_BYTES_MAX),
        None => Err(refused::damaged(file, &format!("{name} ?"))),
    }
}

/// The attributes of every element of a name, by their local names.
fn elements(file: &str, text: &str, element: &str) -> Result<Vec<BTreeMap<String, String>>, Error> {
    let damaged = |error: &dyn std::fmt::Display| refused::damaged(file, error);
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| damaged(&error))?;
        let start = match event {
            Event::Start(start) | Event::Empty(start) => start,
            Event::Eof => return Ok(found),
            _ => continue,
        };
        if start.local_name().as_ref() != element {
            continue;
        }
        let mut attributes = BTreeMap::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| damaged(&error))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| damaged(&error))?;
            let key = attribute.key.local_name().as_ref().to_owned();
            attributes.insert(key, value.into_owned());
        }
        found.push(attributes);
    }
}

fn check_types(file: &str, archive: &mut Archive<'_>) -> Result<(), Error> {
    let text = named(file, archive, "[Content_Types].xml")?;
    let types: Vec<String> = ["Override", "Default"]
        .into_iter()
        .map(|element| elements(file, &text, element))
        .collect::<Result<Vec<_>, Error>>()?
        .concat()
        .into_iter()
        .filter_map(|mut of| of.remove("ContentType"))
        .map(|kind| kind.to_lowercase())
        .collect();
    let has = |part: &str| types.iter().any(|kind| kind.contains(part));
    if has("macroenabled") || has("vbaproject") || has("macrosheet") || has("activex") {
        return Err(refused::macros(file));
    }
    match has("spreadsheetml.sheet.main+xml") {
        true => Ok(()),
        false => Err(refused::other_kind(
            file,
            "xlsx",
            ("另一种文件", "a file of another kind"),
        )),
    }
}

/// Nothing may lead out of the file but a link in a cell, which nobody follows.
fn check_relations(file: &str, archive: &mut Archive<'_>, part: &Part) -> Result<(), Error> {
    let text = named(file, archive, &part.name)?;
    for relation in elements(file, &text, "Relationship")? {
        let of = |name: &str| relation.get(name).map_or("", String::as_str);
        let kind = of("Type").rsplit('/').next().unwrap_or("").to_lowercase();
        match kind.as_str() {
            "hyperlink" => continue,
            "externallink" | "externallinkpath" => {
                return Err(refused::external(file, of("Target")));
            }
            "vbaproject"
            | "xlmacrosheet"
            | "xlintlmacrosheet"
            | "oleobject"
            | "control"
            | "ctrlprop"
            | "package"
            | "activexcontrolbinary" => return Err(refused::macros(file)),
            _ => {}
        }
        if of("TargetMode").eq_ignore_ascii_case("external") {
            return Err(refused::external(file, of("Target")));
        }
        let read = [
            "officedocument",
            "worksheet",
            "sharedstrings",
            "styles",
            "theme",
        ];
        if read.contains(&kind.as_str()) && !of("Target").to_lowercase().ends_with(".xml") {
            return Err(refused::damaged(file, &of("Target")));
        }
    }
    Ok(())
}

fn sheets(
    file: &str,
    archive: &mut Archive<'_>,
    merged: &mut BTreeMap<String, Vec<String>>,
) -> Result<Vec<SheetPart>, Error> {
    let package = named(file, archive, "_rels/.rels")?;
    let relations = elements(file, &package, "Relationship")?;
    let main = relations.iter().find(|relation| {
        let kind = relation.get("Type").map_or("", String::as_str);
        kind.ends_with("/officeDocument")
    });
    let book = main.and_then(|relation| relation.get("Target"));
    let book = resolve("", book.map_or("xl/workbook.xml", String::as_str));
    let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
    let text = named(file, archive, &format!("{folder}/_rels/{name}.rels"))?;
    let mut targets = BTreeMap::new();
    for mut relation in elements(file, &text, "Relationship")? {
        if let (Some(id), Some(target)) = (relation.remove("Id"), relation.remove("Target")) {
            targets.insert(id, resolve(folder, &target));
        }
    }
    let text = named(file, archive, &book)?;
    let sheets = elements(file, &text, "sheet")?.into_iter();
    let sheets = sheets.filter_map(|mut sheet| {
        let part = targets.get(sheet.get("id")?)?;
        Some(SheetPart {
            name: sheet.remove("name")?,
            visible: sheet.get("state").is_none_or(|state| state == "visible"),
            merged: merged.remove(&part.to_lowercase()).unwrap_or_default(),
        })
    });
    Ok(sheets.collect())
}

/// A target within the package: `worksheets/sheet1.xml` beside `xl/workbook.xml`, or `/xl/worksheets/sheet1.xml`.
fn resolve(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{}", target.trim_start_matches("./")),
    }
}
