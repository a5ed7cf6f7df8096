//! *How is it called in Chinese, how in English?*

pub use measure::Words;

pub(crate) const fn words(zh: &'static str, en: &'static str) -> Words {
    Words::new(zh, en)
}
