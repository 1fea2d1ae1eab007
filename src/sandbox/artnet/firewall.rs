//! firewall.*: rulesets, whose rules are replaced together or not at all.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::ruleset::Ruleset;
use super::world::World;
use crate::kit::values::{int, list, map, nothing, text};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("firewall.details", details),
    ("firewall.disable", |world, args| enable(world, args, false)),
    ("firewall.enable", |world, args| enable(world, args, true)),
    ("firewall.list", list_rulesets),
    ("firewall.save", save),
];

/// The most rules for one direction.
const MOST: i64 = 20;
/// The protocols that have ports: TCP and UDP.
const WITH_PORTS: &[&str] = &["6", "17"];

fn list_rulesets(world: &mut World, _: &Args) -> Reply {
    let ids = |ruleset: &Ruleset| Value::List(ruleset.services.iter().copied().map(Value::Int).collect());
    Ok(list(world.rulesets.iter().map(|it| map! { "id" => it.id, "services_ids_list" => ids(it) })))
}

fn ruleset<'w>(world: &'w mut World, args: &Args) -> Result<&'w mut Ruleset, Refusal> {
    let wanted = |ruleset: &&mut Ruleset| ruleset.id == args.text("ruleset_id");
    world.rulesets.iter_mut().find(wanted).ok_or(Refusal::of("invalid-ruleset-id"))
}

fn details(world: &mut World, args: &Args) -> Reply {
    let ruleset = ruleset(world, args)?;
    Ok(map! {
        "id" => ruleset.id,
        "enabled" => ruleset.enabled,
        "maximum_rules_number" => MOST,
        "rules" => ruleset.rules.clone(),
    }
    .into())
}

fn enable(world: &mut World, args: &Args, enabled: bool) -> Reply {
    ruleset(world, args).map_err(|_| Refusal::of("invalid-service-type"))?.enabled = enabled;
    Ok(nothing())
}

fn save(world: &mut World, args: &Args) -> Reply {
    let ruleset = ruleset(world, args)?;
    let mut saved = Map::new();
    for direction in ["in", "out"] {
        let given =
            args.get("rules").and_then(|rules| rules.get(direction)).and_then(Value::as_list).unwrap_or_default();
        if i64::try_from(given.len()).unwrap_or(i64::MAX) > MOST {
            return Err(Refusal::of("too-many-rules"));
        }
        let mut rules = Vec::new();
        for (index, rule) in (0i64..).zip(given.iter().filter_map(Value::as_map)) {
            let complaint = |words: &str| map! { "direction" => direction, "rule" => index, "error" => words };
            rules.push(sound(rule).map_err(|words| Refusal::syntax(list([complaint(words)])))?);
        }
        saved.insert(direction, list(rules));
    }
    ruleset.rules = saved;
    Ok(nothing())
}

/// The rule in the form of answers, or what is wrong with it.
fn sound(rule: &Map) -> Result<Map, &'static str> {
    let protocol = rule.get("protocol").map(bare).unwrap_or_default();
    if !protocol.is_empty() && protocol.parse::<u8>().is_err() {
        return Err("the protocol is no number of one");
    }
    if rule.get("policy").is_none() {
        return Err("there is no policy");
    }
    let ports = WITH_PORTS.contains(&protocol.as_str());
    Ok(map! {
        "policy" => text(rule, "policy"),
        "protocol" => protocol,
        "source" => side(rule.get("source"), ports)?,
        "destination" => side(rule.get("destination"), ports)?,
    })
}

fn side(side: Option<&Value>, ports: bool) -> Result<Map, &'static str> {
    let side = side.and_then(Value::as_map).ok_or("a side of the rule is not there")?;
    text(side, "ip").parse::<std::net::Ipv4Addr>().map_err(|_| "the address is invalid")?;
    if !side.get("mask_short").and_then(Value::as_int).is_some_and(|mask| (0..=32).contains(&mask)) {
        return Err("the mask is not from 0 to 32");
    }
    let port = |name: &str| side.get("port").and_then(|port| port.get(name)).map(bare).unwrap_or_default();
    let (begin, end) = (port("begin"), port("end"));
    if !begin.is_empty() || !end.is_empty() {
        let range = begin.parse::<u16>().ok().zip(end.parse::<u16>().ok());
        if !ports || range.is_none_or(|(begin, end)| begin > end) {
            return Err("the ports are no range, or not for this protocol");
        }
    }
    let port = map! { "begin" => begin, "end" => end };
    Ok(map! { "ip" => text(side, "ip"), "mask_short" => int(side, "mask_short"), "port" => port })
}

/// A number or a text without quotes.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.plain(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::ruleset::seed;
    use super::super::testing::Client;
    use super::*;
    use crate::kit::values::merge;

    fn rule(changes: Map) -> Map {
        let side = |ip: &str, port: &str| map! { "ip" => ip, "mask_short" => 24, "port" => map! { "begin" => port, "end" => port } };
        let mut rule = map! { "policy" => "ACCEPT", "protocol" => 6, "source" => side("192.0.2.0", ""), "destination" => side("192.0.2.0", "22") };
        merge(&mut rule, changes);
        rule
    }

    fn save(id: &str, rules: Vec<Map>) -> Map {
        map! { "ruleset_id" => id, "rules" => map! { "in" => list(rules) } }
    }

    #[test]
    fn rules_are_replaced_together_or_not_at_all() {
        let mut client = Client::new();
        for (args, code) in [
            (save("99", vec![]), "invalid-ruleset-id"),
            (save("12", vec![rule(map! {}); 21]), "too-many-rules"),
            (save("12", vec![rule(map! { "policy" => "REJECT" })]), "rules-syntax-error"),
            (save("12", vec![rule(map! { "protocol" => "tcp" })]), "rules-syntax-error"),
            (save("12", vec![rule(map! { "protocol" => "" })]), "rules-syntax-error"),
            (
                save("12", vec![rule(map! { "source" => map! { "ip" => "192.0.2.256", "mask_short" => 24 } })]),
                "rules-syntax-error",
            ),
            (
                save("12", vec![rule(map! { "source" => map! { "ip" => "192.0.2.0", "mask_short" => 33 } })]),
                "rules-syntax-error",
            ),
        ] {
            assert_eq!(client.code("firewall.save", args.clone()), code, "{args:?}");
        }
        let of = || map! { "ruleset_id" => "12" };
        let before = client.get("firewall.details", of());
        assert_eq!(before.get("rules"), Some(&seed()[0].rules.clone().into()));
        client.get("firewall.save", save("12", vec![rule(map! {}), rule(map! { "policy" => "DROP" })]));
        let rules = client.get("firewall.details", of()).get("rules").cloned().unwrap();
        assert_eq!(rules.get("in").unwrap().as_list().unwrap().len(), 2);
    }

    #[test]
    fn a_refused_rule_is_named() {
        let mut client = Client::new();
        let rules = vec![rule(map! {}), rule(map! { "protocol" => 300 })];
        let refusal = client.call("firewall.save", save("12", rules)).unwrap_err();
        let details = list([map! { "direction" => "in", "rule" => 1, "error" => "the protocol is no number of one" }]);
        assert_eq!(refusal, Refusal::syntax(details));
    }

    #[test]
    fn filtering_is_switched() {
        let mut client = Client::new();
        for (method, enabled) in [("firewall.disable", false), ("firewall.enable", true)] {
            client.get(method, map! { "ruleset_id" => "12" });
            assert_eq!(
                client.get("firewall.details", map! { "ruleset_id" => "12" }).get("enabled"),
                Some(&enabled.into())
            );
            assert_eq!(client.code(method, map! { "ruleset_id" => "99" }), "invalid-service-type");
        }
    }
}
