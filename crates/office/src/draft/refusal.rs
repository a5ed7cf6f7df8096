//! Why what is prepared is not taken further.

use city::refusal::{Refused, Said, Sentence};

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0405`: it is not any more what was looked at.
    Changed,
    /// `N0406`: something else was begun under this key.
    OtherContent,
    /// `N0407`: the file has more rows than are mended here.
    TooMany {
        /// How many are.
        most: usize,
    },
    /// `N0408`: some rows have faults still.
    Faulty {
        /// How many.
        rows: u64,
    },
    /// `N0409`: the file does not say which rows it mends.
    NoRowNumbers,
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        let (code, zh, en, remedy_zh, remedy_en) = match self {
            Refusal::Changed => (
                "N0405",
                "这份申报与您看到的已不相同".to_owned(),
                "this declaration is not any more what you looked at".to_owned(),
                "再看一遍，然后提交",
                "look at it again, then hand it in",
            ),
            Refusal::OtherContent => (
                "N0406",
                "同一表单已提交过另一份内容".to_owned(),
                "the same form has brought something else before".to_owned(),
                "重新打开申报页再上传",
                "open the page again and upload from there",
            ),
            Refusal::TooMany { most } => (
                "N0407",
                format!("文件超过 {most} 行，不能在网页上办理"),
                format!("the file has more than {most} rows, which is more than this page takes"),
                "分成几份，或将文件交到经办窗口",
                "send it in parts, or hand the file in at the counter",
            ),
            Refusal::Faulty { rows } => (
                "N0408",
                format!("还有 {rows} 行有误"),
                format!("{rows} rows have faults still"),
                "更正或删去这些行后再提交",
                "mend these rows or take them out, then hand it in",
            ),
            Refusal::NoRowNumbers => (
                "N0409",
                "文件没有“原行号”一列，不知更正哪几行".to_owned(),
                "the file has no column “row”, so it does not say which rows it mends".to_owned(),
                "用本页下载的待更正文件，保留其各列",
                "use the file to mend of this page, and leave its columns as they are",
            ),
        };
        Said {
            code,
            message: Sentence { zh, en },
            remedy: Sentence {
                zh: remedy_zh.to_owned(),
                en: remedy_en.to_owned(),
            },
        }
    }
}
