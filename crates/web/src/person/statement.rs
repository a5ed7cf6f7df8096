//! The statement of accounts: line by line, to print or to take along.

use super::{overview, ways};
use crate::export;
use crate::house::House;
use crate::look::components::{Head, Table, amount, empty, summary, table};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::account::months::Lifetime;
use office::account::statement::{Line, Passbook, What};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("个人账户对账单", "Statement of accounts");
const NONE: Words = Words::new("您还没有个人账户", "You have no account yet");
const NONE_SAYS: Words = Words::new(
    "第一个月的缴费到账并记账后，这里会列出每一笔。",
    "When the first month is paid and credited, every line stands here.",
);
const AS_OF: Words = Words::new("截至", "As of");
const BALANCE: Words = Words::new("储存额", "Balance");
const MONTHS: Words = Words::new("记账月数", "Months credited");
const INTEREST: Words = Words::new("其中利息", "Of it interest");
const DAY: Words = Words::new("日期", "Day");
const LINE: Words = Words::new("内容", "What");
const AMOUNT: Words = Words::new("金额", "Amount");
const STANDS: Words = Words::new("余额", "Then stands");
const PRINT: Words = Words::new(
    "用浏览器的打印即可打印或存为 PDF；每一行都可以点开看依据。",
    "Print it from your browser, or keep it as a PDF; each line opens to what it follows from.",
);
const NUMBER: Words = Words::new("个人编号", "Number in the register");

/// A statement.
#[derive(Debug)]
pub(crate) struct StatementPage {
    of: Lifetime,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let of = overview::read(&house, &visitor).await?;
    Ok(shown(&StatementPage { of }, &visitor))
}

/// One of the person's tables as a file: `statement`, `months`, `data` or `looks`, as CSV or workbook.
pub(crate) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let lang = visitor.lang;
    let (head, rows) = match name.rsplit_once('.').map(|(name, _)| name) {
        Some("statement") => written(&overview::read(&house, &visitor).await?, lang),
        Some("months") => {
            return overview::written(&overview::read(&house, &visitor).await?, (&name, lang));
        }
        Some("data") => super::data::written(&super::data::record(&house, &visitor).await?, lang),
        Some("looks") => super::looks::written(&super::looks::read(&house, &visitor).await?, lang),
        _ => return Err(Problem::no_page()),
    };
    export::written(&name, &head, &rows)
}

/// What a line is.
fn what(line: &Line, lang: Lang) -> String {
    match &line.what {
        What::Credit { month, .. } => {
            lang.pick(format!("{month} 缴费记账"), format!("credit of {month}"))
        }
        What::Part { month, .. } => lang.pick(
            format!("{month} 部分缴费记账（其余已核销）"),
            format!("credit of what was paid of {month}, the rest being written off"),
        ),
        What::Entry { entry, .. } => lang.pick(
            format!("调整：{}", entry.asked.reason),
            format!("entry: {}", entry.asked.reason),
        ),
        What::Interest {
            year,
            opening,
            products,
            ..
        } => lang.pick(
            format!("{year} 年利息（年初 {opening}，积数 {products}）"),
            format!(
                "interest of {year} (on {opening} at its beginning and products of {products})"
            ),
        ),
    }
}

/// Where it opens.
fn opens(line: &Line) -> Option<String> {
    match &line.what {
        What::Credit { month, due, .. } => Some(overview::to_month(*month, due.scheme)),
        What::Part { month, credit, .. } => Some(overview::to_month(*month, credit.of.scheme)),
        What::Entry { .. } | What::Interest { .. } => None,
    }
}

/// Each line with what then stands in the account.
fn running(book: &Passbook) -> Vec<(&Line, Fen)> {
    let mut sum = Fen::ZERO;
    let lines = book.lines.iter();
    lines
        .map(|line| {
            sum = sum.checked_add(line.amount).unwrap_or(sum);
            (line, sum)
        })
        .collect()
}

impl Page for StatementPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways("/me/statement", lang))
            @if self.of.accounts.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                p class="quiet" { (lang.say(PRINT)) }
                (export::links("/me/file/statement", "", lang))
            }
            @for book in &self.of.accounts {
                h2 { (book.scheme.name(lang)) }
                (summary(&[
                    (lang.say(NUMBER).to_owned(), html! { (self.of.person) }),
                    (lang.say(AS_OF).to_owned(), html! { (self.of.as_of) }),
                    (lang.say(BALANCE).to_owned(), html! { strong { (amount(book.balance, None, lang)) } }),
                    (lang.say(INTEREST).to_owned(), amount(book.interest, None, lang)),
                    (lang.say(MONTHS).to_owned(), html! { (book.months) }),
                ]))
                (table(&Table {
                    caption: book.scheme.name(lang).to_owned(),
                    head: vec![
                        Head::words(lang.say(DAY)),
                        Head::words(lang.say(LINE)),
                        Head::numbers(lang.say(AMOUNT)),
                        Head::numbers(lang.say(STANDS)),
                    ],
                    rows: running(book).into_iter().map(|(line, stands)| vec![
                        line.on.to_string().into(),
                        what(line, lang).into(),
                        amount(line.amount, opens(line).as_deref(), lang).into(),
                        amount(stands, None, lang).into(),
                    ]).collect(),
                    foot: None,
                }, lang))
            }
        }
    }

    fn samples() -> Vec<StatementPage> {
        vec![
            StatementPage {
                of: overview::lifetime(Vec::new()),
            },
            StatementPage { of: sample() },
        ]
    }
}

fn written(of: &Lifetime, lang: Lang) -> (Vec<&'static str>, Vec<Vec<Written>>) {
    let scheme = Words::new("险种", "Scheme");
    let head = [scheme, DAY, LINE, AMOUNT, STANDS]
        .map(|words| lang.say(words))
        .to_vec();
    let rows = of.accounts.iter().flat_map(|book| {
        running(book).into_iter().map(move |(line, stands)| {
            vec![
                book.scheme.name(lang).into(),
                line.on.to_string().into(),
                what(line, lang).into(),
                Written::Yuan(line.amount.0),
                Written::Yuan(stands.0),
            ]
        })
    });
    (head, rows.collect())
}

/// An account with two lines.
fn sample() -> Lifetime {
    use city::insurance::Scheme;
    use city::runs::RunId;
    use measure::Day;
    use office::account::statement::Opening;
    let owed = overview::owed(2025, 6).into_iter();
    let run = RunId::new(1).expect("above 0");
    let mut lines: Vec<Line> = owed
        .map(|owed| Line {
            on: Day::new(2025, 7, 20).unwrap_or(Day::MAX),
            amount: owed.due.credit,
            what: What::Credit {
                month: owed.month,
                due: owed.due,
                assessed: run,
                credited: run,
                paid: None,
            },
            opens: Opening::Reason,
        })
        .collect();
    lines.push(Line {
        on: Day::new(2026, 1, 10).unwrap_or(Day::MAX),
        amount: Fen(12_345),
        what: What::Interest {
            year: 2025,
            opening: Fen(1_000_000),
            products: Fen(400_000),
            run,
        },
        opens: Opening::Reason,
    });
    Lifetime {
        accounts: vec![Passbook {
            scheme: Scheme::EmployeePension,
            lines,
            months: 1,
            credited: Fen(80_000),
            interest: Fen(12_345),
            year: 2025,
            balance: Fen(92_345),
        }],
        ..overview::lifetime(Vec::new())
    }
}
