//! Why a program is not served.

use city::refusal::{Refused, Said, Sentence};

/// Why a program is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0901`: what alters something has no key.
    NoKey,
    /// `N0902`: the key was given with something else.
    OtherContent,
    /// `N0903`: what was asked under the key is being done.
    UnderWay,
    /// `N0904`: the token is not good for this.
    OutOfScope,
    /// `N0905`: a token that may not be one.
    UnfitToken,
    /// `N0906`: the login has no such token in use.
    NoToken,
    /// `N0907`: the house has not the keys for names and numbers.
    NoSecrets,
    /// `N0908`: nobody said what for.
    NoPurpose,
    /// `N0909`: the program may not be told anything there.
    OtherAddress,
    /// `N0910`: there is no such subscription of this login.
    NoSubscription,
    /// `N0911`: what it is about was altered since it was looked at.
    Altered,
}

impl Refused for Refusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        let (code, message, remedy) = match self {
            Refusal::NoKey => (
                "N0901",
                (
                    "请求没有 Idempotency-Key",
                    "the request has no Idempotency-Key",
                ),
                (
                    "为每次办理生成一个不重复的键（1 至 255 个可见字符），重试时沿用",
                    "make a key of 1 to 255 visible characters for each thing to be done, and keep it when you try again",
                ),
            ),
            Refusal::OtherContent => (
                "N0902",
                (
                    "同一键已用于内容不同的请求",
                    "the key was given before with something else",
                ),
                ("换一个新的键", "take a new key"),
            ),
            Refusal::UnderWay => (
                "N0903",
                (
                    "同一键的请求正在办理",
                    "what was asked under this key is being done",
                ),
                (
                    "稍后用同一键再问",
                    "ask again in a moment, with the same key",
                ),
            ),
            Refusal::OutOfScope => (
                "N0904",
                ("令牌的范围不包括此事", "the token is not good for this"),
                (
                    "请管理员签发范围更大的令牌",
                    "ask an administrator for a token whose scope has it",
                ),
            ),
            Refusal::UnfitToken => (
                "N0905",
                (
                    "令牌的用途、范围、期限或回调地址不合要求",
                    "the label, scope, end or callback of the token is not fit",
                ),
                (
                    "用途在该账号内不重复；范围是动作的名称；期限在将来；回调以 http:// 或 https:// 开头并含主机",
                    "the label is new for the login, the scope names actions, the end is to come, the callback has a host",
                ),
            ),
            Refusal::NoToken => (
                "N0906",
                ("没有在用的此令牌", "there is no such token in use"),
                ("用 `renshe login tokens` 查看", "see `renshe login tokens`"),
            ),
            Refusal::NoSecrets => (
                "N0907",
                (
                    "此服务没有证件号码与姓名的密钥",
                    "this service has not the keys for names and numbers",
                ),
                (
                    "请运维以 --keys 启动服务",
                    "ask whoever operates it to start it with --keys",
                ),
            ),
            Refusal::NoPurpose => (
                "N0908",
                ("没有说明查看的目的", "nobody said what it is looked at for"),
                (
                    "在请求头 Purpose 中写明目的或业务编号",
                    "say it in the header `Purpose`, such as the number of a case",
                ),
            ),
            Refusal::OtherAddress => (
                "N0909",
                ("不得向此地址发送", "nothing may be sent to this address"),
                (
                    "用签发令牌时登记的回调地址之下的地址",
                    "take one below the callback that was noted with the token",
                ),
            ),
            Refusal::NoSubscription => (
                "N0910",
                ("没有此订阅", "there is no such subscription"),
                ("核对订阅编号", "check its code"),
            ),
            Refusal::Altered => (
                "N0911",
                (
                    "自查看以来已有变动",
                    "it was altered since it was looked at",
                ),
                ("重新查看后再办理", "look at it again, and decide anew"),
            ),
        };
        let sentence = |(zh, en): (&str, &str)| Sentence {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        Said {
            code,
            message: sentence(message),
            remedy: sentence(remedy),
        }
    }
}
