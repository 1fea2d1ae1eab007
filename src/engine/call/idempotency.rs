//! The idempotency key of a change: made before the first attempt, kept in the journal, and sent with every attempt.

use std::borrow::Cow;

use history::{Key, Millis};
use ring::rand::{SecureRandom, SystemRandom};

use crate::engine::accounts::account::Account;
use crate::engine::call::entry;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::Ledger;
use model::http::Request;
use model::{Arguments, Call, IdempotencyRule, Redactor, Value};

/// A call with its key, if it has one.
pub(crate) struct Keyed<'c> {
    /// The call, with the key among its values if that is where the provider expects it.
    pub(crate) call: Cow<'c, Call>,
    /// The header with the key, if it is sent there.
    header: Option<(String, String)>,
    /// The key as it is recorded.
    pub(crate) key: Option<Key>,
}

/// The rule by which a call gets a key; `None` if it gets none.
fn rule(call: &Call) -> Option<&IdempotencyRule> {
    call.method.idempotency.as_ref().filter(|_| !call.effects().only_reads())
}

/// Whether a call is sent with a key.
pub(crate) fn has_key(call: &Call) -> bool {
    rule(call).is_some()
}

/// Whether a call is sent with the key of an earlier one that asked for the same. The values of secrets are not recorded:
/// a call with a secret may ask for something else.
pub(crate) fn shares_key(call: &Call) -> bool {
    fn is_secret(value: &Value) -> bool {
        match value {
            Value::Secret(_) => true,
            Value::Map(map) => map.iter().any(|(_, value)| is_secret(value)),
            Value::List(list) => list.iter().any(is_secret),
            _ => false,
        }
    }
    has_key(call) && !entry::named(call).iter().any(|(_, value)| is_secret(value))
}

/// The header with the key of a call, for a request that is only shown: a key is made when the call is sent.
pub(crate) fn shown(call: &Call) -> Option<String> {
    let header = rule(call)?.header.as_ref()?;
    Some(format!("{header}: (made when the call is sent)"))
}

impl<'c> Keyed<'c> {
    /// A call with its key: the user's own if the line gives one, the one of an earlier call that asked for the same and
    /// whose outcome is not known, or a new one.
    pub(crate) fn of(
        call: &'c Call,
        account: &Account,
        ledger: &Ledger,
        redactor: &Redactor,
    ) -> Result<Keyed<'c>, CallError> {
        let without = Keyed { call: Cow::Borrowed(call), header: None, key: None };
        let Some(rule) = rule(call) else { return Ok(without) };
        let until =
            Some(history::now().saturating_add(Millis::try_from(rule.window.as_millis()).unwrap_or(Millis::MAX)));
        let earlier = match shares_key(call) {
            true => ledger.key_of_unknown(&account.on_record(), &entry::request(call), &call.method.name)?,
            false => None,
        };
        let own = rule.param.as_deref().and_then(|name| given(call, name));
        if let Some(own) = own {
            let text = redactor.apply(&own).into_owned();
            let key = earlier.filter(|key| key.text == text).unwrap_or(Key { text, until });
            return Ok(Keyed { key: Some(key), ..without });
        }
        let key = match earlier {
            Some(key) => key,
            None => Key { text: fresh(&call.method.name)?, until },
        };
        Ok(match (&rule.header, &rule.param) {
            (Some(header), _) => Keyed { header: Some((header.clone(), key.text.clone())), key: Some(key), ..without },
            (None, Some(name)) => match with(call, name, &key.text) {
                Some(call) => Keyed { call: Cow::Owned(call), header: None, key: Some(key) },
                None => without,
            },
            (None, None) => without,
        })
    }

    /// Adds the key to the request of the call, if it is sent in a header.
    pub(crate) fn mark(&self, request: &mut Request) {
        request.headers.extend(self.header.iter().map(|(name, key)| (Cow::Owned(name.clone()), key.clone())));
    }
}

/// The value that a call has for a parameter.
fn given(call: &Call, name: &str) -> Option<String> {
    call.argument(name).filter(|value| !matches!(value, Value::Null)).map(Value::plain)
}

/// A call with a value for a parameter that it has none for. `None` if values before it are missing, where they are sent
/// without names.
fn with(call: &Call, name: &str, text: &str) -> Option<Call> {
    let mut call = call.clone();
    let place = call.method.position(name);
    match &mut call.arguments {
        Arguments::Named(map) => drop(map.insert(name, text)),
        Arguments::Positional(values) if place == Some(values.len()) => values.push(text.into()),
        Arguments::Positional(_) => return None,
    };
    Some(call)
}

/// A new key: a random UUID (RFC 9562, version 4), which is the form that most providers recommend.
fn fresh(method: &str) -> Result<String, CallError> {
    let mut random = [0; 16];
    SystemRandom::new().fill(&mut random).map_err(|_| CallError::Blocked {
        message: format!("{method} was not sent: the system gave no random number for its idempotency key"),
        span: None,
        hint: None,
    })?;
    let bits = u128::from_be_bytes(random);
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | 0x4 << 76 | 0b10 << 62;
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Ok([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::{Map, Method, Secret};

    fn call(rule: &str, effect: &str, arguments: Arguments) -> Call {
        let method: Method = serde_json::from_str(&format!(
            r#"{{"name":"a.b","effect":"{effect}","idempotency":{{{rule},"window":"1h"}},
                "params":[{{"name":"n","type":"int"}},{{"name":"k","type":"string"}}]}}"#
        ))
        .unwrap();
        Call { method: Arc::new(method), arguments }
    }

    #[test]
    fn a_key_is_a_random_uuid() {
        let (one, other) = (fresh("a.b").unwrap(), fresh("a.b").unwrap());
        assert_ne!(one, other);
        for key in [one, other] {
            let form: String =
                key.chars().map(|c| if c.is_ascii_digit() || ('a'..='f').contains(&c) { 'x' } else { c }).collect();
            assert_eq!(form, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
            assert!(key.get(14..15) == Some("4") && key.get(19..20).is_some_and(|c| "89ab".contains(c)), "{key}");
        }
    }

    #[test]
    fn a_key_is_put_where_it_is_missing() {
        let named = |map: &str| Arguments::Named(serde_json::from_str(map).unwrap());
        let listed = |values: &str| Arguments::Positional(serde_json::from_str(values).unwrap());
        for (arguments, own, filled) in [
            (named("{}"), None, Some(named(r#"{"k":"new"}"#))),
            (named(r#"{"n":1}"#), None, Some(named(r#"{"n":1,"k":"new"}"#))),
            (named(r#"{"k":"mine"}"#), Some("mine"), None),
            (listed("[1]"), None, Some(listed(r#"[1,"new"]"#))),
            (listed("[]"), None, None),
            (listed(r#"[1,"mine"]"#), Some("mine"), None),
        ] {
            let call = call(r#""param":"k""#, "change", arguments);
            assert_eq!(given(&call, "k").as_deref(), own, "{call:?}");
            if own.is_none() {
                assert_eq!(with(&call, "k", "new").map(|call| call.arguments), filled, "{call:?}");
            }
        }
    }

    #[test]
    fn a_call_with_a_secret_does_not_share_its_key() {
        let secret = || Value::Secret(Secret::new("s"));
        let inside = Value::List(vec![Value::Map(Map::from_iter([("x", secret())]))]);
        for (value, shares) in [(Value::from(1), true), (Value::List(vec![]), true), (secret(), false), (inside, false)]
        {
            let call = call(r#""header":"K""#, "change", Arguments::Named(Map::from_iter([("n", value)])));
            assert_eq!((has_key(&call), shares_key(&call)), (true, shares), "{call:?}");
        }
    }

    #[test]
    fn a_read_has_no_key() {
        for (rule, effect, key, header) in [
            (r#""header":"K""#, "change", true, Some("K: (made when the call is sent)")),
            (r#""header":"K""#, "billable", true, Some("K: (made when the call is sent)")),
            (r#""param":"k""#, "change", true, None),
            (r#""header":"K""#, "read", false, None),
        ] {
            let call = call(rule, effect, Arguments::Named(Map::new()));
            assert_eq!((has_key(&call), shown(&call).as_deref()), (key, header), "{rule} {effect}");
        }
    }
}
