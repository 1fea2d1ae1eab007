//! Shared by the tests of all areas: an account to call, whose answers are checked against the catalogue.

use std::time::Duration;

use super::handler::{Args, Reply};
use super::refusal::Refusal;
use super::world::World;
use super::{CATALOG, call, seed};
use crate::Options;
use crate::kit::clock::testing::story;
use crate::kit::testing::Shapes;
use crate::kit::{self, check};
use model::{Map, Method, Value};
use registry::catalog::Catalog;

/// How long tasks take in tests.
const TASK_TIME: Duration = Duration::from_secs(30);

/// The codes that every command may return. Many name the last one; the others have no code for an invalid value.
const COMMON: [&str; 3] = ["authorization-failed", "unknown-command", "incorrect-param-value"];

/// For these the document repeats the codes of another command by mistake. The correct ones are at dns.delete and
/// dns.edit-primary-records.
const MISTAKEN: [(&str, &str); 2] = [("dns.details-", "invalid-zone-id"), ("dns.details-", "invalid-zone-type")];

/// Fails the test if the document does not list the refusal for the method.
fn documented(method: &Method, refusal: &Refusal) {
    let meant = |(start, code): &(&str, &str)| method.name.starts_with(start) && *code == refusal.code;
    let known =
        COMMON.contains(&refusal.code) || MISTAKEN.iter().any(meant) || method.errors.contains(&refusal.code.into());
    assert!(known, "{}: the document has no {} here", method.name, refusal.code);
}

/// An account under test, called by method names.
pub(super) struct Client {
    world: World,
    catalog: Catalog,
}

impl Client {
    /// The account of a new sandbox.
    pub(super) fn new() -> Client {
        let options = Options { job_time: TASK_TIME, starts: story(), ..Options::default() };
        Client { world: seed::account(&options), catalog: kit::catalog(CATALOG).unwrap() }
    }

    /// Calls a method; fails the test if the answer does not have the documented shape.
    pub(super) fn call(&mut self, name: &str, mut args: Map) -> Reply {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        check::parameters(&method, &mut args, self.catalog.shapes())
            .map_err(|refusal| Refusal::parameter(&method, &refusal.name))
            .inspect_err(|refusal| documented(&method, refusal))?;
        let reply = call(&mut self.world, &self.catalog, &method, &Args::new(args));
        if let Err(refusal) = &reply {
            documented(&method, refusal);
        }
        if let Ok(value) = &reply {
            let fault = Shapes(self.catalog.shapes()).fault(&method.returns, &method.fields, value);
            assert_eq!(fault, None, "{name} answered {value:?}");
        }
        reply
    }

    /// Calls a method that must succeed.
    pub(super) fn get(&mut self, name: &str, args: Map) -> Value {
        self.call(name, args).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
    }

    /// The code of the refusal; empty if the call succeeds.
    pub(super) fn code(&mut self, name: &str, args: Map) -> &'static str {
        self.call(name, args).map_or_else(|refusal| refusal.code, |_| "")
    }

    /// Advances the clock.
    pub(super) fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// Lets all running tasks end.
    pub(super) fn wait(&mut self) {
        self.advance(TASK_TIME);
    }
}
