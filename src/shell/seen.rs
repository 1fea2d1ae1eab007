//! What the session and its journal remember, for completion.

use crate::complete::Seen;
use crate::engine::Session;
use model::Remembered;

/// The memory of a session.
pub(super) struct Store<'s>(pub(super) &'s Session);

impl Seen for Store<'_> {
    fn values(&self, profile: &str, kind: &str, begun: &str) -> Vec<Remembered> {
        self.0.accounts.remembered(profile, kind, begun)
    }

    fn jobs(&self) -> Vec<(String, String)> {
        self.0.waitable()
    }
}
