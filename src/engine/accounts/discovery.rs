//! The method list that a service returns: requested, stored on disk, and fetched while the user types.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::engine::accounts::inquiry::Asked;
use crate::engine::accounts::target::Target;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, Wire};
use model::{Arguments, Effect, Method, Provider, Value};
use registry::catalog::Catalog;

/// The answer of a service, or of the server with a catalogue.
#[derive(Debug)]
pub enum News {
    /// The names of all methods.
    Names(Vec<String>),
    /// A newer catalogue.
    Catalog(Box<Catalog>),
    /// Nothing new.
    Nothing,
}

/// The outcome of a fetch.
pub type Fetched = Result<News, String>;

/// A fetch in the background of the prompt.
#[derive(Debug)]
pub struct Background {
    done: Receiver<Fetched>,
}

impl Background {
    /// Runs a fetch on a thread of its own.
    pub fn start(fetch: impl FnOnce() -> Result<News, CallError> + Send + 'static) -> Background {
        let (sender, done) = channel();
        std::thread::spawn(move || {
            // This fails only if the session has ended.
            let _ = sender.send(fetch().map_err(|error| error.to_string()));
        });
        Background { done }
    }

    /// The outcome, once it is there. `None` until then.
    pub fn poll(&self) -> Option<Fetched> {
        match self.done.try_recv() {
            Ok(fetched) => Some(fetched),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("the fetch ended without a list".into())),
        }
    }
}

/// Asks the service for the names of its methods. There are none if it cannot list them.
pub fn fetch(
    wire: &mut Wire,
    target: &Target,
    provider: &Provider,
    timeouts: Timeouts,
) -> Result<Vec<String>, CallError> {
    let Some(rule) = &provider.introspection else { return Ok(Vec::new()) };
    let value = ask(wire, target, provider, (&rule.list, Arguments::Positional(Vec::new())), timeouts)?;
    names(&value).ok_or_else(|| {
        let problem = format!("{} returned {}, not a list of names", rule.list, value.kind());
        codec::broken_off(&problem).into()
    })
}

/// The names in a list of names; `None` for anything else, which shows nothing about the methods.
fn names(value: &Value) -> Option<Vec<String>> {
    value.as_list()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Asks the service to describe one method in prose; `None` if it cannot do that.
pub fn describe(
    wire: &mut Wire,
    target: &Target,
    provider: &Provider,
    method: &str,
    timeouts: Timeouts,
) -> Result<String, CallError> {
    let Some(rule) = &provider.introspection else { return Ok(String::new()) };
    let argument = Arguments::Positional(vec![Value::from(method)]);
    let target = target.for_lists(provider);
    let value = ask(wire, &target, provider, (&rule.help, argument), timeouts)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn ask(
    wire: &mut Wire,
    target: &Target,
    provider: &Provider,
    (name, arguments): (&str, Arguments),
    timeouts: Timeouts,
) -> Result<Value, CallError> {
    let method = Arc::new(Method { name: name.into(), effect: Effect::Read, ..Method::default() });
    Asked { target, provider, shapes: &[], timeouts }.call(wire, &method, arguments)
}
