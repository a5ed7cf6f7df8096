//! Why a bank's file as a whole is refused.

use crate::error::{Error, shown};
use std::fmt;

pub(super) fn other_message(file: &str, found: &str) -> Error {
    let found = shown(found.as_bytes());
    Error::new(
        "C0301",
        format!(
            "{file} 不是 camt.054.001.08、camt.053.001.08 或 CSV（是“{found}”）；请银行提供其中之一"
        ),
        format!(
            "{file} is neither camt.054.001.08 nor camt.053.001.08 nor CSV (it is “{found}”); ask the bank for one of them"
        ),
    )
}

pub(super) fn cut_off(file: &str, error: &dyn fmt::Display) -> Error {
    let error = shown(error.to_string().as_bytes());
    Error::new(
        "C0302",
        format!("{file} 不完整或已损坏：{error}；请重新下载，不要只处理其中一部分"),
        format!(
            "{file} is cut off or damaged: {error}; fetch it again, and do not use a part of it"
        ),
    )
}

pub(super) fn document_type(file: &str) -> Error {
    Error::new(
        "C0303",
        format!("{file} 含有文档类型或实体声明，不予读取；银行文件不需要它们"),
        format!(
            "{file} declares a document type or entities, which are not read; no bank's file needs them"
        ),
    )
}

pub(super) fn totals(file: &str, (zh, en): (&str, &str), said: &str, found: &str) -> Error {
    let said = shown(said.as_bytes());
    Error::new(
        "C0304",
        format!("{file} 的{zh}应为 {said}，实际为 {found}；文件不完整或被改动，请向银行重新索取"),
        format!(
            "{file}: {en} should be {said} and is {found}; the file is incomplete or was changed, ask the bank for it again"
        ),
    )
}

pub(super) fn too_large(file: &str, (zh, en): (&str, &str)) -> Error {
    Error::new(
        "C0305",
        format!("{file} {zh}；请银行按日或按账户分成几个文件"),
        format!("{file} {en}; ask the bank to divide it by days or accounts"),
    )
}

pub(super) fn missing_columns(file: &str, zh: &[&str], en: &[&str]) -> Error {
    Error::new(
        "C0314",
        format!("{file} 缺少列：{}；请见银行文件的说明", zh.join("、")),
        format!(
            "{file} lacks the columns {}; see the description of bank files",
            en.join(", ")
        ),
    )
}
