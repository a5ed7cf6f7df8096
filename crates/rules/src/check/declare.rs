//! What there is: every item's names, entity and type, before anything is said about it.

use super::Checker;
use super::marks::{Context, Placed};
use super::names::{list, names, nearest};
use super::{constants::Fit, types};
use crate::diagnostic::{Diagnostic, codes_check as codes};
use crate::law::{
    Entity, EntityId, Enum, EnumId, Figure, FigureId, Input, InputId, Item, Key, Relation,
    RelationId, Rule, RuleId, Type, Value,
};
use crate::syntax::ast::{self, ItemKind, TypeName};

/// Figures and rules whose heads are known and whose versions are still to be read.
#[derive(Default)]
pub(super) struct Work<'f> {
    pub figures: Vec<(FigureId, &'f ast::Figure, Context<'f>)>,
    pub rules: Vec<(RuleId, &'f ast::Rule, Context<'f>)>,
}

impl<'f> Checker<'_, 'f> {
    /// Declares everything the folder adds. Each pass needs the names of those before it.
    pub(super) fn declare(&mut self, placed: &[Placed<'f>]) -> Work<'f> {
        let mut work = Work::default();
        for item in placed {
            match &item.item.kind {
                ItemKind::Enum(declared) => self.enumeration(declared, item),
                ItemKind::Entity(declared) => self.entity_head(declared, item),
                _ => {}
            }
        }
        for item in placed {
            if let ItemKind::Relation(declared) = &item.item.kind {
                self.relation_head(declared, item);
            }
        }
        for item in placed {
            match &item.item.kind {
                ItemKind::Input(declared) => self.input_head(declared, item),
                ItemKind::Figure(declared) if !declared.set => {
                    self.figure_head(declared, item, &mut work);
                }
                ItemKind::Rule(declared) if !declared.set => {
                    self.rule_head(declared, item, &mut work);
                }
                _ => {}
            }
        }
        for item in placed {
            if let ItemKind::Input(declared) = &item.item.kind {
                self.input_values(declared);
            }
        }
        work
    }

    fn enumeration(&mut self, declared: &ast::Enum, placed: &Placed) {
        let id = EnumId::nth(self.law.enums.len());
        let name = &declared.naming.id;
        if types::built_in(&name.node).is_some() || name.node == "decimal" {
            let error = Diagnostic::error(
                codes::RESERVED_NAME,
                name.span,
                format!("`{}` is a type of the language", name.node),
                "cannot be an enumeration",
            );
            self.report.push(error.help("choose another name"));
        }
        let members = declared.members.iter().map(names).collect();
        self.law.enums.push(Enum {
            names: names(&declared.naming),
            members,
            span: placed.item.span,
        });
        self.declare_name(&declared.naming, Some(Item::Enum(id)));
        for (index, member) in (0..).zip(&declared.members) {
            self.declare_name(member, Some(Item::Member(id, index)));
        }
        self.report
            .declared
            .push((placed.item.span, declared.naming.id.clone()));
    }

    fn entity_head(&mut self, declared: &ast::Entity, placed: &Placed) {
        let id = EntityId::nth(self.law.entities.len());
        let entity = Entity {
            names: names(&declared.naming),
            dated_by: None,
            owned_through: None,
            span: placed.item.span,
        };
        self.law.entities.push(entity);
        self.declare_name(&declared.naming, Some(Item::Entity(id)));
    }

    fn relation_head(&mut self, declared: &ast::Relation, placed: &Placed) {
        let (of, to) = (self.entity(&declared.of), self.entity(&declared.to));
        let (Some(of), Some(to)) = (of, to) else {
            return self.declare_name(&declared.naming, None);
        };
        let id = RelationId::nth(self.law.relations.len());
        self.law.relations.push(Relation {
            names: names(&declared.naming),
            of,
            to,
            span: placed.item.span,
        });
        self.declare_name(&declared.naming, Some(Item::Relation(id)));
        self.own(id, declared);
    }

    /// Notes that the relation's records are owned through it, unless they are already or it would go in a circle.
    fn own(&mut self, id: RelationId, declared: &ast::Relation) {
        let Relation { of, to, .. } = self.law[id];
        let entity = &self.law[to].names.id;
        let error = if let Some(first) = self.law[to].owned_through {
            let first = &self.law[first];
            Diagnostic::error(
                codes::OWNERSHIP,
                declared.to.span,
                format!("`{entity}` is already owned through `{}`", first.names.id),
                "owned a second time",
            )
            .also(self.names.declared(&first.names, first.span), "owned here")
            .help("a record has one owner: make an entity of its own for these records")
        } else if self.owners(of).any(|owner| owner == to) {
            Diagnostic::error(
                codes::OWNERSHIP,
                declared.to.span,
                format!("`{entity}` would own itself"),
                "owned in a circle",
            )
            .also(declared.of.span, "by this, which it owns")
            .help("a record cannot own its owner: make an entity of its own for these records")
        } else {
            self.law.entities[to.0 as usize].owned_through = Some(id);
            return;
        };
        self.report.push(error);
    }

    /// An entity, its owner, that one's owner, and so on.
    pub(super) fn owners(&self, entity: EntityId) -> impl Iterator<Item = EntityId> {
        std::iter::successors(Some(entity), |&entity| {
            self.law[entity]
                .owned_through
                .map(|through| self.law[through].of)
        })
    }

    fn input_head(&mut self, declared: &ast::Input, placed: &Placed) {
        let (of, ty) = (self.entity(&declared.of), self.ty(&declared.ty));
        let (Some(of), Some(ty)) = (of, ty) else {
            return self.declare_name(&declared.naming, None);
        };
        let id = InputId::nth(self.law.inputs.len());
        let clause = placed.item.clause.clone();
        let input = Input {
            names: names(&declared.naming),
            of,
            ty,
            range: types::own_range(ty),
            default: None,
            clause,
            span: placed.item.span,
        };
        self.law.inputs.push(input);
        self.declare_name(&declared.naming, Some(Item::Input(id)));
        self.report
            .declared
            .push((placed.item.span, declared.naming.id.clone()));
    }

    /// An input's range and default.
    fn input_values(&mut self, declared: &ast::Input) {
        let Some(&[Item::Input(id)]) = self.names.get(&declared.naming.id.node) else {
            return;
        };
        if self.names.place(&declared.naming.id.node) != Some(declared.naming.id.span) {
            return;
        }
        let ty = self.law[id].ty;
        if let Some((low, high)) = &declared.range {
            let span = low.span.to(high.span);
            if !types::ordered(ty.kind()) {
                let error = Diagnostic::error(
                    codes::BAD_RANGE,
                    span,
                    format!("{} has no order", self.kind_name(ty.kind())),
                    "cannot have a range",
                );
                self.report.push(error.help("leave the range out"));
            } else if let (Some(low), Some(high)) = (
                self.constant(low, ty, Fit::Exact),
                self.constant(high, ty, Fit::Exact),
            ) {
                if types::order(&low, &high).is_gt() {
                    let error = Diagnostic::error(
                        codes::BAD_RANGE,
                        span,
                        "the range is upside down",
                        "ends before it begins",
                    );
                    self.report
                        .push(error.help("write the smaller value first"));
                } else {
                    self.law.inputs[id.0 as usize].range = Some((low, high));
                }
            }
        }
        if let Some(default) = &declared.default
            && let Some(value) = self.constant(default, ty, Fit::Exact)
        {
            self.in_range(id, &value, default);
            self.law.inputs[id.0 as usize].default = Some(value);
        }
    }

    /// Reports a value outside its input's range.
    pub(super) fn in_range(&mut self, id: InputId, value: &Value, written: &ast::Expr) {
        let input = &self.law[id];
        let Some((low, high)) = &input.range else {
            return;
        };
        if types::order(value, low).is_ge() && types::order(value, high).is_le() {
            return;
        }
        let (low, high) = (types::show(low, input.ty), types::show(high, input.ty));
        let error = Diagnostic::error(
            codes::OUT_OF_RANGE,
            written.span,
            format!("outside the range of `{}`", input.names.id),
            format!("expected {low} to {high}"),
        )
        .also(
            self.names.declared(&input.names, input.span),
            "declared here",
        )
        .help("mend the value, or widen the input's `range`");
        self.report.push(error);
    }

    fn figure_head(&mut self, declared: &'f ast::Figure, placed: &Placed<'f>, work: &mut Work<'f>) {
        let ty = declared.ty.as_ref().and_then(|ty| self.ty(ty));
        let keys: Vec<Option<Key>> = declared.keys.iter().map(|key| self.key(key)).collect();
        let keys: Option<Vec<Key>> = keys.into_iter().collect();
        let (Some(ty), Some(keys)) = (ty, keys) else {
            return self.declare_name(&declared.naming, None);
        };
        let id = FigureId::nth(self.law.figures.len());
        self.opening(&declared.basis);
        let figure = Figure {
            names: names(&declared.naming),
            ty,
            keys,
            citations: self.citations(&declared.basis, placed.context),
            opened_to: declared
                .basis
                .opened_to
                .as_ref()
                .map(|level| level.node.clone()),
            jurisdiction: self.here(),
            versions: Vec::new(),
            clause: placed.item.clause.clone(),
            span: placed.item.span,
        };
        self.law.figures.push(figure);
        self.declare_name(&declared.naming, Some(Item::Figure(id)));
        self.report
            .declared
            .push((placed.item.span, declared.naming.id.clone()));
        work.figures.push((id, declared, placed.context));
    }

    fn key(&mut self, key: &ast::Key) -> Option<Key> {
        let Some(written) = &key.ty else {
            return match self.names.get(&key.name.node) {
                Some(&[Item::Enum(id)]) => {
                    self.report.used.insert(self.law[id].span);
                    Some(Key {
                        names: self.law[id].names.clone(),
                        ty: Type::Enum(id),
                    })
                }
                Some([]) => None,
                items => {
                    let name = &key.name.node;
                    let ty = match items {
                        Some(&[Item::Input(id)]) => match self.law[id].ty {
                            Type::Enum(id) => format!("`by {}`", self.law[id].names.id),
                            ty => format!("`{name} : {}`", self.type_name(ty).trim_matches('`')),
                        },
                        _ => format!(
                            "its type: `{name} : integer`, or `months`, `days`, `year`, an enumeration"
                        ),
                    };
                    let message = format!("the key `{name}` is not an enumeration");
                    let error =
                        Diagnostic::error(codes::BAD_KEY, key.name.span, message, "of which type?");
                    self.report.push(error.help(format!("write {ty}")));
                    None
                }
            };
        };
        let ty = self.ty(written)?;
        if !matches!(
            ty,
            Type::Enum(_) | Type::Integer | Type::Months | Type::Days | Type::Year
        ) {
            let message = format!("a table cannot be keyed by `{}`", written.name.node);
            let error = Diagnostic::error(
                codes::BAD_KEY,
                written.name.span,
                message,
                "not a key's type",
            );
            self.report
                .push(error.help("a key is an enumeration, `integer`, `months`, `days` or `year`"));
            return None;
        }
        let naming = ast::Naming {
            id: key.name.clone(),
            other: None,
        };
        Some(Key {
            names: names(&naming),
            ty,
        })
    }

    fn rule_head(&mut self, declared: &'f ast::Rule, placed: &Placed<'f>, work: &mut Work<'f>) {
        let of = declared.of.as_ref().and_then(|of| self.entity(of));
        let ty = declared.ty.as_ref().and_then(|ty| self.ty(ty));
        let (Some(of), Some(ty)) = (of, ty) else {
            return self.declare_name(&declared.naming, None);
        };
        let id = RuleId::nth(self.law.rules.len());
        self.opening(&declared.basis);
        let rule = Rule {
            names: names(&declared.naming),
            of,
            ty,
            citations: self.citations(&declared.basis, placed.context),
            mark: self.mark(&[declared.basis.mark.as_ref()], placed.context),
            opened_to: declared
                .basis
                .opened_to
                .as_ref()
                .map(|level| level.node.clone()),
            jurisdiction: self.here(),
            versions: Vec::new(),
            clause: placed.item.clause.clone(),
            span: placed.item.span,
        };
        self.law.rules.push(rule);
        self.declare_name(&declared.naming, Some(Item::Rule(id)));
        work.rules.push((id, declared, placed.context));
    }

    /// Warns of a level that looks like a slip of the pen.
    pub(super) fn opening(&mut self, basis: &ast::Basis) {
        let Some(level) = &basis.opened_to else {
            return;
        };
        let levels = &self.report.levels;
        if levels.contains(&level.node) {
            return;
        }
        let near = nearest(&level.node, levels.iter().map(String::as_str));
        if !near.is_empty() {
            let message = format!("no jurisdiction is a `{}`", level.node);
            let warning =
                Diagnostic::warning(codes::UNKNOWN_LEVEL, level.span, message, "no such level");
            self.report
                .push(warning.help(format!("did you mean {}?", list(&near))));
        }
    }

    /// The type a name stands for.
    pub(super) fn ty(&mut self, written: &TypeName) -> Option<Type> {
        let name = &written.name;
        let scale = written.scale.as_ref();
        let error = match (&*name.node, scale) {
            ("decimal", Some(scale)) if scale.node <= 12 => return Some(Type::Decimal(scale.node)),
            ("decimal", Some(scale)) => Diagnostic::error(
                codes::UNKNOWN_TYPE,
                scale.span,
                "a decimal has at most 12 decimals",
                "expected 0 to 12",
            ),
            ("decimal", None) => Diagnostic::error(
                codes::UNKNOWN_TYPE,
                name.span,
                "a decimal says how many decimals it keeps",
                "how many?",
            )
            .help("write `decimal(4)`, or `rate` for a share with six"),
            (_, Some(scale)) => Diagnostic::error(
                codes::UNKNOWN_TYPE,
                scale.span,
                format!("`{}` takes no number of decimals", name.node),
                "not here",
            )
            .help("only `decimal(n)` does"),
            (built_in, None) => {
                if let Some(ty) = types::built_in(built_in) {
                    return Some(ty);
                }
                match self.names.get(&name.node) {
                    Some(&[Item::Enum(id)]) => {
                        self.report.used.insert(self.law[id].span);
                        return Some(Type::Enum(id));
                    }
                    Some([]) => return None,
                    Some(&[other, ..]) => return self.wrong_sort(name, other, "a type"),
                    None => self.unknown_type(name),
                }
            }
        };
        self.report.push(error);
        None
    }

    fn unknown_type(&self, name: &ast::Name) -> Diagnostic {
        let error = Diagnostic::error(
            codes::UNKNOWN_TYPE,
            name.span,
            format!("there is no type `{}`", name.node),
            "not a type",
        );
        let enums = self
            .law
            .enums
            .iter()
            .flat_map(|of| std::iter::once(&*of.names.id).chain(of.names.zh.as_deref()));
        let near = nearest(
            &name.node,
            types::BUILT_IN.iter().map(|(name, _)| *name).chain(enums),
        );
        if near.is_empty() {
            error.help("the types are money, rate, decimal(n), integer, bool, date, month, year, months, days, text and the enumerations")
        } else {
            error.help(format!("did you mean {}?", list(&near)))
        }
    }
}
