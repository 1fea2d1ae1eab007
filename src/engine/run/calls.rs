//! The calls for the members of a result, when each of them is known.

use crate::engine::deliver::delivery::Done;
use crate::engine::guard::gate::Pending;
use crate::wire::Timeouts;
use lang::Line;
use model::{Call, Effect, Effects, Span, Value};

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
    use model::{Arguments, Map, Method};

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
    fn what_calls_do_is_the_worst_of_them() {
        let found = calls("destroy", &["x", "y"]);
        assert_eq!((found.destroying(), found.effect(), found.pending().len()), (2, Effect::Destroy, 2));
        assert!(found.pending().iter().all(|pending| pending.agreed && pending.profile == "work"));
        let none = calls("read", &[]);
        assert_eq!((none.destroying(), none.effect()), (0, Effect::Read));
    }
}
