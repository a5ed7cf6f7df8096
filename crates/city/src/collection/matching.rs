//! Whose money is it?
//!
//! A payer is known by a credit code, or by the reference of a bill: the one printed on it, after ISO 11649, with two check
//! digits, so that a digit mistyped is no bill of somebody else's.

use super::BillId;
use measure::CreditCode;

/// What a bank line says of who paid. Each is named once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clues {
    /// Credit codes.
    pub codes: Vec<CreditCode>,
    /// Bills.
    pub bills: Vec<BillId>,
}

impl Clues {
    /// The one code and the one bill named, if any; `None` where it names several of a kind and someone must look.
    #[must_use]
    pub fn plain(&self) -> Option<(Option<&CreditCode>, Option<BillId>)> {
        match (self.codes.as_slice(), self.bills.as_slice()) {
            ([_, _, ..], _) | (_, [_, _, ..]) => None,
            (codes, bills) => Some((codes.first(), bills.first().copied())),
        }
    }
}

/// Finds the payer's credit code in what the bank knows of them, or else in the text they wrote, and the bills it refers
/// to.
///
/// Without any, or with several, the money is held in clarification: a guess would settle someone else's debts.
#[must_use]
pub fn clues(payer_code: &str, remittance: &str) -> Clues {
    let mut clues = Clues::default();
    let known = CreditCode::parse(payer_code).ok();
    clues.codes.extend(known.map(|(code, _)| code));
    for word in remittance.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        if let Some(bill) = referred(word) {
            if !clues.bills.contains(&bill) {
                clues.bills.push(bill);
            }
        } else if known.is_none()
            && let Ok((code, _)) = CreditCode::parse(word)
            && !clues.codes.contains(&code)
        {
            clues.codes.push(code);
        }
    }
    clues
}

/// The reference of a bill, as it is printed on it: `RF`, two check digits, its number.
#[must_use]
pub fn reference(bill: BillId) -> String {
    let number = bill.number().to_string();
    let check = 98 - remainder(&number, "00");
    format!("RF{check:02}{number}")
}

/// The bill that a word refers to, if it is a reference.
#[must_use]
pub fn referred(word: &str) -> Option<BillId> {
    let rest = word
        .strip_prefix("RF")
        .or_else(|| word.strip_prefix("rf"))?;
    let (check, number) = rest.split_at_checked(2)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(check) || !digits(number) || number.starts_with('0') {
        return None;
    }
    let bill = BillId::new(number.parse().ok()?)?;
    (remainder(number, check) == 1).then_some(bill)
}

/// By 97, of the number followed by `RF`, with letters as 10 to 35, and the check digits: ISO 7064.
fn remainder(number: &str, check: &str) -> u32 {
    let signs = number.bytes().chain(*b"2715").chain(check.bytes());
    signs.fold(0, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 97)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_iso_11649() {
        // The standard's example: RF18 5390 0754 7034.
        let bill = BillId::new(539_007_547_034).unwrap();
        assert_eq!(reference(bill), "RF18539007547034");
        assert_eq!(referred("RF18539007547034"), Some(bill));
        for number in 1..2_000 {
            let bill = BillId::new(number).unwrap();
            assert_eq!(referred(&reference(bill)), Some(bill));
        }
    }

    #[test]
    fn a_digit_mistyped_or_two_swapped_is_no_bill() {
        for wrong in [
            "RF18539007547035",
            "RF18539007547043",
            "RF19539007547034",
            "RF18",
            "RF",
            "18539007547034",
            "RF180539007547034",
        ] {
            assert_eq!(referred(wrong), None, "{wrong}");
        }
    }
}
