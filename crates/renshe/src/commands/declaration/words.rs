//! What is said of a declaration that was handed in.

use crate::output::{count, table};
use city::declarations::{DeclarationId, Intake, Missing};
use city::employers::Employer;
use exchange::{Fault, Note};
use measure::Month;
use office::declare::{Books, Outcome};
use rules::explain::Lang;
use serde_json::{Value, json};
use std::path::PathBuf;

/// What was told of the rows, as far as it is told one by one.
#[derive(Default)]
pub(super) struct Report {
    faults: Vec<Fault>,
    /// How many there were.
    faults_found: u64,
    doubts: Vec<Fault>,
    missing: Vec<Missing>,
    pub(super) notes: Vec<Note>,
    pub(super) mend: Option<PathBuf>,
}

impl Report {
    pub(super) fn fault(&mut self, faults: &[Fault], most: usize) {
        self.faults_found += faults.len() as u64;
        keep(&mut self.faults, faults, most);
    }

    pub(super) fn doubt(&mut self, doubts: &[Fault], most: usize) {
        keep(&mut self.doubts, doubts, most);
    }

    pub(super) fn missing(&mut self, missing: &Missing, most: usize) {
        keep(&mut self.missing, std::slice::from_ref(missing), most);
    }
}

fn keep<T: Clone>(kept: &mut Vec<T>, more: &[T], most: usize) {
    let room = most.saturating_sub(kept.len());
    kept.extend(more.iter().take(room).cloned());
}

pub(super) fn in_words(
    outcome: &Outcome,
    report: &Report,
    (employer, month): (Option<&Employer>, Month),
    asked: bool,
    lang: Lang,
) -> String {
    let mut told = employer.map_or_else(String::new, |employer| {
        format!(
            "{}  {}  {month}\n",
            employer.name,
            employer.credit_code.as_str()
        )
    });
    for note in &report.notes {
        told += &format!("{}\n", lang.pick(&note.zh, &note.en));
    }
    told += &totals(outcome, lang);
    told += &faults(report, lang);
    told += &missing(outcome, report, lang);
    let unseen = outcome.without_number;
    if unseen != 0 {
        let shown = count(unseen);
        told += &lang.pick(
            format!("另有 {shown} 名职工登记中没有居民身份证号码，文件无法申报\n"),
            format!("{shown} of the staff have no resident identity number, so no row can speak of them\n"),
        );
    }
    if let Some(mend) = &report.mend {
        let shown = mend.display();
        told += &lang.pick(
            format!("有误的行写入 {shown}；更正后单独报送，加 --part\n"),
            format!("rows to mend: {shown}; mended, hand in that file alone, with --part\n"),
        );
    }
    told + &standing(outcome, asked, lang)
}

fn totals(outcome: &Outcome, lang: Lang) -> String {
    let tally = outcome.tally;
    let head = lang.pick(
        [
            "行数",
            "不变",
            "变更",
            "恢复",
            "新增",
            "新登记",
            "减员",
            "有误",
            "未报",
            "工资合计（元）",
        ],
        [
            "rows",
            "unchanged",
            "changed",
            "resumed",
            "enrolled",
            "new",
            "ended",
            "faulty",
            "missing",
            "wages, yuan",
        ],
    );
    let numbers = [
        tally.rows,
        tally.unchanged,
        tally.changed,
        outcome.resumed,
        tally.enrolled,
        outcome.registered,
        tally.ended,
        tally.faulty,
        outcome.missing,
    ];
    let mut row: Vec<String> = numbers.into_iter().map(count).collect();
    row.push(tally.wages.with_separators().to_string());
    let right: Vec<usize> = (0..head.len()).collect();
    table(&head, &right, vec![row])
}

fn faults(report: &Report, lang: Lang) -> String {
    let rows: Vec<Vec<String>> = report
        .faults
        .iter()
        .chain(&report.doubts)
        .map(|fault| {
            let place = fault.place.as_ref();
            let column = place.map_or_else(String::new, |place| {
                format!("{} {}", place.letter, place.name).trim().to_owned()
            });
            vec![
                fault.row.to_string(),
                column,
                fault.value.clone(),
                fault.code.to_owned(),
                fault.reason.in_lang(lang).to_owned(),
                fault.remedy.in_lang(lang).to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = lang.pick(
        ["行", "列", "内容", "代码", "原因", "办法"],
        ["row", "column", "value", "code", "reason", "remedy"],
    );
    let mut told = table(&head, &[0], rows);
    let more = report.faults_found - report.faults.len() as u64;
    if more != 0 {
        let more = count(more);
        told += &lang.pick(format!("另有 {more} 处\n"), format!("and {more} more\n"));
    }
    told
}

fn missing(outcome: &Outcome, report: &Report, lang: Lang) -> String {
    /// A page of them is enough to see what was forgotten; JSON has more.
    const SHOWN: usize = 20;
    if report.missing.is_empty() {
        return String::new();
    }
    let rows = report.missing.iter().take(SHOWN).map(|missing| {
        let wage = missing.wage.map(|wage| wage.with_separators().to_string());
        vec![missing.masked.clone(), wage.unwrap_or_default()]
    });
    let head = lang.pick(["未报职工", "上次工资"], ["not named", "last wage, yuan"]);
    let mut told = table(&head, &[1], rows.collect());
    let more = outcome.missing - (report.missing.len().min(SHOWN) as u64);
    if more != 0 {
        let more = count(more);
        told += &lang.pick(format!("另有 {more} 人\n"), format!("and {more} more\n"));
    }
    told
}

/// Whether it is recorded, as what, and what follows.
fn standing(outcome: &Outcome, asked: bool, lang: Lang) -> String {
    let mut told = match (outcome.recorded, asked) {
        (Some(id), _) => lang.pick(
            format!("已接受，申报编号 {id}\n"),
            format!("recorded as declaration {id}\n"),
        ),
        (None, false) => lang.pick(
            "试算，未记录；加 --record 正式报送\n".to_owned(),
            "nothing was recorded; next: the same with --record\n".to_owned(),
        ),
        (None, true) => lang.pick(
            "有误，整份未记录；更正后再报，或加 --good-rows 先收无误的行\n".to_owned(),
            "nothing was recorded because of the faults; mend them, or record the other rows with --good-rows\n"
                .to_owned(),
        ),
    };
    if let Intake::Amends(earlier)
    | Intake::Late {
        amends: Some(earlier),
    } = outcome.intake
    {
        told += &lang.pick(
            format!("更正申报 {earlier}\n"),
            format!("it amends declaration {earlier}\n"),
        );
    }
    told += match outcome.books {
        Books::Open => "",
        Books::Assessed => lang.pick(
            "该月核定已开启，此后的申报不在其中\n",
            "the month's assessment was opened before and does not know of it\n",
        ),
        Books::Published => lang.pick(
            "该月核定已发布，差额另行核定\n",
            "the month's assessment is in force; what differs is assessed as differences\n",
        ),
        Books::Sealed => lang.pick(
            "该月已结账，差额另行核定\n",
            "the month is closed; what differs is assessed as differences\n",
        ),
    };
    told
}

pub(super) fn in_json(
    outcome: &Outcome,
    report: &Report,
    (employer, month): (Option<&Employer>, Month),
) -> String {
    let tally = outcome.tally;
    let amends = match outcome.intake {
        Intake::First => None,
        Intake::Amends(earlier) => Some(earlier),
        Intake::Late { amends } => amends,
    };
    let told = json!({
        "employer": employer.map(|employer| employer.id.number()),
        "credit_code": employer.map(|employer| employer.credit_code.as_str().to_owned()),
        "month": month.to_string(),
        "recorded": outcome.recorded.map(DeclarationId::number),
        "amends": amends.map(DeclarationId::number),
        "books": match outcome.books {
            Books::Open => "open",
            Books::Assessed => "assessed",
            Books::Published => "published",
            Books::Sealed => "sealed",
        },
        "rows": tally.rows,
        "unchanged": tally.unchanged,
        "changed": tally.changed,
        "resumed": outcome.resumed,
        "enrolled": tally.enrolled,
        "new": outcome.registered,
        "ended": tally.ended,
        "faulty": tally.faulty,
        "wages": tally.wages.to_string(),
        "missing": outcome.missing,
        "without_number": outcome.without_number,
        "faults_found": report.faults_found,
        "faults": report.faults.iter().map(fault).collect::<Vec<_>>(),
        "doubts": report.doubts.iter().map(fault).collect::<Vec<_>>(),
        "not_named": report.missing.iter().map(|missing| json!({
            "person": missing.person.number(),
            "identity": missing.masked,
            "wage": missing.wage.map(|wage| wage.to_string()),
        })).collect::<Vec<_>>(),
        "to_mend": report.mend.as_ref().map(|path| path.display().to_string()),
    });
    format!("{told:#}\n")
}

fn fault(fault: &Fault) -> Value {
    let both = |wording: &exchange::Wording| json!({ "zh": wording.zh, "en": wording.en });
    json!({
        "row": fault.row,
        "column": fault.place.as_ref().map(|place| place.name.clone()),
        "letter": fault.place.as_ref().map(|place| place.letter.clone()),
        "value": fault.value,
        "code": fault.code,
        "reason": both(&fault.reason),
        "remedy": both(&fault.remedy),
    })
}
