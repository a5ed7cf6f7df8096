//! The month as an office connects on PostgreSQL: no superuser, no owner, a member of the application's role.

use crate::archive::moved;
use crate::counter::{asked, posted};
use crate::differing::corrected;
use crate::month::{CUT, a_closed_month, approved};
use crate::town::{self, TheLaw, acting, actor, day, settle};
use city::runs::RunKind;
use office::month::differ::differ;
use office::month::publish::publish_differences;
use office::verify::verify;
use store::testing::OwnServer;
use store::{Db, Error, Tx, params};

/// A server with a database that `owner` owns, who is no superuser, and in which `month` and `clerk` work.
fn server() -> Option<OwnServer> {
    let server = match OwnServer::start("-c shared_buffers=32MB") {
        Ok(server) => server,
        Err(why) => {
            eprintln!("skipped: no PostgreSQL server can be started here: {why}");
            return None;
        }
    };
    for sql in [
        "create role owner login createrole",
        "create role renshe_app",
        "create role month login in role renshe_app",
        "create role clerk login in role renshe_app",
        "create database city owner owner template template0",
    ] {
        server.command(sql).unwrap();
    }
    Some(server)
}

fn opened(server: &OwnServer, role: &str) -> Db {
    let address = server
        .address("city")
        .replace("postgres@", &format!("{role}@"));
    Db::open(&address.parse().unwrap()).unwrap()
}

fn count(tx: &mut Tx<'_>, sql: &'static str) -> Result<i64, Error> {
    tx.one(sql, params![], |row| row.get(0))
}

/// Facts that become known when June is closed, and a correction at the counter.
fn what_comes_late(server: &OwnServer, month: &Db, law: &TheLaw) {
    let (june, maker, checker) = (town::month("2025-06"), actor("maker"), actor("checker"));
    corrected(
        &opened(server, "postgres"),
        2,
        day("2025-06-01"),
        Some((2, 900_000)),
    );
    let late = acting(&maker, "2025-07-26");
    let run = differ(month, law.applied(), june, CUT, late, &mut |_, _| {}).unwrap();
    approved(month, RunKind::Difference, &run);
    publish_differences(month, june, acting(&checker, "2025-07-27")).unwrap();
    crate::money::allocate(month, law, "2025-07-28");
    posted(month, &asked("case/1", 1, 100), "2025-07-28");
}

fn a_clerk_sees_only_their_district(server: &OwnServer) {
    let clerk = opened(server, "clerk");
    let seen = |districts: &[i32], sql: &'static str| {
        clerk.read(|tx| {
            tx.set_districts(districts)?;
            count(tx, sql)
        })
    };
    let superuser = opened(server, "postgres");
    let all = |sql: &'static str| superuser.read(|tx| count(tx, sql)).unwrap();
    for (whole, elsewhere, of_one) in [
        (
            "select coalesce(sum(rows), 0) from dues",
            "select coalesce(sum(rows), 0) from dues where district <> 500103",
            "select coalesce(sum(rows), 0) from dues where district = 500103",
        ),
        (
            "select coalesce(sum(rows), 0) from account",
            "select coalesce(sum(rows), 0) from account where district <> 500103",
            "select coalesce(sum(rows), 0) from account where district = 500103",
        ),
        (
            "select count(*) from bill",
            "select count(*) from bill where district <> 500103",
            "select count(*) from bill where district = 500103",
        ),
        (
            "select count(*) from participation",
            "select count(*) from participation where district <> 500103",
            "select count(*) from participation where district = 500103",
        ),
    ] {
        assert!(0 < all(of_one) && 0 < all(elsewhere), "{whole}");
        assert_eq!(seen(&[500_103], whole).unwrap(), all(of_one), "{whole}");
        assert_eq!(seen(&[500_103], elsewhere).unwrap(), 0, "{elsewhere}");
        assert_eq!(seen(&[], whole).unwrap(), 0, "{whole}");
    }
}

/// The tables of the runs, and what only their owner may do.
fn there_is_no_side_door(clerk: &Db) {
    for sql in [
        "select coalesce(sum(rows), 0) from dues_run_1",
        "select coalesce(sum(rows), 0) from account_run_2",
    ] {
        let seen = clerk.read(|tx| {
            tx.set_districts(&[500_103])?;
            count(tx, sql)
        });
        assert_eq!(seen.unwrap_err().code(), "S0115", "{sql}");
    }
    for (sql, code) in [
        ("insert into dues_run_1 select * from dues limit 1", "S0115"),
        ("alter table dues detach partition dues_run_1", "S0115"),
        ("drop table account_run_2", "S0115"),
        ("select generation_drop('dues', 1)", "S0108"),
        ("select generation_drop('person', 1)", "S0108"),
        ("select generation_attach('dues', 99)", "S0108"),
        ("select generation_make('dues', 1)", "S0108"),
        ("delete from run_chunk", "S0115"),
        ("update dues set rows = 0", "S0115"),
    ] {
        let done = clerk.write(|tx| tx.batch(sql));
        assert_eq!(done.unwrap_err().code(), code, "{sql}");
    }
}

#[test]
fn a_whole_month_in_the_applications_role() {
    let Some(server) = server() else {
        return;
    };
    opened(&server, "owner")
        .migrate(store::testing::MADE)
        .unwrap();
    settle(&opened(&server, "postgres"), 40);
    let law = TheLaw::read();
    let month = opened(&server, "month");
    a_closed_month(&month, &law);
    what_comes_late(&server, &month, &law);
    let report = verify(&month, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    assert_eq!(report.findings, []);
    assert!(report.rows > 80, "it saw {} rows only", report.rows);

    a_clerk_sees_only_their_district(&server);
    there_is_no_side_door(&opened(&server, "clerk"));
    // When it is old, its rows go to a file.
    let folder = tempfile::tempdir().unwrap();
    assert!(0 < moved(&month, "2025-06", folder.path()));
    let report = verify(&month, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    assert_eq!(
        (
            report.findings,
            month
                .read(|tx| count(tx, "select coalesce(sum(rows), 0) from dues"))
                .unwrap()
        ),
        (vec![], 0)
    );
}

#[test]
fn rows_that_are_not_in_force_are_seen_by_district_only() {
    let Some(server) = server() else {
        return;
    };
    opened(&server, "owner")
        .migrate(store::testing::MADE)
        .unwrap();
    settle(&opened(&server, "postgres"), 40);
    let law = TheLaw::read();
    let month = opened(&server, "month");
    let maker = actor("maker");
    let (june, cut) = (
        town::month("2025-06"),
        office::month::assess::Cut {
            chunk_size: 7,
            threads: 2,
        },
    );
    let acting = acting(&maker, "2025-07-01");
    office::month::assess::open(&month, law.applied(), june, cut, acting).unwrap();
    office::month::assess::assess(&month, law.applied(), june, 2, &mut |_, _| {}).unwrap();
    let clerk = opened(&server, "clerk");
    let elsewhere = clerk.read(|tx| {
        tx.set_districts(&[500_103])?;
        count(
            tx,
            "select coalesce(sum(rows), 0) from dues_run_1 where district <> 500103",
        )
    });
    assert_eq!(elsewhere.unwrap(), 0);
    let more = "insert into dues_run_1 select 1, 99, 500103, 1, ''";
    let written = clerk.write(|tx| {
        tx.set_districts(&[500_103])?;
        tx.batch(more)
    });
    assert_eq!(written.unwrap_err().code(), "S0115");
}
