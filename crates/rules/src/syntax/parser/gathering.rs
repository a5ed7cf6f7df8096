//! What walks over many records: aggregations and `carry`.

use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::codes;
use crate::syntax::ast::{Aggregate, Carry, Expr, ExprKind, Gather};
use crate::syntax::lexer::Tok;
use crate::syntax::words;

const OF: &[(&str, Gather)] = &[
    ("sum", Gather::Sum),
    ("count", Gather::Count),
    ("average", Gather::Average),
    ("largest", Gather::Largest),
    ("smallest", Gather::Smallest),
    ("first", Gather::First),
    ("last", Gather::Last),
];

impl Cursor<'_, '_> {
    /// Whether an aggregation begins here. Its words are names elsewhere: `sum of` begins one, `sum` alone does not.
    pub(super) fn at_aggregation(&self) -> bool {
        self.gather().is_some()
    }

    fn gather(&self) -> Option<Gather> {
        let follows = self.peek_word_at(1)?;
        match self.peek_word()? {
            "any" if !words::reserved(follows) => Some(Gather::Any),
            "every" if !words::reserved(follows) => Some(Gather::Every),
            word if follows == "of" => OF
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, how)| *how),
            _ => None,
        }
    }

    pub(super) fn aggregation(&mut self) -> Read<Expr> {
        let start = self.here();
        let Some(how) = self.gather() else {
            return self.missing("an aggregation");
        };
        self.next();
        let records_only = matches!(how, Gather::Any | Gather::Every);
        if !records_only {
            self.next();
        }
        let value = if records_only || how == Gather::Count {
            None
        } else {
            let held = std::mem::replace(&mut self.hold_rounding, false);
            let value = self.expression()?;
            self.hold_rounding = held;
            self.word("over")?;
            Some(value)
        };
        let over = self.name("a relation")?;
        let mut found = Aggregate {
            how,
            value,
            over,
            condition: None,
            by: None,
            default: None,
        };
        let held = std::mem::replace(&mut self.hold_rounding, true);
        self.aggregation_clauses(&mut found)?;
        self.hold_rounding = held;
        let whole = self.made(start, ExprKind::Aggregate(Box::new(found)));
        if self.hold_rounding {
            Ok(whole)
        } else {
            self.rounded(whole)
        }
    }

    fn aggregation_clauses(&mut self, found: &mut Aggregate) -> Read<()> {
        loop {
            let again = match self.peek_word() {
                Some("where") => found.condition.is_some(),
                Some("by") => found.by.is_some(),
                Some("default") => found.default.is_some(),
                _ => return Ok(()),
            };
            let word = self.found();
            if again {
                self.fail(
                    codes::SAID_TWICE,
                    format!("{word} is said twice in one aggregation"),
                    "said again here",
                )
                .help("join conditions with `and`");
                return Err(Told);
            }
            self.next();
            match word.as_str() {
                "`where`" => found.condition = Some(self.alternatives()?),
                "`by`" => found.by = Some(self.name("the input that orders the records")?),
                _ => found.default = Some(self.sum()?),
            }
        }
    }

    pub(super) fn carry(&mut self) -> Read<Expr> {
        let start = self.here();
        self.next();
        let name = self.name("the carried value's name")?;
        self.word("from")?;
        let from = self.expression()?;
        self.word("through")?;
        let through = self.name("a relation")?;
        self.word("by")?;
        let by = self.name("the input that orders the records")?;
        if !self.is("as") {
            let found = self.found();
            self.fail(
                codes::OPEN_CHOICE,
                format!("expected `as` and the next value, found {found}"),
                "`as` should stand here",
            )
            .help("write `carry NAME from START through RECORDS by ORDER as NEXT`");
            return Err(Told);
        }
        self.next();
        if self.peek() == Some(Tok::Sign("=")) {
            return self.missing("the next value");
        }
        let step = self.expression()?;
        Ok(self.made(
            start,
            ExprKind::Carry(Box::new(Carry {
                name,
                from,
                through,
                by,
                step,
            })),
        ))
    }
}
