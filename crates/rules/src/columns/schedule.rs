//! Graphs to programs: which nodes are needed, in which order, in which registers.

use super::graph::{Graph, Id, Mode, Node, Op};
use super::instruction::{
    Calendar, Dense, Instruction, Operand, Operation, Pair, Register, Test, lane,
};
use super::lanes::LIMIT;
use super::program::{Part, Program};
use measure::Rounding;
use std::collections::{BTreeMap, BTreeSet};

/// Where a node's operands outside its own graph come from, while a scope is scheduled.
pub(super) struct Outside<'a> {
    /// The register of an enclosing scope's node.
    pub(super) outer: &'a dyn Fn(Id) -> Register,
    /// The place among the kept values of a record's node.
    pub(super) record: &'a dyn Fn(Id) -> u16,
}

/// Every node the kept ones need.
pub(super) fn needed(graph: &Graph, kept: &[Id]) -> BTreeSet<Id> {
    let mut needed = BTreeSet::new();
    let mut open = kept.to_vec();
    while let Some(id) = open.pop() {
        if needed.insert(id) {
            open.extend(operands(&graph.node(id).op));
        }
    }
    needed
}

/// The nodes of the same graph that a node reads.
pub(super) fn operands(op: &Op) -> Vec<Id> {
    match *op {
        Op::Constant(_)
        | Op::Load(_)
        | Op::Outer(_)
        | Op::Record(_)
        | Op::Carried
        | Op::Sweep(_) => vec![],
        Op::Pair(_, a, b)
        | Op::Blend(a, _, b, _)
        | Op::Compare(_, a, b)
        | Op::Calendar(_, a, b) => vec![a, b],
        Op::Quotient { x, y, .. } => vec![x, y],
        Op::Scale(x, ..)
        | Op::Round(x, ..)
        | Op::RoundChecked(x, ..)
        | Op::Lookup(x, ..)
        | Op::Within(x, ..) => vec![x],
        Op::Select { when, a, b } => vec![when, a, b],
    }
}

/// Turns the nodes of one graph into parts, a stage at a time.
pub(super) struct Scheduler<'a> {
    graph: &'a Graph,
    /// How many readers a value still has; `Keep`s count.
    readers: BTreeMap<Id, usize>,
    places: BTreeMap<Id, Register>,
    free: Vec<Register>,
    /// Where the last part begins to run.
    running_from: usize,
    program: Program,
}

impl<'a> Scheduler<'a> {
    /// `kept` are handed on in this order, the nth as `Keep { nth }`; `pinned` keep their registers to the end.
    pub(super) fn new(
        graph: &'a Graph,
        needed: &BTreeSet<Id>,
        kept: &[Id],
        pinned: &BTreeSet<Id>,
    ) -> Self {
        let mut readers: BTreeMap<Id, usize> = BTreeMap::new();
        for id in needed
            .iter()
            .flat_map(|&id| operands(&graph.node(id).op))
            .chain(kept.iter().copied())
        {
            *readers.entry(id).or_default() += 1;
        }
        for id in pinned {
            *readers.entry(*id).or_default() += 1 << 20;
        }
        Self {
            graph,
            readers,
            places: BTreeMap::new(),
            free: Vec::new(),
            running_from: 0,
            program: Program::default(),
        }
    }

    /// Emits these nodes (in order of their ids, which is an order of dependence) and keeps what is asked once it is there.
    pub(super) fn emit(&mut self, nodes: &[Id], kept: &[Option<Id>], outside: &Outside<'_>) {
        let fused = self.fused(nodes);
        for &id in nodes {
            if !fused.contains(&id) {
                self.node(id, &fused, outside);
            }
            for (nth, _) in kept
                .iter()
                .enumerate()
                .filter(|(_, kept)| **kept == Some(id))
            {
                self.keep(nth, id);
            }
        }
    }

    fn keep(&mut self, nth: usize, id: Id) {
        self.end_run();
        let from = self.operand(id);
        let nth = u16::try_from(nth).expect("fewer than 2^16 values are kept");
        let doubtful = self.graph.node(id).doubtful;
        self.program.parts.push(Part::Keep {
            nth,
            from,
            doubtful,
        });
        self.release(id);
    }

    /// The register of a value that is there.
    pub(super) fn register_of(&self, id: Id) -> Register {
        self.places[&id]
    }

    /// Registers for sweeps' results, and the part that fills them.
    pub(super) fn sweeps(&mut self, group: u16, results: &[Id]) {
        self.end_run();
        for &id in results {
            self.place(id);
        }
        self.program.parts.push(Part::Sweeps { group });
    }

    pub(super) fn finish(mut self) -> Program {
        self.end_run();
        // Of all tables laid out while compiling, those that are still looked into.
        let mut used: Vec<u16> = Vec::new();
        for instruction in &mut self.program.code {
            if let Operation::Lookup { table, .. } = &mut instruction.what {
                let place = used.iter().position(|used| used == table);
                let place = place.unwrap_or_else(|| {
                    used.push(*table);
                    used.len() - 1
                });
                *table = u16::try_from(place).expect("no more than there were");
            }
        }
        let cells = used
            .into_iter()
            .map(|table| &self.graph.tables[usize::from(table)]);
        self.program.tables = cells.map(|cells| Dense::new(cells)).collect();
        self.program
    }

    fn end_run(&mut self) {
        let end = self.program.code.len();
        if self.running_from < end {
            self.program.parts.push(Part::Run {
                start: self.running_from,
                end,
            });
            self.running_from = end;
        }
    }

    /// Nodes that are computed inside their only reader.
    fn fused(&self, nodes: &[Id]) -> BTreeSet<Id> {
        let once = |id: Id| self.readers.get(&id) == Some(&1) && nodes.binary_search(&id).is_ok();
        let mut fused = BTreeSet::new();
        for &id in nodes {
            match self.graph.node(id).op {
                Op::Round(x, _, _, mode) | Op::RoundChecked(x, _, _, mode)
                    if mode != Mode::HalfEven && once(x) =>
                {
                    let product = self
                        .checked(x)
                        .filter(|&product| once(product))
                        .unwrap_or(x);
                    if let Op::Pair(Pair::Multiply, a, b) = self.graph.node(product).op
                        && self.graph.node(product).low >= 0
                        && self.in_register(a)
                        && self.in_register(b)
                    {
                        fused.extend([x, product]);
                    }
                }
                Op::Pair(Pair::Min, a, b) if !self.graph.node(id).doubtful => {
                    for x in [a, b] {
                        if once(x) && matches!(self.graph.node(x).op, Op::Pair(Pair::Max, ..)) {
                            fused.insert(x);
                            break;
                        }
                    }
                }
                Op::Select { when, .. } if once(when) && !self.graph.node(when).doubtful => {
                    if matches!(self.graph.node(when).op, Op::Compare(..)) {
                        fused.insert(when);
                    }
                }
                _ => {}
            }
        }
        fused
    }

    /// What a check for the lanes' limit checks.
    fn checked(&self, id: Id) -> Option<Id> {
        match self.graph.node(id).op {
            // Any narrower than the value's own range is more than such a check.
            Op::Within(x, low, high)
                if (low, high) == (self.graph.node(x).low, self.graph.node(x).high) =>
            {
                Some(x)
            }
            _ => None,
        }
    }

    /// Whether a quotient's numerator and twice its divisor stay below 2^51 together.
    fn is_brief(&self, (x, times): (Id, i64), (y, times_y): (Id, i64)) -> bool {
        let size = |id: Id, times: i64| {
            let node = self.graph.node(id);
            i128::from(node.low.abs().max(node.high.abs())) * i128::from(times.abs())
        };
        size(x, times) + 2 * size(y, times_y) < 1 << 51
    }

    /// Whether every value looked up has its own cell.
    fn is_inside(&self, x: Id, first: i64, table: u16) -> bool {
        let (node, cells) = (self.graph.node(x), &self.graph.tables[usize::from(table)]);
        let cells = i64::try_from(cells.len()).unwrap_or(0);
        !node.doubtful && node.low >= first && node.high - first < cells
    }

    fn in_register(&self, id: Id) -> bool {
        !matches!(self.graph.node(id).op, Op::Constant(_))
    }

    fn place(&mut self, id: Id) -> Register {
        let register = self.fresh();
        self.places.insert(id, register);
        register
    }

    fn fresh(&mut self) -> Register {
        self.free.pop().unwrap_or_else(|| {
            self.program.registers += 1;
            Register::try_from(self.program.registers - 1).expect("fewer than 2^16 registers")
        })
    }

    /// Where a value that is there can be read.
    pub(super) fn operand(&self, id: Id) -> Operand {
        match self.graph.node(id).op {
            Op::Constant(value) => Operand::Constant(lane_of(value)),
            _ => Operand::Register(self.places[&id]),
        }
    }

    /// A constant where only a register will do is first written to one.
    fn register(&mut self, id: Id) -> Register {
        match self.operand(id) {
            Operand::Register(register) => register,
            constant @ Operand::Constant(_) => {
                let to = self.place(id);
                let zero = Operand::Constant(0.0);
                let what = Operation::Pair {
                    op: Pair::Add,
                    guarded: false,
                    a: constant,
                    b: zero,
                };
                self.program.code.push(Instruction { what, to });
                to
            }
        }
    }

    fn release(&mut self, id: Id) {
        let Some(left) = self.readers.get_mut(&id) else {
            return;
        };
        *left -= 1;
        if *left == 0
            && let Some(register) = self.places.remove(&id)
        {
            self.free.push(register);
        }
    }

    fn node(&mut self, id: Id, fused: &BTreeSet<Id>, outside: &Outside<'_>) {
        let node = self.graph.node(id);
        let outside = match node.op {
            Op::Constant(_) | Op::Sweep(_) => return,
            Op::Load(column) => Some(Part::Load {
                column,
                to: self.place(id),
            }),
            Op::Outer(outer) => Some(Part::Outer {
                from: (outside.outer)(outer),
                to: self.place(id),
            }),
            Op::Record(record) => Some(Part::Record {
                kept: (outside.record)(record),
                to: self.place(id),
            }),
            Op::Carried => Some(Part::Carried { to: self.place(id) }),
            _ => None,
        };
        if let Some(part) = outside {
            self.end_run();
            self.program.parts.push(part);
            return;
        }
        let (what, read) = self.operation(node, fused);
        // The machine writes beside the registers and then swaps: a register read for the last time may be the target.
        for read in read {
            self.release(read);
        }
        let to = self.place(id);
        self.program.code.push(Instruction { what, to });
    }

    #[expect(clippy::too_many_lines, reason = "a table: an arm an operation")]
    fn operation(&mut self, node: &Node, fused: &BTreeSet<Id>) -> (Operation, Vec<Id>) {
        match node.op {
            Op::Pair(op, a, b) => self.pair(node, op, a, b, fused),
            Op::Round(x, times, by, mode) => self.round(x, (times, by), mode, false, fused),
            Op::RoundChecked(x, times, by, mode) => self.round(x, (times, by), mode, true, fused),
            Op::Select { when, a, b } => self.select(when, a, b, fused),
            Op::Scale(x, times, plus) => {
                let x_at = self.register(x);
                (
                    Operation::Scale {
                        x: x_at,
                        times: lane(times),
                        plus: lane(plus),
                    },
                    vec![x],
                )
            }
            Op::Blend(a, times_a, b, times_b) => {
                let (a_at, b_at) = (self.register(a), self.register(b));
                let (times_a, times_b) = (lane(times_a), lane(times_b));
                (
                    Operation::Blend {
                        a: a_at,
                        times_a,
                        b: b_at,
                        times_b,
                    },
                    vec![a, b],
                )
            }
            Op::Quotient {
                x,
                times,
                y,
                times_y,
                mode,
            } => {
                let (x_at, y_at) = (self.operand(x), self.register(y));
                let signed = self.graph.node(x).low < 0;
                let brief = self.is_brief((x, times), (y, times_y));
                let (times, times_y) = (lane(times), lane(times_y));
                let mode = mode.rounding();
                (
                    Operation::Quotient {
                        x: x_at,
                        times,
                        y: y_at,
                        times_y,
                        mode,
                        signed,
                        brief,
                    },
                    vec![x, y],
                )
            }
            Op::Compare(test, a, b) => {
                let (a_at, b_at) = (self.operand(a), self.operand(b));
                let guarded = node.doubtful;
                (
                    Operation::Compare {
                        test,
                        guarded,
                        a: a_at,
                        b: b_at,
                    },
                    vec![a, b],
                )
            }
            Op::Lookup(x, first, table) => {
                let x_at = self.register(x);
                (
                    Operation::Lookup {
                        x: x_at,
                        first: lane(first),
                        table,
                        inside: self.is_inside(x, first, table),
                    },
                    vec![x],
                )
            }
            Op::Calendar(ask, x, months) => {
                let (x_at, months_at) = (self.register(x), self.operand(months));
                let months_at = if ask == Calendar::AddMonths {
                    months_at
                } else {
                    Operand::Constant(0.0)
                };
                (
                    Operation::Calendar {
                        ask,
                        x: x_at,
                        months: months_at,
                    },
                    vec![x, months],
                )
            }
            Op::Within(x, low, high) => {
                let x_at = self.register(x);
                // An end that the value's own range does not reach need not be looked at; but a clipped range reaches further than it says.
                let most = i64::try_from(LIMIT - 1).unwrap_or(i64::MAX);
                let (least_of, most_of) = (self.graph.node(x).low, self.graph.node(x).high);
                let low = if low <= least_of && -most < least_of {
                    f64::NEG_INFINITY
                } else {
                    lane(low)
                };
                let high = if most_of <= high && most_of < most {
                    f64::INFINITY
                } else {
                    lane(high)
                };
                (Operation::Within { x: x_at, low, high }, vec![x])
            }
            Op::Constant(_)
            | Op::Load(_)
            | Op::Outer(_)
            | Op::Record(_)
            | Op::Carried
            | Op::Sweep(_) => {
                unreachable!("these are parts of their own")
            }
        }
    }

    fn pair(
        &mut self,
        node: &Node,
        op: Pair,
        a: Id,
        b: Id,
        fused: &BTreeSet<Id>,
    ) -> (Operation, Vec<Id>) {
        for (inner, high) in [(a, b), (b, a)] {
            if op == Pair::Min
                && fused.contains(&inner)
                && let Op::Pair(Pair::Max, x, low) = self.graph.node(inner).op
            {
                let (x, low) = if self.in_register(x) {
                    (x, low)
                } else {
                    (low, x)
                };
                let (x_at, low_at, high_at) =
                    (self.register(x), self.operand(low), self.operand(high));
                return (
                    Operation::Clamp {
                        x: x_at,
                        low: low_at,
                        high: high_at,
                    },
                    vec![x, low, high],
                );
            }
        }
        let (a_at, b_at) = (self.operand(a), self.operand(b));
        (
            Operation::Pair {
                op,
                guarded: node.doubtful,
                a: a_at,
                b: b_at,
            },
            vec![a, b],
        )
    }

    fn round(
        &mut self,
        x: Id,
        ratio: (i64, i64),
        mode: Mode,
        checked: bool,
        fused: &BTreeSet<Id>,
    ) -> (Operation, Vec<Id>) {
        let (times, by) = (lane(ratio.0), lane(ratio.1));
        let plus = match mode {
            Mode::HalfUp | Mode::HalfEven => lane(ratio.1 / 2),
            Mode::Up => by - 1.0,
            Mode::Down => 0.0,
        };
        if fused.contains(&x) {
            let product = self.checked(x).unwrap_or(x);
            let checked = checked || product != x;
            let Op::Pair(_, a, b) = self.graph.node(product).op else {
                unreachable!("only products are fused")
            };
            let (a_at, b_at) = (self.register(a), self.register(b));
            return (
                Operation::MultiplyDivide {
                    a: a_at,
                    b: b_at,
                    times,
                    plus,
                    by,
                    checked,
                },
                vec![a, b],
            );
        }
        let x_at = self.register(x);
        let above = self.graph.node(x).low >= 0;
        if above && mode != Mode::HalfEven {
            return (
                Operation::Divide {
                    x: x_at,
                    times,
                    plus,
                    by,
                    checked,
                },
                vec![x],
            );
        }
        let mode: Rounding = mode.rounding();
        (
            Operation::Round {
                x: x_at,
                times,
                by,
                mode,
                checked,
            },
            vec![x],
        )
    }

    fn select(&mut self, when: Id, a: Id, b: Id, fused: &BTreeSet<Id>) -> (Operation, Vec<Id>) {
        if fused.contains(&when)
            && let Op::Compare(test, x, y) = self.graph.node(when).op
        {
            let test: Test = test;
            let (x_at, y_at) = (self.operand(x), self.operand(y));
            let (a_at, b_at) = (self.operand(a), self.operand(b));
            return (
                Operation::SelectBy {
                    test,
                    x: x_at,
                    y: y_at,
                    a: a_at,
                    b: b_at,
                },
                vec![x, y, a, b],
            );
        }
        let (when_at, a_at, b_at) = (self.register(when), self.operand(a), self.operand(b));
        let guarded = self.graph.node(when).doubtful;
        (
            Operation::Select {
                when: when_at,
                guarded,
                a: a_at,
                b: b_at,
            },
            vec![when, a, b],
        )
    }
}

fn lane_of(value: Option<i64>) -> f64 {
    value.map_or(f64::NAN, lane)
}
