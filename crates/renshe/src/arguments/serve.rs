//! What may be typed about serving.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Examples:
  renshe serve --db sqlite:city.db
  renshe serve --db postgres://renshe@db/renshe --config /etc/renshe.toml
  renshe serve --listen 0.0.0.0:8443 --host renshe.example --admin 127.0.0.1:9100
  renshe serve --demo

Each setting is an option here, a variable such as RENSHE_LISTEN, or a line of the file, in this order; docs/operate/serve.md
has them all. Without --host it answers to this machine alone, over plain HTTP. Told to end (SIGTERM), it says so at /ready,
finishes what it has begun, and goes; a second one may listen at the same address meanwhile. Logs are lines of JSON.
With --demo it makes a city of ten thousand, lets it live three months, and lets visitors in as whom they like; all of it is
gone afterwards.
Exit codes: 0 ended as told; 1 an error; 2 wrong usage.";

/// `serve`
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The database: sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(
        long,
        alias = "database",
        value_name = "URL",
        env = "RENSHE_DB",
        hide_env_values = true
    )]
    pub(crate) db: Option<String>,
    /// A file of settings, in TOML
    #[arg(long, value_name = "FILE", env = "RENSHE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The law folder; without it ./law if there is one, else the law built into the program
    #[arg(long, value_name = "DIR", env = "RENSHE_LAW")]
    pub(crate) law: Option<PathBuf>,
    /// The jurisdiction whose law applies
    #[arg(long, value_name = "JURISDICTION", env = "RENSHE_JURISDICTION")]
    pub(crate) jurisdiction: Option<String>,
    /// Where to listen; without it 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS", env = "RENSHE_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
    /// Listen at the socket that standard input is, as systemd hands it on with StandardInput=socket
    #[arg(long)]
    pub(crate) inherited: bool,
    /// Where to listen for operators: /health, /ready, /metrics; without it the first two are at the doors
    #[arg(long, value_name = "ADDRESS", env = "RENSHE_ADMIN")]
    pub(crate) admin: Option<SocketAddr>,
    /// A name under which it answers, by HTTPS; may be given more than once
    #[arg(long, value_name = "HOST", env = "RENSHE_HOSTS", value_delimiter = ',')]
    pub(crate) host: Vec<String>,
    /// The keys for names and identity numbers; without them persons are found by number only, and nothing is declared
    #[arg(long, value_name = "FILE", env = "RENSHE_KEYS")]
    pub(crate) keys: Option<PathBuf>,
    /// A file with 64 hexadecimal digits from which the keys are made that sign what is sent out; without it, new ones each time
    #[arg(long, value_name = "FILE", env = "RENSHE_SEED")]
    pub(crate) seed: Option<PathBuf>,
    /// The address of a collector that is told of traces by OTLP over HTTP, such as http://127.0.0.1:4318; needs a program built
    /// with the feature otlp
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub(crate) traces: Option<String>,
    /// A file of identity providers whose word lets in, in TOML; instead of those in the file of settings
    #[arg(long, value_name = "FILE", env = "RENSHE_PROVIDERS")]
    pub(crate) providers: Option<PathBuf>,
    /// Certificates in PEM of authorities that are believed, besides the usual ones, of those whom the service calls
    #[arg(long, value_name = "FILE", env = "RENSHE_ROOTS")]
    pub(crate) roots: Option<PathBuf>,
    /// An address or network of a proxy that is believed when it says for whom it asks; may be given more than once
    #[arg(
        long,
        value_name = "NETWORK",
        env = "RENSHE_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxy: Vec<String>,
    /// Make a city of nobody real, for whoever wants to look around
    #[arg(long, conflicts_with_all = ["db", "config", "host", "admin", "keys", "providers", "roots", "trusted_proxy", "inherited"])]
    pub(crate) demo: bool,
}

impl Serve {
    /// As a demo asks for it, at the usual place.
    pub(crate) const fn demo() -> Serve {
        Serve {
            db: None,
            config: None,
            law: None,
            jurisdiction: None,
            listen: None,
            inherited: false,
            admin: None,
            host: Vec::new(),
            keys: None,
            seed: None,
            traces: None,
            providers: None,
            roots: None,
            trusted_proxy: Vec::new(),
            demo: true,
        }
    }
}
