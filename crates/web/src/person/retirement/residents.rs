//! The residents' pension: one month, and what each tier brings.

use super::{RetirementPage, age, assumptions, why_not};
use crate::export;
use crate::look::components::{Head, Table, amount, notice, summary, table, tag, warning};
use crate::look::pictures::{Bar, Bars, bars};
use crate::problem::Problem;
use axum::response::Response;
use city::collection::LawRefusal;
use city::insurance::Category;
use city::refusal::Refused as _;
use city::retirement::{Known, ResidentOutlook, Tier};
use maud::{Markup, html};
use measure::{Fen, Month, Sex, Words};
use office::tables::Written;
use rules::explain::Lang;

const FROM: Words = Words::new("起领月份", "Paid from");
const BY_THEN: Words = Words::new("届时缴费月数", "Months that count by then");
const LEAST: Words = Words::new("最少需要月数", "Months needed");
const TOO_FEW: Words = Words::new(
    "月数不够。不足的可以补缴，请到窗口询问。",
    "They are too few. What is short may be paid back; ask at the counter.",
);
const FROM_ACCOUNT: Words = Words::new("个人账户养老金", "From the account");
const EXTRAS: Words = Words::new("加发", "Added");
const TIER: Words = Words::new("每年缴费档次", "Tier, a year");
const BASIC: Words = Words::new("基础养老金", "Basic pension");
const ACCOUNT: Words = Words::new("届时账户储存额", "In the account by then");
const OWN: Words = Words::new("现在的档次", "yours now");
const BY_TIER: Words = Words::new(
    "今后按各档次缴费，个人账户每月发多少",
    "What the account pays a month, by the tier paid from now on",
);
const SURE: Words = Words::new("是否确证", "Confirmed?");
const UNSURE: Words = Words::new("未确证", "unconfirmed");
const TITLE: Words = Words::new("这是估计", "This is an estimate");
const SAYS: Words = Words::new(
    "居民账户的利率没有查到，这里不计利息。本市现行基础养老金标准没有查到，另发，没有计入。",
    "The interest rate of residents' accounts was not found, so none is reckoned. The city's basic pension of today was not found: it is paid besides and is not in these amounts.",
);
const NATION: Words = Words::new(
    "全国最低标准（未确证）",
    "the country's least (unconfirmed)",
);

fn whole_yuan(fen: i64) -> String {
    Fen(fen).to_string()
}

impl RetirementPage {
    pub(super) fn of_residents(
        &self,
        known: &Known,
        outlook: &ResidentOutlook,
        lang: Lang,
    ) -> Markup {
        let own = outlook.tiers.first();
        let enough = outlook.least <= outlook.months;
        html! {
            ul class="figures" {
                li { span { (lang.say(FROM)) } strong { (outlook.first) } span { (age(known.born, outlook.first, lang)) } }
                li { span { (lang.say(BY_THEN)) } strong { (outlook.months) } span { (lang.say(LEAST)) " " (outlook.least) } }
                @if let Some(own) = own {
                    li { span { (lang.say(FROM_ACCOUNT)) } strong { (self.of_account(own, outlook.first, lang)) } span { (lang.say(UNSURE)) } }
                }
            }
            @if !enough { (notice(lang.say(BY_THEN), html! { p { (lang.say(TOO_FEW)) } })) }
            (warning(lang.say(TITLE), html! { p { (lang.say(SAYS)) } }))
            (assumptions(&self.asked, known, lang))
            (self.asked.form(known, lang))
            (picture(outlook, lang))
            (self.tiers(known, outlook, lang))
            h2 { (lang.say(BASIC)) }
            @match (&outlook.basic, &outlook.basic_at_least) {
                (Ok(basic), _) => p { (amount(*basic, None, lang)) },
                (Err(why), least) => {
                    (why_not(why, lang))
                    @if let Ok(least) = least { (summary(&[(lang.say(NATION).to_owned(), amount(*least, None, lang))])) }
                }
            }
        }
    }

    fn of_account(&self, tier: &Tier, first: Month, lang: Lang) -> Markup {
        let number = tier.tier.to_string();
        let to = format!(
            "/me/retirement/{first}{}",
            self.asked.query(&[("tier", &number)])
        );
        match &tier.from_account {
            Ok(pension) => amount(*pension, Some(&to), lang),
            Err(why) => html! { a href=(to) { (why.message(lang)) } },
        }
    }

    fn tiers(&self, known: &Known, outlook: &ResidentOutlook, lang: Lang) -> Markup {
        let rows = outlook.tiers.iter().map(|tier| {
            vec![
                html! { (tier.tier) @if tier.is_own { " " (tag(lang.say(OWN), "good")) } }.into(),
                amount(tier.account, None, lang).into(),
                self.of_account(tier, outlook.first, lang).into(),
                plain(&tier.extras, lang).into(),
                tag(lang.say(UNSURE), "doubt").into(),
            ]
        });
        html! {
            (table(&Table {
                caption: format!("{}（{}）", lang.say(BY_TIER), self.asked.line(known, lang)),
                head: vec![
                    Head::numbers(lang.say(TIER)),
                    Head::numbers(lang.say(ACCOUNT)),
                    Head::numbers(lang.say(FROM_ACCOUNT)),
                    Head::numbers(lang.say(EXTRAS)),
                    Head::words(lang.say(SURE)),
                ],
                rows: rows.collect(),
                foot: None,
            }, lang))
            (export::links("/me/retirement/file/tiers", &self.asked.query(&[]), lang))
        }
    }
}

fn plain(amount_of: &Result<Fen, LawRefusal>, lang: Lang) -> Markup {
    match amount_of {
        Ok(fen) => amount(*fen, None, lang),
        Err(why) => html! { (why.message(lang)) },
    }
}

fn picture(outlook: &ResidentOutlook, lang: Lang) -> Markup {
    let mut tiers: Vec<&Tier> = outlook.tiers.iter().collect();
    tiers.sort_by_key(|tier| tier.tier);
    let of = tiers.into_iter().filter_map(|tier| {
        Some(Bar {
            name: tier.tier.to_string(),
            values: vec![tier.from_account.as_ref().ok()?.0],
        })
    });
    bars(
        &Bars {
            title: lang.say(BY_TIER).to_owned(),
            says: lang.pick(
                "档次越高，账户发得越多".to_owned(),
                "the higher the tier, the more the account pays".to_owned(),
            ),
            across: lang.say(TIER).to_owned(),
            parts: vec![lang.say(FROM_ACCOUNT).to_owned()],
            bars: of.collect(),
            written: whole_yuan,
        },
        lang,
    )
}

/// All tiers as a file.
pub(super) fn file(name: &str, outlook: &ResidentOutlook, lang: Lang) -> Result<Response, Problem> {
    let head = [TIER, ACCOUNT, FROM_ACCOUNT, EXTRAS, SURE].map(|words| lang.say(words));
    let cell = |amount: &Result<Fen, LawRefusal>| match amount {
        Ok(fen) => Written::Yuan(fen.0),
        Err(why) => why.message(lang).into(),
    };
    let rows = outlook.tiers.iter().map(|tier| {
        vec![
            Written::Count(tier.tier),
            Written::Yuan(tier.account.0),
            cell(&tier.from_account),
            cell(&tier.extras),
            lang.say(UNSURE).into(),
        ]
    });
    export::written(name, &head, &rows.collect::<Vec<_>>())
}

/// Somebody for samples.
pub(super) fn sample() -> (Known, ResidentOutlook) {
    let known = Known {
        sex: Sex::Female,
        born: Month::parse("1975-05").unwrap_or(Month::MAX),
        category: Category::Resident,
        months: Vec::new(),
        declared: Fen(30_000),
        pays: true,
        balance: Fen(390_000),
    };
    let tier = |tier: i64| Tier {
        tier,
        is_own: tier == 300,
        account: Fen(390_000 + tier * 900),
        from_account: Ok(Fen((390_000 + tier * 900) / 139)),
        extras: Ok(Fen(1_200)),
        facts: "{}".to_owned(),
    };
    let outlook = ResidentOutlook {
        first: Month::parse("2035-06").unwrap_or(Month::MAX),
        months: 170,
        least: 180,
        tiers: [300, 200, 1_000, 4_000].map(tier).to_vec(),
        basic: Err(super::lacking("resident-basic")),
        basic_at_least: Ok(Fen(14_300)),
    };
    (known, outlook)
}
