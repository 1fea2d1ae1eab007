//! What the tests of every area share: an account to call, whose answers are held against the catalogue.

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

/// The codes that every command may end in. Many name the last one; the others have no code for a bad value.
const COMMON: [&str; 3] = ["authorization-failed", "unknown-command", "incorrect-param-value"];

/// For these the document repeats the codes of another command by mistake. What is meant it says at dns.delete and
/// dns.edit-primary-records.
const MISTAKEN: [(&str, &str); 2] = [("dns.details-", "invalid-zone-id"), ("dns.details-", "invalid-zone-type")];

/// A refusal that the document does not name for the method fails the test.
fn documented(method: &Method, refusal: &Refusal) {
    let meant = |(start, code): &(&str, &str)| method.name.starts_with(start) && *code == refusal.code;
    let known =
        COMMON.contains(&refusal.code) || MISTAKEN.iter().any(meant) || method.errors.contains(&refusal.code.into());
    assert!(known, "{}: the document has no {} here", method.name, refusal.code);
}

/// An account under test, called by the names of the methods.
pub(super) struct Client {
    world: World,
    catalog: Catalog,
}

impl Client {
    /// A new sandbox's account.
    pub(super) fn new() -> Client {
        let options = Options { job_time: TASK_TIME, starts: story(), ..Options::default() };
        Client { world: seed::account(&options), catalog: kit::catalog(CATALOG).unwrap() }
    }

    /// Calls a method; an answer that is not of the documented shape fails the test.
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

    /// The code that a call is refused with; empty when it succeeds.
    pub(super) fn code(&mut self, name: &str, args: Map) -> &'static str {
        self.call(name, args).map_or_else(|refusal| refusal.code, |_| "")
    }

    /// Winds the clock on.
    pub(super) fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// Lets every running task end.
    pub(super) fn wait(&mut self) {
        self.advance(TASK_TIME);
    }
}
