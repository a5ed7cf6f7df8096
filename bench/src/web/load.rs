//! Loads, as strangers' programs put them.

use super::Options;
use super::asked::{Asked, How};
use super::tools::Tools;
use crate::Failure;
use serde_json::Value;
use std::process::Command;

/// What a load measured. Times are from when a request was due, or sent where there is no pace, to the whole answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Requests.
    pub(crate) requests: u64,
    /// Of them not answered well.
    pub(crate) failed: u64,
    /// A second.
    pub(crate) pace: f64,
    /// Microseconds: half, 95 and 99 of a hundred were answered within.
    pub(crate) within: [f64; 3],
}

/// Puts a load on an address.
pub(crate) fn measured(
    tools: &Tools,
    address: &str,
    load: &Asked,
    options: &Options,
) -> Result<Measured, Failure> {
    match &load.how {
        How::Writes(script) => by_wrk(tools, address, script, options),
        How::Page(_) | How::Pages(_) | How::Bodies(..) => {
            let asked = |seconds| by_oha(tools, address, load, (options.pace, seconds));
            asked(WARM)?;
            asked(options.seconds)
        }
    }
}

/// For so many seconds a load is put on before it counts, so that nobody pays for connections that are not there yet.
const WARM: u32 = 2;

fn by_oha(
    tools: &Tools,
    address: &str,
    load: &Asked,
    (pace, seconds): (u32, u32),
) -> Result<Measured, Failure> {
    let mut oha = Command::new(&tools.oha);
    oha.args([
        "--no-tui",
        "--output-format",
        "json",
        "--latency-correction",
    ])
    .args(["-q", &pace.to_string(), "-c", "32"])
    .args(["-z", &format!("{seconds}s")]);
    for (name, value) in &load.headers {
        oha.arg("-H").arg(format!("{name}: {value}"));
    }
    match &load.how {
        How::Page(path) => oha.arg(format!("http://{address}{path}")),
        How::Pages(pattern) => {
            // oha takes a dot as itself, not as any sign.
            oha.arg("--rand-regex-url")
                .arg(format!("http://{address}{pattern}"))
        }
        How::Bodies(path, file) => oha
            .args(["-m", "POST", "-Z"])
            .arg(file)
            .arg(format!("http://{address}{path}")),
        How::Writes(_) => unreachable!("wrk sends these"),
    };
    let told = output(&mut oha)?;
    let measured = read_oha(&told);
    let measured = measured.ok_or_else(|| Failure(format!("oha told something else:\n{told}")))?;
    if measured.failed > 0 {
        eprintln!("not all answered well: {}", answers(&told));
    }
    Ok(measured)
}

/// How it was answered, where that was not always well.
fn answers(told: &str) -> String {
    let told: Value = serde_json::from_str(told).unwrap_or_default();
    format!(
        "{} {}",
        told["statusCodeDistribution"], told["errorDistribution"]
    )
}

fn read_oha(told: &str) -> Option<Measured> {
    let told: Value = serde_json::from_str(told).ok()?;
    let percentile = |name: &str| {
        let seconds = told.get("latencyPercentiles")?.get(name)?.as_f64()?;
        Some(seconds * 1e6)
    };
    let statuses = told.get("statusCodeDistribution")?.as_object()?;
    let count = |well: bool| -> u64 {
        let some = statuses
            .iter()
            .filter(|(status, _)| status.starts_with('2') == well);
        some.filter_map(|(_, count)| count.as_u64()).sum()
    };
    let errors = told.get("errorDistribution")?.as_object()?.iter();
    // Those under way when the time is over are no fault.
    let errors = errors.filter(|(why, _)| !why.contains("deadline"));
    let broken: u64 = errors.filter_map(|(_, count)| count.as_u64()).sum();
    let failed = count(false) + broken;
    Some(Measured {
        requests: count(true) + failed,
        failed,
        pace: told.get("summary")?.get("requestsPerSec")?.as_f64()?,
        within: [percentile("p50")?, percentile("p95")?, percentile("p99")?],
    })
}

fn by_wrk(
    tools: &Tools,
    address: &str,
    script: &std::path::Path,
    options: &Options,
) -> Result<Measured, Failure> {
    let mut wrk = Command::new(&tools.wrk);
    wrk.args(["-t2", "-c2", &format!("-d{}s", options.seconds), "-s"])
        .arg(script)
        .arg(format!("http://{address}/"));
    let told = output(&mut wrk)?;
    read_wrk(&told).ok_or_else(|| Failure(format!("wrk told something else:\n{told}")))
}

fn read_wrk(told: &str) -> Option<Measured> {
    let line = told.lines().find_map(|line| line.strip_prefix("told "))?;
    let numbers: Vec<u32> = line
        .split(' ')
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let [requests, failed, p50, p95, p99, microseconds] = numbers.try_into().ok()?;
    Some(Measured {
        requests: requests.into(),
        failed: failed.into(),
        pace: f64::from(requests) * 1e6 / f64::from(microseconds.max(1)),
        within: [p50, p95, p99].map(f64::from),
    })
}

fn output(command: &mut Command) -> Result<String, Failure> {
    let name = command.get_program().display().to_string();
    let done = command
        .output()
        .map_err(|error| Failure(format!("{name}: {error}")))?;
    let why = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.success() {
        // Such as an answer that was not well.
        eprint!("{why}");
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        Err(Failure(format!("{name}: {}\n{why}", done.status)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_programs_tell_is_read() {
        let told = r#"{"summary":{"requestsPerSec":499.5},"latencyPercentiles":{"p50":0.001,"p95":0.002,"p99":0.003},
            "statusCodeDistribution":{"200":990,"500":4},"errorDistribution":{"aborted due to deadline":6,"closed":2}}"#;
        let read = read_oha(told).unwrap();
        assert_eq!((read.requests, read.failed), (996, 6));
        assert!((read.within[2] - 3_000.0).abs() < 0.001);
        let read = read_wrk("Running\ntold 100 1 900 1500 2500 2000000\n").unwrap();
        assert_eq!((read.requests, read.failed), (100, 1));
        assert!((read.pace - 50.0).abs() < 0.001 && (read.within[1] - 1_500.0).abs() < 0.001);
        assert!(read_wrk("unable to connect").is_none());
    }
}
