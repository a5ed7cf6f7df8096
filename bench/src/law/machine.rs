//! The machine a table was made on.

use std::fs;
use std::process::Command;

/// What a reader must know of it, a fact a line.
pub(crate) fn facts() -> Vec<String> {
    let processor = first_of("/proc/cpuinfo", "model name")
        .unwrap_or_else(|| String::from("unknown processor"));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = first_of("/proc/meminfo", "MemTotal")
        .and_then(|kib| kib.split_whitespace().next()?.parse::<u64>().ok())
        .map_or_else(
            || String::from("unknown"),
            |kib| format!("{} GiB", kib >> 20),
        );
    vec![
        format!(
            "processor: {processor}, {cores} cores used at most 2, {}",
            widest()
        ),
        format!("memory: {memory}"),
        format!("system: {}", said("uname", &["-sr"])),
        format!("compiler: {}", said("rustc", &["--version"])),
        format!("python: {}", said("python3", &["--version"])),
    ]
}

/// The most memory this process ever held, KiB; `None` where the system does not tell.
pub(crate) fn peak_memory() -> Option<u64> {
    first_of("/proc/self/status", "VmHWM")?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

#[cfg(target_arch = "x86_64")]
fn widest() -> &'static str {
    if is_x86_feature_detected!("avx512dq") {
        "with AVX-512"
    } else if is_x86_feature_detected!("avx2") {
        "with AVX2"
    } else {
        "without AVX2"
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn widest() -> &'static str {
    std::env::consts::ARCH
}

/// The first value a file gives a name, as in `name : value`.
fn first_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let said = output.ok().filter(|output| output.status.success());
    said.map_or_else(
        || String::from("not found"),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_string(),
    )
}
