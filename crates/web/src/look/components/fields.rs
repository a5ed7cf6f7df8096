//! What can be filled in, with its hint and its fault.

use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A number, with its unit.
    Number(String),
    /// A day.
    Day,
    /// A month.
    Month,
    /// A secret; the word says which, for the browser's keeper of secrets.
    Secret(&'static str),
    /// One's own login.
    Login,
    /// What is looked for.
    Search,
    /// A file, with the endings it may have.
    File(&'static str),
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form, and its place on the page.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// How to answer.
    pub hint: Option<String>,
    /// How it is filled in.
    pub kind: Kind,
    /// What stands in it.
    pub value: String,
    /// Why that cannot be taken.
    pub fault: Option<String>,
    /// Whether it may be left empty.
    pub optional: bool,
}

/// One of few answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// A field that could not be taken, for the list above the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's place on the page.
    pub field: String,
    /// What is wrong.
    pub what: String,
}

const OPTIONAL: Words = Words::new("（可不填）", " (optional)");
const FAULT: Words = Words::new("有误：", "Error: ");
const FAULTS: Words = Words::new("请更正", "Please mend");
const NOT_SAID: Words = Words::new("不填", "not given");

/// The place of a field on the page.
fn place(name: &str) -> String {
    let plain = |sign: char| {
        if sign.is_ascii_alphanumeric() || sign == '-' {
            sign
        } else {
            '_'
        }
    };
    format!("f-{}", name.chars().map(plain).collect::<String>())
}

impl Field {
    /// The place of the field on the page.
    #[must_use]
    pub fn place(&self) -> String {
        place(&self.name)
    }

    fn described(&self) -> Option<String> {
        let place = self.place();
        let hint = self.hint.as_ref().map(|_| format!("{place}-hint"));
        let fault = self.fault.as_ref().map(|_| format!("{place}-fault"));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn around(&self, lang: Lang) -> Markup {
        let place = self.place();
        html! {
            @if let Some(hint) = &self.hint { div class="hint" id=(format!("{place}-hint")) { (hint) } }
            @if let Some(fault) = &self.fault {
                div class="fault" id=(format!("{place}-fault")) { span class="unseen" { (lang.say(FAULT)) } (fault) }
            }
        }
    }

    fn asked(&self, lang: Lang) -> Markup {
        html! { (self.label) @if self.optional { span class="quiet" { (lang.say(OPTIONAL)) } } }
    }
}

/// A field with one line.
#[must_use]
pub fn field(field: &Field, lang: Lang) -> Markup {
    let place = field.place();
    let (kind, mode, complete, unit) = match &field.kind {
        Kind::Text => ("text", None, Some("off"), None),
        Kind::Number(unit) => (
            "text",
            Some("decimal"),
            Some("off"),
            Some(unit.as_str()).filter(|unit| !unit.is_empty()),
        ),
        Kind::Day => ("date", None, None, None),
        Kind::Month => ("month", None, None, None),
        Kind::Secret(which) => ("password", None, Some(*which), None),
        Kind::Login => ("text", None, Some("username"), None),
        Kind::Search => ("search", None, Some("off"), None),
        Kind::File(_) => ("file", None, None, None),
    };
    html! {
        div class=(if field.fault.is_some() { "field wrong" } else { "field" }) {
            label for=(place) { (field.asked(lang)) }
            (field.around(lang))
            div class="line" {
                input id=(place) name=(field.name) type=(kind) value=[(!matches!(field.kind, Kind::Secret(_) | Kind::File(_))).then_some(&field.value)]
                    inputmode=[mode] accept=[match field.kind { Kind::File(endings) => Some(endings), _ => None }] autocomplete=[complete] placeholder=[(kind == "month").then_some("2025-06")]
                    aria-describedby=[field.described()] aria-invalid=[field.fault.as_ref().map(|_| "true")];
                @if let Some(unit) = unit { span class="unit" { (unit) } }
            }
        }
    }
}

/// One of few: all answers in sight. One of many: a list.
#[must_use]
pub fn one_of(field: &Field, choices: &[Choice], lang: Lang) -> Markup {
    if 5 < choices.len() {
        return many(field, choices, lang);
    }
    let place = field.place();
    html! {
        fieldset class=(if field.fault.is_some() { "field wrong" } else { "field" }) id=(place) aria-describedby=[field.described()] {
            legend { (field.asked(lang)) }
            (field.around(lang))
            div class="choices" {
                @for (number, choice) in choices.iter().enumerate() {
                    @let id = format!("{place}-{number}");
                    div class="choice" {
                        input type="radio" id=(id) name=(field.name) value=(choice.value) checked[choice.value == field.value];
                        label for=(id) { (choice.label) }
                    }
                }
            }
        }
    }
}

/// One of many.
#[must_use]
pub fn many(field: &Field, choices: &[Choice], lang: Lang) -> Markup {
    let place = field.place();
    html! {
        div class=(if field.fault.is_some() { "field wrong" } else { "field" }) {
            label for=(place) { (field.asked(lang)) }
            (field.around(lang))
            select id=(place) name=(field.name) aria-describedby=[field.described()] {
                option value="" { (lang.say(NOT_SAID)) }
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == field.value] { (choice.label) }
                }
            }
        }
    }
}

/// What goes along unseen.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Everything that could not be taken, above the form.
#[must_use]
pub fn error_summary(faults: &[Fault], lang: Lang) -> Markup {
    html! {
        @if !faults.is_empty() {
            section class="faults" role="alert" tabindex="-1" {
                h2 { (lang.say(FAULTS)) }
                ul {
                    @for fault in faults { li { a href=(format!("#{}", fault.field)) { (fault.what) } } }
                }
            }
        }
    }
}
