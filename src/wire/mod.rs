//! The network edge: one request out, one answer back, as facts about what was and was not sent.
//!
//! The body of an answer is a blocking reader over the connection, so that the decoder reads it at its own pace.
//! Nothing is ever sent twice here.

mod address;
pub mod auth;
mod client;
mod connect;
pub mod error;
mod frames;
mod head;
mod incoming;
mod line;
mod network;
mod outgoing;
mod pace;
pub mod proxy;
mod reach;
mod shared;
mod target;
mod tls;
mod trace;
pub mod transport;
pub mod trust;
mod unpack;
mod waiting;
mod watch;

pub use auth::Credential;
pub use error::WireError;
pub use incoming::Trouble;
pub use network::Network;
pub use proxy::Proxies;
pub use target::{host_and_port, joined};
pub use transport::{Answer, Timeouts, Wire};
pub use trust::Trust;
pub use unpack::Body;
pub use watch::Show;
