//! `law explain`: one case and why.

use crate::arguments::{Explain, Page};
use crate::folder::{Origin, read_text};
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, counted};
use rules::explain::{explain, html, json, text};
use rules::facts::{from_json, template};
use rules::law::Law;
use std::io::Read;
use std::path::Path;

pub(crate) fn run(asked: &Explain, setting: &Setting) -> Result<Exit, Failure> {
    let book = Origin::of(asked.folder.law.as_deref()).book(setting)?;
    let law = lookup::jurisdiction(&book, asked.under.jurisdiction.as_deref(), setting)?;
    let rule = lookup::rule(law, &asked.rule, setting)?;
    let Some(path) = asked.facts.as_deref().filter(|_| !asked.template) else {
        answer(&template(law, rule));
        return Ok(Exit::Good);
    };
    let facts = match from_json(law, law[rule].of, &facts_text(path, setting)?) {
        Ok(facts) => facts,
        Err(faults) => return Err(faulty(law, asked, &faults, path, setting)),
    };
    let as_of = asked.under.as_of.unwrap_or(setting.today);
    let explanation = explain(law, as_of, &facts, rule);
    answer(&match asked.format {
        Page::Text => text(&explanation, setting.lang),
        Page::Html => html(&explanation, setting.lang),
        Page::Json => format!("{:#}\n", json(&explanation)),
    });
    Ok(if explanation.outcome.is_ok() {
        Exit::Good
    } else {
        Exit::Failed
    })
}

fn facts_text(path: &Path, setting: &Setting) -> Result<String, Failure> {
    if path != Path::new("-") {
        return read_text(path, setting);
    }
    let mut text = String::new();
    match std::io::stdin().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let what = setting.lang.pick(
                format!("读不了输入：{error}"),
                format!("the input cannot be read: {error}"),
            );
            Err(Failure::new(setting.lang, what))
        }
    }
}

fn faulty(
    law: &Law,
    asked: &Explain,
    faults: &[rules::facts::FactFault],
    path: &Path,
    setting: &Setting,
) -> Failure {
    let lang = setting.lang;
    let name = if path == Path::new("-") {
        lang.pick("输入", "the input").into()
    } else {
        path.display().to_string()
    };
    let lines: String = faults
        .iter()
        .map(|fault| format!("{}\n", fault.message(lang)))
        .collect();
    let number = faults.len() as u64;
    let what = lang.pick(
        format!("{name} 有 {number} 处不能采用"),
        format!(
            "{name} has {} that cannot be taken",
            counted(number, "fact", "facts")
        ),
    );
    let place = law.chain.last().map_or("", |last| last.id.as_str());
    let rule = &asked.rule;
    let help = lang.pick(
        format!("`renshe law explain {rule} --jurisdiction {place} --template` 打印可填写的样式"),
        format!("`renshe law explain {rule} --jurisdiction {place} --template` prints the facts to fill in"),
    );
    Failure::new(lang, what).help(help).below(lines)
}
