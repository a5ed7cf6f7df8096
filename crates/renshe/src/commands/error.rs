//! `law error`: the pages about codes, built into the program.

use crate::arguments::Error;
use crate::lookup::with_nearest;
use crate::output::{Exit, Failure, Setting, answer, table};
use rust_embed::RustEmbed;

/// The pages, as they were when the program was built.
#[derive(RustEmbed)]
#[folder = "../../docs/reference/errors"]
struct Pages;

pub(crate) fn run(asked: &Error, setting: &Setting) -> Result<Exit, Failure> {
    let Some(code) = &asked.code else {
        answer(&list(setting));
        return Ok(Exit::Good);
    };
    let code = code.to_uppercase();
    if let Some(page) = page(&code).filter(|_| code != "README") {
        answer(&page);
        return Ok(Exit::Good);
    }
    let what = setting.lang.pick(
        format!("没有代码“{code}”"),
        format!("there is no code “{code}”"),
    );
    let codes = codes();
    let failure = with_nearest(
        Failure::new(setting.lang, what),
        &code,
        codes.iter().map(String::as_str),
        setting,
    );
    let help = setting.lang.pick(
        "`renshe law error` 列出全部代码",
        "`renshe law error` lists all codes",
    );
    Err(failure.help(help))
}

fn page(code: &str) -> Option<String> {
    let file = Pages::get(&format!("{code}.md"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

fn codes() -> Vec<String> {
    let code = |path: std::borrow::Cow<'static, str>| path.strip_suffix(".md").map(str::to_owned);
    let mut codes: Vec<String> = Pages::iter()
        .filter_map(code)
        .filter(|code| code != "README")
        .collect();
    codes.sort();
    codes
}

/// Each code with the title of its page.
fn list(setting: &Setting) -> String {
    let rows = codes().into_iter().map(|code| {
        let page = page(&code).unwrap_or_default();
        let head = page
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches('#')
            .trim();
        let title = head
            .strip_prefix(&*code)
            .unwrap_or(head)
            .trim_start_matches([':', '：', ' '])
            .to_owned();
        vec![code, title]
    });
    table(
        &setting
            .lang
            .pick(["代码", "含义"], ["code", "what it is about"]),
        &[],
        rows.collect(),
    )
}
