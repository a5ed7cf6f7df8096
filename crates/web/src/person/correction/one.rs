//! A correction that was asked for: what it would change, and how far it is.

use super::pieces;
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{Step, notice, progress, summary};
use crate::page::{Crumb, Page, shown};
use crate::person::{data, own};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::corrections::{CorrectionId, State as Decided};
use maud::{Markup, html};
use measure::Words;
use office::correction::{Seen, see};
use rules::explain::Lang;

const MINE: Words = Words::new("我的资料", "What is known of me");
const NUMBER: Words = Words::new("申请编号", "Number");
const ASKED: Words = Words::new("提交时间", "Asked");
const WHY: Words = Words::new("原因和证明", "Why");
const SCHEME: Words = Words::new("险种", "Scheme");
const STANDS: Words = Words::new("状态", "How it stands");
const WHAT_NOW: Words = Words::new("接下来", "What comes now");
const WAITING: Words = Words::new(
    "经办机构另一人会核对登记和您的证明，然后批准或不予批准。请保留证明。结果在这里和“我的资料”中可以看到。",
    "Somebody of the office compares the register with what you can show, and approves or declines it. Keep your papers. You will see here what was decided.",
);
const APPROVED: Words = Words::new(
    "登记已经更正。原来的记录仍可在“我的资料”中看到。已核定的月份由以后的核定补差。",
    "The register is corrected. What it said before can still be seen. Months assessed already are made good by a later run.",
);
const DECLINED: Words = Words::new(
    "经办机构没有批准。您可以带上证明到窗口，或补充证明后重新申请。",
    "The office did not approve it. Come to the counter with your papers, or ask again with more to show.",
);

/// A correction that was asked for.
#[derive(Debug)]
pub(crate) struct AskedPage(Seen);

/// Shows it to whose it is.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let unknown = || Problem::from(office::Error::from(office::permit::Refusal::Unknown));
    let id = number
        .parse()
        .ok()
        .and_then(CorrectionId::new)
        .ok_or_else(unknown)?;
    let seen = own(&house, &visitor, move |db, login, acting| {
        office::permit::own_person(login, office::permit::Action::AskCorrection)?;
        see(db, login, id, acting)
    })
    .await?;
    Ok(shown(&AskedPage(seen), &visitor))
}

impl Page for AskedPage {
    fn title(&self, lang: Lang) -> String {
        let id = self.0.correction.id;
        lang.pick(format!("更正申请 {id}"), format!("Correction {id}"))
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/me/data", lang.say(MINE))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let correction = &self.0.correction;
        let asked = &correction.asked;
        let decided = !matches!(correction.state, Decided::Asked);
        let says = match correction.state {
            Decided::Asked => WAITING,
            Decided::Approved(_) => APPROVED,
            Decided::Declined(_) => DECLINED,
        };
        let (first, second, third) = (
            lang.pick("已提交", "asked"),
            lang.pick("核对", "checked by the office"),
            lang.pick("决定", "decided"),
        );
        let steps = if decided {
            [
                (first, Step::Done),
                (second, Step::Done),
                (third, Step::Done),
            ]
        } else {
            [
                (first, Step::Done),
                (second, Step::Now),
                (third, Step::Ahead),
            ]
        };
        html! {
            (progress(lang.say(STANDS), &steps, lang))
            (summary(&[
                (lang.say(NUMBER).to_owned(), html! { (correction.id) }),
                (lang.say(ASKED).to_owned(), html! { (clock(correction.at)) }),
                (lang.say(SCHEME).to_owned(), html! { (asked.slot.scheme().name(lang)) " · " (data::span(asked.days, lang)) }),
                (lang.say(WHY).to_owned(), html! { (asked.reason) }),
                (lang.say(STANDS).to_owned(), data::decided(correction, lang)),
            ]))
            @if !decided { (pieces(&self.0.pieces, lang)) }
            (notice(lang.say(WHAT_NOW), html! { p { (lang.say(says)) } }))
        }
    }

    fn samples() -> Vec<AskedPage> {
        use city::actors::Actor;
        use city::corrections::{Asked, Correction, Piece, Shall};
        let record = data::sample();
        let states = [
            Some(Decided::Asked),
            Actor::new("supervisor").map(Decided::Approved),
            Actor::new("supervisor").map(Decided::Declined),
        ];
        let pages = states.into_iter().flatten().filter_map(|state| {
            let (_, fact) = record.insured.last()?;
            Some(AskedPage(Seen {
                correction: Correction {
                    id: CorrectionId::new(7)?,
                    asked: Asked {
                        key: "0123456789abcdef".to_owned(),
                        person: record.person.id,
                        slot: fact.value.slot,
                        days: fact.valid,
                        shall: Shall::Nothing,
                        reason: "<script>alert(1)</script>".to_owned(),
                    },
                    seen: ledger::Digest::ZERO,
                    by: Actor::new("me")?,
                    at: fact.recorded,
                    state,
                },
                pieces: vec![Piece {
                    days: fact.valid,
                    was: fact.value,
                    shall: None,
                }],
                stands: true,
            }))
        });
        pages.collect()
    }
}
