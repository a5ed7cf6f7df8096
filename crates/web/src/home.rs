//! The first page: what this is, its doors, the library.

use crate::house::House;
use crate::look::layout::ALL_DOORS;
use crate::page::{Crumb, Page, shown};
use crate::visitor::Visitor;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

const TITLE: Words = Words::new("人社服务", "Human resources and social security");
const LEAD: Words = Words::new(
    "社会保险在这里办理。应缴多少、能领多少，由法律条文直接算出；每个数字都能打开，看到它的依据。",
    "Social insurance is done here. What is owed and what is paid comes straight from the text of the law, and every figure opens to the article it rests on.",
);
const LOOK_UP: Words = Words::new("查法律", "Look it up in the law");
const LOOK_UP_HINT: Words = Words::new(
    "规则、数值、条文内容，中文或英文",
    "A rule, a figure, or words of an article, in Chinese or English",
);
const FIND: Words = Words::new("查找", "Find");
const HOLDS: Words = Words::new("法律库现有", "The library holds");
const RULES: Words = Words::new("条规则", "rules");
const FIGURES: Words = Words::new("项法定数值", "figures");
const SOURCES: Words = Words::new("部法律文件", "legal sources");

/// The first page.
#[derive(Debug)]
pub(crate) struct HomePage {
    sources: usize,
    rules: usize,
    figures: usize,
}

/// Shows it.
pub(crate) async fn page(State(house): State<House>, visitor: Visitor) -> Response {
    let law = house.law();
    let page = HomePage {
        sources: law.sources.len(),
        rules: law.rules.len(),
        figures: law.figures.len(),
    };
    shown(&page, &visitor)
}

impl Page for HomePage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            p class="lead" { (lang.say(LEAD)) }
            ul class="cards" {
                @for door in ALL_DOORS {
                    li {
                        h2 { a href=(door.path) { (lang.say(door.name)) } }
                        p { (lang.say(door.says)) }
                    }
                }
            }
            h2 { (lang.say(LOOK_UP)) }
            (crate::library::search::form("", visitor, (lang.say(LOOK_UP_HINT), lang.say(FIND))))
            p class="quiet" {
                (lang.say(HOLDS)) (lang.pick("", " ")) (self.sources) " " (lang.say(SOURCES)) (lang.pick("、", ", "))
                (self.rules) " " (lang.say(RULES)) (lang.pick("、", ", ")) (self.figures) " " (lang.say(FIGURES)) (lang.pick("。", "."))
            }
        }
    }

    fn samples() -> Vec<HomePage> {
        vec![HomePage {
            sources: 33,
            rules: 240,
            figures: 180,
        }]
    }
}
