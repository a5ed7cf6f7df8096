//! The database server killed with SIGKILL while the program works.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{TheLaw, command};
use crate::place::Place;
use crate::steps::{Step, Undisturbed, may_be_said};
use std::process::Stdio;
use std::thread::sleep;
use store::testing::{OwnServer, signal};
use store::{Db, params};

/// The first process of the server is killed and started again; or one of those that serve the program,
/// after which the server restarts the rest by itself.
#[test]
fn server_killed() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(place, &TheLaw::read());
    let server = undisturbed.place.server();
    let mut chance = Chance::new(soak.seed);
    let (mut whole, mut one, mut unscathed, mut asked) = (0, 0, 0, 0);
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "struck");
        let (_, took) = undisturbed.left(*step);
        let mut program = command(&step.asked(&undisturbed.place.address("struck")));
        let child = program
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        sleep(chance.between(took / 10, took));
        let whole_server = chance.below(2) == 0;
        if whole_server || !kill_one(server, &mut chance) {
            server.kill();
        }
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            unscathed += 1;
        } else {
            assert!(may_be_said(&told), "{step:?}: {told}");
        }
        if whole_server {
            whole += 1;
        } else {
            one += 1;
        }
        server.restart().unwrap();
        asked += undisturbed.again(*step, "struck");
        undisturbed.same(*step, "struck");
    }
    soak.tell(
        "PostgreSQL: server killed",
        &format!(
            "{whole} times whole, {one} times one of its processes; the program came through by itself {unscathed} times, \
             was asked {asked} times more; as undisturbed, verify clean"
        ),
    );
}

/// Kills one of the processes that serve the program; false when there is none.
fn kill_one(server: &OwnServer, chance: &mut Chance) -> bool {
    let Ok(db) = Db::open(&server.address("postgres").parse().unwrap()) else {
        return false;
    };
    let serving = "select pid from pg_stat_activity where datname = 'struck' and backend_type = 'client backend' order by pid";
    let serving: Vec<i32> = db
        .read(|tx| tx.list(serving, params![], |row| row.get::<i32>(0)))
        .unwrap_or_default();
    let count = serving.len() as u64;
    let Some(process) = serving.get(usize::try_from(chance.below(count)).unwrap()) else {
        return false;
    };
    signal(u32::try_from(*process).unwrap(), "-KILL");
    true
}
