//! Licence expressions, as SPDX writes them and as crates write them.
//!
//! `MIT OR Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`, `Apache-2.0 WITH LLVM-exception`, and the older
//! `MIT/Apache-2.0`, which means OR. AND binds closer than OR.

/// Whether the expression can be satisfied with licences that `allowed` accepts.
///
/// `WITH` only adds permissions and `+` only adds later versions, so both rest on the licence before them.
///
/// # Errors
/// Tells what was expected where the expression is not well formed.
pub(crate) fn satisfied(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed: &allowed,
    };
    let answer = reader.either()?;
    match reader.words.first() {
        None => Ok(answer),
        Some(rest) => Err(format!("expected AND, OR or the end, found `{rest}`")),
    }
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn either(&mut self) -> Result<bool, String> {
        let mut answer = self.both()?;
        while self.take("OR") {
            // Read the right side even when the left suffices: it must be well formed.
            answer |= self.both()?;
        }
        Ok(answer)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let answer = self.either()?;
            return if self.take(")") {
                Ok(answer)
            } else {
                Err(String::from("expected `)`"))
            };
        }
        let licence = self.name("a licence")?;
        if self.take("WITH") {
            self.name("an exception after WITH")?;
        }
        Ok((self.allowed)(licence.trim_end_matches('+')))
    }

    fn name(&mut self, expected: &str) -> Result<String, String> {
        match self.words.split_first() {
            Some((word, rest)) if !["(", ")", "AND", "OR", "WITH"].contains(word) => {
                self.words = rest;
                Ok((*word).to_string())
            }
            Some((word, _)) => Err(format!("expected {expected}, found `{word}`")),
            None => Err(format!("expected {expected}, found the end")),
        }
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: Result<bool, ()>) {
        let answer = satisfied(expression, |licence| {
            ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&licence)
        });
        assert_eq!(
            answer.clone().map_err(|_| ()),
            expected,
            "{expression}: {answer:?}"
        );
    }

    #[test]
    fn one_of_several_suffices_for_or_and_all_are_wanted_for_and() {
        check("MIT", Ok(true));
        check("GPL-3.0", Ok(false));
        check("GPL-3.0 OR MIT", Ok(true));
        check("GPL-3.0/MIT", Ok(true));
        check("GPL-3.0 AND MIT", Ok(false));
        check("(MIT OR GPL-3.0) AND Unicode-3.0", Ok(true));
        check("(MIT OR GPL-3.0) AND GPL-2.0", Ok(false));
    }

    #[test]
    fn and_binds_closer_than_or() {
        check("MIT OR GPL-2.0 AND GPL-3.0", Ok(true));
        check("GPL-2.0 AND GPL-3.0 OR MIT", Ok(true));
        check("(MIT OR GPL-2.0) AND GPL-3.0", Ok(false));
    }

    #[test]
    fn exceptions_and_later_versions_rest_on_the_licence() {
        check("Apache-2.0 WITH LLVM-exception", Ok(true));
        check("GPL-2.0 WITH Classpath-exception-2.0", Ok(false));
        check("Apache-2.0+", Ok(true));
    }

    #[test]
    fn what_is_not_an_expression_is_refused() {
        for broken in [
            "",
            "MIT OR",
            "AND MIT",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
            "Apache-2.0 WITH",
        ] {
            check(broken, Err(()));
        }
    }
}
