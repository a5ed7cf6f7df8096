//! Measuring against peers.

use crate::workspace::Workspace;
use crate::{Failure, Outcome, shell};

pub(crate) const HELP: &str = "\
Runs the bench NAME of the crate in bench/ in release mode and passes ARGS on; without a name, lists what the crate
offers. A bench installs its peers itself, into a folder of its own.

  cargo xtask bench
  cargo xtask bench law
  cargo xtask bench month
  cargo xtask bench web
";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let workspace = Workspace::read()?;
    if workspace.member("bench").is_none() {
        return Err(Failure::Broken(String::from(
            "this checkout has no crate `bench`",
        )));
    }
    if arguments
        .first()
        .is_some_and(|name| name == "month" || name == "web")
    {
        // It measures the program, which it finds beside itself.
        let mut program = shell::cargo();
        program.current_dir(&workspace.root);
        shell::run(program.args(["build", "--release", "--quiet", "--package", "renshe"]))?;
    }
    let mut bench = shell::cargo();
    bench.current_dir(&workspace.root).args([
        "run",
        "--release",
        "--quiet",
        "--package",
        "bench",
        "--",
    ]);
    if arguments.is_empty() {
        bench.arg("--help");
    }
    shell::run(bench.args(arguments))?;
    Ok(String::from("bench: done"))
}
