//! `renshe serve` as a process: it answers, says when it is ready, keeps personal data out of its log, and goes gracefully.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

fn renshe() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renshe"));
    command.env_clear().env("LANG", "en_US.UTF-8");
    command
}

/// Three ports in a row that nobody has: below those the system gives to whoever calls out, and other ones for each process.
fn free_ports() -> [u16; 3] {
    let first = u16::try_from(std::process::id() * 4 % 20_000).unwrap();
    (0..20_000)
        .step_by(4)
        .map(|more| 10_000 + (first + more) % 20_000)
        .map(|port| [port, port + 1, port + 2])
        .find(|ports| {
            let listened = ports.map(|port| TcpListener::bind(("127.0.0.1", port)));
            listened.iter().all(Result::is_ok)
        })
        .unwrap()
}

fn asked(port: u16, path: &str) -> String {
    asked_once(port, path).unwrap()
}

fn asked_once(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let host = format!("127.0.0.1:{port}");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Who asks without a pause from several sides until told to stop, and how often nothing whole came back.
struct Askers {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<[usize; 3]>>,
}

impl Askers {
    fn of(port: u16) -> Askers {
        let over = Arc::new(AtomicBool::new(false));
        let threads = (0..4).map(|_| {
            let over = over.clone();
            thread::spawn(move || {
                let [mut came, mut closed, mut broken] = [0; 3];
                while !over.load(Ordering::SeqCst) {
                    match asked_once(port, "/law") {
                        Ok(whole)
                            if whole.starts_with("HTTP/1.1 200")
                                && whole.trim_end().ends_with("</html>") =>
                        {
                            came += 1;
                        }
                        // Closed before an answer: a proxy asks once more.
                        Ok(nothing) if nothing.is_empty() => closed += 1,
                        Err(_) => closed += 1,
                        Ok(_) => broken += 1,
                    }
                }
                [came, closed, broken]
            })
        });
        Askers {
            threads: threads.collect(),
            over,
        }
    }

    /// How many answers came, how many connections were closed before one, and how many came broken.
    fn stop(self) -> [usize; 3] {
        self.over.store(true, Ordering::SeqCst);
        let each = self
            .threads
            .into_iter()
            .map(|thread| thread.join().unwrap());
        each.fold([0; 3], |sum, one| {
            [0, 1, 2].map(|place| sum[place] + one[place])
        })
    }
}

/// Where the log goes of the one with this address for operators.
fn log_of(admin: u16) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serving-{admin}.log"))
}

/// Starts it and waits until it says that it is open.
fn started(db: &str, port: u16, admin: u16) -> Child {
    started_at(db, port, admin, None)
}

/// The same, at a socket that is kept by us if there is one.
fn started_at(db: &str, port: u16, admin: u16, doors: Option<&TcpListener>) -> Child {
    let mut command = renshe();
    command.args(["serve", "--db", db]);
    command.args(["--listen", &format!("127.0.0.1:{port}")]);
    command.args(["--admin", &format!("127.0.0.1:{admin}")]);
    // All askers have one address.
    let settings = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serving-{port}.toml"));
    fs::write(
        &settings,
        "burst = 1000000\nrequests-per-second = 1000000\n",
    )
    .unwrap();
    command.arg("--config").arg(settings);
    if let Some(doors) = doors {
        let own: OwnedFd = doors.try_clone().unwrap().into();
        command.arg("--inherited").stdin(Stdio::from(own));
    }
    // A log that nobody reads would fill its pipe.
    let log = fs::File::create(log_of(admin)).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("open: http://"), "{line}");
    child
}

fn told_to_go(child: Child) -> Output {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    child.wait_with_output().unwrap()
}

#[test]
fn it_answers_and_another_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let db = format!("sqlite:{}", folder.path().join("city.db").display());
    assert!(
        renshe()
            .args(["store", "migrate", "--db", &db])
            .status()
            .unwrap()
            .success()
    );
    let [port, admin, other_admin] = free_ports();
    let first = started(&db, port, admin);
    assert!(asked(admin, "/health").starts_with("HTTP/1.1 200"));
    assert!(asked(admin, "/ready").ends_with("ready\n"));
    assert!(asked(port, "/law/search?q=500101199902300017").contains("<!DOCTYPE html>"));
    assert!(asked(admin, "/metrics").contains("route=\"/law/search\",status=\"200\""));
    // Metrics are not for everybody.
    assert!(asked(port, "/metrics").starts_with("HTTP/1.1 404"));

    // Requests without a pause before, while both are there, while the first goes, and after.
    let askers = Askers::of(port);
    let second = started(&db, port, other_admin);
    let gone = told_to_go(first);
    assert!(gone.status.success());
    let log = fs::read_to_string(log_of(admin)).unwrap();
    assert!(
        log.contains("/law/search") && !log.contains("500101199902300017"),
        "{log}"
    );
    thread::sleep(Duration::from_millis(300));
    let [came, closed, broken] = askers.stop();
    assert!(100 < came, "{came}");
    // In the instant of closing, a connection may have been given to the instance that goes; an answer is never cut off.
    assert!(closed <= 4, "{closed} of {came}");
    assert_eq!(broken, 0);
    assert!(told_to_go(second).status.success());
}

/// As systemd does it: it keeps the socket, one instance goes, and then another comes.
#[test]
fn at_a_socket_that_is_kept_nobody_is_turned_away() {
    let folder = tempfile::tempdir().unwrap();
    let db = format!("sqlite:{}", folder.path().join("city.db").display());
    assert!(
        renshe()
            .args(["store", "migrate", "--db", &db])
            .status()
            .unwrap()
            .success()
    );
    let [port, admin, _] = free_ports();
    let doors = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let first = started_at(&db, port, admin, Some(&doors));
    let askers = Askers::of(port);
    assert!(told_to_go(first).status.success());
    let second = started_at(&db, port, admin, Some(&doors));
    thread::sleep(Duration::from_millis(300));
    let [came, closed, broken] = askers.stop();
    assert!(100 < came, "{came}");
    assert_eq!([closed, broken], [0, 0]);
    assert!(told_to_go(second).status.success());
}

/// Which port it is, only the system says: of a socket of its own, and of one it was given.
#[test]
fn it_answers_at_a_port_that_the_system_chose() {
    let folder = tempfile::tempdir().unwrap();
    let db = format!("sqlite:{}", folder.path().join("city.db").display());
    let migrated = renshe().args(["store", "migrate", "--db", &db]).status();
    assert!(migrated.unwrap().success());
    let kept = TcpListener::bind("127.0.0.1:0").unwrap();
    for doors in [None, Some(&kept)] {
        let mut command = renshe();
        command.args(["serve", "--db", &db, "--listen", "127.0.0.1:0"]);
        if let Some(doors) = doors {
            let own: OwnedFd = doors.try_clone().unwrap().into();
            command.arg("--inherited").stdin(Stdio::from(own));
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let said = child.stdout.as_mut().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let (_, rest) = line.split_once("http://127.0.0.1:").unwrap();
        let port = rest.split_once('/').unwrap().0.parse().unwrap();
        assert!(doors.is_none_or(|doors| doors.local_addr().unwrap().port() == port));
        let answer = asked(port, "/law");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(told_to_go(child).status.success());
    }
    // What it was given may lie open to everybody; without a name it is not opened there.
    let open = TcpListener::bind("0.0.0.0:0").unwrap();
    let own: OwnedFd = open.try_clone().unwrap().into();
    let done = renshe()
        .args(["serve", "--db", &db, "--inherited"])
        .stdin(Stdio::from(own))
        .output();
    let done = done.unwrap();
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("--host"));
}

#[test]
fn a_demo_ends_by_opening_its_doors() {
    let [port, ..] = free_ports();
    let listen = format!("127.0.0.1:{port}");
    let small = ["demo", "--people", "1000", "--month", "2025-06"];
    let mut child = renshe()
        .args(small)
        .args(["--then", "stay", "--listen", &listen])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let mut said = said.lines().map(Result::unwrap);
    assert!(said.any(|line| line.starts_with(&format!("open: http://{listen}/"))));
    let personas = said.find(|line| line.starts_with("supervisor")).unwrap();
    assert!(personas.contains("Approve"), "{personas}");
    assert!(asked(port, "/sign-in").contains("demo-supervisor"));
    assert!(told_to_go(child).status.success());
    // Where nobody reads along it does not stay.
    let done = renshe().args(small).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.contains("credited"), "{said}");
    assert!(!said.contains("open: http"));
}

#[test]
fn it_does_not_open_where_it_may_not() {
    let refused = |arguments: &[&str]| {
        let done = renshe().arg("serve").args(arguments).output().unwrap();
        assert!(!done.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(refused(&["--listen", "0.0.0.0:0"]).contains("--host"));
    assert!(refused(&["--demo", "--listen", "0.0.0.0:0"]).contains("--host"));
    assert!(refused(&["--demo", "--host", "renshe.example"]).contains("cannot be used with"));
    assert!(refused(&["--db", "sqlite:/nowhere/at/all.db"]).contains("S0101"));
}

/// What a collector is told: bodies of requests, until the one who tells is gone.
#[cfg(feature = "otlp")]
fn collected(collector: TcpListener) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut told = String::new();
        for stream in collector.incoming() {
            let mut stream = stream.unwrap();
            let mut got = Vec::new();
            let mut piece = [0; 4_096];
            let length = |got: &[u8]| {
                let text = String::from_utf8_lossy(got).to_lowercase();
                let (head, _) = text.split_once("\r\n\r\n")?;
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))?;
                Some(head.len() + 4 + length.trim().parse::<usize>().unwrap())
            };
            while length(&got).is_none_or(|length| got.len() < length) {
                let read = stream.read(&mut piece).unwrap();
                if read == 0 {
                    break;
                }
                got.extend(&piece[..read]);
            }
            let text = String::from_utf8(got).unwrap();
            if text.starts_with("GET /over") {
                return told;
            }
            told += &text;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
        }
        told
    })
}

#[cfg(feature = "otlp")]
#[test]
fn a_collector_is_told_of_requests_and_of_nothing_typed() {
    let collector = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let at = collector.local_addr().unwrap();
    let told = collected(collector);
    let [port, ..] = free_ports();
    let listen = format!("127.0.0.1:{port}");
    let mut child = renshe()
        .args([
            "serve",
            "--demo",
            "--listen",
            &listen,
            "--traces",
            &format!("http://{at}"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let mut said = said.lines().map(Result::unwrap);
    assert!(said.any(|line| line.starts_with("open: http://")));
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let mut stream = TcpStream::connect(&listen).unwrap();
    write!(stream, "GET /law/search?q=500101199902300017 HTTP/1.1\r\nhost: {listen}\r\ntraceparent: 00-{trace}-b7ad6b7169203331-01\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(told_to_go(child).status.success());
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET /over HTTP/1.1\r\ncontent-length: 0\r\n\r\n").unwrap();
    let told = told.join().unwrap();
    assert!(
        told.contains(trace) && told.contains("GET /law/search"),
        "{told}"
    );
    assert!(told.contains("http.response.status_code"), "{told}");
    assert!(!told.contains("500101199902300017"), "{told}");
}

/// What may not be said of an identity provider, and of passkeys.
#[test]
fn it_takes_nobodys_word_that_could_be_anybodys() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let secret = folder.join("provider.secret");
    fs::write(&secret, "what both houses know\n").unwrap();
    let whole = format!(
        "[[provider]]\nname = 'staff-id'\nzh = '一'\nen = 'One'\nissuer = 'https://id.example'\nclient = 'renshe'\nsecret = '{}'\nfor = ['staff']\n",
        secret.display()
    );
    let refused = |told: &str, text: &str| {
        let file = folder.join("provider.toml");
        fs::write(&file, text).unwrap();
        let mut asked = renshe();
        asked.args(["serve", "--db", "sqlite:/nowhere/at/all.db", "--config"]);
        let done = asked.arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(
            !done.status.success() && said.contains(told),
            "{told}: {said}"
        );
        assert!(!said.contains("what both houses know"));
    };
    // What is in order is taken, and the database looked for.
    refused("S0101", &whole);
    refused("https address", &whole.replace("https://id", "http://id"));
    refused("https address", &whole.replace("staff-id", "Staff ID"));
    refused("https address", &whole.replace("['staff']", "[]"));
    refused("stand together", &format!("{whole}number = 'id'\n"));
    refused(
        "stand together",
        &format!("{whole}number-is-proven = true\n"),
    );
    refused("its name is taken", &format!("{whole}{whole}"));
    refused("unknown field", &format!("{whole}algorithms = ['none']\n"));
    refused(
        "provider.secret",
        &whole.replace("provider.secret", "no/provider.secret"),
    );
    refused(
        "the site has no name",
        "passkey = 'required'\nhosts = ['192.0.2.1']\n",
    );
    // For a try on this machine there is `localhost`.
    refused("S0101", "passkey = 'required'\n");
    refused(
        "S0101",
        "passkey = 'required'\nhosts = ['renshe.example']\n",
    );
    refused(
        "no certificates",
        &format!("roots = '{}'\n", secret.display()),
    );
}
