//! What will I get, and when?

mod asked;
mod choices;
mod residents;
pub(crate) mod month;

use super::{own, ways};
use crate::house::House;
use crate::look::components::{empty, notice};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use asked::Asked;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use city::collection::LawRefusal;
use city::insurance::Category;
use city::refusal::Refused;
use city::retirement::{
    Known, NoOutlook, Outlook, ResidentOutlook, employees, residents as of_residents,
};
use maud::{Markup, html};
use measure::{Age, Month, Words};
use office::account::prospect::own_prospect;
use rules::explain::Lang;

const TITLE: Words = Words::new("何时领、领多少", "What I will get, and when");
const NONE: Words = Words::new(
    "您还没有参加养老保险",
    "You are not in a pension scheme yet",
);
const NONE_SAYS: Words = Words::new(
    "参保后，这里会列出您可以选择的每个退休月份，以及各能领多少。",
    "Once you are, every month in which you may retire stands here, with what each gives.",
);
const LIBRARY: Words = Words::new("在法律库里试算", "Try the rules in the law library");
const POST_FIRST: Words = Words::new("先回答一个问题", "One question first");
const NO_ANSWER: Words = Words::new("法律给不出结果", "The law gives no answer");
const ASSUMED: Words = Words::new("以下结果的假设", "What the figures below rest on");

/// What the page knows.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it a page")]
enum What {
    /// They are in no pension scheme.
    Nothing,
    /// The law needs the post.
    Post,
    /// It gives no answer.
    No(LawRefusal),
    /// Of the employees' pension.
    Employee(Known, Outlook),
    /// Of the residents'.
    Resident(Known, ResidentOutlook),
}

/// What one will get.
#[derive(Debug)]
pub(crate) struct RetirementPage {
    asked: Asked,
    what: What,
    /// Two months to compare, as they were asked.
    pair: (Option<Month>, Option<Month>),
    every: bool,
    jurisdiction: String,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let asked = Asked::read(&uri);
    let what = outlook(&house, &visitor, &asked).await?;
    let month = |name| query(&uri, name).and_then(|text| Month::parse(text.trim()).ok());
    let page = RetirementPage {
        what,
        pair: (month("one"), month("other")),
        every: query(&uri, "each").is_some_and(|each| each == "month"),
        jurisdiction: house.settings.jurisdiction.clone(),
        asked,
    };
    Ok(if page.asked.is_faulty() {
        shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor)
    } else {
        shown(&page, &visitor)
    })
}

/// Takes the months along as a file.
pub(crate) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    axum::extract::Path(name): axum::extract::Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let asked = Asked::read(&uri);
    match outlook(&house, &visitor, &asked).await? {
        What::Employee(known, outlook) => {
            choices::file(&name, &asked, (&known, &outlook), visitor.lang)
        }
        What::Resident(_, outlook) => residents::file(&name, &outlook, visitor.lang),
        What::Nothing | What::Post | What::No(_) => Err(Problem::no_page()),
    }
}

/// What the law says of whoever is signed in; many cases are put before it, so on a thread that may take its time.
async fn outlook(house: &House, visitor: &Visitor, asked: &Asked) -> Result<What, Problem> {
    let (today, assumed, law) = (visitor.today(), asked.assumed, house.clone());
    own(house, visitor, move |db, login, acting| {
        let Some(known) = own_prospect(db, login, today, acting)? else {
            return Ok(What::Nothing);
        };
        let law = law.law();
        let outlook = if known.category == Category::Resident {
            let outlook = of_residents(law, &known, &assumed, today);
            outlook.map(|outlook| What::Resident(known, outlook))
        } else {
            let outlook = employees(law, &known, &assumed, today);
            outlook.map(|outlook| What::Employee(known, outlook))
        };
        Ok(outlook.unwrap_or_else(|no| match no {
            NoOutlook::Lacks(name) if name == "post" => What::Post,
            NoOutlook::Lacks(name) => What::No(lacking(&name)),
            NoOutlook::Refused(refusal) => What::No(refusal),
        }))
    })
    .await
}

/// The register lacks something the law asks for.
fn lacking(name: &str) -> LawRefusal {
    use city::refusal::{Said, Sentence};
    LawRefusal(Said {
        code: "R0101",
        message: Sentence {
            zh: format!("登记里缺少“{name}”"),
            en: format!("the register lacks `{name}`"),
        },
        remedy: Sentence {
            zh: "请到经办窗口补登".to_owned(),
            en: "have it registered at the counter".to_owned(),
        },
    })
}

/// An age in words.
fn age(born: Month, at: Month, lang: Lang) -> String {
    let months = born.months_until(at);
    match Age::from_months(months) {
        Ok(age) => {
            let (years, over) = (age.years(), age.months_beyond_years());
            match over {
                0 => lang.pick(format!("{years} 岁"), format!("{years} years")),
                _ => lang.pick(
                    format!("{years} 岁 {over} 个月"),
                    format!("{years} y {over} m"),
                ),
            }
        }
        Err(_) => String::new(),
    }
}

/// Why the law gives nothing, and what to do.
fn why_not(refusal: &LawRefusal, lang: Lang) -> Markup {
    html! {
        p { (refusal.message(lang)) }
        p class="quiet" { (refusal.remedy(lang)) " · " code { (refusal.code()) } }
    }
}

/// What the figures rest on, said before them.
fn assumptions(asked: &Asked, known: &Known, lang: Lang) -> Markup {
    notice(
        lang.say(ASSUMED),
        html! {
            ul { @for line in asked.said(known, lang) { li { (line) } } }
        },
    )
}

impl Page for RetirementPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways("/me/retirement", lang))
            @match &self.what {
                What::Nothing => (empty(lang.say(NONE), html! {
                    p { (lang.say(NONE_SAYS)) }
                    p { a href=(format!("/law/{}/rule/retirement-month", self.jurisdiction)) { (lang.say(LIBRARY)) } }
                })),
                What::Post => {
                    (notice(lang.say(POST_FIRST), html! {}))
                    (self.asked.post_form(lang))
                }
                What::No(refusal) => (notice(lang.say(NO_ANSWER), why_not(refusal, lang))),
                What::Employee(known, outlook) => (self.of_employees(known, outlook, lang)),
                What::Resident(known, outlook) => (self.of_residents(known, outlook, lang)),
            }
        }
    }

    fn samples() -> Vec<RetirementPage> {
        let of = |what, asked| RetirementPage {
            asked,
            what,
            pair: (Month::parse("2036-09").ok(), Month::parse("2039-09").ok()),
            every: false,
            jurisdiction: "cn-50".to_owned(),
        };
        let (known, outlook) = choices::sample();
        let (resident, tiers) = residents::sample();
        let given = [
            ("wage-growth", "3%"),
            ("balance", "<b>8000"),
            ("post", "worker"),
        ];
        vec![
            of(What::Nothing, asked::sample(&[])),
            of(What::Post, asked::sample(&[])),
            of(What::No(lacking("sex")), asked::sample(&[])),
            of(
                What::Employee(known.clone(), outlook.clone()),
                asked::sample(&[]),
            ),
            of(What::Employee(known, outlook), asked::sample(&given)),
            of(
                What::Resident(resident, tiers),
                asked::sample(&[("pays", "no")]),
            ),
        ]
    }
}
