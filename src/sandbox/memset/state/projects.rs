//! The users of cloud projects.

use super::super::table::{EXAMPLE_ID, Table};
use crate::kit::values::map;
use model::Map;

/// A user: name, description and e-mail address, and whether it is enabled.
pub(crate) fn user_row(name: &str, [description, email]: [&str; 2], enabled: bool) -> Map {
    map! { "username" => name, "description" => description, "email" => email, "enabled" => enabled }
}

/// The users of the account's projects; the projects themselves are services.
#[derive(Clone, Debug)]
pub(crate) struct OpenStack {
    pub(crate) users: Table,
    /// The projects that users may use: the id of a project and the name of a user.
    pub(crate) access: Vec<(String, String)>,
}

impl Default for OpenStack {
    fn default() -> OpenStack {
        OpenStack { users: Table::new("user", "username"), access: Vec::new() }
    }
}

impl OpenStack {
    /// The users of a new sandbox. One of them may use a project.
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
