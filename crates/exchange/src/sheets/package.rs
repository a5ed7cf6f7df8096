//! The package of a workbook: is its list of parts plausible, before anything of it is unpacked?
//!
//! A workbook is a zip file. Its list stands at the end and says where each part lies, how large it is packed and
//! unpacked. A hostile list points several times to the same bytes, hides things between parts, or promises a few bytes
//! where gigabytes come. The list is read here by itself, so that what is refused was never given to anybody else.

use super::refused;
use crate::error::{Error, shown};
use std::collections::BTreeSet;

/// More parts than any workbook of one table has.
const PARTS_MAX: usize = 1_000;
/// The most that all parts may come to, unpacked: a million rows of ten columns take a third of it.
pub(super) const UNPACKED_MAX: u64 = 1 << 30;
/// How many times its packed size a part may have. Tables come to ten or thirty, zeros to a thousand.
const RATIO_MAX: u64 = 100;
/// A small part may have any ratio.
const RATIO_FROM: u64 = 1 << 20;

const END_SIGN: &[u8] = b"PK\x05\x06";
const ENTRY_SIGN: &[u8] = b"PK\x01\x02";
const LOCAL_SIGN: &[u8] = b"PK\x03\x04";
const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;

/// One part, as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) unpacked: u64,
    packed: u64,
    from: u64,
}

/// Something wrong with the list, in both languages.
enum Bad {
    Bomb(String, String),
    Malformed(String, String),
    Password,
    Macros,
}

/// Reads and checks the list of parts of a whole file.
pub(super) fn parts(file: &str, bytes: &[u8]) -> Result<Vec<Part>, Error> {
    list(bytes).map_err(|bad| match bad {
        Bad::Bomb(zh, en) => refused::bomb(file, (zh, en)),
        Bad::Malformed(zh, en) => refused::malformed_package(file, (zh, en)),
        Bad::Password => refused::password(file),
        Bad::Macros => refused::macros(file),
    })
}

fn malformed(zh: &str, en: &str) -> Bad {
    Bad::Malformed(zh.to_owned(), en.to_owned())
}

fn cut_off() -> Bad {
    malformed("不完整", "is cut off")
}

fn list(bytes: &[u8]) -> Result<Vec<Part>, Bad> {
    let end = end_of_list(bytes)?;
    let (count, size, from) = (
        number(bytes, end + 10, 2)?,
        number(bytes, end + 12, 4)?,
        number(bytes, end + 16, 4)?,
    );
    if count > PARTS_MAX as u64 {
        return Err(Bad::Bomb(
            format!("有 {count} 个部件，工作簿最多 {PARTS_MAX} 个"),
            format!("has {count} parts, a workbook has at most {PARTS_MAX}"),
        ));
    }
    if count == 0 {
        return Err(malformed("是空的压缩包", "is an empty package"));
    }
    if from.checked_add(size).is_none_or(|sum| (end as u64) < sum) {
        return Err(cut_off());
    }
    let mut parts = Vec::new();
    let mut at = index(from)?;
    for _ in 0..count {
        parts.push(entry(bytes, &mut at)?);
    }
    check_sizes(&parts)?;
    check_places(bytes, &parts, from)?;
    Ok(parts)
}

/// Where the end record stands: at the very end, but for its comment.
fn end_of_list(bytes: &[u8]) -> Result<usize, Bad> {
    let last = bytes.len().checked_sub(END_BYTES).ok_or_else(cut_off)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    for at in (first..=last).rev() {
        if bytes[at..].starts_with(END_SIGN) && number(bytes, at + 20, 2)? == (last - at) as u64 {
            return Ok(at);
        }
    }
    Err(malformed(
        "不完整，或末尾附有其他内容",
        "is cut off, or something else follows it",
    ))
}

fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64, Bad> {
    let field = bytes.get(at..at + length).ok_or_else(cut_off)?;
    let low_first = field.iter().rev();
    Ok(low_first.fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn index(number: u64) -> Result<usize, Bad> {
    usize::try_from(number).map_err(|_| cut_off())
}

fn entry(bytes: &[u8], at: &mut usize) -> Result<Part, Bad> {
    let start = *at;
    let sign = bytes.get(start..start + 4).ok_or_else(cut_off)?;
    if sign != ENTRY_SIGN {
        return Err(malformed("的部件目录有误", "has a wrong list of parts"));
    }
    let field = |offset: usize, length: usize| number(bytes, start + offset, length);
    let (flags, method) = (field(8, 2)?, field(10, 2)?);
    let (name_length, extra_length, comment_length) = (
        index(field(28, 2)?)?,
        index(field(30, 2)?)?,
        index(field(32, 2)?)?,
    );
    let name_from = start + ENTRY_BYTES;
    let name = bytes
        .get(name_from..name_from + name_length)
        .ok_or_else(cut_off)?;
    let extra_from = name_from + name_length;
    let extra = bytes
        .get(extra_from..extra_from + extra_length)
        .ok_or_else(cut_off)?;
    let mode = field(38, 4)? >> 16;
    *at = extra_from + extra_length + comment_length;
    if flags & 1 != 0 {
        return Err(Bad::Password);
    }
    if !matches!(method, 0 | 8) {
        return Err(malformed(
            "用了不支持的压缩方法",
            "is packed by another method",
        ));
    }
    // The kind of a file in the mode of Unix; links lead elsewhere.
    if mode & 0o170_000 == 0o120_000 {
        return Err(malformed("含有符号链接", "has a symbolic link"));
    }
    let (unpacked, packed, from) = sizes([field(24, 4)?, field(20, 4)?, field(42, 4)?], extra)?;
    let name = std::str::from_utf8(name)
        .map_err(|_| malformed("的部件名不是文字", "has a part whose name is no text"))?;
    check_name(name)?;
    Ok(Part {
        name: name.to_owned(),
        unpacked,
        packed,
        from,
    })
}

/// Sizes and place; those beyond 32 bits stand in an extra field, in this order.
fn sizes(short: [u64; 3], mut extra: &[u8]) -> Result<(u64, u64, u64), Bad> {
    const LONG: u64 = u32::MAX as u64;
    let mut found = short;
    while 4 <= extra.len() {
        let (tag, length) = (number(extra, 0, 2)?, index(number(extra, 2, 2)?)?);
        let body = extra.get(4..4 + length).ok_or_else(cut_off)?;
        if tag == 1 {
            let mut at = 0;
            for value in found.iter_mut().filter(|value| **value == LONG) {
                *value = number(body, at, 8)?;
                at += 8;
            }
        }
        extra = &extra[4 + length..];
    }
    let [unpacked, packed, from] = found;
    Ok((unpacked, packed, from))
}

fn check_name(name: &str) -> Result<(), Bad> {
    let lower = name.to_lowercase();
    let nested = [
        ".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".jar", ".rar", ".7z", ".gz", ".exe", ".dll",
        ".js", ".vbs",
    ];
    if lower.contains("vbaproject")
        || lower.contains("/activex/")
        || lower.contains("/embeddings/")
        || lower.contains("/macrosheets/")
    {
        return Err(Bad::Macros);
    }
    if nested.iter().any(|ending| lower.ends_with(ending)) {
        let name = shown(name.as_bytes());
        return Err(Bad::Malformed(
            format!("内含另一个文件（{name}）"),
            format!("has another file within ({name})"),
        ));
    }
    let outside = lower.starts_with('/')
        || lower.contains('\\')
        || lower.contains(':')
        || lower.split('/').any(|step| step == "..")
        || lower.chars().any(char::is_control);
    if outside {
        let name = shown(name.as_bytes());
        return Err(Bad::Malformed(
            format!("有部件指向包外（{name}）"),
            format!("has a part that points outside ({name})"),
        ));
    }
    Ok(())
}

fn check_sizes(parts: &[Part]) -> Result<(), Bad> {
    let mut sum = 0_u64;
    for part in parts {
        sum = sum.saturating_add(part.unpacked);
        let most = part.packed.max(1).saturating_mul(RATIO_MAX);
        if RATIO_FROM < part.unpacked && most < part.unpacked {
            let name = shown(part.name.as_bytes());
            let times = part.unpacked / part.packed.max(1);
            return Err(Bad::Bomb(
                format!("的 {name} 解压后是压缩时的 {times} 倍，最多 {RATIO_MAX} 倍"),
                format!("unpacks {name} to {times} times its size, at most {RATIO_MAX} are taken"),
            ));
        }
    }
    if UNPACKED_MAX < sum {
        let (sum, most) = (sum >> 20, UNPACKED_MAX >> 20);
        return Err(Bad::Bomb(
            format!("解压后有 {sum} MiB，最多 {most} MiB"),
            format!("unpacks to {sum} MiB, at most {most} are taken"),
        ));
    }
    Ok(())
}

/// Every part lies by itself, under the name the list gives it, from the first byte to the list.
fn check_places(bytes: &[u8], parts: &[Part], list_from: u64) -> Result<(), Bad> {
    let mut names = BTreeSet::new();
    let mut places = Vec::new();
    for part in parts {
        if !names.insert(part.name.to_lowercase()) {
            let name = shown(part.name.as_bytes());
            return Err(Bad::Malformed(
                format!("有两个同名部件（{name}）"),
                format!("has two parts of one name ({name})"),
            ));
        }
        let from = index(part.from)?;
        let sign = bytes.get(from..from + 4).ok_or_else(cut_off)?;
        let name_length = index(number(bytes, from + 26, 2)?)?;
        let extra_length = number(bytes, from + 28, 2)?;
        let name_from = from + LOCAL_BYTES;
        let name = bytes
            .get(name_from..name_from + name_length)
            .ok_or_else(cut_off)?;
        if sign != LOCAL_SIGN || name != part.name.as_bytes() {
            return Err(malformed(
                "的部件与目录不符",
                "has parts that are not those of its list",
            ));
        }
        let body = (name_from + name_length) as u64 + extra_length;
        places.push((part.from, body.saturating_add(part.packed)));
    }
    places.sort_unstable();
    let overlap = places.windows(2).any(|pair| pair[1].0 < pair[0].1);
    let beyond = places.last().is_some_and(|(_, end)| list_from < *end);
    if overlap || beyond {
        return Err(malformed("的部件相互重叠", "has parts that overlap"));
    }
    if places.first().is_some_and(|(from, _)| *from != 0) {
        return Err(malformed(
            "的开头附有其他内容",
            "has something else before its first part",
        ));
    }
    Ok(())
}
