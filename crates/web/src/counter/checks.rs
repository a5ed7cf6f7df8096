//! Everything derived again from facts and law, and who did what.

use super::form::{done_once, press};
use super::purpose::{COUNTER, Clerk};
use super::tasks::ways;
use crate::acts::act;
use crate::forms::Form;
use crate::house::House;
use crate::jobs::Standing;
use crate::look::components::clock;
use crate::look::components::{
    Cell, Column, Field, Head, Kind, List, Listed, Rows, Table, empty, field, no_more, notice,
    one_of, submit, summary, table, tag, warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use maud::{Markup, html};
use measure::{Moment, Words};
use office::log::{self, Noted, SORTS, Which};
use office::part::Found;
use office::verify::{Report, verify};
use rules::explain::Lang;
use std::sync::Arc;

const VERIFY: Words = Words::new("核验", "Verify");
const VERIFY_SAYS: Words = Words::new(
    "由登记的事实和当时的法律，把已生效的每一笔重新推出来，逐一比对。",
    "Every amount in force is derived again from the facts and the law of its day, and compared.",
);
const BEGIN: Words = Words::new("开始核验", "Begin");
const UNDER_WAY: Words = Words::new("正在核验", "Under way");
const UNDER_WAY_SAYS: Words = Words::new(
    "可以离开，回来再看；本页会自动刷新。",
    "You may leave and return; this page refreshes by itself.",
);
const NONE_YET: Words = Words::new("还没有核验过", "Nothing was verified here yet");
const NONE_YET_SAYS: Words = Words::new("结果会显示在这里。", "What is found is shown here.");
const FOLLOWS: Words = Words::new("全部相符", "Everything follows");
const DIFFERS: Words = Words::new("有出入", "Something differs");
const WHEN: Words = Words::new("核验时间", "Verified");
const RUNS: Words = Words::new("运行", "Runs");
const ROWS: Words = Words::new("笔数", "Rows");
const JOURNALS: Words = Words::new("分录行", "Lines of journals");
const AUDITED: Words = Words::new("审计记录", "Entries of the audit log");
const CODE: Words = Words::new("代码", "Code");
const FINDING: Words = Words::new("出入", "Finding");
const BROKE: Words = Words::new("没有核验完", "It did not come to its end");

const LOG: Words = Words::new("审计日志", "Audit log");
const AT: Words = Words::new("时间", "When");
const WHO: Words = Words::new("谁", "Who");
const DID: Words = Words::new("做了什么", "What");
const RECORD: Words = Words::new("对象", "Record");
const PURPOSE: Words = Words::new("用途", "Purpose");
const THROUGH: Words = Words::new("通过", "Through");
const SORT: Words = Words::new("对象种类", "Sort of record");
const NUMBER: Words = Words::new("编号", "Number");
const LOOK: Words = Words::new("查看", "Look");
const EMPTY: Words = Words::new("没有记录", "There are no entries");
const EMPTY_SAYS: Words = Words::new("核对编号。", "Check the number.");

/// The name of the work.
const WORK: &str = "verify";

/// What was found.
#[derive(Debug)]
pub(crate) struct VerifyPage {
    job: Option<Standing>,
    report: Option<Arc<(Moment, Report)>>,
}

/// Shows it.
pub(crate) async fn page(State(house): State<House>, visitor: Visitor) -> Response {
    let page = VerifyPage {
        job: house.jobs.standing(WORK),
        report: house.found.report(),
    };
    let under_way = page.job.as_ref().is_some_and(|job| job.is_under_way);
    let mut response = shown(&page, &visitor);
    if under_way {
        let headers = response.headers_mut();
        headers.insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    response
}

/// Begins it.
pub(crate) async fn begin(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let at = visitor.now;
    let clerk = Clerk {
        visitor,
        purpose: "verify".to_owned(),
    };
    let rooms = house.clone();
    done_once(
        &house,
        &clerk,
        ("/counter/verify", &form),
        move |db, acting| {
            log::note(db, "verify", acting)?;
            // Who begins it twice finds it under way.
            let _ = rooms.begin(
                WORK,
                |house, db, job| {
                    let (jurisdiction, threads) =
                        (&house.settings.jurisdiction, house.settings.threads);
                    verify(db, jurisdiction, threads, &mut |_, done, of| {
                        job.at(done, of);
                    })
                },
                move |house, report| house.found.keep_report(at, report),
            );
            Ok("/counter/verify".to_owned())
        },
    )
    .await
}

fn told((at, report): &(Moment, Report), lang: Lang) -> Markup {
    let rows = report.findings.iter().map(|finding| -> Vec<Cell> {
        vec![
            html! { code { (finding.code()) } }.into(),
            finding.message(lang).into(),
        ]
    });
    html! {
        h2 {
            @if report.findings.is_empty() { (tag(lang.say(FOLLOWS), "good")) }
            @else { (tag(lang.say(DIFFERS), "stop")) }
        }
        (summary(&[
            (lang.say(WHEN).to_owned(), html! { (clock(*at)) }),
            (lang.say(RUNS).to_owned(), html! { (report.runs) }),
            (lang.say(ROWS).to_owned(), html! { (report.rows) }),
            (lang.say(JOURNALS).to_owned(), html! { (report.lines) }),
            (lang.say(AUDITED).to_owned(), html! { (report.audited) }),
        ]))
        @if !report.findings.is_empty() {
            (table(&Table {
                caption: lang.say(FINDING).to_owned(),
                head: vec![Head::words(lang.say(CODE)), Head::words(lang.say(FINDING))],
                rows: rows.collect(),
                foot: None,
            }, lang))
        }
    }
}

impl Page for VerifyPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(VERIFY).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let under_way = self.job.as_ref().filter(|job| job.is_under_way);
        let problem = self.job.as_ref().and_then(|job| job.problem.as_ref());
        html! {
            (ways(visitor, "/counter/verify", lang))
            p { (lang.say(VERIFY_SAYS)) }
            @match under_way {
                Some(job) => (notice(lang.say(UNDER_WAY), html! {
                    p { (job.done.0) " / " (job.done.1) }
                    p { (lang.say(UNDER_WAY_SAYS)) }
                })),
                None => (press("/counter/verify", lang.say(BEGIN), true, visitor)),
            }
            @if let Some(problem) = problem {
                (warning(lang.say(BROKE), html! { p { (lang.pick(&problem.what.zh, &problem.what.en)) " (" code { (problem.code) } ")" } }))
            }
            @match &self.report {
                Some(report) => (told(report, lang)),
                None if under_way.is_none() => (empty(lang.say(NONE_YET), html! { p { (lang.say(NONE_YET_SAYS)) } })),
                None => {},
            }
        }
    }

    fn samples() -> Vec<VerifyPage> {
        let at = Moment::from_microseconds(1_750_000_000_000_000);
        let job = |is_under_way, problem| {
            Some(Standing {
                begun: at,
                done: (1, 8),
                is_under_way,
                problem,
            })
        };
        let gone = office::verify::Finding::LawGone {
            run: city::runs::RunId::new(1).expect("above 0"),
            version: "abc".into(),
        };
        let report = Report {
            findings: vec![gone],
            ..Report::default()
        };
        vec![
            VerifyPage {
                job: None,
                report: None,
            },
            VerifyPage {
                job: job(true, None),
                report: None,
            },
            VerifyPage {
                job: job(false, Some(Problem::broken())),
                report: Some(Arc::new((at, Report::default()))),
            },
            VerifyPage {
                job: None,
                report: Some(Arc::new((at, report))),
            },
        ]
    }
}

/// Who did what.
#[derive(Debug)]
pub(crate) struct LogPage {
    entries: Found<Noted>,
    /// The sort and number of the record they are about; of all without.
    of: Option<(i16, i64)>,
    /// Later pages end where the first began, whatever was noted meanwhile.
    until: i64,
    listed: Listed,
    clerk: Clerk,
}

/// Shows it.
pub(crate) async fn log(
    State(house): State<House>,
    clerk: Clerk,
    uri: Uri,
) -> Result<Response, Problem> {
    let number = |name: &str| query(&uri, name).and_then(|text| text.parse::<i64>().ok());
    let sort = number("of").and_then(|sort| i16::try_from(sort).ok());
    let of = sort.zip(number("number"));
    let now = clerk.visitor.now.microseconds();
    let until = number("until").unwrap_or(now).min(now);
    let listed = Listed::read(&uri);
    let oldest_first = listed
        .sort
        .as_ref()
        .is_some_and(|(word, up)| word == "at" && *up);
    let which = match of {
        Some((sort, number)) => Which::Of(sort, number),
        None => Which::All(
            Moment::from_microseconds(until),
            listed.part(),
            oldest_first,
        ),
    };
    let asking = clerk.clone();
    let entries = house
        .office(move |db| {
            let by = asking.name()?;
            log::read(db, asking.login(), &which, asking.acting(&by))
        })
        .await?;
    let visitor = clerk.visitor.clone();
    let page = LogPage {
        entries,
        of,
        until,
        listed,
        clerk,
    };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

fn record(noted: &Noted, lang: Lang) -> Markup {
    let sort = SORTS.iter().find(|(code, ..)| *code == noted.subject_kind);
    let name = sort.map_or("", |(_, zh, en)| lang.pick(*zh, *en));
    let to = format!(
        "/counter/log?of={}&number={}",
        noted.subject_kind, noted.subject
    );
    html! {
        @if noted.subject_kind != 0 { a href=(to) { (name) " " (noted.subject) } }
    }
}

impl LogPage {
    fn list(&self, lang: Lang) -> List<'_, Noted> {
        let keep = match self.of {
            Some((sort, number)) => vec![("of", sort.to_string()), ("number", number.to_string())],
            None => vec![("until", self.until.to_string())],
        };
        let did = |noted: &Noted| match noted.detail.is_empty() {
            true => noted.action.clone(),
            false => format!("{} {}", noted.action, noted.detail),
        };
        let about = move |noted: &Noted| {
            let sort = SORTS.iter().find(|(code, ..)| *code == noted.subject_kind);
            match sort {
                Some((code, zh, en)) if *code != 0 => {
                    format!("{} {}", lang.pick(*zh, *en), noted.subject)
                }
                _ => String::new(),
            }
        };
        let mut columns = vec![
            Column::words("at", lang.say(AT), |noted: &Noted| clock(noted.at).into()),
            Column::words("who", lang.say(WHO), |noted: &Noted| noted.actor.as_str().into()),
            Column::words("did", lang.say(DID), move |noted: &Noted| did(noted).into()).shown(move |noted: &Noted| {
                html! { @if let Some(words) = act(&noted.action) { (lang.say(words)) " " } code { (noted.action) } @if !noted.detail.is_empty() { " " span class="quiet breaks" { (noted.detail) } } }
            }),
            Column::words("record", lang.say(RECORD), move |noted: &Noted| about(noted).into())
                .shown(move |noted: &Noted| record(noted, lang)),
            Column::words("purpose", lang.say(PURPOSE), |noted: &Noted| noted.purpose.as_str().into()),
            Column::words("through", lang.say(THROUGH), |noted: &Noted| noted.through.as_str().into()),
        ];
        let come = match self.of {
            // All of one record are here.
            Some(_) => Rows::All,
            None => {
                // The database sorts by nothing else.
                let unsorted = columns.drain(1..).map(Column::unsorted).collect::<Vec<_>>();
                columns.extend(unsorted);
                Rows::of(&self.entries)
            }
        };
        List {
            caption: lang.say(LOG).to_owned(),
            name: "log".into(),
            path: "/counter/log".into(),
            keep,
            columns,
            rows: &self.entries.lines,
            come,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn form(&self, lang: Lang) -> Markup {
        let (sort, number) = match self.of {
            Some((sort, number)) => (sort.to_string(), number.to_string()),
            None => (String::new(), String::new()),
        };
        let of = |name: &str, label: Words, value: String, kind| Field {
            name: name.into(),
            label: lang.say(label).into(),
            hint: None,
            kind,
            value,
            fault: None,
            optional: false,
        };
        let sorts = SORTS.iter().filter(|(code, ..)| *code != 0);
        let sorts = sorts.map(|(code, zh, en)| crate::look::components::Choice {
            value: code.to_string(),
            label: lang.pick(*zh, *en).to_owned(),
        });
        html! {
            form class="row" method="get" action="/counter/log" {
                (one_of(&of("of", SORT, sort, Kind::Text), &sorts.collect::<Vec<_>>(), lang))
                (field(&of("number", NUMBER, number, Kind::Number(String::new())), lang))
                (submit(lang.say(LOOK)))
            }
        }
    }
}

impl Page for LogPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(LOG).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways(visitor, "/counter/log", lang))
            (self.clerk.bar())
            (self.form(lang))
            @if self.entries.lines.is_empty() && self.listed.filter.is_empty() {
                (empty(lang.say(EMPTY), html! { p { (lang.say(EMPTY_SAYS)) } }))
            } @else {
                (self.list(lang).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<LogPage> {
        let noted = Noted {
            audit: 1,
            at: Moment::from_microseconds(1_750_000_000_000_000),
            actor: "li<b>8000".into(),
            role: "office".into(),
            purpose: "<script>alert(1)</script>".into(),
            action: "person.read".into(),
            subject_kind: 1,
            subject: 7,
            through: "web".into(),
            detail: String::new(),
        };
        let of = |lines: Vec<Noted>, all: i64, of| LogPage {
            entries: Found { lines, of: all },
            of,
            until: 0,
            listed: Listed::default(),
            clerk: super::purpose::sample(),
        };
        vec![
            of(vec![noted.clone(), noted], 120, None),
            of(Vec::new(), 0, Some((1, 7))),
        ]
    }
}
