//! The call that reads the object of another call before it, as the catalogue says.

use crate::engine::state::refusal::Refusal;
use model::{Arguments, Call, Map, ShowRule, Value};
use registry::Source;

/// The HTTP status for what does not exist.
pub(crate) const NOT_FOUND: u16 = 404;

/// The call that reads the object of a call with these values, with the largest page. `None` if the catalogue's rule
/// needs more than the values.
pub(crate) fn reading(source: &Source, rule: &ShowRule, given: &Map) -> Option<Call> {
    let method = source.method(&rule.method)?.ok()?;
    let mut named = rule.asks(given);
    let needed = |name: &str| method.params.iter().any(|param| param.required && param.name == name);
    if method.params.iter().any(|param| param.required && named.get(&param.name).is_none()) {
        return None;
    }
    let paging = source.provider().paging_of(&method).filter(|paging| method.param(&paging.size).is_some());
    if let Some((paging, most)) = paging.and_then(|paging| Some((paging, paging.most?)))
        && !needed(&paging.size)
    {
        named.insert(&*paging.size, Value::Int(i64::from(most)));
    }
    let arguments = Arguments::passed(&method, named).ok()?;
    let asking = Call { method, arguments };
    // Whatever a catalogue says, only a read is sent before the user has agreed.
    asking.effects().only_reads().then_some(asking)
}

/// Whether a refusal means that there is no such object.
pub(crate) fn is_gone(refusal: &Refusal, rule: &ShowRule) -> bool {
    let is_named = refusal.fault.code.as_ref().is_some_and(|code| rule.gone.contains(code));
    is_named || refusal.http.unwrap_or(refusal.status) == NOT_FOUND
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Fault;
    use model::ErrorCode;

    #[test]
    fn what_does_not_exist_is_known_by_its_code_or_its_status() {
        let rule: ShowRule = serde_json::from_str(r#"{"method":"a","gone":["REASON_9"]}"#).unwrap();
        let known = |http: u16| ErrorCode { http: Some(http), ..ErrorCode::default() };
        for (code, status, known, gone) in [
            ("REASON_9", 400, Some(known(400)), true),
            ("REASON_8", 400, Some(known(400)), false),
            ("3", 200, Some(known(404)), true),
            ("3", 404, Some(known(400)), false),
            ("x", 404, None, true),
            ("x", 500, None, false),
        ] {
            let fault = Fault { code: Some(code.into()), ..Fault::default() };
            let refusal = Refusal::new("a", status, fault, known.as_ref());
            assert_eq!(is_gone(&refusal, &rule), gone, "{code} {status}");
        }
    }
}
