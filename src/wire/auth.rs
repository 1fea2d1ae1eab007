//! Puts the key into requests. Only this file and the transport open sealed values on the way out.

use model::escape::nest;
use model::http::{Body, Part};
use model::provider::{Auth, AuthScheme, KEY};
use model::{Secret, base64};

/// A key and the host it belongs to.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The key or password.
    pub secret: Secret,
    /// `host:port` that it may be sent to.
    pub host: String,
}

/// The headers that the provider requires, with their names.
pub(crate) fn headers(auth: &Auth, credential: &Credential) -> Vec<(String, Secret)> {
    let mut headers: Vec<(String, Secret)> =
        auth.headers().iter().map(|(name, template)| ((*name).to_owned(), filled(template, credential))).collect();
    if auth.scheme == AuthScheme::Basic {
        let login = filled(&format!("{}:{}", auth.user, auth.password), credential);
        let value = Secret::new(format!("Basic {}", base64::encode(login.expose().as_bytes())));
        headers.push(("Authorization".to_owned(), value));
    }
    headers
}

/// The parameters of the address that the provider requires, with their names.
pub(crate) fn queries(auth: &Auth, credential: &Credential) -> Vec<(String, Secret)> {
    auth.queries().iter().map(|(name, template)| ((*name).to_owned(), filled(template, credential))).collect()
}

fn filled(template: &str, credential: &Credential) -> Secret {
    Secret::new(template.replace(KEY, credential.secret.expose()))
}

/// The bytes of a body with all sealed values. `None` when the body has a place for the key but there is no key.
pub(crate) fn open(body: &Body, credential: Option<&Credential>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for part in body.parts() {
        match part {
            Part::Plain(text) => bytes.extend_from_slice(text.as_bytes()),
            Part::Key(escapes) => bytes.extend_from_slice(nest(credential?.secret.expose(), escapes).as_bytes()),
            Part::Sealed(secret, escapes) => bytes.extend_from_slice(nest(secret.expose(), escapes).as_bytes()),
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Redactor;
    use model::escape::Escape;

    /// A credential's places in the head, as they leave.
    fn sent(auth: &Auth, key: &str) -> (Vec<String>, Vec<String>) {
        let credential = Credential { secret: Secret::new(key), host: "example.com:443".into() };
        let shown = |all: Vec<(String, Secret)>| all.iter().map(|(n, v)| format!("{n}={}", v.expose())).collect();
        (shown(headers(auth, &credential)), shown(queries(auth, &credential)))
    }

    #[test]
    fn a_key_is_in_the_head_as_its_scheme_says() {
        let of = |scheme, name: &str, value: &str| Auth {
            scheme,
            name: name.into(),
            value: value.into(),
            user: "{key}".into(),
            ..Auth::default()
        };
        for (auth, headers, queries) in [
            (of(AuthScheme::Bearer, "", "{key}"), &["Authorization=Bearer Aladdin"][..], &[][..]),
            (of(AuthScheme::Basic, "", ""), &["Authorization=Basic QWxhZGRpbjo="], &[]),
            (of(AuthScheme::Argument, "", "{key}"), &[], &[]),
            (of(AuthScheme::Fields, "", "{key}"), &[], &[]),
            (of(AuthScheme::Header, "X-API-Key", "{key}"), &["X-API-Key=Aladdin"], &[]),
            (of(AuthScheme::Header, "Authorization", "Token {key}"), &["Authorization=Token Aladdin"], &[]),
            (of(AuthScheme::Query, "api_key", "{key}"), &[], &["api_key=Aladdin"]),
        ] {
            let (found, asked) = sent(&auth, "Aladdin");
            assert_eq!(
                (found, asked),
                (
                    headers.iter().map(|it| (*it).to_owned()).collect(),
                    queries.iter().map(|it: &&str| (*it).to_owned()).collect()
                ),
                "{:?}",
                auth.scheme
            );
        }
    }

    #[test]
    fn the_key_is_known_as_it_is_sent() {
        let auth = Auth { scheme: AuthScheme::Basic, user: "me".into(), password: "{key}".into(), ..Auth::default() };
        let secret = Secret::new("Aladdin");
        let mut redactor = Redactor::default();
        redactor.learn(&secret);
        let credential = Credential { secret, host: "example.com:443".into() };
        let found = headers(&auth, &credential);
        assert_eq!(redactor.apply(found[0].1.expose()), "Basic (redacted)==");
    }

    #[test]
    fn sealed_parts_are_escaped_in_place() {
        let mut body = Body::default();
        body.push("<string>");
        body.seal(&Secret::new("a<b&c"), Escape::Xml);
        body.push("</string>");
        assert_eq!(open(&body, None).as_deref(), Some(&b"<string>a&lt;b&amp;c</string>"[..]));
        assert_eq!(body.preview(), "<string>(redacted)</string>");
    }

    #[test]
    fn the_key_goes_where_the_codec_left_a_place_for_it() {
        let mut body = Body::default();
        body.push("id=1&key=");
        body.key(Escape::Form);
        let credential = Credential { secret: Secret::new("a b&c"), host: "example.com:443".into() };
        assert_eq!(open(&body, Some(&credential)).as_deref(), Some(&b"id=1&key=a+b%26c"[..]));
        assert_eq!(open(&body, None), None);
        assert_eq!(body.preview(), "id=1&key=(redacted)");
    }

    #[test]
    fn a_sealed_part_is_escaped_for_every_notation_around_it() {
        let mut inner = Body::default();
        inner.push("{\"k\":\"");
        inner.seal(&Secret::new("a\"b c"), Escape::Json);
        inner.push("\"}");
        let mut body = Body::default();
        body.push("p=");
        body.nest(inner, Escape::Form);
        assert_eq!(open(&body, None).as_deref(), Some(&b"p=%7B%22k%22%3A%22a%5C%22b+c%22%7D"[..]));
        assert_eq!(body.preview(), "p=%7B%22k%22%3A%22(redacted)%22%7D");
    }
}
