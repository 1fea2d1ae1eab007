//! The redirect operators, as they are typed.

/// The word after `|` that begins a call for each member of a result.
pub(super) const EACH: &str = "each";
/// The operator before a command.
pub(super) const COMMAND: &str = "|!";

/// The sign before a command of the user's own shell.
pub(super) const OWN: &str = "!";

/// An operator that is followed by a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operator {
    /// `>>`
    Append,
    /// `>!`
    Force,
    /// `>`
    Write,
    /// `|`
    Pipe,
}

impl Operator {
    /// All of them; a longer one comes before any that it starts with.
    pub(super) const ALL: [Operator; 4] = [Operator::Append, Operator::Force, Operator::Write, Operator::Pipe];

    /// As it is typed.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Operator::Append => ">>",
            Operator::Force => ">!",
            Operator::Write => ">",
            Operator::Pipe => "|",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_operator_is_found_first() {
        for (at, operator) in Operator::ALL.iter().enumerate() {
            let before = &Operator::ALL[..at];
            assert!(!before.iter().any(|other| operator.symbol().starts_with(other.symbol())), "{operator:?}");
        }
        assert!(Operator::ALL.iter().any(|operator| COMMAND.starts_with(operator.symbol())));
    }
}
