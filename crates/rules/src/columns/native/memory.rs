//! Memory that code can be run from: written first, then made to run and no longer to be written. The one module of this crate that
//! speaks to the operating system, and only to say how its own memory may be used; see `docs/decisions/native-lanes.md`.
#![expect(
    unsafe_code,
    reason = "memory with other rights, and a call into it, are only to be had so; each use proves itself"
)]

use std::ffi::c_void;
use std::ptr::{self, NonNull};

/// Code that can be run; it is given back when dropped.
#[derive(Debug)]
pub(super) struct Code {
    at: NonNull<c_void>,
    length: usize,
}

// SAFETY: after `new` nobody writes to the memory, and it belongs to no thread.
unsafe impl Send for Code {}
// SAFETY: as above.
unsafe impl Sync for Code {}

/// What the code is: it reads pointers from `places`, works through so many rows, and says whether a column was out of range (not 0).
type Entry = unsafe extern "sysv64" fn(places: *const *const u8, rows: usize) -> u32;

impl Code {
    /// Code from these bytes; none where the system refuses memory that runs.
    pub(super) fn new(bytes: &[u8]) -> Option<Code> {
        let length = bytes.len();
        // SAFETY: new memory of no file, at no place anyone has.
        let at = unsafe {
            libc::mmap(
                ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            )
        };
        if at == libc::MAP_FAILED {
            return None;
        }
        // From here on dropping gives it back.
        let code = Code {
            at: NonNull::new(at)?,
            length,
        };
        // SAFETY: the memory is ours, writable and as long as the bytes, which lie elsewhere.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), at.cast(), length) };
        // SAFETY: it is all of what was mapped above; nothing refers into it.
        let allowed = unsafe { libc::mprotect(at, length, libc::PROT_READ | libc::PROT_EXEC) };
        (allowed == 0).then_some(code)
    }

    /// Runs the code.
    ///
    /// # Safety
    ///
    /// The bytes given are code of an [`Entry`] for this processor, and `places` and `rows` are what it was made for.
    pub(super) unsafe fn run(&self, places: &[*const u8], rows: usize) -> u32 {
        // SAFETY: the memory begins with such a function, says the caller.
        let entry: Entry = unsafe { std::mem::transmute(self.at.as_ptr()) };
        // SAFETY: its arguments are right, says the caller.
        unsafe { entry(places.as_ptr(), rows) }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: it is all of what was mapped, and nobody can run it any more.
        unsafe {
            libc::munmap(self.at.as_ptr(), self.length);
        }
    }
}
