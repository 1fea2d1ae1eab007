//! A typed name → its method. Nothing is guessed: a name that is not exact is an error with suggestions. A name belongs
//! to the current account, or to the one named with it. A method that only another account has may be called without
//! naming that account if it only reads, so that no line changes an account that neither it nor the prompt names.

use std::sync::Arc;

use super::raw::{self, Named};
use super::{Registry, Source};
use model::{Effect, Method, Span, suggest};

pub use super::error::{ResolveError, lines_to_type};

/// What a name means.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A command of the shell itself, a saved line, or a view.
    Local(Arc<Method>),
    /// A method of a profile's provider.
    Remote {
        /// The profile.
        profile: String,
        /// The method.
        method: Arc<Method>,
        /// It belongs to another profile than the current one, and was typed without that profile. Such a method only
        /// reads.
        foreign: bool,
    },
}

/// The error for a profile that does not exist or cannot be used.
pub fn no_profile(registry: &Registry, name: &str, span: Span) -> ResolveError {
    match registry.left_out(name) {
        Some(reason) => ResolveError::LeftOut { name: name.into(), span, reason: reason.into() },
        None => {
            let known = registry.sources().map(|source| source.profile().to_owned()).collect();
            ResolveError::Profile { name: name.into(), span, known }
        }
    }
}

/// Finds what a line calls: a local command; with a profile, that profile's method; without one, the current profile's.
/// A method that only one other profile has is accepted if it only reads.
pub fn resolve(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    name: &str,
    span: Span,
) -> Result<Resolved, ResolveError> {
    match describe(registry, profile, name, span)? {
        Resolved::Remote { profile, method, foreign: true } if method.effect != Effect::Read => {
            Err(elsewhere(registry, vec![profile], name, span))
        }
        resolved => Ok(resolved),
    }
}

/// The same for code that does not call the method: one that only one other profile has is found whatever its effect.
pub fn describe(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    name: &str,
    span: Span,
) -> Result<Resolved, ResolveError> {
    if let Some((word, at)) = profile {
        let source = of_profile(registry, word, at)?;
        if let Some(saved) = source.saved(name) {
            return Ok(Resolved::Local(saved));
        }
        if let Some(known) = source.view(name) {
            return Ok(Resolved::Local(Arc::clone(&known.method)));
        }
        let found = remote(source, name, false);
        return found.unwrap_or_else(|| Err(unknown(std::iter::once(source), None, name, span)));
    }
    if let Some(method) = registry.local(name) {
        return Ok(Resolved::Local(method));
    }
    if let Some(method) = remote(registry.here(), name, false) {
        return method;
    }
    let owners: Vec<&Source> = registry.others().filter(|source| source.has(name)).collect();
    match owners.as_slice() {
        [] => Err(unknown(registry.sources(), Some(registry), name, span)),
        [only] => remote(only, name, true).unwrap_or_else(|| Err(unknown(registry.sources(), None, name, span))),
        several => {
            let owners = several.iter().map(|source| source.profile().to_owned()).collect();
            Err(elsewhere(registry, owners, name, span))
        }
    }
}

/// Finds the method of a call by a service's own name or by an address, in the named profile or else in the current
/// one.
pub fn resolve_raw(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    named: Named<'_>,
) -> Result<Resolved, ResolveError> {
    let source = profile.map_or(Ok(registry.here()), |(word, at)| of_profile(registry, word, at))?;
    Ok(Resolved::Remote { profile: source.profile().to_owned(), method: raw::called(source, named)?, foreign: false })
}

fn of_profile<'r>(registry: &'r Registry, word: &str, span: Span) -> Result<&'r Source, ResolveError> {
    registry.source(word).ok_or_else(|| no_profile(registry, word, span))
}

fn elsewhere(registry: &Registry, owners: Vec<String>, name: &str, span: Span) -> ResolveError {
    let effect = |owner: &String| Some(registry.source(owner)?.method(name)?.ok()?.effect);
    let effect = owners.iter().filter_map(effect).max().unwrap_or_default();
    let here = registry.here().profile().to_owned();
    ResolveError::Elsewhere { name: name.into(), span, here, owners, effect }
}

fn remote(source: &Source, name: &str, foreign: bool) -> Option<Result<Resolved, ResolveError>> {
    let method = source.method(name)?;
    let profile = source.profile().to_owned();
    Some(method.map(|method| Resolved::Remote { profile, method, foreign }).map_err(ResolveError::from))
}

fn unknown<'s>(
    sources: impl Iterator<Item = &'s Source>,
    locals: Option<&'s Registry>,
    name: &str,
    span: Span,
) -> ResolveError {
    let sources: Vec<&Source> = sources.collect();
    if sources.iter().any(|source| source.provider().carries(name)) {
        return ResolveError::Carrier { name: name.into(), span };
    }
    let locals = locals.into_iter().flat_map(Registry::locals);
    let names = locals.chain(sources.iter().copied().flat_map(Source::entries)).map(|entry| entry.name);
    let views = sources.iter().flat_map(|source| super::views::shared().iter().chain(source.views().own()));
    let names: Vec<&str> = names.chain(views.map(|known| &*known.view.name)).collect();
    let near = match suggest::shortened(name, names.iter().copied()) {
        short if short.is_empty() => suggest::nearest(name, names.into_iter()),
        short => short,
    };
    let near = near.into_iter().map(str::to_owned).collect();
    ResolveError::Unknown { name: name.into(), span, near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::embedded;

    fn source(profile: &str) -> Source {
        of(profile, embedded::DEFAULT)
    }

    fn of(profile: &str, provider: &str) -> Source {
        Source::new(profile, Catalog::open(embedded::find(provider).unwrap()).unwrap())
    }

    fn shown(registry: &Registry, profile: Option<&str>, name: &str) -> String {
        match resolve(registry, profile.map(|profile| (profile, Span::default())), name, Span::default()) {
            Ok(Resolved::Local(method)) => format!("local {}", method.name),
            Ok(Resolved::Remote { profile, method, foreign }) => {
                format!("{}{profile}:{}", if foreign { "foreign " } else { "" }, method.name)
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_name_means_one_thing_or_is_refused() {
        let help = Method { name: "help".into(), ..Method::default() };
        let mut registry = Registry::new(source("work"), vec![help]);
        for profile in ["home", "lab"] {
            let mut source = source(profile);
            source.merge_live(["both.have_it".to_owned(), format!("{profile}.only")]);
            registry.add(source);
        }
        for (profile, name, meaning) in [
            (None, "help", "local help"),
            (None, "service.list", "work:service.list"),
            (Some("home"), "service.list", "home:service.list"),
            // A method that is only in a live list may change anything.
            (None, "home.only", "work has no method `home.only`: it is a change call of home"),
            (Some("home"), "home.only", "home:home.only"),
            (None, "both.have_it", "work has no method `both.have_it`: home and lab have it"),
            (Some("lab"), "home.only", "unknown method `home.only`"),
            (Some("nowhere"), "service.list", "unknown profile `nowhere`"),
            (Some("home"), "help", "unknown method `help`"),
            (None, "no.such", "unknown method `no.such`"),
            (None, "system.multicall", "`system.multicall` carries calls of other methods, and is not called by name"),
        ] {
            assert_eq!(shown(&registry, profile, name), meaning, "{profile:?} {name}");
        }
    }

    /// For each built-in provider as the current account, with one account at each of the others: every name in every
    /// catalogue is the current account's, or a read at the only other account that has it, or is refused.
    #[test]
    fn a_bare_name_never_changes_another_account() {
        let ids: Vec<&str> = embedded::all().iter().map(|source| source.id).collect();
        let mut counts = [0; 4];
        for here in &ids {
            let mut registry = Registry::new(of(here, here), Vec::new());
            ids.iter().filter(|id| *id != here).for_each(|id| registry.add(of(id, id)));
            let names: Vec<String> =
                registry.sources().flat_map(Source::entries).map(|entry| entry.name.to_owned()).collect();
            for name in &names {
                let owners: Vec<&Source> = registry.sources().filter(|source| source.has(name)).collect();
                let found = resolve(&registry, None, name, Span::default());
                let described = describe(&registry, None, name, Span::default());
                match (owners.as_slice(), found) {
                    (owners, Ok(Resolved::Remote { profile, foreign: false, .. })) => {
                        assert!(registry.here().has(name) && profile == *here && !owners.is_empty(), "{here}: {name}");
                        counts[0] += 1;
                    }
                    ([only], Ok(Resolved::Remote { profile, method, foreign: true })) => {
                        assert_eq!((profile.as_str(), method.effect), (only.profile(), Effect::Read), "{here}: {name}");
                        counts[1] += 1;
                    }
                    ([only], Err(ResolveError::Elsewhere { owners, effect, .. })) => {
                        assert!(owners == [only.profile()] && effect != Effect::Read, "{here}: {name}");
                        assert!(described.is_ok(), "{here}: {name}");
                        counts[2] += 1;
                    }
                    (several, Err(ResolveError::Elsewhere { owners, .. })) => {
                        assert!(several.len() > 1 && several.len() == owners.len(), "{here}: {name}");
                        counts[3] += 1;
                    }
                    (_, found) => panic!("{here}: {name}: {found:?}"),
                }
            }
        }
        assert!(counts[..3].iter().all(|count| *count > 100), "own, read, refused, shared: {counts:?}");
    }
}
