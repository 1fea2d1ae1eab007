//! The method list that a service gives of itself: asked for, kept on disk, fetched while the user types.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::error::{CallError, Refusal};
use super::target::Target;
use crate::codec::{self, Limits, Reply};
use crate::model::provider::Introspection;
use crate::model::{Arguments, Call, Effect, Method, Value};
use crate::registry::catalog::Catalog;
use crate::wire::{Timeouts, Wire};

/// What a service, or the keeper of a catalogue, has told.
#[derive(Debug)]
pub enum News {
    /// The names of all methods.
    Names(Vec<String>),
    /// A newer catalogue.
    Catalog(Box<Catalog>),
    /// Nothing that was not known.
    Nothing,
}

/// What a fetch came to.
pub type Fetched = Result<News, String>;

/// A fetch that goes on beside the prompt.
#[derive(Debug)]
pub struct Background {
    done: Receiver<Fetched>,
}

impl Background {
    /// Runs a fetch on a thread of its own.
    pub fn start(fetch: impl FnOnce() -> Result<News, CallError> + Send + 'static) -> Background {
        let (sender, done) = channel();
        std::thread::spawn(move || {
            // Nobody listens any more when the session has ended.
            let _ = sender.send(fetch().map_err(|error| error.to_string()));
        });
        Background { done }
    }

    /// The list, once it is there. `None` while it is not.
    pub fn poll(&self) -> Option<Fetched> {
        match self.done.try_recv() {
            Ok(fetched) => Some(fetched),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("the fetch ended without a list".into())),
        }
    }
}

/// Asks the service for the names of its methods.
pub fn fetch(
    wire: &mut Wire,
    target: &Target,
    rule: &Introspection,
    timeouts: Timeouts,
) -> Result<Vec<String>, CallError> {
    let value = ask(wire, target, &rule.list, Arguments::Positional(Vec::new()), timeouts)?;
    let names: Vec<String> =
        value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(names)
}

/// Asks the service to describe one method in prose.
pub fn describe(
    wire: &mut Wire,
    target: &Target,
    rule: &Introspection,
    method: &str,
    timeouts: Timeouts,
) -> Result<String, CallError> {
    let argument = Arguments::Positional(vec![Value::from(method)]);
    let value = ask(wire, target, &rule.help, argument, timeouts)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn ask(
    wire: &mut Wire,
    target: &Target,
    name: &str,
    arguments: Arguments,
    timeouts: Timeouts,
) -> Result<Value, CallError> {
    let method = Arc::new(Method { name: name.into(), effect: Effect::Read, ..Method::default() });
    let request = target.encode(&Call { method, arguments })?;
    let lost = |error| CallError::lost(error, Effect::Read, name);
    let answer = wire.send(&request, &target.auth, target.credential.as_ref(), timeouts).map_err(lost)?;
    match codec::decode_value(&target.transport, &answer.head, answer.body, Limits::default())? {
        Reply::Value(value) => Ok(value),
        Reply::Fault(fault) => Err(CallError::Fault(Box::new(Refusal::new(name, fault, None)))),
    }
}
