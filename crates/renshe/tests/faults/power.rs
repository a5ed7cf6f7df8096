//! The power cut while the program works: what did not reach the drive is gone.
//!
//! The database lies on a drive of its own, an image that is mounted. A cut is the file system told to stop at once, without
//! writing down what it holds in memory, as its tests do; afterwards it is mounted again, which recovers it as after any crash.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{TheLaw, command};
use crate::disk::done;
use crate::place::Place;
use crate::steps::{Step, Undisturbed, may_be_said};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use store::testing::{OwnServer, given_to_server, kill_family};

/// A drive that may lose its power.
struct Drive {
    image: PathBuf,
    at: PathBuf,
}

impl Drive {
    /// `None` where none can be mounted, which is said.
    fn plug_in(folder: &Path) -> Option<Drive> {
        let drive = Drive {
            image: folder.join("image"),
            at: folder.join("drive"),
        };
        std::fs::create_dir_all(&drive.at).unwrap();
        let room = std::fs::File::create(&drive.image).and_then(|file| file.set_len(2 << 30));
        room.unwrap();
        if done(Command::new("mkfs.ext4").arg("-q").arg(&drive.image)) && drive.mount() {
            Some(drive)
        } else {
            eprintln!("skipped: a drive can be mounted by the superuser only");
            None
        }
    }

    fn mount(&self) -> bool {
        done(
            Command::new("mount")
                .args(["-o", "loop"])
                .args([&self.image, &self.at]),
        )
    }

    /// What is on it by now is to stay.
    fn settle(&self) {
        assert!(done(
            Command::new("sync").arg("--file-system").arg(&self.at)
        ));
    }

    /// From now on nothing reaches it: EXT4_IOC_SHUTDOWN, without its journal being written.
    fn cut(&self) {
        let told = "open my $drive, '<', shift or die; my $how = pack 'L', 2; ioctl $drive, 0x8004587d, $how or die";
        assert!(done(Command::new("perl").args(["-e", told]).arg(&self.at)));
    }

    /// Power is back; whoever still has files there must be gone, or about to go.
    fn back(&self) {
        let begun = Instant::now();
        while !done(Command::new("umount").arg(&self.at)) {
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(60), "{:?} stay", self.users());
            sleep(Duration::from_millis(5));
        }
        assert!(self.mount());
    }

    /// The processes that have files there open, or stand in a folder there.
    fn users(&self) -> Vec<String> {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        processes
            .map(|process| process.path())
            .filter(|process| {
                let files = std::fs::read_dir(process.join("fd")).into_iter().flatten();
                let open = files.flatten().map(|file| file.path());
                open.chain([process.join("cwd")])
                    .filter_map(|file| std::fs::read_link(file).ok())
                    .any(|file| file.starts_with(&self.at))
            })
            .map(|process| std::fs::read_to_string(process.join("cmdline")).unwrap_or_default())
            .collect()
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        done(Command::new("umount").arg("--lazy").arg(&self.at));
    }
}

/// What was found.
#[derive(Default)]
struct Found {
    /// It had told that it was done before the power went.
    told: u64,
    /// Its work was cut off.
    cut: u64,
}

impl Found {
    /// After the cut: what had been told to be done is done, everything else can be done again.
    fn take(&mut self, undisturbed: &Undisturbed, step: Step, name: &str, told: bool) {
        if told {
            self.told += 1;
        } else {
            self.cut += 1;
            undisturbed.again(step, name);
        }
        undisturbed.same(step, name);
    }

    fn tell(&self, soak: Soak, fault: &str) {
        let Found { told, cut } = self;
        soak.tell(
            fault,
            &format!("{cut} times at work, {told} times told to be done, which it was; as undisturbed, verify clean"),
        );
        assert!(0 < *cut, "it was never at work");
    }
}

/// Begins a step and waits for a while; whether it told meanwhile that it was done.
fn begun(undisturbed: &Undisturbed, step: Step, name: &str, chance: &mut Chance) -> (Child, bool) {
    let (_, took) = undisturbed.left(step);
    let mut program = command(&step.asked(&undisturbed.place.address(name)));
    program.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    sleep(chance.between(took / 10, took + took / 4));
    let told = child
        .try_wait()
        .unwrap()
        .is_some_and(|ended| ended.success());
    (child, told)
}

/// The program meets a drive that is gone: it ends well, having needed it no more, or says what it met. That the drive fails is
/// S0125; what SQLite makes of the little it still reads is S0112 at times.
fn ended(child: Child, step: Step) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let of_the_drive = ["S0125", "S0112"].iter().any(|code| said.contains(code));
    assert!(
        output.status.success() || may_be_said(&said) || of_the_drive,
        "{step:?}: {said}"
    );
}

#[test]
fn power_cut_under_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let Some(drive) = Drive::plug_in(folder.path()) else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(Place::Sqlite(folder), &TheLaw::read());
    let (mut chance, mut found) = (Chance::new(soak.seed), Found::default());
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "drive/struck");
        drive.settle();
        let (child, told) = begun(&undisturbed, *step, "drive/struck", &mut chance);
        drive.cut();
        ended(child, *step);
        drive.back();
        found.take(&undisturbed, *step, "drive/struck", told);
    }
    found.tell(soak, "SQLite: power cut");
}

#[test]
fn power_cut_under_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let Some(drive) = Drive::plug_in(folder.path()) else {
        return;
    };
    for folder in [folder.path(), &drive.at] {
        given_to_server(folder).unwrap();
    }
    let data = tempfile::tempdir_in(&drive.at).unwrap();
    let server = match OwnServer::start_in(data, "-c shared_buffers=64MB -c max_connections=80") {
        Ok(server) => server,
        Err(why) => {
            eprintln!("skipped: no PostgreSQL server can be started here: {why}");
            return;
        }
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(Place::Postgres(server), &TheLaw::read());
    let (mut chance, mut found) = (Chance::new(soak.seed), Found::default());
    // The server's own files were made without waiting for the drive.
    drive.settle();
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "struck");
        let server = undisturbed.place.server();
        let postmaster = server.postmaster().unwrap();
        let (child, told) = begun(&undisturbed, *step, "struck", &mut chance);
        drive.cut();
        kill_family(postmaster);
        ended(child, *step);
        drive.back();
        server.restart().unwrap();
        found.take(&undisturbed, *step, "struck", told);
    }
    found.tell(soak, "PostgreSQL: power cut");
}
