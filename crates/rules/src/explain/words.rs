//! The fixed words of an explanation, in both languages. No other place of this crate says anything to a reader in
//! one language only.

use crate::law::{Function, Names, Text};
use crate::syntax::ast::{Gather, Unit};
use measure::Rounding;
use std::borrow::Cow;

/// The language an explanation is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The text of this language.
    #[must_use]
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// What is said in this language.
    #[must_use]
    pub fn say<T>(self, words: measure::Words<T>) -> T {
        self.pick(words.zh, words.en)
    }

    /// An item's name: the Chinese one, or the English identity read as words.
    #[must_use]
    pub fn name(self, names: &Names) -> Cow<'_, str> {
        match (self, &names.zh) {
            (Lang::Zh, Some(zh)) => Cow::Borrowed(zh),
            _ => spoken(&names.id),
        }
    }

    /// As [`name`](Lang::name), at the end of a text.
    pub(super) fn write_name(self, out: &mut String, names: &Names) {
        match (self, &names.zh) {
            (Lang::Zh, Some(zh)) => out.push_str(zh),
            _ => write_spoken(out, &names.id),
        }
    }

    /// A title or sentence; the other language where this one is missing.
    #[must_use]
    pub fn text(self, text: &Text) -> &str {
        let (first, second) = match self {
            Lang::Zh => (&text.zh, &text.en),
            Lang::En => (&text.en, &text.zh),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }
}

/// `basic-pension` read as `basic pension`.
pub(crate) fn spoken(id: &str) -> Cow<'_, str> {
    if id.contains('-') {
        Cow::Owned(id.replace('-', " "))
    } else {
        Cow::Borrowed(id)
    }
}

/// As [`spoken`], at the end of a text.
pub(super) fn write_spoken(out: &mut String, id: &str) {
    let mut rest = id;
    while let Some(at) = rest.bytes().position(|byte| byte == b'-') {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

macro_rules! words {
    ($($(#[$doc:meta])* $word:ident => $zh:literal / $en:literal;)*) => {
        /// A fixed word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Word { $($(#[$doc])* $word,)* }

        impl Word {
            pub(crate) fn in_language(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Word::$word, Lang::Zh) => $zh, (Word::$word, Lang::En) => $en,)*
                }
            }
        }
    };
}
words! {
    And => "且" / "and";
    Or => "或" / "or";
    Not => "非" / "not";
    In => "属于" / "in";
    If => "如果" / "if";
    Then => "则" / "then";
    Else => "否则" / "else";
    At => "按" / "at";
    AsOf => "适用日" / "as of";
    Over => "，遍历" / "over";
    Where => "，其中" / "where";
    By => "，依" / "by";
    Default => "，无则" / "default";
    Carry => "逐条结转" / "carry";
    CarryFrom => "，起于" / "from";
    CarryThrough => "，遍历" / "through";
    CarryAs => "，每条为" / "as";
    Years => "折年" / "in years";
    Months => "以月计" / "in months";
    Days => "以天计" / "in days";
    Yuan => "以元计" / "in yuan";
    Yes => "是" / "yes";
    No => "否" / "no";
    Refused => "无法得出" / "refused";
    Explanation => "计算说明" / "Explanation";
    Result => "结果" / "Result";
    AsOfDay => "适用日" / "the law of";
    Basis => "依据" / "Basis";
    InForce => "施行文本" / "Text in force";
    From => "自" / "from";
    Until => "至" / "until";
    BeforeAll => "此前" / "before";
    Formula => "公式" / "Formula";
    Numbers => "代入" / "With numbers";
    Let => "其中" / "where";
    Conditions => "条件" / "Conditions";
    Requires => "须满足" / "Required";
    Met => "满足" / "met";
    Facts => "事实" / "Facts";
    Figures => "法定数值" / "Figures of the law";
    ByDefault => "未提供，取法定缺省值" / "not given; the law's default";
    Given => "直接给定，未计算" / "given, not computed";
    Missing => "未提供" / "not given";
    NotShown => "条未列出" / "more not shown";
    NotCounted => "条未计入" / "not counted";
    Alike => "条同样计算，数值见表" / "more computed the same way; their values are in the table";
    Unconfirmed => "未确证的数值与规则" / "Unconfirmed figures and rules used";
    UnconfirmedOne => "未确证" / "unconfirmed";
    Confirmed => "已确证" / "confirmed";
    AllConfirmed => "所用数值与规则均已确证。" / "Every figure and rule used is confirmed.";
    Path => "途径" / "Path";
    Mend => "办法" / "Remedy";
    Used => "用到" / "Uses";
}

/// How it is rounded: 四舍五入 / half up.
pub(crate) fn rounding(rounding: Rounding, lang: Lang) -> &'static str {
    match rounding {
        Rounding::HalfUp => lang.pick("四舍五入", "half up"),
        Rounding::HalfEven => lang.pick("四舍六入五成双", "half even"),
        Rounding::Up => lang.pick("进位", "up"),
        Rounding::Down => lang.pick("舍去", "down"),
    }
}

/// What it is rounded to: 到 0.01 元 / to 0.01 yuan.
pub(super) fn write_unit(out: &mut String, unit: Unit, lang: Lang) {
    let mut write = |before: &str, number: &str, after: &str| {
        for part in [before, number, after] {
            out.push_str(part);
        }
    };
    let to = lang.pick("到 ", "to ");
    match unit {
        Unit::Fen(fen) => {
            let yuan = match fen % 100 {
                0 => (fen / 100).to_string(),
                rest if rest % 10 == 0 => format!("{}.{}", fen / 100, rest / 10),
                rest => format!("{}.{rest:02}", fen / 100),
            };
            write(to, &yuan, lang.pick(" 元", " yuan"));
        }
        Unit::Decimals(0) => write("", "", lang.pick("到整数", "to a whole number")),
        Unit::Decimals(1) => write(to, "1", lang.pick(" 位小数", " decimal")),
        Unit::Decimals(n) => write(to, &n.to_string(), lang.pick(" 位小数", " decimals")),
        Unit::Months => write("", "", lang.pick("到整月", "to whole months")),
        Unit::Days => write("", "", lang.pick("到整天", "to whole days")),
    }
}

/// A function's name.
pub(crate) fn function(function: Function, lang: Lang) -> &'static str {
    match function {
        Function::Min => lang.pick("取小", "min"),
        Function::Max => lang.pick("取大", "max"),
        Function::Bounded => lang.pick("限于", "bounded"),
        Function::YearOf => lang.pick("年份", "year of"),
        Function::MonthOf => lang.pick("月份", "month of"),
        Function::MonthNumber => lang.pick("第几月", "month number"),
        Function::DayNumber => lang.pick("第几日", "day number"),
        Function::FirstDay => lang.pick("首日", "first day"),
        Function::LastDay => lang.pick("末日", "last day"),
    }
}

/// What is gathered: 合计 / sum of.
pub(crate) fn gather(how: Gather, lang: Lang) -> &'static str {
    match how {
        Gather::Sum => lang.pick("合计", "sum of"),
        Gather::Count => lang.pick("条数", "count of"),
        Gather::Average => lang.pick("平均", "average of"),
        Gather::Largest => lang.pick("最大", "largest of"),
        Gather::Smallest => lang.pick("最小", "smallest of"),
        Gather::First => lang.pick("首个", "first of"),
        Gather::Last => lang.pick("末个", "last of"),
        Gather::Any => lang.pick("任一", "any"),
        Gather::Every => lang.pick("每一", "every"),
    }
}
