//! The interface of a simulated provider to the server.

use std::time::Duration;

use super::exchange::{Request, Response};

/// A simulated account, as clients need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The provider's id.
    pub provider: &'static str,
    /// The address of its default transport.
    pub url: String,
    /// The account's name, for providers that need one in addition to the key.
    pub user: Option<String>,
    /// The key.
    pub key: String,
}

/// One provider's service, simulated.
pub(crate) trait Service: Send {
    /// The account, on a server with that root (`http://127.0.0.1:PORT`).
    fn account(&self, root: &str) -> Account;

    /// Whether this service answers requests for that path.
    fn claims(&self, path: &str) -> bool;

    /// Answers a request.
    fn respond(&mut self, request: &Request) -> Response;

    /// The calls so far: method and arguments.
    fn requests(&self) -> &[(String, String)];

    /// Advances the clock.
    fn advance(&mut self, by: Duration);
}
