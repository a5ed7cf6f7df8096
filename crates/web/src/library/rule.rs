//! One rule: what it says, what it uses and what uses it, its history, and what it comes to for a case of one's own.

use super::case::Case;
use super::item::{Thing, citations, evidence, link, listed, mark};
use super::{Reading, period};
use crate::house::House;
use crate::look::components::{Head, Table, derivation, notice, summary, table};
use crate::look::links::pairs;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use rules::law::{Item, RuleId};
use rules::links::{used_by, uses};

const BASIS: Words = Words::new("依据", "Basis");
const EVIDENCE: Words = Words::new("依据核对", "Evidence");
const IN_FORCE: Words = Words::new("施行", "In force");
const GIVES: Words = Words::new("属于", "Of");
const TRY: Words = Words::new("试算", "Try it");
const ANSWER: Words = Words::new("结果", "Answer");
const TEXT: Words = Words::new("规则原文", "The rule as the law text has it");
const USES: Words = Words::new("用到的规则", "Rules it uses");
const FIGURES: Words = Words::new("用到的法定数值", "Figures it uses");
const USED_BY: Words = Words::new("用到它的规则", "Rules that use it");
const NAME: Words = Words::new("名称", "Name");
const STANDS: Words = Words::new("现行值", "Value of the day");
const SINCE: Words = Words::new("施行期", "In force");
const SURE: Words = Words::new("是否确证", "Confirmed?");
const NOT_IN_FORCE: Words = Words::new("这一天没有施行", "Not in force on this day");
const OPENED: Words = Words::new("由下级法律规定", "Left to a lower law");

/// One rule.
#[derive(Debug)]
pub(crate) struct RulePage {
    reading: Reading,
    rule: RuleId,
    case: Case,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path((jurisdiction, name)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let Some(Item::Rule(rule)) = reading.law().names.get(&name) else {
        return Err(Problem::no_page());
    };
    let rule = *rule;
    let given = pairs(uri.query().unwrap_or_default());
    // An explanation may take some milliseconds of a core: not on the threads that answer everybody.
    let made = tokio::task::spawn_blocking(move || {
        let case = Case::new(&reading, rule, given);
        shown(
            &RulePage {
                reading,
                rule,
                case,
            },
            &visitor,
        )
    });
    made.await.map_err(|_| Problem::broken())
}

impl RulePage {
    fn facts(&self, lang: Lang) -> Markup {
        let (reading, law) = (&self.reading, self.reading.law());
        let rule = &law[self.rule];
        let listed = listed(reading, Thing::Rule(self.rule));
        let mut rows = vec![
            (
                lang.say(BASIS).to_owned(),
                citations(reading, &rule.citations, lang),
            ),
            (lang.say(EVIDENCE).to_owned(), evidence(&rule.mark, lang)),
            (
                lang.say(GIVES).to_owned(),
                html! { (lang.name(&law[rule.of].names)) },
            ),
        ];
        if let Some(listed) = listed {
            rows.push((
                lang.say(IN_FORCE).to_owned(),
                html! {
                    ul class="list" { @for version in &rule.versions { li { (period(version.from, version.until, lang)) } } }
                    @if rule.versions.is_empty() { (listed.opened_to.unwrap_or_default()) " · " (lang.say(OPENED)) }
                },
            ));
        }
        summary(&rows)
    }

    fn figures(&self, lang: Lang) -> Markup {
        let (reading, law) = (&self.reading, self.reading.law());
        let links = uses(law, self.rule);
        let rows = links.figures.iter().map(|id| {
            let figure = &law[*id];
            let listed = listed(reading, Thing::Figure(*id));
            let now = figure.versions.iter().find(|version| reading.in_force(Some(version.from), version.until));
            let value = now.map(|version| match &version.rows[..] {
                [row] if row.keys.is_empty() => super::figure::value(law, figure, row, lang),
                rows => html! { (lang.pick(format!("{} 行", rows.len()), format!("{} rows", rows.len()))) },
            });
            vec![
                link(Thing::Figure(*id), reading, lang).into(),
                value.unwrap_or_else(|| html! { "—" }).into(),
                now.map_or_else(String::new, |version| period(Some(version.from), version.until, lang)).into(),
                html! { @if let Some(listed) = &listed { (mark(listed, lang)) } }.into(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        html! {
            @if !rows.is_empty() {
                h2 { (lang.say(FIGURES)) }
                (table(&Table {
                    caption: lang.say(FIGURES).to_owned(),
                    head: vec![Head::words(lang.say(NAME)), Head::numbers(lang.say(STANDS)), Head::words(lang.say(SINCE)), Head::words(lang.say(SURE))],
                    rows,
                    foot: None,
                }, lang))
            }
        }
    }

    fn links(&self, title: Words, rules: impl IntoIterator<Item = RuleId>, lang: Lang) -> Markup {
        let rules: Vec<RuleId> = rules.into_iter().collect();
        html! {
            @if !rules.is_empty() {
                h2 { (lang.say(title)) }
                ul { @for id in rules { li { (link(Thing::Rule(id), &self.reading, lang)) } } }
            }
        }
    }
}

impl Page for RulePage {
    fn title(&self, lang: Lang) -> String {
        super::titled(&self.reading.law()[self.rule].names, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let (law, mut trail) = (self.reading.law(), self.reading.trail(lang));
        if let Some(citation) = law[self.rule].citations.first() {
            let source = &law[citation.source];
            trail.push(Crumb::new(
                self.reading.to(&source.id),
                lang.text(&source.title),
            ));
        }
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let law = self.reading.law();
        let rule = &law[self.rule];
        let clause = lang.text(&rule.clause);
        let action = format!("{}/rule/{}", self.reading.base(), rule.names.id);
        let is_now = rule
            .versions
            .iter()
            .any(|version| self.reading.in_force(version.from, version.until));
        html! {
            @if !clause.is_empty() { blockquote { p { (clause) } } }
            @if !is_now { (notice(lang.say(NOT_IN_FORCE), html! { p { (self.reading.on) } })) }
            @if let Some(told) = self.case.answer(&self.reading, self.rule, lang) {
                h2 id="answer" { (lang.say(ANSWER)) }
                (derivation(&told, Some(&self.reading.base()), lang))
            }
            @if is_now {
                h2 id="try" { (lang.say(TRY)) }
                (self.case.form(&self.reading, &action, lang))
            }
            h2 { (lang.say(TEXT)) }
            pre tabindex="0" { code { (self.reading.text(Thing::Rule(self.rule).span(&self.reading))) } }
            (self.facts(lang))
            @if !is_now { (self.reading.day_form(&action, lang)) }
            (self.links(USES, uses(law, self.rule).rules, lang))
            (self.figures(lang))
            (self.links(USED_BY, used_by(law, Item::Rule(self.rule)), lang))
        }
    }

    fn samples() -> Vec<RulePage> {
        let of = |given: &[(&str, &str)]| {
            let reading = super::case::sample();
            let Some(Item::Rule(rule)) = reading.law().names.get("due").copied() else {
                return None;
            };
            let given = given
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            let case = Case::new(&reading, rule, given.collect());
            Some(RulePage {
                reading,
                rule,
                case,
            })
        };
        let cases = [
            of(&[]),
            of(&[("wage", "8000"), ("kind", "usual"), ("try", "1")]),
            of(&[("wage", "<b>8000"), ("kind", "other"), ("try", "1")]),
            of(&[("wage", "99999999"), ("kind", "usual"), ("try", "1")]),
            of(&[
                ("wage", "8000"),
                ("kind", "usual"),
                ("years.1.year", "2024"),
                ("years.1.paid", "12"),
                ("try", "1"),
            ]),
        ];
        cases.into_iter().flatten().collect()
    }
}
