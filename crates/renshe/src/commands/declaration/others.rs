//! `declaration undo`, `missing`, `chase` and `show`.

use super::districts;
use crate::arguments::Format;
use crate::arguments::declaration::{Chase, Missing, Show, Undo};
use crate::output::{Exit, Failure, Setting, answer, count, table};
use crate::place::{CityLaw, acting, actor, of_office, open};
use city::declarations::DeclarationId;
use city::places::District;
use office::collect::clarify::employer;
use office::declare::missing::{Silent, chase, missing as silent_ones, versions};
use office::declare::undo::undo;
use rules::explain::Lang;
use serde_json::json;

/// How many employers a list shows; JSON has all.
const LISTED: usize = 200;

pub(super) fn undone(asked: &Undo, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let Some(id) = DeclarationId::new(asked.declaration) else {
        return Ok(Exit::Failed);
    };
    let districts = districts(&asked.districts);
    let undone = undo(&db, id, districts.as_deref(), acting);
    let (kept, left) = undone.map_err(|error| of_office(&error, setting))?;
    let lang = setting.lang;
    let restored = kept.declaration.supersedes;
    answer(&match asked.format {
        Format::Text => {
            let mut told = lang.pick(
                format!("申报 {id} 已撤销\n"),
                format!("declaration {id} was taken back\n"),
            );
            if let Some(restored) = restored {
                told += &lang.pick(
                    format!("申报 {restored} 恢复有效\n"),
                    format!("declaration {restored} stands again\n"),
                );
            }
            for (persons, what) in [
                (&left.insurance, ("参保", "insurance")),
                (&left.work, ("用工", "employment")),
            ] {
                for person in persons {
                    told += &lang.pick(
                        format!("个人 {person} 的{}此后另有变更，未恢复\n", what.0),
                        format!(
                            "the {} of person {person} was changed since and is left\n",
                            what.1
                        ),
                    );
                }
            }
            told
        }
        Format::Json => {
            let numbers = |persons: &[city::people::PersonId]| {
                persons
                    .iter()
                    .map(|person| person.number())
                    .collect::<Vec<_>>()
            };
            let told = json!({
                "declaration": id.number(),
                "restored": restored.map(DeclarationId::number),
                "left": { "insurance": numbers(&left.insurance), "work": numbers(&left.work) },
            });
            format!("{told:#}\n")
        }
    });
    Ok(match left.insurance.is_empty() && left.work.is_empty() {
        true => Exit::Good,
        false => Exit::Partial,
    })
}

pub(super) fn missing(asked: &Missing, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let districts = districts(&asked.districts);
    let silent = silent_ones(&db, asked.month, districts.as_deref(), acting);
    let silent = silent.map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => listed(&silent, setting.lang),
        Format::Json => {
            let list = silent.iter().map(|one| {
                json!({
                    "employer": one.employer.id.number(),
                    "credit_code": one.employer.credit_code.as_str(),
                    "name": one.employer.name,
                    "district": one.district.map(District::code),
                })
            });
            format!("{:#}\n", json!(list.collect::<Vec<_>>()))
        }
    });
    Ok(Exit::Good)
}

fn listed(silent: &[Silent], lang: Lang) -> String {
    if silent.is_empty() {
        return lang
            .pick("各单位均已申报\n", "every employer has declared\n")
            .to_owned();
    }
    let rows = silent.iter().take(LISTED).map(|one| {
        vec![
            one.employer.id.to_string(),
            one.employer.credit_code.as_str().to_owned(),
            one.district
                .map_or_else(String::new, |district| district.to_string()),
            one.employer.name.clone(),
        ]
    });
    let head = lang.pick(
        ["单位", "统一社会信用代码", "区县", "名称"],
        ["employer", "credit code", "district", "name"],
    );
    let told = table(&head, &[0], rows.collect());
    let all = count(silent.len() as u64);
    told + &lang.pick(
        format!("共 {all} 个单位未申报\n"),
        format!("{all} employers have not declared\n"),
    )
}

pub(super) fn chased(asked: &Chase, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let districts = districts(&asked.districts);
    let on = asked.on.unwrap_or(setting.today);
    let chased = chase(
        &db,
        law.applied().law,
        (asked.month, on),
        districts.as_deref(),
        acting,
    );
    let chased = chased.map_err(|error| of_office(&error, setting))?;
    let lang = setting.lang;
    answer(&match asked.format {
        Format::Text => {
            let (due, silent) = (chased.due, count(chased.silent as u64));
            let written = count(chased.written as u64);
            match chased.time {
                None => lang.pick(
                    format!("申报截止 {due}；{silent} 个单位未申报，尚未到催报日\n"),
                    format!("declared in time until {due}; {silent} employers have not declared, and it is not time to ask\n"),
                ),
                Some((time, since)) => lang.pick(
                    format!("申报截止 {due}；{silent} 个单位未申报；第 {time} 次催报（{since} 起）新发 {written} 份\n"),
                    format!("declared in time until {due}; {silent} employers have not declared; notice {time}, due since {since}: {written} written\n"),
                ),
            }
        }
        Format::Json => {
            let told = json!({
                "due": chased.due.to_string(),
                "silent": chased.silent,
                "time": chased.time.map(|(time, _)| time),
                "since": chased.time.map(|(_, since)| since.to_string()),
                "written": chased.written,
            });
            format!("{told:#}\n")
        }
    });
    Ok(Exit::Good)
}

pub(super) fn shown(asked: &Show, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let found = db.read(|tx| employer(tx, &asked.whose.employer));
    let found = found.and_then(|id| versions(&db, id, asked.whose.month));
    let kept = found.map_err(|error| of_office(&error, setting))?;
    let lang = setting.lang;
    answer(&match asked.format {
        Format::Text if kept.is_empty() => {
            lang.pick("没有申报\n", "nothing was declared\n").to_owned()
        }
        Format::Text => {
            let rows = kept.iter().map(|(kept, name)| {
                let declaration = &kept.declaration;
                vec![
                    declaration.id.to_string(),
                    declaration.state.name(lang).to_owned(),
                    count(kept.lines.into()),
                    kept.wages.with_separators().to_string(),
                    declaration
                        .supersedes
                        .map_or_else(String::new, |id| id.to_string()),
                    kept.by.login().to_owned(),
                    kept.at.to_string(),
                    name.clone().unwrap_or_default(),
                ]
            });
            let head = lang.pick(
                [
                    "申报",
                    "状态",
                    "行数",
                    "工资合计（元）",
                    "更正",
                    "经办",
                    "时间",
                    "文件",
                ],
                [
                    "declaration",
                    "state",
                    "rows",
                    "wages, yuan",
                    "amends",
                    "by",
                    "at",
                    "file",
                ],
            );
            table(&head, &[0, 2, 3], rows.collect())
        }
        Format::Json => {
            let list = kept.iter().map(|(kept, name)| {
                let declaration = &kept.declaration;
                json!({
                    "declaration": declaration.id.number(),
                    "state": declaration.state.name(Lang::En),
                    "rows": kept.lines,
                    "wages": kept.wages.to_string(),
                    "amends": declaration.supersedes.map(DeclarationId::number),
                    "by": kept.by.login(),
                    "at": kept.at.to_string(),
                    "file": name,
                })
            });
            format!("{:#}\n", json!(list.collect::<Vec<_>>()))
        }
    });
    Ok(Exit::Good)
}
