//! `employer`: what an employer owes.

use crate::arguments::Format;
use crate::arguments::collection::{Arrears, EmployerCommand, Owes as Asked};
use crate::output::{Exit, Failure, Setting, answer, count, table};
use crate::place::{CityLaw, of_office, open};
use city::collection::{Aged, Payer, reference};
use city::employers::Employer;
use measure::Day;
use office::collect::clarify::employer;
use office::collect::owes::{Owes, ageing, owes};
use rules::explain::Lang;
use serde_json::json;
use std::collections::BTreeMap;

pub(crate) fn run(command: &EmployerCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        EmployerCommand::Owes(asked) => owed(asked, setting),
        EmployerCommand::Arrears(asked) => aged(asked, setting),
    }
}

fn owed(asked: &Asked, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let on = asked.on.unwrap_or(setting.today);
    let db = open(&asked.place, setting)?;
    let found = db.read(|tx| {
        tx.set_all_districts()?;
        let id = employer(tx, &asked.employer)?;
        let who = store::employers::employer(tx, id)?;
        let owed = owes(tx, law.applied().law, Payer::Employer(id), on)?;
        Ok::<_, office::Error>((who, owed))
    });
    let (who, owed) = found.map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => text(who.as_ref(), &owed, setting.lang),
        Format::Json => json(asked, who.as_ref(), &owed),
    });
    Ok(Exit::Good)
}

fn aged(asked: &Arrears, setting: &Setting) -> Result<Exit, Failure> {
    let law = CityLaw::asked(&asked.law, setting)?;
    let on = asked.on.unwrap_or(setting.today);
    let db = open(&asked.place, setting)?;
    let bands = db.read(|tx| {
        tx.set_districts(&[asked.district.code()])?;
        ageing(tx, law.applied().law, asked.district, on)
    });
    let bands = bands.map_err(|error| of_office(&error, setting))?;
    answer(&match asked.format {
        Format::Text => bands_in_words(&bands, setting.lang),
        Format::Json => bands_in_json(asked, on, &bands),
    });
    Ok(Exit::Good)
}

fn bands_in_words(bands: &BTreeMap<i64, Aged>, lang: Lang) -> String {
    if bands.is_empty() {
        return lang
            .pick("没有未清偿的应缴\n", "nothing is open\n")
            .to_owned();
    }
    let head = lang.pick(
        ["账龄档", "最早截止日", "最晚截止日", "账单", "本金（元）"],
        ["band", "due from", "due to", "bills", "dues, yuan"],
    );
    let rows = bands.iter().map(|(band, aged)| {
        let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
        vec![
            band.to_string(),
            day(aged.due.map(|(first, _)| first)),
            day(aged.due.map(|(_, last)| last)),
            count(aged.bills),
            aged.principal.with_separators().to_string(),
        ]
    });
    table(&head, &[0, 3, 4], rows.collect())
}

fn bands_in_json(asked: &Arrears, on: Day, bands: &BTreeMap<i64, Aged>) -> String {
    let bands = bands.iter().map(|(band, aged)| {
        json!({
            "band": band,
            "due_from": aged.due.map(|(first, _)| first.to_string()),
            "due_to": aged.due.map(|(_, last)| last.to_string()),
            "bills": aged.bills,
            "principal": aged.principal.to_string(),
        })
    });
    let told = json!({
        "district": asked.district.code(),
        "on": on.to_string(),
        "bands": bands.collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}

fn text(who: Option<&Employer>, owed: &Owes, lang: Lang) -> String {
    let (today, tomorrow) = (&owed.outlook.today, &owed.outlook.tomorrow);
    let mut told = who.map_or_else(String::new, |who| {
        format!("{}  {}\n", who.name, who.credit_code.as_str())
    });
    let rows = owed.bills.iter().map(|open| {
        let (bill, today) = (&open.bill, &open.today);
        vec![
            bill.month.to_string(),
            bill.scheme.name(lang).to_owned(),
            bill.district.code().to_string(),
            reference(bill.id),
            today.due.to_string(),
            today.days_late.to_string(),
            today.principal.with_separators().to_string(),
            today.fee.with_separators().to_string(),
            open.fee_tomorrow.with_separators().to_string(),
        ]
    });
    let head = lang.pick(
        [
            "所属月份",
            "险种",
            "区县",
            "缴费单号",
            "截止日",
            "逾期天数",
            "本金",
            "滞纳金",
            "明日滞纳金",
        ],
        [
            "month",
            "scheme",
            "district",
            "reference",
            "due",
            "days late",
            "dues",
            "late fee",
            "tomorrow",
        ],
    );
    if !owed.bills.is_empty() {
        told.push_str(&table(&head, &[5, 6, 7, 8], rows.collect()));
    }
    let line = |owed: &city::collection::Owed| {
        let all = owed.principal.0.saturating_add(owed.fee.0);
        (
            measure::Fen(all).with_separators().to_string(),
            owed.principal.with_separators().to_string(),
            owed.fee.with_separators().to_string(),
        )
    };
    for owed in [today, tomorrow] {
        let (all, principal, fee) = line(owed);
        let on = owed.on;
        told.push_str(&lang.pick(
            format!("{on} 欠缴 {all} 元：本金 {principal}，滞纳金 {fee}\n"),
            format!("owed on {on}: {all} yuan, dues {principal}, late fee {fee}\n"),
        ));
    }
    if owed.held != measure::Fen::ZERO {
        let held = owed.held.with_separators();
        told.push_str(&lang.pick(
            format!("另有 {held} 元已到账、尚未分配\n"),
            format!("{held} yuan received and not allocated yet\n"),
        ));
    }
    told
}

fn json(asked: &Asked, who: Option<&Employer>, owed: &Owes) -> String {
    let sum = |owed: &city::collection::Owed| {
        json!({
            "on": owed.on.to_string(),
            "principal": owed.principal.to_string(),
            "fee": owed.fee.to_string(),
        })
    };
    let bills = owed.bills.iter().map(|open| {
        json!({
            "bill": open.bill.id.number(),
            "reference": reference(open.bill.id),
            "month": open.bill.month.to_string(),
            "scheme": open.bill.scheme.in_law(),
            "district": open.bill.district.code(),
            "due": open.today.due.to_string(),
            "days_late": open.today.days_late,
            "principal": open.today.principal.to_string(),
            "fee": open.today.fee.to_string(),
            "fee_tomorrow": open.fee_tomorrow.to_string(),
        })
    });
    let told = json!({
        "employer": who.map_or_else(|| asked.employer.clone(), |who| who.id.to_string()),
        "credit_code": who.map(|who| who.credit_code.as_str()),
        "name": who.map(|who| who.name.as_str()),
        "today": sum(&owed.outlook.today),
        "tomorrow": sum(&owed.outlook.tomorrow),
        "held": owed.held.to_string(),
        "bills": bills.collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}
