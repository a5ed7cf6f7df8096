//! While it is being worked out.

use super::sample::sample_asked;
use super::words::count;
use super::{query, to, trail};
use crate::library::Reading;
use crate::look::components::{Step, button_link, progress};
use crate::page::{Crumb, Page};
use crate::visitor::Visitor;
use maud::{Markup, html};
use measure::Words;
use office::whatif::Asked;
use rules::explain::Lang;

/// How far it is.
#[derive(Debug)]
pub(crate) struct WaitPage {
    pub(super) reading: Reading,
    pub(super) asked: Asked,
    pub(super) done: (u64, u64),
}

const WAITING: Words = Words::new("正在计算", "Being worked out");
const READ: Words = Words::new("读两部法律", "Read both laws");
const PEOPLE: Words = Words::new("逐人计算", "Work out everybody");
const SHOW: Words = Words::new("结果", "The result");
const LEAVE: Words = Words::new(
    "本页会自己更新。可以先离开：网址不变，回来就能看到结果。",
    "The page looks again by itself. You may leave it: the address stays good and shows the result when you return.",
);

impl Page for WaitPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(WAITING).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        trail(&self.reading, lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (done, of) = self.done;
        let reading = if of == 0 { Step::Now } else { Step::Done };
        let people = if of == 0 { Step::Ahead } else { Step::Now };
        let steps = [
            (lang.say(READ), reading),
            (lang.say(PEOPLE), people),
            (lang.say(SHOW), Step::Ahead),
        ];
        let asked = query(
            &self.asked.changes,
            Some(self.asked.since),
            Some(self.asked.question),
        );
        html! {
            (progress(lang.say(WAITING), &steps, lang))
            p role="status" { (count(done)) " / " (count(of)) }
            p { (lang.say(LEAVE)) }
            p { (button_link(&to(&self.reading, &asked), lang.pick("现在看一下", "Look now"))) }
        }
    }

    fn samples() -> Vec<WaitPage> {
        let reading = crate::library::case::sample();
        let asked = sample_asked(&reading, office::whatif::Question::Pension);
        let of = |done| WaitPage {
            reading: reading.clone(),
            asked: asked.clone(),
            done,
        };
        vec![of((0, 0)), of((8_192, 70_000))]
    }
}
