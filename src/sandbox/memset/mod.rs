//! The simulated account: its state, and how calls are answered.
//!
//! A call is authenticated, checked against the catalogue, then passed to the handler of its method; a method without a
//! handler answers with a sample of its documented shape.
//!
//! Every documented error can be triggered by a wrong call:
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
//! A job on `failingserver1` fails; every other job succeeds.

mod account;
mod apikey;
mod bandwidth;
mod check;
mod cluster;
mod convention;
mod create;
mod dispatch;
mod dns;
mod fault;
mod firewalling;
mod handler;
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
mod seed;
mod server;
mod service;
mod state;
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

use super::{Account, Request, Response, Service};
use account::CATALOG;

pub(super) use account::Memset;

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
