//! What is wrong with lines that have not run: told as it is found, up to a number, and counted.

use crate::engine::state::error::CallError;

/// Wrong lines that are told one by one.
const TOLD: usize = 20;

/// What is wrong.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    count: usize,
    first: Option<CallError>,
}

impl Findings {
    /// How many were not told one by one.
    pub(crate) fn untold(&self) -> usize {
        self.count.saturating_sub(TOLD)
    }

    /// The first of all.
    pub(crate) fn into_first(self) -> Option<CallError> {
        self.first
    }

    /// Notes that something is wrong, and has it told.
    pub(crate) fn add(&mut self, error: CallError, tell: impl FnOnce(CallError) -> CallError) {
        self.count += 1;
        // What is wrong with many lines is mostly the same.
        let error = if self.count <= TOLD { tell(error) } else { error };
        self.first.get_or_insert(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ones_are_kept_and_only_a_limited_number_is_reported() {
        let (mut findings, mut told) = (Findings::default(), 0);
        for number in 0..TOLD + 3 {
            let error = CallError::usage_of(format!("wrong {number}"));
            findings.add(error, |error| {
                told += 1;
                error
            });
        }
        assert_eq!((told, findings.untold()), (TOLD, 3));
        assert_eq!(findings.into_first().unwrap().to_string(), "wrong 0");
        assert!(Findings::default().into_first().is_none());
    }
}
