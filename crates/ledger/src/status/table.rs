//! The statuses, first in precedence first.

use super::Title;
use crate::words::words;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident $code:literal $zh:literal / $en:literal
        mend $mend_zh:literal / $mend_en:literal;)*) => {
        /// Why a command was refused.
        ///
        /// # Precedence
        ///
        /// Several reasons may hold at once; the one returned is the first of them in the order below, so the same command
        /// against the same book always gets the same answer. First what cannot be written down at all, then what the book
        /// already knows of the key (so that a retry is answered alike however much has happened since), then whether the
        /// journal named is in a state to be settled or reversed, then the new journal by itself, then the book's months
        /// and balances. Seals and proofs, which are no commands, stand last.
        ///
        /// # Comparison
        ///
        /// By precedence: the lesser is returned.
        ///
        /// # Codes
        ///
        /// Each has a stable code and a page in `docs/reference/errors`. A code is never given another meaning; a status
        /// that comes later has the next free number of its group, wherever it stands in the order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Status {
            $($(#[$doc])* #[doc = concat!("\n\n`", $code, "`")] $name,)*
        }

        /// Every status with its code, its names and how to mend it, in order of precedence.
        pub const TITLES: &[Title] = &[
            $(Title {
                status: Status::$name,
                code: $code,
                names: words($zh, $en),
                remedy: words($mend_zh, $mend_en),
            },)*
        ];
    };
}

statuses! {
    /// An idempotency key is empty, longer than 200 bytes, or has white space or control characters.
    KeyUnusable "B0101" "幂等键不可用" / "a key that cannot be used"
        mend "键为 1 至 200 字节，不含空白和控制字符"
        / "give a key of 1 to 200 bytes without white space and control characters";
    /// A code of fund or heading stands for nothing.
    AccountUnknown "B0102" "没有这个科目" / "an unknown account"
        mend "核对基金与科目代码" / "check the codes of fund and heading against the chart of accounts";
    /// The chart does not have this heading for this fund.
    AccountNotOfFund "B0103" "该基金没有这个科目" / "an account its fund does not have"
        mend "核对科目表；可能应记入另一基金" / "see the chart of accounts; it may belong to another fund";
    /// A holder's kind and number do not go together.
    HolderUnknown "B0104" "户不可用" / "a holder that cannot be"
        mend "区县用六位代码，单位和个人用大于零的编号"
        / "name a district by its six digits, an employer or person by a number above zero";
    /// The key is known, and what it stands for is not what was sent now.
    ExistsWithDifferentContent "B0201" "同一幂等键已用于不同内容" / "the key is taken by other content"
        mend "重试须原样重发；另一笔分录请用新的键"
        / "send a retry exactly as it was sent first, and give another journal a key of its own";
    /// A journal of the kind "reversal" was sent as if it were any other.
    ReversalByHand "B0202" "冲销分录不能手工录入" / "a reversal entered by hand"
        mend "用冲销命令，指明被冲销的分录" / "use the command to reverse, and name the journal it reverses";
    /// There is no journal with the key to be reversed.
    ToReverseNotFound "B0301" "没有要冲销的分录" / "nothing to reverse by that key"
        mend "核对被冲销分录的键" / "check the key of the journal to be reversed";
    /// The journal to be reversed is itself a reversal.
    ReversesReversal "B0302" "不能冲销冲销分录" / "a reversal is not reversed"
        mend "重新记一笔分录" / "enter the journal again under a new key";
    /// The journal to be reversed is only prepared.
    ReversesPending "B0303" "分录尚未过账，不能冲销" / "a pending journal is not reversed"
        mend "作废该分录" / "void it instead";
    /// The journal to be reversed was voided.
    ReversesVoid "B0304" "分录已作废，不能冲销" / "a void journal is not reversed"
        mend "已作废的分录没有影响，无须冲销" / "nothing is to be done: a void journal has no effect";
    /// The journal was reversed before, under another key.
    AlreadyReversed "B0305" "分录已被冲销" / "already reversed"
        mend "查看冲销它的分录" / "look at the journal that reversed it";
    /// There is no journal with the key to be posted or voided.
    PendingNotFound "B0401" "没有待过账的分录" / "nothing pending by that key"
        mend "核对键；或先录入待过账分录" / "check the key, or prepare the journal first";
    /// The journal to be posted or voided was posted at once and never pending.
    NotPending "B0402" "分录为直接过账" / "it was never pending"
        mend "直接过账的分录用冲销更正" / "correct a journal that was posted at once by reversing it";
    /// The journal to be posted or voided was posted before.
    AlreadyPosted "B0403" "分录已过账" / "already posted"
        mend "要撤回，用冲销" / "to take it back, reverse it";
    /// The journal to be posted or voided was voided before.
    AlreadyVoid "B0404" "分录已作废" / "already void"
        mend "用新的键重新录入" / "prepare it again under a new key";
    /// Posted, voided or reversed on a day before the journal's own.
    DayBeforeJournal "B0405" "日期早于分录" / "a day before the journal's own"
        mend "用分录当日或以后的日期" / "give the journal's day or a later one";
    /// The journal has no lines.
    NoLines "B0501" "分录没有行" / "a journal without lines"
        mend "至少记一借一贷" / "give it at least one debit and one credit";
    /// A line's amount is zero or negative.
    AmountNotPositive "B0502" "金额不为正" / "an amount that is not positive"
        mend "金额大于零；方向用借贷表示" / "give amounts above zero, and turn the side instead of the sign";
    /// The account is not held by such a holder.
    HolderNotOfAccount "B0503" "科目不按这种户核算" / "a holder the account does not have"
        mend "核对科目表中该科目的户" / "see in the chart who may hold the account";
    /// A journal of this kind does not touch the account on this side.
    AccountNotOfKind "B0504" "该类分录不涉及这个科目或方向" / "an account this kind of journal does not touch"
        mend "核对分录种类；改正差错用“更正”" / "check the kind of journal; to mend a mistake, use a correction";
    /// The journal's day does not lie in its month.
    DayOutsideMonth "B0505" "日期不在所属月份" / "a day outside the month"
        mend "日期与记账月份一致；补记以前月份，记在当前月份"
        / "book on a day of the month; what belongs to an earlier month is booked as a difference in this one";
    /// Within one fund, debits and credits differ.
    Unbalanced "B0506" "借贷不平" / "debits and credits differ"
        mend "每个基金各自借贷相等；跨基金的部分记“基金间往来”"
        / "balance each fund on its own, with settlement for what passes between them";
    /// Over all funds, debits and credits of settlement differ.
    SettlementUnequal "B0507" "基金间往来不相等" / "settlement does not meet"
        mend "一基金记借，另一基金须同额记贷"
        / "give one fund's debit of settlement its credit of the same amount in another fund";
    /// The month is sealed.
    PeriodSealed "B0601" "月份已封账" / "the month is sealed"
        mend "在未封账的月份记差额" / "book the difference in a month that is open";
    /// A month between this one and the last sealed one is not sealed.
    SealSkipsMonth "B0602" "封账不能跳月" / "a month was skipped"
        mend "按月依次封账" / "seal the months in order, each after the one before";
    /// A total would exceed what can be held.
    TooLarge "B0603" "合计超出范围" / "a total is too large"
        mend "核对金额的单位是否为分" / "check that the amounts are in fen";
    /// A bound of the account does not allow it: more taken than is there.
    BeyondBalance "B0604" "余额不足" / "the balance does not suffice"
        mend "核对余额；已被使用的先冲销使用它的分录"
        / "check the balance; reverse first what has used it since";
    /// A seal's hash is not that of its content.
    SealAltered "B0701" "封账内容与哈希不符" / "a seal that was altered"
        mend "与备份和外部留存的封账哈希比对" / "compare with backups and with the hashes kept elsewhere";
    /// A seal does not follow the one before it.
    ChainBroken "B0702" "封账链断裂" / "the chain of seals is broken"
        mend "查找缺失、重复或被替换的封账" / "look for a seal that is missing, doubled or replaced";
    /// A row is not proven to belong to the root.
    NotProven "B0703" "证明不成立" / "a proof that does not hold"
        mend "核对该行、证明与封账是否同一次运行"
        / "check that row, proof and seal are of the same run; if they are, the row was altered";
}
