//! The same over the people of a file, for who plans for the city: the file comes in, is read once and is gone. Sums stay for a
//! day, and only for who asked.

use super::kept::Kept;
use super::result::{self, Over, ResultPage};
use super::sample::sample_asked;
use super::sent::{Sent, received};
use super::words::count;
use super::{Said, choose, query, to, trail};
use crate::forms::at_field;
use crate::house::House;
use crate::library::Reading;
use crate::look::components::{
    Fault, Head, Table, button_link, cell_place, error_summary, file, fold, notice, submit,
    summary, table, tag,
};
use crate::look::districts;
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::Visitor;
use crate::wall::Address;
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use city::logins::Login;
use maud::{Markup, html};
use measure::Words;
use office::Acting;
use office::permit::{self, Action};
use office::whatif::{Asked, Files, MOST_ROWS, Outcome, Wanted, tried_over, wanted};
use rules::columns::Field;
use rules::explain::Lang;
use tokio::sync::OwnedSemaphorePermit;

const TITLE: Words = Words::new("用自己的人群文件试算", "Try it over the people of a file");
const LEAD: Words = Words::new(
    "上传一份人群文件，一行一人，用假名或编号代替姓名和证件号码。两部法律各算一遍每一行，与控制台的 renshe law diff 分毫不差。",
    "Send a file of people, a row each, under made-up names or numbers of your own. Both laws work out every row, to the fen as renshe law diff does at the console.",
);
const PEOPLE: Words = Words::new("人群文件", "The file of people");
const RECORDS: Words = Words::new("历年记录文件", "The file of their records");
const RECORDS_HINT: Words = Words::new(
    "一行一条记录，编号列与人群文件同名，两份文件都按编号排序。",
    "A row a record, under a key column of the same name; both files in the order of the key.",
);
const NO_FILE: Words = Words::new("请选择文件", "choose a file");
const GO: Words = Words::new("算一算", "Work it out");
const COLUMNS: Words = Words::new("文件要有哪些列", "What columns the file has");
const COLUMN: Words = Words::new("列名", "Column");
const CHINESE: Words = Words::new("或中文列名", "Or in Chinese");
const NEEDED: Words = Words::new("是否必填", "Whether it is needed");
const MUST: Words = Words::new("必填", "needed");
const MAY: Words = Words::new("可有", "where there is one");
const OTHERS: Words = Words::new(
    "其他列不读。没有姓名、证件号码的列，请不要放进文件。",
    "Other columns are not read. Names and identity numbers have no place in the file.",
);
const KEPT: Words = Words::new("什么会留下", "What is kept");
const KEPT_SAYS: Words = Words::new(
    "文件读完即删。合计保留一天，只有您能看到。人数少于 5 的格子不显示；为免由合计倒推，也会多隐藏几格。审计日志记下谁试算了什么、有多少行。",
    "The file is deleted once it is read. Sums stay for a day, and nobody but you sees them. Cells below five people are not shown, nor others by which they could be worked out. The audit log notes who tried what over how many rows.",
);
const QUESTION: Words = Words::new("问的是", "Asked");
const CHANGED: Words = Words::new("改动", "Changed");
const SINCE: Words = Words::new("自", "Since");
const ANOTHER: Words = Words::new("换一个改动", "Change something else");

/// So many bytes both files have at most.
pub(crate) const FILE_BYTES: usize = 256 << 20;
/// What files are taken.
const KINDS: &str = ".csv,.parquet,.arrow";

/// Where the files are asked for.
#[derive(Debug)]
pub(crate) struct PopulationPage {
    reading: Reading,
    asked: Asked,
    fault: Option<String>,
}

/// The question of an address, where it is whole; else where one is asked.
fn question(
    house: &House,
    visitor: &Visitor,
    (jurisdiction, uri): (String, &Uri),
) -> Result<Result<(Reading, Asked), Response>, Problem> {
    let reading = Reading::of(house, &jurisdiction, uri, visitor)?;
    let said = Said::read(uri);
    let (Some(since), Some(question), false) = (said.since, said.ask, said.with.is_empty()) else {
        let choose = to(&reading, &query(&said.with, said.since, said.ask));
        return Ok(Err(Redirect::to(&choose).into_response()));
    };
    let asked = Asked {
        jurisdiction,
        changes: said.with,
        since,
        question,
    };
    Ok(Ok((reading, asked)))
}

/// Asks for the files.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(jurisdiction): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    match question(&house, &visitor, (jurisdiction, &uri))? {
        Ok((reading, asked)) => {
            let page = PopulationPage {
                reading,
                asked,
                fault: None,
            };
            Ok(shown(&page, &visitor))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes the files, works it out, and leads to what came of it.
pub(crate) async fn tried(
    State(house): State<House>,
    visitor: Visitor,
    Extension(Address(address)): Extension<Address>,
    Path(jurisdiction): Path<String>,
    uri: Uri,
    form: Multipart,
) -> Result<Response, Problem> {
    let (reading, asked) = match question(&house, &visitor, (jurisdiction, &uri))? {
        Ok(whole) => whole,
        Err(elsewhere) => return Ok(elsewhere),
    };
    // Whoever may not is not listened to.
    permit::whole_city(visitor.login(), Action::TryReform).map_err(office::Error::from)?;
    if !house.limits.may_work(&address, house.now()) {
        return Err(Problem::too_many());
    }
    let desk = house.tries.desk()?;
    let done = match received(form).await? {
        Some(sent) => worked_out(&house, &visitor, (&asked, sent), desk).await,
        None => Err(no_file()),
    };
    match done {
        Ok(outcome) => {
            let base = reading.base();
            let kept = Kept::new(&house, &visitor, asked, outcome);
            let key = house.tries.keep(kept);
            Ok(Redirect::to(&format!("{base}/what-if/population/{key}")).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let page = PopulationPage {
                reading,
                asked,
                fault: Some(at_field(&problem, visitor.lang)),
            };
            Ok(shown_as(problem.status, &page, &visitor))
        }
        Err(problem) => Err(problem),
    }
}

fn no_file() -> Problem {
    Problem {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code: "H0103",
        what: Words::new(NO_FILE.zh.to_owned(), NO_FILE.en.to_owned()),
        mend: Words::new(String::new(), String::new()),
    }
}

async fn worked_out(
    house: &House,
    visitor: &Visitor,
    (asked, sent): (&Asked, Sent),
    desk: OwnedSemaphorePermit,
) -> Result<Outcome, Problem> {
    let (book, asked) = (house.book.clone(), asked.clone());
    let (login, now, through) = (visitor.login().cloned(), visitor.now, visitor.through());
    let threads = house.settings.threads;
    let folder = sent.folder();
    let done = house
        .office(move |db| {
            // Held until the work ends, also when nobody waits for it any more.
            let _desk = desk;
            let login = login.as_ref();
            let by = login.map(Login::name);
            let acting = Acting {
                by: by.ok_or(permit::Refusal::Nobody)?,
                at: now,
                purpose: "reform",
                through,
            };
            let places: Vec<&str> = districts::ALL.iter().map(|placed| placed.zh).collect();
            let files = Files {
                people: &sent.people,
                records: sent.records.as_deref(),
            };
            tried_over(
                db,
                (&book, &asked),
                (files, &places),
                threads,
                (login, acting),
            )
        })
        .await;
    // A file is called as it was sent, not as it lay here.
    done.map_err(|problem| Problem {
        what: Words::new(
            problem.what.zh.replace(&folder, ""),
            problem.what.en.replace(&folder, ""),
        ),
        ..problem
    })
}

/// What was worked out, where it is still kept and was for who asks.
fn kept(house: &House, visitor: &Visitor, key: &str) -> Result<Kept, Problem> {
    let whose = visitor.login().map(Login::name);
    let kept = house.tries.kept(key, house.now());
    let own = kept.filter(|kept| whose.is_some_and(|whose| whose.login() == kept.login));
    own.ok_or_else(Problem::no_page)
}

/// Shows what came of it.
pub(crate) async fn result(
    State(house): State<House>,
    visitor: Visitor,
    Path((jurisdiction, key)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let kept = kept(&house, &visitor, &key)?;
    let page = ResultPage::new(reading, kept.asked, kept.done, Over::File(key));
    Ok(shown(&page, &visitor))
}

/// Gives it as a file.
pub(crate) async fn along(
    State(house): State<House>,
    visitor: Visitor,
    Path((jurisdiction, key, name)): Path<(String, String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    if !matches!(name.as_str(), "what-if.csv" | "what-if.xlsx") {
        return Err(Problem::no_page());
    }
    Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let kept = kept(&house, &visitor, &key)?;
    match &*kept.done {
        Ok(outcome) => result::file(&kept.asked, outcome, (&name, true), visitor.lang),
        Err(_) => Err(Problem::no_page()),
    }
}

fn columns(fields: &[Field], caption: Words, lang: Lang) -> Markup {
    let mut fields: Vec<&Field> = fields.iter().collect();
    fields.sort_by_key(|field| (field.optional, &field.names.id));
    let rows = fields.into_iter().map(|field| {
        let needed = match field.optional {
            true => html! { (lang.say(MAY)) },
            false => tag(lang.say(MUST), "good"),
        };
        vec![
            html! { code { (field.names.id) } }.into(),
            field.names.zh.as_deref().unwrap_or_default().into(),
            needed.into(),
        ]
    });
    table(
        &Table {
            caption: lang.say(caption).to_owned(),
            head: [COLUMN, CHINESE, NEEDED]
                .map(|words| Head::words(lang.say(words)))
                .into(),
            rows: rows.collect(),
            foot: None,
        },
        lang,
    )
}

impl PopulationPage {
    fn asked_for(&self, lang: Lang) -> Markup {
        let changes = self.asked.changes.iter();
        summary(&[
            (
                lang.say(CHANGED).to_owned(),
                html! { @for change in changes { div { code { (change.written()) } } } },
            ),
            (lang.say(SINCE).to_owned(), html! { (self.asked.since) }),
            (
                lang.say(QUESTION).to_owned(),
                html! { (lang.say(self.asked.question.name())) },
            ),
        ])
    }

    fn form(&self, wanted: &Wanted, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let asked = query(
            &self.asked.changes,
            Some(self.asked.since),
            Some(self.asked.question),
        );
        let base = self.reading.base();
        let action = format!("{base}/what-if/population?{asked}&csrf={}", visitor.csrf());
        let (megabytes, myriads) = (FILE_BYTES >> 20, MOST_ROWS / 10_000);
        let rows = count(MOST_ROWS);
        let hint = lang.pick(
            format!("CSV、Parquet 或 Arrow，至多 {megabytes} MB、{myriads} 万行。"),
            format!("CSV, Parquet or Arrow; at most {megabytes} MB and {rows} rows."),
        );
        html! {
            form method="post" action=(action) enctype="multipart/form-data" {
                (file(("file", KINDS), lang.say(PEOPLE), &hint, self.fault.as_deref(), lang))
                @if !wanted.records.is_empty() {
                    (file(("records", KINDS), lang.say(RECORDS), lang.say(RECORDS_HINT), None, lang))
                }
                (submit(lang.say(GO)))
            }
        }
    }
}

impl Page for PopulationPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let mut trail = trail(&self.reading, lang);
        let base = self.reading.base();
        trail.push(Crumb::new(
            format!("{base}/what-if"),
            lang.say(choose::TITLE),
        ));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let wanted = wanted(self.reading.law(), &self.asked);
        let faults = self.fault.iter().map(|what| Fault {
            field: cell_place("file"),
            what: what.clone(),
        });
        let again = query(&[], Some(self.asked.since), Some(self.asked.question));
        html! {
            (error_summary(&faults.collect::<Vec<_>>(), lang))
            p class="lead" { (lang.say(LEAD)) }
            (self.asked_for(lang))
            (self.form(&wanted, visitor))
            (notice(lang.say(KEPT), html! { p { (lang.say(KEPT_SAYS)) } }))
            (fold(lang.say(COLUMNS), html! {
                (columns(&wanted.people, PEOPLE, lang))
                @if !wanted.records.is_empty() { (columns(&wanted.records, RECORDS, lang)) }
                p { (lang.say(OTHERS)) }
            }))
            p { (button_link(&to(&self.reading, &again), lang.say(ANOTHER))) }
        }
    }

    fn samples() -> Vec<PopulationPage> {
        let reading = crate::library::case::sample();
        let page = |fault: Option<&str>| PopulationPage {
            asked: sample_asked(&reading, office::whatif::Question::EmployeeDue),
            reading: reading.clone(),
            fault: fault.map(str::to_owned),
        };
        vec![page(None), page(Some("<script>alert(1)</script> (C0107)"))]
    }
}
