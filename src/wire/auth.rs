//! Puts the key into requests. Only this file and the transport open sealed values on the way out.

use model::escape::nest;
use model::http::{Body, Part};
use model::provider::{Auth, AuthScheme};
use model::{Secret, base64};

/// A key and the host it belongs to.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The key or password.
    pub secret: Secret,
    /// `host:port` that it may be sent to.
    pub host: String,
}

/// The value of the `Authorization` header, if the provider requires one.
pub(crate) fn authorization(auth: &Auth, credential: &Credential) -> Option<Secret> {
    match auth.scheme {
        AuthScheme::None | AuthScheme::Fields | AuthScheme::Argument => None,
        AuthScheme::Bearer => {
            Some(Secret::new(format!("Bearer {}", auth.value.replace("{key}", credential.secret.expose()))))
        }
        AuthScheme::Basic => Some(Secret::new(format!("Basic {}", basic(auth, &credential.secret).expose()))),
    }
}

fn basic(auth: &Auth, secret: &Secret) -> Secret {
    let fill = |template: &str| template.replace("{key}", secret.expose());
    Secret::new(base64::encode(format!("{}:{}", fill(&auth.user), fill(&auth.password)).as_bytes()))
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

    #[test]
    fn a_bearer_token_is_in_the_header_and_an_argument_is_not() {
        let of = |scheme| Auth { scheme, value: "{key}".into(), ..Auth::default() };
        let credential = Credential { secret: Secret::new("abc"), host: "example.com:443".into() };
        let header = |auth: &Auth| authorization(auth, &credential).map(|it| it.expose().to_owned());
        assert_eq!(header(&of(AuthScheme::Bearer)).as_deref(), Some("Bearer abc"));
        assert_eq!(header(&of(AuthScheme::Argument)), None);
    }

    #[test]
    fn the_key_is_the_user_name() {
        let auth = Auth { scheme: AuthScheme::Basic, user: "{key}".into(), ..Auth::default() };
        let credential = Credential { secret: Secret::new("Aladdin"), host: "example.com:443".into() };
        let header = authorization(&auth, &credential).map(|s| s.expose().to_owned());
        assert_eq!(header.as_deref(), Some("Basic QWxhZGRpbjo="));
    }

    #[test]
    fn the_key_is_known_as_it_is_sent() {
        let auth = Auth { scheme: AuthScheme::Basic, user: "me".into(), password: "{key}".into(), ..Auth::default() };
        let secret = Secret::new("Aladdin");
        let mut redactor = Redactor::default();
        redactor.learn(&secret);
        let credential = Credential { secret, host: "example.com:443".into() };
        let header = authorization(&auth, &credential).unwrap();
        assert_eq!(redactor.apply(header.expose()), "Basic (redacted)==");
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
