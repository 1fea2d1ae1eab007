//! Ways for the key to go: each needs a place for the key, and the place must be free.

use super::finding::found;
use model::auth::is_header;
use model::provider::{Auth, AuthScheme, KEY};
use model::route::Place;
use model::{Method, Provider};

/// The faults in the provider's ways.
pub(super) fn findings(provider: &Provider) -> Vec<String> {
    let mut findings = way(&provider.auth, false, provider);
    findings.extend(provider.auths.values().flat_map(|auth| way(auth, true, provider)));
    findings
}

/// The faults of one way. The name of an `other` way may be left to the account.
fn way(auth: &Auth, other: bool, provider: &Provider) -> Vec<String> {
    use AuthScheme::{Argument, Bearer, Fields, Header, Query};
    let whole = matches!(auth.scheme, Argument | Bearer | Header | Query).then_some(&auth.value);
    let templates = [&auth.user, &auth.password].into_iter().chain(whole).chain(auth.fields.values());
    let keyed = templates.into_iter().any(|template| template.contains(KEY));
    let named = matches!(auth.scheme, Header | Query);
    let bad = match auth.scheme {
        Header => !is_header(&auth.name),
        Query => auth.name.is_empty(),
        _ => false,
    };
    let twice =
        auth.headers().iter().any(|(name, _)| provider.headers.keys().any(|set| set.eq_ignore_ascii_case(name)));
    found(&[
        (auth.scheme != AuthScheme::None && !keyed, "no place for the key"),
        (
            (auth.scheme == Fields) == auth.fields.is_empty(),
            "credential fields belong to the scheme fields, and to no other",
        ),
        (auth.scheme != Argument && !auth.except.is_empty(), "`except` is for the scheme argument"),
        (!named && !auth.name.is_empty(), "a name belongs to the schemes header and query, and to no other"),
        (bad && !(other && auth.is_unnamed()), "the name cannot be that of a place for the key"),
        (twice, "the header for the key is one of the fixed headers too"),
    ])
}

/// The faults of a method whose parameters go where the key goes.
pub(super) fn method_findings(method: &Method, provider: &Provider) -> Vec<String> {
    let auth = &provider.auth;
    let takes = |place: Place, name: &str| match place {
        Place::Header => auth.headers().iter().any(|(taken, _)| taken.eq_ignore_ascii_case(name)),
        Place::Query => auth.queries().iter().any(|(taken, _)| *taken == name),
        _ => false,
    };
    let params = method.params.iter().filter(|_| method.route.is_some());
    let taken = params.filter(|param| takes(method.place(param), param.wire_name()));
    taken.map(|param| format!("{}: the key is sent in its place", param.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(rule: &str) -> Provider {
        serde_json::from_str(&format!(r#"{{"id":"t","transport":[],{rule}}}"#)).unwrap()
    }

    #[test]
    fn a_key_has_one_place_that_nothing_else_uses() {
        for (rule, finding) in [
            (r#""auth":{"scheme":"header","name":"X-API-Key"}"#, ""),
            (r#""auth":{"scheme":"header","name":"Authorization","value":"Token {key}"}"#, ""),
            (r#""auth":{"scheme":"header","name":"Cookie","value":"session={key}"}"#, ""),
            (r#""auth":{"scheme":"query","name":"api_key"}"#, ""),
            (r#""auth":{"scheme":"header"}"#, "the name cannot be"),
            (r#""auth":{"scheme":"query"}"#, "the name cannot be"),
            (r#""auth":{"scheme":"header","name":"Host"}"#, "the name cannot be"),
            (r#""auth":{"scheme":"header","name":"X Key"}"#, "the name cannot be"),
            (r#""auth":{"scheme":"header","name":"X-Key","value":"x"}"#, "no place for the key"),
            (r#""auth":{"scheme":"basic"}"#, "no place for the key"),
            (r#""auth":{"scheme":"fields"}"#, "no place for the key"),
            (r#""auth":{"scheme":"fields","user":"{key}"}"#, "credential fields"),
            (r#""auth":{"scheme":"bearer","name":"X-Key"}"#, "a name belongs to"),
            (r#""headers":{"x-key":"1"},"auth":{"scheme":"header","name":"X-Key"}"#, "one of the fixed headers"),
            (r#""auths":{"h":{"scheme":"header"}}"#, ""),
            (r#""auths":{"h":{"scheme":"header","name":"Host"}}"#, "the name cannot be"),
            (r#""auths":{"h":{"scheme":"argument","except":["a"]}}"#, ""),
            (r#""auths":{"h":{"scheme":"bearer","except":["a"]}}"#, "`except` is for"),
        ] {
            let found = findings(&provider(rule)).join("; ");
            assert!(found.contains(finding) && found.is_empty() == finding.is_empty(), "{rule}: {found}");
        }
    }

    #[test]
    fn a_parameter_does_not_go_where_the_key_goes() {
        let method = r#"{"name":"a","route":{"verb":"GET","path":"/"},"params":[
            {"name":"one","wire":"x-KEY","type":"string","place":"header"},{"name":"key","type":"string"}]}"#;
        let method: Method = serde_json::from_str(method).unwrap();
        for (rule, taken) in [
            (r#""auth":{"scheme":"header","name":"X-Key"}"#, &["one: the key is sent in its place"][..]),
            (r#""auth":{"scheme":"query","name":"key"}"#, &["key: the key is sent in its place"]),
            (r#""auth":{"scheme":"header","name":"key"}"#, &[]),
        ] {
            assert_eq!(method_findings(&method, &provider(rule)), taken, "{rule}");
        }
    }
}
