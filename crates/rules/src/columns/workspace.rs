//! What one thread needs to run a plan: registers, and buffers that only ever grow to the largest chunk seen.

use super::lanes::{CHUNK, Lanes, Machine, Writing};
use super::native::{Native, Stored};
use super::plan::Plan;
use super::program::Program;

/// The registers and buffers of one thread.
#[derive(Debug)]
pub struct Workspace {
    pub(super) rows: Machine,
    pub(super) groups: Vec<GroupSpace>,
    /// The rows' program as native code, and for which columns and which way of writing that was last tried.
    pub(super) native: Option<Native>,
    pub(super) tried: Option<(Vec<Stored>, Writing)>,
    /// For each column that native code reads as lanes, those lanes.
    pub(super) filled: Vec<Option<Box<Lanes>>>,
    /// The chunk's rows that are to be evaluated exactly, whatever their lanes say.
    pub(super) distrusted: Vec<bool>,
    /// Rows of the batch to be evaluated exactly, and for which question.
    pub(super) doubtful: Vec<(usize, usize)>,
    /// Rows that do not meet a requirement of the plan: the row, its question, the requirement.
    pub(super) unmet: Vec<(usize, usize, usize)>,
}

/// The registers of one group of sweeps and the values it keeps of each record.
#[derive(Debug)]
pub(super) struct GroupSpace {
    pub(super) records: Machine,
    pub(super) steps: Vec<Machine>,
    pub(super) kept: Vec<Vec<f64>>,
    /// For each record of a chunk of records, its row within the chunk of rows.
    pub(super) owners: Vec<u16>,
}

impl Workspace {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let machine = |program: &Program| Machine::new(program.registers);
        let groups = plan.groups.iter().map(|group| GroupSpace {
            records: machine(&group.program),
            steps: group
                .carries
                .iter()
                .map(|carry| machine(&carry.program))
                .collect(),
            kept: vec![Vec::new(); group.kept],
            owners: Vec::new(),
        });
        Self {
            rows: machine(&plan.program),
            groups: groups.collect(),
            native: None,
            tried: None,
            filled: Vec::new(),
            distrusted: vec![false; CHUNK],
            doubtful: Vec::new(),
            unmet: Vec::new(),
        }
    }
}
