//! The API as OpenAPI 3.1 describes one, made from the [operations](super::operations) and the [shapes].

use super::operations::{OPERATIONS, Operation, Sends, Way};
use super::shapes;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use rules::explain::Lang;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(components(schemas(
    shapes::Accounts,
    shapes::Bills,
    shapes::BulkOutcome,
    shapes::BulkSent,
    shapes::Case,
    shapes::DeclarationSent,
    shapes::Declarations,
    shapes::Declared,
    shapes::Employer,
    shapes::EmployerOwes,
    shapes::EmployerSought,
    shapes::Ended,
    shapes::FoundEmployer,
    shapes::FoundPersons,
    shapes::Job,
    shapes::LawIndex,
    shapes::LawItems,
    shapes::LawRule,
    shapes::Looked,
    shapes::MonthReview,
    shapes::MonthRun,
    shapes::MonthsPaid,
    shapes::Person,
    shapes::Problem,
    shapes::Receipts,
    shapes::Subscription,
    shapes::Subscriptions,
    shapes::TakenBack,
    shapes::Wanted,
    shapes::WhoAll
)))]
struct Shapes;

/// The document.
///
/// # Panics
///
/// Never: shapes are written by the same that reads them.
#[must_use]
pub fn document() -> Value {
    let shapes = serde_json::to_value(Shapes::openapi().components).expect("shapes are JSON");
    let mut schemas = shapes.get("schemas").cloned().unwrap_or_default();
    if let Some(schemas) = schemas.as_object_mut() {
        let explanation = json!({
            "type": "object",
            "description": "What came out, and every step of why: see the reference of explanations.",
            "required": ["rule", "as_of", "steps", "unconfirmed"],
        });
        schemas.insert("Explanation".to_owned(), explanation);
    }
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths
            .entry(operation.path.to_owned())
            .or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_lowercase(), described(operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Renshe",
            "version": "1",
            "description": "What the doors of the city do, for programs. 人社业务接口。",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": "Why not, and what to do.",
                "content": { "application/problem+json": { "schema": shape("Problem") } },
            } },
        },
    })
}

/// The document, to whoever asks.
pub(crate) async fn shown(State(_): State<House>) -> Json<Value> {
    Json(document())
}

fn shape(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn described(operation: &Operation) -> Value {
    let (status, answer) = operation.answers;
    let mut answers = Map::new();
    let told = json!({
        "description": "As asked.",
        "content": { "application/json": { "schema": shape(answer) } },
    });
    answers.insert(status.to_string(), told.clone());
    if status == 201 {
        // Nothing was recorded for its faults, or it was known already.
        answers.insert("200".to_owned(), told);
    }
    if matches!(operation.way, Way::Open | Way::Looks | Way::Reads) {
        let same = json!({ "description": "It is as you have it." });
        answers.insert("304".to_owned(), same);
    }
    answers.insert(
        "default".to_owned(),
        json!({ "$ref": "#/components/responses/Problem" }),
    );
    let id = format!("{} {}", operation.method, operation.path);
    let mut described = json!({
        "operationId": id.to_lowercase().replace(['{', '}'], "").replace([' ', '/', '.'], "-"),
        "tags": [operation.about.name().en],
        "summary": format!("{} · {}", Lang::En.say(operation.name), Lang::Zh.say(operation.name)),
        "parameters": parameters(operation),
        "responses": answers,
        "security": match operation.way {
            Way::Open | Way::Works => json!([]),
            _ => json!([{ "token": [] }]),
        },
    });
    let content = match operation.sends {
        Sends::Nothing => return described,
        Sends::Shape(name) => json!({ "application/json": { "schema": shape(name) } }),
        Sends::File(kinds) => {
            let each = kinds.iter().map(|(kind, _)| {
                let bytes = json!({ "schema": { "type": "string", "contentMediaType": kind } });
                ((*kind).to_owned(), bytes)
            });
            Value::Object(each.collect())
        }
    };
    if let Some(described) = described.as_object_mut() {
        let body = json!({ "required": true, "content": content });
        described.insert("requestBody".to_owned(), body);
    }
    described
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let parameter = |name: &str, place: &str, required: bool, schema: Value, what: &str| json!({ "name": name, "in": place, "required": required, "schema": schema, "description": what });
    let text = || json!({ "type": "string" });
    let mut all = Vec::new();
    for part in operation.path.split('/') {
        let name = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        if let Some(name) = name {
            let (schema, what) = in_path(name);
            all.push(parameter(name, "path", true, schema, what));
        }
    }
    for name in operation.query {
        let (schema, what) = in_query(name);
        all.push(parameter(name, "query", false, schema, what));
    }
    match operation.way {
        Way::Looks | Way::Seeks => {
            let what = "What it is looked at for, such as the number of a case; members of staff must say it.";
            let schema = json!({ "type": "string", "maxLength": 200 });
            all.push(parameter("Purpose", "header", false, schema, what));
        }
        Way::Alters | Way::Decides => {
            let what =
                "A key of your own for this one thing: asked again with it, it is done once.";
            let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
            all.push(parameter("Idempotency-Key", "header", true, schema, what));
        }
        Way::Open | Way::Works | Way::Reads | Way::Tries => {}
    }
    if matches!(operation.way, Way::Open | Way::Looks | Way::Reads) {
        let what = "The tag of the state you have.";
        all.push(parameter("If-None-Match", "header", false, text(), what));
    }
    if operation.way == Way::Decides {
        let what = "The tag of the state that was looked at; it is refused in any other.";
        all.push(parameter("If-Match", "header", false, text(), what));
    }
    all
}

fn in_path(name: &str) -> (Value, &'static str) {
    let number = json!({ "type": "integer", "format": "int64", "minimum": 1 });
    match name {
        "person" => (number, "A number in the register of persons."),
        "employer" => (number, "A number in the register of employers."),
        "declaration" => (number, "The number of a declaration."),
        "month" => (
            json!({ "type": "string", "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$" }),
            "A month, such as `2025-06`.",
        ),
        "kind" => (
            json!({ "enum": ["assessment", "crediting", "difference", "interest", "resident-interest"] }),
            "The kind of run.",
        ),
        "jurisdiction" => (
            json!({ "type": "string", "minLength": 1 }),
            "A jurisdiction, such as `cn-50`.",
        ),
        "name" => (
            json!({ "type": "string", "minLength": 1 }),
            "A name of the law, Chinese or English.",
        ),
        "job" => (
            json!({ "type": "string", "minLength": 1 }),
            "A job, as it was named when it began.",
        ),
        _ => (
            json!({ "type": "string", "minLength": 1 }),
            "The code of a subscription.",
        ),
    }
}

fn in_query(name: &str) -> (Value, &'static str) {
    let day = json!({ "type": "string", "format": "date", "pattern": "^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$" });
    match name {
        "limit" => (
            json!({ "type": "integer", "minimum": 1, "maximum": 500, "default": 50 }),
            "How many at most.",
        ),
        "cursor" => (
            json!({ "type": "string" }),
            "Where to read on, as `next` gave it.",
        ),
        "on" => (
            day,
            "The day whose law and debts are meant; without it today.",
        ),
        "as_of" => (day, "As known at the end of this day; without it today."),
        "coverage" => (
            json!({ "enum": ["whole", "part"], "default": "whole" }),
            "Whether it tells of the whole staff.",
        ),
        "record" => (
            json!({ "enum": ["all", "good"], "default": "all" }),
            "Whether rows are recorded beside faulty ones.",
        ),
        _ => (json!({ "enum": ["rule", "figure"] }), "Of this kind only."),
    }
}
