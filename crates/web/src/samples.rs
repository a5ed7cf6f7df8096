//! Every state of every page, in both languages: well-formed, labelled, small, and without a style or script of its own.

use crate::look::layout::whole;
use crate::page::Page;
use crate::visitor::Visitor;
use rules::explain::Lang;
use std::fs;
use std::path::Path;

macro_rules! pages {
    ($($page:path),* $(,)?) => {
        /// Every page with its samples; the names are those of the types.
        fn all() -> Vec<(&'static str, Vec<Box<dyn Page>>)> {
            vec![$((stringify!($page), <$page as Page>::samples().into_iter().map(|page| Box::new(page) as Box<dyn Page>).collect())),*]
        }
    };
}

pages! {
    crate::home::HomePage,
    crate::sign_in::SignInPage,
    crate::sign_in::openid::out::OutPage,
    crate::look::living::LivingPage,
    crate::library::index::IndexPage,
    crate::library::source::SourcePage,
    crate::library::rule::RulePage,
    crate::library::figure::FigurePage,
    crate::library::search::SearchPage,
    crate::library::unconfirmed::UnconfirmedPage,
    crate::library::whatif::ChoosePage,
    crate::library::whatif::ResultPage,
    crate::library::whatif::WaitPage,
    crate::library::whatif::population::PopulationPage,
    crate::person::overview::OverviewPage,
    crate::person::month::MonthPage,
    crate::person::retirement::RetirementPage,
    crate::person::retirement::month::RetiringPage,
    crate::person::statement::StatementPage,
    crate::person::data::DataPage,
    crate::person::looks::LooksPage,
    crate::person::correction::CorrectionPage,
    crate::person::correction::one::AskedPage,
    crate::sign_in::settings::SettingsPage,
    crate::sign_in::passkeys::page::PasskeysPage,
    crate::employer::overview::OverviewPage,
    crate::employer::declare::DeclarePage,
    crate::employer::draft::DraftPage,
    crate::employer::changes::UnnamedPage,
    crate::employer::receipt::ReceiptPage,
    crate::employer::receipt::WithdrawPage,
    crate::employer::one::OnePage,
    crate::employer::staff::StaffPage,
    crate::employer::bills::BillsPage,
    crate::employer::bill::BillPage,
    crate::employer::bill_line::LinePage,
    crate::employer::payments::PaymentsPage,
    crate::employer::parts::PartsPage,
    crate::counter::overview::OverviewPage,
    crate::counter::purpose::PurposePage,
    crate::counter::person::PersonPage,
    crate::counter::person::MonthsPage,
    crate::counter::correct::CorrectPage,
    crate::counter::employer::EmployerPage,
    crate::counter::inbox::InboxPage,
    crate::counter::inbox::ItemPage,
    crate::counter::month::MonthsPage,
    crate::counter::month::MonthPage,
    crate::counter::receipts::ReceiptsPage,
    crate::counter::receipts::ReceiptPage,
    crate::counter::checks::VerifyPage,
    crate::counter::checks::LogPage,
    crate::city_door::overview::OverviewPage,
    crate::city_door::district::DistrictPage,
    crate::problem::ProblemPage,
    crate::api::page::ApiPage,
}

/// Elements without an end.
const VOID: [&str; 6] = ["meta", "link", "img", "input", "br", "hr"];

/// A start tag: its name and its attributes as they stand.
struct Tag<'t> {
    name: &'t str,
    rest: &'t str,
}

impl Tag<'_> {
    fn get(&self, attribute: &str) -> Option<&str> {
        let (_, after) = self.rest.split_once(&format!(" {attribute}=\""))?;
        after.split('"').next()
    }
}

/// The start tags, if every element that begins also ends, in order.
fn well_formed(html: &str) -> Result<Vec<Tag<'_>>, String> {
    let (mut open, mut tags, mut rest) = (Vec::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').ok_or("a tag does not end")? + at;
        let inside = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => continue,
                other => return Err(format!("</{name}> ends {other:?}")),
            }
        }
        let name = inside.split(' ').next().unwrap_or_default();
        tags.push(Tag {
            name,
            rest: &inside[name.len()..],
        });
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() {
        Ok(tags)
    } else {
        Err(format!("not ended: {open:?}"))
    }
}

/// What is wrong with a page.
fn faults(html: &str, lang: Lang) -> Vec<String> {
    let tags = match well_formed(html) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let mut want = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let of = |name: &'static str| tags.iter().filter(move |tag| tag.name == name);
    let language = of("html").next().and_then(|tag| tag.get("lang"));
    want(language == Some(lang.pick("zh-Hans", "en")), "no language");
    want(of("title").count() >= 1, "no title");
    want(of("h1").count() == 1, "not one first heading");
    want(of("style").count() == 0, "a style of its own");
    want(
        of("script").all(|tag| tag.get("src").is_some()),
        "a script of its own",
    );
    want(html.len() < 100_000, "100 kB or more");
    let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    want(ids.len() == all, "an id twice");
    let labels: Vec<&str> = of("label").filter_map(|tag| tag.get("for")).collect();
    for tag in &tags {
        let is_field = matches!(tag.name, "input" | "select" | "textarea")
            && tag.get("type") != Some("hidden");
        let labelled = tag.get("id").is_some_and(|id| labels.contains(&id));
        want(
            !is_field || labelled,
            &format!("a field without a label:{}", tag.rest),
        );
        want(tag.get("style").is_none(), "an inline style");
        let handler = tag.rest.contains(" onclick=") || tag.rest.contains(" onload=");
        want(!handler, "an inline handler");
        want(
            tag.name != "img" || tag.get("alt").is_some(),
            "a picture without words",
        );
        let described = tag.get("aria-describedby").unwrap_or_default();
        want(
            described
                .split_whitespace()
                .all(|id| ids.binary_search(&id).is_ok()),
            "described by nothing",
        );
        let posts = tag.get("method") == Some("post");
        let foreign = tag.get("action").is_some_and(|to| !to.starts_with('/'));
        want(!(posts && foreign), "a form that leads elsewhere");
    }
    faults
}

#[test]
fn every_sample_is_sound_in_both_languages() {
    let mut wrong = Vec::new();
    for (name, samples) in all() {
        assert!(!samples.is_empty(), "{name}");
        for (number, sample) in samples.iter().enumerate() {
            for lang in [Lang::Zh, Lang::En] {
                let html = whole(&**sample, &Visitor::sample(lang)).into_string();
                for fault in faults(&html, lang) {
                    wrong.push(format!("{name} {number} {lang:?}: {fault}"));
                }
                for script in ["<script>alert", "<b>8000"] {
                    assert!(!html.contains(script), "{name} {number}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_page_is_missing() {
    let mut found = 0;
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found += text
                    .lines()
                    .filter(|line| line.starts_with("impl Page for "))
                    .count();
            }
        }
    }
    assert_eq!(found, all().len());
}

#[test]
fn the_look_is_small_and_names_colours_once() {
    let style = include_str!("look/style.css");
    let script = include_str!("look/script.js");
    assert!(style.len() < 30_000 && script.len() < 5_000);
    let (_, below) = style.split_once("*, *::before").unwrap();
    let screen = below.split("@media print").next().unwrap();
    let hex = screen
        .match_indices('#')
        .filter(|(at, _)| screen[at + 1..].starts_with(|sign: char| sign.is_ascii_hexdigit()));
    let hex: Vec<&str> = hex
        .map(|(at, _)| &screen[at..(at + 9).min(screen.len())])
        .collect();
    assert!(
        hex.iter().all(|colour| colour.starts_with("#ffffff")),
        "{hex:?}"
    );
}
