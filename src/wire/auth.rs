//! Puts the key into requests. Only this file and the transport open sealed values on the way out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::escape::{Escape, nest};
use model::http::{Body, KEY, Part};
use model::provider::{Auth, AuthScheme};
use model::template::{Piece, pieces};
use model::{Secret, Upload, base64};

/// A key and the host it belongs to.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The key or password.
    pub secret: Secret,
    /// Other secrets that go with it, by the names of their places.
    pub more: BTreeMap<String, Secret>,
    /// `host:port` that it may be sent to.
    pub host: String,
}

impl Credential {
    /// What is put into the place of a name; `None` if there is no such secret.
    pub fn value(&self, name: &str) -> Option<&Secret> {
        if name == KEY { Some(&self.secret) } else { self.more.get(name) }
    }
}

/// The headers that the provider requires, with their names. `None` if one of the secrets in them is missing.
pub(crate) fn headers(auth: &Auth, credential: &Credential) -> Option<Vec<(String, Secret)>> {
    let mut headers = Vec::new();
    for part in auth.parts() {
        let own = match part.also.is_empty() {
            true => Cow::Borrowed(part),
            false => Cow::Owned(Auth { also: Vec::new(), ..part.clone() }),
        };
        for (name, template) in own.headers() {
            headers.push((name.to_owned(), filled(&template, part, credential)?));
        }
        if part.scheme == AuthScheme::Basic {
            let login = filled(&format!("{}:{}", part.user, part.password), part, credential)?;
            let value = Secret::new(format!("Basic {}", base64::encode(login.expose().as_bytes())));
            headers.push(("Authorization".to_owned(), value));
        }
    }
    Some(headers)
}

/// The parameters of the address that the provider requires, in the same way.
pub(crate) fn queries(auth: &Auth, credential: &Credential) -> Option<Vec<(String, Secret)>> {
    let query = |part: &Auth| Some((part.name.clone(), filled(&part.value, part, credential)?));
    auth.parts().filter(|part| part.scheme == AuthScheme::Query).map(query).collect()
}

/// A template with its secrets; `{base64}` is another template of the same part, written as Base64.
fn filled(template: &str, part: &Auth, credential: &Credential) -> Option<Secret> {
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Place(BASE64) if !part.base64.is_empty() && *template != *part.base64 => {
                text.push_str(&base64::encode(filled(&part.base64, part, credential)?.expose().as_bytes()));
            }
            Piece::Place(name) => text.push_str(credential.value(name)?.expose()),
        }
    }
    Some(Secret::new(text))
}

/// The place of a text that is written as Base64.
const BASE64: &str = "base64";

/// A piece of a body that is ready to be sent.
#[derive(Debug)]
pub(crate) enum Ready {
    /// What is in memory.
    Bytes(Vec<u8>),
    /// The content of a file.
    File(Upload),
}

/// A body with all sealed values. `None` when the body has a place for a secret that is not there.
pub(crate) fn open(body: &Body, credential: Option<&Credential>) -> Option<Vec<Ready>> {
    let (mut ready, mut bytes) = (Vec::new(), Vec::new());
    let open = |secret: &Secret, escapes: &[Escape]| nest(secret.expose(), escapes).as_bytes().to_vec();
    for part in body.parts() {
        match part {
            Part::Bytes(more) => bytes.extend_from_slice(more),
            Part::File(file) => {
                ready.push(Ready::Bytes(std::mem::take(&mut bytes)));
                ready.push(Ready::File(file.clone()));
            }
            Part::Plain(text) => bytes.extend_from_slice(text.as_bytes()),
            Part::Key(escapes) => bytes.extend(open(&credential?.secret, escapes)),
            Part::Named(name, escapes) => bytes.extend(open(credential?.value(name)?, escapes)),
            Part::Sealed(secret, escapes) => bytes.extend(open(secret, escapes)),
        }
    }
    ready.push(Ready::Bytes(bytes));
    Some(ready)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Redactor;

    /// A body without files, as it leaves.
    fn opened(body: &Body, credential: Option<&Credential>) -> Option<Vec<u8>> {
        match open(body, credential)?.pop()? {
            Ready::Bytes(bytes) => Some(bytes),
            Ready::File(_) => None,
        }
    }

    /// A credential's places in the head, as they leave.
    fn sent(auth: &Auth, key: &str) -> (Vec<String>, Vec<String>) {
        let credential = Credential { secret: Secret::new(key), more: BTreeMap::new(), host: "example.com:443".into() };
        let shown = |all: Vec<(String, Secret)>| all.iter().map(|(n, v)| format!("{n}={}", v.expose())).collect();
        (shown(headers(auth, &credential).unwrap()), shown(queries(auth, &credential).unwrap()))
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
    fn several_secrets_go_to_their_own_places() {
        let part = |scheme, name: &str, value: &str| Auth {
            scheme,
            name: name.into(),
            value: value.into(),
            ..Auth::default()
        };
        let login = part(AuthScheme::Header, "Authorization", "Session {base64}");
        let login = Auth { base64: "me:{id}:{session}".into(), ..login };
        let also = vec![part(AuthScheme::Header, "X-App", "{app}"), part(AuthScheme::Query, "otp", "{otp}"), login];
        let auth = Auth { also, ..part(AuthScheme::Header, "X-Key", "{key}") };
        let all = [("app", "{otp}"), ("otp", "1"), ("id", "7"), ("session", "s")];
        let more: BTreeMap<_, _> = all.iter().map(|(name, it)| ((*name).to_owned(), Secret::new(*it))).collect();
        let mut credential = Credential { secret: Secret::new("{app}"), more, host: String::new() };
        let shown =
            |all: &[(String, Secret)]| all.iter().map(|(n, v)| format!("{n}={}", v.expose())).collect::<Vec<_>>();
        // A secret that looks like a place is none.
        let sent = ["X-Key={app}", "X-App={otp}", "Authorization=Session bWU6Nzpz"];
        assert_eq!(shown(&headers(&auth, &credential).unwrap()), sent);
        assert_eq!(shown(&queries(&auth, &credential).unwrap()), ["otp=1"]);
        let mut body = Body::default();
        body.credential("a:{app}:{key}", Escape::Json);
        assert_eq!(opened(&body, Some(&credential)).as_deref(), Some(&b"a:{otp}:{app}"[..]));
        credential.more.clear();
        assert!(headers(&auth, &credential).is_none() && queries(&auth, &credential).is_none());
        assert_eq!(opened(&body, Some(&credential)), None);
    }

    #[test]
    fn the_key_is_known_as_it_is_sent() {
        let auth = Auth { scheme: AuthScheme::Basic, user: "me".into(), password: "{key}".into(), ..Auth::default() };
        let secret = Secret::new("Aladdin");
        let mut redactor = Redactor::default();
        redactor.learn(&secret);
        let credential = Credential { secret, more: BTreeMap::new(), host: "example.com:443".into() };
        let found = headers(&auth, &credential).unwrap();
        assert_eq!(redactor.apply(found[0].1.expose()), "Basic (redacted)==");
    }

    #[test]
    fn sealed_parts_are_escaped_in_place() {
        let mut body = Body::default();
        body.push("<string>");
        body.seal(&Secret::new("a<b&c"), Escape::Xml);
        body.push("</string>");
        assert_eq!(opened(&body, None).as_deref(), Some(&b"<string>a&lt;b&amp;c</string>"[..]));
        assert_eq!(body.preview(), "<string>(redacted)</string>");
    }

    #[test]
    fn the_key_goes_where_the_codec_left_a_place_for_it() {
        let mut body = Body::default();
        body.push("id=1&key=");
        body.key(Escape::Form);
        let credential =
            Credential { secret: Secret::new("a b&c"), more: BTreeMap::new(), host: "example.com:443".into() };
        assert_eq!(opened(&body, Some(&credential)).as_deref(), Some(&b"id=1&key=a+b%26c"[..]));
        assert_eq!(opened(&body, None), None);
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
        assert_eq!(opened(&body, None).as_deref(), Some(&b"p=%7B%22k%22%3A%22a%5C%22b+c%22%7D"[..]));
        assert_eq!(body.preview(), "p=%7B%22k%22%3A%22(redacted)%22%7D");
    }
}
