//! `month`: a month from opening to closing.

use crate::arguments::{
    Archive, ByHash, Format, MonthCommand, OfMonth, Opened, RunOf, Seals, SignedRun, Which,
};
use crate::output::{Exit, Failure, Setting, answer, count, table};
use crate::place::{CityLaw, acting, actor, of_office, of_store, open};
use crate::population::Watched;
use city::actors::Actor;
use city::dues::{Sum, Totals};
use city::runs::{Run, RunKind};
use exchange::rows::Progress as _;
use measure::{Fen, Month};
use office::month::again::{Step, done};
use office::month::archive;
use office::month::assess::{Cut, assess, open as open_month};
use office::month::credit::credit;
use office::month::desk::CHUNK;
use office::month::differ::differ;
use office::month::discard::discard;
use office::month::engine::Progress;
use office::month::publish::{approve, close, publish, publish_differences};
use office::month::review::{Review, review};
use rules::explain::Lang;
use std::thread;
use store::Db;

pub(crate) fn run(command: &MonthCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        MonthCommand::Open(asked) => opened(asked, setting),
        MonthCommand::Assess(asked) => assessed(asked, setting),
        MonthCommand::Review(asked) => reviewed(asked, setting),
        MonthCommand::Approve(asked) => approved(asked, setting),
        MonthCommand::Publish(asked) => published(asked, setting),
        MonthCommand::Differ(asked) => differed(asked, setting),
        MonthCommand::Discard(asked) => discarded(asked, setting),
        MonthCommand::Credit(asked) => credited(asked, setting),
        MonthCommand::Close(asked) => closed(asked, setting),
        MonthCommand::Archive(asked) => archived(asked, setting),
        MonthCommand::Seals(asked) => sealed(asked, setting),
    }
}

fn threads(asked: Option<u16>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(cores, usize::from)
}

pub(crate) fn cut(asked: Option<u16>) -> Cut {
    Cut {
        chunk_size: CHUNK,
        threads: threads(asked),
    }
}

fn opened(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (
        CityLaw::asked(&asked.law, setting)?,
        open(&asked.of.place, setting)?,
    );
    let by = actor(&asked.of.signed, setting)?;
    let acting = acting(&by, &asked.of.signed, setting.now);
    let run = open_month(&db, law.applied(), asked.of.month, cut(None), acting);
    let run = run.map_err(|error| of_office(&error, setting))?;
    say(
        &run,
        ("已开启", "opened"),
        ("renshe month assess", "计算"),
        setting,
    );
    Ok(Exit::Good)
}

fn assessed(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (
        CityLaw::asked(&asked.law, setting)?,
        open(&asked.of.place, setting)?,
    );
    let by = actor(&asked.of.signed, setting)?;
    let threads = threads(asked.of.threads);
    let run = watched(setting, |progress| {
        assess(&db, law.applied(), asked.of.month, threads, progress)
    });
    let again = Again {
        db: &db,
        of: (RunKind::Assessment, asked.of.month),
        step: Step::Compute {
            law: law.applied().version,
        },
        by: &by,
    };
    let done = ("已核定", "assessed");
    again.say(run, done, ("renshe month review", "查看"), setting)
}

fn credited(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (
        CityLaw::asked(&asked.law, setting)?,
        open(&asked.of.place, setting)?,
    );
    let by = actor(&asked.of.signed, setting)?;
    let acting = acting(&by, &asked.of.signed, setting.now);
    let cut = cut(asked.of.threads);
    let run = watched(setting, |progress| {
        credit(&db, law.applied(), asked.of.month, cut, acting, progress)
    });
    let again = Again {
        db: &db,
        of: (RunKind::Crediting, asked.of.month),
        step: Step::Compute {
            law: law.applied().version,
        },
        by: &by,
    };
    let next = ("renshe month review --crediting", "查看");
    again.say(run, ("已记账", "credited"), next, setting)
}

fn differed(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (
        CityLaw::asked(&asked.law, setting)?,
        open(&asked.of.place, setting)?,
    );
    let by = actor(&asked.of.signed, setting)?;
    let acting = acting(&by, &asked.of.signed, setting.now);
    let cut = cut(asked.of.threads);
    let run = watched(setting, |progress| {
        differ(&db, law.applied(), asked.of.month, cut, acting, progress)
    });
    let again = Again {
        db: &db,
        of: (RunKind::Difference, asked.of.month),
        step: Step::Compute {
            law: law.applied().version,
        },
        by: &by,
    };
    let next = ("renshe month review --difference", "查看");
    again.say(run, ("已比较", "computed"), next, setting)
}

/// Does a step that tells how many chunks are done, and shows it as the persons in them.
pub(crate) fn watching(
    setting: &Setting,
    step: impl FnOnce(&mut Progress<'_>) -> Result<Run, office::Error>,
) -> Result<Run, Failure> {
    watched(setting, step).map_err(|error| of_office(&error, setting))
}

fn watched(
    setting: &Setting,
    step: impl FnOnce(&mut Progress<'_>) -> Result<Run, office::Error>,
) -> Result<Run, office::Error> {
    let mut watched = Watched::new(setting);
    let persons = |chunks: i64| (chunks * CHUNK).unsigned_abs();
    step(&mut |done, of| watched.rows(persons(done), Some(persons(of))))
}

/// A step that may have been asked for before.
struct Again<'a> {
    db: &'a Db,
    of: (RunKind, Month),
    step: Step<'a>,
    by: &'a Actor,
}

impl Again<'_> {
    /// Says what was done to a run; or, when it was refused because the same person had done it already, that they had.
    fn say(
        &self,
        run: Result<Run, office::Error>,
        what: (&str, &str),
        next: (&str, &str),
        setting: &Setting,
    ) -> Result<Exit, Failure> {
        let refused = match run {
            Ok(run) => {
                say(&run, what, next, setting);
                return Ok(Exit::Good);
            }
            Err(refused) => refused,
        };
        let before = match refused {
            office::Error::Run(_) => done(self.db, self.of, self.step, self.by)
                .map_err(|error| of_office(&error, setting))?,
            _ => None,
        };
        let Some(before) = before else {
            return Err(of_office(&refused, setting));
        };
        let (run, by, at) = (&before.run, &before.by, before.at);
        let state = run.state;
        answer(&setting.lang.pick(
            format!(
                "{} {}（运行 {}）此前{}：{by}，{at}；现为“{}”，未再办理\n",
                run.month,
                run.kind.name(Lang::Zh),
                run.id,
                what.0,
                state.name(Lang::Zh)
            ),
            format!(
                "{} of {} (run {}): {} already, by {by}, {at}; it is {} now, and nothing was done again\n",
                run.kind.name(Lang::En),
                run.month,
                run.id,
                what.1,
                state.name(Lang::En)
            ),
        ));
        Ok(Exit::Good)
    }
}

fn kind(which: Which) -> RunKind {
    match which {
        Which {
            crediting: true, ..
        } => RunKind::Crediting,
        Which {
            difference: true, ..
        } => RunKind::Difference,
        _ => RunKind::Assessment,
    }
}

fn reviewed(asked: &RunOf, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let seen =
        review(&db, kind(asked.which), asked.month).map_err(|error| of_office(&error, setting))?;
    answer(&shown(&seen, setting.lang));
    Ok(Exit::Good)
}

fn approved(asked: &ByHash, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.run.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let kind = kind(asked.run.which);
    let run = approve(&db, kind, asked.run.month, &asked.hash, acting);
    let again = Again {
        db: &db,
        of: (kind, asked.run.month),
        step: Step::Approve {
            looked_at: &asked.hash,
        },
        by: &by,
    };
    let next = match kind {
        RunKind::Crediting => ("renshe month close", "结账"),
        RunKind::Difference => ("renshe month publish --difference", "发布"),
        _ => ("renshe month publish", "发布"),
    };
    again.say(run, ("已复核", "approved"), next, setting)
}

fn published(asked: &SignedRun, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.run.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let month = asked.run.month;
    let kind = kind(asked.run.which);
    let (run, next) = match kind {
        RunKind::Crediting => (close(&db, month, acting), ("renshe verify", "核验")),
        RunKind::Difference => (
            publish_differences(&db, month, acting),
            ("renshe bank allocate", "以退抵欠"),
        ),
        _ => (
            publish(&db, month, acting),
            ("renshe month credit", "收款后记账"),
        ),
    };
    let again = Again {
        db: &db,
        of: (kind, month),
        step: Step::Publish,
        by: &by,
    };
    again.say(run, ("已发布", "published"), next, setting)
}

fn closed(asked: &OfMonth, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let run = close(&db, asked.month, acting);
    let again = Again {
        db: &db,
        of: (RunKind::Crediting, asked.month),
        step: Step::Publish,
        by: &by,
    };
    let done = ("已结账", "closed");
    again.say(run, done, ("renshe verify", "核验"), setting)
}

fn discarded(asked: &SignedRun, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.run.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let kind = kind(asked.run.which);
    let run = discard(&db, kind, asked.run.month, acting);
    let run = run.map_err(|error| of_office(&error, setting))?;
    let next = match kind {
        RunKind::Crediting => ("renshe month credit", "重新记账"),
        RunKind::Difference => ("renshe month differ", "重新比较"),
        _ => ("renshe month open", "重新开启"),
    };
    say(&run, ("已作废", "given up"), next, setting);
    Ok(Exit::Good)
}

/// Writes old months to files, or lets their rows go.
fn archived(asked: &Archive, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let back = asked
        .older_than
        .map(|months| setting.today.month().add_months(-months - 1));
    let through = match (asked.through, back) {
        (Some(month), _) => Some(month),
        (None, Some(month)) => Some(month.map_err(|error| Failure::new(lang, error.to_string()))?),
        (None, None) => None,
    };
    let done = match through {
        Some(through) => {
            let mut watched = Watched::new(setting);
            let persons = |chunks: i64| (chunks * CHUNK).unsigned_abs();
            archive::write(
                &db,
                through,
                asked.folder.as_deref(),
                acting,
                &mut |done, of| {
                    watched.rows(persons(done), Some(persons(of)));
                },
            )
        }
        None => archive::approve(&db, acting),
    };
    let done = done.map_err(|error| of_office(&error, setting))?;
    let head = lang.pick(["文件", "行数", "摘要"], ["file", "rows", "hash"]);
    let rows = done.iter().map(|moved| {
        vec![
            moved.file.clone(),
            count(moved.rows.unsigned_abs()),
            moved.hash.to_string(),
        ]
    });
    let list = if done.is_empty() {
        String::new()
    } else {
        table(&head, &[1], rows.collect())
    };
    let files = done.len();
    answer(&match through {
        Some(_) => lang.pick(
            format!("{list}写出并核对 {files} 个文件\n下一步：`renshe month archive --approve`（由另一人）\n"),
            format!("{list}{files} files written and proven equal\nnext: `renshe month archive --approve`, by someone else\n"),
        ),
        None => lang.pick(
            format!("{list}已复核 {files} 个文件，其各行已移出数据库\n"),
            format!("{list}{files} files approved; their rows have left the database\n"),
        ),
    });
    Ok(Exit::Good)
}

/// The chain of seals.
fn sealed(asked: &Seals, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let db = open(&asked.place, setting)?;
    let chain = db
        .read(store::seals::chain)
        .map_err(|error| of_store(&error, setting))?;
    answer(&match asked.format {
        Format::Text => {
            let head = lang.pick(
                ["月份", "运行", "行数", "结账", "封存摘要"],
                ["month", "run", "rows", "closes", "seal"],
            );
            let rows = chain.iter().map(|link| {
                vec![
                    link.month.to_string(),
                    link.run.to_string(),
                    count(link.rows.unsigned_abs()),
                    if link.closes {
                        lang.pick("是", "yes")
                    } else {
                        ""
                    }
                    .to_owned(),
                    link.hash.to_string(),
                ]
            });
            table(&head, &[1, 2], rows.collect())
        }
        Format::Json => {
            let seals = chain.iter().map(|link| {
                serde_json::json!({
                    "month": link.month.to_string(),
                    "run": link.run.number(),
                    "rows": link.rows,
                    "closes": link.closes,
                    "previous": link.previous.to_string(),
                    "seal": link.hash.to_string(),
                })
            });
            format!(
                "{:#}\n",
                serde_json::json!({ "seals": seals.collect::<Vec<_>>() })
            )
        }
    });
    Ok(Exit::Good)
}

/// What was done to a run, and the next step.
fn say(run: &Run, done: (&str, &str), next: (&str, &str), setting: &Setting) {
    let lang = setting.lang;
    let (id, month) = (run.id, run.month);
    let (command, why) = next;
    let command = match command.split_once("month ") {
        Some(_) => format!("{command} {month}"),
        None => command.to_owned(),
    };
    answer(&lang.pick(
        format!(
            "{month} {}（运行 {id}）{}\n下一步：`{command}`（{why}）\n",
            run.kind.name(Lang::Zh),
            done.0
        ),
        format!(
            "{} of {month} (run {id}): {}\nnext: `{command}`\n",
            run.kind.name(Lang::En),
            done.1
        ),
    ));
}

/// The totals beside those of the month before, and the hash to approve.
pub(crate) fn shown(seen: &Review, lang: Lang) -> String {
    let run = &seen.run;
    let (id, month, state) = (run.id, run.month, run.state.name(lang));
    let kind = run.kind.name(lang);
    let mut told = lang.pick(
        format!("{month} {kind}，运行 {id}：{state}\n\n"),
        format!("{kind} of {month}, run {id}: {state}\n\n"),
    );
    told.push_str(&totals(seen, lang));
    if seen.refused > 0 {
        let refused = count(seen.refused.unsigned_abs());
        told.push_str(&lang.pick(
            format!("\n未得出：{refused}\n"),
            format!("\nwithout a result: {refused}\n"),
        ));
    }
    if let Some(content) = run.content {
        let command = match run.kind {
            RunKind::Assessment => format!("renshe month approve {month}"),
            RunKind::Crediting => format!("renshe month approve {month} --crediting"),
            RunKind::Difference => format!("renshe month approve {month} --difference"),
            RunKind::Interest | RunKind::ResidentInterest => {
                super::interest::command(run.kind, "approve", month)
            }
        };
        told.push_str(&lang.pick(
            format!("\n内容摘要 {content}\n复核：`{command} --hash {content:.16}`\n"),
            format!("\ncontent {content}\nto approve it: `{command} --hash {content:.16}`\n"),
        ));
    }
    told
}

fn totals(seen: &Review, lang: Lang) -> String {
    let head = lang.pick(
        ["", "笔数", "基数", "单位", "个人", "记账", "比上月"],
        [
            "",
            "lines",
            "base",
            "employers",
            "persons",
            "credit",
            "to last month",
        ],
    );
    let before = seen.before.as_ref().map(|(_, totals)| totals);
    let mut rows = Vec::new();
    for scheme in city::insurance::Scheme::ALL {
        let sum = seen.totals.of(*scheme);
        if sum.lines > 0 {
            let before = before.map(|before| before.of(*scheme));
            rows.push(row(scheme.name(lang), &sum, before));
        }
    }
    let all = lang.pick("合计", "total");
    rows.push(row(all, &seen.totals.all(), before.map(Totals::all)));
    table(&head, &[1, 2, 3, 4, 5, 6], rows)
}

fn row(name: &str, sum: &Sum, before: Option<Sum>) -> Vec<String> {
    let due = |sum: &Sum| sum.employer_due + sum.person_due;
    vec![
        name.to_owned(),
        count(sum.lines.unsigned_abs()),
        yuan(sum.base),
        yuan(sum.employer_due),
        yuan(sum.person_due),
        yuan(sum.credit),
        before.map_or_else(String::new, |before| {
            let change = due(sum) - due(&before);
            let sign = if change > 0 { "+" } else { "" };
            format!("{sign}{}", yuan(change))
        }),
    ]
}

/// An amount with its thousands apart.
pub(crate) fn yuan(fen: i128) -> String {
    match i64::try_from(fen) {
        Ok(fen) => {
            let amount = Fen(fen).to_string();
            let (sign, digits) = match amount.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("", amount.as_str()),
            };
            let (whole, rest) = digits.split_once('.').unwrap_or((digits, "00"));
            let whole = whole
                .replace(',', "")
                .parse()
                .map_or_else(|_| whole.to_owned(), count);
            format!("{sign}{whole}.{rest}")
        }
        Err(_) => fen.to_string(),
    }
}
