//! Redirects of documents that a method returns. Of all calls, only these are followed: a document may be stored
//! elsewhere, and fetching it changes nothing.

use crate::engine::accounts::moved::{MOST, STATUSES};
use crate::wire;
use model::http::{Head, Request, without_userinfo};
use model::{Effect, Method};

/// The next request, after so many redirects; `None` if the answer is final. The key is sent only to the host that it
/// belongs to, as with any request. A redirect from https to http is not followed.
pub(crate) fn followed(method: &Method, request: &Request, head: &Head, before: usize) -> Option<Request> {
    let fetches = method.returns_document() && method.effect == Effect::Read;
    let plain = request.verb == "GET" && request.body.is_empty();
    if !(fetches && plain && STATUSES.contains(&head.status) && before < MOST) {
        return None;
    }
    let url = without_userinfo(&wire::joined(&request.url, head.location.as_deref()?).ok()?);
    let downgraded = request.url.starts_with("https:") && !url.starts_with("https:");
    (!downgraded).then(|| Request { url, ..request.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::route::{AnswerForm, Answers};

    #[test]
    fn a_document_that_is_read_is_followed_and_nothing_else() {
        let pdf = || Answers::of(AnswerForm::Pdf);
        let document = |effect| Method { answers: Some(pdf()), effect, ..Method::default() };
        let from = |verb, url: &str| Request { verb, url: url.into(), headers: vec![], body: Default::default() };
        let (read, here) = (document(Effect::Read), "https://a.example.com/invoices/1.pdf?x=1");
        let moved = |status, to: &str| Head { status, location: Some(to.into()), ..Head::default() };
        for (to, url) in [
            ("/files/1.pdf", Some("https://a.example.com/files/1.pdf")),
            ("2.pdf", Some("https://a.example.com/invoices/2.pdf")),
            ("//b.example.com/1.pdf", Some("https://b.example.com/1.pdf")),
            ("https://me:pw@b.example.com/1.pdf", Some("https://b.example.com/1.pdf")),
            ("http://a.example.com/1.pdf", None),
            ("ftp://a.example.com/1.pdf", None),
            ("file:///etc/passwd", None),
        ] {
            let next = followed(&read, &from("GET", here), &moved(302, to), 0);
            assert_eq!(next.map(|next| next.url).as_deref(), url, "{to}");
        }
        let get = || from("GET", here);
        for (what, method, request, head, before) in [
            ("no document", Method { effect: Effect::Read, ..Method::default() }, get(), moved(302, "/x"), 0),
            ("a change", document(Effect::Change), get(), moved(302, "/x"), 0),
            ("a form", read.clone(), from("POST", here), moved(302, "/x"), 0),
            ("no place", read.clone(), get(), Head { status: 302, ..Head::default() }, 0),
            ("another status", read.clone(), get(), moved(300, "/x"), 0),
            ("the last of many", read.clone(), get(), moved(302, "/x"), MOST),
        ] {
            assert_eq!(followed(&method, &request, &head, before), None, "{what}");
        }
    }
}
