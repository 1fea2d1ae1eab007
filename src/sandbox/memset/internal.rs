//! internal.*: connection tests.

use super::handler::{Handlers, Reply};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{date, decimal, map, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("internal.echo", echo),
    ("internal.noop", |_, _| Ok(nothing())),
    // The final dot is the provider's.
    ("internal.release", |_, _| Ok(map! { "release" => "0.20.1." }.into())),
    ("internal.version", |_, _| Ok(map! { "version" => "0.20" }.into())),
];

/// Returns a value of every type, with a default if none was sent.
fn echo(_: &mut World, args: &Args) -> Reply {
    let defaults = map! {
        "string" => "",
        "list" => Vec::<Value>::new(),
        "dictionary" => Map::new(),
        "boolean" => false,
        "float" => decimal("0.0"),
        "integer" => 0,
        "date" => date("19700101T00:00:00"),
    };
    let sent = |(name, default): (String, Value)| {
        let value = args.get(&name).cloned().unwrap_or(default);
        (name, value)
    };
    Ok(Value::Map(defaults.into_iter().map(sent).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn echo_returns_its_input_and_defaults_for_the_rest() {
        let sent = map! {
            "float" => decimal("21.60"),
            "date" => date("20121201T00:00:00"),
            "dictionary" => map! { "a" => 1 },
            "string" => "h\u{e9}llo",
        };
        let echoed = Account::new().get("internal.echo", sent.clone());
        assert!(sent.iter().all(|(name, value)| echoed.get(name) == Some(value)));
        assert_eq!((echoed.get("integer"), echoed.get("boolean")), (Some(&0.into()), Some(&false.into())));
        assert_eq!(echoed.as_map().unwrap().len(), 7);
    }
}
