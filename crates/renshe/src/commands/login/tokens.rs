//! `login token`, `tokens` and `revoke`: by what programs come in.

use crate::arguments::Format;
use crate::arguments::login::{Revoke, Token, Tokens};
use crate::commands::account::in_name;
use crate::output::{Exit, Failure, Setting, answer, complain, table};
use crate::place::{of_office, open};
use ledger::Digest;
use measure::Moment;
use office::programs::Refusal;
use office::programs::tokens::{NewToken, issue, list, revoke};
use serde_json::json;

const DAY: i64 = 24 * 3_600_000_000;

pub(super) fn issued(asked: &Token, setting: &Setting) -> Result<Exit, Failure> {
    let token = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        let key = asked.signs_with.as_deref().map(Digest::parse);
        let signs_with = match key {
            Some(None) => return Err(Refusal::UnfitToken.into()),
            Some(Some(key)) => Some(key.0),
            None => None,
        };
        let new = NewToken {
            login: &asked.name,
            label: &asked.label,
            scope: &asked.scope,
            callback: asked.callback.as_deref(),
            signs_with,
            ends: acting.at.plus_microseconds(asked.days * DAY),
        };
        issue(db, &new, acting)
    })?;
    let (name, label) = (&asked.name, &asked.label);
    complain(&setting.lang.pick(
        format!("账号 {name} 的令牌“{label}”；只显示这一次\n"),
        format!("the token {label:?} of {name}; it is shown this once\n"),
    ));
    answer(&format!("{}\n", token.reveal()));
    Ok(Exit::Good)
}

pub(super) fn revoked(asked: &Revoke, setting: &Setting) -> Result<Exit, Failure> {
    in_name(&asked.place, &asked.signed, setting, |db, acting| {
        revoke(db, (&asked.name, &asked.label), acting)
    })?;
    let (name, label) = (&asked.name, &asked.label);
    answer(&setting.lang.pick(
        format!("账号 {name} 的令牌“{label}”已终止\n"),
        format!("the token {label:?} of {name}: ended\n"),
    ));
    Ok(Exit::Good)
}

pub(super) fn listed(asked: &Tokens, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let tokens = list(&db, &asked.name).map_err(|error| of_office(&error, setting))?;
    let day = |at: Moment| {
        at.day()
            .map_or_else(|_| String::new(), |day| day.to_string())
    };
    answer(&match asked.format {
        Format::Text if tokens.is_empty() => {
            let none = setting.lang.pick("没有令牌\n", "there are no tokens\n");
            none.to_owned()
        }
        Format::Text => {
            let head = ["用途", "范围", "回调", "到期", "终止"];
            let head = setting
                .lang
                .pick(head, ["label", "scope", "callback", "ends", "ended"]);
            let rows = tokens.iter().map(|token| {
                vec![
                    token.label.clone(),
                    token.scope.join(" "),
                    token.callback.clone().unwrap_or_default(),
                    day(token.ends),
                    token.ended.map_or_else(String::new, day),
                ]
            });
            table(&head, &[], rows.collect())
        }
        Format::Json => {
            let tokens = tokens.iter().map(|token| {
                json!({
                    "label": token.label,
                    "scope": token.scope,
                    "callback": token.callback,
                    "signs": token.signs_with.is_some(),
                    "ends": day(token.ends),
                    "ended": token.ended.map(day),
                })
            });
            format!("{:#}\n", json!({ "tokens": tokens.collect::<Vec<_>>() }))
        }
    });
    Ok(Exit::Good)
}
