//! What stands in an account, line by line, and that a line can be proven.

use crate::counter::{a_paid_month, asked, balance, found, person, posted};
use crate::interest::borne;
use crate::town::{TheLaw, acting, actor, day, month, settle};
use city::insurance::Scheme;
use city::runs::RunKind;
use measure::Fen;
use office::account::proof::{Row, prove};
use office::account::statement::{Line, Opening, Opens, Statement, What, statement};
use office::acting::kept;
use rules::evaluate::Case;
use rules::facts::from_json;
use rules::law::{Item, Value};
use store::{Db, params, seals};

pub(crate) fn told(db: &Db, whose: i64, as_of: &str) -> Statement {
    let by = actor("clerk");
    statement(db, person(whose), day(as_of), acting(&by, "2027-03-01")).unwrap()
}

/// What the law that was applied gives for a line, in fen.
fn by_law(db: &Db, opens: &Opens) -> i64 {
    let book = kept(db, &opens.law).unwrap().unwrap();
    let law = book.law("cn-50").unwrap();
    let Some(Item::Rule(rule)) = law.names.get(opens.rule) else {
        panic!("{opens:?}")
    };
    let facts = from_json(law, law[*rule].of, &opens.facts).unwrap();
    match Case::new(law, opens.as_of, &facts).value(*rule).unwrap() {
        Value::Number(yuan) => i64::try_from(yuan.num * 100 / yuan.den).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A line opens to the law that gives its amount; or, of what alters a month or gives it back, to the two it differs by.
pub(crate) fn opened(db: &Db, line: &Line) {
    let given = match (&line.opens, &line.what) {
        (Opening::Reason, What::Entry { .. }) => return,
        (Opening::Rule(opens), _) => by_law(db, opens),
        (Opening::Difference { in_force, anew }, What::Credit { .. }) => {
            assert_eq!(by_law(db, &in_force.opens), in_force.amount.0, "{line:?}");
            let anew = anew.as_ref().map_or(0, |anew| {
                assert_eq!(by_law(db, &anew.opens), anew.amount.0, "{line:?}");
                anew.amount.0
            });
            anew - in_force.amount.0
        }
        _ => panic!("{line:?}"),
    };
    assert_eq!(given, line.amount.0, "{line:?}");
}

fn amounts(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.amount.0).collect()
}

store::both! {
    every_line_adds_up_and_opens_to_its_law(db) {
        settle(db, 20);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-11");
        posted(db, &asked("1", 3, 12_345), "2025-12-10");
        a_paid_month(db, &law, "2025-12");
        borne(db, &law, (Scheme::EmployeePension, 2025));
        posted(db, &asked("2", 3, -45), "2027-02-10");

        for whose in 1..=20 {
            let whole = told(db, whose, "2027-03-01");
            for line in whole.accounts.iter().flat_map(|book| &book.lines) {
                opened(db, line);
            }
        }
        let whole = told(db, 3, "2027-03-01");
        let [book] = &whole.accounts[..] else { panic!("{whole:?}") };
        assert_eq!((book.lines.len(), book.balance.0, book.months, book.year), (5, balance(db, 3), 2, 2025));
        let What::Credit { month: of, paid, due, .. } = &book.lines[0].what else { panic!("{book:?}") };
        assert_eq!((*of, *paid, due.scheme), (month("2025-11"), Some(day("2025-11-30")), Scheme::EmployeePension));
        assert!(matches!(&book.lines[1].what, What::Entry { taken_up: Some(_), .. }));
        assert!(matches!(&book.lines[3].what, What::Interest { year: 2025, opening: Fen(0), .. }));
        assert!(matches!(&book.lines[4].what, What::Entry { taken_up: None, .. }));
        // A resident, and somebody the law gives no dues.
        assert_eq!(told(db, 9, "2027-03-01").accounts, []);

        // As it was known before.
        let all = amounts(&book.lines);
        for (as_of, lines) in [("2025-12-03", 0), ("2025-12-04", 1), ("2025-12-10", 2), ("2026-01-04", 3), ("2027-02-02", 4)] {
            let then = told(db, 3, as_of);
            let known = then.accounts.first().map_or_else(Vec::new, |book| amounts(&book.lines));
            assert_eq!(known, all[..lines], "{as_of}");
            let balance = then.accounts.first().map_or(0, |book| book.balance.0);
            assert_eq!(balance, all[..lines].iter().sum::<i64>(), "{as_of}");
        }
        let noted = "select count(*) from audit where action = 'account.statement' and purpose = 'test' and subject = 3";
        let noted: i64 = db.read(|tx| tx.one(noted, params![], |row| row.get(0))).unwrap();
        assert_eq!(noted, 7);
        let by = actor("clerk");
        let nobody = statement(db, person(999), day("2027-03-01"), acting(&by, "2027-03-01"));
        assert_eq!(nobody.unwrap_err().code(), "N0302");
        assert_eq!(found(db), [""; 0]);
    }

    a_line_is_proven_under_the_seal_of_its_month(db) {
        settle(db, 30);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-11");
        a_paid_month(db, &law, "2025-12");
        let by = actor("clerk");
        let chain = db.read(seals::chain).unwrap();
        for (kind, schemes) in [(RunKind::Assessment, 3), (RunKind::Crediting, 1)] {
            for of in ["2025-11", "2025-12"] {
                let proven = prove(db, person(13), (kind, month(of)), acting(&by, "2027-03-01")).unwrap();
                assert_eq!(proven.lines.len(), schemes);
                let link = chain.iter().find(|link| link.run.number() == proven.sealed.run).unwrap();
                assert_eq!(proven.seal().unwrap(), link.hash);
                // Another amount, another place, another total: not what was sealed.
                let mut altered = proven.clone();
                match &mut altered.lines[0].0 {
                    Row::Due(due) => due.credit = Fen(due.credit.0 + 1),
                    Row::Account(account) => account.interest = Fen(1),
                }
                assert_eq!(altered.seal().unwrap_err().code(), "B0703");
                let mut moved = proven.clone();
                moved.lines[0].1.row += 1;
                assert_eq!(moved.seal().unwrap_err().code(), "B0703");
                let mut other = proven.clone();
                other.sealed.law_version.push('x');
                assert_ne!(other.seal().unwrap(), link.hash);
            }
        }
        let none = prove(db, person(9), (RunKind::Assessment, month("2025-11")), acting(&by, "2027-03-01")).unwrap();
        assert_eq!(none.lines.len(), 0);
    }
}
