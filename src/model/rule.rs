//! Rules between the values of a call, or of a dictionary in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::pattern::Pattern;
use super::{Map, Type, Value};

/// Names, each with its possible values. A text that ends with `*` matches all texts with that beginning.
pub type Wanted = BTreeMap<String, Vec<Value>>;

/// One rule. It applies when every name in `when` has one of its values and every name in `given` has any value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Part of the condition: names with their values.
    #[serde(default)]
    pub when: Wanted,
    /// Part of the condition: names that have a value, whatever it is.
    #[serde(default)]
    pub given: Vec<String>,
    /// Names that must then be given.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Names that must then be left out.
    #[serde(default)]
    pub refuses: Vec<String>,
    /// The only values that these names may then have, if given.
    #[serde(default)]
    pub only: Wanted,
    /// The types that these names must then have.
    #[serde(default)]
    pub takes: BTreeMap<String, Vec<Type>>,
    /// The patterns that these names must then match.
    #[serde(default)]
    pub patterns: BTreeMap<String, Pattern>,
    /// At least one of these names must then be given.
    #[serde(default)]
    pub at_least_one: Vec<String>,
    /// No two of these names may then be given.
    #[serde(default)]
    pub not_both: Vec<String>,
    /// Two numbers or dates; the second must not be less than the first.
    #[serde(default)]
    pub order: Option<[String; 2]>,
    /// The largest number of days from the first date of `order` to the second.
    #[serde(default)]
    pub days: Option<i32>,
    /// What the provider does when there are more days: the call is still sent, with this note to the user.
    #[serde(default)]
    pub note: Option<String>,
    /// An address and a netmask: the address must be the first one of its network.
    #[serde(default)]
    pub network: Option<[String; 2]>,
}

impl Rule {
    /// Every name in the rule.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let pairs = self.order.iter().chain(&self.network).flatten();
        let lists = [&self.given, &self.needs, &self.refuses, &self.at_least_one, &self.not_both];
        let keys = self.when.keys().chain(self.only.keys());
        keys.chain(self.takes.keys()).chain(self.patterns.keys()).chain(lists.into_iter().flatten()).chain(pairs)
    }

    /// Whether its condition holds. `default` gives the value that the provider assumes for a name that is not given;
    /// if a name has no value, the rule does not apply.
    pub fn holds<'v>(&self, given: &Map, default: impl Fn(&str) -> Option<&'v Value>) -> bool {
        let fits = |(name, values): (&String, &Vec<Value>)| {
            let value = given.get(name).or_else(|| default(name));
            value.is_some_and(|value| is_one_of(value, values))
        };
        self.when.iter().all(fits) && self.given.iter().all(|name| given.get(name).is_some())
    }

    /// Its condition in words: `type is HTTP or HTTPS`. `None` when it always holds.
    pub fn condition(&self) -> Option<String> {
        let when = self.when.iter().map(|(name, values)| format!("{name} is {}", either(&words(values))));
        let given = self.given.iter().map(|name| format!("{name} is given"));
        let all: Vec<String> = when.chain(given).collect();
        (!all.is_empty()).then(|| all.join(" and "))
    }

    /// What it requires, for the help page: `requestMethod must be given when type is HTTP or HTTPS`.
    pub fn sentences(&self) -> Vec<String> {
        let condition = self.condition().map(|condition| format!(" when {condition}")).unwrap_or_default();
        let mut out = Vec::new();
        if !self.needs.is_empty() {
            out.push(format!("{} must be given{condition}", all(&self.needs)));
        }
        if !self.refuses.is_empty() {
            out.push(format!("{} must be left out{condition}", all(&self.refuses)));
        }
        out.extend(
            self.only.iter().map(|(name, values)| format!("{name} must be {}{condition}", either(&words(values)))),
        );
        out.extend(self.takes.iter().map(|(name, types)| {
            let types: Vec<String> = types.iter().map(|wanted| wanted.described().to_owned()).collect();
            format!("{name} must be {}{condition}", either(&types))
        }));
        out.extend(self.patterns.iter().map(|(name, form)| format!("{name} must be {}{condition}", form.wanted())));
        match self.at_least_one.as_slice() {
            [] => {}
            [only] => out.push(format!("{only} must be given{condition}, or there is nothing to do")),
            names => out.push(format!("at least one of {} must be given{condition}", all(names))),
        }
        if !self.not_both.is_empty() {
            out.push(format!("only one of {} may be given{condition}", all(&self.not_both)));
        }
        if let Some([first, second]) = &self.order {
            let most = match (self.days, &self.note) {
                (Some(days), None) => format!(", and at most {days} days after it"),
                (Some(days), Some(note)) => format!("; beyond {days} days {note}"),
                _ => String::new(),
            };
            out.push(format!("{second} must not be before {first}{most}"));
        }
        if let Some([address, mask]) = &self.network {
            out.push(format!("{address} must be the first address of its network{condition}, by {mask}"));
        }
        out
    }
}

/// Whether a value is one of those wanted.
pub fn is_one_of(value: &Value, wanted: &[Value]) -> bool {
    wanted.iter().any(|wanted| match (wanted, value) {
        (Value::Text(wanted), Value::Text(text)) => match wanted.strip_suffix('*') {
            Some(start) => text.starts_with(start),
            None => wanted == text,
        },
        (wanted, value) => wanted == value,
    })
}

/// Values as a user would type them.
pub fn words(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::plain).collect()
}

/// `a, b or c`.
pub fn either(words: &[String]) -> String {
    joined(words, "or")
}

/// `a, b and c`.
pub fn all(words: &[String]) -> String {
    joined(words, "and")
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: &str) -> Rule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_rule_applies_when_its_condition_holds() {
        let none = |_: &str| None;
        let web: Rule = rule(r#"{"when":{"type":["HTTP*"]},"needs":["method"]}"#);
        let of = |kind: &str| Map::from_iter([("type", kind)]);
        assert!(web.holds(&of("HTTP"), none) && web.holds(&of("HTTPS"), none));
        assert!(!web.holds(&of("TCP"), none) && !web.holds(&Map::new(), none));
        let assumed = Value::from("HTTP");
        assert!(web.holds(&Map::new(), |name| (name == "type").then_some(&assumed)));
        let both = rule(r#"{"when":{"on":[true]},"given":["mask"],"needs":["address"]}"#);
        assert!(!both.holds(&Map::from_iter([("on", true)]), none));
        assert!(both.holds(&Map::from_iter([("on", Value::Bool(true)), ("mask", "x".into())]), none));
        assert!(rule(r#"{"at_least_one":["a"]}"#).holds(&Map::new(), none));
    }

    #[test]
    fn a_rule_is_put_into_words() {
        for (json, said) in [
            (r#"{"when":{"type":["A","B","C"]},"needs":["x","y"]}"#, "x and y must be given when type is A, B or C"),
            (r#"{"given":["mask"],"needs":["ip"]}"#, "ip must be given when mask is given"),
            (r#"{"when":{"on":[false]},"refuses":["x"]}"#, "x must be left out when on is false"),
            (r#"{"when":{"on":[false]},"only":{"x":[0]}}"#, "x must be 0 when on is false"),
            (r#"{"when":{"t":["f"]},"takes":{"d":["list:string"]}}"#, "d must be a list of texts when t is f"),
            (r#"{"when":{"t":["A"]},"patterns":{"d":"ipv4"}}"#, "d must be an IPv4 address when t is A"),
            (r#"{"at_least_one":["a","b"]}"#, "at least one of a and b must be given"),
            (r#"{"at_least_one":["a"]}"#, "a must be given, or there is nothing to do"),
            (r#"{"not_both":["a","b"]}"#, "only one of a and b may be given"),
            (r#"{"order":["a","b"]}"#, "b must not be before a"),
            (r#"{"order":["a","b"],"days":31}"#, "b must not be before a, and at most 31 days after it"),
            (
                r#"{"order":["a","b"],"days":31,"note":"the provider stops"}"#,
                "b must not be before a; beyond 31 days the provider stops",
            ),
            (
                r#"{"given":["a"],"network":["a","m"]}"#,
                "a must be the first address of its network when a is given, by m",
            ),
        ] {
            assert_eq!(rule(json).sentences(), [said], "{json}");
        }
    }
}
