//! What a run comes to, and why it differs from last month's, in tables.

use super::{DISTRICTS, TOTALS, WHY};
use crate::counter::words::{change, sum};
use crate::look::components::{Cell, Column, Head, List, Listed, Rows, Table, table};
use crate::look::districts;
use city::dues::{Sum, Totals};
use city::insurance::Scheme;
use city::places::District;
use maud::{Markup, html};
use measure::{Month, Words};
use office::month::causes::{Cause, Causes};
use office::month::review::Review;
use office::tables::Written;
use rules::explain::Lang;

const SCHEME: Words = Words::new("险种", "Scheme");
const DISTRICT: Words = Words::new("区县", "District");
const LINES: Words = Words::new("笔数", "Lines");
const BASE: Words = Words::new("基数", "Base");
const FIRM: Words = Words::new("单位", "Employers");
const OWN: Words = Words::new("个人", "Persons");
const CREDITED: Words = Words::new("记账", "Credit");
const TO_LAST: Words = Words::new("比上月", "To last month");
const ALL: Words = Words::new("合计", "Total");
const CAUSE: Words = Words::new("原因", "Cause");
const MORE: Words = Words::new("增减（元）", "More or less, yuan");
const SAME: Words = Words::new("与上月相同的笔数", "Lines that are the same");

const fn cause(cause: Cause) -> Words {
    match cause {
        Cause::New => Words::new("新参保", "New"),
        Cause::Ended => Words::new("不再参保", "Ended"),
        Cause::WithoutResult => Words::new("本月未得出结果", "Without a result now"),
        Cause::Moved => Words::new("换了单位", "Another employer"),
        Cause::Declared => Words::new("申报工资或参保情况变了", "Wage or standing changed"),
        Cause::Rate => Words::new("单位费率变了", "The employer's rate changed"),
        Cause::Law => Words::new("法律或标准变了", "The law or its figures changed"),
    }
}

fn due(sum: &Sum) -> i128 {
    sum.employer_due + sum.person_due
}

fn line(name: String, of: &Sum, before: Option<Sum>, lang: Lang) -> Vec<Cell> {
    vec![
        name.into(),
        of.lines.to_string().into(),
        sum(of.base, lang).into(),
        sum(of.employer_due, lang).into(),
        sum(of.person_due, lang).into(),
        sum(of.credit, lang).into(),
        before
            .map_or_else(|| html! {}, |before| change(due(of) - due(&before)))
            .into(),
    ]
}

fn heads(first: Vec<Head>, lang: Lang) -> Vec<Head> {
    let mut heads = first;
    heads.extend([LINES, BASE, FIRM, OWN, CREDITED].map(|name| Head::numbers(lang.say(name))));
    heads
}

pub(super) fn by_scheme(seen: &Review, lang: Lang) -> Markup {
    let before = seen.before.as_ref().map(|(_, totals)| totals);
    let schemes = Scheme::ALL
        .iter()
        .filter(|scheme| 0 < seen.totals.of(**scheme).lines);
    let rows = schemes.map(|scheme| {
        let before = before.map(|before| before.of(*scheme));
        line(
            scheme.name(lang).to_owned(),
            &seen.totals.of(*scheme),
            before,
            lang,
        )
    });
    let mut head = heads(vec![Head::words(lang.say(SCHEME))], lang);
    head.push(Head::numbers(lang.say(TO_LAST)));
    let all = line(
        lang.say(ALL).to_owned(),
        &seen.totals.all(),
        before.map(Totals::all),
        lang,
    );
    table(
        &Table {
            caption: lang.say(TOTALS).to_owned(),
            head,
            rows: rows.collect(),
            foot: Some(all),
        },
        lang,
    )
}

/// A run's totals by scheme and district.
pub(super) fn by_district<'l>(
    month: Month,
    rows: &'l [(Scheme, District, Sum)],
    listed: &'l Listed,
    lang: Lang,
) -> List<'l, (Scheme, District, Sum)> {
    type Row = (Scheme, District, Sum);
    let yuan = |fen: i128| Written::Yuan(i64::try_from(fen).unwrap_or(i64::MAX));
    let money = |word, name: Words, take: fn(&Sum) -> i128| {
        Column::numbers(word, lang.say(name), move |row: &Row| yuan(take(&row.2)))
            .shown(move |row| sum(take(&row.2), lang))
    };
    List {
        caption: lang.say(DISTRICTS).to_owned(),
        name: "districts".into(),
        path: format!("/counter/month/{month}").into(),
        keep: Vec::new(),
        columns: vec![
            Column::words("scheme", lang.say(SCHEME), move |row: &Row| {
                row.0.name(lang).into()
            }),
            Column::words("district", lang.say(DISTRICT), move |row: &Row| {
                districts::name(row.1, lang).into()
            }),
            Column::numbers("lines", lang.say(LINES), |row: &Row| {
                Written::Count(row.2.lines)
            }),
            money("base", BASE, |of| of.base),
            money("firm", FIRM, |of| of.employer_due),
            money("own", OWN, |of| of.person_due),
            money("credit", CREDITED, |of| of.credit),
        ],
        rows,
        come: Rows::All,
        listed,
        also: |row, word| row.1.to_string() == word,
        foot: None,
    }
}

/// The causes of a difference, a row a cause and scheme.
pub(super) fn why(causes: &Causes, lang: Lang) -> Markup {
    let rows = causes.by.iter().map(|((of, scheme), tally)| -> Vec<Cell> {
        vec![
            lang.say(cause(*of)).into(),
            scheme.name(lang).into(),
            tally.lines.to_string().into(),
            change(tally.amount).into(),
        ]
    });
    let lines: i64 = Cause::ALL.iter().map(|of| causes.of(*of).lines).sum();
    let foot = vec![
        lang.say(ALL).into(),
        "".into(),
        lines.to_string().into(),
        change(causes.amount()).into(),
    ];
    html! {
        (table(&Table {
            caption: lang.say(WHY).to_owned(),
            head: vec![
                Head::words(lang.say(CAUSE)),
                Head::words(lang.say(SCHEME)),
                Head::numbers(lang.say(LINES)),
                Head::numbers(lang.say(MORE)),
            ],
            rows: rows.collect(),
            foot: Some(foot),
        }, lang))
        p class="quiet" { (lang.say(SAME)) (lang.pick("：", ": ")) (causes.unchanged) }
    }
}
