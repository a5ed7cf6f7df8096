//! The codes of what can be wrong with a bank's file, each with its page in `docs/reference/errors`.

/// Code, Chinese and English title.
pub const CODES: [(&str, &str, &str); 16] = [
    ("C0301", "不是银行回单文件", "not a bank's file of receipts"),
    ("C0302", "文件不完整", "a file that is cut off or damaged"),
    ("C0303", "含有文档类型或实体", "a document type or entities"),
    ("C0304", "控制总数不符", "control totals that do not agree"),
    (
        "C0305",
        "文件过大或过深",
        "a file that is too large or too deep",
    ),
    ("C0306", "不是人民币", "another currency"),
    ("C0307", "金额超过两位小数", "an amount finer than a fen"),
    ("C0308", "金额无法识别", "an amount that cannot be read"),
    ("C0309", "收付方向不明", "in or out is unclear"),
    ("C0310", "同一笔重复", "the same entry twice"),
    ("C0311", "日期无法识别", "a day that cannot be read"),
    ("C0312", "尚未入账", "an entry not booked yet"),
    ("C0313", "明细与合计不符", "details that do not add up"),
    ("C0314", "缺少必需的列", "required columns are missing"),
    ("C0315", "行的格数与表头不符", "a row of another width"),
    ("C0316", "文件没有控制总数", "a file without control totals"),
];
