//! What the tests of every area share: an account to call, whose answers are held against the catalogue.

use std::time::Duration;

use super::refusal::Refusal;
use super::world::World;
use super::{CATALOG, Reply, call};
use crate::Options;
use crate::kit::args::Args;
use crate::kit::clock::testing::story;
use crate::kit::testing::Shapes;
use crate::kit::{self, check};
use model::{Map, Value};
use registry::catalog::Catalog;

/// How long tasks take in tests.
const TASK_TIME: Duration = Duration::from_secs(30);

/// An account under test, called by the names of the methods.
pub(super) struct Client {
    world: World,
    catalog: Catalog,
}

impl Client {
    /// A new sandbox's account.
    pub(super) fn new() -> Client {
        let options = Options { job_time: TASK_TIME, starts: story(), ..Options::default() };
        Client { world: World::seeded(&options), catalog: kit::catalog(CATALOG).unwrap() }
    }

    /// Calls a method; an answer that is not of the documented shape fails the test.
    pub(super) fn call(&mut self, name: &str, mut args: Map) -> Reply {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        check::parameters(&method, &mut args, self.catalog.shapes())
            .map_err(|refusal| Refusal::parameter(&method, &refusal.name))?;
        let reply = call(&mut self.world, &self.catalog, &method, &Args::new(args));
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
