use proptest::prelude::*;

use super::*;

const YEARS: [&str; 6] = [
    include_str!("../../../../law/calendar/2021.csv"),
    include_str!("../../../../law/calendar/2022.csv"),
    include_str!("../../../../law/calendar/2023.csv"),
    include_str!("../../../../law/calendar/2024.csv"),
    include_str!("../../../../law/calendar/2025.csv"),
    include_str!("../../../../law/calendar/2026.csv"),
];

fn calendar() -> Calendar {
    Calendar::from_years(YEARS).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn every_notice_and_row_is_kept() {
    let calendar = calendar();
    assert_eq!(calendar.arrangements().count(), 218);
    let rows_by_year: Vec<usize> = calendar
        .notices()
        .map(|notice| {
            calendar
                .arrangements()
                .filter(|a| a.year == notice.year)
                .count()
        })
        .collect();
    assert_eq!(rows_by_year, [38, 38, 34, 36, 33, 39]);
    assert!(
        calendar
            .notices()
            .all(|notice| notice.confirmed && notice.issued < notice.year.first_day())
    );
    let notice = calendar.notice(Year::new(2022).unwrap()).unwrap();
    assert_eq!(notice.number, "国办发明电〔2021〕11号");
    let marks = [&notice.mark, &notice.number_mark, &notice.issued_mark];
    assert_eq!(marks, ["S1", "S1", "S-code"]);
}

#[test]
fn known_days() {
    let calendar = calendar();
    let check = |text: &str, working: bool| {
        assert_eq!(calendar.is_working_day(day(text)), Ok(working), "{text}");
    };
    check("2021-02-07", true); // Sunday, in exchange for Spring Festival
    check("2021-02-06", false); // Saturday
    check("2022-12-30", true); // Friday
    check("2022-12-31", false); // New Year 2023
    check("2023-01-02", false); // Monday
    check("2024-02-09", true); // New Year's Eve, only encouraged as off
    check("2025-01-28", false); // New Year's Eve, off since 2025
    check("2025-10-08", false);
    check("2025-10-11", true);
    check("2026-01-04", true);
    check("2026-09-20", true);
    let new_year = calendar.arrangement(day("2022-12-31")).unwrap().unwrap();
    assert_eq!(
        (
            new_year.name.as_str(),
            new_year.kind,
            new_year.year.number()
        ),
        ("元旦", Kind::Off, 2023)
    );
}

/// Working days of a whole year, counted by hand: weekdays, less weekdays off, plus weekend days worked.
#[test]
fn working_days_of_2025() {
    let year = Year::new(2025).unwrap();
    let before = day("2024-12-31");
    assert_eq!(
        calendar().working_days_between(before, year.last_day()),
        Ok(261 - 18 + 5)
    );
}

#[test]
fn deadlines_pass_over_holidays() {
    let calendar = calendar();
    assert_eq!(
        calendar.add_working_days(day("2024-02-09"), 1),
        Ok(day("2024-02-18"))
    );
    assert_eq!(
        calendar.add_working_days(day("2024-02-18"), -1),
        Ok(day("2024-02-09"))
    );
    assert_eq!(
        calendar.working_day_from(day("2024-02-10")),
        Ok(day("2024-02-18"))
    );
    assert_eq!(
        calendar.working_day_from(day("2024-02-09")),
        Ok(day("2024-02-09"))
    );
    assert_eq!(
        calendar.add_working_days(day("2024-02-10"), 0),
        Ok(day("2024-02-10"))
    );
}

#[test]
fn an_uncovered_year_is_named_not_guessed() {
    let calendar = calendar();
    let message = |result: Result<Day, Error>| result.unwrap_err().to_string();
    assert!(message(calendar.add_working_days(day("2026-12-31"), 1)).contains("for 2027"));
    assert!(message(calendar.add_working_days(day("2021-01-04"), -1)).contains("for 2020"));
    assert!(message(calendar.add_working_days(day("2024-01-01"), i32::MAX)).contains("for 2027"));
    assert!(message(calendar.add_working_days(day("2024-01-01"), i32::MIN)).contains("for 2020"));
    assert_eq!(
        calendar
            .working_days_between(day("2026-12-31"), Day::MAX)
            .unwrap_err()
            .code(),
        "M1201"
    );
    let only_2023 = Calendar::from_years([YEARS[2]]).unwrap();
    assert_eq!(
        only_2023
            .is_working_day(day("2022-12-31"))
            .unwrap_err()
            .code(),
        "M1201"
    );
}

#[test]
fn faulty_texts_say_where() {
    let head = "# year: 2025\n# notice: n\n# number: n [S3]\n# issued: 2024-11-12 [S2]\n# mark: S2\n# status: confirmed\n";
    let check = |text: &str, code: &str, part: &str| {
        let error = Calendar::from_years([text]).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    };
    check("", "M1202", "year");
    check(&head.replace("# number: n [S3]\n", ""), "M1202", "number");
    check(&head.replace("mark: S2", "mark:"), "M1202", "mark");
    check(
        &head.replace("2024-11-12", "12 November"),
        "M1202",
        "12 November",
    );
    check(
        &head.replace("status: confirmed", "status: sure"),
        "M1202",
        "sure",
    );
    check(&head.replace(" [S2]", ""), "M1202", "issued");
    check(
        &head.replace("mark: S2", "mark: S3"),
        "M1202",
        "unconfirmed",
    );
    check(&format!("{head}2025-01-01,off\n"), "M1203", "line 7");
    check(
        &format!("{head}2025-01-01,holiday,元旦\n"),
        "M1203",
        "line 7",
    );
    check(
        &format!("{head}date,kind,name\n2025-02-30,off,春节\n"),
        "M1203",
        "line 8",
    );
    check(
        &format!("{head}2026-01-01,off,元旦\n"),
        "M1204",
        "2026-01-01",
    );
    check(
        &format!("{head}2024-11-30,off,元旦\n"),
        "M1204",
        "2024-11-30",
    );
    check(
        &format!("{head}2025-01-01,off,元旦\n2025-01-01,off,元旦\n"),
        "M1205",
        "line 8",
    );
    check(&format!("{head}2025-01-27,work,春节\n"), "M1206", "weekday");
    assert_eq!(
        Calendar::from_years([head, head]).unwrap_err().code(),
        "M1205"
    );
    assert!(Calendar::from_years([head]).is_ok());
}

proptest! {
    #[test]
    fn counting_undoes_adding(offset in 400..1800_i32, count in -250..250_i32) {
        let calendar = calendar();
        let from = day("2021-01-01").add_days(offset).unwrap();
        let then = calendar.add_working_days(from, count).unwrap();
        prop_assert_eq!(calendar.working_days_between(from, then), Ok(count));
        prop_assert!(count == 0 || calendar.is_working_day(then).unwrap());
    }

    #[test]
    fn reading_never_panics(text in "(# (year|issued|status): .{0,8}\n){0,3}.{0,40}") {
        let _ = Calendar::from_years([text.as_str()]);
    }
}
