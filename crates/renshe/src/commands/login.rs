//! `login`: who may come in.

mod outside;
mod tokens;

use crate::arguments::Format;
use crate::arguments::login::{Add, List, LoginCommand, LoginRole, Named};
use crate::commands::account::in_name;
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{of_office, open};
use city::employers::EmployerId;
use city::logins::{Login, Party, Role};
use city::people::PersonId;
use city::places::District;
use office::sign_in::{Cost, NewLogin, add, change_secret, end, list};
use rules::explain::Lang;
use serde_json::json;
use std::io::BufRead as _;

pub(crate) fn run(command: &LoginCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        LoginCommand::Add(asked) => added(asked, setting),
        LoginCommand::End(asked) => ended(asked, setting),
        LoginCommand::Secret(asked) => changed(asked, setting),
        LoginCommand::List(asked) => listed(asked, setting),
        LoginCommand::Bind(asked) => outside::bound_to(asked, setting),
        LoginCommand::Unbind(asked) => outside::unbound(asked, setting),
        LoginCommand::Bound(asked) => outside::listed(asked, setting),
        LoginCommand::Lost(asked) => outside::lost(asked, setting),
        LoginCommand::Token(asked) => tokens::issued(asked, setting),
        LoginCommand::Tokens(asked) => tokens::listed(asked, setting),
        LoginCommand::Revoke(asked) => tokens::revoked(asked, setting),
    }
}

fn added(asked: &Add, setting: &Setting) -> Result<Exit, Failure> {
    let party = match (asked.person, asked.employer) {
        (Some(person), _) => PersonId::new(person).map(Party::Person),
        (None, Some(employer)) => EmployerId::new(employer).map(Party::Employer),
        (None, None) => Some(Party::Office),
    };
    let secret = secret(setting)?;
    let login = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        let new = NewLogin {
            name: &asked.name,
            role: role(asked.role),
            party: party.ok_or(office::sign_in::Refusal::UnfitParty)?,
            district: asked.district.and_then(District::new),
            secret: Some(&secret),
        };
        add(db, &new, Cost::USUAL, acting)
    })?;
    let (name, role) = (login.name(), login.role().name(setting.lang));
    answer(&setting.lang.pick(
        format!("账号 {name}（{role}）已设立\n"),
        format!("login {name}: made, {role}\n"),
    ));
    Ok(Exit::Good)
}

fn ended(asked: &Named, setting: &Setting) -> Result<Exit, Failure> {
    in_name(&asked.place, &asked.signed, setting, |db, acting| {
        end(db, &asked.name, acting)
    })?;
    let name = &asked.name;
    answer(&setting.lang.pick(
        format!("账号 {name} 已终止\n"),
        format!("login {name}: ended\n"),
    ));
    Ok(Exit::Good)
}

fn changed(asked: &Named, setting: &Setting) -> Result<Exit, Failure> {
    let secret = secret(setting)?;
    in_name(&asked.place, &asked.signed, setting, |db, acting| {
        change_secret(db, &asked.name, &secret, Cost::USUAL, acting)
    })?;
    let name = &asked.name;
    answer(&setting.lang.pick(
        format!("账号 {name} 的密码已更换\n"),
        format!("login {name}: has another secret\n"),
    ));
    Ok(Exit::Good)
}

fn listed(asked: &List, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let logins = list(&db).map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => text(&logins, setting.lang),
        Format::Json => {
            let logins: Vec<_> = logins.iter().map(json_of).collect();
            format!("{:#}\n", json!({ "logins": logins }))
        }
    });
    Ok(Exit::Good)
}

/// The first line of the input.
fn secret(setting: &Setting) -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if let Err(error) = read {
        let what = setting.lang.pick(
            format!("读不了输入：{error}"),
            format!("the input cannot be read: {error}"),
        );
        return Err(Failure::new(setting.lang, what));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn role(asked: LoginRole) -> Role {
    match asked {
        LoginRole::Person => Role::Person,
        LoginRole::Agent => Role::Agent,
        LoginRole::Clerk => Role::Clerk,
        LoginRole::Supervisor => Role::Supervisor,
        LoginRole::Auditor => Role::Auditor,
        LoginRole::Planner => Role::Planner,
        LoginRole::Administrator => Role::Administrator,
    }
}

fn whose(login: &Login, lang: Lang) -> String {
    match (login.party(), login.district()) {
        (Party::Person(person), _) => {
            lang.pick(format!("人员 {person}"), format!("person {person}"))
        }
        (Party::Employer(employer), _) => {
            lang.pick(format!("单位 {employer}"), format!("employer {employer}"))
        }
        (Party::Office, Some(district)) => district.to_string(),
        (Party::Office, None) => lang.pick("全市", "the whole city").to_owned(),
    }
}

fn text(logins: &[Login], lang: Lang) -> String {
    if logins.is_empty() {
        return lang.pick("没有账号\n", "there are no logins\n").to_owned();
    }
    let head = lang.pick(
        ["账号", "角色", "所属", "终止"],
        ["login", "role", "for", "ended"],
    );
    let rows = logins.iter().map(|login| {
        let ended = login.ended.and_then(|ended| ended.day().ok());
        vec![
            login.name().to_string(),
            login.role().name(lang).to_owned(),
            whose(login, lang),
            ended.map_or_else(String::new, |day| day.to_string()),
        ]
    });
    table(&head, &[], rows.collect())
}

fn json_of(login: &Login) -> serde_json::Value {
    let (person, employer) = match login.party() {
        Party::Person(person) => (Some(person.number()), None),
        Party::Employer(employer) => (None, Some(employer.number())),
        Party::Office => (None, None),
    };
    json!({
        "login": login.name().login(),
        "role": login.role().name(Lang::En),
        "person": person,
        "employer": employer,
        "district": login.district().map(District::code),
        "ended": login.ended.and_then(|ended| ended.day().ok()).map(|day| day.to_string()),
    })
}
