//! The document of an import: the file or the address that the user names, or the one that a service has.

use std::path::Path;

use super::key;
use crate::cli::args::Global;
use crate::cli::context::Context;
use crate::engine::documents::{Documents, THE_OTHER, sent_away};
use crate::engine::seeking::{Sought, seek};
use crate::engine::{CallError, Console};
use model::Redactor;
use openapi::has_scheme;

/// How many times a key is asked for.
const TRIES: usize = 3;

/// Where the document is, and how the key was sent if it needed one.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) document: String,
    pub(super) auth: Option<String>,
}

/// Finds the document.
pub(super) fn find(
    named: &str,
    documents: &mut Documents<'_>,
    console: &mut Console,
    (global, context): (&Global, &Context),
) -> Result<Found, CallError> {
    if !has_scheme(named) {
        let path = std::path::absolute(context.expand(Path::new(named)));
        let path = path.map_err(|error| CallError::usage_of(format!("{named}: {error}")))?;
        return Ok(Found { document: path.display().to_string(), auth: None });
    }
    let mut redactor = Redactor::default();
    let mut auth = None;
    if let Some((way, keyed)) = key::given(named, global, context, &mut redactor)? {
        documents.set_key(keyed, &redactor);
        auth = Some(way);
    }
    let mut left = TRIES;
    loop {
        match seek(named, documents)? {
            Sought::Found(document) => return Ok(Found { document, auth }),
            Sought::Nothing { status, asked, away } => return Err(nothing(named, status, asked, away)),
            Sought::Locked { address, status, challenge } => {
                if console.person.is_none() || left == 0 {
                    return Err(documents.locked(&address, status, challenge.as_deref()));
                }
                left -= 1;
                let (way, keyed) = key::asked(named, challenge.as_deref(), (console, global), &mut redactor)?;
                documents.set_key(keyed, &redactor);
                auth = Some(way);
            }
        }
    }
}

fn nothing(named: &str, status: u16, asked: usize, away: Option<String>) -> CallError {
    let places = if asked == 0 { String::new() } else { format!(", nor at {asked} usual places of its host") };
    let sent = away.as_deref().map(|place| format!(": {}", sent_away(place))).unwrap_or_default();
    let hint = match away {
        Some(_) => THE_OTHER,
        None => "give the address of the document itself, or its file; -v shows what was asked",
    };
    CallError::Usage {
        message: format!("{named} answered HTTP {status}{sent}; no document of an API is there{places}"),
        span: None,
        hint: Some(hint.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::CallError;
    use model::Diagnostic;

    #[test]
    fn the_error_says_how_much_was_asked() {
        let error: CallError = nothing("https://h", 404, 14, None);
        assert_eq!(
            error.to_string(),
            "https://h answered HTTP 404; no document of an API is there, nor at 14 usual places of its host"
        );
        assert!(error.hint().unwrap().contains("-v shows"));
        assert!(!nothing("https://h/a.json", 404, 0, None).to_string().contains("usual"));
        let error = nothing("https://h", 302, 0, Some("https://o/x".into()));
        let (said, hint) = (error.to_string(), error.hint().unwrap());
        assert!(said.starts_with("https://h answered HTTP 302: it redirects to https://o/x, which marsh"), "{said}");
        assert!(hint.contains("give that address"), "{hint}");
    }
}
