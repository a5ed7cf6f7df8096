//! From the words of an entry to a receipt, the same for every format.

use super::{Direction, Receipt, Summary, totals::Amount, wrong::Wrong};
use crate::{
    error::Error,
    fault::{Fault, Faults, Place, letter, masked, shown_masked},
};
use measure::{Day, Fen};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::HashMap};

/// A text and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Word<'w> {
    pub(super) text: Cow<'w, str>,
    pub(super) at: At<'w>,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum At<'w> {
    #[default]
    Nowhere,
    /// A column of CSV, from 0, and its heading.
    Column(usize, &'w str),
    /// An element of a message: below what, and its path from there.
    Element(&'static str, &'static str),
}

impl<'w> Word<'w> {
    pub(super) fn new(text: &'w str, at: At<'w>) -> Word<'w> {
        Word {
            text: Cow::Borrowed(text),
            at,
        }
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn given(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    fn place(&self) -> Option<Place> {
        match self.at {
            At::Nowhere => None,
            At::Column(column, name) => Some(Place {
                name: name.to_owned(),
                letter: letter(column),
            }),
            At::Element(below, path) => Some(Place {
                name: format!("{below}{path}"),
                letter: String::new(),
            }),
        }
    }

    /// Whether it is the number of an account.
    fn is_account(&self) -> bool {
        match self.at {
            At::Nowhere => false,
            At::Column(_, name) => name.contains("账号") || name.contains("account"),
            At::Element(_, path) => path.contains("Acct"),
        }
    }
}

/// What an entry, or one detail of it, says. What is not said is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Said<'w> {
    pub(super) amount: Word<'w>,
    pub(super) currency: Word<'w>,
    pub(super) direction: Word<'w>,
    pub(super) reversal: Word<'w>,
    pub(super) booked: Word<'w>,
    pub(super) value_day: Word<'w>,
    pub(super) reference: Word<'w>,
    pub(super) bank_reference: Word<'w>,
    pub(super) payer: Word<'w>,
    pub(super) account: Word<'w>,
    pub(super) remittance: Word<'w>,
    pub(super) structured: Word<'w>,
    pub(super) end_to_end: Word<'w>,
}

/// Whose entries these are: the first parts of every key.
#[derive(Clone, Debug, Default)]
pub(super) struct Whose {
    pub(super) bank: String,
    pub(super) statement: String,
}

/// What is known of an amount for the control totals, also when its entry is refused.
pub(super) struct Counted {
    pub(super) amount: Option<Amount>,
    pub(super) direction: Option<Direction>,
}

/// What is wrong, and where.
struct Told {
    wrong: Wrong,
    place: Option<Place>,
    value: String,
}

impl Told {
    fn new(word: &Word<'_>, wrong: Wrong) -> Told {
        let text = word.text.trim();
        Told {
            wrong,
            place: word.place(),
            value: match word.is_account() {
                true => masked(text),
                false => shown_masked(text),
            },
        }
    }
}

/// Takes entries one after the other.
pub(super) struct Entries<'a, 'f, F> {
    faults: &'a mut Faults<'f>,
    each: F,
    wrong: Vec<Told>,
    /// By the first half of the hash of its key, the entry.
    seen: HashMap<u128, u64>,
    pub(super) summary: Summary,
    came_in: i128,
    went_out: i128,
}

impl<'a, 'f, F> Entries<'a, 'f, F> {
    pub(super) fn new(faults: &'a mut Faults<'f>, each: F) -> Entries<'a, 'f, F> {
        Entries {
            faults,
            each,
            wrong: Vec::new(),
            seen: HashMap::new(),
            summary: Summary::default(),
            came_in: 0,
            went_out: 0,
        }
    }

    pub(super) fn finish(mut self) -> Summary {
        let fen = |sum: i128| i64::try_from(sum).map_or(Fen::MAX, Fen);
        (self.summary.came_in, self.summary.went_out) = (fen(self.came_in), fen(self.went_out));
        self.summary
    }

    /// An entry refused before it was read.
    pub(super) fn refuse(&mut self, row: u64, wrong: Wrong) {
        self.summary.entries += 1;
        self.summary.refused += 1;
        self.wrong.push(Told::new(&Word::default(), wrong));
        self.tell(row);
    }

    fn tell(&mut self, row: u64) {
        for told in self.wrong.drain(..) {
            self.faults.add(Fault {
                row,
                place: told.place,
                value: told.value,
                code: told.wrong.code(),
                reason: told.wrong.reason(),
                remedy: told.wrong.remedy(),
                weight: Wrong::weight(),
            });
        }
    }
}

impl<E: From<Error>, F: FnMut(Receipt) -> Result<(), E>> Entries<'_, '_, F> {
    /// An entry with its details, if it has any. `booked` is what the file says of its state.
    pub(super) fn entry(
        &mut self,
        row: u64,
        whose: &Whose,
        entry: &Said<'_>,
        status: &Word<'_>,
        details: &[Said<'_>],
    ) -> Result<Counted, E> {
        self.summary.entries += 1;
        if !status.is_empty() && !matches!(status.text.trim(), "BOOK" | "已入账") {
            self.wrong.push(Told::new(status, Wrong::NotBooked));
        }
        let amount = self.amount(entry);
        let fen = amount.and_then(|amount| self.fen(&entry.amount, amount));
        let direction = self.direction(&entry.direction);
        let reversal = self.reversal(&entry.reversal);
        let booked = self.day(&entry.booked, true);
        let value_day = self.day(&entry.value_day, false).or(booked);
        let counted = Counted { amount, direction };
        let single = [Said::default()];
        let parts = if details.is_empty() {
            &single[..]
        } else {
            details
        };
        let shares = match (fen, direction) {
            (Some(fen), Some(direction)) => self.shares(entry, fen, direction, details),
            _ => Vec::new(),
        };
        let key = key(whose, entry, details);
        self.once(row, &key, entry);
        let known = (booked, value_day, self.wrong.is_empty());
        let (Some(booked), Some(value_day), true) = known else {
            self.summary.refused += 1;
            self.tell(row);
            return Ok(counted);
        };
        for (index, (detail, (amount, direction))) in parts.iter().zip(shares).enumerate() {
            let pick = |own: &Word<'_>, common: &Word<'_>| {
                let text = own.given().or_else(|| common.given());
                text.map(str::to_owned)
            };
            let receipt = Receipt {
                key: match details.len() {
                    0 | 1 => key.clone(),
                    _ => format!("{key}/{}", index + 1),
                },
                bank_reference: pick(&detail.bank_reference, &entry.bank_reference),
                row,
                booked,
                value_day,
                amount,
                direction,
                reversal: reversal.unwrap_or(false),
                payer: pick(&detail.payer, &entry.payer),
                payer_account: pick(&detail.account, &entry.account)
                    .map(|account| masked(&account)),
                remittance: pick(&detail.remittance, &entry.remittance),
                structured: pick(&detail.structured, &entry.structured),
                end_to_end: pick(&detail.end_to_end, &entry.end_to_end)
                    .filter(|id| id != "NOTPROVIDED"),
            };
            self.summary.receipts += 1;
            let sum = match direction {
                Direction::In => &mut self.came_in,
                Direction::Out => &mut self.went_out,
            };
            *sum += i128::from(amount.0);
            (self.each)(receipt)?;
        }
        Ok(counted)
    }

    /// The amount, whatever its currency: control totals count it too.
    fn amount(&mut self, said: &Said<'_>) -> Option<Amount> {
        let currency = said.currency.text.trim();
        if !matches!(currency, "CNY" | "RMB" | "人民币" | "156") {
            self.wrong.push(Told::new(&said.currency, Wrong::Currency));
        }
        let text = said.amount.text.trim();
        let wrong = match Amount::parse(text) {
            Some(amount) if amount.is_negative() => Wrong::Negative,
            Some(amount) => return Some(amount),
            None => Wrong::Amount,
        };
        self.wrong.push(Told::new(&said.amount, wrong));
        None
    }

    fn fen(&mut self, word: &Word<'_>, amount: Amount) -> Option<Fen> {
        let wrong = match amount.fen() {
            Some(Fen(0)) => Wrong::NotPositive,
            Some(fen) => return Some(fen),
            None if amount.is_finer_than_a_fen() => Wrong::Decimals,
            None => Wrong::Amount,
        };
        self.wrong.push(Told::new(word, wrong));
        None
    }

    fn direction(&mut self, word: &Word<'_>) -> Option<Direction> {
        let direction = direction(word.text.trim());
        if direction.is_none() {
            self.wrong.push(Told::new(word, Wrong::Direction));
        }
        direction
    }

    fn reversal(&mut self, word: &Word<'_>) -> Option<bool> {
        match word.text.trim() {
            "" | "false" | "0" | "否" | "N" => Some(false),
            "true" | "1" | "是" | "Y" => Some(true),
            _ => {
                self.wrong.push(Told::new(word, Wrong::Reversal));
                None
            }
        }
    }

    /// A day, or the day of a moment as the bank writes it.
    fn day(&mut self, word: &Word<'_>, required: bool) -> Option<Day> {
        let text = word.text.trim();
        if text.is_empty() && !required {
            return None;
        }
        // `2025-11-03+08:00` and `2025-11-03T09:30:00` name the day first.
        let date = text.get(..10).unwrap_or(text);
        let compact = || {
            let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
        };
        let day = Day::parse(date)
            .or_else(|error| compact().map_or(Err(error), |text| Day::parse(&text)))
            .ok();
        let zone = text.get(10..).unwrap_or("");
        let whole = zone.is_empty() || zone.starts_with(['T', '+', '-', 'Z', ' ']);
        match day {
            Some(day) if whole => Some(day),
            _ => {
                self.wrong.push(Told::new(word, Wrong::Day));
                None
            }
        }
    }

    /// What each detail is of the entry; the entry as a whole where it has none.
    fn shares(
        &mut self,
        entry: &Said<'_>,
        fen: Fen,
        direction: Direction,
        details: &[Said<'_>],
    ) -> Vec<(Fen, Direction)> {
        if details.is_empty() {
            return vec![(fen, direction)];
        }
        let mut shares = Vec::with_capacity(details.len());
        let mut sum = 0_i128;
        for detail in details {
            let own = if detail.direction.is_empty() {
                Some(direction)
            } else {
                self.direction(&detail.direction)
            };
            let amount = match (detail.amount.is_empty(), details.len()) {
                (true, 1) => Some(fen),
                (true, _) => {
                    self.wrong
                        .push(Told::new(&detail.amount, Wrong::DetailWithoutAmount));
                    None
                }
                (false, _) => {
                    let amount = self.amount(detail);
                    amount.and_then(|amount| self.fen(&detail.amount, amount))
                }
            };
            let (Some(amount), Some(own)) = (amount, own) else {
                return Vec::new();
            };
            if details.len() == 1 && own != direction {
                self.wrong
                    .push(Told::new(&detail.direction, Wrong::OtherWay));
            }
            sum += i128::from(if own == direction {
                amount.0
            } else {
                -amount.0
            });
            shares.push((amount, own));
        }
        if sum != i128::from(fen.0) {
            let details =
                i64::try_from(sum).map_or_else(|_| sum.to_string(), |sum| Fen(sum).to_string());
            let wrong = Wrong::Sum {
                details,
                entry: fen.to_string(),
            };
            self.wrong.push(Told::new(&entry.amount, wrong));
        }
        shares
    }

    fn once(&mut self, row: u64, key: &str, entry: &Said<'_>) {
        let hash = first_half(key);
        match self.seen.get(&hash) {
            Some(first) => self
                .wrong
                .push(Told::new(&entry.reference, Wrong::Again(*first))),
            None => drop(self.seen.insert(hash, row)),
        }
    }
}

/// `CRDT` of ISO 20022; 贷 of Chinese statements, on which the bank's customer sees what came in as a credit.
fn direction(text: &str) -> Option<Direction> {
    match text {
        "CRDT" | "C" | "credit" | "贷" | "贷方" | "收" | "收入" => Some(Direction::In),
        "DBIT" | "D" | "debit" | "借" | "借方" | "付" | "支出" => Some(Direction::Out),
        _ => None,
    }
}

fn key(whose: &Whose, entry: &Said<'_>, details: &[Said<'_>]) -> String {
    let reference = entry
        .reference
        .given()
        .or_else(|| entry.bank_reference.given());
    let reference = reference.map_or_else(|| Cow::Owned(hashed(entry, details)), Cow::Borrowed);
    // A slash within a part would let two different keys read the same.
    let part = |text: &str| text.replace('%', "%25").replace('/', "%2F");
    format!(
        "{}/{}/{}",
        part(&whose.bank),
        part(&whose.statement),
        part(&reference)
    )
}

/// What stands for a reference where the bank gives none: the same for the same words.
fn hashed(entry: &Said<'_>, details: &[Said<'_>]) -> String {
    let mut hash = Sha256::new();
    for said in [entry].into_iter().chain(details) {
        for word in [
            &said.amount,
            &said.currency,
            &said.direction,
            &said.reversal,
            &said.booked,
            &said.value_day,
            &said.payer,
            &said.account,
            &said.remittance,
            &said.structured,
            &said.end_to_end,
        ] {
            let text = word.text.trim();
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        }
    }
    let hash = hash.finalize();
    let digits: Vec<String> = hash[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("#{}", digits.concat())
}

fn first_half(key: &str) -> u128 {
    let hash = Sha256::digest(key.as_bytes());
    hash[..16]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}
