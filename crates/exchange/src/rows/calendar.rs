//! Days and months as whole numbers, fast enough for columns: one table of first days, filled from [`measure::Month`].

use measure::{Day, Month};
use std::sync::LazyLock;

/// The first day of each month from 1800-01 to 2300-01, in days since 1970-01-01.
static FIRST_DAYS: LazyLock<Vec<i32>> = LazyLock::new(|| {
    let months = Month::MIN.index()..=Month::MAX.index();
    let firsts = months.map(|index| {
        Month::from_index(index)
            .expect("within the range")
            .first_day()
            .number()
    });
    firsts.chain([Day::MAX.number() + 1]).collect()
});

/// The months' table, looked up once for a column.
#[derive(Clone, Copy)]
pub(crate) struct Calendar {
    firsts: &'static [i32],
}

impl Calendar {
    pub(crate) fn new() -> Calendar {
        Calendar {
            firsts: &FIRST_DAYS,
        }
    }

    /// The month's first day; `None` outside 1800 to 2299.
    pub(crate) fn first_day(self, month: i32) -> Option<i32> {
        self.bounds(month).map(|(first, _)| first)
    }

    /// The day of this month (its index) and day of the month; `None` when there is none.
    pub(crate) fn day(self, month: i32, day_of_month: i32) -> Option<i32> {
        let (first, next) = self.bounds(month)?;
        (1..=next - first)
            .contains(&day_of_month)
            .then(|| first + day_of_month - 1)
    }

    /// The month a day falls in and the day of the month; `None` outside 1800 to 2299.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "a place in the table, which has 6001"
    )]
    pub(crate) fn month(self, day: i32) -> Option<(i32, i32)> {
        let since = i64::from(day) - i64::from(self.firsts[0]);
        let months = self.firsts.len() - 1;
        if since < 0 || day >= self.firsts[months] {
            return None;
        }
        // 400 Gregorian years are 4800 months and 146097 days; the guess is off by one at most.
        let mut place = ((since * 4800 / 146_097) as usize).min(months - 1);
        if self.firsts[place] > day {
            place -= 1;
        } else if self.firsts[place + 1] <= day {
            place += 1;
        }
        Some((
            Month::MIN.index() + place as i32,
            day - self.firsts[place] + 1,
        ))
    }

    /// The first day of the month and of the next; `None` outside 1800 to 2299.
    fn bounds(self, month: i32) -> Option<(i32, i32)> {
        let place = usize::try_from(month - Month::MIN.index()).ok()?;
        Some((*self.firsts.get(place)?, *self.firsts.get(place + 1)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_five_centuries_agrees_with_measure() {
        let calendar = Calendar::new();
        for number in Day::MIN.number()..=Day::MAX.number() {
            let day = Day::from_number(number).unwrap();
            let (month, of_month) = calendar.month(number).unwrap();
            assert_eq!(
                (month, of_month),
                (day.month().index(), i32::from(day.day_of_month())),
                "{day}"
            );
            assert_eq!(calendar.day(month, of_month), Some(number));
        }
        assert_eq!(calendar.month(Day::MIN.number() - 1), None);
        assert_eq!(calendar.month(Day::MAX.number() + 1), None);
        assert_eq!(calendar.month(i32::MIN), None);
        assert_eq!(calendar.month(i32::MAX), None);
        assert_eq!(calendar.first_day(Month::MAX.index() + 1), None);
        assert_eq!(calendar.day(2025 * 12 + 1, 29), None);
    }
}
