//! Expressions: every name found, every kind known, every decimal counted.

use super::Checker;
use super::constants;
use super::names::RESERVED;
use super::types::{Shape, amount};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{
    EntityId, Expr, FigureId, Function, Item, Kind, LocalId, Node, Operator, Reach, Value,
};
use crate::syntax::ast::{self, At, ExprKind, Name};

/// What may be read in an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of the law.
    Law,
    /// Only the inputs of the entity itself: `dated by`, which decides the law that applies.
    Inputs,
}

/// One body being read: where it stands and what it has named so far.
pub(super) struct Body<'c, 'r, 'f> {
    pub checker: &'c mut Checker<'r, 'f>,
    /// Whose names are read; inside an aggregation the record's.
    pub entity: EntityId,
    pub locals: Vec<Local>,
    /// How many locals there have been.
    pub count: u32,
    pub sight: Sight,
}

/// A `let` or a carried value.
pub(super) struct Local {
    pub name: Name,
    pub id: LocalId,
    /// `None` when its value is broken, which was reported.
    pub shape: Option<Shape>,
    pub used: bool,
}

impl<'c, 'r, 'f> Body<'c, 'r, 'f> {
    pub(super) fn new(checker: &'c mut Checker<'r, 'f>, entity: EntityId, sight: Sight) -> Self {
        Self {
            checker,
            entity,
            locals: Vec::new(),
            count: 0,
            sight,
        }
    }

    /// Types an expression; `None` after reporting what is wrong. `want` is the kind needed, where it is known:
    /// it decides between members of the same name and is not checked here.
    pub(super) fn expr(&mut self, written: &ast::Expr, want: Option<Kind>) -> Option<Expr> {
        let span = written.span;
        match &*written.node {
            ExprKind::Broken => None,
            ExprKind::Literal(literal) => match constants::value(literal) {
                Some((value, shape)) => Some(expr(Node::Literal(value), shape, span)),
                None => self.fail(constants::too_fine(span)),
            },
            ExprKind::Name(name) => self.name(name, span, want),
            ExprKind::Call(name, arguments) => self.call(name, arguments, span, want),
            ExprKind::AsOf(inner, date) => self.as_of(inner, date, span),
            ExprKind::Convert(inner, to) => self.convert(inner, to, span),
            ExprKind::Negate(inner) => {
                let inner = self.expr(inner, want)?;
                if !amount(inner.kind) {
                    let message = format!("{} has no negative", self.checker.kind_name(inner.kind));
                    return self.fail(Diagnostic::error(
                        codes::NO_OPERATION,
                        span,
                        message,
                        "cannot be negated",
                    ));
                }
                let shape = (inner.kind, inner.decimals);
                Some(expr(Node::Negate(inner), shape, span))
            }
            ExprKind::Not(inner) => {
                let inner = self.condition(inner)?;
                Some(expr(Node::Not(inner), (Kind::Bool, Some(0)), span))
            }
            ExprKind::Binary(operator, left, right) => match operator.node {
                Operator::And | Operator::Or => {
                    let (left, right) = (self.condition(left), self.condition(right));
                    Some(expr(
                        Node::Binary(operator.node, left?, right?),
                        (Kind::Bool, Some(0)),
                        span,
                    ))
                }
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
                    self.calculation(operator, left, right, span)
                }
                _ => self.comparison(operator, left, right, span),
            },
            ExprKind::OneOf(left, list) => self.one_of(left, list, span),
            ExprKind::Round(inner, rounding, unit) => self.round(inner, *rounding, unit, span),
            ExprKind::If(condition, yes, no) => {
                self.choose(&[(condition, yes)], no, false, span, want)
            }
            ExprKind::Choose(arms, otherwise) => {
                let arms: Vec<_> = arms
                    .iter()
                    .map(|(condition, value)| (condition, value))
                    .collect();
                self.choose(&arms, otherwise, true, span, want)
            }
            ExprKind::Aggregate(gather) => self.aggregate(gather, span, want),
            ExprKind::Carry(carry) => self.carry(carry, span, want),
        }
    }

    /// An expression that must be true or false.
    pub(super) fn condition(&mut self, written: &ast::Expr) -> Option<Expr> {
        let found = self.expr(written, Some(Kind::Bool))?;
        self.expect(found, Kind::Bool, written)
    }

    /// Reports a value of another kind than is needed.
    pub(super) fn expect(&mut self, found: Expr, kind: Kind, written: &ast::Expr) -> Option<Expr> {
        if found.kind == kind {
            return Some(found);
        }
        let message = format!(
            "expected {}, found {}",
            self.checker.kind_name(kind),
            self.checker.kind_name(found.kind)
        );
        let label = format!("this is {}", self.checker.kind_name(found.kind));
        let mut error = Diagnostic::error(codes::OTHER_KIND, written.span, message, label);
        if let Some(unit) = self.checker.unit_help(kind, found.kind, written) {
            error = error.help(unit);
        } else if kind == Kind::Bool {
            error = error.help("compare it with something, such as `… > 0`");
        }
        self.fail(error)
    }

    /// Reports an error and gives no value.
    pub(super) fn fail<T>(&mut self, error: Diagnostic) -> Option<T> {
        self.checker.report.push(error);
        None
    }

    fn name(&mut self, name: &str, span: Span, want: Option<Kind>) -> Option<Expr> {
        if let Some(local) = self
            .locals
            .iter_mut()
            .rev()
            .find(|local| local.name.node == name)
        {
            local.used = true;
            return Some(expr(
                Node::Local(local.id, name.to_owned()),
                local.shape?,
                span,
            ));
        }
        if name == "as-of" && self.sight == Sight::Law {
            return Some(expr(Node::AsOf, (Kind::Date, Some(0)), span));
        }
        let member = |of, index| {
            Some(expr(
                Node::Literal(Value::Member(index)),
                (Kind::Enum(of), Some(0)),
                span,
            ))
        };
        if let Some(Kind::Enum(of)) = want
            && let Some(index) = self.checker.names.member(name, of)
        {
            return member(of, index);
        }
        let Some(items) = self.checker.names.get(name) else {
            return self.unknown(name, span);
        };
        match *items {
            [Item::Member(of, index)] => member(of, index),
            [Item::Member(..), ..] => self.ambiguous(name, span),
            [item, ..] => self.item(name, item, span),
            [] => None,
        }
    }

    fn unknown(&mut self, name: &str, span: Span) -> Option<Expr> {
        let locals: Vec<&str> = self.locals.iter().map(|local| &*local.name.node).collect();
        let error = if RESERVED.contains(&name) && name != "as-of" {
            Diagnostic::error(
                codes::WRONG_SORT,
                span,
                format!("`{name}` is a function"),
                "expected a value",
            )
            .help(format!("write `{name}(…)`"))
        } else if name == "as-of" {
            Diagnostic::error(
                codes::DATED_BY,
                span,
                "the law's date is not known here",
                "decided by this very line",
            )
            .help("use inputs of the entity")
        } else {
            self.checker.unknown(name, span, &locals)
        };
        self.fail(error)
    }

    fn ambiguous(&mut self, name: &str, span: Span) -> Option<Expr> {
        let of: Vec<String> = self
            .checker
            .names
            .get(name)
            .into_iter()
            .flatten()
            .filter_map(|item| match item {
                Item::Member(of, _) => Some(self.checker.law[*of].names.id.clone()),
                _ => None,
            })
            .collect();
        let message = format!(
            "`{name}` is a member of {}",
            super::names::list(&of).replace(" or ", " and of ")
        );
        let error = Diagnostic::error(codes::AMBIGUOUS_MEMBER, span, message, "which of them?");
        self.fail(error.help("use it where its enumeration is known: beside an input of it, as a key, as a rule's value"))
    }

    /// A name that stands for an item of the law.
    fn item(&mut self, name: &str, item: Item, span: Span) -> Option<Expr> {
        match item {
            Item::Input(id) => {
                let (of, ty, place) = (
                    self.checker.law[id].of,
                    self.checker.law[id].ty,
                    self.checker.law[id].span,
                );
                self.checker.report.used.insert(place);
                let reach = self.reach(name, of, span)?;
                if self.sight == Sight::Inputs && reach != Reach::Own {
                    return self.not_dated(name, span);
                }
                Some(expr(
                    Node::Input(id, reach),
                    (ty.kind(), Some(ty.decimals())),
                    span,
                ))
            }
            _ if self.sight == Sight::Inputs => self.not_dated(name, span),
            Item::Rule(id) => {
                let (of, ty) = (self.checker.law[id].of, self.checker.law[id].ty);
                let reach = self.reach(name, of, span)?;
                Some(expr(
                    Node::Rule(id, reach),
                    (ty.kind(), Some(ty.decimals())),
                    span,
                ))
            }
            Item::Figure(id) => self.figure(id, name, &[], None, span),
            _ => self.checker.wrong_sort(
                &At {
                    node: name.to_owned(),
                    span,
                },
                item,
                "a value",
            ),
        }
    }

    fn not_dated<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let error = Diagnostic::error(
            codes::DATED_BY,
            span,
            format!("`{name}` may not decide which law applies"),
            "not an input of this entity",
        );
        self.fail(error.help("`dated by` reads only inputs of the entity itself"))
    }

    /// Where a name of another entity is read from here.
    fn reach(&mut self, name: &str, of: EntityId, span: Span) -> Option<Reach> {
        match self
            .checker
            .owners(self.entity)
            .position(|owner| owner == of)
            .map(u8::try_from)
        {
            Some(Ok(0)) => return Some(Reach::Own),
            Some(Ok(steps)) => return Some(Reach::Owner(steps)),
            _ => {}
        }
        let law = &self.checker.law;
        let (theirs, ours) = (&law[of].names.id, &law[self.entity].names.id);
        let mut error = Diagnostic::error(
            codes::OTHER_ENTITY,
            span,
            format!("`{name}` is of `{theirs}`, not of `{ours}`"),
            format!("of another entity than `{ours}`"),
        );
        if let Some(place) = self.checker.names.place(name) {
            error = error.also(place, "declared here");
        }
        error = match law[of].owned_through {
            Some(through) if law[through].of == self.entity => error.help(format!(
                "there are many: `sum of {name} over {}` or another of section 6",
                law[through].names.id
            )),
            _ => error.help(format!(
                "from `{ours}` only its own names and its owners' can be read"
            )),
        };
        self.fail(error)
    }

    fn call(
        &mut self,
        name: &Name,
        arguments: &[ast::Expr],
        span: Span,
        want: Option<Kind>,
    ) -> Option<Expr> {
        let local = self.locals.iter().any(|local| local.name.node == name.node);
        match self.checker.names.get(&name.node) {
            Some(&[Item::Figure(id)]) if !local && self.sight == Sight::Law => {
                self.figure(id, &name.node, arguments, None, span)
            }
            _ => match function(&name.node) {
                Some(function) => self.function(function, name, arguments, span, want),
                None => self.not_callable(name, arguments),
            },
        }
    }

    fn not_callable(&mut self, name: &Name, arguments: &[ast::Expr]) -> Option<Expr> {
        for argument in arguments {
            let _ = self.expr(argument, None);
        }
        if self.locals.iter().any(|local| local.name.node == name.node) {
            let message = format!(
                "`{}` is a local value and takes nothing in brackets",
                name.node
            );
            return self.fail(Diagnostic::error(
                codes::WRONG_SORT,
                name.span,
                message,
                "not a table or function",
            ));
        }
        match self.checker.single(name)? {
            Item::Figure(_) => self.not_dated(&name.node, name.span),
            item => self.checker.wrong_sort(name, item, "a table or a function"),
        }
    }

    fn figure(
        &mut self,
        id: FigureId,
        name: &str,
        arguments: &[ast::Expr],
        at: Option<Expr>,
        span: Span,
    ) -> Option<Expr> {
        let (ty, place) = (self.checker.law[id].ty, self.checker.law[id].span);
        let types: Vec<_> = self.checker.law[id].keys.iter().map(|key| key.ty).collect();
        self.checker.report.used.insert(place);
        if types.len() != arguments.len() {
            let keys: Vec<String> = self.checker.law[id]
                .keys
                .iter()
                .map(|key| key.names.id.clone())
                .collect();
            let message = match types.len() {
                0 => format!("`{name}` is a parameter and has no keys"),
                count => format!(
                    "`{name}` is looked up by {count} key{}, not {}",
                    if count == 1 { "" } else { "s" },
                    arguments.len()
                ),
            };
            let error =
                Diagnostic::error(codes::WRONG_COUNT, span, message, "wrong number of keys").also(
                    self.checker
                        .names
                        .declared(&self.checker.law[id].names, place),
                    "declared here",
                );
            let call = if keys.is_empty() {
                name.to_owned()
            } else {
                format!("{name}({})", keys.join(", "))
            };
            return self.fail(error.help(format!("write `{call}`")));
        }
        let keys: Vec<Option<Expr>> = arguments
            .iter()
            .zip(types)
            .map(|(argument, ty)| self.key(argument, ty.kind()))
            .collect();
        let keys = keys.into_iter().collect::<Option<Vec<_>>>()?;
        Some(expr(
            Node::Figure {
                figure: id,
                keys,
                at,
            },
            (ty.kind(), Some(ty.decimals())),
            span,
        ))
    }

    /// A value a table is looked up by: of the key's kind, and whole.
    fn key(&mut self, written: &ast::Expr, kind: Kind) -> Option<Expr> {
        let found = self.expr(written, Some(kind))?;
        let found = self.expect(found, kind, written)?;
        self.whole(found)
    }

    /// Reports a number or length that is not known to be whole.
    pub(super) fn whole(&mut self, found: Expr) -> Option<Expr> {
        if found.decimals == Some(0) {
            return Some(found);
        }
        let unit = match found.kind {
            Kind::Months => "months",
            Kind::Days => "days",
            _ => "integer",
        };
        let (place, why) = self.checker.culprit(&found);
        let error = Diagnostic::error(
            codes::MUST_ROUND,
            place,
            format!("{why}, but a whole number is needed"),
            "not whole",
        );
        self.fail(error.help(format!("round it first, such as `rounded down to {unit}`")))
    }

    fn as_of(&mut self, inner: &ast::Expr, date: &ast::Expr, span: Span) -> Option<Expr> {
        let date = match self.expr(date, Some(Kind::Date)) {
            Some(found) => self.expect(found, Kind::Date, date),
            None => None,
        };
        let (name, arguments): (Name, &[ast::Expr]) = match &*inner.node {
            ExprKind::Name(name) => (
                At {
                    node: name.clone(),
                    span: inner.span,
                },
                &[],
            ),
            ExprKind::Call(name, arguments) => (name.clone(), arguments),
            ExprKind::Broken => return None,
            _ => return self.not_a_figure(inner.span),
        };
        match self.checker.names.get(&name.node) {
            Some(&[Item::Figure(id)]) if self.sight == Sight::Law => {
                let date = Some(date?);
                self.figure(id, &name.node, arguments, date, span)
            }
            Some([]) => None,
            None if !self.locals.iter().any(|local| local.name.node == name.node)
                && function(&name.node).is_none() =>
            {
                self.unknown(&name.node, name.span)
            }
            _ => self.not_a_figure(inner.span),
        }
    }

    fn not_a_figure(&mut self, span: Span) -> Option<Expr> {
        let error = Diagnostic::error(
            codes::NOT_A_FIGURE,
            span,
            "`at` reads a parameter or table as of another date",
            "neither of them",
        );
        self.fail(error.help(
            "only what has figures over time can be read `at` a date; rules and inputs cannot",
        ))
    }
}

/// An expression from its parts.
pub(super) fn expr(node: Node, (kind, decimals): Shape, span: Span) -> Expr {
    Expr {
        node: Box::new(node),
        kind,
        decimals,
        span,
    }
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "min" => Function::Min,
        "max" => Function::Max,
        "bounded" => Function::Bounded,
        "year-of" => Function::YearOf,
        "month-of" => Function::MonthOf,
        "month-number" => Function::MonthNumber,
        "day-number" => Function::DayNumber,
        "first-day" => Function::FirstDay,
        "last-day" => Function::LastDay,
        _ => return None,
    })
}
