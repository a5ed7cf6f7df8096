//! What the comparison says: as a text, for a spreadsheet, for programs.

use super::compare::Compared;
use crate::output::{count, table};
use crate::population::refusals;
use exchange::rows::Summary;
use measure::Day;
use rules::diff::{Extreme, Tally, amount, difference_type, sum_type};
use rules::explain::{Lang, shown};
use rules::law::{Law, RuleId, Type};
use serde_json::{Value as Json, json};

/// Everything a comparison found, with what it was of.
pub(crate) struct Report<'a> {
    pub(crate) law: &'a Law,
    pub(crate) rules: &'a [RuleId],
    pub(crate) compared: &'a Compared,
    pub(crate) summaries: &'a [Summary; 2],
    pub(crate) by: Option<&'a str>,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) place: &'a str,
    pub(crate) as_of: Day,
    pub(crate) lang: Lang,
}

impl Report<'_> {
    pub(crate) fn text(&self) -> String {
        let lang = self.lang;
        let (before, after, place, day) = (&self.before, &self.after, self.place, self.as_of);
        let mut told = lang.pick(
            format!("前：{before}\n后：{after}\n{place}，适用日 {day}\n"),
            format!("before: {before}\nafter:  {after}\n{place}, as of {day}\n"),
        );
        for (index, rule) in self.rules.iter().enumerate() {
            told.push_str(&format!("\n{}\n", self.title(*rule)));
            told.push_str(&self.rule_table(index));
        }
        told.push_str(&self.refused());
        told
    }

    /// `employee due (yuan)`: a rule with the unit of its figures.
    pub(crate) fn title(&self, rule: RuleId) -> String {
        let rule = &self.law[rule];
        let unit = match rule.ty {
            Type::Money => self.lang.pick("（元）", " (yuan)"),
            Type::Rate => self.lang.pick("（比例）", " (rate)"),
            Type::Months | Type::Month => {
                self.lang.pick("（差额以月计）", " (differences in months)")
            }
            Type::Days | Type::Date => self.lang.pick("（差额以天计）", " (differences in days)"),
            Type::Bool => self.lang.pick("（符合者人数）", " (how many hold)"),
            _ => "",
        };
        match (&rule.names.zh, self.lang) {
            (Some(zh), Lang::Zh) => format!("{zh} {}{unit}", rule.names.id),
            _ => format!("{}{unit}", rule.names.id),
        }
    }

    fn rule_table(&self, index: usize) -> String {
        let ty = self.law[self.rules[index]].ty;
        let groups = self.compared.groups.iter().filter(|_| self.by.is_some());
        let mut rows: Vec<Vec<String>> = groups
            .map(|(group, tallies)| self.row(self.group_name(group), &tallies[index], ty))
            .collect();
        rows.push(self.row(
            self.lang.pick("合计", "total"),
            &self.compared.total[index],
            ty,
        ));
        let head = self.lang.pick(
            [
                "",
                "比较",
                "增",
                "减",
                "不变",
                "前",
                "后",
                "差额",
                "平均",
                "最多增",
                "最多减",
                "未得出",
            ],
            [
                "",
                "compared",
                "rise",
                "fall",
                "same",
                "before",
                "after",
                "difference",
                "mean",
                "most raised",
                "most lowered",
                "refused",
            ],
        );
        let mut head = head.to_vec();
        head[0] = self.by.unwrap_or("");
        table(&head, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], rows)
    }

    fn row(&self, name: &str, tally: &Tally, ty: Type) -> Vec<String> {
        let sum = |number: i128| {
            sum_type(ty).map_or_else(|| "—".to_owned(), |ty| self.amount(ty, number))
        };
        let change = |number: i128| {
            difference_type(ty).map_or_else(String::new, |ty| self.signed(ty, number))
        };
        let extreme = |extreme: &Option<Extreme>| match extreme {
            Some(extreme) => format!("{} #{}", change(extreme.change), count(extreme.row)),
            None => "—".to_owned(),
        };
        vec![
            name.to_owned(),
            count(tally.compared()),
            count(tally.gainers),
            count(tally.losers),
            count(tally.unchanged),
            sum(tally.before),
            sum(tally.after),
            change(tally.difference()),
            tally.mean().map_or_else(|| "—".to_owned(), change),
            extreme(&tally.most_gained),
            extreme(&tally.most_lost),
            count(tally.refused()),
        ]
    }

    /// An amount without its unit, which stands in the title.
    pub(crate) fn amount(&self, ty: Type, number: i128) -> String {
        let text = shown(self.law, ty, &amount(ty, number), self.lang);
        match ty {
            Type::Money => text
                .trim_end_matches(['元', ' '])
                .trim_end_matches(" yuan")
                .to_owned(),
            // Lengths add up to more than a life; months and days stay what they are.
            Type::Months | Type::Days => plain(ty, number, true),
            _ => text,
        }
    }

    /// An amount with its sign, whichever it is.
    pub(crate) fn signed(&self, ty: Type, number: i128) -> String {
        match number {
            1.. => format!("+{}", self.amount(ty, number)),
            _ => self.amount(ty, number),
        }
    }

    pub(crate) fn group_name<'g>(&self, group: &'g str) -> &'g str {
        match group {
            "" => self.lang.pick("（空）", "(empty)"),
            group => group,
        }
    }

    /// Rows refused, by law and reason.
    fn refused(&self) -> String {
        let lang = self.lang;
        let mut told = String::new();
        let [before, after] = self.summaries;
        let sides =
            match before.refused == after.refused && before.refused_rows == after.refused_rows {
                true => vec![(before, lang.pick("前后两部法律", "both laws"))],
                false => vec![
                    (before, lang.pick("前一部法律", "the law before")),
                    (after, lang.pick("后一部法律", "the law after")),
                ],
            };
        for (summary, law) in sides
            .into_iter()
            .filter(|(summary, _)| !summary.refused.is_empty())
        {
            let rows = count(summary.refused_rows);
            told.push_str(&lang.pick(
                format!("\n{law}之下未得出的有 {rows} 行：\n"),
                format!("\nrows refused under {law}: {rows}\n"),
            ));
            told.push_str(&refusals(summary));
        }
        if !told.is_empty() {
            told.push_str(lang.pick(
                "未得出的行不计入增减；`renshe law run` 逐行列出理由。\n",
                "refused rows count neither as gains nor as losses; `renshe law run` lists each with its reason.\n",
            ));
        }
        told
    }

    pub(crate) fn csv(&self) -> String {
        let mut told = String::from(
            "rule,group,compared,gainers,losers,unchanged,before,after,difference,gained,lost,mean,most_gained,most_gained_row,most_lost,most_lost_row,refused_before,refused_after,refused_both\n",
        );
        for (index, rule) in self.rules.iter().enumerate() {
            let groups = self.compared.groups.iter().filter(|_| self.by.is_some());
            let lines = groups.map(|(group, tallies)| (quoted(group), &tallies[index]));
            for (group, tally) in lines.chain(std::iter::once((
                String::from("*"),
                &self.compared.total[index],
            ))) {
                told.push_str(&self.csv_line(*rule, &group, tally));
            }
        }
        told
    }

    fn csv_line(&self, rule: RuleId, group: &str, tally: &Tally) -> String {
        let ty = self.law[rule].ty;
        let sum = |number: i128| {
            sum_type(ty)
                .map(|ty| plain(ty, number, false))
                .unwrap_or_default()
        };
        let change = |number: i128| {
            difference_type(ty)
                .map(|ty| plain(ty, number, false))
                .unwrap_or_default()
        };
        let row = |extreme: &Option<Extreme>| {
            extreme
                .as_ref()
                .map(|extreme| extreme.row.to_string())
                .unwrap_or_default()
        };
        let most = |extreme: &Option<Extreme>| {
            extreme
                .as_ref()
                .map(|extreme| change(extreme.change))
                .unwrap_or_default()
        };
        let cells = [
            self.law[rule].names.id.clone(),
            group.to_owned(),
            tally.compared().to_string(),
            tally.gainers.to_string(),
            tally.losers.to_string(),
            tally.unchanged.to_string(),
            sum(tally.before),
            sum(tally.after),
            change(tally.difference()),
            change(tally.gained),
            change(tally.lost),
            tally.mean().map(change).unwrap_or_default(),
            most(&tally.most_gained),
            row(&tally.most_gained),
            most(&tally.most_lost),
            row(&tally.most_lost),
            tally.refused_before.to_string(),
            tally.refused_after.to_string(),
            tally.refused_both.to_string(),
        ];
        format!("{}\n", cells.join(","))
    }

    pub(crate) fn json(&self) -> String {
        let rules = self.rules.iter().enumerate().map(|(index, id)| {
            let rule = &self.law[*id];
            let groups = self.compared.groups.iter().filter(|_| self.by.is_some());
            json!({
                "rule": { "id": rule.names.id, "zh": rule.names.zh },
                "type": super::super::list::type_name(self.law, rule.ty),
                "groups": groups.map(|(group, tallies)| self.tally_json(Some(group), &tallies[index], rule.ty)).collect::<Vec<_>>(),
                "total": self.tally_json(None, &self.compared.total[index], rule.ty),
            })
        });
        let refused = |summary: &Summary| -> Vec<Json> {
            let each = summary.refused.iter().map(
                |((code, column), rows)| json!({ "code": code, "column": column, "count": rows }),
            );
            each.collect()
        };
        let told = json!({
            "before": self.before, "after": self.after,
            "jurisdiction": self.place, "as_of": self.as_of.to_string(), "by": self.by,
            "rows": self.summaries[0].rows,
            "rules": rules.collect::<Vec<_>>(),
            "refused_before": refused(&self.summaries[0]), "refused_after": refused(&self.summaries[1]),
        });
        format!("{told:#}\n")
    }

    fn tally_json(&self, group: Option<&str>, tally: &Tally, ty: Type) -> Json {
        let sum = |number: i128| sum_type(ty).map(|ty| plain(ty, number, false));
        let change = |number: i128| difference_type(ty).map(|ty| plain(ty, number, false));
        let extreme = |extreme: &Option<Extreme>| {
            let extreme = extreme.as_ref()?;
            Some(
                json!({ "change": change(extreme.change), "row": extreme.row, "key": extreme.key }),
            )
        };
        json!({
            "group": group,
            "compared": tally.compared(), "gainers": tally.gainers, "losers": tally.losers, "unchanged": tally.unchanged,
            "before": sum(tally.before), "after": sum(tally.after), "difference": change(tally.difference()),
            "gained": change(tally.gained), "lost": change(tally.lost), "mean": tally.mean().and_then(change),
            "most_gained": extreme(&tally.most_gained), "most_lost": extreme(&tally.most_lost),
            "refused": { "before": tally.refused_before, "after": tally.refused_after, "both": tally.refused_both },
        })
    }
}

/// Digits with the type's decimals, as programs read them; `grouped` in thousands, as people do.
fn plain(ty: Type, number: i128, grouped: bool) -> String {
    let scale = 10_u128.pow(u32::from(ty.decimals()));
    let (whole, rest) = (number.unsigned_abs() / scale, number.unsigned_abs() % scale);
    let sign = if number < 0 { "-" } else { "" };
    let whole = match u64::try_from(whole) {
        Ok(whole) if grouped => count(whole),
        _ => whole.to_string(),
    };
    match ty.decimals() {
        0 => format!("{sign}{whole}"),
        decimals => format!(
            "{sign}{whole}.{rest:0width$}",
            width = usize::from(decimals)
        ),
    }
}

/// A cell of a CSV; what a spreadsheet would run as a formula stands behind an apostrophe.
fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let text = if risky {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
