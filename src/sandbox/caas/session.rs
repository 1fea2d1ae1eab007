//! Sessions: after asking for its own account, a client may use a cookie instead of its password.
//!
//! The provider's document does not mention them, but public clients of the service depend on them.

use std::time::Duration;

use crate::kit::random::Random;

/// The name of the cookie.
const NAME: &str = "JSESSIONID";
/// How long an unused session lasts.
const LASTS: Duration = Duration::from_secs(30 * 60);

/// The sessions that are open.
#[derive(Debug)]
pub(super) struct Sessions {
    random: Random,
    open: Vec<Session>,
}

#[derive(Debug)]
struct Session {
    id: String,
    user: String,
    until: Duration,
}

impl Sessions {
    /// No sessions yet.
    pub(super) fn new() -> Sessions {
        Sessions { random: Random::of("sessions"), open: Vec::new() }
    }

    /// Opens a session and returns the value of the header that passes it to the client.
    pub(super) fn open(&mut self, user: &str, now: Duration) -> String {
        self.open.retain(|session| session.until > now);
        let id = self.random.id();
        self.open.push(Session { id: id.clone(), user: user.to_owned(), until: now + LASTS });
        format!("{NAME}={id}; Path=/oec; HttpOnly")
    }

    /// The user of the session in a `Cookie` header; this extends the session.
    pub(super) fn user(&mut self, cookies: &str, now: Duration) -> Option<String> {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let (_, id) = pairs.find(|(name, _)| *name == NAME)?;
        let session = self.open.iter_mut().find(|session| session.id == id && session.until > now)?;
        session.until = now + LASTS;
        Some(session.user.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Organization;
    use super::*;
    use crate::{Request, Service};

    fn get(path: &str, cookie: Option<&str>) -> Request {
        let (verb, path) = ("GET".into(), format!("/oec/0.9{path}"));
        Request { verb, path, cookie: cookie.map(str::to_owned), ..Request::default() }
    }

    #[test]
    fn a_client_continues_with_its_cookie() {
        let mut org = Organization::new();
        let list = format!("/{}/account", super::super::organization::ORGANIZATION);
        assert!(org.send(get(&list, None)).headers.is_empty());
        let headers = org.send(get("/myaccount", None)).headers;
        let [("Set-Cookie", header)] = headers.as_slice() else { panic!("{headers:?}") };
        let cookie = header.split(';').next().unwrap();
        let mut status = |cookie: &str, later: Duration| {
            org.service.advance(later);
            org.service.respond(&get(&list, Some(cookie))).status
        };
        let at_once = Duration::ZERO;
        assert_eq!(status("JSESSIONID=x", at_once), 401);
        assert_eq!(status(&format!("theme=dark; {cookie}"), at_once), 200);
        assert_eq!(status(cookie, LASTS - Duration::from_secs(5)), 200);
        assert_eq!(status(cookie, LASTS - Duration::from_secs(5)), 200);
        assert_eq!(status(cookie, LASTS), 401);
    }

    #[test]
    fn a_deleted_user_has_no_session() {
        let mut org = Organization::new();
        org.login = ("user-2".into(), "User-Pass-2".into());
        let header = org.send(get("/myaccount", None)).headers.remove(0).1;
        let cookie = header.split(';').next().unwrap();
        org.login = (super::super::organization::USER.into(), super::super::organization::KEY.into());
        org.done("account.delete", crate::kit::values::map! { "userName" => "user-2" });
        assert_eq!(org.service.respond(&get("/myaccount", Some(cookie))).status, 401);
    }
}
