//! `account`: individual accounts, corrected at the counter.

use crate::arguments::Format;
use crate::arguments::account::{
    AccountCommand, AccountScheme, Approve, Decline, Post, Reverse, Whose,
};
use crate::arguments::{Place, Signed};
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{acting, actor, keys, of_office, of_store, open};
use city::entries::{Asked, Entry, EntryId};
use city::insurance::Scheme;
use city::people::{Blind, PersonId};
use city::places::District;
use measure::IdentityNumber;
use office::Acting;
use office::account::post::{approve, decline, post, reverse, waiting};
use rules::explain::Lang;
use serde_json::json;
use store::Db;

pub(crate) fn run(command: &AccountCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        AccountCommand::Statement(asked) => super::statement::run(asked, setting),
        AccountCommand::Proof(asked) => super::proof::made(asked, setting),
        AccountCommand::CheckProof(asked) => super::proof::checked(asked, setting),
        AccountCommand::Post(asked) => posted(asked, setting),
        AccountCommand::Reverse(asked) => reversed(asked, setting),
        AccountCommand::Approve(asked) => match asked.entry {
            Some(entry) => approved(asked, entry, setting),
            None => listed(asked, setting),
        },
        AccountCommand::Decline(asked) => declined(asked, setting),
    }
}

/// The scheme meant.
pub(crate) fn scheme(asked: AccountScheme) -> Scheme {
    match asked {
        AccountScheme::EmployeePension => Scheme::EmployeePension,
        AccountScheme::ResidentPension => Scheme::ResidentPension,
    }
}

/// The person meant: an identity number has eighteen characters, a number in the register fewer.
pub(crate) fn person(db: &Db, whose: &Whose, setting: &Setting) -> Result<PersonId, Failure> {
    let (lang, text) = (setting.lang, whose.person.trim());
    if text.len() != 18 {
        let number = text.parse().ok().and_then(PersonId::new);
        return number.ok_or_else(|| {
            Failure::new(
                lang,
                lang.pick(
                    format!("“{text}”不是人员编号，也不是身份证件号码"),
                    format!("“{text}” is neither a number of the register nor an identity number"),
                ),
            )
        });
    }
    let number = IdentityNumber::parse(text).map_err(|error| {
        Failure::new(
            lang,
            lang.pick(
                format!("不是身份证件号码：{error}"),
                format!("not an identity number: {error}"),
            ),
        )
    })?;
    let Some(path) = &whose.keys else {
        let what = lang.pick(
            "按身份证件号码查询需要密钥",
            "an identity number is found by the keys",
        );
        return Err(Failure::new(lang, what).help(lang.pick(
            "用 --keys 指明密钥文件，或用人员编号查询",
            "name their file with --keys, or use the number in the register",
        )));
    };
    let secrets = keys(path, setting)?;
    for blind in secrets.blinds("identity", number.reveal()) {
        let found = db.read(|tx| store::people::find(tx, Blind(blind)));
        if let Some((person, _)) = found.map_err(|error| of_store(&error, setting))? {
            return Ok(person);
        }
    }
    Err(Failure::new(
        lang,
        lang.pick(
            "登记中没有该身份证件号码",
            "nobody in the register has this identity number",
        ),
    ))
}

fn posted(asked: &Post, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let db = open(&asked.place, setting)?;
    let district = match asked.district {
        Some(code) => Some(District::new(code).ok_or_else(|| {
            let what = lang.pick(
                format!("没有区县 {code}"),
                format!("there is no district {code}"),
            );
            Failure::new(lang, what)
        })?),
        None => None,
    };
    let correction = Asked {
        key: asked.key.clone(),
        person: person(&db, &asked.whose, setting)?,
        scheme: scheme(asked.scheme),
        month: asked.month,
        amount: asked.amount,
        reason: asked.reason.clone(),
    };
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        post(db, &correction, district, acting)
    })?;
    waits(id, setting);
    Ok(Exit::Good)
}

fn reversed(asked: &Reverse, setting: &Setting) -> Result<Exit, Failure> {
    let entry = numbered(asked.entry);
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        reverse(db, entry, &asked.key, &asked.reason, acting)
    })?;
    waits(id, setting);
    Ok(Exit::Good)
}

fn waits(id: EntryId, setting: &Setting) {
    answer(&setting.lang.pick(
        format!("更正 {id} 待复核\n下一步：`renshe account approve {id}`（由另一人）\n"),
        format!("entry {id}: waiting for approval\nnext: `renshe account approve {id}`, by someone else\n"),
    ));
}

fn approved(asked: &Approve, entry: i64, setting: &Setting) -> Result<Exit, Failure> {
    let entry = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        approve(db, numbered(entry), acting)
    })?;
    let (id, person, amount) = (
        entry.id,
        entry.asked.person,
        entry.asked.amount.with_separators().to_string(),
    );
    answer(&setting.lang.pick(
        format!("更正 {id} 已入账：{person} 号 {amount} 元\n"),
        format!("entry {id}: posted, {amount} yuan to the account of {person}\n"),
    ));
    Ok(Exit::Good)
}

fn declined(asked: &Decline, setting: &Setting) -> Result<Exit, Failure> {
    let entry = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        decline(db, numbered(asked.entry), acting)
    })?;
    let id = entry.id;
    answer(&setting.lang.pick(
        format!("更正 {id} 已退回\n"),
        format!("entry {id}: declined\n"),
    ));
    Ok(Exit::Good)
}

fn listed(asked: &Approve, setting: &Setting) -> Result<Exit, Failure> {
    let waiting = in_name(&asked.place, &asked.signed, setting, waiting)?;
    answer(&match asked.format {
        Format::Text => text(&waiting, setting.lang),
        Format::Json => {
            let entries: Vec<_> = waiting.iter().map(json).collect();
            format!("{:#}\n", json!({ "entries": entries }))
        }
    });
    Ok(Exit::Good)
}

fn text(waiting: &[Entry], lang: Lang) -> String {
    if waiting.is_empty() {
        return lang
            .pick("没有待复核的更正\n", "no entry waits for approval\n")
            .to_owned();
    }
    let head = lang.pick(
        ["更正", "人员", "险种", "月份", "金额", "经办", "原因"],
        [
            "entry", "person", "scheme", "month", "amount", "by", "reason",
        ],
    );
    let rows = waiting.iter().map(|entry| {
        vec![
            entry.id.to_string(),
            entry.asked.person.to_string(),
            entry.asked.scheme.name(lang).to_owned(),
            entry.asked.month.to_string(),
            entry.asked.amount.with_separators().to_string(),
            entry.by.to_string(),
            entry.asked.reason.clone(),
        ]
    });
    table(&head, &[0, 1, 4], rows.collect())
}

fn json(entry: &Entry) -> serde_json::Value {
    json!({
        "entry": entry.id.number(),
        "key": entry.asked.key,
        "person": entry.asked.person.number(),
        "scheme": entry.asked.scheme.in_law(),
        "month": entry.asked.month.to_string(),
        "amount": entry.asked.amount.to_string(),
        "reason": entry.asked.reason,
        "district": entry.district.code(),
        "reverses": entry.reverses.map(EntryId::number),
        "by": entry.by.login(),
    })
}

fn numbered(entry: i64) -> EntryId {
    EntryId::new(entry).expect("the arguments take numbers above 0 only")
}

/// Does something in somebody's name.
pub(crate) fn in_name<T>(
    place: &Place,
    signed: &Signed,
    setting: &Setting,
    what: impl FnOnce(&Db, Acting<'_>) -> Result<T, office::Error>,
) -> Result<T, Failure> {
    let db = open(place, setting)?;
    let by = actor(signed, setting)?;
    what(&db, acting(&by, signed, setting.now)).map_err(|error| of_office(&error, setting))
}
