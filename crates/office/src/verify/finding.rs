//! What differs?

use city::accounts::Account;
use city::dues::{BillId, Due};
use city::entries::EntryId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::runs::RunId;
use measure::{Fen, Month};
use rules::explain::Lang;

/// Something that does not follow from what it stands on. Persons appear by their number only.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// `V0101`: a due is not what facts and law give.
    Due {
        /// In which run.
        run: RunId,
        /// As it is kept; `None` when it is missing.
        kept: Option<Due>,
        /// As it is derived; `None` when there should be none.
        derived: Option<Due>,
    },
    /// `V0102`: an account is not what the one before and what was paid give.
    Account {
        /// In which run.
        run: RunId,
        /// As it is kept; `None` when it is missing.
        kept: Option<Account>,
        /// As it is derived; `None` when there should be none.
        derived: Option<Account>,
    },
    /// `V0103`: a chunk's mark is not that of its rows.
    Chunk {
        /// In which run.
        run: RunId,
        /// Which.
        chunk: i64,
    },
    /// `V0104`: the totals that are kept are not those of the rows.
    Totals {
        /// In which run.
        run: RunId,
    },
    /// `V0105`: bills and dues do not agree.
    Bills {
        /// In which run.
        run: RunId,
        /// How many payers' bills differ.
        differing: i64,
    },
    /// `V0113`: bills are credited that are not paid in full.
    Unpaid {
        /// Of which run.
        run: RunId,
        /// How many bills.
        bills: i64,
    },
    /// `V0114`: of a bill that was written off in part something else is credited than what was paid.
    PartCredit {
        /// By which run.
        run: RunId,
        /// Of which bill.
        bill: BillId,
    },
    /// `V0115`: a bill is noted as settled and is not.
    Open {
        /// Which.
        bill: BillId,
    },
    /// `V0106`: a run's content is not the one that was approved.
    Content {
        /// Which run.
        run: RunId,
    },
    /// `V0107`: the chain of seals is broken.
    Chain {
        /// At the seal of this run.
        run: RunId,
        /// Of this month.
        month: Month,
    },
    /// `V0108`: a run's journal is missing or is not what the run comes to.
    Journal {
        /// Which run.
        run: RunId,
    },
    /// `V0109`: the books do not balance.
    Books {
        /// What the books say.
        said: String,
    },
    /// `V0110`: accounts and books do not agree on what stands in all accounts.
    Payable {
        /// In which scheme.
        scheme: Scheme,
        /// By the accounts.
        accounts: Fen,
        /// By the books.
        books: Fen,
    },
    /// `V0117`: a roster is not what facts tell.
    Roster {
        /// Of which run.
        run: RunId,
        /// The first person of whom it tells something else.
        person: PersonId,
    },
    /// `V0116`: a folio cannot be read.
    Torn {
        /// Which, in Chinese.
        zh: String,
        /// Which, in English.
        en: String,
    },
    /// `V0111`: the text of the law that a run applied is not kept, or is not the one it is said to be.
    LawGone {
        /// Which run.
        run: RunId,
        /// The version it names.
        version: String,
    },
    /// `V0201`: a journal of collection is missing or is not what its rows come to.
    Collection {
        /// The journal's key.
        key: String,
    },
    /// `V0202`: bills and books do not agree on what is open.
    Receivable {
        /// Of which account, such as `employee-pooled/receivable`.
        account: String,
        /// In which district.
        district: i64,
        /// By the bills and what has settled them.
        bills: Fen,
        /// By the books.
        books: Fen,
    },
    /// `V0203`: receipts and books do not agree on what is in clearing.
    Clearing {
        /// By the receipts and what they have settled.
        receipts: Fen,
        /// By the books.
        books: Fen,
    },
    /// `V0301`: the journal of an entry at the counter is missing or is not what the entry is.
    Entry {
        /// Which entry.
        entry: EntryId,
    },
    /// `V0304`: something is not what it was when it was asked for.
    Decided {
        /// Of which kind it is.
        what: (&'static str, &'static str),
        /// Its number.
        number: String,
    },
    /// `V0302`: a file that holds rows is gone.
    FileGone {
        /// Which.
        file: String,
        /// Whose rows it holds, where that is known.
        run: Option<RunId>,
    },
    /// `V0303`: a file that holds rows is not what was approved.
    FileAltered {
        /// Which.
        file: String,
        /// Whose rows it holds, where that is known.
        run: Option<RunId>,
    },
    /// `V0112`: the audit log was altered.
    Audit {
        /// What the log says, in Chinese.
        zh: String,
        /// What the log says, in English.
        en: String,
    },
}

impl Finding {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Finding::Due { .. } => "V0101",
            Finding::Account { .. } => "V0102",
            Finding::Chunk { .. } => "V0103",
            Finding::Totals { .. } => "V0104",
            Finding::Bills { .. } => "V0105",
            Finding::Unpaid { .. } => "V0113",
            Finding::PartCredit { .. } => "V0114",
            Finding::Open { .. } => "V0115",
            Finding::Content { .. } => "V0106",
            Finding::Chain { .. } => "V0107",
            Finding::Journal { .. } => "V0108",
            Finding::Books { .. } => "V0109",
            Finding::Payable { .. } => "V0110",
            Finding::Torn { .. } => "V0116",
            Finding::Roster { .. } => "V0117",
            Finding::LawGone { .. } => "V0111",
            Finding::Collection { .. } => "V0201",
            Finding::Receivable { .. } => "V0202",
            Finding::Clearing { .. } => "V0203",
            Finding::Entry { .. } => "V0301",
            Finding::Decided { .. } => "V0304",
            Finding::FileGone { .. } => "V0302",
            Finding::FileAltered { .. } => "V0303",
            Finding::Audit { .. } => "V0112",
        }
    }

    /// The file it is about, if it is about one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Finding::FileGone { file, .. } | Finding::FileAltered { file, .. } => Some(file),
            _ => None,
        }
    }

    /// What differs, in one sentence.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: an arm a finding")]
    pub fn message(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Finding::Due { run, kept, derived } => due(*run, kept.as_ref(), derived.as_ref()),
            Finding::Account { run, kept, derived } => {
                account(*run, kept.as_ref(), derived.as_ref())
            }
            Finding::Chunk { run, chunk } => (
                format!("运行 {run} 第 {chunk} 段的摘要与其各行不符"),
                format!("the mark of chunk {chunk} of run {run} is not that of its rows"),
            ),
            Finding::Totals { run } => (
                format!("运行 {run} 的控制总数与各行之和不符"),
                format!("the control totals of run {run} are not those of its rows"),
            ),
            Finding::Bills { run, differing } => (
                format!("运行 {run} 有 {differing} 张应缴单与应缴明细不符"),
                format!("{differing} bills of run {run} are not the sums of their dues"),
            ),
            Finding::Unpaid { run, bills } => (
                format!("运行 {run} 有 {bills} 张应缴单未缴清即已记账"),
                format!("{bills} bills of run {run} are credited and not paid in full"),
            ),
            Finding::PartCredit { run, bill } => (
                format!("运行 {run} 对部分核销的账单 {bill} 的记账与其已缴部分不符"),
                format!(
                    "what run {run} credits of bill {bill}, written off in part, is not what was paid of it"
                ),
            ),
            Finding::Open { bill } => (
                format!("账单 {bill} 记为已清，实际并未缴清"),
                format!("bill {bill} is noted as settled and is not"),
            ),
            Finding::Content { run } => (
                format!("运行 {run} 的内容与复核时不同"),
                format!("the content of run {run} is not the one that was approved"),
            ),
            Finding::Chain { run, month } => (
                format!("封存链在 {month} 运行 {run} 处断开"),
                format!("the chain of seals is broken at run {run} of {month}"),
            ),
            Finding::Journal { run } => (
                format!("运行 {run} 的凭证缺失或与运行结果不符"),
                format!("the journal of run {run} is missing or is not what the run comes to"),
            ),
            Finding::Books { said } => (format!("账不平：{said}"), format!("the books: {said}")),
            Finding::Payable {
                scheme,
                accounts,
                books,
            } => (
                format!(
                    "{}个人账户合计 {accounts}，账上为 {books}",
                    scheme.name(Lang::Zh)
                ),
                format!(
                    "{}: {accounts} stand in all accounts, {books} in the books",
                    scheme.name(Lang::En)
                ),
            ),
            Finding::Roster { run, person } => (
                format!("运行 {run} 的名册自 {person} 号参保人起与事实不符"),
                format!(
                    "from person {person} on, the roster of run {run} is not what the facts tell"
                ),
            ),
            Finding::LawGone { run, version } => (
                format!("运行 {run} 所用的法律文本 {version:.16}… 未保存或已变更"),
                format!("the law that run {run} applied, {version:.16}…, is not kept as it was"),
            ),
            Finding::Collection { key } => (
                format!("凭证 {key} 缺失或与其各行不符"),
                format!("the journal {key} is missing or is not what its rows come to"),
            ),
            Finding::Receivable {
                account,
                district,
                bills,
                books,
            } => (
                format!("{district} {account}：账单未缴合计 {bills}，账上为 {books}"),
                format!(
                    "{account} of {district}: {bills} are open on the bills, {books} in the books"
                ),
            ),
            Finding::Clearing { receipts, books } => (
                format!("到账未分配合计 {receipts}，账上待确认款为 {books}"),
                format!("receipts have {receipts} left, {books} are in clearing"),
            ),
            Finding::Entry { entry } => (
                format!("更正 {entry} 的凭证缺失或与其不符"),
                format!("the journal of entry {entry} is missing or is not what the entry is"),
            ),
            Finding::Decided { what, number } => (
                format!("{} {number} 与审计日志所记的申请不同", what.0),
                format!(
                    "{} {number} is not what the audit log says was asked for",
                    what.1
                ),
            ),
            Finding::FileGone { file, .. } => (
                format!("归档文件 {file} 不在"),
                format!("the archived file {file} is gone"),
            ),
            Finding::FileAltered { file, .. } => (
                format!("归档文件 {file} 与复核时不同，或与封存内容不符"),
                format!(
                    "the archived file {file} is not the one that was approved, or not what was sealed"
                ),
            ),
            Finding::Audit { zh, en } | Finding::Torn { zh, en } => (zh.clone(), en.clone()),
        };
        lang.pick(zh, en)
    }
}

/// Whose line it is.
fn whose<T>(
    kept: Option<&T>,
    derived: Option<&T>,
    of: impl Fn(&T) -> (PersonId, Scheme),
) -> (String, String) {
    match kept.or(derived).map(of) {
        Some((person, scheme)) => (
            format!("{person} 号{}", scheme.name(Lang::Zh)),
            format!("person {person}, {}", scheme.name(Lang::En)),
        ),
        None => (String::new(), String::new()),
    }
}

fn due(run: RunId, kept: Option<&Due>, derived: Option<&Due>) -> (String, String) {
    let (zh, en) = whose(kept, derived, |due| (due.person, due.scheme));
    let (zh, en) = match kept.or(derived).and_then(|due| due.employer) {
        Some(employer) => (
            format!("{zh}（单位 {employer}）"),
            format!("{en} through employer {employer}"),
        ),
        None => (zh, en),
    };
    let shown = |due: Option<&Due>, none: &str| {
        due.map_or_else(
            || none.to_owned(),
            |due| {
                format!(
                    "{} / {} + {} / {}",
                    due.base, due.employer_due, due.person_due, due.credit
                )
            },
        )
    };
    (
        format!(
            "运行 {run} {zh}：所存为 {}，依法应为 {}（基数 / 单位 + 个人 / 记账）",
            shown(kept, "无"),
            shown(derived, "无")
        ),
        format!(
            "run {run}, {en}: kept is {}, facts and law give {} (base / employer + person / credit)",
            shown(kept, "nothing"),
            shown(derived, "nothing")
        ),
    )
}

fn account(run: RunId, kept: Option<&Account>, derived: Option<&Account>) -> (String, String) {
    let (zh, en) = whose(kept, derived, |account| (account.person, account.scheme));
    let shown = |account: Option<&Account>, none: &str| {
        account.map_or_else(
            || none.to_owned(),
            |account| {
                format!(
                    "{} + {} / {} / {}",
                    account.credited, account.interest, account.months, account.product
                )
            },
        )
    };
    (
        format!(
            "运行 {run} {zh}账户：所存为 {}，应为 {}（记账 + 利息 / 月数 / 积数）",
            shown(kept, "无"),
            shown(derived, "无")
        ),
        format!(
            "run {run}, {en}, account: kept is {}, it should be {} (credited + interest / months / product)",
            shown(kept, "nothing"),
            shown(derived, "nothing")
        ),
    )
}
