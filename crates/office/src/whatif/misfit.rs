//! Why a figure does not take a value, and what it takes instead, in both languages.
//!
//! The checker speaks to whoever writes law, in English and about places in a text. Here somebody filled in one field: what its
//! code means there is said in their language, and the code leads to its page.

use city::refusal::Sentence;
use rules::check::Book;
use rules::diagnostic::codes::SYNTAX;
use rules::diagnostic::codes_check::{
    self as checks, CHECK, CONSTANT_MISFIT, NO_CONVERSION, OTHER_KIND, TOO_FINE,
};
use rules::diagnostic::{Code, Severity, codes};
use rules::law::{Figure, Law, Type};

/// Why a value is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is no value that could be written there.
    NotAValue,
    /// It is a value of another kind, or in another unit.
    OtherKind,
    /// It has more decimals than the figure keeps, or is too large.
    TooFineOrLarge,
    /// It is a word for which nothing stands.
    UnknownWord,
    /// It is a value, but with it something else in the law does not hold, or is not read.
    Elsewhere,
}

impl Misfit {
    fn of(code: Code) -> Misfit {
        match code {
            OTHER_KIND | NO_CONVERSION | codes::BAD_UNIT => Misfit::OtherKind,
            CONSTANT_MISFIT | TOO_FINE => Misfit::TooFineOrLarge,
            checks::UNKNOWN_NAME => Misfit::UnknownWord,
            checks::NOT_CONSTANT | checks::NO_OPERATION => Misfit::NotAValue,
            code if SYNTAX.iter().any(|title| title.code == code) => Misfit::NotAValue,
            _ => Misfit::Elsewhere,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Misfit::NotAValue => ("这不是一个数值", "this is not a value"),
            Misfit::OtherKind => (
                "种类或单位不对",
                "this is of another kind, or in another unit",
            ),
            Misfit::TooFineOrLarge => (
                "小数位太多，或数值太大",
                "this has too many decimals, or is too large",
            ),
            Misfit::UnknownWord => ("没有这个名称", "nothing has this name"),
            Misfit::Elsewhere => (
                "用这个数值，法律的其他部分不成立",
                "with this value the law does not hold elsewhere",
            ),
        }
    }
}

/// A misfit, with the checker's code where it is the checker's.
pub type Said = (Misfit, Option<Code>);

/// What the checker has against a book with the value, each thing once.
pub(super) fn against(book: &Book) -> Vec<Said> {
    const MOST: usize = 3;
    let errors = book.diagnostics.iter();
    let errors = errors.filter(|said| said.severity == Severity::Error);
    let mut all: Vec<Said> = Vec::new();
    for error in errors {
        if all.len() < MOST && all.iter().all(|(_, code)| *code != Some(error.code)) {
            all.push((Misfit::of(error.code), Some(error.code)));
        }
    }
    all
}

/// Some misfits in a sentence.
pub(super) fn sentence(all: &[Said]) -> Sentence {
    let mut told = Sentence {
        zh: String::new(),
        en: String::new(),
    };
    for (misfit, code) in all {
        let (zh, en) = misfit.words();
        if !told.zh.is_empty() {
            told.zh.push('；');
            told.en.push_str("; ");
        }
        told.zh.push_str(zh);
        told.en.push_str(en);
        let Some(code) = code else { continue };
        // Of what is wrong elsewhere the code's own title says what.
        let title = SYNTAX.iter().chain(CHECK).find(|title| title.code == *code);
        let title = title.filter(|_| *misfit == Misfit::Elsewhere);
        let (zh, en) = title.map_or((String::new(), String::new()), |title| {
            (format!("{}，", title.zh), format!("{}, ", title.en))
        });
        told.zh.push_str(&format!("（{zh}{}）", code.0));
        told.en.push_str(&format!(" ({en}{})", code.0));
    }
    told
}

/// What a figure takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value of a type that is not an enumeration's.
    Value(Type),
    /// One of these words.
    OneOf(Vec<String>),
}

impl Takes {
    /// By a figure's type.
    #[must_use]
    pub fn of(figure: &Figure, law: &Law) -> Takes {
        match figure.ty {
            Type::Enum(id) => {
                let members = law[id].members.iter();
                Takes::OneOf(members.map(|names| names.id.clone()).collect())
            }
            ty => Takes::Value(ty),
        }
    }

    /// How it is written.
    pub(super) fn sentence(&self) -> Sentence {
        const SHOWN: usize = 12;
        let (zh, en) = match self {
            Takes::Value(Type::Money) => ("金额，如 42 yuan", "an amount, such as 42 yuan"),
            Takes::Value(Type::Rate) => (
                "比例，如 9%，至多六位小数",
                "a rate, such as 9%, with six decimals at most",
            ),
            Takes::Value(Type::Decimal(most)) => {
                return Sentence {
                    zh: format!("应写数，如 1.5，至多 {most} 位小数"),
                    en: format!("write a number, such as 1.5, with {most} decimals at most"),
                };
            }
            Takes::Value(Type::Integer) => ("整数，如 15", "a whole number, such as 15"),
            Takes::Value(Type::Date) => ("日期，如 2025-07-01", "a day, such as 2025-07-01"),
            Takes::Value(Type::Month) => ("月份，如 2025-07", "a month, such as 2025-07"),
            Takes::Value(Type::Year) => ("年份，如 year 2025", "a year, such as year 2025"),
            Takes::Value(Type::Months) => ("月数，如 3 months", "months, such as 3 months"),
            Takes::Value(Type::Days) => ("天数，如 60 days", "days, such as 60 days"),
            Takes::Value(Type::Bool) => ("true 或 false", "true or false"),
            Takes::Value(Type::Text | Type::Enum(_)) => {
                ("法律文本中的写法", "it as the law's text does")
            }
            Takes::OneOf(words) => {
                let some = words.iter().take(SHOWN).map(String::as_str);
                let some = some.collect::<Vec<_>>();
                return Sentence {
                    zh: format!("应写其中之一：{}", some.join("、")),
                    en: format!("write one of {}", some.join(", ")),
                };
            }
        };
        Sentence {
            zh: format!("应写{zh}"),
            en: format!("write {en}"),
        }
    }
}
