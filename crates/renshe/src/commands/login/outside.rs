//! `login bind`, `unbind`, `bound` and `lost`: by what else than a secret one comes in.

use crate::arguments::Format;
use crate::arguments::login::{Bind, Named, Tokens, Unbind, Word};
use crate::commands::account::in_name;
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{of_office, open};
use measure::Moment;
use office::sign_in::outside::{Identity, bind, bound, unbind};
use office::sign_in::passkeys;
use serde_json::json;

fn identity(word: &Word) -> Identity<'_> {
    Identity {
        issuer: &word.issuer,
        claim: &word.claim,
        subject: &word.subject,
    }
}

pub(super) fn bound_to(asked: &Bind, setting: &Setting) -> Result<Exit, Failure> {
    let login = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        bind(db, &asked.name, identity(&asked.word), acting)
    })?;
    let (name, issuer) = (login.name(), &asked.word.issuer);
    answer(&setting.lang.pick(
        format!("账号 {name} 现可凭 {issuer} 登录\n"),
        format!("login {name}: lets in by the word of {issuer}\n"),
    ));
    Ok(Exit::Good)
}

pub(super) fn unbound(asked: &Unbind, setting: &Setting) -> Result<Exit, Failure> {
    let login = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        unbind(db, identity(&asked.word), acting)
    })?;
    let (name, issuer) = (login.name(), &asked.word.issuer);
    answer(&setting.lang.pick(
        format!("账号 {name} 不再凭 {issuer} 登录\n"),
        format!("login {name}: lets nobody in by this word of {issuer} any more\n"),
    ));
    Ok(Exit::Good)
}

pub(super) fn lost(asked: &Named, setting: &Setting) -> Result<Exit, Failure> {
    let removed = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        passkeys::lost(db, &asked.name, acting)
    })?;
    let name = &asked.name;
    answer(&setting.lang.pick(
        format!("账号 {name} 的 {removed} 个通行密钥已移除\n"),
        format!("login {name}: passkeys removed: {removed}\n"),
    ));
    Ok(Exit::Good)
}

pub(super) fn listed(asked: &Tokens, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let all = bound(&db, &asked.name).map_err(|error| of_office(&error, setting))?;
    let day = |at: Moment| {
        at.day()
            .map_or_else(|_| String::new(), |day| day.to_string())
    };
    answer(&match asked.format {
        Format::Text if all.is_empty() => {
            let none = setting
                .lang
                .pick("没有绑定外部身份\n", "it lets in by nobody's word\n");
            none.to_owned()
        }
        Format::Text => {
            let head = setting.lang.pick(
                ["登录服务", "声明", "值", "绑定", "终止"],
                ["issuer", "claim", "subject", "bound", "ended"],
            );
            let rows = all.iter().map(|one| {
                vec![
                    one.issuer.clone(),
                    one.claim.clone(),
                    one.subject.clone(),
                    day(one.made),
                    one.ended.map_or_else(String::new, day),
                ]
            });
            table(&head, &[], rows.collect())
        }
        Format::Json => {
            let all = all.iter().map(|one| {
                json!({
                    "issuer": one.issuer,
                    "claim": one.claim,
                    "subject": one.subject,
                    "bound": day(one.made),
                    "ended": one.ended.map(day),
                })
            });
            format!("{:#}\n", json!({ "bound": all.collect::<Vec<_>>() }))
        }
    });
    Ok(Exit::Good)
}
