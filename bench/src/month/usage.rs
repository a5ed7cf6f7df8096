//! Time and memory of other processes, as Linux tells them.

use crate::law::timed;
use std::fs;
use std::process::{Command, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

/// What something took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    /// On the clock, milliseconds.
    pub(crate) clock: u64,
    /// Of processors, the program's and the server's, milliseconds.
    pub(crate) processor: u64,
}

impl std::ops::AddAssign for Took {
    fn add_assign(&mut self, other: Took) {
        self.clock += other.clock;
        self.processor += other.processor;
    }
}

/// Does something and tells what it took, the server's work included.
pub(crate) fn took<T>(postmaster: Option<u32>, work: impl FnOnce() -> T) -> (Took, T) {
    let spent = || own() + postmaster.map_or(0, server);
    let before = spent();
    let (nanoseconds, done) = timed(work);
    let took = Took {
        clock: nanoseconds / 1_000_000,
        processor: spent().saturating_sub(before),
    };
    (took, done)
}

/// Runs a program to its end; the most memory it held, KiB, and what it printed.
pub(crate) fn watched(command: &mut Command) -> std::io::Result<(u64, ExitStatus, String)> {
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        let held = fs::read_to_string(&status).unwrap_or_default();
        let line = held.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        sleep(Duration::from_millis(5));
    };
    let mut printed = String::new();
    if let Some(mut out) = child.stdout.take() {
        std::io::Read::read_to_string(&mut out, &mut printed)?;
    }
    Ok((peak, ended, printed))
}

/// Processor time of this process and of those it started that have ended, milliseconds.
fn own() -> u64 {
    spent("/proc/self/stat", 11..15)
}

/// Processor time of a server: of its processes that have ended, and of those that live.
fn server(postmaster: u32) -> u64 {
    let mut all = spent(&format!("/proc/{postmaster}/stat"), 11..15);
    let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"));
    for child in children.unwrap_or_default().split_whitespace() {
        all += spent(&format!("/proc/{child}/stat"), 11..13);
    }
    all
}

/// The sum of some fields of a `stat`, which count hundredths of a second, as milliseconds.
fn spent(path: &str, fields: std::ops::Range<usize>) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    // The name, in brackets, may hold anything.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let fields: Vec<u64> = after
        .split_whitespace()
        .skip(fields.start)
        .take(fields.len())
        .filter_map(|field| field.parse().ok())
        .collect();
    fields.iter().sum::<u64>() * 10
}
