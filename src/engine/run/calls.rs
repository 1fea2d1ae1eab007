//! The calls for the members of a result, when each of them is known.

use crate::engine::deliver::delivery::Done;
use crate::engine::guard::gate::Pending;
use crate::wire::Timeouts;
use lang::Line;
use model::{Arguments, Call, Effect, Effects, Map, Secret, Span, Value};

/// A call for a member that is ready to be sent.
pub(super) struct Ready {
    pub(super) call: Call,
    /// What the member is called in the report: the fields that the call uses.
    pub(super) label: Value,
}

/// All calls, and what they have in common.
pub(super) struct Calls {
    pub(super) profile: String,
    pub(super) timeouts: Timeouts,
    pub(super) ready: Vec<Ready>,
    /// Where the line has the method.
    pub(super) head: Span,
    /// The user has agreed in advance.
    pub(super) agreed: bool,
    /// The user has asked for them to be sent even if the same may have been done already.
    pub(super) again: bool,
}

impl Ready {
    /// A call, and what its member is called. What the call takes for a secret is hidden there, too.
    pub(super) fn of(call: Call, label: Value) -> Ready {
        let mut secrets = Vec::new();
        match &call.arguments {
            Arguments::Named(map) => map.iter().for_each(|(_, value)| collect(value, &mut secrets)),
            Arguments::Positional(values) => values.iter().for_each(|value| collect(value, &mut secrets)),
        }
        let label = if secrets.is_empty() { label } else { without(label, &secrets) };
        Ready { call, label }
    }
}

fn collect<'v>(value: &'v Value, secrets: &mut Vec<&'v Secret>) {
    match value {
        Value::Secret(secret) => secrets.push(secret),
        Value::List(list) => list.iter().for_each(|member| collect(member, secrets)),
        Value::Map(map) => map.iter().for_each(|(_, member)| collect(member, secrets)),
        _ => {}
    }
}

/// A value in which none of the secrets can be seen.
fn without(value: Value, secrets: &[&Secret]) -> Value {
    match value {
        Value::List(list) => list.into_iter().map(|member| without(member, secrets)).collect::<Vec<_>>().into(),
        Value::Map(map) => {
            let members = map.iter().map(|(name, member)| (name, without(member.clone(), secrets)));
            members.collect::<Map>().into()
        }
        Value::Null | Value::Bool(_) | Value::Secret(_) => value,
        single => {
            let same = Secret::new(single.plain());
            if secrets.contains(&&same) { Value::Secret(same) } else { single }
        }
    }
}

impl Calls {
    /// What the guard is asked about.
    pub(super) fn pending(&self) -> Vec<Pending<'_>> {
        let Calls { profile, head, agreed, again, .. } = self;
        let (head, agreed, again) = (*head, *agreed, *again);
        self.ready.iter().map(|Ready { call, .. }| Pending { profile, call, agreed, again, head }).collect()
    }

    /// How many of them destroy something.
    pub(super) fn destroying(&self) -> usize {
        self.ready.iter().filter(|ready| ready.call.effects().has(Effect::Destroy)).count()
    }

    /// What was done for the list of their results.
    pub(super) fn done(&self) -> Done<'_> {
        let what = self.ready.first().map_or(Line::EACH, |ready| &ready.call.method.name);
        Done { what, several: true, effect: self.effect() }
    }

    /// The worst of what they do.
    pub(super) fn effect(&self) -> Effect {
        self.ready.iter().fold(Effects::default(), |effects, one| effects.and(one.call.effects())).main()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use model::Method;

    /// A call of a method with this effect for each of some members.
    pub(in crate::engine::run) fn calls(effect: &str, members: &[&str]) -> Calls {
        let method: Method = serde_json::from_str(&format!(r#"{{"name":"a.b","effect":"{effect}"}}"#)).unwrap();
        let method = Arc::new(method);
        let ready = |member: &&str| Ready {
            call: Call { method: Arc::clone(&method), arguments: Arguments::Named(Map::new()) },
            label: Value::from(*member),
        };
        Calls {
            profile: "work".into(),
            timeouts: Timeouts::default(),
            ready: members.iter().map(ready).collect(),
            head: Span::new(0, 3),
            agreed: true,
            again: false,
        }
    }

    #[test]
    fn what_a_call_takes_for_a_secret_is_not_in_its_label() {
        let mut call = calls("change", &["x"]).ready.remove(0).call;
        let secret = |text: &str| Value::Secret(Secret::new(text));
        let deep = Value::List(vec![Map::from_iter([("pin", secret("77"))]).into()]);
        call.arguments =
            Arguments::Named(Map::from_iter([("name", "a".into()), ("pw", secret("b c")), ("list", deep)]));
        let label = |json: &str| {
            let Ready { label, .. } = Ready::of(call.clone(), serde_json::from_str(json).unwrap());
            serde_json::to_string(&label).unwrap()
        };
        for (given, shown) in [
            (
                r#"{"n":"a","p":"b c","q":77,"r":[{"s":"b c"}],"t":null}"#,
                r#"{"n":"a","p":"(redacted)","q":"(redacted)","r":[{"s":"(redacted)"}],"t":null}"#,
            ),
            (r#""b c""#, r#""(redacted)""#),
            (r#""b""#, r#""b""#),
        ] {
            assert_eq!(label(given), shown);
        }
    }

    #[test]
    fn what_calls_do_is_the_worst_of_them() {
        let found = calls("destroy", &["x", "y"]);
        assert_eq!((found.destroying(), found.effect(), found.pending().len()), (2, Effect::Destroy, 2));
        assert!(found.pending().iter().all(|pending| pending.agreed && pending.profile == "work"));
        let none = calls("read", &[]);
        assert_eq!((none.destroying(), none.effect()), (0, Effect::Read));
    }
}
