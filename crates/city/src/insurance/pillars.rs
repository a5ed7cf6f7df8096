//! The further pillars: enterprise annuity and personal pension, recorded as their providers tell.

use super::{InsuranceRefusal, Scheme};
use measure::Fen;

/// What a provider tells of someone's further pillar for a time. A fact of one person, scheme and provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pillar {
    scheme: Scheme,
    provider: String,
    contributed: Fen,
}

impl Pillar {
    /// What a provider tells: the sum paid in by then.
    ///
    /// # Errors
    ///
    /// `I0114` for a scheme the office collects itself, `I0115` for a sum below zero or no provider.
    pub fn new(
        scheme: Scheme,
        provider: &str,
        contributed: Fen,
    ) -> Result<Pillar, InsuranceRefusal> {
        if scheme.collected() {
            return Err(InsuranceRefusal::NotAPillar { scheme });
        }
        let provider = provider.trim();
        if contributed < Fen::ZERO || provider.is_empty() {
            return Err(InsuranceRefusal::NotTold { contributed });
        }
        Ok(Pillar {
            scheme,
            provider: provider.to_owned(),
            contributed,
        })
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Who runs it: a bank, an insurer, a trustee.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The sum paid in.
    #[must_use]
    pub const fn contributed(&self) -> Fen {
        self.contributed
    }
}
