//! What the register knows of a person: now, on an earlier day, since when and from where; their months, and what was asked.

use super::purpose::{COUNTER, Clerk};
use super::words::{days, declared, is_now, origin, shall, state, status};
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{
    Field, Head, Kind, List, Listed, Table, amount, button_link, empty, field, fold, submit,
    summary, table, tabs, tag,
};
use crate::look::districts;
use crate::page::{Crumb, Page, shown};
use crate::person::overview::listed;
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::facts::{Fact, FactId};
use city::insurance::Participation;
use city::people::PersonId;
use maud::{Markup, html};
use measure::{Day, Words};
use office::account::months::{Lifetime, OwedMonth, lifetime};
use office::permit::{self, Action, Refusal};
use office::register::person::{Registered, end_of, registered};
use rules::explain::Lang;

const PERSON: Words = Words::new("个人", "Person");
const NO_NAME: Words = Words::new("姓名未打开", "name not opened");
const BORN: Words = Words::new("出生日期", "Day of birth");
const SEX: Words = Words::new("性别", "Sex");
const NUMBERS: Words = Words::new("证件号码", "Numbers");
const SHOW: Words = Words::new("显示号码", "Show the numbers");
const INSURED: Words = Words::new("参保", "Insurance");
const WORK: Words = Words::new("就业", "Employment");
const LIVES: Words = Words::new("居住区县", "Lives in");
const ACCOUNTS: Words = Words::new("个人账户储存额", "In the accounts");
const SCHEME: Words = Words::new("险种", "Scheme");
const THROUGH: Words = Words::new("单位或身份", "Employer or standing");
const DECLARED: Words = Words::new("申报", "Declared");
const STANDS: Words = Words::new("状态", "Standing");
const DISTRICT: Words = Words::new("区县", "District");
const DAYS: Words = Words::new("有效期", "True");
const RECORDED: Words = Words::new("记录于", "Recorded");
const FROM: Words = Words::new("来源", "From");
const SUPERSEDED: Words = Words::new("已更正于", "superseded");
const CORRECT: Words = Words::new("更正", "Correct");
const KNOWN: Words = Words::new("按哪一天所知查看", "As known on");
const KNOWN_HINT: Words = Words::new(
    "看当时的登记是怎样的；不填为现在。",
    "See what the register said then; empty for now.",
);
const LOOK: Words = Words::new("查看", "Look");
const HISTORY: Words = Words::new("全部记录，含已更正的", "Every fact, superseded ones too");
const NONE: Words = Words::new("没有参保记录", "Nothing is known of any insurance");
const NONE_SAYS: Words = Words::new(
    "单位申报后会出现在这里。",
    "It appears here when an employer declares it.",
);
const REGISTER: Words = Words::new("登记", "Register");
const MONTHS: Words = Words::new("逐月缴费", "Months");
const ASKED: Words = Words::new("更正申请", "Corrections asked");
const WHAT: Words = Words::new("更正为", "Shall be");
const BY: Words = Words::new("提出", "Asked by");
const NO_MONTHS: Words = Words::new("还没有已发布的月份", "No month of theirs is published yet");
const NO_MONTHS_SAYS: Words = Words::new(
    "核定并发布后，每个月都会出现在这里。",
    "Each month appears here when it was assessed and published.",
);

/// A person's register page.
#[derive(Debug)]
pub(crate) struct PersonPage {
    of: Registered,
    known: Option<Day>,
    may_correct: bool,
    clerk: Clerk,
}

/// The number in an address, or nothing of this number.
pub(super) fn number(text: &str) -> Result<PersonId, Problem> {
    let number = text.parse().ok().and_then(PersonId::new);
    number.ok_or_else(|| office::Error::from(Refusal::Unknown).into())
}

/// The register of a person, noted.
pub(super) async fn read(
    house: &House,
    clerk: &Clerk,
    person: PersonId,
) -> Result<Registered, Problem> {
    let (clerk, secrets) = (clerk.clone(), house.settings.secrets.clone());
    house
        .office(move |db| {
            let by = clerk.name()?;
            let of = (clerk.login(), person);
            registered(db, of, secrets.as_deref(), clerk.acting(&by))
        })
        .await
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    clerk: Clerk,
    Path(person): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let of = read(&house, &clerk, number(&person)?).await?;
    let known = query(&uri, "known").and_then(|text| Day::parse(&text).ok());
    let visitor = clerk.visitor.clone();
    let page = PersonPage {
        of,
        known,
        may_correct: permit::reach(clerk.login(), Action::AskCorrection).is_ok(),
        clerk,
    };
    Ok(shown(&page, &visitor))
}

/// The views of a person's record.
pub(super) fn views(person: PersonId, here: &str, lang: Lang) -> Markup {
    let (register, months) = (
        format!("/counter/persons/{person}"),
        format!("/counter/persons/{person}/months"),
    );
    let views = [
        (&*register, lang.say(REGISTER)),
        (&*months, lang.say(MONTHS)),
    ];
    tabs(lang.say(PERSON), &views, here)
}

/// What a person is called, for titles.
pub(super) fn called(of: &Registered, lang: Lang) -> String {
    let person = of.person.id;
    match &of.name {
        Some(name) => lang.pick(format!("{name}（{person}）"), format!("{name} ({person})")),
        None => format!("{} {person} · {}", lang.say(PERSON), lang.say(NO_NAME)),
    }
}

impl PersonPage {
    fn head(&self, lang: Lang) -> Markup {
        let of = &self.of;
        let sex = match of.person.sex {
            measure::Sex::Male => lang.pick("男", "male"),
            measure::Sex::Female => lang.pick("女", "female"),
        };
        let lives = of
            .lives
            .iter()
            .filter(|(_, fact)| fact.superseded.is_none());
        let lives: Vec<String> = lives
            .map(|(_, fact)| {
                format!(
                    "{} · {}",
                    districts::name(fact.value, lang),
                    days(fact.valid, lang)
                )
            })
            .collect();
        let mut rows = vec![
            (lang.say(SEX).to_owned(), html! { (sex) }),
            (lang.say(BORN).to_owned(), html! { (of.person.born) }),
        ];
        if !of.numbers.is_empty() {
            let shown = html! { @for (kind, number) in &of.numbers { p { (kind.name(lang)) " " code { (number) } } } };
            rows.push((lang.say(NUMBERS).to_owned(), fold(lang.say(SHOW), shown)));
        }
        if !lives.is_empty() {
            rows.push((
                lang.say(LIVES).to_owned(),
                html! { @for line in &lives { div { (line) } } },
            ));
        }
        for (scheme, balance) in &of.accounts {
            let name = format!("{} · {}", lang.say(ACCOUNTS), scheme.name(lang));
            rows.push((name, amount(*balance, None, lang)));
        }
        summary(&rows)
    }

    fn through(&self, of: &Participation, lang: Lang) -> Markup {
        match of.slot.employer() {
            Some(employer) => {
                let name = self.of.employers.get(&employer);
                let name = name.cloned().unwrap_or_else(|| employer.to_string());
                html! { a href=(format!("/counter/employers/{employer}")) { (name) } }
            }
            None => html! { (of.slot.category().name(lang)) },
        }
    }

    fn line(
        &self,
        (id, fact): &(FactId, Fact<Participation>),
        corrects: bool,
        lang: Lang,
    ) -> Vec<crate::look::components::Cell> {
        let of = &fact.value;
        let mut line = vec![
            of.slot.scheme().name(lang).into(),
            self.through(of, lang).into(),
            declared(of.declared, lang).into(),
            status(of.status, lang).into(),
            districts::name(of.district, lang).into(),
            days(fact.valid, lang).into(),
        ];
        if corrects {
            let to = format!("/counter/persons/{}/correct?fact={id}", self.of.person.id);
            line.push(html! { a href=(to) { (lang.say(CORRECT)) } }.into());
        } else {
            line.push(
                html! {
                    (clock(fact.recorded))
                    @if let Some(at) = fact.superseded { " " (tag(lang.say(SUPERSEDED), "stop")) " " (clock(at)) }
                }
                .into(),
            );
            line.push(origin(fact.origin, lang).into());
        }
        line
    }

    fn heads(corrects: bool, lang: Lang) -> Vec<Head> {
        let mut head = vec![
            Head::words(lang.say(SCHEME)),
            Head::words(lang.say(THROUGH)),
            Head::numbers(lang.say(DECLARED)),
            Head::words(lang.say(STANDS)),
            Head::words(lang.say(DISTRICT)),
            Head::words(lang.say(DAYS)),
        ];
        if corrects {
            head.push(Head::words(lang.say(CORRECT)));
        } else {
            head.push(Head::words(lang.say(RECORDED)));
            head.push(Head::words(lang.say(FROM)));
        }
        head
    }

    /// What is held to be so: now, or as it was known on a day.
    fn insured(&self, lang: Lang) -> Markup {
        let corrects = self.may_correct && self.known.is_none();
        let held: Vec<_> = match self.known {
            Some(day) => self.of.insured_as_known(end_of(day)).collect(),
            None => {
                let all = self.of.insured.iter();
                all.filter(|(_, fact)| fact.superseded.is_none()).collect()
            }
        };
        let title = match self.known {
            Some(day) => lang.pick(
                format!("参保，按 {day} 所知"),
                format!("Insurance as known on {day}"),
            ),
            None => lang.say(INSURED).to_owned(),
        };
        html! {
            h2 { (title) }
            @if held.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                (table(&Table {
                    caption: title.clone(),
                    head: PersonPage::heads(corrects, lang),
                    rows: held.into_iter().map(|of| self.line(of, corrects, lang)).collect(),
                    foot: None,
                }, lang))
            }
        }
    }

    fn history(&self, lang: Lang) -> Markup {
        let rows = self.of.insured.iter().map(|of| self.line(of, false, lang));
        let all = table(
            &Table {
                caption: lang.say(HISTORY).to_owned(),
                head: PersonPage::heads(false, lang),
                rows: rows.collect(),
                foot: None,
            },
            lang,
        );
        let known = Field {
            name: "known".into(),
            label: lang.say(KNOWN).into(),
            hint: Some(lang.say(KNOWN_HINT).into()),
            kind: Kind::Day,
            value: self.known.map_or_else(String::new, |day| day.to_string()),
            fault: None,
            optional: true,
        };
        html! {
            form class="row" method="get" action=(format!("/counter/persons/{}", self.of.person.id)) {
                (field(&known, lang))
                (submit(lang.say(LOOK)))
            }
            (fold(lang.say(HISTORY), all))
        }
    }

    fn work(&self, today: Day, lang: Lang) -> Markup {
        let rows = self
            .of
            .work
            .iter()
            .filter(|(_, _, fact)| fact.superseded.is_none());
        let rows: Vec<_> = rows
            .map(|(employer, _, fact)| {
                let name = self.of.employers.get(employer);
                vec![
                    name.cloned().unwrap_or_else(|| employer.to_string()).into(),
                    format!("{} · {}", fact.value.kind.name(lang), fact.value.post.name(lang)).into(),
                    html! { (days(fact.valid, lang)) @if is_now(fact, today) { " " (tag(lang.pick("在职", "now"), "good")) } }.into(),
                    origin(fact.origin, lang).into(),
                ]
            })
            .collect();
        html! {
            @if !rows.is_empty() {
                h2 { (lang.say(WORK)) }
                (table(&Table {
                    caption: lang.say(WORK).to_owned(),
                    head: vec![
                        Head::words(lang.say(THROUGH)),
                        Head::words(lang.say(STANDS)),
                        Head::words(lang.say(DAYS)),
                        Head::words(lang.say(FROM)),
                    ],
                    rows,
                    foot: None,
                }, lang))
            }
        }
    }

    fn asked(&self, lang: Lang) -> Markup {
        let rows = self.of.corrections.iter().map(|of| {
            let to = format!("/counter/inbox/correction/{}", of.id);
            vec![
                html! { a href=(to) { (of.id) } }.into(),
                of.asked.slot.scheme().name(lang).into(),
                days(of.asked.days, lang).into(),
                shall(of.asked.shall, lang).into(),
                html! { (of.by) " · " (clock(of.at)) }.into(),
                state(&of.state, lang).into(),
            ]
        });
        html! {
            @if !self.of.corrections.is_empty() {
                h2 { (lang.say(ASKED)) }
                (table(&Table {
                    caption: lang.say(ASKED).to_owned(),
                    head: vec![
                        Head::numbers("№"),
                        Head::words(lang.say(SCHEME)),
                        Head::words(lang.say(DAYS)),
                        Head::words(lang.say(WHAT)),
                        Head::words(lang.say(BY)),
                        Head::words(lang.say(STANDS)),
                    ],
                    rows: rows.collect(),
                    foot: None,
                }, lang))
            }
        }
    }
}

impl Page for PersonPage {
    fn title(&self, lang: Lang) -> String {
        called(&self.of, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let person = self.of.person.id;
        html! {
            (self.clerk.bar())
            (views(person, &format!("/counter/persons/{person}"), lang))
            (self.head(lang))
            (self.insured(lang))
            (self.history(lang))
            (self.work(visitor.today(), lang))
            (self.asked(lang))
        }
    }

    fn samples() -> Vec<PersonPage> {
        let of = |known, may_correct, of| PersonPage {
            of,
            known,
            may_correct,
            clerk: super::purpose::sample(),
        };
        vec![
            of(None, true, sample(true)),
            of(Day::parse("2025-06-30").ok(), false, sample(true)),
            of(None, false, sample(false)),
        ]
    }
}

/// A person for samples.
pub(super) fn sample(is_insured: bool) -> Registered {
    use city::corrections::{Asked, Correction, CorrectionId, Shall, State};
    use city::employers::EmployerId;
    use city::facts::{Origin, OriginKind, Span};
    use city::insurance::{Category, Scheme, Slot, Status};
    use city::people::{IdentifierKind, Person};
    use measure::{Fen, Moment};
    let id = PersonId::new(1).expect("above 0");
    let firm = EmployerId::new(7).expect("above 0");
    let from = Day::parse("2024-06-01").expect("a day");
    let at = Moment::start_of(from);
    let slot = Slot::new(Scheme::EmployeePension, Category::Employee, Some(firm)).expect("a slot");
    let value = Participation {
        slot,
        status: Status::Active,
        district: city::places::District::new(500_103).expect("a district"),
        declared: Some(Fen(812_345)),
    };
    let fact = |superseded| Fact {
        valid: Span::from(from),
        recorded: at,
        superseded,
        origin: Origin {
            kind: OriginKind::Declaration,
            id: 12,
        },
        value,
    };
    let one = FactId::new(1).expect("above 0");
    let insured = vec![
        (one, fact(None)),
        (one, fact(Some(at.plus_microseconds(9)))),
    ];
    let correction = Correction {
        id: CorrectionId::new(3).expect("above 0"),
        asked: Asked {
            key: "k".into(),
            person: id,
            slot,
            days: Span::from(from),
            shall: Shall::Declared(Fen(900_000)),
            reason: "<script>alert(1)</script>".into(),
        },
        seen: office::inbox::nothing_seen(),
        by: city::actors::Actor::new("li<b>8000").expect("a login"),
        at,
        state: State::Asked,
    };
    Registered {
        person: Person {
            id,
            sex: measure::Sex::Female,
            born: from,
        },
        name: is_insured.then(|| "<script>alert(1)</script>买买提·吐尔逊".to_owned()),
        numbers: vec![(
            IdentifierKind::ResidentIdentity,
            "500101199902300010".into(),
        )],
        insured: if is_insured { insured } else { Vec::new() },
        work: Vec::new(),
        lives: Vec::new(),
        employers: [(firm, "<script>alert(2)</script>公司".to_owned())].into(),
        accounts: vec![(Scheme::EmployeePension, Fen(1_234_567))],
        corrections: vec![correction],
    }
}

/// A person's months, for staff.
#[derive(Debug)]
pub(crate) struct MonthsPage {
    of: Lifetime,
    listed: Listed,
    clerk: Clerk,
}

/// Shows them.
pub(crate) async fn months(
    State(house): State<House>,
    clerk: Clerk,
    Path(person): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let person = number(&person)?;
    let (asking, visitor) = (clerk.clone(), clerk.visitor.clone());
    let of = house
        .office(move |db| {
            let by = asking.name()?;
            let today = asking.visitor.today();
            lifetime(db, (asking.login(), person), today, asking.acting(&by))
        })
        .await?;
    let listed = Listed::read(&uri);
    let page = MonthsPage { of, listed, clerk };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

impl MonthsPage {
    fn list(&self, lang: Lang) -> List<'_, OwedMonth> {
        let path = format!("/counter/persons/{}/months", self.of.person);
        let to = |owed: &OwedMonth| format!("/counter/month/{}", owed.month);
        listed(&self.of, path.into(), &self.listed, to, lang)
    }
}

impl Page for MonthsPage {
    fn title(&self, lang: Lang) -> String {
        let person = self.of.person;
        lang.pick(
            format!("个人 {person} 的逐月缴费"),
            format!("Months of person {person}"),
        )
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let person = self.of.person;
        vec![
            Crumb::new("/counter", lang.say(COUNTER)),
            Crumb::new(
                format!("/counter/persons/{person}"),
                format!("{} {person}", lang.say(PERSON)),
            ),
        ]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let person = self.of.person;
        html! {
            (self.clerk.bar())
            (views(person, &format!("/counter/persons/{person}/months"), lang))
            @if self.of.months.is_empty() {
                (empty(lang.say(NO_MONTHS), html! { p { (lang.say(NO_MONTHS_SAYS)) } }))
            } @else {
                (self.list(lang).on_page(lang))
            }
            p { (button_link(&format!("/counter/persons/{person}"), lang.say(REGISTER))) }
        }
    }

    fn samples() -> Vec<MonthsPage> {
        let of = |months| MonthsPage {
            of: crate::person::overview::lifetime(months),
            listed: Listed::default(),
            clerk: super::purpose::sample(),
        };
        let month = |month| crate::person::overview::owed(2025, month);
        vec![of(Vec::new()), of((1..=6).filter_map(month).collect())]
    }
}
