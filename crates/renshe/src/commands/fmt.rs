//! `law fmt`: texts laid out in the one way.

use crate::arguments::Fmt;
use crate::folder::{read_text, texts};
use crate::output::{Exit, Failure, Setting, answer, complain, counted};
use rules::diagnostic::{SourceFile, render};
use rules::syntax;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub(crate) fn run(asked: &Fmt, setting: &Setting) -> Result<Exit, Failure> {
    if asked.paths == [Path::new("-")] {
        return input_to_output(setting);
    }
    let mut tally = Tally::default();
    for path in paths(asked, setting)? {
        one(&path, asked.check, &mut tally, setting)?;
    }
    let (changed, same) = (tally.changed, tally.same);
    let lang = setting.lang;
    let verb = if asked.check {
        lang.pick("需要排版", "would change")
    } else {
        lang.pick("已排版", "laid out")
    };
    let broken = match tally.broken {
        0 => String::new(),
        broken => lang.pick(
            format!("，{broken} 个有语法错误未动"),
            format!(", {broken} left alone for their errors"),
        ),
    };
    complain(&lang.pick(
        format!("{verb} {changed} 个，原已合式 {same} 个{broken}"),
        format!(
            "{} {verb}, {same} already in order{broken}",
            counted(changed, "text", "texts")
        ),
    ));
    Ok(if tally.broken > 0 || asked.check && changed > 0 {
        Exit::Failed
    } else {
        Exit::Good
    })
}

#[derive(Default)]
struct Tally {
    changed: u64,
    same: u64,
    broken: u64,
}

fn paths(asked: &Fmt, setting: &Setting) -> Result<Vec<PathBuf>, Failure> {
    if asked.paths.is_empty() && !Path::new("law").is_dir() {
        let what = setting
            .lang
            .pick("这里没有 law 文件夹", "there is no folder ./law here");
        let help = setting.lang.pick(
            "指定要排版的文件或文件夹",
            "name the texts or folders to lay out",
        );
        return Err(Failure::new(setting.lang, what).help(help));
    }
    let given = if asked.paths.is_empty() {
        vec![PathBuf::from("law")]
    } else {
        asked.paths.clone()
    };
    let mut paths = Vec::new();
    for path in given {
        match path.is_dir() {
            true => paths.extend(texts(&path, setting)?),
            false => paths.push(path),
        }
    }
    Ok(paths)
}

fn one(path: &Path, check: bool, tally: &mut Tally, setting: &Setting) -> Result<(), Failure> {
    let text = read_text(path, setting)?;
    let name = path.display().to_string();
    match laid_out(&name, &text, setting) {
        None => tally.broken += 1,
        Some(formatted) if formatted == text => tally.same += 1,
        Some(formatted) => {
            tally.changed += 1;
            answer(&format!("{name}\n"));
            if !check {
                write(path, &formatted, setting)?;
            }
        }
    }
    Ok(())
}

/// The text laid out; its errors told if it cannot be.
fn laid_out(name: &str, text: &str, setting: &Setting) -> Option<String> {
    match syntax::format(0, text) {
        Ok(formatted) => Some(formatted),
        Err(said) => {
            let file = SourceFile {
                path: name.to_owned(),
                text: text.to_owned(),
            };
            complain(render(&said, &[file], setting.color_of_errors).trim_end());
            None
        }
    }
}

/// A text is replaced whole or not at all.
fn write(path: &Path, text: &str, setting: &Setting) -> Result<(), Failure> {
    let mut part = path.to_owned().into_os_string();
    part.push(".part");
    let written = fs::write(&part, text).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        let name = path.display();
        let what = setting.lang.pick(
            format!("写不了 {name}：{error}"),
            format!("{name} cannot be written: {error}"),
        );
        Failure::new(setting.lang, what)
    })
}

fn input_to_output(setting: &Setting) -> Result<Exit, Failure> {
    let mut text = String::new();
    if let Err(error) = io::stdin().read_to_string(&mut text) {
        let what = setting.lang.pick(
            format!("读不了输入：{error}"),
            format!("the input cannot be read: {error}"),
        );
        return Err(Failure::new(setting.lang, what));
    }
    match laid_out("-", &text, setting) {
        Some(formatted) => {
            answer(&formatted);
            Ok(Exit::Good)
        }
        None => Ok(Exit::Failed),
    }
}
