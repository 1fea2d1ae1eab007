//! Rulesets, each with the servers that it filters.

use crate::kit::values::{list, map};
use model::Map;

/// A ruleset and the servers that it filters.
#[derive(Clone, Debug)]
pub(crate) struct Ruleset {
    pub(crate) id: &'static str,
    pub(crate) enabled: bool,
    pub(crate) services: &'static [i64],
    pub(crate) rules: Map,
}

/// The rulesets of a new sandbox.
pub(crate) fn seed() -> Vec<Ruleset> {
    let side = |ip: &str, mask: i64, port: &str| {
        map! { "ip" => ip, "mask_short" => mask, "port" => map! { "begin" => port, "end" => port } }
    };
    let ssh = map! {
        "policy" => "ACCEPT",
        "protocol" => "6",
        "source" => side("0.0.0.0", 0, ""),
        "destination" => side("192.0.2.10", 32, "22"),
    };
    let ruleset = |id, services, rules| Ruleset { id, enabled: true, services, rules };
    vec![
        ruleset("12", &[12_345, 12_346], map! { "in" => list([ssh]), "out" => list([]) }),
        ruleset("13", &[12_359], map! { "in" => list([]), "out" => list([]) }),
    ]
}
