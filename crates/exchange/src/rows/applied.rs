//! A plan of the law, as the runner of files wants it.

use super::{Evaluator, Said};
use rules::{
    columns::{Batch, Plan, Results, Workspace},
    law::Law,
    refusal::Refusal,
};

/// The law applied to batches of rows through a [`Plan`].
pub struct Applied<'a> {
    /// The law, for the words of its refusals.
    pub law: &'a Law,
    /// What it was compiled to.
    pub plan: &'a Plan<'a>,
}

impl Evaluator for Applied<'_> {
    type Workspace = Workspace;

    fn workspace(&self) -> Workspace {
        self.plan.workspace()
    }

    fn run(&self, workspace: &mut Workspace, batch: &Batch<'_>, results: &mut Results) {
        self.plan.run(workspace, batch, results);
    }

    fn say(&self, refusal: &Refusal) -> Said {
        Said::of(self.law, refusal)
    }
}
