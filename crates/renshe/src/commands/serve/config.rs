//! The settings of a house: from the command line, the surroundings, and a file, in this order.

use super::providers::{Said, alone, providers, roots};
use crate::arguments::serve::Serve;
use crate::folder::read_text;
use crate::output::{Failure, Setting};
use crate::place::keys;
use ledger::Digest;
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use web::Settings;
use web::serve::Manner;
use web::sign_in::passkeys::Passkeys;
use web::signing::Seed;
use web::wall::proxies::{Network, Proxies, Says};

/// What a file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    db: Option<String>,
    law: Option<PathBuf>,
    keys: Option<PathBuf>,
    jurisdiction: Option<String>,
    listen: Option<SocketAddr>,
    admin: Option<SocketAddr>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    trusted_proxies: Vec<String>,
    proxies_say: Option<Header>,
    idle_minutes: Option<u32>,
    session_hours: Option<u32>,
    patience_seconds: Option<u32>,
    head_seconds: Option<u32>,
    farewell_seconds: Option<u32>,
    desks: Option<u16>,
    crowd: Option<u32>,
    seed: Option<PathBuf>,
    told_through: Option<String>,
    traces: Option<String>,
    burst: Option<u32>,
    requests_per_second: Option<u32>,
    /// Authorities that are believed of those who are called.
    roots: Option<PathBuf>,
    /// Whether staff need a passkey.
    passkey: Option<Need>,
    /// The houses whose word lets in.
    #[serde(default)]
    provider: Vec<Said>,
}

/// Whether something must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Need {
    Welcome,
    Required,
}

/// In which header proxies say for whom they ask.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Header {
    XForwardedFor,
    Forwarded,
}

/// Everything decided.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) db: String,
    pub(super) law: Option<PathBuf>,
    pub(super) settings: Settings,
    /// Where to listen: as it was asked, and once it is listened at, where that is.
    pub(super) doors: SocketAddr,
    pub(super) at: Manner,
    /// The address of a collector of traces.
    pub(super) traces: Option<String>,
    /// Whether the doors' socket is standard input.
    pub(super) inherited: bool,
}

impl Config {
    pub(super) fn read(asked: &Serve, setting: &Setting) -> Result<Config, Failure> {
        let file = match &asked.config {
            Some(path) => file(path, setting)?,
            None => File::default(),
        };
        let listen = asked.listen.or(file.listen);
        let listen = listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
        let hosts = if asked.host.is_empty() {
            file.hosts
        } else {
            asked.host.clone()
        };
        let mut settings = Settings::usual(hosts);
        settings.secure = !settings.hosts.is_empty();
        listening(&mut settings, listen, setting)?;
        let trusted = match asked.trusted_proxy.is_empty() {
            true => &file.trusted_proxies,
            false => &asked.trusted_proxy,
        };
        settings.proxies = Proxies {
            networks: networks(trusted, setting)?,
            says: match file.proxies_say {
                Some(Header::Forwarded) => Says::Forwarded,
                Some(Header::XForwardedFor) | None => Says::ForwardedFor,
            },
        };
        settings.jurisdiction = asked
            .jurisdiction
            .clone()
            .or(file.jurisdiction)
            .unwrap_or_else(|| "cn-50".to_owned());
        let seconds =
            |seconds: Option<u32>, usual| Duration::from_secs(seconds.map_or(usual, u64::from));
        settings.patience = seconds(file.patience_seconds, 20);
        settings.head_patience = seconds(file.head_seconds, 10);
        if let Some(minutes) = file.idle_minutes {
            settings.sign_in.idle = i64::from(minutes) * 60_000_000;
        }
        if let Some(hours) = file.session_hours {
            settings.sign_in.at_most = i64::from(hours) * 3_600_000_000;
        }
        let (given, seeds) = (
            asked.keys.clone().or(file.keys),
            asked.seed.clone().or(file.seed),
        );
        let keys = given.map(|path| keys(&path, setting)).transpose()?;
        settings.secrets = keys.map(Arc::new);
        settings.threads = thread::available_parallelism().map_or(1, usize::from);
        settings.seed = seeds.map(|path| seed(&path, setting)).transpose()?;
        settings.through = file.told_through;
        let outside = (file.roots, file.provider, file.passkey);
        coming_in(&mut settings, asked, outside, setting)?;
        settings.desks = file.desks.map_or(settings.desks, usize::from).max(1);
        settings.crowd = file.crowd.map_or(settings.crowd, u64::from);
        let (burst, pace) = settings.pace;
        settings.pace = (
            file.burst.unwrap_or(burst),
            file.requests_per_second.unwrap_or(pace),
        );
        Ok(Config {
            inherited: asked.inherited,
            traces: asked.traces.clone().or(file.traces),
            db: asked
                .db
                .clone()
                .or(file.db)
                .unwrap_or_else(|| "sqlite:renshe.db".to_owned()),
            law: asked.law.clone().or(file.law),
            doors: listen,
            at: Manner {
                admin: asked.admin.or(file.admin),
                farewell: seconds(file.farewell_seconds, 3),
                patience: settings.patience,
            },
            settings,
        })
    }

    /// Takes note of where it is really listened at: which port the system gave, and where a socket is that was opened by somebody
    /// else, is known only then.
    pub(super) fn listens(&mut self, doors: SocketAddr, setting: &Setting) -> Result<(), Failure> {
        self.doors = doors;
        listening(&mut self.settings, doors, setting)
    }
}

/// Who has no name has that of the address, and only this machine's own is let be one.
fn listening(settings: &mut Settings, doors: SocketAddr, setting: &Setting) -> Result<(), Failure> {
    if settings.secure {
        return Ok(());
    }
    if !doors.ip().is_loopback() {
        return Err(nameless(doors, setting));
    }
    settings.hosts = own_hosts(doors);
    Ok(())
}

/// By whose word, and by what else than a secret, people come in.
fn coming_in(
    settings: &mut Settings,
    asked: &Serve,
    (believed, houses, passkey): (Option<PathBuf>, Vec<Said>, Option<Need>),
    setting: &Setting,
) -> Result<(), Failure> {
    if let Some(path) = asked.roots.clone().or(believed) {
        settings.roots = roots(&path, setting)?;
    }
    let houses = match &asked.providers {
        Some(path) => alone(path, setting)?,
        None => houses,
    };
    settings.providers = providers(&houses, setting)?;
    settings.sign_in.staff_need_passkey = passkey == Some(Need::Required);
    let named = Passkeys::of(&settings.hosts, settings.secure).is_some();
    if settings.sign_in.staff_need_passkey && !named {
        return Err(no_name_for_passkeys(setting));
    }
    Ok(())
}

/// From what the house's own keys are made.
fn seed(path: &Path, setting: &Setting) -> Result<Seed, Failure> {
    let text = read_text(path, setting)?;
    Digest::parse(text.trim())
        .map(|digest| Seed(digest.0))
        .ok_or_else(|| {
            let shown = path.display();
            let what = setting.lang.pick(
                format!("{shown} 不是 64 位十六进制数"),
                format!("{shown} has not 64 hexadecimal digits"),
            );
            Failure::new(setting.lang, what)
        })
}

fn networks(texts: &[String], setting: &Setting) -> Result<Vec<Network>, Failure> {
    let read = |text: &String| {
        text.parse().map_err(|_| {
            let lang = setting.lang;
            let what = lang.pick(
                format!("“{text}”不是地址，也不是网段"),
                format!("“{text}” is neither an address nor a network"),
            );
            let such = lang.pick(
                "写作 10.0.0.7 或 10.0.0.0/8",
                "write 10.0.0.7 or 10.0.0.0/8",
            );
            Failure::new(lang, what).help(such)
        })
    };
    texts.iter().map(read).collect()
}

/// The names of this machine to itself.
fn own_hosts(listen: SocketAddr) -> Vec<String> {
    vec![listen.to_string(), format!("localhost:{}", listen.port())]
}

fn file(path: &Path, setting: &Setting) -> Result<File, Failure> {
    let text = read_text(path, setting)?;
    toml::from_str(&text).map_err(|error| {
        let shown = path.display();
        let what = setting.lang.pick(
            format!("配置文件 {shown} 不能采用"),
            format!("the settings in {shown} cannot be taken"),
        );
        Failure::new(setting.lang, what).below(error.to_string())
    })
}

fn no_name_for_passkeys(setting: &Setting) -> Failure {
    let lang = setting.lang;
    let what = lang.pick(
        "要求通行密钥，而网站没有名称",
        "passkeys are required, and the site has no name",
    );
    Failure::new(lang, what).help(lang.pick(
        "用 --host 指明名称：通行密钥只对名称有效，对数字地址无效",
        "name it by --host: a passkey is for a name, not for a number",
    ))
}

fn nameless(listen: SocketAddr, setting: &Setting) -> Failure {
    let lang = setting.lang;
    let what = lang.pick(
        format!("{listen} 不是本机地址，而没有指明网站名"),
        format!("{listen} is not this machine's own address, and no host is named"),
    );
    Failure::new(lang, what).help(lang.pick(
        "用 --host 指明访问时用的名称，如 --host renshe.example；浏览器须经 HTTPS 访问",
        "name the host browsers ask for, such as --host renshe.example; they must come by HTTPS",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_no_more_than_it_may() {
        let read = |text: &str| toml::from_str::<File>(text);
        let file = read("listen = '127.0.0.1:1'\nidle-minutes = 5\nhosts = ['a.example']").unwrap();
        assert_eq!(
            (file.idle_minutes, &file.hosts[..]),
            (Some(5), &["a.example".to_owned()][..])
        );
        let behind = read("trusted-proxies = ['10.0.0.0/8']\nproxies-say = 'forwarded'").unwrap();
        assert_eq!(behind.trusted_proxies, ["10.0.0.0/8"]);
        assert!(matches!(behind.proxies_say, Some(Header::Forwarded)));
        assert!(read("proxies-say = 'x-real-ip'").is_err());
        assert!(read("personas = true").is_err());
        assert_eq!(
            read("passkey = 'required'").unwrap().passkey,
            Some(Need::Required)
        );
        assert!(read("passkey = 'yes'").is_err());
        assert!(read("idle_minutes = 5").is_err());
    }
}
