//! Why not, and what now: one form for pages and for programs.
//!
//! A handler returns a [`Problem`]; the [wall](crate::wall) puts it into the reader's language, as a page or, for programs, as
//! `application/problem+json` (RFC 9457). The codes are the office's where the office refused, and our own `W…` elsewhere; each
//! has a page in `docs/reference/errors`.

use crate::look::components::{button, notice};
use crate::page::{Crumb, Page};
use crate::visitor::Visitor;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use measure::{Moment, Words};
use office::programs::files::Stop;
use rules::explain::Lang;
use serde_json::json;
use std::borrow::Cow;

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// What happened.
    pub what: Words<String>,
    /// What to do.
    pub mend: Words<String>,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal $zh:literal / $en:literal, $mend_zh:literal / $mend_en:literal;)*) => {
        impl Problem {
            $($(#[$doc])*
            #[must_use]
            pub fn $name() -> Problem {
                Problem::of(StatusCode::$status, $code, Words::new($zh, $en), Words::new($mend_zh, $mend_en))
            })*

            /// Each of the house's own problems once, for the page that shows them and the test of their pages.
            #[must_use]
            pub fn all() -> Vec<Problem> {
                vec![$(Problem::$name(),)*]
            }
        }
    };
}

problems! {
    /// `H0101`: there is no such page.
    no_page = NOT_FOUND "H0101" "没有这个页面" / "there is no such page",
        "检查网址，或从首页重新开始" / "check the address, or start again from the first page";
    /// `H0102`: the page is not for this method.
    no_method = METHOD_NOT_ALLOWED "H0102" "此网址不接受这种请求" / "this address does not take such a request",
        "用页面上的按钮和链接操作" / "use the buttons and links of the page";
    /// `H0103`: a parameter that cannot be read.
    unreadable = BAD_REQUEST "H0103" "网址或表单中有无法识别的内容" / "something in the address or the form cannot be read",
        "返回上一页，重新填写" / "go back and fill it in again";
    /// `H0201`: asked under another name.
    other_host = MISDIRECTED_REQUEST "H0201" "这里不是所请求的网站" / "this is not the site that was asked for",
        "用本网站公布的网址访问" / "use the address this site makes known";
    /// `H0202`: a form from elsewhere, or an old one.
    foreign_form = FORBIDDEN "H0202" "表单已过期，或不是从本网站提交的" / "the form is out of date, or was not sent from this site",
        "重新打开页面再提交；什么也没有更改" / "open the page again and send it from there; nothing was changed";
    /// `H0203`: too many requests.
    too_many = TOO_MANY_REQUESTS "H0203" "请求过于频繁" / "too many requests",
        "稍等一分钟再试" / "wait a minute and try again";
    /// `H0204`: too much was sent.
    too_large = PAYLOAD_TOO_LARGE "H0204" "提交的内容过大" / "too much was sent",
        "缩短内容或分几次提交" / "shorten it, or send it in parts";
    /// `H0205`: it took too long.
    too_slow = GATEWAY_TIMEOUT "H0205" "办理时间过长，已停止等待" / "it took too long and is no longer waited for",
        "稍后查看是否已办成，再决定是否重试" / "see later whether it was done before you try again";
    /// `H0206`: the house is closing.
    closing = SERVICE_UNAVAILABLE "H0206" "服务正在停止" / "the service is stopping",
        "过一会儿再试" / "try again in a moment";
    /// `H0401`: what was sent is of no kind that is taken.
    other_kind = UNSUPPORTED_MEDIA_TYPE "H0401" "不接受这种内容类型" / "what was sent is of no kind that is taken here",
        "按接口说明设置 Content-Type，如 application/json" / "set Content-Type as the page of the API says, such as application/json";
    /// `H0402`: what was sent is no JSON.
    no_json = BAD_REQUEST "H0402" "内容不是合乎语法的 JSON" / "what was sent is no well-formed JSON",
        "检查括号、引号与编码" / "check brackets, quotes and encoding";
    /// `H0403`: what was sent has another shape.
    other_shape = UNPROCESSABLE_ENTITY "H0403" "内容的字段与接口说明不符" / "what was sent has another shape than the API takes",
        "按接口说明检查字段" / "check the fields against the page of the API";
    /// `H0404`: a cursor that is not ours.
    no_cursor = UNPROCESSABLE_ENTITY "H0404" "游标无效" / "the cursor is none of ours",
        "从第一页重新开始" / "begin again from the first page";
    /// `H0405`: a message whose signature does not hold.
    not_signed = FORBIDDEN "H0405" "消息的签名缺失或无效" / "the signature of the message is missing or does not hold",
        "用签发令牌时登记的密钥签名；未登记密钥则不要签名" / "sign with the key that was noted with the token; without one do not sign";
    /// `H0501`: a house whose word lets in cannot be asked.
    no_provider = SERVICE_UNAVAILABLE "H0501" "登录服务暂时联系不上" / "the identity provider cannot be reached",
        "换一种方式登录，或稍后再试" / "sign in another way, or try again in a moment";
    /// `H0502`: a house whose word lets in gave none.
    no_word = UNPROCESSABLE_ENTITY "H0502" "登录服务没有确认身份" / "the identity provider did not say who comes",
        "从登录页重新开始，或换一种方式" / "start again from the page for signing in, or use another way";
    /// `H0503`: the word of a house does not hold.
    no_faith = FORBIDDEN "H0503" "登录服务的答复未通过验证" / "what the identity provider said does not hold",
        "从登录页重新开始；仍然如此请告诉我们" / "start again from the page for signing in; tell us if it stays so";
    /// `H0504`: there is no name of a site that passkeys could be for.
    no_passkeys = UNPROCESSABLE_ENTITY "H0504" "本站点不能使用通行密钥" / "passkeys cannot be used at this address",
        "用网站的名称而不是数字地址访问" / "open the site by its name, not by a number";
    /// `H0301`: something of ours broke.
    broken = INTERNAL_SERVER_ERROR "H0301" "系统出了差错" / "something of ours broke",
        "再试一次；仍然如此请把页面下方的编号告诉我们" / "try again; if it stays so, tell us the number below";
    /// `H0302`: the house was given no keys for names.
    no_keys = SERVICE_UNAVAILABLE "H0302" "本站没有读取姓名的密钥" / "this site has no keys to read names with",
        "请管理员用 --keys 指定密钥文件" / "have an administrator name the file of keys by --keys";
}

impl Problem {
    fn of(status: StatusCode, code: &'static str, what: Words, mend: Words) -> Problem {
        Problem {
            status,
            code,
            what: Words::new(what.zh.to_owned(), what.en.to_owned()),
            mend: Words::new(mend.zh.to_owned(), mend.en.to_owned()),
        }
    }

    /// Whether it is ours to mend and not the reader's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.status.is_server_error()
    }

    /// As RFC 9457 has it.
    #[must_use]
    pub fn json(&self, lang: Lang, request: &str) -> Response {
        let code = self.code;
        let body = json!({
            "type": format!("/problems/{code}"),
            "title": pick(lang, &self.what),
            "status": self.status.as_u16(),
            "detail": pick(lang, &self.mend),
            "code": code,
            "request": request,
        });
        self.answer(&body, "application/problem+json")
    }

    /// As other registries read it: a list of errors with our codes, and the refusal of a message with the standard's.
    #[must_use]
    pub fn errors(&self, lang: Lang, request: &str, now: Moment) -> Response {
        let (what, mend) = (pick(lang, &self.what), pick(lang, &self.mend));
        let message = format!("{what}; {mend}");
        let body = json!({
            "errors": [{ "code": self.code, "message": message }],
            "message": {
                "ack_status": "ERR",
                "timestamp": now.to_string(),
                "correlation_id": request,
                "error": { "code": self.code_of_the_standard(), "message": message },
            },
            "request": request,
        });
        self.answer(&body, "application/json")
    }

    /// What the DCI standard calls it.
    fn code_of_the_standard(&self) -> &'static str {
        match self.status {
            _ if self.code == Problem::not_signed().code => "err.signature.invalid",
            StatusCode::UNAUTHORIZED => "err.request.unauthorized",
            StatusCode::FORBIDDEN => "err.request.forbidden",
            StatusCode::NOT_FOUND => "err.request.not_found",
            StatusCode::TOO_MANY_REQUESTS => "err.request.too_many_requests",
            _ if self.code == Problem::too_slow().code => "err.request.timeout",
            status if status.is_server_error() => "err.service.unavailable",
            _ => "err.request.bad",
        }
    }

    fn answer(&self, body: &serde_json::Value, kind: &'static str) -> Response {
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }

    /// The same, with what to do said exactly.
    #[must_use]
    pub fn because(mut self, zh: impl Into<String>, en: impl Into<String>) -> Problem {
        self.mend = Words::new(zh.into(), en.into());
        self
    }
}

fn pick(lang: Lang, words: &Words<String>) -> &str {
    lang.pick(&words.zh, &words.en)
}

impl From<office::Error> for Problem {
    fn from(error: office::Error) -> Problem {
        let code = error.code();
        let status = match (code, code.chars().next()) {
            ("N0601", _) => StatusCode::UNAUTHORIZED,
            ("N0602", _) => StatusCode::FORBIDDEN,
            ("N0901" | "N0908", _) => StatusCode::BAD_REQUEST,
            ("N0904", _) => StatusCode::FORBIDDEN,
            ("N0903", _) => StatusCode::CONFLICT,
            ("N0911", _) => StatusCode::PRECONDITION_FAILED,
            ("N0101" | "N0302" | "N0403" | "N0603" | "N0906" | "N0910", _) => StatusCode::NOT_FOUND,
            ("N0610" | "N0612" | "N0613" | "N0614" | "N0616" | "N0618", _) => StatusCode::FORBIDDEN,
            ("N0907" | "S0103" | "S0105" | "S0111", _) => StatusCode::SERVICE_UNAVAILABLE,
            (_, Some('S' | 'V')) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            // What the database says is for the log, not for the reader: it may name what they must not see.
            tracing::error!(code, "the office failed");
            return Problem {
                code,
                ..Problem::broken()
            };
        }
        let both = |said: &dyn Fn(Lang) -> String| Words::new(said(Lang::Zh), said(Lang::En));
        Problem {
            status,
            code,
            what: both(&|lang| error.message(lang)),
            mend: both(&|lang| error.remedy(lang)),
        }
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Problem {
        match stop {
            Stop::Office(error) => error.into(),
            Stop::File(error) => {
                let said = error.said();
                let code = match &said.code {
                    Cow::Borrowed(code) => code,
                    Cow::Owned(_) => Problem::unreadable().code,
                };
                Problem {
                    status: StatusCode::UNPROCESSABLE_ENTITY,
                    code,
                    what: Words::new(said.zh.clone(), said.en.clone()),
                    mend: Words::new(String::new(), String::new()),
                }
            }
        }
    }
}

/// Carried to the wall, which says it in the reader's language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem as a page.
#[derive(Debug)]
pub struct ProblemPage(pub Problem);

const WHAT_NOW: Words = Words::new("怎么办", "What now");
const CODE: Words = Words::new("代码", "Code");
const NUMBER: Words = Words::new("请求编号", "Request");
const FIRST_PAGE: Words = Words::new("回到首页", "To the first page");
const SIGN_IN: Words = Words::new("登录", "Sign in");

impl Page for ProblemPage {
    fn title(&self, lang: Lang) -> String {
        first_capital(pick(lang, &self.0.what))
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            @let mend = pick(lang, &self.0.mend);
            @if !mend.is_empty() {
                (notice(lang.say(WHAT_NOW), html! { p { (first_capital(mend)) } }))
            }
            p class="quiet" {
                (lang.say(CODE)) " " code { (self.0.code) } " · " (lang.say(NUMBER)) " " code { (visitor.request) }
            }
            p {
                @if self.0.status == StatusCode::UNAUTHORIZED {
                    (button("/sign-in", lang.say(SIGN_IN)))
                } @else {
                    (button("/", lang.say(FIRST_PAGE)))
                }
            }
        }
    }

    fn samples() -> Vec<ProblemPage> {
        Problem::all().into_iter().map(ProblemPage).collect()
    }
}

fn first_capital(text: &str) -> String {
    let mut signs = text.chars();
    match signs.next() {
        Some(first) => first.to_uppercase().chain(signs).collect(),
        None => String::new(),
    }
}
