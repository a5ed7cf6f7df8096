//! What does the register know of me, since when, and from where?

use super::{own, ways};
use crate::export;
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{
    Field, Head, Kind, Table, button_link, empty, field, notice, summary, table, tag,
};
use crate::look::districts;
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use city::corrections::{Correction, State as Decided};
use city::facts::{Fact, Origin, Span};
use city::insurance::{Category, Participation};
use maud::{Markup, html};
use measure::{Day, Moment, Sex, Words};
use office::permit::{Action, own_person};
use office::register::person::{Registered, end_of, registered};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("我的资料", "What is known of me");
const WHO: Words = Words::new("您是谁", "Who you are");
const NAME: Words = Words::new("姓名", "Name");
const SEX: Words = Words::new("性别", "Sex");
const BORN: Words = Words::new("出生日期", "Born on");
const NUMBER: Words = Words::new("个人编号", "Number in the register");
const SEALED: Words = Words::new(
    "已加密保存，此处无法显示",
    "kept encrypted and not shown here",
);
const INSURED: Words = Words::new("参保", "Insured in");
const WORK: Words = Words::new("工作单位", "Work");
const LIVES: Words = Words::new("居住地", "Where you live");
const SCHEME: Words = Words::new("险种", "Scheme");
const AS: Words = Words::new("身份", "As");
const EMPLOYER: Words = Words::new("单位", "Employer");
const DISTRICT: Words = Words::new("区县", "District");
const STANDS: Words = Words::new("状态", "Stands");
const DECLARED: Words = Words::new("申报金额", "Declared");
const HOLDS: Words = Words::new("有效期", "Holds");
const KNOWN: Words = Words::new("记录时间", "Recorded");
const FROM: Words = Words::new("来源", "From");
const SUPERSEDED: Words = Words::new("已被更正", "superseded");
const KNOWN_ON: Words = Words::new("显示哪一天所知道的", "As it was known on");
const SHOW: Words = Words::new("查看", "Show");
const HISTORY: Words = Words::new("也显示已被更正的记录", "Show what was superseded too");
const CURRENT: Words = Words::new("只显示现在有效的记录", "Show only what holds now");
const NOTHING: Words = Words::new(
    "这一天还没有您的参保登记",
    "Nothing of your insurance was known on that day",
);
const NOTHING_SAYS: Words = Words::new(
    "换一天查看；如果您认为应当有登记，请申请更正或到窗口查询。",
    "Choose another day; if there should be something, ask for a correction or at the counter.",
);
const WRONG: Words = Words::new("有不对的地方？", "Is something wrong?");
const ASK: Words = Words::new("申请更正", "Ask for a correction");
const ASKED: Words = Words::new("您申请过的更正", "Corrections you asked for");
const NO_DAY: Words = Words::new("写日期，如 2025-06-30", "write a day, such as 2025-06-30");

/// What the register knows.
#[derive(Debug)]
pub(crate) struct DataPage {
    of: Registered,
    known: Option<Day>,
    typed: Option<String>,
    history: bool,
}

/// Reads the record of who is signed in. That they looked is noted.
pub(super) async fn record(house: &House, visitor: &Visitor) -> Result<Registered, Problem> {
    let keys = house.keys().ok();
    own(house, visitor, move |db, login, acting| {
        let person = own_person(login, Action::ReadPerson)?;
        registered(db, (login, person), keys.as_deref(), acting)
    })
    .await
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let of = record(&house, &visitor).await?;
    let typed = query(&uri, "known").filter(|text| !text.trim().is_empty());
    let known = typed.as_deref().map(|text| Day::parse(text.trim()));
    let page = DataPage {
        of,
        known: known.clone().and_then(Result::ok),
        typed: typed.filter(|_| matches!(known, Some(Err(_)))),
        history: query(&uri, "history").is_some(),
    };
    Ok(if page.typed.is_some() {
        shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor)
    } else {
        shown(&page, &visitor)
    })
}

/// Where a fact comes from.
pub(super) fn origin(origin: Origin, lang: Lang) -> String {
    format!("{} {}", origin.kind.name(lang), origin.id)
}

/// From when until when.
pub(super) fn span(span: Span, lang: Lang) -> String {
    let first = span.first();
    match span.until() {
        Some(until) => {
            let last = until.add_days(-1).unwrap_or(until);
            lang.pick(format!("{first} 至 {last}"), format!("{first} to {last}"))
        }
        None => lang.pick(format!("自 {first} 起"), format!("since {first}")),
    }
}

/// A number of which those who look over a shoulder read little.
fn veiled(number: &str) -> String {
    let signs: Vec<char> = number.chars().collect();
    let shown = |at: usize| at < 4 || signs.len() <= at + 4;
    let signs = signs.iter().enumerate();
    signs
        .map(|(at, sign)| if shown(at) { *sign } else { '•' })
        .collect()
}

impl DataPage {
    /// Whether a fact is shown: as known on the day asked for, or now; with its history, what was known by then.
    fn shows<T>(&self, fact: &Fact<T>, now: Moment) -> bool {
        let at = self.known.map_or(now, end_of);
        if self.history {
            fact.recorded <= at
        } else {
            fact.known(at)
        }
    }

    fn recorded<T>(fact: &Fact<T>, lang: Lang) -> Markup {
        html! {
            (clock(fact.recorded))
            @if let Some(superseded) = fact.superseded { " " (tag(lang.say(SUPERSEDED), "doubt")) " " span class="quiet" { (clock(superseded)) } }
        }
    }

    fn employer(&self, of: &Participation) -> String {
        let name = of.slot.employer().and_then(|id| self.of.employers.get(&id));
        name.cloned().unwrap_or_default()
    }

    fn insured(&self, now: Moment, lang: Lang) -> Markup {
        let facts = self
            .of
            .insured
            .iter()
            .filter(|(_, fact)| self.shows(fact, now));
        let rows: Vec<_> = facts
            .map(|(_, fact)| {
                let of = &fact.value;
                vec![
                    of.slot.scheme().name(lang).into(),
                    of.slot.category().name(lang).into(),
                    self.employer(of).into(),
                    districts::name(of.district, lang).into(),
                    of.status.name(lang).into(),
                    declared(of, lang).into(),
                    span(fact.valid, lang).into(),
                    DataPage::recorded(fact, lang).into(),
                    origin(fact.origin, lang).into(),
                ]
            })
            .collect();
        if rows.is_empty() {
            return empty(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } });
        }
        let head = [
            SCHEME, AS, EMPLOYER, DISTRICT, STANDS, DECLARED, HOLDS, KNOWN, FROM,
        ];
        listed(INSURED, &head, rows, lang)
    }

    fn work(&self, now: Moment, lang: Lang) -> Markup {
        let facts = self
            .of
            .work
            .iter()
            .filter(|(_, _, fact)| self.shows(fact, now));
        let rows = facts.map(|(employer, _, fact)| {
            vec![
                self.of
                    .employers
                    .get(employer)
                    .cloned()
                    .unwrap_or_default()
                    .into(),
                span(fact.valid, lang).into(),
                DataPage::recorded(fact, lang).into(),
                origin(fact.origin, lang).into(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        html! { @if !rows.is_empty() { (listed(WORK, &[EMPLOYER, HOLDS, KNOWN, FROM], rows, lang)) } }
    }

    fn lives(&self, now: Moment, lang: Lang) -> Markup {
        let facts = self
            .of
            .lives
            .iter()
            .filter(|(_, fact)| self.shows(fact, now));
        let rows = facts.map(|(_, fact)| {
            vec![
                districts::name(fact.value, lang).into(),
                span(fact.valid, lang).into(),
                DataPage::recorded(fact, lang).into(),
                origin(fact.origin, lang).into(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        html! { @if !rows.is_empty() { (listed(LIVES, &[DISTRICT, HOLDS, KNOWN, FROM], rows, lang)) } }
    }

    fn who(&self, lang: Lang) -> Markup {
        let person = &self.of.person;
        let sex = match person.sex {
            Sex::Male => lang.pick("男", "male"),
            Sex::Female => lang.pick("女", "female"),
        };
        let name = self.of.name.clone();
        let mut rows = vec![
            (
                lang.say(NAME).to_owned(),
                html! { @match name { Some(name) => (name), None => span class="quiet" { (lang.say(SEALED)) } } },
            ),
            (lang.say(SEX).to_owned(), html! { (sex) }),
            (lang.say(BORN).to_owned(), html! { (person.born) }),
            (lang.say(NUMBER).to_owned(), html! { (person.id) }),
        ];
        for (kind, number) in &self.of.numbers {
            rows.push((
                kind.name(lang).to_owned(),
                html! { code { (veiled(number)) } },
            ));
        }
        summary(&rows)
    }

    fn day_form(&self, lang: Lang) -> Markup {
        let day = Field {
            name: "known".into(),
            label: lang.say(KNOWN_ON).into(),
            hint: None,
            kind: Kind::Day,
            value: self
                .typed
                .clone()
                .unwrap_or_else(|| self.known.map_or_else(String::new, |day| day.to_string())),
            fault: self.typed.as_ref().map(|_| lang.say(NO_DAY).to_owned()),
            optional: true,
        };
        let known = self
            .known
            .map_or_else(String::new, |day| format!("known={day}"));
        let (href, words) = if self.history {
            (format!("/me/data?{known}"), CURRENT)
        } else {
            (format!("/me/data?{known}&history=1"), HISTORY)
        };
        html! {
            form class="row" method="get" action="/me/data" {
                (field(&day, lang))
                button class="button second" { (lang.say(SHOW)) }
            }
            p { a href=(href.replace("?&", "?")) { (lang.say(words)) } }
        }
    }
}

/// What is declared; of a resident it is a tier.
fn declared(of: &Participation, lang: Lang) -> String {
    let Some(amount) = of.declared else {
        return String::new();
    };
    let shown = format!("¥ {}", amount.with_separators());
    if of.slot.category() == Category::Resident {
        lang.pick(format!("{shown}／年"), format!("{shown} a year"))
    } else {
        shown
    }
}

fn listed(
    caption: Words,
    head: &[Words],
    rows: Vec<Vec<crate::look::components::Cell>>,
    lang: Lang,
) -> Markup {
    table(
        &Table {
            caption: lang.say(caption).to_owned(),
            head: head
                .iter()
                .map(|words| Head::words(lang.say(*words)))
                .collect(),
            rows,
            foot: None,
        },
        lang,
    )
}

/// How a correction stands.
pub(super) fn decided(correction: &Correction, lang: Lang) -> Markup {
    match correction.state {
        Decided::Asked => tag(lang.pick("等待复核", "waiting for the office"), "doubt"),
        Decided::Approved(_) => tag(lang.pick("已更正", "corrected"), "good"),
        Decided::Declined(_) => tag(lang.pick("未予更正", "declined"), "stop"),
    }
}

impl Page for DataPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let (lang, now) = (visitor.lang, visitor.now);
        html! {
            (ways("/me/data", lang))
            h2 { (lang.say(WHO)) }
            (self.who(lang))
            (self.day_form(lang))
            (self.insured(now, lang))
            (self.work(now, lang))
            (self.lives(now, lang))
            (export::links("/me/file/data", "", lang))
            (notice(lang.say(WRONG), html! { p { (button_link("/me/correction", lang.say(ASK))) } }))
            @if !self.of.corrections.is_empty() {
                h2 { (lang.say(ASKED)) }
                ul class="list" {
                    @for correction in &self.of.corrections {
                        li {
                            a href=(format!("/me/correction/{}", correction.id)) { (correction.asked.slot.scheme().name(lang)) " · " (span(correction.asked.days, lang)) }
                            " " (decided(correction, lang))
                            p { (clock(correction.at)) }
                        }
                    }
                }
            }
        }
    }

    fn samples() -> Vec<DataPage> {
        let of = |known: Option<Day>, typed: Option<&str>, history| DataPage {
            of: sample(),
            known,
            typed: typed.map(str::to_owned),
            history,
        };
        vec![
            of(None, None, false),
            of(None, None, true),
            of(Day::new(2001, 1, 1).ok(), None, false),
            of(None, Some("\"><script>alert(1)</script>"), false),
        ]
    }
}

/// All facts as a table to take along.
pub(super) fn written(of: &Registered, lang: Lang) -> (Vec<&'static str>, Vec<Vec<Written>>) {
    let head = [
        SCHEME, AS, EMPLOYER, DISTRICT, STANDS, DECLARED, HOLDS, KNOWN, FROM,
    ];
    let mut head: Vec<&str> = head.iter().map(|words| lang.say(*words)).collect();
    head.push(lang.say(SUPERSEDED));
    let rows = of.insured.iter().map(|(_, fact)| {
        let value = &fact.value;
        let employer = value.slot.employer().and_then(|id| of.employers.get(&id));
        vec![
            value.slot.scheme().name(lang).into(),
            value.slot.category().name(lang).into(),
            employer.cloned().unwrap_or_default().into(),
            districts::name(value.district, lang).into(),
            value.status.name(lang).into(),
            value
                .declared
                .map_or_else(|| "".into(), |amount| Written::Yuan(amount.0)),
            span(fact.valid, lang).into(),
            clock(fact.recorded).into(),
            origin(fact.origin, lang).into(),
            fact.superseded.map(clock).unwrap_or_default().into(),
        ]
    });
    (head, rows.collect())
}

/// Somebody for samples, of an employer with an unusual name.
pub(super) fn sample() -> Registered {
    use city::facts::{FactId, OriginKind};
    use city::insurance::{Scheme, Slot, Status};
    use city::people::{IdentifierKind, Person, PersonId};
    use city::places::District;
    use measure::Fen;
    let employer = city::employers::EmployerId::new(1);
    let day = |year| Day::new(year, 3, 1).unwrap_or(Day::MAX);
    let fact = |superseded: Option<Moment>, wage| {
        let slot =
            Slot::new(Scheme::EmployeePension, Category::Employee, employer).expect("a slot");
        Fact {
            valid: Span::from(day(2015)),
            recorded: Moment::start_of(day(2016)),
            superseded,
            origin: Origin {
                kind: OriginKind::Declaration,
                id: 12,
            },
            value: Participation {
                slot,
                status: Status::Active,
                district: District::new(500_103).expect("a district"),
                declared: Some(Fen(wage)),
            },
        }
    };
    let id = |number| FactId::new(number).expect("above 0");
    Registered {
        person: Person {
            id: PersonId::new(1).expect("above 0"),
            sex: Sex::Female,
            born: day(1985),
        },
        name: Some("<script>alert(1)</script>𠮷𠀋".to_owned()),
        numbers: vec![(
            IdentifierKind::ResidentIdentity,
            "990101198503010017".to_owned(),
        )],
        insured: vec![
            (id(1), fact(Some(Moment::start_of(day(2020))), 600_000)),
            (id(2), fact(None, 700_000)),
        ],
        work: Vec::new(),
        lives: Vec::new(),
        employers: employer
            .into_iter()
            .map(|id| (id, "<script>alert(1)</script> 甲公司".to_owned()))
            .collect(),
        accounts: Vec::new(),
        corrections: Vec::new(),
    }
}
