//! The codes of running the law: `R01xx` refusals of a case, `R02xx` facts that cannot be read.

use crate::diagnostic::Code;
use crate::diagnostic::codes::{Title, codes};

codes! {
    /// The codes of refusals and of facts that cannot be read.
    RUNNING:
    MISSING = "R0101" "缺少事实" / "a fact is missing";
    OUT_OF_RANGE = "R0102" "事实超出范围" / "a fact is out of range";
    NOT_IN_FORCE = "R0103" "规则无施行文本" / "a rule is not in force";
    NO_FIGURE = "R0104" "没有数值" / "a figure has no value";
    UNSET = "R0105" "数值尚不掌握" / "a figure is not known";
    NO_ROW = "R0106" "表中没有这一行" / "a table has no row";
    NO_RECORDS = "R0107" "没有记录" / "there is no record";
    SAME_PLACE = "R0108" "两条记录次序相同" / "two records have the same place";
    DIVISION_BY_ZERO = "R0109" "除数为零" / "a division by zero";
    TOO_LARGE = "R0110" "数额太大" / "an amount is too large";
    DATE_OUTSIDE = "R0111" "日期超出范围" / "a date is out of range";
    NOT_MET = "R0112" "法定条件不满足" / "a condition of the law is not met";
    TOO_DEEP = "R0113" "规则引用过深" / "rules ask for each other too deeply";
    NOT_JSON = "R0201" "不是 JSON" / "not JSON";
    UNKNOWN_FACT = "R0202" "没有这个名称" / "an unknown name";
    GIVEN_TWICE = "R0203" "给了两次" / "given twice";
    WRONG_VALUE = "R0204" "值的写法不对" / "a value that cannot be taken";
    OTHER_ENTITY = "R0205" "不属于这里的事实" / "a fact of another entity";
}
