//! What came in: a bank's file handed in, what it settles, and whose the rest is.

mod one;

use super::form::{done_once, press, tokens};
use super::purpose::{COUNTER, Clerk};
use super::tasks::ways;
use crate::forms::Form;
use crate::house::House;
use crate::look::components::{
    Cell, Column, Fault, Field, Head, Kind, List, Listed, Rows, Table, amount, empty,
    error_summary, field, no_more, notice, submit, summary, table, tag, warning,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use city::collection::{ReceiptId, ReceiptState};
use city::people::PersonId;
use maud::{Markup, html};
use measure::Words;
use office::acting::Applied;
use office::collect::desk::{
    Handed, Named, Order, Receipt, Seen, Stop, hand_in, say_whose, see, settle, take_back, waiting,
};
use office::part::Found;
use office::permit::{self, Action, Refusal};
use office::tables::Written;
use rules::explain::Lang;
use std::fs;

const TITLE: Words = Words::new("到账", "Receipts");
const HAND_IN: Words = Words::new("收银行文件", "Take in a bank's file");
const FILE: Words = Words::new("银行文件", "The bank's file");
const FILE_HINT: Words = Words::new(
    "camt.053、camt.054 或 CSV，至多 32 MB。同一文件重复提交不会重复收取。",
    "camt.053, camt.054 or CSV, 32 MB at most. A file handed in twice is taken in once.",
);
const TAKE_IN: Words = Words::new("收取", "Take it in");
const NO_FILE: Words = Words::new("选一个文件", "choose a file");
const SETTLE: Words = Words::new("清偿欠费", "Let it settle what is owed");
const SETTLE_SAYS: Words = Words::new(
    "已知归属的到账按法定顺序清偿欠费和滞纳金。",
    "Receipts whose payer is known settle bills and late fees, in the lawful order.",
);
const CLARIFY: Words = Words::new("归属待确认", "It is not known whose these are");
const NONE: Words = Words::new("没有待确认的到账", "None waits to be clarified");
const NONE_SAYS: Words = Words::new(
    "银行没有写明缴费人的到账会出现在这里。",
    "Receipts whose payer the bank does not name appear here.",
);
const RECEIPT: Words = Words::new("到账", "Receipt");
const BOOKED: Words = Words::new("入账日", "Booked");
const AMOUNT: Words = Words::new("金额", "Amount");
const REST: Words = Words::new("未清偿", "Left");
const PAYER: Words = Words::new("付款人（银行所写）", "Payer, as the bank writes it");
const WRITTEN: Words = Words::new("附言", "What they wrote");
const ACCOUNT: Words = Words::new("来款账户", "From the account");
const WHOSE: Words = Words::new("归属", "Whose it is");
const STANDS: Words = Words::new("状态", "Standing");
const NOBODY: Words = Words::new("未确认", "not known");
const BROUGHT: Words = Words::new("已收取", "Taken in");
const AGAIN: Words = Words::new(
    "此文件已收过，没有重复收取",
    "The file was taken in before; nothing was done",
);
const NEW: Words = Words::new("新到账笔数", "New receipts");
const KNOWN: Words = Words::new("已登记笔数", "Known before");
const REFUSED: Words = Words::new("无法读取的笔数", "Entries that could not be read");
const EMPLOYER: Words = Words::new(
    "单位的信用代码或编号",
    "The employer's credit code or number",
);
const PERSON: Words = Words::new("或个人编号", "Or the person's number");
const SAY: Words = Words::new("确认归属", "Say whose it is");
const WHO: Words = Words::new(
    "写明单位或个人，只写一个",
    "give an employer or a person, one of them",
);
const UNDO: Words = Words::new("撤回归属和清偿", "Take it back: it is somebody else's");
const SETTLED: Words = Words::new("清偿了什么", "What it settled");
const BILL: Words = Words::new("账单", "Bill");
const SCHEME: Words = Words::new("险种", "Scheme");
const DAY: Words = Words::new("视同缴纳日", "Counts from");
const DUES: Words = Words::new("本金", "Dues");
const FEE: Words = Words::new("滞纳金", "Late fee");
const TAKEN_BACK: Words = Words::new("已撤回", "taken back");
const DONE: Words = Words::new("已办理", "Done");

/// The most bytes of a file, and of the form around it.
pub(crate) const FILE_BYTES: usize = 32 << 20;

/// What waits, and what may be handed in.
#[derive(Debug)]
pub(crate) struct ReceiptsPage {
    waiting: Found<Receipt>,
    listed: Listed,
    may_hand_in: bool,
    handed: Option<Handed>,
    fault: Option<Words<String>>,
    done: bool,
    clerk: Clerk,
}

/// Sorted and narrowed by the database: there may be many.
async fn read_list(
    house: &House,
    clerk: &Clerk,
    listed: &Listed,
) -> Result<Found<Receipt>, Problem> {
    let asking = clerk.clone();
    let part = listed.part();
    let order = match &listed.sort {
        Some((word, up)) if word == "rest" => Order::Amount(*up),
        Some((word, up)) if word == "receipt" => Order::Number(*up),
        _ => Order::Number(true),
    };
    house
        .office(move |db| {
            let by = asking.name()?;
            waiting(db, asking.login(), (&part, order), asking.acting(&by))
        })
        .await
}

/// Files and allocations are the whole city's.
fn may_hand_in(clerk: &Clerk) -> bool {
    permit::reach(clerk.login(), Action::KeepReceipts)
        .is_ok_and(|(login, _)| login.district().is_none())
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    clerk: Clerk,
    uri: Uri,
) -> Result<Response, Problem> {
    let listed = Listed::read(&uri);
    let page = ReceiptsPage {
        waiting: read_list(&house, &clerk, &listed).await?,
        listed,
        may_hand_in: may_hand_in(&clerk),
        handed: None,
        fault: None,
        done: query(&uri, "done").is_some(),
        clerk,
    };
    let visitor = page.clerk.visitor.clone();
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// Takes a file in.
pub(crate) async fn file(
    State(house): State<House>,
    clerk: Clerk,
    mut form: Multipart,
) -> Result<Response, Problem> {
    let mut sent = None;
    while let Some(part) = form.next_field().await.map_err(|_| Problem::unreadable())? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or_default();
            // What it is called is told again; of a path only its last part, and no more than fits a line.
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            let name: String = name
                .chars()
                .filter(|sign| !sign.is_control())
                .take(120)
                .collect();
            let bytes = part.bytes().await.map_err(|_| Problem::too_large())?;
            sent = (!bytes.is_empty()).then_some((name, bytes));
        }
    }
    let done = match sent {
        Some((name, bytes)) => {
            let asking = clerk.clone();
            let handed = house
                .office(move |db| {
                    let by = asking.name()?;
                    let acting = asking.acting(&by);
                    Ok(with_file(&bytes, |path| {
                        hand_in(db, asking.login(), (path, &name, &bytes), acting)
                    }))
                })
                .await?;
            match handed {
                Ok(handed) => Ok(handed),
                Err(Stop::Office(error)) => return Err(error.into()),
                Err(Stop::File(error)) => {
                    let said = error.said();
                    Err(Words::new(said.zh.clone(), said.en.clone()))
                }
            }
        }
        None => Err(Words::new(NO_FILE.zh.to_owned(), NO_FILE.en.to_owned())),
    };
    let (handed, fault) = match done {
        Ok(handed) => (Some(handed), None),
        Err(fault) => (None, Some(fault)),
    };
    let page = ReceiptsPage {
        waiting: read_list(&house, &clerk, &Listed::default()).await?,
        listed: Listed::default(),
        may_hand_in: may_hand_in(&clerk),
        handed,
        fault,
        done: false,
        clerk,
    };
    let visitor = page.clerk.visitor.clone();
    Ok(match page.fault {
        Some(_) => shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor),
        None => shown(&page, &visitor),
    })
}

/// Lets something read what was sent as a file that is gone afterwards.
fn with_file<T>(
    bytes: &[u8],
    read: impl FnOnce(&std::path::Path) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let name = format!("renshe-{}", crate::forms::fresh_key());
    let path = std::env::temp_dir().join(name);
    let written = fs::write(&path, bytes);
    let done = match written {
        Ok(()) => read(&path),
        Err(error) => Err(Stop::unwritten(&error)),
    };
    // Where it cannot be removed the system does so in time.
    let _ = fs::remove_file(&path);
    done
}

/// Lets money settle what is owed.
pub(crate) async fn settled(
    State(house): State<House>,
    clerk: Clerk,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let (rooms, login) = (house.clone(), clerk.login().cloned());
    done_once(
        &house,
        &clerk,
        ("/counter/receipts/settle", &form),
        move |db, acting| {
            let applied = Applied {
                law: rooms.law(),
                files: &rooms.book.files,
                version: &rooms.version,
            };
            settle(db, applied, login.as_ref(), acting)?;
            Ok("/counter/receipts?done=yes".to_owned())
        },
    )
    .await
}

impl ReceiptsPage {
    fn list(&self, lang: Lang) -> List<'_, Receipt> {
        List {
            caption: lang.say(CLARIFY).to_owned(),
            name: "receipts".into(),
            path: "/counter/receipts".into(),
            keep: Vec::new(),
            columns: vec![
                Column::numbers("receipt", lang.say(RECEIPT), |known: &Receipt| {
                    Written::Count(known.id.number())
                })
                .shown(|known: &Receipt| {
                    html! { a href=(format!("/counter/receipts/{}", known.id)) { (known.id) } }
                }),
                Column::words("booked", lang.say(BOOKED), |known: &Receipt| {
                    known.booked.to_string().into()
                })
                .unsorted(),
                Column::numbers("rest", lang.say(REST), |known: &Receipt| {
                    Written::Yuan(known.rest.0)
                })
                .shown(move |known: &Receipt| amount(known.rest, None, lang)),
                Column::words("payer", lang.say(PAYER), |known: &Receipt| {
                    known.payer.as_str().into()
                })
                .unsorted(),
                Column::words("text", lang.say(WRITTEN), |known: &Receipt| {
                    known.remittance.as_str().into()
                })
                .unsorted(),
            ],
            rows: &self.waiting.lines,
            come: Rows::of(&self.waiting),
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn hand_in(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let fault = self
            .fault
            .as_ref()
            .map(|fault| lang.pick(&fault.zh, &fault.en).clone());
        let of = Field {
            name: "file".into(),
            label: lang.say(FILE).into(),
            hint: Some(lang.say(FILE_HINT).into()),
            kind: Kind::File(".xml,.csv,.txt"),
            value: String::new(),
            fault: fault.clone(),
            optional: false,
        };
        let faults = fault.map(|what| Fault {
            field: of.place(),
            what,
        });
        html! {
            (error_summary(faults.as_slice(), lang))
            h2 { (lang.say(HAND_IN)) }
            form method="post" enctype="multipart/form-data" action=(format!("/counter/receipts/file?csrf={}", visitor.csrf())) {
                (field(&of, lang))
                (submit(lang.say(TAKE_IN)))
            }
            h2 { (lang.say(SETTLE)) }
            p { (lang.say(SETTLE_SAYS)) }
            (press("/counter/receipts/settle", lang.say(SETTLE), false, visitor))
        }
    }

    fn brought(&self, lang: Lang) -> Markup {
        let Some(handed) = &self.handed else {
            return html! {};
        };
        let of = handed.received;
        html! {
            (notice(lang.say(if of.again { AGAIN } else { BROUGHT }), summary(&[
                (lang.say(NEW).to_owned(), html! { (of.receipts) }),
                (lang.say(AMOUNT).to_owned(), amount(of.amount, None, lang)),
                (lang.say(KNOWN).to_owned(), html! { (of.known) }),
            ])))
            @if 0 < handed.refused {
                (warning(lang.say(REFUSED), html! {
                    p { (handed.refused) }
                    ul { @for fault in &handed.faults { li { code { (fault.code) } " " (fault.sentence(lang)) } } }
                }))
            }
        }
    }
}

impl Page for ReceiptsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways(visitor, "/counter/receipts", lang))
            (self.clerk.bar())
            @if self.done { (notice(lang.say(DONE), html! {})) }
            (self.brought(lang))
            h2 { (lang.say(CLARIFY)) }
            @if self.waiting.lines.is_empty() && self.listed.filter.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                (self.list(lang).on_page(lang))
            }
            @if self.may_hand_in { (self.hand_in(visitor)) }
        }
    }

    fn samples() -> Vec<ReceiptsPage> {
        let of = |lines: Vec<Receipt>, fault| ReceiptsPage {
            waiting: Found {
                of: i64::try_from(lines.len()).unwrap_or(0),
                lines,
            },
            listed: Listed::default(),
            may_hand_in: true,
            handed: None,
            fault,
            done: true,
            clerk: super::purpose::sample(),
        };
        let fault = Words::new(NO_FILE.zh.to_owned(), NO_FILE.en.to_owned());
        vec![of(Vec::new(), Some(fault)), of(vec![sample()], None)]
    }
}

/// A receipt for samples.
fn sample() -> Receipt {
    Receipt {
        id: ReceiptId::new(3).expect("above 0"),
        booked: measure::Day::MAX,
        amount: measure::Fen(1_234_567),
        payer: "<script>alert(1)</script>".into(),
        account: Some("622202".into()),
        remittance: "=1+1 <b>8000".into(),
        state: ReceiptState::Clarification,
        rest: measure::Fen(1_234_567),
        whose: None,
    }
}

/// One receipt.
#[derive(Debug)]
pub(crate) struct ReceiptPage {
    of: Seen,
    may_keep: bool,
    named: (String, String),
    fault: Option<Words<String>>,
    clerk: Clerk,
}

fn number(text: &str) -> Result<ReceiptId, Problem> {
    let number = text.parse().ok().and_then(ReceiptId::new);
    number.ok_or_else(|| office::Error::from(Refusal::Unknown).into())
}

async fn read(house: &House, clerk: &Clerk, id: ReceiptId) -> Result<Seen, Problem> {
    let asking = clerk.clone();
    house
        .office(move |db| {
            let by = asking.name()?;
            see(db, asking.login(), id, asking.acting(&by))
        })
        .await
}

async fn opened(house: &House, clerk: Clerk, id: ReceiptId) -> Result<ReceiptPage, Problem> {
    Ok(ReceiptPage {
        of: read(house, &clerk, id).await?,
        may_keep: permit::reach(clerk.login(), Action::KeepReceipts).is_ok(),
        named: (String::new(), String::new()),
        fault: None,
        clerk,
    })
}

/// Shows it.
pub(crate) async fn one(
    State(house): State<House>,
    clerk: Clerk,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = opened(&house, clerk, number(&id)?).await?;
    let visitor = page.clerk.visitor.clone();
    Ok(shown(&page, &visitor))
}

/// Somebody says whose it is.
pub(crate) async fn whose(
    State(house): State<House>,
    clerk: Clerk,
    Path(id): Path<String>,
    form: String,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let form = Form::read(&form);
    let (employer, person) = (
        form.get("employer").to_owned(),
        form.get("person").to_owned(),
    );
    let named = match (employer.is_empty(), person.is_empty()) {
        (false, true) => Some(Named::Employer(employer.clone())),
        (true, false) => person
            .parse()
            .ok()
            .and_then(PersonId::new)
            .map(Named::Person),
        _ => None,
    };
    let fault = match named {
        None => Words::new(WHO.zh.to_owned(), WHO.en.to_owned()),
        Some(named) => {
            let login = clerk.login().cloned();
            let path = format!("/counter/receipts/{id}/whose");
            let done = done_once(&house, &clerk, (&path, &form), move |db, acting| {
                say_whose(db, login.as_ref(), (id, &named), acting)?;
                Ok("/counter/receipts?done=yes".to_owned())
            });
            match done.await {
                Ok(response) => return Ok(response),
                Err(problem) if matches!(problem.code, "N0304" | "N0603") => problem.what,
                Err(problem) => return Err(problem),
            }
        }
    };
    let mut page = opened(&house, clerk, id).await?;
    page.named = (employer, person);
    page.fault = Some(fault);
    let visitor = page.clerk.visitor.clone();
    Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
}

/// Somebody takes it back.
pub(crate) async fn undo(
    State(house): State<House>,
    clerk: Clerk,
    Path(id): Path<String>,
    form: String,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let form = Form::read(&form);
    let login = clerk.login().cloned();
    let path = format!("/counter/receipts/{id}/undo");
    done_once(&house, &clerk, (&path, &form), move |db, acting| {
        take_back(db, login.as_ref(), id, acting)?;
        Ok(format!("/counter/receipts/{id}"))
    })
    .await
}

impl ReceiptPage {
    fn say(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let fault = self
            .fault
            .as_ref()
            .map(|fault| lang.pick(&fault.zh, &fault.en).clone());
        let of = |name: &str, label: Words, value: &str, fault| Field {
            name: name.into(),
            label: lang.say(label).into(),
            hint: None,
            kind: Kind::Text,
            value: value.to_owned(),
            fault,
            optional: true,
        };
        let employer = of("employer", EMPLOYER, &self.named.0, fault.clone());
        let person = of("person", PERSON, &self.named.1, None);
        let faults = fault.map(|what| Fault {
            field: employer.place(),
            what,
        });
        html! {
            h2 { (lang.say(SAY)) }
            (error_summary(faults.as_slice(), lang))
            form method="post" action=(format!("/counter/receipts/{}/whose", self.of.receipt.id)) {
                (tokens(visitor))
                (field(&employer, lang))
                (field(&person, lang))
                (submit(lang.say(SAY)))
            }
        }
    }

    fn settled(&self, lang: Lang) -> Markup {
        let rows = self.of.settled.iter().map(|made| -> Vec<Cell> {
            vec![
                made.bill.to_string().into(),
                made.scheme.name(lang).into(),
                made.day.to_string().into(),
                amount(made.principal, None, lang).into(),
                amount(made.fee, None, lang).into(),
                if made.undone {
                    tag(lang.say(TAKEN_BACK), "stop")
                } else {
                    html! {}
                }
                .into(),
            ]
        });
        html! {
            @if !self.of.settled.is_empty() {
                h2 { (lang.say(SETTLED)) }
                (table(&Table {
                    caption: lang.say(SETTLED).to_owned(),
                    head: vec![
                        Head::numbers(lang.say(BILL)),
                        Head::words(lang.say(SCHEME)),
                        Head::words(lang.say(DAY)),
                        Head::numbers(lang.say(DUES)),
                        Head::numbers(lang.say(FEE)),
                        Head::words(lang.say(STANDS)),
                    ],
                    rows: rows.collect(),
                    foot: None,
                }, lang))
            }
        }
    }
}
