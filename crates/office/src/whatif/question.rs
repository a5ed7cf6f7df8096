//! What may be asked of a changed law, and which figures it depends on.

use measure::Words;
use rules::law::{FigureId, Item, Law, RuleId};
use rules::links::uses;
use std::collections::BTreeSet;

/// What more of it means to whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Those it concerns pay it: more is a burden.
    Pays,
    /// Their employer pays it.
    Costs,
    /// It is received: more is a gain.
    Gets,
    /// It is a month: more is later.
    Retires,
}

macro_rules! questions {
    ($($(#[$doc:meta])* $question:ident = $rule:literal $effect:ident $zh:literal / $en:literal;)*) => {
        /// What is asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Question { $($(#[$doc])* $question,)* }

        impl Question {
            /// All of them.
            pub const ALL: &[Question] = &[$(Question::$question,)*];

            /// The rule of the law that answers it, which is also its name in addresses.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Question::$question => $rule,)* }
            }

            /// What more of it means.
            #[must_use]
            pub const fn effect(self) -> Effect {
                match self { $(Question::$question => Effect::$effect,)* }
            }

            /// What it is called.
            #[must_use]
            pub const fn name(self) -> Words {
                match self { $(Question::$question => Words::new($zh, $en),)* }
            }
        }
    };
}

questions! {
    /// What employees pay for their pension.
    EmployeeDue = "employee-due" Pays "职工个人当月应缴养老保险费" / "What employees pay for their pension in a month";
    /// What employers pay for it.
    EmployerDue = "employer-due" Costs "单位当月应缴养老保险费" / "What employers pay for their pension in a month";
    /// What individuals pay.
    IndividualDue = "individual-due" Pays "个人身份参保人员当月应缴养老保险费" / "What those insured as individuals pay in a month";
    /// What employees pay against unemployment.
    UnemploymentEmployee = "unemployment-employee-contribution" Pays "职工个人当月应缴失业保险费" / "What employees pay against unemployment in a month";
    /// What employers pay against it.
    UnemploymentEmployer = "unemployment-employer-contribution" Costs "单位当月应缴失业保险费" / "What employers pay against unemployment in a month";
    /// What employers pay against injury at work.
    Injury = "injury-contribution" Costs "单位当月应缴工伤保险费" / "What employers pay against injury at work in a month";
    /// Pensions awarded.
    Pension = "monthly-pension" Gets "一年内退休者的月基本养老金" / "The monthly pension of those who retire within a year";
    /// When one retires.
    Retirement = "retirement-month" Retires "法定退休的月份" / "The month in which one lawfully retires";
}

impl Question {
    /// The question of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Question> {
        Question::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// The rule that answers it.
    #[must_use]
    pub fn rule(self, law: &Law) -> Option<RuleId> {
        match law.names.get(self.word()) {
            Some(Item::Rule(id)) => Some(*id),
            _ => None,
        }
    }

    /// The questions whose answer may depend on a figure.
    #[must_use]
    pub fn reached_by(law: &Law, figure: FigureId) -> Vec<Question> {
        let reached = |question: &&Question| question.figures(law).contains(&figure);
        Question::ALL.iter().filter(reached).copied().collect()
    }

    /// The figures its answer may depend on.
    #[must_use]
    pub fn figures(self, law: &Law) -> BTreeSet<FigureId> {
        let (mut figures, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<RuleId> = self.rule(law).into_iter().collect();
        while let Some(rule) = open.pop() {
            if seen.insert(rule) {
                let links = uses(law, rule);
                figures.extend(links.figures);
                open.extend(links.rules);
            }
        }
        figures
    }
}
