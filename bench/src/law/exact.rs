//! The law once more, as it is written: in fractions, step by step, without a thought for speed. The hand-written loop
//! and the limit are tested against it.

use super::columns::{Awards, Claims, Dues, Wages};
use super::{by_hand, limit, rows};

/// A fraction; the denominator is above 0.
#[derive(Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    fn whole(number: i64) -> Fraction {
        Fraction(number.into(), 1)
    }
    fn plus(self, other: Fraction) -> Fraction {
        Fraction(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }
    fn times(self, other: Fraction) -> Fraction {
        Fraction(self.0 * other.0, self.1 * other.1)
    }
    fn over(self, other: Fraction) -> Fraction {
        assert!(other.0 > 0);
        Fraction(self.0 * other.1, self.1 * other.0)
    }
    fn down(self) -> i128 {
        self.0.div_euclid(self.1)
    }
    fn up(self) -> i128 {
        -Fraction(-self.0, self.1).down()
    }
    /// To so many decimals, the half away from zero.
    fn half_up(self, decimals: u32) -> Fraction {
        let scale = 10_i128.pow(decimals);
        let scaled = Fraction(self.0.abs() * scale, self.1);
        let rounded = scaled.plus(Fraction(1, 2)).down();
        Fraction(rounded * self.0.signum(), scale)
    }
    fn fen(self) -> i64 {
        let fen = self.times(Fraction(100, 1));
        assert_eq!(fen.0 % fen.1, 0, "not a whole number of fen");
        i64::try_from(fen.0 / fen.1).unwrap()
    }
}

fn yuan(fen: i64) -> Fraction {
    Fraction(fen.into(), 100)
}

/// Base, employer's and employee's pension contribution, either side's unemployment contribution.
fn dues(wage: i64) -> [i64; 4] {
    let average = Fraction::whole(88_065);
    let floor = Fraction(average.times(Fraction(60, 1_200)).up(), 1).fen();
    let ceiling = Fraction(average.times(Fraction(300, 1_200)).up(), 1).fen();
    let base = wage.max(floor).min(ceiling);
    let share = |thousandths| {
        yuan(base)
            .times(Fraction(thousandths, 1_000))
            .half_up(2)
            .fen()
    };
    [base, share(160), share(80), share(5)]
}

/// Month of retirement, basic, account, transitional and monthly pension.
fn awarded(claims: &Claims, row: usize) -> (i32, [i64; 4]) {
    let (original, step, greatest) = match (claims.sex[row], claims.post[row]) {
        (0, _) => (60 * 12, 4, 36),
        (1, 1) => (55 * 12, 4, 36),
        _ => (50 * 12, 2, 60),
    };
    let birth = i128::from(claims.birth_month[row]);
    let elapsed = birth + original - 2025 * 12 + 1;
    let delay = Fraction(elapsed, step).up().max(0).min(greatest);
    let age = original + delay;
    let retirement = birth + age;

    let years = age / 12;
    let table = |age: i128| {
        const TABLE: [i128; 14] = [
            195, 190, 185, 180, 175, 170, 164, 158, 152, 145, 139, 132, 125, 117,
        ];
        Fraction(TABLE[usize::try_from(age - 50).unwrap()], 1)
    };
    let over = age - 12 * years;
    let divisor = if over == 0 {
        table(years)
    } else {
        let fall = table(years).plus(table(years + 1).times(Fraction(-1, 1)));
        table(years)
            .plus(fall.times(Fraction(-over, 12)))
            .half_up(1)
    };

    let months = i128::from(claims.contribution_months[row]);
    let wage = yuan(claims.calculation_wage_used[row]);
    let indexed = wage.times(Fraction(claims.average_index[row].into(), 10_000));
    let averaged = wage.plus(indexed).over(Fraction(2, 1));
    let counted = Fraction(months, 12).half_up(2);
    let deemed = Fraction(claims.deemed_months[row].into(), 12).half_up(2);
    let basic = averaged
        .times(counted)
        .times(Fraction(1, 100))
        .half_up(2)
        .fen();
    let account = yuan(claims.account_balance[row])
        .over(divisor)
        .half_up(2)
        .fen();
    let transitional = averaged
        .times(deemed)
        .times(Fraction(14, 1_000))
        .half_up(2)
        .fen();

    let rises = retirement.div_euclid(12) - 2030 + 1;
    let minimum = (180 + 6 * rises).clamp(180, 240);
    let total = if months >= minimum {
        basic + account + transitional
    } else {
        0
    };
    (
        i32::try_from(retirement).unwrap(),
        [basic, account, transitional, total],
    )
}

fn check_wages(wages: &Wages) {
    let rows = wages.wage.len();
    for way in [by_hand::contribution, limit::contribution] {
        let mut found = Dues::empty(rows);
        way(wages.read(), found.write());
        for row in 0..rows {
            let [base, employer, employee, unemployment] = dues(wages.wage[row]);
            let [a, b, c, d, e] = [
                found.contribution_base[row],
                found.employer_due[row],
                found.employee_due[row],
                found.unemployment_employer_contribution[row],
                found.unemployment_employee_contribution[row],
            ];
            let expected = [base, employer, employee, unemployment, unemployment];
            assert_eq!([a, b, c, d, e], expected, "wage {}", wages.wage[row]);
        }
    }
}

fn check_claims(claims: &Claims) {
    let rows = claims.sex.len();
    for way in [by_hand::award, limit::award] {
        let mut found = Awards::empty(rows);
        way(claims.read(), found.write());
        for row in 0..rows {
            let amounts = [
                found.basic_pension[row],
                found.account_pension[row],
                found.transitional_pension[row],
                found.monthly_pension[row],
            ];
            let awarded = awarded(claims, row);
            let of = (
                [claims.sex[row], claims.post[row]],
                claims.birth_month[row],
                claims.contribution_months[row],
            );
            assert_eq!(
                (found.statutory_retirement_month[row], amounts),
                awarded,
                "row {row}: {of:?}"
            );
        }
    }
}

#[test]
fn dues_agree_on_random_wages() {
    check_wages(&rows::wages(200_000));
}

#[test]
fn dues_agree_at_the_bounds_and_at_every_half_fen() {
    let mut wages: Vec<i64> = (440_300..442_500).chain(2_200_000..2_202_000).collect();
    wages.extend([0, 1, 999_999_999, 1_000_000_000]);
    check_wages(&Wages { wage: wages });
}

#[test]
fn awards_agree_on_random_claims() {
    check_claims(&rows::claims(200_000));
}

#[test]
fn awards_agree_for_every_month_of_birth_and_at_the_bounds() {
    let mut claims = Claims::default();
    for (number, birth) in (1950 * 12..2000 * 12).enumerate() {
        for (sex, post) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            for (months, deemed) in [(179, 0), (180, 1), (239, 7), (240, 240), (540, 239)] {
                claims.sex.push(sex);
                claims.post.push(post);
                claims.birth_month.push(birth);
                claims.contribution_months.push(months);
                claims.deemed_months.push(deemed);
                claims
                    .account_balance
                    .push([0, 1, 69_500, 60_000_000, 1_000_000_000][number % 5]);
                claims
                    .average_index
                    .push([0, 1, 3_694, 10_000, 30_000][number / 5 % 5]);
                claims
                    .calculation_wage_used
                    .push([600_000, 999_999, 1_000_000][number % 3]);
            }
        }
    }
    check_claims(&claims);
}

#[test]
fn accounts_agree_at_every_half_fen() {
    let mut claims = Claims::default();
    for balance in 0..50_000 {
        claims.sex.push(u8::from(balance % 2 == 0));
        claims.post.push(u8::from(balance % 3 == 0));
        claims
            .birth_month
            .push(1965 * 12 + i32::try_from(balance).unwrap() % 240);
        claims.contribution_months.push(360);
        claims.deemed_months.push(0);
        claims.account_balance.push(balance * 5);
        claims.average_index.push(10_000);
        claims.calculation_wage_used.push(800_000);
    }
    check_claims(&claims);
}

#[test]
fn threads_share_the_rows_without_losing_one() {
    let wages = rows::wages(10_007);
    let mut alone = Dues::empty(10_007);
    let mut shared = Dues::empty(10_007);
    super::columns::in_threads(1, wages.read(), alone.write(), by_hand::contribution);
    super::columns::in_threads(3, wages.read(), shared.write(), by_hand::contribution);
    assert_eq!(alone, shared);
}
