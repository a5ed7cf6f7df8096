//! Why nobody is let in, in both languages.

use city::refusal::{Refused, Said, Sentence};

/// Why nobody is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0604`: the login or the secret is not right; which of them is not said.
    NotRight,
    /// `N0605`: a secret that may not be one.
    UnfitSecret,
    /// `N0606`: the name is taken, or is none.
    NameTaken,
    /// `N0607`: there is no such login in use.
    NoLogin,
    /// `N0608`: the role needs a person or an employer, or must have none.
    UnfitParty,
    /// `N0609`: what was begun to come in was ended before, is too old, or was begun in another browser.
    NoAttempt,
    /// `N0610`: the word of another house is nobody's here.
    Unbound,
    /// `N0611`: somebody comes in by this word already.
    BoundAlready,
    /// `N0612`: the login that the word is bound to has ended.
    EndedLogin,
    /// `N0613`: this way is not for logins of this kind.
    OtherKind,
    /// `N0614`: the login needs a passkey, and a secret alone goes no further than to add one.
    NeedsPasskey,
    /// `N0615`: the passkey is none in use, or its answer does not hold.
    NoPasskey,
    /// `N0616`: by its own count the passkey was used elsewhere: there are two of it.
    TwoOfPasskey,
    /// `N0617`: a passkey that may not be added.
    UnfitPasskey,
    /// `N0618`: whoever has a passkey adds another by it, not by a secret.
    ByPasskeyOnly,
}

impl Refused for Refusal {
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn said(&self) -> Said {
        let (code, zh, en, remedy_zh, remedy_en) = match self {
            Refusal::NotRight => (
                "N0604",
                "账号或密码不正确",
                "the login or the secret is not right",
                "检查大小写和输入法后再试",
                "check capitals and the input method, and try again",
            ),
            Refusal::UnfitSecret => (
                "N0605",
                "密码过短或过长",
                "the secret is too short or too long",
                "至少 12 个字符，不超过 256 字节",
                "take at least 12 characters and at most 256 bytes",
            ),
            Refusal::NameTaken => (
                "N0606",
                "账号名已用过，或不是账号名",
                "the name was used before, or is none",
                "换一个名字；终止的账号的名字不再使用",
                "choose another; the name of an ended login is not used again",
            ),
            Refusal::NoLogin => (
                "N0607",
                "没有在用的此账号",
                "there is no login in use of this name",
                "用 `renshe login list` 查看",
                "see `renshe login list`",
            ),
            Refusal::UnfitParty => (
                "N0608",
                "角色与所属不符",
                "the role and whom it is for do not go together",
                "个人账号指明人员，单位经办人账号指明单位，其余都不指明",
                "a person's login names a person, an agent's an employer, all others neither",
            ),
            Refusal::NoAttempt => (
                "N0609",
                "这次登录已用过、已过期，或不是在此浏览器开始的",
                "this sign-in was used, is too old, or was not begun in this browser",
                "从登录页重新开始",
                "start again from the page for signing in",
            ),
            Refusal::Unbound => (
                "N0610",
                "此外部身份没有对应的账号",
                "no login here is bound to this identity",
                "请管理员用 `renshe login bind` 绑定账号",
                "have an administrator bind it to a login: `renshe login bind`",
            ),
            Refusal::BoundAlready => (
                "N0611",
                "此外部身份已绑定账号",
                "this identity is bound to a login already",
                "先用 `renshe login unbind` 解除，再绑定",
                "undo it by `renshe login unbind` before you bind it anew",
            ),
            Refusal::EndedLogin => (
                "N0612",
                "此身份对应的账号已终止",
                "the login this identity is bound to has ended",
                "请管理员设立新账号并重新绑定",
                "have an administrator make another login and bind the identity to it",
            ),
            Refusal::OtherKind => (
                "N0613",
                "这种登录方式不适用于此类账号",
                "this way of signing in is not for logins of this kind",
                "换用登录页上的其他方式",
                "use another way on the page for signing in",
            ),
            Refusal::NeedsPasskey => (
                "N0614",
                "此账号须用通行密钥登录",
                "this login needs a passkey",
                "在“设置”中添加通行密钥，然后用它登录",
                "add one in the settings, then sign in with it",
            ),
            Refusal::NoPasskey => (
                "N0615",
                "通行密钥不在用，或未通过验证",
                "the passkey is not in use, or what it says does not hold",
                "换一个通行密钥或其他方式登录，再在“设置”中添加",
                "sign in another way, and add it in the settings",
            ),
            Refusal::TwoOfPasskey => (
                "N0616",
                "这个通行密钥可能已被复制",
                "there may be a copy of this passkey",
                "用其他方式登录，在“设置”中移除它，并告知管理员",
                "sign in another way, remove it in the settings, and tell an administrator",
            ),
            Refusal::UnfitPasskey => (
                "N0617",
                "这个通行密钥不能添加",
                "this passkey cannot be added",
                "名称为 1 至 60 个字符，最多 20 个；已添加的设备不再添加",
                "name it in 1 to 60 characters, have 20 at most, and add each device once",
            ),
            Refusal::ByPasskeyOnly => (
                "N0618",
                "已有通行密钥，须用它登录后再添加或移除",
                "there is a passkey already: add and remove others after signing in with it",
                "退出后用通行密钥登录；遗失的请管理员用 `renshe login lost` 处理",
                "sign in with the passkey; for a lost one ask an administrator: `renshe login lost`",
            ),
        };
        Said {
            code,
            message: Sentence {
                zh: zh.to_owned(),
                en: en.to_owned(),
            },
            remedy: Sentence {
                zh: remedy_zh.to_owned(),
                en: remedy_en.to_owned(),
            },
        }
    }
}
