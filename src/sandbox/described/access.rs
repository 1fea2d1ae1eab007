//! What a request must have to be let in, as the document says.

use openapi::{Credential, Endpoint, Surface};

use crate::Request;
use crate::auth;
use crate::form::pairs;

/// Whether a request has what its endpoint wants. Without a `key`, any credential will do that is not empty.
pub(super) fn is_let_in(surface: &Surface, endpoint: &Endpoint, request: &Request, key: Option<&str>) -> bool {
    let has = |name: &String| surface.credentials.get(name).is_none_or(|it| shows(it, request, key));
    endpoint.wants.is_empty() || endpoint.wants.iter().any(|together| together.iter().all(has))
}

fn shows(credential: &Credential, request: &Request, key: Option<&str>) -> bool {
    let fits = |text: &str| !text.is_empty() && key.is_none_or(|key| text == key);
    let header = request.authorization.as_deref().unwrap_or_default().trim();
    match credential {
        Credential::Basic => auth::credentials(header).is_some_and(|(user, password)| fits(&user) || fits(&password)),
        Credential::Bearer => header.split_once(' ').is_some_and(|(_, token)| fits(token.trim())),
        // A word may be in front of the key.
        Credential::Header(name) => request.header(name).is_some_and(|text| {
            let text = text.trim();
            fits(text) || text.split_once(' ').is_some_and(|(_, rest)| fits(rest.trim()))
        }),
        Credential::Cookie(name) => cookie(request, name).is_some_and(fits),
        Credential::Query(name) => pairs(&request.query).any(|(known, value)| known == *name && fits(&value)),
        Credential::Other => true,
    }
}

/// The value of a cookie.
pub(super) fn cookie<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let pairs = request.header("cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_wanted_in_its_place() {
        let surface = Surface {
            credentials: [
                ("b", Credential::Bearer),
                ("p", Credential::Basic),
                ("h", Credential::Header("X-Key".into())),
                ("q", Credential::Query("k".into())),
                ("c", Credential::Cookie("sid".into())),
            ]
            .into_iter()
            .map(|(name, it)| (name.to_owned(), it))
            .collect(),
            ..Surface::default()
        };
        for (wants, header, query, any, own) in [
            (&[][..], "", "", true, true),
            (&["b"], "", "", false, false),
            (&["b"], "Authorization: Bearer k3y", "", true, true),
            (&["b"], "Authorization: Bearer other", "", true, false),
            (&["b"], "Authorization: Bearer ", "", false, false),
            (&["p"], "Authorization: Basic bWU6azN5", "", true, true),
            (&["p"], "Authorization: Bearer k3y", "", false, false),
            (&["h"], "X-Key: k3y", "", true, true),
            (&["h"], "x-key: Token k3y", "", true, true),
            (&["h"], "X-Key: no", "", true, false),
            (&["q"], "", "a=1&k=k3y", true, true),
            (&["q"], "", "k=", false, false),
            (&["q b"], "", "k=k3y", false, false),
            (&["c"], "Cookie: a=1; sid=k3y", "", true, true),
            (&["c"], "Cookie: sid=", "", false, false),
            (&["c"], "Cookie: sid2=k3y", "", false, false),
            (&["q", "b"], "", "k=k3y", true, true),
            (&["b", ""], "", "", true, true),
        ] {
            let wants = wants.iter().map(|it| it.split_whitespace().map(str::to_owned).collect()).collect();
            let endpoint = Endpoint { wants, ..Endpoint::default() };
            let headers: Vec<(String, String)> = header
                .split_once(": ")
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .into_iter()
                .collect();
            let authorization =
                headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.clone());
            let request = Request { authorization, headers, query: query.into(), ..Request::default() };
            let let_in = |key| is_let_in(&surface, &endpoint, &request, key);
            assert_eq!((let_in(None), let_in(Some("k3y"))), (any, own), "{header} {query} {:?}", endpoint.wants);
        }
    }
}
