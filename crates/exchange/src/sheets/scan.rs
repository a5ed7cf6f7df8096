//! The bytes of one part as they are unpacked: are they as many as promised, and plain XML?
//!
//! Nothing is kept but a few bytes of overlap, and the unpacking stops at the first byte too many.

use crate::xml::Runs;
use std::io::{self, Read};

const CHUNK_BYTES: usize = 64 << 10;
/// Longer than what is looked for across the ends of chunks.
const OVERLAP_BYTES: usize = 64;

/// What is wrong with a part.
#[derive(Debug)]
pub(super) enum BadPart {
    Unreadable(io::Error),
    /// It unpacks to another size than the list says.
    Size,
    /// A document type, or an entity.
    DocumentType,
    /// Not UTF-8 by its declaration, or with NUL bytes, as UTF-16 has.
    Encoding,
    /// A text or tag without end.
    Endless,
}

/// What was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Ranges of merged cells, of the first few thousand.
    pub(super) merged: Vec<String>,
    /// How many tags begin.
    pub(super) tags: u64,
}

/// Reads a part through. `declared` is what the list promises; `xml` whether it should be XML.
pub(super) fn scan(mut part: impl Read, declared: u64, xml: bool) -> Result<Seen, BadPart> {
    let mut seen = Seen::default();
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK_BYTES + OVERLAP_BYTES);
    let (mut produced, mut begun) = (0_u64, false);
    let mut runs = Runs::default();
    loop {
        let kept = window.len().min(OVERLAP_BYTES);
        window.drain(..window.len() - kept);
        window.resize(kept + CHUNK_BYTES, 0);
        let read = part
            .read(&mut window[kept..])
            .map_err(BadPart::Unreadable)?;
        window.truncate(kept + read);
        produced += read as u64;
        if declared < produced {
            return Err(BadPart::Size);
        }
        if read == 0 {
            break;
        }
        if !xml {
            continue;
        }
        let fresh = &window[kept..];
        if memchr::memchr(0, fresh).is_some() {
            return Err(BadPart::Encoding);
        }
        if !begun {
            check_declaration(fresh)?;
            begun = true;
        }
        seen.tags += memchr::memchr_iter(b'<', fresh).count() as u64;
        if !runs.go_on(fresh) {
            return Err(BadPart::Endless);
        }
        check_markup(&window)?;
        merged(&window, &mut seen.merged);
    }
    match produced == declared {
        true => Ok(seen),
        false => Err(BadPart::Size),
    }
}

/// Only UTF-8, so that no other encoding hides what is looked for.
fn check_declaration(start: &[u8]) -> Result<(), BadPart> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    if !start.starts_with(b"<") && !start.iter().take(16).all(u8::is_ascii) {
        return Err(BadPart::Encoding);
    }
    let Some(declaration) = start
        .strip_prefix(b"<?xml")
        .and_then(|rest| Some(&rest[..memchr::memmem::find(rest, b"?>")?]))
    else {
        return Ok(());
    };
    let declaration = declaration.to_ascii_lowercase();
    let Some(at) = memchr::memmem::find(&declaration, b"encoding") else {
        return Ok(());
    };
    let value: Vec<u8> = declaration[at + 8..]
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .collect();
    let plain = [
        &b"\"utf-8\""[..],
        b"'utf-8'",
        b"\"utf8\"",
        b"\"us-ascii\"",
        b"'us-ascii'",
    ];
    match plain.iter().any(|name| value.starts_with(name)) {
        true => Ok(()),
        false => Err(BadPart::Encoding),
    }
}

/// After `<!` only a comment or character data may follow.
fn check_markup(window: &[u8]) -> Result<(), BadPart> {
    for at in memchr::memmem::find_iter(window, b"<!") {
        match window.get(at + 2) {
            None | Some(b'-' | b'[') => {}
            Some(_) => return Err(BadPart::DocumentType),
        }
    }
    Ok(())
}

/// Ranges of merged cells; those of the overlap may be met twice.
fn merged(window: &[u8], ranges: &mut Vec<String>) {
    const RANGES_MAX: usize = 4_096;
    for at in memchr::memmem::find_iter(window, b"mergeCell ") {
        let rest = &window[at..window.len().min(at + OVERLAP_BYTES)];
        let range = std::str::from_utf8(rest).ok().and_then(|text| {
            let (_, text) = text.split_once("ref=\"")?;
            text.split_once('"').map(|(range, _)| range.to_owned())
        });
        if let Some(range) = range
            && ranges.len() < RANGES_MAX
            && ranges.last() != Some(&range)
        {
            ranges.push(range);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::RUN_BYTES_MAX;

    fn check(text: &[u8]) -> Result<Seen, BadPart> {
        scan(text, text.len() as u64, true)
    }

    #[test]
    fn document_types_are_found_wherever_they_stand() {
        for padding in (0..70).map(|more| CHUNK_BYTES - 35 + more) {
            let text = format!(
                "<a>{}<!DOCTYPE a>",
                "<b/>x".repeat(padding / 5) + &" ".repeat(padding % 5)
            );
            assert!(
                matches!(check(text.as_bytes()), Err(BadPart::DocumentType)),
                "{padding}"
            );
        }
        assert!(check(b"<a><!-- no --><![CDATA[x]]></a>").is_ok());
    }

    #[test]
    fn merged_ranges_are_found_across_chunks() {
        for padding in (0..70).map(|more| CHUNK_BYTES - 60 + more) {
            let text = format!(
                "{}<mergeCell ref=\"A1:C1\"/></a>",
                "<b/>".repeat(padding / 4) + &" ".repeat(padding % 4)
            );
            assert_eq!(
                check(text.as_bytes()).unwrap().merged,
                ["A1:C1"],
                "{padding}"
            );
        }
    }

    #[test]
    fn what_is_no_plain_xml_is_refused() {
        assert!(matches!(
            check(b"<?xml version='1.0' encoding='UTF-16'?><a/>"),
            Err(BadPart::Encoding)
        ));
        assert!(matches!(check(b"\xff\xfe<\0a\0"), Err(BadPart::Encoding)));
        assert!(matches!(check(b"<\0a\0"), Err(BadPart::Encoding)));
        assert!(
            check(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><a/>").is_ok()
        );
        let long = format!("<a>{}</a>", "x".repeat(RUN_BYTES_MAX + CHUNK_BYTES));
        assert!(matches!(check(long.as_bytes()), Err(BadPart::Endless)));
        assert!(matches!(scan(&b"<a/>"[..], 3, true), Err(BadPart::Size)));
        assert!(matches!(scan(&b"<a/>"[..], 5, true), Err(BadPart::Size)));
    }
}
