//! Forms: what one said, by which it is known again when it is sent twice, and what is told at its fields.

use crate::look::components::{Fault, Field};
use crate::look::links::pairs;
use crate::problem::Problem;
use crate::visitor::hex;
use rules::explain::Lang;

/// What a form said, by its names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads it.
    pub(crate) fn read(text: &str) -> Form {
        Form(pairs(text))
    }

    /// What stands in a field, without blanks around it; nothing where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// All of it, in the order in which it was sent.
    pub(crate) fn all(&self) -> &[(String, String)] {
        &self.0
    }

    /// What is compared when it is sent again: all but the tokens.
    pub(crate) fn body(&self, path: &str) -> String {
        let mut body = path.to_owned();
        for (key, value) in self
            .0
            .iter()
            .filter(|(key, _)| key != "csrf" && key != "key")
        {
            body.push('\n');
            body.push_str(key);
            body.push('=');
            body.push_str(value);
        }
        body
    }
}

/// A key of 128 bits by chance, for a form that alters something.
pub(crate) fn fresh_key() -> String {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => hex(&bytes),
        // A form without a key is refused, which is better than two forms with one.
        Err(_) => String::new(),
    }
}

/// The faults of some fields, for the list above their form.
pub(crate) fn faults(fields: &[&Field]) -> Vec<Fault> {
    let wrong = fields.iter().filter_map(|field| {
        let what = field.fault.clone()?;
        Some(Fault {
            field: field.place(),
            what,
        })
    });
    wrong.collect()
}

/// What happened and what to do, in one line for a field.
pub(crate) fn at_field(problem: &Problem, lang: Lang) -> String {
    let what = lang.pick(&problem.what.zh, &problem.what.en);
    let mend = lang.pick(&problem.mend.zh, &problem.mend.en);
    let code = &problem.code;
    match mend.is_empty() {
        true => format!("{what} ({code})"),
        false => format!("{what}{} {mend} ({code})", lang.pick("；", ";")),
    }
}
