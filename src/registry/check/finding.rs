//! Findings, as they are shown.

use std::fmt;

use super::reading::Fault;
use super::words::worded;

/// One thing that is wrong with a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The method, `@shape`, or the part of the provider's rules.
    pub place: String,
    /// What is wrong.
    pub fault: String,
    /// What to write instead.
    pub hint: String,
}

/// Everything that is wrong with a catalogue, in the order of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    pub(super) fn of(text: &str, mut faults: Vec<Fault>) -> Findings {
        faults.sort_by_key(|fault| fault.span.start);
        Findings(faults.into_iter().map(|fault| finding(text, fault)).collect())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { line, column, place, fault, .. } = self;
        write!(f, "line {line}, column {column}: {place}: {fault}")
    }
}

fn finding(text: &str, fault: Fault) -> Finding {
    let before = text.get(..fault.span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (words, hint) = worded(&fault.message);
    Finding { line, column, place: fault.place, fault: words, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters() {
        let text = "a = 1\n# é\nü = x\n";
        let start = text.find('x').unwrap();
        let fault = Fault { span: start..start + 1, place: "p".into(), message: "m".into() };
        let found = finding(text, fault);
        assert_eq!((found.line, found.column), (3, 5));
    }
}
