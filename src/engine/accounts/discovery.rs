//! The method list that a service gives of itself: asked for, kept on disk, fetched while the user types.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::engine::accounts::inquiry::Asked;
use crate::engine::accounts::target::Target;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, Wire};
use model::{Arguments, Effect, Method, Provider, Value};
use registry::catalog::Catalog;

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

/// Asks the service for the names of its methods: none where it has no way to list them.
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

/// The names in a list of them; `None` for anything else, which says nothing of the methods.
fn names(value: &Value) -> Option<Vec<String>> {
    value.as_list()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Asks the service to describe one method in prose; nothing where it has no way to.
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
