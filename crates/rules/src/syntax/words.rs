//! The words of the language, and what a word that is none of them may have been meant to be.

/// Words that end or join expressions and so cannot be names.
pub(crate) const RESERVED: &[&str] = &[
    "if",
    "then",
    "else",
    "choose",
    "when",
    "otherwise",
    "and",
    "or",
    "not",
    "in",
    "at",
    "rounded",
    "to",
    "of",
    "over",
    "where",
    "by",
    "default",
    "from",
    "until",
    "before",
    "through",
    "as",
    "carry",
    "let",
    "require",
    "true",
    "false",
    "unset",
    "confirmed",
    "unconfirmed",
    "within",
    "because",
    "refused",
    "as-of",
];

/// The items, by the word they begin with.
pub(crate) const ITEMS: &[&str] = &[
    "jurisdiction",
    "source",
    "article",
    "enum",
    "entity",
    "relation",
    "input",
    "parameter",
    "table",
    "set",
    "rule",
    "not formalised",
    "example",
];

/// Words kept free for items to come.
pub(crate) const LATER: &[&str] = &["procedure", "indicator"];

/// Whether the language has taken this word.
pub(crate) fn reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// The word among `known` that was probably meant, if one is near.
pub(crate) fn nearest<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    let distance = |&candidate: &&str| strsim::damerau_levenshtein(word, candidate);
    let found = *known.iter().min_by_key(|candidate| distance(candidate))?;
    let length = word.chars().count().max(found.chars().count());
    (distance(&found) * 5 <= length * 2).then_some(found)
}

/// `a, b or c`, each in back-ticks.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Whether a letter is written in Chinese.
pub(crate) fn chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇' | '々')
}
