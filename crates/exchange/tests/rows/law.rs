//! A law with an input of every type and, for each, a rule that would give it back.

use exchange::rows::{Evaluator, Said};
use rules::{
    columns::{Batch, Column, Field, RefusedRow, Results, Slot, Values},
    diagnostic::Span,
    law::*,
    refusal::{Reason, Refusal},
};
use std::collections::BTreeMap;

/// The inputs of a person, with their rules `out-…`; those of a contribution year follow.
pub(crate) const INPUTS: [(&str, &str, Type); 12] = [
    ("sex", "性别", Type::Enum(EnumId(0))),
    ("birth-month", "出生月份", Type::Month),
    ("base", "缴费基数", Type::Money),
    ("share", "比例", Type::Rate),
    ("index", "指数", Type::Decimal(4)),
    ("children", "子女数", Type::Integer),
    ("disabled", "残疾", Type::Bool),
    ("hired", "入职日期", Type::Date),
    ("since", "起始年度", Type::Year),
    ("deemed-months", "视同缴费月数", Type::Months),
    ("leave", "假期", Type::Days),
    ("note", "备注", Type::Text),
];

pub(crate) fn law() -> Law {
    let entity = |id: &str, owned_through| Entity {
        names: names(id, None),
        dated_by: None,
        owned_through,
        span: Span::default(),
    };
    let person = INPUTS.iter().map(|(id, zh, ty)| input(id, zh, 0, *ty));
    let year = [
        input("year", "年度", 1, Type::Year),
        input("paid", "缴费", 1, Type::Money),
    ];
    let relation = Relation {
        names: names("contribution-years", Some("历年缴费")),
        of: EntityId(0),
        to: EntityId(1),
        span: Span::default(),
    };
    let rules = INPUTS
        .iter()
        .map(|(id, zh, ty)| rule(&format!("out-{id}"), &format!("得{zh}"), *ty));
    let sex = Enum {
        names: names("sex", Some("性别")),
        members: vec![names("male", Some("男")), names("female", Some("女"))],
        span: Span::default(),
    };
    Law {
        chain: Vec::new(),
        sources: Vec::new(),
        enums: vec![sex],
        entities: vec![
            entity("person", None),
            entity("contribution-year", Some(RelationId(0))),
        ],
        relations: vec![relation],
        inputs: person.chain(year).collect(),
        figures: Vec::new(),
        rules: rules
            .chain([rule("paid-total", "缴费合计", Type::Money)])
            .collect(),
        examples: Vec::new(),
        names: BTreeMap::from([(
            "contribution-years".to_owned(),
            Item::Relation(RelationId(0)),
        )]),
    }
}

fn names(id: &str, zh: Option<&str>) -> Names {
    Names {
        id: id.to_owned(),
        zh: zh.map(str::to_owned),
    }
}

fn input(id: &str, zh: &str, of: u32, ty: Type) -> Input {
    Input {
        names: names(id, Some(zh)),
        of: EntityId(of),
        ty,
        range: None,
        default: None,
        clause: Text::default(),
        span: Span::default(),
    }
}

fn rule(id: &str, zh: &str, ty: Type) -> Rule {
    Rule {
        names: names(id, Some(zh)),
        of: EntityId(0),
        ty,
        citations: Vec::new(),
        mark: Mark {
            confirmed: true,
            grade: None,
            note: None,
        },
        opened_to: None,
        jurisdiction: 0,
        versions: Vec::new(),
        clause: Text::default(),
        span: Span::default(),
    }
}

/// The fields of an entity as a plan would name them.
pub(crate) fn fields(law: &Law, entity: u32) -> Vec<Field> {
    let of = EntityId(entity);
    let inputs = law
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| input.of == of);
    let inputs = inputs.map(|(index, input)| {
        (
            Slot::Input(InputId::nth(index)),
            input.ty,
            input.names.clone(),
        )
    });
    let rules = law
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.of == of);
    let rules =
        rules.map(|(index, rule)| (Slot::Rule(RuleId::nth(index)), rule.ty, rule.names.clone()));
    let fields = inputs.chain(rules);
    fields
        .map(|(slot, ty, names)| Field {
            slot,
            of,
            ty,
            names,
            optional: matches!(slot, Slot::Rule(_)),
        })
        .collect()
}

/// Gives inputs back as the results of their rules; with records, the sum of what was paid.
pub(crate) struct Echo<'a> {
    law: &'a Law,
    pub fields: Vec<Field>,
    pub asked: Vec<Field>,
    pub records: Vec<(RelationId, Vec<Field>)>,
}

impl<'a> Echo<'a> {
    pub(crate) fn new(law: &'a Law, inputs: &[&str], relations: usize) -> Echo<'a> {
        let all = fields(law, 0);
        let named = |name: &str| {
            all.iter()
                .find(|field| field.names.id == name)
                .unwrap()
                .clone()
        };
        let mut asked: Vec<Field> = inputs
            .iter()
            .filter(|name| **name != "note")
            .map(|name| named(&format!("out-{name}")))
            .collect();
        if relations > 0 {
            asked.push(named("paid-total"));
        }
        Echo {
            law,
            fields: inputs.iter().map(|name| named(name)).collect(),
            asked,
            records: (0..relations)
                .map(|_| (RelationId(0), fields(law, 1)))
                .collect(),
        }
    }

    fn asked_rule(&self, index: usize) -> RuleId {
        match self.asked[index].slot {
            Slot::Rule(id) => id,
            Slot::Input(_) => unreachable!(),
        }
    }

    fn give_back(&self, index: usize, batch: &Batch<'_>, results: &mut Results) {
        let rule = self.asked_rule(index);
        let slot = Slot::Input(InputId(rule.0));
        let column = batch
            .columns
            .iter()
            .find(|column| column.slot == slot)
            .unwrap();
        let refuse = |row| RefusedRow {
            row,
            asked: rule,
            refusal: Refusal {
                reason: Reason::Missing(InputId(rule.0)),
                rule: Some(rule),
                span: None,
            },
        };
        let missing =
            (0..batch.rows).filter(|row| column.missing.is_some_and(|missing| missing[*row]));
        results.refused.extend(missing.map(refuse));
        results
            .columns
            .push((0..batch.rows).map(|row| number(column, row)).collect());
    }
}

impl Evaluator for Echo<'_> {
    type Workspace = ();

    fn workspace(&self) {}

    fn run(&self, (): &mut (), batch: &Batch<'_>, results: &mut Results) {
        assert!(results.columns.is_empty() && results.refused.is_empty());
        for index in 0..self.asked.len() {
            if self.asked[index].names.id == "paid-total" {
                let records = &batch.records[0];
                let paid = records
                    .columns
                    .iter()
                    .find(|column| column.slot == Slot::Input(InputId::nth(INPUTS.len() + 1)))
                    .unwrap();
                let sums = records.starts.windows(2).map(|own| {
                    (own[0]..own[1])
                        .map(|record| number(paid, record as usize))
                        .sum()
                });
                results.columns.push(sums.collect());
            } else {
                self.give_back(index, batch, results);
            }
        }
        results
            .refused
            .sort_by_key(|refused| (refused.row, refused.asked));
    }

    fn say(&self, refusal: &Refusal) -> Said {
        crate::say(self.law, refusal)
    }
}

pub(crate) fn number(column: &Column<'_>, row: usize) -> i64 {
    match column.values {
        Values::I64(values) => values[row],
        Values::I32(values) => values[row].into(),
        Values::U8(values) => values[row].into(),
        Values::Text(_) => 0,
    }
}
