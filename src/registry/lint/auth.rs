//! Ways for the key to go: each needs a place for the key, and the place must be free.

use super::finding::found;
use crate::catalog::Catalog;
use model::auth::is_header;
use model::grant::{HandshakeRule, SessionRule};
use model::provider::{Auth, AuthScheme};
use model::route::Place;
use model::template::{is_name, pieces, places};
use model::{Effect, Method, Provider};

/// The faults in the provider's ways.
pub(super) fn findings(catalog: &Catalog) -> Vec<String> {
    let provider = catalog.provider();
    let mut findings = provider_findings(provider);
    let all = [&provider.auth].into_iter().chain(provider.auths.values());
    findings.extend(all.filter_map(|auth| auth.session.as_ref()).flat_map(|rule| session(rule, catalog)));
    findings
}

/// Those that can be found without the methods.
fn provider_findings(provider: &Provider) -> Vec<String> {
    let mut findings = way(&provider.auth, false, provider);
    findings.extend(provider.auths.values().flat_map(|auth| way(auth, true, provider)));
    let refuses = |rule: &HandshakeRule| (400..500).contains(&rule.status) && is_header(&rule.header);
    findings.extend(found(&[(
        provider.handshake.as_ref().is_some_and(|rule| !refuses(rule)),
        "a handshake needs the status of a refusal and a header",
    )]));
    findings
}

/// The faults of one way. The name of an `other` way may be left to the account.
fn way(auth: &Auth, other: bool, provider: &Provider) -> Vec<String> {
    let mut findings: Vec<String> = auth.parts().flat_map(|each| part(each, other, provider)).collect();
    let with = auth.session.iter().flat_map(|rule| rule.with.values());
    let templates: Vec<&String> = auth.parts().flat_map(Auth::templates).chain(with).collect();
    let named = |name: &str| templates.iter().any(|template| places(template).any(|place| place == name));
    let taken = || auth.session.iter().flat_map(|rule| rule.takes.keys());
    let own: Vec<&String> = auth.secrets.keys().chain(taken()).collect();
    let known = |name: &str| {
        ["key", "user"].contains(&name)
            || name == "base64" && !auth.base64.is_empty()
            || own.iter().any(|it| *it == name)
    };
    let strange = templates.iter().flat_map(|template| places(template)).find(|name| !known(name));
    let bad = own.iter().find(|name| !is_name(name) || ["key", "user", "base64", "handshake"].contains(&name.as_str()));
    let idle = own.iter().find(|name| !named(name));
    let nested =
        auth.also.iter().any(|part| !part.also.is_empty() || !part.secrets.is_empty() || part.session.is_some());
    findings.extend(found(&[
        (auth.scheme != AuthScheme::None && !named("key"), "no place for the key"),
        (nested, "what is sent together has no secrets and no session of its own"),
    ]));
    findings.extend(strange.map(|name| format!("{{{name}}} is not a secret of the account")));
    findings.extend(bad.map(|name| format!("{name} cannot be the name of a secret")));
    findings.extend(idle.map(|name| format!("{name} has no place")));
    findings
}

/// The faults of one of the credentials that are sent together.
fn part(auth: &Auth, other: bool, provider: &Provider) -> Vec<String> {
    use AuthScheme::{Argument, Fields, Header, Query};
    let named = matches!(auth.scheme, Header | Query);
    let bad = match auth.scheme {
        Header => !is_header(&auth.name),
        Query => auth.name.is_empty(),
        _ => false,
    };
    let twice =
        auth.headers().iter().any(|(name, _)| provider.headers.keys().any(|set| set.eq_ignore_ascii_case(name)));
    let beside =
        auth.also.iter().any(|part| !matches!(part.scheme, AuthScheme::Basic | AuthScheme::Bearer | Header | Query));
    found(&[
        (
            (auth.scheme == Fields) == auth.fields.is_empty(),
            "credential fields belong to the scheme fields, and to no other",
        ),
        (auth.scheme != Argument && !auth.except.is_empty(), "`except` is for the scheme argument"),
        (!named && !auth.name.is_empty(), "a name belongs to the schemes header and query, and to no other"),
        (bad && !(other && auth.is_unnamed()), "the name cannot be that of a place for the key"),
        (twice, "the header for the key is one of the fixed headers too"),
        (beside, "only the schemes basic, bearer, header and query are sent together with another"),
        (!auth.base64.is_empty() && !named, "base64 belongs to the schemes header and query, and to no other"),
    ])
}

/// The faults of a session.
fn session(rule: &SessionRule, catalog: &Catalog) -> Vec<String> {
    let login = match catalog.method(&rule.login) {
        Some(Ok(login)) => login,
        _ => return vec![format!("a session begins with {}, which is not a method", rule.login)],
    };
    let alone = |template: &&String| {
        let mut secret = places(template).filter(|name| *name != "user");
        secret.next().is_none() || pieces(template).len() == 1
    };
    let mixed = rule.with.values().any(|template| !alone(&template));
    let unknown = rule.with.keys().find(|name| login.param(name).is_none() && !login.params.is_empty());
    let lacking = login.params.iter().find(|param| param.required && !rule.with.contains_key(&param.name));
    let ends = rule.logout.as_ref().filter(|name| !matches!(catalog.method(name), Some(Ok(_))));
    let mut findings = found(&[
        (
            login.effect != Effect::Read,
            "the method that begins a session must be a read: it changes nothing of the account",
        ),
        (rule.takes.is_empty(), "a session takes nothing from the result of its login"),
        (mixed, "a secret is the whole value of a login's parameter, or no part of it"),
    ]);
    findings.extend(unknown.map(|name| format!("{} has no parameter {name}", rule.login)));
    findings.extend(lacking.map(|param| format!("{} needs {}", rule.login, param.name)));
    findings.extend(ends.map(|name| format!("a session ends with {name}, which is not a method")));
    findings
}

/// The faults of a method whose parameters go where the key goes.
pub(super) fn method_findings(method: &Method, provider: &Provider) -> Vec<String> {
    let auth = &provider.auth;
    let free = method.auth.as_deref().filter(|way| *way != "none");
    let no_way = free.filter(|way| provider.auths.get(*way).is_none_or(Auth::is_unnamed));
    let takes = |place: Place, name: &str| match place {
        Place::Header => auth.headers().iter().any(|(taken, _)| taken.eq_ignore_ascii_case(name)),
        Place::Query => auth.queries().iter().any(|(taken, _)| *taken == name),
        _ => false,
    };
    let params = method.params.iter().filter(|_| method.route.is_some());
    let taken = params.filter(|param| takes(method.place(param), param.wire_name()));
    let taken = taken.map(|param| format!("{}: the key is sent in its place", param.name));
    taken.chain(no_way.map(|way| format!("{way} is not a way for its key"))).collect()
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
            (
                r#""auth":{"scheme":"bearer","secrets":{"app":"App"},"also":[{"scheme":"header","name":"X","value":"{app}"}]}"#,
                "",
            ),
            (r#""auth":{"scheme":"bearer","secrets":{"app":"App"}}"#, "app has no place"),
            (r#""auth":{"scheme":"bearer","value":"{key}{app}"}"#, "{app} is not a secret"),
            (r#""auth":{"scheme":"bearer","value":"{key}{user2}","secrets":{"user2":"U"}}"#, ""),
            (r#""auth":{"scheme":"bearer","secrets":{"App":"x"}}"#, "App cannot be the name"),
            (r#""auth":{"scheme":"bearer","also":[{"scheme":"fields","fields":{"a":"b"}}]}"#, "only the schemes"),
            (r#""auth":{"scheme":"header","name":"X","value":"S {base64}","base64":"{user}:{key}"}"#, ""),
            (r#""auth":{"scheme":"bearer","base64":"{key}"}"#, "base64 belongs to"),
            (r#""handshake":{"status":409,"header":"X-Session-Id"}"#, ""),
            (r#""handshake":{"status":200,"header":"X-Session-Id"}"#, "a handshake needs"),
            (r#""handshake":{"status":409,"header":"Host"}"#, "a handshake needs"),
            (r#""auths":{"h":{"scheme":"header"}}"#, ""),
            (r#""auths":{"h":{"scheme":"header","name":"Host"}}"#, "the name cannot be"),
            (r#""auths":{"h":{"scheme":"argument","except":["a"]}}"#, ""),
            (r#""auths":{"h":{"scheme":"bearer","except":["a"]}}"#, "`except` is for"),
        ] {
            let found = provider_findings(&provider(rule)).join("; ");
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
        let ways = provider(r#""auths":{"other":{"scheme":"bearer"},"open":{"scheme":"header"}}"#);
        for (way, fits) in [("none", true), ("other", true), ("open", false), ("nothing", false)] {
            let method = Method { auth: Some(way.into()), ..Method::default() };
            assert_eq!(method_findings(&method, &ways).is_empty(), fits, "{way}");
        }
    }

    #[test]
    fn a_session_begins_with_a_method_that_fits() {
        let rule = r#"auths.s = { scheme = "bearer", value = "{session}", session = { login = "in", WITH } }"#;
        let method = r#"[[method]]
            name = "in"
            effect = "read"
            params = [{ name = "user", type = "string", required = true }, { name = "pw", type = "string", secret = true }]"#;
        for (with, finding) in [
            (r#"with = { user = "{user}", pw = "{key}" }, takes = { session = "." }"#, ""),
            (r#"with = { user = "me@{user}", pw = "{key}" }, takes = { session = "a.b" }, ended = [1]"#, ""),
            (r#"with = { pw = "{key}" }, takes = { session = "." }"#, "in needs user"),
            (r#"with = { user = "x", pw = "a{key}" }, takes = { session = "." }"#, "the whole value"),
            (r#"with = { user = "x", pw = "{key}", z = "x" }, takes = { session = "." }"#, "has no parameter z"),
            (r#"with = { user = "{key}" }, takes = {}"#, "a session takes nothing"),
            (r#"with = { user = "{key}" }, takes = { session = "." }, logout = "out""#, "ends with out"),
        ] {
            let found = super::super::tests::lint_of(&rule.replace("WITH", with), "", method);
            let about = ["session", "in needs", "whole value", "no parameter"].iter().any(|word| found.contains(word));
            assert_eq!((found.contains(finding), about), (true, !finding.is_empty()), "{with}: {found}");
        }
        let change = method.replace("read", "change");
        let found = super::super::tests::lint_of(&rule.replace("WITH", r#"takes = { session = "." }"#), "", &change);
        assert!(found.contains("must be a read"), "{found}");
    }
}
