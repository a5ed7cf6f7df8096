//! The living page: every component with its states.

use crate::look::components::{
    Choice, Column, Fault, Field, Head, Kind, List, Listed, Rows, SHEETS, SheetCell, Step, Table,
    amount, button, button_link, confirmed, empty, error_summary, field, file, fold, no_more,
    notice, one_of, progress, sheet, sheet_cell, sheet_out, sheet_out_name, sheet_row, submit,
    summary, table, tabs, tag, warning,
};
use crate::look::pictures::{Bar, Bars, Line, Tile, Tiles, bars, line, tiles};
use crate::page::{Crumb, Page, shown};
use crate::visitor::Visitor;
use axum::response::Response;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("界面构件", "Components");
const LEAD: Words = Words::new(
    "本站的每个构件及其各种状态。新页面用这里的构件拼成，不另写样式。",
    "Every component of this site, with its states. A new page is put together from these and has no style of its own.",
);

/// The page.
#[derive(Debug)]
pub(crate) struct LivingPage;

/// Shows it.
pub(crate) async fn page(visitor: Visitor) -> Response {
    shown(&LivingPage, &visitor)
}

fn asked(name: &str, kind: Kind, lang: Lang) -> Field {
    Field {
        name: name.to_owned(),
        label: lang.pick("月工资", "Monthly wage").to_owned(),
        hint: Some(
            lang.pick("税前，如 8123.45", "before tax, such as 8123.45")
                .to_owned(),
        ),
        kind,
        value: String::new(),
        fault: None,
        optional: false,
    }
}

fn fields(lang: Lang) -> Markup {
    let money = || Kind::Number(lang.pick("元", "yuan").to_owned());
    let wrong = Field {
        value: "八千".into(),
        fault: Some(
            lang.pick("填数字，如 8000", "write a number, such as 8000")
                .into(),
        ),
        ..asked("wrong", money(), lang)
    };
    let choice = |value: &str, zh: &str, en: &str| Choice {
        value: value.into(),
        label: lang.pick(zh, en).into(),
    };
    let kinds = [
        choice("employee", "职工", "employee"),
        choice("individual", "灵活就业", "self-employed"),
        choice("resident", "居民", "resident"),
    ];
    html! {
        (error_summary(&[Fault { field: wrong.place(), what: lang.pick("月工资：填数字", "Monthly wage: write a number").into() }], lang))
        form method="get" action="/look" {
            (field(&asked("wage", money(), lang), lang))
            (field(&wrong, lang))
            (field(&Field { label: lang.pick("生日", "Day of birth").into(), hint: None, optional: true, ..asked("born", Kind::Day, lang) }, lang))
            (field(&Field { label: lang.pick("月份", "Month").into(), hint: None, ..asked("month", Kind::Month, lang) }, lang))
            (field(&Field { label: lang.pick("文件", "File").into(), hint: None, ..asked("file", Kind::File(".csv,.xlsx"), lang) }, lang))
            (one_of(&Field { label: lang.pick("身份", "Standing").into(), hint: None, value: "employee".into(), ..asked("kind", Kind::Text, lang) }, &kinds, lang))
            (submit(lang.pick("提交", "Send")))
        }
    }
}

fn texts(lang: Lang) -> Markup {
    html! {
        (notice(lang.pick("说明", "Worth knowing"), html! { p { (lang.pick("本月申报截至 25 日。", "Declarations close on the 25th.")) } }))
        (warning(lang.pick("注意", "To heed"), html! { p { (lang.pick("结果用到未确证的数值。", "The result rests on a figure that is not confirmed.")) } }))
        (empty(lang.pick("还没有申报", "Nothing declared yet"), html! { p { (lang.pick("交一份表格，这里会显示每一行。", "Hand in a sheet, and each of its rows shows here.")) } }))
        p { (confirmed(true, lang)) " " (confirmed(false, lang)) " " (tag(lang.pick("欠费", "overdue"), "stop")) " " (tag(lang.pick("草稿", "draft"), "")) }
        p { (amount(Fen(1_234_567), None, lang)) " · " (amount(Fen(1_234_567), Some("/look"), lang)) }
        (summary(&[
            (lang.pick("单位", "Employer").into(), html! { "渝中甲公司" }),
            (lang.pick("应缴", "Owed").into(), amount(Fen(98_765_432), None, lang)),
        ]))
        (fold(lang.pick("展开", "Open this"), html! { p { (lang.pick("内容", "Content")) } }))
        (progress(lang.pick("进度", "How far"), &[
            (lang.pick("核定", "Assess"), Step::Done),
            (lang.pick("复核", "Approve"), Step::Now),
            (lang.pick("发布", "Publish"), Step::Ahead),
        ], lang))
    }
}

/// A list as it is asked for by an address.
fn list(caption: &str, rows: &[i64], query: &str, lang: Lang) -> Markup {
    let uri = format!("/look?{query}").parse().unwrap_or_default();
    let list = List {
        caption: caption.to_owned(),
        name: "staff".into(),
        path: "/look".into(),
        keep: Vec::new(),
        columns: vec![
            Column::words("name", lang.pick("姓名", "Name"), move |number: &i64| {
                lang.pick(format!("职工 {number}"), format!("Person {number}"))
                    .into()
            }),
            Column::numbers("wage", lang.pick("月工资", "Wage"), |number: &i64| {
                Written::Yuan(700_000 + *number * 1_234 % 90_000)
            }),
            Column::acts(lang.pick("办理", "To do"), move |_| {
                html! { a href="/look" { (lang.pick("更改", "Change")) } }
            }),
        ],
        rows,
        come: Rows::All,
        listed: &Listed::read(&uri),
        also: no_more,
        foot: None,
    };
    list.on_page(lang)
}

fn tables(lang: Lang) -> Markup {
    let rows = [("2025-05", 81_234, "good"), ("2025-06", 92_345, "stop")];
    let rows = rows.map(|(month, fen, kind)| {
        vec![
            month.into(),
            amount(Fen(fen), None, lang).into(),
            tag(kind, kind).into(),
        ]
    });
    html! {
        (table(&Table {
            caption: lang.pick("近两月", "Two months").into(),
            head: vec![
                Head::words(lang.pick("月份", "Month")).sorted("/look?sort=month", Some(true)),
                Head::numbers(lang.pick("金额", "Amount")).sorted("/look?sort=amount", None),
                Head::words(lang.pick("状态", "Standing")),
            ],
            rows: rows.into_iter().collect(),
            foot: Some(vec![lang.pick("合计", "Sum").into(), amount(Fen(173_579), None, lang).into(), "".into()]),
        }, lang))
        h3 { (lang.pick("清单：排序、筛选、翻页、下载", "A list: sorted, narrowed, page by page, to take along")) }
        (list(lang.pick("职工", "Staff"), &(1..=400).collect::<Vec<i64>>(), "q=1&sort=-wage&page=2", lang))
        h3 { (lang.pick("不长的清单", "A list that is not long")) }
        (list(lang.pick("新职工", "New staff"), &[1, 2, 3], "sort=name", lang))
        h3 { (lang.pick("空表", "Nothing in it")) }
        (table(&Table { caption: lang.pick("空表", "Nothing in it").into(), head: vec![Head::words(lang.pick("月份", "Month"))], ..Table::default() }, lang))
    }
}

fn pictures(lang: Lang) -> Markup {
    let months = ["01", "02", "03", "04", "05", "06"];
    let title = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    let values = [10, 14, 9, 22, 19, 30];
    let bar = |(name, value): (&&str, i64)| Bar {
        name: (*name).to_owned(),
        values: vec![value, value * 2],
    };
    let tile = |number: i64| Tile {
        at: (number % 5, number / 5),
        name: (
            format!("{} {}", lang.pick("区", "District"), number + 1),
            (number + 1).to_string(),
        ),
        value: number * number,
        href: None,
    };
    html! {
        (bars(&Bars {
            title: title("逐月缴费", "Month by month"),
            says: title("六月最多", "June has most"),
            across: title("月份", "Month"),
            parts: vec![title("个人", "Own"), title("单位", "Employer")],
            bars: months.iter().zip(values).map(bar).collect(),
            written: |value| value.to_string(),
        }, lang))
        (line(&Line {
            title: title("参保人数", "Insured"),
            says: title("总体上升", "rising on the whole"),
            axes: (title("月份", "Month"), title("人数", "Persons")),
            points: months.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value)).collect(),
            written: |value| value.to_string(),
        }, lang))
        (tiles(&Tiles {
            title: title("各区县", "By district"),
            says: title("越深越多", "the darker the more"),
            axes: (title("区县", "District"), title("数", "Value")),
            tiles: (0..15).map(tile).collect(),
            least: 0,
                written: |value| value.to_string(),
        }, lang))
    }
}

/// A row of the sheet.
struct SheetRow {
    number: u64,
    cells: [SheetCell; 2],
    faults: Vec<String>,
}

fn sheets(lang: Lang) -> Markup {
    let cell = |name: &str, value: &str, fault: Option<Words>| SheetCell {
        name: name.to_owned(),
        value: value.to_owned(),
        faults: fault
            .into_iter()
            .map(|fault| lang.say(fault).to_owned())
            .collect(),
        is_long: name.ends_with("-0"),
    };
    let wrong = Words::new(
        "不是金额；请填写元，如 8123.45",
        "this is not an amount; write yuan, such as 8123.45",
    );
    let heading = Words::new("这一行又是表头", "this row is the heading once more");
    let rows = [
        SheetRow {
            number: 2,
            cells: [
                cell("c-2-0", "11010519491231002X", None),
                cell("c-2-1", "八千", Some(wrong)),
            ],
            faults: Vec::new(),
        },
        SheetRow {
            number: 7,
            cells: [cell("c-7-0", "", None), cell("c-7-1", "8000", None)],
            faults: vec![lang.say(heading).to_owned()],
        },
    ];
    let column = |at: usize, word, name: &'static str| {
        let text = move |row: &SheetRow| row.cells.get(at).map_or("", |cell| &cell.value).into();
        Column::words(word, name, text).shown(move |row: &SheetRow| {
            html! { @if let Some(cell) = row.cells.get(at) { (sheet_cell(cell, (name, row.number), "payroll-mend", lang)) } }
        })
    };
    let list = List {
        caption: lang.pick("要更正的行", "Rows to mend").to_owned(),
        name: "mend".into(),
        path: "/look".into(),
        keep: Vec::new(),
        columns: vec![
            Column::numbers("row", lang.pick("行", "Row"), |row: &SheetRow| {
                Written::Count(i64::try_from(row.number).unwrap_or(i64::MAX))
            })
            .shown(move |row: &SheetRow| sheet_row(row.number, &row.faults, lang)),
            column(0, "identity", lang.pick("身份证号码", "identity-number")),
            column(1, "wage", lang.pick("月工资", "wage")),
            Column::acts(sheet_out_name(lang), move |row: &SheetRow| {
                sheet_out(row.number, "payroll-mend", lang)
            }),
        ],
        rows: &rows,
        come: Rows::By(25),
        listed: &Listed::default(),
        also: no_more,
        foot: None,
    };
    html! {
        (sheet(&list.on_page(lang)))
        form id="payroll-mend" method="get" action="/look" { (submit(lang.pick("保存更正并重新检查", "Save and look again"))) }
        (file(("payroll", SHEETS), lang.pick("工资表", "The spreadsheet"), lang.pick("xlsx 或 csv", "xlsx or csv"), None, lang))
    }
}

impl Page for LivingPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let part = |zh: &str, en: &str, body: Markup| {
            html! {
                section class="article" { h2 { (lang.pick(zh, en)) } (body) }
            }
        };
        let press = html! {
            p { (button("/look", lang.pick("主要操作", "The main thing"))) " " (button_link("/look", lang.pick("其他操作", "Another"))) }
            (tabs(lang.pick("视图", "Views"), &[("/look", lang.pick("概览", "Overview")), ("/look?v=2", lang.pick("明细", "Rows"))], "/look"))
        };
        html! {
            p class="lead" { (lang.say(LEAD)) }
            (part("按钮与标签页", "What can be pressed", press))
            (part("表单", "What is filled in", fields(lang)))
            (part("文字", "What is said", texts(lang)))
            (part("表格", "Tables", tables(lang)))
            (part("更正表格", "A sheet to be mended", sheets(lang)))
            (part("图", "Pictures", pictures(lang)))
        }
    }

    fn samples() -> Vec<LivingPage> {
        vec![LivingPage]
    }
}
