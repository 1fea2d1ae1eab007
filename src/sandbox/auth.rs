//! Authentication: the caller, the limit for wrong keys, and the permissions of a key.

use std::time::Duration;

use model::{Map, Method, Value, base64};

/// The number of failed logins after which further ones are throttled.
const ATTEMPTS: u32 = 10;
/// How long logins are throttled.
const PAUSE: Duration = Duration::from_secs(60);

/// The user name of a Basic `Authorization` header.
pub(super) fn user(header: &str) -> Option<String> {
    credentials(header).map(|(user, _password)| user)
}

/// The user name and the password of a Basic `Authorization` header.
pub(super) fn credentials(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(base64::decode(credentials)?).ok()?;
    let (user, password) = text.split_once(':')?;
    (!user.is_empty()).then(|| (user.to_owned(), password.to_owned()))
}

/// Counts failed logins.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: u32,
    paused_at: Option<Duration>,
}

impl Throttle {
    /// Records a failed login; true if there have been too many.
    pub(super) fn fail(&mut self, now: Duration) -> bool {
        if let Some(since) = self.paused_at {
            if now < since + PAUSE {
                return true;
            }
            *self = Throttle::default();
        }
        self.failures += 1;
        if self.failures == ATTEMPTS {
            self.paused_at = Some(now);
        }
        false
    }
}

/// The restrictions of a key; an empty list does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scopes {
    /// The methods it may call.
    pub(super) method: Vec<String>,
    /// The values allowed for the parameter `name`.
    pub(super) name: Vec<String>,
}

impl Scopes {
    /// Whether they allow a call. A key restricted by name cannot call methods without a `name` parameter.
    pub(super) fn allow(&self, method: &Method, values: &[Value]) -> bool {
        let given = values.first().and_then(|value| value.get("name")).and_then(Value::as_str).unwrap_or_default();
        let by_method = self.method.is_empty() || self.method.contains(&method.name);
        let by_name = self.name.is_empty() || (method.param("name").is_some() && self.name.iter().any(|n| n == given));
        by_method && by_name
    }

    /// The list of that name.
    pub(super) fn list_mut(&mut self, scope: &str) -> Option<&mut Vec<String>> {
        match scope {
            "method" => Some(&mut self.method),
            "name" => Some(&mut self.name),
            _ => None,
        }
    }

    /// The lists that restrict, as a dictionary.
    pub(super) fn show(&self) -> Map {
        let lists = [("method", &self.method), ("name", &self.name)];
        let limiting = lists.into_iter().filter(|(_, list)| !list.is_empty());
        limiting.map(|(scope, list)| (scope, list.iter().map(|v| v.as_str().into()).collect::<Vec<Value>>())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Param;

    #[test]
    fn the_key_is_the_user_name() {
        for (header, key) in [
            ("Basic a2V5Og==", Some("key")),
            ("basic a2V5OmFueXRoaW5n", Some("key")),
            ("Basic OnBhc3N3b3Jk", None),
            ("Basic a2V5", None),
            ("Basic !", None),
            ("Bearer a2V5Og==", None),
            ("", None),
        ] {
            assert_eq!(user(header).as_deref(), key, "{header}");
        }
    }

    #[test]
    fn the_eleventh_failure_is_throttled_for_a_minute() {
        let mut throttle = Throttle::default();
        for attempt in 0..10 {
            assert!(!throttle.fail(Duration::from_secs(attempt)), "{attempt}");
        }
        assert!(throttle.fail(Duration::from_secs(10)));
        assert!(throttle.fail(Duration::from_secs(68)));
        assert!(!throttle.fail(Duration::from_secs(69)));
    }

    #[test]
    fn scopes_limit_methods_and_names() {
        let reboot = Method {
            name: "server.reboot".into(),
            params: vec![Param { name: "name".into(), ..Param::default() }],
            ..Method::default()
        };
        let list = Method { name: "server.list".into(), ..Method::default() };
        let scopes = |method: &str, name: &str| {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
            Scopes { method: words(method), name: words(name) }
        };
        for (scopes, method, name, allowed) in [
            (scopes("", ""), &list, "", true),
            (scopes("server.list", ""), &list, "", true),
            (scopes("server.list", ""), &reboot, "myserver1", false),
            (scopes("", "myserver1 myserver2"), &reboot, "myserver2", true),
            (scopes("", "myserver1"), &reboot, "myserver2", false),
            (scopes("", "myserver1"), &list, "", false),
            (scopes("server.reboot", "myserver1"), &reboot, "myserver1", true),
            (scopes("server.info", "myserver1"), &reboot, "myserver1", false),
        ] {
            let values = [Value::Map(Map::from_iter([("name", name)]))];
            assert_eq!(scopes.allow(method, &values), allowed, "{scopes:?} {} {name}", method.name);
        }
    }
}
