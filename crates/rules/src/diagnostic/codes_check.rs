//! The codes of the checker: `L02xx` names, `L03xx` types, `L04xx` figures, dates, marks and examples, `L05xx` folders and overlays.

use super::codes::{Title, codes};
use crate::diagnostic::Code;

codes! {
    /// The codes of the checker.
    CHECK:
    L0201 "名称重复声明" / "a name declared twice";
    L0202 "没有这个名称" / "a name that stands for nothing";
    L0203 "成员属于多个枚举" / "a member of several enumerations";
    L0204 "语言保留的名称" / "a name that belongs to the language";
    L0205 "名称的种类不对" / "a name of another sort";
    L0206 "另一实体的名称" / "a name of another entity";
    L0207 "遮住了别的名称" / "a name that hides another";
    L0208 "没有用到的 let" / "a let that is never read";
    L0209 "没有用到的条目" / "an item that is never read";
    L0210 "没有这个来源" / "a cited source that is not there";
    L0211 "来源没有这一条" / "a cited article that is not there";
    L0212 "没有这种类型" / "a type that does not exist";
    L0301 "值的种类不对" / "a value of another kind";
    L0302 "运算没有意义" / "an operation without meaning";
    L0303 "不能比较" / "values that cannot be compared";
    L0304 "必须先舍入" / "a value that must be rounded first";
    L0305 "小数位太多" / "more than thirty decimals";
    L0306 "键或参数个数不对" / "the wrong number of keys or arguments";
    L0307 "at 只能用于参数和表" / "at behind something without dates";
    L0308 "不能换成这种单位" / "a unit the value does not have";
    L0309 "另一实体的关系" / "a relation of another entity";
    L0310 "不能这样排序" / "records that cannot be ordered so";
    L0311 "汇总的子句不对" / "a clause of an aggregation missing or out of place";
    L0312 "不能决定适用日期" / "a date that may not depend on this";
    L0313 "这里要固定的值" / "a fixed value is needed";
    L0314 "固定值不合类型" / "a fixed value that does not fit its type";
    L0401 "范围不对" / "a range that is none";
    L0402 "超出范围" / "a value outside its range";
    L0403 "行的键数不对" / "a row with the wrong number of keys";
    L0404 "行重复" / "two rows with the same keys";
    L0405 "行被遮住" / "a row that hides another";
    L0406 "版本顺序不对" / "versions out of order";
    L0407 "先止后起" / "an end before its beginning";
    L0408 "没有内容" / "a figure or rule that says nothing";
    L0409 "来源没有标注可信度" / "a source without a mark";
    L0410 "证据等级与标注不符" / "a grade that does not agree with its word";
    L0411 "不能作键" / "a key that cannot be looked up";
    L0412 "规则循环" / "rules that need each other in a circle";
    L0413 "归属重复或循环" / "an entity owned twice or by itself";
    L0414 "算例没有结果或跨实体" / "an example that expects nothing, or of several entities";
    L0415 "算例没有适用日期" / "an example without a date";
    L0416 "事实给了两次" / "a fact given twice";
    L0501 "文件不在任何辖区" / "a file outside every jurisdiction";
    L0502 "文件夹没有辖区说明" / "a folder without a jurisdiction";
    L0503 "辖区与文件夹名不符" / "a jurisdiction in another folder";
    L0504 "上级辖区不对" / "a jurisdiction within nothing or itself";
    L0505 "辖区说明放错地方" / "a jurisdiction described out of place";
    L0506 "文件没有法律来源" / "a file without a source";
    L0507 "来源位置不对" / "a source out of place";
    L0508 "没有授权给本级" / "setting what is not opened";
    L0509 "没有可设定的条目" / "nothing to set";
    L0510 "设定的种类不对" / "setting an item of another sort";
    L0511 "设定了两次" / "an item set twice";
    L0512 "没有这一级" / "a level that nobody has";
}
