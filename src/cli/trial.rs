//! A session of one account, to try it: what `login` and `doctor` ask the service with.

use super::args::Global;
use super::context::{Context, RealSources};
use super::settings;
use crate::config::Layers;
use crate::engine::session::Parts;
use crate::engine::{AccountParts, CallError, Manner, Records, Session};

/// Begins it. It keeps nothing, and asks nothing.
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
    })
}
