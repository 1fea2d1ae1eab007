//! The key for a document that is not given to everybody. It goes only to the host of the address that the user names.

use std::collections::BTreeMap;
use std::io;

use crate::cli::accounts;
use crate::cli::args::Global;
use crate::cli::context::Context;
use crate::cli::own_catalog;
use crate::config::credentials;
use crate::engine::documents::Keyed;
use crate::engine::{CallError, Console};
use crate::wire::Credential;
use crate::wire::host_and_port;
use model::{Redactor, Secret};

/// The provider whose ways to send a key a document has: those that any service over HTTP may have.
const KIND: &str = "rest";
/// How a key is sent unless the user says something else.
const USUAL: &str = "bearer";

/// The key of the command line. A variable may have one for another service, so none is taken from there.
pub(super) fn given(
    document: &str,
    global: &Global,
    context: &Context,
    redactor: &mut Redactor,
) -> Result<Option<(String, Keyed)>, CallError> {
    let Some(source) = accounts::given_key(global, context).filter(|_| global.api_key.is_some()) else {
        return Ok(None);
    };
    let secret = source.read(&mut io::stdin())?;
    let way = global.auth.as_deref().unwrap_or(USUAL);
    keyed(document, way, (secret, global.user.as_deref()), redactor).map(Some)
}

/// Asks a person for the key, and how it is sent.
pub(super) fn asked(
    document: &str,
    challenge: Option<&str>,
    (console, global): (&mut Console, &Global),
    redactor: &mut Redactor,
) -> Result<(String, Keyed), CallError> {
    let host = host_and_port(document).map_err(CallError::Address)?;
    console.note(&format!("{host} asks for a key ({})", challenge.unwrap_or("no scheme named")));
    let cancelled =
        || CallError::Blocked { message: "no key was given; nothing was imported".into(), span: None, hint: None };
    let Some(person) = console.person.as_mut() else { return Err(cancelled()) };
    let usual = likely(challenge);
    let way = match &global.auth {
        Some(way) => way.clone(),
        None => {
            let question = format!("How is it sent (basic, bearer, header:NAME, query:NAME) [{usual}]: ");
            let answer = person.line(&question).map_err(CallError::Output)?.ok_or_else(cancelled)?;
            if answer.trim().is_empty() { usual } else { answer.trim().to_owned() }
        }
    };
    let user = match &global.user {
        None if way == "basic" => Some(person.line("User name: ").map_err(CallError::Output)?.ok_or_else(cancelled)?),
        given => given.clone(),
    };
    let typed = person.secret("Key (not shown): ").map_err(CallError::Output)?.ok_or_else(cancelled)?;
    let secret = credentials::typed(&typed)?;
    keyed(document, &way, (secret, user.as_deref()), redactor)
}

/// How a key is probably sent to a service that asks for it in a scheme. Some name the header itself.
fn likely(challenge: Option<&str>) -> String {
    match challenge {
        Some("basic") => "basic".to_owned(),
        Some(scheme) if scheme.starts_with("x-") => format!("header:{scheme}"),
        _ => USUAL.to_owned(),
    }
}

/// A key for a document, with the way in which it is sent.
pub(super) fn keyed(
    document: &str,
    way: &str,
    (secret, user): (Secret, Option<&str>),
    redactor: &mut Redactor,
) -> Result<(String, Keyed), CallError> {
    let catalog = own_catalog::built_in(KIND)?;
    let title = catalog.provider().title.clone();
    let catalog = catalog.authenticated(way).map_err(|ways| accounts::no_way(&title, way, &ways))?;
    let auth = catalog.provider().auth.clone();
    let auth = user.map_or_else(|| auth.clone(), |user| auth.of_user(user));
    if auth.needs_user() {
        return Err(CallError::usage_of("the key is sent with a user name: --user NAME".to_owned()));
    }
    redactor.learn(&secret);
    let host = host_and_port(document).map_err(CallError::Address)?;
    let credential = Some(Credential { secret, more: BTreeMap::new(), host });
    Ok((way.to_owned(), Keyed { auth, credential }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_the_host_of_the_document_and_sent_as_the_user_says() {
        let mut redactor = Redactor::default();
        let mut of = |way: &str, user| {
            keyed("https://h.example/api/docs", way, (Secret::new("s3cr3t-key"), user), &mut redactor)
        };
        let (way, key) = of("header:X-API-Key", None).unwrap();
        assert_eq!((way.as_str(), key.credential.unwrap().host.as_str()), ("header:X-API-Key", "h.example:443"));
        assert!(of("basic", None).unwrap_err().to_string().contains("--user NAME"));
        assert!(of("basic", Some("me")).is_ok());
        assert!(of("nonsense", None).unwrap_err().to_string().contains("has no way `nonsense`"));
        assert!(!redactor.foreign("x s3cr3t-key y").contains("s3cr3t"));
    }

    #[test]
    fn the_likely_way_is_that_of_the_challenge() {
        for (challenge, way) in [
            (None, "bearer"),
            (Some("bearer"), "bearer"),
            (Some("basic"), "basic"),
            (Some("x-api-key"), "header:x-api-key"),
            (Some("digest"), "bearer"),
        ] {
            assert_eq!(likely(challenge), way);
        }
    }
}
