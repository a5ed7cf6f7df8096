//! Aggregations and carried values: the records they went through, as a table.

use super::filled::count;
use super::formula::{Bond, Piece};
use super::show::type_of;
use super::trace::{Stopped, Tracer, is_in_time};
use super::{Column, MOST_ROWS, Table, TableRow};
use crate::evaluate::Here;
use crate::law::{Expr, Gather, InputId, Node, Reach, RelationId, Type, Value};

impl<'a> Tracer<'a> {
    pub(super) fn fill_aggregate(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
        least: Bond,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        let Node::Aggregate {
            how,
            value,
            over,
            condition,
            by,
            default,
        } = &*expr.node
        else {
            return Err(Stopped);
        };
        let walked = self.walk(expr, here)?;
        let mut columns = Vec::new();
        self.label_column(*over, *by, &walked.records, &mut columns);
        for part in value.iter().chain(condition) {
            columns_of(part, &mut columns);
        }
        if let Some(value) = value {
            let alone = matches!(
                &*value.node,
                Node::Input(..) | Node::Rule(..) | Node::Figure { .. }
            );
            if !alone {
                columns.push(Column::Value(value));
            }
        }
        if walked.total > 0 {
            self.note_table(expr, *over, columns, &walked, here);
        }
        let ty = value
            .as_ref()
            .map_or(type_of(expr.kind), |value| self.leaf_type(value));
        match (&*walked.values, default, how) {
            (
                [],
                Some(default),
                Gather::Average | Gather::Largest | Gather::Smallest | Gather::First | Gather::Last,
            ) => self.fill(default, here, least, out),
            ([], _, _) | (_, _, Gather::Any | Gather::Every | Gather::Count) => {
                self.fill_value(expr, here, out)
            }
            (values, _, Gather::Sum) => {
                fill_sum(values, ty, least > Bond::Sum, out);
                Ok(())
            }
            (values, _, Gather::Average) => {
                fill_sum(values, ty, true, out);
                out.push(Piece::Symbol(" / "));
                out.push(count(values.len()));
                Ok(())
            }
            _ => self.fill_value(expr, here, out),
        }
    }

    pub(super) fn fill_carry(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        let Node::Carry {
            local,
            name,
            from,
            through,
            by,
            step,
        } = &*expr.node
        else {
            return Err(Stopped);
        };
        self.fill(from, here, Bond::Whole, &mut Vec::new())?;
        let mut carried = self.case.eval(from, here).map_err(|_| Stopped)?;
        let (first, total) = self.case.records(*through, here.scope);
        let records = (first..first + total).collect();
        let records = self
            .case
            .ordered(records, *through, *by, expr, here)
            .map_err(|_| Stopped)?;
        let mut walked = Walked {
            records,
            values: Vec::new(),
            total,
        };
        for &record in &walked.records {
            self.case.set_local(*local, here, carried);
            carried = self.value_in(step, here.within(record))?;
            walked.values.push(carried.clone());
        }
        let mut columns = vec![Column::Input(*by)];
        columns_of(step, &mut columns);
        columns.push(Column::Carried(name, type_of(expr.kind)));
        if total > 0 {
            self.note_table(expr, *through, columns, &walked, here);
        }
        out.push(Piece::Value(type_of(expr.kind), carried));
        Ok(())
    }

    /// Goes through the records as the evaluator does, noting what they use.
    fn walk(&mut self, expr: &'a Expr, here: Here<'a>) -> Result<Walked, Stopped> {
        let Node::Aggregate {
            how,
            value,
            over,
            condition,
            by,
            ..
        } = &*expr.node
        else {
            return Err(Stopped);
        };
        let (first, total) = self.case.records(*over, here.scope);
        let mut walked = Walked {
            records: Vec::new(),
            values: Vec::new(),
            total,
        };
        for record in first..first + total {
            let there = here.within(record);
            let counts = match condition {
                Some(condition) => self.inside(|tracer| {
                    tracer.fill(condition, there, Bond::Whole, &mut Vec::new())?;
                    tracer.holds(condition, there)
                })?,
                None => true,
            };
            match (how, value) {
                (Gather::Any | Gather::Every, _) => {
                    walked.records.push(record);
                    if counts == (*how == Gather::Any) {
                        break;
                    }
                }
                _ if !counts => {}
                (Gather::First | Gather::Last, _) | (_, None) => walked.records.push(record),
                (_, Some(value)) => {
                    walked.records.push(record);
                    walked.values.push(self.value_in(value, there)?);
                }
            }
        }
        if let (Some(by), Some(value)) = (by, value) {
            let records = std::mem::take(&mut walked.records);
            let ordered = self
                .case
                .ordered(records, *over, *by, expr, here)
                .map_err(|_| Stopped)?;
            let end = if *how == Gather::First {
                ordered.first()
            } else {
                ordered.last()
            };
            if let Some(&end) = end {
                walked.records.push(end);
                walked.values.push(self.value_in(value, here.within(end))?);
            }
        }
        Ok(walked)
    }

    fn value_in(&mut self, value: &'a Expr, there: Here<'a>) -> Result<Value, Stopped> {
        let mut filled = Vec::new();
        self.inside(|tracer| tracer.fill(value, there, Bond::Whole, &mut filled))?;
        self.value_of(&filled, value, there)
    }

    /// Does something within a record: what it uses goes to the table.
    fn inside<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.inside, true);
        let outcome = act(self);
        self.inside = before;
        outcome
    }

    /// The declared type of what is gathered, if it is a fact, rule or figure by itself.
    fn leaf_type(&self, value: &Expr) -> Type {
        match &*value.node {
            Node::Input(id, _) => self.law[*id].ty,
            Node::Rule(id, _) => self.law[*id].ty,
            Node::Figure { figure, .. } => self.law[*figure].ty,
            _ => type_of(value.kind),
        }
    }

    /// Records are told apart by what orders them, or by the first point in time among their inputs.
    fn label_column(
        &self,
        relation: RelationId,
        by: Option<InputId>,
        records: &[usize],
        columns: &mut Vec<Column<'a>>,
    ) {
        let in_time = || {
            let given = &self.case.facts(*records.first()?).inputs;
            let of = self.law[relation].to;
            let fits =
                |id: &&InputId| self.law[**id].of == of && is_in_time(self.law[**id].ty.kind());
            given.keys().find(fits).copied()
        };
        columns.extend(by.or_else(in_time).map(Column::Input));
    }

    fn note_table(
        &mut self,
        expr: &'a Expr,
        relation: RelationId,
        columns: Vec<Column<'a>>,
        walked: &Walked,
        here: Here<'a>,
    ) {
        // A table inside a record's expression would repeat for every record; one table a body and expression.
        if self.inside
            || self
                .notes
                .tables
                .iter()
                .any(|table| std::ptr::eq(table.expr, expr))
        {
            return;
        }
        let shown = walked.records.len().min(MOST_ROWS);
        let mut rows = Vec::with_capacity(shown);
        for (index, &record) in walked.records[..shown].iter().enumerate() {
            let cells = columns
                .iter()
                .map(|column| self.cell(column, record, walked.values.get(index), here));
            let cells = cells.collect();
            rows.push(TableRow {
                number: self.case.place(record).map_or(0, |(_, number)| number),
                cells,
            });
        }
        let not_shown = walked.records.len() - shown;
        let not_counted = walked.total - walked.records.len();
        self.notes.tables.push(Table {
            expr,
            relation,
            columns,
            rows,
            not_shown,
            not_counted,
        });
    }

    fn cell(
        &mut self,
        column: &Column<'a>,
        record: usize,
        gathered: Option<&Value>,
        here: Here<'a>,
    ) -> Option<Value> {
        match column {
            Column::Input(id) => self.case.input(*id, record).ok(),
            Column::Rule(id) => self.case.computed(*id, record)?.clone().ok(),
            Column::Figure(_, expr) => self
                .case
                .figure(expr, here.within(record))
                .ok()
                .map(|found| found.value.clone()),
            Column::Value(_) | Column::Carried(..) => gathered.cloned(),
        }
    }
}

/// The records gone through in their order, and what each gave.
struct Walked {
    records: Vec<usize>,
    values: Vec<Value>,
    total: usize,
}

/// `a + b + … + z`.
fn fill_sum<'a>(values: &[Value], ty: Type, brackets: bool, out: &mut Vec<Piece<'a>>) {
    let brackets = brackets && values.len() > 1;
    if brackets {
        out.push(Piece::Symbol("("));
    }
    let left_out = if values.len() > 4 {
        2..values.len() - 1
    } else {
        0..0
    };
    for (index, value) in values.iter().enumerate() {
        if index == left_out.start && !left_out.is_empty() {
            out.push(Piece::Symbol(" + …"));
        }
        if left_out.contains(&index) {
            continue;
        }
        if index > 0 {
            out.push(Piece::Symbol(" + "));
        }
        out.push(Piece::Value(ty, value.clone()));
    }
    if brackets {
        out.push(Piece::Symbol(")"));
    }
}

/// What an expression reads in its own record, in the order met, each once.
fn columns_of<'a>(expr: &'a Expr, columns: &mut Vec<Column<'a>>) {
    let column = match &*expr.node {
        Node::Input(id, Reach::Own) => Column::Input(*id),
        Node::Rule(id, Reach::Own) => Column::Rule(*id),
        Node::Figure { figure, .. } => Column::Figure(*figure, expr),
        node => {
            for part in parts(node) {
                columns_of(part, columns);
            }
            return;
        }
    };
    let same = |other: &Column<'a>| match (other, &column) {
        (Column::Input(a), Column::Input(b)) => a == b,
        (Column::Rule(a), Column::Rule(b)) => a == b,
        (Column::Figure(_, a), Column::Figure(_, b)) => std::ptr::eq(*a, *b),
        _ => false,
    };
    if !columns.iter().any(same) {
        columns.push(column);
    }
}

/// The parts of an expression that speak of the same record.
fn parts(node: &Node) -> Vec<&Expr> {
    match node {
        Node::Negate(a) | Node::Not(a) | Node::Convert(a, _) | Node::Round(a, _, _) => vec![a],
        Node::Binary(_, a, b) => vec![a, b],
        Node::OneOf(a, members) => std::iter::once(a).chain(members).collect(),
        Node::Call(_, arguments) => arguments.iter().collect(),
        Node::Choose {
            arms, otherwise, ..
        } => arms
            .iter()
            .flat_map(|(a, b)| [a, b])
            .chain(std::iter::once(otherwise))
            .collect(),
        _ => Vec::new(),
    }
}
