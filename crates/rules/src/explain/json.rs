pub fn json(_: &super::Explanation<'_>) -> String { String::new() }
