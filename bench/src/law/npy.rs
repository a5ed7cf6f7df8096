//! Columns as `.npy` files, NumPy's own plain format: a header, then the numbers as they lie in memory.

use crate::Failure;
use rules::columns::Values;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a column.
pub(crate) fn save(path: &Path, values: Values<'_>) -> Result<(), Failure> {
    let written = match values {
        Values::I64(values) => write(path, "<i8", values, i64::to_le_bytes),
        Values::I32(values) => write(path, "<i4", values, i32::to_le_bytes),
        Values::U8(values) => write(path, "|u1", values, |value| [value]),
        Values::Text(_) => unreachable!("no column of the bench is a text"),
    };
    written.map_err(|error| Failure::of("cannot write", path, &error))
}

/// Reads a column of 64-bit integers.
pub(crate) fn load(path: &Path) -> Result<Vec<i64>, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::of("cannot read", path, &error))?;
    let Some((header, numbers)) = parts(&bytes) else {
        return Err(Failure(format!("{} is not a .npy file", path.display())));
    };
    if !header.contains("'<i8'") {
        return Err(Failure(format!(
            "{} does not hold 64-bit integers: {header}",
            path.display()
        )));
    }
    let (eights, _) = numbers.as_chunks::<8>();
    Ok(eights
        .iter()
        .map(|eight| i64::from_le_bytes(*eight))
        .collect())
}

fn parts(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(b"\x93NUMPY\x01\x00")?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (header, numbers) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
    Some((std::str::from_utf8(header).ok()?, numbers))
}

fn write<T: Copy, const BYTES: usize>(
    path: &Path,
    kind: &str,
    values: &[T],
    bytes: impl Fn(T) -> [u8; BYTES],
) -> std::io::Result<()> {
    let mut header = format!(
        "{{'descr': '{kind}', 'fortran_order': False, 'shape': ({},), }}",
        values.len()
    );
    // The numbers begin at a multiple of 64 bytes; the header ends with a line feed.
    let before = 10 + header.len() + 1;
    header.push_str(&" ".repeat(before.next_multiple_of(64) - before));
    header.push('\n');
    let length = u16::try_from(header.len()).expect("the header is short");
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for &value in values {
        file.write_all(&bytes(value))?;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded_again() {
        let path = std::env::temp_dir().join(format!("renshe-bench-{}.npy", std::process::id()));
        let values = [0, -1, i64::MAX, 42];
        save(&path, Values::I64(&values)).unwrap();
        let loaded = load(&path).unwrap();
        save(&path, Values::U8(&[1])).unwrap();
        let refused = load(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!(loaded, values);
        assert!(refused.is_err(), "bytes were taken for 64-bit integers");
    }
}
