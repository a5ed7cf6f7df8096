//! The operator's pages, typed as they stand: a server is installed, a month run, backed up, broken, and restored to a moment.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The lines of a page that are to be typed.
fn typed(page: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join(page)).expect("the page can be read");
    let mut lines = String::new();
    let mut typing = false;
    for line in text.lines() {
        match line {
            "```sh" => typing = true,
            "```" => typing = false,
            line if typing => lines += &format!("{line}\n"),
            _ => {}
        }
    }
    assert!(!lines.is_empty(), "{page} has nothing to type");
    lines
}

/// Where the server's programs are; none where PostgreSQL is not installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let packaged = versions.flatten().map(|version| version.path().join("bin"));
    let path = std::env::split_paths(option_env!("PATH").unwrap_or("/usr/bin")).collect::<Vec<_>>();
    let mut all: Vec<PathBuf> = packaged.chain(path).collect();
    all.retain(|folder| {
        [
            "initdb",
            "pg_ctl",
            "pg_basebackup",
            "pg_verifybackup",
            "psql",
        ]
        .iter()
        .all(|program| folder.join(program).exists())
    });
    all.into_iter().next_back()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// A folder that whoever runs the server can reach, with the program in it.
fn place() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("renshe-operate")
        .tempdir_in("/tmp")
        .expect("a folder of its own");
    let program = folder.path().join("renshe");
    fs::copy(env!("CARGO_BIN_EXE_renshe"), &program).expect("the program can be copied");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it may be run");
    if is_root() {
        let owner = Command::new("chown")
            .args(["-R", "postgres"])
            .arg(folder.path())
            .status();
        assert!(owner.expect("chown runs").success());
    }
    folder
}

/// The shell types it, as somebody who may run a server.
fn shell(script: &str, folder: &Path, programs: &Path) -> Output {
    let path = format!(
        "{}:{}:/usr/bin:/bin:/usr/sbin:/sbin",
        folder.display(),
        programs.display()
    );
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    };
    command
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .env("HOME", folder)
        .output()
        .expect("a shell runs")
}

#[test]
fn what_the_pages_say_restores_the_city() {
    let Some(programs) = programs() else {
        eprintln!("skipped: no PostgreSQL server is installed here");
        return;
    };
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: no openssl is installed here, which makes the certificates");
        return;
    }
    let folder = place();
    let city = folder.path().join("city");
    // Below the ports the system gives to whoever calls out, beside those of the other tests.
    let port = 31_000 + std::process::id() % 1_700;
    let pages = typed("docs/operate/postgresql.md") + &typed("docs/operate/backup.md");
    let pages = pages
        .replace("CITY=/srv/renshe", &format!("CITY={}", city.display()))
        .replace("PGPORT=5433", &format!("PGPORT={port}"));
    let script = format!(
        "set -eu\ntrap 'pg_ctl stop --pgdata $CITY/data --mode immediate > /dev/null 2>&1' EXIT\n{pages}"
    );
    let done = shell(&script, folder.path(), &programs);
    let (out, err) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    let log = fs::read_to_string(city.join("server.log")).unwrap_or_default();
    assert!(done.status.success(), "{out}\n{err}\n{log}");
    // Before the disaster and after the restore.
    let verified = out.matches("everything follows from facts and law").count();
    assert_eq!(verified, 2, "{out}\n{err}");
    assert!(
        out.contains("crediting of 2025-06, run 2: computed"),
        "{out}"
    );
    assert!(log.contains("recovery stopping before"), "{log}");
    // Sums of each scheme, and what the person owes.
    let looked = fs::read_to_string(city.join("looked.txt")).unwrap_or_default();
    assert!(looked.starts_with("1|"), "{looked}");
    assert!(looked.contains("\n1204|"), "{looked}");
}
