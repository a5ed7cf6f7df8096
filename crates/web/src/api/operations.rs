//! Every operation of the API, on one page: what it is for, what it takes, what it answers.
//!
//! The document is made from it, and the page that shows it; a test compares it with the table of [routes](crate::routes), and
//! asks each for its example.

use measure::Words;

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The law.
    Law,
    /// Persons.
    Persons,
    /// Employers.
    Employers,
    /// Declarations.
    Declarations,
    /// Receipts.
    Receipts,
    /// The month.
    Month,
    /// Being told.
    Told,
}

impl About {
    /// All of them, in order.
    pub const ALL: [About; 7] = [
        Self::Law,
        Self::Persons,
        Self::Employers,
        Self::Declarations,
        Self::Receipts,
        Self::Month,
        Self::Told,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> Words {
        match self {
            Self::Law => Words::new("法律", "The law"),
            Self::Persons => Words::new("个人", "Persons"),
            Self::Employers => Words::new("单位", "Employers"),
            Self::Declarations => Words::new("申报", "Declarations"),
            Self::Receipts => Words::new("到账", "Receipts"),
            Self::Month => Words::new("月度", "The month"),
            Self::Told => Words::new("通知", "Being told"),
        }
    }
}

/// How an operation is guarded and answered beside its shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Open to all, known again by its tag.
    Open,
    /// Works something out for anybody.
    Works,
    /// Looks at a record: says what for, known again by its tag.
    Looks,
    /// Looks for a record: says what for.
    Seeks,
    /// Looks at what is nobody's record, known again by its tag.
    Reads,
    /// Tries something, and nothing is recorded.
    Tries,
    /// Alters something: done once under a key.
    Alters,
    /// Alters what may have been altered since: done once under a key, and in the state it is meant for.
    Decides,
}

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As the router has it.
    pub path: &'static str,
    /// What about.
    pub about: About,
    /// What it does.
    pub name: Words,
    /// How.
    pub way: Way,
    /// Its parameters.
    pub query: &'static [&'static str],
    /// The shape of what is sent; for files their kinds.
    pub sends: Sends,
    /// The status when all is well, and the shape of the answer.
    pub answers: (u16, &'static str),
    /// The role that shows the example, its path and what is sent.
    pub example: (&'static str, &'static str, &'static str),
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// Nothing.
    Nothing,
    /// JSON of a shape.
    Shape(&'static str),
    /// A file of one of these kinds.
    File(&'static [(&'static str, &'static str)]),
}

use About::{Declarations, Employers, Law, Month, Persons, Receipts, Told};
use Sends::{File, Nothing, Shape};
use Way::{Alters, Decides, Looks, Open, Reads, Seeks, Tries, Works};

macro_rules! operations {
    ($($about:ident $way:ident $method:literal $path:literal $zh:literal / $en:literal
        $query:expr, $sends:expr => $status:literal $shape:literal, $example:expr;)*) => {
        /// All of them.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            method: $method,
            path: $path,
            about: $about,
            name: Words::new($zh, $en),
            way: $way,
            query: &$query,
            sends: $sends,
            answers: ($status, $shape),
            example: $example,
        },)*];
    };
}

const ROWS: &str = r#"{"coverage":"part","rows":[{"identity_number":"500103198503020038","name":"甲一","wage":"7200.00"}]}"#;
const BULK: &str = r#"{"declarations":[{"employer":1,"month":"2025-07","coverage":"part","rows":[{"identity_number":"500103198503020038","name":"甲一","wage":"7300.00"}]}]}"#;
const CSV: &str = "identity-number,name,wage\n500103198503020038,甲一,7400.00\n";
const BANK: &str =
    "流水号,记账日期,金额,借贷,付款人户名,附言\nA-1,2025-07-05,100.00,贷,某公司,缴费\n";

operations! {
    Law Open "GET" "/api/v1/law" "有哪些法律" / "Whose law is kept" [], Nothing => 200 "LawIndex", ("", "/api/v1/law", "");
    Law Open "GET" "/api/v1/law/{jurisdiction}/items" "规则与参数" / "Its rules and figures"
        ["kind", "on", "limit", "cursor"], Nothing => 200 "LawItems", ("", "/api/v1/law/cn/items?kind=rule&limit=3", "");
    Law Open "GET" "/api/v1/law/{jurisdiction}/rules/{name}" "一条规则" / "A rule"
        [], Nothing => 200 "LawRule", ("", "/api/v1/law/cn/rules/statutory-retirement-month", "");
    Law Works "POST" "/api/v1/law/{jurisdiction}/rules/{name}/evaluate" "按个案计算并说明理由" / "What it comes to for a case, and why"
        [], Shape("Case") => 200 "Explanation",
        ("", "/api/v1/law/cn/rules/statutory-retirement-month/evaluate", r#"{"on":"2025-06-30","facts":{"sex":"male","birth-month":"1965-03"}}"#);
    Persons Seeks "POST" "/api/v1/persons/search" "按号码查找个人" / "Who is meant, by number"
        [], Shape("WhoAll") => 200 "FoundPersons", ("clerk", "/api/v1/persons/search", r#"{"sought":[{"person":1},{"person":999999}]}"#);
    Persons Looks "GET" "/api/v1/persons/{person}" "登记的个人信息" / "What the register knows of a person"
        [], Nothing => 200 "Person", ("clerk", "/api/v1/persons/1", "");
    Persons Looks "GET" "/api/v1/persons/{person}/months" "个人逐月缴费" / "What was paid for a person, month by month"
        ["as_of", "limit", "cursor"], Nothing => 200 "MonthsPaid", ("one", "/api/v1/persons/1/months?limit=2", "");
    Persons Looks "GET" "/api/v1/persons/{person}/account" "个人账户" / "What stands in a person's accounts"
        ["as_of"], Nothing => 200 "Accounts", ("one", "/api/v1/persons/1/account", "");
    Employers Seeks "POST" "/api/v1/employers/search" "按统一社会信用代码查找单位" / "Which employer is meant, by credit code"
        [], Shape("EmployerSought") => 200 "FoundEmployer", ("clerk", "/api/v1/employers/search", r#"{"credit_code":"none"}"#);
    Employers Looks "GET" "/api/v1/employers/{employer}" "登记的单位信息" / "What the register knows of an employer"
        [], Nothing => 200 "Employer", ("agent", "/api/v1/employers/1", "");
    Employers Looks "GET" "/api/v1/employers/{employer}/owed" "今日与明日欠费" / "What an employer owes today and tomorrow"
        ["on"], Nothing => 200 "EmployerOwes", ("agent", "/api/v1/employers/1/owed", "");
    Employers Looks "GET" "/api/v1/employers/{employer}/bills" "未缴清的账单" / "An employer's open bills"
        ["on", "limit", "cursor"], Nothing => 200 "Bills", ("agent", "/api/v1/employers/1/bills?limit=2", "");
    Declarations Looks "GET" "/api/v1/employers/{employer}/declarations/{month}" "一个月的申报" / "What was declared for a month"
        [], Nothing => 200 "Declarations", ("agent", "/api/v1/employers/1/declarations/2025-07", "");
    Declarations Tries "POST" "/api/v1/employers/{employer}/declarations/{month}/check" "试算一份申报" / "What would a declaration change?"
        [], Shape("DeclarationSent") => 200 "Declared", ("agent", "/api/v1/employers/1/declarations/2025-07/check", ROWS);
    Declarations Alters "POST" "/api/v1/employers/{employer}/declarations/{month}" "申报一个月" / "Declare a month"
        [], Shape("DeclarationSent") => 201 "Declared", ("agent", "/api/v1/employers/1/declarations/2025-07", ROWS);
    Declarations Alters "POST" "/api/v1/employers/{employer}/declarations/{month}/file" "以文件申报" / "Declare a month by a file"
        ["coverage", "record"], File(&super::declarations::KINDS) => 201 "Declared",
        ("agent", "/api/v1/employers/1/declarations/2025-07/file?coverage=part", CSV);
    Declarations Alters "POST" "/api/v1/declarations" "批量申报" / "Declare for many employers"
        [], Shape("BulkSent") => 200 "BulkOutcome", ("agent", "/api/v1/declarations", BULK);
    Declarations Alters "POST" "/api/v1/declarations/{declaration}/undo" "撤销一份申报" / "Take a declaration back"
        [], Nothing => 200 "TakenBack", ("agent", "/api/v1/declarations/1/undo", "");
    Receipts Alters "POST" "/api/v1/receipts" "收取银行文件" / "Take a bank's file in"
        [], File(&super::receipts::KINDS) => 201 "Receipts", ("city-clerk", "/api/v1/receipts", BANK);
    Month Reads "GET" "/api/v1/months/{month}/{kind}" "一次运行及其合计" / "How far a run is, and what it comes to"
        [], Nothing => 200 "MonthReview", ("auditor", "/api/v1/months/2025-06/assessment", "");
    Month Alters "POST" "/api/v1/months/{month}" "开启一个月的核定" / "Open a month"
        [], Nothing => 201 "MonthRun", ("city-clerk", "/api/v1/months/2025-07", "");
    Month Alters "POST" "/api/v1/months/{month}/{kind}/compute" "计算" / "Compute a run"
        [], Nothing => 202 "Job", ("city-clerk", "/api/v1/months/2025-07/assessment/compute", "");
    Month Decides "POST" "/api/v1/months/{month}/{kind}/approve" "复核所看的内容" / "Approve what was looked at"
        [], Shape("Looked") => 200 "MonthRun", ("supervisor", "/api/v1/months/2025-06/assessment/approve", r#"{"content":"0000000000000000"}"#);
    Month Decides "POST" "/api/v1/months/{month}/{kind}/publish" "发布" / "Put a run in force"
        [], Nothing => 200 "MonthRun", ("supervisor", "/api/v1/months/2025-06/assessment/publish", "");
    Month Decides "POST" "/api/v1/months/{month}/{kind}/discard" "作废" / "Give a run up"
        [], Nothing => 200 "MonthRun", ("city-clerk", "/api/v1/months/2025-06/assessment/discard", "");
    Month Alters "POST" "/api/v1/verify" "重新推导一切" / "Derive everything again"
        [], Nothing => 202 "Job", ("auditor", "/api/v1/verify", "");
    Month Reads "GET" "/api/v1/jobs/{job}" "长时间办理的进度" / "How far long work is"
        [], Nothing => 200 "Job", ("auditor", "/api/v1/jobs/0123456789abcdef", "");
    Told Reads "GET" "/api/v1/subscriptions" "订阅了什么" / "What one wants to be told"
        [], Nothing => 200 "Subscriptions", ("auditor", "/api/v1/subscriptions", "");
    Told Alters "POST" "/api/v1/subscriptions" "订阅" / "Want to be told"
        [], Shape("Wanted") => 201 "Subscription", ("auditor", "/api/v1/subscriptions", r#"{"events":"month.","address":"http://127.0.0.1:9/told"}"#);
    Told Alters "POST" "/api/v1/subscriptions/{code}/end" "退订" / "Want to be told no more"
        [], Nothing => 200 "Ended", ("auditor", "/api/v1/subscriptions/none/end", "");
}
