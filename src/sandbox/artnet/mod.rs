//! The simulated account of Artnet: one form per command, with the credentials among its fields, and JSON that says
//! whether it worked.
//!
//! Most documented errors can be triggered by a wrong call. Some services exist only for that:
//!
//! | service | what is wrong with it |
//! |---|---|
//! | VPS 12358 | suspended |
//! | dedicated server 12359 | neither power nor iLO can be managed |
//! | domain 12360 | its name servers cannot be changed |
//! | cloud instance 679 | its system does not shut down |
//! | address 192.0.2.66 | blackholed by an administrator |

mod cloud;
mod customer;
mod dns;
mod firewall;
mod handler;
mod ip;
mod offer;
mod power;
mod refusal;
mod rev_dns;
mod ruleset;
mod seed;
mod services;
mod shelf;
mod subclass;
mod subnetwork;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod world;

use std::time::Duration;

use handler::{Args, Handlers, Reply};
use refusal::Refusal;
use world::{USER, World};

use super::kit::rest::{Carried, Routes, dressed, form, json};
use super::kit::{self, check, sample};
use super::log::Log;
use super::{Account, Options, Request, Response, Service};
use model::{Map, Method, Type, Value};
use registry::catalog::{Catalog, CatalogError};

/// The catalogue of the methods.
const CATALOG: &str = "artnet";

/// The two base paths in the document.
const ROOTS: &[&str] = &["/api", "/panel/api"];

const AREAS: &[Handlers] = &[
    cloud::HANDLERS,
    cloud::setup::HANDLERS,
    customer::HANDLERS,
    dns::HANDLERS,
    firewall::HANDLERS,
    ip::HANDLERS,
    offer::HANDLERS,
    power::HANDLERS,
    rev_dns::HANDLERS,
    services::HANDLERS,
];

/// The service: an account and its key.
pub(super) struct Artnet {
    catalog: Catalog,
    routes: Routes,
    world: World,
    log: Log,
}

impl Service for Artnet {
    fn account(&self, root: &str) -> Account {
        let (url, key) = (format!("{root}/api"), self.world.key.clone());
        Account { provider: CATALOG, url, user: Some(USER.to_owned()), key }
    }

    fn claims(&self, path: &str) -> bool {
        command(path).is_some()
    }

    fn respond(&mut self, request: &Request) -> Response {
        if request.verb != "POST" {
            return Response::page(405, "Method Not Allowed");
        }
        let answer = self.answer(request).unwrap_or_else(|refusal| refusal.told(self.catalog.provider()));
        Response::new(200, "application/json; charset=utf-8", json::write(&answer.into()))
    }

    fn requests(&self) -> &[(String, String)] {
        self.log.calls()
    }

    fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }
}

/// The part of a path that names a command.
fn command(path: &str) -> Option<&str> {
    let rest = ROOTS.iter().find_map(|root| path.strip_prefix(root))?;
    rest.starts_with('/').then_some(rest)
}

impl Artnet {
    /// A service with a new account.
    pub(super) fn new(options: &Options) -> Result<Artnet, CatalogError> {
        let catalog = kit::catalog(CATALOG)?;
        Ok(Artnet { routes: Routes::of(&catalog)?, catalog, world: seed::account(options), log: Log::default() })
    }

    fn answer(&mut self, request: &Request) -> Result<Map, Refusal> {
        let mut body = form::read(&String::from_utf8_lossy(&request.body));
        let [id, key] = ["id", "api_key"].map(|name| body.remove(name));
        if id != Some(USER.into()) || key != Some(self.world.key.as_str().into()) {
            return Err(Refusal::of("authorization-failed"));
        }
        let carried = Carried { body, query: Map::new() };
        let found = self.routes.find("POST", command(&request.path).unwrap_or_default(), &carried);
        let found = found.ok_or(Refusal::of("unknown-command"))?;
        let (method, shapes) = (found.method, self.catalog.shapes());
        let mut named = found.arguments(carried, shapes);
        self.log.note(&method.name, &[named.clone().into()]);
        check::parameters(method, &mut named, shapes).map_err(|refusal| Refusal::parameter(method, &refusal.name))?;
        let value = call(&mut self.world, &self.catalog, method, &Args::new(named))?;
        let mut answer = match (&method.answers, value) {
            _ if method.returns == Type::None => Map::new(),
            (Some(answers), value) => into_map(dressed(value, answers)),
            (None, value) => into_map(value),
        };
        answer.insert("success", true);
        Ok(answer)
    }
}

fn into_map(value: Value) -> Map {
    if let Value::Map(map) = value { map } else { Map::new() }
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
