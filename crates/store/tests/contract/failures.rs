//! What goes wrong is said alike.

use store::{ConstraintKind, Db, Engine, Error, both, params};

fn tables(db: &Db) {
    let sql = "create table fund (
            fund bigint primary key,
            name text not null,
            held bigint constraint fund_held check (held >= 0),
            parent bigint references fund (fund)
        );
        create unique index fund_name on fund (name)";
    let sql = if db.engine() == Engine::Sqlite {
        sql.replace("bigint", "integer")
    } else {
        sql.into()
    };
    db.write(|tx| {
        tx.batch(&sql)?;
        tx.execute(
            "insert into fund (fund, name, held) values (1, 'a', 0)",
            params![],
        )
    })
    .unwrap();
}

fn insert(db: &Db, fund: i64, name: Option<&str>, held: i64, parent: Option<i64>) -> Error {
    let sql = "insert into fund (fund, name, held, parent) values ($1, $2, $3, $4)";
    db.write(|tx| tx.execute(sql, params![fund, name, held, parent]))
        .unwrap_err()
}

both! {
    a_constraint_is_named_alike(db) {
        tables(db);
        let check = |error: Error, kind: ConstraintKind, name: &str| match error {
            Error::Constraint(violation) => {
                assert_eq!(violation.kind, kind);
                // SQLite does not tell which reference it was.
                let untold = kind == ConstraintKind::Reference && db.engine() == Engine::Sqlite;
                assert_eq!(violation.name, if untold { "" } else { name });
            }
            other => panic!("{other}"),
        };
        check(insert(db, 1, Some("b"), 0, None), ConstraintKind::Unique, "fund_pkey");
        check(insert(db, 2, Some("a"), 0, None), ConstraintKind::Unique, "fund_name");
        check(insert(db, 2, Some("b"), -1, None), ConstraintKind::Check, "fund_held");
        check(insert(db, 2, None, 0, None), ConstraintKind::Required, "fund.name");
        check(insert(db, 2, Some("b"), 0, Some(9)), ConstraintKind::Reference, "fund_parent_fkey");
    }

    a_wrong_statement_is_named(db) {
        let error = db.write(|tx| tx.execute("select from nowhere at all", params![])).unwrap_err();
        assert_eq!(error.code(), "S0113");
        let error = db.read(|tx| tx.list("select a from nowhere", params![], |_| Ok::<(), Error>(()))).unwrap_err();
        assert_eq!(error.code(), "S0113");
        let error = db.write(|tx| tx.batch("create nonsense")).unwrap_err();
        assert_eq!(error.code(), "S0113");
    }

    a_missing_value_is_a_fault_of_the_program(db) {
        let error = db.read(|tx| tx.list("select cast($1 as bigint)", params![], |_| Ok::<(), Error>(()))).unwrap_err();
        assert_eq!(error.code(), "S0113");
    }
}

#[test]
fn what_cannot_be_opened_is_said_with_its_address() {
    let open = |text: &str| Db::open(&text.parse().unwrap()).map(drop).unwrap_err();
    let error = open("sqlite:/no/such/folder/a.db");
    assert_eq!(error.code(), "S0101");
    assert!(error.en().contains("sqlite:/no/such/folder/a.db"));
    assert_eq!(open("postgres://u:secret@127.0.0.1:1/d").code(), "S0101");
    assert_eq!(open("postgres://u@h:notaport/d").code(), "S0102");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.db");
    std::fs::write(&path, "no database, a letter ".repeat(100)).unwrap();
    assert_eq!(open(&format!("sqlite:{}", path.display())).code(), "S0112");
}

#[test]
fn a_file_that_another_process_writes_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.db");
    let url = format!("sqlite:{}", path.display()).parse().unwrap();
    let options = store::Options {
        patience: std::time::Duration::from_millis(20),
        ..Default::default()
    };
    let (here, there) = (
        Db::open(&url).unwrap(),
        Db::open_with(&url, options).unwrap(),
    );
    here.write(|tx| {
        tx.batch("create table t (a integer) strict")?;
        let how = store::Write {
            attempts: 2,
            ..Default::default()
        };
        let error = there
            .write_with(how, |tx| tx.batch("create table u (a integer) strict"))
            .unwrap_err();
        assert_eq!(error.code(), "S0105");
        Ok::<(), Error>(())
    })
    .unwrap();
    there
        .write(|tx| tx.batch("create table u (a integer) strict"))
        .unwrap();
}
