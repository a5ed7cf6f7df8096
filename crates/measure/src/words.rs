//! *How is it called in Chinese, how in English?*

/// The same said in both languages of an office. A text that lacks one of them does not compile.
///
/// ```
/// use measure::Words;
///
/// const SIGN_IN: Words = Words::new("登录", "Sign in");
/// assert_eq!((SIGN_IN.zh, SIGN_IN.en), ("登录", "Sign in"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words<T = &'static str> {
    /// In Chinese.
    pub zh: T,
    /// In English.
    pub en: T,
}

impl<T> Words<T> {
    /// The two, Chinese first.
    pub const fn new(zh: T, en: T) -> Words<T> {
        Words { zh, en }
    }
}
