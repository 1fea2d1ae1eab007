//! The sandbox: a simulated account for learning and testing, in which nothing can be damaged.
//!
//! Its own server on the loopback interface uses the provider's real wire format, keeps state while it runs, and
//! refuses what the provider refuses. It always starts in the same state: same services, same ids, and dates the same
//! number of days before or after today.

mod artnet;
mod auth;
mod caas;
mod described;
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
