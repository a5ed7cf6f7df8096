//! Messages as people read them, and as other programs do.

use crate::diagnostic::{Diagnostic, Severity, SourceFile, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

/// Every message with the lines it speaks of, one after the other, as a compiler shows them.
///
/// `files` are the texts in the order in which they were numbered. `color` adds terminal colours.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for message in diagnostics {
        out.push_str(&renderer.render(&[group(message, files)]));
        out.push_str("\n\n");
    }
    out
}

/// Every message as one line of JSON with the keys `code`, `severity`, `message`, `file`, `line`, `column`, `end_line`,
/// `end_column`, `labels` and `helps`. Lines and columns count from 1, columns in letters.
#[must_use]
pub fn render_json(diagnostics: &[Diagnostic], files: &[SourceFile]) -> String {
    let mut out = String::new();
    for message in diagnostics {
        let labels: Vec<_> = message
            .labels
            .iter()
            .map(|(span, label)| with(place(*span, files), "label", json!(label)))
            .collect();
        let mut line = message
            .labels
            .first()
            .map_or(json!({}), |(span, _)| place(*span, files));
        for (key, value) in [
            ("code", json!(message.code.0)),
            ("severity", json!(severity(message.severity))),
            ("message", json!(message.message)),
            ("labels", json!(labels)),
            ("helps", json!(message.helps)),
        ] {
            line = with(line, key, value);
        }
        out.push_str(&line.to_string());
        out.push('\n');
    }
    out
}

fn group<'m>(message: &'m Diagnostic, files: &'m [SourceFile]) -> Group<'m> {
    let level = match message.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(&message.message)
        .id(message.code.0)
        .elements(snippets(message, files));
    for help in &message.helps {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// A snippet for each file the message speaks of, the file of the place itself first.
fn snippets<'m>(
    message: &'m Diagnostic,
    files: &'m [SourceFile],
) -> Vec<Snippet<'m, annotate_snippets::Annotation<'m>>> {
    let mut numbers: Vec<u32> = Vec::new();
    for (span, _) in &message.labels {
        if !numbers.contains(&span.file) {
            numbers.push(span.file);
        }
    }
    let mut found = Vec::new();
    for number in numbers {
        let Some(file) = files.get(number as usize) else {
            continue;
        };
        let labels = message
            .labels
            .iter()
            .enumerate()
            .filter(|(_, (span, _))| span.file == number);
        let annotations = labels.map(|(index, (span, label))| {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            kind.span(within(*span, &file.text)).label(label)
        });
        found.push(
            Snippet::source(&file.text)
                .path(&file.path)
                .annotations(annotations),
        );
    }
    found
}

fn place(span: Span, files: &[SourceFile]) -> serde_json::Value {
    let Some(file) = files.get(span.file as usize) else {
        return json!({});
    };
    let range = within(span, &file.text);
    let (line, column) = line_and_column(&file.text[..range.start]);
    let (end_line, end_column) = line_and_column(&file.text[..range.end]);
    json!({ "file": file.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column })
}

fn line_and_column(before: &str) -> (usize, usize) {
    let line = before.rsplit('\n').next().unwrap_or("");
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// The bytes of a place, kept inside the text and between two letters whatever the place says.
fn within(span: Span, text: &str) -> std::ops::Range<usize> {
    let boundary = |byte: u32| {
        let byte = (byte as usize).min(text.len());
        (0..=byte)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}

fn with(mut object: serde_json::Value, key: &str, value: serde_json::Value) -> serde_json::Value {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_string(), value);
    }
    object
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
