//! What can be wrong with the arguments of a line.

use super::broken::Depend;
use lang::SyntaxError;
use model::{Class, Diagnostic, Span, suggest, unseen};

/// What a variable lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What is missing, and where.
    pub message: String,
    /// What exists instead.
    pub hint: Option<String>,
}

/// One fault of a line. Nothing was sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BindError {
    /// Names and values do not form pairs.
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
    /// A dictionary inside a parameter has no such field.
    #[error("`{outer}` has no field `{name}`")]
    UnknownField {
        /// The dictionary.
        outer: String,
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// The nearest names.
        near: Vec<String>,
        /// All names.
        known: Vec<String>,
    },
    /// Required parameters are missing.
    #[error("{method} needs {}", named(names.iter().map(|(name, _)| name)))]
    Missing {
        /// The method.
        method: String,
        /// Names and type words.
        names: Vec<(String, String)>,
        /// The position of the method's name.
        span: Span,
    },
    /// Required fields of a dictionary inside a parameter are missing.
    #[error("`{outer}` needs {}", named(names))]
    MissingFields {
        /// The dictionary.
        outer: String,
        /// Names of fields.
        names: Vec<String>,
        /// The dictionary, or the fields of it that are given.
        span: Span,
    },
    /// Values that contradict a rule.
    #[error(transparent)]
    Depends(Depend),
    /// A parameter is given more than once.
    #[error("`{name}` is given twice")]
    Twice {
        /// The parameter.
        name: String,
        /// Whether it takes a list, so that all values can be given at once.
        listed: bool,
        /// The second position.
        span: Span,
    },
    /// A path leads into a value that has no parts, or no such parts.
    #[error("`{name}` does not exist: `{outer}` is {kind}")]
    Inside {
        /// The path as typed.
        name: String,
        /// The value it leads into.
        outer: String,
        /// Its type, with an article.
        kind: String,
        /// Where.
        span: Span,
    },
    /// A word after a name that is not one of its operators.
    #[error("`{name}` has no operator `{word}`")]
    Operator {
        /// The parameter.
        name: String,
        /// As typed.
        word: String,
        /// The existing operators.
        known: Vec<String>,
        /// Where.
        span: Span,
    },
    /// A value of the wrong type.
    #[error("`{name}` must be {wanted}{}", .given.as_ref().map(|given| format!(", not {given}")).unwrap_or_default())]
    Type {
        /// The parameter.
        name: String,
        /// The required type, with its article.
        wanted: String,
        /// The value as typed, quoted; `None` when it must not be shown.
        given: Option<String>,
        /// Where.
        span: Span,
    },
    /// A value that is not one of the choices.
    #[error("`{name}` cannot be {}", .given.as_deref().unwrap_or("what was given"))]
    Choice {
        /// The parameter.
        name: String,
        /// The value as typed, quoted; `None` when it must not be shown.
        given: Option<String>,
        /// The allowed values.
        choices: Vec<String>,
        /// Where.
        span: Span,
    },
    /// A value outside a documented limit.
    #[error("`{name}` {rule}")]
    Limit {
        /// The parameter.
        name: String,
        /// "must be at most 999".
        rule: String,
        /// Where.
        span: Span,
    },
    /// A file or standard input cannot be read.
    #[error("cannot read {place}: {cause}")]
    Source {
        /// The file.
        place: String,
        /// The reason.
        cause: String,
        /// Where.
        span: Span,
    },
    /// A variable, or a part of one, does not exist.
    #[error("{}", .absent.message)]
    Variable {
        /// What is missing.
        absent: Absent,
        /// The variable.
        span: Span,
    },
    /// Two paths that contradict each other: `a 1 a[0] 2`.
    #[error("`{name}` does not fit what is given before it")]
    Nesting {
        /// The path.
        name: String,
        /// Where.
        span: Span,
    },
    /// A value that is sent without its name, after one that was left out.
    #[error("`{name}` comes after `{missing}`, which is not given")]
    Gap {
        /// The parameter.
        name: String,
        /// The parameter that was left out.
        missing: String,
        /// Where.
        span: Span,
    },
    /// An unknown name for a service that takes values without names.
    #[error("{method} takes its values in order, and `{name}` has no place in that order")]
    Placeless {
        /// The method.
        method: String,
        /// The name.
        name: String,
        /// Where.
        span: Span,
    },
    /// A name among values that are to be sent without names.
    #[error("--positional takes only values, and `{name}` is the name of a parameter")]
    NamedValue {
        /// The name.
        name: String,
        /// Where.
        span: Span,
    },
    /// More values than the method has parameters.
    #[error("{method} takes {most} at most")]
    TooMany {
        /// The method.
        method: String,
        /// The most allowed: "3 values".
        most: String,
        /// The first one too many.
        span: Span,
    },
}

/// Names in a sentence: `a`, `b`.
fn named<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
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
            BindError::Depends(error) => Some(error.span),
            BindError::Unknown { span, .. }
            | BindError::UnknownField { span, .. }
            | BindError::Missing { span, .. }
            | BindError::MissingFields { span, .. }
            | BindError::Twice { span, .. }
            | BindError::Inside { span, .. }
            | BindError::Operator { span, .. }
            | BindError::Type { span, .. }
            | BindError::Choice { span, .. }
            | BindError::Limit { span, .. }
            | BindError::Source { span, .. }
            | BindError::Variable { span, .. }
            | BindError::Nesting { span, .. }
            | BindError::Gap { span, .. }
            | BindError::Placeless { span, .. }
            | BindError::NamedValue { span, .. }
            | BindError::TooMany { span, .. } => Some(*span),
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            BindError::Syntax(error) => return error.hint(),
            BindError::Unknown { name, .. } if unseen::first(name).is_some() => {
                return unseen::first(name).map(|c| format!("it contains {}", unseen::name(c)));
            }
            BindError::Depends(error) => return error.hint(),
            BindError::Variable { absent, .. } => return absent.hint.clone(),
            BindError::Unknown { method, near, .. } => {
                meant(near).unwrap_or_else(|| format!("`help {method}` lists its parameters"))
            }
            BindError::UnknownField { near, known, .. } => {
                meant(near).unwrap_or_else(|| format!("its fields are {}", known.join(", ")))
            }
            BindError::Missing { method, names, .. } => {
                let rest: Vec<String> = names.iter().map(|(name, kind)| format!("{name} ({kind})…")).collect();
                format!("{method} {}", rest.join(" "))
            }
            BindError::Operator { name, word, known, .. } => {
                let near = suggest::nearest(&word.to_ascii_uppercase(), known.iter().map(String::as_str));
                let question = suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default();
                let all: Vec<String> = known.iter().map(|known| format!("{name}.{known}")).collect();
                format!("{question}there are {}", all.join(", "))
            }
            BindError::Twice { name, listed: true, .. } => format!("give all values as one list: {name} a,b"),
            BindError::Choice { given, choices, .. } => {
                // Numbers that look alike are not similar.
                let words = choices.iter().map(String::as_str).filter(|choice| choice.parse::<f64>().is_err());
                let near = given.as_deref().map(|given| suggest::nearest(given.trim_matches('`'), words));
                let question =
                    suggest::phrase(&near.unwrap_or_default()).map(|phrase| phrase + " ").unwrap_or_default();
                format!("{question}one of {}", choices.join(", "))
            }
            BindError::Limit { .. } => "--no-check sends it anyway".into(),
            BindError::Gap { missing, .. } => {
                format!("values go in order, without their names: give {missing} too, or leave out what follows it")
            }
            BindError::Placeless { method, .. } => format!("`help {method}` lists its parameters in order"),
            BindError::NamedValue { name, .. } => {
                format!("leave out the names, or --positional; to send the word itself, write (string){name}")
            }
            BindError::TooMany { method, .. } => format!("`help {method}` lists its parameters in order"),
            _ => return None,
        })
    }
}

fn meant(near: &[String]) -> Option<String> {
    suggest::phrase(&near.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All faults of a line in the order of their positions; never empty.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{first}")]
pub struct Faults {
    // Boxed, because the results of all calls carry this.
    first: Box<BindError>,
    rest: Vec<BindError>,
}

impl Faults {
    /// Sorts the faults by position, those about missing values last. Without any there is nothing to report, so the
    /// caller must have found one.
    pub(crate) fn new(mut faults: Vec<BindError>) -> Faults {
        faults.sort_by_key(|fault| match fault {
            BindError::Missing { .. } => usize::MAX,
            BindError::Depends(depend) if depend.needed().is_some() => usize::MAX,
            fault => fault.span().map_or(usize::MAX, |span| span.start),
        });
        let mut faults = faults.into_iter();
        let first = faults.next().unwrap_or(BindError::Nesting { name: String::new(), span: Span::default() });
        Faults { first: Box::new(first), rest: faults.collect() }
    }
}

impl Faults {
    /// The fault that is reported first.
    pub fn first(&self) -> &BindError {
        &self.first
    }

    /// All of them, in the order of the line.
    pub fn all(&self) -> impl Iterator<Item = &BindError> {
        std::iter::once(&*self.first).chain(&self.rest)
    }

    /// The names of the missing parameters, each once, if nothing else is wrong.
    pub fn only_missing(&self) -> Option<impl Iterator<Item = &str>> {
        let mut found: Vec<&str> = Vec::new();
        for fault in self.all() {
            let names = match fault {
                BindError::Missing { names, .. } => names.as_slice(),
                BindError::Depends(depend) => depend.needed()?,
                _ => return None,
            };
            for (name, _) in names {
                if !found.contains(&name.as_str()) {
                    found.push(name);
                }
            }
        }
        Some(found.into_iter())
    }
}

impl From<BindError> for Faults {
    fn from(first: BindError) -> Faults {
        Faults { first: Box::new(first), rest: Vec::new() }
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
