//! How to ask for the price of a call before it is made, where the provider's document has a way.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Arguments, Map};

/// Either another method that reads the price, or the call itself with values that make it a dry run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRule {
    /// The reading method that returns it.
    #[serde(default)]
    pub method: Option<String>,
    /// That method's parameters, each with the parameter of the call whose value it takes.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The member of its list that applies: fields, each with the parameter of the call that it must equal.
    #[serde(default)]
    pub find: BTreeMap<String, String>,
    /// Values with which the call itself orders nothing and only returns the price.
    #[serde(default)]
    pub rehearse: Map,
    /// The fields of the answer that show the price, as dotted paths.
    pub tells: Vec<String>,
}

impl PriceRule {
    /// The arguments of the price call; `None` when the call lacks a value that is needed.
    pub fn arguments(&self, call: &Arguments) -> Option<Map> {
        let Arguments::Named(given) = call else { return None };
        if self.method.is_some() {
            return self.with.iter().map(|(to, from)| Some((to.as_str(), given.get(from)?.clone()))).collect();
        }
        let mut all = given.clone();
        for (name, value) in self.rehearse.iter() {
            all.insert(name, value.clone());
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    fn rule(json: &str) -> PriceRule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_price_is_asked_for_with_the_values_of_the_call() {
        let reading = rule(r#"{"method":"a.price","with":{"for":"id"},"tells":["x"]}"#);
        let rehearsing = rule(r#"{"rehearse":{"dry_run":true},"tells":["x"]}"#);
        let given = |json: &str| Arguments::Named(serde_json::from_str(json).unwrap());
        for (rule, call, asked) in [
            (&reading, r#"{"id":5,"n":1}"#, Some(r#"{"for":5}"#)),
            (&reading, r#"{"n":1}"#, None),
            (&rehearsing, r#"{"id":5,"dry_run":false}"#, Some(r#"{"id":5,"dry_run":true}"#)),
            (&rehearsing, r#"{"id":5}"#, Some(r#"{"id":5,"dry_run":true}"#)),
        ] {
            let asked = asked.map(|json| serde_json::from_str::<Map>(json).unwrap());
            assert_eq!(rule.arguments(&given(call)), asked, "{call}");
        }
        assert_eq!(reading.arguments(&Arguments::Positional(vec![Value::Int(5)])), None);
    }
}
