//! The simulated account: its state, and the way from a call to an answer.
//!
//! A call is logged in, held against the catalogue, then handed to the handler of its method; a method without a
//! handler answers with a sample of its documented shape.
//!
//! Every documented error can be met by doing the wrong thing:
//!
//! | code | how |
//! |---|---|
//! | 1 ApiError | `memstore.container.create` with the name of a container; something that is not XML-RPC |
//! | 2 InternalError | any call about `brokenserver1` |
//! | 3 DoesNotExist | name what is not there |
//! | 4 Forbidden | a wrong key, or a call outside the key's scopes |
//! | 5 MethodNotFound | a method that is not in the catalogue, or not for that kind of service |
//! | 6 AlreadyInProgress | ask again while the job runs: `server.reboot` twice |
//! | 7 BadParameters | leave out what is required, send another type, exceed a limit |
//! | 8 NotUnique | `service.set_nickname` with the nickname of another service |
//! | 9 PreconditionFailed | `server.reboot` of `oldserver1`, which is cancelled; delete a rule group in use |
//! | 10 NotAuthorized | no key |
//! | 11 ServiceTemporarilyUnavailable | any call about `busyserver1` |
//! | 12 Throttled | an eleventh call with a wrong key within a minute |
//! | 13 Overquota | more than ten API keys, more than twenty zones |
//! | 14 AccountDoesNotExist | as a partner, name an account that is not there |
//! | 15 ServiceDoesNotExist | as a partner, `partner.apikey.create` for a service that is not there |
//! | 16 PartnerOnly | `partner.*` without being a partner, or with the key of a partner's account |
//! | 17 PartnerRestriction | `apikey.*`, `invoice.*` and `payment_method.*` with the key of a partner's account |
//!
//! A job on `failingserver1` fails; every other job ends well.

mod apikey;
mod bandwidth;
mod check;
mod cluster;
mod create;
mod dns;
mod fault;
mod firewalling;
mod internal;
mod introspect;
mod invoice;
mod jobs;
mod json;
mod jsonrpc;
mod loadbalancer;
mod memshell;
mod memstore;
mod names;
mod openstack;
mod partner;
mod payment_method;
mod server;
mod service;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod transports;
mod vlan;
mod website_firewall;
mod world;
mod xmlrpc;

use std::time::Duration;

use args::Args;
use fault::{Code, Fault};
use world::World;

use super::auth::Throttle;
use super::kit::{self, args, clock, random, sample, values};
use super::log::Log;
use super::{Account, Options, Request, Response, Service};
use model::{Method, Value};
use registry::catalog::{Catalog, CatalogError};

/// The catalogue that says what there is to call.
const CATALOG: &str = "memset";

/// What a call comes to.
pub(crate) type Reply = Result<Value, Fault>;
/// What answers a method.
pub(crate) type Handler = fn(&mut World, &Args) -> Reply;
/// The methods of one area, each with what answers it.
pub(crate) type Handlers = &'static [(&'static str, Handler)];

/// Every area that has handlers, but for that of servers, which has several parts.
const AREAS: &[Handlers] = &[
    apikey::HANDLERS,
    bandwidth::HANDLERS,
    cluster::HANDLERS,
    create::HANDLERS,
    dns::HANDLERS,
    firewalling::HANDLERS,
    internal::HANDLERS,
    invoice::HANDLERS,
    jobs::HANDLERS,
    loadbalancer::HANDLERS,
    memshell::HANDLERS,
    memstore::HANDLERS,
    openstack::HANDLERS,
    partner::HANDLERS,
    payment_method::HANDLERS,
    service::HANDLERS,
    vlan::HANDLERS,
    website_firewall::HANDLERS,
];

/// The service: an account, and who may use it how.
pub(super) struct Memset {
    catalog: Catalog,
    world: World,
    key: String,
    throttle: Throttle,
    introspection: bool,
    log: Log,
}

impl Service for Memset {
    fn account(&self, root: &str) -> Account {
        Account { provider: CATALOG, url: format!("{root}/v1/xmlrpc"), user: None, key: self.key.clone() }
    }

    fn claims(&self, path: &str) -> bool {
        path.starts_with("/v1/")
    }

    fn respond(&mut self, request: &Request) -> Response {
        let path = request.path.trim_end_matches('/');
        match (path, path.strip_prefix("/v1/json/"), request.verb.as_str()) {
            ("/v1/xmlrpc", _, "POST") => self.xmlrpc(request),
            ("/v1/jsonrpc", _, "POST") => self.jsonrpc(request),
            (_, Some(call), "GET" | "POST") => self.json(request, call),
            ("/v1/xmlrpc" | "/v1/jsonrpc", ..) | (_, Some(_), _) => Response::page(405, "Method Not Allowed"),
            _ => Response::page(404, "Not Found"),
        }
    }

    fn requests(&self) -> &[(String, String)] {
        self.log.calls()
    }

    fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }
}

impl Memset {
    /// A service with a new account.
    pub(super) fn new(options: &Options) -> Result<Memset, CatalogError> {
        Ok(Memset {
            catalog: kit::catalog(CATALOG)?,
            world: World::seeded(options),
            key: options.key.clone(),
            throttle: Throttle::default(),
            introspection: options.introspection,
            log: Log::default(),
        })
    }

    /// Answers a call of the owner of that user name.
    pub(super) fn call(&mut self, user: Option<&str>, name: &str, values: Vec<Value>) -> Reply {
        self.log.note(name, &values);
        let key = user.ok_or_else(|| Fault::new(Code::NotAuthorized, "Authentication required"))?;
        if self.world.holding(key).is_none() {
            return Err(match self.throttle.fail(self.world.clock.now()) {
                true => Fault::new(Code::Throttled, "Too many failed logins, please try again later"),
                false => Fault::new(Code::Forbidden, "Bad api_key"),
            });
        }
        self.perform(key, name, values)
    }

    /// Answers a call made with a key of the account, or of one that it manages.
    fn perform(&mut self, key: &str, name: &str, values: Vec<Value>) -> Reply {
        let method = self.method(name)?;
        if name.starts_with("system.") {
            let args = check::arguments(&method, values, self.catalog.shapes())?;
            return self.introspect(key, name, &args);
        }
        match self.world.holding(key) {
            Some(world) => {
                world.admits(key, &method, &values)?;
                answer(world, &self.catalog, &method, values)
            }
            None => Err(Fault::new(Code::Forbidden, "Bad api_key")),
        }
    }

    fn method(&self, name: &str) -> Result<Method, Fault> {
        let known = self.introspection || !introspect::is_conventional(name);
        let catalogued = || self.catalog.method(name).and_then(Result::ok);
        match introspect::uncatalogued(name).or_else(catalogued).filter(|_| known) {
            Some(method) => Ok(method),
            None => Err(Fault::unknown_method(name)),
        }
    }
}

/// Answers a call on an account.
fn answer(world: &mut World, catalog: &Catalog, method: &Method, values: Vec<Value>) -> Reply {
    let args = check::arguments(method, values, catalog.shapes())?;
    world.settle();
    world.services.answers(&args)?;
    let mut handlers = AREAS.iter().chain(server::AREAS).flat_map(|area| area.iter());
    match handlers.find(|(name, _)| *name == method.name) {
        Some((_, handler)) => handler(world, &args),
        None => Ok(sample::answer(method, catalog.shapes())),
    }
}
