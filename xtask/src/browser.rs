//! The doors in a real browser: stories in `crates/web/browser` against a demo's city.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::house::{House, cache, program};
use crate::workspace::root;
use crate::{Failure, Outcome, shell};

pub(crate) const HELP: &str = "\
Starts `renshe serve --demo` and tells the stories of crates/web/browser in Chromium: a person sees a month and why, the
law is tried, somebody comes in by the keyboard alone, by a passkey, and by the word of an identity provider (oidc-provider,
beside a second service that is set so), a slow phone paints in time, and axe reads every page of the table of routes in both
languages, light and dark, small and large.

  cargo xtask browser
  cargo xtask browser --only axe_finds_nothing_on_any_page
  cargo xtask browser --only pictures_are_taken --pictures docs/pictures

It needs Node.js with npm, and Chromium, which it installs where apt-get may; playwright-core, axe-core and oidc-provider come
from npm into a folder of RENSHE_CACHE, or beside the build.
";

/// The libraries, as npm knows them; nothing of them is kept in the repository.
const LIBRARIES: [&str; 3] = [
    "playwright-core@1.65.1",
    "axe-core@4.14.1",
    "oidc-provider@9.13.3",
];
const PORT: u16 = 18_480;

/// Where the browser and its libraries are.
struct Means {
    chromium: PathBuf,
    modules: PathBuf,
}

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let means = means().map_err(Failure::Broken)?;
    tell(&means, arguments)?;
    Ok(String::from("browser: every story was told"))
}

/// What is needed, brought where it may be; else what is missing.
fn means() -> Result<Means, String> {
    for program in ["node", "npm"] {
        if shell::version(&mut Command::new(program)).is_none() {
            return Err(format!("{program} is missing; install Node.js 20 or newer"));
        }
    }
    let chromium = match chromium() {
        Some(found) => found,
        None => {
            let mut install = Command::new("apt-get");
            install.args(["install", "-y", "-q", "chromium", "fonts-noto-cjk"]);
            let _ = install.stdout(Stdio::null()).stderr(Stdio::null()).status();
            chromium().ok_or(
                "Chromium is missing and could not be installed; `apt-get install chromium fonts-noto-cjk`",
            )?
        }
    };
    let modules = libraries()?;
    Ok(Means { chromium, modules })
}

fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.iter().find_map(|name| {
        let output = Command::new("which").arg(name).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(path.trim()))
    })
}

/// The folder of the libraries, filled the first time.
fn libraries() -> Result<PathBuf, String> {
    let folder = cache().join("browser");
    let modules = folder.join("node_modules");
    let there = |library: &str| {
        let (name, version) = library.split_once('@').unwrap_or((library, ""));
        let package = fs::read_to_string(modules.join(name).join("package.json"));
        package.is_ok_and(|package| package.contains(&format!("\"version\": \"{version}\"")))
    };
    if LIBRARIES.into_iter().all(there) {
        return Ok(modules);
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.current_dir(&folder)
        .args([
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            ".",
        ])
        .args(LIBRARIES);
    shell::run(&mut npm).map_err(|_| format!("npm could not bring {}", LIBRARIES.join(", ")))?;
    Ok(modules)
}

fn tell(means: &Means, arguments: &[String]) -> Result<(), Failure> {
    let house = House::of_a_demo(PORT)?;
    let mut stories = Command::new("node");
    stories
        .arg(root().join("crates/web/browser/run.mjs"))
        .args(["--base", &house.base, "--modules"])
        .arg(&means.modules)
        .arg("--chromium")
        .arg(&means.chromium)
        .arg("--program")
        .arg(program()?)
        .args(arguments);
    shell::run(&mut stories)
}
