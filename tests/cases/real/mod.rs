//! Servers that nobody of the project wrote, where they are there: what is read from them is what a client that nobody of
//! the project wrote reads, and what a user types from nothing to a change.

mod from_nothing;
mod imported;
mod keystrokes;
mod powerdns;
mod roundup;
mod servers;
mod transmission;
mod values;

use serde_json::Value;

use crate::support::cmd::World;
use crate::support::real::{Call, asked};

/// An account at a server, and how the reference client asks the same server.
struct Side<'w> {
    world: &'w World,
    account: &'w str,
    /// The call of the reference client, without method and parameters.
    call: Call,
    /// Fields that differ from one call to the next.
    volatile: &'w [&'w str],
}

impl Side<'_> {
    /// Makes each call with both clients, as a line and as a method with its parameters, and returns how many answers are
    /// the same: all, or this fails.
    fn agree(&self, rows: &[(&str, &str, Value)]) -> usize {
        let call = |method: &str, params: &Value| {
            let mut call = self.call.clone();
            call["method"] = method.into();
            call["params"] = params.clone();
            call
        };
        let theirs = asked(&rows.iter().map(|(_, method, params)| call(method, params)).collect::<Vec<_>>());
        for ((line, ..), theirs) in rows.iter().zip(&theirs) {
            let run = self.world.marsh().args(["-p", self.account, "-o", "json", "--yes"]);
            let run = run.args(shlex::split(line).unwrap()).run();
            match theirs.get("fault") {
                Some(fault) => {
                    let run = run.exits(4).prints("");
                    let said: Value = serde_json::from_str(run.stderr.lines().last().unwrap()).unwrap();
                    let (code, words) = (&said["error"]["provider_code"], &said["error"]["message"]);
                    assert_eq!(code.as_str().unwrap(), fault[0].to_string(), "{run}");
                    assert!(words.as_str().unwrap().contains(fault[1].as_str().unwrap().trim()), "{run}\n{theirs}");
                }
                None => {
                    let ours = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"));
                    let (ours, theirs) = (self.steady(ours), self.steady(theirs["result"].clone()));
                    assert!(same(&ours, &theirs), "{line}\nours:   {ours}\ntheirs: {theirs}");
                    run.exits(0);
                }
            }
        }
        rows.len()
    }

    /// A value without what differs from one call to the next.
    fn steady(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let kept = fields.into_iter().filter(|(name, _)| !self.volatile.contains(&name.as_str()));
                Value::Object(kept.map(|(name, inner)| (name, self.steady(inner))).collect())
            }
            Value::Array(members) => members.into_iter().map(|member| self.steady(member)).collect(),
            value => value,
        }
    }
}

/// Whether two values are equal. Numbers with a fraction may be written in two ways.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let equal = |(name, one): (&String, &Value)| other.get(name).is_some_and(|other| same(one, other));
            one.len() == other.len() && one.iter().all(equal)
        }
        (Value::Number(one), Value::Number(other)) => {
            let whole = |text: &str| !text.contains(['.', 'e', 'E']);
            let (one, other) = (one.to_string(), other.to_string());
            one == other || !(whole(&one) && whole(&other)) && one.parse::<f64>().ok() == other.parse::<f64>().ok()
        }
        (one, other) => one == other,
    }
}
