//! What was written, and each published margin beside what was made of it.

use super::pour::Poured;
use crate::arguments::{Format, Synth};
use crate::output::{count, counted, table};
use measure::Fen;
use rules::explain::Lang;
use serde_json::{Value, json};
use std::time::Duration;
use synth::{City, Comparison, Margin};

/// What the report tells of.
pub(super) struct Report<'a> {
    pub(super) asked: &'a Synth,
    pub(super) city: &'a City,
    pub(super) poured: &'a Poured,
    /// The files' names.
    pub(super) names: Vec<String>,
    pub(super) took: Duration,
    pub(super) lang: Lang,
}

impl Report<'_> {
    /// In the form asked for.
    pub(super) fn written(&self) -> String {
        let comparisons = self.poured.tally.compare(self.city);
        match self.asked.report {
            Format::Text => self.text(&comparisons),
            Format::Json => format!("{}\n", self.json(&comparisons)),
        }
    }

    fn text(&self, comparisons: &[Comparison]) -> String {
        let (lang, people, seed) = (self.lang, self.city.people(), self.asked.seed);
        let heading = lang.pick(
            format!(
                "{} 人的虚拟城市（种子 {seed}）：其中没有一个真人。\n",
                count(people)
            ),
            format!(
                "A synthetic city of {} insured (seed {seed}): nobody in it is real.\n",
                count(people)
            ),
        );
        let files = self.names.iter().zip(self.poured.rows);
        let files = files
            .map(|(name, rows)| vec![name.clone(), count(rows)])
            .collect();
        let files = table(
            &[lang.pick("文件", "file"), lang.pick("行", "rows")],
            &[1],
            files,
        );
        let head = lang.pick(
            [
                "指标",
                "公布",
                "应为",
                "生成",
                "差",
                "偶然可差",
                "出处与可信度",
            ],
            [
                "margin",
                "published",
                "expected",
                "made",
                "difference",
                "chance allows",
                "source and mark",
            ],
        );
        let rows = comparisons.iter().map(|comparison| self.row(comparison));
        let margins = table(&head, &[1, 2, 3, 4, 5], rows.collect());
        let off = comparisons
            .iter()
            .filter(|comparison| !comparison.is_within_chance())
            .count() as u64;
        let verdict = match off {
            0 => lang.pick(
                "所有公布的指标都在偶然允许的范围之内。\n".to_owned(),
                "Every published margin is as close as chance allows.\n".to_owned(),
            ),
            off => lang.pick(
                format!("{off} 项指标的差超出偶然允许的范围。\n"),
                format!(
                    "{} further off than chance allows.\n",
                    counted(off, "margin is", "margins are")
                ),
            ),
        };
        let seconds = format!("{}.{:03}", self.took.as_secs(), self.took.subsec_millis());
        let took = lang.pick(
            format!("用时 {seconds} 秒，每秒 {} 人。\n", count(self.rate())),
            format!(
                "Took {seconds} s: {} persons a second.\n",
                count(self.rate())
            ),
        );
        format!("{heading}\n{files}\n{margins}\n{verdict}{took}")
    }

    fn row(&self, comparison: &Comparison) -> Vec<String> {
        let shown = |number: u64| match comparison.margin {
            Margin::Wage => Fen(i64::try_from(number).unwrap_or(i64::MAX))
                .with_separators()
                .to_string(),
            _ => count(number),
        };
        let expected = comparison.expected();
        let sign = if comparison.made < expected { "-" } else { "" };
        let difference = shown(comparison.made.abs_diff(expected));
        let published = match comparison.margin {
            Margin::Wage => shown(comparison.published),
            _ => percent(comparison.published, comparison.published_of),
        };
        let over = if comparison.is_within_chance() {
            ""
        } else {
            " !"
        };
        vec![
            self.name(comparison),
            published,
            shown(expected),
            shown(comparison.made),
            format!("{sign}{difference}{over}"),
            shown(comparison.allowed),
            comparison.source.to_owned(),
        ]
    }

    fn name(&self, comparison: &Comparison) -> String {
        let lang = self.lang;
        let name = comparison.name;
        match comparison.margin {
            Margin::Sex => lang.pick("男", "men").to_owned(),
            Margin::Age => lang.pick(format!("{name} 岁"), format!("aged {name}")),
            Margin::District => name.to_owned(),
            Margin::Insured => match name {
                "unemployment" => lang.pick("失业保险", "unemployment insured"),
                "work-injury" => lang.pick("工伤保险", "insured against work injury"),
                _ => lang.pick("平台从业", "at work for platforms"),
            }
            .to_owned(),
            Margin::Sector => match name {
                "secondary" => lang.pick("第二产业职工", "employees, secondary sector"),
                _ => lang.pick("第三产业职工", "employees, tertiary sector"),
            }
            .to_owned(),
            Margin::Wage => lang
                .pick("月平均工资（元）", "mean monthly wage, yuan")
                .to_owned(),
        }
    }

    fn json(&self, comparisons: &[Comparison]) -> Value {
        let files = self.names.iter().zip(self.poured.rows);
        let files: Vec<Value> = files
            .map(|(name, rows)| json!({ "file": name, "rows": rows }))
            .collect();
        let margins: Vec<Value> = comparisons.iter().map(margin).collect();
        json!({
            "people": self.city.people(),
            "seed": self.asked.seed,
            "files": files,
            "margins": margins,
            "milliseconds": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            "persons_per_second": self.rate(),
        })
    }

    fn rate(&self) -> u64 {
        let per_second = u128::from(self.city.people()) * 1_000 / self.took.as_millis().max(1);
        u64::try_from(per_second).unwrap_or(u64::MAX)
    }
}

fn margin(comparison: &Comparison) -> Value {
    let (kind, yuan) = match comparison.margin {
        Margin::Sex => ("sex", false),
        Margin::Age => ("age", false),
        Margin::District => ("district", false),
        Margin::Insured => ("insured", false),
        Margin::Sector => ("sector", false),
        Margin::Wage => ("wage", true),
    };
    // Amounts are texts in yuan, as everywhere; counts are numbers.
    let shown = |number: u64| match yuan {
        true => json!(Fen(i64::try_from(number).unwrap_or(i64::MAX)).to_string()),
        false => json!(number),
    };
    let expected = comparison.expected();
    json!({
        "margin": kind,
        "name": comparison.name,
        "published": shown(comparison.published),
        "published_of": comparison.published_of,
        "source": comparison.source,
        "expected": shown(expected),
        "made": shown(comparison.made),
        "made_of": comparison.made_of,
        "difference": shown(comparison.made.abs_diff(expected)),
        "below": comparison.made < expected,
        "chance_allows": shown(comparison.allowed),
        "within_chance": comparison.is_within_chance(),
    })
}

/// A share in per cent with two decimals, to the nearest.
fn percent(part: u64, whole: u64) -> String {
    let [part, whole] = [part, whole].map(u128::from);
    let hundredths = (2 * part * 10_000 + whole) / (2 * whole).max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
