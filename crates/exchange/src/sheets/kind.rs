//! What kind of file is it, by its name and by its content?

use super::{FILE_BYTES_MAX, refused};
use crate::error::{Error, unreadable};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Csv,
    Xlsx,
}

/// How the bytes of a file begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    Zip,
    /// The container of old office files, and of those behind a password.
    Compound,
    Page,
    Other(&'static str),
    Text,
}

const BEGINNINGS: [(&[u8], Begins); 9] = [
    (b"PK\x03\x04", Begins::Zip),
    (b"PK\x05\x06", Begins::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Begins::Compound),
    (b"%PDF", Begins::Other("PDF")),
    (b"{\\rtf", Begins::Other("RTF")),
    (b"MZ", Begins::Other("EXE")),
    (b"\x7fELF", Begins::Other("ELF")),
    (b"\x89PNG", Begins::Other("PNG")),
    (b"\xff\xd8\xff", Begins::Other("JPEG")),
];

/// Which format the file is, after a look at its size, its ending and its first bytes.
pub(super) fn tell(path: &Path, file: &str) -> Result<FileKind, Error> {
    let unread = |error: std::io::Error| unreadable(path, &error);
    let mut input = File::open(path).map_err(unread)?;
    let bytes = input.seek(SeekFrom::End(0)).map_err(unread)?;
    if bytes == 0 {
        return Err(refused::empty(file));
    }
    if FILE_BYTES_MAX < bytes {
        return Err(refused::too_large(file, bytes, FILE_BYTES_MAX));
    }
    input.rewind().map_err(unread)?;
    let mut start = Vec::new();
    input
        .take(4 << 10)
        .read_to_end(&mut start)
        .map_err(unread)?;
    let ending = ending(file);
    match (ending.as_str(), begins(&start)) {
        ("csv" | "txt" | "tsv", Begins::Text) => Ok(FileKind::Csv),
        ("xlsx", Begins::Zip) => Ok(FileKind::Xlsx),
        ("xlsx", Begins::Compound) if is_encrypted(path)? => Err(refused::password(file)),
        ("csv" | "txt" | "tsv" | "xlsx", other) => {
            Err(refused::other_kind(file, &ending, words(other)))
        }
        ("xlsm" | "xltm" | "xlam", _) => Err(refused::macros(file)),
        _ => Err(refused::kind_not_accepted(file, &ending)),
    }
}

fn ending(file: &str) -> String {
    match file.rsplit_once('.') {
        Some((_, ending)) => crate::error::shown(ending.to_lowercase().as_bytes()),
        None => String::new(),
    }
}

fn begins(start: &[u8]) -> Begins {
    for (bytes, kind) in BEGINNINGS {
        if start.starts_with(bytes) {
            return kind;
        }
    }
    let head: Vec<u8> = start
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf))
        .take(16)
        .map(u8::to_ascii_lowercase)
        .collect();
    let page = [&b"<html"[..], b"<!doctype", b"<?xml", b"<table", b"<meta"];
    match page.iter().any(|tag| head.starts_with(tag)) {
        true => Begins::Page,
        false => Begins::Text,
    }
}

fn words(begins: Begins) -> (&'static str, &'static str) {
    match begins {
        Begins::Zip => ("压缩包或工作簿", "a package or workbook"),
        Begins::Compound => ("旧版 Office 文件", "an old office file"),
        Begins::Page => ("网页或 XML", "a web page or XML"),
        Begins::Other(name) => (name, name),
        Begins::Text => ("文字", "text"),
    }
}

/// Whether the container holds an encrypted package: its directory names it, in UTF-16.
fn is_encrypted(path: &Path) -> Result<bool, Error> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    Ok(memchr::memmem::find(&bytes, &name).is_some())
}
