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
use model::{Map, Type, Value};
use registry::catalog::Catalog;

/// How long tasks take in tests.
const TASK_TIME: Duration = Duration::from_secs(30);

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

    /// Its state.
    pub(super) fn world(&mut self) -> &mut World {
        &mut self.world
    }

    /// Calls a method; nulls count as left out. Fails the test if the answer does not have the documented shape.
    pub(super) fn call(&mut self, name: &str, args: Map) -> Reply {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        let mut args: Map = args.into_iter().filter(|(_, value)| *value != Value::Null).collect();
        check::parameters(&method, &mut args, self.catalog.shapes())
            .map_err(|refusal| Refusal::invalid(&refusal.name, &refusal.complaint))?;
        let reply = call(&mut self.world, &self.catalog, &method, &Args::new(args));
        match &reply {
            // The documented answer for a domain that was not created.
            Ok(Value::Bool(false)) => {}
            Ok(value) if method.returns != Type::None => {
                let fault = Shapes(self.catalog.shapes()).fault(&method.returns, &method.fields, value);
                assert_eq!(fault, None, "{name} answered {value:?}");
            }
            _ => {}
        }
        reply
    }

    /// Calls a method that must succeed.
    pub(super) fn get(&mut self, name: &str, args: Map) -> Value {
        self.call(name, args).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
    }

    /// The HTTP status of the answer.
    pub(super) fn status(&mut self, name: &str, args: Map) -> u16 {
        self.call(name, args).map_or_else(|refusal| refusal.response().status, |_| 200)
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
