//! Every code a message can bear, with what it says in one line. `L00xx`: the letters of a text; `L01xx`: its grammar.
//! The codes of the checker, `L02xx` to `L05xx`, stand in [`codes_check`](super::codes_check), declared in the same way.

use crate::diagnostic::Code;

/// A code and what it says, for lists and for the heading of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// The code.
    pub code: Code,
    /// What it says, in Chinese.
    pub zh: &'static str,
    /// What it says, in English.
    pub en: &'static str,
}

/// Declares codes and their list: `codes! { /// … SYNTAX: UNKNOWN_ITEM = "L0101" "中文" / "English"; … }`.
macro_rules! codes {
    ($(#[$doc:meta])* $list:ident: $($name:ident = $code:literal $zh:literal / $en:literal;)*) => {
        $(#[doc = concat!($code, " · ", $zh, " · ", $en)] pub const $name: Code = Code($code);)*
        $(#[$doc])* pub const $list: &[Title] = &[$(Title { code: $name, zh: $zh, en: $en }),*];
    };
}
pub(crate) use codes;

codes! {
    /// The codes of the letters and of the grammar.
    SYNTAX:
    TAB = "L0001" "制表符" / "a tab";
    FOREIGN_SIGN = "L0002" "法律语言中没有的符号" / "a sign the language does not have";
    OPEN_QUOTE = "L0003" "引号没有闭合" / "a quote left open";
    NO_SUCH_DATE = "L0004" "没有这一天或这个月" / "no such day or month";
    BAD_NUMBER = "L0005" "数字写法不对" / "a number that cannot be read";
    BAD_NAME = "L0006" "名称写法不对" / "a name that cannot be read";
    UNKNOWN_ITEM = "L0101" "没有这种条目" / "no such kind of item";
    RESERVED_ITEM = "L0102" "保留给以后的条目" / "an item reserved for later";
    INDENTATION = "L0103" "缩进不对" / "wrong indentation";
    UNKNOWN_CLAUSE = "L0104" "没有这种子句" / "no such clause";
    MISSING = "L0105" "缺少一个部分" / "a part is missing";
    RESERVED_WORD = "L0106" "保留字不能作名称" / "a word of the language used as a name";
    LEFT_OVER = "L0107" "行尾多余的内容" / "something left over";
    NO_EXPRESSION = "L0108" "缺少表达式" / "an expression is missing";
    UNPAIRED_BRACKET = "L0109" "括号不成对" / "brackets that do not pair";
    NO_VALUE = "L0110" "规则没有结果" / "a body without a value";
    SECOND_VALUE = "L0111" "规则有多个结果" / "a body with more than one value";
    OPEN_CHOICE = "L0112" "条件不完整" / "a choice that leaves cases open";
    BAD_ROUNDING = "L0113" "取整写法不对" / "a rounding that cannot be read";
    BAD_UNIT = "L0114" "单位不对" / "a unit that does not fit";
    NEEDS_BRACKETS = "L0115" "需要括号" / "brackets are needed";
    LONELY_CLAUSE = "L0116" "释文没有条目" / "a clause that nothing follows";
    SAID_TWICE = "L0117" "重复的子句" / "a clause said twice";
    MISPLACED_SOURCE = "L0118" "文件出处位置不对" / "a source out of place";
    SET_CHANGES_TYPE = "L0119" "设定不能改变类型" / "a setting that changes the type";
    TOO_DEEP = "L0120" "嵌套太深" / "nested too deeply";
}
