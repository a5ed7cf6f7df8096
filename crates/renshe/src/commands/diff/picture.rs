//! The comparison as a picture: what is gained to the right, what is lost to the left, a bar a group, with the numbers
//! beside it, so that nothing rests on colour or length alone.

use super::report::Report;
use crate::output::count;
use rules::diff::{Tally, difference_type};
use rules::law::Type;
use std::fmt::Write;

/// Groups beyond these are in the table only; those that change least are left out.
const MOST_BARS: usize = 40;
const WIDTH: i128 = 1160;
const LABELS: i128 = 150;
const HALF: i128 = 190;
const MIDDLE: i128 = LABELS + HALF;
const NUMBERS: i128 = MIDDLE + HALF + 20;
const LINE: i128 = 26;

const STYLE: &str = "\
:root{color-scheme:light dark}
.paper{fill:#fff}.ink{fill:#1a1a1a}.faint{fill:#595959}.axis{stroke:#595959}.gain{fill:#0b6e4f}.loss{fill:#b3261e}
@media (prefers-color-scheme:dark){.paper{fill:#161616}.ink{fill:#f0f0f0}.faint{fill:#b5b5b5}.axis{stroke:#b5b5b5}\
.gain{fill:#4cc38a}.loss{fill:#ff8a80}}
text{font:13px system-ui,\"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif}
.head{font-size:16px;font-weight:600}.right{text-anchor:end}";

/// One picture of all rules asked for.
pub(crate) fn svg(report: &Report<'_>) -> String {
    let mut page = Page {
        report,
        out: String::new(),
        y: 28,
    };
    for index in 0..report.rules.len() {
        page.rule(index);
    }
    let title = report.lang.pick("两部法律的比较", "Two laws compared");
    let desc = description(report);
    let height = page.y;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"title desc\" lang=\"{}\">\n<title id=\"title\">{title}</title>\n\
         <desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n{}</svg>\n",
        report.lang.pick("zh", "en"),
        escaped(&desc),
        page.out,
    )
}

/// The whole comparison as text, for those who hear the picture.
fn description(report: &Report<'_>) -> String {
    report
        .text()
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

struct Page<'a> {
    report: &'a Report<'a>,
    out: String,
    /// Where the next line stands.
    y: i128,
}

impl Page<'_> {
    fn rule(&mut self, index: usize) {
        let report = self.report;
        let id = report.rules[index];
        let ty = difference_type(report.law[id].ty).unwrap_or(Type::Integer);
        let mut groups: Vec<(&str, &Tally)> = match report.by {
            Some(_) => report
                .compared
                .groups
                .iter()
                .map(|(group, tallies)| (report.group_name(group), &tallies[index]))
                .collect(),
            None => Vec::new(),
        };
        let all = groups.len();
        // The greatest movement first; in doubt by name.
        groups.sort_by_key(|(name, tally)| (std::cmp::Reverse(tally.gained - tally.lost), *name));
        groups.truncate(MOST_BARS);
        let total = &report.compared.total[index];
        let bars = if groups.is_empty() {
            vec![total]
        } else {
            groups.iter().map(|(_, tally)| *tally).collect()
        };
        let most = bars
            .iter()
            .flat_map(|tally| [tally.gained, -tally.lost])
            .max()
            .unwrap_or(0)
            .max(1);

        let (place, day) = (report.place, report.as_of);
        self.text(16, "ink head", &report.title(id));
        self.y += LINE - 4;
        let (before, after) = (&report.before, &report.after);
        for line in report.lang.pick(
            [
                format!("前：{before}；{place}，适用日 {day}"),
                format!("后：{after}"),
            ],
            [
                format!("before: {before}; {place}, as of {day}"),
                format!("after: {after}"),
            ],
        ) {
            self.text(16, "faint", &line);
            self.y += LINE - 4;
        }
        self.y += 8;
        let [lost, gained, numbers] = report.lang.pick(
            ["◀ 减", "增 ▶", "减少 · 增加 · 差额 · 人数（减/增/不变）"],
            [
                "◀ lost",
                "gained ▶",
                "lost · gained · difference · rows (lose/gain/same)",
            ],
        );
        self.text(MIDDLE - 8, "faint right", lost);
        self.text(MIDDLE + 8, "faint", gained);
        self.text(NUMBERS, "faint", numbers);
        let top = self.y + 8;
        for (name, tally) in &groups {
            self.bar(name, tally, ty, most);
        }
        if groups.is_empty() {
            self.bar(report.lang.pick("合计", "total"), total, ty, most);
        } else {
            self.numbers(report.lang.pick("合计", "total"), total, ty);
        }
        let bottom = self.y + 8;
        let _ = writeln!(
            self.out,
            "<line class=\"axis\" x1=\"{MIDDLE}\" y1=\"{top}\" x2=\"{MIDDLE}\" y2=\"{bottom}\"/>"
        );
        if all > groups.len() {
            self.y += LINE;
            let left = count((all - groups.len()) as u64);
            self.text(
                16,
                "faint",
                &report.lang.pick(
                    format!("另有 {left} 组变动较小，见表。"),
                    format!("{left} more groups change less; they are in the table."),
                ),
            );
        }
        self.y += 2 * LINE;
    }

    fn bar(&mut self, name: &str, tally: &Tally, ty: Type, most: i128) {
        self.numbers(name, tally, ty);
        let (top, lost, gained) = (
            self.y - 13,
            length(-tally.lost, most),
            length(tally.gained, most),
        );
        let left = MIDDLE - lost;
        let _ = writeln!(
            self.out,
            "<rect class=\"loss\" x=\"{left}\" y=\"{top}\" width=\"{lost}\" height=\"17\"/>"
        );
        let _ = writeln!(
            self.out,
            "<rect class=\"gain\" x=\"{MIDDLE}\" y=\"{top}\" width=\"{gained}\" height=\"17\"/>"
        );
    }

    /// A line of the table that stands beside the bars.
    fn numbers(&mut self, name: &str, tally: &Tally, ty: Type) {
        self.y += LINE;
        self.text(LABELS - 8, "ink right", &cut(name));
        let report = self.report;
        let amounts =
            [tally.lost, tally.gained, tally.difference()].map(|number| report.signed(ty, number));
        let rows = [tally.losers, tally.gainers, tally.unchanged].map(count);
        self.text(
            NUMBERS,
            "ink",
            &format!("{} ({})", amounts.join(" · "), rows.join("/")),
        );
    }

    fn text(&mut self, x: i128, class: &str, text: &str) {
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text>",
            self.y,
            escaped(text)
        );
    }
}

/// A bar's length; what is there at all can be seen.
fn length(number: i128, most: i128) -> i128 {
    match number {
        0 => 0,
        number => (number.saturating_mul(HALF) / most).clamp(1, HALF),
    }
}

fn cut(name: &str) -> String {
    const LETTERS: usize = 16;
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no way to write these.
            letter if letter.is_control() && letter != '\n' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}
