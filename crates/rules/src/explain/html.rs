//! An explanation as one page that needs nothing else: no script, no font, no picture. It opens in any browser,
//! follows its light or dark setting, and prints with every rule unfolded.

use super::Explanation;
use super::view::{StepView, TableView, View, came_to, used, view};
use super::words::{Lang, Word};

/// The explanation as a page in a language.
#[must_use]
pub fn html(explanation: &Explanation<'_>, lang: Lang) -> String {
    let view = view(explanation, lang);
    let word = |word: Word| word.in_language(lang);
    let mut out = String::with_capacity(16_384);
    let title = escaped(&format!(
        "{} · {}",
        view.of(view.title),
        word(Word::Explanation)
    ));
    out.push_str("<!doctype html>\n<html lang=\"");
    out.push_str(lang.pick("zh-Hans", "en"));
    out.push_str("\">\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str(&format!(
        "<title>{title}</title>\n<style>\n{CSS}</style>\n<main>\n"
    ));
    write_head(&mut out, &view);
    for (number, step) in view.steps.iter().enumerate() {
        write_step(&mut out, number == 0, (explanation, &view), step);
    }
    if !view.unconfirmed.is_empty() {
        out.push_str("<section class=\"unconfirmed\" aria-labelledby=\"unconfirmed\">\n");
        element(
            &mut out,
            "h2",
            "id=\"unconfirmed\"",
            word(Word::Unconfirmed),
        );
        write_list(&mut out, &view);
        out.push_str("</section>\n");
    } else if !view.refused {
        element(&mut out, "p", "class=\"note\"", word(Word::AllConfirmed));
    }
    out.push_str("</main>\n</html>\n");
    out
}

fn write_head(out: &mut String, view: &View<'_>) {
    out.push_str("<header>\n");
    element(out, "h1", "", view.of(view.title));
    let class = if view.refused {
        "class=\"value refused\""
    } else {
        "class=\"value\""
    };
    element(out, "p", class, view.of(view.value));
    element(out, "p", "class=\"note\"", view.of(view.under));
    if let Some(remedy) = view.remedy {
        let remedy = view.of(remedy);
        element(
            out,
            "p",
            "",
            &format!(
                "{}{}{remedy}",
                Word::Mend.in_language(view.lang),
                view.lang.pick("：", ": ")
            ),
        );
        out.push_str(&format!(
            "<ol class=\"path\" aria-label=\"{}\">\n",
            Word::Path.in_language(view.lang)
        ));
        for rule in &view.path {
            element(out, "li", "", view.of(*rule));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</header>\n");
}

fn write_step(
    out: &mut String,
    open: bool,
    (explanation, view): (&Explanation<'_>, &View<'_>),
    step: &StepView<'_>,
) {
    let open = if open || step.refused { " open" } else { "" };
    out.push_str(&format!("<details{open}>\n<summary>"));
    out.push_str(&format!("<h2>{}</h2> ", escaped(view.of(step.title))));
    let class = if step.refused {
        "value refused"
    } else {
        "value"
    };
    out.push_str(&format!(
        "<span class=\"{class}\">{}</span>",
        escaped(view.of(step.value))
    ));
    if step.unconfirmed {
        let word = Word::UnconfirmedOne.in_language(view.lang);
        out.push_str(&format!(" <span class=\"badge\">{word}</span>"));
    }
    out.push_str("</summary>\n");
    if !step.clause.is_empty() {
        element(out, "blockquote", "", step.clause);
    }
    // A link to what lies inside unfolds it; one to the fold itself would not.
    out.push_str(&format!("<dl id=\"rule-{}\">\n", step.index));
    let mut before = None;
    for &(word, line) in &step.lines {
        if before.replace(word) != Some(word) {
            element(out, "dt", "", word.in_language(view.lang));
        }
        let formula = matches!(word, Word::Formula | Word::Numbers);
        let class = if formula { "class=\"formula\"" } else { "" };
        element(out, "dd", class, view.of(line));
    }
    write_uses(out, explanation, step, view);
    out.push_str("</dl>\n");
    for table in &step.tables {
        write_table(out, table);
    }
    if step.alike > 0 {
        let line = format!("{} {}", step.alike, Word::Alike.in_language(view.lang));
        element(out, "p", "class=\"note\"", &line);
    }
    out.push_str("</details>\n");
}

/// Links to the rules used, where they are shown.
fn write_uses(
    out: &mut String,
    explanation: &Explanation<'_>,
    step: &StepView<'_>,
    view: &View<'_>,
) {
    let mut uses = used(explanation, step).peekable();
    if uses.peek().is_none() {
        return;
    }
    element(out, "dt", "", Word::Used.in_language(view.lang));
    for index in uses {
        let came_to = came_to(explanation, index, view.lang);
        let is_shown = view.steps.iter().any(|shown| shown.index == index);
        if is_shown {
            out.push_str(&format!(
                "<dd><a href=\"#rule-{index}\">{}</a></dd>\n",
                escaped(&came_to)
            ));
        } else {
            element(out, "dd", "", &came_to);
        }
    }
}

fn write_table(out: &mut String, table: &TableView) {
    out.push_str("<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
    element(out, "caption", "", &table.caption);
    out.push_str("<thead><tr>");
    for head in &table.head {
        out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(head)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str(&format!("<td>{}</td>", escaped(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    for line in &table.foot {
        element(out, "p", "class=\"note\"", line);
    }
}

fn write_list(out: &mut String, view: &View<'_>) {
    out.push_str("<ul>\n");
    for item in &view.unconfirmed {
        element(out, "li", "", view.of(*item));
    }
    out.push_str("</ul>\n");
}

fn element(out: &mut String, name: &str, attributes: &str, text: &str) {
    let space = if attributes.is_empty() { "" } else { " " };
    out.push_str(&format!(
        "<{name}{space}{attributes}>{}</{name}>\n",
        escaped(text)
    ));
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

const CSS: &str = "\
:root { color-scheme: light dark; --ink: light-dark(#1c1e21, #e6e6e3); --quiet: light-dark(#565b62, #a5a9ad);
  --line: light-dark(#d8dade, #3a3d42); --paper: light-dark(#fff, #17181a); --tint: light-dark(#f5f6f7, #1f2124);
  --link: light-dark(#0b57a4, #8ec1ff); --warn: light-dark(#8a4b00, #f2b766); --stop: light-dark(#a3161a, #ff9c98); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.25rem; margin: 0; } h2 { display: inline; font-size: 1rem; margin: 0; }
header .value { font-size: 1.75rem; font-weight: 600; margin: 0; }
a { color: var(--link); } .note { color: var(--quiet); margin: .25rem 0 1rem; }
.value, td, .formula { font-variant-numeric: tabular-nums; } .refused { color: var(--stop); }
.badge { color: var(--warn); border: 1px solid currentColor; border-radius: .25rem; padding: 0 .35rem; font-size: .8rem; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; } summary .value { font-weight: 600; margin-left: .5rem; }
dl:target { scroll-margin-top: 6rem; background: var(--tint); }
blockquote { margin: .5rem 0; padding: .25rem .9rem; border-left: 3px solid var(--line); color: var(--quiet); white-space: pre-line; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { color: var(--quiet); grid-column: 1; } dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; font-size: .9rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { text-align: right; padding: .2rem .75rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } .path { padding-left: 1.5rem; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { grid-column: 1; margin-bottom: .4rem; } }
@media print { details::details-content { content-visibility: visible; display: block; height: auto; }
  details { break-inside: avoid-page; } main { max-width: none; padding: 0; } .scroll { overflow: visible; } }
";
