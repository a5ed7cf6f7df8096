//! Who may do what: the whole table, and that it is the office that decides.

use crate::town::{acting, actor, settle};
use city::employers::EmployerId;
use city::logins::{Login, Party, Role};
use city::people::PersonId;
use city::places::District;
use office::permit::{self, Action, Reach};
use std::fmt::Write as _;

fn login(role: Role, party: Party, district: Option<i32>) -> Login {
    let district = district.and_then(District::new);
    Login::new(actor("somebody"), role, party, district).unwrap()
}

#[test]
fn the_whole_table() {
    let mut table = format!("{:<22}", "");
    for role in Role::ALL {
        let _ = write!(table, "{:<18}", role.name(rules::explain::Lang::En));
    }
    for action in Action::ALL {
        let _ = write!(table, "\n{:<22}", action.word());
        for role in Role::ALL {
            let reach = match action.reach(*role) {
                Reach::Nothing => "-",
                Reach::Own => "own record",
                Reach::District => "own district",
                Reach::City => "whole city",
            };
            let _ = write!(table, "{reach:<18}");
        }
    }
    let table: String = table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    insta::assert_snapshot!(table);
    // Whoever prepares what moves money does not approve it.
    for (makes, approves) in [
        (Action::RunMonth, Action::ApproveMonth),
        (Action::AskCorrection, Action::ApproveCorrection),
        (Action::AskInstalments, Action::ApproveMoney),
    ] {
        for role in Role::ALL {
            assert!(
                makes.reach(*role) == Reach::Nothing || approves.reach(*role) == Reach::Nothing
            );
        }
    }
}

store::both! {
    what_is_beyond_reach_is_unknown(db) {
        settle(db, 10);
        let person = |number| PersonId::new(number).unwrap();
        let asked = |login: Option<&Login>, action, whose| {
            let decided = db.read(|tx| {
                tx.set_all_districts()?;
                permit::person(tx, login, action, person(whose))
            });
            decided.err().map(|error: office::Error| error.code())
        };
        let own = login(Role::Person, Party::Person(person(3)), None);
        assert_eq!(asked(Some(&own), Action::ReadAccount, 3), None);
        // Somebody else's is as unknown as nobody's.
        assert_eq!(asked(Some(&own), Action::ReadAccount, 4), Some("N0603"));
        assert_eq!(asked(Some(&own), Action::ReadAccount, 999), Some("N0603"));
        assert_eq!(asked(Some(&own), Action::FindPerson, 3), Some("N0602"));
        assert_eq!(asked(None, Action::ReadAccount, 3), Some("N0601"));
        // Person 3 is insured through employer 2 in 500103, person 2 through employer 1 in 500112.
        let here = login(Role::Clerk, Party::Office, Some(500_103));
        let there = login(Role::Clerk, Party::Office, Some(500_112));
        let city = login(Role::Clerk, Party::Office, None);
        for (clerk, whose, expected) in [(&here, 3, None), (&there, 3, Some("N0603")), (&there, 2, None), (&here, 2, Some("N0603")), (&city, 2, None), (&city, 3, None)] {
            assert_eq!(asked(Some(clerk), Action::ReadAccount, whose), expected, "{clerk:?} {whose}");
        }
        let planner = login(Role::Planner, Party::Office, None);
        assert_eq!(asked(Some(&planner), Action::ReadAccount, 3), Some("N0602"));
        let agent = login(Role::Agent, Party::Employer(EmployerId::new(1).unwrap()), None);
        let of_employer = |login: &Login, whose| {
            let decided = db.read(|tx| {
                tx.set_all_districts()?;
                permit::employer(tx, Some(login), Action::ReadDues, EmployerId::new(whose).unwrap())
            });
            decided.err().map(|error: office::Error| error.code())
        };
        assert_eq!(of_employer(&agent, 1), None);
        assert_eq!(of_employer(&agent, 2), Some("N0603"));
        assert_eq!(of_employer(&here, 2), None);
        assert_eq!(of_employer(&here, 1), Some("N0603"));
        // What is the whole city's is not for a login of one district.
        assert!(permit::reach(Some(&here), Action::RunMonth).is_err());
        assert!(permit::reach(Some(&city), Action::RunMonth).is_ok());
    }

    logins_are_made_once_and_end(db) {
        use office::sign_in::{Cost, NewLogin, Proof, Rules, add, begin, end, list, session, sign_out};
        settle(db, 3);
        let by = actor("admin");
        let cost = Cost { memory: 64, passes: 1 };
        let new = |name, role, party| NewLogin { name, role, party, district: None, secret: Some("a long enough secret") };
        let made = |new: &NewLogin<'_>| add(db, new, cost, acting(&by, "2025-06-01")).map(drop).map_err(|error| error.code());
        let one = Party::Person(PersonId::new(1).unwrap());
        assert_eq!(made(&new("one", Role::Person, one)), Ok(()));
        assert_eq!(made(&new("one", Role::Person, one)), Err("N0606"));
        assert_eq!(made(&new("a b", Role::Person, one)), Err("N0606"));
        assert_eq!(made(&new("nobody", Role::Person, Party::Person(PersonId::new(99).unwrap()))), Err("N0608"));
        assert_eq!(made(&new("clerk", Role::Clerk, one)), Err("N0608"));
        let short = NewLogin { secret: Some("short"), ..new("clerk", Role::Clerk, Party::Office) };
        assert_eq!(made(&short), Err("N0605"));
        assert_eq!(made(&NewLogin { secret: None, ..new("persona", Role::Clerk, Party::Office) }), Ok(()));

        let now = crate::town::moment("2025-06-02");
        let rules = Rules { cost, ..Rules::usual() };
        let comes = |proof, rules| begin(db, proof, rules, (now, "test")).map_err(|error| error.code());
        let secret = |name, secret| Proof::Secret { name, secret };
        let (token, login) = comes(secret("one", "a long enough secret"), rules).unwrap();
        assert_eq!(login.party(), one);
        assert_eq!(comes(secret("one", "another secret, as long"), rules).unwrap_err(), "N0604");
        assert_eq!(comes(secret("nobody", "a long enough secret"), rules).unwrap_err(), "N0604");
        // A persona has no secret that could be right, and comes in by name only where that is allowed.
        assert_eq!(comes(secret("persona", ""), rules).unwrap_err(), "N0604");
        assert_eq!(comes(Proof::Persona { name: "persona" }, rules).unwrap_err(), "N0604");
        assert!(comes(Proof::Persona { name: "persona" }, Rules { personas: true, ..rules }).is_ok());
        assert_eq!(comes(Proof::Persona { name: "one" }, Rules { personas: true, ..rules }).unwrap_err(), "N0604");

        assert!(session(db, &token, rules, now).unwrap().is_some());
        sign_out(db, &token).unwrap();
        assert!(session(db, &token, rules, now).unwrap().is_none());
        let (token, _) = comes(secret("one", "a long enough secret"), rules).unwrap();
        end(db, "one", acting(&by, "2025-06-02")).unwrap();
        assert!(session(db, &token, rules, now).unwrap().is_none());
        assert_eq!(comes(secret("one", "a long enough secret"), rules).unwrap_err(), "N0604");
        assert_eq!(end(db, "one", acting(&by, "2025-06-02")).unwrap_err().code(), "N0607");
        assert_eq!(made(&new("one", Role::Person, one)), Err("N0606"));
        assert_eq!(list(db).unwrap().len(), 2);
    }
}
