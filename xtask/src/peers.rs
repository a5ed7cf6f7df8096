//! The API before strangers' programs that look for faults in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::house::{City, House, cache};
use crate::workspace::root;
use crate::{Failure, Outcome, shell};

pub(crate) const HELP: &str = "\
Opens the doors of a small city's house and lets strangers' programs look for faults.

  cargo xtask peers api                     schemathesis, on every operation of the API
  cargo xtask peers registry --suite DIR    the scenarios for a social registry of the DCI compliance suite, a clone of
                                            https://github.com/OpenSPP/spdci-compliance

schemathesis needs Python 3 with venv and comes from PyPI; the suite needs Node.js with npm. Both go into a folder of
RENSHE_CACHE, or beside the build.
";

const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const PORT: u16 = 18_490;
/// Where the suite listens for answers.
const CALLED_BACK: u16 = 18_491;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["api", rest @ ..] => api(rest),
        ["registry", "--suite", suite] => registry(Path::new(suite)),
        _ => Err(Failure::Usage(HELP.into())),
    }
}

/// What comes after `api` is schemathesis's own.
fn api(rest: &[&str]) -> Outcome {
    let schemathesis = schemathesis()?;
    let city = City::made("peers-api", 2_000)?;
    let token = city.token("stranger", &["clerk"], "http://127.0.0.1:1/")?;
    let house = House::of(&city, PORT)?;
    let mut run = Command::new(schemathesis);
    run.current_dir(cache())
        .arg("--config-file")
        .arg(root().join("crates/web/schemathesis.toml"))
        .args(["run", &format!("{}/api/v1/openapi.json", house.base)])
        .args(["-H", &format!("Authorization: Bearer {token}")])
        .args(["-H", "Purpose: looking for faults"])
        .args(["--checks", "all", "--seed", "1"])
        .args(rest);
    shell::run(&mut run)?;
    Ok(String::from("peers: schemathesis found nothing"))
}

/// The program, installed the first time.
fn schemathesis() -> Result<PathBuf, Failure> {
    let folder = cache().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    if shell::version(&mut Command::new(&program)).is_none() {
        shell::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = Command::new(folder.join("bin/pip"));
        shell::run(pip.args(["install", "--quiet", SCHEMATHESIS]))?;
    }
    Ok(program)
}

fn registry(suite: &Path) -> Outcome {
    if !suite.join("cucumber.cjs").is_file() {
        let shown = suite.display();
        return Err(Failure::Broken(format!("{shown} is no clone of the suite")));
    }
    if !suite.join("node_modules").is_dir() {
        let mut npm = Command::new("npm");
        shell::run(
            npm.current_dir(suite)
                .args(["ci", "--silent", "--ignore-scripts"]),
        )?;
    }
    let back = format!("http://127.0.0.1:{CALLED_BACK}");
    let city = City::made("peers-registry", 2_000)?;
    let token = city.token("stranger", &["clerk"], &format!("{back}/"))?;
    let house = House::of(&city, PORT)?;
    let mut told = Command::new("npx");
    told.current_dir(suite)
        .args(["cucumber-js", "--tags", "@profile=sr-registry"])
        .env("DOMAIN", "social")
        .env("QUIET_LOGS", "1")
        .env("API_BASE_URL", format!("{}/", house.base))
        .env("AUTH_TOKEN", &token)
        .env("DCI_AUTH_TOKEN", &token)
        .env("DCI_SIGNATURE_VALIDATION_ENABLED", "true")
        .env("CALLBACK_SERVER_ENABLED", "true")
        .env("CALLBACK_SERVER_HOST", "127.0.0.1")
        .env("CALLBACK_SERVER_PORT", CALLED_BACK.to_string())
        .env("CALLBACK_SERVER_BASE_URL", &back)
        .env("CALLBACK_WAIT_MS", "20000")
        .stdin(Stdio::null());
    shell::run(&mut told)?;
    Ok(String::from(
        "peers: every scenario for a social registry passed",
    ))
}
