//! Shared by the tests of all areas: an account to call, whose answers are checked against the catalogue.

use std::time::Duration;

use super::account::{CATALOG, Memset};
use super::dispatch::answer;
use super::handler::Reply;
use super::seed;
use super::world::World;
use crate::Options;
use crate::kit::clock::testing::story;
use crate::kit::testing::Shapes;
use model::{Map, Value};
use registry::catalog::Catalog;
use registry::embedded;

/// How long jobs take in tests.
const JOB_TIME: Duration = Duration::from_secs(30);

/// An account under test.
pub(super) struct Account {
    pub(super) world: World,
    pub(super) catalog: Catalog,
}

impl Account {
    /// The account of a new sandbox.
    pub(super) fn new() -> Account {
        Account::of(Options::default())
    }

    /// The account of a sandbox with options.
    pub(super) fn of(options: Options) -> Account {
        let catalog = Catalog::open(embedded::find(CATALOG).unwrap()).unwrap();
        Account { world: seed::account(&Options { job_time: JOB_TIME, starts: story(), ..options }), catalog }
    }

    /// Calls a method; fails the test if the answer does not have the documented shape.
    pub(super) fn call(&mut self, name: &str, args: Map) -> Reply {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        let reply = answer(&mut self.world, &self.catalog, &method, vec![args.into()]);
        if let Ok(value) = &reply {
            let fault = Shapes(self.catalog.shapes()).fault(&method.returns, &method.fields, value);
            assert_eq!(fault, None, "{name} answered {value:?}");
        }
        reply
    }

    /// Calls a method that must succeed.
    pub(super) fn get(&mut self, name: &str, args: Map) -> Value {
        self.call(name, args).unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
    }

    /// The fault's code, or 0 if the call succeeds.
    pub(super) fn code(&mut self, name: &str, args: Map) -> i64 {
        self.call(name, args).map_or_else(|fault| fault.code as i64, |_| 0)
    }

    /// Lets all running jobs end.
    pub(super) fn wait(&mut self) {
        self.world.clock.advance(JOB_TIME);
    }
}

/// A service with a new account.
pub(super) fn memset(options: Options) -> Memset {
    Memset::new(&options).unwrap()
}
