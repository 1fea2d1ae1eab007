//! Why a name is not a method that can be called, and what to type instead.

use super::catalog::CatalogError;
use model::{Class, Diagnostic, Effect, Span, suggest, unseen};

/// Why a name cannot be resolved.
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
    /// A method that carries calls of other methods: it belongs to the transport.
    #[error("`{name}` carries calls of other methods, and is not called by name")]
    Carrier {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
    },
    /// Only other profiles have it, and it does more than read.
    #[error("{here} has no method `{name}`: {}", of_others(owners, *effect))]
    Elsewhere {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The profile that was searched.
        here: String,
        /// The profiles that have it, at least one.
        owners: Vec<String>,
        /// Its effect; with several profiles, the worst of them.
        effect: Effect,
    },
    /// The word before the colon is not a profile of this session.
    #[error("unknown profile `{name}`")]
    Profile {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The existing profiles.
        known: Vec<String>,
    },
    /// No account is meant by a word after `@`.
    #[error("{}", no_account(name, known))]
    NoAccounts {
        /// The word.
        name: String,
        /// Where.
        span: Span,
        /// What could follow the `@`.
        known: Vec<String>,
    },
    /// The word before the colon is a profile that cannot be used.
    #[error("profile {name} cannot be used: {reason}")]
    LeftOut {
        /// The profile.
        name: String,
        /// Where.
        span: Span,
        /// The reason.
        reason: String,
    },
    /// A call by a service's own method name or by an address that is not valid.
    #[error("{message}")]
    Raw {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
        /// What would be valid.
        hint: String,
    },
    /// The catalogue itself cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Commands of the program that cannot be used in a line.
const OUTSIDE: [&str; 4] = ["config", "sandbox", "completions", "man"];

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
            | ResolveError::Carrier { span, .. }
            | ResolveError::Elsewhere { span, .. }
            | ResolveError::Profile { span, .. }
            | ResolveError::LeftOut { span, .. }
            | ResolveError::NoAccounts { span, .. }
            | ResolveError::Raw { span, .. } => Some(*span),
            ResolveError::Catalog(_) => None,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ResolveError::Unknown { name, .. } if unseen::first(name).is_some() => {
                unseen::first(name).map(|c| format!("it contains {}", unseen::name(c)))
            }
            ResolveError::Unknown { name, .. } if OUTSIDE.contains(&name.as_str()) => {
                Some(format!("it is a command of the program, not of its lines: `marsh {name}`"))
            }
            ResolveError::Unknown { name, .. } if name == "run" => Some("`source FILE` runs a script here".into()),
            ResolveError::Unknown { near, .. } => {
                let near: Vec<&str> = near.iter().map(String::as_str).collect();
                let all = || "`help remote` lists all methods; `call` sends what no catalogue has (`help call`)".into();
                suggest::phrase(&near).or_else(|| Some(all()))
            }
            ResolveError::Carrier { .. } => Some(
                "nothing in it could be checked, confirmed or kept secret; write the calls as separate lines".into(),
            ),
            ResolveError::Elsewhere { name, owners, .. } => {
                Some(lines_to_type(owners.iter().map(|owner| format!("{owner}:{name}"))))
            }
            ResolveError::Profile { name, known, .. } => {
                let near = suggest::nearest(name, known.iter().map(String::as_str));
                let question = suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default();
                Some(format!("{question}profiles here: {}", known.join(", ")))
            }
            ResolveError::NoAccounts { name, known, .. } => {
                // A group without accounts is known itself.
                let others = known.iter().map(String::as_str).filter(|known| known != name);
                let near = suggest::nearest(name, others);
                let question = suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default();
                Some(format!("{question}after @ can come {}", known.join(", ")))
            }
            ResolveError::LeftOut { name, .. } => Some(format!("`marsh doctor -p {name}` says more")),
            ResolveError::Raw { hint, .. } => Some(hint.clone()),
            ResolveError::Catalog(_) => None,
        }
    }
}

/// Advice to name the account, with lines that do so.
pub fn lines_to_type(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("`{line}`")).collect();
    format!("name the account: {}", lines.join(" or "))
}

/// Why a word after `@` names no account.
fn no_account(name: &str, known: &[String]) -> String {
    match name {
        "" => "an account is missing after the comma".into(),
        pattern if pattern.contains('*') => format!("no account fits `{pattern}`"),
        group if known.iter().any(|known| known == group) => format!("no account is in the group `{group}`"),
        name => format!("no account is called `{name}`"),
    }
}

/// Which profiles have a name that the current one does not, and what it would do there.
fn of_others(owners: &[String], effect: Effect) -> String {
    match owners {
        [only] => format!("it is a {} call of {only}", effect.as_str()),
        [first @ .., last] => format!("{} and {last} have it", first.join(", ")),
        [] => "no account has it".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(name: &str, near: &[&str]) -> ResolveError {
        let near = near.iter().map(|name| (*name).to_owned()).collect();
        ResolveError::Unknown { name: name.into(), span: Span::default(), near }
    }

    #[test]
    fn errors_say_what_to_type_instead() {
        let elsewhere = ResolveError::Elsewhere {
            name: "a.b".into(),
            span: Span::default(),
            here: "work".into(),
            owners: vec!["home".into(), "lab".into()],
            effect: Effect::Change,
        };
        assert_eq!(elsewhere.to_string(), "work has no method `a.b`: home and lab have it");
        for (error, hint) in [
            (elsewhere, "name the account: `home:a.b` or `lab:a.b`"),
            (unknown("config", &[]), "it is a command of the program, not of its lines: `marsh config`"),
            (unknown("a.c", &["a.b"]), "did you mean a.b?"),
            (unknown("a\u{200b}", &["a.b"]), "it contains U+200B (a zero-width space)"),
        ] {
            assert_eq!(error.hint().as_deref(), Some(hint));
        }
    }
}
