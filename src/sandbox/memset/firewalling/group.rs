//! firewalling.rule_group_*: groups of rules.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::state::firewall;
use super::super::state::firewall::{Firewalling, blank_group};
use super::super::table::{flag, int, overlay, text};
use super::super::world::World;
use super::rule;
use crate::kit::args::Args;
use crate::kit::values::list;
use model::Map;

impl Firewalling {
    /// A group in the form of answers: with its rules by id, in order.
    pub(super) fn show(&self, group: &Map) -> Map {
        let mut rules: Vec<&Map> = self.rules.having("rule_group_name", text(group, "name")).collect();
        rules.sort_by_key(|rule| int(rule, "ordering"));
        let rules: Map = rules.into_iter().map(|rule| (text(rule, "rule_id"), rule.clone())).collect();
        let mut shown = group.clone();
        shown.insert("rules", rules);
        shown
    }

    /// The first free name for a group.
    fn free_name(&self) -> String {
        let free = |name: &String| self.groups.find(name.as_str()).is_err();
        (1..).map(|number| format!("mygroup-fw{number}")).find(free).unwrap_or_default()
    }
}

/// Creates the group with all its rules, or nothing.
pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let mut firewalling = world.firewalling.clone();
    let nickname = args.text("nickname");
    if firewalling.groups.having("nickname", nickname).any(|group| !flag(group, "public")) {
        return Err(Fault::state(format!("The nickname '{nickname}' is in use for another firewall rule group")));
    }
    let group = overlay(blank_group(&firewalling.free_name()), args.iter());
    firewalling.groups.add(group.clone())?;
    for given in args.maps("rules") {
        // A copied rule has the id of the original.
        let given = given.iter().filter(|(key, _)| *key != "rule_id");
        let blank = firewall::blank_rule(&world.random.id(), text(&group, "name"));
        firewalling.rules.add(rule::checked(overlay(blank, given))?)?;
    }
    world.firewalling = firewalling;
    Ok(world.firewalling.show(&group).into())
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    let name = text(world.firewalling.own_group(args.text("rule_group_name"))?, "name").to_owned();
    let servers = world.servers_under(&name);
    if !servers.is_empty() {
        return Err(Fault::state(format!("The firewall rule group '{name}' is in use by {}", servers.join(", "))));
    }
    world.firewalling.groups.take(&name)?;
    world.firewalling.rules.drop_having("rule_group_name", &name);
    Ok(name.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    let group = world.firewalling.group(args.text("rule_group_name"))?;
    Ok(world.firewalling.show(group).into())
}

pub(super) fn list_groups(world: &mut World, args: &Args) -> Reply {
    let all = args.flag("include_public").unwrap_or(true);
    let wanted = world.firewalling.groups.iter().filter(|group| all || !flag(group, "public"));
    Ok(list(wanted.map(|group| world.firewalling.show(group))))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use crate::kit::values::map;

    #[test]
    fn invalid_group_calls_are_refused() {
        let rule = |ordering: i64| map! { "action" => "DROP", "ordering" => ordering };
        let create = |nickname: &str, rules: Vec<Map>| map! { "nickname" => nickname, "rules" => list(rules) };
        let group = |name: &str| map! { "rule_group_name" => name };
        for (method, args, code) in [
            ("firewalling.rule_group_create", create("new", (1..=30).map(rule).collect()), 0),
            ("firewalling.rule_group_create", create("new", (0..=30).map(rule).collect()), 7),
            ("firewalling.rule_group_create", create("new", vec![rule(31)]), 7),
            ("firewalling.rule_group_create", create("new", vec![map! { "ordering" => 1 }]), 7),
            ("firewalling.rule_group_create", create("web servers", vec![]), 9),
            ("firewalling.rule_group_delete", group("mygroup-fw2"), 0),
            ("firewalling.rule_group_delete", group("mygroup-fw1"), 9),
            ("firewalling.rule_group_delete", group("managed-linux"), 3),
            ("firewalling.rule_group_delete", group("nosuch"), 3),
            ("firewalling.rule_group_info", group("web servers"), 0),
            ("firewalling.rule_group_info", group("managed-linux"), 0),
            ("firewalling.rule_group_info", group("nosuch"), 3),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn groups_are_created_and_deleted() {
        let mut account = Account::new();
        let mut count = |all: bool| {
            account.get("firewalling.rule_group_list", map! { "include_public" => all }).as_list().unwrap().len()
        };
        assert_eq!((count(false), count(true)), (2, 4));
        let name = account.get("firewalling.rule_group_create", map! { "nickname" => "web" }).get("name").cloned();
        assert_eq!(name, Some("mygroup-fw3".into()));
        let deleted = account.get("firewalling.rule_group_delete", map! { "rule_group_name" => "web" });
        assert_eq!(Some(deleted), name);
        assert_eq!(account.get("firewalling.rule_group_list", map! {}).as_list().unwrap().len(), 4);
    }

    #[test]
    fn the_rules_of_a_group_are_in_order() {
        let mut account = Account::new();
        let group = account.get("firewalling.rule_group_info", map! { "rule_group_name" => "mygroup-fw1" });
        let first =
            |group: &model::Value| group.get("rules").unwrap().as_map().unwrap().keys().next().unwrap().to_owned();
        let id = first(&group);
        account.get("firewalling.rule_update", map! { "rule_id" => id.as_str(), "ordering" => 30 });
        let group = account.get("firewalling.rule_group_info", map! { "rule_group_name" => "mygroup-fw1" });
        assert_ne!(first(&group), id);
    }
}
