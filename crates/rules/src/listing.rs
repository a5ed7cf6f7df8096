//! What a law holds, item by item, and how surely it is known.

use crate::diagnostic::Span;
use crate::law::{
    Citation, Figure, FigureId, Grade, Item, Law, Mark, Names, Row, Rule, RuleId, Type,
};
use measure::Day;

/// A figure or rule, with what a list says of it.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// Which.
    pub item: Item,
    /// Its names.
    pub names: &'a Names,
    /// The type of its value.
    pub ty: Type,
    /// The jurisdiction whose figures or bodies these are, an index into [`Law::chain`].
    pub jurisdiction: usize,
    /// Where the law says so.
    pub citations: &'a [Citation],
    /// The lower level that may set it.
    pub opened_to: Option<&'a str>,
    /// Its first day; `None` when it has always been so, or says nothing.
    pub from: Option<Day>,
    /// Its last day, if known.
    pub until: Option<Day>,
    /// How surely it is known.
    pub standing: Standing<'a>,
    /// Where it stands.
    pub span: Span,
}

/// How many of an item's values are how surely known. A rule counts as one value, an item left to a lower law as none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Confirmed values.
    pub confirmed: usize,
    /// Values that are not.
    pub unconfirmed: usize,
    /// Values not known at all.
    pub unset: usize,
    /// The weakest mark of those not confirmed.
    pub weakest: Option<&'a Mark>,
}

impl Standing<'_> {
    /// Whether there is something and every part of it may be relied on.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed > 0 && self.unconfirmed == 0 && self.unset == 0
    }

    /// Whether some part of it may not be relied on.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.unconfirmed > 0 || self.unset > 0
    }
}

/// Values that are not confirmed, for one and the same reason.
#[derive(Clone, Debug)]
pub struct Doubt<'a> {
    /// The rows of a figure's version, one after the other; none for a rule.
    pub rows: Vec<&'a Row>,
    /// Their first day.
    pub from: Option<Day>,
    /// Their last day, if known.
    pub until: Option<Day>,
    /// The mark with its grade and note.
    pub mark: &'a Mark,
    /// Where they stand.
    pub span: Span,
}

/// Every figure and rule, in the order of the text; with a day, only those in force on it.
#[must_use]
pub fn items(law: &Law, as_of: Option<Day>) -> Vec<Listed<'_>> {
    let figures = (0..).map(FigureId).zip(&law.figures);
    let figures = figures.filter_map(|(id, figure)| figure_listed(Item::Figure(id), figure, as_of));
    let rules = (0..).map(RuleId).zip(&law.rules);
    let rules = rules.filter_map(|(id, rule)| rule_listed(Item::Rule(id), rule, as_of));
    let mut items: Vec<Listed<'_>> = figures.chain(rules).collect();
    items.sort_by_key(|listed| listed.span);
    items
}

/// What of an item is not confirmed; with a day, of what is in force on it. Rows with the same mark are taken together.
#[must_use]
pub fn doubts(law: &Law, item: Item, as_of: Option<Day>) -> Vec<Doubt<'_>> {
    match item {
        Item::Figure(id) => {
            let versions = law[id]
                .versions
                .iter()
                .filter(|version| in_force(as_of, Some(version.from), version.until));
            versions
                .flat_map(|version| {
                    let alike = |a: &Row, b: &Row| {
                        a.mark == b.mark && a.value.is_some() == b.value.is_some()
                    };
                    let stretches = version
                        .rows
                        .chunk_by(alike)
                        .filter(|rows| is_doubtful(&rows[0]));
                    stretches.map(|rows| Doubt {
                        rows: rows.iter().collect(),
                        from: Some(version.from),
                        until: version.until,
                        mark: &rows[0].mark,
                        span: rows[0].span,
                    })
                })
                .collect()
        }
        Item::Rule(id) => {
            let rule = &law[id];
            let listed =
                rule_listed(item, rule, as_of).filter(|listed| listed.standing.is_doubtful());
            listed
                .map(|listed| Doubt {
                    rows: Vec::new(),
                    from: listed.from,
                    until: listed.until,
                    mark: &rule.mark,
                    span: rule.span,
                })
                .into_iter()
                .collect()
        }
        Item::Enum(_) | Item::Member(..) | Item::Entity(_) | Item::Relation(_) | Item::Input(_) => {
            Vec::new()
        }
    }
}

fn figure_listed(item: Item, figure: &Figure, as_of: Option<Day>) -> Option<Listed<'_>> {
    let versions = || {
        figure
            .versions
            .iter()
            .filter(|version| in_force(as_of, Some(version.from), version.until))
    };
    if as_of.is_some() && versions().next().is_none() {
        return None;
    }
    let mut standing = Standing::default();
    for row in versions().flat_map(|version| &version.rows) {
        if is_doubtful(row) {
            standing.weakest = standing.weakest.max_by_grade(&row.mark);
        }
        match (&row.value, row.mark.confirmed) {
            (None, _) => standing.unset += 1,
            (Some(_), true) => standing.confirmed += 1,
            (Some(_), false) => standing.unconfirmed += 1,
        }
    }
    Some(Listed {
        item,
        names: &figure.names,
        ty: figure.ty,
        jurisdiction: figure.jurisdiction,
        citations: &figure.citations,
        opened_to: figure.opened_to.as_deref(),
        from: versions().next().map(|version| version.from),
        until: versions().next_back().and_then(|version| version.until),
        standing,
        span: figure
            .versions
            .first()
            .map_or(figure.span, |version| version.span),
    })
}

fn rule_listed(item: Item, rule: &Rule, as_of: Option<Day>) -> Option<Listed<'_>> {
    let versions = || {
        rule.versions
            .iter()
            .filter(|version| in_force(as_of, version.from, version.until))
    };
    if as_of.is_some() && versions().next().is_none() {
        return None;
    }
    let said = usize::from(!rule.versions.is_empty());
    let doubtful = said == 1 && !rule.mark.confirmed;
    Some(Listed {
        item,
        names: &rule.names,
        ty: rule.ty,
        jurisdiction: rule.jurisdiction,
        citations: &rule.citations,
        opened_to: rule.opened_to.as_deref(),
        from: versions().next().and_then(|version| version.from),
        until: versions().next_back().and_then(|version| version.until),
        standing: Standing {
            confirmed: said - usize::from(doubtful),
            unconfirmed: usize::from(doubtful),
            unset: 0,
            weakest: doubtful.then_some(&rule.mark),
        },
        span: rule
            .versions
            .first()
            .map_or(rule.span, |version| version.span),
    })
}

fn in_force(as_of: Option<Day>, from: Option<Day>, until: Option<Day>) -> bool {
    as_of.is_none_or(|day| {
        from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
    })
}

fn is_doubtful(row: &Row) -> bool {
    row.value.is_none() || !row.mark.confirmed
}

trait Weakest<'a> {
    fn max_by_grade(self, other: &'a Mark) -> Option<&'a Mark>;
}

impl<'a> Weakest<'a> for Option<&'a Mark> {
    /// The weaker of the two; no grade at all is weakest.
    fn max_by_grade(self, other: &'a Mark) -> Option<&'a Mark> {
        let weakness = |mark: &Mark| mark.grade.map_or((1, Grade::M), |grade| (0, grade));
        match self {
            Some(mark) if weakness(mark) >= weakness(other) => Some(mark),
            _ => Some(other),
        }
    }
}
