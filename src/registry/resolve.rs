//! A typed name → the method it means. Nothing is guessed: a name that is not exact is an error with suggestions.

use std::sync::Arc;

use super::Registry;
use super::catalog::CatalogError;
use crate::model::{Class, Diagnostic, Method, Span, suggest};

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A command of the shell itself.
    Local(Arc<Method>),
    /// A method of the provider.
    Remote(Arc<Method>),
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
    /// The catalogue itself cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl Diagnostic for ResolveError {
    fn class(&self) -> Class {
        match self {
            ResolveError::Catalog(_) => Class::Local,
            _ => Class::Usage,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            ResolveError::Unknown { span, .. } | ResolveError::Profile { span, .. } => Some(*span),
            ResolveError::Catalog(_) => None,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ResolveError::Unknown { near, .. } => {
                let near: Vec<&str> = near.iter().map(String::as_str).collect();
                suggest::phrase(&near).or_else(|| Some("`help remote` lists all methods".into()))
            }
            ResolveError::Profile { known, .. } => Some(format!("profiles here: {}", known.join(", "))),
            ResolveError::Catalog(_) => None,
        }
    }
}

/// Finds what a name means. `profile` is the word before the colon, `here` the name of the session's profile.
pub fn resolve(
    registry: &Registry,
    profile: Option<(&str, Span)>,
    here: &str,
    name: &str,
    span: Span,
) -> Result<Resolved, ResolveError> {
    match profile {
        Some((word, span)) if word != here => {
            return Err(ResolveError::Profile { name: word.into(), span, known: vec![here.into()] });
        }
        Some(_) => {}
        None => {
            if let Some(method) = registry.local(name) {
                return Ok(Resolved::Local(method));
            }
        }
    }
    match registry.remote(name) {
        Some(method) => Ok(Resolved::Remote(method?)),
        None => {
            let near = suggest::nearest(name, registry.entries().map(|entry| entry.name));
            Err(ResolveError::Unknown { name: name.into(), span, near: near.into_iter().map(str::to_owned).collect() })
        }
    }
}
