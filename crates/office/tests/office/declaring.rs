//! An employer declares its month: stories, on both databases.

use crate::hall::{Hall, stranger};
use crate::money::sum;
use crate::town::{actor, day, moment, month};
use city::declarations::Intake;
use measure::Fen;
use office::declare::missing::{chase, missing, versions};
use office::declare::undo::undo;
use office::declare::{Books, Mode};
use store::{both, params};

/// The staff of employer 1 are 1 to 6, each at 5,000 yuan, 6 paused; of employer 2 they are 7 and 8. 9 is insured nowhere.
pub(crate) const JUNE: &str = "\
身份证号码,姓名,月工资
1,甲一,5000.00
2,甲二,6000.00
3,甲三,5000
4,甲四,5000
5,甲五,5000
6,甲六,5500
";

both! {
    /// A check tells all there is to tell and leaves nothing behind but the note that somebody looked.
    a_check_records_nothing(db) {
        let hall = Hall::open(db);
        let facts = sum(db, "select count(*) from participation");
        let (outcome, told) = hall.submit(1, JUNE, Mode::Check).unwrap();
        let tally = outcome.tally;
        assert_eq!((tally.rows, tally.unchanged, tally.changed, tally.faulty), (6, 4, 2, 0));
        assert_eq!((outcome.resumed, outcome.missing, outcome.recorded), (1, 0, None));
        assert_eq!((outcome.intake, outcome.books, tally.wages), (Intake::First, Books::Open, Fen::from_yuan(31_500).unwrap()));
        assert_eq!(told.verdicts[1], "row 3 changed 5000.00 to 6000.00");
        assert_eq!(told.verdicts[5], "row 7 changed 5000.00 to 5500.00 resumed");
        assert_eq!(sum(db, "select count(*) from participation"), facts);
        assert_eq!((sum(db, "select count(*) from declaration"), sum(db, "select count(*) from batch")), (0, 0));
        assert_eq!(sum(db, "select count(*) from audit where action = 'declaration.check' and subject_kind = 2 and subject = 1"), 1);
    }

    /// What is recorded are facts of the declaration, from the month's first day on; the months before stay as they were.
    wages_and_resumptions_are_recorded(db) {
        let hall = Hall::open(db);
        let (outcome, _) = hall.submit(1, JUNE, Mode::RecordWhole).unwrap();
        let id = outcome.recorded.unwrap();
        assert_eq!(hall.stands(2, "2025-05-31"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        assert_eq!(hall.stands(2, "2025-06-01"), "1 active 6000.00; 3 active 6000.00; 4 active 6000.00");
        assert_eq!(hall.stands(6, "2025-05-31"), "1 paused 5000.00");
        assert_eq!(hall.stands(6, "2025-07-01"), "1 active 5500.00");
        let by = format!("select count(*) from participation where origin_kind = 1 and origin = {id}");
        assert_eq!(hall.count(&by), 2 * (3 + 1));
        assert_eq!(sum(db, "select lines from declaration"), 6);
        assert_eq!(sum(db, "select wages from declaration"), 3_150_000);
        assert_eq!(sum(db, "select count(*) from batch where kind = 1 and file_name = 'june.csv' and rows = 6"), 1);
        assert_eq!(sum(db, "select count(*) from audit where action = 'declaration.submit'"), 2);
        // Said again it changes nothing, and the very same file is refused by name.
        let (again, _) = hall.submit(1, &JUNE.replace("5000\n", "5000.00\n"), Mode::Check).unwrap();
        assert_eq!((again.tally.unchanged, again.intake), (6, Intake::Amends(id)));
        assert_eq!(hall.submit(1, JUNE, Mode::Check).unwrap_err().code(), "D0109");
        // For the next month the same bytes are another declaration.
        let (july, _) = hall.of_month("2025-07").submit(1, JUNE, Mode::RecordWhole).unwrap();
        assert_eq!((july.tally.unchanged, july.recorded.is_some()), (6, true));
    }

    /// Who comes is insured in what the employer insures its staff in; who is new to the city is taken into the register.
    people_come(db) {
        let hall = Hall::open(db);
        let people = sum(db, "select count(*) from person");
        let file = "身份证号码,姓名,月工资,起始日期,用工形式,岗位
9,甲九,7000,2025-06-10,派遣,管理技术岗位
77,新来,8000,2024-03-01,,
";
        let (outcome, told) = hall.part().submit(1, file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.enrolled, outcome.registered, outcome.missing), (2, 1, 0));
        assert_eq!(told.verdicts[0], "row 2 enrolled 7000.00");
        assert_eq!(hall.stands(9, "2025-06-09"), "");
        assert_eq!(hall.stands(9, "2025-06-10"), "1 active 7000.00; 3 active 7000.00; 4 active 7000.00");
        assert_eq!(hall.works(9, "2025-06-10"), "1 dispatched work management");
        assert_eq!(hall.works(9, "2025-06-09"), "");
        assert_eq!(sum(db, "select count(*) from person"), people + 1);
        let new = hall.person(77);
        assert_eq!(hall.name(new), "新来");
        // Insured from the month declared on, employed since the day said.
        assert_eq!(hall.stands(new, "2025-06-01"), "1 active 8000.00; 3 active 8000.00; 4 active 8000.00");
        assert_eq!(hall.stands(new, "2025-05-31"), "");
        assert_eq!(hall.works(new, "2024-03-01"), "1 standard employment worker");
        assert_eq!(sum(db, "select count(*) from audit where action = 'declaration.look' and subject_kind = 1 and subject = 9"), 1);
        assert_eq!(hall.count(&format!("select count(*) from audit where action = 'declaration.register' and subject = {new}")), 1);
        // Named again next month they are staff like any other.
        let (july, _) = hall.of_month("2025-07").submit(1, &file.replace("2025-06-10", ""), Mode::Check).unwrap();
        assert_eq!((july.tally.unchanged, july.missing), (2, 6));
    }

    /// Who leaves within the month is insured up to that day; who left before it is not in it; and it may be taken back by
    /// saying otherwise.
    people_leave(db) {
        let hall = Hall::open(db);
        let file = "身份证号码,姓名,月工资,结束日期
1,甲一,5000,2025-06-15
2,甲二,5000,2025-05-31
3,甲三,5000,2025-06-30
4,甲四,5000,2025-09-30
";
        let (outcome, _) = hall.part().submit(1, file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.unchanged, outcome.tally.ended), (3, 1));
        assert_eq!(hall.stands(1, "2025-06-15"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        assert_eq!(hall.stands(1, "2025-06-16"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        assert_eq!(hall.stands(2, "2025-06-01"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        assert_eq!(hall.stands(2, "2025-05-31"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        assert_eq!(hall.stands(3, "2025-06-30"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        assert_eq!(hall.stands(3, "2025-07-01"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        assert_eq!(hall.stands(4, "2025-10-01"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        assert_eq!((hall.works(1, "2025-06-15"), hall.works(1, "2025-06-16")), ("1 standard employment worker".to_owned(), String::new()));
        // He stayed after all, with a raise; she left already on the tenth.
        let other = "身份证号码,姓名,月工资,结束日期\n1,甲一,5100,\n3,甲三,5000,2025-06-10\n";
        let (amended, _) = hall.part().submit(1, other, Mode::RecordWhole).unwrap();
        assert_eq!(amended.intake, Intake::Amends(outcome.recorded.unwrap()));
        assert_eq!(hall.stands(1, "2025-06-16"), "1 active 5100.00; 3 active 5100.00; 4 active 5100.00");
        assert_eq!(hall.works(1, "2025-06-16"), "1 standard employment worker");
        assert_eq!(hall.stands(3, "2025-06-11"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        // Who has left comes back in August.
        let back = "身份证号码,姓名,月工资\n2,甲二,5300\n";
        let (august, _) = hall.of_month("2025-08").part().submit(1, back, Mode::RecordWhole).unwrap();
        assert_eq!((august.tally.enrolled, august.registered), (1, 0));
        assert_eq!(hall.stands(2, "2025-07-31"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        assert_eq!(hall.stands(2, "2025-08-01"), "1 active 5300.00; 3 active 5300.00; 4 active 5300.00");
        assert_eq!(hall.works(2, "2025-08-01"), "1 standard employment worker");
    }

    /// Each fault has its row, column, value, reason and remedy, those of the file and those of the register alike.
    every_fault_is_told(db) {
        let hall = Hall::open(db);
        let file = "身份证号码,姓名,月工资,起始日期
1,甲一,5O00,
2,乙二,5000,
7,甲七,5000,
99,生人,5000,2025-08-01
3,甲三,99999999999,
4,甲四,5000,
4,甲四,5000,2025-06-02
500103190001010010,错,5000,
";
        let (outcome, told) = hall.submit(1, file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.rows, outcome.tally.faulty, outcome.tally.unchanged, outcome.tally.enrolled, outcome.recorded), (8, 6, 1, 1, None));
        // Whoever stands in a row that is wrong is not missing.
        assert_eq!(told.missing, ["5", "6"]);
        let codes: Vec<&str> = told.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["C0235", "D0104", "D0116", "D0115", "D0106", "D0107", "C0234"]);
        let shown = |at: usize| told.faults[at].sentence(rules::explain::Lang::Zh);
        assert!(shown(1).starts_with("第 3 行 B 列“姓名”“乙***”：与登记姓名“甲***”不符；"), "{}", shown(1));
        assert!(shown(2).contains("已由单位 2 参加") && shown(2).contains("500103"), "{}", shown(2));
        assert!(shown(3).starts_with("第 5 行 D 列“起始日期”“2025-08-01”"), "{}", shown(3));
        assert_eq!(told.to_mend, [2, 3, 5, 6, 8, 9]);
        assert_eq!(sum(db, "select count(*) from declaration"), 0);
    }

    /// A file with faults is not recorded unless the good rows are asked for; then the faults alone are handed in later.
    the_good_rows_and_then_the_rest(db) {
        let hall = Hall::open(db);
        let file = JUNE.replace("5000\n", "5O00\n");
        let (refused, _) = hall.submit(1, &file, Mode::RecordWhole).unwrap();
        assert_eq!((refused.tally.faulty, refused.recorded), (3, None));
        assert_eq!(sum(db, "select count(*) from participation where origin_kind = 1"), 0);
        let (good, told) = hall.submit(1, &file, Mode::RecordGood).unwrap();
        assert_eq!((good.recorded.is_some(), good.tally.changed, told.missing.len()), (true, 2, 0));
        let rest = "身份证号码,姓名,月工资\n3,甲三,5200\n4,甲四,5000\n5,甲五,5000\n";
        let (mended, _) = hall.part().submit(1, rest, Mode::RecordWhole).unwrap();
        assert_eq!((mended.tally.changed, mended.missing, mended.intake), (1, 0, Intake::Amends(good.recorded.unwrap())));
        assert_eq!(hall.stands(2, "2025-06-01"), "1 active 6000.00; 3 active 6000.00; 4 active 6000.00");
        assert_eq!(hall.stands(3, "2025-06-01"), "1 active 5200.00; 3 active 5200.00; 4 active 5200.00");
    }

    /// Taken back, everything is as it was, and the one before stands again.
    an_import_is_undone_as_a_whole(db) {
        let hall = Hall::open(db);
        let before: Vec<String> = (1..=9).map(|person| hall.stands(person, "2025-06-30")).collect();
        let file = "身份证号码,姓名,月工资,结束日期
1,甲一,5000,2025-06-15
2,甲二,5900,
6,甲六,5000,
9,甲九,7000,
78,新来,8000,
";
        let (one, _) = hall.submit(1, file, Mode::RecordWhole).unwrap();
        let (two, _) = hall.part().submit(1, "身份证号码,姓名,月工资\n2,甲二,6100\n", Mode::RecordWhole).unwrap();
        let (one, two) = (one.recorded.unwrap(), two.recorded.unwrap());
        let clerk = actor("clerk");
        assert_eq!(undo(db, one, None, hall.acting(&clerk)).unwrap_err().code(), "N0404");
        assert_eq!(undo(db, two, Some(&[city::places::District::new(500_112).unwrap()]), hall.acting(&clerk)).unwrap_err().code(), "N0402");
        let (_, left) = undo(db, two, None, hall.acting(&clerk)).unwrap();
        assert_eq!((left.insurance, left.work), (vec![], vec![]));
        assert_eq!(hall.stands(2, "2025-06-30"), "1 active 5900.00; 3 active 5900.00; 4 active 5900.00");
        assert_eq!(undo(db, two, None, hall.acting(&clerk)).unwrap_err().code(), "N0404");
        undo(db, one, None, hall.acting(&clerk)).unwrap();
        let after: Vec<String> = (1..=9).map(|person| hall.stands(person, "2025-06-30")).collect();
        assert_eq!(before, after);
        assert_eq!(hall.stands(hall.person(78), "2025-06-30"), "");
        assert_eq!((hall.works(1, "2025-06-30"), hall.works(9, "2025-06-30")), ("1 standard employment worker".to_owned(), String::new()));
        assert_eq!(sum(db, "select count(*) from batch where undone_at is not null"), 2);
        assert_eq!(undo(db, city::declarations::DeclarationId::new(99).unwrap(), None, hall.acting(&clerk)).unwrap_err().code(), "N0403");
        // The same file may be handed in again then.
        assert!(hall.submit(1, file, Mode::RecordWhole).unwrap().0.recorded.is_some());
        let kept = versions(db, hall.employer(1), month("2025-06")).unwrap();
        let shown: Vec<_> = kept.iter().map(|(kept, name)| (kept.declaration.state.code(), name.as_deref())).collect();
        assert_eq!(shown, [(3, Some("june.csv")), (3, Some("june.csv")), (1, Some("june.csv"))]);
    }

    /// Who works for two employers is insured against work injury by each, and declared by each for itself.
    a_second_employer_declares_against_work_injury(db) {
        let hall = Hall::open(db);
        // Employer 2 insures its staff against work injury and in nothing else.
        let injury_only = "update participation set superseded = $1 where employer = 2 and scheme <> 4";
        db.write(|tx| tx.execute(injury_only, params![moment("2025-01-06")])).unwrap();
        let file = |wage: i64| format!("身份证号码,姓名,月工资\n1,甲一,{wage}\n");
        let (outcome, told) = hall.part().submit(2, &file(3_000), Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.enrolled, told.faults.len()), (1, 0));
        hall.part().submit(1, &file(5_200), Mode::RecordWhole).unwrap();
        let stands = hall.stands(1, "2025-06-30");
        let mut against: Vec<&str> = stands.split("; ").collect();
        against.sort_unstable();
        assert_eq!(against, ["1 active 5200.00", "3 active 5200.00", "4 active 3000.00", "4 active 5200.00"]);
        // Whom it insures against that alone another may insure in everything.
        let (outcome, told) = hall.part().submit(1, "身份证号码,姓名,月工资\n7,甲七,5000\n", Mode::Check).unwrap();
        assert_eq!((outcome.tally.enrolled, outcome.tally.faulty, told.faults.len()), (1, 0, 0));
    }

    /// Where the first employer insures in everything, the second insures against work injury, and is told why in nothing else.
    a_second_employer_insures_in_what_is_not_held_elsewhere(db) {
        let hall = Hall::open(db);
        let file = "身份证号码,姓名,月工资\n1,甲一,3000\n";
        let (outcome, told) = hall.part().submit(2, file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.enrolled, outcome.tally.faulty, outcome.recorded.is_some()), (1, 0, true));
        let [doubt] = &told.faults[..] else { panic!("{:?}", told.faults) };
        assert_eq!((doubt.code, doubt.weight, told.to_mend.len()), ("D0116", exchange::Weight::Doubt, 0));
        let mut stands: Vec<String> = hall.stands(1, "2025-06-30").split("; ").map(str::to_owned).collect();
        stands.sort_unstable();
        assert_eq!(stands, ["1 active 5000.00", "3 active 5000.00", "4 active 3000.00", "4 active 5000.00"]);
        // Each goes on declaring its own, and taken back it is as before.
        let (again, told) = hall.of_month("2025-07").part().submit(2, file, Mode::RecordWhole).unwrap();
        assert_eq!((again.tally.unchanged, told.faults.len()), (1, 0));
        let clerk = actor("clerk");
        undo(db, again.recorded.unwrap(), None, hall.acting(&clerk)).unwrap();
        undo(db, outcome.recorded.unwrap(), None, hall.acting(&clerk)).unwrap();
        assert_eq!(hall.stands(1, "2025-06-30"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
        // Where a second employer insures in nothing that may be held twice, nothing is left.
        let no_injury = "update participation set superseded = $1 where employer = 2 and scheme = 4 and superseded is null";
        db.write(|tx| tx.execute(no_injury, params![moment("2025-06-30")])).unwrap();
        let (outcome, told) = hall.of_month("2025-06").part().submit(2, file, Mode::Check).unwrap();
        assert_eq!((outcome.tally.faulty, told.faults[0].code), (1, "D0110"));
    }

    /// Whose employment a file took away from its first day on is employed again when the file is taken back.
    an_employment_withdrawn_whole_comes_back(db) {
        let hall = Hall::open(db);
        let clerk = actor("clerk");
        let came = |first: &str, last: &str| format!("身份证号码,姓名,月工资,起始日期,结束日期\n78,新来,8000,{first},{last}\n");
        let never = |before: &str| format!("身份证号码,姓名,月工资,结束日期\n78,新来,8000,{before}\n");
        let works = || ["2025-06-10", "2025-06-25", "2025-08-10"].map(|on| hall.works(hall.person(78), on).len());
        let there = "1 standard employment worker".len();

        // In June for some days, July declared already: within June nothing is left of them.
        hall.part().submit(1, &came("2025-06-01", "2025-06-20"), Mode::RecordWhole).unwrap();
        hall.of_month("2025-07").part().submit(1, "身份证号码,姓名,月工资\n1,甲一,5000\n", Mode::RecordWhole).unwrap();
        assert_eq!(works(), [there, 0, 0]);
        let (mended, _) = hall.part().submit(1, &never("2025-05-31"), Mode::RecordWhole).unwrap();
        assert_eq!(works(), [0, 0, 0]);
        let (_, left) = undo(db, mended.recorded.unwrap(), None, hall.acting(&clerk)).unwrap();
        assert_eq!((left.insurance, left.work), (vec![], vec![]));
        assert_eq!(works(), [there, 0, 0]);

        // Since August, with nothing declared of later months.
        hall.of_month("2025-08").part().submit(1, &came("2025-08-01", ""), Mode::RecordWhole).unwrap();
        let all_along = works();
        assert_eq!(all_along, [there, 0, there]);
        let (mended, _) = hall.of_month("2025-08").part().submit(1, &never("2025-07-31"), Mode::RecordWhole).unwrap();
        assert_eq!(works(), [there, 0, 0]);
        undo(db, mended.recorded.unwrap(), None, hall.acting(&clerk)).unwrap();
        assert_eq!(works(), all_along);
    }

    /// A month declared late does not undo what a later one said.
    a_later_month_stands(db) {
        let hall = Hall::open(db);
        let line = |wage: &str, end: &str| format!("身份证号码,姓名,月工资,结束日期\n1,甲一,{wage},{end}\n2,甲二,5000,{end}\n");
        hall.of_month("2025-07").part().submit(1, &line("5000", ""), Mode::RecordWhole).unwrap();
        hall.part().submit(1, &line("6000", "2025-06-20"), Mode::RecordWhole).unwrap();
        assert_eq!(hall.stands(1, "2025-06-20"), "1 active 6000.00; 3 active 6000.00; 4 active 6000.00");
        assert_eq!(hall.stands(2, "2025-06-21"), "1 ended 5000.00; 3 ended 5000.00; 4 ended 5000.00");
        for person in [1, 2] {
            assert_eq!(hall.stands(person, "2025-07-01"), "1 active 5000.00; 3 active 5000.00; 4 active 5000.00");
            assert_eq!(hall.works(person, "2025-07-01"), "1 standard employment worker");
        }
    }

    /// A district's desk serves its own employers, and sees whether somebody is insured anywhere in the city.
    each_district_its_own(db) {
        let hall = Hall::open(db);
        let ours = [city::places::District::new(500_103).unwrap()];
        let desk = hall.of_districts(&ours);
        assert_eq!(desk.submit(2, JUNE, Mode::Check).unwrap_err().code(), "N0402");
        let (_, told) = desk.part().submit(1, "身份证号码,姓名,月工资\n7,甲七,5000\n", Mode::Check).unwrap();
        assert_eq!(told.faults[0].code, "D0116");
        let clerk = actor("clerk");
        assert_eq!(missing(db, month("2025-06"), Some(&ours), hall.acting(&clerk)).unwrap().len(), 1);
        assert_eq!(hall.submit(3, JUNE, Mode::Check).unwrap_err().code(), "N0401");
        assert_eq!(hall.of_month("2026-01").submit(1, JUNE, Mode::Check).unwrap_err().code(), "D0121");
    }

    /// Who has not declared is found, and asked once each time the law says so.
    the_missing_are_asked(db) {
        let hall = Hall::open(db);
        let clerk = actor("clerk");
        hall.submit(1, JUNE, Mode::RecordWhole).unwrap();
        let acting = hall.acting(&clerk);
        let silent = missing(db, month("2025-06"), None, acting).unwrap();
        assert_eq!(silent.iter().map(|one| one.employer.id.number()).collect::<Vec<_>>(), [2]);
        let law = hall.law.applied().law;
        let ask = |on: &str| chase(db, law, (month("2025-06"), day(on)), None, acting).unwrap();
        let first = ask("2025-06-30");
        assert_eq!((first.silent, first.written), (1, 0), "{first:?}");
        let due = first.due;
        let later = |days: i32| due.add_days(days).unwrap().to_string();
        // The law asks after one, five and ten days.
        assert_eq!((ask(&later(1)).written, ask(&later(1)).written, ask(&later(4)).written), (1, 0, 0));
        let third = ask(&later(40));
        assert_eq!((third.written, third.time.map(|(time, _)| time)), (1, Some(3)));
        assert_eq!(sum(db, "select count(*) from outbox where topic = 'declaration.chase'"), 2);
        assert_eq!(sum(db, "select count(*) from audit where action = 'declaration.chase' and subject = 2"), 2);
    }

    /// A file larger than what is held is read twice, and comes out the same.
    a_large_file(db) {
        let hall = Hall::open(db);
        let rows = office::declare::HELD + 3_000;
        let mut file = String::from("身份证号码,姓名,月工资\n2,甲二,6000\n");
        for number in 0..rows {
            file.push_str(&format!("{},众人,5000\n", stranger(number).reveal()));
        }
        let (outcome, told) = hall.submit(1, &file, Mode::RecordWhole).unwrap();
        assert_eq!((outcome.tally.rows, outcome.registered, outcome.missing), (rows as u64 + 1, rows as u64, 5));
        assert_eq!(told.verdicts.len(), rows + 1);
        assert_eq!(hall.count(&format!("select count(*) from participation where employer = 1 and declared = 500000 and person > {}", 9)), 3 * i64::try_from(rows).unwrap());
        assert_eq!(hall.stands(2, "2025-06-01"), "1 active 6000.00; 3 active 6000.00; 4 active 6000.00");
        assert_eq!(sum(db, "select count(*) from declaration"), 1);
    }
}
