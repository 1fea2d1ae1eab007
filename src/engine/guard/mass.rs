//! Calls that destroy a large part of a list. They need more than a yes that was given in advance.

use crate::engine::state::error::CallError;
use model::Span;

/// Fewer calls are never many.
const LEAST: usize = 3;

/// Calls that destroy more of a list than is allowed without typing their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mass {
    /// How many calls destroy something.
    destroys: usize,
    /// How many members the list has.
    whole: usize,
    /// The limit, in percent.
    limit: u8,
}

impl Mass {
    /// So many calls, if they are more than this part of the list.
    pub(crate) fn beyond(destroys: usize, whole: usize, limit: u8) -> Option<Mass> {
        let many = destroys >= LEAST && limit < 100 && destroys as u128 * 100 > whole as u128 * u128::from(limit);
        many.then_some(Mass { destroys, whole, limit })
    }

    /// How much of the list that is.
    pub(super) fn warning(&self) -> String {
        let Mass { destroys, whole, limit } = self;
        format!("These calls destroy {destroys} of the {whole} members of the list, which is more than {limit} %.")
    }

    /// The error if nobody can be asked.
    pub(super) fn unasked(&self, span: Span) -> CallError {
        let Mass { destroys, whole, limit } = self;
        CallError::Blocked {
            message: format!(
                "the calls would destroy {destroys} of the {whole} members of the list, which is more than {limit} %, and nobody can be asked"
            ),
            span: Some(span),
            hint: Some("--destroy-limit PERCENT allows more, with --yes".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_calls_and_small_parts_are_not_many() {
        for (destroys, whole, limit, many) in [
            (2, 2, 30, false),
            (3, 3, 30, true),
            (3, 10, 30, false),
            (4, 10, 30, true),
            (300, 1000, 30, false),
            (301, 1000, 30, true),
            (5, 5, 99, true),
            (5, 5, 100, false),
            (3, 1000, 0, true),
            (0, 0, 0, false),
            // The list grew shorter than what is to be destroyed: a filter made more of it.
            (usize::MAX, 3, 99, true),
        ] {
            assert_eq!(Mass::beyond(destroys, whole, limit).is_some(), many, "{destroys} of {whole}, {limit} %");
        }
        let mass = Mass::beyond(4, 10, 30).unwrap();
        assert!(mass.warning().contains("4 of the 10") && mass.unasked(Span::new(0, 1)).to_string().contains("30 %"));
    }
}
