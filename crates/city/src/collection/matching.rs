//! Whose money is it?

use measure::CreditCode;

/// What a bank line says of who paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clue {
    /// One credit code.
    Code(CreditCode),
    /// Several; someone must look.
    Several(Vec<CreditCode>),
    /// None; someone must look.
    Nothing,
}

/// Finds the payer's credit code in what the bank knows of them, or else in the text they wrote.
///
/// Without one, or with several, the money is held in clarification: a guess would settle someone else's debts.
#[must_use]
pub fn clue(payer_code: &str, remittance: &str) -> Clue {
    if let Ok((code, _)) = CreditCode::parse(payer_code) {
        return Clue::Code(code);
    }
    let mut found: Vec<CreditCode> = Vec::new();
    let words = remittance.split(|letter: char| !letter.is_ascii_alphanumeric());
    for code in words.filter_map(|word| CreditCode::parse(word).ok()) {
        if !found.contains(&code.0) {
            found.push(code.0);
        }
    }
    match <[CreditCode; 1]>::try_from(found) {
        Ok([code]) => Clue::Code(code),
        Err(codes) if codes.is_empty() => Clue::Nothing,
        Err(codes) => Clue::Several(codes),
    }
}
