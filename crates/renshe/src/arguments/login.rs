//! What may be typed about logins.

use super::{Format, Place, Signed};
use clap::{Args, Subcommand, ValueEnum};

/// What can be done with logins.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum LoginCommand {
    /// Let somebody in from now on; the secret is a line of the input · 设立账号
    #[command(after_help = "\
Examples:
  renshe login add li@500103 --role clerk --district 500103 --as admin < secret.txt
  renshe login add wang --role person --person 2041 --as admin < secret.txt
  renshe login add jia-gongsi --role agent --employer 17 --as admin < secret.txt

The secret is never an argument, where others on the machine could see it. It has at least 12 characters.
Exit codes: 0 made; 1 refused, or an error; 2 wrong usage.")]
    Add(Add),

    /// Let nobody in by a login any more, and let out who is · 终止账号
    #[command(after_help = "\
Examples:
  renshe login end li@500103 --as admin

The name is not used again, as the audit log knows who did what by it.
Exit codes: 0 ended; 1 refused, or an error; 2 wrong usage.")]
    End(Named),

    /// Give a login another secret, a line of the input, and let out who is in by it · 更换密码
    #[command(after_help = "\
Examples:
  renshe login secret li@500103 --as admin < secret.txt

Exit codes: 0 changed; 1 refused, or an error; 2 wrong usage.")]
    Secret(Named),

    /// List logins, ended ones too · 列出账号
    #[command(after_help = "\
Examples:
  renshe login list
  renshe login list --db postgres://renshe@db/renshe --format json

Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    List(List),

    /// Let somebody in by the word of an identity provider · 绑定外部身份
    #[command(after_help = "\
Examples:
  renshe login bind li@500103 --issuer https://id.example --subject 40a7-11 --as admin
  renshe login bind li@500103 --issuer https://id.example --claim employee-number --subject 7731 --as admin

The provider is named as it names itself, and the claim as `who` of its settings does. Who tries to come in unbound is shown both.
Exit codes: 0 bound; 1 refused, or an error; 2 wrong usage.")]
    Bind(Bind),

    /// Let nobody in by this word any more, and let out who is · 解除外部身份
    #[command(after_help = "\
Examples:
  renshe login unbind --issuer https://id.example --subject 40a7-11 --as admin

Exit codes: 0 undone; 1 refused, or an error; 2 wrong usage.")]
    Unbind(Unbind),

    /// List by whose word a login lets in, ended ones too · 列出外部身份
    #[command(after_help = "\
Examples:
  renshe login bound li@500103

Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    Bound(Tokens),

    /// Remove the passkeys of a login whose owner has lost them, and let out who is in by it · 通行密钥遗失
    #[command(after_help = "\
Examples:
  renshe login lost li@500103 --as admin

Exit codes: 0 removed; 1 refused, or an error; 2 wrong usage.")]
    Lost(Named),

    /// Make a token by which a program comes in; it is printed once and kept nowhere · 签发令牌
    #[command(after_help = "\
Examples:
  renshe login token li@500103 --label payroll --as admin
  renshe login token exchange --label registry --scope person.find --scope person.read --days 365 --callback https://a.example/dci --as admin

Without --scope it is good for all the login may do. Messages are sent only to addresses that begin with --callback.
Exit codes: 0 made; 1 refused, or an error; 2 wrong usage.")]
    Token(Token),

    /// List the tokens of a login, ended ones too; never what its program holds · 列出令牌
    #[command(after_help = "\
Examples:
  renshe login tokens li@500103

Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    Tokens(Tokens),

    /// Let no program in by a token any more · 终止令牌
    #[command(after_help = "\
Examples:
  renshe login revoke li@500103 --label payroll --as admin

Exit codes: 0 ended; 1 refused, or an error; 2 wrong usage.")]
    Revoke(Revoke),
}

/// As what somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LoginRole {
    /// 个人
    Person,
    /// 单位经办人
    Agent,
    /// 经办人员
    Clerk,
    /// 复核人员
    Supervisor,
    /// 审计人员
    Auditor,
    /// 规划人员
    Planner,
    /// 系统管理员
    Administrator,
}

/// `login add`
#[derive(Args, Debug)]
pub(crate) struct Add {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// As what it lets in
    #[arg(long, value_enum)]
    pub(crate) role: LoginRole,
    /// The person it is for, by number in the register
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) person: Option<i64>,
    /// The employer it is for, by number in the register
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..), conflicts_with = "person")]
    pub(crate) employer: Option<i64>,
    /// The district it is for; without it the whole city
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(i32).range(100_000..=999_999))]
    pub(crate) district: Option<i32>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// A login by its name.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `login list`
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `login token`
#[derive(Args, Debug)]
pub(crate) struct Token {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: String,
    /// An action it is good for, such as person.read; may be given more than once
    #[arg(long, value_name = "ACTION")]
    pub(crate) scope: Vec<String>,
    /// For how many days
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub(crate) days: i64,
    /// The beginning of the addresses at which its program may be told something
    #[arg(long, value_name = "URL")]
    pub(crate) callback: Option<String>,
    /// The public Ed25519 key its messages are signed with, as 64 hexadecimal digits
    #[arg(long, value_name = "KEY")]
    pub(crate) signs_with: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `login tokens`
#[derive(Args, Debug)]
pub(crate) struct Tokens {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `login revoke`
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// The word of an identity provider.
#[derive(Args, Debug)]
pub(crate) struct Word {
    /// The provider, as it names itself
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: String,
    /// What it says of who comes
    #[arg(long, value_name = "WORD")]
    pub(crate) subject: String,
    /// The claim in which it says so
    #[arg(long, value_name = "CLAIM", default_value = "sub")]
    pub(crate) claim: String,
}

/// `login bind`
#[derive(Args, Debug)]
pub(crate) struct Bind {
    /// The login's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) word: Word,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `login unbind`
#[derive(Args, Debug)]
pub(crate) struct Unbind {
    #[command(flatten)]
    pub(crate) word: Word,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}
