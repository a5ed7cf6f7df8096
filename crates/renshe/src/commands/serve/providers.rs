//! The houses whose word lets in, as a file of settings has them.

use crate::folder::read_text;
use crate::output::{Failure, Setting};
use ::city::logins::Role;
use measure::Words;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use web::outgoing::Roots;
use web::sign_in::openid::{ClientSecret, Provider};

/// A house, as a file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Said {
    name: String,
    zh: String,
    en: String,
    issuer: String,
    client: String,
    /// A file with the secret on its first line.
    secret: PathBuf,
    r#for: Vec<For>,
    #[serde(default = "subject")]
    who: String,
    number: Option<String>,
    #[serde(default)]
    number_is_proven: bool,
    #[serde(default)]
    scopes: Vec<String>,
}

fn subject() -> String {
    "sub".to_owned()
}

/// Whom a house's word lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum For {
    Persons,
    Agents,
    Staff,
}

impl For {
    const fn roles(self) -> &'static [Role] {
        match self {
            For::Persons => &[Role::Person],
            For::Agents => &[Role::Agent],
            For::Staff => &[
                Role::Clerk,
                Role::Supervisor,
                Role::Auditor,
                Role::Planner,
                Role::Administrator,
            ],
        }
    }
}

/// A file that has nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Alone {
    #[serde(default)]
    provider: Vec<Said>,
}

/// The houses of a file of their own.
pub(super) fn alone(path: &Path, setting: &Setting) -> Result<Vec<Said>, Failure> {
    let text = read_text(path, setting)?;
    match toml::from_str::<Alone>(&text) {
        Ok(alone) => Ok(alone.provider),
        Err(error) => {
            let shown = path.display();
            let what = setting.lang.pick(
                format!("登录服务文件 {shown} 不能采用"),
                format!("the identity providers in {shown} cannot be taken"),
            );
            Err(Failure::new(setting.lang, what).below(error.to_string()))
        }
    }
}

/// The houses, with their secrets read.
pub(super) fn providers(said: &[Said], setting: &Setting) -> Result<Vec<Provider>, Failure> {
    let mut all: Vec<Provider> = Vec::new();
    for one in said {
        let provider = provider(one, setting)?;
        if all.iter().any(|other| other.name == provider.name) {
            let what = setting.lang.pick("名称重复", "its name is taken");
            return Err(unfit(&one.name, what, setting));
        }
        all.push(provider);
    }
    Ok(all)
}

fn provider(said: &Said, setting: &Setting) -> Result<Provider, Failure> {
    let lang = setting.lang;
    if said.number.is_some() != said.number_is_proven {
        let what = lang.pick(
            "`number` 与 `number-is-proven = true` 须同时写明：只有登录服务核实过的证件号码才能用来找人",
            "`number` and `number-is-proven = true` stand together: only a number that the provider has proven finds a person",
        );
        return Err(unfit(&said.name, what, setting));
    }
    let secret = read_text(&said.secret, setting)?;
    let secret = secret.lines().next().unwrap_or_default().trim().to_owned();
    let provider = Provider {
        name: said.name.clone(),
        shown: Words::new(said.zh.clone(), said.en.clone()),
        issuer: said.issuer.clone(),
        client: said.client.clone(),
        secret: ClientSecret(secret),
        roles: said
            .r#for
            .iter()
            .flat_map(|one| one.roles())
            .copied()
            .collect(),
        who: said.who.clone(),
        number: said.number.clone(),
        scopes: said.scopes.clone(),
    };
    if !provider.is_fit() {
        let what = lang.pick(
            "`name` 只用小写字母、数字和连字符；`issuer` 须为 https 地址（本机除外），不带 ? 和 #；`for` 不能为空",
            "`name` has letters a to z, digits and `-`; `issuer` is an https address without ? and # (http on this machine only); `for` names somebody",
        );
        return Err(unfit(&said.name, what, setting));
    }
    Ok(provider)
}

fn unfit(name: &str, what: &str, setting: &Setting) -> Failure {
    let head = setting.lang.pick(
        format!("登录服务“{name}”的设置不能采用"),
        format!("the settings of the identity provider “{name}” cannot be taken"),
    );
    Failure::new(setting.lang, head).help(what)
}

/// The authorities in a file that are believed besides the usual ones.
pub(super) fn roots(path: &Path, setting: &Setting) -> Result<Roots, Failure> {
    let text = read_text(path, setting)?;
    Roots::read(text.as_bytes()).ok_or_else(|| {
        let shown = path.display();
        let what = setting.lang.pick(
            format!("{shown} 中没有可用的 PEM 证书"),
            format!("{shown} has no certificates in PEM that can be read"),
        );
        Failure::new(setting.lang, what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_of_a_house_what_it_must_and_no_more() {
        let read = |text: &str| toml::from_str::<Alone>(text).map(|alone| alone.provider);
        let whole = "[[provider]]\nname = 'city-id'\nzh = '一'\nen = 'One'\nissuer = 'https://id.example'\nclient = 'renshe'\n\
            secret = 'city-id.secret'\nfor = ['staff', 'agents']\n";
        let houses = read(whole).unwrap();
        assert_eq!(
            (houses[0].who.as_str(), &houses[0].r#for[..]),
            ("sub", &[For::Staff, For::Agents][..])
        );
        assert!(read(&format!("{whole}algorithm = 'none'\n")).is_err());
        assert!(read(&whole.replace("'staff'", "'everybody'")).is_err());
        assert!(read(&whole.replace("client = 'renshe'\n", "")).is_err());
    }
}
