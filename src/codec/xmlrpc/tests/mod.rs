//! XML-RPC as it is written and read on the wire.

mod hostile;
mod reading;
mod roundtrip;
mod steps;
mod streaming;
mod writing;

use super::{DecodeError, Limits, Reply, read_call, read_response};
use model::{Decimal, Map, Value};

fn read(message: &str) -> Result<Reply, DecodeError> {
    read_response(message.as_bytes(), None, Limits::default())
}

/// Reads a message that must be refused.
fn refusal(message: impl AsRef<[u8]>) -> DecodeError {
    match read_response(message.as_ref(), None, Limits::default()) {
        Err(error) => error,
        Ok(reply) => panic!("{:?} was read as {reply:?}", String::from_utf8_lossy(message.as_ref())),
    }
}

/// An answer with this inside its `<value>`.
fn answer(value: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
    )
}

fn decimal(digits: &str) -> Value {
    Value::Decimal(Decimal::parse(digits).unwrap())
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(Map::from_iter(members))
}
