//! Over many records: aggregations and `carry`.

use super::body::{Body, Local, Sight, expr};
use super::names::RESERVED;
use super::types::{Shape, amount, ordered};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{Expr, Gather, InputId, Item, Kind, LocalId, Node, RelationId};
use crate::syntax::ast::{self, Name};

impl Body<'_, '_, '_> {
    pub(super) fn aggregate(
        &mut self,
        gather: &ast::Aggregate,
        span: Span,
        want: Option<Kind>,
    ) -> Option<Expr> {
        let over = self.own_relation(&gather.over)?;
        let outer = std::mem::replace(&mut self.entity, self.checker.law[over].to);
        let value = gather.value.as_ref().map(|value| self.expr(value, want));
        let condition = gather
            .condition
            .as_ref()
            .map(|condition| self.condition(condition));
        let by = gather.by.as_ref().map(|by| self.order_by(by));
        self.entity = outer;
        let kind = value
            .as_ref()
            .and_then(|value| value.as_ref())
            .map(|value| value.kind);
        let default = gather
            .default
            .as_ref()
            .map(|default| self.gathered_default(default, kind.or(want)));
        let fits = self.clauses(gather, span);
        // Everything was looked at, so that all that is wrong is said; now all of it must be right.
        let (value, condition, by, default) =
            (all(value)?, all(condition)?, all(by)?, all(default)?);
        if !fits {
            return None;
        }
        let shape = self.gathered(gather.how, value.as_ref(), default.as_ref())?;
        Some(expr(
            Node::Aggregate {
                how: gather.how,
                value,
                over,
                condition,
                by,
                default,
            },
            shape,
            span,
        ))
    }

    fn gathered_default(&mut self, written: &ast::Expr, kind: Option<Kind>) -> Option<Expr> {
        let found = self.expr(written, kind)?;
        match kind {
            Some(kind) => self.expect(found, kind, written),
            None => Some(found),
        }
    }

    /// A relation of the entity the expression speaks of.
    fn own_relation(&mut self, name: &Name) -> Option<RelationId> {
        let id = self.checker.relation(name)?;
        let law = &self.checker.law;
        if self.sight == Sight::Inputs {
            let error = Diagnostic::error(
                codes::DATED_BY,
                name.span,
                "records may not decide which law applies",
                "not an input of this entity",
            );
            return self.fail(error.help("`dated by` reads only inputs of the entity itself"));
        }
        if law[id].of == self.entity {
            return Some(id);
        }
        let (ours, theirs) = (&law[self.entity].names.id, &law[law[id].of].names.id);
        let error = Diagnostic::error(
            codes::OTHER_RELATION,
            name.span,
            format!("`{}` is of `{theirs}`, not of `{ours}`", name.node),
            "of another entity",
        )
        .also(
            self.checker.names.declared(&law[id].names, law[id].span),
            "declared here",
        )
        .help(format!(
            "gather in a rule of `{theirs}` and read that rule here"
        ));
        self.fail(error)
    }

    /// The input that orders records; the record's entity is the one spoken of.
    fn order_by(&mut self, name: &Name) -> Option<InputId> {
        let item = self.checker.single(name)?;
        let law = &self.checker.law;
        let record = law[self.entity].names.id.clone();
        if let Item::Input(id) = item
            && law[id].of == self.entity
            && ordered(law[id].ty.kind())
        {
            let place = law[id].span;
            self.checker.report.used.insert(place);
            return Some(id);
        }
        let error = Diagnostic::error(
            codes::NO_ORDER,
            name.span,
            format!("records cannot be ordered by `{}`", name.node),
            format!("expected an input of `{record}` with an order"),
        );
        self.fail(error.help("order by an input such as a year, month, date or number"))
    }

    /// Whether the clauses belong to this way of gathering.
    fn clauses(&mut self, gather: &ast::Aggregate, span: Span) -> bool {
        let name = word(gather.how);
        let ordering = matches!(gather.how, Gather::First | Gather::Last);
        let error = match (&gather.by, &gather.default) {
            (None, _) if ordering => Diagnostic::error(codes::GATHER_CLAUSE, span, format!("`{name}` needs an order"), "first by what?")
                .help(format!("add `by INPUT` after `{}`", gather.over.node)),
            (Some(by), _) if !ordering => Diagnostic::error(codes::GATHER_CLAUSE, by.span, format!("`{name}` takes no order"), "the order changes nothing")
                .help("remove `by …`"),
            (_, Some(default)) if matches!(gather.how, Gather::Sum | Gather::Count | Gather::Any | Gather::Every) => {
                Diagnostic::error(codes::GATHER_CLAUSE, default.span, format!("`{name}` of nothing is known"), "never used")
                    .help("remove `default …`: without records a sum and a count are 0, `any` is false, `every` is true")
            }
            _ => return true,
        };
        self.checker.report.push(error);
        false
    }

    fn gathered(
        &mut self,
        how: Gather,
        value: Option<&Expr>,
        default: Option<&Expr>,
    ) -> Option<Shape> {
        let Some(value) = value else {
            return Some(if how == Gather::Count {
                (Kind::Number, Some(0))
            } else {
                (Kind::Bool, Some(0))
            });
        };
        let (fits, needs) = match how {
            Gather::Sum | Gather::Average => (amount(value.kind), "money, a number or a length"),
            Gather::Largest | Gather::Smallest => (ordered(value.kind), "a value with an order"),
            _ => (true, ""),
        };
        if !fits {
            let found = self.checker.kind_name(value.kind);
            let message = format!("`{}` takes {needs}, not {found}", word(how));
            return self.fail(Diagnostic::error(
                codes::OTHER_KIND,
                value.span,
                message,
                format!("this is {found}"),
            ));
        }
        let decimals = match default {
            _ if how == Gather::Average => None,
            Some(default) => value
                .decimals
                .zip(default.decimals)
                .map(|(one, other)| one.max(other)),
            None => value.decimals,
        };
        Some((value.kind, decimals))
    }

    pub(super) fn carry(
        &mut self,
        carry: &ast::Carry,
        span: Span,
        want: Option<Kind>,
    ) -> Option<Expr> {
        let through = self.own_relation(&carry.through);
        let from = self.expr(&carry.from, want);
        let (through, from) = (through?, from?);
        let outer = std::mem::replace(&mut self.entity, self.checker.law[through].to);
        let by = self.order_by(&carry.by);
        let step = self.step(carry, &from);
        self.entity = outer;
        let (by, (local, step, shape)) = (by?, step?);
        let name = carry.name.node.clone();
        Some(expr(
            Node::Carry {
                local,
                name,
                from,
                through,
                by,
                step,
            },
            shape,
            span,
        ))
    }

    /// Types the step. What is carried has as many decimals as the start or the step leaves, and the step must not add
    /// any to those: first it is tried with the start's, then once more with what came out.
    fn step(&mut self, carry: &ast::Carry, from: &Expr) -> Option<(LocalId, Expr, Shape)> {
        let mut decimals = from.decimals;
        let (count, said) = (self.count, self.checker.report.diagnostics.len());
        for last in [false, true] {
            self.count = count;
            self.checker.report.diagnostics.truncate(said);
            self.declare_local(&carry.name, Some((from.kind, decimals)));
            let local = LocalId(self.count - 1);
            let step = self.expr(&carry.step, Some(from.kind));
            self.forget(1);
            let step = self.expect(step?, from.kind, &carry.step)?;
            let (Some(held), Some(left)) = (decimals, step.decimals) else {
                let cause = if step.decimals.is_none() { &step } else { from };
                return self.grows(cause);
            };
            if left <= held {
                return Some((local, step, (from.kind, Some(held))));
            }
            if last {
                return self.grows(&step);
            }
            decimals = Some(left);
        }
        None
    }

    fn grows<T>(&mut self, cause: &Expr) -> Option<T> {
        let (place, why) = self.checker.culprit(cause);
        let unit = match cause.kind {
            Kind::Money => "fen",
            Kind::Months => "months",
            Kind::Days => "days",
            _ => "6 decimals",
        };
        let error = Diagnostic::error(
            codes::MUST_ROUND,
            place,
            format!("{why}, and what is carried on must be rounded"),
            "grows with every record",
        );
        self.fail(error.help(format!(
            "add `rounded half up to {unit}`, or as the law says, at the end of the step"
        )))
    }

    /// Makes a local known, warning when it hides something.
    pub(super) fn declare_local(&mut self, name: &Name, shape: Option<Shape>) {
        if RESERVED.contains(&&*name.node) {
            let error = Diagnostic::error(
                codes::RESERVED_NAME,
                name.span,
                format!("`{}` belongs to the language", name.node),
                "cannot be declared",
            );
            self.checker.report.push(error.help("choose another name"));
        }
        let before = self
            .locals
            .iter()
            .find(|local| local.name.node == name.node)
            .map(|local| local.name.span);
        if let Some(place) = before.or_else(|| self.checker.names.place(&name.node)) {
            let warning = Diagnostic::warning(
                codes::SHADOWED,
                name.span,
                format!("`{}` hides another of that name", name.node),
                "from here on this one is meant",
            )
            .also(place, "no longer seen")
            .help("give it another name");
            self.checker.report.push(warning);
        }
        let id = LocalId(self.count);
        self.count += 1;
        self.locals.push(Local {
            name: name.clone(),
            id,
            shape,
            used: false,
        });
    }

    /// Ends the scope of the last locals, warning of those never read.
    pub(super) fn forget(&mut self, count: usize) {
        let kept = self.locals.len().saturating_sub(count);
        let gone: Vec<Local> = self.locals.drain(kept..).collect();
        for local in gone.iter().filter(|local| !local.used) {
            let warning = Diagnostic::warning(
                codes::UNUSED_LET,
                local.name.span,
                format!("`{}` is never read", local.name.node),
                "not needed",
            )
            .help("remove it, or use it");
            self.checker.report.push(warning);
        }
    }
}

/// `None` when a clause is there and broken.
fn all<T>(clause: Option<Option<T>>) -> Option<Option<T>> {
    match clause {
        Some(None) => None,
        Some(found) => Some(found),
        None => Some(None),
    }
}

fn word(how: Gather) -> &'static str {
    match how {
        Gather::Sum => "sum",
        Gather::Count => "count",
        Gather::Average => "average",
        Gather::Largest => "largest",
        Gather::Smallest => "smallest",
        Gather::First => "first",
        Gather::Last => "last",
        Gather::Any => "any",
        Gather::Every => "every",
    }
}
