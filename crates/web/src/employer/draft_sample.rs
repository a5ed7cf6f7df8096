//! What the states of a declaration on its way look like.

use super::draft::{DraftPage, sample_draft};
use crate::look::components::Listed;
use city::declarations::{DeclarationId, Intake, Tally, Verdict};
use city::people::PersonId;
use ledger::Digest;
use measure::Fen;
use office::declare::{Books, Outcome};
use office::draft::{CellFault, Change, Checked, Faulty, Item, Weight, Wording};

fn checked() -> Checked {
    let person = PersonId::new(5).expect("5 is a number");
    let change = |verdict: Verdict| Change {
        row: 2,
        name: "<script>alert(1)</script>".to_owned(),
        masked: "500103********0017".to_owned(),
        last_day: None,
        verdict,
    };
    Checked {
        draft: sample_draft(),
        seen: Digest([7; 32]),
        notes: Vec::new(),
        columns: ["身份证号码", "姓名", "月工资"].map(str::to_owned).into(),
        read: vec![(0, Item::Identity), (1, Item::Name), (2, Item::Wage)],
        outcome: Outcome {
            tally: Tally {
                rows: 3,
                unchanged: 1,
                changed: 1,
                enrolled: 0,
                ended: 1,
                faulty: 0,
                wages: Fen(2_000_000),
            },
            resumed: 0,
            registered: 0,
            missing: 1,
            without_number: 0,
            intake: Intake::Late {
                amends: DeclarationId::new(4),
            },
            books: Books::Sealed,
            recorded: None,
        },
        faulty: Vec::new(),
        doubts: Vec::new(),
        changes: vec![
            change(Verdict::Changed {
                person,
                before: Some(Fen(900_000)),
                wage: Fen(1_000_000),
                resumed: false,
            }),
            change(Verdict::Ended { person }),
        ],
    }
}

pub(super) fn pages() -> Vec<DraftPage> {
    let good = DraftPage {
        checked: checked(),
        listed: Listed::default(),
        fault: None,
    };
    let mut large = checked();
    let changes = large.changes.iter().cycle().take(120);
    large.changes = changes.cloned().collect();
    let large = DraftPage {
        checked: large,
        listed: Listed {
            sort: Some(("after".to_owned(), false)),
            filter: "<script>alert(1)".to_owned(),
            page: 2,
            file: None,
        },
        fault: None,
    };
    let fault = |code: &'static str| CellFault {
        row: 2,
        place: None,
        value: "<script>alert(2)</script>".to_owned(),
        code,
        reason: Wording::new("不是金额", "this is not an amount"),
        remedy: Wording::new("以元填写", "write it in yuan"),
        weight: Weight::Refused,
    };
    let cells = ["=1+1", "<script>alert(3)</script>", "八千"].map(str::to_owned);
    let faulty = Faulty {
        row: 2,
        cells: cells.into(),
        faults: vec![(Some(2), fault("C0235")), (None, fault("C0247"))],
    };
    let mut bad = checked();
    bad.faulty = (2..40)
        .map(|row| Faulty {
            row,
            ..faulty.clone()
        })
        .collect();
    let bad = |page: usize, filter: &str, fault: Option<&str>| DraftPage {
        checked: bad.clone(),
        listed: Listed {
            filter: filter.to_owned(),
            page,
            ..Listed::default()
        },
        fault: fault.map(str::to_owned),
    };
    vec![
        good,
        large,
        bad(1, "", None),
        bad(2, "", Some("<script>alert(4)</script>")),
        bad(1, "<script>alert(5)</script>", None),
    ]
}
