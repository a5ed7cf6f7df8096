//! In which order the steps of a turn are done.
//!
//! A step's result takes a few cycles to come, and processors look only so far ahead for something else to do: not as far as one vector of
//! rows goes through a pension. So a turn takes four vectors of rows through the steps side by side, and what most others wait for comes
//! first; unless far more values would be kept for it than there are registers: then what frees one comes first. Writing a value to the
//! stack and reading it again costs less than waiting does: a pension takes 5.6 ns so, 7.2 with two vectors, 11 with one after another.

use super::steps::{Out, Step, Steps, Value};

/// Vectors of rows that go through the steps side by side.
pub(super) const PARTS: usize = 4;

/// Values that may be kept at once: fourteen in registers, twenty on the stack.
const MOST_KEPT: usize = 34;

/// One thing to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Step(Value),
    Out(usize),
}

/// A turn: the steps once for each part, constants once, and the items in order.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) steps: Vec<Step>,
    /// The part of each step.
    pub(super) parts: Vec<usize>,
    /// What is handed out, of all parts at once: so results are written a whole cache line at a time.
    pub(super) outs: Vec<(Out, [Value; PARTS])>,
    pub(super) items: Vec<Item>,
    /// For each value the items that read it, in order.
    pub(super) readers: Vec<Vec<usize>>,
}

impl Turn {
    pub(super) fn new(steps: &Steps) -> Turn {
        let count = steps.steps.len();
        let of_part = |value: Value, part: usize| match steps.steps[value] {
            Step::Constant(_) => value,
            _ => part * count + value,
        };
        let (mut all, mut parts) = (Vec::new(), Vec::new());
        for part in 0..PARTS {
            for step in &steps.steps {
                all.push(step.reading(|value| of_part(value, part)));
                parts.push(part);
            }
        }
        let outs = steps.outs.iter().map(|handed| {
            let values = std::array::from_fn(|part| of_part(handed.value, part));
            (handed.out, values)
        });
        let mut turn = Turn {
            steps: all,
            parts,
            outs: outs.collect(),
            items: Vec::new(),
            readers: Vec::new(),
        };
        turn.items = Ordering::new(&turn, MOST_KEPT).order();
        turn.readers = vec![Vec::new(); turn.steps.len()];
        for (at, item) in turn.items.iter().enumerate() {
            let mut reads = turn.reads(*item);
            reads.dedup();
            for read in reads {
                turn.readers[read].push(at);
            }
        }
        turn
    }

    fn reads(&self, item: Item) -> Vec<Value> {
        match item {
            Item::Step(value) => self.steps[value].reads(),
            Item::Out(number) => self.outs[number].1.to_vec(),
        }
    }
}

/// About how many cycles a result takes; only the order depends on it.
fn cycles(step: &Step) -> usize {
    match step {
        Step::Constant(_) => 0,
        Step::Column(_) => 4,
        Step::Min(..) | Step::Max(..) | Step::Size(_) => 1,
        Step::Signed(..) => 2,
        Step::Choose { .. } => 3,
        Step::Add(..) | Step::Subtract(..) | Step::Multiply(..) | Step::Floor(_) => 3,
        Step::MultiplyAdd(..) | Step::MultiplyTake(..) => 4,
        Step::Pick(..) => 6,
        Step::Divide(..) => 13,
        Step::Gather(..) => 24,
    }
}

/// Steps begun in a cycle, about.
const BEGUN_AT_ONCE: usize = 3;

/// The ordering as it goes on.
struct Ordering<'a> {
    turn: &'a Turn,
    /// The values that are kept at once, at most.
    most: usize,
    /// What each item reads, constants aside: of steps, then of outs.
    reads: Vec<Vec<Value>>,
    /// Whether each value was put into a register.
    held: Vec<bool>,
    /// For each value the items that wait for it.
    waiting: Vec<Vec<Item>>,
    /// For each value how many cycles its most distant reader is away.
    height: Vec<usize>,
    /// How many values each item still waits for: steps, then outs.
    missing: Vec<usize>,
    /// How many items still read each value.
    unread: Vec<usize>,
    /// The cycle in which each value is there.
    there: Vec<usize>,
    live: usize,
    /// In order; before it begins, what waits for nothing.
    items: Vec<Item>,
}

impl<'a> Ordering<'a> {
    fn new(turn: &'a Turn, most: usize) -> Self {
        let count = turn.steps.len();
        let mut needed = vec![false; count];
        for value in turn.outs.iter().flat_map(|(_, values)| values) {
            needed[*value] = true;
        }
        for value in (0..count).rev().filter(|value| !is_constant(turn, *value)) {
            if needed[value] {
                for read in turn.steps[value].reads() {
                    needed[read] = true;
                }
            }
        }
        let steps = (0..count).filter(|value| needed[*value] && !is_constant(turn, *value));
        let outs = (0..turn.outs.len()).map(Item::Out);
        let mut ordering = Ordering {
            turn,
            most,
            reads: vec![Vec::new(); count + turn.outs.len()],
            held: vec![false; count],
            waiting: vec![Vec::new(); count],
            height: vec![0; count],
            missing: vec![0; count + turn.outs.len()],
            unread: vec![0; count],
            there: vec![0; count],
            live: 0,
            items: Vec::new(),
        };
        for item in steps.map(Item::Step).chain(outs) {
            if let Item::Step(value) = item
                && matches!(turn.steps[value], Step::Column(_))
            {
                continue;
            }
            let mut reads = turn.reads(item);
            reads.retain(|read| !is_constant(turn, *read));
            reads.sort_unstable();
            reads.dedup();
            ordering.reads[number(turn, item)].clone_from(&reads);
            for read in reads {
                ordering.waiting[read].push(item);
                ordering.unread[read] += 1;
                ordering.missing[number(turn, item)] += 1;
            }
            if ordering.missing[number(turn, item)] == 0 {
                ordering.items.push(item);
            }
        }
        for value in (0..count).rev() {
            let above = ordering.waiting[value].iter().map(|item| match item {
                Item::Step(reader) => ordering.height[*reader],
                Item::Out(_) => 0,
            });
            ordering.height[value] = above.max().unwrap_or(0) + cycles(&turn.steps[value]);
        }
        ordering
    }

    fn order(mut self) -> Vec<Item> {
        let turn = self.turn;
        // What waits for constants alone.
        let mut ready = std::mem::take(&mut self.items);
        // A column is read just before it is needed for the first time: until then it counts as there.
        for value in 0..turn.steps.len() {
            if matches!(turn.steps[value], Step::Column(_)) && self.unread[value] > 0 {
                self.arrived(value, &mut ready);
            }
        }
        let (mut cycle, mut begun) = (0, 0);
        while !ready.is_empty() {
            let next = self.choose(&ready, cycle);
            let item = ready.swap_remove(next);
            let begins = self.begins(item);
            if begins > cycle || begun == BEGUN_AT_ONCE {
                (cycle, begun) = (begins.max(cycle + 1), 0);
            }
            begun += 1;
            self.take(item, cycle, &mut ready);
        }
        self.items
    }

    /// The place among the ready of what is to be done next.
    fn choose(&self, ready: &[Item], cycle: usize) -> usize {
        let crowded = self.live + 2 > self.most;
        let rank = |item: &Item| {
            let begins = self.begins(*item).max(cycle);
            let height = match item {
                Item::Step(value) => self.height[*value],
                // What is handed out frees its register, and nobody waits for it.
                Item::Out(_) => usize::MAX / 2,
            };
            let growth = if crowded { self.growth(*item) } else { 0 };
            (
                growth,
                begins,
                std::cmp::Reverse(height),
                number(self.turn, *item),
            )
        };
        let best = (0..ready.len()).min_by_key(|place| rank(&ready[*place]));
        best.expect("something is ready")
    }

    /// The cycle in which everything it reads is there.
    fn begins(&self, item: Item) -> usize {
        let reads = self.reads[number(self.turn, item)].iter();
        reads.map(|read| self.there[*read]).max().unwrap_or(0)
    }

    /// How many more values are in registers after it.
    fn growth(&self, item: Item) -> isize {
        let mut growth = isize::from(matches!(item, Item::Step(_)));
        for &read in &self.reads[number(self.turn, item)] {
            let (is_held, is_last) = (self.held[read], self.unread[read] == 1);
            growth += isize::from(!is_held && !is_last) - isize::from(is_held && is_last);
        }
        growth
    }

    fn take(&mut self, item: Item, cycle: usize, ready: &mut Vec<Item>) {
        for read in std::mem::take(&mut self.reads[number(self.turn, item)]) {
            // A column, now read.
            if !std::mem::replace(&mut self.held[read], true) {
                self.items.push(Item::Step(read));
                self.live += 1;
            }
            self.unread[read] -= 1;
            self.live -= usize::from(self.unread[read] == 0);
        }
        self.items.push(item);
        if let Item::Step(value) = item {
            self.live += 1;
            self.held[value] = true;
            self.there[value] = cycle + cycles(&self.turn.steps[value]);
            self.arrived(value, ready);
        }
    }

    fn arrived(&mut self, value: Value, ready: &mut Vec<Item>) {
        for item in std::mem::take(&mut self.waiting[value]) {
            let missing = &mut self.missing[number(self.turn, item)];
            *missing -= 1;
            if *missing == 0 {
                ready.push(item);
            }
        }
    }
}

fn is_constant(turn: &Turn, value: Value) -> bool {
    matches!(turn.steps[value], Step::Constant(_))
}

fn number(turn: &Turn, item: Item) -> usize {
    match item {
        Item::Step(value) => value,
        Item::Out(out) => turn.steps.len() + out,
    }
}
