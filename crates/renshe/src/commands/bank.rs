//! `bank`: money that came in, and what it settles.

use crate::arguments::Format;
use crate::arguments::collection::{Allocate, BankCommand, Clarify, Receive, Undo};
use crate::output::{Exit, Failure, Setting, answer, complain, count, table};
use crate::place::{CityLaw, acting, actor, file_hash, of_exchange, of_office, open};
use city::collection::{Payer, Receipt, ReceiptId};
use city::people::PersonId;
use city::refusal::Refused as _;
use exchange::bank::{self, Direction};
use exchange::{Fault, Faults};
use office::collect::allocate::{self, Done};
use office::collect::clarify::{clarify, employer, waiting};
use office::collect::receive::{BankFile, Received, receive};
use office::collect::undo::undo_receipt;
use rules::explain::Lang;
use serde_json::json;
use store::receipts::Known;

/// How many entries that cannot be read are told one by one.
const FAULTS_TOLD: usize = 20;
/// How many receipts a list shows.
const LISTED: i64 = 200;

pub(crate) fn run(command: &BankCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        BankCommand::Receive(asked) => received(asked, setting),
        BankCommand::Allocate(asked) => allocated(asked, setting),
        BankCommand::Clarify(asked) => match asked.receipt {
            Some(receipt) => clarified(asked, receipt, setting),
            None => listed(asked, setting),
        },
        BankCommand::Undo(asked) => undone(asked, setting),
    }
}

/// Why a file is not taken in.
enum Stop {
    File(exchange::Error),
    Office(office::Error),
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl From<office::Error> for Stop {
    fn from(error: office::Error) -> Stop {
        Stop::Office(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Office(error.into())
    }
}

/// What is said of a file besides what it brought.
#[derive(Default)]
struct Heard {
    summary: bank::Summary,
    sent: u64,
    faults: Vec<Fault>,
}

fn received(asked: &Receive, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let name = asked.file.file_name().unwrap_or_default().to_string_lossy();
    let file = BankFile {
        name: &name,
        hash: file_hash(&asked.file, setting)?,
    };
    let mut read = Heard::default();
    let mut source = |each: &mut dyn FnMut(&Receipt) -> Result<(), Stop>| {
        // It may be read again from the beginning.
        let mut faults = Faults::keeping(FAULTS_TOLD);
        let mut sent = 0;
        let summary = bank::read(&asked.file, &name, &mut faults, |told| {
            match told.direction {
                Direction::In => each(&receipt(told)),
                Direction::Out => {
                    sent += 1;
                    Ok(())
                }
            }
        })?;
        read = Heard {
            summary,
            sent,
            faults: faults.kept().to_vec(),
        };
        Ok(())
    };
    let taken = receive(&db, file, &mut source, acting).map_err(|stop| match stop {
        Stop::File(error) => of_exchange(&error, setting),
        Stop::Office(error) => of_office(&error, setting),
    })?;
    for fault in &read.faults {
        complain(&format!("{} {}", fault.code, fault.sentence(setting.lang)));
    }
    for note in &read.summary.notes {
        complain(setting.lang.pick(&note.zh, &note.en));
    }
    answer(&match asked.format {
        Format::Text => in_words(&taken, &read, setting.lang),
        Format::Json => in_json(&taken, &read),
    });
    Ok(match read.summary.refused {
        0 => Exit::Good,
        _ => Exit::Partial,
    })
}

/// A receipt as the office takes it.
fn receipt(told: bank::Receipt) -> Receipt {
    let written = [told.remittance, told.structured, told.end_to_end];
    let written: Vec<String> = written.into_iter().flatten().collect();
    Receipt {
        key: told.key,
        booked: told.booked,
        amount: told.amount,
        payer: told.payer.unwrap_or_default(),
        payer_code: None,
        account: told.payer_account,
        remittance: written.join(" "),
    }
}

fn in_words(taken: &Received, read: &Heard, lang: Lang) -> String {
    let batch = taken.batch;
    if taken.again {
        return lang.pick(
            format!("此文件已收（批次 {batch}），未重复收取\n"),
            format!("the file was taken in before, as batch {batch}; nothing was done\n"),
        );
    }
    let number = |number: i64| count(number.unsigned_abs());
    let (new, known, amount) = (
        number(taken.receipts),
        number(taken.known),
        taken.amount.with_separators(),
    );
    let (refused, sent) = (count(read.summary.refused), count(read.sent));
    lang.pick(
        format!(
            "批次 {batch}：新到账 {new} 笔，{amount} 元；已登记 {known} 笔；无法读取 {refused} 笔；转出 {sent} 笔未收\n"
        ),
        format!(
            "batch {batch}: {new} receipts taken in, {amount} yuan; {known} known before; {refused} refused; {sent} went out \
             and were not taken in\n"
        ),
    )
}

fn in_json(taken: &Received, read: &Heard) -> String {
    let told = json!({
        "batch": taken.batch,
        "again": taken.again,
        "receipts": taken.receipts,
        "amount": taken.amount.to_string(),
        "known": taken.known,
        "refused": read.summary.refused,
        "sent": read.sent,
    });
    format!("{told:#}\n")
}

fn allocated(asked: &Allocate, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let done = allocate::allocate(&db, law.applied(), allocate::CHUNK, acting, &mut |_| {});
    let done = done.map_err(|error| of_office(&error, setting))?;
    for (receipt, refusal) in &done.refused {
        let (lang, why) = (setting.lang, refusal.message(setting.lang));
        complain(&lang.pick(
            format!("到账 {receipt}：{why}"),
            format!("receipt {receipt}: {why}"),
        ));
    }
    answer(&match asked.format {
        Format::Text => settled_in_words(&done, setting.lang),
        Format::Json => settled_in_json(&done),
    });
    Ok(match done.refused.is_empty() {
        true => Exit::Good,
        false => Exit::Partial,
    })
}

fn settled_in_words(done: &Done, lang: Lang) -> String {
    let (receipts, parts) = (count(done.receipts), count(done.allocations));
    let (principal, fee, held) = (
        done.principal.with_separators(),
        done.fee.with_separators(),
        done.held.with_separators(),
    );
    let nobodys = count(done.nobodys);
    lang.pick(
        format!(
            "处理到账 {receipts} 笔：清偿 {parts} 项，本金 {principal} 元，滞纳金 {fee} 元；尚余 {held} 元待确认；{nobodys} 笔不知归属\n"
        ),
        format!(
            "{receipts} receipts: {parts} parts of bills settled, dues {principal} yuan, late fees {fee} yuan; {held} yuan left in \
             clarification; of {nobodys} receipts it is not known whose they are\n"
        ),
    )
}

fn settled_in_json(done: &Done) -> String {
    let told = json!({
        "receipts": done.receipts,
        "found": done.found,
        "nobodys": done.nobodys,
        "allocations": done.allocations,
        "principal": done.principal.to_string(),
        "fee": done.fee.to_string(),
        "held": done.held.to_string(),
        "refused": done.refused.iter().map(|(receipt, refusal)| json!({
            "receipt": receipt.number(),
            "code": refusal.code(),
        })).collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}

fn clarified(asked: &Clarify, receipt: i64, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let (person, named) = (
        asked.person.and_then(PersonId::new),
        asked.employer.as_deref(),
    );
    let payer = match (person, named) {
        (Some(person), _) => Payer::Person(person),
        (None, Some(named)) => {
            let found = db.read(|tx| employer(tx, named));
            Payer::Employer(found.map_err(|error| of_office(&error, setting))?)
        }
        (None, None) => {
            let what = setting
                .lang
                .pick("没有说是谁的款", "it is not said whose it is");
            let help = setting.lang.pick(
                "用 --employer 代码或编号，或 --person 编号",
                "give --employer CODE|NUMBER or --person NUMBER",
            );
            return Err(Failure::new(setting.lang, what).help(help));
        }
    };
    let Some(receipt) = ReceiptId::new(receipt) else {
        return Ok(Exit::Failed);
    };
    let known = clarify(&db, receipt, payer, acting).map_err(|error| of_office(&error, setting))?;
    let rest = known.rest.with_separators();
    answer(&setting.lang.pick(
        format!("到账 {receipt} 已归属，{rest} 元待分配；用 `renshe bank allocate` 分配\n"),
        format!("receipt {receipt} is clarified, {rest} yuan to be allocated; next: renshe bank allocate\n"),
    ));
    Ok(Exit::Good)
}

fn listed(asked: &Clarify, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let list = waiting(&db, 0, LISTED, acting(&by, &asked.signed, setting.now));
    let list = list.map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => list_in_words(&list, setting.lang),
        Format::Json => list_in_json(&list),
    });
    Ok(Exit::Good)
}

fn list_in_words(list: &[Known], lang: Lang) -> String {
    if list.is_empty() {
        return lang
            .pick("没有待确认的到账\n", "no receipt waits to be clarified\n")
            .to_owned();
    }
    let rows = list.iter().map(|known| {
        vec![
            known.id.to_string(),
            known.booked.to_string(),
            known.rest.with_separators().to_string(),
            known.payer.clone(),
            known.remittance.clone(),
        ]
    });
    let head = lang.pick(
        ["到账", "日期", "金额（元）", "付款人", "附言"],
        ["receipt", "booked", "yuan", "payer", "remittance"],
    );
    table(&head, &[0, 2], rows.collect())
}

fn list_in_json(list: &[Known]) -> String {
    let list = list.iter().map(|known| {
        json!({
            "receipt": known.id.number(),
            "booked": known.booked.to_string(),
            "amount": known.amount.to_string(),
            "rest": known.rest.to_string(),
            "payer": known.payer,
            "account": known.account,
            "remittance": known.remittance,
        })
    });
    format!("{:#}\n", json!(list.collect::<Vec<_>>()))
}

fn undone(asked: &Undo, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let Some(receipt) = ReceiptId::new(asked.receipt) else {
        return Ok(Exit::Failed);
    };
    let made = undo_receipt(&db, receipt, acting).map_err(|error| of_office(&error, setting))?;
    let parts = count(made.len() as u64);
    answer(&setting.lang.pick(
        format!("到账 {receipt} 的 {parts} 项分配已撤销；款项待确认\n"),
        format!(
            "{parts} allocations of receipt {receipt} taken back; the money is in clarification\n"
        ),
    ));
    Ok(Exit::Good)
}
