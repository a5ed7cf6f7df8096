//! Files that browsers send: the parts of a `multipart/form-data` body that is there already, in memory and within its limit.

use axum::http::{HeaderMap, header};

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'b> {
    /// The field's name.
    pub name: &'b str,
    /// What the file is called, without the folders before it; empty for a field without a file.
    pub file: &'b str,
    /// What it holds.
    pub bytes: &'b [u8],
}

/// So many parts a form has at most.
const PARTS_MAX: usize = 32;

/// The parts of a body; `None` when it is not what its head says.
#[must_use]
pub fn parts<'b>(headers: &HeaderMap, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (media, rest) = kind.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        (key.eq_ignore_ascii_case("boundary")).then(|| value.trim_matches('"'))
    })?;
    if boundary.is_empty() || 70 < boundary.len() {
        return None;
    }
    let line = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(line.as_bytes())?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, between.as_bytes())?;
        if parts.len() == PARTS_MAX {
            return None;
        }
        parts.push(part(&rest[..end])?);
        rest = &rest[end + between.len()..];
    }
}

fn part(text: &[u8]) -> Option<Part<'_>> {
    let end = find(text, b"\r\n\r\n")?;
    let (head, bytes) = (std::str::from_utf8(&text[..end]).ok()?, &text[end + 4..]);
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, said) = lines.find(|(key, _)| key.eq_ignore_ascii_case("content-disposition"))?;
    let value = |wanted: &str| {
        let (_, after) = said.split_once(&format!("; {wanted}=\""))?;
        after.split('"').next()
    };
    let file = value("filename").unwrap_or_default();
    Some(Part {
        name: value("name")?,
        file: file.rsplit(['/', '\\']).next().unwrap_or_default(),
        bytes,
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + at;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(kind: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers
    }

    #[test]
    fn a_file_comes_out_as_it_went_in() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"month\"\r\n\r\n2025-06\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\a\\..\\june.csv\"\r\nContent-Type: text/csv\r\n\r\n\
            a\r\n--y\r\n\r\n\x00\xff\r\n--x--\r\n";
        let found = parts(&headers("multipart/form-data; boundary=x"), body).unwrap_or_default();
        assert_eq!(
            (found[0].name, found[0].file, found[0].bytes),
            ("month", "", &b"2025-06"[..])
        );
        assert_eq!((found[1].name, found[1].file), ("file", "june.csv"));
        assert_eq!(found[1].bytes, b"a\r\n--y\r\n\r\n\x00\xff");
    }

    #[test]
    fn what_is_cut_short_or_nonsense_is_nothing() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb";
        for kind in [
            "multipart/form-data; boundary=x",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=",
        ] {
            assert_eq!(parts(&headers(kind), body), None, "{kind}");
        }
        assert_eq!(
            parts(&headers("multipart/form-data; boundary=x"), b""),
            None
        );
    }
}
