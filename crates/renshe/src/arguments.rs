//! What may be typed: definitions only. Helps are checked by running each of their examples' verbs in the tests.

pub(crate) mod account;
pub(crate) mod collection;
pub(crate) mod declaration;
pub(crate) mod interest;
pub(crate) mod serve;
pub(crate) mod login;
pub(crate) mod person;
pub(crate) mod settling;
pub(crate) mod statement;
mod office;

pub(crate) use office::{
    AppliedLaw, Archive, ByHash, MonthCommand, OfMonth, Opened, Place, RunOf, Seals, Signed,
    SignedRun, StoreCommand, Verify, Which, any_month,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use measure::{Day, Month};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A city's social security, in which the law is the program.
///
/// 一座城市的社会保障：法律即程序。
#[derive(Debug, Parser)]
#[command(
    name = "renshe",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(after_help = EXITS)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The language of answers; without it LC_ALL, LC_MESSAGES or LANG decides (zh… is Chinese)
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Language>,

    /// Say more: which law folder is used, examples that passed, unused columns
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

const EXITS: &str = "\
Exit codes: 0 done as asked; 1 an error, a failed example or a refusal; 2 wrong usage;
            3 done, but some rows were refused.
Colours are left out when the output is no terminal or NO_COLOR is set.";

/// A language answers are given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Work with the law's texts and run them · 法律文本与计算
    #[command(subcommand)]
    Law(LawCommand),

    /// Make a synthetic city, assess its month, award its pensions, check it all, explain one, open its doors · 演示一座虚拟城市
    #[command(after_help = "\
Examples:
  renshe demo
  renshe demo --lang zh
  renshe demo --people 100000 --seed 7 --month 2025-06
  renshe demo --then leave

The law built into the program is used and nothing else: no file, no service, no network. Nobody in the city is real,
and the same seed makes the same city. In some months no men retire: until 2039 their age rises every four months.
In the end it opens the doors of a city to this machine alone, tells whom one may come in as, and stays until Ctrl-C.
Where no terminal reads what it says, it ends instead, unless told to stay.
Exit codes: 0 all cross-checks agree; 1 one does not, or an error; 2 wrong usage.")]
    Demo(Demo),

    /// Open the doors: pages for persons, employers and staff, and the law library · 开放网上服务
    #[command(after_help = serve::HELP)]
    Serve(serve::Serve),

    /// Who may come in: make, end and list logins · 账号
    #[command(subcommand)]
    Login(login::LoginCommand),

    /// Write the registers of a synthetic city into files, and say how close it is to published figures · 生成虚拟城市的登记数据
    #[command(after_help = "\
Examples:
  renshe synth --people 100000 --out city
  renshe synth --people 24000000 --seed 7 --out city
  renshe synth --people 100000 --out city --format csv --through 2025-03
  renshe synth --people 1000000 --out city --report json
  renshe synth --people 100000 --into sqlite:city.db --keys city.keys

Nobody in it is real: every identity number and credit code begins with 99 where an area stands. The folder gets a file
each of persons, identities, residences, households, employments, participations and employers; with --through also of
what changes each month from 2025-01. docs/reference/synthetic-city.md says what is in them, and what of it is published.
With --into the registers go into a database instead, names and numbers encrypted by the keys, which are made if need be.
Exit codes: 0 written; 1 an error; 2 wrong usage.")]
    Synth(Synth),

    /// What employers declare: take it in, take it back, see who has not, ask them to · 单位申报
    #[command(subcommand)]
    Declaration(declaration::DeclarationCommand),

    /// Run a month: assess, review, publish, credit, close · 办理一个月：核定、复核、发布、记账、结账
    #[command(subcommand)]
    Month(MonthCommand),

    /// An individual account: what stands in it and by which law, proofs, corrections by two people · 个人账户
    #[command(subcommand)]
    Account(account::AccountCommand),

    /// The interest of a year on the individual accounts: bear, review, approve, publish · 个人账户年度计息
    #[command(subcommand)]
    Interest(interest::InterestCommand),

    /// Money that came in: take it in, let it settle what is owed, say whose it is · 银行到账与分配
    #[command(subcommand)]
    Bank(collection::BankCommand),

    /// A person: household, further pillars, two records made one by two people · 人员登记
    #[command(subcommand)]
    Person(person::PersonCommand),

    /// What an employer owes, today and tomorrow · 单位欠费
    #[command(subcommand)]
    Employer(collection::EmployerCommand),

    /// Arrears paid in parts: propose, approve, see how it goes · 延期缴费
    #[command(subcommand)]
    Instalments(settling::InstalmentsCommand),

    /// What cannot be had any more, on a ground the law knows · 核销
    #[command(subcommand)]
    WriteOff(settling::WriteOffCommand),

    /// Money that goes back to whoever paid too much · 退费
    #[command(subcommand)]
    Refund(settling::RefundCommand),

    /// Derive everything that is in force again from facts and law, and name what differs · 依事实和法律重新推导并核验
    #[command(after_help = "\
Examples:
  renshe verify --db sqlite:city.db
  renshe verify --db postgres://renshe@db/renshe --format json

Every due, account, bill, total, journal, root and seal in force is compared with what it follows from, and the audit log
with its chains. Of each kind and run the first that differs is named, persons by their number only.
Exit codes: 0 all agrees; 1 something differs, or an error; 2 wrong usage.")]
    Verify(Verify),

    /// Make or migrate the database a city is kept in, and its keys · 建立或升级数据库与密钥
    #[command(subcommand)]
    Store(StoreCommand),
}

/// What can be done with the law.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum LawCommand {
    /// Check the law's texts and tell all errors at once · 检查法律文本
    #[command(after_help = "\
Examples:
  renshe law check
  renshe law check --law path/to/law --format json

Nothing is run. With --format json each message is one line of JSON, the last line the counts.
Exit codes: 0 no errors (there may be warnings); 1 errors; 2 wrong usage.")]
    Check(Check),

    /// Lay law texts out in the one way · 统一排版
    #[command(after_help = "\
Examples:
  renshe law fmt                      all texts below ./law
  renshe law fmt --check              change nothing, say which texts would change
  renshe law fmt law/cn/terms.law     one text
  renshe law fmt - < draft.law        from the input to the output, for editors

Words, figures and comments stay as written. A text with grammar errors is left alone and its errors are told.
Exit codes: 0 all laid out; 1 errors, or with --check texts that would change; 2 wrong usage.")]
    Fmt(Fmt),

    /// Run the examples beside the law · 运行法律文本旁的算例
    #[command(after_help = "\
Examples:
  renshe law test
  renshe law test retirement-month
  renshe law test cn-50/unemployment --lang zh
  renshe law test --jurisdiction cn-50 --verbose
  renshe law test --format json

FILTER keeps the examples in whose title, file or expected rules it occurs. Each example runs in the jurisdiction
whose folder it stands in. Failed ones are told with what was expected, what came out and the tolerance.
Exit codes: 0 all passed; 1 some failed, or FILTER fits none; 2 wrong usage.")]
    Test(Test),

    /// List figures and rules, and how surely each is known · 列出参数、表与规则及其可信度
    #[command(after_help = "\
Examples:
  renshe law list --jurisdiction cn-50
  renshe law list --unconfirmed
  renshe law list --jurisdiction cn-50 --as-of 2025-07-01 --format json

With --jurisdiction: the law as it holds there, what the higher law says included. Without: what each jurisdiction's
own folder says. With --as-of: only what is in force on that day; without: all of it, over all time.
A figure counts as confirmed only if every one of its values listed is.
Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    List(List),

    /// Explain one case: every rule reached, with numbers, figures and articles · 解释一人一事
    #[command(after_help = "\
Examples:
  renshe law explain statutory-retirement-month --template > facts.json
  renshe law explain statutory-retirement-month --facts facts.json --as-of 2025-03-01
  echo '{\"wage\": 8123.45}' | renshe law explain contribution-base --facts - --jurisdiction cn-50 --as-of 2025-06-30
  renshe law explain 缴费基数 --facts facts.json --jurisdiction cn-50 --format html > page.html

RULE is named in English or Chinese. Facts are a JSON object of inputs by name; --template prints one to fill in.
HTML is a page of its own in the language of --lang.
Exit codes: 0 a value; 1 refused or an error; 2 wrong usage.")]
    Explain(Explain),

    /// Run rules over a file of any number of rows · 批量计算
    #[command(after_help = "\
Examples:
  renshe law run contribution-base,employee-due --in staff.csv --out dues.csv --jurisdiction cn-50 --as-of 2025-06-30
  renshe law run statutory-retirement-month --in people.parquet --out months.parquet --key id
  renshe law run average-index --in people.csv --records contribution-years=history.csv --out index.csv --jurisdiction cn-50

Columns are named as inputs are, in English or Chinese; docs/reference/running.md says how values are written. A row
that cannot be read or is refused does not stop the others: it is listed, with the reason, beside the results in
NAME.refused.csv.
Exit codes: 0 every row has its values; 1 an error, nothing was written; 2 wrong usage; 3 some rows were refused.")]
    Run(Run),

    /// Compare two laws over the same rows: who gains, who loses, how much · 比较两部法律的影响
    #[command(after_help = "\
Examples:
  renshe law diff employee-due --with employee-rate=9% --in staff.csv --jurisdiction cn-50 --as-of 2025-06-30
  renshe law diff account-pension --with 'payout-months(60)=140' --in people.csv --by district --svg change.svg
  renshe law diff employee-due --base law --with draft-law --in staff.parquet --by employer --format csv

--with names another law folder, or changes a figure of the base law: NAME=VALUE, or NAME(KEYS)=VALUE for the row of a
table that is written so, both as law texts write them (9%, 42 yuan, 3 months, unset). The version in force on --as-of
is changed. Rows refused under either law are counted apart and never as gains or losses.
Exit codes: 0 every row compared; 1 an error; 2 wrong usage; 3 some rows were refused under a law.")]
    Diff(Diff),

    /// Print the page about a code, such as L0202 or R0101 · 解释错误代码
    #[command(after_help = "\
Examples:
  renshe law error L0202
  renshe law error              all codes

Exit codes: 0 printed; 1 no such code; 2 wrong usage.")]
    Error(Error),
}

/// Which law.
#[derive(Args, Clone, Debug)]
pub(crate) struct LawFolder {
    /// The law folder; without it ./law if there is one, else the law built into the program
    #[arg(long, value_name = "DIR")]
    pub(crate) law: Option<PathBuf>,
}

/// Whose law of which day.
#[derive(Args, Clone, Debug)]
pub(crate) struct Under {
    /// The day whose law applies, such as 2025-07-01; without it today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Day>,

    /// The jurisdiction whose law applies, such as cn-50; without it the highest one (cn)
    #[arg(long, value_name = "JURISDICTION")]
    pub(crate) jurisdiction: Option<String>,
}

/// `law check`
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    /// How messages are written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `law fmt`
#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Change nothing; say which texts would change, and exit with 1 if any
    #[arg(long)]
    pub(crate) check: bool,
    /// Texts or folders, or - for the input; without any ./law
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,
}

/// `law test`
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Keep the examples in whose title, file or expected rules this occurs
    pub(crate) filter: Option<String>,
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    /// Only the examples of this jurisdiction's own folder
    #[arg(long, value_name = "JURISDICTION")]
    pub(crate) jurisdiction: Option<String>,
    /// How the outcomes are written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `law list`
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    /// Only what is not confirmed, value by value, with its grade and note
    #[arg(long)]
    pub(crate) unconfirmed: bool,
    /// The law as it holds in this jurisdiction; without it each folder's own
    #[arg(long, value_name = "JURISDICTION")]
    pub(crate) jurisdiction: Option<String>,
    /// Only what is in force on this day; without it everything
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Day>,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `law explain`
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The rule, in English or Chinese
    pub(crate) rule: String,
    /// The facts as JSON, or - for the input
    #[arg(long, value_name = "FILE", required_unless_present = "template")]
    pub(crate) facts: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    #[command(flatten)]
    pub(crate) under: Under,
    /// How the explanation is written; JSON is in both languages
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Page,
    /// Print the facts the rule may ask for, to be filled in, and explain nothing
    #[arg(long, conflicts_with = "facts")]
    pub(crate) template: bool,
}

/// Rows to run over.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rows {
    /// The file of rows: .csv, .parquet or .arrow
    #[arg(long = "in", value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// A file of records, such as contribution-years=history.csv; one for each relation
    #[arg(long, value_name = "RELATION=FILE", value_parser = records)]
    pub(crate) records: Vec<(String, PathBuf)>,
    /// The column that tells rows apart; without it the first named id, 编号 or person
    #[arg(long, value_name = "COLUMN")]
    pub(crate) key: Option<String>,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// `law run`
#[derive(Args, Debug)]
pub(crate) struct Run {
    /// The rules, in English or Chinese, with commas between
    #[arg(value_name = "RULE", value_delimiter = ',', required = true)]
    pub(crate) rules: Vec<String>,
    #[command(flatten)]
    pub(crate) rows: Rows,
    /// Where results go: .csv, .parquet or .arrow
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    #[command(flatten)]
    pub(crate) under: Under,
    /// How the summary is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `law diff`
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// The rules, in English or Chinese, with commas between
    #[arg(value_name = "RULE", value_delimiter = ',', required = true)]
    pub(crate) rules: Vec<String>,
    /// The law before; without it ./law if there is one, else the law built into the program
    #[arg(long, value_name = "DIR")]
    pub(crate) base: Option<PathBuf>,
    /// The law after: a folder, or a changed figure of the base law (may be repeated)
    #[arg(long, value_name = "DIR|FIGURE=VALUE", required = true)]
    pub(crate) with: Vec<String>,
    #[command(flatten)]
    pub(crate) rows: Rows,
    /// The column to group by
    #[arg(long, value_name = "COLUMN")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) under: Under,
    /// Also draw a picture into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// How the table is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Sheet,
}

/// `demo`
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// How many insured the city has
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = clap::value_parser!(u64).range(1..=30_000_000))]
    pub(crate) people: u64,
    /// Which city
    #[arg(long, value_name = "S", default_value = "1")]
    pub(crate) seed: u64,
    /// The month that is assessed, 2025-01 to 2026-12
    #[arg(long, value_name = "YYYY-MM", default_value = "2025-08", value_parser = month)]
    pub(crate) month: Month,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Whether it opens the city's doors afterwards and stays; without it it stays when a terminal reads what it says
    #[arg(long, value_enum)]
    pub(crate) then: Option<Then>,
    /// Where the doors are, on this machine; without it 127.0.0.1:8080, or another port when that one is taken
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
}

/// What a demo does when it has shown everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Then {
    /// End.
    Leave,
    /// Serve the city until Ctrl-C.
    Stay,
}

/// `synth`
#[derive(Args, Clone, Debug)]
pub(crate) struct Synth {
    /// How many insured the city has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) people: u64,
    /// Which city
    #[arg(long, value_name = "S", default_value = "1")]
    pub(crate) seed: u64,
    /// The folder the files go into; it is made if need be
    #[arg(long, value_name = "DIR", required_unless_present = "into")]
    pub(crate) out: Option<PathBuf>,
    /// The database the registers go into instead, an empty one; its tables are made if need be
    #[arg(long, value_name = "URL", conflicts_with_all = ["out", "format", "through"], requires = "keys")]
    pub(crate) into: Option<String>,
    /// The keys for names and identity numbers; made if the file is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// How the files are written
    #[arg(long, value_enum, default_value = "parquet")]
    pub(crate) format: Files,
    /// Also write what changes each month from 2025-01 through this one
    #[arg(long, value_name = "YYYY-MM", value_parser = month_of_changes)]
    pub(crate) through: Option<Month>,
    /// How the comparison with published figures is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) report: Format,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// `law error`
#[derive(Args, Debug)]
pub(crate) struct Error {
    /// The code; without it all are listed
    pub(crate) code: Option<String>,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading
    Text,
    /// For programs; docs/reference/commands.md documents the keys
    Json,
}

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Files {
    /// Columns, compressed
    Parquet,
    /// Text, for everything else
    Csv,
}

/// For people, for programs or for a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    /// For reading
    Text,
    /// For programs
    Json,
    /// A page of its own
    Html,
}

/// For people, for programs or for a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    /// For reading
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| format!("{error}; write it as 2025-07-01"))
}

/// The city is known as of the end of 2024, and its wages are those of 2025.
fn month(text: &str) -> Result<Month, String> {
    let month = Month::parse(text).map_err(|error| format!("{error}; write it as 2025-08"))?;
    if !(2025..=2026).contains(&month.year().number()) {
        return Err("the city is made for 2025-01 to 2026-12".into());
    }
    Ok(month)
}

fn month_of_changes(text: &str) -> Result<Month, String> {
    let month = Month::parse(text).map_err(|error| format!("{error}; write it as 2025-03"))?;
    if !(2025..=2050).contains(&month.year().number()) {
        return Err("changes are made for 2025-01 to 2050-12".into());
    }
    Ok(month)
}

fn records(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((relation, file)) if !relation.is_empty() && !file.is_empty() => {
            Ok((relation.to_owned(), file.into()))
        }
        _ => Err("write RELATION=FILE, such as contribution-years=history.csv".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory;

    #[test]
    fn definitions_agree_with_each_other() {
        Arguments::command().debug_assert();
    }
}
