//! Errors in lines that have not run yet. They are counted, and the first ones are reported.

use crate::engine::state::error::CallError;

/// How many errors are reported one by one.
const TOLD: usize = 20;

/// What is wrong.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    count: usize,
    first: Option<CallError>,
}

impl Findings {
    /// How many were not reported.
    pub(crate) fn untold(&self) -> usize {
        self.count.saturating_sub(TOLD)
    }

    /// The first error.
    pub(crate) fn into_first(self) -> Option<CallError> {
        self.first
    }

    /// Counts an error, and reports it unless there are too many.
    pub(crate) fn add(&mut self, error: CallError, tell: impl FnOnce(CallError) -> CallError) {
        self.count += 1;
        // Many errors are usually the same one.
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
