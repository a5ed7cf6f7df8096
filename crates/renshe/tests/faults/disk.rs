//! The disk full while the program works: of the file, and of the server.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{TheLaw, command, run};
use crate::place::Place;
use crate::steps::{Step, Undisturbed};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::testing::given_to_server;

/// A small disk in memory.
struct Disk(PathBuf);

impl Disk {
    /// `None` where it cannot be mounted, which is said.
    fn mount(folder: &Path) -> Option<Disk> {
        std::fs::create_dir_all(folder).unwrap();
        if done(
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", "size=256m", "tmpfs"])
                .arg(folder),
        ) {
            Some(Disk(folder.to_owned()))
        } else {
            eprintln!("skipped: a small disk can be mounted by the superuser only");
            None
        }
    }

    /// From now on it has room for so many bytes beside what is on it.
    fn room(&self, bytes: u64) {
        let told = Command::new("df")
            .args(["--output=used", "-B1"])
            .arg(&self.0)
            .output()
            .unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let used: u64 = told.lines().nth(1).unwrap().trim().parse().unwrap();
        let size = format!("remount,size={}", used + bytes);
        assert!(done(Command::new("mount").args(["-o", &size]).arg(&self.0)));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        done(Command::new("umount").arg("--lazy").arg(&self.0));
    }
}

pub(crate) fn done(command: &mut Command) -> bool {
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}

/// More than any step of so small a city takes.
const PLENTY: u64 = 128 << 20;

/// A step on a disk with little room: it ends well, or with the error that says so, and goes on when there is room.
fn squeezed(undisturbed: &Undisturbed, disk: &Disk, room: u64, step: Step, name: &str) -> bool {
    disk.room(room);
    let (code, told) = run(&step.asked(&undisturbed.place.address(name)));
    disk.room(PLENTY);
    assert!(code == 0 || told.contains("S0106"), "{step:?}: {told}");
    undisturbed.again(step, name);
    undisturbed.same(step, name);
    code != 0
}

#[test]
fn full_under_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("full")) else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(Place::Sqlite(folder), &TheLaw::read());
    let mut chance = Chance::new(soak.seed);
    let mut met = 0;
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "full/struck");
        let most = 1 << (12 + chance.below(10));
        let room = chance.below(most);
        met += u64::from(squeezed(&undisturbed, &disk, room, *step, "full/struck"));
    }
    tell(soak, "SQLite: disk full", met);
}

#[test]
fn full_under_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("full")) else {
        return;
    };
    let Some(place) = Place::postgres() else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(place, &TheLaw::read());
    let server = undisturbed.place.server();
    for folder in [folder.path(), &disk.0] {
        given_to_server(folder).unwrap();
    }
    let small = format!("create tablespace small location '{}'", disk.0.display());
    server.command(&small).unwrap();
    let mut chance = Chance::new(soak.seed);
    let mut met = 0;
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        disk.room(PLENTY);
        server
            .command("drop database if exists struck with (force)")
            .unwrap();
        let copy = format!(
            "create database struck template {} tablespace small",
            step.before()
        );
        server.command(&copy).unwrap();
        let most = 1 << (12 + chance.below(9));
        let room = chance.below(most);
        met += u64::from(squeezed(&undisturbed, &disk, room, *step, "struck"));
    }
    tell(soak, "PostgreSQL: disk of the tables full", met);
}

/// A file may not grow beyond a limit: as under a quota, and without being the superuser.
#[test]
fn no_more_than_so_much_under_sqlite() {
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(Place::sqlite(), &TheLaw::read());
    let mut chance = Chance::new(soak.seed);
    let mut met = 0;
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "struck");
        let program = command(&step.asked(&undisturbed.place.address("struck")));
        let blocks = chance.below(1_000).to_string();
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", &blocks]);
        limited.arg(program.get_program()).args(program.get_args());
        let ended = limited.output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(
            ended.status.success() || told.contains("S0106"),
            "{step:?}: {told}"
        );
        met += u64::from(!ended.status.success());
        undisturbed.again(*step, "struck");
        undisturbed.same(*step, "struck");
    }
    tell(soak, "SQLite: files limited", met);
}

fn tell(soak: Soak, fault: &str, met: u64) {
    soak.tell(
        fault,
        &format!(
            "{met} times it was said, the other times there was room; as undisturbed, verify clean"
        ),
    );
    assert!(0 < met, "the disk was never full");
}
