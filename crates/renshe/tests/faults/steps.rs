//! The steps of a month that faults strike, each from a database in which the step before is done.

use crate::city::{TheLaw, approved, crediting_opened, held, paid, run, settle, verified};
use crate::place::Place;
use city::runs::RunKind;
use std::time::{Duration, Instant};

/// A step as the program is asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Assess,
    Publish,
    Allocate,
    Credit,
    Close,
}

impl Step {
    pub(crate) const ALL: [Step; 5] = [
        Step::Assess,
        Step::Publish,
        Step::Allocate,
        Step::Credit,
        Step::Close,
    ];

    /// What is typed.
    pub(crate) fn asked(self, address: &str) -> String {
        match self {
            Step::Assess => format!("month assess 2025-06 --as maker --db {address}"),
            Step::Publish => format!("month publish 2025-06 --as checker --db {address}"),
            Step::Allocate => format!("bank allocate --as cashier --db {address}"),
            Step::Credit => format!("month credit 2025-06 --as maker --db {address}"),
            Step::Close => format!("month close 2025-06 --as checker --db {address}"),
        }
    }

    /// The database in which it is the next to do.
    pub(crate) fn before(self) -> &'static str {
        match self {
            Step::Assess => "before_assess",
            Step::Publish => "before_publish",
            Step::Allocate => "before_allocate",
            Step::Credit => "before_credit",
            Step::Close => "before_close",
        }
    }
}

/// A city whose month went undisturbed: the databases before each step, what each step left, and how long it took.
pub(crate) struct Undisturbed {
    pub(crate) place: Place,
    pub(crate) of: Vec<(Step, Vec<String>, Duration)>,
}

impl Undisturbed {
    /// Goes through the month, keeping a copy of every stage.
    pub(crate) fn month(place: Place, law: &TheLaw) -> Undisturbed {
        settle(&place, "city", law);
        let mut of = Vec::new();
        for step in Step::ALL {
            {
                let db = place.open("city");
                match step {
                    Step::Assess | Step::Allocate => {}
                    Step::Publish => approved(&db, RunKind::Assessment),
                    Step::Credit => crediting_opened(&db, law),
                    Step::Close => approved(&db, RunKind::Crediting),
                }
                if step == Step::Allocate {
                    paid(&db);
                }
            }
            place.copy("city", step.before());
            let begun = Instant::now();
            let (code, told) = run(&step.asked(&place.address("city")));
            let took = begun.elapsed();
            assert_eq!(code, 0, "{step:?}: {told}");
            of.push((step, held(&place.open("city")), took));
        }
        verified(&place.open("city"));
        Undisturbed { place, of }
    }

    pub(crate) fn left(&self, step: Step) -> (&[String], Duration) {
        let (_, held, took) = self.of.iter().find(|(of, _, _)| *of == step).unwrap();
        (held, *took)
    }

    /// Does a step until it is done, having been broken off; how often it had to be asked. What may be said meanwhile is that
    /// the server is away; and that it is done already, if it broke off after that.
    pub(crate) fn again(&self, step: Step, name: &str) -> u64 {
        let mut asked = 0;
        loop {
            asked += 1;
            let (code, told) = run(&step.asked(&self.place.address(name)));
            if code == 0 || told.contains("N0103") {
                return asked;
            }
            assert!(may_be_said(&told), "{step:?}: {told}");
            assert!(asked < 100, "{step:?} is never done: {told}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The database holds what it would hold had nothing broken, and all of it follows from facts and law.
    pub(crate) fn same(&self, step: Step, name: &str) {
        let db = self.place.open(name);
        assert_eq!(held(&db), self.left(step).0, "{step:?}");
        verified(&db);
    }
}

/// Whether somebody whose server went away may be told this: named errors with a remedy, none of which is a fault of ours.
pub(crate) fn may_be_said(told: &str) -> bool {
    [
        "S0101", "S0103", "S0104", "S0105", "S0106", "S0111", "S0116",
    ]
    .iter()
    .any(|code| told.contains(code))
}
