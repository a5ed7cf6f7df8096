//! Every error of the crate, in the order of its codes: reached through the public functions, stable, and helpful.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use measure::{
    Age, Calendar, CreditCode, Day, Decimal, Duration, Error, Fen, IdentityNumber, Month, Period,
    Rate, Rounding, Year,
};

const HEAD: &str = "# year: 2025\n# notice: n\n# number: n [S3]\n# issued: 2024-11-12 [S2]\n# mark: S2\n# status: confirmed\n";

fn errors() -> Vec<Error> {
    fn of<T: std::fmt::Debug>(result: Result<T, Error>) -> Error {
        result.unwrap_err()
    }
    let (one, zero) = (Decimal::new(1, 0).unwrap(), Decimal::new(0, 0).unwrap());
    let tiny = Decimal::new(1, 18).unwrap();
    let (early, late) = (Day::new(2024, 1, 1).unwrap(), Day::new(2025, 1, 1).unwrap());
    let row = |row: &str| of(Calendar::from_years([format!("{HEAD}{row}").as_str()]));
    vec![
        of(Rounding::parse("nearest")),
        of(Fen::parse("five")),
        of(Fen::parse("0.001")),
        of(Fen::from_yuan(i64::MAX)),
        of(Fen::MAX.checked_add(Fen(1))),
        of(Fen(1).checked_div(0, Rounding::Up)),
        of(Rate::parse("eight")),
        of(Rate::parse("0.0000001")),
        of(Rate::from_ppm(i64::MAX).checked_add(Rate::ONE)),
        of(Decimal::parse("half")),
        of(Decimal::parse_at("0.5", 0)),
        of(Decimal::new(1, 19)),
        of(Decimal::new(i128::MAX, 0).unwrap().checked_add(one)),
        of(tiny.checked_mul(tiny)),
        of(one.checked_div(zero, 2, Rounding::Up)),
        of(Day::parse("yesterday")),
        of(Day::parse("2025-02-29")),
        of(Day::parse("1500-01-01")),
        of(Year::parse("25")),
        of(Year::new(1500)),
        of(Month::parse("March")),
        of(Month::parse("2025-13")),
        of(Month::parse("1500-01")),
        of(Duration::parse("a while")),
        of(Duration::years(i32::MAX)),
        of(Duration::Days(1).checked_add(Duration::Months(1))),
        of(Age::parse("old")),
        of(Age::new(500, 0)),
        of(Age::at(late, early)),
        of(Period::parse("2025")),
        of(Period::new(late, Some(early))),
        of(IdentityNumber::parse("1")),
        of(IdentityNumber::parse("1101051949123100X2")),
        of(IdentityNumber::parse("01010519491231002X")),
        of(IdentityNumber::parse("110105194902300020")),
        of(IdentityNumber::parse("110105194912310021")),
        of(IdentityNumber::new("110105", early, 1000)),
        of(CreditCode::parse("1")),
        of(CreditCode::parse("91350100I0001TGQXM")),
        of(Calendar::from_years([]).unwrap().is_working_day(early)),
        of(Calendar::from_years([""])),
        row("holiday"),
        row("2026-01-01,off,元旦"),
        row("2025-01-01,off,元旦\n2025-01-01,off,元旦"),
        row("2025-01-27,work,春节"),
    ]
}

/// A code never changes its meaning, so this list only grows.
#[test]
fn codes_are_stable() {
    let codes: Vec<&str> = errors().iter().map(Error::code).collect();
    let expected = "M0001 M0101 M0102 M0103 M0104 M0105 M0201 M0202 M0203 M0301 M0302 M0303 M0304 M0305 M0306 \
        M0401 M0402 M0403 M0501 M0502 M0601 M0602 M0603 M0701 M0702 M0703 M0801 M0802 M0803 M0901 M0902 \
        M1001 M1002 M1003 M1004 M1005 M1006 M1101 M1102 M1201 M1202 M1203 M1204 M1205 M1206";
    assert_eq!(codes.join(" "), expected);
}

#[test]
fn every_message_says_what_was_expected() {
    for error in errors() {
        let message = error.to_string();
        assert!(message.contains("expected"), "{} {message}", error.code());
        assert!(message.chars().count() < 200, "{} {message}", error.code());
    }
}

/// In a sheet whose columns slipped, an identity number stands where an amount or a day should.
#[test]
fn an_identity_number_in_the_wrong_column_is_not_quoted() {
    let number = "11010519491231002X";
    let refused = [
        Fen::parse(number).map(drop),
        Rate::parse(number).map(drop),
        Decimal::parse(number).map(drop),
        Day::parse(number).map(drop),
        Month::parse(number).map(drop),
        Year::parse(number).map(drop),
        Age::parse(number).map(drop),
        Duration::parse(number).map(drop),
        Period::parse(number).map(drop),
        Rounding::parse(number).map(drop),
        CreditCode::parse("11010519491231002V").map(drop),
    ];
    for result in refused {
        let shown = format!("{0} {0:?}", result.unwrap_err());
        assert!(!shown.contains("19491231"), "{shown}");
    }
}
