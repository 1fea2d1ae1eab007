//! The monitoring of servers, and who is notified.

use super::super::fault::Fault;
use super::super::table::EXAMPLE_ID;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::Map;

/// Whether and how a server is monitored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) monitoring: bool,
    pub(crate) auto_reboot: bool,
    pub(crate) reminder_emails: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { monitoring: true, auto_reboot: true, reminder_emails: false }
    }
}

/// Something that is monitored, and who is notified.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) service: String,
    pub(crate) alert_type: String,
    pub(crate) contact_address: String,
    pub(crate) port: i64,
    pub(crate) host_name: String,
    pub(crate) http_check_string: String,
}

impl Rule {
    /// The rule of a new sandbox.
    pub(crate) fn seed() -> Rule {
        Rule {
            id: EXAMPLE_ID.into(),
            service: "ping".into(),
            alert_type: "email".into(),
            contact_address: "admin@example.com".into(),
            ..Rule::default()
        }
    }

    /// The rule with the values of a call.
    pub(crate) fn with(&self, args: &Args) -> Rule {
        let given = |name: &str, old: &str| args.maybe_text(name).unwrap_or(old).to_owned();
        Rule {
            id: self.id.clone(),
            service: given("service", &self.service),
            alert_type: given("alert_type", &self.alert_type),
            contact_address: given("contact_address", &self.contact_address),
            port: args.int("port").unwrap_or(self.port),
            host_name: given("host_name", &self.host_name),
            http_check_string: given("http_check_string", &self.http_check_string),
        }
    }

    /// Checks that its parts fit each other and the server's monitoring level.
    pub(crate) fn check(&self, monitoring_level: &str) -> Result<(), Fault> {
        let needed = |name: &str| Err(Fault::parameter(name, "This field is required for such a rule."));
        let to_provider = self.alert_type.starts_with("memset-");
        match self.service.as_str() {
            "tcp" | "http_string" if self.port == 0 => return needed("port"),
            "http_string" if self.host_name.is_empty() => return needed("host_name"),
            "http_string" if self.http_check_string.is_empty() => return needed("http_check_string"),
            _ => {}
        }
        if !to_provider && self.contact_address.is_empty() {
            return needed("contact_address");
        }
        if !(0..=65535).contains(&self.port) {
            return Err(Fault::parameter("port", "Enter a port."));
        }
        if to_provider && monitoring_level != "managed" {
            return Err(Fault::state(format!("Alerts of type {} need managed monitoring", self.alert_type)));
        }
        Ok(())
    }

    pub(crate) fn show(&self) -> Map {
        map! {
            "rule_id" => self.id.as_str(),
            "service" => self.service.as_str(),
            "alert_type" => self.alert_type.as_str(),
            "contact_address" => self.contact_address.as_str(),
            "port" => self.port,
            "host_name" => self.host_name.as_str(),
            "http_check_string" => self.http_check_string.as_str(),
        }
    }
}
