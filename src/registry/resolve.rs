//! A typed name → the method it means. Nothing is guessed: a name that is not exact is an error with suggestions, and
//! so is one that two accounts could mean.

use std::sync::Arc;

use super::catalog::CatalogError;
use super::raw::{self, Named};
use super::{Registry, Source};
use model::{Class, Diagnostic, Method, Span, suggest};

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A command of the shell itself.
    Local(Arc<Method>),
    /// A method of a profile's provider.
    Remote {
        /// The profile.
        profile: String,
        /// The method.
        method: Arc<Method>,
    },
}

/// Why a name stands for nothing.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// No such method.
    #[error("unknown method `{name}`")]
    Unknown {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The nearest names.
        near: Vec<String>,
    },
    /// Not the current profile's, and more than one other has it.
    #[error("`{name}` could mean {}", candidates.join(" or "))]
    Ambiguous {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// `profile:method`, each.
        candidates: Vec<String>,
    },
    /// The word before the colon is no profile of this session.
    #[error("unknown profile `{name}`")]
    Profile {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The profiles there are.
        known: Vec<String>,
    },
    /// The word before the colon is a profile that cannot be used.
    #[error("profile {name} cannot be used: {reason}")]
    LeftOut {
        /// The profile.
        name: String,
        /// Where.
        span: Span,
        /// Why.
        reason: String,
    },
    /// A call by a name or an address of the service's own that it cannot have.
    #[error("{message}")]
    Raw {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
        /// What would be right.
        hint: String,
    },
    /// The catalogue itself cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Commands of the program that no line can give.
const OUTSIDE: [&str; 4] = ["login", "doctor", "config", "sandbox"];

impl Diagnostic for ResolveError {
    fn class(&self) -> Class {
        match self {
            ResolveError::Catalog(_) | ResolveError::LeftOut { .. } => Class::Local,
            _ => Class::Usage,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            ResolveError::Unknown { span, .. }
            | ResolveError::Ambiguous { span, .. }
            | ResolveError::Profile { span, .. }
            | ResolveError::LeftOut { span, .. }
            | ResolveError::Raw { span, .. } => Some(*span),
            ResolveError::Catalog(_) => None,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ResolveError::Unknown { name, .. } if OUTSIDE.contains(&name.as_str()) => {
                Some(format!("leave the prompt: `marsh {name}` is a command of the program"))
            }
            ResolveError::Unknown { name, .. } if name == "run" => Some("`source FILE` runs a script here".into()),
            ResolveError::Unknown { near, .. } => {
                let near: Vec<&str> = near.iter().map(String::as_str).collect();
                let all = || "`help remote` lists all methods; `call` sends what no catalogue has (`help call`)".into();
                suggest::phrase(&near).or_else(|| Some(all()))
            }
            ResolveError::Ambiguous { .. } => Some("name the profile, or make it the current one with `use`".into()),
            ResolveError::Profile { name, known, .. } => {
                let near = suggest::nearest(name, known.iter().map(String::as_str));
                let question = suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default();
                Some(format!("{question}profiles here: {}", known.join(", ")))
            }
            ResolveError::LeftOut { name, .. } => Some(format!("`marsh doctor -p {name}` says more")),
            ResolveError::Raw { hint, .. } => Some(hint.clone()),
            ResolveError::Catalog(_) => None,
        }
    }
}

/// The error of a name that is no profile which can be used.
pub fn no_profile(registry: &Registry, name: &str, span: Span) -> ResolveError {
    match registry.left_out(name) {
        Some(reason) => ResolveError::LeftOut { name: name.into(), span, reason: reason.into() },
        None => {
            let known = registry.sources().map(|source| source.profile().to_owned()).collect();
            ResolveError::Profile { name: name.into(), span, known }
        }
    }
}

/// Finds what a name means: a local command; with a profile, that one's method; without, the current profile's, else
/// the only other one's.
pub fn resolve(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    name: &str,
    span: Span,
) -> Result<Resolved, ResolveError> {
    if let Some((word, at)) = profile {
        let source = of_profile(registry, word, at)?;
        return remote(source, name).unwrap_or_else(|| Err(unknown(std::iter::once(source), None, name, span)));
    }
    if let Some(method) = registry.local(name) {
        return Ok(Resolved::Local(method));
    }
    if let Some(method) = remote(registry.here(), name) {
        return method;
    }
    let owners: Vec<&Source> = registry.sources().filter(|source| source.has(name)).collect();
    match owners.as_slice() {
        [] => Err(unknown(registry.sources(), Some(registry), name, span)),
        [only] => remote(only, name).unwrap_or_else(|| Err(unknown(registry.sources(), None, name, span))),
        several => {
            let candidates = several.iter().map(|source| format!("{}:{name}", source.profile())).collect();
            Err(ResolveError::Ambiguous { name: name.into(), span, candidates })
        }
    }
}

/// Finds what a call by a name or an address of the service's own means: at the profile that is named, else at the
/// current one.
pub fn resolve_raw(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    named: Named<'_>,
) -> Result<Resolved, ResolveError> {
    let source = profile.map_or(Ok(registry.here()), |(word, at)| of_profile(registry, word, at))?;
    Ok(Resolved::Remote { profile: source.profile().to_owned(), method: raw::called(source, named)? })
}

fn of_profile<'r>(registry: &'r Registry, word: &str, span: Span) -> Result<&'r Source, ResolveError> {
    registry.source(word).ok_or_else(|| no_profile(registry, word, span))
}

fn remote(source: &Source, name: &str) -> Option<Result<Resolved, ResolveError>> {
    let method = source.method(name)?;
    let profile = source.profile().to_owned();
    Some(method.map(|method| Resolved::Remote { profile, method }).map_err(ResolveError::from))
}

fn unknown<'s>(
    sources: impl Iterator<Item = &'s Source>,
    locals: Option<&'s Registry>,
    name: &str,
    span: Span,
) -> ResolveError {
    let locals = locals.into_iter().flat_map(Registry::locals);
    let names = locals.chain(sources.flat_map(Source::entries)).map(|entry| entry.name);
    let near = suggest::nearest(name, names).into_iter().map(str::to_owned).collect();
    ResolveError::Unknown { name: name.into(), span, near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::embedded;

    fn source(profile: &str) -> Source {
        Source::new(profile, Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap())
    }

    fn shown(registry: &Registry, profile: Option<&str>, name: &str) -> String {
        match resolve(registry, profile.map(|profile| (profile, Span::default())), name, Span::default()) {
            Ok(Resolved::Local(method)) => format!("local {}", method.name),
            Ok(Resolved::Remote { profile, method }) => format!("{profile}:{}", method.name),
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
            (None, "home.only", "home:home.only"),
            (None, "both.have_it", "`both.have_it` could mean home:both.have_it or lab:both.have_it"),
            (Some("lab"), "home.only", "unknown method `home.only`"),
            (Some("nowhere"), "service.list", "unknown profile `nowhere`"),
            (Some("home"), "help", "unknown method `help`"),
            (None, "no.such", "unknown method `no.such`"),
        ] {
            assert_eq!(shown(&registry, profile, name), meaning, "{profile:?} {name}");
        }
    }
}
