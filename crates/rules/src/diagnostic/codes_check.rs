//! The codes of the checker: `L02xx` names, `L03xx` types, `L04xx` figures, dates, marks and examples, `L05xx` folders and overlays.

use super::codes::{Title, codes};
use crate::diagnostic::Code;

codes! {
    /// The codes of the checker.
    CHECK:
    DUPLICATE_NAME = "L0201" "名称重复声明" / "a name declared twice";
    UNKNOWN_NAME = "L0202" "没有这个名称" / "a name that stands for nothing";
    AMBIGUOUS_MEMBER = "L0203" "成员属于多个枚举" / "a member of several enumerations";
    RESERVED_NAME = "L0204" "语言保留的名称" / "a name that belongs to the language";
    WRONG_SORT = "L0205" "名称的种类不对" / "a name of another sort";
    OTHER_ENTITY = "L0206" "另一实体的名称" / "a name of another entity";
    SHADOWED = "L0207" "遮住了别的名称" / "a name that hides another";
    UNUSED_LET = "L0208" "没有用到的 let" / "a let that is never read";
    UNUSED_ITEM = "L0209" "没有用到的条目" / "an item that is never read";
    UNKNOWN_SOURCE = "L0210" "没有这个来源" / "a cited source that is not there";
    UNKNOWN_ARTICLE = "L0211" "来源没有这一条" / "a cited article that is not there";
    UNKNOWN_TYPE = "L0212" "没有这种类型" / "a type that does not exist";
    OTHER_KIND = "L0301" "值的种类不对" / "a value of another kind";
    NO_OPERATION = "L0302" "运算没有意义" / "an operation without meaning";
    NO_COMPARISON = "L0303" "不能比较" / "values that cannot be compared";
    MUST_ROUND = "L0304" "必须先舍入" / "a value that must be rounded first";
    TOO_FINE = "L0305" "小数位太多" / "more than thirty decimals";
    WRONG_COUNT = "L0306" "键或参数个数不对" / "the wrong number of keys or arguments";
    NOT_A_FIGURE = "L0307" "at 只能用于参数和表" / "at behind something without dates";
    NO_CONVERSION = "L0308" "不能换成这种单位" / "a unit the value does not have";
    OTHER_RELATION = "L0309" "另一实体的关系" / "a relation of another entity";
    NO_ORDER = "L0310" "不能这样排序" / "records that cannot be ordered so";
    GATHER_CLAUSE = "L0311" "汇总的子句不对" / "a clause of an aggregation missing or out of place";
    DATED_BY = "L0312" "不能决定适用日期" / "a date that may not depend on this";
    NOT_CONSTANT = "L0313" "这里要固定的值" / "a fixed value is needed";
    CONSTANT_MISFIT = "L0314" "固定值不合类型" / "a fixed value that does not fit its type";
    BAD_RANGE = "L0401" "范围不对" / "a range that is none";
    OUT_OF_RANGE = "L0402" "超出范围" / "a value outside its range";
    ROW_KEYS = "L0403" "行的键数不对" / "a row with the wrong number of keys";
    DUPLICATE_ROW = "L0404" "行重复" / "two rows with the same keys";
    HIDDEN_ROW = "L0405" "行被遮住" / "a row that hides another";
    VERSION_ORDER = "L0406" "版本顺序不对" / "versions out of order";
    ENDS_EARLY = "L0407" "先止后起" / "an end before its beginning";
    NO_VERSION = "L0408" "没有内容" / "a figure or rule that says nothing";
    NO_MARK = "L0409" "来源没有标注可信度" / "a source without a mark";
    BAD_GRADE = "L0410" "证据等级与标注不符" / "a grade that does not agree with its word";
    BAD_KEY = "L0411" "不能作键" / "a key that cannot be looked up";
    RULE_CYCLE = "L0412" "规则循环" / "rules that need each other in a circle";
    OWNERSHIP = "L0413" "归属重复或循环" / "an entity owned twice or by itself";
    EXAMPLE_ROOT = "L0414" "算例没有结果或跨实体" / "an example that expects nothing, or of several entities";
    NO_AS_OF = "L0415" "算例没有适用日期" / "an example without a date";
    GIVEN_TWICE = "L0416" "事实给了两次" / "a fact given twice";
    OUTSIDE = "L0501" "文件不在任何辖区" / "a file outside every jurisdiction";
    NO_JURISDICTION = "L0502" "文件夹没有辖区说明" / "a folder without a jurisdiction";
    OTHER_FOLDER = "L0503" "辖区与文件夹名不符" / "a jurisdiction in another folder";
    BAD_WITHIN = "L0504" "上级辖区不对" / "a jurisdiction within nothing or itself";
    STRAY_JURISDICTION = "L0505" "辖区说明放错地方" / "a jurisdiction described out of place";
    NO_SOURCE = "L0506" "文件没有法律来源" / "a file without a source";
    NOT_OPENED = "L0507" "没有授权给本级" / "setting what is not opened";
    NOTHING_TO_SET = "L0508" "没有可设定的条目" / "nothing to set";
    SET_SORT = "L0509" "设定的种类不对" / "setting an item of another sort";
    SET_TWICE = "L0510" "设定了两次" / "an item set twice";
    UNKNOWN_LEVEL = "L0511" "没有这一级" / "a level that nobody has";
}
