//! The word of another house: OpenID Connect for who takes it.
//!
//! *Why a crate?* Because the library beneath is compiled anew wherever its types are used: here that is done once, and
//! whoever changes a page does not wait for it. It has no network and no clock of its own: its caller [calls](Call) and says
//! when.
//!
//! | to | open |
//! |---|---|
//! | get to know a house | [`Known::read`] |
//! | send a browser there | [`Asked::address`] |
//! | have its word for a code, and check it | [`Asked::word`], [`Word::said`] |
//! | send a browser out there too | [`Known::way_out`] |

#![warn(missing_docs)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use measure::Moment;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJwsSigningAlgorithm,
};
use openidconnect::http::{Request, Response};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};
use serde_json::Value;
use std::fmt;
use std::pin::Pin;

/// The signatures that are taken: with a key of which we hold the public half. What a house says of itself changes nothing.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// So far two clocks may differ, in microseconds.
const SKEW: i64 = 60 * 1_000_000;
/// A word was made at most so long ago, in microseconds.
const LATELY: i64 = 10 * 60 * 1_000_000;
/// So many bytes the claim may have that says who comes.
const LONGEST: usize = 255;

/// Why there is no answer, in few words and without what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered(pub &'static str);

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unanswered {}

/// What calls a house, and brings its answer.
pub type Call = Box<
    dyn Fn(
            Request<Vec<u8>>,
        ) -> Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Unanswered>> + Send>>
        + Send
        + Sync,
>;

/// A future of the library, of which callers need not know more than that it may go from thread to thread.
type Coming<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// Why a house's word is not taken, in few words and without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It did not answer.
    Unanswered(&'static str),
    /// It is signed by a key that is not known: it may have taken another since.
    UnknownKey,
    /// It does not hold.
    Unsound(&'static str),
}

impl Doubt {
    /// In words.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Doubt::Unanswered(why) | Doubt::Unsound(why) => why,
            Doubt::UnknownKey => "its key is unknown",
        }
    }
}

/// What a house says of itself: where it is asked, and its keys.
#[derive(Clone, Debug)]
pub struct Known(ProviderMetadataWithLogout);

impl Known {
    /// Asks a house that calls itself so.
    ///
    /// # Errors
    ///
    /// Why it is not known.
    pub async fn read(issuer: &str, call: &Call) -> Result<Known, Unanswered> {
        let issuer = IssuerUrl::new(issuer.to_owned());
        let issuer = issuer.map_err(|_| Unanswered("its address cannot be read"))?;
        let read: Coming<'_, _> =
            Box::pin(ProviderMetadataWithLogout::discover_async(issuer, call));
        let read = read.await;
        read.map(Known).map_err(|error| match error {
            DiscoveryError::Request(unanswered) => unanswered,
            DiscoveryError::Parse(_) => Unanswered("what it says of itself cannot be read"),
            DiscoveryError::Validation(_) => {
                Unanswered("it calls itself otherwise than `issuer` says")
            }
            DiscoveryError::Response(..) => Unanswered("it does not say of itself what it should"),
            _ => Unanswered("it cannot be asked"),
        })
    }

    /// The addresses it names.
    #[must_use]
    pub fn addresses(&self) -> Vec<&str> {
        let named = [
            Some(self.0.authorization_endpoint().as_str()),
            self.0.token_endpoint().map(|url| url.as_str()),
            Some(self.0.jwks_uri().as_str()),
            self.end_session(),
        ];
        named.into_iter().flatten().collect()
    }

    fn end_session(&self) -> Option<&str> {
        let more = self.0.additional_metadata();
        more.end_session_endpoint.as_ref().map(|url| url.as_str())
    }

    /// Where a browser goes out there (OpenID Connect RP-Initiated Logout 1.0); `None` where the house has no such place. It is
    /// told nothing but which client asks: whose session it is the browser shows it, and it asks them whether they mean it.
    #[must_use]
    pub fn way_out(&self, client: &str) -> Option<String> {
        let place = self.0.additional_metadata().end_session_endpoint.clone()?;
        let asked = LogoutRequest::from(place).set_client_id(ClientId::new(client.to_owned()));
        Some(asked.http_get_url().to_string())
    }
}

/// What an attempt is known by, each value for it alone.
#[derive(Clone, Copy)]
pub struct Once<'o> {
    /// What comes back with the browser.
    pub state: &'o str,
    /// What the word says again.
    pub nonce: &'o str,
    /// What shows that a code was asked for here: 43 to 128 letters, digits, `-` and `_`.
    pub verifier: &'o str,
}

/// A house that is asked, and how.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What it says of itself.
    pub known: &'a Known,
    /// What it calls us.
    pub client: &'a str,
    /// By what we show it that we are ourselves.
    pub secret: &'a str,
    /// Where it sends the browser back to.
    pub back: &'a str,
    /// What is asked besides `openid`.
    pub scopes: &'a [String],
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Asked<'_> {
    fn client(&self) -> Option<Client> {
        let back = RedirectUrl::new(self.back.to_owned()).ok()?;
        let client = CoreClient::from_provider_metadata(
            self.known.0.clone(),
            ClientId::new(self.client.to_owned()),
            Some(ClientSecret::new(self.secret.to_owned())),
        );
        let ways = self.known.0.token_endpoint_auth_methods_supported();
        let posts = ways.is_some_and(|ways| {
            ways.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        let way = if posts {
            AuthType::RequestBody
        } else {
            AuthType::BasicAuth
        };
        Some(client.set_redirect_uri(back).set_auth_type(way))
    }

    /// Where a browser is sent, to have it said who comes; `None` when it could not come back.
    #[must_use]
    pub fn address(&self, once: Once<'_>) -> Option<String> {
        let client = self.client()?;
        let (state, nonce) = (once.state.to_owned(), once.nonce.to_owned());
        let verifier = PkceCodeVerifier::new(once.verifier.to_owned());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Some(url.to_string())
    }

    /// Brings a code, and what shows that it was asked for here; gives the word for it, not yet checked.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn word(&self, code: String, verifier: &str, call: &Call) -> Result<Word, Doubt> {
        let client = self.client();
        let client = client.ok_or(Doubt::Unsound("the address back cannot be read"))?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| Doubt::Unsound("it has no place for codes"))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        let answer: Coming<'_, _> = Box::pin(request.request_async(call));
        let answer = answer.await.map_err(|error| match error {
            RequestTokenError::Request(Unanswered(why)) => Doubt::Unanswered(why),
            RequestTokenError::ServerResponse(_) => Doubt::Unsound("it does not take the code"),
            RequestTokenError::Parse(..) => Doubt::Unsound("its answer cannot be read"),
            RequestTokenError::Other(_) => Doubt::Unsound("its answer is none"),
        })?;
        let word = answer.id_token().cloned().map(Word);
        word.ok_or(Doubt::Unsound("it gave no word"))
    }
}

/// What a house says of who comes, as it came: an ID token.
#[derive(Clone, Debug)]
pub struct Word(CoreIdToken);

impl Word {
    /// What it says in these claims, if it holds: signed by a key of the house we asked, in one of three ways, none of which a
    /// secret shared by both would do for; of that house, for us alone, not run out, made lately, and for this very attempt.
    /// A claim that is no text, or an overlong one, is as if it were not there.
    ///
    /// # Errors
    ///
    /// Why it does not hold.
    pub fn said<const N: usize>(
        &self,
        asked: &Asked<'_>,
        nonce: &str,
        now: Moment,
        claims: [&str; N],
    ) -> Result<[Option<String>; N], Doubt> {
        let text = self.checked(asked, nonce, now)?;
        Ok(claims.map(|name| {
            let value = text.get(name)?.as_str()?;
            (!value.is_empty() && value.len() <= LONGEST).then(|| value.to_owned())
        }))
    }

    /// The claims of a word that holds.
    fn checked(&self, asked: &Asked<'_>, nonce: &str, now: Moment) -> Result<Value, Doubt> {
        let client = asked.client();
        let client = client.ok_or(Doubt::Unsound("the address back cannot be read"))?;
        let at = |apart: i64| {
            let moment = now.plus_microseconds(apart).microseconds();
            DateTime::<Utc>::from_timestamp_micros(moment).ok_or(Doubt::Unsound("the clock"))
        };
        let (lately, just_now, soon) = (at(-LATELY)?, at(-SKEW)?, at(SKEW)?);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || just_now)
            .set_issue_time_verifier_fn(move |made| match (lately..=soon).contains(&made) {
                true => Ok(()),
                false => Err("it was not made lately".to_owned()),
            });
        let claims = self
            .0
            .claims(&verifier, &Nonce::new(nonce.to_owned()))
            .map_err(|error| doubt(&error))?;
        let party = claims.authorized_party();
        if party.is_some_and(|party| party.as_str() != asked.client) {
            return Err(Doubt::Unsound("it is for another party"));
        }
        // The library leaves claims it does not know aside: they are read from the text whose signature it has checked.
        let text = self.0.to_string();
        let claims = text.split('.').nth(1);
        let claims = claims.and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
        let claims = claims.and_then(|text| serde_json::from_slice(&text).ok());
        claims.ok_or(Doubt::Unsound("it cannot be read"))
    }
}

fn doubt(error: &ClaimsVerificationError) -> Doubt {
    use ClaimsVerificationError as Wrong;
    use SignatureVerificationError as Signature;
    match error {
        Wrong::SignatureVerification(Signature::NoMatchingKey) => Doubt::UnknownKey,
        Wrong::SignatureVerification(Signature::CryptoError(_)) => {
            Doubt::Unsound("its signature does not hold")
        }
        Wrong::SignatureVerification(_) => {
            Doubt::Unsound("it is signed in a way that is not taken")
        }
        Wrong::Expired(_) => Doubt::Unsound("it has run out, or was not made lately"),
        Wrong::InvalidAudience(_) => Doubt::Unsound("it is for somebody else"),
        Wrong::InvalidIssuer(_) => Doubt::Unsound("it is another house's"),
        Wrong::InvalidNonce(_) => Doubt::Unsound("it is of another attempt"),
        _ => Doubt::Unsound("it does not hold"),
    }
}
