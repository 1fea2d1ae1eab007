//! The other changes of an account in the journal that may explain what the provider shows of a call.

use history::{Call, Millis, Outcome};

use crate::engine::call::exchange::Exchange;
use crate::engine::call::read_back::read_back;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::end;
use model::reconcile::{Does, LATE, Other, When};
use registry::Source;

/// After so many milliseconds, the provider no longer carries out a call whose outcome is unknown.
const LATEST: Millis = LATE * 1000;

/// All of them, the oldest first.
pub(crate) fn of(exchange: &Exchange<'_>, call: &Call) -> Result<Vec<Other>, CallError> {
    let others = exchange.ledger.others(call)?;
    Ok(others.iter().map(|other| seen(exchange.source, call, other)).collect())
}

fn seen(source: &Source, call: &Call, other: &Call) -> Other {
    let when = when(call, other);
    // The arguments of an older call do not matter.
    let read = (when != When::Before).then(|| read_back(source, other)).flatten();
    let method = source.method(&other.call.method).and_then(Result::ok);
    Other {
        number: other.id.0,
        method: other.call.method.clone(),
        does: method.map_or(Does::Changes, |method| Does::of(&method)),
        given: read.map(|(_, given)| given),
        is_same: other.call.request == call.call.request,
        when,
        object: other.object.clone(),
    }
}

/// When the other call can have taken effect.
fn when(call: &Call, other: &Call) -> When {
    let over = match other.outcome {
        Outcome::Running => None,
        Outcome::Unknown => Some(end(other).saturating_add(LATEST)),
        _ => Some(other.reconciled.as_ref().map_or(0, |found| found.at).max(end(other))),
    };
    match over {
        _ if other.id > call.id => When::Since,
        Some(over) if over.saturating_add(LATEST) < call.call.begun => When::Before,
        Some(over) if over <= call.call.begun => When::Shortly,
        _ => When::Since,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use history::{CallId, Found, Reconciled};

    use super::*;
    use crate::engine::state::open::tests::call;
    use model::Value;
    use registry::catalog::Catalog;
    use registry::embedded;

    /// A call that began so many seconds before another one, and what became of it after how many.
    fn earlier(seconds: i64, outcome: Outcome, lasted: Option<u64>) -> Call {
        let mut other = call(outcome, None);
        other.id = CallId(11);
        other.call.begun -= seconds * 1000;
        other.duration = lasted.map(Duration::from_secs);
        other
    }

    #[test]
    fn a_call_can_have_worked_before_or_since() {
        use Outcome::{Done, EndedBadly, Running, Unknown};
        let own = call(Unknown, None);
        for (seconds, outcome, lasted, expected) in [
            (5, Done, Some(5), When::Shortly),
            (5, Done, Some(6), When::Since),
            (900, Done, Some(0), When::Shortly),
            (901, Done, Some(0), When::Before),
            (901, EndedBadly, Some(1), When::Shortly),
            (5, Unknown, Some(1), When::Since),
            (899, Unknown, None, When::Since),
            (900, Unknown, None, When::Shortly),
            (1801, Unknown, None, When::Before),
            (90_000, Running, Some(1), When::Since),
        ] {
            assert_eq!(when(&own, &earlier(seconds, outcome, lasted)), expected, "{seconds} {outcome} {lasted:?}");
        }
        let found = Reconciled { found: Found::Happened, by: "x".into(), at: own.call.begun + 1 };
        let other = Call { reconciled: Some(found), ..earlier(600, Done, Some(1)) };
        assert_eq!(when(&own, &other), When::Since);
        // The clock was set back.
        assert_eq!(when(&own, &Call { id: CallId(13), ..earlier(9000, Done, Some(1)) }), When::Since);
    }

    #[test]
    fn what_it_was_called_with_is_read_back_where_it_matters() {
        let source = Source::new("p", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let own = call(Outcome::Unknown, None);
        let made = |id: i64, text: &str, seconds: i64| {
            let line = lang::parse(text).unwrap().remove(0);
            let method = source.method(&line.head.text()).unwrap().unwrap();
            let rules = crate::bind::Rules { shapes: source.shapes(), ..crate::bind::Rules::default() };
            let bound = crate::bind::bind(&method, &line, rules, &mut crate::bind::Nowhere).unwrap();
            let mut other = Call { id: CallId(id), ..earlier(seconds, Outcome::Done, Some(0)) };
            other.call.method = method.name.clone();
            other.call.text = text.into();
            other.call.request = crate::engine::call::entry::request(&bound);
            seen(&source, &own, &other)
        };
        let given = |other: &Other| other.given.as_ref().and_then(|map| map.get("rule_id").map(Value::plain));
        let later = made(13, "firewalling.rule_delete rule_id a", 0);
        assert_eq!(
            (later.number, later.does, later.is_same, given(&later).as_deref()),
            (13, Does::Removes, false, Some("a"))
        );
        assert_eq!(made(11, "firewalling.rule_delete rule_id a", 90_000).given, None);
        let gone = seen(&source, &own, &Call { id: CallId(13), ..call(Outcome::Done, Some(0)) });
        assert_eq!((gone.does, gone.given, gone.is_same), (Does::Changes, None, true));
    }
}
