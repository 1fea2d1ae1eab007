//! Idempotency keys: a key must have one place, which nothing else uses.

use super::finding::found;
use crate::catalog::Catalog;
use model::method::Passing;
use model::{IdempotencyRule, Method, Type};

/// The headers that the program sets itself, or that belong to the connection.
const TAKEN: [&str; 14] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "if-range",
    "proxy-authorization",
    "range",
    "te",
    "transfer-encoding",
    "user-agent",
];

/// The faults in the rule of a method, its own or the provider's.
pub(super) fn findings(method: &Method) -> Vec<String> {
    let Some(rule) = &method.idempotency else { return Vec::new() };
    let mut findings = place(rule);
    if let Some(name) = &rule.param {
        let param = method.params.iter().find(|param| param.name == *name);
        let sent_alone = method.passing() == Passing::Positional;
        findings.extend(found(&[
            (param.is_none(), "its key is not a parameter"),
            (param.is_some_and(|param| param.type_ != Type::String), "its key is not a text"),
            (param.is_some_and(|param| param.required), "its key is required, but the program makes it"),
            (param.is_some_and(|param| param.secret), "its key is a secret, and secrets are not kept"),
            (param.is_some() && sent_alone, "its key has no name, because the values are sent by position"),
        ]));
    }
    findings.into_iter().map(|finding| format!("idempotency: {finding}")).collect()
}

/// The faults in the rule of the provider.
pub(super) fn provider_findings(catalog: &Catalog) -> Vec<String> {
    let Some(rule) = &catalog.provider().idempotency else { return Vec::new() };
    let mut findings = place(rule);
    let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok());
    if rule.param.is_some()
        && !methods.into_iter().any(|method| rule.suits(method.params.iter().map(|param| param.name.as_str())))
    {
        findings.push("no method takes the parameter".into());
    }
    findings.into_iter().map(|finding| format!("idempotency: {finding}")).collect()
}

fn place(rule: &IdempotencyRule) -> Vec<String> {
    let header = rule.header.as_deref();
    found(&[
        (header.is_some() == rule.param.is_some(), "it needs either `header` or `param`"),
        (header.is_some_and(|name| !is_token(name)), "this is not the name of a header"),
        (
            header.is_some_and(|name| TAKEN.contains(&&*name.to_ascii_lowercase())),
            "this header is used for something else",
        ),
    ])
}

/// Whether a text can be the name of a header (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::super::tests::lint_of;

    fn method(more: &str) -> String {
        let params = r#"[{ name = "k", type = "string", summary = "Key" },
            { name = "n", type = "int", summary = "Number" },
            { name = "s", type = "string", secret = true, summary = "Secret" },
            { name = "r", type = "string", required = true, summary = "Required" }]"#;
        format!(
            "[[method]]\nname = \"a.b\"\ndoc = 1\nsummary = \"Does it\"\nexample = \"a.b\"\nparams = {}\n{more}\n",
            params.replace('\n', " ")
        )
    }

    #[test]
    fn faults_of_keys_are_found() {
        let rule = |place: &str| format!("idempotency = {{ {place}, window = \"24h\" }}");
        for (place, fault) in [
            (r#"header = "Idempotency-Key""#, "fit"),
            (r#"param = "k""#, "fit"),
            (r#"header = "K", param = "k""#, "either `header` or `param`"),
            (r#"header = "Not one""#, "not the name of a header"),
            (r#"header = """#, "not the name of a header"),
            (r#"header = "Authorization""#, "used for something else"),
            (r#"param = "other""#, "not a parameter"),
            (r#"param = "n""#, "not a text"),
            (r#"param = "r""#, "required"),
            (r#"param = "s""#, "a secret"),
        ] {
            let found = lint_of("", "", &method(&rule(place)));
            assert!(found.contains(fault), "{place}: {found}");
        }
        for (place, fault) in [
            (r#"header = "Idempotency-Key""#, "fit"),
            (r#"param = "k""#, "fit"),
            (r#"param = "other""#, "no method takes the parameter"),
            (r#"header = "Host""#, "used for something else"),
        ] {
            let found = lint_of(&rule(place), "", &method(""));
            assert!(found.contains(fault), "{place}: {found}");
        }
        let positional = format!("{}\narguments = \"positional\"", rule(r#"param = "k""#));
        let found = lint_of("", "", &method(&positional));
        assert!(found.contains("sent by position"), "{found}");
        let found = lint_of("", "", &method("idempotency = { header = \"K\", window = \"24\" }"));
        assert!(found.contains("not a length of time with a unit"), "{found}");
        let found = lint_of("", "", &method("idempotency = { window = \"24h\" }"));
        assert!(found.contains("either `header` or `param`"), "{found}");
    }
}
