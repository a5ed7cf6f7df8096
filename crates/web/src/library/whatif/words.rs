//! What more and less mean, for whom it concerns.

use measure::{Fen, Words};
use office::whatif::Effect;
use rules::diff::Tally;
use rules::explain::Lang;

/// What is said of an effect: more, less, the same.
pub(super) const fn ways(effect: Effect) -> [Words; 3] {
    match effect {
        Effect::Pays => [
            Words::new("多缴", "Pay more"),
            Words::new("少缴", "Pay less"),
            Words::new("不变", "Pay the same"),
        ],
        Effect::Costs => [
            Words::new("单位多缴", "Cost the employer more"),
            Words::new("单位少缴", "Cost the employer less"),
            Words::new("不变", "Cost the same"),
        ],
        Effect::Gets => [
            Words::new("多领", "Get more"),
            Words::new("少领", "Get less"),
            Words::new("不变", "Get the same"),
        ],
        Effect::Retires => [
            Words::new("推迟退休", "Retire later"),
            Words::new("提前退休", "Retire earlier"),
            Words::new("不变", "Retire in the same month"),
        ],
    }
}

/// An amount of an effect: yuan, or months.
fn written(effect: Effect, number: i128, lang: Lang) -> String {
    let number = i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX });
    match effect {
        Effect::Retires => lang.pick(format!("{number} 个月"), format!("{number} months")),
        _ => format!("¥ {}", Fen(number).with_separators()),
    }
}

/// The same with its sign, whichever it is.
pub(super) fn signed(effect: Effect, number: i128, lang: Lang) -> String {
    let sign = if 0 < number { "+" } else { "" };
    format!("{sign}{}", written(effect, number, lang))
}

/// A count with its thousands apart.
pub(super) fn count(number: u64) -> String {
    crate::city_door::count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What came of it, in a sentence.
pub(super) fn sentence(effect: Effect, whole: &Tally, lang: Lang) -> String {
    let [all, more, less] = [whole.compared(), whole.gainers, whole.losers].map(count);
    let change = whole.difference();
    let year = written(effect, change.saturating_mul(12).saturating_abs(), lang);
    let mean = written(effect, whole.mean().unwrap_or(0).saturating_abs(), lang);
    let up = 0 <= change;
    match effect {
        Effect::Pays => lang.pick(
            format!("{all} 人中，{more} 人会多缴，{less} 人会少缴；合计每年{}缴 {year}。", if up { "多" } else { "少" }),
            format!("Of {all} people {more} would pay more and {less} would pay less; altogether they would pay {year} {} a year.", if up { "more" } else { "less" }),
        ),
        Effect::Costs => lang.pick(
            format!("{all} 人中，单位会为 {more} 人多缴，为 {less} 人少缴；各单位合计每年{}缴 {year}。", if up { "多" } else { "少" }),
            format!("Of {all} people {more} would cost their employer more and {less} would cost less; altogether employers would pay {year} {} a year.", if up { "more" } else { "less" }),
        ),
        Effect::Gets => lang.pick(
            format!("{all} 人中，{more} 人会多领，{less} 人会少领；合计每年{}领 {year}。", if up { "多" } else { "少" }),
            format!("Of {all} people {more} would get more and {less} would get less; altogether they would get {year} {} a year.", if up { "more" } else { "less" }),
        ),
        Effect::Retires => lang.pick(
            format!("{all} 人中，{more} 人会推迟退休，{less} 人会提前退休；平均{} {mean}。", if up { "推迟" } else { "提前" }),
            format!("Of {all} people {more} would retire later and {less} earlier; on average {mean} {}.", if up { "later" } else { "earlier" }),
        ),
    }
}
