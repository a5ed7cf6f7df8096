//! *How far is a run over the whole city, and who may take it further?*
//!
//! A month is worked in runs. One assesses what everybody owes, one credits what was paid to the accounts, one bears the
//! year's interest, and runs of differences carry what became known late. Each computes beside what is published, is looked
//! at, is approved by somebody else than its maker, who names the exact content seen, and is published as a whole. What is
//! published is never altered; another run adds to it.
//!
//! ```text
//! open ──► computing ──► computed ──► approved ──► published ──► closed
//!   └──────────┴────────────┴────────────┴──► discarded
//! ```

use crate::insurance::Scheme;
use crate::numbered::{ids, kinds};
use crate::refusal::{Refused, Said, errors, said};
use ledger::Digest;
use measure::{Moment, Month};

ids! {
    /// The number of a run.
    RunId;
}

kinds! {
    /// What a run does.
    RunKind {
        /// Says what everybody owes for a month.
        Assessment = 1 "核定" / "assessment",
        /// Credits what was paid to the accounts.
        Crediting = 2 "记账" / "crediting",
        /// Bears the year's interest on the employees' accounts.
        Interest = 3 "职工账户计息" / "interest of employees' accounts",
        /// Says what a month's dues differ by, now that more is known.
        Difference = 4 "差额核定" / "difference",
        /// Bears the year's interest on the residents' accounts: its rate is announced by itself.
        ResidentInterest = 5 "居民账户计息" / "interest of residents' accounts",
    }
}

impl RunKind {
    /// What bears the interest of a scheme's accounts; `None` where it has none.
    #[must_use]
    pub const fn interest_of(scheme: Scheme) -> Option<RunKind> {
        match scheme {
            Scheme::EmployeePension => Some(RunKind::Interest),
            Scheme::ResidentPension => Some(RunKind::ResidentInterest),
            _ => None,
        }
    }

    /// The scheme whose accounts bear interest by it.
    #[must_use]
    pub const fn bears(self) -> Option<Scheme> {
        match self {
            RunKind::Interest => Some(Scheme::EmployeePension),
            RunKind::ResidentInterest => Some(Scheme::ResidentPension),
            RunKind::Assessment | RunKind::Crediting | RunKind::Difference => None,
        }
    }
}

kinds! {
    /// How far a run is.
    RunState {
        /// Opened; nothing is computed yet.
        Open = 1 "已开启" / "open",
        /// Being computed; some of its chunks are there.
        Computing = 2 "计算中" / "computing",
        /// All there and proven, waiting for a second person.
        Computed = 3 "待复核" / "computed",
        /// A second person has looked at exactly this content.
        Approved = 4 "已复核" / "approved",
        /// In force.
        Published = 5 "已发布" / "published",
        /// Given up before it was published.
        Discarded = 6 "已作废" / "discarded",
        /// In force, and its month is sealed.
        Closed = 7 "已结账" / "closed",
    }
}

impl RunState {
    /// Whether what it found is in force.
    #[must_use]
    pub const fn in_force(self) -> bool {
        matches!(self, RunState::Published | RunState::Closed)
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// What it does.
    pub kind: RunKind,
    /// For which month.
    pub month: Month,
    /// How far it is.
    pub state: RunState,
    /// Which text of the law it applies: a hash over all of it.
    pub law: String,
    /// It knows what was recorded up to this moment, and nothing later, however long it takes.
    pub facts_known: Moment,
    /// How many numbers of persons make a chunk.
    pub chunk_size: i64,
    /// How many chunks there are.
    pub chunks: i64,
    /// Who opened it.
    pub made_by: String,
    /// What its content comes down to, once computed: a hash over all its rows and totals.
    pub content: Option<Digest>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

/// Why a run is not taken further. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0101`: there is no such run in the month.
    NoRun {
        /// Of which kind.
        kind: RunKind,
        /// In which month.
        month: Month,
    },
    /// `N0102`: there is one of this kind already.
    Exists {
        /// It.
        run: RunId,
        /// How far it is.
        state: RunState,
    },
    /// `N0103`: it is not in the state for this step.
    State {
        /// It.
        run: RunId,
        /// How far it is.
        state: RunState,
        /// How far it should be.
        wanted: RunState,
    },
    /// `N0104`: who made it may not approve it.
    MakerIsChecker {
        /// Who.
        maker: String,
    },
    /// `N0105`: its content is not the one that was looked at.
    OtherContent {
        /// What it is now.
        content: Digest,
    },
    /// `N0106`: the law is not the one the run was opened with.
    OtherLaw {
        /// What the run was opened with.
        opened_with: String,
    },
    /// `N0107`: an earlier month is not done.
    Earlier {
        /// Which.
        month: Month,
    },
    /// `N0108`: the month is closed.
    Closed {
        /// Which.
        month: Month,
    },
    /// `N0109`: what was computed in two ways came out differently.
    Unequal {
        /// What was compared.
        what: String,
        /// One way.
        one: i128,
        /// The other.
        other: i128,
    },
    /// `N0110`: not all chunks are there.
    Missing {
        /// How many are not.
        chunks: i64,
    },
    /// `N0111`: nothing of the month is in force that there could be a difference to.
    NothingInForce {
        /// Which.
        month: Month,
    },
    /// `N0112`: another run is at work on the accounts.
    AtWork {
        /// It.
        run: RunId,
        /// What it does.
        kind: RunKind,
        /// For which month.
        month: Month,
    },
    /// `N0113`: the accounts it was made from are no longer those in force.
    Overtaken {
        /// It.
        run: RunId,
    },
}

impl Run {
    /// The same run, taken to another state.
    #[must_use]
    pub fn in_state(self, state: RunState) -> Run {
        Run { state, ..self }
    }

    /// Whether this person may approve the run, having looked at this content.
    ///
    /// # Errors
    ///
    /// `N0103`, `N0104`, `N0105`.
    pub fn may_be_approved(&self, by: &str, looked_at: &str) -> Result<(), Refusal> {
        if self.state != RunState::Computed {
            return Err(self.not_in(RunState::Computed));
        }
        if by == self.made_by {
            return Err(Refusal::MakerIsChecker {
                maker: self.made_by.clone(),
            });
        }
        let content = self.content.unwrap_or(Digest::ZERO);
        if !self.is_content(looked_at) {
            return Err(Refusal::OtherContent { content });
        }
        Ok(())
    }

    /// Whether this is its content's hash, or the beginning of it that a person types: sixteen digits are not met by chance.
    #[must_use]
    pub fn is_content(&self, looked_at: &str) -> bool {
        let content = self.content.unwrap_or(Digest::ZERO);
        16 <= looked_at.len() && content.to_string().starts_with(looked_at)
    }

    /// Whether the run may be computed on, under this text of the law.
    ///
    /// # Errors
    ///
    /// `N0103`, `N0106`.
    pub fn may_be_computed(&self, law: &str) -> Result<(), Refusal> {
        if !matches!(self.state, RunState::Open | RunState::Computing) {
            return Err(self.not_in(RunState::Open));
        }
        if law != self.law {
            return Err(Refusal::OtherLaw {
                opened_with: self.law.clone(),
            });
        }
        Ok(())
    }

    /// That the run is not in the state that a step asks for.
    #[must_use]
    pub fn not_in(&self, wanted: RunState) -> Refusal {
        Refusal::State {
            run: self.id,
            state: self.state,
            wanted,
        }
    }
}

errors!(Refusal);

impl Refused for Refusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        use rules::explain::Lang::{En, Zh};
        match self {
            Refusal::NoRun { kind, month } => said(
                "N0101",
                (
                    format!("{month} 没有{}", kind.name(Zh)),
                    format!("there is no {} of {month}", kind.name(En)),
                ),
                (
                    "先用 `renshe month open` 开启该月，或核对月份",
                    "open the month with `renshe month open`, or check the month",
                ),
            ),
            Refusal::Exists { run, state } => said(
                "N0102",
                (
                    format!("该月已有运行 {run}（{}）", state.name(Zh)),
                    format!("the month has run {run} already ({})", state.name(En)),
                ),
                (
                    "继续该运行：`renshe month assess`",
                    "go on with that run: `renshe month assess`",
                ),
            ),
            Refusal::State { run, state, wanted } => said(
                "N0103",
                (
                    format!(
                        "运行 {run} 处于“{}”，这一步要求“{}”",
                        state.name(Zh),
                        wanted.name(Zh)
                    ),
                    format!(
                        "run {run} is {}; for this step it must be {}",
                        state.name(En),
                        wanted.name(En)
                    ),
                ),
                (
                    "`renshe month review` 显示其状态，`renshe month --help` 列出各步",
                    "`renshe month review` shows its state, `renshe month --help` lists the steps",
                ),
            ),
            Refusal::MakerIsChecker { maker } => said(
                "N0104",
                (
                    format!("{maker} 开启了该运行，不能由本人复核"),
                    format!("{maker} opened this run and may not approve it"),
                ),
                (
                    "请另一名经办人员查看并复核",
                    "have a second person look at it and approve it",
                ),
            ),
            Refusal::OtherContent { content } => said(
                "N0105",
                (
                    format!("所看内容与现有内容（{content:.16}…）不一致"),
                    format!("what was looked at is not the content ({content:.16}…)"),
                ),
                (
                    "用 `renshe month review` 重新查看，并以其显示的摘要复核（至少十六位）",
                    "look again with `renshe month review` and approve the hash it shows, at least sixteen digits of it",
                ),
            ),
            Refusal::OtherLaw { opened_with } => said(
                "N0106",
                (
                    format!("法律文本已变更；该运行以 {opened_with:.16}… 开启"),
                    format!(
                        "the law's text has changed; the run was opened with {opened_with:.16}…"
                    ),
                ),
                (
                    "用原文本继续；或作废后以新文本重新开启",
                    "go on with the former text; or discard the run and open it anew",
                ),
            ),
            Refusal::Earlier { month } => said(
                "N0107",
                (
                    format!("较早的 {month} 尚未办结"),
                    format!("the earlier month {month} is not done"),
                ),
                (format!("先办结 {month}"), format!("finish {month} first")),
            ),
            Refusal::Closed { month } => said(
                "N0108",
                (
                    format!("{month} 已结账封存"),
                    format!("{month} is closed and sealed"),
                ),
                (
                    "已封存的月份不再改动；此后查明的变动列入未封存的月份",
                    "a sealed month is not altered; what became known since belongs to a month that is open",
                ),
            ),
            Refusal::Unequal { what, one, other } => said(
                "N0109",
                (
                    format!("{what}两种算法不等：{one} 与 {other}"),
                    format!("{what} came out differently in two ways: {one} and {other}"),
                ),
                (
                    "不要发布；请报告程序问题",
                    "do not publish; report it as a fault of the program",
                ),
            ),
            Refusal::NothingInForce { month } => said(
                "N0111",
                (
                    format!("{month} 的核定尚未发布，没有可比的应缴"),
                    format!(
                        "the assessment of {month} is not in force, so nothing can differ from it"
                    ),
                ),
                (
                    "该月的核定会包含现在所知；先用 `renshe month assess` 与 `renshe month publish` 办完",
                    "the assessment itself will hold what is known now; finish it with `renshe month assess` and `renshe month publish`",
                ),
            ),
            Refusal::Missing { chunks } => said(
                "N0110",
                (
                    format!("还有 {chunks} 个分段未计算"),
                    format!("{chunks} chunks are still to be computed"),
                ),
                (
                    "再次运行 `renshe month assess`，已完成的分段不会重算",
                    "run `renshe month assess` again; the chunks that are there are kept",
                ),
            ),
            Refusal::AtWork { run, kind, month } => said(
                "N0112",
                (
                    format!("{month} {}（运行 {run}）正在处理个人账户", kind.name(Zh)),
                    format!(
                        "{} of {month} (run {run}) is at work on the accounts",
                        kind.name(En)
                    ),
                ),
                ("先办结或作废该运行", "finish that run first, or give it up"),
            ),
            Refusal::Overtaken { run } => said(
                "N0113",
                (
                    format!("运行 {run} 所依据的个人账户已不是现行账户"),
                    format!(
                        "the accounts that run {run} was made from are no longer those in force"
                    ),
                ),
                ("作废后重新计算", "give the run up and compute it again"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: RunState) -> Run {
        Run {
            id: RunId::new(1).unwrap(),
            kind: RunKind::Assessment,
            month: Month::parse("2025-06").unwrap(),
            state,
            law: "abc".into(),
            facts_known: Moment::from_microseconds(0),
            chunk_size: 1_000,
            chunks: 3,
            made_by: "maker".into(),
            content: Some(Digest([7; 32])),
            approved_by: None,
        }
    }

    #[test]
    fn who_made_it_does_not_approve_it_and_who_approves_has_looked() {
        let approve = |state: RunState, by: &str, looked_at: &str| {
            let allowed = run(state).may_be_approved(by, looked_at);
            allowed.map_err(|refusal| refusal.said().code)
        };
        let (content, computed) = ("07".repeat(32), RunState::Computed);
        assert_eq!(approve(computed, "checker", &content), Ok(()));
        assert_eq!(approve(computed, "checker", &content[..16]), Ok(()));
        assert_eq!(approve(computed, "checker", &content[..15]), Err("N0105"));
        assert_eq!(approve(computed, "checker", &"08".repeat(32)), Err("N0105"));
        assert_eq!(approve(computed, "checker", &"07".repeat(33)), Err("N0105"));
        assert_eq!(approve(computed, "maker", &content), Err("N0104"));
        for state in [
            RunState::Computing,
            RunState::Approved,
            RunState::Published,
            RunState::Discarded,
        ] {
            assert_eq!(approve(state, "maker", ""), Err("N0103"));
        }
    }

    #[test]
    fn a_run_keeps_to_its_law() {
        assert_eq!(run(RunState::Open).may_be_computed("abc"), Ok(()));
        let code = |run: Run, law| {
            run.may_be_computed(law)
                .map_err(|refusal| refusal.said().code)
        };
        assert_eq!(code(run(RunState::Open), "abd"), Err("N0106"));
        assert_eq!(code(run(RunState::Computed), "abc"), Err("N0103"));
    }
}
