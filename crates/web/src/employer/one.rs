//! One person, without a file: enrolled, another wage, ended. One question at a time; at the end stands the same check as for a
//! file, and the same submission.

use super::declare::first_month;
use super::{asked, home, month_name, ways};
use crate::forms::{Form, faults, fresh_key};
use crate::house::House;
use crate::look::components::{
    Choice, Field, Kind, error_summary, field, hidden, one_of, submit, summary,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use city::declarations::Coverage;
use city::people::PersonId;
use maud::{Markup, html};
use measure::{Day, Fen, IdentityNumber, Month, Words};
use office::draft::{Item, New, begin_with_rows};
use office::employer::glance::glance;
use office::employer::staff::{Employee, one};
use rules::explain::Lang;

const NEXT: Words = Words::new("下一步", "Next");
const MONTH: Words = Words::new("月份", "Month");

/// So many months are offered.
const OFFERED: usize = 5;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Month,
    Identity,
    Name,
    From,
    Wage,
    Kind,
    LastDay,
}

/// The questions of somebody new.
const OF_NEW: [Ask; 6] = [
    Ask::Month,
    Ask::Identity,
    Ask::Name,
    Ask::From,
    Ask::Wage,
    Ask::Kind,
];

impl Ask {
    const fn name(self) -> &'static str {
        match self {
            Ask::Month => "month",
            Ask::Identity => "identity",
            Ask::Name => "name",
            Ask::From => "from",
            Ask::Wage => "wage",
            Ask::Kind => "kind",
            Ask::LastDay => "last",
        }
    }

    const fn asks(self) -> Words {
        match self {
            Ask::Month => Words::new("从哪个月起申报", "From which month on"),
            Ask::Identity => Words::new("身份证号码是什么", "What is the identity number"),
            Ask::Name => Words::new("姓名是什么", "What is the name"),
            Ask::From => Words::new("哪天入职", "On which day do they begin"),
            Ask::Wage => Words::new("月工资多少", "What is the monthly wage"),
            Ask::Kind => Words::new("用工形式是什么", "As what are they employed"),
            Ask::LastDay => Words::new("最后一个工作日是哪天", "What is the last day of work"),
        }
    }

    const fn short(self) -> Words {
        match self {
            Ask::Month => MONTH,
            Ask::Identity => Words::new("身份证号码", "Identity number"),
            Ask::Name => Words::new("姓名", "Name"),
            Ask::From => Words::new("入职日", "Begins on"),
            Ask::Wage => Words::new("月工资", "Monthly wage"),
            Ask::Kind => Words::new("用工形式", "Employed as"),
            Ask::LastDay => Words::new("最后工作日", "Last day"),
        }
    }

    const fn hint(self) -> Option<Words> {
        match self {
            Ask::Identity => Some(Words::new(
                "十八位，按身份证填写",
                "18 characters, as they stand on the card",
            )),
            Ask::Name => Some(Words::new("按身份证填写", "as it stands on the card")),
            Ask::Wage => Some(Words::new(
                "税前，按月，以元填写",
                "before tax, a month, in yuan",
            )),
            Ask::LastDay => Some(Words::new("这一天仍算在职", "this day is still worked")),
            _ => None,
        }
    }

    /// Why an answer is none.
    fn fault(self, answer: &str, lang: Lang) -> Option<String> {
        let fault = match self {
            Ask::Month => Month::parse(answer)
                .is_err()
                .then_some(Words::new("选一个月", "choose a month")),
            Ask::Identity => IdentityNumber::parse(answer).is_err().then_some(Words::new(
                "不是居民身份证号码；对照证件检查每一位",
                "this is not an identity number; compare each character with the card",
            )),
            Ask::Name => answer
                .is_empty()
                .then_some(Words::new("填写姓名", "write the name")),
            Ask::From | Ask::LastDay => Day::parse(answer).is_err().then_some(Words::new(
                "写日期，如 2025-09-08",
                "write a day, such as 2025-09-08",
            )),
            Ask::Wage => Fen::parse(answer).is_err().then_some(Words::new(
                "写金额，如 8123.45",
                "write an amount, such as 8123.45",
            )),
            Ask::Kind => (!KINDS.iter().any(|(value, _)| *value == answer))
                .then_some(Words::new("选一种", "choose one")),
        };
        fault.map(|fault| lang.say(fault).to_owned())
    }
}

const KINDS: [(&str, Words); 4] = [
    ("标准", Words::new("劳动合同", "by an ordinary contract")),
    ("派遣", Words::new("劳务派遣", "dispatched by an agency")),
    ("灵活", Words::new("灵活用工", "in flexible work")),
    ("平台", Words::new("平台用工", "through a platform")),
];

/// What is done to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    New,
    Wage(Employee),
    End(Employee),
}

/// One question.
#[derive(Debug)]
pub(crate) struct OnePage {
    what: What,
    ask: Ask,
    /// What was answered before.
    before: Vec<(Ask, String)>,
    answer: String,
    fault: Option<String>,
    months: Vec<Month>,
    key: String,
}

async fn months(house: &House, visitor: &Visitor) -> Result<(Vec<Month>, Month), Problem> {
    let today = visitor.today();
    let glance = asked(house, visitor, move |db, asking| {
        glance(db, asking.applied.law, asking.login, today, asking.acting)
    })
    .await?;
    let first = first_month(&glance, today);
    let mut months: Vec<Month> = glance.months.iter().map(|one| one.month).collect();
    if !months.contains(&today.month()) {
        months.insert(0, today.month());
    }
    Ok((months, first))
}

/// The first question of somebody new.
pub(crate) async fn new_one(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let (months, first) = months(&house, &visitor).await?;
    let month = query(&uri, "month").and_then(|text| Month::parse(&text).ok());
    let page = OnePage {
        what: What::New,
        ask: Ask::Month,
        before: Vec::new(),
        answer: month
            .or_else(|| {
                months
                    .iter()
                    .take(OFFERED)
                    .find(|one| **one == first)
                    .copied()
            })
            .or_else(|| months.first().copied())
            .unwrap_or(first)
            .to_string(),
        fault: None,
        months,
        key: fresh_key(),
    };
    Ok(shown(&page, &visitor))
}

/// The next question of somebody new, or the check.
pub(crate) async fn new_next(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let (said, lang) = (Form::read(&form), visitor.lang);
    let mut before = Vec::new();
    for ask in OF_NEW {
        let answer = said.get(ask.name()).to_owned();
        let was_asked = said.all().iter().any(|(name, _)| name == ask.name());
        let fault = was_asked.then(|| ask.fault(&answer, lang)).flatten();
        if !was_asked || fault.is_some() {
            let (months, _) = months(&house, &visitor).await?;
            let status = match fault {
                None => StatusCode::OK,
                Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = OnePage {
                what: What::New,
                ask,
                before,
                answer,
                fault,
                months,
                key: said.get("key").to_owned(),
            };
            return Ok(shown_as(status, &page, &visitor));
        }
        before.push((ask, answer));
    }
    let row = [
        (Item::Identity, "identity"),
        (Item::Name, "name"),
        (Item::Wage, "wage"),
        (Item::From, "from"),
        (Item::Kind, "kind"),
    ];
    let row = row.map(|(item, name)| (item, said.get(name).to_owned()));
    let month = Month::parse(said.get("month")).map_err(|_| Problem::unreadable())?;
    begun(&house, &visitor, (said.get("key"), month), row.to_vec()).await
}

async fn begun(
    house: &House,
    visitor: &Visitor,
    (key, month): (&str, Month),
    row: Vec<(Item, String)>,
) -> Result<Response, Problem> {
    let key = key.to_owned();
    let draft = asked(house, visitor, move |db, asking| {
        let new = New {
            key: &key,
            month,
            coverage: Coverage::Part,
            // There is no file.
            name: "",
        };
        begin_with_rows(db, asking.with(), new, &[row], asking.acting)
    })
    .await?;
    Ok(Redirect::to(&format!("/employer/drafts/{draft}")).into_response())
}

async fn known(
    house: &House,
    visitor: &Visitor,
    (person, month): (i64, Month),
) -> Result<Employee, Problem> {
    let person = PersonId::new(person).ok_or_else(super::receipt::unknown)?;
    asked(house, visitor, move |db, asking| {
        one(db, asking.with(), (month, person), asking.acting)
    })
    .await
}

fn of(what: &str, employee: Employee) -> Result<(What, Ask), Problem> {
    match what {
        "wage" => Ok((What::Wage(employee), Ask::Wage)),
        "end" => Ok((What::End(employee), Ask::LastDay)),
        _ => Err(Problem::no_page()),
    }
}

/// The one question of somebody of the staff.
pub(crate) async fn change(
    State(house): State<House>,
    visitor: Visitor,
    Path((person, what)): Path<(i64, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let month = query(&uri, "month").and_then(|text| Month::parse(&text).ok());
    let month = month.unwrap_or_else(|| visitor.today().month());
    let employee = known(&house, &visitor, (person, month)).await?;
    let (what, ask) = of(&what, employee)?;
    let page = OnePage {
        what,
        ask,
        before: vec![(Ask::Month, month.to_string())],
        answer: String::new(),
        fault: None,
        months: Vec::new(),
        key: fresh_key(),
    };
    Ok(shown(&page, &visitor))
}

/// Its answer: the check, or the question again.
pub(crate) async fn changed(
    State(house): State<House>,
    visitor: Visitor,
    Path((person, what)): Path<(i64, String)>,
    form: String,
) -> Result<Response, Problem> {
    let said = Form::read(&form);
    let month = Month::parse(said.get("month")).map_err(|_| Problem::unreadable())?;
    let employee = known(&house, &visitor, (person, month)).await?;
    let number = employee
        .number
        .as_ref()
        .map(|number| number.reveal().to_owned());
    let number = number.ok_or_else(super::receipt::unknown)?;
    let wage = employee.wage.unwrap_or(Fen::ZERO).to_string();
    let mut row = vec![
        (Item::Identity, number),
        (Item::Name, employee.name.clone()),
    ];
    let (what, ask) = of(&what, employee)?;
    let answer = said.get(ask.name()).to_owned();
    if let Some(fault) = ask.fault(&answer, visitor.lang) {
        let page = OnePage {
            what,
            ask,
            before: vec![(Ask::Month, month.to_string())],
            answer,
            fault: Some(fault),
            months: Vec::new(),
            key: said.get("key").to_owned(),
        };
        return Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor));
    }
    match ask {
        Ask::LastDay => row.extend([(Item::Wage, wage), (Item::LastDay, answer)]),
        _ => row.push((Item::Wage, answer)),
    }
    begun(&house, &visitor, (said.get("key"), month), row).await
}

impl OnePage {
    fn to(&self) -> String {
        match &self.what {
            What::New => "/employer/change/new".to_owned(),
            What::Wage(one) => format!("/employer/staff/{}/wage", one.person),
            What::End(one) => format!("/employer/staff/{}/end", one.person),
        }
    }

    fn question(&self, lang: Lang) -> (Field, Markup) {
        let asked = Field {
            name: self.ask.name().into(),
            label: lang.say(self.ask.asks()).into(),
            hint: self.ask.hint().map(|hint| lang.say(hint).to_owned()),
            kind: match self.ask {
                Ask::From | Ask::LastDay => Kind::Day,
                Ask::Wage => Kind::Number(lang.pick("元", "yuan").into()),
                _ => Kind::Text,
            },
            value: self.answer.clone(),
            fault: self.fault.clone(),
            optional: false,
        };
        let markup = match self.ask {
            Ask::Month => {
                let months = self.months.iter().take(OFFERED).map(|month| Choice {
                    value: month.to_string(),
                    label: month_name(*month, lang),
                });
                one_of(&asked, &months.collect::<Vec<_>>(), lang)
            }
            Ask::Kind => {
                let kinds = KINDS.map(|(value, label)| Choice {
                    value: value.into(),
                    label: lang.say(label).into(),
                });
                one_of(&asked, &kinds, lang)
            }
            _ => field(&asked, lang),
        };
        (asked, markup)
    }

    fn known(&self, lang: Lang) -> Markup {
        let mut rows: Vec<(String, Markup)> = Vec::new();
        if let What::Wage(one) | What::End(one) = &self.what {
            let number = one.number.as_ref();
            let number = number.map_or_else(String::new, |number| number.masked().to_string());
            rows.push((
                lang.say(Ask::Name.short()).to_owned(),
                html! { (one.name) " " span class="quiet" { (number) } },
            ));
            if let Some(wage) = one.wage {
                rows.push((
                    lang.pick("现工资", "Wage now").to_owned(),
                    html! { (super::yuan(wage)) },
                ));
            }
        }
        for (ask, answer) in &self.before {
            rows.push((lang.say(ask.short()).to_owned(), html! { (answer) }));
        }
        html! { @if !rows.is_empty() { (summary(&rows)) } }
    }
}

impl Page for OnePage {
    fn title(&self, lang: Lang) -> String {
        match self.what {
            What::New => lang.pick("登记一名新职工", "Enrol one person"),
            What::Wage(_) => lang.pick("改工资", "Change a wage"),
            What::End(_) => lang.pick("办理离职", "End somebody"),
        }
        .to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (asked, question) = self.question(lang);
        let at = OF_NEW.iter().position(|ask| *ask == self.ask);
        let at = at.filter(|_| self.what == What::New);
        html! {
            (ways(if self.what == What::New { "/employer/declare" } else { "/employer/staff" }, lang))
            (error_summary(&faults(&[&asked]), lang))
            @if let Some(at) = at {
                p class="quiet" { (lang.pick(format!("第 {} 问，共 {} 问", at + 1, OF_NEW.len()), format!("Question {} of {}", at + 1, OF_NEW.len()))) }
            }
            form method="post" action=(self.to()) {
                (hidden("csrf", &visitor.csrf()))
                (hidden("key", &self.key))
                @for (ask, answer) in &self.before { (hidden(ask.name(), answer)) }
                (question)
                (submit(lang.say(NEXT)))
            }
            (self.known(lang))
        }
    }

    fn samples() -> Vec<OnePage> {
        let month = Month::parse("2025-09").unwrap_or(Month::MAX);
        let one = Employee {
            person: PersonId::new(5).expect("5 is a number"),
            name: "<script>alert(1)</script>".to_owned(),
            number: IdentityNumber::parse("11010519491231002X").ok(),
            wage: Some(Fen(812_345)),
            paused: false,
        };
        let page = |what: What, ask, fault: Option<&str>| OnePage {
            what,
            ask,
            before: vec![(Ask::Name, "<script>alert(2)</script>".to_owned())],
            answer: "<b>8000".to_owned(),
            fault: fault.map(str::to_owned),
            months: vec![month],
            key: "0".repeat(32),
        };
        vec![
            page(What::New, Ask::Month, None),
            page(What::New, Ask::Wage, Some("写金额")),
            page(What::New, Ask::Kind, Some("选一种")),
            page(What::Wage(one.clone()), Ask::Wage, None),
            page(What::End(one), Ask::LastDay, None),
        ]
    }
}
