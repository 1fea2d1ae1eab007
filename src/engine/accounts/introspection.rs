//! Asks a service which methods it has, in the convention that it follows, and what it says of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::accounts::inquiry::Asked;
use crate::engine::accounts::target::Target;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, Wire};
use model::introspection::{Dialect, Introspection};
use model::method::Passing;
use model::provider::Protocol;
use model::{Arguments, Class, Diagnostic, Effect, Map, Method, Provider, Value};
use registry::introspect;
use registry::introspect::system::{self, Given};
use registry::listed::Listed;

/// How many methods are asked about in one request.
const TOGETHER: usize = 500;
/// The most methods that are asked about before one of them is used. The others are asked about when they are.
const DESCRIBED: usize = 4_000;

/// A service that is asked about itself.
pub(crate) struct Asking<'a> {
    pub(crate) wire: &'a mut Wire,
    pub(crate) target: &'a Target,
    pub(crate) provider: &'a Provider,
    pub(crate) timeouts: Timeouts,
}

impl Asking<'_> {
    /// The methods of the service; none if it has no convention. Those in the catalogue are not asked about any further.
    pub(crate) fn list(&mut self, catalogued: &BTreeSet<String>) -> Result<Vec<Listed>, CallError> {
        let Some(rule) = &self.provider.introspection else { return Ok(Vec::new()) };
        let mut listed = match rule.style {
            Dialect::Any => self.in_any(rule)?,
            dialect => self.in_dialect(rule, dialect)?,
        };
        self.describe_all(rule, &mut listed, catalogued);
        Ok(listed)
    }

    /// The list in the first convention that the service knows, and in a richer one if it has that, too.
    fn in_any(&mut self, rule: &Introspection) -> Result<Vec<Listed>, CallError> {
        let mut unknown = None;
        for dialect in tried(self.target.transport.protocol) {
            match self.in_dialect(rule, dialect) {
                Ok(listed) => return Ok(self.richer(rule, listed)),
                Err(error) if is_unknown(&error) => unknown = unknown.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        unknown.map_or(Ok(Vec::new()), Err)
    }

    /// The same methods, with what a convention says of them whose own method is among them.
    fn richer(&mut self, rule: &Introspection, listed: Vec<Listed>) -> Vec<Listed> {
        let has = |dialect: &Dialect| listed.iter().any(|it| it.name == dialect.list());
        let other = tried(self.target.transport.protocol).skip(1).find(has);
        let Some(Ok(told)) = other.map(|dialect| self.in_dialect(rule, dialect)) else { return listed };
        let names: BTreeSet<&str> = told.iter().map(|it| it.name.as_str()).collect();
        let rest: Vec<Listed> = listed.into_iter().filter(|it| !names.contains(it.name.as_str())).collect();
        told.into_iter().chain(rest).collect()
    }

    fn in_dialect(&mut self, rule: &Introspection, dialect: Dialect) -> Result<Vec<Listed>, CallError> {
        let list = rule.list_in(dialect);
        let answer = self.ask(list, asked_with(dialect))?;
        introspect::listed(dialect, &answer).ok_or_else(|| {
            let problem = format!("{list} returned {}, not {}", answer.kind(), introspect::wanted(dialect));
            codec::broken_off(&problem).into()
        })
    }

    /// Asks for the help and the types of all methods in as few requests as possible, if the service carries several
    /// calls in one. What cannot be had is asked for when it is needed.
    fn describe_all(&mut self, rule: &Introspection, listed: &mut [Listed], catalogued: &BTreeSet<String>) {
        let names: BTreeSet<&str> = listed.iter().map(|it| it.name.as_str()).collect();
        let carrier = self.provider.carriers.iter().find(|name| names.contains(name.as_str())).cloned();
        let known = |method: &str| Some(method).filter(|method| names.contains(method)).map(str::to_owned);
        let asking = [known(rule.help()), known(rule.signature())];
        let (each, sent) = (asking.iter().flatten().count(), self.sent());
        let (Some(carrier), 1..) = (carrier, each) else { return };
        let provider = self.provider;
        let wanted = |it: &&mut Listed| !it.described && !catalogued.contains(&it.name) && !provider.carries(&it.name);
        let mut wanted: Vec<&mut Listed> = listed.iter_mut().filter(wanted).take(DESCRIBED).collect();
        for some in wanted.chunks_mut(TOGETHER) {
            let by = [asking[0].as_deref(), asking[1].as_deref()];
            let questions = system::questions(some.iter().map(|it| it.name.as_str()), by);
            let answer = self.ask(&carrier, Arguments::Positional(vec![questions]));
            let Some(answers) = answer.ok().and_then(|it| system::answers(it, some.len() * each)) else { return };
            for (it, told) in some.iter_mut().zip(answers.chunks(each)) {
                **it = described(&it.name, sent, by, told);
            }
        }
    }

    /// A method with its help and its types, as far as the service has methods for them.
    pub(crate) fn one(&mut self, name: &str, asking: [Option<&str>; 2]) -> Result<Listed, CallError> {
        let mut told = Vec::new();
        for method in asking.into_iter().flatten() {
            let answer = self.ask(method, Arguments::Positional(vec![name.into()]));
            told.push(match answer {
                Err(error) if is_unknown(&error) => Value::Null,
                answer => answer?,
            });
        }
        Ok(described(name, self.sent(), asking, &told))
    }

    /// What the service says of a method, in prose; empty if it does not describe methods.
    pub(crate) fn help(&mut self, name: &str) -> Result<String, CallError> {
        let Some(rule) = &self.provider.introspection else { return Ok(String::new()) };
        let value = self.ask(rule.help(), Arguments::Positional(vec![name.into()]))?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// What the types of a signature belong to.
    fn sent(&self) -> Given {
        sent(self.provider.passing(), self.target.transport.protocol)
    }

    fn ask(&mut self, name: &str, arguments: Arguments) -> Result<Value, CallError> {
        let method = Arc::new(Method { name: name.into(), effect: Effect::Read, ..Method::default() });
        let lists = matches!(&arguments, Arguments::Positional(values) if !values.is_empty());
        let other = lists.then(|| self.target.for_lists(self.provider));
        let target = other.as_ref().unwrap_or(self.target);
        let asked = Asked { target, provider: self.provider, shapes: &[], timeouts: self.timeouts };
        asked.call(self.wire, &method, arguments)
    }
}

/// What the types of a signature belong to, for methods that do not say so themselves.
pub(crate) fn sent(passing: Option<Passing>, protocol: Protocol) -> Given {
    match (passing, protocol) {
        (Some(Passing::Positional), _) => Given::ByPlace,
        (Some(Passing::Struct), _) | (_, Protocol::XmlRpc) => Given::AsStruct,
        _ => Given::ByName,
    }
}

/// The answers about a method by what was asked.
fn described(name: &str, sent: Given, asking: [Option<&str>; 2], told: &[Value]) -> Listed {
    let null = Value::Null;
    let mut told = told.iter();
    let [help, types] = asking.map(|asked| asked.and_then(|_| told.next()).unwrap_or(&null));
    system::described(name, sent, help, types)
}

/// The conventions of services that speak a protocol, the most common first.
fn tried(protocol: Protocol) -> impl Iterator<Item = Dialect> {
    let suits = move |dialect: &Dialect| {
        matches!(
            (dialect, protocol),
            (Dialect::System, Protocol::XmlRpc | Protocol::JsonRpc)
                | (Dialect::Koji | Dialect::Spacewalk, Protocol::XmlRpc)
                | (Dialect::OpenRpc | Dialect::Kodi, Protocol::JsonRpc)
        )
    };
    Dialect::TRIED.into_iter().filter(suits)
}

/// What the list of a convention is asked with.
fn asked_with(dialect: Dialect) -> Arguments {
    match dialect {
        // Texts and permissions are only told on request.
        Dialect::Kodi => {
            let keys = ["getdescriptions", "getmetadata", "filterbytransport"];
            Arguments::Named(Map::from_iter(keys.map(|key| (key, true))))
        }
        _ => Arguments::Positional(Vec::new()),
    }
}

/// Whether a service says that it has no such method: it refuses, and not because of the key.
fn is_unknown(error: &CallError) -> bool {
    matches!(error, CallError::Fault(_)) && error.class() != Class::Credentials
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_has_its_conventions() {
        let all = |protocol| tried(protocol).collect::<Vec<_>>();
        assert_eq!(all(Protocol::XmlRpc), [Dialect::System, Dialect::Koji, Dialect::Spacewalk]);
        assert_eq!(all(Protocol::JsonRpc), [Dialect::System, Dialect::OpenRpc, Dialect::Kodi]);
        assert_eq!(all(Protocol::Rest), []);
        assert_eq!(asked_with(Dialect::Koji), Arguments::Positional(Vec::new()));
        assert!(matches!(asked_with(Dialect::Kodi), Arguments::Named(map) if map.len() == 3));
    }

    #[test]
    fn a_single_dictionary_has_no_types() {
        for (passing, protocol, expected) in [
            (Some(Passing::Positional), Protocol::XmlRpc, Given::ByPlace),
            (Some(Passing::Named), Protocol::XmlRpc, Given::AsStruct),
            (None, Protocol::XmlRpc, Given::AsStruct),
            (None, Protocol::JsonRpc, Given::ByName),
            (Some(Passing::Struct), Protocol::JsonRpc, Given::AsStruct),
        ] {
            assert_eq!(sent(passing, protocol), expected);
        }
    }

    #[test]
    fn answers_belong_to_what_was_asked() {
        let (help, types) = (Value::from("Help."), Value::from("int, string"));
        let params = |listed: Listed| listed.params.map(|all| all.len());
        assert_eq!(
            params(described("a", Given::ByPlace, [Some("h"), Some("s")], &[help.clone(), types.clone()])),
            Some(1)
        );
        assert_eq!(params(described("a", Given::ByPlace, [None, Some("s")], &[types])), Some(1));
        assert_eq!(described("a", Given::ByPlace, [Some("h"), None], &[help]).help, "Help.");
        assert_eq!(params(described("a", Given::ByPlace, [Some("h"), None], &[])), None);
    }

    #[test]
    fn only_a_refusal_shows_that_a_convention_is_unknown() {
        assert!(!is_unknown(&CallError::NoOutput) && !is_unknown(&CallError::usage_of("x".into())));
    }
}
