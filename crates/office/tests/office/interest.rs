//! Accounts bear the interest of a year, whenever its rate is announced.

use crate::counter::{a_paid_month, asked, found, person, posted};
use crate::month::CUT;
use crate::roster::two_at_once;
use crate::town::{TheLaw, acting, actor, month, settle};
use city::accounts::Account;
use city::insurance::Scheme;
use city::runs::{Run, RunKind};
use measure::Year;
use office::month::discard::discard;
use office::month::interest::bear;
use office::month::publish::{self, approve};
use office::month::review::review;
use office::verify::verify;
use store::{Db, accounts};

fn year(number: i32) -> Year {
    Year::new(number).unwrap()
}

/// The law with rates that are not known yet: of 2026, and of the residents.
fn with_rates() -> TheLaw {
    TheLaw::with(&[
        (
            "from 2026-01-01 = unset unconfirmed \"the rate for 2026 was not found\"",
            "from 2026-01-01 = 2%",
        ),
        (
            "from 2014-01-01 = unset unconfirmed \"the interest rate of residents' accounts was not found for any year\"",
            "from 2014-01-01 = 1.5%",
        ),
    ])
}

fn compute(db: &Db, law: &TheLaw, of: (Scheme, i32)) -> Result<Run, office::Error> {
    let maker = actor("maker");
    let acting = acting(&maker, "2027-02-01");
    let of = (of.0, year(of.1));
    bear(db, law.applied(), of, CUT, acting, &mut |_, _| {})
}

/// The interest of a year, computed, approved by another and in force.
pub(crate) fn borne(db: &Db, law: &TheLaw, of: (Scheme, i32)) -> Run {
    let (maker, checker) = (actor("maker"), actor("checker"));
    let run = compute(db, law, of).unwrap();
    let (kind, at) = (run.kind, run.month);
    let content = run.content.unwrap().to_string();
    let own = approve(db, kind, at, &content, acting(&maker, "2027-02-02"));
    assert_eq!(own.unwrap_err().code(), "N0104");
    approve(db, kind, at, &content, acting(&checker, "2027-02-02")).unwrap();
    publish::bear(db, kind, at, acting(&checker, "2027-02-02")).unwrap();
    run
}

fn account(db: &Db, whose: i64, scheme: Scheme) -> Account {
    db.read(|tx| {
        tx.set_all_districts()?;
        let current = accounts::current(tx)?.unwrap();
        accounts::find(tx, current, person(whose), scheme)
    })
    .unwrap()
    .unwrap()
}

/// Half up to a whole number, away from zero: worked in whole numbers, apart from the law's engine.
fn rounded(numerator: i128, denominator: i128) -> i64 {
    let doubled = (2 * numerator.abs() + denominator) / (2 * denominator);
    i64::try_from(doubled * numerator.signum()).unwrap()
}

/// The interest of a year at a rate in hundredths of a per cent, on an opening balance and on credits with their months.
fn expected(rate: i128, opening: i64, credits: &[(i64, i64)]) -> i64 {
    let products: i128 = credits
        .iter()
        .map(|(fen, months)| i128::from(*fen) * i128::from(*months))
        .sum();
    rounded(i128::from(opening) * rate, 10_000) + rounded(products * rate, 120_000)
}

store::both! {
    a_year_bears_interest_from_each_credits_month_on(db) {
        settle(db, 20);
        let law = with_rates();
        a_paid_month(db, &law, "2025-11");
        let credit = account(db, 3, Scheme::EmployeePension).credited.0;
        // Approved before December is credited: it bears interest for December, the later one not in this year.
        posted(db, &asked("early", 3, 100_000), "2025-12-15");
        let open = compute(db, &law, (Scheme::EmployeePension, 2025)).unwrap_err();
        assert_eq!(open.code(), "N0101");
        a_paid_month(db, &law, "2025-12");
        posted(db, &asked("late", 3, 5_000_000), "2026-01-15");
        a_paid_month(db, &law, "2026-01");
        let before = account(db, 3, Scheme::EmployeePension);
        assert_eq!(before.credited.0, 2 * credit + 5_100_000, "nothing is assessed in 2026");
        assert_eq!((before.year, before.interest.0), (0, 0));

        let run = borne(db, &law, (Scheme::EmployeePension, 2025));
        let after = account(db, 3, Scheme::EmployeePension);
        let interest = expected(150, 0, &[(credit, 2), (credit, 1), (100_000, 1)]);
        assert!(interest > 100);
        assert_eq!(after.interest.0, interest);
        assert_eq!((after.year, after.credited, after.product), (2025, before.credited, before.product));
        let seen = review(db, RunKind::Interest, run.month).unwrap();
        let sums = seen.totals.of(Scheme::EmployeePension);
        let all: i128 = (1..=20).filter(|whose| whose % 10 < 8)
            .map(|whose| i128::from(account(db, whose, Scheme::EmployeePension).interest.0)).sum();
        assert_eq!(sums.credit, all);
        assert_eq!(found(db), [""; 0]);
        let again = compute(db, &law, (Scheme::EmployeePension, 2025)).unwrap_err();
        assert_eq!(again.code(), "N0103");
    }

    /// The rate of 2025 comes after December 2026 is closed: the years are borne one after the other, each on its own.
    a_rate_that_comes_late_is_borne_all_the_same(db) {
        settle(db, 9);
        let law = with_rates();
        posted(db, &asked("1", 3, 1_000_000), "2025-11-15");
        a_paid_month(db, &law, "2025-11");
        let first = account(db, 3, Scheme::EmployeePension).credited.0;
        a_paid_month(db, &law, "2025-12");
        let second = account(db, 3, Scheme::EmployeePension).credited.0 - first;
        for number in 1..=12 {
            if number == 5 {
                posted(db, &asked("2", 3, 700_000), "2026-05-15");
            }
            a_paid_month(db, &law, &format!("2026-{number:02}"));
        }
        let later = compute(db, &law, (Scheme::EmployeePension, 2026)).unwrap_err();
        assert_eq!(later.code(), "N0107", "an earlier year is borne first");
        borne(db, &law, (Scheme::EmployeePension, 2025));
        let of_2025 = expected(150, 0, &[(first, 2), (second, 1)]);
        assert_eq!(account(db, 3, Scheme::EmployeePension).interest.0, of_2025);
        borne(db, &law, (Scheme::EmployeePension, 2026));
        let total = account(db, 3, Scheme::EmployeePension);
        let rest = total.credited.0 - first - second - 700_000;
        assert_eq!(rest, 0, "nothing is assessed in 2026: its average wage is not known");
        let of_2026 = expected(200, first + second + of_2025, &[(700_000, 8)]);
        assert_eq!(total.interest.0, of_2025 + of_2026);
        assert_eq!(total.year, 2026);
        assert_eq!(found(db), [""; 0]);
    }

    /// A scheme whose rate is not known is refused and keeps the other from nothing.
    each_scheme_bears_its_own_rate(db) {
        settle(db, 20);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-06");
        for number in 7..=12 {
            a_paid_month(db, &law, &format!("2025-{number:02}"));
        }
        let refused = compute(db, &law, (Scheme::ResidentPension, 2025)).unwrap_err();
        assert!(refused.code().starts_with('R'), "{refused}");
        assert_eq!(compute(db, &law, (Scheme::WorkInjury, 2025)).unwrap_err().code(), "A0103");
        let computed = compute(db, &law, (Scheme::EmployeePension, 2025)).unwrap();
        let known = with_rates();
        let at_work = compute(db, &known, (Scheme::ResidentPension, 2025)).unwrap_err();
        assert_eq!(at_work.code(), "N0112");
        discard(db, computed.kind, computed.month, acting(&actor("maker"), "2027-02-01")).unwrap();
        borne(db, &known, (Scheme::ResidentPension, 2025));
        borne(db, &law, (Scheme::EmployeePension, 2025));
        // A resident who pays 200 yuan in June, to which 40 are added, bears seven months of interest.
        let resident = account(db, 8, Scheme::ResidentPension);
        assert_eq!((resident.credited.0, resident.interest.0), (24_000, expected(150, 0, &[(24_000, 7)])));
        assert_eq!(found(db), [""; 0]);
        let mut looked = 0;
        verify(db, "cn-50", 1, &mut |run, _, _| looked += i32::from(run.kind.bears().is_some())).unwrap();
        assert!(looked > 0);
        assert_eq!(month("2025-12"), computed.month);
    }

    two_may_bear_a_year_at_once(db) {
        settle(db, 40);
        let law = with_rates();
        a_paid_month(db, &law, "2025-11");
        a_paid_month(db, &law, "2025-12");
        for _ in 0..3 {
            let run = two_at_once(|| compute(db, &law, (Scheme::EmployeePension, 2025)));
            assert_eq!(found(db), [""; 0]);
            discard(db, RunKind::Interest, run.month, acting(&actor("maker"), "2027-02-02")).unwrap();
        }
    }
}
