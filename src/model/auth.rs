//! Where the key of an account goes, and what keys look like.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::escape::without_query;
use super::glob::glob;
use super::grant::SessionRule;
use super::template::places;

fn bare() -> String {
    KEY.to_owned()
}

/// Where the key goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The scheme.
    pub scheme: AuthScheme,
    /// The user name, with `{key}` for the secret and `{user}` for the account's name.
    #[serde(default)]
    pub user: String,
    /// The password, with the same placeholders.
    #[serde(default)]
    pub password: String,
    /// The fields of the body that hold the credentials, with the same placeholders.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The header or the parameter of the address that holds the credential. In one of the other ways it may be left to
    /// the account: `auth = "header:X-API-Key"`.
    #[serde(default)]
    pub name: String,
    /// The credential as it is sent where the scheme sends it in one piece, with the same placeholders; the key itself
    /// unless it says otherwise.
    #[serde(default = "bare")]
    pub value: String,
    /// Methods that take no credential as their first argument; a star at either end matches anything.
    #[serde(default)]
    pub except: Vec<String>,
    /// The format of the provider's keys, where its document states it.
    #[serde(default)]
    pub key: Option<KeyForm>,
    /// Calls without a key are possible: some services of this kind need none.
    #[serde(default)]
    pub optional: bool,
    /// What is sent together with it, by the schemes `basic`, `bearer`, `header` and `query`: a second key, for example.
    #[serde(default)]
    pub also: Vec<Auth>,
    /// The secrets that an account has in addition to its key: the names of their placeholders, each with what it is
    /// called when a person is asked for it.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// The text that is written as Base64 in the place of `{base64}` in `value`.
    #[serde(default)]
    pub base64: String,
    /// How a session key is got, for services that want one instead of the key itself.
    #[serde(default)]
    pub session: Option<SessionRule>,
}

/// Formats of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyForm {
    /// 32 hexadecimal digits.
    Hex32,
    /// ASCII letters and digits.
    Alphanumeric,
}

impl KeyForm {
    /// Whether a text can be a key.
    pub fn fits(self, text: &str) -> bool {
        match self {
            KeyForm::Hex32 => text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
            KeyForm::Alphanumeric => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        }
    }

    /// The format in words, for the user.
    pub fn words(self) -> &'static str {
        match self {
            KeyForm::Hex32 => "32 hexadecimal digits",
            KeyForm::Alphanumeric => "letters and digits only",
        }
    }
}

/// The placeholder for the account's name in a catalogue.
pub const USER: &str = "{user}";
/// The placeholder for the key.
pub const KEY: &str = "{key}";

impl Auth {
    /// The same with the account's name filled in.
    pub fn of_user(&self, user: &str) -> Auth {
        let fill = |template: &String| template.replace(USER, user);
        let filled = |all: &BTreeMap<String, String>| all.iter().map(|(name, it)| (name.clone(), fill(it))).collect();
        Auth {
            user: fill(&self.user),
            password: fill(&self.password),
            fields: filled(&self.fields),
            value: fill(&self.value),
            also: self.also.iter().map(|part| part.of_user(user)).collect(),
            base64: fill(&self.base64),
            session: self.session.as_ref().map(|rule| SessionRule { with: filled(&rule.with), ..rule.clone() }),
            ..self.clone()
        }
    }

    /// The credentials that are sent together: this one and what it is sent with.
    pub fn parts(&self) -> impl Iterator<Item = &Auth> {
        std::iter::once(self).chain(&self.also)
    }

    /// The templates of this part.
    pub fn templates(&self) -> impl Iterator<Item = &String> {
        let value = Some(&self.value).filter(|_| self.scheme.is_whole());
        [&self.user, &self.password, &self.base64].into_iter().chain(value).chain(self.fields.values())
    }

    /// The same without what a session is known by: for the call that begins one, and for calls before it.
    pub fn without_session(&self) -> Auth {
        let Some(rule) = &self.session else { return self.clone() };
        let free = |part: &&Auth| {
            let mut names = part.templates().flat_map(|template| places(template));
            !names.any(|name| rule.takes.contains_key(name))
        };
        let also: Vec<Auth> = self.also.iter().filter(free).cloned().collect();
        let scheme = if free(&self) { self.scheme } else { AuthScheme::None };
        Auth { scheme, also, session: None, ..self.clone() }
    }

    /// Whether a typed word looks like a key and like nothing else.
    pub fn is_key(&self, word: &str) -> bool {
        self.key == Some(KeyForm::Hex32) && KeyForm::Hex32.fits(word)
    }

    /// Whether the user name of HTTP Basic contains `part`: the placeholder of the account's name, or of the key. It
    /// has no colon: what follows one is the password (RFC 7617, section 2).
    pub fn user_is(&self, part: &str) -> bool {
        self.scheme == AuthScheme::Basic && self.user.contains(part)
    }

    /// The template of the credential that goes before the arguments of a method; `None` if there is none.
    pub fn first_argument(&self, method: &str) -> Option<&str> {
        let taken = self.scheme == AuthScheme::Argument && !self.except.iter().any(|name| glob(name, method));
        taken.then_some(&self.value)
    }

    /// The headers that hold a credential as it is, with their templates. That of HTTP Basic is made by the wire.
    pub fn headers(&self) -> Vec<(&str, String)> {
        let mut headers = Vec::new();
        for part in self.parts() {
            match part.scheme {
                AuthScheme::Header => headers.push((&*part.name, part.value.clone())),
                AuthScheme::Bearer => headers.push((AUTHORIZATION, format!("Bearer {}", part.value))),
                _ => {}
            }
        }
        headers
    }

    /// The parameters of the address that hold a credential, with their templates.
    pub fn queries(&self) -> Vec<(&str, &str)> {
        let queries = self.parts().filter(|part| part.scheme == AuthScheme::Query);
        queries.map(|part| (&*part.name, &*part.value)).collect()
    }

    /// An address without the parameters that hold a credential: they are added when it is called, and a service may
    /// repeat them in addresses that it names.
    pub fn without_credentials(&self, url: &str) -> String {
        self.queries().iter().fold(url.to_owned(), |url, (name, _)| without_query(&url, name))
    }

    /// The same way with the name that an account gives, and the word before the key: `X-API-Key`,
    /// `Authorization:Token`. `None` if it cannot be named so.
    pub fn named(&self, given: &str) -> Option<Auth> {
        let (name, word) = given.split_once(':').map_or((given, None), |(name, word)| (name, Some(word.trim())));
        let fits = match self.scheme {
            _ if !self.name.is_empty() => false,
            AuthScheme::Header => {
                is_header(name)
                    && word.is_none_or(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_graphic()))
            }
            AuthScheme::Query => !name.is_empty() && word.is_none(),
            _ => false,
        };
        let value = word.map_or_else(|| self.value.clone(), |word| format!("{word} {}", self.value));
        fits.then(|| Auth { name: name.to_owned(), value, ..self.clone() })
    }

    /// Whether its name is left to the account.
    pub fn is_unnamed(&self) -> bool {
        matches!(self.scheme, AuthScheme::Header | AuthScheme::Query) && self.name.is_empty()
    }

    /// Whether calls without a key are refused before they are sent.
    pub fn needs_key(&self) -> bool {
        self.scheme != AuthScheme::None && !self.optional
    }

    /// Whether the account's name must still be filled in.
    pub fn needs_user(&self) -> bool {
        let with = self.session.iter().flat_map(|rule| rule.with.values());
        self.parts().flat_map(|part| part.templates()).chain([&self.value]).chain(with).any(|it| it.contains(USER))
    }
}

/// The authentication schemes of this program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthScheme {
    /// No credentials.
    #[default]
    None,
    /// HTTP Basic.
    Basic,
    /// As fields of every body.
    Fields,
    /// As the `Bearer` token of the header `Authorization` (RFC 6750).
    Bearer,
    /// As the first argument of every call.
    Argument,
    /// As a header of any name.
    Header,
    /// As a parameter of the address.
    Query,
}

impl AuthScheme {
    /// Whether the credential is sent in one piece, made from one template.
    pub fn is_whole(self) -> bool {
        matches!(self, AuthScheme::Bearer | AuthScheme::Argument | AuthScheme::Header | AuthScheme::Query)
    }
}

/// The header of HTTP's own schemes.
const AUTHORIZATION: &str = "Authorization";

/// Whether a text can be the name of a header that holds a credential: a token (RFC 9110, section 5.6.2), and not one
/// that HTTP itself decides.
pub fn is_header(name: &str) -> bool {
    const TAKEN: [&str; 9] = [
        "accept",
        "connection",
        "content-length",
        "content-type",
        "host",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(token) && !TAKEN.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accounts_name_is_filled_in_everywhere() {
        let basic = Auth { user: "{user}".into(), password: "{key}".into(), ..Auth::default() };
        let fields = Auth { fields: BTreeMap::from([("id".into(), "{user}".into())]), ..Auth::default() };
        for auth in [basic, fields] {
            assert!(auth.needs_user());
            let filled = auth.of_user("me");
            assert!(!filled.needs_user() && format!("{filled:?}").contains("\"me\""));
        }
        assert!(!Auth { user: "{key}".into(), ..Auth::default() }.needs_user());
    }

    #[test]
    fn a_credential_goes_before_the_arguments_of_most_methods() {
        let except = vec!["system.*".to_owned()];
        let auth = Auth { scheme: AuthScheme::Argument, value: "token:{key}".into(), except, ..Auth::default() };
        assert_eq!(auth.first_argument("a.b"), Some("token:{key}"));
        assert_eq!(auth.first_argument("system.listMethods"), None);
        assert_eq!(Auth::default().first_argument("a.b"), None);
    }

    #[test]
    fn a_credential_has_a_place_in_the_head() {
        let auth = |scheme, name: &str| Auth { scheme, name: name.into(), value: "t {key}".into(), ..Auth::default() };
        let (header, query) = (auth(AuthScheme::Header, "X-Key"), auth(AuthScheme::Query, "api_key"));
        assert_eq!(header.headers(), [("X-Key", "t {key}".to_owned())]);
        assert_eq!(auth(AuthScheme::Bearer, "").headers(), [("Authorization", "Bearer t {key}".to_owned())]);
        assert_eq!((query.headers(), query.queries()), (vec![], vec![("api_key", "t {key}")]));
        assert_eq!(query.without_credentials("http://h/a?api_key=x&b=1"), "http://h/a?b=1");
        assert_eq!(header.without_credentials("http://h/a?api_key=x"), "http://h/a?api_key=x");
    }

    #[test]
    fn an_account_names_the_header_or_the_parameter() {
        let open = |scheme| Auth { scheme, value: "{key}".into(), ..Auth::default() };
        for (scheme, given, named) in [
            (AuthScheme::Header, "X-API-Key", Some(("X-API-Key", "{key}"))),
            (AuthScheme::Header, "Authorization:Token", Some(("Authorization", "Token {key}"))),
            (AuthScheme::Header, "", None),
            (AuthScheme::Header, "X Key", None),
            (AuthScheme::Header, "Host", None),
            (AuthScheme::Header, "X-Key:", None),
            (AuthScheme::Header, "X-Key:a\nb", None),
            (AuthScheme::Query, "api_key", Some(("api_key", "{key}"))),
            (AuthScheme::Query, "api_key:x", None),
            (AuthScheme::Bearer, "x", None),
        ] {
            let found = open(scheme).named(given);
            assert_eq!(found.as_ref().map(|auth| (&*auth.name, &*auth.value)), named, "{scheme:?} {given:?}");
        }
        assert!(
            open(AuthScheme::Query).is_unnamed() && open(AuthScheme::Query).named("k").unwrap().named("l").is_none()
        );
    }

    #[test]
    fn credentials_are_sent_together() {
        let part = |scheme, name: &str, value: &str| Auth {
            scheme,
            name: name.into(),
            value: value.into(),
            ..Auth::default()
        };
        let also = vec![part(AuthScheme::Header, "X-App", "{app}"), part(AuthScheme::Query, "u", "{user}")];
        let takes = BTreeMap::from([("session".to_owned(), ".".to_owned())]);
        let with = BTreeMap::from([("name".to_owned(), "{user}".to_owned())]);
        let session = SessionRule { login: "in".into(), with, takes, logout: None, ended: vec![] };
        let auth = Auth { also, session: Some(session), ..part(AuthScheme::Bearer, "", "{session}") };
        assert_eq!(auth.headers(), [("Authorization", "Bearer {session}".into()), ("X-App", "{app}".into())]);
        assert!(auth.needs_user());
        let filled = auth.of_user("me");
        assert_eq!((filled.queries(), filled.needs_user()), (vec![("u", "me")], false));
        let login = filled.without_session();
        assert_eq!((login.headers(), login.queries()), (vec![("X-App", "{app}".into())], vec![("u", "me")]));
        assert_eq!(Auth { session: None, ..filled.clone() }.without_session().headers(), filled.headers());
    }

    #[test]
    fn a_key_is_needed_unless_the_service_may_do_without() {
        let auth = |scheme, optional| Auth { scheme, optional, ..Auth::default() };
        for (scheme, optional, needed) in [
            (AuthScheme::None, false, false),
            (AuthScheme::Basic, false, true),
            (AuthScheme::Fields, false, true),
            (AuthScheme::Basic, true, false),
        ] {
            assert_eq!(auth(scheme, optional).needs_key(), needed, "{scheme:?} {optional}");
        }
    }
}
