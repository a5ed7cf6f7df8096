//! What the audit log calls what was done, in words.

use measure::Words;

macro_rules! acts {
    ($($action:literal $zh:literal $en:literal;)*) => {
        /// Each action of the log with its words.
        const ACTS: &[(&str, Words)] = &[$(($action, Words::new($zh, $en)),)*];
    };
}

acts! {
    "account.approve" "批准调整账户" "approved an entry in an account";
    "account.decline" "未批准调整账户" "declined an entry in an account";
    "account.post" "申请调整账户" "asked for an entry in an account";
    "account.proof" "取得证明" "took a proof along";
    "account.read" "查看缴费和账户" "saw contributions and accounts";
    "account.reverse" "申请冲正" "asked to reverse an entry";
    "account.statement" "查看对账单" "saw the statement of accounts";
    "account.waiting" "查看待批的账户调整" "saw an entry that waits";
    "audit.read" "查看日志" "saw this log";
    "collect.allocate" "清偿欠费" "let money settle what is owed";
    "collect.clarify" "确认来款归属" "said whose money it is";
    "collect.receive" "收银行文件" "took a bank's file in";
    "collect.undo" "撤回归属" "took back whose money it is";
    "collect.waiting" "查看待确认来款" "saw money that waits";
    "correction.approve" "批准更正" "approved a correction";
    "correction.ask" "申请更正" "asked for a correction";
    "correction.decline" "未批准更正" "declined a correction";
    "correction.read" "查看更正申请" "saw a request for correction";
    "correction.waiting" "查看待批的更正" "saw a correction that waits";
    "declaration.chase" "催报" "chased a declaration";
    "declaration.check" "试填申报" "tried a declaration";
    "declaration.draft" "准备申报" "prepared a declaration";
    "declaration.look" "查看申报草稿" "saw a declaration being prepared";
    "declaration.read" "查看申报" "saw a declaration";
    "declaration.register" "登记新参保人" "registered a person by a declaration";
    "declaration.submit" "申报" "declared";
    "declaration.undo" "撤回申报" "took a declaration back";
    "dues.read" "查看应缴" "saw what is owed";
    "employer.find" "查找单位" "found the employer";
    "employer.read" "查看单位资料" "saw the employer's record";
    "entry.approve" "批准调整账户" "approved an entry in the account";
    "entry.ask" "申请调整账户" "asked for an entry in the account";
    "figures.read" "查看全市数字" "saw the city's figures";
    "instalments.ask" "申请分期" "asked for instalments";
    "interest.bear" "计息" "let accounts bear interest";
    "login.add" "建立账号" "made a login";
    "login.bind" "绑定外部身份" "bound an identity from outside to a login";
    "login.end" "终止账号" "ended a login";
    "login.secret" "更换密码" "gave a login another secret";
    "login.unbind" "解除外部身份" "unbound an identity from outside";
    "month.approve" "批准当月" "approved a month's run";
    "month.archive" "归档" "archived a month";
    "month.close" "关账" "closed a month";
    "month.credit" "记账" "credited accounts";
    "month.differ" "计算差额" "computed differences";
    "month.discard" "放弃计算" "gave a run up";
    "month.open" "开账" "opened a month";
    "month.publish" "生效" "put a run in force";
    "month.read" "查看当月" "saw a month";
    "passkey.add" "添加通行密钥" "added a passkey";
    "passkey.lost" "作废通行密钥" "took lost passkeys away";
    "passkey.refuse" "拒绝可疑的通行密钥" "refused a passkey that may be a copy";
    "passkey.remove" "移除通行密钥" "removed a passkey";
    "person.find" "查找人员" "found the person";
    "person.household" "登记家庭关系" "recorded the household";
    "person.merge.approve" "批准合并或撤销合并" "approved that two records are one, or are not";
    "person.merge.ask" "申请合并或撤销合并" "asked that two records be one, or be parted";
    "person.merge.decline" "未批准合并申请" "declined a request about two records";
    "person.merge.read" "查看合并申请" "saw a request about two records";
    "person.pillar" "登记补充保险" "recorded a further pillar";
    "person.read" "查看登记资料" "saw the register's record";
    "person.register" "登记人员" "registered the person";
    "person.update" "变更登记" "altered the register";
    "reform.try" "试算改动的法律" "tried a changed law";
    "session.begin" "登录" "came in";
    "session.end" "退出" "went out";
    "session.end-all" "在所有设备上退出" "went out everywhere";
    "subscription.add" "订阅" "subscribed";
    "subscription.end" "退订" "unsubscribed";
    "token.add" "签发令牌" "made a token";
    "token.end" "终止令牌" "ended a token";
}

/// An action in words; `None` where it has none.
pub(crate) fn act(action: &str) -> Option<Words> {
    let found = ACTS.iter().find(|(name, _)| *name == action);
    found.map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::ACTS;
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::{fs, io};

    /// Texts of the form `noun.verb` in what the office notes.
    fn noted(folder: &Path, found: &mut BTreeSet<String>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                noted(&path, found)?;
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let noting = text.lines().filter(|line| line.contains("note"));
            for text in noting.flat_map(|line| line.split('"').skip(1).step_by(2)) {
                let is_act = text.split_once('.').is_some_and(|(noun, verb)| {
                    let plain = |part: &str| {
                        !part.is_empty()
                            && part
                                .bytes()
                                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                    };
                    plain(noun) && plain(verb)
                });
                if is_act {
                    found.insert(text.to_owned());
                }
            }
        }
        Ok(())
    }

    #[test]
    fn whatever_the_office_notes_has_words() {
        let office = Path::new(env!("CARGO_MANIFEST_DIR")).join("../office/src");
        let mut found = BTreeSet::new();
        noted(&office, &mut found).expect("the office's files are read");
        assert!(10 < found.len(), "{found:?}");
        let known: BTreeSet<&str> = ACTS.iter().map(|(name, _)| *name).collect();
        let mute: Vec<&String> = found
            .iter()
            .filter(|one| !known.contains(one.as_str()))
            .collect();
        assert!(mute.is_empty(), "{mute:?}");
        assert_eq!(known.len(), ACTS.len());
    }
}
