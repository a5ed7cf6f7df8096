//! *How is it called in Chinese, how in English?*

/// The same said in both languages of an office.
///
/// ```
/// use ledger::Fund;
///
/// assert_eq!(Fund::WorkInjury.names().zh, "工伤保险");
/// assert_eq!(Fund::WorkInjury.names().en, "work injury");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words<T = &'static str> {
    /// In Chinese.
    pub zh: T,
    /// In English.
    pub en: T,
}

pub(crate) const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}
