//! Which passkeys somebody has, and the form for one more.

use crate::house::House;
use crate::look::components::{
    Fault, Field, Head, Kind, Table, clock, empty, error_summary, field, hidden, notice, table,
    warning,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use measure::{Moment, Words};
use office::sign_in::passkeys::{Passkey, list};
use rules::explain::Lang;

const TITLE: Words = Words::new("通行密钥", "Passkeys");
const SETTINGS: Words = Words::new("设置", "Settings");
const WHAT: Words = Words::new(
    "通行密钥保存在您的手机、电脑或安全密钥里，用指纹、面容或设备密码确认，只对本网站有效。",
    "A passkey lies in your phone, computer or security key, is confirmed by your finger, face or the device's code, and is good for this site alone.",
);
const HALF: Words = Words::new("请先添加通行密钥", "Add a passkey first");
const HALF_SAYS: Words = Words::new(
    "工作人员须用通行密钥登录。添加后退出，再用它登录；在此之前其他页面不开放。",
    "Staff sign in by a passkey. Add one, sign out, and sign in with it; until then no other page is open.",
);
const LOCKED: Words = Words::new("请用通行密钥登录", "Sign in with your passkey");
const LOCKED_SAYS: Words = Words::new(
    "您已有通行密钥。退出后用它登录；遗失了请找管理员。",
    "You have a passkey already. Sign out and sign in with it; if it is lost, ask an administrator.",
);
const NAME: Words = Words::new("名称", "Name");
const NAME_HINT: Words = Words::new(
    "便于您以后辨认，如“手机”",
    "By which you know it again, such as “phone”",
);
const MADE: Words = Words::new("添加时间", "Added");
const USED: Words = Words::new("最近使用", "Last used");
const NEVER: Words = Words::new("未用过", "never");
const REMOVE: Words = Words::new("移除", "Remove");
const ADD: Words = Words::new("添加通行密钥", "Add a passkey");
const NONE: Words = Words::new("还没有通行密钥", "There are no passkeys yet");
const NONE_SAYS: Words = Words::new(
    "添加后，登录时点“用通行密钥登录”，不用输入密码。",
    "When there is one, press “Sign in with a passkey” to come in, and type no secret.",
);
const NOT_MADE: Words = Words::new(
    "设备没有做成通行密钥。再试一次，或换一个设备。",
    "The device made no passkey. Try again, or take another device.",
);
const NOT_HERE: Words = Words::new("这里不能添加", "None can be added here");
const NOT_HERE_SAYS: Words = Words::new(
    "通行密钥只对网站的名称有效，而本站是用数字地址打开的。",
    "A passkey is for a site's name, and this one has none but a number.",
);

/// The passkeys of whoever is in.
#[derive(Debug, Default)]
pub(crate) struct PasskeysPage {
    keys: Vec<Passkey>,
    /// The name of the site, if it has one.
    domain: Option<String>,
    /// Whether they are only far enough in to add one.
    half: bool,
    fault: Option<Words<String>>,
}

/// Shows them.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    shown_with(&house, &visitor, None).await
}

/// Shows them, with why something was not done.
pub(super) async fn shown_with(
    house: &House,
    visitor: &Visitor,
    problem: Option<Problem>,
) -> Result<Response, Problem> {
    let session = super::session(visitor)?;
    let half = house.settings.sign_in.is_half(&session);
    let name = session.login.name().clone();
    let keys = house.office(move |db| list(db, &name)).await?;
    let status = problem.as_ref().map(|problem| problem.status);
    let fault = problem.map(|problem| {
        let (what, mend) = (problem.what, problem.mend);
        Words::new(
            format!("{}；{}（{}）", what.zh, mend.zh, problem.code),
            format!("{}; {} ({})", what.en, mend.en, problem.code),
        )
    });
    let passkeys = house.passkeys.as_ref();
    let page = PasskeysPage {
        keys,
        domain: passkeys.map(|passkeys| passkeys.domain.clone()),
        half,
        fault,
    };
    Ok(match status {
        Some(status) => shown_as(status, &page, visitor),
        None => shown(&page, visitor),
    })
}

/// What it takes to add one; the script takes it away where all of that is so.
fn unfit(domain: &str, lang: Lang) -> String {
    lang.pick(
        format!("要添加通行密钥，请用支持通行密钥并允许脚本的浏览器，以 {domain} 打开本站。"),
        format!("To add one, open this site as {domain}, in a browser that knows passkeys and runs scripts."),
    )
}

impl PasskeysPage {
    /// Whether keys may be added and removed: not by a secret where there is a key to come by.
    fn is_open(&self) -> bool {
        !self.half || self.keys.is_empty()
    }

    fn table(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let rows = self.keys.iter().map(|key| {
            let remove = html! {
                @if self.is_open() {
                    form method="post" action="/settings/passkeys/remove" {
                        (hidden("csrf", &visitor.csrf()))
                        (hidden("passkey", &key.number.to_string()))
                        button class="plain" aria-label=(format!("{} {}", lang.say(REMOVE), key.label)) { (lang.say(REMOVE)) }
                    }
                }
            };
            let used = key.last_used.map_or_else(|| lang.say(NEVER).to_owned(), clock);
            let is = lang.pick("：", ": ");
            // One below the other, so that whoever removes one on the smallest phone sees which.
            let which = html! {
                div class="called" { (key.label) }
                @for (what, when) in [(MADE, clock(key.made)), (USED, used)] {
                    div class="quiet" { (lang.say(what)) (is) span class="day" { (when) } }
                }
            };
            vec![which.into(), remove.into()]
        });
        table(
            &Table {
                caption: lang.say(TITLE).to_owned(),
                head: [NAME, REMOVE]
                    .map(|words| Head::words(lang.say(words)))
                    .to_vec(),
                rows: rows.collect(),
                foot: None,
            },
            lang,
        )
    }

    fn form(&self, domain: &str, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let name = Field {
            name: "label".into(),
            label: lang.say(NAME).into(),
            hint: Some(lang.say(NAME_HINT).into()),
            kind: Kind::Text,
            value: String::new(),
            fault: None,
            optional: false,
        };
        html! {
            h2 { (lang.say(ADD)) }
            form method="post" action="/settings/passkeys" data-passkey="create" data-begin="/settings/passkeys/begin" data-domain=(domain) {
                (hidden("csrf", &visitor.csrf()))
                div hidden {
                    (field(&name, lang))
                    button class="button" type="button" { (lang.say(ADD)) }
                    p class="fault" role="alert" hidden { (lang.say(NOT_MADE)) }
                }
                p data-unfit { (unfit(domain, lang)) }
            }
        }
    }
}

impl Page for PasskeysPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/settings", lang.say(SETTINGS))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let faults = self.fault.as_ref().map(|words| Fault {
            field: "main".to_owned(),
            what: lang.pick(&words.zh, &words.en).clone(),
        });
        html! {
            (error_summary(faults.as_slice(), lang))
            @match (self.half, self.is_open()) {
                (true, true) => (warning(lang.say(HALF), html! { p { (lang.say(HALF_SAYS)) } })),
                (true, false) => (warning(lang.say(LOCKED), html! { p { (lang.say(LOCKED_SAYS)) } })),
                (false, _) => p { (lang.say(WHAT)) },
            }
            @if self.keys.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                (self.table(visitor))
            }
            @match &self.domain {
                Some(domain) if self.is_open() => (self.form(domain, visitor)),
                Some(_) => "",
                None => (notice(lang.say(NOT_HERE), html! { p { (lang.say(NOT_HERE_SAYS)) } })),
            }
        }
    }

    fn samples() -> Vec<PasskeysPage> {
        let at = |days: i64| {
            Moment::from_microseconds(1_752_000_000_000_000 + days * 24 * 3_600_000_000)
        };
        let key = |number: i64, label: &str, last_used| Passkey {
            number,
            label: label.to_owned(),
            credential: Vec::new(),
            key: String::new(),
            counter: 0,
            made: at(number),
            last_used,
        };
        let keys = vec![
            key(1, "手机", Some(at(9))),
            key(2, &"<script>alert(1)</script>".repeat(3), None),
        ];
        let domain = Some("renshe.example".to_owned());
        let fault = Problem::from(office::Error::from(office::sign_in::Refusal::UnfitPasskey));
        vec![
            PasskeysPage::default(),
            PasskeysPage {
                domain: domain.clone(),
                half: true,
                ..PasskeysPage::default()
            },
            PasskeysPage {
                keys: keys.clone(),
                domain: domain.clone(),
                half: true,
                fault: None,
            },
            PasskeysPage {
                keys,
                domain,
                half: false,
                fault: Some(fault.what),
            },
        ]
    }
}
