//! A plan: rules compiled for one day and one set of columns.

use super::batch::{RefusedRow, Results, Slot};
use super::compile::{Compiler, Lives, LoadColumn, ROWS, Requirement, Scope};
use super::graph::{Graph, Id, Op};
use super::instruction::{Operand, Register};
use super::program::Program;
use super::schedule::{Outside, Scheduler, needed, operands};
use super::sweep::{Fold, ScopeId, Sweep, What};
use super::workspace::Workspace;
use super::{Batch, run};
use crate::law::{Law, RelationId, RuleId};
use crate::refusal::{Reason, Refusal};
use measure::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Rules compiled to run over batches of rows under the law of one day.
///
/// A plan is made once and shared by all threads; each thread has its own [`Workspace`]. What a plan cannot prove exact for a row it
/// hands to the [exact evaluator](crate::evaluate), so results and refusals are always the evaluator's.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub(super) law: &'a Law,
    pub(super) as_of: Day,
    pub(super) asked: Vec<RuleId>,
    /// For each rule asked whether lanes compute it; otherwise every row is evaluated exactly.
    pub(super) in_lanes: Vec<bool>,
    /// What the bodies asked for require, with the question; their conditions are kept after the answers.
    pub(super) requirements: Vec<(usize, Requirement)>,
    pub(super) loads: Vec<LoadColumn>,
    /// The relations of which a batch may have records.
    pub(super) relations: Vec<RelationId>,
    pub(super) program: Program,
    pub(super) groups: Vec<Group>,
}

/// Everything gathered over one relation's records at one point of the rows' program.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) relation: RelationId,
    pub(super) loads: Vec<LoadColumn>,
    /// The records' program; it keeps the values that folds and carries read.
    pub(super) program: Program,
    pub(super) kept: usize,
    pub(super) folds: Vec<FoldInto>,
    pub(super) carries: Vec<CarryInto>,
    /// Kept values by which the records of a row must ascend.
    pub(super) ascending: Vec<u16>,
}

#[derive(Clone, Debug)]
pub(super) struct FoldInto {
    pub(super) how: Fold,
    pub(super) value: u16,
    pub(super) condition: Option<u16>,
    pub(super) to: Register,
}

#[derive(Clone, Debug)]
pub(super) struct CarryInto {
    pub(super) from: Operand,
    pub(super) program: Program,
    pub(super) to: Register,
}

impl<'a> Plan<'a> {
    /// Compiles rules of one entity for rows that have these columns of their own, and these of their records.
    ///
    /// # Errors
    ///
    /// [`Reason::NotInForce`] when a rule asked for does not exist on that day (and its value is not given).
    pub fn new(
        law: &'a Law,
        as_of: Day,
        asked: &[RuleId],
        present: &[Slot],
        records: &[(RelationId, Vec<Slot>)],
    ) -> Result<Plan<'a>, Refusal> {
        for &rule in asked {
            let exists = law[rule].versions.iter().any(|version| {
                version.from.is_none_or(|from| from <= as_of)
                    && version.until.is_none_or(|until| as_of <= until)
            });
            if !exists && !present.contains(&Slot::Rule(rule)) {
                let reason = Reason::NotInForce { rule, asked: as_of };
                return Err(Refusal {
                    reason,
                    rule: Some(rule),
                    span: Some(law[rule].span),
                });
            }
        }
        let has = |relation: Option<RelationId>, slot: Slot| match relation {
            None => present.contains(&slot),
            Some(relation) => records
                .iter()
                .any(|(other, slots)| *other == relation && slots.contains(&slot)),
        };
        let relations: Vec<RelationId> = records.iter().map(|(relation, _)| *relation).collect();
        let related = |relation| relations.contains(&relation);
        let mut compiler = Compiler::new(law, as_of, &has, &related);
        let (mut kept, mut conditions, mut requirements) = (Vec::new(), Vec::new(), Vec::new());
        for (question, &rule) in asked.iter().enumerate() {
            let answer = compiler.asked(rule).ok();
            kept.push(answer.as_ref().map(|answer| answer.value));
            for (condition, requirement) in
                answer.into_iter().flat_map(|answer| answer.requirements)
            {
                conditions.push(Some(condition));
                requirements.push((question, requirement));
            }
        }
        let in_lanes = kept.iter().map(Option::is_some).collect();
        kept.extend(conditions);
        let (scopes, sweeps) = (compiler.scopes, compiler.sweeps);
        let (program, groups) = Assembly::new(&scopes, &sweeps, &kept).assemble(&kept);
        let loads = scopes
            .into_iter()
            .next()
            .map_or_else(Vec::new, |rows| rows.loads);
        Ok(Plan {
            law,
            as_of,
            asked: asked.to_vec(),
            in_lanes,
            loads,
            relations: relations.clone(),
            program,
            groups,
            requirements,
        })
    }

    /// The rules asked for, in the order of the results' columns.
    #[must_use]
    pub fn asked(&self) -> &[RuleId] {
        &self.asked
    }

    /// Whether every rule asked for is computed in lanes; where not, all rows are evaluated one by one.
    #[must_use]
    pub fn is_columnar(&self) -> bool {
        self.in_lanes.iter().all(|in_lanes| *in_lanes)
    }

    /// The registers and buffers of one thread.
    #[must_use]
    pub fn workspace(&self) -> Workspace {
        Workspace::new(self)
    }

    /// Evaluates a batch. Its columns must be those the plan was made for; a column that is not there makes each row be
    /// evaluated exactly.
    pub fn run(&self, workspace: &mut Workspace, batch: &Batch<'_>, results: &mut Results) {
        results.columns.resize_with(self.asked.len(), Vec::new);
        for column in &mut results.columns {
            column.resize(batch.rows, 0);
        }
        let mut columns: Vec<&mut [i64]> =
            results.columns.iter_mut().map(Vec::as_mut_slice).collect();
        self.run_into(workspace, batch, &mut columns, &mut results.refused);
    }

    /// As [`run`](Plan::run), into columns that are there: one for each rule asked, each with a place for every row.
    ///
    /// # Panics
    ///
    /// When there are fewer columns than rules asked, or one is shorter than the batch.
    pub fn run_into(
        &self,
        workspace: &mut Workspace,
        batch: &Batch<'_>,
        columns: &mut [&mut [i64]],
        refused: &mut Vec<RefusedRow>,
    ) {
        refused.clear();
        run::run(self, workspace, batch, columns, refused);
    }
}

/// Puts the compiled scopes together.
struct Assembly<'a> {
    scopes: &'a [Scope],
    sweeps: &'a [Sweep],
    /// The rows' nodes needed.
    needed: BTreeSet<Id>,
    /// For each needed node of the rows, how many rounds of sweeps come before it.
    level: BTreeMap<Id, usize>,
}

impl<'a> Assembly<'a> {
    fn new(scopes: &'a [Scope], sweeps: &'a [Sweep], kept: &[Option<Id>]) -> Self {
        let rows = &scopes[ROWS].graph;
        let mut assembly = Assembly {
            scopes,
            sweeps,
            needed: BTreeSet::new(),
            level: BTreeMap::new(),
        };
        let mut open: Vec<Id> = kept.iter().copied().flatten().collect();
        // A column is read even where its value turned out not to matter: what it lacks may still refuse the row.
        open.extend(reads(rows));
        while let Some(id) = open.pop() {
            if assembly.needed.insert(id) {
                open.extend(operands(&rows.node(id).op));
                if let Op::Sweep(sweep) = rows.node(id).op {
                    open.extend(assembly.read_of_rows(usize::from(sweep)));
                }
            }
        }
        // Ids are an order of dependence, also through sweeps: what a sweep reads was compiled before it.
        for &id in &assembly.needed {
            let level = assembly.level_of(id);
            assembly.level.insert(id, level);
        }
        assembly
    }

    fn level_of(&self, id: Id) -> usize {
        let op = &self.scopes[ROWS].graph.node(id).op;
        let of = |ids: Vec<Id>| ids.iter().map(|id| self.level[id]).max().unwrap_or(0);
        match *op {
            Op::Sweep(sweep) => of(self.read_of_rows(usize::from(sweep))) + 1,
            _ => of(operands(op)),
        }
    }

    /// The record nodes a sweep needs kept.
    fn kept_of(&self, sweep: &Sweep) -> Vec<Id> {
        let mut kept: Vec<Id> = sweep.ascending.into_iter().collect();
        match &sweep.what {
            What::Fold {
                value, condition, ..
            } => {
                kept.push(*value);
                kept.extend(*condition);
            }
            What::Carry {
                step_scope, step, ..
            } => {
                kept.extend(self.references(*step_scope, &[*step], |op| match op {
                    Op::Record(id) => Some(*id),
                    _ => None,
                }));
            }
        }
        kept
    }

    /// Nodes of another scope that the needed nodes of this one refer to.
    fn references(
        &self,
        scope: ScopeId,
        kept: &[Id],
        which: impl Fn(&Op) -> Option<Id>,
    ) -> Vec<Id> {
        let graph = &self.scopes[scope].graph;
        needed(graph, kept)
            .iter()
            .filter_map(|&id| which(&graph.node(id).op))
            .collect()
    }

    /// The rows' nodes that a sweep reads.
    fn read_of_rows(&self, sweep: usize) -> Vec<Id> {
        let outer = |op: &Op| match op {
            Op::Outer(id) => Some(*id),
            _ => None,
        };
        let sweep = &self.sweeps[sweep];
        let mut read = self.references(sweep.scope, &self.kept_of(sweep), outer);
        if let What::Carry {
            from,
            step_scope,
            step,
        } = &sweep.what
        {
            read.push(*from);
            read.extend(self.references(*step_scope, &[*step], outer));
        }
        read
    }

    fn assemble(&self, kept: &[Option<Id>]) -> (Program, Vec<Group>) {
        let rows = &self.scopes[ROWS].graph;
        let sweeps: Vec<(Id, usize)> = self
            .needed
            .iter()
            .filter_map(|&id| match rows.node(id).op {
                Op::Sweep(sweep) => Some((id, usize::from(sweep))),
                _ => None,
            })
            .collect();
        let pinned: BTreeSet<Id> = sweeps
            .iter()
            .flat_map(|&(_, sweep)| self.read_of_rows(sweep))
            .collect();
        let asked: Vec<Id> = kept.iter().copied().flatten().collect();
        let mut scheduler = Scheduler::new(rows, &self.needed, &asked, &pinned);
        let mut groups = Vec::new();
        let last = self.level.values().copied().max().unwrap_or(0);
        for level in 0..=last {
            let mut relations: BTreeMap<ScopeId, Vec<(Id, usize)>> = BTreeMap::new();
            for &(id, sweep) in sweeps.iter().filter(|(id, _)| self.level[id] == level) {
                relations
                    .entry(self.sweeps[sweep].scope)
                    .or_default()
                    .push((id, sweep));
            }
            for (scope, members) in relations {
                let group = u16::try_from(groups.len()).expect("fewer than 2^16 groups");
                let results: Vec<Id> = members.iter().map(|(id, _)| *id).collect();
                scheduler.sweeps(group, &results);
                groups.push(self.group(scope, &members, &scheduler));
            }
            let nodes: Vec<Id> = self
                .needed
                .iter()
                .copied()
                .filter(|id| self.level[id] == level)
                .collect();
            let outside = Outside {
                outer: &|_| 0,
                record: &|_| 0,
            };
            scheduler.emit(&nodes, kept, &outside);
        }
        (scheduler.finish(), groups)
    }

    fn group(&self, scope: ScopeId, members: &[(Id, usize)], rows: &Scheduler<'_>) -> Group {
        let Lives::Records(relation) = self.scopes[scope].lives else {
            unreachable!("sweeps run over records")
        };
        let kept: BTreeSet<Id> = members
            .iter()
            .flat_map(|&(_, sweep)| self.kept_of(&self.sweeps[sweep]))
            .collect();
        let kept: Vec<Id> = kept.into_iter().collect();
        let place = |id: Id| {
            let place = kept
                .binary_search(&id)
                .expect("everything a sweep reads is kept");
            u16::try_from(place).expect("fewer than 2^16 values are kept")
        };
        let outer = |id: Id| rows.register_of(id);
        let program = self.program(
            scope,
            &kept,
            &Outside {
                outer: &outer,
                record: &|_| 0,
            },
        );
        let (mut folds, mut carries, mut ascending) = (Vec::new(), Vec::new(), BTreeSet::new());
        for &(id, sweep) in members {
            let sweep = &self.sweeps[sweep];
            ascending.extend(sweep.ascending.map(place));
            let to = rows.register_of(id);
            match &sweep.what {
                What::Fold {
                    how,
                    value,
                    condition,
                } => {
                    folds.push(FoldInto {
                        how: *how,
                        value: place(*value),
                        condition: condition.map(place),
                        to,
                    });
                }
                What::Carry {
                    from,
                    step_scope,
                    step,
                } => {
                    let program = self.program(
                        *step_scope,
                        &[*step],
                        &Outside {
                            outer: &outer,
                            record: &place,
                        },
                    );
                    carries.push(CarryInto {
                        from: rows.operand(*from),
                        program,
                        to,
                    });
                }
            }
        }
        let loads = self.scopes[scope].loads.clone();
        Group {
            relation,
            loads,
            program,
            kept: kept.len(),
            folds,
            carries,
            ascending: ascending.into_iter().collect(),
        }
    }

    fn program(&self, scope: ScopeId, kept: &[Id], outside: &Outside<'_>) -> Program {
        let graph = &self.scopes[scope].graph;
        let mut kept_and_read = kept.to_vec();
        kept_and_read.extend(reads(graph));
        let needed = needed(graph, &kept_and_read);
        let mut scheduler = Scheduler::new(graph, &needed, kept, &BTreeSet::new());
        let nodes: Vec<Id> = needed.into_iter().collect();
        let all: Vec<Option<Id>> = kept.iter().copied().map(Some).collect();
        scheduler.emit(&nodes, &all, outside);
        scheduler.finish()
    }
}

/// The nodes that bring something in from a file.
fn reads(graph: &Graph) -> impl Iterator<Item = Id> {
    let nodes = graph.nodes.iter().zip(0..);
    nodes
        .filter(|(node, _)| matches!(node.op, Op::Load(_) | Op::Sweep(_)))
        .map(|(_, id)| id)
}
