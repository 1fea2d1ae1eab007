//! The administrator logs: a row for each action, with its outcome.

use super::world::{World, uuid};
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::map;
use model::Value;

/// The kinds of things whose changes take long, and are also logged when they begin.
const LONG: [&str; 3] = ["acl_rule", "network", "server"];

/// The verbs that create something.
const MAKES: [&str; 4] = ["create", "deploy", "import", "copy"];
/// The parameters with the name of a new thing.
const NAMES: [&str; 4] = ["name", "userName", "targetImageName", "sourceOvfPackage"];

impl World {
    /// The name of a call's subject: a new thing, the one at the end of its address, or those in its body. A thing
    /// without a name is shown by the name of its server, or else by its id.
    pub(super) fn subject(&self, method: &str, captured: &[(String, String)], args: Option<&Args>) -> String {
        let verb = method.rsplit('.').next().unwrap_or_default();
        let given = |name: &str| args?.maybe_text(name).map(str::to_owned);
        if MAKES.iter().any(|makes| verb.starts_with(makes)) {
            if let Some(name) = NAMES.iter().find_map(|name| given(name)) {
                return name;
            }
            let servers = args.and_then(|args| args.texts("serverId")).unwrap_or_default();
            return servers.iter().map(|id| self.name_of(id).unwrap_or(id)).collect::<Vec<_>>().join(" and ");
        }
        let inner: Vec<&str> =
            captured.iter().filter(|(name, _)| name != "org-id").map(|(_, id)| id.as_str()).collect();
        let image = given("imageId");
        let Some(last) = inner.last().copied().or(image.as_deref()) else { return String::new() };
        let server = || self.servers.find(inner.first()?).ok().map(|server| server.name.as_str());
        self.name_of(last).or_else(server).unwrap_or(last).to_owned()
    }

    /// The name of the thing with that id.
    fn name_of(&self, id: &str) -> Option<&str> {
        let server = self.servers.find(id).ok().map(|server| server.name.as_str());
        let image = || self.images.find(id).ok().map(|image| image.name.as_str());
        server.or_else(image).or_else(|| self.networks.name(id)).or_else(|| self.balancing.name(id))
    }

    /// Logs a change: the operation, its subject and its outcome.
    pub(crate) fn note(&mut self, method: &str, operation: &str, subject: &str, code: &str) {
        let kind = method.split('.').next().unwrap_or_default();
        let details = format!("{operation} '{subject}'");
        if LONG.contains(&kind) {
            self.row(kind, operation, subject, &format!("ATTEMPT: {details}"), "");
        }
        self.row(kind, operation, subject, &details, code);
    }

    fn row(&mut self, kind: &str, operation: &str, subject: &str, details: &str, code: &str) {
        // Log rows have their own id sequence: reading must not affect the ids of new things.
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

#[cfg(test)]
mod tests {
    use super::super::state::balancing::VIP;
    use super::super::state::networks::MAIN;
    use super::super::state::servers::{WEB_1, WEB_3};
    use super::super::testing::Organization;
    use crate::kit::values::{map, texts};
    use model::Value;

    #[test]
    fn rows_name_their_subject() {
        let mut org = Organization::new();
        let on = |name: &'static str, id: &'static str| map! { "network-id" => MAIN, name => id };
        let disk = "ef49974c-87d0-400f-aa32-ee43559fdb1b";
        let rule = map! { "serverId" => texts([WEB_1, WEB_3]) };
        for (method, args) in [
            ("network.create", map! { "name" => "New", "location" => "NA2" }),
            ("network.update", map! { "network-id" => MAIN, "name" => "Renamed" }),
            ("server.reboot", map! { "server-id" => WEB_1 }),
            ("disk.delete", map! { "server-id" => WEB_3, "disk-id" => disk }),
            ("vip.delete", on("vip-id", VIP)),
            ("anti_affinity.create", rule),
            ("account.delete", map! { "userName" => "user-2" }),
            ("files_account.delete", map! { "files-account-username" => "archive1" }),
            ("network.delete", map! { "network-id" => "nosuch" }),
        ] {
            org.reason(method, args);
        }
        let today = map! { "startDate" => "2011-08-01", "endDate" => "2011-08-01" };
        let log = org.get("report.audit_log", today);
        let text = |row: &Value, name: &str| row.get(name).map(Value::plain).unwrap_or_default();
        let rows = log.as_list().unwrap().iter().filter(|row| !text(row, "Details").starts_with("ATTEMPT"));
        let names: Vec<String> = rows.map(|row| text(row, "Name")).collect();
        let expected = ["New", "Network A", "web-1", "web-3", "www", "web-1 and web-3", "user-2", "archive1", "nosuch"];
        assert_eq!(names, expected);
    }
}
