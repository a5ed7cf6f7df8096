//! A correction of the register, one question at a time: what is wrong, on which days, what it shall be, why; then what it was
//! and what it shall be, and it waits for a second person.

use super::form::done_once;
use super::person::{called, number, read};
use super::purpose::{COUNTER, Clerk, faults};
use super::words::{days, participation, shall as said};
use crate::forms::{Form, fresh_key};
use crate::house::House;
use crate::look::components::{
    Choice, Field, Head, Kind, Step, Table, error_summary, field, hidden, many, notice, one_of,
    progress, submit, summary, table,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use city::corrections::{Asked, Piece, Shall};
use city::facts::{Fact, FactId, Span};
use city::insurance::{Participation, Status};
use city::people::PersonId;
use city::places::District;
use maud::{Markup, html};
use measure::{Fen, Month, Words};
use office::correction::{ask, tried};
use office::permit::Refusal;
use office::register::person::Registered;
use rules::explain::Lang;

const TITLE: Words = Words::new("更正登记", "Correct the register");
const STEPS: Words = Words::new("步骤", "Steps");
const NAMES: [Words; 5] = [
    Words::new("哪里不对", "What is wrong"),
    Words::new("哪些月份", "Which months"),
    Words::new("应当是什么", "What it shall be"),
    Words::new("原因", "Why"),
    Words::new("核对", "Check"),
];
const NOW: Words = Words::new("现在的登记", "What the register says");
const KIND: Words = Words::new("哪里不对？", "What is wrong?");
const WAGE: Words = Words::new("申报的工资、基数或档次", "The wage, base or tier declared");
const STANDING: Words = Words::new("参保状态", "How it stood");
const PLACE: Words = Words::new("区县", "The district");
const NEVER: Words = Words::new("那时没有这项参保", "There was no such insurance then");
const FIRST: Words = Words::new("从哪个月起不对？", "From which month was it wrong?");
const LAST: Words = Words::new("到哪个月为止？", "Until which month?");
const LAST_HINT: Words = Words::new(
    "含该月；一直不对的不填。",
    "That month included; empty where it is wrong up to now.",
);
const AMOUNT: Words = Words::new("应当是多少？", "What shall it be?");
const YUAN: Words = Words::new("元", "yuan");
const STATUS: Words = Words::new("那时应当是什么状态？", "How did it stand?");
const DISTRICT: Words = Words::new("应当在哪个区县？", "In which district was it held?");
const DISTRICT_HINT: Words = Words::new(
    "六位区划代码，如 500103。",
    "The six digits of its code, such as 500103.",
);
const REASON: Words = Words::new("为什么？依据是什么？", "Why, and what does it rest on?");
const REASON_HINT: Words = Words::new(
    "如“劳动合同与六月工资单”。复核人员会看到。",
    "Such as “labour contract and the June payslip”. Who approves reads it.",
);
const GO_ON: Words = Words::new("继续", "Go on");
const SEND: Words = Words::new("提交复核", "Send it to a second person");
const BEFORE: Words = Words::new("原登记", "It was");
const AFTER: Words = Words::new("更正为", "It shall be");
const DAYS: Words = Words::new("日期", "Days");
const CHOOSE: Words = Words::new("选一项", "choose one");
const NO_MONTH: Words = Words::new("写成 2025-06", "write it as 2025-06");
const BACKWARDS: Words = Words::new("不能早于起始月份", "it cannot be before the first month");
const NO_AMOUNT: Words = Words::new("写数字，如 8123.45", "write a number, such as 8123.45");
const NO_DISTRICT: Words = Words::new("写六位代码", "write the six digits of its code");
const NO_REASON: Words = Words::new("写明原因", "say why");
const NEXT: Words = Words::new(
    "另一人复核前，登记不变",
    "Nothing changes before somebody else has approved",
);

/// The kinds of things that may be wrong, as the form has them.
const KINDS: [(&str, Words); 4] = [
    ("declared", WAGE),
    ("status", STANDING),
    ("district", PLACE),
    ("nothing", NEVER),
];

/// What was answered so far, as it was typed.
#[derive(Clone, Debug, Default)]
struct Answers {
    kind: String,
    first: String,
    last: String,
    value: String,
    reason: String,
}

/// Which question is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Question {
    #[default]
    Kind,
    Days,
    Value,
    Reason,
    Check,
}

use Question::{Check, Days, Kind as Wrong, Reason, Value};

const ORDER: [Question; 5] = [Wrong, Days, Value, Reason, Check];

/// The page of a question.
#[derive(Debug)]
pub(crate) struct CorrectPage {
    person: PersonId,
    title: String,
    fact: (FactId, Fact<Participation>),
    answers: Answers,
    question: Question,
    /// By the name of its field.
    fault: Option<(&'static str, Words<String>)>,
    pieces: Vec<Piece>,
    key: String,
    clerk: Clerk,
}

/// Begins a correction of a fact.
pub(crate) async fn page(
    State(house): State<House>,
    clerk: Clerk,
    Path(person): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let of = read(&house, &clerk, number(&person)?).await?;
    let asked = query(&uri, "fact").unwrap_or_default();
    let page = begun(&of, &asked, clerk)?;
    let visitor = page.clerk.visitor.clone();
    Ok(shown(&page, &visitor))
}

/// The first question about a fact that is held to be so.
fn begun(of: &Registered, fact: &str, clerk: Clerk) -> Result<CorrectPage, Problem> {
    let id = fact.parse().ok().and_then(FactId::new);
    let mut held = of
        .insured
        .iter()
        .filter(|(_, fact)| fact.superseded.is_none());
    let found = held.find(|(known, _)| Some(*known) == id).cloned();
    let fact = found.ok_or_else(|| office::Error::from(Refusal::Unknown))?;
    Ok(CorrectPage {
        person: of.person.id,
        title: called(of, clerk.visitor.lang),
        answers: Answers {
            first: fact.1.valid.first().month().to_string(),
            ..Answers::default()
        },
        fact,
        question: Wrong,
        fault: None,
        pieces: Vec::new(),
        key: fresh_key(),
        clerk,
    })
}

/// An answer comes in: the next question, or the same again with what is wrong; at the end it is asked.
pub(crate) async fn answer(
    State(house): State<House>,
    clerk: Clerk,
    Path(person): Path<String>,
    form: String,
) -> Result<Response, Problem> {
    let form = Form::read(&form);
    let person = number(&person)?;
    let visitor = clerk.visitor.clone();
    if form.get("send") == "yes" {
        return sent(&house, &clerk, person, &form).await;
    }
    let of = read(&house, &clerk, person).await?;
    let mut page = begun(&of, form.get("fact"), clerk)?;
    page.take(&form);
    let answered = ORDER
        .into_iter()
        .find(|question| question.word() == form.get("question"));
    for question in ORDER.into_iter().take_while(|question| *question != Check) {
        page.question = question;
        // A later question than the one answered is asked for the first time.
        if answered.is_none_or(|answered| answered.place() < question.place()) {
            return Ok(shown(&page, &visitor));
        }
        if let Err(fault) = page.checked(question) {
            page.fault = Some(fault);
            return Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor));
        }
    }
    page.question = Check;
    let asked = page.asked().ok_or_else(Problem::unreadable)?;
    let login = visitor.login().cloned();
    let done = house
        .office(move |db| tried(db, login.as_ref(), &asked))
        .await;
    match done {
        Ok(pieces) => {
            page.pieces = pieces;
            Ok(shown(&page, &visitor))
        }
        Err(problem) if problem.code.starts_with("A02") => {
            let (what, mend) = (problem.what, problem.mend);
            page.fault = Some((
                "",
                Words::new(
                    format!("{}；{}", what.zh, mend.zh),
                    format!("{}; {}", what.en, mend.en),
                ),
            ));
            page.question = Value;
            Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
        }
        Err(problem) => Err(problem),
    }
}

async fn sent(
    house: &House,
    clerk: &Clerk,
    person: PersonId,
    form: &Form,
) -> Result<Response, Problem> {
    let of = read(house, clerk, person).await?;
    let mut page = begun(&of, form.get("fact"), clerk.clone())?;
    page.take(form);
    page.key = form.get("key").to_owned();
    let asked = page.asked().ok_or_else(Problem::unreadable)?;
    let login = clerk.login().cloned();
    let path = format!("/counter/persons/{person}/correct");
    done_once(house, clerk, (&path, form), move |db, acting| {
        let id = ask(db, login.as_ref(), &asked, acting)?;
        Ok(format!("/counter/inbox/correction/{id}?done=asked"))
    })
    .await
}

impl Question {
    const fn word(self) -> &'static str {
        match self {
            Wrong => "kind",
            Days => "days",
            Value => "value",
            Reason => "reason",
            Check => "check",
        }
    }

    fn place(self) -> usize {
        ORDER
            .iter()
            .position(|question| *question == self)
            .unwrap_or(0)
    }
}

impl CorrectPage {
    fn take(&mut self, form: &Form) {
        let said = |name: &str, before: &str| match form.get(name) {
            "" => before.to_owned(),
            said => said.to_owned(),
        };
        self.answers = Answers {
            kind: form.get("kind").to_owned(),
            first: said("first", &self.answers.first),
            last: form.get("last").to_owned(),
            value: form.get("value").to_owned(),
            reason: form.get("reason").to_owned(),
        };
    }

    /// Whether a question is answered so that one can go on.
    fn checked(&self, question: Question) -> Result<(), (&'static str, Words<String>)> {
        let fault = |field, words: Words| {
            Err((field, Words::new(words.zh.to_owned(), words.en.to_owned())))
        };
        match question {
            Wrong if !KINDS.iter().any(|(kind, _)| *kind == self.answers.kind) => {
                fault("kind", CHOOSE)
            }
            Days => match (Month::parse(&self.answers.first), self.last()) {
                (Err(_), _) => fault("first", NO_MONTH),
                (_, Err(())) => fault("last", NO_MONTH),
                (Ok(first), Ok(Some(last))) if last < first => fault("last", BACKWARDS),
                _ => Ok(()),
            },
            Value => match (self.answers.kind.as_str(), self.shall()) {
                ("declared", None) => fault("value", NO_AMOUNT),
                ("district", None) => fault("value", NO_DISTRICT),
                (_, None) => fault("value", CHOOSE),
                (_, Some(_)) => Ok(()),
            },
            Reason if self.answers.reason.is_empty() => fault("reason", NO_REASON),
            Wrong | Reason | Check => Ok(()),
        }
    }

    fn last(&self) -> Result<Option<Month>, ()> {
        match self.answers.last.as_str() {
            "" => Ok(None),
            text => Month::parse(text).map(Some).map_err(drop),
        }
    }

    fn shall(&self) -> Option<Shall> {
        let value = &self.answers.value;
        match self.answers.kind.as_str() {
            "declared" => {
                let amount = Fen::parse(&value.replace(',', "")).ok()?;
                (Fen::ZERO < amount).then_some(Shall::Declared(amount))
            }
            "status" => {
                let status = Status::from_code(value.parse().ok()?)?;
                Some(Shall::Stood(status))
            }
            "district" => District::new(value.parse().ok()?).map(Shall::Held),
            "nothing" => Some(Shall::Nothing),
            _ => None,
        }
    }

    fn asked(&self) -> Option<Asked> {
        let first = Month::parse(&self.answers.first).ok()?;
        let until = match self.last().ok()? {
            Some(last) => Some(last.add_months(1).ok()?.first_day()),
            None => None,
        };
        let login = self.clerk.login().map_or("", |login| login.name().login());
        Some(Asked {
            key: format!("{login}/{}", self.key),
            person: self.person,
            slot: self.fact.1.value.slot,
            days: Span::new(first.first_day(), until).ok()?,
            shall: self.shall()?,
            reason: self.answers.reason.chars().take(500).collect(),
        })
    }

    fn field(
        &self,
        name: &'static str,
        label: Words,
        hint: Option<Words>,
        kind: Kind,
        value: &str,
    ) -> Field {
        let lang = self.clerk.visitor.lang;
        let fault = self
            .fault
            .as_ref()
            .filter(|(field, _)| *field == name || field.is_empty());
        Field {
            name: name.into(),
            label: lang.say(label).into(),
            hint: hint.map(|hint| lang.say(hint).to_owned()),
            kind,
            value: value.to_owned(),
            fault: fault.map(|(_, words)| lang.pick(&words.zh, &words.en).clone()),
            optional: name == "last",
        }
    }

    /// The fields of the question that is asked, each as markup.
    fn fields(&self, lang: Lang) -> (Vec<Field>, Markup) {
        let choice = |value: &str, label: &str| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        };
        match self.question {
            Wrong => {
                let of = self.field("kind", KIND, None, Kind::Text, &self.answers.kind);
                let choices: Vec<_> = KINDS
                    .iter()
                    .map(|(kind, words)| choice(kind, lang.say(*words)))
                    .collect();
                let shown = one_of(&of, &choices, lang);
                (vec![of], shown)
            }
            Days => {
                let first = self.field("first", FIRST, None, Kind::Month, &self.answers.first);
                let last = self.field(
                    "last",
                    LAST,
                    Some(LAST_HINT),
                    Kind::Month,
                    &self.answers.last,
                );
                let shown = html! { (field(&first, lang)) (field(&last, lang)) };
                (vec![first, last], shown)
            }
            Value => match self.answers.kind.as_str() {
                "status" => {
                    let of = self.field("value", STATUS, None, Kind::Text, &self.answers.value);
                    let all = Status::ALL.iter();
                    let choices: Vec<_> = all
                        .map(|status| choice(&status.code().to_string(), status.name(lang)))
                        .collect();
                    let shown = if choices.len() <= 5 {
                        one_of(&of, &choices, lang)
                    } else {
                        many(&of, &choices, lang)
                    };
                    (vec![of], shown)
                }
                "district" => {
                    let of = self.field(
                        "value",
                        DISTRICT,
                        Some(DISTRICT_HINT),
                        Kind::Number(String::new()),
                        &self.answers.value,
                    );
                    let shown = field(&of, lang);
                    (vec![of], shown)
                }
                "nothing" => (Vec::new(), html! { p { (lang.say(NEVER)) } }),
                _ => {
                    let unit = Kind::Number(lang.say(YUAN).to_owned());
                    let of = self.field("value", AMOUNT, None, unit, &self.answers.value);
                    let shown = field(&of, lang);
                    (vec![of], shown)
                }
            },
            Reason => {
                let of = self.field(
                    "reason",
                    REASON,
                    Some(REASON_HINT),
                    Kind::Text,
                    &self.answers.reason,
                );
                let shown = field(&of, lang);
                (vec![of], shown)
            }
            Check => (Vec::new(), self.check(lang)),
        }
    }

    fn check(&self, lang: Lang) -> Markup {
        html! {
            (before_and_after(&self.pieces, lang))
            (summary(&[(lang.say(NAMES[3]).to_owned(), html! { (self.answers.reason) })]))
            (notice(lang.say(NEXT), html! {}))
        }
    }

    /// What was answered to the questions before, carried along unseen.
    fn carried(&self) -> Markup {
        let answers = [
            (Wrong, "kind", &self.answers.kind),
            (Days, "first", &self.answers.first),
            (Days, "last", &self.answers.last),
            (Value, "value", &self.answers.value),
            (Reason, "reason", &self.answers.reason),
        ];
        html! {
            (hidden("csrf", &self.clerk.visitor.csrf()))
            (hidden("fact", &self.fact.0.to_string()))
            (hidden("question", self.question.word()))
            @if self.question == Check { (hidden("send", "yes")) (hidden("key", &self.key)) }
            @for (question, name, value) in answers {
                @if question != self.question { (hidden(name, value)) }
            }
        }
    }
}

/// What the register says and what it shall say, side by side.
pub(super) fn before_and_after(pieces: &[Piece], lang: Lang) -> Markup {
    let rows = pieces.iter().map(|piece| {
        vec![
            days(piece.days, lang).into(),
            participation(Some(&piece.was), lang).into(),
            html! { strong { (participation(piece.shall.as_ref(), lang)) } }.into(),
        ]
    });
    table(
        &Table {
            caption: lang.say(NAMES[4]).to_owned(),
            head: vec![
                Head::words(lang.say(DAYS)),
                Head::words(lang.say(BEFORE)),
                Head::words(lang.say(AFTER)),
            ],
            rows: rows.collect(),
            foot: None,
        },
        lang,
    )
}

impl Page for CorrectPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![
            Crumb::new("/counter", lang.say(COUNTER)),
            Crumb::new(
                format!("/counter/persons/{}", self.person),
                self.title.clone(),
            ),
        ]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let of = &self.fact.1;
        let (fields, shown) = self.fields(lang);
        let steps: Vec<(&str, Step)> = ORDER
            .iter()
            .zip(NAMES)
            .map(|(question, name)| {
                let step = match question.place().cmp(&self.question.place()) {
                    std::cmp::Ordering::Less => Step::Done,
                    std::cmp::Ordering::Equal => Step::Now,
                    std::cmp::Ordering::Greater => Step::Ahead,
                };
                (lang.say(name), step)
            })
            .collect();
        let send = if self.question == Check { SEND } else { GO_ON };
        html! {
            (error_summary(&faults(&fields.iter().collect::<Vec<_>>()), lang))
            (summary(&[(lang.say(NOW).to_owned(), html! {
                (of.value.slot.scheme().name(lang)) " · " (participation(Some(&of.value), lang)) " · " (days(of.valid, lang))
            })]))
            form method="post" action=(format!("/counter/persons/{}/correct", self.person)) {
                (self.carried())
                (shown)
                (submit(lang.say(send)))
            }
            (progress(lang.say(STEPS), &steps, lang))
        }
    }

    fn samples() -> Vec<CorrectPage> {
        let registered = super::person::sample(true);
        let of = |question, kind: &str, fault| {
            let mut page = begun(&registered, "1", super::purpose::sample()).ok()?;
            page.question = question;
            page.fault = fault;
            page.answers.kind = kind.to_owned();
            page.answers.value = "<b>8000".to_owned();
            page.answers.reason = "<script>alert(1)</script>".to_owned();
            let was = page.fact.1.value;
            let days = page.fact.1.valid;
            page.pieces = vec![
                Piece {
                    days,
                    was,
                    shall: Some(Participation {
                        declared: Some(Fen(1)),
                        ..was
                    }),
                },
                Piece {
                    days,
                    was,
                    shall: None,
                },
            ];
            debug_assert!(!said(Shall::Nothing, Lang::En).is_empty());
            Some(page)
        };
        let wrong = |field, words: Words| {
            Some((field, Words::new(words.zh.to_owned(), words.en.to_owned())))
        };
        let pages = [
            of(Wrong, "", None),
            of(Wrong, "", wrong("kind", CHOOSE)),
            of(Days, "declared", wrong("first", NO_MONTH)),
            of(Value, "declared", wrong("value", NO_AMOUNT)),
            of(Value, "status", None),
            of(Value, "district", None),
            of(Value, "nothing", None),
            of(Reason, "declared", wrong("reason", NO_REASON)),
            of(Check, "declared", None),
        ];
        pages.into_iter().flatten().collect()
    }
}
