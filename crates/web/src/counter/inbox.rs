//! What waits for a second person: what it is, exactly what would change, and the decision.

use super::correct::before_and_after;
use super::form::{done_once, tokens};
use super::purpose::{COUNTER, Clerk};
use super::tasks::ways;
use super::words::{days, payer, shall, state};
use crate::forms::Form;
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{
    Column, List, Listed, Rows, amount, empty, hidden, no_more, notice, summary, tag, warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::collection::refunds::Refund;
use city::collection::write_offs::WriteOff;
use city::corrections::{Correction, CorrectionId, State as Standing};
use maud::{Markup, html};
use measure::{Fen, Words};
use office::acting::Applied;
use office::correction::{Seen, see};
use office::inbox::{Item, Sort, decide, one, waiting};
use office::permit::{self, Refusal};
use rules::explain::Lang;

const TITLE: Words = Words::new("待第二人办理", "Waiting for a second person");
const NONE: Words = Words::new("没有等待复核的事项", "Nothing waits to be approved");
const NONE_SAYS: Words = Words::new(
    "有人提出更正、核销、退款、延期缴费，或算完一个月，就会出现在这里。",
    "Corrections, write-offs, refunds, instalments and runs that others prepared appear here.",
);
const WHAT: Words = Words::new("事项", "What");
const CHANGES: Words = Words::new("改变什么", "What changes");
const BY: Words = Words::new("提出人", "Prepared by");
const YOURS: Words = Words::new("您提出的", "yours");
const REASON: Words = Words::new("原因", "Reason");
const APPROVE: Words = Words::new("同意", "Approve");
const DECLINE: Words = Words::new("退回", "Decline");
const OWN: Words = Words::new("由另一人复核", "Somebody else approves this");
const OWN_SAYS: Words = Words::new(
    "这是您提出的，不能自行复核。您可以退回。",
    "You asked for this and cannot approve it; you may decline it.",
);
const CHANGED: Words = Words::new("提出之后登记已有变化", "The register has changed since");
const CHANGED_SAYS: Words = Words::new(
    "下面是现在的登记；不能再复核，退回后重新提出。",
    "Below is what it says now. This can no longer be approved: decline it and ask anew.",
);
const ASKED: Words = Words::new(
    "已提交，等待另一人复核",
    "Sent; it waits for somebody else to approve it",
);
const DONE: Words = Words::new("已办理", "Done");
const PERSON: Words = Words::new("个人", "Person");
const SCHEME: Words = Words::new("险种", "Scheme");
const MONTH: Words = Words::new("月份", "Month");
const DAYS: Words = Words::new("日期", "Days");
const NOW: Words = Words::new("现有储存额", "In the account now");
const THEN: Words = Words::new("复核后", "Once approved");
const AMOUNT: Words = Words::new("金额", "Amount");
const PAYER: Words = Words::new("缴费人", "Payer");
const PRINCIPAL: Words = Words::new("本金", "Dues");
const FEE: Words = Words::new("滞纳金", "Late fee");
const DUE: Words = Words::new("应付日期", "Due");
const FILES: Words = Words::new("文件", "Files");
const STANDS: Words = Words::new("状态", "Standing");

/// What sorts of things are called.
const fn name(sort: Option<Sort>) -> Words {
    match sort {
        None => Words::new("月度运行", "Run of a month"),
        Some(Sort::Correction) => Words::new("登记更正", "Correction of the register"),
        Some(Sort::Entry) => Words::new("账户更正", "Correction of an account"),
        Some(Sort::WriteOff) => Words::new("核销", "Write-off"),
        Some(Sort::Refund) => Words::new("退款", "Refund"),
        Some(Sort::Agreement) => Words::new("延期缴费", "Instalments"),
        Some(Sort::Archive) => Words::new("旧月归档", "Files of old months"),
    }
}

/// Everything that waits.
#[derive(Debug)]
pub(crate) struct InboxPage {
    items: Vec<Item>,
    done: bool,
    listed: Listed,
    clerk: Clerk,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    clerk: Clerk,
    uri: Uri,
) -> Result<Response, Problem> {
    let asking = clerk.clone();
    let items = house
        .office(move |db| {
            let by = asking.name()?;
            waiting(db, asking.login(), asking.acting(&by))
        })
        .await?;
    let visitor = clerk.visitor.clone();
    let done = query(&uri, "done").is_some();
    let page = InboxPage {
        items,
        done,
        listed: Listed::read(&uri),
        clerk,
    };
    match page.listed.file {
        Some(ending) => page.list(&visitor).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// Where something that waits is decided.
fn to(item: &Item) -> String {
    match item {
        Item::Run(run) => format!("/counter/month/{}", run.month),
        other => {
            let word = other.sort().map_or("", Sort::word);
            format!("/counter/inbox/{word}/{}", other.number())
        }
    }
}

/// What would change, in a line.
fn line(item: &Item, lang: Lang) -> Markup {
    match item {
        Item::Run(run) => html! { (run.month) " · " (run.kind.name(lang)) },
        Item::Correction(of) => html! {
            (lang.say(PERSON)) " " (of.asked.person) " · " (of.asked.slot.scheme().name(lang)) " · "
            (days(of.asked.days, lang)) " → " (shall(of.asked.shall, lang))
        },
        Item::Entry(of, _) => html! {
            (lang.say(PERSON)) " " (of.asked.person) " · " (of.asked.scheme.name(lang)) " · " (amount(of.asked.amount, None, lang))
        },
        Item::WriteOff(of, who, _) => {
            html! { (payer(*who, lang)) " · " (amount(given_up(&of.write_off), None, lang)) }
        }
        Item::Refund(of, who, _) => html! {
            @if let Some(who) = who { (payer(*who, lang)) " · " }
            (amount(of.amount, None, lang))
        },
        Item::Agreement(of) => html! {
            (payer(of.payer, lang)) " · " (of.agreement.plan.len()) " × · " (amount(planned(of.agreement.plan.iter().map(|part| part.amount)), None, lang))
        },
        Item::Archive(files) => html! { (files.len()) " " (lang.say(FILES)) },
    }
}

fn given_up(of: &WriteOff) -> Fen {
    match of {
        WriteOff::Asked { principal, fee, .. } | WriteOff::Done { principal, fee } => {
            principal.checked_add(*fee).unwrap_or(*principal)
        }
        WriteOff::Declined => Fen::ZERO,
    }
}

fn planned(parts: impl Iterator<Item = Fen>) -> Fen {
    Fen::checked_sum(parts).unwrap_or(Fen::ZERO)
}

/// A line as a file has it: what a reader sees of it.
fn plain(markup: &Markup) -> String {
    let mut text = String::new();
    let mut within = false;
    for sign in markup.0.chars() {
        match sign {
            '<' => within = true,
            '>' => within = false,
            sign if !within => text.push(sign),
            _ => {}
        }
    }
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    signs
        .into_iter()
        .fold(text, |text, (written, sign)| text.replace(written, sign))
}

impl InboxPage {
    fn list(&self, visitor: &Visitor) -> List<'_, Item> {
        let lang = visitor.lang;
        let own = visitor.login().map_or("", |login| login.name().login());
        let own = own.to_owned();
        let named = move |item: &Item| format!("{} {}", lang.say(name(item.sort())), item.number());
        List {
            caption: lang.say(TITLE).to_owned(),
            name: "inbox".into(),
            path: "/counter/inbox".into(),
            keep: Vec::new(),
            columns: vec![
                Column::words("what", lang.say(WHAT), move |item: &Item| named(item).into())
                    .shown(move |item: &Item| html! { a href=(to(item)) { (named(item)) } }),
                Column::words("changes", lang.say(CHANGES), move |item: &Item| {
                    plain(&line(item, lang)).into()
                })
                .shown(move |item: &Item| line(item, lang)),
                Column::words("by", lang.say(BY), |item: &Item| item.by().into()).shown(
                    move |item: &Item| {
                        html! { (item.by()) @if item.by() == own { " " (tag(lang.say(YOURS), "")) } }
                    },
                ),
            ],
            rows: &self.items,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }
}

impl Page for InboxPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways(visitor, "/counter/inbox", lang))
            (self.clerk.bar())
            @if self.done { (notice(lang.say(DONE), html! {})) }
            @if self.items.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                (self.list(visitor).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<InboxPage> {
        let of = |items, done| InboxPage {
            items,
            done,
            listed: Listed::default(),
            clerk: super::purpose::sample(),
        };
        let corrections = super::person::sample(true).corrections;
        let items = corrections.into_iter().map(Item::Correction);
        vec![of(Vec::new(), true), of(items.collect(), false)]
    }
}

/// One thing, and the decision.
#[derive(Debug)]
pub(crate) struct ItemPage {
    of: Of,
    /// Whether it may be approved and declined by whoever looks.
    may: (bool, bool),
    asked: bool,
    clerk: Clerk,
}

/// What it is: a correction may be decided already.
#[derive(Debug)]
enum Of {
    Correction(Seen),
    Other(Item),
}

/// Shows it.
pub(crate) async fn item(
    State(house): State<House>,
    clerk: Clerk,
    Path((sort, number)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let (sort, number) = addressed(&sort, &number)?;
    let asking = clerk.clone();
    let of = house
        .office(move |db| {
            let by = asking.name()?;
            let acting = asking.acting(&by);
            match (sort, CorrectionId::new(number)) {
                (Sort::Correction, Some(id)) => {
                    see(db, asking.login(), id, acting).map(Of::Correction)
                }
                _ => one(db, asking.login(), (sort, number), acting).map(Of::Other),
            }
        })
        .await?;
    let may = may(&of, sort, &clerk);
    let visitor = clerk.visitor.clone();
    let asked = query(&uri, "done").as_deref() == Some("asked");
    Ok(shown(
        &ItemPage {
            of,
            may,
            asked,
            clerk,
        },
        &visitor,
    ))
}

fn addressed(sort: &str, number: &str) -> Result<(Sort, i64), Problem> {
    let of = Sort::read(sort).zip(number.parse().ok());
    of.ok_or_else(|| office::Error::from(Refusal::Unknown).into())
}

/// Whether it may be approved and declined by this login, as far as the page can know.
fn may(of: &Of, sort: Sort, clerk: &Clerk) -> (bool, bool) {
    let permitted = permit::reach(clerk.login(), sort.needs()).is_ok();
    let own = clerk.login().map_or("", |login| login.name().login());
    match of {
        Of::Correction(seen) => {
            let waits = seen.correction.state == Standing::Asked;
            let others = seen.correction.by.login() != own;
            (
                permitted && waits && others && seen.stands,
                permitted && waits,
            )
        }
        Of::Other(item) => (
            permitted && item.by() != own,
            permitted && !matches!(item, Item::Archive(_)),
        ),
    }
}

/// Somebody decides.
pub(crate) async fn decided(
    State(house): State<House>,
    clerk: Clerk,
    Path((sort, number)): Path<(String, String)>,
    form: String,
) -> Result<Response, Problem> {
    let of = addressed(&sort, &number)?;
    let form = Form::read(&form);
    let approves = match form.get("decision") {
        "approve" => true,
        "decline" => false,
        _ => return Err(Problem::unreadable()),
    };
    let seen = form.get("seen").to_owned();
    let (rooms, login) = (house.clone(), clerk.login().cloned());
    let path = format!("/counter/inbox/{sort}/{number}");
    done_once(&house, &clerk, (&path, &form), move |db, acting| {
        let applied = Applied {
            law: rooms.law(),
            files: &rooms.book.files,
            version: &rooms.version,
        };
        decide(
            db,
            applied,
            login.as_ref(),
            (of.0, of.1, &seen),
            approves,
            acting,
        )?;
        Ok("/counter/inbox?done=yes".to_owned())
    })
    .await
}

impl ItemPage {
    fn item(&self) -> (Item, i64) {
        let item = match &self.of {
            Of::Correction(seen) => Item::Correction(seen.correction.clone()),
            Of::Other(item) => item.clone(),
        };
        let number = item.number();
        (item, number)
    }

    fn decision(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (item, number) = self.item();
        let own = visitor
            .login()
            .is_some_and(|login| login.name().login() == item.by());
        let word = item.sort().map_or("", Sort::word);
        html! {
            @if own && self.may.1 { (warning(lang.say(OWN), html! { p { (lang.say(OWN_SAYS)) } })) }
            @if self.may.0 || self.may.1 {
                form class="row" method="post" action=(format!("/counter/inbox/{word}/{number}")) {
                    (tokens(visitor))
                    (hidden("seen", &item.content().to_string()))
                    @if self.may.0 { button class="button" type="submit" name="decision" value="approve" { (lang.say(APPROVE)) } }
                    @if self.may.1 { button class="button second" type="submit" name="decision" value="decline" { (lang.say(DECLINE)) } }
                }
            }
        }
    }

    fn correction(seen: &Seen, lang: Lang) -> Markup {
        let of: &Correction = &seen.correction;
        let asked = &of.asked;
        let decided = match &of.state {
            Standing::Asked => None,
            Standing::Approved(by) | Standing::Declined(by) => Some(by),
        };
        html! {
            @if !seen.stands && decided.is_none() { (warning(lang.say(CHANGED), html! { p { (lang.say(CHANGED_SAYS)) } })) }
            (summary(&[
                (lang.say(PERSON).to_owned(), html! { a href=(format!("/counter/persons/{}", asked.person)) { (asked.person) } }),
                (lang.say(SCHEME).to_owned(), html! { (asked.slot.scheme().name(lang)) " · " (asked.slot.category().name(lang)) }),
                (lang.say(DAYS).to_owned(), html! { (days(asked.days, lang)) }),
                (lang.say(THEN).to_owned(), html! { (shall(asked.shall, lang)) }),
                (lang.say(REASON).to_owned(), html! { (asked.reason) }),
                (lang.say(BY).to_owned(), html! { (of.by) " · " (clock(of.at)) }),
                (lang.say(STANDS).to_owned(), html! { (state(&of.state, lang)) @if let Some(by) = decided { " " (by) } }),
            ]))
            @if decided.is_none() { (before_and_after(&seen.pieces, lang)) }
        }
    }

    fn other(item: &Item, lang: Lang) -> Markup {
        let row = |name: Words, value: Markup| (lang.say(name).to_owned(), value);
        let mut rows = Vec::new();
        match item {
            Item::Run(_) | Item::Correction(_) => {}
            Item::Entry(of, balance) => {
                let then = balance.checked_add(of.asked.amount).unwrap_or(*balance);
                rows.extend([
                    row(PERSON, html! { a href=(format!("/counter/persons/{}", of.asked.person)) { (of.asked.person) } }),
                    row(SCHEME, html! { (of.asked.scheme.name(lang)) }),
                    row(MONTH, html! { (of.asked.month) }),
                    row(NOW, amount(*balance, None, lang)),
                    row(AMOUNT, amount(of.asked.amount, None, lang)),
                    row(THEN, html! { strong { (amount(then, None, lang)) } }),
                    row(REASON, html! { (of.asked.reason) }),
                ]);
            }
            Item::WriteOff(of, who, reason) => {
                rows.push(row(PAYER, payer(*who, lang)));
                if let WriteOff::Asked { principal, fee, .. } = &of.write_off {
                    rows.push(row(PRINCIPAL, amount(*principal, None, lang)));
                    rows.push(row(FEE, amount(*fee, None, lang)));
                }
                rows.push(row(REASON, html! { (reason) }));
            }
            Item::Refund(of, who, reason) => {
                if let Some(who) = who {
                    rows.push(row(PAYER, payer(*who, lang)));
                }
                let of_receipt = format!("/counter/receipts/{}", of.receipt);
                let gone = matches!(of.refund, Refund::Asked { .. });
                debug_assert!(gone, "only what is asked waits");
                rows.push(row(AMOUNT, amount(of.amount, Some(&of_receipt), lang)));
                rows.push(row(REASON, html! { (reason) }));
            }
            Item::Agreement(of) => {
                rows.push(row(PAYER, payer(of.payer, lang)));
                for part in &of.agreement.plan {
                    let name = format!("{} {}", lang.say(DUE), part.due);
                    rows.push((name, amount(part.amount, None, lang)));
                }
            }
            Item::Archive(files) => {
                for file in files {
                    rows.push((
                        file.file.clone(),
                        html! { (file.rows) " · " code { (file.hash) } },
                    ));
                }
            }
        }
        rows.push(row(BY, html! { (item.by()) }));
        summary(&rows)
    }
}

impl Page for ItemPage {
    fn title(&self, lang: Lang) -> String {
        let (item, number) = self.item();
        format!("{} {number}", lang.say(name(item.sort())))
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![
            Crumb::new("/counter", lang.say(COUNTER)),
            Crumb::new("/counter/inbox", lang.say(TITLE)),
        ]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (self.clerk.bar())
            @if self.asked { (notice(lang.say(ASKED), html! {})) }
            @match &self.of {
                Of::Correction(seen) => (ItemPage::correction(seen, lang)),
                Of::Other(item) => (ItemPage::other(item, lang)),
            }
            (self.decision(visitor))
        }
    }

    fn samples() -> Vec<ItemPage> {
        let person = super::person::sample(true);
        let seen = |stands| {
            let correction = person.corrections.first().cloned()?;
            let was = person.insured.first().map(|(_, fact)| fact.value)?;
            let days = correction.asked.days;
            let pieces = vec![city::corrections::Piece {
                days,
                was,
                shall: None,
            }];
            Some(Of::Correction(Seen {
                correction,
                pieces,
                stands,
            }))
        };
        let entry = || {
            Some(Of::Other(Item::Entry(
                city::entries::Entry {
                    id: city::entries::EntryId::new(1)?,
                    asked: city::entries::Asked {
                        key: "k".into(),
                        person: person.person.id,
                        scheme: city::insurance::Scheme::EmployeePension,
                        month: measure::Month::MAX,
                        amount: Fen(-5_000),
                        reason: "<script>alert(1)</script>".into(),
                    },
                    district: city::places::District::new(500_103)?,
                    reverses: None,
                    by: city::actors::Actor::new("li")?,
                    state: city::entries::State::Asked,
                },
                Fen(1_000_000),
            )))
        };
        let pages = [
            (seen(true), (true, true), true),
            (seen(false), (false, true), false),
            (entry(), (true, true), false),
        ];
        let page = |(of, may, asked): (Option<Of>, _, _)| {
            Some(ItemPage {
                of: of?,
                may,
                asked,
                clerk: super::purpose::sample(),
            })
        };
        pages.into_iter().filter_map(page).collect()
    }
}
