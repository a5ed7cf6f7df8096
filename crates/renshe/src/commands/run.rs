//! `law run`: rules over a file of rows.

use crate::arguments::{Format, Run};
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, complain, count, counted};
use crate::population::{Population, refusals};
use exchange::rows::Summary;
use measure::Day;
use rules::law::{Item, Law};
use rules::listing;
use rules::needs::{Days, Needs};
use serde_json::json;
use std::time::{Duration, Instant};

pub(crate) fn run(asked: &Run, setting: &Setting) -> Result<Exit, Failure> {
    let book = Origin::of(asked.folder.law.as_deref()).book(setting)?;
    let law = lookup::jurisdiction(&book, asked.under.jurisdiction.as_deref(), setting)?;
    let rules = lookup::rules(law, &asked.rules, setting)?;
    let as_of = asked.under.as_of.unwrap_or(setting.today);
    let population = Population::open(law, as_of, &rules, &asked.rows, None, setting)?;
    population.notes.iter().for_each(|note| complain(note));
    #[expect(
        clippy::disallowed_methods,
        reason = "the summary says how long the run took"
    )]
    let begun = Instant::now();
    let summary = population.run(&asked.out, asked.rows.threads, setting)?;
    let took = begun.elapsed();
    let doubtful = doubtful(law, as_of, &population.needs);
    answer(&match asked.format {
        Format::Text => text(asked, law, as_of, &summary, took, &doubtful, setting),
        Format::Json => json(asked, law, as_of, &summary, took, &doubtful),
    });
    Ok(if summary.refused.is_empty() {
        Exit::Good
    } else {
        Exit::Partial
    })
}

/// The unconfirmed figures and rules the values may rest on.
pub(super) fn doubtful(law: &Law, as_of: Day, needs: &Needs) -> Vec<Item> {
    let figures = needs
        .figures
        .iter()
        .map(|(id, days)| (Item::Figure(*id), (*days == Days::AsOf).then_some(as_of)));
    let rules = needs.rules.iter().map(|id| (Item::Rule(*id), None));
    let doubtful = figures
        .chain(rules)
        .filter(|(item, day)| !listing::doubts(law, *item, *day).is_empty());
    doubtful.map(|(item, _)| item).collect()
}

fn names(law: &Law, items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Figure(id) => Some(law[*id].names.id.clone()),
        Item::Rule(id) => Some(law[*id].names.id.clone()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

fn rows_per_second(summary: &Summary, took: Duration) -> u64 {
    let per_second = u128::from(summary.rows) * 1_000_000 / took.as_micros().max(1);
    u64::try_from(per_second).unwrap_or(u64::MAX)
}

fn text(
    asked: &Run,
    law: &Law,
    as_of: Day,
    summary: &Summary,
    took: Duration,
    doubtful: &[Item],
    setting: &Setting,
) -> String {
    let lang = setting.lang;
    let place = law.chain.last().map_or("", |last| last.id.as_str());
    let seconds = format!("{}.{:02}", took.as_secs(), took.subsec_millis() / 10);
    let out = asked.out.display();
    let rate = count(rows_per_second(summary, took));
    let mut told = lang.pick(
        format!(
            "{} 行，{seconds} 秒，每秒 {rate} 行 → {out}（{place}，适用日 {as_of}）\n",
            count(summary.rows)
        ),
        format!(
            "{} in {seconds} s, {rate} rows/s → {out} ({place}, as of {as_of})\n",
            counted(summary.rows, "row", "rows")
        ),
    );
    if let Some(side) = &summary.side {
        let side = side.display();
        told.push_str(&match summary.refused_rows {
            // Records that belong to no row are told of, but refuse none.
            0 => lang.pick(
                format!("无行未得出；其他情况见 {side}：\n"),
                format!("no row was refused; what else there is to say is in {side}:\n"),
            ),
            rows => lang.pick(
                format!("{} 行未得出，逐条理由见 {side}：\n", count(rows)),
                format!(
                    "{} refused; each with its reason in {side}:\n",
                    counted(rows, "row was", "rows were")
                ),
            ),
        });
        told.push_str(&refusals(summary));
        told.push_str(lang.pick(
            "  `renshe law error 代码` 说明原因与办法\n",
            "  `renshe law error CODE` tells what a code means and how to mend it\n",
        ));
    }
    if !doubtful.is_empty() {
        let number = doubtful.len() as u64;
        told.push_str(&lang.pick(
            format!(
                "结果可能用到 {number} 项未确证的数值与规则：{}\n",
                names(law, doubtful).join("、")
            ),
            format!(
                "the values may rest on {}: {}\n",
                counted(
                    number,
                    "unconfirmed figure or rule",
                    "unconfirmed figures and rules"
                ),
                names(law, doubtful).join(", ")
            ),
        ));
        told.push_str(&lang.pick(
            format!("  `renshe law list --unconfirmed --jurisdiction {place}` 列出其等级与说明\n"),
            format!("  `renshe law list --unconfirmed --jurisdiction {place}` tells the grade and note of each\n"),
        ));
    }
    told
}

fn json(
    asked: &Run,
    law: &Law,
    as_of: Day,
    summary: &Summary,
    took: Duration,
    doubtful: &[Item],
) -> String {
    let refused = summary
        .refused
        .iter()
        .map(|((code, column), rows)| json!({ "code": code, "column": column, "count": rows }));
    let summary = json!({
        "out": asked.out.display().to_string(),
        "refused_out": summary.side.as_ref().map(|side| side.display().to_string()),
        "jurisdiction": law.chain.last().map(|last| &last.id),
        "as_of": as_of.to_string(),
        "rows": summary.rows,
        "refused_rows": summary.refused_rows,
        "refused": refused.collect::<Vec<_>>(),
        "milliseconds": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "rows_per_second": rows_per_second(summary, took),
        "unconfirmed": names(law, doubtful),
    });
    format!("{summary:#}\n")
}
