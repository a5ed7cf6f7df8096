//! The way to a server is encrypted as the address demands, and nobody else is taken for it.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::{
    fs,
    io::{Read, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};
use store::{
    Db, Error, Kind, params,
    testing::{OwnServer, given_to_server},
};

/// Somebody who signs certificates.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn named(name: &str) -> Authority {
        let mut about = CertificateParams::default();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        about.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Authority {
            pem: about.self_signed(&key).unwrap().pem(),
            issuer: Issuer::new(about, key),
        }
    }

    /// A certificate for these names, of this holder, and the key to it.
    fn signs(&self, names: &[&str], holder: &str) -> (String, String) {
        let names: Vec<String> = names.iter().map(|&name| name.into()).collect();
        let mut about = CertificateParams::new(names).unwrap();
        about.distinguished_name.push(DnType::CommonName, holder);
        let key = KeyPair::generate().unwrap();
        let certificate = about.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// A server that takes encrypted connections only, its authority, and what a program holds of it.
struct City {
    server: OwnServer,
    authority: Authority,
    files: tempfile::TempDir,
}

impl City {
    /// A server that takes any connections and encrypts none yet.
    fn plain() -> Option<City> {
        let server = match OwnServer::start("-c shared_buffers=32MB") {
            Ok(server) => server,
            Err(why) => {
                eprintln!("skipped: no PostgreSQL server can be started here: {why}");
                return None;
            }
        };
        let city = City {
            server,
            authority: Authority::named("the city's"),
            files: tempfile::tempdir().unwrap(),
        };
        city.keeps("ca.pem", &city.authority.pem);
        city.keeps("foreign.pem", &Authority::named("somebody's").pem);
        city.keeps("letter.pem", "no certificate, a letter");
        let (certificate, key) = city.authority.signs(&[], "shown");
        city.keeps("shown.crt", &certificate);
        city.keeps("shown.key", &key);
        Some(city)
    }

    fn keeps(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// From now on it speaks to nobody who does not encrypt.
    fn encrypts(&self) {
        let data = self.server.data();
        let (certificate, key) = self
            .authority
            .signs(&["db.city.example", "127.0.0.1"], "server");
        place(&data.join("own.crt"), &certificate);
        place(&data.join("own.key"), &key);
        place(&data.join("own-ca.crt"), &self.authority.pem);
        for sql in [
            "create role office login password 'a word'",
            "create role shown login",
            "alter system set ssl_cert_file = 'own.crt'",
            "alter system set ssl_key_file = 'own.key'",
            "alter system set ssl_ca_file = 'own-ca.crt'",
            "alter system set ssl = on",
        ] {
            self.server.command(sql).unwrap();
        }
        let rules = "hostssl all postgres 127.0.0.1/32 trust\n\
                     hostssl all office 127.0.0.1/32 scram-sha-256\n\
                     hostssl all shown 127.0.0.1/32 cert\n";
        fs::write(data.join("pg_hba.conf"), rules).unwrap();
        self.server.command("select pg_reload_conf()").unwrap();
        // It reads them in its own time.
        while self.open("postgres@127.0.0.1", "").is_ok() {
            thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// As somebody at a host, with these parameters; `ca.pem` and the like are files of ours.
    fn open(&self, at: &str, parameters: &str) -> Result<Db, Error> {
        self.open_by(self.server.port(), at, parameters)
    }

    fn open_by(&self, port: u16, at: &str, parameters: &str) -> Result<Db, Error> {
        let folder = self.files.path().display();
        let parameters = parameters.replace("FILES", &folder.to_string());
        let address = format!("postgres://{at}:{port}/postgres?{parameters}");
        Db::open(&address.parse().unwrap())
    }
}

/// A file that the server alone may read, as it demands of its key.
fn place(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    given_to_server(path).unwrap();
}

/// Somebody between the program and the server, who passes everything on and keeps what the program sends.
struct Listener {
    port: u16,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Listener {
    fn before(server: u16) -> Listener {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = door.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let kept = Arc::clone(&heard);
        thread::spawn(move || {
            for (number, near) in door.incoming().enumerate() {
                let near = near.unwrap();
                let far = TcpStream::connect(("127.0.0.1", server)).unwrap();
                kept.lock().unwrap().push(Vec::new());
                let kept = Arc::clone(&kept);
                let keep = move |piece: &[u8]| kept.lock().unwrap()[number].extend(piece);
                pass(near.try_clone().unwrap(), far.try_clone().unwrap(), keep);
                pass(far, near, |_| {});
            }
        });
        Listener { port, heard }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8]) + Send + 'static) {
    thread::spawn(move || {
        let mut piece = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            keep(&piece[..length]);
            if to.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}

/// Whether this connection is encrypted, and whose certificate was shown.
fn seen(db: &Db) -> (bool, Option<String>) {
    let sql = "select ssl, client_dn from pg_stat_ssl where pid = pg_backend_pid()";
    let asked =
        |tx: &mut store::Tx<'_>| tx.one(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)));
    db.read::<_, Error>(asked).unwrap()
}

#[test]
fn an_encrypted_server_is_spoken_to_as_the_address_demands() {
    let Some(city) = City::plain() else { return };
    let code = |at: &str, parameters: &str| match city.open(at, parameters) {
        Ok(_) => "opened",
        Err(error) => error.code(),
    };
    // It encrypts nothing yet.
    assert_eq!(code("postgres@127.0.0.1", ""), "opened");
    assert_eq!(code("postgres@127.0.0.1", "sslmode=prefer"), "opened");
    for demands in ["sslmode=require", "sslrootcert=FILES/ca.pem"] {
        assert_eq!(code("postgres@127.0.0.1", demands), "S0122", "{demands}");
    }

    city.encrypts();
    the_certificate_is_looked_at(&city);
    who_comes_is_looked_at(&city);
    nobody_between_reads_it(&city);
}

fn the_certificate_is_looked_at(city: &City) {
    // A name that is in the certificate, one that is not, and the number that stands in it.
    let (named, other, number) = (
        ("postgres@db.city.example", "&hostaddr=127.0.0.1"),
        ("postgres@other.example", "&hostaddr=127.0.0.1"),
        ("postgres@127.0.0.1", ""),
    );
    let check = |(at, more): (&str, &str), parameters: &str, expected: &str| {
        let found = match city.open(at, &format!("{parameters}{more}")) {
            Ok(db) => {
                assert!(seen(&db).0, "{at} {parameters}");
                "encrypted"
            }
            Err(error) => error.code(),
        };
        assert_eq!(found, expected, "{at} {parameters}");
    };
    for at in [named, number] {
        check(at, "sslmode=prefer", "encrypted");
        check(at, "sslmode=require", "encrypted");
        check(
            at,
            "sslmode=verify-full&sslrootcert=FILES/ca.pem",
            "encrypted",
        );
        check(at, "sslrootcert=FILES/ca.pem", "encrypted");
        check(at, "sslrootcert=FILES/foreign.pem", "S0123");
        check(
            at,
            "sslmode=verify-ca&sslrootcert=FILES/foreign.pem",
            "S0123",
        );
        check(at, "sslmode=require&sslrootcert=FILES/foreign.pem", "S0123");
        check(at, "sslrootcert=system", "S0123");
        check(at, "sslmode=disable", "S0101");
    }
    check(
        other,
        "sslmode=verify-full&sslrootcert=FILES/ca.pem",
        "S0124",
    );
    check(
        other,
        "sslmode=verify-ca&sslrootcert=FILES/ca.pem",
        "encrypted",
    );
    check(other, "sslmode=require", "encrypted");
    check(number, "sslrootcert=FILES/missing.pem", "S0121");
    check(number, "sslrootcert=FILES/letter.pem", "S0121");
    check(number, "sslmode=verify-full", "S0120");
    // What is said names the place, the names, and no password.
    let address = "postgres:word@other.example";
    let refused = city.open(address, "hostaddr=127.0.0.1&sslrootcert=FILES/ca.pem");
    let said = refused.map(drop).unwrap_err().to_string();
    let port = city.server.port();
    assert!(
        said.starts_with(&format!(
            "S0124: the certificate of the server of postgres://postgres@other.example:{port}/postgres is for another name: \
             db.city.example, 127.0.0.1; "
        )),
        "{said}"
    );
}

fn who_comes_is_looked_at(city: &City) {
    let open = |at: &str, parameters: &str| {
        city.open(at, &format!("sslrootcert=FILES/ca.pem&{parameters}"))
    };
    // The proof of the password is tied to the certificate.
    let bound = open("office:a%20word@127.0.0.1", "channel_binding=require").unwrap();
    assert!(seen(&bound).0);
    let wrong = open("office:another@127.0.0.1", "channel_binding=require");
    assert_eq!(wrong.map(drop).unwrap_err().code(), "S0101");
    // Or there is none, and a certificate instead.
    let shown = "sslcert=FILES/shown.crt&sslkey=FILES/shown.key";
    let holder = seen(&open("shown@127.0.0.1", shown).unwrap()).1;
    assert!(holder.unwrap().contains("CN=shown"));
    assert_eq!(
        open("shown@127.0.0.1", "").map(drop).unwrap_err().code(),
        "S0101"
    );
    let no_key = "sslcert=FILES/shown.crt&sslkey=FILES/shown.crt";
    let refused = open("shown@127.0.0.1", no_key).map(drop).unwrap_err();
    assert_eq!(refused.code(), "S0121");
    assert!(refused.en().contains("sslkey"), "{refused}");
}

/// Rows in, rows out, and cancellations.
fn nobody_between_reads_it(city: &City) {
    let between = Listener::before(city.server.port());
    let only = "sslmode=verify-full&sslrootcert=FILES/ca.pem";
    let db = city
        .open_by(between.port, "postgres@127.0.0.1", only)
        .unwrap();
    let columns = [("id", Kind::BigInt), ("t", Kind::Text)];
    let kinds = columns.map(|(_, kind)| kind);
    let copied = db.write(|tx| {
        tx.batch("create table copied (id bigint, t text)")?;
        let mut copy = tx.copy_in("copied", &columns)?;
        for id in 0..20_000 {
            copy.push(params![id, "not to be read"])?;
        }
        copy.finish()
    });
    assert_eq!(copied.unwrap(), 20_000);
    let mut sum = 0;
    let out = db.read(|tx| {
        sum = 0;
        tx.copy_out(
            "select id, t from copied",
            params![],
            &kinds,
            1000,
            |batch| {
                sum += (0..batch.rows)
                    .filter_map(|row| batch.columns[0].number(row))
                    .sum::<i64>();
                Ok::<(), Error>(())
            },
        )
    });
    assert_eq!((out.unwrap(), sum), (20_000, 19_999 * 10_000));
    let connections = || between.heard.lock().unwrap().len();
    let before = connections();
    // Without a cancellation these would go on for months.
    let endless = "select a.id, a.t from copied a, copied b, copied c";
    let enough = || Error::ReadOnly;
    let broken = db.read(|tx| tx.stream(endless, params![], |_| Err::<(), _>(enough())));
    assert_eq!(broken.unwrap_err(), enough());
    let broken = db.read(|tx| tx.copy_out(endless, params![], &kinds, 10, |_| Err(enough())));
    assert_eq!(broken.unwrap_err(), enough());
    drop(db);
    // Two that cancelled, and one to go on after the first.
    assert_eq!(connections(), before + 3);
    for heard in between.heard.lock().unwrap().iter() {
        // The wish to be encrypted (80877103), and from then on records of TLS.
        let wish = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];
        assert_eq!(heard[..8], wish);
        assert_eq!(heard[8], 0x16, "a handshake");
        let clear = heard.windows(14).any(|part| part == b"not to be read");
        assert!(!clear);
    }
}
