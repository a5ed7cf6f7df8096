//! Rows go in and come out in bulk as they do one by one.

use crate::values::{OneOfEach, read_all, some_rows, table};
use measure::Day;
use store::{Batch, Error, Kind, both, params};

pub(crate) const COLUMNS: [(&str, Kind); 9] = [
    ("id", Kind::Integer),
    ("n", Kind::BigInt),
    ("i", Kind::Integer),
    ("s", Kind::SmallInt),
    ("yes", Kind::Bool),
    ("t", Kind::Text),
    ("b", Kind::Bytes),
    ("d", Kind::Day),
    ("m", Kind::Moment),
];

const ALL: &str = "select id, n, i, s, yes, t, b, d, m from one_of_each where id >= $1 and t is distinct from $2 order by id";

fn kinds() -> Vec<Kind> {
    COLUMNS.iter().map(|(_, kind)| *kind).collect()
}

fn of_batch(batch: &Batch, row: usize) -> OneOfEach {
    let column = |number: usize| &batch.columns[number];
    OneOfEach {
        n: column(1).number(row),
        i: column(2).number(row).map(|it| it.try_into().unwrap()),
        s: column(3).number(row).map(|it| it.try_into().unwrap()),
        yes: column(4).number(row).map(|it| it == 1),
        t: column(5).text(row).map(str::to_owned),
        b: column(6).absent[row]
            .then_some(())
            .map_or_else(|| Some(column(6).bytes(row).to_vec()), |()| None),
        d: column(7).day(row),
        m: column(8).moment(row),
    }
}

both! {
    rows_in_are_the_rows_out(db) {
        table(db);
        let rows = some_rows(3000);
        let copied = db.write(|tx| {
            let mut copy = tx.copy_in("one_of_each", &COLUMNS)?;
            for (id, row) in (0..).zip(&rows) {
                copy.push(&row.values(id))?;
            }
            copy.finish()
        });
        assert_eq!(copied.unwrap(), 3000);
        assert_eq!(read_all(db), rows);
        let mut out = Vec::new();
        let mut sizes = Vec::new();
        let count = db.read(|tx| {
            out.clear();
            sizes.clear();
            tx.copy_out(ALL, params![0, "it's not \\ there"], &kinds(), 1000, |batch| {
                out.extend((0..batch.rows).map(|row| of_batch(batch, row)));
                sizes.push(batch.rows);
                Ok::<(), Error>(())
            })
        });
        assert_eq!(count.unwrap(), 3000);
        assert_eq!(sizes, [1000, 1000, 1000]);
        assert_eq!(out, rows);
    }

    a_batch_out_goes_in_again(db) {
        table(db);
        let rows = some_rows(500);
        let mut kept = Vec::new();
        db.write(|tx| {
            kept.clear();
            let mut copy = tx.copy_in("one_of_each", &COLUMNS)?;
            for (id, row) in (0..).zip(&rows) {
                copy.push(&row.values(id))?;
            }
            copy.finish()?;
            tx.copy_out(ALL, params![0, "-"], &kinds(), 64, |batch| {
                kept.push(std::mem::take(batch));
                Ok::<(), Error>(())
            })?;
            tx.execute("delete from one_of_each", params![])?;
            let mut copy = tx.copy_in("one_of_each", &COLUMNS)?;
            for batch in &kept {
                copy.batch(batch)?;
            }
            copy.finish()
        })
        .unwrap();
        assert_eq!(read_all(db), rows);
    }

    a_load_that_breaks_a_rule_leaves_nothing(db) {
        table(db);
        let error = db.write(|tx| {
            let mut copy = tx.copy_in("one_of_each", &COLUMNS[..2])?;
            copy.int(1)?.int(1)?.end()?;
            copy.int(1)?.int(2)?.end()?;
            copy.finish()
        });
        assert_eq!(error.unwrap_err().violated(), Some("one_of_each_pkey"));
        assert!(read_all(db).is_empty());
    }

    a_load_that_is_not_finished_leaves_nothing(db) {
        table(db);
        let dropped = db.write(|tx| {
            let mut copy = tx.copy_in("one_of_each", &COLUMNS[..2])?;
            copy.int(1)?.int(1)?.end()?;
            drop(copy);
            Ok::<(), Error>(())
        });
        assert_eq!(dropped.unwrap_err().code(), "S0117");
        assert!(read_all(db).is_empty());
    }

    a_value_of_another_type_or_size_is_refused(db) {
        table(db);
        let refused = |work: &dyn Fn(&mut store::CopyIn<'_>) -> Result<(), Error>| {
            let result = db.write(|tx| {
                let mut copy = tx.copy_in("one_of_each", &[("id", Kind::Integer), ("s", Kind::SmallInt)])?;
                work(&mut copy)?;
                copy.finish()
            });
            assert_eq!(result.unwrap_err().code(), "S0118");
        };
        refused(&|copy| copy.int(1)?.int(32_768)?.end());
        refused(&|copy| copy.int(1 << 40)?.int(1)?.end());
        refused(&|copy| copy.int(1)?.text("1")?.end());
        refused(&|copy| copy.int(1)?.day(Day::MIN)?.end());
        refused(&|copy| copy.int(1)?.end());
        refused(&|copy| copy.int(1)?.int(1)?.int(1)?.end());
        assert!(read_all(db).is_empty());
    }

    a_column_of_another_type_is_refused_when_read(db) {
        let read = |kinds: &[Kind]| {
            let sql = "select cast(1 as bigint), cast('a' as text)";
            db.read(|tx| tx.copy_out(sql, params![], kinds, 10, |_| Ok::<(), Error>(())))
        };
        assert_eq!(read(&[Kind::BigInt, Kind::Text]).unwrap(), 1);
        assert_eq!(read(&[Kind::BigInt]).unwrap_err().code(), "S0110");
        assert_eq!(read(&[Kind::Text, Kind::Text]).unwrap_err().code(), "S0110");
        assert_eq!(read(&[Kind::BigInt, Kind::BigInt]).unwrap_err().code(), "S0110");
    }

    numbers_go_on_after_a_load_that_brought_its_own(db) {
        let load = |tx: &mut store::Tx<'_>| {
            let columns = [
                ("employer", Kind::BigInt), ("credit_code", Kind::Text), ("name", Kind::Text),
                ("recorded", Kind::Moment), ("origin_kind", Kind::SmallInt), ("origin", Kind::BigInt),
            ];
            let mut copy = tx.copy_in("employer", &columns)?;
            for number in 1..=500 {
                copy.int(number)?.text(&number.to_string())?.text("a")?.moment(store::testing::MADE)?.int(6)?.int(1)?.end()?;
            }
            copy.finish()?;
            tx.number_on("employer")
        };
        db.write(load).unwrap();
        let sql = "insert into employer (credit_code, name, recorded, origin_kind, origin) values ('new', 'a', $1, 6, 1)
            returning employer";
        let next = db.write(|tx| tx.one(sql, params![store::testing::MADE], |row| row.get::<i64>(0)));
        assert_eq!(next.unwrap(), 501);
        db.write(|tx| tx.number_on("person")).unwrap();
    }

    an_empty_result_is_empty(db) {
        let sql = "select cast(1 as bigint) where 1 = 2";
        let count = db.read(|tx| tx.copy_out(sql, params![], &[Kind::BigInt], 10, |_| Ok::<(), Error>(())));
        assert_eq!(count.unwrap(), 0);
    }
}
