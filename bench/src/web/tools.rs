//! The programs that ask.

use crate::Failure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where they are.
pub(crate) struct Tools {
    pub(crate) oha: PathBuf,
    pub(crate) wrk: PathBuf,
}

/// The version that is installed; it is built from source.
const OHA: &str = "1.16.0";

impl Tools {
    /// Those that are there, else brought: oha by cargo into a folder of ours, wrk by Debian's packages.
    pub(crate) fn found(folder: &Path) -> Result<Tools, Failure> {
        let oha = folder.join("bin/oha");
        if !runs(&oha) {
            eprintln!("oha {OHA} is built, once");
            let mut install = Command::new("cargo");
            install.args([
                "install",
                "--locked",
                "--quiet",
                "oha",
                "--version",
                OHA,
                "--root",
            ]);
            // Neither TLS nor HTTP/3 is asked for.
            install
                .arg(folder)
                .args(["--no-default-features", "--features", "rustls"]);
            if !install.status().is_ok_and(|status| status.success()) {
                return Err(Failure(format!(
                    "`cargo install oha --version {OHA}` failed"
                )));
            }
        }
        let wrk = PathBuf::from("wrk");
        if !runs(&wrk) {
            let mut install = Command::new("apt-get");
            let _ = install
                .args(["install", "-y", "-q", "wrk"])
                .stdout(Stdio::null())
                .status();
            if !runs(&wrk) {
                return Err(Failure("wrk is missing; `apt-get install wrk`".into()));
            }
        }
        Ok(Tools { oha, wrk })
    }
}

/// Whether it can be started at all; wrk ends with 1 whatever it is asked.
fn runs(program: &Path) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok()
}
