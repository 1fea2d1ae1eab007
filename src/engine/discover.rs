//! The method list that a service gives of itself: asked for, kept on disk, fetched while the user types.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::error::{CallError, Refusal};
use super::target::Target;
use crate::codec::{self, Limits, Reply};
use crate::model::provider::Introspection;
use crate::model::{Arguments, Call, Effect, Method, Value};
use crate::wire::{Timeouts, Wire};

/// What a fetch came to.
pub type Fetched = Result<Vec<String>, String>;

/// A fetch that goes on beside the prompt.
#[derive(Debug)]
pub struct Background {
    done: Receiver<Fetched>,
}

impl Background {
    /// Starts fetching on a thread of its own, with a connection of its own, and stores the list when it is there.
    pub fn start(
        target: &Target,
        rule: &Introspection,
        timeouts: Timeouts,
        wire: Wire,
        cache: Option<PathBuf>,
    ) -> Self {
        let (sender, done) = channel();
        let (target, rule, mut wire) = (target.clone(), rule.clone(), wire.in_background());
        std::thread::spawn(move || {
            let fetched = fetch(&mut wire, &target, &rule, timeouts).map_err(|error| error.to_string());
            if let (Ok(names), Some(cache)) = (&fetched, &cache) {
                store(cache, names);
            }
            // Nobody listens any more when the session has ended.
            let _ = sender.send(fetched);
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

/// The list that was stored last; `None` when there is none or it cannot be read.
pub fn cached(path: &Path) -> Option<Vec<String>> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Stores a list, whole or not at all. A cache that cannot be written is only slower.
pub fn store(path: &Path, names: &[String]) {
    let Some(folder) = path.parent() else { return };
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(names)?)?;
        file.persist(path)?;
        Ok(())
    };
    let _ = write();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_back_and_a_broken_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/list.json");
        assert_eq!(cached(&path), None);
        store(&path, &["a.b".to_owned()]);
        assert_eq!(cached(&path), Some(vec!["a.b".to_owned()]));
        std::fs::File::create(&path).unwrap().write_all(b"[\"a").unwrap();
        assert_eq!(cached(&path), None);
    }
}
