//! The month: how far it is, what it comes to and why, and the next step for whoever may take it.

mod steps;
mod tables;

use super::form::tokens;
use super::purpose::COUNTER;
use super::tasks::ways;
use crate::house::House;
use crate::jobs::Standing;
use crate::look::components::clock;
use crate::look::components::{
    Cell, Head, Listed, Step as Mark, Table, empty, hidden, notice, progress, summary, table, tag,
    warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use city::dues::{Sum, Totals};
use city::insurance::Scheme;
use city::places::District;
use city::runs::{Run, RunKind, RunState};
use maud::{Markup, html};
use measure::{Month, Words};
use office::month::causes::Causes;
use office::month::desk::{Desk, Step, month as desk_of, months};
use office::month::review::{Review, review};
use office::permit::Action;
use rules::explain::Lang;
use std::sync::Arc;

pub(crate) use steps::step;
use steps::{look_for_causes, sample_desk};
use tables::{by_district, by_scheme, why};

const TITLE: Words = Words::new("月度", "The month");
const MONTH: Words = Words::new("月份", "Month");
const NEXT: Words = Words::new("下一步", "What is next");
const NOTHING: Words = Words::new("现在没有您要办的", "There is nothing for you to do now");
const NOTHING_SAYS: Words = Words::new(
    "下一步由另一个岗位办理，或本月已经办完。",
    "The next step is somebody else's, or the month is done.",
);
const UNDER_WAY: Words = Words::new("正在计算", "Under way");
const UNDER_WAY_SAYS: Words = Words::new(
    "可以离开本页，回来再看；本页会自动刷新。",
    "You may leave this page and return; it refreshes by itself.",
);
const OF: Words = Words::new("块，共", "of");
const BROKE: Words = Words::new("上一次没有算完", "The last attempt did not come to its end");
const BROKE_SAYS: Words = Words::new(
    "已算好的保留，再次计算会接着做。",
    "What is done is kept; computing again goes on from there.",
);
const TOTALS: Words = Words::new("合计，按险种", "Totals by scheme");
const DISTRICTS: Words = Words::new("合计，按险种和区县", "Totals by scheme and district");
const WHY: Words = Words::new("与上月为何不同", "Why it differs from last month");
const LOOKING: Words = Words::new("正在查找原因", "The causes are being looked for");
const NO_BEFORE: Words = Words::new("没有上月可比", "There is no month before to compare with");
const WITHOUT: Words = Words::new("未得出结果", "Without a result");
const CONTENT: Words = Words::new("内容摘要", "Content");
const CONTENT_SAYS: Words = Words::new(
    "复核的正是这个内容；内容变了，摘要就变，复核不会通过。",
    "This is what is approved; if anything in it changes, so does this, and the approval is refused.",
);
const MADE_BY: Words = Words::new("开启人", "Opened by");
const APPROVED_BY: Words = Words::new("复核人", "Approved by");
const KNOWN: Words = Words::new("所知截至", "Knows what was recorded until");
const OWN_RUN: Words = Words::new("由另一人复核", "Somebody else approves this");
const OWN_RUN_SAYS: Words = Words::new(
    "这是您开启的，不能自行复核。",
    "You opened this run and cannot approve it.",
);
const STATES: Words = Words::new("进度", "How far it is");

/// What a step is called, and what comes of it.
fn named(step: Step, lang: Lang) -> (String, &'static str) {
    let of = |kind: RunKind| match kind {
        RunKind::Assessment => String::new(),
        other => format!(" · {}", other.name(lang)),
    };
    let (name, says) = match step {
        Step::Open => (
            Words::new("开启本月核定", "Open the month"),
            Words::new(
                "以此刻已记录的为准，之后记录的算差额。",
                "It knows what is recorded up to now; what comes later is a difference.",
            ),
        ),
        Step::Compute(_) => (
            Words::new("计算", "Compute"),
            Words::new(
                "可以离开，已算好的不会丢。",
                "You may leave meanwhile; what is done is kept.",
            ),
        ),
        Step::Approve(_) => (
            Words::new("复核下面的内容", "Approve what is shown below"),
            Words::new(
                "看过合计和原因再复核。",
                "Look at the totals and causes first.",
            ),
        ),
        Step::Publish(_) => (
            Words::new("发布", "Publish"),
            Words::new(
                "生效：账单可以缴，个人可以看到。",
                "It is in force: bills may be paid, and everybody sees theirs.",
            ),
        ),
        Step::Discard(_) => (
            Words::new("作废", "Give up"),
            Words::new(
                "尚未生效，可以重新开启。",
                "It is not in force; it may be opened anew.",
            ),
        ),
        Step::Differ => (
            Words::new("核定差额", "Compute differences"),
            Words::new(
                "把开启之后才知道的补上。",
                "Bring in what became known after it was opened.",
            ),
        ),
        Step::Credit => (
            Words::new("记入个人账户", "Credit accounts"),
            Words::new("已缴清的记入账户。", "What was paid goes to the accounts."),
        ),
        Step::Close => (
            Words::new("结账", "Close"),
            Words::new(
                "记账生效，本月封存。",
                "The crediting is in force and the month is sealed.",
            ),
        ),
    };
    let kind = match step {
        Step::Compute(kind) | Step::Approve(kind) | Step::Publish(kind) | Step::Discard(kind) => {
            of(kind)
        }
        Step::Open | Step::Differ | Step::Credit | Step::Close => String::new(),
    };
    (format!("{}{kind}", lang.say(name)), lang.say(says))
}

/// The months.
#[derive(Debug)]
pub(crate) struct MonthsPage {
    of: Vec<Desk>,
}

/// Lists them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (login, this) = (visitor.login().cloned(), visitor.today().month());
    let of = house
        .office(move |db| months(db, login.as_ref(), this))
        .await?;
    Ok(shown(&MonthsPage { of }, &visitor))
}

fn run_state(run: Option<&Run>, lang: Lang) -> Markup {
    match run {
        None => html! { span class="quiet" { "—" } },
        Some(run) => tag(
            run.state.name(lang),
            match run.state {
                RunState::Published | RunState::Closed => "good",
                RunState::Computed | RunState::Approved => "doubt",
                RunState::Open | RunState::Computing | RunState::Discarded => "",
            },
        ),
    }
}

impl Page for MonthsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let rows = self.of.iter().map(|desk| -> Vec<Cell> {
            let next = desk
                .offered(visitor.login())
                .first()
                .map(|step| named(*step, lang).0);
            let to = format!("/counter/month/{}", desk.month);
            vec![
                html! { a href=(to) { (desk.month) } }.into(),
                run_state(desk.assessment.as_ref(), lang).into(),
                run_state(desk.differences.last(), lang).into(),
                run_state(desk.crediting.as_ref(), lang).into(),
                next.unwrap_or_default().into(),
            ]
        });
        let months = table(
            &Table {
                caption: lang.say(TITLE).to_owned(),
                head: vec![
                    Head::words(lang.say(MONTH)),
                    Head::words(RunKind::Assessment.name(lang)),
                    Head::words(RunKind::Difference.name(lang)),
                    Head::words(RunKind::Crediting.name(lang)),
                    Head::words(lang.say(NEXT)),
                ],
                rows: rows.collect(),
                foot: None,
            },
            lang,
        );
        html! {
            (ways(visitor, "/counter/month", lang))
            (months)
        }
    }

    fn samples() -> Vec<MonthsPage> {
        let all = [None, Some(RunState::Computed), Some(RunState::Published)];
        let of = all.into_iter().map(sample_desk);
        vec![MonthsPage { of: of.collect() }]
    }
}

/// A month.
#[derive(Debug)]
pub(crate) struct MonthPage {
    desk: Desk,
    computing: Option<(i64, i64)>,
    job: Option<Standing>,
    review: Option<Review>,
    causes: Option<Arc<Option<Causes>>>,
    looking: bool,
    listed: Listed,
}

/// The name of a month's work.
fn work(month: Month) -> String {
    format!("month {month}")
}

fn parsed(month: &str) -> Result<Month, Problem> {
    Month::parse(month).map_err(|_| Problem::no_page())
}

/// Shows it.
pub(crate) async fn one(
    State(house): State<House>,
    visitor: Visitor,
    Path(month): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let month = parsed(&month)?;
    let login = visitor.login().cloned();
    let (desk, computing, seen) = house
        .office(move |db| {
            let (desk, computing) = desk_of(db, login.as_ref(), month)?;
            let seen = match reviewed(&desk) {
                Some(kind) => Some(review(db, kind, month)?),
                None => None,
            };
            Ok((desk, computing, seen))
        })
        .await?;
    let job = house.jobs.standing(&work(month));
    let name = seen.as_ref().and_then(|seen| {
        let content = seen.run.content?;
        (seen.run.kind == RunKind::Assessment).then(|| format!("causes {month} {content:.16}"))
    });
    let found = name.as_ref().and_then(|name| house.found.causes(name));
    let looking = match name {
        Some(name) if found.is_none() => look_for_causes(&house, month, name),
        _ => false,
    };
    let under_way = job.as_ref().is_some_and(|job| job.is_under_way);
    let page = MonthPage {
        desk,
        computing,
        job,
        review: seen,
        causes: found,
        looking,
        listed: Listed::read(&uri),
    };
    if let (Some(ending), Some(seen)) = (page.listed.file, &page.review) {
        let (month, rows) = (page.desk.month, totals_of(seen));
        return by_district(month, &rows, &page.listed, visitor.lang).written(ending);
    }
    let mut response = shown(&page, &visitor);
    if under_way || looking {
        let headers = response.headers_mut();
        headers.insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// Which run is to be looked at: the one that waits, else what everybody owes.
fn reviewed(desk: &Desk) -> Option<RunKind> {
    let shows = |run: &&Run| run.content.is_some();
    let waits = |run: &&Run| matches!(run.state, RunState::Computed | RunState::Approved);
    let all = [RunKind::Difference, RunKind::Crediting, RunKind::Assessment];
    let mut runs = all.into_iter().filter_map(|kind| desk.run(kind));
    let waiting = runs.find(waits).filter(shows);
    let waiting = waiting.or_else(|| desk.assessment.as_ref().filter(shows));
    waiting.map(|run| run.kind)
}

impl MonthPage {
    fn under_way(&self, lang: Lang) -> Markup {
        let Some(job) = &self.job else {
            return html! {};
        };
        let (done, of) = self.computing.unwrap_or(job.done);
        html! {
            @if job.is_under_way {
                (notice(lang.say(UNDER_WAY), html! {
                    p { (done) " " (lang.say(OF)) " " (of) }
                    p { (lang.say(UNDER_WAY_SAYS)) }
                }))
            } @else if let Some(problem) = &job.problem {
                (warning(lang.say(BROKE), html! {
                    p { (lang.pick(&problem.what.zh, &problem.what.en)) " (" code { (problem.code) } ")" }
                    p { (lang.pick(&problem.mend.zh, &problem.mend.en)) }
                    p { (lang.say(BROKE_SAYS)) }
                }))
            }
        }
    }

    fn steps(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        if self.job.as_ref().is_some_and(|job| job.is_under_way) {
            return html! {};
        }
        let offered = self.desk.offered(visitor.login());
        let own = visitor.login().map_or("", |login| login.name().login());
        let own_run = self.desk.possible().into_iter().any(|step| match step {
            Step::Approve(kind) => self.desk.run(kind).is_some_and(|run| run.made_by == own),
            _ => false,
        });
        html! {
            h2 { (lang.say(NEXT)) }
            @if own_run { (warning(lang.say(OWN_RUN), html! { p { (lang.say(OWN_RUN_SAYS)) } })) }
            @if offered.is_empty() {
                (empty(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } }))
            }
            @for (place, step) in offered.iter().enumerate() {
                (self.step(*step, place == 0, visitor))
            }
        }
    }

    fn step(&self, step: Step, is_first: bool, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (name, says) = named(step, lang);
        let kind = match step {
            Step::Compute(kind)
            | Step::Approve(kind)
            | Step::Publish(kind)
            | Step::Discard(kind) => kind,
            Step::Open | Step::Differ => RunKind::Assessment,
            Step::Credit | Step::Close => RunKind::Crediting,
        };
        let approves = matches!(step, Step::Approve(_));
        let run = self.desk.run(kind).filter(|_| approves);
        let seen = run.and_then(|run| run.content);
        let main = is_first && !matches!(step, Step::Discard(_));
        html! {
            form class="row" method="post" action=(to(self.desk.month, step)) {
                (tokens(visitor))
                (hidden("kind", &kind.code().to_string()))
                @if let Some(seen) = seen { (hidden("seen", &seen.to_string())) }
                button class=(if main { "button" } else { "button second" }) type="submit" { (name) }
                span class="quiet" { (says) }
            }
        }
    }

    fn far(&self, lang: Lang) -> Markup {
        let state = |run: Option<&Run>, wanted: &[RunState]| match run {
            Some(run) if wanted.contains(&run.state) => Mark::Now,
            Some(run) if run.state.in_force() => Mark::Done,
            Some(run) => match wanted.first() {
                Some(first) if first.code() < run.state.code() => Mark::Done,
                _ => Mark::Ahead,
            },
            None => Mark::Ahead,
        };
        let assessment = self.desk.assessment.as_ref();
        let crediting = self.desk.crediting.as_ref();
        let steps = [
            (
                lang.pick("核定", "Assess"),
                state(assessment, &[RunState::Open, RunState::Computing]),
            ),
            (
                lang.pick("复核", "Approve"),
                state(assessment, &[RunState::Computed]),
            ),
            (
                lang.pick("发布", "Publish"),
                state(assessment, &[RunState::Approved]),
            ),
            (
                lang.pick("记账", "Credit"),
                state(
                    crediting,
                    &[RunState::Open, RunState::Computing, RunState::Computed],
                ),
            ),
            (
                lang.pick("结账", "Close"),
                state(crediting, &[RunState::Approved]),
            ),
        ];
        progress(lang.say(STATES), &steps, lang)
    }

    fn content(&self, lang: Lang) -> Markup {
        let Some(seen) = &self.review else {
            return html! {};
        };
        let run = &seen.run;
        let mut rows = vec![
            (
                lang.pick("运行", "Run").to_owned(),
                html! { (run.kind.name(lang)) " " (run.id) " " (run_state(Some(run), lang)) },
            ),
            (lang.say(MADE_BY).to_owned(), html! { (run.made_by) }),
            (
                lang.say(KNOWN).to_owned(),
                html! { (clock(run.facts_known)) },
            ),
        ];
        if let Some(by) = &run.approved_by {
            rows.push((lang.say(APPROVED_BY).to_owned(), html! { (by) }));
        }
        if 0 < seen.refused {
            rows.push((lang.say(WITHOUT).to_owned(), html! { (seen.refused) }));
        }
        if let Some(content) = run.content {
            rows.push((
                lang.say(CONTENT).to_owned(),
                html! { code { (content) } p class="quiet" { (lang.say(CONTENT_SAYS)) } },
            ));
        }
        html! {
            (summary(&rows))
            h2 { (lang.say(TOTALS)) }
            (by_scheme(seen, lang))
            (self.why(lang))
            details open[!self.listed.filter.is_empty()] {
                summary { (lang.say(DISTRICTS)) }
                (by_district(self.desk.month, &totals_of(seen), &self.listed, lang).on_page(lang))
            }
        }
    }

    fn why(&self, lang: Lang) -> Markup {
        let is_assessment = self
            .review
            .as_ref()
            .is_some_and(|seen| seen.run.kind == RunKind::Assessment);
        html! {
            @if is_assessment {
                h2 { (lang.say(WHY)) }
                @match (&self.causes, self.looking) {
                    (Some(found), _) => {
                        @match &**found {
                            Some(causes) => (why(causes, lang)),
                            None => p class="quiet" { (lang.say(NO_BEFORE)) },
                        }
                    }
                    (None, true) => p class="quiet" { (lang.say(LOOKING)) },
                    (None, false) => p class="quiet" { (lang.say(BROKE)) },
                }
            }
        }
    }
}

fn totals_of(seen: &Review) -> Vec<(Scheme, District, Sum)> {
    let rows = seen.totals.rows();
    rows.map(|(scheme, district, sum)| (scheme, district, *sum))
        .collect()
}

/// Where a step is sent: making and checking are two people's.
fn to(month: Month, step: Step) -> String {
    let whose = match step.needs() {
        Action::ApproveMonth => "check",
        _ => "make",
    };
    format!("/counter/month/{month}/{whose}/{}", step.word())
}

impl Page for MonthPage {
    fn title(&self, _: Lang) -> String {
        self.desk.month.to_string()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![
            Crumb::new("/counter", lang.say(COUNTER)),
            Crumb::new("/counter/month", lang.say(TITLE)),
        ]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (self.far(lang))
            (self.under_way(lang))
            (self.steps(visitor))
            (self.content(lang))
        }
    }

    fn samples() -> Vec<MonthPage> {
        let of = |state: Option<RunState>, job| {
            let desk = sample_desk(state);
            let review = desk.assessment.clone().map(|run| Review {
                run,
                totals: Totals::default(),
                refused: 3,
                before: None,
            });
            MonthPage {
                desk,
                computing: Some((3, 8)),
                job,
                review,
                causes: Some(Arc::new(Some(Causes::default()))),
                looking: false,
                listed: Listed::default(),
            }
        };
        let job = |is_under_way, problem| {
            Some(Standing {
                begun: measure::Moment::from_microseconds(0),
                done: (1, 8),
                is_under_way,
                problem,
            })
        };
        vec![
            of(None, None),
            of(Some(RunState::Computing), job(true, None)),
            of(
                Some(RunState::Computing),
                job(false, Some(Problem::broken())),
            ),
            MonthPage {
                causes: None,
                looking: true,
                ..of(Some(RunState::Computed), None)
            },
            of(Some(RunState::Published), None),
        ]
    }
}
