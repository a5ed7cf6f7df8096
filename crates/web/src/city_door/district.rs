//! One district: its schemes side by side, and how old its arrears are.

use super::overview::{ages, told};
use super::{Measure, count, read, schemes};
use crate::house::House;
use crate::look::components::{Head, Table, amount, table};
use crate::look::districts;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::places::District;
use maud::{Markup, html};
use measure::{Fen, Words};
use office::figures::{Cell, Figures};
use rules::explain::Lang;

const CITY: Words = Words::new("全市", "City");
const SCHEME: Words = Words::new("险种", "Scheme");
const BEFORE: Words = Words::new("上月应缴", "Due the month before");
const BY_SCHEME: Words = Words::new("各险种", "By scheme");

/// A district.
#[derive(Debug)]
pub(crate) struct DistrictPage {
    of: Figures,
    district: District,
}

/// Shows it; another than the login reaches is unknown.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let of = read(&house, &visitor).await?;
    let district = code.parse().ok().and_then(District::new);
    let known = |district: &District| of.cells.keys().any(|(_, known)| known == district);
    let district = district.filter(known);
    let unknown = || Problem::from(office::Error::from(office::permit::Refusal::Unknown));
    let district = district.ok_or_else(unknown)?;
    Ok(shown(&DistrictPage { of, district }, &visitor))
}

impl Page for DistrictPage {
    fn title(&self, lang: Lang) -> String {
        districts::name(self.district, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/city", lang.say(CITY))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let rows = schemes().filter_map(|scheme| {
            let cell = self.of.cells.get(&(scheme, self.district))?.as_ref();
            let money =
                |take: fn(&Cell) -> Fen| told(cell, |cell| amount(take(cell), None, lang), lang);
            Some(vec![
                scheme.name(lang).into(),
                told(cell, |cell| html! { (count(cell.insured)) }, lang).into(),
                money(|cell| cell.due).into(),
                money(|cell| cell.due_before).into(),
                money(|cell| cell.billed).into(),
                money(|cell| cell.collected).into(),
            ])
        });
        html! {
            @if let Some(month) = self.of.month { p class="quiet" { (month) " · " (self.of.on) } }
            (table(&Table {
                caption: lang.say(BY_SCHEME).to_owned(),
                head: vec![
                    Head::words(lang.say(SCHEME)),
                    Head::numbers(lang.say(Measure::Insured.name())),
                    Head::numbers(lang.say(Measure::Due.name())),
                    Head::numbers(lang.say(BEFORE)),
                    Head::numbers(lang.pick("当月账单", "Billed for the month")),
                    Head::numbers(lang.say(Measure::Collected.name())),
                ],
                rows: rows.collect(),
                foot: None,
            }, lang))
            (ages(&self.of, Some(self.district), lang))
            p { a href="/city" { "← " (lang.say(CITY)) } }
        }
    }

    fn samples() -> Vec<DistrictPage> {
        let codes = [500_103, 500_101].into_iter().filter_map(District::new);
        codes
            .map(|district| DistrictPage {
                of: super::sample(),
                district,
            })
            .collect()
    }
}
