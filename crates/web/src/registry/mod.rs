//! The city's registers as another registry asks them: the DCI registry API 1.0.0, for persons and what they are insured in.
//!
//! A message has a header and a signature around it ([`envelope`]). It is answered at once (`/registry/sync/…`), or taken and
//! answered by calling back ([`callback`]). A program that has a key noted signs each message, and an unsigned one is refused; our
//! messages are signed always. What was asked is not kept, only that it was, so that its state can be asked for. Records are
//! read, and noted as read, within the reach of the token's login; what is beyond it is not found.
//!
//! Persons are found by number. There is no search by what is true of them: names are encrypted, and a registry that could list
//! people by their attributes would tell who is in it.

mod callback;
mod criteria;
mod envelope;
mod record;
mod search;
mod status;
mod subscribe;

pub(crate) use record::notice;
pub(crate) use search::{search, sync_search};
pub(crate) use status::{status, sync_status};
pub(crate) use subscribe::{subscribe, unsubscribe};

/// Whether a subscription was made by this standard.
pub(crate) fn is_ours(code: &str) -> bool {
    code.starts_with(CODE)
}

/// How the codes of its subscriptions begin.
const CODE: &str = "dci-";
