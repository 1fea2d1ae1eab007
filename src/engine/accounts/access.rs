//! What the wire adds to the requests of an account, and the call that begins its session.

use std::borrow::Cow;
use std::sync::MutexGuard;

use crate::engine::accounts::grant::{Grant, TOKEN};
use crate::engine::accounts::target::Target;
use crate::engine::state::error::CallError;
use crate::wire::Credential;
use codec::DecodeError;
use model::auth::AuthScheme;
use model::http::Head;
use model::provider::Auth;
use model::template::{Piece, pieces, places};
use model::{Arguments, Call, Class, Diagnostic, Map, Method, Provider, Redactor, Secret, Sent, Value};
use registry::Source;

/// What is added to a request.
pub(crate) struct Access<'t> {
    auth: Cow<'t, Auth>,
    credential: Option<Cow<'t, Credential>>,
}

impl Access<'_> {
    /// For the wire.
    pub(crate) fn parts(&self) -> (&Auth, Option<&Credential>) {
        (&self.auth, self.credential.as_deref())
    }
}

impl Target {
    /// Where the key goes for a method.
    pub(crate) fn auth_for(&self, method: &Method) -> &Auth {
        let begins = self.auth.session.as_ref().is_some_and(|rule| rule.login == method.name);
        match &method.auth {
            _ if begins => &self.login,
            Some(way) => self.ways.get(way).unwrap_or(&self.auth),
            None => &self.auth,
        }
    }

    /// Whether a method is called without any credentials.
    pub(crate) fn is_free(&self, method: &Method) -> bool {
        let auth = self.auth_for(method);
        auth.parts().all(|part| part.scheme == AuthScheme::None) && method.auth.is_some()
    }

    /// What is added to a request for a method.
    pub(crate) fn access(&self, provider: &Provider, method: &Method) -> Access<'_> {
        let auth = self.auth_for(method);
        let given = self.grant.given();
        if given.is_empty() {
            return Access { auth: Cow::Borrowed(auth), credential: self.credential.as_ref().map(Cow::Borrowed) };
        }
        let token = provider.handshake.as_ref().filter(|_| given.contains_key(TOKEN)).map(|rule| Auth {
            scheme: AuthScheme::Header,
            name: rule.header.clone(),
            value: format!("{{{TOKEN}}}"),
            ..Auth::default()
        });
        // Without a key, its own credentials are not sent.
        let mut auth = if self.credential.is_some() { auth.clone() } else { Auth::default() };
        auth.also.extend(token);
        let none = || Credential { secret: Secret::new(""), more: Default::default(), host: self.host.clone() };
        let mut credential = self.credential.clone().unwrap_or_else(none);
        credential.more.extend(given);
        Access { auth: Cow::Owned(auth), credential: Some(Cow::Owned(credential)) }
    }

    /// Takes the token of a refusal. Whether the same request may be sent again with it.
    pub(crate) fn takes_token(&self, provider: &Provider, head: &Head) -> bool {
        provider.handshake.as_ref().is_some_and(|rule| self.grant.take_token(rule, head))
    }

    /// The call that must be made before a method is called: the one that begins a session, if the method needs one and
    /// there is none.
    pub(crate) fn login_before(&self, method: &Method, source: &Source) -> Result<Option<Call>, CallError> {
        let auth = self.auth_for(method);
        let Some(rule) = auth.session.as_ref().filter(|rule| !self.grant.has(rule)) else { return Ok(None) };
        let sent = |part: &&Auth| part.scheme != AuthScheme::Argument || part.first_argument(&method.name).is_some();
        let mut names = auth.parts().filter(sent).flat_map(Auth::templates).flat_map(|template| places(template));
        if !names.any(|name| rule.takes.contains_key(name)) {
            return Ok(None);
        }
        let unknown = || CallError::usage_of(format!("{} is not a method, so no session can begin", rule.login));
        let login = source.method(&rule.login).ok_or_else(unknown)?;
        let login = login.map_err(|error| CallError::Resolve(error.into()))?;
        let mut values = Map::new();
        for (name, template) in &rule.with {
            values.insert(name, self.filled(template)?);
        }
        let misplaced = |_| CallError::usage_of(format!("the values for {} do not fit its parameters", rule.login));
        let arguments = Arguments::passed(&login, values).map_err(misplaced)?;
        Ok(Some(Call { method: login, arguments }))
    }

    /// The same, once no other call logs in: it may have begun the session. The turn ends with what is returned.
    pub(crate) fn login_in_turn<'g>(
        &self,
        grant: &'g Grant,
        method: &Method,
        source: &Source,
    ) -> Result<Option<(Call, MutexGuard<'g, ()>)>, CallError> {
        if self.login_before(method, source)?.is_none() {
            return Ok(None);
        }
        let turn = grant.turn();
        Ok(self.login_before(method, source)?.map(|login| (login, turn)))
    }

    /// The value of a parameter of the login: a text, or one secret alone.
    fn filled(&self, template: &str) -> Result<Value, CallError> {
        match *pieces(template).as_slice() {
            [Piece::Place(name)] => {
                let found = self.credential.as_ref().and_then(|credential| credential.value(name));
                found.map(|secret| Value::Secret(secret.clone())).ok_or_else(|| self.without(name))
            }
            _ => Ok(Value::from(template)),
        }
    }

    /// The error of a secret that is missing.
    fn without(&self, name: &str) -> CallError {
        let profile = self.profile.clone();
        match name {
            model::http::KEY => CallError::NoKey { profile },
            name => CallError::NoSecret { profile, name: name.to_owned() },
        }
    }

    /// Begins a session with what a login has returned.
    pub(crate) fn begin_session(&self, returned: &Value, redactor: &mut Redactor) -> Result<(), CallError> {
        self.auth.session.as_ref().map_or(Ok(()), |rule| self.grant.begin(rule, returned, redactor))
    }

    /// The call that ends its session, if there is one and the service wants to be told.
    pub(crate) fn logout(&self, source: &Source) -> Option<Call> {
        let rule = self.auth.session.as_ref().filter(|rule| self.grant.has(rule))?;
        let method = source.method(rule.logout.as_ref()?)?.ok()?;
        let arguments = Arguments::passed(&method, Map::new()).ok()?;
        Some(Call { method, arguments })
    }

    /// Whether a call was refused because its session has ended. It is forgotten then; the refusal is definite, so the
    /// call may be sent again in a new one.
    pub(crate) fn ends_session(&self, method: &Method, session: usize, error: &CallError) -> bool {
        self.session_is_over(method, error) && self.end_session(method, session)
    }

    /// Forgets the session that a method was called in, by its number. Whether there was one.
    pub(crate) fn end_session(&self, method: &Method, session: usize) -> bool {
        self.auth_for(method).session.as_ref().is_some_and(|rule| self.grant.end(rule, session))
    }

    /// Whether a call was refused because its session has ended: nothing was done.
    pub(crate) fn session_is_over(&self, method: &Method, error: &CallError) -> bool {
        let Some(rule) = self.auth_for(method).session.as_ref() else { return false };
        let over = match error {
            CallError::Fault(refusal) => {
                refusal.status == 401 || refusal.fault.code.as_ref().is_some_and(|code| rule.ended.contains(code))
            }
            CallError::Decode(DecodeError::Http { status, .. }) => *status == 401,
            _ => false,
        };
        // After a breakdown, what its body says is no proof that nothing was done.
        over && error.sent() == Sent::Yes && error.class() != Class::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::accounts::target::Place;
    use crate::engine::state::error::Refusal;
    use codec::Fault;
    use model::Code;
    use registry::catalog::Catalog;

    const CATALOG: &str = r#"
id = "own"
host = "https://api.example.com"
handshake = { status = 409, header = "X-Id" }
[auth]
scheme = "argument"
value = "{session}"
except = ["version"]
session = { login = "in", with = { user = "me", pw = "{key}" }, takes = { session = "." }, logout = "out", ended = [7] }
[auths.other]
scheme = "bearer"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/"
[[method]]
name = "in"
effect = "read"
arguments = "positional"
params = [{ name = "user", type = "string" }, { name = "pw", type = "string", secret = true }]
[[method]]
name = "out"
effect = "read"
"#;

    fn service() -> (Source, Target) {
        let source = Source::new("own", Catalog::parse("own", CATALOG).unwrap());
        let mut target = Target::new("own", source.provider(), Place::default()).unwrap();
        let (secret, host) = (Secret::new("the-key-of-all"), target.host.clone());
        target.credential = Some(Credential { secret, more: Default::default(), host });
        (source, target)
    }

    fn method(name: &str, auth: Option<&str>) -> Method {
        Method { name: name.into(), auth: auth.map(str::to_owned), ..Method::default() }
    }

    #[test]
    fn a_method_is_called_in_its_own_way() {
        let (_, target) = service();
        for (name, way, scheme, free) in [
            ("a", None, AuthScheme::Argument, false),
            ("in", None, AuthScheme::None, false),
            ("a", Some("none"), AuthScheme::None, true),
            ("a", Some("other"), AuthScheme::Bearer, false),
        ] {
            let method = method(name, way);
            assert_eq!((target.auth_for(&method).scheme, target.is_free(&method)), (scheme, free), "{name} {way:?}");
        }
    }

    #[test]
    fn a_login_comes_before_the_methods_that_need_one() {
        let (source, target) = service();
        let login = |method: &Method| target.login_before(method, &source).unwrap();
        for (name, way, needed) in
            [("a", None, true), ("version", None, false), ("in", None, false), ("a", Some("none"), false)]
        {
            assert_eq!(login(&method(name, way)).is_some(), needed, "{name} {way:?}");
        }
        let values = vec![Value::from("me"), Value::Secret(Secret::new("the-key-of-all"))];
        assert_eq!(login(&method("a", None)).unwrap().arguments, Arguments::Positional(values));
        assert!(target.logout(&source).is_none());
        target.begin_session(&"a-session".into(), &mut Redactor::default()).unwrap();
        assert!(login(&method("a", None)).is_none() && target.logout(&source).is_some());
        let access = target.access(source.provider(), &method("a", None));
        assert!(access.parts().1.unwrap().value("session").is_some());
        let keyless = Target { credential: None, ..service().1 };
        assert_eq!(keyless.login_before(&method("a", None), &source).unwrap_err().class(), Class::Credentials);
    }

    #[test]
    fn only_a_definite_refusal_ends_a_session() {
        let (_, target) = service();
        let fault = |status, code: i64| {
            let fault = Fault { code: Some(Code::from(code)), ..Fault::default() };
            CallError::Fault(Box::new(Refusal::new("a", status, fault, None)))
        };
        let http = |status| DecodeError::Http { status, words: None, location: None, retry_after: None }.into();
        for (error, ends) in [
            (fault(200, 7), true),
            (fault(401, 1), true),
            (fault(200, 8), false),
            (fault(500, 7), false),
            (fault(403, 8), false),
            (http(401), true),
            (http(403), false),
            (http(500), false),
            (CallError::NoOutput, false),
        ] {
            target.begin_session(&"a-session".into(), &mut Redactor::default()).unwrap();
            assert_eq!(target.ends_session(&method("a", None), target.grant.session(), &error), ends, "{error}");
            let kept = target.grant.given().contains_key("session");
            assert_eq!(kept, !ends, "{error}");
        }
        assert!(!target.ends_session(&method("a", Some("none")), 1, &http(401)));
    }

    #[test]
    fn a_token_goes_with_every_request_also_without_a_key() {
        let (source, target) = service();
        let head = Head { status: 409, fields: vec![("x-id".into(), "t-1".into())], ..Head::default() };
        assert!(target.takes_token(source.provider(), &head) && !target.takes_token(source.provider(), &head));
        for target in [target.clone(), Target { credential: None, ..target }] {
            let access = target.access(source.provider(), &method("a", Some("other")));
            let (auth, credential) = access.parts();
            assert!(auth.headers().iter().any(|(name, _)| *name == "X-Id"));
            assert_eq!(auth.headers().len(), 1 + usize::from(target.credential.is_some()));
            assert!(credential.unwrap().value(TOKEN).is_some());
        }
    }
}
