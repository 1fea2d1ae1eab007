//! The account, its keys and their permissions.

use super::dispatch::answer;
use super::fault::{Code, Fault};
use super::handler::Reply;
use super::world::World;
use super::{check, convention, seed};
use crate::Options;
use crate::auth::Throttle;
use crate::kit;
use crate::log::Log;
use model::{Method, Value};
use registry::catalog::{Catalog, CatalogError};

/// The catalogue of the methods.
pub(crate) const CATALOG: &str = "memset";

/// The service: an account and its access control.
pub(crate) struct Memset {
    pub(crate) catalog: Catalog,
    pub(crate) world: World,
    pub(crate) key: String,
    throttle: Throttle,
    pub(crate) introspection: bool,
    pub(crate) log: Log,
}

impl Memset {
    /// A service with a new account.
    pub(crate) fn new(options: &Options) -> Result<Memset, CatalogError> {
        Ok(Memset {
            catalog: kit::catalog(CATALOG)?,
            world: seed::account(options),
            key: options.key.clone(),
            throttle: Throttle::default(),
            introspection: options.introspection,
            log: Log::default(),
        })
    }

    /// Answers a call with that user name.
    pub(crate) fn call(&mut self, user: Option<&str>, name: &str, values: Vec<Value>) -> Reply {
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
    pub(crate) fn perform(&mut self, key: &str, name: &str, values: Vec<Value>) -> Reply {
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

    pub(crate) fn method(&self, name: &str) -> Result<Method, Fault> {
        let known = self.introspection || !convention::is_conventional(name);
        let catalogued = || self.catalog.method(name).and_then(Result::ok);
        match convention::uncatalogued(name).or_else(catalogued).filter(|_| known) {
            Some(method) => Ok(method),
            None => Err(Fault::unknown_method(name)),
        }
    }
}
