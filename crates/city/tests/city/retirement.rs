//! What the law of this repository says somebody may choose, and what each choice gives.

use crate::day;
use crate::lawful::book;
use city::insurance::Category;
use city::retirement::{Assumed, How, Known, NoOutlook, Post, employees, residents};
use measure::{Fen, Month, Rate, Sex};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Somebody insured without a gap since a month, on 7,000 yuan.
fn somebody(sex: Sex, born: &str, since: &str) -> Known {
    let (first, last) = (month(since), month("2026-10"));
    let months = (first.index()..=last.index())
        .map(|index| (Month::from_index(index).unwrap(), Some(Fen(700_000))));
    Known {
        sex,
        born: month(born),
        category: Category::Employee,
        months: months.collect(),
        declared: Fen(700_000),
        pays: true,
        balance: Fen(6_000_000),
    }
}

#[test]
fn a_man_chooses_between_the_months_the_law_names() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let known = somebody(Sex::Male, "1976-09", "2009-01");
    let outlook = employees(law, &known, &Assumed::AS_IT_IS, day("2026-11-25")).unwrap();
    assert_eq!(
        (outlook.earliest, outlook.statutory, outlook.latest),
        (month("2036-09"), month("2039-09"), month("2042-09"))
    );
    assert_eq!(outlook.choices.len(), 73);
    assert!(outlook.refused.is_empty());
    assert_eq!(outlook.reckoned_as.number(), 2025);
    let hows = |how| {
        outlook
            .choices
            .iter()
            .filter(|choice| choice.how == how)
            .count()
    };
    assert_eq!(
        (hows(How::Early), hows(How::Statutory), hows(How::Late)),
        (36, 1, 36)
    );
    // Whoever waits has more: a longer time, a fuller account, and fewer months to pay it out over.
    let pensions: Vec<Fen> = outlook
        .choices
        .iter()
        .map(|choice| choice.pension.clone().unwrap())
        .collect();
    assert!(
        pensions.windows(2).all(|pair| pair[0] < pair[1]),
        "{pensions:?}"
    );
    let statutory = outlook.of(month("2039-09")).unwrap();
    let last = statutory.account.last().unwrap();
    assert_eq!((last.months, last.base), (9, Fen(700_000)));
    // 2026 has two months left, ten whole years and one more follow, then nine months.
    let paid: u32 = statutory
        .account
        .iter()
        .map(|year| u32::from(year.months))
        .sum();
    assert_eq!(paid, 2 + 12 * 12 + 9);
}

#[test]
fn what_is_assumed_is_what_comes_out() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let known = somebody(Sex::Male, "1976-09", "2005-01");
    let at = month("2039-09");
    let pension = |assumed: &Assumed| {
        let outlook = employees(law, &known, assumed, day("2026-11-25")).unwrap();
        outlook.of(at).unwrap().pension.clone().unwrap()
    };
    let as_it_is = pension(&Assumed::AS_IT_IS);
    let rate = |text| Rate::parse(text).unwrap();
    let grows = Assumed {
        wage_growth: rate("3%"),
        ..Assumed::AS_IT_IS
    };
    let both = Assumed {
        average_growth: rate("3%"),
        ..grows
    };
    let stops = Assumed {
        pays: false,
        ..Assumed::AS_IT_IS
    };
    let more = Assumed {
        months_before: 60,
        balance: Some(Fen(9_000_000)),
        ..Assumed::AS_IT_IS
    };
    assert!(pension(&stops) < as_it_is && as_it_is < pension(&grows));
    assert!(pension(&grows) < pension(&both) && as_it_is < pension(&more));
}

#[test]
fn who_has_not_paid_long_enough_is_told_why() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    // Ten years by the earliest month: not enough to go early.
    let known = somebody(Sex::Male, "1968-03", "2022-01");
    let outlook = employees(law, &known, &Assumed::AS_IT_IS, day("2026-11-25")).unwrap();
    assert!(!outlook.refused.is_empty());
    assert!(
        outlook
            .choices
            .iter()
            .all(|choice| choice.how != How::Early)
    );
    assert!(outlook.choices.iter().all(|choice| choice.pension.is_err()));
}

#[test]
fn a_woman_is_asked_for_her_post_and_an_individual_is_not() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let mut known = somebody(Sex::Female, "1984-11", "2009-01");
    let today = day("2026-11-25");
    let unasked = employees(law, &known, &Assumed::AS_IT_IS, today);
    assert_eq!(unasked.unwrap_err(), NoOutlook::Lacks("post".to_owned()));
    let with = |post| Assumed {
        post: Some(post),
        ..Assumed::AS_IT_IS
    };
    let worker = employees(law, &known, &with(Post::Worker), today).unwrap();
    let manager = employees(law, &known, &with(Post::Management), today).unwrap();
    assert_eq!(worker.statutory, month("2039-11"));
    assert!(worker.statutory < manager.statutory);
    known.category = Category::Individual;
    assert!(employees(law, &known, &Assumed::AS_IT_IS, today).is_ok());
}

#[test]
fn an_account_with_nothing_in_it_begins() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let known = Known {
        balance: Fen::ZERO,
        months: Vec::new(),
        ..somebody(Sex::Male, "1990-01", "2026-10")
    };
    let outlook = employees(law, &known, &Assumed::AS_IT_IS, day("2026-11-25")).unwrap();
    let first = outlook.choices[0].account[0];
    // Two months of 8% of 7,000, and their interest of three months together at a twelfth of 1.5%.
    assert_eq!(first.balance, Fen(112_000 + 210));
}

#[test]
fn a_resident_has_one_month_and_a_choice_of_tiers() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let known = Known {
        category: Category::Resident,
        declared: Fen(30_000),
        balance: Fen(390_000),
        ..somebody(Sex::Female, "1975-05", "2012-01")
    };
    let outlook = residents(law, &known, &Assumed::AS_IT_IS, day("2026-11-25")).unwrap();
    assert_eq!(outlook.first, month("2035-06"));
    let own = &outlook.tiers[0];
    assert!(own.is_own && own.tier == 300);
    // 3,900 and nine years of 300 + 50.
    assert_eq!(own.account, Fen(390_000 + 9 * 35_000));
    assert_eq!(own.from_account, Ok(Fen(5_072)));
    assert!(own.extras.as_ref().unwrap().0 > 0);
    // The tier for hardship groups is not offered; the basic amount is not known, the country's least is.
    assert!(outlook.of(100).is_none() && outlook.of(4_000).is_some());
    assert!(outlook.basic.is_err() && outlook.basic_at_least.is_ok());
}
