//! Who has not declared, and when they are asked to.

use measure::Day;

/// On which days after the day a declaration is due the employer is asked for it, the first time, the second and so on;
/// the law's `chasing-days`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChasingDays {
    days: Vec<i32>,
}

/// A letter to an employer that has not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chase {
    /// The how-manieth it is, from 1.
    pub time: usize,
    /// The day from which it is due to be sent.
    pub since: Day,
}

impl ChasingDays {
    /// The days of the first, second and further times; `None` unless each is later than the one before.
    #[must_use]
    pub fn new(days: Vec<i32>) -> Option<ChasingDays> {
        days.is_sorted_by(|one, next| one < next)
            .then_some(ChasingDays { days })
    }
}

/// The letter to send today to an employer whose declaration was due on a day and is not there, after so many letters;
/// `None` while it is not yet time for the next, or all were sent.
///
/// After a long silence one letter is due, the latest, and not one for each day that passed.
#[must_use]
pub fn chase(days: &ChasingDays, due: Day, sent: usize, today: Day) -> Option<Chase> {
    let late = due.days_until(today);
    let time = days.days.iter().filter(|after| **after <= late).count();
    if time <= sent {
        return None;
    }
    let since = due.add_days(days.days[time - 1]).ok()?;
    Some(Chase { time, since })
}
