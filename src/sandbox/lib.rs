//! The sandbox: a simulated account to learn on, to test against and to break without harm.
//!
//! A server of its own on the loopback interface speaks the provider's real wire format, keeps state for as long as it
//! runs, and refuses what the provider refuses. It starts the same way every time: same services, same ids, and
//! dates as many days before or after today.

mod artnet;
mod auth;
mod caas;
mod exchange;
mod form;
mod kit;
mod log;
mod memset;
mod options;
mod server;
mod service;
mod tls;
mod vpsnet;

pub(crate) use exchange::{Request, Response};
pub use options::{DEFAULT_KEY, Options};
pub use server::Server;
pub use service::Account;
pub(crate) use service::Service;
