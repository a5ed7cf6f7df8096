//! Every route of the house, on one page.
//!
//! A row is a method, a path, what it needs of who asks, and its handler. The router is built from this table and nothing else;
//! the [wall] turns away who may not; tests ask every route in every role. A handler that takes more than a small
//! form says so with [`Route::takes`]. To add a page, add its row to its door's list.

use crate::house::House;
use crate::problem::Problem;
use crate::{
    api, city_door, counter, employer, home, library, look, person, registry, sign_in, wall,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};
use office::permit::Action;
use std::collections::BTreeMap;

/// What a route needs of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is open to all.
    Open,
    /// That their role does this, however far it reaches; how far is the office's to decide for each record.
    May(Action),
}

use Needs::{May, Open};

/// A row of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, as the router matches it.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// How many bytes may be sent to it.
    pub body: usize,
    /// Whether what is sent is handed on as it comes, and not held in memory.
    pub streams: bool,
    /// Whether it is told who asks: files of the look are the same for all.
    pub knows_visitor: bool,
    handler: MethodRouter<House>,
}

/// How many bytes a form of text has at most.
const FORM: usize = 16 * 1_024;
/// What a device says of a passkey.
const KEY: usize = 64 * 1_024;
/// How many bytes a page of cells has at most.
const CELLS: usize = 512 * 1_024;
/// A case of the law, with its records.
const CASE: usize = 256 * 1_024;
/// Rows of declarations.
const ROWS: usize = 8 << 20;
/// A spreadsheet or a bank's file.
const FILE: usize = 64 << 20;

fn get<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, House>,
    T: 'static,
{
    Route::new((Method::GET, MethodFilter::GET), path, needs, handler)
}

fn post<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, House>,
    T: 'static,
{
    Route::new((Method::POST, MethodFilter::POST), path, needs, handler)
}

impl Route {
    fn new<H, T>(
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        needs: Needs,
        handler: H,
    ) -> Route
    where
        H: Handler<T, House>,
        T: 'static,
    {
        let body = if method == Method::GET { 0 } else { FORM };
        Route {
            method,
            path,
            needs,
            body,
            streams: false,
            knows_visitor: true,
            handler: on(filter, handler),
        }
    }

    /// The same for all who ask.
    fn same_for_all(mut self) -> Route {
        self.knows_visitor = false;
        self
    }

    /// Takes up to so many bytes, such as a file.
    #[must_use]
    pub fn takes(mut self, bytes: usize) -> Route {
        self.body = bytes;
        self
    }

    /// Takes files of up to so many bytes, which its handler writes down as they come; their form has its token in its address.
    #[must_use]
    pub fn streams(mut self, bytes: usize) -> Route {
        self.streams = true;
        self.takes(bytes)
    }
}

/// The table.
#[must_use]
pub fn routes() -> Vec<Route> {
    let doors = [
        entrance(),
        library_door(),
        persons(),
        employers(),
        staff(),
        planners(),
        programs(),
    ];
    doors.into_iter().flatten().collect()
}

fn entrance() -> Vec<Route> {
    use sign_in::{openid, passkeys};
    let keeps = May(Action::KeepOwnPasskeys);
    vec![
        get("/", Open, home::page),
        get("/sign-in", Open, sign_in::page),
        post("/sign-in", Open, sign_in::enter),
        post("/sign-in/persona", Open, sign_in::enter_as_persona),
        get("/sign-in/with/{provider}", Open, openid::depart),
        get("/sign-in/with/{provider}/back", Open, openid::back),
        post("/sign-in/passkey/begin", Open, passkeys::begin_entering),
        post("/sign-in/passkey", Open, passkeys::enter).takes(KEY),
        post("/sign-out", May(Action::EndOwnSession), sign_in::leave),
        get("/sign-out/with/{provider}", Open, openid::out::page),
        post(
            "/sign-out/everywhere",
            May(Action::EndOwnSession),
            sign_in::leave_everywhere,
        ),
        get(
            "/settings",
            May(Action::EndOwnSession),
            sign_in::settings::page,
        ),
        get("/settings/passkeys", keeps, passkeys::page::page),
        post("/settings/passkeys/begin", keeps, passkeys::begin_adding),
        post("/settings/passkeys", keeps, passkeys::add).takes(KEY),
        post("/settings/passkeys/remove", keeps, passkeys::remove),
        get("/look", Open, look::living::page),
        post("/look/choose", Open, look::choice::choose),
        get("/look/style.css", Open, look::files::style).same_for_all(),
        get("/look/script.js", Open, look::files::script).same_for_all(),
        get("/look/mark.svg", Open, look::files::mark).same_for_all(),
    ]
}

fn library_door() -> Vec<Route> {
    use library::whatif::population;
    let tries = May(Action::TryReform);
    vec![
        get("/law", Open, library::index::page),
        get("/law/search", Open, library::search::page),
        get("/law/unconfirmed", Open, library::unconfirmed::page),
        get("/law/{jurisdiction}/what-if", Open, library::whatif::page),
        get(
            "/law/{jurisdiction}/what-if/{file}",
            Open,
            library::whatif::file,
        ),
        get(
            "/law/{jurisdiction}/what-if/population",
            tries,
            population::page,
        ),
        post(
            "/law/{jurisdiction}/what-if/population",
            tries,
            population::tried,
        )
        .streams(population::FILE_BYTES),
        get(
            "/law/{jurisdiction}/what-if/population/{result}",
            tries,
            population::result,
        ),
        get(
            "/law/{jurisdiction}/what-if/population/{result}/{file}",
            tries,
            population::along,
        ),
        get("/law/{jurisdiction}/{source}", Open, library::source::page),
        get("/law/{jurisdiction}/rule/{name}", Open, library::rule::page),
        get(
            "/law/{jurisdiction}/figure/{name}",
            Open,
            library::figure::page,
        ),
    ]
}

fn persons() -> Vec<Route> {
    use person::{correction, data, looks, retirement, statement};
    let account = May(Action::ReadAccount);
    let asks = May(Action::AskCorrection);
    vec![
        get("/me", May(Action::ReadAccount), person::overview::page),
        get(
            "/me/months/{month}/{scheme}",
            May(Action::ReadAccount),
            person::month::page,
        ),
        get("/me/retirement", account, retirement::page),
        get("/me/retirement/{month}", account, retirement::month::page),
        get("/me/retirement/file/{file}", account, retirement::file),
        get("/me/statement", account, statement::page),
        get("/me/file/{file}", account, statement::file),
        get("/me/data", May(Action::ReadPerson), data::page),
        get("/me/looks", May(Action::ReadAudit), looks::page),
        get("/me/correction", asks, correction::begin),
        post("/me/correction", asks, correction::next),
        get("/me/correction/{correction}", asks, correction::one::page),
    ]
}

fn employers() -> Vec<Route> {
    use employer::{
        bill, bill_line, bills, changes, declare, draft, export, one, overview, parts, payments,
        receipt, staff,
    };
    let (read, declared) = (May(Action::ReadDeclaration), May(Action::Declare));
    let (dues, asks) = (May(Action::ReadDues), May(Action::AskInstalments));
    let ours = May(Action::ReadEmployer);
    vec![
        get("/employer", read, overview::page),
        get("/employer/declare", declared, declare::page),
        post("/employer/declare", declared, declare::begin).takes(declare::FILE_BYTES),
        get("/employer/drafts/{draft}", declared, draft::page),
        get("/employer/drafts/{draft}/unnamed", declared, changes::page),
        post("/employer/drafts/{draft}/mend", declared, draft::mend_cells).takes(CELLS),
        post(
            "/employer/drafts/{draft}/mended-file",
            declared,
            draft::mend_with_file,
        )
        .takes(declare::FILE_BYTES),
        post(
            "/employer/drafts/{draft}/submit",
            declared,
            draft::submit_it,
        ),
        post("/employer/drafts/{draft}/let-go", declared, draft::drop_it),
        get("/employer/declarations/{declaration}", read, receipt::page),
        get(
            "/employer/declarations/{declaration}/withdraw",
            declared,
            receipt::question,
        ),
        post(
            "/employer/declarations/{declaration}/withdraw",
            declared,
            receipt::take_back,
        ),
        get("/employer/change/new", declared, one::new_one),
        post("/employer/change/new", declared, one::new_next),
        get("/employer/staff", ours, staff::page),
        get("/employer/staff/{person}/{what}", declared, one::change),
        post("/employer/staff/{person}/{what}", declared, one::changed),
        get("/employer/bills", dues, bills::page),
        get("/employer/bills/{bill}", dues, bill::page),
        get("/employer/bills/{bill}/{person}", dues, bill_line::page),
        get("/employer/payments", dues, payments::page),
        get("/employer/instalments", asks, parts::page),
        post("/employer/instalments", asks, parts::request),
        get("/employer/export/{file}", read, export::file),
    ]
}

fn staff() -> Vec<Route> {
    use counter::{
        checks, correct, employer, inbox, month, overview, person, purpose, receipts as bank,
    };
    let find = May(Action::FindPerson);
    let (firms, months) = (May(Action::ReadEmployer), May(Action::ReadMonth));
    let (receipts, keep) = (May(Action::ReadReceipts), May(Action::KeepReceipts));
    let ask = May(Action::AskCorrection);
    vec![
        get("/counter", find, overview::page),
        post("/counter", find, overview::find),
        get("/counter/purpose", find, purpose::page),
        post("/counter/purpose", find, purpose::say),
        get("/counter/persons/{person}", find, person::page),
        get("/counter/persons/{person}/months", find, person::months),
        get("/counter/persons/{person}/correct", ask, correct::page),
        post("/counter/persons/{person}/correct", ask, correct::answer),
        get("/counter/employers/{employer}", firms, employer::page),
        get("/counter/inbox", find, inbox::page),
        get("/counter/inbox/{sort}/{number}", find, inbox::item),
        post(
            "/counter/inbox/{sort}/{number}",
            May(Action::ApproveCorrection),
            inbox::decided,
        ),
        get("/counter/month", months, month::page),
        get("/counter/month/{month}", months, month::one),
        post(
            "/counter/month/{month}/make/{step}",
            May(Action::RunMonth),
            month::step,
        ),
        post(
            "/counter/month/{month}/check/{step}",
            May(Action::ApproveMonth),
            month::step,
        ),
        get("/counter/receipts", receipts, bank::page),
        post("/counter/receipts/file", keep, bank::file).takes(bank::FILE_BYTES + FORM),
        post("/counter/receipts/settle", keep, bank::settled),
        get("/counter/receipts/{receipt}", receipts, bank::one),
        post("/counter/receipts/{receipt}/whose", keep, bank::whose),
        post("/counter/receipts/{receipt}/undo", keep, bank::undo),
        get("/counter/verify", May(Action::Verify), checks::page),
        post("/counter/verify", May(Action::Verify), checks::begin),
        get("/counter/log", May(Action::ReadAudit), checks::log),
    ]
}

fn planners() -> Vec<Route> {
    let figures = May(Action::ReadFigures);
    vec![
        get("/city", figures, city_door::overview::page),
        get("/city/{district}", figures, city_door::district::page),
        get("/city/file/{file}", figures, city_door::overview::file),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table: some lines a route")]
fn programs() -> Vec<Route> {
    vec![
        get("/api", Open, api::page::page),
        get("/api/v1", Open, api::index),
        get("/api/v1/openapi.json", Open, api::document::shown),
        get("/.well-known/jwks.json", Open, api::keys).same_for_all(),
        get("/api/v1/law", Open, api::law::index),
        get("/api/v1/law/{jurisdiction}/items", Open, api::law::list),
        get(
            "/api/v1/law/{jurisdiction}/rules/{name}",
            Open,
            api::law::rule,
        ),
        post(
            "/api/v1/law/{jurisdiction}/rules/{name}/evaluate",
            Open,
            api::law::evaluate,
        )
        .takes(CASE),
        post(
            "/api/v1/persons/search",
            May(Action::FindPerson),
            api::persons::search,
        ),
        get(
            "/api/v1/persons/{person}",
            May(Action::ReadPerson),
            api::persons::record,
        ),
        get(
            "/api/v1/persons/{person}/months",
            May(Action::ReadAccount),
            api::persons::months,
        ),
        get(
            "/api/v1/persons/{person}/account",
            May(Action::ReadAccount),
            api::persons::account,
        ),
        post(
            "/api/v1/employers/search",
            May(Action::FindEmployer),
            api::employers::search,
        ),
        get(
            "/api/v1/employers/{employer}",
            May(Action::ReadEmployer),
            api::employers::record,
        ),
        get(
            "/api/v1/employers/{employer}/owed",
            May(Action::ReadDues),
            api::employers::owed,
        ),
        get(
            "/api/v1/employers/{employer}/bills",
            May(Action::ReadDues),
            api::employers::bills,
        ),
        get(
            "/api/v1/employers/{employer}/declarations/{month}",
            May(Action::ReadDeclaration),
            api::declarations::of_month,
        ),
        post(
            "/api/v1/employers/{employer}/declarations/{month}",
            May(Action::Declare),
            api::declarations::submit,
        )
        .takes(ROWS),
        post(
            "/api/v1/employers/{employer}/declarations/{month}/check",
            May(Action::Declare),
            api::declarations::check,
        )
        .takes(ROWS),
        post(
            "/api/v1/employers/{employer}/declarations/{month}/file",
            May(Action::Declare),
            api::declarations::submit_file,
        )
        .takes(FILE),
        post(
            "/api/v1/declarations",
            May(Action::Declare),
            api::declarations::bulk,
        )
        .takes(ROWS),
        post(
            "/api/v1/declarations/{declaration}/undo",
            May(Action::Declare),
            api::declarations::undo,
        ),
        post(
            "/api/v1/receipts",
            May(Action::KeepReceipts),
            api::receipts::receive,
        )
        .takes(FILE),
        post(
            "/api/v1/months/{month}",
            May(Action::RunMonth),
            api::months::open,
        ),
        get(
            "/api/v1/months/{month}/{kind}",
            May(Action::ReadMonth),
            api::months::run,
        ),
        post(
            "/api/v1/months/{month}/{kind}/compute",
            May(Action::RunMonth),
            api::months::compute,
        ),
        post(
            "/api/v1/months/{month}/{kind}/approve",
            May(Action::ApproveMonth),
            api::months::approved,
        ),
        post(
            "/api/v1/months/{month}/{kind}/publish",
            May(Action::ApproveMonth),
            api::months::published,
        ),
        post(
            "/api/v1/months/{month}/{kind}/discard",
            May(Action::RunMonth),
            api::months::discarded,
        ),
        post("/api/v1/verify", May(Action::Verify), api::verify::begin),
        get("/api/v1/jobs/{job}", May(Action::ReadMonth), api::jobs::job),
        get(
            "/api/v1/subscriptions",
            May(Action::EndOwnSession),
            api::subscriptions::list,
        ),
        post(
            "/api/v1/subscriptions",
            May(Action::EndOwnSession),
            api::subscriptions::subscribe,
        ),
        post(
            "/api/v1/subscriptions/{code}/end",
            May(Action::EndOwnSession),
            api::subscriptions::end,
        ),
        post(
            "/registry/search",
            May(Action::FindPerson),
            registry::search,
        )
        .takes(CASE),
        post(
            "/registry/sync/search",
            May(Action::FindPerson),
            registry::sync_search,
        )
        .takes(CASE),
        post(
            "/registry/subscribe",
            May(Action::FindPerson),
            registry::subscribe,
        )
        .takes(CASE),
        post(
            "/registry/unsubscribe",
            May(Action::FindPerson),
            registry::unsubscribe,
        )
        .takes(CASE),
        post(
            "/registry/txn/status",
            May(Action::FindPerson),
            registry::status,
        )
        .takes(CASE),
        post(
            "/registry/sync/txn/status",
            May(Action::FindPerson),
            registry::sync_status,
        )
        .takes(CASE),
    ]
}

/// The table without handlers, by method and path, for the wall.
#[derive(Debug)]
pub struct Table(BTreeMap<&'static str, Vec<Route>>);

impl Default for Table {
    fn default() -> Table {
        let mut table: BTreeMap<&'static str, Vec<Route>> = BTreeMap::new();
        for route in routes() {
            table.entry(route.path).or_default().push(route);
        }
        Table(table)
    }
}

impl Table {
    /// A row; that of GET also for HEAD.
    #[must_use]
    pub fn get(&self, path: &str, method: &Method) -> Option<&Route> {
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let rows = self.0.get(path)?;
        rows.iter().find(|route| route.method == *method)
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.needs)
    }
}

/// The house as a service.
pub fn router(house: House) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(nowhere)
        // What a route takes is in the table, and the wall holds it to that.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(house.clone(), wall::guard))
        .with_state(house)
}

async fn nowhere() -> Problem {
    Problem::no_page()
}
