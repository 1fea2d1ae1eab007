//! The users of the organization, with their permissions.

use super::super::fault::Fault;
use super::super::organization::{ORGANIZATION, USER};
use super::super::shelf::text;
use crate::kit::values::{list, map};
use model::{Effect, Map, Method, Value};

/// The role that only one account has.
pub(crate) const PRIMARY: &str = "primary administrator";

/// A user: the fields that lists show, and the password.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) shown: Map,
    pub(crate) password: String,
}

impl User {
    pub(crate) fn new(name: &str, password: &str, full: &str, names: &[&str]) -> User {
        let (first, last) = full.split_once(' ').unwrap_or((full, ""));
        let shown = map! {
            "userName" => name,
            "fullName" => full,
            "firstName" => first,
            "lastName" => last,
            "emailAddress" => format!("{name}@example.com"),
            "orgId" => ORGANIZATION,
            "roles" => roles(names),
        };
        User { shown, password: password.into() }
    }

    pub(crate) fn name(&self) -> &str {
        text(&self.shown, "userName")
    }

    pub(crate) fn has(&self, role: &str) -> bool {
        let roles = self.shown.get("roles").and_then(Value::as_list).unwrap_or_default();
        roles.iter().any(|known| known.get("name").and_then(Value::as_str) == Some(role))
    }
}

pub(crate) fn roles(names: &[&str]) -> Value {
    list(names.iter().map(|name| map! { "name" => *name }))
}

/// The users of the organization.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) all: Vec<User>,
}

impl Accounts {
    /// The users of a new sandbox.
    pub(crate) fn seed(key: &str) -> Accounts {
        let all = vec![
            User::new(USER, key, "Sandy Box", &[PRIMARY]),
            User::new("user-1", "User-Pass-1", "Una One", &["network", "server"]),
            User::new("user-2", "User-Pass-2", "Tom Two", &[]),
        ];
        Accounts { all }
    }

    /// Whether a user can log in with that password.
    pub(crate) fn admits(&self, name: &str, password: &str) -> bool {
        self.all.iter().any(|user| user.name() == name && user.password == password)
    }

    /// Refuses a call that a user's roles do not cover.
    pub(crate) fn may(&self, name: &str, method: &Method) -> Result<(), Fault> {
        let Some(user) = self.all.iter().find(|user| user.name() == name) else { return Err(unknown(name)) };
        let wanted = match method.name.split('.').next().unwrap_or_default() {
            "report" => "reports",
            _ if method.effect == Effect::Read || method.name == "account.update" => return Ok(()),
            "backup" => "backup",
            "server" if method.name == "server.clone" => "create image",
            "server" | "disk" | "anti_affinity" => "server",
            "image" | "ovf_package" => "create image",
            "files_account" => "storage",
            "account" => PRIMARY,
            _ => "network",
        };
        match user.has(wanted) || user.has(PRIMARY) {
            true => Ok(()),
            false => Err(Fault::new(140, format!("User {name} does not have the role '{wanted}'"))),
        }
    }

    /// The fields of a user that lists show.
    pub(crate) fn find(&self, name: &str) -> Option<&Map> {
        self.all.iter().find(|user| user.name() == name).map(|user| &user.shown)
    }

    /// All users except the primary administrator.
    pub(crate) fn sub_administrators(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter(|user| !user.has(PRIMARY)).map(User::name)
    }

    pub(crate) fn find_mut(&mut self, name: &str) -> Result<&mut User, Fault> {
        self.all.iter_mut().find(|user| user.name() == name).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Fault {
    Fault::new(110, format!("User account {name} not found"))
}
