//! What a service gives an account for the length of a session: a session key for a login, a token for a refused call.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Code;

/// A call that returns a session key, which then goes with every other call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// The method that begins a session. It is called before the first call that needs one, and without one itself.
    pub login: String,
    /// The values of its parameters: texts with `{user}`, or `{key}` or another secret alone.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Where its result has what the session is known by: a dotted path for each placeholder, `.` for the result itself.
    pub takes: BTreeMap<String, String>,
    /// The method that ends a session, if the service wants to be told.
    #[serde(default)]
    pub logout: Option<String>,
    /// The error codes by which a call is refused because its session has ended, in addition to HTTP 401. Nothing has been
    /// done then, so the call is sent once more in a new session.
    #[serde(default)]
    pub ended: Vec<Code>,
}

/// A token that the service hands out when it refuses a call without one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandshakeRule {
    /// The HTTP status of the refusal. Nothing has been done then, so the call is sent once more, with the token.
    pub status: u16,
    /// The header of the refusal that has the token, and of the calls that it is sent with.
    pub header: String,
}
