//! Tables: they scroll within their own box on a phone, and sort by links.

use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// Its last row, of sums.
    pub foot: Option<Vec<Cell>>,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub struct Head {
    /// What stands in it.
    pub name: String,
    /// Whether it holds numbers.
    pub is_number: bool,
    /// Where it is sorted by it, and whether it is now: ascending or not.
    pub sort: Option<(String, Option<bool>)>,
}

impl Head {
    /// A column of words.
    #[must_use]
    pub fn words(name: impl Into<String>) -> Head {
        Head {
            name: name.into(),
            is_number: false,
            sort: None,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(name: impl Into<String>) -> Head {
        Head {
            is_number: true,
            ..Head::words(name)
        }
    }

    /// Sorted by a link.
    #[must_use]
    pub fn sorted(mut self, href: impl Into<String>, now: Option<bool>) -> Head {
        self.sort = Some((href.into(), now));
        self
    }
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell(pub Markup);

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell(html! { (text) })
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell(html! { (text) })
    }
}

impl From<Markup> for Cell {
    fn from(markup: Markup) -> Cell {
        Cell(markup)
    }
}

const NOTHING: Words = Words::new("没有内容", "There is nothing");

/// The table in its box.
#[must_use]
pub fn table(table: &Table, lang: Lang) -> Markup {
    let number = |column: usize| {
        let is = table.head.get(column).is_some_and(|head| head.is_number);
        is.then_some("number")
    };
    html! {
        div class="box" tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead {
                    tr {
                        @for head in &table.head {
                            th scope="col" class=[head.is_number.then_some("number")]
                                aria-sort=[head.sort.as_ref().and_then(|(_, now)| now.map(|up| if up { "ascending" } else { "descending" }))] {
                                @match &head.sort {
                                    Some((href, now)) => a href=(href) {
                                        (head.name) @if let Some(up) = now { span aria-hidden="true" { (if *up { " ↑" } else { " ↓" }) } }
                                    },
                                    None => (head.name),
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (column, cell) in row.iter().enumerate() {
                                td class=[number(column)] { (cell.0) }
                            }
                        }
                    }
                    @if table.rows.is_empty() { tr { td colspan=(table.head.len().max(1)) { (lang.say(NOTHING)) } } }
                }
                @if let Some(foot) = &table.foot {
                    tfoot { tr { @for (column, cell) in foot.iter().enumerate() { td class=[number(column)] { (cell.0) } } } }
                }
            }
        }
    }
}
