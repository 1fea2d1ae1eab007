//! The users of cloud projects.

use super::super::table::{EXAMPLE_ID, Table};
use crate::kit::values::map;
use model::Map;

/// A user: the name, what is said about it and where to reach it, and whether it may log in.
pub(crate) fn user_row(name: &str, [description, email]: [&str; 2], enabled: bool) -> Map {
    map! { "username" => name, "description" => description, "email" => email, "enabled" => enabled }
}

/// The users of the account's projects; the projects themselves are services.
#[derive(Clone, Debug)]
pub(crate) struct OpenStack {
    pub(crate) users: Table,
    /// Who may use what: the id of a project and the name of a user.
    pub(crate) access: Vec<(String, String)>,
}

impl Default for OpenStack {
    fn default() -> OpenStack {
        OpenStack { users: Table::new("user", "username"), access: Vec::new() }
    }
}

impl OpenStack {
    /// The users of a new sandbox. One may use a project.
    pub(crate) fn seed() -> OpenStack {
        let users = [
            user_row("alice", ["web team", "alice@example.com"], true),
            user_row("bob", ["", "bob@example.com"], true),
        ];
        OpenStack {
            users: OpenStack::default().users.with(users),
            access: vec![(EXAMPLE_ID.to_owned(), "alice".to_owned())],
        }
    }
}
