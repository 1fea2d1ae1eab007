//! Shows requests instead of sending them.

use crate::engine::call::exchange::Exchange;
use crate::engine::call::idempotency;
use crate::engine::call::version;
use crate::engine::plan::Plan;
use crate::engine::plan::notation::{self, Form};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use model::escape::{Escape, form};
use model::grant::HandshakeRule;
use model::http::{Body, Request};
use model::provider::Auth;
use model::{Call, Redactor};

/// Shows the request instead of sending it.
pub(super) fn show(exchange: Exchange<'_>, plan: &Plan) -> Result<(), CallError> {
    let Some(request) = &plan.request else { return Ok(()) };
    show_call(exchange, (&plan.call, request), plan.options.form)
}

/// The same for the request of any call.
pub(super) fn show_call(
    exchange: Exchange<'_>,
    (call, request): (&Call, &Request),
    form: Option<Form>,
) -> Result<(), CallError> {
    let request = &*version::marked(&exchange.account.target, call, request);
    match form {
        Some(form) => notation::show(exchange, call, request, form),
        None => {
            let Exchange { account, source, redactor, console, .. } = exchange;
            let auth = account.sends_key().then(|| account.target.auth_for(&call.method));
            let tag = version::later(source, call, request);
            let token = source.provider().handshake.as_ref().map(token);
            let later = token.into_iter().chain(idempotency::shown(call)).chain(tag);
            preview(redactor, console, (request, auth), later)
        }
    }
}

/// The line with the token that a service gives with a refusal, whose value is not known before.
fn token(rule: &HandshakeRule) -> String {
    format!("{}: (the token of a refusal with HTTP {})", rule.header.to_lowercase(), rule.status)
}

/// Prints what would be sent, with every secret replaced. `later` are headers that are made when it is sent; `auth` says
/// where the account's key goes, if one is sent.
fn preview(
    redactor: &Redactor,
    console: &mut Console,
    (request, auth): (&Request, Option<&Auth>),
    later: impl IntoIterator<Item = String>,
) -> Result<(), CallError> {
    let mut text =
        format!("{} {}\n", request.verb, auth.map_or_else(|| request.url.clone(), |it| address(request, it)));
    let headers = auth.into_iter().flat_map(Auth::headers);
    text.extend(
        headers.map(|(name, template)| format!("{}: {}\n", name.to_lowercase(), shown(&template, Escape::Nothing))),
    );
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.extend(later.into_iter().map(|header| header + "\n"));
    text.push_str(&format!("\n{}\n", request.body.preview().trim_end()));
    console.result(&redactor.apply(&text)).map_err(CallError::Output)
}

/// A credential with its secrets replaced.
fn shown(template: &str, escape: Escape) -> String {
    let mut body = Body::default();
    body.credential(template, escape);
    body.preview()
}

/// The address with the places of credentials.
fn address(request: &Request, auth: &Auth) -> String {
    let mut url = auth.without_credentials(&request.url);
    for (name, template) in auth.queries() {
        let mark = if url.contains('?') { '&' } else { '?' };
        url.push_str(&format!("{mark}{}=", form(name)));
        url.push_str(&shown(template, Escape::Form));
    }
    url
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    use super::*;
    use crate::engine::state::console::Stream;
    use model::Secret;
    use model::provider::AuthScheme;

    #[derive(Clone, Default)]
    struct Paper(Rc<RefCell<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_request_is_shown_without_its_secrets() {
        let paper = Paper::default();
        let out = Stream::plain(Box::new(paper.clone()));
        let mut console = Console { out, ..Console::of_notes(Box::new(io::sink())) };
        let mut body = Body::default();
        body.push("a=1&b=");
        body.seal(&Secret::new("hunter22"), Escape::Nothing);
        let request = Request::post("https://x.example/api".into(), ("text/plain", "*/*"), body);
        let auth = Auth { scheme: AuthScheme::Query, name: "k".into(), value: "a {key}".into(), ..Auth::default() };
        preview(&Redactor::default(), &mut console, (&request, Some(&auth)), Some("key: 5".into())).unwrap();
        let shown = String::from_utf8(paper.0.borrow().clone()).unwrap();
        assert!(shown.starts_with("POST https://x.example/api?k=a+(redacted)\ncontent-type: text/plain\n"), "{shown}");
        let rule = HandshakeRule { status: 409, header: "X-Id".into() };
        assert_eq!(token(&rule), "x-id: (the token of a refusal with HTTP 409)");
        assert!(shown.contains("key: 5\n\na=1&b=") && !shown.contains("hunter22"), "{shown}");
    }
}
