//! What a person was ever assessed, and what became of the bills it stands on.

use crate::keeping::{day, month, publish};
use city::differences::Part;
use city::dues::{Due, Payer};
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::Fen;
use store::owed::{self, Became, Owed};
use store::{Db, Error, Generation, Rows, Tx, both, params, testing::MADE};

fn person(number: i64) -> PersonId {
    PersonId::new(number).unwrap()
}

fn run(number: i64) -> RunId {
    RunId::new(number).unwrap()
}

/// Opens a run of a kind and month.
fn open(tx: &mut Tx<'_>, number: i64, kind: i64, of: &str) -> Result<(), Error> {
    let sql = "insert into run (run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, opened) \
               values ($1, $2, $3, 1, 'law', $4, 1000, 1, 'maker@500103', $4)";
    tx.execute(sql, params![number, kind, month(of), MADE])
        .map(drop)
}

/// Somebody's insurance in a district, in no scheme that matters here, and superseded.
fn insured(tx: &mut Tx<'_>, whose: i64, at: i32) -> Result<(), Error> {
    let sql = "insert into participation (person, scheme, category, district, status, valid_from, recorded, superseded, origin_kind, origin) \
               values ($1, 2, 3, $2, 1, $3, $4, $4, 6, 1)";
    tx.execute(sql, params![whose, at, day("2025-01-01"), MADE])
        .map(drop)
}

/// An assessment in force: dues of 1 through employers 3 and 4 and alone, of 2 through 3; and the bills of them.
fn assessed(tx: &mut Tx<'_>, number: i64, of: &str) -> Result<(), Error> {
    open(tx, number, 1, of)?;
    let dues = Generation {
        rows: Rows::Dues,
        run: number,
    };
    dues.make(tx)?;
    let (employee, resident) = (Category::Employee, Category::Resident);
    let lines = [
        (1, (1, employee, 3, 500_103), [1000, 160, 80, 80]),
        (1, (2, resident, 0, 500_112), [200, 30, 200, 230]),
        (1, (4, employee, 3, 500_103), [1000, 2, 0, 0]),
        (1, (4, employee, 4, 500_103), [500, 1, 0, 0]),
        (2, (1, employee, 3, 500_103), [2000, 320, 160, 160]),
    ];
    let lines = lines.map(|(whose, (scheme, category, through, at), amounts)| {
        let [base, employer_due, person_due, credit] = amounts.map(Fen);
        Due {
            person: person(whose),
            scheme: Scheme::from_code(scheme).unwrap(),
            category,
            employer: EmployerId::new(through),
            district: District::new(at).unwrap(),
            base,
            employer_due,
            person_due,
            credit,
        }
    });
    store::dues::write(tx, run(number), &lines)?;
    // They were insured there once.
    for (whose, at) in [(1, 500_103), (1, 500_112), (2, 500_103)] {
        insured(tx, whose, at)?;
    }
    let first = number * 10;
    tx.batch(&format!(
        "insert into bill (bill, run, payer_kind, payer, scheme, district, lines, amount, credit, open) values \
         ({first} + 1, {number}, 1, 3, 1, 500103, 2, 720, 240, true), ({first} + 2, {number}, 1, 3, 4, 500103, 1, 2, 0, true), \
         ({first} + 3, {number}, 1, 4, 4, 500103, 1, 1, 0, true), ({first} + 4, {number}, 2, 1, 2, 500112, 1, 200, 200, true)"
    ))?;
    dues.key(tx)?;
    publish(tx, number)?;
    dues.attach(tx)
}

fn pays(tx: &mut Tx<'_>, bill: i64, on: &str, principal: i64, undone: bool) -> Result<(), Error> {
    let sql = "insert into allocation (batch, receipt, bill, day, principal, accounts, fee, settles, by, at, undone_at, undone_by) \
               values (1, 1, $1, $2, $3, 0, 0, false, 'cashier', $4, $5, $6)";
    let (at, by) = (undone.then_some(MADE), undone.then_some("cashier"));
    tx.execute(sql, params![bill, day(on), principal, MADE, at, by])
        .map(drop)
}

/// A crediting that looks through the bills of a run; in force or only opened.
fn credits(tx: &mut Tx<'_>, number: i64, billed: i64, in_force: bool) -> Result<(), Error> {
    open(tx, number, 2, "2025-06")?;
    let sql = "insert into crediting (run, billed) values ($1, $2)";
    tx.execute(sql, params![number, billed])?;
    match in_force {
        true => publish(tx, number),
        false => Ok(()),
    }
}

fn shown(owed: &Owed) -> String {
    let due = owed.due;
    let through = due.employer.map_or(0, EmployerId::number);
    format!(
        "{} {} through {through}: {} + {} / {}",
        owed.run,
        due.scheme.code(),
        due.employer_due.0,
        due.person_due.0,
        due.credit.0
    )
}

fn dues(db: &Db, of: i64) -> Vec<Owed> {
    db.read(|tx| {
        tx.set_all_districts()?;
        owed::dues(tx, person(of))
    })
    .unwrap()
}

both! {
    a_persons_dues_run_by_run_and_the_bill_each_stands_on(db) {
        db.write(|tx| {
            tx.set_all_districts()?;
            assessed(tx, 1, "2025-05")?;
            assessed(tx, 2, "2025-06")?;
            // Of a month that is not in force nothing is told.
            open(tx, 3, 1, "2025-07")
        })
        .unwrap();
        let first = dues(db, 1);
        let told: Vec<String> = first.iter().map(shown).collect();
        let of = |run: i64| [
            format!("{run} 1 through 3: 160 + 80 / 80"),
            format!("{run} 2 through 0: 30 + 200 / 230"),
            format!("{run} 4 through 3: 2 + 0 / 0"),
            format!("{run} 4 through 4: 1 + 0 / 0"),
        ];
        assert_eq!(told, [of(1), of(2)].concat());
        assert!(first.iter().all(|one| one.part == Part::Added && one.became == Became::default()));
        assert_eq!((first[1].due.category, first[1].due.district), (Category::Resident, District::new(500_112).unwrap()));
        assert_eq!(dues(db, 2).len(), 2);
        assert_eq!(dues(db, 3), []);
    }

    what_became_of_a_bill(db) {
        db.write(|tx| {
            tx.set_all_districts()?;
            assessed(tx, 1, "2025-05")?;
            // The employer's in two parts, and a third that was taken back; the person's own in part.
            pays(tx, 11, "2025-06-10", 700, false)?;
            pays(tx, 11, "2025-06-20", 20, false)?;
            pays(tx, 11, "2025-06-30", 20, true)?;
            pays(tx, 14, "2025-06-15", 199, false)
        })
        .unwrap();
        let became = || dues(db, 1).iter().map(|one| one.became).collect::<Vec<_>>();
        let settled = |on: &str, is_paid| Became { settled: Some(day(on)), is_paid, credited: None };
        assert_eq!(became(), [settled("2025-06-20", true), settled("2025-06-15", false), Became::default(), Became::default()]);
        assert_eq!((became()[0].paid(), became()[1].paid()), (Some(day("2025-06-20")), None));

        // A crediting counts once it is in force, and not for what it passed over or what has no accounts.
        db.write(|tx| {
            credits(tx, 4, 1, false)?;
            tx.batch("insert into passed_over (run, bill) values (4, 14)")
        })
        .unwrap();
        assert_eq!(became()[0].credited, None);
        db.write(|tx| publish(tx, 4)).unwrap();
        let credited = |became: &[Became]| became.iter().map(|one| one.credited.map(RunId::number)).collect::<Vec<_>>();
        assert_eq!(credited(&became()), [Some(4), None, None, None]);
        // What it passed over a later one credits.
        db.write(|tx| {
            pays(tx, 14, "2025-07-01", 1, false)?;
            open(tx, 5, 2, "2025-07")?;
            publish(tx, 5)?;
            tx.batch("update passed_over set credited = 5 where bill = 14")
        })
        .unwrap();
        assert_eq!(credited(&became()), [Some(4), Some(5), None, None]);
        assert_eq!(became()[1].paid(), Some(day("2025-07-01")));

        // The same, asked by the bill: what a file holds is not joined to it.
        let asked = |payer, scheme, at| db.read(|tx| owed::of_bill(tx, run(1), payer, (scheme, District::new(at).unwrap()))).unwrap();
        let employer = Payer::Employer(EmployerId::new(3).unwrap());
        assert_eq!(asked(employer, Scheme::EmployeePension, 500_103), became()[0]);
        assert_eq!(asked(Payer::Person(person(1)), Scheme::ResidentPension, 500_112), became()[1]);
        assert_eq!(asked(employer, Scheme::EmployeePension, 500_112), Became::default());
    }

    what_is_given_back_comes_before_what_takes_its_place(db) {
        db.write(|tx| {
            tx.set_all_districts()?;
            assessed(tx, 1, "2025-05")?;
            open(tx, 2, 4, "2025-05")?;
            tx.batch(
                "insert into difference (run, person, scheme, part, category, employer, district, base, employer_due, person_due, credit) values \
                 (2, 1, 1, 1, 1, 4, 500103, 1000, 160, 80, 80), (2, 1, 1, 2, 1, 3, 500103, -1000, -160, -80, -80), \
                 (2, 1, 4, 3, 1, 3, 500103, 500, 1, 0, 0), (2, 2, 1, 3, 1, 3, 500103, 5, 1, 1, 1)",
            )
        })
        .unwrap();
        let told = || db.read(|tx| { tx.set_all_districts()?; owed::differences(tx, person(1)) }).unwrap();
        assert_eq!(told(), [], "it is not in force");
        db.write(|tx| publish(tx, 2)).unwrap();
        let shown: Vec<(Part, String)> = told().iter().map(|one| (one.part, shown(one))).collect();
        assert_eq!(shown, [
            (Part::GivenBack, "2 1 through 3: -160 + -80 / -80".to_owned()),
            (Part::Added, "2 1 through 4: 160 + 80 / 80".to_owned()),
            (Part::Altered, "2 4 through 3: 1 + 0 / 0".to_owned()),
        ]);
        assert_eq!(told()[0].due.base, Fen(-1_000));
    }
}
