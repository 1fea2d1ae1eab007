//! What every simulated provider is to the server.

use std::time::Duration;

use super::exchange::{Request, Response};

/// A simulated account, as a client needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The provider's id.
    pub provider: &'static str,
    /// The address of its default transport.
    pub url: String,
    /// The account's name, for providers that want one beside the key.
    pub user: Option<String>,
    /// The key.
    pub key: String,
}

/// One provider's service, simulated.
pub(crate) trait Service: Send {
    /// The account to log in to, at a server with that root (`http://127.0.0.1:PORT`).
    fn account(&self, root: &str) -> Account;

    /// Whether a request for that path is this service's to answer.
    fn claims(&self, path: &str) -> bool;

    /// Answers a request.
    fn respond(&mut self, request: &Request) -> Response;

    /// The calls so far: what was called, and with what.
    fn requests(&self) -> &[(String, String)];

    /// Winds the clock on.
    fn advance(&mut self, by: Duration);
}
