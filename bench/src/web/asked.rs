//! What is asked for, by whom.

use super::Options;
use super::served::Served;
use crate::Failure;
use std::fs;
use std::path::{Path, PathBuf};
use synth::City;

/// A load: requests of one kind.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) how: How,
    /// One request of it, whole, for its answer to be kept.
    pub(crate) example: String,
    /// Headers of each request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// How it is sent.
pub(crate) enum How {
    /// The same page again and again, at the pace.
    Page(&'static str),
    /// Addresses that match a pattern, at the pace.
    Pages(String),
    /// Bodies from a file, a line each, sent to one address at the pace.
    Bodies(&'static str, PathBuf),
    /// A program of wrk that makes each request anew, as fast as two who wait for each answer are.
    Writes(PathBuf),
}

/// So many different persons are asked for; so many are written about.
const DIFFERENT: usize = 5_000;
/// The month that is declared: the first that is not sealed.
const MONTH: &str = "2025-04";

/// The loads.
pub(crate) fn asked(
    house: &Served,
    options: &Options,
    folder: &Path,
) -> Result<Vec<Asked>, Failure> {
    let people = sample(options.people);
    let first = people
        .first()
        .ok_or_else(|| Failure("nobody is employed".into()))?;
    let token = house.token()?;
    let program = vec![
        ("authorization", format!("Bearer {token}")),
        ("purpose", String::from("bench")),
    ];
    let mut with_body = program.clone();
    with_body.push(("content-type", String::from("application/json")));
    let cookie = house.cookie(first.person)?;

    let bodies = folder.join("bodies");
    let lines: String = people.iter().map(|one| one.sought() + "\n").collect();
    fs::write(&bodies, lines).map_err(|error| Failure::of("cannot write", &bodies, &error))?;
    let script = folder.join("writes.lua");
    fs::write(&script, writes(&people, &with_body))
        .map_err(|error| Failure::of("cannot write", &script, &error))?;

    let digits = options.people.to_string().len() - 1;
    let anybody = format!("/api/v1/persons/[1-9][0-9]{{{}}}", digits - 1);
    let own = vec![("cookie", cookie)];
    Ok(vec![
        Asked {
            name: "own overview, a page",
            how: How::Page("/me"),
            example: request("GET", "/me", &own, ""),
            headers: own,
        },
        Asked {
            name: "anybody's record",
            how: How::Pages(anybody),
            example: request(
                "GET",
                &format!("/api/v1/persons/{}", first.person),
                &program,
                "",
            ),
            headers: program,
        },
        Asked {
            name: "search by identity number",
            how: How::Bodies("/api/v1/persons/search", bodies),
            example: request(
                "POST",
                "/api/v1/persons/search",
                &with_body,
                &first.sought(),
            ),
            headers: with_body.clone(),
        },
        Asked {
            name: "a wage declared",
            how: How::Writes(script),
            example: {
                let mut once = with_body.clone();
                once.push(("idempotency-key", String::from("bench-example")));
                request(
                    "POST",
                    &first.declared_at(),
                    &once,
                    &first.declared("2999.99"),
                )
            },
            headers: with_body,
        },
    ])
}

/// An employed person.
struct One {
    person: i64,
    employer: i64,
    identity: String,
    name: String,
}

impl One {
    fn sought(&self) -> String {
        format!(
            r#"{{"sought":[{{"identity_number":"{}"}}]}}"#,
            self.identity
        )
    }

    fn declared_at(&self) -> String {
        format!("/api/v1/employers/{}/declarations/{MONTH}", self.employer)
    }

    /// A declaration of this wage: the same one again would be refused.
    fn declared(&self, wage: &str) -> String {
        format!(
            r#"{{"coverage":"part","rows":[{{"identity_number":"{}","name":"{}","wage":"{wage}"}}]}}"#,
            self.identity, self.name
        )
    }
}

/// Employed persons of the city that `renshe synth` makes without a seed, spread over it, each of another employer.
fn sample(people: u64) -> Vec<One> {
    let city = City::of(1, people);
    let step = (people / 10_000).max(1);
    let mut known = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for number in (0..people).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let rows = city.registers(number..number + 1);
        let (Some(&employer), Some(&person)) = (
            rows.employments.employer.first(),
            rows.persons.person.first(),
        ) else {
            continue;
        };
        let Some(identity) = rows.identities.number.first() else {
            continue;
        };
        if known.insert(employer) {
            found.push(One {
                person,
                employer,
                identity: String::from_utf8_lossy(identity).into_owned(),
                name: rows.persons.name.get(0).to_owned(),
            });
        }
        if found.len() == DIFFERENT {
            break;
        }
    }
    found
}

/// A whole request, after which the connection is closed.
pub(crate) fn request(
    method: &str,
    path: &str,
    headers: &[(&'static str, String)],
    body: &str,
) -> String {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// A program of wrk: each request declares another person's wage under another key, the first answer that is not well is told
/// as an error, and the end as one line.
fn writes(people: &[One], headers: &[(&'static str, String)]) -> String {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("headers[\"{name}\"] = \"{value}\"\n"))
        .collect();
    let requests: String = people
        .iter()
        .map(|one| {
            format!(
                "{{ \"{}\", [[{}]] }},\n",
                one.declared_at(),
                one.declared("%d.%02d")
            )
        })
        .collect();
    format!(
        "local headers = {{}}\n{headers}local requests = {{\n{requests}}}\n\
         local threads, at = 0, 0\n\
         function setup(thread) thread:set(\"mine\", threads) threads = threads + 1 end\n\
         function init() math.randomseed(os.time() + mine) at = math.random(#requests) + mine * 1009 end\n\
         function request()\n  at = at + 1\n  local one = requests[at % #requests + 1]\n  \
         headers[\"idempotency-key\"] = string.format(\"%d-%d-%d\", os.time(), mine, math.random(1000000000))\n  \
         local wage = string.format(one[2], math.random(3000, 9000), math.random(0, 99))\n  \
         return wrk.format(\"POST\", one[1], headers, wage)\nend\n\
         function response(status, _, body)\n  if status >= 300 and not said then\n    said = true\n    \
         io.stderr:write(status, \" \", body, \"\\n\")\n  end\nend\n\
         function done(summary, latency)\n  io.write(string.format(\"told %d %d %d %d %d %d\\n\", summary.requests, \
         summary.errors.status + summary.errors.read + summary.errors.timeout, latency:percentile(50), latency:percentile(95), \
         latency:percentile(99), summary.duration))\nend\n"
    )
}
