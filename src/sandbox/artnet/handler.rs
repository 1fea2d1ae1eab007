//! What answers a method.

use super::refusal::Refusal;
use super::world::World;
pub(super) use crate::kit::args::Args;
use model::Value;

/// What a call comes to.
pub(super) type Reply = Result<Value, Refusal>;

/// What answers a method.
pub(super) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with what answers it.
pub(super) type Handlers = &'static [(&'static str, Handler)];
