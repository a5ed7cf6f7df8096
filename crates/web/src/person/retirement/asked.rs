//! What is assumed of the years to come: read from the address, asked in a form, and said beside every figure.

use crate::look::components::{
    Choice, Fault, Field, Kind, error_summary, field, hidden, one_of, submit,
};
use crate::look::links::{encoded, pairs};
use axum::http::Uri;
use city::insurance::Category;
use city::retirement::{Assumed, Known, Post};
use maud::{Markup, html};
use measure::{Fen, Rate, Words};
use rules::explain::Lang;
use std::collections::BTreeMap;

const ASSUME: Words = Words::new("改变假设", "Change what is assumed");
const WORK_OUT: Words = Words::new("重新计算", "Work it out");
const POST: Words = Words::new("您的岗位", "Your post");
const POST_HINT: Words = Words::new(
    "登记里没有岗位。女职工的退休年龄因岗位不同。",
    "The register does not have it. For women the age depends on the post.",
);
const WORKER: Words = Words::new("生产操作岗位", "in production");
const MANAGEMENT: Words = Words::new("管理技术岗位", "in management or a technical post");
const WAGE: Words = Words::new("今后的月工资", "Monthly wage from now on");
const CHOSEN: Words = Words::new("今后的缴费基数", "Base from now on");
const TIER: Words = Words::new("今后每年的缴费档次", "Tier from now on, a year");
const AS_IT_IS: Words = Words::new("不填即保持现在的", "left empty: as it is now,");
const GROWTH: Words = Words::new("工资每年增长", "The wage grows each year by");
const AVERAGE: Words = Words::new(
    "全市平均工资每年增长",
    "The city's average wage grows each year by",
);
const GROWTH_HINT: Words = Words::new("不填即不变，如 3%", "left empty: not at all; such as 3%");
const BEFORE: Words = Words::new("另有缴费月数", "Months paid elsewhere");
const BEFORE_HINT: Words = Words::new(
    "在外地或更早缴过、这里没有登记的月数，如 36",
    "in another place or earlier and not registered here, such as 36",
);
const BALANCE: Words = Words::new("个人账户现有储存额", "What stands in the account now");
const PAYS: Words = Words::new("退休前一直缴费", "You pay until you retire");
const YES: Words = Words::new("是", "yes");
const NO: Words = Words::new("从现在起不再缴费", "no, from now on nothing more is paid");
const YUAN: Words = Words::new("元", "yuan");
const NOT_MONEY: Words = Words::new(
    "填零以上的金额，如 8123.45",
    "write an amount of zero or more, such as 8123.45",
);
const NOT_RATE: Words = Words::new(
    "填 -10% 至 20% 之间的比例，如 3%",
    "write a rate from -10% to 20%, such as 3%",
);
const NOT_MONTHS: Words = Words::new(
    "填 0 至 720 的整数月数，如 36",
    "write whole months from 0 to 720, such as 36",
);
const NOT_POST: Words = Words::new("选一项", "choose one");

/// The names of the fields, which are those of the address.
const NAMES: [&str; 7] = [
    "post",
    "wage",
    "balance",
    "wage-growth",
    "average-growth",
    "before",
    "pays",
];

/// The assumptions of a request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What they come to; of a field with a fault as it is usual.
    pub(super) assumed: Assumed,
    given: BTreeMap<String, String>,
    faults: BTreeMap<&'static str, Words>,
}

impl Asked {
    /// Reads them.
    pub(super) fn read(uri: &Uri) -> Asked {
        let mut given = BTreeMap::new();
        for (key, value) in pairs(uri.query().unwrap_or_default()) {
            let value = value.trim().chars().take(40).collect::<String>();
            if NAMES.contains(&key.as_str()) && !value.is_empty() {
                given.entry(key).or_insert(value);
            }
        }
        Asked::of(given)
    }

    fn of(given: BTreeMap<String, String>) -> Asked {
        let mut faults = BTreeMap::new();
        let mut assumed = Assumed::AS_IT_IS;
        let mut read = |name: &'static str, fault: Words, take: &mut dyn FnMut(&str) -> bool| {
            if let Some(text) = given.get(name)
                && !take(text)
            {
                faults.insert(name, fault);
            }
        };
        let money = |text: &str| {
            Fen::parse(text)
                .ok()
                .filter(|fen| (0..=1_000_000_000).contains(&fen.0))
        };
        read("post", NOT_POST, &mut |text| {
            assumed.post = Post::read(text);
            assumed.post.is_some()
        });
        read("wage", NOT_MONEY, &mut |text| {
            assumed.declared = money(text);
            assumed.declared.is_some()
        });
        read("balance", NOT_MONEY, &mut |text| {
            assumed.balance = money(text);
            assumed.balance.is_some()
        });
        read("wage-growth", NOT_RATE, &mut |text| {
            rate(text).is_some_and(|rate| {
                assumed.wage_growth = rate;
                true
            })
        });
        read("average-growth", NOT_RATE, &mut |text| {
            rate(text).is_some_and(|rate| {
                assumed.average_growth = rate;
                true
            })
        });
        read("before", NOT_MONTHS, &mut |text| {
            let months = text.parse().ok().filter(|months| *months <= 720);
            assumed.months_before = months.unwrap_or(0);
            months.is_some()
        });
        assumed.pays = given.get("pays").is_none_or(|text| text != "no");
        Asked {
            assumed,
            given,
            faults,
        }
    }

    /// Whether something could not be taken.
    pub(super) fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    /// What is assumed, as part of an address; begins with `?` or is empty. `more` comes first.
    pub(super) fn query(&self, more: &[(&str, &str)]) -> String {
        let more = more.iter().copied();
        let given = self
            .given
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let parts: Vec<String> = more
            .chain(given)
            .map(|(key, value)| format!("{key}={}", encoded(value)))
            .collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("?{}", parts.join("&"))
        }
    }

    /// Carries what is assumed along in another form.
    pub(super) fn carried(&self) -> Markup {
        html! { @for (key, value) in &self.given { (hidden(key, value)) } }
    }

    fn field(
        &self,
        name: &'static str,
        label: Words,
        hint: Option<String>,
        kind: Kind,
        lang: Lang,
    ) -> Field {
        Field {
            name: name.to_owned(),
            label: lang.say(label).to_owned(),
            hint,
            kind,
            value: self.given.get(name).cloned().unwrap_or_default(),
            fault: self
                .faults
                .get(name)
                .map(|fault| lang.say(*fault).to_owned()),
            optional: true,
        }
    }

    /// The one question without which the law gives no answer.
    pub(super) fn post_form(&self, lang: Lang) -> Markup {
        html! {
            form method="get" action="/me/retirement" {
                @for (key, value) in self.given.iter().filter(|(key, _)| *key != "post") { (hidden(key, value)) }
                (self.post(lang))
                (submit(lang.pick("继续", "Continue")))
            }
        }
    }

    fn post(&self, lang: Lang) -> Markup {
        let choices =
            [(Post::Worker, WORKER), (Post::Management, MANAGEMENT)].map(|(post, words)| Choice {
                value: post.in_law().to_owned(),
                label: lang.say(words).to_owned(),
            });
        let asked = Field {
            optional: false,
            ..self.field(
                "post",
                POST,
                Some(lang.say(POST_HINT).to_owned()),
                Kind::Text,
                lang,
            )
        };
        one_of(&asked, &choices, lang)
    }

    /// The form in which all of it is changed, folded while nothing was changed.
    pub(super) fn form(&self, known: &Known, lang: Lang) -> Markup {
        let yuan = || Kind::Number(lang.say(YUAN).to_owned());
        let percent = || Kind::Number(String::new());
        let resident = known.category == Category::Resident;
        let label = match known.category {
            Category::Employee => WAGE,
            Category::Individual => CHOSEN,
            Category::Resident => TIER,
        };
        let now = |amount: Fen| {
            Some(format!(
                "{} ¥ {}",
                lang.say(AS_IT_IS),
                amount.with_separators()
            ))
        };
        let growth = Some(lang.say(GROWTH_HINT).to_owned());
        let faults: Vec<Fault> = self
            .faults
            .iter()
            .map(|(name, what)| Fault {
                field: self.field(name, POST, None, Kind::Text, lang).place(),
                what: lang.say(*what).to_owned(),
            })
            .collect();
        let open = self.given.keys().any(|key| key != "post");
        html! {
            (error_summary(&faults, lang))
            details id="assumed" open[open] {
                summary { (lang.say(ASSUME)) }
                form method="get" action="/me/retirement" {
                    @if self.given.contains_key("post") { (self.post(lang)) }
                    (field(&self.field("wage", label, now(known.declared), yuan(), lang), lang))
                    @if !resident {
                        (field(&self.field("wage-growth", GROWTH, growth.clone(), percent(), lang), lang))
                        (field(&self.field("average-growth", AVERAGE, growth, percent(), lang), lang))
                    }
                    (field(&self.field("balance", BALANCE, now(known.balance), yuan(), lang), lang))
                    (field(&self.field("before", BEFORE, Some(lang.say(BEFORE_HINT).to_owned()), percent(), lang), lang))
                    (self.pays(lang))
                    (submit(lang.say(WORK_OUT)))
                }
            }
        }
    }

    fn pays(&self, lang: Lang) -> Markup {
        let mut asked = self.field("pays", PAYS, None, Kind::Text, lang);
        if asked.value.is_empty() {
            "yes".clone_into(&mut asked.value);
        }
        let choice = |value: &str, words: Words| Choice {
            value: value.to_owned(),
            label: lang.say(words).to_owned(),
        };
        one_of(&asked, &[choice("yes", YES), choice("no", NO)], lang)
    }

    /// What is assumed, in sentences.
    pub(super) fn said(&self, known: &Known, lang: Lang) -> Vec<String> {
        let of = &self.assumed;
        let declared = of.declared.unwrap_or(known.declared).with_separators();
        let not_assessed = known
            .months
            .iter()
            .filter(|(_, base)| base.is_none())
            .count();
        let months = known.months.len() + usize::from(of.months_before);
        let balance = of.balance.unwrap_or(known.balance).with_separators();
        let mut said = Vec::new();
        said.push(match (of.pays, known.category) {
            (false, _) => lang.pick("从现在起不再缴费".to_owned(), "nothing more is paid from now on".to_owned()),
            (true, Category::Resident) => lang.pick(
                format!("今后每年按 {declared} 元档次缴费"),
                format!("the tier of {declared} yuan is paid in each year to come"),
            ),
            (true, _) => lang.pick(
                format!("今后每月按 {declared} 元缴到退休当月，{}", growth(of.wage_growth, lang)),
                format!("each month to come is paid on {declared} yuan, the month of retirement too, {}", growth(of.wage_growth, lang)),
            ),
        });
        if known.category != Category::Resident {
            said.push(lang.pick(
                format!("全市平均工资{}", growth(of.average_growth, lang)),
                format!(
                    "the city's average wage stands for the calculation wage, {}",
                    growth(of.average_growth, lang)
                ),
            ));
        }
        said.push(lang.pick(
            format!("账户现有 {balance} 元"),
            format!("{balance} yuan stand in the account now"),
        ));
        said.push(lang.pick(
            format!("到现在共 {months} 个月，其中 {} 个月没有在此核定，按现在的基数估计", not_assessed + usize::from(of.months_before)),
            format!("{months} months count up to now; {} of them were not assessed here and are taken on today's base", not_assessed + usize::from(of.months_before)),
        ));
        said
    }

    /// The same in one line.
    pub(super) fn line(&self, known: &Known, lang: Lang) -> String {
        self.said(known, lang).join(lang.pick("；", "; "))
    }
}

/// For samples.
pub(super) fn sample(given: &[(&str, &str)]) -> Asked {
    let given = given
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Asked::of(given.collect())
}

fn growth(rate: Rate, lang: Lang) -> String {
    if rate == Rate::ZERO {
        lang.pick("保持不变", "staying as it is").to_owned()
    } else {
        lang.pick(
            format!("每年增长 {rate}"),
            format!("growing by {rate} a year"),
        )
    }
}

/// `3`, `3%` or `0.5 %`.
fn rate(text: &str) -> Option<Rate> {
    let number = text.trim_end_matches(['%', '％', ' ']);
    let rate = Rate::parse(&format!("{number}%")).ok()?;
    (-100_000..=200_000).contains(&rate.ppm()).then_some(rate)
}
