//! The civil calendar in lanes: days since 1970-01-01 and months as `year * 12 + month - 1`, whole numbers in `f64`.
//!
//! The usual trick: count the year from March, so that the leap day is its last and month lengths follow one line.

use super::lanes::floor_divide;

/// Days from 0000-03-01 to 1970-01-01.
const SHIFT: f64 = 719_468.0;

#[inline(always)]
fn floor(x: f64, by: f64) -> f64 {
    floor_divide(x, by, 1.0 / by)
}

/// A day's month index and its day of the month.
#[inline(always)]
pub(super) fn month_and_day(day: f64) -> (f64, f64) {
    let since = day + SHIFT;
    let era = floor(since, 146_097.0);
    let in_era = since - era * 146_097.0;
    let year = floor(
        in_era - floor(in_era, 1_460.0) + floor(in_era, 36_524.0) - floor(in_era, 146_096.0),
        365.0,
    );
    let in_year = in_era - (365.0 * year + floor(year, 4.0) - floor(year, 100.0));
    let from_march = floor(5.0 * in_year + 2.0, 153.0);
    let in_month = in_year - floor(153.0 * from_march + 2.0, 5.0) + 1.0;
    ((year + era * 400.0) * 12.0 + from_march + 2.0, in_month)
}

/// The number of a month's first day.
#[inline(always)]
pub(super) fn first_day(month: f64) -> f64 {
    let from_march = month - 2.0;
    let year = floor(from_march, 12.0);
    let month = from_march - year * 12.0;
    let era = floor(year, 400.0);
    let in_era = year - era * 400.0;
    let in_year = floor(153.0 * month + 2.0, 5.0);
    era * 146_097.0 + in_era * 365.0 + floor(in_era, 4.0) - floor(in_era, 100.0) + in_year - SHIFT
}

/// The same day some months later, or the last of that month.
#[inline(always)]
pub(super) fn add_months(day: f64, months: f64) -> f64 {
    let (month, in_month) = month_and_day(day);
    let first = first_day(month + months);
    let length = first_day(month + months + 1.0) - first;
    first + (if in_month < length { in_month } else { length }) - 1.0
}

#[cfg(test)]
mod tests {
    use super::{add_months, first_day, month_and_day};
    use measure::Day;

    #[test]
    fn agrees_with_the_civil_calendar_on_every_day() {
        let (first, last) = (
            Day::new(1800, 1, 1).unwrap(),
            Day::new(2299, 12, 31).unwrap(),
        );
        for number in first.number()..=last.number() {
            let day = Day::from_number(number).unwrap();
            let (month, in_month) = month_and_day(f64::from(number));
            assert_eq!(month, f64::from(day.month().index()), "{day}");
            assert_eq!(in_month, f64::from(day.day_of_month()), "{day}");
            assert_eq!(
                first_day(month),
                f64::from(day.first_of_month().number()),
                "{day}"
            );
            if let Ok(later) = day.add_months(number % 37) {
                assert_eq!(
                    add_months(f64::from(number), f64::from(number % 37)),
                    f64::from(later.number()),
                    "{day}"
                );
            }
        }
    }
}
