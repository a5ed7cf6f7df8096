//! The rows of a declaration on its way that are to be mended: a list as the house has them, whose cells can be written.

use super::draft::DraftPage;
use crate::look::components::{
    Column, Fault, List, Listed, Rows, SHEETS, SheetCell, cell_place, error_summary, file, fold,
    hidden, sheet, sheet_cell, sheet_out, sheet_out_name, sheet_row, submit,
};
use crate::visitor::Visitor;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::draft::{CellFault, Checked, Faulty, Item};
use office::tables::Written;
use rules::explain::Lang;

const FAULTS: Words = Words::new("要更正的行", "Rows to mend");
const SAVE_FIRST: Words = Words::new(
    "排序、筛选、翻页之前先保存：没有保存的更正会丢失。",
    "Save before you sort, narrow or turn the page: what is not saved is lost.",
);
const ROW: Words = Words::new("行", "Row");
const MEND: Words = Words::new("保存更正并重新检查", "Save and look again");
const IN_FILE: Words = Words::new("在文件里更正", "Mend it in a file");
const IN_FILE_SAYS: Words = Words::new(
    "下载上面所列的行（XLSX 或 CSV），在文件里更正，再传回来。",
    "Take along the rows that are listed above (XLSX or CSV), mend them in the file, and send it back.",
);
const SEND_FILE: Words = Words::new("更正后的文件", "The mended file");
const SEND_HINT: Words = Words::new(
    "保留“原行号”一列；只需这些行，不必再传整份文件。",
    "Leave its column “row” as it is; only these rows are needed, not the whole file again.",
);
const SEND: Words = Words::new("上传更正", "Send the mended rows");

/// So many rows to mend stand on a page.
const ROWS: usize = 25;
/// So many faults are listed above them.
const LISTED: usize = 12;
/// The place of the form by which cells are sent.
const FORM: &str = "mend";

/// What a column is called in addresses.
const fn word(item: Item) -> &'static str {
    match item {
        Item::Identity => "identity",
        Item::Name => "name",
        Item::Wage => "wage",
        Item::From => "from",
        Item::LastDay => "last-day",
        Item::Kind => "kind",
        Item::Post => "post",
    }
}

/// What stands in a cell: a wage that is one is sorted by its size, everything else by its letters.
fn written(row: &Faulty, column: usize, item: Item) -> Written {
    let text = row.cells.get(column).map_or("", |text| text.trim());
    let wage = (item == Item::Wage).then(|| Fen::parse(&text.replace(',', "")));
    match wage {
        Some(Ok(wage)) => Written::Yuan(wage.0),
        Some(Err(_)) | None => text.into(),
    }
}

/// By its cells as they came, and by what is wrong with them, in either language or by its code.
fn by_fault(row: &Faulty, wanted: &str) -> bool {
    let speaks = |text: &str| text.to_lowercase().contains(wanted);
    let told = |fault: &CellFault| {
        speaks(fault.code)
            || [Lang::Zh, Lang::En]
                .iter()
                .any(|lang| speaks(fault.reason.in_lang(*lang)))
    };
    row.cells.iter().any(|cell| speaks(cell)) || row.faults.iter().any(|(_, fault)| told(fault))
}

/// What is wrong with a cell, or for `None` with the row as a whole, in the reader's words.
fn faults(row: &Faulty, wanted: Option<usize>, lang: Lang) -> Vec<String> {
    let here = row.faults.iter().filter(|(column, _)| *column == wanted);
    let said = here.map(|(_, fault)| {
        let (reason, remedy) = (fault.reason.in_lang(lang), fault.remedy.in_lang(lang));
        format!("{reason}{} {remedy} ({})", lang.pick("；", ";"), fault.code)
    });
    said.collect()
}

fn place(row: &Faulty, column: usize) -> String {
    format!("c-{}-{column}", row.row)
}

/// The list of what is to be mended.
pub(super) fn list<'a>(checked: &'a Checked, listed: &'a Listed, lang: Lang) -> List<'a, Faulty> {
    let number = Column::numbers("row", lang.say(ROW), |row: &Faulty| {
        Written::Count(i64::try_from(row.row).unwrap_or(i64::MAX))
    });
    let number =
        number.shown(move |row: &Faulty| sheet_row(row.row, &faults(row, None, lang), lang));
    let cells = checked.read.iter().map(|(column, item)| {
        let (column, item) = (*column, *item);
        let name = checked.columns.get(column).map_or("", String::as_str);
        let cell = move |row: &Faulty| SheetCell {
            name: place(row, column),
            value: row.cells.get(column).cloned().unwrap_or_default(),
            faults: faults(row, Some(column), lang),
            is_long: item == Item::Identity,
        };
        Column::words(word(item), name, move |row: &Faulty| {
            written(row, column, item)
        })
        .shown(move |row: &Faulty| sheet_cell(&cell(row), (name, row.row), FORM, lang))
    });
    let out = Column::acts(sheet_out_name(lang), move |row: &Faulty| {
        sheet_out(row.row, FORM, lang)
    });
    List {
        caption: format!(
            "{}{}{}",
            lang.say(FAULTS),
            lang.pick("：", ": "),
            checked.faulty.len()
        ),
        name: "mend".into(),
        path: format!("/employer/drafts/{}", checked.draft.id).into(),
        keep: Vec::new(),
        columns: [number].into_iter().chain(cells).chain([out]).collect(),
        rows: &checked.faulty,
        come: Rows::By(ROWS),
        listed,
        also: by_fault,
        foot: None,
    }
}

impl DraftPage {
    /// The faults of the rows that are seen, each leading to its cell.
    fn summary_of_faults(&self, rows: &[&Faulty], lang: Lang) -> Vec<Fault> {
        let mut told = Vec::new();
        if let Some(fault) = &self.fault {
            told.push(Fault {
                field: cell_place("file"),
                what: fault.clone(),
            });
        }
        let columns: Vec<usize> = self
            .checked
            .read
            .iter()
            .map(|(column, _)| *column)
            .collect();
        for row in rows {
            let number = row.row;
            let which = lang.pick(format!("第 {number} 行：",), format!("row {number}: "));
            // What is wrong with a row as a whole is told at its first cell.
            let wholly = columns.first().map(|first| (None, *first));
            let places = columns.iter().map(|column| (Some(*column), *column));
            for (wanted, column) in places.chain(wholly) {
                let faults = faults(row, wanted, lang).into_iter();
                told.extend(faults.map(|fault| Fault {
                    field: cell_place(&place(row, column)),
                    what: format!("{which}{fault}"),
                }));
            }
        }
        told.truncate(LISTED);
        told
    }

    /// What is wrong, beside the cells in which it is mended.
    pub(super) fn to_mend(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let to = format!("/employer/drafts/{}", self.checked.draft.id);
        let again = self.listed.again();
        let list = list(&self.checked, &self.listed, lang);
        let seen = self.summary_of_faults(&list.seen(), lang);
        html! {
            (error_summary(&seen, lang))
            h2 { (lang.say(FAULTS)) }
            p class="quiet" { (lang.say(SAVE_FIRST)) }
            (sheet(&list.on_page(lang)))
            form id=(FORM) method="post" action=(format!("{to}/mend{again}")) {
                (hidden("csrf", &visitor.csrf()))
                (submit(lang.say(MEND)))
            }
            (fold(lang.say(IN_FILE), html! {
                p { (lang.say(IN_FILE_SAYS)) }
                form method="post" action=(format!("{to}/mended-file?csrf={}", visitor.csrf())) enctype="multipart/form-data" {
                    (file(("file", SHEETS), lang.say(SEND_FILE), lang.say(SEND_HINT), self.fault.as_deref(), lang))
                    (submit(lang.say(SEND)))
                }
            }))
        }
    }
}
