//! `account proof`, `account check-proof`: that a person's lines belong to a sealed month.

use super::account::person;
use super::statement::signed;
use crate::arguments::statement::{CheckProof, Prove};
use crate::folder::read_text;
use crate::output::{Exit, Failure, Setting, answer};
use crate::place::{acting, actor, of_office, open};
use city::accounts::Account;
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunKind;
use ledger::{ControlTotal, Digest, Proof, Sealed};
use measure::{Fen, Moment, Month};
use office::account::proof::{Proven, Row, prove};
use rules::explain::Lang;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;

/// Writes the proof of a person's lines.
pub(crate) fn made(asked: &Prove, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let db = open(&asked.place, setting)?;
    let signed = signed(&asked.reading);
    let by = actor(&signed, setting)?;
    let person = person(&db, &asked.whose, setting)?;
    let kind = if asked.crediting {
        RunKind::Crediting
    } else {
        RunKind::Assessment
    };
    let acting = acting(&by, &signed, setting.now);
    let proven = prove(&db, person, (kind, asked.month), acting)
        .map_err(|error| of_office(&error, setting))?;
    if proven.lines.is_empty() {
        let month = asked.month;
        return Err(Failure::new(
            lang,
            lang.pick(
                format!("人员 {person} 在 {month} 没有明细"),
                format!("person {person} has no line in {month}"),
            ),
        ));
    }
    let seal = proven.seal().map_err(|error| of_books(&error, setting))?;
    let text = format!("{:#}\n", written(&proven));
    match &asked.out {
        None => answer(&text),
        Some(path) => {
            fs::write(path, text).map_err(|error| {
                let shown = path.display();
                Failure::new(
                    lang,
                    lang.pick(
                        format!("无法写入 {shown}：{error}"),
                        format!("{shown} cannot be written: {error}"),
                    ),
                )
            })?;
            let (count, shown) = (proven.lines.len(), path.display());
            answer(&lang.pick(
                format!("{count} 行的证明写入 {shown}\n封存摘要 {seal}\n"),
                format!("{count} lines proven in {shown}\nseal {seal}\n"),
            ));
        }
    }
    Ok(Exit::Good)
}

/// Checks a proof without any database.
pub(crate) fn checked(asked: &CheckProof, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let text = read_text(&asked.file, setting)?;
    let read = serde_json::from_str(&text)
        .ok()
        .and_then(|json| read(&json));
    let Some(proven) = read else {
        let what = lang.pick(
            format!("{} 不是证明文件", asked.file.display()),
            format!("{} is no proof", asked.file.display()),
        );
        return Err(Failure::new(lang, what).help(lang.pick(
            "证明文件由 `renshe account proof` 写出，不能改动",
            "a proof is written by `renshe account proof`, and not to be altered",
        )));
    };
    let seal = proven.seal().map_err(|error| of_books(&error, setting))?;
    if seal.to_string() != asked.seal.trim().to_lowercase() {
        let what = lang.pick(
            format!("证明所属的封存是 {seal}，不是所给的摘要"),
            format!("the proof is of the seal {seal}, not of the one given"),
        );
        return Err(Failure::new(lang, what).code("B0703"));
    }
    let (month, run) = (proven.sealed.month, proven.sealed.run);
    let mut said = lang.pick(
        format!("以下各行属于 {month} 运行 {run} 的封存内容：\n"),
        format!("these lines are in what was sealed for {month}, run {run}:\n"),
    );
    for (row, _) in &proven.lines {
        let _ = writeln!(
            said,
            "{}",
            match row {
                Row::Due(due) => lang.pick(
                    format!(
                        "人员 {} {}{}：基数 {}，单位 {}，个人 {}，记账 {}",
                        due.person,
                        due.scheme.name(lang),
                        through(due, lang),
                        due.base,
                        due.employer_due,
                        due.person_due,
                        due.credit
                    ),
                    format!(
                        "person {}, {}{}: base {}, employer {}, person {}, credit {}",
                        due.person,
                        due.scheme.name(lang),
                        through(due, lang),
                        due.base,
                        due.employer_due,
                        due.person_due,
                        due.credit
                    ),
                ),
                Row::Account(account) => lang.pick(
                    format!(
                        "人员 {} {}账户：记账 {}，利息 {}，{} 个月",
                        account.person,
                        account.scheme.name(lang),
                        account.credited,
                        account.interest,
                        account.months
                    ),
                    format!(
                        "person {}, account of the {}: credited {}, interest {}, {} months",
                        account.person,
                        account.scheme.name(lang),
                        account.credited,
                        account.interest,
                        account.months
                    ),
                ),
            }
        );
    }
    answer(&said);
    Ok(Exit::Good)
}

/// Through which employer a line is due: several may insure one person.
fn through(due: &Due, lang: Lang) -> String {
    due.employer.map_or_else(String::new, |employer| {
        lang.pick(
            format!("（单位 {employer}）"),
            format!(" through employer {employer}"),
        )
    })
}

fn of_books(error: &ledger::Refusal, setting: &Setting) -> Failure {
    of_office(&office::Error::Books(error.clone()), setting)
}

fn written(proven: &Proven) -> Value {
    let sealed = &proven.sealed;
    let totals: serde_json::Map<String, Value> = sealed
        .totals
        .iter()
        .map(|(of, total)| (of.clone(), json!([total.count, total.amount.0])))
        .collect();
    let lines = proven.lines.iter().map(|(row, proof)| {
        let mut line = match row {
            Row::Due(due) => json!({
                "row": "due",
                "person": due.person.number(),
                "scheme": due.scheme.code(),
                "category": due.category.code(),
                "employer": due.employer.map(EmployerId::number),
                "district": due.district.code(),
                "base": due.base.0,
                "employer_due": due.employer_due.0,
                "person_due": due.person_due.0,
                "credit": due.credit.0,
            }),
            Row::Account(account) => json!({
                "row": "account",
                "person": account.person.number(),
                "scheme": account.scheme.code(),
                "district": account.district.code(),
                "months": account.months,
                "year": account.year,
                "credited": account.credited.0,
                "interest": account.interest.0,
                "product": account.product.0,
            }),
        };
        line["proof"] = hex(&proof.to_bytes()).into();
        line
    });
    json!({
        "renshe_proof": 1,
        "lines": lines.collect::<Vec<_>>(),
        "sealed": {
            "month": sealed.month.to_string(),
            "run": sealed.run,
            "law": sealed.law_version,
            "facts_known": sealed.facts_known.microseconds(),
            "totals": totals,
            "rows": sealed.rows,
            "root": sealed.root.to_string(),
        },
        "previous": proven.previous.to_string(),
    })
}

fn read(json: &Value) -> Option<Proven> {
    if json["renshe_proof"] != 1 {
        return None;
    }
    let digest = |value: &Value| Digest::parse(value.as_str()?);
    let sealed = &json["sealed"];
    let mut totals = std::collections::BTreeMap::new();
    for (of, total) in sealed["totals"].as_object()? {
        let total = ControlTotal {
            count: total[0].as_u64()?,
            amount: Fen(total[1].as_i64()?),
        };
        totals.insert(of.clone(), total);
    }
    let lines = json["lines"].as_array()?.iter().map(|line| {
        let proof = Proof::from_bytes(&bytes(line["proof"].as_str()?)?).ok()?;
        Some((row(line)?, proof))
    });
    Some(Proven {
        lines: lines.collect::<Option<_>>()?,
        sealed: Sealed {
            month: Month::parse(sealed["month"].as_str()?).ok()?,
            run: sealed["run"].as_i64()?,
            law_version: sealed["law"].as_str()?.to_owned(),
            facts_known: Moment::from_microseconds(sealed["facts_known"].as_i64()?),
            totals,
            rows: sealed["rows"].as_u64()?,
            root: digest(&sealed["root"])?,
        },
        previous: digest(&json["previous"])?,
    })
}

fn row(line: &Value) -> Option<Row> {
    let number = |name: &str| line[name].as_i64();
    let small = |name: &str| i16::try_from(number(name)?).ok();
    let fen = |name: &str| number(name).map(Fen);
    let person = PersonId::new(number("person")?)?;
    let scheme = Scheme::from_code(small("scheme")?)?;
    let district = District::new(i32::try_from(number("district")?).ok()?)?;
    match line["row"].as_str()? {
        "due" => Some(Row::Due(Due {
            person,
            scheme,
            category: Category::from_code(small("category")?)?,
            employer: number("employer").and_then(EmployerId::new),
            district,
            base: fen("base")?,
            employer_due: fen("employer_due")?,
            person_due: fen("person_due")?,
            credit: fen("credit")?,
        })),
        "account" => Some(Row::Account(Account {
            person,
            scheme,
            district,
            months: i32::try_from(number("months")?).ok()?,
            year: small("year")?,
            credited: fen("credited")?,
            interest: fen("interest")?,
            product: fen("product")?,
        })),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
