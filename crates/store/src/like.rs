//! A text as a pattern of `like … escape '!'`.

/// What has the text anywhere in it: no sign of the text is a pattern's.
#[must_use]
pub(crate) fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::anywhere;

    #[test]
    fn a_text_is_no_pattern() {
        assert_eq!(anywhere("a%b_c!"), "%a!%b!_c!!%");
        assert_eq!(anywhere(""), "%%");
    }
}
