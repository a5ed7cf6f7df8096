//! Whom another registry looks for.

use serde_json::Value;

/// Whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// By an identity number.
    Identity(String),
    /// By a number in our register.
    Person(i64),
}

/// What must be true of them besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Criteria {
    /// Who; `None` while nothing names one.
    pub(super) sought: Option<Sought>,
    /// Their day of birth.
    pub(super) born: Option<String>,
    /// Their sex.
    pub(super) sex: Option<String>,
}

/// Why criteria are not searched by.
pub(super) const UNSEARCHED: &str = "persons are found by identity number (UIN, NIN) or by their number here (PERSON), compared with eq and joined by and; \
     birth_date and sex may stand beside it";

/// Whom a query means; an error where it is of another form, or asks for what is not searched by.
pub(super) fn read(kind: &str, query: &Value) -> Result<Criteria, &'static str> {
    let mut criteria = Criteria::default();
    match kind {
        "idtype-value" => {
            criteria.take(text(query, "type")?, query.get("value").ok_or(UNSEARCHED)?)?;
        }
        "expression" => criteria.expression(query)?,
        "predicate" => criteria.predicate(query)?,
        _ => return Err(UNSEARCHED),
    }
    match criteria.sought {
        Some(_) => Ok(criteria),
        None => Err(UNSEARCHED),
    }
}

impl Criteria {
    fn take(&mut self, name: &str, value: &Value) -> Result<(), &'static str> {
        let as_text = || value.as_str().map(str::to_owned).ok_or(UNSEARCHED);
        let number = || {
            let text = value.as_str().and_then(|text| text.trim().parse().ok());
            value.as_i64().or(text)
        };
        let sought = match name.to_ascii_uppercase().as_str() {
            "UIN" | "NIN" | "IDENTITY_NUMBER" | "RESIDENT-IDENTITY" => Sought::Identity(as_text()?),
            "PERSON" => Sought::Person(number().ok_or(UNSEARCHED)?),
            "BIRTH_DATE" => {
                self.born = Some(as_text()?);
                return Ok(());
            }
            "SEX" => {
                self.sex = Some(as_text()?);
                return Ok(());
            }
            _ => return Err(UNSEARCHED),
        };
        match self.sought.replace(sought.clone()) {
            Some(before) if before != sought => Err(UNSEARCHED),
            _ => Ok(()),
        }
    }

    /// `{ "type": …, "value": { "expression": { "query": { "$and": [{ "uin": { "$eq": … } }] } } } }`
    fn expression(&mut self, query: &Value) -> Result<(), &'static str> {
        let value = query.get("value").unwrap_or(query);
        let value = value.get("expression").unwrap_or(value);
        let value = value.get("query").unwrap_or(value);
        let all = match value.get("$and").and_then(Value::as_array) {
            Some(all) => all.clone(),
            None => vec![value.clone()],
        };
        for one in &all {
            let fields = one.as_object().ok_or(UNSEARCHED)?;
            for (name, compared) in fields {
                let compared = match compared.as_object() {
                    Some(how) if how.len() == 1 => how.get("$eq").ok_or(UNSEARCHED)?,
                    Some(_) => return Err(UNSEARCHED),
                    None => compared,
                };
                self.take(name, compared)?;
            }
        }
        Ok(())
    }

    /// `[{ "expression1": { "attribute_name": …, "operator": "eq", "attribute_value": … }, "condition": "and", … }]`
    fn predicate(&mut self, query: &Value) -> Result<(), &'static str> {
        for one in query.as_array().ok_or(UNSEARCHED)? {
            let joined = one.get("condition").map(Value::as_str);
            if !matches!(joined, None | Some(Some("and"))) {
                return Err(UNSEARCHED);
            }
            for part in ["expression1", "expression2"] {
                let Some(part) = one.get(part) else {
                    continue;
                };
                if text(part, "operator")? != "eq" {
                    return Err(UNSEARCHED);
                }
                let value = part.get("attribute_value").ok_or(UNSEARCHED)?;
                self.take(text(part, "attribute_name")?, value)?;
            }
        }
        Ok(())
    }
}

fn text<'v>(of: &'v Value, name: &str) -> Result<&'v str, &'static str> {
    of.get(name).and_then(Value::as_str).ok_or(UNSEARCHED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn persons_are_found_by_number_however_it_is_asked() {
        let by = Some(Sought::Identity("X".to_owned()));
        let simple = read("idtype-value", &json!({ "type": "UIN", "value": "X" })).unwrap();
        assert_eq!(simple.sought, by);
        let expression = json!({ "type": "t", "value": { "expression": { "query": { "$and": [{ "uin": { "$eq": "X" } }, { "birth_date": "1990-01-01" }] } } } });
        let expression = read("expression", &expression).unwrap();
        assert_eq!(
            (expression.sought, expression.born.as_deref()),
            (by.clone(), Some("1990-01-01"))
        );
        let predicate = json!([{ "expression1": { "attribute_name": "uin", "operator": "eq", "attribute_value": "X" }, "condition": "and",
            "expression2": { "attribute_name": "sex", "operator": "eq", "attribute_value": "male" } }]);
        assert_eq!(read("predicate", &predicate).unwrap().sought, by);
        assert_eq!(
            read("idtype-value", &json!({ "type": "PERSON", "value": "7" }))
                .unwrap()
                .sought,
            Some(Sought::Person(7))
        );
    }

    #[test]
    fn nobody_is_listed_by_what_is_true_of_them() {
        for (kind, query) in [
            (
                "idtype-value",
                json!({ "type": "HOUSEHOLD_ID", "value": "X" }),
            ),
            (
                "expression",
                json!({ "value": { "expression": { "query": { "$and": [{ "age": { "$lt": 5 } }] } } } }),
            ),
            (
                "expression",
                json!({ "value": { "expression": { "query": { "uin": { "$gt": "0" } } } } }),
            ),
            (
                "expression",
                json!({ "value": { "expression": { "query": { "birth_date": "1990-01-01" } } } }),
            ),
            (
                "predicate",
                json!([{ "expression1": { "attribute_name": "uin", "operator": "gt", "attribute_value": "0" } }]),
            ),
            (
                "predicate",
                json!([{ "expression1": { "attribute_name": "uin", "operator": "eq", "attribute_value": "X" }, "condition": "or",
                "expression2": { "attribute_name": "uin", "operator": "eq", "attribute_value": "Y" } }]),
            ),
            ("graphql", json!({})),
        ] {
            assert!(read(kind, &query).is_err(), "{kind} {query}");
        }
    }
}
