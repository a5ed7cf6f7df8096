//! A house with its doors open on this machine, for strangers' programs to come to.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::workspace::root;
use crate::{Failure, shell};

/// It is closed when this is dropped.
pub(crate) struct House {
    child: Child,
    /// How it is reached: `http://127.0.0.1:18480`.
    pub(crate) base: String,
}

impl House {
    /// That of a demo's city, in which anybody may be anybody.
    pub(crate) fn of_a_demo(port: u16) -> Result<House, Failure> {
        let mut serve = Command::new(program()?);
        serve.args(["serve", "--demo"]);
        House::open(serve, port)
    }

    /// That of a registered city in a database of its own.
    pub(crate) fn of(city: &City, port: u16) -> Result<House, Failure> {
        let settings = city.folder.join("settings.toml");
        // Whoever asks here asks all at once.
        let text = "burst = 1000000\nrequests-per-second = 1000000\n";
        fs::write(&settings, text).map_err(|error| unwritable(&settings, &error))?;
        let mut serve = city.command("serve")?;
        serve.arg("--config").arg(settings);
        serve.arg("--keys").arg(city.keys());
        House::open(serve, port)
    }

    fn open(mut serve: Command, port: u16) -> Result<House, Failure> {
        serve
            .current_dir(root())
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let shown = shell::shown(&serve);
        let broken = |why: &str| Failure::Broken(format!("`{shown}`: {why}"));
        let child = serve.spawn().map_err(|error| broken(&error.to_string()))?;
        let mut house = House {
            child,
            base: format!("http://127.0.0.1:{port}"),
        };
        let said = house.child.stdout.take().map(BufReader::new);
        let mut lines = said.into_iter().flat_map(BufRead::lines);
        if lines.any(|line| line.is_ok_and(|line| line.contains("http://"))) {
            Ok(house)
        } else {
            Err(broken("it did not open its doors"))
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A city made anew in a folder.
pub(crate) struct City {
    folder: PathBuf,
}

/// A secret of nobody real.
const SECRET: &str = "only-for-strangers-on-this-machine";

impl City {
    /// Makes one of so many people; what stood in its folder is gone.
    pub(crate) fn made(name: &str, people: u32) -> Result<City, Failure> {
        let folder = beside_the_build().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        let city = City { folder };
        let mut synth = Command::new(program()?);
        synth
            .args([
                "synth",
                "--people",
                &people.to_string(),
                "--into",
                &city.database(),
                "--keys",
            ])
            .arg(city.keys())
            .stdout(Stdio::null());
        shell::run(&mut synth)?;
        Ok(city)
    }

    /// The token of a new login with a role.
    pub(crate) fn token(
        &self,
        login: &str,
        role: &[&str],
        callback: &str,
    ) -> Result<String, Failure> {
        let mut add = self.command("login")?;
        self.told(add.args(["add", login, "--role"]).args(role))?;
        let mut token = self.command("login")?;
        token.args([
            "token",
            login,
            "--label",
            "strangers",
            "--callback",
            callback,
        ]);
        let told = self.told(&mut token)?;
        let token = told.split_whitespace().last();
        token
            .map(str::to_owned)
            .ok_or_else(|| Failure::Broken("no token was made".into()))
    }

    fn told(&self, command: &mut Command) -> Result<String, Failure> {
        command.args(["--as", "admin"]);
        let shown = shell::shown(command);
        let broken = |why: String| Failure::Broken(format!("`{shown}`: {why}"));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| broken(error.to_string()))?;
        if let Some(mut input) = child.stdin.take() {
            // Not every command reads it.
            let _ = writeln!(input, "{SECRET}");
        }
        let done = child
            .wait_with_output()
            .map_err(|error| broken(error.to_string()))?;
        match done.status.success() {
            true => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
            false => Err(broken(done.status.to_string())),
        }
    }

    fn command(&self, name: &str) -> Result<Command, Failure> {
        let mut command = Command::new(program()?);
        command.arg(name).env("RENSHE_DB", self.database());
        Ok(command)
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.folder.join("city.db").display())
    }

    fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }
}

/// The program, built as the tests build it.
pub(crate) fn program() -> Result<PathBuf, Failure> {
    let mut build = shell::cargo();
    build.current_dir(root());
    build.args(["build", "--quiet", "--workspace", "--all-features"]);
    shell::run(build.args(["--bin", "renshe"]))?;
    Ok(beside_the_build().join("debug/renshe"))
}

/// The folder for what is brought from elsewhere: of `RENSHE_CACHE`, or beside the build.
pub(crate) fn cache() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one setting, named in the help"
    )]
    let cache = std::env::var_os("RENSHE_CACHE").map(PathBuf::from);
    cache.unwrap_or_else(beside_the_build)
}

/// The folder of the build, where this program stands in `debug/xtask`.
fn beside_the_build() -> PathBuf {
    let own = std::env::current_exe().ok();
    let build = own.as_deref().and_then(Path::parent).and_then(Path::parent);
    build.map_or_else(std::env::temp_dir, Path::to_owned)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Broken(format!("{}: {error}", path.display()))
}
