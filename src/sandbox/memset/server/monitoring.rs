//! server.monitoring.*: the monitoring of a server.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::state::monitoring::{Policy, Rule};
use super::super::state::servers::Server;
use super::super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{list, map, nothing};

pub(super) const HANDLERS: Handlers = &[
    ("server.monitoring.get_policy", get_policy),
    ("server.monitoring.rule_create", rule_create),
    ("server.monitoring.rule_delete", rule_delete),
    ("server.monitoring.rule_info", rule_info),
    ("server.monitoring.rule_list", rule_list),
    ("server.monitoring.rule_update", rule_update),
    ("server.monitoring.set_policy", set_policy),
];

/// The most rules of a server.
const QUOTA: usize = 10;

impl Server {
    fn rule(&mut self, id: &str) -> Result<&mut Rule, Fault> {
        if id.len() != 32 {
            return Err(Fault::parameter("rule_id", "Enter a valid value: 32 hex digits."));
        }
        self.rules.iter_mut().find(|rule| rule.id == id).ok_or_else(|| Fault::missing("rule", "rule_id", id))
    }
}

fn rule_create(world: &mut World, args: &Args) -> Reply {
    let id = world.random.id();
    let server = world.server(args.text("name"))?;
    let rule = Rule { id, ..Rule::default() }.with(args);
    rule.check(&server.monitoring_level)?;
    if server.rules.len() >= QUOTA {
        return Err(Fault::state(format!("A server may have {QUOTA} monitoring rules")));
    }
    let shown = rule.show();
    server.rules.push(rule);
    Ok(shown.into())
}

/// Omitted values are unchanged.
fn rule_update(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.text("name"))?;
    let level = server.monitoring_level.clone();
    let rule = server.rule(args.text("rule_id"))?;
    let changed = rule.with(args);
    changed.check(&level)?;
    *rule = changed;
    Ok(rule.show().into())
}

fn rule_delete(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.text("name"))?;
    let id = server.rule(args.text("rule_id"))?.id.clone();
    server.rules.retain(|rule| rule.id != id);
    Ok(nothing())
}

fn rule_info(world: &mut World, args: &Args) -> Reply {
    Ok(world.server(args.text("name"))?.rule(args.text("rule_id"))?.show().into())
}

fn rule_list(world: &mut World, args: &Args) -> Reply {
    Ok(list(world.server(args.text("name"))?.rules.iter().map(Rule::show)))
}

fn get_policy(world: &mut World, args: &Args) -> Reply {
    let policy = world.server(args.text("name"))?.policy;
    Ok(map! {
        "monitoring" => policy.monitoring,
        "auto_reboot" => policy.auto_reboot,
        "reminder_emails" => policy.reminder_emails,
    }
    .into())
}

fn set_policy(world: &mut World, args: &Args) -> Reply {
    let name = world.server(args.text("name"))?.name.clone();
    let monitoring = args.flag("monitoring").unwrap_or_default();
    let policy = Policy {
        monitoring,
        auto_reboot: args.flag("auto_reboot").unwrap_or(monitoring),
        reminder_emails: args.flag("reminder_emails").unwrap_or(!monitoring),
    };
    if policy.auto_reboot && !monitoring {
        return Err(Fault::parameter("auto_reboot", "This can be on only while monitoring is on."));
    }
    if policy.reminder_emails && monitoring {
        return Err(Fault::parameter("reminder_emails", "This can be on only while monitoring is off."));
    }
    world.start(Job::on_service("SET-MONITORING-POLICY", &name).once().then(move |world| {
        if let Some(server) = world.servers.find_mut(&name) {
            server.policy = policy;
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use model::Map;
    use model::Value;

    fn rule(pairs: &[(&str, &str)]) -> Map {
        let mut args =
            map! { "name" => "myserver1", "alert_type" => "email", "contact_address" => "admin@example.com" };
        for (name, value) in pairs {
            args.insert(*name, Value::number(value).unwrap_or_else(|| (*value).into()));
        }
        args
    }

    #[test]
    fn the_parts_of_a_rule_must_go_together() {
        for (pairs, code) in [
            (vec![("service", "http")], 0),
            (vec![("service", "tcp"), ("port", "8080")], 0),
            (vec![("service", "tcp")], 7),
            (vec![("service", "tcp"), ("port", "80800")], 7),
            (vec![("service", "http_string"), ("port", "80"), ("host_name", "example.com")], 7),
            (vec![("service", "ping"), ("contact_address", "")], 7),
            (vec![("service", "ping"), ("alert_type", "memset-alert")], 9),
            (vec![("service", "gopher")], 7),
            (vec![("service", "ping"), ("name", "nosuch")], 3),
        ] {
            assert_eq!(Account::new().code("server.monitoring.rule_create", rule(&pairs)), code, "{pairs:?}");
        }
    }

    #[test]
    fn rules_are_created_changed_and_deleted() {
        let mut account = Account::new();
        let id = account.get("server.monitoring.rule_create", rule(&[("service", "http")])).get("rule_id").cloned();
        let named = map! { "name" => "myserver1", "rule_id" => id.unwrap() };
        let mut change = named.clone();
        change.insert("service", "ssh");
        let changed = account.get("server.monitoring.rule_update", change);
        assert_eq!(changed.get("service"), Some(&"ssh".into()));
        assert_eq!(account.get("server.monitoring.rule_info", named.clone()), changed);
        let rules = account.get("server.monitoring.rule_list", map! { "name" => "myserver1" });
        assert_eq!(rules, list([Rule::seed().show(), changed.as_map().unwrap().clone()]));
        account.get("server.monitoring.rule_delete", named.clone());
        assert_eq!(account.code("server.monitoring.rule_delete", named), 3);
        let codes: Vec<i64> =
            (1..=QUOTA).map(|_| account.code("server.monitoring.rule_create", rule(&[("service", "ping")]))).collect();
        assert_eq!((codes[QUOTA - 2], codes[QUOTA - 1]), (0, 9));
    }

    #[test]
    fn a_policy_changes_with_its_job() {
        let mut account = Account::new();
        let policy =
            |monitoring: bool, flag: &str| map! { "name" => "myserver1", "monitoring" => monitoring, flag => true };
        assert_eq!(account.code("server.monitoring.set_policy", policy(false, "auto_reboot")), 7);
        assert_eq!(account.code("server.monitoring.set_policy", policy(true, "reminder_emails")), 7);
        assert_eq!(account.code("server.monitoring.set_policy", policy(false, "reminder_emails")), 0);
        assert_eq!(account.code("server.monitoring.set_policy", policy(true, "auto_reboot")), 6);
        account.wait();
        let policy = account.get("server.monitoring.get_policy", map! { "name" => "myserver1" });
        assert_eq!(policy, map! { "monitoring" => false, "auto_reboot" => false, "reminder_emails" => true }.into());
    }
}
