//! Problem details (RFC 9457): a refusal in JSON that any service may send, whatever its own rule is.

use crate::Fault;
use crate::json;
use crate::message::Limits;
use model::http::Head;
use model::{Code, Map, Value};

/// The media type.
const MEDIA: &str = "application/problem+json";
/// What `type` says if the status says it all.
const BLANK: &str = "about:blank";

/// The refusal in an answer, if it has one in this form.
pub(super) fn read(head: &Head, bytes: &[u8], limits: Limits) -> Option<Fault> {
    if head.content_type != MEDIA {
        return None;
    }
    let Value::Map(mut problem) = json::read(bytes, head.charset.as_deref(), limits).ok()? else { return None };
    let mut text = |name: &str| {
        let found = problem.get(name).and_then(Value::as_str).map(str::to_owned)?;
        problem.remove(name);
        Some(found).filter(|text| !text.is_empty())
    };
    let (kind, title, detail) = (text("type"), text("title"), text("detail"));
    // The address of a problem ends with its name.
    let name = kind.filter(|kind| kind != BLANK).and_then(|kind| {
        let name = kind.trim_end_matches('/').rsplit(['/', '#', ':']).next().map(str::to_owned);
        name.filter(|name| !name.is_empty())
    });
    let code = name.map_or_else(|| i64::from(head.status).into(), |name| Code::from(name.as_str()));
    problem.remove("status");
    problem.remove("instance");
    let message = match (title, detail) {
        (Some(title), Some(detail)) if detail != title => format!("{title}: {detail}"),
        (title, detail) => detail.or(title).unwrap_or_default(),
    };
    let data = if problem == Map::new() { Value::Null } else { Value::Map(problem) };
    Some(Fault { code: Some(code), message, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_a_refusal_with_its_name_and_its_words() {
        let head = |media: &str| Head { status: 403, content_type: media.into(), ..Head::default() };
        for (body, code, words) in [
            (
                r#"{"type":"https://example.com/probs/out-of-credit","title":"Not enough credit","status":403,
                    "detail":"Your balance is 30, but that costs 50.","instance":"/msgs/abc","balance":30}"#,
                "out-of-credit",
                "Not enough credit: Your balance is 30, but that costs 50. (balance: 30)",
            ),
            (r#"{"type":"about:blank","title":"Forbidden"}"#, "403", "Forbidden"),
            (r#"{"detail":"No","title":"No"}"#, "403", "No"),
            (r#"{"type":"urn:x:quota","errors":[{"detail":"too many"}]}"#, "quota", "errors: detail: too many"),
            ("{}", "403", ""),
        ] {
            let fault = read(&head(MEDIA), body.as_bytes(), Limits::default()).unwrap();
            assert_eq!(
                (fault.code.as_ref().map(Code::to_string).as_deref(), &*fault.words()),
                (Some(code), words),
                "{body}"
            );
        }
        for (media, body) in [("application/json", "{}"), (MEDIA, "[]"), (MEDIA, "nonsense"), (MEDIA, "")] {
            assert_eq!(read(&head(media), body.as_bytes(), Limits::default()), None, "{media} {body}");
        }
    }
}
