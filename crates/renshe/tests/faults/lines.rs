//! Connections cut while the program works: by the network, and by the server.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{TheLaw, command};
use crate::place::Place;
use crate::steps::{Step, Undisturbed, may_be_said};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// A line to the server that counts what goes over it and breaks when so much has.
#[derive(Clone)]
struct Line {
    port: u16,
    passed: Arc<AtomicU64>,
    /// All connections are cut when so many bytes have passed; then the next.
    breaks_at: Arc<Mutex<Vec<u64>>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    fn to(server: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Line {
            port: listener.local_addr().unwrap().port(),
            passed: Arc::default(),
            breaks_at: Arc::default(),
            open: Arc::default(),
        };
        let accepting = line.clone();
        spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(("127.0.0.1", server)) else {
                    continue;
                };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    accepting
                        .open
                        .lock()
                        .unwrap()
                        .push(from.try_clone().unwrap());
                    let line = accepting.clone();
                    spawn(move || line.carry(from, to));
                }
            }
        });
        line
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            let passed = self.passed.fetch_add(length as u64, Ordering::SeqCst) + length as u64;
            if self.breaks_now(passed) {
                for stream in self.open.lock().unwrap().drain(..) {
                    let _ = stream.shutdown(Shutdown::Both);
                }
                return;
            }
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }

    fn breaks_now(&self, passed: u64) -> bool {
        let mut breaks = self.breaks_at.lock().unwrap();
        let due = breaks.iter().position(|at| *at <= passed);
        due.map(|place| breaks.remove(place)).is_some()
    }

    /// From now on it breaks after so many bytes each.
    fn reset(&self, breaks_at: Vec<u64>) {
        *self.breaks_at.lock().unwrap() = breaks_at;
        self.passed.store(0, Ordering::SeqCst);
    }

    /// The address of a database over it.
    fn address(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }
}

/// The network cuts every connection when so many bytes have passed, once or twice.
#[test]
fn connections_cut() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(place, &TheLaw::read());
    let line = Line::to(undisturbed.place.server().port());
    let mut chance = Chance::new(soak.seed);
    let lengths = Step::ALL.map(|step| {
        undisturbed.place.copy(step.before(), "struck");
        line.reset(Vec::new());
        let ended = command(&step.asked(&line.address("struck")))
            .output()
            .unwrap();
        assert!(ended.status.success());
        line.passed.load(Ordering::SeqCst)
    });
    let (mut cuts, mut through, mut asked) = (0, 0, 0);
    for ((step, length), _) in Step::ALL.iter().zip(lengths).cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "struck");
        let breaks: Vec<u64> = (0..=chance.below(2))
            .map(|_| chance.below(length))
            .collect();
        cuts += breaks.len();
        line.reset(breaks);
        let ended = command(&step.asked(&line.address("struck")))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        if ended.status.success() {
            through += 1;
        } else {
            assert!(may_be_said(&told), "{step:?}: {told}");
        }
        asked += undisturbed.again(*step, "struck");
        undisturbed.same(*step, "struck");
    }
    soak.tell(
        "PostgreSQL: connections cut",
        &format!(
            "{cuts} cuts; the program came through by itself {through} times, was asked {asked} times more; as undisturbed, \
             verify clean"
        ),
    );
}

/// The server ends every connection of the program, again and again while it works.
#[test]
fn connections_ended_by_the_server() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let soak = Soak::asked();
    let undisturbed = Undisturbed::month(place, &TheLaw::read());
    let server = undisturbed.place.server();
    let mut chance = Chance::new(soak.seed);
    let (mut through, mut asked) = (0, 0);
    for (step, _) in Step::ALL.iter().cycle().zip(0..soak.times) {
        undisturbed.place.copy(step.before(), "struck");
        let (_, took) = undisturbed.left(*step);
        let mut program = command(&step.asked(&undisturbed.place.address("struck")));
        let child = program
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        for _ in 0..2 {
            sleep(chance.between(Duration::ZERO, took / 2));
            let end =
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'struck'";
            server.command(end).unwrap();
        }
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        if ended.status.success() {
            through += 1;
        } else {
            assert!(may_be_said(&told), "{step:?}: {told}");
        }
        asked += undisturbed.again(*step, "struck");
        undisturbed.same(*step, "struck");
    }
    soak.tell(
        "PostgreSQL: connections ended by the server",
        &format!(
            "twice each; the program came through by itself {through} times, was asked {asked} times more; as undisturbed, \
             verify clean"
        ),
    );
}
