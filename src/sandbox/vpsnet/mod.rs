//! The simulated account of VPS.NET: addresses under `.api10json`, JSON in and out, HTTP Basic with an e-mail address.
//!
//! Errors that a wrong call triggers:
//!
//! | status | how |
//! |---|---|
//! | 403, or as the options say | a wrong login |
//! | 403 | delete what is in use: a server at work, a node of a server, a server's first address, a backup of the schedule |
//! | 404 | an address or an id that is not there |
//! | 422 | leave out what is required, ask for what does not fit, or for more nodes than are free |
//!
//! Adding an existing domain answers `false`.

mod backups;
mod cloud;
mod clouds;
mod dns_templates;
mod domains;
mod handler;
mod invoices;
mod ips;
mod licenses;
mod nodes;
mod pdf;
mod profile;
mod refusal;
mod schedules;
mod seed;
mod templates;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tickets;
mod vm;
mod world;

use std::time::Duration;

use handler::{Args, Handlers, Reply};
use refusal::Refusal;
use world::{USER, World};

use super::kit::rest::{Carried, Routes, dressed, form, json};
use super::kit::{self, check, sample};
use super::log::Log;
use super::{Account, Options, Request, Response, Service};
use model::route::AnswerForm;
use model::{Map, Method, Type, Value, base64};
use registry::catalog::{Catalog, CatalogError};

/// The catalogue of the methods.
const CATALOG: &str = "vpsnet";

const AREAS: &[Handlers] = &[
    backups::HANDLERS,
    clouds::HANDLERS,
    dns_templates::HANDLERS,
    domains::HANDLERS,
    invoices::HANDLERS,
    ips::HANDLERS,
    licenses::HANDLERS,
    nodes::HANDLERS,
    profile::HANDLERS,
    schedules::HANDLERS,
    templates::HANDLERS,
    tickets::HANDLERS,
    vm::HANDLERS,
    vm::power::HANDLERS,
    vm::usage::HANDLERS,
];

/// The service: an account and its login.
pub(super) struct VpsNet {
    catalog: Catalog,
    routes: Routes,
    world: World,
    key: String,
    refused_login: u16,
    log: Log,
}

impl Service for VpsNet {
    fn account(&self, root: &str) -> Account {
        Account { provider: CATALOG, url: root.to_owned(), user: Some(USER.to_owned()), key: self.key.clone() }
    }

    fn claims(&self, path: &str) -> bool {
        path.ends_with(".api10json") || (path.starts_with("/invoices/") && path.ends_with(".pdf"))
    }

    fn respond(&mut self, request: &Request) -> Response {
        match self.knows(request.authorization.as_deref()) {
            true => self.answer(request).unwrap_or_else(Refusal::response),
            false => Response::new(self.refused_login, "text/html", Vec::new()),
        }
    }

    fn requests(&self) -> &[(String, String)] {
        self.log.calls()
    }

    fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }
}

impl VpsNet {
    /// A service with a new account.
    pub(super) fn new(options: &Options) -> Result<VpsNet, CatalogError> {
        let catalog = kit::catalog(CATALOG)?;
        Ok(VpsNet {
            routes: Routes::of(&catalog)?,
            catalog,
            world: seed::account(options),
            key: options.key.clone(),
            refused_login: options.refused_login,
            log: Log::default(),
        })
    }

    fn knows(&self, authorization: Option<&str>) -> bool {
        let credentials = authorization.and_then(|header| header.strip_prefix("Basic ")).and_then(base64::decode);
        credentials.is_some_and(|bytes| bytes == format!("{USER}:{}", self.key).into_bytes())
    }

    fn answer(&mut self, request: &Request) -> Result<Response, Refusal> {
        let body = match json::read(&request.body) {
            Some(Value::Map(body)) => body,
            // A client without a body may send a null.
            Some(Value::Null) => Map::new(),
            _ => return Err(Refusal::invalid("base", "The body is no JSON object")),
        };
        let mut carried = Carried { query: form::read(&request.query), body };
        let bare = carried.query.remove("new").is_some();
        let found = self.routes.find(&request.verb, &request.path, &carried).ok_or(Refusal::Missing)?;
        let method = found.method;
        let mut named = found.arguments(carried, self.catalog.shapes());
        self.log.note(&method.name, &[named.clone().into()]);
        check::parameters(method, &mut named, self.catalog.shapes())
            .map_err(|refusal| Refusal::invalid(&refusal.name, &refusal.complaint))?;
        let value = call(&mut self.world, &self.catalog, method, &Args::new(named))?;
        Ok(written(method, value, bare, request.range.as_deref()))
    }
}

/// Answers a call with valid arguments.
fn call(world: &mut World, catalog: &Catalog, method: &Method, args: &Args) -> Reply {
    world.settle();
    let mut handlers = AREAS.iter().flat_map(|area| area.iter());
    match handlers.find(|(name, _)| *name == method.name) {
        Some((_, handler)) => handler(world, args),
        None => Ok(sample::answer(method, catalog.shapes())),
    }
}

/// A result in the form of the method's answers; `bare` leaves out the keys around objects.
fn written(method: &Method, value: Value, bare: bool, range: Option<&str>) -> Response {
    let form = method.answers.as_ref().map(|answers| answers.form);
    let value = match (&method.answers, value) {
        (Some(_), Value::Bytes(document)) => return pdf::served(document, range),
        (_, value) if bare => value,
        (_, _) if method.returns == Type::None => Value::Null,
        (Some(answers), value) => dressed(value, answers),
        (None, value) => value,
    };
    let body = if form == Some(AnswerForm::None) { Vec::new() } else { json::write(&value) };
    Response::new(200, refusal::JSON, body)
}
