//! XML that is read as it comes: no text or tag so long that holding it would be the harm.

use std::io::{self, Read};

/// A longer text or tag is neither a cell nor an element of a message.
pub(crate) const RUN_BYTES_MAX: usize = 1 << 20;

/// How far it is since the last `<` and the last `>`.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    since_open: usize,
    since_close: usize,
}

impl Runs {
    /// Whether the next bytes go on without a run that is too long.
    pub(crate) fn go_on(&mut self, fresh: &[u8]) -> bool {
        go_on(fresh, b'<', &mut self.since_open) && go_on(fresh, b'>', &mut self.since_close)
    }
}

/// Within a chunk no run can be too long, so only what crosses its ends is counted.
fn go_on(fresh: &[u8], sign: u8, since: &mut usize) -> bool {
    match memchr::memchr(sign, fresh) {
        None => *since += fresh.len(),
        Some(first) if RUN_BYTES_MAX < *since + first => return false,
        Some(first) => {
            let last = memchr::memrchr(sign, fresh).unwrap_or(first);
            *since = fresh.len() - last;
        }
    }
    *since <= RUN_BYTES_MAX
}

/// Reads on until a run is too long, which is an error of the kind `FileTooLarge`.
pub(crate) struct Bounded<R> {
    input: R,
    runs: Runs,
}

impl<R: Read> Bounded<R> {
    pub(crate) fn new(input: R) -> Bounded<R> {
        Bounded {
            input,
            runs: Runs::default(),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        match self.runs.go_on(&out[..read]) {
            true => Ok(read),
            false => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }
}
