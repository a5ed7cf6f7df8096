//! The door for persons: their own record.

pub(crate) mod overview;
pub(crate) mod month;
pub(crate) mod retirement;
pub(crate) mod data;
pub(crate) mod looks;
pub(crate) mod correction;
pub(crate) mod statement;

use crate::house::House;
use crate::look::components::tabs;
use crate::problem::Problem;
use crate::visitor::Visitor;
use city::logins::Login;
use maud::Markup;
use measure::Words;
use office::{Acting, Db};
use rules::explain::Lang;

const WAYS: Words = Words::new("我的事项", "Your record");
const PAID: Words = Words::new("我的缴费", "What I have paid");
const GET: Words = Words::new("何时领、领多少", "What I will get");
const STATEMENT: Words = Words::new("对账单", "Statement");
const DATA: Words = Words::new("我的资料", "My data");
const LOOKS: Words = Words::new("谁看过", "Who looked");
const CORRECTION: Words = Words::new("申请更正", "Correction");

/// The pages of this door, the one shown named.
fn ways(shown: &str, lang: Lang) -> Markup {
    tabs(
        lang.say(WAYS),
        &[
            ("/me", lang.say(PAID)),
            ("/me/retirement", lang.say(GET)),
            ("/me/statement", lang.say(STATEMENT)),
            ("/me/data", lang.say(DATA)),
            ("/me/looks", lang.say(LOOKS)),
            ("/me/correction", lang.say(CORRECTION)),
        ],
        shown,
    )
}

/// Asks the office in the name of who is signed in, about their own record.
async fn own<T: Send + 'static>(
    house: &House,
    visitor: &Visitor,
    work: impl FnOnce(&Db, Option<&Login>, Acting<'_>) -> Result<T, office::Error> + Send + 'static,
) -> Result<T, Problem> {
    let (login, at) = (visitor.login().cloned(), visitor.now);
    let through = visitor.through();
    house
        .office(move |db| {
            let login = login.as_ref();
            let by = login.map(Login::name);
            let by = by.ok_or(office::permit::Refusal::Nobody)?;
            let acting = Acting {
                by,
                at,
                purpose: "own record",
                through,
            };
            work(db, login, acting)
        })
        .await
}
