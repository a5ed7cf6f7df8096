//! What the demo says, section by section, in the reader's language. Only [`times`] tells of time and threads.

use super::check::{Checked, facts};
use super::totals::{Totals, by_pension};
use super::work::{Part, Question, Standing, Work};
use crate::arguments::Demo;
use crate::commands::run::doubtful;
use crate::output::{count, counted, table};
use measure::{Fen, Rounding};
use rules::columns::Slot;
use rules::evaluate::from_canonical;
use rules::explain::{Lang, explain, shown, text};
use rules::law::{Item, Law, RuleId, Type};
use rules::needs::needs;
use rules::refusal::message;
use std::collections::BTreeSet;
use std::time::Duration;

/// A step's words, in both languages.
pub(super) type Step = (&'static str, &'static str);
pub(super) const LAW_READ: Step = ("读取并检查法律", "law read and checked");
pub(super) const CITY_MADE: Step = ("生成城市", "city made");
pub(super) const RETIREMENT: Step = ("计算退休月份", "months of retirement");
pub(super) const PAYERS: Step = ("选出在缴人员", "payers singled out");
pub(super) const ASSESSED: Step = ("核定当月应缴", "dues assessed");
pub(super) const AWARDED: Step = ("核定到龄养老金", "pensions awarded");
pub(super) const CHECKED: Step = ("逐人复算", "cases recomputed one by one");
pub(super) const TOTALLED: Step = ("单线程全部重算", "everything again on one thread");

/// How long a step took.
pub(super) struct Time {
    pub(super) step: Step,
    pub(super) rows: Option<u64>,
    pub(super) took: Duration,
}

/// What every section needs.
pub(super) struct Page<'a> {
    pub(super) law: &'a Law,
    pub(super) work: &'a Work<'a>,
    pub(super) asked: &'a Demo,
    pub(super) lang: Lang,
}

impl Page<'_> {
    pub(super) fn heading(&self) -> String {
        let (people, seed, as_of) = (count(self.asked.people), self.asked.seed, self.work.as_of);
        let place = self.law.chain.last().map_or_else(String::new, |last| {
            format!("{} {}", self.lang.text(&last.title), last.id)
        });
        self.lang.pick(
            format!("{people} 人的虚拟城市（种子 {seed}）：其中没有一个真人。\n适用 {as_of} 的法律：{place}，内置于本程序。\n"),
            format!(
                "A synthetic city of {people} insured (seed {seed}): nobody in it is real.\nThe law of {place} as of {as_of}, as built into this program.\n"
            ),
        )
    }

    pub(super) fn insured(&self, standing: &Standing) -> String {
        let line = |zh: &str, en: &str, number: u64| {
            vec![self.lang.pick(zh, en).to_owned(), count(number)]
        };
        let rows = vec![
            line(
                "参保职工与个人",
                "insured in the employees' scheme",
                standing.insured,
            ),
            line("  在缴", "  paying", standing.active),
            line(
                "    其中当月到龄退休",
                "    of whom retire in this month",
                standing.due.len() as u64,
            ),
            line("  此前已退休", "  retired before", standing.retired),
        ];
        self.section(
            ("参保人员", "The insured"),
            &indented(&without_head(&table(&["", ""], &[1], rows))),
        )
    }

    pub(super) fn dues(&self, [employees, individuals]: &[Totals; 2]) -> String {
        let head = [
            self.lang.pick("职工", "employees"),
            self.lang.pick("人数", "persons"),
            self.lang.pick("合计（元）", "sum in yuan"),
        ];
        let of = |question: &Question<'_>, totals: &Totals| -> Vec<Vec<String>> {
            let sums = question.rules.iter().zip(&totals.sums);
            sums.map(|(rule, sum)| vec![self.name(*rule), count(totals.done()), yuan(*sum)])
                .collect()
        };
        let mut told = table(&head, &[1, 2], of(&self.work.employees, employees));
        told.push('\n');
        let head = [self.lang.pick("个人身份", "individuals"), head[1], head[2]];
        told.push_str(&table(
            &head,
            &[1, 2],
            of(&self.work.individuals, individuals),
        ));
        told.push_str(&self.refusals(&[employees, individuals]));
        let month = self.asked.month;
        self.section(
            (&format!("{month} 应缴"), &format!("Dues of {month}")),
            &indented(&told),
        )
    }

    pub(super) fn awards(&self, awarded: &[Part], totals: &Totals) -> String {
        let month = self.asked.month;
        let mut told = self.stand_in(awarded);
        let pensions = by_pension(awarded);
        if !pensions.is_empty() {
            told.push('\n');
            told.push_str(&self.by_group(awarded));
            let sums = self
                .work
                .awards
                .rules
                .iter()
                .zip(&totals.sums)
                .filter(|(rule, _)| self.law[**rule].ty == Type::Money);
            let rows = sums.map(|(rule, sum)| {
                vec![
                    self.name(*rule),
                    yuan(*sum),
                    yuan(mean(*sum, totals.done())),
                ]
            });
            let head = [
                "",
                self.lang.pick("合计（元）", "sum in yuan"),
                self.lang.pick("平均（元）", "mean in yuan"),
            ];
            told.push('\n');
            told.push_str(&table(&head, &[1, 2], rows.collect()));
            told.push('\n');
            told.push_str(&self.extremes(&pensions));
        }
        told.push_str(&self.refusals(&[totals]));
        self.section(
            (
                &format!("{month} 到龄的养老金"),
                &format!("Pensions falling due in {month}"),
            ),
            &indented(&told),
        )
    }

    /// What no law was found for, and what is given in its place.
    fn stand_in(&self, awarded: &[Part]) -> String {
        let work = self.work;
        let persons = || {
            awarded
                .iter()
                .flat_map(|part| &part.numbers)
                .map(|number| work.city.person(*number))
        };
        let all = persons().count() as u64;
        let given = persons().filter(|person| !person.index_derivable).count() as u64;
        let Some(wage) = work.reader.stand_in.map(|wage| yuan(wage.into())) else {
            return self.lang.pick(
                "重庆的计发基数没有找到出处，当日也没有月平均工资可代替。\n",
                "Chongqing's calculation wage was not found, and no average wage of this day is known to stand in for it.\n",
            ).to_owned();
        };
        self.lang.pick(
            format!(
                "注意：以下不是重庆的实际待遇。重庆的计发基数没有找到出处，法律文本中为 unset；\n\
                 演示以当日的月平均工资 {wage} 元代替，作为每人的给定事实 calculation-wage-used（未确证）。\n\
                 2020 年以前的平均工资不全，{all} 人中有 {given} 人的平均缴费工资指数也是给定的事实。\n"
            ),
            format!(
                "NOTE: these are not what Chongqing pays. Its calculation wage was not found and is unset in the law's text;\n\
                 a STAND-IN, the day's average monthly wage of {wage} yuan, is given for everybody as the fact\n\
                 calculation-wage-used (unconfirmed). Average wages before 2020 are incomplete too, so the average-index is given\n\
                 for {given} of {all} persons.\n"
            ),
        )
    }

    fn by_group(&self, awarded: &[Part]) -> String {
        let rules = &self.work.awards.rules;
        let Some(group) = rules
            .iter()
            .position(|rule| matches!(self.law[*rule].ty, Type::Enum(_)))
        else {
            return String::new();
        };
        let Type::Enum(id) = self.law[rules[group]].ty else {
            return String::new();
        };
        let mut rows = Vec::new();
        for (member, names) in (0_i64..).zip(&self.law[id].members) {
            let mut pensions = Vec::new();
            for part in awarded {
                let refused = |row: usize| {
                    part.results
                        .refused
                        .iter()
                        .any(|refused| refused.row == row)
                };
                let mine = (0..part.numbers.len())
                    .filter(|row| part.results.columns[group][*row] == member && !refused(*row));
                pensions.extend(mine.map(|row| part.results.columns[0][row]));
            }
            let sum: i128 = pensions.iter().copied().map(i128::from).sum();
            let extreme =
                |fen: Option<&i64>| fen.map_or_else(|| "-".to_owned(), |fen| yuan((*fen).into()));
            rows.push(vec![
                self.lang.name(names).into_owned(),
                count(pensions.len() as u64),
                if pensions.is_empty() {
                    "-".to_owned()
                } else {
                    yuan(mean(sum, pensions.len() as u64))
                },
                extreme(pensions.iter().min()),
                extreme(pensions.iter().max()),
            ]);
        }
        let head = self.lang.pick(
            [
                "原退休年龄类别",
                "核定人数",
                "平均（元）",
                "最低（元）",
                "最高（元）",
            ],
            ["former age", "awarded", "mean in yuan", "least", "greatest"],
        );
        table(&head, &[1, 2, 3, 4], rows)
    }

    /// Who is the youngest and who the oldest of the awarded.
    fn extremes(&self, pensions: &[(i64, u64)]) -> String {
        let age = |number: u64| self.work.month.index() - self.work.city.person(number).birth_month;
        let by_age = || {
            pensions
                .iter()
                .map(|(pension, number)| (age(*number), *pension, *number))
        };
        let told = |(age, pension, number): (i32, i64, u64), zh: &str, en: &str| {
            let (years, months, pension) = (age / 12, age % 12, yuan(pension.into()));
            self.lang.pick(
                format!(
                    "{zh}：{years} 岁 {months} 个月，第 {} 号，每月 {pension} 元\n",
                    count(number)
                ),
                format!(
                    "{en}: {years} years {months} months, person {}, {pension} yuan a month\n",
                    count(number)
                ),
            )
        };
        let mut out = String::new();
        if let Some(youngest) = by_age().min() {
            out.push_str(&told(youngest, "最年轻", "the youngest"));
        }
        if let Some(oldest) = by_age().max() {
            out.push_str(&told(oldest, "最年长", "the oldest"));
        }
        out
    }

    /// Persons without a value, by reason.
    fn refusals(&self, totals: &[&Totals]) -> String {
        let refused: u64 = totals.iter().map(|totals| totals.refused()).sum();
        if refused == 0 {
            return String::new();
        }
        let mut rows = Vec::new();
        for (reason, persons) in totals.iter().flat_map(|totals| &totals.refused) {
            rows.push(vec![
                format!("  {}", count(*persons)),
                reason.reason.code().to_owned(),
                message(reason, self.law, self.lang),
            ]);
        }
        let head = self.lang.pick(
            format!("未得出 {} 人：", count(refused)),
            format!("refused: {}", counted(refused, "person", "persons")),
        );
        format!(
            "\n{head}\n{}",
            without_head(&table(&["", "", ""], &[0], rows))
        )
    }

    /// The unconfirmed figures and rules all this may rest on.
    pub(super) fn unconfirmed(&self) -> String {
        let work = self.work;
        let mut items: BTreeSet<Item> = BTreeSet::new();
        for question in [
            &work.retirement,
            &work.employees,
            &work.individuals,
            &work.awards,
        ] {
            // Some cells of a given rule are missing, and then it is computed.
            let own = question.slots.0.iter().filter(
                |slot| !matches!(slot, Slot::Rule(id) if self.law[*id].names.id == "average-index"),
            );
            let given: Vec<Slot> = own
                .chain(question.slots.1.iter().flat_map(|(_, slots)| slots))
                .copied()
                .collect();
            items.extend(doubtful(
                self.law,
                work.as_of,
                &needs(self.law, work.as_of, &question.rules, &given),
            ));
        }
        let figures = items
            .iter()
            .filter(|item| matches!(item, Item::Figure(_)))
            .count() as u64;
        let rules = items.len() as u64 - figures;
        let told = self.lang.pick(
            format!("用到未确证的参数与表 {figures} 项、规则 {rules} 项，另有上述给定的计发基数。\n逐项列出：renshe law list --unconfirmed --jurisdiction {0}\n", super::JURISDICTION),
            format!(
                "{} and {} may have been used,\nbesides the calculation wage given above. Listed one by one: renshe law list --unconfirmed --jurisdiction {}\n",
                counted(figures, "unconfirmed parameter or table", "unconfirmed parameters and tables"),
                counted(rules, "unconfirmed rule", "unconfirmed rules"),
                super::JURISDICTION
            ),
        );
        self.section(("尚未确证", "Not confirmed"), &indented(&told))
    }

    pub(super) fn checked(&self, checked: &Checked) -> String {
        let (persons, pensions, values) = (
            count(checked.persons),
            count(checked.pensions),
            count(checked.values),
        );
        let mut told = match checked.differing.len() as u64 {
            0 => self.lang.pick(
                format!("一致  随机抽取 {persons} 人与到龄 {pensions} 人，用精确求值器逐人重算 {values} 个值：分毫不差\n"),
                format!(
                    "agrees   {persons} persons drawn at random and {pensions} of the pensions, recomputed one by one by the exact\n         evaluator: {values} values, equal to the fen\n"
                ),
            ),
            differing => self.lang.pick(
                format!("不一致  {values} 个重算的值中有 {differing} 个不同\n"),
                format!("DIFFERS  {} of {values} recomputed values\n", count(differing)),
            ),
        };
        for (number, rule, columns, exact) in checked.differing.iter().take(10) {
            told.push_str(&format!(
                "  {} {}: {columns} / {exact}\n",
                count(*number),
                self.name(*rule)
            ));
        }
        told.push_str(match checked.totals_agree {
            [true, true, true] => self.lang.pick(
                "一致  全城在单线程上以另一分块重新生成并计算：人数、合计与未得出的理由全部相同\n",
                "agrees   the whole city made and computed again on one thread in other blocks: persons, sums and refusals\n         are the same\n",
            ),
            _ => self.lang.pick("不一致  重新计算的合计不同\n", "DIFFERS  the totals computed again\n"),
        });
        self.section(("核对", "Cross-check"), &indented(&told))
    }

    /// One person's pension in full.
    pub(super) fn explained(&self, number: u64) -> String {
        let work = self.work;
        let facts = facts(work, &work.rows_for_award(&[number]));
        let explanation = explain(self.law, work.as_of, &facts, work.awards.rules[0]);
        let born = work.city.person(number).birth_month;
        let born = from_canonical(Type::Month, born.into())
            .map(|month| shown(self.law, Type::Month, &month, self.lang))
            .unwrap_or_default();
        let title = (
            format!(
                "第 {} 号（{born} 出生，居于正中的一份养老金）逐步说明",
                count(number)
            ),
            format!(
                "Person {}, born {born}, whose pension lies in the middle: explained in full",
                count(number)
            ),
        );
        self.section((&title.0, &title.1), &text(&explanation, self.lang))
    }

    fn name(&self, rule: RuleId) -> String {
        self.lang.name(&self.law[rule].names).into_owned()
    }

    fn section(&self, title: (&str, &str), body: &str) -> String {
        format!("\n{}\n{body}", self.lang.pick(title.0, title.1))
    }
}

/// How long each step took.
pub(super) fn times(times: &[Time], threads: usize, lang: Lang) -> String {
    let seconds = |took: Duration| format!("{}.{:03}", took.as_secs(), took.subsec_millis());
    let row = |time: &Time| {
        let rate = |rows: u64| {
            u64::try_from(u128::from(rows) * 1_000_000 / time.took.as_micros().max(1))
                .unwrap_or(u64::MAX)
        };
        let or_none = |number: Option<u64>| number.map_or_else(String::new, count);
        vec![
            lang.pick(time.step.0, time.step.1).to_owned(),
            or_none(time.rows),
            seconds(time.took),
            or_none(time.rows.map(rate)),
        ]
    };
    let mut rows: Vec<Vec<String>> = times.iter().map(row).collect();
    let whole = times.iter().map(|time| time.took).sum();
    rows.push(vec![
        lang.pick("合计", "together").to_owned(),
        String::new(),
        seconds(whole),
        String::new(),
    ]);
    let head = lang.pick(
        ["步骤", "人数", "秒", "每秒人数"],
        ["step", "rows", "seconds", "rows/s"],
    );
    let title = lang.pick(
        format!("用时（{threads} 线程）"),
        format!("Time ({})", counted(threads as u64, "thread", "threads")),
    );
    format!("\n{title}\n{}", indented(&table(&head, &[1, 2, 3], rows)))
}

/// Fen as yuan with two decimals, exactly.
fn yuan(fen: i128) -> String {
    match i64::try_from(fen) {
        Ok(fen) => Fen(fen).with_separators().to_string(),
        Err(_) => format!("{fen} fen"),
    }
}

/// The mean to the fen, half up.
fn mean(sum: i128, persons: u64) -> i128 {
    measure::divide(sum, persons.max(1).into(), Rounding::HalfUp).unwrap_or(0)
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("  {line}\n")
            }
        })
        .collect()
}

/// A table whose heading is empty, without it.
fn without_head(table: &str) -> String {
    table
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect()
}
