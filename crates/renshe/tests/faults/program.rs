//! The program killed with SIGKILL while it works.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{TheLaw, command};
use crate::place::Place;
use crate::steps::{Step, Undisturbed};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

#[test]
fn killed_on_sqlite() {
    killed(Place::sqlite());
}

#[test]
fn killed_on_postgresql() {
    if let Some(place) = Place::postgres() {
        killed(place);
    }
}

/// Each step is killed at a moment of chance, now and then a second time while it goes on, and then done to its end.
fn killed(place: Place) {
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(place, &TheLaw::read());
    let name = undisturbed.place.name();
    for step in Step::ALL {
        let mut chance = Chance::new(soak.seed ^ step as u64);
        let (_, took) = undisturbed.left(step);
        let (mut struck, mut late) = (0, 0);
        for _ in 0..soak.times {
            undisturbed.place.copy(step.before(), "struck");
            for _ in 0..=chance.below(2) {
                let after = chance.between(Duration::from_millis(2), took + took / 10);
                if kill(&undisturbed, step, after) {
                    struck += 1;
                } else {
                    late += 1;
                }
            }
            undisturbed.again(step, "struck");
            undisturbed.same(step, "struck");
        }
        soak.tell(
            &format!("{name}: program killed in {step:?}"),
            &format!(
                "{struck} kills while it worked, {late} after its end; as undisturbed, verify clean"
            ),
        );
        assert!(struck > 0, "{step:?}: nothing was killed");
    }
}

/// Begins a step and kills it after a while; whether it was still at work.
fn kill(undisturbed: &Undisturbed, step: Step, after: Duration) -> bool {
    let mut program = command(&step.asked(&undisturbed.place.address("struck")));
    let mut child = program
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    sleep(after);
    let worked = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    worked
}
