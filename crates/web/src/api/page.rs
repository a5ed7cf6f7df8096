//! The API explained: how to come in, what holds everywhere, and each operation with an example that is a test.

use super::operations::{About, OPERATIONS, Operation, Way};
use crate::page::{Crumb, Page, shown};
use crate::visitor::Visitor;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use serde_json::Value;

const TITLE: Words = Words::new("程序接口", "The API");
const LEAD: Words = Words::new(
    "程序可以办理网上与窗口能办理的事，规则与权限相同。",
    "Programs can do what people do at the doors, under the same rules and with the same reach.",
);
const COME_IN: Words = Words::new("如何接入", "How to come in");
const TOKEN: Words = Words::new(
    "请管理员签发令牌；每次请求放在 Authorization 中。不接受 Cookie。",
    "Ask an administrator for a token and send it with every request. No cookie is looked at.",
);
const HOLDS: Words = Words::new("处处适用", "What holds everywhere");
const EACH: Words = Words::new("示例", "Example");
const DOCUMENT: Words = Words::new("OpenAPI 3.1 文档", "The OpenAPI 3.1 document");
const KEYS: Words = Words::new("签名公钥", "The public key of our signatures");
const CONTENTS: Words = Words::new("目录", "Contents");

const RULES: [Words; 8] = [
    Words::new(
        "看他人或单位的数据，工作人员须在 Purpose 中写明目的；每次查看都有记录。",
        "Members of staff say in `Purpose` what they look at somebody's data for; every look is noted.",
    ),
    Words::new(
        "凡有更改，须带 Idempotency-Key：同一键问几次都只办一次，答复相同；同一键换了内容则拒绝（N0902）。",
        "What alters something needs an `Idempotency-Key`: asked again it is done once and answered the same; with something else under the same key it is refused (N0902).",
    ),
    Words::new(
        "列表用 next 作为 cursor 续读；limit 为 1 至 500。",
        "Lists are read on with `next` as `cursor`; `limit` is 1 to 500.",
    ),
    Words::new(
        "状态带 ETag；未变时以 If-None-Match 得到 304；复核、发布可带 If-Match，已变则拒绝（N0911）。",
        "States have an `ETag`: with `If-None-Match` you are told 304 when nothing changed; approving and publishing take `If-Match` and refuse another state (N0911).",
    ),
    Words::new(
        "不办的理由按 RFC 9457 以 problem+json 说明，code 固定不变。",
        "Why not is told as RFC 9457 has it, in problem+json, by a stable `code`.",
    ),
    Words::new(
        "金额是以元为单位的文本，两位小数；日期 2025-06-30，月份 2025-06。",
        "Amounts are texts in yuan with two decimals; days 2025-06-30, months 2025-06.",
    ),
    Words::new(
        "其他区县或他人的记录一律答“没有”（N0603）。",
        "Records of other districts or people are answered as not there (N0603).",
    ),
    Words::new(
        "通知发往令牌登记的回调地址之下，按 RFC 9421 以 Ed25519 签名；可能重复送达，以 id 识别。",
        "What you want to be told is sent below the callback of your token, signed with Ed25519 as RFC 9421 has it; it may come twice and is known by its `id`.",
    ),
];

/// What was asked and answered when the examples were last tried.
const EXAMPLES: &str = include_str!("examples.json");

/// The page.
#[derive(Debug)]
pub(crate) struct ApiPage {
    examples: Value,
}

/// Shows it.
pub(crate) async fn page(visitor: Visitor) -> Response {
    shown(&ApiPage::new(), &visitor)
}

impl ApiPage {
    fn new() -> ApiPage {
        ApiPage {
            examples: serde_json::from_str(EXAMPLES).unwrap_or_default(),
        }
    }

    fn operation(&self, operation: &Operation, lang: Lang) -> Markup {
        let id = format!("{} {}", operation.method, operation.path);
        let example = self.examples.get(&id);
        let asked = example
            .and_then(|example| example.get("asked"))
            .and_then(Value::as_str);
        let answer = example
            .and_then(|example| example.get("answered"))
            .and_then(Value::as_str);
        html! {
            h3 id=(place(operation)) { (lang.say(operation.name)) }
            p { code { (operation.method) " " (operation.path) } }
            @if !operation.query.is_empty() {
                p class="quiet" { @for name in operation.query { code { (name) } " " } }
            }
            @if let (Some(asked), Some(answer)) = (asked, answer) {
                details {
                    summary { (lang.say(EACH)) }
                    pre tabindex="0" { code { (asked) } }
                    pre tabindex="0" { code { (answer) } }
                }
            }
            @if matches!(operation.way, Way::Alters | Way::Decides) {
                p class="quiet" { code { "Idempotency-Key" } }
            }
        }
    }
}

/// What stands between back-ticks is set as code.
fn marked(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn place(operation: &Operation) -> String {
    let path = operation.path.trim_start_matches("/api/v1");
    format!(
        "{}{}",
        operation.method.to_lowercase(),
        path.replace(['/', '{', '}'], "-")
    )
}

impl Page for ApiPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            p { (lang.say(LEAD)) }
            ul {
                li { a href="/api/v1/openapi.json" { (lang.say(DOCUMENT)) } }
                li { a href="/.well-known/jwks.json" { (lang.say(KEYS)) } }
            }
            h2 { (lang.say(COME_IN)) }
            p { (lang.say(TOKEN)) }
            pre tabindex="0" { code {
                "renshe login token li@500103 --label \"payroll\" --days 90 --as admin\n"
                "curl -H \"Authorization: Bearer $TOKEN\" https://renshe.example/api/v1/employers/1/owed"
            } }
            h2 { (lang.say(HOLDS)) }
            ul { @for rule in RULES { li { (marked(lang.say(rule))) } } }
            h2 { (lang.say(CONTENTS)) }
            ul {
                @for about in About::ALL {
                    li {
                        (lang.say(about.name()))
                        ul { @for operation in OPERATIONS.iter().filter(|one| one.about == about) {
                            li { a href=(format!("#{}", place(operation))) { (lang.say(operation.name)) } }
                        } }
                    }
                }
            }
            @for about in About::ALL {
                h2 { (lang.say(about.name())) }
                @for operation in OPERATIONS.iter().filter(|one| one.about == about) {
                    (self.operation(operation, lang))
                }
            }
        }
    }

    fn samples() -> Vec<ApiPage> {
        vec![ApiPage::new()]
    }
}
