//! What another house says of who comes, asked for and checked by [`openid`].

use super::provider::{Kept, Provider, calling};
use crate::house::House;
use crate::problem::Problem;
use ::openid::{Asked, Doubt, Known, Once, Word};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use office::sign_in::attempts::Begun;

/// What was said.
#[derive(Debug)]
pub(super) struct Answer {
    /// Who comes, as the claim says that the configuration names.
    pub(super) subject: String,
    /// Their identity number, where the configuration names a claim for it.
    pub(super) number: Option<String>,
}

fn asked<'a>(provider: &'a Provider, known: &'a Known, back: &'a str) -> Asked<'a> {
    Asked {
        known,
        client: &provider.client,
        secret: &provider.secret.0,
        back,
        scopes: &provider.scopes,
    }
}

fn derived(begun: &Begun, what: &str) -> String {
    URL_SAFE_NO_PAD.encode(begun.derived(what))
}

/// Where a browser is sent that has begun to come in.
pub(super) fn address(
    (provider, known): (&Provider, &Known),
    begun: &Begun,
    back: &str,
) -> Result<String, Problem> {
    let state = begun.handle.reveal();
    let (nonce, verifier) = (derived(begun, "nonce"), derived(begun, "verifier"));
    let once = Once {
        state: &state,
        nonce: &nonce,
        verifier: &verifier,
    };
    let address = asked(provider, known, back).address(once);
    address.ok_or_else(Problem::unreadable)
}

/// Asks the other house for its word, and checks it; by its newest keys where it is signed by one that is not known.
pub(super) async fn ask(
    house: &House,
    provider: &Kept,
    (begun, back): (&Begun, &str),
    code: String,
) -> Result<Answer, Problem> {
    let settings = &provider.settings;
    let doubted = |doubt: Doubt| match doubt {
        Doubt::Unanswered(why) => {
            tracing::warn!(provider = %settings.name, why, "a house whose word lets in cannot be asked");
            Problem::no_provider()
        }
        Doubt::UnknownKey | Doubt::Unsound(_) => doubted(&settings.name, doubt.why()),
    };
    let (known, call) = (provider.known(house).await?, calling(house));
    let verifier = derived(begun, "verifier");
    let first = asked(settings, &known, back);
    let word = first.word(code, &verifier, &call).await.map_err(doubted)?;
    let nonce = derived(begun, "nonce");
    let said = |word: &Word, known: &Known| {
        let number = settings.number.as_deref().unwrap_or_default();
        let asked = asked(settings, known, back);
        word.said(&asked, &nonce, house.now(), [&settings.who, number])
    };
    let said = match said(&word, &known) {
        Err(Doubt::UnknownKey) => match provider.known_anew(house).await {
            Some(known) => said(&word, &known),
            None => Err(Doubt::UnknownKey),
        },
        said => said,
    };
    let [subject, number] = said.map_err(doubted)?;
    let subject = subject.ok_or_else(|| doubted(Doubt::Unsound("it does not say who comes")))?;
    Ok(Answer {
        subject,
        number: number.filter(|_| settings.number.is_some()),
    })
}

/// A word that does not hold: the log says why, who comes is told that it does not.
pub(super) fn doubted(provider: &str, why: &'static str) -> Problem {
    tracing::warn!(provider, why, "the word of a house does not hold");
    Problem::no_faith()
}
