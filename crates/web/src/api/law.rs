//! The law: what it says, and what it comes to for a case. Open to all.

use super::answer::{Part, json as as_json, number, state};
use super::caller::Sent;
use super::persons::day;
use super::shapes::{Both, Case, Jurisdiction, LawIndex, LawItem, LawItems, LawRule};
use crate::house::House;
use crate::library::text_of;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use measure::{Day, Words};
use rules::explain::{Lang, explain, json};
use rules::facts::{from_json, template};
use rules::law::{Item, Law, RuleId, Text};
use rules::links::{used_by, uses};
use rules::listing::items;

/// Whose law is kept.
pub(crate) async fn index(State(house): State<House>, headers: HeaderMap) -> Response {
    let named = house.book.jurisdictions();
    let laws = named.filter_map(|name| Some((name, house.book.law(name)?)));
    let jurisdictions = laws.map(|(name, law)| {
        let last = law.chain.last();
        Jurisdiction {
            jurisdiction: name.to_owned(),
            title: last.map_or_else(|| both(&Text::default()), |last| both(&last.title)),
            rules: law.rules.len(),
            figures: law.figures.len(),
        }
    });
    let listed = LawIndex {
        version: house.version.clone(),
        jurisdictions: jurisdictions.collect(),
    };
    state(&headers, &listed)
}

/// Its rules and figures.
pub(crate) async fn list(
    State(house): State<House>,
    Path(jurisdiction): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let part = Part::asked(&house, &uri)?;
    let law = house.book.law(&jurisdiction).ok_or_else(Problem::no_page)?;
    let on = day(&uri, "on")?;
    let kind: Option<String> = number(&uri, "kind")?;
    let listed = items(law, on).into_iter().map(|listed| LawItem {
        kind: match listed.item {
            Item::Figure(_) => "figure".to_owned(),
            _ => "rule".to_owned(),
        },
        name: listed.names.id.clone(),
        zh: listed.names.zh.clone(),
        from: listed.from.map(|day| day.to_string()),
        until: listed.until.map(|day| day.to_string()),
        confirmed: listed.standing.is_confirmed(),
    });
    let listed = listed.filter(|item| kind.as_ref().is_none_or(|kind| item.kind == *kind));
    let (items, next) = part.of(&house, &uri, listed.collect());
    Ok(state(&headers, &LawItems { items, next }))
}

/// A rule.
pub(crate) async fn rule(
    State(house): State<House>,
    Path((jurisdiction, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (law, id) = find(&house, &jurisdiction, &name)?;
    Ok(state(&headers, &shape(&house, law, id)))
}

/// What it comes to for a case, and why.
pub(crate) async fn evaluate(
    State(house): State<House>,
    Path((jurisdiction, name)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let case: Case = sent.json()?;
    find(&house, &jurisdiction, &name)?;
    let on = case.on.as_deref().map(Day::parse).transpose();
    let on = on.map_err(|_| super::answer::unreadable("on"))?;
    let on = on.unwrap_or_else(|| house.today());
    // Seconds of work at worst: not on a thread that others wait for.
    let worked = tokio::task::spawn_blocking(move || {
        let (law, id) = find(&house, &jurisdiction, &name)?;
        let facts = from_json(law, law[id].of, case.facts.get());
        let facts = facts.map_err(|faults| {
            let said = |lang: Lang| {
                let lines = faults.iter().map(|fault| fault.message(lang));
                lines.collect::<Vec<_>>().join("; ")
            };
            let what = Words::new(said(Lang::Zh), said(Lang::En));
            Problem {
                what,
                code: faults.first().map_or("H0403", |fault| fault.code),
                ..Problem::other_shape()
            }
        })?;
        Ok::<String, Problem>(json(&explain(law, on, &facts, id)).to_string())
    });
    let body = worked.await.map_err(|_| Problem::broken())??;
    Ok(as_json(StatusCode::OK, body))
}

fn find<'h>(
    house: &'h House,
    jurisdiction: &str,
    name: &str,
) -> Result<(&'h Law, RuleId), Problem> {
    let law = house.book.law(jurisdiction).ok_or_else(Problem::no_page)?;
    match law.names.get(name) {
        Some(Item::Rule(id)) => Ok((law, *id)),
        _ => Err(Problem::no_page()),
    }
}

fn shape(house: &House, law: &Law, id: RuleId) -> LawRule {
    let rule = &law[id];
    let links = uses(law, id);
    let citations = rule.citations.iter().map(|citation| {
        let source = &law[citation.source].id;
        match &citation.article {
            Some(article) => format!("{source} {article}"),
            None => source.clone(),
        }
    });
    LawRule {
        name: rule.names.id.clone(),
        zh: rule.names.zh.clone(),
        jurisdiction: law
            .chain
            .get(rule.jurisdiction)
            .map_or_else(String::new, |one| one.id.clone()),
        clause: both(&rule.clause),
        text: text_of(&house.book, rule.span).to_owned(),
        citations: citations.collect(),
        confirmed: rule.mark.confirmed,
        uses: links
            .rules
            .iter()
            .map(|id| law[*id].names.id.clone())
            .collect(),
        figures: links
            .figures
            .iter()
            .map(|id| law[*id].names.id.clone())
            .collect(),
        inputs: links
            .inputs
            .iter()
            .map(|id| law[*id].names.id.clone())
            .collect(),
        used_by: used_by(law, Item::Rule(id))
            .iter()
            .map(|id| law[*id].names.id.clone())
            .collect(),
        template: template(law, id),
    }
}

fn both(text: &Text) -> Both {
    Both {
        zh: Lang::Zh.text(text).to_owned(),
        en: Lang::En.text(text).to_owned(),
    }
}
