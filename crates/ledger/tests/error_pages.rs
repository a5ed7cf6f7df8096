//! Every status has a page, every page a status, and the chart's page is the chart.
#![expect(clippy::disallowed_methods, reason = "the pages are files")]

use ledger::status::Title;
use ledger::{Bound, CHART, Fund, Heading, Kind, Side, TITLES};
use std::fs;
use std::path::PathBuf;

fn reference(path: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    let path = folder.join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_status_has_a_page_and_every_page_a_status() {
    for title in TITLES {
        let page = reference(&format!("errors/{}.md", title.code));
        let heading = format!("# {} {} · {}", title.code, title.names.zh, title.names.en);
        assert_eq!(page.lines().next(), Some(heading.as_str()));
        // The message as it is shown begins with the title, in both languages.
        let shown = page.lines().find(|line| line.starts_with("It reads: "));
        let shown = shown.unwrap_or_else(|| panic!("{heading} shows no message"));
        let (zh, en) = (
            format!("`{}", title.names.zh),
            format!("` · `{}", title.names.en),
        );
        assert!(shown.contains(&zh) && shown.contains(&en), "{shown}");
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors");
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(
        names.filter(|name| name.starts_with('B')).count(),
        TITLES.len()
    );
}

#[test]
fn the_readme_lists_every_page() {
    let readme = reference("errors/README.md");
    let listed: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| [B"))
        .collect();
    let row = |title: &Title| {
        let (code, names) = (title.code, title.names);
        format!("| [{code}]({code}.md) | {} | {} |", names.zh, names.en)
    };
    assert_eq!(listed, TITLES.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn the_page_of_accounts_is_the_chart() {
    let page = reference("accounts.md");
    let table = |heading: &str| {
        let after = page.split(&format!("\n## {heading}\n")).nth(1).unwrap();
        let section = after.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| "));
        rows.skip(1).map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(table("Funds"), Fund::ALL.map(fund_row));
    assert_eq!(
        table("Accounts"),
        CHART.iter().map(account_row).collect::<Vec<_>>()
    );
    assert_eq!(
        table("Events"),
        CHART.iter().map(event_row).collect::<Vec<_>>()
    );
}

fn fund_row(fund: Fund) -> String {
    let names = fund.names();
    format!(
        "| {} | `{}` | {} | {} |",
        fund.code(),
        fund.id(),
        names.zh,
        names.en
    )
}

fn account_row(row: &ledger::chart::Row) -> String {
    let normal = row.normal.map_or("either", |side| side.names().en);
    let bound = match row.bound {
        Bound::Free => "",
        Bound::CreditsWithinDebits => "credits ≤ debits",
        Bound::DebitsWithinCredits => "debits ≤ credits",
    };
    let funds = match row.funds {
        funds if funds.len() == Fund::ALL.len() => "all".to_string(),
        funds => funds
            .iter()
            .map(|fund| fund.code().to_string())
            .collect::<Vec<_>>()
            .join(", "),
    };
    let holders: Vec<&str> = row.holders.iter().map(|kind| kind.id()).collect();
    format!(
        "| {} | `{}` | {} | {} | {normal} | {bound} | {funds} | {} | {} · {} |",
        row.code,
        row.id,
        row.names.zh,
        row.names.en,
        holders.join(", "),
        row.holds.zh,
        row.holds.en,
    )
}

fn event_row(row: &ledger::chart::Row) -> String {
    // A correction and a reversal touch nearly all; they are said in words.
    let kinds = |side: Side| {
        let usual = Kind::ALL
            .into_iter()
            .filter(|kind| !matches!(kind, Kind::Correction | Kind::Reversal));
        let touching = usual.filter(|kind| kind.may_touch(row.heading, side));
        touching
            .map(|kind| kind.names().en)
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!(
        "| {} | {} | {} |",
        row.names.en,
        kinds(Side::Debit),
        kinds(Side::Credit)
    )
}

/// What the page says of corrections in words.
#[test]
fn corrections_leave_the_bank_and_the_fund_balance_alone() {
    for row in &CHART {
        let apart = matches!(row.heading, Heading::Bank | Heading::FundBalance);
        for side in [Side::Debit, Side::Credit] {
            assert_eq!(Kind::Correction.may_touch(row.heading, side), !apart);
        }
    }
}
