//! What the tests of every area share: an account to call, whose answers are held against the catalogue.

use std::time::Duration;

use super::world::World;
use super::{CATALOG, Memset, Reply, answer};
use crate::model::{Field, Map, Type, Value};
use crate::registry::catalog::Catalog;
use crate::registry::embedded;
use crate::sandbox::Options;

/// How long jobs take in tests.
const JOB_TIME: Duration = Duration::from_secs(30);

/// An account under test.
pub(super) struct Account {
    pub(super) world: World,
    pub(super) catalog: Catalog,
}

impl Account {
    /// A new sandbox's account.
    pub(super) fn new() -> Account {
        Account::of(Options::default())
    }

    /// The account of a sandbox with options.
    pub(super) fn of(options: Options) -> Account {
        let catalog = Catalog::open(embedded::find(CATALOG).unwrap()).unwrap();
        Account { world: World::seeded(&Options { job_time: JOB_TIME, ..options }), catalog }
    }

    /// Calls a method; an answer that is not of the documented shape fails the test.
    pub(super) fn call(&mut self, name: &str, args: Map) -> Reply {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        let reply = answer(&mut self.world, &self.catalog, &method, vec![args.into()]);
        if let Ok(value) = &reply {
            let fault = Shapes(&self.catalog).fault(&method.returns, &method.fields, value);
            assert_eq!(fault, None, "{name} answered {value:?}");
        }
        reply
    }

    /// Calls a method that must succeed.
    pub(super) fn get(&mut self, name: &str, args: Map) -> Value {
        self.call(name, args).unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
    }

    /// The fault's code, or 0 when the call succeeds.
    pub(super) fn code(&mut self, name: &str, args: Map) -> i64 {
        self.call(name, args).map_or_else(|fault| fault.code as i64, |_| 0)
    }

    /// Lets every running job end.
    pub(super) fn wait(&mut self) {
        self.world.clock.advance(JOB_TIME);
    }
}

/// A service with a new account.
pub(super) fn memset(options: Options) -> Memset {
    Memset::new(&options).unwrap()
}

struct Shapes<'c>(&'c Catalog);

impl Shapes<'_> {
    /// What is wrong with a value of that type.
    fn fault(&self, wanted: &Type, fields: &[Field], value: &Value) -> Option<String> {
        match (wanted, value) {
            (Type::Any | Type::None, _) => None,
            (Type::String, Value::Text(_)) | (Type::Int, Value::Int(_)) | (Type::Boolean, Value::Bool(_)) => None,
            (Type::Float, Value::Decimal(_) | Value::Int(_)) => None,
            (Type::Date, Value::Date(_)) | (Type::Bytes, Value::Bytes(_)) => None,
            (Type::List(inner), Value::List(members)) => {
                members.iter().find_map(|member| self.fault(inner, fields, member))
            }
            (Type::MapOf(inner), Value::Map(map)) => map.iter().find_map(|(_, value)| self.fault(inner, fields, value)),
            (Type::Dict, Value::Map(map)) => self.dictionary(fields, map),
            (Type::Shape(name), Value::Map(map)) => {
                let shape = self.0.shapes().iter().find(|shape| shape.name == *name);
                self.dictionary(&shape.unwrap().fields, map)
            }
            _ => Some(format!("{value:?} is no {wanted}")),
        }
    }

    /// An empty dictionary stands for nothing: `server.info` sends one where there is no rule group.
    fn dictionary(&self, fields: &[Field], map: &Map) -> Option<String> {
        if map.is_empty() {
            return None;
        }
        let unknown = map.keys().find(|key| !fields.is_empty() && !fields.iter().any(|field| field.name == *key));
        let member = |field: &Field| match map.get(&field.name) {
            Some(value) => {
                self.fault(&field.type_, &field.fields, value).map(|fault| format!("{}: {fault}", field.name))
            }
            None if field.optional => None,
            None => Some(format!("{} is missing", field.name)),
        };
        unknown.map(|key| format!("{key} is not documented")).or_else(|| fields.iter().find_map(member))
    }
}
