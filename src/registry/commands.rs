//! The shell's own commands: each of them is a method once it is asked for. A call needs none, and as methods they are
//! all together larger than what a service answers.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::entry::Entry;
use model::Method;

/// The commands, in the order they were declared.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

#[derive(Debug)]
struct Command {
    name: Cow<'static, str>,
    summary: Cow<'static, str>,
    deprecated: bool,
    make: fn(&str) -> Method,
    made: OnceLock<Arc<Method>>,
}

impl Commands {
    /// Commands by their names and summaries. `make` gives the method of a name.
    pub fn of(listed: impl Iterator<Item = (&'static str, &'static str)>, make: fn(&str) -> Method) -> Commands {
        let command = |(name, summary): (&'static str, &'static str)| Command {
            name: name.into(),
            summary: summary.into(),
            deprecated: false,
            make,
            made: OnceLock::new(),
        };
        Commands(listed.map(command).collect())
    }

    /// Names and summaries.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.0.iter().map(|command| Entry {
            name: &command.name,
            summary: &command.summary,
            deprecated: command.deprecated,
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|command| command.name == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Method>> {
        let command = self.0.iter().find(|command| command.name == name)?;
        Some(Arc::clone(command.made.get_or_init(|| Arc::new((command.make)(name)))))
    }
}

impl From<Vec<Method>> for Commands {
    fn from(methods: Vec<Method>) -> Commands {
        let command = |method: Method| Command {
            name: method.name.clone().into(),
            summary: method.summary.clone().into(),
            deprecated: method.deprecated.is_some(),
            make: Method::discovered,
            made: OnceLock::from(Arc::new(method)),
        };
        Commands(methods.into_iter().map(command).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_becomes_a_method_when_it_is_asked_for() {
        let make = |name: &str| Method { summary: format!("made: {name}"), ..Method::discovered(name) };
        let commands = Commands::of([("a", "first"), ("b", "second")].into_iter(), make);
        let entries: Vec<_> = commands.entries().map(|entry| (entry.name, entry.summary, entry.deprecated)).collect();
        assert_eq!(entries, [("a", "first", false), ("b", "second", false)]);
        assert!(commands.has("b") && !commands.has("c") && commands.get("c").is_none());
        let first = commands.get("b").unwrap();
        assert!(first.summary == "made: b" && Arc::ptr_eq(&first, &commands.get("b").unwrap()));
    }

    #[test]
    fn methods_are_commands_as_they_are() {
        let method = Method { deprecated: Some("use b".into()), summary: "first".into(), ..Method::discovered("a") };
        let commands = Commands::from(vec![method.clone()]);
        assert_eq!(commands.entries().next(), Some(Entry { name: "a", summary: "first", deprecated: true }));
        assert_eq!(commands.get("a").as_deref(), Some(&method));
    }
}
