//! What the cases stand on: a server that says what it is told to, a runner for the program, readers for both.

pub(crate) mod accounts;
pub(crate) mod calls;
pub(crate) mod cmd;
pub(crate) mod golden;
pub(crate) mod imports;
pub(crate) mod keys;
pub(crate) mod raw;
pub(crate) mod real;
pub(crate) mod rust;
pub(crate) mod server;
pub(crate) mod source;
pub(crate) mod tls;

/// The key of every test. No output may hold it.
pub(crate) const KEY: &str = "0123456789abcdef01234567a32a1fe9";
/// `KEY:` in Base64, as it travels.
pub(crate) const KEY_IN_HEADER: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3YTMyYTFmZTk6";
