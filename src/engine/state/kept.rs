//! Where a result is that could not be written to its destination.

use std::path::PathBuf;

/// Where a result is that could not be written to its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In a file that only its owner can read.
    At(PathBuf),
    /// In the result that was written: only a part of it had nowhere to go.
    InTheResult,
    /// On one of the standard streams: no file could be written.
    Shown,
    /// The answer contained nothing but that the call was done.
    Nothing,
    /// Nowhere.
    Lost,
}

/// What was done, for advice: one call, or several of which not all need to have been done.
pub(super) fn deed(what: &str, several: bool) -> String {
    if several { format!("the calls of {what} were made") } else { format!("{what} was done") }
}

impl Kept {
    /// The advice after what was done.
    pub(crate) fn after(&self, what: &str, several: bool) -> String {
        let result = match self {
            Kept::At(path) => format!("its result is saved in `{}`, readable only by you", path.display()),
            Kept::InTheResult => "the result that was written contains the new key".to_owned(),
            Kept::Shown => "its result could not be saved in a file and was printed".to_owned(),
            Kept::Nothing => "its answer contained nothing else".to_owned(),
            Kept::Lost => "its result could not be saved anywhere".to_owned(),
        };
        let them = if several { "them" } else { "it" };
        let result = if several { result.replacen("its result is", "the list of their results is", 1) } else { result };
        format!("{}: do not repeat {them}; {result}", deed(what, several))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_says_what_was_done_and_where_its_result_is() {
        let at = Kept::At("/k".into());
        assert_eq!(
            at.after("a.b", false),
            "a.b was done: do not repeat it; its result is saved in `/k`, readable only by you"
        );
        assert_eq!(
            at.after("a.b", true),
            "the calls of a.b were made: do not repeat them; the list of their results is saved in `/k`, readable only by you"
        );
        assert!(Kept::Lost.after("a.b", false).ends_with("could not be saved anywhere"));
    }
}
