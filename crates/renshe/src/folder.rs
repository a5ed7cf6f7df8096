//! The law a run speaks of: a folder on disk, or the copy built into the program.

use crate::output::{Failure, Setting, complain};
use rules::check::{self, Book};
use rules::diagnostic::{SourceFile, render};
use rust_embed::RustEmbed;
use std::fs;
use std::path::{Path, PathBuf};

/// The law as it was when the program was built.
#[derive(RustEmbed)]
#[folder = "../../law"]
struct BuiltIn;

/// Where a law was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A folder.
    Disk(PathBuf),
    /// The program itself.
    BuiltIn,
}

impl Origin {
    /// What was asked for; else `./law` where there is one; else the program's own.
    pub(crate) fn of(asked: Option<&Path>) -> Origin {
        match asked {
            Some(folder) => Origin::Disk(folder.to_owned()),
            None if Path::new("law").is_dir() => Origin::Disk("law".into()),
            None => Origin::BuiltIn,
        }
    }

    /// The folder's name, or that it is none.
    pub(crate) fn name(&self, setting: &Setting) -> String {
        match self {
            Origin::Disk(folder) => folder.display().to_string(),
            Origin::BuiltIn => setting.lang.pick("内置法律", "the built-in law").to_owned(),
        }
    }

    /// All its law texts, in order of their paths.
    pub(crate) fn files(&self, setting: &Setting) -> Result<Vec<SourceFile>, Failure> {
        if setting.verbose {
            let name = self.name(setting);
            complain(
                &setting
                    .lang
                    .pick(format!("法律取自：{name}"), format!("law from: {name}")),
            );
        }
        let files = match self {
            Origin::BuiltIn => built_in(),
            Origin::Disk(folder) => on_disk(folder, setting)?,
        };
        if files.is_empty() {
            let name = self.name(setting);
            let what = setting.lang.pick(
                format!("{name} 里没有法律文本（*.law）"),
                format!("there are no law texts (*.law) in {name}"),
            );
            let help = setting.lang.pick(
                "用 --law 指定法律文件夹；不指定时用 ./law，没有则用内置法律",
                "name the law folder with --law; without it ./law is used, or else the built-in law",
            );
            return Err(Failure::new(setting.lang, what).help(help));
        }
        Ok(files)
    }

    /// The checked law; a law with errors is never run, and all of them are told.
    pub(crate) fn book(&self, setting: &Setting) -> Result<Book, Failure> {
        sound(check::read(self.files(setting)?), setting)
    }
}

/// The book itself if nothing in it is wrong.
pub(crate) fn sound(book: Book, setting: &Setting) -> Result<Book, Failure> {
    if !book.has_errors() {
        return Ok(book);
    }
    let errors: Vec<_> = book
        .diagnostics
        .iter()
        .filter(|said| said.severity == rules::diagnostic::Severity::Error)
        .cloned()
        .collect();
    let what = setting.lang.pick(
        format!("法律文本有 {} 处错误，什么也没有运行", errors.len()),
        format!(
            "the law has {}; nothing was run",
            crate::output::counted(errors.len() as u64, "error", "errors")
        ),
    );
    let help = setting.lang.pick(
        "逐条更正后再运行 `renshe law check`",
        "mend them, then run `renshe law check` again",
    );
    let said = render(&errors, &book.files, setting.color_of_errors);
    Err(Failure::new(setting.lang, what).help(help).below(said))
}

fn built_in() -> Vec<SourceFile> {
    let mut paths: Vec<_> = BuiltIn::iter()
        .filter(|path| path.ends_with(".law"))
        .collect();
    paths.sort();
    let read = |path: std::borrow::Cow<'static, str>| {
        let file = BuiltIn::get(&path)?;
        Some(SourceFile {
            text: String::from_utf8_lossy(&file.data).into_owned(),
            path: path.into_owned(),
        })
    };
    paths.into_iter().filter_map(read).collect()
}

fn on_disk(folder: &Path, setting: &Setting) -> Result<Vec<SourceFile>, Failure> {
    let mut files = Vec::new();
    for path in texts(folder, setting)? {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        files.push(SourceFile {
            path: parts.join("/"),
            text: read_text(&path, setting)?,
        });
    }
    Ok(files)
}

/// The paths of all law texts below a folder, in order.
pub(crate) fn texts(folder: &Path, setting: &Setting) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path, error: std::io::Error| unreadable(path, &error.to_string(), setting);
    let mut open = vec![folder.to_owned()];
    let mut texts = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
            let path = entry.map_err(|error| failed(&folder, error))?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "law") {
                texts.push(path);
            }
        }
    }
    texts.sort();
    Ok(texts)
}

/// The text of a file.
pub(crate) fn read_text(path: &Path, setting: &Setting) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error.to_string(), setting))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let why = setting.lang.pick(
            format!("第 {} 字节处不是 UTF-8；请另存为 UTF-8", place + 1),
            format!("it is not UTF-8 from byte {}; save it as UTF-8", place + 1),
        );
        unreadable(path, &why, setting)
    })
}

fn unreadable(path: &Path, why: &str, setting: &Setting) -> Failure {
    let name = path.display();
    let what = setting.lang.pick(
        format!("读不了 {name}：{why}"),
        format!("{name} cannot be read: {why}"),
    );
    Failure::new(setting.lang, what)
}
