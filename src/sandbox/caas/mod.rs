//! The simulated organization of a cloud with an XML interface and an address for each method.
//!
//! A request is authenticated, routed by the catalogue, checked against it, then passed to the handler of its method; a
//! method without a handler answers with a sample of its documented shape. Every answer in XML declares all of the
//! service's namespaces, under prefixes that change from answer to answer.
//!
//! Deliberate failures: a server whose name begins with `failing` cannot be deployed and waits for `server.clean`;
//! `Options::maintenance` makes every address unavailable; with `Options::report_time` a report takes that long, and
//! another request for one is refused meanwhile.

mod account;
mod anti_affinity;
mod audit;
mod backup;
mod fault;
mod files;
mod forms;
mod handler;
mod image;
mod intake;
mod locations;
mod names;
mod network;
mod operations;
mod organization;
mod ovf;
mod paging;
mod places;
mod progress;
#[cfg(test)]
mod reasons;
mod report;
mod roots;
mod routing;
mod server;
mod session;
mod shelf;
mod state;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tree;
mod vip;
mod world;
mod write;

use std::sync::OnceLock;
use std::time::Duration;

use super::kit::args::Args;
use super::kit::random::Random;
use super::kit::sample;
use super::kit::values::{list, map};
use super::log::Log;
use super::{Account, Options, Request, Response, Service, auth};
use fault::Fault;
use handler::{Answer, Handlers, Reply, value};
use intake::{Given, decoded};
use model::route::AnswerForm;
use model::{Effect, Map, Method, Type, Value};
use names::Names;
use organization::{KEY, ORGANIZATION, USER};
use registry::catalog::{Catalog, CatalogError};
use registry::embedded;
use routing::{Hit, Routes};
use session::Sessions;
use world::World;
use write::{Counts, Writer};

/// The catalogue of the methods.
const CATALOG: &str = "caas";

/// The call that opens a session.
const LOGS_IN: &str = "account.me";
/// The start of every path, except for that of resources named in answers.
const PREFIX: &str = "/oec/0.9";

/// All areas that have handlers.
const AREAS: &[&[Handlers]] = &[
    &[account::HANDLERS, anti_affinity::HANDLERS, files::HANDLERS, ovf::HANDLERS, places::HANDLERS, report::HANDLERS],
    backup::AREAS,
    image::AREAS,
    network::AREAS,
    server::AREAS,
    vip::AREAS,
];

/// Shared by all organizations: the catalogue, and the routes, which are read from it at the first request.
struct Shared {
    catalog: Catalog,
    routes: OnceLock<Routes>,
}

impl Shared {
    fn get() -> Result<&'static Shared, CatalogError> {
        static SHARED: OnceLock<Shared> = OnceLock::new();
        if let Some(shared) = SHARED.get() {
            return Ok(shared);
        }
        let absent = || CatalogError { id: CATALOG.into(), place: "catalogue".into(), cause: "not there".into() };
        let catalog = Catalog::open(embedded::find(CATALOG).ok_or_else(absent)?)?;
        Ok(SHARED.get_or_init(|| Shared { catalog, routes: OnceLock::new() }))
    }

    fn routes(&self) -> &Routes {
        self.routes.get_or_init(|| Routes::of(&self.catalog))
    }
}

/// The service: an organization, and its login.
pub(super) struct Caas {
    shared: &'static Shared,
    world: World,
    /// The source of random prefixes.
    prefixes: Random,
    maintenance: bool,
    sessions: Sessions,
    log: Log,
}

impl Service for Caas {
    fn account(&self, root: &str) -> Account {
        Account { provider: CATALOG, url: format!("{root}{PREFIX}"), user: Some(USER.into()), key: KEY.into() }
    }

    fn claims(&self, path: &str) -> bool {
        path.starts_with("/oec/")
    }

    fn respond(&mut self, request: &Request) -> Response {
        let Some(path) = request.path.strip_prefix(PREFIX) else { return Response::page(404, "Not Found") };
        if self.maintenance {
            return self.refuse("maintenance", &Fault::new(5, "The system is down for maintenance"));
        }
        match self.user(request) {
            Some(user) => self.world.user = user,
            None => return Response::page(401, "This request requires HTTP authentication"),
        }
        let given = match Given::read(&request.query, &request.body) {
            Ok(given) => given,
            Err(fault) => return self.refuse("unknown", &fault),
        };
        let Some(hit) = self.shared.routes().find(&request.verb, path, &given) else {
            return Response::page(404, "Not Found");
        };
        let mut response = self.answer(&hit, &given);
        if hit.method.name == LOGS_IN && request.authorization.is_some() {
            let cookie = self.sessions.open(&self.world.user, self.world.clock.now());
            response.headers.push(("Set-Cookie", cookie));
        }
        response
    }

    fn requests(&self) -> &[(String, String)] {
        self.log.calls()
    }

    fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }
}

impl Caas {
    /// A service with a new organization.
    pub(super) fn new(options: &Options) -> Result<Caas, CatalogError> {
        Ok(Caas {
            shared: Shared::get()?,
            world: World::seeded(options, KEY),
            prefixes: Random::of(CATALOG),
            maintenance: options.maintenance,
            sessions: Sessions::new(),
            log: Log::default(),
        })
    }

    /// The caller: by name and password, or else by the cookie of a session.
    fn user(&mut self, request: &Request) -> Option<String> {
        let accounts = &self.world.accounts;
        match request.authorization.as_deref() {
            Some(header) => {
                let login = auth::credentials(header);
                login.filter(|(user, password)| accounts.admits(user, password)).map(|(user, _)| user)
            }
            None => {
                let user = self.sessions.user(request.cookie.as_deref()?, self.world.clock.now());
                user.filter(|user| accounts.find(user).is_some())
            }
        }
    }

    fn answer(&mut self, hit: &Hit<'_>, given: &Given) -> Response {
        self.world.settle();
        let captured: Vec<(String, String)> =
            hit.captured.iter().map(|(name, value)| (name.clone(), decoded(value))).collect();
        let args = self.arguments(hit.method, &captured, given);
        // A deleted thing no longer has a name afterwards.
        let subject = self.world.subject(&hit.method.name, &captured, args.as_ref().ok());
        let reply = args.and_then(|args| self.reply(hit.method, &args));
        if hit.method.effect != Effect::Read {
            let code = reply.as_ref().map_or_else(Fault::code, |_| "OK".into());
            self.world.note(&hit.method.name, &operations::operation(&hit.method.name), &subject, &code);
        }
        match reply.and_then(|answer| self.paged(hit.method, given, answer)) {
            Ok((answer, counts)) => self.write(hit.method, answer, counts),
            Err(fault) => self.refuse(&hit.method.name, &fault),
        }
    }

    /// The arguments of a call, if the user may make it.
    fn arguments(&self, method: &Method, captured: &[(String, String)], given: &Given) -> Result<Args, Fault> {
        if captured.iter().any(|(name, value)| name == "org-id" && value != ORGANIZATION) {
            return Err(Fault::new(140, "Invalid role or organization for these credentials"));
        }
        self.world.accounts.may(&self.world.user, method)?;
        paging::admit(method, &given.query)?;
        given.arguments(method, captured, self.shared.catalog.shapes())
    }

    fn reply(&mut self, method: &Method, args: &Args) -> Reply {
        let values: Map = args.iter().map(|(name, value)| (name, value.clone())).collect();
        self.log.note(&method.name, &[values.into()]);
        let mut handlers = AREAS.iter().flat_map(|area| area.iter()).flat_map(|handlers| handlers.iter());
        match handlers.find(|(name, _)| *name == method.name) {
            Some((_, handler)) => handler(&mut self.world, args),
            None => value(sample::answer(method, self.shared.catalog.shapes())),
        }
    }

    fn paged(&self, method: &Method, given: &Given, answer: Answer) -> Result<(Answer, Option<Counts>), Fault> {
        match answer {
            Answer::Value(Value::List(members)) if paging::is_paged(method) => {
                let (members, counts) = paging::page(members, &given.query)?;
                Ok((Answer::Value(Value::List(members)), Some(counts)))
            }
            other => Ok((other, None)),
        }
    }

    fn write(&mut self, method: &Method, answer: Answer, counts: Option<Counts>) -> Response {
        match answer {
            Answer::Done(detail, facts) => self.status(&method.name, &detail, None, &facts),
            Answer::Value(rows) if method.answers.as_ref().is_some_and(|a| a.form == AnswerForm::Csv) => {
                let body = write::csv(method, &rows).into_bytes();
                Response::new(200, "text/csv; charset=utf-8", body)
            }
            Answer::Value(value) => {
                let names = Names::shuffled(&mut self.prefixes);
                let (namespace, root) = roots::root(&method.name);
                let writer = Writer::new(self.shared.catalog.shapes(), &names, namespace);
                xml(200, writer.document(method, root, &value, counts))
            }
        }
    }

    fn refuse(&mut self, method: &str, fault: &Fault) -> Response {
        self.status(method, &fault.detail, Some(fault), &[])
    }

    /// The document with the outcome.
    fn status(
        &mut self,
        method: &str,
        detail: &str,
        fault: Option<&Fault>,
        facts: &[(&'static str, String)],
    ) -> Response {
        let facts = facts.iter().map(|(name, value)| map! { "name" => *name, "value" => value.as_str() });
        let shown = map! {
            "operation" => operations::operation(method),
            "result" => if fault.is_some() { "ERROR" } else { "SUCCESS" },
            "resultDetail" => detail,
            "resultCode" => fault.map_or_else(|| "REASON_0".into(), Fault::code),
            "additionalInformation" => list(facts),
        };
        let names = Names::shuffled(&mut self.prefixes);
        let shape = Method { returns: Type::Shape("status".into()), ..Method::default() };
        let writer = Writer::new(self.shared.catalog.shapes(), &names, "general");
        xml(fault.map_or(200, Fault::status), writer.document(&shape, "Status", &shown.into(), None))
    }
}

fn xml(status: u16, document: String) -> Response {
    Response::new(status, "text/xml; charset=utf-8", document.into_bytes())
}
