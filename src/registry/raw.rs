//! Calls by a service's own method name or by an address, for methods that are not in a catalogue.
//!
//! If the method is in a catalogue, its entry is used: with the same effect, the same secrets and the same body.

use std::sync::Arc;

use super::Source;
use super::error::ResolveError;
use model::escape::unform;
use model::provider::{AuthScheme, Protocol, RawBody};
use model::route::{AnswerForm, Answers, Route, Sends, Verb, placeholders};
use model::{Effect, Effects, IdempotencyRule, Map, Method, Provider, Span, Type};

/// The target of such a call: a verb with an address, or a name.
#[derive(Clone, Copy, Debug)]
pub struct Named<'n> {
    /// The verb as typed, and its position.
    pub verb: Option<(&'n str, Span)>,
    /// The name, or the path below that of the transport, which may have a query.
    pub name: &'n str,
    /// Its position in the line.
    pub span: Span,
    /// The names that follow. Those of a `GET` become a part of its query.
    pub given: &'n [String],
}

/// The method for such a call.
pub fn called(source: &Source, named: Named<'_>) -> Result<Arc<Method>, ResolveError> {
    let provider = source.provider();
    if provider.carries(named.name) {
        return Err(ResolveError::Carrier { name: named.name.to_owned(), span: named.span });
    }
    if named.verb.is_none()
        && let Some(method) = source.method(named.name)
    {
        return Ok(method?);
    }
    let addressed = provider.transports.iter().any(|transport| transport.protocol == Protocol::Rest);
    match (named.verb, addressed) {
        (None, false) => Ok(Arc::new(Method { idempotency: header(provider), ..Method::discovered(named.name) })),
        (Some((word, span)), false) => {
            let message =
                format!("the methods of {} have names and no addresses, so {word} cannot be used", provider.title);
            Err(ResolveError::Raw { message, span, hint: "call NAME name value …".into() })
        }
        (None, true) => Err(ResolveError::Raw {
            message: format!(
                "{} has no method `{}` that could be called by its name alone",
                provider.title, named.name
            ),
            span: named.span,
            hint: format!("call VERB /path name value …, where VERB is {}", verbs()),
        }),
        (Some((word, span)), true) => {
            let verb = Verb::named(word).ok_or_else(|| ResolveError::Raw {
                message: format!("there is no verb `{word}`"),
                span,
                hint: verbs(),
            })?;
            at_address(source, verb, named).map(Arc::new)
        }
    }
}

fn verbs() -> String {
    Verb::ALL.map(Verb::as_str).join(", ")
}

fn at_address(source: &Source, verb: Verb, named: Named<'_>) -> Result<Method, ResolveError> {
    let provider = source.provider();
    let refuse = |message: String, hint: &str| ResolveError::Raw { message, span: named.span, hint: hint.into() };
    let target = below(named.name, provider);
    let mut address = Address::of(target);
    if !target.starts_with('/') || address.path.iter().any(|step| step == "." || step == "..") {
        let message = format!("`{}` is not the path of an address", named.name);
        return Err(refuse(message, "it begins with / and has no . or .. between its slashes"));
    }
    if verb == Verb::Get && provider.auth.scheme == AuthScheme::Fields {
        let message = format!("the key of {} is sent in the body, and a GET has none", provider.title);
        return Err(refuse(message, "try POST"));
    }
    if verb == Verb::Get {
        address.query.extend_from_slice(named.given);
    }
    let mut method = entry(source, verb, &address).unwrap_or_else(|| unknown(verb, provider));
    method.name = format!("{} {}", verb.as_str(), named.name);
    let if_match = method.route.as_ref().is_some_and(|route| route.if_match);
    method.route = Some(Route { verb, path: written(target), query: Vec::new(), by: None, if_match });
    let (aliases, effect_when) = (Vec::new(), Vec::new());
    Ok(Method { untyped: true, job: None, price: None, reconcile: None, shows: None, aliases, effect_when, ..method })
}

/// A path without that of the transport, which a path copied from a document may begin with.
fn below<'t>(path: &'t str, provider: &Provider) -> &'t str {
    let front = provider.default_transport().map_or("", |transport| transport.path.trim_end_matches('/'));
    path.strip_prefix(front).filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// The method assumed for an address that is not in the catalogue.
fn unknown(verb: Verb, provider: &Provider) -> Method {
    let rule = provider.raw;
    let reads = verb == Verb::Get && rule.is_some_and(|rule| rule.get_reads);
    let sends = (verb != Verb::Get).then(|| match rule.map(|rule| rule.body) {
        Some(RawBody::Json) => {
            Sends::Json { wrap: None, fixed: Map::new(), beside: Map::new(), whole: None, media: None, empty: false }
        }
        _ => Sends::Form { fixed: Map::new() },
    });
    let effect = if reads { Effect::Read } else { Effect::Change };
    Method { effect, sends, idempotency: header(provider), answers: Some(any()), ..Method::default() }
}

/// The provider's idempotency keys, if they are sent in a header: the parameters of an unknown method are not known.
fn header(provider: &Provider) -> Option<IdempotencyRule> {
    provider.idempotency.clone().filter(|rule| rule.header.is_some())
}

fn any() -> Answers {
    Answers::of(AnswerForm::Any)
}

/// The catalogue entry with this address. Several entries with the same address are merged: the call may be any of
/// them.
fn entry(source: &Source, verb: Verb, address: &Address) -> Option<Method> {
    let methods = source.entries().filter_map(|entry| source.method(entry.name)?.ok());
    let mut found: Vec<(usize, Arc<Method>)> = methods
        .filter_map(|method| {
            let route = method.route.as_ref().filter(|route| route.verb == verb)?;
            Some((address.fits(route)?, method))
        })
        .collect();
    let best = found.iter().map(|(score, _)| *score).max()?;
    found.retain(|(score, _)| *score == best);
    let mut methods = found.into_iter().map(|(_, method)| Method::clone(&method));
    let first = methods.next()?;
    Some(methods.fold(first, together))
}

/// One method with all the effects of both.
fn together(mut one: Method, other: Method) -> Method {
    let effects = one.effects().and(other.effects());
    (one.effect, one.also) = split(effects);
    let both = |one: Option<String>, other: Option<String>| match (one, other) {
        (Some(one), Some(other)) if one != other => Some(format!("{one}; or {other}")),
        (one, other) => one.or(other),
    };
    one.loses = both(one.loses, other.loses);
    one.charge = both(one.charge, other.charge);
    one.caution = both(one.caution, other.caution);
    one.summary = format!("{}; or: {}", one.summary, other.summary);
    for param in other.params {
        match one.params.iter_mut().find(|known| known.name == param.name) {
            Some(known) => known.secret |= param.secret,
            None => one.params.push(param),
        }
    }
    one.errors.extend(other.errors);
    if (&one.returns, &one.answers) != (&other.returns, &other.answers) {
        (one.returns, one.answers, one.kind) = (Type::Any, Some(any()), Vec::new());
        one.fields.extend(other.fields);
    }
    one
}

fn split(effects: Effects) -> (Effect, Vec<Effect>) {
    (effects.main(), effects.iter().skip(1).collect())
}

/// An address as a service reads it: the steps of its path and the names in its query, decoded.
struct Address {
    path: Vec<String>,
    query: Vec<String>,
}

impl Address {
    fn of(target: &str) -> Address {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // A plus is literal in a path, and services treat it differently in a query.
        let plain = |text: &str| unform(&text.replace('+', "%2B"));
        let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
        Address {
            path: path.split('/').filter(|step| !step.is_empty()).map(plain).collect(),
            query: names.filter(|name| !name.is_empty()).map(plain).collect(),
        }
    }

    /// How well it matches a route: more words of the query count most, then more literal steps. `None` when it does
    /// not match.
    fn fits(&self, route: &Route) -> Option<usize> {
        let asked = |word: &String| self.query.iter().any(|given| given.eq_ignore_ascii_case(word));
        let words = route.query.iter().all(asked).then_some(route.query.len())?;
        let steps = route.paths().filter_map(|path| self.steps(path)).max()?;
        Some(words * 1000 + steps)
    }

    fn steps(&self, path: &str) -> Option<usize> {
        let wanted: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        let fits = wanted.len() == self.path.len()
            && self.path.iter().zip(&wanted).all(|(step, wanted)| is_step(step, wanted));
        fits.then(|| wanted.iter().filter(|step| placeholders(step).next().is_none()).count())
    }
}

/// Whether a step of a path matches that of a route, or is a value of its parameter.
fn is_step(step: &str, wanted: &str) -> bool {
    let Some((front, rest)) = wanted.split_once('{') else { return step.eq_ignore_ascii_case(wanted) };
    let end = rest.split_once('}').map_or("", |(_, end)| end);
    let (low, front, end) = (step.to_ascii_lowercase(), front.to_ascii_lowercase(), end.to_ascii_lowercase());
    low.strip_prefix(&front).and_then(|rest| rest.strip_suffix(&end)).is_some_and(|value| !value.is_empty())
}

/// The address as it is written in a request: characters that are not allowed are encoded, and existing encodings are
/// kept.
fn written(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for byte in target.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' | b'#' => out.push_str(&format!("%{byte:02X}")),
            byte if byte.is_ascii_graphic() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
