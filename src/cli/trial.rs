//! A session with one account for testing it, used by `login` and `doctor`.

use super::args::Global;
use super::context::{Context, RealSources};
use super::settings;
use crate::config::Layers;
use crate::engine::session::Parts;
use crate::engine::{AccountParts, CallError, Manner, Records, Session};

/// Starts the session. It stores nothing, and asks nothing.
pub(super) fn session(
    parts: AccountParts,
    global: &Global,
    context: &Context,
    layers: &Layers,
) -> Result<Session, CallError> {
    Session::new(Parts {
        account: parts,
        others: Vec::new(),
        left_out: Vec::new(),
        manner: Manner::Batch,
        settings: settings::settings(global, context, layers),
        console: context.console(),
        sources: Box::new(RealSources(context.home.clone())),
        paths: None,
        records: Records::Off,
        lines: None,
    })
}
