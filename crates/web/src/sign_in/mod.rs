//! Coming in and going out.

pub(crate) mod settings;
pub mod openid;
pub mod passkeys;

use crate::house::{House, Persona};
use crate::look::components::{
    Fault, Field, Kind, button_link, error_summary, field, hidden, notice, submit, warning,
};
use crate::look::links::{encoded, pairs};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::{Visitor, cookie, query};
use crate::wall::headers::{for_minutes, no_session, session};
use crate::wall::origin::own_path;
use crate::wall::{Address, attempt_cookie, session_cookie};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use city::logins::Role;
use maud::{Markup, html};
use measure::Words;
use office::Acting;
use office::sign_in::{Proof, Token, begin, sign_out, sign_out_everywhere};
use openid::out;
use rules::explain::Lang;

const TITLE: Words = Words::new("登录", "Sign in");
const LOGIN: Words = Words::new("账号", "Login");
const SECRET: Words = Words::new("密码", "Secret");
const ENTER: Words = Words::new("登录", "Sign in");
const WHOLE: Words = Words::new(
    "离开公用电脑前请退出登录。半小时未操作会自动退出。",
    "Sign out before you leave a shared computer. After half an hour without a click you are signed out.",
);
const DEMO: Words = Words::new("演示城市", "The demo's city");
const DEMO_SAYS: Words = Words::new(
    "城市里没有真实的人。点一下就以此身份进入。",
    "Nobody in this city is real. One click, and you are in as one of them.",
);
const INSTEAD: Words = Words::new("用账号登录", "Sign in with a login");
const OTHERWISE: Words = Words::new("其他登录方式", "Other ways to sign in");
const BY_PASSKEY: Words = Words::new("用通行密钥登录", "Sign in with a passkey");
const NO_PASSKEY: Words = Words::new(
    "设备没有给出通行密钥。再试一次，或换一种方式登录。",
    "The device gave no passkey. Try again, or sign in another way.",
);
const IN_ALREADY: Words = Words::new("您已登录", "You are signed in");
const EVERYWHERE: Words = Words::new("在所有设备上退出", "Sign out everywhere");

/// The page on which one comes in.
#[derive(Debug, Default)]
pub(crate) struct SignInPage {
    then: String,
    login: String,
    fault: Option<(Words<String>, Words<String>)>,
    personas: Vec<Persona>,
    /// The houses whose word lets in: the name in our addresses, and what the button says.
    providers: Vec<(String, Words<String>)>,
    /// The name of the site, where passkeys can be used.
    domain: Option<String>,
}

impl SignInPage {
    fn of(house: &House, then: &str) -> SignInPage {
        let passkeys = house.passkeys.as_ref();
        SignInPage {
            then: own_path(then).to_owned(),
            personas: house.personas.clone(),
            providers: house.providers.shown(),
            domain: passkeys.map(|passkeys| passkeys.domain.clone()),
            ..SignInPage::default()
        }
    }
}

/// Shows it.
pub(crate) async fn page(State(house): State<House>, visitor: Visitor, uri: Uri) -> Response {
    let then = query(&uri, "then").unwrap_or_default();
    shown(&SignInPage::of(&house, &then), &visitor)
}

/// Somebody comes in by login and secret.
pub(crate) async fn enter(
    State(house): State<House>,
    visitor: Visitor,
    Extension(address): Extension<Address>,
    form: String,
) -> Result<Response, Problem> {
    let (mut login, mut secret, mut then) = (String::new(), String::new(), String::new());
    for (key, value) in pairs(&form) {
        match key.as_str() {
            "login" => login = value,
            "secret" => secret = value,
            "then" => then = value,
            _ => {}
        }
    }
    if !house.limits.may_try(&login, &address.0, visitor.now) {
        return Err(Problem::too_many());
    }
    let (name, rules, now) = (login.clone(), house.settings.sign_in, visitor.now);
    let done = house
        .office(move |db| {
            let proof = Proof::Secret {
                name: &name,
                secret: &secret,
            };
            begin(db, proof, rules, (now, "web"))
        })
        .await;
    match done {
        Ok((token, login)) => {
            came_in(&house, &visitor, (&token.reveal(), login.role()), &then).await
        }
        Err(problem) if problem.code == "N0604" => {
            let page = SignInPage {
                login,
                fault: Some((problem.what, problem.mend)),
                ..SignInPage::of(&house, &then)
            };
            Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
        }
        Err(problem) => Err(problem),
    }
}

/// Somebody comes in as a persona of the demo.
pub(crate) async fn enter_as_persona(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let said = pairs(&form);
    let said = |name: &str| {
        said.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let (name, then) = (
        said("persona").unwrap_or_default(),
        said("then").unwrap_or_default(),
    );
    if !house.personas.iter().any(|persona| persona.login == name) {
        return Err(Problem::no_page());
    }
    let (rules, now) = (house.settings.sign_in, visitor.now);
    let (token, login) = house
        .office(move |db| begin(db, Proof::Persona { name: &name }, rules, (now, "web")))
        .await?;
    came_in(&house, &visitor, (&token.reveal(), login.role()), &then).await
}

/// A new token, whatever the browser held; what it held is out.
async fn came_in(
    house: &House,
    visitor: &Visitor,
    (token, role): (&str, Role),
    then: &str,
) -> Result<Response, Problem> {
    if let Some(old) = visitor.token.clone() {
        house.office(move |db| sign_out(db, &old)).await?;
    }
    let secure = house.settings.secure;
    let cookie = session(session_cookie(secure), token, secure);
    let then = match own_path(then) {
        "/" => first_page(role),
        path => path,
    };
    Ok((
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Redirect::to(then),
    )
        .into_response())
}

/// What the browser holds while something is begun in it, if anything is.
fn attempt_held(house: &House, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, attempt_cookie(house.settings.secure)).and_then(Token::parse)
}

/// The cookie by which it holds it.
fn holding_attempt(house: &House, browser: &Token) -> HeaderValue {
    let secure = house.settings.secure;
    for_minutes(attempt_cookie(secure), &browser.reveal(), secure)
}

/// Where each role begins.
pub(crate) fn first_page(role: Role) -> &'static str {
    match role {
        Role::Person => "/me",
        Role::Agent => "/employer",
        Role::Clerk | Role::Supervisor | Role::Auditor => "/counter",
        Role::Planner => "/city",
        Role::Administrator => "/",
    }
}

/// Somebody goes out.
pub(crate) async fn leave(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = visitor.token.clone() {
        house.office(move |db| sign_out(db, &token)).await?;
    }
    Ok(gone(&house, &headers))
}

/// Somebody goes out wherever they are in.
pub(crate) async fn leave_everywhere(
    State(house): State<House>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(login) = visitor.login() {
        let (name, at) = (login.name().clone(), visitor.now);
        house
            .office(move |db| {
                let acting = Acting {
                    by: &name,
                    at,
                    purpose: "",
                    through: "web",
                };
                sign_out_everywhere(db, &name, acting)
            })
            .await?;
    }
    Ok(gone(&house, &headers))
}

/// To the first page, or where it is told that another house still knows them.
fn gone(house: &House, headers: &HeaderMap) -> Response {
    let secure = house.settings.secure;
    let cookie = no_session(session_cookie(secure), secure);
    let told = out::told_at(house, headers);
    (
        AppendHeaders([
            (header::SET_COOKIE, cookie),
            (header::SET_COOKIE, out::forgotten(house)),
        ]),
        Redirect::to(told.as_deref().unwrap_or("/")),
    )
        .into_response()
}

impl SignInPage {
    fn form(&self, lang: Lang) -> Markup {
        let fault = self.fault.as_ref().map(|(what, mend)| {
            format!(
                "{}{}{}",
                lang.pick(&what.zh, &what.en),
                lang.pick("；", "; "),
                lang.pick(&mend.zh, &mend.en)
            )
        });
        let login = Field {
            name: "login".into(),
            label: lang.say(LOGIN).into(),
            hint: None,
            kind: Kind::Login,
            value: self.login.clone(),
            fault: fault.clone(),
            optional: false,
        };
        let secret = Field {
            name: "secret".into(),
            label: lang.say(SECRET).into(),
            kind: Kind::Secret("current-password"),
            value: String::new(),
            fault: None,
            ..login.clone()
        };
        let faults = fault.map(|what| Fault {
            field: login.place(),
            what,
        });
        html! {
            (error_summary(faults.as_slice(), lang))
            form method="post" action="/sign-in" {
                (hidden("then", &self.then))
                (field(&login, lang))
                (field(&secret, lang))
                (submit(lang.say(ENTER)))
            }
        }
    }
}

impl Page for SignInPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            @if let Some(login) = visitor.login() {
                (notice(lang.say(IN_ALREADY), html! {
                    p { (login.name()) " · " (login.role().name(lang)) }
                    form method="post" action="/sign-out/everywhere" {
                        (hidden("csrf", &visitor.csrf()))
                        button class="plain" { (lang.say(EVERYWHERE)) }
                    }
                }))
            }
            @if self.personas.is_empty() {
                (self.form_of(visitor))
                (self.otherwise(visitor))
                p class="quiet" { (lang.say(WHOLE)) }
            } @else {
                (warning(lang.say(DEMO), html! { p { (lang.say(DEMO_SAYS)) } }))
                ul class="cards" {
                    @for persona in &self.personas {
                        li {
                            h2 { (lang.pick(&persona.who.zh, &persona.who.en)) }
                            p { (lang.say(persona.may)) }
                            form method="post" action="/sign-in/persona" {
                                (hidden("persona", &persona.login))
                                (hidden("then", &self.then))
                                @if visitor.session.is_some() { (hidden("csrf", &visitor.csrf())) }
                                button class="button" aria-label=(format!("{} · {}", lang.say(ENTER), lang.pick(&persona.who.zh, &persona.who.en))) { (lang.say(ENTER)) }
                            }
                        }
                    }
                }
                h2 { (lang.say(INSTEAD)) }
                (self.form_of(visitor))
                (self.otherwise(visitor))
            }
        }
    }

    fn samples() -> Vec<SignInPage> {
        let persona = |login: &str, zh: &str, en: &str| Persona {
            login: login.to_owned(),
            who: Words::new(zh.to_owned(), en.to_owned()),
            may: Words::new("看自己缴了什么", "See what they have paid"),
        };
        let said = Problem::from(office::Error::from(office::sign_in::Refusal::NotRight));
        vec![
            SignInPage::default(),
            SignInPage {
                then: "/me".into(),
                login: "li<script>".into(),
                fault: Some((said.what, said.mend)),
                domain: Some("renshe.example".into()),
                providers: vec![
                    (
                        "city-id".into(),
                        Words::new("渝快办".into(), "Yukuaiban".into()),
                    ),
                    (
                        "<b>8000".into(),
                        Words::new("<script>alert(1)".into(), "<script>alert(1)".into()),
                    ),
                ],
                personas: Vec::new(),
            },
            SignInPage {
                personas: vec![
                    persona("person", "参保人", "Somebody insured"),
                    persona("clerk", "经办人员", "A clerk"),
                ],
                ..SignInPage::default()
            },
        ]
    }
}

impl SignInPage {
    /// The form; who is signed in brings their token along.
    fn form_of(&self, visitor: &Visitor) -> Markup {
        html! {
            @if visitor.session.is_none() { (self.form(visitor.lang)) }
        }
    }

    /// The ways in besides: by another house's word, and by a passkey. The latter needs the script, which shows it.
    fn otherwise(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let to = |name: &str| {
            let (name, then) = (encoded(name), encoded(&self.then));
            format!("/sign-in/with/{name}?then={then}")
        };
        html! {
            @if visitor.session.is_none() && !self.providers.is_empty() {
                h2 { (lang.say(OTHERWISE)) }
                @for (name, shown) in &self.providers {
                    p { (button_link(&to(name), lang.pick(&shown.zh, &shown.en))) }
                }
            }
            @if let Some(domain) = self.domain.as_ref().filter(|_| visitor.session.is_none()) {
                form method="post" action="/sign-in/passkey" data-passkey="get" data-begin="/sign-in/passkey/begin" data-domain=(domain) {
                    (hidden("then", &self.then))
                    div hidden {
                        button class="button second" type="button" { (lang.say(BY_PASSKEY)) }
                        p class="fault" role="alert" hidden { (lang.say(NO_PASSKEY)) }
                    }
                }
            }
        }
    }
}
