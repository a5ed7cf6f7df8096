//! The comparison as a picture: what rises to the right, what falls to the left, a bar a group, with the numbers beside it, so
//! that nothing rests on colour or length alone. Rise and fall, not gain and loss: a higher due is no gain to its payer.

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
/// Where the columns of numbers end: sums up to thousands of millions fit.
const COLUMNS: [i128; 4] = [680, 820, 960, 1140];
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
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" \
         style=\"max-width:{WIDTH}px\" role=\"img\" aria-labelledby=\"title desc\" lang=\"{}\">\n<title id=\"title\">{title}</title>\n\
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
        let ty = report.law[report.rules[index]].ty;
        let ty = difference_type(ty).unwrap_or(Type::Integer);
        let total = &report.compared.total[index];
        let groups = groups(report, index);
        let drawn = &groups[..groups.len().min(MOST_BARS)];
        let bars = || drawn.iter().map(|(_, tally)| *tally);
        let movements = bars()
            .chain(drawn.is_empty().then_some(total))
            .flat_map(|tally| [tally.gained, -tally.lost]);
        let most = movements.max().unwrap_or(0).max(1);
        self.head(index);
        let top = self.y + 8;
        for (name, tally) in drawn {
            self.bar(name, tally, ty, most);
        }
        let all = report.lang.pick("合计", "total");
        match drawn {
            [] => self.bar(all, total, ty, most),
            _ => self.numbers(all, total, ty),
        }
        let bottom = self.y + 8;
        let _ = writeln!(
            self.out,
            "<line class=\"axis\" x1=\"{MIDDLE}\" y1=\"{top}\" x2=\"{MIDDLE}\" y2=\"{bottom}\"/>"
        );
        if drawn.len() < groups.len() {
            self.y += LINE;
            let left = count((groups.len() - drawn.len()) as u64);
            let note = report.lang.pick(
                format!("另有 {left} 组变动较小，见表。"),
                format!("{left} more groups change less; they are in the table."),
            );
            self.text(16, "faint", &note);
        }
        self.y += 2 * LINE;
    }

    /// What is compared, and what stands in the columns.
    fn head(&mut self, index: usize) {
        let report = self.report;
        let (before, after, place, day) =
            (&report.before, &report.after, report.place, report.as_of);
        self.text(16, "ink head", &report.title(report.rules[index]));
        let lines = report.lang.pick(
            [
                format!("前：{before}；{place}，适用日 {day}"),
                format!("后：{after}"),
            ],
            [
                format!("before: {before}; {place}, as of {day}"),
                format!("after: {after}"),
            ],
        );
        for line in lines {
            self.y += LINE - 4;
            self.text(16, "faint", &line);
        }
        self.y += LINE + 4;
        let [lost, gained] = report.lang.pick(["◀ 减", "增 ▶"], ["◀ fall", "rise ▶"]);
        self.text(MIDDLE - 8, "faint right", lost);
        self.text(MIDDLE + 8, "faint", gained);
        let columns = report.lang.pick(
            ["减少", "增加", "差额", "减 / 增 / 不变"],
            ["fall", "rise", "difference", "fall / rise / same"],
        );
        for (x, column) in COLUMNS.into_iter().zip(columns) {
            self.text(x, "faint right", column);
        }
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
        let [lost, gained, difference] =
            [tally.lost, tally.gained, tally.difference()].map(|number| report.signed(ty, number));
        let rows = [tally.losers, tally.gainers, tally.unchanged]
            .map(count)
            .join(" / ");
        for (x, number) in COLUMNS.into_iter().zip([lost, gained, difference, rows]) {
            self.text(x, "ink right", &number);
        }
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

/// The groups of a rule, the greatest movement first; in doubt by name.
fn groups<'r>(report: &'r Report<'_>, index: usize) -> Vec<(&'r str, &'r Tally)> {
    let groups = report.compared.groups.iter();
    let groups = groups.filter(|_| report.by.is_some());
    let mut groups: Vec<_> = groups
        .map(|(group, tallies)| (report.group_name(group), &tallies[index]))
        .collect();
    groups.sort_by_key(|(name, tally)| (std::cmp::Reverse(tally.gained - tally.lost), *name));
    groups
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
