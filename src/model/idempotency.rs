//! Idempotency keys: how a provider recognises that it is sent the same change again.

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::period;

/// Where the key of a change is sent, and for how long the provider recognises it. One of `header` and `param` is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdempotencyRule {
    /// The header that contains it.
    #[serde(default)]
    pub header: Option<String>,
    /// The parameter that contains it.
    #[serde(default)]
    pub param: Option<String>,
    /// How long the provider remembers a key after it was first sent: `24h`.
    #[serde(deserialize_with = "length")]
    pub window: Duration,
}

impl IdempotencyRule {
    /// Whether it can be applied to a method with these parameters: the one with the key must be among them.
    pub fn suits<'p>(&self, params: impl IntoIterator<Item = &'p str>) -> bool {
        self.param.as_ref().is_none_or(|name| params.into_iter().any(|param| param == *name))
    }
}

fn length<'de, D: Deserializer<'de>>(source: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(source)?;
    let wrong = || D::Error::custom(format!("{text:?} is not a length of time with a unit, such as 24h"));
    period::long(&text).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_a_unit_and_a_parameter_belongs_to_the_method() {
        let rule = |json: &str| serde_json::from_str::<IdempotencyRule>(json);
        for (json, length) in [
            (r#"{"header":"K","window":"24h"}"#, Some(86_400)),
            (r#"{"param":"k","window":"1h30m"}"#, Some(5400)),
            (r#"{"header":"K","window":"24"}"#, None),
            (r#"{"header":"K","window":""}"#, None),
            (r#"{"header":"K"}"#, None),
            (r#"{"header":"K","window":"1h","for":"x"}"#, None),
        ] {
            assert_eq!(rule(json).ok().map(|rule| rule.window.as_secs()), length, "{json}");
        }
        for (json, suits) in [
            (r#"{"header":"K","window":"1h"}"#, true),
            (r#"{"param":"k","window":"1h"}"#, true),
            (r#"{"param":"other","window":"1h"}"#, false),
        ] {
            assert_eq!(rule(json).unwrap().suits(["n", "k"]), suits, "{json}");
        }
    }
}
