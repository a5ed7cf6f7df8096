//! `instalments`, `write-off`, `refund`: debts that are not simply paid, and money that goes back. Each takes two people.

use crate::arguments::settling::{
    AskRefund, AskWriteOff, InstalmentsCommand, Numbered, OnGround, Propose, RefundCommand, Show,
    WriteOffCommand,
};
use crate::arguments::{Format, Place, Signed};
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{CityLaw, acting, actor, of_office, open};
use city::collection::instalments::{Agreement, Standing};
use city::collection::write_offs::Ground;
use city::collection::{AgreementId, Payer, ReceiptId, RefundId, WriteOffId};
use exchange::bank::masked;
use measure::Fen;
use office::Acting;
use office::collect::clarify::employer;
use office::collect::instalments::{self, Proposal};
use office::collect::{refund, write_off};
use rules::explain::Lang;
use serde_json::json;
use store::Db;
use store::instalments::Outcome;

pub(crate) fn instalments(
    command: &InstalmentsCommand,
    setting: &Setting,
) -> Result<Exit, Failure> {
    match command {
        InstalmentsCommand::Propose(asked) => proposed(asked, setting),
        InstalmentsCommand::Show(asked) => shown(asked, setting),
        InstalmentsCommand::Approve(asked) => {
            let said = ("延期缴费协议已复核", "agreement approved");
            decided(asked, said, setting, AgreementId::new, instalments::approve)
        }
        InstalmentsCommand::Decline(asked) => {
            let said = ("未准予延期缴费", "agreement refused");
            decided(asked, said, setting, AgreementId::new, instalments::decline)
        }
        InstalmentsCommand::Look(asked) => {
            let over = in_name(&asked.place, &asked.signed, setting, instalments::look)?;
            answer(&ended(&over, setting.lang));
            Ok(Exit::Good)
        }
    }
}

pub(crate) fn write_off(command: &WriteOffCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        WriteOffCommand::Ask(asked) => asked_to_write_off(asked, setting),
        WriteOffCommand::Approve(asked) => {
            let law = CityLaw::asked(&asked.law, setting)?;
            let approve =
                |db: &Db, id, acting: Acting<'_>| write_off::approve(db, law.applied(), id, acting);
            let said = ("已核销", "written off");
            decided(&asked.which, said, setting, WriteOffId::new, approve)
        }
        WriteOffCommand::Decline(asked) => {
            let said = ("未准予核销", "write-off refused");
            decided(asked, said, setting, WriteOffId::new, write_off::decline)
        }
    }
}

pub(crate) fn refund(command: &RefundCommand, setting: &Setting) -> Result<Exit, Failure> {
    let (asked, said, step): (_, _, fn(&Db, _, Acting<'_>) -> _) = match command {
        RefundCommand::Ask(asked) => return asked_back(asked, setting),
        RefundCommand::Approve(asked) => {
            (asked, ("退费已复核", "refund approved"), refund::approve)
        }
        RefundCommand::Decline(asked) => (asked, ("未准予退费", "refund refused"), refund::decline),
        RefundCommand::Sent(asked) => {
            let said = ("退费已交银行", "refund handed to the bank");
            (asked, said, refund::send)
        }
        RefundCommand::Returned(asked) => {
            let said = (
                "退费被银行退回，款项待确认",
                "refund came back; the money is held",
            );
            (asked, said, refund::came_back)
        }
    };
    decided(asked, said, setting, RefundId::new, step)
}

/// Opens the database and does something in somebody's name.
fn in_name<T>(
    place: &Place,
    signed: &Signed,
    setting: &Setting,
    act: impl FnOnce(&Db, Acting<'_>) -> Result<T, office::Error>,
) -> Result<T, Failure> {
    let db = open(place, setting)?;
    let by = actor(signed, setting)?;
    act(&db, acting(&by, signed, setting.now)).map_err(|error| of_office(&error, setting))
}

/// Decides about something that was asked for, by its number, and says so.
fn decided<Id>(
    asked: &Numbered,
    (zh, en): (&str, &str),
    setting: &Setting,
    id: fn(i64) -> Option<Id>,
    decide: impl FnOnce(&Db, Id, Acting<'_>) -> Result<(), office::Error>,
) -> Result<Exit, Failure> {
    let number = asked.number;
    // The arguments let nothing below 1 through.
    let Some(id) = id(number) else {
        return Ok(Exit::Failed);
    };
    in_name(&asked.place, &asked.signed, setting, |db, acting| {
        decide(db, id, acting)
    })?;
    answer(&setting.lang.pick(
        format!("第 {number} 号：{zh}\n"),
        format!("number {number}: {en}\n"),
    ));
    Ok(Exit::Good)
}

/// What was asked for, its number, and how a second person approves it.
fn waits(what: (&str, &str), number: i64, command: &str, setting: &Setting) {
    let (zh, en) = what;
    answer(&setting.lang.pick(
        format!("{zh}第 {number} 号，待复核：`renshe {command} approve {number}`\n"),
        format!("{en} {number} waits for a second person: `renshe {command} approve {number}`\n"),
    ));
}

fn proposed(asked: &Propose, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        let proposal = Proposal {
            payer: Payer::Employer(db.read(|tx| employer(tx, &asked.employer))?),
            first: asked.first,
            count: asked.count,
            guaranteed: asked.guaranteed,
        };
        instalments::propose(db, law.applied(), proposal, acting)
    })?;
    let what = ("延期缴费协议", "agreement");
    waits(what, id.number(), "instalments", setting);
    Ok(Exit::Good)
}

fn asked_to_write_off(asked: &AskWriteOff, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        let what = store::write_offs::Asked {
            bill: asked.bill,
            ground: match asked.ground {
                OnGround::Bankruptcy => Ground::Bankruptcy,
                OnGround::Dissolution => Ground::Dissolution,
                OnGround::Ruling => Ground::Ruling,
                OnGround::FeeWaived => Ground::FeeWaived,
            },
            reason: &asked.reason,
            principal: asked.dues,
            fee: asked.fee,
        };
        write_off::ask(db, law.applied(), &what, acting)
    })?;
    waits(("核销", "write-off"), id.number(), "write-off", setting);
    Ok(Exit::Good)
}

fn asked_back(asked: &AskRefund, setting: &Setting) -> Result<Exit, Failure> {
    let Some(receipt) = ReceiptId::new(asked.receipt) else {
        return Ok(Exit::Failed);
    };
    let made = format!("refund/{receipt}/{}", asked.amount);
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        let what = refund::Asked {
            key: asked.key.as_deref().unwrap_or(&made),
            receipt,
            amount: asked.amount,
            // Receipts keep accounts masked; so it is compared.
            account: &masked(&asked.account),
            reason: &asked.reason,
        };
        refund::ask(db, &what, acting)
    })?;
    waits(("退费", "refund"), id.number(), "refund", setting);
    Ok(Exit::Good)
}

fn shown(asked: &Show, setting: &Setting) -> Result<Exit, Failure> {
    let Some(id) = AgreementId::new(asked.number) else {
        return Ok(Exit::Failed);
    };
    let db = open(&asked.place, setting)?;
    let on = asked.on.unwrap_or(setting.today);
    let standing = db.read(|tx| instalments::standing(tx, id, on));
    let agreement = standing.map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => in_words(id, &agreement, setting.lang),
        Format::Json => in_json(id, &agreement),
    });
    Ok(Exit::Good)
}

fn stands(standing: &Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Proposed { .. } => lang.pick("待复核", "waits for a second person"),
        Standing::Running => lang.pick("履行中", "running"),
        Standing::Kept => lang.pick("已履行完毕", "paid to the end"),
        Standing::Declined => lang.pick("未准予", "refused"),
        Standing::Void => lang.pick(
            "已失效，全部到期",
            "void: an instalment was missed, all is due",
        ),
    }
}

fn in_words(id: AgreementId, agreement: &Agreement, lang: Lang) -> String {
    let stands = stands(&agreement.standing, lang);
    let mut told = lang.pick(
        format!("协议 {id}：{stands}\n"),
        format!("agreement {id}: {stands}\n"),
    );
    let head = lang.pick(
        ["期", "截止日", "金额（元）", "已缴"],
        ["no", "due", "yuan", "paid"],
    );
    let money = |amount: Fen| amount.with_separators().to_string();
    let rows = (1..).zip(&agreement.plan).map(|(no, part): (u32, _)| {
        let (amount, paid) = (money(part.amount), money(part.paid));
        vec![no.to_string(), part.due.to_string(), amount, paid]
    });
    told.push_str(&table(&head, &[0, 2, 3], rows.collect()));
    told
}

fn in_json(id: AgreementId, agreement: &Agreement) -> String {
    let plan = agreement.plan.iter().map(|part| {
        json!({
            "due": part.due.to_string(),
            "amount": part.amount.to_string(),
            "paid": part.paid.to_string(),
        })
    });
    let told = json!({
        "agreement": id.number(),
        "standing": match agreement.standing {
            Standing::Proposed { .. } => "proposed",
            Standing::Running => "running",
            Standing::Kept => "kept",
            Standing::Declined => "declined",
            Standing::Void => "void",
        },
        "instalments": plan.collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}

fn ended(over: &[(AgreementId, Outcome)], lang: Lang) -> String {
    if over.is_empty() {
        return lang
            .pick("没有协议结束\n", "no agreement has ended\n")
            .to_owned();
    }
    let line = |(id, outcome): &(AgreementId, Outcome)| {
        let standing = match outcome {
            Outcome::Kept => Standing::Kept,
            Outcome::Missed => Standing::Void,
            Outcome::Declined => Standing::Declined,
        };
        let stands = stands(&standing, lang);
        lang.pick(
            format!("协议 {id}：{stands}\n"),
            format!("agreement {id}: {stands}\n"),
        )
    };
    over.iter().map(line).collect()
}
