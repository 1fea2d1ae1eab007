//! What was done and how it ended: the rows of the administrator logs.

use super::world::{World, uuid};
use crate::kit::random::Random;
use crate::kit::values::map;
use model::{Map, Value};

/// The rows, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    rows: Vec<Map>,
}

/// The kinds of things whose changes take long, and have a row when they begin.
const LONG: [&str; 2] = ["network", "server"];

impl Audit {
    /// The rows in the form of the report.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Map> {
        self.rows.iter()
    }
}

impl World {
    /// Takes note of a change: what it was called, what it was done to, and what came of it.
    pub(crate) fn note(&mut self, method: &str, operation: &str, subject: &str, code: &str) {
        let kind = method.split('.').next().unwrap_or_default();
        let details = format!("{operation} '{subject}'");
        if LONG.contains(&kind) {
            self.row(kind, operation, subject, &format!("ATTEMPT: {details}"), "");
        }
        self.row(kind, operation, subject, &details, code);
    }

    fn row(&mut self, kind: &str, operation: &str, subject: &str, details: &str, code: &str) {
        // Ids of rows are their own: what is read must not change what is made.
        let id = uuid(&mut Random::of(&format!("audit {}", self.audit.rows.len())));
        let department = self.accounts.find(&self.user).and_then(|user| user.get("department")).cloned();
        let row = map! {
            "UUID" => id,
            "Time" => self.now().replace('T', " ").replace(".000Z", ""),
            "Create User" => self.user.as_str(),
            "Department" => department.unwrap_or(Value::Null),
            "Customer Defined 1" => "",
            "Customer Defined 2" => "",
            "Type" => kind.to_uppercase(),
            "Name" => subject,
            "Action" => operation,
            "Details" => details,
            "Response Code" => code,
        };
        self.audit.rows.push(row);
    }
}
