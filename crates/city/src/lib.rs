//! What an office of social security knows, and what it decides from that.
//!
//! *Where is the database?* Not here. A decision takes what is known, a day and a command, and gives back what is to be
//! recorded, or a refusal that says how to mend it. The same arguments give the same answer in fifteen years, so a
//! decision can be derived again, tried as a dry run, and tested without a server.
//!
//! | a question of the office | the module |
//! |---|---|
//! | what was true on a day, as it was known then? | [`facts`] |
//! | who is it, and are these two the same? | [`people`], [`merge`] |
//! | who did it, and who approved? | [`actors`] |
//! | which employer, where, in which class? | [`employers`], [`places`] |
//! | who works for whom? | [`work`] |
//! | who is insured against what, and since when? | [`insurance`] |
//! | what does an employer's month change? | [`declarations`] |
//! | how far is a run over the whole city? | [`runs`] |
//! | what is due for a month, what does it differ by, what stands in an account? | [`dues`], [`differences`], [`accounts`] |
//! | may an account be corrected at the counter? | [`entries`] |
//! | may the register be corrected so? | [`corrections`] |
//! | how many, without saying who? | [`figures`] |
//! | when may somebody retire, and what will they get? | [`retirement`] |
//! | what is owed, paid, late, forgiven, sent back? | [`collection`] |
//! | what does the law say of that? | [`lawful`] |
//! | why not? | [`refusal`] |
//!
//! Four things are absent on purpose. There is no input or output and no clock. There is no floating point. There is no
//! figure of law: those are read from `law/` through [`rules`]. And nothing is overwritten: a correction supersedes.

pub mod refusal;
pub mod actors;
pub mod logins;
pub mod facts;
pub mod places;
pub mod people;
pub mod merge;
pub mod employers;
pub mod work;
pub mod insurance;
pub mod declarations;
pub mod runs;
pub mod dues;
pub mod differences;
pub mod accounts;
pub mod entries;
pub mod corrections;
pub mod collection;
pub mod lawful;
pub mod retirement;
pub mod figures;

mod numbered;
