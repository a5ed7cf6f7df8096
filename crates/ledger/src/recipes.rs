//! *How is it booked?*
//!
//! Recipes for the usual events, in one book, each going on from the one before. A word on keys first: a key names the
//! event, not the attempt, so that a retry has the same one. `receipt/ccb/2025-04-07/000184` is a key; a random number made
//! anew at each attempt is none.
//!
//! ```
//! use ledger::balance::balance_as_of;
//! use ledger::{
//!     Account, Applied, Book, Fund, Heading, Holder, Journal, Key, Kind, Line, Origin, Reversal, Side, Status,
//! };
//! use measure::{Day, Fen};
//!
//! let mut book = Book::new();
//! let day = |text: &str| Day::parse(text).unwrap();
//! let pooled = |heading| Account::of(Fund::EmployeePooled, heading).unwrap();
//! let accounts = |heading| Account::of(Fund::EmployeeAccounts, heading).unwrap();
//! let (employer, district) = (Holder::employer(7)?, Holder::district(500_103)?);
//! let journal = |key: &str, kind, day: Day, lines: &[Line]| Journal {
//!     key: Key::new(key).unwrap(),
//!     kind,
//!     month: day.month(),
//!     day,
//!     origin: Origin::Case(1),
//!     law_version: None,
//!     lines: lines.to_vec(),
//! };
//!
//! // ASSESS A MONTH. The employer's share is income of the pooled part. The employees' share, which the employer also owes,
//! // is no income: it is owed to the employees, and credited to them once it is paid.
//! book.post_directly(journal("assessment/2025-03/7", Kind::Assessment, day("2025-03-31"), &[
//!     Line::debit(pooled(Heading::Receivable), employer, Fen(160_00)),
//!     Line::credit(pooled(Heading::Income), district, Fen(160_00)),
//!     Line::debit(accounts(Heading::Receivable), employer, Fen(80_00)),
//!     Line::credit(accounts(Heading::AccountsDue), employer, Fen(80_00)),
//! ]))?;
//!
//! // TAKE IN A RECEIPT. Who paid is not known yet, or not believed yet: the money is in clearing, for nobody.
//! let receipt = journal("receipt/ccb/2025-04-07/184", Kind::Receipt, day("2025-04-07"), &[
//!     Line::debit(pooled(Heading::Bank), Holder::NOBODY, Fen(240_00)),
//!     Line::credit(pooled(Heading::Clearing), Holder::NOBODY, Fen(240_00)),
//! ]);
//! assert_eq!(book.post_directly(receipt.clone())?, Applied::Now);
//! // The same statement is read again: nothing is booked twice.
//! assert_eq!(book.post_directly(receipt)?, Applied::Exists);
//!
//! // CLARIFY IT. It is the employer's.
//! book.post_directly(journal("clarification/184", Kind::Allocation, day("2025-04-08"), &[
//!     Line::debit(pooled(Heading::Clearing), Holder::NOBODY, Fen(240_00)),
//!     Line::credit(pooled(Heading::Clearing), employer, Fen(240_00)),
//! ]))?;
//!
//! // ALLOCATE IT. One payment settles what is owed to two funds; between them it goes through settlement.
//! book.post_directly(journal("allocation/184", Kind::Allocation, day("2025-04-08"), &[
//!     Line::debit(pooled(Heading::Clearing), employer, Fen(240_00)),
//!     Line::credit(pooled(Heading::Receivable), employer, Fen(160_00)),
//!     Line::credit(pooled(Heading::Settlement), Holder::NOBODY, Fen(80_00)),
//!     Line::debit(accounts(Heading::Settlement), Holder::NOBODY, Fen(80_00)),
//!     Line::credit(accounts(Heading::Receivable), employer, Fen(80_00)),
//! ]))?;
//! // No more than is there: what was allocated is gone from clearing.
//! let refused = book.post_directly(journal("allocation/185", Kind::Allocation, day("2025-04-08"), &[
//!     Line::debit(pooled(Heading::Clearing), employer, Fen(1)),
//!     Line::credit(pooled(Heading::Receivable), employer, Fen(1)),
//! ])).unwrap_err();
//! assert_eq!(refused.status, Status::BeyondBalance);
//!
//! // CREDIT THE ACCOUNTS. The total of a district; each person's own line is the register's.
//! book.post_directly(journal("credit/2025-04/7", Kind::Credit, day("2025-04-30"), &[
//!     Line::debit(accounts(Heading::AccountsDue), employer, Fen(80_00)),
//!     Line::credit(accounts(Heading::AccountsPayable), district, Fen(80_00)),
//! ]))?;
//!
//! // MOVE THE MONEY between the funds' bank accounts: settlement is zero again.
//! book.post_directly(journal("settlement/2025-04", Kind::Settlement, day("2025-04-30"), &[
//!     Line::debit(pooled(Heading::Settlement), Holder::NOBODY, Fen(80_00)),
//!     Line::credit(pooled(Heading::Bank), Holder::NOBODY, Fen(80_00)),
//!     Line::debit(accounts(Heading::Bank), Holder::NOBODY, Fen(80_00)),
//!     Line::credit(accounts(Heading::Settlement), Holder::NOBODY, Fen(80_00)),
//! ]))?;
//!
//! // TAKE BACK what should not have been booked at all: a late fee by mistake. While the month is open or not, the
//! // reversal is a journal of its own day, and the one it takes back stays.
//! book.post_directly(journal("late-fee/9", Kind::LateFee, day("2025-04-30"), &[
//!     Line::debit(pooled(Heading::ReceivableFees), employer, Fen(1_20)),
//!     Line::credit(pooled(Heading::FeeIncome), Holder::NOBODY, Fen(1_20)),
//! ]))?;
//! book.reverse(Reversal {
//!     key: Key::new("late-fee/9/reversal")?,
//!     reverses: Key::new("late-fee/9")?,
//!     day: day("2025-05-02"),
//!     origin: Origin::Case(2),
//! })?;
//!
//! // CORRECT a sealed month by a difference in an open one: March was 20 yuan too high, and is paid already, so the
//! // employer has a claim. (Were it unpaid, the credit would go to the receivable.)
//! book.seal("2025-03".parse().unwrap())?;
//! book.seal("2025-04".parse().unwrap())?;
//! book.post_directly(journal("correction/2025-03/7", Kind::Correction, day("2025-05-12"), &[
//!     Line::debit(pooled(Heading::Income), district, Fen(20_00)),
//!     Line::credit(pooled(Heading::RefundsPayable), employer, Fen(20_00)),
//! ]))?;
//!
//! // REFUND it, in two phases: prepared when the payment order goes to the bank, and from then on not to be paid twice;
//! // posted when the bank has paid it. Had the bank refused, `book.void(…)` would give it back.
//! book.prepare(journal("refund/7", Kind::Refund, day("2025-05-13"), &[
//!     Line::debit(pooled(Heading::RefundsPayable), employer, Fen(20_00)),
//!     Line::credit(pooled(Heading::Bank), Holder::NOBODY, Fen(20_00)),
//! ]))?;
//! book.post(Key::new("refund/7")?, day("2025-05-15"))?;
//!
//! // LOOK BACK: what did the employer owe to the pooled part on which day?
//! let owed = |as_of| {
//!     let account = pooled(Heading::Receivable);
//!     balance_as_of(book.lines(), account, employer, day(as_of)).map(|balance| balance.net(Side::Debit))
//! };
//! assert_eq!(owed("2025-04-07")?, Fen(160_00));
//! assert_eq!(owed("2025-04-08")?, Fen(0));
//!
//! // CLOSE: every fund agrees with itself, and what is at the bank is what was kept.
//! let books = book.trial_balance(day("2025-05-31"))?;
//! books.check()?;
//! assert_eq!(books.balance(pooled(Heading::Bank)).net(Side::Debit), Fen(140_00));
//! assert_eq!(books.balance(accounts(Heading::Bank)).net(Side::Debit), Fen(80_00));
//! # Ok::<(), ledger::Refusal>(())
//! ```
//!
//! # Many at once
//!
//! A month of 24 million persons is not 24 million journals. The run's rows are the sub-ledger; what is booked is a journal
//! a chunk or a run, with a line an employer for what employers owe and a line a district for the rest. Bounds hold for the
//! holder of a line, so what was booked by district is also taken by district.
