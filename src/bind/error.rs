//! What can be wrong with the arguments of a line.

use lang::SyntaxError;
use model::{Class, Diagnostic, Span, suggest, unseen};

/// What a variable does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What is missing, and in what.
    pub message: String,
    /// What is there instead.
    pub hint: Option<String>,
}

/// One fault of a line. Nothing has been sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BindError {
    /// Names and values do not pair up.
    #[error(transparent)]
    Syntax(SyntaxError),
    /// The method has no such parameter.
    #[error("{method} has no parameter `{name}`")]
    Unknown {
        /// The method.
        method: String,
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The nearest names.
        near: Vec<String>,
    },
    /// Required parameters are not given.
    #[error("{method} needs {}", names.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", "))]
    Missing {
        /// The method.
        method: String,
        /// Names and type words.
        names: Vec<(String, String)>,
        /// The method's name in the line.
        span: Span,
    },
    /// Given more than once.
    #[error("`{name}` is given twice")]
    Twice {
        /// The parameter.
        name: String,
        /// The second place.
        span: Span,
    },
    /// Not of the type.
    #[error("`{name}` wants {wanted}, and {given} is none")]
    Type {
        /// The parameter.
        name: String,
        /// What the type is called, with its article.
        wanted: String,
        /// As typed, quoted.
        given: String,
        /// Where.
        span: Span,
    },
    /// Not one of the allowed values.
    #[error("`{name}` cannot be {given}")]
    Choice {
        /// The parameter.
        name: String,
        /// As typed, quoted.
        given: String,
        /// What it can be.
        choices: Vec<String>,
        /// Where.
        span: Span,
    },
    /// Outside a documented limit.
    #[error("`{name}` {rule}")]
    Limit {
        /// The parameter.
        name: String,
        /// "must be at most 999".
        rule: String,
        /// Where.
        span: Span,
    },
    /// A file or the standard input cannot be read.
    #[error("cannot read {place}: {cause}")]
    Source {
        /// The file.
        place: String,
        /// Why.
        cause: String,
        /// Where.
        span: Span,
    },
    /// A variable, or a part of one, that is not there.
    #[error("{}", .absent.message)]
    Variable {
        /// What is missing.
        absent: Absent,
        /// The variable.
        span: Span,
    },
    /// Two paths that do not fit each other: `a 1 a[0] 2`.
    #[error("`{name}` does not fit what is given before it")]
    Nesting {
        /// The path.
        name: String,
        /// Where.
        span: Span,
    },
}

impl Diagnostic for BindError {
    fn class(&self) -> Class {
        match self {
            BindError::Source { .. } => Class::Local,
            _ => Class::Usage,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            BindError::Syntax(error) => error.span(),
            BindError::Unknown { span, .. }
            | BindError::Missing { span, .. }
            | BindError::Twice { span, .. }
            | BindError::Type { span, .. }
            | BindError::Choice { span, .. }
            | BindError::Limit { span, .. }
            | BindError::Source { span, .. }
            | BindError::Variable { span, .. }
            | BindError::Nesting { span, .. } => Some(*span),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            BindError::Syntax(error) => error.hint(),
            BindError::Unknown { name, .. } if unseen::first(name).is_some() => {
                unseen::first(name).map(|c| format!("{} is in it", unseen::name(c)))
            }
            BindError::Unknown { method, near, .. } => {
                let near: Vec<&str> = near.iter().map(String::as_str).collect();
                suggest::phrase(&near).or_else(|| Some(format!("`help {method}` lists its parameters")))
            }
            BindError::Missing { method, names, .. } => {
                let rest: Vec<String> = names.iter().map(|(name, kind)| format!("{name} ({kind})…")).collect();
                Some(format!("{method} {}", rest.join(" ")))
            }
            BindError::Choice { given, choices, .. } => {
                // Numbers that look alike have nothing in common.
                let words = choices.iter().map(String::as_str).filter(|choice| choice.parse::<f64>().is_err());
                let near = suggest::nearest(given.trim_matches('`'), words);
                let question = suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default();
                Some(format!("{question}one of {}", choices.join(", ")))
            }
            BindError::Variable { absent, .. } => absent.hint.clone(),
            BindError::Limit { .. } => Some("--no-check sends it all the same".into()),
            _ => None,
        }
    }
}

/// All faults of a line, in the order of their places; never empty.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{first}")]
pub struct Faults {
    first: BindError,
    rest: Vec<BindError>,
}

impl Faults {
    /// Sorts them by place, what is missing behind what is there. Without any there is nothing to report, so the caller must have found one.
    pub(crate) fn new(mut faults: Vec<BindError>) -> Faults {
        faults.sort_by_key(|fault| match fault {
            BindError::Missing { .. } => usize::MAX,
            fault => fault.span().map_or(usize::MAX, |span| span.start),
        });
        let mut faults = faults.into_iter();
        let first = faults.next().unwrap_or(BindError::Nesting { name: String::new(), span: Span::default() });
        Faults { first, rest: faults.collect() }
    }
}

impl Faults {
    /// The names of what is missing, if nothing else is wrong.
    pub fn only_missing(&self) -> Option<impl Iterator<Item = &str>> {
        match &self.first {
            BindError::Missing { names, .. } if self.rest.is_empty() => {
                Some(names.iter().map(|(name, _)| name.as_str()))
            }
            _ => None,
        }
    }
}

impl From<BindError> for Faults {
    fn from(first: BindError) -> Faults {
        Faults { first, rest: Vec::new() }
    }
}

impl Diagnostic for Faults {
    fn class(&self) -> Class {
        self.first.class()
    }

    fn span(&self) -> Option<Span> {
        self.first.span()
    }

    fn hint(&self) -> Option<String> {
        self.first.hint()
    }

    fn more(&self) -> Vec<&dyn Diagnostic> {
        self.rest.iter().map(|fault| fault as &dyn Diagnostic).collect()
    }
}
